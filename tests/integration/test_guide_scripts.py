# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every recipe of the guide for those who come from scripts, and its single commands."""

from __future__ import annotations

import json
import typing as t

import yaml

from tests.integration.harness import BIN
from tests.integration.pages import GUIDES, Walk, blocks, server_of
from tests.simulator import groups
from tests.simulator.accounts import ENABLE

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible
    from tests.simulator import Simulator


def view(name: str, url: str) -> dict[str, str]:
    return {"type": "view", "name": name, "url": f"https://shop.example/{url}"}


HELP = {"type": "click", "name": "Help", "key": "help"}
# What the scripts have set.
SET: dict[str, list[dict[str, t.Any]]] = {
    "brand-a": [view("商店", "a"), HELP],
    "brand-b": [view("商店", "b"), {"name": "更多", "sub_button": [view("会员", "b/club")]}],
    "brand-c": [view("商店", "c"), HELP],
    "brand-d": [
        view("商店", "d"),
        {"name": "更多", "sub_button": [view("会员", "d/club"), {"type": "click", "name": "联系我们", "key": "contact"}]},
    ],
}
APP = {"button": [view("App", "c/app")], "matchrule": {"client_platform_type": "2"}, "menuid": 208396939}


def test_each_recipe_declares_what_the_script_has_set(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    with Walk(GUIDES / "guide_scripts.rst", ansible, tmp_path, {**server_of(simulator), "PATH": f"{BIN}:/usr/bin:/bin"}) as walk:
        hosts = yaml.safe_load(walk.write())["all"]["children"]["brands"]["hosts"]
        accounts = {name: simulator.add(appid=its["wechat_appid"]) for name, its in hosts.items()}
        for name, account in accounts.items():
            account.menus.buttons = SET[name]
        accounts["brand-c"].menus.conditional = [APP]
        secrets = {"vault_wechat_secrets": {name: account.secret for name, account in accounts.items()}}
        (tmp_path / "secrets.yml").write_text(yaml.safe_dump(secrets))
        before = len(simulator.log)

        (exported,) = walk.run()
        assert exported.rc == 0
        for name in accounts:
            found = yaml.safe_load((tmp_path / f"found/host_vars/{name}/wechat.yml").read_text("utf-8"))
            assert found["wechat_menu"] == {"button": SET[name]}

        (old,) = yaml.safe_load(walk.write())
        assert old["vars"]["menu"] == yaml.safe_load(walk.write())["wechat_menu"]
        walk.write()
        walk.shell()
        walk.write()
        for _file in range(3):
            walk.write()
        walk.write()
        walk.write()
        walk.shell()
        walk.run()
        walk.write()

        (drift,) = walk.run()
        assert drift.rc == 0, drift.output
        # So do the files that Android's number in the gem's own example would make of it.
        accounts["brand-c"].menus.conditional = [{**APP, "matchrule": {"client_platform_type": "1"}}]
        assert ansible.run(["ansible-playbook", "wxops.official_account.drift", "-i", "fleet.yml"], tmp_path, walk.environment).rc == 2

        walk.shell(typed=f"{accounts['brand-a'].secret}\n")
        assert [run.rc for run in walk.run()] == [0] * 4
        menus, tags = walk.run()
        assert (menus.rc, tags.rc) == (0, 0), menus.output + tags.output
        assert all(f'"url": "https://shop.example/{url}"' in menus.output for url in ("a", "b", "b/club", "c", "d", "d/club"))
        assert tags.output.count("Tags of the account: 0.") == 4
        assert not {seen.call for seen in simulator.log[before:]} & {ENABLE, *groups.CHANGES}


def test_a_text_of_the_rows_is_never_a_template(ansible: Ansible, tmp_path: Path) -> None:
    """Whoever edits the menu in the application chooses its texts."""
    name = '{{ lookup("pipe", "id") }} "\\ \n'
    row = {"id": 1, "pid": 0, "name": name, "type": "click", "key": name, "url": "", "sort": 1, "status": 1}
    mini = {"type": "miniprogram", "appid": "wx0123456789abcdef", "pagepath": "index", "url": "https://shop.example/"}
    rows = [{**row, **mini, "id": 2, "sort": 10}, {**row, "sort": 9}]
    pages = {block.file: block.text for block in blocks(GUIDES / "guide_scripts.rst")}
    (tmp_path / "wechat_menu.json").write_text(json.dumps(rows))
    (tmp_path / "menu_of_rows.j2").write_text(pages["menu_of_rows.j2"])
    command = ["ansible", "localhost", "-m", "ansible.builtin.template", "-a", "src=menu_of_rows.j2 dest=menu.json"]
    done = ansible.run(command, tmp_path)
    assert done.rc == 0, done.output
    made = json.loads((tmp_path / "menu.json").read_text())
    assert made == {"button": [{"name": name, "type": "click", "key": name}, {"name": name, **mini}]}

    # A type that the template does not know is a failure, not a button without its target.
    (tmp_path / "menu.json").unlink()
    (tmp_path / "wechat_menu.json").write_text(json.dumps([{**row, "type": "media_id"}]))
    assert ansible.run(command, tmp_path).rc == 2
    assert not (tmp_path / "menu.json").exists()
