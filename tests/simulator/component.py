# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of a simulated third-party platform: the accounts that have authorised it, and its tokens."""

from __future__ import annotations

import collections
import dataclasses
import secrets
import typing as t

if t.TYPE_CHECKING:
    from .accounts import Account
    from .faults import Fault

# The kinds of requests in the log, and the path of each.
AUTHORIZER_LIST, AUTHORIZER_INFO, AUTHORIZER_TOKEN = "authorizer_list", "authorizer_info", "authorizer_token"
PATHS = {
    "/cgi-bin/component/api_get_authorizer_list": AUTHORIZER_LIST,
    "/cgi-bin/component/api_get_authorizer_info": AUTHORIZER_INFO,
    "/cgi-bin/component/api_authorizer_token": AUTHORIZER_TOKEN,
}


@dataclasses.dataclass
class Authorizer:
    """An account that has authorised a third-party platform.

    ``account_type``: the other types are in ``component_answers``. ``lists_refresh_token``: if False, the refresh token in the list is
    empty. ``shows_refresh_token``: if False, the details have no refresh token, as in the documentation's example.
    ``tokens``: the valid ones. These are the newest token and the one before it.
    """

    account: Account
    refresh_token: str
    auth_time: int
    account_type: str = "official_account"
    permission_sets: tuple[int, ...] = (11,)
    nick_name: str = ""
    user_name: str = ""
    principal_name: str = "示例有限公司"
    alias: str = ""
    service_type: int = 2
    verify_type: int = 0
    account_status: int = 1
    lists_refresh_token: bool = True
    shows_refresh_token: bool = True
    tokens: collections.deque[str] = dataclasses.field(default_factory=lambda: collections.deque(maxlen=2))


@dataclasses.dataclass
class Component:
    """A third-party platform.

    ``token``: its component_access_token, by default a random one. ``listed``: whether the caller's address is on its IP allow list.
    ``authorizers``: by AppID, in the order of the list. ``rotates_refresh_tokens``: whether each call for a token returns a new refresh
    token and makes the previous one invalid. ``calls``: its requests to ``component/*``, in order; requests with an account's token are
    in that account's calls. ``faults``: see ``Account``.
    """

    appid: str
    token: str = ""
    listed: bool = True
    published: bool = True
    rotates_refresh_tokens: bool = False
    authorizers: dict[str, Authorizer] = dataclasses.field(default_factory=dict)
    faults: dict[str, collections.deque[Fault]] = dataclasses.field(default_factory=lambda: collections.defaultdict(collections.deque))
    calls: list[str] = dataclasses.field(default_factory=list)
    _component_tokens: set[str] = dataclasses.field(default_factory=set, repr=False)
    _refresh: set[str] = dataclasses.field(default_factory=set, repr=False)
    _issued: dict[str, Authorizer] = dataclasses.field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.token = self.token or self.new_token()
        self._component_tokens.add(self.token)

    def plan(self, call: str, *faults: Fault) -> Component:
        """Give ``faults`` to the next requests of the kind ``call``, one to each, in this order."""
        self.faults[call].extend(faults)
        return self

    def new_token(self) -> str:
        """A new component_access_token. The previous one is dead."""
        self.token = _random()
        self._component_tokens.add(self.token)
        return self.token

    def authorise(self, account: Account, **fields: t.Any) -> Authorizer:
        """``account`` authorises this third-party platform. If it does so again, its earlier tokens are dead."""
        number = len(self.authorizers) + 1
        values = {
            "refresh_token": _random_refresh_token(),
            "auth_time": 1_700_000_000 + number,
            "nick_name": f"测试号 {number}",
            "user_name": f"gh_{secrets.token_hex(6)}",
            **fields,
        }
        if account.appid in self.authorizers:
            self.authorizers[account.appid].tokens.clear()
        self._refresh.add(values["refresh_token"])
        self.authorizers[account.appid] = Authorizer(account, **values)
        return self.authorizers[account.appid]

    def revoke(self, appid: str) -> None:
        """The account withdraws its authorisation."""
        del self.authorizers[appid]

    def new_refresh_token(self, appid: str) -> str:
        """A new refresh token for the account. The previous one is dead."""
        self.authorizers[appid].refresh_token = token = _random_refresh_token()
        self._refresh.add(token)
        return token

    def issue(self, authorizer: Authorizer) -> str:
        """A new authorizer_access_token."""
        token = _random()
        authorizer.tokens.append(token)
        self._issued[token] = authorizer
        return token

    def owns(self, token: str) -> bool:
        """Whether ``token`` is or was this third-party platform's own token."""
        return token in self._component_tokens

    def authorizer(self, token: str) -> Authorizer | None:
        """The authorised account for which this third-party platform got ``token``."""
        return self._issued.get(token)

    def issued(self) -> set[str]:
        """Every token and refresh token that was ever valid."""
        return self._component_tokens | self._refresh | set(self._issued)


def _random() -> str:
    # The slash and the plus test the quoting.
    return f"{secrets.token_urlsafe(90)}+/{secrets.token_hex(4)}"


def _random_refresh_token() -> str:
    # Real ones have this form.
    return f"refreshtoken@@@{secrets.token_urlsafe(32)}"
