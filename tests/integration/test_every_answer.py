# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way in which the bytes of an answer can arrive, in real plays against raw sockets.

The cases are the accounts of one call, hosts of the role, and some also single tasks. They run, run in check mode, and run with the info
module.
"""

from __future__ import annotations

import dataclasses
import hashlib
import typing as t

import pytest

from tests.integration.cases import ON, TURNED_ON
from tests.integration.harness import INFO, SWITCH, Ansible
from tests.integration.wire_cases import CASES, ENDED, SPENT, WAYS, Case, cases_of
from tests.simulator.raw import RawServer

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Run
    from tests.simulator import Account

# These are mixed with the cases of the table, to find out whether a fault of one account affects another.
NEIGHBOURS = {f"neighbour-{number}": Case(TURNED_ON, ("look enable look",)) for number in range(40)} | {
    f"neighbour-{number}": Case(ON, ("look",), is_open=True) for number in range(40, 80)
}
EVERY = dict(sorted({**CASES, **NEIGHBOURS}.items(), key=lambda item: hashlib.sha256(item[0].encode()).digest()))
# A host takes several times as long as an account in a list. So there is one case for each way, and the neighbours.
HOSTS = {name: case for name, case in EVERY.items() if name in NEIGHBOURS or name.endswith(("-off", "-off-once", "-not-carried-out"))}
# The info module only looks, so faults of an enabling request do not matter.
LOOKS = {name: case for name, case in EVERY.items() if set(case.scripts) != {"enable"} and not name.startswith("verification-")}
# A single task for each account needs a process for each. So there is one way of each kind, for a look and for an enabling request.
ALONE = {
    name: CASES[name]
    for name in (
        *("right-off", "continue-first-off", "http-1.0-keep-alive-off", "close-delimited-off", "chunked-off", "two-answers-off"),
        *("left-over-off", "hints-first-off-once", "upgrade-off-once", "body-end-first-off-once", "length-twice-off-once"),
        *("length-plus-off-once", "chunked-and-length-off-once", "gzip-chunked-off-once", "no-colon-off-once", "gzip-off-once"),
        *("brotli-off-once", "status-204-not-carried-out", "nothing-off-once", "cut-in-the-body-off-once"),
    )
} | {name: cases_of(way)["off"] for name, way in ENDED.items()}


@dataclasses.dataclass
class Seen:
    case: Case
    account: Account
    result: dict[str, t.Any]
    check: bool = False


@dataclasses.dataclass
class Done:
    """What a run resulted in. ``seen``: by the names of the cases."""

    server: RawServer
    seen: dict[str, Seen]


def prepare(server: RawServer, cases: dict[str, Case]) -> tuple[dict[str, Account], dict[str, dict[str, str]]]:
    """An account for each of ``cases``, and its credentials."""
    accounts, ways = {}, {}
    for name, case in cases.items():
        account = accounts[name] = server.add(is_open=case.is_open)
        for call, scripts in case.scripts.items():
            server.script(account, call, *scripts)
        ways[name] = {"access_token": server.issue(account)} if case.token else {"appid": account.appid, "secret": account.secret}
    return accounts, ways


def together(folder: Path, cases: dict[str, Case], *arguments: str, module: str = SWITCH) -> Done:
    """All of ``cases`` in one call."""
    with RawServer(folder) as server:
        accounts, ways = prepare(server, cases)
        given = [{"name": name, **way} for name, way in ways.items()]
        ansible = Ansible(server, folder)
        run = ansible.play({"localhost": {**ansible.options, "concurrency": 32, "accounts": given}}, *arguments, module=module)
        results = run.one()["accounts"]
        return Done(server, {name: Seen(cases[name], account, results[name], bool(arguments)) for name, account in accounts.items()})


def by_hosts(folder: Path, cases: dict[str, Case]) -> Done:
    """All of ``cases`` as hosts of the role, over plain HTTP."""
    with RawServer(folder, tls=False) as server:
        accounts, ways = prepare(server, cases)
        hosts = {name: {f"wechat_{key}": value for key, value in way.items()} for name, way in ways.items()}
        ansible = Ansible(server, folder)
        run: Run = ansible.role(hosts)
        results = run.last()
        return Done(server, {name: Seen(cases[name], account, results[name]) for name, account in accounts.items()})


def one_by_one(folder: Path, cases: dict[str, Case]) -> Done:
    """Each of ``cases`` as a single task."""
    with RawServer(folder) as server:
        accounts, ways = prepare(server, cases)
        ansible = Ansible(server, folder)
        run = ansible.play({name: {**ansible.options, **way} for name, way in ways.items()})
        return Done(server, {name: Seen(cases[name], account, run.one(name)) for name, account in accounts.items()})


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    folder = tmp_path_factory.mktemp
    return {
        "together": together(folder("together"), EVERY),
        "checked": together(folder("checked"), LOOKS, "--check"),
        "looked": together(folder("looked"), LOOKS, module=INFO),
        "by hosts": by_hosts(folder("hosts"), HOSTS),
        "one by one": one_by_one(folder("alone"), ALONE),
    }


REAL = ("together", "by hosts", "one by one")
ONLY_LOOKS = ("checked", "looked")


def misfits(done: Done, *, only_look: bool = False) -> dict[str, str]:
    """The differences from the table, by the name of the case."""
    wrong = {}
    for name, seen in done.seen.items():
        case, result = seen.case, seen.result
        calls = " ".join(seen.account.calls)
        allowed = {one.split(" enable")[0] for one in case.calls} if only_look else set(case.calls)
        # A run that only looks must not turn anything on.
        on = case.is_open or (not only_look and "enable" in case.calls[0])
        expected = {"is_open": case.is_open if case.reason is None else None} if only_look else case.expected
        reason = (result["failure"] or {}).get("reason")
        if calls not in allowed:
            wrong[name] = f"{calls}: {result['msg']}"
        elif reason != case.reason:
            wrong[name] = f"{reason}: {result['msg']}"
        elif {key: result[key] for key in expected} != expected:
            wrong[name] = str(result)
        elif seen.account.is_open is not on:
            wrong[name] = f"is {seen.account.is_open}: {result['msg']}"
    return wrong


@pytest.mark.parametrize("how", REAL)
def test_each_is_understood_or_refused(how: str, runs: dict[str, Done]) -> None:
    assert misfits(runs[how]) == {}


@pytest.mark.parametrize("how", ONLY_LOOKS)
def test_who_only_looks_understands_the_same(how: str, runs: dict[str, Done]) -> None:
    assert misfits(runs[how], only_look=True) == {}
    assert runs[how].server.count("enable") == 0


@pytest.mark.parametrize("how", [*REAL, *ONLY_LOOKS])
def test_a_connection_brings_nothing_after_an_answer_that_ends_its_use(how: str, runs: dict[str, Done]) -> None:
    spent: dict[int, str] = {}
    after = set()
    ways = {way.steps: name for name, way in (WAYS | ENDED).items()}
    for one in runs[how].server.brought:
        if one.connection in spent:
            after.add(spent[one.connection])
        if one.script.steps in SPENT:
            spent[one.connection] = ways[one.script.steps]
    assert after == set()


@pytest.mark.parametrize("how", [*REAL, *ONLY_LOOKS])
def test_no_token_is_used_for_another_account(how: str, runs: dict[str, Done]) -> None:
    assert runs[how].server.decoy.calls == []


@pytest.mark.parametrize("how", REAL)
def test_no_enabling_request_without_a_look_before(how: str, runs: dict[str, Done]) -> None:
    for name, seen in runs[how].seen.items():
        calls = seen.account.calls
        assert all(before == "look" for before, call in zip(["", *calls], calls, strict=False) if call == "enable"), name
        assert not (seen.case.is_open and "enable" in calls), name


def test_a_well_understood_answer_keeps_its_connection(tmp_path: Path) -> None:
    names = [name for name, way in WAYS.items() if way.used_again]
    done = one_by_one(tmp_path, {name: CASES[f"{name}-off"] for name in names})
    assert misfits(done) == {}
    for name, seen in done.seen.items():
        assert len(set(done.server.connections(seen.account))) == 1, name
