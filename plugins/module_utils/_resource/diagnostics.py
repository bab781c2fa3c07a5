# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks at what nobody declares: quotas, a failed call, addresses, the server's URL, automatic replies, and what the account may use.

Source: the platform's pages "getApiQuota", "getRidInfo", "callbackCheck", "getApiDomainIp", "getCallbackIp", "getCurrentAutoreplyInfo",
"getAccountBasicInfo", "freepublish_batchget" and "getKfList". The newer fields of an answer are missing at older versions of it.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import json
import re
import time
import typing as t

from .._account.session import Look
from .._http.errcodes import ACCOUNT_CALL, DOMAINS, NOTICES, Meaning
from .._http.errors import REPORT_BUG, Failure, Step, unusable_answer
from .._http.rids import RID, beijing, midnight_after, seconds_of
from .._http.secrets import MASK
from .._http.wire import Call, number
from .._text import Text
from .menu_form import as_read

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .._http.errcodes import Codes
    from .._http.wire import Fields

TOKEN = Step(Text("use the access_token"))
IPS = Step(Text("read the platform's addresses"))
QUOTA = Step(Text("read the quota of a call"))
FAILED_CALL = Step(Text("read the failed call"))
CALLBACK = Step(Text("have the platform check the server's URL"))
AUTOREPLY = Step(Text("read the automatic replies"))
PUBLISHED = Step(Text("read the published articles"))
SERVICE = Step(Text("read the customer service"))
BASIC = Step(Text("read the verification"))


def _codes(meanings: Mapping[int, Meaning], permission: Text = ACCOUNT_CALL.permission) -> Codes:
    return dataclasses.replace(ACCOUNT_CALL, meanings={**ACCOUNT_CALL.meanings, **meanings}, permission=permission)


# --- Every account may make this call, and it has no effect: it shows that the token is accepted from here.


def _addresses_in(answer: Fields) -> list[str]:
    listed = answer.get("ip_list")
    try:
        return [str(ipaddress.ip_network(one, strict=False)).removesuffix("/32").removesuffix("/128") for one in listed]  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise unusable_answer(IPS, Text("the answer holds no list of addresses")) from None


IPS_OF_API = Look(Call(IPS, "cgi-bin/get_api_domain_ip", ACCOUNT_CALL, expects="ip_list", verb="GET"), _addresses_in)
IPS_OF_CALLBACK = Look(Call(IPS, "cgi-bin/getcallbackip", ACCOUNT_CALL, expects="ip_list", verb="GET"), _addresses_in)
# The list is not needed, so an odd one does not matter.
PROOF = Look(Call(TOKEN, "cgi-bin/get_api_domain_ip", ACCOUNT_CALL, expects="ip_list", verb="GET"), lambda _answer: True)


# --- Quotas.

# In the form in which the platform takes them.
CGI_PATH = re.compile(r"/[A-Za-z0-9_/.-]{1,127}", re.ASCII)

_QUOTA_CODES = _codes(
    {
        76003: Meaning("operator", Text("the platform does not take the path"), Text("give one such as /cgi-bin/menu/create")),
        76021: Meaning("operator", Text("the platform does not know the path"), Text("give one such as /cgi-bin/menu/create")),
        76022: Meaning(
            "operator",
            Text("the platform does not tell the quota of this path to an account of this kind"),
            Text("leave the path out"),
        ),
    }
)


def quota_of(path: str) -> Look[Mapping[str, t.Any]]:
    """A look at the calls of today of ``path``, such as /cgi-bin/menu/create: how many are allowed, used and left."""
    return Look(Call(QUOTA, "cgi-bin/openapi/quota/get", _QUOTA_CODES, expects="quota"), _quota_in, body={"cgi_path": path})


def _quota_in(answer: Fields) -> Mapping[str, t.Any]:
    quota = answer.get("quota")
    limit, used, left = (number(quota.get(name)) if isinstance(quota, dict) else None for name in ("daily_limit", "used", "remain"))
    if limit is None:
        raise unusable_answer(QUOTA, Text("the answer holds no quota"))
    if left is None and used is not None:
        left = max(limit - used, 0)
    return {
        "limit": limit,
        "used": used,
        "left": left,
        "back_at": midnight_after(time.time()),
        **{name: _rate(answer.get(name)) for name in ("rate_limit", "component_rate_limit")},
    }


def _rate(limit: object) -> dict[str, int | None] | None:
    if not isinstance(limit, dict):
        return None
    return {"calls": number(limit.get("call_count")), "seconds": number(limit.get("refresh_second"))}


# --- Why a call failed. The answer holds the access_token of that call, and its whole bodies, which may hold an AppSecret.

_RID_CODES = _codes(
    {
        76001: Meaning("operator", Text("the platform does not know this rid"), Text("copy the rid whole, as errmsg has it")),
        76002: Meaning("operator", Text("the platform does not take this rid"), Text("copy the rid whole, as errmsg has it")),
        76003: Meaning("operator", Text("the failed call is another account's"), Text("ask with the account that made the call")),
        76004: Meaning(
            "operator",
            Text("the platform keeps failed calls for 7 days, and this one is older"),
            Text("make the call again, and ask with the new rid"),
        ),
    }
)
# How long the platform keeps a call, in seconds.
KEPT = 7 * 24 * 3600
TOO_OLD = Failure("operator", FAILED_CALL, _RID_CODES.meanings[76004].what, _RID_CODES.meanings[76004].remedy)
# What is shown of a failed call.
CALL_FIELDS = (
    *("path", "invoked_at", "cost_in_ms", "client_ip", "request_fields", "response_fields", "response_errcode", "response_errmsg"),
    *("response_meaning", "response_remedy"),
)
# Never a secret: an AppSecret has digits, and a token is longer, or has capitals and digits too.
_FIELD = re.compile(r"[A-Za-z_]{1,31}", re.ASCII)
_PATH_OF_CALL = re.compile(r"(?:https?://[^/?#]*)?((?:/[a-z_-]{1,31}){1,6})(?:\?.*)?", re.ASCII | re.DOTALL)
_LONG_WORD = re.compile(r"[^\s,;()]{20,}")
_MOST_FIELDS = 50


def failed_call(rid: str) -> Look[Mapping[str, t.Any]]:
    """A look at the call that was refused with this ``rid``. It shows what ``CALL_FIELDS`` names, but for the last two."""
    return Look(Call(FAILED_CALL, "cgi-bin/openapi/rid/get", _RID_CODES, expects="request"), _call_in, body={"rid": rid})


def is_kept(rid: str) -> bool:
    """Whether the platform can still say something about the call. It can if the rid does not tell its time."""
    seconds = seconds_of(rid)
    return seconds is None or time.time() - seconds <= KEPT


def _call_in(answer: Fields) -> Mapping[str, t.Any]:
    request = answer.get("request")
    if not isinstance(request, dict):
        raise unusable_answer(FAILED_CALL, Text("the answer holds no failed call"))
    response = _object_in(request.get("response_body"))
    errmsg = response.get("errmsg")
    invoked = number(request.get("invoke_time"))
    return {
        "path": _path_in(request.get("request_url")),
        "invoked_at": beijing(invoked) if invoked is not None and 0 <= invoked < 2**32 else None,
        "cost_in_ms": number(request.get("cost_in_ms")),
        "client_ip": _address_in(request.get("client_ip")),
        "request_fields": _fields_in(_object_in(request.get("request_body"))),
        "response_fields": _fields_in(response),
        "response_errcode": number(response.get("errcode")),
        "response_errmsg": _without_secrets(errmsg) if isinstance(errmsg, str) else None,
    }


def _object_in(body: object) -> Mapping[str, t.Any]:
    try:
        found = json.loads(body) if isinstance(body, str) else body
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {}


def _fields_in(fields: Mapping[str, t.Any]) -> list[str]:
    return sorted(name for name in fields if _FIELD.fullmatch(name))[:_MOST_FIELDS]


def _path_in(url: object) -> str | None:
    """The path alone. The platform's sample has only a query there."""
    found = _PATH_OF_CALL.fullmatch(url) if isinstance(url, str) else None
    return found[1] if found else None


def _address_in(value: object) -> str | None:
    try:
        # What is behind a % may be any text.
        return str(ipaddress.ip_address(value)) if isinstance(value, str) and "%" not in value else None
    except ValueError:
        return None


def _without_secrets(errmsg: str) -> str:
    """The platform's text, in which a token or a secret of that call may stand: these are long words."""
    text = "".join(character if character.isprintable() else " " for character in errmsg[:1_000])
    return _LONG_WORD.sub(lambda word: word[0] if RID.fullmatch(word[0]) else MASK, text)[:300]


# --- The URL of the account's server. The platform calls that server.

_CALLBACK_CODES = _codes(
    {
        40201: Meaning(
            "operator",
            Text("the account has no server's URL"),
            Text("set one if the account shall have one, {domains}").filled(domains=DOMAINS),
        ),
        **dict.fromkeys((40202, 40203), Meaning("protocol", Text("the platform calls the request malformed"), REPORT_BUG)),
    }
)


def _checked_in(answer: Fields) -> dict[str, t.Any]:
    dns, ping = answer.get("dns", []), answer.get("ping", [])
    if not isinstance(dns, list) or not isinstance(ping, list):
        raise unusable_answer(CALLBACK, Text("the answer does not say what the platform has found"))
    return {
        "dns": [{"ip": _text_in(one, "ip"), "operator": _text_in(one, "real_operator")} for one in dns],
        "ping": [
            {
                "ip": _text_in(one, "ip"),
                "operator": _text_in(one, "from_operator"),
                "loss": _text_in(one, "package_loss"),
                "time": _text_in(one, "time"),
            }
            for one in ping
        ],
    }


def _text_in(fields: object, name: str) -> str | None:
    value = fields.get(name) if isinstance(fields, dict) else None
    return as_read(value)[:100] if isinstance(value, str) else None


CHECK_CALLBACK = Look(
    Call(CALLBACK, "cgi-bin/callback/check", _CALLBACK_CODES, expects="dns"),
    _checked_in,
    body={"action": "all", "check_operator": "DEFAULT"},
)


# --- Automatic replies: the rules of the console.


def _replies_in(answer: Fields) -> dict[str, t.Any]:
    flags = {name: number(answer.get(name)) for name in ("is_add_friend_reply_open", "is_autoreply_open")}
    blocks = {name: answer.get(name) for name in ("add_friend_autoreply_info", "message_default_autoreply_info", "keyword_autoreply_info")}
    try:
        read = {name: as_read(its) for name, its in blocks.items()}
    except ValueError:
        read = {"": ""}
    if not {*flags.values()} <= {0, 1} or any(its is not None and not isinstance(its, dict) for its in read.values()):
        raise unusable_answer(AUTOREPLY, Text("the answer does not say which automatic replies there are"))
    return {**{name: bool(flag) for name, flag in flags.items()}, **read}


REPLIES = Look(
    Call(AUTOREPLY, "cgi-bin/get_current_autoreply_info", ACCOUNT_CALL, expects="is_autoreply_open", verb="GET"),
    _replies_in,
)


# --- What only some accounts may use.

_PUBLISH_CODES = _codes(
    {
        48001: Meaning(
            "account",
            Text("this account may not publish by API"),
            Text(
                "have the account verified {notices}, which only companies and organisations can; since July 2025 personal and unverified "
                "accounts may not publish by API; or publish there by hand"
            ).filled(notices=NOTICES),
        )
    }
)


def _total_in(answer: Fields) -> int:
    total = number(answer.get("total_count"))
    if total is None or total < 0:
        raise unusable_answer(PUBLISHED, Text("the answer does not say how many articles there are"))
    return total


ARTICLES = Look(
    Call(PUBLISHED, "cgi-bin/freepublish/batchget", _PUBLISH_CODES, expects="total_count"),
    _total_in,
    body={"offset": 0, "count": 1, "no_content": 1},
)

_NO_SERVICE = Meaning(
    "account",
    Text("the account has not turned customer service on"),
    Text("turn on customer service (客服功能) {notices}, if the account shall have it").filled(notices=NOTICES),
)
_SERVICE_CODES = _codes(
    {
        65400: _NO_SERVICE,
        48001: Meaning(
            "account",
            Text("this account may not use customer service"),
            Text("have the account verified {notices}, and turn on customer service (客服功能) there").filled(notices=NOTICES),
        ),
    }
)


def _agents_in(answer: Fields) -> int:
    """Only their number: their names are of people."""
    agents = answer.get("kf_list")
    if not isinstance(agents, list):
        raise unusable_answer(SERVICE, Text("the answer holds no list of agents"))
    return len(agents)


AGENTS = Look(Call(SERVICE, "cgi-bin/customservice/getkflist", _SERVICE_CODES, expects="kf_list", verb="GET"), _agents_in)


def _lapse_in(answer: Fields) -> Mapping[str, t.Any]:
    verified = answer.get("wx_verify_info")
    ends = number(verified.get("annual_review_end_time")) if isinstance(verified, dict) else None
    return {"verified_until": ends if ends and 0 < ends < 2**32 else None}


# When the verification lapses, in seconds since 1970; None if the answer does not say. Only with the token of a third-party platform.
LAPSE = Look(Call(BASIC, "cgi-bin/account/getaccountbasicinfo", ACCOUNT_CALL, expects="wx_verify_info"), _lapse_in)
# As older pages of the platform have it.
LAPSE_BY_GET = dataclasses.replace(LAPSE, call=dataclasses.replace(LAPSE.call, verb="GET"))
REQUIRES_GET = 43001
