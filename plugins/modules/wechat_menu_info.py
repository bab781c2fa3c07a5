#!/usr/bin/python
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wechat_menu_info
short_description: Read the custom menu of a WeChat Official Account
version_added: 1.0.0
author:
  - wxops.official_account contributors (@wxops)
description:
  - Reads the custom menu (自定义菜单) of a WeChat Official Account (公众号/服务号) that was set by API, its conditional menus (个性化菜单),
    and what the account shows. Never changes anything.
  - Every account may be asked what it shows. If an account may not use the API for menus (errcode 48001, for example because it is not
    verified), RV(menu) and RV(conditional) are V(null), the task does not fail, and RV(msg) says why.
extends_documentation_fragment:
  - wxops.official_account.attributes
  - wxops.official_account.attributes.info_module
  - wxops.official_account.wechat
seealso:
  - module: wxops.official_account.wechat_menu
"""

EXAMPLES = r"""
- name: Read the menu
  wxops.official_account.wechat_menu_info:
    appid: wx0123456789abcdef
    secret: "{{ vault_wechat_secret }}"
  register: menu

- name: Show it
  ansible.builtin.debug:
    msg: "{{ menu.menu }}"

- name: Read many accounts at once
  wxops.official_account.wechat_menu_info:
    accounts:
      - name: brand-a
        appid: wx0123456789abcdef
        secret: "{{ vault_wechat_secret }}"
      - name: brand-b
        access_token: "{{ wechat_access_token }}"
  register: menus

- name: Show which menus were made in the console
  ansible.builtin.debug:
    msg: "{{ menus.accounts | dict2items | selectattr('value.made_by', 'eq', 'console') | map(attribute='key') }}"
"""

RETURN = r"""
menu:
  description:
    - The menu of the API, in a form that O(wxops.official_account.wechat_menu#module:menu) takes. V(null) if there is none, or if the
      account may not use the API for menus.
  returned: if accounts is not given
  type: dict
  sample: {button: [{type: view, name: Shop, url: "https://shop.example/"}]}
conditional:
  description:
    - The conditional menus, as the platform returns them, with their ids. V(null) if they are not known.
  returned: if accounts is not given
  type: list
  elements: dict
  sample: []
is_menu_open:
  description:
    - Whether the account shows a menu. V(null) if it is not known.
  returned: if accounts is not given
  type: bool
  sample: true
console_menu:
  description:
    - A menu that is not the menu of the API, as the platform returns it. The account may show it or not. V(null) if there is none.
    - It was made in the console, unless RV(made_by) is V(null). The API does not take it. It can have types of buttons that only the
      console makes.
  returned: if accounts is not given
  type: dict
  sample: null
made_by:
  description:
    - Where the menu comes from. V(api), V(console), or V(none) if the account shows none.
    - V(console) also if the menu of the API has buttons that only the console makes.
    - V(null) if it is not known, for example if the menu of the API cannot be read, or if the account shows another menu than that of
      the API, and only buttons that both can make.
  returned: if accounts is not given
  type: str
  sample: api
verified:
  description:
    - Whether checks have shown all of this.
    - This is not the platform's verification (认证).
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
        - One of V(credential), V(operator), V(account), V(quota), V(transient), V(transport), V(protocol) and V(not_attempted).
          RV(wxops.official_account.wechat_draft_switch#module:failure.reason) explains them.
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
  description: What the module found, in one sentence.
  returned: always
  type: str
  sample: The menu was made by API.
accounts:
  description:
    - The result of each of O(accounts), by name, in the order given.
    - Empty if the options cannot be used.
  returned: if accounts is given
  type: dict
  sample: {}
  contains:
    changed:
      description: V(false). This module changes nothing.
      returned: always
      type: bool
      sample: false
    failed:
      description: Whether this account failed, or was not attempted.
      returned: always
      type: bool
      sample: false
    menu:
      description: The same as RV(menu), for this account.
      returned: always
      type: dict
    conditional:
      description: The same as RV(conditional), for this account.
      returned: always
      type: list
    is_menu_open:
      description: The same as RV(is_menu_open), for this account.
      returned: always
      type: bool
    console_menu:
      description: The same as RV(console_menu), for this account.
      returned: always
      type: dict
    made_by:
      description: The same as RV(made_by), for this account.
      returned: always
      type: str
    verified:
      description: The same as RV(verified), for this account.
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
  sample: {total: 1000, changed: 0, unchanged: 997, failed: 3, not_attempted: 0, retired: 0}
  contains:
    total:
      description: All accounts.
      returned: always
      type: int
      sample: 1000
    changed:
      description: V(0). This module changes nothing.
      returned: always
      type: int
      sample: 0
    unchanged:
      description: Accounts that the module read.
      returned: always
      type: int
      sample: 997
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
refuse_old_python({"menu": None, "conditional": None, "is_menu_open": None, "console_menu": None, "made_by": None, "verified": False})

from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu import EVERYTHING, MenuInfoRows
from ansible_collections.wxops.official_account.plugins.module_utils._run.module import Module
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import ARGUMENT_SPEC


def main() -> None:
    Module(MenuInfoRows, argument_spec=ARGUMENT_SPEC).look(EVERYTHING)


if __name__ == "__main__":
    main()
