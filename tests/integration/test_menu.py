# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Custom menus in real plays: one account, many, and hosts; run, in check mode, and looked at.

Every fault of a call and every broken answer: see ``test_every_menu_fault``.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import re
import typing as t

import pytest
import yaml

from tests.integration.fleets import LOCAL
from tests.integration.harness import ROOT, Ansible, Run
from tests.simulator import Fault

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.simulator import Account, Simulator
    from tests.simulator.menu import Menus

MENU = "wxops.official_account.wechat_menu"
INFO = f"{MENU}_info"
VIEW = {"type": "view", "name": "商店 & 🎁", "url": "https://shop.example/?a=1&b=2"}
CLICK = {"type": "click", "name": "Help", "key": "help"}
APP = {"type": "miniprogram", "name": "App", "url": "https://x.example/", "appid": "wx0123456789abcdef", "pagepath": "p"}
NEW = {"button": [VIEW, {"name": "More", "sub_button": [CLICK]}]}
OLD = {"button": [{**VIEW, "url": "https://old.example/"}]}
PICTURE = {"type": "media_id", "name": "Picture", "media_id": "m"}
ARTICLE = {"type": "article_id", "name": "Article", "article_id": "a"}
CONDITIONAL = {"button": [CLICK], "matchrule": {"tag_id": "2"}, "menuid": 208396993}
AS_READ = {"button": [{**CLICK, "sub_button": []}], "matchrule": {"group_id": "2"}, "menuid": 208396993}
CONSOLE = [{"type": "news", "name": "News", "value": "x"}]
KEYS = {"changed", "menu", "before", "is_menu_open", "conditional_count", "verified", "console_menu", "request_sent", "failure", "msg"}


@dataclasses.dataclass(frozen=True)
class Case:
    """``given``: what the account has. ``options``: of the task. ``plan``: faults, by call. ``calls``: what the platform sees."""

    calls: str
    reason: str | None = None
    changed: bool = False
    given: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    options: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    plan: dict[str, list[Fault]] = dataclasses.field(default_factory=dict)
    after: t.Callable[[Account], None] = lambda _account: None
    ends: dict[str, t.Any] | None = dataclasses.field(default_factory=lambda: NEW)


def writes(call: str, menu: dict[str, t.Any]) -> t.Callable[[Account], None]:
    """Another writer, who sets ``menu`` right after ``call``."""

    def act(menus: Menus) -> None:
        menus.set(menu["button"])

    return lambda account: account.menus.after(call, act)


THIRD = {"button": [CLICK]}
HAS_OLD = {"buttons": OLD["button"]}
LOST = Fault(lost=True)
DONE = Fault(lost=True, carried_out=True)

CASES = {
    "equal": Case("menu_get", given={"buttons": NEW["button"]}),
    "different": Case("menu_get selfmenu menu_create menu_get", changed=True, given=HAS_OLD),
    "none": Case("menu_get selfmenu menu_create menu_get", changed=True),
    "asleep": Case("menu_get selfmenu menu_create menu_get", changed=True, given={"console": CONSOLE}),
    "console": Case("menu_get selfmenu", "refused", given={"console": CONSOLE, "console_open": True}, ends=None),
    "console-replaced": Case(
        "menu_get selfmenu menu_create menu_get",
        changed=True,
        given={"console": CONSOLE, "console_open": True},
        options={"replace_console_menu": True},
    ),
    "keeps-conditional": Case("menu_get selfmenu menu_create menu_get", changed=True, given={**HAS_OLD, "conditional": [CONDITIONAL]}),
    "absent": Case("menu_get selfmenu menu_delete menu_get selfmenu", changed=True, given=HAS_OLD, options={"state": "absent"}, ends=None),
    "absent-already": Case("menu_get selfmenu", options={"state": "absent"}, ends=None),
    "absent-conditional": Case(
        "menu_get", "refused", given={**HAS_OLD, "conditional": [CONDITIONAL]}, options={"state": "absent"}, ends=OLD
    ),
    "absent-conditional-too": Case(
        "menu_get selfmenu menu_delete menu_get selfmenu",
        changed=True,
        given={**HAS_OLD, "conditional": [CONDITIONAL]},
        options={"state": "absent", "delete_conditional": True},
        ends=None,
    ),
    "lost-and-done": Case("menu_get selfmenu menu_create menu_get", changed=True, given=HAS_OLD, plan={"menu_create": [DONE]}),
    "lost-and-blind": Case(
        "menu_get selfmenu menu_create menu_get menu_get",
        "outcome_unknown",
        given=HAS_OLD,
        plan={"menu_create": [DONE], "menu_get": [Fault(), LOST, LOST]},
    ),
    "dead-token": Case(
        "menu_get menu_get selfmenu menu_create menu_get",
        changed=True,
        given=HAS_OLD,
        plan={"menu_get": [Fault(errcode=42001, new_token=True)]},
    ),
    "dead-token-at-the-change": Case(
        "menu_get selfmenu menu_create menu_get menu_create menu_get",
        changed=True,
        given=HAS_OLD,
        plan={"menu_create": [Fault(errcode=40001, new_token=True)]},
    ),
    "late-effect": Case("menu_get selfmenu menu_create menu_get menu_get", changed=True, given={**HAS_OLD, "lag": 1}),
    "late-effect-without-a-menu": Case("menu_get selfmenu menu_create menu_get selfmenu menu_get", changed=True, given={"lag": 1}),
    "shown-before-it-is-read": Case(
        "menu_get selfmenu menu_create menu_get selfmenu menu_get", changed=True, given={"lag": 1, "shown_lag": 0}
    ),
    "late-end-of-all": Case(
        "menu_get selfmenu menu_delete menu_get menu_get selfmenu",
        changed=True,
        given={**HAS_OLD, "conditional": [CONDITIONAL], "lag": 1},
        options={"state": "absent", "delete_conditional": True},
        ends=None,
    ),
    "wakes-that-of-the-console": Case(
        "menu_get selfmenu menu_delete menu_get selfmenu",
        changed=True,
        given={**HAS_OLD, "console": CONSOLE, "wakes_console": True},
        options={"state": "absent"},
        ends=None,
    ),
    "in-vain": Case("menu_get selfmenu menu_create menu_get menu_get menu_get menu_get", "not_effective", given={**HAS_OLD, "lag": 9}),
    "drops-a-part": Case(
        "menu_get selfmenu menu_create menu_get",
        "not_effective",
        changed=True,
        given={**HAS_OLD, "drops": ("key",)},
        ends={"button": [VIEW, {"name": "More", "sub_button": [{"type": "click", "name": "Help"}]}]},
    ),
    "another-writer": Case(
        "menu_get selfmenu menu_create menu_get", "conflict", changed=True, given=HAS_OLD, after=writes("menu_create", THIRD), ends=THIRD
    ),
    "quota-of-looks": Case("menu_get", "quota", given={**HAS_OLD, "left": {"menu_get": 0}}, ends=OLD),
    "no-such-media": Case(
        "menu_get selfmenu menu_create", "operator", given={**HAS_OLD, "media": set()}, options={"menu": {"button": [PICTURE]}}, ends=OLD
    ),
    "no-such-article": Case(
        "menu_get selfmenu menu_create", "operator", given={**HAS_OLD, "articles": set()}, options={"menu": {"button": [ARTICLE]}}, ends=OLD
    ),
    "blocked": Case("menu_get selfmenu menu_create", "operator", given={**HAS_OLD, "blocked": {"shop.example"}}, ends=OLD),
    "console-types": Case("menu_get selfmenu", "refused", given={"buttons": CONSOLE}, ends={"button": CONSOLE}),
    "console-types-replaced": Case(
        "menu_get selfmenu menu_create menu_get", changed=True, given={"buttons": CONSOLE}, options={"replace_console_menu": True}
    ),
    "console-types-absent": Case(
        "menu_get selfmenu", "refused", given={"buttons": CONSOLE}, options={"state": "absent"}, ends={"button": CONSOLE}
    ),
    "shows-another": Case("menu_get selfmenu", "refused", given={**HAS_OLD, "shown": CONSOLE}, ends=OLD),
    "keeps-otherwise": Case(
        "menu_get selfmenu menu_create menu_get",
        "not_effective",
        changed=True,
        given={**HAS_OLD, "keeps": ("html",)},
        ends=json.loads(json.dumps(NEW).replace("&", "&amp;")),
    ),
    "not-verified": Case("menu_get", "account", given={"may": False}, ends=None),
    "not-linked": Case(
        "menu_get selfmenu menu_create",
        "operator",
        given={**HAS_OLD, "linked": set()},
        options={"menu": {"button": [APP]}},
        ends=OLD,
    ),
}


def prepare(simulator: Simulator, case: Case) -> Account:
    account = simulator.add()
    for name, value in case.given.items():
        # The simulator changes it, and other tests use the case as well.
        setattr(account.menus, name, copy.deepcopy(value))
    for call, faults in case.plan.items():
        account.plan(call, *faults)
    case.after(account)
    return account


def options_of(case: Case) -> dict[str, t.Any]:
    return {**({} if case.options.get("state") == "absent" else {"menu": NEW}), **case.options}


class Done(t.NamedTuple):
    accounts: dict[str, Account]
    results: dict[str, dict[str, t.Any]]


def together(simulator: Simulator, ansible: Ansible, *arguments: str) -> Done:
    """All cases in one call for each set of options."""
    accounts, hosts = {}, {}
    for name, case in CASES.items():
        account = accounts[name] = prepare(simulator, case)
        host = hosts.setdefault(
            json.dumps({**case.options, "menu": None}, sort_keys=True), {**ansible.options, **options_of(case), "accounts": []}
        )
        host["accounts"].append({"name": name, "appid": account.appid, "secret": account.secret, "menu": options_of(case).get("menu")})
    run = ansible.play({f"call-{number}": options for number, options in enumerate(hosts.values())}, *arguments, module=MENU)
    return Done(accounts, {name: row for result in run.last().values() for name, row in result["accounts"].items()})


def by_hosts(simulator: Simulator, ansible: Ansible) -> Done:
    """All cases as hosts of the role, in one play for each set of options."""
    accounts: dict[str, Account] = {}
    results: dict[str, dict[str, t.Any]] = {}
    groups: dict[str, list[str]] = {}
    for name, case in CASES.items():
        accounts[name] = prepare(simulator, case)
        groups.setdefault(json.dumps({**case.options, "menu": None}, sort_keys=True), []).append(name)
    for names in groups.values():
        hosts = {
            name: {
                "wechat_appid": accounts[name].appid,
                "wechat_secret": accounts[name].secret,
                "wechat_menu": options_of(CASES[name]).get("menu"),
            }
            for name in names
        }
        variables = {f"menu_{option}": value for option, value in CASES[names[0]].options.items() if option != "menu"}
        results.update(role(ansible, hosts, **variables).last())
    return Done(accounts, results)


def one_by_one(simulator: Simulator, ansible: Ansible) -> Done:
    """Each case as a task of its own."""
    accounts = {name: prepare(simulator, case) for name, case in CASES.items()}
    hosts = {
        name: {**ansible.options, "appid": account.appid, "secret": account.secret, **options_of(CASES[name])}
        for name, account in accounts.items()
    }
    return Done(accounts, ansible.play(hosts, module=MENU).last())


@pytest.fixture(scope="module", params=[together, by_hosts, one_by_one], ids=lambda way: way.__name__)
def real(request: pytest.FixtureRequest, simulator: Simulator, ansible: Ansible) -> Done:
    done: Done = request.param(simulator, ansible)
    return done


@pytest.fixture(scope="module")
def checked(simulator: Simulator, ansible: Ansible) -> Done:
    before = simulator.count("menu_create") + simulator.count("menu_delete")
    done = together(simulator, ansible, "--check", "--diff")
    assert simulator.count("menu_create") + simulator.count("menu_delete") == before
    return done


def calls_of(account: Account) -> str:
    return " ".join(call for call in account.calls if call != "token")


@pytest.mark.parametrize("name", CASES)
def test_real_run(name: str, real: Done) -> None:
    case, account, row = CASES[name], real.accounts[name], real.results[name]
    assert calls_of(account) == case.calls, row["msg"]
    assert (row["failure"] or {}).get("reason") == case.reason, row["msg"]
    assert row["changed"] is case.changed
    assert set(row) >= KEYS
    assert account.menus.buttons == (case.ends["button"] if case.ends else None)
    if case.reason is None:
        assert row["menu"] == case.ends


@pytest.mark.parametrize("name", CASES)
def test_no_change_without_a_look_before(name: str, real: Done) -> None:
    calls = [call for call in real.accounts[name].calls if call != "token"]
    assert all(
        before in ("menu_get", "selfmenu")
        for before, call in zip(["", *calls], calls, strict=False)
        if call in ("menu_create", "menu_delete")
    )


@pytest.mark.parametrize("name", CASES)
def test_check_mode_changes_nothing(name: str, checked: Done) -> None:
    case, account, row = CASES[name], checked.accounts[name], checked.results[name]
    looks = case.calls.split(" menu_create")[0].split(" menu_delete")[0]
    assert calls_of(account) == looks
    assert row["request_sent"] is False
    assert row["changed"] is ("menu_create" in case.calls or "menu_delete" in case.calls)
    if row["changed"]:
        assert "without check mode" in row["msg"]
        assert row["menu"] == (None if case.options.get("state") == "absent" else options_of(case)["menu"])


def test_who_only_looks_changes_nothing(simulator: Simulator, ansible: Ansible) -> None:
    accounts = {name: prepare(simulator, case) for name, case in CASES.items()}
    listed = [{"name": name, "appid": account.appid, "secret": account.secret} for name, account in accounts.items()]
    rows = ansible.play({"localhost": {**ansible.options, "accounts": listed}}, module=INFO).one()["accounts"]
    for name, account in accounts.items():
        assert not {"menu_create", "menu_delete"} & set(account.calls), name
        if not rows[name]["failure"]:
            had = CASES[name].given.get("buttons")
            assert rows[name]["menu"] == ({"button": had} if had else None), name


def test_conditional_menus_are_kept(real: Done) -> None:
    assert real.accounts["keeps-conditional"].menus.conditional == [CONDITIONAL]
    assert real.results["keeps-conditional"]["conditional_count"] == 1
    assert real.accounts["absent-conditional"].menus.conditional == [CONDITIONAL]
    assert real.accounts["absent-conditional-too"].menus.conditional == []


def test_a_mini_program_has_to_be_linked_first(real: Done) -> None:
    failure = real.results["not-linked"]["failure"]
    assert (failure["errcode"], failure["remedy"].startswith("Link ")) == (45064, True)
    assert APP["appid"] in failure["remedy"]
    assert failure["remedy"].endswith(" first, then run again.")


def test_a_menu_of_the_console_that_wakes_up_is_seen(real: Done) -> None:
    assert real.results["wakes-that-of-the-console"]["is_menu_open"] is True
    assert real.results["absent"]["is_menu_open"] is False


def test_no_escape_ever_leaves(simulator: Simulator, real: Done) -> None:
    bodies = [seen.body for seen in simulator.log if seen.call == "menu_create"]
    assert bodies
    assert not any(b"\\u" in body for body in bodies)
    assert real.accounts["different"].menus.buttons == NEW["button"]


def test_one_account_with_its_diff(simulator: Simulator, ansible: Ansible) -> None:
    account = simulator.add()
    account.menus.buttons = OLD["button"]
    foreseen, done, again = (
        ansible.account(account, *arguments, module=MENU, menu=NEW) for arguments in (("--check", "--diff"), ("--diff",), ())
    )
    for run in (foreseen, done):
        assert '-      url: "https://old.example/"' in run.output
        assert f'+      url: "{VIEW["url"]}"' in run.output
    assert [run.one()["changed"] for run in (foreseen, done, again)] == [True, True, False]
    assert again.one()["msg"] == "The menu is as declared; nothing was changed."
    back = ansible.account(account, module=MENU, menu=done.one()["before"])
    assert back.one()["menu"] == OLD == {"button": account.menus.buttons}


def test_every_fault_of_a_menu_is_named_and_nothing_sent(simulator: Simulator, ansible: Ansible) -> None:
    account = simulator.add()
    bad = {"button": [{"type": "VIEW", "name": 1}, {**VIEW, "url": "x"}]}
    for arguments in ((), ("--check",)):
        result = ansible.account(account, *arguments, module=MENU, menu=bad).one()
        assert result["msg"] == (
            "Failed to start: menu cannot be used: button[0].name is a number; give a text: quote it, or use | string if a template "
            "makes it; button[0].type is VIEW; "
            "the platform has view; button[1].url is not a URL with http or https and a host; nothing was sent; correct menu."
        )
        assert set(result) - {"failed", "invocation", "exception"} >= KEYS - {"failed"}
    assert account.calls == []


def test_a_missing_menu_is_named_by_its_account(simulator: Simulator, ansible: Ansible) -> None:
    account = simulator.add()
    accounts = [{"name": "brand-a", "appid": account.appid, "secret": account.secret}]
    result = ansible.play({"localhost": {**ansible.options, "accounts": accounts}}, module=MENU).one()
    assert "menu is missing; give one, or use state: absent (account brand-a); nothing was sent" in result["msg"]
    assert account.calls == []


@pytest.mark.parametrize(
    ("given", "made_by", "is_open"),
    [
        ({"buttons": OLD["button"], "conditional": [CONDITIONAL]}, "api", True),
        ({"console": CONSOLE, "console_open": True}, "console", True),
        ({"console": CONSOLE}, "none", False),
        ({}, "none", False),
        ({"may": False, "console": CONSOLE, "console_open": True}, "console", True),
        ({"buttons": CONSOLE, "shown": CONSOLE}, "console", True),
    ],
    ids=["api", "console", "asleep", "none", "not-verified", "console-types"],
)
def test_the_info_module(given: dict[str, t.Any], made_by: str, is_open: bool, simulator: Simulator, ansible: Ansible) -> None:
    account = prepare(simulator, Case("", given=given))
    result = ansible.account(account, module=INFO).one()
    assert (result["made_by"], result["is_menu_open"], result["changed"]) == (made_by, is_open, False)
    assert result["menu"] == ({"button": given["buttons"]} if "buttons" in given else None)
    assert result["conditional"] == (None if "may" in given else [AS_READ] if "conditional" in given else [])
    assert result["console_menu"] == ({"button": CONSOLE} if {"console", "shown"} & set(given) else None)
    assert ("cannot be read (errcode 48001)" in result["msg"]) is ("may" in given)
    assert calls_of(account) == "menu_get selfmenu"


# --- The role.


def role(ansible: Ansible, hosts: dict[str, dict[str, t.Any]], *arguments: str, **variables: t.Any) -> Run:
    reach = {f"menu_{name}": value for name, value in ansible.options.items()}
    return ansible.role(hosts, *arguments, variables={**reach, **variables}, play={"roles": ["wxops.official_account.menu"]})


def test_hosts_with_a_menu_that_names_them(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = {f"brand-{number}": simulator.add() for number in range(3)}
    accounts["brand-1"].menus.buttons = OLD["button"]
    accounts["brand-2"].menus.console, accounts["brand-2"].menus.console_open = CONSOLE, True
    hosts = {name: {"wechat_appid": one.appid, "wechat_secret": one.secret} for name, one in accounts.items()}
    declared = {"button": [{**VIEW, "url": "https://shop.example/{{ wechat_appid }}"}]}
    variables = {"wechat_menu": declared, "menu_report_dir": str(tmp_path)}
    foreseen = role(ansible, hosts, "--check", "--diff", **variables)
    done = role(ansible, hosts, **variables)
    again = role(ansible, hosts, **variables)
    for name in ("brand-0", "brand-1"):
        assert accounts[name].menus.buttons == [{**VIEW, "url": f"https://shop.example/{accounts[name].appid}"}]
        assert [run.last()[name]["changed"] for run in (foreseen, done, again)] == [True, True, False]
    assert f'+    url: "https://shop.example/{accounts["brand-0"].appid}"' in foreseen.output.replace("      ", "    ")
    assert done.last()["brand-2"]["failure"]["reason"] == "refused"
    assert accounts["brand-1"].calls.count("menu_get") == 4
    report = json.loads((tmp_path / "menu-report.json").read_text())
    assert {name: row["state"] for name, row in report["accounts"].items()} == {
        "brand-0": "as_declared",
        "brand-1": "as_declared",
        "brand-2": "failed",
    }
    assert "<title>Custom menus: 3 accounts</title>" in (tmp_path / "menu-report.html").read_text()


def test_a_list_with_a_menu_for_all_and_one_of_its_own(simulator: Simulator, ansible: Ansible) -> None:
    one, other = simulator.add(), simulator.add()
    listed = [
        {"name": "own", "appid": one.appid, "secret": one.secret, "menu": OLD},
        {"name": "common", "appid": other.appid, "secret": other.secret},
    ]
    done = role(ansible, LOCAL, menu_accounts=listed, menu_menu=NEW)
    assert done.recap()["localhost"]["changed"] == 1
    assert (one.menus.buttons, other.menus.buttons) == (OLD["button"], NEW["button"])


def test_a_menu_that_cannot_be_used_fails_its_host_alone(simulator: Simulator, ansible: Ansible) -> None:
    accounts = {name: simulator.add() for name in ("good", "bad", "undefined", "none")}
    hosts = {name: {"wechat_appid": one.appid, "wechat_secret": one.secret, "wechat_menu": NEW} for name, one in accounts.items()}
    hosts["bad"]["wechat_menu"] = {"button": []}
    hosts["undefined"]["wechat_menu"] = {"button": [{**VIEW, "url": "https://shop.example/{{ no_such_variable }}"}]}
    del hosts["none"]["wechat_menu"]
    done = role(ansible, hosts).last()
    says = "menu cannot be used: button is empty; to have no menu, use state: absent; nothing was sent; correct wechat_menu."
    assert says in done["bad"]["msg"]
    assert "the host variable wechat_menu cannot be worked out" in done["undefined"]["msg"]
    assert "menu is missing; give one, or use state: absent; nothing was sent" in done["none"]["msg"]
    assert [bool(one.calls) for one in accounts.values()] == [True, False, False, False]


def test_what_an_account_declares_is_provided_and_all_else_left_alone(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    declared: dict[str, dict[str, t.Any]] = {
        "both": {"wechat_draft_switch": "present", "wechat_menu": NEW},
        "menu": {"wechat_menu": NEW},
        "switch": {"wechat_draft_switch": "present"},
        "neither": {},
    }
    accounts = {name: simulator.add() for name in declared}
    hosts = {name: {"wechat_appid": one.appid, "wechat_secret": one.secret, **declared[name]} for name, one in accounts.items()}
    reach = {f"{role}_{name}": value for role in ("menu", "draft_switch") for name, value in ansible.options.items()}
    (tmp_path / "fleet.json").write_text(json.dumps({"all": {"hosts": hosts, "vars": reach}}))
    command = [
        "ansible-playbook",
        "wxops.official_account.provision",
        "-i",
        str(tmp_path / "fleet.json"),
        "-e",
        '{"provision_stages": [2, "100%"]}',
    ]
    accounts["both"].listed = False
    survey = ansible.run([*command, "--check"])
    assert (survey.rc, {name: recap["changed"] for name, recap in survey.recap().items()}) == (
        2,
        {"both": 0, "menu": 1, "switch": 1, "neither": 0},
    )
    accounts["both"].listed = True
    # The host that declares nothing takes no part. The other one would end the rollout in its second stage.
    for name in ("switch", "neither"):
        hosts[name]["wechat_secret"] = "{{ nowhere_to_be_found }}"
    (tmp_path / "fleet.json").write_text(json.dumps({"all": {"hosts": hosts, "vars": reach}}))
    refused = ansible.run(command).last()
    assert "the variables of switch cannot be used, and the rollout would end there" in refused["both"]["msg"]
    hosts["switch"]["wechat_secret"] = accounts["switch"].secret
    (tmp_path / "fleet.json").write_text(json.dumps({"all": {"hosts": hosts, "vars": reach}}))
    done, again = ansible.run(command), ansible.run(command)
    assert {name: recap["changed"] for name, recap in done.recap().items()} == {"both": 2, "menu": 1, "switch": 1, "neither": 0}
    assert {recap["changed"] for recap in again.recap().values()} == {0}
    assert {name: (one.is_open, one.menus.buttons is not None) for name, one in accounts.items()} == {
        "both": (True, True),
        "menu": (False, True),
        "switch": (True, False),
        "neither": (False, False),
    }
    assert accounts["neither"].calls == []


def test_the_playbooks_have_the_same_stages_and_surveys() -> None:
    keywords = []
    for name in ("draft_switch", "menu", "provision"):
        (play,) = yaml.safe_load((ROOT / f"playbooks/{name}.yml").read_text().replace(f"{name}_", "ROLE_"))
        keywords.append({key: play[key] for key in ("hosts", "strategy", "serial", "max_fail_percentage", "gather_facts")})
    assert keywords[0] == keywords[1] == keywords[2]


def test_the_role_s_page_and_options_have_the_same_examples() -> None:
    page = (ROOT / "roles/menu/README.md").read_text(encoding="utf-8")
    hosts, listed = (yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL))
    main = yaml.safe_load((ROOT / "roles/menu/meta/argument_specs.yml").read_text())["argument_specs"]["main"]
    assert yaml.safe_load(main["examples"]) == hosts + listed
    assert set(re.findall(r"^\| `(menu_\w+)` \|", page, flags=re.MULTILINE)) == set(main["options"])
