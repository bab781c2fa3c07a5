# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""User tags: every case of their table, alone and as accounts of one call. What runs in which way: see ``table``."""

from __future__ import annotations

import json
import re
import typing as t

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.modules.case import steps_of
from tests.modules.runner import ACCOUNT, TAGS, TAGS_INFO
from tests.modules.table import USER_TAGS, Seen, Table, misfits
from tests.modules.tags_cases import BEHAVIOUR, CASES, ODD
from tests.simulator import Fault
from tests.simulator.tags import Tag

if t.TYPE_CHECKING:
    from tests.modules.runner import Modules
    from tests.simulator import Simulator

TABLE = Table(USER_TAGS, CASES)
KEYS = {"changed", "tags", "before", "changes", "duplicates", "system", "verified", "request_sent", "failure", "msg"}
PARTS = ("rename", "delete_members", "delete_in_use")
NOTHING_DONE = {"created": [], "renamed": {}, "deleted": {}}


def compare(seen: Seen) -> None:
    TABLE.compare(seen)
    row = seen.row
    assert row.keys() >= KEYS
    assert (row["tags"] is None) is (row["duplicates"] is None) is (row["system"] is None)
    # What is said to be done is a change. Somebody else's change is not said to be done.
    assert row["changed"] or row["changes"] == NOTHING_DONE


def compare_found(seen: Seen) -> None:
    """One look is enough, if it shows the tags."""
    calls: list[str] = []
    shows = False
    for call, fault in steps_of(seen.case.calls):
        if not shows:
            calls.append(call)
        shows = shows or (call == "tags_get" and not fault)
    may = seen.case.given.get("tags.may", True) and "tags.left" not in seen.case.given
    TABLE.compare_found(seen, [" ".join(calls)], None if shows and may else seen.case.reason)


@pytest.mark.parametrize("name", TABLE.alone)
def test_run(name: str, modules: Modules) -> None:
    compare(TABLE.run(name, modules))


@pytest.mark.parametrize("name", BEHAVIOUR)
def test_check_mode(name: str, modules: Modules) -> None:
    TABLE.check(name, modules)


@pytest.mark.parametrize("name", BEHAVIOUR)
def test_info(name: str, modules: Modules) -> None:
    compare_found(TABLE.look(name, modules))


COMPARED = {"run": compare, "check": TABLE.compare_foreseen, "info": compare_found}


@pytest.mark.parametrize("how", COMPARED)
def test_all_as_accounts_of_one_call(how: str, modules: Modules) -> None:
    TABLE.compare_together(how, COMPARED[how], modules)


@pytest.mark.parametrize("how", ["run", "check"])
def test_all_as_accounts_that_declare_tags_among_others(how: str, modules: Modules, simulator: Simulator) -> None:
    """With ``wechat_account``: what becomes of the tags is the same, and its options are one."""
    accounts = {name: case.prepared(simulator) for name, case in CASES.items()}
    calls: dict[float, list[dict[str, t.Any]]] = {}
    for name, case in CASES.items():
        options = {"state": "present", "tags": None, **case.options}
        declared = {options["state"]: options["tags"], **{key: options[key] for key in PARTS if key in options}}
        one = {"name": name, **case.credentials(simulator, accounts[name]), "tags": declared}
        calls.setdefault(options.get("timeout", 20), []).append(one)
    seen = {}
    for timeout, given_accounts in calls.items():
        ran = modules.run(ACCOUNT, check=how == "check", concurrency=32, timeout=timeout, accounts=given_accounts)
        for name, row in ran.result["accounts"].items():
            its = {**row["resources"]["tags"], "failed": row["failed"]}
            assert (its["changed"], its["failure"], its["msg"]) == (row["changed"], row["failure"], row["msg"])
            seen[name] = Seen(CASES[name], accounts[name], its)
    assert seen.keys() == CASES.keys()
    assert misfits(COMPARED[how], seen) == {}


def test_the_bytes_of_the_requests(modules: Modules, simulator: Simulator) -> None:
    for name in ("tags_create-busy-carried-out", "renamed", "deleted"):
        TABLE.run(name, modules)
    sent = [one for one in simulator.log if one.call != "token"]
    assert {one.call for one in sent} == {"tags_get", "tags_create", "tags_update", "tags_delete", "menu_get"}
    for one in sent:
        assert re.fullmatch("access_token=[^&]+", one.query)
        # An escape would be kept as a text.
        assert b"\\u" not in one.body
        if one.call in USER_TAGS.changes:
            assert (one.method, one.headers["Content-Length"]) == ("POST", str(len(one.body)))
        else:
            assert (one.method, one.body) == ("GET", b"")
    bodies = [json.loads(one.body) for one in sent if one.body]
    assert {"tag": {"name": ODD}} in bodies
    assert {"tag": {"id": 100, "name": "new"}} in bodies
    assert {"tag": {"id": 101}} in bodies


MESSAGES: dict[str, str] = {
    "missing": "Tags have been changed: created: new.",
    "rename-and-add": "Tags have been changed: renamed: old to new; created: x.",
    "deleted": "Tags have been changed: deleted: x.",
    "never-shown": "Tags have been changed: created: new. No check shows all of this yet; the platform's answers do.",
    "somebody-else-made-it": "The tags were not as declared and are now, but not by this task.",
    "as-declared": "The tags are as declared; nothing was changed.",
    "taken-and-not-shown": (
        "Failed to create a tag: the platform does not take the name new: a tag has it that checks do not show, or the platform keeps it "
        "for itself (errcode 45157); a change was sent, and a later check still shows the tags as they were; run again in a few minutes: "
        "it checks first; if that does not help, give the tag another name."
    ),
    "another-name": (
        "Failed to create a tag: the platform created the tag 101, and gave it another name than new; a change was sent; find that tag "
        "on mp.weixin.qq.com (微信公众平台), rename or delete it there, then run again."
    ),
    "double": (
        "Failed to change the tags: several tags are named old (their ids: 100 and 101), and it is not clear which one is meant; no change "
        "was sent; rename or delete all but one on mp.weixin.qq.com (微信公众平台)."
    ),
    "second-one-lost": "; the changes before this one were carried out; run again: it checks first; should that fail too, ",
}


@pytest.mark.parametrize("name", MESSAGES)
def test_what_is_said(name: str, modules: Modules) -> None:
    assert MESSAGES[name] in TABLE.run(name, modules).row["msg"]


def test_a_name_that_cannot_be_used_is_told_before_anything_is_sent(modules: Modules, simulator: Simulator) -> None:
    account = simulator.add()
    row = modules.one(TAGS, account, tags=["VIP", 1.0], rename={"a": ""})
    assert row["msg"] == (
        "Failed to start: tags cannot be used: tags[1] is a number; give a text: quote it, or use | string if a template makes it; "
        "rename[0] is empty; give a name; nothing was sent; correct tags."
    )
    assert row.keys() >= KEYS
    assert account.calls == []


def test_the_diff_has_the_names(modules: Modules, simulator: Simulator) -> None:
    account = simulator.add()
    account.tags.add("b", "c\u202e")
    diff = modules.one(TAGS, account, tags=["a"])["diff"]
    assert diff == {"before": 'tags:\n  - "b"\n  - "c\\u202e"\n', "after": 'tags:\n  - "a"\n  - "b"\n  - "c\\u202e"\n'}


def test_all_resources_of_an_account_share_one_token(modules: Modules, simulator: Simulator) -> None:
    account = simulator.add()
    declared = {"draft_switch": "present", "menu": {"button": [{"type": "click", "name": "Help", "key": "help"}]}, "tags": ["VIP"]}
    row = modules.one(ACCOUNT, account, **declared)
    assert row["resources"]["tags"]["tags"] == {"VIP": {"id": 100, "count": 0}}
    assert account.calls == [
        "token",
        "look",
        "enable",
        "look",
        "menu_get",
        "selfmenu",
        "menu_create",
        "menu_get",
        "tags_get",
        "tags_get",
        "tags_create",
        "tags_get",
    ]
    assert modules.one(ACCOUNT, account, **declared)["changed"] is False
    assert account.calls[12:] == ["token", "look", "menu_get", "tags_get"]
    row = modules.one(ACCOUNT, account, tags={"present": ["B"], "rename": {"VIP": "A"}, "absent": ["C"]})
    assert [*row["resources"]["tags"]["tags"]] == ["A", "B"]
    # What is wrong with one resource sends nothing for the others.
    calls = len(account.calls)
    assert "tags is a text; give a list of names, or a dict" in modules.one(ACCOUNT, account, draft_switch="present", tags="VIP")["msg"]
    assert len(account.calls) == calls


def test_accounts_have_tags_of_their_own(modules: Modules, simulator: Simulator) -> None:
    accounts = {name: simulator.add() for name in ("a", "b")}
    given = [{"name": name, "appid": one.appid, "secret": one.secret} for name, one in accounts.items()]
    own = [given[0], {**given[1], "tags": ["B"]}]
    result = modules.run(TAGS, tags=["VIP"], accounts=own).result
    assert [one.tags.names for one in accounts.values()] == [["VIP"], ["B"]]
    assert result["msg"] == "2 accounts: 2 changed."
    assert modules.run(TAGS_INFO, accounts=given).result["msg"] == "2 accounts: 2 checked (2 tags)."


@pytest.mark.parametrize(
    ("sets", "says"), [((2,), ""), ((100,), ""), ((11, 15), "have the third-party platform offer permission set 2 (users) or 100")]
)
def test_a_third_party_platform_needs_a_permission_set(sets: tuple[int, ...], says: str, modules: Modules, simulator: Simulator) -> None:
    account, platform = simulator.add(), simulator.add_component()
    platform.authorise(account, permission_sets=sets)
    given = {"component_appid": platform.appid, "component_access_token": platform.token, "appid": account.appid}
    result = modules.run(TAGS, tags=["VIP"], **given).result
    assert result["failed"] is bool(says)
    assert says in result["msg"]


def test_a_secret_of_this_run_that_is_the_name_of_a_tag_is_masked(modules: Modules, simulator: Simulator) -> None:
    account = simulator.add()
    account.tags.add(account.secret, f"x{account.secret}", f"x{account.secret}")
    for row in (modules.one(TAGS, account, tags=["VIP"]), modules.one(TAGS_INFO, account)):
        assert "********" in row["tags"]
        assert [*row["duplicates"]] == ["x********"]
        assert "It is masked here" in str(row["warnings"])


def test_names_of_the_platform_are_data(modules: Modules, simulator: Simulator) -> None:
    names = ["{{ 7 * 7 }}", "=cmd()", "a\nb", "\ud83d", "\u202e", "<b>", "", "x" * 1_000_000]
    account = simulator.add()
    account.tags.add(*names[:-1])
    row = modules.one(TAGS, account, tags=["VIP"], check=True)
    assert [*row["tags"]] == ["{{ 7 * 7 }}", "=cmd()", "a\nb", "\\ud83d", "\u202e", "<b>", "", "VIP"]
    assert '\n  - "a\\nb"\n' in row["diff"]["before"]
    # What is larger than any answer of the platform is not read.
    account.tags.add(names[-1], names[-1])
    assert modules.one(TAGS, account, tags=["VIP"])["failure"]["reason"] == "protocol"


def test_a_name_that_ansible_takes_for_its_own_is_escaped_in_the_result(modules: Modules, simulator: Simulator) -> None:
    """Otherwise cores from 2.19 on cannot read the result of a module on another host, and what was changed is not known."""
    account = simulator.add()
    account.tags.tags = [Tag(100, "__ansible_type")]
    assert modules.one(TAGS_INFO, account)["tags"] == {"\\u005f_ansible_type": {"id": 100, "count": 0}}


def test_the_info_module_names_what_cannot_be_declared(modules: Modules, simulator: Simulator) -> None:
    account = simulator.add()
    account.tags.tags = [Tag(100 + number, name) for number, name in enumerate(("VIP", "a\u2028b", "x" * 31))]
    names = f'"a\\u2028b", "{"x" * 31}"'
    assert modules.one(TAGS_INFO, account)["msg"] == f"Tags of the account: 3. These names cannot be declared: {names}."


NAMES = st.lists(st.sampled_from(["VIP", "广东", "a", "b", "🎁", "星标组"]), max_size=4)
THERE = st.lists(st.sampled_from(["VIP", "a", "b", "c"]), unique=True)
ABSENT = st.sets(st.sampled_from(["VIP", "c"]))
FAULTS = {
    "none": Fault(),
    "lost": Fault(lost=True),
    "lost-carried-out": Fault(lost=True, carried_out=True),
    "busy": Fault(errcode=-1),
    "busy-carried-out": Fault(errcode=-1, carried_out=True),
}
STEADY = settings(max_examples=40, suppress_health_check=list(HealthCheck))


@STEADY
@given(THERE, NAMES, st.lists(st.sampled_from([*FAULTS]), max_size=3), st.integers(0, 2), ABSENT)
def test_any_list_converges_and_twice_is_no_change(
    modules: Modules,
    simulator: Simulator,
    there: list[str],
    wanted: list[str],
    faults: list[str],
    lag: int,
    absent: set[str],
) -> None:
    account = simulator.add()
    account.tags.add(*there).lag = lag
    account.plan("tags_create", *(FAULTS[name] for name in faults))
    declared = {"present": wanted, "absent": sorted(absent - {*wanted}), "delete_members": True}
    token = simulator.issue(account)
    # An answer that is lost ends a run. The next one looks first.
    for _run in range(1 + len(faults)):
        row = modules.one(ACCOUNT, account, access_token=token, tags=declared)
        if not row["failed"]:
            break
    assert not row["failed"], row["msg"]
    names = account.tags.names
    assert len(names) == len({*names})
    assert {*wanted} - {"星标组"} <= {*names}
    assert not {*names} & ({*absent} - {*wanted})
    again = modules.one(ACCOUNT, account, access_token=token, tags=declared)
    assert (again["changed"], again["request_sent"], again["verified"]) == (False, False, True)
