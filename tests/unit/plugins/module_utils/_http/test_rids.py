# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.rids import beijing, midnight_after, seconds_of

TIMES: dict[str, int | None] = {
    # The sample of the platform's page about rid/get, which also has the time.
    "617682e0-6126f6f9-040f19c4": 1_635_156_704,
    "6743f1a2-0a1b2c3d-4e5f6071": 1_732_506_018,
    # No time.
    "1-1-1": None,
    "00000000-00000000-00000000": None,
    "ffffffff-00000000-00000000": None,
    "617682e0617682e0-6126f6f9-040f19c4": None,
    # No rid.
    "": None,
    "617682e0": None,
    "617682e0-6126f6f9": None,
    "617682E0-6126F6F9-040F19C4": None,
    " 617682e0-6126f6f9-040f19c4": None,
    "617682e0-6126f6f9-040f19c4\n": None,
    "-617682e0-6126f6f9-040f19c4": None,
    "\uff1617682e0-6126f6f9-040f19c4": None,
    "[1wxops.7]": None,
}


@pytest.mark.parametrize("rid", TIMES)
def test_the_time_of_a_request_is_in_its_rid(rid: str) -> None:
    assert seconds_of(rid) == TIMES[rid]


def test_without_a_rid_there_is_no_time() -> None:
    assert seconds_of(None) is None


def test_times_are_those_of_beijing() -> None:
    assert beijing(1_635_156_704) == "2021-10-25 18:11:44"


@pytest.mark.parametrize(
    ("seconds", "midnight"),
    [(1_635_156_704, "2021-10-26 00:00:00"), (1_635_177_599, "2021-10-26 00:00:00"), (1_635_177_600, "2021-10-27 00:00:00")],
)
def test_the_counts_of_a_day_begin_again_at_midnight_in_beijing(seconds: int, midnight: str) -> None:
    assert midnight_after(seconds) == midnight
