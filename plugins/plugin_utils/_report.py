# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""The report of a play, as JSON, CSV and one HTML page, made from the journal. Each batch of the play writes it again, with more rows.

The page, the CSV file and the messages in the JSON file are in the language that the user asked for. Before a run writes its first
report, it sets the JSON file of the run before aside, to say what has changed since.
"""

from __future__ import annotations

import collections
import contextlib
import csv
import io
import json
import os
import re
import stat
import tempfile
import typing as t
from pathlib import Path

import jinja2
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import by_remedy, how_many, summary
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text, plain
from ansible_collections.wxops.official_account.plugins.plugin_utils._journal import local, moment

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import Result
    from ansible_collections.wxops.official_account.plugins.module_utils._text import Language
    from ansible_collections.wxops.official_account.plugins.plugin_utils._roles import Kind, Role

TEMPLATE = Path(__file__).with_name("_report.html.j2")

# What needs somebody's attention comes first.
ORDER: tuple[Kind, ...] = ("failed", "unknown", "record_lost", "not_attempted", "would_change", "changed", "unchanged")
_FAILED: frozenset[Kind] = frozenset({"failed", "unknown", "record_lost"})
_UNDONE: frozenset[Kind] = _FAILED | {"not_attempted"}

# Bytes. A larger file is not read. It is not a report of ours, or one of far more accounts than a play can have.
_LARGEST = 256 * 1024 * 1024

# Programs take a cell that begins like this for a formula: with a sign, also a full-width or a small one, perhaps after what is not seen.
# Where the comma is the decimal sign, a semicolon begins a new cell, even in quotes.
_SIGNS = "-=+@\u207a\u207b\u207c\u208a\u208b\u208c\u2212\ufe62\ufe63\ufe66\ufe6b\ufb29\uff0b\uff0d\uff1d\uff20"
_FORMULA = re.compile(rf"(^\s*|;)(?=[{_SIGNS}])")

# The words of the page.
WORDS: Mapping[str, Text] = {
    "language": Text("en"),  # the value of lang
    "colon": Text(": "),
    "begun": Text("Begun"),
    "updated": Text("Last written"),
    "duration": Text("Duration"),
    "user": Text("Run by"),
    "inventory": Text("Inventory"),
    "versions": Text("Versions"),
    "check_mode": Text("Check mode: nothing was {done}."),
    "left_out": Text("{hosts} took no part."),
    "retired": Text("{number:,} of those {label}: so says the platform, which no longer offers the call; no look has shown it."),
    "stages": Text("Stages"),
    "stage": Text("Stage"),
    "of_stage": Text("{accounts}, {failed:,} failed"),
    "border": Text("{first} to {last}"),
    "since": Text("Since the last report"),
    "last_report": Text("The last report is of {time}."),
    "newly_failed": Text("newly failed"),
    "recovered": Text("recovered"),
    "changed_state": Text("other changes of state"),
    "new": Text("new in this report"),
    "gone": Text("no longer in the report"),
    "nothing_since": Text("No account has changed."),
    "was": Text("was: {label}"),
    "to_do": Text("What to do"),
    "see": Text("What to do: {number}"),
    "copy_names": Text("Copy the names"),
    "copied": Text("Copied"),
    "accounts": Text("Accounts"),
    "filter": Text("Filter"),
    "search": Text("Name, AppID, code or text"),
    "search_for": Text("Show only accounts with this text"),
    "account": Text("Account"),
    "result": Text("What was found and done"),
    "shown": Text("# of ##"),  # filled in by the page's script
    "nick_name": Text("Nickname"),
    "state": Text("State"),
    "reason": Text("Reason"),
    "errcode": Text("Errcode"),
    "errmsg": Text("The platform's message"),
    "remedy": Text("What to do"),
    "before": Text("Last report"),
}
# In English, the reason is the key that the results of the modules have.
REASONS: dict[str, Text] = {
    "irreversible": Text("irreversible"),
    "credential": Text("credential"),
    "operator": Text("operator"),
    "account": Text("account"),
    "quota": Text("quota"),
    "transient": Text("transient"),
    "transport": Text("transport"),
    "protocol": Text("protocol"),
    "not_effective": Text("not_effective"),
    "conflict": Text("conflict"),
    "refused": Text("refused"),
    "not_attempted": Text("not_attempted"),
    "outcome_unknown": Text("outcome_unknown"),
}
_APPID, _RID = "AppID", "rid"
_SECONDS = Text("{seconds} s")
_MINUTES = Text("{minutes} min {seconds} s")
_HOURS = Text("{hours} h {minutes} min")


def write(role: Role, folder: Path, number: int, report: Mapping[str, t.Any], language: Language) -> dict[str, str]:
    """Write ``report`` to ``folder``. ``number``: the number of the play in its run. Returns the paths. Raises OSError and others."""
    name = role.file("report") if number == 1 else f"{role.file('report')}-{number}"
    rows: Mapping[str, Result] = report["accounts"]
    groups = _groups(role, rows)
    report = {
        **{key: value for key, value in report.items() if key != "accounts"},
        "duration": (moment(report["updated"]) - moment(report["started"])).total_seconds(),
        "summary": summary(rows.values()),
        "remedies": [{"remedy": remedy, "accounts": names} for remedy, names in groups.items()],
        "since_last": _since(role, rows, _read(_previous(folder / f"{name}.json"))),
        "accounts": rows,
    }
    shown = _Shown(role, report, rows, groups, language)
    return {
        "json": _replace(folder / f"{name}.json", json.dumps(report, indent=1, ensure_ascii=False)),
        "csv": _replace(folder / f"{name}.csv", shown.table()),
        "html": _replace(folder / f"{name}.html", shown.page()),
    }


def set_aside(role: Role, folder: Path, play: str) -> None:
    """Set the reports of an earlier run aside, to compare this run's with them. ``play``: the id of this run's first play.

    The reports of an earlier run's second play and later ones would look like reports of this run, so they are removed.
    """
    ours = re.compile(rf"{role.file('report')}(-\d+)?\.(json|csv|html)")
    for path in list(folder.iterdir()):
        found = ours.fullmatch(path.name)
        if not found:
            continue
        with contextlib.suppress(OSError):
            if found[2] == "json":
                report = _read(path)
                # A run that could not start says nothing about its accounts. The one before it is the last that does.
                if report.get("play") != play and report.get("accounts"):
                    _replace(_previous(path), json.dumps(report, ensure_ascii=False))
            if found[1]:
                path.unlink()


def _previous(path: Path) -> Path:
    """Where the report that was at ``path`` before is kept."""
    return path.with_name(f"{path.stem}-previous{path.suffix}")


def _read(path: Path) -> dict[str, t.Any]:
    """The report at ``path``; {} if there is none. Another program may have written it, and it may be no report at all."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, encoding="utf-8", errors="replace") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or status.st_size > _LARGEST:
                return {}
            report = json.load(file)
    except (OSError, ValueError, RecursionError):
        return {}
    return report if isinstance(report, dict) else {}


def _replace(path: Path, text: str) -> str:
    """Write ``text`` to ``path``. Readers see the complete old file or the complete new one."""
    # Only the owner can read a file of mkstemp.
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(descriptor, "w", encoding="utf-8", errors="replace", newline="") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(text)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
    return str(path)


# --- What the report says.


def _kinds(role: Role) -> dict[str, Kind]:
    """The kind of each state, by its key."""
    return {state.key: kind for kind, state in role.states.items()}


def _groups(role: Role, rows: Mapping[str, Result]) -> dict[str, list[str]]:
    """The names of the accounts by their remedy. What only waits for the others comes last."""
    waiting = role.states["not_attempted"].key
    groups = by_remedy(rows)
    return dict(sorted(groups.items(), key=lambda group: all(rows[name]["state"] == waiting for name in group[1])))


def _since(role: Role, rows: Mapping[str, Result], last: Mapping[str, t.Any]) -> dict[str, t.Any] | None:
    """What has changed since the report ``last``. None if there is none that can be read."""
    kinds = _kinds(role)
    accounts, started = last.get("accounts"), last.get("started")
    if not isinstance(accounts, dict) or not isinstance(started, str):
        return None
    try:
        moment(started)
    except ValueError:
        return None
    before = {name: row["state"] for name, row in accounts.items() if isinstance(row, dict) and row.get("state") in kinds}
    changes: dict[str, list[str]] = {key: [] for key in ("newly_failed", "recovered", "changed_state")}
    for name, row in rows.items():
        if name not in before:
            continue
        was, now = kinds[before[name]], kinds[row["state"]]
        if now in _FAILED and was not in _FAILED:
            changes["newly_failed"].append(name)
        elif was in _FAILED and now not in _UNDONE:
            changes["recovered"].append(name)
        # What one run changes, the next one finds as it should be.
        elif was != now and {was, now} != {"changed", "unchanged"}:
            changes["changed_state"].append(name)
    told = {name: before[name] for names in changes.values() for name in names}
    return {
        "started": started,
        **changes,
        "new": [name for name in rows if name not in before],
        "gone": [name for name in before if name not in rows],
        "states_before": told,
    }


class _Shown:
    """The report for readers, in one language."""

    def __init__(
        self, role: Role, report: Mapping[str, t.Any], rows: Mapping[str, Result], groups: Mapping[str, list[str]], language: Language
    ) -> None:
        self._role = role
        self._report = report
        self._rows = rows
        self._groups = groups
        self._chinese = language == "zh"

    def say(self, text: Text, **fields: object) -> str:
        text = text.filled(**fields) if fields else text
        return text.said("zh" if self._chinese else "en")

    def page(self) -> str:
        """The report as HTML."""
        report, states = self._report, self._role.states
        counts = collections.Counter(row["state"] for row in self._rows.values())
        page = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        retired = report["summary"]["retired"]
        return page.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
            report=report,
            say={name: self.say(text) for name, text in WORDS.items() if "{" not in text},
            title=self.say(self._role.title),
            column=self.say(self._role.column),
            total=self._accounts(len(self._rows)),
            at=local,
            duration=self._lasting(report["duration"]),
            kinds=[(kind, states[kind].key, self.say(states[kind].label), counts[states[kind].key]) for kind in ORDER],
            always={"unchanged", "would_change" if report["check_mode"] else "changed", "failed"},
            done=self.say(WORDS["check_mode"], done=self._role.done),
            left_out=self.say(WORDS["left_out"], hosts=how_many(len(report["left_out"]))),
            retired=self.say(WORDS["retired"], number=retired, label=states["unchanged"].label),
            notes=[self.say(note) for note in report["notes"]],
            refused=self.say(report["refused"]) if report["refused"] else "",
            stages=[self._stage(stage) for stage in report["stages"]],
            last_report=self._last_report(),
            changes=self._changes(),
            groups=[(self._accounts(len(names)), self._remedy(names[0]), names) for names in self._groups.values()],
            rows=list(self._lines()),
        )

    def table(self) -> str:
        """The report as CSV. The mark at the beginning has Excel read it as UTF-8."""
        columns = ("account", _APPID, "nick_name", "state", "stage", "before", "reason", "errcode", "errmsg", _RID, "result", "remedy")
        text = io.StringIO()
        text.write("\N{ZERO WIDTH NO-BREAK SPACE}")
        lines = csv.writer(text)
        lines.writerow(self.say(WORDS[column]) if column in WORDS else column for column in columns)
        for line in self._lines():
            failure = line["failure"] or {}
            cells = (
                *(line[key] for key in ("name", "appid", "nick_name", "label", "stage", "before")),
                self.say(REASONS.get(failure["reason"], plain(failure["reason"]))) if failure else None,
                *(failure.get(key) for key in ("errcode", "errmsg", "rid")),
                line["msg"],
                self._remedy(line["name"]) if failure else None,
            )
            lines.writerow(map(_cell, cells))
        return text.getvalue()

    def _lines(self) -> Iterable[dict[str, t.Any]]:
        """What is shown of each account, in the order of the page."""
        kinds, labels = _kinds(self._role), {state.key: self.say(state.label) for state in self._role.states.values()}
        before = self._report["since_last"]["states_before"] if self._report["since_last"] else {}
        number_of = {remedy: number for number, remedy in enumerate(self._groups, 1)}
        rank = {self._role.states[kind].key: number for number, kind in enumerate(ORDER)}
        for name, row in sorted(self._rows.items(), key=lambda item: rank[item[1]["state"]]):
            number = number_of[row["failure"]["remedy"]] if row["failure"] else 0
            yield {
                "name": name,
                "appid": row.get("appid") or "",
                "nick_name": row.get("nick_name") or "",
                "state": row["state"],
                "kind": kinds[row["state"]],
                "rank": rank[row["state"]],
                "label": labels[row["state"]],
                "stage": row.get("stage"),
                "before": labels[before[name]] if name in before else "",
                "was": self.say(WORDS["was"], label=labels[before[name]]) if name in before else "",
                "failure": row["failure"],
                "msg": self._message(row),
                "number": number,
                "see": self.say(WORDS["see"], number=number),
            }

    def _message(self, row: Result) -> str:
        """The message without what to do, which the page has once for all accounts of a group."""
        msg: str = row["msg"]
        if not row["failure"]:
            return msg
        remedy = row["failure"]["remedy"]
        if self._chinese:
            return f"{msg.removesuffix('；' + remedy)}。" if msg.endswith(f"；{remedy}") else msg
        end = f"; {remedy[:1].lower()}{remedy[1:]}"
        return f"{msg.removesuffix(end)}." if msg.endswith(end) else msg

    def _remedy(self, name: str) -> str:
        return str(self._rows[name]["failure"]["remedy"])

    def _accounts(self, number: int) -> str:
        return self.say(how_many(number))

    def _stage(self, stage: Mapping[str, t.Any]) -> tuple[str, str, str]:
        """What became of a stage, when it began, and its border."""
        accounts = how_many(stage["accounts"])
        what = self.say(WORDS["of_stage"], accounts=accounts, failed=stage["failed"]) if stage["failed"] else self.say(accounts)
        names = dict.fromkeys(filter(None, (stage["first"], stage["last"])))
        border = self.say(WORDS["border"], **stage) if len(names) == 2 else "".join(names)
        return what, stage["begun"], border

    def _last_report(self) -> str:
        since = self._report["since_last"]
        return self.say(WORDS["last_report"], time=local(since["started"])) if since else ""

    def _changes(self) -> list[tuple[str, str, list[str]]]:
        since = self._report["since_last"] or {}
        keys = ("newly_failed", "recovered", "changed_state", "new", "gone")
        return [(self._accounts(len(since[key])), self.say(WORDS[key]), since[key]) for key in keys if since.get(key)]

    def _lasting(self, seconds: float) -> str:
        minutes, seconds = divmod(int(seconds), 60)
        hours, minutes = divmod(minutes, 60)
        lasting = _HOURS if hours else _MINUTES if minutes else _SECONDS
        return self.say(lasting, hours=hours, minutes=minutes, seconds=seconds)


def _cell(value: object) -> object:
    """A cell of a CSV file that no program takes for a formula, in one line."""
    if not isinstance(value, str):
        return value
    line = "".join(character if character.isprintable() else " " for character in value)
    return _FORMULA.sub(lambda found: f"{found[1]}'" if found[1] == ";" else f"'{found[1]}", line)
