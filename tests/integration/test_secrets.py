# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nothing that Ansible writes shows a secret or a token, even with all options for more output.

The harness searches the output of every run in every test. In these tests the output is largest.
"""

from __future__ import annotations

import typing as t

import pytest

from tests.integration.harness import APPID, CORE, INFO, SECRET, SWITCH, WITH_ARGUMENTS, Ansible, leaks
from tests.simulator import Fault

if t.TYPE_CHECKING:
    from tests.simulator import Account, Simulator

MENU = "wxops.official_account.wechat_menu"
ACCOUNT = "wxops.official_account.wechat_account"
LOUD = ("-vvvv", "--diff")
LOUDER = {"ANSIBLE_DISPLAY_TRACEBACK": "always", **WITH_ARGUMENTS}

PLANS: dict[str, dict[str, list[Fault]]] = {
    "nothing-wrong": {},
    "lost": {"enable": [Fault(lost=True)], "look": [Fault(), Fault(lost=True), Fault(lost=True)]},
    "cut": {"look": [Fault(body=b'{"errcode":0}', cut=True)] * 2},
    "echo-look": {"look": [Fault(errcode=99999, echo=True)], "menu_get": [Fault(errcode=99999, echo=True)]},
    "echo-token": {"token": [Fault(errcode=99999, echo=True)]},
    "echo-change": {"enable": [Fault(errcode=99999, echo=True)], "menu_create": [Fault(errcode=99999, echo=True)]},
    "busy": {"token": [Fault(errcode=-1, echo=True)] * 2},
    "dead": {"look": [Fault(errcode=40001, new_token=True, echo=True)] * 2},
}


def accounts(simulator: Simulator) -> dict[str, Account]:
    planned = {}
    for name, plan in PLANS.items():
        planned[name] = simulator.add()
        for call, faults in plan.items():
            planned[name].plan(call, *faults)
    return planned


DECLARED = {"menu": {"button": [{"type": "click", "name": "Help", "key": "help"}]}}


@pytest.mark.parametrize(
    ("module", "options"),
    [(SWITCH, {}), (INFO, {}), (MENU, DECLARED), (f"{MENU}_info", {}), (ACCOUNT, {**DECLARED, "draft_switch": "present"})],
    ids=["switch", "switch-info", "menu", "menu-info", "account"],
)
def test_nothing_written_shows_a_secret(module: str, options: dict[str, t.Any], simulator: Simulator, ansible: Ansible) -> None:
    planned = accounts(simulator)
    hosts = {name: {**ansible.options, **options, "appid": one.appid, "secret": one.secret} for name, one in planned.items()}
    hosts["unreachable"] = {**hosts["nothing-wrong"], "api_url": "https://localhost:1"}
    hosts["untrusted"] = {name: value for name, value in hosts["nothing-wrong"].items() if name != "ca_path"}
    # An AppSecret in the wrong option, and text that the system's log could not take.
    hosts["swapped"] = {**hosts["nothing-wrong"], "appid": SECRET, "secret": APPID, "ca_path": "/tmp/a\0b"}
    done = ansible.play(hosts, *LOUD, *(["--check"] if module == INFO else []), module=module, environment=LOUDER)
    assert len(done.results) == len(hosts)
    assert sum(len(account.calls) for account in planned.values()) > len(planned)
    assert leaks(done.written, {SECRET}) == []
    assert "msg_to_log" not in done.one("swapped")
    # Ansible really was that loud.
    assert "Loading callback plugin" in done.output
    # wechat_account runs no module here.
    assert ("module_args" in done.written) is (bool(WITH_ARGUMENTS) and module != ACCOUNT)


def test_a_short_secret_does_not_shred_the_output(simulator: Simulator, ansible: Ansible) -> None:
    # From 2.22 on Ansible masks a single character itself.
    done = ansible.account(simulator.add(), secret="e" if CORE < (2, 22) else "canary")
    assert done.one()["msg"].startswith("Failed to start: secret is not 32 hexadecimal characters; nothing was sent;")
    assert "PLAY RECAP" in done.output
    assert "unreachable=0" in done.output
