# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""One run of a module, from its options to its exit."""

from __future__ import annotations

import functools
import os
import time
import typing as t

from ansible.module_utils.api import generate_jittered_backoff
from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.wxops.official_account.plugins.module_utils._account import AccountReader, AccountSwitch
from ansible_collections.wxops.official_account.plugins.module_utils._api import Api
from ansible_collections.wxops.official_account.plugins.module_utils._arguments import (
    CREDENTIAL_VARIABLES,
    OptionsError,
    connection,
    credentials,
)
from ansible_collections.wxops.official_account.plugins.module_utils._credentials import AppSecret, Credential, GivenToken
from ansible_collections.wxops.official_account.plugins.module_utils._draft_switch import Outcome
from ansible_collections.wxops.official_account.plugins.module_utils._errors import REPORT_BUG, START_STEP, TURN_OFF_STEP, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._patience import Patience
from ansible_collections.wxops.official_account.plugins.module_utils._secrets import SHORTEST_MASKED, register
from ansible_collections.wxops.official_account.plugins.module_utils._transport import HAS_REQUESTS, Transport

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ansible_collections.wxops.official_account.plugins.module_utils._results import Result


class TaskAccount:
    """The account that a module's options name."""

    def __init__(self, module: AnsibleModule) -> None:
        """Raises OptionsError if the options cannot be used. Sends nothing."""
        if not HAS_REQUESTS:
            # The first of its sentences names the host and the Python.
            missing = missing_required_lib("requests").split(". ")[0]
            raise OptionsError(
                missing[:1].lower() + missing[1:],
                "install it there, or set ansible_python_interpreter to a Python that has it",
            )
        given = credentials(module.params, os.environ)
        reach = connection(module.params)
        masked = functools.partial(register, module.no_log_values)
        for secret in filter(None, (given.access_token, given.secret)):
            masked(secret)
        if reach.plain_http:
            module.warn("api_url is plain http: whoever is on the way to it can read the access_token and the secret.")
        self.patience = Patience(pauses=functools.partial(pauses, reach.retries), sleep=time.sleep)
        self._api = Api(Transport(reach.url, reach.timeout, reach.verify), on_secret=masked)
        self._credential: Credential = (
            GivenToken(given.access_token) if given.access_token else AppSecret(self._api, given.appid, given.secret, self.patience)
        )

    def reader(self) -> AccountReader:
        return AccountReader(self._api.look, self._credential, self.patience)

    def switch(self) -> AccountSwitch:
        return AccountSwitch(self._api.look, self._api.enable, self._credential, self.patience)


class Module(AnsibleModule):
    """An AnsibleModule whose failures have all of its keys, those that Ansible itself finds in the options too.

    ``tell``: makes the result from the outcome, and from whether it is check mode.
    """

    def __init__(self, tell: Callable[[Outcome, bool], Result], argument_spec: dict[str, dict[str, t.Any]]) -> None:
        self._tell = tell
        super().__init__(argument_spec=argument_spec, supports_check_mode=True)  # type: ignore[no-untyped-call]

    def fail_json(self, msg: str, **result: t.Any) -> t.NoReturn:
        if "failure" not in result:
            self._hide_unchecked_options()
            outcome = Outcome(failure=Failure("operator", START_STEP, msg, "correct the option that the message names"))
            result = {**self._tell(outcome, self.check_mode), **result}
            result.pop("msg")
        super().fail_json(msg=msg, **result)
        raise SystemExit(1)

    def run(self, work: Callable[[Module], Outcome]) -> None:
        """Do ``work``, tell its outcome, and exit. No exception gets out, because a traceback could show a token."""
        outcome = self._outcome_of(work)
        if outcome.failure and outcome.failure.step in (START_STEP, TURN_OFF_STEP):
            self._hide_unchecked_options()
        if outcome.retired:
            self.warn(
                "The platform answers that draft/switch is no longer offered. It has announced that every account's draft box is on "
                "by then, so is_open is true, but not verified. The task is no longer needed."
            )
        result = self._tell(outcome, self.check_mode)
        if self._diff and not outcome.failure and not outcome.retired:
            after = True if outcome.changed else outcome.was_open
            result["diff"] = {"before": {"is_open": outcome.was_open}, "after": {"is_open": after}}
        if outcome.failure:
            self.fail_json(**result)
        self.exit_json(**result)

    def _outcome_of(self, work: Callable[[Module], Outcome]) -> Outcome:
        try:
            return work(self)
        except OptionsError as error:
            failure = Failure("operator", START_STEP, error.what, error.remedy)
        except Exception as unexpected:
            failure = Failure("protocol", START_STEP, f"an unexpected {type(unexpected).__name__} in this collection", REPORT_BUG)
        return Outcome(failure=failure)

    def _hide_unchecked_options(self) -> None:
        # Ansible shows the arguments when asked to. A secret may be in the wrong one, or be a typo of a few characters,
        # which would shred all output if it were masked.
        for option in (*CREDENTIAL_VARIABLES, "api_url"):
            if self.params.get(option) is not None:
                self.params[option] = "NOT SHOWN"
        self.no_log_values = {value for value in self.no_log_values if len(value) >= SHORTEST_MASKED}


def pauses(retries: int) -> Iterator[float]:
    """Seconds before each of ``retries`` further tries: exponential with full jitter, some seconds in all, never none."""
    for pause in generate_jittered_backoff(retries, delay_base=2, delay_threshold=4):
        yield 0.25 + pause
