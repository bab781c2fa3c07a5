# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every snippet of the guide to conditional menus, run in the guide's order."""

from __future__ import annotations

import typing as t

from tests.integration.pages import GUIDES, Walk, brands, server_of

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible
    from tests.simulator import Account, Simulator


def rules(account: Account) -> list[dict[str, str]]:
    """The strongest first."""
    return [one["matchrule"] for one in reversed(account.menus.conditional)]


def test_from_a_declaration_to_no_conditional_menus_and_back(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    with Walk(GUIDES / "guide_conditional_menus.rst", ansible, tmp_path, server_of(simulator)) as walk:
        accounts = brands(simulator, tmp_path)
        # The ids of the same tag differ.
        accounts["brand-b"].tags.add("Other")
        walk.write()

        foreseen, done = walk.run()
        assert [run.rc for run in (foreseen, done)] == [0, 0], foreseen.output + done.output
        # Check mode knows of the tag and of the menu that are yet to be made.
        assert '+      tag: "VIP"' in foreseen.output
        assert "the account has no tag" not in foreseen.output
        ios = {"client_platform_type": "1"}
        declared = {"brand-a": [{"tag_id": "100"}, ios], "brand-b": [{"tag_id": "101"}, ios]}
        assert {name: rules(account) for name, account in accounts.items()} == declared
        for account in accounts.values():
            # One token for all resources of the account, in check mode and without.
            assert account.calls.count("token") == 2
            changes = [call for call in account.calls if call in ("menu_create", "tags_create", "conditional_add", "conditional_delete")]
            assert changes == ["menu_create", "tags_create", "conditional_add", "conditional_add"]
            account.calls.clear()

        (gone,) = walk.run()
        assert gone.rc == 0, gone.output
        assert {name: rules(account) for name, account in accounts.items()} == {"brand-a": [], "brand-b": []}
        (back,) = walk.run()
        assert back.rc == 0, back.output
        assert {name: rules(account) for name, account in accounts.items()} == declared
