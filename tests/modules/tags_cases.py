# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags: every case of their behaviour and of their faults. The form of a case: see ``Case``."""

from __future__ import annotations

import json
import typing as t

from tests.modules.case import CHANGED, DECLARED, DOUBT, NOT_CHANGED, NOT_SHOWN, UNSEEN, Case, Flow, answers, errcodes, reason_of
from tests.modules.table import tags_of
from tests.simulator import Fault
from tests.simulator.faults import ERRCODES, TAG_ERRCODES
from tests.simulator.tags import Tag

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.modules.case import Hit, Row

STAR = Tag(2, "星标组")
# Everything that JSON could escape, and does not have to.
ODD = "广东 é\"'\\/ 🎁 %41&amp;"

# What is missing is looked for twice. A new tag is asked for only once.
CREATES = Flow("tags_get tags_get", "tags_create", "tags_get", again="tags_get", once=True)
RENAMES = Flow("tags_get tags_get", "tags_update", "tags_get", again="tags_get")
# What uses a tag is asked before it is deleted.
DELETES = Flow("tags_get menu_get", "tags_delete", "tags_get", again="tags_get")

GONE = {"state": "absent", "tags": ["x"], "delete_members": True}
# For each flow: the names at first, the options, and the tags in the end.
OF: dict[str, tuple[list[str], dict[str, t.Any], list[Tag]]] = {
    "tags_create": (["old"], {"tags": ["old", ODD]}, [Tag(100, "old"), Tag(101, ODD)]),
    "tags_update": (["old"], {"rename": {"old": ODD}}, [Tag(100, ODD)]),
    "tags_delete": (["old", "x"], GONE, [Tag(100, "old")]),
}


def there(*names: str, count: int = 0) -> list[Tag]:
    """The tags of an account, with those of the platform."""
    return [STAR, *(Tag(100 + number, name, count) for number, name in enumerate(names))]


def tags(**fields: t.Any) -> dict[str, t.Any]:
    """Fields of the account's ``Tags``."""
    return {f"tags.{name}": value for name, value in fields.items()}


def case(change: str, calls: str, ending: str, reason: str | None = None, **more: t.Any) -> Case:
    """A case of a task for this change. If it ends as declared, there was nothing to change."""
    names, options, after = OF[change]
    is_there = ending == DECLARED and change == "tags_create"
    given = there(*(tag.name for tag in after)) if is_there else there(*names)
    left = after if ending in (CHANGED, DOUBT) else given
    row = {
        "changed": ending == CHANGED,
        "tags": None if ending in (UNSEEN, DOUBT) else tags_of(left),
        "before": None if ending == UNSEEN else tags_of(given),
        # A refusal says nothing about the tags. Looks after it do.
        "verified": ending in (DECLARED, CHANGED, NOT_SHOWN) or (ending == NOT_CHANGED and change not in calls),
        "request_sent": change in calls,
    }
    more["options"] = {**options, **more.get("options", {})}
    ends = tags(names=[tag.name for tag in left if tag is not STAR])
    return Case(calls, row, reason, {**tags(tags=given), **more.pop("given", {})}, ends={**ends, **more.pop("ends", {})}, **more)


def _of(flow: Flow, hits: Mapping[str, Hit]) -> dict[str, Case]:
    return {name: case(flow.change, hit.calls, hit.ending, hit.reason, options=hit.options) for name, hit in hits.items()}


def reason_of_tags(code: int) -> str:
    return "transient" if code == 45159 else reason_of(code)


EVERY = [*ERRCODES, *TAG_ERRCODES, 40097, 45103, 48009]
FLOWS = (CREATES, RENAMES, DELETES)


def _codes() -> dict[str, Case]:
    # A name that is taken is looked for. So it has cases of its own.
    changed = [code for code in EVERY if code not in (45157, 45159)]
    return {
        **_of(CREATES, errcodes(CREATES, ("tags_get",), EVERY)),
        **_of(CREATES, errcodes(CREATES, ("tags_create",), [*changed, 45159], reason_of_tags)),
        **_of(RENAMES, errcodes(RENAMES, ("tags_update",), [*changed, 45159], reason_of_tags)),
        **_of(DELETES, errcodes(DELETES, ("tags_delete",), [*changed, 45157, 45159], reason_of_tags)),
    }


def _answers() -> dict[str, Case]:
    cases = _of(CREATES, answers(CREATES, ("tags_get",)))
    for flow in FLOWS:
        cases.update(_of(flow, answers(flow, (flow.change,))))
    return cases


def _second_looks() -> dict[str, Case]:
    """The second look for what is missing, and the one at the conditional menus. The first look has shown the tags."""
    cases = {}
    for change, before, look in (("tags_create", "tags_get", "tags_get"), ("tags_delete", "tags_get", "menu_get")):
        flow = Flow(look, "none", "")
        found = {**errcodes(flow, (look,), [code for code in ERRCODES if code != 46003]), **answers(flow, (look,))}
        for name, hit in found.items():
            if hit.ending == UNSEEN:
                one = case(change, f"{before} {hit.calls}", NOT_CHANGED, hit.reason, options=hit.options)
                cases[f"second-{name}"] = one
    return cases


GOOD = {"id": 100, "name": "old", "count": 0}


def _raw(found: object, **more: object) -> bytes:
    return json.dumps({"tags": found, **more}, ensure_ascii=False).encode()


# Answers of tags/get that do not show which tags there are.
UNUSABLE: dict[str, bytes] = {
    "only-ok": b'{"errcode":0,"errmsg":"ok"}',
    "tags-twice": b'{"tags":[],"tags":[]}',
    "name-twice": b'{"tags":[{"id":100,"name":"a","name":"b","count":0}]}',
    "not-utf-8": b'{"tags":[{"id":100,"name":"\xff","count":0}]}',
    "errcode-null": _raw([GOOD], errcode=None),
    "one-id-twice": _raw([GOOD, {**GOOD, "name": "b"}]),
    "deep": b'{"tags":' + b"[" * 3000 + b"]" * 3000 + b"}",
    **{f"tags-{number}": _raw(odd) for number, odd in enumerate((None, 0, False, "", "x", {}, {"tag": []}))},
    **{f"tag-{number}": _raw([odd]) for number, odd in enumerate((None, 0, "old", [], {}, {"id": 100}, {"name": "old"}))},
    **{f"id-{number}": _raw([{**GOOD, "id": odd}]) for number, odd in enumerate((None, True, -1, 0.5, "", "x", [100], {}))},
    **{f"name-{number}": _raw([{**GOOD, "name": odd}]) for number, odd in enumerate((None, True, 5, ["old"], {}))},
    **{f"count-{number}": _raw([{**GOOD, "count": odd}]) for number, odd in enumerate((None, True, -1, 0.5, "", "x", [0], {}))},
}
# Answers that are read correctly, although they look wrong.
ODD_TAGS: dict[str, bytes] = {
    "ok-and-tags": _raw([GOOD, {**GOOD, "id": 101, "name": ODD}], errcode=0, errmsg="ok"),
    "texts": _raw([{**GOOD, "id": "100", "count": "0"}, {**GOOD, "id": "101", "name": ODD}]),
    "floats": _raw([{**GOOD, "id": 100.0, "count": 0.0}, {**GOOD, "id": 101, "name": ODD}]),
    "another-order-and-more": _raw([{"id": 101, "name": ODD, "x": []}, GOOD], total=2),
    "escaped": json.dumps({"tags": [GOOD, {**GOOD, "id": 101, "name": ODD}]}).encode(),
}
# Answers of tags/create that do not say which tag was made.
UNUSABLE_MADE: dict[str, bytes] = {
    "only-ok": b'{"errcode":0,"errmsg":"ok"}',
    "tag-twice": b'{"tag":{"id":101,"name":"x"},"tag":{"id":101,"name":"x"}}',
    **{
        f"tag-{number}": json.dumps({"tag": odd}).encode()
        for number, odd in enumerate(
            (None, 5, "x", [], {}, {"id": 101}, {"name": ODD}, {"id": "x", "name": ODD}, {"id": 101, "name": 5}, {"id": 2, "name": ODD})
        )
    },
}
ESCAPED = json.dumps({"tag": {"id": 101, "name": json.dumps(ODD)[1:-1]}}).encode()


def _bodies() -> dict[str, Case]:
    cases = {}

    def odd(body: bytes) -> dict[str, Fault]:
        return {"odd": Fault(body=body)}

    for name, body in UNUSABLE.items():
        # Older Pythons do not read what is nested deeply, and what is no JSON is asked for again.
        if name != "deep":
            cases[f"tags_get-{name}"] = case("tags_create", "tags_get:odd", UNSEEN, "protocol", faults=odd(body))
        calls = "tags_get tags_get tags_create tags_get:odd"
        if name != "deep":
            cases[f"verification-{name}"] = case("tags_create", calls, DOUBT, "outcome_unknown", faults=odd(body))
    for name, body in ODD_TAGS.items():
        cases[f"tags_get-{name}"] = case("tags_create", "tags_get:odd", DECLARED, faults=odd(body))
    for name, body in UNUSABLE_MADE.items():
        looks = " ".join(["tags_get"] * 4)
        sent = "tags_get tags_get tags_create:odd"
        cases[f"tags_create-{name}"] = case("tags_create", f"{sent} {looks}", NOT_SHOWN, "protocol", faults=odd(body))
        cases[f"tags_create-{name}-carried-out"] = case("tags_create", f"{sent}+ tags_get", CHANGED, faults=odd(body))
    return cases


# --- Behaviour, one line each.

NEW = {"tags": ["old", "new"]}
RENAME = {"rename": {"old": "new"}}
DONE, NOTHING = {"changed": True, "verified": True}, {"changed": False, "request_sent": False}
IN_VAIN = {"changed": False, "request_sent": True}
HALF = {"changed": True, "request_sent": True}

_LOOKS = "token tags_get tags_get"
_CREATE = f"{_LOOKS} tags_create"
_UPDATE = f"{_LOOKS} tags_update"
_DELETE = "token tags_get menu_get tags_delete"
_FOUR = "tags_get tags_get tags_get tags_get"
MENU = [{"type": "click", "name": "Help", "key": "help"}]
FOR_X = {"menus.buttons": MENU, "menus.conditional": [{"button": MENU, "matchrule": {"tag_id": "101"}, "menuid": 1}]}


def _after(number: int, call: str, does: t.Any) -> dict[str, t.Any]:
    """What somebody else does after so many calls with this name."""
    return tags(writers={call: [lambda _tags: None] * (number - 1) + [does]})


def by(call: str, does: str, *names: str) -> tuple[str, t.Any]:
    """What somebody else does right after the call: a method of ``Tags``."""
    return call, lambda its: getattr(its, does)(*names)


def _behaviour() -> dict[str, Case]:
    def of(
        calls: str, row: Row, reason: str | None, given: Iterable[str], ends: Iterable[str], options: t.Any = None, **more: t.Any
    ) -> Case:
        own = more.pop("has", {})
        start = own.get("tags.tags", there(*given))
        before = {} if reason in ("account", "quota") else {"before": tags_of(start)}
        return Case(
            calls,
            {**before, **row},
            reason,
            {**tags(tags=start), **own},
            NEW if options is None else options,
            ends=tags(names=[*ends]),
            **more,
        )

    old, both, x = ["old"], ["old", "new"], ["old", "x"]
    only_new = [[Tag(101, "new")]]
    return {
        "as-declared": of("token tags_get", NOTHING, None, both, both),
        "the-platform-s-is-there": of("token tags_get", NOTHING, None, old, old, {"tags": ["星标组"]}),
        "missing": of(f"{_CREATE} tags_get", {**DONE, "changes": {"created": ["new"], "renamed": {}, "deleted": {}}}, None, old, both),
        "in-the-order-given": of(f"{_CREATE} tags_get tags_create tags_get", DONE, None, [], ["b", "a"], {"tags": ["b", "a", "b"]}),
        "late-first-look": of(_LOOKS, NOTHING, None, both, both, has=tags(views=[[]])),
        "differing-looks": of(
            _LOOKS,
            {**NOTHING, "verified": True},
            None,
            both,
            both,
            has=tags(views=[[Tag(100, "old")], *only_new]),
        ),
        "late-effect": of(f"{_CREATE} tags_get tags_get", DONE, None, old, both, has=tags(lag=1)),
        "never-shown": of(
            f"{_CREATE} {_FOUR}", {"changed": True, "verified": False, "tags": tags_of(there(*both))}, None, old, both, has=tags(lag=9)
        ),
        "shown-with-the-next-one": of(f"{_CREATE} {_FOUR} tags_create tags_get", DONE, None, [], both, has=tags(lag=9)),
        "hidden-once-afterwards": of(f"{_CREATE} tags_get tags_get", DONE, None, old, both, has=tags(views=[None, None, *only_new])),
        "taken-and-not-shown": of(f"{_CREATE} {_FOUR}", {**IN_VAIN, "verified": True}, "operator", old, old, has=tags(reserved={"new"})),
        "somebody-else-made-it": of(
            f"{_CREATE} tags_get", {**IN_VAIN, "verified": True}, None, old, both, has=_after(2, "tags_get", lambda its: its.add("new"))
        ),
        "lost-and-late": of(f"{_CREATE}:lost+ tags_get tags_get", DONE, None, old, both, has=tags(lag=1)),
        "lost-and-never-shown": of(f"{_CREATE}:lost+ {_FOUR}", IN_VAIN, "transport", old, both, has=tags(lag=9)),
        "lost-and-not-there": of(f"{_CREATE}:lost {_FOUR}", IN_VAIN, "transport", old, old),
        "busy-and-not-there": of(f"{_CREATE}:busy {_FOUR}", IN_VAIN, "transient", old, old),
        "blind-afterwards": of(f"{_CREATE}:lost+ tags_get:lost tags_get:lost", IN_VAIN, "outcome_unknown", old, both),
        "second-one-lost": of(f"{_CREATE} tags_get tags_create:lost {_FOUR}", HALF, "transport", [], ["old"]),
        "second-one-refused": of(f"{_CREATE} tags_get tags_create:45056", HALF, "operator", [], ["old"]),
        "dead-token": of("token tags_get:dead token tags_get tags_get tags_create tags_get", DONE, None, old, both),
        "dead-token-at-the-change": of(f"{_CREATE}:dead token tags_get tags_create tags_get", DONE, None, old, both),
        "another-name": of(f"{_CREATE}:odd {_FOUR}", IN_VAIN, "not_effective", old, old, faults={"odd": Fault(body=ESCAPED)}),
        "renamed-by-another": of(
            f"{_CREATE} {_FOUR}", HALF, "conflict", old, ["old", "third"], writer=by("tags_create", "rename", "new", "third")
        ),
        "taken-away-by-another": of(f"{_CREATE} {_FOUR}", HALF, "conflict", old, ["new"], writer=by("tags_create", "remove", "old")),
        "taken-away-at-once": of(
            f"{_CREATE} {_FOUR}",
            {"changed": True, "verified": False},
            None,
            old,
            old,
            writer=by("tags_create", "remove", "new"),
        ),
        "made-twice-at-once": of(f"{_CREATE} {_FOUR}", HALF, "conflict", old, [*both, "new"], writer=by("tags_create", "add", "new")),
        "another-adds": of(f"{_CREATE} tags_get", DONE, None, old, [*both, "third"], writer=by("tags_create", "add", "third")),
        "double": of(_LOOKS, {**NOTHING, "duplicates": {"old": [100, 101]}}, "refused", ["old", "old"], ["old", "old"]),
        "full": of(_CREATE, IN_VAIN, "operator", old, old, has=tags(most=1)),
        "too-long": of(_CREATE, IN_VAIN, "operator", [], [], {"tags": ["十一个汉字的标签名称呢"]}, has=tags(in_bytes=True)),
        "not-verified": of("token tags_get", NOTHING, "account", old, old, has=tags(may=False)),
        "quota-of-looks": of("token tags_get", NOTHING, "quota", old, old, has=tags(left={"tags_get": 0})),
        # Renames.
        "renamed": of(f"{_UPDATE} tags_get", {**DONE, "tags": {"new": {"id": 100, "count": 0}}}, None, old, ["new"], RENAME),
        "renamed-already": of("token tags_get", NOTHING, None, ["new"], ["new"], RENAME),
        "rename-both": of(_LOOKS, NOTHING, "refused", both, both, RENAME),
        "rename-neither": of(_LOOKS, NOTHING, "refused", x[1:], x[1:], RENAME),
        "rename-and-add": of(f"{_UPDATE} tags_get tags_create tags_get", DONE, None, old, ["new", "x"], {**RENAME, "tags": ["x", "new"]}),
        "rename-on-a-late-server": of(f"{_UPDATE} tags_get tags_update tags_get", DONE, None, old, ["new"], RENAME, has=tags(unknown=1)),
        "rename-taken": of(f"{_UPDATE} {_FOUR}", IN_VAIN, "operator", old, old, RENAME, has=tags(reserved={"new"})),
        "rename-lost-and-late": of(f"{_UPDATE}:lost+ tags_get tags_update tags_get", DONE, None, old, ["new"], RENAME, has=tags(lag=1)),
        "rename-the-platform-s": of(_LOOKS, NOTHING, "refused", old, old, {"rename": {"星标组": "new"}}),
        "renamed-back": of(
            f"{_UPDATE} {_FOUR}", IN_VAIN, "not_effective", old, old, RENAME, writer=by("tags_update", "rename", "new", "old")
        ),
        "renamed-and-taken-away": of(f"{_UPDATE} {_FOUR}", HALF, "conflict", old, [], RENAME, writer=by("tags_update", "remove", "new")),
        "renamed-and-made-anew": of(
            f"{_UPDATE} {_FOUR}", HALF, "conflict", old, ["new", "old"], RENAME, writer=by("tags_update", "add", "old")
        ),
        "renamed-by-somebody-else": of(
            f"{_UPDATE} tags_get", IN_VAIN, None, old, ["new"], RENAME, has=_after(2, "tags_get", lambda its: its.rename("old", "new"))
        ),
        # Deletions.
        "deleted-by-somebody-else": of(
            f"{_DELETE} tags_get", {**IN_VAIN, "verified": True}, None, x, old, GONE, has=_after(1, "tags_get", lambda its: its.remove("x"))
        ),
        "deleted-and-made-anew": of(f"{_DELETE} {_FOUR}", HALF, "conflict", x, x, GONE, writer=by("tags_delete", "add", "x")),
        "deleted": of(
            f"{_DELETE} tags_get", {**DONE, "changes": {"created": [], "renamed": {}, "deleted": {"x": 101}}}, None, x, old, GONE
        ),
        "deleted-already": of("token tags_get", NOTHING, None, old, old, GONE),
        "delete-unasked": of("token tags_get", NOTHING, "refused", x, x, {**GONE, "delete_members": False}),
        "delete-in-use": of("token tags_get menu_get", NOTHING, "refused", x, x, GONE, has=FOR_X),
        "delete-in-use-too": of("token tags_get tags_delete tags_get", DONE, None, x, old, {**GONE, "delete_in_use": True}, has=FOR_X),
        "delete-beside-a-menu-for-another": of(f"{_DELETE} tags_get", DONE, None, ["x"], [], GONE, has=FOR_X),
        "delete-too-many-users": of(_DELETE, IN_VAIN, "operator", x, x, GONE, has=tags(tags=there(*x, count=100_001))),
        "delete-lost": of(f"{_DELETE}:lost+ tags_get", DONE, None, x, old, GONE),
        "delete-lost-and-late": of(f"{_DELETE}:lost+ tags_get tags_delete tags_get", DONE, None, x, old, GONE, has=tags(lag=1)),
        "delete-on-a-late-server": of(f"{_DELETE} tags_get tags_delete tags_get", DONE, None, x, old, GONE, has=tags(unknown=1)),
        "delete-double": of("token tags_get", NOTHING, "refused", ["x", "x"], ["x", "x"], GONE),
        "delete-the-platform-s": of("token tags_get", NOTHING, "refused", old, old, {**GONE, "tags": ["星标组"]}),
    }


BEHAVIOUR: dict[str, Case] = _behaviour()
CASES: dict[str, Case] = {**BEHAVIOUR, **_codes(), **_answers(), **_second_looks(), **_bodies()}
