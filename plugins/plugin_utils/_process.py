# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""Identifies a process, even if its process id is used again later."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import platform
import subprocess
import typing as t
from pathlib import Path

from ansible_collections.wxops.official_account.plugins.module_utils._run.operator import ENDED, machine, process_in


@dataclasses.dataclass(frozen=True)
class Process:
    """``started``: a text that is different for each process with the same ``pid`` on the same ``host``; empty if not known."""

    host: str
    pid: int
    started: str

    @classmethod
    def of_ansible(cls) -> Process:
        """The process that runs the playbook, which is the parent of this one: an action runs in a worker."""
        pid = os.getppid()
        return cls(platform.node(), pid, _started(pid) or "")

    @classmethod
    def read(cls, fields: t.Any) -> Process:
        """The reverse of ``dataclasses.asdict``. Raises ValueError, TypeError or KeyError if ``fields`` are not a process."""
        one = cls(fields["host"], fields["pid"], fields["started"])
        if not (isinstance(one.host, str) and isinstance(one.pid, int) and 0 < one.pid < 2**31 and isinstance(one.started, str)):
            raise ValueError
        return one

    def lives(self) -> bool:
        """Whether the process still runs. False for a process on another host, because nothing is known about it."""
        if self.host != platform.node():
            return False
        started = _started(self.pid)
        if started is None:
            return False
        return not started or not self.started or started == self.started


def _started(pid: int) -> str | None:
    """When ``pid`` was started; None if it does not run; empty if it runs, but its start is not known."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        process = process_in(Path(f"/proc/{pid}/stat").read_bytes())
        if process.state in ENDED:
            return None
        boot = machine()[0]
        if boot:
            # These are clock ticks since the boot. Setting the clock does not change them.
            return f"{boot} {int(process.born)}"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except OSError:
        pass
    try:
        # macOS has no /proc.
        listed = subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(pid)],
            env={**os.environ, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return " ".join(listed.stdout.split())
