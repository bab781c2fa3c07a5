# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the workers of one play share: a folder among Ansible's temporary files, which Ansible removes when it ends.

Each host has its own file there, if there is something to know about it, so that work for one account never reads about the others.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import typing as t
from pathlib import Path

from ansible import constants
from ansible.playbook.task_include import TaskInclude
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ATTEMPT, START, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._run.workers import NONE_REACHED, UNREACHED_IN_A_ROW
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text, verbatim

if t.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ansible.playbook.task import Task
    from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import Reason
    from ansible_collections.wxops.official_account.plugins.module_utils._text import Language

Plan = dict[str, t.Any]

_CORRECT = Text("correct what stopped the run, then run again ({remedy})")


class Play:
    """The play of ``task``, for one role of this collection, which may be there more than once."""

    def __init__(self, task: Task) -> None:
        self.role = str(task._role._role_name).rsplit(".", 1)[-1] if task._role else ""
        key = json.dumps([str(task.get_play()._uuid), bool(task.check_mode), *_place_of(task)])
        self._folder = Path(constants.DEFAULT_LOCAL_TMP) / f"wechat-{self.role}-{_digest(key)}"  # type: ignore[attr-defined]

    def folder(self) -> Path:
        """The folder. It is there while Ansible runs."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._folder

    def variable(self, name: str) -> str:
        """The full name of the role's variable ``name``."""
        return f"{self.role}_{name}"

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Only one worker at a time is in this block."""
        descriptor = os.open(self.folder() / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    @contextlib.contextmanager
    def only_one(self) -> Iterator[bool]:
        """Whether no other worker is in this block."""
        descriptor = os.open(self.folder() / "only-one", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(descriptor)

    def plan(self) -> Plan | None:
        """What the check of all hosts has found out; None if it was not made yet. Its key ``record`` is the path of the record."""
        return t.cast("Plan | None", self._read("plan"))

    def note(self, plan: Plan, faults: Mapping[str, Failure], restored: Mapping[str, Mapping[str, t.Any]], language: Language) -> None:
        """Note the end of the check. ``faults``: what is wrong with each guilty host. ``restored``: see the next methods."""
        for host, fault in faults.items():
            self._write(_digest(host), {"fault": _written(fault, language)})
        for host, options in restored.items():
            if host not in faults:
                self._write(_digest(host), {"restored": options})
        # Written last, because readers take the check as made once this is there.
        self._write("plan", plan)

    def refuse(self, failure: Failure, language: Language) -> None:
        """Note that nothing must be sent for any host, and why."""
        self._write("plan", {"refused": _written(failure, language)})

    def refused(self, plan: Plan) -> Failure | None:
        return _failure(plan.get("refused"))

    def fault_of(self, host: str) -> Failure | None:
        """What is wrong with what ``host`` declares."""
        return _failure((self._read(_digest(host)) or {}).get("fault"))

    def restored(self, account: str) -> dict[str, t.Any]:
        """In a rollback, the options that bring back what ``account`` had before."""
        return (self._read(_digest(account)) or {}).get("restored") or {}

    def last_report(self) -> dict[str, t.Any] | None:
        """What was noted with the last report; None if there was none."""
        return t.cast("dict[str, t.Any] | None", self._read("report"))

    def note_report(self, note: Mapping[str, t.Any]) -> None:
        self._write("report", note)

    def note_told(self, account: str, told: Mapping[str, t.Any]) -> None:
        """Note what an export or an explanation has found out about ``account``."""
        self.folder()
        self._write(f"told-{_digest(account)}", {"account": account, **told})

    def told(self) -> list[dict[str, t.Any]]:
        """What was noted about all accounts."""
        return [self._read(path.stem) for path in self._folder.glob("told-*.json")]

    def host_of(self, identity: str, host: str) -> str:
        """The host that was the first of this play to work on what has ``identity``, an AppID, a token or a folder; perhaps ``host``."""
        path = self.folder() / f"account-{_digest(identity)}"
        try:
            with open(path, "x", encoding="utf-8", errors="backslashreplace") as file:
                file.write(host)
        except FileExistsError:
            return path.read_text("utf-8") or host
        return host

    # --- Whether the platform can be reached: one character for each account, of all workers.

    def reached(self, reached: bool, remedy: str = "") -> None:
        """Note whether the platform has answered to one account. ``remedy``: what to do if not."""
        if not reached:
            with contextlib.suppress(OSError):
                self._write("unreached", remedy)
        with contextlib.suppress(OSError), open(self._folder / "reached", "ab", buffering=0) as file:
            file.write(b"+" if reached else b"-")

    def out_of_reach(self) -> Failure | None:
        """Why no other account should be tried; None if there is no reason."""
        with contextlib.suppress(OSError), open(self._folder / "reached", "rb") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - UNREACHED_IN_A_ROW, 0))
            if file.read() == b"-" * UNREACHED_IN_A_ROW:
                return Failure("not_attempted", ATTEMPT, NONE_REACHED, _CORRECT.filled(remedy=self._read("unreached")))
        return None

    def _read(self, name: str) -> t.Any:
        try:
            return json.loads((self._folder / f"{name}.json").read_text("utf-8"))
        except FileNotFoundError:
            return None

    def _write(self, name: str, content: t.Any) -> None:
        draft = self._folder / f"{name}.{os.getpid()}"
        draft.write_text(json.dumps(content), "utf-8")
        draft.replace(self._folder / f"{name}.json")


def _written(failure: Failure, language: Language) -> list[str]:
    return [failure.reason, failure.what.said(language), failure.remedy.said(language)]


def _failure(written: list[str] | None) -> Failure | None:
    if not written:
        return None
    reason, what, remedy = written
    return Failure(t.cast("Reason", reason), START, verbatim(what), verbatim(remedy))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()[:32]


def _place_of(task: Task) -> list[str]:
    """Where the role of ``task`` stands: the same in each batch, and different for each time that the role runs in the play."""
    includes = []
    part: t.Any = task._parent
    while part is not None:
        if isinstance(part, TaskInclude):
            includes.append(part)
        part = part._parent
    found = []
    again = False
    for include in reversed(includes):
        # Ansible loads what a dynamic include has again for each batch, with other ids. So within one, the path and the line say the place.
        # Elsewhere the id does, because one line may hold several includes.
        found.append(str(include.get_path() if again else include._uuid))
        if not include.statically_loaded:
            again = True
            # The same include may run for each item of a loop, and its variables hold the item.
            found.append(_digest(repr(sorted(include.vars.items()))))
    return found if again else [*found, str(getattr(task._role, "_uuid", ""))]
