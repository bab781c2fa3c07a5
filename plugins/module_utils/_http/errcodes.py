# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The platform's error codes: what each code means for each kind of call, and what the operator can do about it.

Sources: the platform's pages "Global return codes", "Obtain stable Interface call credentials" and "IP allow list",
and replies of its staff in the developer community.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import re
import typing as t

from .._text import AND, Text, joined, verbatim
from .errors import REPORT_BUG, Failure, Reason, Step
from .rids import RID

if t.TYPE_CHECKING:
    from collections.abc import Mapping


class Meaning(t.NamedTuple):
    """What an errcode means: the parts of a ``Failure``. ``remedy`` may hold the fields ``{addresses}`` and ``{permission}``."""

    reason: Reason
    what: Text
    remedy: Text
    again: bool = False


# Where the consoles are today. They are in Chinese, so the names in their menus are given in Chinese as well. Source: the platform's page
# "「开发接口管理」模块升级说明", about what moved from mp.weixin.qq.com to the WeChat developer platform.
_ACCOUNT = Text("on the WeChat developer platform (developers.weixin.qq.com/platform): My business - the account - ")
BASIC = Text("{account}Basic information (我的业务 - 公众号/服务号 - 基础信息)").filled(account=_ACCOUNT)
SECRET_AND_LIST = Text("{account}Basic information - Developer secret (我的业务 - 公众号/服务号 - 基础信息 - 开发密钥)").filled(
    account=_ACCOUNT
)
DOMAINS = Text("{account}Basic information - Domains and message push (我的业务 - 公众号/服务号 - 基础信息 - 域名与消息推送配置)").filled(
    account=_ACCOUNT
)
APIS = Text("{account}API management - API permissions and quotas (我的业务 - 公众号/服务号 - 接口管理 - 接口权限与额度)").filled(
    account=_ACCOUNT
)
NOTICES = Text("on mp.weixin.qq.com (微信公众平台)")
_COMPONENT = Text(
    "on the WeChat Open Platform (open.weixin.qq.com): Management Center - Third-party platforms - Details (管理中心 - 第三方平台 - 详情)"
)

_LIFT_RESTRICTION = Text("read the account's notices {notices}, and have the restriction lifted there").filled(notices=NOTICES)
_CONFIRM = Text("have the account's administrator confirm this address in WeChat, then run again")
_REAUTHORISE = Text("have the account's administrator authorise the third-party platform again, with {permission}")

_BUSY = Meaning(
    "transient",
    Text("the platform is busy"),
    Text("run again in a few minutes: it checks first"),
    again=True,
)
_DEAD = Meaning(
    "credential",
    Text("the platform does not accept the access_token any more"),
    Text("give a fresh access_token of this very account; appid and secret instead of a token let the module fetch one"),
)
_DEAD_COMPONENT = Meaning(
    "credential",
    Text("the component_access_token is not accepted"),
    Text("take the current component_access_token from the third-party platform's service; do not create another one yourself"),
)
_MISSING = Meaning(
    "operator",
    Text("the AppID or AppSecret did not arrive"),
    Text("give both appid and secret, and check what a proxy between does to the request"),
)
_RESTRICTED = Meaning("operator", Text("the account is restricted or frozen"), _LIFT_RESTRICTION)
_TICKET = Meaning(
    "operator",
    Text("the third-party platform's component_verify_ticket is missing or expired"),
    Text("repair the third-party platform's service that receives component_verify_ticket, then run again"),
)
_WRONG_TOKEN = Meaning(
    "operator",
    Text("the access_token is of the wrong kind for this call"),
    Text("give the account's own access_token or its authorizer_access_token, not a component_access_token"),
)
_NO_COMPONENT_TOKEN = Meaning(
    "operator",
    Text("what is given as component_access_token is a token of another kind"),
    _DEAD_COMPONENT.remedy,
)
_MISSING_COMPONENT = Meaning(
    "operator",
    Text("an AppID or a token did not arrive"),
    Text("check component_appid, and what a proxy between does to the request"),
)
_UNPUBLISHED = Meaning(
    "operator",
    Text("the third-party platform is not published"),
    Text("publish it {component}; or add the account to its test accounts there").filled(component=_COMPONENT),
)
_OURS = Meaning("protocol", Text("the platform calls the request malformed"), REPORT_BUG)
_PENDING = Text("the confirmation of the address this host calls from is pending")
_AFTER_MIDNIGHT = Text("run again after 00:00 Beijing time")
_AFTER_A_MINUTE = Text("wait a minute, then run again")

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
        Text("the platform does not know this AppID"),
        Text("check appid; the AppID is {basic}").filled(basic=BASIC),
    ),
    40125: Meaning(
        "operator",
        Text("the AppSecret is wrong"),
        Text("check secret; if the AppSecret is lost, reset it, which makes the old one invalid at once; it is {secret_and_list}").filled(
            secret_and_list=SECRET_AND_LIST
        ),
    ),
    40243: Meaning(
        "operator",
        Text("the AppSecret is frozen"),
        Text("unfreeze the AppSecret, and run again after 10 minutes; it is {secret_and_list}").filled(secret_and_list=SECRET_AND_LIST),
    ),
    40164: Meaning(
        "operator",
        Text("the address this host calls from is not on the account's IP allow list"),
        Text("add {addresses} to the account's IP allow list, and run again after about 5 minutes; the list is {secret_and_list}").filled(
            secret_and_list=SECRET_AND_LIST
        ),
    ),
    61004: Meaning(
        "operator",
        Text("the address this host calls from is not on the third-party platform's IP allow list"),
        Text(
            "add {addresses} to the third-party platform's IP allow list, and run again after about 5 minutes; the list is {component}"
        ).filled(component=_COMPONENT),
    ),
    89503: Meaning(
        "operator",
        Text("the account's administrator must confirm the address this host calls from"),
        _CONFIRM,
    ),
    89501: Meaning("operator", _PENDING, _CONFIRM),
    89502: Meaning("operator", _PENDING, _CONFIRM),
    89504: Meaning("operator", _PENDING, _CONFIRM),
    89505: Meaning("operator", _PENDING, _CONFIRM),
    89506: Meaning(
        "operator",
        Text("the account's administrator refused this address twice"),
        Text("wait 24 hours, then have the administrator confirm the address when it is asked for"),
    ),
    89507: Meaning(
        "operator",
        Text("the account's administrator refused this address"),
        Text("wait 1 hour, then have the administrator confirm the address when it is asked for"),
    ),
    41002: _MISSING,
    41004: _MISSING,
    41018: _MISSING,
    42007: Meaning(
        "operator",
        Text("the account's password was changed, which ended the authorisation"),
        _REAUTHORISE,
    ),
    48004: Meaning("operator", Text("the account is banned from this API"), _LIFT_RESTRICTION),
    50001: _RESTRICTED,
    50002: _RESTRICTED,
    50004: _RESTRICTED,
    50007: _RESTRICTED,
    61003: Meaning(
        "operator",
        Text("the account is not authorised to this third-party platform"),
        _REAUTHORISE,
    ),
    61005: _TICKET,
    61006: _TICKET,
    61007: Meaning(
        "operator",
        Text("the account has not granted the third-party platform the permission set"),
        Text(
            "have the third-party platform offer {permission}, and the account's administrator scan the authorisation code "
            "again; the permission sets that it offers are {component}"
        ).filled(component=_COMPONENT),
    ),
    61011: Meaning(
        "operator",
        Text("the component_appid is not a third-party platform's"),
        Text("check component_appid; it is {component}").filled(component=_COMPONENT),
    ),
    61014: _WRONG_TOKEN,
    61015: _WRONG_TOKEN,
    61024: _WRONG_TOKEN,
    61023: Meaning(
        "operator",
        Text("the authorizer_refresh_token is not valid"),
        Text("leave authorizer_refresh_token out, so that it is read from the third-party platform's list; if it was, run again"),
    ),
    61028: _UNPUBLISHED,
    61029: _UNPUBLISHED,
    48001: Meaning(
        "account",
        Text("this account may not use the call"),
        Text("check which APIs the account has, {apis}; many need an account that is verified").filled(apis=APIS),
    ),
    40200: Meaning(
        "account",
        Text("accounts of this kind may not use the call"),
        Text("leave the account out"),
    ),
    45009: Meaning(
        "quota",
        Text("the account's calls of today are used up"),
        Text("{after_midnight}, or reset the count with clear_quota (10 times a month); the quotas are {apis}").filled(
            after_midnight=_AFTER_MIDNIGHT, apis=APIS
        ),
    ),
    45011: Meaning(
        "quota",
        Text("the account's calls of this minute are used up"),
        Text("{after_a_minute}; find what else calls for this account").filled(after_a_minute=_AFTER_A_MINUTE),
    ),
    48006: Meaning(
        "quota",
        Text("the account's calls of today are used up, and so are its resets of this month"),
        _AFTER_MIDNIGHT,
    ),
    40002: _OURS,
    41001: _OURS,
    43002: _OURS,
    44002: _OURS,
    47001: _OURS,
    40170: _OURS,
}


_SOME_PERMISSION = Text("the permission sets that are needed")


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
    permission: Text = _SOME_PERMISSION


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
        **dict.fromkeys(
            (-1, 268487001, 268487002),
            Meaning("transient", _BUSY.what, Text("run again in a few minutes")),
        ),
        **dict.fromkeys((41002, 41004, 41018), _MISSING_COMPONENT),
        40013: Meaning(
            "operator",
            Text("the platform does not know one of the AppIDs"),
            Text("check appid and component_appid"),
        ),
        **dict.fromkeys(
            (45009, 48006),
            Meaning("quota", Text("the calls of today are used up"), _AFTER_MIDNIGHT),
        ),
        45011: Meaning("quota", Text("the calls of this minute are used up"), _AFTER_A_MINUTE),
    },
    shared=frozenset({40001, 40014, 42001, 42006, 48012, 61004, 61005, 61006, 61011, 61014}),
)

_RID = re.compile(rf"rid:\s?({RID.pattern})")
_ADDRESS = re.compile(r"[0-9a-fA-F.:]+")
_MAX_ERRMSG = 300

# The platform's own text. It is data.
SAYS = Text("{what} (the platform says: {errmsg})")
# Of an unknown code. Its rid is not cut off, because the platform's support asks for it.
_MAX_SAID = 100
_CODE = Text("{what} (errcode {code})")
# For a code that is not in the tables. Its text is shown.
UNKNOWN = Meaning(
    "operator",
    Text("the platform refused the call with a code that this collection does not know"),
    Text("look errcode {code} up in the platform's documentation, or ask its support with the rid"),
)


def with_code(what: Text, code: int | None) -> Text:
    """The clause ``what``, with the errcode behind it."""
    return _CODE.filled(what=what, code=code)


def busy(step: Step, codes: Codes, what: Text, http_status: int) -> Failure:
    """The failure for an answer with ``http_status`` 429 or 5xx: reason transient, with the remedy for a platform that is busy."""
    meaning = codes.meanings[-1]
    return Failure("transient", step, what, meaning.remedy, http_status=http_status, again=meaning.again)


def refusal(step: Step, codes: Codes, code: int, errmsg: str, http_status: int) -> Failure:
    """The failure for an answer with the errcode ``code``. A code that is not in ``codes`` gets the reason operator, and its text is shown.

    ``errmsg``: the platform's own text without secrets, or empty; the rid and the addresses of an allow list are taken from it.
    """
    text = "".join(character if character.isprintable() else " " for character in errmsg)
    rid = _RID.search(text)
    meaning = codes.meanings.get(code, UNKNOWN)
    what = with_code(meaning.what, code)
    if meaning is UNKNOWN and text.strip():
        said = " ".join(_RID.sub("", text).split())[:_MAX_SAID]
        what = SAYS.filled(what=what, errmsg=" ".join(filter(None, (said, rid and rid.group()))))
    return Failure(
        reason=meaning.reason,
        step=step,
        what=what,
        remedy=meaning.remedy.filled(addresses=_addresses(text), permission=codes.permission, code=code),
        errcode=code,
        errmsg=text[:_MAX_ERRMSG],
        rid=rid.group(1) if rid else None,
        http_status=http_status,
        shared=code in codes.shared,
        again=meaning.again,
    )


def _addresses(errmsg: str) -> Text:
    """The addresses in the errmsg of an allow list. An IPv4 address that is also written as IPv6 is named once."""
    found: dict[str, None] = {}
    for text in _ADDRESS.findall(_RID.sub("", errmsg)):
        try:
            address = ipaddress.ip_address(text.strip(".:") if text.count(":") < 2 else text)
        except ValueError:
            continue
        found[str(getattr(address, "ipv4_mapped", None) or address)] = None
    return joined(AND, map(verbatim, found)) if found else Text("this host's public address")
