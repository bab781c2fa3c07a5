# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option ``accounts``: what is refused, what the results say, and when a run stops. The tables have each kind of fault."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.errcodes import SECRET_AND_LIST

from tests.integration.harness import APPID, SECRET, TOKEN, free_port
from tests.integration.shapes import COUNTS
from tests.modules.runner import SWITCH, SWITCH_INFO, Modules
from tests.simulator import Fault, Simulator

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.modules.runner import Result
    from tests.simulator import Account

OTHER_APPID, OTHER_SECRET = "wx00000000deadbee0", "fedcba9876543210fedcba9876543210"
GOOD = {"appid": APPID, "secret": SECRET}


def good(number: int) -> dict[str, str]:
    return {"appid": f"wx{number:016x}", "secret": SECRET}


def listed(accounts: dict[str, Account]) -> list[dict[str, str]]:
    return [{"name": name, "appid": account.appid, "secret": account.secret} for name, account in accounts.items()]


def call(modules: Modules, accounts: list[dict[str, t.Any]], **options: t.Any) -> Result:
    return modules.run(SWITCH, accounts=accounts, **options).result


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


WRONG_SECRETS = (SECRET, OTHER_SECRET, TOKEN, "hunt3r2", "hunt3r3", "canary-secret")


@pytest.mark.parametrize("name", REFUSED)
def test_refused_before_anything_is_sent(name: str, modules: Modules, simulator: Simulator) -> None:
    options, says = REFUSED[name]
    before = len(simulator.log)
    result = modules.run(SWITCH, more=WRONG_SECRETS, **options).result
    assert len(simulator.log) == before
    for part in says:
        assert part in result["msg"]
    assert (result["failed"], result["changed"], result["accounts"], result["summary"]) == (True, False, {}, COUNTS)
    assert result["failure"]["reason"] == ("irreversible" if name == "absent" else "operator")
    assert "nothing was sent" in result["msg"]


@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
def test_no_accounts_change_nothing(check: bool, simulator: Simulator, modules: Modules) -> None:
    before = len(simulator.log)
    result = call(modules, [], check=check)
    assert (result["failed"], result["changed"], result["accounts"], result["summary"]) == (False, False, {}, COUNTS)
    assert result["msg"] == "0 accounts: nothing to do."
    assert len(simulator.log) == before


def test_the_environment_is_not_asked(simulator: Simulator, modules: Modules) -> None:
    account = simulator.add(is_open=True)
    result = call(modules, listed({"a": account}), env={"WECHAT_ACCESS_TOKEN": "never-to-be-used-here"})
    assert result["summary"]["unchanged"] == 1


def test_the_appid_is_the_name_unless_one_is_given(simulator: Simulator, modules: Modules) -> None:
    named, unnamed, tokened = (simulator.add() for _account in range(3))
    accounts = [
        {"name": "z", "access_token": simulator.issue(named)},
        {"appid": unnamed.appid, "secret": unnamed.secret},
        {"appid": tokened.appid, "access_token": simulator.issue(tokened)},
    ]
    result = call(modules, accounts)
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


def test_what_is_shown_of_a_fleet(simulator: Simulator, modules: Modules) -> None:
    accounts = mixed(simulator)
    foreseen = call(modules, listed(accounts), check=True)
    accounts["gone"].plan("look", Fault(errcode=45103))
    result = call(modules, listed(accounts))
    counts = {"total": 14, "changed": 4, "unchanged": 4, "failed": 5, "not_attempted": 0, "retired": 1}
    changed = [f"brand-{number:02}" for number in (1, 3, 5, 7)]
    allow = f"add 203.0.113.7 to the account's IP allow list, and run again after about 5 minutes; the list is {SECRET_AND_LIST}"
    for shown, done in ((foreseen, "would be turned on"), (result, "turned on")):
        assert (shown["summary"], shown["changed"], shown["failed"], shown["failure"]) == (counts, True, True, None)
        assert shown["msg"].split("\n") == [
            f"14 accounts: 4 {done}, which cannot be undone; 4 already on; "
            "1 on as the platform says, which no longer offers the call; 5 failed.",
            f"4 accounts: {allow}: brand-08, brand-09, brand-10 and 1 more",
            f"1 account: unfreeze the AppSecret, and run again after 10 minutes; it is {SECRET_AND_LIST}: frozen",
        ]
        assert shown["diff"] == {
            "before": {name: {"is_open": False} for name in changed},
            "after": {name: {"is_open": True} for name in changed},
        }
        assert [name for name, row in shown["accounts"].items() if row["changed"]] == changed
    assert any("no longer offered" in str(warning) for warning in result["warnings"])
    assert accounts["brand-01"].calls == ["token", "look", "token", "look", "enable", "look"]
    assert accounts["brand-00"].calls == ["token", "look"] * 2


def test_info_counts_on_and_off(simulator: Simulator, modules: Modules) -> None:
    accounts = mixed(simulator)
    done = modules.run(SWITCH_INFO, accounts=listed(accounts)).result
    assert done["summary"] == {"total": 14, "changed": 0, "unchanged": 8, "failed": 5, "not_attempted": 0, "retired": 1}
    assert done["msg"].startswith("14 accounts: 8 checked (4 on, 4 off); 1 on as the platform says, ")
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
def test_connections_are_as_many_as_accounts_at_a_time_and_kept_open(concurrency: int, tmp_path: Path) -> None:
    with Simulator(tmp_path) as alone:
        accounts = {f"a{number}": alone.add() for number in range(12)}
        result = call(Modules(alone), listed(accounts), concurrency=concurrency)
        assert result["summary"]["changed"] == 12
        assert 1 <= alone.connections <= concurrency
        assert len(alone.log) == 48


def tokens(number: int) -> list[dict[str, str]]:
    return [{"name": f"a{position:04}", "access_token": f"canary-token-{position:08}"} for position in range(number)]


@pytest.mark.parametrize("trouble", ["refused", "name", "untrusted"])
def test_nobody_listens(trouble: str, simulator: Simulator, modules: Modules) -> None:
    how = {
        "refused": {"api_url": f"http://127.0.0.1:{free_port()}"},
        "name": {"api_url": f"http://{'no-such-host.' * 20}invalid"},
        "untrusted": {"ca_path": None},
    }[trouble]
    before = len(simulator.log)
    result = call(modules, tokens(1000), retries=3, **how)
    counts = result["summary"]
    # The requests that were in progress when the sixteenth account failed still get their answers.
    assert 16 <= counts["failed"] < 16 + 2 * 32
    assert counts["not_attempted"] == 1000 - counts["failed"]
    last = result["accounts"]["a0999"]
    assert (last["failure"]["reason"], last["failed"], last["request_sent"], last["is_open"]) == ("not_attempted", True, False, None)
    assert last["msg"].startswith("Not attempted: 16 accounts in a row could not be reached; nothing was sent; correct what stopped ")
    assert "what stopped the run" in result["msg"]
    assert len(simulator.log) == before


def test_an_account_s_own_trouble_never_stops_the_others(simulator: Simulator, modules: Modules) -> None:
    """Fifteen accounts in a row cannot be reached, twice, with one answer in between."""
    lost = [Fault(lost=True)] * 2
    accounts = {f"a{number:02}": simulator.add().plan("look", *(lost if number % 16 else [])) for number in range(40)}
    result = call(modules, [{"name": name, "access_token": simulator.issue(account)} for name, account in accounts.items()], concurrency=1)
    assert result["summary"] == {**COUNTS, "total": 40, "changed": 3, "failed": 37}
    assert {row["failure"]["reason"] for row in result["accounts"].values() if row["failure"]} == {"transport"}


def test_an_answered_token_call_is_an_answer(simulator: Simulator, modules: Modules) -> None:
    accounts = {f"a{number:02}": simulator.add().plan("look", *[Fault(lost=True)] * 2) for number in range(20)}
    result = call(modules, listed(accounts), concurrency=1, retries=0)
    assert result["summary"] == {**COUNTS, "total": 20, "failed": 20}


def test_sixteen_in_a_row_stop_the_run(simulator: Simulator, modules: Modules) -> None:
    # Out of reach in either way. One that is late takes its time.
    faults = [Fault(), *[Fault(lost=True)] * 15, *[Fault(delay=30.0)] * 24]
    accounts = {f"a{number:02}": simulator.add().plan("look", fault) for number, fault in enumerate(faults)}
    before = len(simulator.log)
    result = call(
        modules,
        [{"name": name, "access_token": simulator.issue(account)} for name, account in accounts.items()],
        concurrency=1,
        timeout=2,
        retries=0,
    )
    assert result["summary"] == {**COUNTS, "total": 40, "changed": 1, "failed": 16, "not_attempted": 23}
    assert [name for name, account in accounts.items() if account.calls] == [f"a{number:02}" for number in range(17)]
    assert len(simulator.log) - before == 3 + 16
    assert "no answer came in time" in result["accounts"]["a39"]["failure"]["remedy"]


def test_a_secret_of_another_account_in_an_answer_is_scrubbed(simulator: Simulator, modules: Modules) -> None:
    accounts = {f"a{number}": simulator.add() for number in range(3)}
    simulator.issue(accounts["a0"])
    echoed = " ".join([accounts["a0"].secret, accounts["a0"].token, accounts["a1"].secret])
    accounts["a2"].plan("look", Fault(errcode=99999, errmsg=f"mixed up: {echoed}"))
    # All that is written is searched for each of them.
    result = call(modules, listed(accounts), concurrency=1)
    assert result["accounts"]["a2"]["failure"]["errmsg"].startswith("mixed up: ******** ******** ******** rid: ")
