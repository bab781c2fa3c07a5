# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An account's custom menu: its looks, its changes, and how they are put into words.

Source: the platform's pages "Custom menu creation", "Custom menu query", "Custom menu deletion" and "Get custom menu configuration".
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import typing as t

from .._account.session import Change, Look
from .._http.errcodes import ACCOUNT_CALL, DOMAINS, NOTICES, Meaning
from .._http.errors import START, ApiError, Failure, Step, unusable_answer
from .._http.wire import Call, number
from .._text import AND, Text, joined, verbatim
from .conditional_plan import kept_of, read
from .converge import Resource
from .declared import Declarable
from .menu_compare import has_media, hosts, is_displayed_as, made_in_console, respelt
from .menu_form import Menu, as_read, as_yaml, canonical, differences, differing, mini_programs, only_lacks
from .menu_input import check, check_all
from .results import NOT_DONE, ChangeRows, Row, Words, failed, failure_row, sent, some, sum_up

if t.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .._http.errcodes import Codes
    from .._http.wire import Fields
    from .._text import Language
    from .converge import NextChange
    from .declared import Accounts, Picture
    from .outcome import Outcome

# The module's options, besides those that all modules of the collection have: for the task, and for each account.
OPTIONS: dict[str, dict[str, t.Any]] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "menu": {"type": "raw"},
    "replace_console_menu": {"type": "bool", "default": False},
    "delete_conditional": {"type": "bool", "default": False},
}
ACCOUNT_OPTIONS: dict[str, dict[str, t.Any]] = {"menu": {"type": "raw"}}

LOOK = Step(Text("read the menu"))
LOOK_DISPLAYED = Step(Text("read what the account shows as its menu"))
CHANGE = Step(Text("change the menu"))
SET = Step(Text("set the menu"))
DELETE = Step(Text("delete the menu"))


# --- What the platform's codes mean.

PERMISSION = Text("permission set 15 (custom menu)")

SHAPE = Meaning(
    "protocol",
    Text("the platform refuses the form of the menu"),
    Text("report it as a bug of this collection, with the menu: it should have been found"),
)
_MEDIA = Meaning(
    "operator",
    Text("the platform does not know a media_id or an article_id of the menu"),
    Text("check the ids; only permanent ones can be used"),
)
_NO_URLS = (40054, 40055, 65317)


def _no_url(hosts: Sequence[str]) -> Meaning:
    """What it means that a url is not allowed. The platform does not say which one. ``hosts``: those of the menu."""
    check = Text("check the domain of each url")
    if hosts:
        check = Text("check the domains of the menu's urls ({hosts})").filled(hosts=joined(AND, map(verbatim, hosts)))
    return Meaning(
        "operator",
        Text("the platform does not allow a url of the menu"),
        Text("{check}: WeChat blocks some, and some must be registered first, {domains}").filled(check=check, domains=DOMAINS),
    )


def _unlinked(mini_programs: Sequence[str]) -> Meaning:
    """What it means that a mini program is not linked. The platform does not say which one of ``mini_programs``, the AppIDs in the menu."""
    which = Text("the mini programs of the menu")
    if mini_programs:
        which = Text("mini program {appids}") if len(mini_programs) == 1 else Text("mini programs {appids}")
        which = which.filled(appids=joined(AND, map(verbatim, mini_programs)))
    return Meaning(
        "operator",
        Text("a mini program of the menu is not linked to the account"),
        Text("link {which} to the account {notices} first, then run again").filled(which=which, notices=NOTICES),
    )


_CODES = dataclasses.replace(
    ACCOUNT_CALL,
    meanings={
        **ACCOUNT_CALL.meanings,
        48001: Meaning(
            "account",
            Text("this account may not set its menu by API"),
            Text(
                "have the account verified {notices}, which only companies and organisations can: only service accounts and verified "
                "subscription accounts may; or leave the account out"
            ).filled(notices=NOTICES),
        ),
        45064: _unlinked(()),
        **dict.fromkeys(_NO_URLS, _no_url(())),
        **dict.fromkeys((40007, 53600), _MEDIA),
        **dict.fromkeys((40015, 40016, 40017, 40018, 40019, 40020, 40022, 40023, 40024, 40025, 40026, 40027, 40033, 65318), SHAPE),
    },
    permission=PERMISSION,
)
NO_MENU = 46003
# The account may not use the API's menus. It may well have one, from the time when it was verified.
MAY_NOT = 48001
# A look sets nothing. What an account displays may be looked at by everybody.
LOOK_CODES = dataclasses.replace(
    _CODES,
    meanings={
        **_CODES.meanings,
        MAY_NOT: Meaning(
            "account",
            Text("the menu of this account cannot be read by API"),
            _CODES.meanings[MAY_NOT].remedy,
        ),
    },
)
_DISPLAYED_CODES = dataclasses.replace(_CODES, meanings={**_CODES.meanings, MAY_NOT: ACCOUNT_CALL.meanings[MAY_NOT]})


def codes_of(menu: Menu | None) -> Codes:
    """What the codes of a change mean that sends ``menu``; None if it sends none."""
    if menu is None:
        return _CODES
    of_menu = {45064: _unlinked(mini_programs(menu)), **dict.fromkeys(_NO_URLS, _no_url(hosts(menu)))}
    return dataclasses.replace(_CODES, meanings={**_CODES.meanings, **of_menu})


# --- The state, and the looks at it.


@dataclasses.dataclass(frozen=True)
class Displayed:
    """What the account displays to its users, made by API or in the console. ``is_open``: whether it displays a menu.

    ``menu``: as read; None if there is none, or one without buttons: nothing is lost with that.
    """

    is_open: bool
    menu: dict[str, t.Any] | None

    def as_menu(self) -> Menu | None:
        """The menu in the canonical form; None if there is none that can be understood."""
        try:
            return canonical((self.menu or {}).get("button"))
        except ValueError:
            return None


@dataclasses.dataclass(frozen=True)
class MenuState:
    """The menus of one account. Two states are equal if their ``menu`` is.

    ``menu``: the API's, in the canonical form; None if there is none. ``conditional``: the conditional menus, as they were read.
    ``displayed``: None if it was not asked. ``readable``: whether the account may use the API's menus; if not, ``menu`` and ``conditional``
    are not known.
    """

    menu: Menu | None
    conditional: tuple[t.Any, ...] = dataclasses.field(default=(), compare=False)
    displayed: Displayed | None = dataclasses.field(default=None, compare=False)
    readable: bool = dataclasses.field(default=True, compare=False)

    def displays_a_menu(self) -> bool:
        """Whether users see a menu. False as well if that was not asked."""
        return self.displayed is not None and self.displayed.is_open and self.displayed.menu is not None

    def displays_another(self) -> bool:
        """Whether the account has a menu of the API, and displays another one."""
        if self.menu is None or self.displayed is None or not self.displays_a_menu():
            return False
        displayed = self.displayed.as_menu()
        return displayed is None or not is_displayed_as(self.menu, displayed)

    def still_displays(self, *menus: Menu | None) -> bool:
        """Whether the API has no menu, and the account still or already displays one of ``menus``. Then one of the two looks is late."""
        if self.menu is not None or self.displayed is None or not self.displayed.is_open:
            return False
        displayed = self.displayed.as_menu()
        return displayed is not None and any(menu is not None and is_displayed_as(menu, displayed) for menu in menus)

    def console_menu(self) -> dict[str, t.Any] | None:
        """The menu that was made in the console, displayed or not, as it was read; None if there is none, or if it was not asked."""
        found = self.displayed.menu if self.displayed else None
        if self.menu is not None and made_in_console(self.menu):
            return found if self.displays_a_menu() else {**self.menu}
        displayed = self.displayed.as_menu() if self.displayed else None
        is_of_api = self.menu is not None and displayed is not None and is_displayed_as(self.menu, displayed)
        return None if is_of_api else found

    def made_by(self) -> t.Literal["api", "console", "none"] | None:
        """Where the menu comes from, never more than there is evidence for; None if it is not known."""
        if self.menu is not None and made_in_console(self.menu):
            return "console"
        if self.menu is not None and not self.displays_another():
            return "api"
        if self.displayed is None or not self.displays_a_menu():
            return "none"
        if self.menu is None and self.readable:
            return "console"
        displayed = self.displayed.as_menu()
        # What media of the API's look like when they are displayed is not evidence.
        has_those_of_console = displayed is not None and bool(made_in_console(displayed))
        return "console" if has_those_of_console and not (self.menu and has_media(self.menu)) else None


def menus_in(answer: Fields) -> MenuState:
    """What an answer of menu/get shows. Raises ApiError if it cannot be understood."""
    # An answer that says both, there is none and here it is, is not understood.
    if number(answer.get("errcode")) in (NO_MENU, MAY_NOT) and not {"menu", "conditionalmenu"} & answer.keys():
        return MenuState(None, readable=number(answer.get("errcode")) == NO_MENU)
    if number(answer.get("errcode")):
        raise unusable_answer(LOOK, Text("the answer says that there is no menu, and holds one"))
    found, conditional = None, None
    with contextlib.suppress(ValueError):
        menu, conditional = as_read(answer.get("menu")), as_read(answer.get("conditionalmenu", []))
        found = canonical(menu.get("button") if isinstance(menu, dict) else None)
    if found is None or not isinstance(conditional, list):
        raise unusable_answer(LOOK, Text("the answer holds no menu"))
    # The API cannot make a menu without buttons, so it has none.
    return MenuState(found if found["button"] else None, tuple(conditional))


def _displayed_in(answer: Fields) -> Displayed:
    """What an answer of get_current_selfmenu_info shows. Raises ApiError if it cannot be understood."""
    is_open = number(answer.get("is_menu_open"))
    try:
        menu = as_read(answer.get("selfmenu_info"))
    except ValueError:
        menu = ""
    if is_open not in (0, 1) or not isinstance(menu, (dict, type(None))):
        raise unusable_answer(LOOK_DISPLAYED, Text("the answer does not say whether a menu is shown"))
    return Displayed(bool(is_open), menu if menu and any(its not in (None, "", [], {}) for its in menu.values()) else None)


_GET = Call(LOOK, "cgi-bin/menu/get", LOOK_CODES, expects="menu", verb="GET", nothing=frozenset({NO_MENU}))


def _and_what_is_displayed(state: MenuState) -> Look[MenuState]:
    call = Call(LOOK_DISPLAYED, "cgi-bin/get_current_selfmenu_info", _DISPLAYED_CODES, expects="is_menu_open", verb="GET")
    return Look(call, lambda answer: dataclasses.replace(state, displayed=_displayed_in(answer)))


# --- Changes.


def _create(menu: Menu) -> Change[MenuState]:
    return Change(Call(SET, "cgi-bin/menu/create", codes_of(menu)), MenuState(menu), body=menu)


# A GET that changes something.
_DELETE = Change(Call(DELETE, "cgi-bin/menu/delete", _CODES, verb="GET"), MenuState(None))


# --- Why the looks after a change do not show what it makes.


def _why_not_shown(change: Change[MenuState], before: MenuState | None, seen: MenuState) -> Failure | None:
    """Why a look after ``change`` has shown ``seen``, and not the declared menu; None if that may come yet: see ``Resource.conflict``."""
    wanted = change.makes.menu
    if wanted is not None and seen.menu is not None:
        texts = respelt(wanted, seen.menu)
        if texts:
            return _respelt(texts)
        if only_lacks(seen.menu, wanted):
            return _without_a_part(seen.menu, wanted)
    if seen == before or seen.still_displays(wanted, before.menu if before else None):
        return None
    return _conflict(change, seen)


def _respelt(texts: Sequence[Text]) -> Failure:
    return Failure(
        "not_effective",
        SET,
        Text("the platform accepted the menu, and keeps texts of it in another spelling than was sent: {paths}").filled(paths=some(texts)),
        Text("declare these texts as the platform keeps them: menu in the result has them; until then, each run sends the menu again"),
    )


def _without_a_part(seen: Menu, wanted: Menu) -> Failure:
    return Failure(
        "not_effective",
        SET,
        Text("the platform accepted the menu, and shows it without a part: {paths}").filled(paths=some(differences(seen, wanted))),
        Text("leave this part out of menu"),
    )


def _conflict(change: Change[MenuState], seen: MenuState) -> Failure:
    return Failure(
        "conflict",
        change.call.step,
        Text("the menu is neither the one before nor the declared one, so somebody else has changed it: {paths}").filled(
            paths=some(differences(seen.menu, change.makes.menu))
        ),
        Text("find out what else sets this account's menu, then run again: it checks first"),
        again=True,
    )


# What the account displays is asked if the API has no menu, because it may have one of the console then, and before the first change.
MENU = Resource(
    Look(_GET, menus_in, then=lambda state: _and_what_is_displayed(state) if state.menu is None else None), CHANGE, conflict=_why_not_shown
)
# For who wants to know everything. Here it is an answer that the account may not use the API's menus.
EVERYTHING = Resource(
    Look(dataclasses.replace(_GET, nothing=frozenset({NO_MENU, MAY_NOT})), menus_in, then=_and_what_is_displayed),
    CHANGE,
)


# --- What is declared.


def next_change_to(menu: Menu | None, *, replace_console_menu: bool = False, delete_conditional: bool = False) -> NextChange[MenuState]:
    """The way to ``menu``, in the canonical form; None for no menu. For one account, because it remembers its first look.

    ``replace_console_menu``: whether a change may replace or delete what only the console can make. ``delete_conditional``: whether it may
    delete the conditional menus together with the menu. Otherwise it raises ApiError, with the reason refused.
    """
    change = _DELETE if menu is None else _create(menu)
    begun: list[MenuState] = []

    def next_change(state: MenuState) -> Change[MenuState] | Look[MenuState] | None:
        if state.menu == menu:
            return None
        if menu is None and state.conditional and not delete_conditional:
            raise ApiError(_deletes_conditional(len(state.conditional)))
        if not begun and state.displayed is None:
            return _and_what_is_displayed(state)
        if not replace_console_menu:
            if not begun:
                _protect_what_only_the_console_makes(state, change.call.step)
            # Whatever is displayed after a change of this task, nobody has checked whether that may be replaced.
            elif state.menu is None and state.displays_a_menu() and not state.still_displays(menu, begun[0].menu):
                raise ApiError(_conflict(change, state))
        begun.append(state)
        return change

    return next_change


def _protect_what_only_the_console_makes(state: MenuState, step: Step) -> None:
    """Raise ApiError if a change would replace or delete what only the console can make."""
    remedy = Text("copy what you need from console_menu, then set replace_console_menu to true")
    paths = made_in_console(state.menu) if state.menu else []
    if paths:
        what = Text("the menu has buttons that only the console makes ({paths}), and the API cannot bring them back").filled(
            paths=some(paths)
        )
    elif state.displays_another():
        what = Text("the account shows another menu than the one of the API, and the API may not bring that one back")
        remedy = Text(
            "if the menu was set by API a moment ago, run again in a few minutes; otherwise copy what you need from console_menu, then set "
            "replace_console_menu to true"
        )
    elif state.menu is None and state.displays_a_menu():
        what = Text("the account shows a menu that was made in the console, and the API cannot bring that one back")
    else:
        return
    raise ApiError(Failure("refused", step, what, remedy))


def _deletes_conditional(conditional: int) -> Failure:
    return Failure(
        "refused",
        DELETE,
        Text("the account has conditional menus ({number}), and to delete the menu deletes all of them").filled(number=conditional),
        Text("save conditional of wechat_menu_info if you need them, then set delete_conditional to true"),
    )


# --- Rows and sentences.

WORDS = Words(
    change=Text("change"),
    article="a",
    not_shown=Text("a later check still shows the menu as it was"),
    refused=Text("the change was refused, and the menu is as it was found"),
    failures_tell=True,
)


class MenuRow(Row, total=False):
    """As the documentation of ``wechat_menu`` says. ``before``, ``console_menu``, ``conditional``: before this task."""

    menu: Menu | None
    before: Menu | None
    is_menu_open: bool | None
    console_menu: dict[str, t.Any] | None
    conditional_count: int | None
    conditional: list[t.Any] | None
    conditional_deleted: int | None


class MenuRows(ChangeRows):
    """What ``wechat_menu`` returns for an account."""

    def one(self, outcome: Outcome[MenuState]) -> MenuRow:
        now = outcome.foreseen or outcome.now
        seen = outcome.now
        return {
            "changed": outcome.changed,
            "menu": now.menu if now else None,
            "before": outcome.before.menu if outcome.before else None,
            "is_menu_open": seen.displayed.is_open if seen and seen.displayed else None,
            "console_menu": outcome.before.console_menu() if outcome.before else None,
            "conditional_count": len(seen.conditional) if seen else None,
            "conditional": list(outcome.before.conditional) if outcome.before else None,
            "conditional_deleted": _gone_with_it(outcome.before, seen, now.menu) if outcome.before and seen and now else None,
            "verified": outcome.verified,
            "request_sent": outcome.request_sent,
            "failure": failure_row(outcome.failure, self._language),
            "msg": self.sentence(outcome).said(self._language),
        }

    def states(self, row: MenuRow) -> tuple[str, str]:
        return as_yaml(row["before"]), as_yaml(row["menu"])

    def sentence(self, outcome: Outcome[MenuState]) -> Text:
        if outcome.failure:
            return failed(outcome.failure, sent(outcome, outcome.failure, WORDS))
        if outcome.before is None or outcome.now is None:
            return _NOTHING_KNOWN
        if not outcome.changed:
            if outcome.before != outcome.now:
                return Text("The menu was not as declared and is now, but not by this task.")
            return _unchanged(outcome.now)
        return _changed(outcome.before, outcome.now, (outcome.foreseen or outcome.now).menu, self._check_mode)


_NOTHING_KNOWN = Text("Nothing is known about the menu.")


def _unchanged(state: MenuState) -> Text:
    if state.menu is not None:
        return Text("The menu is as declared; nothing was changed.")
    if state.displays_a_menu():
        return Text("The account has no menu from the API; nothing was changed; a menu that was made in the console is shown.")
    return Text("The account has no menu from the API; nothing was changed.")


LATER = Text("{done} Phones show this when the account is opened again, up to 5 minutes later.")
_FOUND_ONE = Text("{done} A menu that was made in the console was found: see console_menu.")


def _changed(before: MenuState, now: MenuState, after: Menu | None, check_mode: bool) -> Text:
    done = _done(before.menu, after, check_mode)
    gone = _gone_with_it(before, now, after)
    if gone:
        would = Text("{done} Its conditional menus would be deleted with it ({number}).")
        done = (would if check_mode else Text("{done} Its conditional menus are gone with it ({number}).")).filled(done=done, number=gone)
    if not check_mode:
        done = LATER.filled(done=done)
    return _FOUND_ONE.filled(done=done) if before.console_menu() else done


def _gone_with_it(before: MenuState, now: MenuState, after: Menu | None) -> int:
    """How many conditional menus are gone with a change that leads to ``after``. To set a menu is said to keep them."""
    return max(len(before.conditional) - (0 if after is None else len(now.conditional)), 0)


def _done(before: Menu | None, after: Menu | None, check_mode: bool) -> Text:
    if after is None:
        would = Text("The account has a menu that is not declared; without check mode it would be deleted.")
        return would if check_mode else Text("The menu has been deleted.")
    if before is None:
        would = Text("The account has no menu from the API; without check mode it would be set.")
        return would if check_mode else Text("The menu has been set.")
    would = Text("The menu differs ({paths}); without check mode it would be changed.")
    done = would if check_mode else Text("The menu has been changed ({paths}).")
    return done.filled(paths=some(differences(before, after)))


class MenuInfoRow(Row, total=False):
    """As the documentation of ``wechat_menu_info`` says."""

    menu: Menu | None
    conditional: list[t.Any] | None
    is_menu_open: bool | None
    console_menu: dict[str, t.Any] | None
    made_by: t.Literal["api", "console", "none"] | None


class MenuInfoRows:
    """What ``wechat_menu_info`` returns for an account."""

    def __init__(self, _check_mode: bool, language: Language = "en") -> None:
        self._language = language

    def one(self, outcome: Outcome[MenuState]) -> MenuInfoRow:
        state = outcome.now
        displayed = state.displayed if state else None
        return {
            "changed": False,
            "menu": state.menu if state else None,
            "conditional": list(state.conditional) if state and state.readable else None,
            "is_menu_open": displayed.is_open if displayed else None,
            "console_menu": state.console_menu() if state else None,
            "made_by": state.made_by() if state else None,
            "verified": outcome.verified,
            "failure": failure_row(outcome.failure, self._language),
            "msg": self.sentence(outcome).said(self._language),
        }

    def sentence(self, outcome: Outcome[MenuState]) -> Text:
        if outcome.failure:
            return failed(outcome.failure)
        return _found(outcome.now) if outcome.now else _NOTHING_KNOWN

    def summed_up(self, rows: Mapping[str, MenuInfoRow]) -> str:
        made = collections.Counter(row["made_by"] for row in rows.values() if not row["failure"])
        counts = Text("{api:,} by API, {console:,} in the console, {none:,} without a menu").filled(
            api=made["api"], console=made["console"], none=made["none"]
        )
        if made[None]:
            counts = Text("{counts}, {unknown:,} not known").filled(counts=counts, unknown=made[None])
        looked_at = Text("{count:,} checked ({counts})").filled(counts=counts)
        return sum_up(rows, {"unchanged": looked_at, **NOT_DONE}, self._language)

    def states(self, row: MenuInfoRow) -> tuple[str, str]:
        return as_yaml(row["menu"]), as_yaml(row["menu"])


_INFO = {
    "api": Text("The menu was made by API."),
    "console": Text("The account shows a menu that was made in the console."),
    "none": Text("The account shows no menu."),
    None: Text("The account shows a menu; whether it was made in the console or by API is not known."),
}
_OF_BOTH = Text("The menu has buttons that were made in the console.")
_ASLEEP = Text("{found} One that was made in the console is there, and is not shown: see console_menu.")
_NOT_READ = Text(
    "{found} The menu of the API cannot be read (errcode {code}): only service accounts and verified subscription accounts may use it."
)


def _found(state: MenuState) -> Text:
    made_by = state.made_by()
    found = _OF_BOTH if made_by == "console" and not state.displays_a_menu() else _INFO[made_by]
    if made_by == "none" and state.console_menu():
        found = _ASLEEP.filled(found=found)
    return found if state.readable else _NOT_READ.filled(found=found, code=MAY_NOT)


# --- A resource of an account.


def _declare(accounts: Accounts) -> tuple[dict[str, NextChange[MenuState]], list[Text]]:
    menus = {name: options["menu"] for name, options in accounts.items() if options["menu"] != "absent"}
    checked = check_all(menus)
    if checked.faults:
        raise ApiError(Failure("operator", START, checked.faults, Text("correct menu")))
    allowed = ("replace_console_menu", "delete_conditional")
    next_changes = {
        name: next_change_to(checked.menus.get(name), **{one: bool(options[one]) for one in allowed}) for name, options in accounts.items()
    }
    return next_changes, checked.warnings


def _restored(kept: t.Any) -> dict[str, t.Any] | Text:
    """The options that bring back the menu that a record has kept."""
    if not isinstance(kept, dict) or not ("menu" in kept and (kept["menu"] is None or _is_menu(kept["menu"]))):
        return Text("the record does not say what menu there was")
    menu = kept["menu"]
    if kept.get("console_menu") or (menu and made_in_console(menu)):
        return Text("the menu was made in the console, and the API cannot bring it back")
    return {"menu": "absent" if menu is None else menu}


def _is_menu(menu: object) -> bool:
    try:
        return isinstance(menu, dict) and menu.keys() == {"button"} and bool(canonical(menu["button"])["button"])
    except ValueError:
        return False


def _takes_along(row: MenuRow) -> dict[str, t.Any]:
    """To delete the menu deletes the conditional menus."""
    conditional = row["conditional"]
    if row["menu"] is not None or not conditional:
        return {}
    with contextlib.suppress(ValueError):
        return {"conditional_menus": kept_of(conditional)}
    return {"conditional_menus": conditional}


def _menus(row: MenuRow) -> tuple[Picture, Picture]:
    """The menus before and after. If the API has none, and the console has one, it is not known what users see."""
    before, after = ([{"menu": menu}] if menu or not row["console_menu"] else [] for menu in (row["before"], row["menu"]))
    along: Picture = []
    if row["menu"] is None:
        with contextlib.suppress(ValueError):
            along = [one.declared() for one in read(row["conditional"])]
    return [*before, *along], after


# The keys of what a record keeps, and of a row.
_KEPT = {"menu": "before", "console_menu": "console_menu", "conditional": "conditional"}

MENU_DECLARED = Declarable(
    "menu",
    MENU,
    {"menu": {"type": "raw"}, "replace_console_menu": {"type": "bool"}, "delete_conditional": {"type": "bool"}},
    _declare,
    MenuRows,
    title=Text("Menu"),
    kept=lambda row: {name: row[key] for name, key in _KEPT.items()},
    restored=_restored,
    differences=lambda row: differing(row["before"] or {}, row["menu"] or {}) if row["changed"] else [],
    info=MenuInfoRows,
    exported=lambda row, _rows: {"menu": row["menu"]} if row["menu"] and not row["console_menu"] else None,
    everything=EVERYTHING,
    menus=_menus,
    drawn=lambda options: [{"menu": None if options["menu"] == "absent" else check(options["menu"]).menu}],
    takes_along=_takes_along,
)
