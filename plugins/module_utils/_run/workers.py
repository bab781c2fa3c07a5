# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""The threads of one call: each account has an outcome of its own, and all stop when the platform cannot be reached any more."""

from __future__ import annotations

import contextlib
import functools
import queue
import threading
import typing as t

from .._http.errors import ATTEMPT, START, Failure, surprise
from .._http.patience import until_stopped
from .._resource.outcome import Outcome
from .limits import start_threads

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .._http.patience import Patience

    Work = Callable[[], Outcome[t.Any]]

T = t.TypeVar("T")

# So many accounts in a row, each after all its retries, and not one answer meanwhile, are no account's own trouble.
UNREACHED_IN_A_ROW = 16


class Workers:
    """``concurrency`` threads that work on accounts. For one run.

    ``lost``: the outcome of an account for which there was no memory to make one. ``warn``: passes a warning to the user.
    """

    def __init__(self, concurrency: int, lost: Outcome[t.Any], warn: Callable[[str], object] = lambda _text: None) -> None:
        self._concurrency = concurrency
        self._lost = lost
        self._warn = warn
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._unreached = 0
        self._counted: Failure | None = None
        self._cause: Failure | None = None

    def patience(self, pauses: Callable[[], Iterable[float]]) -> Patience:
        """A patience that tries no further when all stop."""
        return until_stopped(self._stopped, pauses)

    def answered(self) -> None:
        """To be called with every answer, to whomever: the platform can be reached."""
        self._unreached = 0

    def run(self, accounts: Mapping[str, Work]) -> dict[str, Outcome[t.Any]]:
        """The outcome of each of ``accounts``, in their order."""
        # Each has its place from the start, so that none takes memory in the end.
        done: dict[str, Outcome[t.Any] | None] = dict.fromkeys(accounts)
        work = functools.partial(self._work, done)
        in_threads(min(self._concurrency, len(accounts)), accounts.items(), work, self._stopped, self._warn)
        rest = self._not_attempted()
        return {name: rest if outcome is None else outcome for name, outcome in done.items()}

    def _work(self, done: dict[str, Outcome[t.Any] | None], item: tuple[str, Work]) -> None:
        name, work = item
        # From now on a request may leave. Without memory this is all that can be told.
        done[name] = self._lost
        with contextlib.suppress(MemoryError):
            done[name] = outcome = self._outcome_of(work)
            self._judge(outcome)

    def _outcome_of(self, work: Work) -> Outcome[t.Any]:
        try:
            return work()
        except MemoryError:  # it may have come after a request was sent
            return self._lost
        except Exception as unexpected:  # a thread that died would leave its account without an outcome
            return Outcome(failure=surprise(START, unexpected))

    def _judge(self, outcome: Outcome[t.Any]) -> None:
        """Stop if this holds for all, or is one account too many that could not be reached."""
        failure = outcome.failure
        if failure is None or not (failure.shared or failure.reason == "transport"):
            return
        with self._lock:
            if failure is self._counted:  # several accounts share the one request that failed
                return
            self._counted = failure
            self._unreached += 1
            if (failure.shared or self._unreached >= UNREACHED_IN_A_ROW) and self._cause is None:
                self._cause = failure
                self._stopped.set()

    def _not_attempted(self) -> Outcome[t.Any]:
        cause = self._cause
        if cause is None:
            return Outcome(failure=Failure("not_attempted", ATTEMPT, "the run was stopped", "run again"))
        return Outcome(
            failure=Failure(
                "not_attempted",
                ATTEMPT,
                "what stopped an account before it would stop every other"
                if cause.shared
                else f"{UNREACHED_IN_A_ROW} accounts in a row could not be reached",
                f"run again when what stopped the run is put right ({cause.what}: {cause.remedy})",
            )
        )


def in_threads(
    number: int, items: Iterable[T], work: Callable[[T], object], stopped: threading.Event, warn: Callable[[str], object]
) -> None:
    """Have ``work`` done for each of ``items`` by ``number`` threads, or by as many as there are, until all are done or ``stopped`` is set.

    ``work`` raises nothing but MemoryError. ``warn``: told if there are fewer threads. Returns when the last thread has ended, with
    ``stopped`` set.
    """
    waiting: queue.SimpleQueue[T] = queue.SimpleQueue()
    for item in items:
        waiting.put(item)

    def take() -> None:
        while not stopped.is_set():
            try:
                item = waiting.get_nowait()
            except queue.Empty:
                return
            work(item)

    try:
        threads = start_threads(number, take, warn)
        if not threads:
            take()
        for thread in threads:
            while thread.is_alive():
                # What memory there is, those at work are using; it comes back as they end.
                with contextlib.suppress(MemoryError):
                    thread.join()
    finally:
        stopped.set()
