# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""make demo: the shipped playbook at work on a simulated account, step by step, each step checked."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import typing as t
from pathlib import Path

from ..simulator import Simulator

if t.TYPE_CHECKING:
    from ..simulator import Account

BIN = Path(sys.executable).parent
PLAYBOOK = "wxops.official_account.one_account"


class Demo:
    """Runs the steps, and remembers which did not do what they say."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._number = 0
        self.wrong: list[int] = []

    def step(self, title: str, account: Account, *arguments: str, calls: str, exit_code: int = 0, says: str) -> None:
        """Run the playbook for ``account``.

        ``calls``: what the platform must see, in order. ``says``: what the output must say.
        """
        self._number += 1
        account.calls.clear()
        print(f"\n{self._number}. {title}\n   $ {' '.join(['ansible-playbook', PLAYBOOK, *arguments])}\n", flush=True)
        done = subprocess.run(
            [str(BIN / "ansible-playbook"), PLAYBOOK, *arguments],
            env={
                **os.environ,
                "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
                "ANSIBLE_LOCALHOST_WARNING": "false",
                "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
                # A proxy of the user's has no way to this machine's loopback address.
                "NO_PROXY": "localhost",
                "no_proxy": "localhost",
                "WECHAT_API_URL": self._simulator.url,
                "REQUESTS_CA_BUNDLE": str(self._simulator.ca_path),
                "WECHAT_APPID": account.appid,
                "WECHAT_SECRET": account.secret,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        print("\n".join(f"   | {line}" for line in done.stdout.strip().splitlines() if line))
        seen = " ".join(account.calls)
        print(f"\n   The platform saw: {seen or 'nothing'}. The draft box is {'on' if account.is_open else 'off'}.")
        if (done.returncode, seen) != (exit_code, calls) or says not in " ".join(done.stdout.split()):
            self.wrong.append(self._number)
            print(f"   WRONG: expected exit code {exit_code} (was {done.returncode}), {calls or 'no call'}, and: {says}")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, Simulator(Path(folder)) as simulator:
        print(f"A simulated WeChat platform listens on {simulator.url}, with two accounts.")
        demo = Demo(simulator)
        account, unlisted = simulator.add(), simulator.add(listed=False)
        demo.step(
            "Check mode looks, and shows what would change. Nothing is turned on.",
            account,
            *("--check", "--diff"),
            calls="token look",
            says="would be turned on, which cannot be undone",
        )
        demo.step(
            "The change: look, turn on, look again.",
            account,
            "--diff",
            calls="token look enable look",
            says="has been turned on, which cannot be undone",
        )
        demo.step("A second run changes nothing.", account, calls="token look", says="already on; nothing was changed")
        demo.step(
            "Turning it off is refused before anything is sent, because the switch is irreversible.",
            account,
            *("-e", "wechat_state=absent"),
            calls="",
            exit_code=2,
            says="nothing was sent",
        )
        demo.step(
            "An account whose IP allow list lacks this host's address: the failure names the address to add.",
            unlisted,
            calls="token",
            exit_code=2,
            says="add 203.0.113.7 to the account's IP allow list",
        )
    if demo.wrong:
        print(f"\nStep {', '.join(map(str, demo.wrong))} did not do what it says.")
        return 1
    print("\nAll steps did what they say.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
