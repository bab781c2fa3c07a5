# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One account and its resources: one token, in order, one outcome."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._run import work as work_module
from ansible_collections.wxops.official_account.plugins.module_utils._run.module import KEPT
from ansible_collections.wxops.official_account.plugins.module_utils._run.work import digest_of

from tests.modules.runner import ACCOUNT
from tests.simulator import Fault

if t.TYPE_CHECKING:
    from tests.modules.runner import Modules, Result
    from tests.simulator import Account, Simulator

NEW = {"button": [{"type": "view", "name": "Shop", "url": "https://shop.example/"}]}
OLD = {"button": [{"type": "click", "name": "Help", "key": "help"}]}
KEYS = {"changed", "resources", "verified", "request_sent", "failure", "msg"}
BOTH = {"draft_switch": "present", "menu": NEW}

Run = t.Callable[..., "Result"]


@pytest.fixture
def run(modules: Modules) -> Run:
    def do(account: Account | None = None, **options: t.Any) -> Result:
        credentials = {"appid": account.appid, "secret": account.secret} if account else {}
        return modules.run(ACCOUNT, **{"retries": 0, **credentials, **options}).result

    return do


@pytest.fixture
def account(simulator: Simulator) -> Account:
    added = simulator.add()
    added.menus.set(OLD["button"])
    return added


def what_became(result: dict[str, t.Any]) -> dict[str, tuple[bool, str | None]]:
    return {name: (row["changed"], row["failure"] and row["failure"]["reason"]) for name, row in result["resources"].items()}


def test_both_resources_are_changed_with_one_token_and_then_nothing_is(account: Account, run: Run) -> None:
    result = run(account, **BOTH)
    assert result.keys() - {"invocation", "diff", "warnings", "failed"} >= KEYS
    assert (result["changed"], result["verified"], result["request_sent"], result["failure"]) == (True, True, True, None)
    assert what_became(result) == {"draft_switch": (True, None), "menu": (True, None)}
    assert result["resources"]["menu"]["before"] == OLD
    assert result["msg"].startswith("The draft box was off and has been turned on, which cannot be undone. The menu has been changed")
    assert account.calls.count("token") == 1
    assert [call for call in account.calls if call in ("enable", "menu_create")] == ["enable", "menu_create"]
    assert "draft_switch.is_open: false" in result["diff"]["before"]
    assert "draft_switch.is_open: true" in result["diff"]["after"]
    assert "help" in result["diff"]["before"]
    assert "shop.example" in result["diff"]["after"]
    account.calls.clear()
    again = run(account, **BOTH)
    assert (again["changed"], again["verified"], again["request_sent"]) == (False, True, False)
    assert account.calls == ["token", "look", "menu_get"]


def test_check_mode_looks_at_both_and_changes_nothing(account: Account, run: Run) -> None:
    result = run(account, check=True, **BOTH)
    assert what_became(result) == {"draft_switch": (True, None), "menu": (True, None)}
    assert (account.is_open, account.menus.buttons) == (False, OLD["button"])
    assert {"enable", "menu_create", "menu_delete"}.isdisjoint(account.calls)
    assert "shop.example" in result["diff"]["after"]


@pytest.mark.parametrize(
    ("declared", "calls"),
    [
        ({}, []),
        ({"draft_switch": None, "menu": None}, []),
        ({"draft_switch": "present"}, ["token", "look", "enable", "look"]),
        ({"menu": OLD}, ["token", "menu_get"]),
    ],
)
def test_what_is_not_declared_is_not_even_looked_at(declared: dict[str, t.Any], calls: list[str], account: Account, run: Run) -> None:
    result = run(account, **declared)
    assert account.calls == calls
    assert set(result["resources"]) == {name for name, value in declared.items() if value}
    assert bool(result["resources"]) is (result["msg"] != "Nothing is declared for this account; nothing was sent.")


def test_after_a_failure_the_later_resources_are_not_attempted(account: Account, run: Run) -> None:
    account.plan("enable", Fault(errcode=48001))
    result = run(account, **BOTH)
    assert what_became(result) == {"draft_switch": (False, "account"), "menu": (False, "not_attempted")}
    assert result["failure"] == result["resources"]["draft_switch"]["failure"]
    assert "Not attempted: draft_switch of this account failed; " in result["msg"]
    assert account.calls == ["token", "look", "enable"]


def test_a_failure_after_a_change_keeps_the_change_and_its_diff(account: Account, run: Run) -> None:
    account.plan("menu_create", Fault(errcode=45009))
    result = run(account, **BOTH)
    assert what_became(result) == {"draft_switch": (True, None), "menu": (False, "quota")}
    assert (result["changed"], result["failed"], result["request_sent"], account.is_open) == (True, True, True, True)
    assert result["failure"]["errcode"] == 45009
    assert result["diff"] == {"before": "draft_switch.is_open: false\n", "after": "draft_switch.is_open: true\n"}


def test_in_check_mode_a_failed_look_does_not_hide_the_other_resource(account: Account, run: Run) -> None:
    account.plan("look", Fault(errcode=48001))
    result = run(account, check=True, **BOTH)
    assert what_became(result) == {"draft_switch": (False, "account"), "menu": (True, None)}


def test_a_token_that_dies_between_two_resources_is_replaced_once(account: Account, run: Run) -> None:
    account.plan("menu_get", Fault(new_token=True))
    result = run(account, **BOTH)
    assert (result["changed"], result["failure"], account.calls.count("token")) == (True, None, 2)


def test_the_menu_can_be_absent(account: Account, run: Run) -> None:
    result = run(account, menu="absent")
    assert (result["changed"], account.menus.buttons, result["resources"]["menu"]["before"]) == (True, None, OLD)


@pytest.mark.parametrize(
    ("declared", "reason", "part"),
    [
        ({"draft_switch": "absent", "menu": NEW}, "irreversible", "remove draft_switch: absent"),
        ({"draft_switch": "on", "menu": NEW}, "operator", "draft_switch is neither present nor absent"),
        ({"draft_switch": "present", "menu": {"button": []}}, "operator", "button is empty"),
    ],
)
def test_what_cannot_be_declared_is_refused_before_anything_is_sent(
    declared: dict[str, t.Any], reason: str, part: str, account: Account, run: Run
) -> None:
    result = run(account, **declared)
    assert (result["failure"]["reason"], result["changed"], result["resources"], account.calls) == (reason, False, {}, [])
    assert part in result["msg"]
    many = run(accounts=[{"appid": account.appid, "secret": account.secret, **declared}])
    assert (many["failure"]["reason"], many["accounts"], account.calls) == (reason, {}, [])


def given(account: Account, **declared: t.Any) -> dict[str, t.Any]:
    return {"appid": account.appid, "secret": account.secret, **declared}


def test_each_of_many_accounts_declares_its_own(simulator: Simulator, run: Run) -> None:
    plain, own, gone, faulty = (simulator.add(is_open=number > 0) for number in range(4))
    gone.menus.set(OLD["button"])
    faulty.plan("menu_get", Fault(errcode=48001))
    result = run(
        menu=NEW,
        draft_switch="present",
        accounts=[
            given(plain, name="plain"),
            given(own, name="own", menu=OLD),
            given(gone, name="gone", menu="absent"),
            given(faulty, name="faulty"),
        ],
    )
    assert {name: what_became(row) for name, row in result["accounts"].items()} == {
        "plain": {"draft_switch": (True, None), "menu": (True, None)},
        "own": {"draft_switch": (False, None), "menu": (True, None)},
        "gone": {"draft_switch": (False, None), "menu": (True, None)},
        "faulty": {"draft_switch": (False, None), "menu": (False, "account")},
    }
    assert (plain.menus.buttons, own.menus.buttons, gone.menus.buttons) == (NEW["button"], OLD["button"], None)
    assert result["summary"] == {"total": 4, "changed": 3, "unchanged": 0, "failed": 1, "not_attempted": 0, "retired": 0}
    assert result["msg"].startswith("4 accounts: 3 changed (draft_switch: 1, menu: 3); 1 failed.")
    assert {one["before_header"] for one in result["diff"]} == {"plain", "own", "gone"}
    assert all(one.calls.count("token") == 1 for one in (plain, own, gone, faulty))


def test_a_switch_that_the_platform_no_longer_offers_does_not_keep_the_menu(account: Account, run: Run) -> None:
    account.plan("look", Fault(errcode=45103))
    result = run(account, **BOTH)
    assert (result["changed"], result["verified"], result["failure"]) == (True, False, None)
    assert account.menus.buttons == NEW["button"]
    assert result["msg"].startswith("The platform no longer offers this call and says that every draft box is on; nothing was changed. ")
    account.plan("look", Fault(errcode=45103))
    many = run(accounts=[given(account, **BOTH)])
    assert (many["summary"]["changed"], many["summary"]["retired"]) == (0, 1)


def without_memory(*_arguments: t.Any, **_named: t.Any) -> t.NoReturn:
    raise MemoryError


def test_without_memory_for_an_outcome_nobody_knows_what_was_sent(account: Account, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_module, "converge_account", without_memory)
    result = run(account, **BOTH)
    assert (result["request_sent"], result["failure"]["reason"], result["resources"]) == (None, "outcome_unknown", {})
    assert "a change may have been sent and carried out" in result["msg"]


def test_a_module_of_a_role_changes_nothing_that_is_not_on_record(account: Account, run: Run) -> None:
    account.menus.buttons = [{"type": "click", "name": "Precious", "key": "precious"}]
    kept = {"menu": {"button": [{"type": "click", "name": "Old", "key": "old"}]}, "console_menu": None, "conditional": []}
    result = run(account, menu=NEW, **{KEPT: {"": {"menu": digest_of(kept)}}})
    assert (result["failure"]["reason"], result["changed"], result["request_sent"]) == ("conflict", False, False)
    assert "menu_create" not in account.calls
    assert run(account, menu=NEW, **{KEPT: {}})["failure"]["reason"] == "conflict"
    kept["menu"] = {"button": account.menus.buttons}
    assert run(account, menu=NEW, **{KEPT: {"": {"menu": digest_of(kept)}}})["changed"] is True
    assert account.calls.count("menu_create") == 1


def test_a_record_that_breaks_after_the_work_does_not_hide_what_was_done(
    account: Account, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_arguments: t.Any) -> t.NoReturn:
        raise KeyError

    monkeypatch.setattr(work_module.NoRecord, "ends", breaks)
    result = run(account, menu=NEW)
    assert (result["changed"], result["request_sent"], result["failure"]) == (True, True, None)
