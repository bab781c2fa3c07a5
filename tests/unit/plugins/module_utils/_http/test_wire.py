# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the answers mean: a call's fields, or one error of the right kind."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.errcodes import ACCOUNT_CALL, COMPONENT_CALL, TOKEN_CALL, Codes
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError, DeadToken, Retired, Step
from ansible_collections.wxops.official_account.plugins.module_utils._http.secrets import MASK
from ansible_collections.wxops.official_account.plugins.module_utils._http.transport import Answer
from ansible_collections.wxops.official_account.plugins.module_utils._http.wire import Call, number
from ansible_collections.wxops.official_account.plugins.module_utils._text import verbatim

from tests.unit.transports import Given, ScriptedTransport, wire_to

STEP = Step("read a menu")
PATH = "cgi-bin/menu/get"
TOKEN = "canary-token-0123456789"
OK = {"errcode": 0, "errmsg": "ok"}


def call(codes: Codes = ACCOUNT_CALL, expects: str | None = None) -> Call:
    return Call(STEP, PATH, codes, expects)


def sent(answer: Given, codes: Codes = ACCOUNT_CALL, expects: str | None = None) -> dict[str, object]:
    return wire_to(ScriptedTransport(answer)).send(call(codes, expects), {}, {})


def error_of(answer: Given, codes: Codes = ACCOUNT_CALL, expects: str | None = None) -> ApiError:
    with pytest.raises(ApiError) as caught:
        sent(answer, codes, expects)
    return caught.value


# --- What is handed on.


@pytest.mark.parametrize("verb", ["GET", "POST"])
@pytest.mark.parametrize("change", [False, True])
def test_a_call_is_handed_on_as_it_is_described(verb: t.Literal["GET", "POST"], change: bool) -> None:
    transport = ScriptedTransport(OK)
    wire_to(transport).send(Call(STEP, PATH, ACCOUNT_CALL, verb=verb), {"access_token": TOKEN}, {"a": 1}, change=change)
    (request,) = transport.requests
    assert (request.step, request.verb, request.path, request.change) == (STEP, verb, PATH, change)
    assert (request.query, request.body) == ({"access_token": TOKEN}, {"a": 1})


def test_a_call_posts_and_reads_unless_it_says_otherwise() -> None:
    transport = ScriptedTransport(OK)
    wire_to(transport).send(call(), {}, {})
    assert (transport.requests[0].verb, transport.requests[0].change) == ("POST", False)


def test_what_the_transport_raises_goes_on() -> None:
    error = ApiError(error_of(Answer(500, b"")).failure)
    assert error_of(error) is error


# --- Success.


def test_the_fields_of_a_success_are_handed_over() -> None:
    assert sent({**OK, "menu": {"button": []}}) == {**OK, "menu": {"button": []}}


@pytest.mark.parametrize(("expects", "answer"), [("menu", {"menu": {}}), ("menu", {"menu": None}), ("menu", {"errcode": 0, "menu": {}})])
def test_the_expected_field_tells_success_where_there_is_no_errcode(expects: str, answer: dict[str, t.Any]) -> None:
    assert sent(answer, expects=expects) == answer


@pytest.mark.parametrize(
    ("answer", "expects"),
    [
        ({}, None),
        ({"menu": {}}, None),
        ({"menus": {}}, "menu"),
        ({"errcode": None, "menu": {}}, "menu"),
        ({"errcode": "ok"}, None),
        ({"errcode": True}, None),
    ],
)
def test_without_a_readable_errcode_nothing_is_a_success(answer: dict[str, t.Any], expects: str | None) -> None:
    error = error_of(answer, expects=expects)
    assert error.failure.what == f"the answer of {PATH} has no readable errcode"
    assert (error.failure.reason, error.failure.http_status, error.passing, error.unclear, error.sent) == (
        "protocol",
        200,
        False,
        True,
        True,
    )


def test_the_expected_field_does_not_outweigh_an_errcode() -> None:
    assert error_of({"errcode": 48001, "menu": {}}, expects="menu").failure.errcode == 48001


# --- Refusals.


@pytest.mark.parametrize(
    ("codes", "errcode", "kind"),
    [
        *((ACCOUNT_CALL, errcode, DeadToken) for errcode in sorted(ACCOUNT_CALL.dead)),
        (Codes(ACCOUNT_CALL.meanings, dead=frozenset({4711})), 4711, DeadToken),
        (Codes(ACCOUNT_CALL.meanings), 40001, ApiError),
        (TOKEN_CALL, 40001, ApiError),
        (COMPONENT_CALL, 40001, ApiError),
        (Codes(ACCOUNT_CALL.meanings, retired=frozenset({45103})), 45103, Retired),
        (Codes(ACCOUNT_CALL.meanings, retired=frozenset({4711})), 4711, Retired),
        (ACCOUNT_CALL, 45103, ApiError),
        (ACCOUNT_CALL, 48009, ApiError),
        (ACCOUNT_CALL, 48001, ApiError),
    ],
)
def test_a_refusal_is_of_the_kind_that_the_codes_of_its_call_say(codes: Codes, errcode: int, kind: type[ApiError]) -> None:
    error = error_of({"errcode": errcode, "errmsg": "no"}, codes)
    assert error.__class__ is kind
    assert (error.failure.errcode, error.failure.step, error.failure.http_status, error.failure.errmsg) == (errcode, STEP, 200, "no")
    assert (error.passing, error.unclear, error.sent) == (False, False, True)


@pytest.mark.parametrize("errcode", [-1, 268487001, 268487002])
def test_a_busy_platform_may_have_done_it_and_may_answer_soon(errcode: int) -> None:
    error = error_of({"errcode": errcode, "errmsg": "system error"})
    assert (type(error), error.failure.reason, error.passing, error.unclear) == (ApiError, "transient", True, True)
    assert error.failure.again


@pytest.mark.parametrize("status", [201, 302, 400, 403, 404])
def test_a_refusal_counts_whatever_the_status_below_500(status: int) -> None:
    error = error_of(Answer(status, b'{"errcode":48001,"errmsg":"no"}'))
    assert (error.failure.errcode, error.failure.http_status) == (48001, status)


@pytest.mark.parametrize("status", [429, 500, 502, 599])
@pytest.mark.parametrize("content", [b'{"errcode":48001}', b'{"errcode":0}', b"<html>", None])
def test_an_overloaded_gateway_is_busy_whatever_it_says_besides(status: int, content: bytes | None) -> None:
    error = error_of(Answer(status, content, "cannot be read"))
    assert error.failure.what == f"{PATH} answered HTTP {status}"
    assert (error.failure.reason, error.failure.errcode, error.failure.http_status) == ("transient", None, status)
    assert (error.passing, error.unclear, error.sent) == (True, True, True)


@pytest.mark.parametrize("status", [199, 201, 204, 302, 404, 428, 430, 499])
def test_a_success_under_another_status_is_none(status: int) -> None:
    error = error_of(Answer(status, b'{"errcode":0,"errmsg":"ok"}'))
    assert (error.failure.what, error.failure.reason, error.failure.http_status) == (f"{PATH} answered HTTP {status}", "protocol", status)
    assert (error.passing, error.unclear) == (False, True)


def test_an_errmsg_is_scrubbed_of_every_secret() -> None:
    wire = wire_to(ScriptedTransport({"access_token": TOKEN}, {"errcode": 48001, "errmsg": f"no: {TOKEN}"}))
    wire.token_in(wire.send(call(expects="access_token"), {}, {}), "access_token", STEP)
    with pytest.raises(ApiError) as caught:
        wire.send(call(), {}, {})
    assert caught.value.failure.errmsg == f"no: {MASK}"


@pytest.mark.parametrize("errmsg", [None, 5, ["no"], {}])
def test_an_errmsg_that_is_no_text_is_left_out(errmsg: object) -> None:
    assert error_of({"errcode": 48001, "errmsg": errmsg}).failure.errmsg == ""


# --- Answers that make no sense.


def test_a_body_that_cannot_be_read_may_be_readable_soon() -> None:
    error = error_of(Answer(200, None, verbatim("the answer of {path} is longer than 1 MiB")))
    assert error.failure.what == f"the answer of {PATH} is longer than 1 MiB"
    assert (error.failure.reason, error.passing, error.unclear) == ("protocol", True, True)


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"null", b"[]", b'"ok"', b"0", b'{"errcode":0', b'{"errcode":NaN}', b'{"errcode":0}x', b"[" * 100_000]
)
def test_what_is_not_a_json_object_may_be_one_soon(content: bytes) -> None:
    error = error_of(Answer(200, content))
    assert error.failure.what == f"the answer of {PATH} is not a JSON object"
    assert (error.failure.reason, error.passing, error.unclear) == ("protocol", True, True)


@pytest.mark.parametrize("content", [b'{"errcode":0,"errcode":0}', b'{"errcode":48001,"errcode":0}', b'{"errcode":0,"errcode":48001}'])
def test_an_errcode_that_stands_twice_is_none(content: bytes) -> None:
    error = error_of(Answer(200, content))
    assert (error.failure.what, error.failure.errcode) == (f"the answer of {PATH} has no readable errcode", None)


@pytest.mark.parametrize("content", [b'{"errcode":0,"a":1,"a":1}', b'{"errcode":0,"a":[{"b":1,"b":2}]}', b'{"errcode":0,"a":"\xff"}'])
def test_a_success_that_two_readers_could_read_in_two_ways_is_none(content: bytes) -> None:
    error = error_of(Answer(200, content))
    assert error.failure.what == f"the answer of {PATH} has a key twice, or is not UTF-8"
    assert (error.passing, error.unclear) == (False, True)


@pytest.mark.parametrize("content", [b'{"errcode":48001,"a":1,"a":1}', b'{"errcode":48001,"a":"\xff"}'])
def test_a_refusal_is_one_all_the_same(content: bytes) -> None:
    assert error_of(Answer(200, content)).failure.errcode == 48001


def test_a_byte_order_mark_and_control_characters_are_no_trouble() -> None:
    assert sent(Answer(200, b'\xef\xbb\xbf{"errcode":0,"errmsg":"o\x01k"}')) == {"errcode": 0, "errmsg": "o\x01k"}


def test_fractions_are_not_taken_for_numbers() -> None:
    fields = sent(Answer(200, b'{"errcode":0,"a":1.0,"b":1.5,"c":1e2,"d":-0,"e":' + b"9" * 30 + b"}"))
    assert [number(fields[name]) for name in "abcde"] == [1, None, None, None, None]
    # They are not taken for null either.
    assert fields == {"errcode": 0, "a": 1, "b": 1.5, "c": 100.0, "d": 0.0, "e": 1e30}


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (0, 0),
        (-1, -1),
        ("0", 0),
        ("-1", -1),
        ("10", 10),
        ("01", None),
        ("-0", None),
        ("1.0", None),
        ("", None),
        (" 1", None),
        ("1" * 19, None),
    ]
    + [(value, None) for value in (True, False, None, 1.5, [], {})],
)
def test_a_number_is_whole_also_as_a_text(value: object, read: int | None) -> None:
    assert number(value) == read


# --- Tokens and secrets in answers.


@pytest.mark.parametrize("token", ["x" * 8, "x" * 512, TOKEN])
def test_a_token_is_masked_the_moment_it_is_known(token: str) -> None:
    masked: set[str] = set()
    assert wire_to(ScriptedTransport(), masked).token_in({"access_token": token}, "access_token", STEP) == token
    assert token in masked


@pytest.mark.parametrize("token", [None, 5, "", "x" * 7, "x" * 513, "with a space", "line\nbreak", "caf\u00e9-token"])
def test_what_can_be_no_token_is_refused_and_not_masked(token: object) -> None:
    masked: set[str] = set()
    with pytest.raises(ApiError) as caught:
        wire_to(ScriptedTransport(), masked).token_in({"access_token": token}, "access_token", STEP)
    assert caught.value.failure.what == "the answer holds no usable access_token"
    assert (caught.value.failure.reason, caught.value.failure.step) == ("protocol", STEP)
    assert masked == set()
    assert wire_to(ScriptedTransport(), masked).secret_in({"secret": token}, "secret") == ""
    assert masked == set()


def test_a_secret_is_masked_and_none_is_empty() -> None:
    masked: set[str] = set()
    wire = wire_to(ScriptedTransport(), masked)
    assert wire.secret_in({"secret": TOKEN}, "secret") == TOKEN
    assert TOKEN in masked
    assert wire.secret_in({}, "secret") == ""
