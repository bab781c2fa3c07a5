# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""A process that no other one is taken for, when its number is given away again."""

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
    """``started``: whatever tells it from others with the same ``pid`` on the same ``host``; empty if that cannot be found out."""

    host: str
    pid: int
    started: str

    @classmethod
    def of_ansible(cls) -> Process:
        """The process that runs the playbook: an action runs in a child of it."""
        pid = os.getppid()
        return cls(platform.node(), pid, _started(pid) or "")

    @classmethod
    def read(cls, said: t.Any) -> Process:
        """What ``dataclasses.asdict`` made of one. Raises ValueError, TypeError or KeyError for all else."""
        one = cls(said["host"], said["pid"], said["started"])
        if not (isinstance(one.host, str) and isinstance(one.pid, int) and 0 < one.pid < 2**31 and isinstance(one.started, str)):
            raise ValueError
        return one

    def lives(self) -> bool:
        """Whether it is at work still. False for one on another host: nothing is known of it."""
        if self.host != platform.node():
            return False
        started = _started(self.pid)
        if started is None:
            return False
        return not started or not self.started or started == self.started


def _started(pid: int) -> str | None:
    """When ``pid`` was started. None: it does not run. Empty: it runs, and nothing more is known."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        process = process_in(Path(f"/proc/{pid}/stat").read_bytes())
        if process.state in ENDED:
            return None
        boot = machine()[0]
        if boot:
            # Clock ticks since the machine was started: no clock that is set changes them.
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
