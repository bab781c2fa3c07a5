# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection that was kept open and is of no use any more costs no try: nothing was sent over it."""

from __future__ import annotations

import contextlib
import socket
import threading
import typing as t

import pytest
import urllib3.connectionpool
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import Step
from ansible_collections.wxops.official_account.plugins.module_utils._http.transport import Transport

if t.TYPE_CHECKING:
    from collections.abc import Iterator

STEP = Step("try")
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Server:
    """Answers one request on each connection with ``WHOLE``, then sends ``later`` and closes it. ``requests``: how many came."""

    def __init__(self, later: bytes) -> None:
        self._later = later
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.requests = 0
        # Set by the test when the client has read its answer; and by the server when it has closed the connection.
        self.read, self.closed = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _address = self._listening.accept()
                with connection, contextlib.suppress(OSError):
                    if not connection.recv(65536):
                        continue
                    self.requests += 1
                    connection.sendall(WHOLE)
                    self.read.wait(10)
                    self.read.clear()
                    connection.sendall(self._later)
                self.closed.set()

    def close(self) -> None:
        # Wakes the thread that waits for a connection.
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(10)


@pytest.fixture
def serve() -> Iterator[t.Callable[..., Server]]:
    with contextlib.ExitStack() as servers:

        def make(later: bytes) -> Server:
            server = Server(later)
            servers.callback(server.close)
            return server

        yield make


@pytest.mark.parametrize("later", [b"", WHOLE], ids=["closed", "another answer"])
@pytest.mark.parametrize("change", [False, True])
def test_another_connection_is_taken(later: bytes, change: bool, serve: t.Callable[..., Server], monkeypatch: pytest.MonkeyPatch) -> None:
    # urllib3 looks as well, a moment earlier. What happens in that moment is what is tested here.
    monkeypatch.setattr(urllib3.connectionpool, "is_connection_dropped", lambda _connection: False)
    server = serve(later)
    transport = Transport(server.url, 5.0, True)
    for number in (1, 2, 3):
        assert transport.send(STEP, "POST", "call", {}, {}, change=change).content == b"{}"
        assert server.requests == number
        server.closed.clear()
        server.read.set()
        assert server.closed.wait(10)
