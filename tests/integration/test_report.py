# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report files that the roles write. The unit tests of _report have what a report says, and tests/browser has its page in a browser."""

from __future__ import annotations

import csv
import html
import json
import stat
import typing as t

import pytest

from tests.integration.fleets import Fleet, Unsafe, menu
from tests.integration.harness import leaks, secrets_of

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible, Run
    from tests.simulator import Simulator

HOSTILE = "=1+1</script><script>alert(1)</script>{{ 7 * 7 }}{% raw %}\"'&="
NOT_WRITTEN = (
    "Failed to write the report: the report cannot be written in draft_switch_report_dir (IsADirectoryError); make room there, then run "
    "again; the results of the hosts are right."
)
CHANGEABLE = ("canary", "good", "late-1", "late-2")
STAGES: dict[str, t.Any] = {"serial": [1, 3, "100%"], "max_fail_percentage": 60}


class Files(t.NamedTuple):
    """The report of a run, as each of its files has it. ``rows``: of the CSV, by account."""

    report: dict[str, t.Any]
    rows: dict[str, list[str]]
    page: str

    def shown(self) -> dict[str, str]:
        """What people read of each account, in the order in which they read it."""
        return {name: row[3] for name, row in self.rows.items()}

    def endings(self) -> dict[str, str]:
        return {name: row["ending"] for name, row in self.report["accounts"].items()}


def files(fleet: Fleet) -> Files:
    """What the run before has left in the folder of the reports: these files, and for their owner only."""
    stem = f"{fleet.role_name.replace('_', '-')}-report"
    left = {path.name: stat.S_IMODE(path.stat().st_mode) for path in fleet.reports.iterdir()}
    assert left == {"runs": 0o700, **{f"{stem}.{kind}": 0o600 for kind in ("csv", "html", "json")}}
    texts = {kind: (fleet.reports / f"{stem}.{kind}").read_text("utf-8") for kind in ("csv", "html", "json")}
    assert leaks("".join(texts.values()), secrets_of(fleet.simulator)) == []
    rows = list(csv.reader(texts["csv"].splitlines()))
    return Files(json.loads(texts["json"]), {row[0]: row for row in rows[1:]}, texts["html"])


class Rollouts(t.NamedTuple):
    survey: tuple[Run, Files]
    stopped: tuple[Run, Files]
    mended: tuple[Run, Files]


@pytest.fixture(scope="module")
def rollouts(simulator: Simulator, ansible: Ansible, tmp_path_factory: pytest.TempPathFactory) -> Rollouts:
    """A check of a fleet, a rollout in stages that failures end, and one in Chinese after they were mended."""
    fleet = Fleet(simulator, ansible, tmp_path_factory.mktemp("report"))
    fleet.add("nothing")
    fleet.add("canary", draft_switch="present", menu=menu("canary")).add("broken", menu={"button": "none"})
    fleet.add("unlisted", "good", "late-1", "late-2", draft_switch="present", menu=menu("same"))
    fleet.hosts["canary"]["wechat_nick_name"] = Unsafe(HOSTILE)
    fleet.accounts["unlisted"].listed = False
    survey = fleet.play("--check"), files(fleet)
    assert fleet.changed() == []
    del fleet.hosts["nothing"]
    stopped = fleet.play(**STAGES), files(fleet)
    fleet.accounts["unlisted"].listed = True
    fleet.variables["account_language"] = "zh"
    return Rollouts(survey, stopped, (fleet.play(**STAGES), files(fleet)))


def test_check_mode_reports_what_would_change(rollouts: Rollouts) -> None:
    done, its = rollouts.survey
    assert done.rc == 2
    assert "6 accounts: 4 would change; 2 failed." in done.prose
    assert (its.report["check_mode"], its.report["left_out"], its.report["stages"]) == (True, 1, [])
    # Programs read what Ansible calls it, and people what it is.
    assert its.endings() == {**dict.fromkeys(("broken", "unlisted"), "failed"), **dict.fromkeys(CHANGEABLE, "changed")}
    assert its.shown() == {"broken": "failed", "unlisted": "failed", **dict.fromkeys(CHANGEABLE, "would change")}
    assert "Check mode: nothing was changed." in its.page
    assert its.report["since_last"] is None


def test_a_rollout_that_failures_end_reports_the_accounts_of_all_stages(rollouts: Rollouts) -> None:
    done, its = rollouts.stopped
    assert done.rc == 2
    assert "6 accounts: 2 changed; 2 failed; 2 not known. Changes: Draft box 2, Menu 2." in done.prose
    shown = {"broken": "failed", "unlisted": "failed", "late-1": "not known", "late-2": "not known", "canary": "changed", "good": "changed"}
    assert its.shown() == shown
    assert its.report["summary"] == {**dict.fromkeys(its.report["summary"], 0), "total": 6, "changed": 2, "failed": 2, "not_known": 2}
    assert [(stage["accounts"], stage["failed"], stage["first"]) for stage in its.report["stages"]] == [(1, 0, "canary"), (3, 2, "broken")]
    # It is not compared with a check.
    assert its.report["since_last"] is None


def test_a_host_that_cannot_be_used_is_reported_with_the_place(rollouts: Rollouts) -> None:
    row = rollouts.stopped[1].report["accounts"]["broken"]
    assert row["msg"] == "Failed to start: menu cannot be used: button is a text; give a list; nothing was sent; correct menu."
    assert (row["failure"]["reason"], row["request_sent"], row["resources"]) == ("operator", False, {})


def test_of_an_account_that_the_rollout_did_not_come_to_only_what_is_known_is_said(rollouts: Rollouts) -> None:
    done, its = rollouts.stopped
    row = its.report["accounts"]["late-1"]
    assert row["msg"] == "No change of this account was begun. No more than that is on record."
    assert (row["failure"]["reason"], row["request_sent"], row["stage"], row["resources"]) == ("outcome_unknown", False, None, {})
    # On screen they are only counted: after each stage, the rollout may come to them yet.
    assert "2 not known" in done.prose
    assert "2 accounts (late-1, late-2)" not in done.prose


def test_the_next_report_says_what_is_new_in_another_language(rollouts: Rollouts) -> None:
    done, its = rollouts.mended
    assert done.rc == 2
    last = rollouts.stopped[1].report
    assert its.report["since_last"] == {
        "run": last["run"],
        "started": last["started"],
        "newly_failed": [],
        "recovered": ["unlisted"],
        "changed_ending": ["late-1", "late-2"],
        "new": [],
        "gone": [],
        "before": {"unlisted": "failed", "late-1": "not_known", "late-2": "not_known"},
    }
    assert its.shown() == {
        "broken": "失败",
        **dict.fromkeys(("unlisted", "late-1", "late-2"), "本次已修改"),
        **dict.fromkeys(("canary", "good"), "与声明一致"),
    }
    assert "6 个账号：3 个本次已修改；2 个与声明一致；1 个失败。" in done.prose
    assert '<html lang="zh-CN">' in its.page
    (group,) = its.report["remedies"]
    assert (group["remedy"], group["accounts"]) == ("请修正 menu。", ["broken"])
    assert its.report["accounts"]["broken"]["msg"].startswith("未能启动：menu 无法使用：button 是字符串，应为列表；")


def test_a_nickname_is_text(rollouts: Rollouts) -> None:
    for _done, its in rollouts:
        assert its.report["accounts"]["canary"]["nick_name"] == HOSTILE
        assert its.rows["canary"][2] == f"'{HOSTILE}"
        assert "<script>alert" not in its.page
        assert html.escape(HOSTILE, quote=False).replace('"', "&#34;").replace("'", "&#39;") in its.page


def test_hosts_that_failed_fail_even_if_the_report_cannot_be_written(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    fleet = Fleet(simulator, ansible, tmp_path, "draft_switch").add("bad", "good", "well", "late")
    fleet.accounts["bad"].listed = False
    in_its_place = fleet.reports / "draft-switch-report.html"
    in_its_place.mkdir(parents=True)
    # The failed account alone would not end the rollout.
    staged: dict[str, t.Any] = {"serial": [3, 1], "max_fail_percentage": 50}
    done = fleet.play(**staged)
    assert done.rc == 2
    assert {host: recap["failed"] for host, recap in done.recap().items()} == {"bad": 1, "good": 1, "well": 0}
    assert fleet.changed() == ["good", "well"]
    assert [done.last()[name]["msg"] for name in ("bad", "good")] == ["This account failed, as the task before says.", NOT_WRITTEN]
    assert [path for path in fleet.reports.iterdir() if path.name.startswith(".")] == []

    in_its_place.rmdir()
    done = fleet.play(**staged)
    its = files(fleet)
    assert its.shown() == {"bad": "failed", "late": "changed", "good": "as declared", "well": "as declared"}
    assert "4 accounts: 2 as declared; 1 failed; 1 not known." in done.prose
    assert "4 accounts: 1 changed; 2 as declared; 1 failed." in done.prose
    # The record was complete without the report.
    assert its.report["since_last"]["changed_ending"] == ["late"]
