# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An account's conditional menus: their looks, their changes, and how they are put into words.

Source: the platform's pages "Create personalized menu", "Delete personalized menu" and "Custom menu query".
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._account.session import Change, Look
from .._http.errcodes import Meaning
from .._http.errors import START, ApiError, Failure, Step, unusable_answer
from .._http.wire import Call, number
from .._text import CLAUSES, Text, enumerated, joined, verbatim
from .conditional_input import NAME, NONE, Declared, check, check_all, same_rule
from .conditional_plan import (
    MOST_DOMAINS,
    TAG,
    Conditional,
    Delete,
    TooManyDomains,
    after,
    duplicates_in,
    kept_of_declared,
    label_of,
    next_step,
    read,
)
from .converge import Resource
from .declared import Declarable
from .menu import LATER, LOOK_CODES, MENU_DECLARED, NO_MENU, SHAPE, MenuState, codes_of, menus_in
from .menu_compare import respelt
from .menu_form import differences, differing, lines_of, only_lacks
from .menu_input import of_accounts
from .results import NOT_DONE, ChangeRows, Row, Words, failed, failed_before, failure_row, sent, some, sum_up
from .tags import LOOK_AT_TAGS, TAGS_DECLARED, Tags
from .tags_input import check_all as check_tags
from .tags_input import fault_of

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .._http.errcodes import Codes
    from .._http.wire import Fields
    from .._text import Language
    from .converge import NextChange
    from .declared import Accounts, Picture
    from .menu_form import Menu
    from .outcome import Outcome

# The module's options, besides those that all modules of the collection have: for the task, and for each account.
OPTIONS: dict[str, dict[str, t.Any]] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "conditional_menus": {"type": "raw"},
    "exclusive": {"type": "bool", "default": False},
    "replace_in_place": {"type": "bool", "default": False},
}
ACCOUNT_OPTIONS: dict[str, dict[str, t.Any]] = {"conditional_menus": {"type": "raw"}}

LOOK = Step(Text("read the conditional menus"))
CHANGE = Step(Text("change the conditional menus"))
ADD = Step(Text("add a conditional menu"))
DELETE = Step(Text("delete a conditional menu"))


# --- What the platform's codes mean.

GONE = 65301
_NO_DEFAULT = Text("the account has no menu for everybody, and conditional menus need one")
_SET_ONE = Text("set one first, with menu or with the module wechat_menu")
_MEANINGS = {
    GONE: Meaning(
        "not_effective",
        Text("the platform lists a conditional menu, and does not know it when it is to be deleted"),
        Text("run again in a few minutes: it checks first"),
        again=True,
    ),
    65303: Meaning("operator", _NO_DEFAULT, _SET_ONE),
    65305: Meaning("operator", Text("the account has as many conditional menus as it may have"), Text("declare fewer of them")),
    65306: Meaning("account", Text("accounts of this kind may not have conditional menus"), Text("leave the account out")),
    65309: Meaning(
        "operator", Text("conditional menus are switched off for this account"), Text("ask the platform's support how to switch them on")
    ),
    65316: Meaning(
        "operator",
        Text("the conditional menus of the account link to more domains than the platform allows"),
        Text("use at most {most} domains in all of them; or set replace_in_place to true, if the old ones are in the way").filled(
            most=MOST_DOMAINS
        ),
    ),
    **dict.fromkeys((65304, 65307, 65308, 65310, 65311, 65312, 65313, 65314, 65320), SHAPE),
}


def _codes_of(menu: Menu | None) -> Codes:
    codes = codes_of(menu)
    return dataclasses.replace(codes, meanings={**codes.meanings, **_MEANINGS})


_CODES = _codes_of(None)


# --- The state, and the looks at it.


@dataclasses.dataclass(frozen=True)
class ConditionalState:
    """The conditional menus of one account. Two states are equal if their ``menus`` are.

    ``menus``: the strongest first. ``has_default``: whether there is a menu for everybody. ``tags``: None if they are not known.
    """

    menus: tuple[Conditional, ...]
    has_default: bool = dataclasses.field(default=True, compare=False)
    tags: Tags | None = dataclasses.field(default=None, compare=False)


def _menus_in(answer: Fields) -> ConditionalState:
    """What an answer of menu/get shows. Raises ApiError if it cannot be understood."""
    found = menus_in(answer)
    try:
        return ConditionalState(read(found.conditional), found.menu is not None)
    except ValueError:
        raise unusable_answer(LOOK, Text("the answer holds conditional menus that cannot be understood")) from None


_GET = Call(LOOK, "cgi-bin/menu/get", LOOK_CODES, expects="menu", verb="GET", nothing=frozenset({NO_MENU}))


def _and_tags(state: ConditionalState, unreadable: frozenset[int] = frozenset()) -> Look[ConditionalState]:
    """A look at the tags. ``unreadable``: errcodes that say that they cannot be known; then they are None."""

    def with_tags(answer: Fields) -> ConditionalState:
        known = number(answer.get("errcode")) not in unreadable
        return dataclasses.replace(state, tags=LOOK_AT_TAGS.read(answer) if known else None)

    return Look(dataclasses.replace(LOOK_AT_TAGS.call, nothing=unreadable), with_tags)


def _and_tags_of_rules(state: ConditionalState) -> Look[ConditionalState] | None:
    # An account may have granted a third-party platform its menus, and not its tags.
    return _and_tags(state, frozenset({48001, 61007})) if any(TAG in one.rule for one in state.menus) else None


# --- Changes.

# In place of TAG in the rule of a menu whose tag is yet to be made: its name instead of its id.
_TAG_NAME = "tag"


def _add(one: Conditional, makes: ConditionalState) -> Change[ConditionalState]:
    # Its tag is yet to be made, as check mode foresees. So it has no path, and can never be sent.
    path = "" if _TAG_NAME in one.rule else "cgi-bin/menu/addconditional"
    return Change(Call(ADD, path, _codes_of(one.menu), expects="menuid"), makes, body={**one.menu, "matchrule": one.rule}, once=True)


def _delete(one: Conditional, makes: ConditionalState) -> Change[ConditionalState]:
    # That there is no such menu may be the doing of an earlier try, or of somebody else.
    call = Call(DELETE, "cgi-bin/menu/delconditional", _CODES)
    return Change(call, makes, body={"menuid": str(one.menuid)}, doubted=frozenset({GONE}))


# --- Why the looks after a change do not show what it makes.


def _why_not_shown(change: Change[ConditionalState], before: ConditionalState | None, seen: ConditionalState) -> Failure | None:
    """Why a look after ``change`` has shown ``seen``, and not what it makes; None if that may come yet, or is not its fault.

    See ``Resource.conflict``.
    """
    known = {one.menuid for one in before.menus} if before else set()
    made = [one for one in change.makes.menus if one.menuid not in known]
    new = [one for one in seen.menus if one.menuid not in known]
    if not made or made[0] in new or seen == before:
        return None
    for one in new:
        if one.rule == made[0].rule:
            paths = respelt(made[0].menu, one.menu)
            if not paths and only_lacks(one.menu, made[0].menu):
                paths = [*map(verbatim, differences(one.menu, made[0].menu))]
            if paths:
                return _kept_otherwise(made[0], paths)
    return Failure(
        "conflict",
        change.call.step,
        Text("somebody else has changed the conditional menus meanwhile"),
        Text("find out what else sets this account's conditional menus, then run again: it checks first"),
        again=True,
    )


def _kept_otherwise(made: Conditional, paths: Sequence[Text]) -> Failure:
    what = Text("the platform accepted the conditional menu for {label}, and keeps it otherwise than it was sent: {paths}")
    remedy = Text("declare it as the platform keeps it: conditional_menus in the result has it; until then, each run adds it again")
    return Failure("not_effective", ADD, what.filled(label=made.label(), paths=some(paths)), remedy)


CONDITIONAL_MENUS = Resource(Look(_GET, _menus_in), CHANGE, conflict=_why_not_shown)
# With the names of the tags, for who wants to know everything.
EVERYTHING = Resource(Look(_GET, _menus_in, then=_and_tags_of_rules), CHANGE)


# --- What is declared.


def next_change_to(declared: Declared) -> NextChange[ConditionalState]:
    """The way to ``declared``. For one account, because it remembers the ids of its tags.

    Raises ApiError if there is no menu for everybody, or not one tag of each declared name, or if there would be too many domains.
    """
    resolved: list[list[Conditional]] = []

    def next_change(state: ConditionalState) -> Change[ConditionalState] | Look[ConditionalState] | None:
        if not resolved:
            if declared.names and state.tags is None:
                return _and_tags(state)
            resolved.append(_resolved(declared, state.tags))
        try:
            step = next_step(state.menus, resolved[0], exclusive=declared.exclusive, replace_in_place=declared.replace_in_place)
        except TooManyDomains as error:
            raise ApiError(_too_many(error)) from None
        if step is None:
            return None
        makes = dataclasses.replace(state, menus=after(state.menus, step))
        if isinstance(step, Delete):
            return _delete(step.menu, makes)
        if not state.has_default:
            raise ApiError(Failure("operator", ADD, _NO_DEFAULT, _SET_ONE))
        return _add(step.menu, makes)

    return next_change


def _resolved(declared: Declared, tags: Tags | None) -> list[Conditional]:
    """The declared menus with the ids of their tags. Raises ApiError if there are none, or several."""
    found: list[Conditional] = []
    faults: list[Text] = []
    for one in declared.menus:
        ids = tags.ids_of(one.tag) if tags and one.tag is not None else []
        menu = Conditional(one.rule, one.menu)
        if one.tag is not None and not ids:
            faults.append(Text("{at}: the account has no tag {tag}").filled(at=one.at, tag=one.tag))
        elif len(ids) > 1:
            several = Text("{at}: the account has several tags {tag} (tag_id {ids})")
            faults.append(several.filled(at=one.at, tag=one.tag, ids=enumerated(map(str, ids))))
        elif ids:
            menu = Conditional({_TAG_NAME: str(one.tag)} if ids[0] is None else {TAG: str(ids[0])}, one.menu)
            menu.rule.update(one.rule)
        same = next((other.at for other, before in zip(declared.menus, found, strict=False) if before.rule == menu.rule), None)
        if same and not faults:
            faults.append(same_rule(one.at, same))
        found.append(menu)
    if faults:
        remedy = Text("correct conditional_menus, or make the tags first, with tags or with the module wechat_tags")
        raise ApiError(Failure("operator", CHANGE, joined(CLAUSES, faults), remedy))
    return found


def _too_many(error: TooManyDomains) -> Failure:
    what = Text("the conditional menus that are there and the declared ones link to {number} domains ({domains}); {most} are allowed")
    remedy = Text(
        "set replace_in_place to true: old menus are deleted first then, and until the new ones are there, their users get another menu"
    )
    if not error.fits:
        remedy = Text("declare menus with fewer domains; or set replace_in_place to true, and let the platform decide")
    filled = what.filled(number=len(error.domains), domains=some(error.domains), most=MOST_DOMAINS)
    return Failure("refused", ADD, filled, remedy)


# --- Rows and sentences.

WORDS = Words(
    change=Text("change"),
    article="a",
    not_shown=Text("a later check still shows the conditional menus as they were"),
    refused=Text("the change was refused, and the conditional menus are as they were found"),
    failures_tell=True,
)

_NOTHING_KNOWN = Text("Nothing is known about the conditional menus.")


class ConditionalRow(Row, total=False):
    """As the documentation of ``wechat_conditional_menus`` says. The menus: as ``Conditional.declared``."""

    conditional_menus: list[dict[str, t.Any]] | None
    before: list[dict[str, t.Any]] | None
    tags: dict[str, str] | None
    duplicates: list[str] | None


class ConditionalRows(ChangeRows):
    """What ``wechat_conditional_menus`` returns for an account."""

    def one(self, outcome: Outcome[ConditionalState]) -> ConditionalRow:
        now = outcome.foreseen or outcome.now
        return {
            "changed": outcome.changed,
            "conditional_menus": _listed(now, outcome.before if outcome.foreseen else now),
            "before": _listed(outcome.before, outcome.before),
            # If the same run has declared the tags, what is planned knows them.
            "tags": _names_in(outcome.before, now, *(change.makes for change in outcome.planned)),
            "duplicates": [str(one.menuid) for one in duplicates_in(now.menus)] if now else None,
            "verified": outcome.verified,
            "request_sent": outcome.request_sent,
            "failure": failure_row(outcome.failure, self._language),
            "msg": self.sentence(outcome).said(self._language),
        }

    def states(self, row: ConditionalRow) -> tuple[str, str]:
        return _as_yaml(row["before"]), _as_yaml(row["conditional_menus"])

    def sentence(self, outcome: Outcome[ConditionalState]) -> Text:
        if outcome.failure:
            return failed(outcome.failure, sent(outcome, outcome.failure, WORDS))
        if outcome.before is None or outcome.now is None:
            return _NOTHING_KNOWN
        now = outcome.foreseen or outcome.now
        return _and_duplicates(self._done(outcome.before, now, changed=outcome.changed), now)

    def _done(self, before: ConditionalState, now: ConditionalState, *, changed: bool) -> Text:
        if not changed and before != now:
            return Text("The conditional menus were not as declared and are now, but not by this task.")
        if not changed:
            return Text("The conditional menus are as declared; nothing was changed.")
        ids, old = ({one.menuid for one in state.menus} for state in (now, before))
        counts = {"added": len(ids - old), "deleted": len(old - ids)}
        if self._check_mode:
            would = Text("The conditional menus are not as declared; without check mode, {added} would be added and {deleted} deleted.")
            return would.filled(**counts)
        done = Text("The conditional menus have been changed: {added} added, {deleted} deleted.").filled(**counts)
        duplicates = len({one.menuid for one in duplicates_in(before.menus)} - ids)
        if duplicates:
            had = Text("{done} Of those deleted, {number} had no users, because a newer one had the same rule.")
            done = had.filled(done=done, number=duplicates)
        return LATER.filled(done=done)


def _and_duplicates(said: Text, state: ConditionalState) -> Text:
    duplicates = duplicates_in(state.menus)
    more = Text("{said} Nobody gets some of them, because a newer one has the same rule: menuid {menuids}.")
    return more.filled(said=said, menuids=some([str(one.menuid) for one in duplicates])) if duplicates else said


def _listed(state: ConditionalState | None, known: ConditionalState | None) -> list[dict[str, t.Any]] | None:
    """The menus of ``state``. The menuids of those that ``known`` does not have are not known yet."""
    if state is None:
        return None
    ids = {one.menuid for one in known.menus} if known else set()
    return [(one if one.menuid in ids else dataclasses.replace(one, menuid=None)).declared() for one in state.menus]


def _as_yaml(listed: list[dict[str, t.Any]] | None) -> str:
    # Without the menuids: they say nothing about what users get.
    return lines_of({NAME: [{key: one[key] for key in ("match", "menu")} for one in listed or []]})


class ConditionalInfoRow(Row, total=False):
    """As the documentation of ``wechat_conditional_menus_info`` says. The menus: as ``Conditional.declared``."""

    conditional_menus: list[dict[str, t.Any]] | None
    has_menu: bool | None
    tags: dict[str, str] | None
    dead_rules: list[str] | None
    duplicates: list[str] | None
    missing_tags: list[str] | None


class ConditionalInfoRows:
    """What ``wechat_conditional_menus_info`` returns for an account."""

    def __init__(self, _check_mode: bool, language: Language = "en") -> None:
        self._language = language

    def one(self, outcome: Outcome[ConditionalState]) -> ConditionalInfoRow:
        state = outcome.now
        menus = state.menus if state else ()
        names = _names_in(state)
        return {
            "changed": False,
            "conditional_menus": _listed(state, state),
            "has_menu": state.has_default if state else None,
            "tags": names,
            "dead_rules": _menuids(one for one in menus if one.is_dead) if state else None,
            "duplicates": _menuids(duplicates_in(menus)) if state else None,
            "missing_tags": None if names is None else _menuids(one for one in menus if _is_missing(one, state)),
            "verified": outcome.verified,
            "failure": failure_row(outcome.failure, self._language),
            "msg": self.sentence(outcome).said(self._language),
        }

    def sentence(self, outcome: Outcome[ConditionalState]) -> Text:
        if outcome.failure:
            return failed(outcome.failure)
        state = outcome.now
        if state is None:
            return _NOTHING_KNOWN
        found = Text("The account has conditional menus: {number}.") if state.menus else Text("The account has no conditional menus.")
        found = found.filled(number=len(state.menus))
        unseen = len({one.menuid for one in (*duplicates_in(state.menus), *(one for one in state.menus if one.is_dead))})
        of = Text("{found} Those that no user gets, because of a dead rule or another menu with the same rule: {number}.")
        return of.filled(found=found, number=unseen) if unseen else found

    def summed_up(self, rows: Mapping[str, ConditionalInfoRow]) -> str:
        some_have = sum(1 for row in rows.values() if row["conditional_menus"])
        looked_at = Text("{count:,} checked ({have:,} with conditional menus)").filled(have=some_have)
        return sum_up(rows, {"unchanged": looked_at, **NOT_DONE}, self._language)

    def states(self, row: ConditionalInfoRow) -> tuple[str, str]:
        return _as_yaml(row["conditional_menus"]), _as_yaml(row["conditional_menus"])


def _menuids(menus: Iterable[Conditional]) -> list[str]:
    return [str(one.menuid) for one in menus]


def _names_in(*states: ConditionalState | None) -> dict[str, str] | None:
    """The names of the tags in the rules, by their ids, as far as one tag alone has the name; None if that is not known."""
    known = [state for state in states if state]
    ids = {one.rule[TAG] for state in known for one in state.menus if TAG in one.rule}
    tags = next((state.tags for state in known if state.tags), None)
    if not known or (ids and tags is None):
        return None
    tags = tags or Tags()
    return {str(tag.id): tag.name for tag in tags.tags if str(tag.id) in ids and len(tags.ids_of(tag.name)) == 1}


def _is_missing(menu: Conditional, state: ConditionalState | None) -> bool:
    """Whether the tag of ``menu`` is gone."""
    tags = state.tags.tags if state and state.tags else ()
    return TAG in menu.rule and menu.rule[TAG] not in {str(tag.id) for tag in tags}


# --- A resource of an account.


def _declare(accounts: Accounts) -> tuple[dict[str, NextChange[ConditionalState]], list[Text]]:
    checked = check_all({name: options[NAME] for name, options in accounts.items()})
    if checked.faults:
        raise ApiError(Failure("operator", START, checked.faults, Text("correct conditional_menus")))
    tags, _warnings = check_tags({name: options["tags"] for name, options in accounts.items() if options["tags"] is not None})
    deleted_with_menu: dict[Text, list[str]] = {}
    without_tag: dict[Text, list[str]] = {}
    for name, options in accounts.items():
        if options["menu"] == "absent" and checked.declared[name] is not NONE:
            what = Text("conditional_menus is declared together with menu: absent, which deletes them")
            deleted_with_menu.setdefault(what, []).append(name)
        # Tags come first. Nobody would have a tag any more that is deleted, although the menu for it is refused then.
        for tag in sorted(checked.declared[name].names & tags[name].away) if name in tags else ():
            what = Text("conditional_menus is for the tag {tag}, which tags deletes or renames").filled(tag=tag)
            without_tag.setdefault(what, []).append(name)
    if deleted_with_menu:
        raise ApiError(Failure("operator", START, of_accounts(deleted_with_menu), Text("declare a menu, or conditional_menus: absent")))
    if without_tag:
        raise ApiError(Failure("operator", START, of_accounts(without_tag), Text("correct conditional_menus or tags")))
    return {name: next_change_to(declared) for name, declared in checked.declared.items()}, checked.warnings


def _given(next_change: NextChange[ConditionalState], before: Mapping[str, Outcome[t.Any]]) -> NextChange[ConditionalState]:
    """``next_change``, which knows what this run has made of the menu and the tags, or would make of them in check mode."""
    menu, tags = ((before[name].foreseen or before[name].now) if name in before else None for name in ("menu", "tags"))
    is_foreseen = "menu" in before and before["menu"].foreseen is not None

    def with_these(state: ConditionalState) -> Change[ConditionalState] | Look[ConditionalState] | None:
        if isinstance(menu, MenuState) and menu.menu is None:
            # If they were deleted with it, a look shows that. Somebody else may have made others since.
            state = dataclasses.replace(state, menus=(), has_default=False) if is_foreseen else state
        elif isinstance(menu, MenuState):
            state = dataclasses.replace(state, has_default=True)
        if isinstance(tags, Tags):
            state = dataclasses.replace(state, tags=tags)
        try:
            return next_change(state)
        except ApiError:
            # In check mode. It may be for what they would have made.
            for one in (MENU_DECLARED, TAGS_DECLARED):
                if one.name in before and before[one.name].failure:
                    raise ApiError(failed_before(one.name, one.title), sent=False) from None
            raise

    return with_these


def _restored(kept: t.Any) -> dict[str, t.Any] | Text:
    """The options that bring back the conditional menus that a record has kept: those that users could get."""
    try:
        found = read(kept)
    except ValueError:
        return Text("the record does not say what conditional menus there were")
    unseen = {one.menuid for one in duplicates_in(found)}
    menus = [one.declared() for one in found if not one.is_dead and one.menuid not in unseen]
    if not menus:
        return {NAME: "absent"}
    return {NAME: {"menus": menus, "exclusive": True, "replace_in_place": True}}


def _left(kept: t.Any) -> Text | None:
    """Why the API cannot bring back some of what a record has kept; None if it can."""
    dead = Text("the platform no longer takes the rules of {number} conditional menus, and showed them to nobody")
    number = sum(1 for one in read(kept) if one.is_dead)
    return dead.filled(number=number) if number else None


def _differences(row: ConditionalRow) -> Iterable[tuple[str, t.Any, t.Any]]:
    """What differs for each group of users, by whom it is for; and the order, as ``order``."""
    if not row["changed"]:
        return
    before, now = ({label_of(one["match"]): one["menu"] for one in reversed(row[side] or [])} for side in ("before", "conditional_menus"))
    yield from differing(before, now)
    old, new = ([label_of(one["match"]) for one in row[side] or []] for side in ("before", "conditional_menus"))
    if old != new:
        yield "order", old, new


def _exported(row: ConditionalInfoRow, _rows: Mapping[str, t.Any]) -> dict[str, t.Any] | None:
    """The menus that users can get, with the names of their tags, which hold for other accounts as well."""
    unseen = {*(row["dead_rules"] or ()), *(row["duplicates"] or ())}
    names = row["tags"] or {}
    menus = []
    for one in row["conditional_menus"] or ():
        match = dict(one["match"])
        if fault_of(names.get(str(match.get(TAG))), "") is None:
            # Another name cannot be declared.
            match = {_TAG_NAME: names[match.pop(TAG)], **match}
        if one["menuid"] not in unseen:
            menus.append({"match": match, "menu": one["menu"]})
    if not menus:
        return None
    return {NAME: menus if unseen else {"exclusive": True, "menus": menus}}


def _menus(row: ConditionalRow) -> tuple[Picture, Picture]:
    """The menus before and after, with the names of the tags instead of their ids, as far as they are known."""

    def of(listed: list[dict[str, t.Any]] | None) -> Picture:
        return [{"match": _with_name(one["match"], row["tags"] or {}), "menu": one["menu"]} for one in listed or []]

    return of(row["before"]), of(row["conditional_menus"])


def _with_name(match: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    name = names.get(match.get(TAG, ""))
    return {"tag": name, **{field: its for field, its in match.items() if field != TAG}} if name else dict(match)


def _drawn(options: Mapping[str, t.Any]) -> Picture:
    declared = check(options[NAME]).declared or NONE
    matches = [{"tag": one.tag, **Conditional(one.rule, one.menu).declared()["match"]} for one in declared.menus]
    return [{"match": match, "menu": one.menu} for match, one in zip(matches, declared.menus, strict=True)]


CONDITIONAL_DECLARED = Declarable(
    NAME,
    CONDITIONAL_MENUS,
    {NAME: {"type": "raw"}},
    _declare,
    ConditionalRows,
    title=Text("Conditional menus"),
    kept=lambda row: kept_of_declared(row["before"]),
    restored=_restored,
    differences=_differences,
    everything=EVERYTHING,
    info=ConditionalInfoRows,
    exported=_exported,
    left=_left,
    given=_given,
    menus=_menus,
    drawn=_drawn,
)
