# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is right and wrong about declared conditional menus: every fault by its path, before anything is sent."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._resource.conditional_input import NONE, check, check_all

VIEW = {"type": "view", "name": "Shop", "url": "https://shop.example/"}
MENU = {"button": [VIEW]}
IOS = {"match": {"platform": "ios"}, "menu": MENU}
MASK = "********"
QUOTE = "give a text: quote it, or use | string if a template makes it"
GIVE_A_LIST = "give a list, the strongest first, or absent"
EMPTY = "conditional_menus is empty; to remove all conditional menus, declare absent"
WIDER = "is empty, and more users would get the menu without it; give a value, or leave it out"
OLD = "the platform takes no rule with sex, country, province, city, language any more; use a tag"


def of(**match: object) -> list[dict[str, t.Any]]:
    return [{"match": match, "menu": MENU}]


def menu(menu: object) -> list[dict[str, t.Any]]:
    return [{"match": {"platform": "ios"}, "menu": menu}]


FAULTS: list[tuple[object, list[str]]] = [
    (None, [f"conditional_menus is empty; {GIVE_A_LIST}"]),
    ("", [f"conditional_menus is a text; {GIVE_A_LIST}"]),
    ("Absent", [f"conditional_menus is a text; {GIVE_A_LIST}"]),
    (7, [f"conditional_menus is a number; {GIVE_A_LIST}"]),
    (True, [f"conditional_menus is true or false; {GIVE_A_LIST}"]),
    ([], [EMPTY]),
    ([None, ""], [EMPTY]),
    ({}, ["conditional_menus has no menus; give a list, the strongest first"]),
    ({"menus": []}, [EMPTY]),
    ({"menus": None}, [f"conditional_menus is empty; {GIVE_A_LIST}"]),
    ({"menu": [IOS]}, ["conditional_menus.menu is unknown (is menus meant?)"]),
    ({"menus": [IOS], "exclusiv": True}, ["conditional_menus.exclusiv is unknown (is exclusive meant?)"]),
    ({"menus": [IOS], "exclusive": "yes"}, ["conditional_menus.exclusive is a text; give true or false"]),
    ({"menus": [IOS], "replace_in_place": 1}, ["conditional_menus.replace_in_place is a number; give true or false"]),
    (["x"], ["conditional_menus[0] is a text; give a dict with match and menu"]),
    ([[]], ["conditional_menus[0] is a list; give a dict with match and menu"]),
    ([{"menu": MENU}], ["conditional_menus[0].match is empty; give a dict with tag, tag_id or platform"]),
    ([{"match": "VIP", "menu": MENU}], ["conditional_menus[0].match is a text; give a dict with tag, tag_id or platform"]),
    ([{**IOS, "matchrule": {}}], ["conditional_menus[0].matchrule is unknown; give match and menu"]),
    ([{**IOS, "button": []}], ["conditional_menus[0].button is unknown; give match and menu"]),
    (of(), ["conditional_menus[0].match has no rule; give tag, tag_id or platform"]),
    (of(tag=None, platform=""), ["conditional_menus[0].match has no rule; give tag, tag_id or platform"]),
    *((of(tag=gap, platform="ios"), [f"conditional_menus[0].match.tag {WIDER}"]) for gap in (None, "")),
    (of(tag_id=None, platform="ios"), [f"conditional_menus[0].match.tag_id {WIDER}"]),
    *((of(**{name: "x"}), [f"conditional_menus[0].match.{name}: {OLD}"]) for name in ("sex", "country", "province", "city", "language")),
    (of(tag="VIP", sex=1), [f"conditional_menus[0].match.sex: {OLD}"]),
    (of(group_id="104"), ["conditional_menus[0].match.group_id: give tag_id; the platform takes a group_id, and shows the menu to nobody"]),
    (of(tagid="104"), ["conditional_menus[0].match.tagid is unknown (is tag_id meant?)"]),
    (of(client_platform_type="1"), ["conditional_menus[0].match.client_platform_type is unknown"]),
    (of(tag=True), [f"conditional_menus[0].match.tag is true or false; {QUOTE}"]),
    (of(tag=1.0), [f"conditional_menus[0].match.tag is a number; {QUOTE}"]),
    (of(tag="VIP "), ["conditional_menus[0].match.tag begins or ends with white space; leave it out"]),
    (of(tag="a\nb"), ["conditional_menus[0].match.tag has control characters or half characters; leave them out"]),
    (of(tag="x" * 10_000), ["conditional_menus[0].match.tag has 10000 characters; 30 are allowed"]),
    (
        [{"match": {"platform": "ios", "a\nb": 1}, "menu": MENU, "x" * 99: 1, "{{ x }}": 1}],
        [f"conditional_menus[0].{where} is unknown{more}" for where, more in (("?", "; give match and menu"), ("match.?", ""))],
    ),
    (of(tag="VIP", tag_id="104"), ["conditional_menus[0].match has tag and tag_id; leave one of the two out"]),
    *(
        (of(tag_id=odd), ['conditional_menus[0].match.tag_id is not the id of a tag, such as "104"'])
        for odd in ("VIP", "0104", "-1", "1.0", "\u0661", -1, True, 1.5, [1], {"x": 1}, "9" * 5000)
    ),
    *(
        (of(platform=odd), ["conditional_menus[0].match.platform is not one of ios, android, other"])
        for odd in ("IOS", "1", 1, "harmony", True, ["ios"])
    ),
    (menu(None), ["conditional_menus[0]: menu is empty; give a dict with button"]),
    (menu({"button": []}), ["conditional_menus[0]: button is empty; leave a conditional menu out that is not needed"]),
    (menu({"button": [{**VIEW, "url": "x"}]}), ["conditional_menus[0]: button[0].url is not a URL with http or https and a host"]),
    (
        menu({**MENU, "matchrule": {"tag_id": "1"}}),
        [
            "conditional_menus[0]: matchrule: a rule is declared as match in conditional_menus; here the platform would replace the menu "
            "of everybody"
        ],
    ),
    (
        [IOS, None, {**IOS, "menu": {"button": [{**VIEW, "name": "Other"}]}}],
        ["conditional_menus[2] has the same match as conditional_menus[0], so nobody would get it; leave one out"],
    ),
    (
        [*of(tag_id=104), *of(tag_id="104")],
        ["conditional_menus[1] has the same match as conditional_menus[0], so nobody would get it; leave one out"],
    ),
    (of(tag=MASK), ["conditional_menus[0].match.tag holds Ansible's mask for a secret, so its text is lost; give the text itself"]),
    (
        [{"match": {"sex": 1}, "menu": {"button": [{**VIEW, "type": "VIEW"}]}}, "x"],
        [
            f"conditional_menus[0].match.sex: {OLD}",
            "conditional_menus[0]: button[0].type is VIEW; is view meant?",
            "conditional_menus[1] is a text; give a dict with match and menu",
        ],
    ),
]


@pytest.mark.parametrize(("given", "faults"), FAULTS)
def test_each_fault_is_named_with_its_path(given: object, faults: list[str]) -> None:
    checked = check(given)
    assert (checked.faults, checked.declared) == (faults, None)
    # The Chinese is made of the same parts.
    assert all(fault.zh != fault for fault in checked.faults)


def test_a_list_a_dict_and_absent() -> None:
    menus = [*of(tag="VIP", platform="other"), *of(tag_id=104), {**IOS, "menuid": "1"}]
    declared = check(menus).declared
    assert declared
    assert [(one.at, one.tag, one.rule) for one in declared.menus] == [
        ("conditional_menus[0]", "VIP", {"client_platform_type": "3"}),
        ("conditional_menus[1]", None, {"tag_id": "104"}),
        ("conditional_menus[2]", None, {"client_platform_type": "1"}),
    ]
    assert (declared.exclusive, declared.replace_in_place, declared.names) == (False, False, {"VIP"})
    assert check(menus, exclusive=True, replace_in_place=True).declared == declared._replace(exclusive=True, replace_in_place=True)
    assert check({"menus": menus, "exclusive": True}).declared == declared._replace(exclusive=True)
    # What a dict does not say, the options of a task do not either.
    assert check({"menus": menus}, exclusive=True).declared == declared
    assert check("absent", exclusive=False).declared is NONE
    assert declared.menus[0].menu == MENU


def test_null_is_no_menu_and_no_field() -> None:
    declared = check([None, *of(tag="VIP", tag_id=None, platform=""), "", "__omit_place_holder__x"]).declared
    assert declared
    assert [(one.at, one.rule) for one in declared.menus] == [("conditional_menus[1]", {})]


def test_warnings_of_a_menu_have_its_path() -> None:
    (warning,) = check(menu({"button": [{**VIEW, "name": "Shop ", "key": ""}]})).warnings
    assert warning == "conditional_menus[0]: button[0].name begins or ends with white space, which the platform may remove"


def test_equal_declarations_are_checked_once_and_faults_have_the_names_of_their_accounts() -> None:
    shared, bad = [IOS], of(sex=1)
    checked = check_all({"a": shared, "b": shared, "c": bad, "d": bad, "e": "absent"})
    assert checked.faults == f"conditional_menus cannot be used: conditional_menus[0].match.sex: {OLD} (account c, d)"
    assert check_all({"a": shared, "e": "absent"}).declared.keys() == {"a", "e"}
