# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Custom menus: every case of their table, alone and as accounts of one call. What runs in which way: see ``table``."""

from __future__ import annotations

import dataclasses
import json
import re
import typing as t

import pytest

from tests.modules.case import Case
from tests.modules.menu_cases import APP, AS_READ, BEHAVIOUR, CASES, CONDITIONAL, CONSOLE, NEW, OLD, VIEW, menus
from tests.modules.runner import MENU, MENU_INFO
from tests.modules.table import CUSTOM_MENU, Table
from tests.simulator import Fault

if t.TYPE_CHECKING:
    from tests.modules.runner import Modules
    from tests.modules.table import Seen
    from tests.simulator import Simulator

TABLE = Table(CUSTOM_MENU, CASES)
KEYS = {"changed", "menu", "before", "is_menu_open", "conditional_count", "verified", "console_menu", "request_sent", "failure", "msg"}
# Raw UTF-8: what the platform would refuse or store as plain text is a \\u escape, whatever it stands for.
NEW_BYTES = json.dumps(NEW, ensure_ascii=False).encode()
assert b"\\u" not in NEW_BYTES


def compare(seen: Seen) -> None:
    TABLE.compare(seen)
    case, row = seen.case, seen.row
    assert row.keys() >= KEYS
    # Known exactly if the menu is.
    assert (row["conditional_count"] is None) is (case.reason == "outcome_unknown" or not (row["before"] or row["verified"])), row


@pytest.mark.parametrize("name", TABLE.alone)
def test_run(name: str, modules: Modules) -> None:
    seen = TABLE.run(name, modules)
    compare(seen)
    if seen.case.reason is None:
        assert seen.row["menu"] == seen.case.options.get("menu")


@pytest.mark.parametrize("name", BEHAVIOUR)
def test_check_mode(name: str, modules: Modules) -> None:
    TABLE.check(name, modules)


@pytest.mark.parametrize("name", BEHAVIOUR)
def test_info(name: str, modules: Modules) -> None:
    compare_found(TABLE.look(name, modules))


def compare_found(seen: Seen) -> None:
    case = seen.case
    # What a change would be refused for can be looked at, and here 48001 is an answer.
    forbidden = case.calls.endswith("menu_get:48001") or not case.given.get("menus.may", True)
    reads = TABLE.would_change(case) or case.reason == "refused" or forbidden
    # It asks what is shown as well.
    calls = [
        one if one.endswith("selfmenu") or (not reads and case.reason) else f"{one} selfmenu" for one in case.looks(CUSTOM_MENU.changes)
    ]
    found = seen._replace(case=dataclasses.replace(case, given={})) if forbidden else seen
    TABLE.compare_found(found, calls, None if reads else case.reason)


COMPARED = {"run": compare, "check": TABLE.compare_foreseen, "info": compare_found}


@pytest.mark.parametrize("how", COMPARED)
def test_all_as_accounts_of_one_call(how: str, modules: Modules) -> None:
    TABLE.compare_together(how, COMPARED[how], modules)


def test_the_bytes_of_the_requests(modules: Modules, simulator: Simulator) -> None:
    for name in ("different", "absent"):
        TABLE.run(name, modules)
    assert {one.call for one in simulator.log} - {"token"} == {"menu_get", "selfmenu", "menu_create", "menu_delete"}
    for one in simulator.log:
        # No redirect was followed by any case.
        assert one.call != "other"
        if one.call == "token":
            continue
        assert re.fullmatch("access_token=[^&]+", one.query)
        if one.call == "menu_create":
            assert (one.method, one.headers["Content-Length"]) == ("POST", str(len(one.body)))
            assert b"\\u" not in one.body
        else:
            assert (one.method, one.body) == ("GET", b"")
            assert not {"Content-Length", "Transfer-Encoding", "Content-Type"} & one.headers.keys()
    assert NEW_BYTES in {one.body for one in simulator.log}


def test_a_mini_program_has_to_be_linked_first(modules: Modules) -> None:
    failure = TABLE.run("not-linked", modules).row["failure"]
    assert failure["errcode"] == 45064
    assert failure["remedy"].startswith("Link ")
    assert APP["appid"] in failure["remedy"]
    assert failure["remedy"].endswith(" first, then run again.")


GIVEN: dict[str, tuple[dict[str, t.Any], str, bool]] = {
    "api": ({"buttons": OLD["button"], "conditional": [CONDITIONAL]}, "api", True),
    "console": ({"console": CONSOLE, "console_open": True}, "console", True),
    "asleep": ({"console": CONSOLE}, "none", False),
    "none": ({}, "none", False),
    "not-verified": ({"may": False, "console": CONSOLE, "console_open": True}, "console", True),
    "console-types": ({"buttons": CONSOLE, "shown": CONSOLE}, "console", True),
}


@pytest.mark.parametrize("name", GIVEN)
def test_what_the_info_module_says_of_an_account(name: str, modules: Modules, simulator: Simulator) -> None:
    given, made_by, is_open = GIVEN[name]
    account = Case("token menu_get selfmenu", {}, given=menus(**given)).prepared(simulator)
    result = modules.one(MENU_INFO, account)
    assert (result["made_by"], result["is_menu_open"], result["changed"]) == (made_by, is_open, False)
    assert result["menu"] == ({"button": given["buttons"]} if "buttons" in given else None)
    assert result["conditional"] == (None if "may" in given else [AS_READ] if "conditional" in given else [])
    assert result["console_menu"] == ({"button": CONSOLE} if {"console", "shown"} & set(given) else None)
    assert ("cannot be read (errcode 48001)" in result["msg"]) is ("may" in given)
    assert account.calls == ["token", "menu_get", "selfmenu"]


def test_what_was_before_can_be_declared_again(modules: Modules, simulator: Simulator) -> None:
    account = simulator.add()
    account.menus.buttons = OLD["button"]
    foreseen, done, again = (modules.one(MENU, account, check=check, menu=NEW) for check in (True, False, False))
    for row in (foreseen, done):
        assert "https://old.example/" in row["diff"]["before"]
        assert VIEW["url"] in row["diff"]["after"]
    assert [row["changed"] for row in (foreseen, done, again)] == [True, True, False]
    assert again["msg"] == "The menu is as declared; nothing was changed."
    assert modules.one(MENU, account, menu=done["before"])["menu"] == OLD == {"button": account.menus.buttons}


def test_every_fault_of_a_menu_is_named_and_nothing_sent(modules: Modules, simulator: Simulator) -> None:
    account = simulator.add()
    bad = {"button": [{"type": "VIEW", "name": 1}, {**VIEW, "url": "x"}]}
    for check in (False, True):
        result = modules.one(MENU, account, check=check, menu=bad)
        assert result["msg"] == (
            "Failed to start: menu cannot be used: button[0].name is a number; give a text: quote it, or use | string if a template "
            "makes it; button[0].type is VIEW; is view meant?; button[1].url is not a URL with http or https and a host; nothing was "
            "sent; correct menu."
        )
        assert result.keys() >= KEYS
    assert account.calls == []


def test_a_missing_menu_is_named_by_its_account(modules: Modules, simulator: Simulator) -> None:
    account = simulator.add()
    result = modules.run(MENU, accounts=[{"name": "brand-a", "appid": account.appid, "secret": account.secret}]).result
    assert "menu is missing; give one, or use state: absent (account brand-a); nothing was sent" in result["msg"]
    assert account.calls == []


# What stands in the place of a secret.
MASK = "********"


def _with(**fields: object) -> bytes:
    """A menu that has more than the declared one."""
    return json.dumps({"menu": {"button": [{**VIEW, **fields}]}}).encode()


DEEP = json.loads("[" * 60 + "]" * 60)
# Answers of menu/get that are read, and what is returned of them as x; None if they are not read.
STRANGE: dict[str, tuple[bytes, object]] = {
    "fraction": (_with(x=1.5), 1.5),
    "minus-zero": (_with(x=1).replace(b"1}]", b"-0}]"), 0),
    "exponent": (_with(x=1).replace(b"1}]", b"1e2}]"), 100),
    "digits": (_with(x=10**30), 1e30),
    "endless": (_with(x=1).replace(b"1}]", b"1e999}]"), "inf"),
    "half": (_with(x="half \ud83d"), "half \\ud83d"),
    "half-name": (_with(x={"\ud83d": 1}), {"\\ud83d": 1}),
    "deep": (_with(x=DEEP), None),
    "deeper": (_with(x=1).replace(b"1}]", b"[" * 3000 + b"]" * 3000 + b"}]"), None),
    "deep-conditional": (_with(x=1)[:-1] + b',"conditionalmenu":[' + b"[" * 3000 + b"]" * 3000 + b"]}", None),
}


@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_menu_differs_and_costs_no_result(name: str, check: bool, modules: Modules, simulator: Simulator) -> None:
    body, shown = STRANGE[name]
    # Older Pythons do not read what is nested deeply, and what is no JSON is asked for again.
    account = simulator.add().plan("menu_get", *[Fault(body=body)] * (1 if shown is not None else 2))
    row = modules.one(MENU, account, check=check, menu={"button": [VIEW]})
    assert (row["changed"], (row["failure"] or {}).get("reason")) == (shown is not None, None if shown is not None else "protocol")
    assert shown is None or row["before"] == {"button": [{**VIEW, "x": shown}]}
    assert ("menu_create" in account.calls) is (shown is not None and not check)


def test_a_secret_of_this_run_that_a_menu_shows_is_masked(modules: Modules, simulator: Simulator) -> None:
    other, account = simulator.add(), simulator.add()
    token = simulator.issue(account)
    account.plan("menu_get", Fault(body=_with(x=[other.secret, {token: f"?t={token}"}])))
    given = [{"name": name, "appid": one.appid, "secret": one.secret} for name, one in (("other", other), ("one", account))]
    rows = modules.run(MENU, menu={"button": [VIEW]}, accounts=given).result["accounts"]
    assert rows["one"]["before"]["button"][0]["x"] == [MASK, {MASK: f"?t={MASK}"}]


@pytest.mark.parametrize(
    ("call", "body", "key", "value"),
    [
        ("menu_get", STRANGE["deep-conditional"][0], "failure", None),
        (
            "menu_get",
            b'{"menu":{"button":[]},"conditionalmenu":[{"name":"\\ud83d","menuid":1.5}]}',
            "conditional",
            [{"name": "\\ud83d", "menuid": 1.5}],
        ),
        ("selfmenu", b'{"is_menu_open":1,"selfmenu_info":{"x":' + b"[" * 900 + b"]" * 900 + b"}}", "failure", None),
        (
            "selfmenu",
            b'{"is_menu_open":1,"selfmenu_info":{"button":[{"name":"\\ud83d"}]}}',
            "console_menu",
            {"button": [{"name": "\\ud83d"}]},
        ),
    ],
)
def test_strange_menus_are_shown(call: str, body: bytes, key: str, value: t.Any, modules: Modules, simulator: Simulator) -> None:
    row = modules.one(MENU_INFO, simulator.add().plan(call, *[Fault(body=body)] * (2 if key == "failure" else 1)))
    if key == "failure":
        assert row["failure"]["reason"] == "protocol"
    else:
        assert row[key] == value
