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
from ansible_collections.wxops.official_account.plugins.doc_fragments.wechat import ModuleDocFragment
from ansible_collections.wxops.official_account.plugins.inventory import wechat_authorizers
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import START, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import failure_row, not_started, result_of_none
from ansible_collections.wxops.official_account.plugins.module_utils._run.credentials import OPTIONS
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import ARGUMENT_SPEC
from ansible_collections.wxops.official_account.plugins.module_utils._run.python import refusal
from ansible_collections.wxops.official_account.plugins.module_utils._run.wishes import INFO_SPEC
from ansible_collections.wxops.official_account.plugins.module_utils._run.work import ACCOUNT_SPEC
from ansible_collections.wxops.official_account.plugins.module_utils._text import verbatim
from ansible_collections.wxops.official_account.plugins.modules import (
    wechat_account,
    wechat_account_info,
    wechat_conditional_menus,
    wechat_conditional_menus_info,
    wechat_draft_switch,
    wechat_draft_switch_info,
    wechat_menu,
    wechat_menu_info,
    wechat_role,
    wechat_tags,
    wechat_tags_info,
)
from ansible_collections.wxops.official_account.plugins.plugin_utils._arguments import OF_ROLE, declared_in, options_of, variable_of

if t.TYPE_CHECKING:
    import types

ROOT = Path(__file__).parents[2]

# How to reach the platform, and how many accounts to work on at a time.
CONNECTION = ("concurrency", "timeout", "retries", "validate_certs", "ca_path", "api_url")
COMPONENT = ("component_appid", "component_access_token")
ROLES = ("account", "draft_switch")


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


def test_the_documentation_has_the_steps_that_the_action_takes() -> None:
    action = (ROOT / "plugins/action/wechat_role.py").read_text()
    (steps,) = re.findall(r"step not in \((.+?)\)", action)
    documentation = yaml.safe_load(wechat_role.DOCUMENTATION)["options"]["step"]
    assert sorted(documentation["choices"]) == sorted(re.findall(r'"(\w+)"', steps))
    assert [re.findall(r"V\((\w+)\)", line)[0] for line in documentation["description"]] == documentation["choices"]


@pytest.mark.parametrize("option", [*OPTIONS, *COMPONENT, *CONNECTION])
def test_the_fragment_documents_what_the_modules_take(option: str) -> None:
    assert kind(documented(ModuleDocFragment.DOCUMENTATION)[option]) == kind(ARGUMENT_SPEC[option])


@pytest.mark.parametrize("option", [*COMPONENT, *CONNECTION])
def test_the_inventory_plugin_documents_the_same(option: str) -> None:
    assert kind(documented(wechat_authorizers.DOCUMENTATION)[option])[0] == kind(ARGUMENT_SPEC[option])[0]
    if option not in COMPONENT:
        assert kind(documented(wechat_authorizers.DOCUMENTATION)[option])[1] == kind(ARGUMENT_SPEC[option])[1]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_documents_the_variables_that_it_reads_and_no_others(role: str) -> None:
    options = role_options(role)
    read = [variable_of(role, name) for name in options_of(role)]
    of_hosts = {f"wechat_{name}" for name in (*OPTIONS, *declared_in(role))}
    # A draft box cannot be rolled back, and the playbook drift is of the other role.
    not_documented = {"rollback_to", "fail_if_changed"} if role == "draft_switch" else set()
    its_own = {f"{role}_{name}" for name in {"runner", *OF_ROLE} - not_documented}
    assert set(options) == {*read, *its_own} - of_hosts
    # What a host has is in the description.
    text = (ROOT / f"roles/{role}/meta/argument_specs.yml").read_text()
    assert [name for name in of_hosts.intersection(read) if f"C({name})" not in text] == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_s_options_are_of_the_type_of_the_module_s(role: str) -> None:
    options = role_options(role)
    for name in options_of(role):
        variable = variable_of(role, name)
        # The switch has the choices that the module for it has. And the module checks the accounts of a list, so that Ansible prints none.
        if variable in options and name not in ("draft_switch", "accounts"):
            assert options[variable]["type"] == type_shown(name, ACCOUNT_SPEC[name]), name
            assert options[variable].get("choices") == ACCOUNT_SPEC[name].get("choices"), name


def test_all_modules_document_a_failure_alike() -> None:
    changing = (wechat_account, wechat_conditional_menus, wechat_draft_switch, wechat_menu, wechat_tags)
    modules = (*changing, wechat_account_info, wechat_conditional_menus_info, wechat_draft_switch_info, wechat_menu_info, wechat_tags_info)
    first, *others = ({**yaml.safe_load(module.RETURN)["failure"]["contains"], "reason": None} for module in modules)
    # Their reasons differ, and each says which ones it has.
    assert others == [first] * len(others)


@pytest.mark.parametrize("language", ["", "_zh"])
@pytest.mark.parametrize("playbook", sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml")))
def test_the_page_of_a_playbook_has_its_variables_with_their_defaults(playbook: str, language: str) -> None:
    defaults: dict[str, set[str]] = {}
    for name, text, other in re.findall(
        rf"\b({playbook}_\w+|wechat_state\b)(?: \| default\((?:'([^']*)'|([^',)]+)))?", (ROOT / f"playbooks/{playbook}.yml").read_text()
    ):
        defaults.setdefault(name, set()).update({text, other} - {"", "omit"})
    page = (ROOT / f"docs/docsite/rst/playbook_{playbook}{language}.rst").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^   \* - ``(\w+)``\n     - (.*)$", page, re.MULTILINE))
    assert {name: set(re.findall("``(.*?)``", its)) - {"enter"} for name, its in shown.items()} == defaults
    # Nor does its text name others, except those of the role.
    of_role = role_options(playbook) if playbook in ROLES else {}
    assert set(re.findall(rf"``({playbook}_\w+)``", page)) <= {*defaults, *of_role}


@pytest.mark.parametrize(
    ("module", "more"), [(wechat_menu, ["menu"]), (wechat_tags, ["tags", "rename"]), (wechat_conditional_menus, ["conditional_menus"])]
)
def test_the_accounts_of_a_module_are_those_of_all_modules_and_more(module: types.ModuleType, more: list[str]) -> None:
    own, common = (documented(text)["accounts"] for text in (module.DOCUMENTATION, ModuleDocFragment.DOCUMENTATION))
    assert [own["suboptions"].pop(name)["type"] for name in more] == ["raw"] * len(more)
    assert own == common


def test_the_account_info_documents_what_it_takes() -> None:
    options = documented(wechat_account_info.DOCUMENTATION)
    for name, its in options.items():
        assert (kind(its), its.get("choices"), its.get("elements")) == (
            kind(INFO_SPEC[name]),
            INFO_SPEC[name].get("choices"),
            INFO_SPEC[name].get("elements"),
        )
    assert options.keys() == INFO_SPEC.keys() - ARGUMENT_SPEC.keys() | {"accounts"}
    assert options["accounts"]["suboptions"].keys() == INFO_SPEC["accounts"]["options"].keys()


@pytest.mark.parametrize("many", [False, True])
def test_an_old_python_is_refused_as_everything_else_is(many: bool) -> None:
    refused = refusal({"is_open": None}, many, "3.8.1")
    remedy = "set ansible_python_interpreter to Python 3.10 or newer with requests on the host that runs the module"
    what = "this module needs Python 3.10 or newer, and the Python that runs it is 3.8.1"
    failure = Failure("operator", START, verbatim(what), verbatim(remedy))
    assert refused["msg"] == not_started(failure.what, failure.remedy)
    assert refused["failure"] == failure_row(failure, "en")
    assert not many or refused == result_of_none(failure, "en")
