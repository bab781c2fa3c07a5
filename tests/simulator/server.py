# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP server of the simulated platform, with its faults."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import threading
import typing as t
from urllib.parse import quote

import trustme
from aiohttp import web

from .accounts import ENABLE, Platform, Seen
from .answers import answer, error
from .calls import Call, read
from .diagnostics import note

if t.TYPE_CHECKING:
    from pathlib import Path

    from .faults import Fault


class Simulator(Platform):
    """The platform. It listens in its own thread while it is used as a context manager.

    ``tls``: serve https, with a temporary CA whose certificate is at ``ca_path``. ``folder``: the folder of that file.
    ``authority``: the CA to use instead. ``latency``: seconds that every answer takes. ``port``: 0 means any free port.
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
        self._connections: set[web.RequestHandler] = set()
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
        """The number of connections that have sent a request."""
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
        self._loop.run_until_complete(self._hang_up())
        self._loop.close()

    async def _hang_up(self) -> None:
        # The connection of a killed client is still open here.
        for connection in self._connections:
            if connection.transport:
                connection.transport.abort()
        # So is one that has not said goodbye yet. Since Python 3.13 it can be found.
        getattr(self._site._server, "abort_clients", lambda: None)()
        for _turn in range(3):
            await asyncio.sleep(0)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self._connections.add(request.protocol)
        body = await request.read()
        call = read(self, request, body)
        self.saw(
            Seen(
                call=call.name,
                appid=call.account.appid if call.account else "",
                method=request.method,
                path=request.path,
                query=request.query_string,
                headers=dict(request.headers),
                body=body,
                component=call.component.appid if call.component else "",
            )
        )
        fault = call.take_fault()
        if self.latency:
            await asyncio.sleep(self.latency)
        if fault is None:
            return _json(self._noted(self.act(call, request), call, request))
        return await self._misbehave(fault, call, request)

    def act(self, call: Call, request: web.Request) -> web.Response | dict[str, object]:
        """Do what a request asks for, and return the answer to it."""
        return answer(self, call, request)

    def _noted(self, content: t.Any, call: Call, request: web.Request) -> t.Any:
        note(call, request, content)
        return content

    async def _misbehave(self, fault: Fault, call: Call, request: web.Request) -> web.StreamResponse:
        if fault.new_token:
            call.kill_token(self)
        if call.account and fault.lag:
            call.account.lag = call.account.menus.lag = call.account.tags.lag = fault.lag
        right = None
        if call.account and fault.carried_out and call.name == ENABLE:
            call.account.turn_on()
        elif fault.carried_out:
            # Once only: another writer may act before the answer leaves.
            right = self.act(call, request)
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.lost:
            return _cut(request)
        if fault.errcode is not None:
            refused = error(fault.errcode, _echo(request, call.fields) if fault.echo else fault.errmsg)
            return _json(self._noted(refused, call, request))
        if fault.body is not None:
            headers = {"Content-Type": fault.content_type, **dict(fault.headers)}
            if not fault.cut:
                return web.Response(status=fault.status, body=fault.body, headers=headers)
            response = web.StreamResponse(status=fault.status, headers={**headers, "Content-Length": str(len(fault.body))})
            await response.prepare(request)
            await response.write(fault.body[:-4])
            return _cut(request)
        right = self.act(call, request) if right is None else right
        if fault.last:
            await self._site.stop()
        if fault.says_on and isinstance(right, dict):
            right["is_open"] = 1
        response = _json(right)
        if fault.last:
            response.force_close()
        return response


def _json(content: web.Response | dict[str, object]) -> web.Response:
    """WeChat sends JSON as text/plain. Errors have HTTP status 200 too."""
    if isinstance(content, web.Response):
        return content
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    # A surrogate cannot be encoded in UTF-8. It is sent as an escape of JSON.
    return web.Response(body=text.encode(errors="backslashreplace"), content_type="text/plain")


def _echo(request: web.Request, fields: dict[str, object]) -> str:
    sent = [*request.query.values(), *map(str, fields.values())]
    return "bad request: " + " ".join([*sent, *(quote(text, safe="") for text in sent)])


def _cut(request: web.Request) -> web.Response:
    """End the connection, without an answer or within one."""
    if request.transport:
        request.transport.abort()
    return web.Response()
