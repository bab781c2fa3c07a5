# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Threads, and when they stop: what a real server cannot show."""

from __future__ import annotations

import functools
import threading
import time

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import Failure
from ansible_collections.wxops.official_account.plugins.module_utils._resource.converge import outcome_unknown
from ansible_collections.wxops.official_account.plugins.module_utils._resource.draft_switch import DRAFT_SWITCH, LOOK
from ansible_collections.wxops.official_account.plugins.module_utils._resource.outcome import Outcome
from ansible_collections.wxops.official_account.plugins.module_utils._run.workers import UNREACHED_IN_A_ROW, Workers
from ansible_collections.wxops.official_account.plugins.module_utils._text import verbatim

TOKEN = "canary-token-0123456789"
LOST = outcome_unknown(DRAFT_SWITCH, verbatim("no memory"), verbatim("get more"))
DONE = Outcome(changed=True, now=True, before=False, verified=True)


def unreached() -> Outcome:
    return Outcome(failure=Failure("transport", LOOK, verbatim("refused"), verbatim("check")))


def reasons(outcomes: dict[str, Outcome]) -> list[str | None]:
    return [outcome.failure.reason if outcome.failure else None for outcome in outcomes.values()]


@pytest.mark.parametrize(("concurrency", "at_a_time"), [(1, 1), (3, 3), (100, 20)])
def test_as_many_are_worked_on_at_a_time_as_is_said_and_no_more(concurrency: int, at_a_time: int) -> None:
    running, most, lock = 0, 0, threading.Lock()
    # The first ones go on only when all of them have begun.
    begun = threading.Barrier(at_a_time, timeout=60)

    def work(number: int) -> Outcome:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        if number < at_a_time:
            begun.wait()
        with lock:
            running -= 1
        return DONE

    outcomes = Workers(concurrency, LOST).run({str(number): functools.partial(work, number) for number in range(20)})
    assert reasons(outcomes) == [None] * 20
    assert most == at_a_time


def test_outcomes_are_in_the_order_given_whoever_is_done_first() -> None:
    last_is_done = threading.Event()

    def work(number: int) -> Outcome:
        if number == 0:
            assert last_is_done.wait(60)
        if number == 19:
            last_is_done.set()
        return Outcome(now=bool(number % 3))

    outcomes = Workers(2, LOST).run({str(number): functools.partial(work, number) for number in range(20)})
    assert list(outcomes) == [str(number) for number in range(20)]
    assert [outcome.now for outcome in outcomes.values()] == [bool(number % 3) for number in range(20)]


def test_threads_end() -> None:
    before = threading.active_count()
    Workers(8, LOST).run({str(number): lambda: DONE for number in range(20)})
    assert threading.active_count() == before


def test_an_unexpected_error_is_the_account_s_own_and_told_by_its_kind_only() -> None:
    def work() -> Outcome:
        raise RuntimeError(TOKEN)

    outcomes = Workers(1, LOST).run({"a": lambda: DONE, "b": work, "c": lambda: DONE})
    assert reasons(outcomes) == [None, "protocol", None]
    assert TOKEN not in str(outcomes)


@pytest.mark.parametrize("answered", [False, True])
def test_any_answer_speaks_for_all(answered: bool) -> None:
    workers = Workers(1, LOST)

    def work(number: int) -> Outcome:
        if answered and number == UNREACHED_IN_A_ROW - 1:
            workers.answered()
        return unreached()

    outcomes = workers.run({str(number): functools.partial(work, number) for number in range(UNREACHED_IN_A_ROW + 2)})
    assert ("not_attempted" in reasons(outcomes)) is not answered


def test_a_failure_after_an_answer_is_no_sign_of_trouble() -> None:
    refused = Outcome(failure=Failure("account", LOOK, verbatim("no"), verbatim("check")))
    outcomes = Workers(1, LOST).run({str(number): lambda: refused for number in range(2 * UNREACHED_IN_A_ROW)})
    assert set(reasons(outcomes)) == {"account"}


def test_what_was_turned_on_is_given_its_time_to_show_though_all_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    workers = Workers(1, LOST)
    patience = workers.patience(lambda: [60.0])
    workers.run({str(number): unreached for number in range(UNREACHED_IN_A_ROW)})
    patience.sleep(60.0)
    assert slept == [60.0]
    assert list(patience.pauses()) == []


def test_who_waits_for_another_try_is_woken_by_the_stop_and_does_not_try_for_long() -> None:
    workers = Workers(UNREACHED_IN_A_ROW + 1, LOST)
    patience = workers.patience(lambda: [60.0, 60.0])
    tries = []

    def waits() -> Outcome:
        for pause in patience.pauses():
            tries.append(pause)
            assert patience.rest is not None
            patience.rest(pause)
        return unreached()

    accounts = {"waits": waits, **{str(number): unreached for number in range(UNREACHED_IN_A_ROW)}}
    outcomes = workers.run(accounts)
    assert tries == [60.0]
    assert reasons(outcomes) == ["transport"] * (UNREACHED_IN_A_ROW + 1)


def test_fewer_threads_than_wanted_do(monkeypatch: pytest.MonkeyPatch) -> None:
    start, started = threading.Thread.start, []

    def stingy(thread: threading.Thread) -> None:
        if len(started) == 2:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", stingy)
    outcomes = Workers(8, LOST).run({str(number): lambda: DONE for number in range(20)})
    assert reasons(outcomes) == [None] * 20


def test_one_request_that_several_accounts_share_is_one_failure() -> None:
    shared = unreached()
    accounts = {str(number): lambda: shared for number in range(2 * UNREACHED_IN_A_ROW)}
    outcomes = Workers(1, LOST).run({**accounts, "own": lambda: DONE})
    assert reasons(outcomes) == ["transport"] * (2 * UNREACHED_IN_A_ROW) + [None]


def no_thread(_thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def test_without_any_thread_the_work_is_done_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading.Thread, "start", no_thread)
    told: list[str] = []
    outcomes = Workers(8, LOST, told.append).run({str(number): lambda: DONE for number in range(20)})
    assert reasons(outcomes) == [None] * 20
    assert len(told) == 1
    assert "8 accounts are to be worked on at a time, and 1 will be: this host starts no more threads" in told[0]


def test_out_of_memory_each_account_has_an_outcome_that_owns_up_to_what_may_have_been_sent() -> None:
    def work() -> Outcome[bool]:
        raise MemoryError

    outcomes = Workers(1, LOST).run({"a": lambda: DONE, "b": work, "c": lambda: DONE})
    assert list(outcomes.values()) == [DONE, LOST, DONE]
    assert (LOST.request_sent, LOST.now, reasons({"sent": LOST})) == (None, None, ["outcome_unknown"])
