# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wechat_role_host
short_description: Internal, for the roles - a host takes part in the one call for all hosts, and shows its own result
version_added: 1.0.0
author:
  - wxops.official_account contributors (@wxops)
description:
  - B(Internal.) The roles of this collection run it on each host, before and after the one call for all hosts. It may change with any
    release. Use a role instead, such as P(wxops.official_account.draft_switch#role).
  - Sends nothing. Nothing connects to the host.
  - Reads and writes the variables C(<role>_asked), C(<role>_joined) and C(<role>_call). The role registers its results in them.
extends_documentation_fragment:
  - wxops.official_account.attributes
  - wxops.official_account.attributes.action
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
  reversible:
    support: N/A
    details:
      - Sends nothing.
options:
  role:
    description: The role that runs it.
    type: str
    choices:
      - draft_switch
      - menu
    required: true
  step:
    description:
      - V(ask) runs once. It finds out whether all hosts of the batch come to the role in the same way. If they do, the hosts need not
        join one by one. It refuses C(run_once) on the role.
      - V(join) says that the host takes part. If a condition skips this task for a host, the host is not in the call.
      - V(tell) shows the result of the host's account. It fails if the account failed, or if the record of the run could not be kept.
    type: str
    choices:
      - ask
      - join
      - tell
    required: true
seealso:
  - module: wxops.official_account.wechat_role_call
"""

EXAMPLES = r"""
- name: Let only the accounts of one brand join
  wxops.official_account.wechat_role_host:
    role: draft_switch
    step: join
  register: draft_switch_joined
  when: brand == 'a'
"""

RETURN = r"""
all_alike:
  description: Whether all hosts that are still in the batch come to the role in the same way.
  returned: for O(step=ask)
  type: bool
  sample: true
begun:
  description: The time of this step, in seconds since 1970. The report gives it as the start of the play.
  returned: for O(step=ask)
  type: float
  sample: 1795564800.5
inclusion:
  description: Identifies the inclusion of the role.
  returned: for O(step=ask) and O(step=join)
  type: str
  sample: 02fc0000-0001-637f-39a8-000000000008
batch:
  description: Identifies the batch of the play.
  returned: for O(step=ask) and O(step=join)
  type: str
  sample: brand-a
shared:
  description: The first part of a hash of each variable of the role that must be the same for all hosts.
  returned: for O(step=join)
  type: dict
  sample: {state: 2f7d0fa30a1b4ec1}
check_mode:
  description: Whether the host is in check mode.
  returned: for O(step=join)
  type: bool
  sample: false
is_open:
  description: The same as RV(wxops.official_account.wechat_draft_switch#module:is_open).
  returned: for O(step=tell)
  type: bool
  sample: true
was_open:
  description: The same as RV(wxops.official_account.wechat_draft_switch#module:was_open).
  returned: for O(step=tell)
  type: bool
  sample: false
verified:
  description: The same as RV(wxops.official_account.wechat_draft_switch#module:verified).
  returned: for O(step=tell)
  type: bool
  sample: true
request_sent:
  description: The same as RV(wxops.official_account.wechat_draft_switch#module:request_sent).
  returned: for O(step=tell)
  type: bool
  sample: true
failure:
  description: The same as RV(wxops.official_account.wechat_draft_switch#module:failure).
  returned: for O(step=tell)
  type: dict
  sample: null
msg:
  description: The result of the host's account in words, or of all accounts if they came as a list.
  returned: for O(step=tell)
  type: str
  sample: The draft box was off and has been turned on, which cannot be undone.
"""
