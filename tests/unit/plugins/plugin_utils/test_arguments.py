# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which variable holds which option of a role, and what is said of a variable that cannot be evaluated."""

from __future__ import annotations

import itertools
import typing as t

import pytest
from ansible.errors import AnsibleError
from ansible_collections.wxops.official_account.plugins.module_utils._resource.account import OPTIONS as DECLARATIONS
from ansible_collections.wxops.official_account.plugins.module_utils._run.work import ACCOUNT_SPEC
from ansible_collections.wxops.official_account.plugins.plugin_utils._arguments import (
    Arguments,
    declares,
    nothing_declared,
    options_of,
    variable_of,
)

OMIT = "__omit_place_holder__1234"


class Templar:
    """In place of Ansible's: a template is a function of the variables; anything else is its own value."""

    def __init__(self, variables: t.Mapping[str, t.Any] | None = None) -> None:
        self._variables = variables or {}

    def copy_with_new_env(self, *, available_variables: t.Mapping[str, t.Any]) -> Templar:
        return Templar(available_variables)

    def template(self, value: t.Any) -> t.Any:
        return value(self._variables) if callable(value) else value


def arguments(omit: object = None) -> Arguments:
    return Arguments(Templar(), omit)


def raises(error: BaseException) -> t.Callable[[t.Mapping[str, t.Any]], t.Any]:
    def template(_variables: t.Mapping[str, t.Any]) -> t.Any:
        raise error

    return template


def why(error: BaseException) -> tuple[str, str]:
    given, ((what, remedy),) = arguments().of("account", ["secret"], {"wechat_secret": raises(error)})
    assert given == {}
    return what, remedy


@pytest.mark.parametrize(
    ("role", "option", "variable"),
    [
        ("account", "secret", "wechat_secret"),
        ("account", "menu", "wechat_menu"),
        ("account", "draft_switch", "wechat_draft_switch"),
        ("account", "accounts", "account_accounts"),
        ("account", "api_url", "account_api_url"),
        ("account", "replace_console_menu", "account_replace_console_menu"),
        ("draft_switch", "appid", "wechat_appid"),
        ("draft_switch", "draft_switch", "draft_switch_state"),
        ("draft_switch", "api_url", "draft_switch_api_url"),
        ("draft_switch", "report_dir", "draft_switch_report_dir"),
    ],
)
def test_each_option_has_its_variable(role: str, option: str, variable: str) -> None:
    assert variable_of(role, option) == variable


def test_the_role_of_one_resource_has_the_options_of_no_other() -> None:
    assert options_of("account") == [*ACCOUNT_SPEC]
    assert set(ACCOUNT_SPEC) - set(options_of("draft_switch")) == set(DECLARATIONS) - {"draft_switch"}


def test_values_are_what_the_variables_of_the_host_say_and_what_is_omitted_or_null_is_not_given() -> None:
    variables = {
        "wechat_appid": lambda its: its["mine"],
        "wechat_secret": None,
        "wechat_access_token": OMIT,
        "wechat_menu": {"button": [OMIT, 1]},
        "account_timeout": 5,
        "mine": "wx1",
        "other": raises(ValueError()),
    }
    given, problems = arguments(OMIT).of("account", [*ACCOUNT_SPEC], variables)
    assert problems == []
    assert given == {"appid": "wx1", "menu": {"button": [1]}, "timeout": 5}


def test_a_default_counts_where_the_host_says_nothing() -> None:
    variables = {"account_api_url": "https://own", "account_timeout": OMIT, "theirs": "x"}
    defaults = {"api_url": "https://default", "timeout": 9, "component_appid": lambda its: its["theirs"], "nonsense": 1}
    given, _problems = arguments(OMIT).of("account", [*ACCOUNT_SPEC], variables, defaults)
    assert given == {"api_url": "https://own", "timeout": 9, "component_appid": "x"}


def test_the_environment_of_a_task_is_evaluated_and_what_cannot_be_is_left_out() -> None:
    parts = [{"A": 1, "B": "b"}, lambda its: its["env"], raises(ValueError()), OMIT]
    assert arguments(OMIT).environment(parts, {"env": {"B": "c"}}) == {"A": "1", "B": "c"}


def test_a_value_that_is_omitted_as_in_newer_versions_is_no_problem() -> None:
    class AnsibleValueOmittedError(Exception):
        pass

    assert arguments().of("account", ["secret"], {"wechat_secret": raises(AnsibleValueOmittedError())}) == ({}, [])


class UndecryptableVaultError(Exception):
    """As in ansible-core 2.19 and later."""


class AnsibleVaultError(Exception):
    """As in older ones."""


class VaultError(Exception):
    """As of another vault."""


def chained(*errors: BaseException) -> BaseException:
    for error, cause in itertools.pairwise(errors):
        error.__cause__ = cause
    return errors[0]


def test_a_variable_that_cannot_be_evaluated_is_said_with_the_reason_where_that_holds_no_secret() -> None:
    assert why(AnsibleError("'nowhere' is undefined")) == (
        "wechat_secret cannot be evaluated, because nowhere is undefined",
        "define nowhere, or correct wechat_secret",
    )
    assert why(chained(ValueError("hunt3r2"), ValueError("'vault_secret' is undefined")))[0].endswith("vault_secret is undefined")
    for error in (AnsibleVaultError("x"), chained(ValueError("x"), UndecryptableVaultError("x"))):
        assert why(error)[0] == "wechat_secret cannot be evaluated, because Ansible Vault cannot decrypt it"


@pytest.mark.parametrize(
    "error",
    [
        ValueError("hunt3r2"),
        ValueError("'hunt3r2!' is undefined"),
        VaultError("permission denied hunt3r2"),
        ValueError("An unhandled exception occurred in the lookup plugin community.hashi_vault.vault_kv2_get: hunt3r2"),
    ],
)
def test_no_other_text_of_an_error_is_shown_and_another_vault_is_not_ansible_s(error: Exception) -> None:
    what, remedy = why(error)
    assert what == "wechat_secret cannot be evaluated"
    assert remedy == "correct wechat_secret; ansible HOST -i INVENTORY -m ansible.builtin.debug -a var=wechat_secret shows why"


def test_errors_that_are_each_other_s_cause_end() -> None:
    """ansible-core 2.21 has such errors: of a lookup plugin that does not exist, for example."""
    first, second = ValueError("a"), ValueError("b")
    assert why(chained(first, second, first))[0] == "wechat_secret cannot be evaluated"


def test_a_host_declares_something_if_a_resource_of_the_role_has_a_value() -> None:
    assert declares("account", {"menu": {}})
    assert declares("account", {"accounts": []})
    assert declares("draft_switch", {"draft_switch": "present"})
    assert not declares("draft_switch", {"menu": {}})
    assert not declares("account", {"appid": "x", **nothing_declared()})
