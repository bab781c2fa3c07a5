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
from ansible.module_utils.basic import missing_required_lib
from ansible_collections.wxops.official_account.plugins.module_utils._account import AccountReader, AccountSwitch
from ansible_collections.wxops.official_account.plugins.module_utils._api import HAS_REQUESTS, Api
from ansible_collections.wxops.official_account.plugins.module_utils._arguments import OptionsError, connection, credentials
from ansible_collections.wxops.official_account.plugins.module_utils._credentials import AppSecret, Credential, GivenToken
from ansible_collections.wxops.official_account.plugins.module_utils._draft_switch import Outcome
from ansible_collections.wxops.official_account.plugins.module_utils._errors import REPORT_BUG, START_STEP, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._patience import Patience
from ansible_collections.wxops.official_account.plugins.module_utils._secrets import SHORTEST_MASKED, register

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ansible.module_utils.basic import AnsibleModule
    from ansible_collections.wxops.official_account.plugins.module_utils._results import Result


class Account:
    """The account that a module's options name."""

    def __init__(self, module: AnsibleModule) -> None:
        """Raises OptionsError if the options cannot be used. Sends nothing."""
        if not HAS_REQUESTS:
            raise OptionsError(missing_required_lib("requests"), "install it there")
        way = credentials(module.params, os.environ)
        reach = connection(module.params)
        masked = functools.partial(register, module.no_log_values)
        for secret in filter(None, (way.access_token, way.secret)):
            masked(secret)
        if reach.readable:
            module.warn("api_url is plain http: whoever is on the way to it can read the access_token and the secret.")
        self.patience = Patience(pauses=functools.partial(pauses, reach.retries), sleep=time.sleep)
        self._api = Api(reach.url, reach.timeout, reach.verify, masked)
        self._credential: Credential = (
            GivenToken(way.access_token) if way.access_token else AppSecret(self._api, way.appid, way.secret, self.patience)
        )

    def reader(self) -> AccountReader:
        return AccountReader(self._api.look, self._credential, self.patience)

    def switch(self) -> AccountSwitch:
        return AccountSwitch(self._api.look, self._api.enable, self._credential, self.patience)


def run(module: AnsibleModule, work: Callable[[AnsibleModule], Outcome], tell: Callable[[Outcome], Result]) -> None:
    """Do ``work``, tell its outcome, and exit. No exception gets out, because a traceback could show a token."""
    outcome = _outcome(module, work)
    # A malformed secret of a few characters would shred all output if it were masked. It is printed nowhere.
    module.no_log_values = {value for value in module.no_log_values if len(value) >= SHORTEST_MASKED}
    if outcome.retired:
        module.warn(
            "The platform answers that draft/switch is no longer offered. It has announced that every account's draft box is on "
            "by then, so is_open is true, but not verified. The task is no longer needed."
        )
    result = tell(outcome)
    if module._diff and not outcome.failure:
        result["diff"] = {"before": {"is_open": outcome.was_open}, "after": {"is_open": outcome.changed or outcome.is_open}}
    if outcome.failure:
        module.fail_json(**result)
    module.exit_json(**result)


def _outcome(module: AnsibleModule, work: Callable[[AnsibleModule], Outcome]) -> Outcome:
    try:
        return work(module)
    except OptionsError as error:
        register(module.no_log_values, error.hide)
        failure = Failure("operator", START_STEP, error.what, error.remedy)
    except Exception as unexpected:
        failure = Failure("protocol", START_STEP, f"an unexpected {type(unexpected).__name__} in this collection", REPORT_BUG)
    return Outcome(failure=failure)


def pauses(retries: int) -> Iterator[float]:
    """Seconds before each of ``retries`` further tries: exponential with full jitter, some seconds in all, never none."""
    for pause in generate_jittered_backoff(retries, delay_base=2, delay_threshold=4):
        yield 0.25 + pause
