# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""Watches ansible-playbook's main process from a worker, and ends the worker's own processes."""

from __future__ import annotations

import contextlib
import functools
import multiprocessing
import os
import signal
import subprocess
import time

from ansible_collections.wxops.official_account.plugins.module_utils._run.operator import ENDED, EVERY, Process, process_in, start_thread

_PROC = "/proc"

# Seconds to wait for killed processes to end.
_DYING = 1.0

# The id of the process in which the watching thread runs. A forked process does not inherit the thread.
_watched = 0


def main_process() -> int:
    """The process id of ansible-playbook's main process; 0 if this process is not one of its workers."""
    parent = multiprocessing.parent_process()
    return (parent.pid or 0) if parent else 0


def watch_main_process() -> None:
    """From now on, end this worker and its processes as soon as ansible-playbook's main process has ended.

    Without this, a worker would notice that too late: it waits for its module, which goes on. Every action that sends something or waits
    must call this. It may be called more than once. Raises RuntimeError if no thread can start.
    """
    global _watched
    main = main_process()
    if not main or _watched == os.getpid():
        return
    if os.getppid() != main:
        os._exit(1)
    start_thread(functools.partial(_watch, main))
    _watched = os.getpid()


def _watch(main: int) -> None:
    while os.getppid() == main:
        time.sleep(EVERY)
    end_descendants()
    os._exit(1)


def end_descendants() -> bool:
    """Kill all processes that this process has started, directly or not. Returns whether all have ended."""
    found: set[int] = set()
    while new := _descendants() - found:
        found |= new
        for pid in new:
            # If a parent ended now, its children could not be found any more. A stopped process also cannot start new ones.
            _send(pid, signal.SIGSTOP)
    for pid in found:
        _send(pid, signal.SIGKILL)
    until = time.monotonic() + _DYING
    while left := [pid for pid in found if pid in (table := _table()) and table[pid].state not in ENDED]:
        if time.monotonic() > until:
            return not left
        time.sleep(0.01)
    return True


def _send(pid: int, number: signal.Signals) -> None:
    # It may have ended by itself. With become, a process may belong to another user, so that it cannot be ended.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _descendants() -> set[int]:
    children: dict[int, list[int]] = {}
    for pid, process in _table().items():
        if process.state not in ENDED:
            children.setdefault(process.parent, []).append(pid)
    found: set[int] = set()
    waiting = [os.getpid()]
    while waiting:
        started = children.get(waiting.pop(), [])
        found.update(started)
        waiting.extend(started)
    return found


def _table() -> dict[int, Process]:
    """All visible processes, by process id."""
    if not os.path.exists(f"{_PROC}/self/stat"):
        return _table_of_ps()
    table = {}
    for name in os.listdir(_PROC):
        if name.isdigit():
            # The process may end in between.
            with contextlib.suppress(OSError, ValueError), open(f"{_PROC}/{name}/stat", "rb") as file:
                table[int(name)] = process_in(file.read())
    return table


def _table_of_ps() -> dict[int, Process]:
    with subprocess.Popen(["ps", "-A", "-o", "pid=,ppid=,state="], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as ps:
        lines = ps.communicate()[0].splitlines()
    rows = [line.split() for line in lines]
    return {int(row[0]): Process(row[2][0], int(row[1]), "") for row in rows if len(row) == 3 and int(row[0]) != ps.pid}
