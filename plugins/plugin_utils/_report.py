# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of a play, as JSON, CSV and one HTML page, and as the lines that Ansible prints. It says what the record says, and no more.

The keys of the JSON file are the same in every language.
"""

from __future__ import annotations

import collections
import contextlib
import datetime
import functools
import json
import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import how_many, some
from ansible_collections.wxops.official_account.plugins.module_utils._text import CLAUSES, Text, enumerated, joined, verbatim
from ansible_collections.wxops.official_account.plugins.plugin_utils._files import put
from ansible_collections.wxops.official_account.plugins.plugin_utils._page import page
from ansible_collections.wxops.official_account.plugins.plugin_utils._phone import Drawings
from ansible_collections.wxops.official_account.plugins.plugin_utils._sheet import clean, sheet
from ansible_collections.wxops.official_account.plugins.plugin_utils._told import (
    ANY_FIRST,
    LABELS,
    Told,
    cause_of,
    counted,
    endings_of,
    failed_in,
    most_first,
    names_of,
    number_in,
    set_of,
    since,
    text_or_none,
    texts_in,
)

if t.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ansible_collections.wxops.official_account.plugins.module_utils._text import Language
    from ansible_collections.wxops.official_account.plugins.plugin_utils._record import Recorded
    from ansible_collections.wxops.official_account.plugins.plugin_utils._told import Row

_PRINTED = ("changed", "would_change", "unchanged", "retired", "failed", "not_attempted", "not_known")
_TITLES: Mapping[object, Text] = {"draft_switch": Text("Draft box switch")}

# What a row of the page shows of differences that no other account has. All of them are in a list of their own.
_INLINE = 3
# How many menus the page draws of those with the same differences.
_DRAWN = 10

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
_COUNTED = Text("{accounts}: {counts}.")
_COUNT = Text("{number:,} {label}")
_OF_EACH = {"changed": Text("Changes: {counts}."), "would_change": Text("Changes that would be made: {counts}.")}
_OF_ONE = Text("{title} {number:,}")
_GROUP = Text("{accounts} ({names}): {cause} {remedy}")
_GROUP_OF_SEVERAL = Text("{accounts} ({names}): {cause} Other causes: {number:,}, as the report shows. {remedy}")


def summary_of(recorded: Recorded) -> dict[str, int]:
    """The number of accounts for each ending, and of those of which it is ``not_known``, and their ``total``."""
    return counted(ended for ended, _kind in endings_of(recorded).values())


def sentence_of(recorded: Recorded) -> Text:
    """What became of the accounts, in a few lines for a terminal."""
    told = Told(recorded)
    kinds = collections.Counter(row["kind"] for row in told.rows.values())
    counts = [_COUNT.filled(number=kinds[kind], label=LABELS[kind]) for kind in _PRINTED if kinds[kind]]
    counts = counts or [Text("nothing is declared")]
    lines = [_COUNTED.filled(accounts=how_many(len(told.rows)), counts=joined(Text("; "), counts))]
    for kind, line in _OF_EACH.items():
        of_each = {title: told.kinds[name][kind] for name, title in told.titles.items() if told.kinds[name][kind]}
        if of_each and len(told.titles) > 1:
            changes = [_OF_ONE.filled(title=_printed(title), number=number) for title, number in of_each.items()]
            lines.append(line.filled(counts=enumerated(changes)))
    for remedy, causes in told.groups.items():
        # The rollout may come to those that only wait.
        if remedy != ANY_FIRST:
            lines.append(_group(remedy, causes))
    return joined(verbatim("\n"), [*lines, *map(_printed, told.notes)])


def _group(remedy: Text, causes: Mapping[Text, list[str]]) -> Text:
    names = names_of(causes)
    return (_GROUP if len(causes) == 1 else _GROUP_OF_SEVERAL).filled(
        accounts=how_many(len(names)),
        names=some([clean(name) for name in names]),
        cause=_printed(next(iter(causes))),
        number=len(causes) - 1,
        remedy=_printed(remedy),
    )


def _printed(text: Text) -> Text:
    return text if text.isprintable() else verbatim(clean(text))


def write(
    folder: Path, stem: str, recorded: Recorded, previous: Recorded | None, language: Language, notes: Sequence[Text] = ()
) -> dict[str, str]:
    """Write the report of ``recorded`` to ``folder``, as ``stem`` with the end of each kind. ``notes``: what else a reader must know.

    Returns the paths. Raises OSError.
    """
    readable = _Readable(recorded, previous, language, notes)
    return {
        "json": put(folder / f"{stem}.json", readable.data()),
        "csv": put(folder / f"{stem}.csv", [sheet(readable.lines())]),
        "html": put(folder / f"{stem}.html", readable.page()),
    }


class _Readable:
    """The report for readers, in one language."""

    def __init__(self, recorded: Recorded, last: Recorded | None, language: Language, notes: Sequence[Text]) -> None:
        self._told = told = Told(recorded)
        self._language = language
        self._labels = {kind: self._say(label) for kind, label in LABELS.items()}
        self._titles = {name: self._say(title) for name, title in told.titles.items()}
        news, endings = since(told, last), endings_of(last) if last else {}
        # How accounts ended in the last report, for those that it is news of.
        self._before = {name: self._labels[endings[name][1]] for name in news["before"]} if news else {}
        self._report: dict[str, t.Any] = {
            **_of_play(recorded),
            "notes": [self._say(note) for note in (*told.notes, *notes)],
            "summary": summary_of(recorded),
            "resources": {
                name: counted(row["resources"][name]["ending"] for row in told.rows.values() if name in row["resources"])
                for name in told.titles
            },
            "stages": told.stages,
            "since_last": news,
            "remedies": [
                {
                    "remedy": self._say(remedy),
                    "accounts": names_of(causes),
                    "causes": [{"cause": self._say(cause), "accounts": names} for cause, names in causes.items()],
                }
                for remedy, causes in told.groups.items()
            ],
            "differences": [
                {"resource": resource, "accounts": names, "differences": differences, "more": more}
                for (resource, differences, more), names in told.sets.items()
            ],
        }

    def _say(self, text: Text) -> str:
        return text.said(self._language)

    # --- As JSON.

    def data(self) -> Iterator[str]:
        """A line for each part, and for each account."""
        yield "{"
        for key, its in self._report.items():
            yield f"\n {json.dumps(key)}: {json.dumps(its, ensure_ascii=False)},"
        yield '\n "accounts": {'
        between = ""
        for name, row in self._told.rows.items():
            resources = {resource: self._for_programs(its) for resource, its in row["resources"].items()}
            its = json.dumps({**self._for_programs(row), "resources": resources}, ensure_ascii=False)
            yield f"{between}\n  {json.dumps(name, ensure_ascii=False)}: {its}"
            between = ","
        yield "\n }\n}\n"

    def _for_programs(self, row: Row) -> Row:
        failure = row["failure"] and {**row["failure"], "remedy": self._say(row["failure"]["remedy"])}
        kept = {key: its for key, its in row.items() if key not in ("kind", "resource", "menus")}
        return {**kept, "failure": failure, "msg": self._say(row["msg"])}

    # --- As a table.

    def lines(self) -> Iterator[list[object]]:
        """The heads of the columns, and a line for each account."""
        before = (Text("Account"), verbatim("AppID"), Text("Nickname"), Text("Result"), Text("Stage"), Text("Last report"))
        after = (Text("Reason"), Text("Errcode"), Text("The platform's message"), verbatim("rid"), Text("What was found and done"))
        of_each = [(title, Text("{title}: what differed").filled(title=title)) for title in self._told.titles.values()]
        yield [self._say(head) for head in (*before, *(head for heads in of_each for head in heads), *after, Text("What to do"))]
        for name, row in self._told.in_order():
            cells = [name, row["appid"], row["nick_name"], self._labels[row["kind"]], row["stage"], self._before.get(name)]
            for resource in self._titles:
                its = row["resources"].get(resource)
                cells += (self._labels[its["kind"]], self._in_a_cell(its)) if its else (None, None)
            its = (failed_in(row) or [row])[0]
            if failure := its["failure"]:
                reason = REASONS.get(failure["reason"], verbatim(failure["reason"]))
                cells += (self._say(reason), failure["errcode"], failure["errmsg"], failure["rid"])
                cells += (self._say(cause_of(its)), self._say(failure["remedy"]))
            else:
                cells += (None, None, None, None, self._say(row["msg"]), None)
            yield cells

    def _in_a_cell(self, its: Row) -> str:
        nothing = self._say(Text("nothing"))
        texts = [f"{path}: {nothing if old is None else old} → {nothing if new is None else new}" for path, old, new in its["differences"]]
        if its["more"]:
            texts.append(self._say(Text("and {number:,} more that are not on record").filled(number=its["more"])))
        return self._say(CLAUSES).join(texts)

    # --- As a page.

    def page(self) -> Iterator[str]:
        told, report, drawings = self._told, self._report, Drawings(self._language)
        return page(
            "_report.html.j2",
            self._language,
            report=report,
            accounts=lambda names: self._say(how_many(len(names))),
            at=_local,
            duration=self._say(_lasting(report["duration"])),
            names=told.rows,
            title=self._say(_TITLES.get(report["role"], Text("WeChat accounts"))),
            titles=self._titles,
            labels=self._labels,
            counts=collections.Counter(row["kind"] for row in told.rows.values()),
            counts_of=told.kinds,
            always={"unchanged", "would_change" if told.check_mode else "changed", "failed"},
            # Most accounts have the same cells, and a macro takes long.
            once=functools.lru_cache(lambda macro, cell: macro(*cell)),
            rows=self._rows(),
            drawn_of=functools.partial(self._drawn, drawings, list(told.sets)),
            drawings=drawings,
        )

    def _drawn(self, drawings: Drawings, sets: Sequence[tuple[t.Any, ...]], number: int) -> tuple[dict[str, list[str]], int]:
        """The menus of a set, each drawing with its accounts, and how many menus are not drawn."""
        drawn: dict[str, list[str]] = {}
        left_out = 0
        for count, (menus, names) in enumerate(most_first(self._told.menus.get(sets[number], {})).items()):
            drawing = drawings.of(json.loads(menus) if count < _DRAWN else None)
            if drawing:
                # Menus that differ only in parts that have not changed, which are not drawn, make the same drawing.
                drawn.setdefault(drawing, []).extend(names)
            else:
                left_out += 1
        return drawn, left_out

    def _rows(self) -> Iterator[tuple[t.Any, ...]]:
        """What is shown of each account, in the order of the page."""
        told = self._told
        group_of = {remedy: number for number, remedy in enumerate(told.groups, 1)}
        the_sets = {key: (number, len(names) == 1) for number, (key, names) in enumerate(told.sets.items(), 1)}

        def cell(its: Row, to_do: list[Row]) -> tuple[t.Any, ...]:
            """Which of LABELS, the message, the platform's, the number of what to do, that of what differs, how much, and a part of it."""
            failure = its["failure"]
            number = group_of[failure["remedy"]] if any(its is one for one in to_do) else 0
            differs: tuple[t.Any, ...] = (0, 0, ())
            if its.get("differences") or its.get("more"):
                key = set_of(its)
                the_set, alone = the_sets[key]
                differs = (the_set, len(key[1]) + its["more"], key[1][:_INLINE] if alone else ())
            return its["kind"], self._say(cause_of(its) if number else its["msg"]), failure and failure["errmsg"], number, *differs

        for name, row in told.in_order():
            to_do, resources = failed_in(row), row["resources"]
            # The account has a cell of its own if its failure is that of no resource, or if it has no resources.
            own = cell(row, to_do) if to_do == [row] or not resources else None
            cells = [cell(resources[one], to_do) if one in resources else None for one in told.titles]
            yield name, row["nick_name"], row["appid"], row["kind"], self._before.get(name), row["stage"], own, cells


def _of_play(recorded: Recorded) -> dict[str, t.Any]:
    """What the report says of the play as a whole."""
    begin = recorded.begin
    started = text_or_none(begin.get("at"))
    updated = max((last for _first, last in recorded.times.values()), default=started)
    begun, ended = _moment(started), _moment(updated)
    versions = begin.get("versions")
    return {
        "run": recorded.name,
        "role": text_or_none(begin.get("role")),
        "check_mode": begin.get("check_mode") is True,
        "rollback_to": text_or_none(begin.get("rollback_to")),
        "api_url": text_or_none(begin.get("api_url")),
        "started": started,
        "updated": updated,
        "duration": (ended - begun).total_seconds() if begun and ended and begun <= ended else None,
        "user": text_or_none(begin.get("user")),
        "inventory": texts_in(begin.get("inventory")),
        "versions": {name: its for name, its in versions.items() if isinstance(its, str)} if isinstance(versions, dict) else {},
        "left_out": number_in(begin.get("left_out")),
        "whole": recorded.whole,
    }


def _lasting(seconds: float | None) -> Text:
    if seconds is None:
        return verbatim("")
    minutes, whole = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return Text("{hours} h {minutes} min").filled(hours=hours, minutes=minutes)
    return (Text("{minutes} min {seconds} s") if minutes else Text("{seconds} s")).filled(minutes=minutes, seconds=whole)


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
