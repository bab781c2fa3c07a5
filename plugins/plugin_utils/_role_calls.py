# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""How a role calls its module, and what is known about the accounts if the module returns nothing."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import RUN_AGAIN, START, Failure, Text
from ansible_collections.wxops.official_account.plugins.module_utils._run.operator import HELLO, Hints
from ansible_collections.wxops.official_account.plugins.plugin_utils._calls import NO_WATCH, Calls
from ansible_collections.wxops.official_account.plugins.plugin_utils._watch import end_descendants, watch_main_process

if t.TYPE_CHECKING:
    from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import Result
    from ansible_collections.wxops.official_account.plugins.plugin_utils._roles import Role

_TMP = Text("check the space left and the rights of ansible_remote_tmp there", "请检查该主机上 ansible_remote_tmp 的剩余空间和权限")

# Why a module could not start, by the thing that Ansible was doing.
_OBSTACLES = {
    "prepare": (
        Text("Ansible could not prepare the module", "Ansible 未能准备好模块"),
        Text("run again with -vvv, which shows Ansible's own message", "请加上 -vvv 重新运行，可看到 Ansible 自己的提示"),
    ),
    "folder": (Text("no temporary folder for the module could be made", "无法为模块创建临时目录"), _TMP),
    "copy": (Text("the module could not be copied there", "无法将模块复制到该主机"), _TMP),
    "rights": (
        Text("become_user cannot be given the right to read the module", "无法让 become_user 读取模块"),
        Text(
            "install the package acl there, set ansible_pipelining to true, or become root instead",
            "请在该主机上安装 acl 软件包，或将 ansible_pipelining 设为 true，或改为 become root",
        ),
    ),
}
FIND_OUT = Text(
    f"{RUN_AGAIN}; find out why the module ended (-vvv shows its last output)",
    f"{RUN_AGAIN.zh}；并查明模块为何结束（-vvv 可看到它最后的输出）",
)
_WAIT = Text("wait some seconds, then run again: it looks first", "请等待几秒后重新运行：运行时会先查询")
_WITH_RC = Text("{what} (exit code {rc})", "{what}（退出码 {rc}）")
_NO_COMMAND = Text("the runner was reached, and no command can be run there", "已连接到执行主机，但无法在其上运行命令")
_INTERPRETER = Text(
    "set ansible_python_interpreter of {runner} to a Python with requests",
    "请将 {runner} 的 ansible_python_interpreter 设为装有 requests 的 Python",
)


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
    # Whether the rows are for a report in Chinese.
    reads_chinese = False

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

    def _hints(self) -> Hints:
        return super()._hints()._replace(chinese=int(self.reads_chinese))

    def _interrupted(self, unexpected: BaseException, timed_out: bool) -> Called:
        if self._stage == "start":
            what = Text("the call was broken off ({kind})", "调用被中断（{kind}）").filled(kind=type(unexpected).__name__)
            if timed_out:
                what = Text("the task's time-out ended the call", "任务的 timeout 使调用中止")
            return self._in_doubt(what, running=not self._ended)
        if isinstance(unexpected, AnsibleConnectionFailure) and self._lost:
            return self._not_begun(self._unreachable())
        if timed_out:
            return self._not_begun(
                Failure(
                    "operator",
                    START,
                    Text("the task's time-out came before the module was started", "模块尚未启动，任务的 timeout 就已到"),
                    Text("raise the task's timeout", "请调大任务的 timeout"),
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
        what = Text("the module ended without a result ({ending})", "模块结束时没有返回结果（{ending}）").filled(ending=_ending(rc))
        return self._in_doubt(what, running=False)

    def _not_begun(self, failure: Failure, answer: Result | None = None) -> Called:
        return Called(answer or {}, failure, may_have_sent=False, may_be_running=False)

    def _in_doubt(self, what: Text, running: bool) -> Called:
        if running:
            what = Text("{what}, and the module may still be running", "{what}，模块可能仍在运行").filled(what=what)
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
        remedy = Text("check {runner}, and the connection to it (-vvv shows more)", "请检查 {runner} 以及与它的连接（-vvv 可看到更多信息）")
        what = Text("the runner could not be reached", "无法连接到执行主机")
        return Failure("transport", START, what, remedy.filled(runner=self._runner()))

    def _no_shell(self) -> Failure:
        remedy = Text(
            "check the login shell and ansible_shell_executable of {runner}", "请检查 {runner} 的登录 shell 和 ansible_shell_executable"
        )
        return Failure("operator", START, _NO_COMMAND, remedy.filled(runner=self._runner()))

    def _cannot_become(self) -> Failure:
        remedy = Text("check become, its password and the connection variables of {runner}", "请检查 {runner} 的 become、其密码和连接变量")
        what = Text(f"{_NO_COMMAND} as become_user", "已连接到执行主机，但无法在其上以 become_user 运行命令")
        return Failure("operator", START, what, remedy.filled(runner=self._runner()))

    def _no_python(self, rc: int) -> Failure:
        """Why the runner's Python did not even start the module. ``rc``: the exit code."""
        remedy = _INTERPRETER.filled(runner=self._runner())
        if rc == 127:
            return Failure("operator", START, Text("the runner has no such Python", "执行主机上没有这个 Python"), remedy)
        if rc == 126:
            what = Text("the runner's Python may not be executed by this user", "此用户无权执行执行主机上的 Python")
            return Failure("operator", START, what, remedy)
        what = Text(
            "what is set as the runner's Python ended before the module began ({ending})",
            "执行主机上所设的 Python 在模块开始前就已结束（{ending}）",
        )
        remedy = Text("{remedy}; -vvv shows its last output", "{remedy}；-vvv 可看到它最后的输出").filled(remedy=remedy)
        return Failure("operator", START, what.filled(ending=_ending(rc)), remedy)


def _ending(rc: int) -> Text:
    if rc < 0 or rc > 128:
        return Text("killed by signal {number}", "被信号 {number} 终止").filled(number=-rc if rc < 0 else rc - 128)
    return Text("exit code {rc}", "退出码 {rc}").filled(rc=rc)
