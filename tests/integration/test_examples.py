# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every example of the modules' documentation, run as it is written."""

from __future__ import annotations

import json
import typing as t

import pytest
import yaml
from ansible_collections.wxops.official_account.plugins.modules import wechat_account_info, wechat_draft_switch, wechat_draft_switch_info

if t.TYPE_CHECKING:
    from types import ModuleType

    from tests.integration.harness import Ansible
    from tests.simulator import Account, Simulator

APPID, COMPONENT_APPID = "wx0123456789abcdef", "wxfedcba9876543210"


def run(module: ModuleType, simulator: Simulator, ansible: Ansible, account: Account, *arguments: str) -> list[dict[str, t.Any]]:
    """All examples of ``module`` in turn, for one account. The simulator stands in for the platform through the environment."""
    platform = simulator.components.get(COMPONENT_APPID) or simulator.add_component(appid=COMPONENT_APPID)
    platform.authorise(account)
    variables = {
        "vault_wechat_secret": account.secret,
        # It belongs to another account, because an account must not be given by its AppID and also by its token.
        "wechat_access_token": simulator.token(simulator.add(is_open=module is wechat_draft_switch)),
        "component_access_token": platform.token,
    }
    done = ansible.play(
        {"localhost": {}},
        "-e",
        json.dumps(variables),
        *arguments,
        tasks=yaml.safe_load(module.EXAMPLES),
        environment={"WECHAT_API_URL": simulator.url, "REQUESTS_CA_BUNDLE": str(simulator.ca_path)},
    )
    assert done.rc == 0, done.output
    return done.results["localhost"]


@pytest.fixture
def account(simulator: Simulator) -> Account:
    simulator.accounts.pop(APPID, None)
    return simulator.add(appid=APPID)


@pytest.mark.every_core
def test_the_switch_s_examples(simulator: Simulator, ansible: Ansible, account: Account) -> None:
    results = run(wechat_draft_switch, simulator, ansible, account)
    assert len(results) == 9
    assert [result["changed"] for result in results] == [True] + [False] * 8
    assert account.calls.count("enable") == 1


def test_the_switch_s_examples_in_check_mode(simulator: Simulator, ansible: Ansible, account: Account) -> None:
    account.is_open = True
    results = run(wechat_draft_switch, simulator, ansible, account, "--check")
    assert len(results) == 8, "the example that keeps off the network in a dry run"
    assert set(account.calls) == {"token", "authorizer_info", "authorizer_token", "look"}


@pytest.mark.every_core
def test_the_info_s_examples(simulator: Simulator, ansible: Ansible, account: Account) -> None:
    looked, shown, all_looked, all_shown = run(wechat_draft_switch_info, simulator, ansible, account)
    assert looked["is_open"] is False
    assert shown["msg"] == "The draft box is off."
    assert all_looked["summary"]["unchanged"] == 2
    assert all_shown["msg"] == ["brand-a", "brand-b"]
    assert set(account.calls) == {"token", "look"}


@pytest.mark.every_core
def test_the_account_info_s_examples(simulator: Simulator, ansible: Ansible, account: Account) -> None:
    account.templates.messages = {"m1": ("Delivery", "{{ 7 * 6 }}: {{no.DATA}}")}
    looked, to_do, failed_call, known, read, *ids = run(wechat_account_info, simulator, ansible, account)
    assert (looked["kind"], to_do["msg"]) == ("service", [])
    assert (failed_call["rid"]["at"], failed_call["rid"]["ok"]) == ("2021-10-22 14:26:12", False)
    assert known["msg"]["at"] == "2021-10-22 14:26:12"
    assert read["accounts"]["brand-a"]["parts"]["templates"]["templates"]["Delivery"][0]["keywords"] == [["", "no"]]
    assert ids[0]["results"][0]["msg"] == ["m1"]
    assert "rid" not in account.calls
