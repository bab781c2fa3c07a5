# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one host has to do with the one call for all hosts: to say that it takes part, and to tell what became of it."""

from __future__ import annotations

import time
import typing as t
from collections.abc import Mapping

from ansible.plugins.action import ActionBase
from ansible_collections.wxops.official_account.plugins.plugin_utils._hosts import (
    CALL,
    JOINED,
    all_alike,
    is_of,
    marks,
    occasion,
    runs_once,
)
from ansible_collections.wxops.official_account.plugins.plugin_utils._watch import watch_main_process

if t.TYPE_CHECKING:
    from ansible_collections.wxops.official_account.plugins.module_utils._resource.tally import Result

LEFT_OUT = (
    "Failed to start: the call for all hosts was not made for this one, as when a condition on the role does not hold for the first host, "
    "or when the role is entered half way; nothing was sent; put conditions on an include_role, and run the role whole."
)


RUN_ONCE = (
    "Failed to start: run_once is set for the role, so that one host alone would tell its result; nothing was sent; leave run_once out: "
    "the role makes one call for all hosts by itself."
)


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> Result:
        super().run(tmp, task_vars)
        watch_main_process()
        _validation, options = self.validate_argument_spec(  # type: ignore[no-untyped-call]
            {"step": {"type": "str", "choices": ["ask", "join", "tell"], "required": True}}
        )
        # Taken as they are: to evaluate the results of all hosts for each of them would take hours.
        variables = task_vars or {}
        now = occasion(self._task, variables)
        if options["step"] == "ask":
            if runs_once(self._task):
                return {"failed": True, "msg": RUN_ONCE}
            return {"changed": False, "all_alike": all_alike(self._task), "begun": time.time(), **now}
        if options["step"] == "join":
            return {"changed": False, "check_mode": bool(self._task.check_mode), "shared": marks(self._templar, variables), **now}
        joined, call = variables.get(JOINED), variables.get(CALL)
        # Hosts before this one may have failed by now, so the batch is asked of what was said before.
        now["batch"] = joined.get("batch") if isinstance(joined, Mapping) else None
        if not is_of(joined, now) or not is_of(call, now):
            return {"failed": True, "msg": LEFT_OUT}
        return _told(t.cast("Result", call), variables["inventory_hostname"])


def _told(call: Result, host: str) -> Result:
    told = _told_of(call, host)
    if not call["trouble"]:
        return told
    # Every host fails then, so that no other batch of the play begins.
    return {**told, "failed": True, "msg": f"{told['msg']} {call['trouble']}"}


def _told_of(call: Result, host: str) -> Result:
    if not call["by_hosts"]:
        failed = call["refused"] or any(call["summary"][ending] for ending in ("failed", "not_attempted"))
        return {"changed": False, "failed": bool(failed), "msg": call["msg"]}
    mine: Result | None = call["accounts"].get(host)
    if mine is None:
        return {"failed": True, "msg": call["msg"] if call["refused"] else LEFT_OUT}
    if mine["failure"] or not mine["verified"]:
        return dict(mine)
    return {**mine, "diff": {"before": {"is_open": mine["was_open"]}, "after": {"is_open": mine["changed"] or mine["was_open"]}}}
