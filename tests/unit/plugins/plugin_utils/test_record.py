# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The record as a file: what is on disk when, and what is read of it, whoever wrote it."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError
from ansible_collections.wxops.official_account.plugins.plugin_utils import _record
from ansible_collections.wxops.official_account.plugins.plugin_utils._record import Record, oldest_kept, paths_in, read, since

from tests.unit.records import AS_DECLARED, FROZEN, ON, TURNED_ON, UNLISTED, begun, changed, menu, row

if t.TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = menu("https://a.example/old"), menu("https://a.example/new")


def opened(path: Path, check_mode: bool = False) -> Record:
    return Record(path, check_mode=check_mode, batch="first")


def lines(path: Path) -> list[dict[str, t.Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# --- Writing.


def test_only_the_owner_can_read_a_record(tmp_path: Path) -> None:
    path = begun(tmp_path / "new" / "folder", ["a"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    (first,) = lines(path)
    assert (first["event"], first["version"], list(first["accounts"])) == ("begin", 1, ["a"])


def test_a_record_has_the_number_after_the_last_one_whatever_the_clock_says(tmp_path: Path) -> None:
    first = begun(tmp_path, ["a"])
    late = first.rename(first.with_name("20991231T235959-000007.jsonl"))
    (late.parent / "20260101T000000-9.txt").write_text("")
    second = begun(tmp_path, ["a"])
    assert second.stem.endswith("-000008")
    assert paths_in(tmp_path) == [late, second]


def test_what_is_about_to_be_lost_is_on_disk_before_the_change(tmp_path: Path) -> None:
    path = begun(tmp_path, ["a", "b"])
    record = opened(path)
    record.keep("a", "menu", {"menu": OLD.menu, "console_menu": None})
    assert [line["event"] for line in lines(path)] == ["begin", "before"]
    found = read(path)
    assert found.kept == {"a": {"menu": {"menu": OLD.menu, "console_menu": None}}}
    assert found.begun == {"a": {"menu"}}
    record.end("a", row(menu=changed(OLD, NEW)))
    found = read(path)
    assert (found.begun, found.whole, list(found.rows)) == ({}, True, ["a"])
    # What differed is in the line, and the menus for whoever draws them, but no other state.
    its = found.rows["a"]["resources"]["menu"]
    assert its["differences"] == [["button[0].url", "https://a.example/old", "https://a.example/new"]]
    assert (its["more"], "before" in its, found.rows["a"]["batch"]) == (0, False, "first")
    assert json.loads(its["menus"]) == [[{"menu": OLD.menu}], [{"menu": NEW.menu}]]


def test_a_change_after_the_last_line_of_an_account_has_begun(tmp_path: Path) -> None:
    path = begun(tmp_path, ["a"])
    record = opened(path)
    record.end("a", row(draft_switch=ON))
    record.keep("a", "menu", None)
    assert read(path).begun == {"a": {"menu"}}


def test_many_differences_are_counted_and_long_values_are_cut(tmp_path: Path) -> None:
    path = begun(tmp_path, ["a"])
    many = changed(menu(*(f"https://a.example/{number}" for number in range(50))), menu(*("x" * 1000 for _number in range(50))))
    opened(path).end("a", row(menu=many))
    its = read(path).rows["a"]["resources"]["menu"]
    assert (len(its["differences"]), its["more"]) == (40, 10)
    assert its["differences"][0][2] == "x" * 400 + "…"


def test_menus_are_there_once_in_memory_and_only_those_that_differ_and_can_be_drawn(tmp_path: Path) -> None:
    path = begun(tmp_path, ["a", "b", "same", "large"])
    for name in ("a", "b"):
        opened(path).end(name, row(draft_switch=TURNED_ON, menu=changed(OLD, NEW)))
    opened(path).end("same", row(menu=AS_DECLARED))
    opened(path).end("large", row(menu=changed(OLD, menu("x" * 200_000))))
    its = {name: one["resources"] for name, one in read(path).rows.items()}
    assert its["a"]["menu"]["menus"] is its["b"]["menu"]["menus"]
    assert ["menus" in one for one in (its["a"]["draft_switch"], its["same"]["menu"], its["large"]["menu"])] == [False] * 3


def test_half_characters_can_be_written_and_read(tmp_path: Path) -> None:
    path = begun(tmp_path, ["\udcff"], user="\ud800")
    opened(path).keep("\udcff", "menu", "\ud83d")
    found = read(path)
    assert (found.whole, list(found.accounts), found.kept) == (True, ["\udcff"], {"\udcff": {"menu": "\ud83d"}})


def test_lines_of_many_threads_do_not_mix(tmp_path: Path) -> None:
    path = begun(tmp_path, [])
    record = opened(path)
    long = "x" * 20_000

    def work(number: int) -> None:
        for one in range(20):
            record.keep(f"a{number}-{one}", "menu", long)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = read(path)
    assert (found.whole, len(found.kept)) == (True, 160)


def test_nothing_may_be_sent_without_a_record(tmp_path: Path) -> None:
    path = begun(tmp_path, ["a"])
    path.unlink()
    record = opened(path)
    failure = record.failure
    assert failure
    assert failure.what == "the record of this run cannot be written (ENOENT)"
    with pytest.raises(ApiError) as raised:
        record.keep("a", "menu", None)
    assert raised.value.sent is False
    record.end("a", row(draft_switch=ON))
    assert not path.exists()


def test_a_link_in_place_of_the_record_is_not_followed(tmp_path: Path) -> None:
    path = begun(tmp_path, ["a"])
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    failure = opened(path).failure
    assert failure
    assert "ELOOP" in failure.what
    assert read(path).whole is False


# The limit of a file's size ends a write in its middle, as a full disk does.
FULL = """
import resource, signal, sys
from pathlib import Path
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError
from ansible_collections.wxops.official_account.plugins.plugin_utils._record import Record
path = Path(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
record = Record(path, check_mode=False, batch="")
record.keep("a", "menu", "small")
resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 50, resource.RLIM_INFINITY))
try:
    record.keep("b", "menu", "x" * 1000)
except ApiError as error:
    print(error.failure.what, error.sent)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
"""


def test_a_full_disk_sends_nothing_and_keeps_what_is_there(tmp_path: Path) -> None:
    path = begun(tmp_path, ["a", "b"])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run([sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, check=True, env=environment)
    assert ran.stdout == "the record of this run cannot be written (ENOSPC) False\n"
    found = read(path)
    assert (found.whole, found.kept) == (False, {"a": {"menu": "small"}})
    # When there is room again, the next line is a line of its own.
    opened(path).keep("c", "menu", None)
    assert list(read(path).kept) == ["a", "c"]


# --- Two tasks of one play.


def merged(tmp_path: Path, *tasks: tuple[dict[str, t.Any], bool]) -> dict[str, t.Any]:
    path = begun(tmp_path, ["a"])
    for its, check_mode in tasks:
        opened(path, check_mode).end("a", its)
    return read(path).rows["a"]


def test_what_one_task_has_changed_stays_changed(tmp_path: Path) -> None:
    both = merged(tmp_path, (row(menu=changed(OLD, NEW)), False), (row(draft_switch=ON, menu=AS_DECLARED), False))
    its = both["resources"]["menu"]
    assert (both["changed"], both["request_sent"], both["verified"], both["failure"]) == (True, True, True, None)
    assert (its["changed"], its["request_sent"], len(its["differences"]), "menus" in its) == (True, True, 1, True)
    # It does not say that nothing was changed, and no more.
    assert its["msg"].startswith("The menu has been changed (button[0].url).")
    assert list(both["resources"]) == ["menu", "draft_switch"]


def test_what_one_task_has_failed_to_do_stays_failed_until_it_is_done(tmp_path: Path) -> None:
    both = merged(tmp_path, (row(menu=FROZEN), False), (row(draft_switch=ON), False))
    assert both["failure"]["errcode"] == 40243
    assert both["verified"] is False
    both = merged(tmp_path, (row(menu=FROZEN), False), (row(menu=AS_DECLARED), False))
    assert (both["failure"], both["changed"], both["verified"]) == (None, False, True)


@pytest.mark.parametrize("check_first", [True, False])
def test_what_a_task_would_do_in_check_mode_is_no_change(tmp_path: Path, check_first: bool) -> None:
    would = row(check_mode=True, menu=changed(OLD, NEW, check_mode=True)), True
    failed = row(menu=UNLISTED), False
    both = merged(tmp_path, *((would, failed) if check_first else (failed, would)))
    assert (both["check_mode"], both["changed"], both["failure"]["errcode"]) == (False, False, 40164)


# --- Reading what is old, foreign or torn.

AFTER = {"event": "after", "account": "a", "at": "2026-11-29T10:00:00+00:00", **row(draft_switch=TURNED_ON)}


def without(name: str) -> dict[str, t.Any]:
    return {key: value for key, value in AFTER.items() if key != name}


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "null",
        "[" * 100_000,
        "9" * 5000,
        '{"event": "later"}',
        '{"event": 1, "account": "a", "at": "x"}',
        '{"event": "before", "account": ["a"], "resource": "menu", "at": "x"}',
        '{"event": "before", "account": "a", "resource": {}, "at": "x"}',
        '{"event": "before", "account": "a", "resource": "menu", "at": 5}',
        *(json.dumps(without(name)) for name in ("resources", "msg", "failure", "request_sent", "changed", "verified", "account", "at")),
        *(json.dumps({**AFTER, "resources": wrong}) for wrong in ([], None, {"menu": 1}, {"menu": {}}, {"menu": {**AFTER, "msg": 1}})),
        *(json.dumps({**AFTER, "resources": {"menu": {**AFTER, "differences": wrong}}}) for wrong in ("x", {}, None)),
        *(json.dumps({**AFTER, "failure": wrong}) for wrong in (1, [], {}, {"reason": "x"}, {"reason": 1, "remedy": "x"})),
        *(json.dumps({**AFTER, "request_sent": wrong}) for wrong in (1, "x", [], {})),
        *(json.dumps({**AFTER, "changed": wrong}) for wrong in (1, "x", None)),
    ],
    ids=lambda line: line[:40],
)
def test_a_line_that_is_no_line_of_ours_is_passed_over(tmp_path: Path, line: str) -> None:
    path = begun(tmp_path, ["a", "b"])
    with path.open("a") as file:
        file.write(f"{line}\n{json.dumps({**AFTER, 'account': 'b'})}\n")
    found = read(path)
    assert (found.whole, list(found.rows), list(found.accounts)) == (False, ["b"], ["a", "b"])


@pytest.mark.parametrize("accounts", [None, [], "a", {"a": None}, {"a": []}, {"a": {"appid": 1, "nick_name": {}}}], ids=str)
def test_accounts_of_another_type_do_not_stop_a_run(tmp_path: Path, accounts: t.Any) -> None:
    found = read(begun(tmp_path, [], accounts=accounts))
    assert found.accounts in ({}, {"a": {"appid": None, "nick_name": None}})


def test_the_last_line_may_be_torn(tmp_path: Path) -> None:
    path = begun(tmp_path, ["a"])
    opened(path).keep("a", "menu", "kept")
    content = path.read_bytes()
    path.write_bytes(content + content[: len(content) // 2][-40:])
    found = read(path)
    assert (found.whole, found.kept) == (False, {"a": {"menu": "kept"}})


def test_what_is_no_file_is_no_record(tmp_path: Path) -> None:
    assert paths_in(tmp_path) == []
    runs = tmp_path / "runs"
    runs.mkdir()
    (runs / "20260101T000000-000001.jsonl").mkdir()
    os.mkfifo(runs / "20260101T000000-000002.jsonl")
    (runs / "20260101T000000-000003.jsonl").write_bytes(b"\xff\xfe\x00")
    (runs / "notes.jsonl").write_text("{}")
    open_files = len(os.listdir("/proc/self/fd")) if os.path.exists("/proc/self/fd") else 0
    for path in (*paths_in(tmp_path), tmp_path / "nowhere-1.jsonl"):
        found = read(path)
        assert (found.begin, found.rows) == ({}, {})
        assert _record.first_line(path) == {}
    assert open_files in (0, len(os.listdir("/proc/self/fd")))
    assert begun(tmp_path, []).stem.endswith("-000004")
    assert since(tmp_path, "last") is None


def test_runs_that_is_a_file_is_an_error_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("")
    assert paths_in(tmp_path) == []
    with pytest.raises((FileExistsError, NotADirectoryError)):
        begun(tmp_path, [])


# --- Which records a rollback reads.


def test_a_run_is_found_by_its_name_its_number_or_as_the_last_that_changed_something(tmp_path: Path) -> None:
    paths = [begun(tmp_path, ["a"]) for _number in range(3)]
    opened(paths[0]).keep("a", "menu", "oldest")
    opened(paths[1]).keep("a", "menu", "newer")
    opened(paths[1]).keep("a", "menu", "between two changes of one run")
    opened(paths[1]).keep("b", "draft_switch", False)
    for name in ("last", paths[1].stem, paths[1].name, "2", "000002"):
        records = since(tmp_path, name)
        assert records is not None
        assert [record.name for record in records] == [path.stem for path in paths[1:]], name
    for name in ("", "4", "first", "../runs"):
        assert since(tmp_path, name) is None
    all_records = since(tmp_path, "1")
    assert all_records is not None
    assert oldest_kept(all_records) == {"a": {"menu": "oldest"}, "b": {"draft_switch": False}}
    assert oldest_kept(all_records[1:])["a"] == {"menu": "newer"}


def test_a_run_that_has_sent_nothing_is_not_the_last_and_not_the_one_before(tmp_path: Path) -> None:
    first, nothing, second = (begun(tmp_path, ["a", "b"]) for _number in range(3))
    for path in (first, second):
        opened(path).keep("a", "draft_switch", False)
        opened(path).end("a", row(draft_switch=TURNED_ON))
    opened(nothing).keep("a", "draft_switch", False)
    opened(nothing).end("a", row(draft_switch=UNLISTED))
    before = _record.run_before(tmp_path, second.stem)
    assert before is not None
    assert (before.name, before.ended_early(), before.may_have_changed()) == (first.stem, True, {"a"})
    assert _record.run_before(tmp_path, first.stem) is None
    second.unlink()
    last = since(tmp_path, "last")
    assert last is not None
    assert last[0].name == first.stem


@pytest.mark.parametrize(
    ("runs", "renamed"),
    [
        ([{"created": ["x"]}, {"renamed": {"a": "b"}}], {"a": "b"}),
        ([{"renamed": {"a": "b"}}, {"renamed": {"b": "c", "d": "e"}}], {"a": "c", "d": "e"}),
        ([{"renamed": {"a": "b"}}, {"renamed": {"b": "a"}}], {}),
        # The first has had no effect.
        ([{"renamed": {"a": "b"}}, {"renamed": {"a": "c"}}], {"a": "c"}),
        ([{"renamed": {"a": "b"}}, {"deleted": {"b": 100}}], {}),
        ([{"renamed": {"a": "b"}}, "a file can hold anything"], {"a": "b"}),
    ],
)
def test_what_runs_have_renamed_is_put_together(runs: list[t.Any], renamed: dict[str, str], tmp_path: Path) -> None:
    nothing: dict[str, t.Any] = {"created": [], "renamed": {}, "deleted": {}}
    for run in runs:
        opened(begun(tmp_path, ["a"])).keep("a", "tags", {**nothing, **run} if isinstance(run, dict) else run)
    assert oldest_kept(since(tmp_path, "1") or [])["a"]["tags"]["renamed"] == renamed
