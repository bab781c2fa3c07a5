# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an action says if this collection itself fails in the middle of the work: what a real platform cannot cause."""

from __future__ import annotations

import types
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.plugin_utils._accounts import AccountAction


@pytest.mark.parametrize("accounts", [None, [{"name": "a"}]], ids=["one", "many"])
@pytest.mark.parametrize("check_mode", [False, True])
def test_an_error_in_the_middle_of_the_work_is_not_told_as_nothing_sent(accounts: t.Any, check_mode: bool) -> None:
    action = object.__new__(AccountAction)
    action._task = types.SimpleNamespace(check_mode=check_mode, args={"accounts": accounts})
    result = action._unexpected(KeyError("canary-token"))
    assert result["failed"] is True
    assert result["failure"]["reason"] == ("protocol" if check_mode else "outcome_unknown")
    assert "nothing was sent" not in result["msg"]
    assert ("may have been sent and carried out" in result["msg"]) is not check_mode
    assert "canary" not in str(result)
