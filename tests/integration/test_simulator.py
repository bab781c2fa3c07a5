# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator answers as the platform is known to answer. The tests compare it with the documentation, not with the plugins."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import typing as t

import pytest
import requests

from tests.integration.harness import ROOT
from tests.simulator import Fault, Simulator

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.simulator import Account


@pytest.fixture
def account(simulator: Simulator) -> Account:
    return simulator.add()


def call(simulator: Simulator, path: str, method: str = "POST", **how: t.Any) -> requests.Response:
    return requests.request(method, f"{simulator.url}/cgi-bin/{path}", verify=str(simulator.ca_path), timeout=5, **how)


def switch(simulator: Simulator, **query: str) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", call(simulator, "draft/switch", params=query, json={}).json())


def token_call(simulator: Simulator, account: Account, **fields: t.Any) -> dict[str, t.Any]:
    body = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret, **fields}
    return t.cast("dict[str, t.Any]", call(simulator, "stable_token", json=body).json())


def test_a_look_looks_and_anything_else_turns_on(simulator: Simulator, account: Account) -> None:
    token = simulator.issue(account)
    assert switch(simulator, access_token=token, checkonly="1") == {"errcode": 0, "errmsg": "ok", "is_open": 0}
    assert not account.is_open
    assert switch(simulator, access_token=token) == {"errcode": 0, "errmsg": "ok"}
    assert switch(simulator, access_token=token, checkonly="1")["is_open"] == 1
    assert account.calls == ["look", "enable", "look"]


@pytest.mark.parametrize("how", [{"params": {"checkonly": "0"}}, {"headers": {"checkonly": "1"}}, {"json": {"checkonly": 1}}])
def test_checkonly_anywhere_else_is_lost(how: dict[str, t.Any], simulator: Simulator, account: Account) -> None:
    params = {"access_token": simulator.issue(account), **how.pop("params", {})}
    call(simulator, "draft/switch", params=params, **{"json": {}, **how})
    assert account.calls == ["enable"]
    assert account.is_open


def test_errors_come_with_http_200_as_plain_text(simulator: Simulator) -> None:
    answer = call(simulator, "draft/switch", params={"access_token": "nobody's", "checkonly": "1"}, json={})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain")
    assert answer.json()["errcode"] == 40001
    assert " rid: " in answer.json()["errmsg"]


def test_what_a_token_call_answers(simulator: Simulator, account: Account) -> None:
    first = token_call(simulator, account)
    assert set(first) == {"access_token", "expires_in"}
    assert token_call(simulator, account)["access_token"] == first["access_token"]
    assert token_call(simulator, account, secret="0" * 32)["errcode"] == 40125
    assert token_call(simulator, account, appid="wxffffffffffffffff")["errcode"] == 40013
    assert token_call(simulator, account, secret="")["errcode"] == 41004
    assert token_call(simulator, account, grant_type="none")["errcode"] == 40002
    form = call(simulator, "stable_token", data={"grant_type": "client_credential", "appid": account.appid, "secret": account.secret})
    assert form.json()["errcode"] == 41002
    account.frozen_secret = True
    assert token_call(simulator, account)["errcode"] == 40243


def test_force_refresh_kills_the_token(simulator: Simulator, account: Account) -> None:
    old = token_call(simulator, account)["access_token"]
    new = token_call(simulator, account, force_refresh=True)["access_token"]
    assert new != old
    assert switch(simulator, access_token=old, checkonly="1")["errcode"] == 40001
    assert switch(simulator, access_token=new, checkonly="1")["errcode"] == 0


def test_what_the_platform_refuses_of_a_request(simulator: Simulator, account: Account) -> None:
    token = simulator.issue(account)
    assert call(simulator, "draft/switch", "GET", params={"access_token": token, "checkonly": "1"}).json()["errcode"] == 43002
    assert switch(simulator, checkonly="1")["errcode"] == 41001
    chunked = call(simulator, "draft/switch", params={"access_token": token, "checkonly": "1"}, data=iter([b"{}"]))
    assert chunked.status_code == 412
    account.listed = False
    assert switch(simulator, access_token=token, checkonly="1")["errcode"] == 40164
    assert not account.is_open


def test_nothing_goes_wrong_unless_a_plan_says_so(simulator: Simulator, account: Account) -> None:
    assert not any(account.faults.values())
    account.plan("look", Fault(errcode=-1))
    token = simulator.issue(account)
    assert [switch(simulator, access_token=token, checkonly="1")["errcode"] for _turn in range(3)] == [-1, 0, 0]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_is_a_program(stop: signal.Signals) -> None:
    command = [sys.executable, "-m", "tests.simulator", "--accounts", "3", "--authorised", "2", "--http"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        lines = [program.stdout.readline().strip() for _line in range(6)]
        url = lines[0].removeprefix("WECHAT_API_URL=")
        answer = requests.post(f"{url}/cgi-bin/draft/switch", timeout=5)
        appid, token = re.findall(r"=(\S+)", lines[4])
        body = {"component_appid": appid, "offset": 0, "count": 500}
        component = f"{url}/cgi-bin/component"
        listed = requests.post(f"{component}/api_get_authorizer_list", params={"access_token": token}, json=body, timeout=5)
        body["authorizer_appid"] = listed.json()["list"][0]["authorizer_appid"]
        details = requests.post(f"{component}/api_get_authorizer_info", params={"access_token": token}, json=body, timeout=5)
        program.send_signal(stop)
        try:
            assert program.wait(timeout=10) == 0
        finally:
            program.kill()
    assert answer.json()["errcode"] == 41001
    assert [line.split("  # ")[1] for line in lines[1:4]] == ["on", "off", "not on the allow list"]
    assert listed.json()["total_count"] == 2
    granted = details.json()["authorization_info"]["func_info"]
    assert [one["funcscope_category"]["id"] for one in granted] == [11, 15]
    assert lines[5] == "Stop with Ctrl-C."


def test_an_answer_is_one_packet(tmp_path: Path) -> None:
    """Two writes, or Nagle's algorithm, would make every measurement against the simulator 40 ms too slow."""
    with Simulator(tmp_path, tls=False) as plain, socket.create_connection(("127.0.0.1", plain.port), timeout=5) as connection:
        connection.sendall(b"POST /cgi-bin/draft/switch HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
        head, body = connection.recv(65536).split(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK")
        assert b'"errcode":41001' in body
