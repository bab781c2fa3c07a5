# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator's conditional menus behave as those of the platform are known to. An independent client agrees."""

from __future__ import annotations

import json
import typing as t

import pytest

from tests.integration.direct import Calls, independent_client
from tests.simulator.conditional_menus import sees

if t.TYPE_CHECKING:
    from tests.simulator import Account, Simulator

CLICK = {"type": "click", "name": "帮助 🎁", "key": "help"}
BASE = [{"type": "click", "name": "All", "key": "all"}]
VIP = {"button": [CLICK], "matchrule": {"tag_id": "104"}}
IOS = {"button": [CLICK], "matchrule": {"client_platform_type": "1"}}
OK = {"errcode": 0, "errmsg": "ok"}


@pytest.fixture
def account(http_simulator: Simulator) -> Account:
    added = http_simulator.add()
    added.menus.buttons = BASE
    return added


@pytest.fixture
def calls(http_simulator: Simulator, account: Account) -> Calls:
    return Calls(http_simulator, account)


def test_the_same_body_twice_makes_two_menus_and_the_newest_is_listed_first(calls: Calls) -> None:
    first, second = (calls("menu/addconditional", VIP)["menuid"] for _time in range(2))
    assert isinstance(first, str)
    assert int(second) > int(first)
    read = calls("menu/get", method="GET")
    assert [one["menuid"] for one in read["conditionalmenu"]] == [int(second), int(first)]
    # The rule of a tag comes back under its old name.
    assert read["conditionalmenu"][0]["matchrule"] == {"group_id": "104"}
    assert isinstance(read["menu"]["menuid"], int)


def test_a_user_gets_the_newest_one_that_matches(calls: Calls, account: Account) -> None:
    for one in (VIP, IOS):
        calls("menu/addconditional", one)
    tags = {"104": VIP["button"], "105": BASE}
    assert {tag: sees(account.menus, tag, "2") for tag in tags} == tags
    assert sees(account.menus, "105", "1") == IOS["button"]
    calls("menu/addconditional", {**VIP, "button": [{**CLICK, "key": "newest"}]})
    assert sees(account.menus, "104", "1") == [{**CLICK, "key": "newest"}]
    # An old rule and one under the old name match nobody.
    account.menus.conditional = [
        {**VIP, "matchrule": rule, "menuid": number} for number, rule in enumerate(({"sex": "1"}, {"group_id": "104"}))
    ]
    assert sees(account.menus, "104", "1") == BASE


REFUSED: dict[str, tuple[object, int]] = {
    "empty": (b"", 44002),
    "form": (b"button=1", 47001),
    "escape": (json.dumps({**VIP, "button": [{**CLICK}]}).encode(), 40033),
    "no-button": ({"matchrule": {"tag_id": "1"}}, 40016),
    "too-many-buttons": ({**VIP, "button": [CLICK] * 4}, 40016),
    "bad-button": ({**VIP, "button": [{**CLICK, "name": ""}]}, 40018),
    "no-rule": ({"button": [CLICK]}, 65304),
    "empty-rule": ({**VIP, "matchrule": {"tag_id": ""}}, 65304),
    "odd-rule": ({**VIP, "matchrule": []}, 65304),
    "unknown-field": ({**VIP, "matchrule": {"tag": "VIP"}}, 65304),
    **{name: ({**VIP, "matchrule": {"tag_id": "104", name: "1"}}, 65320) for name in ("sex", "country", "province", "city", "language")},
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str, calls: Calls, account: Account) -> None:
    body, errcode = REFUSED[name]
    assert calls("menu/addconditional", body)["errcode"] == errcode
    assert account.menus.conditional == []


def test_what_depends_on_the_account(calls: Calls, account: Account) -> None:
    account.menus.most_conditional = 3
    for host in ("a", "b", "c"):
        view = {"type": "view", "name": host, "url": f"https://{host}.example/"}
        assert "menuid" in calls("menu/addconditional", {**VIP, "button": [{"name": "More", "sub_button": [view]}]})
    assert calls("menu/addconditional", VIP)["errcode"] == 65305
    account.menus.most_conditional = None
    assert "menuid" in calls("menu/addconditional", VIP)
    assert calls("menu/addconditional", {**VIP, "button": [{"type": "view", "name": "d", "url": "https://d.example/"}]})["errcode"] == 65316
    account.menus.conditional_off = True
    assert calls("menu/addconditional", VIP)["errcode"] == 65309
    account.menus.buttons = None
    assert calls("menu/addconditional", VIP)["errcode"] == 65303
    account.menus.left["conditional_add"] = 0
    assert calls("menu/addconditional", VIP)["errcode"] == 45009
    account.menus.may = False
    assert calls("menu/addconditional", VIP)["errcode"] == 48001


def test_only_a_known_menuid_in_json_is_deleted(calls: Calls, account: Account) -> None:
    menuid = calls("menu/addconditional", VIP)["menuid"]
    for body in (b"", f"menuid={menuid}".encode(), {"menuId": menuid}, {"menuid": "1"}, {}, []):
        assert calls("menu/delconditional", body)["errcode"] == 65301
    assert len(account.menus.conditional) == 1
    assert calls("menu/delconditional", {"menuid": int(menuid)}) == OK
    assert calls("menu/delconditional", {"menuid": menuid})["errcode"] == 65301
    # An id is not used again.
    assert int(calls("menu/addconditional", VIP)["menuid"]) > int(menuid)


def test_a_change_may_be_late_to_show_and_others_write_after_it(calls: Calls, account: Account) -> None:
    account.menus.lag = 1
    account.menus.after("conditional_add", lambda menus: menus.set(None))
    calls("menu/addconditional", VIP)
    assert (account.menus.buttons, account.menus.conditional) == (None, [])
    account.menus.buttons, account.menus.lag = BASE, 1
    calls("menu/addconditional", VIP)
    assert ["conditionalmenu" in calls("menu/get", method="GET") for _look in range(2)] == [False, True]


def test_each_call_wants_a_post(calls: Calls) -> None:
    assert [calls(path, method="GET")["errcode"] for path in ("menu/addconditional", "menu/delconditional")] == [43002, 43002]


@pytest.mark.parametrize(("sets", "errcode"), [([15], 65301), ([1, 11], 61007)])
def test_a_third_party_platform_needs_permission_set_15(sets: list[int], errcode: int, http_simulator: Simulator, account: Account) -> None:
    component = http_simulator.add_component()
    calls = Calls(http_simulator, account)
    calls.token = component.issue(component.authorise(account, permission_sets=sets))
    assert calls("menu/delconditional", {})["errcode"] == errcode


def test_an_independent_client_agrees(http_simulator: Simulator, account: Account) -> None:
    with independent_client(http_simulator, account) as client:
        made = client.menu.add_conditional(VIP)
        (listed,) = client.menu.get()["conditionalmenu"]
        assert str(listed["menuid"]) == made["menuid"]
        assert listed["button"][0]["name"] == CLICK["name"]
        assert client.menu.del_conditional(listed["menuid"]) == OK
        assert account.menus.conditional == []
