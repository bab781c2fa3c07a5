# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""The record of a play: its journal, the report that is made from it, and what Ansible's memory has about both."""

from __future__ import annotations

import dataclasses
import os
import pwd
import time
import typing as t
from collections.abc import Mapping

import ansible.release
from ansible_collections.wxops.official_account.plugins.module_utils._http.transport import VERSION
from ansible_collections.wxops.official_account.plugins.module_utils._run.credentials import is_appid
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text, plain
from ansible_collections.wxops.official_account.plugins.plugin_utils import _report
from ansible_collections.wxops.official_account.plugins.plugin_utils._journal import (
    Journal,
    LostError,
    Memory,
    RecordError,
    Stage,
    at,
    folder_at,
)
from ansible_collections.wxops.official_account.plugins.plugin_utils._process import Process
from ansible_collections.wxops.official_account.plugins.plugin_utils._rows import RecordRows

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible.playbook.task import Task
    from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import Result
    from ansible_collections.wxops.official_account.plugins.module_utils._text import Language
    from ansible_collections.wxops.official_account.plugins.plugin_utils._roles import Role


_NOT_WHOLE = Text("The record of this run is not whole: {what}; the run stops here; {remedy}.")
_NOT_KEPT = Text(
    "The record of this run could not be kept: {why}; the results shown for each account are right; the run stops here; correct this, and "
    "run again: it looks first."
)


class NoRecord:
    """The record of a play without a folder for it. The methods are those of ``Record``, and do nothing."""

    trouble = plain("")

    def hand_over(self, _accounts: Iterable[Mapping[str, t.Any]]) -> None:
        pass

    def answered(self, _rows: Mapping[str, Result]) -> None:
        pass

    def finish(
        self, _results: Mapping[str, Result], _everyone: Iterable[str], _left_out: Iterable[str], _refused: Text
    ) -> tuple[dict[str, str], dict[str, t.Any]]:
        return {}, {}


class Record:
    """The record in the folder at the path ``text``.

    ``trouble``: a sentence on why the record is not reliable; the run must then stop. Empty if all is well. ``notes``: sentences about
    what earlier runs left open. ``lost``: set if the record of what this run has done before is lost; nothing may be sent then.

    Raises OptionsError if the record cannot be started. Nothing was sent or written then.
    """

    def __init__(self, role: Role, text: str, task: Task, variables: Mapping[str, t.Any], language: Language = "en") -> None:
        self._role = role
        self._variables = variables
        self._language = language
        self._rows = RecordRows(role, language)
        self._folder = folder_at(text, role.variable("report_dir"))
        self._play = str(task.get_play()._uuid)
        self._check_mode = bool(task.check_mode)
        self._run = dataclasses.asdict(Process.of_ansible())
        self._memory = self._remembered(variables)
        self._journal: Journal | None = None
        self.trouble = plain("")
        self.notes: list[Text] = []
        self.lost: LostError | None = None
        self._handed_over: set[str] = set()
        self._before = self._memory.calls
        asked = variables.get(role.variable("asked"))
        begun = asked.get("begun") if isinstance(asked, Mapping) else None
        try:
            self._journal = Journal(
                role,
                self._folder,
                self._play,
                begun if isinstance(begun, float) else time.time(),
                self._check_mode,
                self._memory,
                str(next(iter(variables["ansible_play_batch"]), "")),
            )
        except LostError as error:
            self.lost = error
            self.trouble = _NOT_WHOLE.filled(what=error.what, remedy=error.remedy)
            return
        self.notes = self._journal.notes
        self._before = self._journal.calls
        if not self._before and self._journal.number == 1:
            _report.set_aside(role, self._folder, self._play)

    def _remembered(self, variables: Mapping[str, t.Any]) -> Memory:
        """What the hosts of this play have registered about earlier calls of this run with this folder."""
        hostvars = variables["hostvars"]
        # Not through hostvars: it would evaluate the results of all calls again for each host.
        cache = getattr(hostvars._variable_manager, "_nonpersistent_fact_cache", None)
        calls: dict[int, Mapping[str, t.Any]] = {}
        journal = broken = ""
        total, number, others = 0, 0, 0
        for host in variables["ansible_play_hosts_all"]:
            call = (hostvars.raw_get(host) if cache is None else cache.get(host, {})).get(self._role.variable("call"))
            record = call.get("record") if isinstance(call, Mapping) else None
            if not record or record["run"] != self._run or record["folder"] != str(self._folder):
                continue
            journal, broken = record["journal"] or journal, record["trouble"] or broken
            if record["play"] == self._play:
                calls[record["last"]] = call
                total, number = max(total, record["last"]), record["number"]
            else:
                others = max(others, record["number"])
        self._number = number or others + 1
        rows: dict[str, Result] = {}
        covered = 0
        for last, call in sorted(calls.items()):
            covered += last - call["record"]["before"]
            for name, result in call["accounts"].items():
                rows[name] = self._rows.merge(rows.get(name), self._rows.row_of(result, call["record"]["check_mode"]))
        return Memory(journal, total, rows, broken, covered >= total)

    def hand_over(self, accounts: Iterable[Mapping[str, t.Any]]) -> None:
        """Record a call, before it is made. Raises RecordError; the call must not be made then."""
        if self._journal is None:
            raise RecordError(self.trouble)
        by_name = {str(one["name"] or one["appid"]): one["appid"] for one in accounts}
        try:
            self._journal.hand_over(by_name)
        except RecordError as error:
            why = Text("the journal could not be written before a call, and the call was not made ({why})")
            self._broken(why.filled(why=error.why))
            raise
        self._handed_over.update(by_name)

    def answered(self, rows: Mapping[str, Result]) -> None:
        """Record the rows of a call. An error ends up in ``trouble``."""
        if self._journal is None:
            return
        try:
            self._journal.answered({name: self._rows.row_of(result, self._check_mode) for name, result in rows.items()})
        except RecordError as error:
            self._broken(Text("the journal could not be written after the call ({why})").filled(why=error.why))

    def _broken(self, why: Text) -> None:
        self.trouble = self.trouble or _NOT_KEPT.filled(why=why)

    def finish(
        self, results: Mapping[str, Result], everyone: Iterable[str], left_out: Iterable[str], refused: Text
    ) -> tuple[dict[str, str], dict[str, t.Any]]:
        """Write the report. Returns its paths, and what Ansible's memory must keep. An error ends up in ``trouble``.

        ``results``: the result of this task for each account, handed over or not. ``everyone``: the accounts of the whole play.
        ``left_out``: the hosts of this batch that take no part. ``refused``: why the task could not start; empty if it could.
        """
        journal = self._journal
        rest = {name: self._rows.row_of(result, self._check_mode) for name, result in results.items() if name not in self._handed_over}
        if journal is not None:
            try:
                journal.note(rest, [name for name in left_out if name not in results])
            except RecordError as error:
                self._broken(Text("the journal could not be written ({why})").filled(why=error.why))
            rows, all_left_out, proven = dict(journal.rows), journal.left_out, True
            number, begun, last, identity = journal.number, journal.begun, journal.calls, journal.id
            appids, stages = journal.appids, list(journal.stages.values())
        else:
            rows, all_left_out, proven = dict(self._memory.rows), {}, self._memory.complete
            for name, row in rest.items():
                rows[name] = self._rows.merge(rows.get(name), row)
            number, begun, last, identity = self._number, None, self._memory.calls, self._memory.journal
            appids, stages = {}, []
        missing = self._rows.never_reached() if proven else self._rows.record_lost()
        for name in everyone:
            if name not in rows and name not in all_left_out:
                rows[name] = missing
        now = at(time.time())
        report = {
            "play": self._play,
            "check_mode": self._check_mode,
            "refused": refused or None,
            "started": begun or now,
            "updated": now,
            **_origin(self._variables),
            "stages": [_row_of(stage, rows) for stage in stages],
            "notes": [*self.notes, *filter(None, [self.trouble])],
            "left_out": sorted(name for name in all_left_out if name not in rows),
            "accounts": self._with_names(rows, appids, stages),
        }
        try:
            paths = _report.write(self._role, self._folder, number, report, self._language)
        except Exception as error:  # the results must be shown even without a report
            why = Text("the report could not be written ({kind})")
            self._broken(why.filled(kind=type(error).__name__))
            paths = {}
        memory = {
            "folder": str(self._folder),
            "run": self._run,
            "play": self._play,
            "number": number,
            "journal": identity,
            "before": self._before,
            "last": last,
            "check_mode": self._check_mode,
            "trouble": str(self.trouble),
        }
        if journal is not None:
            journal.close()
        return paths, memory

    def _with_names(self, rows: Mapping[str, Result], appids: Mapping[str, str], stages: list[Stage]) -> dict[str, Result]:
        """``rows`` with the AppID and the nickname of each account, and the number of its stage. Each is None if it is not known."""
        stage_of = {name: number for number, stage in enumerate(stages, 1) for name in stage.names}
        inventory = self._variables["hostvars"]._variable_manager._inventory
        named = {}
        for name, row in rows.items():
            # Only the inventory's own variables: those of hostvars would take far longer, and could be templates.
            host = inventory.get_host(name) or inventory.get_host(appids.get(name, ""))
            its = host.vars if host else {}
            appid, nick_name = appids.get(name) or its.get("wechat_appid"), its.get("wechat_nick_name")
            named[name] = {
                **row,
                "appid": str(appid) if isinstance(appid, str) and is_appid(appid) else None,
                "nick_name": str(nick_name) if isinstance(nick_name, str) else None,
                "stage": stage_of.get(name),
            }
        return named


def _row_of(stage: Stage, rows: Mapping[str, Result]) -> dict[str, t.Any]:
    names = list(stage.names)
    return {
        "begun": stage.begun,
        "ended": stage.ended,
        "accounts": len(names),
        "failed": sum(1 for name in names if name in rows and rows[name]["failure"]),
        "first": names[0] if names else None,
        "last": names[-1] if names else None,
    }


def _origin(variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Who runs this, from which inventory, with which versions. Not the command line: it may hold secrets."""
    try:
        user = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a container may run as a user without a name
        user = str(os.geteuid())
    for name in ("awx_user_name", "tower_user_name"):
        if isinstance(variables.get(name), str):
            user = f"{variables[name]} (AWX)"
    sources = [str(source) for source in variables.get("ansible_inventory_sources") or []]
    return {
        "user": user,
        # A list of hosts on the command line has commas.
        "inventory": [source if "," not in source else "-i " + ",".join(source.split(",")[:3]) + ",..." for source in sources],
        "versions": {"wxops.official_account": VERSION, "ansible-core": ansible.release.__version__},
    }
