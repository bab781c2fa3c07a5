# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Accounts as hosts and as a list, runs of roles and playbooks for them, and what these left of them."""

from __future__ import annotations

import json
import typing as t

import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from tests.simulator import groups
from tests.simulator.accounts import ENABLE

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible, Run
    from tests.simulator import Account, Simulator


def variables_of(account: Account) -> dict[str, str]:
    return {"wechat_appid": account.appid, "wechat_secret": account.secret}


def listed(accounts: dict[str, Account]) -> list[dict[str, str]]:
    return [{"name": name, "appid": account.appid, "secret": account.secret} for name, account in accounts.items()]


CHANGES = {ENABLE, *groups.CHANGES}
ROLE = "wxops.official_account.account"
# A request that goes anywhere but to this machine fails.
_NOWHERE = {"HTTPS_PROXY": "http://127.0.0.1:1", "HTTP_PROXY": "http://127.0.0.1:1"}


def menu(name: object = "") -> dict[str, t.Any]:
    """A menu that nobody else has."""
    return {"button": [{"type": "view", "name": "Shop", "url": f"https://shop.example/{name}"}]}


class Fleet:
    """Accounts of a simulator, which are hosts of an inventory, and runs of the collection's roles and playbooks for them.

    ``accounts``, ``hosts``: by name; a test may change them. A host is its variables. ``variables``: of all hosts. ``reports``: the folder
    of the records. ``folder``: where Ansible is started.
    """

    def __init__(self, simulator: Simulator, ansible: Ansible, folder: Path, role: str = "account") -> None:
        self.simulator = simulator
        self.ansible = ansible
        self.folder = folder
        self.role_name = role
        self.reports = folder / "reports"
        self.accounts: dict[str, Account] = {}
        self.hosts: dict[str, dict[str, t.Any]] = {}
        self.groups: dict[str, list[str]] = {}
        self.variables = {f"{role}_{name}": value for name, value in ansible.options.items()}
        self.variables[f"{role}_report_dir"] = str(self.reports)

    def add(self, *names: str, group: str = "", is_open: bool = False, **declared: t.Any) -> Fleet:
        """Add an account for each of ``names``. ``declared``: the resources that each declares."""
        for name in names:
            self.accounts[name] = self.simulator.add(is_open=is_open)
            self.hosts[name] = {**variables_of(self.accounts[name]), **{f"wechat_{resource}": its for resource, its in declared.items()}}
            if group:
                self.groups.setdefault(group, []).append(name)
        return self

    def play(self, *arguments: str, plays: list[dict[str, t.Any]] | None = None, **keywords: t.Any) -> Run:
        """Run a play with the role, with further ``keywords``; or ``plays``, each of which may lack what all plays have."""
        content = plays or [{"roles": [] if "tasks" in keywords else [f"wxops.official_account.{self.role_name}"], **keywords}]
        # Each part of the play is on a line of its own, as people write it.
        text = json.dumps([{"hosts": "all", "gather_facts": False, **play} for play in content], indent=1)
        (self.folder / "play.json").write_text(text)
        return self.run("play.json", *arguments)

    def run(self, playbook: str, *arguments: str, environment: dict[str, str] | None = None, **variables: t.Any) -> Run:
        """Run ``playbook``: a path, or the name of one of the collection's. ``variables``: given with -e."""
        self.write_inventory()
        name = playbook if "." in playbook else f"wxops.official_account.{playbook}"
        given = ["-e", json.dumps(variables)] if variables else []
        return self.ansible.run(["ansible-playbook", name, *given, *arguments], self.folder, {**self.environment(), **(environment or {})})

    def environment(self) -> dict[str, str]:
        return {**_NOWHERE, "ANSIBLE_INVENTORY": str(self.folder / "fleet.yml"), "ANSIBLE_FORKS": "8", "ANSIBLE_SHOW_CUSTOM_STATS": "true"}

    def write_inventory(self) -> None:
        children = {group: {"hosts": {name: {} for name in names}} for group, names in self.groups.items()}
        inventory = {"all": {"hosts": self.hosts, "vars": self.variables, "children": children}}
        # Files in YAML may hold values that Ansible Vault has encrypted.
        (self.folder / "fleet.yml").write_text(yaml.dump(inventory, Dumper=_Dumper, sort_keys=False, allow_unicode=True))

    # --- What the platform and the record show.

    def touched(self) -> list[str]:
        return [name for name, account in self.accounts.items() if account.calls]

    def changed(self) -> list[str]:
        """The accounts that the platform was asked to change, whether it did or not."""
        return [name for name, account in self.accounts.items() if CHANGES & set(account.calls)]

    def forget(self) -> None:
        for account in self.accounts.values():
            account.calls.clear()

    def menus(self) -> dict[str, str | None]:
        """What the url of each menu ends with; None if there is no menu."""
        found = {name: account.menus.buttons for name, account in self.accounts.items()}
        return {name: buttons[0]["url"].rsplit("/", 1)[1] if buttons else None for name, buttons in found.items()}

    def records(self) -> list[list[dict[str, t.Any]]]:
        """The lines of each record, in the order of the runs."""
        paths = sorted((self.reports / "runs").glob("*.jsonl"), key=lambda path: path.stem.rsplit("-", 1)[1])
        return [[json.loads(line) for line in path.read_text("utf-8").splitlines()] for path in paths]


PASSWORD = "open sesame"


class Encrypted(str):
    """What Ansible Vault has made of a value, with ``PASSWORD``."""

    __slots__ = ()

    @classmethod
    def of(cls, value: str) -> Encrypted:
        vault = VaultLib([("default", VaultSecret(PASSWORD.encode()))])
        return cls(vault.encrypt(value).decode())


class Unsafe(str):
    """A text that is no template."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, _data: object) -> bool:
        return True


_Dumper.add_representer(Encrypted, lambda dumper, text: dumper.represent_scalar("!vault", str(text), style="|"))
_Dumper.add_representer(Unsafe, lambda dumper, text: dumper.represent_scalar("!unsafe", str(text)))
