# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds, from a module's options, the connection to the platform and the sessions of the accounts."""

from __future__ import annotations

import dataclasses
import functools
import time
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
from .._http.environment import UnusableEnvironment, check_tls
from .._http.errcodes import COMPONENT_CALL
from .._http.secrets import Secrets
from .._http.transport import HAS_REQUESTS, Transport
from .._http.wire import Wire
from .._text import Text, verbatim
from .credentials import Credentials, component_of
from .options import NO_URL, SUCH_AS, OptionsError, connection

try:
    # ansible-core 2.22 and later mask what is registered here, in the module's process and on display.
    from ansible.module_utils.secrets import register_secret  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    register_secret = None

if t.TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from .._http.patience import Patience


def secrets_masked_in(values: set[str] | None) -> Secrets:
    """The secrets of a run. Ansible masks them.

    ``values``: the ``no_log_values`` of an AnsibleModule. ansible-core before 2.22 masks them in the module's result. None if only 2.22
    shall mask them.
    """
    if values is None:
        return Secrets(register_secret)

    def mask(spelling: str) -> None:
        values.add(spelling)
        if register_secret is not None:
            register_secret(spelling)

    return Secrets(mask)


class Service:
    """The connection to the platform: ``wire`` for calls and, if there is a third-party platform, ``component`` for its own calls.

    Safe to share between threads. The constructor sends nothing. It raises OptionsError if the options or the environment cannot be used.
    ``params``: the module's checked parameters.
    ``credentials``: those of all accounts, so that they are masked; None if there are only those of a third-party platform.
    ``permission``: what an account must grant a third-party platform for this work.
    ``warn``: shows a warning to the user. ``connections``: how many connections to keep open. ``answered``: called after each answer.
    ``still_wanted``: returns whether anybody waits for the results; called right before each change.
    ``until``: when every request must have ended, as ``time.monotonic``; None for no limit besides the time-out of each.
    """

    def __init__(
        self,
        params: Mapping[str, t.Any],
        credentials: Collection[Credentials] | None,
        secrets: Secrets,
        warn: Callable[[Text], None],
        connections: int = 1,
        answered: Callable[[], object] = lambda: None,
        still_wanted: Callable[[], bool] = lambda: True,
        permission: Text = COMPONENT_CALL.permission,
        until: float | None = None,
    ) -> None:
        if not HAS_REQUESTS:
            try:
                check_tls()
            except UnusableEnvironment as unusable:
                raise OptionsError(unusable.what, unusable.remedy) from None
            # The first sentence of Ansible's message names the host and the Python.
            missing = missing_required_lib("requests").split(". ")[0]
            raise OptionsError(
                verbatim(missing[:1].lower() + missing[1:]),
                Text("install it there, or, for a task, set ansible_python_interpreter to a Python that has it"),
            )
        reach = connection(params)
        component = component_of(params) if credentials is None or any(one.authorized for one in credentials) else None
        for one in credentials or ():
            for secret in one.secrets():
                secrets.add(secret)
        if reach.plain_http:
            warn(Text("api_url is plain http: anyone on the network path can read the tokens and secrets in the requests."))
        self._retries = reach.retries
        self._until = until
        try:
            transport = Transport(reach.url, reach.timeout, reach.verify, connections, answered, still_wanted, until)
        except UnusableEnvironment as unusable:
            raise OptionsError(unusable.what, unusable.remedy) from None
        except ValueError:  # the library requests raises it, with the URL in its text
            transport = None
        if transport is None:
            raise OptionsError(NO_URL, SUCH_AS)
        self.wire = Wire(transport, secrets)
        self.component: Component | None = None
        if component:
            secrets.add(component.access_token)
            codes = dataclasses.replace(COMPONENT_CALL, permission=permission)
            self.component = Component(self.wire, component.appid, component.access_token, codes)

    def pauses(self) -> Iterator[float]:
        """The seconds to wait before each further try. There is none when the time is over."""
        for pause in pauses(self._retries):
            if self._until is not None and time.monotonic() + pause > self._until:
                return
            yield pause

    def sleep(self, seconds: float) -> None:
        """Wait, but not longer than there is time."""
        time.sleep(seconds if self._until is None else max(min(seconds, self._until - time.monotonic()), 0.0))


class Sessions:
    """Makes the sessions of the accounts of one task.

    ``credentials``: those of all these accounts, by name. ``patience``: for each request that reads.
    """

    def __init__(self, service: Service, credentials: Mapping[str, Credentials], patience: Patience) -> None:
        self.patience = patience
        self._wire = service.wire
        self._component = service.component
        self._owners = TokenOwners({one.access_token: name for name, one in credentials.items() if one.access_token})
        self._refresh_tokens: RefreshTokens | None = None
        if service.component:
            # Looking one account up takes one call. For more accounts the list is better: it has up to 500 of them on a page.
            wanted = [one.appid for one in credentials.values() if one.authorized and not one.authorizer_refresh_token]
            listed = ListedTokens(service.component, wanted, patience)
            self._refresh_tokens = LookedUpTokens(service.component, listed, patience) if len(wanted) == 1 else listed

    def reader(self, credentials: Credentials) -> Reader:
        """The account with ``credentials``, to look at. Sends nothing yet: its token comes with the first look."""
        return Reader(self._wire, self._tokens(credentials), self.patience)

    def session(self, credentials: Credentials) -> Session:
        """The account with ``credentials``, to look at and to change. Sends nothing yet."""
        return Session(self._wire, self._tokens(credentials), self.patience)

    def details(self, credentials: Credentials) -> Callable[[], dict[str, t.Any]] | None:
        """Returns the platform's details of an account that has authorised a third-party platform; None for any other account."""
        if not self._component or not credentials.authorized:
            return None
        return functools.partial(self.patience.read, functools.partial(self._component.details, credentials.appid))

    def _tokens(self, credentials: Credentials) -> TokenSource:
        if credentials.access_token:
            return GivenToken(credentials.access_token)
        if self._component and self._refresh_tokens and credentials.authorized:
            refresh_token = credentials.authorizer_refresh_token
            authorization = Authorization(self._component, credentials.appid, refresh_token, self._refresh_tokens, self.patience)
            return FetchedToken(authorization.fetch_token, credentials.appid, self._owners)
        fetch = functools.partial(fetch_token, self._wire, credentials.appid, credentials.secret)
        return FetchedToken(functools.partial(self.patience.read, fetch), credentials.appid, self._owners)


def pauses(retries: int) -> Iterator[float]:
    """The seconds to wait before each of ``retries`` further tries: exponential backoff with full jitter, each from 0.25 to below 4."""
    for pause in generate_jittered_backoff(retries, delay_base=2, delay_threshold=4):
        yield 0.25 + pause
