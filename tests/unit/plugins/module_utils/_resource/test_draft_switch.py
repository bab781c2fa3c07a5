# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The draft box switch: its two requests, and the rows and sentences for every outcome."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._account.session import Change, Look
from ansible_collections.wxops.official_account.plugins.module_utils._http.errcodes import ACCOUNT_CALL
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ATTEMPT, ApiError, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._http.wire import Fields
from ansible_collections.wxops.official_account.plugins.module_utils._resource.draft_switch import (
    DRAFT_SWITCH,
    IRREVERSIBLE,
    LOOK,
    PERMISSION,
    STATE_OPTION,
    TURN_ON,
    InfoRows,
    SwitchRows,
    to_turn_on,
)
from ansible_collections.wxops.official_account.plugins.module_utils._resource.outcome import Outcome
from ansible_collections.wxops.official_account.plugins.module_utils._text import verbatim

NO_LONGER = "The platform no longer offers this call and says that every draft box is on"


def outcome(**given: t.Any) -> Outcome[bool]:
    return Outcome(**given)


def failure(**given: t.Any) -> Failure:
    return Failure(**{"reason": "account", "step": TURN_ON, "what": verbatim("what"), "remedy": verbatim("do something"), **given})


# --- The requests.


def test_the_look_and_the_change_differ_by_nothing_but_the_query() -> None:
    change = to_turn_on(False)
    assert isinstance(change, Change)
    assert isinstance(DRAFT_SWITCH.look, Look)
    assert DRAFT_SWITCH.look.query == {"checkonly": "1"}
    assert change.query == DRAFT_SWITCH.look.body == change.body == {}
    look = DRAFT_SWITCH.look.call
    assert (look.path, look.verb, look.codes, look.expects) == (change.call.path, change.call.verb, change.call.codes, change.call.expects)
    assert (look.path, look.verb, look.expects) == ("cgi-bin/draft/switch", "POST", None)
    assert (look.step, change.call.step) == (LOOK, TURN_ON)


def test_what_is_on_needs_no_change() -> None:
    assert to_turn_on(True) is None


@pytest.mark.parametrize(("said", "is_open"), [(0, False), (1, True), ("0", False), ("1", True), (False, False), (True, True)])
def test_a_look_reads_on_and_off(said: object, is_open: bool) -> None:
    assert DRAFT_SWITCH.look.read(Fields(is_open=said)) is is_open


@pytest.mark.parametrize("answer", [{}, *({"is_open": said} for said in (None, 2, -1, "", "on", "01", 0.0, [], {}))])
def test_what_is_neither_on_nor_off_is_no_answer_to_a_look(answer: dict[str, object]) -> None:
    with pytest.raises(ApiError) as caught:
        DRAFT_SWITCH.look.read(Fields(answer))
    assert (caught.value.failure.what, caught.value.failure.step) == ("the answer does not say whether the draft box is on", LOOK)


@pytest.mark.parametrize(("said", "shown"), [(1, True), ("1", True), (True, True), (0, None), (False, None), (2, None), (None, None)])
def test_the_answer_to_the_change_shows_on_or_nothing(said: object, shown: bool | None) -> None:
    change = to_turn_on(False)
    assert change is not None
    assert change.read(Fields(is_open=said)) is shown
    assert change.read(Fields()) is None


def test_the_codes_are_those_of_any_account_call_besides_what_the_switch_has_of_its_own() -> None:
    codes = DRAFT_SWITCH.look.call.codes
    assert codes.retired == {45103, 48009}
    assert codes.dead == ACCOUNT_CALL.dead
    assert codes.permission == PERMISSION
    assert "draft box" in codes.meanings[48001].remedy
    assert "draft box" in codes.meanings[40200].remedy
    assert {**codes.meanings, 48001: None, 40200: None} == {**ACCOUNT_CALL.meanings, 48001: None, 40200: None}


def test_the_resource_is_on_where_the_call_is_retired() -> None:
    assert DRAFT_SWITCH.retired is True
    assert DRAFT_SWITCH.step is TURN_ON
    assert DRAFT_SWITCH.retired_warning.startswith("The platform answers that draft/switch is no longer offered.")


def test_what_all_threads_share_cannot_be_changed() -> None:
    for name in ("look", "step", "retired", "retired_warning"):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(DRAFT_SWITCH, name, None)


def test_turning_off_is_refused_before_anything_is_sent() -> None:
    assert STATE_OPTION["default"] == "present"
    assert (IRREVERSIBLE.reason, IRREVERSIBLE.step.sends) == ("irreversible", False)
    row = SwitchRows(check_mode=False).one(outcome(failure=IRREVERSIBLE))
    assert row["msg"] == (
        "Failed to turn the draft box off: turning a draft box on is irreversible: the API offers no call that turns the switch off; "
        "nothing was sent; remove state: absent from the task."
    )


# --- Rows of wechat_draft_switch.

ON = {"now": True, "before": True, "verified": True}
TURNED_ON = {**ON, "before": False, "changed": True, "request_sent": True}


@pytest.mark.parametrize(
    ("given", "check_mode", "says"),
    [
        (ON, False, "The draft box is already on; nothing was changed."),
        (ON, True, "The draft box is already on; nothing was changed."),
        (TURNED_ON, False, "The draft box was off and has been turned on, which cannot be undone."),
        (
            {"now": False, "before": False, "verified": True, "changed": True},
            True,
            "The draft box is off; without check mode it would be turned on, which cannot be undone.",
        ),
        ({**TURNED_ON, "changed": False}, False, "The draft box was off and is on now, but not by this task."),
        ({"now": True, "retired": True}, False, f"{NO_LONGER}; nothing was changed."),
        ({"now": True, "before": False, "retired": True, "request_sent": True}, False, f"{NO_LONGER}; an enabling request was sent."),
    ],
)
def test_each_outcome_is_one_sentence(given: dict[str, t.Any], check_mode: bool, says: str) -> None:
    one = outcome(**given)
    row = SwitchRows(check_mode).one(one)
    assert row == {
        "changed": one.changed,
        "is_open": one.now,
        "was_open": one.before,
        "verified": one.verified,
        "request_sent": one.request_sent,
        "failure": None,
        "msg": says,
    }


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"request_sent": False, "now": False, "verified": True}, "no enabling request was sent"),
        ({"request_sent": True, "now": None}, "an enabling request was sent and may have been carried out"),
        ({"request_sent": None}, "an enabling request may have been sent and carried out"),
        (
            {"request_sent": True, "now": False, "verified": True},
            "an enabling request was sent, and a later check still shows the draft box off",
        ),
        ({"request_sent": True, "now": False}, "the enabling request was refused, and the draft box is off as it was found"),
    ],
)
def test_a_failure_tells_what_was_sent(given: dict[str, t.Any], sent: str) -> None:
    row = SwitchRows(check_mode=False).one(outcome(failure=failure(), **given))
    assert row["msg"] == f"Failed to turn the draft box on: what; {sent}; do something."
    assert row["failure"] is not None
    assert row["failure"]["remedy"] == "Do something."


def test_what_was_not_attempted_says_so() -> None:
    row = SwitchRows(check_mode=False).one(outcome(failure=failure(reason="not_attempted", step=ATTEMPT)))
    assert row["msg"] == "Not attempted: what; nothing was sent; do something."


@pytest.mark.parametrize(
    ("given", "before", "after"),
    [
        (ON, True, True),
        (TURNED_ON, False, True),
        ({"now": False, "before": False, "changed": True}, False, True),
        ({"before": False}, False, False),
    ],
)
def test_the_states_of_a_row_are_before_and_after(given: dict[str, t.Any], before: bool, after: bool) -> None:
    rows = SwitchRows(check_mode=True)
    assert rows.states(rows.one(outcome(**given))) == ({"is_open": before}, {"is_open": after})


@pytest.mark.parametrize(("check_mode", "done"), [(False, "turned on"), (True, "would be turned on")])
def test_many_are_summed_up(check_mode: bool, done: str) -> None:
    rows = SwitchRows(check_mode)
    made = {
        "a": rows.one(outcome(**TURNED_ON)),
        "b": rows.one(outcome(**ON)),
        "c": rows.one(outcome(now=True, retired=True)),
        "d": rows.one(outcome(failure=failure())),
        "e": rows.one(outcome(failure=failure(reason="not_attempted"))),
    }
    assert rows.summed_up(made) == (
        f"5 accounts: 1 {done}, which cannot be undone; 1 already on; 1 on as the platform says, which no longer offers the call; "
        "1 failed; 1 not attempted.\n2 accounts: do something: d, e"
    )


# --- Rows of wechat_draft_switch_info.


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (ON, "The draft box is on."),
        ({"now": False, "before": False, "verified": True}, "The draft box is off."),
        ({"now": True, "retired": True}, f"{NO_LONGER}."),
        ({"failure": failure(step=LOOK)}, "Failed to read the draft box: what; do something."),
    ],
)
def test_info_tells_what_it_saw_and_speaks_of_no_request(given: dict[str, t.Any], says: str) -> None:
    one = outcome(**given)
    row = InfoRows(False).one(one)
    assert row["msg"] == says
    assert (row["changed"], row["is_open"], row["verified"], bool(row["failure"])) == (False, one.now, one.verified, "failure" in given)
    assert set(row) == {"changed", "is_open", "verified", "failure", "msg"}


def test_info_sums_up_on_and_off() -> None:
    rows = InfoRows(True)
    off = {"now": False, "before": False, "verified": True}
    made = {
        "a": rows.one(outcome(**ON)),
        "b": rows.one(outcome(**off)),
        "c": rows.one(outcome(**off)),
        "d": rows.one(outcome(now=True, retired=True)),
        "e": rows.one(outcome(now=False, failure=failure())),
        "f": rows.one(outcome(failure=failure())),
        "g": rows.one(outcome(**ON)),
        "h": rows.one(outcome(**ON)),
    }
    assert rows.summed_up(made) == (
        "8 accounts: 5 checked (3 on, 2 off); 1 on as the platform says, which no longer offers the call; 2 failed.\n"
        "2 accounts: do something: e, f"
    )
    assert rows.states(made["b"]) == ({"is_open": False}, {"is_open": False})
