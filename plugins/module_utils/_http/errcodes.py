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

from .errors import AND, REPORT_BUG, Failure, Reason, Step, Text, joined, plain

if t.TYPE_CHECKING:
    from collections.abc import Mapping


class Meaning(t.NamedTuple):
    """What a code means. ``remedy`` may hold the fields ``{addresses}`` and ``{permission}``. ``again``: see ``Failure``."""

    reason: Reason
    what: Text
    remedy: Text
    again: bool = False


# Where the consoles are today. They are in Chinese, so the names in their menus are given in Chinese as well. Source: the platform's page
# "「开发接口管理」模块升级说明", about what moved from mp.weixin.qq.com to the WeChat developer platform.
_ACCOUNT = Text(
    "on the WeChat developer platform (developers.weixin.qq.com/platform): My business - the account - ",
    "微信开发者平台（developers.weixin.qq.com/platform）- 我的业务 - 公众号/服务号 - ",
)
BASIC = Text(f"{_ACCOUNT}Basic information (我的业务 - 公众号/服务号 - 基础信息)", f"{_ACCOUNT.zh}基础信息")
SECRET_AND_LIST = Text(
    f"{_ACCOUNT}Basic information - Developer secret (我的业务 - 公众号/服务号 - 基础信息 - 开发密钥)",
    f"{_ACCOUNT.zh}基础信息 - 开发密钥",
)
DOMAINS = Text(
    f"{_ACCOUNT}Basic information - Domains and message push (我的业务 - 公众号/服务号 - 基础信息 - 域名与消息推送配置)",
    f"{_ACCOUNT.zh}基础信息 - 域名与消息推送配置",
)
APIS = Text(
    f"{_ACCOUNT}API management - API permissions and quotas (我的业务 - 公众号/服务号 - 接口管理 - 接口权限与额度)",
    f"{_ACCOUNT.zh}接口管理 - 接口权限与额度",
)
NOTICES = Text("on mp.weixin.qq.com (微信公众平台)", "微信公众平台（mp.weixin.qq.com）")
_COMPONENT = Text(
    "on the WeChat Open Platform (open.weixin.qq.com): Management Center - Third-party platforms - Details (管理中心 - 第三方平台 - 详情)",
    "微信开放平台（open.weixin.qq.com）- 管理中心 - 第三方平台 - 详情",
)

_LIFT_RESTRICTION = Text(
    f"look at the account's notices {NOTICES}, and have the restriction lifted there",
    f"请登录{NOTICES.zh}查看该账号的通知，并按通知申请解除限制",
)
_CONFIRM = Text(
    "have the account's administrator confirm this address in WeChat, then run again",
    "请该账号的管理员在微信中确认此 IP 地址，然后重新运行",
)
_REAUTHORISE = Text(
    "have the account's administrator authorise the third-party platform again, with {permission}",
    "请联系该账号的管理员重新授权给第三方平台，并勾选{permission}",
)

_BUSY = Meaning(
    "transient",
    Text("the platform is busy", "微信系统繁忙"),
    Text("run again in a few minutes: it looks first", "请几分钟后重新运行：运行时会先查询"),
    again=True,
)
_DEAD = Meaning(
    "credential",
    Text("the platform does not accept the access_token any more", "access_token 已失效"),
    Text(
        "give a fresh access_token of this very account; appid and secret instead of a token let the module fetch one",
        "请提供该账号最新的 access_token；也可以改为提供 appid 和 secret，由模块自行获取",
    ),
)
_DEAD_COMPONENT = Meaning(
    "credential",
    Text("the component_access_token is not accepted", "component_access_token 无效"),
    Text(
        "take the current component_access_token from the third-party platform's service; do not create another one yourself",
        "请从第三方平台的服务中取得当前的 component_access_token；请勿自行另外获取，否则会使服务正在使用的令牌失效",
    ),
)
_MISSING = Meaning(
    "operator",
    Text("the AppID or AppSecret did not arrive", "微信没有收到 AppID 或 AppSecret"),
    Text(
        "give both appid and secret, and check what a proxy between does to the request",
        "请同时提供 appid 和 secret，并检查中间的代理是否改动了请求",
    ),
)
_RESTRICTED = Meaning("operator", Text("the account is restricted or frozen", "该账号已被限制或冻结"), _LIFT_RESTRICTION)
_TICKET = Meaning(
    "operator",
    Text(
        "the third-party platform's component_verify_ticket is missing or expired",
        "第三方平台的 component_verify_ticket 缺失或已过期",
    ),
    Text(
        "repair the third-party platform's service that receives component_verify_ticket, then run again",
        "请修复第三方平台接收 component_verify_ticket 的服务，然后重新运行",
    ),
)
_WRONG_TOKEN = Meaning(
    "operator",
    Text("the access_token is of the wrong kind for this call", "access_token 的类型不适用于此接口"),
    Text(
        "give the account's own access_token or its authorizer_access_token, not a component_access_token",
        "请提供该账号自己的 access_token 或 authorizer_access_token，而不是 component_access_token",
    ),
)
_NO_COMPONENT_TOKEN = Meaning(
    "operator",
    Text(
        "what is given as component_access_token is a token of another kind",
        "作为 component_access_token 提供的是其他类型的令牌",
    ),
    _DEAD_COMPONENT.remedy,
)
_MISSING_COMPONENT = Meaning(
    "operator",
    Text("an AppID or a token did not arrive", "微信没有收到 AppID 或令牌"),
    Text(
        "check component_appid, and what a proxy between does to the request",
        "请检查 component_appid，以及中间的代理是否改动了请求",
    ),
)
_UNPUBLISHED = Meaning(
    "operator",
    Text("the third-party platform is not published", "第三方平台尚未全网发布"),
    Text(
        f"publish it {_COMPONENT}; or add the account to its test accounts there",
        f"请将第三方平台全网发布，或将该账号加入其授权测试账号列表；位置：{_COMPONENT.zh}",
    ),
)
_OURS = Meaning("protocol", Text("the platform calls the request malformed", "微信认为请求的格式有误"), REPORT_BUG)
_PENDING = Text(
    "the confirmation of the address this host calls from is pending",
    "本机的调用 IP 地址正在等待管理员确认",
)
_AFTER_MIDNIGHT = Text("run again after 00:00 Beijing time", "请在北京时间零点之后重新运行")
_AFTER_A_MINUTE = Text("wait a minute, then run again", "请等待一分钟后重新运行")

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
        Text("the platform does not know this AppID", "AppID 不存在"),
        Text(f"check appid; the AppID is {BASIC}", f"请检查 appid；AppID 见：{BASIC.zh}"),
    ),
    40125: Meaning(
        "operator",
        Text("the AppSecret is wrong", "AppSecret 不正确"),
        Text(
            f"check secret; if the AppSecret is lost, reset it, which makes the old one invalid at once; it is {SECRET_AND_LIST}",
            f"请检查 secret；如果 AppSecret 已遗失，可以重置，重置后旧的立即失效；位置：{SECRET_AND_LIST.zh}",
        ),
    ),
    40243: Meaning(
        "operator",
        Text("the AppSecret is frozen", "AppSecret 已被冻结"),
        Text(
            f"unfreeze the AppSecret, and run again after 10 minutes; it is {SECRET_AND_LIST}",
            f"请解冻 AppSecret，10 分钟后重新运行；位置：{SECRET_AND_LIST.zh}",
        ),
    ),
    40164: Meaning(
        "operator",
        Text(
            "the address this host calls from is not on the account's IP allow list",
            "本机的调用 IP 地址不在该账号的 API IP白名单中",
        ),
        Text(
            f"add {{addresses}} to the account's IP allow list, and run again after about 5 minutes; the list is {SECRET_AND_LIST}",
            f"请将 {{addresses}} 加入该账号的 API IP白名单，约 5 分钟后重新运行；位置：{SECRET_AND_LIST.zh}",
        ),
    ),
    61004: Meaning(
        "operator",
        Text(
            "the address this host calls from is not on the third-party platform's IP allow list",
            "本机的调用 IP 地址不在第三方平台的 IP白名单中",
        ),
        Text(
            f"add {{addresses}} to the third-party platform's IP allow list, and run again after about 5 minutes; the list is {_COMPONENT}",
            f"请将 {{addresses}} 加入第三方平台的 IP白名单，约 5 分钟后重新运行；位置：{_COMPONENT.zh}",
        ),
    ),
    89503: Meaning(
        "operator",
        Text(
            "the account's administrator must confirm the address this host calls from",
            "本机的调用 IP 地址需要该账号的管理员确认",
        ),
        _CONFIRM,
    ),
    89501: Meaning("operator", _PENDING, _CONFIRM),
    89502: Meaning("operator", _PENDING, _CONFIRM),
    89504: Meaning("operator", _PENDING, _CONFIRM),
    89505: Meaning("operator", _PENDING, _CONFIRM),
    89506: Meaning(
        "operator",
        Text("the account's administrator refused this address twice", "该账号的管理员已两次拒绝此 IP 地址"),
        Text(
            "wait 24 hours, then have the administrator confirm the address when it is asked for",
            "请等待 24 小时，再次收到确认请求时请管理员确认此 IP 地址",
        ),
    ),
    89507: Meaning(
        "operator",
        Text("the account's administrator refused this address", "该账号的管理员已拒绝此 IP 地址"),
        Text(
            "wait 1 hour, then have the administrator confirm the address when it is asked for",
            "请等待 1 小时，再次收到确认请求时请管理员确认此 IP 地址",
        ),
    ),
    41002: _MISSING,
    41004: _MISSING,
    41018: _MISSING,
    42007: Meaning(
        "operator",
        Text("the account's password was changed, which ended the authorisation", "该账号修改过密码，原有授权已失效"),
        _REAUTHORISE,
    ),
    48004: Meaning("operator", Text("the account is banned from this API", "该账号的此接口已被封禁"), _LIFT_RESTRICTION),
    50001: _RESTRICTED,
    50002: _RESTRICTED,
    50004: _RESTRICTED,
    50007: _RESTRICTED,
    61003: Meaning(
        "operator",
        Text("the account is not authorised to this third-party platform", "该账号没有授权给此第三方平台"),
        _REAUTHORISE,
    ),
    61005: _TICKET,
    61006: _TICKET,
    61007: Meaning(
        "operator",
        Text(
            "the account has not granted the third-party platform the permission set",
            "该账号没有将所需的权限集授权给第三方平台",
        ),
        Text(
            "have the third-party platform offer {permission}, and the account's administrator scan the authorisation code again; the "
            f"permission sets that it offers are {_COMPONENT}",
            f"请在第三方平台中开通{{permission}}，再请该账号的管理员重新扫码授权；第三方平台的权限集见：{_COMPONENT.zh}",
        ),
    ),
    61011: Meaning(
        "operator",
        Text("the component_appid is not a third-party platform's", "component_appid 不是第三方平台的 AppID"),
        Text(f"check component_appid; it is {_COMPONENT}", f"请检查 component_appid；位置：{_COMPONENT.zh}"),
    ),
    61014: _WRONG_TOKEN,
    61015: _WRONG_TOKEN,
    61024: _WRONG_TOKEN,
    61023: Meaning(
        "operator",
        Text("the authorizer_refresh_token is not valid", "authorizer_refresh_token 无效"),
        Text(
            "leave authorizer_refresh_token out, so that it is read from the third-party platform's list; if it was, run again",
            "请不要提供 authorizer_refresh_token，模块会从第三方平台的授权列表中读取；如果本来就没有提供，请重新运行",
        ),
    ),
    61028: _UNPUBLISHED,
    61029: _UNPUBLISHED,
    48001: Meaning(
        "account",
        Text("this account may not use the call", "该账号没有此接口的权限"),
        Text(
            f"check which APIs the account has, {APIS}; many need an account that is verified",
            f"请查看该账号拥有哪些接口权限：{APIS.zh}；许多接口需要账号已认证",
        ),
    ),
    40200: Meaning(
        "account",
        Text("accounts of this kind may not use the call", "此类账号不能使用该接口"),
        Text("leave the account out", "请将该账号移出本次运行"),
    ),
    45009: Meaning(
        "quota",
        Text("the account's calls of today are used up", "该账号今日的接口调用额度已用完"),
        Text(
            f"{_AFTER_MIDNIGHT}, or reset the count with clear_quota (10 times a month); the quotas are {APIS}",
            f"{_AFTER_MIDNIGHT.zh}，或用 clear_quota 清零（每月 10 次）；额度见：{APIS.zh}",
        ),
    ),
    45011: Meaning(
        "quota",
        Text("the account's calls of this minute are used up", "该账号本分钟的接口调用次数已达上限"),
        Text(
            f"{_AFTER_A_MINUTE}; find what else calls for this account",
            f"{_AFTER_A_MINUTE.zh}；并查找还有什么程序在为该账号调用接口",
        ),
    ),
    48006: Meaning(
        "quota",
        Text(
            "the account's calls of today are used up, and so are its resets of this month",
            "该账号今日的接口调用额度已用完，本月的清零次数也已用完",
        ),
        _AFTER_MIDNIGHT,
    ),
    40002: _OURS,
    41001: _OURS,
    43002: _OURS,
    44002: _OURS,
    47001: _OURS,
    40170: _OURS,
}


_SOME_PERMISSION = Text("the permission sets that are needed", "所需的权限集")


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
            Meaning("transient", _BUSY.what, Text("run again in a few minutes", "请几分钟后重新运行")),
        ),
        **dict.fromkeys((41002, 41004, 41018), _MISSING_COMPONENT),
        40013: Meaning(
            "operator",
            Text("the platform does not know one of the AppIDs", "有一个 AppID 不存在"),
            Text("check appid and component_appid", "请检查 appid 和 component_appid"),
        ),
        **dict.fromkeys(
            (45009, 48006),
            Meaning("quota", Text("the calls of today are used up", "今日的接口调用额度已用完"), _AFTER_MIDNIGHT),
        ),
        45011: Meaning("quota", Text("the calls of this minute are used up", "本分钟的接口调用次数已达上限"), _AFTER_A_MINUTE),
    },
    shared=frozenset({40001, 40014, 42001, 42006, 48012, 61004, 61005, 61006, 61011, 61014}),
)

_RID = re.compile(r"rid:\s?([0-9a-f]{1,16}-[0-9a-f]{1,16}-[0-9a-f]{1,16})")
_ADDRESS = re.compile(r"[0-9a-fA-F.:]+")
_MAX_ERRMSG = 300

# The platform's own text. It is data.
SAYS = Text("{what} (the platform says: {errmsg})", "{what}（微信的说明：{errmsg}）")
# Of an unknown code. Its rid is not cut off, because the platform's support asks for it.
_MAX_SAID = 100
_CODE = Text("{what} (errcode {code})", "{what}（错误码 {code}）")
# For a code that is not in the tables. Its text is shown.
UNKNOWN = Meaning(
    "operator",
    Text(
        "the platform refused the call with a code that this collection does not know",
        "微信拒绝了请求，返回的错误码不在本 collection 的列表中",
    ),
    Text(
        "look errcode {code} up in the platform's documentation, or ask its support with the rid",
        "请在微信官方文档中查询错误码 {code}，或凭 rid 咨询微信官方",
    ),
)


def with_code(what: Text, code: int | None) -> Text:
    return _CODE.filled(what=what, code=code)


def busy(step: Step, codes: Codes, what: Text, http_status: int) -> Failure:
    """The failure for an answer that says that the platform is busy. ``http_status``: the status of that answer."""
    meaning = codes.meanings[-1]
    return Failure("transient", step, what, meaning.remedy, http_status=http_status, again=meaning.again)


def refusal(step: Step, codes: Codes, code: int, errmsg: str, http_status: int) -> Failure:
    """The failure for an answer with ``code`` and ``errmsg``. An unknown code counts as the operator's to solve, and its text is shown."""
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
    return joined(AND, map(plain, found)) if found else Text("this host's public address", "本机的公网 IP 地址")
