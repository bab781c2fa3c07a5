# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Watches ansible-playbook's main process from a worker, and ends the worker's own processes."""

from __future__ import annotations

import contextlib
import functools
import multiprocessing
import os
import signal
import subprocess
import time

from ansible_collections.wxops.official_account.plugins.module_utils._run.limits import start_thread
from ansible_collections.wxops.official_account.plugins.module_utils._run.waiting import EVERY

# The id of the process in which the watching thread runs. A forked process does not inherit the thread.
_watched = 0


def main_process() -> int:
    """The process id of ansible-playbook's main process; 0 if this process is not one of its workers."""
    parent = multiprocessing.parent_process()
    return (parent.pid or 0) if parent else 0


def watch_main_process() -> None:
    """From now on, end this worker and its processes as soon as ansible-playbook's main process has ended.

    Without this, a worker would notice that too late: it waits for its module, or for an answer. Every action that sends something or waits
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


def end_descendants() -> None:
    """Kill all processes that this process has started, directly or not. A program such as ssh would otherwise go on."""
    children: dict[int, list[int]] = {}
    for pid, parent in _parents().items():
        children.setdefault(parent, []).append(pid)
    found = [os.getpid()]
    for pid in found:
        found.extend(children.get(pid, ()))
    for pid in found[1:]:
        # It may have ended by itself. With become, a process may belong to another user, so that it cannot be ended.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def _parents() -> dict[int, int]:
    """The parent of each process."""
    found = {}
    if os.path.exists("/proc/self/stat"):
        for name in filter(str.isdigit, os.listdir("/proc")):
            # The process may end in between. The name of its program is in brackets, and may hold spaces and brackets.
            with contextlib.suppress(OSError, IndexError), open(f"/proc/{name}/stat", "rb") as file:
                found[int(name)] = int(file.read().rpartition(b")")[2].split()[1])
    else:
        done = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
        for line in done.stdout.splitlines():
            pid, parent = line.split()
            found[int(pid)] = int(parent)
    return found
