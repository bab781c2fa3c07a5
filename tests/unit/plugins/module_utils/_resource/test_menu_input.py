# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a declared menu is found before anything is sent: all of it, each with its path."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_form import FIELDS
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_input import check, check_all
from hypothesis import HealthCheck, given, settings

from tests.unit.menus import written

VIEW = {"type": "view", "name": "Shop", "url": "https://shop.example/"}
MENU = {"button": [VIEW]}
CONDITIONAL = "conditional menus are not managed, and the platform would replace the menu of everybody; leave it out"
APPID = "is not the AppID of a mini program: wx and 16 characters 0-9 and a-f, in lower case"

ESCAPE = "has \\u, which the platform refuses; write the character itself, or, in YAML, use double quotes"


def leaf(**changes: t.Any) -> dict[str, t.Any]:
    """A menu of one leaf: ``VIEW`` with ``changes``; None takes a field away."""
    return {"button": [{name: value for name, value in {**VIEW, **changes}.items() if value is not None}]}


def mini(**changes: t.Any) -> dict[str, t.Any]:
    return leaf(**{"type": "miniprogram", "appid": "wx0123456789abcdef", "pagepath": "pages/index", **changes})


def group(*below: object, **more: t.Any) -> dict[str, t.Any]:
    return {"button": [{"name": "More", "sub_button": [*below], **more}]}


@pytest.mark.parametrize(
    ("declared", "faults"),
    [
        (None, ["menu is empty; give a dict with button"]),
        ([VIEW], ["menu is a list; give a dict with button"]),
        ({}, ['menu has no button; give {"button": [...]}, as menu/create takes it']),
        ({"menu": []}, ['menu has no button; give {"button": [...]}, as menu/create takes it']),
        ({"button": []}, ["button is empty; to have no menu, use state: absent"]),
        ({"button": None}, ["button is empty; to have no menu, use state: absent"]),
        ({"button": {}}, ["button is a dict; give a list"]),
        ({"button": [VIEW] * 4}, ["button has 4 buttons; 3 are allowed"]),
        ({"button": ["Shop"]}, ["button[0] is a text; give a dict"]),
        ({**MENU, "buttons": []}, ["buttons is unknown; a menu has button alone"]),
        ({"menu": MENU, "conditionalmenu": []}, ["conditionalmenu: conditional menus are not managed; leave it out"]),
        ({"menu": {**MENU, "x": 1}}, ["x is unknown; a menu has button alone"]),
        ({**MENU, "matchrule": {"tag_id": 2}}, [f"matchrule: {CONDITIONAL}"]),
        (leaf(matchrule={}), [f"button[0].matchrule: {CONDITIONAL}"]),
        (
            group({**VIEW, "x": [{"matchrule": 1}]}),
            [f"button[0].sub_button[0].x[0].matchrule: {CONDITIONAL}", "button[0].sub_button[0].x: a view button has name, url alone"],
        ),
        (leaf(type=None), ["button[0].type is missing; a button has a type, or a sub_button"]),
        (leaf(type="VIEW"), ["button[0].type is VIEW; the platform has view"]),
        (leaf(type="news"), ["button[0].type is news; only the console makes such buttons, and the API does not take them"]),
        (leaf(type=1), ["button[0].type is not one of the platform's; give a text; quote it"]),
        (leaf(type="secret token?"), [f"button[0].type is not one of the platform's; the platform has {', '.join(FIELDS)}"]),
        (leaf(url=None), ["button[0].url is missing or empty"]),
        (leaf(url="/shop"), ["button[0].url is not a URL with http or https and a host"]),
        (leaf(url="ftp://shop.example/"), ["button[0].url is not a URL with http or https and a host"]),
        (leaf(url="http://[::1"), ["button[0].url is not a URL with http or https and a host"]),
        (leaf(url="https://shop.example/" + "x" * 1004), ["button[0].url has 1025 bytes in UTF-8; 1024 are allowed"]),
        (leaf(urls="x"), ["button[0].urls: a view button has name, url alone (is url meant?)"]),
        (leaf(key="x"), ["button[0].key: a view button has name, url alone"]),
        (leaf(name="六个汉字之多"), ["button[0].name has 18 bytes in UTF-8; 16 are allowed"]),
        (leaf(name=""), ["button[0].name is missing or empty"]),
        (leaf(name=2026), ["button[0].name is a number; give a text: quote it"]),
        (leaf(name=True), ["button[0].name is true or false; give a text: quote it"]),
        (leaf(name="a\nb"), ["button[0].name has control characters or half characters"]),
        (leaf(name="\\u2764"), [f"button[0].name {ESCAPE}"]),
        (leaf(url="https://shop.example/\\u0026"), [f"button[0].url {ESCAPE}"]),
        (leaf(name="half \ud83d"), ["button[0].name has control characters or half characters"]),
        (leaf(type="click", url=None, key="k" * 129), ["button[0].key has 129 bytes in UTF-8; 128 are allowed"]),
        (mini(appid="WX0123456789ABCDEF"), [f"button[0].appid {APPID}"]),
        (mini(pagepath=None), ["button[0].pagepath is missing or empty"]),
        (leaf(sub_button="x"), ["button[0].sub_button is a text; give a list of buttons"]),
        (group(*[VIEW] * 6), ["button[0].sub_button has 6 buttons; 5 are allowed"]),
        (group(VIEW, type="click"), ["button[0].type: a group has name and sub_button alone; leave it out"]),
        (group(VIEW, nam="x"), ["button[0].nam: a group has name and sub_button alone; leave it out (is name meant?)"]),
        (group({"name": "x", "sub_button": [VIEW]}), ["button[0].sub_button[0].sub_button: a group within a group is not allowed"]),
        (group({**VIEW, "name": "n" * 61}), ["button[0].sub_button[0].name has 61 bytes in UTF-8; 60 are allowed"]),
    ],
)
def test_each_fault_is_named_with_its_path(declared: object, faults: list[str]) -> None:
    checked = check(declared)
    assert checked.faults == faults
    assert checked.menu is None


def test_all_faults_are_named_at_once() -> None:
    declared = {"button": [{"name": 1}, {**VIEW, "url": "x"}, {"name": "More", "sub_button": [{"type": "VIEW", "name": "x"}]}]}
    assert check(declared).faults == [
        "button[0].name is a number; give a text: quote it",
        "button[0].type is missing; a button has a type, or a sub_button",
        "button[1].url is not a URL with http or https and a host",
        "button[2].sub_button[0].type is VIEW; the platform has view",
    ]
    assert check({"button": ["Shop", {**VIEW, "sub_button": "x"}, {**VIEW, "url": "x"}]}).faults == [
        "button[0] is a text; give a dict",
        "button[1].sub_button is a text; give a list of buttons",
        "button[2].url is not a URL with http or https and a host",
    ]


@pytest.mark.parametrize(
    "declared",
    [
        MENU,
        {"menu": MENU},
        {"menu": {"menuid": 7, "button": [{**VIEW, "sub_button": []}]}},
        leaf(sub_button={"list": []}, key=""),
    ],
)
def test_what_can_be_read_can_be_declared(declared: object) -> None:
    checked = check(declared)
    assert (checked.menu, checked.faults, checked.warnings) == (MENU, [], [])


def test_what_may_surprise_is_warned_about() -> None:
    declared = {"button": [{**VIEW, "name": "五个汉字呢"}, {"type": "media_id", "name": "Old", "media_id": "m"}]}
    assert check(declared).warnings == [
        "button[0].name is longer than 4 wide characters, and phones cut it",
        "button[1].type is media_id, which no longer shows articles",
    ]
    below = {"name": "More", "sub_button": [VIEW, {"type": "view_limited", "name": "九个汉字的菜单名称", "media_id": "m"}]}
    assert check({"button": [VIEW, below]}).warnings == [
        "button[1].sub_button[1].name is longer than 8 wide characters, and phones cut it",
        "button[1].sub_button[1].type is view_limited, which no longer shows articles",
    ]


@pytest.mark.parametrize(
    ("name", "fits"), [("四个汉字", True), ("五个汉字呢", False), ("Shopping", True), ("Shopping!", False), ("商店Shop", True)]
)
def test_what_fits_on_a_screen_is_counted_in_wide_characters(name: str, fits: bool) -> None:
    assert check(leaf(name=name)).warnings == ([] if fits else ["button[0].name is longer than 4 wide characters, and phones cut it"])
    assert check(group({**VIEW, "name": name * 2})).warnings == (
        [] if fits else ["button[0].sub_button[0].name is longer than 8 wide characters, and phones cut it"]
    )


def test_names_keys_and_urls_may_be_as_long_as_the_platform_allows() -> None:
    longest = {"type": "click", "name": "n" * 16, "key": "k" * 128}, {**VIEW, "url": "https://shop.example/".ljust(1024, "x")}
    assert check({"button": [*longest, {"name": "More", "sub_button": [{**VIEW, "name": "n" * 60}] * 5}]}).faults == []


def test_the_menus_of_many_accounts_are_checked_together() -> None:
    bad = leaf(url=None)
    checked = check_all({"a": MENU, "d": None, "b": bad, "c": bad})
    assert checked.faults == (
        "menu cannot be used: menu is missing; give one, or use state: absent (account d); button[0].url is missing or empty (account b, c)"
    )
    assert check_all({"a": MENU, "b": MENU}) == ({"a": MENU, "b": MENU}, "", [])


def test_the_only_account_has_no_name() -> None:
    assert check_all({"": None}).faults == "menu cannot be used: menu is missing; give one, or use state: absent"


@settings(derandomize=True, max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(written())
def test_whatever_is_written_is_a_menu_or_has_faults(declared: object) -> None:
    checked = check(declared)
    assert (checked.menu is None) is bool(checked.faults)
    assert len(set(checked.faults)) == len(checked.faults)
    # A message is one line, and no longer than people read.
    assert all(fault.isprintable() and len(fault) < 400 for fault in checked.faults)
    if checked.menu is not None:
        assert check(checked.menu) == check({"menu": checked.menu}) == checked
