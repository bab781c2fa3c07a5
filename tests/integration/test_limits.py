# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When the machine runs out of files or threads, or its Python is too old: a sentence, and a row for every account."""

from __future__ import annotations

import ast
import itertools
import os
import shutil
import sys
import typing as t

import pytest

from tests.integration.endings import CONNECTIONS, ELSEWHERE
from tests.integration.fleets import listed
from tests.integration.harness import APPID, CORE, INFO, ROOT, SECRET, SWITCH, WITH_ARGUMENTS, Ansible, leaks
from tests.simulator import Fault, Simulator

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.simulator import Account

# Seconds that an answer takes, so that all allowed connections are open at the same time.
LATENCY = 0.3
PYTHONS = [path for path in map(shutil.which, ("python3.8", "python3.9")) if path]


class Machine:
    """Runs the module with ``accounts`` in a process with limits. ``shell``: the commands of a shell before it starts Python."""

    def __init__(self, ansible: Ansible, simulator: Simulator, folder: Path) -> None:
        self._ansible = ansible
        self.simulator = simulator
        self._folder = folder
        self._numbers = itertools.count()
        self.warnings = ""
        self.written = ""

    def interpreter(self, shell: str) -> str:
        path = self._folder / f"python{next(self._numbers)}"
        path.write_text(f'#!/bin/sh\n{shell}\nexec {sys.executable} "$@"\n')
        path.chmod(0o755)
        return str(path)

    def call(self, shell: str, accounts: dict[str, Account], *arguments: str, **options: t.Any) -> dict[str, t.Any]:
        """The result, after a comparison with the state of ``accounts`` in the simulator."""
        reach = {"api_url": self.simulator.url, "ca_path": str(self.simulator.ca_path), "retries": 0, "timeout": 10}
        merged = {**reach, "accounts": listed(accounts), **options}
        task = {
            "name": "Call the module",
            SWITCH: {name: f"{{{{ option_{name} }}}}" for name in merged},
            "vars": {"ansible_python_interpreter": self.interpreter(shell)},
        }
        done = self._ansible.play({"localhost": merged}, *arguments, tasks=[task], environment=WITH_ARGUMENTS)
        result = done.one()
        self.warnings, self.written = " ".join(map(str, result.get("warnings", ()))), done.written
        rows = result.get("accounts", {})
        assert list(rows) == list(accounts), done.output
        for name, account in accounts.items():
            row = rows[name]
            if account.calls.count("enable"):
                assert row["request_sent"], row
            if row.get("changed"):
                assert account.is_open
            assert row["failed"] == (row["failure"] is not None)
        return result


@pytest.fixture
def machine(ansible: Ansible, tmp_path: Path) -> t.Iterator[Machine]:
    (tmp_path / "simulator").mkdir()
    with Simulator(tmp_path / "simulator", latency=LATENCY) as slow:
        ansible.simulators.append(slow)
        yield Machine(ansible, slow, tmp_path)


def some(machine: Machine, number: int) -> dict[str, Account]:
    return {f"a{position:03}": machine.simulator.add() for position in range(number)}


# --- Files.


@pytest.mark.parametrize("files", [48, 128])
def test_no_more_at_a_time_than_there_are_files_for(files: int, machine: Machine) -> None:
    accounts = some(machine, 90)
    result = machine.call(f"ulimit -n {files}", accounts, concurrency=256)
    assert result["summary"]["changed"] == 90
    assert f"90 accounts are to be worked on at a time, and {machine.simulator.connections} will be" in machine.warnings
    assert f"of the {files} that this process may have" in machine.warnings
    assert "ulimit -n" in machine.warnings


def test_who_has_files_enough_is_not_warned(machine: Machine) -> None:
    result = machine.call("ulimit -n 256", some(machine, 60), concurrency=256)
    assert result["summary"]["changed"] == 60
    assert machine.warnings == ""


@pytest.mark.parametrize("files", [14, 20])
def test_hardly_any_files(files: int, machine: Machine) -> None:
    result = machine.call(f"ulimit -n {files}", some(machine, 4), concurrency=256)
    assert result["summary"]["total"] == 4


# --- Threads.

NO_THREAD = """
import threading

def start(thread):
    raise RuntimeError("can't start new thread")

threading.Thread.start = start
"""


@pytest.mark.parametrize("module", [SWITCH, INFO])
def test_without_a_thread_to_watch_whether_somebody_waits_nothing_is_sent(
    module: str, ansible: Ansible, machine: Machine, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(NO_THREAD)
    python = machine.interpreter(f"export PYTHONPATH={tmp_path}")
    account = {"appid": APPID, "secret": SECRET}
    hosts: dict[str, dict[str, t.Any]] = {"one": account, "many": {"accounts": [account]}}
    reach = {"api_url": machine.simulator.url}
    done = ansible.play(
        {name: {**reach, **options} for name, options in hosts.items()}, "-e", f"ansible_python_interpreter={python}", module=module
    )
    for name in hosts:
        assert "this host starts no more threads" in done.one(name)["msg"]
        assert "nothing was sent" in done.one(name)["msg"] or module == INFO
        assert done.one(name)["failure"]["reason"] == "operator"
    assert machine.simulator.log == []


# --- Stacks.


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

HALF = "{{ '[\"half \\ud83d\"]' | from_json | first }}"


@pytest.mark.parametrize("module", [SWITCH, INFO])
def test_what_cannot_be_encoded_is_refused(module: str, simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
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
    before = len(simulator.log)
    done = ansible.play({name: {**ansible.options, **options} for name, (options, _says) in cases.items()}, "-vvv", module=module)
    for name, (options, says) in cases.items():
        result = done.one(name)
        if "from_json" in str(options) and CORE >= (2, 19):  # Ansible does not even hand it over
            assert "surrogates not allowed" in result["msg"]
            continue
        assert says in result["msg"]
        assert result["failure"]["reason"] == "operator"
    assert len(simulator.log) == before


def test_ansible_logs_no_arguments(ansible: Ansible) -> None:
    """An AppSecret in the wrong option would be in the system's log. Text that the log cannot take shows what is written to it."""
    done = ansible.play({"localhost": {**ansible.options, "appid": SECRET, "secret": APPID, "ca_path": "/tmp/a\0b"}}, "-vvvv")
    assert "msg_to_log" not in done.one()
    assert leaks(done.written, {SECRET}) == []


# --- An old Python.

OLD = """
import collections, sys

sys.version_info = collections.namedtuple("version_info", "major minor micro releaselevel serial")(3, 9, 99, "final", 0)
"""


@pytest.fixture
def old_pythons(machine: Machine, tmp_path: Path) -> dict[str, str]:
    """By version: the old Pythons of this machine, and one that only pretends to be old."""
    (tmp_path / "sitecustomize.py").write_text(OLD)
    found = {"3.9.99": machine.interpreter(f"export PYTHONPATH={tmp_path}")}
    for python in PYTHONS:
        found[f"{os.path.basename(python)[6:]}."] = python
    return found


@pytest.mark.parametrize("module", [SWITCH, INFO])
def test_a_python_that_is_too_old(module: str, ansible: Ansible, old_pythons: dict[str, str]) -> None:
    account = {"appid": APPID, "secret": SECRET}
    options: dict[str, dict[str, t.Any]] = {"one": account, "many": {"accounts": [account]}}
    # Every other failure has the same keys.
    usual = ansible.play({name: {**given, "retries": -1} for name, given in options.items()}, module=module)
    for version, python in old_pythons.items():
        if version == "3.8." and ansible_refuses_it():
            continue
        done = ansible.play(options, "-vvvv", "-e", f"ansible_python_interpreter={python}", module=module, environment=WITH_ARGUMENTS)
        for name in options:
            result = done.one(name)
            says = f"Failed to start: this module needs Python 3.10 or newer, and the Python that runs it is {version}"
            assert result["msg"].startswith(says), done.output
            assert "; nothing was sent; set ansible_python_interpreter to Python 3.10 or newer" in result["msg"]
            assert result["failure"]["reason"] == "operator"
            ansible_s_own = {"invocation", "_ansible_no_log", "exception"}
            assert result.keys() - ansible_s_own == usual.one(name).keys() - ansible_s_own
        assert "Traceback" not in done.written
        assert leaks(done.written, {SECRET}) == []


def ansible_refuses_it() -> bool:
    """Newer cores do not run any module on such a Python, and have their own message for that."""
    from ansible.module_utils import basic

    return getattr(basic, "_PY_MIN", (3, 9)) > (3, 8)


def test_the_role_on_a_python_that_is_too_old(ansible: Ansible, machine: Machine, old_pythons: dict[str, str]) -> None:
    hosts = {name: {"wechat_appid": account.appid, "wechat_secret": account.secret} for name, account in some(machine, 3).items()}
    runner = {**ELSEWHERE, "ansible_python_interpreter": old_pythons["3.9.99"]}
    variables = {"draft_switch_runner": "runner"}
    done = ansible.role({**hosts, "runner": runner}, variables=variables, play={"hosts": "all,!runner"}, environment=CONNECTIONS)
    for name in hosts:
        row = next(result for result in done.results[name] if "resources" in result)
        assert "this module needs Python 3.10 or newer, and the Python that runs it is 3.9.99; nothing was sent" in row["msg"]
        assert (row["failure"]["reason"], row["request_sent"]) == ("operator", False)
    assert machine.simulator.log == []


@pytest.mark.parametrize(
    "file", ["modules/wechat_draft_switch", "modules/wechat_draft_switch_info", "module_utils/_run/python", "module_utils/_run/quiet"]
)
def test_an_older_python_can_read_what_it_runs(file: str) -> None:
    source = (ROOT / "plugins" / f"{file}.py").read_text()
    imported = [node.module for node in ast.walk(ast.parse(source, feature_version=(3, 8))) if isinstance(node, ast.ImportFrom)]
    assert imported[0] == "__future__"
    if file.startswith("modules/"):
        assert imported[1] == "ansible_collections.wxops.official_account.plugins.module_utils._run.python"
