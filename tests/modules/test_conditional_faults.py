# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conditional menus: every case of their table, alone and as accounts of one call. What runs in which way: see ``table``."""

from __future__ import annotations

import itertools
import json
import typing as t

import pytest

from tests.modules.conditional_cases import BASE, BEHAVIOUR, CASES, VIP, declared, returned, there
from tests.modules.runner import CONDITIONAL, CONDITIONAL_INFO
from tests.modules.table import CONDITIONAL_MENUS, Table
from tests.simulator import Fault
from tests.simulator.conditional_menus import sees
from tests.simulator.tags import Tag

if t.TYPE_CHECKING:
    from tests.modules.runner import Modules
    from tests.modules.table import Seen
    from tests.simulator import Simulator

TABLE = Table(CONDITIONAL_MENUS, CASES)


@pytest.mark.parametrize("name", TABLE.alone)
def test_run(name: str, modules: Modules) -> None:
    TABLE.run(name, modules)


@pytest.mark.parametrize("name", BEHAVIOUR)
def test_check_mode(name: str, modules: Modules) -> None:
    compare_foreseen(TABLE.check(name, modules))


def compare_foreseen(seen: Seen) -> None:
    TABLE.compare_foreseen(seen)
    assert seen.account.menus.conditional == seen.case.given["menus.conditional"] or seen.case.writer


@pytest.mark.parametrize("name", BEHAVIOUR)
def test_info(name: str, modules: Modules) -> None:
    compare_found(TABLE.look(name, modules))


def compare_found(seen: Seen) -> None:
    case = seen.case
    reads = case.row["before"] is not None
    # It asks for the names of the tags if a rule has one, and takes it for an answer that it may not know them.
    has_tags = any("tag_id" in one["match"] for one in case.row["before"] or ())
    token = ["token"] if case.with_secret else []
    assert seen.account.calls[: len(token)] == token
    calls = [call for call, _more in itertools.groupby(seen.account.calls[len(token) :]) if call != "token"]
    assert calls in (["menu_get", "tags_get"], ["menu_get"])
    assert ("tags_get" in calls) is (reads and has_tags)
    assert seen.row["changed"] is False
    if "tags_get:" not in case.calls:
        assert (seen.row["failure"] is None) is reads, seen.row["msg"]
    if seen.row["failure"] is None:
        assert seen.row["conditional_menus"] == case.row["before"]


COMPARED = {"run": TABLE.compare, "check": compare_foreseen, "info": compare_found}


@pytest.mark.parametrize("how", COMPARED)
def test_all_as_accounts_of_one_call(how: str, modules: Modules) -> None:
    TABLE.compare_together(how, COMPARED[how], modules)


def test_the_bytes_of_the_requests(modules: Modules, simulator: Simulator) -> None:
    simulator.log.clear()
    for name in ("swapped", "both-fields", "first-by-name"):
        TABLE.run(name, modules)
    assert {one.call for one in simulator.log} == {"token", "menu_get", "tags_get", "conditional_add", "conditional_delete"}
    for one in simulator.log:
        if one.call.startswith("conditional"):
            assert (one.method, one.headers["Content-Length"]) == ("POST", str(len(one.body)))
            assert b"\\u" not in one.body
            assert b"group_id" not in one.body
    bodies = [json.loads(one.body) for one in simulator.log if one.call == "conditional_add"]
    assert [sorted(body) for body in bodies] == [["button", "matchrule"]] * 3
    assert [body["matchrule"] for body in bodies] == [
        {"client_platform_type": "1"},
        {"tag_id": "104", "client_platform_type": "2"},
        {"tag_id": "104"},
    ]
    assert [json.loads(one.body) for one in simulator.log if one.call == "conditional_delete"] == [{"menuid": "10"}]


USERS = [(tag, platform) for tag in ("104", "105", "106") for platform in ("1", "2", "3")]
# Cases in which a user may be without a conditional menu for a while, or somebody else has taken it.
_ASKED_FOR = {
    "domains-in-place",
    "another-deletes-the-old-one-before",
    "another-replaces-all",
    "menu-deleted-after-the-add",
    "gone-before-its-deletion",
}


@pytest.mark.parametrize("name", [name for name in BEHAVIOUR if name not in _ASKED_FOR])
def test_nobody_is_without_a_conditional_menu_meanwhile(
    name: str, modules: Modules, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[tuple[str, str], t.Any]] = []
    log = simulator.saw

    def saw(request: t.Any) -> None:
        account = simulator.accounts.get(request.appid)
        if account:
            seen.append({user: sees(account.menus, *user) for user in USERS})
        log(request)

    monkeypatch.setattr(simulator, "saw", saw)
    account = TABLE.run(name, modules).account
    for user in USERS:
        first, last = seen[0][user], sees(account.menus, *user)
        if BASE not in (first, last):
            assert BASE not in [one[user] for one in seen]


def test_check_mode_says_what_there_would_be(modules: Modules, simulator: Simulator) -> None:
    account = CASES["another-text"].prepared(simulator)
    options = {"conditional_menus": declared("x1 a2"), "exclusive": True}
    foreseen, done, again = (modules.one(CONDITIONAL, account, check=check, **options) for check in (True, False, False))
    assert foreseen["conditional_menus"] == [{**one, "menuid": None} for one in returned("x1 a2")]
    assert [one["match"] for one in done["conditional_menus"]] == [one["match"] for one in declared("x1 a2")]
    assert foreseen["before"] == done["before"] == returned("a1")
    assert foreseen["msg"] == "The conditional menus are not as declared; without check mode, 2 would be added and 1 deleted."
    assert done["msg"] == (
        "The conditional menus have been changed: 2 added, 1 deleted. "
        "Phones show this when the account is opened again, up to 5 minutes later."
    )
    assert (again["changed"], again["msg"]) == (False, "The conditional menus are as declared; nothing was changed.")
    assert foreseen["diff"] == done["diff"]
    assert foreseen["diff"]["before"].startswith('conditional_menus:\n  - match:\n      tag_id: "104"\n    menu:\n      button:\n')
    # What was before can be declared again, and what is returned can be declared.
    assert modules.one(CONDITIONAL, account, conditional_menus=done["conditional_menus"])["changed"] is False
    back = modules.one(CONDITIONAL, account, conditional_menus=done["before"], exclusive=True)
    assert [(one["match"], one["menu"]) for one in back["conditional_menus"]] == [(one["match"], one["menu"]) for one in done["before"]]


def test_doubles_are_named(modules: Modules, simulator: Simulator) -> None:
    account = CASES["others-stay"].prepared(simulator)
    row = modules.one(CONDITIONAL, account, conditional_menus=declared("a1"))
    assert row["msg"].endswith(" Nobody gets some of them, because a newer one has the same rule: menuid 10.")
    row = modules.one(CONDITIONAL, account, conditional_menus=declared("a1 b1"), exclusive=True)
    assert "Of those deleted, 1 had no users, because a newer one had the same rule. " in row["msg"]
    assert row["duplicates"] == []


def test_the_info_module_names_those_that_nobody_gets(modules: Modules, simulator: Simulator) -> None:
    account = simulator.add()
    account.menus.buttons, account.menus.conditional = BASE, there("a1 d1 a2 b1 i1")
    account.tags.tags = [VIP, Tag(200, "Other")]
    row = modules.one(CONDITIONAL_INFO, account)
    named = {key: row[key] for key in ("tags", "dead_rules", "duplicates", "missing_tags", "has_menu", "changed", "verified")}
    assert named == {
        "tags": {"104": VIP.name},
        "dead_rules": ["40"],
        "duplicates": ["30"],
        "missing_tags": ["20"],
        "has_menu": True,
        "changed": False,
        "verified": True,
    }
    assert row["conditional_menus"] == returned("a1 d1 a2 b1 i1")
    assert row["msg"] == (
        "The account has conditional menus: 5. Those that no user gets, because of a dead rule or another menu with the same rule: 2."
    )
    # Permission set 15 alone does not show the tags.
    account.plan("tags_get", Fault(errcode=61007))
    row = modules.one(CONDITIONAL_INFO, account)
    assert (row["failure"], row["tags"], row["missing_tags"], row["dead_rules"]) == (None, None, None, ["40"])


@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
def test_what_cannot_be_used_is_named_with_its_account_and_nothing_is_sent(check: bool, modules: Modules, simulator: Simulator) -> None:
    account = simulator.add()
    bad = [{"match": {"sex": "1"}, "menu": {"button": [{"type": "VIEW", "name": "x"}]}}]
    given = {"name": "brand-a", "appid": account.appid, "secret": account.secret}
    result = modules.run(CONDITIONAL, check=check, accounts=[given], conditional_menus=bad).result
    assert result["msg"] == (
        "Failed to start: conditional_menus cannot be used: conditional_menus[0].match.sex: the platform takes no rule with sex, country, "
        "province, city, language any more; use a tag (account brand-a); conditional_menus[0]: button[0].type is VIEW; is view "
        "meant? (account brand-a); nothing was sent; correct conditional_menus."
    )
    both = modules.one(CONDITIONAL, account, check=check, conditional_menus=declared("a1"), state="absent")
    assert both["msg"] == (
        "Failed to start: conditional_menus is given together with state: absent; nothing was sent; leave one of the two out."
    )
    assert account.calls == []


def test_each_account_of_a_list_can_have_its_own(modules: Modules, simulator: Simulator) -> None:
    accounts = {name: CASES["another-text"].prepared(simulator) for name in ("own", "whole", "absent", "shared")}
    own = {
        "own": declared("i1"),
        "whole": {"menus": declared("i1"), "exclusive": True},
        "absent": "absent",
        "shared": None,
    }
    given = [
        {"name": name, "appid": one.appid, "secret": one.secret, **({"conditional_menus": own[name]} if own[name] else {})}
        for name, one in accounts.items()
    ]
    result = modules.run(CONDITIONAL, accounts=given, conditional_menus=declared("a1")).result
    left = {name: [one["matchrule"] for one in account.menus.conditional] for name, account in accounts.items()}
    tag, ios = {"tag_id": "104"}, {"client_platform_type": "1"}
    assert left == {"own": [tag, ios], "whole": [ios], "absent": [], "shared": [tag]}
    assert result["summary"]["changed"] == 3
    assert result["msg"] == "4 accounts: 3 changed; 1 as declared already."
