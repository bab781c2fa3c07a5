# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Menus as a phone shows them: what stands for what, what is cut, what is escaped. tests/browser has them in a browser."""

from __future__ import annotations

import re
import typing as t
from html.parser import HTMLParser

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._resource.account import pictures_of
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_form import FIELDS, as_phones_show
from ansible_collections.wxops.official_account.plugins.plugin_utils import _phone
from ansible_collections.wxops.official_account.plugins.plugin_utils._phone import KINDS, Drawings, compared, page_of
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.menus import VALID, neighbours

Menu = dict[str, t.Any]
Match = dict[str, t.Any]


def leaf(name: t.Any, url: t.Any = "https://a.example/", **more: t.Any) -> dict[str, t.Any]:
    return {"name": name, "type": "view", "url": url, **more}


def of(*buttons: t.Any) -> list[dict[str, t.Any]]:
    """A picture of the menu with ``buttons``: texts, or groups as ``[name, button, ...]``."""
    made = [{"name": one[0], "sub_button": of(*one[1:])[0]["menu"]["button"]} if isinstance(one, list) else one for one in buttons]
    return [{"menu": {"button": [leaf(one) if isinstance(one, str) else one for one in made]}}]


def marks(old: t.Any, new: t.Any) -> list[str]:
    """Each side of the first menu: the names with their marks, those of a group behind it."""
    (menu,) = compared(old, new)

    def told(buttons: list[dict[str, t.Any]]) -> str:
        signs = {"": "", "new": "+", "gone": "-", "changed": "~"}
        groups = [(f"{signs[one['mark']]}{one['name']}", told(one["below"])) for one in buttons]
        return " ".join(f"{name}({below})" if below else name for name, below in groups)

    return [told(menu[side]) for side in ("before", "after")]


MARKED = {
    "nothing differs": (of("a", "b"), of("a", "b"), ["a b", "a b"]),
    "another url": (of("a", "b"), of("a", leaf("b", "https://b.example/")), ["a ~b", "a ~b"]),
    "one more in front": (of("a", "b"), of("x", "a", "b"), ["a b", "+x a b"]),
    "one less in front": (of("a", "b", "c"), of("b", "c"), ["-a b c", "b c"]),
    "another name": (of("a", "b", "c"), of("a", "x", "c"), ["a ~b c", "a ~x c"]),
    "another button": (of("a", leaf("b", "https://b.example/")), of("a", "x"), ["a -b", "a +x"]),
    "another name of a group": (of(["g", "a", "b"]), of(["x", "a", "b"]), ["~g(a b)", "~x(a b)"]),
    "another group": (of(["g", leaf("a", "1")]), of(["x", leaf("b", "2")]), ["-g(-a)", "+x(+b)"]),
    "another order": (of("a", "b"), of("b", "a"), ["a -b", "+b a"]),
    "one more in a group": (of(["g", "a", "b"]), of(["g", "a", "x", "b"]), ["g(a b)", "g(a +x b)"]),
    "one less in a group": (of(["g", "a", "b"]), of(["g", "b"]), ["g(-a b)", "g(b)"]),
    "a group instead of a button": (of("g"), of(["g", "a"]), ["~g", "~g(+a)"]),
    "another type": (of("a"), of({"name": "a", "type": "click", "key": "https://a.example/"}), ["~a", "~a"]),
    "a number instead of its text": (of(leaf("a", 1)), of(leaf("a", "1 ")), ["~a", "~a"]),
    "a menu instead of none": ([{"menu": None}], of("a"), ["", "+a"]),
    "none instead of a menu": (of("a", ["g", "b"]), [{"menu": None}], ["-a -g(-b)", ""]),
    "two of the same name": (of("a", "a"), of("a"), ["a -a", "a"]),
    "no names": (of({"type": "view"}, {"type": "click"}), of({"type": "click"}), ["~ -", "~"]),
}


@pytest.mark.parametrize(("old", "new", "said"), MARKED.values(), ids=MARKED)
def test_what_differs_is_marked_on_both_sides(old: t.Any, new: t.Any, said: list[str]) -> None:
    assert marks(old, new) == said


@settings(deadline=None)
@given(neighbours() | st.tuples(VALID, VALID))
def test_what_is_not_marked_is_the_same_and_nothing_is_lost(both: tuple[Menu, Menu]) -> None:
    old, new = both
    (menu,) = compared([{"menu": old}], [{"menu": new}])

    def flat(buttons: list[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
        return [*buttons, *(one for button in buttons for one in button["below"])]

    def told(buttons: list[dict[str, t.Any]]) -> list[t.Any]:
        return sorted((one["name"], [field[:2] for field in one["fields"]], bool(one["below"])) for one in buttons)

    before, after = flat(menu["before"]), flat(menu["after"])
    for side, its in ((before, old), (after, new)):
        names = [one["name"] for button in its["button"] for one in (button, *button.get("sub_button", []))]
        assert sorted(one["name"] for one in side) == sorted(names)
    unmarked = [told([one for one in side if not one["mark"]]) for side in (before, after)]
    assert unmarked[0] == unmarked[1]
    assert bool(menu["mark"]) == (old != new)
    assert any(one["mark"] for one in (*before, *after)) == (old != new)


def test_fields_that_differ_are_marked() -> None:
    (menu,) = compared(of(leaf("a", "https://old.example/", more=1)), of(leaf("a", "https://new.example/", more=1)))
    assert menu["before"][0]["fields"] == [("type", "view", False), ("url", "https://old.example/", True), ("more", "1", False)]
    assert menu["after"][0]["fields"][1] == ("url", "https://new.example/", True)


def test_beside_another_menu_only_what_differs_is_told() -> None:
    drawing = Drawings("en").of([of("x", ["g", "a"], ["h", "a"]), of("x", ["g", "a", "b"], ["h", "a"])])
    assert re.findall(r'class="name"><\w+>(\w+)', drawing) == ["g", "b"]


# --- Whom a menu is for.


def for_(match: Match | None, *buttons: t.Any) -> dict[str, t.Any]:
    return {"match": match, **of(*buttons)[0]}


def test_conditional_menus_are_those_with_the_same_match() -> None:
    vip, phones = {"tag": "VIP", "platform": "ios"}, {"tag_id": "104"}
    old = [for_(None, "a"), for_(vip, "a"), for_({"platform": "other"}, "a")]
    new = [for_(None, "a"), for_(phones, "a"), for_(dict(reversed(vip.items())), "b")]
    told = [([str(one) for one in menu["whom"]], menu["mark"], bool(menu["before"]), bool(menu["after"])) for menu in compared(old, new)]
    assert told == [
        ([], "", True, True),
        (["tag with the id 104"], "new", False, True),
        (["tag VIP", "iOS"], "changed", True, True),
        (["other phones"], "gone", True, False),
    ]
    both = compared([for_({"tag": "a"}, "a")], [for_({"tag": "b"}, "a")])
    assert [(menu["mark"], menu["before"] and 1, menu["after"] and 1) for menu in both] == [("gone", 1, None), ("new", None, 1)]
    (only,) = compared([for_({"platform": "windows", "sex": 1, "tag": None}, "a")], [])
    assert list(only["whom"]) == ["windows", "sex: 1"]


# --- What can be seen.

SHOWN = [
    ("官网首页", 4, "官网首页"),
    ("官网首页们", 4, "官网首页…"),
    ("About us", 4, "About us"),
    ("About us!", 4, "About us…"),
    ("a官网首页", 4, "a官网首…"),
    ("新品上市与限时优惠", 8, "新品上市与限时优…"),
    ("z" + "\u0300" * 500, 4, "z" + "\u0300" * 7 + "…"),
    ("", 4, ""),
]


@pytest.mark.parametrize(("name", "wide", "said"), SHOWN, ids=ascii)
def test_a_name_is_cut_as_phones_cut_it(name: str, wide: int, said: str) -> None:
    assert as_phones_show(name, wide) == said


def test_names_are_cut_at_the_top_and_in_groups() -> None:
    long = "新品上市与限时优惠活动"
    (menu,) = compared(of(long, [long, long]), of(long, [long, long]))
    shown = [menu["after"][0]["shown"], menu["after"][1]["shown"], menu["after"][1]["below"][0]["shown"]]
    assert shown == ["新品上市…", "新品上市…", "新品上市与限时优…"]
    assert menu["after"][0]["name"] == long


def test_every_type_has_a_word() -> None:
    assert KINDS.keys() == FIELDS.keys()


def test_an_unknown_type_and_a_text_without_end_are_cut() -> None:
    (menu,) = compared(of({"name": "n" * 5000, "type": "x" * 5000, "value": "v" * 5000}), [])
    its = menu["before"][0]
    assert (its["kind"], len(its["name"]), [len(text) for _field, text, _differs in its["fields"]]) == ("x" * 16 + "…", 1024, [1024, 1024])


# --- What others have written.


class Tags(HTMLParser):
    """The tags of a page in order, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed("".join(page))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(f"{tag} {[value for value in attrs if value[0] not in ('class', 'data-mark')]}")

    def handle_data(self, data: str) -> None:
        self.text += data


HOSTILE = (
    "<script>alert(1)</script>",
    "</bdi></li></ul></div><img src=x onerror=alert(1)>",
    '" onclick="alert(1)',
    "{{ 7 * 7 }}{% raw %}",
    "{value}{0}{number:,}",
    "\x1b]0;x\x07\x00\ud800",
    "\u202e\u2066x",
    "a\nb\r\nc",
    "&lt;b&gt;",
    "z" + "\u0335" * 100,
)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_text_is_text_wherever_it_stands(text: str) -> None:
    def drawn(one: str) -> Tags:
        old = of({"name": one, "type": one, "url": one, f"z{one}": one}, ["g", leaf(one, one)])
        new = [*of(leaf("x", one)), {"match": {"tag": one, "platform": one, one: one}, "menu": {"button": [leaf(one, [one])]}}]
        return Tags(Drawings("en").of([old, new]))

    its = drawn(text)
    assert its.tags == drawn("x" * 20).tags
    assert text[:7].encode(errors="ignore").decode() in its.text.encode(errors="ignore").decode()
    assert "49" not in its.text


def test_each_text_is_isolated() -> None:
    drawing = Drawings("en").of([[{"match": {"tag": "XX"}, **of(leaf("XX", "XX"), ["XX", leaf("XX", "XX")])[0]}], of("a")])
    # The style of a page isolates del: see the test of the report.
    assert drawing.count("XX") == len(re.findall(r"<(bdi|del)>(?:tag )?XX</\1>", drawing))


WRONG: tuple[t.Any, ...] = (None, 1, "text", {}, [1], [None], [{"menu": []}], [{"menu": {"button": 1}}], [{"menu": {"button": [1]}}])
TOO_MUCH: tuple[t.Any, ...] = (
    [{"match": "x", "menu": None}],
    of(*("a" * 11)),
    of(["g", *("a" * 11)]),
    of(["g", ["h", "a"]]),
    [for_({"tag": str(number)}, "a") for number in range(51)],
    of(leaf("a", {"b": None} | {"c": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]})),
)


@pytest.mark.parametrize("wrong", [*WRONG, *TOO_MUCH], ids=lambda wrong: str(wrong)[:20])
def test_what_no_phone_can_show_is_counted(wrong: t.Any) -> None:
    drawings = Drawings("en")
    assert [drawings.of(pictures) for pictures in ([wrong, of("a")], [of("a"), wrong], [wrong], wrong)] == [""] * 4
    assert drawings.left_out == 4


def test_a_name_of_another_type_is_shown() -> None:
    assert "[1, null]" in Tags(Drawings("en").of([of(leaf([1, None], {"a": 1.5}))])).text


# --- A page.


def test_what_an_account_declares_is_drawn() -> None:
    club = [for_({"tag": "VIP", "platform": "ios"}, "club"), for_({"tag_id": 104}, "x")]
    options = {"menu": of("home")[0]["menu"], "conditional_menus": {"menus": club, "exclusive": True}, "draft_switch": "present"}
    text = Tags("".join(page_of([("a", pictures_of(options)), ("b", pictures_of({"conditional_menus": club}))], "en"))).text
    place = 0
    for part in ("everybody else", "homeweb page", "tag VIP iOS", "clubweb page", "tag with the id 104", "xweb page", ": b", "tag VIP iOS"):
        place = text.index(part, place) + len(part)
    assert [pictures_of(one) for one in ({"menu": "absent"}, {"conditional_menus": "absent"}, {})] == [[{"menu": None}], [], []]


def test_the_page_draws_menus_that_are_the_same_once_with_their_accounts() -> None:
    declared = [(f"a{number}", of("home")) for number in range(5)]
    vip = for_({"tag": "VIP"}, "club")
    page = Tags("".join(page_of([("own", [*of("home"), vip]), *declared, ("none", [{"menu": None}]), ("nothing", [])], "en")))
    text = " ".join(page.text.split())
    assert "7 accounts · different menus: 3" in text
    assert text.index("5 accounts: a0, a1, a2 and 2 more") < text.index("1 account: own") < text.index("1 account: none")
    assert text.count("homeweb page") == 2
    assert "everybody else homeweb page" in text
    assert "tag VIP clubweb page" in text
    assert "no menu" in text
    assert [line for line in page.text.splitlines() if re.fullmatch("a[0-9]", line)] == [f"a{number}" for number in range(5)]


def test_the_page_in_chinese() -> None:
    vip = {"match": {"tag": "会员", "platform": "android"}, "menu": {"button": [{"type": "scancode_push", "name": "扫", "key": "K"}]}}
    text = Tags("".join(page_of([("甲", [*of("首页"), vip]), ("乙", [{"menu": None}])], "zh"))).text
    assert set(re.findall(r"[A-Za-z]{2,}", text[text.index("</style>") if "</style>" in text else text.rindex("}") :])) <= {
        *("Android", "type", "view", "url", "https", "example", "key", "scancode", "push")
    }
    for said in ("声明的菜单", "2 个账号", "1 个账号：甲", "其他所有用户", "标签：会员", "扫码推事件", "网页", "无菜单"):
        assert said in text


def test_a_page_has_an_end_and_says_what_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_phone, "ROOM", 20_000)
    declared = [(f"a{number}", of(leaf("home", f"https://a{number}.example/"))) for number in range(1000)]
    page = "".join(page_of(declared, "en"))
    assert len(page) < 40_000
    drawn = page.count('class="phone"')
    assert 10 < drawn < 100
    assert f"no phone can show them: {1000 - drawn:,}." in page


def test_a_page_of_nothing() -> None:
    assert "0 accounts" in "".join(page_of([], "en"))
