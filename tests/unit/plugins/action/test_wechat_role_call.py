# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Slices of a list when the module that works on one does not come back."""

from __future__ import annotations

import types
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.action.wechat_role_call import ActionModule
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import START, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._resource.draft_switch import TURN_ON
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import summary
from ansible_collections.wxops.official_account.plugins.module_utils._text import plain
from ansible_collections.wxops.official_account.plugins.plugin_utils._record import NoRecord
from ansible_collections.wxops.official_account.plugins.plugin_utils._role_calls import Called
from ansible_collections.wxops.official_account.plugins.plugin_utils._roles import ROLES

ON = {"changed": False, "failed": False, "is_open": True, "was_open": True, "verified": True, "request_sent": False, "failure": None}
GONE = Called({}, Failure("outcome_unknown", TURN_ON, plain("the module ended"), plain("run again: it looks first")), True, False)
NEVER_BEGUN = Called({}, Failure("operator", START, plain("no such Python"), plain("set another")), False, False)
REFUSED = Called({"summary": {}, "failure": {"reason": "operator"}, "msg": "no requests; nothing was sent"}, None, False, False)


class Scripted(ActionModule):
    """Answers each call of the module with the next of ``answers``: what it adds to a result, or all that came of it."""

    def __init__(self, answers: list[dict[str, t.Any] | Called]) -> None:
        self._answers = answers
        self.role = ROLES["draft_switch"]
        self._task = types.SimpleNamespace(check_mode=False, args={})
        self._display = types.SimpleNamespace(display=lambda _line: None)

    def call(self, _module: str, options: dict[str, t.Any], _variables: dict[str, t.Any]) -> Called:
        answer = self._answers.pop(0)
        if isinstance(answer, Called):
            return answer
        rows = {account["name"]: dict(ON) for account in options["accounts"]}
        return Called({"summary": {}, "failure": None, "accounts": rows, **answer}, None, True, False)


def work(answers: list[dict[str, t.Any] | Called]) -> tuple[dict[str, t.Any], list[str]]:
    accounts = [{"name": f"a{number}", "appid": None} for number in range(6)]
    return Scripted(answers)._slices(accounts, 2, {}, {}, NoRecord())


def test_a_module_that_does_not_come_back_leaves_its_accounts_in_doubt_and_those_after_alone() -> None:
    done, _warnings = work([{}, GONE])
    assert summary(done.values()) == {"total": 6, "changed": 0, "unchanged": 2, "failed": 2, "not_attempted": 2, "retired": 0}
    lost, alone = done["a2"], done["a4"]
    assert (lost["failure"]["reason"], lost["is_open"], lost["request_sent"], lost["failed"]) == ("outcome_unknown", None, None, True)
    assert "may have been sent and carried out" in lost["msg"]
    assert "it looks first" in lost["msg"]
    assert (alone["failure"]["reason"], alone["request_sent"]) == ("not_attempted", False)
    assert "nothing was sent" in alone["msg"]


def test_the_first_slice_is_no_exception() -> None:
    done, _warnings = work([GONE])
    assert done["a0"]["failure"]["reason"] == "outcome_unknown"
    assert list(done) == [f"a{number}" for number in range(6)]


@pytest.mark.parametrize(("answer", "says"), [(NEVER_BEGUN, "no such Python"), (REFUSED, "no requests")])
def test_what_is_known_not_to_have_begun_is_said_so(answer: Called, says: str) -> None:
    done, _warnings = work([answer])
    assert (done["a0"]["failure"]["reason"], done["a0"]["request_sent"]) == ("operator", False)
    assert says in done["a0"]["msg"]
    assert "nothing was sent" in done["a0"]["msg"]


def test_slices_are_put_together_in_order_and_each_warning_is_told_once() -> None:
    done, warnings = work([{"warnings": ["gone"]}, {}, {"warnings": ["gone", "http"]}])
    assert list(done) == [f"a{number}" for number in range(6)]
    assert warnings == ["gone", "http"]
