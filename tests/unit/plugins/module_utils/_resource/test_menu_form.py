# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Menus in one form: what is the same in every shape, and what makes a difference."""

from __future__ import annotations

import copy
import typing as t

import pytest
import yaml
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_form import (
    FIELDS,
    as_yaml,
    buttons_in,
    canonical,
    differences,
    only_lacks,
)
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_input import check
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
    assert not only_lacks({"button": MENU["button"][:1]}, MENU)


@pytest.mark.parametrize(
    "menu", [None, MENU, {"button": [{"type": "view", "name": '冰: "x" # {{ y }}', "url": "https://x.example/?a=1&b=2"}]}, {"button": [{}]}]
)
def test_people_read_yaml(menu: dict[str, t.Any] | None) -> None:
    assert yaml.safe_load(as_yaml(menu)) == {"menu": menu}


# Names and keys without what is refused: control and half characters, and what is too long.
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=5)
FIELD = {
    "url": st.just("https://shop.example/?x=").flatmap(lambda url: TEXT.map(lambda text: url + text)),
    "appid": st.just("wx0123456789abcdef"),
}


def leaf() -> st.SearchStrategy[dict[str, t.Any]]:
    return st.sampled_from(sorted(FIELDS)).flatmap(
        lambda kind: st.fixed_dictionaries(
            {
                "type": st.just(kind),
                "name": TEXT.filter(lambda text: len(text.encode()) <= 16),
                **{name: FIELD.get(name, TEXT) for name in FIELDS[kind]},
            }
        )
    )


def group() -> st.SearchStrategy[dict[str, t.Any]]:
    name = TEXT.filter(lambda text: len(text.encode()) <= 16)
    return st.fixed_dictionaries({"name": name, "sub_button": st.lists(leaf(), min_size=1, max_size=5)})


VALID = st.fixed_dictionaries({"button": st.lists(st.one_of(leaf(), group()), min_size=1, max_size=3)})
STEADY = settings(derandomize=True, max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def as_read(menu: dict[str, t.Any]) -> dict[str, t.Any]:
    """As menu/get returns what was sent."""

    def read(button: dict[str, t.Any]) -> dict[str, t.Any]:
        below = [read(one) for one in button.get("sub_button", [])]
        return dict(sorted({**button, "sub_button": below}.items(), reverse=True))

    return {"menuid": 7, "button": [read(button) for button in menu["button"]]}


@STEADY
@given(VALID)
def test_any_valid_menu_is_its_own_canonical_form_and_survives_the_platform(menu: dict[str, t.Any]) -> None:
    checked = check(menu)
    assert checked.faults == []
    assert checked.menu == canonical(menu["button"]) == menu
    assert canonical(as_read(menu)["button"]) == menu
    assert check({"menu": as_read(menu)}).menu == menu
    assert canonical(canonical(menu["button"])["button"]) == menu


@STEADY
@given(VALID, VALID)
def test_two_menus_are_equal_or_differ_somewhere(one: dict[str, t.Any], other: dict[str, t.Any]) -> None:
    assert (differences(one, other) == []) is (one == other)
