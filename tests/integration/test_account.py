# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``wechat_account`` in real plays. What it does with each resource, in this process: see ``test_wechat_account``."""

from __future__ import annotations

import typing as t

import pytest

from tests.integration.harness import TARGET
from tests.simulator import Fault

if t.TYPE_CHECKING:
    from tests.integration.harness import Ansible
    from tests.simulator import Simulator

ACCOUNT = "wxops.official_account.wechat_account"
MENU = {"button": [{"type": "view", "name": "Shop", "url": "https://shop.example/"}]}
BOTH = {"draft_switch": "present", "menu": MENU}

pytestmark = pytest.mark.every_core


def test_a_survey_then_the_change_then_nothing_to_do(simulator: Simulator, ansible: Ansible) -> None:
    account = simulator.add()
    surveyed = ansible.account(account, "--check", "--diff", module=ACCOUNT, **BOTH)
    assert surveyed.one()["changed"] is True
    assert "+draft_switch.is_open: true" in surveyed.output
    assert "https://shop.example/" in surveyed.output
    assert (account.is_open, account.menus.buttons) == (False, None)
    done = ansible.account(account, module=ACCOUNT, **BOTH)
    assert (done.rc, done.one()["changed"], account.is_open, account.menus.buttons) == (0, True, True, MENU["button"])
    again = ansible.account(account, module=ACCOUNT, **BOTH)
    assert (again.rc, again.one()["changed"], again.one()["request_sent"]) == (0, False, False)
    assert account.calls.count("token") == 3


def test_many_accounts_with_module_defaults(simulator: Simulator, ansible: Ansible) -> None:
    good, bad = simulator.add(), simulator.add()
    bad.plan("menu_create", Fault(errcode=45009))
    task = {
        ACCOUNT: {
            "draft_switch": "present",
            "accounts": [
                {"name": "good", "appid": good.appid, "secret": "{{ good_secret }}", "menu": MENU},
                {"name": "bad", "appid": bad.appid, "secret": "{{ bad_secret }}", "menu": MENU},
            ],
        },
        "module_defaults": {"group/wxops.official_account.wechat": ansible.options},
        "vars": {"ansible_python_interpreter": TARGET},
    }
    hosts = {"localhost": {}}
    run = ansible.play(hosts, "-e", f"good_secret={good.secret} bad_secret={bad.secret}", tasks=[task])
    result = run.one()
    assert (run.rc, result["changed"], result["failed"]) == (2, True, True)
    became = {name: (row["changed"], row["failed"]) for name, row in result["accounts"].items()}
    assert became == {"good": (True, False), "bad": (True, True)}
    assert result["summary"]["failed"] == 1
    assert (bad.is_open, bad.menus.buttons, good.menus.buttons) == (True, None, MENU["button"])
