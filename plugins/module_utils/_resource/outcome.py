# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""What is known of a resource on one account, and what was done."""

from __future__ import annotations

import dataclasses
import typing as t

if t.TYPE_CHECKING:
    from .._http.errors import Failure

T = t.TypeVar("T")


@dataclasses.dataclass
class Outcome(t.Generic[T]):
    """``T``: the state of the resource.

    ``before``, ``now``: the state as it was found, and as it is; None where that is not known.
    ``changed``: it was not as declared, is now, and a change of this task may have done it; or, in check mode, it would be changed.
    ``verified``: ``now`` was seen after the last change. ``request_sent``: a change left this host; None if nobody can say.
    ``retired``: the platform no longer offers the call, and ``now`` is what it says of all accounts.
    """

    changed: bool = False
    now: T | None = None
    before: T | None = None
    verified: bool = False
    request_sent: bool | None = False
    retired: bool = False
    failure: Failure | None = None

    def saw(self, state: T) -> T:
        """Note that a look has just shown ``state``."""
        self.now = state
        self.verified = True
        return state
