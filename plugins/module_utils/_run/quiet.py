# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An AnsibleModule that writes nothing to the system's log. Older Pythons must be able to run this file: see ``python``."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule


class QuietModule(AnsibleModule):
    """An AnsibleModule that logs neither its arguments nor anything else.

    Ansible writes the arguments to syslog or the journal. An AppSecret in the wrong option would be there in plain text. The constructor's
    parameter ``no_log`` does not help, because the task's own setting overrides it.
    """

    def log(self, msg: object, log_args: object = None) -> None:
        pass

    def _log_invocation(self) -> None:
        # Ansible's method would search the text of 10,000 accounts for secrets for minutes, and would fail on text that cannot be encoded.
        pass
