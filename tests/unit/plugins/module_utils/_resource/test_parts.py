# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of an account, from answers by path. All refusals of all parts, against the simulator: see ``tests/modules``."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._account.session import Reader
from ansible_collections.wxops.official_account.plugins.module_utils._account.tokens import GivenToken
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError, Failure, Step
from ansible_collections.wxops.official_account.plugins.module_utils._resource.parts import (
    PARTS,
    AccountInfoRows,
    Asked,
    Wish,
    look_at,
)
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import OptionsError
from ansible_collections.wxops.official_account.plugins.module_utils._run.wishes import wishes_of
from ansible_collections.wxops.official_account.plugins.module_utils._text import verbatim

from tests.unit.transports import ScriptedTransport, patience, wire_to

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ansible_collections.wxops.official_account.plugins.module_utils._http.transport import Answer

ALL = frozenset(part.name for part in PARTS)
QUOTA = "/cgi-bin/menu/create"
RID = "7fffffff-00000001-00000002"
NOW = 0x7FFFFFFF

ANSWERS: dict[str, t.Any] = {
    "get_api_domain_ip": {"ip_list": ["203.0.113.1", "203.0.113.0/24"]},
    "getcallbackip": {"ip_list": ["2001:db8::1"]},
    "draft/switch": {"errcode": 0, "is_open": 1},
    "menu/get": {"menu": {"button": [{"type": "click", "name": "a", "key": "a", "sub_button": []}]}, "conditionalmenu": [{"menuid": 1}]},
    "get_current_selfmenu_info": {"is_menu_open": 0},
    "tags/get": {"tags": [{"id": 2, "name": "星标组", "count": 0}]},
    "template/get_all_private_template": {"template_list": [{"template_id": "1", "title": "a", "content": "x:{{y.DATA}}"}]},
    "newtmpl/gettemplate": {"errcode": 0, "data": [{"priTmplId": "2", "title": "a", "content": ""}]},
    "get_current_autoreply_info": {"is_add_friend_reply_open": 1, "is_autoreply_open": 0},
    "freepublish/batchget": {"total_count": 7, "item": []},
    "customservice/getkflist": {"kf_list": [{}, {}]},
    "openapi/quota/get": {"errcode": 0, "quota": {"daily_limit": 10, "used": 4}},
    "callback/check": {"dns": [{"ip": "192.0.2.1", "real_operator": "CAP"}], "ping": [None]},
    "openapi/rid/get": {
        "errcode": 0,
        "request": {
            "invoke_time": NOW,
            "request_url": "https://x.example/cgi-bin/menu/get?access_token=1",
            "request_body": '{"a": 1}',
            "response_body": '{"errcode": 45009, "errmsg": "no"}',
            "client_ip": "203.0.113.9",
        },
    },
    "account/getaccountbasicinfo": {"wx_verify_info": {"annual_review_end_time": 1}},
}
DETAILS = {
    "authorizer_info": {
        "nick_name": "甲",
        "principal_name": "乙",
        "service_type_info": {"id": 2},
        "verify_type_info": {"id": 0},
        "account_status": 16,
    },
    "authorization_info": {"func_info": [{"funcscope_category": {"id": 15}}, {"funcscope_category": {"id": 77}}]},
}


class ByPath(ScriptedTransport):
    """Meets each request with the answer for the end of its path: a body, or an errcode."""

    def __init__(self, answers: Mapping[str, t.Any]) -> None:
        super().__init__()
        self.by_path = answers

    def send(self, step: t.Any, verb: t.Any, path: str, query: t.Any, body: t.Any, *, change: bool = False) -> Answer:
        found = next(its for end, its in self.by_path.items() if path.endswith(end))
        found = {"errcode": found, "errmsg": f"refused rid: {RID}"} if isinstance(found, int) else found
        self.answers.append(found)
        return super().send(step, verb, path, query, body, change=change)

    @property
    def paths(self) -> list[str]:
        return [request.path.removeprefix("cgi-bin/") for request in self.requests]


class Seen(t.NamedTuple):
    row: t.Any
    transport: ByPath


def look(*gather: str, rid: str = "", details: Callable[[], t.Any] | None = None, language: t.Any = "en", **answers: t.Any) -> Seen:
    """What an account says whose answers are ANSWERS, but for ``answers``; a _ stands for what no name can have."""
    other = {name.replace("__", "/"): its for name, its in answers.items()}
    transport = ByPath({**ANSWERS, **other})
    reader = Reader(wire_to(transport), GivenToken("token-12345678"), patience())
    outcome = look_at(Asked(reader, Wish(frozenset(gather), (QUOTA,), rid), details))
    return Seen(AccountInfoRows(False, language).one(outcome), transport)


def test_all_parts_are_shown_and_no_request_changes_anything() -> None:
    row, transport = look(*ALL, rid=RID)
    assert {name: its["ok"] for name, its in row["parts"].items()} == dict.fromkeys([part.name for part in PARTS], True)
    assert not any(request.change for request in transport.requests)
    # The first look proves the token, and the part ips asks for the addresses. Every other look is made once.
    assert sorted(transport.paths) == sorted([*{*transport.paths}, "get_api_domain_ip"])
    parts = row["parts"]
    assert parts["ips"]["api"] == ["203.0.113.1", "203.0.113.0/24"]
    assert parts["templates"]["templates"] == {
        "a": [
            {"template_id": "1", "keywords": [["x", "y"]], "kind": "template"},
            {"template_id": "2", "keywords": [], "kind": "notice"},
        ]
    }
    assert parts["quota"]["paths"][QUOTA]["left"] == 6
    assert parts["callback"]["ping"] == [{"ip": None, "operator": None, "loss": None, "time": None}]
    assert (parts["publish"]["articles"], parts["customer_service"]["agents"]) == (7, 2)
    assert (row["rid"]["path"], row["rid"]["response_errcode"], row["rid"]["request_fields"]) == ("/cgi-bin/menu/get", 45009, ["a"])
    assert row["rid"]["response_meaning"] == "The account's calls of today are used up (errcode 45009)."
    assert "The failed call came at 2038-01-19 11:14:07 Beijing time: the account's calls of today are used up" in row["msg"]
    assert "/cgi-bin/menu/create: 4 of 10 calls of today used." in row["msg"]


# What is refused, and what the row says: what it can use, and what there is to do.
REFUSED: dict[str, tuple[dict[str, t.Any], str, str]] = {
    "nothing": ({}, "", ""),
    "customer-service": ({"customservice__getkflist": 65400}, "customer_service", "turn on customer service"),
    "not-verified": (
        {"tags__get": 48001, "template__get_all_private_template": 48001, "freepublish__batchget": 48001},
        "tags templates publish",
        "have the account verified on mp.weixin.qq.com (微信公众平台), which only companies and organisations can; an account that is not "
        "verified cannot use these: tags, message templates, publishing.",
    ),
    "templates": (
        {"template__get_all_private_template": 48001, "newtmpl__gettemplate": 48001},
        "templates",
        "apply for template messages",
    ),
    "restricted": (
        {"tags__get": 50002, "menu__get": 50002},
        "menu tags",
        "read the account's notices",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_is_an_answer(name: str) -> None:
    answers, cannot, to_do = REFUSED[name]
    row = look("kind", "menu", "tags", "templates", **answers).row
    assert row["failure"] is None
    assert " ".join(key for key, can in row["can"].items() if can is False) == cannot
    assert len(row["to_do"]) == bool(to_do)
    assert "".join(row["to_do"]).lower().startswith(to_do.lower())


def test_a_menu_that_may_not_be_read_is_told_with_what_is_shown() -> None:
    row, transport = look("menu", menu__get=48001)
    menu = row["parts"]["menu"]
    assert (menu["ok"], menu["errcode"], menu["is_menu_open"], menu["refused_at"]) == (False, 48001, False, "2038-01-19 11:14:07")
    assert transport.paths == ["get_api_domain_ip", "menu/get", "get_current_selfmenu_info"]
    assert look("menu", menu__get=50002).row["parts"]["menu"]["errcode"] == 50002


def test_a_draft_box_of_which_the_platform_says_that_it_is_on() -> None:
    assert look("draft_switch", draft__switch=45103).row["parts"]["draft_switch"]["is_open"] is True
    assert look("draft_switch", draft__switch=48001).row["parts"]["draft_switch"]["ok"] is False


@pytest.mark.parametrize("code", [40001, 40164, 61003, 89503])
def test_what_every_call_is_refused_with_is_a_failure(code: int) -> None:
    row, transport = look("tags", get_api_domain_ip=code)
    assert (row["failure"]["errcode"], row["parts"], row["to_do"]) == (code, None, None)
    assert transport.paths == ["get_api_domain_ip"]


def test_what_goes_wrong_within_is_a_failure_without_its_text() -> None:
    def broken() -> t.NoReturn:
        raise ValueError("secret")

    row = look("kind", details=broken).row
    assert row["failure"]["reason"] == "protocol"
    assert "secret" not in json.dumps(row)


def test_no_look_waits_after_one_that_could_not_reach_the_platform() -> None:
    unreached = ApiError(Failure("transport", Step(verbatim("read the tags")), verbatim("no answer"), verbatim("check the network")))
    row, transport = look("tags", "publish", tags__get=unreached)
    assert [row["parts"][name]["meaning"] for name in ("tags", "publish")] == ["No answer.", "No answer."]
    assert "publish" not in "".join(transport.paths)
    assert look("tags", get_api_domain_ip=unreached).row["failure"]["reason"] == "transport"


def test_what_a_third_party_platform_is_told() -> None:
    row = look("kind", details=lambda: DETAILS).row
    assert row["third_party"] == {
        "service_type": 2,
        "verify_type": 0,
        "account_status": 16,
        "permission_sets": [{"id": 15, "name": "custom menu"}, {"id": 77, "name": None}],
        "verified_until": "1970-01-01",
    }
    assert (row["parts"]["kind"]["nick_name"], row["parts"]["kind"]["alias"]) == ("甲", None)
    assert [one.split(" ", 1)[0] for one in row["to_do"]] == ["Read", "Renew"]
    without = look("kind", details=lambda: {"authorizer_info": 7}, account__getaccountbasicinfo=61007).row
    assert without["third_party"] == dict.fromkeys(row["third_party"])


def refused_details() -> t.NoReturn:
    raise ApiError(Failure("operator", Step(verbatim("look")), verbatim("no"), verbatim("x"), errcode=61003, shared=True))


def test_a_third_party_platform_that_is_refused_fails_the_task() -> None:
    assert look("kind", details=refused_details).row["failure"]["errcode"] == 61003


def test_in_chinese() -> None:
    row = look("kind", "templates", rid=RID, language="zh", tags__get=48001).row
    assert row["msg"].startswith(
        "服务号，已认证（推测）。可以使用：菜单、模板消息、发布、客服。不能使用：标签（48001）。该次失败的调用发生在"
    )
    assert row["because"]["tags"]["what"].endswith("（错误码 48001）。")


ROWS: dict[str, t.Any] = {"b": {}, "a": {"tags__get": 48001}, "c": {"tags__get": 48001}}


def test_many_accounts_are_summed_up_by_what_to_do() -> None:
    rows = {name: look("tags", **answers).row for name, answers in ROWS.items()}
    counted, advised = AccountInfoRows(False, "en").summed_up(rows).splitlines()
    assert counted == "3 accounts: 3 checked."
    assert advised.startswith("2 accounts: have the account verified")
    assert advised.endswith(": a, c")
    assert AccountInfoRows(False).states(rows["a"]) == ({}, {})
    assert rows["a"]["msg"] == "Checked: tags. Refused: tags (48001)."


# --- The options.

PARAMS = {"accounts": None, "gather": ["tags"], "quota_paths": ["/a", "/a"], "rid": None}


def test_the_options_say_what_is_asked() -> None:
    assert wishes_of(PARAMS) == {"": Wish(frozenset({"tags"}), ("/a",))}
    accounts = [{"name": "a", "appid": None, "rid": None}, {"name": None, "appid": "wx1", "rid": "1-2-3"}]
    wishes = wishes_of({**PARAMS, "accounts": accounts, "rid": "4-5-6"})
    assert {name: wish.rid for name, wish in wishes.items()} == {"a": "4-5-6", "wx1": "1-2-3"}


@pytest.mark.parametrize("wrong", [{"quota_paths": ["a"]}, {"quota_paths": ["/a?b"]}, {"rid": "1"}, {"rid": "1-2-x"}])
def test_odd_options_are_refused(wrong: dict[str, t.Any]) -> None:
    with pytest.raises(OptionsError):
        wishes_of({**PARAMS, **wrong})
