# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The threads of this process: how many it can have, and how they start."""

from __future__ import annotations

import os
import resource
import signal
import threading
import typing as t

from .._http.errors import START, Failure
from .._text import Text

if t.TYPE_CHECKING:
    from collections.abc import Callable

# How many files each thread may have open at once: its connection, and for a moment the CA bundle or a socket to a name server.
_FILES_EACH = 2

# How many files are kept free for everything else: imports, name look-ups, the monitor of the waiting playbook, the output of the results.
_FILES_KEPT = 24

# Bytes of each thread's stack. The default depends on the limits of the process. It could be so large that no thread can start, or so
# small that the parser crashes the process on an answer with 1 MiB of brackets.
_STACK = 8 * 1024 * 1024

_LIMIT_OF_THREADS = Text("the limit of processes (ulimit -u, or pids.max of the container)")
_LIMIT_OF_FILES = Text("the limit of open files (ulimit -n)")
_NO_FILES = Text(
    "each takes up to {each} open files, and of the {files} that this process may have {open_now} are open and {kept} are kept free"
)
_FEWER = Text(
    "{wanted} accounts are to be worked on at a time, and {fit} will be: {why}. Raise {limit} for the user that runs this, or lower "
    "concurrency."
)
NO_THREADS = Failure(
    "operator",
    START,
    Text("this host starts no more threads"),
    Text("raise {limit_of_threads}, or of memory (ulimit -v)").filled(limit_of_threads=_LIMIT_OF_THREADS),
)


def threads_allowed(wanted: int, warn: Callable[[Text], object]) -> int:
    """The number of threads, at most ``wanted``, for which this process has enough files.

    ``warn``: called with a warning for the user if the number is below ``wanted``.
    """
    files, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return wanted
    open_now = _open_files()
    fit = min(wanted, max(1, (files - open_now - _FILES_KEPT) // _FILES_EACH))
    if fit < wanted:
        why = _NO_FILES.filled(each=_FILES_EACH, files=files, open_now=open_now, kept=_FILES_KEPT)
        _warn_of_fewer(warn, wanted, fit, why, _LIMIT_OF_FILES)
    return fit


def allow_threads() -> None:
    """Give threads that start from now on the same size of stack on every machine."""
    threading.stack_size(_STACK)


# Made once: it takes a while.
_SIGNALS = signal.valid_signals()


def start_thread(work: Callable[[], object]) -> threading.Thread:
    """Start a thread that calls ``work`` and receives no signals.

    Python handles signals only in the main thread. If another thread received one, the main thread would not wake up from a wait.
    Raises RuntimeError or MemoryError if no thread can start.
    """
    # A daemon thread, so that the process can end without waiting for an answer that may never come.
    thread = threading.Thread(target=work, daemon=True)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        # A new thread inherits the signal mask of the thread that starts it.
        thread.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return thread


def start_threads(number: int, work: Callable[[], object], warn: Callable[[Text], object]) -> list[threading.Thread]:
    """Start ``number`` threads that call ``work``, or as many as the machine allows. Returns them.

    If there are none at all, the caller does the work in its own thread. ``warn``: called with a warning for the user if there are fewer
    than ``number``.
    """
    allow_threads()
    started: list[threading.Thread] = []
    for _number in range(number):
        try:
            started.append(start_thread(work))
        except (RuntimeError, MemoryError):
            _warn_of_fewer(warn, number, len(started), NO_THREADS.what, _LIMIT_OF_THREADS)
            break
    return started


def _warn_of_fewer(warn: Callable[[Text], object], wanted: int, fit: int, why: Text, limit: Text) -> None:
    warn(_FEWER.filled(wanted=wanted, fit=fit or 1, why=why, limit=limit))


def _open_files() -> int:
    """The number of files that this process has open; an estimate if a container has no /dev/fd."""
    try:
        return len(os.listdir("/dev/fd"))
    except OSError:
        return _FILES_KEPT
