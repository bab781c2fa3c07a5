# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The answers of the simulated platform to component/* for requests without a fault. A number stands for an answer with that errcode.

The documentation lists the codes, but not always the cases. These are inferred: 61011 for an unknown component_appid, and 40013 for that
of another third-party platform; 41002 and 61023 for missing fields; 47001 for invalid numbers; 61028 for each call of component/*; the
order of the checks; 61003 for every call about an account that has withdrawn its authorisation.
"""

from __future__ import annotations

import json
import typing as t

from .component import AUTHORIZER_INFO, AUTHORIZER_LIST

if t.TYPE_CHECKING:
    from .accounts import Platform
    from .calls import Call
    from .component import Authorizer, Component

PAGE = 500

# The fields that only the details of accounts of other types have.
_KIND: dict[str, dict[str, object]] = {
    "mini_program": {"MiniProgramInfo": {"network": {"RequestDomain": ["https://example.com"]}, "categories": [], "visit_status": 0}},
    "channels": {"channels_info": {"channels_type": 1}},
    "store": {"store_info": {"store_type": 1}},
    "talent": {"talent_info": {"talent_type": 1}},
    "supplier": {"supplier_info": {"supplier_type": 1}},
}


def answer(platform: Platform, call: Call) -> dict[str, object] | int:
    if not call.token:
        return 41001
    component = platform.component(call.token)
    if component is None:
        return 61014 if platform.holder(call.token) else 40001
    refusal = _refuse(platform, component, call)
    if refusal:
        return refusal
    if call.name == AUTHORIZER_LIST:
        return _list(component, call.fields)
    if not call.fields.get("authorizer_appid"):
        return 41002
    authorizer = component.authorizers.get(str(call.fields["authorizer_appid"]))
    if authorizer is None:
        return 61003
    return _info(authorizer) if call.name == AUTHORIZER_INFO else _token(component, authorizer, call.fields)


def _refuse(platform: Platform, component: Component, call: Call) -> int:
    """The errcode of a refusal that any call can have; 0 if the call is allowed."""
    if call.token != component.token:
        return 40001
    if not component.listed:
        return 61004
    if not component.published:
        return 61028
    if not call.body:
        return 44002
    if not _is_object(call.body):
        return 47001
    named = str(call.fields.get("component_appid") or "")
    if not named:
        return 41018
    if named not in platform.components:
        return 61011
    return 0 if named == component.appid else 40013


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


def _list(component: Component, fields: dict[str, object]) -> dict[str, object] | int:
    offset, count = fields.get("offset"), fields.get("count")
    # A bool is an int in Python.
    if isinstance(offset, bool) or isinstance(count, bool) or not isinstance(offset, int) or not isinstance(count, int):
        return 47001
    if offset < 0 or count < 0:
        return 47001
    if count > PAGE:
        return 40170
    page = list(component.authorizers.values())[offset : offset + count]
    return {
        "total_count": len(component.authorizers),
        "list": [
            {
                "authorizer_appid": one.account.appid,
                "refresh_token": one.refresh_token if one.lists_refresh_token else "",
                "auth_time": one.auth_time,
            }
            for one in page
        ],
    }


def _info(authorizer: Authorizer) -> dict[str, object]:
    kind = _KIND.get(authorizer.account_type, {})
    refresh_token = {"authorizer_refresh_token": authorizer.refresh_token} if authorizer.shows_refresh_token else {}
    return {
        "authorizer_info": {
            "nick_name": authorizer.nick_name,
            "head_img": "http://wx.qlogo.cn/mmopen/0",
            "service_type_info": {"id": authorizer.service_type},
            "verify_type_info": {"id": authorizer.verify_type},
            "user_name": authorizer.user_name,
            "principal_name": authorizer.principal_name,
            "business_info": {"open_store": 0, "open_scan": 0, "open_pay": 0, "open_card": 0, "open_shake": 0},
            "alias": authorizer.alias,
            "qrcode_url": "http://mmbiz.qpic.cn/0",
            "account_status": authorizer.account_status,
            **kind,
        },
        "authorization_info": {
            "authorizer_appid": authorizer.account.appid,
            **refresh_token,
            "func_info": [{"funcscope_category": {"id": number}} for number in authorizer.permission_sets],
        },
    }


def _token(component: Component, authorizer: Authorizer, fields: dict[str, object]) -> dict[str, object] | int:
    if fields.get("authorizer_refresh_token") != authorizer.refresh_token:
        return 61023
    if component.rotates_refresh_tokens:
        component.new_refresh_token(authorizer.account.appid)
    return {
        "authorizer_access_token": component.issue(authorizer),
        "expires_in": 7200,
        "authorizer_refresh_token": authorizer.refresh_token,
    }
