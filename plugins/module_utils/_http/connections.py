# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""Connections that end at a deadline, and that are used again only after a complete, well-understood answer.

``http.client`` takes an interim answer (103 and the like) for the final one, drops bytes that are left over, and limits the time of each
read, not of all reads together. On a connection that is kept open, each of these gives one request the answer of another.
"""

from __future__ import annotations

import contextlib
import contextvars
import functools
import http.client
import io
import re
import socket
import ssl
import time
import typing as t

try:
    import urllib3
    from requests.adapters import HTTPAdapter
except ImportError:
    HTTPAdapter = object  # type: ignore[assignment, misc]

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from urllib3 import HTTPConnectionPool
    from urllib3.connection import HTTPConnection as Connection
else:
    Connection = object

# A socket whose time-out is 0 does not wait at all.
_SHORTEST_WAIT = 0.001

_STATUS_LINE = re.compile(rb"(HTTP/1\.[01]) ([1-9][0-9]{2})((?: [^\r\n]*)?)\r?\n")
_LONGEST_STATUS_LINE = 1024
_DIGITS = re.compile(r"[0-9]{1,18}")


class NotUnderstood(http.client.HTTPException):
    """Bytes came that cannot be the one answer to the one request. The connection is closed."""


class NotWanted(Exception):
    """The request was not sent, because nobody waits for it any more."""


class Exchange:
    """One request and its answer, in the thread that makes them.

    ``seconds``: for all of it. ``wanted``: asked right before the first byte is sent. ``begun``: whether that byte may have left.
    ``overfull``: more came than one answer, so that nobody can say which one it was. ``stale``: the request did not leave, because the
    connection that was kept open from an earlier one is of no use any more.
    """

    def __init__(self, seconds: float, wanted: Callable[[], bool] | None = None) -> None:
        self._deadline = time.monotonic() + seconds
        self._wanted = wanted
        self.begun = False
        self.overfull = False
        self.stale = False

    def left(self) -> float:
        """Seconds until the deadline, and a moment after it."""
        return max(self._deadline - time.monotonic(), _SHORTEST_WAIT)

    def is_over(self) -> bool:
        return time.monotonic() >= self._deadline

    def begin(self) -> None:
        """Note that the request leaves now. Raises NotWanted if it must not."""
        if self._wanted is not None and not self._wanted():
            raise NotWanted
        self.begun = True


# Set by whoever sends a request. urllib3 hands nothing of the kind down to its connections.
CURRENT: contextvars.ContextVar[Exchange] = contextvars.ContextVar("exchange")


class Adapter(HTTPAdapter):
    """The adapter of requests, with the connections of this file, through proxies too. For one host, and one set of settings.

    What requests works out anew for each request, the pool of connections and the check of the CA bundle's path, is worked out once.
    """

    _pool: t.Any = None

    def get_connection(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
        """Before requests 2.32."""
        self._pool = self._pool or super().get_connection(*args, **kwargs)
        return self._pool

    def get_connection_with_tls_context(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
        self._pool = self._pool or super().get_connection_with_tls_context(*args, **kwargs)
        return self._pool

    def cert_verify(self, conn: t.Any, *args: t.Any, **kwargs: t.Any) -> None:
        if not conn.__dict__.get("verified_once"):
            super().cert_verify(conn, *args, **kwargs)  # type: ignore[no-untyped-call]
            conn.verified_once = True

    def init_poolmanager(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        _strict(self.poolmanager)

    def proxy_manager_for(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
        return _strict(super().proxy_manager_for(*args, **kwargs))

    def build_response(self, req: t.Any, resp: t.Any) -> t.Any:  # noqa: ARG002
        """The answer of urllib3 as it is: no cookies, and no time spent on looking for them."""
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
    """The bytes that come from ``sock`` until the deadline."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        # It keeps the socket open for as long as its bytes are read, even if the connection object is closed before.
        self._file = sock.makefile("rb", buffering=0)
        self.over = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: t.Any) -> int | None:
        if self.over:
            return 0
        exchange = CURRENT.get()
        # Where bytes never cease to come, no read would ever have to wait, and so none would run out of time.
        if exchange.is_over():
            raise TimeoutError
        self._sock.settimeout(exchange.left())
        return self._file.readinto(buffer)

    def end(self, left_over: bytes) -> None:
        """Note that the answer is complete, and see that ``left_over`` is not taken for the next one."""
        # Where the other side is gone already, there is nothing to see to.
        with contextlib.suppress(OSError):
            if left_over or _waiting(self._sock):
                CURRENT.get().overfull = True
                # urllib3 finds the connection dropped then, and opens another one.
                self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Buffer(io.BufferedReader):
    """The buffered bytes of one answer."""

    raw: _Incoming

    def close(self) -> None:
        if not self.closed:
            # Lets peek() show what is in the buffer, without a wait for more.
            self.raw.over = True
            self.raw.end(self.peek(1))
        super().close()


class _Answer(http.client.HTTPResponse):
    """An answer. Raises NotUnderstood for what is not exactly one final answer."""

    def __init__(self, sock: socket.socket, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = _Buffer(_Incoming(sock))

    def _read_status(self) -> tuple[str, int, str]:
        """Stricter than http.client, which takes 2_00 for a status, and HTTP/1.7 for a version."""
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
        # Only a length that was given, and read exactly, shows for certain where the answer ends.
        if self.version != 11 or not lengths:
            self.will_close = True


class _Strict(Connection):
    """What is put before a connection class of urllib3."""

    response_class = _Answer
    _dns_host: str
    _at_once = False
    _kept_open = False

    def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
        self._unsent: list[bytes] = []
        super().__init__(*args, **kwargs)

    def _new_conn(self) -> socket.socket:
        """As urllib3 does it, but all addresses of the name share the time that is left."""
        *others, last = self._addresses()
        for address in others:
            try:
                return self._connect_to(address)
            except urllib3.exceptions.HTTPError:  # the next one may do
                continue
        return self._connect_to(last)

    def _addresses(self) -> list[str]:
        if hasattr(self, "_socks_options"):  # a SOCKS proxy looks the name up itself
            return [self._dns_host]
        try:
            found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):  # urllib3 runs into it as well, and says what it means
            return [self._dns_host]
        return list(dict.fromkeys(str(one[4][0]) for one in found))

    def _connect_to(self, address: str) -> socket.socket:
        name, self._dns_host = self._dns_host, address
        self.timeout = CURRENT.get().left()
        try:
            sock: socket.socket = super()._new_conn()
        finally:
            self._dns_host = name
        # For the TLS handshake, whose time-out holds for all of it.
        sock.settimeout(CURRENT.get().left())
        return sock

    def _tunnel(self) -> None:
        # What the proxy is asked for is not the request.
        exchange, asking = CURRENT.get(), Exchange(CURRENT.get().left())
        CURRENT.set(asking)
        self._at_once = True
        try:
            super()._tunnel()
        finally:
            self._at_once = False
            CURRENT.set(exchange)
        if asking.overfull:
            raise NotUnderstood
        self.sock.settimeout(exchange.left())

    def send(self, data: t.Any) -> None:
        """Keep ``data`` until all of the request is there: it leaves in one piece, or not at all."""
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
        self.sock.settimeout(exchange.left())
        super().send(request)


def _expect_silence(sock: socket.socket) -> None:
    """Raises NotUnderstood if an answer is there before the request: it would be taken for the answer to it."""
    waiting = _waiting(sock)
    if waiting:
        raise NotUnderstood
    if waiting is not None:
        raise ConnectionResetError


def _waiting(sock: socket.socket) -> bytes | None:
    """A byte that has come already; none if the other side has hung up; None if it is silent. Raises OSError."""
    sock.settimeout(0)
    try:
        return sock.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return None
