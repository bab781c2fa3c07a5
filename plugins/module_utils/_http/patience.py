# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Retries of requests that are safe to send again: looks and calls for a token, never a change."""

from __future__ import annotations

import dataclasses
import itertools
import time
import typing as t

from .errors import ApiError

if t.TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable

T = t.TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Patience:
    """How often to try again, and how to wait.

    ``pauses``: returns the seconds to wait before each further try. ``sleep``: waits that many seconds.
    ``rest``: used between two tries of a read instead of ``sleep``; it may return early when another try is of no use.
    """

    pauses: Callable[[], Iterable[float]]
    sleep: Callable[[float], object]
    rest: Callable[[float], object] | None = None

    def read(self, request: Callable[[], T]) -> T:
        """Call ``request`` and return its answer. Call it again while its error may pass. Raises the last ApiError."""
        for pause in self.pauses():
            try:
                return request()
            except ApiError as error:
                if not error.passing:
                    raise
            (self.rest or self.sleep)(pause)
        return request()


def until_stopped(stopped: threading.Event, pauses: Callable[[], Iterable[float]]) -> Patience:
    """A patience without further tries once ``stopped`` is set. The waits for the effect of a change stay as they are."""
    return Patience(
        pauses=lambda: itertools.takewhile(lambda _pause: not stopped.is_set(), pauses()),
        sleep=time.sleep,
        rest=stopped.wait,
    )
