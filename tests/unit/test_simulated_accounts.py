# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file of accounts for make simulator: a mistake is one sentence with its path. The guide to rehearsals has a file that works."""

from __future__ import annotations

import typing as t

import pytest

from tests.simulator import Platform
from tests.simulator.declared import WrongError, add

if t.TYPE_CHECKING:
    from pathlib import Path

MENU = "menu: {button: [{type: click, name: A, key: a}]}"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "must be a mapping, and is empty"),
        ("- a", "must be a mapping, and is a list"),
        ("a: [", "is not YAML: look at line"),
        ("a: {menus: {}}", "a.menus is unknown; the nearest name is menu."),
        ("a: 1", "a must be a mapping, and is 1."),
        ("a: {draft_switch: present}", "a.draft_switch must be true or false, and is 'present'."),
        ("a: {appid: 1}", "a.appid must be text in quotes"),
        ("a: {appid: wx1}", "a.appid must be wx and 16 hexadecimal digits"),
        ("{a: {appid: wx0123456789abcdef}, b: {appid: wx0123456789abcdef}}", "b.appid is the AppID of another account too"),
        ("a: {menu: {button: [{type: click, name: A}]}}", "a.menu is a menu that the platform refuses: errcode 40019"),
        ("a: {menu: {button: [{type: click, name: 2026-01-01, key: a}]}}", "a.menu holds something that JSON does not have"),
        ("a: {console_menu: {button: {}}}", "a.console_menu.button must be a list, and is a mapping."),
        ("a: {console_menu: {button: [{}]}}", "a.console_menu.button[0].name is missing or no text."),
        ("a: {console_menu: {button: [{name: A, sub_button: [1]}]}}", "a.console_menu.button[0].sub_button[0] must be a mapping"),
        ("a: {conditional: [{button: [], matchrule: {}}]}", "a.conditional needs a.menu"),
        (f"a: {{{MENU}, conditional: [{{button: []}}]}}", "a.conditional[0].matchrule must be a mapping, and is empty."),
        ("a: {tags: VIP}", "a.tags must be a list, and is 'VIP'."),
        ("a: {tags: [1]}", "a.tags[0].name must be text in quotes"),
        ("a: {tags: [{name: VIP, count: many}]}", "a.tags[0].count must be a number"),
        ("a: {console_open: true}", "a.console_open needs a.console_menu"),
        (f"a: {{{MENU}, console_open: true, console_menu: {{button: []}}}}", "a.console_open cannot be true beside a.menu"),
        ("a: {fails: {menu: -1}}", "a.fails.menu is unknown"),
        ("a: {fails: {look: [-1, gone]}}", "a.fails.look[1] is 'gone'; it must be an errcode or one of: lost, late"),
        ("a: {fails: {look: true}}", "a.fails.look is True; it must be"),
        ("a: {fails: {look: carried-out-lost}}", "look changes nothing that could be carried out"),
        ("a: {kind: brand}", "a.kind is 'brand'; it must be one of: personal, subscription, service"),
        ("a: {authorised: 15}", "a.authorised must be true or a mapping, and is 15."),
        ("a: {authorised: {permission_sets: 15}}", "a.authorised.permission_sets must be a list, and is 15."),
        ("a: {authorised: {permission_sets: [a]}}", "a.authorised.permission_sets must hold numbers"),
        ("a: {authorised: {service_type: service}}", "a.authorised.service_type must hold numbers"),
    ],
)
def test_a_mistake_is_one_sentence_with_its_path(content: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "accounts.yml").write_text(content, encoding="utf-8")
    with pytest.raises(WrongError) as wrong:
        add(Platform(), tmp_path / "accounts.yml")
    assert said in str(wrong.value)
    assert str(wrong.value).endswith(".")
    assert "\n" not in str(wrong.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(WrongError, match="cannot be read: No such file"):
        add(Platform(), tmp_path / "none.yml")
    (tmp_path / "latin.yml").write_bytes(b"a: {nick: \xe9}")
    with pytest.raises(WrongError, match="is not UTF-8"):
        add(Platform(), tmp_path / "latin.yml")


def test_an_account_without_anything_is_one_of_the_usual_ones(tmp_path: Path) -> None:
    """No account takes the AppID of another one, in whatever order they stand."""
    (tmp_path / "accounts.yml").write_text("{a: {appid: wx0000000000000002}, b: , c: {authorised: true}}")
    platform = Platform()
    accounts, component = add(platform, tmp_path / "accounts.yml")
    assert len({account.appid for account in accounts.values()}) == len(platform.accounts) == 3
    assert not accounts["b"].is_open
    assert accounts["b"].listed
    assert accounts["b"].standing.verified
    assert component
    assert [one.permission_sets for one in component.authorizers.values()] == [(11, 15)]
