# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""An account's custom menu: its looks, its changes, and how they are put into words.

Source: the platform's pages "Custom menu creation", "Custom menu query", "Custom menu deletion" and "Get custom menu configuration".
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import typing as t

from .._account.session import Change, Look
from .._http.errcodes import ACCOUNT_CALL, Meaning
from .._http.errors import ApiError, Failure, Step, senseless
from .._http.wire import Call, number
from .converge import Resource
from .menu_form import Menu, as_read, as_yaml, canonical, differences, only_lacks
from .results import NOT_DONE, Row, Words, failed, failure_row, sent, some, sum_up

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._http.wire import Fields
    from .outcome import Outcome

# The module's options, besides those that all modules of the collection have: for the task, and for each account.
OPTIONS: dict[str, dict[str, t.Any]] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "menu": {"type": "dict"},
    "replace_console_menu": {"type": "bool", "default": False},
    "delete_conditional": {"type": "bool", "default": False},
}
ACCOUNT_OPTIONS: dict[str, dict[str, t.Any]] = {"menu": {"type": "dict"}}

LOOK = Step("look at the menu")
LOOK_SHOWN = Step("look at what the account shows as its menu")
CHANGE = Step("change the menu")
SET = Step("set the menu")
DELETE = Step("delete the menu")

PERMISSION = "permission set 15"

_SHAPE = Meaning(
    "protocol",
    "the platform refuses the form of the menu",
    "report it as a bug of this collection, with the menu: it should have been found",
)
_MEDIA = Meaning(
    "operator", "the platform does not know a media_id or an article_id of the menu", "check the ids; only permanent ones can be used"
)
_URL = Meaning(
    "operator",
    "the platform does not allow a url of the menu",
    "check the domains; some are blocked in WeChat, and some must be registered first",
)
_CODES = dataclasses.replace(
    ACCOUNT_CALL,
    meanings={
        **ACCOUNT_CALL.meanings,
        48001: Meaning(
            "account",
            "this account may not set its menu by API",
            "have the account verified: only service accounts and verified subscription accounts may; or leave the account out",
        ),
        45064: Meaning(
            "operator",
            "a mini program of the menu is not linked to the account",
            "link the mini program in the account's console first, then run again",
        ),
        **dict.fromkeys((40054, 40055, 65317), _URL),
        **dict.fromkeys((40007, 53600), _MEDIA),
        **dict.fromkeys((40015, 40016, 40017, 40018, 40019, 40020, 40022, 40023, 40024, 40025, 40026, 40027, 40033, 65318), _SHAPE),
    },
    permission=PERMISSION,
)
NO_MENU = 46003


@dataclasses.dataclass(frozen=True)
class Shown:
    """What the account shows, made by API or in the console. ``is_open``: whether a menu is shown. ``menu``: as read, or None."""

    is_open: bool
    menu: dict[str, t.Any] | None


@dataclasses.dataclass(frozen=True)
class MenuState:
    """``menu``: the API's, in the canonical form; None if there is none. ``conditional``: the conditional menus, as they were read.

    ``shown``: None if it was not asked. Two states are equal if their menus are.
    """

    menu: Menu | None
    conditional: tuple[t.Any, ...] = dataclasses.field(default=(), compare=False)
    shown: Shown | None = dataclasses.field(default=None, compare=False)


def _menu_in(answer: Fields) -> MenuState:
    # An answer that says both, there is none and here it is, is not understood.
    if number(answer.get("errcode")) == NO_MENU and not {"menu", "conditionalmenu"} & answer.keys():
        return MenuState(None)
    if number(answer.get("errcode")):
        raise senseless(LOOK, "the answer says that there is no menu, and holds one")
    found, conditional = None, None
    with contextlib.suppress(ValueError):
        menu, conditional = as_read(answer.get("menu")), as_read(answer.get("conditionalmenu", []))
        found = canonical(menu.get("button") if isinstance(menu, dict) else None)
    if found is None or not isinstance(conditional, list):
        raise senseless(LOOK, "the answer holds no menu")
    return MenuState(found, tuple(conditional))


def _shown_in(answer: Fields) -> Shown:
    is_open = number(answer.get("is_menu_open"))
    try:
        menu = as_read(answer.get("selfmenu_info"))
    except ValueError:
        menu = ""
    if is_open not in (0, 1) or not isinstance(menu, (dict, type(None))):
        raise senseless(LOOK_SHOWN, "the answer does not say whether a menu is shown")
    return Shown(bool(is_open), menu or None)


def _and_what_is_shown(state: MenuState) -> Look[MenuState]:
    call = Call(LOOK_SHOWN, "cgi-bin/get_current_selfmenu_info", _CODES, expects="is_menu_open", verb="GET")
    return Look(call, lambda answer: dataclasses.replace(state, shown=_shown_in(answer)))


_GET = Call(LOOK, "cgi-bin/menu/get", _CODES, expects="menu", verb="GET", nothing=frozenset({NO_MENU}))
_CREATE = Call(SET, "cgi-bin/menu/create", _CODES)
# A GET that changes something.
_DELETE = Change(Call(DELETE, "cgi-bin/menu/delete", _CODES, verb="GET"), MenuState(None))


def _conflict(change: Change[MenuState], shown: MenuState) -> Failure:
    """The failure for a menu that is neither the one before nor the declared one."""
    wanted = change.makes.menu
    paths = some(differences(shown.menu, wanted))
    if wanted is not None and shown.menu is not None and only_lacks(shown.menu, wanted):
        return Failure(
            "not_effective", SET, f"the platform accepted the menu, and shows it without a part: {paths}", "leave this part out of menu"
        )
    return Failure(
        "conflict",
        change.call.step,
        f"the menu is neither the one before nor the declared one, so somebody else has changed it: {paths}",
        "find out what else sets this account's menu, then run again: it looks first",
        again=True,
    )


# What the account shows is asked only if the API has no menu, because only then it matters.
MENU = Resource(
    Look(_GET, _menu_in, then=lambda state: _and_what_is_shown(state) if state.menu is None else None), CHANGE, conflict=_conflict
)
# For who wants to know everything.
EVERYTHING = Resource(Look(_GET, _menu_in, then=_and_what_is_shown), CHANGE)


def to_be(
    menu: Menu | None, *, replace_console_menu: bool = False, delete_conditional: bool = False
) -> Callable[[MenuState], Change[MenuState] | None]:
    """What makes the API's menu ``menu``, in the canonical form; None for no menu. For one account, because it remembers its changes."""
    changes: list[Change[MenuState]] = []

    def needs(state: MenuState) -> Change[MenuState] | None:
        if state.menu == menu:
            return None
        if menu is None:
            if state.conditional and not delete_conditional:
                raise ApiError(_would_delete(len(state.conditional)))
            return _DELETE
        # After a change, the account may already show the declared menu while menu/get does not.
        is_ours = bool(changes) and _shows(state.shown, menu)
        if state.menu is None and state.shown and state.shown.is_open and not (replace_console_menu or is_ours):
            raise ApiError(_would_replace())
        changes.append(Change(_CREATE, MenuState(menu), body=menu))
        return changes[-1]

    return needs


def _shows(shown: Shown | None, menu: Menu) -> bool:
    try:
        return shown is not None and canonical((shown.menu or {}).get("button")) == menu
    except ValueError:
        return False


def _would_replace() -> Failure:
    return Failure(
        "refused",
        SET,
        "the account shows a menu that was made in the console, and the API cannot bring that one back",
        "copy what you need from console_menu of wechat_menu_info, then set replace_console_menu to true",
    )


def _would_delete(conditional: int) -> Failure:
    return Failure(
        "refused",
        DELETE,
        f"the account has conditional menus ({conditional}), and to delete the menu deletes all of them",
        "save conditional of wechat_menu_info if you need them, then set delete_conditional to true",
    )


class MenuRow(Row, total=False):
    menu: Menu | None
    before: Menu | None
    is_menu_open: bool | None
    conditional_count: int | None


class MenuRows:
    """What ``wechat_menu`` returns for an account."""

    def __init__(self, check_mode: bool) -> None:
        self._check_mode = check_mode

    def one(self, outcome: Outcome[MenuState]) -> MenuRow:
        now = outcome.foreseen or outcome.now
        seen = outcome.now
        return {
            "changed": outcome.changed,
            "menu": now.menu if now else None,
            "before": outcome.before.menu if outcome.before else None,
            "is_menu_open": seen.shown.is_open if seen and seen.shown else None,
            "conditional_count": len(seen.conditional) if seen else None,
            "verified": outcome.verified,
            "request_sent": outcome.request_sent,
            "failure": failure_row(outcome.failure),
            "msg": self._sentence(outcome),
        }

    def summed_up(self, rows: Mapping[str, MenuRow]) -> str:
        done = "would be changed" if self._check_mode else "changed"
        return sum_up(rows, {"changed": done, "unchanged": "as declared already", **NOT_DONE})

    def states(self, row: MenuRow) -> tuple[str, str]:
        return as_yaml(row["before"]), as_yaml(row["menu"])

    def _sentence(self, outcome: Outcome[MenuState]) -> str:
        if outcome.failure:
            return failed(outcome.failure, _sent(outcome, outcome.failure))
        if outcome.before is None or outcome.now is None:
            return "Nothing is known about the menu."
        if not outcome.changed:
            if outcome.before != outcome.now:
                return "The menu was not as declared and is now, but not by this task."
            return _unchanged(outcome.now)
        return _changed(outcome.before.menu, (outcome.foreseen or outcome.now).menu, self._check_mode)


def _unchanged(state: MenuState) -> str:
    if state.menu is not None:
        return "The menu is as declared; nothing was changed."
    also = "; a menu that was made in the console is shown" if state.shown and state.shown.is_open else ""
    return f"The account has no menu from the API; nothing was changed{also}."


def _changed(before: Menu | None, after: Menu | None, check_mode: bool) -> str:
    would = "without check mode it would be " if check_mode else "it has been "
    if after is None:
        return f"The account has a menu that is not declared; {would}deleted." if check_mode else "The menu has been deleted."
    if before is None:
        return f"The account has no menu from the API; {would}set." if check_mode else "The menu has been set."
    paths = some(differences(before, after))
    return f"The menu differs ({paths}); {would}changed." if check_mode else f"The menu has been changed ({paths})."


WORDS = Words(
    change="change",
    article="a",
    not_shown="a later look still shows the menu as it was",
    refused="the change was refused, and the menu is as it was found",
)


def _sent(outcome: Outcome[MenuState], failure: Failure) -> str:
    # These failures say themselves what the look after the change has shown.
    return "a change was sent" if failure.reason in ("conflict", "not_effective") else sent(outcome, failure, WORDS)


class MenuInfoRow(Row, total=False):
    menu: Menu | None
    conditional: list[t.Any] | None
    is_menu_open: bool | None
    console_menu: dict[str, t.Any] | None
    made_by: t.Literal["api", "console", "none"] | None


class MenuInfoRows:
    """What ``wechat_menu_info`` returns for an account."""

    def __init__(self, _check_mode: bool) -> None:
        pass

    def one(self, outcome: Outcome[MenuState]) -> MenuInfoRow:
        state = outcome.now
        shown = state.shown if state else None
        of_console = shown.menu if shown and state and state.menu is None else None
        return {
            "changed": False,
            "menu": state.menu if state else None,
            "conditional": list(state.conditional) if state else None,
            "is_menu_open": shown.is_open if shown else None,
            "console_menu": of_console,
            "made_by": _made_by(state) if state else None,
            "verified": outcome.verified,
            "failure": failure_row(outcome.failure),
            "msg": failed(outcome.failure) if outcome.failure else _INFO[_made_by(state)] if state else "Nothing is known about the menu.",
        }

    def summed_up(self, rows: Mapping[str, MenuInfoRow]) -> str:
        made = collections.Counter(row["made_by"] for row in rows.values() if not row["failure"])
        counts = f"{made['api']:,} by API, {made['console']:,} in the console, {made['none']:,} without a menu"
        return sum_up(rows, {"unchanged": f"looked at ({counts})", **NOT_DONE})

    def states(self, row: MenuInfoRow) -> tuple[str, str]:
        return as_yaml(row["menu"]), as_yaml(row["menu"])


_INFO = {
    "api": "The menu was made by API.",
    "console": "The account shows a menu that was made in the console.",
    "none": "The account shows no menu.",
}


def _made_by(state: MenuState) -> t.Literal["api", "console", "none"]:
    if state.menu is not None:
        return "api"
    return "console" if state.shown and state.shown.is_open else "none"
