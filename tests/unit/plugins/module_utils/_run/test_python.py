# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said where the Python is too old, with the keys of every other failure."""

from __future__ import annotations

import json
import sys

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import START, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._resource.draft_switch import InfoRows, SwitchRows
from ansible_collections.wxops.official_account.plugins.module_utils._resource.outcome import Outcome
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import result_of_none, result_of_one
from ansible_collections.wxops.official_account.plugins.module_utils._run.python import OLDEST, refusal, refuse_old_python
from ansible_collections.wxops.official_account.plugins.module_utils._text import verbatim

from tests.unit.modules import give

FAILURE = Failure("operator", START, verbatim("what"), verbatim("remedy"))
SWITCH = {"is_open": None, "was_open": None, "verified": False, "request_sent": False}
INFO = {"is_open": None, "verified": False}


@pytest.mark.parametrize(("one", "rows"), [(SWITCH, SwitchRows(check_mode=False)), (INFO, InfoRows(False))])
def test_a_refusal_has_the_keys_and_the_values_of_every_other_failure(one: dict[str, object], rows: SwitchRows | InfoRows) -> None:
    ours, other = refusal(one, False, "3.9.1"), result_of_one(rows, Outcome(failure=FAILURE))
    assert {**ours, "msg": "", "failure": {**ours["failure"], "remedy": ""}} == {
        **other,
        "msg": "",
        "failure": {**other["failure"], "remedy": ""},
    }


def test_a_refusal_for_many_has_the_keys_and_the_values_of_every_other_failure() -> None:
    ours, other = refusal(SWITCH, True, "3.9.1"), result_of_none(FAILURE, "en")
    assert {**ours, "msg": "", "failure": {**ours["failure"], "remedy": ""}} == {
        **other,
        "msg": "",
        "failure": {**other["failure"], "remedy": ""},
    }


def test_a_refusal_names_both_pythons() -> None:
    assert refusal(INFO, False, "3.9.1")["msg"] == (
        "Failed to start: this module needs Python 3.10 or newer, and the Python that runs it is 3.9.1; nothing was sent; "
        "set ansible_python_interpreter to Python 3.10 or newer with requests on the host that runs the module."
    )


def test_this_python_is_not_refused() -> None:
    refuse_old_python(INFO)


@pytest.mark.parametrize(("given", "keys"), [({}, set(INFO)), ({"accounts": [{"secret": "canary"}]}, {"accounts", "summary"})])
def test_an_old_python_is_refused_whatever_the_options_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: dict[str, object], keys: set[str]
) -> None:
    give(monkeypatch, {"appid": "canary", "no_such_option": "canary", **given})
    monkeypatch.setattr(sys, "version_info", (OLDEST[0], OLDEST[1] - 1, 1))
    with pytest.raises(SystemExit):
        refuse_old_python(INFO)
    told = capsys.readouterr().out
    assert "canary" not in told
    result = json.loads(told)
    assert result["failed"] is True
    assert keys <= set(result)
    assert "the Python that runs it is 3.9.1" in result["msg"]
