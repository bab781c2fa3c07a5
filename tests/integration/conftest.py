# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import typing as t

import pytest

from tests.integration.harness import Ansible
from tests.simulator import Simulator

# The tests also call the simulator directly. The user's proxy cannot reach it.
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "localhost,127.0.0.1"

if t.TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with Simulator(tmp_path_factory.mktemp("simulator")) as running:
        yield running


@pytest.fixture(scope="module")
def ansible(simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Ansible:
    return Ansible(simulator, tmp_path_factory.mktemp("ansible"))
