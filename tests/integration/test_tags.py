# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags as host variables: what a run makes of them, what its record and report say, and what a rollback brings back."""

from __future__ import annotations

import json
import typing as t

import pytest

from tests.integration.endings import CONNECTIONS, ELSEWHERE
from tests.integration.fleets import Fleet, menu
from tests.integration.pages import GUIDES, Walk, brands, server_of

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible
    from tests.simulator import Simulator

pytestmark = pytest.mark.every_core

NOT_BACK = "Not brought back: Tags: tags that were created stay, and the API cannot bring back a deleted tag with its users"


@pytest.fixture
def fleet(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> Fleet:
    return Fleet(simulator, ansible, tmp_path)


@pytest.mark.parametrize("runner", ["localhost", "there"])
def test_a_run_and_the_way_back(runner: str, fleet: Fleet) -> None:
    new = {"present": ["广东", "{{ '{{' }} 7 * 7 }}"], "rename": {"old": "new"}, "absent": ["x"], "delete_members": True}
    fleet.add("renames", tags={"rename": {"old": "new"}}).add("several", tags=new, menu=menu("a")).add("in-use", tags=new)
    fleet.add("as-declared", tags="{{ ['old'] + (more | default([])) }}").add("none")
    for name in ("renames", "several", "in-use", "as-declared"):
        fleet.accounts[name].tags.add("old", "x", count=3)
    used = fleet.accounts["in-use"].menus
    used.buttons = menu("b")["button"]
    used.conditional = [{"button": used.buttons, "matchrule": {"tag_id": "101"}, "menuid": 1}]
    fleet.variables["account_runner"] = runner
    environment = {}
    if runner == "there":
        # Its variables are those of no account.
        fleet.hosts["there"] = dict(ELSEWHERE)
        environment = CONNECTIONS
    done = fleet.run("provision", "--diff", environment=environment, provision_hosts="all:!there", provision_stages="100%")
    assert done.rc == 2
    assert {name: account.tags.names for name, account in fleet.accounts.items()} == {
        "renames": ["new", "x"],
        "several": ["new", "广东", "{{ 7 * 7 }}"],
        "in-use": ["old", "x"],
        "as-declared": ["old", "x"],
        "none": [],
    }
    assert '+  - "{{ 7 * 7 }}"' in done.output
    assert "a conditional menu is for the tag x, and would be for nobody; no change was sent" in done.prose
    kept = {line["account"]: line["before"] for line in fleet.records()[0] if line["event"] == "before" and line["resource"] == "tags"}
    assert kept == {
        "renames": {"created": [], "renamed": {"old": "new"}, "deleted": {}},
        "several": {"created": ["广东", "{{ 7 * 7 }}"], "renamed": {"old": "new"}, "deleted": {"x": 101}},
    }
    report = json.loads((fleet.reports / "account-report.json").read_text("utf-8"))
    assert "{{ 7 * 7 }}" in (fleet.reports / "account-report.html").read_text("utf-8")
    assert report["summary"]["changed"] == 2

    fleet.forget()
    back = fleet.run("rollback", environment=environment, rollback_to="last", rollback_hosts="all:!there", rollback_stages="100%")
    assert back.rc == 0, back.output
    assert fleet.accounts["renames"].tags.names == ["old", "x"]
    assert fleet.accounts["several"].tags.names == ["old", "广东", "{{ 7 * 7 }}"]
    assert f"{NOT_BACK} (several)." in back.prose


def test_tags_that_cannot_be_used_are_told_for_all_hosts_before_anything_is_sent(fleet: Fleet) -> None:
    fleet.add("a", tags="VIP").add("b", tags=[1.0, " x"]).add("c", tags={"presnt": ["x"]}).add("good", tags=["VIP"])
    fleet.hosts["d"] = {**fleet.hosts["good"], "wechat_tag": ["VIP"]}
    del fleet.hosts["d"]["wechat_tags"], fleet.hosts["d"]["wechat_appid"]
    fleet.hosts["d"]["wechat_appid"] = fleet.simulator.add().appid
    done = fleet.run("provision")
    assert done.rc == 2
    assert fleet.touched() == []
    for said in (
        "tags cannot be used: tags is a text; give a list of names, or a dict",
        "tags cannot be used: tags[0] is a number; give a text: quote it",
        "tags[1] begins or ends with white space; leave it out",
        "tags has presnt, which is unknown; it has present, absent, rename, delete_members, delete_in_use",
        "the host has the variable wechat_tag, which is not used",
    ):
        assert said in done.prose, said


def test_the_guide_to_tags(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    with Walk(GUIDES / "guide_tags.rst", ansible, tmp_path, server_of(simulator)) as walk:
        accounts = brands(simulator, tmp_path)
        accounts["brand-b"].tags.add("other", "广东")
        walk.write()
        the_same = walk.again()
        shown, done = walk.run()
        assert '+  - "VIP"' in shown.output
        assert [run.rc for run in (shown, done)] == [0, 0], done.output
        assert [account.tags.names for account in accounts.values()] == [["VIP", "广东"], ["other", "广东", "VIP"]]
        walk.write()
        (ids,) = walk.run()
        assert {name: int(result["msg"]) for name, result in ids.last().items()} == {"brand-a": 100, "brand-b": 102}
        walk.write()
        shown, done = the_same.run()
        assert '-  - "VIP"' in shown.output
        assert '+  - "Gold"' in shown.output
        assert done.rc == 0, done.output
        assert [account.tags.names for account in accounts.values()] == [["Gold"], ["other", "Gold"]]


def test_drift_says_which_tags_differ(fleet: Fleet) -> None:
    fleet.add("same", "differs", tags=["VIP"])
    fleet.accounts["same"].tags.add("VIP", "more")
    done = fleet.run("drift", "--diff")
    assert done.rc == 2
    assert '+  - "VIP"' in done.output
    assert "Tags that would be changed without check mode: created: VIP." in done.prose
    assert [account.tags.names for account in fleet.accounts.values()] == [["VIP", "more"], []]
