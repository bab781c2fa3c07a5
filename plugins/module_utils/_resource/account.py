# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One account and the resources that are declared on it: in their order, through one session, with one outcome."""

from __future__ import annotations

import dataclasses
import json
import typing as t

from .._http.errors import ApiError, Failure, Step
from .._text import Text, enumerated, joined, verbatim
from .conditional_menus import CONDITIONAL_DECLARED
from .converge import converge, foresee, inspect
from .draft_switch import SWITCH_DECLARED
from .menu import MENU_DECLARED
from .outcome import Outcome
from .results import NOT_DONE, Row, Words, failed, failed_before, failure_row, is_known, sent, sum_up, untimed
from .tags import TAGS_DECLARED

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .._account.session import Reader, Session
    from .._http.patience import Patience
    from .._text import Language
    from .converge import NextChange
    from .declared import Accounts, Declarable, Picture

# The registry: every resource that an account can declare. Changes are made in this order.
RESOURCES: tuple[Declarable[t.Any], ...] = (SWITCH_DECLARED, MENU_DECLARED, TAGS_DECLARED, CONDITIONAL_DECLARED)

# The options of ``wechat_account`` besides those of every module, for the task and for each account.
OPTIONS: dict[str, dict[str, t.Any]] = {name: spec for one in RESOURCES for name, spec in one.options.items()}

# Called with the name of a resource, and with what a change of it is about to replace. May raise ApiError; nothing is sent then.
Keep = t.Callable[[str, t.Any], object]


def keep_nothing(_resource: str, _replaced: object) -> None:
    """For a run without a record."""


# What one account declares: by the name of the resource, in the order of the registry.
Declared = t.Mapping[str, "NextChange[t.Any]"]

LOOK = Step(Text("read the account"))
CHANGE = Step(Text("change the account"))
_SPACE = Text(" ")
RETIRED_WARNING = joined(_SPACE, filter(None, (one.resource.retired_warning for one in RESOURCES)))

BY_NAME = {one.name: one for one in RESOURCES}
_WORDS = Words(
    change=Text("change"),
    article="a",
    not_shown=Text("a later check still shows the account as it was"),
    refused=Text("the change was refused, and the account is as it was found"),
)


def declared_by(accounts: Accounts) -> tuple[dict[str, dict[str, NextChange[t.Any]]], list[Text]]:
    """What each of ``accounts`` declares, by its name, and warnings for the user.

    Raises ApiError if something declared cannot be used; its failure names every fault of the first such resource.
    """
    declared: dict[str, dict[str, NextChange[t.Any]]] = {name: {} for name in accounts}
    warnings: list[Text] = []
    for resource in RESOURCES:
        theirs = {name: options for name, options in accounts.items() if options[resource.name] is not None}
        next_changes, warned = resource.declare(theirs)
        warnings.extend(warned)
        for name, one in next_changes.items():
            declared[name][resource.name] = one
    return declared, warnings


@dataclasses.dataclass
class AccountOutcome(Outcome[t.Any]):
    """What became of an account as a whole. ``resources``: the outcome of each declared resource, by its name.

    ``failure``: the first one of its resources, but see ``look_at_account``. ``before`` and ``now``: only the resources have them.
    """

    resources: dict[str, Outcome[t.Any]] = dataclasses.field(default_factory=dict)


def foresee_account(reader: Reader, declared: Declared) -> AccountOutcome:
    """What ``converge_account`` would do. Looks, and changes nothing. Raises nothing."""
    outcomes: dict[str, Outcome[t.Any]] = {}
    for name, next_change in declared.items():
        one = BY_NAME[name]
        outcomes[name] = foresee(reader, one.resource, one.given(next_change, outcomes))
    return _of(outcomes.items())


def converge_account(session: Session, declared: Declared, patience: Patience, keep: Keep = keep_nothing) -> AccountOutcome:
    """Bring each resource to what is declared, one after the other. After a failure the others are not attempted. Raises nothing.

    ``keep``: called before the first change of each resource, with its name and what the change replaces, as in ``Declarable.kept``; and
    with what it deletes of other resources.
    """
    outcomes: dict[str, Outcome[t.Any]] = {}
    faulty = ""
    for name, next_change in declared.items():
        one = BY_NAME[name]
        outcomes[name] = _not_attempted(faulty) if faulty else _converge(session, one, one.given(next_change, outcomes), patience, keep)
        if outcomes[name].failure and not faulty:
            faulty = name
    return _of(outcomes.items())


def _converge(session: Session, one: Declarable[t.Any], next_change: NextChange[t.Any], patience: Patience, keep: Keep) -> Outcome[t.Any]:
    def keep_what_is_replaced(outcome: Outcome[t.Any]) -> None:
        foreseen = dataclasses.replace(outcome, foreseen=outcome.planned[-1].makes)
        for name, replaced in one.all_kept(one.rows(False, "en").one(foreseen)).items():
            keep(name, replaced)

    return converge(session, one.resource, next_change, patience, keep_what_is_replaced)


def look_at_account(reader: Reader) -> AccountOutcome:
    """Look at every resource that can be exported. That the account may not use one is an answer. After another failure, no more looks."""
    outcomes: dict[str, Outcome[t.Any]] = {}
    failure: Failure | None = None
    for one in RESOURCES:
        if one.info and not failure:
            outcomes[one.name] = seen = inspect(reader, one.everything or one.resource)
            failure = seen.failure if seen.failure and not _is_answer(seen.failure) else None
    return dataclasses.replace(_of(outcomes.items()), failure=failure)


# The account has not granted the third-party platform this permission set. It may well have granted the others.
_NOT_GRANTED = 61007


def _is_answer(failure: Failure) -> bool:
    """Whether ``failure`` says of an account what it may not use, and not what is wrong with the run."""
    return failure.reason == "account" or failure.errcode == _NOT_GRANTED


def _not_attempted(name: str) -> Outcome[t.Any]:
    return Outcome(failure=failed_before(name, BY_NAME[name].title))


def _of(outcomes: Iterable[tuple[str, Outcome[t.Any]]]) -> AccountOutcome:
    resources = dict(outcomes)
    every = resources.values()
    sent = {one.request_sent for one in every}
    return AccountOutcome(
        changed=any(one.changed for one in every),
        verified=all(one.verified for one in every),
        request_sent=True if True in sent else None if None in sent else False,
        retired=any(one.retired for one in every),
        failure=next((one.failure for one in every if one.failure), None),
        resources=resources,
    )


class AccountRow(Row, total=False):
    """``resources``: the row of each declared resource, by its name."""

    resources: dict[str, t.Any]


class AccountRows:
    """What ``wechat_account`` returns for an account."""

    def __init__(self, check_mode: bool, language: Language = "en") -> None:
        self._check_mode = check_mode
        self._language = language
        self._rows = {one.name: one.rows(check_mode, language) for one in RESOURCES}

    def one(self, outcome: Outcome[t.Any]) -> AccountRow:
        return {
            "changed": outcome.changed,
            "verified": outcome.verified,
            "request_sent": outcome.request_sent,
            "failure": failure_row(outcome.failure, self._language),
            "resources": {name: self._rows[name].one(its) for name, its in _resources_of(outcome).items()},
            "msg": self.sentence(outcome).said(self._language),
        }

    def sentence(self, outcome: Outcome[t.Any]) -> Text:
        resources = _resources_of(outcome)
        if resources:
            return joined(_SPACE, [self._rows[name].sentence(its) for name, its in resources.items()])
        if outcome.failure:
            return failed(outcome.failure, sent(outcome, outcome.failure, _WORDS))
        return Text("Nothing is declared for this account; nothing was sent.")

    def summed_up(self, rows: Mapping[str, AccountRow]) -> str:
        of_each = {name: sum(1 for row in rows.values() if row["resources"].get(name, {}).get("changed")) for name in BY_NAME}
        which = enumerated(f"{name}: {count:,}" for name, count in of_each.items() if count)
        done = Text("{count:,} would be changed ({which})") if self._check_mode else Text("{count:,} changed ({which})")
        unchanged, retired = Text("{count:,} as declared already"), Text("{count:,} as the platform says")
        return sum_up(rows, {"changed": done.filled(which=which), "unchanged": unchanged, "retired": retired, **NOT_DONE}, self._language)

    def states(self, row: AccountRow) -> tuple[str, str]:
        known = {name: self._rows[name].states(its) for name, its in row["resources"].items() if is_known(its)}
        before, after = ("".join(_lines(name, states[side]) for name, states in known.items()) for side in (0, 1))
        return before, after


class FoundRows(AccountRows):
    """What a look at all resources of an account has found. ``resources`` has the rows of ``Declarable.info``."""

    def __init__(self, check_mode: bool, language: Language = "en") -> None:
        super().__init__(check_mode, language)
        self._rows = {one.name: one.info(check_mode, language) for one in RESOURCES if one.info}

    def summed_up(self, rows: Mapping[str, AccountRow]) -> str:
        return sum_up(rows, {"unchanged": Text("{count:,} checked"), **NOT_DONE}, self._language)


def exported(rows: Mapping[str, Mapping[str, t.Any]]) -> tuple[dict[str, t.Any], dict[str, Text]]:
    """The options that declare what an account has, and why there are none for some resources, by name. ``rows``: of ``FoundRows``."""
    known = {name: row for name, row in rows.items() if not row["failure"]}
    options: dict[str, t.Any] = {}
    left_out: dict[str, Text] = {}
    for name, row in rows.items():
        its = BY_NAME[name].exported(row, known) if name in known else None
        fault = _fault_of(its) if its is not None else verbatim(message_of(row))
        if fault:
            left_out[name] = fault
        else:
            options.update(its or {})
    return options, left_out


def message_of(row: Mapping[str, t.Any]) -> str:
    """The message of a row, the same for each look that finds the same."""
    return untimed(row["msg"], row["failure"]["rid"]) if row["failure"] else str(row["msg"])


def pictures_of(options: Mapping[str, t.Any]) -> Picture:
    """The menus that the checked ``options`` of an account declare, for a page."""
    declared = {**dict.fromkeys(OPTIONS), **options}
    return [picture for one in RESOURCES if declared[one.name] is not None for picture in one.drawn(declared)]


def _fault_of(options: Mapping[str, t.Any]) -> Text | None:
    """Why ``options`` cannot be declared: the API may show what it does not take."""
    try:
        declared_by({"": {**dict.fromkeys(OPTIONS), **options}})
    except ApiError as error:
        return error.failure.what
    return None


def _resources_of(outcome: Outcome[t.Any]) -> Mapping[str, Outcome[t.Any]]:
    return outcome.resources if isinstance(outcome, AccountOutcome) else {}


def _lines(name: str, state: Mapping[str, t.Any] | str) -> str:
    """The state of a resource, for Ansible's diff."""
    if isinstance(state, str):
        return state
    return "".join(f"{name}.{key}: {json.dumps(value)}\n" for key, value in state.items())


def permission_of(names: Iterable[str]) -> Text:
    """What an account must grant a third-party platform for the resources with these names."""
    permissions = dict.fromkeys(BY_NAME[name].resource.look.call.codes.permission for name in names)
    return joined(Text(", and "), permissions) if permissions else verbatim("")
