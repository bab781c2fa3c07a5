# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many accounts fit, and what is kept back: what a real process would take too long to show."""

from __future__ import annotations

import resource
import sys

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._run import limits
from ansible_collections.wxops.official_account.plugins.module_utils._run.limits import Reserve, fitting

NONE = resource.RLIM_INFINITY
MIB = 1024 * 1024


def fit(monkeypatch: pytest.MonkeyPatch, wanted: int, files: int, space: int) -> tuple[int, list[str]]:
    """How many fit, with 10 files open and 60 MiB in use, and what is told."""
    limited = {resource.RLIMIT_NOFILE: (files, files), resource.RLIMIT_AS: (space, space)}
    monkeypatch.setattr(resource, "getrlimit", limited.__getitem__)
    monkeypatch.setattr(limits, "_open_files", lambda: 10)
    monkeypatch.setattr(limits, "_used_space", lambda: 60 * MIB)
    told: list[str] = []
    return fitting(wanted, told.append), told


@pytest.mark.parametrize(
    ("wanted", "files", "space", "fits"),
    [
        (256, NONE, NONE, 256),
        (256, 546, NONE, 256),
        (256, 545, NONE, 255),
        (256, 1024, NONE, 256),
        (256, 128, NONE, 47),
        (32, 128, NONE, 32),
        (256, 36, NONE, 1),
        (256, 8, NONE, 1),
        (0, 8, NONE, 0),
        (1, 8, NONE, 1),
        (32, NONE, 60 * MIB, 0),
        (32, NONE, 10 * MIB, 0),
        (32, NONE, 140 * MIB, 1),
        (32, NONE, 2620 * MIB, 32),
        (32, 128, 2620 * MIB, 32),
        (256, 128, 2620 * MIB, 32),
        (256, 64, 2620 * MIB, 15),
    ],
)
def test_how_many_fit(monkeypatch: pytest.MonkeyPatch, wanted: int, files: int, space: int, fits: int) -> None:
    found, told = fit(monkeypatch, wanted, files, space)
    assert found == fits
    assert len(told) == (0 if fits == wanted else 1)
    for text in told:
        assert f"{wanted} accounts are to be worked on at a time, and {fits or 1} will be" in text
        assert "or lower concurrency" in text


def test_what_this_process_has_open_is_counted() -> None:
    before = limits._open_files()
    with open(sys.executable, "rb"):
        assert limits._open_files() == before + 1


def test_a_reserve_takes_space_and_gives_it_back() -> None:
    before = limits._used_space()
    reserve = Reserve(1000)
    taken = limits._used_space() - before
    reserve.give_back()
    assert taken >= 16 * MIB + 1000 * 16 * 1024
    assert limits._used_space() - before < taken // 2


def test_no_reserve_is_no_memory() -> None:
    with pytest.raises(MemoryError):
        Reserve(2**40)
