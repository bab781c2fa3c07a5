# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way in which the bytes of an answer can arrive, against raw sockets: alone, and mixed with others in one call."""

from __future__ import annotations

import hashlib
import typing as t

import pytest

from tests.modules.runner import Modules
from tests.modules.switch_cases import ON, TURNED_ON
from tests.modules.table import DRAFT_SWITCH, Table, misfits
from tests.modules.ways import CASES, ENDED, ENDED_CASES, OPEN, SPENT, WAYS, Case
from tests.simulator.raw import RawServer

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.modules.table import Seen

# These are mixed with the cases of the table, to find out whether a fault of one account affects another.
NEIGHBOURS = {f"neighbour-{number}": Case("look enable look", TURNED_ON) for number in range(40)} | {
    f"neighbour-{number}": Case("look", ON, given=OPEN) for number in range(40, 80)
}
EVERY = dict(sorted({**CASES, **NEIGHBOURS}.items(), key=lambda item: hashlib.sha256(item[0].encode()).digest()))
TABLE = Table(DRAFT_SWITCH, {**CASES, **ENDED_CASES})


@pytest.fixture(scope="module")
def modules(raw: RawServer) -> Modules:
    return Modules(raw)


def assert_no_spent_connection_is_used(server: RawServer, first: int = 0) -> None:
    """A connection brings nothing after an answer that ends its use, and no token is used for another account."""
    spent: dict[int, str] = {}
    ways = {way.steps: name for name, way in (WAYS | ENDED).items()}
    for one in server.brought[first:]:
        assert one.connection not in spent, spent[one.connection]
        if one.script.steps in SPENT:
            spent[one.connection] = ways[one.script.steps]
    assert server.decoy.calls == []


@pytest.mark.parametrize("name", TABLE.cases)
def test_run(name: str, modules: Modules, raw: RawServer) -> None:
    before = len(raw.brought)
    seen = TABLE.run(name, modules)
    assert_no_spent_connection_is_used(raw, before)
    way = WAYS.get(name.removesuffix("-off"))
    if way and way.used_again:
        assert len(set(raw.connections(seen.account))) == 1


@pytest.mark.parametrize(("how", "tls"), [("run", False), ("check", True)])
def test_all_as_accounts_of_one_call(how: str, tls: bool, tmp_path: Path) -> None:
    """Without those whose connection ends after a right answer: it is a matter of luck which account's request still uses it."""
    table = Table(DRAFT_SWITCH, EVERY)
    with RawServer(tmp_path, tls=tls) as raw:
        seen = table.together(Modules(raw), check=how == "check")
        assert misfits(table.compare_foreseen if how == "check" else table.compare, seen) == {}
        assert_no_spent_connection_is_used(raw)
        assert how == "run" or raw.count("enable") == 0


# What the info module sees of a body, and of each way in which none arrives.
FOUND = [name for name in CASES if name.startswith("says-") or name.endswith("-off-each-time")]


def test_info(modules: Modules) -> None:
    table = TABLE.only(FOUND)

    def compare(seen: Seen) -> None:
        table.compare_found(seen, seen.case.looks({"enable"}), None if table.would_change(seen.case) else seen.case.reason)

    assert misfits(compare, table.together(modules, info=True)) == {}
