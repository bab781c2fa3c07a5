# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wechat_role_call
short_description: Internal, for the roles - one call for all hosts of a batch, or for a list of accounts
version_added: 1.0.0
author:
  - wxops.official_account contributors (@wxops)
description:
  - B(Internal.) The one call of a role of this collection. It may change with any release. Use a role instead, such as
    P(wxops.official_account.draft_switch#role). With the role, each host also shows its own result.
  - Calls the module of the role's resource, such as M(wxops.official_account.wechat_draft_switch). The accounts of the call are the
    hosts of the batch. If a list is given, the accounts come from the list, in slices.
  - Takes only the hosts that have joined with M(wxops.official_account.wechat_role_host).
  - Does not fail, because each host must be able to fail alone.
extends_documentation_fragment:
  - wxops.official_account.attributes
  - wxops.official_account.attributes.action
attributes:
  check_mode:
    support: full
  diff_mode:
    support: partial
    details:
      - Shows the accounts of a list that change. A host shows its own change with M(wxops.official_account.wechat_role_host).
  idempotent:
    support: full
  reversible:
    support: none
    details:
      - The API offers no call that turns the switch off.
options:
  role:
    description: The role that makes the call.
    type: str
    choices:
      - draft_switch
      - menu
    required: true
  accounts:
    description:
      - A list of accounts, the same as O(wxops.official_account.wechat_draft_switch#module:accounts).
      - If not given, the hosts that have joined are the accounts, with the host variables C(wechat_appid), C(wechat_secret),
        C(wechat_access_token) and C(wechat_authorizer_refresh_token).
    type: list
    elements: dict
  batch_size:
    description: How many of O(accounts) go into one call. If some belong to a third-party platform, all go into one call.
    type: int
    default: 500
  report_dir:
    description: A folder for the journal and the report, on the host that runs Ansible. If not given, neither is written.
    type: path
  report_language:
    description: The language of the report, and of the messages and remedies of the accounts. V(zh) is Simplified Chinese.
    type: str
    choices:
      - en
      - zh
    default: en
  state:
    description: The same as O(wxops.official_account.wechat_draft_switch#module:state).
    type: str
    choices:
      - present
      - absent
    default: present
  menu:
    description: For the role V(menu). The same as O(wxops.official_account.wechat_menu#module:menu).
    type: raw
  replace_console_menu:
    description: For the role V(menu). The same as O(wxops.official_account.wechat_menu#module:replace_console_menu).
    type: bool
    default: false
  delete_conditional:
    description: For the role V(menu). The same as O(wxops.official_account.wechat_menu#module:delete_conditional).
    type: bool
    default: false
  component_appid:
    description: The same as O(wxops.official_account.wechat_draft_switch#module:component_appid).
    type: str
  component_access_token:
    description: The same as O(wxops.official_account.wechat_draft_switch#module:component_access_token).
    type: str
  concurrency:
    description: The same as O(wxops.official_account.wechat_draft_switch#module:concurrency).
    type: int
    default: 32
  api_url:
    description: The same as O(wxops.official_account.wechat_draft_switch#module:api_url).
    type: str
  timeout:
    description: The same as O(wxops.official_account.wechat_draft_switch#module:timeout).
    type: float
    default: 10
  retries:
    description: The same as O(wxops.official_account.wechat_draft_switch#module:retries).
    type: int
    default: 3
  validate_certs:
    description: The same as O(wxops.official_account.wechat_draft_switch#module:validate_certs).
    type: bool
    default: true
  ca_path:
    description: The same as O(wxops.official_account.wechat_draft_switch#module:ca_path).
    type: path
seealso:
  - module: wxops.official_account.wechat_role_host
"""

EXAMPLES = r"""
- name: Let each host join
  wxops.official_account.wechat_role_host:
    role: draft_switch
    step: join
  register: draft_switch_joined

- name: Make the one call
  wxops.official_account.wechat_role_call:
    role: draft_switch
  run_once: true
  delegate_to: localhost
  register: draft_switch_call

- name: Let each host show its result
  wxops.official_account.wechat_role_host:
    role: draft_switch
    step: tell
"""

RETURN = r"""
inclusion:
  description: Identifies the inclusion of the role.
  returned: always
  type: str
  sample: 02fc0000-0001-637f-39a8-000000000008
batch:
  description: Identifies the batch of the play.
  returned: always
  type: str
  sample: brand-a
by_hosts:
  description: Whether the accounts are the hosts of the play.
  returned: always
  type: bool
  sample: true
refused:
  description: Whether nothing was sent at all, because something about the call cannot be used. RV(msg) says what.
  returned: always
  type: bool
  sample: false
accounts:
  description: The same as RV(wxops.official_account.wechat_draft_switch#module:accounts).
  returned: always
  type: dict
  sample: {}
summary:
  description: The same as RV(wxops.official_account.wechat_draft_switch#module:summary).
  returned: always
  type: dict
  sample: {total: 1000, changed: 12, unchanged: 985, failed: 3, not_attempted: 0, retired: 0}
stats:
  description: The same counts as RV(summary), under the names that the role publishes.
  returned: always
  type: dict
  sample: {draft_switch_total: 1000, draft_switch_changed: 12}
report:
  description: The paths of the files that were written. Empty if O(report_dir) is not given.
  returned: always
  type: dict
  contains:
    json:
      description: The report for programs.
      returned: if it was written
      type: str
      sample: /var/log/wechat/draft-switch-report.json
    html:
      description: The report for people.
      returned: if it was written
      type: str
      sample: /var/log/wechat/draft-switch-report.html
    csv:
      description: The report for spreadsheets.
      returned: if it was written
      type: str
      sample: /var/log/wechat/draft-switch-report.csv
record:
  description: What the next call of the same run must find in the folder O(report_dir). Empty if no folder is given.
  returned: always
  type: dict
  sample: {}
trouble:
  description:
    - Why the journal or the report could not be kept.
    - If this is not empty, every host fails, and the run makes no other call.
  returned: always
  type: str
  sample: ""
msg:
  description: The same as RV(wxops.official_account.wechat_draft_switch#module:msg).
  returned: always
  type: str
  sample: "1,000 accounts: 12 turned on, which cannot be undone; 988 already on."
"""
