# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a request is to the simulated platform: a call, of an account or of a third-party platform."""

from __future__ import annotations

import dataclasses
import json
import typing as t

from .accounts import ENABLE, LOOK, OTHER, TOKEN
from .component import PATHS

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from multidict import MultiMapping

    from .accounts import Account, Platform
    from .component import Authorizer, Component
    from .faults import Fault


class Request(t.Protocol):
    """What matters of a request, whoever has read it."""

    @property
    def method(self) -> str:
        """GET, POST or another."""

    @property
    def path(self) -> str:
        """Without the query."""

    @property
    def query(self) -> MultiMapping[str]:
        """Each parameter, as often as it was sent."""

    @property
    def headers(self) -> Mapping[str, str]:
        """By name."""


@dataclasses.dataclass(frozen=True)
class Call:
    """``account``: the one that is called for. ``component``: the third-party platform that calls.

    ``authorizer``: given if the token is one that an account's authorisation brought.
    """

    name: str
    body: bytes
    fields: dict[str, object]
    token: str = ""
    account: Account | None = None
    component: Component | None = None
    authorizer: Authorizer | None = None

    @property
    def of_component(self) -> bool:
        """Whether it is one of component/*."""
        return self.name in PATHS.values()

    def take_fault(self) -> Fault | None:
        """What goes wrong with this request: the account's plan goes first."""
        for who in (self.account, self.component):
            if who and who.faults[self.name]:
                return who.faults[self.name].popleft()
        return None

    def kill_token(self, platform: Platform) -> None:
        """The token of this request dies; whoever asks gets another one."""
        if self.authorizer:
            self.authorizer.tokens.clear()
        elif self.component:
            self.component.new_token()
        elif self.account:
            platform.issue(self.account)


def read(platform: Platform, request: Request, body: bytes) -> Call:
    try:
        decoded = json.loads(body)
    except ValueError:
        decoded = None
    fields = decoded if isinstance(decoded, dict) else {}
    token = request.query.get("access_token", "")
    if request.path == "/cgi-bin/stable_token":
        return Call(TOKEN, body, fields, account=platform.accounts.get(str(fields.get("appid", ""))))
    if request.path == "/cgi-bin/draft/switch":
        name = LOOK if request.query.getall("checkonly", []) == ["1"] else ENABLE
        component, authorizer = platform.authorised(token)
        return Call(name, body, fields, token, platform.holder(token), component, authorizer)
    if request.path in PATHS:
        # The older documentation's parameter does as well.
        token = token or request.query.get("component_access_token", "")
        component = platform.component(token) or platform.components.get(str(fields.get("component_appid", "")))
        account = platform.accounts.get(str(fields.get("authorizer_appid", "")))
        return Call(PATHS[request.path], body, fields, token, account, component)
    return Call(OTHER, body, fields)
