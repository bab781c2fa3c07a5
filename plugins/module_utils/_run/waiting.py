# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds out whether a playbook still waits for the results of this module.

The module writes its results to a pipe. Its reader is a worker process of ansible-playbook, or a program such as sshd that ends with the
connection. When the playbook ends, that worker ends what it has started, and itself, so that nobody can read any more.
"""

from __future__ import annotations

import math
import os
import select
import time

from .limits import start_thread

# The environment variable in which the action tells the module about its task: see ``about_task``.
VARIABLE = "WXOPS_TASK"
_ELSEWHERE = "elsewhere"

# The first line that a module writes, before any request. It shows that the module has started. Ansible skips lines before the JSON.
HELLO = "wxops.official_account: begun"

# Seconds between two checks of the monitor.
EVERY = 0.2


def about_task(*, remote: bool, left: float) -> str:
    """What a module is told. ``remote``: whether it runs on another host. ``left``: seconds until the task's time-out; 0 if it has none."""
    return f"{_ELSEWHERE if remote else 'here'} {left or math.inf}"


class WaitingPlaybook:
    """The playbook that waits for the results of this process. For the whole run of a module. Safe to share between threads.

    ``remote``: whether the playbook is known to run on another host.
    """

    # The monitor ends this process after the time is over.
    until: float | None = None

    def __init__(self) -> None:
        where, _space, left = os.environ.get(VARIABLE, "").partition(" ")
        self.remote = where == _ELSEWHERE
        # On this machine's own clock. The module starts later than it was told, so this is never earlier than the task's time-out.
        self._over = time.monotonic() + float(left or math.inf)
        self._parent = os.getppid()
        self._gone = False

    def begin(self) -> None:
        """Write ``HELLO``, and start the monitor, which ends this process if nobody waits for it. Raises RuntimeError or MemoryError."""
        try:
            os.write(1, f"{HELLO}\n".encode())
        except OSError:
            os._exit(1)
        if not self.still_wanted():
            os._exit(1)
        start_thread(self._monitor)

    def still_wanted(self) -> bool:
        """Whether somebody waits for the results. Call it right before each change. It takes some microseconds."""
        if time.monotonic() > self._over or os.getppid() != self._parent or _is_hung_up():
            self._gone = True
        return not self._gone

    def _monitor(self) -> None:
        while self.still_wanted():
            time.sleep(EVERY)
        # An exception would not do: other threads may wait for answers. The next run looks first, and so finds what was changed.
        os._exit(1)


def _is_hung_up() -> bool:
    """Whether no process can read stdout any more. If one can, that proves nothing: it may never read it."""
    output = select.poll()
    output.register(1, 0)
    return any(event & (select.POLLERR | select.POLLHUP | select.POLLNVAL) for _descriptor, event in output.poll(0))
