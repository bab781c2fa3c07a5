# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request, and its answer or one error: over a real connection, and what each way to fail is called."""

from __future__ import annotations

import errno
import http.client
import json
import logging
import socket
import ssl
import sys
import threading
import time
import typing as t

import pytest
import requests
import trustme
import urllib3
from ansible_collections.wxops.official_account.plugins.module_utils._http import transport as transport_module
from ansible_collections.wxops.official_account.plugins.module_utils._http.connections import Exchange, NotUnderstood
from ansible_collections.wxops.official_account.plugins.module_utils._http.environment import UnusableEnvironment, is_ca_bundle
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError, Step
from ansible_collections.wxops.official_account.plugins.module_utils._http.transport import MAX_BODY, VERSION, Answer, Transport
from ansible_collections.wxops.official_account.plugins.module_utils._text import verbatim

from tests.unit.loopback import CLOSE, HANG, Loopback, whole

if t.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STEP = Step("read a menu")
PATH = "cgi-bin/menu/get"
TOKEN = "canary-token-0123456789"
OK = whole(b'{"errcode":0}')
# No test waits for it.
TIMEOUT = 60.0


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSLKEYLOGFILE", "OPENSSL_CONF"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")


def get(transport: Transport, query: dict[str, str] | None = None) -> Answer:
    return transport.send(STEP, "GET", PATH, query or {}, {})


def post(transport: Transport, body: dict[str, object] | None = None, **given: t.Any) -> Answer:
    return transport.send(STEP, "POST", PATH, {"access_token": TOKEN}, body or {}, **given)


def error_of(transport: Transport, **given: t.Any) -> ApiError:
    with pytest.raises(ApiError) as caught:
        post(transport, **given)
    assert TOKEN not in str(vars(caught.value))
    assert caught.value.__cause__ is None
    return caught.value


# --- The request.


def test_a_get_has_no_body_and_nothing_that_announces_one() -> None:
    with Loopback((OK,)) as server:
        assert get(Transport(server.url, TIMEOUT, True), {"access_token": TOKEN}) == Answer(200, b'{"errcode":0}')
    (request,) = server.received
    assert request.first_line == f"GET /{PATH}?access_token={TOKEN} HTTP/1.1"
    assert request.body == b""
    assert not {"Content-Length", "Content-Type", "Transfer-Encoding"} & {*request.headers}


def test_a_post_sends_json_in_utf_8_without_escapes() -> None:
    body = {"button": [{"name": "\u83dc\u5355 \U0001f600", "url": "https://example.com/?a=1&b=<2>"}]}
    with Loopback((OK,)) as server:
        post(Transport(server.url, TIMEOUT, True), body)
    (request,) = server.received
    assert request.first_line == f"POST /{PATH}?access_token={TOKEN} HTTP/1.1"
    assert "\u83dc\u5355 \U0001f600".encode() in request.body
    assert b"\\u" not in request.body
    assert json.loads(request.body) == body
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Content-Length"] == str(len(request.body))


def test_every_request_says_who_sends_it_and_wants_no_compression() -> None:
    with Loopback((OK,), (OK,)) as server:
        transport = Transport(server.url, TIMEOUT, True)
        get(transport)
        post(transport)
    for request in server.received:
        assert request.headers["User-Agent"].startswith(f"wxops.official_account/{VERSION} python-requests/")
        assert request.headers["Accept-Encoding"] == "identity"
        assert request.headers["Host"] == f"127.0.0.1:{server.port}"
        assert not {"Authorization", "Cookie"} & {*request.headers}


@pytest.mark.parametrize(
    ("base", "query", "target"),
    [
        ("", {}, f"/{PATH}"),
        ("/", {}, f"/{PATH}"),
        ("/wechat", {}, f"/wechat/{PATH}"),
        ("/wechat/", {"checkonly": "1", "access_token": "a+b/c="}, f"/wechat/{PATH}?checkonly=1&access_token=a%2Bb%2Fc%3D"),
    ],
)
def test_the_path_and_the_query_are_put_behind_the_url(base: str, query: dict[str, str], target: str) -> None:
    with Loopback((OK,)) as server:
        get(Transport(server.url + base, TIMEOUT, True), query)
    assert server.received[0].first_line == f"GET {target} HTTP/1.1"


def test_one_connection_serves_all_requests() -> None:
    with Loopback((OK,), (OK,), (OK,)) as server:
        transport = Transport(server.url, TIMEOUT, True)
        for _request in range(3):
            post(transport)
    assert [request.connection for request in server.received] == [0, 0, 0]


def test_an_answer_that_need_not_end_where_it_says_ends_its_connection() -> None:
    old, unsized = b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", b"HTTP/1.1 200 OK\r\n\r\n{}"
    with Loopback((old,), (unsized, CLOSE), (OK,)) as server:
        transport = Transport(server.url, TIMEOUT, True)
        assert [post(transport).content for _request in range(3)] == [b"{}", b"{}", b'{"errcode":0}']
    assert [request.connection for request in server.received] == [0, 1, 2]


def test_redirects_are_not_followed_and_cookies_not_kept() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
    with Loopback((moved,), (OK,)) as server:
        transport = Transport(server.url, TIMEOUT, True)
        assert get(transport) == Answer(302, b"")
        get(transport)
    assert len(server.received) == 2
    assert "Cookie" not in server.received[1].headers


# --- The answer.


@pytest.mark.parametrize(("status", "code"), [(b"200 OK", 200), (b"200", 200), (b"404 Not Found", 404), (b"503 Busy", 503)])
def test_the_status_and_the_body_are_handed_over(status: bytes, code: int) -> None:
    answers: list[str] = []
    with Loopback((whole(b"body", status),)) as server:
        transport = Transport(server.url, TIMEOUT, True, answered=lambda: answers.append("answered"))
        assert post(transport) == Answer(code, b"body")
    assert answers == ["answered"]


def test_a_chunked_body_is_put_together() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    with Loopback((chunked,)) as server:
        assert post(Transport(server.url, TIMEOUT, True)) == Answer(200, b"{}")


def test_a_body_may_be_as_long_as_the_limit_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport_module, "MAX_BODY", MAX_BODY // 1024)
    with Loopback((whole(b"x" * 1024),), (whole(b"x" * 1025),)) as server:
        transport = Transport(server.url, TIMEOUT, True)
        assert post(transport) == Answer(200, b"x" * 1024)
        answer = post(transport)
    assert answer.content is None
    assert answer.unreadable.startswith("the answer of {path} is larger than ")


@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
def test_what_has_no_body_has_none_whatever_it_announces(status: bytes) -> None:
    with Loopback((b"HTTP/1.1 %s\r\nContent-Length: 5\r\n\r\n" % status,)) as server:
        assert post(Transport(server.url, TIMEOUT, True)).content == b""


def test_a_coding_that_was_not_asked_for_is_not_undone() -> None:
    with Loopback((b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",)) as server:
        answer = post(Transport(server.url, TIMEOUT, True))
    assert answer == Answer(200, None, verbatim("the answer of {path} comes with a Content-Encoding that was not asked for"))


# --- Answers that are not exactly one answer.

UNUSABLE = f"the answer of {PATH} is not HTTP as it should be"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK,
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 2_0 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 099 OK\r\nContent-Length: 2\r\n\r\n{}",
        b'{"errcode":0}\r\n\r\n',
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nno header\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 " + b"x" * 2000 + b"\r\nContent-Length: 2\r\n\r\n{}",
        OK + b"x",
        OK + OK,
    ],
)
def test_what_is_not_exactly_one_answer_is_none(answer: bytes) -> None:
    with Loopback((answer, HANG)) as server:
        error = error_of(Transport(server.url, TIMEOUT, True))
    assert (error.failure.what, error.failure.reason) == (UNUSABLE, "protocol")
    assert (error.passing, error.unclear, error.sent) == (True, True, True)


def test_bytes_that_come_late_do_not_reach_the_next_request() -> None:
    answered, late = threading.Event(), threading.Event()
    with Loopback((OK, answered.wait, whole(b"wrong"), late.set), (whole(b"right"),)) as server:
        transport = Transport(server.url, TIMEOUT, True)
        assert post(transport) == Answer(200, b'{"errcode":0}')
        answered.set()
        assert late.wait(TIMEOUT)
        assert post(transport) == Answer(200, b"right")
    assert [request.connection for request in server.received] == [0, 1]


def test_a_connection_that_ends_within_the_answer_is_broken() -> None:
    for answer in (b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}", b""):
        with Loopback((answer, CLOSE)) as server:
            error = error_of(Transport(server.url, TIMEOUT, True))
        assert error.failure.what == f"{PATH}: the connection broke before the answer was complete"
        assert (error.failure.reason, error.passing, error.unclear, error.sent) == ("transport", True, True, True)


# --- The deadline, and who waits.


def test_an_answer_that_never_comes_to_an_end_is_cut_off_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    exchanges: list[Exchange] = []

    class Noted(Exchange):
        def __init__(self, *arguments: t.Any) -> None:
            super().__init__(*arguments)
            exchanges.append(self)

    def pass_the_deadline() -> None:
        exchanges[0]._deadline = 0.0

    monkeypatch.setattr(transport_module, "Exchange", Noted)
    with Loopback((b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n", pass_the_deadline, b"{", HANG)) as server:
        error = error_of(Transport(server.url, TIMEOUT, True))
    assert error.failure.what == f"{PATH}: no answer came in time"
    assert (error.failure.reason, error.passing, error.unclear, error.sent) == ("transport", True, True, True)


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("start", "more"),
    [
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (HEAD, b"X-Header: 1\r\n"),
        (CHUNKED + b"1;", b"extension"),
        (CHUNKED + b"0\r\n", b"X-Trailer: 1\r\n"),
    ],
    ids=["interim", "headers", "extension", "trailers"],
)
def test_no_answer_can_go_on_for_ever(start: bytes, more: bytes) -> None:
    """The bytes keep coming, so that no single read has to wait."""
    with Loopback((start, *[more * 500] * 20_000)) as server:
        before = time.monotonic()
        error = error_of(Transport(server.url, 1.0, True))
        assert time.monotonic() - before < 10
    assert error.failure.reason in ("transport", "protocol")


@pytest.mark.parametrize(
    ("start", "more"),
    [(CHUNKED, b"1\r\n{\r\n"), (HEAD + b"Content-Length: 999999999999\r\n\r\n", b"{"), (HEAD + b"\r\n", b"{")],
    ids=["chunks", "length", "open"],
)
def test_no_body_can_go_on_for_ever(start: bytes, more: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport_module, "MAX_BODY", 1000)
    with Loopback((start, *[more * 500] * 20_000)) as server:
        assert post(Transport(server.url, TIMEOUT, True)).content is None


def test_a_change_that_nobody_waits_for_does_not_leave() -> None:
    with Loopback() as server:
        error = error_of(Transport(server.url, TIMEOUT, True, still_wanted=lambda: False), change=True)
    assert server.received == []
    assert (error.failure.reason, error.sent, error.unclear, error.passing) == ("not_attempted", False, False, False)
    assert error.failure.what == "the playbook that started this task has ended, or no longer waits for it"


def test_whether_somebody_waits_is_asked_once_for_each_change_and_not_for_a_look() -> None:
    asked: list[str] = []

    def still_wanted() -> bool:
        asked.append("asked")
        return True

    with Loopback((OK,), (OK,)) as server:
        transport = Transport(server.url, TIMEOUT, True, still_wanted=still_wanted)
        post(transport)
        assert asked == []
        post(transport, change=True)
    assert asked == ["asked"]


# --- No connection, and no way to trust one.


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])


def test_a_refused_connection_sends_nothing(closed_port: int) -> None:
    error = error_of(Transport(f"http://127.0.0.1:{closed_port}", TIMEOUT, True))
    assert error.failure.what == f"{PATH}: no connection could be made (refused, or no way to the host)"
    assert (error.failure.reason, error.passing, error.unclear, error.sent) == ("transport", True, False, False)


def test_a_name_without_an_address_is_told_as_such() -> None:
    # Too long for DNS, so that nobody is asked.
    error = error_of(Transport("http://" + ".".join(["a" * 60] * 5), TIMEOUT, True))
    assert error.failure.what == f"{PATH}: the host name in api_url cannot be resolved"
    assert not error.sent


def test_the_next_address_of_a_name_is_tried_where_the_first_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def two_addresses(host: str, *arguments: t.Any, **named: t.Any) -> list[t.Any]:
        hosts = ("127.0.0.2", "127.0.0.1") if host == "localhost" else (host,)
        return [found for one in hosts for found in real(one, *arguments, **named)]

    with Loopback((OK,)) as server:
        monkeypatch.setattr(socket, "getaddrinfo", two_addresses)
        assert post(Transport(f"http://localhost:{server.port}", TIMEOUT, True)).status == 200
    assert server.received[0].headers["Host"] == f"localhost:{server.port}"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> str:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return str(tmp_path / "ca.pem")


def test_a_certificate_is_checked_with_the_bundle_that_is_given(tls: ssl.SSLContext, bundle: str) -> None:
    with Loopback((OK,), (OK,), tls=tls) as server:
        transport = Transport(server.url, TIMEOUT, bundle)
        assert [post(transport).status, get(transport).status] == [200, 200]
    assert [request.connection for request in server.received] == [0, 0]


def test_a_bundle_that_is_given_wins_over_the_environment(tls: ssl.SSLContext, bundle: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/file")
    with Loopback((OK,), tls=tls) as server:
        assert post(Transport(server.url, TIMEOUT, bundle)).status == 200


def test_a_certificate_that_is_not_trusted_is_told_and_will_not_pass(tls: ssl.SSLContext) -> None:
    with Loopback(tls=tls) as server:
        error = error_of(Transport(server.url, TIMEOUT, True))
    assert error.failure.what == f"{PATH}: the server's certificate is not trusted"
    assert (error.passing, error.unclear, error.sent) == (False, False, False)


def test_without_a_check_any_certificate_will_do(tls: ssl.SSLContext) -> None:
    with Loopback((OK,), tls=tls) as server:
        assert post(Transport(server.url, TIMEOUT, False)).status == 200


# --- Settings of the host that no request can be sent with.


def refused(url: str = "https://wechat.invalid") -> tuple[str, str]:
    with pytest.raises(UnusableEnvironment) as caught:
        Transport(url, TIMEOUT, True)
    assert caught.value.what.zh.startswith("环境变量 ")
    assert caught.value.remedy.zh != caught.value.remedy
    return str(caught.value.what), str(caught.value.remedy)


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
@pytest.mark.parametrize("value", ["/no/such/file", __file__, "/dev/null", "/dev/zero", "\udc80"])
def test_a_bundle_of_the_environment_that_is_none_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    what, remedy = refused()
    assert what == f"{name} in the environment does not name a readable file of CA certificates in PEM format"
    assert "or give ca_path" in remedy


def test_a_bundle_of_the_environment_that_is_not_needed_may_be_wrong(monkeypatch: pytest.MonkeyPatch, bundle: str) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/file")
    Transport("http://wechat.invalid", TIMEOUT, True)
    Transport("https://wechat.invalid", TIMEOUT, False)
    Transport("https://wechat.invalid", TIMEOUT, bundle)


def test_a_folder_of_ca_certificates_is_a_bundle(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))
    Transport("https://wechat.invalid", TIMEOUT, True)


@pytest.mark.parametrize("path", ["", "no/such/folder/keys"])
def test_a_key_log_that_cannot_be_written_is_named(path: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bundle: str) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / path))
    assert refused()[0] == "SSLKEYLOGFILE in the environment does not name a file that can be written"
    # It is not the bundle's fault.
    assert is_ca_bundle(bundle)
    Transport("http://wechat.invalid", TIMEOUT, True)


def test_a_key_log_that_can_be_written_is_none_of_our_business(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    Transport("https://wechat.invalid", TIMEOUT, True)


UNUSABLE_PROXIES = [
    "http://user:canary@:",
    "http://",
    "http:///path",
    "://",
    "http://canary:99999",
    "http://canary:0",
    "http://canary:port",
    "http://canary:-1",
    "canary://127.0.0.1:1",
    # Without "//" the name of the host is taken for the scheme.
    "canary:3128",
    "http:127.0.0.1:1",
    " http://127.0.0.1:1",
    "http://127.0.0.1:1 ",
    "http://127.0.0.1:1/\n",
    "http://canary host:1",
    "http://[::1",
    "http://[canary]:1",
    "http://.:1",
    f"http://{'canary' * 12}:1",
    "\udc80",
]


@pytest.mark.parametrize("proxy", UNUSABLE_PROXIES)
@pytest.mark.parametrize(
    ("name", "scheme"), [("HTTPS_PROXY", "https"), ("http_proxy", "http"), ("ALL_PROXY", "https"), ("all_proxy", "http")]
)
def test_a_proxy_that_cannot_be_one_is_named_and_not_shown(name: str, scheme: str, proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, proxy)
    what, remedy = refused(f"{scheme}://wechat.invalid")
    assert what == f"{name} in the environment is not the URL of a proxy that can be used"
    assert "canary" not in what + remedy


@pytest.mark.parametrize("proxy", ["socks5://user:canary@127.0.0.1:1", "socks5h://127.0.0.1:1", "SOCKS4://127.0.0.1:1"])
def test_a_socks_proxy_without_its_library_says_what_to_install(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "socks", None)
    monkeypatch.delitem(sys.modules, "urllib3.contrib.socks", raising=False)
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    what, remedy = refused()
    assert what == "HTTPS_PROXY in the environment names a SOCKS proxy, for which a library is missing"
    assert remedy.startswith("install PySocks")


def test_a_proxy_that_is_not_used_may_be_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", UNUSABLE_PROXIES[0])
    Transport("https://wechat.invalid", TIMEOUT, True)
    Transport("http://127.0.0.1", TIMEOUT, True)


@pytest.mark.parametrize(
    "proxy", ["127.0.0.1:3128", "proxy", "//proxy", "HTTP://proxy:3128", "https://u:p%40@proxy:3128", "http://[::1]:3128"]
)
def test_a_proxy_as_people_write_it_is_no_fault(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    if proxy == "//proxy":
        refused()
    else:
        Transport("https://wechat.invalid", TIMEOUT, True)


@pytest.mark.parametrize("others", ["127.0.0.0/99", "*", "é", ",,", " ", "http://", "127.0.0.9:x", "[::1", "/", "1/2/3", "127.0.0.0/-1"])
def test_no_list_of_exceptions_breaks_anything(others: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", others)
    monkeypatch.setenv("no_proxy", others)
    Transport("https://127.0.0.9", TIMEOUT, True)


# --- Proxies.


def through(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")


def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback((OK,)) as proxy:
        through(monkeypatch, proxy.port)
        post(Transport("http://wechat.invalid", TIMEOUT, True))
    assert proxy.received[0].first_line.startswith("POST ")
    assert proxy.received[0].headers["Host"] == "wechat.invalid"


def test_a_proxy_that_is_not_there_sends_nothing(monkeypatch: pytest.MonkeyPatch, closed_port: int) -> None:
    through(monkeypatch, closed_port)
    error = error_of(Transport("http://wechat.invalid", TIMEOUT, True))
    assert error.failure.what == f"{PATH}: the proxy could not be used"
    assert (error.passing, error.sent) == (True, False)


ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


def test_a_tunnel_through_a_proxy_carries_the_requests(monkeypatch: pytest.MonkeyPatch, tls: ssl.SSLContext, bundle: str) -> None:
    with Loopback((ESTABLISHED,), (OK,), (OK,), tls=tls) as proxy:
        through(monkeypatch, proxy.port)
        transport = Transport("https://localhost", TIMEOUT, bundle)
        assert [post(transport).status, post(transport).status] == [200, 200]
    assert [request.first_line.split()[0] for request in proxy.received] == ["CONNECT", "POST", "POST"]
    assert TOKEN not in proxy.received[0].head


def test_a_tunnel_that_is_refused_sends_nothing(monkeypatch: pytest.MonkeyPatch, tls: ssl.SSLContext, bundle: str) -> None:
    with Loopback((whole(b"", b"403 Forbidden"), CLOSE), tls=tls) as proxy:
        through(monkeypatch, proxy.port)
        error = error_of(Transport("https://localhost", TIMEOUT, bundle))
    assert error.failure.what == f"{PATH}: the proxy could not be used"
    assert (error.passing, error.unclear, error.sent) == (True, False, False)


def test_a_tunnel_that_says_more_than_it_should_sends_nothing(monkeypatch: pytest.MonkeyPatch, tls: ssl.SSLContext, bundle: str) -> None:
    with Loopback((ESTABLISHED + b"x", HANG), tls=tls) as proxy:
        through(monkeypatch, proxy.port)
        error = error_of(Transport("https://localhost", TIMEOUT, bundle))
    assert error.failure.reason in ("protocol", "transport")
    assert (error.passing, error.unclear, error.sent) == (True, False, False)
    assert [request.first_line.split()[0] for request in proxy.received] == ["CONNECT"]


# --- What each exception is called. Some of them no server on this machine can bring about, or only with a wait.

SETTINGS = "check api_url, ca_path, and the proxies and REQUESTS_CA_BUNDLE in the environment"
NETWORK = "check this host's network, and api_url"
CANARY = f"https://gateway.example/?access_token={TOKEN}"


def exchange(begun: bool) -> Exchange:
    one = Exchange(TIMEOUT)
    one.begun = begun
    return one


def diagnosed(broken: Exception, begun: bool = True) -> ApiError:
    return transport_module._unusable_connection(STEP, PATH, broken, exchange(begun))


class CertificateError(Exception):
    """As urllib3 1.26 has it."""


def wrapped(kind: type[requests.RequestException], reason: BaseException) -> requests.RequestException:
    """As requests wraps what urllib3 wraps."""
    return kind(urllib3.exceptions.MaxRetryError(None, CANARY, reason))  # type: ignore[arg-type]


def unmade(kind: type[urllib3.exceptions.NewConnectionError] = urllib3.exceptions.NewConnectionError) -> requests.RequestException:
    return wrapped(requests.ConnectionError, kind(None, CANARY))  # type: ignore[arg-type]


def because(broken: Exception, cause: BaseException) -> Exception:
    broken.__cause__ = cause
    return broken


@pytest.mark.parametrize(
    "broken",
    [
        requests.exceptions.InvalidURL(CANARY),
        requests.exceptions.InvalidSchema(CANARY),
        urllib3.exceptions.LocationValueError(CANARY),
        OSError(f"Could not find a suitable TLS CA certificate bundle, invalid path: {CANARY}"),
    ],
)
def test_what_requests_refuses_before_it_sends_anything_is_final(broken: Exception) -> None:
    error = diagnosed(broken, begun=False)
    assert error.failure.what == f"{PATH}: no request could be made"
    assert (error.failure.remedy.startswith(SETTINGS), error.passing, error.sent, error.unclear) == (True, False, False, False)


def test_the_same_after_the_request_has_left_leaves_all_open() -> None:
    error = diagnosed(OSError(CANARY), begun=True)
    assert error.failure.what == f"{PATH}: the connection broke before the answer was complete"
    assert (error.passing, error.sent, error.unclear) == (True, True, True)


@pytest.mark.parametrize(
    ("broken", "what", "remedy", "passing"),
    [
        (
            unmade(),
            "no connection could be made (refused, or no way to the host)",
            NETWORK,
            True,
        ),
        (
            because(unmade(urllib3.exceptions.NewConnectionError), socket.gaierror(CANARY)),
            "the host name in api_url cannot be resolved",
            NETWORK,
            True,
        ),
        (
            because(unmade(), OSError(errno.EMFILE, CANARY)),
            "this process may not open more files",
            "raise the limit of open files (ulimit -n), or lower concurrency",
            True,
        ),
        (OSError(errno.ENFILE, CANARY), "this process may not open more files", "raise the limit of open files (ulimit -n)", True),
        (
            wrapped(requests.exceptions.ProxyError, OSError(CANARY)),
            "the proxy could not be used",
            "check the proxy in the environment",
            True,
        ),
        (
            wrapped(requests.exceptions.SSLError, ssl.SSLError(ssl.SSLCertVerificationError(CANARY))),
            "the server's certificate is not trusted",
            "check api_url; if a CA of your own signs there",
            False,
        ),
        (
            wrapped(requests.exceptions.SSLError, ssl.SSLError(CertificateError(CANARY))),
            "the server's certificate is not trusted",
            "check api_url; if a CA of your own signs there",
            False,
        ),
        (
            wrapped(requests.exceptions.SSLError, ssl.SSLError(ssl.SSLEOFError(CANARY))),
            "the TLS connection failed",
            f"{SETTINGS}; is there an https server at all",
            True,
        ),
        (requests.exceptions.SSLError(CANARY), "the TLS connection failed", f"{SETTINGS}; is there an https server at all", True),
        (ValueError(CANARY), "the request could not be completed", SETTINGS, True),
        (UnicodeError(CANARY), "the request could not be completed", SETTINGS, True),
        (requests.ConnectionError(CANARY), "the connection broke before the answer was complete", NETWORK, True),
        (
            requests.ConnectionError(urllib3.exceptions.ProtocolError(CANARY, ConnectionResetError())),
            "the connection broke before the answer was complete",
            NETWORK,
            True,
        ),
        (http.client.IncompleteRead(b""), "the connection broke before the answer was complete", NETWORK, True),
        (http.client.CannotSendRequest(CANARY), "the connection broke before the answer was complete", NETWORK, True),
        (urllib3.exceptions.HTTPError(CANARY), "the connection broke before the answer was complete", NETWORK, True),
    ],
)
@pytest.mark.parametrize("begun", [False, True])
def test_a_broken_connection_is_told_by_its_kind_only(broken: Exception, what: str, remedy: str, passing: bool, begun: bool) -> None:
    error = diagnosed(broken, begun)
    assert error.failure.what == f"{PATH}: {what}"
    assert error.failure.remedy.startswith(remedy)
    assert (error.failure.reason, error.failure.step) == ("transport", STEP)
    assert error.passing is passing
    # Whatever broke: once the request has left, it may have been carried out.
    assert error.sent is error.unclear is begun
    assert TOKEN not in str(vars(error))


@pytest.mark.parametrize(
    "broken",
    [
        requests.Timeout(CANARY),
        TimeoutError(CANARY),
        requests.ConnectionError(urllib3.exceptions.ReadTimeoutError(None, CANARY, CANARY)),  # type: ignore[arg-type]
        requests.ConnectionError(urllib3.exceptions.ProtocolError(CANARY, TimeoutError())),
        wrapped(requests.ConnectionError, urllib3.exceptions.ConnectTimeoutError()),
        because(requests.ConnectionError(CANARY), TimeoutError()),
    ],
)
def test_a_time_out_is_told_by_how_far_the_request_came(broken: Exception) -> None:
    assert diagnosed(broken, begun=True).failure.what == f"{PATH}: no answer came in time"
    assert diagnosed(broken, begun=False).failure.what == f"{PATH}: no connection could be made in time"
    assert diagnosed(broken).passing


@pytest.mark.parametrize(
    "broken",
    [
        NotUnderstood(CANARY),
        http.client.BadStatusLine(CANARY),
        http.client.LineTooLong(CANARY),
        requests.ConnectionError(urllib3.exceptions.ProtocolError(CANARY, NotUnderstood())),
        requests.ConnectionError(urllib3.exceptions.ProtocolError(CANARY, http.client.BadStatusLine(CANARY))),
    ],
)
def test_an_answer_that_is_no_http_is_unusable(broken: Exception) -> None:
    left, stayed = diagnosed(broken, begun=True), diagnosed(broken, begun=False)
    assert (left.failure.what, left.failure.reason, left.passing, left.unclear, left.sent) == (UNUSABLE, "protocol", True, True, True)
    assert stayed.failure.what == f"{UNUSABLE}, or came before the request"
    assert (stayed.passing, stayed.unclear, stayed.sent) == (True, False, False)
    assert TOKEN not in str((vars(left), vars(stayed)))


# A fatal alert: what some servers that expect TLS answer to plain HTTP. Others only close the connection.
ALERT = b"\x15\x03\x01\x00\x02\x02\x46"


@pytest.mark.parametrize("answer", [(CLOSE,), (ALERT, CLOSE)])
def test_plain_http_to_a_server_that_expects_tls_asks_for_https(answer: tuple[t.Any, ...]) -> None:
    with Loopback(answer) as server:
        error = error_of(Transport(server.url, TIMEOUT, True))
    assert error.failure.remedy.endswith("; if the server expects TLS, write https in api_url")


def test_exceptions_in_a_circle_come_to_an_end() -> None:
    one, other = requests.ConnectionError("one"), OSError("other")
    one.__context__, other.__context__ = other, one
    assert list(transport_module._chain(one)) == [one, other]


# --- Logs.


class Kept(logging.Handler):
    """What reaches the root logger. That of pytest gets what does not."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def test_urls_are_kept_out_of_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, root = Kept(), logging.getLogger()
    monkeypatch.setattr(root, "level", logging.DEBUG)
    monkeypatch.setattr(root, "handlers", [kept])
    with Loopback((OK,)) as server:
        post(Transport(server.url, TIMEOUT, True))
    root.debug("The handler works.")
    assert kept.lines == ["The handler works."]
