# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The part of each host in the one call for all hosts: it says that it takes part, and it reports its own result."""

from __future__ import annotations

import time
import typing as t
from collections.abc import Mapping

from ansible.plugins.action import ActionBase
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import difference, not_started
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text
from ansible_collections.wxops.official_account.plugins.plugin_utils._hosts import (
    all_alike,
    is_of,
    marks,
    occasion,
    runs_once,
)
from ansible_collections.wxops.official_account.plugins.plugin_utils._roles import ROLES
from ansible_collections.wxops.official_account.plugins.plugin_utils._watch import watch_main_process

if t.TYPE_CHECKING:
    from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import Result, Row
    from ansible_collections.wxops.official_account.plugins.plugin_utils._roles import Role

LEFT_OUT = str(
    not_started(
        Text(
            "the call for all hosts did not include this host, perhaps because a condition on the role does not hold for the first host, "
            "or because the run started in the middle of the role"
        ),
        Text("put conditions on an include_role, and run the whole role"),
    )
)
RUN_ONCE = str(
    not_started(
        Text("run_once is set for the role, so that only one host would report its result"),
        Text("leave run_once out: the role makes one call for all hosts by itself"),
    )
)


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> Result:
        super().run(tmp, task_vars)
        watch_main_process()
        _validation, options = self.validate_argument_spec(  # type: ignore[no-untyped-call]
            {
                "role": {"type": "str", "choices": list(ROLES), "required": True},
                "step": {"type": "str", "choices": ["ask", "join", "tell"], "required": True},
            }
        )
        role = ROLES[options["role"]]
        # Not evaluated: evaluating the results of all hosts again for each host would take hours.
        variables = task_vars or {}
        now = occasion(self._task, variables)
        if options["step"] == "ask":
            if runs_once(self._task):
                return {"failed": True, "msg": RUN_ONCE}
            return {"changed": False, "all_alike": all_alike(self._task), "begun": time.time(), **now}
        if options["step"] == "join":
            return {"changed": False, "check_mode": bool(self._task.check_mode), "shared": marks(role, self._templar, variables), **now}
        joined, call = variables.get(role.variable("joined")), variables.get(role.variable("call"))
        # Other hosts may have failed in this task, which changes the batch. So the batch is taken from the host's earlier task.
        now["batch"] = joined.get("batch") if isinstance(joined, Mapping) else None
        if not is_of(joined, now) or not is_of(call, now):
            return {"failed": True, "msg": LEFT_OUT}
        return _result(role, t.cast("Result", call), variables["inventory_hostname"])


def _result(role: Role, call: Result, host: str) -> Result:
    result = _result_of(role, call, host)
    if not call["trouble"]:
        return result
    # Every host fails, so that no other batch of the play starts.
    return {**result, "failed": True, "msg": f"{result['msg']} {call['trouble']}"}


def _result_of(role: Role, call: Result, host: str) -> Result:
    if not call["by_hosts"]:
        failed = call["refused"] or any(call["summary"][ending] for ending in ("failed", "not_attempted"))
        return {"changed": False, "failed": bool(failed), "msg": call["msg"]}
    row: Result | None = call["accounts"].get(host)
    if row is None:
        return {"failed": True, "msg": call["msg"] if call["refused"] else LEFT_OUT}
    diff = difference(role.rows(False, "en"), t.cast("Row", row))
    return {**row, "diff": diff} if diff else dict(row)
