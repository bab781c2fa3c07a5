# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The soak: random plays against the simulator, with faults, kills and a second writer, for some minutes. ``make soak``."""

from __future__ import annotations

import argparse
import functools
import os
import random
import secrets
import shutil
import signal
import sys
import time

from tests.integration.harness import ROOT, leaks, secrets_of
from tests.soak.judge import findings
from tests.soak.plays import Soak
from tests.soak.witness import Witness


def main() -> int:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long it plays (default: 10)")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="the seed of an earlier soak, to play the same again")
    options = parser.parse_args()
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "localhost,127.0.0.1"
    # So that what it has started ends with it.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    print(f"The soak plays for {options.minutes:g} minutes, with the seed {options.seed}.", flush=True)
    folder = ROOT / ".work" / "soak"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "reports").mkdir(parents=True)
    found: list[str] = []
    until = time.monotonic() + 60 * options.minutes
    with Witness(folder, folder / "reports") as witness:
        soak = Soak(witness, folder, random.Random(options.seed))
        while time.monotonic() < until:
            play, its = soak.play()
            new = findings(play, functools.partial(leaks, secrets=secrets_of(witness)))
            for one in new:
                print(f"FOUND in {its.relative_to(ROOT)}: {one}", flush=True)
            found += new
            if not new:
                shutil.rmtree(its)
    print("; ".join(f"{what}: {count}" for what, count in {**soak.counts, "findings": len(found)}.items()))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
