# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every snippet of the guide to menus, run in the guide's order."""

from __future__ import annotations

import json
import typing as t

import yaml

from tests.integration.pages import GUIDES, Walk, server_of

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible
    from tests.simulator import Simulator


def test_from_accounts_to_files_to_a_fleet_and_back(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    with Walk(GUIDES / "guide_menus.rst", ansible, tmp_path, server_of(simulator)) as walk:
        fleet = yaml.safe_load(walk.write())["all"]["children"]["brands"]["hosts"]
        accounts = {name: simulator.add(appid=host["wechat_appid"]) for name, host in fleet.items()}
        menus = {name: [{"type": "view", "name": f"旧 🎁 {name[-1]}", "url": f"https://old.example/{name}"}] for name in accounts}
        for name, account in accounts.items():
            account.menus.buttons = menus[name]
        (tmp_path / "group_vars/all").mkdir(parents=True)
        secrets = {"vault_wechat_secrets": {name: account.secret for name, account in accounts.items()}}
        (tmp_path / "group_vars/all/vault.yml").write_text(yaml.safe_dump(secrets))

        walk.write()
        (saved,) = walk.run()
        assert saved.rc == 0, saved.output
        for name, buttons in menus.items():
            own = tmp_path / "host_vars" / name / "menu.yml"
            assert yaml.safe_load(own.read_text(encoding="utf-8")) == {"wechat_menu": {"button": buttons}}

        # With what was saved, nothing is left to do: these hosts keep their own files.
        walk.write()
        review = walk.again()
        assert [recap["changed"] for run in review.run() for recap in run.recap().values()] == [0] * 4

        for name in accounts:
            (tmp_path / "host_vars" / name / "menu.yml").unlink()
        shown, changed = walk.run()
        for name, account in accounts.items():
            assert f'-      url: "https://old.example/{name}"' in shown.output
            assert f'+      url: "https://shop.example/?from={account.appid}"' in shown.output
        assert [recap["changed"] for run in (shown, changed) for recap in run.recap().values()] == [1] * 4
        for account in accounts.values():
            assert account.menus.buttons is not None
            assert account.menus.buttons[0]["url"] == f"https://shop.example/?from={account.appid}"
        report = json.loads((tmp_path / "reports/menu-report.json").read_text(encoding="utf-8"))
        assert {name: row["before"] for name, row in report["accounts"].items()} == {
            name: {"button": buttons} for name, buttons in menus.items()
        }

        walk.write()
        walk.run()
        assert {name: account.menus.buttons for name, account in accounts.items()} == menus
