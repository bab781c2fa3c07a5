# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nothing goes on without its operator. However a playbook ends, no change comes later, and no process is left."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import typing as t
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.integration.endings import (
    DELETES_MENUS,
    SETS_MENUS,
    SHAPES,
    TURNS_ON,
    Aftermath,
    Playbook,
    Work,
    end_by_runner,
    end_by_signal,
    end_by_time_out,
    wait_until,
    workers_of,
)
from tests.integration.harness import ROOT
from tests.simulator import Fault

if t.TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.integration.harness import Ansible
    from tests.simulator import Simulator

# The number of playbooks at a time. They mostly wait.
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
# What ends a change of a menu is the same code, so one way of each kind is enough.
MENU_CELLS = {
    ("accounts", "SIGTERM to its main"): SETS_MENUS,
    ("role by hosts", "SIGKILL to its main"): SETS_MENUS,
    ("accounts", "SIGKILL to its group"): DELETES_MENUS,
    ("one account", "the task's time-out"): DELETES_MENUS,
}


@pytest.fixture(scope="module")
def cells(simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, ...], Future[Aftermath]]]:
    """All cells of the table, several at a time."""
    folder = tmp_path_factory.mktemp("cells")

    def run(shape: str, way: str, work: Work = TURNS_ON) -> Aftermath:
        timed = {"keywords": {"timeout": 12}, "rescue": GO_ON, "count": 80, "one_look_takes": 20.0} if way == "the task's time-out" else {}
        return WAYS[way](Playbook(simulator, folder / f"{shape} {way} {work.change}".replace(" ", "-"), shape, work=work, **timed))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        of_menus = {(*cell, "menu"): pool.submit(run, *cell, work) for cell, work in MENU_CELLS.items()}
        yield {cell: pool.submit(run, *cell) for cell in CELLS} | of_menus


@pytest.mark.parametrize("cell", [*CELLS, *((*cell, "menu") for cell in MENU_CELLS)], ids=" ".join)
def test_nothing_runs_on(cell: tuple[str, ...], cells: dict[tuple[str, ...], Future[Aftermath]]) -> None:
    after = cells[cell].result()
    if cell[0] != "one account":
        assert after.before, after.output
    assert after.late == []
    assert after.left == {}


def test_a_rescue_that_runs_the_task_again_finds_nothing_at_work(simulator: Simulator, tmp_path: Path) -> None:
    playbook = Playbook(simulator, tmp_path, "one account", keywords={"timeout": 8}, one_look_takes=10.0)
    play = json.loads((tmp_path / "play.json").read_text())
    task = play[0]["tasks"][0]
    play[0]["tasks"] = [{"block": [task], "rescue": [{**task, "timeout": 0}]}]
    (tmp_path / "play.json").write_text(json.dumps(play))
    with playbook.running() as main:
        assert main.wait(timeout=90) == 0, playbook.output
    account = next(iter(playbook.accounts.values()))
    # The first look was interrupted. The second one showed off.
    assert account.calls == ["token", "look", "token", "look", "enable", "look"]


def _held(main: subprocess.Popen[bytes]) -> None:
    """Stop ansible-playbook and its worker for a while, as Ctrl-Z does."""
    stopped = [main.pid, *workers_of(main.pid)]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(2)
    for pid in stopped:
        os.kill(pid, signal.SIGCONT)


ALIVE: dict[str, tuple[list[str], Callable[[subprocess.Popen[bytes]], None]]] = {
    "nohup, and its terminal closes": (["nohup"], lambda main: os.killpg(main.pid, signal.SIGHUP)),
    "setsid": (["setsid", "--wait"], lambda main: os.killpg(main.pid, signal.SIGHUP)),
    "stopped and continued": ([], _held),
}


@pytest.mark.parametrize("how", ALIVE)
def test_what_lives_on_is_done_to_the_end(how: str, simulator: Simulator, tmp_path: Path) -> None:
    before, happens = ALIVE[how]
    playbook = Playbook(simulator, tmp_path, "accounts", count=8)
    with playbook.running(*before) as main:
        wait_until(lambda: len(playbook.enabling()) >= 2, "the work")
        happens(main)
        wait_until(lambda: "PLAY RECAP" in playbook.output, "the end")
    assert all(account.calls == ["token", "look", "enable", "look"] for account in playbook.accounts.values())
    assert "failed=0" in playbook.output


def test_async_lives_on_as_ansible_promises(simulator: Simulator, tmp_path: Path) -> None:
    playbook = Playbook(simulator, tmp_path, "accounts", keywords={"async": 60, "poll": 0}, count=6)
    with playbook.running() as main:
        assert main.wait(timeout=60) == 0, playbook.output
        wait_until(lambda: all(account.is_open for account in playbook.accounts.values()), "the work")


def test_signs_of_life_disturb_no_result(simulator: Simulator, ansible: Ansible) -> None:
    account = simulator.add().plan("look", Fault(delay=1.5))
    runner = {"ansible_connection": "unlike_local", "ansible_python_interpreter": sys.executable}
    role = {"acct": {"wechat_appid": account.appid, "wechat_secret": account.secret}, "there": runner}
    where = {"ANSIBLE_CONNECTION_PLUGINS": str(ROOT / "tests/integration/connection")}
    done = ansible.role(role, "--limit", "acct", "-vvv", variables={"draft_switch_runner": "there"}, environment=where)
    assert done.rc == 0, done.output
    assert done.last()["acct"]["changed"] is True
    assert "junk" not in done.output
    assert "[WARNING]" not in done.output
