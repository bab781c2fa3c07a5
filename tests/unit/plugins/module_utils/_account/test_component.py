# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A third-party platform's own calls: what they say, and who asks when its token may be dead."""

from __future__ import annotations

import threading
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._account.component import (
    FETCH_TOKEN,
    LIST,
    LOOK_UP,
    PAGE,
    Authorizer,
    Component,
)
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError
from ansible_collections.wxops.official_account.plugins.module_utils._http.transport import Answer

from tests.unit.transports import ScriptedTransport, wire_to

if t.TYPE_CHECKING:
    from collections.abc import Callable

APPID = "wx0123456789abcdef"
COMPONENT_APPID = "wxfedcba9876543210"
COMPONENT_TOKEN = "canary-component-token"
REFRESH = "canary-refresh-token"
TOKEN = "canary-token-0123456789"
EMPTY = {"total_count": 0, "list": []}
DEAD = {"errcode": 40001, "errmsg": "invalid credential"}
BUSY = Answer(503, b"")
SYSTEM_BUSY = {"errcode": -1, "errmsg": "system error"}


def component_of(transport: ScriptedTransport, masked: set[str] | None = None) -> Component:
    return Component(wire_to(transport, masked), COMPONENT_APPID, COMPONENT_TOKEN)


def failure_of(work: Callable[[Component], object], answer: dict[str, t.Any]) -> ApiError:
    with pytest.raises(ApiError) as caught:
        work(component_of(ScriptedTransport(answer)))
    return caught.value


# --- The calls.


def test_every_call_carries_the_platform_s_token_and_appid() -> None:
    info = {"authorization_info": {"authorizer_refresh_token": REFRESH}}
    transport = ScriptedTransport(EMPTY, info, {"authorizer_info": {}}, {"authorizer_access_token": TOKEN})
    component = component_of(transport)
    component.page(1000)
    component.refresh_token(APPID)
    component.details(APPID)
    component.fetch_token(APPID, REFRESH)
    assert [(request.path, request.step, request.body) for request in transport.requests] == [
        ("cgi-bin/component/api_get_authorizer_list", LIST, {"component_appid": COMPONENT_APPID, "offset": 1000, "count": PAGE}),
        ("cgi-bin/component/api_get_authorizer_info", LOOK_UP, {"component_appid": COMPONENT_APPID, "authorizer_appid": APPID}),
        ("cgi-bin/component/api_get_authorizer_info", LOOK_UP, {"component_appid": COMPONENT_APPID, "authorizer_appid": APPID}),
        (
            "cgi-bin/component/api_authorizer_token",
            FETCH_TOKEN,
            {"component_appid": COMPONENT_APPID, "authorizer_appid": APPID, "authorizer_refresh_token": REFRESH},
        ),
    ]
    for request in transport.requests:
        assert (request.query, request.verb, request.change) == ({"access_token": COMPONENT_TOKEN}, "POST", False)


def test_a_page_is_the_total_and_its_accounts() -> None:
    listed = [
        {"authorizer_appid": APPID, "refresh_token": REFRESH, "auth_time": 1_700_000_000},
        {"authorizer_appid": "wx1111111111111111", "auth_time": "soon"},
        {"authorizer_appid": "wx2222222222222222", "refresh_token": "short", "auth_time": "1700000000"},
    ]
    masked: set[str] = set()
    page = component_of(ScriptedTransport({"total_count": "3", "list": listed}), masked).page(0)
    assert page.total == 3
    assert page.entries == [
        Authorizer(APPID, REFRESH, 1_700_000_000),
        Authorizer("wx1111111111111111", "", None),
        Authorizer("wx2222222222222222", "", 1_700_000_000),
    ]
    assert REFRESH in masked


@pytest.mark.parametrize("answer", [{"total_count": 0}, {"total_count": 0, "list": {}}, {"total_count": 1, "list": "account"}])
def test_an_answer_without_a_list_is_none(answer: dict[str, t.Any]) -> None:
    error = failure_of(lambda component: component.page(0), answer)
    assert (error.failure.what, error.failure.step) == ("the answer holds no list of accounts", LIST)


@pytest.mark.parametrize("total", [None, "", -1, 10**18])
def test_an_answer_without_a_usable_total_is_none(total: object) -> None:
    error = failure_of(lambda component: component.page(0), {"total_count": total, "list": []})
    assert (error.failure.what, error.failure.step) == ("the answer holds no usable total_count", LIST)


@pytest.mark.parametrize("entry", [{}, "account", *({"authorizer_appid": odd} for odd in (None, "", 5, "wx", APPID + "0"))])
def test_an_entry_without_a_usable_appid_does_not_spoil_the_page(entry: object) -> None:
    listed = [entry, {"authorizer_appid": APPID}]
    assert component_of(ScriptedTransport({"total_count": 2, "list": listed})).page(0).entries == [None, Authorizer(APPID, "", None)]


@pytest.mark.parametrize(
    "info", [{"authorizer_refresh_token": REFRESH}, {"authorizer_appid": APPID.upper(), "authorizer_refresh_token": REFRESH}]
)
def test_a_refresh_token_is_looked_up_and_masked(info: dict[str, str]) -> None:
    masked: set[str] = set()
    assert component_of(ScriptedTransport({"authorization_info": info}), masked).refresh_token(APPID) == REFRESH
    assert REFRESH in masked


@pytest.mark.parametrize("info", [{}, None, "text", {"authorizer_refresh_token": None}, {"authorizer_refresh_token": "short"}])
def test_where_there_is_no_refresh_token_it_is_empty(info: object) -> None:
    assert component_of(ScriptedTransport({"authorization_info": info})).refresh_token(APPID) == ""


@pytest.mark.parametrize("told", ["wx1111111111111111", "", None, 5])
def test_an_answer_about_another_account_is_refused(told: object) -> None:
    answer = {"authorization_info": {"authorizer_appid": told, "authorizer_refresh_token": REFRESH}, "authorizer_info": {}}
    for work in (Component.refresh_token, Component.details):
        error = failure_of(lambda component, work=work: work(component, APPID), answer)  # type: ignore[misc]
        assert (error.failure.what, error.failure.step) == ("the answer is about another account", LOOK_UP)


def test_details_are_handed_over_with_the_refresh_token_masked() -> None:
    answer = {"authorizer_info": {"nick_name": "name"}, "authorization_info": {"authorizer_refresh_token": REFRESH}}
    masked: set[str] = set()
    assert component_of(ScriptedTransport(answer), masked).details(APPID)["authorizer_info"] == {"nick_name": "name"}
    assert REFRESH in masked


@pytest.mark.parametrize(("given", "used_next"), [({"authorizer_refresh_token": "a-newer-one"}, "a-newer-one"), ({}, REFRESH)])
def test_a_token_comes_with_the_refresh_token_to_use_next(given: dict[str, str], used_next: str) -> None:
    transport = ScriptedTransport({"authorizer_access_token": TOKEN, **given})
    assert component_of(transport).fetch_token(APPID, REFRESH) == (TOKEN, used_next)


def test_a_token_that_is_none_is_refused() -> None:
    error = failure_of(lambda component: component.fetch_token(APPID, REFRESH), {"authorizer_access_token": "short"})
    assert (error.failure.what, error.failure.step) == ("the answer holds no usable authorizer_access_token", FETCH_TOKEN)


# --- A dead token.


def test_a_refusal_that_holds_for_all_accounts_is_not_asked_for_again() -> None:
    transport = ScriptedTransport(DEAD)
    component = component_of(transport)
    failures = []
    for _request in range(3):
        with pytest.raises(ApiError) as caught:
            component.page(0)
        failures.append(caught.value.failure)
    assert len(transport.requests) == 1
    assert failures[0].shared
    assert failures[0] is failures[1] is failures[2]


def test_a_token_that_dies_later_is_not_asked_for_again_either() -> None:
    transport = ScriptedTransport(EMPTY, DEAD)
    component = component_of(transport)
    component.page(0)
    for _request in range(2):
        with pytest.raises(ApiError):
            component.page(0)
    assert len(transport.requests) == 2


def test_a_refusal_of_one_account_is_its_own() -> None:
    transport = ScriptedTransport({"errcode": 61003, "errmsg": "not authorised"}, EMPTY)
    component = component_of(transport)
    with pytest.raises(ApiError) as caught:
        component.refresh_token(APPID)
    assert not caught.value.failure.shared
    assert component.page(0).total == 0


class Blocking(ScriptedTransport):
    """Answers a request only when ``go`` says so. ``entered``: released once for each request that has come."""

    def __init__(self, *answers: t.Any) -> None:
        super().__init__(*answers)
        self.entered = threading.Semaphore(0)
        self.go = threading.Semaphore(0)

    def send(self, *arguments: t.Any, **named: t.Any) -> Answer:
        self.entered.release()
        assert self.go.acquire(timeout=60)
        return super().send(*arguments, **named)


def asked_at_once(transport: Blocking, component: Component, threads: int, together: int) -> list[object]:
    """What ``threads`` threads get that ask at the same time. ``together``: so many requests must be there before any is answered."""
    got: list[object] = []

    def ask() -> None:
        try:
            got.append(component.page(0).total)
        except ApiError as error:
            got.append(error.failure)

    running = [threading.Thread(target=ask) for _thread in range(threads)]
    for thread in running:
        thread.start()
    for _request in range(together):
        assert transport.entered.acquire(timeout=60)
    for _thread in range(threads):
        transport.go.release()
    for thread in running:
        thread.join()
    return got


def test_until_the_token_has_proven_good_one_asks_and_the_others_hear_of_it() -> None:
    transport = Blocking(DEAD)
    got = asked_at_once(transport, component_of(transport), 4, together=1)
    assert len(transport.requests) == 1
    assert len(got) == 4
    assert all(failure is got[0] for failure in got)


@pytest.mark.parametrize("proof", [EMPTY, {"errcode": 61003, "errmsg": "not authorised"}])
def test_with_an_answer_of_the_platform_all_ask_at_once(proof: dict[str, t.Any]) -> None:
    transport = Blocking(proof, *[EMPTY] * 4)
    component = component_of(transport)
    asked_at_once(transport, component, 1, together=1)
    assert asked_at_once(transport, component, 4, together=4) == [0] * 4


def test_a_busy_gateway_does_not_have_all_wait_in_line() -> None:
    transport = Blocking(BUSY, *[EMPTY] * 4)
    component = component_of(transport)
    asked_at_once(transport, component, 1, together=1)
    assert asked_at_once(transport, component, 4, together=4) == [0] * 4


def test_a_busy_platform_proves_nothing_of_the_token() -> None:
    transport = Blocking(SYSTEM_BUSY, DEAD)
    component = component_of(transport)
    asked_at_once(transport, component, 1, together=1)
    got = asked_at_once(transport, component, 4, together=1)
    assert len(transport.requests) == 2
    assert len(set(got)) == 1
