# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""Many accounts, some at a time: each has an outcome of its own, and all stop when none can be reached any more."""

from __future__ import annotations

import contextlib
import functools
import itertools
import queue
import threading
import time
import typing as t

from .._http.errors import (
    ATTEMPT_STEP,
    ENABLE_STEP,
    LOOK_STEP,
    MORE_MEMORY,
    OUT_OF_MEMORY,
    Failure,
    surprise,
)
from .._http.patience import Patience
from .._resource.draft_switch import Outcome
from .limits import start_threads

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# So many accounts in a row, each after all its retries, and not one answer meanwhile, are no account's own trouble.
UNREACHED_IN_A_ROW = 16


# What is told of an account for which there was no memory to tell more: where only looks are sent, and where not.
LOST_LOOK = Outcome(failure=Failure("operator", LOOK_STEP, OUT_OF_MEMORY, MORE_MEMORY))
LOST = Outcome(
    request_sent=None,
    failure=Failure("outcome_unknown", ENABLE_STEP, OUT_OF_MEMORY, f"run again: it looks first; should that fail too, {MORE_MEMORY}"),
)


class Fleet:
    """Works on accounts with ``concurrency`` threads. For one run.

    ``lost``: the outcome of an account for which there was no memory to make one. ``warn``: passes a warning to the user.
    """

    def __init__(self, concurrency: int, lost: Outcome = LOST, warn: Callable[[str], object] = lambda _text: None) -> None:
        self._concurrency = concurrency
        self._lost = lost
        self._warn = warn
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._unreached = 0
        self._counted: Failure | None = None
        self._cause: Failure | None = None

    def patience(self, pauses: Callable[[], Iterable[float]]) -> Patience:
        """A patience that reads no further when the fleet stops; what was turned on is still given its time to show."""
        return Patience(
            pauses=lambda: itertools.takewhile(lambda _pause: not self._stopped.is_set(), pauses()),
            sleep=time.sleep,
            rest=self._stopped.wait,
        )

    def answered(self) -> None:
        """To be called with every answer, to whomever: the platform can be reached."""
        self._unreached = 0

    def run(self, accounts: Mapping[str, Callable[[], Outcome]]) -> dict[str, Outcome]:
        """The outcome of each of ``accounts``, in their order."""
        waiting: queue.SimpleQueue[tuple[str, Callable[[], Outcome]]] = queue.SimpleQueue()
        for item in accounts.items():
            waiting.put(item)
        # Each has its place from the start, so that none takes memory in the end.
        done: dict[str, Outcome | None] = dict.fromkeys(accounts)
        work = functools.partial(self._work, waiting, done)
        try:
            threads = start_threads(min(self._concurrency, len(accounts)), work, self._warn)
            if not threads:
                work()
            for thread in threads:
                while thread.is_alive():
                    # What memory there is, those at work are using; it comes back as they end.
                    with contextlib.suppress(MemoryError):
                        thread.join()
        finally:
            self._stopped.set()
        rest = self._not_attempted()
        return {name: rest if outcome is None else outcome for name, outcome in done.items()}

    def _work(self, waiting: queue.SimpleQueue[tuple[str, Callable[[], Outcome]]], done: dict[str, Outcome | None]) -> None:
        while not self._stopped.is_set():
            try:
                name, work = waiting.get_nowait()
            except queue.Empty:
                return
            # From now on a request may leave. Without memory this is all that can be told.
            done[name] = self._lost
            with contextlib.suppress(MemoryError):
                done[name] = outcome = self._outcome_of(work)
                self._judge(outcome)

    def _outcome_of(self, work: Callable[[], Outcome]) -> Outcome:
        try:
            return work()
        except MemoryError:  # it may have come after a request was sent
            return self._lost
        except Exception as unexpected:  # a thread that died would leave its account without an outcome
            return Outcome(failure=surprise(LOOK_STEP, unexpected))

    def _judge(self, outcome: Outcome) -> None:
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

    def _not_attempted(self) -> Outcome:
        cause = self._cause
        if cause is None:
            return Outcome(failure=Failure("not_attempted", ATTEMPT_STEP, "the run was stopped", "run again"))
        return Outcome(
            failure=Failure(
                "not_attempted",
                ATTEMPT_STEP,
                "what stopped an account before it would stop every other"
                if cause.shared
                else f"{UNREACHED_IN_A_ROW} accounts in a row could not be reached",
                f"run again when what stopped the run is put right ({cause.what}: {cause.remedy})",
            )
        )
