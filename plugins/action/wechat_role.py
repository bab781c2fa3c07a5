# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a role of this collection does once for all hosts: the check before the first change, and the report."""

from __future__ import annotations

import dataclasses
import os
import time
import typing as t
from pathlib import Path

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import START, ApiError, Failure, Step, unexpected_failure
from ansible_collections.wxops.official_account.plugins.module_utils._resource.account import pictures_of
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import (
    NOTHING_SENT,
    as_sentence,
    failed,
    how_many,
    some,
)
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text, verbatim
from ansible_collections.wxops.official_account.plugins.plugin_utils import _explain, _report
from ansible_collections.wxops.official_account.plugins.plugin_utils._accounts import is_of_role, plan_of
from ansible_collections.wxops.official_account.plugins.plugin_utils._arguments import Arguments, language_in
from ansible_collections.wxops.official_account.plugins.plugin_utils._check import Check, made_folder
from ansible_collections.wxops.official_account.plugins.plugin_utils._export import OUTSIDE, tell
from ansible_collections.wxops.official_account.plugins.plugin_utils._files import put
from ansible_collections.wxops.official_account.plugins.plugin_utils._phone import page_of
from ansible_collections.wxops.official_account.plugins.plugin_utils._play import Play
from ansible_collections.wxops.official_account.plugins.plugin_utils._record import read
from ansible_collections.wxops.official_account.plugins.plugin_utils._sheet import clean
from ansible_collections.wxops.official_account.plugins.plugin_utils._told import previous_of
from ansible_collections.wxops.official_account.plugins.plugin_utils._watch import watch_main_process

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import Result
    from ansible_collections.wxops.official_account.plugins.module_utils._text import Language
    from ansible_collections.wxops.official_account.plugins.plugin_utils._play import Plan

# Where hosts do not wait for each other, each writes the report. This many times the time that it takes must pass between two of them, but
# no more than these seconds: one worker waits for that, so that the last report has all hosts.
_SHARE, _LONGEST_WAIT = 10, 30

WRITE = Step(Text("write the report"), sends=False)

DEBUG = (
    "Ansible's debug mode is on (ANSIBLE_DEBUG): Ansible itself prints the arguments of every module, and so the accounts' secrets and "
    "tokens. Stop now unless that is wanted, and treat what it prints as secret."
)

_FAULT = Text("{names}: {what}; {remedy}")
_FAULTS = Text("{accounts}: what {number:,} of them declare cannot be used.")
_NO_FAULT = Text("{accounts}: what they declare is well formed.")

_SEE_BEFORE = Text("This account failed, as the task before says.")
_GONE = Failure(
    "operator",
    WRITE,
    Text("this run has no record, or its files are gone from Ansible's temporary folder"),
    Text("run the whole role; what is on record is in the folder runs"),
)


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True
    _language: Language = "en"

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> Result:
        super().run(tmp, task_vars)
        watch_main_process()
        variables = task_vars or {}
        step = self._task.args.get("step")
        if not is_of_role(self._task) or step not in ("check", "report", "fail", "exported", "explained", "validate"):
            return {"failed": True, "msg": OUTSIDE}
        play = Play(self._task)
        arguments = Arguments(self._templar, variables.get("omit"))
        self._language = language_in(arguments.of(play.role, ["language"], variables)[0])
        if step == "fail":
            guilty = (play.last_report() or {}).get("guilty")
            if guilty is not None and variables["inventory_hostname"] not in guilty:
                return {"changed": False, "skipped": True}
            return {"failed": True, "msg": _SEE_BEFORE.said(self._language)}
        try:
            if step == "check":
                return self._checked(plan_of(self, play, variables))
            if step == "validate":
                return self._validated(play, Check(play, self._task, variables, arguments), variables)
            if step in ("exported", "explained"):
                told = tell if step == "exported" else _explain.tell
                return self._told(told, play, arguments.of(play.role, ["report_dir"], variables)[0].get("report_dir"))
            plan = play.plan()
            return self._failed(_GONE) if plan is None or not plan.get("record") else self._reported(play, plan)
        except ApiError as refused:
            return self._failed(refused.failure)
        except Exception as unexpected:
            return self._failed(unexpected_failure(START if step == "check" else WRITE, unexpected))

    def _checked(self, plan: Plan) -> Result:
        if constants.config.get_config_value("DEFAULT_DEBUG"):
            self._display.warning(DEBUG)
        if plan["is_new"]:
            for note in plan["notes"]:
                self._display.display(clean(note))
            self._display.display(plan["msg"])
        return {"changed": False, "msg": plan["msg"]}

    def _reported(self, play: Play, plan: Plan) -> Result:
        if str(self._task.get_play().strategy).endswith(("free", "host_pinned")):
            last = play.last_report()
            with play.only_one() as is_only_one:
                if last and not is_only_one:
                    # What this host has done is on record, and the worker that waits has not read that yet.
                    return {"changed": False, **last["result"]}
                if last and last["size"] != os.path.getsize(plan["record"]):
                    time.sleep(min(max(last["next"] - time.monotonic(), 0.0), _LONGEST_WAIT))
        with play.alone():
            size = os.path.getsize(plan["record"])
            last = play.last_report()
            if last and last["size"] == size:
                return {"changed": False, **last["result"]}
            begun = time.monotonic()
            recorded = read(Path(plan["record"]))
            folder, paths = Path(plan["report"]), {}
            if plan["report"]:
                stem = f"{play.role}-report".replace("_", "-")
                notes = [verbatim(note) for note in plan["notes"]]
                try:
                    paths = _report.write(folder, stem, recorded, previous_of(folder, recorded), self._language, notes)
                except OSError as error:
                    return self._failed(_not_written(play, error))
            counts = _report.summary_of(recorded)
            result: Result = {"msg": _report.sentence_of(recorded).said(self._language), "report": paths, "summary": counts}
            play.note_report({"size": size, "next": time.monotonic() + _SHARE * (time.monotonic() - begun), "result": result})
        self._display.display(result["msg"])
        stats: dict[str, t.Any] = {play.variable(name): count for name, count in counts.items()}
        if self._task.check_mode:
            stats[play.variable("would_change")] = [
                name for name in recorded.accounts if (row := recorded.rows.get(name)) and row["changed"] and not row["failure"]
            ]
        return {"changed": False, **result, "ansible_stats": {"data": stats, "per_host": False, "aggregate": False}}

    def _validated(self, play: Play, check: Check, variables: dict[str, t.Any]) -> Result:
        declared, faults = check.offline()
        # What can be declared in the same way is wrong in the same way.
        alike: dict[tuple[str, str], list[str]] = {}
        for name, fault in faults.items():
            alike.setdefault((fault.what.said(self._language), fault.remedy.said(self._language)), []).append(name)
        for (what, remedy), names in alike.items():
            said = _FAULT.filled(names=some([*map(clean, names)]), what=verbatim(what), remedy=verbatim(remedy))
            self._display.display(clean(said.said(self._language)))
        for note in check.unused():
            self._display.display(clean(as_sentence(note, self._language)))
        right = {name: its for name, its in declared.items() if name not in faults}
        folder = made_folder(check.option("report_dir"), play.variable("report_dir"))
        page = ""
        if folder:
            pictures = ((name, pictures_of(its)) for name, its in right.items())
            try:
                page = put(folder / "account-menus.html", page_of(pictures, self._language))
            except OSError as error:
                return self._failed(_not_written(play, error))
        msg = (_FAULTS if faults else _NO_FAULT).filled(accounts=how_many(len({**declared, **faults})), number=len(faults))
        self._display.display(msg.said(self._language))
        # In a list, the fault is that of the host that has the list.
        hosts = [name for name in faults if name in variables["ansible_play_hosts_all"]]
        guilty = hosts or ([variables["inventory_hostname"]] if faults else [])
        # The name of a host may look like a template, so it is not compared in one.
        play.folder()
        play.note_report({"guilty": guilty})
        return {"changed": False, "msg": msg.said(self._language), "guilty": guilty, "page": page}

    def _told(self, tell: Callable[[Play, Path | None, Language], list[str]], play: Play, folder: str | None) -> Result:
        failure = None
        base = None
        try:
            base = made_folder(folder, play.variable("report_dir"))
        except ApiError as refused:
            failure = dataclasses.replace(refused.failure, step=WRITE)
        try:
            lines = tell(play, base, self._language)
        except OSError as error:
            failure = _not_written(play, error)
            # The terminal gets what was found, although there is no file.
            play.note_report({})
            lines = tell(play, None, self._language)
        for line in lines:
            self._display.display(line)
        return self._failed(failure) if failure else {"changed": False, "msg": lines[-1] if lines else ""}

    def _failed(self, failure: Failure) -> Result:
        msg = failed(failure, None if failure.step is WRITE else NOTHING_SENT).said(self._language)
        # After a failure of accounts, that of the report must not hide theirs: see the roles.
        return {"failed": True, "msg": msg, **({"warnings": [msg]} if failure.step is WRITE else {})}


def _not_written(play: Play, error: OSError) -> Failure:
    what = Text("the report cannot be written in {variable} ({kind})")
    return Failure(
        "operator",
        WRITE,
        what.filled(variable=play.variable("report_dir"), kind=type(error).__name__),
        Text("make room there, then run again; the results of the hosts are right"),
    )
