# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""The report of a play, as JSON, CSV and one HTML page, and as the lines that Ansible prints. It says what the record says, and no more.

The keys of the JSON file are the same in every language. Whatever a record holds may come from others, and may be of another type.
"""

from __future__ import annotations

import collections
import contextlib
import csv
import datetime
import functools
import io
import itertools
import json
import os
import re
import tempfile
import typing as t
from pathlib import Path

import jinja2
from ansible_collections.wxops.official_account.plugins.module_utils._resource.account import BY_NAME
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import ENDINGS, ending, how_many, some, untimed
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text, joined, plain
from ansible_collections.wxops.official_account.plugins.plugin_utils._record import first_line, paths_in, read

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ansible_collections.wxops.official_account.plugins.plugin_utils._record import Recorded

TEMPLATE = Path(__file__).with_name("_report.html.j2")

Language = t.Literal["en", "zh"]
_Row = dict[str, t.Any]

# What may be shown of an account or a resource: its ending, or that it is not known, or that it would be changed. What needs somebody's
# attention comes first.
LABELS: Mapping[str, Text] = {
    "failed": Text("failed"),
    "not_known": Text("not known"),
    "not_attempted": Text("not attempted"),
    "would_change": Text("would change"),
    "changed": Text("changed"),
    "retired": Text("as the platform says"),
    "unchanged": Text("as declared"),
}
_PRINTED = ("changed", "would_change", "unchanged", "retired", "failed", "not_attempted", "not_known")
_UNDONE = ("failed", "not_known", "not_attempted")
_TITLES = {"account": Text("WeChat accounts"), "draft_switch": Text("Draft box switch")}

# Programs take a cell that begins like this for a formula: with a sign, also a full-width or a small one, perhaps after what is not seen.
# Where the comma is the decimal sign, a semicolon begins a new cell, even in quotes.
_SIGNS = "-=+@\u207a\u207b\u207c\u208a\u208b\u208c\u2212\ufe62\ufe63\ufe66\ufe6b\ufb29\uff0b\uff0d\uff1d\uff20"
_FORMULA = re.compile(rf"(^\s*|;)(?=[{_SIGNS}])")
# Excel takes no more characters into a cell.
_LONGEST_CELL = 32_000
# What a row of the page shows of differences that no other account has. All of them are in a list of their own.
_INLINE = 3

# The words of the page.
WORDS: Mapping[str, Text] = {
    "language": Text("en"),  # the value of lang
    "colon": Text(": "),
    "run": Text("Run"),
    "begun": Text("Begun"),
    "updated": Text("Last entry"),
    "duration": Text("Duration"),
    "user": Text("Run by"),
    "inventory": Text("Inventory"),
    "versions": Text("Versions"),
    "check_mode": Text("Check mode: nothing was changed."),
    "left_out": Text("Hosts that declare nothing, and took no part: {number:,}."),
    "retired": Text("{label}: the platform no longer offers the call, and says so of every account; no look has shown it."),
    "not_whole": Text("Some lines of the record cannot be read. What they said is not in this report."),
    "what_changed": Text("What was changed"),
    "what_differs": Text("What would change"),
    "differences": Text("differences: {number:,}"),
    "more": Text("and {number:,} more that are not on record"),
    "nothing": Text("nothing"),
    "stages": Text("Stages"),
    "stage": Text("Stage"),
    "in_stage": Text("accounts: {accounts:,}"),
    "of_stage": Text("accounts: {accounts:,}, failed: {failed:,}"),
    "border": Text("{first} to {last}"),
    "since": Text("Since the last report"),
    "last_report": Text("The last report is of {time}."),
    "newly_failed": Text("newly failed"),
    "recovered": Text("recovered"),
    "changed_ending": Text("other changes of state"),
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
    "shown": Text("# of ##"),  # filled in by the page's script
    "nick_name": Text("Nickname"),
    "ending": Text("Result"),
    "reason": Text("Reason"),
    "errcode": Text("Errcode"),
    "errmsg": Text("The platform's message"),
    "msg": Text("What was found and done"),
    "before": Text("Last report"),
    "of_resource": Text("{title}: what differed"),
}
# In English, the reason is the key that the results of the modules have.
REASONS: Mapping[str, Text] = {
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
_BEGUN = Text("A change was about to be sent, and it may have been carried out. What became of it is not on record.")
_NOT_BEGUN = Text("No change of this account was begun. No more than that is on record.")
_NOT_ON_RECORD = Text("What became of this account is not on record.")
_LOOKS_FIRST = Text("Run again: it looks first.")
_ANY_FIRST = Text("If something failed, correct that first. Then run again: it looks first.")
_TO = Text("Requests go to {host}, not to api.weixin.qq.com.")
_BACK = Text("A rollback to what there was before the run {run}.")
_SECONDS = Text("{seconds} s")
_MINUTES = Text("{minutes} min {seconds} s")
_HOURS = Text("{hours} h {minutes} min")
_COUNTED = Text("{accounts}: {counts}.")
_COUNT = Text("{number:,} {label}")
_OF_EACH = Text("Changes: {counts}.")
_OF_EACH_CHECKED = Text("Changes that would be made: {counts}.")
_OF_ONE = Text("{title} {number:,}")
_GROUP = Text("{accounts} ({names}): {cause} {remedy}")
_GROUP_OF_SEVERAL = Text("{accounts} ({names}): {cause} And {number:,} more causes, as the report shows. {remedy}")


def summary_of(recorded: Recorded) -> dict[str, int]:
    """The number of accounts for each ending, and of those of which it is ``not_known``, and their ``total``."""
    return _counted(ended for ended, _kind in _endings(recorded).values())


def _counted(endings: Iterable[str]) -> dict[str, int]:
    counts = collections.Counter(endings)
    return {"total": sum(counts.values()), **{name: counts[name] for name in (*ENDINGS, "not_known")}}


def sentence_of(recorded: Recorded) -> Text:
    """What became of the accounts, in a few lines for a terminal."""
    told = _Told(recorded)
    kinds = collections.Counter(row["kind"] for row in told.rows.values())
    between = Text("; ")
    counts = [_COUNT.filled(number=kinds[kind], label=LABELS[kind]) for kind in _PRINTED if kinds[kind]]
    none = Text("nothing is declared")
    lines = [_COUNTED.filled(accounts=how_many(len(told.rows)), counts=joined(between, counts or [none]))]
    for kind, line in (("changed", _OF_EACH), ("would_change", _OF_EACH_CHECKED)):
        of_each = {title: told.kinds[name][kind] for name, title in told.titles.items() if told.kinds[name][kind]}
        if of_each and len(told.titles) > 1:
            changes = [_OF_ONE.filled(title=printed(title), number=number) for title, number in of_each.items()]
            lines.append(line.filled(counts=joined(Text(", "), changes)))
    for remedy, causes in told.groups.items():
        if remedy == _ANY_FIRST:
            # The rollout may come to these yet.
            continue
        names = _names_of(causes)
        group = _GROUP if len(causes) == 1 else _GROUP_OF_SEVERAL
        shown = some([clean(name) for name in names])
        lines.append(
            group.filled(
                accounts=how_many(len(names)),
                names=shown,
                cause=printed(next(iter(causes))),
                number=len(causes) - 1,
                remedy=printed(remedy),
            )
        )
    return joined(plain("\n"), [*lines, *map(printed, told.notes)])


def previous_of(folder: Path, recorded: Recorded) -> Recorded | None:
    """The newest earlier record that can be compared with ``recorded``: one of the same kind, of which something became."""
    earlier = itertools.takewhile(lambda path: path.stem != recorded.name, paths_in(folder))
    for path in reversed(list(earlier)):
        if _kind_of(first_line(path)) == _kind_of(recorded.begin):
            found = read(path)
            # A run that could not start says nothing about its accounts, and a play of other accounts says nothing about these.
            if found.rows.keys() & recorded.accounts.keys():
                return found
    return None


def _kind_of(begin: Mapping[str, t.Any]) -> object:
    """A check after a rollout is no news of it, and neither is what a simulator says."""
    return begin.get("role"), begin.get("check_mode") is True, _text(begin.get("api_url")), begin.get("rollback_to") is None


def write(
    folder: Path, stem: str, recorded: Recorded, previous: Recorded | None, language: Language, notes: Sequence[Text] = ()
) -> dict[str, str]:
    """Write the report of ``recorded`` to ``folder``, as ``stem`` with the end of each kind. ``notes``: what else a reader must know.

    Returns the paths. Raises OSError.
    """
    shown = _Shown(recorded, previous, language, notes)
    return {
        "json": replace(folder / f"{stem}.json", shown.data()),
        "csv": replace(folder / f"{stem}.csv", [shown.table()]),
        "html": replace(folder / f"{stem}.html", shown.page()),
    }


def replace(path: Path, texts: Iterable[str]) -> str:
    """Write ``texts`` to ``path``. Readers see the complete old file or the complete new one, and nobody follows a link."""
    # Only the owner can read a file of mkstemp.
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(descriptor, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.writelines(texts)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
    return str(path)


# --- What the record tells.


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: object) -> int:
    return max(_whole(value) or 0, 0)


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _checked(recorded: Recorded, line: Mapping[str, t.Any]) -> bool:
    """Whether a line ``after`` is of a task in check mode."""
    checked = line.get("check_mode")
    return checked if isinstance(checked, bool) else recorded.begin.get("check_mode") is True


def _ending(row: Mapping[str, t.Any], checked: bool) -> tuple[str, str]:
    """The ending of a row, and which of LABELS it has."""
    ended = ending(row)
    return ended, "would_change" if checked and ended == "changed" else ended


def _endings(recorded: Recorded) -> dict[str, tuple[str, str]]:
    """The ending of each account, and which of LABELS it has. What is not on record is not known."""
    names = dict.fromkeys([*recorded.accounts, *recorded.rows, *recorded.begun])
    known = {name: line for name, line in recorded.rows.items() if name not in recorded.begun}
    return {name: _ending(known[name], _checked(recorded, known[name])) if name in known else ("not_known", "not_known") for name in names}


class _Told:
    """What a record tells, as the report shows it. Each text is a Text.

    ``titles``: of the resources, by name. ``rows``: by account. ``kinds``: by resource, the number of accounts for each of LABELS.
    ``groups``: by remedy and cause, the accounts. ``sets``: by resource and differences, the accounts that have exactly these.
    """

    def __init__(self, recorded: Recorded) -> None:
        begin = recorded.begin
        self.recorded = recorded
        self.check_mode = begin.get("check_mode") is True
        self.rows: dict[str, _Row] = {name: self._row(name) for name in _endings(recorded)}
        self.stages = _stages(recorded, self.rows)
        named = {*_texts(begin.get("resources")), *(name for row in self.rows.values() for name in row["resources"])}
        found = [*(name for name in BY_NAME if name in named), *sorted(named - BY_NAME.keys())]
        self.titles = {name: BY_NAME[name].title if name in BY_NAME else plain(name) for name in found}
        self.kinds: dict[str, collections.Counter[str]] = {name: collections.Counter() for name in self.titles}
        self.sets: dict[tuple[t.Any, ...], list[str]] = {}
        by_remedy: dict[Text, dict[Text, list[str]]] = {}
        for name, row in self.rows.items():
            for resource, its in row["resources"].items():
                self.kinds[resource][its["kind"]] += 1
                if its["differences"] or its["more"]:
                    self.sets.setdefault(_set_of(its), []).append(name)
            # Of resources that need the same, the first one stands for all.
            for remedy, its in {its["failure"]["remedy"]: its for its in reversed(_failed(row))}.items():
                by_remedy.setdefault(remedy, {}).setdefault(_cause(its), []).append(name)
        # What concerns most accounts comes first, and what only waits for the others comes last.
        self.sets = dict(sorted(self.sets.items(), key=lambda one: -len(one[1])))
        self.groups = {
            remedy: dict(sorted(causes.items(), key=lambda one: -len(one[1])))
            for remedy, causes in sorted(by_remedy.items(), key=lambda group: self._urgency(group[1]))
        }
        back, to = _text(begin.get("rollback_to")), _text(begin.get("api_url"))
        self.notes = [_BACK.filled(run=back)] if back else []
        if to:
            self.notes.append(_TO.filled(host=to))
        if not recorded.whole:
            self.notes.append(WORDS["not_whole"])

    def _urgency(self, causes: Mapping[Text, list[str]]) -> tuple[bool, int]:
        names = _names_of(causes)
        return all(self.rows[name]["kind"] != "failed" for name in names), -len(names)

    def _row(self, name: str) -> _Row:
        recorded = self.recorded
        line, known, begun = recorded.rows.get(name), recorded.accounts.get(name, {}), recorded.begun.get(name, set())
        checked = _checked(recorded, line or {})
        row: _Row = {"appid": known.get("appid"), "nick_name": known.get("nick_name"), "stage": None, "check_mode": checked}
        resources = {resource: _of_resource(resource, its, checked) for resource, its in line["resources"].items()} if line else {}
        if line and not begun:
            return {**row, **_common(line, checked), "resources": resources}
        what, remedy, sent = (_BEGUN, _LOOKS_FIRST, None) if begun else (_NOT_BEGUN, _ANY_FIRST, False)
        if not recorded.whole and not begun:
            what, remedy, sent = _NOT_ON_RECORD, _LOOKS_FIRST, None
        failure = {"reason": "outcome_unknown", **dict.fromkeys(("errcode", "errmsg", "rid", "http_status")), "remedy": remedy}
        row["kind"] = row["ending"] = "not_known"
        row.update(changed=bool(line and line["changed"]), verified=False, failure=failure, msg=what)
        row["request_sent"] = True if line and line["request_sent"] else sent
        unknown = {key: row[key] for key in ("kind", "ending", "changed", "verified", "request_sent", "failure", "msg")}
        return {**row, "resources": {**resources, **{one: {**unknown, "differences": [], "more": 0} for one in begun}}}


def _common(line: Mapping[str, t.Any], checked: bool) -> _Row:
    its = line["failure"]
    ended, kind = _ending(line, checked)
    return {
        "ending": ended,
        "kind": kind,
        **{key: line[key] for key in ("changed", "verified", "request_sent")},
        "failure": its
        and {
            "reason": its["reason"],
            "errcode": _whole(its.get("errcode")),
            "errmsg": _text(its.get("errmsg")),
            "rid": _text(its.get("rid")),
            "http_status": _whole(its.get("http_status")),
            "remedy": plain(its["remedy"]),
        },
        "msg": plain(line["msg"]),
    }


def _of_resource(resource: str, its: Mapping[str, t.Any], checked: bool) -> _Row:
    differences = [one for one in its.get("differences", []) if isinstance(one, list) and len(one) == 3 and isinstance(one[0], str)]
    differences = [one for one in differences if all(value is None or isinstance(value, str) for value in one)]
    return {**_common(its, checked), "resource": resource, "differences": differences, "more": _number(its.get("more"))}


def _names_of(causes: Mapping[Text, list[str]]) -> list[str]:
    """The accounts of a group of failures."""
    return list(itertools.chain.from_iterable(causes.values()))


def _set_of(its: _Row) -> tuple[t.Any, ...]:
    return its["resource"], tuple(map(tuple, its["differences"])), its["more"]


def _failed(row: _Row) -> list[_Row]:
    """The rows in ``row`` that say why something failed: those of resources, except of one that only waits for another, or its own."""
    if not row["failure"]:
        return []
    if row["ending"] == "not_known":
        return [row]
    failed = [its for its in row["resources"].values() if its["failure"]]
    return [its for its in failed if its["ending"] == "failed"] or failed[:1] or [row]


def _cause(row: _Row) -> Text:
    """The message without the time, and without what to do, which a report has once for all accounts."""
    remedy, msg = row["failure"]["remedy"], untimed(row["msg"], row["failure"]["rid"])
    # Within a sentence, the remedy has another first letter.
    head = msg[: -len(remedy)] if remedy[1:] and msg.endswith(remedy[1:]) else ""
    for between, stop in (("; ", "."), ("；", "。")):
        if head.endswith(between):
            return plain(head.removesuffix(between) + stop)
    return plain(msg)


def _stages(recorded: Recorded, rows: Mapping[str, _Row]) -> list[_Row]:
    """The batches of the play, in the order in which they began; none if it was one. Notes in each row the number of its batch."""
    batches: dict[str, list[str]] = {}
    for name in rows:
        batch = recorded.rows[name].get("batch") if name in recorded.rows else None
        if isinstance(batch, str):
            batches.setdefault(batch, []).append(name)
    begun = {batch: min(recorded.times[name][0] for name in names) for batch, names in batches.items()}
    stages = []
    for batch in sorted(batches, key=lambda batch: begun[batch]) if len(batches) > 1 else ():
        names = batches[batch]
        ended = max(recorded.times[name][1] for name in names)
        failed = sum(rows[name]["kind"] == "failed" for name in names)
        stages.append(
            {"accounts": len(names), "failed": failed, "begun": begun[batch], "ended": ended, "first": names[0], "last": names[-1]}
        )
        for name in names:
            rows[name]["stage"] = len(stages)
    return stages


def _since(now: _Told, last: Recorded | None) -> dict[str, t.Any] | None:
    """What has changed since the record ``last``."""
    if last is None:
        return None
    before = _endings(last)
    changes: dict[str, list[str]] = {key: [] for key in ("newly_failed", "recovered", "changed_ending")}
    for name, row in now.rows.items():
        if name not in before:
            continue
        was, kind = before[name][1], row["kind"]
        if kind == "failed" != was:
            changes["newly_failed"].append(name)
        elif was == "failed" and kind not in _UNDONE:
            changes["recovered"].append(name)
        # What one run changes, the next one finds as it should be.
        elif was != kind and {was, kind} != {"changed", "unchanged"}:
            changes["changed_ending"].append(name)
    return {
        "run": last.name,
        "started": _text(last.begin.get("at")),
        **changes,
        "new": [name for name in now.rows if name not in before],
        "gone": [name for name in before if name not in now.rows],
        "before": {name: before[name][0] for names in changes.values() for name in names},
    }


# --- What readers see.


@functools.cache
def _template() -> jinja2.Template:
    page = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return page.from_string(TEMPLATE.read_text(encoding="utf-8"))


class _Shown:
    """The report for readers, in one language."""

    def __init__(self, recorded: Recorded, last: Recorded | None, language: Language, notes: Sequence[Text]) -> None:
        begin, times = recorded.begin, recorded.times.values()
        self._told = told = _Told(recorded)
        self._language = language
        self._labels = {kind: self.say(label) for kind, label in LABELS.items()}
        self._titles = [self.say(title) for title in told.titles.values()]
        since, endings = _since(told, last), _endings(last) if last else {}
        # The last state of those accounts of which it is news.
        self._before = {name: self._labels[endings[name][1]] for name in since["before"]} if since else {}
        started = _text(begin.get("at"))
        updated = max((last for _first, last in times), default=started)
        begun, ended = _moment(started), _moment(updated)
        versions = begin.get("versions")
        self._report: dict[str, t.Any] = {
            "run": recorded.name,
            "role": _text(begin.get("role")),
            "check_mode": told.check_mode,
            "rollback_to": _text(begin.get("rollback_to")),
            "api_url": _text(begin.get("api_url")),
            "started": started,
            "updated": updated,
            "duration": (ended - begun).total_seconds() if begun and ended and begun <= ended else None,
            "user": _text(begin.get("user")),
            "inventory": _texts(begin.get("inventory")),
            "versions": {name: its for name, its in versions.items() if isinstance(its, str)} if isinstance(versions, dict) else {},
            "left_out": _number(begin.get("left_out")),
            "whole": recorded.whole,
            "notes": [self.say(note) for note in (*told.notes, *notes)],
            "summary": summary_of(recorded),
            "resources": {
                name: _counted(row["resources"][name]["ending"] for row in told.rows.values() if name in row["resources"])
                for name in told.titles
            },
            "stages": told.stages,
            "since_last": since,
            "remedies": [
                {
                    "remedy": self.say(remedy),
                    "accounts": _names_of(causes),
                    "causes": [{"cause": self.say(cause), "accounts": names} for cause, names in causes.items()],
                }
                for remedy, causes in told.groups.items()
            ],
            "differences": [
                {"resource": resource, "accounts": names, "differences": differences, "more": more}
                for (resource, differences, more), names in told.sets.items()
            ],
        }

    def say(self, text: Text, **fields: object) -> str:
        text = text.filled(**fields) if fields else text
        return text.said(self._language)

    def data(self) -> Iterator[str]:
        """The report as JSON: a line for each part, and for each account."""
        yield "{"
        for key, its in self._report.items():
            yield f"\n {json.dumps(key)}: {json.dumps(its, ensure_ascii=False)},"
        yield '\n "accounts": {'
        between = ""
        for name, row in self._told.rows.items():
            yield f"{between}\n  {json.dumps(name, ensure_ascii=False)}: {self._in_json(row)}"
            between = ","
        yield "\n }\n}\n"

    def _in_json(self, row: _Row) -> str:
        resources = {name: self._for_programs(its) for name, its in row["resources"].items()}
        return json.dumps({**self._for_programs(row), "resources": resources}, ensure_ascii=False)

    def _for_programs(self, row: _Row) -> _Row:
        failure = row["failure"] and {**row["failure"], "remedy": self.say(row["failure"]["remedy"])}
        kept = {key: its for key, its in row.items() if key not in ("kind", "resource")}
        return {**kept, "failure": failure, "msg": self.say(row["msg"])}

    def table(self) -> str:
        """The report as CSV."""
        before = ("account", "AppID", "nick_name", "ending", "stage", "before")
        after = ("reason", "errcode", "errmsg", "rid", "msg", "to_do")
        of_each = [cell for title in self._titles for cell in (title, self._word("of_resource", title=title))]
        lines: list[Iterable[object]] = [(*map(self._word, before), *of_each, *map(self._word, after))]
        for name, row in self._in_order():
            cells = [name, row["appid"], row["nick_name"], self._labels[row["kind"]], row["stage"], self._before.get(name)]
            for resource in self._told.titles:
                its = row["resources"].get(resource)
                cells += (self._labels[its["kind"]], self._in_a_cell(its)) if its else (None, None)
            its = (_failed(row) or [row])[0]
            if failure := its["failure"]:
                cells.append(self.say(REASONS.get(failure["reason"], plain(failure["reason"]))))
                cells += (failure["errcode"], failure["errmsg"], failure["rid"], self.say(_cause(its)), self.say(failure["remedy"]))
            else:
                cells += (None, None, None, None, self.say(row["msg"]), None)
            lines.append(cells)
        return table_of(lines)

    def _word(self, name: str, **fields: object) -> str:
        return self.say(WORDS[name], **fields) if name in WORDS else name

    def _in_a_cell(self, its: _Row) -> str:
        nothing = self._word("nothing")
        texts = [f"{path}: {nothing if old is None else old} → {nothing if new is None else new}" for path, old, new in its["differences"]]
        if its["more"]:
            texts.append(self._word("more", number=its["more"]))
        return "; ".join(texts)

    def _in_order(self) -> list[tuple[str, _Row]]:
        rank = {kind: number for number, kind in enumerate(LABELS)}
        return sorted(self._told.rows.items(), key=lambda item: rank[item[1]["kind"]])

    def page(self) -> Iterator[str]:
        """The report as HTML."""
        told, report = self._told, self._report
        return _template().generate(
            report=report,
            say={name: self.say(text) for name, text in WORDS.items() if "{" not in text},
            word=self._word,
            accounts=lambda names: self.say(how_many(len(names))),
            at=_local,
            duration=self._lasting(report["duration"]),
            names=told.rows,
            title=self.say(_TITLES.get(report["role"] or "", WORDS["accounts"])),
            titles=dict(zip(told.titles, self._titles, strict=True)),
            labels=self._labels,
            counts=collections.Counter(row["kind"] for row in told.rows.values()),
            counts_of=told.kinds,
            always={"unchanged", "would_change" if told.check_mode else "changed", "failed"},
            # Most accounts have the same to say.
            once=functools.lru_cache(lambda macro, cell: macro(*cell)),
            rows=self._rows(),
        )

    def _rows(self) -> Iterator[tuple[t.Any, ...]]:
        """What is shown of each account, in the order of the page."""
        told = self._told
        group_of = {remedy: number for number, remedy in enumerate(told.groups, 1)}
        set_of = {key: (number, len(names) == 1) for number, (key, names) in enumerate(told.sets.items(), 1)}
        nothing: tuple[t.Any, ...] = (0, 0, ())

        def cell(its: _Row, to_do: list[_Row]) -> tuple[t.Any, ...]:
            """Which of LABELS, the message, the platform's, the number of what to do, that of what differs, how much, and a part of it."""
            failure = its["failure"]
            number = group_of[failure["remedy"]] if any(its is one for one in to_do) else 0
            differs = nothing
            if its.get("differences") or its.get("more"):
                key = _set_of(its)
                the_set, alone = set_of[key]
                differs = (the_set, len(key[1]) + its["more"], key[1][:_INLINE] if alone else ())
            return its["kind"], self.say(_cause(its) if number else its["msg"]), failure and failure["errmsg"], number, *differs

        for name, row in self._in_order():
            to_do, resources = _failed(row), row["resources"]
            # A failure that is of no resource, and a row without any.
            own = cell(row, to_do) if to_do == [row] or not resources else None
            cells = [cell(resources[one], to_do) if one in resources else None for one in told.titles]
            yield name, row["nick_name"], row["appid"], row["kind"], self._before.get(name), row["stage"], own, cells

    def _lasting(self, seconds: float | None) -> str:
        if seconds is None:
            return ""
        minutes, whole = divmod(int(seconds), 60)
        hours, minutes = divmod(minutes, 60)
        lasting = _HOURS if hours else _MINUTES if minutes else _SECONDS
        return self.say(lasting, hours=hours, minutes=minutes, seconds=whole)


def _moment(time: str | None) -> datetime.datetime | None:
    """The time of a line; None if another program has written something else there."""
    with contextlib.suppress(ValueError, OverflowError, OSError):
        found = datetime.datetime.fromisoformat(time or "")
        return found.astimezone() if found.tzinfo else None
    return None


def _local(time: str | None) -> str:
    """``time`` for readers where this runs. With its distance from UTC, because the names of zones are not clear."""
    moment = _moment(time)
    if moment is None:
        return time or ""
    here = moment.isoformat(sep=" ", timespec="seconds")
    return f"{here[:19]} UTC{here[19:]}"


def clean(text: str) -> str:
    """``text`` in one line, without what a terminal or a spreadsheet would obey."""
    return text if text.isprintable() else "".join(character if character.isprintable() else " " for character in text)


def printed(text: Text) -> Text:
    return text if text.isprintable() else plain(clean(text))


def table_of(lines: Iterable[Iterable[object]]) -> str:
    """The lines of cells as CSV. The mark at the beginning has Excel read it as UTF-8."""
    text = io.StringIO()
    text.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    csv.writer(text).writerows(map(_cell, line) for line in lines)
    return text.getvalue()


def _cell(value: object) -> object:
    """A cell of a CSV file that no program takes for a formula, in one line."""
    if not isinstance(value, str):
        return value
    line = _FORMULA.sub(lambda found: f"{found[1]}'" if found[1] == ";" else f"'{found[1]}", clean(value))
    return line if len(line) <= _LONGEST_CELL else f"{line[:_LONGEST_CELL]}…"
