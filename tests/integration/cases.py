# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cases of the draft box switch as the tests of the roles use them: see ``tests.modules.switch_cases``."""

from __future__ import annotations

import dataclasses
import typing as t

from tests.modules.switch_cases import CASES as TABLE
from tests.modules.switch_cases import IN_DOUBT, ON, TURNED_ON, UNKNOWN
from tests.simulator import Fault

__all__ = ["CASES", "IN_DOUBT", "ON", "TURNED_ON", "UNKNOWN", "Case"]


@dataclasses.dataclass(frozen=True)
class Case:
    expected: dict[str, t.Any]
    calls: str
    reason: str | None
    is_open: bool
    token: bool
    lag: int
    options: t.Mapping[str, t.Any]
    look: tuple[Fault, ...]
    enable: tuple[Fault, ...]
    token_call: tuple[Fault, ...]


CASES: dict[str, Case] = {}
for _name, _case in TABLE.items():
    _plan = {call: tuple(fault or Fault() for fault in faults) for call, faults in _case.plan().items()}
    CASES[_name] = Case(
        _case.row,
        _case.allowed[0],
        _case.reason,
        _case.given.get("is_open", False),
        not _case.with_secret,
        _case.given.get("lag", 0),
        _case.options,
        *(t.cast("tuple[Fault, ...]", _plan.get(call, ())) for call in ("look", "enable", "token")),
    )
