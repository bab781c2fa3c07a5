# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wechat_export
short_description: Internal, for the role account - write what an account has into a file
version_added: 1.0.0
author:
  - wxops.official_account contributors (@wxops)
description:
  - B(Internal.) Writes what an account has into a file of the inventory, so that the account declares it. Nothing changes on the account.
    It may change with any release, and it refuses to run outside of the role. Use the playbook C(wxops.official_account.export), or
    P(wxops.official_account.account#role) with its entry point C(export).
extends_documentation_fragment:
  - wxops.official_account.attributes
  - wxops.official_account.attributes.action
attributes:
  action:
    description: Runs on the host that runs Ansible, except the requests if there is a runner.
    support: partial
    details:
      - It writes the file on the host that runs Ansible, and reads the account from there too. If C(account_runner) is another host,
        M(wxops.official_account.wechat_account) reads the account there.
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Shows what would be written, also if a file is there that differs.
  idempotent:
    support: full
  reversible:
    support: full
    details:
      - It changes nothing on an account.
requirements:
  - requests >= 2.31.0 on the host that runs the task
  - Python >= 3.10 on the host that runs the task
options: {}
seealso:
  - module: wxops.official_account.wechat_account
"""

EXAMPLES = r"""
- name: Write what each account has into its file
  wxops.official_account.wechat_export: {}
  delegate_to: localhost
"""

RETURN = r"""
msg:
  description: What was found, and what became of the file.
  returned: always
  type: str
  sample: host_vars/brand-a/wechat.yml has been written. The draft box is on. The menu was made by API.
ending:
  description: One of V(written), V(would_write), V(unchanged), V(nothing) and V(failed).
  returned: for an account that is a host
  type: str
  sample: written
path:
  description: The file, relative to the folder of the inventory. V(null) if there is none.
  returned: for an account that is a host
  type: str
  sample: host_vars/brand-a/wechat.yml
found:
  description: What was found, by the name of the resource.
  returned: for an account that is a host
  type: dict
  sample: {draft_switch: The draft box is on.}
left_out:
  description: Why a resource is not in the file, by its name.
  returned: for an account that is a host
  type: dict
  sample: {menu: The account shows a menu that was made in the console.}
accounts:
  description: The same for each account of a list, by name.
  returned: for a list
  type: dict
  sample: {}
"""
