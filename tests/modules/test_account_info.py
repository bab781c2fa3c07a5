# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ``wechat_account_info`` says of accounts of each kind, of each refusal of each part, and of a failed call."""

from __future__ import annotations

import collections
import json
import time
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._run.wishes import INFO_SPEC

from tests.modules.case import REASONS
from tests.modules.runner import ACCOUNT_INFO, Modules
from tests.simulator import Fault
from tests.simulator.diagnostics import STANDINGS, WEEK, Refusal, become
from tests.simulator.faults import ANSWERS, ERRCODES
from tests.simulator.groups import CHANGES
from tests.simulator.tags import Tag

if t.TYPE_CHECKING:
    from tests.simulator import Account, Simulator

# The parts, and the calls of each.
CALLS = {
    "token": "api_ips",
    "kind": "api_ips menu_get tags_get templates published kf_list",
    "draft_switch": "look",
    "menu": "menu_get selfmenu",
    "tags": "tags_get",
    "conditional_menus": "menu_get",
    "templates": "templates notices",
    "autoreply": "autoreply",
    "publish": "published",
    "customer_service": "kf_list",
    "quota": "quota",
    "callback": "callback",
    "ips": "api_ips callback_ips",
}
PATH = "/cgi-bin/menu/create"


@pytest.fixture
def account(simulator: Simulator) -> Account:
    return simulator.add()


def parts_of(modules: Modules, account: Account, *gather: str, **options: t.Any) -> dict[str, t.Any]:
    parts: dict[str, t.Any] = modules.one(ACCOUNT_INFO, account, gather=[*gather], quota_paths=[PATH], **options)["parts"]
    return parts


# --- Each part.


def test_the_table_has_every_part() -> None:
    assert [*CALLS] == INFO_SPEC["gather"]["choices"]


@pytest.mark.parametrize("part", CALLS)
def test_a_part_makes_its_own_looks_once_each_and_changes_nothing(part: str, modules: Modules, account: Account) -> None:
    assert parts_of(modules, account, part).keys() == {part}
    # The first one shows that the token is accepted.
    wanted = ["token", "api_ips", *CALLS[part].replace("api_ips", "", part != "ips").split()]
    assert account.calls == wanted
    assert not {*account.calls} & {*CHANGES, "enable"}


def test_all_parts_together_make_each_look_once(modules: Modules, account: Account) -> None:
    for check in (False, True):
        account.calls.clear()
        modules.run(ACCOUNT_INFO, check=check, appid=account.appid, secret=account.secret, gather=[*CALLS], quota_paths=[PATH])
        calls = [call for call in account.calls if call != "token"]
        # The part ips asks for the addresses themselves, besides the first look.
        once = dict.fromkeys(" ".join(CALLS.values()).split(), 1)
        assert collections.Counter(calls) == {**once, "api_ips": 2}


def test_by_default_the_account_s_server_is_not_called_and_no_quota_is_asked_for(modules: Modules, account: Account) -> None:
    result = modules.one(ACCOUNT_INFO, account)
    assert [*result["parts"]] == [part for part in CALLS if part not in ("quota", "callback", "ips")]
    assert not {"quota", "callback", "callback_ips", "rid"} & {*account.calls}
    assert (result["changed"], result["rid"], result["failure"]) == (False, None, None)


def test_what_parts_show(modules: Modules, account: Account) -> None:
    account.is_open = True
    account.menus.buttons = [{"type": "click", "name": "菜单", "key": "a"}]
    account.menus.conditional = [{"button": account.menus.buttons, "matchrule": {"tag_id": "100"}, "menuid": 7}]
    account.tags.tags = [Tag(2, "星标组"), Tag(100, "VIP", 3)]
    account.templates.messages = {"m1": ("发货", "{{result.DATA}}\n单号:{{no.DATA}}"), "m2": ("发货", "")}
    account.templates.notices = {"n1": ("到货", "商品:{{thing1.DATA}}")}
    parts = parts_of(modules, account, *CALLS)
    assert all(part["ok"] for part in parts.values())
    assert parts["draft_switch"]["is_open"] is True
    assert parts["menu"]["menu"] == {"button": account.menus.buttons}
    assert (parts["menu"]["made_by"], parts["menu"]["is_menu_open"]) == ("api", True)
    assert [one["menuid"] for one in parts["conditional_menus"]["menus"]] == [7]
    assert parts["tags"]["tags"] == [{"id": 2, "name": "星标组", "count": 0}, {"id": 100, "name": "VIP", "count": 3}]
    assert parts["templates"]["templates"] == {
        "发货": [
            {"template_id": "m1", "keywords": [["", "result"], ["单号", "no"]], "kind": "template"},
            {"template_id": "m2", "keywords": [], "kind": "template"},
        ],
        "到货": [{"template_id": "n1", "keywords": [["商品", "thing1"]], "kind": "notice"}],
    }
    assert (parts["autoreply"]["is_add_friend_reply_open"], parts["autoreply"]["is_autoreply_open"]) == (True, False)
    assert (parts["publish"]["articles"], parts["customer_service"]["agents"]) == (3, 1)
    assert parts["callback"]["ping"] == [{"ip": "192.0.2.1", "operator": "UNICOM", "loss": "100%", "time": ""}]
    assert (parts["ips"]["api"], parts["ips"]["callback"]) == (["203.0.113.10", "203.0.113.11"], ["198.51.100.0/24"])


# --- The kinds of accounts.

# The kind, whether it is verified, and what it can use: + for what it can, - for what it cannot.
KINDS = {
    "personal": ("subscription", False, "-menu -tags -templates -publish -customer_service"),
    "subscription": ("unknown", True, "+menu +tags -templates +publish +customer_service"),
    "service": ("service", True, "+menu +tags +templates +publish +customer_service"),
    "unverified-service": ("service", False, "+menu -tags -templates -publish -customer_service"),
    "restricted": ("unknown", None, "-menu -tags -templates -publish -customer_service"),
    "test": ("service", True, "+menu +tags +templates +publish -customer_service"),
}


@pytest.mark.parametrize("kind", STANDINGS)
def test_an_account_of_each_kind(kind: str, modules: Modules, account: Account) -> None:
    result = modules.one(ACCOUNT_INFO, become(account, kind))
    signs = {True: "+", False: "-", None: "?"}
    can = " ".join(f"{signs[its]}{name}" for name, its in result["can"].items())
    assert (result["kind"], result["is_verified"], can) == KINDS[kind]
    # Nobody has said so.
    assert result["because"]["kind"]["guess"] is (result["kind"] != "unknown")
    assert result["third_party"] is None
    assert all(one.endswith(".") for one in result["to_do"])
    assert bool(result["to_do"]) is ("-" in can)


def test_a_menu_that_may_not_be_read_is_seen_as_the_account_shows_it(modules: Modules, account: Account) -> None:
    become(account, "personal").menus.console = [{"type": "view", "name": "Shop", "url": "https://shop.example/"}]
    account.menus.console_open = True
    parts = parts_of(modules, account, "menu", "conditional_menus")
    assert (parts["menu"]["ok"], parts["menu"]["errcode"], parts["menu"]["is_menu_open"]) == (False, 48001, True)
    assert parts["menu"]["console_menu"] == {"button": account.menus.console}
    assert (parts["conditional_menus"]["ok"], parts["conditional_menus"]["errcode"]) == (False, 48001)


def test_template_messages_and_notices_have_rights_of_their_own(modules: Modules, account: Account) -> None:
    become(account, "subscription").templates.notices = {"n1": ("到货", "")}
    parts = parts_of(modules, account, "templates")
    assert (parts["templates"]["ok"], [*parts["templates"]["templates"]]) == (True, ["到货"])


def test_an_account_of_a_third_party_platform_is_what_the_platform_says(modules: Modules, simulator: Simulator, account: Account) -> None:
    component = simulator.add_component()
    component.authorise(become(account, "subscription"), permission_sets=(3, 11, 15, 999), service_type=1, nick_name="品牌 {{ 1 + 1 }}")
    way = {"component_appid": component.appid, "component_access_token": component.token}
    result = modules.run(ACCOUNT_INFO, appid=account.appid, **way).result
    assert (result["kind"], result["is_verified"], result["because"]["kind"]["guess"]) == ("subscription", True, False)
    assert result["third_party"] == {
        "service_type": 1,
        "verify_type": 0,
        "account_status": 1,
        "permission_sets": [
            {"id": 3, "name": "account service"},
            {"id": 11, "name": "materials"},
            {"id": 15, "name": "custom menu"},
            {"id": 999, "name": None},
        ],
        "verified_until": "2027-01-15",
    }
    assert (result["parts"]["kind"]["nick_name"], result["parts"]["kind"]["principal_name"]) == ("品牌 {{ 1 + 1 }}", "示例有限公司")
    assert (result["can"]["menu"], result["can"]["tags"], result["because"]["tags"]["errcode"]) == (True, False, 61007)
    assert any("permission set 2 (users) or 100" in one for one in result["to_do"])
    # It lapses within 90 days of the time of this test, or it does not.
    assert any("lapses on 2027-01-15" in one for one in result["to_do"]) is (1_800_000_000 - time.time() < 90 * 24 * 3600)


def test_the_verification_is_asked_for_as_older_pages_have_it_if_the_platform_says_so(
    modules: Modules, simulator: Simulator, account: Account
) -> None:
    component = simulator.add_component()
    component.authorise(account.plan("basic_info", Fault(errcode=43001)), permission_sets=(3,))
    way = {"component_appid": component.appid, "component_access_token": component.token}
    modules.run(ACCOUNT_INFO, appid=account.appid, **way, gather=["kind"])
    asked = [seen.method for seen in simulator.log if seen.call == "basic_info" and seen.appid == account.appid]
    assert asked == ["POST", "GET"]


def test_without_the_right_to_see_the_verification_its_end_is_not_known(modules: Modules, simulator: Simulator, account: Account) -> None:
    component = simulator.add_component()
    component.authorise(account, permission_sets=(15,), account_status=19)
    way = {"component_appid": component.appid, "component_access_token": component.token}
    result = modules.run(ACCOUNT_INFO, appid=account.appid, **way, gather=["kind"]).result
    assert result["third_party"]["verified_until"] is None
    assert result["to_do"][0].startswith("Read the account's notices on mp.weixin.qq.com")


ODD_DETAILS: dict[str, t.Any] = {
    "text": {"authorizer_info": "x"},
    "null": {"authorizer_info": None, "authorization_info": None},
    "list": {"authorizer_info": [1], "authorization_info": {"func_info": "x"}},
    "numbers": {"authorizer_info": {"nick_name": 7, "principal_name": ["x"], "service_type_info": 2, "verify_type_info": {"id": "x"}}},
    "sets": {"authorizer_info": {}, "authorization_info": {"func_info": [{"funcscope_category": {"id": "x"}}]}},
    "unknown": {"authorizer_info": {"service_type_info": {"id": 99}, "verify_type_info": {"id": 99}, "account_status": 99}},
}


@pytest.mark.parametrize("name", ODD_DETAILS)
def test_odd_details_of_a_third_party_platform_are_not_known(name: str, modules: Modules, simulator: Simulator, account: Account) -> None:
    component = simulator.add_component()
    component.authorise(account, permission_sets=(2, 7, 11, 15))
    # The first one is read for the refresh token.
    account.plan("authorizer_info", Fault(), Fault(body=json.dumps(ODD_DETAILS[name]).encode()))
    way = {"component_appid": component.appid, "component_access_token": component.token}
    result = modules.run(ACCOUNT_INFO, appid=account.appid, **way, gather=["kind"]).result
    assert result["failed"] is False
    told = result["third_party"]
    assert (told["permission_sets"], told["service_type"] in (None, 99)) == (None, True)
    # What was answered and what was refused still tells something.
    assert (result["kind"], result["because"]["kind"]["guess"]) == ("service", True)
    assert [result["parts"]["kind"][key] for key in ("nick_name", "principal_name")] == [None, None]


# --- Refusals.

# With these, there is no token that can be used, or none from here.
OF_ALL = {40001, 40014, 42001, 48012, 40164, 41001, 42007, 61003, 61004, 61014, 61015, 61024, *range(89501, 89508)}
OWN = (40201, 65400, 76001, 76003, 76021, 76022)
# Where a part asks several calls, the one that decides.
DECIDES = {"templates": ("templates", "notices"), "ips": ("callback_ips",), "menu": ("menu_get",), "conditional_menus": ("menu_get",)}
NO_ERROR = {("draft_switch", 45103), ("draft_switch", 48009)}


@pytest.mark.parametrize("part", [part for part in CALLS if part not in ("token", "kind")])
def test_each_refusal_of_a_part_is_an_answer_or_a_refusal_of_everything(part: str, modules: Modules, simulator: Simulator) -> None:
    codes = (*ERRCODES, *OWN)
    accounts = {}
    for code in codes:
        accounts[code] = simulator.add()
        for call in DECIDES.get(part, tuple(CALLS[part].split())):
            # Twice, because it may pass.
            accounts[code].plan(call, Fault(errcode=code), Fault(errcode=code))
    given = [{"name": str(code), "appid": one.appid, "secret": one.secret} for code, one in accounts.items()]
    rows = modules.run(ACCOUNT_INFO, accounts=given, gather=[part], quota_paths=[PATH]).result["accounts"]
    for code in codes:
        row = rows[str(code)]
        if code in OF_ALL:
            assert (row["failed"], row["failure"]["errcode"], row["parts"]) == (True, code, None), code
            continue
        assert row["failed"] is False, (code, row["msg"])
        its = row["parts"][part]
        its = its["paths"][PATH] if part == "quota" else its
        if (part, code) in NO_ERROR:
            assert its["is_open"] is True
            continue
        assert (its["ok"], its["errcode"]) == (False, code)
        assert its["meaning"].endswith(".")
        assert its["remedy"].endswith(".")
        assert its["refused_at"].startswith("20")


@pytest.mark.parametrize("call", ["selfmenu", "notices"])
@pytest.mark.parametrize("fault", [Fault(errcode=50002), Fault(errcode=-1), Fault(lost=True), Fault(body=b"{}")], ids=str)
def test_the_second_look_of_a_part_may_fail_on_its_own_and_what_the_first_has_shown_is_there(
    fault: Fault, call: str, modules: Modules, account: Account
) -> None:
    account.menus.buttons = [{"type": "click", "name": "菜单", "key": "a"}]
    account.templates.messages = {"m1": ("发货", "")}
    account.plan(call, fault, fault)
    result = modules.one(ACCOUNT_INFO, account, gather=["kind", "menu", "templates"])
    parts = result["parts"]
    assert (parts["menu"]["ok"], parts["templates"]["ok"]) == (call != "selfmenu", call != "notices" and not fault.lost)
    assert (parts["menu"]["menu"], parts["menu"]["made_by"]) == ({"button": account.menus.buttons}, None if call == "selfmenu" else "api")
    if parts["templates"]["ok"] or call == "notices":
        assert [*parts["templates"]["templates"]] == ["发货"]
    assert (result["failed"], result["can"]["menu"]) == (False, True)


# Codes of the call for a token: the task fails, and says the reason.
@pytest.mark.parametrize("code", [40013, 40125, 40164, 40243, 45009, 61024, 89503, 89506, -1])
def test_without_a_token_the_task_fails_and_says_which_reason_it_is(code: int, modules: Modules, account: Account) -> None:
    account.plan("token", *[Fault(errcode=code)] * 2)
    result = modules.one(ACCOUNT_INFO, account)
    reason = next((reason for reason, codes in REASONS.items() if code in codes), "operator")
    assert (result["failed"], result["failure"]["errcode"], result["failure"]["reason"]) == (True, code, reason)
    assert result["msg"].startswith("Failed to get an access_token: ")
    assert (result["parts"], result["can"]) == (None, None)
    assert {*account.calls} == {"token"}


def test_a_dead_token_that_was_given_fails_the_task(modules: Modules, simulator: Simulator, account: Account) -> None:
    token = simulator.issue(account)
    simulator.issue(account)
    result = modules.one(ACCOUNT_INFO, account, access_token=token)
    assert (result["failed"], result["failure"]["reason"], account.calls) == (True, "credential", ["api_ips"])


def test_a_dead_token_that_was_fetched_is_replaced_once(modules: Modules, account: Account) -> None:
    account.plan("tags_get", Fault(errcode=42001, new_token=True))
    result = modules.one(ACCOUNT_INFO, account, gather=["tags"])
    assert (result["failed"], result["parts"]["tags"]["ok"]) == (False, True)
    assert account.calls == ["token", "api_ips", "tags_get", "token", "tags_get"]


def test_an_address_that_is_not_listed_fails_the_task_and_is_named(modules: Modules, account: Account) -> None:
    account.listed = False
    result = modules.one(ACCOUNT_INFO, account)
    assert "add 203.0.113.7 to the account's IP allow list" in result["msg"]


# --- Answers that are missing, or make no sense.


@pytest.mark.parametrize("part", [part for part in CALLS if part not in ("token", "kind")])
def test_an_answer_that_makes_no_sense_is_never_taken_for_one(part: str, modules: Modules, simulator: Simulator) -> None:
    accounts = {}
    names = [name for name in ANSWERS if name != "late"]
    for name in names:
        accounts[name] = simulator.add()
        for call in DECIDES.get(part, tuple(CALLS[part].split())):
            accounts[name].plan(call, *[ANSWERS[name]] * 2)
    given = [{"name": name, "appid": one.appid, "secret": one.secret} for name, one in accounts.items()]
    rows = modules.run(ACCOUNT_INFO, accounts=given, gather=[part], quota_paths=[PATH]).result["accounts"]
    for name in names:
        row = rows[name]
        assert row["failed"] is False, (name, row["msg"])
        its = row["parts"][part]
        its = its["paths"][PATH] if part == "quota" else its
        assert its["ok"] is False, name
        assert its["meaning"], name


ODD: dict[str, tuple[str, str, dict[str, t.Any]]] = {
    "templates-no-list": ("templates", "templates", {"template_list": {}}),
    "templates-null": ("templates", "templates", {"template_list": None}),
    "template-is-text": ("templates", "templates", {"template_list": ["x"]}),
    "template-without-id": ("templates", "templates", {"template_list": [{"title": "x"}]}),
    "template-id-number": ("templates", "templates", {"template_list": [{"template_id": 7, "title": "x"}]}),
    "tags-no-list": ("tags", "tags_get", {"tags": {}}),
    "articles-text": ("publish", "published", {"total_count": "many"}),
    "articles-negative": ("publish", "published", {"total_count": -1}),
    "agents-no-list": ("customer_service", "kf_list", {"kf_list": {}}),
    "quota-no-dict": ("quota", "quota", {"errcode": 0, "quota": [1]}),
    "quota-no-limit": ("quota", "quota", {"errcode": 0, "quota": {"used": 1, "remain": 2}}),
    "quota-limit-text": ("quota", "quota", {"errcode": 0, "quota": {"daily_limit": "lots"}}),
    "ips-no-list": ("ips", "callback_ips", {"ip_list": "203.0.113.1"}),
    "ips-no-address": ("ips", "callback_ips", {"ip_list": ["not one"]}),
    "ips-null": ("ips", "callback_ips", {"ip_list": [None]}),
    "callback-no-list": ("callback", "callback", {"dns": "x"}),
    "autoreply-no-flag": ("autoreply", "autoreply", {"is_autoreply_open": 1}),
    "autoreply-flag-2": ("autoreply", "autoreply", {"is_autoreply_open": 2, "is_add_friend_reply_open": 0}),
    "autoreply-block-text": (
        "autoreply",
        "autoreply",
        {"is_autoreply_open": 1, "is_add_friend_reply_open": 0, "keyword_autoreply_info": "x"},
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_answer_is_not_read_as_something_else(name: str, modules: Modules, account: Account) -> None:
    part, call, body = ODD[name]
    calls = ("templates", "notices") if part == "templates" else (call,)
    for one in calls:
        account.plan(one, Fault(body=json.dumps({**body, "data": None} if one == "notices" else body).encode()))
    its = parts_of(modules, account, part)[part]
    its = its["paths"][PATH] if part == "quota" else its
    assert (its["ok"], its["errcode"]) == (False, None)


def test_what_is_nested_too_deeply_is_refused(modules: Modules, account: Account) -> None:
    deep: t.Any = "x"
    for _level in range(100):
        deep = {"a": deep}
    account.standing.autoreply["add_friend_autoreply_info"] = deep
    assert parts_of(modules, account, "autoreply")["autoreply"]["ok"] is False


TEXTS = ["{{ lookup('pipe', 'id') }}", "a\nb", "\u202egnp.exe", "\ud83d", "<b>x</b>", "=1+1", "", "x" * 5_000]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_texts_of_the_platform_are_data(text: str, modules: Modules, account: Account) -> None:
    account.templates.messages = {"m1": (text, text)}
    account.tags.tags = [Tag(100, text)]
    account.standing.autoreply["add_friend_autoreply_info"] = {"type": "text", "content": text}
    parts = parts_of(modules, account, "templates", "tags", "autoreply")
    kept = text.encode(errors="backslashreplace").decode()
    assert [*parts["templates"]["templates"]] == [kept]
    assert parts["tags"]["tags"][0]["name"] == kept
    assert parts["autoreply"]["add_friend_autoreply_info"]["content"] == kept


def test_a_platform_that_is_not_there_fails_the_task(modules: Modules, account: Account) -> None:
    account.plan("api_ips", *[ANSWERS["lost"]] * 2)
    result = modules.one(ACCOUNT_INFO, account)
    assert (result["failed"], result["failure"]["reason"]) == (True, "transport")
    assert account.calls == ["token", "api_ips", "api_ips"]


def test_after_a_look_that_could_not_reach_the_platform_the_others_do_not_wait_as_long(modules: Modules, account: Account) -> None:
    account.plan("tags_get", *[ANSWERS["lost"]] * 2)
    result = modules.one(ACCOUNT_INFO, account, gather=["draft_switch", "tags", "publish", "customer_service"])
    assert account.calls == ["token", "api_ips", "look", "tags_get", "tags_get"]
    assert {name: part["ok"] for name, part in result["parts"].items()} == {
        "draft_switch": True,
        "tags": False,
        "publish": False,
        "customer_service": False,
    }


# --- Quotas.

# What the platform answers, and what is read.
QUOTAS: dict[str, tuple[dict[str, t.Any], dict[str, t.Any]]] = {
    "whole": (
        {"quota": {"daily_limit": 1000, "used": 7, "remain": 993}, "rate_limit": {"call_count": 600, "refresh_second": 60}},
        {"limit": 1000, "used": 7, "left": 993, "rate_limit": {"calls": 600, "seconds": 60}, "component_rate_limit": None},
    ),
    "older": ({"quota": {"daily_limit": 1000, "used": 7, "remain": 993}}, {"left": 993, "rate_limit": None}),
    "without-remain": ({"quota": {"daily_limit": 1000, "used": 7}}, {"limit": 1000, "used": 7, "left": 993}),
    "over": ({"quota": {"daily_limit": 1000, "used": 1010}}, {"left": 0}),
    "texts": ({"quota": {"daily_limit": "1000", "used": "7", "remain": 993.0}}, {"limit": 1000, "used": 7, "left": 993}),
    "only-a-limit": ({"quota": {"daily_limit": 1000}}, {"limit": 1000, "used": None, "left": None}),
    "odd-rate": ({"quota": {"daily_limit": 1}, "rate_limit": [1]}, {"rate_limit": None}),
    "odd-rates": ({"quota": {"daily_limit": 1}, "rate_limit": {"call_count": "x"}}, {"rate_limit": {"calls": None, "seconds": None}}),
}


@pytest.mark.parametrize("name", QUOTAS)
def test_a_quota_is_read_whatever_the_platform_leaves_out(name: str, modules: Modules, account: Account) -> None:
    body, expected = QUOTAS[name]
    account.plan("quota", Fault(body=json.dumps({"errcode": 0, "errmsg": "ok", **body}).encode()))
    its = parts_of(modules, account, "quota")["quota"]["paths"][PATH]
    assert its["ok"] is True
    assert {key: its[key] for key in expected} == expected
    assert its["back_at"].endswith(" 00:00:00")


def test_each_path_has_its_own_quota_and_its_own_refusal(modules: Modules, account: Account) -> None:
    account.standing.used[PATH] = 990
    paths = [PATH, "/cgi-bin/no/such", "/sns/userinfo", PATH]
    found = modules.one(ACCOUNT_INFO, account, gather=["quota"], quota_paths=paths)["parts"]["quota"]["paths"]
    assert {path: (its["ok"], its["errcode"]) for path, its in found.items()} == {
        PATH: (True, None),
        "/cgi-bin/no/such": (False, 76021),
        "/sns/userinfo": (False, 76022),
    }
    assert (found[PATH]["used"], found[PATH]["left"]) == (990, 10)
    assert account.calls.count("quota") == 3
    assert "clear" not in " ".join(account.calls)


@pytest.mark.parametrize("path", ["cgi-bin/menu/get", "https://api.weixin.qq.com/cgi-bin/menu/get", "/cgi-bin/menu/get?access_token=x", ""])
def test_what_is_no_path_is_refused_before_anything_is_sent(path: str, modules: Modules, account: Account) -> None:
    result = modules.one(ACCOUNT_INFO, account, quota_paths=[path])
    assert (result["failed"], account.calls) == (True, [])
    assert "quota_paths holds something that is no path" in result["msg"]


# --- Failed calls.

CANARY, SECRET = "canary_" + "T0k3n" * 25, "0123456789abcdef0123456789abcdef"


def failed_before(account: Account, *, ago: float = 60, query: str = "", body: t.Any = None, answer: t.Any = None) -> str:
    at = int(time.time() - ago)
    rid = f"{at:08x}-12345678-0a0b0c0d"
    shown = {"errcode": 45009, "errmsg": f"reach max api daily quota limit rid: {rid}"} if answer is None else answer
    raw = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
    account.standing.refusals[rid] = Refusal(query or f"access_token={CANARY}", raw, shown, at)
    return rid


# What the platform remembers of a call, with a token or a secret in it, and what is shown.
REMEMBERED: dict[str, tuple[dict[str, t.Any], dict[str, t.Any]]] = {
    "only-a-query": ({}, {"path": None, "response_errcode": 45009, "client_ip": "203.0.113.7", "cost_in_ms": 30}),
    "meaning": ({}, {"response_meaning": "The account's calls of today are used up (errcode 45009)."}),
    "path": ({"query": f"/cgi-bin/menu/create?access_token={CANARY}"}, {"path": "/cgi-bin/menu/create"}),
    "url": ({"query": f"https://api.weixin.qq.com/cgi-bin/tags/get?access_token={CANARY}"}, {"path": "/cgi-bin/tags/get"}),
    "token-as-path": ({"query": f"/{CANARY}"}, {"path": None}),
    "user-info": ({"query": f"https://{CANARY}@x.example/cgi-bin/token"}, {"path": "/cgi-bin/token"}),
    "secret-in-body": ({"body": {"appid": "wx1", "secret": SECRET}}, {"request_fields": ["appid", "secret"]}),
    "secret-as-name": ({"body": {SECRET: 1, CANARY: 2, "a": 3}}, {"request_fields": ["a"]}),
    "form": ({"body": f"appid=1&secret={SECRET}".encode()}, {"request_fields": []}),
    "list": ({"body": f'["{SECRET}"]'.encode()}, {"request_fields": []}),
    "deep": ({"body": b"[" * 100_000}, {"request_fields": []}),
    "token-in-answer": (
        {"answer": {"access_token": CANARY, "expires_in": 7200}},
        {"response_fields": ["access_token", "expires_in"], "response_errcode": None, "response_errmsg": None},
    ),
    "echo": (
        {"answer": {"errcode": 40001, "errmsg": f"bad {CANARY} and {SECRET}, see docs"}},
        {"response_errcode": 40001, "response_errmsg": "bad ******** and ********, see docs"},
    ),
    "control": ({"answer": {"errcode": 1, "errmsg": "a\nb\x1b[31m"}}, {"response_errmsg": "a b [31m"}),
    "odd-errmsg": ({"answer": {"errcode": "1", "errmsg": [CANARY]}}, {"response_errcode": 1, "response_errmsg": None}),
}


@pytest.mark.parametrize("name", REMEMBERED)
def test_of_a_failed_call_no_secret_is_shown(name: str, modules: Modules, account: Account) -> None:
    given, expected = REMEMBERED[name]
    rid = failed_before(account, **given)
    ran = modules.run(ACCOUNT_INFO, appid=account.appid, secret=account.secret, gather=["token"], rid=rid, more=(CANARY, SECRET))
    its = ran.result["rid"]
    assert (its["ok"], its["rid"], its["at"] == its["invoked_at"]) == (True, rid, True)
    assert {key: its[key] for key in expected} == expected
    for secret in (CANARY, SECRET, CANARY[10:40], SECRET[4:20]):
        assert secret not in ran.written


ODD_CALLS: dict[str, t.Any] = {
    "none": None,
    "text": CANARY,
    "empty": {},
    "numbers": {"request_url": 7, "request_body": 7, "response_body": 7, "client_ip": 7, "invoke_time": "soon", "cost_in_ms": "x"},
    "objects": {"request_url": {"u": CANARY}, "request_body": {SECRET: CANARY}, "response_body": {"errmsg": {"x": CANARY}}},
    "odd-ip": {"client_ip": CANARY},
    "odd-ip-6": {"client_ip": f"fe80::1%{SECRET}"},
    "odd-time": {"invoke_time": 10**18},
    "names": {CANARY: CANARY},
}


@pytest.mark.parametrize("name", ODD_CALLS)
def test_an_odd_answer_about_a_failed_call_shows_no_secret_either(name: str, modules: Modules, account: Account) -> None:
    rid = failed_before(account)
    body = json.dumps({"errcode": 0, "errmsg": "ok", "request": ODD_CALLS[name]}).encode()
    account.plan("rid", Fault(body=body))
    ran = modules.run(ACCOUNT_INFO, appid=account.appid, secret=account.secret, gather=["token"], rid=rid, more=(CANARY, SECRET))
    assert ran.result["rid"]["ok"] is isinstance(ODD_CALLS[name], dict)
    assert ran.result["rid"]["at"]
    for secret in (CANARY, SECRET, CANARY[10:40], SECRET[4:20]):
        assert secret not in ran.written


def test_a_call_that_is_too_old_is_not_asked_about_and_its_time_is_told(modules: Modules, account: Account) -> None:
    rid = failed_before(account, ago=WEEK + 60)
    result = modules.one(ACCOUNT_INFO, account, gather=["token"], rid=rid)
    assert (result["rid"]["ok"], result["rid"]["errcode"], result["rid"]["path"]) == (False, None, None)
    assert "7 days" in result["rid"]["meaning"]
    assert f"The failed call came at {result['rid']['at']} Beijing time. Failed to read the failed call: the plat" in result["msg"]
    assert account.calls == ["token", "api_ips"]


def test_a_call_of_which_no_time_is_known_is_explained(modules: Modules, account: Account) -> None:
    request = {"response_body": json.dumps({"errcode": 48001, "errmsg": "api unauthorized"})}
    account.plan("rid", Fault(body=json.dumps({"errcode": 0, "errmsg": "ok", "request": request}).encode()))
    result = modules.one(ACCOUNT_INFO, account, gather=["token"], rid="1-2-3")
    assert " The failed call: this account may not use the call (errcode 48001); check " in result["msg"]


RIDS = {"unknown": 76001, "form": 76002, "another": 76003, "old": 76004}


@pytest.mark.parametrize("name", RIDS)
def test_a_rid_that_the_platform_does_not_explain(name: str, modules: Modules, account: Account) -> None:
    account.plan("rid", Fault(errcode=RIDS[name]))
    result = modules.one(ACCOUNT_INFO, account, gather=["token"], rid=failed_before(account))
    its = result["rid"]
    assert (its["ok"], its["errcode"], its["path"]) == (False, RIDS[name], None)
    assert f" Failed to read the failed call: {its['meaning'][0].lower()}{its['meaning'][1:-1]}" in result["msg"]
    assert its["at"]


@pytest.mark.parametrize("rid", ["1", "617682e0-6126f6f9", "617682e0 6126f6f9 040f19c4", SECRET, "617682E0-6126F6F9-040F19C4", "{{ x }}"])
def test_what_is_no_rid_is_refused_before_anything_is_sent(rid: str, modules: Modules, account: Account) -> None:
    result = modules.one(ACCOUNT_INFO, account, rid=rid)
    assert (result["failed"], account.calls) == (True, [])
    assert rid not in result["msg"] or rid == "1"


def test_each_account_has_its_own_rid(modules: Modules, simulator: Simulator) -> None:
    one, other, third = (simulator.add() for _number in range(3))
    rids = {"one": failed_before(one, ago=60), "other": failed_before(other, ago=120)}
    accounts = [
        {"name": name, "appid": its.appid, "secret": its.secret, "rid": rids.get(name)}
        for name, its in (("one", one), ("other", other), ("third", third))
    ]
    rows = modules.run(ACCOUNT_INFO, accounts=accounts, gather=["token"]).result["accounts"]
    assert [rows["one"]["rid"]["rid"], rows["other"]["rid"]["rid"], rows["third"]["rid"]] == [rids["one"], rids["other"], None]


# --- Many accounts.


def test_many_accounts_are_summed_up_by_what_to_do(modules: Modules, simulator: Simulator) -> None:
    accounts = {name: become(simulator.add(), kind) for name, kind in (("a", "personal"), ("b", "personal"), ("c", "service"))}
    accounts["d"] = simulator.add()
    accounts["d"].frozen_secret = True
    given = [{"name": name, "appid": one.appid, "secret": one.secret} for name, one in accounts.items()]
    result = modules.run(ACCOUNT_INFO, accounts=given).result
    counted, frozen, *advised = result["msg"].splitlines()
    assert counted == "4 accounts: 3 checked; 1 failed."
    assert frozen.endswith(": d")
    assert all(line.startswith("2 accounts: ") and line.endswith(": a, b") for line in advised)
    assert advised
    assert (result["changed"], result["summary"]["unchanged"], result["summary"]["failed"]) == (False, 3, 1)


def test_a_secret_that_stands_in_what_an_account_shows_is_masked(modules: Modules, account: Account) -> None:
    account.standing.autoreply["message_default_autoreply_info"] = {"type": "text", "content": account.secret}
    account.templates.messages = {"m1": (account.secret, "")}
    parts = parts_of(modules, account, "autoreply", "templates")
    assert parts["autoreply"]["message_default_autoreply_info"]["content"] == "********"
    assert [*parts["templates"]["templates"]] == ["********"]
