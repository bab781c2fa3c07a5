# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conditional menus beside the menu and the tags of one account: what a run knows of what it has made, and what goes with a menu."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._resource.account import exported
from ansible_collections.wxops.official_account.plugins.module_utils._run.module import KEPT
from ansible_collections.wxops.official_account.plugins.module_utils._run.work import digest_of

from tests.modules.runner import ACCOUNT, CONDITIONAL_INFO
from tests.simulator import Fault

if t.TYPE_CHECKING:
    from tests.modules.runner import Modules, Result
    from tests.simulator import Account, Simulator

NEW = {"button": [{"type": "view", "name": "Shop", "url": "https://shop.example/"}]}
OLD = {"button": [{"type": "click", "name": "Help", "key": "help"}]}
SOME: list[dict[str, t.Any]] = [{"match": {"platform": "ios"}, "menu": NEW}]
CONDITIONAL = {"button": OLD["button"], "matchrule": {"tag_id": "104"}, "menuid": 10}

Run = t.Callable[..., "Result"]


@pytest.fixture
def run(modules: Modules) -> Run:
    def do(account: Account, **options: t.Any) -> Result:
        return modules.one(ACCOUNT, account, retries=0, **options)

    return do


@pytest.fixture
def account(simulator: Simulator) -> Account:
    added = simulator.add()
    added.menus.set(OLD["button"])
    return added


def what_became(result: Result) -> dict[str, tuple[bool, str | None]]:
    return {name: (row["changed"], row["failure"] and row["failure"]["reason"]) for name, row in result["resources"].items()}


def test_check_mode_knows_of_the_menu_and_the_tags_of_the_same_run(simulator: Simulator, run: Run) -> None:
    account = simulator.add()
    declared = {"menu": NEW, "tags": ["VIP"], "conditional_menus": [{"match": {"tag": "VIP", "platform": "ios"}, "menu": OLD}, *SOME]}
    foreseen = run(account, check=True, **declared)
    assert what_became(foreseen) == {"menu": (True, None), "tags": (True, None), "conditional_menus": (True, None)}
    named = [one["match"] for one in foreseen["resources"]["conditional_menus"]["conditional_menus"]]
    assert named == [{"tag": "VIP", "platform": "ios"}, {"platform": "ios"}]
    assert {"menu_create", "tags_create", "conditional_add"}.isdisjoint(account.calls)
    done = run(account, **declared)
    assert done["failure"] is None, done["msg"]
    assert done["resources"]["conditional_menus"]["tags"] == {"100": "VIP"}
    rules = [{"client_platform_type": "1"}, {"tag_id": "100", "client_platform_type": "1"}]
    assert [one["matchrule"] for one in account.menus.conditional] == rules
    assert run(account, **declared)["changed"] is False


def test_a_tag_that_looks_do_not_show_yet_is_known_by_the_answer_that_made_it(account: Account, run: Run) -> None:
    account.tags.lag = 99
    result = run(account, tags=["VIP"], conditional_menus=[{"match": {"tag": "VIP"}, "menu": NEW}])
    assert what_became(result) == {"tags": (True, None), "conditional_menus": (True, None)}, result["msg"]
    assert [one["matchrule"] for one in account.menus.conditional] == [{"tag_id": "100"}]


@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
def test_a_menu_that_is_deleted_takes_the_conditional_menus_along(check: bool, account: Account, run: Run) -> None:
    account.menus.conditional = [CONDITIONAL, {**CONDITIONAL, "menuid": 11}]
    refused = run(account, check=check, menu="absent")
    assert refused["failure"]["reason"] == "refused"
    assert "the account has conditional menus (2), and to delete the menu deletes all of them" in refused["msg"]
    result = run(account, check=check, menu="absent", delete_conditional=True, conditional_menus="absent")
    row = result["resources"]["menu"]
    assert (row["conditional_deleted"], len(row["conditional"]), row["conditional_count"]) == (2, 2, 2 if check else 0)
    said = "Its conditional menus would be deleted with it (2)." if check else "Its conditional menus are gone with it (2)."
    assert said in row["msg"]
    # Nothing is left to do for them.
    assert what_became(result) == {"menu": (True, None), "conditional_menus": (False, None)}
    assert "conditional_delete" not in account.calls


def test_conditional_menus_that_somebody_else_makes_after_the_menu_was_deleted_are_there(account: Account, run: Run) -> None:
    def writer(menus: t.Any) -> None:
        menus.set(OLD["button"])
        menus.conditional = [CONDITIONAL]

    account.menus.conditional = [CONDITIONAL]
    # Right after the look that shows the menu gone.
    account.menus.after("menu_delete", lambda menus: menus.after("menu_get", writer))
    result = run(account, menu="absent", delete_conditional=True, conditional_menus="absent")
    assert what_became(result) == {"menu": (True, None), "conditional_menus": (True, None)}
    assert account.menus.conditional == []


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_a_tag_of_conditional_menus_that_go_with_the_menu_is_not_in_use(check: bool, account: Account, run: Run) -> None:
    account.tags.add("VIP")
    account.menus.conditional = [{**CONDITIONAL, "matchrule": {"tag_id": "100"}}]
    tags = {"absent": ["VIP"], "delete_members": True}
    result = run(account, check=check, menu="absent", delete_conditional=True, tags=tags)
    assert what_became(result) == {"menu": (True, None), "tags": (True, None)}
    assert account.tags.names == (["VIP"] if check else [])


def test_a_menu_that_is_set_and_loses_the_conditional_menus_says_so(account: Account, run: Run) -> None:
    account.menus.conditional, account.menus.keeps_conditional = [CONDITIONAL], False
    row = run(account, menu=NEW)["resources"]["menu"]
    assert row["conditional_deleted"] == 1
    assert "Its conditional menus are gone with it (1)." in row["msg"]


@pytest.mark.parametrize("declared", [SOME, {"menus": SOME, "exclusive": True}])
def test_no_menu_and_conditional_menus_contradict_each_other(declared: t.Any, account: Account, run: Run) -> None:
    result = run(account, menu="absent", conditional_menus=declared)
    assert "conditional_menus is declared together with menu: absent, which deletes them; nothing was sent" in result["msg"]
    assert account.calls == []


@pytest.mark.parametrize("tags", [{"absent": ["VIP"], "delete_members": True}, {"rename": {"VIP": "Gold"}}])
def test_a_tag_that_goes_and_a_menu_for_it_contradict_each_other(tags: t.Any, account: Account, run: Run) -> None:
    account.tags.add("VIP")
    result = run(account, tags=tags, conditional_menus=[{"match": {"tag": "VIP"}, "menu": NEW}])
    assert "conditional_menus is for the tag VIP, which tags deletes or renames; nothing was sent" in result["msg"]
    assert account.calls == []


def test_contradictions_have_the_names_of_their_accounts(simulator: Simulator, modules: Modules) -> None:
    menus = [{"match": {"tag": "VIP"}, "menu": NEW}]
    given = {"a": {}, "b": {"rename": {"VIP": "Gold"}}, "c": {"absent": ["VIP"]}}
    accounts = [
        {"name": name, "access_token": simulator.issue(simulator.add()), "conditional_menus": menus, "tags": tags}
        for name, tags in given.items()
    ]
    msg = modules.run(ACCOUNT, accounts=accounts).result["msg"]
    assert "conditional_menus is for the tag VIP, which tags deletes or renames (account b, c); nothing was sent" in msg


@pytest.mark.parametrize("url", [5, ["a"], {"a": 1}, "http://[x", "https://a\x1bc.example/"])
def test_an_odd_url_that_is_there_is_no_domain(url: t.Any, account: Account, run: Run) -> None:
    urls = [url, "https://a.example/", "https://b.example/", "https://c.example/"]
    odd = [{**CONDITIONAL, "button": [{"type": "view", "name": "x", "url": one}], "menuid": 10 + at} for at, one in enumerate(urls)]
    account.menus.conditional = odd[:1]
    assert run(account, check=True, conditional_menus=SOME)["failure"] is None
    account.menus.conditional = odd
    assert "link to 4 domains (a.example, b.example, c.example and 1 more)" in run(account, conditional_menus=SOME)["msg"]


def test_a_module_of_a_role_deletes_no_conditional_menu_that_is_not_on_record(account: Account, run: Run) -> None:
    account.menus.conditional = [CONDITIONAL]
    declared = {"menu": "absent", "delete_conditional": True}
    as_read = {**CONDITIONAL, "button": [{**OLD["button"][0], "sub_button": []}], "matchrule": {"group_id": "104"}}
    of_menu = {"menu": digest_of({"menu": OLD, "console_menu": None, "conditional": [as_read]})}
    result = run(account, **declared, **{KEPT: {"": of_menu}})
    assert (result["failure"]["reason"], "menu_delete" in account.calls) == ("conflict", False)
    result = run(account, **declared, **{KEPT: {"": {**of_menu, "conditional_menus": digest_of([CONDITIONAL])}}})
    assert (result["failure"], account.menus.conditional) == (None, [])


def test_a_failure_before_them_leaves_the_conditional_menus(account: Account, run: Run) -> None:
    account.plan("menu_create", Fault(errcode=45009))
    result = run(account, menu=NEW, conditional_menus=SOME)
    assert what_became(result) == {"menu": (False, "quota"), "conditional_menus": (False, "not_attempted")}
    assert "conditional_add" not in account.calls


def test_check_mode_blames_them_for_nothing_that_the_tags_before_them_failed_to_make(account: Account, run: Run) -> None:
    account.tags.add("Gold", "Gold")
    declared = [{"match": {"tag": "VIP"}, "menu": NEW}]
    result = run(account, check=True, tags=["Gold", "VIP"], conditional_menus=declared)
    assert what_became(result) == {"tags": (False, "refused"), "conditional_menus": (False, "not_attempted")}


EXPORTED: dict[str, tuple[list[dict[str, t.Any]], list[str], t.Any]] = {
    "by-name": ([CONDITIONAL], ["VIP"], {"exclusive": True, "menus": [{"match": {"tag": "VIP"}, "menu": OLD}]}),
    "two-of-that-name": ([CONDITIONAL], ["VIP", "VIP"], {"exclusive": True, "menus": [{"match": {"tag_id": "104"}, "menu": OLD}]}),
    "a-template": ([CONDITIONAL], ["{{ 7 * 7 }}"], {"exclusive": True, "menus": [{"match": {"tag": "{{ 7 * 7 }}"}, "menu": OLD}]}),
    # It cannot be declared.
    "another-direction": ([CONDITIONAL], ["a\u202eb"], {"exclusive": True, "menus": [{"match": {"tag_id": "104"}, "menu": OLD}]}),
    "without-a-tag": ([CONDITIONAL], [], {"exclusive": True, "menus": [{"match": {"tag_id": "104"}, "menu": OLD}]}),
    "without-those-that-nobody-gets": (
        [CONDITIONAL, {**CONDITIONAL, "menuid": 11}, {**CONDITIONAL, "menuid": 12, "matchrule": {"sex": "1"}}],
        [],
        [{"match": {"tag_id": "104"}, "menu": OLD}],
    ),
    "none": ([], [], None),
}


@pytest.mark.parametrize("name", EXPORTED)
def test_what_there_is_can_be_declared(name: str, account: Account, modules: Modules, run: Run) -> None:
    conditional, tags, declared = EXPORTED[name]
    account.menus.conditional = conditional
    account.tags.next_id = 104
    account.tags.add(*tags)
    options, left_out = exported({"conditional_menus": modules.one(CONDITIONAL_INFO, account)})
    assert options == ({} if declared is None else {"conditional_menus": declared})
    assert left_out == ({"conditional_menus": "The account has no conditional menus."} if declared is None else {})
    if name not in ("none", "without-those-that-nobody-gets"):
        assert run(account, **options)["changed"] is False
