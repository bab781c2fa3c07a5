# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cases of the tables for menus: an account, what goes wrong with its calls, and the expected result."""

from __future__ import annotations

import dataclasses
import json
import typing as t

from tests.integration.cases import CHANGED, DECLARED, DOUBT, UNSEEN, Flow, Hit, answers, errcodes, reason_of
from tests.integration.wire_cases import DOUBTFUL, TAKEN, WAYS, Way
from tests.simulator import Fault
from tests.simulator.faults import ERRCODES, MENU_ERRCODES
from tests.simulator.raw import Script

if t.TYPE_CHECKING:
    from collections.abc import Mapping

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
EDITS = Flow(("menu_get", "selfmenu"), "menu_create", ("menu_get",), again=("menu_get",))
SETS = Flow(("menu_get", "selfmenu"), "menu_create", ("menu_get",))
DELETES = Flow(("menu_get", "selfmenu"), "menu_delete", ("menu_get", "selfmenu"), again=("menu_get",))


@dataclasses.dataclass(frozen=True)
class Case:
    """``given``: the menu at first. ``wanted``: the declared one; None for no menu. ``calls``: the allowed sequences of calls.

    ``plan``: faults or scripts, by call. ``ending``: one of those in ``cases``. ``writer``: a call, and the menu that somebody else sets
    right after it. ``left``: the menu in the end, if the ending is OTHERS.
    """

    given: Menu | None
    wanted: Menu | None
    calls: tuple[tuple[str, ...], ...]
    ending: str
    reason: str | None = None
    plan: Mapping[str, tuple[t.Any, ...]] = dataclasses.field(default_factory=dict)
    writer: tuple[str, Menu | None] | None = None
    left: Menu | None = None

    @property
    def changes(self) -> bool:
        """Whether a change is sent."""
        return bool({"menu_create", "menu_delete"} & {*self.calls[0]})

    @property
    def looks(self) -> set[tuple[str, ...]]:
        """The allowed sequences of calls before the first change."""
        return {(*_before_a_change(calls),) for calls in self.calls}

    @property
    def expected(self) -> dict[str, t.Any]:
        """The values of the row."""
        if self.ending == OTHERS:
            # What this task has done is not there any more. Whether the account has changed is known.
            changed = self.left != self.given
            return {"changed": changed, "menu": self.left, "before": self.given, "verified": True, "request_sent": True}
        changed, unseen, in_doubt = (self.ending == ending for ending in (CHANGED, UNSEEN, DOUBT))
        return {
            "changed": changed,
            "menu": self.wanted if changed else None if unseen or in_doubt else self.given,
            "before": None if unseen else self.given,
            "verified": self.ending in (DECLARED, CHANGED),
            "request_sent": self.ending not in (DECLARED, UNSEEN),
        }

    @property
    def ends(self) -> Menu | None:
        """What the platform has in the end."""
        if self.ending == OTHERS:
            return self.left
        return self.wanted if self.ending in (CHANGED, DOUBT) else self.given


def _before_a_change(calls: tuple[str, ...]) -> t.Iterator[str]:
    for call in calls:
        if call in ("menu_create", "menu_delete"):
            return
        yield call


def _ends_of(flow: Flow, ending: str) -> tuple[Menu | None, Menu | None]:
    """The menu at first and the declared one: for a flow, or for an account that needs no change and gets the same looks."""
    if ending == DECLARED:
        return (NEW, NEW) if flow is EDITS else (None, None)
    return {EDITS: (OLD, NEW), SETS: (None, NEW), DELETES: (OLD, None)}[flow]


def _of(flow: Flow, hits: Mapping[str, Hit]) -> dict[str, Case]:
    return {
        name: Case(*_ends_of(flow, hit.ending), (hit.calls,), hit.ending, hit.reason, {hit.call: hit.faults}) for name, hit in hits.items()
    }


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
SENSELESS: dict[str, bytes] = {
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
SENSELESS_SHOWN: dict[str, bytes] = {
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
    get, shown = ("menu_get",), ("menu_get", "selfmenu")
    for name, body in SENSELESS.items():
        fault = Fault(body=body)
        cases[f"menu_get-{name}"] = Case(OLD, NEW, (get,), UNSEEN, "protocol", {"menu_get": (fault,)})
        cases[f"verification-{name}"] = Case(
            OLD, NEW, ((*shown, "menu_create", *get),), DOUBT, "outcome_unknown", {"menu_get": (Fault(), fault)}
        )
    # A status other than 200 with an answer that would mean that there is no menu.
    for status in (201, 302, 403, 404):
        fault = Fault(status=status, body=b'{"errcode":46003}')
        cases[f"menu_get-none-with-{status}"] = Case(OLD, NEW, (get,), UNSEEN, "protocol", {"menu_get": (fault,)})
    for name, body in SENSELESS_SHOWN.items():
        reason = "operator" if name == "open-none" else "protocol"
        cases[f"selfmenu-{name}"] = Case(None, NEW, (shown,), UNSEEN, reason, {"selfmenu": (Fault(body=body),)})
    for name, body in ODD_NONE.items():
        cases[f"menu_get-{name}"] = Case(None, None, (shown,), DECLARED, plan={"menu_get": (Fault(body=body),)})
    for name, body in ODD_MENU.items():
        cases[f"menu_get-{name}"] = Case(NEW, NEW, (get,), DECLARED, plan={"menu_get": (Fault(body=body),)})
    for name, body in ODD_SHOWN.items():
        cases[f"selfmenu-{name}"] = Case(None, None, (shown,), DECLARED, plan={"selfmenu": (Fault(body=body),)})
    return cases


def _writers() -> dict[str, Case]:
    """Somebody else writes between the look and the change, and between the change and the look."""
    cases = {}
    flows = {"edit": (EDITS, OLD, NEW), "set": (SETS, None, NEW), "delete": (DELETES, OLD, None)}
    for name, (flow, given, wanted) in flows.items():
        done = (*flow.looks, flow.change, *flow.after)
        for other, menu in {"third": THIRD, "old": OLD, "new": NEW, "none": None}.items():
            # The change replaces it: the platform has no way to tell.
            cases[f"writer-before-{name}-{other}"] = Case(given, wanted, (done,), CHANGED, writer=(flow.looks[-1], menu))
            ending, reason, calls = OTHERS, "conflict", (*flow.looks, flow.change, "menu_get", *(["selfmenu"] if menu is None else []))
            if menu == wanted:
                ending, reason, calls = CHANGED, None, done
            elif menu == given:
                reason, calls = "not_effective", (*flow.looks, flow.change, *(flow.again or flow.looks) * 4)
            cases[f"writer-after-{name}-{other}"] = Case(
                given, wanted, (calls,), ending, reason, writer=(flow.change, menu), left=menu if ending == OTHERS else None
            )
    # Somebody else writes while the answer is lost.
    lost = {"menu_create": (Fault(lost=True, carried_out=True),)}
    calls = (("menu_get", "selfmenu", "menu_create", "menu_get"),)
    cases["writer-after-lost-edit"] = Case(OLD, NEW, calls, OTHERS, "conflict", lost, ("menu_create", THIRD), THIRD)
    return cases


CASES: dict[str, Case] = {**_codes(), **_answers(), **_bodies(), **_writers()}


def _raw_cases(way: Way) -> dict[str, Case]:
    """An answer in this way, for each call. See ``wire_cases.cases_of``."""
    script, unheard = Script(way.steps), Script(way.steps, carried_out=False)
    tries = ("menu_get", "menu_get") if way.passes else ("menu_get",)
    created, deleted = (*EDITS.looks, "menu_create", *EDITS.after), (*DELETES.looks, "menu_delete", *DELETES.after)
    if way.expects in (TAKEN, DOUBTFUL):
        calls = (created, (*tries, "selfmenu", "menu_create", *EDITS.after)) if way.expects == DOUBTFUL else (created,)
        return {
            "edited": Case(OLD, NEW, calls, CHANGED, plan={"menu_get": (script,), "menu_create": (script,)}),
            "deleted": Case(OLD, None, (deleted,), CHANGED, plan={"menu_delete": (script,)}),
        }
    cases = {
        "get-each-time": Case(OLD, NEW, (tries,), UNSEEN, way.expects, {"menu_get": (script, script)}),
        "shown-each-time": Case(None, NEW, (("menu_get", *["selfmenu"] * len(tries)),), UNSEEN, way.expects, {"selfmenu": (script,) * 2}),
        "not-edited": Case(
            OLD, NEW, ((*EDITS.looks, "menu_create", *EDITS.again, "menu_create", *EDITS.after),), CHANGED, plan={"menu_create": (unheard,)}
        ),
        "edited": Case(OLD, NEW, (created,), CHANGED, plan={"menu_create": (script,)}),
        "not-deleted": Case(
            OLD,
            None,
            ((*DELETES.looks, "menu_delete", *DELETES.again, "menu_delete", *DELETES.after),),
            CHANGED,
            plan={"menu_delete": (unheard,)},
        ),
        "deleted": Case(OLD, None, (deleted,), CHANGED, plan={"menu_delete": (script,)}),
    }
    if way.passes:
        cases["get-once"] = Case(NEW, NEW, (tries,), DECLARED, plan={"menu_get": (script,)})
    return cases


# Ways with a body of their own answer for the draft box.
RAW_CASES: dict[str, Case] = {
    f"{name}-{kind}": case for name, way in WAYS.items() if way.body is None for kind, case in _raw_cases(way).items()
}
