# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""The journal of a run: the accounts that were handed over to the module, and what became of each.

It is one file in the folder of the report, and only its owner can read it. Each line is a JSON object, and is on disk before anything
depends on it:

``begin``        a play begins: its run (process), its number in the run, its time, and what earlier runs left open
``handed_over``  the accounts of one call, before the call is made
``answered``     what became of them, or of accounts that were not handed over

It holds names, AppIDs and results, and no secret. Each batch of a play runs in another process. It opens the journal again, and compares
it with Ansible's memory (the variables that the hosts have registered), to make sure that the earlier batches wrote this file.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import errno
import fcntl
import json
import os
import stat
import tempfile
import time
import typing as t
import uuid
from pathlib import Path

from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import how_many, some
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import OptionsError
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text, plain
from ansible_collections.wxops.official_account.plugins.plugin_utils._process import Process
from ansible_collections.wxops.official_account.plugins.plugin_utils._rows import RecordRows

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import Result
    from ansible_collections.wxops.official_account.plugins.plugin_utils._roles import Role

VERSION = 1

# Bytes. 10,000 accounts take about 6 MB. A larger file is not read.
LARGEST = 64 * 1024 * 1024
# Seconds to wait if another process has locked the journal.
PATIENCE = 5.0

Line = dict[str, t.Any]
# Accounts without an answer. The keys are a name and then an AppID ("" if not known). The value is when the run began that left it open.
Open = dict[str, dict[str, str]]


class RecordError(Exception):
    """The record of the run cannot be written. ``why``: a clause in words of this collection, for the middle of a sentence."""

    def __init__(self, why: Text) -> None:
        super().__init__(why)
        self.why = why


class LostError(OptionsError):
    """The record of what this play has done before is lost."""


class Stage(t.NamedTuple):
    """One batch of a play. ``begun``, ``ended``: the times of its first line and of its last one. ``names``: its accounts, in order."""

    begun: str
    ended: str
    names: dict[str, None]


@dataclasses.dataclass(frozen=True)
class Memory:
    """What Ansible's memory has about earlier calls of this run with this folder.

    ``journal``: the id of the journal; empty if there was none. ``calls``: the number of answered calls of this play. ``rows``: their rows.
    ``broken``: why an earlier call could not write the record; empty if it could. ``complete``: whether ``rows`` has the rows of all calls.
    """

    journal: str = ""
    calls: int = 0
    rows: Mapping[str, Result] = dataclasses.field(default_factory=dict)
    broken: str = ""
    complete: bool = True


_NO_WRITING = Text("{variable} cannot be written to ({kind})")
_NO_PATH = Text("{variable} cannot be a path ({kind})")
_GIVE_FOLDER = Text("give a folder on the host that runs Ansible; a relative one starts where Ansible was started")
_NOT_WRITTEN = Text("the journal in {variable} cannot be written ({why})")
_MAKE_ROOM = Text("make room, or give another folder")


def folder_at(text: str, variable: str) -> Path:
    """The folder at the path ``text``. It is created if it does not exist. Raises OptionsError, which names ``variable``, if that fails."""
    try:
        folder = Path(os.path.expandvars(text)).expanduser().absolute()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise OptionsError(_NO_WRITING.filled(variable=variable, kind=type(error).__name__), _GIVE_FOLDER) from None
    except (ValueError, RuntimeError) as error:  # a NUL, a surrogate, a user that does not exist
        raise OptionsError(_NO_PATH.filled(variable=variable, kind=type(error).__name__), _GIVE_FOLDER) from None
    return folder


class Journal:
    """The journal of one play, open and locked. The caller must ``close`` it.

    ``batch``: identifies the batch of the play.
    ``number``: the number of this play in its run, from 1. ``begun``: when it began. ``notes``: sentences for the user about earlier runs.
    ``rows``: what became of each account of this play so far. ``left_out``: hosts that took no part. ``calls``: the number of answered
    calls. ``appids``: of the accounts that were handed over. ``stages``: one for each batch of this play.

    Raises OptionsError if the file cannot be used, and LostError if the record of this play is lost. Nothing was sent in either case.
    """

    def __init__(self, role: Role, folder: Path, play: str, begun: float, check_mode: bool, memory: Memory, batch: str = "") -> None:
        self.folder = folder
        self.path = folder / f"{role.file('journal')}.jsonl"
        self._role = role
        self._rows = RecordRows(role)
        self._variable = role.variable("report_dir")
        self.notes: list[Text] = []
        self.rows: dict[str, Result] = {}
        self.left_out: dict[str, None] = {}
        self.calls = 0
        self.appids: dict[str, str] = {}
        self.stages: dict[str, Stage] = {}
        self._batch = batch
        self._check_mode = check_mode
        self._handed_over = 0
        self._run = Process.of_ansible()
        self._descriptor = -1
        try:
            self._open(play, begun, memory)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file, which also unlocks it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def hand_over(self, accounts: Mapping[str, str | None]) -> None:
        """Record that ``accounts`` (AppIDs by name) are handed over next. Raises RecordError; the accounts must not be handed over then."""
        self._append({"event": "handed_over", "call": self._handed_over + 1, "accounts": dict(accounts)})
        self._handed_over += 1

    def answered(self, rows: Mapping[str, Result]) -> None:
        """Record what became of the accounts that were handed over. Raises RecordError."""
        self._take(rows)
        self.calls += 1
        self._append({"event": "answered", "call": self._handed_over, "rows": dict(rows)})

    def note(self, rows: Mapping[str, Result], left_out: Iterable[str]) -> None:
        """Record what became of accounts that were not handed over. Raises RecordError."""
        left_out = list(left_out)
        self.left_out.update(dict.fromkeys(left_out))
        if rows or left_out:
            self._take(rows)
            self._append({"event": "answered", "call": None, "rows": dict(rows), "left_out": left_out})

    def _note_stage(self, line: Line) -> None:
        batch, now = line.get("batch", ""), line.get("at", "")
        if line["event"] == "begin" or not now:
            return
        stage = self.stages.get(batch, Stage(now, now, {}))
        stage.names.update(dict.fromkeys(line.get("accounts") or line["rows"]))
        self.stages[batch] = stage._replace(ended=now)
        self.appids.update((name, appid) for name, appid in line.get("accounts", {}).items() if appid)

    def _take(self, rows: Mapping[str, Result]) -> None:
        for name, row in rows.items():
            self.rows[name] = self._rows.merge(self.rows.get(name), row)

    # --- Opening.

    def _open(self, play: str, begun: float, memory: Memory) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self._locked(deadline):
            pass
        if memory.broken:
            what = Text("the record of this run could not be kept before ({why})")
            raise LostError(what.filled(why=memory.broken), self._keep_others_off())
        found = _read(self._descriptor, self._rows)
        first = found.first
        if first is None or not self._is_of_this_run(first):
            self._refuse_if_running(first)
            if memory.journal:
                what = Text("the journal of this run is gone from {variable}")
                raise LostError(what.filled(variable=self._variable), self._keep_others_off())
            self._begin_file(play, begun, found)
            return
        if not found.whole or (memory.journal and memory.journal != first["journal"]):
            what = Text("the journal of this run was changed by somebody else")
            raise LostError(what, self._keep_others_off())
        self._go_on(play, begun, found.lines, memory)

    def _locked(self, deadline: float) -> bool:
        """Open and lock the file at ``path``. Returns False if another process replaced the file in between."""
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        self.close()
        try:
            with contextlib.suppress(FileNotFoundError):
                # Checked before it is opened, because opening a device can have effects.
                self._refuse_unless_ours(os.lstat(self.path))
            made = not os.path.lexists(self.path)
            self._descriptor = os.open(self.path, flags, 0o600)
            self._refuse_unless_ours(os.fstat(self._descriptor))
            if made:
                os.fchmod(self._descriptor, 0o600)
        except OSError as error:
            raise OptionsError(_NO_WRITING.filled(variable=self._variable, kind=_kind(error)), _GIVE_FOLDER) from None
        while True:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    what = Text("another process has the journal in {variable} open")
                    raise OptionsError(what.filled(variable=self._variable), self._separate_folder()) from None
                time.sleep(0.05)
            except OSError:  # a file system that cannot lock
                break
        return self._is_in_place()

    def _refuse_unless_ours(self, status: os.stat_result) -> None:
        if not stat.S_ISREG(status.st_mode):
            what = Text("{file} in {variable} is not a regular file")
        elif status.st_uid != os.geteuid():
            what = Text("{file} in {variable} belongs to another user")
        elif status.st_nlink > 1:
            what = Text("{file} in {variable} has more than one name")
        else:
            return
        remedy = Text("remove it, or give another folder")
        raise OptionsError(what.filled(file=self.path.name, variable=self._variable), remedy)

    def _is_in_place(self) -> bool:
        try:
            at_path, opened = os.lstat(self.path), os.fstat(self._descriptor)
        except OSError:
            return False
        return (at_path.st_dev, at_path.st_ino) == (opened.st_dev, opened.st_ino)

    def _is_of_this_run(self, first: Line) -> bool:
        return Process.read(first["run"]) == self._run

    def _refuse_if_running(self, first: Line | None) -> None:
        if first is None:
            return
        other = Process.read(first["run"])
        if other.lives():
            what = Text("another run of Ansible is at work with {variable} (process {pid}, begun {begun})").filled(
                variable=self._variable, pid=other.pid, begun=local(first["begun"])
            )
            remedy = Text("wait until it has ended, or {or_else}").filled(or_else=self._separate_folder())
            raise OptionsError(what, remedy)

    def _begin_file(self, play: str, begun: float, found: _Found) -> None:
        """Replace the journal of another run with a new one."""
        left_open: Open = {}
        if found.first is not None:
            left_open = _left_open(found.lines, self._rows)
            self._note_open(left_open, found.first["begun"])
        if not found.whole:
            note = Text(
                "{file} could not be read, so it is not known what an earlier run left open; it was replaced. This run looks first."
            )
            self.notes.append(note.filled(file=self.path.name))
        self.number = 1
        self.id = str(uuid.uuid4())
        descriptor = -1
        try:
            # Only the owner can read a file of mkstemp. Readers see the complete old file or the complete new one.
            descriptor, draft = tempfile.mkstemp(dir=self.folder, prefix=f".{self.path.name}.")
            try:
                os.fchmod(descriptor, 0o600)
                fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_APPEND)
                with contextlib.suppress(OSError):
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._size = 0
                _write(descriptor, _encoded(self._beginning(play, begun, left_open)))
                self._size = os.fstat(descriptor).st_size
                os.replace(draft, self.path)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(draft)
                raise
            _sync_folder(self.folder)
        except OSError as error:
            if descriptor >= 0:
                os.close(descriptor)
            raise OptionsError(_NOT_WRITTEN.filled(variable=self._variable, why=_kind(error)), _MAKE_ROOM) from None
        self.close()
        self._descriptor = descriptor

    def _beginning(self, play: str, begun: float, left_open: Open) -> Line:
        self.begun = at(begun)
        return {
            "event": "begin",
            "version": VERSION,
            "journal": self.id,
            "run": dataclasses.asdict(self._run),
            "play": play,
            "number": self.number,
            "check_mode": self._check_mode,
            "begun": self.begun,
            "open": left_open,
        }

    def _go_on(self, play: str, begun: float, lines: list[Line], memory: Memory) -> None:
        """Continue the journal of this run, for another batch of the play or for another play."""
        self.id = lines[0]["journal"]
        self._size = os.fstat(self._descriptor).st_size
        plays = [line for line in lines if line["event"] == "begin"]
        this_play = next((line for line in plays if line["play"] == play), None)
        if this_play is None:
            if memory.calls:
                what = Text("the journal of this run has lost this play")
                raise LostError(what, self._keep_others_off())
            self.number = len(plays) + 1
            try:
                self._append(self._beginning(play, begun, {}))
            except RecordError as error:
                raise OptionsError(_NOT_WRITTEN.filled(variable=self._variable, why=error.why), _MAKE_ROOM) from None
            return
        self.number, self.begun = this_play["number"], this_play["begun"]
        pending: Line = {}
        for line in lines:
            if line["number"] != self.number:
                continue
            self._note_stage(line)
            if line["event"] == "handed_over":
                self._handed_over += 1
                self._take_unanswered(pending)
                pending = line
            elif line["event"] == "answered":
                if line["call"] is not None:
                    self.calls += 1
                    pending = {}
                self._take(line["rows"])
                self.left_out.update(dict.fromkeys(line["left_out"]))
        self._take_unanswered(pending)
        if self.calls < memory.calls:
            raise LostError(Text("the journal of this run has lost calls"), self._keep_others_off())

    def _take_unanswered(self, line: Line) -> None:
        if line:
            self._take({name: self._rows.unanswered(line["check_mode"]) for name in line["accounts"]})

    def _note_open(self, left_open: Open, begun: str) -> None:
        if left_open:
            since = min(when for by_appid in left_open.values() for when in by_appid.values())
            last = Text("The last run, begun {since}, has")
            earlier = Text("Earlier runs, the first begun {since}, have")
            note = Text("{which} no answer for {accounts}, which may have been {done}: {names}. This run looks first.")
            self.notes.append(
                note.filled(
                    which=(last if since == begun else earlier).filled(since=local(since)),
                    accounts=how_many(len(left_open)),
                    done=self._role.done,
                    names=some([_in_one_line(name) for name in left_open]),
                )
            )

    def _separate_folder(self) -> Text:
        return Text("give each play that runs at the same time a {variable} of its own").filled(variable=self._variable)

    def _keep_others_off(self) -> Text:
        return Text("run again: it looks first; keep other programs from {variable} while a play runs").filled(variable=self._variable)

    # --- Writing.

    def _append(self, line: Line) -> None:
        """Write ``line`` to disk. Raises RecordError."""
        line = {**line, "number": self.number, "check_mode": self._check_mode, "batch": self._batch, "at": at(time.time())}
        data = _encoded(line)
        if not self._is_in_place() or os.fstat(self._descriptor).st_size != self._size:
            raise RecordError(Text("somebody else has removed or changed the journal"))
        if self._size + len(data) > LARGEST:
            raise RecordError(Text("the journal would grow too large to be read"))
        try:
            _write(self._descriptor, data)
        except OSError as error:
            # A part of a line, or a line that may not be safe on disk, must not be read later.
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, self._size)
                os.fsync(self._descriptor)
            raise RecordError(plain(_kind(error))) from None
        self._size += len(data)
        self._note_stage(line)


def at(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(time: str) -> datetime.datetime:
    """The reverse of ``at``. Raises ValueError for other texts."""
    return datetime.datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)


def local(time: str) -> str:
    """``time`` (see ``at``) for readers where this runs. With its distance from UTC, because the names of zones are not clear."""
    try:
        here = moment(time).astimezone().isoformat(sep=" ")
    except ValueError:  # another program has written it
        return time
    return f"{here[:19]} UTC{here[19:]}"


# --- Reading.


@dataclasses.dataclass(frozen=True)
class _Found:
    """``first``: the first line, if it is valid. ``lines``: all valid lines. ``whole``: whether the file has nothing else."""

    first: Line | None
    lines: list[Line]
    whole: bool


def _read(descriptor: int, rows: RecordRows) -> _Found:
    """The content of the file. Another program may have written it, and it may be no journal at all."""
    size = os.fstat(descriptor).st_size
    try:
        data = os.pread(descriptor, min(size, LARGEST + 1), 0) if size <= LARGEST else os.pread(descriptor, 65536, 0)
    except OSError:
        return _Found(None, [], False)
    # A process was killed while it wrote a line without an end. Nothing depended on that line yet.
    *complete, rest = data.split(b"\n")
    lines: list[Line] = []
    whole = size <= LARGEST and len(data) == size
    for position, text in enumerate(complete):
        try:
            line = json.loads(text)
            _check(line, position, rows)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            whole = False
            break
        lines.append(line)
    first = lines[0] if lines else None
    if rest and (first is None or Process.read(first["run"]) == Process.of_ansible()):
        whole = False
    return _Found(first, lines, whole)


def _check(line: t.Any, position: int, rows: RecordRows) -> None:
    """Raises one of many exceptions if ``line`` is not what ``Journal`` writes."""
    event = line["event"]
    good = isinstance(line["number"], int) and line["check_mode"] in (True, False)
    good = good and all(isinstance(line.get(name, ""), str) for name in ("batch", "at"))
    if position == 0 or event == "begin":
        good = good and event == "begin" and line["version"] == VERSION and isinstance(line["open"], dict)
        good = good and all(isinstance(line[name], str) for name in ("journal", "play", "begun"))
        Process.read(line["run"])
        good = good and all(isinstance(when, str) for by_appid in line["open"].values() for when in by_appid.values())
    elif event == "handed_over":
        good = good and isinstance(line["call"], int) and all(isinstance(appid, (str, type(None))) for appid in line["accounts"].values())
    elif event == "answered":
        good = good and isinstance(line["call"], (int, type(None))) and isinstance(line.setdefault("left_out", []), list)
        for row in line["rows"].values():
            rows.outcome_of(row)
    else:
        good = False
    if not good:
        raise ValueError


def _left_open(lines: list[Line], rows: RecordRows) -> Open:
    """The accounts that were handed over, and for which the journal has no answer or only an unclear one."""
    left: Open = {name: dict(by_appid) for name, by_appid in lines[0]["open"].items()}
    begun = lines[0]["begun"]
    pending: Line = {}
    for line in lines:
        if line["event"] == "handed_over":
            _add_open(left, pending, begun)
            pending = line
        elif line["event"] == "answered":
            handed = pending["accounts"] if pending else {}
            for name, row in line["rows"].items():
                known = rows.outcome_of(row)
                if known == "unknown" and name in handed and not line["check_mode"]:
                    left.setdefault(name, {})[handed[name] or ""] = begun
                elif known == "seen" and name in left:
                    appid = handed.get(name) or ""
                    kept = {other: when for other, when in left[name].items() if appid and other and other != appid}
                    left.pop(name)
                    if kept:
                        left[name] = kept
            if line["call"] is not None:
                pending = {}
    _add_open(left, pending, begun)
    return left


def _in_one_line(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)


def _add_open(left: Open, line: Line, begun: str) -> None:
    if line and not line["check_mode"]:
        for name, appid in line["accounts"].items():
            left.setdefault(name, {})[appid or ""] = begun


def _encoded(line: Line) -> bytes:
    # In ASCII, so that characters that cannot be encoded, such as a surrogate in a name, are escaped.
    return json.dumps(line, separators=(",", ":")).encode("ascii") + b"\n"


def _write(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _kind(error: OSError) -> str:
    """The type of ``error``, without its text, which could hold a path."""
    code = errno.errorcode.get(error.errno or 0)
    return type(error).__name__ if code is None or type(error).__name__ != "OSError" else f"OSError, {code}"
