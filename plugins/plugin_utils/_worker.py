# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Work in Ansible's own worker, a process that ansible-playbook's main process has forked. It ends when the playbook ends."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
import typing as t

from ansible_collections.wxops.official_account.plugins.plugin_utils._watch import main_process, watch_main_process

if t.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Seconds between the last thing that the work may do and the task's time-out, which would take its result away.
_EARLIER = 0.5


class Worker:
    """This worker, as somebody who waits for the result of its own work. Raises RuntimeError if it cannot watch the main process."""

    remote = False

    def __init__(self) -> None:
        watch_main_process()
        self._main = main_process()
        left = signal.getitimer(signal.ITIMER_REAL)[0]
        self.until: float | None = time.monotonic() + max(left - _EARLIER, 0.0) if left else None

    def still_wanted(self) -> bool:
        """Whether the playbook still runs, and the task's time-out is not near."""
        return (not self._main or os.getppid() == self._main) and (self.until is None or time.monotonic() < self.until)


@contextlib.contextmanager
def environment(variables: Mapping[str, t.Any]) -> Iterator[None]:
    """In this block, the environment of this process has ``variables`` too: those that the task's module would have."""
    given = {str(name): str(value) for name, value in variables.items()}
    if sys.platform == "darwin" and not any(name.lower().endswith("_proxy") for name in (*os.environ, *given)):
        # A forked process must not ask macOS for its proxies: that can crash. With any such variable, only the environment is read.
        given["no_proxy"] = "*"
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
