# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of the simulated platform: its accounts, their tokens, and every request that it has received."""

from __future__ import annotations

import collections
import dataclasses
import secrets
import time
import typing as t

from .component import PATHS, Component
from .diagnostics import Standing
from .menu import Menus
from .tags import Tags
from .templates import Templates

if t.TYPE_CHECKING:
    from .component import Authorizer
    from .faults import Fault

# The kinds of requests in the log. An enabling request is any POST to draft/switch without checkonly=1.
TOKEN, LOOK, ENABLE, OTHER = "token", "look", "enable", "other"


@dataclasses.dataclass
class Account:
    """One Official Account.

    ``listed``: whether the caller's address is on its IP allow list. ``lag``: how many looks after a change still show off.
    ``faults``: for each kind of call, the faults of the next calls in turn; the calls after them have none.
    """

    appid: str
    secret: str
    is_open: bool = False
    listed: bool = True
    frozen_secret: bool = False
    lag: int = 0
    token: str = ""
    faults: dict[str, collections.deque[Fault]] = dataclasses.field(default_factory=lambda: collections.defaultdict(collections.deque))
    calls: list[str] = dataclasses.field(default_factory=list)
    menus: Menus = dataclasses.field(default_factory=Menus)
    tags: Tags = dataclasses.field(default_factory=Tags)
    templates: Templates = dataclasses.field(default_factory=Templates)
    standing: Standing = dataclasses.field(default_factory=Standing)

    def plan(self, call: str, *faults: Fault) -> Account:
        """Give ``faults`` to the next requests of the kind ``call``, one to each, in this order."""
        self.faults[call].extend(faults)
        return self

    def turn_on(self) -> None:
        """The effect of an enabling request. It cannot be undone."""
        self.is_open = True

    def shows_on(self) -> bool:
        """What a look shows now."""
        if self.is_open and self.lag:
            self.lag -= 1
            return False
        return self.is_open


@dataclasses.dataclass(frozen=True)
class Seen:
    """A request as the platform received it. ``query``: the raw query string. ``body``: the raw body.

    ``component``: the AppID of the third-party platform that sent it, for itself or for an account.
    ``at``: when it arrived, in seconds of this machine's monotonic clock.
    """

    call: str
    appid: str
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    component: str = ""
    at: float = dataclasses.field(default_factory=time.monotonic)


class Platform:
    """All accounts, all third-party platforms, and the log of all requests.

    ``newcomers``: whether an unknown AppID that asks for a token becomes an account, with the AppSecret that it sends.
    """

    newcomers = False

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.components: dict[str, Component] = {}
        self.log: list[Seen] = []
        self._tokens: dict[str, Account] = {}
        self._count = 0

    def add(self, *, is_open: bool = False, listed: bool = True, lag: int = 0, appid: str = "", secret: str = "") -> Account:
        """Add an account. By default it has a new AppID and a random AppSecret."""
        self._count += 1
        while not appid and f"wx{self._count:016x}" in self.accounts:
            self._count += 1
        account = Account(
            appid=appid or f"wx{self._count:016x}",
            secret=secret or secrets.token_hex(16),
            is_open=is_open,
            listed=listed,
            lag=lag,
        )
        self.accounts[account.appid] = account
        return account

    def asking(self, appid: str, secret: str) -> Account | None:
        """The account that asks for a token."""
        if self.newcomers and secret and appid and appid not in self.accounts and appid not in self.components:
            return self.add(appid=appid, secret=secret)
        return self.accounts.get(appid)

    def add_component(
        self, *, listed: bool = True, published: bool = True, rotates_refresh_tokens: bool = False, appid: str = "", token: str = ""
    ) -> Component:
        """Add a third-party platform that no account has authorised yet."""
        component = Component(
            appid=appid or f"wxc{len(self.components) + 1:015x}",
            token=token,
            listed=listed,
            published=published,
            rotates_refresh_tokens=rotates_refresh_tokens,
        )
        self.components[component.appid] = component
        return component

    def issue(self, account: Account) -> str:
        """A new valid token of ``account``. The previous one is dead, but ``holder`` still knows it."""
        # Real tokens have about 136 characters, with - and _ among them. The slash and the plus test the quoting.
        account.token = f"{self._count}_{secrets.token_urlsafe(90)}+/{secrets.token_hex(4)}"
        self._tokens[account.token] = account
        return account.token

    def token(self, account: Account) -> str:
        """The valid token of ``account``: the same one until it dies."""
        return account.token or self.issue(account)

    def issued(self) -> set[str]:
        """Every token that was ever issued, and every refresh token."""
        return set(self._tokens).union(*(component.issued() for component in self.components.values()))

    def holder(self, token: str) -> Account | None:
        """The account that ``token`` belongs or belonged to."""
        _component, authorizer = self.authorised(token)
        return authorizer.account if authorizer else self._tokens.get(token)

    def component(self, token: str) -> Component | None:
        """The third-party platform that has or had ``token`` as its own token."""
        return next((component for component in self.components.values() if component.owns(token)), None)

    def authorised(self, token: str) -> tuple[Component | None, Authorizer | None]:
        """The third-party platform, and its authorised account, for which ``token`` was issued."""
        for component in self.components.values():
            authorizer = component.authorizer(token)
            if authorizer:
                return component, authorizer
        return None, None

    def saw(self, seen: Seen) -> None:
        self.log.append(seen)
        if seen.component and seen.call in PATHS.values():
            self.components[seen.component].calls.append(seen.call)
        if seen.appid in self.accounts:
            self.accounts[seen.appid].calls.append(seen.call)

    def count(self, call: str) -> int:
        """The number of received requests of the kind ``call``."""
        return sum(1 for seen in self.log if seen.call == call)
