# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is sent for a menu, and what is said about it, for every row of the table of behaviours."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._account.session import Session
from ansible_collections.wxops.official_account.plugins.module_utils._account.tokens import GivenToken
from ansible_collections.wxops.official_account.plugins.module_utils._http.errcodes import ACCOUNT_CALL, refusal
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError, Failure, plain
from ansible_collections.wxops.official_account.plugins.module_utils._resource.converge import converge, foresee, inspect
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu import (
    EVERYTHING,
    LOOK,
    MENU,
    OPTIONS,
    SET,
    MenuInfoRows,
    MenuRows,
    MenuState,
    Shown,
    to_be,
)

from tests.unit.transports import ScriptedTransport, patience, wire_to

VIEW = {"type": "view", "name": "Shop", "url": "https://shop.example/"}
OLD = {"button": [{**VIEW, "url": "https://old.example/"}]}
NEW = {"button": [VIEW]}
THIRD = {"button": [{**VIEW, "name": "Other"}]}
CONDITIONAL = [{"button": [], "matchrule": {"group_id": 2}, "menuid": 9}]

NONE = {"errcode": 46003, "errmsg": "menu no exist"}
CLOSED = {"is_menu_open": 0}
CONSOLE = {"is_menu_open": 1, "selfmenu_info": {"button": [{"type": "news", "name": "News", "value": "x"}]}}
OK = {"errcode": 0, "errmsg": "ok"}
LOST = ApiError(Failure("transport", LOOK, plain("lost"), plain("check")), passing=True, unclear=True)

GET, SHOWN, CREATE, DELETE = "menu/get", "get_current_selfmenu_info", "menu/create", "menu/delete"


def has(menu: dict[str, t.Any], *conditional: dict[str, t.Any]) -> dict[str, t.Any]:
    """The answer of menu/get, in the shape in which the platform returns a menu."""
    buttons = [{**button, "sub_button": []} for button in menu["button"]]
    return {
        "menu": {"button": buttons, **({"menuid": 7} if conditional else {})},
        **({"conditionalmenu": [*conditional]} if conditional else {}),
    }


def run(menu: dict[str, t.Any] | None, *answers: t.Any, **options: bool) -> tuple[dict[str, t.Any], str]:
    """The row, and the calls."""
    transport = ScriptedTransport(*answers)
    session = Session(wire_to(transport), GivenToken("canary-token-0123456789"), patience(1))
    outcome = converge(session, MENU, to_be(menu, **options), patience(1))
    assert transport.answers == []
    for request in transport.requests:
        assert request.change is (request.path.rsplit("/", 1)[1] in ("create", "delete"))
        assert request.verb == ("POST" if request.path.endswith("create") else "GET")
    return t.cast("dict[str, t.Any]", MenuRows(False).one(outcome)), " ".join(
        request.path.removeprefix("cgi-bin/") for request in transport.requests
    )


@pytest.mark.parametrize(
    ("menu", "answers", "options", "calls", "changed", "now", "msg"),
    [
        (NEW, [has(NEW)], {}, GET, False, NEW, "The menu is as declared; nothing was changed."),
        (NEW, [has(OLD), OK, has(NEW)], {}, f"{GET} {CREATE} {GET}", True, NEW, "The menu has been changed (button[0].url)."),
        (NEW, [NONE, CLOSED, OK, has(NEW)], {}, f"{GET} {SHOWN} {CREATE} {GET}", True, NEW, "The menu has been set."),
        (
            NEW,
            [NONE, CONSOLE, OK, has(NEW)],
            {"replace_console_menu": True},
            f"{GET} {SHOWN} {CREATE} {GET}",
            True,
            NEW,
            "The menu has been set.",
        ),
        (None, [NONE, CLOSED], {}, f"{GET} {SHOWN}", False, None, "The account has no menu from the API; nothing was changed."),
        (
            None,
            [NONE, CONSOLE],
            {},
            f"{GET} {SHOWN}",
            False,
            None,
            "The account has no menu from the API; nothing was changed; a menu that was made in the console is shown.",
        ),
        (None, [has(OLD), OK, NONE, CLOSED], {}, f"{GET} {DELETE} {GET} {SHOWN}", True, None, "The menu has been deleted."),
        (
            None,
            [has(OLD, *CONDITIONAL), OK, NONE, CLOSED],
            {"delete_conditional": True},
            f"{GET} {DELETE} {GET} {SHOWN}",
            True,
            None,
            "The menu has been deleted.",
        ),
        # What the account shows may be ahead of menu/get.
        (
            NEW,
            [NONE, CLOSED, OK, NONE, {"is_menu_open": 1, "selfmenu_info": NEW}, has(NEW)],
            {},
            f"{GET} {SHOWN} {CREATE} {GET} {SHOWN} {GET}",
            True,
            NEW,
            "The menu has been set.",
        ),
        # A lost answer is resolved by a look.
        (NEW, [has(OLD), LOST, has(NEW)], {}, f"{GET} {CREATE} {GET}", True, NEW, "The menu has been changed (button[0].url)."),
        (
            NEW,
            [has(OLD), LOST, has(OLD), OK, has(NEW)],
            {},
            f"{GET} {CREATE} {GET} {CREATE} {GET}",
            True,
            NEW,
            "The menu has been changed (button[0].url).",
        ),
        # The platform shows the old one for a moment.
        (
            NEW,
            [has(OLD), OK, has(OLD), has(NEW)],
            {},
            f"{GET} {CREATE} {GET} {GET}",
            True,
            NEW,
            "The menu has been changed (button[0].url).",
        ),
    ],
)
def test_what_is_done(
    menu: dict[str, t.Any] | None, answers: list[t.Any], options: dict[str, bool], calls: str, changed: bool, now: t.Any, msg: str
) -> None:
    row, sent = run(menu, *answers, **options)
    assert (sent, row["changed"], row["menu"], row["msg"], row["failure"]) == (calls, changed, now, msg, None)
    assert row["verified"]
    assert row["request_sent"] is changed


@pytest.mark.parametrize(
    ("menu", "answers", "calls", "reason", "says"),
    [
        (NEW, [NONE, CONSOLE], f"{GET} {SHOWN}", "refused", "no change was sent; copy what you need"),
        (None, [has(OLD, *CONDITIONAL)], GET, "refused", "the account has conditional menus (1)"),
        (
            NEW,
            [has(OLD), OK, has(THIRD)],
            f"{GET} {CREATE} {GET}",
            "conflict",
            "somebody else has changed it: button[0].name; a change was sent; ",
        ),
        (None, [has(OLD), OK, has(THIRD)], f"{GET} {DELETE} {GET}", "conflict", "somebody else has changed it: menu; a change was sent; "),
        (NEW, [has(OLD), OK, *[has(OLD)] * 4], f"{GET} {CREATE} {GET} {GET} {GET} {GET}", "not_effective", "but it did not take effect"),
        (
            NEW,
            [has(OLD), OK, has({"button": [{"type": "view", "name": "Shop"}]})],
            f"{GET} {CREATE} {GET}",
            "not_effective",
            "shows it without a part: button[0].url; a change was sent; ",
        ),
        (
            NEW,
            [has(OLD), {"errcode": 48001, "errmsg": "no"}],
            f"{GET} {CREATE}",
            "account",
            "the change was refused, and the menu is as it was found",
        ),
        (NEW, [has(OLD), {"errcode": 45064, "errmsg": "no"}], f"{GET} {CREATE}", "operator", "a mini program of the menu is not linked"),
        (
            NEW,
            [has(OLD), LOST, LOST, LOST],
            f"{GET} {CREATE} {GET} {GET}",
            "outcome_unknown",
            "a change was sent and may have been carried out",
        ),
        (NEW, [{"menu": {}}], GET, "protocol", "the answer holds no menu"),
        (NEW, [OK], GET, "protocol", "the answer holds no menu"),
        (NEW, [{"menu": {"button": [{"sub_button": 1}]}}], GET, "protocol", "the answer holds no menu"),
        (NEW, [{**NONE, **has(OLD)}], GET, "protocol", "says that there is no menu, and holds one"),
        (NEW, [NONE, {"is_menu_open": 2}], f"{GET} {SHOWN}", "protocol", "does not say whether a menu is shown"),
        # What is shown after the change is not the declared menu, or says nothing about one.
        *(
            (NEW, [NONE, CLOSED, OK, NONE, shown], f"{GET} {SHOWN} {CREATE} {GET} {SHOWN}", "refused", "made in the console")
            for shown in (CONSOLE, {"is_menu_open": 1}, {"is_menu_open": 1, "selfmenu_info": {"button": [{"sub_button": 1}]}})
        ),
    ],
)
def test_what_fails(menu: dict[str, t.Any] | None, answers: list[t.Any], calls: str, reason: str, says: str) -> None:
    row, sent = run(menu, *answers)
    assert sent == calls
    assert (row["failure"]["reason"], row["failure"] is not None) == (reason, True)
    assert says in row["msg"]


def test_a_change_that_must_not_be_repeated_may_have_been_carried_out() -> None:
    """Another writer has deleted the new menu, and has made one in the console. The menu before is gone all the same."""
    row, calls = run(NEW, has(OLD), OK, NONE, CONSOLE)
    assert calls == f"{GET} {CREATE} {GET} {SHOWN}"
    assert (row["failure"]["reason"], row["changed"], row["request_sent"]) == ("refused", True, True)


def test_a_menu_that_is_already_as_declared_after_a_lost_answer_was_perhaps_somebody_else_s() -> None:
    refused = ApiError(Failure("transport", LOOK, plain("not sent"), plain("check")), passing=True, sent=False)
    row, _calls = run(NEW, has(OLD), refused, has(NEW))
    assert (row["changed"], row["request_sent"]) == (False, False)
    assert row["msg"] == "The menu was not as declared and is now, but not by this task."


def test_the_body_of_a_change_is_the_canonical_menu_and_no_more() -> None:
    transport = ScriptedTransport(has(OLD), OK, has(NEW))
    converge(Session(wire_to(transport), GivenToken("canary-token-0123456789"), patience()), MENU, to_be(NEW), patience())
    assert json.dumps(transport.requests[1].body) == json.dumps(NEW)


@pytest.mark.parametrize(
    ("menu", "answers", "changed", "after", "msg"),
    [
        (NEW, [has(OLD)], True, NEW, "The menu differs (button[0].url); without check mode it would be changed."),
        (NEW, [NONE, CLOSED], True, NEW, "The account has no menu from the API; without check mode it would be set."),
        (None, [has(OLD)], True, None, "The account has a menu that is not declared; without check mode it would be deleted."),
        (NEW, [has(NEW)], False, NEW, "The menu is as declared; nothing was changed."),
    ],
)
def test_check_mode_shows_what_there_would_be(menu: t.Any, answers: list[t.Any], changed: bool, after: t.Any, msg: str) -> None:
    transport = ScriptedTransport(*answers)
    rows = MenuRows(True)
    row = rows.one(foresee(Session(wire_to(transport), GivenToken("canary-token-0123456789"), patience()), MENU, to_be(menu)))
    assert (row["changed"], row["menu"], row["msg"], row["request_sent"]) == (changed, after, msg, False)
    assert ("old.example" in rows.states(row)[0]) is (changed and row["before"] is not None)
    assert not any(request.change for request in transport.requests)


@pytest.mark.parametrize(
    ("answers", "made_by", "is_open", "console"),
    [
        ([has(OLD, *CONDITIONAL), {"is_menu_open": 1, "selfmenu_info": {"button": []}}], "api", True, None),
        ([NONE, CONSOLE], "console", True, CONSOLE["selfmenu_info"]),
        ([NONE, {**CONSOLE, "is_menu_open": 0}], "none", False, CONSOLE["selfmenu_info"]),
        ([NONE, CLOSED], "none", False, None),
    ],
)
def test_the_info_tells_where_a_menu_comes_from(answers: list[t.Any], made_by: str, is_open: bool, console: object) -> None:
    transport = ScriptedTransport(*answers)
    row = MenuInfoRows(False).one(inspect(Session(wire_to(transport), GivenToken("canary-token-0123456789"), patience()), EVERYTHING))
    assert (row["made_by"], row["is_menu_open"], row["console_menu"]) == (made_by, is_open, console)
    assert (row["menu"], row["conditional"]) == ((OLD, CONDITIONAL) if made_by == "api" else (None, []))
    assert (
        row["msg"]
        == {
            "api": "The menu was made by API.",
            "console": "The account shows a menu that was made in the console.",
            "none": "The account shows no menu.",
        }[made_by]
    )
    assert MenuInfoRows(False).summed_up({"a": row}).startswith("1 account: 1 looked at (")


def test_the_info_tells_nothing_after_a_look_that_failed() -> None:
    session = Session(wire_to(ScriptedTransport(LOST, LOST)), GivenToken("canary-token-0123456789"), patience(1))
    row = MenuInfoRows(False).one(inspect(session, EVERYTHING))
    assert "lost" in row["msg"]
    known = {name: row[name] for name in ("menu", "conditional", "is_menu_open", "console_menu", "made_by")}
    assert known == dict.fromkeys(known)
    assert (row["changed"], row["verified"], row["failure"] is not None) == (False, False, True)


# What the platform's codes mean for a menu, besides what they mean for every call of an account.
OF_MENUS = {
    48001: "account",
    **dict.fromkeys((45064, 40054, 40055, 65317, 40007, 53600), "operator"),
    **dict.fromkeys((40015, 40016, 40017, 40018, 40019, 40020, 40022, 40023, 40024, 40025, 40026, 40027, 40033, 65318), "protocol"),
}


def test_the_codes_of_menus_have_meanings_of_their_own() -> None:
    codes = MENU.look.call.codes
    own = {code: meaning.reason for code, meaning in codes.meanings.items() if ACCOUNT_CALL.meanings.get(code) != meaning}
    assert own == OF_MENUS
    assert (codes.dead, codes.retired, codes.permission) == (ACCOUNT_CALL.dead, frozenset(), "permission set 15")


@pytest.mark.parametrize(
    ("appids", "which"),
    [
        (("wx0123456789abcdef",), "mini program wx0123456789abcdef"),
        (("wx22", "wx11", "wx22"), "mini programs wx11 and wx22"),
    ],
)
def test_a_mini_program_that_is_not_linked_is_named(appids: tuple[str, ...], which: str) -> None:
    leaves = [{"type": "miniprogram", "name": "App", "url": "https://x.example/", "appid": appid, "pagepath": "p"} for appid in appids]
    menu = {"button": [leaves[0], {"name": "More", "sub_button": leaves}]}
    change = to_be(menu)(MenuState(None))
    assert change is not None
    assert refusal(SET, change.call.codes, 45064, "", 200).remedy.startswith(f"link {which} to the account on mp.weixin.qq.com ")


def test_what_destroys_has_to_be_asked_for() -> None:
    assert {name: spec.get("default") for name, spec in OPTIONS.items()} == {
        "state": "present",
        "menu": None,
        "replace_console_menu": False,
        "delete_conditional": False,
    }


def test_two_states_are_equal_if_their_menus_are() -> None:
    assert MenuState(NEW, ("conditional",), Shown(True, None)) == MenuState(NEW)
    assert MenuState(NEW) != MenuState(OLD)


def test_a_conflict_says_that_a_new_run_looks_first() -> None:
    change = to_be(NEW)(MenuState(OLD))
    assert change is not None
    assert MENU.conflict is not None
    assert MENU.conflict(change, MenuState(THIRD)).again


@pytest.mark.parametrize(("check_mode", "done"), [(False, "changed"), (True, "would be changed")])
def test_many_menus_are_summed_up(check_mode: bool, done: str) -> None:
    changed, same = ({"changed": what, "verified": True, "failure": None} for what in (True, False))
    rows = MenuRows(check_mode)
    assert rows.summed_up({"a": changed, "b": same, "c": same}) == f"3 accounts: 1 {done}; 2 as declared already."


def test_many_menus_that_were_looked_at_are_summed_up() -> None:
    seen = {by: {"changed": False, "verified": True, "failure": None, "made_by": by} for by in ("api", "console", "none")}
    failed = {"changed": False, "verified": False, "failure": {"reason": "operator", "remedy": "Wait."}, "made_by": None}
    assert MenuInfoRows(False).summed_up({**seen, "second": seen["api"], "failed": failed}) == (
        "5 accounts: 4 looked at (2 by API, 1 in the console, 1 without a menu); 1 failed.\n1 account: wait: failed"
    )
