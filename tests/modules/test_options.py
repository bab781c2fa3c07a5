# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options: what is refused before anything is sent, and what the environment adds."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest

from tests.integration.harness import APPID, CORE, SECRET, TOKEN, free_port
from tests.integration.shapes import KEYS, assert_keys, assert_shape
from tests.modules.runner import SWITCH

if t.TYPE_CHECKING:
    from tests.modules.runner import Modules
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


WRONG_SECRETS = (SECRET, TOKEN, "hunt3r2", "canary-secret", "canary-secret-canary-secret-cana")


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
def test_refused_before_anything_is_sent(name: str, check: bool, modules: Modules, simulator: Simulator) -> None:
    case, before = REFUSED[name], len(simulator.log)
    result = modules.run(SWITCH, check=check, more=WRONG_SECRETS, **case.options).result
    assert len(simulator.log) == before
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


def test_the_environment_stands_in_for_options_and_never_mixes(simulator: Simulator, modules: Modules) -> None:
    secret, token, given, by_url = (simulator.add() for _account in range(4))
    runs: tuple[dict[str, t.Any], ...] = (
        {"env": environment_of(secret)},
        {"env": {"WECHAT_ACCESS_TOKEN": simulator.issue(token), "WECHAT_APPID": ""}},
        {"appid": given.appid, "secret": given.secret, "env": {"WECHAT_ACCESS_TOKEN": "never-to-be-used-here"}},
        {"api_url": None, "env": {**environment_of(by_url), "WECHAT_API_URL": simulator.url}},
    )
    assert [modules.run(SWITCH, **options).result["changed"] for options in runs] == [True] * 4
    assert secret.calls == given.calls == by_url.calls == ["token", "look", "enable", "look"]
    assert token.calls == ["look", "enable", "look"]


def test_a_second_run_changes_nothing(simulator: Simulator, modules: Modules) -> None:
    account = simulator.add()
    first, second = modules.one(SWITCH, account), modules.one(SWITCH, account)
    assert first["msg"] == "The draft box was off and has been turned on, which cannot be undone."
    assert first["diff"] == {"before": {"is_open": False}, "after": {"is_open": True}}
    assert second["msg"] == "The draft box is already on; nothing was changed."
    assert second["diff"] == {"before": {"is_open": True}, "after": {"is_open": True}}
    assert (first["changed"], second["changed"]) == (True, False)
    assert account.calls == ["token", "look", "enable", "look", "token", "look"]


def test_an_empty_variable_is_not_set(simulator: Simulator, modules: Modules) -> None:
    """With an empty WECHAT_API_URL, the default URL is used, the platform itself. A proxy that does not exist keeps the request here."""
    account = simulator.add()
    proxy = f"http://127.0.0.1:{free_port()}"
    surroundings = {"WECHAT_API_URL": "", "HTTPS_PROXY": proxy, "https_proxy": proxy}
    assert "the proxy could not be used" in modules.one(SWITCH, account, api_url=None, env=surroundings)["msg"]
    assert account.calls == []


def test_an_unknown_option_is_refused_by_ansible(simulator: Simulator, modules: Modules) -> None:
    account = simulator.add()
    assert "Unsupported parameters" in modules.one(SWITCH, account, checkonly=1)["msg"]
    assert account.calls == []


@pytest.mark.parametrize("options", [{}, {"secret": SECRET}])
def test_an_appsecret_in_the_wrong_option_is_nowhere(options: dict[str, t.Any], modules: Modules) -> None:
    assert modules.run(SWITCH, **{"appid": SECRET, "secret": APPID, **options}, more=(SECRET,)).result["failed"]


def test_a_short_secret_does_not_shred_the_output(simulator: Simulator, modules: Modules) -> None:
    # From 2.22 on Ansible masks a single character itself.
    account = simulator.add()
    result = modules.one(SWITCH, account, secret="e" if CORE < (2, 22) else "canary")
    assert result["msg"].startswith("Failed to start: secret is not 32 hexadecimal characters; nothing was sent;")
