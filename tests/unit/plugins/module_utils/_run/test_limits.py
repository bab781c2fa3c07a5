# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many accounts fit, which a real process would take too long to show, and how a thread starts."""

from __future__ import annotations

import resource
import signal
import sys
import threading
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._run import limits
from ansible_collections.wxops.official_account.plugins.module_utils._run.limits import start_thread, threads_allowed

NONE = resource.RLIM_INFINITY


def fit(monkeypatch: pytest.MonkeyPatch, wanted: int, files: int) -> tuple[int, list[str]]:
    """How many fit, with 10 files open, and what is told."""
    monkeypatch.setattr(resource, "getrlimit", {resource.RLIMIT_NOFILE: (files, files)}.__getitem__)
    monkeypatch.setattr(limits, "_open_files", lambda: 10)
    told: list[str] = []
    return threads_allowed(wanted, told.append), told


@pytest.mark.parametrize(
    ("wanted", "files", "fits"),
    [
        (256, NONE, 256),
        (256, 546, 256),
        (256, 545, 255),
        (256, 1024, 256),
        (256, 128, 47),
        (32, 128, 32),
        (256, 36, 1),
        (256, 8, 1),
        (0, 8, 0),
        (1, 8, 1),
    ],
)
def test_how_many_fit(monkeypatch: pytest.MonkeyPatch, wanted: int, files: int, fits: int) -> None:
    found, told = fit(monkeypatch, wanted, files)
    assert found == fits
    assert len(told) == (0 if fits == wanted else 1)
    for text in told:
        assert f"{wanted} accounts are to be worked on at a time, and {fits or 1} will be" in text
        assert "or lower concurrency" in text


def test_what_this_process_has_open_is_counted() -> None:
    before = limits._open_files()
    with open(sys.executable, "rb"):
        assert limits._open_files() == before + 1


# --- Threads.


def test_a_thread_takes_no_signals_and_leaves_those_of_who_starts_it() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    seen: list[set[t.Any]] = []
    thread = start_thread(lambda: seen.append(signal.pthread_sigmask(signal.SIG_BLOCK, [])))
    thread.join()
    assert thread.daemon
    assert seen[0] >= {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == before


def test_a_thread_that_cannot_be_had_leaves_the_signals_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_thread: threading.Thread) -> t.NoReturn:
        raise RuntimeError("can't start new thread")

    before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    monkeypatch.setattr(threading.Thread, "start", refuse)
    with pytest.raises(RuntimeError):
        start_thread(lambda: None)
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == before
