# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated platform's HTTP: its answers byte for byte, and its faults."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import ssl
import threading
import time
import typing as t
from urllib.parse import quote

import trustme
from aiohttp import web

from .accounts import ENABLE, LOOK, OTHER, TOKEN, Account, Platform, Seen
from .faults import MESSAGES, Fault

if t.TYPE_CHECKING:
    from pathlib import Path


class Simulator(Platform):
    """The platform, listening in a thread of its own while used as a context manager.

    ``tls``: serve https with a throw-away CA, ``ca_path``. ``folder``: where that CA's certificate is written.
    ``authority``: the CA to use instead. ``latency``: seconds that every answer takes. ``port``: 0 takes a free one.
    """

    def __init__(self, folder: Path, *, tls: bool = True, latency: float = 0.0, port: int = 0, authority: trustme.CA | None = None) -> None:
        super().__init__()
        self.authority = authority or trustme.CA()
        self.latency = latency
        self.ca_path = folder / "simulator-ca.pem"
        self._tls = self._make_tls() if tls else None
        self._socket = socket.create_server(("127.0.0.1", port), backlog=1024)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://localhost:{self.port}"
        self._connections: set[object] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="simulator", daemon=True)
        self._ready = threading.Event()

    def __enter__(self) -> Simulator:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _make_tls(self) -> ssl.SSLContext:
        self.authority.cert_pem.write_to_path(self.ca_path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
        return context

    @property
    def connections(self) -> int:
        """How many connections brought a request."""
        return len(self._connections)

    def foreign_ca(self) -> bytes:
        """The certificate of a CA that did not sign this server's."""
        return trustme.CA().cert_pem.bytes()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        app = web.Application(client_max_size=1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
        self._loop.run_until_complete(runner.setup())
        self._site = web.SockSite(runner, self._socket, ssl_context=self._tls, backlog=1024)
        self._loop.run_until_complete(self._site.start())
        self._ready.set()
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self._connections.add(request.protocol)
        body = await request.read()
        call, account, fields = self._read(request, body)
        self.saw(
            Seen(
                call=call,
                appid=account.appid if account else "",
                method=request.method,
                path=request.path,
                query=request.query_string,
                headers=dict(request.headers),
                body=body,
            )
        )
        queue = account.faults[call] if account else None
        fault = queue.popleft() if queue else None
        if self.latency:
            await asyncio.sleep(self.latency)
        if fault is None:
            return _json(self._answer(call, account, request, fields))
        return await self._misbehave(fault, call, account, request, fields)

    def _read(self, request: web.Request, body: bytes) -> tuple[str, Account | None, dict[str, object]]:
        """What is called, for which account, with which fields in the body."""
        try:
            read = json.loads(body)
        except ValueError:
            read = None
        fields = read if isinstance(read, dict) else {}
        if request.path == "/cgi-bin/stable_token":
            return TOKEN, self.accounts.get(str(fields.get("appid", ""))), fields
        if request.path == "/cgi-bin/draft/switch":
            call = LOOK if request.query.getall("checkonly", []) == ["1"] else ENABLE
            return call, self.holder(request.query.get("access_token", "")), fields
        return OTHER, None, fields

    def _answer(
        self, call: str, account: Account | None, request: web.Request, fields: dict[str, object]
    ) -> web.Response | dict[str, object]:
        """What the platform answers when nothing goes wrong."""
        if call == OTHER:
            return web.Response(status=404, text="not found")
        if request.method != "POST":
            return _error(43002)
        if "Content-Length" not in request.headers:
            return web.Response(status=412)
        if call == TOKEN:
            return self._answer_token(account, fields)
        token = request.query.get("access_token", "")
        if not token:
            return _error(41001)
        if account is None or token != account.token:
            return _error(40001)
        if not account.listed:
            return _error(40164)
        if call == LOOK:
            return {"errcode": 0, "errmsg": "ok", "is_open": int(account.shows_on())}
        account.turn_on()
        return {"errcode": 0, "errmsg": "ok"}

    def _answer_token(self, account: Account | None, fields: dict[str, object]) -> dict[str, object]:
        # A form, which other calls take, arrives here as no fields at all.
        if not fields.get("appid"):
            return _error(41002)
        if not fields.get("secret"):
            return _error(41004)
        if fields.get("grant_type") != "client_credential":
            return _error(40002)
        if account is None:
            return _error(40013)
        if fields["secret"] != account.secret:
            return _error(40125)
        if account.frozen_secret:
            return _error(40243)
        if not account.listed:
            return _error(40164)
        token = self.issue(account) if fields.get("force_refresh") is True else self.token(account)
        return {"access_token": token, "expires_in": 7200}

    async def _misbehave(
        self, fault: Fault, call: str, account: Account | None, request: web.Request, fields: dict[str, object]
    ) -> web.StreamResponse:
        if account and fault.new_token:
            self.issue(account)
        if account and fault.lag:
            account.lag = fault.lag
        if account and fault.carried_out and call == ENABLE:
            account.turn_on()
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.lost or fault.raw:
            return _cut(request, fault.raw)
        if fault.errcode is not None:
            return _json(_error(fault.errcode, _echo(request, fields) if fault.echo else fault.errmsg))
        if fault.body is not None:
            headers = {"Content-Type": fault.content_type, **dict(fault.headers)}
            if not fault.cut:
                return web.Response(status=fault.status, body=fault.body, headers=headers)
            response = web.StreamResponse(status=fault.status, headers={**headers, "Content-Length": str(len(fault.body))})
            await response.prepare(request)
            await response.write(fault.body[:-4])
            return _cut(request)
        answer = self._answer(call, account, request, fields)
        if fault.last:
            await self._site.stop()
        if fault.says_on and isinstance(answer, dict):
            answer["is_open"] = 1
        response = _json(answer)
        if fault.last:
            response.force_close()
        return response


def _json(answer: web.Response | dict[str, object]) -> web.Response:
    """WeChat sends JSON as text/plain, errors too with HTTP 200."""
    if isinstance(answer, web.Response):
        return answer
    return web.Response(body=json.dumps(answer, separators=(",", ":"), ensure_ascii=False).encode(), content_type="text/plain")


def _error(code: int, errmsg: str = "") -> dict[str, object]:
    rid = f"{int(time.time()):08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
    return {"errcode": code, "errmsg": f"{errmsg or MESSAGES.get(code, 'refused')} rid: {rid}"}


def _echo(request: web.Request, fields: dict[str, object]) -> str:
    sent = [*request.query.values(), *map(str, fields.values())]
    return "bad request: " + " ".join([*sent, *(quote(text, safe="") for text in sent)])


def _cut(request: web.Request, raw: bytes = b"") -> web.Response:
    """End the connection, after ``raw``."""
    if request.transport and raw:
        request.transport.write(raw)
        request.transport.close()
    elif request.transport:
        request.transport.abort()
    return web.Response()
