# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""The wire: the platform's calls, and what their answers mean. One call in, its answer or one ApiError out.

Sources: the platform's pages "Draft box switching settings" (draft/switch) and "Obtain stable Interface call
credentials" (stable_token); the oddities of the wire are users' reports.
"""

from __future__ import annotations

import json
import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._errors import (
    DEAD_TOKEN_CODES,
    ENABLE_STEP,
    LOOK_STEP,
    RETIRED_CODES,
    TOKEN_STEP,
    ApiError,
    DeadToken,
    Failure,
    Retired,
    refusal,
    senseless,
)
from ansible_collections.wxops.official_account.plugins.module_utils._secrets import SHORTEST_MASKED
from ansible_collections.wxops.official_account.plugins.module_utils._transport import MAX_BODY, Answer, Transport

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ansible_collections.wxops.official_account.plugins.module_utils._secrets import Secrets

DEFAULT_URL = "https://api.weixin.qq.com"

_SWITCH = "cgi-bin/draft/switch"
_STABLE_TOKEN = "cgi-bin/stable_token"


class Api:
    """The platform's calls that this collection uses. Safe to share between threads.

    ``secrets``: told each token the moment it is known; knows every secret and token that is sent.
    """

    def __init__(self, transport: Transport, secrets: Secrets) -> None:
        self._transport = transport
        self._secrets = secrets

    def fetch_token(self, appid: str, secret: str) -> str:
        """The account's access_token. Does not disturb a token that is in use: never ``force_refresh``."""
        answer = self._post(
            TOKEN_STEP,
            _STABLE_TOKEN,
            query={},
            body={"grant_type": "client_credential", "appid": appid, "secret": secret, "force_refresh": False},
            expects="access_token",
        )
        token = answer.get("access_token")
        if not isinstance(token, str) or not is_token(token):
            raise senseless(TOKEN_STEP, "the answer holds no usable access_token")
        self._secrets.add(token)
        return token

    def look(self, token: str) -> bool:
        """Whether the draft box is on. Documented as read-only."""
        answer = self._post(
            LOOK_STEP,
            _SWITCH,
            query={"access_token": token, "checkonly": "1"},
            body={},
            expects="is_open",
        )
        is_open = _is_open(answer)
        if is_open is None:
            raise senseless(LOOK_STEP, "the answer does not say whether the draft box is on")
        return is_open

    def enable(self, token: str) -> bool:
        """Turn the draft box on, for good. Returns whether the reply itself says that it is on now.

        The platform's own example of a reply does not say it.
        """
        answer = self._post(
            ENABLE_STEP,
            _SWITCH,
            query={"access_token": token},
            body={},
            expects="is_open",
        )
        return _is_open(answer) is True

    def _post(
        self,
        step: str,
        path: str,
        query: Mapping[str, str],
        body: Mapping[str, object],
        expects: str,
    ) -> dict[str, object]:
        """Send one request, once. ``expects``: the field that tells success where the platform leaves errcode out."""
        answer = self._transport.post(step, path, query, body)
        return _understand(step, path, answer, expects, self._secrets.scrub)


def is_token(text: str) -> bool:
    """Whether ``text`` can be an access_token: printable, and not so short that masking it would shred all output."""
    return SHORTEST_MASKED <= len(text) <= 512 and text.isascii() and text.isprintable() and " " not in text


def _understand(
    step: str,
    path: str,
    answered: Answer,
    expects: str,
    scrub: Callable[[str], str],
) -> dict[str, object]:
    """The answer's fields, if it tells success; an ApiError otherwise.

    The content type is not looked at: the platform sends JSON as text/plain, and with wrong charsets.
    """
    status, content = answered
    if status == 429 or status >= 500:
        raise ApiError(
            Failure("transient", step, f"{path} answered HTTP {status}", "run again in a few minutes: it looks first", http_status=status),
            passing=True,
            unclear=True,
        )
    answer = None if content is None else _json_object(content)
    errcode = None if answer is None else _number(answer.get("errcode", 0 if expects in answer else None))
    if answer is None or errcode is None or (status != 200 and errcode == 0):
        if status != 200:
            raise senseless(
                step, f"{path} answered HTTP {status}", status, "check api_url, and any proxy between this host and the platform"
            )
        if content is None:
            raise senseless(step, f"the answer of {path} is larger than {MAX_BODY // 1024 // 1024} MiB", status)
        if answer is None:
            raise senseless(step, f"the answer of {path} is not a JSON object", status, passing=True)
        raise senseless(step, f"the answer of {path} has no readable errcode", status)
    if errcode == 0:
        return answer
    failure = refusal(step, errcode, scrub(str(answer.get("errmsg", ""))), status)
    kind: type[ApiError] = ApiError
    if path == _SWITCH and errcode in DEAD_TOKEN_CODES:
        kind = DeadToken
    elif path == _SWITCH and errcode in RETIRED_CODES:
        kind = Retired
    busy = failure.reason == "transient"
    raise kind(failure, passing=busy, unclear=busy)


def _json_object(content: bytes) -> dict[str, object] | None:
    try:
        # WeChat answers in UTF-8 whatever it declares, and leaves control characters in texts.
        answer = json.loads(content.decode("utf-8-sig", errors="replace"), strict=False)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _number(value: object) -> int | None:
    """A whole number, also where an intermediary made it a string or a float; None if it is none."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63 else None


def _is_open(answer: Mapping[str, object]) -> bool | None:
    """What ``is_open`` says. None for anything but 0 and 1, because what is not understood is not off."""
    value = answer.get("is_open")
    number = int(value) if isinstance(value, bool) else _number(value)
    return bool(number) if number in (0, 1) else None
