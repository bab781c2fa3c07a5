# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The answers of the simulated platform to requests without a fault."""

from __future__ import annotations

import secrets
import time
import typing as t

from aiohttp import web

from . import component_answers
from .accounts import LOOK, OTHER, TOKEN
from .faults import MESSAGES
from .groups import OF_CALL

if t.TYPE_CHECKING:
    from .accounts import Account, Platform
    from .calls import Call, Request
    from .component import Authorizer, Component

# Either of these permission sets allows draft/switch.
DRAFT_SETS = {11, 100}


def error(code: int, errmsg: str = "") -> dict[str, object]:
    rid = f"{int(time.time()):08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
    return {"errcode": code, "errmsg": f"{errmsg or MESSAGES.get(code, 'refused')} rid: {rid}"}


def answer(platform: Platform, call: Call, request: Request) -> web.Response | dict[str, object]:
    if call.name == OTHER:
        return web.Response(status=404, text="not found")
    if call.name in OF_CALL:
        result = OF_CALL[call.name].refuse(call, request) or _of_account(platform, call)
        return error(result) if isinstance(result, int) else result
    if request.method != "POST":
        return error(43002)
    if "Content-Length" not in request.headers:
        return web.Response(status=412)
    if call.name == TOKEN:
        result = _token(platform, call)
    elif call.of_component:
        result = component_answers.answer(platform, call)
    else:
        result = _of_account(platform, call)
    return error(result) if isinstance(result, int) else result


def _of_account(platform: Platform, call: Call) -> dict[str, object] | int:
    """A call with the token of an account."""
    if not call.token:
        return 41001
    if platform.component(call.token):
        return 61015
    account = call.account
    if account is None:
        return 40001
    group = OF_CALL.get(call.name)
    if call.component and call.authorizer:
        sets = group.SETS[call.name] if group else DRAFT_SETS
        refusal = _refuse_component(call.component, call.authorizer, call.token, sets)
    else:
        refusal = _refuse_account(account, call.token)
    refusal = refusal or account.standing.restricted
    if refusal:
        return refusal
    if group:
        return group.answer(account, call)
    if call.name == LOOK:
        return {"errcode": 0, "errmsg": "ok", "is_open": int(account.shows_on())}
    account.turn_on()
    return {"errcode": 0, "errmsg": "ok"}


def _refuse_account(account: Account, token: str) -> int:
    """The errcode of a refusal if the account's own token is used; 0 if the call is allowed."""
    if token != account.token:
        return 40001
    return 0 if account.listed else 40164


def _refuse_component(component: Component, authorizer: Authorizer, token: str, sets: set[int]) -> int:
    """The errcode of a refusal if a third-party platform's token for the account is used; 0 if the call is allowed.

    The account's own allow list does not matter then.
    """
    if authorizer.account.appid not in component.authorizers:
        return 61003
    if token not in authorizer.tokens:
        return 40001
    if not component.listed:
        return 61004
    return 0 if sets & set(authorizer.permission_sets) else 61007


def _token(platform: Platform, call: Call) -> dict[str, object] | int:
    account, fields = call.account, call.fields
    # This call takes JSON only. A form has no fields here.
    if not fields.get("appid"):
        return 41002
    if not fields.get("secret"):
        return 41004
    if fields.get("grant_type") != "client_credential":
        return 40002
    if str(fields["appid"]) in platform.components:
        return 61024
    if account is None:
        return 40013
    if fields["secret"] != account.secret:
        return 40125
    if account.frozen_secret:
        return 40243
    if not account.listed:
        return 40164
    token = platform.issue(account) if fields.get("force_refresh") is True else platform.token(account)
    return {"access_token": token, "expires_in": 7200}
