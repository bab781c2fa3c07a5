# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""make demo: runs the playbooks of this collection with simulated accounts, and checks each step."""

from __future__ import annotations

import json
import os
import re
import shlex
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
# Ansible splits what follows -e at spaces, as a shell does.
WRITTEN = shlex.quote(str(REPORT)).replace("'", '"')
ONE = "wxops.official_account.one_account"
FLEET = "wxops.official_account.draft_switch"
PROVISION, ROLLBACK = "wxops.official_account.provision", "wxops.official_account.rollback"
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
# How the commands look to the reader. They run in a folder of their own.
INVENTORY, MENUS, PLATFORM, PLAY = "fleet.yml", "menus.yml", "my.wechat_authorizers.yml", "everyone.yml"


class Demo:
    """Runs the steps, and remembers those that did not have the expected result."""

    def __init__(self, simulator: Simulator, folder: Path) -> None:
        self._simulator = simulator
        self._folder = folder
        self.number = 0
        self.wrong: list[int] = []

    def step(
        self,
        title: str,
        program: str,
        *arguments: str,
        env: dict[str, str] | None = None,
        first: tuple[str, ...] = (),
        calls: str,
        exit_code: int = 0,
        says: str,
    ) -> None:
        """Run one of Ansible's programs.

        ``first``: what the reader would do before, in lines. ``calls``: the calls that the platform must receive: in order, or the number
        of each kind. ``says``: a part of the output.
        """
        self.number += 1
        before = len(self._simulator.log)
        print("\n   ".join([f"\n{self.number}. {title}", *first, f"$ {shlex.join([program, *arguments])}"]), flush=True)
        done = subprocess.run(
            [str(BIN / program), *arguments],
            cwd=self._folder,
            env={
                **os.environ,
                "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
                "ANSIBLE_NOCOLOR": "true",
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
        print("\n".join(f"   | {line}" for line in essence(done.stdout)))
        kinds = [seen.call for seen in self._simulator.log[before:]]
        seen = " ".join(kinds) if len(kinds) < 10 else ", ".join(f"{kinds.count(kind)} {kind}" for kind in sorted(set(kinds)))
        states = [account.is_open for account in self._simulator.accounts.values()]
        print(f"   The platform saw: {seen or 'nothing'}. On now: {sum(states)} of {len(states)}.")
        if (done.returncode, seen) != (exit_code, calls) or says not in " ".join(done.stdout.split()):
            self.wrong.append(self.number)
            print(f"   WRONG: expected exit code {exit_code} (was {done.returncode}), {calls or 'no call'}, and: {says}\n{done.stdout}")


SECTION = re.compile(r"^(?=PLAY |TASK |NO MORE HOSTS|\[ERROR\]|--- before|(?:ok|changed|skipping|fatal): \[)", re.MULTILINE)


def essence(output: str) -> Iterator[str]:
    """The lines of ``output`` that say what was found and done: without Ansible's headings, each message once, and one difference."""
    seen: set[str] = set()
    changed = 0
    for section in SECTION.split(output):
        heading, *lines = section.rstrip().splitlines() or [""]
        lines = [line.rstrip() for line in lines if line.strip()]
        if heading.startswith("fatal"):
            message = re.search(r"^    msg: .*(?:\n {8}.*)*", section, re.MULTILINE)
            text = message[0] if message else section
            yield heading.rstrip() if text not in seen else f"{heading.rstrip()} the same"
            lines = [] if text in seen else text.splitlines()
            seen.add(text)
        elif heading.startswith("--- before"):
            lines = [] if "difference" in seen else [heading, *lines]
            seen.add("difference")
        elif heading.startswith(("PLAY RECAP", "[ERROR]")):
            continue
        changed += heading.startswith("changed: [acct-")
        yield from lines
    if changed:
        yield f"changed: {changed} hosts"


def one_account(demo: Demo, simulator: Simulator) -> None:
    account = simulator.add()
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
        *(PLAYBOOK, ONE),
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
    another = simulator.add()
    env = {"WECHAT_APPID": another.appid, "WECHAT_SECRET": another.secret}
    another.plan("enable", Fault(carried_out=True, lost=True)).plan("look", Fault(), Fault(errcode=40164))
    demo.step(
        "Another account: the answer to the change is lost, and the look after it fails too. The module does not guess.",
        *(PLAYBOOK, ONE),
        env=env,
        calls="token look enable look",
        exit_code=2,
        says="may have been carried out",
    )
    demo.step("The next run checks first.", PLAYBOOK, ONE, env=env, calls="token look", says="already on; nothing was changed")


def fleet(demo: Demo, simulator: Simulator, folder: Path) -> None:
    accounts = [simulator.add(is_open=number % 3 == 0) for number in range(1, 41)]
    to_allow = [accounts[0], accounts[19], accounts[27]]
    for account in to_allow:
        account.listed = False
    accounts[33].frozen_secret = True
    private(folder / INVENTORY, {"all": {"hosts": hosts(accounts)}})
    arguments = (PLAYBOOK, FLEET, "-i", INVENTORY, "-f", "20", "-e", f"draft_switch_report_dir={WRITTEN}")
    print("\nA fleet: 40 accounts as hosts.")
    demo.step(
        "First a survey: check mode reads all accounts, whatever fails, and says what to repair for whom.",
        *(*arguments, "--check"),
        calls="36 look, 40 token",
        exit_code=2,
        says="unfreeze the AppSecret",
    )
    demo.step(
        "Nothing is repaired yet. The canary fails, so no other account is touched.",
        *arguments,
        calls="token",
        exit_code=2,
        says="NO MORE HOSTS LEFT",
    )
    for account in to_allow:
        account.listed = True
    accounts[33].frozen_secret = False
    demo.step(
        "All is repaired: the canary, then 10%, then the rest.",
        *arguments,
        calls="27 enable, 67 look, 40 token",
        says="40 accounts: 27 changed; 13 as declared.",
    )


def third_party_platform(demo: Demo, simulator: Simulator, folder: Path) -> None:
    platform = simulator.add_component()
    for number in range(1_200):
        platform.authorise(simulator.add(is_open=number % 4 != 0))
    (folder / PLATFORM).write_text("plugin: wxops.official_account.wechat_authorizers\n")
    (folder / PLAY).write_text(EVERYONE)
    env = {"WECHAT_COMPONENT_APPID": platform.appid, "WECHAT_COMPONENT_ACCESS_TOKEN": platform.token}
    print(
        f"\nA third-party platform that 1,200 accounts have authorised. All its secrets are one token. {PLATFORM} is its inventory, in one"
    )
    print(f"line. {PLAY} is a play with the role draft_switch for all of them, as in the guide to third-party platforms.")
    demo.step(
        "All accounts at once.",
        *(PLAYBOOK, PLAY, "-i", PLATFORM),
        env=env,
        calls="6 authorizer_list, 1200 authorizer_token, 300 enable, 1500 look",
        says="1,200 accounts: 300 changed; 900 as declared.",
    )


def menus(demo: Demo, simulator: Simulator, folder: Path) -> None:
    accounts = [simulator.add() for _number in range(5)]
    for account in accounts:
        account.menus.buttons = [{"type": "click", "name": "Old", "key": "old"}]

    def declare(menu: object) -> None:
        private(folder / MENUS, {"all": {"hosts": hosts(accounts), "vars": {"wechat_menu": menu}}})

    def shop(address: str) -> dict[str, t.Any]:
        return {"button": [{"type": "view", "name": "Shop", "url": f"https://{address}/?from={{{{ wechat_appid }}}}"}]}

    def edit(old: object, new: object) -> tuple[str, ...]:
        """The edit of the declared menu, as the reader would see it."""
        declare(new)
        return (f"In {MENUS}:", *(f"{sign} wechat_menu: {json.dumps(menu)}" for sign, menu in (("-", old), ("+", new))))

    arguments = (PLAYBOOK, PROVISION, "-i", MENUS, "-e", "provision_stages=100%", "-e", f"account_report_dir={WRITTEN}")
    changed = "5 menu_create, 10 menu_get, 5 selfmenu, 5 token"
    declare(shop("shop.example"))
    print(f"\nMenus: 5 accounts. {MENUS} declares one menu for all, with the account's AppID in a URL.")
    demo.step(
        "A dry run shows both menus of each account. Here is one.",
        *(*arguments, "--check", "--diff"),
        calls="5 menu_get, 5 selfmenu, 5 token",
        says="5 accounts: 5 would change.",
    )
    demo.step("The change.", *arguments, calls=changed, says="5 accounts: 5 changed.")
    demo.step("A second run changes nothing.", *arguments, "--check", calls="5 menu_get, 5 token", says="5 accounts: 5 as declared.")
    demo.step(
        "An edit of one URL. The record of the run keeps the menu that each account had before.",
        *(*arguments, "--diff"),
        first=edit(shop("shop.example"), shop("new.example")),
        calls=changed,
        says='+ url: "https://new.example/',
    )
    demo.step(
        "The way back: each account gets what it had before that run.",
        *(PLAYBOOK, ROLLBACK, "-i", MENUS, "-e", "rollback_stages=100%", "-e", f"account_report_dir={WRITTEN}"),
        *("-e", "rollback_to=last", "--diff"),
        calls=changed,
        says='+ url: "https://shop.example/',
    )


def private(file: Path, content: object) -> None:
    """Write ``content`` to a file that only this user can read. JSON is YAML too."""
    file.touch(0o600)
    file.write_text(json.dumps(content, indent=1))


def hosts(accounts: list[Account]) -> dict[str, dict[str, str]]:
    return {f"acct-{number:02}": {"wechat_appid": each.appid, "wechat_secret": each.secret} for number, each in enumerate(accounts, 1)}


def main() -> int:
    with tempfile.TemporaryDirectory() as name, Simulator(Path(name)) as simulator:
        folder = Path(name)
        print(f"A simulated WeChat platform listens on {simulator.url}. Of Ansible's output you see what was found and done.")
        print("The demo takes some minutes.")
        demo = Demo(simulator, folder)
        one_account(demo, simulator)
        fleet(demo, simulator, folder)
        menus(demo, simulator, folder)
        third_party_platform(demo, simulator, folder)
    if demo.wrong:
        print(f"\nStep {', '.join(map(str, demo.wrong))} did not do what it says.")
        return 1
    print("\nAll steps did what they say.")
    print(f"The report of the fleet: {REPORT}/draft-switch-report.html")
    print(f"The report of the menus: {REPORT}/account-report.html")
    print("\nTo check a real account, in this folder, line by line:\n")
    print("  export WECHAT_APPID=wx0123456789abcdef")
    print("  read -rs WECHAT_SECRET && export WECHAT_SECRET")
    print(f"  ANSIBLE_COLLECTIONS_PATH=.work/collections .work/demo/bin/{PLAYBOOK} {ONE} --check --diff")
    return 0


if __name__ == "__main__":
    sys.exit(main())
