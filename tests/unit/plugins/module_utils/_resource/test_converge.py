# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pure behaviour: what the tables cannot reach through a real server."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError, Failure, Reason, Step, TokenReplaced
from ansible_collections.wxops.official_account.plugins.module_utils._http.patience import Patience
from ansible_collections.wxops.official_account.plugins.module_utils._resource.draft_switch import LOOK, TURN_ON, SwitchRows
from ansible_collections.wxops.official_account.plugins.module_utils._text import verbatim

from tests.unit.sessions import converge, foresee, inspect

TOKEN = "canary-token-0123456789"


@dataclasses.dataclass
class Reader:
    """Looks only: there is no enable to call."""

    looks: list[bool | Exception]
    calls: list[str] = dataclasses.field(default_factory=list)

    def look(self) -> bool:
        self.calls.append("look")
        return self.next_of(self.looks)

    @staticmethod
    def next_of(answers: list[bool | Exception]) -> bool:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclasses.dataclass
class Switch(Reader):
    enables: list[bool | Exception] = dataclasses.field(default_factory=list)

    def enable(self) -> bool:
        self.calls.append("enable")
        return self.next_of(self.enables)


def unsent(reason: Reason = "transport") -> ApiError:
    return ApiError(Failure(reason, TURN_ON, verbatim("no connection"), verbatim("check")), passing=True, sent=False)


def lost() -> ApiError:
    return ApiError(Failure("transport", TURN_ON, verbatim("lost"), verbatim("check")), passing=True, unclear=True)


@pytest.fixture
def slept() -> list[float]:
    return []


def patience(slept: list[float], retries: int = 1) -> Patience:
    return Patience(pauses=lambda: [7.0] * retries, sleep=slept.append)


def test_check_mode_needs_nothing_but_a_look() -> None:
    reader = Reader([False])
    assert foresee(reader).changed
    assert reader.calls == ["look"]


def test_the_looks_after_enabling_are_spread_over_some_seconds_the_first_at_once(slept: list[float]) -> None:
    switch = Switch([False] * 5, enables=[False])
    outcome = converge(switch, patience(slept))
    assert outcome.failure is not None
    assert (outcome.failure.reason, outcome.failure.step, outcome.failure.again) == ("not_effective", TURN_ON, True)
    assert outcome.failure.what == "the platform accepted the request, but it did not take effect"
    assert outcome.failure.remedy == "run again in a few minutes: it checks first; if that does not help, ask the platform's support"
    assert slept == [0.0, 0.5, 1.0, 2.0]


def test_an_answer_that_shows_the_new_state_saves_a_look(slept: list[float]) -> None:
    switch = Switch([False], enables=[True])
    outcome = converge(switch, patience(slept))
    assert (outcome.changed, outcome.now, outcome.before, outcome.verified, outcome.request_sent) == (True, True, False, True, True)
    assert switch.calls == ["look", "enable"]
    assert slept == []


def test_an_answer_that_shows_nothing_is_looked_after(slept: list[float]) -> None:
    switch = Switch([False, True], enables=[False])
    assert converge(switch, patience(slept)).changed
    assert switch.calls == ["look", "enable", "look"]


def test_a_failure_says_that_the_next_run_looks_first(slept: list[float]) -> None:
    outcome = converge(Switch([False] * 6, enables=[unsent(), unsent()]), patience(slept))
    assert outcome.failure is not None
    assert outcome.failure.remedy == "run again: it checks first; should that fail too, check"
    assert outcome.failure.again


def test_a_failure_that_says_so_already_is_left_as_it_is(slept: list[float]) -> None:
    said = Failure("transient", TURN_ON, verbatim("busy"), verbatim("run again in a few minutes: it checks first"), again=True)
    outcome = converge(Switch([False] * 5, enables=[ApiError(said, passing=True)]), patience(slept, retries=0))
    assert outcome.failure is said


def test_a_pause_lies_before_the_look_that_lies_before_the_next_request(slept: list[float]) -> None:
    switch = Switch([False, False, True], enables=[lost(), False])
    assert converge(switch, patience(slept)).changed
    assert switch.calls == ["look", "enable", "look", "enable", "look"]
    assert slept == [7.0, 0.0]


def test_a_request_that_never_left_is_not_called_sent(slept: list[float]) -> None:
    switch = Switch([False] * 6, enables=[unsent(), unsent()])
    outcome = converge(switch, patience(slept))
    assert (outcome.request_sent, outcome.now, outcome.verified) == (False, False, True)
    assert "no enabling request was sent" in SwitchRows(check_mode=False).one(outcome)["msg"]


def test_blind_after_a_request_that_never_left_is_not_in_doubt(slept: list[float]) -> None:
    switch = Switch([False, unsent()], enables=[unsent()])
    outcome = converge(switch, patience(slept))
    assert outcome.failure is not None
    assert (outcome.failure.reason, outcome.request_sent, outcome.now) == ("transport", False, False)


def test_once_in_doubt_stays_in_doubt_until_a_look_tells(slept: list[float]) -> None:
    switch = Switch([False, False, unsent()], enables=[lost(), unsent()])
    outcome = converge(switch, patience(slept))
    assert outcome.failure is not None
    assert (outcome.failure.reason, outcome.request_sent, outcome.now) == ("outcome_unknown", True, None)


@pytest.mark.parametrize(("error", "sent", "waited"), [(unsent(), False, 7.0), (TokenReplaced(lost().failure), True, 0.0)])
def test_somebody_else_turned_it_on(error: ApiError, sent: bool, waited: float, slept: list[float]) -> None:
    outcome = converge(Switch([False, True], enables=[error]), patience(slept))
    assert (outcome.changed, outcome.now, outcome.before, outcome.request_sent) == (False, True, False, sent)
    # A new token is no reason to wait.
    assert slept == [waited]
    told = SwitchRows(check_mode=False).one(outcome)["msg"]
    assert told == "The draft box was off and is on now, but not by this task."


@pytest.mark.parametrize(
    ("switch", "reason", "sent", "step"),
    [
        (Switch([RuntimeError(TOKEN)]), "protocol", False, LOOK),
        (Switch([False], enables=[RuntimeError(TOKEN)]), "outcome_unknown", True, TURN_ON),
        (Switch([False, RuntimeError(TOKEN)], enables=[False]), "outcome_unknown", True, TURN_ON),
    ],
)
def test_an_unexpected_error_is_told_by_its_kind_only(switch: Switch, reason: str, sent: bool, step: Step, slept: list[float]) -> None:
    outcome = converge(switch, patience(slept))
    assert outcome.failure is not None
    assert (outcome.failure.reason, outcome.failure.step, outcome.request_sent) == (reason, step, sent)
    assert (outcome.now, outcome.verified) == (None, False)
    told: dict[str, t.Any] = SwitchRows(check_mode=False).one(outcome)
    assert "an unexpected RuntimeError in this collection" in told["msg"]
    assert ("it checks first" in told["msg"]) is sent
    assert TOKEN not in str(told)


def test_inspect_leaves_changed_alone() -> None:
    outcome = inspect(Reader([False]))
    assert (outcome.changed, outcome.now, outcome.before, outcome.verified) == (False, False, False, True)
