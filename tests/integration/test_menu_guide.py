# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every snippet of the guide to menus, run in the guide's order."""

from __future__ import annotations

import json
import re
import textwrap
import typing as t

import yaml

from tests.integration.harness import ROOT, Ansible

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.simulator import Simulator

GUIDE = (ROOT / "docs/docsite/rst/guide_menus.rst").read_text(encoding="utf-8")


def snippets(language: str) -> list[str]:
    found = re.findall(rf"\.\. code-block:: {language}\n\n((?:   .*\n|\n)+)", GUIDE)
    return [textwrap.dedent(snippet).strip() + "\n" for snippet in found]


def test_from_accounts_to_files_to_a_fleet_and_back(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    fleet, save, common, back = snippets("yaml")
    commands = "".join(snippets("console")).splitlines()
    accounts = {
        name: simulator.add(appid=host["wechat_appid"])
        for name, host in yaml.safe_load(fleet)["all"]["children"]["brands"]["hosts"].items()
    }
    menus = {name: [{"type": "view", "name": f"旧 🎁 {name[-1]}", "url": f"https://old.example/{name}"}] for name in accounts}
    for name, account in accounts.items():
        account.menus.buttons = menus[name]
    for path, text in {"fleet.yml": fleet, "save.yml": save, "back.yml": back}.items():
        (tmp_path / path).write_text(text, encoding="utf-8")
    for folder in ("all", "brands"):
        (tmp_path / "group_vars" / folder).mkdir(parents=True)
    secrets = {"vault_wechat_secrets": {name: account.secret for name, account in accounts.items()}}
    (tmp_path / "group_vars/all/vault.yml").write_text(yaml.safe_dump(secrets))
    environment = {"WECHAT_API_URL": simulator.url, "REQUESTS_CA_BUNDLE": str(simulator.ca_path)}

    saved, foreseen, done, undone = (command.removeprefix("$ ").split() for command in commands)
    assert ansible.run(saved, tmp_path, environment).rc == 0
    for name, buttons in menus.items():
        own = tmp_path / "host_vars" / name / "menu.yml"
        assert yaml.safe_load(own.read_text(encoding="utf-8")) == {"wechat_menu": {"button": buttons}}

    # With what was saved, nothing is left to do.
    (tmp_path / "group_vars/brands/menu.yml").write_text(common, encoding="utf-8")
    as_saved = ansible.run(foreseen, tmp_path, environment)
    assert [recap["changed"] for recap in as_saved.recap().values()] == [0, 0]

    for name in accounts:
        (tmp_path / "host_vars" / name / "menu.yml").unlink()
    shown = ansible.run(foreseen, tmp_path, environment)
    for name, account in accounts.items():
        assert f'-      url: "https://old.example/{name}"' in shown.output
        assert f'+      url: "https://shop.example/?from={account.appid}"' in shown.output
        assert account.menus.buttons == menus[name]
    changed = ansible.run(done, tmp_path, environment)
    assert [recap["changed"] for recap in changed.recap().values()] == [1, 1]
    for account in accounts.values():
        assert account.menus.buttons is not None
        assert account.menus.buttons[0]["url"] == f"https://shop.example/?from={account.appid}"
    report = json.loads((tmp_path / "reports/menu-report.json").read_text(encoding="utf-8"))
    assert {name: row["before"] for name, row in report["accounts"].items()} == {
        name: {"button": buttons} for name, buttons in menus.items()
    }

    ansible.run(undone, tmp_path, environment)
    assert {name: account.menus.buttons for name, account in accounts.items()} == menus
