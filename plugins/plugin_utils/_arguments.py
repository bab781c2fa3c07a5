# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments of a role's task: the values of the variables that Ansible gives to the task of a host."""

from __future__ import annotations

import contextlib
import os
import re
import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._resource.account import RESOURCES
from ansible_collections.wxops.official_account.plugins.module_utils._run.credentials import OPTIONS as CREDENTIALS
from ansible_collections.wxops.official_account.plugins.module_utils._run.work import ACCOUNT_SPEC
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text
from ansible_collections.wxops.official_account.plugins.plugin_utils._values import plain_value

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.wxops.official_account.plugins.module_utils._text import Language

Given = dict[str, t.Any]
# What is wrong, and what to do about it, as clauses.
Problem = tuple[Text, Text]

# The variables of a role besides the options of its task.
OF_ROLE = ("report_dir", "rollback_to", "fail_if_changed", "language")

# The error of a template that is omitted alone, since ansible-core 2.19.
_OMITTED = "AnsibleValueOmittedError"
# The names of Ansible's errors begin so if there is no password, or a wrong one. Other collections have vaults too.
_UNDECRYPTED = ("AnsibleVault", "UndecryptableVault")
_UNDEFINED = re.compile(r"'([A-Za-z_]\w{0,60})' is undefined")


def declared_in(role: str) -> list[str]:
    """The names of the resources that ``role`` manages."""
    return [one.name for one in RESOURCES if role == "account" or one.name == role]


def options_of(role: str) -> list[str]:
    """The options of the task of ``role``."""
    left_out = [name for one in RESOURCES if one.name not in declared_in(role) for name in one.options]
    return [name for name in ACCOUNT_SPEC if name not in left_out]


def variable_of(role: str, option: str) -> str:
    """The variable that holds the ``option`` of the task of ``role``: one of the account, or one of the role."""
    if role == option:
        return f"{role}_state"
    return f"wechat_{option}" if option in CREDENTIALS or option in declared_in(role) else f"{role}_{option}"


class Arguments:
    """Evaluates variables. ``templar``: Ansible's, for any host. ``omit``: what stands for no value in older versions of Ansible."""

    def __init__(self, templar: t.Any, omit: object) -> None:
        self._templar = templar
        self._omit = omit

    def of(
        self, role: str, options: Iterable[str], variables: Mapping[str, t.Any], defaults: Mapping[str, t.Any] | None = None
    ) -> tuple[Given, list[Problem]]:
        """The values of ``options`` that the ``variables`` of a host have, and what is wrong with the others.

        ``defaults``: the templates of the options that have no value otherwise.
        """
        given: Given = {}
        problems: list[Problem] = []
        templar = self._templar.copy_with_new_env(available_variables=variables)
        for option in options:
            name = variable_of(role, option)
            for source, key in ((variables, name), (defaults or {}, option)):
                if key in source and option not in given:
                    try:
                        value = self._evaluated(templar, source[key])
                    except Exception as error:  # a template can raise anything, and the text may hold a secret
                        problems.append(_why(name, error))
                        break
                    if value is not None:
                        given[option] = value
        return given, problems

    def environment(self, parts: Iterable[t.Any], variables: Mapping[str, t.Any]) -> dict[str, str]:
        """What the keyword ``environment`` says for a host. What cannot be evaluated is left to its task."""
        found: dict[str, str] = {}
        for part in parts:
            with contextlib.suppress(Exception):
                value = self._evaluated(self._templar.copy_with_new_env(available_variables=variables), part)
                found.update((name, str(its)) for name, its in value.items())
        return found

    def run(self, task: t.Any, variables: Mapping[str, t.Any]) -> bool:
        """Whether ``task``, one of Ansible's, runs for a host with these ``variables``, as ``when`` says. If that is in doubt, it does."""
        templar = self._templar.copy_with_new_env(available_variables=variables)
        try:
            if hasattr(templar, "evaluate_conditional"):  # since ansible-core 2.19
                return all(map(templar.evaluate_conditional, task.when))
            return bool(task.evaluate_conditional(templar, variables))
        except Exception:  # a template can raise anything
            return True

    def _evaluated(self, templar: t.Any, template: t.Any) -> t.Any:
        """None if it is omitted."""
        try:
            value = plain_value(templar.template(template), self._omit)
        except Exception as error:
            if type(error).__name__ != _OMITTED:
                raise
            return None
        return None if self._omit is not None and value == self._omit else value


def language_in(given: Mapping[str, t.Any]) -> Language:
    """The language of a run with the options ``given``."""
    value = given.get("language")
    return "zh" if (os.environ.get("WECHAT_LANGUAGE") if value is None else value) == "zh" else "en"


def _why(name: str, error: BaseException) -> Problem:
    """Why the variable ``name`` cannot be evaluated. Never the text of ``error``: it may hold a secret."""
    what = Text("{name} cannot be evaluated").filled(name=name)
    for seen in _causes(error):
        undefined = _UNDEFINED.search(str(seen))
        if undefined:
            why = Text("{what}, because {undefined} is undefined")
            define = Text("define {undefined}, or correct {name}")
            return why.filled(what=what, undefined=undefined[1]), define.filled(undefined=undefined[1], name=name)
        if type(seen).__name__.startswith(_UNDECRYPTED):
            why = Text("{what}, because Ansible Vault cannot decrypt it")
            password = Text("give the right vault password, for example with --vault-id")
            return why.filled(what=what), password
    show = Text("correct {name}; ansible HOST -i INVENTORY -m ansible.builtin.debug -a var={name} shows why")
    return what, show.filled(name=name)


def _causes(error: BaseException | None) -> list[BaseException]:
    """``error`` and what has caused it, once each: Ansible's errors can be each other's cause."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def declares(role: str, given: Given) -> bool:
    """Whether something is declared for an account, or for a list of accounts."""
    return any(given.get(name) is not None for name in (*declared_in(role), "accounts"))


def nothing_declared() -> Given:
    """What a host declares that declares nothing."""
    return dict.fromkeys(one.name for one in RESOURCES)
