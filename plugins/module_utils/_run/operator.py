# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""Finds out whether a playbook still waits for the results of this module.

The module is started by a worker process of ansible-playbook. An action plugin in that worker describes the worker in the module's
environment (``Hints``). The module then watches the worker.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
import time
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Callable

# The environment variable that holds the hints.
VARIABLE = "WXOPS_TASK"

# The first line that a module writes, before any request. It shows that the module has started. Ansible skips lines before the JSON.
HELLO = "wxops.official_account: begun"

# Seconds between two checks of the monitor. With each check it writes a sign of life if the hints ask for one.
EVERY = 0.2

# Seconds after a task's time-out in which the worker itself may end the module.
_GRACE = 1.0


class Hints(t.NamedTuple):
    """What a worker says about itself.

    ``worker``, ``main``: the process ids of the worker and of ansible-playbook's main process, its parent; 0 if not known.
    ``born``: the start time of the worker as in /proc/<pid>/stat. ``boot``, ``space``: the boot id of the machine and its PID namespace.
    The process ids are valid only there, and the module may run on another machine.
    ``left``: seconds until the task's time-out; 0 if it has none. ``until``: the same moment on the machine's monotonic clock.
    ``beats``: 1 if the module must write signs of life to stdout.
    """

    worker: int = 0
    main: int = 0
    born: str = ""
    boot: str = ""
    space: str = ""
    left: float = 0.0
    until: float = 0.0
    beats: int = 0

    def text(self) -> str:
        """The hints as words NAME=VALUE. They have no characters that are special to a shell or a template."""
        return " ".join(f"{name}={value}" for name, value in self._asdict().items() if value)


def hints_in(text: str) -> Hints:
    """The hints in ``text``; empty hints if ``Hints.text`` has not written it."""
    values = dict(word.partition("=")[::2] for word in text.split())
    try:
        return Hints(**{name: type(default)(values.get(name, default)) for name, default in Hints._field_defaults.items()})
    except ValueError:
        return Hints()


def machine() -> tuple[str, str]:
    """The boot id of this machine and the PID namespace of this process. Both are empty without /proc."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return file.read().strip(), os.readlink("/proc/self/ns/pid")
    except (OSError, ValueError):
        return "", ""


class Process(t.NamedTuple):
    """A process as in /proc/<pid>/stat. ``state``: one letter. ``parent``: a process id. ``born``: the start time in ticks since boot."""

    state: str
    parent: int
    born: str


def process_in(stat: bytes) -> Process:
    """The process in ``stat``, the content of /proc/<pid>/stat. Raises ValueError if it is empty."""
    # The name of the program is in brackets, and may hold spaces and brackets.
    fields = stat[stat.rindex(b")") + 2 :].decode("ascii").split()
    return Process(fields[0], int(fields[1]), fields[19])


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


# The states of a process that has ended.
ENDED = ("Z", "X", "x")


class Operator:
    """The playbook that waits for the results of this process. For the whole run of a module. Safe to share between threads.

    ``remote``: whether the playbook is known to run on another host.
    """

    def __init__(self) -> None:
        self._hints = hints_in(os.environ.get(VARIABLE, ""))
        # Only a module on another host writes signs of life.
        self.remote = bool(self._hints.beats)
        # The monitor ends this process after the time is over.
        self.until: float | None = None
        self._parent = os.getppid()
        self._gone = False
        self._stat: int | None = None
        boot, space = machine()
        same_machine = boot == self._hints.boot
        self._worker = self._hints.worker if same_machine and space == self._hints.space else 0
        self._until = time.monotonic() + self._hints.left if self._hints.left else 0.0
        if self._hints.until and same_machine:
            self._until = min(self._until, self._hints.until)
        # Held during writes to stdout.
        self._writing = threading.Lock()
        self._quiet = False

    def begin(self) -> None:
        """Write ``HELLO``, and start the monitor, which ends this process if nobody waits for it. Raises RuntimeError or MemoryError."""
        self._open_worker()
        if not (self._write(f"{HELLO}\n".encode()) and self.still_wanted()):
            os._exit(1)
        start_thread(self._monitor)

    def still_wanted(self) -> bool:
        """Whether somebody waits for the results. Call it right before each change. It takes some microseconds."""
        if not self._gone and (self._past(0.0) or not self._is_waited_for()):
            self._gone = True
        return not self._gone

    def rest(self) -> None:
        """Stop the signs of life, so that they do not mix with the results on stdout."""
        with self._writing:
            self._quiet = True

    def _monitor(self) -> None:
        waited_for = True
        while waited_for:
            time.sleep(EVERY)
            with contextlib.suppress(MemoryError):
                waited_for = self._is_waited_for() and not self._past(_GRACE) and (not self._hints.beats or self._beat())
        self._gone = True
        # An exception would not do: other threads may wait for answers. The next run looks first, and so finds what was changed.
        os._exit(1)

    def _past(self, grace: float) -> bool:
        return bool(self._until) and time.monotonic() > self._until + grace

    def _is_waited_for(self) -> bool:
        return os.getppid() == self._parent and not self._is_hung_up() and self._has_worker()

    def _is_hung_up(self) -> bool:
        """Whether no process can read stdout any more. If one can, that proves nothing: it may never read it."""
        output = select.poll()
        output.register(1, 0)
        return any(event & (select.POLLERR | select.POLLHUP | select.POLLNVAL) for _descriptor, event in output.poll(0))

    def _open_worker(self) -> None:
        if not self._worker:
            return
        try:
            # It stays open: it then always describes the same process, and the checks work even if no more files can be opened.
            stat = os.open(f"/proc/{self._worker}/stat", os.O_RDONLY)
        except OSError:
            # There is no /proc, or it hides the processes of other users.
            return
        try:
            hidden = not self._hints.born or process_in(os.pread(stat, 1024, 0)).born != self._hints.born
        except (OSError, ValueError):
            hidden = False
        if hidden:
            self._gone = True
        self._stat = stat

    def _has_worker(self) -> bool:
        """Whether the worker that started this process still runs, and ansible-playbook's main process too."""
        if not self._worker:
            return True
        if self._stat is None:
            return _is_there(self._worker) and _is_there(self._hints.main)
        try:
            worker = process_in(os.pread(self._stat, 1024, 0))
        except (OSError, ValueError):
            return False
        return worker.state not in ENDED and worker.parent == self._hints.main

    def _beat(self) -> bool:
        """Write an empty line, which Ansible skips. With it, a process such as ssh finds out that nobody reads its output any more."""
        with self._writing:
            if self._quiet:
                return True
            output = select.poll()
            output.register(1, select.POLLOUT)
            # If a write would block, somebody holds the other end and does not read at the moment.
            return not output.poll(0) or self._write(b"\n")

    def _write(self, text: bytes) -> bool:
        try:
            os.write(1, text)
        except OSError:
            return False
        return True


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        # The process runs as another user.
        return True
    return True
