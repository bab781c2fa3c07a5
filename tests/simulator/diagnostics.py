# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the simulated platform says about an account and its calls: what kind it is shows only in what is refused."""

from __future__ import annotations

import copy
import dataclasses
import json
import re
import time
import typing as t

from . import menu, tags

if t.TYPE_CHECKING:
    from .accounts import Account
    from .calls import Call, Request

QUOTA, RID, CALLBACK = "quota", "rid", "callback"
API_IPS, CALLBACK_IPS = "api_ips", "callback_ips"
AUTOREPLY, BASIC, PUBLISHED, SERVICE = "autoreply", "basic_info", "published", "kf_list"
PATHS = {
    "/cgi-bin/openapi/quota/get": QUOTA,
    "/cgi-bin/openapi/rid/get": RID,
    "/cgi-bin/callback/check": CALLBACK,
    "/cgi-bin/get_api_domain_ip": API_IPS,
    "/cgi-bin/getcallbackip": CALLBACK_IPS,
    "/cgi-bin/get_current_autoreply_info": AUTOREPLY,
    "/cgi-bin/account/getaccountbasicinfo": BASIC,
    "/cgi-bin/freepublish/batchget": PUBLISHED,
    "/cgi-bin/customservice/getkflist": SERVICE,
}
METHODS = {
    **dict.fromkeys((QUOTA, RID, CALLBACK, BASIC, PUBLISHED), "POST"),
    **dict.fromkeys((API_IPS, CALLBACK_IPS, AUTOREPLY, SERVICE), "GET"),
}
_ANY = set(range(1, 200))
SETS: dict[str, set[int]] = {
    **dict.fromkeys((QUOTA, RID, CALLBACK, API_IPS, CALLBACK_IPS, AUTOREPLY), _ANY),
    BASIC: {3, 30},
    PUBLISHED: {7, 11, 100},
    SERVICE: {6, 19, 100},
}
# Only the platform writes.
CHANGES: tuple[str, ...] = ()
WEEK = 7 * 24 * 3600

_RID = re.compile(r"[0-9a-f]{1,8}-[0-9a-f]{1,8}-[0-9a-f]{1,8}")
_PATH = re.compile(r"/[^?]*")


def refuse(call: Call, request: Request) -> int:
    """The errcode of a refusal for the form of the request; 0 if it is allowed."""
    if METHODS[call.name] == request.method:
        return 0
    return 43002 if METHODS[call.name] == "POST" else 43001


@dataclasses.dataclass
class Standing:
    """What an account is and has. By default it is a verified service account that has everything.

    ``kind``: service, subscription, or test. ``restricted``: the errcode of every call; 0 for none.
    ``url``: whether a server's URL is set. ``review_ends``: when the verification lapses, in seconds since 1970.
    ``refusals``: by the rid of the answer. ``used``: how many calls of a path were made today besides those of the log. ``limits``: those
    of a path; None if they are not told.
    """

    kind: str = "service"
    verified: bool = True
    restricted: int = 0
    has_templates: bool = True
    has_service: bool = True
    url: bool = True
    review_ends: int = 1_800_000_000
    autoreply: dict[str, t.Any] = dataclasses.field(default_factory=lambda: {"is_add_friend_reply_open": 1, "is_autoreply_open": 0})
    used: dict[str, int] = dataclasses.field(default_factory=dict)
    limits: dict[str, dict[str, int] | None] = dataclasses.field(default_factory=dict)
    refusals: dict[str, Refusal] = dataclasses.field(default_factory=dict)


STANDINGS = {
    "personal": Standing(kind="subscription", verified=False, has_templates=False, has_service=False),
    "subscription": Standing(kind="subscription"),
    "service": Standing(),
    "unverified-service": Standing(verified=False, has_service=False),
    "restricted": Standing(restricted=50002),
    "test": Standing(kind="test", has_service=False),
}


def become(account: Account, name: str) -> Account:
    """Make ``account`` one of ``STANDINGS``."""
    account.standing = copy.deepcopy(STANDINGS[name])
    account.menus.may = account.standing.verified or account.standing.kind == "service"
    account.tags.may = account.standing.verified
    return account


@dataclasses.dataclass
class Refusal:
    """A request that was refused with a rid, as rid/get shows it. ``query``: with its token. ``at``: in seconds since 1970."""

    query: str
    body: bytes
    answer: dict[str, object]
    at: float = dataclasses.field(default_factory=time.time)


def note(call: Call, request: Request, content: object) -> None:
    """Have the account remember a refusal by its rid."""
    found = re.search(r"rid: (\S+)", str(content.get("errmsg"))) if isinstance(content, dict) else None
    if found and call.account and isinstance(content, dict):
        query = "&".join(f"{name}={value}" for name, value in request.query.items())
        call.account.standing.refusals[found[1]] = Refusal(query, call.body, dict(content))


def answer(account: Account, call: Call) -> dict[str, object] | int:
    standing = account.standing
    if call.name == QUOTA:
        return _quota(account, call.fields.get("cgi_path"))
    if call.name == RID:
        return _rid(account, call.fields.get("rid"))
    if call.name == CALLBACK:
        return _callback(standing, call.fields)
    if call.name in (API_IPS, CALLBACK_IPS):
        return {"ip_list": ["203.0.113.10", "203.0.113.11"] if call.name == API_IPS else ["198.51.100.0/24"]}
    if call.name == AUTOREPLY:
        return {**standing.autoreply}
    if call.name == BASIC:
        return _basic(account) if call.authorizer else 48001
    if call.name == PUBLISHED:
        return {"total_count": 3, "item_count": 1, "item": [{"article_id": "a", "update_time": 1}]} if standing.verified else 48001
    if not standing.verified:
        return 48001
    return {"kf_list": [{"kf_account": "test1@test", "kf_nick": "ntest1", "kf_id": "1001"}]} if standing.has_service else 65400


def _quota(account: Account, path: object) -> dict[str, object] | int:
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        return 76003
    if path.startswith("/sns/"):
        return 76022
    # This file is one of the groups.
    from .groups import NAMES

    name = NAMES.get(path, "look" if path == "/cgi-bin/draft/switch" else None)
    if name is None:
        return 76021
    limit = account.standing.limits.get(path, {"call_count": 600, "refresh_second": 60})
    daily = {**menu.QUOTA, **tags.QUOTA}.get(name, 1_000)
    used = account.calls.count(name)
    used = min(used + account.standing.used.get(path, 0), daily)
    quota = {"daily_limit": daily, "used": used, "remain": daily - used}
    limits = {"rate_limit": limit, "component_rate_limit": {"call_count": 0, "refresh_second": 0}} if limit else {}
    return {"errcode": 0, "errmsg": "ok", "quota": quota, **limits}


def _rid(account: Account, rid: object) -> dict[str, object] | int:
    if not isinstance(rid, str) or not _RID.fullmatch(rid):
        return 76002
    refusal = account.standing.refusals.get(rid)
    if refusal is None:
        return 76001
    if time.time() - refusal.at > WEEK:
        return 76004
    request = {
        "invoke_time": int(refusal.at),
        "cost_in_ms": 30,
        "request_url": refusal.query,
        "request_body": refusal.body.decode(errors="replace"),
        "response_body": json.dumps(refusal.answer, ensure_ascii=False),
        "client_ip": "203.0.113.7",
    }
    return {"errcode": 0, "errmsg": "ok", "request": request}


def _callback(standing: Standing, fields: dict[str, object]) -> dict[str, object] | int:
    if fields.get("action") not in ("dns", "ping", "all"):
        return 40202
    if fields.get("check_operator") not in ("CHINANET", "UNICOM", "CAP", "DEFAULT"):
        return 40203
    if not standing.url:
        return 40201
    return {
        "dns": [{"ip": "192.0.2.1", "real_operator": "UNICOM"}],
        "ping": [{"ip": "192.0.2.1", "from_operator": "UNICOM", "package_loss": "100%", "time": ""}],
    }


def _basic(account: Account) -> dict[str, object]:
    standing = account.standing
    return {
        "errcode": 0,
        "errmsg": "ok",
        "appid": account.appid,
        "account_type": 1 if standing.kind == "subscription" else 2,
        "principal_type": 1,
        "principal_name": "示例有限公司",
        "realname_status": 1,
        "wx_verify_info": {
            "qualification_verify": standing.verified,
            "naming_verify": standing.verified,
            "annual_review": standing.verified,
            "annual_review_begin_time": standing.review_ends - 90 * 24 * 3600,
            "annual_review_end_time": standing.review_ends,
        },
    }
