# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option ``accounts``: what is refused, what the results say, and when a run stops. test_every_fault has each kind of fault."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import typing as t

import pytest

from tests.integration.fleets import listed
from tests.integration.harness import APPID, BIN, INFO, SECRET, SWITCH, TOKEN, WITH_ARGUMENTS, Ansible, base_environment, free_port, leaks
from tests.integration.shapes import COUNTS
from tests.simulator import Fault, Simulator

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.simulator import Account

OTHER_APPID, OTHER_SECRET = "wx00000000deadbee0", "fedcba9876543210fedcba9876543210"
GOOD = {"appid": APPID, "secret": SECRET}


def good(number: int) -> dict[str, str]:
    return {"appid": f"wx{number:016x}", "secret": SECRET}


def call(ansible: Ansible, accounts: list[dict[str, t.Any]], *arguments: str, **options: t.Any) -> dict[str, t.Any]:
    merged = {**ansible.options, "accounts": accounts, **options}
    return ansible.play({"localhost": {name: value for name, value in merged.items() if value is not None}}, *arguments).one()


REFUSED: dict[str, tuple[dict[str, t.Any], list[str]]] = {
    "beside-token": ({"accounts": [], "access_token": TOKEN}, ["accounts is given together with access_token"]),
    "beside-secret": ({"accounts": [{"name": "a", **GOOD}], **GOOD}, ["accounts is given together with appid, secret"]),
    "concurrency-0": ({"accounts": [], "concurrency": 0}, ["concurrency is not between 1 and 256"]),
    "concurrency-257": ({"accounts": [], "concurrency": 257}, ["concurrency is not between 1 and 256"]),
    "unknown-key": (
        {"accounts": [{"name": "a", **GOOD}, {"name": "b", **good(2), "sekret": SECRET}, {**good(3), "nickname": "x"}]},
        [
            "accounts cannot be used: the unknown key sekret: account 2 (b); the unknown key nickname: account 3 (wx0000000000000003); "
            "nothing was sent; correct these accounts"
        ],
    ),
    "unknown-key-alone": (
        {"accounts": [{"name": "a", "appid": APPID, "sekret": SECRET}]},
        ["the unknown key sekret: account 1 (a); nothing was sent; is secret meant? An account has the keys name, access_token, "],
    ),
    "no-dict": ({"accounts": [SECRET]}, ["accounts cannot be used: not a dict: account 1; nothing was sent; give a list of dicts with"]),
    "text": ({"accounts": SECRET}, ["accounts is not a list; nothing was sent; give a list of dicts with the keys name, "]),
    "bad-url": ({"accounts": [{**GOOD}], "api_url": "https://me:canary-secret@localhost"}, ["api_url holds user info"]),
    "list-in-list": ({"accounts": [["brand", SECRET]]}, ["accounts cannot be used: not a dict: account 1"]),
    "secret-as-key": ({"accounts": [{"name": "a", SECRET: "x"}]}, ["an unknown key, which is not shown: account 1 (a); nothing was sent"]),
    "every-offender": (
        {
            "accounts": [
                {"name": "twice", **good(1)},
                {"name": "twice", **good(2)},
                {"name": "nothing"},
                {"name": "both", "access_token": TOKEN, **good(3)},
                {"name": "half", "secret": SECRET},
                {"name": "other-half", "appid": good(4)["appid"]},
                {"access_token": f"{TOKEN}-7"},
                {"name": "", **good(5)},
                {"name": "two\nlines", **good(6)},
                {"name": "cut", **good(7), "secret": "hunt3r2"},
                {"name": "also-cut", **good(8), "secret": "hunt3r3"},
                {"appid": OTHER_SECRET, "secret": APPID},
                {"name": "short", "access_token": "hunt3r2"},
                {"appid": OTHER_APPID, "secret": OTHER_SECRET},
                {"name": "alias", "appid": OTHER_APPID.replace("d", "D"), "access_token": f"{TOKEN}-15"},
                {"name": "token", "access_token": f"{TOKEN}-16"},
                {"name": "token-again", "access_token": f"{TOKEN}-16"},
            ]
        },
        [
            "the same name more than once: account 1 (twice), 2 (twice)",
            "no credentials: account 3 (nothing)",
            "not exactly one way of credentials is given, but access_token, appid, secret: account 4 (both)",
            "appid is missing: account 5 (half)",
            "secret is missing: account 6 (other-half)",
            "no name (it can only be left out where there is an appid): account 7, 8",
            "the name holds control characters or is longer than 255: account 9",
            "secret is not 32 hexadecimal characters: account 10 (cut), 11 (also-cut), 12",
            "appid is not wx and 16 hexadecimal characters: account 12",
            "access_token is not a token: 8 to 512 printable characters without a space: account 13 (short)",
            "the same account more than once: account 14 (wx00000000deadbee0), 15 (alias), 16 (token), 17 (token-again)",
        ],
    ),
    "absent": ({"accounts": [{**GOOD}], "state": "absent"}, ["the API offers no call that turns the switch off"]),
}


@pytest.fixture(scope="module")
def refused(simulator: Simulator, ansible: Ansible) -> dict[str, dict[str, t.Any]]:
    before = len(simulator.log)
    hosts = {name: {**ansible.options, **options} for name, (options, _says) in REFUSED.items()}
    done = ansible.play(hosts, "-vvvv", environment=WITH_ARGUMENTS)
    assert len(simulator.log) == before
    secrets = {SECRET, OTHER_SECRET, TOKEN, "hunt3r2", "hunt3r3", "canary-secret"}
    assert leaks(done.written, secrets) == []
    return {name: done.one(name) for name in REFUSED}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_before_anything_is_sent(name: str, refused: dict[str, dict[str, t.Any]]) -> None:
    result = refused[name]
    for says in REFUSED[name][1]:
        assert says in result["msg"]
    assert (result["failed"], result["changed"], result["accounts"], result["summary"]) == (True, False, {}, COUNTS)
    assert result["failure"]["reason"] == ("irreversible" if name == "absent" else "operator")
    assert "nothing was sent" in result["msg"]


@pytest.mark.parametrize("arguments", [(), ("--check", "--diff")])
def test_no_accounts_change_nothing(arguments: tuple[str, ...], simulator: Simulator, ansible: Ansible) -> None:
    before = len(simulator.log)
    result = call(ansible, [], *arguments)
    assert (result["failed"], result["changed"], result["accounts"], result["summary"]) == (False, False, {}, COUNTS)
    assert result["msg"] == "0 accounts: nothing to do."
    assert len(simulator.log) == before


def test_the_environment_is_not_asked(simulator: Simulator, ansible: Ansible) -> None:
    account = simulator.add(is_open=True)
    hosts = {"localhost": {**ansible.options, "accounts": listed({"a": account}), "env": {"WECHAT_ACCESS_TOKEN": "never-to-be-used-here"}}}
    assert ansible.play(hosts).one()["summary"]["unchanged"] == 1


def test_the_appid_is_the_name_unless_one_is_given(simulator: Simulator, ansible: Ansible) -> None:
    named, unnamed, tokened = (simulator.add() for _account in range(3))
    accounts = [
        {"name": "z", "access_token": simulator.issue(named)},
        {"appid": unnamed.appid, "secret": unnamed.secret},
        {"appid": tokened.appid, "access_token": simulator.issue(tokened)},
    ]
    result = call(ansible, accounts)
    assert list(result["accounts"]) == ["z", unnamed.appid, tokened.appid]
    assert [named.calls, unnamed.calls, tokened.calls] == [
        ["look", "enable", "look"],
        ["token", "look", "enable", "look"],
        ["look", "enable", "look"],
    ]


def mixed(simulator: Simulator) -> dict[str, Account]:
    accounts = {f"brand-{number:02}": simulator.add(is_open=number % 2 == 0, listed=number < 8) for number in range(12)}
    accounts["frozen"] = simulator.add()
    accounts["frozen"].frozen_secret = True
    accounts["gone"] = simulator.add().plan("look", Fault(errcode=45103))
    return accounts


def test_what_is_shown_of_a_fleet(simulator: Simulator, ansible: Ansible) -> None:
    accounts = mixed(simulator)
    foreseen = call(ansible, listed(accounts), "--check", "--diff")
    accounts["gone"].plan("look", Fault(errcode=45103))
    result = call(ansible, listed(accounts), "--diff")
    counts = {"total": 14, "changed": 4, "unchanged": 4, "failed": 5, "not_attempted": 0, "retired": 1}
    changed = [f"brand-{number:02}" for number in (1, 3, 5, 7)]
    allow = "add 203.0.113.7 to the account's IP allow list in the WeChat console, and run again after about 5 minutes"
    for shown, done in ((foreseen, "would be turned on"), (result, "turned on")):
        assert (shown["summary"], shown["changed"], shown["failed"], shown["failure"]) == (counts, True, True, None)
        assert shown["msg"].split("\n") == [
            f"14 accounts: 4 {done}, which cannot be undone; 4 already on; "
            "1 on as the platform says, which no longer offers the call; 5 failed.",
            f"4 accounts: {allow}: brand-08, brand-09, brand-10 and 1 more",
            "1 account: unfreeze the AppSecret in the WeChat console, then run again: frozen",
        ]
        assert shown["diff"] == {
            "before": {name: {"is_open": False} for name in changed},
            "after": {name: {"is_open": True} for name in changed},
        }
        assert [name for name, row in shown["accounts"].items() if row["changed"]] == changed
    assert any("no longer offered" in str(warning) for warning in result["warnings"])
    assert accounts["brand-01"].calls == ["token", "look", "token", "look", "enable", "look"]
    assert accounts["brand-00"].calls == ["token", "look"] * 2


def test_info_counts_on_and_off(simulator: Simulator, ansible: Ansible) -> None:
    accounts = mixed(simulator)
    done = ansible.play({"localhost": {**ansible.options, "accounts": listed(accounts)}}, module=INFO).one()
    assert done["summary"] == {"total": 14, "changed": 0, "unchanged": 8, "failed": 5, "not_attempted": 0, "retired": 1}
    assert done["msg"].startswith("14 accounts: 8 looked at (4 on, 4 off); 1 on as the platform says, ")
    assert done["accounts"]["brand-01"] == {
        "changed": False,
        "failed": False,
        "is_open": False,
        "verified": True,
        "failure": None,
        "msg": "The draft box is off.",
    }
    assert simulator.count("enable") == sum(account.calls.count("enable") for account in simulator.accounts.values())
    assert not any("enable" in account.calls for account in accounts.values())


@pytest.mark.parametrize("concurrency", [1, 4])
def test_connections_are_as_many_as_accounts_at_a_time_and_kept_open(concurrency: int, ansible: Ansible, tmp_path: Path) -> None:
    with Simulator(tmp_path) as alone:
        accounts = {f"a{number}": alone.add() for number in range(12)}
        ansible.simulators.append(alone)
        result = call(ansible, listed(accounts), api_url=alone.url, ca_path=str(alone.ca_path), concurrency=concurrency)
        assert result["summary"]["changed"] == 12
        assert 1 <= alone.connections <= concurrency
        assert len(alone.log) == 48


def tokens(number: int) -> list[dict[str, str]]:
    return [{"name": f"a{position:04}", "access_token": f"canary-token-{position:08}"} for position in range(number)]


@pytest.mark.parametrize("trouble", ["refused", "name", "untrusted"])
def test_nobody_listens(trouble: str, simulator: Simulator, ansible: Ansible) -> None:
    how = {
        "refused": {"api_url": f"http://127.0.0.1:{free_port()}"},
        "name": {"api_url": f"http://{'no-such-host.' * 20}invalid"},
        "untrusted": {"ca_path": None},
    }[trouble]
    before = len(simulator.log)
    result = call(ansible, tokens(1000), retries=3, **how)
    counts = result["summary"]
    # The requests that were in progress when the sixteenth account failed still get their answers.
    assert 16 <= counts["failed"] < 16 + 2 * 32
    assert counts["not_attempted"] == 1000 - counts["failed"]
    last = result["accounts"]["a0999"]
    assert (last["failure"]["reason"], last["failed"], last["request_sent"], last["is_open"]) == ("not_attempted", True, False, None)
    assert last["msg"].startswith("Not attempted: 16 accounts in a row could not be reached; nothing was sent; correct what stopped ")
    assert "what stopped the run" in result["msg"]
    assert len(simulator.log) == before


def test_an_account_s_own_trouble_never_stops_the_others(simulator: Simulator, ansible: Ansible) -> None:
    """Fifteen accounts in a row cannot be reached, twice, with one answer in between."""
    lost = [Fault(lost=True)] * 2
    accounts = {f"a{number:02}": simulator.add().plan("look", *(lost if number % 16 else [])) for number in range(40)}
    result = call(ansible, [{"name": name, "access_token": simulator.issue(account)} for name, account in accounts.items()], concurrency=1)
    assert result["summary"] == {**COUNTS, "total": 40, "changed": 3, "failed": 37}
    assert {row["failure"]["reason"] for row in result["accounts"].values() if row["failure"]} == {"transport"}


def test_an_answered_token_call_is_an_answer(simulator: Simulator, ansible: Ansible) -> None:
    accounts = {f"a{number:02}": simulator.add().plan("look", *[Fault(lost=True)] * 2) for number in range(20)}
    result = call(ansible, listed(accounts), concurrency=1, retries=0)
    assert result["summary"] == {**COUNTS, "total": 20, "failed": 20}


def test_sixteen_in_a_row_stop_the_run(simulator: Simulator, ansible: Ansible) -> None:
    late = [Fault(delay=30.0)] * 2
    accounts = {f"a{number:02}": simulator.add().plan("look", *(late if number else [])) for number in range(40)}
    before = len(simulator.log)
    result = call(
        ansible,
        [{"name": name, "access_token": simulator.issue(account)} for name, account in accounts.items()],
        concurrency=1,
        timeout=0.2,
        retries=0,
    )
    assert result["summary"] == {**COUNTS, "total": 40, "changed": 1, "failed": 16, "not_attempted": 23}
    assert [name for name, account in accounts.items() if account.calls] == [f"a{number:02}" for number in range(17)]
    assert len(simulator.log) - before == 3 + 16
    assert "no answer came in time" in result["accounts"]["a39"]["failure"]["remedy"]


def test_a_secret_of_another_account_in_an_answer_is_scrubbed(simulator: Simulator, ansible: Ansible) -> None:
    accounts = {f"a{number}": simulator.add() for number in range(3)}
    simulator.issue(accounts["a0"])
    echoed = " ".join([accounts["a0"].secret, accounts["a0"].token, accounts["a1"].secret])
    accounts["a2"].plan("look", Fault(errcode=99999, errmsg=f"mixed up: {echoed}"))
    # The harness searches all that was written for each of them.
    result = call(ansible, listed(accounts), "-vvvv", concurrency=1)
    assert result["accounts"]["a2"]["failure"]["errmsg"].startswith("mixed up: ******** ******** ******** rid: ")


@pytest.mark.parametrize("who", ["all", "ansible"])
def test_an_interrupted_run_turns_on_no_more(who: str, ansible: Ansible, tmp_path: Path) -> None:
    with Simulator(tmp_path, latency=0.2) as slow:
        accounts = {f"a{number:03}": slow.add() for number in range(400)}
        options = {**ansible.options, "api_url": slow.url, "ca_path": str(slow.ca_path), "concurrency": 4}
        variables = tmp_path / "variables.json"
        variables.write_text(json.dumps({"options": {**options, "accounts": listed(accounts)}}))
        play = tmp_path / "play.json"
        task = {"name": "Turn on", SWITCH: {name: f"{{{{ options.{name} }}}}" for name in ["accounts", *options]}}
        play.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]))
        running = subprocess.Popen(
            [str(BIN / "ansible-playbook"), str(play), "-e", f"@{variables}"],
            env=base_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(lambda: slow.count("enable") >= 8)
        # Ctrl-C in a terminal reaches all of them; kill, or a job's end in AWX, may reach only ansible-playbook.
        os.killpg(running.pid, signal.SIGINT) if who == "all" else running.send_signal(signal.SIGINT)
        running.wait(timeout=30)
        wait_for(lambda: quiet(slow))
        assert slow.count("enable") < 100


def wait_for(condition: t.Callable[[], bool]) -> None:
    for _attempt in range(300):
        if condition():
            return
        time.sleep(0.1)
    pytest.fail("what was waited for did not happen")


def quiet(simulator: Simulator) -> bool:
    before = len(simulator.log)
    time.sleep(1.5)
    return len(simulator.log) == before
