# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A platform on raw sockets. It can send any bytes at any time and in any order, and end connections in any way.

It answers like the simulator unless a script says otherwise. So one call can have accounts with scripts and accounts without.
"""

from __future__ import annotations

import collections
import contextlib
import copy
import dataclasses
import json
import socket
import ssl
import struct
import threading
import typing as t
from urllib.parse import urlsplit

import trustme
from multidict import MultiDict
from yarl import URL

from . import menu, tags
from .accounts import ENABLE, LOOK, TOKEN, Platform, Seen
from .answers import answer, error
from .calls import Call, read
from .groups import CHANGES

if t.TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .accounts import Account

# Seconds between two checks of a thread whether the server ends.
_TICK = 0.2

# What menu/get answers for an account that no test uses.
OTHERS_MENU = {"menu": {"button": [{"type": "click", "name": "Of somebody else", "key": "other", "sub_button": []}]}}

# What tags/get answers for such an account.
OTHERS_TAGS = {"tags": [{"id": 100, "name": "Of somebody else", "count": 0}]}

RIGHT = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: <length>\r\n\r\n<body>"


class Over(Exception):
    """The connection has ended."""


class Talk:
    """One connection, and the request on it that is being answered.

    ``body``: the right answer. ``wrong``: the right answer to another request of this kind, with the other state of a draft box, another
    menu, or the token of another account.
    """

    def __init__(self, server: RawServer, number: int, sock: socket.socket) -> None:
        self.number = number
        self.sock = sock
        self.body = self.wrong = b""
        self._server = server
        self._received = b""
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data: bytes) -> None:
        """Send ``data``, after placeholders such as <body> and <length> are replaced."""
        try:
            self.sock.sendall(self.filled_in(data))
        except OSError:
            raise Over from None

    def filled_in(self, data: bytes) -> bytes:
        for name, value in (
            (b"<length>", b"%d" % len(self.body)),
            (b"<hexlength>", b"%x" % len(self.body)),
            (b"<wronglength>", b"%d" % len(self.wrong)),
            (b"<body>", self.body),
            (b"<wrong>", self.wrong),
        ):
            data = data.replace(name, value)
        return data

    def wait(self, seconds: float) -> None:
        if self._server.ends.wait(seconds):
            raise Over

    def line(self, end: bytes) -> bytes:
        """The received bytes up to ``end``."""
        while end not in self._received:
            self._receive()
        found, _end, self._received = self._received.partition(end)
        return found

    def exactly(self, count: int) -> bytes:
        while len(self._received) < count:
            self._receive()
        found, self._received = self._received[:count], self._received[count:]
        return found

    def _receive(self) -> None:
        try:
            more = self.sock.recv(65536)
        except OSError:
            more = b""
        if not more:
            raise Over
        self._received += more


# Bytes are sent. A number means to wait so many seconds. Anything else is called.
Step = t.Union[bytes, float, "Callable[[Talk], None]"]


def close(talk: Talk) -> None:
    """End the connection in the right way: TLS announces the end."""
    if isinstance(talk.sock, ssl.SSLSocket):
        with contextlib.suppress(OSError, ValueError):
            talk.sock.settimeout(_TICK)
            talk.sock.unwrap()
    raise Over


def cut(_talk: Talk) -> None:
    """End the connection. TLS does not announce the end."""
    raise Over


def half_close(talk: Talk) -> None:
    """Stop sending, but keep reading."""
    _shut(talk.sock, socket.SHUT_WR)


def reset(talk: Talk) -> None:
    """End the connection with a reset. The operating system discards bytes that are not sent yet."""
    talk.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise Over


def cork(talk: Talk) -> None:
    """Send the next bytes together, in one segment if they fit."""
    talk.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)


def uncork(talk: Talk) -> None:
    talk.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)


def drip(data: bytes, every: float = 0.2) -> Step:
    """Send ``data`` one byte at a time, with a pause of ``every`` seconds after each."""

    def send(talk: Talk) -> None:
        for byte in talk.filled_in(data):
            talk.send(bytes([byte]))
            talk.wait(every)

    return send


def endless(data: bytes, every: float = 0.05) -> Step:
    """Send ``data`` again and again until the other side closes the connection."""

    def send(talk: Talk) -> None:
        while True:
            talk.send(data)
            talk.wait(every)

    return send


def hang(talk: Talk) -> None:
    """Send nothing until the other side closes the connection."""
    with contextlib.suppress(OSError):
        while talk.sock.recv(65536):
            pass
    raise Over


def tells(event: threading.Event) -> Step:
    return lambda _talk: event.set()


def awaits(event: threading.Event, seconds: float = 10.0) -> Step:
    """Wait until ``event`` is set, at most ``seconds``."""

    def wait(talk: Talk) -> None:
        for _turn in range(int(seconds / _TICK)):
            if event.wait(_TICK):
                return
            talk.wait(0.0)

    return wait


@dataclasses.dataclass(frozen=True)
class Script:
    """What happens to one request.

    ``steps``: the steps in turn; the next request on the connection is read after the last step. ``body``: a body in place of the right
    one. ``carried_out``: whether a change takes effect.
    """

    steps: tuple[Step, ...] = (RIGHT,)
    body: bytes | None = None
    carried_out: bool = True


def answers(*steps: Step, carried_out: bool = True) -> Script:
    return Script(steps, carried_out=carried_out)


def says(body: bytes, *, carried_out: bool = True) -> Script:
    """A complete, valid answer with this body."""
    return Script(body=body, carried_out=carried_out)


@dataclasses.dataclass(frozen=True)
class Brought:
    """A request, the number of its connection, and its script."""

    connection: int
    call: str
    appid: str
    script: Script


class RawServer(Platform):
    """The platform on raw sockets. It listens while it is used as a context manager. All its threads end with it.

    ``tls``: serve https, with a temporary CA whose certificate is at ``ca_path``. ``folder``: the folder of that file.
    ``doors``: the steps before TLS and before the first request, by the number of the connection, from 0. ``greetings``: the same after
    TLS. ``tunnels``: the steps for each CONNECT in turn; later ones are all accepted, and lead to this server. ``brought``: every request,
    in order. ``decoy``: an account that no test uses.
    """

    def __init__(self, folder: Path, *, tls: bool = True) -> None:
        super().__init__()
        self.ends = threading.Event()
        self.ca_path = folder / "raw-ca.pem"
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.ca_path)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost", "127.0.0.1").configure_cert(self._context)
        self._tls = tls
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://localhost:{self.port}"
        self.doors: dict[int, tuple[Step, ...]] = {}
        self.greetings: dict[int, tuple[Step, ...]] = {}
        self.tunnels: collections.deque[tuple[Step, ...]] = collections.deque()
        self.brought: list[Brought] = []
        self.broken: list[BaseException] = []
        self.decoy = self.add()
        self.issue(self.decoy)
        self._scripts: dict[tuple[str, str], collections.deque[Script]] = collections.defaultdict(collections.deque)
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, name="raw server")

    def __enter__(self) -> RawServer:
        self._accepting.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.ends.set()
        # This wakes the thread that waits for connections, on every system.
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._accepting.join()
        self._socket.close()
        with self._lock:
            for sock in self._open:
                _shut(sock)
        for thread in self._threads:
            thread.join()
        if self.broken:
            raise self.broken[0]

    def script(self, account: Account, call: str, *scripts: Script) -> None:
        """Give ``scripts`` to the next requests of the kind ``call`` for ``account``, one to each, in this order."""
        self._scripts[account.appid, call].extend(scripts)

    def connections(self, account: Account) -> list[int]:
        """The numbers of the connections of the requests for ``account``, in order."""
        return [one.connection for one in self.brought if one.appid == account.appid]

    def _accept(self) -> None:
        number = 0
        while True:
            sock, _address = self._socket.accept()
            with self._lock:
                if self.ends.is_set():
                    sock.close()
                    return
                self._open.add(sock)
            thread = threading.Thread(target=self._serve, args=(number, sock), name=f"raw connection {number}")
            number += 1
            thread.start()
            self._threads.append(thread)

    def _serve(self, number: int, sock: socket.socket) -> None:
        talk = Talk(self, number, sock)
        try:
            _play(talk, self.doors.get(number, ()))
            if self._tls:
                self._shake_hands(talk)
            _play(talk, self.greetings.get(number, ()))
            while True:
                self._answer(talk)
        except Over:
            pass
        except Exception as error:
            self.broken.append(error)
        finally:
            with self._lock:
                self._open -= {sock, talk.sock}
                talk.sock.close()
                sock.close()

    def _shake_hands(self, talk: Talk) -> None:
        # A client of a proxy sends plain HTTP first.
        try:
            if talk.sock.recv(1, socket.MSG_PEEK) == b"C":
                self._tunnel(talk)
            raw = talk.sock
            with self._lock:
                talk.sock = self._context.wrap_socket(raw, server_side=True, do_handshake_on_connect=False)
                self._open = self._open - {raw} | {talk.sock}
            talk.sock.do_handshake()
        except OSError:
            raise Over from None

    def _tunnel(self, talk: Talk) -> None:
        talk.line(b"\r\n\r\n")
        with self._lock:
            steps = self.tunnels.popleft() if self.tunnels else (b"HTTP/1.1 200 Connection established\r\n\r\n",)
        _play(talk, steps)

    def _answer(self, talk: Talk) -> None:
        head = talk.line(b"\r\n\r\n").decode("latin-1")
        first, *lines = head.split("\r\n")
        method, target, _version = first.split(" ")
        headers = {name.strip().title(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)}
        body = talk.exactly(int(headers.get("Content-Length", "0")))
        address = urlsplit(target)
        request = Request(method, address.path, MultiDict(URL(f"?{address.query}", encoded=True).query), headers)
        with self._lock:
            call = read(self, request, body)
            appid = call.account.appid if call.account else ""
            self.saw(Seen(call.name, appid, method, address.path, address.query, headers, body))
            scripts = self._scripts.get((appid, call.name))
            script = scripts.popleft() if scripts else Script()
            self.brought.append(Brought(talk.number, call.name, appid, script))
            right = self._right(call, request, script)
            talk.body = right if script.body is None else script.body
            talk.wrong = self._wrong(call, right)
        _play(talk, script.steps)

    def _right(self, call: Call, request: Request, script: Script) -> bytes:
        if call.name in (ENABLE, *CHANGES) and not script.carried_out:
            # What the platform would say, of an account that stays as it is.
            right: object = answer(self, dataclasses.replace(call, account=copy.deepcopy(call.account)), request)
        else:
            right = answer(self, call, request)
        return _json(right if isinstance(right, dict) else error(48001))

    def _wrong(self, call: Call, right: bytes) -> bytes:
        if call.name == TOKEN:
            return _json({"access_token": self.decoy.token, "expires_in": 7200})
        if call.name == menu.GET:
            return _json(OTHERS_MENU if b'"errcode":46003' in right else error(46003))
        if call.name == menu.SHOWN:
            return _json({"is_menu_open": int(b'"is_menu_open":0' in right)})
        if call.name == tags.GET:
            return _json(OTHERS_TAGS)
        return _json({"errcode": 0, "errmsg": "ok", "is_open": int(call.name == LOOK and b'"is_open":0' in right)})


@dataclasses.dataclass(frozen=True)
class Request:
    """The parts of a request that ``calls`` and ``answers`` need."""

    method: str
    path: str
    query: MultiDict[str]
    headers: dict[str, str]


def _play(talk: Talk, steps: tuple[Step, ...]) -> None:
    for step in steps:
        if isinstance(step, bytes):
            talk.send(step)
        elif isinstance(step, float):
            talk.wait(step)
        else:
            step(talk)


def _json(content: object) -> bytes:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()


def _shut(sock: socket.socket, how: int = socket.SHUT_RDWR) -> None:
    with contextlib.suppress(OSError):
        # Below TLS, so that TLS does not announce the end.
        socket.socket.shutdown(sock, how)
