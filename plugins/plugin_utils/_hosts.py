# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""The hosts of a play as accounts: which hosts take part in a call, and with which credentials."""

from __future__ import annotations

import hashlib
import typing as t
from collections.abc import Mapping

from ansible.playbook.handler import Handler
from ansible.playbook.role_include import IncludeRole
from ansible.playbook.task_include import TaskInclude
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import some
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import OptionsError
from ansible_collections.wxops.official_account.plugins.module_utils._text import CLAUSES, Text, joined

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible.playbook.task import Task
    from ansible.template import Templar
    from ansible_collections.wxops.official_account.plugins.plugin_utils._roles import Role

# The role's variables for what is sent, and where to. The call uses those of the first host, so they must be the same for all hosts.
# component_access_token is not among them: it may be a lookup at the third-party platform's service, which must not run for each host.
# component_appid is enough to distinguish third-party platforms.
SHARED = ("runner", "state", "component_appid", "api_url", "validate_certs", "ca_path")


def shared(role: Role) -> list[str]:
    """The role's variables that must be the same for all hosts, without their prefix."""
    return list(dict.fromkeys((*SHARED, *role.options)))


# ansible-core 2.19 and later raise this exception for a value that is only omit.
OMITTED = "AnsibleValueOmittedError"


def _is_of_file(part: object) -> bool:
    """Whether ``part`` of a play is the include or import of a file of tasks, not of a role."""
    return isinstance(part, TaskInclude) and not isinstance(part, IncludeRole)


def occasion(task: Task, variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The values that identify one inclusion of the role in one batch of the play. Only its tasks have these values."""
    batch = variables["ansible_play_batch"]
    part = task._parent
    # Leave the task files that the role itself imports.
    while part is not None and _is_of_file(part._parent) and part._parent.statically_loaded:
        part = part._parent._parent
    return {"inclusion": str(part._uuid) if part else "", "batch": str(batch[0]) if batch else ""}


def is_of(registered: object, now: Mapping[str, t.Any]) -> bool:
    """Whether a registered variable comes from the ``occasion`` ``now``. That of a skipped task, or one that the user has set, does not."""
    return isinstance(registered, Mapping) and all(registered.get(name) == value for name, value in now.items())


def all_alike(task: Task) -> bool:
    """Whether it is certain that every remaining host of the batch runs the role's ``task`` in the same way.

    That is the case under ``roles:`` and after an ``import_role``, if there is no condition, no ``rescue`` and no template for
    ``check_mode``. The hosts then need no task in which each says that it takes part. After an ``include_role`` they do.
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
    """Whether ``run_once`` is set for the role, or for something that includes it."""
    # The task's own run_once does not count. A dynamic include does not pass its run_once on.
    parent = task._parent
    while parent is not None:
        if _set_for(parent, "run_once"):
            return True
        parent = parent._parent
    return False


def _set_for(part: t.Any, name: str) -> t.Any:
    """The keyword ``name`` of a block or task, or else of the role and the play around it; None if it is not set.

    The attribute is not enough: in the worker process, a block's attribute does not include inherited values.
    """
    value = part._get_parent_attribute(name)
    # Ansible's Sentinel means that it is not set. It is in different places in different versions, but it is always a class, and a
    # keyword's value never is.
    return None if isinstance(value, type) else value


def taking_part(role: Role, task: Task, variables: Mapping[str, t.Any]) -> dict[str, Mapping[str, t.Any]]:
    """The hosts that take part, with their variables: all remaining hosts of the batch, or those whose task said so in this ``occasion``.

    A task that runs once cannot see for which hosts ``when``, ``rescue`` and similar keywords hold.
    Raises OptionsError if some hosts are in check mode and others are not.
    """
    now, hostvars = occasion(task, variables), variables["hostvars"]
    hosts = {host: hostvars[host] for host in variables["ansible_play_batch"]}
    name = role.variable("joined")
    hosts = {host: its for host, its in hosts.items() if name in its and is_of(its[name], now)}
    if all_alike(task):
        # A task that runs once registers its result for every host, even for hosts that have left the play since.
        remaining = set(variables["ansible_current_hosts"])
        hosts = {host: its for host, its in hosts.items() if host in remaining}
    odd = [host for host, its in hosts.items() if its[name]["check_mode"] != task.check_mode]
    if odd:
        raise OptionsError(
            Text("some hosts are in check mode and some are not, as {odd}, and one call is made for all").filled(odd=some(odd)),
            Text("give all the same check_mode"),
        )
    return hosts


def is_first_of_several(variables: Mapping[str, t.Any]) -> bool:
    """Whether this is the first batch of the play, and there are more."""
    remaining, batch = variables["ansible_play_hosts"], set(variables["ansible_play_batch"])
    return bool(remaining) and remaining[0] in batch and not batch.issuperset(remaining)


def later_hosts(task: Task, templar: Templar, variables: Mapping[str, t.Any]) -> dict[str, Mapping[str, t.Any]]:
    """In the first batch of the play, the hosts of all later batches for which the role's ``task`` will run, with their variables.

    Not all of them, if conditions depend on what later tasks find out. In any other batch: none.
    """
    if not is_first_of_several(variables):
        return {}
    batch = set(variables["ansible_play_batch"])
    names = [name for name in variables["ansible_play_hosts"] if name not in batch]
    if not all_alike(task):
        include = _dynamic_include(task)
        names = [name for name in names if include and _holds(include, templar, _variables_of(name, task, variables))]
    hostvars = variables["hostvars"]
    return {name: hostvars[name] for name in names}


def _dynamic_include(task: Task) -> t.Any:
    """The ``include_role`` that alone decides which hosts run ``task``; None if there is more to it."""
    includes = []
    part: t.Any = task
    while part is not None:
        if getattr(part, "rescue", None) or getattr(part, "always", None):
            return None
        if not getattr(part, "statically_loaded", True):
            includes.append(part)
        part = part._parent
    return includes[0] if len(includes) == 1 else None


def _holds(include: t.Any, templar: Templar, variables: dict[str, t.Any]) -> bool:
    """Whether the conditions of ``include`` hold for the host with these ``variables``. False if that cannot be found out yet."""
    try:
        if hasattr(include, "evaluate_conditional"):  # ansible-core 2.18
            return bool(include.evaluate_conditional(templar.copy_with_new_env(available_variables=variables), variables))
        of_host = templar.copy_with_new_env(available_variables=variables)
        return all(of_host.evaluate_conditional(condition) for condition in _set_for(include, "when") or ())
    except Exception:  # a condition can raise anything
        return False


def marks(role: Role, templar: Templar, variables: dict[str, t.Any]) -> dict[str, str]:
    """A hash of the value of each variable in ``SHARED``, to compare hosts without showing the values.

    ``variables``: those of a task of one host. Raises any exception that a template can raise.
    """
    found = {}
    of_host = templar.copy_with_new_env(available_variables=variables)
    for name in map(role.variable, shared(role)):
        try:
            value = of_host.template(variables.get(name, ""))
        except Exception as error:
            if type(error).__name__ != OMITTED:
                raise
            value = ""
        found[name] = hashlib.sha256(repr(value).encode(errors="replace")).hexdigest()[:16]
    return found


def refuse_differences(
    role: Role, task: Task, templar: Templar, hosts: Mapping[str, Mapping[str, t.Any]], variables: Mapping[str, t.Any]
) -> None:
    """Raises OptionsError if the variables in ``SHARED`` differ between ``hosts``: those of the first host would be used for all."""
    if all_alike(task):
        by_host = _marks_of_all(role, task, templar, hosts, variables)
    else:
        by_host = {host: its[role.variable("joined")]["shared"] for host, its in hosts.items()}
    first: Mapping[str, str] = next(iter(by_host.values()), {})
    different = {name: [host for host, its in by_host.items() if its.get(name) != mark] for name, mark in first.items()}
    if any(different.values()):
        of = Text("{name} of {hosts}")
        listed = joined(CLAUSES, (of.filled(name=name, hosts=some(odd)) for name, odd in different.items() if odd))
        raise OptionsError(
            Text("these variables are not the same for all hosts, and one call is made for all: {listed}").filled(listed=listed),
            Text("use a play for each group of hosts that has its own"),
        )


def _marks_of_all(
    role: Role, task: Task, templar: Templar, hosts: Iterable[str], variables: Mapping[str, t.Any]
) -> dict[str, Mapping[str, str]]:
    """The ``marks`` of each host, from the variables that Ansible would give to a task of that host."""
    found: dict[str, Mapping[str, str]] = {}
    unknown = []
    for name in hosts:
        try:
            found[name] = marks(role, templar, _variables_of(name, task, variables))
        except Exception:  # a template can raise anything, and the text may hold a secret
            unknown.append(name)
    if unknown:
        raise OptionsError(
            Text("variables of the role cannot be worked out for {hosts}").filled(hosts=some(unknown)),
            Text("see what is undefined in {names}").filled(names=", ".join(map(role.variable, shared(role)))),
        )
    return found


def _variables_of(name: str, task: Task, variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The variables that Ansible would give to ``task`` of the host ``name``."""
    manager = variables["hostvars"]._variable_manager
    batch, everyone = variables["ansible_play_batch"], variables["ansible_play_hosts_all"]
    host = manager._inventory.get_host(name)
    found: dict[str, t.Any] = manager.get_vars(play=task.get_play(), host=host, task=task, _hosts=batch, _hosts_all=everyone)
    return found
