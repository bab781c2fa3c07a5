# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""How the access_token of an account is had."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._errors import ApiError, DeadToken

if t.TYPE_CHECKING:
    from ansible_collections.wxops.official_account.plugins.module_utils._patience import Patience


class TokenSource(t.Protocol):
    """What is asked of the platform for an account that has an AppSecret."""

    def fetch_token(self, appid: str, secret: str) -> str:
        """The account's access_token. Raises ApiError if there is none to be had."""


class Credential(t.Protocol):
    """A way to have an access_token."""

    def token(self) -> str:
        """The access_token to use now. Raises ApiError if there is none to be had."""

    def replace(self, dead: DeadToken) -> None:
        """See to it that ``token()`` gives another one, once. Raises ApiError if there is no other."""


class GivenToken:
    """A token that the user gave: there is no other one."""

    def __init__(self, token: str) -> None:
        self._token = token

    def token(self) -> str:
        return self._token

    def replace(self, dead: DeadToken) -> None:
        raise dead


class AppSecret:
    """A token fetched with AppID and AppSecret when it is first needed, and once more if it turns out dead."""

    def __init__(self, source: TokenSource, appid: str, secret: str, patience: Patience) -> None:
        self._source = source
        self._appid = appid
        self._secret = secret
        self._patience = patience
        self._token: str | None = None
        self._replaced = False

    def token(self) -> str:
        if self._token is None:
            self._token = self._patience.read(lambda: self._source.fetch_token(self._appid, self._secret))
        return self._token

    def replace(self, dead: DeadToken) -> None:
        if self._replaced:
            raise _hopeless(dead, "the platform refuses a freshly fetched access_token too")
        self._replaced = True
        refused, self._token = self._token, None
        if self.token() == refused:
            raise _hopeless(dead, "the platform refuses the access_token and hands out the very same one again")


def _hopeless(dead: DeadToken, what: str) -> ApiError:
    remedy = "wait a few minutes and run again; if it stays, find what else refreshes this account's token by force"
    failure = dataclasses.replace(dead.failure, what=f"{what} (errcode {dead.failure.errcode})", remedy=remedy)
    return ApiError(failure)
