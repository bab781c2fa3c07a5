# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many accounts fit: what a real process would take too long to show."""

from __future__ import annotations

import resource
import sys

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._run import limits
from ansible_collections.wxops.official_account.plugins.module_utils._run.limits import threads_allowed

NONE = resource.RLIM_INFINITY


def fit(monkeypatch: pytest.MonkeyPatch, wanted: int, files: int) -> tuple[int, list[str]]:
    """How many fit, with 10 files open, and what is told."""
    monkeypatch.setattr(resource, "getrlimit", {resource.RLIMIT_NOFILE: (files, files)}.__getitem__)
    monkeypatch.setattr(limits, "_open_files", lambda: 10)
    told: list[str] = []
    return threads_allowed(wanted, told.append), told


@pytest.mark.parametrize(
    ("wanted", "files", "fits"),
    [
        (256, NONE, 256),
        (256, 546, 256),
        (256, 545, 255),
        (256, 1024, 256),
        (256, 128, 47),
        (32, 128, 32),
        (256, 36, 1),
        (256, 8, 1),
        (0, 8, 0),
        (1, 8, 1),
    ],
)
def test_how_many_fit(monkeypatch: pytest.MonkeyPatch, wanted: int, files: int, fits: int) -> None:
    found, told = fit(monkeypatch, wanted, files)
    assert found == fits
    assert len(told) == (0 if fits == wanted else 1)
    for text in told:
        assert f"{wanted} accounts are to be worked on at a time, and {fits or 1} will be" in text
        assert "or lower concurrency" in text


def test_what_this_process_has_open_is_counted() -> None:
    before = limits._open_files()
    with open(sys.executable, "rb"):
        assert limits._open_files() == before + 1
