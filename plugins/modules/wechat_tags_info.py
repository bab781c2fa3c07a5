#!/usr/bin/python
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wechat_tags_info
short_description: Read the user tags of a WeChat Official Account
version_added: 1.0.0
author:
  - wxops.official_account contributors (@wxops)
description:
  - Reads the user tags (用户标签) of a WeChat Official Account (公众号/服务号), with their ids and the number of users of each. Never
    changes anything.
  - The platform may show an old list of tags, and two lists in a row may differ. This module reads one.
  - Only accounts that are verified may use tags. An account that has authorised a third-party platform must have granted permission set
    2 or 100.
extends_documentation_fragment:
  - wxops.official_account.attributes
  - wxops.official_account.attributes.info_module
  - wxops.official_account.wechat
seealso:
  - module: wxops.official_account.wechat_tags
"""

EXAMPLES = r"""
- name: Read the tags
  wxops.official_account.wechat_tags_info:
    appid: wx0123456789abcdef
    secret: "{{ vault_wechat_secret }}"
  register: tags

- name: Stop if two tags have the same name
  ansible.builtin.assert:
    that: not tags.duplicates

- name: Read the tags of many accounts
  wxops.official_account.wechat_tags_info:
    accounts:
      - name: brand-a
        appid: wx0123456789abcdef
        secret: "{{ vault_wechat_secret }}"
      - name: brand-b
        access_token: "{{ wechat_access_token }}"
"""

RETURN = r"""
tags:
  description:
    - The tags of the account now, by name. Each has its C(id), and C(count), the number of its users, which the platform counts only from
      time to time.
    - Without the tags of the platform, which are in RV(system), and those of which several have the same name, which are in
      RV(duplicates). V(null) if they are not known.
  returned: if accounts is not given
  type: dict
  sample: {VIP: {id: 134, count: 12}, Friends: {id: 135, count: 0}}
duplicates:
  description:
    - The names that several tags have, and the ids of these tags. V(null) if they are not known.
  returned: if accounts is not given
  type: dict
  sample: {}
system:
  description:
    - The tags that the platform has made for the account. V(null) if they are not known.
  returned: if accounts is not given
  type: list
  elements: dict
  sample: [{id: 2, name: 星标组, count: 0}]
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
  sample: "Tags of the account: 2."
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
    tags:
      description: The same as RV(tags), for this account.
      returned: always
      type: dict
    duplicates:
      description: The same as RV(duplicates), for this account.
      returned: always
      type: dict
    system:
      description: The same as RV(system), for this account.
      returned: always
      type: list
      elements: dict
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
      description: V(0). The platform still offers the calls for tags.
      returned: always
      type: int
      sample: 0
"""

from ansible_collections.wxops.official_account.plugins.module_utils._run.python import refuse_old_python

# Older Pythons cannot import the files below.
refuse_old_python({"tags": None, "duplicates": None, "system": None, "verified": False})

from ansible_collections.wxops.official_account.plugins.module_utils._resource.tags import TAGS, InfoRows
from ansible_collections.wxops.official_account.plugins.module_utils._run.module import Module
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import ARGUMENT_SPEC


def main() -> None:
    Module(InfoRows, argument_spec=ARGUMENT_SPEC).look(TAGS)


if __name__ == "__main__":
    main()
