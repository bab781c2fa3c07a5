# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one call of a role: for all hosts of a batch, or for a list of accounts in slices."""

from __future__ import annotations

import difflib
import typing as t

from ansible import constants, context
from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ATTEMPT, START, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._resource.outcome import Outcome
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import (
    ENDINGS,
    difference_of_many,
    ending,
    not_started,
    some,
    summary,
)
from ansible_collections.wxops.official_account.plugins.module_utils._run.credentials import (
    OPTIONS,
    component_of,
    credentials_by_name,
    misshapen,
)
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import ARGUMENT_SPEC, OptionsError, wrong_kind
from ansible_collections.wxops.official_account.plugins.module_utils._run.workers import NONE_REACHED, UNREACHED_IN_A_ROW
from ansible_collections.wxops.official_account.plugins.module_utils._text import CLAUSES, Text, joined, plain
from ansible_collections.wxops.official_account.plugins.plugin_utils._calls import no_date
from ansible_collections.wxops.official_account.plugins.plugin_utils._hosts import (
    is_first_of_several,
    later_hosts,
    occasion,
    refuse_differences,
    taking_part,
)
from ansible_collections.wxops.official_account.plugins.plugin_utils._input import input_of, with_an_end
from ansible_collections.wxops.official_account.plugins.plugin_utils._journal import RecordError
from ansible_collections.wxops.official_account.plugins.plugin_utils._record import NoRecord, Record
from ansible_collections.wxops.official_account.plugins.plugin_utils._role_calls import FIND_OUT, Called, RoleCalls
from ansible_collections.wxops.official_account.plugins.plugin_utils._roles import ROLES

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import Result, Row, Rows
    from ansible_collections.wxops.official_account.plugins.module_utils._text import Language
    from ansible_collections.wxops.official_account.plugins.plugin_utils._roles import Role

# These options go to the module as they are. A path, or an empty URL, has its meaning on the host where the module runs.
CONNECTION: dict[str, dict[str, t.Any]] = {
    name: {"type": "str"} if name in ("api_url", "ca_path") else spec
    for name, spec in ARGUMENT_SPEC.items()
    if name not in (*OPTIONS, "accounts", "language")
}
SPEC: dict[str, dict[str, t.Any]] = {
    "accounts": {"type": "list", "elements": "raw"},
    "batch_size": {"type": "int", "default": 500},
    "report_dir": {"type": "path"},
    "report_language": {"type": "str", "choices": ["en", "zh"], "default": "en"},
    **CONNECTION,
}
# The role's variables. Some are the playbook's, some hold results.
OF_ROLE = (*SPEC, "runner", "hosts", "stages", "max_fail_percentage", "asked", "joined", "call", "total", *ENDINGS)
NO_RECORD = Text("the journal of the run cannot be written")
_RECORD_REMEDY = Text("correct the problem with {variable}, and run again: it looks first")
DEBUG = (
    "Ansible's debug mode is on (ANSIBLE_DEBUG): Ansible itself prints the arguments of every module, and so the accounts' secrets and "
    "tokens. Stop now unless that is wanted, and treat what it prints as secret."
)
GO_ON = Text("correct what stopped the run, then run again: {remedy}")
NOT_STARTED = Failure(
    "not_attempted",
    ATTEMPT,
    Text("the module that worked on the accounts before ended without a result"),
    FIND_OUT,
    again=True,
)


class ActionModule(RoleCalls):
    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> Result:
        super().run(tmp, task_vars)
        variables = task_vars or {}
        self.role = self._role()
        # An empty list is also a list: it does not mean all hosts.
        by_hosts = "accounts" not in self._task.args
        hosts: Mapping[str, Mapping[str, t.Any]] = {}
        record: Record | NoRecord = NoRecord()
        refused = plain("")
        done: dict[str, Result] = {}
        faults: Mapping[str, Failure] = {}
        warnings: list[str] = []
        misspelt = self._misspelt(variables)
        if constants.config.get_config_value("DEFAULT_DEBUG"):
            self._display.warning(DEBUG)
        try:
            hosts = taking_part(self.role, self._task, variables)
            if self._task.args.get("report_dir"):
                record = on_disk = Record(self.role, str(self._task.args["report_dir"]), self._task, variables, self._language)
                for line in on_disk.notes:
                    self._display.display(str(line))
                if on_disk.lost:
                    raise on_disk.lost
            accounts, faults, size, options = self._prepare(hosts, by_hosts, variables)
        except OptionsError as error:
            refused = not_started(error.what, error.remedy)
            failure = Failure("operator", START, error.what, error.remedy)
            done = dict.fromkeys(hosts if by_hosts else (), self._without_result(failure))
        else:
            unfit = self.unfit() if accounts else None
            if unfit:
                done = dict.fromkeys(map(_name, accounts), self._without_result(unfit))
            else:
                done, warnings = self._slices(accounts, size, options, variables, record)
            done.update({host: self._without_result(fault) for host, fault in faults.items()})
        left_out = set(variables["ansible_play_batch"]).difference(hosts) if by_hosts else set()
        everyone = variables["ansible_play_hosts_all"] if by_hosts else ()
        paths, memory = record.finish(done, everyone, sorted(left_out), refused)
        warnings.extend(
            f"{name} is not a variable of the role {self.role.name}, and is not used. The nearest one is {self.role.variable(near)}."
            for name, near in misspelt.items()
        )
        if record.trouble:
            warnings.append(str(record.trouble))
        counts = summary(done.values())
        msg = str(refused) or self._rows.summed_up(done)
        if by_hosts and not refused:
            msg = "\n".join(filter(None, [msg, self._without_proof(done, variables)]))
        self._display.display(msg)
        result: Result = {
            **occasion(self._task, variables),
            "by_hosts": by_hosts,
            "refused": bool(refused),
            "accounts": done,
            "summary": counts,
            "stats": {self.role.variable(name): count for name, count in counts.items()},
            "report": paths,
            "record": memory,
            "trouble": str(record.trouble),
            "msg": msg,
            "warnings": warnings,
            "changed": False,
        }
        if context.CLIARGS.get("step") and (record.trouble or refused or counts["failed"] or counts["not_attempted"]):
            # With --step, the user may skip the task in which each host reports its result.
            result["failed"] = True
        if not by_hosts:
            # Each host reports its own change and diff in its own task. For a list there are only these.
            result["changed"] = any(row["changed"] for row in done.values())
            result["diff"] = difference_of_many(self._rows, t.cast("dict[str, Row]", done))
        return result

    @property
    def _rows(self) -> Rows[t.Any, t.Any]:
        return self.role.rows(self._task.check_mode, self._language)

    @property
    def _language(self) -> Language:
        """The language of the report, and so of the rows."""
        return "zh" if self._task.args.get("report_dir") and self._task.args.get("report_language") == "zh" else "en"

    def _role(self) -> Role:
        name = self._task.args.get("role")
        if name not in ROLES:
            raise AnsibleActionFail(f"role is not one of {', '.join(ROLES)}")
        return ROLES[name]

    def _misspelt(self, variables: Mapping[str, t.Any]) -> dict[str, str]:
        """The variables with the role's prefix that the role does not have. For each the nearest that it has, without the prefix."""
        prefix, known = self.role.variable(""), (*OF_ROLE, *self.role.options)
        unknown = [name for name in variables if name.startswith(prefix) and name.removeprefix(prefix) not in known]
        near = {name: difflib.get_close_matches(name.removeprefix(prefix), known, 1, self.role.resemblance) for name in unknown}
        return {name: names[0] for name, names in near.items() if names}

    def _meant_as_accounts(self, variables: Mapping[str, t.Any]) -> str:
        return next((name for name, near in self._misspelt(variables).items() if near == "accounts"), "")

    def _prepare(
        self, hosts: Mapping[str, Mapping[str, t.Any]], by_hosts: bool, variables: dict[str, t.Any]
    ) -> tuple[list[dict[str, t.Any]], dict[str, Failure], int, dict[str, t.Any]]:
        """The accounts, what is wrong with the other hosts, the number of accounts for each call, and the module's other options.

        Raises OptionsError if nothing can be sent for any account.
        """
        faults: dict[str, Failure] = {}
        self._refuse_strategy()
        options = self._options()
        if by_hosts:
            refuse_differences(self.role, self._task, self._templar, hosts, variables)
            accounts, faults = self._checked(hosts, options, variables)
        else:
            accounts = self._listed(hosts)
            self._refuse_faults(accounts, options)
            no_date({self.role.variable(name): value for name, value in {**options, "accounts": accounts}.items()})
        # This checks all accounts, before work on the first one starts.
        credentials = credentials_by_name({**dict.fromkeys(OPTIONS), **options, "accounts": accounts})
        # Each call would read the third-party platform's list again, so there is only one call.
        has_component = any(one.authorized for one in credentials.values())
        if has_component:
            component_of(options, {name: self.role.variable(name) for name in ("component_appid", "component_access_token")})
        size = max(len(accounts), 1) if by_hosts or has_component else options["batch_size"]
        return accounts, faults, size, {name: options[name] for name in (*CONNECTION, *self.role.options) if options[name] is not None}

    def _refuse_faults(self, accounts: list[dict[str, t.Any]], options: Mapping[str, t.Any]) -> None:
        """Raises OptionsError with what is wrong with what the accounts of a list declare."""
        faults: dict[Text, list[str]] = {}
        for account in accounts:
            fault = self.role.fault_of(options, account)
            if fault:
                faults.setdefault(fault, []).append(_name(account))
        if faults:
            of = Text("{fault} (account {names})")
            what = joined(CLAUSES, [of.filled(fault=fault, names=some(names)) for fault, names in faults.items()])
            remedy = Text("correct what these accounts declare")
            raise OptionsError(what, remedy)

    def _checked(
        self, hosts: Mapping[str, Mapping[str, t.Any]], options: Mapping[str, t.Any], variables: dict[str, t.Any]
    ) -> tuple[list[dict[str, t.Any]], dict[str, Failure]]:
        """The accounts of ``hosts``, and what is wrong with the other hosts.

        The first batch of the play checks the hosts of all batches. If the play does not bear that many failures, there are no accounts.
        """
        play = self._task.get_play()
        borne = 0 if play.any_errors_fatal else play.max_fail_percentage
        later = {} if borne is None or borne >= 100 else later_hosts(self._task, self._templar, variables)
        everyone, misspelt = {**hosts, **later}, self._meant_as_accounts(variables)
        accounts, faults = input_of(self.role, everyone, variables.get("omit"), options, misspelt)
        if later and 100 * len(faults) > borne * len(everyone):
            return [], with_an_end(faults, hosts)
        return [one for one in accounts if one["name"] in hosts], {host: fault for host, fault in faults.items() if host in hosts}

    def _without_proof(self, done: Mapping[str, Result], variables: Mapping[str, t.Any]) -> str:
        """A line for the first of several batches, if it could not show whether a change works; empty otherwise."""
        if self._task.check_mode or not done or not is_first_of_several(variables) or {*map(ending, done.values())} != {"unchanged"}:
            return ""
        already = self.role.states["unchanged"].label
        return (
            f"This stage does not show whether accounts can be {self.role.done}: {some([*done])} {'was' if len(done) == 1 else 'were'} "
            f"{already} already. To begin with an account that is not {already}, run with --limit; a run with --check shows which are not."
        )

    def _refuse_strategy(self) -> None:
        strategy = str(self._task.get_play().strategy)
        if strategy.rsplit(".", 1)[-1].endswith(("free", "host_pinned")):
            raise OptionsError(
                Text("the strategy {strategy} does not let hosts wait for each other, and this role makes one call for all of them").filled(
                    strategy=strategy
                ),
                Text("use the strategy linear, which is Ansible's default"),
            )

    def _options(self) -> dict[str, t.Any]:
        validated = ArgumentSpecValidator({**SPEC, **self.role.options}).validate(
            {name: value for name, value in self._task.args.items() if name not in ("accounts", "role")}
        )
        if validated.error_messages:
            remedy = Text("correct the variable of the role that is named there")
            raise OptionsError(plain("; ".join(validated.error_messages)), remedy)
        options: dict[str, t.Any] = validated.validated_parameters
        if options["batch_size"] < 1:
            what = Text("{variable} is below 1").filled(variable=self.role.variable("batch_size"))
            raise OptionsError(what, Text("give a number such as 500"))
        return options

    def _listed(self, hosts: Mapping[str, Mapping[str, t.Any]]) -> list[dict[str, t.Any]]:
        """The list of accounts as the module will get it. Raises OptionsError if it cannot be used."""
        accounts = self._task.args["accounts"]
        if not isinstance(accounts, list):
            raise OptionsError(
                Text("{variable} is not a list").filled(variable=self.role.variable("accounts")),
                Text("give a list, [] for none; leave it out where the hosts are the accounts"),
            )
        if len(hosts) != 1:
            raise OptionsError(
                Text("{variable} is given in a play of {number} hosts").filled(variable=self.role.variable("accounts"), number=len(hosts)),
                Text("use a play with one host for a list; without {variable} the hosts are the accounts").filled(
                    variable=self.role.variable("accounts")
                ),
            )
        spec = ARGUMENT_SPEC["accounts"]
        spec = {**spec, "options": {**spec["options"], **self.role.account_options}}
        validated = ArgumentSpecValidator({"accounts": spec}).validate({"accounts": accounts})
        if validated.error_messages:
            # Ansible's messages may hold a secret that is in the wrong option.
            name = self.role.variable("accounts")
            raise misshapen(accounts, spec["options"], name) or wrong_kind(name)
        return t.cast("list[dict[str, t.Any]]", validated.validated_parameters["accounts"])

    def _slices(
        self, accounts: list[dict[str, t.Any]], size: int, options: dict[str, t.Any], variables: dict[str, t.Any], record: Record | NoRecord
    ) -> tuple[dict[str, Result], list[str]]:
        """Call the module for all accounts, ``size`` at a time. Stop after a slice that was stopped, or that has no result.

        Returns the result of each account, and the warnings.
        """
        total, unreached = len(accounts), 0
        done: dict[str, Result] = {}
        warnings: dict[str, None] = {}
        for start in range(0, total, size):
            part = accounts[start : start + size]
            if total > size:
                self._display.display(f"accounts {start + 1:,}\N{EN DASH}{start + len(part):,} of {total:,}")
            stop: Result | None
            try:
                record.hand_over(part)
            except RecordError:
                stop = self._without_result(Failure("not_attempted", ATTEMPT, NO_RECORD, self._no_record_remedy(), again=True))
                done.update(dict.fromkeys(map(_name, accounts[start:]), stop))
                break
            called = self.call(self.role.module, {**options, "accounts": part, "language": self._language}, variables)
            answer = called.answer
            warnings.update(dict.fromkeys(answer.get("warnings", ())))
            if called.failure is None and not answer["failure"]:
                rows = answer["accounts"]
                stop = next((row for row in rows.values() if ending(row) == "not_attempted"), None)
                # A slice may be too small for the module itself to find out that no account can be reached.
                unreachable = [row for row in rows.values() if row["failure"] and row["failure"]["reason"] == "transport"]
                unreached = unreached + len(unreachable) if len(unreachable) == len(rows) else 0
                if unreached >= UNREACHED_IN_A_ROW and not stop:
                    remedy = GO_ON.filled(remedy=unreachable[-1]["failure"]["remedy"])
                    stop = self._without_result(Failure("not_attempted", ATTEMPT, NONE_REACHED, remedy))
            else:
                stop = self._without_result(NOT_STARTED)
                rows = dict.fromkeys(map(_name, part), self._instead(called))
            record.answered(rows)
            done.update(rows)
            if record.trouble and not stop:
                stop = self._without_result(Failure("not_attempted", ATTEMPT, NO_RECORD, self._no_record_remedy(), again=True))
            if stop:
                done.update(dict.fromkeys(map(_name, accounts[start + size :]), stop))
                break
        return done, list(warnings)

    def _instead(self, called: Called) -> Result:
        """The result of each account for which the module returned none."""
        if called.failure is None:
            its = {name: called.answer.get(name) for name in ("failure", "msg")}
            return {**self._without_result(NOT_STARTED), **its}
        return self._without_result(called.failure, None if called.may_have_sent else False)

    def _without_result(self, failure: Failure, request_sent: bool | None = False) -> Result:
        outcome: Outcome[t.Any] = Outcome(failure=failure, request_sent=request_sent)
        return {**self._rows.one(outcome), "failed": True}

    def _no_record_remedy(self) -> Text:
        return _RECORD_REMEDY.filled(variable=self.role.variable("report_dir"))


def _name(account: Mapping[str, t.Any]) -> str:
    return str(account["name"] or account["appid"])
