# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every case of the tables for menus in real plays: run, run in check mode, looked at with the info module, and as hosts of the role.

The cases are the accounts of one call. The platform is the simulator for the faults of calls, and raw sockets for the bytes of answers.
"""

from __future__ import annotations

import itertools
import json
import re
import typing as t

import pytest

from tests.integration.harness import Ansible
from tests.integration.menu_cases import CASES, NEW, OLD, RAW_CASES, VIEW, Case, Menu
from tests.integration.wire_cases import ENDED
from tests.simulator import Fault
from tests.simulator.raw import RawServer, Script

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.simulator import Account, Simulator

    Platform = Simulator | RawServer

MENU = "wxops.official_account.wechat_menu"
INFO = f"{MENU}_info"
# What stands in the place of a secret.
MASK = "********"
# Raw UTF-8: what the platform would refuse or store as plain text is a \\u escape, whatever it stands for.
NEW_BYTES = json.dumps(NEW, ensure_ascii=False).encode()
assert b"\\u" not in NEW_BYTES
CHANGES = {"menu_create", "menu_delete"}

# For a run that only looks, a fault of a change does not matter.
LOOKS = {name: case for name, case in CASES.items() if not CHANGES & set(case.plan) and not name.startswith(("verification-", "writer-"))}
RAW_LOOKS = {name: case for name, case in RAW_CASES.items() if name.endswith("-get-each-time")}
# A host takes several times as long as an account in a list. So there is one of each kind, for each call.
KINDS = ("lost", "lost-carried-out", "busy", "empty-carried-out", "errcode48001", "errcode99999", "only-ok", "open-2")
HOSTS = {name: case for name, case in CASES.items() if name.partition("-")[2] in KINDS}


class Seen(t.NamedTuple):
    case: Case
    account: Account
    row: dict[str, t.Any]


class Done(t.NamedTuple):
    platform: Platform
    seen: dict[str, Seen]


def buttons_of(menu: Menu | None) -> list[dict[str, t.Any]] | None:
    return menu["button"] if menu else None


def prepare(platform: Platform, cases: dict[str, Case]) -> dict[str, Account]:
    accounts = {}
    for name, case in cases.items():
        account = accounts[name] = platform.add()
        account.menus.buttons = buttons_of(case.given)
        if case.writer:
            call, menu = case.writer
            account.menus.after(call, lambda menus, menu=menu: menus.set(buttons_of(menu)))  # type: ignore[misc]
        for call, faults in case.plan.items():
            if isinstance(platform, RawServer):
                platform.script(account, call, *faults)
            else:
                account.plan(call, *faults)
    return accounts


def run(platform: Platform, folder: Path, cases: dict[str, Case], *arguments: str, module: str = MENU) -> Done:
    """All of ``cases`` as accounts: one call for those that declare a menu, and one for the others."""
    accounts = prepare(platform, cases)
    hosts: dict[str, dict[str, t.Any]] = {}
    ansible = Ansible(platform, folder)
    for name, account in accounts.items():
        wanted = cases[name].wanted
        given = {"name": name, "access_token": platform.issue(account)}
        state: dict[str, t.Any] = {}
        if module == MENU:
            state = {"state": "present" if wanted else "absent"}
            given.update({"menu": wanted} if wanted else {})
        host = hosts.setdefault(state.get("state", "info"), {**ansible.options, **state, "concurrency": 32, "accounts": []})
        host["accounts"].append(given)
    done = ansible.play(hosts, *arguments, module=module).last()
    rows = {name: row for result in done.values() for name, row in result["accounts"].items()}
    return Done(platform, {name: Seen(cases[name], account, rows[name]) for name, account in accounts.items()})


def by_hosts(platform: Simulator, folder: Path) -> Done:
    """``HOSTS`` as hosts of the role: a play for those that declare a menu, and one for the others."""
    accounts = prepare(platform, HOSTS)
    ansible = Ansible(platform, folder)
    reach = {f"menu_{name}": value for name, value in ansible.options.items()} | {"menu_batch_size": 200}
    rows: dict[str, dict[str, t.Any]] = {}
    for state in ("present", "absent"):
        hosts = {
            name: {"wechat_access_token": platform.issue(account), **({"wechat_menu": HOSTS[name].wanted} if HOSTS[name].wanted else {})}
            for name, account in accounts.items()
            if bool(HOSTS[name].wanted) is (state == "present")
        }
        rows.update(ansible.role(hosts, variables={**reach, "menu_state": state}, play={"roles": ["wxops.official_account.menu"]}).last())
    return Done(platform, {name: Seen(HOSTS[name], account, rows[name]) for name, account in accounts.items()})


@pytest.fixture(scope="module")
def runs(simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    folder = tmp_path_factory.mktemp
    done = {
        "run": run(simulator, folder("run"), CASES),
        "by hosts": by_hosts(simulator, folder("hosts")),
    }
    changes = sum(map(simulator.count, CHANGES))
    done["checked"] = run(simulator, folder("checked"), LOOKS, "--check", "--diff")
    done["looked at"] = run(simulator, folder("looked"), LOOKS, module=INFO)
    # Not by account, so that a request that names no account counts as well.
    assert sum(map(simulator.count, CHANGES)) == changes
    with RawServer(folder("ca"), tls=False) as raw:
        done["raw run"] = run(raw, folder("raw"), RAW_CASES)
        changes = sum(map(raw.count, CHANGES))
        done["raw checked"] = run(raw, folder("raw-checked"), RAW_LOOKS, "--check")
        done["raw looked at"] = run(raw, folder("raw-looked"), RAW_LOOKS, module=INFO)
        assert sum(map(raw.count, CHANGES)) == changes
    return done


REAL = ("run", "by hosts", "raw run")
CHECKED = ("checked", "raw checked")
LOOKED_AT = ("looked at", "raw looked at")


def calls_of(account: Account) -> tuple[str, ...]:
    return tuple(call for call in account.calls if call != "token")


@pytest.mark.parametrize("how", REAL)
def test_each_is_understood_or_refused(how: str, runs: dict[str, Done]) -> None:
    wrong = {}
    for name, (case, account, row) in runs[how].seen.items():
        reason = (row["failure"] or {}).get("reason")
        found = {key: row[key] for key in case.expected}
        if (
            calls_of(account) not in case.calls
            or (reason, found) != (case.reason, case.expected)
            or account.menus.buttons != buttons_of(case.ends)
        ):
            wrong[name] = (calls_of(account), row)
        # Known exactly if the menu is.
        elif (row["conditional_count"] is None) is not (case.reason == "outcome_unknown" or (not row["before"] and not row["verified"])):
            wrong[name] = (row["conditional_count"], row)
    assert wrong == {}


@pytest.mark.parametrize("how", REAL)
def test_no_change_without_a_look_before_and_after(how: str, runs: dict[str, Done]) -> None:
    for name, seen in runs[how].seen.items():
        calls = calls_of(seen.account)
        assert all(first not in CHANGES for first, second in itertools.pairwise(("menu_create", *calls)) if second in CHANGES), name
        assert seen.row["request_sent"] is bool(CHANGES & set(calls)), name
        assert not seen.row["changed"] or calls[-1] not in CHANGES, name


@pytest.mark.parametrize("how", CHECKED)
def test_check_mode_foresees_and_changes_nothing(how: str, runs: dict[str, Done]) -> None:
    wrong = {}
    for name, (case, account, row) in runs[how].seen.items():
        reason = (row["failure"] or {}).get("reason")
        expected = {**case.expected, "changed": case.changes, "verified": case.reason is None, "request_sent": False}
        if calls_of(account) not in case.looks or reason != case.reason or {key: row[key] for key in expected} != expected:
            wrong[name] = (calls_of(account), row)
    assert wrong == {}


@pytest.mark.parametrize("how", LOOKED_AT)
def test_the_info_module_understands_the_same(how: str, runs: dict[str, Done]) -> None:
    for name, (case, account, row) in runs[how].seen.items():
        # It asks what is shown as well.
        asked = {(*looks, "selfmenu") if looks[-1] == "menu_get" and not case.reason else looks for looks in case.looks}
        reason = case.reason
        if name == "menu_get-errcode48001":
            # Here it is an answer.
            asked, reason = {("menu_get", "selfmenu")}, None
        assert calls_of(account) in asked, name
        assert ((row["failure"] or {}).get("reason"), row["menu"]) == (reason, None if case.reason else case.given), name


def test_no_token_is_used_for_another_account(runs: dict[str, Done]) -> None:
    assert t.cast("RawServer", runs["raw run"].platform).decoy.calls == []


def test_the_bytes_of_the_requests(runs: dict[str, Done]) -> None:
    seen = [one for how in ("run", "raw run") for one in runs[how].platform.log]
    assert {one.call for one in seen} == {"menu_get", "selfmenu", "menu_create", "menu_delete"}
    for one in seen:
        assert re.fullmatch("access_token=[^&]+", one.query)
        if one.call == "menu_create":
            assert (one.method, one.headers["Content-Length"]) == ("POST", str(len(one.body)))
            assert one.body == NEW_BYTES
        else:
            assert (one.method, one.body) == ("GET", b"")
            assert not {"Content-Length", "Transfer-Encoding", "Content-Type"} & one.headers.keys()


def test_no_redirect_is_followed(runs: dict[str, Done]) -> None:
    assert not [one for done in runs.values() for one in done.platform.log if one.call == "other"]


def test_no_get_that_changes_is_sent_over_a_connection_that_has_ended(tmp_path: Path) -> None:
    """urllib3 takes a GET for safe, and would send it again."""
    with RawServer(tmp_path, tls=False) as raw:
        ansible, accounts = Ansible(raw, tmp_path), {}
        hosts = {}
        for name in ("closed", "reset-afterwards"):
            account = accounts[name] = raw.add()
            account.menus.buttons = OLD["button"]
            raw.script(account, "menu_get", Script(ENDED[name].steps))
            hosts[name] = {**ansible.options, "access_token": raw.issue(account), "state": "absent"}
        done = ansible.play(hosts, module=MENU).last()
        for name, account in accounts.items():
            assert (done[name]["changed"], account.calls.count("menu_delete")) == (True, 1)
            first, *others = raw.connections(account)
            assert first not in others


def _with(**fields: object) -> bytes:
    """A menu that has more than the declared one."""
    return json.dumps({"menu": {"button": [{**VIEW, **fields}]}}).encode()


DEEP = json.loads("[" * 60 + "]" * 60)
# Answers of menu/get that are read, and what is returned of them as x; None if they are not read.
STRANGE: dict[str, tuple[bytes, object]] = {
    "fraction": (_with(x=1.5), 1.5),
    "minus-zero": (_with(x=1).replace(b"1}]", b"-0}]"), 0),
    "exponent": (_with(x=1).replace(b"1}]", b"1e2}]"), 100),
    "digits": (_with(x=10**30), 1e30),
    "endless": (_with(x=1).replace(b"1}]", b"1e999}]"), "inf"),
    "half": (_with(x="half \ud83d"), "half \\ud83d"),
    "half-name": (_with(x={"\ud83d": 1}), {"\\ud83d": 1}),
    "deep": (_with(x=DEEP), None),
    "deeper": (_with(x=1).replace(b"1}]", b"[" * 3000 + b"]" * 3000 + b"}]"), None),
    "deep-conditional": (_with(x=1)[:-1] + b',"conditionalmenu":[' + b"[" * 3000 + b"]" * 3000 + b"]}", None),
}


@pytest.mark.parametrize("arguments", [(), ("--check", "--diff")], ids=["run", "checked"])
def test_a_strange_menu_differs_and_costs_no_result(arguments: tuple[str, ...], simulator: Simulator, tmp_path: Path) -> None:
    accounts = {name: simulator.add().plan("menu_get", Fault(body=body)) for name, (body, _shown) in STRANGE.items()}
    # The first look shows another account's secret and this one's token, which is not this module's to tell.
    secretive = accounts["secret"] = simulator.add()
    token = simulator.issue(secretive)
    secretive.plan("menu_get", Fault(body=_with(x=[accounts["half"].secret, {token: f"?t={token}"}])))
    given = [{"name": name, "appid": one.appid, "secret": one.secret} for name, one in accounts.items()]
    ansible = Ansible(simulator, tmp_path)
    done = ansible.play({"localhost": {**ansible.options, "menu": {"button": [VIEW]}, "accounts": given}}, *arguments, module=MENU)
    rows = done.one()["accounts"]
    assert rows["secret"]["before"]["button"][0]["x"] == [MASK, {MASK: f"?t={MASK}"}]
    for name, (_body, shown) in STRANGE.items():
        row = rows[name]
        assert row["changed"] is (shown is not None), name
        assert (row["failure"] or {}).get("reason") == (None if shown is not None else "protocol"), name
        assert shown is None or row["before"] == {"button": [{**VIEW, "x": shown}]}, name
        assert ("menu_create" in accounts[name].calls) is (shown is not None and not arguments), name


def test_strange_menus_are_shown(simulator: Simulator, tmp_path: Path) -> None:
    ansible = Ansible(simulator, tmp_path)
    one = simulator.add().plan("menu_get", Fault(body=STRANGE["deep-conditional"][0]))
    other = simulator.add().plan("menu_get", Fault(body=b'{"menu":{"button":[]},"conditionalmenu":[{"name":"\\ud83d","menuid":1.5}]}'))
    other.plan("selfmenu", Fault(body=b'{"is_menu_open":1,"selfmenu_info":{"button":[{"name":"\\ud83d"}]}}'))
    third = simulator.add().plan("selfmenu", Fault(body=b'{"is_menu_open":1,"selfmenu_info":{"x":' + b"[" * 900 + b"]" * 900 + b"}}"))
    fourth = simulator.add().plan("selfmenu", Fault(body=b'{"is_menu_open":1,"selfmenu_info":{"button":[{"name":"\\ud83d"}]}}'))
    hosts = {
        f"acct-{number}": {**ansible.options, "access_token": simulator.issue(account)}
        for number, account in enumerate((one, other, third, fourth))
    }
    done = ansible.play(hosts, module=INFO).last()
    deep, half, deep_shown, half_shown = (done[name] for name in hosts)
    assert deep["failure"]["reason"] == deep_shown["failure"]["reason"] == "protocol"
    assert half["conditional"] == [{"name": "\\ud83d", "menuid": 1.5}]
    assert half_shown["console_menu"] == {"button": [{"name": "\\ud83d"}]}
