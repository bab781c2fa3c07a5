# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""User tags: every case of their table, run, run in check mode, looked at, and all of them as accounts of one call."""

from __future__ import annotations

import json
import re
import typing as t

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.modules.case import steps_of
from tests.modules.runner import ACCOUNT, TAGS, TAGS_INFO
from tests.modules.table import USER_TAGS, Table, misfits
from tests.modules.tags_cases import BEHAVIOUR, CASES, GONE, ODD
from tests.simulator import Fault
from tests.simulator.tags import Tag

if t.TYPE_CHECKING:
    from tests.modules.runner import Modules
    from tests.modules.table import Seen
    from tests.simulator import Simulator

TABLE = Table(USER_TAGS, CASES)
KEYS = {"changed", "tags", "before", "changes", "duplicates", "system", "verified", "request_sent", "failure", "msg"}
NOTHING_DONE = {"created": [], "renamed": {}, "deleted": {}}


def compare(seen: Seen) -> None:
    TABLE.compare(seen)
    row = seen.row
    assert row.keys() >= KEYS
    assert (row["tags"] is None) is (row["duplicates"] is None) is (row["system"] is None)
    # What is said to be done is a change. Somebody else's change is not said to be done.
    assert row["changed"] or row["changes"] == NOTHING_DONE


def compare_found(seen: Seen) -> None:
    """One look is enough."""
    calls = []
    for call, fault in steps_of(seen.case.calls):
        calls.append(call)
        if call == "tags_get" and not fault:
            break
    else:
        TABLE.compare_found(seen, [" ".join(calls)], seen.case.reason)
        return
    forbidden = (
        seen.case.reason if seen.case.reason in ("account", "quota") and len(calls) <= 2 and "second" not in seen.case.calls else None
    )
    TABLE.compare_found(seen, [" ".join(calls)], forbidden if not seen.row["verified"] else None)


@pytest.mark.parametrize("name", CASES)
def test_run(name: str, modules: Modules) -> None:
    compare(TABLE.run(name, modules))


@pytest.mark.parametrize("name", BEHAVIOUR)
def test_check_mode(name: str, modules: Modules) -> None:
    TABLE.check(name, modules)


@pytest.mark.parametrize("name", BEHAVIOUR)
def test_info(name: str, modules: Modules) -> None:
    compare_found(TABLE.look(name, modules))


COMPARED = {"run": compare, "check": TABLE.compare_foreseen, "info": compare_found}


@pytest.mark.parametrize("how", COMPARED)
def test_all_as_accounts_of_one_call(how: str, modules: Modules, simulator: Simulator) -> None:
    def changes() -> int:
        return sum(map(simulator.count, USER_TAGS.changes))

    before = changes()
    seen = TABLE.together(modules, check=how == "check", info=how == "info")
    assert misfits(COMPARED[how], seen) == {}
    # Not by account, so that a request that names no account counts as well.
    assert changes() - before == sum(call in USER_TAGS.changes for one in seen.values() for call in one.account.calls)
    assert how == "run" or changes() == before
