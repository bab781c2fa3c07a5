# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""One account as something to look at, or to look at and to change, with a token that is replaced when it is dead."""

from __future__ import annotations

import dataclasses
import typing as t

from .._http.errors import ApiError, DeadToken, TokenReplaced

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._http.patience import Patience
    from .._http.wire import Call, Fields, Wire
    from .tokens import TokenSource

T = t.TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Look(t.Generic[T]):
    """A request that reads. ``read``: makes of its answer what was looked for, or raises ApiError."""

    call: Call
    read: Callable[[Fields], T]
    query: Mapping[str, str] = dataclasses.field(default_factory=dict)
    body: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Change(t.Generic[T]):
    """A request that changes something. Not a kind of ``Look``, so that neither can be sent as the other.

    ``read``: makes of its answer what the answer itself shows of the state now, or None.
    """

    call: Call
    read: Callable[[Fields], T | None]
    query: Mapping[str, str] = dataclasses.field(default_factory=dict)
    body: Mapping[str, object] = dataclasses.field(default_factory=dict)


class Reader:
    """One account to look at. It has no way to change anything."""

    def __init__(self, wire: Wire, tokens: TokenSource, patience: Patience) -> None:
        self._wire = wire
        self._tokens = tokens
        self._patience = patience

    def read(self, look: Look[T]) -> T:
        """What ``look`` shows. Tries again while its failure may pass. Raises ApiError if it cannot be found out."""
        while True:
            token = self._tokens.token()

            def ask(token: str = token) -> T:
                return look.read(self._wire.send(look.call, {"access_token": token, **look.query}, look.body))

            try:
                found = self._patience.read(ask)
            except DeadToken as dead:
                # Raises where there is no other token, which is soon.
                self._tokens.replace(dead)
            else:
                # Raises if the token has turned out to be another account's since.
                self._tokens.token()
                return found


class Session(Reader):
    """One account to look at and to change."""

    def change(self, change: Change[T]) -> T | None:
        """Send ``change``: one request, never sent again here. Returns what the answer itself shows of the state now, or None.

        Raises TokenReplaced if the token was dead and there is another now, and ApiError if there is no clear answer.
        """
        try:
            token = self._tokens.token()
        except ApiError as error:
            raise ApiError(error.failure, sent=False) from None
        try:
            answer = self._wire.send(change.call, {"access_token": token, **change.query}, change.body, change=True)
        except DeadToken as dead:
            refused = dead
        else:
            try:
                self._tokens.token()
            except ApiError as error:
                raise ApiError(error.failure, unclear=True) from None
            return change.read(answer)
        try:
            self._tokens.replace(refused)
        except ApiError as error:
            # The change was sent, and refused, whatever became of the call for a token.
            raise ApiError(error.failure) from None
        raise TokenReplaced(refused.failure)
