# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls of the collection's modules that end when the playbook ends.

The worker, in which an action runs, watches ansible-playbook's main process. If that ends, the worker ends its own processes and itself.
The module watches whether somebody can read its results: see module_utils/_run/waiting.
"""

from __future__ import annotations

import signal
import typing as t

from ansible.errors import AnsibleError
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import START, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import not_started
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import OptionsError
from ansible_collections.wxops.official_account.plugins.module_utils._run.waiting import HELLO, VARIABLE, about_task
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text
from ansible_collections.wxops.official_account.plugins.plugin_utils._values import no_date
from ansible_collections.wxops.official_account.plugins.plugin_utils._watch import end_descendants, watch_main_process

if t.TYPE_CHECKING:
    from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import Result

NO_WATCH = Failure(
    "operator",
    START,
    Text("no thread could be started to watch ansible-playbook with"),
    Text("give the user that runs Ansible more processes (ulimit -u), or run with fewer forks"),
)


class ModuleAction(NormalAction):
    """Like Ansible's own action for a module, but the module ends when the playbook ends."""

    # Whether the connection has the command that starts the module, and the output of that command, once it has ended.
    _started = False
    _written: str | None = None
    _told = ""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> Result:
        try:
            watch_main_process()
        except RuntimeError:
            raise AnsibleError(str(not_started(NO_WATCH.what, NO_WATCH.remedy))) from None
        try:
            no_date(self._task.args)
        except OptionsError as error:
            raise AnsibleError(str(not_started(error.what, error.remedy))) from None
        result: Result = super().run(tmp, task_vars)  # type: ignore[no-untyped-call, unused-ignore]
        return result

    def may_have_begun(self) -> bool:
        """Whether the module of the last call may have sent something."""
        return self._started and (self._written is None or HELLO in self._written)

    def _tell(self) -> str:
        return about_task(remote=self._connection.transport != "local", left=signal.getitimer(signal.ITIMER_REAL)[0])

    # The next methods are Ansible's.

    def _execute_module(self, *args: t.Any, **options: t.Any) -> dict[str, t.Any]:
        self._started, self._written, self._told = False, None, self._tell()
        # A task with async is meant to go on without the playbook.
        is_async = options.get("wrap_async") or self._task.async_val
        more = {} if is_async else {VARIABLE: self._told}
        self._task.environment.append(more)
        try:
            return super()._execute_module(*args, **options)
        except BaseException:
            # Perhaps by the task's time-out. The module must not run any more when a rescue starts.
            end_descendants()
            raise
        finally:
            self._task.environment.remove(more)

    def _low_level_execute_command(self, cmd: str, *args: t.Any, **options: t.Any) -> t.Any:
        # Only the command that starts the module has this variable.
        starts = f"{VARIABLE}=" in cmd
        if starts:
            self._started = True
            # To bring the module there may have taken seconds.
            cmd = cmd.replace(self._told, self._tell())
        result = super()._low_level_execute_command(cmd, *args, **options)
        if starts:
            self._written = result["stdout"]
        return result
