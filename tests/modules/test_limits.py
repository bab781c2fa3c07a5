# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When the process of a module runs out of files, threads or memory: a sentence, and a row for every account.

The limits hold for a whole process, so each of these runs has its own, with plain Python. Python that is too old: see
``tests/integration/test_start.py``.
"""

from __future__ import annotations

import os
import typing as t

import pytest

from tests.integration.harness import APPID, SECRET
from tests.modules.runner import SWITCH, SWITCH_INFO, Main, Modules, Result
from tests.simulator import Fault, Simulator

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.simulator import Account

# Seconds that an answer takes, so that all allowed connections are open at the same time.
LATENCY = 0.3


class Machine:
    """Runs the module with ``accounts`` in a process with limits. ``shell``: the commands of a shell before it starts Python."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.modules = Modules(simulator)
        self.warnings = ""

    def call(self, shell: str, accounts: dict[str, Account], **options: t.Any) -> Result:
        """The result, after a comparison with the state of ``accounts`` in the simulator."""
        merged = {"retries": 0, "accounts": listed(accounts), **options}
        result = self.modules.in_a_process(SWITCH, shell=shell, **merged).result
        self.warnings = " ".join(map(str, result.get("warnings", ())))
        rows = result.get("accounts", {})
        assert list(rows) == list(accounts), result
        for name, account in accounts.items():
            row = rows[name]
            if account.calls.count("enable"):
                assert row["request_sent"], row
            if row.get("changed"):
                assert account.is_open
            assert row["failed"] == (row["failure"] is not None)
        return result


def listed(accounts: dict[str, Account]) -> list[dict[str, str]]:
    return [{"name": name, "appid": account.appid, "secret": account.secret} for name, account in accounts.items()]


@pytest.fixture
def machine(tmp_path: Path) -> t.Iterator[Machine]:
    (tmp_path / "simulator").mkdir()
    with Simulator(tmp_path / "simulator", latency=LATENCY) as slow:
        yield Machine(slow)


def some(machine: Machine, number: int) -> dict[str, Account]:
    return {f"a{position:03}": machine.simulator.add() for position in range(number)}


# --- Files.


@pytest.mark.parametrize(("files", "number"), [(48, 30), (128, 90)])
def test_no_more_at_a_time_than_there_are_files_for(files: int, number: int, machine: Machine) -> None:
    accounts = some(machine, number)
    result = machine.call(f"ulimit -n {files}", accounts, concurrency=256)
    assert result["summary"]["changed"] == number
    assert f"{number} accounts are to be worked on at a time, and {machine.simulator.connections} will be" in machine.warnings
    assert f"of the {files} that this process may have" in machine.warnings
    assert "ulimit -n" in machine.warnings


def test_who_has_files_enough_is_not_warned(machine: Machine) -> None:
    result = machine.call("ulimit -n 256", some(machine, 60), concurrency=256)
    assert result["summary"]["changed"] == 60
    assert machine.warnings == ""


@pytest.mark.parametrize("files", [14, 20])
def test_hardly_any_files(files: int, machine: Machine) -> None:
    machine.simulator.latency = 0.0
    result = machine.call(f"ulimit -n {files}", some(machine, 4), concurrency=256)
    assert result["summary"]["total"] == 4


# --- Threads.

NO_THREAD = """
import threading

def start(thread):
    raise RuntimeError("can't start new thread")

threading.Thread.start = start
"""


@pytest.mark.parametrize("main", [SWITCH, SWITCH_INFO], ids=["run", "info"])
@pytest.mark.parametrize("many", [False, True], ids=["one", "many"])
def test_without_a_thread_to_watch_whether_somebody_waits_nothing_is_sent(main: Main, many: bool, machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(NO_THREAD)
    account = {"appid": APPID, "secret": SECRET}
    options: dict[str, t.Any] = {"accounts": [account]} if many else account
    result = machine.modules.in_a_process(main, shell=f"export PYTHONPATH={tmp_path}:$PYTHONPATH", **options).result
    assert "this host starts no more threads" in result["msg"]
    assert "nothing was sent" in result["msg"] or main is SWITCH_INFO
    assert result["failure"]["reason"] == "operator"
    assert machine.simulator.log == []


# --- Memory.


def test_a_huge_or_tiny_stack(machine: Machine) -> None:
    """Each thread's stack would have that size, or be too small for an answer that has only brackets."""
    machine.simulator.latency = 0.0
    for shell in ("ulimit -s 4000000; ulimit -v 6000000", "ulimit -s 200"):
        accounts = some(machine, 4)
        accounts["a000"].plan("look", Fault(body=b"[" * 1_000_000))
        result = machine.call(shell, accounts, concurrency=4)
        assert (result["summary"]["changed"], result["summary"]["failed"]) == (3, 1)
        assert result["accounts"]["a000"]["failure"]["reason"] == "protocol"
        assert machine.warnings == ""


# --- Impossible texts and paths.

HALF = "half \ud83d"


@pytest.mark.parametrize("main", [SWITCH, SWITCH_INFO], ids=["run", "info"])
@pytest.mark.parametrize("name", ["name", "ca", "ca-nul", "ca-fifo", "ca-endless", "url", "url-nul"])
def test_what_cannot_be_encoded_is_refused(name: str, main: Main, simulator: Simulator, modules: Modules, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    account = {"appid": APPID, "secret": SECRET}
    cases: dict[str, tuple[dict[str, t.Any], str]] = {
        "name": ({"accounts": [{"name": HALF, **account}]}, "the name holds control characters"),
        "ca": ({**account, "ca_path": HALF}, "ca_path is not a readable file of CA certificates"),
        "ca-nul": ({**account, "ca_path": "/tmp/a\0b"}, "ca_path is not a readable file of CA certificates"),
        "ca-fifo": ({**account, "ca_path": str(fifo)}, "ca_path is not a readable file of CA certificates"),
        "ca-endless": ({**account, "ca_path": "/dev/zero"}, "ca_path is not a readable file of CA certificates"),
        "url": ({**account, "api_url": HALF}, "api_url is not a URL"),
        "url-nul": ({**account, "api_url": "https://a\0b"}, "api_url is not a URL"),
    }
    options, says = cases[name]
    before = len(simulator.log)
    result = modules.run(main, **options).result
    assert says in result["msg"]
    assert result["failure"]["reason"] == "operator"
    assert len(simulator.log) == before
