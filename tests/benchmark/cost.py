# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a command, and appends its cost to a file: ``python cost.py FILE COMMAND...``.

The cost is: seconds; the peak resident memory, in bytes, of the largest process among the command and its children; and their seconds of
processor time.
"""

from __future__ import annotations

import os
import sys
import time


def main() -> int:
    notes, *command = sys.argv[1:]
    started = time.monotonic()
    # Linux counts the memory of the process that starts another one as the other one's too. So this must be a small process.
    child = os.posix_spawnp(command[0], command, os.environ)
    _child, status, usage = os.wait4(child, 0)
    seconds = time.monotonic() - started
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    with open(notes, "a") as file:
        file.write(f"{seconds} {peak} {usage.ru_utime + usage.ru_stime}\n")
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())
