# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to failures and remedies, made from the code's own tables. Prints it, in English or in Chinese:

PYTHONPATH=.work/collections .work/test/bin/python tests/workshop/failures.py en > docs/docsite/rst/guide_failures.rst
PYTHONPATH=.work/collections .work/test/bin/python tests/workshop/failures.py zh > docs/docsite/rst/guide_failures_zh.rst
"""

from __future__ import annotations

import operator
import re
import sys
import typing as t
import unicodedata

from ansible_collections.wxops.official_account.plugins.module_utils._http.errcodes import ACCOUNT_CALL, COMPONENT_CALL, TOKEN_CALL
from ansible_collections.wxops.official_account.plugins.module_utils._resource import (
    conditional_menus,
    diagnostics,
    draft_switch,
    menu,
    tags,
    templates,
)
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text, joined, verbatim

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ansible_collections.wxops.official_account.plugins.module_utils._http.errcodes import Codes, Meaning

    Say = Callable[[Text], str]


class Both(Text):
    """A text of this page. It has its Chinese with it, because the catalogue holds only what the collection itself says."""

    __slots__ = ("_zh",)
    _zh: str

    def __new__(cls, english: str, chinese: str) -> Both:
        text = super().__new__(cls, english)
        text._zh = chinese
        return text

    @property
    def zh(self) -> str:
        return self._zh


# How each language says a text.
LANGUAGES: Mapping[str, Say] = {"en": str, "zh": operator.attrgetter("zh")}

# For each value of `reason`: what happened, and what to do.
REASONS = {
    "irreversible": (
        Both("the task has ``state: absent``", "任务中声明了 ``state: absent``"),
        Both("remove ``state: absent``; nothing turns the switch off", "请去掉 ``state: absent``；草稿箱一经开启便无法关闭"),
    ),
    "credential": (
        Both("the access_token, or the component_access_token, is dead", "access_token 或 component_access_token 已失效"),
        Both("give a fresh one; or give ``appid`` and ``secret``", "请提供最新的令牌；或改为提供 ``appid`` 和 ``secret``"),
    ),
    "operator": (
        Both(
            "the options, the IP allow list, the AppSecret or the permissions are not right",
            "选项、IP 白名单、AppSecret 或权限不正确",
        ),
        Both(
            "do what ``remedy`` says; for 40164 and 61004 it names the address to allow",
            "请按 ``remedy`` 处理；遇到 40164 和 61004 时，其中会给出需要加入白名单的 IP",
        ),
    ),
    "account": (
        Both("this account, or this kind of account, may not use the call", "该账号或此类账号不能使用该接口"),
        Both(
            "check its kind, its verification and its APIs, as ``remedy`` says",
            "请按 ``remedy`` 检查账号的类型、认证状态和接口权限",
        ),
    ),
    "quota": (
        Both("the calls of the minute or the day are used up", "本分钟或今日的接口调用次数已用完"),
        Both("wait as ``remedy`` says", "请按 ``remedy`` 等待"),
    ),
    "transient": (
        Both("the platform kept answering that it is busy, or HTTP 5xx or 429", "微信一直返回系统繁忙，或 HTTP 5xx、429"),
        Both("run again in a few minutes", "请几分钟后重新运行"),
    ),
    "transport": (
        Both("DNS, a refused connection, TLS or a time-out", "DNS 解析失败、连接被拒绝、TLS 错误或超时"),
        Both("check the network, ``api_url``, ``ca_path`` and proxies", "请检查网络、``api_url``、``ca_path`` 和代理"),
    ),
    "protocol": (
        Both("an answer makes no sense", "无法识别微信的响应"),
        Both(
            "check ``api_url`` and proxies; if they are right, report a bug",
            "请检查 ``api_url`` 和代理；如果都没有问题，请作为缺陷反馈",
        ),
    ),
    "not_effective": (
        Both(
            "the platform accepted the request, and the account is still as before, or something is kept otherwise than it was sent",
            "微信接受了请求，但账号仍与原先一样，或保存的内容与发出的不同",
        ),
        Both("as ``remedy`` says", "请按 ``remedy`` 处理"),
    ),
    "not_attempted": (
        Both(
            "16 accounts in a row could not be reached, or the platform refused a third-party platform's token; "
            "the module left out the rest",
            "连续 16 个账号无法连接，或微信拒绝了第三方平台的令牌；模块没有处理其余账号",
        ),
        Both("correct what ``remedy`` names, and run again", "请解决 ``remedy`` 所指的问题，然后重新运行"),
    ),
    "refused": (
        Both(
            "the change would destroy what the API cannot bring back, it is not clear which tag is meant, or the conditional menus would "
            "have too many domains",
            "修改会丢失接口无法恢复的内容，或无法确定指的是哪个标签，或个性化菜单的域名过多",
        ),
        Both("as ``remedy`` says", "请按 ``remedy`` 处理"),
    ),
    "conflict": (
        Both(
            "after the change, what is there is neither as before nor as declared",
            "修改之后查询到的内容既不是原先的，也不是声明的",
        ),
        Both("find out what else changes this account, and run again", "请查明还有什么程序在修改该账号，然后重新运行"),
    ),
    "outcome_unknown": (
        Both("the platform may have carried out a change", "微信可能已经执行了修改"),
        Both("run again; the run checks first", "请重新运行（会先查询现状）"),
    ),
}

LABEL = "ansible_collections.wxops.official_account.docsite.guide_failures"

LICENSE = """\
..
  Copyright (c) 2026 wxops.official_account contributors
  GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
  SPDX-License-Identifier: GPL-3.0-or-later

..
  Written by tests/workshop/failures.py, from the tables of the code. Do not edit it here.
"""

HEAD = Both(
    f"""\
.. _{LABEL}:

Failures and remedies
=====================

中文：:ref:`{LABEL}_zh`

In a module's result, ``msg`` says in one sentence what happened, what was sent or not, and what to do. ``failure`` is null, or has:

- ``reason``: one of the reasons below
- ``remedy``: what to do
- ``errcode``, ``errmsg``: WeChat's own code and message, if any
- ``rid``: WeChat's ID of the request, for its support
- ``http_status``: the HTTP status; WeChat's own errors have 200

With ``language: zh``, or ``WECHAT_LANGUAGE=zh`` in the environment, ``msg`` and ``remedy`` are in Chinese. Ansible's own messages stay
English.
""",
    f"""\
.. _{LABEL}_zh:

失败原因与处理办法
==================

English: :ref:`{LABEL}`

在模块的返回值中，``msg`` 用一句话说明发生了什么、发出或没有发出什么，以及接下来该做什么。没有失败时 ``failure`` 为 null，失败时包含：

- ``reason``：下面的原因类别之一
- ``remedy``：处理办法
- ``errcode``、``errmsg``：微信返回的错误码和错误信息（如果有）
- ``rid``：微信的请求 ID，咨询微信官方时需要提供
- ``http_status``：响应的 HTTP 状态码；微信返回错误码时，状态码也是 200

使用 ``language: zh``，或在环境变量中设置 ``WECHAT_LANGUAGE=zh``，``msg`` 和 ``remedy`` 即为中文。Ansible 自身的消息始终是英文。
""",
)

WHY = Both(
    """\
48001 is the most frequent code: the account may not use the call. The cause is its kind, its verification or a permission set, and WeChat
does not say which. This playbook finds the cause, says what to do, and changes nothing:

.. code-block:: console

   $ ansible-playbook wxops.official_account.explain -i fleet.yml
   ...
   Account  Kind ... menus ... tags ...
   brand-a  Service account, verified (guess) ... yes ... yes ...
   brand-b  Subscription account, not verified (guess) ... no (48001) ... no (48001) ...
   1 account: have the account verified on mp.weixin.qq.com ... brand-b
   ...
   $ ansible-playbook wxops.official_account.explain -i fleet.yml -l brand-a -e explain_rid=61725984-6126f6f9-040f19c4
   ...
   brand-a: ... The failed call came at 2021-10-22 14:26:12 Beijing time. ...
   ...

The module ``wechat_account_info`` does the same for one account. No call returns the kind of an account, so it is a guess, from what is
answered and refused. For accounts of a third-party platform WeChat returns it, and ``account-customers.csv`` in ``account_report_dir`` says
what each customer must do.

A rid begins with the time of the request, so every refusal says when it was. WeChat can say more about a failed call for 7 days.
""",
    """\
最常见的是 48001：该账号不能使用此接口。微信不会说明原因在于账号类型、认证还是权限集。\
下面的 playbook 查询账号可以使用哪些功能，说明原因和处理办法，不做任何修改：

.. code-block:: console

   $ ansible-playbook wxops.official_account.explain -i fleet.yml
   ...
   Account  Kind ... menus ... tags ...
   brand-a  Service account, verified (guess) ... yes ... yes ...
   brand-b  Subscription account, not verified (guess) ... no (48001) ... no (48001) ...
   1 account: have the account verified on mp.weixin.qq.com ... brand-b
   ...
   $ ansible-playbook wxops.official_account.explain -i fleet.yml -l brand-a -e explain_rid=61725984-6126f6f9-040f19c4
   ...
   brand-a: ... The failed call came at 2021-10-22 14:26:12 Beijing time. ...
   ...

模块 ``wechat_account_info`` 对单个账号做同样的查询。对于自行开发的账号，没有接口能说明它属于哪种类型，\
因此根据哪些接口可用、哪些被拒绝来推断，并注明是推测。\
对于已授权给第三方平台的账号，微信会直接给出类型；``account_report_dir`` 中的 ``account-customers.csv`` 列出每个客户需要做什么。

rid 的第一组数字就是请求的时间，因此每条拒绝信息都会注明拒绝的时间。失败调用的更多信息，微信只保留 7 天。
""",
)
# What is seen, what to ask, and what that says.
AT_NIGHT = (
    (
        Both("40164", "40164"),
        Both("nothing: the address is in the message", "无需查询：提示中已有 IP"),
        Both("the address to add to the account's IP allow list", "需要加入该账号 API IP 白名单的 IP"),
    ),
    (
        Both("48001", "48001"),
        Both("the playbook ``explain``", "playbook ``explain``"),
        Both(
            "not verified, the wrong kind, a permission set that is missing, or no longer allowed since July 2025",
            "未认证、账号类型不符、缺少权限集，或自 2025 年 7 月起不再允许",
        ),
    ),
    (
        Both("45009, 45011", "45009、45011"),
        Both("``gather: [quota]``", "``gather: [quota]``"),
        Both(
            "how many calls of each path are used and left today, when they are back, and how many the minute has",
            "各接口今日已调用和剩余的次数、恢复时间，以及每分钟可调用的次数",
        ),
    ),
    (
        Both("40001 or 42001 now and then", "偶尔出现 40001 或 42001"),
        Both("``rid`` of a failed call", "失败调用的 ``rid``"),
        Both(
            "from which address that call came; often another program fetches tokens with cgi-bin/token, which ends yours",
            "该调用来自哪个 IP；通常是另一个程序用 cgi-bin/token 获取令牌，使原有令牌失效",
        ),
    ),
    (
        Both("the account does not answer its users", "账号不回复用户"),
        Both("``gather: [callback, autoreply, menu]``", "``gather: [callback, autoreply, menu]``"),
        Both(
            "whether WeChat finds the account's server, and whether the automatic replies of the console are on",
            "微信能否访问该账号的服务器，后台的自动回复是否开启",
        ),
    ),
    (
        Both("the menu is gone", "菜单不见了"),
        Both("``gather: [menu]``", "``gather: [menu]``"),
        Both("whether one is shown, and whether the API or the console has made it", "是否展示菜单，以及菜单是通过接口还是在后台设置的"),
    ),
    (
        Both("it worked yesterday", "昨天还正常"),
        Both(
            "the playbook ``explain``; for accounts of a third-party platform ``verified_until``",
            "playbook ``explain``；第三方平台的账号可查看 ``verified_until``",
        ),
        Both("whether the verification has lapsed", "认证是否已过期"),
    ),
)

COMMON = Both(
    """\
For every call, unless a section below differs. Other codes have the reason ``operator``, and their message is shown.
""",
    """\
除非下文另有说明，这些错误码适用于所有接口。未列出的错误码，其 ``reason`` 为 ``operator``，并会显示微信返回的错误信息。
""",
)
COMPONENT = Both(
    """\
Its list of accounts, their details and tokens. If its own token is not accepted, the run ends at once.
""",
    """\
读取已授权账号的列表、账号详情和账号令牌。如果第三方平台自己的令牌无效，运行会立即结束。
""",
)
RETIRED = Both(
    """\
{codes}: WeChat has removed the call. Its documentation says that the draft box is on for everyone then. This is no failure: the
module warns, returns ``is_open: true`` with ``verified: false``, and changes nothing.
""",
    """\
错误码 {codes} 表示微信已下线此接口。微信的文档称，届时所有账号的草稿箱均已开启。\
这不是失败：模块会给出警告，返回 ``is_open: true`` 和 ``verified: false``，不做任何修改。
""",
)
MENUS = Both(
    """\
{code}: there is no menu. This is no failure. Most of these codes are rare, because the modules check a menu before anything is sent.
""",
    """\
错误码 {code} 表示没有菜单，不是失败。模块在发送之前会检查菜单，所以这些错误码大多不会出现。
""",
)

# The calls of wechat_account_info that nothing else makes.
LOOKS = (
    (Both("Template messages:", "模板消息："), templates._CODES),
    (Both("Subscription notices:", "订阅通知："), templates._NOTICE_CODES),
    (Both("Publishing:", "发布："), diagnostics._PUBLISH_CODES),
    (Both("Customer service:", "客服："), diagnostics._SERVICE_CODES),
    (Both("The quota of a call:", "接口的调用额度："), diagnostics._QUOTA_CODES),
    (Both("A failed call:", "失败的调用："), diagnostics._RID_CODES),
    (Both("The account's server:", "账号的服务器："), diagnostics._CALLBACK_CODES),
)

CONDITIONAL = Both(
    """\
Those of custom menus, and these:
""",
    """\
除自定义菜单的错误码外，还有：
""",
)

WHAT_HAPPENED, WHAT_TO_DO = Both("what happened", "说明"), Both("what to do", "处理办法")
REASON = verbatim("``reason``")
_SPACE_IN_CHINESE = re.compile("(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


def main(language: str) -> None:
    print("\n".join(page(LANGUAGES[language])))


def page(say: Say) -> Iterator[str]:
    """The lines of the guide."""
    common = ACCOUNT_CALL.meanings
    yield LICENSE
    yield say(HEAD)
    yield from heading(say(Both("Why does my call fail?", "调用为什么失败？")))
    yield say(WHY)
    head = (Both("you see", "现象"), Both("ask", "查什么"), Both("answer", "能得知什么"))
    yield from table((25, 30, 45), map(say, head), (tuple(map(say, row)) for row in AT_NIGHT))
    yield from heading(say(Both("Reasons", "原因类别")))
    reasons = ((f"``{key}``", *map(say, texts)) for key, texts in REASONS.items())
    yield from table((22, 39, 39), map(say, (REASON, WHAT_HAPPENED, WHAT_TO_DO)), reasons)
    yield from heading(say(Both("Codes of WeChat", "微信的错误码")))
    yield say(COMMON)
    yield from codes(say, ACCOUNT_CALL, common)
    yield from heading(say(Both("When a token is fetched", "获取令牌时")))
    yield from codes(say, TOKEN_CALL, differing(TOKEN_CALL, common))
    yield from heading(say(Both("Calls of a third-party platform for itself", "第三方平台自己的接口调用")))
    yield say(COMPONENT)
    yield from codes(say, COMPONENT_CALL, differing(COMPONENT_CALL, common))
    yield from heading(say(Both("The draft box switch", "草稿箱开关")))
    retired = joined(Both(" or ", " 或 "), (verbatim(str(code)) for code in sorted(draft_switch._CODES.retired)))
    yield say(RETIRED.filled(codes=retired))
    yield from codes(say, draft_switch._CODES, differing(draft_switch._CODES, common))
    yield from heading(say(Both("Custom menus", "自定义菜单")))
    yield say(MENUS.filled(code=menu.NO_MENU))
    yield from codes(say, menu._CODES, differing(menu._CODES, common))
    yield from heading(say(Both("Conditional menus", "个性化菜单")))
    yield say(CONDITIONAL)
    yield from codes(say, conditional_menus._CODES, differing(conditional_menus._CODES, menu._CODES.meanings))
    yield from heading(say(Both("User tags", "用户标签")))
    of_tags = tags._codes("NAME")
    yield from codes(say, of_tags, differing(of_tags, common))
    yield from heading(say(Both("Other calls of wechat_account_info", "wechat_account_info 的其他接口")))
    for title, of in LOOKS:
        yield f"{say(title)}\n"
        yield from codes(say, of, differing(of, common))


def heading(title: str) -> Iterator[str]:
    """``title`` with its line. A Chinese character is as wide as two others."""
    yield f"{title}\n{'-' * sum(1 + (unicodedata.east_asian_width(character) in 'FW') for character in title)}\n"


def differing(codes: Codes, common: Mapping[int, Meaning]) -> dict[int, Meaning]:
    return {code: meaning for code, meaning in codes.meanings.items() if common.get(code) != meaning}


def codes(say: Say, of: Codes, meanings: Mapping[int, Meaning]) -> Iterator[str]:
    """A table of ``meanings``. Codes with the same meaning share a line."""
    alike: dict[Meaning, list[int]] = {}
    for code in sorted(meanings):
        alike.setdefault(meanings[code], []).append(code)
    addresses = Both("the address that the failure names", "失败信息给出的 IP 地址")
    rows = (
        (
            ", ".join(map(str, numbers)),
            f"``{meaning.reason}``",
            say(sentence(meaning.what)),
            say(sentence(meaning.remedy.filled(addresses=addresses, permission=of.permission))),
        )
        for meaning, numbers in alike.items()
    )
    head = (Both("code", "错误码"), REASON, WHAT_HAPPENED, WHAT_TO_DO)
    yield from table((14, 14, 32, 40), map(say, head), rows)


def sentence(clause: Text) -> Text:
    """``clause`` for a page. English begins with a capital, and Chinese has no spaces between its own characters."""
    english, chinese = (text.replace("*", "\\*").replace("`", "\\`") for text in (clause, clause.zh))
    return Both(english[:1].upper() + english[1:], _SPACE_IN_CHINESE.sub("", chinese))


def table(widths: tuple[int, ...], head: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f".. list-table::\n   :header-rows: 1\n   :widths: {' '.join(map(str, widths))}\n"
    for row in (tuple(head), *rows):
        yield "\n".join(f"   {' ' if column else '*'} - {cell}" for column, cell in enumerate(row))
    yield ""


if __name__ == "__main__":
    main(sys.argv[1])
