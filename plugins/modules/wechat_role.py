# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wechat_role
short_description: Internal, for the roles - what they do once for all hosts
version_added: 1.0.0
author:
  - wxops.official_account contributors (@wxops)
description:
  - B(Internal.) The steps of the roles of this collection around the task of each host. It may change with any release, and it refuses
    to run outside of these roles. Use P(wxops.official_account.account#role) or P(wxops.official_account.draft_switch#role).
extends_documentation_fragment:
  - wxops.official_account.attributes
  - wxops.official_account.attributes.action
attributes:
  action_group:
    support: none
    membership: []
  check_mode:
    support: full
  diff_mode:
    support: none
    details:
      - It changes nothing on an account.
  idempotent:
    support: full
  reversible:
    support: full
    details:
      - It changes nothing on an account.
options:
  step:
    description:
      - V(check) checks what all hosts of the play declare, once, and begins the record of the run. The role's variables are its options.
      - V(report) says what became of the accounts, and writes the report.
      - V(fail) makes a host fail whose account failed.
      - V(validate) checks what all hosts of the play declare, offline.
      - V(exported) says what the tasks of C(wechat_export) have found.
      - V(explained) says what the tasks of the entry point C(explain) have found, and writes it.
    type: str
    choices:
      - check
      - report
      - fail
      - validate
      - exported
      - explained
    required: true
seealso:
  - module: wxops.official_account.wechat_account
"""

EXAMPLES = r"""
- name: Check what the hosts declare
  wxops.official_account.wechat_role:
    step: check
  run_once: true
"""

RETURN = r"""
msg:
  description: What was found out.
  returned: always
  type: str
  sample: "40 accounts to bring to what they declare."
report:
  description: The paths of the report's files. Empty if there is no folder for them.
  returned: for V(report)
  type: dict
  sample: {html: reports/account-report.html}
summary:
  description: The number of accounts with each result, and C(total).
  returned: for V(report)
  type: dict
  sample: {total: 40, changed: 2, unchanged: 38}
guilty:
  description: The hosts of which something cannot be used.
  returned: for V(validate)
  type: list
  elements: str
  sample: [brand-c]
page:
  description: The path of the page with the declared menus. Empty if there is no folder for it.
  returned: for V(validate)
  type: str
  sample: reports/account-menus.html
"""
