# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nothing runs on without its operator: whatever ends a playbook, no enabling request comes later, and no process is left."""

from __future__ import annotations

import signal
import typing as t
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.integration.endings import (
    SHAPES,
    Aftermath,
    Playbook,
    end_by_runner,
    end_by_signal,
    end_by_time_out,
)
from tests.simulator import Simulator

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# So many playbooks at a time: they wait more than they work.
AT_ONCE = 5
GO_ON = [{"name": "Go on", "ansible.builtin.debug": {"msg": "rescued"}}]


def _by(number: signal.Signals, whom: str) -> Callable[[Playbook], Aftermath]:
    return lambda playbook: end_by_signal(playbook, number, whom)


WAYS: dict[str, Callable[[Playbook], Aftermath]] = {
    **{
        f"{number.name} to its {whom}": _by(number, whom)
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
        for whom in ("main", "group")
    },
    "SIGKILL to its worker": _by(signal.SIGKILL, "worker"),
    "cancelled by ansible-runner": end_by_runner,
    "the task's time-out": end_by_time_out,
}
CELLS = [(shape, way) for shape in SHAPES for way in WAYS]


@pytest.fixture(scope="module")
def cells(simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, str], Future[Aftermath]]]:
    """All cells of the table, several at a time."""
    folder = tmp_path_factory.mktemp("cells")

    def run(shape: str, way: str) -> Aftermath:
        timed = {"keywords": {"timeout": 7}, "rescue": GO_ON, "one_look_takes": 12.0} if way == "the task's time-out" else {}
        return WAYS[way](Playbook(simulator, folder / f"{shape} {way}".replace(" ", "-"), shape, **timed))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {cell: pool.submit(run, *cell) for cell in CELLS}


@pytest.mark.parametrize(("shape", "way"), CELLS)
def test_nothing_runs_on(shape: str, way: str, cells: dict[tuple[str, str], Future[Aftermath]]) -> None:
    after = cells[shape, way].result()
    if shape != "one account":
        assert after.before, after.output
    assert after.late == []
    assert after.left == {}
