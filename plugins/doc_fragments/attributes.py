# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode and predict the change without making it.
  diff_mode:
    description: Shows in diff mode what has changed, or would change.
  idempotent:
    description: A second run with the same options changes nothing.
  reversible:
    description: What the module does can be undone with the module.
  action_group:
    description: Use C(group/wxops.official_account.wechat) in C(module_defaults) to set options for all modules of the collection.
    support: full
    membership:
      - wxops.official_account.wechat
"""

    INFO_MODULE = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - Changes nothing. In check mode it sends the same requests. They only read, or get a token if no token is given.
  diff_mode:
    support: N/A
    details:
      - Changes nothing.
  idempotent:
    support: full
    details:
      - Changes nothing.
  reversible:
    support: N/A
    details:
      - Changes nothing.
"""

    ACTION = r"""
options: {}
attributes:
  action:
    description: Always runs on the host that runs Ansible, not on the host of the task.
    support: full
  action_group:
    support: none
    membership: []
"""
