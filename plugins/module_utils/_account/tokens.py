# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Token sources: the user gives an access_token, or it is fetched with AppID and AppSecret, or through a third-party platform."""

from __future__ import annotations

import dataclasses
import functools
import threading
import typing as t

from .._http.errcodes import TOKEN_CALL, with_code
from .._http.errors import ApiError, DeadToken, Failure, Step
from .._http.wire import Call
from .._text import Text
from .authorizers import read_list
from .component import LOOK_UP

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .._http.patience import Patience
    from .._http.wire import Wire
    from .authorizers import Listing
    from .component import Component

GET_TOKEN = Step(Text("get an access_token"))

_STABLE_TOKEN = Call(GET_TOKEN, "cgi-bin/stable_token", TOKEN_CALL, expects="access_token")


def fetch_token(wire: Wire, appid: str, secret: str) -> str:
    """The access_token of the account with this AppID and AppSecret. Raises ApiError.

    It never sends ``force_refresh``, so a token that others use stays valid. Source: the platform's page "Obtain stable Interface call
    credentials" (stable_token).
    """
    body = {"grant_type": "client_credential", "appid": appid, "secret": secret, "force_refresh": False}
    return wire.token_in(wire.send(_STABLE_TOKEN, {}, body), "access_token", GET_TOKEN)


class TokenSource(t.Protocol):
    """Where an access_token comes from."""

    def token(self) -> str:
        """The access_token to use now. Raises ApiError if there is none."""

    def replace(self, dead: DeadToken) -> None:
        """Make ``token()`` return another token from now on. Works once. Raises ApiError if there is no other token."""


class GivenToken:
    """A token that the user gave. There is no other token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def token(self) -> str:
        return self._token

    def replace(self, dead: DeadToken) -> None:
        raise dead


class TokenOwners:
    """Which account each token belongs to. Safe to share between threads.

    If answers reach the wrong request, an account gets another account's token, and its requests would then change that other account.
    ``names``: the names of the accounts for which the user gave a token; the token is the key.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._lock = threading.Lock()
        self._owners: dict[str, str] = {}
        self._mixed_up: set[str] = set()

    def claim(self, token: str, appid: str) -> None:
        """Note that the platform returned ``token`` for ``appid``. Raises ApiError if the token is another account's."""
        if token in self._names:
            raise ApiError(
                Failure(
                    "operator",
                    GET_TOKEN,
                    Text("the account is given twice, by its AppID and, as {name}, by its access_token").filled(name=self._names[token]),
                    Text("leave one of the two out, and run again"),
                )
            )
        with self._lock:
            if self._owners.setdefault(token, appid.lower()) != appid.lower():
                self._mixed_up.add(token)
        self.check(token)

    def check(self, token: str) -> None:
        """Raises ApiError if the platform returned ``token`` for two accounts: no answer to a request with it can be trusted then."""
        if token in self._mixed_up:
            raise ApiError(
                Failure(
                    "protocol",
                    GET_TOKEN,
                    Text("two accounts were answered with the same access_token"),
                    Text(
                        "find what mixes up answers between this host and the platform: check api_url, proxies and gateways, then run again"
                    ),
                )
            )


class FetchedToken:
    """A token of ``appid``. ``fetch`` gets it when it is first needed, and once more if it is dead."""

    def __init__(self, fetch: Callable[[], str], appid: str, owners: TokenOwners) -> None:
        self._fetch = fetch
        self._appid = appid
        self._owners = owners
        self._token: str | None = None
        self._replaced = False

    def token(self) -> str:
        if self._token is None:
            fetched = self._fetch()
            self._owners.claim(fetched, self._appid)
            self._token = fetched
        self._owners.check(self._token)
        return self._token

    def replace(self, dead: DeadToken) -> None:
        if self._replaced:
            raise _hopeless(dead, Text("the platform refuses a freshly fetched access_token too"))
        self._replaced = True
        refused, self._token = self._token, None
        if self.token() == refused:
            raise _hopeless(
                dead,
                Text("the platform refuses the access_token and returns the same one again"),
            )


def _hopeless(dead: DeadToken, what: Text) -> ApiError:
    remedy = Text("wait a few minutes and run again; if it stays, find what else refreshes this account's token by force")
    failure = dataclasses.replace(dead.failure, what=with_code(what, dead.failure.errcode), remedy=remedy)
    return ApiError(failure)


_OR_GIVE_IT = Text("{remedy}; or give the account's authorizer_refresh_token")


class RefreshTokens(t.Protocol):
    """A source of the refresh tokens of authorised accounts."""

    def of(self, appid: str) -> str:
        """The account's authorizer_refresh_token. Raises ApiError if there is none, or if none of any account can be found."""


class Authorization:
    """An account that has authorised a third-party platform: fetches its tokens."""

    def __init__(self, component: Component, appid: str, refresh_token: str, refresh_tokens: RefreshTokens, patience: Patience) -> None:
        self._component = component
        self._appid = appid
        self._refresh_token = refresh_token
        self._refresh_tokens = refresh_tokens
        self._patience = patience

    def fetch_token(self) -> str:
        """An authorizer_access_token. Raises ApiError."""
        if not self._refresh_token:
            self._refresh_token = self._refresh_tokens.of(self._appid)
        # Each answer may hold a new refresh token, which replaces the old one.
        fetch = functools.partial(self._component.fetch_token, self._appid, self._refresh_token)
        token, self._refresh_token = self._patience.read(fetch)
        return token


class LookedUpTokens:
    """Looks the refresh token of one account up, with one call. If the answer does not have it, the list does."""

    def __init__(self, component: Component, listed: ListedTokens, patience: Patience) -> None:
        self._component = component
        self._listed = listed
        self._patience = patience

    def of(self, appid: str) -> str:
        return self._patience.read(functools.partial(self._component.refresh_token, appid)) or self._listed.of(appid)


class ListedTokens:
    """Refresh tokens from the list of all authorised accounts. The list is read once, until it has shown all ``wanted`` AppIDs."""

    def __init__(self, component: Component, wanted: Iterable[str], patience: Patience) -> None:
        self._component = component
        self._wanted = frozenset(wanted)
        self._patience = patience
        self._lock = threading.Lock()
        self._listing: Listing | None = None
        self._failure: Failure | None = None

    def of(self, appid: str) -> str:
        found = self._read().authorizers.get(appid)
        if found and found.refresh_token:
            return found.refresh_token
        raise ApiError(self._why_not(listed=found is not None))

    def _read(self) -> Listing:
        with self._lock:
            if self._failure:
                raise ApiError(self._failure)
            if not self._listing:
                try:
                    self._listing = read_list(self._component, self._patience, self._wanted)
                except ApiError as error:
                    # Reading the list again for each account would take for ever.
                    self._failure = error.failure
                    raise
            return self._listing

    def _why_not(self, *, listed: bool) -> Failure:
        if listed:
            return Failure(
                "operator",
                LOOK_UP,
                Text("the platform gives no authorizer_refresh_token of this account"),
                Text(
                    "have the third-party platform's service exchange the account's authorization code, or its administrator authorise "
                    "again"
                ),
            )
        gap = self._read().gap
        if gap:
            return dataclasses.replace(gap, remedy=_OR_GIVE_IT.filled(remedy=gap.remedy))
        return Failure(
            "operator",
            LOOK_UP,
            Text("the account is not among those that have authorised the third-party platform"),
            Text("have the account's administrator authorise the third-party platform, with {permission}, or leave the account out").filled(
                permission=self._component.codes.permission
            ),
        )
