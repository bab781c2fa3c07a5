# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nothing goes on without the playbook that waits for it, if the runner is reached over a real sshd."""

from __future__ import annotations

import signal
import typing as t
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.integration.endings import LIST, NEW, ROLE, Aftermath, Playbook, end_by_signal, end_by_time_out

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.simulator import Simulator

# Seconds, as in the documentation: the module's output must close first.
BOUND = 2.0

# No shared master connection: it belongs to Ansible, sends nothing, and stays for a minute.
ALONE = "-o ControlMaster=no -o ControlPath=none"
SHARED = "-o ControlMaster=auto -o ControlPersist=20"

# Not SIGKILL to its worker: then the ssh client goes on, and the module with it.
WAYS: dict[str, Callable[[Playbook], Aftermath]] = {
    "SIGKILL to its main": lambda playbook: end_by_signal(playbook, signal.SIGKILL, "main", BOUND),
    "SIGKILL to its group": lambda playbook: end_by_signal(playbook, signal.SIGKILL, "group", BOUND),
    "SIGTERM to its main": lambda playbook: end_by_signal(playbook, signal.SIGTERM, "main", BOUND),
    "the task's time-out": end_by_time_out,
}
CONNECTIONS = {
    "pipelining": {"ansible_pipelining": True, "ansible_ssh_args": ALONE},
    "no pipelining": {"ansible_pipelining": False, "ansible_ssh_args": ALONE},
    "a shared connection": {"ansible_pipelining": True, "ansible_ssh_args": SHARED},
    # Only for ssh: sftp, which copies the module, has no such option.
    "a terminal": {"ansible_pipelining": False, "ansible_ssh_args": ALONE, "ansible_ssh_extra_args": "-tt"},
}
KINDS = {"list": LIST, "role": ROLE}
CELLS = [
    (kind, connection, way)
    for kind in KINDS
    for connection in CONNECTIONS
    for way in WAYS
    if kind == "list" or (connection in ("pipelining", "a shared connection") and way != "the task's time-out")
]


@pytest.fixture(scope="module")
def cells(
    simulator: Simulator, runner: dict[str, t.Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[tuple[str, str, str], Future[Aftermath]]]:
    folder = tmp_path_factory.mktemp("cells")

    def run(number: int, kind: str, connection: str, way: str) -> Aftermath:
        timed: dict[str, t.Any] = {}
        if way == "the task's time-out":
            timed = {"keywords": {"timeout": 25}, "rescue": [{"name": "Go on", "ansible.builtin.debug": {"msg": "rescued"}}], "count": 200}
        # The path of a socket may have at most 108 characters.
        own = {"ansible_control_path_dir": str(folder / str(number)), "ansible_control_path": "%(directory)s/c"}
        there = {**runner, **CONNECTIONS[connection], **(own if connection == "a shared connection" else {})}
        return WAYS[way](Playbook(simulator, folder / f"cell{number}", KINDS[kind], runner=there, over_ssh=True, **timed))

    with ThreadPoolExecutor(4) as pool:
        yield {cell: pool.submit(run, number, *cell) for number, cell in enumerate(CELLS)}


@pytest.mark.parametrize(("kind", "connection", "way"), CELLS)
def test_nothing_runs_on(kind: str, connection: str, way: str, cells: dict[tuple[str, str, str], Future[Aftermath]]) -> None:
    after = cells[kind, connection, way].result()
    assert after.before, after.output
    assert after.late == []
    # The command line of the master of a shared connection.
    assert [command for command in after.left.values() if "[mux]" not in command] == []


@pytest.mark.parametrize("connection", CONNECTIONS)
def test_the_role_changes_all_over_ssh(
    connection: str, simulator: Simulator, runner: dict[str, t.Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    own = {"ansible_control_path_dir": str(tmp_path_factory.mktemp("c")), "ansible_control_path": "%(directory)s/c"}
    there = {**runner, **CONNECTIONS[connection], **own}
    playbook = Playbook(simulator, tmp_path_factory.mktemp("run") / "cell", ROLE, runner=there, count=3)
    with playbook.running() as main:
        assert main.wait(timeout=60) == 0, playbook.output
    assert all(account.menus.buttons == NEW for account in playbook.accounts.values())
    assert set(playbook.recorded().kept) == set(playbook.accounts)
    assert "[WARNING]" not in playbook.output


@pytest.mark.parametrize("connection", ["pipelining", "no pipelining"])
def test_a_runner_that_cannot_be_reached_fails_and_is_rescued(
    connection: str, simulator: Simulator, runner: dict[str, t.Any], tmp_path: Path
) -> None:
    there = {**runner, **CONNECTIONS[connection], "ansible_port": 1, "ansible_ssh_retries": 0}
    playbook = Playbook(simulator, tmp_path, ROLE, runner=there, count=1)
    with playbook.running() as main:
        assert main.wait(timeout=60) == 2, playbook.output
    assert "the runner could not be reached, or the module could not be started there; nothing was sent" in " ".join(
        playbook.output.split()
    )
    assert "unreachable=0" in playbook.output
    assert "rescued=1" in playbook.output
    assert playbook.recorded().rows["acct-000"]["request_sent"] is False
