# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is not exactly off leads to no enabling request, whatever bytes come: generated answers, held against a reader of its own.

The reader below is written from the grammar of RFC 8259 and shares nothing with the collection's. It knows one liberty: control
characters within texts, which the platform leaves there.
"""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._account.session import Session
from ansible_collections.wxops.official_account.plugins.module_utils._account.tokens import GivenToken
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError
from ansible_collections.wxops.official_account.plugins.module_utils._http.patience import Patience
from ansible_collections.wxops.official_account.plugins.module_utils._http.secrets import Secrets
from ansible_collections.wxops.official_account.plugins.module_utils._http.transport import Answer
from ansible_collections.wxops.official_account.plugins.module_utils._http.wire import Wire
from ansible_collections.wxops.official_account.plugins.module_utils._resource.converge import converge
from ansible_collections.wxops.official_account.plugins.module_utils._resource.draft_switch import DRAFT_SWITCH, to_turn_on
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import Step
    from ansible_collections.wxops.official_account.plugins.module_utils._http.transport import Verb

TOKEN = "canary-token-0123456789"

# The same examples each time, and as many on a slow machine.
STEADY = settings(derandomize=True, max_examples=2000, deadline=None, database=None, suppress_health_check=list(HealthCheck))


# --- What is driven: the collection's own reading, and its own decision.


PATIENCE = Patience(pauses=list, sleep=lambda _seconds: None)


class Platform:
    """Answers every look with the same bytes, and takes every enabling request."""

    def __init__(self, status: int, content: bytes) -> None:
        self._look = Answer(status, content)
        self.enabled = 0

    def send(
        self,
        _step: Step,
        _verb: Verb,
        _path: str,
        query: Mapping[str, str],
        _body: Mapping[str, object],
        *,
        change: bool = False,  # noqa: ARG002
    ) -> Answer:
        if "checkonly" in query:
            return self._look
        self.enabled += 1
        return Answer(200, b'{"errcode":0,"errmsg":"ok","is_open":1}')


def session(platform: Platform, patience: Patience) -> Session:
    wire = Wire(platform, Secrets())  # type: ignore[arg-type]
    return Session(wire, GivenToken(TOKEN), patience)


def understood(status: int, content: bytes) -> str | int:
    """What the collection makes of a look's answer: "off", "on", the errcode of a refusal, or "" if it makes nothing of it."""
    try:
        return "on" if session(Platform(status, content), PATIENCE).read(DRAFT_SWITCH.look) else "off"
    except ApiError as error:
        return error.failure.errcode or ""


def enabling_requests(status: int, content: bytes) -> int:
    platform = Platform(status, content)
    converge(session(platform, PATIENCE), DRAFT_SWITCH, to_turn_on, PATIENCE)
    return platform.enabled


# --- What it is held against.

_SPACE = re.compile(rb"[ \t\r\n]*")
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_STRING = re.compile(rb'"(?:[^"\\]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"', re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)


class NotJson(Exception):
    pass


class Text(str):
    """A JSON string. A bare ``str`` is how anything else is spelt: ``0``, ``0.0``, ``true``."""


class Reader:
    """One JSON document. Objects become lists of pairs. ``doubtful``: a key stands twice somewhere."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._position = 0
        self.doubtful = False

    def document(self) -> object:
        value = self._value(0)
        self._skip(_SPACE)
        if self._position != len(self._content):
            raise NotJson
        return value

    def _skip(self, pattern: re.Pattern[bytes]) -> bytes:
        found = pattern.match(self._content, self._position)
        if not found:
            raise NotJson
        self._position = found.end()
        return found.group()

    def _next(self) -> bytes:
        self._skip(_SPACE)
        return self._content[self._position : self._position + 1]

    def _take(self, *allowed: bytes) -> bytes:
        found = self._next()
        if found not in allowed or not found:
            raise NotJson
        self._position += 1
        return found

    def _value(self, depth: int) -> object:
        first = self._next()
        if depth > 100:
            raise NotJson
        if first == b"{":
            return self._object(depth)
        if first == b"[":
            return self._array(depth)
        if first == b'"':
            return self._string()
        for word in (b"true", b"false", b"null"):
            if self._content.startswith(word, self._position):
                self._position += len(word)
                return word.decode()
        return self._skip(_NUMBER).decode()

    def _string(self) -> Text:
        self._next()
        raw = self._skip(_STRING)[1:-1].decode("utf-8", errors="surrogateescape")
        simple = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
        return Text(
            _ESCAPE.sub(lambda one: chr(int(one[1][1:], 16)) if len(one[1]) == 5 else simple.get(one[1], one[1]), raw)
            # Two halves that are escaped make one character.
            .encode("utf-16-le", errors="surrogatepass")
            .decode("utf-16-le", errors="surrogatepass")
            if "\\" in raw and not re.search("[\udc80-\udcff]", raw)
            else raw
        )

    def _array(self, depth: int) -> tuple[object, ...]:
        self._take(b"[")
        values = []
        if self._next() != b"]":
            values.append(self._value(depth + 1))
            while self._take(b",", b"]") == b",":
                values.append(self._value(depth + 1))
            return tuple(values)
        self._position += 1
        return ()

    def _object(self, depth: int) -> list[tuple[str, object]]:
        self._take(b"{")
        pairs: list[tuple[str, object]] = []
        if self._next() == b"}":
            self._position += 1
            return pairs
        while True:
            name = self._string()
            self._take(b":")
            pairs.append((name, self._value(depth + 1)))
            if self._take(b",", b"}") == b"}":
                break
        self.doubtful = self.doubtful or len({name for name, _value in pairs}) != len(pairs)
        return pairs


def spelt(value: object) -> str:
    """``value`` as it stands in the answer: a text in quotes; empty for what is neither text, number nor word."""
    return f'"{value}"' if isinstance(value, Text) else value if isinstance(value, str) else ""


def means(status: int, content: bytes) -> str | int:
    """As the documentation has it: "off", "on", the errcode of a refusal, or "" for all else."""
    try:
        content.decode("utf-8")
        broken = False
    except UnicodeDecodeError:
        broken = True
    reader = Reader(content.removeprefix(b"\xef\xbb\xbf"))
    try:
        pairs = reader.document()
    except NotJson:
        return ""
    if not isinstance(pairs, list):
        return ""
    errcodes = [spelt(value) for name, value in pairs if name == "errcode"]
    states = [spelt(value) for name, value in pairs if name == "is_open"]
    if len(errcodes) == 1:
        number = re.fullmatch(r'(-?[1-9][0-9]{0,17})(?:\.0)?|"(-?[1-9][0-9]{0,17})"', errcodes[0])
        if number:
            return int(number[1] or number[2])
    if status == 200 and not broken and not reader.doubtful and len(errcodes) == len(states) == 1 and errcodes[0] in ("0", "0.0", '"0"'):
        if states[0] in ("0", "0.0", '"0"', "false"):
            return "off"
        if states[0] in ("1", "1.0", '"1"', "true"):
            return "on"
    return ""


# --- What is generated.

OFF = b'{"errcode":0,"errmsg":"ok","is_open":0}'
ZEROS = [b"0", b"0.0", b'"0"']
STATES = [*ZEROS, b"false", b"1", b"1.0", b'"1"', b"true"]
REFUSALS = [b"48001", b'"48001"', b"48001.0", b"40001", b"-1", b"45009"]
ODD = [
    *(
        b"2",
        b"-0",
        b"-0.0",
        b"0.00",
        b"1.00",
        b"00",
        b"0e0",
        b"0E+1",
        b"1e0",
        b"1e-400",
        b"0.5",
        b"+0",
        b".0",
        b"0.",
        b"0x0",
        b"false",
        b"true",
    ),
    *(b'"0.0"', b'"0_0"', b'"-0"', b'" 0"', b'"0 "', b'"+0"', b'"00"', b'"0\\n"', b'"\\u0030"', b'""', b'"false"', b'"off"', b'"0\n"'),
    *('"\uff10"'.encode(), '"\u0660"'.encode(), "\uff10".encode(), b'"\xb0"', b"null", b"NaN", b"Infinity", b"-Infinity", b"False", b"[]"),
    *(b"[0]", b"{}", b'{"is_open":0}', b'{"errcode":0,"is_open":0}', b"9" * 30, b"0" * 30, b"0." + b"0" * 30, b"1e2", b"45009.5", b'"ok"'),
    *(b'{"a":1,"a":1}', b'[{"a":1,"a":1}]', b'"\\ud800"', b'"\xed\xa0\x80"', b'"\\x"', b'"\x00"'),
]
KEYS = [b"errcode", b"is_open", b"errmsg", b"x"]
ODD_KEYS = [
    *(b"ErrCode", b"Is_open", b"errcode ", b" is_open", b"is_open\xff", b"is_\\u006fpen", b"\\u0065rrcode", b"is\\_open", b""),
    *("\uff49s_open".encode(), b"errcode\x00", b"errcode\\u0000", b"error", b"isopen"),
]
SPACES = [b" ", b"\n", b"\r\n\t", b"\x0b", b"\xc2\xa0", b"\x00", b"/**/"]
BEFORE = [b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf", b" ", b"\n", b"\x00", b"[", b"x", b"\xff\xfe", b"{}"]
AFTER = [b" ", b"\n", b"\x00", b"}", b"]", b",", b"x", b"\xff", b"{}", OFF, b"//", b"0"]
BITS = [b"", b"0", b"1", b'"', b"\\", b",", b":", b"{", b"}", b".", b"-", b"e", b"_", b" ", b"\xff", b"\x00"]
CODINGS = ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "utf-8-sig"]
STATUSES = st.sampled_from([200] * 12 + [201, 204, 206, 299, 302, 400, 403, 404, 429, 500, 502])

odd_values = st.one_of(st.sampled_from(ODD), st.binary(max_size=6))
values = st.one_of(st.sampled_from(STATES), odd_values)


@st.composite
def objects(draw: st.DrawFn) -> bytes:
    """Something like an answer, with a few oddities, or none."""
    errcode = draw(st.sampled_from([*ZEROS * 4, *REFUSALS]))
    pairs = [(b"errcode", errcode), (b"is_open", draw(st.sampled_from(STATES)))]
    before = after = space = b""
    for oddity in draw(st.lists(st.integers(0, 9), max_size=3)):
        if oddity == 0:
            pairs[0] = (pairs[0][0], draw(odd_values))
        elif oddity in (1, 2):
            pairs[-1] = (pairs[-1][0], draw(odd_values))
        elif oddity == 3:
            pairs.insert(0, (draw(st.sampled_from(KEYS)), draw(values)))
        elif oddity == 4:
            pairs.append((draw(st.sampled_from(KEYS)), draw(values)))
        elif oddity == 5:
            pairs.append((draw(st.sampled_from(ODD_KEYS)), draw(values)))
        elif oddity == 6:
            pairs[0] = (draw(st.sampled_from(ODD_KEYS)), pairs[0][1])
        elif oddity == 7:
            before = draw(st.sampled_from(BEFORE))
        elif oddity == 8:
            after = draw(st.sampled_from(AFTER))
        else:
            space = draw(st.sampled_from(SPACES))
    inner = b",".join(space + b'"' + name + b'"' + space + b":" + space + value + space for name, value in pairs)
    return before + b"{" + inner + b"}" + after


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    """An answer that says off, with a few bytes changed, left out, put in or said again."""
    answer = bytearray(draw(st.sampled_from([OFF, b'{"errcode":"0","is_open":false}', b'{"errcode":0.0,"is_open":0.0,"x":[{"y":"z"}]}'])))
    for _number in range(draw(st.integers(1, 3))):
        position = draw(st.integers(0, len(answer)))
        length = draw(st.integers(0, 3))
        there = bytes(answer[position : position + length])
        answer[position : position + length] = draw(st.sampled_from([*BITS, there * 2, there[::-1]]))
    return bytes(answer)


@st.composite
def encoded(draw: st.DrawFn) -> bytes:
    """An answer in another encoding."""
    return draw(st.sampled_from([OFF, b'{"errcode":0,"is_open":false}'])).decode().encode(draw(st.sampled_from(CODINGS)))


contents = st.one_of(objects(), objects(), objects(), mutations(), mutations(), encoded(), st.binary(max_size=40))


def test_what_is_not_exactly_off_leads_to_no_enabling_request() -> None:
    met: dict[str, int] = {"off": 0, "on": 0, "": 0, "refusal": 0}

    @STEADY
    @given(status=STATUSES, content=contents)
    @example(200, OFF)
    @example(200, b'{"errcode":0,"is_open":0,"is_open\xff":1}')
    @example(200, b'{"errcode":0,"is_open":1,"is_open":0}')
    @example(200, b'{"errcode":40001,"errcode":0,"is_open":0}')
    @example(200, b'{"error":"internal","is_open":0}')
    @example(200, b'{"errcode":0,"is_open":0.00}')
    def compare(status: int, content: bytes) -> None:
        meaning = means(status, content)
        met[meaning if isinstance(meaning, str) else "refusal"] += 1
        assert enabling_requests(status, content) == (1 if meaning == "off" else 0)
        # What an overloaded gateway says besides does not count.
        if isinstance(meaning, str) or (status < 500 and status != 429):
            assert understood(status, content) == meaning

    compare()
    # A test that only ever met nonsense would prove nothing.
    assert min(met.values()) >= 20, met


@pytest.mark.parametrize("errcode", ZEROS)
@pytest.mark.parametrize("is_open", STATES)
@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b" \r\n\t"])
def test_exactly_off_and_exactly_on(errcode: bytes, is_open: bytes, before: bytes) -> None:
    meaning = "on" if b"1" in is_open or is_open == b"true" else "off"
    content = before + b'{"errcode":' + errcode + b',"errmsg":"o\x01k","is_open":' + is_open + b"}"
    assert means(200, content) == meaning
    assert understood(200, content) == meaning
