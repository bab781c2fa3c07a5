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

from .._http.errors import START, Failure
from .operator import start_thread

if t.TYPE_CHECKING:
    from collections.abc import Callable

# What each thread may have open at once: its connection, and for a moment the CA bundle or a name server.
_FILES_EACH = 2

# Kept free for all else: to import, to look up names, to ask whether the results are still wanted, to tell them.
_FILES_KEPT = 24

_MIB = 1024 * 1024

# Bytes to tell the results with, in all and for each account: three times what 10,000 accounts with long texts were seen to take.
_MEMORY_KEPT = 16 * _MIB
_MEMORY_EACH = 16 * 1024

# Bytes of each thread's stack. The limit of the process could make it so large that no thread can be started,
# or so small that an answer of 1 MiB, all of it brackets, crashes the process.
_STACK = 8 * _MIB

# Bytes of address space that a thread takes: its stack, the 64 MiB that glibc sets aside for it, and what it works with.
# Where threads take all of it, what lies below Python crashes.
_SPACE_EACH = _STACK + 64 * _MIB + 8 * _MIB

_LIMIT_OF_THREADS = "the limit of processes (ulimit -u, or pids.max of the container)"
NO_THREADS = Failure("operator", START, "this host starts no more threads", f"raise {_LIMIT_OF_THREADS}, or of memory (ulimit -v)")


def fitting(wanted: int, warn: Callable[[str], object]) -> int:
    """As many threads of ``wanted`` as this process has files and address space for. Fewer than wanted are told to ``warn``.

    0: there is no space for a thread, and the caller's own is to do the work.
    """
    files, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    space, _hard = resource.getrlimit(resource.RLIMIT_AS)
    fit, why, limit = wanted, "", ""
    if files != resource.RLIM_INFINITY:
        open_now = _open_files()
        fit = min(fit, max(1, (files - open_now - _FILES_KEPT) // _FILES_EACH))
        why = f"each takes up to {_FILES_EACH} open files, and of the {files} that this process may have {open_now} are open"
        why += f" and {_FILES_KEPT} are kept free"
        limit = "the limit of open files (ulimit -n)"
    if space != resource.RLIM_INFINITY:
        used = _used_space()
        spacious = max(0, (space - used) // _SPACE_EACH)
        if spacious < fit:
            fit = spacious
            why = f"each takes up to {_SPACE_EACH // _MIB} MiB of address space, and {used // _MIB} of {space // _MIB} are in use"
            limit = "the limit of memory (ulimit -v)"
    if fit < wanted:
        _tell(warn, wanted, fit, why, limit)
    return fit


def allow_threads() -> None:
    """Have threads started from now on with a stack of a size that holds on every machine."""
    threading.stack_size(_STACK)


def start_threads(number: int, work: Callable[[], object], warn: Callable[[str], object]) -> list[threading.Thread]:
    """Threads that do ``work``: ``number`` of them, or as many as the machine has to give, which is then told to ``warn``.

    If there is none at all, the caller's own thread is to do it.
    """
    allow_threads()
    started: list[threading.Thread] = []
    for _number in range(number):
        try:
            started.append(start_thread(work))
        except (RuntimeError, MemoryError):
            _tell(warn, number, len(started), NO_THREADS.what, _LIMIT_OF_THREADS)
            break
    return started


def _tell(warn: Callable[[str], object], wanted: int, fit: int, why: str, limit: str) -> None:
    warn(
        f"{wanted} accounts are to be worked on at a time, and {fit or 1} will be: {why}. "
        f"Raise {limit} of whoever runs this, or lower concurrency."
    )


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


def _used_space() -> int:
    """Bytes of address space in use. Where Linux does not tell, the limit is not kept to either."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return 0
