# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every resource says about itself, so that an account can declare it."""

from __future__ import annotations

import dataclasses
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .._text import Language, Text
    from .converge import NextChange, Resource
    from .outcome import Outcome
    from .results import Rows

T = t.TypeVar("T")

# A path within a state, what was there, and what is there now; None for nothing.
Difference = tuple[str, t.Any, t.Any]

# Menus for a page to draw: ``match``, whom a menu is for, and ``menu``, in the canonical form, or None. That of everybody has no match.
Picture = list[dict[str, t.Any]]

# The options of accounts, by the accounts' names.
Accounts = t.Mapping[str, t.Mapping[str, t.Any]]


@dataclasses.dataclass(frozen=True)
class Declarable(t.Generic[T]):
    """A resource that an account can declare.

    ``name``: its name, and that of the option that declares it. ``options``: the argument spec of that option, and of those that belong to
    it.
    ``declare``: called with the options of all accounts that declare it, by name. Returns a NextChange for each, and warnings for the user.
    Raises ApiError if one of them cannot be used; nothing is sent then.
    ``rows``: makes its rows; its arguments are whether the run is in check mode, and the language of the run.
    ``title``: the heading of its column in a report.
    ``kept``: what a record keeps of a row before a change: JSON from which ``restored`` makes the options that bring it back.
    ``restored``: returns why the API cannot bring it back, as a clause, if it cannot.
    ``together``: called with what was kept before each of two changes, the earlier first. Returns what it would be for both as one change.
    ``differences``: what a row has changed, or would change: the path, what was there, and what is there now; None for nothing.
    ``everything``: its look shows all that there is to know, and a refusal may be an answer; None for ``resource``. ``info``: the rows of
    what it shows; None if it cannot be exported.
    ``exported``: called with a row of ``info``, and with those of all resources of the account that could be looked at, by name. Returns
    the options that declare what is there; None if there is nothing to declare, as ``msg`` of the row says.
    ``left``: why the API cannot bring back all of what was kept, as a clause, although it brings back what ``restored`` returns.
    ``menus``: for a row with differences, the menus before and after; None if the resource has none.
    ``drawn``: the menus that checked options declare.
    ``given``: returns a NextChange that knows the outcomes of the resources before this one, by their names.
    ``takes_along``: what the foreseen change of a row deletes of other resources: by their names, as their ``kept``.
    """

    name: str
    resource: Resource[T]
    options: Mapping[str, dict[str, t.Any]]
    declare: Callable[[Accounts], tuple[dict[str, NextChange[T]], list[Text]]]
    rows: Callable[[bool, Language], Rows[T, t.Any]]
    title: Text
    kept: Callable[[t.Any], t.Any]
    restored: Callable[[t.Any], Mapping[str, t.Any] | Text]
    differences: Callable[[t.Any], Iterable[Difference]]
    together: Callable[[t.Any, t.Any], t.Any] = lambda kept, _later: kept
    everything: Resource[T] | None = None
    info: Callable[[bool, Language], Rows[T, t.Any]] | None = None
    exported: Callable[[t.Any, Mapping[str, t.Any]], Mapping[str, t.Any] | None] = lambda _row, _rows: None
    left: Callable[[t.Any], Text | None] = lambda _kept: None
    menus: Callable[[t.Any], tuple[Picture, Picture] | None] = lambda _row: None
    drawn: Callable[[Mapping[str, t.Any]], Picture] = lambda _options: []
    given: Callable[[NextChange[T], Mapping[str, Outcome[t.Any]]], NextChange[T]] = lambda next_change, _before: next_change
    takes_along: Callable[[t.Any], Mapping[str, t.Any]] = lambda _row: {}

    def all_kept(self, row: t.Any) -> dict[str, t.Any]:
        """What a record keeps of ``row`` before a change that it foresees: by resource, its own last."""
        return {**self.takes_along(row), self.name: self.kept(row)}
