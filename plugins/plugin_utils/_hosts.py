# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""The hosts of a play as accounts: which of them take part in a call, and with what credentials."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ansible_collections.wxops.official_account.plugins.module_utils._arguments import OptionsError
from ansible_collections.wxops.official_account.plugins.module_utils._given_credentials import OPTIONS
from ansible_collections.wxops.official_account.plugins.module_utils._tally import some

if t.TYPE_CHECKING:
    from ansible.playbook.task import Task

# Under which names the role registers: that a host takes part, and what became of all of them.
JOINED = "draft_switch_joined"
CALL = "draft_switch_call"

# What ansible-core 2.19 and later raise for a value that is nothing but omit.
_OMITTED = "AnsibleValueOmittedError"

VARIABLES = {option: f"wechat_{option}" for option in OPTIONS}


def occasion(task: Task, variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What the tasks of one inclusion of the role, in one batch of the play, have in common, and no others."""
    batch = variables["ansible_play_batch"]
    inclusion = str(task._parent._uuid) if task._parent else ""
    return {"inclusion": inclusion, "batch": str(batch[0]) if batch else ""}


def is_of(said: object, now: Mapping[str, t.Any]) -> bool:
    """Whether what is registered comes from the same ``occasion``. What was skipped, or set by somebody else, does not."""
    return isinstance(said, Mapping) and all(said.get(name) == value for name, value in now.items())


def taking_part(task: Task, variables: Mapping[str, t.Any]) -> dict[str, Mapping[str, t.Any]]:
    """The hosts that have said just now that they take part, with their variables.

    A task that runs once is otherwise blind for which hosts it runs: ``when``, ``rescue`` and the like hold for each host.
    Raises OptionsError if one of them is in check mode and another is not.
    """
    now, hostvars = occasion(task, variables), variables["hostvars"]
    all_hosts = {host: hostvars[host] for host in variables["ansible_play_hosts_all"]}
    hosts = {host: own for host, own in all_hosts.items() if JOINED in own and is_of(own[JOINED], now)}
    odd = [host for host, own in hosts.items() if own[JOINED]["check_mode"] != task.check_mode]
    if odd:
        raise OptionsError(
            f"some hosts are in check mode and some are not, as {some(odd)}, and one call is made for all", "give all the same check_mode"
        )
    return hosts


def refuse_differences(hosts: Mapping[str, Mapping[str, t.Any]]) -> None:
    """Raises OptionsError if variables that ``hosts`` joined with differ: those of the first one would hold for all."""
    marks: dict[str, Mapping[str, str]] = {host: own[JOINED]["shared"] for host, own in hosts.items()}
    first: Mapping[str, str] = next(iter(marks.values()), {})
    different = {name: [host for host, own in marks.items() if own.get(name) != mark] for name, mark in first.items()}
    if any(different.values()):
        listed = "; ".join(f"{name} of {some(odd)}" for name, odd in different.items() if odd)
        raise OptionsError(
            f"these variables are not the same for all hosts, and one call is made for all: {listed}",
            "use a play for each group of hosts that has its own",
        )


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
