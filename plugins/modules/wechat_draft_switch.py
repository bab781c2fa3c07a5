#!/usr/bin/python
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wechat_draft_switch
short_description: Turn on the draft box of a WeChat Official Account
version_added: 1.0.0
author:
  - wxops.official_account contributors (@wxops)
description:
  - Checks whether the draft box (草稿箱) of a WeChat Official Account (公众号/服务号) is on, and turns it on only if it is off.
  - The switch is irreversible. Once it is on, the API offers no call that turns it off.
  - If an answer is lost, the module never sends a second enabling request without a check in between.
  - An unclear answer never means off. An answer counts only if it is the one whole answer to its request, in HTTP/1, without a
    Content-Encoding. It must give the state in one JSON object in UTF-8 without a repeated key.
  - The platform has deprecated the call. Its newest documentation says that the draft box is on for everyone. If the platform removes
    the call (errcode 45103 or 48009), the module warns and returns RV(is_open=true) with RV(verified=false).
  - If the draft box is on, this does not mean that the account may publish. Since July 2025, unverified and personal accounts have no
    publish API.
notes:
  - The platform's documentation says that the check of the draft box's switch is read-only. This is not proven. In 2021 two users reported
    that a check turned their switch on. The platform's staff neither confirmed nor denied it.
extends_documentation_fragment:
  - wxops.official_account.attributes
  - wxops.official_account.wechat
attributes:
  async:
    description: Can be run with C(async).
    support: full
    details:
      - A task with C(async) is meant to continue without the playbook. It continues to its end or to the limit of C(async). The draft
        boxes that it has turned on stay on.
  ends_with_playbook:
    description: Sends no enabling request after the playbook that runs it has ended, or has given up the task.
    support: full
    details:
      - After ansible-playbook has ended, for whatever reason, or after the task's C(timeout), no enabling request leaves later than 1
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
  idempotent:
    support: full
  reversible:
    support: none
    details:
      - The API offers no call that turns the switch off. So the module refuses O(state=absent) before it sends anything.
options:
  state:
    description:
      - V(present) turns the draft box on if it is off.
      - The module always refuses V(absent), because the switch is irreversible. It sends nothing, in check mode too.
    type: str
    choices:
      - present
      - absent
    default: present
seealso:
  - module: wxops.official_account.wechat_draft_switch_info
  - name: Draft box switching settings
    description: The platform's documentation of the call.
    link: https://developers.weixin.qq.com/doc/subscription/en/api/draftbox/draftmanage/api_draft_switch.html
"""

EXAMPLES = r"""
- name: Turn the draft box on if it is off
  wxops.official_account.wechat_draft_switch:
    appid: wx0123456789abcdef
    secret: "{{ vault_wechat_secret }}"

- name: Only show whether it would be turned on
  wxops.official_account.wechat_draft_switch:
    appid: wx0123456789abcdef
    secret: "{{ vault_wechat_secret }}"
  check_mode: true
  diff: true

- name: Use a token that another service manages
  wxops.official_account.wechat_draft_switch:
    access_token: "{{ wechat_access_token }}"

- name: Give the connection once for all modules of the collection
  module_defaults:
    group/wxops.official_account.wechat:
      appid: wx0123456789abcdef
      secret: "{{ vault_wechat_secret }}"
      timeout: 5
      retries: 1
  block:
    - name: Turn the draft box on if it is off
      wxops.official_account.wechat_draft_switch:

    - name: Check it
      wxops.official_account.wechat_draft_switch_info:
      register: draft_box

    - name: Make sure that it is on
      ansible.builtin.assert:
        that: draft_box.is_open

- name: Turn on the draft boxes of many accounts at once
  wxops.official_account.wechat_draft_switch:
    accounts:
      - name: brand-a
        appid: wx0123456789abcdef
        secret: "{{ vault_wechat_secret }}"
      - name: brand-b
        access_token: "{{ wechat_access_token }}"
    concurrency: 16

- name: Turn on the draft boxes of accounts that have authorised a third-party platform
  wxops.official_account.wechat_draft_switch:
    component_appid: wxfedcba9876543210
    component_access_token: "{{ component_access_token }}"
    accounts:
      - appid: wx0123456789abcdef

- name: Stay off the network in a dry run
  wxops.official_account.wechat_draft_switch:
    appid: wx0123456789abcdef
    secret: "{{ vault_wechat_secret }}"
  when: not ansible_check_mode
"""

RETURN = r"""
is_open:
  description:
    - Whether the draft box is on now. V(null) if that is not known.
  returned: if accounts is not given
  type: bool
  sample: true
was_open:
  description:
    - Whether the draft box was on at the module's first check. V(null) if that is not known.
  returned: if accounts is not given
  type: bool
  sample: false
verified:
  description:
    - Whether a check or an answer has shown RV(is_open). If an enabling request was sent, this must be after the last one.
    - This is not the platform's verification (认证).
  returned: if accounts is not given
  type: bool
  sample: true
request_sent:
  description:
    - Whether an enabling request left this host. It does not matter whether the platform carried it out. V(null) if this is not known,
      for example when memory ran out.
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
        - V(irreversible) - the task has O(state=absent).
        - V(credential) - the access_token or the component_access_token is dead, and there is no other token.
        - V(operator) - the operator must correct something, such as options, the IP allow list, the AppSecret or a permission.
        - V(account) - this account, or this kind of account, may not use the call.
        - V(quota) - the account's calls are used up for the minute or the day.
        - V(transient) - the platform kept answering that it is busy, or HTTP 5xx or 429.
        - V(transport) - there was no usable connection, for example because of DNS, a refused connection, TLS or a time-out.
        - V(protocol) - an answer makes no sense. It never means off.
        - V(not_effective) - the platform accepted the enabling request, and the draft box is still off.
        - V(not_attempted) - the module left this account out, because too many of O(accounts) before it could not be reached, or because
          the third-party platform itself had a problem.
        - V(outcome_unknown) - the platform may have carried out an enabling request, and no check could show it. Run again; the run checks
          first.
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
  description: What the module found and what it did, in one sentence.
  returned: always
  type: str
  sample: The draft box was off and has been turned on, which cannot be undone.
accounts:
  description:
    - The result of each of O(accounts), by name, in the order given.
    - Empty if the options cannot be used.
  returned: if accounts is given
  type: dict
  sample:
    brand-a: {changed: true, failed: false, is_open: true, was_open: false, verified: true, request_sent: true, failure: null,
      msg: "The draft box was off and has been turned on, which cannot be undone."}
    brand-b: {changed: false, failed: false, is_open: true, was_open: true, verified: true, request_sent: false, failure: null,
      msg: The draft box is already on; nothing was changed.}
  contains:
    changed:
      description: Whether the draft box of this account was turned on, or would be in check mode.
      returned: always
      type: bool
      sample: true
    failed:
      description: Whether this account failed, or was not attempted.
      returned: always
      type: bool
      sample: false
    is_open:
      description: The same as RV(is_open), for this account.
      returned: always
      type: bool
    was_open:
      description: The same as RV(was_open), for this account.
      returned: always
      type: bool
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
      description: Accounts that were turned on, or would be in check mode.
      returned: always
      type: int
      sample: 12
    unchanged:
      description: Accounts that were already on.
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
      description: Accounts for which the platform no longer offers the call. The platform says that they are on. This is not verified.
      returned: always
      type: int
      sample: 0
"""

from ansible_collections.wxops.official_account.plugins.module_utils._run.python import refuse_old_python

# An older Python cannot run the code below.
refuse_old_python({"is_open": None, "was_open": None, "verified": False, "request_sent": False})

from ansible_collections.wxops.official_account.plugins.module_utils._resource.draft_switch import (
    DRAFT_SWITCH,
    IRREVERSIBLE,
    STATE_OPTION,
    SwitchRows,
    to_turn_on,
)
from ansible_collections.wxops.official_account.plugins.module_utils._run.module import Module
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import ARGUMENT_SPEC


def main() -> None:
    module = Module(SwitchRows, argument_spec={**ARGUMENT_SPEC, "state": STATE_OPTION})
    if module.params["state"] == "absent":
        module.refuse(IRREVERSIBLE)
    module.converge(DRAFT_SWITCH, lambda _name: to_turn_on)


if __name__ == "__main__":
    main()
