# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a declared menu is found before anything is sent: all of it, each with its path."""

from __future__ import annotations

import datetime
import json
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_form import FIELDS
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_input import check, check_all
from hypothesis import HealthCheck, given, settings

from tests.unit.menus import written

VIEW = {"type": "view", "name": "Shop", "url": "https://shop.example/"}
MENU = {"button": [VIEW]}
CONDITIONAL = "a rule is declared as match in conditional_menus; here the platform would replace the menu of everybody"
APPID = "is not the AppID of a mini program: wx and 16 characters 0-9 and a-f, in lower case"

QUOTE = "give a text: quote it, or use | string if a template makes it"
MASKED = "holds Ansible's mask for a secret, so its text is lost; give the text itself"
ABOUT_CONDITIONAL = "the conditional menus in conditionalmenu are not set by this option; give the menu alone"
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
        ({"button": []}, ["button is empty; to have no menu, declare absent, not an empty menu"]),
        ({"button": None}, ["button is empty; to have no menu, declare absent, not an empty menu"]),
        ({"button": {}}, ["button is a dict; give a list"]),
        ({"button": [VIEW] * 4}, ["button has 4 buttons; 3 are allowed"]),
        ({"button": ["Shop"]}, ["button[0] is a text; give a dict"]),
        ({**MENU, "buttons": []}, ["buttons is unknown; a menu has button alone"]),
        ({"menu": MENU, "conditionalmenu": []}, [ABOUT_CONDITIONAL]),
        ({"menu": {**MENU, "x": 1}}, ["x is unknown; a menu has button alone"]),
        ({**MENU, "matchrule": {"tag_id": 2}}, [f"matchrule: {CONDITIONAL}"]),
        (leaf(matchrule={}), [f"button[0].matchrule: {CONDITIONAL}"]),
        (
            group({**VIEW, "x": [{"matchrule": 1}]}),
            [f"button[0].sub_button[0].x[0].matchrule: {CONDITIONAL}", "button[0].sub_button[0].x: a view button has name, url alone"],
        ),
        (leaf(type=None), ["button[0].type is missing; a button has a type, or a sub_button"]),
        (leaf(type="VIEW"), ["button[0].type is VIEW; is view meant?"]),
        (leaf(type="news"), ["button[0].type is news; only the console makes such buttons, and the API does not take them"]),
        (leaf(type=1), ["button[0].type is not one of the platform's; give a text; quote it"]),
        (leaf(type="secret token?"), [f"button[0].type is not one of the platform's; the platform has {', '.join(FIELDS)}"]),
        (leaf(url=None), ["button[0].url is missing or empty"]),
        (leaf(url="/shop"), ["button[0].url is not a URL with http or https and a host"]),
        (leaf(url="ftp://shop.example/"), ["button[0].url is not a URL with http or https and a host"]),
        (leaf(url="http://[::1"), ["button[0].url is not a URL with http or https and a host"]),
        (leaf(url="https://shop.example/" + "x" * 1004), ["button[0].url has 1025 bytes in UTF-8; 1024 are allowed"]),
        (leaf(urls="x"), ["button[0].urls: a view button has name, url alone (is url meant?)"]),
        (leaf(name="六个汉字之多"), ["button[0].name has 18 bytes in UTF-8; 16 are allowed"]),
        (leaf(name=datetime.date(2024, 1, 1)), [f"button[0].name is a date; {QUOTE}"]),
        (leaf(name=datetime.datetime(2024, 1, 1, 10)), [f"button[0].name is a date; {QUOTE}"]),
        (leaf(name=b"x"), [f"button[0].name is of another kind; {QUOTE}"]),
        (leaf(name=" \t"), ["button[0].name is missing or empty"]),
        (leaf(name=""), ["button[0].name is missing or empty"]),
        (leaf(name=2026), [f"button[0].name is a number; {QUOTE}"]),
        (leaf(name=True), [f"button[0].name is true or false; {QUOTE}"]),
        (leaf(name="a\nb"), ["button[0].name has control characters or half characters"]),
        (leaf(name="\\u2764"), [f"button[0].name {ESCAPE}"]),
        (leaf(url="https://shop.example/\\u0026"), [f"button[0].url {ESCAPE}"]),
        (leaf(name="half \ud83d"), ["button[0].name has control characters or half characters"]),
        (leaf(type="click", url=None, key="k" * 129), ["button[0].key has 129 bytes in UTF-8; 128 are allowed"]),
        (mini(appid="WX0123456789ABCDEF"), [f"button[0].appid {APPID}"]),
        (mini(pagepath=None), ["button[0].pagepath is missing or empty"]),
        (leaf(sub_button="x"), ["button[0].sub_button is a text; give a list of buttons"]),
        (group(*[VIEW] * 6), ["button[0].sub_button has 6 buttons; 5 are allowed"]),
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
        f"button[0].name is a number; {QUOTE}",
        "button[0].type is missing; a button has a type, or a sub_button",
        "button[1].url is not a URL with http or https and a host",
        "button[2].sub_button[0].type is VIEW; is view meant?",
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


SPACE = "write it as %20, or leave it out"
NOT_RENDERED = "a template that was not rendered; nothing renders it later"


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://shop.example/my page", f"holds a space; {SPACE}"),
        (" https://shop.example/help", f"holds a space; {SPACE}"),
        ("https://shop.example/help ", f"holds a space; {SPACE}"),
        ("https://shop.example/\u00a0x", "holds the invisible character U+00A0; write it as %C2%A0, or leave it out"),
        ("https://shop.example/\u3000x", "holds the invisible character U+3000; write it as %E3%80%80, or leave it out"),
        ("\ufeffhttps://shop.example/", "holds the invisible character U+FEFF; write it as %EF%BB%BF, or leave it out"),
        ("https://shop.example/\u202ex", "holds the invisible character U+202E; write it as %E2%80%AE, or leave it out"),
        ("https://{{ domain }}/a", f"holds {{{{, {NOT_RENDERED}"),
        ("https://shop.example/{% if x %}", f"holds {{%, {NOT_RENDERED}"),
        ("https://shop.example/?user=#{name}", f"holds #{{, {NOT_RENDERED}"),
        ("https://shop.example/?user=${name}", f"holds ${{, {NOT_RENDERED}"),
        ("https://shop.example/<%= path %>", f"holds <%, {NOT_RENDERED}"),
        ("https://shop.example/{id}", "holds {; write it as %7B, or leave it out"),
        ("https://shop.example/<id>", "holds <; write it as %3C, or leave it out"),
        ('https://shop.example/"x"', "holds a double quote; write it as %22, or leave it out"),
        ("https://shop.example/\\x", "holds a backslash; write it as %5C, or leave it out"),
        ("https://shop.example/`x`", "holds a backquote; write it as %60, or leave it out"),
    ],
)
def test_a_url_that_is_no_url_is_refused_with_what_was_found(url: str, fault: str) -> None:
    assert check(leaf(url=url)).faults == [f"button[0].url {fault}"]
    assert check(group({**VIEW, "url": url})).faults == [f"button[0].sub_button[0].url {fault}"]
    assert check(mini(url=url)).faults == [f"button[0].url {fault}"]


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/?a=1&b=2#wechat_redirect",
        "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx0123456789abcdef&redirect_uri=https%3A%2F%2Fx.example&scope=snsapi_base#wechat_redirect",
        "https://shop.example/商店?名=值",
        "https://商店.example/",
        "http://shop.example:8080/a|b/[c]/(d)/~e/'f'!*;,=$+@:^",
        "HTTPS://Shop.example",
        "https://[2001:db8::1]/",
        "https://shop.example/100%25",
    ],
)
def test_urls_that_work_are_taken(url: str) -> None:
    assert check(leaf(url=url)).faults == []


def test_what_the_platform_drops_is_named_and_not_sent() -> None:
    declared = {
        "button": [
            {"type": "click", "name": "News", "key": "news", "url": "https://shop.example/news"},
            {"name": "More", "key": "more", "sub_button": [{**VIEW, "key": "help"}]},
            {"name": "Other", "type": "view", "sub_button": [{"type": "click", "name": "Ask", "key": "ask"}]},
        ]
    }
    checked = check(declared)
    assert checked.faults == []
    is_not = "the platform drops it, and so it is not sent"
    assert checked.warnings == [
        f"button[0].url is not a field of a click button: {is_not}",
        f"button[1].key is not a field of a group: {is_not}",
        f"button[1].sub_button[0].key is not a field of a view button: {is_not}",
        f"button[2].type is not a field of a group: {is_not}",
    ]
    assert checked.menu == {
        "button": [
            {"type": "click", "name": "News", "key": "news"},
            {"name": "More", "sub_button": [VIEW]},
            {"name": "Other", "sub_button": [{"type": "click", "name": "Ask", "key": "ask"}]},
        ]
    }


@pytest.mark.parametrize(
    ("declared", "warning"),
    [
        (leaf(url="https://shop.example/?a=1&amp;b=2"), "button[0].url has &amp;, which stands for & in HTML only; write & in a menu"),
        (leaf(name="{{ x }}"), "button[0].name looks like a template that was not rendered; it is set as it is"),
        (leaf(type="click", key="#{k}", url=None), "button[0].key looks like a template that was not rendered; it is set as it is"),
        (mini(pagepath="<%= p %>"), "button[0].pagepath looks like a template that was not rendered; it is set as it is"),
        (leaf(name=" Shop"), "button[0].name begins or ends with white space, which the platform may remove"),
    ],
)
def test_what_is_probably_a_mistake_is_set_with_a_warning(declared: object, warning: str) -> None:
    checked = check(declared)
    assert checked.menu is not None
    assert checked.warnings == [warning]


@pytest.mark.parametrize(
    ("declared", "fault"),
    [
        ({"buttons": [VIEW]}, "menu has buttons; is button meant?"),
        ({"Button": [VIEW]}, "menu has Button; is button meant?"),
        ({"menu": {"buttons": [VIEW]}}, "menu has buttons; is button meant?"),
        ({"button": [{"name": "More", "subButtons": [VIEW]}]}, "button[0].subButtons is unknown; is sub_button meant?"),
        ({"button": [{"name": "More", "sub_buttons": [VIEW]}]}, "button[0].sub_buttons is unknown; is sub_button meant?"),
        ({"button": [{"name": "More", "subButton": [VIEW]}]}, "button[0].subButton is unknown; is sub_button meant?"),
        ({"button": [{"name": "More", "sub_button": []}]}, "button[0].sub_button is empty"),
        ({"button": [{"name": "More", "sub_button": {"list": []}}]}, "button[0].sub_button is empty"),
        ({"button": [{"name": "More", "sub_button": [None]}]}, "button[0].sub_button is empty"),
        ({"button": [None, None]}, "button is empty; to have no menu, declare absent, not an empty menu"),
        (
            {"is_menu_open": 1, "selfmenu_info": MENU},
            "menu is the whole answer of get_current_selfmenu_info; give its selfmenu_info",
        ),
        (
            {"menu": MENU, "conditionalmenu": [{**MENU, "matchrule": {"group_id": "100"}, "menuid": 1002}]},
            ABOUT_CONDITIONAL,
        ),
        (leaf(name="\ufffd\ufffd"), "button[0].name has bytes that are not UTF-8; save the file as UTF-8, and read it again"),
        (leaf(name="x\udcc9"), "button[0].name has bytes that are not UTF-8; save the file as UTF-8, and read it again"),
        (leaf(url="https://x.example/?secret=********"), f"menu.button[0].url {MASKED}"),
        (
            leaf(name="VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"),
            f"menu.button[0].name {MASKED}",
        ),
        ({"button": [{**VIEW, "********": 1}]}, f"a key of menu.button[0] {MASKED}"),
    ],
)
def test_what_was_meant_is_said_in_one_sentence(declared: object, fault: str) -> None:
    assert check(declared).faults == [fault]
    # The same in JSON text.
    assert check(json.dumps(declared, ensure_ascii=False)).faults in ([fault], [NOT_UTF8])


NOT_UTF8 = "menu is text with bytes that are not UTF-8; save the file as UTF-8, and read it again"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (json.dumps(MENU), []),
        ("\ufeff" + json.dumps({"menu": MENU}), []),
        (f"\n {json.dumps(MENU, indent=1)}\n", []),
        ("[]", ["menu is a list; give a dict with button"]),
        ("null", ["menu is empty; give a dict with button"]),
        ("7", ["menu is a number; give a dict with button"]),
        ("", ["menu is text that is not JSON (line 1, column 1); give a dict, or JSON text"]),
        ("{'button': []}", ["menu is text that is not JSON (line 1, column 2); give a dict, or JSON text"]),
        ('{"button": [] 1}', ["menu is text that is not JSON (line 1, column 15); give a dict, or JSON text"]),
        ('{"button": [], "button": []}', ["menu is JSON text in which a key stands twice; leave one out"]),
        ("[" * 100_000, ["menu is JSON text that is nested too deeply"]),
        ("menus/brand-a.json", ["menu is a path, not a menu; read the file: lookup('ansible.builtin.file', path)"]),
        ("/srv/menus/a", ["menu is a path, not a menu; read the file: lookup('ansible.builtin.file', path)"]),
        ("button:\n  - type: view", ["menu is YAML text; give a dict, or put | from_yaml behind it"]),
        ('{"button": [{"name": "\ufffd\ufffd"}]}', [NOT_UTF8]),
        ('{"button": [{"name": "\udcc9"}]}', [NOT_UTF8]),
    ],
)
def test_text_is_json_or_says_what_it_is(text: str, faults: list[str]) -> None:
    assert check(text).faults == faults
    assert faults or check(text).menu == MENU


def test_null_among_the_buttons_means_no_button_here() -> None:
    declared = {"button": [None, VIEW, {"name": "More", "sub_button": [None, VIEW, None]}, None]}
    assert check(declared).menu == {"button": [VIEW, {"name": "More", "sub_button": [VIEW]}]}
    assert check(declared).faults == []
    # What ansible-core 2.18 makes of null and of an omitted button.
    assert check({"button": ["", VIEW, "__omit_place_holder__0123456789abcdef"]}).menu == MENU
    # The path is that of the declaration.
    assert check({"button": [None, {**VIEW, "name": ""}]}).faults == ["button[1].name is missing or empty"]
    assert check({"button": [None, VIEW, VIEW, VIEW]}).faults == []


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
        again = check(checked.menu)
        assert again == check({"menu": checked.menu}) == check(json.dumps(checked.menu))
        assert (again.menu, again.faults) == (checked.menu, [])
        # What is dropped is named once, and not there any more.
        dropped = {warning for warning in checked.warnings if "the platform drops it" in warning}
        assert set(again.warnings) == set(checked.warnings) - dropped
