# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nothing goes on without the playbook that waits for it. However a playbook ends, no change comes later, and no process is left."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
import typing as t
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.integration.endings import (
    CONNECTIONS,
    ELSEWHERE,
    LIST,
    MENU,
    NEW,
    OLD,
    ROLE,
    SWITCH,
    TASK,
    Aftermath,
    Kind,
    Playbook,
    end_by_runner,
    end_by_signal,
    end_by_time_out,
    wait_until,
)
from tests.simulator import Fault

if t.TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from tests.integration.harness import Ansible
    from tests.simulator import Simulator

pytestmark = pytest.mark.every_core

# The number of playbooks at a time. They mostly wait.
AT_ONCE = 5
GO_ON = [{"name": "Go on", "ansible.builtin.debug": {"msg": "rescued"}}]
TIMED = {"keywords": {"timeout": 15}, "rescue": GO_ON, "count": 150}


def _by(number: signal.Signals, whom: str) -> Callable[[Playbook], Aftermath]:
    return lambda playbook: end_by_signal(playbook, number, whom)


WAYS: dict[str, Callable[[Playbook], Aftermath]] = {
    **{
        f"{number.name} to its {whom}": _by(number, whom)
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
        for whom in ("main", "group")
    },
    "SIGKILL to a worker": _by(signal.SIGKILL, "worker"),
    "cancelled by ansible-runner": end_by_runner,
    "the task's time-out": end_by_time_out,
}
# The kind of work, the connection to its runner if it is not in the worker, and how it ends. The role in the worker is ended in every way,
# and other work in those ways that each of its parts must notice.
CELLS: dict[str, tuple[Kind, str, tuple[str, ...]]] = {
    "role": (ROLE, "", tuple(way for way in WAYS if way != "the task's time-out")),
    "a task for each account": (TASK, "", ("SIGKILL to its main", "SIGTERM to its group")),
    "one task for a list": (LIST, "", ("SIGKILL to its main", "SIGKILL to a worker", "the task's time-out")),
    "a module": (
        SWITCH,
        "",
        (
            "SIGKILL to its main",
            "SIGINT to its main",
            "SIGHUP to its group",
            "SIGKILL to a worker",
            "cancelled by ansible-runner",
            "the task's time-out",
        ),
    ),
    "a module that deletes": (MENU, "", ("SIGTERM to its main",)),
    "role elsewhere": (ROLE, "elsewhere", ("SIGKILL to its main", "SIGTERM to its main", "SIGINT to its group", "SIGKILL to a worker")),
    "list where the end is hidden": (LIST, "hidden", ("the task's time-out",)),
    "list elsewhere": (LIST, "elsewhere", ("SIGHUP to its main", "SIGKILL to a worker", "the task's time-out")),
}
ALL = [(what, way) for what, (_kind, _connection, ways) in CELLS.items() for way in ways]


class Cells:
    """Runs cells of the table, several at a time."""

    def __init__(self, simulator: Simulator, folder: Path, pool: ThreadPoolExecutor) -> None:
        self._simulator, self._folder, self._pool = simulator, folder, pool
        self._begun: dict[tuple[str, str], Future[Aftermath]] = {}

    def begin(self, what: str, way: str) -> Future[Aftermath]:
        if (what, way) not in self._begun:
            self._begun[what, way] = self._pool.submit(self._run, what, way)
        return self._begun[what, way]

    def _run(self, what: str, way: str) -> Aftermath:
        kind, connection, _ways = CELLS[what]
        more: dict[str, t.Any] = TIMED if way == "the task's time-out" else {}
        if kind.many:
            # Some workers are then waiting for a look, after which each would send a change.
            more = {"count": 12, "look_takes": 3.0, "quick": 4}
        if way == "SIGKILL to a worker" and kind.many:
            # With more hosts than forks, Ansible gives the dead worker's place away, and waits for its result for ever.
            more = {"count": 8, "forks": 8, "look_takes": 4.0, "quick": 3, "enough": 3}
        own = self._folder / f"{what} {way}".replace(" ", "-").replace("'", "")
        runner = {**ELSEWHERE, "ansible_connection": connection} if connection else None
        playbook = Playbook(self._simulator, own, kind, runner=runner, **more)
        # A module that cannot see the end counts the task's time from its own start, which a busy machine delays.
        return end_by_time_out(playbook, 20.0) if connection == "hidden" else WAYS[way](playbook)


@pytest.fixture(scope="module")
def cells(simulator: Simulator, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Cells]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = Cells(simulator, tmp_path_factory.mktemp("cells"), pool)
        for item in request.session.items:
            params = getattr(item, "callspec", item).__dict__.get("params", {})
            if "way" in params and item.path == request.path:
                found.begin(params["what"], params["way"])
        yield found


@pytest.mark.parametrize(("what", "way"), ALL)
def test_nothing_runs_on(what: str, way: str, cells: Cells) -> None:
    after = cells.begin(what, way).result()
    assert after.before, after.output
    assert after.late == []
    assert after.left == {}
    if CELLS[what][0] is not ROLE:
        return
    recorded = after.playbook.recorded()
    replaced = after.playbook.changed()
    # Every menu that was replaced is on record, as it was. What became of the account is on record, or it is not known.
    assert [name for name in replaced if recorded.kept[name]["menu"]["menu"] != {"button": OLD}] == []
    assert set(recorded.rows) <= set(recorded.kept) | {name for name, row in recorded.rows.items() if row["failure"]}
    assert recorded.whole
    if way == "SIGKILL to a worker":
        assert "dead state" in after.output
        assert "Write the report" not in after.output
        assert len(recorded.rows) < len(after.playbook.accounts)


def test_what_a_killed_rollout_has_replaced_comes_back(cells: Cells) -> None:
    playbook = cells.begin("role", "SIGKILL to a worker").result().playbook
    replaced = playbook.changed()
    assert {playbook.accounts[name].menus.buttons == NEW for name in replaced} == {True}
    assert playbook.roll_back() == 0, playbook.output
    assert {str(account.menus.buttons) for account in playbook.accounts.values()} == {str(OLD)}


def test_a_time_out_in_the_worker_leaves_a_full_result(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    """It comes a little before the time-out, which would take it away. What is known is on record."""
    playbook = Playbook(simulator, tmp_path, ROLE, keywords={"timeout": 4}, count=4, look_takes=0.0)
    on_time, unanswered, silent, busy = (playbook.accounts[f"acct-{number:03}"] for number in range(4))
    unanswered.plan("menu_create", Fault(delay=30.0, carried_out=True))
    silent.plan("menu_get", Fault(delay=30.0))
    # After each such answer there is a pause.
    busy.plan("menu_get", *[Fault(errcode=-1)] * 99)
    inventory = json.loads((tmp_path / "inventory.json").read_text())
    inventory["accounts"]["vars"]["account_retries"] = 10
    (tmp_path / "inventory.json").write_text(json.dumps(inventory))
    done = ansible.run([*playbook.command, "-f", "4"], tmp_path, CONNECTIONS)
    assert done.rc == 2, done.output
    assert "TimeoutError" not in done.output
    rows = {name: result for name, results in done.results.items() for result in results if result.get("resources")}
    became = {name: (row["changed"], row["request_sent"], (row["failure"] or {}).get("reason")) for name, row in rows.items()}
    assert list(playbook.accounts) == sorted(became)
    assert became["acct-000"] == (True, True, None)
    assert became["acct-001"] == (False, True, "outcome_unknown")
    assert became["acct-002"] == (False, False, "transport")
    assert became["acct-003"][:2] == (False, False)
    assert set(playbook.recorded().rows) == set(playbook.accounts)
    calls = {name: list(account.calls) for name, account in playbook.accounts.items()}
    time.sleep(1.5)
    assert {name: list(account.calls) for name, account in playbook.accounts.items()} == calls
    assert on_time.menus.buttons == NEW


def test_a_rescue_that_runs_the_task_again_finds_nothing_at_work(simulator: Simulator, tmp_path: Path) -> None:
    # On a busy machine, a module needs some seconds until it looks.
    playbook = Playbook(simulator, tmp_path, SWITCH, keywords={"timeout": 12}, count=1, look_takes=14.0)
    play = json.loads((tmp_path / "play.json").read_text())
    task = play[0]["tasks"][0]
    play[0]["tasks"] = [{"block": [task], "rescue": [{**task, "timeout": 0}]}]
    (tmp_path / "play.json").write_text(json.dumps(play))
    with playbook.running() as main:
        assert main.wait(timeout=90) == 0, playbook.output
    # The first look was interrupted. The second one showed off.
    assert playbook.accounts["acct-000"].calls == ["token", "look", "token", "look", "enable", "look"]


def _held(playbook: Playbook, main: subprocess.Popen[bytes]) -> None:
    """Stop ansible-playbook and its workers for a while, as Ctrl-Z does."""
    # The main process first, so that it starts no other worker. A worker may end meanwhile.
    os.kill(main.pid, signal.SIGSTOP)
    workers = playbook.workers(main.pid)
    _send_all(workers, signal.SIGSTOP)
    time.sleep(2)
    _send_all([*workers, main.pid], signal.SIGCONT)


def _send_all(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _terminal_closes(_playbook: Playbook, main: subprocess.Popen[bytes]) -> None:
    os.killpg(main.pid, signal.SIGHUP)


ALIVE: dict[str, tuple[list[str], Callable[[Playbook, subprocess.Popen[bytes]], None]]] = {
    "nohup, and its terminal closes": (["nohup"], _terminal_closes),
    "setsid": (["setsid", "--wait"], _terminal_closes),
    "stopped and continued": ([], _held),
}


@pytest.mark.parametrize("how", ALIVE)
def test_what_lives_on_is_done_to_the_end(how: str, simulator: Simulator, tmp_path: Path) -> None:
    before, happens = ALIVE[how]
    playbook = Playbook(simulator, tmp_path, ROLE, count=8)
    with playbook.running(*before) as main:
        wait_until(lambda: len(playbook.changes()) >= 2, "the work")
        happens(playbook, main)
        wait_until(lambda: "PLAY RECAP" in playbook.output, "the end")
    assert all(account.menus.buttons == NEW for account in playbook.accounts.values())
    assert "failed=1" not in playbook.output


def test_async_lives_on_as_ansible_promises(simulator: Simulator, tmp_path: Path) -> None:
    runner = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    playbook = Playbook(simulator, tmp_path, LIST, keywords={"async": 60, "poll": 0}, count=6, runner=runner)
    with playbook.running() as main:
        assert main.wait(timeout=60) == 0, playbook.output
        wait_until(lambda: all(account.menus.buttons == NEW for account in playbook.accounts.values()), "the work")
