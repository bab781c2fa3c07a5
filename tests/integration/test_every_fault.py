# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every case of the tables in real plays: run, run in check mode, and run with the info module.

All cases are accounts of one call. Those of the behaviour are also single tasks.
"""

from __future__ import annotations

import dataclasses
import json
import typing as t

import pytest

from tests.integration.cases import CASES, RETIRED, UNKNOWN, Case, behaviour
from tests.integration.harness import INFO, SWITCH, Ansible
from tests.integration.shapes import assert_keys, assert_shape

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulator import Account, Simulator

# The info module does the same as check mode. Faults of an enabling request do not matter for it.
LOOKS = {name: case for name, case in CASES.items() if not case.enable and ("errcode" not in name or not case.reason)}


# What the message says about the enabling request, by the values of ``shown``.
SENT = {
    (False, None, False): "; no enabling request was sent; ",
    (True, None, False): "; an enabling request was sent and may have been carried out; ",
    (True, False, True): "; an enabling request was sent, and a later look still shows the draft box off; ",
    (True, False, False): "; the enabling request was refused, and the draft box is off as it was found; ",
}


def shown(result: dict[str, t.Any]) -> tuple[bool, bool | None, bool]:
    return result["request_sent"], result["is_open"], result["verified"]


@dataclasses.dataclass
class Seen:
    result: dict[str, t.Any]
    account: Account


# The cases that also run as single tasks.
ALONE = [*behaviour(), *(f"{call}-errcode{code}" for call in ("look", "enable") for code in RETIRED)]
EITHER_WAY = [*(("fleet", name) for name in CASES), *(("alone", name) for name in ALONE)]


def credentials(case: Case, simulator: Simulator) -> tuple[Account, dict[str, str]]:
    account = simulator.add(is_open=case.is_open, lag=case.lag)
    account.plan("look", *case.look).plan("enable", *case.enable).plan("token", *case.token_call)
    return account, {"access_token": simulator.issue(account)} if case.token else {"appid": account.appid, "secret": account.secret}


def run_alone(simulator: Simulator, ansible: Ansible, *arguments: str) -> dict[str, Seen]:
    """Each of ``ALONE`` as a single task."""
    accounts, hosts = {}, {}
    for name in ALONE:
        accounts[name], way = credentials(CASES[name], simulator)
        hosts[name] = {**ansible.options, **way, **CASES[name].options}
    done = ansible.play(hosts, *arguments)
    return {name: Seen(done.one(name), account) for name, account in accounts.items()}


def run_fleet(cases: dict[str, Case], simulator: Simulator, ansible: Ansible, *arguments: str, module: str = SWITCH) -> dict[str, Seen]:
    """All of ``cases`` as accounts, in one call for each set of options that they have."""
    accounts: dict[str, Account] = {}
    hosts: dict[str, dict[str, t.Any]] = {}
    for name, case in cases.items():
        accounts[name], way = credentials(case, simulator)
        host = hosts.setdefault(json.dumps(case.options), {**ansible.options, **case.options, "accounts": []})
        host["accounts"].append({"name": name, **way})
    # A host's name may not look like JSON.
    named = {f"call-{number}": options for number, options in enumerate(hosts.values())}
    done = ansible.play(named, *arguments, module=module)
    results = {name: result for host in named for name, result in done.one(host)["accounts"].items()}
    for host, options in named.items():
        assert list(done.one(host)["accounts"]) == [account["name"] for account in options["accounts"]]
    return {name: Seen(results[name], account) for name, account in accounts.items()}


def enabled_nothing(simulator: Simulator, run: Callable[[], dict[str, Seen]]) -> dict[str, Seen]:
    before = simulator.count("enable")
    seen = run()
    # Not by account, so that a request that names no account counts as well.
    assert simulator.count("enable") == before
    return seen


@pytest.fixture(scope="module")
def real(simulator: Simulator, ansible: Ansible) -> dict[str, dict[str, Seen]]:
    return {"fleet": run_fleet(CASES, simulator, ansible), "alone": run_alone(simulator, ansible)}


@pytest.fixture(scope="module")
def checked(simulator: Simulator, ansible: Ansible) -> dict[str, dict[str, Seen]]:
    arguments = ("--check", "--diff")
    return {
        "fleet": enabled_nothing(simulator, lambda: run_fleet(CASES, simulator, ansible, *arguments)),
        "alone": enabled_nothing(simulator, lambda: run_alone(simulator, ansible, *arguments)),
    }


@pytest.fixture(scope="module")
def looked(simulator: Simulator, ansible: Ansible) -> dict[str, Seen]:
    return enabled_nothing(simulator, lambda: run_fleet(LOOKS, simulator, ansible, module=INFO))


@pytest.mark.parametrize(("way", "name"), EITHER_WAY)
def test_real_run(way: str, name: str, real: dict[str, dict[str, Seen]]) -> None:
    case, seen = CASES[name], real[way][name]
    assert " ".join(seen.account.calls) == case.calls, seen.result["msg"]
    assert {key: seen.result[key] for key in case.expected} == case.expected, seen.result["msg"]
    assert (seen.result["failure"] or {}).get("reason") == case.reason
    assert seen.result["failed"] is (case.reason is not None)
    if case.reason:
        assert SENT[shown(case.expected)] in seen.result["msg"]
    assert_shape(seen.result)


@pytest.mark.parametrize(("way", "name"), EITHER_WAY)
def test_no_enabling_request_without_a_look_before(way: str, name: str, real: dict[str, dict[str, Seen]]) -> None:
    calls = real[way][name].account.calls
    assert all(before == "look" for before, call in zip(["", *calls], calls, strict=False) if call == "enable")


@pytest.mark.parametrize(("way", "name"), EITHER_WAY)
def test_check_mode_never_enables(way: str, name: str, checked: dict[str, dict[str, Seen]]) -> None:
    case, seen = CASES[name], checked[way][name]
    looks = case.calls.split(" enable")[0]
    assert "enable" not in seen.account.calls
    assert seen.account.is_open is case.is_open
    assert " ".join(seen.account.calls) == looks
    assert seen.result["request_sent"] is False
    assert seen.result["changed"] is ("enable" in case.calls)
    if "enable" in case.calls:
        assert (seen.result["is_open"], seen.result["was_open"], seen.result["verified"]) == (False, False, True)
        assert seen.result["msg"] == "The draft box is off; without check mode it would be turned on, which cannot be undone."
        assert way == "fleet" or seen.result["diff"] == {"before": {"is_open": False}, "after": {"is_open": True}}
    else:
        assert {key: seen.result[key] for key in case.expected} == case.expected
        assert (seen.result["failure"] or {}).get("reason") == case.reason
    assert_shape(seen.result, *(["diff"] if way == "alone" else []))


@pytest.mark.parametrize("name", LOOKS)
def test_info_only_looks(name: str, looked: dict[str, Seen]) -> None:
    case, seen = CASES[name], looked[name]
    assert " ".join(seen.account.calls) == case.calls.split(" enable")[0]
    assert seen.result["changed"] is False
    assert seen.result["is_open"] is (False if "enable" in case.calls else case.expected["is_open"])
    if "enable" not in case.calls:
        assert (seen.result["failure"] or {}).get("reason") == case.reason
    assert_keys(seen.result, {"changed", "is_open", "verified", "failure", "msg"})


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.reason == "outcome_unknown"])
def test_an_unknown_outcome_says_so(name: str, real: dict[str, dict[str, Seen]]) -> None:
    result = real["fleet"][name].result
    assert "may have been carried out" in result["msg"]
    assert "run again: it looks first" in result["msg"]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.expected == UNKNOWN])
def test_a_failure_before_enabling_says_what_was_not_sent(name: str, real: dict[str, dict[str, Seen]]) -> None:
    assert "no enabling request was sent" in real["fleet"][name].result["msg"]


@pytest.mark.parametrize("name", [name for name in ALONE if CASES[name].expected["is_open"] and CASES[name].reason is None])
def test_a_retired_call_warns(name: str, real: dict[str, dict[str, Seen]]) -> None:
    case, result = CASES[name], real["alone"][name].result
    warned = any("no longer offered" in str(warning) for warning in result.get("warnings", []))
    assert warned is (not case.expected["verified"])


@pytest.mark.parametrize("code", ["45103", "48009"])
def test_a_retired_call_is_shown(
    code: str, real: dict[str, dict[str, Seen]], checked: dict[str, dict[str, Seen]], looked: dict[str, Seen]
) -> None:
    gone = "The platform no longer offers this call and says that every draft box is on"
    for seen in (real["alone"], checked["alone"], real["fleet"]):
        assert seen[f"look-errcode{code}"].result["msg"] == f"{gone}; nothing was changed."
        assert "diff" not in seen[f"look-errcode{code}"].result
    assert real["fleet"][f"enable-errcode{code}"].result["msg"] == f"{gone}; an enabling request was sent."
    assert looked[f"look-errcode{code}"].result["msg"] == f"{gone}."
    assert (looked[f"look-errcode{code}"].result["is_open"], looked[f"look-errcode{code}"].result["verified"]) == (True, False)


STILL_OFF_UNREFUSED = [name for name, case in CASES.items() if shown(case.expected) == (True, False, True) and case.reason != "account"]


@pytest.mark.parametrize("name", STILL_OFF_UNREFUSED)
def test_a_remedy_says_that_a_new_run_looks_first(name: str, real: dict[str, dict[str, Seen]]) -> None:
    assert "it looks first" in real["fleet"][name].result["failure"]["remedy"]


@pytest.mark.parametrize("call", ["look", "token"])
@pytest.mark.parametrize(("code", "addresses"), [(40164, "203.0.113.7"), (61004, "203.0.113.8")])
def test_an_allow_list_refusal_names_the_address_once(call: str, code: int, addresses: str, real: dict[str, dict[str, Seen]]) -> None:
    failure = real["fleet"][f"{call}-errcode{code}"].result["failure"]
    assert failure["remedy"].startswith(f"Add {addresses} to ")
    assert failure["errcode"] == code
    assert failure["http_status"] == 200
    assert failure["rid"] in failure["errmsg"]


def test_an_unknown_code_is_passed_on(real: dict[str, dict[str, Seen]]) -> None:
    failure = real["fleet"]["look-errcode99999"].result["failure"]
    assert (failure["errcode"], failure["errmsg"]) == (99999, f"refused rid: {failure['rid']}")


def test_a_redirect_is_not_followed(simulator: Simulator, real: dict[str, dict[str, Seen]]) -> None:
    assert real["fleet"]["look-redirect"].result["failure"]["http_status"] == 302
    assert not [seen for seen in simulator.log if seen.path == "/elsewhere"]


def test_every_kind_of_failure_is_in_the_tables() -> None:
    assert {case.reason for case in CASES.values()} == {
        None,
        "credential",
        "operator",
        "account",
        "quota",
        "transient",
        "transport",
        "protocol",
        "not_effective",
        "outcome_unknown",
    }
