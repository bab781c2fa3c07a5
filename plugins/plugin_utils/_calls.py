# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""Calls of the collection's modules that end when the playbook ends.

Both sides take care of that. The worker, in which an action runs, watches ansible-playbook's main process. If that ends, the worker ends
its own processes and itself. The module gets a description of the worker, and watches it: see module_utils/_run/operator.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
import typing as t

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import START, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import not_started
from ansible_collections.wxops.official_account.plugins.module_utils._run.operator import VARIABLE, Hints, machine, process_in
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import OptionsError
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text
from ansible_collections.wxops.official_account.plugins.plugin_utils._values import no_date
from ansible_collections.wxops.official_account.plugins.plugin_utils._watch import end_descendants, main_process, watch_main_process

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import Result

NO_WATCH = Failure(
    "operator",
    START,
    Text("no thread could be started to watch ansible-playbook with"),
    Text("give the user that runs Ansible more processes (ulimit -u), or run with fewer forks"),
)


class Calls(ActionBase):
    """An action that calls modules. The modules end when the playbook ends."""

    # The next thing that Ansible does with the module; "start" once the connection has the command that starts the module.
    _stage = "prepare"
    # The output of that command, once it has ended.
    _written: str | None = None
    # Whether the connection itself failed.
    _lost = False
    # The exit code of the last command.
    _rc = 0
    # After an interrupted call: whether all its processes have certainly ended.
    _ended = False

    # The next methods are Ansible's, in the order in which Ansible calls them.

    def _execute_module(self, *args: t.Any, **options: t.Any) -> dict[str, t.Any]:
        self._stage, self._written, self._lost, self._rc, self._ended = "prepare", None, False, 0, False
        # A task with async is meant to go on without the playbook.
        hints = {} if options.get("wrap_async") or self._task.async_val else {VARIABLE: self._hints().text()}
        self._task.environment.append(hints)
        if self._connection.transport == "ssh" and not self._connection.become:
            # With a terminal, the module cannot find out that nobody reads its output any more. Only become needs a terminal, to ask for
            # a password.
            self._connection.set_option("use_tty", False)
        try:
            return super()._execute_module(*args, **options)
        except BaseException:
            # The module must not run any more when a rescue starts.
            self._ended = end_descendants() and self._connection.transport == "local"
            raise
        finally:
            self._task.environment.remove(hints)

    def _hints(self) -> Hints:
        local = self._connection.transport == "local"
        boot, space = machine()
        left = signal.getitimer(signal.ITIMER_REAL)[0]
        hints = Hints(boot=boot, left=left, beats=int(not local))
        if left and (boot or local):
            hints = hints._replace(until=time.monotonic() + left)
        if not (local and main_process()):
            return hints
        return hints._replace(worker=os.getpid(), main=main_process(), born=_born(), space=space)

    @contextlib.contextmanager
    def _about_to(self, stage: str) -> Iterator[None]:
        before, self._stage = self._stage, stage
        try:
            yield
        except AnsibleConnectionFailure:
            self._lost = self._lost or stage == "copy"
            raise
        # After an error the stage stays as it is, for the message about the failure.
        self._stage = before

    def _make_tmp_path(self, *args: t.Any, **options: t.Any) -> t.Any:
        with self._about_to("folder"):
            return super()._make_tmp_path(*args, **options)

    def _transfer_data(self, *args: t.Any, **options: t.Any) -> t.Any:
        with self._about_to("copy"):
            return super()._transfer_data(*args, **options)

    def _fixup_perms2(self, *args: t.Any, **options: t.Any) -> t.Any:
        with self._about_to("rights"):
            return super()._fixup_perms2(*args, **options)  # type: ignore[no-untyped-call]

    def _low_level_execute_command(self, cmd: str, *args: t.Any, **options: t.Any) -> t.Any:
        # Only the command that starts the module has the hints.
        starts = f"{VARIABLE}=" in cmd
        if starts:
            self._stage = "start"
        try:
            result = super()._low_level_execute_command(cmd, *args, **options)
        except AnsibleConnectionFailure:
            self._lost = True
            raise
        self._rc = result["rc"]
        if starts:
            self._written = result["stdout"]
        return result


class ModuleAction(Calls, NormalAction):
    """Like Ansible's own action for a module, but the module ends when the playbook ends."""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> Result:
        try:
            watch_main_process()
        except RuntimeError:
            raise AnsibleError(str(not_started(NO_WATCH.what, NO_WATCH.remedy))) from None
        try:
            no_date(self._task.args)
        except OptionsError as error:
            raise AnsibleError(str(not_started(error.what, error.remedy))) from None
        return t.cast("Result", super().run(tmp, task_vars))  # type: ignore[no-untyped-call]


def _born() -> str:
    """The start time of this process as in /proc/self/stat; empty without /proc."""
    try:
        with open("/proc/self/stat", "rb") as file:
            return process_in(file.read()).born
    except (OSError, ValueError):
        return ""
