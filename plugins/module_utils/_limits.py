# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""What this process may use: how many accounts fit at a time, and what is kept back to tell the results with."""

from __future__ import annotations

import codecs
import mmap
import os
import resource
import threading
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Callable

# What each thread may have open at once: its connection, and for a moment the CA bundle or a name server.
_FILES_EACH = 2

# Kept free for all else: to import, to look up names, to ask whether the results are still wanted, to tell them.
_FILES_KEPT = 24

# Bytes to tell the results with, in all and for each account. Measured at 10,000 accounts on each core, and doubled.
_MEMORY_KEPT = 16 * 1024 * 1024
_MEMORY_EACH = 32 * 1024

# Bytes of each thread's stack. The limit of the process could make it so large that no thread can be started,
# or so small that an answer of 1 MiB, all of it brackets, crashes the process.
_STACK = 8 * 1024 * 1024


def fitting(wanted: int, warn: Callable[[str], object]) -> int:
    """As many threads of ``wanted`` as this process has files for, at least one. Fewer than wanted are told to ``warn``."""
    limit, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit == resource.RLIM_INFINITY:
        return wanted
    used = _open_files()
    fit = max(1, min(wanted, (limit - used - _FILES_KEPT) // _FILES_EACH))
    if fit < wanted:
        warn(
            f"{wanted} accounts are to be worked on at a time, and {fit} will be: each takes up to {_FILES_EACH} open files, "
            f"{_FILES_KEPT} are kept free, and this process may have {limit}, {used} of which are in use. Raise the limit of open files "
            "(ulimit -n) of whoever runs the task, or lower concurrency."
        )
    return fit


def start_threads(number: int, work: Callable[[], object], warn: Callable[[str], object]) -> list[threading.Thread]:
    """Threads that do ``work``: ``number`` of them, or as many as the machine has to give, which is then told to ``warn``.

    If there is none at all, the caller's own thread is to do it.
    """
    threading.stack_size(_STACK)
    started: list[threading.Thread] = []
    for _number in range(number):
        # A daemon, so that whatever ends the run does not wait for an answer that may never come.
        thread = threading.Thread(target=work, daemon=True)
        try:
            thread.start()
        except (RuntimeError, MemoryError):
            warn(
                f"{number} accounts are to be worked on at a time, and {len(started) or 1} will be: this host starts no more threads. "
                "Raise the limit of processes (ulimit -u, or pids.max of the container) or of memory, or lower concurrency."
            )
            break
        started.append(thread)
    return started


def load_codecs() -> None:
    """Load what Python otherwise opens files for when the first text of its kind comes."""
    for name in ("utf-8-sig", "idna", "ascii", "latin-1"):
        codecs.lookup(name)


class Reserve:
    """Memory that nobody else gets until it is given back, so that the results of ``accounts`` can be told.

    It is address space only: untouched, it takes nothing from the machine. Raises MemoryError if there is none.
    """

    def __init__(self, accounts: int) -> None:
        try:
            self._memory = mmap.mmap(-1, _MEMORY_KEPT + accounts * _MEMORY_EACH)
        except OSError:
            raise MemoryError from None

    def give_back(self) -> None:
        self._memory.close()


def _open_files() -> int:
    """How many files this process has open. Every system with Python's ``resource`` has /dev/fd, though not in every container."""
    try:
        return len(os.listdir("/dev/fd"))
    except OSError:
        return _FILES_KEPT
