# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One answer must not delay the others: answers that never end, and answers that take long to read."""

from __future__ import annotations

import time
import typing as t

import pytest

from tests.modules.runner import SWITCH, Modules
from tests.modules.switch_cases import ON, STILL_OFF, TURNED_ON, UNKNOWN
from tests.modules.ways import CONTINUE, LENGTH, OK, chunked
from tests.simulator.raw import RIGHT, RawServer, Script, answers, cut, drip, endless, hang, says

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.simulator import Account
    from tests.simulator.raw import Step

# Seconds that each request has.
TIMEOUT = 4
# Seconds. This is not a measurement: a delayed account would wait for minutes, or for ever.
GUARD = 200.0

CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"

# Each answer takes much longer than the time-out, but each single wait for a byte is shorter.
ENDLESS: dict[str, tuple[Step, ...]] = {
    "silence": (hang,),
    "dripping-status-line": (drip(b"HTTP/1.1 200 " + b"O" * 600),),
    "endless-status-line": (b"HTTP/1.1 200 ", endless(b"O")),
    "dripping-header": (OK, drip(b"X: " + b"y" * 600)),
    "dripping-head": (OK + LENGTH, endless(b"X: y\r\n")),
    "dripping-body": (OK + LENGTH + b"\r\n", drip(b"<body>")),
    "body-that-never-ends": (OK + b"Content-Length: 999999\r\n\r\n", endless(b" ")),
    "body-that-stops": (OK + b"Content-Length: 999\r\n\r\n<body>", hang),
    "body-without-length": (OK + b"\r\n<body>", endless(b" ")),
    "body-without-length-that-stops": (OK + b"\r\n<body>", hang),
    "endless-continue": (endless(CONTINUE),),
    "fast-continue": (endless(CONTINUE * 100, 0.0),),
    "continue-and-silence": (CONTINUE, hang),
    "dripping-continue": (drip(CONTINUE * 50),),
    "continue-with-endless-lines": (b"HTTP/1.1 100 Continue\r\n", endless(b"X: y\r\n")),
    "endless-hints": (endless(b"HTTP/1.1 103 Early Hints\r\n\r\n"),),
    "endless-chunks": (CHUNKED, endless(b"1\r\n \r\n")),
    "fast-chunks": (CHUNKED, endless(b"1\r\n \r\n" * 1000, 0.0)),
    "dripping-chunk-size": (CHUNKED, drip(b"0" * 600)),
    "endless-chunk-extension": (CHUNKED + b"1;", endless(b"x")),
    "endless-chunk-extensions": (CHUNKED, endless(b"1;" + b"x" * 1000 + b"\r\n \r\n")),
    "endless-trailers": (chunked(b"<hexlength>\r\n<body>\r\n0\r\n"), endless(b"X: y\r\n")),
    "dripping-trailer": (chunked(b"<hexlength>\r\n<body>\r\n0\r\n"), drip(b"X: " + b"y" * 600)),
    "trailers-that-stop": (chunked(b"<hexlength>\r\n<body>\r\n0\r\nX: y\r\n"), hang),
    "fast-headers": (OK, endless(b"X: y\r\n" * 1000, 0.0)),
    "100000-headers": (OK + b"X: y\r\n" * 100_000 + LENGTH + b"\r\n<body>", hang),
    "one-header-of-1-mb": (OK + b"X: " + b"y" * 1_000_000 + b"\r\n" + LENGTH + b"\r\n<body>", hang),
    "fast-body": (OK + b"\r\n", endless(b" " * 65536, 0.0)),
    "empty-lines": (endless(b"\r\n"),),
    "fast-trailers": (chunked(b"<hexlength>\r\n<body>\r\n0\r\n"), endless(b"X: y\r\n" * 1000, 0.0)),
}

SOME = ("silence", "dripping-header", "dripping-body", "endless-continue", "endless-chunks", "endless-trailers")

FOUND = {True: (ON, ["look"]), False: (TURNED_ON, ["look", "enable", "look"])}


class Call:
    """Accounts that share one call: some have scripts, and their neighbours have none."""

    def __init__(self, server: RawServer) -> None:
        self.server = server
        self._given: list[dict[str, str]] = []
        self._neighbours: dict[str, Account] = {}
        self.results: dict[str, dict[str, t.Any]] = {}

    def add(self, name: str, call: str, *scripts: Script, is_open: bool = False) -> Account:
        account = self.server.add(is_open=is_open)
        self.server.script(account, call, *scripts)
        way = {"appid": account.appid, "secret": account.secret} if call == "token" else {"access_token": self.server.issue(account)}
        self._given.append({"name": name, **way})
        self._add_neighbour()
        return account

    def _add_neighbour(self) -> None:
        name = f"neighbour-{len(self._neighbours)}"
        self._neighbours[name] = account = self.server.add(is_open=len(self._neighbours) % 2 == 1)
        self._given.append({"name": name, "access_token": self.server.issue(account)})

    def run(self, env: dict[str, str] | None = None, **options: t.Any) -> None:
        """Run them, and check that the neighbours' results are the same as without the others."""
        merged = {"retries": 0, "timeout": TIMEOUT, "concurrency": len(self._given), "accounts": self._given, **options}
        was_open = {name: account.is_open for name, account in self._neighbours.items()}
        begun = time.monotonic()
        result = Modules(self.server).run(SWITCH, env=env, **merged).result
        assert time.monotonic() - begun < GUARD
        self.results = result["accounts"]
        for name, account in self._neighbours.items():
            expected, calls = FOUND[was_open[name]]
            assert {key: self.results[name][key] for key in expected} == expected, self.results[name]
            assert account.calls == calls

    def reason(self, name: str) -> str | None:
        return t.cast("str | None", (self.results[name]["failure"] or {}).get("reason"))


@pytest.fixture(scope="module")
def endless_answers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Call, dict[str, Account]]:
    folder = tmp_path_factory.mktemp("endless")
    with RawServer(folder) as server:
        call = Call(server)
        accounts = {}
        for name, steps in ENDLESS.items():
            accounts[f"{name}-to-look"] = call.add(f"{name}-to-look", "look", answers(*steps))
            accounts[f"{name}-to-enable"] = call.add(f"{name}-to-enable", "enable", answers(*steps))
        # The same code reads all answers, so a few of these are enough.
        for name in SOME:
            accounts[f"{name}-to-token"] = call.add(f"{name}-to-token", "token", answers(*ENDLESS[name]))
            accounts[f"{name}-unheard"] = call.add(f"{name}-unheard", "enable", answers(*ENDLESS[name], carried_out=False))
        call.run()
        return call, accounts


@pytest.mark.parametrize("name", ENDLESS)
def test_an_answer_that_never_ends(name: str, endless_answers: tuple[Call, dict[str, Account]]) -> None:
    call, accounts = endless_answers
    result = call.results[f"{name}-to-look"]
    assert call.reason(f"{name}-to-look") in ("transport", "protocol"), result
    assert {key: result[key] for key in UNKNOWN} == UNKNOWN
    assert accounts[f"{name}-to-look"].calls == ["look"]
    # Only a look can show whether the request was carried out.
    result = call.results[f"{name}-to-enable"]
    assert {key: result[key] for key in TURNED_ON} == TURNED_ON, result
    assert accounts[f"{name}-to-enable"].calls == ["look", "enable", "look"]


@pytest.mark.parametrize("name", SOME)
def test_an_answer_that_never_ends_to_other_requests(name: str, endless_answers: tuple[Call, dict[str, Account]]) -> None:
    call, accounts = endless_answers
    result = call.results[f"{name}-to-token"]
    assert call.reason(f"{name}-to-token") in ("transport", "protocol"), result
    assert {key: result[key] for key in UNKNOWN} == UNKNOWN
    assert accounts[f"{name}-to-token"].calls == ["token"]
    result = call.results[f"{name}-unheard"]
    assert {key: result[key] for key in STILL_OFF} == STILL_OFF, result
    assert call.reason(f"{name}-unheard") in ("transport", "protocol")
    assert accounts[f"{name}-unheard"].calls == ["look", "enable", "look", "look", "look", "look"]


def test_continue_takes_of_the_time(tmp_path: Path) -> None:
    """A 100 Continue before the answer: at once, late, and too late."""
    with RawServer(tmp_path) as server:
        call = Call(server)
        call.add("in time", "look", answers(CONTINUE, 0.2, CONTINUE, 0.2, RIGHT), is_open=True)
        call.add("too late", "look", answers(0.6 * TIMEOUT, CONTINUE, 0.6 * TIMEOUT, RIGHT), is_open=True)
        call.run()
    assert call.results["in time"]["is_open"] is True
    assert call.reason("too late") == "transport"


@pytest.mark.parametrize(
    "steps", [(hang,), (endless(b"\x16", 0.2),), (drip(b"\x16\x03\x03\x02\x00" + b"\x00" * 200),), (b"HTTP/1.1 400 No\r\n\r\n", hang)]
)
def test_a_tls_handshake_that_never_ends(steps: tuple[Step, ...], tmp_path: Path) -> None:
    with RawServer(tmp_path) as server:
        server.doors = {0: steps}
        call = Call(server)
        accounts = {name: call.add(name, "look", is_open=True) for name in ("one", "two", "three")}
        # One thread, so that the first account gets the connection with the steps. The neighbours come after it.
        call.run(concurrency=1)
    assert call.reason("one") in ("transport", "protocol")
    assert accounts["one"].calls == []
    assert "no enabling request was sent" in call.results["one"]["msg"]
    assert [call.reason(name) for name in ("two", "three")] == [None, None]


@pytest.mark.parametrize(
    "steps",
    [
        (hang,),
        (drip(b"HTTP/1.1 200 " + b"O" * 600),),
        (b"HTTP/1.1 200 OK\r\n", endless(b"X: y\r\n")),
        (endless(CONTINUE),),
        (b"HTTP/1.1 200 OK\r\n\r\n", hang),
        (b"HTTP/1.1 407 No\r\nContent-Length: 999999\r\n\r\n", endless(b"x")),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n" + b'{"errcode":0,"is_open":0}', hang),
        (cut,),
    ],
)
def test_a_proxy_whose_answer_never_ends(steps: tuple[Step, ...], tmp_path: Path) -> None:
    with RawServer(tmp_path) as server:
        server.tunnels.append(steps)
        call = Call(server)
        accounts = {name: call.add(name, "look", is_open=True) for name in ("one", "two", "three")}
        proxy = f"http://localhost:{server.port}"
        call.run(concurrency=1, env={"HTTPS_PROXY": proxy, "https_proxy": proxy, "NO_PROXY": "", "no_proxy": ""})
    assert call.reason("one") in ("transport", "protocol")
    assert accounts["one"].calls == []
    assert call.results["one"]["request_sent"] is False
    assert [call.reason(name) for name in ("two", "three")] == [None, None]


# --- Answers that take long to read.


def refusal(errmsg: bytes) -> bytes:
    return b'{"errcode":48001,"errmsg":"' + errmsg + b'"}'


# The parts of the texts. Some regular expressions could need quadratic time for each.
TEXTS = {
    "addresses": b"a:",
    "colons": b":",
    "dots": b".",
    "rids": b"rid:",
    "rid-and-spaces": b"rid: ",
    "hexadecimal": b"0123456789abcdef",
    "hexadecimal-and-dashes": b"a-",
    "spaces": b" ",
    "surrogates": b"\\ud800",
    "pairs": b"\\ud83d\\ude00",
    "escapes": b"\\\\",
    "escaped-controls": b"\\u0000",
    "controls": b"\x01",
    "percents": b"%25",
    "ampersands": b"&amp;",
    "chinese": "不".encode(),
    "broken": b"\xff",
}


def long(part: bytes, size: int) -> bytes:
    return part * (size // len(part))


MONSTERS = {
    **{f"{name}-160-kb": refusal(long(part, 160_000)) for name, part in TEXTS.items()},
    **{f"{name}-1-mb": refusal(long(part, 1_000_000)) for name, part in TEXTS.items()},
    "rid-without-end": refusal(b"rid: " + b"a" * 500_000 + b"-" + b"a" * 400_000),
    "rid-of-many-parts": refusal(b"rid: " + b"a-" * 400_000),
    "other-keys-twice": b'{"errcode":48001,' + b",".join(b'"x":0' for _number in range(100_000)) + b"}",
    "errmsg-of-a-list": b'{"errcode":48001,"errmsg":' + b"[" * 400 + b"]" * 400 + b"}",
}
UNUSABLE = {
    "nested-arrays": b"[" * 1_000_000,
    "nested-arrays-within": b'{"errcode":0,"is_open":0,"x":' + b"[" * 900_000,
    "nested-objects": b'{"x":' * 170_000,
    "million-digits": b'{"errcode":0,"is_open":0,"x":' + b"9" * 1_000_000,
    "errcode-of-a-million-digits": b'{"errcode":' + b"9" * 1_000_000 + b',"is_open":0}',
    "is-open-of-a-million-zeros": b'{"errcode":0,"is_open":' + b"0" * 1_000_000 + b"}",
    "is-open-of-a-million-decimals": b'{"errcode":0,"is_open":0.' + b"0" * 1_000_000 + b"}",
    "exponent-of-a-million-digits": b'{"errcode":0,"is_open":0e' + b"9" * 1_000_000 + b"}",
    "text-of-a-million-digits": b'{"errcode":0,"is_open":"' + b"0" * 1_000_000 + b'"}',
    "key-100000-times": b'{"errcode":0,' + b",".join(b'"is_open":0' for _number in range(80_000)) + b"}",
    "errcode-100000-times": b"{" + b",".join(b'"errcode":0' for _number in range(80_000)) + b',"is_open":0}',
    "same-hash": b'{"errcode":0,"is_open":0,"x":[' + b",".join(b"{}" for _number in range(300_000)),
    "spaces": b" " * 1_000_000,
}


@pytest.fixture(scope="module")
def costly_answers(tmp_path_factory: pytest.TempPathFactory) -> Call:
    folder = tmp_path_factory.mktemp("costly")
    with RawServer(folder) as server:
        call = Call(server)
        for name, body in MONSTERS.items():
            call.add(name, "look", says(body))
        for name, body in UNUSABLE.items():
            call.add(f"unusable-{name}", "look", says(body), is_open=True)
        # On a busy machine, all of them at once take some time. The test only requires that it is not more than one after the other.
        call.run(concurrency=8, timeout=30)
        return call


@pytest.mark.parametrize("name", MONSTERS)
def test_a_refusal_that_is_costly_to_read(name: str, costly_answers: Call) -> None:
    result = costly_answers.results[name]
    assert costly_answers.reason(name) == "account", result["msg"][:500]
    assert len(result["failure"]["errmsg"] or "") <= 300
    assert len(str(result["failure"]["rid"])) <= 100
    assert len(result["msg"]) <= 1000


@pytest.mark.parametrize("name", UNUSABLE)
def test_an_unusable_answer_that_is_costly_to_read(name: str, costly_answers: Call) -> None:
    assert costly_answers.reason(f"unusable-{name}") == "protocol"


@pytest.mark.parametrize("position", range(200, 302, 6))
def test_a_secret_at_the_cut_is_scrubbed(position: int, secret_at_the_cut: dict[int, str]) -> None:
    """This holds for any part of the token within the text that is kept."""
    errmsg = secret_at_the_cut[position]
    assert len(errmsg) <= 300
    assert errmsg.startswith("x" * position)
    assert set(errmsg[position:]) <= set("*")


@pytest.fixture(scope="module")
def secret_at_the_cut(tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    folder = tmp_path_factory.mktemp("cut")
    with RawServer(folder) as server:
        call = Call(server)
        positions = range(200, 302, 6)
        for position in positions:
            account = call.add(str(position), "look")
            server.script(account, "look", says(refusal(b"x" * position + account.token.encode())))
        call.run()
    # The harness searches only for a whole token. These are parts of it.
    return {position: call.results[str(position)]["failure"]["errmsg"] for position in positions}
