# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""How a role calls its module, and what is known about the accounts if the module returns nothing."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import RUN_AGAIN, START, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._run.operator import HELLO
from ansible_collections.wxops.official_account.plugins.plugin_utils._calls import NO_WATCH, Calls
from ansible_collections.wxops.official_account.plugins.plugin_utils._watch import end_descendants, watch_main_process

if t.TYPE_CHECKING:
    from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import Result
    from ansible_collections.wxops.official_account.plugins.plugin_utils._roles import Role

_TMP = "check the space left and the rights of ansible_remote_tmp there"

# Why a module could not start, by the thing that Ansible was doing.
_OBSTACLES = {
    "prepare": ("Ansible could not prepare the module", "run again with -vvv, which shows Ansible's own message"),
    "folder": ("no temporary folder for the module could be made", _TMP),
    "copy": ("the module could not be copied there", _TMP),
    "rights": (
        "become_user cannot be given the right to read the module",
        "install the package acl there, set ansible_pipelining to true, or become root instead",
    ),
}
FIND_OUT = f"{RUN_AGAIN}; find out why the module ended (-vvv shows its last output)"
_WAIT = "wait some seconds, then run again: it looks first"


class Called(t.NamedTuple):
    """What is known after the call of a module.

    ``answer``: the module's result; {} if there is none. ``failure``: why there is no usable result; None if there is one.
    ``may_have_sent``: whether a change may have been sent. False only if the module certainly did not start, or could only look.
    ``may_be_running``: whether the module may still run, for the short time until it finds out that nobody waits for it.
    """

    answer: Result
    failure: Failure | None
    may_have_sent: bool
    may_be_running: bool


class RoleCalls(Calls):
    """The action of a role that calls its module."""

    # Set by the action before anything else.
    role: Role

    def call(self, module: str, options: dict[str, t.Any], variables: dict[str, t.Any]) -> Called:
        """Run ``module`` with ``options``. Returns what is known then. Raises only exceptions that end the playbook."""
        try:
            answer = self._execute_module(module_name=module, module_args=options, task_vars=variables)
        except BaseException as unexpected:  # its text could hold a secret
            # A task's time-out is not an Exception. Its class is in different modules in different versions of Ansible, so only the name is
            # compared.
            timed_out = type(unexpected).__name__ == "TaskTimeoutError"
            if not isinstance(unexpected, Exception) and not timed_out:
                raise
            return self._interrupted(unexpected, timed_out)
        if answer.get("failure"):
            return Called(answer, None, may_have_sent=False, may_be_running=False)
        if "summary" in answer:
            return Called(answer, None, may_have_sent=not self._task.check_mode, may_be_running=False)
        return self._lost_result(answer)

    def unfit(self) -> Failure | None:
        """Why the runner cannot run a command; None if it can.

        This is checked before the call: if the connection is lost after the module has started, it is not known what was sent.
        """
        try:
            watch_main_process()
        except RuntimeError:
            return NO_WATCH
        try:
            if self._low_level_execute_command("exit 0", sudoable=False)["rc"] != 0:
                return self._no_shell()
        except AnsibleConnectionFailure:
            return self._unreachable()
        except AnsibleError:
            return self._no_shell()
        if not self._connection.become:
            return None
        try:
            if self._low_level_execute_command("exit 0", sudoable=True)["rc"] != 0:
                return self._cannot_become()
        except AnsibleError:
            # A process that waits for a password would wait for ever.
            end_descendants()
            return self._cannot_become()
        return None

    def _interrupted(self, unexpected: BaseException, timed_out: bool) -> Called:
        if self._stage == "start":
            what = "the task's time-out ended the call" if timed_out else f"the call was broken off ({type(unexpected).__name__})"
            return self._in_doubt(what, running=not self._ended)
        if isinstance(unexpected, AnsibleConnectionFailure) and self._lost:
            return self._not_begun(self._unreachable())
        if timed_out:
            return self._not_begun(
                Failure("operator", START, "the task's time-out came before the module was started", "raise the task's timeout")
            )
        what, remedy = _OBSTACLES[self._stage]
        return self._not_begun(Failure("operator", START, f"{what}{f' (exit code {self._rc})' if self._rc else ''}", remedy))

    def _lost_result(self, answer: Result) -> Called:
        rc = int(answer.get("rc") or self._rc or 0)
        if self._written is not None and HELLO not in self._written:
            return self._not_begun(self._no_python(rc), answer)
        return self._in_doubt(f"the module ended without a result ({_ending(rc)})", running=False)

    def _not_begun(self, failure: Failure, answer: Result | None = None) -> Called:
        return Called(answer or {}, failure, may_have_sent=False, may_be_running=False)

    def _in_doubt(self, what: str, running: bool) -> Called:
        if running:
            what += ", and the module may still be running"
        remedy = _WAIT if running else FIND_OUT
        resource = self.role.resource
        if self._task.check_mode:
            failure = Failure("protocol", resource.look.call.step, what, remedy, again=True)
        else:
            failure = Failure("outcome_unknown", resource.step, what, remedy, again=True)
        return Called({}, failure, may_have_sent=not self._task.check_mode, may_be_running=running)

    def _runner(self) -> str:
        return self.role.variable("runner")

    def _unreachable(self) -> Failure:
        remedy = f"check {self._runner()}, and the connection to it (-vvv shows more)"
        return Failure("transport", START, "the runner could not be reached", remedy)

    def _no_shell(self) -> Failure:
        remedy = f"check the login shell and ansible_shell_executable of {self._runner()}"
        return Failure("operator", START, "the runner was reached, and no command can be run there", remedy)

    def _cannot_become(self) -> Failure:
        remedy = f"check become, its password and the connection variables of {self._runner()}"
        return Failure("operator", START, "the runner was reached, and no command can be run there as become_user", remedy)

    def _no_python(self, rc: int) -> Failure:
        """Why the runner's Python did not even start the module. ``rc``: the exit code."""
        remedy = f"set ansible_python_interpreter of {self._runner()} to a Python with requests"
        if rc == 127:
            return Failure("operator", START, "the runner has no such Python", remedy)
        if rc == 126:
            return Failure("operator", START, "the runner's Python may not be executed by this user", remedy)
        what = f"what is set as the runner's Python ended before the module began ({_ending(rc)})"
        return Failure("operator", START, what, f"{remedy}; -vvv shows its last output")


def _ending(rc: int) -> str:
    if rc < 0 or rc > 128:
        return f"killed by signal {-rc if rc < 0 else rc - 128}"
    return f"exit code {rc}"
