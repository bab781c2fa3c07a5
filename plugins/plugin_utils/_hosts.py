# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""The hosts of a play as accounts: which of them take part in a call, and with what credentials."""

from __future__ import annotations

import hashlib
import typing as t
from collections.abc import Mapping

from ansible.playbook.handler import Handler
from ansible.playbook.role_include import IncludeRole
from ansible.playbook.task_include import TaskInclude
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import some
from ansible_collections.wxops.official_account.plugins.module_utils._run.credentials import OPTIONS
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import OptionsError

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible.playbook.task import Task
    from ansible.template import Templar
    from ansible_collections.wxops.official_account.plugins.plugin_utils._roles import Role

# What is sent, and where to. The call takes the first host's, so these variables of the role must be the same for all. The
# component_access_token is not worked out for each host, because it may be a lookup at the third-party platform's service;
# component_appid tells third-party platforms apart.
SHARED = ("runner", "state", "component_appid", "api_url", "validate_certs", "ca_path")

# What ansible-core 2.19 and later raise for a value that is nothing but omit.
_OMITTED = "AnsibleValueOmittedError"

VARIABLES = {option: f"wechat_{option}" for option in OPTIONS}


def _is_of_file(part: object) -> bool:
    """Whether ``part`` of a play is the include or import of a file of tasks, not of a role."""
    return isinstance(part, TaskInclude) and not isinstance(part, IncludeRole)


def occasion(task: Task, variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What the tasks of one inclusion of the role, in one batch of the play, have in common, and no others."""
    batch = variables["ansible_play_batch"]
    part = task._parent
    # Out of the files that the role itself imports.
    while part is not None and _is_of_file(part._parent) and part._parent.statically_loaded:
        part = part._parent._parent
    return {"inclusion": str(part._uuid) if part else "", "batch": str(batch[0]) if batch else ""}


def is_of(said: object, now: Mapping[str, t.Any]) -> bool:
    """Whether what is registered comes from the same ``occasion``. What was skipped, or set by somebody else, does not."""
    return isinstance(said, Mapping) and all(said.get(name) == value for name, value in now.items())


def all_alike(task: Task) -> bool:
    """Whether every host that is left in the batch comes to the role's ``task``, in one and the same way.

    So it is under ``roles:``, and with an ``import_role``, without a condition, a ``rescue`` or a template for the check mode. Then no
    host has to be asked by a task of its own. After an ``include_role`` only the hosts themselves know that they are there.
    """
    parent = task._parent
    if isinstance(task, Handler) or parent is None or task.when:
        return False
    while parent is not None:
        if not getattr(parent, "statically_loaded", True) or getattr(parent, "rescue", None) or getattr(parent, "always", None):
            return False
        if _set_for(parent, "when") or not isinstance(_set_for(parent, "check_mode"), (bool, type(None))):
            return False
        parent = parent._parent
    return True


def runs_once(task: Task) -> bool:
    """Whether the user has ``run_once`` for the role, or for what includes it."""
    # The task's own does not count. A dynamic include does not hand its own down.
    parent = task._parent
    while parent is not None:
        if _set_for(parent, "run_once"):
            return True
        parent = parent._parent
    return False


def _set_for(part: t.Any, name: str) -> t.Any:
    """The keyword ``name`` of a block or task, or of the role and the play that it is in; None if none of them has it.

    The attribute itself does not tell: in the process that a task runs in, a block shows only its own.
    """
    value = part._get_parent_attribute(name)
    # Ansible's Sentinel, which was moved from one version to the next, is a class; what a keyword holds never is.
    return None if isinstance(value, type) else value


def taking_part(role: Role, task: Task, variables: Mapping[str, t.Any]) -> dict[str, Mapping[str, t.Any]]:
    """The hosts that take part, with their variables: all that are left of the batch, or those that have said so just now.

    A task that runs once is otherwise blind for which hosts it runs: ``when``, ``rescue`` and the like hold for each host.
    Raises OptionsError if one of them is in check mode and another is not.
    """
    now, hostvars = occasion(task, variables), variables["hostvars"]
    hosts = {host: hostvars[host] for host in variables["ansible_play_batch"]}
    name = role.variable("joined")
    hosts = {host: own for host, own in hosts.items() if name in own and is_of(own[name], now)}
    if all_alike(task):
        # What a task that runs once has registered is every host's, and of those too that have left the play since.
        left = set(variables["ansible_current_hosts"])
        hosts = {host: own for host, own in hosts.items() if host in left}
    odd = [host for host, own in hosts.items() if own[name]["check_mode"] != task.check_mode]
    if odd:
        raise OptionsError(
            f"some hosts are in check mode and some are not, as {some(odd)}, and one call is made for all", "give all the same check_mode"
        )
    return hosts


def marks(role: Role, templar: Templar, variables: dict[str, t.Any]) -> dict[str, str]:
    """What tells different values of ``SHARED`` from each other, without showing them. ``variables``: those of a task of one host.

    Raises whatever a template can raise.
    """
    found = {}
    own = templar.copy_with_new_env(available_variables=variables)
    for name in map(role.variable, SHARED):
        try:
            value = own.template(variables.get(name, ""))
        except Exception as error:
            if type(error).__name__ != _OMITTED:
                raise
            value = ""
        found[name] = hashlib.sha256(repr(value).encode(errors="replace")).hexdigest()[:16]
    return found


def refuse_differences(
    role: Role, task: Task, templar: Templar, hosts: Mapping[str, Mapping[str, t.Any]], variables: Mapping[str, t.Any]
) -> None:
    """Raises OptionsError if variables of ``hosts`` differ that must not: those of the first one would hold for all."""
    if all_alike(task):
        own = _marks_of_all(role, task, templar, hosts, variables)
    else:
        own = {host: its[role.variable("joined")]["shared"] for host, its in hosts.items()}
    first: Mapping[str, str] = next(iter(own.values()), {})
    different = {name: [host for host, its in own.items() if its.get(name) != mark] for name, mark in first.items()}
    if any(different.values()):
        listed = "; ".join(f"{name} of {some(odd)}" for name, odd in different.items() if odd)
        raise OptionsError(
            f"these variables are not the same for all hosts, and one call is made for all: {listed}",
            "use a play for each group of hosts that has its own",
        )


def _marks_of_all(
    role: Role, task: Task, templar: Templar, hosts: Iterable[str], variables: Mapping[str, t.Any]
) -> dict[str, Mapping[str, str]]:
    """The ``marks`` of each host, from what Ansible would give a task of its own."""
    manager = variables["hostvars"]._variable_manager
    batch, everyone = variables["ansible_play_batch"], variables["ansible_play_hosts_all"]
    found: dict[str, Mapping[str, str]] = {}
    unknown = []
    for name in hosts:
        host = manager._inventory.get_host(name)
        own = manager.get_vars(play=task.get_play(), host=host, task=task, _hosts=batch, _hosts_all=everyone)
        try:
            found[name] = marks(role, templar, own)
        except Exception:  # whatever a template can raise, and its text may hold a secret
            unknown.append(name)
    if unknown:
        raise OptionsError(
            f"variables of the role cannot be worked out for {some(unknown)}",
            f"see what is undefined in {', '.join(map(role.variable, SHARED))}",
        )
    return found


def accounts_of(hosts: Mapping[str, Mapping[str, t.Any]], omit: object) -> list[dict[str, t.Any]]:
    """One account for each of ``hosts``, with the credentials that its host variables hold. ``omit``: what stands for no value.

    Raises OptionsError if one of these variables has no value that can be worked out.
    """
    unknown: dict[str, list[str]] = {}
    accounts = []
    for host, own in hosts.items():
        account: dict[str, t.Any] = {"name": host}
        for option, name in VARIABLES.items():
            account[option] = None
            if name in own:
                try:
                    account[option] = _text(own[name], omit)
                except Exception as error:  # whatever a template can raise, and its text may hold a secret
                    if type(error).__name__ != _OMITTED:
                        unknown.setdefault(name, []).append(host)
        accounts.append(account)
    if unknown:
        listed = "; ".join(f"{name} of {', '.join(of)}" for name, of in unknown.items())
        raise OptionsError(
            f"these host variables cannot be worked out: {listed}",
            "see what is undefined in them; they are evaluated as hostvars are: without the variables of the play",
        )
    return accounts


def _text(value: t.Any, omit: object) -> str | None:
    if value is None or value == omit:
        return None
    text = str(value)
    # Before ansible-core 2.19 what is undefined there comes back as the template itself.
    if "{{" in text:
        raise ValueError
    return text
