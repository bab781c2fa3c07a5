# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Failures that nobody expected, and answers that make no sense: only their kind is told."""

from __future__ import annotations

import errno

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import (
    START,
    ApiError,
    DeadToken,
    Failure,
    Retired,
    Step,
    TokenReplaced,
    unexpected_failure,
    unusable_answer,
)
from ansible_collections.wxops.official_account.plugins.module_utils._text import verbatim

STEP = Step("read a menu")
CANARY = "https://api.weixin.qq.com/?access_token=canary-token"


@pytest.mark.parametrize(
    ("unexpected", "reason", "what"),
    [
        (MemoryError(CANARY), "operator", "this host ran out of memory"),
        (OSError(errno.EMFILE, CANARY), "operator", "this process may not open more files"),
        (OSError(errno.ENFILE, CANARY), "operator", "this process may not open more files"),
        (OSError(errno.EACCES, CANARY), "protocol", "an unexpected PermissionError in this collection"),
        (KeyError(CANARY), "protocol", "an unexpected KeyError in this collection"),
    ],
)
def test_an_unexpected_exception_is_told_by_its_kind_and_never_by_its_text(unexpected: Exception, reason: str, what: str) -> None:
    failure = unexpected_failure(STEP, unexpected)
    assert (failure.reason, failure.what, failure.step) == (reason, what, STEP)
    assert "canary" not in str(failure)
    assert failure.remedy
    assert not failure.shared


def test_an_unusable_answer_is_in_doubt_only_where_the_request_had_left() -> None:
    left, stayed = unusable_answer(STEP, verbatim("what"), 200), unusable_answer(STEP, verbatim("what"), passing=True, sent=False)
    assert (left.sent, left.unclear, left.passing, left.failure.http_status) == (True, True, False, 200)
    assert (stayed.sent, stayed.unclear, stayed.passing, stayed.failure.http_status) == (False, False, True, None)
    assert left.failure.remedy.startswith("check api_url and any proxy between")
    assert unusable_answer(STEP, verbatim("what"), remedy=verbatim("look")).failure.remedy == "look"


def test_an_error_is_sent_and_clear_and_final_unless_it_says_otherwise() -> None:
    failure = Failure("account", STEP, verbatim("what"), verbatim("remedy"))
    error = ApiError(failure)
    assert (error.failure, error.passing, error.unclear, error.sent, str(error)) == (failure, False, False, True, "what")
    assert all(issubclass(kind, ApiError) for kind in (DeadToken, Retired, TokenReplaced))


def test_nothing_is_sent_where_a_run_starts() -> None:
    assert STEP.sends
    assert not START.sends
