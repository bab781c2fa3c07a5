# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The platform's ID of a request, and the time in it. The platform's day is that of Beijing.

The first group of a rid is the time of the request, in seconds since 1970, as a hexadecimal number. The platform's page about rid/get does
not say so; its sample and the rids in dated reports of users agree.
"""

from __future__ import annotations

import datetime
import re

RID = re.compile(r"[0-9a-f]{1,16}-[0-9a-f]{1,16}-[0-9a-f]{1,16}")

_BEIJING = datetime.timezone(datetime.timedelta(hours=8))
# From 2010 to 2100. What is outside is no time.
_EARLIEST, _LATEST = 1_262_304_000, 4_102_444_800


def seconds_of(rid: str | None) -> int | None:
    """When the request with this ``rid`` came, in seconds since 1970; None if it does not say."""
    if rid is None or not RID.fullmatch(rid):
        return None
    seconds = int(rid.partition("-")[0], 16)
    return seconds if _EARLIEST <= seconds <= _LATEST else None


def beijing(seconds: float) -> str:
    """``seconds`` since 1970, as readers in China write it."""
    return datetime.datetime.fromtimestamp(seconds, _BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def midnight_after(seconds: float) -> str:
    """When the day that ``seconds`` is in ends: then the counts of a day begin again."""
    day = datetime.datetime.fromtimestamp(seconds, _BEIJING).date() + datetime.timedelta(days=1)
    return f"{day} 00:00:00"
