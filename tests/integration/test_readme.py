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

from tests.integration.harness import ROOT, base_environment
from tests.integration.pages import Walk, assert_targets, blocks, server_of

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible
    from tests.simulator import Simulator


def test_the_readme(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    one, other = simulator.add(appid="wx0123456789abcdef"), simulator.add()
    with Walk(ROOT / "README.md", ansible, tmp_path, server_of(simulator)) as walk:
        assert_targets(walk.block("console"))
        assert_it_can_be_installed(*(walk.block(language).text for language in ("bash", "bash", "yaml")), tmp_path)

        said = walk.shell(typed=f"{one.secret}\n")
        assert "would be turned on, which cannot be undone" in said
        assert one.calls == ["token", "look"]
        for name in ("WECHAT_APPID", "WECHAT_SECRET"):
            del walk.environment[name]

        secrets = {"brand-a": one.secret, "brand-b": simulator.issue(other)}
        (tmp_path / "secrets.yml").write_text(yaml.safe_dump({"vault_wechat_secrets": secrets}))
        one.calls.clear()
        walk.write("fleet.yml")
        # Before each command, what the accounts show.
        shown = []

        def menus() -> list[str | None]:
            return [account.menus.buttons and account.menus.buttons[0]["url"][-7:] for account in (one, other)]

        for run in walk.each():
            assert run.rc == 0, run.output
            assert [recap["changed"] for recap in run.recap().values()] == [1, 1]
            shown.append(menus())
        assert shown == [[None, None], ["brand-a", "brand-b"], [None, None]]
        assert one.calls.count("token") == 3
        assert [account.calls.count("enable") for account in (one, other)] == [1, 1]
        assert {path.name for path in (tmp_path / "reports").iterdir()} >= {"runs", "account-report.html"}

        walk.write("account.yml")
        command = ["ansible-playbook", "account.yml", "-i", "localhost,", "-c", "local"]
        run = ansible.run([*command, "-e", json.dumps({"vault_wechat_secret": one.secret})], tmp_path, walk.environment)
        account, shown_to_the_reader = run.results["localhost"]
        assert shown_to_the_reader["msg"] == account["msg"]
        assert account["changed"]
        assert account["resources"]["menu"]["menu"] == {"button": one.menus.buttons}


def assert_it_can_be_installed(from_galaxy: str, from_git: str, requirements: str, folder: Path) -> None:
    """Galaxy and GitHub cannot be reached from here. The repository in this folder stands in for them."""
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    name, major = f"{galaxy['namespace']}.{galaxy['name']}", int(galaxy["version"].split(".")[0])
    assert from_galaxy == f"ansible-galaxy collection install {name} --upgrade\n"
    assert yaml.safe_load(requirements) == {"collections": [{"name": name, "version": f">={major}.0.0,<{major + 1}.0.0"}]}
    # The guide to the first account has the same line.
    assert from_git in (ROOT / "docs/docsite/rst/guide_first_account.rst").read_text(encoding="utf-8")
    here = from_git.replace(f"{galaxy['repository']}.git", f"{ROOT.as_uri()} --no-deps -p {folder}/installed")
    assert here != from_git
    subprocess.run(here, shell=True, check=True, cwd=folder, env=base_environment(), stdout=subprocess.DEVNULL, timeout=300)
    assert (folder / "installed/ansible_collections/wxops/official_account/MANIFEST.json").exists()


ROLES = ("account", "draft_switch")
SPECS = {role: yaml.safe_load((ROOT / f"roles/{role}/meta/argument_specs.yml").read_text())["argument_specs"]["main"] for role in ROLES}


@pytest.mark.parametrize("role", ROLES)
def test_the_role_s_examples(simulator: Simulator, ansible: Ansible, tmp_path: Path, role: str) -> None:
    hosts, listed = ([play] for play in yaml.safe_load(SPECS[role]["examples"]))
    shown = [yaml.safe_load(block.text) for block in blocks(ROOT / f"roles/{role}/README.md")]
    assert shown == [hosts, listed][: len(shown)]
    simulator.accounts.pop("wx0123456789abcdef", None)
    account, one, other = simulator.add(), simulator.add(appid="wx0123456789abcdef"), simulator.add()
    other.menus.buttons = [{"type": "click", "name": "Old", "key": "old"}]
    host = {"wechat_appid": account.appid, "wechat_secret": account.secret, "wechat_draft_switch": "present"}
    (tmp_path / "hosts.json").write_text(json.dumps({"brands": {"hosts": {"a": host}}}))
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump(hosts))
    done = ansible.run(["ansible-playbook", "-i", "hosts.json", "hosts.yml"], tmp_path, server_of(simulator))
    assert (done.recap()["a"]["changed"], account.is_open) == (1, True)
    variables = {"vault_brand_a_secret": one.secret, "vault_brand_b_token": simulator.issue(other)}
    (tmp_path / "listed.yml").write_text(yaml.safe_dump(listed))
    command = ["ansible-playbook", "listed.yml", "-e", json.dumps(variables)]
    assert ansible.run(command, tmp_path, server_of(simulator)).recap()["localhost"]["changed"] == 1
    changed = {"account": (True, False, None), "draft_switch": (True, True, other.menus.buttons)}
    assert (one.is_open, other.is_open, other.menus.buttons) == changed[role]


@pytest.mark.parametrize("role", ROLES)
def test_the_role_s_defaults_are_those_that_it_documents(role: str) -> None:
    defaults = yaml.safe_load((ROOT / f"roles/{role}/defaults/main.yml").read_text())
    assert {name: spec["default"] for name, spec in SPECS[role]["options"].items() if "default" in spec} == defaults
    # Its README names no others.
    named = set(re.findall(rf"`({role}_\w+)[:`]", (ROOT / f"roles/{role}/README.md").read_text(encoding="utf-8")))
    assert named - {f"{role}_", "account_", "account_result"} <= SPECS[role]["options"].keys()
