# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""The host variables that make a host an account, and what is wrong with them. Nothing is sent to find out."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ansible import template
from ansible.utils.unsafe_proxy import AnsibleUnsafe
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ATTEMPT, START, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import some
from ansible_collections.wxops.official_account.plugins.module_utils._run.credentials import OPTIONS, Problem, problems_of
from ansible_collections.wxops.official_account.plugins.module_utils._text import AND, CLAUSES, Text, joined, plain
from ansible_collections.wxops.official_account.plugins.plugin_utils._hosts import OMITTED

if t.TYPE_CHECKING:
    from ansible_collections.wxops.official_account.plugins.plugin_utils._roles import Role

# Whether the value of a template with an undefined variable is the template itself, as before ansible-core 2.19.
_LEFT_AS_TEXT = not hasattr(template, "trust_as_template")

Account = dict[str, t.Any]
Hosts = Mapping[str, Mapping[str, t.Any]]


def input_of(
    role: Role, hosts: Hosts, omit: object, options: Mapping[str, t.Any], misspelt: str = ""
) -> tuple[list[Account], dict[str, Failure]]:
    """The accounts of those ``hosts`` whose variables can be used, and what is wrong with those of the others.

    ``omit``: Ansible's placeholder for no value. ``options``: the role's options for all accounts. ``misspelt``: what may be meant as the
    role's variable for a list of accounts.
    """
    faults: dict[str, Failure] = {}
    accounts: list[Account] = []
    for host, its in hosts.items():
        account, unknown = _account(role, host, its, omit)
        if unknown:
            listed = joined(AND, map(plain, unknown))
            what = Text("the host variable {listed} cannot be worked out")
            remedy = Text("see what is undefined in {listed}; host variables are evaluated without the variables of the play")
            faults[host] = _failure(Problem(what.filled(listed=listed), remedy.filled(listed=listed)))
        elif all(account[option] is None for option in OPTIONS):
            faults[host] = _failure(_no_account(role, its, misspelt))
        else:
            accounts.append(account)
    names = {option: _variable(option) for option in OPTIONS}
    names.update({option: role.variable(option) for option in ("component_appid", "component_access_token")})
    good: list[Account] = []
    for account, problems in zip(accounts, problems_of({**options, "accounts": accounts}, names), strict=True):
        fault = role.fault_of(options, account)
        if fault:
            names_of = joined(AND, map(plain, map(_variable, role.account_options)))
            problems.append(Problem(fault, Text("correct {names}").filled(names=names_of)))
        if problems:
            faults[account["name"]] = _failure(*problems)
        else:
            good.append(account)
    return good, faults


def with_an_end(faults: Mapping[str, Failure], hosts: Hosts) -> dict[str, Failure]:
    """``faults`` that end a rollout, and what that means for the other ``hosts``."""
    what = Text("the variables of {hosts} cannot be used, and the rollout would end there")
    remedy = Text("correct the variables of {hosts}, then run again")
    guilty = some(list(faults))
    end = Failure("not_attempted", ATTEMPT, what.filled(hosts=guilty), remedy.filled(hosts=guilty))
    return {**dict.fromkeys(hosts, end), **faults}


def _variable(option: str) -> str:
    """The host variable for the ``option`` of an account."""
    return f"wechat_{option}"


def _failure(*problems: Problem) -> Failure:
    remedies = dict.fromkeys(problem.remedy for problem in problems)
    return Failure("operator", START, joined(CLAUSES, [problem.what for problem in problems]), joined(CLAUSES, remedies))


def _no_account(role: Role, its: Mapping[str, t.Any], misspelt: str) -> Problem:
    """What is wrong with a host that has the variables ``its``, and no credentials."""
    what = Text("the hosts of this play are taken as accounts, and this host has no credentials")
    bare = [option for option in OPTIONS if option in its]
    if bare:
        rename = Text("rename {names} to {right}")
        names = {"names": joined(AND, map(plain, bare)), "right": joined(AND, map(plain, map(_variable, bare)))}
        return Problem(what, rename.filled(**names))
    remedy = Text(
        "give the host wechat_appid and wechat_secret, or only wechat_access_token; or, if the accounts are a list, give it as {accounts}"
    ).filled(accounts=role.variable("accounts"))
    if misspelt:
        remedy = Text("{remedy}, not as {misspelt}").filled(remedy=remedy, misspelt=misspelt)
    return Problem(what, remedy)


def _account(role: Role, host: str, its: Mapping[str, t.Any], omit: object) -> tuple[Account, list[str]]:
    """The account of ``host``, with what its variables hold, and the names of the variables whose templates fail."""
    account: Account = {"name": host}
    unknown = []
    for option in (*OPTIONS, *role.account_options):
        name = _variable(option)
        account[option] = None
        if name in its:
            try:
                account[option] = _plain(its[name], omit, as_text=option in OPTIONS)
            except Exception as error:  # a template can raise anything, and the text may hold a secret
                if type(error).__name__ != OMITTED:
                    unknown.append(name)
    return account, unknown


def _plain(value: t.Any, omit: object, *, as_text: bool) -> t.Any:
    """``value`` without what Ansible attaches to it; None if it is omitted. ``as_text``: make a text of any other value."""
    if value is None or value == omit:
        return None
    if not as_text and isinstance(value, Mapping):
        return {str(name): _plain(its, omit, as_text=False) for name, its in value.items()}
    if not as_text and isinstance(value, list):
        return [_plain(its, omit, as_text=False) for its in value]
    if not as_text and not isinstance(value, str):
        return value
    text = str(value)
    # What Ansible never evaluates, such as the text of a file, is no template.
    if "{{" in text and _LEFT_AS_TEXT and not isinstance(value, AnsibleUnsafe):
        raise ValueError
    return text
