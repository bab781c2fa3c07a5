# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""The platform as a module's options reach it, and the accounts on it as sessions."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ansible.module_utils.api import generate_jittered_backoff
from ansible.module_utils.basic import missing_required_lib

from .._account.component import Component
from .._account.session import Reader, Session
from .._account.tokens import (
    Authorization,
    FetchedToken,
    GivenToken,
    ListedTokens,
    LookedUpTokens,
    RefreshTokens,
    TokenOwners,
    TokenSource,
    fetch_token,
)
from .._http.errcodes import COMPONENT_CALL
from .._http.secrets import Secrets
from .._http.transport import DEFAULT_URL, HAS_REQUESTS, Transport
from .._http.wire import Wire
from .credentials import Credentials, component_of
from .options import OptionsError, connection

try:
    # ansible-core 2.22 and later mask what is registered here, in the module's process and on display.
    from ansible.module_utils.secrets import register_secret  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    register_secret = None

if t.TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from .._http.patience import Patience


def secrets_masked_in(values: set[str]) -> Secrets:
    """The secrets of a run. ``values``: the AnsibleModule's ``no_log_values``, which cores before 2.22 mask in all that it returns."""

    def mask(spelling: str) -> None:
        values.add(spelling)
        if register_secret is not None:
            register_secret(spelling)

    return Secrets(mask)


class Service:
    """The platform. Safe to share between threads.

    ``params``: the module's. ``given``: all credentials that will be used, so that none of them is ever passed on;
    None for a third-party platform's alone. ``permission``: what an account grants a third-party platform for this work.
    ``warn``: passes a warning to the user. ``connections``: how many to keep open. ``answered``: called with every answer.
    ``still_wanted``: whether anybody waits for what this run does; asked right before each change.
    Raises OptionsError if the options cannot be used. Sends nothing.
    """

    def __init__(
        self,
        params: Mapping[str, t.Any],
        given: Collection[Credentials] | None,
        secrets: Secrets,
        warn: Callable[[str], None],
        connections: int = 1,
        answered: Callable[[], object] = lambda: None,
        still_wanted: Callable[[], bool] = lambda: True,
        permission: str = COMPONENT_CALL.permission,
    ) -> None:
        if not HAS_REQUESTS:
            # The first of its sentences names the host and the Python.
            missing = missing_required_lib("requests").split(". ")[0]
            raise OptionsError(
                missing[:1].lower() + missing[1:],
                "install it there, or, for a task, set ansible_python_interpreter to a Python that has it",
            )
        reach = connection(params)
        platform = component_of(params) if given is None or any(one.authorized for one in given) else None
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
        self.wire = Wire(transport, secrets)
        self.component: Component | None = None
        if platform:
            secrets.add(platform.access_token)
            codes = dataclasses.replace(COMPONENT_CALL, permission=permission)
            self.component = Component(self.wire, platform.appid, platform.access_token, codes)

    def pauses(self) -> Iterator[float]:
        return pauses(self._retries)


class Sessions:
    """The accounts that a task works on: all that are ``given`` at once, by name. ``patience``: for each request that reads."""

    def __init__(self, service: Service, given: Mapping[str, Credentials], patience: Patience) -> None:
        self.patience = patience
        self._wire = service.wire
        self._component = service.component
        self._owners = TokenOwners({one.access_token: name for name, one in given.items() if one.access_token})
        self._refresh_tokens: RefreshTokens | None = None
        if service.component:
            # Those of one account cost one call this way, those of many a page for 500.
            wanted = [one.appid for one in given.values() if one.authorized and not one.authorizer_refresh_token]
            listed = ListedTokens(service.component, wanted, patience)
            self._refresh_tokens = LookedUpTokens(service.component, listed, patience) if len(wanted) == 1 else listed

    def reader(self, given: Credentials) -> Reader:
        return Reader(self._wire, self._tokens(given), self.patience)

    def session(self, given: Credentials) -> Session:
        return Session(self._wire, self._tokens(given), self.patience)

    def _tokens(self, given: Credentials) -> TokenSource:
        if given.access_token:
            return GivenToken(given.access_token)
        if self._component and self._refresh_tokens and given.authorized:
            refresh_token = given.authorizer_refresh_token
            authorization = Authorization(self._component, given.appid, refresh_token, self._refresh_tokens, self.patience)
            return FetchedToken(authorization.fetch_token, given.appid, self._owners)
        fetch = functools.partial(fetch_token, self._wire, given.appid, given.secret)
        return FetchedToken(functools.partial(self.patience.read, fetch), given.appid, self._owners)


def pauses(retries: int) -> Iterator[float]:
    """Seconds before each of ``retries`` further tries: exponential with full jitter, some seconds in all, never none."""
    for pause in generate_jittered_backoff(retries, delay_base=2, delay_threshold=4):
        yield 0.25 + pause
