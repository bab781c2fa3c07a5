# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each module in a real play, a sample of each kind: check mode, a change, nothing to do, a look, a failure, several accounts.

What the modules do in every case: see ``tests/modules``, which runs them without Ansible.
"""

from __future__ import annotations

import json
import typing as t

import pytest

from tests.integration.harness import CORE, INFO, SWITCH, TARGET, Ansible
from tests.simulator import Fault

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Run
    from tests.simulator import Account, Simulator

ACCOUNT = "wxops.official_account.wechat_account"
MENU = "wxops.official_account.wechat_menu"
TAGS = "wxops.official_account.wechat_tags"
CONDITIONAL = "wxops.official_account.wechat_conditional_menus"
VIEW = {"type": "view", "name": "商店 & 🎁", "url": "https://shop.example/?a=1&b=2"}
NEW = {"button": [VIEW]}
FOR_SOME = {"conditional_menus": [{"match": {"platform": "ios"}, "menu": NEW}]}

# By module: what it declares, its info module, what --diff shows, and the last call that changes something.
MODULES: dict[str, tuple[dict[str, t.Any], str | None, str, str]] = {
    SWITCH: ({}, INFO, "is_open", "enable"),
    MENU: ({"menu": NEW}, f"{MENU}_info", f'+      url: "{VIEW["url"]}"', "menu_create"),
    TAGS: ({"tags": ["广东"]}, f"{TAGS}_info", '+  - "广东"', "tags_create"),
    ACCOUNT: ({"draft_switch": "present", "menu": NEW}, None, "+draft_switch.is_open: true", "menu_create"),
    CONDITIONAL: (FOR_SOME, f"{CONDITIONAL}_info", '+      platform: "ios"', "conditional_add"),
}

pytestmark = pytest.mark.every_core


class Sample(t.NamedTuple):
    """``results``: of the tasks of a module, in order. ``one``, ``other``: its accounts without a fault."""

    results: list[dict[str, t.Any]]
    one: Account
    other: Account
    run: Run


@pytest.fixture(scope="module")
def samples(simulator: Simulator, ansible: Ansible) -> dict[str, Sample]:
    """One play, in which each module has a host."""
    accounts = {module: [simulator.add() for _number in range(3)] for module in MODULES}
    hosts = {}
    tasks = []
    for number, (module, (declared, info, _shown, call)) in enumerate(MODULES.items()):
        one, other, faulty = accounts[module]
        hosts[f"host-{number}"] = {"secret": one.secret, "other_secret": other.secret, "faulty_secret": faulty.secret}
        given = {"appid": one.appid, "secret": "{{ option_secret }}"}
        several = [
            {"name": "other", "appid": other.appid, "secret": "{{ option_other_secret }}"},
            {"name": "faulty", "appid": faulty.appid, "secret": "{{ option_faulty_secret }}"},
        ]
        faulty.plan(call, Fault(errcode=45009, echo=True))
        for account in accounts[module]:
            # Conditional menus need one for everybody.
            account.menus.buttons = NEW["button"] if module == CONDITIONAL else None
        alone = [
            {"name": "Survey", module: declared, "check_mode": True, "diff": True},
            {"name": "Change", module: declared},
            {"name": "Nothing to do", module: declared},
            *([{"name": "Look", info: {}}] if info else []),
            {"name": "Refused", module: {"appid": "wx1", **declared}, "ignore_errors": True},
        ]
        group = "group/wxops.official_account.wechat"
        tasks.append(
            {
                "when": f"inventory_hostname == 'host-{number}'",
                "block": [
                    {"module_defaults": {group: {**ansible.options, **given}}, "block": alone},
                    {"name": "Several", module: {**declared, "accounts": several}, "module_defaults": {group: ansible.options}},
                ],
            }
        )
    run = ansible.play(hosts, tasks=tasks)
    assert run.rc == 2
    return {module: Sample(run.results[f"host-{number}"], *accounts[module][:2], run) for number, module in enumerate(MODULES)}


@pytest.mark.parametrize("module", MODULES)
def test_a_survey_then_the_change_then_nothing_to_do_then_failures(module: str, samples: dict[str, Sample]) -> None:
    """All options come from ``module_defaults``."""
    results, one, other, run = samples[module]
    survey, change, nothing, *looked, refused, many = results
    assert len(looked) == bool(MODULES[module][1])
    assert [row["changed"] for row in (survey, change, nothing, *looked)] == [True, True, False, *[False] * len(looked)]
    assert MODULES[module][2] in run.output
    assert [row["request_sent"] for row in (survey, change, nothing)] == [False, True, False]
    assert {name: (row["changed"], row["failed"]) for name, row in many["accounts"].items()} == {
        "other": (True, False),
        # The first of its resources was changed before the second failed.
        "faulty": (module == ACCOUNT, True),
    }
    assert (many["failed"], refused["failed"], refused["failure"]["reason"]) == (True, True, "operator")
    assert one.is_open is other.is_open is (module in (SWITCH, ACCOUNT))
    assert one.menus.buttons == other.menus.buttons == (NEW["button"] if module in (MENU, ACCOUNT, CONDITIONAL) else None)
    assert len(one.menus.conditional) == len(other.menus.conditional) == (module == CONDITIONAL)
    assert one.tags.names == other.tags.names == (["广东"] if module == TAGS else [])


GOOD = {"button": [{"type": "view", "name": "Shop", "url": "https://shop.example/"}]}
SHOP = GOOD["button"][0]
# Menus as people have them, by name: the text of a YAML value, and what is said; None if it is set as GOOD. What is wrong with a menu, one
# fault at a time: see ``test_menu_input``.
VALUES: dict[str, tuple[str, str | None]] = {
    "json": (repr(json.dumps(GOOD)), None),
    "answer": (json.dumps({"menu": {**GOOD, "menuid": 7}}), None),
    "null-button": (json.dumps({"button": [None, SHOP]}), None),
    "omitted-button": (json.dumps({"button": ["{{ no_such_button | default(omit) }}", SHOP]}), None),
    "list": (json.dumps([SHOP]), "menu is a list; give a dict with button"),
    "json-list": (repr(json.dumps([SHOP])), "menu is a list; give a dict with button"),
    "path": ("menus/a.json", "menu is a path, not a menu"),
    "yaml": ('"button:\\n  - type: view\\n"', "menu is YAML text; give a dict, or put | from_yaml behind it"),
    "text": ("hello", "menu is text that is not JSON (line 1, column 1)"),
    "number": ('{"button": [{"type": "click", "name": "Code", "key": 1234}]}', "button[0].key is a number; give a text"),
    "date": ("{button: [{type: click, name: When, key: 2024-01-01 10:00:00}]}", "button[0].key is a date"),
    "sdk": (json.dumps({"buttons": [SHOP]}), "menu has buttons; is button meant?"),
    "selfmenu": (json.dumps({"is_menu_open": 1, "selfmenu_info": GOOD}), "give its selfmenu_info"),
    "masked": (json.dumps({"button": [{**SHOP, "url": "https://x.example/?s=********"}]}), "holds Ansible's mask for a secret"),
    "file": ("\"{{ lookup('ansible.builtin.file', 'menu.json') }}\"", None),
}


# wechat_account gets all of them: it needs no process of its own. Those of which a module on another host could get something else.
BY_MODULE = ("json", "omitted-button", "number", "date", "yaml", "file")


def test_menus_as_people_have_them_are_taken_or_refused(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    cases = [(name, ACCOUNT, "alone") for name in VALUES] + [(name, MENU, "alone") for name in BY_MODULE]
    cases += [(name, module, "accounts") for module in (ACCOUNT, MENU) for name in ("json", "number")]
    accounts = [simulator.add() for _case in cases]
    (tmp_path / "menu.json").write_text(json.dumps(GOOD))
    # Not in the tasks, because Ansible prints the source of a failed task.
    secrets = json.dumps({"secrets": {account.appid: account.secret for account in accounts}})
    (tmp_path / "secrets.json").write_text(secrets)
    tasks = []
    for (name, module, way), account in zip(cases, accounts, strict=True):
        lines = [f"appid: {account.appid}", f"secret: '{{{{ secrets.{account.appid} }}}}'", f"menu: {VALUES[name][0]}"]
        own = [f"{'- ' if not number else '  '}{line}" for number, line in enumerate(lines)]
        given = lines if way == "alone" else ["accounts:", *(f"  {line}" for line in own)]
        tasks.append(f"    - name: {name}\n      ignore_errors: true\n      {module}:\n" + "".join(f"        {line}\n" for line in given))
    defaults = json.dumps({"group/wxops.official_account.wechat": ansible.options})
    (tmp_path / "play.yml").write_text(
        "- hosts: localhost\n  gather_facts: false\n  vars:\n"
        f"    ansible_python_interpreter: {TARGET}\n  module_defaults: {defaults}\n  tasks:\n{''.join(tasks)}"
    )
    command = ["ansible-playbook", str(tmp_path / "play.yml"), "-e", f"@{tmp_path}/secrets.json"]
    results = ansible.run(command, tmp_path).results["localhost"]
    for case, account, result in zip(cases, accounts, results, strict=True):
        fault = VALUES[case[0]][1]
        if fault:
            assert fault in result["msg"], case
            assert account.calls == [], case
        else:
            assert account.menus.buttons == GOOD["button"], (case, result)


def test_what_templates_make_of_a_number_and_of_half_a_character(simulator: Simulator, ansible: Ansible) -> None:
    """Templates make texts on some cores and numbers on others. Never is anything else sent than what is there."""
    accounts = {name: simulator.add() for name in ("number", "text", "half")}
    hosts = {
        name: {**ansible.options, "appid": account.appid, "secret": account.secret, "menu": {"button": [{**button, "key": key}]}}
        for button in [{"type": "click", "name": "Code"}]
        for (name, account), key in zip(accounts.items(), ("{{ 1234 }}", "{{ 1234 | string }}", "1234"), strict=True)
    }
    # Since 2.19 Ansible does not even hand it over.
    hosts["half"]["ca_path"] = "{{ '[\"half \\ud83d\"]' | from_json | first }}"
    done = ansible.play(hosts, module=MENU)
    assert accounts["number"].menus.buttons in (None, [{"type": "click", "name": "Code", "key": "1234"}])
    assert accounts["text"].menus.buttons == [{"type": "click", "name": "Code", "key": "1234"}]
    assert accounts["half"].calls == []
    says = "surrogates not allowed" if CORE >= (2, 19) else "ca_path is not a readable file of CA certificates"
    assert says in done.one("half")["msg"]
