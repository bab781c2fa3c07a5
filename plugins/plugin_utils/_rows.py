# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""What journal and report say of one account: no more than there is evidence for."""

from __future__ import annotations

import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._resource.tally import ending

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.wxops.official_account.plugins.module_utils._resource.tally import Result

# How an account is shown, in the order of the bar.
STATES = {
    "on": "on",
    "turned_on": "turned on",
    "would_turn_on": "would turn on",
    "unknown": "may be on",
    "record_lost": "record lost",
    "failed": "failed",
    "not_attempted": "not attempted",
}
_STATE_OF = {"unchanged": "on", "retired": "on", "failed": "failed", "not_attempted": "not_attempted"}

_LOOKS_FIRST = "Run again: it looks first."
_NOT_REACHED = "Put right what failed, and run again; the rollout has not come to this account, unless a condition left it out."


def row_of(result: Mapping[str, t.Any], check_mode: bool) -> Result:
    """``result``, which the module or the role has for an account, with the ``state`` that it is shown in."""
    state = _STATE_OF.get(ending(result), "would_turn_on" if check_mode else "turned_on")
    if state == "failed" and result["failure"]["reason"] == "outcome_unknown":
        state = "unknown"
    return {"state": state, **result}


def _row(state: str, request_sent: bool | None, reason: str, remedy: str, msg: str) -> Result:
    return {
        "state": state,
        "changed": False,
        "is_open": None,
        "was_open": None,
        "verified": False,
        "request_sent": request_sent,
        "failure": {"reason": reason, "errcode": None, "errmsg": None, "rid": None, "http_status": None, "remedy": remedy},
        "msg": msg,
        "failed": True,
    }


def unanswered(check_mode: bool) -> Result:
    """Handed over, and nobody has said what became of it."""
    if check_mode:
        return _row(
            "failed", False, "protocol", _LOOKS_FIRST, "Handed over in check mode, and no answer came; no enabling request was sent."
        )
    msg = "Handed over, and no answer came: it may have been turned on. Run again: it looks first."
    return _row("unknown", None, "outcome_unknown", _LOOKS_FIRST, msg)


def never_reached() -> Result:
    """Not handed over by any batch of the play, as the journal proves."""
    msg = "Not attempted: the rollout has not come to this account; nothing was sent."
    return _row("not_attempted", False, "not_attempted", _NOT_REACHED, msg)


def record_lost() -> Result:
    """The journal is not there to prove anything."""
    msg = "Record lost: it is not known what became of this account in this run. Run again: it looks first."
    return _row("record_lost", None, "outcome_unknown", _LOOKS_FIRST, msg)


def outcome_of(row: Mapping[str, t.Any]) -> str:
    """Whether the switch was ``seen``, or it is ``unknown`` whether it was turned on, or ``neither``. Raises ValueError, TypeError,
    KeyError or AttributeError if that is no row."""
    failure, is_open = row["failure"], row["is_open"]
    good = row["state"] in STATES and all(row[name] in (True, False) for name in ("changed", "verified"))
    good = (
        good and all(row[name] in (True, False, None) for name in ("is_open", "was_open", "request_sent")) and isinstance(row["msg"], str)
    )
    if failure is not None:
        good = good and all(isinstance(failure[name], str) for name in ("reason", "remedy"))
        good = good and all(isinstance(failure[name], (str, int, type(None))) for name in ("errcode", "errmsg", "rid", "http_status"))
    if not good:
        raise ValueError
    if failure is not None and failure["reason"] == "outcome_unknown":
        return "unknown"
    return "neither" if is_open is None else "seen"


def merge(before: Mapping[str, t.Any] | None, now: Result) -> Result:
    """What two calls of one play prove together about an account. The switch is a one-way one: once on, on for good."""
    if before is None or now["state"] == "turned_on":
        return now
    if before["state"] == "turned_on":
        if not now["failure"]:
            return dict(before)
        return {**before, "msg": f"{before['msg'].split(_LATER)[0]}{_LATER}{now['msg']}"}
    later = {**before, "msg": f"{before['msg'].split(_LATER)[0]}{_LATER}{now['msg']}"}
    if before["state"] in ("unknown", "record_lost") and now["is_open"] is None:
        # What the second call could not find out either stays open.
        return now if now["state"] == "unknown" else later
    if before["request_sent"] is False or now["failure"]:
        return {**now, "request_sent": before["request_sent"] or now["request_sent"]}
    msg = f"{now['msg']} An earlier call of this play may have turned it on." if now["state"] == "on" else now["msg"]
    return {**now, "request_sent": before["request_sent"] or now["request_sent"], "msg": msg}


_LATER = " Later in this play: "
