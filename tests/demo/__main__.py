# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""make demo: runs the playbooks of this collection with simulated accounts, and checks each step."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import typing as t
from pathlib import Path

from ..simulator import Fault, Simulator

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from ..simulator import Account


BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / ".work" / "demo-report"
ONE = "wxops.official_account.one_account"
FLEET = "wxops.official_account.draft_switch"
MENU = "wxops.official_account.menu"
PLAYBOOK = "ansible-playbook"
# The same as in the guide to third-party platforms.
EVERYONE = """\
- name: Turn on the draft boxes of all authorised accounts at once
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Turn on those that are off
      ansible.builtin.import_role:
        name: wxops.official_account.draft_switch
      vars:
        draft_switch_accounts: "{{ groups['wechat_accounts'] | map('regex_replace', '^', 'appid: ') | map('from_yaml') }}"
"""


class Demo:
    """Runs the steps, and remembers those that did not have the expected result."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._number = 0
        self.wrong: list[int] = []

    def step(
        self, title: str, program: str, *arguments: str, env: dict[str, str] | None = None, calls: str, exit_code: int = 0, says: str
    ) -> None:
        """Run one of Ansible's programs.

        ``calls``: the calls that the platform must receive: in order, or the number of each kind. ``says``: a part of the output.
        """
        self._number += 1
        before = len(self._simulator.log)
        print(f"\n{self._number}. {title}\n   $ {' '.join([program, *arguments])}\n", flush=True)
        done = subprocess.run(
            [str(BIN / program), *arguments],
            env={
                **os.environ,
                "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
                "ANSIBLE_LOCALHOST_WARNING": "false",
                "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
                # The user's proxy cannot reach the loopback address of this machine.
                "NO_PROXY": "localhost",
                "no_proxy": "localhost",
                "WECHAT_API_URL": self._simulator.url,
                "REQUESTS_CA_BUNDLE": str(self._simulator.ca_path),
                **(env or {}),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        print("\n".join(f"   | {line}" for line in folded(done.stdout)))
        kinds = [seen.call for seen in self._simulator.log[before:]]
        seen = " ".join(kinds) if len(kinds) < 10 else ", ".join(f"{kinds.count(kind)} {kind}" for kind in sorted(set(kinds)))
        states = [account.is_open for account in self._simulator.accounts.values()]
        print(f"\n   The platform saw: {seen or 'nothing'}. On now: {sum(states)} of {len(states)}.")
        if (done.returncode, seen) != (exit_code, calls) or says not in " ".join(done.stdout.split()):
            self.wrong.append(self._number)
            print(f"   WRONG: expected exit code {exit_code} (was {done.returncode}), {calls or 'no call'}, and: {says}")


def folded(output: str) -> Iterator[str]:
    """The lines of ``output``. Lines of many hosts in a row become one line."""
    lines = [line for line in output.strip().splitlines() if line]
    for of_host, group in itertools.groupby(
        lines, key=lambda line: line.startswith(("ok: [acct-", "changed: [acct-", "acct-", "  |  |--wx"))
    ):
        many = list(group)
        if not of_host or len(many) <= 5:
            yield from many
            continue
        changed = sum(1 for line in many if line.startswith("changed") or "changed=1" in line)
        yield many[0]
        yield f"... and {len(many) - 1:,} more" + (f", {changed} of all changed" if "acct-" in many[0] else "")


def one_account(demo: Demo, simulator: Simulator) -> None:
    account, unlisted = simulator.add(), simulator.add(listed=False)
    env = {"WECHAT_APPID": account.appid, "WECHAT_SECRET": account.secret}
    demo.step(
        "Check mode looks, and shows what would change. Nothing is turned on.",
        *(PLAYBOOK, ONE, "--check", "--diff"),
        env=env,
        calls="token look",
        says="would be turned on, which cannot be undone",
    )
    demo.step(
        "The change: look, turn on, look again.",
        *(PLAYBOOK, ONE, "--diff"),
        env=env,
        calls="token look enable look",
        says="has been turned on, which cannot be undone",
    )
    demo.step("A second run changes nothing.", PLAYBOOK, ONE, env=env, calls="token look", says="already on; nothing was changed")
    demo.step(
        "Turning it off is refused before anything is sent, because the switch is irreversible.",
        *(PLAYBOOK, ONE, "-e", "wechat_state=absent"),
        env=env,
        calls="",
        exit_code=2,
        says="nothing was sent",
    )
    demo.step(
        "An account whose IP allow list lacks this host's address: the failure names the address to add.",
        *(PLAYBOOK, ONE),
        env={"WECHAT_APPID": unlisted.appid, "WECHAT_SECRET": unlisted.secret},
        calls="token",
        exit_code=2,
        says="add 203.0.113.7 to the account",
    )


def fleet(demo: Demo, simulator: Simulator, folder: Path) -> None:
    accounts = [simulator.add(is_open=number % 3 == 0) for number in range(1, 41)]
    canary = accounts[0]
    canary.listed = accounts[19].listed = accounts[27].listed = False
    accounts[33].frozen_secret = True
    inventory = folder / "fleet.yml"
    # JSON is YAML too.
    inventory.write_text(json.dumps({"all": {"hosts": hosts(accounts)}}))
    inventory.chmod(0o600)
    arguments = (PLAYBOOK, FLEET, "-i", str(inventory), "-e", f"draft_switch_report_dir={REPORT}")
    demo.step(
        "A fleet of 40 accounts as hosts, a canary first. It fails, so no other account is touched.",
        *arguments,
        calls="token",
        exit_code=2,
        says="NO MORE HOSTS LEFT",
    )
    print(f"   The report: {REPORT}/draft-switch-report.html")
    canary.listed = True
    accounts[7].plan("enable", Fault(carried_out=True, lost=True))
    demo.step(
        "With a correct allow list: the canary, then 4 accounts, then the rest. Three accounts fail. A new look settles one lost answer.",
        *arguments,
        calls="24 enable, 61 look, 40 token",
        exit_code=2,
        says="unfreeze the AppSecret",
    )
    print(f"   The report: {REPORT}/draft-switch-report.html")


def third_party_platform(demo: Demo, simulator: Simulator, folder: Path) -> None:
    platform = simulator.add_component()
    for number in range(1_200):
        platform.authorise(simulator.add(is_open=number % 4 != 0))
    inventory, play = folder / "my.wechat_authorizers.yml", folder / "everyone.yml"
    inventory.write_text("plugin: wxops.official_account.wechat_authorizers\n")
    play.write_text(EVERYONE)
    env = {"WECHAT_COMPONENT_APPID": platform.appid, "WECHAT_COMPONENT_ACCESS_TOKEN": platform.token}
    print("\nA third-party platform that 1,200 accounts have authorised. All its secrets are one token.")
    for file in (inventory, play):
        print(f"\n   {file}:\n\n" + "\n".join(f"   | {line}" for line in file.read_text().splitlines()))
    everyone = (PLAYBOOK, str(play), "-i", str(inventory))
    demo.step(
        "Its accounts are an inventory.",
        *("ansible-inventory", "-i", str(inventory), "--graph"),
        env=env,
        calls="authorizer_list authorizer_list authorizer_list",
        says="@wechat_accounts",
    )
    demo.step(
        "A dry run of all at once.",
        *(*everyone, "--check"),
        env=env,
        calls="6 authorizer_list, 1200 authorizer_token, 1200 look",
        says="1,200 accounts: 300 would be turned on, which cannot be undone; 900 already on.",
    )
    demo.step(
        "The change.",
        *everyone,
        env=env,
        calls="6 authorizer_list, 1200 authorizer_token, 300 enable, 1500 look",
        says="1,200 accounts: 300 turned on, which cannot be undone; 900 already on.",
    )


def menus(demo: Demo, simulator: Simulator, folder: Path) -> None:
    accounts = [simulator.add() for _number in range(5)]
    for account in accounts:
        account.menus.buttons = [{"type": "click", "name": "Old", "key": "old"}]
    inventory, before = folder / "menus.yml", folder / "before.json"

    def declare(menu: object) -> None:
        inventory.write_text(json.dumps({"all": {"hosts": hosts(accounts), "vars": {"wechat_menu": menu}}}, indent=1))
        inventory.chmod(0o600)

    def shop(address: str) -> dict[str, t.Any]:
        help_yourself = {"name": "Help", "sub_button": [{"type": "click", "name": "Contact", "key": "contact"}]}
        return {"button": [{"type": "view", "name": "Shop", "url": f"https://{address}/?from={{{{ wechat_appid }}}}"}, help_yourself]}

    stages = ("-e", '{"menu_stages": ["100%"]}')
    arguments = (PLAYBOOK, MENU, "-i", str(inventory), *stages, "-e", f"menu_report_dir={REPORT}")
    declare(shop("shop.example"))
    print("\nThe menus of 5 accounts. Each has its own AppID in a URL.")
    demo.step(
        "A dry run shows both menus.",
        *arguments,
        "--check",
        "--diff",
        calls="5 menu_get, 5 token",
        says="5 accounts: 5 would be changed.",
    )
    demo.step("The change.", *arguments, calls="5 menu_create, 10 menu_get, 5 token", says="5 accounts: 5 changed.")
    demo.step("A second run changes nothing.", *arguments, calls="5 menu_get, 5 token", says="5 accounts: 5 as declared already.")
    declare(shop("new.example"))
    demo.step("An edit of one URL.", *arguments, "--diff", calls="5 menu_create, 10 menu_get, 5 token", says='+ url: "https://new.example/')
    shutil.copy(REPORT / "menu-report.json", before)
    declare(f"{{{{ (lookup('ansible.builtin.file', '{before}') | from_json).accounts[inventory_hostname].before }}}}")
    demo.step(
        "Back, with what the report has.",
        *arguments,
        "--diff",
        calls="5 menu_create, 10 menu_get, 5 token",
        says='+ url: "https://shop.example/',
    )


def hosts(accounts: list[Account]) -> dict[str, dict[str, str]]:
    return {f"acct-{number:02}": {"wechat_appid": each.appid, "wechat_secret": each.secret} for number, each in enumerate(accounts, 1)}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, Simulator(Path(folder)) as simulator:
        print(f"A simulated WeChat platform listens on {simulator.url}.")
        demo = Demo(simulator)
        one_account(demo, simulator)
        fleet(demo, simulator, Path(folder))
        third_party_platform(demo, simulator, Path(folder))
        menus(demo, simulator, Path(folder))
    if demo.wrong:
        print(f"\nStep {', '.join(map(str, demo.wrong))} did not do what it says.")
        return 1
    print("\nAll steps did what they say.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
