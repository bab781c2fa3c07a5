# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the unit tests give ``converge`` instead of a session that talks to the platform."""

from __future__ import annotations

import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._resource import converge as real
from ansible_collections.wxops.official_account.plugins.module_utils._resource.draft_switch import DRAFT_SWITCH, to_turn_on

if t.TYPE_CHECKING:
    from ansible_collections.wxops.official_account.plugins.module_utils._account.session import Change, Look
    from ansible_collections.wxops.official_account.plugins.module_utils._http.patience import Patience
    from ansible_collections.wxops.official_account.plugins.module_utils._resource.outcome import Outcome


class Box(t.Protocol):
    """A draft box that answers looks and, if it is given a way, enabling requests."""

    def look(self) -> bool:
        """Whether it is on."""

    def enable(self) -> bool:
        """Whether the answer says that it is on now."""


class BoxReader:
    def __init__(self, box: Box) -> None:
        self._box = box

    def read(self, look: Look[bool]) -> bool:
        assert look is DRAFT_SWITCH.look
        return self._box.look()


class BoxSession(BoxReader):
    def change(self, change: Change[bool]) -> bool | None:
        assert change is to_turn_on(False)
        return True if self._box.enable() else None


def inspect(box: Box) -> Outcome[bool]:
    return real.inspect(BoxReader(box), DRAFT_SWITCH)


def foresee(box: Box) -> Outcome[bool]:
    return real.foresee(BoxReader(box), DRAFT_SWITCH, to_turn_on)


def converge(box: Box, patience: Patience) -> Outcome[bool]:
    return real.converge(BoxSession(box), DRAFT_SWITCH, to_turn_on, patience)
