# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every answer belongs to its request, and every token to its account."""

from __future__ import annotations

import json
import threading
import typing as t

import pytest

from tests.modules import runner
from tests.modules.runner import SWITCH, Modules
from tests.modules.switch_cases import IN_DOUBT, ON, TURNED_ON, UNKNOWN
from tests.modules.ways import ANOTHER
from tests.simulator import Fault
from tests.simulator.raw import RIGHT, RawServer, Script, answers, awaits, says, tells

if t.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.simulator import Account, Simulator


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RawServer]:
    with RawServer(tmp_path) as running:
        yield running


def by_secret(name: str, account: Account) -> dict[str, str]:
    return {"name": name, "appid": account.appid, "secret": account.secret}


def by_token(name: str, server: RawServer, account: Account) -> dict[str, str]:
    return {"name": name, "access_token": server.token(account)}


def work_on(server: RawServer, given: list[dict[str, str]], **options: t.Any) -> dict[str, dict[str, t.Any]]:
    """The results of one call for all accounts in ``given``."""
    return t.cast("dict[str, dict[str, t.Any]]", Modules(server).run(SWITCH, accounts=given, **options).result["accounts"])


@pytest.fixture
def long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What arrives in a pause has arrived before its end."""
    monkeypatch.setattr(runner, "PAUSE", 0.5)


def shows(result: dict[str, t.Any], expected: dict[str, t.Any]) -> bool:
    return {key: result[key] for key in expected} == expected


def reason(result: dict[str, t.Any]) -> str | None:
    return t.cast("str | None", (result["failure"] or {}).get("reason"))


# --- The answer to one request is not the answer to another.


def test_a_few_interim_answers_among_600_accounts(server: RawServer) -> None:
    """If one of them counted as the answer, each later answer on that connection would count for the next request."""
    accounts = {f"account-{number}": server.add(is_open=bool(number % 2)) for number in range(600)}
    for position, account in enumerate(accounts.values()):
        if position % 60 == 7:
            interim = b"HTTP/1.1 %d Odd\r\n\r\n" % (102, 103, 199)[position // 60 % 3]
            server.script(account, "token" if position % 120 == 7 else "look", answers(interim, 0.03, RIGHT))
    was_open = {name: account.is_open for name, account in accounts.items()}
    results = work_on(server, [by_secret(name, account) for name, account in accounts.items()], concurrency=16)
    for name, account in accounts.items():
        assert shows(results[name], ON if was_open[name] else TURNED_ON), (name, results[name])
        assert account.calls.count("enable") == (0 if was_open[name] else 1)
    assert server.count("enable") == 300
    assert server.decoy.calls == []


@pytest.mark.usefixtures("long_pauses")
def test_two_answers_the_second_while_nobody_asks(server: RawServer) -> None:
    """There is a pause before the next request. Bytes that arrive in the pause are not the answer to it."""
    account, on = server.add(), server.add(is_open=True)
    busy = b'{"errcode":-1,"errmsg":"system error"}'
    server.script(account, "look", Script((RIGHT, 0.03, ANOTHER), busy))
    server.script(on, "look", Script((RIGHT, 0.03, ANOTHER), busy))
    given = [by_token("account", server, account), by_token("on", server, on)]
    results = work_on(server, given, concurrency=1)
    assert account.calls == ["look", "look", "enable", "look"]
    assert on.calls == ["look", "look"]
    assert shows(results["account"], TURNED_ON)
    assert shows(results["on"], ON)
    first, second, *_others = server.connections(account)
    assert first != second


def test_an_answer_that_comes_after_the_time_is_up(server: RawServer) -> None:
    """It is neither the answer to the second try nor to the next account."""
    accounts = {f"account-{number}": server.add(is_open=bool(number % 2)) for number in range(8)}
    for account in accounts.values():
        server.script(account, "look", answers(2.5, ANOTHER))
    was_open = {name: account.is_open for name, account in accounts.items()}
    given = [by_token(name, server, account) for name, account in accounts.items()]
    results = work_on(server, given, concurrency=4, timeout=2)
    for name, account in accounts.items():
        assert shows(results[name], ON if was_open[name] else TURNED_ON), results[name]
        first, second, *_others = server.connections(account)
        assert first != second


@pytest.mark.usefixtures("long_pauses")
@pytest.mark.parametrize("tls", [True, False])
def test_an_answer_before_the_request(tls: bool, tmp_path: Path) -> None:
    """An answer before the request does not count, even if it says off. The request is not sent on that connection."""
    with RawServer(tmp_path, tls=tls) as server:
        account = server.add(is_open=True)
        off = b"HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n" + b'{"errcode":0,"is_open":0}'
        # On the first connection, a look gets the answer that the platform is busy. The early answer then arrives before the next request.
        server.script(account, "look", Script((RIGHT, off), b'{"errcode":-1}'))
        result = work_on(server, [by_token("account", server, account)])["account"]
    assert account.calls == ["look", "look"]
    assert shows(result, ON)


def test_a_greeting_is_no_answer(tmp_path: Path) -> None:
    """A server that sends first, as SMTP does. The request fails or is not sent. The bytes are never read as off."""
    off = b"HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n" + b'{"errcode":0,"is_open":2}'
    with RawServer(tmp_path, tls=False) as server:
        account = server.add(is_open=True)
        server.greetings = dict.fromkeys(range(100), (off,))
        result = work_on(server, [by_token("account", server, account)], retries=1)["account"]
    assert "enable" not in account.calls
    assert reason(result) == "protocol"


# --- A token that comes back for a second AppID.


def token_answer(token: str) -> Script:
    return says(json.dumps({"access_token": token, "expires_in": 7200}).encode())


def test_a_token_that_was_another_account_s(server: RawServer) -> None:
    first, second, third = server.add(), server.add(), server.add()
    token = server.issue(first)
    server.script(second, "token", token_answer(token))
    given = [by_secret("first", first), by_secret("second", second), by_secret("third", third)]
    results = work_on(server, given, concurrency=1)
    # The first one had been finished by then.
    assert shows(results["first"], TURNED_ON)
    assert shows(results["second"], UNKNOWN)
    assert reason(results["second"]) == "protocol"
    assert "no enabling request was sent" in results["second"]["msg"]
    assert shows(results["third"], TURNED_ON)
    assert first.calls == ["token", "look", "enable", "look"]
    assert second.calls == ["token"]


@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
def test_the_token_of_another_while_that_one_is_looked_at(check: bool, server: RawServer) -> None:
    """It is not known which account the token belongs to, so the first account is not turned on with it either."""
    first, second, neighbour = server.add(), server.add(), server.add()
    token = server.issue(first)
    looked, answered = threading.Event(), threading.Event()
    server.script(first, "look", answers(tells(looked), awaits(answered), 0.3, RIGHT))
    body = json.dumps({"access_token": token, "expires_in": 7200}).encode()
    server.script(second, "token", Script((awaits(looked), RIGHT, tells(answered)), body))
    given = [by_secret("first", first), by_secret("second", second), by_secret("neighbour", neighbour)]
    results = work_on(server, given, check=check, concurrency=3, retries=0, timeout=9)
    assert reason(results["second"]) == "protocol"
    assert second.calls == ["token"]
    assert first.calls == ["token", "look"]
    if check:
        assert server.count("enable") == 0
    else:
        assert reason(results["first"]) == "protocol"
        assert shows(results["first"], {"request_sent": False, "is_open": None, "changed": False})
        assert "no enabling request was sent" in results["first"]["msg"]
        assert shows(results["neighbour"], TURNED_ON)
        assert server.count("enable") == 1


def test_the_token_of_another_while_that_one_is_turned_on(server: RawServer) -> None:
    first, second = server.add(), server.add()
    token = server.issue(first)
    sent, answered = threading.Event(), threading.Event()
    server.script(first, "enable", answers(tells(sent), awaits(answered), 0.3, RIGHT))
    body = json.dumps({"access_token": token, "expires_in": 7200}).encode()
    server.script(second, "token", Script((awaits(sent), RIGHT, tells(answered)), body))
    results = work_on(server, [by_secret("first", first), by_secret("second", second)], concurrency=2, retries=0, timeout=9)
    assert reason(results["second"]) == "protocol"
    assert second.calls == ["token"]
    assert first.calls == ["token", "look", "enable"]
    assert reason(results["first"]) == "outcome_unknown"
    assert shows(results["first"], IN_DOUBT)


def test_the_token_that_replaces_a_dead_one_is_another_account_s(server: RawServer) -> None:
    first, second = server.add(), server.add()
    token = server.issue(first)
    dead = says(b'{"errcode":40001,"errmsg":"invalid credential"}')
    server.script(second, "look", dead)
    server.script(second, "token", Script(), token_answer(token))
    results = work_on(server, [by_secret("first", first), by_secret("second", second)], concurrency=1)
    assert shows(results["first"], TURNED_ON)
    assert reason(results["second"]) == "protocol"
    assert second.calls == ["token", "look", "token"]
    assert first.calls == ["token", "look", "enable", "look"]


def test_a_dead_token_of_another_account_s_is_still_its(server: RawServer) -> None:
    first, second = server.add(), server.add()
    old = server.issue(first)
    server.script(first, "token", token_answer(old))
    server.script(first, "look", says(b'{"errcode":42001,"errmsg":"access_token expired"}'))
    server.script(second, "token", token_answer(old))
    server.issue(first)
    results = work_on(server, [by_secret("first", first), by_secret("second", second)], concurrency=1)
    assert shows(results["first"], TURNED_ON)
    assert reason(results["second"]) == "protocol"
    assert second.calls == ["token"]


def test_all_accounts_are_answered_with_one_token(server: RawServer) -> None:
    """A cache that ignores the request's body would do this. The token belongs to the decoy."""
    accounts = {f"account-{number}": server.add() for number in range(40)}
    for account in accounts.values():
        server.script(account, "token", token_answer(server.decoy.token))
    results = work_on(server, [by_secret(name, account) for name, account in accounts.items()], concurrency=16)
    failed = [name for name, result in results.items() if reason(result) in ("protocol", "outcome_unknown")]
    # The first account may have been finished before the second one started.
    assert len(failed) >= 39
    assert server.count("enable") <= 1
    assert not any(account.is_open for account in accounts.values())


@pytest.mark.parametrize("concurrency", [1, 16])
@pytest.mark.parametrize("token_first", [True, False])
def test_the_same_account_by_appid_and_by_token(concurrency: int, token_first: bool, server: RawServer) -> None:
    account, neighbour = server.add(), server.add()
    twice = [by_secret("by-secret", account), by_token("by-token", server, account)]
    given = [by_secret("neighbour", neighbour), *(reversed(twice) if token_first else twice)]
    results = work_on(server, given, concurrency=concurrency)
    assert shows(results["by-token"], TURNED_ON)
    assert reason(results["by-secret"]) == "operator"
    assert "given twice" in results["by-secret"]["msg"]
    assert shows(results["by-secret"], UNKNOWN)
    assert sorted(account.calls) == ["enable", "look", "look", "token"]
    assert shows(results["neighbour"], TURNED_ON)


def test_the_same_account_by_its_platform_and_by_token(simulator: Simulator, modules: Modules) -> None:
    """The fetched authorizer_access_token is the same as the access_token that the user gave."""
    component = simulator.add_component()
    account = simulator.add()
    authorizer = component.authorise(account)
    token = component.issue(authorizer)
    account.plan(
        "authorizer_token",
        Fault(
            body=json.dumps(
                {"authorizer_access_token": token, "authorizer_refresh_token": authorizer.refresh_token, "expires_in": 7200}
            ).encode()
        ),
    )
    given = [
        {"name": "by-appid", "appid": account.appid, "authorizer_refresh_token": authorizer.refresh_token},
        {"name": "by-token", "access_token": token},
    ]
    options = {"component_appid": component.appid, "component_access_token": component.token, "accounts": given}
    results = modules.run(SWITCH, **options).result["accounts"]
    assert shows(results["by-token"], TURNED_ON)
    assert reason(results["by-appid"]) == "operator"
    assert account.calls.count("enable") == 1


def test_a_token_that_is_refused_is_a_secret_all_the_same(server: RawServer) -> None:
    """All that is written is searched for every token: see ``Modules``."""
    first, second, third = server.add(is_open=True), server.add(), server.add()
    server.script(second, "token", token_answer(server.issue(first)))
    server.script(third, "token", token_answer(server.decoy.token))
    # For the platform, the look with the decoy's token is about the decoy.
    server.script(server.decoy, "look", says(json.dumps({"errcode": 48001, "errmsg": f"not with {server.decoy.token}"}).encode()))
    given = [by_secret("first", first), by_secret("second", second), by_secret("third", third)]
    results = work_on(server, given, concurrency=1)
    assert reason(results["second"]) == "protocol"
    assert results["third"]["failure"]["errmsg"] == "not with ********"
