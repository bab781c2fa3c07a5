# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role: hosts as accounts, a list, staged rollouts, and what is refused. The report is in test_report."""

from __future__ import annotations

import collections
import json
import random
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.errcodes import SECRET_AND_LIST

from tests.integration.cases import CASES, ON, Case
from tests.integration.fleets import LOCAL, PLAYBOOK, hosts_of, listed, read, some, states, touched, variables_of
from tests.integration.harness import APPID, CORE, ROOT, SECRET, TOKEN, free_port, leaks
from tests.simulator import Fault

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible, Run
    from tests.simulator import Account, Simulator


def calls(run: Run) -> list[dict[str, t.Any]]:
    """The results of the role's calls for all hosts."""
    return [result for results in run.results.values() for result in results if "by_hosts" in result]


# --- Hosts as accounts.


def plan(account: Account, case: Case) -> None:
    account.plan("look", *case.look).plan("enable", *case.enable).plan("token", *case.token_call)


@pytest.fixture(scope="module")
def mixed() -> dict[str, Case]:
    """200 of the tables' cases: every kind of fault, on every call."""
    names = sorted(name for name, case in CASES.items() if not case.options)
    return {name: CASES[name] for name in random.Random(0).sample(names, 200)}


def test_200_accounts_with_every_kind_of_fault_twice_over(simulator: Simulator, ansible: Ansible, mixed: dict[str, Case]) -> None:
    accounts, hosts = {}, {}
    for name, case in mixed.items():
        accounts[name] = account = simulator.add(is_open=case.is_open, lag=case.lag)
        plan(account, case)
        hosts[name] = {"wechat_access_token": simulator.issue(account)} if case.token else variables_of(account)
    assert {case.reason for case in mixed.values()} == {case.reason for case in CASES.values()}

    first = ansible.role(hosts, "-vvvv")
    assert len(calls(first)) == 1
    for name, case in mixed.items():
        row = first.last()[name]
        assert {key: row[key] for key in case.expected} == case.expected, row
        assert (row["failure"] or {}).get("reason") == case.reason
        assert " ".join(accounts[name].calls) == case.calls
        recap = first.recap()[name]
        assert (recap["changed"], recap["failed"]) == (case.expected["changed"], case.reason is not None)

    for name, case in mixed.items():
        account = accounts[name]
        account.calls.clear()
        for queue in account.faults.values():
            queue.clear()
        # Draft boxes that are on stay on. Permanent failures occur again.
        if not account.is_open:
            account.lag = case.lag
            plan(account, case)
            hosts[name] = {"wechat_access_token": simulator.token(account)} if case.token else variables_of(account)
        elif case.token:
            hosts[name] = {"wechat_access_token": simulator.token(account)}
        account.lag = 0 if account.is_open else account.lag
    second = ansible.role(hosts)
    for name, case in mixed.items():
        expected = ON if accounts[name].is_open else case.expected
        assert {key: second.last()[name][key] for key in expected} == expected, second.last()[name]
    assert sum(recap["changed"] for recap in second.recap().values()) == 0


@pytest.mark.every_core
def test_check_mode_and_diff(simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator)
    done = ansible.role(hosts_of(accounts), "--check", "--diff")
    assert done.rc == 0
    assert {name: recap["changed"] for name, recap in done.recap().items()} == {f"acct-{n}": 1 - n % 2 for n in range(6)}
    assert [account.calls for account in accounts.values()] == [["token", "look"]] * 6
    assert done.last()["acct-0"]["diff"] == {"before": {"is_open": False}, "after": {"is_open": True}}
    assert done.last()["acct-1"]["diff"] == {"before": {"is_open": True}, "after": {"is_open": True}}
    assert done.output.count('+    "is_open": true') == 3
    assert "6 accounts: 3 would be turned on, which cannot be undone; 3 already on." in done.output


@pytest.mark.every_core
def test_each_host_has_its_own_line_in_the_recap_and_one_call_is_made(simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator)
    accounts["acct-4"].listed = False
    # The hosts are only names. There is no connection to them.
    hosts = {name: {**own, "ansible_connection": "ssh", "ansible_host": "192.0.2.1"} for name, own in hosts_of(accounts).items()}
    done = ansible.role(hosts)
    recaps = {name: (recap["changed"], recap["failed"], recap["unreachable"]) for name, recap in done.recap().items()}
    assert recaps == {
        "acct-0": (1, 0, 0),
        "acct-1": (0, 0, 0),
        "acct-2": (1, 0, 0),
        "acct-3": (0, 0, 0),
        "acct-4": (0, 1, 0),
        "acct-5": (0, 0, 0),
    }
    assert len(calls(done)) == 1
    assert "6 accounts: 2 turned on, which cannot be undone; 3 already on; 1 failed." in done.output
    assert "1 account: add 203.0.113.7 to the account's IP allow list" in done.output


def test_limit_and_slices_work_on_their_own_hosts_only(simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator)
    ansible.role(hosts_of(accounts), "--limit", "acct-2,acct-3")
    assert touched(accounts) == ["acct-2", "acct-3"]
    # AWX gives these hosts to the first of two slices.
    ansible.role(hosts_of(accounts), "--limit", ",".join(sorted(accounts)[0::2]))
    assert touched(accounts) == ["acct-0", "acct-2", "acct-3", "acct-4"]


@pytest.mark.every_core
def test_a_failing_canary_stops_the_rollout(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = some(simulator, 40)
    accounts["acct-0"].listed = False
    inventory = tmp_path / "fleet.json"
    inventory.write_text(json.dumps({"all": {"hosts": hosts_of(accounts), "vars": ansible.role_variables()}}))
    before = len(simulator.log)
    done = ansible.run(["ansible-playbook", PLAYBOOK, "-i", str(inventory)])
    assert done.rc == 2
    assert touched(accounts) == ["acct-0"]
    assert len(simulator.log) - before == 1
    assert set(done.recap()) == {"acct-0"}

    accounts["acct-0"].listed = True
    done = ansible.run(["ansible-playbook", PLAYBOOK, "-i", str(inventory)])
    assert [call["summary"]["total"] for call in calls(done)] == [1, 4, 35]
    assert done.rc == 0
    assert all(account.is_open for account in accounts.values())


@pytest.mark.every_core
def test_a_survey_looks_at_the_whole_fleet_in_one_stage(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = some(simulator, 21)
    for name in ("acct-0", "acct-1", "acct-7"):
        accounts[name].listed = False
    inventory = tmp_path / "fleet.json"
    inventory.write_text(json.dumps({"all": {"hosts": hosts_of(accounts), "vars": ansible.role_variables()}}))
    command = ["ansible-playbook", PLAYBOOK, "-i", str(inventory), "-e", "draft_switch_max_fail_percentage=0"]
    survey = ansible.run([*command, "--check", "-e", f"draft_switch_report_dir={tmp_path}", "-e", "draft_switch_stages=1,10%,100%"])
    assert survey.rc == 2
    assert [call["summary"] for call in calls(survey)] == [
        {"total": 21, "changed": 10, "unchanged": 8, "failed": 3, "not_attempted": 0, "retired": 0}
    ]
    report = read(tmp_path)
    assert collections.Counter(states(report)) == {"would_turn_on": 10, "on": 8, "failed": 3}
    assert [group["accounts"] for group in report["remedies"]] == [["acct-0", "acct-1", "acct-7"]]
    assert "enable" not in [call for account in accounts.values() for call in account.calls]

    for typed in ("some", "0"):
        refused = ansible.run([*command, "-e", f"draft_switch_stages={typed}"])
        assert "Failed to start: draft_switch_stages is not a list of stages; nothing was sent; give the number or the" in refused.prose
        assert "Traceback" not in refused.output


def test_stages_and_the_failures_they_bear_are_variables(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = some(simulator, 8)
    accounts["acct-1"].listed = False
    inventory = tmp_path / "fleet.json"
    fleet = {"hosts": hosts_of(accounts), "vars": ansible.role_variables()}
    inventory.write_text(json.dumps({"all": {"children": {"fleet": fleet, "others": {"hosts": {"bystander": {}}}}}}))
    stages = {"draft_switch_hosts": "fleet", "draft_switch_stages": '[2, "100%"]', "draft_switch_max_fail_percentage": 50}
    done = ansible.run(["ansible-playbook", PLAYBOOK, "-i", str(inventory), "-e", json.dumps(stages)])
    assert [call["summary"]["total"] for call in calls(done)] == [2, 6]
    assert done.recap()["acct-1"]["failed"] == 1
    assert len(done.recap()) == 8
    assert all(account.is_open for account in accounts.values())


@pytest.mark.parametrize("strategy", ["free", "ansible.builtin.host_pinned"])
@pytest.mark.parametrize("by", ["play", "environment"])
def test_strategies_that_do_not_wait_are_refused(by: str, strategy: str, simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator)
    how: dict[str, t.Any] = {"play": {"strategy": strategy}} if by == "play" else {"environment": {"ANSIBLE_STRATEGY": strategy}}
    done = ansible.role(hosts_of(accounts), **how)
    assert done.rc == 2
    assert f"the strategy {strategy} does not let hosts wait for each other" in done.output
    assert "nothing was sent" in done.output
    assert touched(accounts) == []


@pytest.mark.every_core
def test_a_condition_on_an_included_role_keeps_hosts_out(simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator)
    for account in accounts.values():
        account.is_open = False
    hosts = {name: {**own, "brand": "ab"[number % 2]} for number, (name, own) in enumerate(hosts_of(accounts).items())}
    include = {"ansible.builtin.include_role": {"name": PLAYBOOK}}
    tasks = [{"name": f"Brand {brand}", **include, "when": f"brand == '{brand}'"} for brand in "bb"]
    done = ansible.role(hosts, play={"roles": [], "tasks": tasks})
    assert done.rc == 0, done.output
    assert touched(accounts) == ["acct-1", "acct-3", "acct-5"]
    assert [list(call["accounts"]) for call in calls(done)] == [["acct-1", "acct-3", "acct-5"]] * 2
    ansible.role(hosts, play={"roles": [], "tasks": [{**tasks[0], "when": "brand == 'a'"}, tasks[1]]})
    assert [len(account.calls) for account in accounts.values()] == [4, 8, 4, 8, 4, 8]


def test_a_condition_that_keeps_the_call_from_being_made_is_told(simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator)
    role = {"role": PLAYBOOK, "when": "inventory_hostname != 'acct-0'"}
    done = ansible.role(hosts_of(accounts), play={"roles": [role]})
    assert done.rc == 2
    assert "put conditions on an include_role" in done.last()["acct-1"]["msg"]
    assert touched(accounts) == []


NOT_ACCT_1 = "inventory_hostname != 'acct-1'"
IMPORT = {"ansible.builtin.import_role": {"name": PLAYBOOK}}
INCLUDE = {"ansible.builtin.include_role": {"name": PLAYBOOK}}
WHERE = {
    "role": lambda keyword: {"roles": [{"role": PLAYBOOK, **keyword}]},
    "import_role": lambda keyword: {"roles": [], "tasks": [{**IMPORT, **keyword}]},
    "block": lambda keyword: {"roles": [], "tasks": [{"block": [IMPORT], **keyword}]},
    "block-in-block": lambda keyword: {"roles": [], "tasks": [{"block": [{"block": [IMPORT]}], **keyword}]},
    "include_role": lambda keyword: {"roles": [], "tasks": [{**INCLUDE, **keyword}]},
    "around-include_role": lambda keyword: {"roles": [], "tasks": [{"block": [INCLUDE], **keyword}]},
}


@pytest.mark.every_core
@pytest.mark.parametrize("where", WHERE)
def test_a_condition_that_leaves_out_another_host_than_the_first_holds_wherever_it_stands(
    where: str, simulator: Simulator, ansible: Ansible
) -> None:
    accounts = some(simulator, 3)
    ansible.role(hosts_of(accounts), play=WHERE[where]({"when": NOT_ACCT_1}))
    assert touched(accounts) == ["acct-0", "acct-2"]


@pytest.mark.every_core
@pytest.mark.parametrize("where", ["import_role", "block", "block-in-block"])
def test_check_mode_of_one_host_holds_wherever_it_stands(where: str, simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator, 3)
    hosts = {name: {**own, "dry": name == "acct-2"} for name, own in hosts_of(accounts).items()}
    done = ansible.role(hosts, play=WHERE[where]({"check_mode": "{{ dry }}"}))
    assert done.rc == 2
    assert touched(accounts) == []


@pytest.mark.every_core
@pytest.mark.parametrize("where", WHERE)
def test_a_host_that_failed_or_ended_before_takes_no_part(where: str, simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator, 4)
    before = [
        {"ansible.builtin.fail": None, "when": "inventory_hostname == 'acct-1'"},
        {"ansible.builtin.meta": "end_host", "when": "inventory_hostname == 'acct-2'"},
    ]
    done = ansible.role(hosts_of(accounts), play={**WHERE[where]({}), "pre_tasks": before})
    assert touched(accounts) == ["acct-0", "acct-3"]
    assert [recap["failed"] for recap in done.recap().values()] == [0, 1, 0, 0]


@pytest.mark.every_core
def test_a_rescue_works_on_those_that_failed_only(simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator, 3)
    failing = {"ansible.builtin.fail": None, "when": "inventory_hostname == 'acct-1'"}
    done = ansible.role(hosts_of(accounts), play={"roles": [], "tasks": [{"block": [failing], "rescue": [IMPORT]}]})
    assert done.rc == 0, done.output
    assert touched(accounts) == ["acct-1"]


@pytest.mark.parametrize("tasks", ["Turn on what is off, with one call for all", "Tell what became of each account"])
def test_a_role_that_is_entered_half_way_sends_nothing(tasks: str, simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator, 3)
    done = ansible.role(hosts_of(accounts), "--start-at-task", tasks)
    assert done.rc == 2
    assert touched(accounts) == []
    assert "run the whole role" in done.prose


@pytest.mark.every_core
def test_under_roles_no_host_has_a_task_of_its_own_but_the_last(simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator, 4)
    done = ansible.role(hosts_of(accounts))
    # Each host has Ansible's check of the arguments and its own result. The first host also has the tasks that run once.
    few = CORE >= (2, 21)
    assert [len(done.results[name]) for name in accounts] == ([6, 2, 2, 2] if few else [6, 3, 3, 3])
    again = ansible.role(hosts_of(accounts), play=WHERE["include_role"]({}))
    assert [len(again.results[name]) for name in list(accounts)[1:]] == [4, 4, 4]


@pytest.mark.every_core
def test_a_second_play_of_the_same_run_works_on_all_its_hosts(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = some(simulator)
    inventory, plays = tmp_path / "fleet.json", tmp_path / "plays.json"
    inventory.write_text(json.dumps({"all": {"hosts": hosts_of(accounts), "vars": ansible.role_variables()}}))
    play = {"hosts": "all", "gather_facts": False, "roles": [PLAYBOOK]}
    plays.write_text(json.dumps([{**play, "serial": 4}, play]))
    done = ansible.run(["ansible-playbook", "-i", str(inventory), str(plays)])
    assert sorted(call["summary"]["total"] for call in calls(done)) == [2, 4, 6]
    assert [recap["changed"] for recap in done.recap().values()] == [1, 0, 1, 0, 1, 0]


@pytest.mark.every_core
def test_credentials_may_be_templates_of_host_variables(simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator, 3)
    token = simulator.issue(accounts["acct-2"])
    hosts = {
        "acct-0": {"wechat_appid": "{{ appids[inventory_hostname] }}", "wechat_secret": "{{ lookup('ansible.builtin.vars', 'safe') }}"},
        "acct-1": {**variables_of(accounts["acct-1"]), "wechat_access_token": "{{ none_such | default(omit) }}"},
        "acct-2": {"wechat_appid": accounts["acct-2"].appid, "wechat_access_token": token},
    }
    hosts["acct-0"]["safe"] = accounts["acct-0"].secret
    done = ansible.role(hosts, variables={"appids": {name: account.appid for name, account in accounts.items()}})
    assert done.rc == 0, done.output
    assert accounts["acct-2"].calls == ["look", "enable", "look"]


# Host variables, and what the message says.
BAD: dict[str, tuple[dict[str, t.Any], str]] = {
    "undefined": (
        {"wechat_appid": APPID, "wechat_secret": "{{ nowhere_to_be_found }}"},
        "the host variable wechat_secret cannot be worked out; nothing was sent; see what is undefined in wechat_secret",
    ),
    "undefined-too": (
        {"wechat_appid": APPID, "wechat_secret": "{{nowhere_to_be_found}}"},
        "the host variable wechat_secret cannot be worked out",
    ),
    "incomplete": (
        {"wechat_appid": "wx00000000deadbee1"},
        "wechat_secret is missing; nothing was sent; give wechat_secret next to wechat_appid; for an account that has "
        "authorised a third-party platform, give draft_switch_component_appid and draft_switch_component_access_token instead",
    ),
    "malformed": ({"wechat_appid": "wx123", "wechat_secret": SECRET}, "wechat_appid is not wx and 16 hexadecimal characters"),
    "bare": (
        {"appid": APPID, "secret": SECRET},
        "the hosts of this play are taken as accounts, and this host has no credentials; nothing was sent; rename appid and secret to "
        "wechat_appid and wechat_secret",
    ),
    "none": (
        {},
        "give the host wechat_appid and wechat_secret, or only wechat_access_token; or, if the accounts are a list, give it as "
        "draft_switch_accounts.",
    ),
    "one": ({"wechat_appid": APPID, "wechat_secret": SECRET}, "the same account more than once; nothing was sent; keep one of those"),
    "alias": ({"wechat_appid": APPID, "wechat_secret": SECRET}, "the same account more than once"),
}


@pytest.mark.every_core
def test_a_host_whose_variables_cannot_be_used_fails_alone(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = some(simulator, 3)
    hosts = hosts_of(accounts) | {name: variables for name, (variables, _says) in BAD.items()}
    done = ansible.role(hosts, variables={"draft_switch_report_dir": str(tmp_path), "draft_switch_runer": "localhost"})
    assert done.rc == 2
    assert leaks(done.written, {SECRET}) == []
    for name, (_variables, says) in BAD.items():
        assert says in done.last()[name]["msg"]
        assert done.last()[name]["failure"]["reason"] == "operator"
    assert [len(account.calls) for account in accounts.values()] == [4, 2, 4]
    groups = [group["accounts"] for group in read(tmp_path)["remedies"]]
    assert sorted(groups) == [["bare"], ["incomplete"], ["malformed"], ["none"], ["one", "alias"], ["undefined", "undefined-too"]]
    assert (
        "draft_switch_runer is not a variable of the role draft_switch, and is not used. The nearest one is draft_switch_runner."
        in done.prose
    )


@pytest.mark.every_core
def test_the_input_of_the_whole_fleet_is_checked_before_the_canary(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = some(simulator, 20)
    accounts["acct-0"].is_open = True
    hosts = hosts_of(accounts)
    hosts["acct-16"]["wechat_secret"] = "{{ nowhere_to_be_found }}"
    inventory = tmp_path / "fleet.json"
    inventory.write_text(json.dumps({"all": {"hosts": hosts, "vars": ansible.role_variables()}}))
    command = ["ansible-playbook", PLAYBOOK, "-i", str(inventory), "-e", f"draft_switch_report_dir={tmp_path}"]
    done = ansible.run(command)
    assert done.rc == 2
    assert touched(accounts) == []
    assert "Not attempted: the variables of acct-16 cannot be used, and the rollout would end there" in done.last()["acct-0"]["msg"]
    rows = read(tmp_path)["accounts"]
    assert collections.Counter(row["state"] for row in rows.values()) == {"failed": 1, "not_attempted": 19}
    assert "the host variable wechat_secret cannot be worked out" in rows["acct-16"]["msg"]
    assert ["acct-16"] in [group["accounts"] for group in read(tmp_path)["remedies"]]

    # A rollout that may go on with a failure works on the others.
    done = ansible.run([*command, "-e", "draft_switch_max_fail_percentage=10"])
    assert {name for name, account in accounts.items() if not account.is_open} == {"acct-16"}
    assert [call["summary"]["failed"] for call in calls(done)] == [0, 0, 1]
    first, *others = calls(done)
    assert "This stage does not show whether accounts can be turned on: acct-0 was on already. To begin with an account" in first["msg"]
    assert not any("This stage" in call["msg"] for call in others)


def test_a_misspelt_list_of_accounts_is_not_taken_for_hosts(ansible: Ansible) -> None:
    done = ansible.role(LOCAL, variables={"draft_switch_account": [{"name": "a", "access_token": TOKEN}]})
    says = "the hosts of this play are taken as accounts, and this host has no credentials; nothing was sent; "
    assert says in done.last()["localhost"]["msg"]
    assert done.last()["localhost"]["msg"].endswith(
        "; or, if the accounts are a list, give it as draft_switch_accounts, not as draft_switch_account."
    )


def test_off_cannot_be_asked_for(simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator)
    done = ansible.role(hosts_of(accounts), variables={"draft_switch_state": "absent"})
    assert done.rc == 2
    assert "the API offers no call that turns the switch off; nothing was sent" in done.output
    assert touched(accounts) == []


def test_the_runner_needs_its_python(simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator)
    runner = {"ansible_connection": "local", "ansible_python_interpreter": "/nowhere/python"}
    hosts = {**hosts_of(accounts), "runner": runner}
    done = ansible.role(hosts, "--limit", "acct-*", variables={"draft_switch_runner": "runner"})
    assert [recap["failed"] for recap in done.recap().values()] == [1] * 6
    assert "nothing was sent; set ansible_python_interpreter of draft_switch_runner" in done.last()["acct-5"]["msg"]
    assert touched(accounts) == []


UNREACHABLE = {"ANSIBLE_CONNECTION_PLUGINS": str(ROOT / "tests/integration/connection")}


def test_a_runner_that_cannot_be_reached_can_be_rescued_by_another(simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator)
    hosts = {**hosts_of(accounts), "runner": {"ansible_connection": "unreachable"}}
    role = {"ansible.builtin.include_role": {"name": PLAYBOOK}}
    block = [{**role, "vars": {"draft_switch_runner": "runner"}}]
    done = ansible.role(hosts, "--limit", "acct-*", play={"roles": [], "tasks": block}, environment=UNREACHABLE)
    assert [recap["failed"] for recap in done.recap().values()] == [1] * 6
    assert "the runner could not be reached; nothing was sent" in done.last()["acct-3"]["msg"]
    assert touched(accounts) == []
    done = ansible.role(
        hosts, "--limit", "acct-*", play={"roles": [], "tasks": [{"block": block, "rescue": [role]}]}, environment=UNREACHABLE
    )
    assert done.rc == 0, done.output
    assert all(account.is_open for account in accounts.values())
    assert done.recap()["acct-4"]["rescued"] == 1


@pytest.mark.parametrize("failing", ["skipped", "undefined-runner", "bad-type"])
def test_a_call_that_was_not_made_leaves_nothing_for_the_next(failing: str, simulator: Simulator, ansible: Ansible) -> None:
    """The role runs for all hosts and fails. Then it runs for one of them, and works only on this one."""
    accounts = some(simulator, 4)
    for account in accounts.values():
        account.is_open = False
    role = {"name": PLAYBOOK, "rolespec_validate": False}
    tasks: dict[str, dict[str, t.Any]] = {
        "skipped": {"ansible.builtin.import_role": role, "when": "inventory_hostname != 'acct-0'"},
        "undefined-runner": {"ansible.builtin.include_role": role, "vars": {"draft_switch_runner": "{{ nowhere }}"}},
        "bad-type": {"ansible.builtin.include_role": role, "vars": {"draft_switch_timeout": "soon"}},
    }
    one = {"ansible.builtin.include_role": role, "when": "inventory_hostname == 'acct-2'"}
    ansible.role(hosts_of(accounts), play={"roles": [], "tasks": [{"block": [tasks[failing]], "rescue": [one]}]})
    assert touched(accounts) == ["acct-2"]


def test_hosts_of_both_modes_are_refused(simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator)
    hosts = {name: {**own, "dry": name in ("acct-2", "acct-4")} for name, own in hosts_of(accounts).items()}
    role = {"role": PLAYBOOK, "check_mode": "{{ dry }}"}
    done = ansible.role(hosts, play={"roles": [role]})
    assert all("some hosts are in check mode and some are not, as acct-2, acct-4" in result["msg"] for result in done.last().values())
    assert [recap["failed"] for recap in done.recap().values()] == [1] * 6
    assert touched(accounts) == []


DIFFERENT = {
    "draft_switch_state": "absent",
    "draft_switch_api_url": "https://localhost:1",
    "draft_switch_component_appid": "wx00000000deadbeef",
    "draft_switch_validate_certs": False,
    "draft_switch_ca_path": "/nowhere",
    "draft_switch_runner": "acct-2",
}


@pytest.mark.every_core
@pytest.mark.parametrize("name", DIFFERENT)
def test_variables_of_the_role_that_differ_are_refused(name: str, simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator)
    hosts = hosts_of(accounts)
    hosts["acct-1"][name] = DIFFERENT[name]
    done = ansible.role(hosts)
    assert (
        f"these variables are not the same for all hosts, and one call is made for all: {name} of acct-1; nothing was sent" in done.output
    )
    assert touched(accounts) == []


def test_variables_of_the_play_that_differ_by_host_are_refused(simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator)
    hosts = hosts_of(accounts)
    hosts["acct-1"]["wanted"] = "absent"
    done = ansible.role(hosts, play={"vars": {"draft_switch_state": "{{ wanted | default('present') }}"}})
    assert "one call is made for all: draft_switch_state of acct-1; nothing was sent" in done.output
    assert touched(accounts) == []


@pytest.mark.every_core
@pytest.mark.parametrize("play", [{"run_once": True}, {"roles": [{"role": PLAYBOOK, "run_once": True}]}], ids=["play", "role"])
def test_run_once_would_hide_who_failed(play: dict[str, t.Any], simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator)
    done = ansible.role(hosts_of(accounts), play=play)
    assert done.rc == 2
    assert "run_once is set for the role" in done.output
    assert touched(accounts) == []


def test_a_runner_that_cannot_become(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    sudo = tmp_path / "sudo"
    sudo.write_text("#!/bin/sh\necho 'a password is required' >&2\nexit 1\n")
    sudo.chmod(0o700)
    accounts = some(simulator)
    runner = {"ansible_connection": "local", "ansible_become": True, "ansible_become_exe": str(sudo), "ansible_become_user": "nobody"}
    done = ansible.role({**hosts_of(accounts), "runner": runner}, "--limit", "acct-*", variables={"draft_switch_runner": "runner"})
    for result in done.last().values():
        assert "no command can be run there as become_user; nothing was sent; check become, its password" in result["msg"]
    assert touched(accounts) == []


@pytest.mark.every_core
def test_a_task_s_time_out_leaves_no_account_untold(simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator)
    for account in accounts.values():
        account.plan("token", Fault(delay=20))
    task = {"ansible.builtin.include_role": {"name": PLAYBOOK, "apply": {"timeout": 4}}}
    done = ansible.role(hosts_of(accounts), play={"roles": [], "tasks": [task]}, variables={"draft_switch_timeout": 30})
    assert {result["failure"]["reason"] for result in done.last().values()} == {"outcome_unknown"}
    assert all(recap["failed"] == 1 for recap in done.recap().values())


def test_small_slices_stop_as_well_when_nobody_listens(simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator, 60)
    nobody = {"draft_switch_api_url": "https://127.0.0.1:1", "draft_switch_retries": 0}
    done = ansible.role(LOCAL, variables={"draft_switch_accounts": listed(accounts), "draft_switch_batch_size": 10, **nobody})
    (call,) = calls(done)
    assert call["summary"] == {"total": 60, "changed": 0, "unchanged": 0, "failed": 20, "not_attempted": 40, "retired": 0}
    assert "16 accounts in a row could not be reached" in call["accounts"]["acct-59"]["msg"]


@pytest.mark.parametrize("name", ["draft_switch_joined", "draft_switch_call"])
def test_variables_of_the_role_s_own_that_are_set_do_no_harm(name: str, simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator)
    done = ansible.role(hosts_of(accounts), "-e", f"{name}=yes", "--limit", "acct-1")
    assert done.rc == 2
    assert not set(touched(accounts)) - {"acct-1"}


def test_a_list_that_is_nothing_is_refused_and_not_read_as_all_hosts(simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator)
    done = ansible.role(hosts_of(accounts), variables={"draft_switch_accounts": None})
    assert done.rc == 2
    assert touched(accounts) == []


# --- A list.


def test_a_list_is_worked_on_in_slices(simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator, 12)
    accounts["acct-7"].listed = False
    variables = {"draft_switch_accounts": listed(accounts), "draft_switch_batch_size": 5}
    done = ansible.role(LOCAL, "-vvvv", "--diff", variables=variables)
    for line in ("accounts 1\u20135 of 12", "accounts 6\u201310 of 12", "accounts 11\u201312 of 12"):
        assert line in done.output.splitlines()
    (call,) = calls(done)
    assert list(call["accounts"]) == list(accounts)
    assert call["summary"] == {"total": 12, "changed": 6, "unchanged": 5, "failed": 1, "not_attempted": 0, "retired": 0}
    assert sorted(call["diff"]["after"]) == sorted(f"acct-{number}" for number in range(0, 12, 2))
    assert done.last()["localhost"]["msg"].split("\n") == [
        "12 accounts: 6 turned on, which cannot be undone; 5 already on; 1 failed.",
        "1 account: add 203.0.113.7 to the account's IP allow list, and run again after about 5 minutes; "
        f"the list is {SECRET_AND_LIST}: acct-7",
    ]
    assert done.recap()["localhost"] == {"ok": 5, "changed": 1, "unreachable": 0, "failed": 1, "skipped": 0, "rescued": 0, "ignored": 0}


def test_a_list_that_is_all_on_changes_nothing(simulator: Simulator, ansible: Ansible) -> None:
    accounts = {"a": simulator.add(is_open=True)}
    done = ansible.role(LOCAL, variables={"draft_switch_accounts": listed(accounts)})
    assert (done.rc, done.recap()["localhost"]["changed"]) == (0, 0)
    assert ansible.role(LOCAL, variables={"draft_switch_accounts": []}).rc == 0


@pytest.mark.every_core
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            {"draft_switch_accounts": [{"name": "a", "access_token": "canary-token-1"}] * 2},
            "the same name more than once: account 1 (a), 2 (a)",
        ),
        ({"draft_switch_accounts": [{"name": "a"}]}, "no credentials"),
        (
            {"draft_switch_accounts": [{"name": "a", "access_token": TOKEN}, {"name": "b", "appid": APPID, "sekret": SECRET}]},
            "draft_switch_accounts cannot be used: the unknown key sekret: account 2 (b); nothing was sent; is secret meant?",
        ),
        ({"draft_switch_batch_size": 0}, "draft_switch_batch_size is below 1"),
        ({"draft_switch_concurrency": 300}, "concurrency is not between 1 and 256"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_whole(change: dict[str, t.Any], says: str, simulator: Simulator, ansible: Ansible) -> None:
    before = len(simulator.log)
    variables = {"draft_switch_accounts": [{"name": "a", "access_token": "canary-token-1"}], "draft_switch_batch_size": 1, **change}
    done = ansible.role(LOCAL, variables=variables)
    assert done.rc == 2
    assert says in done.output
    assert "nothing was sent" in done.output
    assert len(simulator.log) == before


def test_a_list_is_for_one_host(simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator)
    done = ansible.role(hosts_of(accounts), variables={"draft_switch_accounts": listed(accounts)})
    assert done.rc == 2
    assert "draft_switch_accounts is given in a play of 6 hosts; nothing was sent" in done.output
    assert touched(accounts) == []


def test_a_stop_holds_for_the_slices_after(ansible: Ansible) -> None:
    accounts = [{"name": f"a{number:02}", "access_token": f"canary-token-{number}"} for number in range(90)]
    variables = {
        "draft_switch_accounts": accounts,
        "draft_switch_batch_size": 40,
        "draft_switch_concurrency": 1,
        "draft_switch_retries": 0,
        "draft_switch_api_url": f"http://127.0.0.1:{free_port()}",
    }
    done = ansible.role(LOCAL, variables=variables)
    (call,) = calls(done)
    assert call["summary"] == {"total": 90, "changed": 0, "unchanged": 0, "failed": 16, "not_attempted": 74, "retired": 0}
    assert "accounts 41\u201380 of 90" not in done.output


# --- What both publish.


@pytest.mark.parametrize("by", ["hosts", "list"])
def test_the_counts_are_published_over_all_batches(by: str, simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator)
    accounts["acct-5"].plan("look", Fault(errcode=45103))
    show = {"ANSIBLE_SHOW_CUSTOM_STATS": "true"}
    if by == "hosts":
        done = ansible.role(hosts_of(accounts), play={"serial": 2}, environment=show)
    else:
        done = ansible.role(LOCAL, variables={"draft_switch_accounts": listed(accounts), "draft_switch_batch_size": 2}, environment=show)
    shown = json.loads(done.output.split("RUN: ", 1)[1])
    counts = {"total": 6, "changed": 3, "unchanged": 2, "failed": 0, "not_attempted": 0, "retired": 1}
    assert shown == {f"draft_switch_{name}": count for name, count in counts.items()}
    assert done.output.count("is no longer offered") == 1
