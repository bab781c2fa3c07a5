#!/usr/bin/python
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wechat_draft_switch_info
short_description: Check whether the draft box of a WeChat Official Account is on
version_added: 1.0.0
author:
  - wxops.official_account contributors (@wxops)
description:
  - Checks whether the draft box (草稿箱) of a WeChat Official Account (公众号/服务号) is on. Never turns it on.
  - If the draft box is on, this does not mean that the account may publish. Since July 2025, unverified and personal accounts have no
    publish API.
  - The platform has deprecated the call. If the platform removes it (errcode 45103 or 48009), the module warns and returns
    RV(is_open=true) with RV(verified=false), because the platform says that the draft box is on for everyone.
notes:
  - The platform's documentation says that the check of the draft box's switch is read-only. This is not proven. In 2021 two users reported
    that a check turned their switch on. The platform's staff neither confirmed nor denied it.
extends_documentation_fragment:
  - wxops.official_account.attributes
  - wxops.official_account.attributes.info_module
  - wxops.official_account.wechat
seealso:
  - module: wxops.official_account.wechat_draft_switch
"""

EXAMPLES = r"""
- name: Check whether the draft box is on
  wxops.official_account.wechat_draft_switch_info:
    appid: wx0123456789abcdef
    secret: "{{ vault_wechat_secret }}"
  register: draft_box

- name: Show it
  ansible.builtin.debug:
    msg: "{{ draft_box.msg }}"

- name: Read many accounts at once
  wxops.official_account.wechat_draft_switch_info:
    accounts:
      - name: brand-a
        appid: wx0123456789abcdef
        secret: "{{ vault_wechat_secret }}"
      - name: brand-b
        access_token: "{{ wechat_access_token }}"
  register: draft_boxes

- name: Show which accounts are off
  ansible.builtin.debug:
    msg: "{{ draft_boxes.accounts | dict2items | selectattr('value.is_open', 'eq', false) | map(attribute='key') }}"
"""

RETURN = r"""
is_open:
  description:
    - Whether the draft box is on. V(null) if that is not known.
  returned: if accounts is not given
  type: bool
  sample: true
verified:
  description:
    - Whether a check has shown RV(is_open). V(false) if the platform no longer offers the call, and on failure.
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
        - One of V(credential), V(operator), V(account), V(quota), V(transient), V(transport), V(protocol) and V(not_attempted). For
          their meaning see RV(wxops.official_account.wechat_draft_switch#module:failure.reason).
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
  description:
    - What the module found, in one sentence.
    - With O(accounts), one line with the counts, and one line for each thing to do, with the accounts that it would help.
  returned: always
  type: str
  sample: The draft box is on.
accounts:
  description:
    - The result of each of O(accounts), by name, in the order given.
    - Empty if the options cannot be used.
  returned: if accounts is given
  type: dict
  sample:
    brand-a: {changed: false, failed: false, is_open: true, verified: true, failure: null, msg: The draft box is on.}
    brand-b: {changed: false, failed: false, is_open: false, verified: true, failure: null, msg: The draft box is off.}
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
    is_open:
      description: The same as RV(is_open), for this account.
      returned: always
      type: bool
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
      description: Accounts that the module read, whether on or off.
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
      description: Accounts for which the platform no longer offers the call. The platform says that they are on. This is not verified.
      returned: always
      type: int
      sample: 0
"""

from ansible_collections.wxops.official_account.plugins.module_utils._run.python import refuse_old_python

# An older Python cannot run the code below.
refuse_old_python({"is_open": None, "verified": False})

from ansible_collections.wxops.official_account.plugins.module_utils._resource.draft_switch import DRAFT_SWITCH, InfoRows
from ansible_collections.wxops.official_account.plugins.module_utils._run.module import Module
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import ARGUMENT_SPEC


def main() -> None:
    Module(InfoRows, argument_spec=ARGUMENT_SPEC).look(DRAFT_SWITCH)


if __name__ == "__main__":
    main()
