# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook explain: what accounts can use, why not, and what to do. What the module says: see ``tests/modules``."""

from __future__ import annotations

import csv
import json
import typing as t

import pytest

from tests.integration.endings import CONNECTIONS, ELSEWHERE
from tests.integration.fleets import Fleet, listed
from tests.simulator.diagnostics import become
from tests.simulator.groups import CHANGES

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible
    from tests.simulator import Simulator


@pytest.fixture
def fleet(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> Fleet:
    return Fleet(simulator, ansible, tmp_path)


def cells_of(path: Path) -> list[list[str]]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.every_core
def test_a_fleet_is_a_table_and_what_to_do_and_a_report(fleet: Fleet) -> None:
    kinds = {"brand-a": "service", "brand-b": "personal", "brand-c": "personal", "brand-d": "test"}
    fleet.add(*kinds, "frozen", "unlisted")
    for name, kind in kinds.items():
        become(fleet.accounts[name], kind)
    fleet.accounts["frozen"].frozen_secret = True
    fleet.accounts["unlisted"].listed = False
    done = fleet.run("explain")
    assert done.rc == 2, done.output
    assert {name: row["failed"] for name, row in done.recap().items()} == {**dict.fromkeys(kinds, 0), "frozen": 1, "unlisted": 1}
    assert fleet.changed() == []
    table = {
        line.split()[0]: " ".join(line.split()[1:])
        for line in done.output.partition("PLAY RECAP")[0].splitlines()
        if line.startswith(("brand-", "frozen ", "unlisted "))
    }
    assert table == {
        "brand-a": "Service account, verified (guess) yes yes yes yes yes",
        "brand-b": "Subscription account, not verified (guess) no (48001) no (48001) no (48001) no (48001) no (48001)",
        "brand-c": "Subscription account, not verified (guess) no (48001) no (48001) no (48001) no (48001) no (48001)",
        "brand-d": "Service account, verified (guess) yes yes yes yes no (65400)",
        "frozen": "failed (40243) unknown unknown unknown unknown unknown",
        "unlisted": "failed (40164) unknown unknown unknown unknown unknown",
    }
    assert (
        "2 accounts: have the account verified on mp.weixin.qq.com (微信公众平台), which only companies and organisations can"
        in done.output
    )
    assert "1 account: add 203.0.113.7 to the account's IP allow list" in done.output
    head, *lines = cells_of(fleet.reports / "account-explain.csv")
    assert [line[head.index("Account")] for line in lines] == sorted([*kinds, "frozen", "unlisted"])
    assert [line[head.index("publishing")] for line in lines][:3] == ["yes", "no (48001)", "no (48001)"]
    told = json.loads((fleet.reports / "account-explain.json").read_text("utf-8"))["accounts"]
    assert told["brand-b"]["can"]["tags"] is False
    assert (told["frozen"]["failure"]["errcode"], told["frozen"]["can"]) == (40243, None)
    html = (fleet.reports / "account-explain.html").read_text("utf-8")
    assert all(name in html for name in table)
    assert not (fleet.reports / "account-customers.csv").exists()


def test_a_runner_elsewhere_says_the_same(fleet: Fleet) -> None:
    fleet.add("brand-a", "brand-b", "frozen", group="brands")
    become(fleet.accounts["brand-b"], "personal")
    fleet.accounts["frozen"].frozen_secret = True
    fleet.hosts["there"] = ELSEWHERE
    told = {}
    for runner in ("there", "localhost"):
        fleet.forget()
        done = fleet.run("explain", explain_hosts="brands", account_runner=runner, environment=CONNECTIONS)
        assert done.rc == 2
        lines = [
            line for line in done.output.partition("PLAY RECAP")[0].splitlines() if line.startswith(("brand-", "frozen ", "1 account"))
        ]
        told[runner] = (lines, {name: account.calls[:] for name, account in fleet.accounts.items()})
    assert told["there"] == told["localhost"]
    assert len(told["there"][0]) == 5


def test_in_chinese(fleet: Fleet) -> None:
    fleet.add("brand-a")
    become(fleet.accounts["brand-a"], "personal")
    done = fleet.run("explain", account_language="zh")
    assert "公众号（订阅号），未认证（推测）" in done.output
    assert "不可以（48001）" in done.output
    html = (fleet.reports / "account-explain.html").read_text("utf-8")
    assert '<html lang="zh' in html
    assert "处理办法" in html


def test_customers_of_a_third_party_platform_are_told_what_they_must_do(fleet: Fleet, simulator: Simulator) -> None:
    component = simulator.add_component()
    fleet.add("brand-a", "brand-b", "brand-c")
    names = {"brand-a": "=cmd|' /C calc'!A0", "brand-b": "{{ lookup('pipe', 'id') }}", "brand-c": "<b>乙公司</b>" * 1_000}
    for name, nick_name in names.items():
        sets = (2, 3, 7, 11, 15) if name == "brand-c" else (11,)
        component.authorise(fleet.accounts[name], nick_name=nick_name, principal_name=f"主体 {name}", permission_sets=sets)
        fleet.hosts[name].pop("wechat_secret")
    more = {"account_component_appid": component.appid, "account_component_access_token": component.token}
    done = fleet.run("explain", **more)
    assert done.rc == 0, done.output
    head, *lines = cells_of(fleet.reports / "account-customers.csv")
    assert head == ["Principal", "Nickname", "AppID", "What to do"]
    # A spreadsheet takes no text for a formula, and Ansible none for a template.
    assert [line[:2] for line in lines][:2] == [["主体 brand-a", f"'{names['brand-a']}"], ["主体 brand-b", names["brand-b"]]]
    assert all("permission set" in line[3] for line in lines[:2])
    assert lines[0][2] == fleet.accounts["brand-a"].appid
    html = (fleet.reports / "account-explain.html").read_text("utf-8")
    assert "&lt;b&gt;乙公司" in html
    assert "<b>乙公司" not in html
    assert html.count("乙公司") < 20
    assert component.token not in done.output


def test_a_failed_call_is_explained_and_only_what_is_asked_for_is_looked_at(fleet: Fleet) -> None:
    fleet.add("brand-a")
    rid = "61725984-6126f6f9-040f19c4"
    done = fleet.run("explain", explain_rid=rid, explain_gather=["token", "quota"])
    assert done.rc == 0, done.output
    row = done.results["brand-a"][0]
    assert (row["rid"]["at"], row["rid"]["ok"]) == ("2021-10-22 14:26:12", False)
    assert "brand-a: Checked: token, quota. /cgi-bin/draft/switch: 0 of 1,000 calls of today used." in done.prose
    assert "The failed call came at 2021-10-22 14:26:12 Beijing time." in done.prose
    assert {*fleet.accounts["brand-a"].calls} == {"token", "api_ips", "quota"}


def test_a_list_of_accounts_is_one_task(fleet: Fleet) -> None:
    fleet.add("brand-a", "brand-b")
    accounts, hosts = listed(fleet.accounts), fleet.hosts
    fleet.hosts = {"localhost": {"ansible_connection": "local"}}
    done = fleet.run("explain", account_accounts=accounts)
    fleet.hosts = hosts
    assert done.rc == 0, done.output
    assert "brand-b  Service account, verified (guess)" in done.output


def test_two_hosts_with_one_account_are_refused_and_a_variable_that_cannot_be_evaluated_is_named(fleet: Fleet) -> None:
    fleet.add("brand-a", "brand-b", "brand-c", "brand-d")
    fleet.hosts["brand-b"] = {**fleet.hosts["brand-a"]}
    fleet.hosts["brand-c"]["wechat_secret"] = "{{ nowhere }}"
    # What the environment has is of another account.
    fleet.hosts["brand-d"] = {}
    theirs = fleet.accounts["brand-d"]
    done = fleet.run("explain", "--forks", "1", environment={"WECHAT_APPID": theirs.appid, "WECHAT_SECRET": theirs.secret})
    rows = {name: results[0] for name, results in done.results.items()}
    assert "are the same account" in rows["brand-b"]["msg"] + rows["brand-a"]["msg"]
    assert "nowhere is undefined" in rows["brand-c"]["msg"]
    assert "this host has no credentials" in rows["brand-d"]["msg"]
    assert theirs.calls == []
    assert not {*CHANGES, "enable"}.intersection(*[account.calls for account in fleet.accounts.values()])


@pytest.mark.parametrize("playbook", ["explain", "export"])
def test_what_was_found_is_told_once_also_if_no_report_can_be_written(playbook: str, fleet: Fleet) -> None:
    fleet.add("brand-a", "frozen")
    fleet.accounts["frozen"].frozen_secret = True
    (fleet.folder / "file").write_text("")
    (fleet.folder / f"reports/account-{playbook}.csv").mkdir(parents=True)
    (fleet.folder / f"reports/account-{playbook}.csv/x").write_text("")
    for folder, why in {
        "file/x": "account_report_dir cannot be written to (",
        "reports": "the report cannot be written in account_rep",
    }.items():
        done = fleet.run(playbook, account_report_dir=folder)
        assert done.rc == 2
        assert f"Failed to write the report: {why}" in done.prose
        assert "nothing was sent" not in done.prose
        assert len([line for line in done.output.splitlines() if line.startswith(("brand-a  ", "brand-a: ")) and "ok=" not in line]) == 1
