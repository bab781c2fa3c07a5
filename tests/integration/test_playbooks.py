# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks provision, drift and draft_switch: their stages, what they refuse, and how they end. test_rollback has rollback."""

from __future__ import annotations

import json
import re
import typing as t

import pytest

from tests.integration.fleets import Fleet, menu
from tests.simulator import Fault

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible, Run
    from tests.simulator import Simulator


@pytest.fixture
def fleet(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> Fleet:
    return Fleet(simulator, ansible, tmp_path)


def batches(fleet: Fleet) -> list[list[str]]:
    """The accounts of each batch of the last run that were worked on."""
    found: dict[str, list[str]] = {}
    for line in fleet.records()[-1]:
        if line["event"] == "after":
            found.setdefault(line["batch"], []).append(line["account"])
    return [sorted(its) for its in found.values()]


def stats(run: Run) -> dict[str, t.Any]:
    found: dict[str, t.Any] = json.loads(run.output.split("RUN: ", 1)[1])
    return found


# --- provision.


@pytest.mark.every_core
def test_provision_begins_with_a_host_that_declares_something_and_ends_where_an_account_fails(fleet: Fleet) -> None:
    fleet.add("nothing-1", "nothing-2").add(*(f"a{number}" for number in range(10)), menu=menu())
    fleet.accounts["a0"].listed = False
    done = fleet.run("provision")
    assert done.rc == 2
    assert fleet.touched() == ["a0"]
    assert set(done.recap()) == {"nothing-1", "nothing-2", "a0"}
    assert "add 203.0.113.7 to the account's IP allow list" in done.prose

    fleet.accounts["a0"].listed = True
    done = fleet.run("provision")
    assert done.rc == 0, done.output
    assert batches(fleet) == [["a0"], ["a1"], [f"a{number}" for number in range(2, 10)]]
    assert done.output.count("to bring to what they declare") == 1
    assert stats(done)["account_changed"] == 10


@pytest.mark.every_core
def test_a_survey_looks_at_all_hosts_in_one_stage_whatever_the_stages_are_and_changes_nothing(fleet: Fleet) -> None:
    fleet.add(*(f"a{number}" for number in range(6)), menu=menu())
    for name in ("a0", "a3"):
        fleet.accounts[name].listed = False
    done = fleet.run("provision", "--check", "--diff", provision_stages="1,1,1", provision_max_fail_percentage=0, provision_pause=60)
    assert done.rc == 2
    assert fleet.touched() == list(fleet.hosts)
    assert fleet.changed() == []
    assert len(batches(fleet)) == 1
    assert sorted(stats(done)["account_would_change"]) == ["a1", "a2", "a4", "a5"]


@pytest.mark.every_core
def test_stages_hosts_and_the_failures_they_bear_are_variables(fleet: Fleet) -> None:
    fleet.add(*(f"a{number}" for number in range(6)), group="brands", menu=menu()).add("bystander", menu=menu())
    fleet.accounts["a1"].listed = False
    done = fleet.run("provision", provision_hosts="brands", provision_stages=[2, "100%"], provision_max_fail_percentage=50)
    assert done.rc == 2
    assert batches(fleet) == [["a0", "a1"], ["a2", "a3", "a4", "a5"]]
    assert fleet.touched() == fleet.groups["brands"]
    assert "bystander" not in done.recap()


def test_provision_pauses_between_stages_and_not_after_the_last(fleet: Fleet) -> None:
    fleet.add("a", "b", "c", menu=menu())
    done = fleet.run("provision", provision_stages="1,100%", provision_pause=1)
    assert done.rc == 0, done.output
    assert done.output.count("Pausing for 1 seconds") == 1
    a, b = (next(seen.at for seen in fleet.simulator.log if seen.appid == fleet.accounts[name].appid) for name in "ab")
    assert b - a >= 1
    # Where nobody can press Enter, Ansible says so and goes on.
    waiting = fleet.run("provision", provision_stages="1,100%", provision_pause="enter")
    assert waiting.rc == 0, waiting.output
    assert "Not waiting for response to prompt as stdin is not interactive" in waiting.prose
    fleet.forget()
    refused = fleet.run("provision", provision_stages="1,100%", provision_pause="5m")
    assert "the pause between two stages is neither a number of seconds nor enter; nothing was sent" in refused.prose
    assert fleet.touched() == []


def test_stages_that_are_none_are_refused_in_one_sentence(fleet: Fleet) -> None:
    fleet.add("a", menu=menu())
    done = fleet.run("provision", provision_stages="0")
    assert done.rc != 0
    assert "Failed to start: provision_stages is not a list of stages; nothing was sent; give the number or the" in done.prose
    assert "Traceback" not in done.output
    assert fleet.touched() == []


# --- Nobody to work on.


@pytest.mark.every_core
@pytest.mark.parametrize("playbook", ["provision", "drift", "draft_switch", "rollback", "export", "validate"])
def test_a_playbook_without_hosts_fails_in_one_sentence(playbook: str, fleet: Fleet) -> None:
    fleet.add("a", menu=menu())
    without = fleet.run(playbook, **{f"{playbook}_hosts": "brands"})
    assert without.rc != 0
    assert (
        "the pattern brands matches no host; nothing was sent; check the inventory (ansible-inventory --graph) and --limit" in without.prose
    )
    assert fleet.touched() == []


@pytest.mark.every_core
def test_an_empty_inventory_fails_too(fleet: Fleet) -> None:
    empty = fleet.run("drift")
    assert empty.rc != 0
    assert "the pattern all matches no host; nothing was sent" in empty.prose


@pytest.mark.parametrize("playbook", ["provision", "drift", "validate"])
def test_a_fleet_that_declares_nothing_does_not_pass(playbook: str, fleet: Fleet) -> None:
    fleet.add("a", "b")
    done = fleet.run(playbook)
    assert done.rc == 2
    assert "no host of this play declares anything; nothing was sent" in done.prose


# --- drift.


@pytest.mark.every_core
def test_drift_fails_each_account_that_would_change_and_says_why_and_changes_nothing(fleet: Fleet) -> None:
    both = {"draft_switch": "present", "menu": menu("declared")}
    fleet.add("as-declared", "menu", is_open=True, **both).add("off", "neither", **both).add("leave-alone").add("broken", **both)
    for name in ("as-declared", "off"):
        fleet.accounts[name].menus.buttons = menu("declared")["button"]
    fleet.accounts["broken"].plan("look", Fault(errcode=48001))
    done = fleet.run("drift", "--diff")
    assert done.rc == 2
    assert {host for host, recap in done.recap().items() if recap["failed"]} == {"menu", "off", "neither", "broken"}
    said = {host: next(result["msg"] for result in results if "resources" in result) for host, results in done.results.items()}
    assert said["menu"].startswith(
        "This account is not what it declares. The draft box is already on; nothing was changed. The account has no menu"
    )
    assert said["off"].startswith("This account is not what it declares. The draft box is off; without check mode it would be turned on")
    assert said["as-declared"].startswith("The draft box is already on")
    assert '+    - type: "view"' in done.output
    assert sorted(stats(done)["account_would_change"]) == ["menu", "neither", "off"]
    assert fleet.changed() == []
    assert fleet.accounts["leave-alone"].calls == []


@pytest.mark.every_core
def test_drift_passes_a_fleet_that_is_as_declared(fleet: Fleet) -> None:
    fleet.add("a", is_open=True, draft_switch="present").add("b", menu="absent")
    url = fleet.variables.pop("account_api_url")
    done = fleet.run("drift", environment={"WECHAT_API_URL": url})
    assert done.rc == 0, done.output
    assert fleet.touched() == ["a", "b"]
    assert fleet.changed() == []
    assert "WARNING" not in done.output
    assert f"2 accounts to compare with what they declare; requests go to {url.removeprefix('https://')}." in done.prose


# --- draft_switch.


@pytest.mark.every_core
def test_the_playbook_draft_switch_turns_on_every_host_s_draft_box_and_nothing_else(
    simulator: Simulator, ansible: Ansible, tmp_path: Path
) -> None:
    fleet = Fleet(simulator, ansible, tmp_path, "draft_switch")
    fleet.add(*(f"a{number}" for number in range(5)), menu=menu())
    done = fleet.run("draft_switch", draft_switch_stages="1,100%")
    assert done.rc == 0, done.output
    assert all(account.is_open for account in fleet.accounts.values())
    assert set(fleet.menus().values()) == {None}
    assert batches(fleet) == [["a0"], ["a1", "a2", "a3", "a4"]]
    assert stats(done)["draft_switch_changed"] == 5


# --- Slices.


def test_limits_and_slices_work_on_their_own_hosts_only(fleet: Fleet) -> None:
    fleet.add(*(f"a{number}" for number in range(6)), menu=menu()).add("broken", menu="nonsense")
    # AWX gives these hosts to the first of two slices.
    done = fleet.run("provision", "--limit", "a0,a2,a4")
    assert done.rc == 0, done.output
    assert fleet.touched() == ["a0", "a2", "a4"]
    assert re.search(r"\b3 accounts to bring", done.prose)
