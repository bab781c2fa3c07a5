# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The keys that results have on every path."""

from __future__ import annotations

import re
import typing as t

KEYS = {"changed", "is_open", "was_open", "verified", "request_sent", "failure", "msg"}
FAILURE_KEYS = {"reason", "errcode", "errmsg", "rid", "http_status", "remedy"}
REFUSED_AT = r"The platform refused this at [-0-9:. ]+ Beijing time\."
COUNTS = {"total": 0, "changed": 0, "unchanged": 0, "failed": 0, "not_attempted": 0, "retired": 0}


def assert_shape(result: dict[str, t.Any], *more: str) -> None:
    """The same keys on every path, each of one type; one sentence."""
    retired = result["is_open"] and not result["verified"]
    wanted = KEYS | (set(more) if not result["failed"] and not retired else set())
    assert_keys(result, wanted)
    for key in ("is_open", "was_open"):
        assert result[key] in (True, False, None)
    for key in ("changed", "verified", "request_sent"):
        assert isinstance(result[key], bool)
    # One sentence, and one about the time of a refusal that the platform has given a number.
    _sentence, _full_stop, refused = result["msg"].partition(". ")
    assert result["msg"].endswith(".")
    assert not refused or (result["failure"]["rid"] and re.fullmatch(REFUSED_AT, refused)), result["msg"]
    if result["failure"]:
        assert set(result["failure"]) == FAILURE_KEYS
        for key, value in result["failure"].items():
            assert value is None or isinstance(value, int if key in ("errcode", "http_status") else str)
        assert result["failure"]["remedy"].endswith(".")


def assert_keys(result: dict[str, t.Any], wanted: set[str]) -> None:
    of_ansible = {"failed", "invocation", "warnings", "exception", "deprecations"}
    assert {key for key in result if not key.startswith("_ansible")} - of_ansible == wanted
