# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role's report as files. tests/browser has the tests in a browser."""

from __future__ import annotations

import json
import stat
import typing as t

import pytest

from tests.integration.fleets import JOURNAL, LOCAL, PLAYBOOK, hosts_of, listed, read, some, states, touched

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible
    from tests.simulator import Simulator

HOSTILE = ["<script>alert(1)</script>", "{{ 7 * 7 }}", "{% raw %}", "\"quoted\" & 'so'", "\u8ba2\u9605\u53f7"]


def test_a_report_is_for_its_owner_only_and_leaves_nothing_else(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "reports"
    accounts = some(simulator)
    accounts["acct-4"].listed = False
    done = ansible.role(hosts_of(accounts), variables={"draft_switch_report_dir": str(folder)})
    assert sorted(path.name for path in folder.iterdir()) == [JOURNAL, *(f"draft-switch-report.{kind}" for kind in ("csv", "html", "json"))]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    report = read(folder)
    assert states(report) == ["turned_on", "on", "turned_on", "on", "failed", "on"]
    assert report["summary"] == {"total": 6, "changed": 2, "unchanged": 3, "failed": 1, "not_attempted": 0, "retired": 0}
    (group,) = report["remedies"]
    assert group["accounts"] == ["acct-4"]
    assert group["remedy"].startswith("Add 203.0.113.7 to ")
    row = done.last()["acct-4"]
    assert {key: report["accounts"]["acct-4"][key] for key in ("failure", "msg", "is_open")} == {
        key: row[key] for key in ("failure", "msg", "is_open")
    }


def test_check_mode_reports_what_would_change(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    done = ansible.role(hosts_of(some(simulator)), "--check", variables={"draft_switch_report_dir": str(tmp_path)})
    report = read(tmp_path)
    assert report["check_mode"] is True
    assert states(report) == ["would_turn_on", "on"] * 3
    assert done.rc == 0


def test_the_last_batch_s_report_covers_the_whole_run(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = some(simulator)
    variables = {"draft_switch_report_dir": str(tmp_path)}
    (tmp_path / "draft-switch-report.json").write_text(json.dumps({"play": "another", "accounts": {"stale": {}}}))
    ansible.role(hosts_of(accounts), variables=variables, play={"serial": [1, 2, "100%"]})
    first = read(tmp_path)
    assert list(first["accounts"]) == list(accounts)
    assert states(first) == ["turned_on", "on"] * 3
    # Another run replaces it.
    ansible.role(hosts_of(accounts), "--limit", "acct-0", variables=variables)
    second = read(tmp_path)
    assert states(second) == ["on"]
    assert second["play"] != first["play"]


def test_accounts_that_a_stopped_rollout_never_came_to_are_reported(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = some(simulator)
    accounts["acct-0"].listed = False
    inventory = tmp_path / "fleet.json"
    variables = {**ansible.role_variables(), "draft_switch_report_dir": str(tmp_path / "reports")}
    inventory.write_text(json.dumps({"all": {"hosts": hosts_of(accounts), "vars": variables}}))
    ansible.run(["ansible-playbook", PLAYBOOK, "-i", str(inventory)])
    report = read(tmp_path / "reports")
    assert states(report) == ["failed"] + ["not_attempted"] * 5
    assert report["summary"] == {"total": 6, "changed": 0, "unchanged": 0, "failed": 1, "not_attempted": 5, "retired": 0}
    assert touched(accounts) == ["acct-0"]


def test_hosts_that_a_condition_left_out_are_not_in_the_report(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = some(simulator)
    include = {"ansible.builtin.include_role": {"name": PLAYBOOK}, "when": "inventory_hostname in ['acct-1', 'acct-4']"}
    variables = {"draft_switch_report_dir": str(tmp_path)}
    ansible.role(hosts_of(accounts), variables=variables, play={"roles": [], "tasks": [include], "serial": 3})
    report = read(tmp_path)
    assert sorted(report["accounts"]) == ["acct-1", "acct-4"]
    assert report["left_out"] == ["acct-0", "acct-2", "acct-3", "acct-5"]


def test_hostile_names_are_text(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = {name: simulator.add() for name in HOSTILE}
    inventory, play = tmp_path / "hosts.json", tmp_path / "play.yml"
    inventory.write_text(json.dumps({"all": {"hosts": LOCAL, "vars": ansible.role_variables()}}))
    # !unsafe keeps Ansible from reading a name as a template.
    lines = [f"- {{name: !unsafe {json.dumps(one['name'])}, appid: {one['appid']}, secret: '{one['secret']}'}}" for one in listed(accounts)]
    (tmp_path / "fleet.yml").write_text("\n".join(["draft_switch_accounts:", *(f"  {line}" for line in lines)]))
    play.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "vars_files": ["fleet.yml"], "roles": [PLAYBOOK]}]))
    done = ansible.run(["ansible-playbook", "-i", str(inventory), str(play), "-e", f"draft_switch_report_dir={tmp_path}"])
    assert done.rc == 0, done.output
    assert list(read(tmp_path)["accounts"]) == HOSTILE
    page = (tmp_path / "draft-switch-report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7 * 7 }}" in page


def test_a_report_that_cannot_be_written_is_refused_before_anything_is_sent(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    accounts = some(simulator)
    done = ansible.role(hosts_of(accounts), variables={"draft_switch_report_dir": str(tmp_path / "file" / "reports")})
    assert done.rc == 2
    assert "draft_switch_report_dir cannot be written to (NotADirectoryError); nothing was sent" in done.output
    assert touched(accounts) == []


def test_a_refused_run_does_not_leave_the_report_of_the_one_before(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = some(simulator)
    variables = {"draft_switch_report_dir": str(tmp_path)}
    ansible.role(hosts_of(accounts), variables=variables)
    ansible.role(hosts_of(accounts), variables={**variables, "draft_switch_state": "absent"})
    report = read(tmp_path)
    assert states(report) == ["failed"] * 6
    assert report["remedies"] == [{"remedy": "Remove state: absent from the task.", "accounts": list(accounts)}]
    ansible.role(hosts_of(accounts), variables={**variables, "draft_switch_concurrency": 0})
    assert states(read(tmp_path)) == ["failed"] * 6
    assert "concurrency is not between 1 and 256; nothing was sent" in read(tmp_path)["accounts"]["acct-0"]["msg"]


@pytest.mark.parametrize("by", ["hosts", "list"])
def test_what_was_done_is_told_and_the_run_fails_if_the_report_cannot_be_written_then(
    by: str, simulator: Simulator, ansible: Ansible, tmp_path: Path
) -> None:
    (tmp_path / "draft-switch-report.html").mkdir()
    accounts = some(simulator)
    variables = {"draft_switch_report_dir": str(tmp_path)}
    if by == "hosts":
        done = ansible.role(hosts_of(accounts), variables=variables, play={"serial": 4})
        assert touched(accounts) == [f"acct-{number}" for number in range(4)]
        assert [done.last()[name]["changed"] for name in touched(accounts)] == [True, False] * 2
        assert {recap["failed"] for recap in done.recap().values()} == {1}
    else:
        done = ansible.role(LOCAL, variables={**variables, "draft_switch_accounts": listed(accounts)})
    assert done.rc == 2
    for name, result in done.last().items():
        assert "the report could not be written (IsADirectoryError)" in result["msg"], name
        assert "run again: it looks first" in result["msg"]


def test_a_report_in_chinese_and_the_next_one_in_english(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = some(simulator, 3)
    accounts["acct-1"].listed = False
    accounts["acct-2"].frozen_secret = True
    hosts = hosts_of(accounts)
    hosts["acct-0"]["wechat_nick_name"] = "\u5929\u6cb3 <b>"
    variables = {"draft_switch_report_dir": str(tmp_path), "draft_switch_report_language": "zh"}
    done = ansible.role(hosts, "-vvv", variables=variables)
    page, table = ((tmp_path / f"draft-switch-report.{kind}").read_text(encoding="utf-8") for kind in ("html", "csv"))
    for shown in (page, table):
        assert "\u8bf7\u5c06 203.0.113.7 \u52a0\u5165\u8be5\u8d26\u53f7\u7684 API IP\u767d\u540d\u5355" in shown
        assert "\u8bf7\u89e3\u51bb AppSecret\uff0c10 \u5206\u949f\u540e\u91cd\u65b0\u8fd0\u884c" in shown
    assert "\u5929\u6cb3 &lt;b&gt;" in page
    assert done.last()["acct-2"]["failure"]["remedy"].startswith("\u8bf7\u89e3\u51bb AppSecret")
    # The next run is in English, and reads what the last one has left.
    accounts["acct-2"].frozen_secret = False
    ansible.role(hosts, variables={"draft_switch_report_dir": str(tmp_path)})
    report = read(tmp_path)
    assert (report["since_last"]["recovered"], report["since_last"]["newly_failed"]) == (["acct-2"], [])
    assert [report["accounts"]["acct-0"][key] for key in ("appid", "nick_name", "stage")] == [
        accounts["acct-0"].appid,
        "\u5929\u6cb3 <b>",
        1,
    ]
    assert "Add 203.0.113.7 to the account&#39;s IP allow list" in (tmp_path / "draft-switch-report.html").read_text(encoding="utf-8")


def test_a_refused_list_says_why(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    (account,) = some(simulator, 1).values()
    twice = [{"name": name, "appid": account.appid, "secret": account.secret} for name in ("a", "b")]
    ansible.role(LOCAL, variables={"draft_switch_accounts": twice, "draft_switch_report_dir": str(tmp_path)})
    assert "the same account more than once: account 1 (a), 2 (b); nothing was sent" in read(tmp_path)["refused"]
    assert "the same account more than once" in (tmp_path / "draft-switch-report.html").read_text(encoding="utf-8")
    ansible.role(LOCAL, variables={"draft_switch_accounts": twice[:1], "draft_switch_report_dir": str(tmp_path)})
    assert read(tmp_path)["refused"] is None


def test_the_folder_can_name_an_environment_variable(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    variables = {"draft_switch_report_dir": "$REPORTS/here"}
    assert ansible.role(hosts_of(some(simulator)), variables=variables, environment={"REPORTS": str(tmp_path)}).rc == 0
    assert states(read(tmp_path / "here"))
