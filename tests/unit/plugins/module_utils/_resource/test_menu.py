# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is sent for a menu, and what is said about it, for every row of the table of behaviours."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._account.session import Change, Session
from ansible_collections.wxops.official_account.plugins.module_utils._account.tokens import GivenToken
from ansible_collections.wxops.official_account.plugins.module_utils._http.errcodes import ACCOUNT_CALL, refusal
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._resource.converge import converge, foresee, inspect
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu import (
    EVERYTHING,
    LOOK,
    MENU,
    OPTIONS,
    SET,
    Displayed,
    MenuInfoRows,
    MenuRows,
    MenuState,
    next_change_to,
)
from ansible_collections.wxops.official_account.plugins.module_utils._text import verbatim

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
LOST = ApiError(Failure("transport", LOOK, verbatim("lost"), verbatim("check")), passing=True, unclear=True)

FOUND_ONE = " A menu that was made in the console was found: see console_menu."
ASLEEP = " One that was made in the console is there, and is not shown: see console_menu."
LATER = " Phones show this when the account is opened again, up to 5 minutes later."

GET, SHOWN, CREATE, DELETE = "menu/get", "get_current_selfmenu_info", "menu/create", "menu/delete"


def has(menu: dict[str, t.Any], *conditional: dict[str, t.Any]) -> dict[str, t.Any]:
    """The answer of menu/get, in the shape in which the platform returns a menu."""
    buttons = [{"sub_button": [], **button} for button in menu["button"]]
    return {
        "menu": {"button": buttons, **({"menuid": 7} if conditional else {})},
        **({"conditionalmenu": [*conditional]} if conditional else {}),
    }


def shows(menu: dict[str, t.Any] | None, *, is_open: bool = True) -> dict[str, t.Any]:
    """The answer of get_current_selfmenu_info, in its shape."""

    def third(button: dict[str, t.Any]) -> dict[str, t.Any]:
        below = button.get("sub_button")
        return {**button, "sub_button": {"list": [third(one) for one in below]}} if below else button

    buttons = {"selfmenu_info": {"button": [third(button) for button in menu["button"]]}} if menu else {}
    return {"is_menu_open": int(is_open), **buttons}


def run(menu: dict[str, t.Any] | None, *answers: t.Any, **options: bool) -> tuple[dict[str, t.Any], str]:
    """The row, and the calls."""
    transport = ScriptedTransport(*answers)
    session = Session(wire_to(transport), GivenToken("canary-token-0123456789"), patience(1))
    outcome = converge(session, MENU, next_change_to(menu, **options), patience(1))
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
        (
            NEW,
            [has(OLD), shows(OLD), OK, has(NEW)],
            {},
            f"{GET} {SHOWN} {CREATE} {GET}",
            True,
            NEW,
            "The menu has been changed (button[0].url)." + LATER,
        ),
        (NEW, [NONE, CLOSED, OK, has(NEW)], {}, f"{GET} {SHOWN} {CREATE} {GET}", True, NEW, "The menu has been set." + LATER),
        (
            NEW,
            [NONE, CONSOLE, OK, has(NEW)],
            {"replace_console_menu": True},
            f"{GET} {SHOWN} {CREATE} {GET}",
            True,
            NEW,
            "The menu has been set." + LATER + FOUND_ONE,
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
        (
            None,
            [has(OLD), shows(OLD), OK, NONE, CLOSED],
            {},
            f"{GET} {SHOWN} {DELETE} {GET} {SHOWN}",
            True,
            None,
            "The menu has been deleted." + LATER,
        ),
        (
            None,
            [has(OLD, *CONDITIONAL), shows(OLD), OK, NONE, CLOSED],
            {"delete_conditional": True},
            f"{GET} {SHOWN} {DELETE} {GET} {SHOWN}",
            True,
            None,
            "The menu has been deleted. Its conditional menus are gone with it (1)." + LATER,
        ),
        # What the account shows may be ahead of menu/get.
        (
            NEW,
            [NONE, CLOSED, OK, NONE, {"is_menu_open": 1, "selfmenu_info": NEW}, has(NEW)],
            {},
            f"{GET} {SHOWN} {CREATE} {GET} {SHOWN} {GET}",
            True,
            NEW,
            "The menu has been set." + LATER,
        ),
        # A lost answer is resolved by a look.
        (
            NEW,
            [has(OLD), shows(OLD), LOST, has(NEW)],
            {},
            f"{GET} {SHOWN} {CREATE} {GET}",
            True,
            NEW,
            "The menu has been changed (button[0].url)." + LATER,
        ),
        (
            NEW,
            [has(OLD), shows(OLD), LOST, has(OLD), OK, has(NEW)],
            {},
            f"{GET} {SHOWN} {CREATE} {GET} {CREATE} {GET}",
            True,
            NEW,
            "The menu has been changed (button[0].url)." + LATER,
        ),
        # The platform shows the old one for a moment.
        (
            NEW,
            [has(OLD), shows(OLD), OK, has(OLD), has(NEW)],
            {},
            f"{GET} {SHOWN} {CREATE} {GET} {GET}",
            True,
            NEW,
            "The menu has been changed (button[0].url)." + LATER,
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
            [has(OLD), shows(OLD), OK, has(THIRD)],
            f"{GET} {SHOWN} {CREATE} {GET}",
            "conflict",
            "somebody else has changed it: button[0].name; a change was sent; ",
        ),
        (
            None,
            [has(OLD), shows(OLD), OK, has(THIRD)],
            f"{GET} {SHOWN} {DELETE} {GET}",
            "conflict",
            "somebody else has changed it: menu; a change was sent; ",
        ),
        (
            NEW,
            [has(OLD), shows(OLD), OK, *[has(OLD)] * 4],
            f"{GET} {SHOWN} {CREATE} {GET} {GET} {GET} {GET}",
            "not_effective",
            "but it did not take effect",
        ),
        (
            NEW,
            [has(OLD), shows(OLD), OK, has({"button": [{"type": "view", "name": "Shop"}]})],
            f"{GET} {SHOWN} {CREATE} {GET}",
            "not_effective",
            "shows it without a part: button[0].url; a change was sent; ",
        ),
        (
            NEW,
            [has(OLD), shows(OLD), {"errcode": 48001, "errmsg": "no"}],
            f"{GET} {SHOWN} {CREATE}",
            "account",
            "the change was refused, and the menu is as it was found",
        ),
        (
            NEW,
            [has(OLD), shows(OLD), {"errcode": 45064, "errmsg": "no"}],
            f"{GET} {SHOWN} {CREATE}",
            "operator",
            "a mini program of the menu is not linked",
        ),
        (
            NEW,
            [has(OLD), shows(OLD), LOST, LOST, LOST],
            f"{GET} {SHOWN} {CREATE} {GET} {GET}",
            "outcome_unknown",
            "a change was sent and may have been carried out",
        ),
        (NEW, [{"menu": {}}], GET, "protocol", "the answer holds no menu"),
        (NEW, [OK], GET, "protocol", "the answer holds no menu"),
        (NEW, [{"menu": {"button": [{"sub_button": 1}]}}], GET, "protocol", "the answer holds no menu"),
        (NEW, [{**NONE, **has(OLD)}], GET, "protocol", "says that there is no menu, and holds one"),
        (NEW, [NONE, {"is_menu_open": 2}], f"{GET} {SHOWN}", "protocol", "does not say whether a menu is shown"),
        # What is shown after the change is another menu. It is not this task's to ask whether that may be replaced.
        *(
            (
                NEW,
                [NONE, CLOSED, OK, NONE, shown],
                f"{GET} {SHOWN} {CREATE} {GET} {SHOWN}",
                "conflict",
                "somebody else has changed it: menu",
            )
            for shown in (CONSOLE, {"is_menu_open": 1, "selfmenu_info": {"button": [{"sub_button": 1}]}})
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
    row, calls = run(NEW, has(OLD), shows(OLD), OK, NONE, CONSOLE)
    assert calls == f"{GET} {SHOWN} {CREATE} {GET} {SHOWN}"
    assert (row["failure"]["reason"], row["changed"], row["request_sent"]) == ("conflict", True, True)


def test_a_menu_that_is_already_as_declared_after_a_lost_answer_was_perhaps_somebody_else_s() -> None:
    refused = ApiError(Failure("transport", LOOK, verbatim("not sent"), verbatim("check")), passing=True, sent=False)
    row, _calls = run(NEW, has(OLD), shows(OLD), refused, has(NEW))
    assert (row["changed"], row["request_sent"]) == (False, False)
    assert row["msg"] == "The menu was not as declared and is now, but not by this task."


def test_the_body_of_a_change_is_the_canonical_menu_and_no_more() -> None:
    transport = ScriptedTransport(has(OLD), shows(OLD), OK, has(NEW))
    converge(Session(wire_to(transport), GivenToken("canary-token-0123456789"), patience()), MENU, next_change_to(NEW), patience())
    assert json.dumps(transport.requests[2].body) == json.dumps(NEW)


@pytest.mark.parametrize(
    ("menu", "answers", "changed", "after", "msg"),
    [
        (NEW, [has(OLD), shows(OLD)], True, NEW, "The menu differs (button[0].url); without check mode it would be changed."),
        (NEW, [NONE, CLOSED], True, NEW, "The account has no menu from the API; without check mode it would be set."),
        (None, [has(OLD), shows(OLD)], True, None, "The account has a menu that is not declared; without check mode it would be deleted."),
        (NEW, [has(NEW)], False, NEW, "The menu is as declared; nothing was changed."),
    ],
)
def test_check_mode_shows_what_there_would_be(menu: t.Any, answers: list[t.Any], changed: bool, after: t.Any, msg: str) -> None:
    transport = ScriptedTransport(*answers)
    rows = MenuRows(True)
    row = rows.one(foresee(Session(wire_to(transport), GivenToken("canary-token-0123456789"), patience()), MENU, next_change_to(menu)))
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
            "none": "The account shows no menu." + (ASLEEP if console else ""),
        }[made_by]
    )
    assert MenuInfoRows(False).summed_up({"a": row}).startswith("1 account: 1 checked (")


def test_the_info_tells_nothing_after_a_look_that_failed() -> None:
    session = Session(wire_to(ScriptedTransport(LOST, LOST)), GivenToken("canary-token-0123456789"), patience(1))
    row = MenuInfoRows(False).one(inspect(session, EVERYTHING))
    assert "lost" in row["msg"]
    known = {name: row[name] for name in ("menu", "conditional", "is_menu_open", "console_menu", "made_by")}
    assert known == dict.fromkeys(known)
    assert (row["changed"], row["verified"], row["failure"] is not None) == (False, False, True)


NEWS = {"type": "news", "name": "News", "value": "x", "news_info": {"list": [{"title": "Title"}]}}
MEDIA = {"type": "view_limited", "name": "News", "media_id": "m"}
GROUP = {"name": "More", "sub_button": [{"type": "click", "name": "Help", "key": "help"}]}


@pytest.mark.parametrize(
    ("api", "shown", "says"),
    [
        # Only the console makes these, wherever they stand; so it may be with a type that nobody knows.
        ({"button": [VIEW, NEWS]}, {"button": [VIEW, NEWS]}, "buttons that only the console makes (button[1])"),
        ({"button": [{"name": "More", "sub_button": [NEWS]}]}, None, "buttons that only the console makes (button[0].sub_button[0])"),
        ({"button": [{"type": "finder", "name": "Live"}]}, None, "buttons that only the console makes (button[0])"),
        ({"button": [{"name": "News", "value": "x"}]}, None, "buttons that only the console makes (button[0])"),
        # The API's menu is not the one that is shown.
        (OLD, {"button": [NEWS]}, "the account shows another menu than the one of the API"),
        (OLD, NEW, "the account shows another menu than the one of the API"),
        (OLD, {"button": [OLD["button"][0], GROUP]}, "the account shows another menu than the one of the API"),
        (OLD, {"button": [{**OLD["button"][0], "name": "Other"}]}, "the account shows another menu than the one of the API"),
        (OLD, {"button": [{"type": "text", "name": "Shop", "value": "Hello"}]}, "the account shows another menu than the one of the API"),
        (OLD, {"button": [{"name": "Shop", "sub_button": [OLD["button"][0]]}]}, "the account shows another menu than the one of the API"),
        # An empty menu of the API is none.
        ({"button": []}, {"button": [NEWS]}, "the account shows a menu that was made in the console"),
        ({"button": []}, NEW, "the account shows a menu that was made in the console"),
    ],
)
@pytest.mark.parametrize("menu", [THIRD, None], ids=["present", "absent"])
def test_what_only_the_console_can_make_is_not_replaced_without_a_word(
    menu: dict[str, t.Any] | None, api: dict[str, t.Any], shown: dict[str, t.Any] | None, says: str
) -> None:
    look = shows(shown, is_open=shown is not None)
    if menu is None and not api["button"]:
        row, calls = run(menu, has(api), look)
        assert (calls, row["changed"], row["failure"]) == (f"{GET} {SHOWN}", False, None)
    else:
        row, calls = run(menu, has(api), look)
        assert (calls, row["changed"], row["request_sent"]) == (f"{GET} {SHOWN}", False, False)
        assert (row["failure"]["reason"], says in row["msg"]) == ("refused", True)
        assert "replace_console_menu to true" in row["failure"]["remedy"]
        answers = (NONE, CLOSED) if menu is None else (has(menu),)
        done, _calls = run(menu, has(api), look, OK, *answers, replace_console_menu=True)
        assert (done["changed"], done["failure"]) == (True, None)
        assert done["console_menu"] == row["console_menu"]
        assert done["msg"].endswith(FOUND_ONE)
    # As the platform returns it.
    assert row["console_menu"] == (look["selfmenu_info"] if shown else api)


@pytest.mark.parametrize(
    ("api", "shown"),
    [
        (OLD, OLD),
        ({"button": [GROUP]}, {"button": [GROUP]}),
        # What is shown of media has another type. A field that only one look returns, and the spelling of a text, are no evidence.
        ({"button": [MEDIA]}, {"button": [NEWS]}),
        ({"button": [{"name": "More", "sub_button": [{**MEDIA, "type": "article_id", "article_id": "a"}]}]},
         {"button": [{"name": "More", "sub_button": [NEWS]}]}),
        (OLD, {"button": [{**OLD["button"][0], "key": "x", "value": "y"}]}),
        (OLD, {"button": [{"type": "view", "name": "Shop"}]}),
        (OLD, {"button": [{**OLD["button"][0], "name": "Shop ", "url": "https://OLD.example"}]}),
        # Nothing is lost with what has no buttons.
        (OLD, None),
        (OLD, {"button": []}),
        ({"button": [{"name": "Empty"}]}, {"button": [{"name": "Empty"}]}),
    ],
)  # fmt: skip
def test_an_ordinary_menu_of_the_api_is_replaced(api: dict[str, t.Any], shown: dict[str, t.Any] | None) -> None:
    row, _calls = run(NEW, has(api), shows(shown), OK, has(NEW))
    assert (row["changed"], row["failure"], row["console_menu"]) == (True, None, None)
    row, _calls = run(None, has(api), shows(shown), OK, NONE, CLOSED)
    assert (row["changed"], row["failure"], row["console_menu"]) == (True, None, None)
    transport = ScriptedTransport(has(api), shows(shown))
    info = MenuInfoRows(False).one(inspect(Session(wire_to(transport), GivenToken("canary-token-0123456789"), patience()), EVERYTHING))
    assert (info["made_by"], info["console_menu"]) == ("api", None)


@pytest.mark.parametrize("shown", [{"is_menu_open": 1}, shows({"button": []})])
def test_an_open_menu_without_buttons_is_nothing_to_lose(shown: dict[str, t.Any]) -> None:
    row, _calls = run(NEW, NONE, shown, OK, has(NEW))
    assert (row["changed"], row["failure"], row["console_menu"]) == (True, None, None)


def test_a_console_menu_that_sleeps_is_told_and_not_in_the_way() -> None:
    asleep = shows({"button": [NEWS]}, is_open=False)
    row, _calls = run(NEW, NONE, asleep, OK, has(NEW))
    assert (row["changed"], row["console_menu"], row["msg"].endswith(FOUND_ONE)) == (True, {"button": [NEWS]}, True)
    row, _calls = run(NEW, has(OLD), asleep, OK, has(NEW))
    assert (row["changed"], row["console_menu"]) == (True, {"button": [NEWS]})


def test_a_run_without_a_change_asks_no_more() -> None:
    row, calls = run(NEW, has(NEW))
    assert (calls, row["is_menu_open"], row["console_menu"]) == (GET, None, None)


@pytest.mark.parametrize(
    ("api", "shown", "made_by"),
    [
        ({"button": [NEWS]}, shows({"button": [NEWS]}), "console"),
        ({"button": [VIEW, NEWS]}, CLOSED, "console"),
        ({"button": []}, shows(NEW), "console"),
        ({"button": []}, CLOSED, "none"),
        (OLD, shows({"button": [NEWS]}), "console"),
        # It may have been set by API a moment ago; and media look like news.
        (OLD, shows(NEW), None),
        ({"button": [MEDIA]}, shows({"button": [NEWS, VIEW]}), None),
        (OLD, shows({"button": [NEWS]}, is_open=False), "api"),
    ],
)
def test_the_info_never_says_more_than_there_is_evidence_for(api: dict[str, t.Any], shown: dict[str, t.Any], made_by: str | None) -> None:
    transport = ScriptedTransport(has(api), shown)
    row = MenuInfoRows(False).one(inspect(Session(wire_to(transport), GivenToken("canary-token-0123456789"), patience()), EVERYTHING))
    assert (row["made_by"], row["menu"], row["failure"]) == (made_by, api if api["button"] else None, None)
    assert ("was made by API" in row["msg"]) is (made_by == "api")
    assert ("1 not known" in MenuInfoRows(False).summed_up({"a": row})) is (made_by is None)


NOT_VERIFIED = {"errcode": 48001, "errmsg": "api unauthorized"}


@pytest.mark.parametrize(
    ("shown", "made_by", "console"),
    [
        (CONSOLE, "console", CONSOLE["selfmenu_info"]),
        (CLOSED, "none", None),
        ({"is_menu_open": 1}, "none", None),
        (shows({"button": [NEWS]}, is_open=False), "none", {"button": [NEWS]}),
        (shows(NEW), None, NEW),
    ],
)
def test_an_account_that_may_not_set_a_menu_can_be_looked_at(shown: dict[str, t.Any], made_by: str | None, console: object) -> None:
    transport = ScriptedTransport(NOT_VERIFIED, shown)
    row = MenuInfoRows(False).one(inspect(Session(wire_to(transport), GivenToken("canary-token-0123456789"), patience()), EVERYTHING))
    assert (row["failure"], row["verified"]) == (None, True)
    assert (row["menu"], row["conditional"], row["console_menu"], row["made_by"]) == (None, None, console, made_by)
    assert row["is_menu_open"] is bool(shown["is_menu_open"])
    assert "The menu of the API cannot be read (errcode 48001): only service accounts and verified subscription accounts" in row["msg"]
    assert "may not set" not in row["msg"]


def test_a_look_never_says_that_the_account_may_not_set() -> None:
    row, calls = run(NEW, NOT_VERIFIED)
    assert (calls, row["failure"]["reason"], row["request_sent"]) == (GET, "account", False)
    assert "may not set" not in row["msg"]
    assert "the menu of this account cannot be read by API (errcode 48001)" in row["msg"]
    row, _calls = run(NEW, has(OLD), NOT_VERIFIED)
    assert "may not" in row["msg"]
    assert "may not set" not in row["msg"]
    row, _calls = run(NEW, has(OLD), shows(OLD), NOT_VERIFIED)
    assert "this account may not set its menu by API (errcode 48001)" in row["msg"]


EMOJI, PLAIN_EMOJI = "\u2764\ufe0f", "\u2764"
KEPT = {
    "button[0].name (white space at an end)": ({**VIEW, "name": "Shop\u3000"}, VIEW),
    "button[0].url (HTML escapes such as &amp;)": (
        {**VIEW, "url": "https://x.example/?a=1&b"},
        {**VIEW, "url": "https://x.example/?a=1&amp;b"},
    ),
    "button[0].url (a slash after the host)": ({**VIEW, "url": "https://x.example?a"}, {**VIEW, "url": "https://x.example/?a"}),
    "button[0].url (capitals in the host)": ({**VIEW, "url": "https://X.example/A"}, {**VIEW, "url": "https://x.example/A"}),
    "button[0].url (percent-encoding)": ({**VIEW, "url": "https://x.example/\u5546"}, {**VIEW, "url": "https://x.example/%E5%95%86"}),
    "button[0].name (variation selectors of emoji)": ({**VIEW, "name": EMOJI}, {**VIEW, "name": PLAIN_EMOJI}),
    "button[0].name (composed characters)": ({**VIEW, "name": "e\u0301"}, {**VIEW, "name": "\xe9"}),
    "button[0].name (white space at an end and variation selectors of emoji)": (
        {**VIEW, "name": f"{EMOJI} "},
        {**VIEW, "name": PLAIN_EMOJI},
    ),
}


@pytest.mark.parametrize("says", KEPT)
def test_a_text_that_the_platform_keeps_in_another_spelling_is_named(says: str) -> None:
    declared, kept = ({"button": [button]} for button in KEPT[says])
    row, calls = run(declared, has(OLD), shows(OLD), OK, has(kept))
    assert calls == f"{GET} {SHOWN} {CREATE} {GET}"
    assert (row["failure"]["reason"], row["changed"], row["menu"]) == ("not_effective", True, kept)
    assert f"keeps texts of it in another spelling than was sent: {says}; a change was sent; declare these texts as the" in row["msg"]
    # What the platform keeps can be declared, and a second run says the same as the first. Perhaps the text has now been corrected, so it
    # is sent.
    again, calls = run(declared, has(kept), shows(kept), OK, *[has(kept)] * 4)
    assert calls == f"{GET} {SHOWN} {CREATE} {GET} {GET} {GET} {GET}"
    assert (again["failure"], again["changed"]) == (row["failure"], False)
    assert again["msg"] == row["msg"]
    assert run(kept, has(kept))[0]["failure"] is None
    corrected, _calls = run(declared, has(kept), shows(kept), OK, has(kept), has(declared))
    assert (corrected["changed"], corrected["failure"]) == (True, None)


def test_what_is_kept_in_another_spelling_is_named_in_chinese_too() -> None:
    change = next_change_to({"button": [{**VIEW, "name": "Shop "}]})(MenuState(OLD, displayed=Displayed(False, None)))
    assert isinstance(change, Change)
    assert MENU.conflict is not None
    failure = MENU.conflict(change, MenuState(OLD), MenuState(NEW))
    assert failure is not None
    assert failure.what.zh.endswith("写法不同：button[0].name（首尾的空白）")


@pytest.mark.parametrize(
    "kept",
    [
        {**VIEW, "name": "Shop 2"},
        {**VIEW, "url": "https://shop.example/x"},
        {**VIEW, "url": "https://shop.example//"},
        {**VIEW, "url": "http://shop.example/"},
        {**VIEW, "url": "https://shop.example/", "name": "shop"},
        {**VIEW, "x": " "},
    ],
)
def test_any_other_difference_is_somebody_else_s(kept: dict[str, t.Any]) -> None:
    row, _calls = run(NEW, has(OLD), shows(OLD), OK, has({"button": [kept]}))
    assert row["failure"]["reason"] == "conflict"


def test_a_secret_in_a_url_is_in_no_message() -> None:
    secret = "0123456789abcdef0123456789abcdef"
    declared, kept = ({"button": [{**VIEW, "url": f"https://x.example/?a{mark}secret={secret}"}]} for mark in ("&", "&amp;"))
    row, _calls = run(declared, has(OLD), shows(OLD), OK, has(kept))
    assert row["failure"]["reason"] == "not_effective"
    assert secret not in row["msg"] + row["failure"]["remedy"]


def test_a_lag_after_a_change_is_not_taken_for_the_console() -> None:
    # menu/get says none once, and the account still shows the old menu of the API.
    row, _calls = run(NEW, has(OLD), shows(OLD), OK, NONE, shows(OLD), has(NEW))
    assert (row["changed"], row["failure"]) == (True, None)
    # For good.
    row, calls = run(NEW, has(OLD), shows(OLD), OK, *[NONE, shows(OLD)] * 4)
    assert calls == f"{GET} {SHOWN} {CREATE}" + f" {GET} {SHOWN}" * 4
    assert (row["failure"]["reason"], row["changed"], row["menu"]) == ("not_effective", True, None)
    # A console menu that was replaced, and is still shown.
    row, _calls = run(NEW, NONE, CONSOLE, OK, NONE, CONSOLE, has(NEW), replace_console_menu=True)
    assert (row["changed"], row["failure"]) == (True, None)
    # A change without an answer is not sent over a menu that was made in the meantime.
    row, calls = run(NEW, NONE, CLOSED, LOST, NONE, CONSOLE)
    assert calls == f"{GET} {SHOWN} {CREATE} {GET} {SHOWN}"
    assert row["failure"]["reason"] == "conflict"
    assert "console" not in row["msg"]


@pytest.mark.parametrize("code", [40054, 40055, 65317])
def test_a_url_that_is_not_allowed_is_named_by_its_host(code: int) -> None:
    menu = {
        "button": [
            VIEW,
            {"name": "More", "sub_button": [{**VIEW, "url": "http://user:pw@a.example:8080/?secret=x"}, GROUP["sub_button"][0]]},
        ]
    }
    row, _calls = run(menu, has(OLD), shows(OLD), {"errcode": code, "errmsg": "invalid url domain"})
    assert row["failure"]["remedy"].startswith("Check the domains of the menu's urls (a.example and shop.example): WeChat blocks some")
    assert "pw" not in row["msg"]


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
    assert (codes.dead, codes.retired, codes.permission) == (ACCOUNT_CALL.dead, frozenset(), "permission set 15 (custom menu)")


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
    change = next_change_to(menu)(MenuState(None, displayed=Displayed(False, None)))
    assert isinstance(change, Change)
    assert refusal(SET, change.call.codes, 45064, "", 200).remedy.startswith(f"link {which} to the account on mp.weixin.qq.com ")


def test_what_destroys_has_to_be_asked_for() -> None:
    assert {name: spec.get("default") for name, spec in OPTIONS.items()} == {
        "state": "present",
        "menu": None,
        "replace_console_menu": False,
        "delete_conditional": False,
    }


def test_two_states_are_equal_if_their_menus_are() -> None:
    assert MenuState(NEW, ("conditional",), Displayed(True, None)) == MenuState(NEW)
    assert MenuState(NEW) != MenuState(OLD)


def test_a_conflict_says_that_a_new_run_looks_first() -> None:
    change = next_change_to(NEW)(MenuState(OLD, displayed=Displayed(False, None)))
    assert isinstance(change, Change)
    assert MENU.conflict is not None
    failure = MENU.conflict(change, MenuState(OLD), MenuState(THIRD))
    assert failure is not None
    assert failure.again


@pytest.mark.parametrize(("check_mode", "done"), [(False, "changed"), (True, "would be changed")])
def test_many_menus_are_summed_up(check_mode: bool, done: str) -> None:
    changed, same = ({"changed": what, "verified": True, "failure": None} for what in (True, False))
    rows = MenuRows(check_mode)
    assert rows.summed_up({"a": changed, "b": same, "c": same}) == f"3 accounts: 1 {done}; 2 as declared already."


def test_many_menus_that_were_looked_at_are_summed_up() -> None:
    seen = {by: {"changed": False, "verified": True, "failure": None, "made_by": by} for by in ("api", "console", "none")}
    failed = {"changed": False, "verified": False, "failure": {"reason": "operator", "remedy": "Wait."}, "made_by": None}
    assert MenuInfoRows(False).summed_up({**seen, "second": seen["api"], "failed": failed}) == (
        "5 accounts: 4 checked (2 by API, 1 in the console, 1 without a menu); 1 failed.\n1 account: wait: failed"
    )
