# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator that remembers what every request found and did: the truth by which the soak is judged. A second writer lives in it."""

from __future__ import annotations

import collections
import copy
import dataclasses
import json
import time
import typing as t

from tests.simulator import Simulator
from tests.simulator.accounts import ENABLE, LOOK
from tests.simulator.groups import CHANGES
from tests.simulator.tags import SYSTEM

if t.TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aiohttp import web

    from tests.simulator import Account
    from tests.simulator.accounts import Seen
    from tests.simulator.calls import Call

# The resource that each change belongs to, and what each look shows.
RESOURCE = {
    ENABLE: "draft_switch",
    **dict.fromkeys(("menu_create", "menu_delete"), "menu"),
    **dict.fromkeys(("tags_create", "tags_update", "tags_delete"), "tags"),
    **dict.fromkeys(("conditional_add", "conditional_delete"), "conditional_menus"),
}
LOOKS = {LOOK: ("draft_switch",), "menu_get": ("menu", "conditional_menus"), "tags_get": ("tags",)}

Buttons = list[dict[str, t.Any]]


class State(t.NamedTuple):
    """What an account has, or what an answer shows of it. Parts of an account can be compared with ``==``.

    ``menu``: the buttons; None if there is none. ``tags``: names by id, without those of the platform. ``conditional_menus``: with button,
    matchrule and menuid, the newest first.
    """

    draft_switch: bool = False
    menu: Buttons | None = None
    tags: dict[int, str] = {}  # noqa: RUF012
    conditional_menus: Buttons = []  # noqa: RUF012


NOTHING = State()


def buttons_in(buttons: Buttons) -> Buttons:
    """``buttons`` without the empty lists that the platform adds."""
    return [
        {key: buttons_in(value) if key == "sub_button" else value for key, value in button.items() if value != []} for button in buttons
    ]


def conditional_in(listed: Buttons) -> Buttons:
    found = [
        {
            "menuid": int(one["menuid"]),
            "button": buttons_in(one["button"]),
            "matchrule": {"tag_id" if key == "group_id" else key: str(value) for key, value in one["matchrule"].items()},
        }
        for one in listed
    ]
    return sorted(found, key=lambda one: -one["menuid"])


def state_of(account: Account) -> State:
    menus = account.menus
    return State(
        account.is_open,
        None if menus.buttons is None else buttons_in(copy.deepcopy(menus.buttons)),
        {tag.id: tag.name for tag in account.tags.tags if tag.id not in SYSTEM},
        conditional_in(copy.deepcopy(menus.conditional)),
    )


def shown_in(call: str, answer: dict[str, t.Any]) -> dict[str, t.Any]:
    """What an answer shows, by resource; {} if it is a refusal."""
    if call == LOOK and "is_open" in answer:
        return {"draft_switch": bool(answer["is_open"])}
    if call == "tags_get" and "tags" in answer:
        return {"tags": {tag["id"]: tag["name"] for tag in answer["tags"] if tag["id"] not in SYSTEM}}
    if call == "menu_get" and "menu" in answer:
        shown = conditional_in(answer.get("conditionalmenu", []))
        return {"menu": buttons_in(answer["menu"]["button"]), "conditional_menus": shown}
    return {"menu": None, "conditional_menus": []} if call == "menu_get" and answer.get("errcode") == 46003 else {}


@dataclasses.dataclass(frozen=True)
class Event:
    """Something that concerns one account. ``name``: of the account. ``at``: in seconds of the monotonic clock.

    ``kind``: ``change``, a change arrives, and ``before`` is what it finds; ``effect``, it is carried out; ``look``, ``shown`` is what the
    answer shows; ``other``, the second writer acts. ``fields``: the body of a change. ``records``: how long each record is, by its path.
    """

    kind: str
    name: str
    call: str
    at: float
    before: State = NOTHING
    after: State = NOTHING
    fields: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    shown: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    records: dict[Path, int] = dataclasses.field(default_factory=dict)


class Witness(Simulator):
    """``events``: of all accounts, in order. ``names``: of the accounts, by AppID. ``reports``: the folder of the records.

    ``writers``: what the second writer does right after the next call of an account, by its name and that of the call.
    """

    def __init__(self, folder: Path, reports: Path) -> None:
        super().__init__(folder)
        self.reports = reports
        self.events: list[Event] = []
        self.names: dict[str, str] = {}
        self.writers: dict[tuple[str, str], list[Callable[[Account], object]]] = collections.defaultdict(list)

    def saw(self, seen: Seen) -> None:
        super().saw(seen)
        if seen.call in (ENABLE, *CHANGES) and seen.appid in self.names:
            found = state_of(self.accounts[seen.appid])
            fields = json.loads(seen.body or b"{}")
            self._note("change", self.accounts[seen.appid], seen.call, before=found, fields=fields, records=self._records())

    def act(self, call: Call, request: web.Request) -> web.Response | dict[str, object]:
        account = call.account
        if account is None or account.appid not in self.names:
            return super().act(call, request)
        before = state_of(account)
        answer = super().act(call, request)
        after = state_of(account)
        if after != before:
            self._note("effect", account, call.name, before=before, after=after)
        if call.name in LOOKS and isinstance(answer, dict):
            self._note("look", account, call.name, shown=shown_in(call.name, answer))
        writers = self.writers.get((self.names[account.appid], call.name))
        if writers:
            writers.pop(0)(account)
            self._note("other", account, call.name, before=after, after=state_of(account))
        return answer

    def _note(self, kind: str, account: Account, call: str, **more: t.Any) -> None:
        self.events.append(Event(kind, self.names[account.appid], call, time.monotonic(), **more))

    def _records(self) -> dict[Path, int]:
        runs = self.reports / "runs"
        return {path: path.stat().st_size for path in runs.iterdir()} if runs.is_dir() else {}
