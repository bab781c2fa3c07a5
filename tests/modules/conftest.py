# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from tests.modules.runner import Modules
from tests.simulator import Simulator
from tests.simulator.raw import RawServer

if t.TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with Simulator(tmp_path_factory.mktemp("simulator")) as running:
        yield running


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RawServer]:
    with RawServer(tmp_path_factory.mktemp("raw")) as running:
        yield running


@pytest.fixture(scope="module")
def modules(simulator: Simulator) -> Modules:
    """Runs modules against the simulator."""
    return Modules(simulator)
