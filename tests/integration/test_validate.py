# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook validate: what hosts declare is checked without a network, a secret or a vault password."""

from __future__ import annotations

import typing as t

import pytest

from tests.integration.fleets import Encrypted, Fleet, Unsafe, menu

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible
    from tests.simulator import Simulator


@pytest.fixture
def fleet(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> Fleet:
    """A fleet whose secrets nobody has."""
    fleet = Fleet(simulator, ansible, tmp_path)
    fleet.add("shop-a", "shop-b", menu=menu("{{ inventory_hostname[:4] }}")).add("other", menu=menu("other"), draft_switch="present")
    fleet.hosts["shop-a"]["wechat_secret"] = "{{ vault_wechat_secrets[inventory_hostname] }}"
    fleet.hosts["shop-b"]["wechat_secret"] = Encrypted.of("0123456789abcdef0123456789abcdef")
    fleet.hosts["other"]["wechat_secret"] = "no secret at all"
    fleet.add("declares-nothing")
    return fleet


@pytest.mark.every_core
def test_what_is_well_formed_needs_no_secret_and_its_menus_are_on_one_page(fleet: Fleet) -> None:
    done = fleet.run("validate")
    assert done.rc == 0, done.output
    assert "3 accounts: what they declare is well formed." in done.output
    page = (fleet.reports / "account-menus.html").read_text("utf-8")
    assert page.count("https://shop.example/shop") == 1
    assert page.count("https://shop.example/other") == 1
    assert fleet.touched() == []


@pytest.mark.every_core
def test_each_fault_has_a_line_with_its_hosts_and_what_to_do_and_the_command_fails(fleet: Fleet) -> None:
    fleet.hosts["shop-a"]["wechat_menu"] = fleet.hosts["shop-b"]["wechat_menu"] = {"button": [{"type": "view", "name": "Shop"}]}
    fleet.add("unknown", "vaulted", "twice", "misspelt", "appid", menu=menu())
    fleet.hosts["unknown"]["wechat_menu"] = menu("{{ nowhere }}")
    fleet.hosts["vaulted"]["wechat_menu"] = Encrypted.of("{}")
    fleet.hosts["twice"]["wechat_appid"] = fleet.hosts["other"]["wechat_appid"].upper().replace("WX", "wx")
    fleet.hosts["misspelt"]["wechat_menus"] = fleet.hosts["misspelt"].pop("wechat_menu")
    fleet.hosts["appid"]["wechat_appid"] = "wx123"
    fleet.hosts["t{{ 1 }}"] = {"wechat_appid": "wx1234", "wechat_menu": menu()}
    fleet.hosts["declares-nothing"]["account_reprot_dir"] = "x"
    fleet.hosts["other"] |= {"wechat_menu": {"button": []}, "wechat_tags": "", "wechat_tag": "x"}
    fleet.hosts["hostile"] = {"wechat_menu": {"button": [{"type": "view", "name": Unsafe("{{ x }}\u202e"), "url": Unsafe("\x1b[31m")}]}}
    done = fleet.run("validate")
    assert done.rc == 2
    for line in (
        "shop-a, shop-b: menu cannot be used: button[0].url",
        "unknown: wechat_menu cannot be evaluated, because nowhere is undefined; define nowhere",
        "vaulted: wechat_menu cannot be evaluated, because Ansible Vault cannot decrypt it",
        "other: this host and twice are the same account; menu cannot be used: button is empty; to have no menu, declare absent, not an "
        "empty menu; tags cannot be used",
        "The variable wechat_tag is not used; is wechat_tags meant? (other)",
        "The variable account_reprot_dir is not used; is account_report_dir meant? (declares-nothing)",
        "misspelt: the host has the variable wechat_menus, which is not used; rename it to wechat_menu",
        "appid, t{{ 1 }}: wechat_appid is not wx",
        "hostile: menu cannot be used: button[0].url",
    ):
        assert [one for one in done.output.splitlines() if one.startswith(line)], done.output
    assert not {"\x1b", "\u202e"} & set(done.output)
    assert "10 accounts: what 10 of them declare cannot be used." in done.output
    recap = done.recap()
    assert {name for name, counts in recap.items() if counts["failed"]} == set(fleet.hosts) - {"declares-nothing"}
    assert fleet.touched() == []


def test_a_list_is_checked_account_by_account(fleet: Fleet) -> None:
    good = {"name": "good", "appid": "wx0123456789abcdef", "secret": "{{ vault_secret }}", "menu": menu(1)}
    bad = {"name": "bad", "access_token": "{{ vault_token }}", "menu": {"button": []}}
    fleet.hosts = {"localhost": {"account_accounts": [good, {**good, "name": "again"}, bad]}}
    done = fleet.run("validate")
    assert done.rc == 2
    assert "good: this host and again are the same account" in done.output
    assert "bad: menu cannot be used: button is empty" in done.output
    fleet.hosts["localhost"]["account_accounts"] = [good]
    assert fleet.run("validate").rc == 0
