# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the README shows is what happens: its calls are run, and their output compared."""

from __future__ import annotations

import re
import subprocess
import typing as t

import pytest
import yaml

from tests.integration.harness import BIN, ROOT, Ansible, base_environment

if t.TYPE_CHECKING:
    from pathlib import Path

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


def test_the_playbook(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    (playbook,) = (yaml.safe_load(block) for block in blocks("yaml"))
    account = simulator.add(appid="wx0123456789abcdef")
    (tmp_path / "playbook.yml").write_text(yaml.safe_dump(playbook))
    (tmp_path / "vault.yml").write_text(yaml.safe_dump({"vault_wechat_secret": account.secret}))
    done = ansible.run(
        ["ansible-playbook", str(tmp_path / "playbook.yml"), "-e", f"@{tmp_path / 'vault.yml'}"], environment=server_of(simulator)
    )
    assert done.one()["changed"]


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
