# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Menus in one form: what is the same in every shape, and what makes a difference."""

from __future__ import annotations

import copy
import json
import typing as t

import pytest
import yaml
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_form import (
    as_yaml,
    buttons_in,
    canonical,
    differences,
    only_lacks,
)
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_input import check
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.menus import BUTTON, FOREIGN, VALID, neighbours, places

VIEW = {"type": "view", "name": "Shop", "url": "https://shop.example/"}
CLICK = {"type": "click", "name": "Help", "key": "help"}
GROUP = {"name": "More", "sub_button": [dict(VIEW), CLICK]}
MENU = {"button": [VIEW, GROUP]}


@pytest.mark.parametrize(
    "read",
    [
        [{**VIEW, "sub_button": []}],
        [{"url": VIEW["url"], "sub_button": {"list": []}, "name": "Shop", "type": "view"}],
        [{**VIEW, "key": None, "appid": "", "media_id": [], "news_info": {}}],
        [{**VIEW, "key": "foreign to the type"}],
    ],
    ids=["empty sub_button", "other order, empty list", "empty fields", "foreign field"],
)
def test_a_leaf_is_the_same_in_every_shape(read: list[dict[str, t.Any]]) -> None:
    assert canonical(read) == {"button": [VIEW]}


@pytest.mark.parametrize(
    "read",
    [
        [{"name": "More", "sub_button": {"list": [VIEW, {**CLICK, "sub_button": []}]}}],
        [{"sub_button": [CLICK | {"url": "dropped"}, VIEW][::-1], "name": "More", "type": "click", "key": "dropped"}],
    ],
    ids=["list", "a group's type"],
)
def test_a_group_is_the_same_in_every_shape(read: list[dict[str, t.Any]]) -> None:
    assert canonical(read) == {"button": [GROUP]}


def test_the_keys_have_one_order() -> None:
    (button,) = canonical([{"url": "https://shop.example/", "name": "Shop", "type": "view"}])["button"]
    assert list(button) == ["type", "name", "url"]


@pytest.mark.parametrize(
    "read",
    [
        {"type": "news", "name": "News", "value": "x", "news_info": {"list": [1]}},
        {**VIEW, "strange": "x"},
        {**GROUP, "strange": 0},
        {"name": "neither"},
    ],
    ids=["unknown type", "unknown field of a leaf", "unknown field of a group", "no type"],
)
def test_what_is_unknown_makes_a_difference_and_is_shown(read: dict[str, t.Any]) -> None:
    (button,) = canonical([read])["button"]
    assert button == read
    assert differences(canonical([read]), canonical([VIEW])) != []


@pytest.mark.parametrize("read", [None, {}, "x", [None], ["x"], [{"sub_button": 1}], [{"sub_button": {"list": [], "other": 1}}]])
def test_what_are_no_buttons_are_refused(read: object) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        canonical(read)


def test_no_sub_button_is_an_empty_one() -> None:
    assert buttons_in(None) == buttons_in("") == buttons_in([]) == buttons_in({}) == buttons_in({"list": None}) == []


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        (lambda menu: menu["button"][0].update(url="https://other.example/"), ["button[0].url"]),
        (lambda menu: menu["button"][1]["sub_button"][1].update(key="other"), ["button[1].sub_button[1].key"]),
        (
            lambda menu: menu["button"].reverse(),
            [f"button[{number}].{name}" for number in (0, 1) for name in ("name", "sub_button", "type", "url")],
        ),
        (lambda menu: menu["button"].pop(), ["button[1]"]),
        (lambda menu: menu["button"][0].update(name="shop"), ["button[0].name"]),
        (lambda menu: menu["button"][0].update(name="Shop "), ["button[0].name"]),
    ],
)
def test_a_difference_is_named_by_its_path(change: t.Callable[[dict[str, t.Any]], object], paths: list[str]) -> None:
    other = copy.deepcopy(MENU)
    change(other)
    assert sorted(differences(MENU, other)) == sorted(differences(other, MENU)) == paths


def test_a_menu_does_not_differ_from_itself() -> None:
    assert differences(MENU, copy.deepcopy(MENU)) == []


def test_no_menu_differs_from_any() -> None:
    assert differences(None, None) == []
    assert differences(None, MENU) == differences(MENU, None) == ["menu"]


def test_a_menu_without_a_part_lacks_it_and_no_other_does() -> None:
    without = copy.deepcopy(MENU)
    del without["button"][0]["url"]
    assert only_lacks(without, MENU)
    assert only_lacks(MENU, MENU)
    assert not only_lacks(MENU, without)
    other = copy.deepcopy(MENU)
    other["button"][0]["url"] = "https://other.example/"
    assert not only_lacks(other, MENU)
    assert not only_lacks(MENU, other)
    assert not only_lacks({"button": MENU["button"][:1]}, MENU)
    assert not only_lacks(MENU, {"button": MENU["button"][:1]})


@pytest.mark.parametrize("one", [{}, [], "", {"a": "b"}, ["b"], "b"])
def test_what_is_of_another_kind_is_no_lack(one: object) -> None:
    for other in ({"b": "b"}, ["b", "b"], "a"):
        if type(one) is not type(other):
            assert not only_lacks(one, other)
            assert not only_lacks(other, one)


@pytest.mark.parametrize(
    "menu", [None, MENU, {"button": [{"type": "view", "name": '冰: "x" # {{ y }}', "url": "https://x.example/?a=1&b=2"}]}, {"button": [{}]}]
)
def test_people_read_yaml(menu: dict[str, t.Any] | None) -> None:
    assert yaml.safe_load(as_yaml(menu)) == {"menu": menu}


def test_people_read_one_value_on_each_line() -> None:
    news = {"type": "news", "name": "图文 🎁", "news_info": {"list": [1]}, "tags": [1, "x"]}
    assert as_yaml(canonical([VIEW, {"name": "More", "sub_button": [news]}])) == (
        "menu:\n"
        "  button:\n"
        '    - type: "view"\n'
        '      name: "Shop"\n'
        '      url: "https://shop.example/"\n'
        '    - name: "More"\n'
        "      sub_button:\n"
        '        - type: "news"\n'
        '          name: "图文 🎁"\n'
        "          news_info:\n"
        "            list: [1]\n"
        '          tags: [1, "x"]\n'
    )
    assert as_yaml({"button": []}) == "menu:\n  button: []\n"


def test_what_is_no_text_for_people_is_escaped() -> None:
    shown = as_yaml(canonical([{**VIEW, "name": "a\x9b\u2028\ud83d\uffff"}]))
    assert shown.split("\n")[3] == r'      name: "a\u009b\u2028\ud83d\uffff"'


HOSTILE = (
    "\x1b[2J",
    "a\nmenu: null",
    "a\r",
    "a\u2028b",
    "a\x85b",
    "\u202egro.elpmaxe\u202c",
    "\u2066x\u2069",
    "\u200f",
    "\u061c",
    "\u200bx",
    "\ufeff",
    "\x9b31m",
    "\ud83d",
    "- x",
    "x: y",
    "x #",
    "#",
    "",
    " ",
    "!!python/name:os.system",
    "&a",
    "*a",
    "<<",
    "=",
    "?",
    "yes",
    "Off",
    "null",
    "~",
    "1",
    "1e3",
    "0x1f",
    "{{ x }}",
    '"',
    "'",
    "键",
)


@pytest.mark.parametrize("hostile", HOSTILE, ids=ascii)
def test_keys_are_escaped_and_quoted_as_values_are(hostile: str) -> None:
    for menu in (
        {"button": [{"type": "news", "name": "x", hostile: f"x{hostile}"}]},
        {"button": [{"type": "news", "name": "x", hostile: [{hostile: {hostile: [hostile]}}]}]},
    ):
        shown = as_yaml(canonical(menu["button"]))
        lines = shown.split("\n")
        assert len(lines) == len(shown.splitlines()) + 1
        assert all(line.isprintable() for line in lines)
        # YAML 1.1 joins no two escapes to a character, so half of one cannot come back.
        assert yaml.safe_load(shown) == {"menu": menu} or "\ud83d" in hostile


@pytest.mark.parametrize("hostile", HOSTILE, ids=ascii)
def test_paths_are_of_one_line_whatever_the_keys_are(hostile: str) -> None:
    one, other = ({"button": [{"type": "news", "name": "x", hostile: value}]} for value in (1, 2))
    (path,) = differences(one, other)
    assert path.isprintable()
    assert path.startswith("button[0][")
    assert json.loads(path[len("button[0][") : -1]) == hostile


def test_known_keys_need_no_quotes() -> None:
    assert '"' not in "".join(line.split(":")[0] for line in as_yaml(MENU).splitlines())


STEADY = settings(derandomize=True, max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def as_read(menu: dict[str, t.Any]) -> dict[str, t.Any]:
    """As menu/get returns what was sent."""

    def read(button: dict[str, t.Any]) -> dict[str, t.Any]:
        below = [read(one) for one in button.get("sub_button", [])]
        return dict(sorted({**button, "sub_button": below}.items(), reverse=True))

    return {"menuid": 7, "button": [read(button) for button in menu["button"]]}


def as_shown(menu: dict[str, t.Any]) -> dict[str, t.Any]:
    """As get_current_selfmenu_info returns it, with all the fields that the platform drops."""

    def shown(button: dict[str, t.Any]) -> dict[str, t.Any]:
        below = [shown(one) for one in button.get("sub_button", [])]
        return {**dict.fromkeys(FOREIGN, "foreign"), **button, **({"sub_button": {"list": below}} if below else {})}

    return {"button": [shown(button) for button in menu["button"]]}


@STEADY
@given(VALID)
def test_any_valid_menu_is_its_own_canonical_form_and_survives_the_platform(menu: dict[str, t.Any]) -> None:
    checked = check(menu)
    assert checked.faults == []
    assert checked.menu == canonical(menu["button"]) == menu
    for read in (as_read(menu), as_shown(menu)):
        assert canonical(read["button"]) == menu
        assert differences(canonical(read["button"]), menu) == []
    assert check({"menu": as_read(menu)}).menu == menu


@STEADY
@given(neighbours())
def test_menus_that_differ_in_one_place_differ_in_every_shape(pair: tuple[dict[str, t.Any], dict[str, t.Any]]) -> None:
    one, other = pair
    for shape in (as_read, as_shown):
        read = canonical(shape(other)["button"])
        assert (read == one) is (one == other)
        assert (differences(one, read) == []) is (one == other)
        assert {*differences(one, read)} == {*differences(read, one)} == {*differences(one, other)}


@STEADY
@given(st.lists(BUTTON, max_size=4))
def test_the_canonical_form_of_whatever_was_read_is_stable(buttons: list[t.Any]) -> None:
    once = canonical(buttons)
    assert canonical(once["button"]) == once
    assert [*map(list, canonical(once["button"])["button"])] == [*map(list, once["button"])]
    assert differences(once, canonical(copy.deepcopy(buttons))) == []


@STEADY
@given(VALID, st.data())
def test_a_menu_without_any_of_its_parts_lacks_it(menu: dict[str, t.Any], data: st.DataObject) -> None:
    without = copy.deepcopy(menu)
    holder, name = data.draw(st.sampled_from([(holder, name) for holder, name in places(without) if isinstance(holder, dict)]))
    del holder[name]
    assert only_lacks(without, menu)
    assert not only_lacks(menu, without)
    assert differences(without, menu) != []


@STEADY
@given(st.lists(BUTTON, max_size=4))
def test_whatever_was_read_is_shown_as_yaml(buttons: list[t.Any]) -> None:
    assert yaml.safe_load(as_yaml(canonical(buttons))) == {"menu": canonical(buttons)}
