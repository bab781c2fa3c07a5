# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways in which the bytes of an answer can arrive, and the expected result of each."""

from __future__ import annotations

import dataclasses
import gzip
import typing as t
import zlib

from tests.modules.case import Case
from tests.modules.switch_cases import IN_DOUBT, ON, OPEN, TURNED_ON, UNKNOWN
from tests.simulator.raw import RIGHT, Script, close, cork, cut, half_close, reset, says, uncork

if t.TYPE_CHECKING:
    from tests.modules.case import Row
    from tests.simulator.raw import Step

# What happens with an answer: it is understood, or the request fails with this reason. DOUBTFUL: both are allowed.
TAKEN, PROTOCOL, TRANSPORT, DOUBTFUL = "taken", "protocol", "transport", "doubtful"

OK = b"HTTP/1.1 200 OK\r\n"
LENGTH = b"Content-Length: <length>\r\n"
BODY = b"\r\n<body>"
SAYS_OFF = b'{"errcode":0,"errmsg":"ok","is_open":0}'
ANOTHER = b"HTTP/1.1 200 OK\r\nContent-Length: <wronglength>\r\n\r\n<wrong>"


@dataclasses.dataclass(frozen=True)
class Way:
    """One way to answer a request.

    ``expects``: what happens with it. ``passes``: whether the request is tried again. ``used_again``: whether another request may follow
    on its connection; None if that does not matter.
    """

    steps: tuple[Step, ...]
    expects: str = PROTOCOL
    passes: bool = True
    used_again: bool | None = False
    body: bytes | None = None

    def script(self, *, carried_out: bool = True) -> Script:
        return Script(self.steps, self.body, carried_out)


def taken(*steps: Step, used_again: bool | None = None) -> Way:
    return Way(steps, TAKEN, used_again=used_again)


def refused(*steps: Step, passes: bool = True) -> Way:
    return Way(steps, passes=passes)


def broken(*steps: Step) -> Way:
    return Way(steps, TRANSPORT)


def doubtful(*steps: Step) -> Way:
    return Way(steps, DOUBTFUL)


def length(value: bytes) -> Way:
    """An answer with this Content-Length."""
    return refused(OK + b"Content-Length: " + value + b"\r\n" + BODY)


def encoded(coding: bytes, body: bytes) -> Way:
    return Way((OK + b"Content-Encoding: " + coding + b"\r\n" + LENGTH + BODY,), body=body, used_again=None)


def status(code: str) -> Way:
    """An answer that says off, with a status that is not 200."""
    # The first two have no body, so the bytes that follow are left over.
    left_over = code in ("204", "304")
    steps = (b"HTTP/1.1 " + code.encode() + b" Odd\r\n" + LENGTH + BODY,)
    return Way(steps, passes=left_over, used_again=False if left_over else None)


def chunked(*parts: bytes, head: bytes = OK) -> bytes:
    return head + b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(parts)


def brotli(body: bytes) -> bytes:
    """``body``, uncompressed, in the format of brotli."""
    return ((len(body) - 1) << 4 | 1 << 20).to_bytes(3, "little") + body + b"\x03"


def zstandard(body: bytes) -> bytes:
    """``body``, uncompressed and less than 256 bytes, in the format of zstd."""
    return b"\x28\xb5\x2f\xfd\x20" + bytes([len(body)]) + (len(body) << 3 | 1).to_bytes(3, "little") + body


HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
# The body in one chunk. The placeholder for its size is replaced with a hexadecimal number.
WHOLE = b"<hexlength>\r\n<body>\r\n"
END = b"0\r\n\r\n"

WAYS: dict[str, Way] = {
    # 1. As it should be, or nearly so.
    "right": taken(RIGHT, used_again=True),
    "in-pieces": taken(OK, b"Content-Le", b"ngth: <length>\r\n", b"\r", b"\n", b"<body>", used_again=True),
    "lower-case": taken(b"HTTP/1.1 200 OK\r\ncontent-length:<length>\r\n" + BODY, used_again=True),
    "no-reason": taken(b"HTTP/1.1 200\r\n" + LENGTH + BODY),
    "continue": taken(CONTINUE + RIGHT),
    "continue-first": taken(CONTINUE, 0.03, RIGHT),
    "continue-thrice": taken(CONTINUE + CONTINUE, 0.03, CONTINUE + RIGHT),
    "continue-with-a-line": taken(b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n" + RIGHT),
    "identity": taken(OK + b"Content-Encoding: identity\r\n" + LENGTH + BODY),
    # 2. Valid answers after which the connection is not reliable.
    "says-close": taken(OK + b"Connection: close\r\n" + LENGTH + BODY, used_again=False),
    "says-close-and-more": taken(OK + b"Connection: foo, Close\r\n" + LENGTH + BODY, used_again=False),
    "http-1.0": taken(b"HTTP/1.0 200 OK\r\n" + LENGTH + BODY, close, used_again=False),
    "http-1.0-stays": taken(b"HTTP/1.0 200 OK\r\n" + LENGTH + BODY, used_again=False),
    "http-1.0-keep-alive": taken(b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + LENGTH + BODY, used_again=False),
    "close-delimited": taken(OK + BODY, close, used_again=False),
    "close-delimited-http-1.0": taken(b"HTTP/1.0 200 OK\r\n" + BODY, close, used_again=False),
    "chunked": taken(chunked(WHOLE, END), used_again=False),
    "chunked-extension": taken(chunked(b"<hexlength>;a=b\r\n<body>\r\n", b"0;c\r\n\r\n"), used_again=False),
    "chunked-trailers": taken(chunked(WHOLE, b"0\r\nX: y\r\nZ: 1\r\n\r\n"), used_again=False),
    # 3. More bytes than one answer. The first answer may be right, or may be the answer to another request.
    "two-answers": doubtful(RIGHT + ANOTHER),
    "two-answers-in-two-pieces": doubtful(cork, RIGHT, ANOTHER, uncork),
    "right-twice": doubtful(RIGHT + RIGHT),
    "hints-afterwards": doubtful(RIGHT + HINTS),
    "continue-afterwards": doubtful(RIGHT + CONTINUE),
    "left-over": doubtful(RIGHT + b"x"),
    "left-over-line": doubtful(RIGHT + b"\r\n"),
    "left-over-close": doubtful(RIGHT + b" oops", close),
    "two-answers-close": doubtful(OK + b"Connection: close\r\n" + LENGTH + BODY + ANOTHER, close),
    "chunked-left-over": doubtful(chunked(WHOLE, END) + ANOTHER),
    "timed-out-idle": doubtful(RIGHT + b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", close),
    # 4. Interim answers that nobody asked for.
    "hints": refused(HINTS + RIGHT),
    "hints-first": refused(HINTS, 0.03, RIGHT),
    "hints-and-never-more": refused(HINTS),
    "processing-first": refused(b"HTTP/1.1 102 Processing\r\n\r\n", 0.03, RIGHT),
    "interim-199-first": refused(b"HTTP/1.1 199 Odd\r\n\r\n", 0.03, RIGHT),
    "hints-with-a-body": refused(b"HTTP/1.1 103 Early Hints\r\nContent-Length: <length>\r\n\r\n<body>", 0.03, RIGHT),
    "continue-then-hints": refused(CONTINUE + HINTS, 0.03, RIGHT),
    "continue-with-a-body": refused(b"HTTP/1.1 100 Continue\r\nContent-Length: <length>\r\n\r\n<body>" + RIGHT),
    "upgrade": refused(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"),
    "upgrade-first": refused(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n", 0.03, RIGHT),
    # 5. No status line of HTTP/1.
    "body-only": refused(b"<body>\r\n\r\n"),
    "empty-line-first": refused(b"\r\n" + RIGHT),
    "body-of-another-first": refused(b"<wrong>\r\n" + RIGHT),
    "body-end-first": refused(b'"}' + RIGHT),
    "http-2": refused(b"HTTP/2 200 OK\r\n" + LENGTH + BODY),
    "http-2-frame": refused(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\r\n\r\n", close),
    "icy": refused(b"ICY 200 OK\r\n" + LENGTH + BODY),
    "status-underscore": refused(b"HTTP/1.1 2_00 OK\r\n" + LENGTH + BODY),
    "status-plus": refused(b"HTTP/1.1 +200 OK\r\n" + LENGTH + BODY),
    "status-padded": refused(b"HTTP/1.1 0200 OK\r\n" + LENGTH + BODY),
    "status-2000": refused(b"HTTP/1.1 2000 OK\r\n" + LENGTH + BODY),
    "status-99": refused(b"HTTP/1.1 99 Odd\r\n" + LENGTH + BODY),
    "status-word": refused(b"HTTP/1.1 OK\r\n" + LENGTH + BODY),
    # 6. The end of the answer is stated twice, or in a way that not all clients read in the same way.
    "length-twice": refused(OK + LENGTH + LENGTH + BODY),
    "lengths-differ": refused(OK + LENGTH + b"Content-Length: 3\r\n" + BODY),
    "lengths-differ-the-other-way": refused(OK + b"Content-Length: 3\r\n" + LENGTH + BODY),
    "length-list": length(b"<length>, <length>"),
    "length-negative": length(b"-1"),
    "length-plus": length(b"+<length>"),
    "length-underscore": length(b"0_<length>"),
    "length-hex": length(b"0x19"),
    "length-float": length(b"<length>.0"),
    "length-empty": length(b""),
    "length-word": length(b"many"),
    "length-quoted": length(b'"<length>"'),
    "length-arabic": length("٣٩".encode()),
    "length-superscript": length(b"\xb2"),
    "length-huge": length(b"9" * 30),
    "length-folded": refused(OK + b"Content-Length: 3\r\n 9\r\n" + BODY),
    "length-0": refused(OK + b"Content-Length: 0\r\n" + BODY),
    "length-too-short": refused(OK + b"Content-Length: 3\r\n" + BODY),
    "length-and-chunked": refused(OK + LENGTH + b"Transfer-Encoding: chunked\r\n\r\n" + WHOLE + END),
    "chunked-and-length": refused(OK + b"Transfer-Encoding: chunked\r\n" + LENGTH + b"\r\n" + WHOLE + END),
    "chunked-said-with-a-length": refused(OK + b"Transfer-Encoding: chunked\r\n" + LENGTH + BODY),
    "chunked-twice": refused(OK + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + WHOLE + END),
    "chunked-chunked": refused(OK + b"Transfer-Encoding: chunked, chunked\r\n\r\n" + WHOLE + END),
    "gzip-chunked": refused(OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + WHOLE + END),
    "coding-gzip": refused(OK + b"Transfer-Encoding: gzip\r\n" + BODY, close),
    "coding-identity-and-length": refused(OK + b"Transfer-Encoding: identity\r\n" + LENGTH + BODY),
    "coding-xchunked": refused(OK + b"Transfer-Encoding: xchunked\r\n\r\n" + WHOLE + END, close),
    # 7. Invalid header lines.
    "no-colon": refused(OK + b"this is no header\r\n" + LENGTH + BODY),
    "no-colon-after-the-length": refused(OK + LENGTH + b"this is no header\r\n" + BODY),
    "space-before-colon": refused(OK + b"Content-Length : 3\r\n" + LENGTH + BODY),
    "coding-with-space-before-colon": refused(OK + LENGTH + b"Transfer-Encoding : chunked\r\n" + BODY),
    "no-name": refused(OK + b": 3\r\n" + LENGTH + BODY),
    "lone-cr-hides-a-length": refused(OK + b"X: y\rContent-Length: 3\r\n" + LENGTH + BODY),
    "lone-cr-hides-a-coding": refused(OK + b"X: y\rTransfer-Encoding: chunked\r\n" + LENGTH + BODY),
    "folded-first": refused(OK + b" folded\r\n" + LENGTH + BODY),
    "folded": Way((OK + b"X: y\r\n folded\r\n" + LENGTH + BODY,), DOUBTFUL, used_again=None),
    "line-feeds-only": Way((b"HTTP/1.1 200 OK\nContent-Length: <length>\n\n<body>",), DOUBTFUL, used_again=None),
    "nul-in-a-header": Way((OK + b"X: y\x00z\r\n" + LENGTH + BODY,), DOUBTFUL, used_again=None),
    # 8. Broken chunks.
    "chunk-size-word": broken(chunked(b"zz\r\n<body>\r\n", END)),
    "chunk-size-empty": broken(chunked(b"\r\n<body>\r\n", END)),
    "chunk-size-negative": broken(chunked(b"-5\r\n<body>\r\n", END)),
    "chunk-size-too-short": broken(chunked(b"5\r\n<body>\r\n", END)),
    "chunk-size-plus": doubtful(chunked(b"+<hexlength>\r\n<body>\r\n", END)),
    "chunk-size-0x": doubtful(chunked(b"0x<hexlength>\r\n<body>\r\n", END)),
    "chunked-unfinished": Way((chunked(WHOLE), close), TRANSPORT),
    "chunked-cut": Way((chunked(b"fff\r\n<body>"), cut), TRANSPORT),
    # 9. Encodings that the request did not ask for. Each body says off once it is decoded.
    "gzip": encoded(b"gzip", gzip.compress(SAYS_OFF)),
    "x-gzip": encoded(b"x-gzip", gzip.compress(SAYS_OFF)),
    "deflate": encoded(b"deflate", zlib.compress(SAYS_OFF)),
    "brotli": encoded(b"br", brotli(SAYS_OFF)),
    "zstd": encoded(b"zstd", zstandard(SAYS_OFF)),
    "gzip-twice": encoded(b"gzip, gzip", gzip.compress(gzip.compress(SAYS_OFF))),
    "identity-gzip": encoded(b"identity, gzip", gzip.compress(SAYS_OFF)),
    "identity-and-gzip": encoded(b"identity\r\nContent-Encoding: gzip", gzip.compress(SAYS_OFF)),
    "says-gzip": encoded(b"gzip", SAYS_OFF),
    "unknown-encoding": encoded(b"rot13", SAYS_OFF),
    # 10. Answers of another status that say off.
    **{f"status-{code}": status(code) for code in ("201", "203", "204", "205", "206", "226", "299", "302", "304", "404")},
    "status-204-without-body": refused(b"HTTP/1.1 204 No Content\r\n\r\n", passes=False),
    "status-304-without-body": refused(b"HTTP/1.1 304 Not Modified\r\n\r\n", passes=False),
    "status-205-without-body": Way((b"HTTP/1.1 205 Reset\r\nContent-Length: 0\r\n\r\n",), passes=False, used_again=None),
    # 11. Broken off.
    "nothing": broken(cut),
    "nothing-politely": broken(close),
    "reset": broken(reset),
    "half-closed": broken(half_close),
    "cut-in-the-status-line": Way((b"HTTP/1.1 2", cut), DOUBTFUL),
    "cut-in-the-head": Way((OK + b"Content-Len", cut), DOUBTFUL),
    "cut-before-the-body": broken(OK + LENGTH + b"\r\n", cut),
    "cut-in-the-body": broken(OK + b"Content-Length: 999\r\n" + BODY, cut),
    "closed-in-the-body": broken(OK + b"Content-Length: 999\r\n" + BODY, close),
    "continue-and-cut": broken(CONTINUE, cut),
}

# The connection ends after a right answer. It is a matter of luck whether the next request, of any account, still uses it. So these cases
# do not share a call with others.
ENDED: dict[str, Way] = {
    "closed": doubtful(RIGHT, close),
    "cut-afterwards": doubtful(RIGHT, cut),
    "half-closed-afterwards": doubtful(RIGHT, half_close, 0.3, cut),
    "reset-afterwards": doubtful(RIGHT, 0.3, reset),
}


def cases_of(way: Way) -> dict[str, Case]:
    """An answer in this way, for each call of the draft box switch."""

    def case(calls: str, row: Row, reason: str | None = None) -> Case:
        is_open = row is ON
        return Case(calls, row, reason, {"is_open": is_open}, faults={"way": way.script()}, ends={"is_open": is_open or " enable" in calls})

    if way.expects in (TAKEN, DOUBTFUL):
        # A way in doubt may be refused, and then the request is sent again.
        again = {"on": " | look look", "off": " | look look enable look", "token": " | token token look"}
        also = again if way.expects == DOUBTFUL else dict.fromkeys(again, "")
        return {
            "on": case(f"look:way{also['on']}", ON),
            "off": case(f"look:way enable:way+ look{also['off']}", TURNED_ON),
            "token": case(f"token:way look{also['token']}", ON),
        }
    cases = {
        "off-each-time": case("look:way look:way" if way.passes else "look:way", UNKNOWN, way.expects),
        "token-each-time": case("token:way token:way" if way.passes else "token:way", UNKNOWN, way.expects),
        "not-carried-out": case("look enable:way look enable look", TURNED_ON),
        "carried-out": case("look enable:way+ look", TURNED_ON),
    }
    if way.passes:
        cases["on-once"] = case("look:way look", ON)
        cases["off-once"] = case("look:way look enable:way look enable look", TURNED_ON)
        cases["token-once"] = case("token:way token look", ON)
    return cases


TOKEN_ANSWER = b'{"access_token":"canary-of-somebody-else-0123456789","expires_in":7200}'
ENABLE_ANSWER = b'{"errcode":0,"errmsg":"ok"}'


def of_another_call() -> dict[str, Case]:
    """The answer is complete and valid, but it is the answer to another call."""
    other = {"of-token": says(TOKEN_ANSWER), "of-enable": says(ENABLE_ANSWER), "of-look": says(SAYS_OFF)}
    return {
        **{
            f"answer-{name}-for-look-{state}": Case(f"look:{name}", UNKNOWN, PROTOCOL, {"is_open": state == "on"}, faults=other)
            for name in ("of-token", "of-enable")
            for state in ("on", "off")
        },
        "answer-of-token-for-enable": Case("look enable:of-token look enable look", TURNED_ON, faults=other),
        "answer-of-token-for-enable-carried-out": Case("look enable:of-token+ look", TURNED_ON, faults=other),
        "answer-of-look-for-enable": Case("look enable:of-look+ look", TURNED_ON, faults=other),
        "answer-of-look-for-token": Case("token:of-look", UNKNOWN, PROTOCOL, faults=other),
        "answer-of-enable-for-token": Case("token:of-enable", UNKNOWN, PROTOCOL, faults=other),
    }


# The meaning of a body. Only these spellings mean off and on.
SAYING = {
    "off": (
        b'{"errcode":0,"errmsg":"ok","is_open":0}',
        b'{"errcode":0.0,"is_open":0.0}',
        b'{"errcode":"0","is_open":"0"}',
        b'{"is_open":false,"errcode":0}',
        b'\xef\xbb\xbf{"errcode":0,"is_open":0}',
        b' \r\n\t{ "errcode" : 0 , "is_open" : 0 } \n',
        b'{"errcode":0,"is_open":0,"x":{"is_open":1,"errcode":40001},"y":[1e999,-0,"\xe5\xa5\xbd","\\ud800"]}',
        b'{"\\u0065rrcode":0,"is_ope\\u006e":0}',
    ),
    "on": (
        b'{"errcode":0,"errmsg":"ok","is_open":1}',
        b'{"errcode":0.0,"is_open":1.0}',
        b'{"errcode":"0","is_open":"1"}',
        b'{"errcode":0,"is_open":true}',
    ),
    # A readable errcode other than 0 keeps its meaning, even if something else in the answer is wrong.
    "account": (
        b'{"errcode":48001,"errmsg":"api unauthorized"}',
        b'{"errcode":"48001"}',
        b'{"errcode":48001.0}',
        b'{"errcode":48001,"errmsg":"\xb2\xbb"}',
        b'{"errcode":48001,"is_open":0,"is_open":1}',
        b'{"errcode":48001,"errmsg":"a","errmsg":"b"}',
        b'{"errcode":48001,"is_open":0,"x":{"y":0,"y":1}}',
        b'{"errcode":48001,"errmsg":["not","a","text"]}',
        b'{"errcode":48001,"errmsg":null}',
        b'{"errcode":48001,"errmsg":"\\ud83d","is_open":false}',
        b'{"errcode":48001,"\xff":0}',
    ),
    "operator": (b'{"errcode":-2,"is_open":0}', b'{"errcode":-99999.0}', b'{"errcode":1,"is_open":1}'),
    PROTOCOL: (
        # A key twice.
        b'{"errcode":0,"is_open":1,"is_open":0}',
        b'{"errcode":0,"is_open":0,"is_open":1}',
        b'{"errcode":0,"is_open":0,"is_open":0}',
        b'{"errcode":40001,"errcode":0,"is_open":0}',
        b'{"errcode":0,"errcode":0,"is_open":0}',
        b'{"errcode":48001,"errcode":48001,"is_open":0}',
        b'{"errcode":0,"is_open":1,"is_\\u006fpen":0}',
        b'{"errcode":0,"errmsg":"a","errmsg":"b","is_open":0}',
        b'{"errcode":0,"is_open":0,"x":{"y":1,"y":1}}',
        b'{"errcode":0,"is_open":0,"x":[[{"y":1,"y":1}]]}',
        # No readable errcode.
        b'{"is_open":0}',
        b'{"is_open":1}',
        b'{"error":"internal","is_open":0}',
        b'{"ErrCode":0,"is_open":0}',
        b'{"errcode ":0,"is_open":0}',
        b'{"err_code":0,"is_open":0}',
        b'{"errcode":null,"is_open":0}',
        b'{"errcode":false,"is_open":0}',
        b'{"errcode":true,"is_open":0}',
        b'{"errcode":"","is_open":0}',
        b'{"errcode":"ok","is_open":0}',
        b'{"errcode":[0],"is_open":0}',
        b'{"errcode":{},"is_open":0}',
        b'{"errcode":1e-400,"is_open":0}',
        b'{"errcode":0e0,"is_open":0}',
        b'{"errcode":-0,"is_open":0}',
        b'{"errcode":-0.0,"is_open":0}',
        b'{"errcode":0.00,"is_open":0}',
        b'{"errcode":0.5,"is_open":0}',
        b'{"errcode":4.8001e4,"is_open":0}',
        b'{"errcode":"0.0","is_open":0}',
        b'{"errcode":" 0","is_open":0}',
        b'{"errcode":"+0","is_open":0}',
        b'{"errcode":"-0","is_open":0}',
        b'{"errcode":"00","is_open":0}',
        b'{"errcode":NaN,"is_open":0}',
        b'{"errcode":' + b"9" * 400 + b',"is_open":0}',
        '{"errcode":"\uff10","is_open":0}'.encode(),
        # No readable is_open.
        b'{"errcode":0}',
        b'{"errcode":0,"Is_Open":0}',
        b'{"errcode":0,"is_open ":0}',
        b'{"errcode":0,"isopen":0}',
        b'{"errcode":0,"x":{"is_open":0}}',
        b'{"errcode":0,"is_open":{"is_open":0}}',
        b'{"errcode":0,"is_open":null}',
        b'{"errcode":0,"is_open":""}',
        b'{"errcode":0,"is_open":[]}',
        b'{"errcode":0,"is_open":[0]}',
        b'{"errcode":0,"is_open":2}',
        b'{"errcode":0,"is_open":-1}',
        b'{"errcode":0,"is_open":0.5}',
        b'{"errcode":0,"is_open":1e-400}',
        b'{"errcode":0,"is_open":0e0}',
        b'{"errcode":0,"is_open":0E0}',
        b'{"errcode":0,"is_open":0.0e1}',
        b'{"errcode":0,"is_open":1e0}',
        b'{"errcode":0,"is_open":-0}',
        b'{"errcode":0,"is_open":-0.0}',
        b'{"errcode":0,"is_open":0.00}',
        b'{"errcode":0,"is_open":0.' + b"0" * 400 + b"1}",
        b'{"errcode":0,"is_open":1.00}',
        b'{"errcode":0,"is_open":"0.0"}',
        b'{"errcode":0,"is_open":"1.0"}',
        b'{"errcode":0,"is_open":"0_0"}',
        b'{"errcode":0,"is_open":"-0.0"}',
        b'{"errcode":0,"is_open":"-0"}',
        b'{"errcode":0,"is_open":" 0"}',
        b'{"errcode":0,"is_open":"0\\n"}',
        b'{"errcode":0,"is_open":"+0"}',
        b'{"errcode":0,"is_open":"00"}',
        b'{"errcode":0,"is_open":"0x0"}',
        b'{"errcode":0,"is_open":"0e5"}',
        b'{"errcode":0,"is_open":"false"}',
        b'{"errcode":0,"is_open":"off"}',
        b'{"errcode":0,"is_open":"\\u0000"}',
        b'{"errcode":0,"is_open":NaN}',
        b'{"errcode":0,"is_open":-Infinity}',
        '{"errcode":0,"is_open":"\uff10"}'.encode(),
        '{"errcode":0,"is_open":"\u0660"}'.encode(),
        '{"errcode":0,"is_open":"\u07c0"}'.encode(),
        # Not one JSON object in UTF-8.
        '{"errcode":0,"is_open":\uff10}'.encode(),
        b'{"errcode":0,"is_open":0,"x":NaN}',
        b'{"errcode":0,"is_open":0,"x":Infinity}',
        b'{"errcode":0,"is_open":0,"is_\xffopen":1}',
        b'{"errcode":0,"is_open":0,"is_open\xff":1}',
        b'{"errcode":0,"is_open":0,"errmsg":"\xb2\xbb"}',
        b'{"errcode":0,"is_open":0,"errmsg":"\xed\xa0\x80"}',
        b'{"errcode":0,"is_open":0,"errmsg":"\xc0\xb0"}',
        b'{"errcode":0,"is_open":0}\xff',
        b'{"errcode":0,"is_open":0}x',
        b'{"errcode":0,"is_open":0}\x00',
        b'{"errcode":0,"is_open":0}{"errcode":0,"is_open":1}',
        b'{"errcode":0,"is_open":0}\n{"errcode":0,"is_open":0}',
        b'{"errcode":0,"is_open":0},',
        b'{"errcode":0,"is_open":0,}',
        b'{"errcode":0,,"is_open":0}',
        b'{"errcode":0,"is_open":00}',
        b'{"errcode":0,"is_open":+0}',
        b'{"errcode":0,"is_open":.0}',
        b'{"errcode":0,"is_open":0.}',
        b'{"errcode":0,"is_open":0x0}',
        b"{'errcode':0,'is_open':0}",
        b"{errcode:0,is_open:0}",
        b'{"errcode":0,"is_open":False}',
        b'{"errcode":0,"is_open":0/**/}',
        b'\xef\xbb\xbf\xef\xbb\xbf{"errcode":0,"is_open":0}',
        b'\x00{"errcode":0,"is_open":0}',
        '\u00a0{"errcode":0,"is_open":0}'.encode(),
        '\u2028{"errcode":0,"is_open":0}'.encode(),
        b'[{"errcode":0,"is_open":0}]',
        b'"{\\"errcode\\":0,\\"is_open\\":0}"',
        b'callback({"errcode":0,"is_open":0})',
        b'data: {"errcode":0,"is_open":0}',
        b")]}'\n" + b'{"errcode":0,"is_open":0}',
        *('{"errcode":0,"is_open":0}'.encode(coding) for coding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be")),
        b'{"errcode":48001} oops',
        b"0",
        b"false",
        b"",
        b" ",
    ),
}


def of_bodies() -> dict[str, Case]:
    """Looks that are answered with these bodies. If the body does not say off, the account is on: reading it as off would do harm."""
    cases = {}
    for meaning, bodies in SAYING.items():
        for number, body in enumerate(bodies):
            said = {"said": says(body)}
            if meaning == "off":
                case = Case("look:said enable look", TURNED_ON, faults=said)
            elif meaning == "on":
                case = Case("look:said", ON, given=OPEN, faults=said)
            else:
                # An answer that is not a JSON object may be an accident, so the look is tried again.
                case = Case("look:said look:said | look", UNKNOWN, meaning, OPEN, faults=said)
            cases[f"says-{meaning}-{number}"] = case
            if meaning == PROTOCOL and number < 10:
                calls = "look enable look:said look:said | look enable look"
                cases[f"verification-{meaning}-{number}"] = Case(calls, IN_DOUBT, "outcome_unknown", faults=said)
    return cases


CASES: dict[str, Case] = {
    **{f"{name}-{kind}": case for name, way in WAYS.items() for kind, case in cases_of(way).items()},
    **of_another_call(),
    **of_bodies(),
}
ENDED_CASES: dict[str, Case] = {name: cases_of(way)["off"] for name, way in ENDED.items()}
# The ways after which the connection must not be used again.
SPENT = {way.steps for way in (*WAYS.values(), *ENDED.values()) if way.used_again is False}
