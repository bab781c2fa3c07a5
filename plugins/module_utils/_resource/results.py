# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""What the modules return: the same keys on every path, and one sentence that says it all."""

from __future__ import annotations

import typing as t

from .._http.errors import ATTEMPT_STEP, UNSENT_STEPS
from .tally import Result, summary, told

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .._http.errors import Failure
    from .draft_switch import Outcome

_CLAUSES = {
    "retired": "on as the platform says, which no longer offers the call",
    "failed": "failed",
    "not_attempted": "not attempted",
}


class Results(t.Protocol):
    """How a module tells what became of its accounts."""

    def one(self, outcome: Outcome) -> Result:
        """The result for one account."""

    def told(self, accounts: Mapping[str, Result]) -> str:
        """What became of many accounts, given their results."""


class SwitchResults:
    """What ``wechat_draft_switch`` returns."""

    def __init__(self, check_mode: bool) -> None:
        self._check_mode = check_mode

    def one(self, outcome: Outcome) -> Result:
        return {
            "changed": outcome.changed,
            "is_open": outcome.is_open,
            "was_open": outcome.was_open,
            "verified": outcome.verified,
            "request_sent": outcome.request_sent,
            "failure": _failure_result(outcome.failure),
            "msg": _told(outcome, self._check_mode),
        }

    def told(self, accounts: Mapping[str, Result]) -> str:
        return told_of_switches(accounts, self._check_mode)


class InfoResults:
    """What ``wechat_draft_switch_info`` returns."""

    def one(self, outcome: Outcome) -> Result:
        if outcome.failure:
            msg = _failed(outcome.failure)
        elif outcome.retired:
            msg = "The platform no longer offers this call and says that every draft box is on."
        else:
            msg = f"The draft box is {'on' if outcome.is_open else 'off'}."
        return {
            "changed": False,
            "is_open": outcome.is_open,
            "verified": outcome.verified,
            "failure": _failure_result(outcome.failure),
            "msg": msg,
        }

    def told(self, accounts: Mapping[str, Result]) -> str:
        off = sum(1 for result in accounts.values() if result["is_open"] is False and not result["failure"])
        on = summary(accounts.values())["unchanged"] - off
        return told(accounts, {"unchanged": f"looked at ({on:,} on, {off:,} off)", **_CLAUSES})


def told_of_switches(accounts: Mapping[str, Result], check_mode: bool) -> str:
    """What became of many accounts, given what ``wechat_draft_switch`` returned for each."""
    done = "would be turned on" if check_mode else "turned on"
    return told(accounts, {"changed": f"{done}, which cannot be undone", "unchanged": "already on", **_CLAUSES})


def fleet_result(results: Results, outcomes: Mapping[str, Outcome]) -> Result:
    """The result for many accounts: each one's by its name, how many are how, and what to do about those that failed."""
    accounts = {name: {**results.one(outcome), "failed": outcome.failure is not None} for name, outcome in outcomes.items()}
    return {
        "changed": any(outcome.changed for outcome in outcomes.values()),
        "accounts": accounts,
        "summary": summary(accounts.values()),
        "failure": None,
        "msg": results.told(accounts),
    }


def refused_fleet_result(failure: Failure) -> Result:
    """The result if none of many accounts was as much as begun."""
    return {**fleet_result(InfoResults(), {}), "failure": _failure_result(failure), "msg": _failed(failure, "nothing was sent")}


def _failure_result(failure: Failure | None) -> Result | None:
    if failure is None:
        return None
    return {
        "reason": failure.reason,
        "errcode": failure.errcode,
        "errmsg": failure.errmsg,
        "rid": failure.rid,
        "http_status": failure.http_status,
        "remedy": f"{failure.remedy[:1].upper()}{failure.remedy[1:]}.",
    }


def _failed(failure: Failure, sent: str = "") -> str:
    lead = "Not attempted" if failure.step == ATTEMPT_STEP else f"Failed to {failure.step}"
    return f"{lead}: {'; '.join(filter(None, (failure.what, sent, failure.remedy)))}."


def _told(outcome: Outcome, check_mode: bool) -> str:
    if outcome.failure:
        return _failed(outcome.failure, _sent(outcome, outcome.failure))
    if outcome.retired:
        done = "an enabling request was sent" if outcome.request_sent else "nothing was changed"
        return f"The platform no longer offers this call and says that every draft box is on; {done}."
    if outcome.is_open and not outcome.was_open and not outcome.changed:
        return "The draft box was off and is on now, but not by this task."
    if not outcome.changed:
        return "The draft box is already on; nothing was changed."
    if check_mode:
        return "The draft box is off; without check mode it would be turned on, which cannot be undone."
    return "The draft box was off and has been turned on, which cannot be undone."


def _sent(outcome: Outcome, failure: Failure) -> str:
    if failure.step in UNSENT_STEPS:
        return "nothing was sent"
    if outcome.request_sent is None:
        return "an enabling request may have been sent and carried out"
    if not outcome.request_sent:
        return "no enabling request was sent"
    if outcome.is_open is None:
        return "an enabling request was sent and may have been carried out"
    if outcome.verified:
        return "an enabling request was sent, and a later look still shows the draft box off"
    return "the enabling request was refused, and the draft box is off as it was found"
