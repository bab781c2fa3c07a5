# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import collections
import os
import sys
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
def http_simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """A simulator that speaks plain http."""
    with Simulator(tmp_path_factory.mktemp("http-simulator"), tls=False) as running:
        yield running


@pytest.fixture(scope="module")
def ansible(simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Ansible:
    return Ansible(simulator, tmp_path_factory.mktemp("ansible"))


# --- How often Ansible was started, by file. Each start takes a second, so the summary says it.

COMMANDS = {"ansible", "ansible-doc", "ansible-galaxy", "ansible-inventory", "ansible-playbook", "ansible-runner"}
_starts: collections.Counter[str] = collections.Counter()
_file = ""


def _count(event: str, arguments: tuple[t.Any, ...]) -> None:
    if event == "subprocess.Popen":
        command = arguments[1]
        parts = [command] if isinstance(command, (str, bytes, os.PathLike)) else command
        _starts[_file] += bool(COMMANDS & {os.path.basename(os.fsdecode(part)) for part in parts})


sys.addaudithook(_count)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    global _file
    _file = item.path.name


def pytest_sessionfinish(session: pytest.Session) -> None:
    # In a worker of pytest-xdist.
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["starts"] = dict(_starts)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: t.Any) -> None:
    _starts.update(getattr(node, "workeroutput", {}).get("starts", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _starts.total():
        terminalreporter.section("starts of Ansible")
        for file, number in _starts.most_common():
            if number:
                terminalreporter.line(f"{number:4} {file}")
        terminalreporter.line(f"{_starts.total():4} in all")
