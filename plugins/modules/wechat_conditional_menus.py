#!/usr/bin/python
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wechat_conditional_menus
short_description: Set the conditional menus of a WeChat Official Account
version_added: 1.0.0
author:
  - wxops.official_account contributors (@wxops)
description:
  - Reads the conditional menus (个性化菜单) of a WeChat Official Account (公众号/服务号), compares them with the declared ones, and adds
    and deletes only what differs. A conditional menu replaces the menu for the users that have a tag (标签), or phones of one platform.
  - A user gets the first one in the list that matches, and otherwise the menu that M(wxops.official_account.wechat_menu) sets. The account
    must have that one.
  - Tags are declared by name. Their ids differ for each account, and the module reads them once.
  - The platform cannot change a conditional menu. The module adds the new one, checks it, and then deletes the old one. So no user is
    without a menu meanwhile.
  - If the answer to a new menu is lost, the module never sends it again, but checks. If no check shows the menu, the task fails, and the
    next run checks first.
  - The menus that can stay are kept. Where the order differs, menus are added again, because the platform puts a new one before all others.
  - Of menus with the same rule, users get the newest one. The module deletes the others, and says so.
  - Before anything is sent, the module checks all menus as M(wxops.official_account.wechat_menu) does, and names every fault with its path.
  - If a user has several tags, only the tag that was put on last counts for the platform.
  - M(wxops.official_account.wechat_menu) with O(wxops.official_account.wechat_menu#module:state=absent) deletes all conditional menus too.
  - Phones show a changed menu when the account is opened again, up to 5 minutes later.
  - Only service accounts and verified subscription accounts may have them. An account that has authorised a third-party platform must have
    granted permission set 15, and permission set 2 or 100 if tags are declared by name.
extends_documentation_fragment:
  - wxops.official_account.attributes
  - wxops.official_account.wechat
attributes:
  async:
    description: Can be run with C(async).
    support: full
    details:
      - A task with C(async) is meant to continue without the playbook. It continues to its end or to the limit of C(async). What it has
        changed stays changed.
  ends_with_playbook:
    description: Sends no change after the playbook that runs it has ended, or has given up the task.
    support: full
    details:
      - After ansible-playbook has ended, for whatever reason, or after the task's C(timeout), no change leaves later than 1
        second, and no process is left after 5 seconds. A request that has already left cannot be taken back. Run again; the run
        checks first.
      - On another host, the module ends when nobody can read its output any more. That takes up to 2 seconds. If only Ansible's worker is
        killed (SIGKILL, for example when memory runs out), its ssh client continues, and the module works to its end. If the network path
        breaks at the same moment, the target does not see the end until its sshd gives up the connection (C(ClientAliveInterval),
        C(ClientAliveCountMax)).
      - With some connections, such as C(docker exec) or C(kubectl exec), the far end continues to read after its client has ended. Such
        a connection hides the end. The task's C(timeout) still applies there.
  check_mode:
    support: full
    details:
      - Only reads, and asks for a token if no token is given. With O(component_access_token), this may replace the
        authorizer_access_token that the third-party platform's service caches.
  diff_mode:
    support: full
    details:
      - Shows the conditional menus before and after as YAML, for each account that changes.
  idempotent:
    support: full
  reversible:
    support: full
    details:
      - RV(before) has the conditional menus before the task. Give it as O(conditional_menus) with O(exclusive) to go back.
      - Menus whose rule has sex, country, province, city or language cannot be made again. The platform no longer shows them to anybody.
options:
  state:
    description:
      - V(present) makes the conditional menus of O(conditional_menus).
      - V(absent) deletes all conditional menus.
    type: str
    choices:
      - present
      - absent
    default: present
  conditional_menus:
    description:
      - The conditional menus, the strongest first. Each is a dict with C(match) and C(menu).
      - C(match) has C(tag), the name of a tag, or C(tag_id), its id; or C(platform), one of V(ios), V(android) and V(other). With a tag
        and a platform, both must match. An empty tag beside a platform is refused, because all users with such a phone would get the menu.
      - C(menu) is a menu, as O(wxops.official_account.wechat_menu#module:menu) takes it.
      - V(null) among them means that there is none. So one template serves accounts with a conditional menu and accounts without it.
      - Each C(match) can be there once.
      - Needed for O(state=present), here or as O(accounts[].conditional_menus). Not allowed with O(state=absent). An empty list is refused.
      - The module also takes what RV(before) and RV(wxops.official_account.wechat_conditional_menus_info#module:conditional_menus) return,
        what a host declares as C(wechat_conditional_menus), and V(absent).
    type: raw
  exclusive:
    description:
      - Whether menus with other rules are deleted.
      - Without it, they stay, and the declared ones are added as the strongest. Only with it, the whole order is as declared.
    type: bool
    default: false
  replace_in_place:
    description:
      - All conditional menus together may link to 3 domains. While a new menu is there together with the old one, both count. The module
        refuses what would be too many.
      - With V(true) it deletes old menus first, but only if there would be too many domains otherwise. Until the new menus are there, their
        users get another menu.
    type: bool
    default: false
  accounts:
    description:
      - Many accounts for one task. The module works on O(concurrency) accounts at a time. Each account has its own result, by its name.
      - Replaces O(access_token), O(appid), O(secret) and O(authorizer_refresh_token). Do not give both. The module then does not read
        these from the environment.
      - A failure of one account does not affect another account. If an account fails, the task fails after the module has worked on
        all accounts.
      - If 16 accounts in a row cannot be reached, each after all its retries, and the platform has answered nothing in that time, the
        module does not attempt the rest.
      - If an account is given twice, once by its AppID and once by its access_token, the module finds this when it gets the token.
        The entry with the AppID then fails, and nothing more is sent for it.
      - If a name is given twice, or an account has no credentials, or credentials of two kinds, or a malformed value, the task fails
        before anything is sent. The message names all such accounts.
      - An empty list succeeds and changes nothing.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - The name of the account in the results. At most 255 printable characters.
          - If not given, O(accounts[].appid) is the name.
        type: str
      access_token:
        description:
          - The same as O(access_token).
          - Give either this, or O(accounts[].appid) and O(accounts[].secret), or O(accounts[].appid) and
            O(component_access_token).
        type: str
      appid:
        description:
          - The same as O(appid).
          - If O(accounts[].access_token) is given too, it is only a name.
        type: str
      secret:
        description:
          - The same as O(secret).
        type: str
      authorizer_refresh_token:
        description:
          - The same as O(authorizer_refresh_token).
          - If some are not given, the module looks them up in the third-party platform's list of authorised accounts. It reads the
            list once for the task, 500 accounts at a time.
        type: str
      conditional_menus:
        description:
          - The conditional menus of this account. They replace O(conditional_menus) whole.
        type: raw
seealso:
  - module: wxops.official_account.wechat_conditional_menus_info
  - module: wxops.official_account.wechat_menu
  - module: wxops.official_account.wechat_tags
  - name: Personalized menu
    description: The platform's documentation of the calls.
    link: https://developers.weixin.qq.com/doc/subscription/en/guide/product/menu/Personalized_menu_interface.html
"""

EXAMPLES = r"""
- name: Give users with the tag VIP another menu, and users of iPhones without that tag a third one
  wxops.official_account.wechat_conditional_menus:
    appid: wx0123456789abcdef
    secret: "{{ vault_wechat_secret }}"
    exclusive: true
    conditional_menus:
      - match:
          tag: VIP
        menu:
          button:
            - type: view
              name: Lounge
              url: https://shop.example/lounge
      - match:
          platform: ios
        menu:
          button:
            - type: view
              name: Shop
              url: https://shop.example/ios

- name: Have no conditional menus
  wxops.official_account.wechat_conditional_menus:
    appid: wx0123456789abcdef
    secret: "{{ vault_wechat_secret }}"
    state: absent
"""

RETURN = r"""
conditional_menus:
  description:
    - The conditional menus now, the strongest first, in a form that O(conditional_menus) takes. In check mode, those that there would be.
      V(null) if they are not known.
    - Each has C(match), C(menu), and C(menuid), which is V(null) if it is not there yet. A C(menuid) changes with each change.
    - In check mode, C(match) has the C(tag) instead of the C(tag_id) if the tag is yet to be made.
  returned: if accounts is not given
  type: list
  elements: dict
  sample: [{match: {tag_id: "104"}, menu: {button: [{type: view, name: Lounge, url: "https://shop.example/lounge"}]}, menuid: "208379533"}]
before:
  description:
    - The conditional menus when the module first read them, in the same form. V(null) if they are not known.
  returned: if accounts is not given
  type: list
  elements: dict
  sample: []
tags:
  description:
    - The names of the tags in the rules, by their ids. V(null) if they are not known. The module reads the tags only if one is declared
      by its name.
  returned: if accounts is not given
  type: dict
  sample: {"104": VIP}
duplicates:
  description:
    - The C(menuid) of each menu that nobody gets, because a newer one has the same rule. V(null) if they are not known.
    - The module has left them because their rules are not declared. With O(exclusive) there are none.
  returned: if accounts is not given
  type: list
  elements: str
  sample: []
verified:
  description:
    - Whether a check has shown RV(conditional_menus). If a change was sent, this must be after the last one.
    - This is not the platform's verification (认证).
  returned: if accounts is not given
  type: bool
  sample: true
request_sent:
  description:
    - Whether a change left this host. It does not matter whether the platform carried it out. V(null) if this is not known, for example
      when memory ran out.
  returned: if accounts is not given
  type: bool
  sample: true
failure:
  description:
    - Why the task failed. V(null) if it did not.
    - With O(accounts) it only says why the task failed before it began. The failure of an account is in RV(accounts).
  returned: always
  type: dict
  sample: null
  contains:
    reason:
      description:
        - V(refused) - the menus that are there and the declared ones link to too many domains. See O(replace_in_place).
        - V(conflict) - somebody else has changed the conditional menus meanwhile.
        - V(not_effective) - the platform accepted a change, and does not show its effect, or keeps the texts of a menu in another spelling
          than it was sent. RV(msg) names the paths, and RV(conditional_menus) has what the platform keeps. Declare that.
        - The others are those of RV(wxops.official_account.wechat_draft_switch#module:failure.reason).
      returned: always
      type: str
      sample: operator
    errcode:
      description: The platform's error code, a number. V(null) if the platform gave none.
      returned: always
      type: int
      sample: 40164
    errmsg:
      description: The platform's error message. V(null) if the platform gave none.
      returned: always
      type: str
      sample: "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6743f1a2-0a1b2c3d-4e5f6071"
    rid:
      description: The platform's ID of the request, for its support. V(null) if the platform gave none.
      returned: always
      type: str
      sample: 6743f1a2-0a1b2c3d-4e5f6071
    http_status:
      description:
        - The HTTP status of the answer, a number. V(null) if there was no answer.
        - The platform sends its own errors with V(200).
      returned: always
      type: int
      sample: 200
    remedy:
      description: What to do next.
      returned: always
      type: str
      sample: >-
        Add 203.0.113.7 to the account's IP allow list, and run again after about 5 minutes; the list is on the WeChat developer platform
        (developers.weixin.qq.com/platform): My business - the account - Basic information - Developer secret (我的业务 - 公众号/服务号 -
        基础信息 - 开发密钥).
msg:
  description: What the module found and what it did.
  returned: always
  type: str
  sample: The conditional menus are as declared; nothing was changed.
accounts:
  description:
    - The result of each of O(accounts), by name, in the order given.
    - Empty if the options cannot be used.
  returned: if accounts is given
  type: dict
  sample: {}
  contains:
    changed:
      description: Whether the conditional menus of this account were changed, or would be in check mode.
      returned: always
      type: bool
      sample: true
    failed:
      description: Whether this account failed, or was not attempted.
      returned: always
      type: bool
      sample: false
    conditional_menus:
      description: The same as RV(conditional_menus), for this account.
      returned: always
      type: list
      elements: dict
    before:
      description: The same as RV(before), for this account.
      returned: always
      type: list
      elements: dict
    tags:
      description: The same as RV(tags), for this account.
      returned: always
      type: dict
    duplicates:
      description: The same as RV(duplicates), for this account.
      returned: always
      type: list
      elements: str
    verified:
      description: The same as RV(verified), for this account.
      returned: always
      type: bool
    request_sent:
      description: The same as RV(request_sent), for this account.
      returned: always
      type: bool
    failure:
      description: The same as RV(failure), for this account.
      returned: always
      type: dict
    msg:
      description: The same as RV(msg), for this account.
      returned: always
      type: str
summary:
  description:
    - The number of O(accounts) with each result. Each account counts once, and also in C(total).
  returned: if accounts is given
  type: dict
  sample: {total: 1000, changed: 12, unchanged: 985, failed: 3, not_attempted: 0, retired: 0}
  contains:
    total:
      description: All accounts.
      returned: always
      type: int
      sample: 1000
    changed:
      description: Accounts whose conditional menus were changed, or would be in check mode.
      returned: always
      type: int
      sample: 12
    unchanged:
      description: Those whose conditional menus were as declared.
      returned: always
      type: int
      sample: 985
    failed:
      description: Accounts that failed.
      returned: always
      type: int
      sample: 3
    not_attempted:
      description: Accounts that were not attempted. See V(not_attempted) under RV(failure.reason).
      returned: always
      type: int
      sample: 0
    retired:
      description: V(0). The platform still offers the calls for menus.
      returned: always
      type: int
      sample: 0
"""

from ansible_collections.wxops.official_account.plugins.module_utils._run.python import refuse_old_python

# Older Pythons cannot import the files below.
refuse_old_python({"conditional_menus": None, "before": None, "tags": None, "duplicates": None, "verified": False, "request_sent": False})

import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import START, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._resource.conditional_input import NONE, Declared, check_all
from ansible_collections.wxops.official_account.plugins.module_utils._resource.conditional_menus import (
    ACCOUNT_OPTIONS,
    CONDITIONAL_MENUS,
    OPTIONS,
    ConditionalRows,
    next_change_to,
)
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_input import LEAVE_ONE_OUT
from ansible_collections.wxops.official_account.plugins.module_utils._run.module import Module
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import ARGUMENT_SPEC, by_account
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text

ACCOUNTS = ARGUMENT_SPEC["accounts"]
SPEC: dict[str, dict[str, t.Any]] = {
    **ARGUMENT_SPEC,
    **OPTIONS,
    "accounts": {**ACCOUNTS, "options": {**ACCOUNTS["options"], **ACCOUNT_OPTIONS}},
}


def declared_in(module: Module) -> dict[str, Declared]:
    """What each account declares, by its name. Ends the module if that cannot be used."""
    params = module.params
    given = {name: options["conditional_menus"] for name, options in by_account(params, ACCOUNT_OPTIONS).items()}
    if params["state"] == "absent":
        if any(value is not None for value in (params["conditional_menus"], *given.values())):
            what = Text("conditional_menus is given together with state: absent")
            module.refuse(Failure("operator", START, what, LEAVE_ONE_OUT))
        return dict.fromkeys(given, NONE)
    checked = check_all(given, exclusive=params["exclusive"], replace_in_place=params["replace_in_place"])
    if checked.faults:
        module.refuse(Failure("operator", START, checked.faults, Text("correct conditional_menus")))
    for warning in checked.warnings:
        module.warn(warning)
    return checked.declared


def main() -> None:
    module = Module(ConditionalRows, argument_spec=SPEC)
    declared = declared_in(module)
    module.converge(CONDITIONAL_MENUS, lambda name: next_change_to(declared[name]))


if __name__ == "__main__":
    main()
