# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The README shows real output: its commands run here, and their output is compared with it."""

from __future__ import annotations

import json
import re
import subprocess
import typing as t

import pytest
import yaml

from tests.benchmark.ways import ACCOUNTS, FLOOR, LOOP, ROLE, ROLES, URI_5, URI_20, URI_LOOP
from tests.integration.harness import BIN, ROOT, Ansible, base_environment

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Run
    from tests.simulator import Account, Simulator

MODULE = (ROOT / "plugins/modules/wechat_draft_switch.py").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def server_of(simulator: Simulator) -> dict[str, str]:
    return {"WECHAT_API_URL": simulator.url, "REQUESTS_CA_BUNDLE": str(simulator.ca_path)}


def environment_of(simulator: Simulator, account: Account) -> dict[str, str]:
    return {**server_of(simulator), "WECHAT_APPID": account.appid, "WECHAT_SECRET": account.secret}


def without_rid(text: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}", "RID", text)


def test_the_calls_from_a_shell(simulator: Simulator, ansible: Ansible) -> None:
    shown = [block for block in blocks("console") if block.startswith("$ ansible ")]
    off, unlisted = simulator.add(), simulator.add(listed=False)
    accounts = [off, off, off, unlisted]
    assert len(shown) == len(accounts)
    for block, account in zip(shown, accounts, strict=True):
        command, output = block.split("\n", 1)
        real = ansible.run(command.removeprefix("$ ").split(), environment=environment_of(simulator, account)).output
        assert without_rid(output).strip() in without_rid(real), real
    assert off.calls == ["token", "look", "token", "look", "enable", "look"]


def test_the_three_lines_for_a_real_account(simulator: Simulator) -> None:
    lines = next(block for block in blocks("bash") if "WECHAT_APPID" in block)
    account = simulator.add()
    script = lines.replace("wx0123456789abcdef", account.appid).replace(".work/demo/bin", str(BIN))
    surroundings = {
        name: value for name, value in environment_of(simulator, account).items() if name not in ("WECHAT_APPID", "WECHAT_SECRET")
    }
    done = subprocess.run(
        ["bash", "-euc", script],
        cwd=ROOT,
        env={**base_environment(), **surroundings},
        input=f"{account.secret}\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "would be turned on, which cannot be undone" in done.stdout
    assert account.secret not in done.stdout + done.stderr
    assert account.calls == ["token", "look"]


def yaml_blocks() -> list[t.Any]:
    """Of the README: a playbook, one for many accounts, an inventory, and a playbook with a list."""
    return [yaml.safe_load(block) for block in blocks("yaml")]


def run_playbook(playbook: t.Any, simulator: Simulator, ansible: Ansible, folder: Path, variables: dict[str, t.Any]) -> Run:
    (folder / "playbook.yml").write_text(yaml.safe_dump(playbook))
    (folder / "vault.yml").write_text(yaml.safe_dump(variables))
    command = ["ansible-playbook", str(folder / "playbook.yml"), "-e", f"@{folder / 'vault.yml'}"]
    return ansible.run(command, folder, environment=server_of(simulator))


def test_the_playbook(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    account = simulator.add(appid="wx0123456789abcdef")
    done = run_playbook(yaml_blocks()[0], simulator, ansible, tmp_path, {"vault_wechat_secret": account.secret})
    assert done.one()["changed"]


def test_many_accounts_in_one_task(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    one, other = simulator.add(appid="wx0123456789abcdef"), simulator.add()
    variables = {"vault_brand_a_secret": one.secret, "vault_brand_b_token": simulator.issue(other)}
    done = run_playbook(yaml_blocks()[1], simulator, ansible, tmp_path, variables)
    assert done.one()["summary"]["changed"] == 2


def test_what_a_failure_of_many_says(simulator: Simulator, ansible: Ansible) -> None:
    shown = next(block for block in blocks("text") if "brand-08" in block)
    accounts = {f"brand-{number:02}": simulator.add(is_open=number % 2 == 0, listed=number < 8) for number in range(12)}
    accounts |= {"frozen": simulator.add(), "on": simulator.add(is_open=True)}
    accounts["frozen"].frozen_secret = True
    given = [{"name": name, "appid": account.appid, "secret": account.secret} for name, account in accounts.items()]
    assert ansible.play({"localhost": {**ansible.options, "accounts": given}}).one()["msg"] == shown.strip()


def test_the_fleet_as_hosts(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    inventory = yaml_blocks()[2]
    one, other = simulator.add(appid="wx0123456789abcdef"), simulator.add()
    (tmp_path / "fleet.yml").write_text(yaml.safe_dump(inventory))
    (tmp_path / "group_vars/all").mkdir(parents=True)
    vault = {"vault_wechat_secrets": {"brand-a": one.secret}, "vault_wechat_tokens": {"brand-b": simulator.issue(other)}}
    (tmp_path / "group_vars/all/vault.yml").write_text(yaml.safe_dump(vault))
    commands = next(block for block in blocks("console") if "fleet.yml" in block).strip().splitlines()
    foreseen, done = (ansible.run(command.removeprefix("$ ").split(), tmp_path, server_of(simulator)) for command in commands)
    for run in (foreseen, done):
        assert run.rc == 0, run.output
        assert [recap["changed"] for recap in run.recap().values()] == [1, 1]
    assert (one.calls, other.calls) == (["token", "look", "token", "look", "enable", "look"], ["look", "look", "enable", "look"])
    assert (tmp_path / "reports/draft-switch-report.html").exists()


def test_the_fleet_as_a_list(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    account = simulator.add()
    (tmp_path / "accounts.json").write_text(json.dumps([{"appid": account.appid, "secret": account.secret}]))
    done = run_playbook(yaml_blocks()[3], simulator, ansible, tmp_path, {})
    assert done.recap()["localhost"]["changed"] == 1
    assert (tmp_path / "reports/draft-switch-report.json").exists()


def test_the_menu(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    account = simulator.add(appid="wx0123456789abcdef")
    done = run_playbook(yaml_blocks()[4], simulator, ansible, tmp_path, {"vault_wechat_secret": account.secret})
    assert done.one()["changed"]
    assert done.one()["menu"] == {"button": account.menus.buttons}


ROLE_README = (ROOT / "roles/draft_switch/README.md").read_text(encoding="utf-8")


def test_the_role_s_examples(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    hosts, listed = (yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", ROLE_README, flags=re.DOTALL))
    documented = yaml.safe_load((ROOT / "roles/draft_switch/meta/argument_specs.yml").read_text())["argument_specs"]["main"]["examples"]
    assert yaml.safe_load(documented) == hosts + listed
    account, one, other = simulator.add(), simulator.add(appid="wx0123456789abcdef"), simulator.add()
    (tmp_path / "hosts.json").write_text(
        json.dumps({"brands": {"hosts": {"a": {"wechat_appid": account.appid, "wechat_secret": account.secret}}}})
    )
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump(hosts))
    assert ansible.run(["ansible-playbook", "-i", "hosts.json", "hosts.yml"], tmp_path, server_of(simulator)).recap()["a"]["changed"] == 1
    variables = {"vault_brand_a_secret": one.secret, "vault_brand_b_token": simulator.issue(other)}
    assert run_playbook(listed, simulator, ansible, tmp_path, variables).recap()["localhost"]["changed"] == 1
    assert [one.is_open, other.is_open] == [True, True]


def test_the_role_s_table_has_its_variables_and_defaults() -> None:
    specs = yaml.safe_load((ROOT / "roles/draft_switch/meta/argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
    defaults = yaml.safe_load((ROOT / "roles/draft_switch/defaults/main.yml").read_text())
    documented = dict(re.findall(r"^\| `(draft_switch_\w+)` \| (?:`(.*?)`)?", ROLE_README, flags=re.MULTILINE))
    assert set(documented) == set(specs)
    assert {name: yaml.safe_load(value) for name, value in documented.items() if value} == defaults
    assert {name: spec["default"] for name, spec in specs.items() if "default" in spec} == defaults


def test_the_demo_says_what_the_readme_shows() -> None:
    shown = next(block for block in blocks("text") if "The platform saw" in block)
    source = (ROOT / "tests/demo/__main__.py").read_text(encoding="utf-8")
    assert "All steps did what they say." in shown
    for title in re.findall(r"^\d\. (.*)$", shown, flags=re.MULTILINE):
        assert title in source


@pytest.mark.parametrize(
    "reason", re.findall(r"V\((\w+)\) - ", (ROOT / "plugins/modules/wechat_draft_switch.py").read_text(encoding="utf-8"))
)
def test_every_documented_reason_is_in_the_table(reason: str) -> None:
    assert f"| `{reason}` |" in README


def test_the_table_of_speeds_is_the_benchmark_s() -> None:
    titles = [way.title for way in (FLOOR, ACCOUNTS, ROLE, ROLES, LOOP, URI_20, URI_5, URI_LOOP)]
    assert re.findall(r"^\| (.*?) \| [\d,]+ \| \S+x \|$", README, flags=re.MULTILINE)[: len(titles)] == titles
