# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The judge of ``make soak`` finds what is planted in a play, and nothing else."""

from __future__ import annotations

import dataclasses
import json
import typing as t
from pathlib import Path

import pytest

from tests.soak.judge import Play, findings
from tests.soak.witness import Event, State

OLD = [{"type": "click", "name": "Help", "key": "help"}]
NEW = [{"type": "view", "name": "Shop", "url": "https://shop.example/"}]
RULE = {"button": OLD, "matchrule": {"tag_id": "100"}, "menuid": 7}
BEFORE, AFTER = State(menu=OLD, tags={100: "VIP"}, conditional_menus=[RULE]), State(menu=NEW, tags={100: "VIP"}, conditional_menus=[RULE])
RECORD = Path("run.jsonl")
ROW: dict[str, t.Any] = {"changed": True, "verified": True, "request_sent": True, "failure": None, "msg": "The menu has been changed."}
SECRET = "0123456789abcdef0123456789abcdef"


def lines(*written: dict[str, t.Any]) -> bytes:
    return b"".join(json.dumps({"account": "a", **line}).encode() + b"\n" for line in written)


def before(resource: str, kept: t.Any) -> bytes:
    return lines({"event": "before", "resource": resource, "before": kept})


KEPT = before("menu", {"menu": {"button": OLD}, "console_menu": None, "conditional": [RULE]})
END = lines({"event": "after", "resources": {"menu": ROW}})


def change(call: str, kept: bytes, found: State = BEFORE, **fields: t.Any) -> Event:
    return Event("change", "a", call, 1.0, before=found, fields=fields, records={RECORD: len(kept)})


def effect(call: str, after: State = AFTER) -> Event:
    return Event("effect", "a", call, 1.1, before=BEFORE, after=after)


LOOK = Event("look", "a", "menu_get", 2.0, shown={"menu": NEW, "conditional_menus": [RULE]})
# The menu of one account has been replaced, as it declares.
GOOD = Play(
    "play",
    {"a": {"menu": {"button": NEW}}},
    recorded=True,
    events=[change("menu_create", KEPT, button=NEW), effect("menu_create"), LOOK],
    ends={"a": AFTER},
    rows={("a", "menu"): {**ROW, "menu": {"button": NEW}}},
    records={RECORD: KEPT + END},
    written={"output": "a: The menu has been changed."},
)


def found(play: Play) -> list[str]:
    return findings(play, lambda text: [SECRET] if SECRET in text else [])


def other(call: str, declared: t.Any, kept: bytes, after: State, **fields: t.Any) -> Play:
    """A play with one other change. ``declared``: by resource."""
    events = [change(call, kept, **fields), effect(call, after)]
    return dataclasses.replace(GOOD, declared={"a": declared}, events=events, ends={"a": after}, rows={}, records={RECORD: kept})


TAGS = {"created": [], "renamed": {}, "deleted": {"VIP": 100}}
GONE = other("tags_delete", {"tags": {"absent": ["VIP"]}}, before("tags", TAGS), BEFORE._replace(tags={}), tag={"id": 100})
RULES = {"menus": [], "exclusive": True}
UNRULED = BEFORE._replace(conditional_menus=[])
UNRULE = other("conditional_delete", {"conditional_menus": RULES}, before("conditional_menus", [RULE]), UNRULED, menuid="7")


ON = dataclasses.replace(
    GOOD,
    declared={"a": {"draft_switch": "present"}},
    events=[change("enable", before("draft_switch", False))],
    ends={"a": BEFORE._replace(draft_switch=True)},
    rows={("a", "draft_switch"): {**ROW, "verified": False}},
    records={RECORD: before("draft_switch", False) + lines({"event": "after", "resources": {"draft_switch": {**ROW, "verified": False}}})},
)


@pytest.mark.parametrize("play", [GOOD, GONE, UNRULE, ON], ids=["menu", "tag", "conditional-menu", "switch-with-a-lost-answer"])
def test_a_play_in_which_all_is_well_has_no_finding(play: Play) -> None:
    assert found(play) == []


PLANTED: dict[str, tuple[Play, dict[str, t.Any], str]] = {
    "change-in-check-mode": (GOOD, {"check_mode": True, "recorded": False, "rows": {}}, "sent in check mode"),
    "change-that-nothing-declares": (GOOD, {"declared": {"a": {}}}, "nothing declares it"),
    "another-menu-than-declared": (GOOD, {"declared": {"a": {"menu": "absent"}}}, "nothing declares it"),
    "tag-that-is-not-to-go": (GONE, {"declared": {"a": {"tags": ["VIP"]}}}, "nothing declares it"),
    "rule-that-may-stay": (UNRULE, {"declared": {"a": {"conditional_menus": []}}}, "nothing declares it"),
    "rollback-to-what-never-was": (GOOD, {"rollback": True, "had": {"a": [BEFORE]}}, "nothing declares it"),
    "not-what-there-was": (GOOD, {"back": {"a": OLD}}, "as before the run, and it is not"),
    "no-line-before": (GOOD, {"records": {RECORD: END}, "events": [change("menu_create", b"", button=NEW), *GOOD.events[1:]]}, "no line"),
    "line-after-the-change": (GOOD, {"events": [change("menu_create", b"", button=NEW), *GOOD.events[1:]]}, "no line before it"),
    "another-menu-kept": (GOOD, {"records": {RECORD: KEPT.replace(b"help", b"shop") + END}}, "keeps another menu"),
    "tag-not-kept": (GONE, {"records": {RECORD: before("tags", {**TAGS, "deleted": {"VPI": 100}})}}, "does not keep this tag"),
    "rule-not-kept": (UNRULE, {"records": {RECORD: before("conditional_menus", [{**RULE, "menuid": 8}])}}, "this conditional menu"),
    "sent-and-denied": (GOOD, {"rows": {("a", "menu"): {**ROW, "request_sent": False}}}, "that nothing was sent"),
    "not-sent-and-claimed": (GOOD, {"events": [LOOK], "ends": {"a": AFTER}}, "none has arrived"),
    "changed-and-nothing-was": (GOOD, {"events": [GOOD.events[0], LOOK]}, "says changed, and nothing has changed"),
    "switched-and-nothing-was": (ON, {"ends": {"a": BEFORE}}, "says changed, and nothing has changed"),
    "changed-and-denied": (GOOD, {"rows": {("a", "menu"): {**ROW, "changed": False}}}, "says not changed"),
    "verified-and-not-shown": (GOOD, {"events": GOOD.events[:2]}, "no answer after the last change"),
    "as-declared-and-is-not": (GOOD, {"ends": {"a": BEFORE}}, "as declared, and it is not"),
    "would-change-and-would-not": (GOOD, {"check_mode": True, "recorded": False, "events": [LOOK]}, "would change, and that is wrong"),
    "record-says-otherwise": (GOOD, {"records": {RECORD: KEPT + END.replace(b"has been", b"was")}}, "say different things"),
    "record-without-the-row": (GOOD, {"records": {RECORD: KEPT}}, "does not have this row"),
    "secret": (GOOD, {"written": {"reports/x": f"secret: {SECRET}"}}, "a secret is in reports/x"),
    "traceback": (GOOD, {"written": {"output": "Traceback (most recent call last):\n"}}, "a traceback is in output"),
    "late-change": (GOOD, {"late": [3.0]}, "3.0 s after the end"),
    "process-left": (GOOD, {"left": {1: "ansible-playbook"}, "killed": "SIGTERM to main"}, "is left after SIGTERM to main"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_planted_is_found(name: str) -> None:
    play, planted, says = PLANTED[name]
    said = found(dataclasses.replace(play, **planted))
    assert any(says in one for one in said), said
    assert not any(SECRET in one for one in said)


def test_what_a_second_writer_does_after_the_look_is_nobody_s_fault() -> None:
    writer = Event("other", "a", "menu_get", 0.5, before=State(), after=BEFORE)
    kept = KEPT.replace(b"help", b"shop")
    assert found(dataclasses.replace(GOOD, events=[writer, *GOOD.events], records={RECORD: kept + END})) == []
