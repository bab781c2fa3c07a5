# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turns a request into one of the platform's calls, of an account or of a third-party platform."""

from __future__ import annotations

import dataclasses
import json
import typing as t

from .accounts import ENABLE, LOOK, OTHER, TOKEN
from .component import PATHS
from .groups import NAMES

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from multidict import MultiMapping

    from .accounts import Account, Platform
    from .component import Authorizer, Component
    from .faults import Fault


class Request(t.Protocol):
    """The parts of a request that matter, from either of the two servers."""

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
    """``account``: the account that the call is for. ``component``: the third-party platform that calls, if one does.

    ``authorizer``: the authorised account, if a third-party platform got the token for it.
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
        """Whether it is a call of component/*."""
        return self.name in PATHS.values()

    def take_fault(self) -> Fault | None:
        """The fault of this request, from the plan of the account or else of the third-party platform."""
        for target in (self.account, self.component):
            if target and target.faults[self.name]:
                return target.faults[self.name].popleft()
        return None

    def kill_token(self, platform: Platform) -> None:
        """Make the token of this request invalid. The next call for a token returns another one."""
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
        return Call(TOKEN, body, fields, account=platform.asking(str(fields.get("appid", "")), str(fields.get("secret", ""))))
    if request.path == "/cgi-bin/draft/switch":
        name = LOOK if request.query.getall("checkonly", []) == ["1"] else ENABLE
        component, authorizer = platform.authorised(token)
        return Call(name, body, fields, token, platform.holder(token), component, authorizer)
    if request.path in NAMES:
        component, authorizer = platform.authorised(token)
        return Call(NAMES[request.path], body, fields, token, platform.holder(token), component, authorizer)
    if request.path in PATHS:
        # The parameter of the older documentation works as well.
        token = token or request.query.get("component_access_token", "")
        component = platform.component(token) or platform.components.get(str(fields.get("component_appid", "")))
        account = platform.accounts.get(str(fields.get("authorizer_appid", "")))
        return Call(PATHS[request.path], body, fields, token, account, component)
    return Call(OTHER, body, fields)
