# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way in which the bytes of an answer to a call for menus can arrive: see ``test_switch_answers``."""

from __future__ import annotations

import typing as t

import pytest

from tests.modules.menu_cases import OLD, RAW_CASES
from tests.modules.runner import MENU, Modules
from tests.modules.table import CUSTOM_MENU, Table, misfits
from tests.modules.ways import ENDED
from tests.simulator.raw import RawServer, Script

if t.TYPE_CHECKING:
    from pathlib import Path

TABLE = Table(CUSTOM_MENU, RAW_CASES)


@pytest.fixture(scope="module")
def modules(raw: RawServer) -> Modules:
    return Modules(raw)


@pytest.mark.parametrize("name", [name for name, case in RAW_CASES.items() if "menu_delete:way" in case.calls])
def test_a_get_that_changes(name: str, modules: Modules, raw: RawServer) -> None:
    """Alone, each on connections of its own. The other calls are read as those of the draft box switch."""
    TABLE.run(name, modules)
    assert raw.decoy.calls == []


def test_all_as_accounts_of_one_call(tmp_path: Path) -> None:
    with RawServer(tmp_path, tls=False) as raw:
        assert misfits(TABLE.compare, TABLE.together(Modules(raw))) == {}
        assert raw.decoy.calls == []
        assert not [one for one in raw.log if one.call == "other"]


@pytest.mark.parametrize("how", ["check", "info"])
def test_what_only_looks(how: str, modules: Modules) -> None:
    table = TABLE.only(name for name in RAW_CASES if name.endswith("-get-each-time"))
    seen = table.together(modules, check=how == "check", info=how == "info")
    compare = table.compare_foreseen if how == "check" else lambda one: table.compare_found(one, one.case.allowed, one.case.reason)
    assert misfits(compare, seen) == {}


@pytest.mark.parametrize("name", ["closed", "reset-afterwards"])
def test_no_get_that_changes_is_sent_over_a_connection_that_has_ended(name: str, tmp_path: Path) -> None:
    """urllib3 takes a GET for safe, and would send it again."""
    with RawServer(tmp_path, tls=False) as raw:
        account = raw.add()
        account.menus.buttons = OLD["button"]
        raw.script(account, "menu_get", Script(ENDED[name].steps))
        row = Modules(raw).one(MENU, account, access_token=raw.issue(account), state="absent")
        assert (row["changed"], account.calls.count("menu_delete")) == (True, 1)
        first, *others = raw.connections(account)
        assert first not in others
