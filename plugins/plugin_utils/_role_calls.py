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
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text
from ansible_collections.wxops.official_account.plugins.plugin_utils._calls import NO_WATCH, Calls
from ansible_collections.wxops.official_account.plugins.plugin_utils._watch import end_descendants, watch_main_process

if t.TYPE_CHECKING:
    from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import Result
    from ansible_collections.wxops.official_account.plugins.plugin_utils._roles import Role

_TMP = Text("check the space left and the rights of ansible_remote_tmp there")

# Why a module could not start, by the thing that Ansible was doing.
_OBSTACLES = {
    "prepare": (
        Text("Ansible could not prepare the module"),
        Text("run again with -vvv, which shows Ansible's own message"),
    ),
    "folder": (Text("no temporary folder for the module could be made"), _TMP),
    "copy": (Text("the module could not be copied there"), _TMP),
    "rights": (
        Text("become_user cannot be given the right to read the module"),
        Text("install the package acl there, set ansible_pipelining to true, or become root instead"),
    ),
}
FIND_OUT = Text("{run_again}; find out why the module ended (-vvv shows its last output)").filled(run_again=RUN_AGAIN)
_WAIT = Text("wait some seconds, then run again: it looks first")
_WITH_RC = Text("{what} (exit code {rc})")
_NO_COMMAND = Text("the runner was reached, and no command can be run there")
_INTERPRETER = Text("set ansible_python_interpreter of {runner} to a Python with requests")


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
            what = Text("the call was broken off ({kind})").filled(kind=type(unexpected).__name__)
            if timed_out:
                what = Text("the task's time-out ended the call")
            return self._in_doubt(what, running=not self._ended)
        if isinstance(unexpected, AnsibleConnectionFailure) and self._lost:
            return self._not_begun(self._unreachable())
        if timed_out:
            return self._not_begun(
                Failure(
                    "operator",
                    START,
                    Text("the task's time-out came before the module was started"),
                    Text("raise the task's timeout"),
                )
            )
        what, remedy = _OBSTACLES[self._stage]
        if self._rc:
            what = _WITH_RC.filled(what=what, rc=self._rc)
        return self._not_begun(Failure("operator", START, what, remedy))

    def _lost_result(self, answer: Result) -> Called:
        rc = int(answer.get("rc") or self._rc or 0)
        if self._written is not None and HELLO not in self._written:
            return self._not_begun(self._no_python(rc), answer)
        what = Text("the module ended without a result ({ending})").filled(ending=_ending(rc))
        return self._in_doubt(what, running=False)

    def _not_begun(self, failure: Failure, answer: Result | None = None) -> Called:
        return Called(answer or {}, failure, may_have_sent=False, may_be_running=False)

    def _in_doubt(self, what: Text, running: bool) -> Called:
        if running:
            what = Text("{what}, and the module may still be running").filled(what=what)
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
        remedy = Text("check {runner}, and the connection to it (-vvv shows more)")
        what = Text("the runner could not be reached")
        return Failure("transport", START, what, remedy.filled(runner=self._runner()))

    def _no_shell(self) -> Failure:
        remedy = Text("check the login shell and ansible_shell_executable of {runner}")
        return Failure("operator", START, _NO_COMMAND, remedy.filled(runner=self._runner()))

    def _cannot_become(self) -> Failure:
        remedy = Text("check become, its password and the connection variables of {runner}")
        what = Text("the runner was reached, and no command can be run there as become_user")
        return Failure("operator", START, what, remedy.filled(runner=self._runner()))

    def _no_python(self, rc: int) -> Failure:
        """Why the runner's Python did not even start the module. ``rc``: the exit code."""
        remedy = _INTERPRETER.filled(runner=self._runner())
        if rc == 127:
            return Failure("operator", START, Text("the runner has no such Python"), remedy)
        if rc == 126:
            what = Text("the runner's Python may not be executed by this user")
            return Failure("operator", START, what, remedy)
        what = Text("what is set as the runner's Python ended before the module began ({ending})")
        remedy = Text("{remedy}; -vvv shows its last output").filled(remedy=remedy)
        return Failure("operator", START, what.filled(ending=_ending(rc)), remedy)


def _ending(rc: int) -> Text:
    if rc < 0 or rc > 128:
        return Text("killed by signal {number}").filled(number=-rc if rc < 0 else rc - 128)
    return Text("exit code {rc}").filled(rc=rc)
