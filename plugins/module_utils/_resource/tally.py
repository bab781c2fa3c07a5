# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""The results of many accounts, counted, and those that failed grouped by what to do about them."""

from __future__ import annotations

import collections
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Result = dict[str, t.Any]

ENDINGS = ("changed", "unchanged", "failed", "not_attempted", "retired")

# So many names of a group are told; the results have them all.
_NAMES_TOLD = 3


def ending(result: Mapping[str, t.Any]) -> str:
    """Which of ``ENDINGS`` an account's ``result`` is."""
    if result["failure"]:
        return "not_attempted" if result["failure"]["reason"] == "not_attempted" else "failed"
    if not result["verified"]:
        return "retired"
    return "changed" if result["changed"] else "unchanged"


def summary(results: Iterable[Mapping[str, t.Any]]) -> dict[str, int]:
    """How many accounts ended how. Each is counted once, besides in ``total``."""
    counts = collections.Counter(map(ending, results))
    return {"total": sum(counts.values()), **{name: counts[name] for name in ENDINGS}}


def by_remedy(accounts: Mapping[str, Mapping[str, t.Any]]) -> dict[str, list[str]]:
    """The names of the accounts that failed, by what to do about it; what helps most accounts comes first."""
    groups: dict[str, list[str]] = {}
    for name, result in accounts.items():
        if result["failure"]:
            groups.setdefault(result["failure"]["remedy"], []).append(name)
    return dict(sorted(groups.items(), key=lambda group: -len(group[1])))


def told(accounts: Mapping[str, Mapping[str, t.Any]], clauses: Mapping[str, str]) -> str:
    """A line with the counts, and a line for each thing to do. ``clauses``: how to say each of ``ENDINGS``."""
    counts = summary(accounts.values())
    counted = "; ".join(f"{counts[name]:,} {clause}" for name, clause in clauses.items() if counts[name])
    lines = [f"{how_many(len(accounts))}: {counted or 'nothing to do'}."]
    for remedy, names in by_remedy(accounts).items():
        lines.append(f"{how_many(len(names))}: {remedy[:1].lower()}{remedy[1:].rstrip('.')}: {some(names)}")
    return "\n".join(lines)


def some(names: list[str]) -> str:
    """The first few of ``names``, and how many more there are."""
    more = len(names) - _NAMES_TOLD
    return ", ".join(names[:_NAMES_TOLD]) + (f" and {more:,} more" if more > 0 else "")


def how_many(accounts: int) -> str:
    return "1 account" if accounts == 1 else f"{accounts:,} accounts"
