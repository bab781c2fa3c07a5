# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""One run of a module, from its options to its exit."""

from __future__ import annotations

import contextlib
import functools
import io
import os
import re
import time
import typing as t

from .._http.errors import START_STEP, Failure, surprise
from .._http.patience import Patience
from .._http.secrets import SHORTEST_MASKED, Secrets
from .._resource.draft_switch import Outcome
from .._resource.results import Results, fleet_result, refused_fleet_result
from .credentials import OPTIONS, credentials, fleet
from .limits import NO_THREADS, Reserve, allow_threads, fitting, load_codecs
from .operator import Operator
from .options import ACCOUNTS_SHAPE, OptionsError
from .quiet import QuietModule
from .service import Account, Accounts, Service
from .workers import LOST, LOST_LOOK, Fleet

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._resource.tally import Result
    from .credentials import Given

    Work = Callable[[Account], Outcome]


class Module(QuietModule):
    """An AnsibleModule whose failures have all of its keys, those that Ansible itself finds in the options too.

    ``make_results``: makes what tells the outcomes; told whether it is check mode.
    """

    def __init__(self, make_results: Callable[[bool], Results], argument_spec: dict[str, dict[str, t.Any]]) -> None:
        self._make_results = make_results
        allow_threads()
        self._operator = Operator()
        super().__init__(argument_spec=argument_spec, supports_check_mode=True)  # type: ignore[no-untyped-call]
        try:
            self._operator.begin()
        except (RuntimeError, MemoryError):
            self._watched = False
        else:
            self._watched = True

    def fail_json(self, msg: str, **result: t.Any) -> t.NoReturn:
        if "failure" not in result:
            if self.params.get("accounts") is not None and re.search(r"accounts\.|'accounts'", msg):
                # Ansible's words on a value that it did not expect hold the value.
                msg = f"accounts cannot be used: {ACCOUNTS_SHAPE}"
            result = {**self._refused(Failure("operator", START_STEP, msg, "correct the option that the message names")), **result}
            result.pop("msg")
        self._operator.rest()
        super().fail_json(msg=msg, **result)
        raise SystemExit(1)

    def exit_json(self, **result: t.Any) -> t.NoReturn:
        self._operator.rest()
        super().exit_json(**result)
        raise SystemExit(0)

    def run(self, work: Work, *, may_send: bool) -> None:
        """Do ``work`` for the account or the accounts of the options, tell, and exit.

        ``may_send``: whether it may send an enabling request. No exception gets out, because a traceback could show a token.
        """
        many = self.params["accounts"] is not None
        lost = LOST if may_send else LOST_LOOK
        if not self._watched:  # it might go on after whoever started it
            self.refuse(NO_THREADS)
        try:
            self._rehearse()
            reserve = Reserve(len(self.params["accounts"]) if many else 1)
            outcomes = self._work_on_fleet(work, lost) if many else {"": self._work_on_one(work, lost)}
        except OptionsError as error:
            self.refuse(Failure("operator", START_STEP, error.what, error.remedy))
        except Exception as unexpected:
            self.refuse(surprise(START_STEP, unexpected))
        reserve.give_back()
        if any(outcome.retired for outcome in outcomes.values()):
            self.warn(
                "The platform answers that draft/switch is no longer offered. It has announced that every account's draft box is on "
                "by then, so is_open is true, but not verified. The task is no longer needed."
            )
        if many:
            self._forget_accounts()
            result = fleet_result(self._results, outcomes)
        else:
            result = self._results.one(outcomes[""])
        if self._diff:
            result.update(_diff_of_fleet(outcomes) if many else _diff_of_one(outcomes[""]))
        if any(outcome.failure for outcome in outcomes.values()):
            self.fail_json(**result)
        self.exit_json(**result)

    def refuse(self, failure: Failure) -> t.NoReturn:
        """Fail before anything was sent."""
        self.fail_json(**self._refused(failure))

    @property
    def _results(self) -> Results:
        return self._make_results(self.check_mode)

    def _refused(self, failure: Failure) -> Result:
        self._hide_unchecked_options()
        if self.params.get("accounts") is not None:
            return refused_fleet_result(failure)
        return self._results.one(Outcome(failure=failure))

    def _rehearse(self) -> None:
        """Load all that telling takes while files can still be opened, by telling nobody something once."""
        load_codecs()
        for tell in (super().exit_json, functools.partial(super().fail_json, "")):
            with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
                tell(invocation={})

    def _work_on_one(self, work: Work, lost: Outcome) -> Outcome:
        given = credentials(self.params, os.environ)
        service = Service(self.params, [given], Secrets(self.no_log_values), self.warn, still_wanted=self._operator.still_wanted)
        account = Accounts(service, {"": given}, Patience(pauses=service.pauses, sleep=time.sleep)).account(given)
        try:
            return work(account)
        except MemoryError:  # it may have come after a request was sent
            return lost

    def _work_on_fleet(self, work: Work, lost: Outcome) -> dict[str, Outcome]:
        given = fleet(self.params)
        # Their masking is not left to Ansible: see _forget_accounts.
        concurrency = fitting(min(self.params["concurrency"], len(given)), self.warn)
        running = Fleet(concurrency, lost, self.warn)
        service = Service(
            self.params,
            given.values(),
            Secrets(set()),
            self.warn,
            max(concurrency, 1),
            running.answered,
            self._operator.still_wanted,
        )
        accounts = Accounts(service, given, running.patience(service.pauses))
        # Each is made when its turn comes, so that they do not lie in memory all at once.
        works = {name: functools.partial(_work_on, work, accounts, one) for name, one in given.items()}
        return running.run(works)

    def _hide_unchecked_options(self) -> None:
        # Ansible shows the arguments when asked to. A secret may be in the wrong one, or be a typo of a few characters,
        # which would shred all output if it were masked. Text that cannot be encoded would be the end of the whole result.
        misspelt = set(self.params).difference(self.argument_spec)
        for option in (*OPTIONS, "component_appid", "component_access_token", "accounts", "api_url", "ca_path", *misspelt):
            if self.params.get(option) is not None:
                self.params[option] = "NOT SHOWN"
        self.no_log_values = {value for value in self.no_log_values if len(value) >= SHORTEST_MASKED}

    def _forget_accounts(self) -> None:
        # Masking takes secrets times strings, minutes for 10,000 accounts. What is left has none: see Secrets.scrub.
        for option in ("accounts", "component_access_token"):
            if self.params[option] is not None:
                self.params[option] = "NOT SHOWN"
        self.no_log_values = set()


def _work_on(work: Work, accounts: Accounts, given: Given) -> Outcome:
    return work(accounts.account(given))


def _diff_of_one(outcome: Outcome) -> Result:
    if outcome.failure or outcome.retired:
        return {}
    after = True if outcome.changed else outcome.was_open
    return {"diff": {"before": {"is_open": outcome.was_open}, "after": {"is_open": after}}}


def _diff_of_fleet(outcomes: Mapping[str, Outcome]) -> Result:
    changed = [name for name, outcome in outcomes.items() if outcome.changed]
    return {"diff": {"before": {name: {"is_open": False} for name in changed}, "after": {name: {"is_open": True} for name in changed}}}
