# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The record of a play: a file in the folder ``runs``, to which each worker appends. Only its owner can read it.

Each line is a JSON object, and is on disk before the work goes on:

``begin``   the play begins: what it is, and the names and AppIDs of its accounts
``before``  what a change of a resource is about to replace or delete, before the change is sent
``after``   what became of an account

What a record does not say is not known. But no change is sent without its line ``before``. It holds no secret.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import errno
import fcntl
import itertools
import json
import os
import re
import stat
import sys
import time
import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import RUN_AGAIN, START, ApiError, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._resource.account import BY_NAME
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text, verbatim

if t.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

VERSION = 1

Line = dict[str, t.Any]

# The number is one more than that of the run before, so it tells which is later, even if somebody has set the clock back.
_NAME = re.compile(r"\d{8}T\d{6}-(\d{6,})")

# What a line holds of the differences of one resource: so many, and so many characters of each value.
_DIFFERENCES = 40
_LONGEST = 400
# What a line holds of the menus of one resource, in characters. Far more than the largest menus that the platform takes.
_LARGEST = 200_000

_NOT_WRITTEN = Text("the record of this run cannot be written ({why})")
_REMEDY = Text("make sure that the folder of the record is there and has room, then {run_again}").filled(run_again=RUN_AGAIN)


@dataclasses.dataclass
class Recorded:
    """What a record says. ``name``: of the file, without its end. ``begin``: its first line. ``kept``: by account and resource.

    ``rows``: by account, with the keys of its last line ``after``. ``accounts``: those of the play, each with ``appid`` and ``nick_name``,
    which may be None. ``begun``: by account, the resources of which a line ``before`` comes after the last line ``after``: what became of
    their changes is not on record. ``times``: of the first and the last line of each account. ``whole``: whether each line could be read.
    """

    name: str
    begin: Line = dataclasses.field(default_factory=dict)
    kept: dict[str, dict[str, t.Any]] = dataclasses.field(default_factory=dict)
    rows: dict[str, Line] = dataclasses.field(default_factory=dict)
    accounts: dict[str, dict[str, str | None]] = dataclasses.field(default_factory=dict)
    begun: dict[str, set[str]] = dataclasses.field(default_factory=dict)
    times: dict[str, tuple[str, str]] = dataclasses.field(default_factory=dict)
    whole: bool = True

    def may_have_changed(self) -> set[str]:
        """The accounts of which this record does not say that nothing was sent."""
        return {account for account in self.kept if account not in self.rows or self.rows[account]["request_sent"] is not False}

    def ended_early(self) -> bool:
        """Whether there is an account of which this record does not say what became of it."""
        return bool(self.accounts.keys() - self.rows.keys())


def begin(folder: Path, line: Mapping[str, t.Any]) -> Path:
    """Begin a record in ``folder``, with ``line``. Returns its path. Raises OSError or ValueError."""
    runs = folder / "runs"
    runs.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not is_ours(folder):
        raise PermissionError
    number = max((_number(path) for path in paths_in(folder)), default=0)
    while True:
        number += 1
        path = runs / f"{time.strftime('%Y%m%dT%H%M%S')}-{number:06}.jsonl"
        # Two plays that begin in the same moment take different numbers.
        if any(_number(other) == number for other in paths_in(folder)):
            continue
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            try:
                _append(descriptor, {"event": "begin", "version": VERSION, "at": now(), **line})
            finally:
                os.close(descriptor)
            _sync(runs)
            return path


def is_ours(folder: Path) -> bool:
    """Whether nobody else can write records into ``folder``. A rollback would bring back what they say."""
    try:
        status = os.lstat(folder / "runs")
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o022


def paths_in(folder: Path) -> list[Path]:
    """The records in ``folder``, in the order in which they began."""
    with contextlib.suppress(OSError):
        found = (path for path in (folder / "runs").iterdir() if path.suffix == ".jsonl" and _NAME.fullmatch(path.stem))
        return sorted(found, key=lambda path: (_number(path), path.stem))
    return []


def _number(path: Path) -> int:
    found = _NAME.fullmatch(path.stem)
    return int(found[1]) if found else 0


class Record:
    """The record at ``path``, which ``begin`` has made, open for new lines. Safe to share between threads.

    ``check_mode``: of the task. ``batch``: the first host of the batch.
    """

    def __init__(self, path: Path, *, check_mode: bool, batch: str) -> None:
        self._more = {"check_mode": check_mode, "batch": batch}
        self._why = verbatim("")
        self._descriptor = -1
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            self._why = verbatim(_kind(error))
            return
        # The lock ends with this worker, whatever ends it. Not every file system has locks.
        with contextlib.suppress(OSError):
            fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    @property
    def failure(self) -> Failure | None:
        """Why nothing must be sent; None if lines can be written."""
        if not self._why:
            return None
        return Failure("operator", START, _NOT_WRITTEN.filled(why=self._why), _REMEDY, again=True)

    def keep(self, account: str, resource: str, replaced: t.Any) -> None:
        """Note what a change of ``resource`` is about to replace, as JSON. Raises ApiError; the change must not be sent then."""
        self._write({"event": "before", "account": account, "resource": resource, "before": replaced})
        if self._why:
            raise ApiError(
                Failure("operator", BY_NAME[resource].resource.step, _NOT_WRITTEN.filled(why=self._why), _REMEDY, again=True), sent=False
            )

    def end(self, account: str, row: Mapping[str, t.Any]) -> None:
        """Note what became of ``account``. ``row``: as ``wechat_account`` returns it. If that fails, ``failure`` says why."""
        self._write({"event": "after", "account": account, **self._more, **_short(row)})

    def _write(self, line: Line) -> None:
        if self._descriptor < 0:
            return
        try:
            # If the machine stops, what is not on disk is not known. Of an account to which nothing was sent, that is no loss.
            _append(self._descriptor, {"at": now(), **line}, on_disk=line.get("request_sent") is not False)
        except OSError as error:
            self._why = verbatim(_kind(error))


def _short(row: Mapping[str, t.Any]) -> Line:
    """``row`` without the states of its resources, but with what differed."""
    resources = {}
    for name, its in row["resources"].items():
        differences = [[path, _cut(old), _cut(new)] for path, old, new in BY_NAME[name].differences(its)]
        resources[name] = {**_common(its), "differences": differences[:_DIFFERENCES], "more": max(len(differences) - _DIFFERENCES, 0)}
        menus = BY_NAME[name].menus(its) if differences else None
        if menus and len(json.dumps(menus)) <= _LARGEST:
            resources[name]["menus"] = menus
    return {**_common(row), "resources": resources}


def _common(row: Mapping[str, t.Any]) -> Line:
    return {key: row[key] for key in ("changed", "verified", "request_sent", "failure", "msg")}


def _cut(value: t.Any) -> t.Any:
    text = value if isinstance(value, str) or value is None else json.dumps(value, ensure_ascii=False)
    return text if text is None or len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _append(descriptor: int, line: Mapping[str, t.Any], *, on_disk: bool = True) -> None:
    # One write of a whole line, so that the lines of two workers do not mix. Half a character becomes an escape of JSON.
    content = (json.dumps(line, ensure_ascii=False) + "\n").encode(errors="backslashreplace")
    status = os.fstat(descriptor)
    if not status.st_nlink:
        # Somebody has deleted the record.
        raise FileNotFoundError(errno.ENOENT, "")
    end = status.st_size
    if end and os.pread(descriptor, 1, end - 1) != b"\n":
        # The disk was full. A part of another worker's line is there.
        content = b"\n" + content
    if os.write(descriptor, content) < len(content):
        raise OSError(errno.ENOSPC, "")
    if on_disk:
        os.fsync(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _kind(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, type(error).__name__)


# --- Reading. Nothing in the folder ever stops a run: it may be old, foreign or torn.


def read(path: Path) -> Recorded:
    """What the record at ``path`` says."""
    found = Recorded(path.stem)
    for line in _lines(path):
        if line is None:
            found.whole = False
        elif line.get("event") == "begin":
            found.begin = found.begin or line
            accounts = line.get("accounts")
            for name, its in accounts.items() if isinstance(accounts, dict) else ():
                known = its if isinstance(its, dict) else {}
                found.accounts[name] = {key: known[key] if isinstance(known.get(key), str) else None for key in ("appid", "nick_name")}
        else:
            _take(found, line)
    return found


def first_line(path: Path) -> Line:
    """The first line of the record at ``path``; {} if it cannot be read."""
    return next(_lines(path), None) or {}


def _take(found: Recorded, line: Line) -> None:
    account, at = line.get("account"), line.get("at")
    if not isinstance(account, str) or not isinstance(at, str):
        found.whole = False
    elif line.get("event") == "before" and isinstance(line.get("resource"), str):
        found.times[account] = (found.times.get(account, (at, at))[0], at)
        # The first one is what the account had before this run.
        found.kept.setdefault(account, {}).setdefault(line["resource"], line.get("before"))
        found.begun.setdefault(account, set()).add(line["resource"])
    elif line.get("event") == "after" and "resources" in line and _is_row(line) and all(map(_is_row, line["resources"].values())):
        found.times[account] = (found.times.get(account, (at, at))[0], at)
        found.begun.pop(account, None)
        for its in line["resources"].values():
            if "menus" in its:
                # As a text, once for all accounts with the same menus: of many accounts, they are most of what is read.
                its["menus"] = sys.intern(json.dumps(its["menus"], ensure_ascii=False))
        found.rows[account] = merged(found.rows.get(account), line)
    else:
        found.whole = False


def _is_row(row: object) -> bool:
    if not isinstance(row, dict):
        return False
    failure = row.get("failure")
    good = isinstance(row.get("msg"), str) and all(isinstance(row.get(key), bool) for key in ("changed", "verified"))
    good = good and isinstance(row.get("request_sent", ""), (bool, type(None))) and "failure" in row
    good = good and isinstance(row.get("resources", {}), dict)
    good = good and isinstance(row.get("differences", []), list)
    return good and (
        failure is None or (isinstance(failure, dict) and all(isinstance(failure.get(key), str) for key in ("reason", "remedy")))
    )


def merged(before: Line | None, row: Line) -> Line:
    """What two tasks of one play have done with an account. What one of them has changed stays changed.

    What a task would do in check mode says nothing about what another one has done without it.
    """
    if before is None or (before.get("check_mode") is True and row.get("check_mode") is not True):
        return row
    if row.get("check_mode") is True and before.get("check_mode") is not True:
        return before
    firsts = before["resources"]
    resources = {**firsts, **{name: _both(firsts[name], its) if name in firsts else its for name, its in row["resources"].items()}}
    every = resources.values()
    return {
        **_both(before, row),
        "verified": row["verified"] and all(its["verified"] for its in every),
        "failure": row["failure"] or next((its["failure"] for its in every if its["failure"]), None),
        "resources": resources,
    }


def _both(first: Line, second: Line) -> Line:
    """The row ``second``, which does not say less than ``first`` did."""
    sent = (first["request_sent"], second["request_sent"])
    both = {**second, "changed": first["changed"] or second["changed"]}
    both["request_sent"] = True if True in sent else None if None in sent else False
    if first["changed"]:
        if first["msg"] != second["msg"]:
            both["msg"] = f"{first['msg']} {second['msg']}"
        if "differences" in first and not second["changed"]:
            both.update({key: first[key] for key in ("differences", "more", "menus") if key in first})
    return both


def _lines(path: Path) -> Iterator[Line | None]:
    """The lines of the record at ``path``; None for one that cannot be read."""
    try:
        with open(path, encoding="utf-8", errors="replace", opener=_no_link) as file:
            for text in file:
                line = None
                with contextlib.suppress(ValueError, RecursionError):
                    line = json.loads(text)
                if text.strip():
                    yield line if isinstance(line, dict) else None
    except OSError:
        yield None


def is_worked_on(folder: Path, name: str) -> bool:
    """Whether a worker has the record with this ``name`` open right now."""
    with contextlib.suppress(OSError), open(folder / "runs" / f"{name}.jsonl", opener=_no_link) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _no_link(path: str, _flags: int) -> int:
    return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)


def since(folder: Path, run: str) -> list[Recorded] | None:
    """The records from ``run`` on, in the order in which they began. ``run``: its name or its number, or ``last`` for the last run that
    has changed something and was no rollback. None if there is no such run.
    """
    paths = paths_in(folder) if is_ours(folder) else []
    if run == "last":
        for position in reversed(range(len(paths))):
            last = read(paths[position])
            # The same rollback again must not bring back what it has taken away.
            if last.may_have_changed() and not last.begin.get("rollback_to"):
                return [read(path) for path in paths[position:]]
        return None
    wanted = run.removesuffix(".jsonl")
    for position, path in enumerate(paths):
        if wanted in (path.stem, str(_number(path)), f"{_number(path):06}"):
            return [read(one) for one in paths[position:]]
    return None


def run_before(folder: Path, run: str) -> Recorded | None:
    """The last run before ``run``, the name of a run, that may have changed something; None if there is none, or if it was a rollback."""
    for path in reversed([*itertools.takewhile(lambda path: path.stem != run, paths_in(folder))]):
        found = read(path)
        if found.may_have_changed():
            return None if found.begin.get("rollback_to") else found
    return None


def oldest_kept(records: Sequence[Recorded]) -> dict[str, dict[str, t.Any]]:
    """What each account had before the first of ``records``: by account and resource."""
    found: dict[str, dict[str, t.Any]] = {}
    for record in records:
        for account, resources in record.kept.items():
            its = found.setdefault(account, {})
            for name, replaced in resources.items():
                its[name] = _together(name, its[name], replaced) if name in its else replaced
    return found


def _together(name: str, kept: t.Any, later: t.Any) -> t.Any:
    try:
        return BY_NAME[name].together(kept, later)
    except Exception:  # a file can hold anything
        return kept


def now() -> str:
    """The time, as records and reports write it."""
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
