# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows, counts, differences and sentences, whatever the resource."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ATTEMPT, RUN_AGAIN, START, Failure, Step
from ansible_collections.wxops.official_account.plugins.module_utils._resource.outcome import Outcome
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import (
    ENDINGS,
    Words,
    by_remedy,
    difference,
    difference_of_many,
    ending,
    failure_row,
    how_many,
    not_started,
    result_of_many,
    result_of_none,
    result_of_one,
    sent,
    some,
    sum_up,
    summary,
)
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import (
    failed as told,
)
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text, verbatim

ON = {"changed": False, "verified": True, "failure": None}
TURNED_ON = {**ON, "changed": True}
RETIRED = {**ON, "verified": False}


# The words for some endings. The catalogue has all but the last one.
CHANGED_ONES, FAILED_ONES, ALREADY_ON = Text("{count:,} changed"), Text("{count:,} failed"), Text("{count:,} already on")
LEFT = Text("{count:,} left")


def failed(remedy: str, reason: str = "operator") -> dict[str, t.Any]:
    return {"changed": False, "verified": False, "failure": {"reason": reason, "remedy": remedy}}


def test_each_account_is_counted_once() -> None:
    counts = summary([ON, ON, TURNED_ON, RETIRED, failed("Call."), failed("Wait.", "not_attempted")])
    assert counts == {"total": 6, "changed": 1, "unchanged": 2, "failed": 1, "not_attempted": 1, "retired": 1}
    assert sum(counts.values()) == 2 * counts["total"]


def test_an_operator_with_300_failures_reads_few_lines() -> None:
    accounts = {f"a{number:03}": failed("Add 203.0.113.7." if number % 3 else "Call them.") for number in range(300)}
    assert sum_up({**accounts, "on": ON}, {"failed": FAILED_ONES, "unchanged": LEFT}, "en").split("\n") == [
        "301 accounts: 300 failed; 1 left.",
        "200 accounts: add 203.0.113.7: a001, a002, a004 and 197 more",
        "100 accounts: call them: a000, a003, a006 and 97 more",
    ]


def test_many_are_summed_up_in_chinese() -> None:
    accounts = {f"a{number}": failed("Add 的配置有误。") for number in range(1200)}
    assert sum_up({**accounts, "on": ON}, {"failed": FAILED_ONES, "changed": CHANGED_ONES, "unchanged": ALREADY_ON}, "zh").split("\n") == [
        "1,201 个账号：1,200 个失败；1 个此前已开启。",
        "1,200 个账号（a0、a1、a2 等 1,200 个）：Add 的配置有误。",
    ]
    assert sum_up({}, {}, "zh") == "0 个账号：无需执行任何操作。"


def test_groups_that_help_most_come_first_and_others_stay_in_order() -> None:
    accounts = {"a": failed("Do one thing."), "b": failed("Do another."), "c": failed("Do."), "d": failed("Do."), "e": ON}
    assert by_remedy(accounts) == {"Do.": ["c", "d"], "Do one thing.": ["a"], "Do another.": ["b"]}
    assert list(by_remedy(accounts)) == ["Do.", "Do one thing.", "Do another."]


# --- How it ended.


@pytest.mark.parametrize(
    ("row", "how"),
    [
        (ON, "unchanged"),
        (TURNED_ON, "changed"),
        (RETIRED, "retired"),
        ({**RETIRED, "changed": True}, "changed"),
        (failed("Call."), "failed"),
        ({**failed("Call."), "verified": True, "changed": True}, "failed"),
        (failed("Call.", "not_attempted"), "not_attempted"),
        (failed("Call.", "outcome_unknown"), "failed"),
    ],
)
def test_each_row_has_one_ending(row: dict[str, t.Any], how: str) -> None:
    assert ending(row) == how
    assert how in ENDINGS


def test_nothing_to_count_is_counted_as_nothing() -> None:
    assert summary([]) == {"total": 0, **dict.fromkeys(ENDINGS, 0)}


def test_counts_stand_in_the_order_of_the_clauses_and_only_where_there_are_any() -> None:
    rows = {"a": ON, "b": ON, "c": TURNED_ON}
    assert sum_up(rows, {"changed": CHANGED_ONES, "failed": FAILED_ONES, "unchanged": LEFT}, "en") == "3 accounts: 1 changed; 2 left."
    assert sum_up({}, {"changed": CHANGED_ONES}, "en") == "0 accounts: nothing to do."


def test_large_counts_have_separators() -> None:
    rows = {str(number): ON for number in range(1200)}
    assert sum_up(rows, {"unchanged": LEFT}, "en") == "1,200 accounts: 1,200 left."
    many = {str(number): failed("Call.") for number in range(1200)}
    assert sum_up(many, {}, "en") == "1,200 accounts: nothing to do.\n1,200 accounts: call: 0, 1, 2 and 1,197 more"


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b", "c"], "a, b, c"),
        (["a", "b", "c", "d"], "a, b, c and 1 more"),
        (list("abcde"), "a, b, c and 2 more"),
    ],
)
def test_the_first_few_names_are_told(names: list[str], says: str) -> None:
    assert some(names) == says


@pytest.mark.parametrize(("accounts", "says"), [(0, "0 accounts"), (1, "1 account"), (2, "2 accounts"), (1000, "1,000 accounts")])
def test_one_account_is_no_plural(accounts: int, says: str) -> None:
    assert how_many(accounts) == says


# --- Results.

FAILURE = Failure("operator", Step("read a menu"), verbatim("what"), verbatim("do something"), 48001, "errmsg", "rid", 200)
FAILURE_ROW = {"reason": "operator", "errcode": 48001, "errmsg": "errmsg", "rid": "rid", "http_status": 200, "remedy": "Do something."}


class MenuRows:
    """Rows of a resource of its own, whose state is a text."""

    def one(self, outcome: Outcome[str]) -> dict[str, t.Any]:
        return {
            "changed": outcome.changed,
            "menu": outcome.now,
            "before": outcome.before,
            "verified": outcome.verified,
            "failure": failure_row(outcome.failure, "en"),
            "msg": "msg",
        }

    def summed_up(self, rows: t.Mapping[str, t.Any]) -> str:
        return f"{len(rows)} menus"

    def states(self, row: t.Mapping[str, t.Any]) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
        return {"menu": row["before"]}, {"menu": row["menu"]}


ROWS: t.Any = MenuRows()
SAME = Outcome(now="new", before="new", verified=True)
CHANGED = Outcome(now="new", before="old", verified=True, changed=True)
FAILED: Outcome[str] = Outcome(failure=FAILURE)


def test_a_failure_is_returned_with_a_sentence_to_act_on() -> None:
    assert failure_row(FAILURE, "en") == FAILURE_ROW
    assert failure_row(None, "en") is None


def test_in_chinese_only_the_remedy_differs() -> None:
    failure = dataclasses.replace(FAILURE, remedy=RUN_AGAIN)
    assert failure_row(failure, "zh") == {**FAILURE_ROW, "remedy": "请重新运行（会先查询现状）。"}


def test_the_result_for_one_account_is_its_row() -> None:
    assert result_of_one(ROWS, SAME) == MenuRows().one(SAME)
    assert "failed" not in result_of_one(ROWS, FAILED)


def test_the_result_for_many_has_each_row_and_counts() -> None:
    result = result_of_many(ROWS, {"a": SAME, "b": CHANGED, "c": FAILED})
    assert result["accounts"] == {
        "a": {**MenuRows().one(SAME), "failed": False},
        "b": {**MenuRows().one(CHANGED), "failed": False},
        "c": {**MenuRows().one(FAILED), "failed": True},
    }
    assert result["summary"] == {"total": 3, "changed": 1, "unchanged": 1, "failed": 1, "not_attempted": 0, "retired": 0}
    assert (result["changed"], result["failure"], result["msg"]) == (True, None, "3 menus")
    assert set(result) == {"accounts", "summary", "changed", "failure", "msg"}


def test_many_are_not_changed_where_none_is() -> None:
    assert result_of_many(ROWS, {"a": SAME, "c": FAILED})["changed"] is False


def test_the_result_of_work_that_could_not_begin_has_the_keys_of_all_others() -> None:
    result = result_of_none(FAILURE, "en")
    assert set(result) == set(result_of_many(ROWS, {"a": SAME}))
    assert (result["changed"], result["accounts"], result["failure"]) == (False, {}, FAILURE_ROW)
    assert set(result["summary"].values()) == {0}
    assert result["msg"] == "Failed to read a menu: what; nothing was sent; do something."


def test_the_difference_of_one_is_before_and_after() -> None:
    assert difference(ROWS, ROWS.one(CHANGED)) == {"before": {"menu": "old"}, "after": {"menu": "new"}}
    assert difference(ROWS, ROWS.one(SAME)) == {"before": {"menu": "new"}, "after": {"menu": "new"}}


@pytest.mark.parametrize("outcome", [FAILED, Outcome(now="new", verified=True, failure=FAILURE), Outcome(now="new", retired=True)])
def test_where_the_state_is_not_known_there_is_no_difference(outcome: Outcome[str]) -> None:
    assert difference(ROWS, ROWS.one(outcome)) is None


def test_the_difference_of_many_names_those_that_changed() -> None:
    accounts = {name: ROWS.one(outcome) for name, outcome in {"a": SAME, "b": CHANGED, "c": FAILED}.items()}
    assert difference_of_many(ROWS, accounts) == {"before": {"b": {"menu": "old"}}, "after": {"b": {"menu": "new"}}}


# --- Sentences.

WORDS = Words(verbatim("menu request"), "a", verbatim("a later look shows the old menu"), verbatim("the menu request was refused"))


def test_a_failure_is_told_in_one_sentence() -> None:
    assert told(FAILURE) == "Failed to read a menu: what; do something."
    assert told(FAILURE, verbatim("nothing was sent")) == "Failed to read a menu: what; nothing was sent; do something."


def test_what_was_not_attempted_did_not_fail() -> None:
    for step in (ATTEMPT, Step("attempt", sends=False)):
        assert told(Failure("not_attempted", step, verbatim("what"), verbatim("do something"))) == "Not attempted: what; do something."


def test_what_was_not_begun_sent_nothing() -> None:
    assert not_started(verbatim("what"), verbatim("do something")) == "Failed to start: what; nothing was sent; do something."


@pytest.mark.parametrize(
    ("outcome", "step", "says"),
    [
        (Outcome(request_sent=True), START, "nothing was sent"),
        (Outcome(request_sent=None), FAILURE.step, "a menu request may have been sent and carried out"),
        (Outcome(request_sent=False), FAILURE.step, "no menu request was sent"),
        (Outcome(request_sent=True), FAILURE.step, "a menu request was sent and may have been carried out"),
        (
            Outcome(request_sent=True, now="old", verified=True),
            FAILURE.step,
            "a menu request was sent, and a later look shows the old menu",
        ),
        (Outcome(request_sent=True, now="old"), FAILURE.step, "the menu request was refused"),
    ],
)
def test_what_was_sent_is_told_in_the_words_of_the_resource(outcome: Outcome[str], step: Step, says: str) -> None:
    assert sent(outcome, Failure("account", step, verbatim("what"), verbatim("do something")), WORDS) == says


def test_what_was_seen_is_noted_as_verified() -> None:
    outcome: Outcome[str] = Outcome()
    assert outcome.saw("menu") == "menu"
    assert (outcome.now, outcome.verified, outcome.before, outcome.changed) == ("menu", True, None, False)
