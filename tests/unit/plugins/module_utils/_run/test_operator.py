# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether somebody waits: hints there and back, processes as /proc tells them, and what ends the wait."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._run import operator as operator_module
from ansible_collections.wxops.official_account.plugins.module_utils._run.operator import (
    HELLO,
    VARIABLE,
    Hints,
    Operator,
    Process,
    hints_in,
    machine,
    process_in,
    start_thread,
)

if t.TYPE_CHECKING:
    from collections.abc import Iterator

BOOT, SPACE = machine()
LONG = 3600.0
FULL = Hints(4711, 42, "123456", "boot-id", "pid:[4026531836]", 12.5, 9876.25, 1)


class Exited(BaseException):
    """Instead of the end of this process."""


@pytest.fixture(autouse=True)
def exits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The statuses with which this process would have ended."""
    statuses: list[int] = []

    def leave(status: int) -> t.NoReturn:
        statuses.append(status)
        raise Exited

    monkeypatch.setattr(os, "_exit", leave)
    monkeypatch.setattr(operator_module, "EVERY", 0.0)
    monkeypatch.delenv(VARIABLE, raising=False)
    return statuses


def this_process() -> Process:
    with open("/proc/self/stat", "rb") as file:
        return process_in(file.read())


def operator(monkeypatch: pytest.MonkeyPatch, **hints: t.Any) -> Operator:
    monkeypatch.setenv(VARIABLE, Hints(**hints).text())
    return Operator()


def watching_this_process(monkeypatch: pytest.MonkeyPatch, **hints: t.Any) -> Operator:
    """This process is the worker, and its parent is the main process."""
    mine = {"worker": os.getpid(), "main": os.getppid(), "born": this_process().born, "boot": BOOT, "space": SPACE}
    return operator(monkeypatch, **{**mine, **hints})


@contextlib.contextmanager
def stdout_is(descriptor: int) -> Iterator[None]:
    before = os.dup(1)
    os.dup2(descriptor, 1)
    try:
        yield
    finally:
        os.dup2(before, 1)
        os.close(before)


@contextlib.contextmanager
def stdout_to_a_pipe() -> Iterator[t.BinaryIO]:
    """stdout is a pipe while this lasts. Gives the end to read from."""
    read, write = os.pipe()
    with os.fdopen(read, "rb", buffering=0) as reader, os.fdopen(write, "wb"), stdout_is(write):
        yield t.cast("t.BinaryIO", reader)


# --- Hints.


@pytest.mark.parametrize("hints", [Hints(), FULL, Hints(worker=1), Hints(left=0.5), Hints(until=1e-3, beats=1)])
def test_hints_are_read_as_they_were_written(hints: Hints) -> None:
    assert hints_in(hints.text()) == hints


def test_hints_are_words_in_which_no_shell_has_anything_to_read() -> None:
    text = FULL.text()
    assert text == "worker=4711 main=42 born=123456 boot=boot-id space=pid:[4026531836] left=12.5 until=9876.25 beats=1"
    assert Hints().text() == ""


@pytest.mark.parametrize("text", ["", "nonsense", "worker=many", "left=soon", "worker=1 main=x", "worker="])
def test_what_are_no_hints_are_none(text: str) -> None:
    assert hints_in(text) == Hints()


def test_unknown_words_among_the_hints_are_left_out() -> None:
    assert hints_in("worker=7 later=1 beats=1") == Hints(worker=7, beats=1)


# --- Processes.


@pytest.mark.parametrize("name", [b"python3", b"a b", b"a) S 1 (b", b")", b"\xff"])
def test_a_process_is_read_whatever_its_name(name: bytes) -> None:
    stat = b"4711 (" + name + b") S 42 " + b" ".join(b"%d" % number for number in range(5, 50)) + b"\n"
    assert process_in(stat) == Process("S", 42, "22")


@pytest.mark.parametrize("stat", [b"", b"4711 python S 42", b"4711 (python) S many", b"4711 (python) S\xff 42"])
def test_what_is_no_process_is_a_value_error(stat: bytes) -> None:
    with pytest.raises((ValueError, IndexError)):
        process_in(stat)


def test_this_process_is_read_from_proc() -> None:
    mine = this_process()
    assert mine.parent == os.getppid()
    assert mine.state == "R"
    assert mine.born.isdigit()


def test_without_proc_this_machine_is_not_told_from_others(monkeypatch: pytest.MonkeyPatch) -> None:
    assert BOOT
    assert SPACE.startswith("pid:[")

    def hidden(*_arguments: t.Any) -> t.NoReturn:
        raise PermissionError

    monkeypatch.setattr(os, "readlink", hidden)
    assert machine() == ("", "")


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


# --- Who waits.


def test_without_hints_somebody_waits_as_long_as_the_parent_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    one = operator(monkeypatch)
    assert one.still_wanted()
    monkeypatch.setattr(os, "getppid", lambda: 1)
    assert not one.still_wanted()


def test_once_nobody_waits_nobody_does_again(monkeypatch: pytest.MonkeyPatch) -> None:
    one = operator(monkeypatch)
    with monkeypatch.context() as patch:
        patch.setattr(os, "getppid", lambda: 1)
        assert not one.still_wanted()
    assert not one.still_wanted()


def test_a_stdout_that_nobody_can_read_any_more_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    with stdout_to_a_pipe() as reader:
        one = operator(monkeypatch)
        assert one.still_wanted()
        reader.close()
        assert not one.still_wanted()


@pytest.mark.parametrize(("left", "wanted"), [(LONG, True), (-LONG, False)])
def test_the_task_s_time_out_ends_the_wait(monkeypatch: pytest.MonkeyPatch, left: float, wanted: bool) -> None:
    assert operator(monkeypatch, left=left).still_wanted() is wanted


@pytest.mark.parametrize(
    ("hints", "wanted"),
    [
        ({"boot": BOOT}, False),
        # The clock of another machine says nothing here.
        ({"boot": "elsewhere"}, True),
        ({"boot": ""}, True),
    ],
)
def test_the_time_out_on_the_machine_s_clock_counts_on_this_machine_only(
    monkeypatch: pytest.MonkeyPatch, hints: dict[str, t.Any], wanted: bool
) -> None:
    assert operator(monkeypatch, left=LONG, until=1e-6, **hints).still_wanted() is wanted


# --- The worker.


def test_the_worker_is_there_as_long_as_it_runs_for_the_same_main_process(
    monkeypatch: pytest.MonkeyPatch, exits: list[int], capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(operator_module, "start_thread", lambda _work: None)
    one = watching_this_process(monkeypatch)
    one.begin()
    assert one.still_wanted()
    assert capfd.readouterr().out == f"{HELLO}\n"
    assert exits == []


@pytest.mark.parametrize("hints", [{"main": 1}, {"born": "1"}, {"born": ""}])
def test_a_worker_of_another_parent_or_birth_or_of_none_is_another_process(
    monkeypatch: pytest.MonkeyPatch, exits: list[int], hints: dict[str, t.Any]
) -> None:
    one = watching_this_process(monkeypatch, **hints)
    with pytest.raises(Exited):
        one.begin()
    assert exits == [1]


@pytest.mark.parametrize("hints", [{"boot": "elsewhere"}, {"space": "pid:[1]"}])
def test_a_worker_elsewhere_cannot_be_looked_at(monkeypatch: pytest.MonkeyPatch, hints: dict[str, t.Any]) -> None:
    one = watching_this_process(monkeypatch, main=1, born="1", **hints)
    one._open_worker()
    assert one.still_wanted()


def test_without_proc_a_worker_is_there_while_signals_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def hidden(*_arguments: t.Any) -> t.NoReturn:
        raise FileNotFoundError

    one = watching_this_process(monkeypatch, main=os.getpid())
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", hidden)
        one._open_worker()
    assert one.still_wanted()

    def gone(_pid: int, _signal: int) -> t.NoReturn:
        raise ProcessLookupError

    with monkeypatch.context() as patch:
        patch.setattr(os, "kill", lambda *_arguments: hidden_from_us())
        assert one.still_wanted()
        patch.setattr(os, "kill", gone)
        assert not one.still_wanted()


def hidden_from_us() -> t.NoReturn:
    raise PermissionError


@pytest.mark.parametrize(
    ("stat", "there"),
    [
        (b"1 (python) S %d " + b"0 " * 20, True),
        (b"1 (python) Z %d " + b"0 " * 20, False),
        (b"1 (python) X %d " + b"0 " * 20, False),
        (b"1 (python) S 1 " + b"0 " * 20, False),
        (b"", False),
    ],
)
def test_a_worker_that_is_a_zombie_or_was_taken_over_is_gone(monkeypatch: pytest.MonkeyPatch, stat: bytes, there: bool) -> None:
    one = watching_this_process(monkeypatch)
    one._open_worker()
    told = stat % os.getppid() if b"%d" in stat else stat
    monkeypatch.setattr(os, "pread", lambda *_arguments: told)
    assert one.still_wanted() is there


def test_a_worker_whose_file_cannot_be_read_any_more_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    one = watching_this_process(monkeypatch)
    one._open_worker()

    def gone(*_arguments: t.Any) -> t.NoReturn:
        raise ProcessLookupError

    monkeypatch.setattr(os, "pread", gone)
    assert not one.still_wanted()


def test_a_worker_whose_file_cannot_be_read_at_first_is_looked_at_later(monkeypatch: pytest.MonkeyPatch) -> None:
    one = watching_this_process(monkeypatch)
    with monkeypatch.context() as patch:
        patch.setattr(os, "pread", lambda *_arguments: b"")
        one._open_worker()
    assert one.still_wanted()


# --- The beginning, and the signs of life.


def test_where_the_first_line_cannot_be_written_the_work_does_not_begin(monkeypatch: pytest.MonkeyPatch, exits: list[int]) -> None:
    with stdout_to_a_pipe() as reader:
        one = operator(monkeypatch)
        reader.close()
        with pytest.raises(Exited):
            one.begin()
    assert exits == [1]


def test_a_sign_of_life_is_an_empty_line_until_the_results_come(monkeypatch: pytest.MonkeyPatch) -> None:
    with stdout_to_a_pipe() as reader:
        one = operator(monkeypatch)
        assert one._beat()
        assert reader.read(10) == b"\n"
        one.rest()
        assert one._beat()
        os.set_blocking(reader.fileno(), False)
        assert reader.read(10) is None


def test_a_sign_of_life_does_not_wait_for_a_reader_who_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    with stdout_to_a_pipe():
        one = operator(monkeypatch)
        os.set_blocking(1, False)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(1, b"x" * 65536)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(1, b"x")
        os.set_blocking(1, True)
        assert one._beat()


def test_only_a_module_on_another_host_is_remote(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [operator(monkeypatch, beats=beats).remote for beats in (0, 1)] == [False, True]


def test_a_sign_of_life_that_cannot_be_written_ends_the_wait(monkeypatch: pytest.MonkeyPatch, exits: list[int]) -> None:
    with stdout_to_a_pipe() as reader:
        one = operator(monkeypatch, beats=1)
        monkeypatch.setattr(one, "_is_hung_up", lambda: False)
        reader.close()
        with pytest.raises(Exited):
            one._monitor()
    assert exits == [1]
    assert not one.still_wanted()


def test_the_monitor_looks_on_until_the_parent_is_gone(monkeypatch: pytest.MonkeyPatch, exits: list[int]) -> None:
    one = operator(monkeypatch)
    parents = [os.getppid()] * 3 + [1]
    monkeypatch.setattr(os, "getppid", lambda: parents.pop(0))
    with pytest.raises(Exited):
        one._monitor()
    assert (parents, exits) == ([], [1])


def test_the_monitor_gives_a_worker_time_to_end_what_has_timed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    one = operator(monkeypatch, left=LONG)
    one._until -= LONG
    assert one._past(0.0)
    assert not one._past(LONG)


def test_the_monitor_does_without_memory_for_a_while(monkeypatch: pytest.MonkeyPatch, exits: list[int]) -> None:
    one = operator(monkeypatch)
    looks: list[type[Exception] | None] = [MemoryError, None]

    def waited_for() -> bool:
        look = looks.pop(0)
        if look is not None:
            raise look
        return False

    monkeypatch.setattr(one, "_is_waited_for", waited_for)
    with pytest.raises(Exited):
        one._monitor()
    assert (looks, exits) == ([], [1])
