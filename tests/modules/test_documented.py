# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules return is what their documentation says."""

from __future__ import annotations

import sys
import typing as t

import pytest
import yaml

from tests.integration.shapes import assert_keys
from tests.modules.runner import SAMPLES

if t.TYPE_CHECKING:
    from tests.modules.runner import Main, Modules, Result
    from tests.simulator import Simulator

TYPES: dict[str, type] = {"bool": bool, "str": str, "dict": dict, "int": int, "list": list}


@pytest.mark.parametrize("listed", [True, False], ids=["done", "failed"])
@pytest.mark.parametrize("main", SAMPLES, ids=lambda main: main.__module__.rpartition(".")[2])
def test_what_is_returned_is_what_is_documented(main: Main, listed: bool, simulator: Simulator, modules: Modules) -> None:
    documented = yaml.safe_load(sys.modules[main.__module__].RETURN)
    alone = {key: entry for key, entry in documented.items() if entry["returned"] != "if accounts is given"}
    many = {key: entry for key, entry in documented.items() if entry["returned"] != "if accounts is not given"}
    assert set(documented) == set(alone) | set(many)
    account = simulator.add(listed=listed)
    result = modules.one(main, account, diff=False, **SAMPLES[main])
    assert_documented(result, alone)
    assert set(documented["failure"]["contains"]) == set(result["failure"] or documented["failure"]["contains"])
    given = [{"appid": account.appid, "secret": account.secret}]
    fleet = modules.run(main, diff=False, accounts=given, **SAMPLES[main]).result
    assert_documented(fleet, many)
    (row,) = fleet["accounts"].values()
    assert set(row) == set(documented["accounts"]["contains"])
    assert set(fleet["summary"]) == set(documented["summary"]["contains"])


def assert_documented(result: Result, documented: dict[str, t.Any]) -> None:
    assert_keys(result, {*documented, "changed"})
    for key, entry in documented.items():
        assert result[key] is None or isinstance(result[key], TYPES[entry["type"]])
