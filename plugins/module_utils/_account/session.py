# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""One account's draft box as something to look at, or to look at and turn on, with a token that is replaced when dead."""

from __future__ import annotations

import functools
import typing as t

from .._http.errors import ApiError, DeadToken, TokenReplaced

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from .._http.patience import Patience
    from .tokens import Credential


class AccountReader:
    """Looks. Has no way to turn anything on, because it is not given one."""

    def __init__(self, look: Callable[[str], bool], credential: Credential, patience: Patience) -> None:
        self._look = look
        self._credential = credential
        self._patience = patience

    def look(self) -> bool:
        """Whether the draft box is on. Raises ApiError when that cannot be found out."""
        while True:
            look = functools.partial(self._look, self._credential.token())
            try:
                is_open = self._patience.read(look)
            except DeadToken as dead:
                # Raises where there is no other token, which is soon.
                self._credential.replace(dead)
            else:
                # Raises if the token has turned out to be another account's since.
                self._credential.token()
                return is_open


class AccountSwitch(AccountReader):
    """Looks, and turns on."""

    def __init__(
        self,
        look: Callable[[str], bool],
        enable: Callable[[str], bool],
        credential: Credential,
        patience: Patience,
    ) -> None:
        super().__init__(look, credential, patience)
        self._enable = enable

    def enable(self) -> bool:
        """Turn the draft box on, for good: one request, never sent again here. Returns whether the reply says it is on.

        Raises TokenReplaced if the token was dead and there is another now, and ApiError if there is no clear answer.
        """
        try:
            token = self._credential.token()
        except ApiError as error:
            raise ApiError(error.failure, sent=False) from None
        try:
            says_on = self._enable(token)
        except DeadToken as dead:
            refused = dead
        else:
            try:
                self._credential.token()
            except ApiError as error:
                raise ApiError(error.failure, unclear=True) from None
            return says_on
        try:
            self._credential.replace(refused)
        except ApiError as error:
            # The enabling request was sent, and refused, whatever became of the token call.
            raise ApiError(error.failure) from None
        raise TokenReplaced(refused.failure)
