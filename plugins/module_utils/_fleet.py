# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""Many accounts, some at a time: each has an outcome of its own, and all stop when none can be reached any more."""

from __future__ import annotations

import itertools
import queue
import threading
import time
import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._draft_switch import Outcome
from ansible_collections.wxops.official_account.plugins.module_utils._errors import ATTEMPT_STEP, LOOK_STEP, Failure, surprise
from ansible_collections.wxops.official_account.plugins.module_utils._patience import Patience

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# So many accounts in a row, each after all its retries, and not one answer meanwhile, are no account's own trouble.
UNREACHED_IN_A_ROW = 16


class Fleet:
    """Works on accounts with ``concurrency`` threads. For one run."""

    def __init__(self, concurrency: int) -> None:
        self._concurrency = concurrency
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
        done: dict[str, Outcome] = {}
        try:
            for thread in self._start(min(self._concurrency, len(accounts)), waiting, done):
                thread.join()
        finally:
            self._stopped.set()
        return {name: done[name] if name in done else self._not_attempted() for name in accounts}

    def _start(self, number: int, *shared: t.Any) -> list[threading.Thread]:
        started: list[threading.Thread] = []
        for _number in range(number):
            # A daemon, so that whatever ends the run does not wait for an answer that may never come.
            thread = threading.Thread(target=self._work, args=shared, daemon=True)
            try:
                thread.start()
            except RuntimeError:  # the machine has no more threads to give
                if not started:
                    raise
                break
            started.append(thread)
        return started

    def _work(self, waiting: queue.SimpleQueue[tuple[str, Callable[[], Outcome]]], done: dict[str, Outcome]) -> None:
        while not self._stopped.is_set():
            try:
                name, work = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                outcome = work()
            except Exception as unexpected:  # a thread that died would leave its account without an outcome
                outcome = Outcome(failure=surprise(LOOK_STEP, unexpected))
            done[name] = outcome
            self._judge(outcome)

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
