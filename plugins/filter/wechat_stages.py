# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stages of a rollout, as people type them."""

from __future__ import annotations

DOCUMENTATION = r"""
name: wechat_stages
author: wxops.official_account contributors (@wxops)
version_added: 1.0.0
short_description: The stages of a rollout, for a play's serial
description:
  - Makes the list that the keyword C(serial) of a play takes, from stages as people type them.
  - In check mode the list is one stage with all hosts, so that a dry run reads the whole fleet.
  - If it gets O(hostvars), it refuses a play without hosts. And the first stage becomes larger if its hosts declare nothing, so that a
    rollout does not begin with accounts that show nothing.
  - The playbooks of this collection use it.
positional: name
options:
  _input:
    description:
      - The stages, as a list or as a text. Each one is a number of hosts from 1, or a percentage from V(1%) to V(100%).
      - In a text they are separated by commas or white space. Brackets and quotes are ignored.
    type: raw
    required: true
  name:
    description: The name of the variable that holds the stages, for the message if they cannot be used.
    type: str
    required: true
  survey:
    description: Whether to return one stage with all hosts. The stages are checked all the same.
    type: bool
    default: false
  hosts:
    description: The pattern of the play's hosts.
    type: str
    default: all
  hostvars:
    description: Ansible's C(hostvars). They exist from the second play on. An earlier play with the same hosts needs no tasks.
    type: dict
  role:
    description:
      - A role of this collection, such as V(account). A host counts for the first stage if it declares something for this role.
      - If empty, every host counts.
    type: str
    default: ""
  rollback_to:
    description:
      - The run to go back before, as in the role C(wxops.official_account.account). A host counts for the first stage if it gets something
        back. The records are in the folder that the variable C(account_report_dir) of the first host names.
    type: str
    default: ""
  pause:
    description: What the play waits for between two stages. A number of seconds, V(enter), or nothing. It is only checked.
    type: raw
"""

EXAMPLES = r"""
- name: Find the accounts
  hosts: brands
  gather_facts: false
  tasks: []

- name: Bring the accounts to what they declare
  hosts: brands
  gather_facts: false
  # 1,10%,100% and [1, "10%", "100%"] are the same. With --check there is one stage.
  serial: >-
    {{ stages | default('1,10%,100%')
    | wxops.official_account.wechat_stages('stages', survey=ansible_check_mode, hosts='brands', hostvars=hostvars | default({}),
    role='account') }}
  max_fail_percentage: "{{ 100 if ansible_check_mode else 0 }}"
  roles:
    - role: wxops.official_account.account
"""

RETURN = r"""
_value:
  description: The stages, as C(serial) takes them.
  type: list
  elements: raw
"""

import re
import typing as t

from ansible import context
from ansible.errors import AnsibleFilterError
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import not_started
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text
from ansible_collections.wxops.official_account.plugins.plugin_utils._arguments import declared_in, variable_of
from ansible_collections.wxops.official_account.plugins.plugin_utils._check import folder_at
from ansible_collections.wxops.official_account.plugins.plugin_utils._record import since
from ansible_collections.wxops.official_account.plugins.plugin_utils._rollback import restorable

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_PAUSE = re.compile(r"[0-9]+|enter|")
_STAGE = re.compile(r"[1-9][0-9]*|(100|[1-9][0-9]?)%")
# With these options Ansible shows the plays, and runs none. So the hosts are not known.
_SHOWN_ONLY = ("listhosts", "listtasks", "listtags", "syntax")
_BETWEEN = re.compile(r"[\s,\uFF0C\[\]\"']+")


def wechat_stages(
    stages: object,
    name: str,
    survey: bool = False,
    hosts: str = "all",
    hostvars: Mapping[str, Mapping[str, t.Any]] | None = None,
    role: str = "",
    rollback_to: str = "",
    pause: object = None,
) -> list[str]:
    """``stages`` as ``serial`` takes them."""
    parts = map(str, stages) if isinstance(stages, (list, tuple)) else _BETWEEN.split(str(stages))
    texts = list(filter(None, parts))
    if not texts or not all(map(_STAGE.fullmatch, texts)):
        raise AnsibleFilterError(
            str(
                not_started(
                    Text("{name} is not a list of stages").filled(name=name),
                    Text("give the number or the percentage of accounts for each stage, such as 1,10%,100%"),
                )
            )
        )
    if pause is not None and not _PAUSE.fullmatch(str(pause)):
        raise AnsibleFilterError(
            str(
                not_started(
                    Text("the pause between two stages is neither a number of seconds nor enter"),
                    Text("give a whole number, such as 300, or enter, to wait until somebody presses Enter"),
                )
            )
        )
    names = _names(hosts, hostvars)
    if survey:
        return ["100%"]
    if names and hostvars and rollback_to:
        back = _restorable(hostvars[names[0]].get("account_report_dir"), str(rollback_to))
        texts[0] = _first_stage(texts[0], names, back.__contains__)
    elif names and hostvars and role:
        declared = [variable_of(role, name) for name in declared_in(role)]
        texts[0] = _first_stage(texts[0], names, lambda name: any(hostvars[name].get(one) is not None for one in declared))
    return texts


def _restorable(folder: object, run: str) -> set[str]:
    """The accounts that get something back. None if that is not known; then the check of the play says why."""
    try:
        return restorable(since(folder_at(str(folder)), run) or ()) if folder else set()
    except (ValueError, RuntimeError):
        return set()


def _names(hosts: str, hostvars: Mapping[str, t.Any] | None) -> list[str]:
    """The hosts of the play, in its order. None are known without ``hostvars``. Raises AnsibleFilterError if there are none."""
    if hostvars is None or any(context.CLIARGS.get(option) for option in _SHOWN_ONLY):
        return []
    # Ansible has no hostvars until a play has had hosts.
    inventory = getattr(hostvars, "_inventory", None)
    names = [host.name for host in inventory.get_hosts(hosts)] if inventory else [*hostvars]
    if not names:
        raise AnsibleFilterError(
            str(
                not_started(
                    Text("the pattern {hosts} matches no host").filled(hosts=hosts),
                    Text("check the inventory (ansible-inventory --graph) and --limit"),
                )
            )
        )
    return names


def _first_stage(stage: str, names: Sequence[str], counts: Callable[[str], bool]) -> str:
    """``stage``, or more hosts, so that as many hosts as it says count."""
    wanted = max(len(names) * int(stage[:-1]) // 100, 1) if stage.endswith("%") else int(stage)
    found = 0
    for position, name in enumerate(names, 1):
        # As soon as there are enough, the variables of no other host are evaluated.
        found += counts(name)
        if found == wanted:
            return stage if position == wanted else str(position)
    return stage


class FilterModule:
    def filters(self) -> dict[str, object]:
        return {"wechat_stages": wechat_stages}
