# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every script of answers up to some length: worlds that ask a script what happens next."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ansible_collections.wxops.official_account.plugins.module_utils._resource.outcome import Outcome

World = t.TypeVar("World")


class Script:
    """Choices, in the order in which they are asked for. ``more``: how many there were each time."""

    def __init__(self, choices: tuple[int, ...]) -> None:
        self._choices = choices
        self.more: list[int] = []

    def choose(self, options: list[str]) -> str:
        position = len(self.more)
        self.more.append(len(options))
        return options[self._choices[position]] if position < len(self._choices) else options[0]


def runs(make: Callable[[Script], World], depth: int, work: Callable[[World], Outcome[t.Any]]) -> Iterator[tuple[World, Outcome[t.Any]]]:
    """``work`` in every world whose first ``depth`` answers are chosen. ``make``: makes a world."""
    waiting: list[tuple[int, ...]] = [()]
    while waiting:
        choices = waiting.pop()
        script = Script(choices)
        world = make(script)
        yield world, work(world)
        # Each run stands for the first choice everywhere behind its own; the others branch off.
        for position in range(len(choices), min(len(script.more), depth)):
            stem = choices + (0,) * (position - len(choices))
            waiting.extend((*stem, option) for option in range(1, script.more[position]))
