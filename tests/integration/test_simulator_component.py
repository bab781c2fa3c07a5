# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator answers third-party platforms as the platform is known to.

The tests compare it with the documentation, not with the plugins.
"""

from __future__ import annotations

import json
import typing as t

import pytest
import requests

from tests.integration.harness import secrets_of
from tests.simulator import Fault, Simulator

if t.TYPE_CHECKING:
    from tests.simulator import Account, Authorizer, Component

Answer = dict[str, t.Any]


@pytest.fixture
def component(simulator: Simulator) -> Component:
    return simulator.add_component()


@pytest.fixture
def account(simulator: Simulator) -> Account:
    return simulator.add()


@pytest.fixture
def authorizer(component: Component, account: Account) -> Authorizer:
    return component.authorise(account)


def send(simulator: Simulator, path: str, method: str = "POST", **how: t.Any) -> requests.Response:
    return requests.request(method, f"{simulator.url}/cgi-bin/{path}", verify=str(simulator.ca_path), timeout=5, **how)


def call(simulator: Simulator, component: Component, name: str, *, token: str | None = None, **fields: t.Any) -> Answer:
    params = {"access_token": component.token if token is None else token}
    answer = send(simulator, f"component/{name}", params=params, json={"component_appid": component.appid, **fields})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain")
    # Plain text without a charset, which requests would take for Latin-1.
    return t.cast("Answer", json.loads(answer.content))


def page(simulator: Simulator, component: Component, offset: int = 0, count: int = 500, **how: t.Any) -> Answer:
    return call(simulator, component, "api_get_authorizer_list", offset=offset, count=count, **how)


def info(simulator: Simulator, component: Component, appid: str, **how: t.Any) -> Answer:
    return call(simulator, component, "api_get_authorizer_info", authorizer_appid=appid, **how)


def fetch(simulator: Simulator, component: Component, authorizer: Authorizer, **fields: t.Any) -> Answer:
    body = {"authorizer_appid": authorizer.account.appid, "authorizer_refresh_token": authorizer.refresh_token, **fields}
    return call(simulator, component, "api_authorizer_token", **body)


def look(simulator: Simulator, token: str) -> Answer:
    return t.cast("Answer", send(simulator, "draft/switch", params={"access_token": token, "checkonly": "1"}, json={}).json())


# The list.


def test_a_list_comes_in_pages_in_a_stable_order(simulator: Simulator, component: Component) -> None:
    accounts = [simulator.add() for _number in range(1203)]
    authorizers = [component.authorise(account) for account in accounts]
    pages = [page(simulator, component, offset) for offset in (0, 500, 1000, 1500)]
    assert [len(one["list"]) for one in pages] == [500, 500, 203, 0]
    assert all(set(one) == {"total_count", "list"} and one["total_count"] == 1203 for one in pages)
    assert [row for one in pages for row in one["list"]] == [
        {"authorizer_appid": one.account.appid, "refresh_token": one.refresh_token, "auth_time": one.auth_time} for one in authorizers
    ]
    assert page(simulator, component, 7, 2)["list"] == pages[0]["list"][7:9]
    assert component.calls == ["authorizer_list"] * 5


@pytest.mark.usefixtures("authorizer")
def test_more_than_500_is_refused(simulator: Simulator, component: Component) -> None:
    assert page(simulator, component, count=500)["total_count"] == 1
    refused = page(simulator, component, count=501)
    assert refused["errcode"] == 40170
    assert " rid: " in refused["errmsg"]


@pytest.mark.parametrize("fields", [{"offset": -1}, {"offset": None}, {"count": "500"}, {"count": True}])
def test_numbers_of_the_list_are_numbers(fields: Answer, simulator: Simulator, component: Component) -> None:
    """Inferred."""
    assert call(simulator, component, "api_get_authorizer_list", **{"offset": 0, "count": 1, **fields})["errcode"] == 47001


def test_a_list_can_lack_a_refresh_token(simulator: Simulator, component: Component, account: Account) -> None:
    authorizer = component.authorise(account, lists_refresh_token=False)
    assert page(simulator, component)["list"][0]["refresh_token"] == ""
    shown = info(simulator, component, account.appid)["authorization_info"]
    assert shown["authorizer_refresh_token"] == authorizer.refresh_token


def test_an_empty_list_is_a_list(simulator: Simulator, component: Component) -> None:
    assert page(simulator, component) == {"total_count": 0, "list": []}


# One account's details.


def test_what_the_details_hold(simulator: Simulator, component: Component, account: Account) -> None:
    authorizer = component.authorise(
        account,
        nick_name="好账号",
        user_name="gh_0123456789ab",
        principal_name="某公司",
        alias="good",
        service_type=1,
        verify_type=-1,
        account_status=19,
        permission_sets=(1, 11, 100),
    )
    answer = info(simulator, component, account.appid)
    assert set(answer) == {"authorizer_info", "authorization_info"}
    shown = answer["authorizer_info"]
    assert [shown[name] for name in ("nick_name", "user_name", "principal_name", "alias")] == [
        "好账号",
        "gh_0123456789ab",
        "某公司",
        "good",
    ]
    assert shown["account_status"] == 19
    assert (shown["service_type_info"], shown["verify_type_info"]) == ({"id": 1}, {"id": -1})
    assert answer["authorization_info"] == {
        "authorizer_appid": account.appid,
        "authorizer_refresh_token": authorizer.refresh_token,
        "func_info": [{"funcscope_category": {"id": number}} for number in (1, 11, 100)],
    }
    assert account.calls == component.calls == ["authorizer_info"]


def test_details_can_lack_a_refresh_token(simulator: Simulator, component: Component, account: Account) -> None:
    """The documentation says that it comes only with API permission, and its example has none."""
    component.authorise(account, shows_refresh_token=False)
    assert set(info(simulator, component, account.appid)["authorization_info"]) == {"authorizer_appid", "func_info"}


# An account's token.


def test_a_token_turns_on(simulator: Simulator, component: Component, account: Account, authorizer: Authorizer) -> None:
    answer = fetch(simulator, component, authorizer)
    token = answer.pop("authorizer_access_token")
    assert answer == {"expires_in": 7200, "authorizer_refresh_token": authorizer.refresh_token}
    assert look(simulator, token) == {"errcode": 0, "errmsg": "ok", "is_open": 0}
    assert send(simulator, "draft/switch", params={"access_token": token}, json={}).json() == {"errcode": 0, "errmsg": "ok"}
    assert look(simulator, token)["is_open"] == 1
    assert account.calls == ["authorizer_token", "look", "enable", "look"]
    assert component.calls == ["authorizer_token"]
    assert {seen.component for seen in simulator.log[-4:]} == {component.appid}


def test_it_does_not_disturb_the_accounts_own_token(
    simulator: Simulator, component: Component, account: Account, authorizer: Authorizer
) -> None:
    own = simulator.issue(account)
    token = fetch(simulator, component, authorizer)["authorizer_access_token"]
    assert token != own
    assert [look(simulator, one)["errcode"] for one in (own, token)] == [0, 0]
    simulator.issue(account)
    assert [look(simulator, one)["errcode"] for one in (own, token)] == [40001, 0]


def test_two_tokens_overlap_and_the_third_ends_the_first(simulator: Simulator, component: Component, authorizer: Authorizer) -> None:
    first, second = (fetch(simulator, component, authorizer)["authorizer_access_token"] for _turn in range(2))
    assert [look(simulator, one)["errcode"] for one in (first, second)] == [0, 0]
    third = fetch(simulator, component, authorizer)["authorizer_access_token"]
    assert [look(simulator, one)["errcode"] for one in (first, second, third)] == [40001, 0, 0]


def test_a_refresh_token_stays_unless_the_platform_rotates_them(simulator: Simulator, component: Component, authorizer: Authorizer) -> None:
    old = authorizer.refresh_token
    assert [fetch(simulator, component, authorizer)["authorizer_refresh_token"] for _turn in range(2)] == [old, old]
    component.rotates_refresh_tokens = True
    new = fetch(simulator, component, authorizer)["authorizer_refresh_token"]
    assert new != old
    assert page(simulator, component)["list"][0]["refresh_token"] == new
    assert fetch(simulator, component, authorizer, authorizer_refresh_token=old)["errcode"] == 61023


@pytest.mark.parametrize("token", ["", "refreshtoken@@@wrong", None])
def test_a_wrong_refresh_token(token: str | None, simulator: Simulator, component: Component, authorizer: Authorizer) -> None:
    assert fetch(simulator, component, authorizer, authorizer_refresh_token=token)["errcode"] == 61023


def test_authorising_again_ends_the_refresh_token(simulator: Simulator, component: Component, authorizer: Authorizer) -> None:
    """And the token, which is inferred."""
    token = fetch(simulator, component, authorizer)["authorizer_access_token"]
    component.authorise(authorizer.account)
    assert fetch(simulator, component, authorizer)["errcode"] == 61023
    assert look(simulator, token)["errcode"] == 40001
    assert page(simulator, component)["total_count"] == 1


@pytest.mark.parametrize(("sets", "errcode"), [((11,), 0), ((100,), 0), ((1, 11), 0), ((1, 7), 61007), ((), 61007)])
def test_permission_set_11_or_100(
    sets: tuple[int, ...], errcode: int, simulator: Simulator, component: Component, account: Account
) -> None:
    token = fetch(simulator, component, component.authorise(account, permission_sets=sets))["authorizer_access_token"]
    assert look(simulator, token)["errcode"] == errcode
    assert send(simulator, "draft/switch", params={"access_token": token}, json={}).json()["errcode"] == errcode
    assert account.is_open == (errcode == 0)


def test_the_platforms_own_allow_list_counts(simulator: Simulator, component: Component, account: Account, authorizer: Authorizer) -> None:
    account.listed = False
    token = fetch(simulator, component, authorizer)["authorizer_access_token"]
    assert look(simulator, token)["errcode"] == 0
    component.listed = False
    answers = [page(simulator, component), info(simulator, component, account.appid), fetch(simulator, component, authorizer)]
    for answer in (*answers, look(simulator, token)):
        assert answer["errcode"] == 61004
        assert answer["errmsg"].startswith("access clientip is not registered requestIP: 203.0.113.8 rid: ")


# Who may ask for whom.


def test_an_account_that_did_not_authorise_the_platform(
    simulator: Simulator, component: Component, account: Account, authorizer: Authorizer
) -> None:
    other = simulator.add_component().authorise(simulator.add())
    assert info(simulator, component, other.account.appid)["errcode"] == 61003
    assert fetch(simulator, component, other)["errcode"] == 61003
    token = fetch(simulator, component, authorizer)["authorizer_access_token"]
    component.revoke(account.appid)
    assert page(simulator, component)["total_count"] == 0
    assert info(simulator, component, account.appid)["errcode"] == 61003
    assert fetch(simulator, component, authorizer)["errcode"] == 61003
    # Inferred.
    assert look(simulator, token)["errcode"] == 61003


def test_two_platforms_have_tokens_of_their_own(
    simulator: Simulator, component: Component, account: Account, authorizer: Authorizer
) -> None:
    other = simulator.add_component()
    tokens = [
        fetch(simulator, component, authorizer)["authorizer_access_token"],
        fetch(simulator, other, other.authorise(account))["authorizer_access_token"],
    ]
    component.revoke(account.appid)
    assert [look(simulator, token)["errcode"] for token in tokens] == [61003, 0]


def test_component_appid_belongs_to_the_token(simulator: Simulator, component: Component, account: Account) -> None:
    """61011 is for an AppID of no third-party platform. 40013 for another one's AppID, and 41018 for a missing one, are inferred."""
    assert page(simulator, component, component_appid=account.appid)["errcode"] == 61011
    assert page(simulator, component, component_appid=simulator.add_component().appid)["errcode"] == 40013
    assert page(simulator, component, component_appid="")["errcode"] == 41018


@pytest.mark.parametrize("path", ["api_get_authorizer_list", "api_get_authorizer_info", "api_authorizer_token"])
def test_what_the_platform_refuses_of_a_request(path: str, simulator: Simulator, component: Component) -> None:
    url, params = f"component/{path}", {"access_token": component.token}
    assert send(simulator, url, "GET", params=params).json()["errcode"] == 43002
    assert send(simulator, url, json={"component_appid": component.appid}).json()["errcode"] == 41001
    assert send(simulator, url, params=params).json()["errcode"] == 44002
    assert send(simulator, url, params=params, data="component_appid=x").json()["errcode"] == 47001
    assert send(simulator, url, params=params, json=[]).json()["errcode"] == 47001
    assert send(simulator, url, params=params, data=iter([b"{}"])).status_code == 412


def test_an_account_must_be_named(simulator: Simulator, component: Component) -> None:
    """Inferred."""
    assert info(simulator, component, "")["errcode"] == 41002
    assert call(simulator, component, "api_authorizer_token")["errcode"] == 41002


def test_an_unpublished_platform(simulator: Simulator) -> None:
    """The code is known. It is inferred that every call of component/* answers with it."""
    component = simulator.add_component(published=False)
    assert page(simulator, component)["errcode"] == 61028


# Tokens of the wrong kind, and dead ones.


def test_the_wrong_kind_of_token(simulator: Simulator, component: Component, account: Account, authorizer: Authorizer) -> None:
    own, token = simulator.issue(account), fetch(simulator, component, authorizer)["authorizer_access_token"]
    assert page(simulator, component, token=own)["errcode"] == 61014
    assert page(simulator, component, token=token)["errcode"] == 61014
    assert look(simulator, component.token)["errcode"] == 61015
    minting = {"grant_type": "client_credential", "appid": component.appid, "secret": "0" * 32}
    assert send(simulator, "stable_token", json=minting).json()["errcode"] == 61024


def test_minting_kills_the_token_before(simulator: Simulator, component: Component, authorizer: Authorizer) -> None:
    old, token = component.token, fetch(simulator, component, authorizer)["authorizer_access_token"]
    new = component.new_token()
    assert (component.token, new == old) == (new, False)
    assert [page(simulator, component, token=one).get("errcode", 0) for one in (old, new, "nobody's")] == [40001, 0, 40001]
    # Inferred.
    assert look(simulator, token)["errcode"] == 0


@pytest.mark.parametrize("name", ["access_token", "component_access_token"])
def test_either_name_of_the_parameter_does(name: str, simulator: Simulator, component: Component) -> None:
    body = {"component_appid": component.appid, "offset": 0, "count": 1}
    answer = send(simulator, "component/api_get_authorizer_list", params={name: component.token}, json=body)
    assert answer.json() == {"total_count": 0, "list": []}
    seen = simulator.log[-1]
    assert (seen.call, seen.component, seen.query.split("=")[0]) == ("authorizer_list", component.appid, name)


def test_nothing_else_is_there(simulator: Simulator, component: Component) -> None:
    """Above all, there is no way to create the third-party platform's token."""
    assert send(simulator, "component/api_component_token", json={"component_appid": component.appid}).status_code == 404


# The simulator's own ways.


def test_every_token_is_known_as_a_secret(simulator: Simulator, component: Component, authorizer: Authorizer) -> None:
    component.rotates_refresh_tokens = True
    known = {component.token, authorizer.refresh_token}
    known |= {fetch(simulator, component, authorizer)["authorizer_access_token"], authorizer.refresh_token, component.new_token()}
    known |= {component.authorise(authorizer.account, refresh_token="refreshtoken@@@given").refresh_token}
    known |= {simulator.add_component(token="given component token").token}
    assert len(known) == 7
    assert known <= simulator.issued()
    assert known <= secrets_of(simulator)


def test_faults_of_the_platform_and_of_an_account(
    simulator: Simulator, component: Component, account: Account, authorizer: Authorizer
) -> None:
    component.plan("authorizer_list", Fault(errcode=42006), Fault(body=b""), Fault(lost=True))
    component.plan("authorizer_token", Fault(errcode=-1))
    account.plan("authorizer_token", Fault(errcode=61023)).plan("authorizer_info", Fault(errcode=45009))
    assert page(simulator, component)["errcode"] == 42006
    body = {"component_appid": component.appid, "offset": 0, "count": 1}
    empty = send(simulator, "component/api_get_authorizer_list", params={"access_token": component.token}, json=body)
    assert (empty.status_code, empty.content) == (200, b"")
    with pytest.raises(requests.ConnectionError):
        page(simulator, component)
    assert "errcode" not in page(simulator, component)
    assert [fetch(simulator, component, authorizer).get("errcode", 0) for _turn in range(3)] == [61023, -1, 0]
    assert [info(simulator, component, account.appid).get("errcode", 0) for _turn in range(2)] == [45009, 0]
    assert component.calls == [*["authorizer_list"] * 4, *["authorizer_token"] * 3, *["authorizer_info"] * 2]
    assert account.calls == component.calls[4:]


def test_a_fault_can_kill_the_token_that_is_used(
    simulator: Simulator, component: Component, account: Account, authorizer: Authorizer
) -> None:
    old = component.token
    token = fetch(simulator, component, authorizer)["authorizer_access_token"]
    account.plan("look", Fault(new_token=True))
    assert look(simulator, token)["errcode"] == 40001
    assert look(simulator, fetch(simulator, component, authorizer)["authorizer_access_token"])["errcode"] == 0
    component.plan("authorizer_list", Fault(new_token=True))
    assert page(simulator, component)["errcode"] == 40001
    assert component.token != old


def test_a_fault_can_echo_the_secrets_of_a_component_call(simulator: Simulator, component: Component, authorizer: Authorizer) -> None:
    component.plan("authorizer_token", Fault(errcode=99999, echo=True))
    errmsg = fetch(simulator, component, authorizer)["errmsg"]
    assert component.token in errmsg
    assert authorizer.refresh_token in errmsg


def test_a_request_with_a_foreign_token_is_that_platforms_whose_appid_it_names(simulator: Simulator, component: Component) -> None:
    page(simulator, component, token="nobody's")
    assert component.calls == ["authorizer_list"]
