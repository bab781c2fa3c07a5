# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a record tells of the accounts of a play: how each of them ended, what to do, what differed, what is new. No more than is on record.

Whatever a record holds may come from others, and may be of another type.
"""

from __future__ import annotations

import collections
import itertools
import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._resource.account import BY_NAME
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import ENDINGS, ending, untimed
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text, verbatim
from ansible_collections.wxops.official_account.plugins.plugin_utils._record import first_line, paths_in, read

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from ansible_collections.wxops.official_account.plugins.plugin_utils._record import Recorded

Row = dict[str, t.Any]

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
_UNDONE = ("failed", "not_known", "not_attempted")

_BEGUN = Text("A change was about to be sent, and it may have been carried out. What became of it is not on record.")
_NOT_BEGUN = Text("No change of this account was begun. No more than that is on record.")
_NOT_ON_RECORD = Text("What became of this account is not on record.")
_LOOKS_FIRST = Text("Run again: it checks first.")
ANY_FIRST = Text("If something failed, correct that first. Then run again: it checks first.")
_NOT_WHOLE = Text("Some lines of the record cannot be read. What they said is not in this report.")
_TO = Text("Requests go to {host}, not to api.weixin.qq.com.")
_BACK = Text("A rollback to what there was before the run {run}.")


def counted(endings: Iterable[str]) -> dict[str, int]:
    """The number of accounts for each ending, and of those of which it is ``not_known``, and their ``total``."""
    counts = collections.Counter(endings)
    return {"total": sum(counts.values()), **{name: counts[name] for name in (*ENDINGS, "not_known")}}


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
    return begin.get("role"), begin.get("check_mode") is True, text_or_none(begin.get("api_url")), begin.get("rollback_to") is None


def text_or_none(value: object) -> str | None:
    """``value``, from a record, if it is a text. Somebody else may have written a record."""
    return value if isinstance(value, str) else None


def texts_in(value: object) -> list[str]:
    """The texts in ``value``, from a record, if it is a list."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def number_in(value: object) -> int:
    """``value``, from a record, if it is a whole number that is not negative; otherwise 0."""
    return max(_whole(value) or 0, 0)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _checked(recorded: Recorded, line: Mapping[str, t.Any]) -> bool:
    """Whether a line ``after`` is of a task in check mode."""
    checked = line.get("check_mode")
    return checked if isinstance(checked, bool) else recorded.begin.get("check_mode") is True


def _ending(row: Mapping[str, t.Any], checked: bool) -> tuple[str, str]:
    """The ending of a row, and which of LABELS it has."""
    ended = ending(row)
    return ended, "would_change" if checked and ended == "changed" else ended


def endings_of(recorded: Recorded) -> dict[str, tuple[str, str]]:
    """The ending of each account, and which of LABELS it has. What is not on record is not known."""
    names = dict.fromkeys([*recorded.accounts, *recorded.rows, *recorded.begun])
    known = {name: line for name, line in recorded.rows.items() if name not in recorded.begun}
    return {name: _ending(known[name], _checked(recorded, known[name])) if name in known else ("not_known", "not_known") for name in names}


class Told:
    """What a record tells, as the report shows it. Each text is a Text.

    ``titles``: of the resources, by name. ``rows``: by account. ``kinds``: by resource, the number of accounts for each of LABELS.
    ``groups``: by remedy and cause, the accounts. ``sets``: by resource and differences, the accounts that have exactly these.
    ``menus``: by such a set, the accounts by the menus before and after, as a record holds them.
    """

    def __init__(self, recorded: Recorded) -> None:
        begin = recorded.begin
        self.recorded = recorded
        self.check_mode = begin.get("check_mode") is True
        self.rows: dict[str, Row] = {name: self._row(name) for name in endings_of(recorded)}
        self.stages = _stages(recorded, self.rows)
        named = {*texts_in(begin.get("resources")), *(name for row in self.rows.values() for name in row["resources"])}
        found = [*(name for name in BY_NAME if name in named), *sorted(named - BY_NAME.keys())]
        self.titles = {name: BY_NAME[name].title if name in BY_NAME else verbatim(name) for name in found}
        self.kinds: dict[str, collections.Counter[str]] = {name: collections.Counter() for name in self.titles}
        sets: dict[tuple[t.Any, ...], list[str]] = {}
        self.menus: dict[tuple[t.Any, ...], dict[str, list[str]]] = {}
        by_remedy: dict[Text, dict[Text, list[str]]] = {}
        for name, row in self.rows.items():
            for resource, its in row["resources"].items():
                self.kinds[resource][its["kind"]] += 1
                if its["differences"] or its["more"]:
                    sets.setdefault(set_of(its), []).append(name)
                    if its["menus"]:
                        self.menus.setdefault(set_of(its), {}).setdefault(its["menus"], []).append(name)
            # If resources of an account have the same remedy, the account is named once, with the cause of the first one.
            for remedy, its in {its["failure"]["remedy"]: its for its in reversed(failed_in(row))}.items():
                by_remedy.setdefault(remedy, {}).setdefault(cause_of(its), []).append(name)
        # What concerns most accounts comes first, and what only waits for the others comes last.
        self.sets = most_first(sets)
        self.groups = {
            remedy: most_first(causes) for remedy, causes in sorted(by_remedy.items(), key=lambda group: self._urgency(group[1]))
        }
        back, to = text_or_none(begin.get("rollback_to")), text_or_none(begin.get("api_url"))
        notes = (back and _BACK.filled(run=back), to and _TO.filled(host=to), None if recorded.whole else _NOT_WHOLE)
        self.notes = [note for note in notes if isinstance(note, Text)]

    def _urgency(self, causes: Mapping[Text, list[str]]) -> tuple[bool, int]:
        names = names_of(causes)
        return all(self.rows[name]["kind"] != "failed" for name in names), -len(names)

    def in_order(self) -> list[tuple[str, Row]]:
        """The accounts with their rows: what needs attention first."""
        rank = {kind: number for number, kind in enumerate(LABELS)}
        return sorted(self.rows.items(), key=lambda item: rank[item[1]["kind"]])

    def _row(self, name: str) -> Row:
        recorded = self.recorded
        line, known, begun = recorded.rows.get(name), recorded.accounts.get(name, {}), recorded.begun.get(name, set())
        checked = _checked(recorded, line or {})
        row: Row = {"appid": known.get("appid"), "nick_name": known.get("nick_name"), "stage": None, "check_mode": checked}
        resources = {resource: _of_resource(resource, its, checked) for resource, its in line["resources"].items()} if line else {}
        if line and not begun:
            return {**row, **_common(line, checked), "resources": resources}
        what, remedy, sent = (_BEGUN, _LOOKS_FIRST, None) if begun else (_NOT_BEGUN, ANY_FIRST, False)
        if not recorded.whole and not begun:
            what, remedy, sent = _NOT_ON_RECORD, _LOOKS_FIRST, None
        failure = {"reason": "outcome_unknown", **dict.fromkeys(("errcode", "errmsg", "rid", "http_status")), "remedy": remedy}
        row["kind"] = row["ending"] = "not_known"
        row.update(changed=bool(line and line["changed"]), verified=False, failure=failure, msg=what)
        row["request_sent"] = True if line and line["request_sent"] else sent
        unknown = {key: row[key] for key in ("kind", "ending", "changed", "verified", "request_sent", "failure", "msg")}
        return {**row, "resources": {**resources, **{one: {**unknown, "differences": [], "more": 0} for one in begun}}}


def _common(line: Mapping[str, t.Any], checked: bool) -> Row:
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
            "errmsg": text_or_none(its.get("errmsg")),
            "rid": text_or_none(its.get("rid")),
            "http_status": _whole(its.get("http_status")),
            "remedy": verbatim(its["remedy"]),
        },
        "msg": verbatim(line["msg"]),
    }


def _of_resource(resource: str, its: Mapping[str, t.Any], checked: bool) -> Row:
    differences = [one for one in its.get("differences", []) if isinstance(one, list) and len(one) == 3 and isinstance(one[0], str)]
    differences = [one for one in differences if all(value is None or isinstance(value, str) for value in one)]
    more = {"more": number_in(its.get("more")), "menus": its.get("menus")}
    return {**_common(its, checked), "resource": resource, "differences": differences, **more}


def most_first(names: Mapping[t.Any, list[str]]) -> dict[t.Any, list[str]]:
    """``names`` of accounts, by what they have in common: what most of them have first."""
    return dict(sorted(names.items(), key=lambda one: -len(one[1])))


def names_of(causes: Mapping[Text, list[str]]) -> list[str]:
    """The accounts of a group of failures."""
    return list(itertools.chain.from_iterable(causes.values()))


def set_of(its: Row) -> tuple[t.Any, ...]:
    """What the differences of a resource are known by: accounts with equal ones are shown together."""
    return its["resource"], tuple(map(tuple, its["differences"])), its["more"]


def failed_in(row: Row) -> list[Row]:
    """The rows in ``row`` that say why something failed: those of resources, except of one that only waits for another, or its own."""
    if not row["failure"]:
        return []
    if row["ending"] == "not_known":
        return [row]
    failed = [its for its in row["resources"].values() if its["failure"]]
    return [its for its in failed if its["ending"] == "failed"] or failed[:1] or [row]


def cause_of(row: Row) -> Text:
    """The message without the time, and without what to do, which a report has once for all accounts."""
    remedy, msg = row["failure"]["remedy"], untimed(row["msg"], row["failure"]["rid"])
    # In msg, the remedy is a clause, so its first letter is not a capital.
    head = msg[: -len(remedy)] if remedy[1:] and msg.endswith(remedy[1:]) else ""
    for between, stop in (("; ", "."), ("；", "。")):
        if head.endswith(between):
            return verbatim(head.removesuffix(between) + stop)
    return verbatim(msg)


def _stages(recorded: Recorded, rows: Mapping[str, Row]) -> list[Row]:
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


def since(now: Told, last: Recorded | None) -> dict[str, t.Any] | None:
    """What has changed since the record ``last``."""
    if last is None:
        return None
    before = endings_of(last)
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
        "started": text_or_none(last.begin.get("at")),
        **changes,
        "new": [name for name in now.rows if name not in before],
        "gone": [name for name in before if name not in now.rows],
        "before": {name: before[name][0] for names in changes.values() for name in names},
    }
