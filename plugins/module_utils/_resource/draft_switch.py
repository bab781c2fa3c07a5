# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""The draft box switch: its look, its change, and the sentences about them.

Source: the platform's page "Draft box switching settings" (draft/switch).
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._account.session import Change, Look
from .._http.errcodes import ACCOUNT_CALL, APIS, Meaning
from .._http.errors import START, ApiError, Failure, Step, Text, senseless
from .._http.wire import Call, number
from .converge import Resource
from .declared import Declarable
from .results import NOT_DONE, Result, Row, Words, failed, failure_row, sent, sum_up, summary

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .._http.wire import Fields
    from .converge import Needs
    from .declared import Accounts
    from .outcome import Outcome

LOOK = Step(Text("look at the draft box", "查询草稿箱开关"))
TURN_ON = Step(Text("turn the draft box on", "开启草稿箱"))
TURN_OFF = Step(Text("turn the draft box off", "关闭草稿箱"), sends=False)

IRREVERSIBLE = Failure(
    "irreversible",
    TURN_OFF,
    Text(
        "turning a draft box on is irreversible: the API offers no call that turns the switch off",
        "草稿箱一经开启不可关闭，微信没有提供关闭的接口",
    ),
    Text("remove state: absent from the task", "请从任务中去掉 state: absent"),
)

# The module's own option. All others are those of every module of the collection.
STATE_OPTION = {"type": "str", "choices": ["present", "absent"], "default": "present"}

# What an account must grant a third-party platform before that may make the call.
PERMISSION = Text("permission set 11 or 100", "权限集 11 或 100")

_CODES = dataclasses.replace(
    ACCOUNT_CALL,
    meanings={
        **ACCOUNT_CALL.meanings,
        48001: Meaning(
            "account",
            Text("this account may not use the call", "该账号没有此接口的权限"),
            Text(
                f"check which APIs the account has, {APIS}; only subscription and service accounts can have those of the draft box",
                f"请查看该账号拥有哪些接口权限：{APIS.zh}；只有订阅号和服务号才能拥有草稿箱的接口",
            ),
        ),
        40200: Meaning(
            "account",
            Text("accounts of this kind may not use the call", "此类账号不能使用该接口"),
            Text(
                "leave the account out: only subscription and service accounts have a draft box",
                "请将该账号移出本次运行：只有订阅号和服务号才有草稿箱",
            ),
        ),
    },
    retired=frozenset({45103, 48009}),
    permission=PERMISSION,
)
_PATH = "cgi-bin/draft/switch"


def _is_open_in(answer: Fields) -> bool | None:
    """The value of ``is_open``. None unless it is 0 or 1, because an unknown value does not mean off."""
    value = answer.get("is_open")
    digit = int(value) if isinstance(value, bool) else number(value)
    return bool(digit) if digit in (0, 1) else None


def _look_shows(answer: Fields) -> bool:
    is_open = _is_open_in(answer)
    if is_open is None:
        raise senseless(LOOK, Text("the answer does not say whether the draft box is on", "响应中没有说明草稿箱是否已开启"))
    return is_open


def _change_shows(answer: Fields) -> bool | None:
    """True if the answer to the change shows that the draft box is on; otherwise None.

    The example on the platform's page has no is_open in this answer. An is_open of 0 counts as no statement: the next look decides.
    """
    return True if _is_open_in(answer) else None


# The two requests differ only in the query. Without checkonly, the request turns the switch on for good.
_LOOK = Look(Call(LOOK, _PATH, _CODES), _look_shows, query={"checkonly": "1"})
_TURN_ON = Change(Call(TURN_ON, _PATH, _CODES), True, _change_shows)


def to_turn_on(is_open: bool) -> Change[bool] | None:
    """The change for a draft box that is off; None if it is on."""
    return None if is_open else _TURN_ON


# The state is whether the draft box is on. The platform has announced that all are on by the time it retires the call.
DRAFT_SWITCH = Resource(
    _LOOK,
    TURN_ON,
    retired=True,
    retired_warning="The platform answers that draft/switch is no longer offered. It has announced that every account's draft box is on "
    "by then, so is_open is true, but not verified. The task is no longer needed.",
)

_NOT_DONE = {"retired": "on as the platform says, which no longer offers the call", **NOT_DONE}
_NO_LONGER_OFFERED = Text(
    "The platform no longer offers this call and says that every draft box is on", "微信已不再提供此接口，并称所有账号的草稿箱均已开启"
)
WORDS = Words(
    change=Text("enabling request", "开启请求"),
    article="an",
    not_shown=Text("a later look still shows the draft box off", "之后的查询仍显示草稿箱未开启"),
    refused=Text("the enabling request was refused, and the draft box is off as it was found", "开启请求被拒绝，草稿箱仍与原先一样未开启"),
)


class SwitchRow(Row, total=False):
    """``is_open``, ``was_open``: whether the draft box is on, and was on at first; None if not known."""

    is_open: bool | None
    was_open: bool | None


class SwitchRows:
    """What ``wechat_draft_switch`` returns for an account."""

    def __init__(self, check_mode: bool) -> None:
        self._check_mode = check_mode

    def one(self, outcome: Outcome[bool]) -> SwitchRow:
        return {
            "changed": outcome.changed,
            "is_open": outcome.now,
            "was_open": outcome.before,
            "verified": outcome.verified,
            "request_sent": outcome.request_sent,
            "failure": failure_row(outcome.failure),
            "msg": str(self.sentence(outcome)),
        }

    def summed_up(self, rows: Mapping[str, SwitchRow]) -> str:
        done = "would be turned on" if self._check_mode else "turned on"
        return sum_up(rows, {"changed": f"{done}, which cannot be undone", "unchanged": "already on", **_NOT_DONE})

    def states(self, row: SwitchRow) -> tuple[Result, Result]:
        return {"is_open": row["was_open"]}, {"is_open": row["changed"] or row["was_open"]}

    def sentence(self, outcome: Outcome[bool]) -> Text:
        if outcome.failure:
            return failed(outcome.failure, sent(outcome, outcome.failure, WORDS))
        if outcome.retired and outcome.request_sent:
            return Text(f"{_NO_LONGER_OFFERED}; an enabling request was sent.", f"{_NO_LONGER_OFFERED.zh}；已发出一次开启请求。")
        if outcome.retired:
            return Text(f"{_NO_LONGER_OFFERED}; nothing was changed.", f"{_NO_LONGER_OFFERED.zh}；未做更改。")
        if outcome.now and not outcome.before and not outcome.changed:
            return Text("The draft box was off and is on now, but not by this task.", "草稿箱原先未开启，现已开启，但不是由本任务开启的。")
        if not outcome.changed:
            return Text("The draft box is already on; nothing was changed.", "草稿箱本来就已开启，未做更改。")
        if self._check_mode:
            return Text(
                "The draft box is off; without check mode it would be turned on, which cannot be undone.",
                "草稿箱未开启；正式运行时将会开启，且无法撤销。",
            )
        return Text("The draft box was off and has been turned on, which cannot be undone.", "草稿箱原先未开启，现已开启，且不可撤销。")


class InfoRows:
    """What ``wechat_draft_switch_info`` returns for an account."""

    def __init__(self, _check_mode: bool) -> None:
        pass

    def one(self, outcome: Outcome[bool]) -> SwitchRow:
        return {
            "changed": False,
            "is_open": outcome.now,
            "verified": outcome.verified,
            "failure": failure_row(outcome.failure),
            "msg": str(self.sentence(outcome)),
        }

    def sentence(self, outcome: Outcome[bool]) -> Text:
        if outcome.failure:
            return failed(outcome.failure)
        if outcome.retired:
            return Text(f"{_NO_LONGER_OFFERED}.", f"{_NO_LONGER_OFFERED.zh}。")
        return Text("The draft box is on.", "草稿箱已开启。") if outcome.now else Text("The draft box is off.", "草稿箱未开启。")

    def summed_up(self, rows: Mapping[str, SwitchRow]) -> str:
        off = sum(1 for row in rows.values() if row["is_open"] is False and not row["failure"])
        on = summary(rows.values())["unchanged"] - off
        return sum_up(rows, {"unchanged": f"looked at ({on:,} on, {off:,} off)", **_NOT_DONE})

    def states(self, row: SwitchRow) -> tuple[Result, Result]:
        return {"is_open": row["is_open"]}, {"is_open": row["is_open"]}


def _declare(accounts: Accounts) -> tuple[dict[str, Needs[bool]], list[str]]:
    values = {options[SWITCH_DECLARED.name] for options in accounts.values()}
    if "absent" in values:
        raise ApiError(dataclasses.replace(IRREVERSIBLE, remedy=Text("remove draft_switch: absent", "请去掉 draft_switch: absent")))
    if values - {"present"}:
        what = Text("draft_switch is neither present nor absent", "draft_switch 既不是 present 也不是 absent")
        raise ApiError(Failure("operator", START, what, Text("give present, or leave it out", "请提供 present，或不提供")))
    return dict.fromkeys(accounts, to_turn_on), []


def _restored(was_open: object) -> dict[str, t.Any] | Text:
    return {"draft_switch": "present"} if was_open is True else IRREVERSIBLE.what


SWITCH_DECLARED = Declarable(
    "draft_switch",
    DRAFT_SWITCH,
    # It has no choices: Ansible would refuse null, which leaves the draft box alone.
    {"draft_switch": {"type": "str"}},
    _declare,
    SwitchRows,
    title=Text("Draft box", "草稿箱"),
    kept=lambda row: row["was_open"],
    restored=_restored,
    differences=lambda row: [("is_open", False, True)] if row["changed"] else [],
)
