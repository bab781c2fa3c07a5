# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role's work on another host is the same as in Ansible's worker: each case both ways."""

from __future__ import annotations

import json
import re
import sys
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.plugin_utils._record import paths_in, read

from tests.integration.endings import CONNECTIONS, ELSEWHERE, NEW, OLD, ROLE, Playbook, wait_until
from tests.simulator import Fault

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible, Run
    from tests.simulator import Account, Simulator

pytestmark = pytest.mark.every_core

BOTH = {"wechat_draft_switch": "present", "wechat_menu": {"button": NEW}}
MENU = {"wechat_menu": {"button": NEW}}
TAGS = {"wechat_tags": ["VIP"], "wechat_conditional_menus": [{"match": {"tag": "VIP"}, "menu": {"button": OLD}}]}
EVER = 20
# With the time that is read from it.
_RID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}\b|(?<=refused this at )[0-9: -]+(?= Beijing time)")


class Case(t.NamedTuple):
    """``became``: changed, request_sent, and the reason of the failure. ``faults``: by call. ``has``: whether it has what is declared.

    ``would``: the same in check mode, if that is not ``became`` without a request.
    """

    declares: dict[str, t.Any]
    became: tuple[bool, bool | None, str | None]
    faults: dict[str, list[Fault]] = {}  # noqa: RUF012
    has: bool = False
    would: tuple[bool, bool | None, str | None] | None = None


CASES = {
    "unchanged": Case(BOTH, (False, False, None), has=True),
    "changed": Case(BOTH, (True, True, None), would=(True, False, None)),
    "menu-alone": Case(MENU, (True, True, None), would=(True, False, None)),
    "all-resources": Case({**BOTH, **TAGS}, (True, True, None), would=(True, False, None)),
    "menu-deleted": Case({"wechat_menu": "absent"}, (True, True, None), would=(True, False, None)),
    "refused": Case(BOTH, (True, True, "protocol"), {"menu_create": [Fault(errcode=40018)]}, would=(True, False, None)),
    "lost-and-shown": Case(MENU, (True, True, None), {"menu_create": [Fault(lost=True, carried_out=True)]}, would=(True, False, None)),
    "lost-for-good": Case(MENU, (False, True, "transport"), {"menu_create": [Fault(lost=True)] * EVER}, would=(True, False, None)),
    "retired": Case({"wechat_draft_switch": "present"}, (False, False, None), {"look": [Fault(errcode=45103)] * EVER}),
    "first-fails": Case(BOTH, (False, False, "account"), {"look": [Fault(errcode=48001)] * EVER}, would=(True, False, "account")),
    "second-fails": Case(BOTH, (True, True, "account"), {"menu_get": [Fault(errcode=48001)] * EVER}, would=(True, False, "account")),
    "bad-option": Case({**MENU, "account_retries": -1}, (False, False, "operator")),
    "no-token": Case(MENU, (False, False, "operator"), {"token": [Fault(errcode=40125)] * EVER}),
}


@pytest.fixture(scope="module")
def both_ways(simulator: Simulator, ansible: Ansible, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, bool], Ran]:
    return {
        (way, check): run_all(simulator, ansible, tmp_path_factory.mktemp("run"), way, check)
        for way in ("in the worker", "elsewhere")
        for check in (True, False)
    }


class Ran(t.NamedTuple):
    run: Run
    results: dict[str, dict[str, t.Any]]
    accounts: dict[str, Account]
    folder: Path


def prepared(account: Account, case: Case) -> Account:
    account.menus.buttons = NEW if case.has else OLD
    account.is_open = case.has
    for call, faults in case.faults.items():
        account.plan(call, *faults)
    return account


def run_all(simulator: Simulator, ansible: Ansible, folder: Path, way: str, check: bool) -> Ran:
    accounts = {name: prepared(simulator.add(), case) for name, case in CASES.items()}
    hosts: dict[str, dict[str, t.Any]] = {
        name: {"wechat_appid": account.appid, "wechat_secret": account.secret, **CASES[name].declares} for name, account in accounts.items()
    }
    # Another host has a list of accounts, which declare the same.
    listed = {name: prepared(simulator.add(), case) for name, case in CASES.items()}
    hosts["list"] = {
        "account_accounts": [
            {
                "name": f"{name}-listed",
                "appid": account.appid,
                "secret": account.secret,
                **{key[7:]: value for key, value in CASES[name].declares.items() if key in {**BOTH, **TAGS}},
            }
            for name, account in listed.items()
        ]
    }
    # These two ways come from the host that runs Ansible.
    variables = {f"account_{name}": value for name, value in ansible.options.items() if name != "api_url"}
    variables |= {"account_report_dir": str(folder / "reports"), "account_runner": "localhost" if way == "in the worker" else "there"}
    inventory = {"accounts": {"hosts": hosts, "vars": variables}, "runners": {"hosts": {"there": ELSEWHERE}}}
    (folder / "inventory.json").write_text(json.dumps(inventory))
    # A list is for a play of its own.
    plays = [
        {"hosts": pattern, "gather_facts": False, "roles": ["wxops.official_account.account"]} for pattern in ("accounts:!list", "list")
    ]
    (folder / "play.json").write_text(json.dumps(plays))
    command = ["ansible-playbook", "-i", "inventory.json", "play.json", "-f", "6", "--diff", *["--check"] * check]
    run = ansible.run(command, folder, {**CONNECTIONS, "WECHAT_API_URL": simulator.url})
    assert run.rc == 2, run.output
    results = {name: next(one for one in run.results[name] if "resources" in one or "accounts" in one) for name in hosts}
    return Ran(run, results, {**accounts, **{f"{name}-listed": one for name, one in listed.items()}}, folder)


def told(result: dict[str, t.Any]) -> dict[str, t.Any]:
    """``result`` without what Ansible adds to that of a module, and without the numbers and times of refusals."""
    own = {name: value for name, value in result.items() if not name.startswith("_ansible") and name not in ("invocation", "exception")}
    return t.cast("dict[str, t.Any]", json.loads(_RID.sub("<rid>", json.dumps(own))))


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_a_case_becomes_the_same(name: str, check: bool, both_ways: dict[tuple[str, bool], Ran]) -> None:
    case = CASES[name]
    became = case.would or case.became if check else case.became
    here, there = both_ways["in the worker", check], both_ways["elsewhere", check]
    for ran in (here, there):
        row = ran.results[name]
        assert (row["changed"], row["request_sent"], (row["failure"] or {}).get("reason")) == became, row
        if name != "bad-option":
            assert told(ran.results["list"]["accounts"][f"{name}-listed"])["msg"] == told(row)["msg"]
    assert told(here.results[name]) == told(there.results[name])
    mine, other = here.accounts[name], there.accounts[name]
    assert (mine.is_open, mine.menus.buttons) == (other.is_open, other.menus.buttons)
    changes = [[call for call in account.calls if call in ("enable", "menu_create", "menu_delete")] for account in (mine, other)]
    assert changes[0] == changes[1]
    assert not (check and changes[0])


@pytest.mark.parametrize("check", [False, True])
def test_a_list_becomes_the_same(check: bool, both_ways: dict[tuple[str, bool], Ran]) -> None:
    here, there = both_ways["in the worker", check], both_ways["elsewhere", check]
    assert told(here.results["list"]) == told(there.results["list"])


@pytest.mark.parametrize("check", [False, True])
def test_the_record_is_the_same(check: bool, both_ways: dict[tuple[str, bool], Ran]) -> None:
    recorded = []
    for way in ("in the worker", "elsewhere"):
        kept: dict[str, t.Any] = {}
        rows: dict[str, t.Any] = {}
        for path in paths_in(both_ways[way, check].folder / "reports"):
            found = read(path)
            kept.update(found.kept)
            rows.update({name: {key: value for key, value in row.items() if key != "at"} for name, row in found.rows.items()})
        recorded.append((kept, told(rows)))
    assert recorded[0] == recorded[1]
    assert bool(recorded[0][0]) is not check
    assert set(recorded[0][1]) == {*CASES, *(f"{name}-listed" for name in CASES)}


def test_the_diff_names_the_account(both_ways: dict[tuple[str, bool], Ran]) -> None:
    for ran in both_ways.values():
        assert "--- before: changed\n+++ after: changed\n" in ran.run.output


def test_what_is_replaced_is_on_this_disk_before_the_change_is_sent(simulator: Simulator, tmp_path: Path) -> None:
    playbook = Playbook(simulator, tmp_path, ROLE, count=1, look_takes=0.0, enough=1, runner=ELSEWHERE)
    account = playbook.accounts["acct-000"].plan("menu_create", Fault(delay=60.0))
    with playbook.running():
        wait_until(playbook.has_begun, "the change")
        # There is no answer to it yet.
        recorded = playbook.recorded()
        assert account.menus.buttons == OLD
    assert recorded.kept["acct-000"]["menu"]["menu"] == {"button": OLD}
    assert recorded.rows == {}


def test_become_goes_to_another_process(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    """A worker would ignore it. This su says who calls it, and starts what it is given."""
    playbook = Playbook(simulator, tmp_path, ROLE, count=2, look_takes=0.0, keywords={"become": True})
    su = tmp_path / "su"
    su.write_text(f'#!/bin/sh\necho called >> {tmp_path}/called\nwhile [ "$1" != -c ]; do shift; done\nexec /bin/sh -c "$2"\n')
    su.chmod(0o755)
    inventory = json.loads((tmp_path / "inventory.json").read_text())
    become = {"ansible_become_method": "su", "ansible_become_exe": str(su), "ansible_python_interpreter": sys.executable}
    inventory["all"]["hosts"]["localhost"] = {"ansible_connection": "local", **become}
    (tmp_path / "inventory.json").write_text(json.dumps(inventory))
    done = ansible.run(playbook.command, tmp_path, {"ANSIBLE_BECOME_ALLOW_SAME_USER": "true"})
    assert done.rc == 0, done.output
    assert (tmp_path / "called").read_text()
    assert [account.menus.buttons for account in playbook.accounts.values()] == [NEW, NEW]
    assert set(playbook.recorded().kept) == set(playbook.accounts)
