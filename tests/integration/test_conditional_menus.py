# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conditional menus in real plays: a kill between two changes, and all resources of an account in one task."""

from __future__ import annotations

import signal
import typing as t

import pytest

from tests.integration.endings import NEW, OLD, Kind, Playbook, end_by_signal
from tests.integration.fleets import Fleet, menu
from tests.simulator import Fault
from tests.simulator.conditional_menus import sees

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible
    from tests.simulator import Simulator

BASE = [{"type": "click", "name": "All", "key": "all"}]
VIP = {"tag_id": "104"}


def conditional(buttons: list[dict[str, str]], menuid: int) -> dict[str, t.Any]:
    return {"button": buttons, "matchrule": VIP, "menuid": menuid}


@pytest.mark.parametrize("way", ["SIGKILL", "SIGTERM"])
def test_after_a_kill_between_two_changes_nobody_has_fewer_menus_and_a_new_run_ends_as_declared(
    way: str, simulator: Simulator, tmp_path: Path
) -> None:
    declared = [{"match": VIP, "menu": {"button": NEW}}]
    kind = Kind("wechat_conditional_menus", "menu_get", "conditional_add", {"conditional_menus": declared, "exclusive": True})
    playbook = Playbook(simulator, tmp_path, kind)
    for account in playbook.accounts.values():
        account.menus.buttons, account.menus.conditional = BASE, [conditional(OLD, 10)]
        # The look between the new menu and the deletion of the old one.
        account.plan("menu_get", Fault(delay=2.0))
    aftermath = end_by_signal(playbook, signal.Signals[way], "main")
    assert (aftermath.late, aftermath.left) == ([], {}), aftermath.output
    menus = [account.menus.conditional for account in playbook.accounts.values()]
    assert {len(one) for one in menus} == {1, 2}
    for account in playbook.accounts.values():
        assert sees(account.menus, "104", "1") in (OLD, NEW)
        account.faults.clear()
    with playbook.running() as main:
        assert main.wait(timeout=120) == 0, playbook.output
    for account in playbook.accounts.values():
        assert [one["button"] for one in account.menus.conditional] == [NEW]
        assert account.calls.count("conditional_add") == 1


@pytest.fixture
def fleet(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> Fleet:
    return Fleet(simulator, ansible, tmp_path)


@pytest.mark.every_core
def test_all_resources_of_an_account_are_one_task_with_one_token(fleet: Fleet) -> None:
    conditional_menus = {
        "exclusive": True,
        "menus": [{"match": {"tag": "VIP"}, "menu": menu("vip")}, {"match": {"platform": "ios"}, "menu": menu("ios")}],
    }
    fleet.add("a", "b", draft_switch="present", menu=menu("all"), tags=["VIP"], conditional_menus=conditional_menus)
    fleet.accounts["b"].tags.add("Other", "VIP")
    foreseen = fleet.play("--check", "--diff")
    assert foreseen.rc == 0, foreseen.output
    assert fleet.changed() == []
    fleet.forget()
    done = fleet.play()
    assert done.rc == 0, done.output
    assert {name: [one["matchrule"] for one in account.menus.conditional] for name, account in fleet.accounts.items()} == {
        "a": [{"client_platform_type": "1"}, {"tag_id": "100"}],
        "b": [{"client_platform_type": "1"}, {"tag_id": "101"}],
    }
    assert {account.calls.count("token") for account in fleet.accounts.values()} == {1}
    fleet.forget()
    assert fleet.play().rc == 0
    # One look at each resource. The tags of the same run are not looked at again.
    assert [sorted(account.calls) for account in fleet.accounts.values()] == [["look", "menu_get", "menu_get", "tags_get", "token"]] * 2
