# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator's menus behave as those of the platform are known to. An independent client agrees."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_form import canonical
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_input import check
from hypothesis import HealthCheck, given, settings

from tests.integration.direct import Calls, independent_client
from tests.simulator import Account, Fault, Simulator
from tests.simulator.calls import Call
from tests.simulator.faults import MESSAGES
from tests.simulator.menu import answer
from tests.unit.menus import VALID, written

VIEW = {"type": "view", "name": "Shop", "url": "https://shop.example/?a=1&b=2"}
CLICK = {"type": "click", "name": "帮助 🎁", "key": "help"}
MENU = {"button": [VIEW, {"name": "More", "sub_button": [CLICK]}]}
APP = {"type": "miniprogram", "name": "App", "url": "https://x.example/", "appid": "wx0123456789abcdef", "pagepath": "p"}
CONDITIONAL = {"button": [CLICK], "matchrule": {"tag_id": "2", "sex": "1"}, "menuid": 208396993}
MEDIA = {"type": "media_id", "name": "Picture", "media_id": "m"}
ARTICLE = {"type": "article_id", "name": "Article", "article_id": "a"}

OK = {"errcode": 0, "errmsg": "ok"}
# Every code that only these calls answer with.
CODES = (40007, *range(40015, 40021), *range(40022, 40028), 40033, 40054, 40055, 43001, 45064, 46003, 53600, 65318)


@pytest.fixture
def account(http_simulator: Simulator) -> Account:
    return http_simulator.add()


class MenuCalls(Calls):
    """The four calls of one account."""

    def create(self, body: object) -> int:
        return int(self("menu/create", body)["errcode"])

    def get(self) -> dict[str, t.Any]:
        return self("menu/get", method="GET")

    def delete(self) -> dict[str, t.Any]:
        return self("menu/delete", method="GET")

    def shown(self) -> dict[str, t.Any]:
        return self("get_current_selfmenu_info", method="GET")


@pytest.fixture
def calls(http_simulator: Simulator, account: Account) -> MenuCalls:
    return MenuCalls(http_simulator, account)


def test_without_a_menu_there_is_a_code_and_nothing_is_shown(calls: MenuCalls) -> None:
    assert calls.get()["errcode"] == 46003
    assert calls.shown() == {"is_menu_open": 0}


def test_what_is_read_has_another_shape_than_what_was_sent(calls: MenuCalls) -> None:
    assert calls.create(MENU) == 0
    read = calls.get()
    assert read == {
        "menu": {"button": [{**VIEW, "sub_button": []}, {"name": "More", "sub_button": [{**CLICK, "sub_button": []}]}]},
    }
    assert list(read["menu"]["button"][0]) != list(VIEW)
    assert calls.shown() == {"is_menu_open": 1, "selfmenu_info": {"button": [VIEW, {"name": "More", "sub_button": {"list": [CLICK]}}]}}


def test_fields_that_do_not_belong_to_a_type_are_dropped_in_silence(calls: MenuCalls, account: Account) -> None:
    assert calls.create({"button": [{**VIEW, "key": "x"}, {"name": "More", "type": "click", "sub_button": [CLICK]}]}) == 0
    assert account.menus.buttons == MENU["button"]


def test_a_matchrule_is_swallowed_and_everybody_s_menu_replaced(calls: MenuCalls, account: Account) -> None:
    account.menus.buttons = [CLICK]
    assert calls.create({**MENU, "matchrule": {"tag_id": "2"}}) == 0
    assert (account.menus.buttons, account.menus.conditional) == (MENU["button"], [])


def test_conditional_menus_bring_menuids_are_kept_by_create_and_lost_by_delete(calls: MenuCalls, account: Account) -> None:
    account.menus.conditional.append(CONDITIONAL)
    calls.create(MENU)
    read = calls.get()
    assert isinstance(read["menu"]["menuid"], int)
    # The rule of a tag comes back under its old name.
    assert read["conditionalmenu"] == [
        {"button": [{**CLICK, "sub_button": []}], "matchrule": {"group_id": "2", "sex": "1"}, "menuid": 208396993}
    ]
    assert calls.delete() == calls.delete() == OK
    assert (account.menus.buttons, account.menus.conditional, calls.get()["errcode"]) == (None, [], 46003)


def test_a_console_menu_has_types_of_its_own_and_ids_that_change(calls: MenuCalls, account: Account) -> None:
    picture, text = {"type": "img", "name": "Picture", "value": "x"}, {"type": "text", "name": "Text", "value": "Hello"}
    account.menus.console, account.menus.console_open = [picture, {"name": "More", "sub_button": [picture, text]}], True
    (one, group), (other, _group) = (calls.shown()["selfmenu_info"]["button"] for _look in range(2))
    below = group["sub_button"]["list"]
    assert len({button["value"] for button in (picture, one, other, below[0])}) == 4
    assert below[1] == text


@pytest.mark.parametrize("wakes", [False, True])
def test_a_console_menu_sleeps_under_that_of_the_api_and_may_wake_up(wakes: bool, calls: MenuCalls, account: Account) -> None:
    news = {"type": "news", "name": "News", "value": "x", "news_info": {"list": [{"title": "Title"}]}}
    account.menus.console, account.menus.console_open, account.menus.wakes_console = [news], True, wakes
    assert calls.shown() == {"is_menu_open": 1, "selfmenu_info": {"button": [news]}}
    calls.create(MENU)
    assert calls.shown()["selfmenu_info"]["button"][0] == VIEW
    calls.delete()
    assert calls.shown() == {"is_menu_open": int(wakes), "selfmenu_info": {"button": [news]}}
    account.menus.console_open = False
    calls.delete()
    # Without a menu of the API there is nothing to wake up from.
    assert calls.shown()["is_menu_open"] == 0


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (b"", 44002),
        (b"not json", 47001),
        (json.dumps({"button": [CLICK]}).encode(), 40033),
        ({"menu": MENU}, 40016),
        ({"button": []}, 40016),
        ({"button": [VIEW] * 4}, 40016),
        ({"button": [{"name": "More", "sub_button": [CLICK] * 6}]}, 40023),
        ({"button": [{"name": "More", "sub_button": [{"name": "x", "sub_button": [CLICK]}]}]}, 40022),
        ({"button": [{**VIEW, "type": "VIEW"}]}, 65318),
        ({"button": [{**VIEW, "type": "news"}]}, 40017),
        ({"button": [{"name": "More", "sub_button": [{**VIEW, "type": "news"}]}]}, 40024),
        ({"button": [{**VIEW, "name": "六个汉字之多"}]}, 40018),
        ({"button": [{"name": "More", "sub_button": [{**VIEW, "name": "n" * 61}]}]}, 40025),
        ({"button": [{**CLICK, "key": "k" * 129}]}, 40019),
        ({"button": [{**VIEW, "url": "https://x.example/" + "u" * 1024}]}, 40020),
        ({"button": [{"type": "media_id", "name": "Old"}]}, 40007),
        ({"button": [{**VIEW, "type": []}]}, 40017),
        ({"button": [{"name": "More", "sub_button": 5}]}, 40023),
    ],
)
def test_what_is_refused_has_its_code_and_changes_nothing(body: object, errcode: int, calls: MenuCalls, account: Account) -> None:
    account.menus.buttons = [VIEW]
    assert calls.create(body) == errcode
    assert account.menus.buttons == [VIEW]


def test_a_mini_program_must_be_linked_and_is_known_in_lower_case_only(calls: MenuCalls, account: Account) -> None:
    upper = {**APP, "appid": APP["appid"].upper()}
    assert calls.create({"button": [upper]}) == 45064
    account.menus.linked = {upper["appid"]}
    assert [calls.create({"button": [one]}) for one in (APP, upper)] == [45064, 45064]
    account.menus.linked.add(APP["appid"])
    assert calls.create({"button": [APP]}) == 0


def test_an_id_that_does_not_exist_and_a_host_that_is_blocked_are_refused(calls: MenuCalls, account: Account) -> None:
    assert calls.create({"button": [MEDIA, ARTICLE]}) == 0
    account.menus.media, account.menus.articles, account.menus.blocked = set(), set(), {"shop.example"}
    buttons = (MEDIA, {**MEDIA, "type": "view_limited"}, ARTICLE, {**ARTICLE, "type": "article_view_limited"}, VIEW)
    assert [calls.create({"button": [button]}) for button in buttons] == [40007, 40007, 53600, 53600, 40055]
    assert calls.create({"button": [{"name": "More", "sub_button": [VIEW]}]}) == 40054
    assert calls.create({"button": [{**VIEW, "url": "https://shop.example.org/"}]}) == 0
    account.menus.media.add("m")
    account.menus.articles.add("a")
    assert calls.create({"button": [MEDIA, ARTICLE]}) == 0


def test_an_account_has_so_many_calls_a_day(calls: MenuCalls, account: Account, http_simulator: Simulator) -> None:
    assert account.menus.left == {
        "menu_create": 1_000,
        "menu_get": 10_000,
        "menu_delete": 1_000,
        "conditional_add": 2_000,
        "conditional_delete": 2_000,
    }
    account.menus.left = dict.fromkeys(account.menus.left, 1)
    assert calls.create(MENU) == 0
    assert calls.create({"button": [APP]}) == 45009
    assert account.menus.buttons == MENU["button"]
    assert [calls.get().get("errcode") for _look in range(2)] == [None, 45009]
    assert [calls.delete()["errcode"] for _change in range(2)] == [0, 45009]
    assert calls.shown() == {"is_menu_open": 0}
    assert MenuCalls(http_simulator, http_simulator.add()).create(MENU) == 0


def test_a_refusal_says_why(calls: MenuCalls) -> None:
    for refused in (calls("menu/create", {"button": [VIEW] * 4}), calls.get()):
        assert refused["errmsg"].startswith(MESSAGES[refused["errcode"]] + " rid: ")
    assert set(CODES) <= set(MESSAGES)


def test_an_account_that_is_not_verified_may_only_see_what_it_shows(calls: MenuCalls, account: Account) -> None:
    account.menus.may = False
    assert [calls.create(MENU), calls.get()["errcode"], calls.delete()["errcode"]] == [48001] * 3
    assert calls.shown() == {"is_menu_open": 0}


def test_a_url_is_checked_on_demand(calls: MenuCalls, account: Account) -> None:
    urls = ("shop.example", "https://", "https://shop.example/a b", "https://shop.example/{{ x }}", "ftp://shop.example/")
    assert [calls.create({"button": [{**VIEW, "url": url}]}) for url in urls] == [0] * 5
    account.menus.checks_urls = True
    assert [calls.create({"button": [{**VIEW, "url": url}]}) for url in urls] == [40055] * 5
    assert [calls.create({"button": [{**VIEW, "url": url}]}) for url in ("https://shop.example", "http://x:8080/?a=1#b")] == [0, 0]


def test_texts_are_kept_in_another_spelling_on_demand(calls: MenuCalls, account: Account) -> None:
    account.menus.keeps = ("trimmed", "html", "slash", "selector")
    menu = {"button": [{**VIEW, "name": " A & \u2764\ufe0f ", "url": "https://x.example?a&b"}, {"name": "More ", "sub_button": [CLICK]}]}
    assert calls.create(menu) == 0
    assert account.menus.buttons == [
        {**VIEW, "name": "A &amp; \u2764", "url": "https://x.example/?a&amp;b"},
        {"name": "More", "sub_button": [CLICK]},
    ]


def test_an_account_may_show_another_menu_than_the_api_s_until_the_next_change(calls: MenuCalls, account: Account) -> None:
    account.menus.buttons, account.menus.shown = [VIEW], [{"type": "text", "name": "Text", "value": "Hello"}]
    assert calls.get()["menu"]["button"][0]["name"] == VIEW["name"]
    assert calls.shown() == {"is_menu_open": 1, "selfmenu_info": {"button": account.menus.shown}}
    calls.create(MENU)
    assert calls.shown()["selfmenu_info"]["button"][0] == VIEW


def test_each_call_wants_its_verb(calls: MenuCalls) -> None:
    assert calls("menu/create", method="GET")["errcode"] == 43002
    assert [calls(path, {})["errcode"] for path in ("menu/get", "menu/delete", "get_current_selfmenu_info")] == [43001] * 3


@pytest.mark.parametrize(("sets", "errcodes"), [([15], [0, 0, 0]), ([1], [61007, 61007, 0]), ([11], [61007, 61007, 61007])])
def test_a_third_party_platform_needs_a_permission_set(
    sets: list[int], errcodes: list[int], http_simulator: Simulator, account: Account
) -> None:
    component = http_simulator.add_component()
    authorizer = component.authorise(account, permission_sets=sets)
    account.menus.buttons = [VIEW]
    calls = MenuCalls(http_simulator, account)
    calls.token = component.issue(authorizer)
    found = [calls.create(MENU), calls.get().get("errcode", 0), calls.shown().get("errcode", 0)]
    assert found == errcodes


def test_an_independent_client_agrees(http_simulator: Simulator, account: Account) -> None:
    with independent_client(http_simulator, account) as client:
        assert client.menu.create(MENU) == OK
        assert account.menus.buttons == MENU["button"]
        assert client.menu.get()["menu"]["button"][0]["url"] == VIEW["url"]
        assert client.menu.get_menu_info()["is_menu_open"] == 1
        assert client.menu.delete() == OK
        # It knows that 46003 means that there is none.
        assert client.menu.get() is None


def test_a_change_is_carried_out_once_however_late_its_answer_is(calls: MenuCalls, account: Account) -> None:
    account.plan("menu_create", Fault(carried_out=True, delay=0.01))
    account.menus.buttons = [CLICK]
    account.menus.lag = 1
    account.menus.after("menu_create", lambda menus: menus.set([APP]))
    assert calls.create(MENU) == 0
    assert account.menus.buttons == [APP]


def test_a_lag_is_that_of_one_change(calls: MenuCalls, account: Account) -> None:
    account.menus.buttons, account.menus.lag = [CLICK], 1
    calls.create(MENU)
    first, second = (calls.get()["menu"]["button"][0]["name"] for _look in range(2))
    assert (first, second) == (CLICK["name"], VIEW["name"])
    calls.create({"button": [APP]})
    assert calls.get()["menu"]["button"][0]["name"] == APP["name"]


@pytest.mark.parametrize(("shown_lag", "still"), [(None, [1, 0]), (0, [0, 0]), (2, [1, 1])])
def test_all_that_there_was_is_late_together(shown_lag: int | None, still: list[int], calls: MenuCalls, account: Account) -> None:
    account.menus.buttons, account.menus.conditional = [VIEW], [CONDITIONAL]
    account.menus.lag, account.menus.shown_lag = 1, shown_lag
    calls.delete()
    assert [calls.shown()["is_menu_open"] for _look in range(2)] == still
    late = calls.get()
    assert (len(late["menu"]["button"]), len(late["conditionalmenu"])) == (1, 1)
    assert calls.get()["errcode"] == 46003


def test_other_writers_act_one_after_the_other_and_not_after_a_refusal(calls: MenuCalls, account: Account) -> None:
    for button in (CLICK, APP):
        account.menus.after("menu_create", lambda menus, button=button: menus.set([button]))
    assert calls.create({"button": []}) == 40016
    assert account.menus.buttons is None
    for button in (CLICK, APP, VIEW):
        calls.create({"button": [VIEW]})
        assert account.menus.buttons == [button]


STEADY = settings(max_examples=150, suppress_health_check=list(HealthCheck))


def read_back(menu: dict[str, t.Any]) -> list[t.Any]:
    """What two looks show of ``menu`` once it is set: its buttons, as menu/get and get_current_selfmenu_info return them."""
    account = Account("wx", "")
    # As the transport writes it.
    body = json.dumps(menu, ensure_ascii=False).encode()
    assert answer(account, Call("menu_create", body, {})) == OK
    got, shown = (t.cast("dict[str, t.Any]", answer(account, Call(look, b"", {}))) for look in ("menu_get", "selfmenu"))
    return [got["menu"]["button"], shown["selfmenu_info"]["button"]]


@STEADY
@given(VALID)
def test_any_valid_menu_is_taken_and_read_back_as_it_was(menu: dict[str, t.Any]) -> None:
    assert [canonical(buttons) for buttons in read_back(menu)] == [menu, menu]


@STEADY
@given(written())
def test_what_the_module_s_checks_let_pass_is_taken(declared: object) -> None:
    checked = check(declared)
    if checked.menu is not None:
        assert [canonical(buttons) for buttons in read_back(checked.menu)] == [checked.menu] * 2
