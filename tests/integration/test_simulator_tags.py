# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator's tags behave as those of the platform are known to. An independent client agrees."""

from __future__ import annotations

import json
import typing as t

import pytest

from tests.integration.direct import Calls, independent_client
from tests.simulator import Account, Fault, Simulator
from tests.simulator.faults import MESSAGES, TAG_ERRCODES
from tests.simulator.tags import Tag

OK = {"errcode": 0, "errmsg": "ok"}
STAR = {"id": 2, "name": "星标组", "count": 0}


@pytest.fixture
def account(http_simulator: Simulator) -> Account:
    return http_simulator.add()


class TagCalls(Calls):
    """The four calls of one account: by their names, with what a body says of a tag."""

    def __call__(self, path: str, tag: object = None, method: str = "POST") -> dict[str, t.Any]:
        return super().__call__(f"tags/{path}", tag if isinstance(tag, bytes | None) else {"tag": tag}, method)

    def create(self, name: object) -> t.Any:
        """The id, or the errcode of a refusal."""
        answer = self("create", {"name": name})
        return answer["tag"]["id"] if "tag" in answer else answer["errcode"]

    def get(self) -> dict[str, t.Any]:
        return self("get", method="GET")

    def names(self) -> list[str]:
        return [tag["name"] for tag in self.get()["tags"]]


@pytest.fixture
def calls(http_simulator: Simulator, account: Account) -> TagCalls:
    return TagCalls(http_simulator, account)


def test_tags_are_made_read_renamed_and_deleted(calls: TagCalls) -> None:
    assert calls.get() == {"tags": [STAR]}
    assert calls("create", {"name": "广东"}) == {"tag": {"id": 100, "name": "广东"}}
    assert calls("update", {"id": 100, "name": "广东人"}) == OK
    assert calls.get() == {"tags": [STAR, {"id": 100, "name": "广东人", "count": 0}]}
    assert calls("delete", {"id": 100}) == OK
    # Ids are not used again.
    assert (calls.create("广东"), calls.names()) == (101, ["星标组", "广东"])


@pytest.mark.parametrize(
    ("path", "tag", "errcode"),
    [
        ("create", b"", 44002),
        ("create", b"not json", 47001),
        ("create", b'{"name": "x"}', 47001),
        ("create", {}, 47001),
        ("create", {"name": 5}, 47001),
        ("create", {"name": "VIP"}, 45157),
        ("create", {"name": "n" * 31}, 45158),
        ("update", {"name": "x"}, 44002),
        ("update", {"id": 100}, 47001),
        ("update", {"id": 2, "name": "x"}, 45058),
        ("update", {"id": 99, "name": "x"}, 45159),
        ("update", {"id": 100, "name": "VIP"}, 45157),
        ("update", {"id": 100, "name": "星标组"}, 45157),
        ("delete", {}, 44002),
        ("delete", {"id": 0}, 45058),
        ("delete", {"id": 99}, 45159),
        ("delete", {"id": 101}, 45057),
    ],
)
def test_what_is_refused_has_its_code_and_changes_nothing(path: str, tag: object, errcode: int, calls: TagCalls, account: Account) -> None:
    account.tags.add("VIP").add("Everybody", count=100_001)
    assert calls(path, tag)["errcode"] == errcode
    assert account.tags.names == ["VIP", "Everybody"]


def test_a_refusal_says_why(calls: TagCalls) -> None:
    assert calls("delete", {"id": 1})["errmsg"].startswith(f"{MESSAGES[45058]} rid: ")
    assert {*TAG_ERRCODES} - {45059} <= {*MESSAGES}


def test_a_name_that_nobody_sees_is_refused(calls: TagCalls, account: Account) -> None:
    account.tags.add("VIP").reserved = {"hhxy"}
    assert (calls.create("hhxy"), calls("update", {"id": 100, "name": "hhxy"})["errcode"]) == (45157, 45157)


@pytest.mark.parametrize(("in_bytes", "made"), [(False, 100), (True, 45158)])
def test_a_name_has_30_characters_or_30_bytes(in_bytes: bool, made: int, calls: TagCalls, account: Account) -> None:
    account.tags.in_bytes = in_bytes
    assert calls.create("十一个汉字的标签名称呢") == made


def test_there_are_so_many_tags(calls: TagCalls, account: Account) -> None:
    account.tags.most = 1
    assert (calls.create("one"), calls.create("two")) == (100, 45056)


def test_escapes_of_json_are_kept_as_texts(calls: TagCalls, account: Account) -> None:
    assert calls("create", json.dumps({"tag": {"name": "新建标签2"}}).encode())["tag"]["name"] == "\\u65b0\\u5efa\\u6807\\u7b7e2"
    assert calls("create", b'{"tag": {"name": "a\\\\u0041"}}')["tag"]["name"] == "a\\u0041"
    assert calls("create", '{"tag": {"name": "标"}}'.encode("gbk"))["tag"]["name"] == "??"
    assert account.tags.names == ["\\u65b0\\u5efa\\u6807\\u7b7e2", "a\\u0041", "??"]


def test_doubles_can_be_there(calls: TagCalls, account: Account) -> None:
    account.tags.add("测试组2", "测试组2")
    assert calls.names() == ["星标组", "测试组2", "测试组2"]


def test_a_look_can_be_late(calls: TagCalls, account: Account) -> None:
    account.tags.lag = 1
    calls.create("VIP")
    assert [calls.names() for _look in range(2)] == [["星标组"], ["星标组", "VIP"]]
    calls.create("other")
    assert calls.names()[-1] == "other"


def test_two_looks_can_differ_although_nothing_has_changed(calls: TagCalls, account: Account) -> None:
    account.tags.add("VIP").views = [None, [], [Tag(7, "x", 3)]]
    assert [calls.names() for _look in range(4)] == [["星标组", "VIP"], [], ["x"], ["星标组", "VIP"]]


def test_a_count_can_be_old(calls: TagCalls, account: Account) -> None:
    account.tags.add("VIP", count=100_001).counts[100] = 0
    assert (calls.get()["tags"][1]["count"], calls("delete", {"id": 100})["errcode"]) == (0, 45057)


def test_a_tag_that_is_there_can_be_unknown_for_a_while(calls: TagCalls, account: Account) -> None:
    account.tags.add("VIP").unknown = 2
    codes = [calls("update", {"id": 100, "name": "x"})["errcode"], *(calls("delete", {"id": 100})["errcode"] for _try in range(3))]
    assert codes == [45159, 45159, 0, 45159]
    account.tags.forgets_twice = True
    assert calls("delete", {"id": 100}) == OK


def test_an_account_that_is_not_verified_has_none(calls: TagCalls, account: Account) -> None:
    account.tags.may = False
    assert [calls.create("VIP"), calls.get()["errcode"], calls("delete", {"id": 100})["errcode"]] == [48001] * 3


def test_an_account_has_so_many_looks_a_day(calls: TagCalls, account: Account) -> None:
    assert account.tags.left == {"tags_get": 1_000}
    account.tags.left = {"tags_get": 1}
    assert [calls.get().get("errcode") for _look in range(2)] == [None, 45009]


def test_each_call_wants_its_verb(calls: TagCalls) -> None:
    assert calls("get", {})["errcode"] == 43001
    assert [calls(path, method="GET")["errcode"] for path in ("create", "update", "delete")] == [43002] * 3


@pytest.mark.parametrize(("sets", "errcode"), [([2], None), ([100], None), ([11, 15], 61007)])
def test_a_third_party_platform_needs_a_permission_set(
    sets: list[int], errcode: int | None, http_simulator: Simulator, account: Account
) -> None:
    component = http_simulator.add_component()
    calls = TagCalls(http_simulator, account)
    calls.token = component.issue(component.authorise(account, permission_sets=sets))
    assert calls.get().get("errcode") == errcode


def test_other_writers_act_one_after_the_other_and_not_after_a_refusal(calls: TagCalls, account: Account) -> None:
    account.tags.after("tags_create", lambda tags: tags.add("other"))
    account.tags.after("tags_create", lambda tags: tags.remove("other"))
    account.tags.after("tags_update", lambda tags: tags.rename("one", "three"))
    assert (calls.create(""), account.tags.names) == (47001, [])
    assert (calls.create("one"), account.tags.names) == (100, ["one", "other"])
    assert (calls.create("two"), account.tags.names) == (102, ["one", "two"])
    assert (calls("update", {"id": 102, "name": "four"}), account.tags.names) == (OK, ["three", "four"])


def test_a_change_is_carried_out_although_its_answer_is_lost(calls: TagCalls, account: Account) -> None:
    account.plan("tags_create", Fault(carried_out=True, errcode=-1, lag=1))
    assert (calls.create("VIP"), calls.names(), calls.names()) == (-1, ["星标组"], ["星标组", "VIP"])


def test_an_independent_client_agrees(http_simulator: Simulator, account: Account) -> None:
    with independent_client(http_simulator, account) as client:
        from wechatpy.exceptions import WeChatClientException

        assert client.tag.create("VIP") == {"id": 100, "name": "VIP"}
        assert client.tag.get() == [STAR, {"id": 100, "name": "VIP", "count": 0}]
        assert client.tag.update(100, "Friends") == OK
        assert client.tag.delete(100) == OK
        with pytest.raises(WeChatClientException) as refused:
            client.tag.delete(100)
        assert refused.value.errcode == 45159
