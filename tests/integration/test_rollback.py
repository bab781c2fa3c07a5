# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the record of a run holds, when nothing is sent without it, and how a rollback brings back what it holds."""

from __future__ import annotations

import json
import os
import shutil
import stat
import threading
import time
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.plugin_utils import _record

from tests.integration.fleets import ROLE, Fleet, menu
from tests.integration.harness import BIN
from tests.simulator import Fault

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible, Run
    from tests.simulator import Simulator


@pytest.fixture
def fleet(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> Fleet:
    return Fleet(simulator, ansible, tmp_path)


def back(fleet: Fleet, *arguments: str, to: str | None = "last", **variables: t.Any) -> Run:
    fleet.forget()
    given = {} if to is None else {"rollback_to": to}
    return fleet.run("rollback", *arguments, **given, **variables)


def kept(url: str | None) -> dict[str, t.Any]:
    """What a record has of a menu."""
    return {"menu": None if url is None else menu(url), "console_menu": None, "conditional": []}


def note(fleet: Fleet, before: dict[str, dict[str, t.Any]], *, check_mode: bool = False, **appids: str) -> Path:
    """Write a record of a run that was interrupted: what was there before, and not what became of it."""
    accounts = {name: {"appid": appids.get(name) or fleet.accounts[name].appid, "nick_name": None} for name in before}
    path = _record.begin(fleet.reports, {"role": "account", "check_mode": check_mode, "accounts": accounts})
    record = _record.Record(path, check_mode=check_mode, batch="")
    for name, resources in before.items():
        for resource, state in resources.items():
            record.keep(name, resource, state)
    record.close()
    return path


# --- The record.


def test_each_change_has_a_line_before_it_with_what_it_replaces_and_one_after_it(fleet: Fleet) -> None:
    fleet.add("a", "b", menu=menu("new")).add("both", draft_switch="present", menu=menu("new")).add("as-declared", menu=menu("new"))
    fleet.accounts["a"].menus.buttons = menu("old")["button"]
    fleet.accounts["as-declared"].menus.buttons = menu("new")["button"]
    # A deletion takes the conditional menus along.
    fleet.add("deleted", menu="absent").hosts["deleted"]["account_delete_conditional"] = True
    fleet.accounts["deleted"].menus.buttons = menu("old")["button"]
    rule = {"button": [{"type": "click", "name": "For some", "key": "some"}], "matchrule": {"tag_id": "2"}}
    fleet.accounts["deleted"].menus.conditional = [{**rule, "menuid": 1}]
    done = fleet.play()
    assert done.rc == 0, done.output
    begin, *lines = fleet.records()[0]
    assert (begin["event"], begin["role"], begin["check_mode"], begin["rollback_to"]) == ("begin", "account", False, None)
    assert begin["accounts"]["a"] == {"appid": fleet.accounts["a"].appid, "nick_name": None}
    of = {name: [line for line in lines if line["account"] == name] for name in fleet.hosts}
    assert {name: [line["event"] for line in its] for name, its in of.items()} == {
        "a": ["before", "after"],
        "b": ["before", "after"],
        "both": ["before", "before", "after"],
        "as-declared": ["after"],
        "deleted": ["before", "before", "after"],
    }
    before = {(line["account"], line["resource"]): line["before"] for line in lines if line["event"] == "before"}
    taken_along = before.pop(("deleted", "menu"))
    assert before.pop(("deleted", "conditional_menus"))[0]["menuid"] == 1
    assert (taken_along["menu"], taken_along["conditional"][0]["button"][0]["key"]) == (menu("old"), "some")
    assert before == {
        ("a", "menu"): kept("old"),
        ("b", "menu"): kept(None),
        ("both", "draft_switch"): False,
        ("both", "menu"): kept(None),
    }
    assert [line["changed"] for line in lines if line["event"] == "after"].count(True) == 4
    (path,) = (fleet.reports / "runs").iterdir()
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path, path.parent)] == [0o600, 0o700]


def test_a_record_that_cannot_be_begun_or_grow_lets_nothing_be_sent(fleet: Fleet) -> None:
    """The largest size of a file stands for the room on the disk."""
    # The first line has more than 512 characters, and what is about to be lost more than 4,096.
    old = [{"type": "view", "name": "Shop", "url": f"https://shop.example/{'x' * 700}"}] * 5
    fleet.add(*(f"account-{number}" for number in range(6)), menu=menu("new"))
    for account in fleet.accounts.values():
        account.menus.buttons = [{"name": f"m{number}", "sub_button": old} for number in range(3)]
    fleet.write_inventory()
    (fleet.folder / "play.json").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "roles": [ROLE]}]))
    for blocks, says in (
        (1, "the record of this run cannot be written in account_report_dir"),
        (8, "the record of this run cannot be written"),
    ):
        fleet.forget()
        command = ["/bin/sh", "-c", f'ulimit -f {blocks}; exec "$@"', "sh", str(BIN / "ansible-playbook"), "play.json"]
        done = fleet.ansible.run(
            command, fleet.folder, {**fleet.environment(), "ANSIBLE_LOG_PATH": "/dev/null", "RESULTS_FILE": "/dev/null"}
        )
        assert done.rc != 0
        assert says in done.prose, done.output
        assert fleet.changed() == []
        assert "no change was sent" in done.prose or "nothing was sent" in done.prose
    assert [len(account.menus.buttons or ()) for account in fleet.accounts.values()] == [3] * 6


def test_a_record_that_is_gone_between_two_batches_lets_nothing_more_be_sent(fleet: Fleet) -> None:
    fleet.add("a", "b", menu=menu())
    harm = {"ansible.builtin.raw": f"rm -r {fleet.reports}/runs", "delegate_to": "localhost", "vars": {"ansible_connection": "local"}}
    done = fleet.play(serial=1, post_tasks=[harm])
    assert done.rc == 2
    assert fleet.touched() == ["a"]
    assert (
        "the record of this run cannot be written (ENOENT); nothing was sent; make sure that the folder of the record is there"
        in done.prose
    )


def test_what_else_is_in_the_folder_never_stops_a_run_nor_a_rollback(fleet: Fleet) -> None:
    runs = fleet.reports / "runs"
    runs.mkdir(parents=True)
    (runs / "20990101T000000-000007.jsonl").write_bytes(b'\xff\xfe{"event": "begin", "version": 99}\n[]\n{"event"')
    (runs / "20200101T000000-000008.jsonl").mkdir()
    os.mkfifo(runs / "20200101T000000-000009.jsonl")
    (runs / "20200101T000000-000010.jsonl").symlink_to("/etc/passwd")
    (runs / "20200101T000000-000011.jsonl").write_text(
        "\n".join(
            json.dumps({"event": "before", "at": "", "account": name, "resource": resource, "before": before})
            for name, resource, before in (
                ("\u001b[31m\u202e\ud83d", "menu", {}),
                ("a", "menu", {"menu": {"button": 5}}),
                ("a", "nonsense", 1),
                ("b", "menu", []),
            )
        )
    )
    (runs / "notes.txt").write_text("mine")
    fleet.add("a", "b", menu=menu("new"))
    done = fleet.play()
    assert done.rc == 0, done.output
    assert len([*runs.glob("*-000012.jsonl")]) == 1
    assert (runs / "notes.txt").read_text() == "mine"
    rolled = back(fleet, to="7", account_retries=0)
    assert rolled.rc == 2
    # What run 11 says of a and b is no menu. So they are left.
    assert fleet.changed() == []
    assert "no account of this play has anything that can be brought back" in rolled.prose
    assert "not brought back: Menu: the record does not say what" in rolled.prose
    assert "not brought back: it is not in this play (?[31m??)" in rolled.prose
    assert "parts of these records cannot be read: 20990101T000000-000007, 20200101T000000-000008, 20200101T000000-000010" in rolled.prose
    assert not {"\u001b", "\u202e"} & set(rolled.output)
    last = back(fleet)
    assert last.rc == 0
    assert fleet.menus() == {"a": None, "b": None}


# --- A rollback.


def test_a_rollback_brings_back_what_was_there_before_the_run_and_names_what_it_cannot(fleet: Fleet) -> None:
    fleet.add("had-a-menu", "had-none", "had-a-console-menu", draft_switch="present", menu=menu(1))
    fleet.accounts["had-a-menu"].menus.buttons = menu("old")["button"]
    fleet.accounts["had-a-console-menu"].menus.console = [{"type": "news", "name": "News", "value": "x"}]
    fleet.accounts["had-a-console-menu"].menus.console_open = True
    fleet.hosts["had-a-console-menu"]["account_replace_console_menu"] = True
    assert fleet.run("provision").rc == 0
    for host in fleet.hosts.values():
        host["wechat_menu"] = menu(2)
    assert fleet.run("provision", provision_stages="100%").rc == 0
    everywhere = dict.fromkeys(fleet.hosts, "2")
    assert fleet.menus() == everywhere
    first, second = sorted(path.stem for path in (fleet.reports / "runs").iterdir())

    rehearsal = back(fleet, "--check", "--diff", to=first)
    assert rehearsal.rc == 0, rehearsal.output
    assert fleet.changed() == []
    assert "--- before: had-a-menu" in rehearsal.output
    assert f"back to the state before run {first}" in rehearsal.prose

    done = back(fleet, to="1")
    assert done.rc == 0, done.output
    assert fleet.menus() == {"had-a-menu": "old", "had-none": None, "had-a-console-menu": "2"}
    assert fleet.changed() == ["had-a-menu", "had-none"]
    names = ", ".join(fleet.hosts)
    assert (
        f"Not brought back: Draft box: turning a draft box on is irreversible: the API offers no call that turns the switch off ({names})."
        in done.prose
    )
    assert "Not brought back: Menu: the menu was made in the console, and the API cannot bring it back (had-a-console-menu)." in done.prose
    # Two stages: the canary first.
    assert [sorted(line["batch"] for line in fleet.records()[3] if line["event"] == "after")] == [["had-a-menu", "had-none"]]

    # The rehearsal is no target. The rollback can be taken back, by its name alone: the same command again must not do so.
    refused = back(fleet, to="3")
    assert refused.rc == 2
    assert "there is no run 3 that has changed anything; nothing was sent; give the name of a file in the folder runs of" in refused.prose
    assert back(fleet, to="4").rc == 0
    assert fleet.menus() == everywhere
    assert back(fleet).rc == 0
    assert fleet.menus() == dict.fromkeys(fleet.hosts, "1")
    assert second in {path.stem for path in (fleet.reports / "runs").iterdir()}


def test_an_interrupted_run_can_be_rolled_back_from_what_was_noted_before_its_changes(fleet: Fleet) -> None:
    fleet.add("a", "b", "moved", "gone", "moved-later", draft_switch="present")
    for account in fleet.accounts.values():
        account.menus.buttons = menu("now")["button"]
    another = "wx00000000deadbeef"
    # The oldest one since the run is the right one. What was noted of another account of that name is not.
    note(fleet, {"a": {"menu": kept("too-old")}})
    path = note(fleet, {"a": {"menu": kept("old")}, "moved": {"menu": kept("x")}, "gone": {"menu": kept("x")}}, moved=another)
    note(fleet, {"moved-later": {"menu": kept("x")}}, **{"moved-later": another})
    note(fleet, {"a": {"menu": kept("newer")}, "b": {"menu": kept(None)}, "moved-later": {"menu": kept("its-own")}})
    del fleet.hosts["gone"]
    with open(path, "a") as file:
        file.write('{"event": "before", "account": "b", "resou')
    done = back(fleet, to=path.name)
    assert done.rc == 0, done.output
    assert fleet.menus() == {"a": "old", "b": None, "moved": "now", "gone": "now", "moved-later": "its-own"}
    assert fleet.touched() == ["a", "b", "moved-later"]
    assert "Not brought back: it had another AppID then (moved, moved-later)." in done.prose
    assert "Not brought back: it is not in this play (gone)." in done.prose
    assert f"Parts of these records cannot be read: {path.stem}." in done.prose
    # It declares the switch, and a rollback does nothing else than bring back.
    assert not any(account.is_open for account in fleet.accounts.values())


def test_a_rollback_that_does_not_say_which_run_or_where_it_is_sends_nothing(fleet: Fleet) -> None:
    fleet.add("a", menu=menu())
    note(fleet, {"a": {"menu": kept("old")}}, check_mode=True)
    for to, says in {
        None: "it is not said which run to go back before; nothing was sent; give rollback_to: the name of a file in the folder runs of",
        "20261129T000000-000099": "there is no run 20261129T000000-000099 that has changed anything; nothing was sent",
    }.items():
        done = back(fleet, to=to)
        assert done.rc == 2
        assert says in done.prose
    del fleet.variables["account_report_dir"]
    done = back(fleet)
    assert "a rollback needs the records of the runs; nothing was sent; give account_report_dir, the folder of the runs" in done.prose
    assert fleet.touched() == []


def test_a_rollback_waits_for_a_run_that_is_still_at_work(fleet: Fleet) -> None:
    fleet.add("a", menu=menu())
    fleet.accounts["a"].menus.buttons = menu("new")["button"]
    path = note(fleet, {"a": {"menu": kept("old")}})
    worker = _record.Record(path, check_mode=False, batch="")
    try:
        done = back(fleet)
    finally:
        worker.close()
    assert f"these runs are still at work: {path.stem}; nothing was sent; wait until they have ended, or end them" in done.prose
    assert fleet.touched() == []
    assert back(fleet).rc == 0
    assert fleet.menus() == {"a": "old"}


def test_a_rollback_begins_with_a_canary_that_gets_something_back(fleet: Fleet) -> None:
    fleet.add("a", "b", "c", "d", menu=menu())
    note(fleet, {"c": {"menu": kept("old")}, "d": {"menu": kept("old")}})
    fleet.accounts["c"].listed = False
    done = back(fleet)
    assert done.rc == 2
    assert fleet.touched() == ["c"]
    assert fleet.menus()["d"] is None


def test_a_rollback_of_the_last_run_names_the_one_before_it_that_ended_early(fleet: Fleet) -> None:
    fleet.add("a", "b", menu=menu())
    early = note(fleet, {"a": {"menu": kept("old")}})
    note(fleet, {"b": {"menu": kept("old")}})
    done = back(fleet, "--check")
    assert f"The run before it, {early.stem}, ended early; its changes stay, and rollback_to={early.stem} takes back both" in done.prose
    assert "1 account to give back what they had; hosts that get nothing back: 1" in done.prose


# --- What an attacker tried.


@pytest.mark.every_core
def test_a_rollback_needs_nothing_of_what_is_declared_now(fleet: Fleet) -> None:
    fleet.add("a", menu=menu("new"))
    fleet.accounts["a"].menus.buttons = menu("new")["button"]
    note(fleet, {"a": {"menu": kept("old")}})
    fleet.hosts["a"]["wechat_menu"] = "{{ nowhere }}"
    fleet.hosts["a"]["wechat_menus"] = {}
    done = back(fleet)
    assert done.rc == 0, done.output
    assert fleet.menus() == {"a": "old"}


def test_a_record_of_another_platform_brings_nothing_back(fleet: Fleet) -> None:
    fleet.add("a", menu=menu("new"))
    path = note(fleet, {"a": {"menu": kept("of-a-rehearsal")}})
    line, *rest = path.read_text().splitlines(keepends=True)
    path.write_text("".join([json.dumps({**json.loads(line), "api_url": "rehearsal.example"}) + "\n", *rest]))
    fleet.accounts["a"].menus.buttons = menu("new")["button"]
    note(fleet, {"a": {"menu": kept(None)}})
    done = back(fleet, to="1")
    assert done.rc == 0, done.output
    assert fleet.menus() == {"a": None}
    assert "Not brought back: it was changed at another api_url (a)." in done.prose


@pytest.mark.every_core
def test_conditional_menus_that_a_deletion_takes_along_are_on_record_and_come_back(fleet: Fleet) -> None:
    fleet.add("a", menu="absent")
    fleet.accounts["a"].menus.buttons = menu("old")["button"]
    rule = {"button": [{"type": "click", "name": "For some", "key": "some"}], "matchrule": {"tag_id": "2"}}
    fleet.accounts["a"].menus.conditional = [{**rule, "menuid": 1}]
    done = fleet.play(vars={"account_delete_conditional": True})
    assert done.rc == 0, done.output
    assert "Its conditional menus are gone with it (1)." in fleet.records()[0][-1]["msg"]
    before = {line["resource"]: line["before"] for line in fleet.records()[0] if line["event"] == "before"}
    assert before["conditional_menus"] == [{**rule, "menuid": 1}]
    assert fleet.accounts["a"].menus.conditional == []
    foreseen = back(fleet, "--check", "--diff")
    assert foreseen.rc == 0, foreseen.output
    assert fleet.changed() == []
    assert '+      tag_id: "2"' in foreseen.output
    assert back(fleet).rc == 0
    (found,) = fleet.accounts["a"].menus.conditional
    assert {name: found[name] for name in rule} == rule
    assert fleet.menus() == {"a": "old"}
    # Once more, nothing is left to do.
    assert back(fleet, to="1").rc == 0
    assert fleet.changed() == []


def test_a_record_that_is_deleted_while_a_list_is_worked_on_stops_the_changes(fleet: Fleet) -> None:
    fleet.add(*(f"a{number}" for number in range(6)))
    accounts = [{"name": name, "appid": one.appid, "secret": one.secret, "menu": menu()} for name, one in fleet.accounts.items()]
    for account in fleet.accounts.values():
        account.plan("menu_get", Fault(delay=0.3), Fault(delay=0.3))
    deleting = threading.Thread(target=_delete_the_record, args=(fleet,))
    deleting.start()
    done = fleet.play(hosts="localhost", vars={**fleet.variables, "account_accounts": accounts, "account_concurrency": 1})
    deleting.join()
    assert done.rc == 2
    assert 1 <= len(fleet.changed()) < 4
    assert "the record of this run cannot be written (ENOENT)" in done.prose


def _delete_the_record(fleet: Fleet) -> None:
    until = time.monotonic() + 30
    while not fleet.changed() and time.monotonic() < until:
        time.sleep(0.01)
    shutil.rmtree(fleet.reports)
