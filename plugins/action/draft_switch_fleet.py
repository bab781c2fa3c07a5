# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one call of the role draft_switch: for all hosts of a batch, or for a list in slices."""

from __future__ import annotations

import typing as t
import uuid

from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase
from ansible_collections.wxops.official_account.plugins.module_utils._arguments import ARGUMENT_SPEC, OptionsError
from ansible_collections.wxops.official_account.plugins.module_utils._draft_switch import Outcome
from ansible_collections.wxops.official_account.plugins.module_utils._errors import ATTEMPT_STEP, ENABLE_STEP, REPORT_BUG, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._given_credentials import OPTIONS, component, fleet
from ansible_collections.wxops.official_account.plugins.module_utils._results import SwitchResults, told_of_switches
from ansible_collections.wxops.official_account.plugins.module_utils._tally import Result, ending, summary
from ansible_collections.wxops.official_account.plugins.plugin_utils._hosts import accounts_of_hosts, takes_part
from ansible_collections.wxops.official_account.plugins.plugin_utils._report import Report

if t.TYPE_CHECKING:
    from collections.abc import Mapping

MODULE = "wxops.official_account.wechat_draft_switch"

# What goes to the module as it is.
PASSED_ON = (
    *("state", "component_appid", "component_access_token", "concurrency"),
    *("api_url", "timeout", "retries", "validate_certs", "ca_path"),
)

# An account that the module was told to work on and said nothing of, because it did not come back.
LOST = Failure(
    "outcome_unknown",
    ENABLE_STEP,
    "the module that worked on it ended without a result",
    "run again: it looks first; find out why the module ended (-vvv shows its last words)",
)
NEVER_BEGUN = Failure("not_attempted", ATTEMPT_STEP, "the module that worked on the accounts before ended without a result", LOST.remedy)


class ActionModule(ActionBase):
    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> Result:
        super().run(tmp, task_vars)
        call = {"id": uuid.uuid4().hex}
        try:
            return {**call, **self._run(task_vars or {})}
        except OptionsError as error:
            return {**call, "failed": True, "accounts": {}, "msg": f"Failed to start: {error.what}; nothing was sent; {error.remedy}."}
        except AnsibleActionFail:
            raise
        except Exception as unexpected:  # its text could hold a secret
            what = f"an unexpected {type(unexpected).__name__} in this collection; enabling requests may have been sent"
            return {**call, "failed": True, "accounts": {}, "msg": f"Failed: {what}; run again: it looks first; {REPORT_BUG}."}

    def _run(self, variables: dict[str, t.Any]) -> Result:
        self._refuse_strategy()
        _validation, options = self.validate_argument_spec(  # type: ignore[no-untyped-call]
            {
                "accounts": {"type": "list", "elements": "dict"},
                "batch_size": {"type": "int", "default": 500},
                "report_dir": {"type": "path"},
                "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
                **{name: ARGUMENT_SPEC[name] for name in PASSED_ON if name != "state"},
            }
        )
        batch = variables["ansible_play_batch"]
        hosts = [host for host in batch if takes_part(variables["hostvars"].raw_get(host))]
        by_hosts = options["accounts"] is None
        if not by_hosts and len(hosts) != 1:
            raise OptionsError(
                f"draft_switch_accounts is given in a play of {len(hosts)} hosts",
                "use a play with one host for a list; without draft_switch_accounts the hosts are the accounts",
            )
        accounts = accounts_of_hosts(variables, hosts) if by_hosts else _checked(options["accounts"])
        size = max(len(accounts), 1) if by_hosts else options["batch_size"]
        if size < 1:
            raise OptionsError("draft_switch_batch_size is below 1", "give a number such as 500")
        # Refuses all of them before the first is worked on.
        fleet({**dict.fromkeys(OPTIONS), **options, "accounts": accounts})
        component(options)
        report = Report(options["report_dir"], self._task.get_play()) if options["report_dir"] else None
        result = self._work(accounts, size, {name: options[name] for name in PASSED_ON if options[name] is not None}, variables)
        if report and "summary" in result:
            waiting = variables["ansible_play_hosts_all"] if by_hosts else ()
            left_out = set(batch).difference(hosts) if by_hosts else ()
            try:
                result["report"] = report.write(result["accounts"], waiting, left_out, self._task.check_mode)
            except Exception as broken:  # what was done must be told all the same
                result["warnings"] = [*result["warnings"], f"The report could not be written ({type(broken).__name__})."]
        if "summary" in result:
            result["stats"] = {f"draft_switch_{name}": count for name, count in result["summary"].items()}
            self._display.display(result["msg"])
        result["by_hosts"] = by_hosts
        if by_hosts:
            # Each host tells its own change, and shows its own difference.
            result["changed"] = False
            result.pop("diff", None)
        return result

    def _refuse_strategy(self) -> None:
        strategy = str(self._task.get_play().strategy)
        if strategy.rsplit(".", 1)[-1].endswith(("free", "host_pinned")):
            raise OptionsError(
                f"the strategy {strategy} does not let hosts wait for each other, and this role makes one call for all of them",
                "use the strategy linear, which is Ansible's default",
            )

    def _work(self, accounts: list[dict[str, t.Any]], size: int, options: dict[str, t.Any], variables: dict[str, t.Any]) -> Result:
        """All accounts, ``size`` at a time; none any more once a slice was stopped or lost."""
        results = SwitchResults(self._task.check_mode)
        total = len(accounts)
        done: dict[str, Result] = {}
        warnings: list[str] = []
        unbegun: Result | None = None
        for start in range(0, total, size):
            part = accounts[start : start + size]
            if unbegun is not None:
                done.update((_name(account), unbegun) for account in part)
                continue
            if total > size:
                self._display.display(f"accounts {start + 1:,}\N{EN DASH}{start + len(part):,} of {total:,}")
            answer: Result = self._execute_module(module_name=MODULE, module_args={**options, "accounts": part}, task_vars=variables)
            if "summary" not in answer or answer["failure"]:
                if not done:
                    return answer
                done.update((_name(account), _failed(results, LOST)) for account in part)
                unbegun = _failed(results, NEVER_BEGUN)
                continue
            warnings = answer.get("warnings", warnings)
            done.update(answer["accounts"])
            unbegun = next((result for result in answer["accounts"].values() if ending(result) == "not_attempted"), None)
        changed = [name for name, result in done.items() if result["changed"]]
        return {
            "changed": bool(changed),
            "accounts": done,
            "summary": summary(done.values()),
            "msg": told_of_switches(done, self._task.check_mode),
            "warnings": warnings,
            "diff": {"before": {name: {"is_open": False} for name in changed}, "after": {name: {"is_open": True} for name in changed}},
        }


def _checked(accounts: list[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    """``accounts`` as the module will see them."""
    validated = ArgumentSpecValidator({"accounts": ARGUMENT_SPEC["accounts"]}).validate({"accounts": accounts})
    if validated.error_messages:
        raise OptionsError(f"draft_switch_accounts cannot be used: {'; '.join(validated.error_messages)}", "correct these accounts")
    return t.cast("list[dict[str, t.Any]]", validated.validated_parameters["accounts"])


def _name(account: Mapping[str, t.Any]) -> str:
    return str(account["name"] or account["appid"])


def _failed(results: SwitchResults, failure: Failure) -> Result:
    return {**results.one(Outcome(failure=failure, request_sent=failure is LOST)), "failed": True}
