# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Menus as people have them, in variables and files: the module, a list, and the hosts of the role say the same, on every core.

What is wrong with a menu, one fault at a time: see ``test_menu_input``.
"""

from __future__ import annotations

import json
import typing as t

import pytest

from tests.integration.fleets import LOCAL
from tests.integration.harness import CORE, TARGET

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible
    from tests.simulator import Simulator

MENU = "wxops.official_account.wechat_menu"
VIEW = {"type": "view", "name": "Shop", "url": "https://shop.example/"}
GOOD = {"button": [VIEW]}

pytestmark = pytest.mark.every_core

# By name: the text of a YAML value, and what is said; None if it is set as GOOD.
VALUES: dict[str, tuple[str, str | None]] = {
    "json": (repr(json.dumps(GOOD)), None),
    "answer": (json.dumps({"menu": {**GOOD, "menuid": 7}}), None),
    "null-button": (json.dumps({"button": [None, VIEW]}), None),
    "omitted-button": (json.dumps({"button": ["{{ no_such_button | default(omit) }}", VIEW]}), None),
    "list": (json.dumps([VIEW]), "menu is a list; give a dict with button"),
    "json-list": (repr(json.dumps([VIEW])), "menu is a list; give a dict with button"),
    "path": ("menus/a.json", "menu is a path, not a menu"),
    "yaml": ('"button:\\n  - type: view\\n"', "menu is YAML text; give a dict, or put | from_yaml behind it"),
    "text": ("hello", "menu is text that is not JSON (line 1, column 1)"),
    "number": ('{"button": [{"type": "click", "name": "Code", "key": 1234}]}', "button[0].key is a number; give a text"),
    "date": ("{button: [{type: click, name: When, key: 2024-01-01 10:00:00}]}", "button[0].key is a date"),
    "sdk": (json.dumps({"buttons": [VIEW]}), "menu has buttons; is button meant?"),
    "selfmenu": (json.dumps({"is_menu_open": 1, "selfmenu_info": GOOD}), "give its selfmenu_info"),
    "masked": (json.dumps({"button": [{**VIEW, "url": "https://x.example/?s=********"}]}), "holds Ansible's mask for a secret"),
}


def play(simulator: Simulator, ansible: Ansible, folder: Path, way: str, value: str, number: int) -> tuple[t.Any, str]:
    """The account, and what Ansible said in one line."""
    account = simulator.add()
    folder = folder / f"{way}-{number}"
    folder.mkdir()
    reach = "\n".join(f"        menu_{name}: {json.dumps(given)}" for name, given in ansible.options.items())
    options = "\n".join(f"          {name}: {json.dumps(given)}" for name, given in ansible.options.items())
    credentials = f"appid: {account.appid}\n          secret: '{account.secret}'"
    tasks = {
        "module": f"    - {MENU}:\n{options}\n          {credentials}\n          menu: {value}\n",
        "accounts": f"    - {MENU}:\n{options}\n          accounts:\n            - {{appid: {account.appid}, "
        f"secret: '{account.secret}', menu: {value}}}\n",
        "hosts": "    - ansible.builtin.import_role:\n        name: wxops.official_account.menu\n",
        "list": "    - ansible.builtin.import_role:\n        name: wxops.official_account.menu\n",
    }
    variables = {
        "hosts": f"    wechat_appid: {account.appid}\n    wechat_secret: '{account.secret}'\n    wechat_menu: {value}\n",
        "list": f"    menu_accounts:\n      - {{appid: {account.appid}, secret: '{account.secret}', menu: {value}}}\n",
    }.get(way, "")
    (folder / "hosts.yml").write_text(
        f"all:\n  hosts:\n    localhost:\n  vars:\n    ansible_connection: local\n    ansible_python_interpreter: {TARGET}\n"
        f"{reach.replace('        menu_', '    menu_')}\n{variables}"
    )
    (folder / "play.yml").write_text(f"- hosts: all\n  gather_facts: false\n  tasks:\n{tasks[way]}")
    run = ansible.run(["ansible-playbook", "-i", str(folder / "hosts.yml"), str(folder / "play.yml")])
    return account, run.prose


@pytest.mark.parametrize("way", ["module", "accounts", "hosts", "list"])
@pytest.mark.parametrize("name", VALUES)
def test_a_menu_is_taken_or_refused_alike(
    name: str, way: str, simulator: Simulator, ansible: Ansible, tmp_path_factory: pytest.TempPathFactory
) -> None:
    value, fault = VALUES[name]
    account, said = play(simulator, ansible, tmp_path_factory.mktemp("files"), way, value, 0)
    if name == "date" and way == "list" and CORE < (2, 19):
        # A template makes a text of the whole list.
        fault = "menu_accounts is not a list"
    if fault:
        assert fault in said
        assert account.calls == []
    else:
        assert account.menus.buttons == GOOD["button"], said


def test_a_number_that_a_template_makes_is_refused_or_is_text(simulator: Simulator, ansible: Ansible) -> None:
    """Templates make texts on some cores and numbers on others. Never is anything else sent than what is there."""
    account = simulator.add()
    declared = {"button": [{"type": "click", "name": "Code", "key": "{{ code }}"}]}
    hosts = {"a": {"wechat_appid": account.appid, "wechat_secret": account.secret, "wechat_menu": declared, "code": 1234}}
    reach = {f"menu_{name}": value for name, value in ansible.options.items()}
    ansible.role(hosts, variables=reach, play={"roles": ["wxops.official_account.menu"]})
    assert account.menus.buttons in (None, [{"type": "click", "name": "Code", "key": "1234"}])
    declared["button"][0]["key"] = "{{ code | string }}"
    ansible.role(hosts, variables=reach, play={"roles": ["wxops.official_account.menu"]})
    assert account.menus.buttons == [{"type": "click", "name": "Code", "key": "1234"}]


def test_a_file_of_a_list_of_accounts(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    account = simulator.add()
    (tmp_path / "menu.json").write_text(json.dumps(GOOD))
    menu = f"{{{{ lookup('ansible.builtin.file', '{tmp_path}/menu.json') }}}}"
    reach = {f"menu_{name}": value for name, value in ansible.options.items()}
    variables = {**reach, "menu_accounts": [{"appid": account.appid, "secret": account.secret, "menu": menu}]}
    ansible.role(LOCAL, variables=variables, play={"roles": ["wxops.official_account.menu"]})
    assert account.menus.buttons == GOOD["button"]
