# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judges one play by what the simulator knows. Each finding is a sentence.

No change without a declaration that asks for it, no false row, no lost ``before``, no secret anywhere, nothing after the end.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import typing as t

from tests.soak.witness import RESOURCE, State, buttons_in

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sized
    from pathlib import Path

    from tests.soak.witness import Buttons, Event

PLATFORMS = {"ios": "1", "android": "2", "other": "3"}
# A failure with one of these says that the effect of a change is not known, or not as it should be.
_IN_DOUBT = ("outcome_unknown", "not_effective", "conflict")


@dataclasses.dataclass
class Play:
    """What was played, and what came of it.

    ``declared``: the options of each account that takes part, by its name. ``rollback``: whether they are what records say, and ``back``:
    the menus that accounts had before the run to go back before.
    ``recorded``: whether the play is one of a role, which keeps records. ``lagging``: accounts with looks that came late.
    ``killed``: by which signal. ``events``: what the simulator saw. ``ends``: what each account has in the end.
    ``rows``: by account and resource, what Ansible's results say. ``records``: the new records. ``late``, ``left``: see ``Aftermath``.
    ``written``: everything that was written, by its place. ``had``: what each account has ever had.
    """

    title: str
    declared: dict[str, dict[str, t.Any]] = dataclasses.field(default_factory=dict)
    check_mode: bool = False
    rollback: bool = False
    back: dict[str, Buttons | None] = dataclasses.field(default_factory=dict)
    recorded: bool = False
    lagging: set[str] = dataclasses.field(default_factory=set)
    killed: str = ""
    events: list[Event] = dataclasses.field(default_factory=list)
    ends: dict[str, State] = dataclasses.field(default_factory=dict)
    rows: dict[tuple[str, str], dict[str, t.Any]] = dataclasses.field(default_factory=dict)
    records: dict[Path, bytes] = dataclasses.field(default_factory=dict)
    late: list[float] = dataclasses.field(default_factory=list)
    left: dict[int, str] = dataclasses.field(default_factory=dict)
    written: dict[str, str] = dataclasses.field(default_factory=dict)
    had: Mapping[str, list[State]] = dataclasses.field(default_factory=dict)

    def of(self, kind: str, name: str = "", resource: str = "") -> list[Event]:
        return [
            event
            for event in self.events
            if event.kind == kind and name in ("", event.name) and resource in ("", RESOURCE.get(event.call, event.call))
        ]


def findings(play: Play, leaks: Callable[[str], Sized]) -> list[str]:
    """``leaks``: the secrets in a text."""
    found = [
        *itertools.chain.from_iterable(_change(play, event) for event in play.of("change")),
        *itertools.chain.from_iterable(_row(play, *key, row, "result") for key, row in play.rows.items()),
        *_recorded(play),
        *(f"a change arrived {seconds:.1f} s after {play.killed or 'the end'}" for seconds in play.late),
        *(f"a process is left after {play.killed or 'the end'}: {command}" for command in play.left.values()),
    ]
    for place, text in play.written.items():
        # The secret itself is not said again.
        if leaks(text):
            found.append(f"a secret is in {place}")
        if "Traceback (most recent call last)" in text:
            found.append(f"a traceback is in {place}")
    return [f"{play.title}: {one}" for one in dict.fromkeys(found)]


# --- No change without a declaration, and none without its line in the record.


def _change(play: Play, event: Event) -> Iterator[str]:
    resource = RESOURCE[event.call]
    what = f"{event.name}: {event.call} {json.dumps(event.fields, ensure_ascii=False)}"
    if play.check_mode:
        yield f"{what}: sent in check mode"
    elif not _asked(play, event, play.declared.get(event.name, {}).get(resource)):
        yield f"{what}: nothing declares it"
    if play.recorded and not play.check_mode:
        kept = [line for line in lines_in(play.records, event.records) if line.get("event") == "before" and line["account"] == event.name]
        yield from (f"{what}: {fault}" for fault in _lost(play, event, [line for line in kept if line["resource"] == resource]))


def _asked(play: Play, event: Event, value: t.Any) -> bool:
    """Whether ``value``, which is declared, or a rollback asks for the change."""
    call, fields, found = event.call, event.fields, event.before
    if play.rollback:
        return _was_there(event, play.had.get(event.name, []))
    if value is None:
        return False
    if call == "enable":
        return bool(value == "present")
    if call == "menu_delete":
        return bool(value == "absent")
    if call == "menu_create":
        return bool(value != "absent" and fields == value)
    if call in ("tags_create", "tags_update", "tags_delete"):
        tag, declared = fields["tag"], tags_in(value)
        if call == "tags_create":
            return tag["name"] in declared["present"]
        if call == "tags_delete":
            return found.tags.get(tag["id"]) in (None, *declared["absent"])
        return (found.tags.get(tag["id"]), tag["name"]) in {*declared["rename"].items(), (None, tag["name"]), (tag["name"], tag["name"])}
    menus = conditional_of(value)
    rules = [rule_of(one["match"], found) for one in menus["menus"]]
    if call == "conditional_add":
        return {"button": fields["button"], "matchrule": fields["matchrule"]} in [
            {"button": one["menu"]["button"], "matchrule": rule} for one, rule in zip(menus["menus"], rules, strict=True)
        ]
    gone = next((one for one in found.conditional_menus if str(one["menuid"]) == fields["menuid"]), None)
    return gone is None or menus["exclusive"] or gone["matchrule"] in rules


def _was_there(event: Event, had: list[State]) -> bool:
    if event.call == "menu_create":
        return event.fields["button"] in [state.menu for state in had]
    if event.call == "menu_delete":
        return None in [state.menu for state in had]
    if event.call == "conditional_add":
        known = [(one["button"], one["matchrule"]) for state in had for one in state.conditional_menus]
        return (event.fields["button"], event.fields["matchrule"]) in known
    if event.call == "tags_update":
        return event.fields["tag"]["name"] in {name for state in had for name in state.tags.values()}
    return bool(event.call == "conditional_delete")


def _lost(play: Play, event: Event, kept: list[dict[str, t.Any]]) -> Iterator[str]:
    """What the change would lose. ``kept``: the lines of its resource that were on disk when it arrived."""
    if not kept:
        yield "its record has no line before it"
        return
    before, call, found = kept[0]["before"], event.call, event.before
    # What the second writer does after the look, nobody can keep; nor what a late look did not show.
    if play.of("other", event.name) or event.name in play.lagging:
        return
    first = play.of("change", event.name, RESOURCE[call])[0] is event
    if call == "enable" and first and before is not found.draft_switch:
        yield f"the record keeps {before}"
    if call in ("menu_create", "menu_delete") and first:
        if (before["menu"] and before["menu"]["button"]) != found.menu:
            yield "the record keeps another menu"
        if call == "menu_delete" and {one["menuid"] for one in before["conditional"]} != {one["menuid"] for one in found.conditional_menus}:
            yield "the record keeps other conditional menus"
    if call == "conditional_delete":
        gone = [one for one in found.conditional_menus if str(one["menuid"]) == event.fields["menuid"]]
        # What this play has added is no loss.
        had = {one["menuid"] for one in play.of("change", event.name, RESOURCE[call])[0].before.conditional_menus}
        as_kept = [(one["menuid"], one["button"], one["matchrule"]) for one in before]
        if any(one["menuid"] in had and (one["menuid"], one["button"], one["matchrule"]) not in as_kept for one in gone):
            yield "the record does not keep this conditional menu"
    if call in ("tags_update", "tags_delete"):
        tag = event.fields["tag"]
        name = found.tags.get(tag["id"])
        known = before["deleted"].get(name) == tag["id"] if call == "tags_delete" else before["renamed"].get(name) == tag["name"]
        # The same change once more finds nothing to lose.
        if name not in (None, tag.get("name")) and not known:
            yield "the record does not keep this tag"


def lines_in(records: Mapping[Path, bytes], lengths: Mapping[Path, int] | None = None) -> list[dict[str, t.Any]]:
    """The lines of ``records``, up to these ``lengths``."""
    ends = {path: len(content) for path, content in records.items()} if lengths is None else lengths
    return [json.loads(line) for path, content in records.items() for line in content[: ends.get(path, 0)].splitlines()]


# --- No false row.


def _row(play: Play, name: str, resource: str, row: Mapping[str, t.Any], where: str) -> Iterator[str]:
    arrived = play.of("change", name, resource)
    effects = [one for one in play.of("effect", name, resource) if getattr(one.before, resource) != getattr(one.after, resource)]
    if resource == "draft_switch" and arrived and not arrived[0].before.draft_switch and play.ends[name].draft_switch:
        # The simulator turns it on at once if the answer is to be lost.
        effects = arrived
    others, reason = play.of("other", name), row["failure"] and row["failure"]["reason"]
    said = f"{name}: {resource}: the {where} says"
    if row["request_sent"] is False and arrived:
        yield f"{said} that nothing was sent, and {arrived[0].call} has arrived"
    if row["request_sent"] is True and not arrived:
        yield f"{said} that a change was sent, and none has arrived"
    if not play.check_mode and row["changed"] and not (effects or others or name in play.lagging):
        yield f"{said} changed, and nothing has changed"
    if not play.check_mode and not row["changed"] and effects and not others and reason not in _IN_DOUBT:
        yield f"{said} not changed, and {effects[0].call} has had an effect ({reason or row['msg']})"
    if name in play.back and resource == "menu" and row["verified"] and not (reason or others) and play.ends[name].menu != play.back[name]:
        yield f"{said} as before the run, and it is not"
    if row["verified"] and not play.check_mode and row.get(RESOURCE_KEYS[resource], row.get("before")) is not None:
        last = arrived[-1].at if arrived else 0.0
        looks = [one.shown[resource] for one in play.of("look", name) if resource in one.shown and one.at >= last]
        if part_of(resource, row) not in looks:
            yield f"{said} verified, and no answer after the last change has shown that"
    value = play.declared.get(name, {}).get(resource)
    if not row["verified"] or reason or others or play.rollback or value is None or name in play.lagging:
        return
    lacking = lacks(resource, value, play.ends[name])
    if not play.check_mode and lacking:
        yield f"{said} as declared, and it is not"
    if play.check_mode and lacking is not row["changed"]:
        yield f"{said} that it {'would' if row['changed'] else 'would not'} change, and that is wrong"


RESOURCE_KEYS = {"draft_switch": "is_open", "menu": "menu", "tags": "tags", "conditional_menus": "conditional_menus"}


def part_of(resource: str, row: Mapping[str, t.Any]) -> t.Any:
    """What a row says that there is, as a part of a State."""
    value = row[RESOURCE_KEYS[resource]]
    if resource == "menu":
        return value and buttons_in(value["button"])
    if resource == "tags":
        return {its["id"]: name for name, its in value.items()}
    if resource == "conditional_menus":
        return [
            {"menuid": int(one["menuid"]), "button": buttons_in(one["menu"]["button"]), "matchrule": rule_of(one["match"], State())}
            for one in value
        ]
    return value


def lacks(resource: str, value: t.Any, state: State) -> bool:
    """Whether ``state`` is not as declared."""
    if resource == "draft_switch":
        return not state.draft_switch
    if resource == "menu":
        return bool(state.menu != (None if value == "absent" else value["button"]))
    names = [*state.tags.values()]
    if resource == "tags":
        declared = tags_in(value)
        there = {*declared["present"], *declared["rename"].values()}
        return not there <= {*names} or bool({*declared["absent"], *declared["rename"]} & {*names})
    declared = conditional_of(value)
    wanted = [{"button": one["menu"]["button"], "matchrule": rule_of(one["match"], state)} for one in declared["menus"]]
    listed = [{"button": one["button"], "matchrule": one["matchrule"]} for one in state.conditional_menus]
    rules = [one["matchrule"] for one in wanted]
    return wanted != [one for one in listed if declared["exclusive"] or one["matchrule"] in rules]


def tags_in(value: t.Any) -> dict[str, t.Any]:
    return {"present": [], "absent": [], "rename": {}, **(value if isinstance(value, dict) else {"present": value})}


def conditional_of(value: t.Any) -> dict[str, t.Any]:
    if value == "absent":
        return {"menus": [], "exclusive": True}
    return {"exclusive": False, **(value if isinstance(value, dict) else {"menus": value})}


def rule_of(match: Mapping[str, str], state: State) -> dict[str, str]:
    """The rule that the platform keeps. A tag is named, or has its id."""
    ids = {name: str(number) for number, name in state.tags.items()}
    rule = {"tag_id": ids.get(match["tag"], "none")} if "tag" in match else {}
    rule |= {"tag_id": match["tag_id"]} if "tag_id" in match else {}
    return rule | ({"client_platform_type": PLATFORMS[match["platform"]]} if "platform" in match else {})


# --- The record says the same.


def _recorded(play: Play) -> Iterator[str]:
    after = {}
    for line in lines_in(play.records):
        if line.get("event") == "after":
            after.update({(line["account"], resource): row for resource, row in line["resources"].items()})
    for (name, resource), row in after.items():
        yield from _row(play, name, resource, row, "record")
        told = play.rows.get((name, resource))
        keys = ("changed", "verified", "request_sent", "failure", "msg")
        if told and any(told[key] != row[key] for key in keys):
            yield f"{name}: {resource}: the record and the result say different things"
    if play.recorded and not play.killed:
        yield from (f"{name}: {resource}: the record does not have this row" for name, resource in play.rows.keys() - after.keys())
