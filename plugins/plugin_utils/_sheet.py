# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tables as CSV, for spreadsheets, which take what others have written for text and nothing else."""

from __future__ import annotations

import csv
import io
import re
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Iterable

# Programs take a cell that begins like this for a formula: with a sign, also a full-width or a small one, perhaps after what is not seen.
# Where the comma is the decimal sign, a semicolon begins a new cell, even in quotes.
_SIGNS = "-=+@\u207a\u207b\u207c\u208a\u208b\u208c\u2212\ufe62\ufe63\ufe66\ufe6b\ufb29\uff0b\uff0d\uff1d\uff20"
_FORMULA = re.compile(rf"(^\s*|;)(?=[{_SIGNS}])")
# Excel takes no more characters into a cell.
_LONGEST = 32_000


def sheet(lines: Iterable[Iterable[object]]) -> str:
    """``lines`` of cells as CSV. The mark at the beginning has Excel read it as UTF-8."""
    text = io.StringIO("\N{ZERO WIDTH NO-BREAK SPACE}")
    text.seek(1)
    csv.writer(text).writerows(map(_cell, line) for line in lines)
    return text.getvalue()


def clean(text: str) -> str:
    """``text`` in one line, without what a terminal or a spreadsheet would obey."""
    return text if text.isprintable() else "".join(character if character.isprintable() else " " for character in text)


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    line = _FORMULA.sub(lambda found: f"{found[1]}'" if found[1] == ";" else f"'{found[1]}", clean(value))
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
