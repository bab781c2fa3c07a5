# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways that are compared. Each does the same for each account: look, turn on what is off, look again."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
COLLECTIONS = HERE.parents[1] / ".work" / "collections"
PLAYBOOK = str(Path(sys.executable).parent / "ansible-playbook")

ACCOUNTS_PLAY = """
- name: One call for all
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Turn the draft boxes on that are off
      wxops.official_account.wechat_draft_switch:
        accounts: "{{ accounts }}"
        concurrency: 32
"""

LOOP_PLAY = """
- name: The module in a loop
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Turn the draft box on if it is off
      wxops.official_account.wechat_draft_switch:
        access_token: "{{ item.access_token }}"
      loop: "{{ accounts }}"
      no_log: true
"""

# A careful play without this collection. It has no_log, because the results hold URLs, and the URLs hold tokens.
URI_HOSTS_PLAY = """
- name: The uri module, one host an account
  hosts: all
  gather_facts: false
  module_defaults:
    ansible.builtin.uri: {method: POST, body: {}, body_format: json, return_content: true, ca_path: "{{ ca_path }}"}
  tasks:
    - name: Look
      ansible.builtin.uri:
        url: "{{ api_url }}/cgi-bin/draft/switch?checkonly=1&access_token={{ wechat_access_token | urlencode }}"
      register: looked
      failed_when: (looked.content | from_json).errcode != 0
      no_log: true
    - name: Turn on what is off
      ansible.builtin.uri:
        url: "{{ api_url }}/cgi-bin/draft/switch?access_token={{ wechat_access_token | urlencode }}"
      register: sent
      failed_when: (sent.content | from_json).errcode != 0
      when: (looked.content | from_json).is_open == 0
      no_log: true
    - name: Look again
      ansible.builtin.uri:
        url: "{{ api_url }}/cgi-bin/draft/switch?checkonly=1&access_token={{ wechat_access_token | urlencode }}"
      register: seen
      failed_when: (seen.content | from_json).is_open != 1
      when: (looked.content | from_json).is_open == 0
      no_log: true
"""

ROLES_PLAY = """
- name: The role as most playbooks have it
  hosts: all
  gather_facts: false
  roles: [wxops.official_account.draft_switch]
"""

URI_LOOP_PLAY = """
- name: The uri module in loops
  hosts: localhost
  gather_facts: false
  module_defaults:
    ansible.builtin.uri: {method: POST, body: {}, body_format: json, return_content: true, ca_path: "{{ ca_path }}"}
  tasks:
    - name: Look
      ansible.builtin.uri:
        url: "{{ api_url }}/cgi-bin/draft/switch?checkonly=1&access_token={{ item.access_token | urlencode }}"
      loop: "{{ accounts }}"
      register: looked
      failed_when: (looked.content | from_json).errcode != 0
      no_log: true
    - name: Turn on what is off
      ansible.builtin.uri:
        url: "{{ api_url }}/cgi-bin/draft/switch?access_token={{ item.item.access_token | urlencode }}"
      loop: "{{ looked.results }}"
      register: sent
      failed_when: (sent.content | from_json).errcode != 0
      when: (item.content | from_json).is_open == 0
      no_log: true
    - name: Look again
      ansible.builtin.uri:
        url: "{{ api_url }}/cgi-bin/draft/switch?checkonly=1&access_token={{ item.item.access_token | urlencode }}"
      loop: "{{ looked.results }}"
      register: seen
      failed_when: (seen.content | from_json).is_open != 1
      when: (item.content | from_json).is_open == 0
      no_log: true
"""


@dataclasses.dataclass(frozen=True)
class Way:
    """``title``: the name in the table. ``accounts``: the number of accounts, which are all off. ``play``: the text of play.yml.

    ``command``: what to run, in a folder that holds play.yml, fleet.json for the ways on localhost and hosts.json for the others.
    """

    title: str
    accounts: int
    play: str
    command: tuple[str, ...]

    @property
    def by_hosts(self) -> bool:
        return "hosts.json" in self.command


FLEET, HOSTS = ("-e", "@fleet.json"), ("-i", "hosts.json")
STAGES = ("-e", '{"draft_switch_stages": ["100%"]}')
FLOOR = Way("plain Python: `requests`, 32 threads (the floor)", 1_000, "", (sys.executable, str(HERE / "floor.py"), "fleet.json"))
BARE_COMMAND = ("env", f"PYTHONPATH={COLLECTIONS}", sys.executable, str(HERE / "bare.py"), "fleet.json")
BARE = Way("the collection's own code, without Ansible", 1_000, "", BARE_COMMAND)
ACCOUNTS = Way("**`accounts`: one task for all**", 1_000, ACCOUNTS_PLAY, (PLAYBOOK, "play.yml", *FLEET))
ROLE = Way("**the role, accounts as hosts**", 1_000, "", (PLAYBOOK, "wxops.official_account.draft_switch", *HOSTS, *STAGES))
ROLES = Way("the role under `roles:`, accounts as hosts", 150, ROLES_PLAY, (PLAYBOOK, "play.yml", *HOSTS))
LOOP = Way("the module in a `loop`", 60, LOOP_PLAY, (PLAYBOOK, "play.yml", *FLEET))
URI_20 = Way("three `uri` tasks, accounts as hosts, 20 forks", 40, URI_HOSTS_PLAY, (PLAYBOOK, "play.yml", *HOSTS, "-f", "20"))
URI_5 = Way("three `uri` tasks, accounts as hosts, 5 forks (the default)", 40, URI_HOSTS_PLAY, (PLAYBOOK, "play.yml", *HOSTS, "-f", "5"))
URI_LOOP = Way("three `uri` tasks in `loop`s", 40, URI_LOOP_PLAY, (PLAYBOOK, "play.yml", *FLEET))
