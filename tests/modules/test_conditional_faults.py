# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conditional menus: every case of their table, run, run in check mode, looked at, and all of them as accounts of one call."""

from __future__ import annotations

import json
import re
import typing as t

import pytest

from tests.modules.conditional_cases import BASE, CASES, VIP, declared, returned, there
from tests.modules.runner import CONDITIONAL, CONDITIONAL_INFO
from tests.modules.table import CONDITIONAL_MENUS, Table, misfits
from tests.simulator import Fault
from tests.simulator.tags import Tag

if t.TYPE_CHECKING:
    from tests.modules.case import Case
    from tests.modules.runner import Modules
    from tests.simulator import Account, Simulator

TABLE = Table(CONDITIONAL_MENUS, CASES)
# Without those that wait for a time-out twice.
QUICK = [name for name, case in CASES.items() if case.calls.count(":late") < 2]


@pytest.mark.parametrize("name", CASES)
def test_run(name: str, modules: Modules) -> None:
    TABLE.run(name, modules)


@pytest.mark.parametrize("name", QUICK)
def test_check_mode(name: str, modules: Modules) -> None:
    seen = TABLE.check(name, modules)
    assert seen.account.menus.conditional == seen.case.given["menus.conditional"] or seen.case.writer
