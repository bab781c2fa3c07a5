# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook that fails if an account is not what its variables declare."""

from __future__ import annotations

import json
import re
import typing as t

import pytest

from tests.integration.fleets import variables_of
from tests.simulator import Fault

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible, Run
    from tests.simulator import Account, Simulator

PLAYBOOK = "wxops.official_account.drift"
BUTTONS = [{"type": "click", "name": "Help", "key": "help"}]
SWITCH, MENU = {"wechat_draft_switch": "present"}, {"wechat_menu": {"button": BUTTONS}}
CHANGES = {"enable", "menu_create", "menu_delete"}


def drift(simulator: Simulator, ansible: Ansible, folder: Path, hosts: dict[str, dict[str, t.Any]], *arguments: str) -> Run:
    (folder / "fleet.json").write_text(json.dumps({"all": {"hosts": hosts}}))
    environment = {
        "WECHAT_API_URL": simulator.url,
        "REQUESTS_CA_BUNDLE": str(simulator.ca_path),
        "ANSIBLE_SHOW_CUSTOM_STATS": "true",
    }
    return ansible.run(["ansible-playbook", PLAYBOOK, "-i", "fleet.json", *arguments], folder, environment)


def failed(run: Run) -> set[str]:
    return {host for host, counts in run.recap().items() if counts["failed"]}


@pytest.mark.every_core
def test_each_account_that_would_change_fails_and_says_why(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts: dict[str, Account] = {
        name: simulator.add(is_open=is_open) for name, is_open in {"as-declared": True, "off": False, "menu": True, "both": False}.items()
    }
    accounts["as-declared"].menus.buttons = accounts["off"].menus.buttons = BUTTONS
    accounts["leave-alone"] = simulator.add()
    accounts["broken"] = simulator.add().plan("look", Fault(errcode=48001))
    declared: dict[str, dict[str, t.Any]] = {name: {**SWITCH, **MENU} for name in accounts}
    declared["leave-alone"] = {}
    run = drift(
        simulator, ansible, tmp_path, {name: {**variables_of(account), **declared[name]} for name, account in accounts.items()}, "--diff"
    )
    assert run.rc != 0
    assert failed(run) == {"off", "menu", "both", "broken"}
    messages = {name: result["msg"] for name, result in run.last().items() if name in ("off", "menu", "both")}
    assert {name: re.sub(r"\. This run.*", "", message) for name, message in messages.items()} == {
        "off": "This account is not what its variables declare: its draft box is off",
        "menu": "This account is not what its variables declare: its menu differs",
        "both": "This account is not what its variables declare: its draft box is off, and its menu differs",
    }
    # What an AWX job keeps as artifacts.
    stats = json.loads(run.output.split("RUN: ", 1)[1])
    assert (stats["draft_switch_drifted"], stats["menu_drifted"]) == (["off", "both"], ["menu", "both"])
    # It was no dry run, and changed nothing all the same.
    assert not CHANGES & {call for account in accounts.values() for call in account.calls}
    assert accounts["leave-alone"].calls == []


@pytest.mark.every_core
def test_a_fleet_that_is_as_declared_passes(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = {"one": simulator.add(is_open=True), "other": simulator.add()}
    accounts["other"].menus.buttons = BUTTONS
    run = drift(
        simulator,
        ansible,
        tmp_path,
        {"one": {**variables_of(accounts["one"]), **SWITCH}, "other": {**variables_of(accounts["other"]), **MENU}},
    )
    assert run.rc == 0, run.output
    assert "WARNING" not in run.output
    assert [account.calls for account in accounts.values()] == [["token", "look"], ["token", "menu_get"]]


def test_a_fleet_that_declares_nothing_does_not_pass(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = {"one": simulator.add(), "other": simulator.add()}
    run = drift(simulator, ansible, tmp_path, {name: variables_of(account) for name, account in accounts.items()})
    assert run.rc != 0
    assert "No account has the variable wechat_draft_switch or wechat_menu. Nothing was compared, and nothing was sent." in run.prose
    assert [account.calls for account in accounts.values()] == [[], []]
