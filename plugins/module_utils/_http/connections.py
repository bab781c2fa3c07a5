# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections with a deadline. They are used again only after one complete answer that is fully understood.

``http.client`` takes an interim answer (such as 103) for the final one, drops bytes that follow the answer, and limits the time of each
read, not of all reads together. On a connection that is kept open, each of these can give one request the answer to another one.
"""

from __future__ import annotations

import contextlib
import contextvars
import functools
import http.client
import io
import os
import re
import socket
import ssl
import time
import typing as t

try:
    import urllib3
    from requests import certs
    from requests.adapters import HTTPAdapter
except (ImportError, OSError):  # see transport
    HTTPAdapter = object  # type: ignore[assignment, misc]

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from urllib3 import HTTPConnectionPool
    from urllib3.connection import HTTPConnection as Connection
else:
    Connection = object

# Seconds. A time-out of 0 would make the socket non-blocking.
_SHORTEST_WAIT = 0.001

_STATUS_LINE = re.compile(rb"(HTTP/1\.[01]) ([1-9][0-9]{2})((?: [^\r\n]*)?)\r?\n")
_LONGEST_STATUS_LINE = 1024
_DIGITS = re.compile(r"[0-9]{1,18}")


class NotUnderstood(http.client.HTTPException):
    """Bytes arrived that are not exactly one answer to the one request. The connection is closed."""


class NotWanted(Exception):
    """The request was not sent, because nobody waits for its result any more."""


class Exchange:
    """One request and its answer, in the thread that makes them.

    ``seconds``: the time for all of it. ``wanted``: called right before the first byte is sent; nothing is sent if it returns False.
    ``begun``: whether the first byte may have been sent. ``overfull``: more bytes than one answer arrived, so it is not clear which answer
    is the right one.
    ``stale``: the request was not sent, because the connection, kept open after an earlier request, is not usable any more.
    """

    def __init__(self, seconds: float, wanted: Callable[[], bool] | None = None) -> None:
        self._deadline = time.monotonic() + seconds
        self._wanted = wanted
        self.begun = False
        self.overfull = False
        self.stale = False

    def seconds_left(self) -> float:
        """Seconds until the deadline; a very short time if the deadline has passed."""
        return max(self._deadline - time.monotonic(), _SHORTEST_WAIT)

    def is_over(self) -> bool:
        return time.monotonic() >= self._deadline

    def begin(self) -> None:
        """Note that the request is sent now. Raises NotWanted if it must not be sent."""
        if self._wanted is not None and not self._wanted():
            raise NotWanted
        self.begun = True


# The transport sets it for each request. urllib3 has no way to pass such an object to its connections.
CURRENT: contextvars.ContextVar[Exchange] = contextvars.ContextVar("exchange")


# TLS contexts by the path of the bundle that they have read.
_READY: dict[object, ssl.SSLContext] = {}


def make_ready() -> None:
    """Read the usual CA certificates once, for the processes that this one forks. To read them takes longer than a request."""
    of_requests = None if HTTPAdapter is object else certs.where()  # type: ignore[attr-defined, unused-ignore]
    usual = (os.environ.get("REQUESTS_CA_BUNDLE"), os.environ.get("CURL_CA_BUNDLE"), of_requests)
    for bundle in filter(None, usual):
        with contextlib.suppress(Exception):  # then each connection does it, and says what is wrong
            context = urllib3.util.ssl_.create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
            context.load_verify_locations(bundle)
            _READY[bundle] = context


def is_ready(bundle: object) -> bool:
    """Whether ``make_ready`` has read ``bundle``."""
    return bundle in _READY


class Adapter(HTTPAdapter):
    """An adapter of requests that uses the connections of this file, also through proxies. For one host and one set of settings.

    It finds the pool of connections and checks the path of the CA bundle once. The adapter of requests does so for each request.
    """

    _pool: t.Any = None

    def get_connection(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
        """The same as the next method, for requests before 2.32."""
        self._pool = self._pool or super().get_connection(*args, **kwargs)
        return self._pool

    def get_connection_with_tls_context(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
        self._pool = self._pool or super().get_connection_with_tls_context(*args, **kwargs)
        return self._pool

    def cert_verify(self, conn: t.Any, *args: t.Any, **kwargs: t.Any) -> None:
        if not conn.__dict__.get("verified_once"):
            super().cert_verify(conn, *args, **kwargs)  # type: ignore[no-untyped-call]
            ready = _READY.get(getattr(conn, "ca_certs", None))
            if ready is not None:
                conn.conn_kw["ssl_context"], conn.ca_certs = ready, None
            conn.verified_once = True

    def init_poolmanager(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        _strict(self.poolmanager)

    def proxy_manager_for(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
        return _strict(super().proxy_manager_for(*args, **kwargs))

    def build_response(self, req: t.Any, resp: t.Any) -> t.Any:  # noqa: ARG002
        """The answer of urllib3 as it is, without cookies and without the time that requests needs to look for them."""
        return resp


def _strict(manager: t.Any) -> t.Any:
    manager.pool_classes_by_scheme = {scheme: _strict_pool(pool) for scheme, pool in manager.pool_classes_by_scheme.items()}
    return manager


@functools.cache
def _strict_pool(pool: type[HTTPConnectionPool]) -> type[HTTPConnectionPool]:
    if issubclass(pool.ConnectionCls, _Strict):
        return pool
    connection = type(f"Strict{pool.ConnectionCls.__name__}", (_Strict, pool.ConnectionCls), {})
    return type(f"Strict{pool.__name__}", (pool,), {"ConnectionCls": connection})


class _Incoming(io.RawIOBase):
    """The bytes that arrive at ``sock`` until the deadline."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        # This file keeps the socket open while its bytes are read, even if the connection object is closed earlier.
        self._file = sock.makefile("rb", buffering=0)
        self.over = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: t.Any) -> int | None:
        if self.over:
            return 0
        exchange = CURRENT.get()
        # If bytes keep arriving, no read ever has to wait, and the time-out of the socket never ends a read.
        if exchange.is_over():
            raise TimeoutError
        self._sock.settimeout(exchange.seconds_left())
        return self._file.readinto(buffer)

    def end(self, left_over: bytes) -> None:
        """Note that the answer is complete. If bytes are left over, shut the connection down: they must not become the next answer."""
        # An OSError means that the other side has closed the connection already.
        with contextlib.suppress(OSError):
            if left_over or _waiting(self._sock):
                CURRENT.get().overfull = True
                # urllib3 then notices that the connection is closed, and opens another one.
                self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Buffer(io.BufferedReader):
    """The buffered bytes of one answer."""

    raw: _Incoming

    def close(self) -> None:
        if not self.closed:
            # With this, peek() shows what is in the buffer and does not wait for more.
            self.raw.over = True
            self.raw.end(self.peek(1))
        super().close()


class _Answer(http.client.HTTPResponse):
    """An answer. Raises NotUnderstood unless it is exactly one final answer."""

    def __init__(self, sock: socket.socket, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = _Buffer(_Incoming(sock))

    def _read_status(self) -> tuple[str, int, str]:
        """Stricter than http.client, which accepts 2_00 as a status and HTTP/1.7 as a version."""
        line = self.fp.readline(_LONGEST_STATUS_LINE)
        if not line:
            raise http.client.RemoteDisconnected("")
        read = _STATUS_LINE.fullmatch(line)
        if not read:
            raise NotUnderstood
        return read[1].decode(), int(read[2]), read[3].decode("iso-8859-1")

    def begin(self) -> None:
        super().begin()
        lengths = self.headers.get_all("Content-Length", [])
        codings = self.headers.get_all("Transfer-Encoding", [])
        if self.status < 200 or self.headers.defects or self.headers.get_payload():
            raise NotUnderstood
        if len(lengths) + len(codings) > 1 or not all(map(_DIGITS.fullmatch, lengths)) or (codings and not self.chunked):
            raise NotUnderstood
        # The end of an answer is certain only if the answer states its length and exactly that many bytes are read.
        if self.version != 11 or not lengths:
            self.will_close = True


class _Strict(Connection):
    """A mixin that comes before a connection class of urllib3."""

    response_class = _Answer
    _dns_host: str
    _at_once = False
    _kept_open = False

    def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
        self._unsent: list[bytes] = []
        super().__init__(*args, **kwargs)

    def _new_conn(self) -> socket.socket:
        """Connect as urllib3 does, but all addresses of the host name share the time that is left."""
        *others, last = self._addresses()
        for address in others:
            try:
                return self._connect_to(address)
            except urllib3.exceptions.HTTPError:  # the next address may work
                continue
        return self._connect_to(last)

    def _addresses(self) -> list[str]:
        if hasattr(self, "_socks_options"):  # a SOCKS proxy looks the name up itself
            return [self._dns_host]
        try:
            found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):  # urllib3 gets the same error, and raises it as the right exception
            return [self._dns_host]
        return list(dict.fromkeys(str(one[4][0]) for one in found))

    def _connect_to(self, address: str) -> socket.socket:
        name, self._dns_host = self._dns_host, address
        self.timeout = CURRENT.get().seconds_left()
        try:
            sock: socket.socket = super()._new_conn()
        finally:
            self._dns_host = name
        # This is for the TLS handshake: its time-out is for the whole handshake.
        sock.settimeout(CURRENT.get().seconds_left())
        return sock

    def _tunnel(self) -> None:
        # The CONNECT that goes to the proxy is not the request, so it has its own exchange.
        exchange, asking = CURRENT.get(), Exchange(CURRENT.get().seconds_left())
        CURRENT.set(asking)
        self._at_once = True
        try:
            super()._tunnel()
        finally:
            self._at_once = False
            CURRENT.set(exchange)
        if asking.overfull:
            raise NotUnderstood
        self.sock.settimeout(exchange.seconds_left())

    def send(self, data: t.Any) -> None:
        """Keep ``data`` until the request is complete. The request is sent in one piece, or not at all."""
        if self.sock is None:
            if not self.auto_open:
                raise http.client.NotConnected
            self.connect()
        self._unsent.append(data)
        if self._at_once:
            self._flush()

    def getresponse(self) -> t.Any:
        self._flush()
        answer = super().getresponse()
        self._kept_open = True
        return answer

    def close(self) -> None:
        self._unsent.clear()
        self._kept_open = False
        super().close()

    def _flush(self) -> None:
        exchange = CURRENT.get()
        request = b"".join(self._unsent)
        self._unsent.clear()
        try:
            _expect_silence(self.sock)
        except (NotUnderstood, OSError):
            exchange.stale = self._kept_open
            raise
        exchange.begin()
        self.sock.settimeout(exchange.seconds_left())
        super().send(request)


def _expect_silence(sock: socket.socket) -> None:
    """Raises NotUnderstood if bytes have arrived before the request is sent: they would count as the answer to it."""
    waiting = _waiting(sock)
    if waiting:
        raise NotUnderstood
    if waiting is not None:
        raise ConnectionResetError


def _waiting(sock: socket.socket) -> bytes | None:
    """The next byte if one has arrived; b"" if the other side has closed the connection; None if nothing has arrived. Raises OSError."""
    sock.settimeout(0)
    try:
        return sock.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return None
