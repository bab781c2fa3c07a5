# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The draft box switch: its look, its change, and the sentences about them.

Source: the platform's page "Draft box switching settings" (draft/switch).
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._account.session import Change, Look
from .._http.errcodes import ACCOUNT_CALL, APIS, Meaning
from .._http.errors import START, ApiError, Failure, Step, unusable_answer
from .._http.wire import Call, number
from .._text import Text
from .converge import Resource
from .declared import Declarable
from .results import NOT_DONE, Result, Row, Words, failed, failure_row, sent, sum_up, summary

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .._http.wire import Fields
    from .._text import Language
    from .converge import NextChange
    from .declared import Accounts
    from .outcome import Outcome

LOOK = Step(Text("read the draft box"))
TURN_ON = Step(Text("turn the draft box on"))
TURN_OFF = Step(Text("turn the draft box off"), sends=False)

IRREVERSIBLE = Failure(
    "irreversible",
    TURN_OFF,
    Text("turning a draft box on is irreversible: the API offers no call that turns the switch off"),
    Text("remove state: absent from the task"),
)

# The module's own option. All others are those of every module of the collection.
STATE_OPTION = {"type": "str", "choices": ["present", "absent"], "default": "present"}

# What an account must grant a third-party platform before that may make the call.
PERMISSION = Text("permission set 11 (materials) or 100")

_CODES = dataclasses.replace(
    ACCOUNT_CALL,
    meanings={
        **ACCOUNT_CALL.meanings,
        48001: Meaning(
            "account",
            Text("this account may not use the call"),
            Text("check which APIs the account has, {apis}; only subscription and service accounts can have those of the draft box").filled(
                apis=APIS
            ),
        ),
        40200: Meaning(
            "account",
            Text("accounts of this kind may not use the call"),
            Text("leave the account out: only subscription and service accounts have a draft box"),
        ),
    },
    retired=frozenset({45103, 48009}),
    permission=PERMISSION,
)
_PATH = "cgi-bin/draft/switch"


def _is_open_in(answer: Fields) -> bool | None:
    """The value of ``is_open``. None unless it is 0 or 1, because an unknown value does not mean off."""
    value = answer.get("is_open")
    digit = int(value) if isinstance(value, bool) else number(value)
    return bool(digit) if digit in (0, 1) else None


def _look_shows(answer: Fields) -> bool:
    is_open = _is_open_in(answer)
    if is_open is None:
        raise unusable_answer(LOOK, Text("the answer does not say whether the draft box is on"))
    return is_open


def _change_shows(answer: Fields) -> bool | None:
    """True if the answer to the change shows that the draft box is on; otherwise None.

    The example on the platform's page has no is_open in this answer. An is_open of 0 counts as no statement: the next look decides.
    """
    return True if _is_open_in(answer) else None


# The two requests differ only in the query. Without checkonly, the request turns the switch on for good.
_LOOK = Look(Call(LOOK, _PATH, _CODES), _look_shows, query={"checkonly": "1"})
_TURN_ON = Change(Call(TURN_ON, _PATH, _CODES), True, _change_shows)


def to_turn_on(is_open: bool) -> Change[bool] | None:
    """The change for a draft box that is off; None if it is on."""
    return None if is_open else _TURN_ON


# The state is whether the draft box is on. The platform has announced that all are on by the time it retires the call.
DRAFT_SWITCH = Resource(
    _LOOK,
    TURN_ON,
    retired=True,
    retired_warning=Text(
        "The platform answers that draft/switch is no longer offered. It has announced that every account's draft box is on "
        "by then, so is_open is true, but not verified. The task is no longer needed."
    ),
)

_NOT_DONE = {"retired": Text("{count:,} on as the platform says, which no longer offers the call"), **NOT_DONE}
_NO_LONGER_OFFERED = Text("The platform no longer offers this call and says that every draft box is on")
WORDS = Words(
    change=Text("enabling request"),
    article="an",
    not_shown=Text("a later check still shows the draft box off"),
    refused=Text("the enabling request was refused, and the draft box is off as it was found"),
)


class SwitchRow(Row, total=False):
    """``is_open``, ``was_open``: whether the draft box is on, and was on at first; None if not known."""

    is_open: bool | None
    was_open: bool | None


class SwitchRows:
    """What ``wechat_draft_switch`` returns for an account."""

    def __init__(self, check_mode: bool, language: Language = "en") -> None:
        self._check_mode = check_mode
        self._language = language

    def one(self, outcome: Outcome[bool]) -> SwitchRow:
        return {
            "changed": outcome.changed,
            "is_open": outcome.now,
            "was_open": outcome.before,
            "verified": outcome.verified,
            "request_sent": outcome.request_sent,
            "failure": failure_row(outcome.failure, self._language),
            "msg": self.sentence(outcome).said(self._language),
        }

    def summed_up(self, rows: Mapping[str, SwitchRow]) -> str:
        would = Text("{count:,} would be turned on, which cannot be undone")
        done = would if self._check_mode else Text("{count:,} turned on, which cannot be undone")
        return sum_up(rows, {"changed": done, "unchanged": Text("{count:,} already on"), **_NOT_DONE}, self._language)

    def states(self, row: SwitchRow) -> tuple[Result, Result]:
        return {"is_open": row["was_open"]}, {"is_open": row["changed"] or row["was_open"]}

    def sentence(self, outcome: Outcome[bool]) -> Text:
        if outcome.failure:
            return failed(outcome.failure, sent(outcome, outcome.failure, WORDS))
        if outcome.retired and outcome.request_sent:
            return Text("{no_longer_offered}; an enabling request was sent.").filled(no_longer_offered=_NO_LONGER_OFFERED)
        if outcome.retired:
            return Text("{no_longer_offered}; nothing was changed.").filled(no_longer_offered=_NO_LONGER_OFFERED)
        if outcome.now and not outcome.before and not outcome.changed:
            return Text("The draft box was off and is on now, but not by this task.")
        if not outcome.changed:
            return Text("The draft box is already on; nothing was changed.")
        if self._check_mode:
            return Text("The draft box is off; without check mode it would be turned on, which cannot be undone.")
        return Text("The draft box was off and has been turned on, which cannot be undone.")


class InfoRows:
    """What ``wechat_draft_switch_info`` returns for an account."""

    def __init__(self, _check_mode: bool, language: Language = "en") -> None:
        self._language = language

    def one(self, outcome: Outcome[bool]) -> SwitchRow:
        return {
            "changed": False,
            "is_open": outcome.now,
            "verified": outcome.verified,
            "failure": failure_row(outcome.failure, self._language),
            "msg": self.sentence(outcome).said(self._language),
        }

    def sentence(self, outcome: Outcome[bool]) -> Text:
        if outcome.failure:
            return failed(outcome.failure)
        if outcome.retired:
            return Text("{no_longer_offered}.").filled(no_longer_offered=_NO_LONGER_OFFERED)
        return Text("The draft box is on.") if outcome.now else Text("The draft box is off.")

    def summed_up(self, rows: Mapping[str, SwitchRow]) -> str:
        off = sum(1 for row in rows.values() if row["is_open"] is False and not row["failure"])
        on = summary(rows.values())["unchanged"] - off
        looked_at = Text("{count:,} checked ({on:,} on, {off:,} off)").filled(on=on, off=off)
        return sum_up(rows, {"unchanged": looked_at, **_NOT_DONE}, self._language)

    def states(self, row: SwitchRow) -> tuple[Result, Result]:
        return {"is_open": row["is_open"]}, {"is_open": row["is_open"]}


def _declare(accounts: Accounts) -> tuple[dict[str, NextChange[bool]], list[Text]]:
    values = [options[SWITCH_DECLARED.name] for options in accounts.values()]
    if "absent" in values:
        raise ApiError(dataclasses.replace(IRREVERSIBLE, remedy=Text("remove draft_switch: absent")))
    if any(value != "present" for value in values):
        what = Text("draft_switch is neither present nor absent")
        raise ApiError(Failure("operator", START, what, Text("give present, or leave it out")))
    return dict.fromkeys(accounts, to_turn_on), []


def _restored(was_open: object) -> dict[str, t.Any] | Text:
    return {"draft_switch": "present"} if was_open is True else IRREVERSIBLE.what


SWITCH_DECLARED = Declarable(
    "draft_switch",
    DRAFT_SWITCH,
    # It has no choices: Ansible would refuse null, which leaves the draft box alone.
    {"draft_switch": {"type": "str"}},
    _declare,
    SwitchRows,
    title=Text("Draft box"),
    kept=lambda row: row["was_open"],
    restored=_restored,
    differences=lambda row: [("is_open", False, True)] if row["changed"] else [],
    info=InfoRows,
    exported=lambda row, _rows: {"draft_switch": "present"} if row["is_open"] else None,
)
