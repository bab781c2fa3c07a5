# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one host has to do with the one call for all hosts: to say that it takes part, and to tell what became of it."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase
from ansible_collections.wxops.official_account.plugins.plugin_utils._hosts import CALL, last_call, takes_part

if t.TYPE_CHECKING:
    from ansible_collections.wxops.official_account.plugins.module_utils._tally import Result


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> Result:
        super().run(tmp, task_vars)
        _validation, options = self.validate_argument_spec({"step": {"type": "str", "choices": ["join", "tell"], "required": True}})  # type: ignore[no-untyped-call]
        # Taken as they are: to evaluate the results of all hosts for each of them would take hours.
        variables = task_vars or {}
        if options["step"] == "join":
            return {"changed": False, "after": last_call(variables)}
        return _told(variables)


def _told(variables: dict[str, t.Any]) -> Result:
    call = variables.get(CALL, {})
    if call.get("failed"):
        return {"failed": True, "msg": call["msg"]}
    # Whoever joined, and has seen no call since.
    if takes_part(variables):
        return {
            "failed": True,
            "msg": "Failed to start: the call for all hosts was left out, as by a condition on the role that does not hold for the "
            "first host; nothing was sent; put the condition on an include_role instead.",
        }
    if not call["by_hosts"]:
        return {"changed": False, "failed": any(call["summary"][name] for name in ("failed", "not_attempted")), "msg": call["msg"]}
    mine: Result = call["accounts"][variables["inventory_hostname"]]
    if mine["failure"] or not mine["verified"]:
        return dict(mine)
    return {**mine, "diff": {"before": {"is_open": mine["was_open"]}, "after": {"is_open": mine["changed"] or mine["was_open"]}}}
