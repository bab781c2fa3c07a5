# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""The platform as a module's options reach it, and the accounts on it as something to look at or to switch."""

from __future__ import annotations

import functools
import typing as t

from ansible.module_utils.api import generate_jittered_backoff
from ansible.module_utils.basic import missing_required_lib

from .._account.api import DEFAULT_URL, Api
from .._account.component import Component
from .._account.session import AccountReader, AccountSwitch
from .._account.tokens import (
    Authorization,
    Credential,
    FetchedToken,
    GivenToken,
    ListedTokens,
    LookedUpTokens,
    RefreshTokens,
    TokenOwners,
)
from .._http.transport import HAS_REQUESTS, Transport
from .._http.wire import Wire
from .credentials import Given, component
from .options import OptionsError, connection

if t.TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from .._http.patience import Patience
    from .._http.secrets import Secrets


class Service:
    """The platform. Safe to share between threads.

    ``params``: the module's. ``given``: all credentials that will be used, so that none of them is ever passed on;
    None for a third-party platform's alone.
    ``warn``: passes a warning to the user. ``connections``: how many to keep open. ``answered``: called with every answer.
    ``still_wanted``: whether anybody waits for what this run does; asked right before each change.
    Raises OptionsError if the options cannot be used. Sends nothing.
    """

    def __init__(
        self,
        params: Mapping[str, t.Any],
        given: Collection[Given] | None,
        secrets: Secrets,
        warn: Callable[[str], None],
        connections: int = 1,
        answered: Callable[[], object] = lambda: None,
        still_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        if not HAS_REQUESTS:
            # The first of its sentences names the host and the Python.
            missing = missing_required_lib("requests").split(". ")[0]
            raise OptionsError(
                missing[:1].lower() + missing[1:],
                "install it there, or, for a task, set ansible_python_interpreter to a Python that has it",
            )
        reach = connection(params)
        platform = component(params) if given is None or any(one.authorized for one in given) else None
        for one in given or ():
            for secret in one.secrets():
                secrets.add(secret)
        if reach.plain_http:
            warn("api_url is plain http: whoever is on the way to it can read the tokens and secrets in the requests.")
        self._retries = reach.retries
        try:
            transport = Transport(reach.url, reach.timeout, reach.verify, connections, answered, still_wanted)
        except ValueError:  # of requests, and it holds the URL
            transport = None
        if transport is None:
            raise OptionsError("api_url is not a URL", f"give one such as {DEFAULT_URL}")
        wire = Wire(transport, secrets)
        self.api = Api(wire)
        self.component: Component | None = None
        if platform:
            secrets.add(platform.access_token)
            self.component = Component(wire, platform.appid, platform.access_token)

    def pauses(self) -> Iterator[float]:
        return pauses(self._retries)


class Accounts:
    """The accounts on ``service`` that a task works on, all ``given`` at once, by name. ``patience``: with which each is asked."""

    def __init__(self, service: Service, given: Mapping[str, Given], patience: Patience) -> None:
        self._service = service
        self._patience = patience
        self._owners = TokenOwners({one.access_token: name for name, one in given.items() if one.access_token})
        self._refresh_tokens: RefreshTokens | None = None
        if service.component:
            # Those of one account cost one call this way, those of many a page for 500.
            wanted = [one.appid for one in given.values() if one.authorized and not one.authorizer_refresh_token]
            listed = ListedTokens(service.component, wanted, patience)
            self._refresh_tokens = LookedUpTokens(service.component, listed, patience) if len(wanted) == 1 else listed

    def account(self, given: Given) -> Account:
        return Account(self._service.api, self._credential(given), self._patience)

    def _credential(self, given: Given) -> Credential:
        if given.access_token:
            return GivenToken(given.access_token)
        if self._service.component and self._refresh_tokens and given.authorized:
            refresh_token = given.authorizer_refresh_token
            authorization = Authorization(self._service.component, given.appid, refresh_token, self._refresh_tokens, self._patience)
            return FetchedToken(authorization.fetch_token, given.appid, self._owners)
        fetch = functools.partial(self._service.api.fetch_token, given.appid, given.secret)
        return FetchedToken(functools.partial(self._patience.read, fetch), given.appid, self._owners)


class Account:
    """One account, as something to look at or to switch."""

    def __init__(self, api: Api, credential: Credential, patience: Patience) -> None:
        self.patience = patience
        self._api = api
        self._credential = credential

    def reader(self) -> AccountReader:
        return AccountReader(self._api.look, self._credential, self.patience)

    def switch(self) -> AccountSwitch:
        return AccountSwitch(self._api.look, self._api.enable, self._credential, self.patience)


def pauses(retries: int) -> Iterator[float]:
    """Seconds before each of ``retries`` further tries: exponential with full jitter, some seconds in all, never none."""
    for pause in generate_jittered_backoff(retries, delay_base=2, delay_threshold=4):
        yield 0.25 + pause
