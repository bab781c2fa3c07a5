# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journal as a file: what is read of it, whoever wrote it, and what is refused. Real runs are in tests/integration."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import re
import resource
import stat
import subprocess
import sys
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import OptionsError
from ansible_collections.wxops.official_account.plugins.plugin_utils import _journal
from ansible_collections.wxops.official_account.plugins.plugin_utils._journal import (
    Journal,
    LostError,
    Memory,
    RecordError,
    folder_at,
    local,
)
from ansible_collections.wxops.official_account.plugins.plugin_utils._process import Process
from ansible_collections.wxops.official_account.plugins.plugin_utils._roles import ROLES
from ansible_collections.wxops.official_account.plugins.plugin_utils._rows import RecordRows

if t.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BEGUN = 1_795_564_800.0
PLAY = "play-one"
ON = {"changed": False, "is_open": True, "was_open": True, "verified": True, "request_sent": False, "failure": None, "msg": "On."}
TURNED_ON = {**ON, "changed": True, "was_open": False, "request_sent": True, "msg": "Turned on."}
FAILURE = {"reason": "transport", "errcode": None, "errmsg": None, "rid": None, "http_status": None, "remedy": "Wait."}
FAILED = {**ON, "is_open": None, "was_open": None, "verified": False, "failure": FAILURE, "msg": "Failed."}
IN_DOUBT = {**FAILED, "request_sent": True, "failure": {**FAILURE, "reason": "outcome_unknown"}, "msg": "In doubt."}

NAME = "draft-switch-journal.jsonl"
ROLE = ROLES["draft_switch"]
ROWS = RecordRows(ROLE)
DEAD = Process("elsewhere", 1, "long ago")


def row(result: dict[str, t.Any]) -> dict[str, t.Any]:
    return ROWS.row_of(result, check_mode=False)


@contextlib.contextmanager
def opened(folder: Path, play: str = PLAY, check_mode: bool = False, begun: float = BEGUN) -> Iterator[Journal]:
    journal = Journal(ROLE, folder, play, begun, check_mode, Memory())
    try:
        yield journal
    finally:
        journal.close()


@contextlib.contextmanager
def of_another_run(monkeypatch: pytest.MonkeyPatch, process: Process = DEAD) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(Process, "of_ansible", lambda: process)
        yield


def lines(folder: Path) -> list[dict[str, t.Any]]:
    return [json.loads(line) for line in (folder / NAME).read_text().splitlines()]


def test_a_journal_is_for_its_owner_only_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o777)
    try:
        with opened(tmp_path) as journal:
            journal.hand_over({"a": "wx0123456789abcdef"})
            assert [line["event"] for line in lines(tmp_path)] == ["begin", "handed_over"]
            journal.answered({"a": row(TURNED_ON)})
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
    begin, handed_over, answered = lines(tmp_path)
    assert (begin["begun"], begin["run"], begin["number"]) == ("2026-11-25T00:00:00Z", dataclasses.asdict(Process.of_ansible()), 1)
    assert handed_over["accounts"] == {"a": "wx0123456789abcdef"}
    assert answered["rows"]["a"]["state"] == "turned_on"


def test_another_batch_goes_on_and_the_beginning_stays(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.hand_over({"a": None})
        journal.answered({"a": row(TURNED_ON)})
        journal.note({}, ["left-out"])
        known = Memory(journal.id, journal.calls)
    with contextlib.closing(Journal(ROLE, tmp_path, PLAY, BEGUN + 60, False, known)) as journal:
        assert journal.rows["a"]["state"] == "turned_on"
        assert list(journal.left_out) == ["left-out"]
        assert (journal.calls, journal.number, journal.begun) == (1, 1, "2026-11-25T00:00:00Z")


def test_what_was_handed_over_and_not_answered_may_be_on(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.hand_over({"a": None, "b": None})
        journal.answered({"a": row(TURNED_ON), "b": row(ON)})
        journal.hand_over({"a": None, "c": None})
    with opened(tmp_path) as journal:
        assert {name: one["state"] for name, one in journal.rows.items()} == {"a": "turned_on", "b": "on", "c": "unknown"}
        assert journal.rows["c"]["request_sent"] is None
        assert "may have been turned on" in journal.rows["c"]["msg"]
        assert "nothing was sent" not in journal.rows["c"]["msg"]


def test_a_second_play_of_the_run_has_a_number_of_its_own_in_the_same_file(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.hand_over({"a": None})
        journal.answered({"a": row(TURNED_ON)})
    with opened(tmp_path, "play-two") as journal:
        assert (journal.number, journal.rows) == (2, {})
        journal.hand_over({"a": None})
        journal.answered({"a": row(ON)})
    with opened(tmp_path) as journal:
        assert (journal.number, journal.rows["a"]["state"]) == (1, "turned_on")
    with opened(tmp_path, "play-two") as journal:
        assert (journal.number, journal.rows["a"]["state"]) == (2, "on")


# --- Earlier runs.


def left_open(folder: Path) -> dict[str, t.Any]:
    found: dict[str, t.Any] = lines(folder)[0]["open"]
    return found


def test_the_next_run_says_what_the_last_one_left_open_until_there_is_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"a{number}" for number in range(5)]
    with of_another_run(monkeypatch), opened(tmp_path) as journal:
        journal.hand_over({"z": None})
        journal.answered({"z": row(TURNED_ON)})
        journal.hand_over(dict.fromkeys(names, "wx0123456789abcdef"))
    with of_another_run(monkeypatch, Process("elsewhere", 2, "later")), opened(tmp_path, begun=BEGUN + 60) as journal:
        assert journal.notes == [
            f"The last run, begun {local('2026-11-25T00:00:00Z')}, has no answer for 5 accounts, which may have been turned on: "
            "a0, a1, a2 and 2 more. This run looks first."
        ]
        journal.hand_over(dict.fromkeys(names[:3], "wx0123456789abcdef"))
        # Looked at; not reached; handed over and nothing sent.
        journal.answered({"a0": row(ON), "a1": row(FAILED), "a2": row(IN_DOUBT)})
    with opened(tmp_path, check_mode=True, begun=BEGUN + 120) as journal:
        assert journal.notes == [
            f"Earlier runs, the first begun {local('2026-11-25T00:00:00Z')}, have no answer for 4 accounts, which may have been turned on: "
            "a1, a2, a3 and 1 more. This run looks first."
        ]
        assert sorted(left_open(tmp_path)) == names[1:]


def test_an_answer_for_another_account_of_the_same_name_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with of_another_run(monkeypatch), opened(tmp_path) as journal:
        journal.hand_over({"a": "wx0000000000000001", "b": None})
    with of_another_run(monkeypatch, Process("elsewhere", 2, "later")), opened(tmp_path) as journal:
        journal.hand_over({"a": "wx0000000000000002", "b": "wx0000000000000003"})
        journal.answered({"a": row(ON), "b": row(ON)})
    with opened(tmp_path):
        assert {name: list(by_appid) for name, by_appid in left_open(tmp_path).items()} == {"a": ["wx0000000000000001"]}


def test_check_mode_leaves_nothing_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with of_another_run(monkeypatch), opened(tmp_path, check_mode=True) as journal:
        journal.hand_over({"a": None})
    with opened(tmp_path) as journal:
        assert journal.notes == []
        assert left_open(tmp_path) == {}


def test_a_run_that_is_at_work_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        me = Process.of_ansible()
        with monkeypatch.context() as patch:
            patch.setattr(os, "getppid", lambda: other.pid)
            it = Process.of_ansible()
            with opened(tmp_path) as journal:
                journal.hand_over({"a": None})
        before = (tmp_path / NAME).read_bytes()
        assert it.lives()
        assert me.lives()
        begun = re.escape(local("2026-11-25T00:00:00Z"))
        with pytest.raises(OptionsError, match=f"another run of Ansible is at work .* \\(process {other.pid}, begun {begun}"):
            Journal(ROLE, tmp_path, "play-two", BEGUN, False, Memory())
        assert (tmp_path / NAME).read_bytes() == before
        other.communicate(b"\n")
    assert not it.lives()
    with opened(tmp_path, "play-two") as journal:
        assert "has no answer for 1 account," in journal.notes[0]


def test_a_number_that_was_given_away_again_is_another_process() -> None:
    me = Process.of_ansible()
    assert me.lives()
    assert not dataclasses.replace(me, started="long ago").lives()
    assert not dataclasses.replace(me, host="elsewhere").lives()
    assert not dataclasses.replace(me, pid=2**22 + 1).lives()


def test_one_process_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_journal, "PATIENCE", 0.2)
    with opened(tmp_path), pytest.raises(OptionsError, match="another process has the journal"):
        Journal(ROLE, tmp_path, PLAY, BEGUN, False, Memory())
    with opened(tmp_path):
        pass


# --- What is gone or odd.


def remove(path: Path) -> None:
    path.unlink()


def truncate(path: Path) -> None:
    os.truncate(path, 0)


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 3)


def drop_the_last_lines(path: Path) -> None:
    path.write_text(path.read_text().splitlines(keepends=True)[0])


def corrupt(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"handed_over"', b'"handed_\x00\xff"'))


def make_it_another_s(path: Path) -> None:
    path.write_text(path.read_text().replace(json.loads(path.read_text().splitlines()[0])["journal"], "other"))


def make_it_huge(path: Path) -> None:
    os.truncate(path, 1024**3)


DAMAGE = [remove, truncate, cut, drop_the_last_lines, corrupt, make_it_another_s, make_it_huge]


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda one: one.__name__)
def test_a_record_that_was_lost_between_two_batches_is_noticed(damage: t.Callable[[Path], None], tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.hand_over({"a": None})
        journal.answered({"a": row(TURNED_ON)})
        known = Memory(journal.id, journal.calls)
    damage(tmp_path / NAME)
    with pytest.raises(LostError):
        Journal(ROLE, tmp_path, PLAY, BEGUN, False, known)


@pytest.mark.parametrize("damage", [remove, truncate, cut, make_it_huge], ids=lambda one: one.__name__)
def test_a_record_that_is_lost_during_a_call_is_noticed(damage: t.Callable[[Path], None], tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.hand_over({"a": None})
        damage(tmp_path / NAME)
        with pytest.raises(RecordError):
            journal.answered({"a": row(TURNED_ON)})
        with pytest.raises(RecordError):
            journal.hand_over({"b": None})
        # What is known stays known to this process.
        assert journal.rows["a"]["state"] == "turned_on"


def test_a_folder_that_is_renamed_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    with opened(folder) as journal:
        folder.rename(tmp_path / "elsewhere")
        with pytest.raises(RecordError):
            journal.hand_over({"a": None})


def test_what_could_not_be_kept_once_is_not_gone_on_with(tmp_path: Path) -> None:
    with pytest.raises(LostError, match="could not be kept before"):
        Journal(ROLE, tmp_path, PLAY, BEGUN, False, Memory(broken="the disk was full"))


def a_fifo(path: Path) -> None:
    os.mkfifo(path)


def a_link(path: Path) -> None:
    path.symlink_to(path.parent / "target")
    (path.parent / "target").write_text("precious")


def a_dangling_link(path: Path) -> None:
    path.symlink_to(path.parent / "nowhere")


def a_link_to_a_full_disk(path: Path) -> None:
    path.symlink_to("/dev/full")


def a_second_name(path: Path) -> None:
    (path.parent / "target").write_text("precious")
    path.hardlink_to(path.parent / "target")


def a_folder(path: Path) -> None:
    path.mkdir()


def a_socket(path: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", "import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])", path.name], cwd=path.parent, check=True
    )


@pytest.mark.parametrize(
    "thing", [a_fifo, a_link, a_dangling_link, a_link_to_a_full_disk, a_second_name, a_folder, a_socket], ids=lambda one: one.__name__
)
def test_what_is_no_file_of_ours_is_refused_and_left_alone(thing: t.Callable[[Path], None], tmp_path: Path) -> None:
    thing(tmp_path / NAME)
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(OptionsError, match=r"is not a regular file|has more than one name"):
        Journal(ROLE, tmp_path, PLAY, BEGUN, False, Memory())
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    if (tmp_path / "target").exists():
        assert (tmp_path / "target").read_text() == "precious"


def test_a_file_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / NAME).write_text("precious")
    monkeypatch.setattr(os, "geteuid", lambda: os.stat(tmp_path).st_uid + 1)
    with pytest.raises(OptionsError, match="belongs to another user"):
        Journal(ROLE, tmp_path, PLAY, BEGUN, False, Memory())
    assert (tmp_path / NAME).read_text() == "precious"


BEGIN = {
    "event": "begin",
    "version": 1,
    "journal": "x",
    "run": dataclasses.asdict(DEAD),
    "play": "p",
    "number": 1,
    "check_mode": False,
    "begun": "2026-01-01T00:00:00Z",
    "open": {"o": {"": "2026-01-01T00:00:00Z"}},
}
UNREADABLE = {
    "foreign": b'{"event": "something", "number": 1}\n',
    "a-list": b"[]\n",
    "a-number": b"1\n",
    "no-json": b"hello\nworld\n",
    "nul": b"\0" * 5000,
    "nul-lines": b"\0\n" * 5000,
    "deep": b"[" * 200_000 + b"\n",
    "digits": b'{"event":' + b"9" * 10_000 + b"}\n",
    "not-utf-8": b'{"event":"\xff"}\n',
    "no-end": b'{"event": "begin"',
    "newer": json.dumps({**BEGIN, "version": 2}).encode() + b"\n",
    "odd-run": json.dumps({**BEGIN, "run": {"host": [], "pid": 1, "started": ""}}).encode() + b"\n",
    "odd-pid": json.dumps({**BEGIN, "run": {"host": "h", "pid": -1, "started": ""}}).encode() + b"\n",
    "huge-pid": json.dumps({**BEGIN, "run": {"host": "h", "pid": 2**80, "started": ""}}).encode() + b"\n",
    "odd-open": json.dumps({**BEGIN, "open": {"a": 1}}).encode() + b"\n",
}


@pytest.mark.parametrize("content", UNREADABLE)
def test_what_cannot_be_read_is_replaced_with_one_warning(content: str, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(UNREADABLE[content])
    with opened(tmp_path) as journal:
        assert len(journal.notes) == 1
        assert "could not be read, so it is not known what an earlier run left open" in journal.notes[0]
        assert journal.rows == {}
    assert [line["event"] for line in lines(tmp_path)] == ["begin"]


def test_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(json.dumps(BEGIN).encode() + b"\n")
    os.truncate(path, 1024**3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with opened(tmp_path) as journal:
        # What could be read of it counts.
        assert len(journal.notes) == 2
    assert path.stat().st_size < 1000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < 200_000


def test_an_empty_file_and_a_last_line_that_was_being_written_are_no_surprise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / NAME).touch()
    with of_another_run(monkeypatch), opened(tmp_path) as journal:
        assert journal.notes == []
        journal.hand_over({"a": None})
    with open(tmp_path / NAME, "a") as file:
        file.write('{"event": "answered", "call": 1, "rows": {"a"')
    with opened(tmp_path) as journal:
        (note,) = journal.notes
        assert "has no answer for 1 account, which may have been turned on: a." in note


def test_an_older_line_that_cannot_be_read_hides_nothing_before_it(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(json.dumps(BEGIN).encode() + b"\noops\n" + json.dumps(BEGIN).encode() + b"\n")
    with opened(tmp_path) as journal:
        told, unread = journal.notes
        assert "which may have been turned on: o." in told
        assert "could not be read" in unread


@pytest.mark.parametrize("name", ["line\nbreak", "nul\0", "half \ud83d", "\u8ba2\u9605\u53f7", '"quoted"', "", "__proto__"])
def test_any_name_is_kept_as_it_is(name: str, tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.hand_over({name: None})
        journal.answered({name: {**row(FAILED), "msg": name}})
    with opened(tmp_path) as journal:
        assert list(journal.rows) == [name]
        assert journal.rows[name]["msg"] == name


def test_names_do_not_break_the_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with of_another_run(monkeypatch), opened(tmp_path) as journal:
        journal.hand_over({"line\nbreak": None, "half \ud83d": None, "\u8ba2\u9605\u53f7": None})
    with opened(tmp_path) as journal:
        assert "turned on: line?break, half ?, \u8ba2\u9605\u53f7. This run looks first." in journal.notes[0]


@pytest.mark.parametrize("room", [0, 1, 40])
def test_a_full_disk_leaves_no_line_that_is_not_true(room: int, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with opened(tmp_path) as journal:
        size = (tmp_path / NAME).stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + room, hard))
        try:
            with pytest.raises(RecordError, match="OSError, EFBIG"):
                journal.hand_over({"a": None})
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    with opened(tmp_path) as journal:
        assert journal.rows == {}
    assert [line["event"] for line in lines(tmp_path)] == ["begin"]


def test_a_journal_that_cannot_be_begun_is_refused(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(OptionsError, match="cannot be written"):
            Journal(ROLE, tmp_path, PLAY, BEGUN, False, Memory())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_descriptors_are_not_left_behind(tmp_path: Path) -> None:
    before = len(os.listdir("/dev/fd"))
    for _time in range(20):
        with opened(tmp_path):
            pass
    os.unlink(tmp_path / NAME)
    os.mkfifo(tmp_path / NAME)
    for _time in range(20):
        with contextlib.suppress(OptionsError), opened(tmp_path):
            pass
    assert len(os.listdir("/dev/fd")) == before


@pytest.mark.parametrize("text", ["~nosuchuser/reports", "nul\0", "half \ud83d"])
def test_what_cannot_be_a_path_is_refused(text: str) -> None:
    with pytest.raises(OptionsError, match="draft_switch_report_dir cannot be a path"):
        folder_at(text, "draft_switch_report_dir")


# --- What two calls prove together.


@pytest.mark.parametrize("later", [ON, FAILED, IN_DOUBT])
def test_what_was_turned_on_stays_so(later: dict[str, t.Any]) -> None:
    merged = ROWS.merge(row(TURNED_ON), row(later))
    assert (merged["state"], merged["changed"], merged["is_open"]) == ("turned_on", True, True)
    assert (row(later)["msg"] in merged["msg"]) == (later is not ON)
    assert ROWS.merge(merged, row(later))["msg"] == merged["msg"]


def test_what_may_have_been_turned_on_stays_open_until_a_look() -> None:
    assert ROWS.merge(ROWS.unanswered(check_mode=False), row(FAILED))["state"] == "unknown"
    seen = ROWS.merge(ROWS.unanswered(check_mode=False), row(ON))
    assert (seen["state"], seen["request_sent"]) == ("on", False)
    assert "may have turned it on" in seen["msg"]
    seen = ROWS.merge(row(IN_DOUBT), row(ON))
    assert (seen["state"], seen["request_sent"]) == ("on", True)
    assert ROWS.merge(row(FAILED), row(ON)) == row(ON)
    assert ROWS.merge(row(FAILED), row(TURNED_ON))["state"] == "turned_on"
