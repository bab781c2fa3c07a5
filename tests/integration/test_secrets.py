# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nothing that Ansible writes shows a secret or a token, even with all options for more output.

The harness searches the output of every run in every test. In these tests the output is largest.
"""

from __future__ import annotations

import time
import typing as t
from urllib.parse import quote, unquote

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.patience import Patience
from ansible_collections.wxops.official_account.plugins.module_utils._resource.draft_switch import DRAFT_SWITCH
from ansible_collections.wxops.official_account.plugins.module_utils._run.credentials import Credentials
from ansible_collections.wxops.official_account.plugins.module_utils._run.service import Service, Sessions, secrets_masked_in

from tests.integration.harness import CORE, INFO, SWITCH, WITH_ARGUMENTS, Ansible, leaks
from tests.simulator import Fault

if t.TYPE_CHECKING:
    from tests.simulator import Account, Simulator

LOUD = ("-vvvv", "--diff")
LOUDER = {"ANSIBLE_DISPLAY_TRACEBACK": "always", **WITH_ARGUMENTS}

PLANS: dict[str, dict[str, list[Fault]]] = {
    "nothing-wrong": {},
    "lost": {"enable": [Fault(lost=True)], "look": [Fault(), Fault(lost=True), Fault(lost=True)]},
    "cut": {"look": [Fault(body=b'{"errcode":0}', cut=True)] * 2},
    "late": {"look": [Fault(delay=30.0)] * 2},
    "echo-look": {"look": [Fault(errcode=99999, echo=True)]},
    "echo-token": {"token": [Fault(errcode=99999, echo=True)]},
    "echo-enable": {"enable": [Fault(errcode=99999, echo=True)]},
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


@pytest.mark.parametrize("module", [SWITCH, INFO])
@pytest.mark.parametrize("arguments", [LOUD, (*LOUD, "--check")])
def test_nothing_written_shows_a_secret(simulator: Simulator, ansible: Ansible, module: str, arguments: tuple[str, ...]) -> None:
    planned = accounts(simulator)
    hosts = {name: {**ansible.options, "appid": account.appid, "secret": account.secret} for name, account in planned.items()}
    hosts["unreachable"] = {**hosts["nothing-wrong"], "api_url": "https://localhost:1"}
    hosts["untrusted"] = {name: value for name, value in hosts["nothing-wrong"].items() if name != "ca_path"}
    done = ansible.play(hosts, *arguments, module=module, environment=LOUDER)
    assert len(done.results) == len(hosts)
    assert sum(len(account.calls) for account in planned.values()) > len(planned)


@pytest.mark.parametrize("name", ["echo-look", "echo-token", "echo-enable"])
def test_an_echoed_secret_is_cut_out_of_errmsg(name: str, simulator: Simulator, ansible: Ansible) -> None:
    account = accounts(simulator)[name]
    errmsg = ansible.account(account).one()["failure"]["errmsg"]
    assert errmsg.startswith("bad request: ")
    assert "***" in errmsg
    assert leaks(errmsg, {account.secret, account.token} - {""}) == []


def test_ansible_really_was_that_loud(simulator: Simulator, ansible: Ansible) -> None:
    account = simulator.add()
    done = ansible.play({"localhost": {**ansible.options, "appid": account.appid, "secret": account.secret}}, *LOUD, environment=LOUDER)
    assert "ESTABLISH LOCAL CONNECTION" in done.output
    assert ("module_args" in done.written) is bool(WITH_ARGUMENTS)


def test_a_short_secret_does_not_shred_the_output(simulator: Simulator, ansible: Ansible) -> None:
    # See test_options for what ansible-core 2.22 does with a single character.
    done = ansible.account(simulator.add(), secret="e" if CORE < (2, 22) else "canary")
    assert done.one()["msg"].startswith("Failed to start: secret is not 32 hexadecimal characters; nothing was sent;")
    assert "PLAY RECAP" in done.output
    assert "unreachable=0" in done.output


def test_secrets_and_tokens_are_registered_for_masking_in_every_spelling(simulator: Simulator, ansible: Ansible) -> None:
    account = simulator.add()
    masked: set[str] = set()
    given = Credentials(appid=account.appid, secret=account.secret)
    reach = {**ansible.options, "validate_certs": True, "component_appid": None, "component_access_token": None}
    service = Service(reach, [given], secrets_masked_in(masked), pytest.fail)
    assert masked == {account.secret}
    patience = Patience(pauses=service.pauses, sleep=time.sleep)
    assert Sessions(service, {"one": given}, patience).reader(given).read(DRAFT_SWITCH.look) is False
    assert masked >= {account.secret, account.token, quote(account.token), quote(account.token, safe="")}
    assert {unquote(unquote(spelling)) for spelling in masked} == {account.secret, account.token}
