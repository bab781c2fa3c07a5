# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""Whether somebody still waits for what a module does: the playbook that started it, through its worker.

The action plugin in the worker tells the module in its environment whom to look at (``Hints``), and the module looks.
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

# The first line that a module writes, before any request: proof that its work has begun. Ansible skips lines before the JSON.
HELLO = "wxops.official_account: begun"

# Seconds between two looks of the monitor. With each it sends a sign of life, if that is wanted.
EVERY = 0.2

# Seconds by which the worker may be late to end what its task's time-out has given up.
_GRACE = 1.0


class Hints(t.NamedTuple):
    """What a worker says about itself.

    ``worker``, ``main``: its process id, and that of ansible-playbook's main process, which forked it; 0 where they tell nothing,
    because the module may run on another machine. ``born``: when the worker began, as /proc tells it.
    ``boot``, ``space``: which start of which machine, and which of its sets of process ids, they hold for.
    ``left``: seconds until the task's time-out. ``until``: the same on the machine's monotonic clock. 0 if there is none.
    ``beats``: whether signs of life on stdout are wanted.
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
        """One word for each, so that neither a shell nor a template has anything to read in them."""
        return " ".join(f"{name}={value}" for name, value in self._asdict().items() if value)


def hints_in(text: str) -> Hints:
    """What ``text`` says. No hints if it is not what ``Hints.text`` writes."""
    given = dict(word.partition("=")[::2] for word in text.split())
    try:
        return Hints(**{name: type(default)(given.get(name, default)) for name, default in Hints._field_defaults.items()})
    except ValueError:
        return Hints()


def machine() -> tuple[str, str]:
    """What tells this start of this machine from every other, and its sets of process ids from each other. Empty without /proc."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return file.read().strip(), os.readlink("/proc/self/ns/pid")
    except (OSError, ValueError):
        return "", ""


class Process(t.NamedTuple):
    """A process as /proc tells it. ``state``: one letter. ``born``: when it began."""

    state: str
    parent: int
    born: str


def process_in(stat: bytes) -> Process:
    """The process of which ``stat`` is the file /proc/<pid>/stat."""
    # The name of the program, in brackets, may hold spaces and brackets itself.
    fields = stat[stat.rindex(b")") + 2 :].decode("ascii").split()
    return Process(fields[0], int(fields[1]), fields[19])


def start_thread(work: Callable[[], object]) -> threading.Thread:
    """A thread that does ``work`` and takes no signals.

    A signal that came to it would leave the main thread, which alone acts on signals, waiting for what it waits for.
    Raises RuntimeError or MemoryError if there is no thread to be had.
    """
    # A daemon, so that whatever ends the process does not wait for an answer that may never come.
    thread = threading.Thread(target=work, daemon=True)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        # A thread begins with the mask of the one that starts it.
        thread.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return thread


# Zombies and those that become one.
ENDED = ("Z", "X", "x")


class Operator:
    """Whoever waits for this process's results. For the whole run of a module, and safe to share between threads."""

    def __init__(self) -> None:
        self._hints = hints_in(os.environ.get(VARIABLE, ""))
        self._parent = os.getppid()
        self._gone = False
        self._stat: int | None = None
        boot, space = machine()
        same_machine = boot == self._hints.boot
        self._worker = self._hints.worker if same_machine and space == self._hints.space else 0
        self._until = time.monotonic() + self._hints.left if self._hints.left else 0.0
        if self._hints.until and same_machine:
            self._until = min(self._until, self._hints.until)
        # Held while something is written to stdout.
        self._writing = threading.Lock()
        self._quiet = False

    def begin(self) -> None:
        """Say that the work has begun, and look from now on whether somebody waits for it. Where nobody does, this process ends."""
        self._open_worker()
        if not (self._write(f"{HELLO}\n".encode()) and self.still_wanted()):
            os._exit(1)
        start_thread(self._monitor)

    def still_wanted(self) -> bool:
        """Whether somebody waits for the results. To be asked right before each request that changes something. Costs some microseconds."""
        if not self._gone and (self._past(0.0) or not self._is_waited_for()):
            self._gone = True
        return not self._gone

    def rest(self) -> None:
        """Send no more signs of life, so that nothing mixes with the results."""
        with self._writing:
            self._quiet = True

    def _monitor(self) -> None:
        waited_for = True
        while waited_for:
            time.sleep(EVERY)
            with contextlib.suppress(MemoryError):
                waited_for = self._is_waited_for() and not self._past(_GRACE) and (not self._hints.beats or self._beat())
        self._gone = True
        # Not by an exception: other threads may wait for answers. What was sent is told by the next run, which looks first.
        os._exit(1)

    def _past(self, grace: float) -> bool:
        return bool(self._until) and time.monotonic() > self._until + grace

    def _is_waited_for(self) -> bool:
        return os.getppid() == self._parent and not self._is_hung_up() and self._has_worker()

    def _is_hung_up(self) -> bool:
        """Whether nobody can read stdout any more. If somebody can, that proves nothing: it may be one who never will."""
        output = select.poll()
        output.register(1, 0)
        return any(event & (select.POLLERR | select.POLLHUP | select.POLLNVAL) for _descriptor, event in output.poll(0))

    def _open_worker(self) -> None:
        if not self._worker:
            return
        try:
            # Kept open: it reads on for the same process only, and needs no descriptor when those run out.
            stat = os.open(f"/proc/{self._worker}/stat", os.O_RDONLY)
        except OSError:
            # No /proc, or one that hides other users' processes.
            return
        try:
            hidden = not self._hints.born or process_in(os.pread(stat, 1024, 0)).born != self._hints.born
        except (OSError, ValueError):
            hidden = False
        if hidden:
            self._gone = True
        self._stat = stat

    def _has_worker(self) -> bool:
        """Whether the worker that started this is there, and ansible-playbook's main process with it."""
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
        """Write an empty line, which Ansible skips: one who reads it for a worker that is gone finds out."""
        with self._writing:
            if self._quiet:
                return True
            output = select.poll()
            output.register(1, select.POLLOUT)
            # Where it would block somebody is there, and does not read just now.
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
        # It is there, and another user's.
        return True
    return True
