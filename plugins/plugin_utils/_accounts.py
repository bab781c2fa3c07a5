# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""Brings an account to what it declares: in this worker if the task is local, and otherwise with the module on the other host.

Within a role of this collection, what is done is on record, and what the check of all hosts has found out holds.
"""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

from ansible import constants
from ansible.errors import AnsibleConnectionFailure
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.plugins.action import ActionBase
from ansible.plugins.callback import CallbackBase
from ansible_collections.wxops.official_account.plugins.module_utils._http.connections import make_ready
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import (
    RUN_AGAIN,
    START,
    ApiError,
    Failure,
    Text,
    surprise,
)
from ansible_collections.wxops.official_account.plugins.module_utils._http.secrets import SHORTEST_MASKED
from ansible_collections.wxops.official_account.plugins.module_utils._http.transport import HAS_REQUESTS
from ansible_collections.wxops.official_account.plugins.module_utils._resource.account import BY_NAME, CHANGE, LOOK, AccountRows
from ansible_collections.wxops.official_account.plugins.module_utils._resource.converge import lost
from ansible_collections.wxops.official_account.plugins.module_utils._resource.outcome import Outcome
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import failed, result_of_none, result_of_one
from ansible_collections.wxops.official_account.plugins.module_utils._run.module import refused_options
from ansible_collections.wxops.official_account.plugins.module_utils._run.operator import HELLO
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import OptionsError
from ansible_collections.wxops.official_account.plugins.module_utils._run.work import ACCOUNT_SPEC, NoRecord, Run
from ansible_collections.wxops.official_account.plugins.plugin_utils._arguments import (
    Arguments,
    declares,
    nothing_declared,
    options_of,
)
from ansible_collections.wxops.official_account.plugins.plugin_utils._calls import NO_WATCH, ModuleAction
from ansible_collections.wxops.official_account.plugins.plugin_utils._check import Check, Refused
from ansible_collections.wxops.official_account.plugins.plugin_utils._play import Play
from ansible_collections.wxops.official_account.plugins.plugin_utils._record import Record
from ansible_collections.wxops.official_account.plugins.plugin_utils._values import no_date, plain_value
from ansible_collections.wxops.official_account.plugins.plugin_utils._worker import Worker, environment

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible.playbook.task import Task
    from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import Result
    from ansible_collections.wxops.official_account.plugins.plugin_utils._play import Plan

COLLECTION = "wxops.official_account"

# Ansible imports this file once, before it forks its workers.
make_ready()

# The options that hold for a runner elsewhere too, if the environment of the host that runs Ansible has them.
_OF_CONTROLLER = ("api_url", "component_appid", "component_access_token")


_DIFFERS = Text("This account is not what it declares. {msg}", "该账号与声明不符。{msg}")
_NOT_BEGUN = Text("the module could not be started on the runner", "无法在执行主机上启动模块")
_NO_RESULT = Text("the module on the runner ended without a result", "执行主机上的模块没有返回结果就已结束")
_SHOW_WHY = Text(f"{RUN_AGAIN}; -vvv shows why", f"{RUN_AGAIN.zh}；-vvv 可看到原因")


def is_of_role(task: Task) -> bool:
    """Whether ``task`` is in a role of this collection."""
    return task._role is not None and getattr(task._role, "_role_collection", "") == COLLECTION


def plan_of(action: ActionBase, play: Play, variables: dict[str, t.Any]) -> Plan:
    """The plan of ``play``. The first worker that asks makes the check of all hosts. Raises Refused."""
    return Check(play, action._task, variables, Arguments(action._templar, variables.get("omit"))).plan()


class Fleet:
    """The record of what is done with the accounts of one task. See ``work.Record``."""

    def __init__(self, play: Play, plan: Plan, task: Task, variables: Mapping[str, t.Any]) -> None:
        self._play = play
        batch = str(next(iter(variables.get("ansible_play_batch") or ()), ""))
        self.record = Record(Path(plan["record"]), check_mode=bool(task.check_mode), batch=batch)
        self._answered = False

    def begins(self, _account: str) -> Failure | None:
        return self.record.failure or self._play.out_of_reach()

    def keeps(self, account: str, resource: str, state: t.Any) -> None:
        self.record.keep(account, resource, state)

    def answered(self) -> None:
        self._answered = True

    def ends(self, account: str, row: Mapping[str, t.Any]) -> None:
        self.record.end(account, row)

    def close(self, result: Result) -> None:
        """Note whether the platform could be reached at all. If what became of an account is not on record, the task fails."""
        failure = result.get("failure")
        if self._answered:
            self._play.reached(True)
        elif failure and failure["reason"] == "transport":
            self._play.reached(False, failure["remedy"])
        trouble = self.record.failure
        self.record.close()
        if trouble and not result.get("failed"):
            result.update(failed=True, msg=f"{result['msg']} {failed(trouble)}")


class AccountAction(ModuleAction):
    """The action of ``wechat_account``."""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> Result:
        variables = task_vars or {}
        if not is_of_role(self._task):
            return self._here(variables) if self._is_local() else self._elsewhere(tmp, variables)
        play = Play(self._task)
        try:
            plan = plan_of(self, play, variables)
        except Refused as refused:
            return self._refused(refused.failure)
        except Exception as unexpected:
            return self._refused(surprise(START, unexpected))
        host = str(variables["inventory_hostname"])
        args, problems = Arguments(self._templar, variables.get("omit")).of(play.role, options_of(play.role), variables)
        fault = play.fault_of(host)
        if problems and not fault:
            # The check did not see them, or a task of this batch could still have defined what was undefined.
            fault = Failure("operator", START, *problems[0])
        if fault:
            fleet = Fleet(play, plan, self._task, variables)
            result = self._refused(fault)
            fleet.ends(host, t.cast("t.Any", result))
            fleet.close(result)
            return result
        self._task.args = {**self._task.args, **args}
        if plan["rollback_to"]:
            self._restore(play, host)
        if not declares(play.role, self._task.args):
            return result_of_one(AccountRows(bool(self._task.check_mode)), Outcome())
        fleet = Fleet(play, plan, self._task, variables)
        result = self._here(variables, fleet, host) if self._is_local() else self._elsewhere(tmp, variables, fleet, host)
        fleet.close(result)
        if plan["fail_if_changed"] and result.get("changed") and not result.get("failed"):
            if result.get("diff"):
                # Ansible shows none of a task that failed.
                self._display.display(CallbackBase()._get_diff(result["diff"]))
            result.update(failed=True, msg=str(_DIFFERS.filled(msg=result["msg"])))
        return result

    def _is_local(self) -> bool:
        """Whether this worker can do the work itself. If it has no requests, the interpreter that the user has set may have it."""
        local = self._task.delegate_to in constants.LOCALHOST or self._connection.transport == "local"
        return bool(local and not self._task.async_val and not self._connection.become and HAS_REQUESTS)

    def _restore(self, play: Play, host: str) -> None:
        """Declare what the account had before, and nothing else."""
        args = {**self._task.args, **nothing_declared()}
        if args.get("accounts") is not None:
            args["accounts"] = [
                {**one, **nothing_declared(), **play.restored(str(one.get("name") or one.get("appid")))} for one in args["accounts"]
            ]
        else:
            args.update(play.restored(host))
        self._task.args = args

    def _refused(self, failure: Failure) -> Result:
        if self._task.args.get("accounts") is not None:
            return {**result_of_none(failure), "failed": True}
        return self._one(Outcome(failure=failure))

    def _one(self, outcome: Outcome[t.Any]) -> Result:
        return {**result_of_one(AccountRows(bool(self._task.check_mode)), outcome), "failed": True}

    # --- In this worker.

    def _here(self, variables: dict[str, t.Any], fleet: Fleet | None = None, host: str = "") -> Result:
        base: Result = ActionBase.run(self, None, variables)
        variables_of_task: dict[str, t.Any] = {}
        self._compute_environment_string(variables_of_task)
        omit = variables.get("omit")
        with environment({name: value for name, value in variables_of_task.items() if omit is None or value != omit}):
            result = self._worked(plain_value(self._task.args, omit), fleet, host)
        return {**base, **result}

    def _worked(self, args: dict[str, t.Any], fleet: Fleet | None, host: str) -> Result:
        try:
            worker = Worker()
            no_date(args)
        except RuntimeError:
            return self._refused(NO_WATCH)
        except OptionsError as error:
            return self._refused(Failure("operator", START, error.what, error.remedy))
        validated = ArgumentSpecValidator(ACCOUNT_SPEC).validate(args)
        masked = {value for value in validated._no_log_values if len(value) >= SHORTEST_MASKED}
        if validated.error_messages:
            failure, msg = refused_options(validated.error_messages[0], args, ACCOUNT_SPEC)
            return t.cast("Result", remove_values({**self._refused(failure), "msg": msg}, masked))
        warnings: list[str] = []
        run = Run(
            AccountRows,
            validated.validated_parameters,
            bool(self._task.check_mode),
            bool(self._task.diff),
            worker,
            masked,
            warnings.append,
            fleet or NoRecord(),
            host,
        )
        try:
            result = run.converge_all()
        except Exception as unexpected:
            result = self._refused(surprise(CHANGE, unexpected))
        if warnings:
            result["warnings"] = [run.secrets.scrub(warning) if run.secrets else warning for warning in warnings]
        if isinstance(result.get("diff"), dict) and host:
            result["diff"].update(before_header=host, after_header=host)
        return result if run.params["accounts"] is not None else t.cast("Result", remove_values(result, masked))

    # --- On another host, or with become or async.

    def _elsewhere(self, tmp: str | None, variables: dict[str, t.Any], fleet: Fleet | None = None, host: str = "") -> Result:
        environment_of_task: dict[str, t.Any] = {}
        self._compute_environment_string(environment_of_task)
        for name in _OF_CONTROLLER:
            variable = f"WECHAT_{name.upper()}"
            if self._task.args.get(name) is None and os.environ.get(variable) and variable not in environment_of_task:
                self._task.args = {**self._task.args, name: os.environ[variable]}
        if fleet is None or self._task.async_val:
            return t.cast("Result", super().run(tmp, variables))
        first = fleet.begins(host)
        if first:
            result = self._refused(first)
            fleet.ends(host, t.cast("t.Any", result))
            return result
        if not self._task.check_mode:
            # What the change is about to replace must be on disk here before the module sends the change there.
            self._task.check_mode = True
            try:
                result = self._module(tmp, variables)
            finally:
                self._task.check_mode = False
            if result.get("failed") or not result.get("changed"):
                return self._noted(fleet, host, result)
            try:
                for account, row in _rows_in(result, host).items():
                    for name, its in row["resources"].items():
                        if its["changed"]:
                            fleet.keeps(account, name, BY_NAME[name].kept(its))
            except ApiError as error:
                return self._refused(error.failure)
        return self._noted(fleet, host, self._module(tmp, variables))

    def _module(self, tmp: str | None, variables: dict[str, t.Any]) -> Result:
        """The result of the module; if it ended without one, what is known then. An unreachable host fails: nothing could rescue it."""
        try:
            result = t.cast("Result", super().run(tmp, variables))
        except AnsibleConnectionFailure:
            result = {}
        if "failure" in result:
            return result
        if self._stage != "start" or (self._written is not None and HELLO not in self._written):
            return self._refused(Failure("operator", START, _NOT_BEGUN, _SHOW_WHY))
        if self._task.check_mode:
            return self._one(Outcome(failure=Failure("protocol", LOOK, _NO_RESULT, _SHOW_WHY)))
        return self._one(lost(CHANGE, _NO_RESULT, _SHOW_WHY))

    def _noted(self, fleet: Fleet, host: str, result: Result) -> Result:
        for account, row in _rows_in(result, host).items():
            fleet.answered()
            fleet.ends(account, row)
        return result


def _rows_in(result: Result, host: str) -> dict[str, t.Any]:
    """The rows of the accounts in the result of a module; none if it ended without one."""
    if isinstance(result.get("accounts"), dict):
        return result["accounts"]
    return {host: result} if "resources" in result else {}
