# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the roles check for all hosts before the first change, and when they stop."""

from __future__ import annotations

import json
import socket
import threading
import typing as t

import pytest

from tests.integration.fleets import ROLE, Encrypted, Fleet, menu
from tests.integration.harness import SECRET, TOKEN, leaks

if t.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.harness import Ansible, Run
    from tests.simulator import Simulator

IMPORT = {"ansible.builtin.import_role": {"name": ROLE}}
INCLUDE = {"ansible.builtin.include_role": {"name": ROLE}}


@pytest.fixture
def fleet(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> Fleet:
    return Fleet(simulator, ansible, tmp_path)


# --- A host whose variables cannot be used. One run has all of them, and two that are as they should be.


def good(number: int) -> dict[str, t.Any]:
    """What nobody could object to. There is no such account."""
    return {"wechat_appid": f"wxf{number:015x}", "wechat_secret": SECRET, "wechat_menu": menu()}


# By host: its variables, and what its line on the screen says.
GUILTY: dict[str, tuple[dict[str, t.Any], str]] = {
    "undefined": (
        {**good(1), "wechat_secret": "{{ nowhere_to_be_found }}"},
        "wechat_secret cannot be evaluated, because nowhere_to_be_found is undefined; nothing was sent; define nowhere_to_be_found, or "
        "correct wechat_secret.",
    ),
    "undefined-deep": (
        {**good(2), "wechat_menu": menu("{{ nowhere_to_be_found }}")},
        "wechat_menu cannot be evaluated, because nowhere_to_be_found is undefined",
    ),
    "undefined-through-another": (
        {**good(3), "wechat_appid": "{{ its_appid }}", "its_appid": "{{ nowhere_to_be_found }}"},
        "wechat_appid cannot be evaluated, because nowhere_to_be_found is undefined",
    ),
    "encrypted": (
        {**good(4), "wechat_secret": Encrypted.of(SECRET)},
        "wechat_secret cannot be evaluated, because Ansible Vault cannot decrypt it; nothing was sent; give the right vault password",
    ),
    "encrypted-deep": (
        {**good(5), "hidden": Encrypted.of(SECRET), "wechat_menu": menu("{{ hidden }}")},
        "wechat_menu cannot be evaluated, because Ansible Vault cannot decrypt it",
    ),
    "no-such-lookup": (
        {**good(20), "wechat_secret": "{{ lookup('no.such.vault', 'canary-template') }}"},
        "wechat_secret cannot be evaluated; nothing was sent; correct wechat_secret; ansible HOST -i INVENTORY -m ansible.builtin.debug",
    ),
    "broken-template": (
        {**good(6), "wechat_secret": "{{ 'canary-template' | nonsense }}"},
        "wechat_secret cannot be evaluated; nothing was",
    ),
    "misspelt": (
        {**good(7), "wechat_draft_swich": "present"},
        "the host has the variable wechat_draft_swich, which is not used; nothing was sent; rename it to wechat_draft_switch",
    ),
    "misspelt-secret": (
        {"wechat_appid": good(8)["wechat_appid"], "wechat_secrt": SECRET, "wechat_menu": menu()},
        "the host has the variable wechat_secrt, which is not used; nothing was sent; rename it to wechat_secret, or give it another name",
    ),
    "no-credentials": ({"wechat_menu": menu()}, "this host has no credentials; nothing was sent; give the host wechat_appid and"),
    "incomplete": ({**good(10), "wechat_secret": "{{ omit }}"}, "wechat_secret is missing"),
    "malformed": ({**good(11), "wechat_appid": "wx123"}, "wechat_appid is not wx and 16 hexadecimal characters"),
    "both-ways": (
        {**good(12), "wechat_access_token": f"{TOKEN}-other"},
        "not exactly one way of credentials is given, but wechat_access_token, wechat",
    ),
    "one": ({**good(13)}, "this host and alias are the same account; nothing was sent; keep one of them in the inventory"),
    "alias": ({**good(13), "wechat_appid": good(13)["wechat_appid"].replace("d", "D")}, "this host and one are the same account"),
    "token": ({"wechat_access_token": TOKEN, "wechat_menu": menu()}, "this host and token-again are the same account"),
    "token-again": ({"wechat_access_token": TOKEN, "wechat_draft_switch": "present"}, "this host and token are the same account"),
    "menu-path": (
        {**good(16), "wechat_menu": {"button": [{"name": "More", "sub_button": [{"type": "view", "name": "Shop"}]}]}},
        "button[0].sub_button[0].url",
    ),
    "menu-text": ({**good(17), "wechat_menu": "nonsense"}, "menu"),
    "conditional-rule": (
        {**good(22), "wechat_conditional_menus": [{"match": {"sex": 1, "tag": "{{ wechat_appid }}"}, "menu": menu()}]},
        "conditional_menus[0].match.sex: the platform takes no rule with sex, country, province, city, language any more; use a tag",
    ),
    "conditional-and-no-menu": (
        {**good(23), "wechat_menu": "absent", "wechat_conditional_menus": [{"match": {"platform": "ios"}, "menu": menu()}]},
        "conditional_menus is declared together with menu: absent, which deletes them; nothing was sent",
    ),
    "off": ({**good(18), "wechat_draft_switch": "absent"}, "the API offers no call that turns the switch off; nothing was sent; remove"),
    "neither": ({**good(19), "wechat_draft_switch": "yes please"}, "draft_switch is neither present nor absent"),
    "a-list": ({**good(21), "wechat_draft_switch": ["present"]}, "draft_switch is neither present nor absent"),
}


class Checked(t.NamedTuple):
    fleet: Fleet
    run: Run


@pytest.fixture(scope="module")
def checked(simulator: Simulator, ansible: Ansible, tmp_path_factory: pytest.TempPathFactory) -> Checked:
    fleet = Fleet(simulator, ansible, tmp_path_factory.mktemp("fleet"))
    fleet.add("first", menu=menu()).hosts.update({host: variables for host, (variables, _says) in GUILTY.items()})
    fleet.add("last", draft_switch="present").add("innocent", menu=menu())
    # A name that resembles none, one of the inventory plugin, and a template that is omitted.
    fleet.hosts["innocent"].update(wechat_nick_name="x", wechat_team="y", wechat_draft_switch="{{ nothing | default(omit) }}")
    before = len(simulator.log)
    run = fleet.play("-vvvv")
    appids = {account.appid for account in fleet.accounts.values()}
    assert {seen.appid for seen in simulator.log[before:]} == appids
    return Checked(fleet, run)


@pytest.mark.every_core
@pytest.mark.parametrize("host", GUILTY)
def test_a_host_whose_variables_cannot_be_used_fails_alone_and_says_why(host: str, checked: Checked) -> None:
    result = next(result for result in checked.run.results[host] if "failure" in result)
    assert GUILTY[host][1] in result["msg"]
    assert "nothing was sent" in result["msg"]
    assert (result["failed"], result["changed"], result["failure"]["reason"]) == (
        True,
        False,
        "irreversible" if host == "off" else "operator",
    )
    # The line on the screen has the cause.
    assert GUILTY[host][1] in checked.run.prose
    assert checked.run.recap()[host]["failed"] == 1


@pytest.mark.every_core
def test_guilty_hosts_do_not_keep_the_others_from_being_worked_on(checked: Checked) -> None:
    assert checked.fleet.menus() == {"first": "", "last": None, "innocent": ""}
    assert checked.fleet.accounts["last"].is_open
    assert not checked.fleet.accounts["innocent"].is_open
    assert leaks(checked.run.written, {SECRET, TOKEN, "canary-template"}) == []
    assert "hosts that cannot be used: undefined, undefined-deep, undefined-through-another and 21 more" in checked.run.prose
    (record,) = checked.fleet.records()
    assert {line["account"] for line in record if line["event"] == "after"} == set(checked.fleet.hosts)


# --- All batches before the first change.


@pytest.mark.every_core
def test_a_guilty_host_of_a_later_batch_refuses_the_rollout_before_the_first_change(fleet: Fleet) -> None:
    fleet.add("a", "b", "c", "d", menu=menu()).add("skipped", menu="nonsense")
    fleet.hosts["d"]["wechat_menu"] = menu("{{ nowhere_to_be_found }}")
    rollout: dict[str, t.Any] = {"serial": [1, "100%"], "max_fail_percentage": 0}
    refused = fleet.play(**rollout)
    assert refused.rc == 2
    assert fleet.touched() == []
    assert (
        "the rollout would end at hosts whose variables cannot be used: d: wechat_menu cannot be evaluated, because nowhere_to_be_found is "
        "undefined; skipped: menu cannot be used" in refused.prose
    )
    assert set(refused.recap()) == {"a"}
    # Two of the four in the second batch are guilty.
    assert "the rollout would end at hosts" in fleet.play(**{**rollout, "max_fail_percentage": 49}).prose
    assert fleet.touched() == []
    # In check mode it is told, and the others are looked at.
    rehearsal = fleet.play("--check", **{**rollout, "max_fail_percentage": 100})
    assert fleet.changed() == []
    assert {host: recap["failed"] for host, recap in rehearsal.recap().items()} == {"a": 0, "b": 0, "c": 0, "d": 1, "skipped": 1}
    # A rollout that bears them goes on.
    done = fleet.play(**{**rollout, "max_fail_percentage": 50})
    assert done.rc == 2
    assert fleet.menus() == {"a": "", "b": "", "c": "", "d": None, "skipped": None}


@pytest.mark.every_core
def test_what_the_tasks_of_a_later_batch_define_is_used_when_its_turn_comes(fleet: Fleet) -> None:
    fleet.add("a", "b", "c", menu=menu("{{ fetched.msg }}"))
    fleet.hosts["c"]["wechat_menu"] = menu("{{ nowhere_to_be_found }}")
    fetch = {"ansible.builtin.debug": {"msg": "new"}, "register": "fetched"}
    done = fleet.play(serial=1, tasks=[fetch, IMPORT])
    assert fleet.menus() == {"a": "new", "b": "new", "c": None}
    assert "hosts that cannot be used: b, c" in done.prose
    assert "wechat_menu cannot be evaluated, because nowhere_to_be_found is undefined; nothing was sent" in done.prose
    assert [line["account"] for line in fleet.records()[0] if line["event"] == "after"] == ["a", "b", "c"]


@pytest.mark.every_core
def test_a_refused_role_leaves_nothing_for_the_next_even_on_the_same_line(fleet: Fleet) -> None:
    plays = []
    for role in ("import_role", "include_role"):
        fleet.add(f"{role}_a", f"{role}_b", group=role, menu=menu())
        task = {f"ansible.builtin.{role}": {"name": ROLE}}
        rescue = {**task, "vars": {"wechat_menu": menu(role)}}
        tasks = [{"block": [{**task, "vars": {"wechat_menu": "nonsense"}}], "rescue": [rescue]}]
        plays.append({"hosts": role, "gather_facts": False, "serial": 1, "tasks": tasks})
    # Programs write playbooks into one line.
    (fleet.folder / "line.json").write_text(json.dumps(plays))
    done = fleet.run("line.json")
    assert fleet.menus() == {f"{role}_{name}": role for role in ("import_role", "include_role") for name in "ab"}, done.output
    assert done.rc == 0


def test_any_errors_fatal_is_a_rollout_that_bears_nothing(fleet: Fleet) -> None:
    fleet.add("a", "b", menu=menu()).add("guilty", menu="nonsense")
    done = fleet.play(serial=1, any_errors_fatal=True)
    assert done.rc == 2
    assert fleet.touched() == []


@pytest.mark.every_core
def test_a_play_in_which_nobody_declares_anything_fails(fleet: Fleet) -> None:
    fleet.add("a", "b")
    done = fleet.play()
    assert done.rc == 2
    assert (
        "no host of this play declares anything; nothing was sent; give the hosts one of these variables: wechat_draft_switch" in done.prose
    )
    assert not (fleet.reports / "runs").exists()


# --- Nobody listens.


@pytest.fixture
def deaf() -> Iterator[tuple[str, list[int]]]:
    """A server that ends each connection at once: its url, and a list with an item for each connection."""
    seen: list[int] = []
    with socket.create_server(("127.0.0.1", 0), backlog=128) as server:

        def serve() -> None:
            while True:
                connection, address = server.accept()
                connection.close()
                if seen and seen[-1] == -1:
                    return
                seen.append(address[1])

        thread = threading.Thread(target=serve)
        thread.start()
        port = server.getsockname()[1]
        yield f"http://127.0.0.1:{port}", seen
        seen.append(-1)
        socket.create_connection(("127.0.0.1", port)).close()
        thread.join()


@pytest.mark.every_core
def test_after_16_accounts_in_a_row_out_of_reach_the_rest_is_not_attempted_over_all_workers(
    fleet: Fleet, deaf: tuple[str, list[int]]
) -> None:
    url, connections = deaf
    fleet.add(*(f"a{number:02}" for number in range(40)), draft_switch="present")
    done = fleet.play("-f", "4", "-e", json.dumps({"account_api_url": url, "account_retries": 0}))
    assert done.rc == 2
    # Those that other workers had begun by then end on their own.
    assert 16 <= len(connections) < 16 + 4
    reasons = [result["failure"]["reason"] for results in done.results.values() for result in results if result.get("failure")]
    assert (reasons.count("transport"), reasons.count("not_attempted")) == (len(connections), 40 - len(connections))
    assert "16 accounts in a row could not be reached; nothing was sent; correct what stopped the run, then run again (" in done.prose
    assert done.recap()["a39"]["failed"] == 1


# --- The folder of the records.


def test_a_folder_that_cannot_be_used_or_the_call_of_another_role_is_refused_in_one_sentence(fleet: Fleet, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    bad = {
        "": "account_report_dir is empty",
        "  ": "account_report_dir is empty",
        "~nosuchuser/reports": "account_report_dir cannot be written to (RuntimeError)",
        "nul\0": "account_report_dir cannot be written to (ValueError)",
        str(tmp_path / "file"): "account_report_dir cannot be written to (FileExistsError)",
        "{{ nowhere_to_be_found }}": "account_report_dir cannot be evaluated, because nowhere_to_be_found is undefined",
    }
    fleet.add("a", "b", menu=menu())
    del fleet.variables["account_report_dir"]
    role = {"ansible.builtin.include_role": {"name": ROLE, "rolespec_validate": False}}
    rescue = [{"ansible.builtin.debug": {"msg": "goes on"}}]
    blocks = [{"block": [{**role, "vars": {"account_report_dir": path}}], "rescue": rescue} for path in bad]
    steps = [{"wxops.official_account.wechat_role": {"step": step}, "ignore_errors": True} for step in ("check", "report", "fail")]
    done = fleet.play(tasks=[*blocks, *steps])
    assert fleet.touched() == []
    messages = [result["msg"] for result in done.results["a"] if result["failed"]]
    assert messages[len(bad) :] == ["This is for the roles of the collection wxops.official_account alone. Nothing was sent."] * 3
    for says, message in zip(bad.values(), messages[: len(bad)], strict=True):
        assert f"Failed to start: {says}; nothing was sent; " in message


@pytest.mark.every_core
def test_the_folder_is_fixed_when_the_play_begins_and_who_is_left_out_is_not_failed_for_what_it_declares(
    fleet: Fleet, tmp_path: Path
) -> None:
    fleet.add("a", "b", "c", menu=menu()).add("left-out", menu="nonsense")
    fleet.variables["account_report_dir"] = f"{tmp_path}/reports-{{{{ inventory_hostname }}}}"
    done = fleet.play(serial=2, tasks=[{**INCLUDE, "when": "inventory_hostname != 'left-out'"}])
    assert done.rc == 0, done.output
    assert fleet.touched() == ["a", "b", "c"]
    (folder,) = tmp_path.glob("reports-*")
    assert folder.name == "reports-a"
    fleet.reports = folder
    (record,) = fleet.records()
    assert sorted(line["account"] for line in record if line["event"] == "after") == ["a", "b", "c"]
