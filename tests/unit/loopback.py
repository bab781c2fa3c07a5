# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server on this machine that knows no HTTP: it reads requests, and answers each with the bytes it was given."""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import re
import socket
import threading
import typing as t

if t.TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

_LENGTH = re.compile(rb"\r\nContent-Length: ([0-9]+)\r\n", re.IGNORECASE)

# Said instead of bytes: end the connection, or say nothing until the other side ends it.
CLOSE = "close"
HANG = "hang"

Step = t.Union[bytes, str, "Callable[[], object]"]


@dataclasses.dataclass(frozen=True)
class Received:
    """``connection``: its number, from 0 on."""

    connection: int
    head: str
    body: bytes

    @property
    def first_line(self) -> str:
        return self.head.split("\r\n")[0]

    @property
    def headers(self) -> dict[str, str]:
        return dict(line.split(": ", 1) for line in self.head.split("\r\n")[1:])


class Loopback:
    """Listens while used as a context manager. ``answers``: the steps that follow each request, in turn. ``received``: the requests.

    ``tls``: speak TLS with this; a client that asks for a tunnel speaks plain HTTP first.
    """

    def __init__(self, *answers: tuple[Step, ...], tls: ssl.SSLContext | None = None) -> None:
        self._answers = collections.deque(answers)
        self._tls = tls
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, name="loopback")
        self._over = False
        self.received: list[Received] = []
        self.port: int = self._socket.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Loopback:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._over = True
        # Wakes the thread, whatever it waits for.
        for sock in list(self._open):
            with contextlib.suppress(OSError):
                # Below TLS, which would say goodbye first.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        number = 0
        while not self._over:
            raw, _address = self._socket.accept()
            with raw, contextlib.suppress(OSError):
                self._open.append(raw)
                if self._tls and raw.recv(1, socket.MSG_PEEK) == b"C":
                    self._talk(raw, number, 1)
                sock = self._tls.wrap_socket(raw, server_side=True) if self._tls else raw
                with sock:
                    self._open.append(sock)
                    self._talk(sock, number)
            number += 1

    def _talk(self, sock: socket.socket, number: int, requests: int = 1_000_000) -> None:
        received = b""
        while not self._over and requests:
            requests -= 1
            while b"\r\n\r\n" not in received:
                more = sock.recv(65536)
                if not more:
                    return
                received += more
            head, _end, received = received.partition(b"\r\n\r\n")
            length = _LENGTH.search(head + b"\r\n")
            while length and len(received) < int(length[1]):
                received += sock.recv(65536)
            body, received = (received[: int(length[1])], received[int(length[1]) :]) if length else (b"", received)
            self.received.append(Received(number, head.decode("latin-1"), body))
            for step in self._answers.popleft():
                if step == CLOSE:
                    return
                if step == HANG:
                    while sock.recv(65536):
                        pass
                    return
                if isinstance(step, bytes):
                    sock.sendall(step)
                elif callable(step):
                    step()


def whole(content: bytes, status: bytes = b"200 OK") -> bytes:
    """A well-formed answer."""
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status, len(content), content)
