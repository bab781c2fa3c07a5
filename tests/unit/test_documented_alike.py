# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Ansible makes us write in several places is the same in all of them: options, and what a failure returns."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible_collections.wxops.official_account.plugins.action.wechat_role_call import OF_ROLE, SPEC
from ansible_collections.wxops.official_account.plugins.doc_fragments.wechat import ModuleDocFragment
from ansible_collections.wxops.official_account.plugins.inventory import wechat_authorizers
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import START, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import failure_row, not_started, result_of_none
from ansible_collections.wxops.official_account.plugins.module_utils._run.credentials import OPTIONS
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import ARGUMENT_SPEC
from ansible_collections.wxops.official_account.plugins.module_utils._run.python import refusal
from ansible_collections.wxops.official_account.plugins.module_utils._text import plain
from ansible_collections.wxops.official_account.plugins.modules import (
    wechat_account,
    wechat_draft_switch,
    wechat_draft_switch_info,
    wechat_menu,
    wechat_menu_info,
    wechat_role_call,
)
from ansible_collections.wxops.official_account.plugins.plugin_utils._roles import ROLES

ROOT = Path(__file__).parents[2]

# How to reach the platform, and how many accounts to work on at a time.
CONNECTION = ("concurrency", "timeout", "retries", "validate_certs", "ca_path", "api_url")
COMPONENT = ("component_appid", "component_access_token")


def kind(spec: dict[str, t.Any]) -> tuple[t.Any, t.Any]:
    """The type and the default of an option."""
    return spec.get("type", "str"), spec.get("default")


def type_shown(option: str, spec: dict[str, t.Any]) -> str:
    """On the host that runs Ansible, ca_path is only a text, because it is a path on the host where the module runs."""
    return "path" if option == "ca_path" else spec["type"]


def documented(text: str) -> dict[str, dict[str, t.Any]]:
    options: dict[str, dict[str, t.Any]] = yaml.safe_load(text)["options"]
    return options


def role_options(role: str) -> dict[str, dict[str, t.Any]]:
    specs = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text())
    options: dict[str, dict[str, t.Any]] = specs["argument_specs"]["main"]["options"]
    return options


@pytest.mark.parametrize("option", [*OPTIONS, *COMPONENT, *CONNECTION])
def test_the_fragment_documents_what_the_modules_take(option: str) -> None:
    assert kind(documented(ModuleDocFragment.DOCUMENTATION)[option]) == kind(ARGUMENT_SPEC[option])


@pytest.mark.parametrize("option", [*COMPONENT, *CONNECTION])
def test_the_inventory_plugin_documents_the_same(option: str) -> None:
    assert kind(documented(wechat_authorizers.DOCUMENTATION)[option])[0] == kind(ARGUMENT_SPEC[option])[0]
    if option not in COMPONENT:
        assert kind(documented(wechat_authorizers.DOCUMENTATION)[option])[1] == kind(ARGUMENT_SPEC[option])[1]


@pytest.mark.parametrize("option", SPEC)
def test_the_call_of_a_role_documents_what_it_takes(option: str) -> None:
    own = documented(wechat_role_call.DOCUMENTATION)[option]
    assert own["type"] == type_shown(option, SPEC[option])
    if option not in ("api_url", "ca_path"):
        assert own.get("default") == SPEC[option].get("default")


@pytest.mark.parametrize("role", ROLES)
def test_a_role_documents_what_its_call_takes_and_hands_all_of_it_on(role: str) -> None:
    spec = {**SPEC, **ROLES[role].options}
    options = {name.removeprefix(f"{role}_"): its for name, its in role_options(role).items()}
    assert set(options) - {"runner"} == set(spec)
    for name, its in spec.items():
        assert options[name]["type"] == type_shown(name, its), name
        assert options[name].get("choices") == its.get("choices"), name
    call = yaml.safe_load((ROOT / "roles" / role / "tasks" / "main.yml").read_text())
    (arguments,) = (task["wxops.official_account.wechat_role_call"] for task in call if "wxops.official_account.wechat_role_call" in task)
    assert set(arguments) == {*spec, "role"}
    assert all(f"{role}_{name}" in value for name, value in arguments.items() if name != "role")


def test_every_role_is_a_choice_of_its_actions() -> None:
    assert documented(wechat_role_call.DOCUMENTATION)["role"]["choices"] == list(ROLES)


def test_all_modules_document_a_failure_alike() -> None:
    modules = (wechat_account, wechat_draft_switch, wechat_draft_switch_info, wechat_menu, wechat_menu_info)
    first, *others = ({**yaml.safe_load(module.RETURN)["failure"]["contains"], "reason": None} for module in modules)
    # Their reasons differ, and each says which ones it has.
    assert others == [first] * len(others)


@pytest.mark.parametrize("name", ROLES)
def test_no_variable_of_a_role_counts_as_misspelt(name: str) -> None:
    specs = yaml.safe_load((ROOT / f"roles/{name}/meta/argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
    playbook = (ROOT / f"playbooks/{name}.yml").read_text()
    shown = {*specs, *re.findall(rf"^#   ({name}_\w+)", playbook, re.MULTILINE), f"{name}_total", f"{name}_retired"}
    assert {option.removeprefix(f"{name}_") for option in shown} <= {*OF_ROLE, *ROLES[name].options}


def test_the_accounts_of_the_menu_module_are_those_of_all_modules_with_a_menu() -> None:
    own, common = (documented(text)["accounts"] for text in (wechat_menu.DOCUMENTATION, ModuleDocFragment.DOCUMENTATION))
    menu = own["suboptions"].pop("menu")
    assert (own, menu["type"]) == (common, "raw")


@pytest.mark.parametrize("many", [False, True])
def test_an_old_python_is_refused_as_everything_else_is(many: bool) -> None:
    refused = refusal({"is_open": None}, many, "3.8.1")
    remedy = "set ansible_python_interpreter to Python 3.10 or newer with requests on the host that runs the module"
    what = "this module needs Python 3.10 or newer, and the Python that runs it is 3.8.1"
    failure = Failure("operator", START, plain(what), plain(remedy))
    assert refused["msg"] == not_started(failure.what, failure.remedy)
    assert refused["failure"] == failure_row(failure, "en")
    assert not many or refused == result_of_none(failure, "en")
