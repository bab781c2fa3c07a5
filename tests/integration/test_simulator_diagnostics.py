# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the simulator says of an account, its calls and its templates is what is known of the platform. An independent client agrees."""

from __future__ import annotations

import json
import typing as t

import pytest

from tests.integration.direct import Calls, independent_client
from tests.simulator.diagnostics import STANDINGS, WEEK, become

if t.TYPE_CHECKING:
    from tests.simulator import Account, Simulator


@pytest.fixture
def account(http_simulator: Simulator) -> Account:
    return http_simulator.add()


def ask(simulator: Simulator, account: Account, path: str, body: t.Any = None) -> dict[str, t.Any]:
    return Calls(simulator, account)(path, body, "GET" if body is None else "POST")


# By kind of account: what tags/get, menu/get, both lists of templates, publishing and customer service answer.
KINDS = {
    "personal": (48001, 48001, 48001, 48001, 48001, 48001),
    "subscription": (0, 46003, 48001, 0, 0, 0),
    "service": (0, 46003, 0, 0, 0, 0),
    "unverified-service": (48001, 46003, 48001, 48001, 48001, 48001),
    "restricted": (50002,) * 6,
    "test": (0, 46003, 0, 0, 0, 65400),
}
LOOKS: tuple[tuple[str, t.Any], ...] = (
    ("/cgi-bin/tags/get", None),
    ("/cgi-bin/menu/get", None),
    ("/cgi-bin/template/get_all_private_template", None),
    ("/wxaapi/newtmpl/gettemplate", None),
    ("/cgi-bin/freepublish/batchget", {"offset": 0, "count": 1, "no_content": 1}),
    ("/cgi-bin/customservice/getkflist", None),
)


@pytest.mark.parametrize("kind", STANDINGS)
def test_what_an_account_may_use_shows_in_what_is_refused(kind: str, http_simulator: Simulator, account: Account) -> None:
    become(account, kind)
    assert tuple(ask(http_simulator, account, path, body).get("errcode", 0) for path, body in LOOKS) == KINDS[kind]


def test_what_is_shown_to_everybody_is(http_simulator: Simulator, account: Account) -> None:
    become(account, "personal")
    for path in ("/cgi-bin/get_current_autoreply_info", "/cgi-bin/get_current_selfmenu_info", "/cgi-bin/get_api_domain_ip"):
        assert "errcode" not in ask(http_simulator, account, path)


def test_a_refusal_is_remembered_with_its_token_and_only_by_its_own_account(http_simulator: Simulator, account: Account) -> None:
    refused = ask(http_simulator, account, "/cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/no"})
    assert refused["errcode"] == 76021
    rid = refused["errmsg"].rpartition("rid: ")[2]
    known = ask(http_simulator, account, "/cgi-bin/openapi/rid/get", {"rid": rid})["request"]
    assert known["request_url"] == f"access_token={account.token}"
    assert json.loads(known["request_body"]) == {"cgi_path": "/cgi-bin/no"}
    assert json.loads(known["response_body"]) == refused
    assert known["invoke_time"] - int(rid.partition("-")[0], 16) in (0, 1)
    assert ask(http_simulator, http_simulator.add(), "/cgi-bin/openapi/rid/get", {"rid": rid})["errcode"] == 76001
    assert ask(http_simulator, account, "/cgi-bin/openapi/rid/get", {"rid": "x"})["errcode"] == 76002
    account.standing.refusals[rid].at -= WEEK + 10
    assert ask(http_simulator, account, "/cgi-bin/openapi/rid/get", {"rid": rid})["errcode"] == 76004


def test_quotas_count_the_calls_of_a_path(http_simulator: Simulator, account: Account) -> None:
    path = {"cgi_path": "/cgi-bin/tags/get"}
    before = ask(http_simulator, account, "/cgi-bin/openapi/quota/get", path)["quota"]
    ask(http_simulator, account, "/cgi-bin/tags/get")
    after = ask(http_simulator, account, "/cgi-bin/openapi/quota/get", path)["quota"]
    assert (before["used"], after["used"], after["remain"], after["daily_limit"]) == (0, 1, 999, 1000)
    assert [ask(http_simulator, account, "/cgi-bin/openapi/quota/get", {"cgi_path": one})["errcode"] for one in ("x", "/x", "/sns/x")] == [
        76003,
        76021,
        76022,
    ]


def test_the_form_of_a_request_counts(http_simulator: Simulator, account: Account) -> None:
    assert ask(http_simulator, account, "/cgi-bin/openapi/rid/get")["errcode"] == 43002
    assert ask(http_simulator, account, "/cgi-bin/get_current_autoreply_info", {})["errcode"] == 43001
    assert ask(http_simulator, account, "/cgi-bin/callback/check", {"action": "x"})["errcode"] == 40202
    assert ask(http_simulator, account, "/cgi-bin/callback/check", {"action": "all", "check_operator": "x"})["errcode"] == 40203
    account.standing.url = False
    assert ask(http_simulator, account, "/cgi-bin/callback/check", {"action": "all", "check_operator": "DEFAULT"})["errcode"] == 40201


def test_an_independent_client_agrees(http_simulator: Simulator, account: Account) -> None:
    with independent_client(http_simulator, account) as client:
        from wechatpy.exceptions import WeChatClientException

        account.templates.messages = {"m1": ("领取", "{{result.DATA}}")}
        listed = client.template.get_all_private_template()
        assert [(one["template_id"], one["title"]) for one in listed["template_list"]] == [("m1", "领取")]
        assert client.misc.get_wechat_ips() == ["198.51.100.0/24"]
        assert [one["kf_id"] for one in client.customservice.get_accounts()] == ["1001"]
        assert client.message.get_autoreply_info()["is_add_friend_reply_open"] == 1
        become(account, "personal")
        with pytest.raises(WeChatClientException) as refused:
            client.template.get_all_private_template()
        assert refused.value.errcode == 48001
