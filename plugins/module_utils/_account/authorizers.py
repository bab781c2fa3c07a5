# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""Reads the list of all accounts that have authorised a third-party platform. It has pages, and may change while they are read."""

from __future__ import annotations

import functools
import typing as t

from .._http.errors import Failure, Text
from .component import LIST

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    from .._http.patience import Patience
    from .component import Authorizer, Component

# How often to read the list at most, if it changes during each reading.
_READINGS = 3


class Listing(t.NamedTuple):
    """``authorizers``: by AppID. ``gap``: why accounts may be missing; None if none is missing.

    An account that authorised the third-party platform while the list was read may always be missing.
    """

    authorizers: dict[str, Authorizer]
    gap: Failure | None


def read_list(
    component: Component, patience: Patience, wanted: AbstractSet[str] = frozenset(), progress: Callable[[str], None] = lambda _line: None
) -> Listing:
    """The accounts that have authorised ``component``.

    ``wanted``: AppIDs. If there are any, reading stops when all of them are found. ``progress``: shows a line of progress to the user.
    Raises ApiError if a page cannot be read.
    """
    known: dict[str, Authorizer] = {}
    listed, total = 0, 1
    for _reading in range(_READINGS):
        found, total = _read_once(component, patience, wanted - known.keys(), progress)
        listed = len(found)
        # A wanted account that one reading has found need not be in the next reading.
        known = {**known, **found} if wanted else found
        # If an account leaves, those after it move forward, perhaps onto a page that was read before. Then they are missing here.
        if listed >= total or _holds(known, wanted):
            return Listing(known, None)
    what = Text(
        "only {listed:,} of {total:,} accounts were listed, {readings} times over",
        "{total:,} 个账号中只列出了 {listed:,} 个，共读取了 {readings} 次",
    ).filled(listed=listed, total=total, readings=_READINGS)
    remedy = Text(
        "run again in a few minutes, when no account joins or leaves the third-party platform",
        "请几分钟后，在没有账号授权或取消授权时重新运行",
    )
    return Listing(known, Failure("protocol", LIST, what, remedy))


def _read_once(
    component: Component, patience: Patience, wanted: AbstractSet[str], progress: Callable[[str], None]
) -> tuple[dict[str, Authorizer], int]:
    """The accounts that one reading has found, and how many there were according to the first page."""
    found: dict[str, Authorizer] = {}
    total = offset = 0
    while offset == 0 or offset < total:
        page = patience.read(functools.partial(component.page, offset))
        total = total or page.total
        found.update((one.appid, one) for one in page.authorizers)
        offset += len(page.authorizers)
        progress(f"{len(found):,} of {total:,} authorised accounts listed")
        if not page.authorizers or offset >= page.total or _holds(found, wanted):
            break
    return found, total


def _holds(found: Mapping[str, Authorizer], wanted: AbstractSet[str]) -> bool:
    return bool(wanted) and found.keys() >= wanted
