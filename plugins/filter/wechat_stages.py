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
  - In check mode the list is one stage with all hosts, so that a dry run looks at the whole fleet.
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
"""

EXAMPLES = r"""
- name: Turn on the draft boxes of a fleet
  hosts: brands
  gather_facts: false
  # 1,10%,100% and [1, "10%", "100%"] are the same. With --check there is one stage.
  serial: "{{ stages | default('1,10%,100%') | wxops.official_account.wechat_stages('stages', survey=ansible_check_mode) }}"
  max_fail_percentage: "{{ 100 if ansible_check_mode else 0 }}"
  roles:
    - role: wxops.official_account.draft_switch
"""

RETURN = r"""
_value:
  description: The stages, as C(serial) takes them.
  type: list
  elements: raw
"""

import re

from ansible.errors import AnsibleFilterError
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import not_started
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text

_STAGE = re.compile(r"[1-9][0-9]*|(100|[1-9][0-9]?)%")
_BETWEEN = re.compile(r"[\s,\uFF0C\[\]\"']+")


def wechat_stages(stages: object, name: str, survey: bool = False) -> list[str]:
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
    return ["100%"] if survey else texts


class FilterModule:
    def filters(self) -> dict[str, object]:
        return {"wechat_stages": wechat_stages}
