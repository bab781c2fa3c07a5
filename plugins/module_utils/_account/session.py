# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One account: a reader can look at it, a session can also change it. Both replace a dead token."""

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
    """A request that reads. ``T``: the type of what it shows.

    ``read``: returns what the fields of an answer show; raises ApiError if they make no sense. ``query``: besides the token. ``body``: what
    JSON can hold.
    ``then``: returns a second look that shows more than this one has found; None if there is no need for one.
    ``after``: the seconds to wait before this look.
    """

    call: Call
    read: Callable[[Fields], T]
    query: Mapping[str, str] = dataclasses.field(default_factory=dict)
    body: Mapping[str, object] = dataclasses.field(default_factory=dict)
    then: Callable[[T], Look[T] | None] = lambda _found: None
    after: float = 0.0


@dataclasses.dataclass(frozen=True)
class Change(t.Generic[T]):
    """A request that changes something. ``T``: the type of the resource's state.

    It is not a subclass of ``Look``, so that mypy finds code that confuses the two.
    ``makes``: the state that it leads to. ``read``: returns the new state if the answer itself shows it, and otherwise None.
    ``recall``: returns a state that a look shows, with what the answer alone has shown. Its arguments are the state of the answer and the
    state of the look. With it, looks come after the answer in any case, and the answer is believed if none of them shows it yet.
    ``once``: whether it is never sent again after an answer that is not clear. Looks alone decide then.
    ``doubted``: errcodes of refusals that are not believed before looks have shown that the change has no effect. If it has, somebody else
    has made it.
    """

    call: Call
    makes: T
    read: Callable[[Fields], T | None] = lambda _answer: None
    query: Mapping[str, str] = dataclasses.field(default_factory=dict)
    body: Mapping[str, object] = dataclasses.field(default_factory=dict)
    recall: Callable[[T, T], T] | None = None
    once: bool = False
    doubted: frozenset[int] = frozenset()


class Reader:
    """One account to look at. It has no method that changes anything.

    ``patience``: how often a look is sent again while its error may pass.
    """

    def __init__(self, wire: Wire, tokens: TokenSource, patience: Patience) -> None:
        self._wire = wire
        self._tokens = tokens
        self._patience = patience

    def read(self, look: Look[T]) -> T:
        """What ``look`` shows, and the looks that it asks for with ``then``.

        It is sent again while its error may pass, and with another token if the token is dead. Raises Retired if the platform no longer
        offers the call, and ApiError if nothing is shown.
        """
        if look.after:
            self._patience.sleep(look.after)
        while True:
            token = self._tokens.token()

            def ask(token: str = token) -> T:
                return look.read(self._wire.send(look.call, {"access_token": token, **look.query}, look.body))

            try:
                found = self._patience.read(ask)
            except DeadToken as dead:
                # The loop ends: this raises an error if there is no other token, and a token is replaced only once.
                self._tokens.replace(dead)
            else:
                # Raises an error if another thread has found out that the token belongs to another account.
                self._tokens.token()
                more = look.then(found)
                return self.read(more) if more else found


class Session(Reader):
    """One account to look at and to change."""

    def change(self, change: Change[T]) -> T | None:
        """Send ``change`` once. Returns the new state if the answer itself shows it, and otherwise None.

        Raises TokenReplaced if the platform refused the token and there is another one now, Retired if the platform no longer offers the
        call, and ApiError if there is no clear answer, or if it is a refusal: see its ``unclear`` and ``sent``.
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
            # The error is from the call for a token. The change itself was sent and refused.
            raise ApiError(error.failure) from None
        raise TokenReplaced(refused.failure)
