# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""The platform as a module's options reach it, and the accounts on it as something to look at or to switch."""

from __future__ import annotations

import typing as t

from ansible.module_utils.api import generate_jittered_backoff
from ansible.module_utils.basic import missing_required_lib
from ansible_collections.wxops.official_account.plugins.module_utils._account import AccountReader, AccountSwitch
from ansible_collections.wxops.official_account.plugins.module_utils._api import Api
from ansible_collections.wxops.official_account.plugins.module_utils._arguments import CredentialOptions, OptionsError, connection
from ansible_collections.wxops.official_account.plugins.module_utils._credentials import AppSecret, Credential, GivenToken
from ansible_collections.wxops.official_account.plugins.module_utils._transport import HAS_REQUESTS, Transport

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ansible_collections.wxops.official_account.plugins.module_utils._patience import Patience
    from ansible_collections.wxops.official_account.plugins.module_utils._secrets import Secrets


class Service:
    """The platform. Safe to share between threads.

    ``params``: the module's. ``given``: all credentials that will be used, so that none of them is ever passed on.
    ``warn``: passes a warning to the user. ``connections``: how many to keep open. ``answered``: called with every answer.
    Raises OptionsError if the options cannot be used. Sends nothing.
    """

    def __init__(
        self,
        params: Mapping[str, t.Any],
        given: Iterable[CredentialOptions],
        secrets: Secrets,
        warn: Callable[[str], None],
        connections: int = 1,
        answered: Callable[[], object] = lambda: None,
    ) -> None:
        if not HAS_REQUESTS:
            # The first of its sentences names the host and the Python.
            missing = missing_required_lib("requests").split(". ")[0]
            raise OptionsError(
                missing[:1].lower() + missing[1:],
                "install it there, or set ansible_python_interpreter to a Python that has it",
            )
        reach = connection(params)
        for one in given:
            for secret in filter(None, (one.access_token, one.secret)):
                secrets.add(secret)
        if reach.plain_http:
            warn("api_url is plain http: whoever is on the way to it can read the access_token and the secret.")
        self._retries = reach.retries
        self._api = Api(Transport(reach.url, reach.timeout, reach.verify, connections, answered), secrets)

    def pauses(self) -> Iterator[float]:
        return pauses(self._retries)

    def account(self, given: CredentialOptions, patience: Patience) -> Account:
        return Account(self._api, given, patience)


class Account:
    """An account with the credentials that were given for it."""

    def __init__(self, api: Api, given: CredentialOptions, patience: Patience) -> None:
        self.patience = patience
        self._api = api
        self._credential: Credential = (
            GivenToken(given.access_token) if given.access_token else AppSecret(api, given.appid, given.secret, patience)
        )

    def reader(self) -> AccountReader:
        return AccountReader(self._api.look, self._credential, self.patience)

    def switch(self) -> AccountSwitch:
        return AccountSwitch(self._api.look, self._api.enable, self._credential, self.patience)


def pauses(retries: int) -> Iterator[float]:
    """Seconds before each of ``retries`` further tries: exponential with full jitter, some seconds in all, never none."""
    for pause in generate_jittered_backoff(retries, delay_base=2, delay_threshold=4):
        yield 0.25 + pause
