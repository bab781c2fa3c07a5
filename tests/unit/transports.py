# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the unit tests give a ``Wire`` instead of a transport that opens connections."""

from __future__ import annotations

import dataclasses
import json
import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._http.patience import Patience
from ansible_collections.wxops.official_account.plugins.module_utils._http.secrets import Secrets
from ansible_collections.wxops.official_account.plugins.module_utils._http.transport import Answer
from ansible_collections.wxops.official_account.plugins.module_utils._http.wire import Wire

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError, Step
    from ansible_collections.wxops.official_account.plugins.module_utils._http.transport import Verb


@dataclasses.dataclass(frozen=True)
class Request:
    step: Step
    verb: Verb
    path: str
    query: dict[str, str]
    body: dict[str, object]
    change: bool


# A dict is sent as JSON with status 200, an error is raised.
Given = t.Union["dict[str, t.Any]", Answer, "ApiError"]


class ScriptedTransport:
    """Meets each request with the next of ``answers``. ``requests``: all of them, in order."""

    def __init__(self, *answers: Given) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []

    def send(
        self, step: Step, verb: Verb, path: str, query: Mapping[str, str], body: Mapping[str, object], *, change: bool = False
    ) -> Answer:
        self.requests.append(Request(step, verb, path, dict(query), dict(body), change))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Answer(200, json.dumps(answer).encode()) if isinstance(answer, dict) else answer


def wire_to(transport: ScriptedTransport, masked: set[str] | None = None) -> Wire:
    """A wire that sends over ``transport``. ``masked``: gets each spelling that is to be masked."""
    return Wire(transport, Secrets((set() if masked is None else masked).add))  # type: ignore[arg-type]


def patience(retries: int = 0) -> Patience:
    """A patience that waits for nothing."""
    return Patience(pauses=lambda: [0.0] * retries, sleep=lambda _seconds: None)
