# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bytes of the requests, and the results if a connection cannot be used."""

from __future__ import annotations

import dataclasses
import json
import typing as t
from urllib.parse import parse_qs

import pytest

from tests.integration.harness import ROOT, free_port
from tests.modules.runner import SWITCH, Modules
from tests.simulator import Fault, Simulator

if t.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def http_simulator(modules: Modules, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """A simulator that speaks plain http, and can be used as a proxy too."""
    with Simulator(tmp_path_factory.mktemp("http-simulator"), tls=False) as running:
        modules.platforms.append(running)
        yield running


def test_the_requests_are_what_the_platform_documents(simulator: Simulator, modules: Modules) -> None:
    account = simulator.add()
    modules.one(SWITCH, account)
    token_call, look, enable, again = (seen for seen in simulator.log if seen.appid == account.appid)
    assert json.loads(token_call.body) == {
        "grant_type": "client_credential",
        "appid": account.appid,
        "secret": account.secret,
        "force_refresh": False,
    }
    assert token_call.query == ""
    assert parse_qs(look.query) == parse_qs(again.query) == {"access_token": [account.token], "checkonly": ["1"]}
    assert parse_qs(enable.query) == {"access_token": [account.token]}
    for seen in (token_call, look, enable, again):
        assert seen.method == "POST"
        assert seen.headers["Content-Type"] == "application/json"
        assert seen.headers["Content-Length"] == str(len(seen.body))
        assert seen.headers["User-Agent"].startswith("wxops.official_account/")
        assert "Authorization" not in seen.headers
    assert look.body == enable.body == b"{}"


def test_one_connection_serves_all_calls(simulator: Simulator, modules: Modules) -> None:
    account = simulator.add()
    before = simulator.connections
    modules.one(SWITCH, account)
    assert len(account.calls) == 4
    assert simulator.connections - before == 1


# Too long for DNS, so that the resolver fails without asking anyone.
NO_SUCH_HOST = ".".join(["a" * 60] * 5)


@pytest.mark.parametrize(
    ("host", "says"),
    [
        ("localhost:{port}", "no connection could be made (refused, or no way to the host)"),
        (NO_SUCH_HOST, "the host name in api_url cannot be resolved"),
    ],
)
def test_no_connection(simulator: Simulator, modules: Modules, host: str, says: str) -> None:
    account = simulator.add()
    result = modules.one(SWITCH, account, api_url=f"https://{host.format(port=free_port())}")
    assert result["failure"]["reason"] == "transport"
    assert f"cgi-bin/stable_token: {says}; no enabling request was sent" in result["msg"]
    assert account.calls == []


def test_the_connection_goes_away_before_enabling(simulator: Simulator, modules: Modules) -> None:
    account = simulator.add().plan("look", Fault(last=True))
    with Simulator(simulator.ca_path.parent, authority=simulator.authority) as short_lived:
        modules.platforms.append(short_lived)
        short_lived.accounts[account.appid] = account
        result = modules.one(SWITCH, account, api_url=short_lived.url, retries=0)
    assert account.calls == ["token", "look"]
    assert result["failure"]["reason"] == "transport"
    assert "no enabling request was sent" in result["msg"]
    assert (result["request_sent"], result["is_open"], result["was_open"], result["verified"]) == (False, False, False, True)


def test_a_certificate_that_is_not_trusted(simulator: Simulator, modules: Modules) -> None:
    account = simulator.add()
    result = modules.one(SWITCH, account, ca_path=None, retries=50)
    assert result["failure"]["reason"] == "transport"
    assert "the server's certificate is not trusted" in result["msg"]
    assert account.calls == []


def test_tls_expected_where_there_is_none(http_simulator: Simulator, modules: Modules) -> None:
    result = modules.one(SWITCH, http_simulator.add(), api_url=http_simulator.url.replace("http:", "https:"))
    assert result["failure"]["reason"] == "transport"
    assert "the TLS connection failed" in result["msg"]


def test_validate_certs_false_trusts_anyone(simulator: Simulator, modules: Modules) -> None:
    account = simulator.add()
    done = modules.run(SWITCH, appid=account.appid, secret=account.secret, ca_path=None, validate_certs=False)
    assert done.result["changed"]
    assert "InsecureRequestWarning" not in done.written


def test_ca_path_wins_over_the_environment(simulator: Simulator, modules: Modules, tmp_path: Path) -> None:
    (tmp_path / "foreign.pem").write_bytes(simulator.foreign_ca())
    bundle = {"REQUESTS_CA_BUNDLE": str(tmp_path / "foreign.pem"), "CURL_CA_BUNDLE": str(tmp_path / "foreign.pem")}
    one, two, three = (simulator.add() for _account in range(3))
    assert modules.one(SWITCH, one, env=bundle)["changed"]
    assert "certificate is not trusted" in modules.one(SWITCH, two, ca_path=None, env=bundle)["msg"]
    assert modules.one(SWITCH, three, ca_path=None, env={"REQUESTS_CA_BUNDLE": str(simulator.ca_path)})["changed"]


def test_a_bundle_in_the_environment_that_is_not_there(simulator: Simulator, modules: Modules) -> None:
    account = simulator.add()
    result = modules.one(SWITCH, account, ca_path=None, env={"REQUESTS_CA_BUNDLE": "/nowhere.pem"})
    assert "REQUESTS_CA_BUNDLE in the environment does not name a readable file of CA certificates" in result["msg"]
    assert "/nowhere.pem" not in result["msg"]
    assert account.calls == []


BROKEN_TLS = "openssl_conf = main\n[main]\nproviders = some\n[some]\nmissing = none\n[none]\nactivate = 1\n"


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        (
            "https_proxy",
            "http://user:canary@:",
            "is not the URL of a proxy that can be used; nothing was sent; correct it, such as http://",
        ),
        ("SSLKEYLOGFILE", "{folder}", "does not name a file that can be written; nothing was sent; correct or unset it on the host"),
        ("OPENSSL_CONF", "{folder}/openssl.cnf", "makes TLS unusable; nothing was sent; correct or unset it on the host"),
    ],
)
def test_a_setting_of_the_host_that_no_request_can_be_sent_with(
    variable: str, value: str, says: str, simulator: Simulator, modules: Modules, tmp_path: Path
) -> None:
    (tmp_path / "openssl.cnf").write_text(BROKEN_TLS)
    account = simulator.add()
    env = {variable: value.format(folder=tmp_path), "NO_PROXY": "", "no_proxy": ""}
    # OpenSSL reads its settings when a process starts.
    result = modules.in_a_process(SWITCH, appid=account.appid, secret=account.secret, env=env).result
    assert result["failure"]["reason"] == "operator"
    assert result["msg"].startswith(f"Failed to start: {variable} in the environment {says}")
    assert "canary" not in str(result)
    assert str(tmp_path) not in result["msg"]
    assert account.calls == []


def test_plain_http_warns_unless_it_is_loopback(http_simulator: Simulator, modules: Modules) -> None:
    near, far = http_simulator.add(), http_simulator.add()
    result = modules.one(SWITCH, near, api_url=http_simulator.url)
    assert result["changed"]
    assert "warnings" not in result
    # The far host exists only through the proxy, so nothing leaves this machine.
    result = modules.one(SWITCH, far, api_url="http://wechat.invalid", env=through(http_simulator))
    assert result["changed"]
    assert "plain http" in str(result["warnings"])
    assert far.calls == ["token", "look", "enable", "look"]


def test_a_proxy_that_is_not_there(simulator: Simulator, modules: Modules) -> None:
    proxy = f"http://127.0.0.1:{free_port()}"
    account = simulator.add()
    result = modules.one(SWITCH, account, env={"HTTPS_PROXY": proxy, "https_proxy": proxy, "NO_PROXY": "", "no_proxy": ""})
    assert "the proxy could not be used" in result["msg"]
    assert account.calls == []


def through(proxy: Simulator) -> dict[str, str]:
    return {"HTTP_PROXY": proxy.url, "http_proxy": proxy.url, "NO_PROXY": "", "no_proxy": ""}


def test_a_reply_that_is_lost_behind_a_proxy(http_simulator: Simulator, modules: Modules) -> None:
    """urllib3 raises a ProxyError for it, as if nothing had been sent."""
    lost = Fault(lost=True)
    seen, blind = http_simulator.add(), http_simulator.add()
    seen.plan("enable", dataclasses.replace(lost, carried_out=True))
    blind.plan("enable", dataclasses.replace(lost, carried_out=True)).plan("look", Fault(), lost, lost)
    result = modules.one(SWITCH, seen, api_url="http://wechat.invalid", env=through(http_simulator))
    assert (result["changed"], result["verified"], result["request_sent"]) == (True, True, True)
    assert seen.calls == ["token", "look", "enable", "look"]
    result = modules.one(SWITCH, blind, api_url="http://wechat.invalid", env=through(http_simulator))
    assert result["failure"]["reason"] == "outcome_unknown"
    assert (result["is_open"], result["request_sent"], result["verified"]) == (None, True, False)


def test_a_bundle_in_the_environment_that_is_none(simulator: Simulator, modules: Modules) -> None:
    result = modules.one(SWITCH, simulator.add(), ca_path=None, env={"REQUESTS_CA_BUNDLE": __file__})
    assert result["failure"]["reason"] == "operator"
    assert "REQUESTS_CA_BUNDLE in the environment does not name" in result["msg"]


def test_netrc_is_not_read(http_simulator: Simulator, modules: Modules, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login somebody password something\n")
    account = http_simulator.add()
    modules.one(SWITCH, account, api_url=http_simulator.url, env={"NETRC": str(netrc)})
    assert account.calls == ["token", "look", "enable", "look"]
    assert not [seen for seen in http_simulator.log if "Authorization" in seen.headers]


def test_a_path_in_api_url_is_kept(http_simulator: Simulator, modules: Modules) -> None:
    result = modules.one(SWITCH, http_simulator.add(), api_url=f"{http_simulator.url}/wechat/")
    assert http_simulator.log[-1].path == "/wechat/cgi-bin/stable_token"
    assert result["failure"]["http_status"] == 404
    assert result["failure"]["reason"] == "protocol"


def test_the_version_that_is_sent_is_the_collection_s(simulator: Simulator, modules: Modules) -> None:
    modules.one(SWITCH, simulator.add(is_open=True))
    version = next(line.split()[1] for line in (ROOT / "galaxy.yml").read_text().splitlines() if line.startswith("version:"))
    assert simulator.log[-1].headers["User-Agent"].split()[0] == f"wxops.official_account/{version}"
