# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""A worker of ansible-playbook, the main process that forked it, and the processes that it has started itself."""

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

# Seconds to wait for those that were killed.
_DYING = 1.0

# The process in which the watch runs: a thread does not go on in a fork.
_watched = 0


def main_process() -> int:
    """The process id of ansible-playbook's main process. 0 if this is no worker of it."""
    parent = multiprocessing.parent_process()
    return (parent.pid or 0) if parent else 0


def watch_main_process() -> None:
    """From now on, end this worker and all that it has started as soon as ansible-playbook's main process has gone.

    A worker finds that out by itself only when it is too late: it keeps the pipe of a module open, which goes on. To be called by
    every action that sends something or waits; more than once does no harm. Raises RuntimeError if there is no thread to be had.
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
    """Kill all processes that this one has started, and those that they have. Returns whether all have ended."""
    found: set[int] = set()
    while new := _descendants() - found:
        found |= new
        for pid in new:
            # A parent that ends first, or starts another, would take that one out of sight.
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
    # It may have ended by itself; another user's, as under become, is not ours to end.
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
        own = children.get(waiting.pop(), [])
        found.update(own)
        waiting.extend(own)
    return found


def _table() -> dict[int, Process]:
    """All processes that can be seen, by process id."""
    if not os.path.exists(f"{_PROC}/self/stat"):
        return _table_of_ps()
    table = {}
    for name in os.listdir(_PROC):
        if name.isdigit():
            # It may end in between.
            with contextlib.suppress(OSError, ValueError), open(f"{_PROC}/{name}/stat", "rb") as file:
                table[int(name)] = process_in(file.read())
    return table


def _table_of_ps() -> dict[int, Process]:
    with subprocess.Popen(["ps", "-A", "-o", "pid=,ppid=,state="], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as ps:
        lines = ps.communicate()[0].splitlines()
    rows = [line.split() for line in lines]
    return {int(row[0]): Process(row[2][0], int(row[1]), "") for row in rows if len(row) == 3 and int(row[0]) != ps.pid}
