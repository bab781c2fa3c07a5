# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""User tags of the simulated platform: what there is, what looks show of it, and the four calls.

As the facts about the platform say, a look may be late, and two looks may differ although nothing has changed.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import re
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from .accounts import Account
    from .calls import Call, Request

CREATE, GET, UPDATE, DELETE = "tags_create", "tags_get", "tags_update", "tags_delete"
PATHS = {
    "/cgi-bin/tags/create": CREATE,
    "/cgi-bin/tags/get": GET,
    "/cgi-bin/tags/update": UPDATE,
    "/cgi-bin/tags/delete": DELETE,
}
CHANGES: tuple[str, ...] = (CREATE, UPDATE, DELETE)

# Either of these permission sets allows a call for an account that has authorised a third-party platform.
SETS = {name: {2, 100} for name in PATHS.values()}

# The calls of a day, for a new account.
QUOTA = {GET: 1_000}

SYSTEM = frozenset({0, 1, 2})
MOST_FANS = 100_000
LONGEST = 30


@dataclasses.dataclass
class Tag:
    """``count``: how many users have it."""

    id: int
    name: str
    count: int = 0


@dataclasses.dataclass
class Tags:
    """The tags of one account.

    ``tags``: those that there are. ``next_id``: the id of the next one; ids are not used again. ``most``: how many there can be besides
    those of the platform. ``may``: whether the account may use tags. ``left``: how many calls with each name it may still make today.
    ``reserved``: names that no look shows, and that are refused nevertheless. ``in_bytes``: whether the limit of a name is in bytes.
    ``forgets_twice``: whether to delete a tag that is not there is a success. ``counts``: what looks say in place of the number of users,
    by id. ``unknown``: for how many updates and deletions the platform does not know the tag, although it is there.
    ``lag``: how many looks after the next change still show what was before it. ``views``: what the next looks show, one each, in place of
    what there is; None for that. ``writers``: what other writers do, right after a call with this name.
    """

    tags: list[Tag] = dataclasses.field(default_factory=lambda: [Tag(2, "星标组")])
    next_id: int = 100
    most: int = 100
    may: bool = True
    left: dict[str, int] = dataclasses.field(default_factory=QUOTA.copy)
    reserved: set[str] = dataclasses.field(default_factory=set)
    in_bytes: bool = False
    forgets_twice: bool = False
    counts: dict[int, int] = dataclasses.field(default_factory=dict)
    unknown: int = 0
    lag: int = 0
    views: list[list[Tag] | None] = dataclasses.field(default_factory=list)
    writers: dict[str, list[Callable[[Tags], None]]] = dataclasses.field(default_factory=dict)
    _before: list[Tag] = dataclasses.field(default_factory=list)
    _lagging: int = 0

    @property
    def names(self) -> list[str]:
        """The names of all tags but the platform's, in the order of the ids."""
        return [tag.name for tag in self.tags if tag.id not in SYSTEM]

    def add(self, *names: str, count: int = 0) -> Tags:
        """Add tags, even if there are tags with these names."""
        for name in names:
            self._count_on()
            self.tags.append(Tag(self.next_id, name, count))
            self.next_id += 1
        return self

    def rename(self, old: str, new: str) -> None:
        for tag in self.tags:
            tag.name = new if tag.name == old else tag.name

    def remove(self, *names: str) -> None:
        self._count_on()
        self.tags = [tag for tag in self.tags if tag.name not in names]

    def with_id(self, number: object) -> Tag | None:
        return next((tag for tag in self.tags if tag.id == number and not isinstance(number, bool)), None)

    def begin_change(self) -> None:
        """Remember what looks show while they are late."""
        self._count_on()
        self._before, self._lagging, self.lag = copy.deepcopy(self.tags), self.lag, 0

    def _count_on(self) -> None:
        self.next_id = max([self.next_id, *(tag.id + 1 for tag in self.tags)])

    def seen(self) -> list[Tag]:
        """What a look finds."""
        view = self.views.pop(0) if self.views else None
        if view is not None:
            return view
        if self._lagging:
            self._lagging -= 1
            return self._before
        return self.tags

    def after(self, call: str, writer: Callable[[Tags], object]) -> None:
        """Let another writer act right after the next ``call``."""
        self.writers.setdefault(call, []).append(t.cast("Callable[[Tags], None]", writer))


def refuse(call: Call, request: Request) -> int:
    """The errcode of a refusal for the form of the request; 0 if it is allowed."""
    if call.name == GET:
        return 0 if request.method == "GET" else 43001
    return 0 if request.method == "POST" else 43002


def answer(account: Account, call: Call) -> dict[str, object] | int:
    """The answer, from an account that may be called with the token of this request."""
    tags = account.tags
    if not tags.may:
        return 48001
    if call.name in tags.left:
        if tags.left[call.name] < 1:
            return 45009
        tags.left[call.name] -= 1
    result = _get(tags) if call.name == GET else _change(tags, call)
    # One writer for each call. A change that was refused is nothing to come after.
    if not isinstance(result, int) and tags.writers.get(call.name):
        tags.writers[call.name].pop(0)(tags)
    return result


def _get(tags: Tags) -> dict[str, object]:
    shown = [{"id": tag.id, "name": tag.name, "count": tags.counts.get(tag.id, tag.count)} for tag in tags.seen()]
    return {"tags": shown}


def _change(tags: Tags, call: Call) -> dict[str, object] | int:
    if not call.body:
        return 44002
    tag = _tag_in(call.body)
    if tag is None:
        return 47001
    if call.name == CREATE:
        return _create(tags, tag.get("name"))
    if "id" not in tag:
        return 44002
    return _update(tags, tag) if call.name == UPDATE else _delete(tags, tag["id"])


def _tag_in(body: bytes) -> dict[str, t.Any] | None:
    # An escape of JSON is kept as a text, and what is not UTF-8 becomes question marks. Both are successes.
    text = body.decode(errors="replace").replace("\ufffd", "?")
    try:
        fields = json.loads(re.sub(r"(?<!\\)((?:\\\\)*)\\u", r"\1\\\\u", text))
    except ValueError:
        return None
    tag = fields.get("tag") if isinstance(fields, dict) else None
    return tag if isinstance(tag, dict) else None


def _refused_name(tags: Tags, name: object) -> int:
    """The errcode of a refusal for a name; 0 if it is allowed."""
    if not isinstance(name, str) or not name:
        return 47001
    if len(name.encode() if tags.in_bytes else name) > LONGEST:
        return 45158
    # Also the name that the tag has already.
    return 45157 if name in tags.reserved or name in [tag.name for tag in tags.tags] else 0


def _create(tags: Tags, name: t.Any) -> dict[str, object] | int:
    refused = _refused_name(tags, name)
    if refused:
        return refused
    if len(tags.names) >= tags.most:
        return 45056
    tags.begin_change()
    tags.add(name)
    return {"tag": {"id": tags.tags[-1].id, "name": name}}


def _found(tags: Tags, number: object) -> Tag | int:
    if number in SYSTEM:
        return 45058
    tag = tags.with_id(number)
    if tags.unknown and tag:
        tags.unknown -= 1
        return 45159
    return tag or 45159


def _update(tags: Tags, given: dict[str, t.Any]) -> dict[str, object] | int:
    tag = _found(tags, given["id"])
    if isinstance(tag, int):
        return tag
    refused = _refused_name(tags, given.get("name"))
    if refused:
        return refused
    tags.begin_change()
    tag.name = given["name"]
    return {"errcode": 0, "errmsg": "ok"}


def _delete(tags: Tags, number: object) -> dict[str, object] | int:
    tag = _found(tags, number)
    if tag == 45159 and tags.forgets_twice and tags.with_id(number) is None:
        return {"errcode": 0, "errmsg": "ok"}
    if isinstance(tag, int):
        return tag
    if tag.count > MOST_FANS:
        return 45057
    tags.begin_change()
    tags.tags = [one for one in tags.tags if one is not tag]
    return {"errcode": 0, "errmsg": "ok"}
