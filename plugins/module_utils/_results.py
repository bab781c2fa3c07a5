# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""What the modules return: the same keys on every path, and one sentence that says it all."""

from __future__ import annotations

import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._errors import START_STEP, TURN_OFF_STEP

if t.TYPE_CHECKING:
    from ansible_collections.wxops.official_account.plugins.module_utils._draft_switch import Outcome
    from ansible_collections.wxops.official_account.plugins.module_utils._errors import Failure

Result = dict[str, t.Any]


def switch_result(outcome: Outcome, check_mode: bool) -> Result:
    """What ``wechat_draft_switch`` returns."""
    return {
        "changed": outcome.changed,
        "is_open": outcome.is_open,
        "was_open": outcome.was_open,
        "verified": outcome.verified,
        "request_sent": outcome.request_sent,
        "failure": failure_result(outcome.failure),
        "msg": _told(outcome, check_mode),
    }


def info_result(outcome: Outcome, _check_mode: bool) -> Result:
    """What ``wechat_draft_switch_info`` returns."""
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
        "failure": failure_result(outcome.failure),
        "msg": msg,
    }


def failure_result(failure: Failure | None) -> Result | None:
    """``failure`` as strings: cores before 2.22 replace even numbers that look like a masked value."""
    if failure is None:
        return None
    return {
        "reason": failure.reason,
        "errcode": None if failure.errcode is None else str(failure.errcode),
        "errmsg": failure.errmsg,
        "rid": failure.rid,
        "http_status": None if failure.http_status is None else str(failure.http_status),
        "remedy": f"{failure.remedy[:1].upper()}{failure.remedy[1:]}.",
    }


def _failed(failure: Failure, sent: str = "") -> str:
    return f"Failed to {failure.step}: {'; '.join(filter(None, (failure.what, sent, failure.remedy)))}."


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
    if failure.step in (START_STEP, TURN_OFF_STEP):
        return "nothing was sent"
    if not outcome.request_sent:
        return "no enabling request was sent"
    if outcome.is_open is None:
        return "an enabling request was sent and may have been carried out"
    if outcome.verified:
        return "an enabling request was sent, and a later look still shows the draft box off"
    return "the enabling request was refused, and the draft box is off as it was found"
