# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the roles account and draft_switch do: each host's task is a task like any other of Ansible."""

from __future__ import annotations

import json
import random
import re
import subprocess
import typing as t

import pytest

from tests.integration.fleets import PASSWORD, ROLE, Encrypted, Fleet, Unsafe, listed, menu
from tests.integration.harness import BIN, base_environment, leaks, secrets_of
from tests.modules.switch_cases import CASES
from tests.simulator import Fault

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible
    from tests.simulator import Simulator

TASK = "Bring each account to what it declares"
IMPORT = {"ansible.builtin.import_role": {"name": ROLE}}
INCLUDE = {"ansible.builtin.include_role": {"name": ROLE}}


@pytest.fixture
def fleet(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> Fleet:
    return Fleet(simulator, ansible, tmp_path)


@pytest.fixture(scope="module")
def shared(simulator: Simulator, ansible: Ansible, tmp_path_factory: pytest.TempPathFactory) -> t.Callable[[], Fleet]:
    """Makes a fleet for a run that several tests look at."""
    return lambda: Fleet(simulator, ansible, tmp_path_factory.mktemp("fleet"))


# --- What it does.


@pytest.mark.every_core
def test_each_host_is_brought_to_what_it_declares_with_one_token_and_a_second_run_changes_nothing(fleet: Fleet) -> None:
    fleet.add("both", draft_switch="present", menu=menu()).add("as-declared", is_open=True, draft_switch="present")
    fleet.add("no-menu", menu="absent").add("nothing").add("null", menu=None)
    fleet.accounts["no-menu"].menus.buttons = menu("old")["button"]
    # The hosts are only names. There is no connection to them.
    for host in fleet.hosts.values():
        host.update(ansible_connection="ssh", ansible_host="192.0.2.1")
    done = fleet.play()
    assert done.rc == 0, done.output
    assert {name: account.calls for name, account in fleet.accounts.items()} == {
        "both": ["token", "look", "enable", "look", "menu_get", "selfmenu", "menu_create", "menu_get"],
        "as-declared": ["token", "look"],
        "no-menu": ["token", "menu_get", "selfmenu", "menu_delete", "menu_get", "selfmenu"],
        "nothing": [],
        "null": [],
    }
    assert {host: recap["changed"] for host, recap in done.recap().items()} == dict.fromkeys(fleet.hosts, 0) | {"both": 1, "no-menu": 1}
    host = fleet.simulator.url.removeprefix("https://")
    assert f"3 accounts to bring to what they declare; hosts that declare nothing: 2; requests go to {host}." in done.prose
    # Ansible's check of the arguments, and its own task. The first host also has the tasks that run once.
    assert {host: len(results) for host, results in done.results.items()} == dict.fromkeys(fleet.hosts, 2) | {"both": 4}
    assert "WARNING" not in done.output

    fleet.forget()
    again = fleet.play()
    assert (again.rc, fleet.changed()) == (0, [])
    assert {recap["changed"] for recap in again.recap().values()} == {0}


@pytest.mark.every_core
def test_check_mode_changes_nothing_and_the_diff_names_each_account(fleet: Fleet) -> None:
    fleet.add("one", draft_switch="present").add("other", menu=menu("new"))
    fleet.accounts["other"].menus.buttons = menu("old")["button"]
    done = fleet.play("--check", "--diff")
    assert done.rc == 0
    assert fleet.changed() == []
    assert {host: recap["changed"] for host, recap in done.recap().items()} == {"one": 1, "other": 1}
    for line in ("--- before: one", "-draft_switch.is_open: false", "--- before: other", '-      url: "https://shop.example/old"'):
        assert line in done.output.splitlines()
    stats = json.loads(done.output.split("RUN: ", 1)[1])
    assert sorted(stats["account_would_change"]) == ["one", "other"]
    (record,) = fleet.records()
    assert [line["event"] for line in record] == ["begin", "after", "after"]


# --- Where it stands, and for whom. One run has a play for each place.

NOT_FIRST, NOT_SECOND = "not inventory_hostname.endswith('1')", "not inventory_hostname.endswith('2')"
PLACES: dict[str, t.Callable[[dict[str, t.Any]], dict[str, t.Any]]] = {
    "roles": lambda keyword: {"roles": [{"role": ROLE, **keyword}]},
    "import_role": lambda keyword: {"tasks": [{**IMPORT, **keyword}]},
    "include_role": lambda keyword: {"tasks": [{**INCLUDE, **keyword}]},
    "block": lambda keyword: {"tasks": [{"block": [{"block": [IMPORT]}], **keyword}]},
    "block-of-include": lambda keyword: {"tasks": [{"block": [INCLUDE], **keyword}]},
}
BEFORE = [
    {"ansible.builtin.fail": None, "when": f"not ({NOT_FIRST})"},
    {"ansible.builtin.meta": "end_host", "when": f"not ({NOT_SECOND})"},
]
RESCUED = {"block": [{"ansible.builtin.fail": None, "when": NOT_FIRST}], "rescue": [IMPORT]}


@pytest.fixture(scope="module")
def in_places(shared: t.Callable[[], Fleet]) -> Fleet:
    fleet = shared()
    plays = []
    for place, with_keyword in PLACES.items():
        for what, play in {
            "first": with_keyword({"when": NOT_FIRST}),
            "second": with_keyword({"when": NOT_SECOND}),
            "ended": {**with_keyword({}), "pre_tasks": BEFORE},
        }.items():
            group = f"{place.replace('-', '_')}_{what}"
            fleet.add(*(f"{group}_{number}" for number in (1, 2, 3)), group=group, draft_switch="present")
            plays.append({"hosts": group, **play})
    fleet.add("rescue_1", "rescue_2", group="rescue", draft_switch="present")
    done = fleet.play(plays=[*plays, {"hosts": "rescue", "tasks": [RESCUED]}])
    assert "rescue_2" in done.recap(), done.output
    return fleet


@pytest.mark.every_core
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("what", "worked_on"),
    [("first", ["2", "3"]), ("second", ["1", "3"]), ("ended", ["3"])],
    ids=["first-skipped", "second-skipped", "ended"],
)
def test_hosts_that_are_left_out_are_left_alone_and_the_others_are_worked_on(
    place: str, what: str, worked_on: list[str], in_places: Fleet
) -> None:
    group = f"{place.replace('-', '_')}_{what}"
    assert [name.rsplit("_", 1)[1] for name in in_places.groups[group] if in_places.accounts[name].calls] == worked_on
    assert all(in_places.accounts[f"{group}_{number}"].is_open for number in worked_on)


@pytest.mark.every_core
def test_a_rescue_works_only_on_the_hosts_that_failed(in_places: Fleet) -> None:
    assert [bool(in_places.accounts[name].calls) for name in ("rescue_1", "rescue_2")] == [False, True]


@pytest.mark.every_core
def test_each_play_has_its_record_also_if_its_first_host_takes_no_part(in_places: Fleet) -> None:
    records = in_places.records()
    assert len(records) == 3 * len(PLACES) + 1
    after = [line["account"] for record in records for line in record if line["event"] == "after"]
    assert sorted(after) == sorted(in_places.touched())


# --- What a task sees. One run has a play for each way to give a variable.


def own(name: str) -> str:
    """A text that each host has for itself."""
    return f"{{{{ '{name}-' ~ inventory_hostname }}}}"


WAYS: dict[str, dict[str, t.Any]] = {
    "play-vars": {"vars": {"wechat_menu": menu(own("play"))}, "roles": [ROLE]},
    "vars-files": {"vars_files": ["declared.json"], "roles": [ROLE]},
    "role-vars": {"roles": [{"role": ROLE, "vars": {"wechat_menu": menu(own("vars"))}}]},
    "import-vars": {"tasks": [{**IMPORT, "vars": {"wechat_menu": menu(own("import"))}}]},
    "include-vars": {"tasks": [{**INCLUDE, "vars": {"wechat_menu": menu(own("include"))}}]},
    "block-vars": {"tasks": [{"block": [IMPORT], "vars": {"wechat_menu": menu(own("block"))}}]},
    "set-fact": {"tasks": [{"ansible.builtin.set_fact": {"wechat_menu": menu(own("fact"))}}, IMPORT]},
    "registered": {
        "tasks": [
            {"ansible.builtin.debug": {"msg": own("registered")}, "register": "said"},
            {**INCLUDE, "vars": {"wechat_menu": menu("{{ said.msg }}")}},
        ]
    },
    "loop": {"tasks": [{**INCLUDE, "loop": ["a", "b"], "vars": {"wechat_menu": menu("{{ item }}-{{ inventory_hostname }}")}}]},
    "twice": {
        "roles": [{"role": ROLE, "vars": {"wechat_draft_switch": "present"}}, {"role": ROLE, "vars": {"wechat_menu": menu(own("twice"))}}]
    },
    "throttle": {"vars": {"wechat_menu": menu(own("throttle"))}, "tasks": [{**IMPORT, "throttle": 1}]},
    "free": {"vars": {"wechat_menu": menu(own("free"))}, "strategy": "free", "roles": [ROLE]},
    "host-pinned": {"vars": {"wechat_menu": menu(own("pinned"))}, "strategy": "host_pinned", "serial": 2, "roles": [ROLE]},
    "check-mode-of-a-host": {
        "vars": {"wechat_menu": menu(own("dry"))},
        "tasks": [{**IMPORT, "check_mode": "{{ inventory_hostname.endswith('2') }}"}],
    },
    "check-mode-of-the-task": {
        "vars": {"wechat_menu": menu(own("dry"))},
        "tasks": [{"ansible.builtin.include_role": {"name": ROLE, "apply": {"check_mode": True}}}],
    },
    "check-mode-first": {"vars": {"wechat_menu": menu(own("second"))}, "tasks": [{"block": [INCLUDE], "check_mode": True}, INCLUDE]},
    # The first host has this variable.
    "hostvars": {
        "vars": {"wechat_menu": "{{ hostvars['hostvars_1'].shared }}"},
        "serial": [1, 1, 1],
        "max_fail_percentage": 0,
        "roles": [ROLE],
    },
}
ENDS = {
    **dict.fromkeys(WAYS, ""),
    "play-vars": "play",
    "vars-files": "file",
    "role-vars": "vars",
    "import-vars": "import",
    "include-vars": "include",
    "block-vars": "block",
    "set-fact": "fact",
    "registered": "registered",
    "loop": "b",
    "twice": "twice",
    "throttle": "throttle",
    "free": "free",
    "host-pinned": "pinned",
    "check-mode-of-a-host": "dry",
    "check-mode-of-the-task": None,
    "check-mode-first": "second",
    "hostvars": "hostvars",
}


@pytest.fixture(scope="module")
def in_ways(shared: t.Callable[[], Fleet]) -> Fleet:
    fleet = shared()
    (fleet.folder / "declared.json").write_text(json.dumps({"wechat_menu": menu(own("file"))}))
    plays = []
    for way, play in WAYS.items():
        group = way.replace("-", "_")
        fleet.add(*(f"{group}_{number}" for number in (1, 2, 3)), group=group)
        plays.append({"hosts": group, **play})
    fleet.hosts["hostvars_1"]["shared"] = menu(own("hostvars"))
    done = fleet.play(plays=plays)
    assert done.rc == 0, done.output
    return fleet


@pytest.mark.every_core
@pytest.mark.parametrize("way", WAYS)
def test_a_host_s_task_sees_its_own_variables_however_they_are_given(way: str, in_ways: Fleet) -> None:
    names = in_ways.groups[way.replace("-", "_")]
    expected = {name: f"{ENDS[way]}-{name}" if ENDS[way] else None for name in names}
    if way == "hostvars":
        expected = dict.fromkeys(names, f"hostvars-{names[0]}")
    if way == "check-mode-of-a-host":
        expected[names[1]] = None
        assert in_ways.accounts[names[1]].calls == ["token", "menu_get", "selfmenu"]
    assert {name: its for name, its in in_ways.menus().items() if name in names} == expected


@pytest.mark.every_core
def test_a_throttled_role_works_on_one_account_after_the_other(in_ways: Fleet) -> None:
    appids = {in_ways.accounts[name].appid for name in in_ways.groups["throttle"]}
    order = [seen.appid for seen in in_ways.simulator.log if seen.appid in appids]
    assert len([appid for position, appid in enumerate(order) if position == 0 or order[position - 1] != appid]) == 3


@pytest.mark.every_core
def test_hosts_that_do_not_wait_for_each_other_are_checked_once_and_share_a_record(in_ways: Fleet) -> None:
    for way in ("free", "host_pinned"):
        names = in_ways.groups[way]
        (record,) = [record for record in in_ways.records() if set(record[0]["accounts"]) == set(names)]
        assert {line["account"] for line in record if line["event"] == "after"} == set(names)


def test_hosts_that_do_not_wait_for_each_other_have_one_report_of_all(fleet: Fleet) -> None:
    names = [f"h{number}" for number in range(6)]
    fleet.add(*names, menu=menu())
    done = fleet.play("-f", "2", strategy="free")
    assert done.rc == 0, done.output
    assert f"{len(names)} accounts: {len(names)} changed." in done.prose
    report = json.loads((fleet.reports / "account-report.json").read_text())
    assert {name: its["ending"] for name, its in report["accounts"].items()} == dict.fromkeys(names, "changed")


def test_each_time_that_the_role_runs_in_a_play_has_a_check_and_a_record_of_its_own(in_ways: Fleet) -> None:
    records = [record for record in in_ways.records() if "twice_1" in record[0]["accounts"]]
    after = [[set(line["resources"]) for line in record if line["event"] == "after" and line["account"] == "twice_1"] for record in records]
    assert after == [[{"draft_switch"}], [{"menu"}]]


@pytest.mark.every_core
def test_a_first_run_without_changes_and_a_second_one_with_them_are_two_runs(in_ways: Fleet) -> None:
    records = [record for record in in_ways.records() if "check_mode_first_1" in record[0]["accounts"]]
    assert [record[0]["check_mode"] for record in records] == [True, False]
    assert [sum(line["event"] == "before" for line in record) for record in records] == [0, 3]


# --- Failures.


def fail_at_the_platform(fleet: Fleet, name: str) -> None:
    fleet.accounts[name].plan("menu_get", Fault(errcode=48001))


@pytest.mark.every_core
def test_a_failed_account_ends_the_rollout_and_the_report_is_there(fleet: Fleet) -> None:
    fleet.add(*(f"a{number}" for number in range(7)), menu=menu())
    fail_at_the_platform(fleet, "a2")
    after = {"ansible.builtin.debug": {"msg": "after the role"}}
    done = fleet.play(serial=[1, 3, 3], max_fail_percentage=0, tasks=[IMPORT, after])
    assert done.rc == 2
    assert fleet.touched() == ["a0", "a1", "a2", "a3"]
    assert fleet.menus() == {"a0": "", "a1": "", "a2": None, "a3": "", "a4": None, "a5": None, "a6": None}
    assert {host: recap["failed"] for host, recap in done.recap().items()} == {"a0": 0, "a1": 0, "a2": 1, "a3": 0}
    assert {line["account"]: line["changed"] for line in fleet.records()[0] if line["event"] == "after"} == {
        "a0": True,
        "a1": True,
        "a2": False,
        "a3": True,
    }
    stats = json.loads(done.output.split("RUN: ", 1)[1])
    assert {name: stats[f"account_{name}"] for name in ("total", "changed", "failed", "not_known")} == {
        "total": 7,
        "changed": 3,
        "failed": 1,
        "not_known": 3,
    }
    # Both errors of the host: what happened, and that it was this account that failed.
    said = [result["msg"] for result in done.results["a2"] if result["failed"]]
    assert said[0].startswith("Failed to ")
    assert said[1] == "This account failed, as the task before says."


@pytest.mark.every_core
def test_failures_can_be_rescued_or_ignored_or_end_the_play_for_all(shared: t.Callable[[], Fleet]) -> None:
    fleet = shared()
    places: dict[str, dict[str, t.Any]] = {
        "rescue": {"tasks": [{"block": [INCLUDE], "rescue": [{"ansible.builtin.set_fact": {"was_rescued": True}}]}]},
        "rescue_on_one_line": {"tasks": [{"block": [INCLUDE], "rescue": [INCLUDE]}]},
        "ignore": {"tasks": [{"ansible.builtin.include_role": {"name": ROLE, "apply": {"ignore_errors": True}}}]},
        "ignore_import": {"tasks": [{**IMPORT, "ignore_errors": True}]},
        # Two hosts that are one account by what tasks set.
        "same": {
            "serial": [1, 2],
            "tasks": [
                {
                    "ansible.builtin.set_fact": {
                        name: f"{{{{ hostvars['same_1'].{name} }}}}" for name in ("wechat_appid", "wechat_secret")
                    },
                    "when": "inventory_hostname == 'same_2'",
                    "no_log": True,
                },
                INCLUDE,
            ],
        },
        "fatal": {"tasks": [IMPORT], "any_errors_fatal": True, "serial": 2},
    }
    for group in places:
        fleet.add(*(f"{group}_{number}" for number in (1, 2, 3)), group=group, menu=menu())
        if group != "same":
            fail_at_the_platform(fleet, f"{group}_1")
    last = {"name": "After the role", "ansible.builtin.debug": {"msg": "after {{ was_rescued | default('') }}"}}
    done = fleet.play(plays=[{"hosts": group, **play, "post_tasks": [last]} for group, play in places.items()])
    recap = done.recap()
    after = {host: results[-1]["msg"] for host, results in done.results.items() if str(results[-1].get("msg")).startswith("after")}
    assert after["rescue_1"] == "after True"
    assert {host for host in after if not host.startswith(("rescue_", "same_"))} == {
        f"{group}_{n}" for group in ("ignore", "ignore_import") for n in (1, 2, 3)
    }
    assert [recap[f"rescue_{number}"]["failed"] for number in (1, 2, 3)] == [0, 0, 0]
    assert [recap[f"ignore_{number}"]["failed"] for number in (1, 2, 3)] == [0, 0, 0]
    # The same account worked at once: the fault was there once only.
    assert fleet.menus()["rescue_on_one_line_1"] == ""
    assert [fleet.menus()[f"fatal_{number}"] for number in (1, 2, 3)] == [None, "", None]
    assert fleet.accounts["fatal_3"].calls == []
    assert "this host and same_1 are the same account" in done.prose
    assert [fleet.accounts[f"same_{number}"].calls.count("menu_create") for number in (1, 2, 3)] == [1, 0, 1]
    assert fleet.accounts["same_2"].calls == []
    reported = {line["account"] for record in fleet.records() for line in record if line["event"] == "after"}
    assert reported == set(fleet.hosts) - {"fatal_3"}


@pytest.mark.every_core
def test_a_run_that_starts_at_the_task_of_the_accounts_makes_the_check_first(fleet: Fleet) -> None:
    fleet.add("good", draft_switch="present").add("bad", menu="nonsense")
    done = fleet.play("--start-at-task", TASK)
    assert done.rc == 2
    assert fleet.accounts["good"].is_open
    assert fleet.accounts["bad"].calls == []
    assert sorted(line["event"] for line in fleet.records()[0]) == ["after", "after", "before", "begin"]


def test_accounts_with_every_kind_of_fault_each_end_as_the_tables_say(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    """A few of each kind of the table of the modules, each with its own calls, side by side in one play."""
    by_reason: dict[str | None, list[str]] = {}
    for name in sorted(name for name, case in CASES.items() if not case.options):
        by_reason.setdefault(CASES[name].reason, []).append(name)
    names = [name for its in by_reason.values() for name in random.Random(0).sample(its, min(len(its), 6))]
    fleet = Fleet(simulator, ansible, tmp_path, "draft_switch")
    for name in names:
        account = fleet.accounts[name] = CASES[name].prepared(simulator)
        fleet.hosts[name] = {f"wechat_{key}": value for key, value in CASES[name].credentials(simulator, account).items()}
    done = fleet.play("-f", "20")
    recap = done.recap()
    lines = {line["account"]: line for line in fleet.records()[0] if line["event"] == "after"}
    for name in names:
        case = CASES[name]
        row = next(result for result in done.results[name] if "resources" in result)["resources"]["draft_switch"]
        assert {key: row[key] for key in case.row} == case.row, (name, row)
        assert (row["failure"] or {}).get("reason") == case.reason
        assert " ".join(fleet.accounts[name].calls) in case.allowed, name
        assert (recap[name]["changed"], recap[name]["failed"]) == (case.row["changed"], case.reason is not None)
        assert lines[name]["resources"]["draft_switch"]["request_sent"] == case.row["request_sent"]


@pytest.mark.every_core
def test_the_time_out_of_a_task_ends_it_with_a_result_and_a_line_in_the_record(fleet: Fleet) -> None:
    fleet.add("a", "b", menu=menu())
    for account in fleet.accounts.values():
        account.plan("menu_create", Fault(carried_out=True, delay=20))
    fleet.variables["account_timeout"] = 30
    done = fleet.play(tasks=[{"ansible.builtin.include_role": {"name": ROLE, "apply": {"timeout": 4}}}])
    assert done.rc == 2
    lines = {line["account"]: line for line in fleet.records()[0] if line["event"] == "after"}
    assert {name: line["failure"]["reason"] for name, line in lines.items()} == dict.fromkeys("ab", "outcome_unknown")
    assert {line["request_sent"] for line in lines.values()} == {True}
    assert [recap["failed"] for recap in done.recap().values()] == [1, 1]


def test_ansible_s_debug_mode_which_shows_secrets_is_warned_of(fleet: Fleet) -> None:
    """Ansible itself prints the secrets here. The harness would fail for that, so this test does not use it."""
    fleet.add("a", draft_switch="present").write_inventory()
    (fleet.folder / "play.json").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "roles": [ROLE]}]))
    done = subprocess.run(
        [str(BIN / "ansible-playbook"), "play.json"],
        cwd=fleet.folder,
        env={**base_environment(), **fleet.environment(), "ANSIBLE_DEBUG": "true"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "Ansible's debug mode is on" in " ".join((done.stdout + done.stderr).split())


# --- The environment, defaults and secrets.


@pytest.mark.every_core
def test_environment_and_defaults_of_modules_reach_each_host_and_no_other(fleet: Fleet) -> None:
    fleet.add("with-url", "with-proxy", group="by_environment", draft_switch="present")
    fleet.add("plain", "plain-2", group="by_default", draft_switch="present")
    fleet.add("served", "served-2", group="by_default", draft_switch="present")
    fleet.hosts["with-proxy"]["env"] = {"https_proxy": "http://127.0.0.1:1", "no_proxy": "", "NO_PROXY": ""}
    component = fleet.simulator.add_component()
    for name in ("served", "served-2"):
        component.authorise(fleet.accounts[name])
        del fleet.hosts[name]["wechat_secret"]
        fleet.hosts[name]["its_refresh_token"] = component.authorizers[fleet.accounts[name].appid].refresh_token
    url = fleet.variables.pop("account_api_url")
    defaults = {
        "api_url": url,
        "component_appid": component.appid,
        "component_access_token": f"{{{{ '{component.token}' }}}}",
        "authorizer_refresh_token": "{{ its_refresh_token | default(omit) }}",
    }
    role: dict[str, t.Any] = {"roles": [ROLE], "ignore_errors": True}
    environment = [{"WECHAT_API_URL": url}, "{{ env | default({}) }}"]
    fleet.play(
        plays=[
            {"hosts": "by_environment", "environment": environment, **role},
            {"hosts": "by_default", "module_defaults": {"group/wxops.official_account.wechat": defaults}, **role},
        ]
    )
    assert {name for name, account in fleet.accounts.items() if account.is_open} == set(fleet.accounts) - {"with-proxy"}
    assert fleet.accounts["with-proxy"].calls == []
    assert [record[0]["api_url"] for record in fleet.records()] == [url.removeprefix("https://")] * 2


@pytest.mark.every_core
def test_encrypted_values_reach_the_platform_as_they_are_and_are_in_no_output(fleet: Fleet) -> None:
    fleet.add("one", "other", draft_switch="present")
    fleet.hosts["one"].update(wechat_secret=Encrypted.of(fleet.accounts["one"].secret), wechat_menu=menu(Encrypted.of("hidden-1")))
    fleet.hosts["one"]["wechat_menu"]["button"][0]["url"] = Encrypted.of("https://shop.example/one-url")
    fleet.hosts["other"].update(
        vaulted=Encrypted.of(fleet.accounts["other"].secret), wechat_secret="{{ vaulted }}", wechat_menu=menu("{{ hidden }}")
    )
    fleet.hosts["other"]["hidden"] = Encrypted.of("other-url")
    (fleet.folder / "password").write_text(PASSWORD)
    done = fleet.play("--vault-password-file", "password", "-vvvv")
    assert done.rc == 0, done.output
    assert fleet.menus() == {"one": "one-url", "other": "other-url"}
    sent = [seen.body.decode() for seen in fleet.simulator.log if seen.call == "menu_create"]
    assert not [body for body in sent if "REDACTED" in body or "VAULT" in body]


@pytest.mark.every_core
def test_texts_that_are_no_templates_are_sent_as_they_are(fleet: Fleet) -> None:
    text = "{{ 7 * 7 }}{% raw %}"
    its = {"button": [{"type": "click", "name": "Help", "key": Unsafe(text)}]}
    fleet.add("unsafe", menu=its).add("answered", menu=its).add("decided", draft_switch=Unsafe("{{ 'present' }}"))
    # What a task gets from elsewhere is no template either.
    fleet.hosts["answered"].update(answer=its, wechat_menu="{{ got.answer }}")
    tasks = [{"ansible.builtin.set_fact": {"got": {"answer": "{{ answer | default('') }}"}}}, IMPORT]
    done = fleet.play(tasks=tasks)
    assert [fleet.accounts[name].menus.buttons[0]["key"] for name in ("unsafe", "answered")] == [text, text]  # type: ignore[index]
    assert "draft_switch is neither present nor absent" in done.prose
    assert not fleet.accounts["decided"].is_open


def test_no_secret_is_in_the_output_the_record_or_the_facts_even_if_the_platform_says_it(fleet: Fleet) -> None:
    fleet.add("one", "other", draft_switch="present", menu=menu())
    fleet.accounts["other"].plan("menu_get", Fault(errcode=99999, echo=True))
    show = [{"ansible.builtin.debug": {"var": name}} for name in ("account_result", "account_check", "vars.keys() | list", "ansible_facts")]
    done = fleet.play("-vvvvv", "--diff", tasks=[{"block": [IMPORT], "always": show}])
    assert "account_result" in done.output
    assert done.last()["other"]["failed"] is False
    secrets = secrets_of(fleet.simulator)
    files = [path for path in fleet.reports.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if leaks(path.read_text("utf-8"), secrets)] == []


HOSTILE = "{{ 7 * 7 }}{% raw %} \x1b[31mred\x1b[0m \u202egnp.exe \u2066x\u2069 \x9b5m\r\x07"
RAW = [character for character in HOSTILE if not character.isprintable()]


def test_texts_of_the_platform_are_neither_templates_nor_commands_to_the_terminal(fleet: Fleet) -> None:
    fleet.add("one", "other", "third", menu=menu())
    old = [{"type": "click", "name": "{{ 7 * 7 }}", "key": "{% raw %}"}]
    fleet.accounts["one"].menus.buttons = old
    fleet.accounts["third"].menus.buttons = [{"type": "click", "name": "x", "key": HOSTILE}]
    fleet.accounts["other"].plan("menu_get", Fault(errcode=99999, errmsg=HOSTILE))
    done = fleet.play("--diff")
    assert fleet.menus()["one"] == ""
    assert "49" not in re.sub(r"\d{3,}", "", done.results["other"][-1]["msg"])
    assert [hex(ord(character)) for character in RAW if character in done.output] == []

    back = fleet.run("rollback", "--diff", rollback_to="last")
    assert back.rc == 0, back.output
    assert fleet.accounts["one"].menus.buttons == old
    # Nobody can declare such a menu.
    assert "Not brought back: Menu: menu cannot be used: button[0].key has control characters" in back.prose
    assert [hex(ord(character)) for character in RAW if character in back.output] == []


# --- Lists, and the role for the draft box alone.


def test_a_list_of_accounts_is_one_task_with_a_record_and_a_rollback_of_its_own(fleet: Fleet) -> None:
    fleet.add("a", "b", "c")
    fleet.hosts = {"localhost": {}}
    fleet.accounts["a"].menus.buttons = menu("old")["button"]
    accounts = [{**one, "menu": menu("new")} for one in listed({name: fleet.accounts[name] for name in ("a", "b")})]
    accounts += [{**one, "draft_switch": "present"} for one in listed({"c": fleet.accounts["c"]})]
    fleet.variables["account_accounts"] = accounts
    rehearsal = fleet.play("--check", "--diff")
    assert fleet.changed() == []
    assert "--- before: a" in rehearsal.output
    assert "3 accounts to bring to what they declare" in rehearsal.prose
    done = fleet.play()
    assert done.rc == 0, done.output
    assert fleet.menus() == {"a": "new", "b": "new", "c": None}
    begin, *lines = fleet.records()[1]
    assert {name: its["appid"] for name, its in begin["accounts"].items()} == {name: one.appid for name, one in fleet.accounts.items()}
    assert sorted((line["event"], line["account"]) for line in lines) == [
        *(("after", name) for name in "abc"),
        *(("before", name) for name in "abc"),
    ]
    back = fleet.play("-e", "account_rollback_to=last")
    assert back.rc == 0, back.output
    assert fleet.menus() == {"a": "old", "b": None, "c": None}
    assert "Not brought back: Draft box: turning a draft box on is irreversible" in back.prose

    # A list that cannot be used is refused whole.
    fleet.forget()
    fleet.variables["account_accounts"] = [*accounts, {"name": "d", "sekret": "0" * 32}]
    refused = fleet.play()
    assert refused.rc == 2
    assert "the unknown key sekret" in refused.prose
    assert fleet.touched() == []


def test_a_list_is_for_a_play_with_one_host(fleet: Fleet) -> None:
    fleet.add("a", "b")
    fleet.variables["account_accounts"] = [{**one, "menu": menu()} for one in listed(fleet.accounts)]
    done = fleet.play()
    assert done.rc == 2
    assert fleet.touched() == []
    assert "account_accounts is given in a play of 2 hosts; nothing was sent" in done.prose


@pytest.mark.every_core
def test_the_role_for_the_draft_box_turns_on_those_of_all_hosts_and_nothing_else(
    simulator: Simulator, ansible: Ansible, tmp_path: Path
) -> None:
    fleet = Fleet(simulator, ansible, tmp_path, "draft_switch")
    fleet.add("off").add("on", is_open=True).add("with-menu", menu=menu()).add("retired")
    fleet.accounts["retired"].plan("look", Fault(errcode=45103))
    done = fleet.play()
    assert done.rc == 0, done.output
    assert {name: account.is_open for name, account in fleet.accounts.items()} == dict.fromkeys(fleet.hosts, True) | {"retired": False}
    assert fleet.menus()["with-menu"] is None
    assert done.recap()["off"]["changed"] == 1
    assert "no longer offered" in done.prose
    absent = fleet.play("-e", "draft_switch_state=absent")
    assert absent.rc == 2
    assert "the API offers no call that turns the switch off" in absent.prose


# --- What an attacker tried.


@pytest.mark.every_core
def test_a_role_does_not_touch_what_it_does_not_manage_whatever_the_module_defaults_say(
    simulator: Simulator, ansible: Ansible, tmp_path: Path
) -> None:
    fleet = Fleet(simulator, ansible, tmp_path, "draft_switch").add("a")
    fleet.accounts["a"].menus.buttons = menu("precious")["button"]
    done = fleet.play(module_defaults={"wxops.official_account.wechat_account": {"menu": "absent", "delete_conditional": True}})
    assert done.rc == 0, done.output
    assert (fleet.accounts["a"].is_open, fleet.menus()) == (True, {"a": "precious"})


def test_a_secret_in_place_of_an_appid_is_nowhere(fleet: Fleet) -> None:
    fleet.add("a")
    wrong = {"appid": fleet.accounts["a"].secret, "secret": fleet.accounts["a"].appid, "menu": menu()}
    done = fleet.play(hosts="localhost", vars={**fleet.variables, "account_accounts": [wrong]})
    assert done.rc == 2
    written = [path.read_text("utf-8") for path in fleet.reports.rglob("*") if path.is_file()]
    assert not any(fleet.accounts["a"].secret in text for text in (done.written, *written))
    assert len(written) > 1
