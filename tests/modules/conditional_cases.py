# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conditional menus: every case of their behaviour and of their faults. The form of a case: see ``Case``.

"a1 i2" are two menus, the strongest first: a letter of ``RULES``, and the text of its button. Those that are there have menuids from 10 on,
the weakest first; "a1@30" says another one.
"""

from __future__ import annotations

import json
import typing as t

from tests.modules.case import CHANGED, DECLARED, DOUBT, NOT_CHANGED, NOT_SHOWN, UNSEEN, Case, Flow, answers, errcodes, reason_of
from tests.modules.menu_cases import menus
from tests.simulator import Fault
from tests.simulator.faults import CONDITIONAL_ERRCODES, ERRCODES, MENU_ERRCODES
from tests.simulator.tags import Tag

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.modules.case import Hit, Row
    from tests.simulator.menu import Menus

BASE = [{"type": "click", "name": "All", "key": "all"}]
VIP = Tag(104, "VIP 🎁")
# By a letter: the rule as it is declared, and as it is sent. "v" is the tag by its name.
RULES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "a": ({"tag_id": "104"}, {"tag_id": "104"}),
    "v": ({"tag": VIP.name}, {"tag_id": "104"}),
    "b": ({"tag_id": "105"}, {"tag_id": "105"}),
    "i": ({"platform": "ios"}, {"client_platform_type": "1"}),
    "x": ({"tag_id": "104", "platform": "android"}, {"tag_id": "104", "client_platform_type": "2"}),
    "d": ({"sex": "1"}, {"sex": "1"}),
}
# The first id of a new menu.
NEW_ID = 208_396_940


def button(text: str) -> dict[str, str]:
    """Of "1", "p1" and the like: a url on the host p. "1." is what is kept of "1" by a platform that loses variation selectors."""
    kept = text.removesuffix(".")
    selector = "" if kept != text else "\ufe0f"
    return {
        "type": "view",
        "name": f"é\"'</❤{selector}{kept}",
        "url": f"https://{kept.strip('0123456789') or 'shop'}.example/?a=1&b={kept}",
    }


def words_of(names: str) -> list[tuple[str, str, int]]:
    """The letter, the text and the menuid of each menu."""
    words = names.split()
    found = []
    for position, word in enumerate(words):
        name, _at, menuid = word.partition("@")
        found.append((name[0], name[1:], int(menuid or 10 * (len(words) - position))))
    return found


def declared(names: str) -> list[dict[str, t.Any]]:
    return [{"match": RULES[letter][0], "menu": {"button": [button(text)]}} for letter, text, _menuid in words_of(names)]


def returned(names: str) -> list[dict[str, t.Any]]:
    match = {letter: RULES["a" if letter == "v" else letter][0] for letter in RULES}
    return [{"match": match[letter], "menu": {"button": [button(text)]}, "menuid": str(menuid)} for letter, text, menuid in words_of(names)]


def there(names: str) -> list[dict[str, t.Any]]:
    """As the platform keeps them: the oldest first."""
    return [
        {"button": [button(text)], "matchrule": RULES[letter][1], "menuid": menuid}
        for letter, text, menuid in sorted(words_of(names), key=lambda word: word[2])
    ]


def case(
    given: str,
    wanted: str | None,
    calls: str,
    ending: str,
    reason: str | None = None,
    *,
    ends: str | None = None,
    row: Row | None = None,
    also: Mapping[str, t.Any] | None = None,
    **more: t.Any,
) -> Case:
    """A case of an account that has ``given``, and of a task that declares ``wanted``, exclusively; None for no conditional menus.

    ``ends``: what there is in the end, if that is not ``given``. ``row``: other values of the result. ``also``: what else the account has.
    """
    left = given if ends is None else ends
    known = ending not in (UNSEEN, DOUBT)
    expected = {
        "changed": ending == CHANGED,
        "conditional_menus": returned(left) if known else None,
        "before": None if ending == UNSEEN else returned(given),
        "verified": ending in (DECLARED, CHANGED, NOT_SHOWN),
        "request_sent": "conditional_" in calls,
        **(row or {}),
    }
    options = {"state": "absent"} if wanted is None else {"conditional_menus": declared(wanted), "exclusive": True}
    more["options"] = {**options, **more.get("options", {})}
    has = {**menus(buttons=BASE, conditional=there(given)), "tags.tags": [VIP], **(also or {})}
    return Case(calls, expected, reason, has, ends=menus(conditional=there(left)), **more)


# An account with a conditional menu, whose text is changed: the new one is added, and then the old one is deleted.
ADDS = Flow("menu_get", "conditional_add", "menu_get conditional_delete menu_get", again="menu_get", once=True)
# By the name of a tag.
NAMED = Flow("menu_get tags_get", "conditional_add", "menu_get", again="menu_get", once=True)
DELETES = Flow("menu_get", "conditional_delete", "menu_get")

# What each flow has at first, declares, and has in the end.
_ENDS: dict[int, tuple[str, str | None, str]] = {
    id(ADDS): ("a1", "a2", f"a2@{NEW_ID}"),
    id(NAMED): ("", "v1", f"a1@{NEW_ID}"),
    id(DELETES): ("a1", None, ""),
}


def _of(flow: Flow, hits: Mapping[str, Hit]) -> dict[str, Case]:
    given, wanted, ends = _ENDS[id(flow)]
    cases = {}
    for name, hit in hits.items():
        if hit.ending == DECLARED:
            wanted_here = {id(NAMED): "v1", id(ADDS): "a1", id(DELETES): "a1"}[id(flow)]
            cases[name] = case("a1", wanted_here, hit.calls, DECLARED, None, options=hit.options)
        elif flow is NAMED and hit.ending == UNSEEN:
            # The look before it has shown the menus.
            cases[name] = case(given, wanted, hit.calls, NOT_CHANGED, hit.reason, row={"verified": True}, options=hit.options)
        else:
            left = ends if hit.ending == CHANGED else given
            cases[name] = case(given, wanted, hit.calls, hit.ending, hit.reason, ends=left, options=hit.options)
    return cases


_BUGS = {40015, 40016, 40017, 40018, 40019, 40020, 40022, 40023, 40024, 40025, 40026, 40027, 40033, 65318}
_BUGS |= {65304, 65307, 65308, 65310, 65311, 65312, 65313, 65314, 65320}


def reason_of_code(code: int) -> str:
    if code in _BUGS:
        return "protocol"
    return {65306: "account", 65301: "not_effective"}.get(code) or reason_of(code)


EVERY = [*dict.fromkeys((*ERRCODES, *MENU_ERRCODES, *CONDITIONAL_ERRCODES, 45103, 48009))]


def _codes() -> dict[str, Case]:
    looks = [code for code in (*ERRCODES, *MENU_ERRCODES, 45103, 48009) if code != 46003]
    return {
        **_of(DELETES, errcodes(DELETES, ("menu_get",), looks, lambda code: "protocol" if code in _BUGS - {65304} else reason_of(code))),
        **_of(ADDS, errcodes(ADDS, ("conditional_add",), EVERY, reason_of_code)),
        **_of(NAMED, errcodes(NAMED, ("tags_get",), ERRCODES)),
        # That it is not there may be the doing of somebody else, so looks decide.
        **_of(DELETES, errcodes(DELETES, ("conditional_delete",), [code for code in EVERY if code != 65301], reason_of_code)),
    }


def _answers() -> dict[str, Case]:
    return {
        **_of(DELETES, answers(DELETES, ("menu_get", "conditional_delete"))),
        **_of(NAMED, answers(NAMED, ("tags_get",))),
        **_of(ADDS, answers(ADDS, ("conditional_add",))),
    }


def _raw(*conditional: object, menu: object = None) -> bytes:
    return json.dumps({"menu": menu or {"button": BASE}, "conditionalmenu": [*conditional]}, ensure_ascii=False).encode()


_ONE = {"button": [button("1")], "matchrule": {"group_id": "104"}, "menuid": 10}


def _without(key: str) -> dict[str, t.Any]:
    return {name: value for name, value in _ONE.items() if name != key}


# Answers of menu/get that do not say which conditional menus there are.
UNUSABLE: dict[str, bytes] = {
    **{
        f"listed-{number}": json.dumps({"menu": {"button": BASE}, "conditionalmenu": odd}).encode()
        for number, odd in enumerate((None, {}, 1, "x"))
    },
    **{f"one-{number}": _raw(odd) for number, odd in enumerate((None, 1, "x", [], {}))},
    **{f"without-{key}": _raw(_without(key)) for key in _ONE},
    **{f"menuid-{number}": _raw({**_ONE, "menuid": odd}) for number, odd in enumerate((None, "", "x", 1.5, True, [1], {}))},
    **{
        f"rule-{number}": _raw({**_ONE, "matchrule": odd})
        for number, odd in enumerate((None, "", [], 1, {"group_id": [1]}, {"sex": True}, {"tag_id": "1", "group_id": "2"}))
    },
    **{f"button-{number}": _raw({**_ONE, "button": odd}) for number, odd in enumerate((None, {}, "x", 1, [1]))},
    "two-of-one-id": _raw(_ONE, {**_ONE, "menuid": "10"}),
    "rule-twice": _raw(_ONE).replace(b'"group_id"', b'"group_id": "1", "group_id"'),
    "menuid-endless": _raw(_ONE).replace(b'"menuid": 10', b'"menuid": 1e999'),
    "deep": _raw({**_ONE, "x": json.loads("[" * 60 + "]" * 60)}),
}
# The same one, otherwise written.
ODD: dict[str, bytes] = {
    "numbers": _raw({**_ONE, "matchrule": {"group_id": 104}, "menuid": "10"}),
    "floats": _raw(_ONE).replace(b'"104"', b"104.0").replace(b'"menuid": 10', b'"menuid": 10.0'),
    "as-sent": _raw({**_ONE, "matchrule": {"tag_id": "104", "sex": "", "country": None}}),
    "strangers": _raw({**_ONE, "created": 1, "matchrule": {"group_id": "104", "group_id2": ""}}),
    "menu-without-buttons": _raw(_ONE, menu={"button": [], "menuid": 1}),
}


def _bodies() -> dict[str, Case]:
    cases = {}
    for name, body in UNUSABLE.items():
        odd = {"odd": Fault(body=body)}
        cases[f"look-{name}"] = case("a1", None, "menu_get:odd", UNSEEN, "protocol", faults=odd)
        calls = "menu_get conditional_add menu_get:odd"
        cases[f"verification-{name}"] = case("", "a1", calls, DOUBT, "outcome_unknown", ends=f"a1@{NEW_ID}", faults=odd)
    for name, body in ODD.items():
        cases[f"look-{name}"] = case("a1", "a1", "menu_get:odd", DECLARED, faults={"odd": Fault(body=body)})
    return cases


def others(names: str) -> Callable[[Menus], None]:
    """What somebody else leaves: these menus, whatever there was."""

    def write(menus: Menus) -> None:
        menus.begin_change()
        menus.conditional = there(names)

    return write


_LOOK4 = "menu_get menu_get menu_get menu_get"
_N1, _N2 = f"@{NEW_ID}", f"@{NEW_ID + 2}"

# One line each: what there is, what is declared, the calls, how it ends, and why it failed.
BEHAVIOUR: dict[str, Case] = {
    "equal": case("a1", "a1", "token menu_get", DECLARED),
    "equal-by-name": case("a1", "v1", "token menu_get tags_get", DECLARED),
    "none-and-absent": case("", None, "token menu_get", DECLARED),
    "first": case("", "a1", "token menu_get conditional_add menu_get", CHANGED, ends=f"a1{_N1}"),
    "first-by-name": case("", "v1", "token menu_get tags_get conditional_add menu_get", CHANGED, ends=f"a1{_N1}"),
    "both-fields": case("", "x1", "token menu_get conditional_add menu_get", CHANGED, ends=f"x1{_N1}"),
    "two": case("", "a1 i1", "token menu_get conditional_add menu_get conditional_add menu_get", CHANGED, ends=f"a1{_N2} i1{_N1}"),
    "another-text": case("a1", "a2", "token menu_get conditional_add menu_get conditional_delete menu_get", CHANGED, ends=f"a2{_N1}"),
    "swapped": case(
        "a1 i1", "i1 a1", "token menu_get conditional_add menu_get conditional_delete menu_get", CHANGED, ends=f"i1{_N1} a1@20"
    ),
    "one-less": case("a1 i1 b1", "a1 b1", "token menu_get conditional_delete menu_get", CHANGED, ends="a1@30 b1@10"),
    "absent": case("a1 d1", None, "token menu_get conditional_delete menu_get conditional_delete menu_get", CHANGED, ends=""),
    "doubles": case("a1 a1", "a1", "token menu_get conditional_delete menu_get", CHANGED, ends="a1@20"),
    "others-stay": case(
        "i1 b1 b1",
        "a1",
        "token menu_get conditional_add menu_get",
        CHANGED,
        ends=f"a1{_N1} i1@30 b1@20 b1@10",
        row={"duplicates": ["10"]},
        options={"exclusive": False},
    ),
    "others-stay-equal": case("i1 a1", "a1", "token menu_get", DECLARED, options={"exclusive": False}),
    # Nothing is sent.
    "no-menu": case("", "a1", "token menu_get", NOT_CHANGED, "operator", also=menus(buttons=None), row={"verified": True}),
    "no-menu-and-absent": case("", None, "token menu_get", DECLARED, also=menus(buttons=None)),
    "no-such-tag": case("", "v1", "token menu_get tags_get", NOT_CHANGED, "operator", also={"tags.tags": []}, row={"verified": True}),
    "two-such-tags": case(
        "", "v1", "token menu_get tags_get", NOT_CHANGED, "operator", also={"tags.tags": [VIP, Tag(105, VIP.name)]}, row={"verified": True}
    ),
    "same-by-name": case("", "v1 a2", "token menu_get tags_get", NOT_CHANGED, "operator", row={"verified": True}),
    "domains": case("ap1 bq1 ir1", "as1 bq1 ir1", "token menu_get", NOT_CHANGED, "refused", row={"verified": True}),
    "domains-in-place": case(
        "ap1 bq1 ir1",
        "as1 bq1 ir1",
        "token menu_get conditional_delete menu_get conditional_add menu_get",
        CHANGED,
        ends=f"as1{_N1} bq1@20 ir1@10",
        options={"replace_in_place": True},
    ),
    # The platform counts otherwise than this collection.
    "domains-of-the-platform": case(
        "",
        "ap1 bq1",
        "token menu_get conditional_add menu_get conditional_add",
        CHANGED,
        "operator",
        ends=f"bq1{_N1}",
        also=menus(most_domains=1),
        row={"verified": False},
    ),
    # Answers that are lost. A new menu is never sent twice.
    "lost-add": case("a1", "a2", f"token menu_get conditional_add:lost {_LOOK4}", NOT_SHOWN, "transport"),
    "lost-add-carried-out": case(
        "a1", "a2", "token menu_get conditional_add:lost+ menu_get conditional_delete menu_get", CHANGED, ends=f"a2{_N1}"
    ),
    "lost-add-late": case(
        "", "a1", "token menu_get conditional_add:lost+ menu_get menu_get menu_get", CHANGED, ends=f"a1{_N1}", also=menus(lag=2)
    ),
    "lost-add-too-late": case(
        "",
        "a1",
        f"token menu_get conditional_add:lost+ {_LOOK4}",
        NOT_SHOWN,
        "transport",
        ends=f"a1{_N1}",
        also=menus(lag=9),
        row={"conditional_menus": []},
    ),
    "lost-second-add": case(
        "", "a1 i1", f"token menu_get conditional_add menu_get conditional_add:lost {_LOOK4}", CHANGED, "transport", ends=f"i1{_N1}"
    ),
    "lost-add-of-a-double": case(
        "i1 a1", "a1 i1", "token menu_get conditional_add:lost+ menu_get conditional_delete menu_get", CHANGED, ends=f"a1{_N1} i1@20"
    ),
    "lost-delete": case("a1", None, "token menu_get conditional_delete:lost menu_get conditional_delete menu_get", CHANGED, ends=""),
    "lost-delete-carried-out": case("a1", None, "token menu_get conditional_delete:lost+ menu_get", CHANGED, ends=""),
    "lost-delete-and-late": case(
        "a1", None, "token menu_get conditional_delete:lost+ menu_get conditional_delete menu_get", CHANGED, ends="", also=menus(lag=1)
    ),
    "add-refused-after-another": case(
        "",
        "a1 i1",
        "token menu_get conditional_add menu_get conditional_add:65305",
        CHANGED,
        "operator",
        ends=f"i1{_N1}",
        row={"verified": False},
    ),
    "dead-token-at-the-add": case(
        "", "a1", "token menu_get conditional_add:dead token menu_get conditional_add menu_get", CHANGED, ends=f"a1{_N1}"
    ),
    "blind-after-the-add": case(
        "a1", "a2", "token menu_get conditional_add menu_get:lost menu_get:lost", DOUBT, "outcome_unknown", ends=f"a2{_N1} a1@10"
    ),
    "late-add": case("", "a1", "token menu_get conditional_add menu_get menu_get", CHANGED, ends=f"a1{_N1}", also=menus(lag=1)),
    "late-delete": case("a1", None, "token menu_get conditional_delete menu_get menu_get", CHANGED, ends="", also=menus(lag=1)),
    "add-in-vain": case(
        "",
        "a1",
        f"token menu_get conditional_add {_LOOK4}",
        NOT_SHOWN,
        "not_effective",
        ends=f"a1{_N1}",
        also=menus(lag=9),
        row={"conditional_menus": []},
    ),
    # Somebody else writes.
    "gone-before-its-deletion": case(
        "a1", None, "token menu_get conditional_delete menu_get", DECLARED, ends="", writer=("menu_get", others(""))
    ),
    "never-known": case("a1", None, f"token menu_get conditional_delete:65301 {_LOOK4}", NOT_SHOWN, "not_effective"),
    "another-adds-the-same": case(
        "",
        "a1",
        "token menu_get conditional_add menu_get",
        CHANGED,
        "conflict",
        ends=f"a1@{NEW_ID + 1} a1{_N1}",
        writer=("conditional_add", others(f"a1{_N1} a1@{NEW_ID + 1}")),
    ),
    "another-deletes-the-new-one": case(
        "a1", "a2", f"token menu_get conditional_add {_LOOK4}", NOT_SHOWN, "not_effective", writer=("conditional_add", others("a1@10"))
    ),
    "another-adds-after-the-add": case(
        "",
        "a1",
        "token menu_get conditional_add menu_get",
        CHANGED,
        "conflict",
        ends=f"b1@{NEW_ID + 1} a1{_N1}",
        writer=("conditional_add", others(f"b1@{NEW_ID + 1} a1{_N1}")),
    ),
    "another-adds-after-the-add-and-may": case(
        "",
        "a1",
        "token menu_get conditional_add menu_get",
        CHANGED,
        ends=f"b1@{NEW_ID + 1} a1{_N1}",
        writer=("conditional_add", others(f"b1@{NEW_ID + 1} a1{_N1}")),
        options={"exclusive": False},
    ),
    "another-replaces-all": case(
        "a1",
        "a2",
        "token menu_get conditional_add menu_get",
        CHANGED,
        "conflict",
        ends="b1@77",
        writer=("conditional_add", others("b1@77")),
    ),
    "menu-deleted-after-the-add": case(
        "a1",
        "a2",
        "token menu_get conditional_add menu_get",
        CHANGED,
        "operator",
        ends="",
        writer=("conditional_add", lambda menus: menus.set(None)),
    ),
    # Somebody else writes between a look and the change that follows it.
    "another-adds-the-same-before": case(
        "",
        "a1",
        "token menu_get conditional_add menu_get",
        CHANGED,
        "conflict",
        ends=f"a1{_N2} a1@{NEW_ID}",
        writer=("menu_get", others(f"a1@{NEW_ID}")),
    ),
    "another-adds-the-same-before-and-may": case(
        "i1",
        "a1",
        "token menu_get conditional_add menu_get",
        CHANGED,
        "conflict",
        ends=f"a1{_N2} a1@{NEW_ID} i1@10",
        writer=("menu_get", others(f"a1@{NEW_ID} i1@10")),
        options={"exclusive": False},
    ),
    "another-adds-before": case(
        "a1",
        "a2",
        "token menu_get conditional_add menu_get conditional_delete menu_get",
        CHANGED,
        "conflict",
        ends=f"a2{_N2} b1@{NEW_ID}",
        writer=("menu_get", others(f"b1@{NEW_ID} a1@10")),
    ),
    "another-deletes-the-old-one-before": case(
        "a1", "a2", "token menu_get conditional_add menu_get", CHANGED, ends=f"a2{_N1}", writer=("menu_get", others(""))
    ),
    "menu-deleted-before-the-add": case(
        "", "a1", "token menu_get conditional_add", NOT_CHANGED, "operator", writer=("menu_get", lambda menus: menus.set(None))
    ),
    "another-deletes-during-the-deletion": case(
        "a1 b1 i1",
        None,
        "token menu_get conditional_delete menu_get conditional_delete menu_get",
        CHANGED,
        ends="",
        writer=("conditional_delete", others("a1@30")),
    ),
    "another-adds-during-the-deletion": case(
        "a1",
        None,
        "token menu_get conditional_delete menu_get",
        CHANGED,
        "conflict",
        ends="b1@77",
        writer=("conditional_delete", others("b1@77")),
    ),
    # What the platform makes of a menu.
    "keeps-otherwise": case(
        "", "a1", "token menu_get conditional_add menu_get", CHANGED, "not_effective", also=menus(keeps=("selector",)), ends=f"a1.{_N1}"
    ),
    "quota": case("", "a1", "token menu_get conditional_add", NOT_CHANGED, "quota", also=menus(left={"menu_get": 9, "conditional_add": 0})),
    "switched-off": case("", "a1", "token menu_get conditional_add", NOT_CHANGED, "operator", also=menus(conditional_off=True)),
    "too-many": case("i1", "a1 i1", "token menu_get conditional_add", NOT_CHANGED, "operator", also=menus(most_conditional=1)),
    "not-verified": case("", "a1", "token menu_get", UNSEEN, "account", also=menus(may=False)),
    "no-menuids": case("a1", "a1", "token menu_get", UNSEEN, "protocol", also=menus(without_menuids=True)),
    "id-as-a-number": case(
        "", "a1", "token menu_get conditional_add menu_get", CHANGED, ends=f"a1{_N1}", also=menus(menuids_are_numbers=True)
    ),
}

CASES: dict[str, Case] = {**BEHAVIOUR, **_codes(), **_answers(), **_bodies()}
