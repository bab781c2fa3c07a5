#!/usr/bin/python
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wechat_draft_switch
short_description: Turn on the draft box of a WeChat Official Account
version_added: 0.1.0
author:
  - wxops.official_account contributors (@wxops)
description:
  - Looks whether the draft box of a WeChat Official Account is on, and turns it on only if it is off.
  - The switch is irreversible. Once it is on, the API offers no call that turns it off.
  - A lost answer never leads to a second enabling request without a look in between.
  - What is not understood is never read as off. An answer counts only if it is the one whole answer to its request, in HTTP/1, without
    a Content-Encoding, and says so in one JSON object in UTF-8 that holds no key twice.
  - The platform has deprecated the call. Its newest documentation says that the draft box is on for everyone. Should the
    call be retired (errcode 45103 or 48009), the module warns and returns RV(is_open=true) with RV(verified=false).
  - An account whose draft box is on is not thereby allowed to publish. Unverified and personal accounts have had no publish
    API since July 2025.
extends_documentation_fragment:
  - wxops.official_account.attributes
  - wxops.official_account.wechat
attributes:
  async:
    description: Can be run with C(async).
    support: full
    details:
      - What is started with C(async) is meant to go on without the playbook. So it does here, to its end or to the limit of C(async), and
        what it has turned on stays on.
  ends_with_playbook:
    description: Sends no enabling request once the playbook that runs it has ended, or has given the task up.
    support: full
    details:
      - Whatever ends ansible-playbook, or the task's C(timeout), no enabling request leaves later than 1 second after, and no process is
        left 5 seconds after. One that has left before is not taken back, so run again, which looks first.
      - Over ssh it is 2 seconds where the worker is killed alone (SIGKILL, as when memory runs out). A broken network path at the
        same moment hides the end from the target until its sshd gives the connection up (C(ClientAliveInterval),
        C(ClientAliveCountMax)). So does a terminal, which Ansible asks for with C(become) and without pipelining;
        set C(ansible_pipelining) to V(true).
      - A connection whose far end reads on after its client has ended, as with C(docker exec) or C(kubectl exec), hides the end as well.
        The task's C(timeout) holds there too.
      - Where there is no /proc, as on macOS, the processes are asked for by their ids alone.
  check_mode:
    support: full
    details:
      - Only looks are sent, and the calls for a token if it is not given. With O(component_access_token) those may replace the
        authorizer_access_token that the third-party platform's service caches.
  diff_mode:
    support: full
  idempotent:
    support: full
  reversible:
    support: none
    details:
      - The API offers no call that turns the switch off, so O(state=absent) is refused before anything is sent.
options:
  state:
    description:
      - V(present) turns the draft box on if it is off.
      - V(absent) is always refused, because the switch is irreversible. Nothing is sent, in check mode neither.
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

- name: Only tell whether it would be turned on
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

    - name: Look at it
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
    - Whether the draft box was on when the module looked first. V(null) if that is not known.
  returned: if accounts is not given
  type: bool
  sample: false
verified:
  description:
    - Whether RV(is_open) was seen after the last enabling request, if one was sent.
  returned: if accounts is not given
  type: bool
  sample: true
request_sent:
  description:
    - Whether an enabling request left this host, carried out or not. V(null) if nobody can say, as when memory ran out.
  returned: if accounts is not given
  type: bool
  sample: true
failure:
  description:
    - Why the task failed. V(null) if it did not.
    - With O(accounts) it tells only what failed the task before it began; what failed for an account is in RV(accounts).
  returned: always
  type: dict
  sample: null
  contains:
    reason:
      description:
        - V(irreversible) - O(state=absent) was asked for.
        - V(credential) - the access_token or the component_access_token is dead, and no other is to be had.
        - V(operator) - something for the operator to put right, such as options, the IP allow list, the AppSecret or a permission.
        - V(account) - this account, or this kind of account, may not use the call.
        - V(quota) - the account's calls are used up for the minute or the day.
        - V(transient) - the platform kept answering that it is busy, or HTTP 5xx or 429.
        - V(transport) - no usable connection, as for DNS, a refused connection, TLS or a time-out.
        - V(protocol) - an answer that makes no sense. It is never read as off.
        - V(not_effective) - the platform accepted the enabling request, and the draft box still shows as off.
        - V(not_attempted) - so many of O(accounts) before it could not be reached, or the third-party platform itself had such trouble,
          that the rest was left alone.
        - V(outcome_unknown) - an enabling request may have been carried out, and no look could tell. Running again looks first.
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
      description: The platform's handle for the request, for its support. V(null) if the platform gave none.
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
      sample: Add 203.0.113.7 to the account's IP allow list in the WeChat console, and run again after about 5 minutes.
msg:
  description: What was found and what was done, in one sentence.
  returned: always
  type: str
  sample: The draft box was off and has been turned on, which cannot be undone.
accounts:
  description:
    - What became of each of O(accounts), by name, in the order given.
    - If the options cannot be used, it is empty.
  returned: if accounts is given
  type: dict
  sample:
    brand-a: {changed: true, failed: false, is_open: true, was_open: false, verified: true, request_sent: true, failure: null,
      msg: "The draft box was off and has been turned on, which cannot be undone."}
    brand-b: {changed: false, failed: false, is_open: true, was_open: true, verified: true, request_sent: false, failure: null,
      msg: The draft box is already on; nothing was changed.}
  contains:
    changed:
      description: Whether its draft box was turned on, or would be in check mode.
      returned: always
      type: bool
      sample: true
    failed:
      description: Whether it failed, or was not attempted.
      returned: always
      type: bool
      sample: false
    is_open:
      description: As RV(is_open), for this account.
      returned: always
      type: bool
    was_open:
      description: As RV(was_open), for this account.
      returned: always
      type: bool
    verified:
      description: As RV(verified), for this account.
      returned: always
      type: bool
    request_sent:
      description: As RV(request_sent), for this account.
      returned: always
      type: bool
    failure:
      description: As RV(failure), for this account.
      returned: always
      type: dict
    msg:
      description: As RV(msg), for this account.
      returned: always
      type: str
summary:
  description:
    - How many of O(accounts) ended how. Each is counted once, besides in C(total).
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
      description: Those that were turned on, or would be in check mode.
      returned: always
      type: int
      sample: 12
    unchanged:
      description: Those that were on already.
      returned: always
      type: int
      sample: 985
    failed:
      description: Those that failed.
      returned: always
      type: int
      sample: 3
    not_attempted:
      description: Those that were not attempted. See V(not_attempted) under RV(failure.reason).
      returned: always
      type: int
      sample: 0
    retired:
      description: Those for which the platform no longer offers the call. They are on as it says, not verified.
      returned: always
      type: int
      sample: 0
"""

from ansible_collections.wxops.official_account.plugins.module_utils._run.python import refuse_old_python

# All that follows is for newer Pythons alone.
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
