#!/usr/bin/python
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wechat_conditional_menus_info
short_description: Read the conditional menus of a WeChat Official Account
version_added: 1.0.0
author:
  - wxops.official_account contributors (@wxops)
description:
  - Reads the conditional menus (个性化菜单) of a WeChat Official Account (公众号/服务号), and the tags (标签) of their rules. Never
    changes anything.
  - Names those that nobody gets - dead rules, duplicates, and rules whose tag is gone.
  - An account that has authorised a third-party platform must have granted permission set 15. Without permission set 2 or 100, RV(tags) is
    V(null).
extends_documentation_fragment:
  - wxops.official_account.attributes
  - wxops.official_account.attributes.info_module
  - wxops.official_account.wechat
seealso:
  - module: wxops.official_account.wechat_conditional_menus
"""

EXAMPLES = r"""
- name: Read the conditional menus
  wxops.official_account.wechat_conditional_menus_info:
    appid: wx0123456789abcdef
    secret: "{{ vault_wechat_secret }}"
  register: found

- name: Show those that nobody gets
  ansible.builtin.debug:
    msg: "{{ found.dead_rules + found.duplicates + (found.missing_tags or []) }}"
"""

RETURN = r"""
conditional_menus:
  description:
    - The conditional menus, the strongest first, in a form that O(wxops.official_account.wechat_conditional_menus#module:conditional_menus)
      takes, with C(menuid). V(null) if they are not known.
    - A rule that the platform no longer takes stays as the platform returns it.
  returned: if accounts is not given
  type: list
  elements: dict
  sample: [{match: {tag_id: "104"}, menu: {button: [{type: view, name: Lounge, url: "https://shop.example/lounge"}]}, menuid: "208379533"}]
has_menu:
  description:
    - Whether there is a menu for everybody, which conditional menus need. V(null) if it is not known.
  returned: if accounts is not given
  type: bool
  sample: true
tags:
  description:
    - The names of the tags in the rules, by their ids, but not names that several tags have. V(null) if they are not known.
  returned: if accounts is not given
  type: dict
  sample: {"104": VIP}
dead_rules:
  description:
    - The C(menuid) of each menu whose rule has sex, country, province, city or language. The platform shows these to nobody. V(null) if
      it is not known.
  returned: if accounts is not given
  type: list
  elements: str
  sample: []
duplicates:
  description:
    - The C(menuid) of each menu that nobody gets, because a newer one has the same rule. V(null) if it is not known.
  returned: if accounts is not given
  type: list
  elements: str
  sample: []
missing_tags:
  description:
    - The C(menuid) of each menu whose tag the account does not show. V(null) if it is not known. What the platform shows of tags
      may be late.
  returned: if accounts is not given
  type: list
  elements: str
  sample: []
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
  sample: The account has no conditional menus.
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
    conditional_menus:
      description: The same as RV(conditional_menus), for this account.
      returned: always
      type: list
    has_menu:
      description: The same as RV(has_menu), for this account.
      returned: always
      type: bool
    tags:
      description: The same as RV(tags), for this account.
      returned: always
      type: dict
    dead_rules:
      description: The same as RV(dead_rules), for this account.
      returned: always
      type: list
    duplicates:
      description: The same as RV(duplicates), for this account.
      returned: always
      type: list
    missing_tags:
      description: The same as RV(missing_tags), for this account.
      returned: always
      type: list
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
refuse_old_python(
    {
        "conditional_menus": None,
        "has_menu": None,
        "tags": None,
        "dead_rules": None,
        "duplicates": None,
        "missing_tags": None,
        "verified": False,
    }
)

from ansible_collections.wxops.official_account.plugins.module_utils._resource.conditional_menus import EVERYTHING, ConditionalInfoRows
from ansible_collections.wxops.official_account.plugins.module_utils._run.module import Module
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import ARGUMENT_SPEC


def main() -> None:
    Module(ConditionalInfoRows, argument_spec=ARGUMENT_SPEC).look(EVERYTHING)


if __name__ == "__main__":
    main()
