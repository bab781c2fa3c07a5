# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is tried again, and how often."""

from __future__ import annotations

import threading

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError, Failure, Step
from ansible_collections.wxops.official_account.plugins.module_utils._http.patience import Patience, until_stopped
from ansible_collections.wxops.official_account.plugins.module_utils._text import verbatim

FAILURE = Failure("transport", Step("look"), verbatim("what"), verbatim("remedy"))


class Request:
    """Answers with the next of ``answers``."""

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = list(answers)

    def __call__(self) -> str:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def passing() -> ApiError:
    return ApiError(FAILURE, passing=True)


def test_an_answer_is_taken_at_once() -> None:
    waited: list[float] = []
    assert Patience(lambda: [1.0, 2.0], waited.append).read(Request("answer")) == "answer"
    assert waited == []


def test_what_may_pass_is_tried_again_after_each_pause() -> None:
    waited: list[float] = []
    assert Patience(lambda: [1.0, 2.0, 4.0], waited.append).read(Request(passing(), passing(), "answer")) == "answer"
    assert waited == [1.0, 2.0]


@pytest.mark.parametrize("retries", [0, 1, 3])
def test_the_last_failure_is_raised_when_the_pauses_are_over(retries: int) -> None:
    last = passing()
    request = Request(*(passing() for _retry in range(retries)), last, "too late")
    with pytest.raises(ApiError) as caught:
        Patience(lambda: [1.0] * retries, lambda _seconds: None).read(request)
    assert caught.value is last
    assert request.answers == ["too late"]


@pytest.mark.parametrize("error", [ApiError(FAILURE), RuntimeError("unexpected")])
def test_what_will_not_pass_is_not_tried_again(error: Exception) -> None:
    request = Request(error, "too late")
    with pytest.raises(type(error)) as caught:
        Patience(lambda: [1.0], lambda _seconds: None).read(request)
    assert caught.value is error
    assert request.answers == ["too late"]


def test_the_wait_between_two_reads_is_the_rest_where_there_is_one() -> None:
    slept: list[float] = []
    rested: list[float] = []
    Patience(lambda: [1.0], slept.append, rested.append).read(Request(passing(), "answer"))
    assert (slept, rested) == ([], [1.0])


def test_a_stop_ends_the_tries_but_not_the_one_under_way() -> None:
    stopped = threading.Event()
    patience = until_stopped(stopped, lambda: [0.0, 0.0, 0.0])

    def stop() -> str:
        stopped.set()
        raise passing()

    tried: list[str] = []

    def request() -> str:
        tried.append("try")
        return stop()

    with pytest.raises(ApiError):
        patience.read(request)
    assert tried == ["try", "try"]
    assert list(patience.pauses()) == []


def test_a_rest_is_ended_by_the_stop_and_a_sleep_is_not() -> None:
    stopped = threading.Event()
    patience = until_stopped(stopped, list)
    assert patience.rest == stopped.wait
    assert patience.sleep is not patience.rest
