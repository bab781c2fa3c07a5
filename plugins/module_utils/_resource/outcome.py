# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known about a resource on one account, and what was done."""

from __future__ import annotations

import dataclasses
import typing as t

if t.TYPE_CHECKING:
    from .._account.session import Change
    from .._http.errors import Failure

T = t.TypeVar("T")


@dataclasses.dataclass
class Outcome(t.Generic[T]):
    """``T``: the type of the resource's state, as in ``Resource``; or of what else was looked at.

    ``before``, ``now``: the state that the first look showed, and the state now; None if not known.
    ``changed``: a change of this task has had its effect, or may have had the one that is shown. In check mode: it would be changed.
    ``verified``: an answer of the platform showed ``now``, and no change was sent after it. ``request_sent``: whether a change left this
    host; None if that is not known.
    ``foreseen``: in check mode, the state that a change would lead to; None if there would be none.
    ``planned``: the changes that the first looks ask for. ``done``: those that have had their effect, unless it was somebody else's.
    ``retired``: the platform no longer offers the call, and ``now`` is what it has announced for all accounts.
    ``failure``: None if the work was done to its end. What was changed before a failure stays in ``changed`` and ``done``.
    """

    changed: bool = False
    now: T | None = None
    before: T | None = None
    verified: bool = False
    request_sent: bool | None = False
    retired: bool = False
    failure: Failure | None = None
    foreseen: T | None = None
    planned: list[Change[T]] = dataclasses.field(default_factory=list)
    done: list[Change[T]] = dataclasses.field(default_factory=list)

    def saw(self, state: T) -> T:
        """Note that a look has just shown ``state``."""
        self.now = state
        self.verified = True
        return state
