# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tests do not depend on what starts them."""

from __future__ import annotations

import subprocess
import sys

from tests.integration.harness import ROOT

SIGNALS = ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM")
# What each signal does in a program that the tests start, and whether the tests live on.
CHILD = f"import signal; print(*[signal.getsignal(getattr(signal, name)) is signal.SIG_IGN for name in {SIGNALS}])"
TESTS = f"""
import os, signal, subprocess, sys
import tests.integration.harness
subprocess.run([sys.executable, "-c", {CHILD!r}], check=True)
for name in {SIGNALS}:
    os.kill(os.getpid(), getattr(signal, name))
print("alive")
"""


def test_where_signals_are_ignored_as_under_nohup_the_programs_of_the_tests_get_the_default_ones() -> None:
    ignoring = f"trap '' {' '.join(name[3:] for name in SIGNALS)}; exec \"$@\""
    command = ["bash", "-c", ignoring, "bash", sys.executable]
    inherited = subprocess.run([*command, "-c", CHILD], capture_output=True, text=True, timeout=60, check=True)
    assert inherited.stdout.split() == ["True"] * 4
    done = subprocess.run([*command, "-c", TESTS], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["False"] * 4 + ["alive"]
