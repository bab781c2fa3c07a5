# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Counting, and grouping by remedy."""

from __future__ import annotations

import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import by_remedy, sum_up, summary

ON = {"changed": False, "verified": True, "failure": None}
TURNED_ON = {**ON, "changed": True}
RETIRED = {**ON, "verified": False}


def failed(remedy: str, reason: str = "operator") -> dict[str, t.Any]:
    return {"changed": False, "verified": False, "failure": {"reason": reason, "remedy": remedy}}


def test_each_account_is_counted_once() -> None:
    counts = summary([ON, ON, TURNED_ON, RETIRED, failed("Call."), failed("Wait.", "not_attempted")])
    assert counts == {"total": 6, "changed": 1, "unchanged": 2, "failed": 1, "not_attempted": 1, "retired": 1}
    assert sum(counts.values()) == 2 * counts["total"]


def test_an_operator_with_300_failures_reads_few_lines() -> None:
    accounts = {f"a{number:03}": failed("Add 203.0.113.7." if number % 3 else "Call them.") for number in range(300)}
    assert sum_up({**accounts, "on": ON}, {"failed": "failed", "unchanged": "on"}).split("\n") == [
        "301 accounts: 300 failed; 1 on.",
        "200 accounts: add 203.0.113.7: a001, a002, a004 and 197 more",
        "100 accounts: call them: a000, a003, a006 and 97 more",
    ]


def test_groups_that_help_most_come_first_and_others_stay_in_order() -> None:
    accounts = {"a": failed("One."), "b": failed("Two."), "c": failed("Three."), "d": failed("Three."), "e": ON}
    assert by_remedy(accounts) == {"Three.": ["c", "d"], "One.": ["a"], "Two.": ["b"]}
