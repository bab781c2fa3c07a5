# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""The platform's error codes: what each code means for each kind of call, and what the operator can do about it.

Sources: the platform's pages "Global return codes", "Obtain stable Interface call credentials" and "IP allow list",
and replies of its staff in the developer community.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import re
import typing as t

from .errors import REPORT_BUG, Failure, Reason, Step

if t.TYPE_CHECKING:
    from collections.abc import Mapping


class Meaning(t.NamedTuple):
    """What a code means. ``remedy`` may hold the fields ``{addresses}`` and ``{permission}``. ``again``: see ``Failure``."""

    reason: Reason
    what: str
    remedy: str
    again: bool = False


# Where the consoles are today. They are in Chinese, so the names in their menus are given in Chinese as well. Source: the platform's page
# "「开发接口管理」模块升级说明", about what moved from mp.weixin.qq.com to the WeChat developer platform.
_ACCOUNT = "on the WeChat developer platform (developers.weixin.qq.com/platform): My business - the account - "
BASIC = f"{_ACCOUNT}Basic information (我的业务 - 公众号/服务号 - 基础信息)"
SECRET_AND_LIST = f"{_ACCOUNT}Basic information - Developer secret (我的业务 - 公众号/服务号 - 基础信息 - 开发密钥)"
DOMAINS = f"{_ACCOUNT}Basic information - Domains and message push (我的业务 - 公众号/服务号 - 基础信息 - 域名与消息推送配置)"
APIS = f"{_ACCOUNT}API management - API permissions and quotas (我的业务 - 公众号/服务号 - 接口管理 - 接口权限与额度)"
NOTICES = "on mp.weixin.qq.com (微信公众平台)"
_COMPONENT = (
    "on the WeChat Open Platform (open.weixin.qq.com): Management Center - Third-party platforms - Details (管理中心 - 第三方平台 - 详情)"
)

_RESTRICTION = f"look at the account's notices {NOTICES}, and have the restriction lifted there"
_CONFIRM = "have the account's administrator confirm this address in WeChat, then run again"
_REAUTHORISE = "have the account's administrator authorise the third-party platform again, with {permission}"

_BUSY = Meaning("transient", "the platform is busy", "run again in a few minutes: it looks first", again=True)
_DEAD = Meaning(
    "credential",
    "the platform does not accept the access_token any more",
    "give a fresh access_token of this very account; appid and secret instead of a token let the module fetch one",
)
_DEAD_COMPONENT = Meaning(
    "credential",
    "the component_access_token is not accepted",
    "take the current component_access_token from the third-party platform's service; do not create another one yourself",
)
_MISSING = Meaning(
    "operator", "the AppID or AppSecret did not arrive", "give both appid and secret, and check what a proxy between does to the request"
)
_RESTRICTED = Meaning("operator", "the account is restricted or frozen", _RESTRICTION)
_TICKET = Meaning(
    "operator",
    "the third-party platform's component_verify_ticket is missing or expired",
    "repair the third-party platform's service that receives component_verify_ticket, then run again",
)
_WRONG_TOKEN = Meaning(
    "operator",
    "the access_token is of the wrong kind for this call",
    "give the account's own access_token or its authorizer_access_token, not a component_access_token",
)
_NO_COMPONENT_TOKEN = Meaning(
    "operator",
    "what is given as component_access_token is a token of another kind",
    _DEAD_COMPONENT.remedy,
)
_MISSING_COMPONENT = Meaning(
    "operator", "an AppID or a token did not arrive", "check component_appid, and what a proxy between does to the request"
)
_UNPUBLISHED = Meaning(
    "operator",
    "the third-party platform is not published",
    f"publish it {_COMPONENT}; or add the account to its test accounts there",
)
_OURS = Meaning("protocol", "the platform calls the request malformed", REPORT_BUG)

MEANINGS: Mapping[int, Meaning] = {
    -1: _BUSY,
    268487001: _BUSY,
    268487002: _BUSY,
    40001: _DEAD,
    40014: _DEAD,
    42001: _DEAD,
    48012: _DEAD,
    42006: _DEAD_COMPONENT,
    40013: Meaning(
        "operator",
        "the platform does not know this AppID",
        f"check appid; the AppID is {BASIC}",
    ),
    40125: Meaning(
        "operator",
        "the AppSecret is wrong",
        f"check secret; if the AppSecret is lost, reset it, which makes the old one invalid at once; it is {SECRET_AND_LIST}",
    ),
    40243: Meaning(
        "operator", "the AppSecret is frozen", f"unfreeze the AppSecret, and run again after 10 minutes; it is {SECRET_AND_LIST}"
    ),
    40164: Meaning(
        "operator",
        "the address this host calls from is not on the account's IP allow list",
        f"add {{addresses}} to the account's IP allow list, and run again after about 5 minutes; the list is {SECRET_AND_LIST}",
    ),
    61004: Meaning(
        "operator",
        "the address this host calls from is not on the third-party platform's IP allow list",
        f"add {{addresses}} to the third-party platform's IP allow list, and run again after about 5 minutes; the list is {_COMPONENT}",
    ),
    89503: Meaning("operator", "the account's administrator must confirm the address this host calls from", _CONFIRM),
    89501: Meaning("operator", "the confirmation of the address this host calls from is pending", _CONFIRM),
    89502: Meaning("operator", "the confirmation of the address this host calls from is pending", _CONFIRM),
    89504: Meaning("operator", "the confirmation of the address this host calls from is pending", _CONFIRM),
    89505: Meaning("operator", "the confirmation of the address this host calls from is pending", _CONFIRM),
    89506: Meaning(
        "operator",
        "the account's administrator refused this address twice",
        "wait 24 hours, then have the administrator confirm the address when it is asked for",
    ),
    89507: Meaning(
        "operator",
        "the account's administrator refused this address",
        "wait 1 hour, then have the administrator confirm the address when it is asked for",
    ),
    41002: _MISSING,
    41004: _MISSING,
    41018: _MISSING,
    42007: Meaning("operator", "the account's password was changed, which ended the authorisation", _REAUTHORISE),
    48004: Meaning("operator", "the account is banned from this API", _RESTRICTION),
    50001: _RESTRICTED,
    50002: _RESTRICTED,
    50004: _RESTRICTED,
    50007: _RESTRICTED,
    61003: Meaning("operator", "the account is not authorised to this third-party platform", _REAUTHORISE),
    61005: _TICKET,
    61006: _TICKET,
    61007: Meaning(
        "operator",
        "the account has not granted the third-party platform the permission set",
        "have the third-party platform offer {permission}, and the account's administrator scan the authorisation code again; the "
        f"permission sets that it offers are {_COMPONENT}",
    ),
    61011: Meaning(
        "operator",
        "the component_appid is not a third-party platform's",
        f"check component_appid; it is {_COMPONENT}",
    ),
    61014: _WRONG_TOKEN,
    61015: _WRONG_TOKEN,
    61024: _WRONG_TOKEN,
    61023: Meaning(
        "operator",
        "the authorizer_refresh_token is not valid",
        "leave authorizer_refresh_token out, so that it is read from the third-party platform's list; if it was, run again",
    ),
    61028: _UNPUBLISHED,
    61029: _UNPUBLISHED,
    48001: Meaning(
        "account",
        "this account may not use the call",
        f"check which APIs the account has, {APIS}; many need an account that is verified",
    ),
    40200: Meaning(
        "account",
        "accounts of this kind may not use the call",
        "leave the account out",
    ),
    45009: Meaning(
        "quota",
        "the account's calls of today are used up",
        f"run again after 00:00 Beijing time, or reset the count with clear_quota (10 times a month); the quotas are {APIS}",
    ),
    45011: Meaning(
        "quota", "the account's calls of this minute are used up", "wait a minute, then run again; find what else calls for this account"
    ),
    48006: Meaning(
        "quota", "the account's calls of today are used up, and so are its resets of this month", "run again after 00:00 Beijing time"
    ),
    40002: _OURS,
    41001: _OURS,
    43002: _OURS,
    44002: _OURS,
    47001: _OURS,
    40170: _OURS,
}


@dataclasses.dataclass(frozen=True)
class Codes:
    """What the codes mean for one kind of call.

    ``dead``: codes for a dead access_token in the request. ``shared``: codes that are about the third-party platform itself, so that
    they hold for every account. ``retired``: codes for a call that the platform no longer offers.
    ``permission``: what an account must grant a third-party platform before that may make the calls.
    """

    meanings: Mapping[int, Meaning]
    dead: frozenset[int] = frozenset()
    shared: frozenset[int] = frozenset()
    retired: frozenset[int] = frozenset()
    permission: str = "the permission sets that are needed"


# Calls with the account's own access_token.
ACCOUNT_CALL = Codes(MEANINGS, dead=frozenset({40001, 40014, 42001, 48012}))

# A call that fetches a token does not send one, so 40001 means the AppSecret there.
TOKEN_CALL = Codes({**MEANINGS, 40001: MEANINGS[40125]})

# Calls that a third-party platform makes for itself. If their token is dead, it is the third-party platform's token.
COMPONENT_CALL = Codes(
    {
        **MEANINGS,
        **dict.fromkeys((40001, 40014, 42001, 42006, 48012), _DEAD_COMPONENT),
        **dict.fromkeys((61014, 61015, 61024), _NO_COMPONENT_TOKEN),
        **dict.fromkeys((-1, 268487001, 268487002), Meaning("transient", _BUSY.what, "run again in a few minutes")),
        **dict.fromkeys((41002, 41004, 41018), _MISSING_COMPONENT),
        40013: Meaning("operator", "the platform does not know one of the AppIDs", "check appid and component_appid"),
        **dict.fromkeys((45009, 48006), Meaning("quota", "the calls of today are used up", "run again after 00:00 Beijing time")),
        45011: MEANINGS[45011]._replace(what="the calls of this minute are used up", remedy="wait a minute, then run again"),
    },
    shared=frozenset({40001, 40014, 42001, 42006, 48012, 61004, 61005, 61006, 61011, 61014}),
)

_RID = re.compile(r"rid:\s?([0-9a-f]{1,16}-[0-9a-f]{1,16}-[0-9a-f]{1,16})")
_ADDRESS = re.compile(r"[0-9a-fA-F.:]+")
_MAX_ERRMSG = 300


def busy(step: Step, codes: Codes, what: str, http_status: int) -> Failure:
    """The failure for an answer that says that the platform is busy. ``http_status``: the status of that answer."""
    meaning = codes.meanings[-1]
    return Failure("transient", step, what, meaning.remedy, http_status=http_status, again=meaning.again)


def refusal(step: Step, codes: Codes, code: int, errmsg: str, http_status: int) -> Failure:
    """The failure for an answer with ``code`` and ``errmsg``. An unknown code counts as the operator's to solve, and its text is shown."""
    text = "".join(character if character.isprintable() else " " for character in errmsg)
    rid = _RID.search(text)
    meaning = codes.meanings.get(code) or Meaning(
        "operator",
        "the platform refused the call with a code that this collection does not know",
        f"look errcode {code} up in the platform's documentation, or ask its support with the rid",
    )
    return Failure(
        reason=meaning.reason,
        step=step,
        what=f"{meaning.what} (errcode {code})",
        remedy=meaning.remedy.format(addresses=_addresses(text), permission=codes.permission),
        errcode=code,
        errmsg=text[:_MAX_ERRMSG],
        rid=rid.group(1) if rid else None,
        http_status=http_status,
        shared=code in codes.shared,
        again=meaning.again,
    )


def _addresses(errmsg: str) -> str:
    """The addresses in the errmsg of an allow list. An IPv4 address that is also written as IPv6 is named once."""
    found: dict[str, None] = {}
    for text in _ADDRESS.findall(_RID.sub("", errmsg)):
        try:
            address = ipaddress.ip_address(text.strip(".:") if text.count(":") < 2 else text)
        except ValueError:
            continue
        found[str(getattr(address, "ipv4_mapped", None) or address)] = None
    return " and ".join(found) or "this host's public address"
