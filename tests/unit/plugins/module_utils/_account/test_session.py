# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One account to look at and to change: each request once, with a token that is replaced when it is dead."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._account.session import Change, Look, Reader, Session
from ansible_collections.wxops.official_account.plugins.module_utils._http.errcodes import ACCOUNT_CALL
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import (
    ApiError,
    DeadToken,
    Failure,
    Retired,
    Step,
    TokenReplaced,
)
from ansible_collections.wxops.official_account.plugins.module_utils._http.patience import Patience
from ansible_collections.wxops.official_account.plugins.module_utils._http.transport import Answer
from ansible_collections.wxops.official_account.plugins.module_utils._http.wire import Call, Fields
from ansible_collections.wxops.official_account.plugins.module_utils._text import verbatim

from tests.unit.transports import ScriptedTransport, patience, wire_to

STEP = Step("look at it")
LOOK = Look(Call(STEP, "cgi-bin/x/get", ACCOUNT_CALL, verb="GET"), lambda answer: answer["state"], query={"checkonly": "1"}, body={"a": 1})
CHANGE = Change(
    Call(STEP, "cgi-bin/x/delete", ACCOUNT_CALL, verb="GET"), "off", lambda answer: answer.get("state"), query={"b": "2"}, body={"c": 3}
)
OFF = {"errcode": 0, "state": "off"}
OK = {"errcode": 0, "errmsg": "ok"}
DEAD = {"errcode": 42001, "errmsg": "access_token expired"}
REFUSED = {"errcode": 48001, "errmsg": "no"}
BUSY = Answer(503, b"")


class Tokens:
    """Hands out the next of ``tokens`` when the one before is dead. ``checks``: what token() raises, by how often it was asked before."""

    def __init__(self, *tokens: str, checks: dict[int, ApiError] | None = None, hopeless: ApiError | None = None) -> None:
        self.tokens = list(tokens)
        self.checks = checks or {}
        self.hopeless = hopeless
        self.asked = 0
        self.dead: list[DeadToken] = []

    def token(self) -> str:
        self.asked += 1
        if self.asked - 1 in self.checks:
            raise self.checks[self.asked - 1]
        return self.tokens[0]

    def replace(self, dead: DeadToken) -> None:
        self.dead.append(dead)
        self.tokens.pop(0)
        if not self.tokens:
            raise self.hopeless or dead


def error(reason: t.Any = "protocol") -> ApiError:
    return ApiError(Failure(reason, STEP, verbatim("two accounts were answered alike"), verbatim("find out why")))


def session(transport: ScriptedTransport, tokens: Tokens, retries: int = 0) -> Session:
    return Session(wire_to(transport), tokens, patience(retries))


def raised(work: t.Callable[[], object]) -> ApiError:
    with pytest.raises(ApiError) as caught:
        work()
    return caught.value


# --- Looks.


def test_a_look_may_ask_for_more() -> None:
    more = dataclasses.replace(LOOK, call=Call(STEP, "cgi-bin/y/get", ACCOUNT_CALL, verb="GET"))
    transport = ScriptedTransport({"errcode": 0, "state": "none"}, DEAD, OFF)
    look = dataclasses.replace(LOOK, then=lambda state: more if state == "none" else None)
    tokens = Tokens("first-token", "second-token")
    assert Reader(wire_to(transport), tokens, patience()).read(look) == "off"
    assert [request.path for request in transport.requests] == ["cgi-bin/x/get", "cgi-bin/y/get", "cgi-bin/y/get"]


def test_a_look_waits_once_before_it_is_sent() -> None:
    slept: list[float] = []
    waits = Patience(pauses=lambda: [0.25], sleep=slept.append)
    transport = ScriptedTransport(BUSY, DEAD, OFF)
    look = dataclasses.replace(LOOK, after=1.5)
    assert Session(wire_to(transport), Tokens("one", "two"), waits).read(look) == "off"
    assert slept == [1.5, 0.25]


def test_a_look_is_sent_as_it_is_described_and_changes_nothing() -> None:
    transport = ScriptedTransport(OFF)
    assert session(transport, Tokens("first")).read(LOOK) == "off"
    (request,) = transport.requests
    assert (request.verb, request.path, request.change) == ("GET", "cgi-bin/x/get", False)
    assert (request.query, request.body) == ({"access_token": "first", "checkonly": "1"}, {"a": 1})


def test_a_look_is_tried_again_while_its_failure_may_pass() -> None:
    transport = ScriptedTransport(BUSY, BUSY, OFF)
    assert session(transport, Tokens("first"), retries=2).read(LOOK) == "off"
    assert raised(lambda: session(ScriptedTransport(BUSY, BUSY), Tokens("first"), retries=1).read(LOOK)).failure.http_status == 503


def test_what_a_look_makes_of_the_answer_may_be_tried_again_too() -> None:
    seen: list[Fields] = []

    def read(answer: Fields) -> str:
        seen.append(answer)
        if len(seen) == 1:
            raise ApiError(error().failure, passing=True)
        return "off"

    transport = ScriptedTransport(OFF, OFF)
    assert session(transport, Tokens("first"), retries=1).read(Look(LOOK.call, read)) == "off"
    assert len(transport.requests) == 2


def test_a_look_with_a_dead_token_is_sent_again_with_the_next() -> None:
    transport = ScriptedTransport(DEAD, DEAD, OFF)
    assert session(transport, Tokens("first", "second", "third")).read(LOOK) == "off"
    assert [request.query["access_token"] for request in transport.requests] == ["first", "second", "third"]


def test_without_another_token_a_look_ends() -> None:
    transport = ScriptedTransport(DEAD)
    caught = raised(lambda: session(transport, Tokens("first")).read(LOOK))
    assert isinstance(caught, DeadToken)
    assert len(transport.requests) == 1


@pytest.mark.parametrize("asked_before", [0, 1])
def test_a_look_with_a_token_that_turns_out_to_be_another_account_s_shows_nothing(asked_before: int) -> None:
    mixed_up = error()
    transport = ScriptedTransport(OFF)
    assert raised(lambda: session(transport, Tokens("first", checks={asked_before: mixed_up})).read(LOOK)) is mixed_up
    assert len(transport.requests) == asked_before


def test_a_refused_look_is_not_sent_again() -> None:
    transport = ScriptedTransport(REFUSED)
    assert raised(lambda: session(transport, Tokens("first", "second"), retries=3).read(LOOK)).failure.errcode == 48001
    assert len(transport.requests) == 1


def test_who_only_reads_has_no_way_to_change() -> None:
    assert not hasattr(Reader, "change")


# --- Changes.


def test_a_change_is_sent_once_as_it_is_described() -> None:
    transport = ScriptedTransport(OK)
    tokens = Tokens("first")
    assert session(transport, tokens).change(CHANGE) is None
    (request,) = transport.requests
    assert (request.verb, request.path, request.change) == ("GET", "cgi-bin/x/delete", True)
    assert (request.query, request.body) == ({"access_token": "first", "b": "2"}, {"c": 3})
    assert tokens.dead == []


def test_what_the_answer_to_a_change_shows_is_handed_over() -> None:
    assert session(ScriptedTransport({**OK, "state": "on"}), Tokens("first")).change(CHANGE) == "on"


@pytest.mark.parametrize("answer", [BUSY, {"errcode": -1}, Answer(200, b"<html>")])
def test_a_change_is_never_sent_again_whatever_patience_there_is(answer: t.Any) -> None:
    transport = ScriptedTransport(answer, OK)
    caught = raised(lambda: session(transport, Tokens("first", "second"), retries=5).change(CHANGE))
    assert (caught.passing, caught.unclear, caught.sent) == (True, True, True)
    assert len(transport.requests) == 1


@pytest.mark.parametrize(("answer", "kind"), [(REFUSED, ApiError), (ApiError(error().failure, sent=False), ApiError)])
def test_what_a_change_meets_goes_on(answer: t.Any, kind: type[ApiError]) -> None:
    caught = raised(lambda: session(ScriptedTransport(answer), Tokens("first")).change(CHANGE))
    assert caught.__class__ is kind
    assert caught.sent is (answer is REFUSED)


def test_a_change_of_a_call_that_is_retired_says_so() -> None:
    retired = Retired(error().failure)
    assert raised(lambda: session(ScriptedTransport(retired), Tokens("first")).change(CHANGE)) is retired


def test_without_a_token_no_change_is_sent() -> None:
    transport = ScriptedTransport()
    tokens = Tokens("first", checks={0: ApiError(error().failure, passing=True, unclear=True)})
    caught = raised(lambda: session(transport, tokens).change(CHANGE))
    assert (caught.sent, caught.unclear, caught.passing) == (False, False, False)
    assert transport.requests == []


def test_a_change_with_a_dead_token_is_not_sent_again_but_says_that_there_is_another() -> None:
    transport = ScriptedTransport(DEAD, OK)
    tokens = Tokens("first", "second")
    caught = raised(lambda: session(transport, tokens).change(CHANGE))
    assert caught.__class__ is TokenReplaced
    assert (caught.failure.errcode, caught.sent, caught.unclear) == (42001, True, False)
    assert len(transport.requests) == 1
    assert tokens.token() == "second"


def test_a_change_with_a_dead_token_and_no_other_was_sent_and_refused() -> None:
    """Whatever became of the call for another token, which may itself never have left."""
    hopeless = ApiError(error("transport").failure, passing=True, unclear=True, sent=False)
    caught = raised(lambda: session(ScriptedTransport(DEAD), Tokens("first", hopeless=hopeless)).change(CHANGE))
    assert caught.__class__ is ApiError
    assert caught.failure is hopeless.failure
    assert (caught.sent, caught.unclear, caught.passing) == (True, False, False)


def test_a_change_with_a_token_that_turns_out_to_be_another_account_s_is_in_doubt() -> None:
    mixed_up = error()
    caught = raised(lambda: session(ScriptedTransport(OK), Tokens("first", checks={1: mixed_up})).change(CHANGE))
    assert caught.failure is mixed_up.failure
    assert (caught.sent, caught.unclear, caught.passing) == (True, True, False)
