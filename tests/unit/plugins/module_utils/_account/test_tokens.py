# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where tokens come from, whose they are, and what becomes of dead ones."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._account.component import LOOK_UP, Component
from ansible_collections.wxops.official_account.plugins.module_utils._account.tokens import (
    GET_TOKEN,
    Authorization,
    FetchedToken,
    GivenToken,
    ListedTokens,
    LookedUpTokens,
    TokenOwners,
    fetch_token,
)
from ansible_collections.wxops.official_account.plugins.module_utils._http.errcodes import COMPONENT_CALL
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError, DeadToken, Failure, Step
from ansible_collections.wxops.official_account.plugins.module_utils._http.transport import Answer
from ansible_collections.wxops.official_account.plugins.module_utils._text import verbatim

from tests.unit.transports import ScriptedTransport, patience, wire_to

if t.TYPE_CHECKING:
    from collections.abc import Callable

APPID = "wx0123456789abcdef"
OTHER = "wx1111111111111111"
SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "canary-token-0123456789"
REFRESH = "canary-refresh-token"
DEAD = DeadToken(
    Failure(
        "credential", Step("look"), verbatim("refused"), verbatim("give another"), errcode=42001, errmsg="expired", rid="r", http_status=200
    )
)
BUSY = Answer(503, b"")


def raised(work: Callable[[], object]) -> ApiError:
    with pytest.raises(ApiError) as caught:
        work()
    return caught.value


def component_of(transport: ScriptedTransport) -> Component:
    return Component(wire_to(transport), "wxfedcba9876543210", "canary-component-token")


# --- By AppID and AppSecret.


def test_a_stable_token_is_fetched_and_none_that_is_in_use_is_disturbed() -> None:
    transport = ScriptedTransport({"access_token": TOKEN, "expires_in": 7200})
    masked: set[str] = set()
    assert fetch_token(wire_to(transport, masked), APPID, SECRET) == TOKEN
    (request,) = transport.requests
    assert (request.step, request.path, request.query, request.change) == (GET_TOKEN, "cgi-bin/stable_token", {}, False)
    assert request.body == {"grant_type": "client_credential", "appid": APPID, "secret": SECRET, "force_refresh": False}
    assert TOKEN in masked


@pytest.mark.parametrize("answer", [{"errcode": 0}, {"access_token": "short"}, {"access_token": None}])
def test_an_answer_without_a_token_is_none(answer: dict[str, t.Any]) -> None:
    error = raised(lambda: fetch_token(wire_to(ScriptedTransport(answer)), APPID, SECRET))
    assert (error.failure.reason, error.failure.step) == ("protocol", GET_TOKEN)


def test_40001_on_the_call_for_a_token_speaks_of_the_secret() -> None:
    error = raised(lambda: fetch_token(wire_to(ScriptedTransport({"errcode": 40001})), APPID, SECRET))
    assert error.__class__ is ApiError
    assert error.failure.what == "the AppSecret is wrong (errcode 40001)"


# --- Given tokens.


def test_a_given_token_has_no_other() -> None:
    given = GivenToken(TOKEN)
    assert given.token() == given.token() == TOKEN
    assert raised(lambda: given.replace(DEAD)) is DEAD


# --- Whose a token is.


def test_an_account_may_be_answered_with_its_token_again_and_in_either_case() -> None:
    owners = TokenOwners({})
    owners.claim(TOKEN, APPID)
    owners.claim(TOKEN, APPID.upper())
    owners.claim("another-token", OTHER)
    owners.check(TOKEN)
    owners.check("another-token")


@pytest.mark.parametrize(("first", "second"), [(APPID, OTHER), (OTHER, APPID)])
def test_two_accounts_that_are_answered_with_one_token_are_both_in_doubt_from_then_on(first: str, second: str) -> None:
    owners = TokenOwners({})
    owners.claim(TOKEN, first)
    for work in (lambda: owners.claim(TOKEN, second), lambda: owners.check(TOKEN), lambda: owners.claim(TOKEN, first)):
        error = raised(work)
        assert error.failure.what == "two accounts were answered with the same access_token"
        assert error.failure.remedy.startswith("find what mixes up answers between this host and the platform")
        assert (error.failure.reason, error.failure.step, error.failure.shared) == ("protocol", GET_TOKEN, False)


def test_a_mix_up_leaves_other_tokens_alone() -> None:
    owners = TokenOwners({})
    owners.claim(TOKEN, APPID)
    raised(lambda: owners.claim(TOKEN, OTHER))
    owners.claim("another-token", OTHER)
    owners.check("another-token")


def test_an_account_that_is_given_by_its_token_too_is_given_twice() -> None:
    owners = TokenOwners({TOKEN: "brand-a"})
    error = raised(lambda: owners.claim(TOKEN, APPID))
    assert error.failure.what == "the account is given twice, by its AppID and, as brand-a, by its access_token"
    assert error.failure.remedy == "leave one of the two out, and run again"
    assert (error.failure.reason, error.failure.step) == ("operator", GET_TOKEN)
    owners.check(TOKEN)


# --- Fetched tokens.


class Fetch:
    """Gives the next of ``tokens``. ``count``: how often it was asked."""

    def __init__(self, *tokens: str | ApiError) -> None:
        self.tokens = list(tokens)
        self.count = 0

    def __call__(self) -> str:
        self.count += 1
        token = self.tokens.pop(0)
        if isinstance(token, ApiError):
            raise token
        return token


def test_a_token_is_fetched_when_it_is_first_needed_and_kept() -> None:
    fetch = Fetch(TOKEN)
    source = FetchedToken(fetch, APPID, TokenOwners({}))
    assert fetch.count == 0
    assert source.token() == source.token() == TOKEN
    assert fetch.count == 1


def test_a_token_that_could_not_be_had_may_be_had_later() -> None:
    source = FetchedToken(Fetch(DEAD, TOKEN), APPID, TokenOwners({}))
    assert raised(source.token) is DEAD
    assert source.token() == TOKEN


@pytest.mark.parametrize("fresh", ["another-token", "some-other-token"])
def test_a_dead_token_is_replaced_by_a_fresh_one(fresh: str) -> None:
    fetch = Fetch(TOKEN, fresh)
    source = FetchedToken(fetch, APPID, TokenOwners({}))
    source.token()
    source.replace(DEAD)
    assert source.token() == fresh
    assert fetch.count == 2


def test_a_second_dead_token_is_the_end() -> None:
    fetch = Fetch(TOKEN, "another-token")
    source = FetchedToken(fetch, APPID, TokenOwners({}))
    source.token()
    source.replace(DEAD)
    error = raised(lambda: source.replace(DEAD))
    assert error.__class__ is ApiError
    assert error.failure.what == "the platform refuses a freshly fetched access_token too (errcode 42001)"
    assert error.failure.remedy == "wait a few minutes and run again; if it stays, find what else refreshes this account's token by force"
    assert (error.failure.reason, error.failure.step, error.failure.rid, error.failure.errmsg) == (
        "credential",
        DEAD.failure.step,
        "r",
        "expired",
    )
    assert fetch.count == 2


def test_the_very_same_token_again_is_the_end() -> None:
    # As another answer brings it: equal, and another object.
    source = FetchedToken(Fetch(TOKEN, "".join([*TOKEN])), APPID, TokenOwners({}))
    source.token()
    error = raised(lambda: source.replace(DEAD))
    assert error.failure.what == "the platform refuses the access_token and returns the same one again (errcode 42001)"


def test_a_fresh_token_that_cannot_be_had_is_told_as_such() -> None:
    failed = ApiError(Failure("transport", GET_TOKEN, verbatim("refused"), verbatim("check")))
    source = FetchedToken(Fetch(TOKEN, failed), APPID, TokenOwners({}))
    source.token()
    assert raised(lambda: source.replace(DEAD)) is failed


def test_a_token_that_another_account_is_answered_with_later_is_not_used_any_more() -> None:
    owners = TokenOwners({})
    source, other = FetchedToken(Fetch(TOKEN), APPID, owners), FetchedToken(Fetch(TOKEN), OTHER, owners)
    assert source.token() == TOKEN
    assert raised(other.token).failure.reason == "protocol"
    assert raised(source.token).failure.reason == "protocol"


# --- By a third-party platform.


class Found:
    """Finds the next of ``tokens`` for whoever asks."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)
        self.asked: list[str] = []

    def of(self, appid: str) -> str:
        self.asked.append(appid)
        return self.tokens.pop(0)


def refresh_tokens_used(transport: ScriptedTransport) -> list[object]:
    return [request.body["authorizer_refresh_token"] for request in transport.requests]


def test_a_refresh_token_that_is_given_is_used_and_the_newest_after_it() -> None:
    transport = ScriptedTransport(
        {"authorizer_access_token": TOKEN, "authorizer_refresh_token": "a-newer-refresh-token"},
        {"authorizer_access_token": "another-token"},
    )
    found = Found()
    authorization = Authorization(component_of(transport), APPID, REFRESH, found, patience())
    assert [authorization.fetch_token(), authorization.fetch_token()] == [TOKEN, "another-token"]
    assert refresh_tokens_used(transport) == [REFRESH, "a-newer-refresh-token"]
    assert found.asked == []


def test_a_refresh_token_that_is_not_given_is_found_once() -> None:
    transport = ScriptedTransport(*[{"authorizer_access_token": TOKEN}] * 2)
    found = Found(REFRESH)
    authorization = Authorization(component_of(transport), APPID, "", found, patience())
    authorization.fetch_token()
    authorization.fetch_token()
    assert refresh_tokens_used(transport) == [REFRESH, REFRESH]
    assert found.asked == [APPID]


def test_the_call_for_a_token_is_tried_again_with_the_same_refresh_token() -> None:
    transport = ScriptedTransport(BUSY, {"authorizer_access_token": TOKEN})
    authorization = Authorization(component_of(transport), APPID, REFRESH, Found(), patience(1))
    assert authorization.fetch_token() == TOKEN
    assert refresh_tokens_used(transport) == [REFRESH, REFRESH]


LISTED = {"total_count": 2, "list": [{"authorizer_appid": APPID, "refresh_token": REFRESH}, {"authorizer_appid": OTHER}]}


def calls(transport: ScriptedTransport) -> list[str]:
    return [request.path.rpartition("/")[2] for request in transport.requests]


def looked_up(transport: ScriptedTransport, retries: int = 0) -> LookedUpTokens:
    component = component_of(transport)
    return LookedUpTokens(component, ListedTokens(component, [APPID], patience()), patience(retries))


def test_a_refresh_token_that_is_looked_up_takes_one_call() -> None:
    transport = ScriptedTransport({"authorization_info": {"authorizer_refresh_token": REFRESH}})
    assert looked_up(transport).of(APPID) == REFRESH
    assert calls(transport) == ["api_get_authorizer_info"]


def test_where_the_details_have_no_refresh_token_the_list_has() -> None:
    transport = ScriptedTransport({"authorization_info": {}}, LISTED)
    assert looked_up(transport).of(APPID) == REFRESH
    assert calls(transport) == ["api_get_authorizer_info", "api_get_authorizer_list"]


def test_the_look_up_is_tried_again_while_its_failure_may_pass() -> None:
    transport = ScriptedTransport(BUSY, {"authorization_info": {"authorizer_refresh_token": REFRESH}})
    assert looked_up(transport, retries=1).of(APPID) == REFRESH


def test_the_list_is_read_once_for_all() -> None:
    transport = ScriptedTransport(LISTED)
    listed = ListedTokens(component_of(transport), [APPID], patience())
    assert listed.of(APPID) == listed.of(APPID) == REFRESH
    assert len(transport.requests) == 1


def test_the_list_is_read_as_far_as_the_wanted_ones_need_it() -> None:
    transport = ScriptedTransport({"total_count": 1000, "list": [{"authorizer_appid": APPID, "refresh_token": REFRESH}]})
    assert ListedTokens(component_of(transport), [APPID], patience()).of(APPID) == REFRESH


def test_an_account_that_is_listed_without_a_refresh_token_is_told_what_to_do() -> None:
    error = raised(lambda: ListedTokens(component_of(ScriptedTransport(LISTED)), [OTHER], patience()).of(OTHER))
    assert error.failure.what == "the platform gives no authorizer_refresh_token of this account"
    assert error.failure.remedy.startswith("have the third-party platform's service exchange the account's authorization code")
    assert (error.failure.reason, error.failure.step) == ("operator", LOOK_UP)


def test_an_account_that_is_not_listed_is_told_what_to_do() -> None:
    error = raised(
        lambda: ListedTokens(component_of(ScriptedTransport(LISTED)), ["wx2222222222222222"], patience()).of("wx2222222222222222")
    )
    assert error.failure.what == "the account is not among those that have authorised the third-party platform"
    assert error.failure.remedy == (
        f"have the account's administrator authorise the third-party platform, with {COMPONENT_CALL.permission}, or leave the account out"
    )
    assert (error.failure.reason, error.failure.step) == ("operator", LOOK_UP)


def test_an_account_that_is_missing_from_a_list_with_a_gap_may_be_in_the_gap() -> None:
    transport = ScriptedTransport(*[{"total_count": 2, "list": []}] * 3)
    error = raised(lambda: ListedTokens(component_of(transport), [APPID], patience()).of(APPID))
    assert error.failure.what == "only 0 of 2 accounts were listed, 3 times over"


def test_a_list_that_could_not_be_read_is_not_asked_for_again() -> None:
    transport = ScriptedTransport(BUSY)
    listed = ListedTokens(component_of(transport), [APPID, OTHER], patience())
    failures = [raised(lambda appid=appid: listed.of(appid)).failure for appid in (APPID, OTHER)]  # type: ignore[misc]
    assert failures[0] is failures[1]
    assert len(transport.requests) == 1
