# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets in what the platform answers, and what the runner finds. Every run of every test is searched: see ``Modules``."""

from __future__ import annotations

import json
import logging
import sys
import time
import typing as t
import warnings
from urllib.parse import quote, unquote

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.patience import Patience
from ansible_collections.wxops.official_account.plugins.module_utils._resource.draft_switch import DRAFT_SWITCH
from ansible_collections.wxops.official_account.plugins.module_utils._run.credentials import Credentials
from ansible_collections.wxops.official_account.plugins.module_utils._run.service import Service, Sessions, secrets_masked_in

from tests.integration.harness import leaks
from tests.modules.runner import SWITCH
from tests.simulator import Fault

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from tests.modules.runner import Modules
    from tests.simulator import Simulator

WAYS_OUT: dict[str, Callable[[str], object]] = {
    "result": lambda _secret: None,
    "stdout": print,
    "stderr": lambda secret: print(secret, file=sys.stderr),
    "warning": lambda secret: warnings.warn(secret, stacklevel=1),
    "log": lambda secret: logging.getLogger("some.library").debug("sent %s", secret),
    "quoted": lambda secret: print(quote(secret, safe="")),
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_the_runner_finds_a_secret_wherever_it_gets_out(way: str, modules: Modules, simulator: Simulator) -> None:
    token = simulator.issue(simulator.add())

    def leaky() -> t.NoReturn:
        WAYS_OUT[way](token)
        print(json.dumps({"msg": token if way == "result" else ""}))
        raise SystemExit(0)

    with pytest.raises(AssertionError):
        modules.run(leaky)


@pytest.mark.parametrize("call", ["look", "token", "enable"])
def test_an_echoed_secret_is_cut_out_of_errmsg(call: str, modules: Modules, simulator: Simulator) -> None:
    account = simulator.add().plan(call, Fault(errcode=99999, echo=True))
    errmsg = modules.one(SWITCH, account)["failure"]["errmsg"]
    assert errmsg.startswith("bad request: ")
    assert "***" in errmsg
    assert leaks(errmsg, {account.secret, account.token} - {""}) == []


def test_secrets_and_tokens_are_registered_for_masking_in_every_spelling(modules: Modules, simulator: Simulator) -> None:
    account = simulator.add()
    masked: set[str] = set()
    given = Credentials(appid=account.appid, secret=account.secret)
    reach = {**modules.options, "validate_certs": True, "component_appid": None, "component_access_token": None}
    service = Service(reach, [given], secrets_masked_in(masked), pytest.fail)
    assert masked == {account.secret}
    patience = Patience(pauses=service.pauses, sleep=time.sleep)
    assert Sessions(service, {"one": given}, patience).reader(given).read(DRAFT_SWITCH.look) is False
    assert masked >= {account.secret, account.token, quote(account.token), quote(account.token, safe="")}
    assert {unquote(unquote(spelling)) for spelling in masked} == {account.secret, account.token}
