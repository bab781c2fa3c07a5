# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""How the collection's actions call its modules: nothing that they start goes on without the playbook.

Two ends are watched. The worker, in which an action runs, ends with ansible-playbook's main process, and takes along what it has
started. The module is told whom to look at, and looks before each request that changes something: see module_utils/_run/operator.
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
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ENABLE_STEP, LOOK_STEP, START_STEP, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._run.operator import HELLO, VARIABLE, Hints, machine, process_in
from ansible_collections.wxops.official_account.plugins.plugin_utils._watch import end_descendants, main_process, watch_main_process

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.wxops.official_account.plugins.module_utils._resource.tally import Result

_TMP = "check the space left and the rights of ansible_remote_tmp there"

# Why a module could not be started, by what Ansible was about to do.
_OBSTACLES = {
    "prepare": ("the module could not be made ready to be sent", "run again with -vvv, which shows Ansible's own words"),
    "folder": ("no temporary folder for the module could be made", _TMP),
    "copy": ("the module could not be copied there", _TMP),
    "rights": (
        "become_user cannot be given the right to read the module",
        "install the package acl there, set ansible_pipelining to true, or become root instead",
    ),
}
UNREACHABLE = Failure(
    "transport", START_STEP, "the runner could not be reached", "check draft_switch_runner, and the connection to it (-vvv tells more)"
)
NO_SHELL = Failure(
    "operator",
    START_STEP,
    "the runner was reached, and no command can be run there",
    "check the login shell and ansible_shell_executable of draft_switch_runner",
)
CANNOT_BECOME = Failure(
    "operator",
    START_STEP,
    "the runner was reached, and no command can be run there as become_user",
    "check become, its password and the connection variables of draft_switch_runner",
)
NO_WATCH = Failure(
    "operator",
    START_STEP,
    "no thread could be started to watch ansible-playbook with",
    "give the user that runs Ansible more processes (ulimit -u), or run with fewer forks",
)
FIND_OUT = "run again: it looks first; find out why the module ended (-vvv shows its last words)"
_WAIT = "wait some seconds, then run again: it looks first"


class Called(t.NamedTuple):
    """What came of the call of a module.

    ``answer``: its result, {} if there is none. ``failure``: why there is no usable result; None if there is one.
    ``may_have_sent``: False only with proof that the module never began its work, or can only look.
    ``may_be_running``: it may still be at work, for the short time until it finds out that nobody waits for it.
    """

    answer: Result
    failure: Failure | None
    may_have_sent: bool
    may_be_running: bool


class Calls(ActionBase):
    """An action that calls modules, none of which goes on without the playbook."""

    # What Ansible is about to do with the module; "start" once the command that starts it has been given to the connection.
    _stage = "prepare"
    # What that command wrote, once it has ended.
    _written: str | None = None
    # Whether the connection failed, not what was done over it.
    _lost = False
    # What the last command ended with.
    _rc = 0
    # Whether all that was started has ended for certain, after the call was broken off.
    _ended = False

    def call(self, module: str, options: dict[str, t.Any], variables: dict[str, t.Any]) -> Called:
        """Run ``module`` with ``options``, and tell what is known of it. Raises only what ends the playbook."""
        try:
            answer = self._execute_module(module_name=module, module_args=options, task_vars=variables)
        except BaseException as unexpected:  # its text could hold a secret
            # A task's time-out is none of Ansible's other errors, so that nobody takes it for one.
            timed_out = type(unexpected).__name__ == "TaskTimeoutError"
            if not isinstance(unexpected, Exception) and not timed_out:
                raise
            return self._broken_off(unexpected, timed_out)
        if answer.get("failure"):
            return Called(answer, None, may_have_sent=False, may_be_running=False)
        if "summary" in answer:
            return Called(answer, None, may_have_sent=not self._task.check_mode, may_be_running=False)
        return self._lost_result(answer)

    def unfit(self) -> Failure | None:
        """Why nothing can be run there, if so. Asked by itself, because once a module is started a lost connection leaves all open."""
        try:
            watch_main_process()
        except RuntimeError:
            return NO_WATCH
        try:
            if self._low_level_execute_command("exit 0", sudoable=False)["rc"] != 0:
                return NO_SHELL
        except AnsibleConnectionFailure:
            return UNREACHABLE
        except AnsibleError:
            return NO_SHELL
        if not self._connection.become:
            return None
        try:
            if self._low_level_execute_command("exit 0", sudoable=True)["rc"] != 0:
                return CANNOT_BECOME
        except AnsibleError:
            # One that waits for a password goes on waiting.
            end_descendants()
            return CANNOT_BECOME
        return None

    def _broken_off(self, unexpected: BaseException, timed_out: bool) -> Called:
        if self._stage == "start":
            what = "the task's time-out ended the call" if timed_out else f"the call was broken off ({type(unexpected).__name__})"
            return self._in_doubt(what, running=not self._ended)
        if isinstance(unexpected, AnsibleConnectionFailure) and self._lost:
            return self._not_begun(UNREACHABLE)
        if timed_out:
            return self._not_begun(
                Failure("operator", START_STEP, "the task's time-out came before the module was started", "raise the task's timeout")
            )
        what, remedy = _OBSTACLES[self._stage]
        return self._not_begun(Failure("operator", START_STEP, f"{what}{f' (exit code {self._rc})' if self._rc else ''}", remedy))

    def _lost_result(self, answer: Result) -> Called:
        rc = int(answer.get("rc") or self._rc or 0)
        if self._written is not None and HELLO not in self._written:
            return self._not_begun(_no_python(rc), answer)
        return self._in_doubt(f"the module ended without a result ({_ending(rc)})", running=False)

    def _not_begun(self, failure: Failure, answer: Result | None = None) -> Called:
        return Called(answer or {}, failure, may_have_sent=False, may_be_running=False)

    def _in_doubt(self, what: str, running: bool) -> Called:
        if running:
            what += ", and the module may still be running"
        remedy = _WAIT if running else FIND_OUT
        if self._task.check_mode:
            return Called({}, Failure("protocol", LOOK_STEP, what, remedy), may_have_sent=False, may_be_running=running)
        return Called({}, Failure("outcome_unknown", ENABLE_STEP, what, remedy), may_have_sent=True, may_be_running=running)

    # Ansible's own, in the order in which it calls them.

    def _execute_module(self, *args: t.Any, **options: t.Any) -> dict[str, t.Any]:
        self._stage, self._written, self._lost, self._rc, self._ended = "prepare", None, False, 0, False
        # What is started with async is meant to go on without the playbook.
        hints = {} if options.get("wrap_async") or self._task.async_val else {VARIABLE: self._hints().text()}
        self._task.environment.append(hints)
        if self._connection.transport == "ssh" and not self._connection.become:
            # A terminal hides from the module that its reader has gone. It is there for what asks for a password.
            self._connection.set_option("use_tty", False)
        try:
            return super()._execute_module(*args, **options)
        except BaseException:
            # A rescue must not find at work what has been given up.
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
        # Where it failed, the stage stays for what tells the failure.
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
        # Only the command that starts the module carries the hints.
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
    """Ansible's own action for a module, but that the module does not go on without the playbook."""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> Result:
        try:
            watch_main_process()
        except RuntimeError:
            raise AnsibleError(f"Failed to start: {NO_WATCH.what}; nothing was sent; {NO_WATCH.remedy}.") from None
        return t.cast("Result", super().run(tmp, task_vars))  # type: ignore[no-untyped-call]


def _born() -> str:
    """When this process began, as /proc tells it; empty where there is none."""
    try:
        with open("/proc/self/stat", "rb") as file:
            return process_in(file.read()).born
    except (OSError, ValueError):
        return ""


def _ending(rc: int) -> str:
    if rc < 0 or rc > 128:
        return f"killed by signal {-rc if rc < 0 else rc - 128}"
    return f"exit code {rc}"


def _no_python(rc: int) -> Failure:
    """Why what should be a Python there has not as much as begun with the module."""
    remedy = "set ansible_python_interpreter of draft_switch_runner to a Python with requests"
    if rc == 127:
        return Failure("operator", START_STEP, "the runner has no such Python", remedy)
    if rc == 126:
        return Failure("operator", START_STEP, "the runner's Python may not be executed by this user", remedy)
    return Failure(
        "operator",
        START_STEP,
        f"what is set as the runner's Python ended before the module began ({_ending(rc)})",
        f"{remedy}; -vvv shows its last words",
    )
