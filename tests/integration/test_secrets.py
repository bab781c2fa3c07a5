# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nothing that Ansible writes shows a secret or a token, even with all options for more output.

The harness searches the output of every run in every test. In this one the output is largest. What modules write by themselves, whatever
the platform answers: see ``tests/modules``.
"""

from __future__ import annotations

import typing as t

import pytest

from tests.integration.harness import APPID, INFO, SECRET, SWITCH, WITH_ARGUMENTS, Ansible, leaks
from tests.simulator import Fault

if t.TYPE_CHECKING:
    from tests.integration.harness import Run
    from tests.simulator import Simulator

MENU = "wxops.official_account.wechat_menu"
ACCOUNT = "wxops.official_account.wechat_account"

# By host: what goes wrong.
PLANS: dict[str, dict[str, list[Fault]]] = {
    "nothing-wrong": {},
    "lost": {"enable": [Fault(lost=True)], "look": [Fault(), Fault(lost=True), Fault(lost=True)], "menu_get": [Fault(lost=True)] * 2},
    "echo-look": {"look": [Fault(errcode=99999, echo=True)], "menu_get": [Fault(errcode=99999, echo=True)]},
    "echo-change": {"enable": [Fault(errcode=99999, echo=True)], "menu_create": [Fault(errcode=99999, echo=True)]},
}
DECLARED = {"menu": {"button": [{"type": "click", "name": "Help", "key": "help"}]}}
# By task: the module, and what it declares.
TASKS: dict[str, tuple[str, dict[str, t.Any]]] = {
    "switch": (SWITCH, {}),
    "switch_info": (INFO, {}),
    "menu": (MENU, DECLARED),
    "menu_info": (f"{MENU}_info", {}),
    "account": (ACCOUNT, {**DECLARED, "draft_switch": "present"}),
}


@pytest.fixture(scope="module")
def loud(simulator: Simulator, ansible: Ansible) -> Run:
    """One play: a task for each module, on a host for each thing that goes wrong."""
    hosts: dict[str, dict[str, t.Any]] = {}
    accounts = []
    for host in (*PLANS, "unreachable", "swapped"):
        hosts[host] = dict(ansible.options)
        for task in TASKS:
            account = simulator.add()
            for call, faults in PLANS.get(host, {}).items():
                account.plan(call, *faults)
            accounts.append(account)
            hosts[host] |= {f"appid_{task}": account.appid, f"secret_{task}": account.secret}
    hosts["unreachable"]["api_url"] = "https://localhost:1"
    # An AppSecret in the wrong option, and text that the system's log could not take.
    swapped = {f"{option}_{task}": value for task in TASKS for option, value in (("appid", SECRET), ("secret", APPID))}
    hosts["swapped"] |= {**swapped, "ca_path": "/tmp/a\0b"}
    reach = {name: f"{{{{ option_{name} }}}}" for name in ansible.options}
    tasks = [
        {
            "name": task,
            module: {**reach, **declared, "appid": f"{{{{ option_appid_{task} }}}}", "secret": f"{{{{ option_secret_{task} }}}}"},
            "ignore_errors": True,
        }
        for task, (module, declared) in TASKS.items()
    ]
    done = ansible.play(hosts, "-vvvv", "--diff", tasks=tasks, environment={"ANSIBLE_DISPLAY_TRACEBACK": "always", **WITH_ARGUMENTS})
    assert {host: len(results) for host, results in done.results.items()} == dict.fromkeys(hosts, len(TASKS))
    assert sum(len(account.calls) for account in accounts) > len(PLANS) * len(TASKS)
    return done


def test_nothing_written_shows_a_secret(loud: Run) -> None:
    assert leaks(loud.written, {SECRET}) == []
    # Ansible really was that loud.
    assert "Loading callback plugin" in loud.output
    assert ("module_args" in loud.written) is bool(WITH_ARGUMENTS)


@pytest.mark.parametrize("task", TASKS)
def test_no_module_shows_its_arguments_but_as_ansible_does(task: str, loud: Run) -> None:
    number = list(TASKS).index(task)
    for results in loud.results.values():
        # wechat_account runs no module here.
        assert ("invocation" in results[number]) is (bool(WITH_ARGUMENTS) and task != "account")
    assert "msg_to_log" not in loud.results["swapped"][number]
