# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""The calls that an account's own credentials make: get a token, look, and turn on.

Sources: the platform's pages "Draft box switching settings" (draft/switch) and "Obtain stable Interface call
credentials" (stable_token).
"""

from __future__ import annotations

import typing as t

from .._http.errors import ENABLE_STEP, LOOK_STEP, TOKEN_STEP, senseless
from .._http.wire import SWITCH, number

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .._http.wire import Wire

DEFAULT_URL = "https://api.weixin.qq.com"

_STABLE_TOKEN = "cgi-bin/stable_token"


class Api:
    """The calls on an account. Safe to share between threads."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def fetch_token(self, appid: str, secret: str) -> str:
        """The account's access_token. Does not disturb a token that is in use: never ``force_refresh``."""
        answer = self._wire.post(
            TOKEN_STEP,
            _STABLE_TOKEN,
            query={},
            body={"grant_type": "client_credential", "appid": appid, "secret": secret, "force_refresh": False},
            expects="access_token",
        )
        return self._wire.token_in(answer, "access_token", TOKEN_STEP)

    def look(self, token: str) -> bool:
        """Whether the draft box is on. Documented as read-only."""
        answer = self._wire.post(
            LOOK_STEP,
            SWITCH,
            query={"access_token": token, "checkonly": "1"},
            body={},
        )
        is_open = _is_open(answer)
        if is_open is None:
            raise senseless(LOOK_STEP, "the answer does not say whether the draft box is on")
        return is_open

    def enable(self, token: str) -> bool:
        """Turn the draft box on, for good. Returns whether the reply itself says that it is on now.

        The platform's own example of a reply does not say it.
        """
        answer = self._wire.post(
            ENABLE_STEP,
            SWITCH,
            query={"access_token": token},
            body={},
            change=True,
        )
        return _is_open(answer) is True


def _is_open(answer: Mapping[str, object]) -> bool | None:
    """What ``is_open`` says. None for anything but 0 and 1, because what is not understood is not off."""
    value = answer.get("is_open")
    said = int(value) if isinstance(value, bool) else number(value)
    return bool(said) if said in (0, 1) else None
