# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Slices of a list when the module that works on one does not come back."""

from __future__ import annotations

import types
import typing as t

from ansible_collections.wxops.official_account.plugins.action.draft_switch_fleet import ActionModule

ON = {"changed": False, "failed": False, "is_open": True, "was_open": True, "verified": True, "request_sent": False, "failure": None}
GONE = {"failed": True, "msg": "MODULE FAILURE", "rc": 137}


class Scripted(ActionModule):
    """Answers each call of the module with the next of ``answers``."""

    def __init__(self, answers: list[dict[str, t.Any]]) -> None:
        self._answers = answers
        self._task = types.SimpleNamespace(check_mode=False)
        self._display = types.SimpleNamespace(display=lambda _line: None)

    def _execute_module(self, module_args: dict[str, t.Any], **_how: t.Any) -> dict[str, t.Any]:
        answer = self._answers.pop(0)
        if "failed" in answer:
            return answer
        return {"summary": {}, "failure": None, "accounts": {account["name"]: dict(ON) for account in module_args["accounts"]}}


def work(answers: list[dict[str, t.Any]]) -> dict[str, t.Any]:
    accounts = [{"name": f"a{number}", "appid": None} for number in range(6)]
    return Scripted(answers)._work(accounts, 2, {}, {})


def test_a_module_that_does_not_come_back_leaves_its_accounts_in_doubt_and_those_after_alone() -> None:
    result = work([{}, GONE])
    assert result["summary"] == {"total": 6, "changed": 0, "unchanged": 2, "failed": 2, "not_attempted": 2, "retired": 0}
    lost, alone = result["accounts"]["a2"], result["accounts"]["a4"]
    assert (lost["failure"]["reason"], lost["is_open"], lost["request_sent"], lost["failed"]) == ("outcome_unknown", None, True, True)
    assert "may have been carried out" in lost["msg"]
    assert "it looks first" in lost["msg"]
    assert (alone["failure"]["reason"], alone["request_sent"]) == ("not_attempted", False)
    assert "nothing was sent" in alone["msg"]


def test_the_first_module_s_failure_is_told_as_it_is() -> None:
    assert work([GONE]) == GONE


def test_slices_are_put_together_in_order() -> None:
    result = work([{}, {}, {}])
    assert list(result["accounts"]) == [f"a{number}" for number in range(6)]
    assert result["summary"]["unchanged"] == 6
