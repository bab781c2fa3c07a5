# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""The wire: what the platform's answers mean. One call in, its answer's fields or one ApiError out.

The oddities of the wire are users' reports.
"""

from __future__ import annotations

import json
import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._errors import (
    DEAD_TOKEN_CODES,
    RETIRED_CODES,
    ApiError,
    DeadToken,
    Retired,
    busy,
    refusal,
    senseless,
)
from ansible_collections.wxops.official_account.plugins.module_utils._secrets import SHORTEST_MASKED
from ansible_collections.wxops.official_account.plugins.module_utils._transport import MAX_BODY, Answer, Transport

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ansible_collections.wxops.official_account.plugins.module_utils._secrets import Secrets

SWITCH = "cgi-bin/draft/switch"


class Wire:
    """Sends the platform's calls, and reads their answers. Safe to share between threads.

    ``secrets``: told each token the moment it is known; knows every secret and token that is sent.
    """

    def __init__(self, transport: Transport, secrets: Secrets) -> None:
        self._transport = transport
        self._secrets = secrets

    def post(self, step: str, path: str, query: Mapping[str, str], body: Mapping[str, object], expects: str) -> dict[str, object]:
        """Send one request, once. ``expects``: the field that tells success where the platform leaves errcode out."""
        answer = self._transport.post(step, path, query, body)
        return _understand(step, path, answer, expects, self._secrets.scrub)

    def token_in(self, answer: Mapping[str, object], field: str, step: str) -> str:
        """The token that ``answer`` holds, masked from now on."""
        token = answer.get(field)
        if not isinstance(token, str) or not is_token(token):
            raise senseless(step, f"the answer holds no usable {field}")
        self._secrets.add(token)
        return token

    def secret_in(self, answer: Mapping[str, object], field: str) -> str:
        """The secret that ``answer`` holds, masked from now on; empty if it holds none that can be used."""
        secret = answer.get(field)
        if not isinstance(secret, str) or not is_token(secret):
            return ""
        self._secrets.add(secret)
        return secret


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
        raise ApiError(busy(step, f"{path} answered HTTP {status}", status), passing=True, unclear=True)
    answer = None if content is None else _json_object(content)
    errcode = None if answer is None else number(answer.get("errcode", 0 if expects in answer else None))
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
    if path == SWITCH and errcode in DEAD_TOKEN_CODES:
        kind = DeadToken
    elif path == SWITCH and errcode in RETIRED_CODES:
        kind = Retired
    passing = failure.reason == "transient"
    raise kind(failure, passing=passing, unclear=passing)


def _json_object(content: bytes) -> dict[str, object] | None:
    try:
        # WeChat answers in UTF-8 whatever it declares, and leaves control characters in texts.
        answer = json.loads(content.decode("utf-8-sig", errors="replace"), strict=False)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def number(value: object) -> int | None:
    """A whole number, also where an intermediary made it a string or a float; None if it is none."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63 else None
