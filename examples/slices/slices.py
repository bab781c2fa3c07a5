# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The job slices of AWX on one machine: runs a playbook for all hosts of an inventory, in several processes side by side.

    python slices.py --slices 4 -i fleet.yml wxops.official_account.provision -e provision_stages=100%

It needs ansible-core and ansible-runner in the same environment. Each slice works on its own hosts, and has a report of its own in
reports/slice-N. What it does not know is an option of ansible-playbook.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import ansible_runner
except ImportError:
    sys.exit(f"Install ansible-runner for {sys.executable}: python -m pip install ansible-runner")


def hosts_of(playbook: list[str]) -> list[str]:
    """The hosts that ansible-playbook, with these arguments, would work on; sorted by name."""
    command = [str(Path(sys.executable).with_name("ansible-playbook")), *playbook, "--list-hosts"]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return sorted({line.strip() for line in output.splitlines() if line.startswith(" " * 6)})


def main() -> int:
    parser = argparse.ArgumentParser(description="Run a playbook in slices, side by side.")
    parser.add_argument("--slices", type=int, required=True)
    parser.add_argument("-i", "--inventory", required=True)
    parser.add_argument("-l", "--limit", default="all")
    parser.add_argument("--reports", default="reports")
    parser.add_argument("playbook")
    arguments, others = parser.parse_known_args()
    inventory, reports = str(Path(arguments.inventory).absolute()), Path(arguments.reports).absolute()
    hosts = hosts_of([arguments.playbook, "-i", inventory, "--limit", arguments.limit, *others])
    # No slice without a host: ansible-playbook would fail for want of one.
    count = max(1, min(arguments.slices, len(hosts)))
    # ansible-runner writes its whole environment, and so the credentials in it, into its folder. So the folder does not stay.
    with tempfile.TemporaryDirectory() as folder:
        slices = []
        for number in range(1, count + 1):
            private = Path(folder, f"slice-{number}")
            private.mkdir()
            # Every count-th host, as AWX deals them out.
            (private / "hosts").write_text("\n".join(hosts[number - 1 :: count]), encoding="utf-8")
            report = str(reports / f"slice-{number}")
            thread, runner = ansible_runner.run_async(
                private_data_dir=str(private),
                # Relative paths, and the folder group_vars of the playbook, are where you started this.
                project_dir=str(Path.cwd()),
                playbook=arguments.playbook,
                inventory=inventory,
                limit=f"@{private / 'hosts'}",
                extravars={"account_report_dir": report, "draft_switch_report_dir": report},
                cmdline=shlex.join(others),
                quiet=True,
            )
            slices.append((number, thread, runner))
        for number, thread, runner in slices:
            thread.join()
            if runner.rc:
                print(runner.stdout.read())
            print(f"slice {number} of {count}: {len(hosts[number - 1 :: count])} hosts, {runner.status}, {reports / f'slice-{number}'}")
    return max(int(runner.rc or 0) for _number, _thread, runner in slices)


if __name__ == "__main__":
    sys.exit(main())
