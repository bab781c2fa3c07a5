# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways that are compared. Those of the draft switch do the same for each account: look, turn on what is off, look again."""

from __future__ import annotations

import dataclasses
import json
import sys
import typing as t
from pathlib import Path

from ..simulator.tags import Tag

if t.TYPE_CHECKING:
    from ..simulator import Account

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

# The largest menu that the platform takes: three groups of five.
MENU: list[dict[str, t.Any]] = [
    {
        "name": f"Group {group}",
        "sub_button": [
            {"type": "view", "name": f"Page {page} of group {group}", "url": f"https://shop.example/pages/{group}/{page}?from=menu"}
            for page in range(1, 6)
        ],
    }
    for group in range(1, 4)
]
OTHER_MENU = [*MENU[:2], {"type": "click", "name": "Help", "key": "help"}]

MENUS_PLAY = f"""
- name: One call for all
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Set the menus that differ
      wxops.official_account.wechat_menu:
        accounts: "{{{{ accounts }}}}"
        concurrency: 32
        menu: {json.dumps({"button": MENU})}
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

ASSERT_PLAY = """
- name: The least that Ansible does for a host
  hosts: all
  gather_facts: false
  tasks:
    - name: Assert nothing
      ansible.builtin.assert:
        that: true
        quiet: true
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
class Work:
    """``calls``: what the platform must receive for each account, in this order. ``begins``: gives an account the state before.

    ``is_done``: whether an account has the state that the way shall leave.
    """

    calls: tuple[str, ...]
    begins: t.Callable[[Account], None]
    is_done: t.Callable[[Account], bool]


def _is_on(account: Account) -> bool:
    return account.is_open


def _has_the_menu(account: Account) -> bool:
    return account.menus.buttons == MENU


TURN_ON = Work(("look", "enable", "look"), lambda _account: None, _is_on)
LEAVE_ON = Work(("look",), lambda account: account.turn_on(), _is_on)
SET_THE_MENU = Work(("menu_get", "selfmenu", "menu_create", "menu_get"), lambda account: account.menus.set(OTHER_MENU), _has_the_menu)
LEAVE_THE_MENU = Work(("menu_get",), lambda account: account.menus.set(MENU), _has_the_menu)
NOTHING = Work((), lambda _account: None, lambda _account: True)


def _begins_with_another(account: Account) -> None:
    account.menus.set(OTHER_MENU)


def _begins_as_declared(account: Account) -> None:
    account.turn_on()
    account.menus.set(MENU)


SET_BOTH = Work((*TURN_ON.calls, *SET_THE_MENU.calls), _begins_with_another, lambda account: _is_on(account) and _has_the_menu(account))
LEAVE_BOTH = Work((*LEAVE_ON.calls, *LEAVE_THE_MENU.calls), _begins_as_declared, SET_BOTH.is_done)


# One account, all of its resources.
VIP = "VIP"
FOR_VIP = {"button": [{"type": "view", "name": "Club", "url": "https://shop.example/club"}]}
ONE_RESOURCE = {"wechat_draft_switch": "present"}
TWO_RESOURCES = {**ONE_RESOURCE, "wechat_menu": {"button": MENU}}
ALL_RESOURCES = {
    **TWO_RESOURCES,
    "wechat_tags": [VIP],
    "wechat_conditional_menus": {"exclusive": True, "menus": [{"match": {"tag": VIP}, "menu": FOR_VIP}]},
}


def _begins_with_all(account: Account) -> None:
    _begins_as_declared(account)
    account.tags.tags.append(Tag(100, VIP))
    account.menus.conditional = [{**FOR_VIP, "matchrule": {"tag_id": "100"}, "menuid": 1}]


LEAVE_ONE = dataclasses.replace(LEAVE_ON, calls=("token", *LEAVE_ON.calls))
LEAVE_ALL = Work(("token", *LEAVE_BOTH.calls, "tags_get", "menu_get"), _begins_with_all, SET_BOTH.is_done)


@dataclasses.dataclass(frozen=True)
class Way:
    """``title``: the name in the table. ``accounts``: the number of accounts. ``play``: the text of play.yml.

    ``command``: what to run, in a folder that holds play.yml, fleet.json for the ways on localhost and hosts.json for the others.
    ``given``: what is known of an account: its access_token, its secret, or that a third-party platform serves it.
    ``declares``: the variables of all hosts.
    """

    title: str
    accounts: int
    play: str
    command: tuple[str, ...]
    work: Work = TURN_ON
    given: t.Literal["access_token", "secret", "platform"] = "access_token"
    declares: t.Mapping[str, t.Any] = dataclasses.field(default_factory=lambda: TWO_RESOURCES, hash=False)

    @property
    def by_hosts(self) -> bool:
        return "hosts.json" in self.command


FLEET, HOSTS = ("-e", "@fleet.json"), ("-i", "hosts.json")
STAGES = ("-e", '{"draft_switch_stages": ["100%"]}', "-f", "20")
IN_ONE_TASK = (PLAYBOOK, "play.yml", *FLEET)
PROVISION = (PLAYBOOK, "wxops.official_account.provision", *HOSTS, "-e", '{"provision_stages": ["100%"]}', "-f")
FLOOR = Way("plain Python: `requests`, 32 threads (the floor)", 1_000, "", (sys.executable, str(HERE / "floor.py"), "fleet.json"))
BARE_COMMAND = ("env", f"PYTHONPATH={COLLECTIONS}", sys.executable, str(HERE / "bare.py"), "fleet.json")
SEARCH = ("env", f"PYTHONPATH={COLLECTIONS}", sys.executable, str(HERE / "search.py"))
BARE = Way("the collection's own code, without Ansible", 1_000, "", BARE_COMMAND)
ACCOUNTS = Way("**`accounts`: one task for all**", 1_000, ACCOUNTS_PLAY, (PLAYBOOK, "play.yml", *FLEET))
ROLE = Way("**the role, accounts as hosts**", 1_000, "", (PLAYBOOK, "wxops.official_account.draft_switch", *HOSTS, *STAGES))
# The accounts of a third-party platform: as hosts each looks its own token up, and as a list its list is read once.
OWN_TOKEN = ("authorizer_info", "authorizer_token")
LOOK_UP = dataclasses.replace(TURN_ON, calls=(*OWN_TOKEN, *TURN_ON.calls))
LISTED = dataclasses.replace(TURN_ON, calls=("authorizer_token", *TURN_ON.calls))
PLATFORM_HOSTS = Way("hosts", 1_000, "", ROLE.command, LOOK_UP, given="platform")
PLATFORM_LIST = Way("a list", 1_000, ACCOUNTS_PLAY, IN_ONE_TASK, LISTED, given="platform")
ROLES = Way("the role under `roles:`, accounts as hosts", 150, ROLES_PLAY, (PLAYBOOK, "play.yml", *HOSTS, "-f", "20"))
LOOP = Way("the module in a `loop`", 60, LOOP_PLAY, (PLAYBOOK, "play.yml", *FLEET))
URI_20 = Way("three `uri` tasks, accounts as hosts, 20 forks", 40, URI_HOSTS_PLAY, (PLAYBOOK, "play.yml", *HOSTS, "-f", "20"))
URI_5 = Way("three `uri` tasks, accounts as hosts, 5 forks (the default)", 40, URI_HOSTS_PLAY, (PLAYBOOK, "play.yml", *HOSTS, "-f", "5"))
URI_LOOP = Way("three `uri` tasks in `loop`s", 40, URI_LOOP_PLAY, (PLAYBOOK, "play.yml", *FLEET))

# An account is a host, with a draft switch and the largest menu. The first way is what Ansible takes for a host in any case.
HOSTS_WITH_BOTH = (
    Way("one `assert` a host, 20 forks", 300, ASSERT_PLAY, (PLAYBOOK, "play.yml", *HOSTS, "-f", "20"), NOTHING),
    Way("`provision`, nothing to change, 20 forks", 300, "", (*PROVISION, "20"), LEAVE_BOTH),
    Way("`provision`, all changed, 20 forks", 300, "", (*PROVISION, "20"), SET_BOTH),
    Way("`provision`, nothing to change, 5 forks", 300, "", (*PROVISION, "5"), LEAVE_BOTH),
    Way("`provision`, all changed, 5 forks", 300, "", (*PROVISION, "5"), SET_BOTH),
)

# With its AppSecret, so that the token counts.
ALL_IN_ONE_TASK = (
    Way("the draft switch alone", 300, "", (*PROVISION, "20"), LEAVE_ONE, "secret", ONE_RESOURCE),
    Way("draft switch, menu, tags and conditional menus", 300, "", (*PROVISION, "20"), LEAVE_ALL, "secret", ALL_RESOURCES),
)

# A job slice of AWX: accounts of a third-party platform as hosts, with a draft switch and the largest menu, a record and a report.
EXPLAINED = (
    *(*OWN_TOKEN, "api_ips", "authorizer_info", "look", "menu_get", "selfmenu", "tags_get", "templates", "notices", "autoreply"),
    *("published", "kf_list", "basic_info"),
)
IN_A_SLICE = (*HOSTS, "-f", "20", "-e", "account_report_dir=reports")
PLATFORM_SLICES = tuple(
    Way(title, 1_000, "", (PLAYBOOK, f"wxops.official_account.{playbook}", *IN_A_SLICE, *more), work, given="platform")
    for title, playbook, more, work in (
        ("`drift`, nothing to change", "drift", (), dataclasses.replace(LEAVE_BOTH, calls=(*OWN_TOKEN, *LEAVE_BOTH.calls))),
        ("`explain`", "explain", (), dataclasses.replace(LEAVE_BOTH, calls=EXPLAINED)),
        (
            "`provision`, all changed",
            "provision",
            ("-e", '{"provision_stages": ["100%"]}'),
            dataclasses.replace(SET_BOTH, calls=(*OWN_TOKEN, *SET_BOTH.calls)),
        ),
    )
)

RESOURCES = (
    Way("draft switch, all turned on", 1_000, ACCOUNTS_PLAY, IN_ONE_TASK),
    Way("draft switch, nothing to change", 1_000, ACCOUNTS_PLAY, IN_ONE_TASK, LEAVE_ON),
    Way("custom menu, all changed", 1_000, MENUS_PLAY, IN_ONE_TASK, SET_THE_MENU),
    Way("custom menu, nothing to change", 1_000, MENUS_PLAY, IN_ONE_TASK, LEAVE_THE_MENU),
)
