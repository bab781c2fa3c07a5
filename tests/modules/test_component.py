# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Accounts that have authorised a third-party platform. The user has only its component_access_token."""

from __future__ import annotations

import json
import typing as t

import pytest

from tests.integration.shapes import COUNTS
from tests.modules.runner import SWITCH, SWITCH_INFO
from tests.simulator import Fault

if t.TYPE_CHECKING:
    from tests.modules.runner import Main, Modules, Result
    from tests.simulator import Account, Component, Simulator

ONE_ACCOUNT = ["authorizer_info", "authorizer_token", "look", "enable", "look"]


@pytest.fixture
def platform(simulator: Simulator) -> Component:
    return simulator.add_component()


def authorised(simulator: Simulator, platform: Component, number: int) -> dict[str, Account]:
    accounts = {}
    for _account in range(number):
        account = simulator.add()
        platform.authorise(account)
        accounts[account.appid] = account
    return accounts


def only(simulator: Simulator, platform: Component) -> tuple[str, Account]:
    (account,) = list(authorised(simulator, platform, 1).values())
    return account.appid, account


def of(platform: Component) -> dict[str, str]:
    return {"component_appid": platform.appid, "component_access_token": platform.token}


def one(modules: Modules, platform: Component, main: Main = SWITCH, **options: t.Any) -> Result:
    return modules.run(main, **{**of(platform), **options}).result


def fleet(modules: Modules, platform: Component, accounts: t.Iterable[str], **options: t.Any) -> Result:
    return one(modules, platform, accounts=[{"appid": appid} for appid in accounts], **options)


# --- One account.


def test_one_account(simulator: Simulator, modules: Modules, platform: Component) -> None:
    appid, account = only(simulator, platform)
    assert one(modules, platform, appid=appid)["changed"]
    assert account.calls == ONE_ACCOUNT
    # The newest pages of the documentation use this name. No new component_access_token is created, and no refresh is forced.
    seen = [seen for seen in simulator.log if seen.component == platform.appid and seen.path.startswith("/cgi-bin/component/")]
    assert all(one.query.startswith("access_token=") for one in seen)
    assert {one.path.rsplit("/", 1)[1] for one in seen} == {"api_get_authorizer_info", "api_authorizer_token"}


def test_one_account_with_its_refresh_token(simulator: Simulator, modules: Modules, platform: Component) -> None:
    appid, account = only(simulator, platform)
    refresh_token = platform.authorizers[appid].refresh_token
    assert one(modules, platform, appid=appid, authorizer_refresh_token=refresh_token)["changed"]
    assert account.calls == ONE_ACCOUNT[1:]


def test_check_mode_and_info_only_look(simulator: Simulator, modules: Modules, platform: Component) -> None:
    appid, account = only(simulator, platform)
    assert one(modules, platform, check=True, appid=appid)["changed"]
    assert one(modules, platform, SWITCH_INFO, appid=appid)["is_open"] is False
    assert account.calls == ONE_ACCOUNT[:3] * 2


def test_details_without_a_refresh_token_are_made_up_for_by_the_list(simulator: Simulator, modules: Modules, platform: Component) -> None:
    appid, _account = only(simulator, platform)
    platform.authorizers[appid].shows_refresh_token = False
    assert one(modules, platform, appid=appid)["changed"]
    assert platform.calls == ["authorizer_info", "authorizer_list", "authorizer_token"]


def test_a_dead_token_is_replaced_once_with_the_newest_refresh_token(simulator: Simulator, modules: Modules, platform: Component) -> None:
    platform.rotates_refresh_tokens = True
    appid, account = only(simulator, platform)
    account.plan("look", Fault(errcode=42001))
    assert one(modules, platform, appid=appid)["changed"]
    assert account.calls == ["authorizer_info", "authorizer_token", "look", "authorizer_token", "look", "enable", "look"]
    account.plan("look", Fault(errcode=42001), Fault(errcode=42001))
    assert one(modules, platform, appid=appid)["failure"]["reason"] == "credential"


def test_what_may_pass_is_tried_again(simulator: Simulator, modules: Modules, platform: Component) -> None:
    appid, account = only(simulator, platform)
    account.plan("authorizer_info", Fault(errcode=-1)).plan("authorizer_token", Fault(lost=True))
    assert one(modules, platform, appid=appid)["changed"]
    assert account.calls == ["authorizer_info"] * 2 + ["authorizer_token"] * 2 + ["look", "enable", "look"]


@pytest.mark.parametrize("call", ["authorizer_info", "authorizer_token"])
@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"authorizer_access_token":"","authorization_info":7,"authorizer_info":null}'])
def test_an_answer_that_makes_no_sense(call: str, body: bytes, simulator: Simulator, modules: Modules, platform: Component) -> None:
    appid, account = only(simulator, platform)
    account.plan(call, *[Fault(body=body)] * 2)
    failure = one(modules, platform, appid=appid)["failure"]
    if call == "authorizer_info" and b"authorization_info" in body:
        assert failure is None
    else:
        assert failure["reason"] == "protocol"
        assert "enable" not in account.calls


REMEDIES = {
    61003: "have the account's administrator authorise the third-party platform again, with permission set 11 (materials) or 100",
    61004: "add 203.0.113.8 to the third-party platform's IP allow list",
    61007: "have the third-party platform offer permission set 11 (materials) or 100, and",
    61023: "leave authorizer_refresh_token out, so that it is read from the third-party platform's list",
    48001: "check which APIs the account has, on the WeChat developer platform",
    42006: "take the current component_access_token from the third-party platform's service; do not create another one yourself",
}


@pytest.mark.parametrize("code", REMEDIES)
@pytest.mark.parametrize("call", ["authorizer_info", "authorizer_token", "look"])
def test_errors_of_this_path_have_their_remedies(call: str, code: int, simulator: Simulator, modules: Modules, platform: Component) -> None:
    appid, account = only(simulator, platform)
    account.plan(call, Fault(errcode=code))
    result = one(modules, platform, appid=appid)
    assert REMEDIES[code] in result["msg"]
    assert "no enabling request was sent" in result["msg"]


COMPONENT_REMEDIES = {
    -1: "run again in a few minutes.",
    40013: "check appid and component_appid",
    41002: "check component_appid, and what a proxy between does",
    41018: "check component_appid, and what a proxy between does",
    45009: "the calls of today are used up (errcode 45009); no enabling request was sent; run again after 00:00 Beijing time.",
    45011: "the calls of this minute are used up (errcode 45011); no enabling request was sent; wait a minute, then run again.",
    48006: "the calls of today are used up (errcode 48006); no enabling request was sent; run again after 00:00 Beijing time.",
    48012: "take the current component_access_token",
    61014: "take the current component_access_token",
    61015: "take the current component_access_token",
    61024: "take the current component_access_token",
}


@pytest.mark.parametrize("code", COMPONENT_REMEDIES)
def test_errors_of_the_platform_s_own_calls_speak_of_them(code: int, simulator: Simulator, modules: Modules, platform: Component) -> None:
    appid, account = only(simulator, platform)
    account.plan("authorizer_token", *[Fault(errcode=code)] * 2)
    assert COMPONENT_REMEDIES[code] in one(modules, platform, appid=appid)["msg"]


# --- Fleets.


def test_a_fleet_costs_few_pages(simulator: Simulator, modules: Modules, platform: Component) -> None:
    accounts = authorised(simulator, platform, 501)
    result = fleet(modules, platform, accounts, concurrency=64)
    assert result["summary"] == {**COUNTS, "total": 501, "changed": 501}
    assert platform.calls.count("authorizer_list") == 2
    assert platform.calls.count("authorizer_token") == 501
    assert "authorizer_info" not in platform.calls


def test_no_more_pages_are_read_than_needed(simulator: Simulator, modules: Modules, platform: Component) -> None:
    accounts = list(authorised(simulator, platform, 1100))
    assert fleet(modules, platform, accounts[:10])["summary"]["changed"] == 10
    assert platform.calls.count("authorizer_list") == 1
    assert fleet(modules, platform, [accounts[0], accounts[700]])["summary"]["total"] == 2
    assert platform.calls.count("authorizer_list") == 3


def test_who_is_not_in_the_list_fails_alone(simulator: Simulator, modules: Modules, platform: Component) -> None:
    accounts = authorised(simulator, platform, 4)
    gone, empty, *_others = accounts
    platform.revoke(gone)
    platform.authorizers[empty].lists_refresh_token = False
    result = fleet(modules, platform, accounts)
    assert result["summary"] == {**COUNTS, "total": 4, "changed": 2, "failed": 2}
    assert "the account is not among those that have authorised" in result["accounts"][gone]["msg"]
    assert "with permission set 11 (materials) or 100, or leave the account out" in result["accounts"][gone]["msg"]
    assert "the platform gives no authorizer_refresh_token of this account" in result["accounts"][empty]["msg"]
    assert "exchange the account's authorization code, or its administrator authorise again" in result["accounts"][empty]["msg"]
    assert platform.calls.count("authorizer_list") == 1


def test_ways_can_be_mixed(simulator: Simulator, modules: Modules, platform: Component) -> None:
    (listed, given), own, tokened = list(authorised(simulator, platform, 2)), simulator.add(), simulator.add()
    accounts = [
        {"appid": listed},
        {"appid": given, "authorizer_refresh_token": platform.authorizers[given].refresh_token},
        {"appid": own.appid, "secret": own.secret},
        {"appid": tokened.appid, "access_token": simulator.issue(tokened)},
    ]
    assert one(modules, platform, accounts=accounts)["summary"] == {**COUNTS, "total": 4, "changed": 4}
    assert sorted(platform.calls) == ["authorizer_info", "authorizer_token", "authorizer_token"]
    assert own.calls[0] == "token"


@pytest.mark.parametrize("code", [42001, 42006, 40001, 48012, 61004, 61011, 61014])
@pytest.mark.parametrize("given", ["listed", "refresh-token"])
def test_a_platform_s_trouble_is_told_once(given: str, code: int, simulator: Simulator, modules: Modules, platform: Component) -> None:
    accounts = authorised(simulator, platform, 100)
    for call in ("authorizer_list", "authorizer_token"):
        platform.plan(call, *[Fault(errcode=code)] * 300)
    by_appid = [{"appid": appid} for appid in accounts]
    result = one(modules, platform, accounts=by_appid if given == "listed" else given_refresh_tokens(platform, accounts))
    assert len(platform.calls) == 1
    # The accounts in progress share the one answer.
    assert 1 <= result["summary"]["failed"] <= 64
    assert result["summary"]["not_attempted"] == 100 - result["summary"]["failed"]
    reasons = {row["failure"]["reason"] for row in result["accounts"].values()}
    assert reasons == {"not_attempted", "operator" if code in (61004, 61011, 61014) else "credential"}
    assert len(result["msg"].split("\n")) == 3
    if code == 61004:
        assert "203.0.113.8" in result["msg"]
    assert not any("look" in account.calls for account in accounts.values())


def test_a_token_that_dies_on_the_way_is_told_once(simulator: Simulator, modules: Modules, platform: Component) -> None:
    accounts = authorised(simulator, platform, 200)
    platform.plan("authorizer_token", *[Fault(delay=0.01)] * 40, *[Fault(errcode=42001)] * 300)
    result = fleet(modules, platform, accounts, concurrency=8)
    # This includes the requests in progress.
    assert 41 <= platform.calls.count("authorizer_token") <= 48
    turned_on = sum(account.is_open for account in accounts.values())
    assert turned_on == 40 == result["summary"]["changed"]
    assert result["summary"]["not_attempted"] >= 200 - 40 - 8 - 8
    assert result["msg"].count("take the current component_access_token from the third-party platform's service") == 2


def listing(platform: Component, total: int, *appids: str) -> Fault:
    """A page of the list as it was earlier or later."""
    rows = [{"authorizer_appid": appid, "refresh_token": platform.authorizers[appid].refresh_token, "auth_time": 1} for appid in appids]
    return Fault(body=json.dumps({"total_count": total, "list": rows}).encode())


def test_a_list_that_changes_while_it_is_read_is_read_again(simulator: Simulator, modules: Modules, platform: Component) -> None:
    a, b, c, d = list(authorised(simulator, platform, 4))
    # The first account leaves after the first page was read. The third one moves onto that page.
    platform.plan("authorizer_list", listing(platform, 4, a, b), listing(platform, 3, d))
    platform.revoke(a)
    result = fleet(modules, platform, [b, c, d])
    assert result["summary"] == {**COUNTS, "total": 3, "changed": 3}
    assert platform.calls.count("authorizer_list") == 3


def test_the_same_page_over_and_over_and_an_odd_entry(simulator: Simulator, modules: Modules, platform: Component) -> None:
    a, b, c = list(authorised(simulator, platform, 3))
    page = json.loads(listing(platform, 50_000, a, b).body or b"")
    page["list"].append({"authorizer_appid": "", "refresh_token": ""})
    platform.plan("authorizer_list", *[Fault(body=json.dumps(page).encode())] * 200)
    result = fleet(modules, platform, [a, b, c])
    # The accounts that were listed are not held back.
    assert result["summary"] == {**COUNTS, "total": 3, "changed": 2, "failed": 1}
    message = result["accounts"][c]["msg"]
    assert "only 2 of 50,000 accounts were listed, 3 times over; entry 3 has no usable AppID; " in message
    assert "; or give the account's authorizer_refresh_token" in message
    assert platform.calls.count("authorizer_list") == 6


def test_what_one_reading_lacks_another_may_have(simulator: Simulator, modules: Modules, platform: Component) -> None:
    a, b, c = list(authorised(simulator, platform, 3))
    for found in ((a,), (b,), (c,)):
        platform.plan("authorizer_list", listing(platform, 3, *found), *[listing(platform, 3)] * (found != (c,)))
    assert fleet(modules, platform, [a, b, c])["summary"]["changed"] == 3
    assert platform.calls.count("authorizer_list") == 5


@pytest.mark.parametrize("fault", [Fault(body=b"<html>", content_type="text/html"), Fault(lost=True)], ids=["html", "lost"])
def test_a_list_that_cannot_be_read_stops_only_those_it_is_read_for(
    fault: Fault, simulator: Simulator, modules: Modules, platform: Component
) -> None:
    listed, own = authorised(simulator, platform, 30), [simulator.add() for _account in range(40)]
    platform.plan("authorizer_list", fault, fault)
    accounts = [{"appid": appid} for appid in listed] + [{"appid": account.appid, "secret": account.secret} for account in own]
    result = one(modules, platform, accounts=accounts, concurrency=2)
    assert result["summary"] == {**COUNTS, "total": 70, "changed": 40, "failed": 30}
    assert platform.calls == ["authorizer_list"] * 2


def given_refresh_tokens(platform: Component, accounts: t.Iterable[str]) -> list[dict[str, str]]:
    return [{"appid": appid, "authorizer_refresh_token": platform.authorizers[appid].refresh_token} for appid in accounts]


@pytest.mark.parametrize("first", [Fault(delay=0.2), Fault(lost=True), Fault(status=504, body=b"")], ids=["answered", "lost", "504"])
def test_once_the_first_is_answered_all_go_on_together(first: Fault, simulator: Simulator, modules: Modules, platform: Component) -> None:
    accounts = authorised(simulator, platform, 16)
    if first.status == 504:
        # As long as they last, too.
        platform.plan("authorizer_token", first, *[Fault(status=504, body=b"", delay=0.3)] * 15)
    platform.plan("authorizer_token", first, *[Fault(delay=0.3)] * 16)
    before = simulator.connections
    result = one(modules, platform, accounts=given_refresh_tokens(platform, accounts), concurrency=16, retries=2)
    assert result["summary"]["changed"] == 16
    # In line after each other, they would share a few.
    assert simulator.connections - before >= 12


def test_a_busy_platform_is_no_proof_of_the_token(simulator: Simulator, modules: Modules, platform: Component) -> None:
    accounts = authorised(simulator, platform, 40)
    platform.plan("authorizer_token", Fault(errcode=-1), *[Fault(errcode=42001)] * 60)
    assert one(modules, platform, accounts=given_refresh_tokens(platform, accounts))["failed"]
    assert platform.calls == ["authorizer_token"] * 2


def test_a_list_that_is_never_whole_fails_those_it_lacks(simulator: Simulator, modules: Modules, platform: Component) -> None:
    a, b, c = list(authorised(simulator, platform, 3))
    platform.plan("authorizer_list", *[listing(platform, 3, a, b), listing(platform, 3)] * 3)
    result = fleet(modules, platform, [a, b, c])
    assert result["summary"] == {**COUNTS, "total": 3, "changed": 2, "failed": 1}
    assert "only 2 of 3 accounts were listed, 3 times over; " in result["accounts"][c]["msg"]
    assert platform.calls.count("authorizer_list") == 6


@pytest.mark.parametrize("call", ["authorizer_list", "authorizer_info", "authorizer_token"])
def test_an_answer_that_echoes_tokens(call: str, simulator: Simulator, modules: Modules, platform: Component) -> None:
    accounts = authorised(simulator, platform, 2)
    given = {"authorizer_refresh_token": platform.authorizers[next(iter(accounts))].refresh_token}
    for kind in ("authorizer_list", "authorizer_info", "authorizer_token"):
        platform.plan(kind, *[Fault(errcode=99999, echo=True)] * 2 if kind == call else [])
    alone = modules.run(SWITCH, **of(platform), appid=next(iter(accounts)), **({} if call == "authorizer_info" else given))
    many = modules.run(SWITCH, **of(platform), accounts=[{"appid": appid} for appid in accounts])
    assert alone.result["failed"] or many.result["failed"]
    assert "bad request" in alone.written + many.written


def test_a_list_that_cannot_be_read_is_told_once(simulator: Simulator, modules: Modules, platform: Component) -> None:
    accounts = authorised(simulator, platform, 100)
    platform.plan("authorizer_list", *[Fault(body=b"<html>", content_type="text/html")] * 50)
    result = fleet(modules, platform, accounts)
    assert platform.calls == ["authorizer_list"] * 2
    assert result["summary"]["failed"] + result["summary"]["not_attempted"] == 100


# --- Options.

APPID, TOKEN, REFRESH = "wx00000000deadbeef", "canary-component-token", "refreshtoken@@@canary"
REFUSED: dict[str, tuple[dict[str, t.Any], str]] = {
    "appid-alone": ({"appid": APPID}, "secret is missing"),
    "refresh-token-alone": (
        {"authorizer_refresh_token": REFRESH, "component_appid": APPID, "component_access_token": TOKEN},
        "but authorizer_refresh_token",
    ),
    "half-a-platform": ({"appid": APPID, "component_appid": APPID}, "component_appid is given, and component_access_token is missing"),
    "other-half": ({"appid": APPID, "component_access_token": TOKEN}, "component_access_token is given, and component_appid is missing"),
    "bad-appid": ({"appid": APPID, "component_appid": "wx1", "component_access_token": TOKEN}, "component_appid is not wx and 16"),
    "bad-token": ({"appid": APPID, "component_appid": APPID, "component_access_token": "hunt3r2"}, "component_access_token is not a token"),
    "bad-refresh-token": (
        {"appid": APPID, "component_appid": APPID, "component_access_token": TOKEN, "authorizer_refresh_token": "hunt3r2"},
        "authorizer_refresh_token is not a token",
    ),
    "two-ways": (
        {"access_token": TOKEN, "authorizer_refresh_token": REFRESH},
        "not exactly one way of credentials is given, but access_token, authorizer_refresh_token",
    ),
    "fleet-without-a-platform": ({"accounts": [{"appid": APPID}]}, "secret is missing: account 1 (wx00000000deadbeef)"),
    "misspelt": (
        {"appid": APPID, "component_appid": APPID, "component_acess_token": TOKEN, "authorizer_token": REFRESH},
        "authorizer_token, component_acess_token",
    ),
    "fleet-beside": ({"accounts": [], "authorizer_refresh_token": REFRESH}, "accounts is given together with authorizer_refresh_token"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_before_anything_is_sent(name: str, modules: Modules, simulator: Simulator) -> None:
    options, says = REFUSED[name]
    before = len(simulator.log)
    result = modules.run(SWITCH, **options, more=(TOKEN, REFRESH, "hunt3r2")).result
    assert says in result["msg"]
    # Ansible finds this itself, and uses its own words.
    assert "nothing was sent" in result["msg"] or name == "misspelt"
    assert result["failure"]["reason"] == "operator"
    assert len(simulator.log) == before


def test_accounts_by_their_appids_alone_ask_for_the_platform(modules: Modules) -> None:
    message = modules.run(SWITCH, accounts=[{"appid": APPID}]).result["msg"]
    assert "for an account that has authorised a third-party platform, give component_appid and component_access_token instead" in message


def test_info_on_a_fleet(simulator: Simulator, modules: Modules, platform: Component) -> None:
    accounts = authorised(simulator, platform, 20)
    result = one(modules, platform, SWITCH_INFO, accounts=[{"appid": appid} for appid in accounts])
    assert result["summary"] == {**COUNTS, "total": 20, "unchanged": 20}
    assert platform.calls.count("authorizer_list") == 1
    assert {tuple(account.calls) for account in accounts.values()} == {("authorizer_token", "look")}


def test_the_environment_stands_in(simulator: Simulator, modules: Modules, platform: Component) -> None:
    first, second = list(authorised(simulator, platform, 2))
    env = {"WECHAT_COMPONENT_APPID": platform.appid, "WECHAT_COMPONENT_ACCESS_TOKEN": platform.token}
    own = simulator.add()
    assert modules.run(SWITCH, env=env, appid=first).result["changed"]
    assert modules.run(SWITCH, env={**env, "WECHAT_APPID": second}).result["changed"]
    # The account's own secret is used, and the third-party platform is not needed.
    assert modules.one(SWITCH, own, env={"WECHAT_COMPONENT_APPID": "half of it"})["changed"]
    assert own.calls == ["token", "look", "enable", "look"]
