# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

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
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.action import ActionBase
from ansible.plugins.callback import CallbackBase
from ansible_collections.wxops.official_account.plugins.module_utils._http.connections import make_ready
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import (
    RUN_AGAIN,
    START,
    ApiError,
    Failure,
    unexpected_failure,
)
from ansible_collections.wxops.official_account.plugins.module_utils._http.secrets import SHORTEST_MASKED
from ansible_collections.wxops.official_account.plugins.module_utils._http.transport import HAS_REQUESTS
from ansible_collections.wxops.official_account.plugins.module_utils._resource.account import BY_NAME, CHANGE, LOOK, AccountRows
from ansible_collections.wxops.official_account.plugins.module_utils._resource.account import OPTIONS as DECLARATIONS
from ansible_collections.wxops.official_account.plugins.module_utils._resource.converge import outcome_unknown
from ansible_collections.wxops.official_account.plugins.module_utils._resource.outcome import Outcome
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import failed, result_of_none, result_of_one
from ansible_collections.wxops.official_account.plugins.module_utils._run.module import KEPT, refused_options
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import OptionsError
from ansible_collections.wxops.official_account.plugins.module_utils._run.service import secrets_masked_in
from ansible_collections.wxops.official_account.plugins.module_utils._run.work import ACCOUNT_SPEC, NoRecord, Run, digest_of, scrub
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text, verbatim
from ansible_collections.wxops.official_account.plugins.plugin_utils._arguments import (
    Arguments,
    declares,
    language_in,
    nothing_declared,
    options_of,
)
from ansible_collections.wxops.official_account.plugins.plugin_utils._calls import NO_WATCH, ModuleAction
from ansible_collections.wxops.official_account.plugins.plugin_utils._check import Check
from ansible_collections.wxops.official_account.plugins.plugin_utils._play import Play
from ansible_collections.wxops.official_account.plugins.plugin_utils._record import Record
from ansible_collections.wxops.official_account.plugins.plugin_utils._values import no_date, plain_value
from ansible_collections.wxops.official_account.plugins.plugin_utils._worker import Worker, environment

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ansible.playbook.task import Task
    from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import Result, Rows
    from ansible_collections.wxops.official_account.plugins.module_utils._text import Language
    from ansible_collections.wxops.official_account.plugins.plugin_utils._arguments import Problem
    from ansible_collections.wxops.official_account.plugins.plugin_utils._play import Plan

COLLECTION = "wxops.official_account"

# Ansible imports this file once, before it forks its workers.
make_ready()

# The options that hold for a runner elsewhere too, if the environment of the host that runs Ansible has them.
_OF_CONTROLLER = ("api_url", "component_appid", "component_access_token")


_DIFFERS = Text("This account is not what it declares. {msg}")
_NOT_BEGUN = Text("the runner could not be reached, or the module could not be started there")
_NO_RESULT = Text("the module on the runner ended without a result")
# Failures that the platform has no part in.
_WITHOUT_AN_ANSWER = ("transport", "operator", "not_attempted")
_SHOW_WHY = Text("{run_again}; -vvv shows why").filled(run_again=RUN_AGAIN)


def is_of_role(task: Task) -> bool:
    """Whether ``task`` is in a role of this collection."""
    return task._role is not None and getattr(task._role, "_role_collection", "") == COLLECTION


def plan_of(action: ActionBase, play: Play, variables: dict[str, t.Any]) -> Plan:
    """The plan of ``play``. The first worker that asks makes the check of all hosts. Raises ApiError."""
    return Check(play, action._task, variables, Arguments(action._templar, variables.get("omit"))).plan()


class Looks(NoRecord):
    """What a task that only looks notes: whether the platform can be reached. See ``work.Record``."""

    def __init__(self, play: Play) -> None:
        self._play = play
        self._answered = False

    def begins(self, _account: str) -> Failure | None:
        return self._play.out_of_reach()

    def answered(self) -> None:
        self._answered = True

    def note_reach(self, rows: Mapping[str, t.Any]) -> None:
        """Note whether the platform could be reached for the accounts with ``rows``."""
        failures = [row["failure"] for row in rows.values()]
        if self._answered or any(failure is None or failure["reason"] not in _WITHOUT_AN_ANSWER for failure in failures):
            self._play.reached(True)
        elif failures and failures[-1]["reason"] == "transport":
            self._play.reached(False, failures[-1]["remedy"])


class Fleet(Looks):
    """The record of what is done with the accounts of one task."""

    def __init__(self, play: Play, plan: Plan, task: Task, variables: Mapping[str, t.Any]) -> None:
        super().__init__(play)
        batch = str(next(iter(variables.get("ansible_play_batch") or ()), ""))
        self.record = Record(Path(plan["record"]), check_mode=bool(task.check_mode), batch=batch)
        # What the changes of a module elsewhere may replace: see ``OnlyKept``.
        self.kept: dict[str, dict[str, str]] = {}
        self._ended: set[str] = set()

    def begins(self, account: str) -> Failure | None:
        return self.record.failure or super().begins(account)

    def keeps(self, account: str, resource: str, state: t.Any) -> None:
        self.record.keep(account, resource, state)

    def keep_all(self, result: Result, host: str) -> None:
        """Note what the changes in ``result``, of check mode, will replace. Raises ApiError; nothing must be sent then."""
        for account, row in rows_in(result, host).items():
            for name, its in row["resources"].items():
                for kept, state in BY_NAME[name].all_kept(its).items() if its["changed"] else ():
                    self.keeps(account, kept, state)
                    self.kept.setdefault(account if account in result.get("accounts", {}) else "", {})[kept] = digest_of(state)
                if its["failure"]:
                    # The module attempts no later resource of this account.
                    break

    def ends(self, account: str, row: Mapping[str, t.Any]) -> None:
        self._ended.add(account)
        self.record.end(account, row)

    def close(self, result: Result, host: str, language: Language) -> None:
        """Note what became of the others, and whether the platform could be reached. If something is not on record, the task fails."""
        rows = rows_in(result, host)
        for account, row in rows.items():
            if account not in self._ended:
                self.ends(account, row)
        self.note_reach(rows)
        trouble = self.record.failure
        self.record.close()
        if trouble and not result.get("failed"):
            result.update(failed=True, msg=f"{result['msg']} {failed(trouble).said(language)}")


class AccountAction(ModuleAction):
    """The action of ``wechat_account``."""

    _language: Language = "en"
    # Whether something may have been sent.
    _at_work = False
    _make_rows: Callable[[bool, Language], Rows[t.Any, t.Any]] = AccountRows
    _spec: Mapping[str, t.Any] = ACCOUNT_SPEC

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> Result:
        variables = task_vars or {}
        self._language = language_in(self._task.args)
        if not is_of_role(self._task):
            return self._here(variables) if self._is_local() else self._elsewhere(tmp, variables)
        play = Play(self._task)
        arguments = Arguments(self._templar, variables.get("omit"))
        options = options_of(play.role)
        args, problems = arguments.of(play.role, options, variables)
        self._language = language_in({**self._task.args, **args})
        try:
            plan = plan_of(self, play, variables)
            if plan["rollback_to"]:
                # What an account declares now does not matter.
                args, problems = arguments.of(play.role, [name for name in options if name not in BY_NAME], variables)
            # From module_defaults come the options of the role alone.
            defaults = {name: value for name, value in self._task.args.items() if name in options}
            return self._in_role(tmp, variables, play, plan, {**defaults, **args}, problems)
        except ApiError as error:
            return self._refused(error.failure)
        except Exception as unexpected:
            return self._unexpected(unexpected) if self._at_work else self._refused(unexpected_failure(START, unexpected))

    def _in_role(
        self, tmp: str | None, variables: dict[str, t.Any], play: Play, plan: Plan, args: dict[str, t.Any], problems: list[Problem]
    ) -> Result:
        """Bring the account of a host, or a list of accounts, to what is declared, as the check and the record of the play allow."""
        host = str(variables["inventory_hostname"])
        if args.get("access_token"):
            # As in a list of accounts, the AppID is only a name then. The inventory plugin gives it to every host.
            args.pop("appid", None)
        self._task.args = args
        if plan["rollback_to"]:
            self._restore(play, host)
        fault = play.fault_of(host)
        if problems and not fault:
            # The check did not see them, or a task of this batch could still have defined what was undefined.
            fault = Failure("operator", START, *problems[0])
        if not fault:
            if not declares(play.role, self._task.args):
                return result_of_one(AccountRows(bool(self._task.check_mode), self._language), Outcome())
            fault = taken(play, self._task.args, host)
        fleet = Fleet(play, plan, self._task, variables)
        if fault:
            result = self._refused(fault)
        else:
            self._at_work = True
            result = self._here(variables, fleet, host) if self._is_local() else self._elsewhere(tmp, variables, fleet, host)
        fleet.close(result, host, self._language)
        if isinstance(result.get("diff"), dict):
            result["diff"].update(before_header=host, after_header=host)
        if plan["fail_if_changed"] and result.get("changed") and not result.get("failed"):
            if result.get("diff"):
                # Ansible shows none of a task that failed.
                self._display.display(CallbackBase()._get_diff(result["diff"]))
            result.update(failed=True, msg=_DIFFERS.filled(msg=verbatim(result["msg"])).said(self._language))
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
            return {**result_of_none(failure, self._language), "failed": True}
        return self._one(Outcome(failure=failure))

    def _unexpected(self, unexpected: Exception) -> Result:
        """The result if an error of this collection came after something may have been sent."""
        failure = unexpected_failure(LOOK if self._task.check_mode else CHANGE, unexpected)
        outcome = Outcome(failure=failure) if self._task.check_mode else outcome_unknown(CHANGE, failure.what, failure.remedy)
        one = self._one(outcome)
        if self._task.args.get("accounts") is None:
            return one
        return {**self._refused(failure), "failure": one["failure"], "msg": one["msg"]}

    def _one(self, outcome: Outcome[t.Any]) -> Result:
        return {**result_of_one(self._make_rows(bool(self._task.check_mode), self._language), outcome), "failed": True}

    # --- In this worker.

    def _work(self, run: Run) -> Result:
        return run.converge_account()

    def _here(self, variables: dict[str, t.Any], fleet: Looks | None = None, host: str = "") -> Result:
        base: Result = ActionBase.run(self, None, variables)
        variables_of_task: dict[str, t.Any] = {}
        self._compute_environment_string(variables_of_task)
        omit = variables.get("omit")
        with environment({name: value for name, value in variables_of_task.items() if omit is None or value != omit}):
            result = self._worked(plain_value(self._task.args, omit), fleet, host)
        return {**base, **result}

    def _worked(self, args: dict[str, t.Any], fleet: Looks | None, host: str) -> Result:
        try:
            worker = Worker()
            no_date(args)
        except RuntimeError:
            return self._refused(NO_WATCH)
        except OptionsError as error:
            return self._refused(Failure("operator", START, error.what, error.remedy))
        validated, masked = _checked(args, self._spec)
        if validated.error_messages:
            why = validated.error_messages[0]
            if isinstance(validated.errors[0], UnsupportedError):
                # As a module says it.
                why = f"Unsupported parameters for ({self._task.action}) module: {why}"
            failure, msg = refused_options(why, args, self._spec, self._language)
            return _masked({**self._refused(failure), "msg": msg}, masked)
        warnings: list[Text] = []
        run = Run(
            self._make_rows,
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
            result = self._work(run)
        except Exception as unexpected:
            result = self._unexpected(unexpected)
        if warnings:
            said = [warning.said(self._language) for warning in warnings]
            result["warnings"] = [run.secrets.scrub(one) if run.secrets else one for one in said]
        if run.params["accounts"] is not None:
            return result
        # The run has masked those that it knows.
        return _masked(result, {value for value in masked if not (run.secrets and run.secrets.found_in(value))})

    def _without_secrets(self, result: Result) -> Result:
        """``result`` without the secrets in the options."""
        return _masked(result, _checked(plain_value(self._task.args), self._spec)[1])

    # --- On another host, or with become or async.

    def _elsewhere(self, tmp: str | None, variables: dict[str, t.Any], fleet: Fleet | None = None, host: str = "") -> Result:
        self._take_environment()
        if fleet is None:
            return super().run(tmp, variables)
        failure = fleet.begins(host)
        if failure:
            return self._refused(failure)
        if self._task.check_mode:
            return self._module(tmp, variables)
        # What the change is about to replace must be on disk here before the module sends the change there.
        looked = self._looked(tmp, variables)
        if not any(map(_goes_on, rows_in(looked, host).values())):
            return looked
        try:
            fleet.keep_all(looked, host)
        except ApiError as error:
            return self._refused(error.failure)
        # The module changes nothing of which something else was there when it looked.
        self._task.args = {**self._task.args, KEPT: fleet.kept}
        return self._module(tmp, variables)

    def _take_environment(self) -> None:
        """Give the module what the environment says here."""
        environment_of_task: dict[str, t.Any] = {}
        self._compute_environment_string(environment_of_task)
        for name in _OF_CONTROLLER:
            variable = f"WECHAT_{name.upper()}"
            if self._task.args.get(name) is None and os.environ.get(variable) and variable not in environment_of_task:
                self._task.args = {**self._task.args, name: os.environ[variable]}

    def _looked(self, tmp: str | None, variables: dict[str, t.Any]) -> Result:
        """The result of the module in check mode."""
        check_mode, self._task.check_mode = self._task.check_mode, True
        try:
            return self._module(tmp, variables)
        finally:
            self._task.check_mode = check_mode

    def _look_only(self, tmp: str | None, variables: dict[str, t.Any], looks: Looks, host: str) -> Result:
        """The result of a task that changes nothing, in this worker or elsewhere."""
        if self._is_local():
            return self._here(variables, looks, host)
        self._take_environment()
        failure = looks.begins(host)
        return self._refused(failure) if failure else self._looked(tmp, variables)

    def _module(self, tmp: str | None, variables: dict[str, t.Any]) -> Result:
        """The result of the module; if it ended without one, what is known then. An unreachable host fails: nothing could rescue it."""
        lost_connection = False
        try:
            result: Result = super().run(tmp, variables)
        except Exception as error:
            lost_connection = isinstance(error, AnsibleConnectionFailure)
            result = {"msg": str(error)}
        if "failure" in result:
            return result
        begun = self.may_have_begun()
        # Before the module has begun, there is no token. What it has written after that may hold one.
        told = ("rc",) if begun else ("msg", "module_stdout", "module_stderr", "rc")
        why = [str(result[name]) for name in told if result.get(name) is not None]
        told_by = {"msg": f"The module on the runner: {' '.join(why)}"}
        self._display.vvv(_masked(told_by, _checked(plain_value(self._task.args), self._spec)[1])["msg"])
        if not begun or (lost_connection and self._task.check_mode):
            return self._refused(Failure("operator", START, _NOT_BEGUN, _SHOW_WHY))
        if self._task.check_mode:
            return self._one(Outcome(failure=Failure("protocol", LOOK, _NO_RESULT, _SHOW_WHY)))
        return self._one(outcome_unknown(CHANGE, _NO_RESULT, _SHOW_WHY))


def only_looking(args: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """``args`` for a task that changes nothing: what the accounts of a list declare does not matter."""
    # As in a list of accounts, the AppID is only a name beside a token.
    kept = {name: value for name, value in args.items() if name != "appid" or not args.get("access_token")}
    if isinstance(kept.get("accounts"), list):
        kept["accounts"] = [
            {name: its for name, its in one.items() if name not in DECLARATIONS} if isinstance(one, dict) else one
            for one in kept["accounts"]
        ]
    return kept


def taken(play: Play, args: Mapping[str, t.Any], host: str) -> Failure | None:
    """Why ``host`` must not be worked on: another host of this play is the same account. The check may not have seen that."""
    for name in ("appid", "access_token"):
        identity = str(args.get(name) or "")
        first = play.host_of(identity.lower() if name == "appid" else identity, host) if identity else host
        if first != host:
            what = Text("this host and {others} are the same account").filled(others=verbatim(first))
            return Failure("operator", START, what, Text("keep one of them in the inventory"))
    return None


def _checked(args: dict[str, t.Any], spec: Mapping[str, t.Any]) -> tuple[t.Any, set[str]]:
    """``args``, checked as a module checks them, and the values to mask."""
    validated = ArgumentSpecValidator(spec).validate(args)
    return validated, {value for value in validated._no_log_values if len(value) >= SHORTEST_MASKED}


def _masked(result: Result, values: set[str]) -> Result:
    """``result`` without ``values``. An action has nothing else that masks them in its result."""
    secrets = secrets_masked_in(None)
    for value in values:
        secrets.add(value)
    scrub(result, secrets)
    return result


def _goes_on(row: Mapping[str, t.Any]) -> bool:
    """Whether a module without check mode would do something else than look, and return ``row``."""
    return row["changed"] or (row["failure"] is not None and len(row["resources"]) > 1)


def rows_in(result: Result, host: str) -> dict[str, t.Any]:
    """The rows of the accounts in the result of a module; none if it ended without one."""
    accounts = result.get("accounts")
    if isinstance(accounts, dict):
        return accounts
    return {host: result} if "resources" in result else {}
