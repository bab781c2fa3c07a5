# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the list of all accounts that have authorised a third-party platform. It has pages, and may change while they are read.

Each page but the last one must bring a new account. So there are never more requests than there are accounts, whatever the answers say.
"""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from .._http.errors import Failure
from .._text import CLAUSES, Text, joined
from .component import LIST

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    from .._http.patience import Patience
    from .component import Authorizer, Component

# How often to read the list at most, if it changes during each reading.
_READINGS = 3

# How many odd entries a message names.
_NAMED = 5

_NO_APPID = Text("entry {position:,} has no usable AppID")
_AGAIN = Text("entry {position:,} is {appid} again")
_MORE = Text("and {number:,} more odd entries")
_SOME = Text("only {listed:,} of {total:,} accounts were listed")
_SOME_EACH_TIME = Text("only {listed:,} of {total:,} accounts were listed, {readings} times over").filled(readings=_READINGS)
_WAIT = Text(
    "run again in a few minutes, when no account joins or leaves the third-party platform; if the list stays like this, ask the "
    "platform's support"
)


class Listing(t.NamedTuple):
    """``authorizers``: by AppID. ``gap``: why accounts may be missing; None if none is missing.

    An account that authorised the third-party platform while the list was read may always be missing.
    """

    authorizers: dict[str, Authorizer]
    gap: Failure | None


@dataclasses.dataclass
class _Reading:
    """``total``: how many accounts there are according to the first page. ``found``: by AppID. ``odd``: the odd entries, in words.

    ``unusable``: how many entries have no usable AppID.
    """

    total: int = 0
    found: dict[str, Authorizer] = dataclasses.field(default_factory=dict)
    odd: list[Text] = dataclasses.field(default_factory=list)
    unusable: int = 0

    def add(self, position: int, one: Authorizer | None) -> None:
        if one is None:
            self.unusable += 1
            self.odd.append(_NO_APPID.filled(position=position))
        elif one.appid in self.found:
            self.odd.append(_AGAIN.filled(position=position, appid=one.appid))
        else:
            self.found[one.appid] = one

    def is_whole(self) -> bool:
        # If an account leaves, those after it move forward, perhaps onto a page that was read before. Then they are missing here.
        return len(self.found) + self.unusable >= self.total

    def gap(self) -> Failure | None:
        if self.is_whole() and not self.unusable:
            return None
        total = max(self.total, len(self.found) + self.unusable)
        what = (_SOME if self.is_whole() else _SOME_EACH_TIME).filled(listed=len(self.found), total=total)
        unnamed = len(self.odd) - _NAMED
        more = [_MORE.filled(number=unnamed)] if unnamed > 0 else []
        return Failure("protocol", LIST, joined(CLAUSES, [what, *self.odd[:_NAMED], *more]), _WAIT)


def read_list(
    component: Component, patience: Patience, wanted: AbstractSet[str] = frozenset(), progress: Callable[[str], None] = lambda _line: None
) -> Listing:
    """The accounts that have authorised ``component``.

    ``wanted``: AppIDs. If there are any, reading stops when all of them are found. ``progress``: shows a line of progress to the user.
    Raises ApiError if a page cannot be read.
    """
    known: dict[str, Authorizer] = {}
    reading = _Reading()
    for _reading in range(_READINGS):
        reading = _read_once(component, patience, wanted - known.keys(), progress)
        # A wanted account that one reading has found need not be in the next reading.
        known = {**known, **reading.found} if wanted else reading.found
        if _holds(known, wanted):
            return Listing(known, None)
        if reading.is_whole():
            break
    return Listing(known, reading.gap())


def _read_once(component: Component, patience: Patience, wanted: AbstractSet[str], progress: Callable[[str], None]) -> _Reading:
    reading = _Reading()
    offset = 0
    while True:
        page = patience.read(functools.partial(component.page, offset))
        if offset == 0:
            reading.total = page.total
        before = len(reading.found)
        for position, one in enumerate(page.entries, offset + 1):
            reading.add(position, one)
        offset += len(page.entries)
        progress(f"{len(reading.found):,} of {reading.total:,} authorised accounts listed")
        is_last = len(reading.found) == before or offset >= min(reading.total, page.total)
        if is_last or _holds(reading.found, wanted):
            return reading


def _holds(found: Mapping[str, Authorizer], wanted: AbstractSet[str]) -> bool:
    return bool(wanted) and found.keys() >= wanted
