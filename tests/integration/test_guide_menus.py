# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every snippet of the guide to menus, run in the guide's order."""

from __future__ import annotations

import copy
import json
import shutil
import tempfile
import typing as t
from pathlib import Path

import pytest

from tests.integration.pages import GUIDES, Walk, brands, server_of

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.harness import Ansible, Run
    from tests.simulator import Account, Simulator


def test_from_accounts_to_files_to_a_fleet_and_back(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    with Walk(GUIDES / "guide_menus.rst", ansible, tmp_path, server_of(simulator)) as walk:
        accounts = brands(simulator, tmp_path)
        menus = {name: [{"type": "view", "name": f"旧 🎁 {name[-1]}", "url": f"https://old.example/{name}"}] for name in accounts}
        for name, account in accounts.items():
            account.menus.buttons = menus[name]

        # With what was saved, nothing is left to do.
        existing = walk.again()
        for language in ("yaml", "console", "console"):
            existing.block(language)
        (saved,) = existing.run()
        assert saved.rc == 0, saved.output

        def review() -> list[int]:
            """How many changes each account has, in check mode and then without."""
            reviewed = walk.again()
            reviewed.block("yaml")
            return [recap["changed"] for run in reviewed.run() for recap in run.recap().values()]

        assert review() == [0] * 4
        # Nor with the same as JSON.
        shutil.rmtree(tmp_path / "host_vars")
        (tmp_path / "menus").mkdir()
        for name, buttons in menus.items():
            (tmp_path / f"menus/{name}.json").write_text(json.dumps({"button": buttons}))
        kept = existing.write()
        assert review() == [0] * 4
        # Nor for an account that keeps its own when the others get one for all.
        (tmp_path / "host_vars").mkdir()
        for name in accounts:
            (tmp_path / f"host_vars/{name}.yml").write_text(kept)
        walk.again().write()
        assert review() == [0] * 4

        for name in accounts:
            (tmp_path / f"host_vars/{name}.yml").unlink()
        walk.write()
        shown, changed = walk.run()
        for name, account in accounts.items():
            assert f'-      url: "https://old.example/{name}"' in shown.output
            assert f'+      url: "https://shop.example/?from={account.appid}"' in shown.output
        assert [recap["changed"] for run in (shown, changed) for recap in run.recap().values()] == [1] * 4
        for account in accounts.values():
            assert account.menus.buttons is not None
            assert account.menus.buttons[0]["url"] == f"https://shop.example/?from={account.appid}"
        shown, done = walk.run()
        assert [run.rc for run in (shown, done)] == [0, 0], shown.output + done.output
        assert {name: account.menus.buttons for name, account in accounts.items()} == menus
        # Those of the menus that exist have had their turn.
        walk.block("console")
        walk.block("yaml")


@pytest.fixture
def canary() -> Iterator[Path]:
    """What a hostile text would create. The path is short, because a button's name is."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "c"


def hostile(canary: Path) -> list[str]:
    """Texts that would do harm if they were evaluated."""
    return [
        f"{{{{ lookup('pipe', 'touch {canary}') }}}}",
        f"{{% set x = lookup('pipe', 'touch {canary}') %}}",
        "{{ vault_wechat_secrets['brand-a'] }}",
        "{{ wechat_secret }}",
        "{{ nowhere }}",
        "{# gone #}",
        "{{",
        "!unsafe x",
        "[1, 2]",
        "{'a': 1}",
        "\u202e旧 🎁 - x: &a *b",
        "true",
        "@x",
        " x ",
    ]


# What users write to have the menus as JSON.
SAVE = """
- hosts: brands
  gather_facts: false
  tasks:
    - wxops.official_account.wechat_menu_info:
        appid: "{{ wechat_appid }}"
        secret: "{{ wechat_secret }}"
      delegate_to: localhost
      register: saved
    - ansible.builtin.file:
        path: "{{ inventory_dir }}/menus"
        state: directory
        mode: "0755"
      run_once: true
      delegate_to: localhost
    - ansible.builtin.copy:
        content: "{{ saved.menu | to_nice_json(sort_keys=false, ensure_ascii=false) }}"
        dest: "{{ inventory_dir }}/menus/{{ inventory_hostname }}.json"
        mode: "0644"
      delegate_to: localhost
"""


def menus_of(accounts: dict[str, Account]) -> dict[str, t.Any]:
    return {name: copy.deepcopy(account.menus.buttons) for name, account in accounts.items()}


def result_of(run: Run, host: str) -> dict[str, t.Any]:
    """The result of the task that works on the account."""
    (result,) = (result for result in run.results[host] if "resources" in result)
    return result


def test_texts_of_the_platform_are_never_evaluated(simulator: Simulator, ansible: Ansible, tmp_path: Path, canary: Path) -> None:
    texts = hostile(canary)
    with Walk(GUIDES / "guide_menus.rst", ansible, tmp_path, server_of(simulator)) as walk:
        accounts = brands(simulator, tmp_path)
        (tmp_path / "group_vars/all").mkdir(parents=True)
        secrets = {"vault_wechat_secrets": {name: account.secret for name, account in accounts.items()}}
        (tmp_path / "group_vars/all/vault.yml").write_text(json.dumps(secrets))
        # Five leaves in a group, so all texts are names and keys of one menu. What may be declared, and what may not.
        leaves = [{"type": "click", "name": text, "key": text} for text in texts]
        groups = [{"name": "x", "sub_button": leaves[start : start + 5]} for start in (0, 5, 10)]
        odd = [
            {"type": "view", "name": "x", "url": f"https://x.example/?s={texts[2]}"},
            {"type": "miniprogram", "name": "x", "url": texts[0], "appid": texts[0], "pagepath": texts[0]},
            {"type": "news", "name": texts[0], texts[0]: {texts[0]: [texts[0], {texts[2]: texts[2]}]}, "unknown": texts[0]},
        ]
        accounts["brand-a"].menus.buttons, accounts["brand-b"].menus.buttons = groups, odd
        on_platform = menus_of(accounts)

        (tmp_path / "save.yml").write_text(SAVE)
        saved = ansible.run(["ansible-playbook", "-i", "fleet.yml", "save.yml", "-vvv"], tmp_path, walk.environment)
        assert saved.rc == 0, saved.output
        for name, buttons in on_platform.items():
            assert json.loads((tmp_path / "menus" / f"{name}.json").read_text(encoding="utf-8")) == {"button": buttons}
        walk.block("yaml")
        existing = walk.again()
        for language in ("console", "console", "console"):
            existing.block(language)
        existing.write()
        survey, change = walk.run("-vvv")
        # What is as declared stays so. What may not be declared is refused as data, and the rollout would end there.
        assert result_of(survey, "brand-a")["changed"] is False
        assert "menu cannot be used: button[" in result_of(survey, "brand-b")["msg"], survey.output
        assert "at hosts whose variables cannot be used: brand-b: menu cannot be used: button[" in change.last()["brand-a"]["msg"]
        assert menus_of(accounts) == on_platform

        # Another menu, and back.
        (tmp_path / "menus/brand-b.json").write_text(json.dumps({"button": groups}))
        play = ["ansible-playbook", "-i", "fleet.yml", "wxops.official_account.provision", "-e", "account_report_dir=reports", "-vvv"]
        another = [{"type": "click", "name": "x", "key": texts[0]}]
        for name in accounts:
            accounts[name].menus.buttons = list(another)
        done = ansible.run(play, tmp_path, walk.environment)
        assert menus_of(accounts) == dict.fromkeys(accounts, groups), done.output
        walk.run("-vvv")
        assert menus_of(accounts) == dict.fromkeys(accounts, another)
        walk.block("console")
        walk.block("yaml")

        # Without a file, the account fails, and nothing is sent for it.
        (tmp_path / "menus/brand-b.json").unlink()
        accounts["brand-b"].calls.clear()
        missing = ansible.run([*play, "--check"], tmp_path, walk.environment)
        assert "wechat_menu cannot be evaluated; nothing was sent" in result_of(missing, "brand-b")["msg"]
        assert accounts["brand-b"].calls == []
    assert not canary.exists()


def test_results_are_data_wherever_a_playbook_takes_them(simulator: Simulator, ansible: Ansible, tmp_path: Path, canary: Path) -> None:
    texts = hostile(canary)
    account = simulator.add()
    account.menus.buttons = [{"type": "news", "name": text, "x": {text: [text]}} for text in texts]
    options = {**ansible.options, "appid": account.appid, "secret": "{{ vault_wechat_secrets['brand-a'] }}"}
    shown = {
        "registered": "{{ looked.menu }}",
        "fact": "{{ fact }}",
        "of the host": "{{ hostvars['localhost'].fact }}",
        "in a text": "{{ fact.button | map(attribute='name') | join(' ') }}",
        "failed": "{{ failed }}",
    }
    tasks = [
        {"wxops.official_account.wechat_menu_info": options, "register": "looked"},
        {"ansible.builtin.set_fact": {"fact": "{{ looked.menu }}"}},
        {
            "block": [
                {"wxops.official_account.wechat_menu": {**options, "menu": "{{ fact }}"}, "check_mode": True},
            ],
            "rescue": [{"ansible.builtin.set_fact": {"failed": "{{ ansible_failed_result }}"}}],
        },
        {"ansible.builtin.debug": {"msg": shown}, "loop": "{{ looked.menu.button }}"},
        {"ansible.builtin.set_stats": {"data": {"menu": "{{ looked.menu }}"}}},
        {"ansible.builtin.debug": {"msg": shown}},
    ]
    variables = {"vault_wechat_secrets": {"brand-a": account.secret}, "wechat_secret": account.secret}
    (tmp_path / "play.json").write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "vars": variables, "tasks": tasks}]))
    run = ansible.run(["ansible-playbook", "play.json", "-vvv"], tmp_path, server_of(simulator))
    assert run.rc == 0, run.output
    said = run.last()["localhost"]["msg"]
    assert said["registered"] == said["fact"] == said["of the host"] == {"button": account.menus.buttons}
    assert said["in a text"] == " ".join(texts)
    assert "menu cannot be used" in said["failed"]["msg"]
    assert not canary.exists()
