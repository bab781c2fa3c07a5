# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Menus: every case of their behaviour and of their faults. The form of a case: see ``Case``."""

from __future__ import annotations

import copy
import json
import typing as t

from tests.modules.case import CHANGED, DECLARED, DOUBT, UNSEEN, Case, Flow, answers, errcodes, reason_of
from tests.modules.ways import DOUBTFUL, TAKEN, WAYS
from tests.simulator import Fault
from tests.simulator.faults import ERRCODES, MENU_ERRCODES
from tests.simulator.raw import Script

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.modules.case import Hit, Row
    from tests.modules.ways import Way

Menu = dict[str, t.Any]

VIEW = {"type": "view", "name": "商店 & 🎁", "url": "https://shop.example/?a=1&b=2"}
# Everything that JSON could escape, and does not have to: of every length in UTF-8, quotes, a slash, and line separators of JavaScript.
ODD = {"type": "click", "name": "𠀋é\"'", "key": "a\\b/</script> \u2028\u200d\ufeff\U0010ffff %41 &amp;"}
OLD: Menu = {"button": [{**VIEW, "url": "https://old.example/"}]}
NEW: Menu = {"button": [VIEW, {"name": "More", "sub_button": [ODD]}]}

# What somebody else sets.
THIRD: Menu = {"button": [{"type": "click", "name": "Third", "key": "3"}]}

OTHERS = "somebody else's"

# What is shown is asked before the first change, and whenever the API has no menu.
EDITS = Flow("menu_get selfmenu", "menu_create", "menu_get", again="menu_get")
SETS = Flow("menu_get selfmenu", "menu_create", "menu_get")
DELETES = Flow("menu_get selfmenu", "menu_delete", "menu_get selfmenu", again="menu_get")


def buttons_of(menu: Menu | None) -> list[dict[str, t.Any]] | None:
    return copy.deepcopy(menu["button"]) if menu else None


def case(
    given: Menu | None,
    wanted: Menu | None,
    calls: str,
    ending: str,
    reason: str | None = None,
    *,
    left: Menu | None = None,
    **more: t.Any,
) -> Case:
    """A case of a task that declares the menu ``wanted``, or no menu. ``given``: the menu at first.

    ``left``: the menu in the end, if the ending is OTHERS: what this task has done is not there any more.
    """
    sent = "menu_create" in calls or "menu_delete" in calls
    if ending == OTHERS:
        row = {"changed": left != given, "menu": left, "before": given, "verified": True, "request_sent": True}
    else:
        left = wanted if ending in (CHANGED, DOUBT) else given
        row = {
            "changed": ending == CHANGED,
            "menu": None if ending in (UNSEEN, DOUBT) else left,
            "before": None if ending == UNSEEN else given,
            "verified": ending in (DECLARED, CHANGED),
            "request_sent": sent,
        }
    more["options"] = {**declares(wanted), **more.get("options", {})}
    return Case(calls, row, reason, menus(buttons=buttons_of(given)), ends=menus(buttons=buttons_of(left)), **more)


def menus(**fields: t.Any) -> dict[str, t.Any]:
    """Fields of the account's ``Menus``."""
    return {f"menus.{name}": value for name, value in fields.items()}


def declares(menu: Menu | None) -> dict[str, t.Any]:
    return {"menu": menu} if menu else {"state": "absent"}


def _ends_of(flow: Flow, ending: str) -> tuple[Menu | None, Menu | None]:
    """The menu at first and the declared one: for a flow, or for an account that needs no change and gets the same looks."""
    if ending == DECLARED:
        return (NEW, NEW) if flow is EDITS else (None, None)
    return {EDITS: (OLD, NEW), SETS: (None, NEW), DELETES: (OLD, None)}[flow]


def _of(flow: Flow, hits: Mapping[str, Hit]) -> dict[str, Case]:
    return {name: case(*_ends_of(flow, hit.ending), hit.calls, hit.ending, hit.reason, options=hit.options) for name, hit in hits.items()}


_BUGS = {40015, 40016, 40017, 40018, 40019, 40020, 40022, 40023, 40024, 40025, 40026, 40027, 40033, 65318}


def reason_of_menus(code: int) -> str:
    return "protocol" if code in _BUGS else reason_of(code)


def _codes() -> dict[str, Case]:
    every = [*ERRCODES, *MENU_ERRCODES, 45103, 48009]
    return {
        **_of(EDITS, errcodes(EDITS, ("menu_get",), [code for code in every if code != 46003], reason_of_menus)),
        **_of(EDITS, errcodes(EDITS, ("menu_create",), every, reason_of_menus)),
        **_of(SETS, errcodes(SETS, ("selfmenu",), every, reason_of_menus)),
        **_of(DELETES, errcodes(DELETES, ("menu_delete",), every, reason_of_menus)),
    }


def _answers() -> dict[str, Case]:
    return {
        **_of(EDITS, answers(EDITS, ("menu_get", "menu_create"))),
        **_of(SETS, answers(SETS, ("selfmenu",))),
        **_of(DELETES, answers(DELETES, ("menu_delete",))),
    }


def _raw(menu: object, **more: object) -> bytes:
    return json.dumps({"menu": menu, **more}, ensure_ascii=False).encode()


def _with_button(**fields: object) -> bytes:
    return _raw({"button": [{"name": "x", **fields}]})


# Answers of menu/get that do not show whether there is a menu, or which one.
UNUSABLE: dict[str, bytes] = {
    "only-ok": b'{"errcode":0,"errmsg":"ok"}',
    "none-and-one": _raw(NEW, errcode=46003),
    "none-and-conditional": b'{"errcode":46003,"conditionalmenu":[]}',
    "none-and-null": b'{"errcode":46003,"menu":null}',
    "none-twice": b'{"errcode":46003,"errcode":46003}',
    "none-and-something-twice": b'{"errcode":46003,"x":1,"x":1}',
    "none-not-utf-8": b'{"errcode":46003,"errmsg":"\xff"}',
    "none-as-text-of-a-float": b'{"errcode":"46003.0"}',
    "errcode-true": _raw(NEW, errcode=True),
    "errcode-null": _raw(NEW, errcode=None),
    "menu-twice": b'{"menu":{"button":[]},"menu":{"button":[]}}',
    "button-twice": b'{"menu":{"button":[],"button":[]}}',
    "url-twice": b'{"menu":{"button":[{"type":"view","name":"x","url":"https://a/","url":"https://b/"}]}}',
    "menu-not-utf-8": b'{"menu":{"button":[{"type":"click","name":"\xff","key":"k"}]}}',
    **{f"menu-{number}": _raw(menu) for number, menu in enumerate((None, 0, False, "", "x", [], [NEW], {}, {"Button": []}))},
    **{
        f"button-{number}": _raw({"button": buttons})
        for number, buttons in enumerate((None, 0, "", "x", {}, {"list": []}, [1], [None], [[]]))
    },
    **{f"sub-button-{number}": _with_button(sub_button=below) for number, below in enumerate((1, True, "x", {"list": 1}, {"x": []}, [1]))},
    **{f"conditional-{number}": _raw(NEW, conditionalmenu=odd) for number, odd in enumerate((None, 0, False, "", "x", {}))},
}
# The same for what is shown.
UNUSABLE_SHOWN: dict[str, bytes] = {
    **{
        f"open-{number}": json.dumps({"is_menu_open": odd}).encode()
        for number, odd in enumerate((None, True, False, 2, -1, 0.5, "", "x", "true", "01", [], [0], {}))
    },
    **{
        f"shown-{number}": json.dumps({"is_menu_open": 0, "selfmenu_info": odd}).encode()
        for number, odd in enumerate(([], [{}], 0, False, "", "x"))
    },
    "open-missing": b'{"errcode":0,"selfmenu_info":{"button":[]}}',
    "open-twice": b'{"is_menu_open":0,"is_menu_open":0}',
    "open-none": b'{"errcode":46003}',
}
# Answers that are read correctly, although they look wrong.
ODD_NONE = {"none-text": b'{"errcode":"46003"}', "none-float": b'{"errcode":46003.0,"errmsg":"menu no exist"}'}
ODD_MENU = {
    "ok-and-a-menu": _raw(NEW, errcode=0, errmsg="ok"),
    "ok-as-text-and-a-menu": _raw(NEW, errcode="0"),
    "menuid-as-text": _raw({**NEW, "menuid": "1"}),
    "all-empty": _raw({"button": [{**VIEW, "key": "", "sub_button": {"list": []}, "value": None, "news_info": {}}, NEW["button"][1]]}),
    "bom": b"\xef\xbb\xbf" + _raw(NEW),
    "escaped": json.dumps({"menu": NEW}).encode(),
}
ODD_SHOWN = {
    "closed-text": b'{"is_menu_open":"0"}',
    "closed-float-ok": b'{"errcode":0,"is_menu_open":0.0}',
    "closed-null": b'{"is_menu_open":0,"selfmenu_info":null}',
}


def _bodies() -> dict[str, Case]:
    cases = {}

    def odd(body: bytes, status: int = 200) -> dict[str, Fault]:
        return {"odd": Fault(body=body, status=status)}

    for name, body in UNUSABLE.items():
        cases[f"menu_get-{name}"] = case(OLD, NEW, "menu_get:odd", UNSEEN, "protocol", faults=odd(body))
        calls = "menu_get selfmenu menu_create menu_get:odd"
        cases[f"verification-{name}"] = case(OLD, NEW, calls, DOUBT, "outcome_unknown", faults=odd(body))
    # A status other than 200 with an answer that would mean that there is no menu.
    for status in (201, 302, 403, 404):
        none = odd(b'{"errcode":46003}', status)
        cases[f"menu_get-none-with-{status}"] = case(OLD, NEW, "menu_get:odd", UNSEEN, "protocol", faults=none)
    for name, body in UNUSABLE_SHOWN.items():
        reason = "operator" if name == "open-none" else "protocol"
        cases[f"selfmenu-{name}"] = case(None, NEW, "menu_get selfmenu:odd", UNSEEN, reason, faults=odd(body))
    for name, body in ODD_NONE.items():
        cases[f"menu_get-{name}"] = case(None, None, "menu_get:odd selfmenu", DECLARED, faults=odd(body))
    for name, body in ODD_MENU.items():
        cases[f"menu_get-{name}"] = case(NEW, NEW, "menu_get:odd", DECLARED, faults=odd(body))
    for name, body in ODD_SHOWN.items():
        cases[f"selfmenu-{name}"] = case(None, None, "menu_get selfmenu:odd", DECLARED, faults=odd(body))
    return cases


def _writers() -> dict[str, Case]:
    """Somebody else writes between the look and the change, and between the change and the look."""
    cases = {}
    flows = {"edit": (EDITS, OLD, NEW), "set": (SETS, None, NEW), "delete": (DELETES, OLD, None)}
    for name, (flow, given, wanted) in flows.items():
        sent = f"{flow.looks} {flow.change}"
        for other, menu in {"third": THIRD, "old": OLD, "new": NEW, "none": None}.items():
            # The change replaces it: the platform has no way to tell.
            before = (flow.looks.split()[-1], buttons_of(menu))
            cases[f"writer-before-{name}-{other}"] = case(given, wanted, f"{sent} {flow.after}", CHANGED, writer=before)
            calls, ending, reason = f"{sent} menu_get{'' if menu else ' selfmenu'}", OTHERS, "conflict"
            if menu == wanted:
                calls, ending, reason = f"{sent} {flow.after}", CHANGED, None
            elif menu == given:
                calls, reason = f"{sent} {' '.join([flow.again or flow.looks] * 4)}", "not_effective"
            after = (flow.change, buttons_of(menu))
            cases[f"writer-after-{name}-{other}"] = case(given, wanted, calls, ending, reason, writer=after, left=menu)
    # Somebody else writes while the answer is lost.
    calls, third = "menu_get selfmenu menu_create:lost+ menu_get", ("menu_create", buttons_of(THIRD))
    cases["writer-after-lost-edit"] = case(OLD, NEW, calls, OTHERS, "conflict", writer=third, left=THIRD)
    return cases


def _raw_cases(way: Way) -> dict[str, Case]:
    """An answer in this way, for each call. See ``ways.cases_of``."""
    faults = {"way": Script(way.steps)}
    tries = "menu_get:way menu_get:way" if way.passes else "menu_get:way"
    if way.expects in (TAKEN, DOUBTFUL):
        edited = "menu_get:way selfmenu menu_create:way+ menu_get"
        if way.expects == DOUBTFUL:
            edited += " | menu_get menu_get selfmenu menu_create menu_get"
        return {
            "edited": case(OLD, NEW, edited, CHANGED, faults=faults),
            "deleted": case(OLD, None, "menu_get selfmenu menu_delete:way+ menu_get selfmenu", CHANGED, faults=faults),
        }
    shown = " ".join(["selfmenu:way"] * (1 + way.passes))
    again = "menu_get selfmenu menu_delete:way menu_get menu_delete menu_get selfmenu"
    cases = {
        "get-each-time": case(OLD, NEW, tries, UNSEEN, way.expects, faults=faults),
        "shown-each-time": case(None, NEW, f"menu_get {shown}", UNSEEN, way.expects, faults=faults),
        "not-edited": case(OLD, NEW, "menu_get selfmenu menu_create:way menu_get menu_create menu_get", CHANGED, faults=faults),
        "edited": case(OLD, NEW, "menu_get selfmenu menu_create:way+ menu_get", CHANGED, faults=faults),
        "not-deleted": case(OLD, None, again, CHANGED, faults=faults),
        "deleted": case(OLD, None, "menu_get selfmenu menu_delete:way+ menu_get selfmenu", CHANGED, faults=faults),
    }
    if way.passes:
        cases["get-once"] = case(NEW, NEW, "menu_get:way menu_get", DECLARED, faults=faults)
    return cases


# Without the ways with a body of their own, which is one for the draft box.
RAW_CASES: dict[str, Case] = {
    f"{name}-{kind}": case for name, way in WAYS.items() if way.body is None for kind, case in _raw_cases(way).items()
}


# --- Behaviour, one line each.

CLICK = {"type": "click", "name": "Help", "key": "help"}
APP = {"type": "miniprogram", "name": "App", "url": "https://x.example/", "appid": "wx0123456789abcdef", "pagepath": "p"}
PICTURE = {"button": [{"type": "media_id", "name": "Picture", "media_id": "m"}]}
ARTICLE = {"button": [{"type": "article_id", "name": "Article", "article_id": "a"}]}
CONDITIONAL = {"button": [CLICK], "matchrule": {"tag_id": "2"}, "menuid": 208396993}
# As menu/get shows it.
AS_READ = {"button": [{**CLICK, "sub_button": []}], "matchrule": {"group_id": "2"}, "menuid": 208396993}
CONSOLE = [{"type": "news", "name": "News", "value": "x"}]

HAS_OLD = {"buttons": OLD["button"]}
HAS_NEW = {"buttons": NEW["button"]}
HAS_BOTH = {**HAS_OLD, "conditional": [CONDITIONAL]}
HAS_CONSOLE = {"console": CONSOLE, "console_open": True}
SHOWS_TYPES = {"buttons": CONSOLE}
ENDS_NEW, ENDS_OLD, ENDS_NONE = HAS_NEW, HAS_OLD, {"buttons": None}
ABSENT = {"state": "absent"}
ALL_ABSENT = {**ABSENT, "delete_conditional": True}
REPLACES = {"replace_console_menu": True}
DONE, NOTHING = {"changed": True, "verified": True}, {"changed": False, "request_sent": False}
IN_VAIN, REPLACED = {"changed": False, "request_sent": True}, {"changed": True, "request_sent": True}
HTML = json.loads(json.dumps([VIEW]).replace("&", "&amp;"))

_EDIT = "token menu_get selfmenu menu_create menu_get"
_DELETE = "token menu_get selfmenu menu_delete menu_get selfmenu"
_SENT = "token menu_get selfmenu menu_create"


def _behaviour() -> dict[str, Case]:
    def of(calls: str, row: Row, reason: str | None, given: t.Any, ends: t.Any, options: t.Any = None, **more: t.Any) -> Case:
        options = {**({} if (options or {}).get("state") else {"menu": NEW}), **(options or {})}
        return Case(calls, row, reason, menus(**given), options, ends=menus(**ends), **more)

    third = ("menu_create", THIRD["button"])
    part = [VIEW, {"name": "More", "sub_button": [{"type": "click", "name": ODD["name"]}]}]
    linked = {**HAS_OLD, "linked": set()}
    return {
        "equal": of("token menu_get", NOTHING, None, HAS_NEW, ENDS_NEW),
        "different": of(_EDIT, DONE, None, HAS_OLD, ENDS_NEW),
        "none": of(_EDIT, DONE, None, {}, ENDS_NEW),
        "asleep": of(_EDIT, DONE, None, {"console": CONSOLE}, ENDS_NEW),
        "console": of("token menu_get selfmenu", NOTHING, "refused", HAS_CONSOLE, ENDS_NONE),
        "console-replaced": of(_EDIT, DONE, None, HAS_CONSOLE, ENDS_NEW, REPLACES),
        "keeps-conditional": of(_EDIT, {**DONE, "conditional_count": 1}, None, HAS_BOTH, {**ENDS_NEW, "conditional": [CONDITIONAL]}),
        "absent": of(_DELETE, {**DONE, "is_menu_open": False}, None, HAS_OLD, ENDS_NONE, ABSENT),
        "absent-already": of("token menu_get selfmenu", NOTHING, None, {}, ENDS_NONE, ABSENT),
        "absent-conditional": of("token menu_get", NOTHING, "refused", HAS_BOTH, HAS_BOTH, ABSENT),
        "absent-conditional-too": of(_DELETE, DONE, None, HAS_BOTH, {**ENDS_NONE, "conditional": []}, ALL_ABSENT),
        "blind-afterwards": of(f"{_SENT}:lost+ menu_get:lost menu_get:lost", IN_VAIN, "outcome_unknown", HAS_OLD, ENDS_NEW),
        "done-without-an-answer": of(f"{_SENT}:lost+ menu_get", DONE, None, HAS_OLD, ENDS_NEW),
        "dead-token": of("token menu_get:dead token menu_get selfmenu menu_create menu_get", DONE, None, HAS_OLD, ENDS_NEW),
        "dead-token-at-the-change": of(f"{_SENT}:dead token menu_get menu_create menu_get", DONE, None, HAS_OLD, ENDS_NEW),
        "late-effect": of(f"{_EDIT} menu_get", DONE, None, {**HAS_OLD, "lag": 1}, ENDS_NEW),
        "late-effect-without-a-menu": of(f"{_EDIT} selfmenu menu_get", DONE, None, {"lag": 1}, ENDS_NEW),
        "shown-before-it-is-read": of(f"{_EDIT} selfmenu menu_get", DONE, None, {"lag": 1, "shown_lag": 0}, ENDS_NEW),
        "late-end-of-all": of(
            "token menu_get selfmenu menu_delete menu_get menu_get selfmenu", DONE, None, {**HAS_BOTH, "lag": 1}, ENDS_NONE, ALL_ABSENT
        ),
        "wakes-that-of-the-console": of(
            _DELETE, {**DONE, "is_menu_open": True}, None, {**HAS_OLD, "console": CONSOLE, "wakes_console": True}, ENDS_NONE, ABSENT
        ),
        "in-vain": of(f"{_SENT} menu_get menu_get menu_get menu_get", IN_VAIN, "not_effective", {**HAS_OLD, "lag": 9}, ENDS_NEW),
        "drops-a-part": of(_EDIT, REPLACED, "not_effective", {**HAS_OLD, "drops": ("key",)}, {"buttons": part}),
        "another-writer": of(_EDIT, REPLACED, "conflict", HAS_OLD, {"buttons": THIRD["button"]}, writer=third),
        "quota-of-looks": of("token menu_get", NOTHING, "quota", {**HAS_OLD, "left": {"menu_get": 0}}, ENDS_OLD),
        "no-such-media": of(_SENT, IN_VAIN, "operator", {**HAS_OLD, "media": set()}, ENDS_OLD, {"menu": PICTURE}),
        "no-such-article": of(_SENT, IN_VAIN, "operator", {**HAS_OLD, "articles": set()}, ENDS_OLD, {"menu": ARTICLE}),
        "blocked": of(_SENT, IN_VAIN, "operator", {**HAS_OLD, "blocked": {"shop.example"}}, ENDS_OLD),
        "console-types": of("token menu_get selfmenu", NOTHING, "refused", SHOWS_TYPES, SHOWS_TYPES),
        "console-types-replaced": of(_EDIT, DONE, None, SHOWS_TYPES, ENDS_NEW, REPLACES),
        "console-types-absent": of("token menu_get selfmenu", NOTHING, "refused", SHOWS_TYPES, SHOWS_TYPES, ABSENT),
        "shows-another": of("token menu_get selfmenu", NOTHING, "refused", {**HAS_OLD, "shown": CONSOLE}, ENDS_OLD),
        "keeps-otherwise": of(
            _EDIT, REPLACED, "not_effective", {**HAS_OLD, "keeps": ("html",)}, {"buttons": HTML}, {"menu": {"button": [VIEW]}}
        ),
        "not-verified": of("token menu_get", NOTHING, "account", {"may": False}, ENDS_NONE),
        "not-linked": of(_SENT, IN_VAIN, "operator", linked, ENDS_OLD, {"menu": {"button": [APP]}}),
    }


BEHAVIOUR: dict[str, Case] = _behaviour()
CASES: dict[str, Case] = {**BEHAVIOUR, **_codes(), **_answers(), **_bodies(), **_writers()}
