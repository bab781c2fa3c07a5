# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options: what is refused before anything is sent, and what the environment adds."""

from __future__ import annotations

import dataclasses
import typing as t
import venv

import pytest

from tests.integration.harness import APPID, CORE, INFO, SECRET, SWITCH, TOKEN, WITH_ARGUMENTS, Ansible, free_port, leaks
from tests.integration.shapes import KEYS, assert_keys, assert_shape

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.simulator import Account, Simulator


@dataclasses.dataclass(frozen=True)
class Refused:
    """``says``: a part of the message. ``reason``: the reason of the failure."""

    options: dict[str, t.Any]
    says: str
    reason: str = "operator"


GOOD = {"appid": APPID, "secret": SECRET}

REFUSED = {
    "absent": Refused({"state": "absent", **GOOD}, "the API offers no call that turns the switch off", "irreversible"),
    "absent-without-credentials": Refused({"state": "absent"}, "the API offers no call that turns the switch off", "irreversible"),
    "absent-with-a-bad-url": Refused(
        {"state": "absent", "api_url": "no"}, "the API offers no call that turns the switch off", "irreversible"
    ),
    "no-credentials": Refused({}, "no credentials are given"),
    "appid-alone": Refused({"appid": APPID}, "secret is missing"),
    "secret-alone": Refused({"secret": SECRET}, "appid is missing"),
    "both-ways": Refused({"access_token": TOKEN, **GOOD}, "but access_token, appid, secret"),
    "token-and-appid": Refused({"access_token": TOKEN, "appid": APPID}, "but access_token, appid"),
    "token-and-secret": Refused({"access_token": TOKEN, "secret": SECRET}, "but access_token, secret"),
    "empty-token": Refused({"access_token": ""}, "access_token is empty"),
    "token-with-a-space": Refused({"access_token": "canary-token 0123456789"}, "access_token is not a token"),
    "token-with-a-newline": Refused({"access_token": "canary-token-0123456789\n"}, "access_token is not a token"),
    "too-long-token": Refused({"access_token": "c" * 513}, "access_token is not a token"),
    "short-appid": Refused({**GOOD, "appid": "wx0123"}, "appid is not wx and 16 hexadecimal characters"),
    "foreign-appid": Refused({**GOOD, "appid": "gh_0123456789abcde"}, "appid is not wx and 16 hexadecimal characters"),
    "empty-appid": Refused({**GOOD, "appid": ""}, "appid is not wx and 16 hexadecimal characters"),
    "appid-and-secret-swapped": Refused({"appid": SECRET, "secret": APPID}, "appid is not wx and 16 hexadecimal characters"),
    "truncated-secret": Refused({**GOOD, "secret": "hunt3r2"}, "secret is not 32 hexadecimal characters"),
    "truncated-token": Refused({"access_token": "hunt3r2"}, "access_token is not a token"),
    "absent-with-a-truncated-secret": Refused(
        {"state": "absent", **GOOD, "secret": "hunt3r2"}, "the API offers no call that turns the switch off", "irreversible"
    ),
    "absent-with-user-info": Refused(
        {"state": "absent", "api_url": "https://me:canary-secret@localhost"},
        "the API offers no call that turns the switch off",
        "irreversible",
    ),
    "long-appid": Refused({**GOOD, "appid": f"{APPID}0"}, "appid is not wx and 16 hexadecimal characters"),
    "empty-secret": Refused({**GOOD, "secret": ""}, "secret is not 32 hexadecimal characters"),
    "secret-with-a-newline": Refused({**GOOD, "secret": f"{SECRET}\n"}, "secret is not 32 hexadecimal characters"),
    "secret-not-hexadecimal": Refused({**GOOD, "secret": "canary-secret-canary-secret-cana"}, "secret is not 32 hexadecimal characters"),
    "env-two-ways": Refused(
        {"env": {"WECHAT_ACCESS_TOKEN": TOKEN, "WECHAT_APPID": APPID, "WECHAT_SECRET": SECRET}},
        "but WECHAT_ACCESS_TOKEN, WECHAT_APPID, WECHAT_SECRET",
    ),
    "env-does-not-complete-options": Refused({"appid": APPID, "env": {"WECHAT_SECRET": SECRET}}, "secret is missing"),
    "env-bad-secret": Refused({"env": {"WECHAT_APPID": APPID, "WECHAT_SECRET": "canary-secret"}}, "WECHAT_SECRET is not 32 hexadecimal"),
    "url-scheme": Refused({**GOOD, "api_url": "ftp://localhost"}, "api_url is neither http nor https"),
    "url-without-scheme": Refused({**GOOD, "api_url": "localhost"}, "api_url is not a URL"),
    "url-without-scheme-but-right": Refused({**GOOD, "api_url": "api.weixin.qq.com"}, "give one such as https://api.weixin.qq.com."),
    "url-empty": Refused({**GOOD, "api_url": ""}, "api_url is not a URL"),
    "url-without-host": Refused({**GOOD, "api_url": "https://"}, "api_url is not a URL"),
    "url-bad-port": Refused({**GOOD, "api_url": "https://localhost:99999"}, "api_url is not a URL"),
    "url-with-a-space": Refused({**GOOD, "api_url": "https://local host"}, "api_url is not a URL"),
    "url-user-info": Refused({**GOOD, "api_url": "https://me:canary-secret@localhost"}, "api_url holds user info, a query or a fragment"),
    "url-query": Refused({**GOOD, "api_url": "https://localhost/?a=canary-secret"}, "api_url holds user info, a query or a fragment"),
    "url-empty-query": Refused({**GOOD, "api_url": "https://localhost/?"}, "api_url holds user info, a query or a fragment"),
    "url-fragment": Refused({**GOOD, "api_url": "https://localhost/#a"}, "api_url holds user info, a query or a fragment"),
    "env-url": Refused({**GOOD, "api_url": None, "env": {"WECHAT_API_URL": "ftp://localhost"}}, "api_url is neither http nor https"),
    "timeout-0": Refused({**GOOD, "timeout": 0}, "timeout is not a number of seconds above 0"),
    "timeout-negative": Refused({**GOOD, "timeout": -1}, "timeout is not a number of seconds above 0"),
    "timeout-infinite": Refused({**GOOD, "timeout": "inf"}, "timeout is not a number of seconds above 0"),
    "timeout-too-long": Refused({**GOOD, "timeout": 1e300}, "timeout is not a number of seconds above 0"),
    "timeout-no-number": Refused({**GOOD, "timeout": "soon"}, "timeout"),
    "state-unknown": Refused({**GOOD, "state": "gone"}, "state"),
    "state-unknown-and-swapped": Refused({"appid": SECRET, "secret": APPID, "state": "gone"}, "state"),
    "state-unknown-and-user-info": Refused({**GOOD, "api_url": "https://me:canary-secret@localhost", "state": "gone"}, "state"),
    "retries-negative": Refused({**GOOD, "retries": -1}, "retries is below 0"),
    "ca-path-missing": Refused({**GOOD, "ca_path": "/nowhere/ca.pem"}, "ca_path is not a readable file of CA certificates"),
    "ca-path-no-certificate": Refused({**GOOD, "ca_path": __file__}, "ca_path is not a readable file of CA certificates"),
}

# From 2.22 on, Ansible masks any no_log option, even a very short one, before the module runs. That damages the output.
if CORE < (2, 22):
    REFUSED["one-character-secret"] = Refused({**GOOD, "secret": "e"}, "secret is not 32 hexadecimal characters")
    REFUSED["one-character-token"] = Refused({"access_token": "a"}, "access_token is not a token")


def run(simulator: Simulator, ansible: Ansible, *arguments: str) -> dict[str, dict[str, t.Any]]:
    before = len(simulator.log)
    hosts: dict[str, dict[str, t.Any]] = {}
    for name, case in REFUSED.items():
        merged = {**ansible.options, **case.options}
        hosts[name] = {option: value for option, value in merged.items() if value is not None}
    done = ansible.play(hosts, *arguments, environment=WITH_ARGUMENTS)
    assert len(simulator.log) == before
    assert leaks(done.written, {SECRET, TOKEN, "hunt3r2", "canary-secret", "canary-secret-canary-secret-cana"}) == []
    return {name: done.one(name) for name in REFUSED}


@pytest.fixture(scope="module")
def refused(simulator: Simulator, ansible: Ansible) -> dict[str, dict[str, t.Any]]:
    return run(simulator, ansible)


@pytest.fixture(scope="module")
def refused_in_check_mode(simulator: Simulator, ansible: Ansible) -> dict[str, dict[str, t.Any]]:
    return run(simulator, ansible, "--check")


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("mode", ["refused", "refused_in_check_mode"])
def test_refused_before_anything_is_sent(name: str, mode: str, request: pytest.FixtureRequest) -> None:
    case, result = REFUSED[name], request.getfixturevalue(mode)[name]
    assert result["failed"]
    assert result["failure"]["reason"] == case.reason
    assert case.says in result["msg"]
    assert (result["changed"], result["request_sent"], result["is_open"]) == (False, False, None)
    assert_keys(result, KEYS)
    # Ansible finds this itself, and uses its own words.
    if not name.startswith(("timeout-no-number", "state-unknown")):
        assert "nothing was sent" in result["msg"]
        assert_shape(result)


def environment_of(account: Account) -> dict[str, str]:
    return {"WECHAT_APPID": account.appid, "WECHAT_SECRET": account.secret}


def test_the_environment_stands_in_for_options_and_never_mixes(simulator: Simulator, ansible: Ansible) -> None:
    secret, token, given, by_url = (simulator.add() for _account in range(4))
    elsewhere = {"WECHAT_ACCESS_TOKEN": "never-to-be-used-here"}
    without_url = {name: value for name, value in ansible.options.items() if name != "api_url"}
    done = ansible.play(
        {
            "secret": {**ansible.options, "env": environment_of(secret)},
            "token": {**ansible.options, "env": {"WECHAT_ACCESS_TOKEN": simulator.issue(token), "WECHAT_APPID": ""}},
            "given": {**ansible.options, "appid": given.appid, "secret": given.secret, "env": elsewhere},
            "by-url": {**without_url, "env": {**environment_of(by_url), "WECHAT_API_URL": simulator.url}},
        }
    )
    assert {host: done.one(host)["changed"] for host in done.results} == dict.fromkeys(("secret", "token", "given", "by-url"), True)
    assert secret.calls == given.calls == by_url.calls == ["token", "look", "enable", "look"]
    assert token.calls == ["look", "enable", "look"]


def test_a_run_speaks_chinese_by_option_or_environment(simulator: Simulator, ansible: Ansible) -> None:
    given, exported, many = (simulator.add(is_open=True) for _account in range(3))
    accounts = [{"name": "brand-a", "appid": many.appid, "secret": many.secret}]
    done = ansible.play(
        {
            "given": {**ansible.options, "language": "zh", "env": environment_of(given)},
            "exported": {**ansible.options, "env": {**environment_of(exported), "WECHAT_LANGUAGE": "zh"}},
            "many": {**ansible.options, "language": "zh", "accounts": accounts},
        }
    )
    already = "\u8349\u7a3f\u7bb1\u672c\u6765\u5c31\u5df2\u5f00\u542f\uff0c\u672a\u505a\u66f4\u6539\u3002"
    assert [done.one("given")["msg"], done.one("exported")["msg"]] == [already, already]
    assert done.one("many")["accounts"]["brand-a"]["msg"] == already
    assert done.one("many")["msg"] == "1 \u4e2a\u8d26\u53f7\uff1a1 \u4e2a\u672c\u6765\u5c31\u5df2\u5f00\u542f\u3002"


def test_all_options_can_come_from_module_defaults(simulator: Simulator, ansible: Ansible) -> None:
    account = simulator.add()
    tasks = [
        {
            "module_defaults": {
                "group/wxops.official_account.wechat": {**ansible.options, "appid": account.appid, "secret": "{{ secret }}"}
            },
            "vars": {"secret": account.secret},
            "block": [{"name": "Turn on", SWITCH: {}}, {"name": "Look", INFO: {}}],
        }
    ]
    done = ansible.play({"localhost": {}}, tasks=tasks)
    assert [result["is_open"] for result in done.results["localhost"]] == [True, True]
    assert account.calls == ["token", "look", "enable", "look", "token", "look"]


def test_a_second_run_changes_nothing(simulator: Simulator, ansible: Ansible) -> None:
    account = simulator.add()
    first, second = ansible.account(account, "--diff").one(), ansible.account(account, "--diff").one()
    assert first["msg"] == "The draft box was off and has been turned on, which cannot be undone."
    assert first["diff"] == {"before": {"is_open": False}, "after": {"is_open": True}}
    assert second["msg"] == "The draft box is already on; nothing was changed."
    assert second["diff"] == {"before": {"is_open": True}, "after": {"is_open": True}}
    assert (first["changed"], second["changed"]) == (True, False)
    assert account.calls == ["token", "look", "enable", "look", "token", "look"]


def test_an_empty_variable_is_not_set(simulator: Simulator, ansible: Ansible) -> None:
    """With an empty WECHAT_API_URL, the default URL is used, the platform itself. A proxy that does not exist keeps the request here."""
    account = simulator.add()
    options = {name: value for name, value in ansible.options.items() if name != "api_url"}
    proxy = f"http://127.0.0.1:{free_port()}"
    surroundings = {"WECHAT_API_URL": "", "HTTPS_PROXY": proxy, "https_proxy": proxy}
    done = ansible.play({"localhost": {**options, "appid": account.appid, "secret": account.secret, "env": surroundings}})
    assert "the proxy could not be used" in done.one()["msg"]
    assert account.calls == []


def test_without_requests(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", symlinks=True)
    python = tmp_path / "bare" / "bin" / "python"
    account = simulator.add()
    hosts = {"localhost": {**ansible.options, "appid": account.appid, "secret": account.secret}}
    result = ansible.play(hosts, "-e", f"ansible_python_interpreter={python}").one()
    assert "failed to import the required Python library (requests) on " in result["msg"]
    assert result["failure"]["reason"] == "operator"
    assert_shape(result)
    assert account.calls == []


def test_an_unknown_option_is_refused_by_ansible(simulator: Simulator, ansible: Ansible) -> None:
    account = simulator.add()
    done = ansible.account(account, checkonly=1)
    assert "Unsupported parameters" in done.one()["msg"]
    assert account.calls == []
