# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether somebody waits for a module: what it is told, and what ends the wait."""

from __future__ import annotations

import contextlib
import os
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._run import waiting as waiting_module
from ansible_collections.wxops.official_account.plugins.module_utils._run.waiting import (
    HELLO,
    VARIABLE,
    WaitingPlaybook,
    about_task,
)

if t.TYPE_CHECKING:
    from collections.abc import Iterator

LONG = 3600.0


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
    monkeypatch.setattr(waiting_module, "EVERY", 0.0)
    monkeypatch.delenv(VARIABLE, raising=False)
    return statuses


def waiting_playbook(monkeypatch: pytest.MonkeyPatch, *, remote: bool = False, left: float = 0.0) -> WaitingPlaybook:
    monkeypatch.setenv(VARIABLE, about_task(remote=remote, left=left))
    return WaitingPlaybook()


@contextlib.contextmanager
def stdout_to_a_pipe() -> Iterator[t.BinaryIO]:
    """stdout is a pipe while this lasts. Gives the end to read from."""
    read, write = os.pipe()
    before = os.dup(1)
    with os.fdopen(read, "rb", buffering=0) as reader, os.fdopen(write, "wb"):
        os.dup2(write, 1)
        try:
            yield t.cast("t.BinaryIO", reader)
        finally:
            os.dup2(before, 1)
            os.close(before)


# --- What a module is told.


def test_a_module_that_is_told_nothing_runs_here_and_has_time() -> None:
    one = WaitingPlaybook()
    assert not one.remote
    assert one.still_wanted()


def test_only_a_module_on_another_host_is_remote(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [waiting_playbook(monkeypatch, remote=remote, left=7.5).remote for remote in (False, True)] == [False, True]


def test_what_a_module_is_told_has_nothing_for_a_shell_or_a_template() -> None:
    assert about_task(remote=True, left=12.5) == "elsewhere 12.5"
    assert about_task(remote=False, left=0.0) == "here inf"


@pytest.mark.parametrize(("left", "wanted"), [(LONG, True), (-LONG, False), (0.0, True)])
def test_the_task_s_time_out_ends_the_wait(monkeypatch: pytest.MonkeyPatch, left: float, wanted: bool) -> None:
    assert waiting_playbook(monkeypatch, left=left).still_wanted() is wanted


# --- Who waits.


def test_somebody_waits_as_long_as_the_parent_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    one = waiting_playbook(monkeypatch)
    assert one.still_wanted()
    with monkeypatch.context() as patch:
        patch.setattr(os, "getppid", lambda: 1)
        assert not one.still_wanted()
    # Once nobody waits, nobody does again.
    assert not one.still_wanted()


def test_a_stdout_that_nobody_can_read_any_more_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    with stdout_to_a_pipe() as reader:
        one = waiting_playbook(monkeypatch)
        assert one.still_wanted()
        reader.close()
        assert not one.still_wanted()


# --- The beginning, and the monitor.


def test_the_first_line_says_that_the_module_has_begun(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(waiting_module, "start_thread", lambda _work: None)
    waiting_playbook(monkeypatch).begin()
    assert capfd.readouterr().out == f"{HELLO}\n"


def test_where_the_first_line_cannot_be_written_the_work_does_not_begin(monkeypatch: pytest.MonkeyPatch, exits: list[int]) -> None:
    with stdout_to_a_pipe() as reader:
        one = waiting_playbook(monkeypatch)
        reader.close()
        with pytest.raises(Exited):
            one.begin()
    assert exits == [1]


def test_where_nobody_waits_the_work_does_not_begin(monkeypatch: pytest.MonkeyPatch, exits: list[int]) -> None:
    one = waiting_playbook(monkeypatch, left=-LONG)
    with pytest.raises(Exited):
        one.begin()
    assert exits == [1]


def test_the_monitor_looks_on_until_the_parent_is_gone(monkeypatch: pytest.MonkeyPatch, exits: list[int]) -> None:
    one = waiting_playbook(monkeypatch)
    parents = [os.getppid()] * 3 + [1]
    monkeypatch.setattr(os, "getppid", lambda: parents.pop(0))
    with pytest.raises(Exited):
        one._monitor()
    assert (parents, exits) == ([], [1])
