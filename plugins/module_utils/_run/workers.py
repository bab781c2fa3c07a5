# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The threads of one call. Each account has its own outcome. All threads stop if the platform cannot be reached any more."""

from __future__ import annotations

import contextlib
import functools
import queue
import threading
import typing as t

from .._http.errors import ATTEMPT, START, Failure, unexpected_failure
from .._http.patience import until_stopped
from .._resource.outcome import Outcome
from .._text import Text
from .limits import start_threads

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .._http.patience import Patience

    Work = Callable[[], Outcome[t.Any]]

T = t.TypeVar("T")

# How many accounts in a row must fail to reach the platform, each after all its retries and without one answer to any account, before the
# cause is not a single account's.
UNREACHED_IN_A_ROW = 16
NONE_REACHED = Text("{unreached_in_a_row} accounts in a row could not be reached").filled(unreached_in_a_row=UNREACHED_IN_A_ROW)
_FOR_EVERY_ACCOUNT = Text("an earlier account failed for a reason that holds for every account")
_CORRECT = Text("correct what stopped the run, then run again ({what}: {remedy})")


class Workers:
    """``concurrency`` threads that work on accounts. For one run.

    ``without_memory``: the outcome of an account if there was not enough memory for its own. ``warn``: shows a warning to the user.
    ``left``: after ``run``, the accounts that were not attempted.
    """

    def __init__(self, concurrency: int, without_memory: Outcome[t.Any], warn: Callable[[Text], object] = lambda _text: None) -> None:
        self._concurrency = concurrency
        self._without_memory = without_memory
        self._warn = warn
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._unreached = 0
        self._counted: Failure | None = None
        self._cause: Failure | None = None
        self.left: list[str] = []

    def patience(self, pauses: Callable[[], Iterable[float]]) -> Patience:
        """A patience without further tries once the threads stop. ``pauses``: the seconds to wait before each further try."""
        return until_stopped(self._stopped, pauses)

    def answered(self) -> None:
        """Note that the platform can be reached. Call it after each answer, for any account."""
        self._unreached = 0

    def run(self, accounts: Mapping[str, Work]) -> dict[str, Outcome[t.Any]]:
        """Work on ``accounts``. Returns the outcome of each by its name, in the order of ``accounts``."""
        done: dict[str, Outcome[t.Any] | None] = dict.fromkeys(accounts)
        work = functools.partial(self._work, done)
        in_threads(min(self._concurrency, len(accounts)), accounts.items(), work, self._stopped, self._warn)
        rest = self._not_attempted()
        self.left = [name for name, outcome in done.items() if outcome is None]
        return {name: rest if outcome is None else outcome for name, outcome in done.items()}

    def _work(self, done: dict[str, Outcome[t.Any] | None], item: tuple[str, Work]) -> None:
        name, work = item
        # From now on a request may be sent. This outcome stays if there is not enough memory for another one.
        done[name] = self._without_memory
        with contextlib.suppress(MemoryError):
            done[name] = outcome = self._outcome_of(work)
            self._judge(outcome)

    def _outcome_of(self, work: Work) -> Outcome[t.Any]:
        try:
            return work()
        except MemoryError:  # a request may have been sent before it
            return self._without_memory
        except Exception as unexpected:  # otherwise the thread would end, and its account would have no outcome
            return Outcome(failure=unexpected_failure(START, unexpected))

    def _judge(self, outcome: Outcome[t.Any]) -> None:
        """Stop all threads if this failure holds for every account, or if too many accounts in a row could not be reached."""
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
            return Outcome(failure=Failure("not_attempted", ATTEMPT, Text("the run was stopped"), Text("run again")))
        remedy = _CORRECT.filled(what=cause.what, remedy=cause.remedy)
        return Outcome(failure=Failure("not_attempted", ATTEMPT, _FOR_EVERY_ACCOUNT if cause.shared else NONE_REACHED, remedy))


def in_threads(
    number: int, items: Iterable[T], work: Callable[[T], object], stopped: threading.Event, warn: Callable[[Text], object]
) -> None:
    """Call ``work`` with each of ``items``, in ``number`` threads or as many as can start, until all are done or ``stopped`` is set.

    ``work`` must raise nothing but MemoryError. ``warn``: called with a warning for the user if there are fewer threads. Sets ``stopped``,
    and returns when the last thread has ended.
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
            thread.join()
    finally:
        stopped.set()
