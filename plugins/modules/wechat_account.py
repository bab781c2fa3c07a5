#!/usr/bin/python
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wechat_account
short_description: Bring a WeChat Official Account to the declared state
version_added: 1.0.0
author:
  - wxops.official_account contributors (@wxops)
description:
  - Brings the resources of a WeChat Official Account to the declared state, in one task. These are the draft box (草稿箱), the custom
    menu (自定义菜单), the user tags (用户标签) and the conditional menus (个性化菜单).
  - Reads each declared resource first, changes only what differs, and reads it again. Gets one access_token for all of them.
  - What is not declared stays as it is.
  - The other modules have O(ignore:state). Here a resource's own option says it, such as O(draft_switch=present) or O(menu=absent).
  - The resources are changed in this order - the draft box, the menu, the tags, then the conditional menus. If one fails, those after it
    are not attempted. A conditional menu can be for a tag that the same task creates.
  - The promises of M(wxops.official_account.wechat_draft_switch), M(wxops.official_account.wechat_menu),
    M(wxops.official_account.wechat_tags) and M(wxops.official_account.wechat_conditional_menus) hold for each of them.
notes:
  - The platform's documentation says that the check of the draft box's switch is read-only. This is not proven. In 2021 two users reported
    that a check turned their switch on. The platform's staff neither confirmed nor denied it.
extends_documentation_fragment:
  - wxops.official_account.attributes
  - wxops.official_account.wechat
attributes:
  async:
    description: Can be run with C(async).
    support: full
    details:
      - A task with C(async) is meant to continue without the playbook. It continues to its end or to the limit of C(async). What it has
        changed stays changed.
  ends_with_playbook:
    description: Sends no change after the playbook that runs it has ended, or has given up the task.
    support: full
    details:
      - A task on this host, without C(become) and C(async), works in Ansible's own worker. Right before each change it asks whether
        ansible-playbook still runs. About 0.5 seconds before the task's C(timeout) it returns what is known.
      - After ansible-playbook has ended, for whatever reason, or after the task's C(timeout), no change leaves later than 1
        second, and no process is left after 5 seconds. A request that has already left cannot be taken back. Run again; the run
        checks first.
      - On another host, the module ends when nobody can read its output any more. That takes up to 2 seconds. If only Ansible's worker is
        killed (SIGKILL, for example when memory runs out), its ssh client continues, and the module works to its end. If the network path
        breaks at the same moment, the target does not see the end until its sshd gives up the connection (C(ClientAliveInterval),
        C(ClientAliveCountMax)).
      - With some connections, such as C(docker exec) or C(kubectl exec), the far end continues to read after its client has ended. Such
        a connection hides the end. The task's C(timeout) still applies there.
  check_mode:
    support: full
    details:
      - Only reads, and asks for a token if no token is given. With O(component_access_token), this may replace the
        authorizer_access_token that the third-party platform's service caches.
      - If one resource cannot be read, the module still reads the others.
  diff_mode:
    support: full
    details:
      - Shows the state of all resources before and after, for each account that changes.
  idempotent:
    support: full
  reversible:
    support: partial
    details:
      - The draft box cannot be turned off.
      - RV(resources.menu.before) is the menu before the task. Give it as O(menu) to go back.
      - A deleted tag cannot be brought back with its id and its users.
options:
  draft_switch:
    description:
      - V(present) turns the draft box on, which cannot be undone.
      - V(absent) is refused, because the API offers no call that turns it off.
      - If not given, or V(null), the draft box stays as it is, and is not even read.
    type: str
  menu:
    description:
      - The custom menu of the API, as O(wxops.official_account.wechat_menu#module:menu) takes it.
      - V(absent) deletes it, if there is one.
      - If not given, or V(null), the menu stays as it is, and is not even read.
    type: raw
  replace_console_menu:
    description:
      - The same as O(wxops.official_account.wechat_menu#module:replace_console_menu).
    type: bool
  delete_conditional:
    description:
      - The same as O(wxops.official_account.wechat_menu#module:delete_conditional).
    type: bool
  tags:
    description:
      - The user tags, a list of names that must be there. All other tags stay as they are.
      - Or a dict. C(present) and C(absent) are lists of names. C(rename), C(delete_members) and C(delete_in_use) are as
        O(wxops.official_account.wechat_tags#module:rename), O(wxops.official_account.wechat_tags#module:delete_members) and
        O(wxops.official_account.wechat_tags#module:delete_in_use).
      - If not given, or V(null), the tags stay as they are, and are not even read.
    type: raw
  conditional_menus:
    description:
      - The conditional menus, a list, the strongest first, as
        O(wxops.official_account.wechat_conditional_menus#module:conditional_menus) takes it. Menus with other rules are left alone.
      - Or a dict. C(menus) is the list. C(exclusive) and C(replace_in_place) are as
        O(wxops.official_account.wechat_conditional_menus#module:exclusive) and
        O(wxops.official_account.wechat_conditional_menus#module:replace_in_place).
      - V(absent) deletes all of them. Not allowed together with O(menu=absent), unless it is V(absent) too.
      - If not given, or V(null), the conditional menus stay as they are, and are not even read.
    type: raw
  accounts:
    description:
      - Many accounts for one task. The module works on O(concurrency) accounts at a time. Each account has its own result, by its name.
      - Replaces O(access_token), O(appid), O(secret) and O(authorizer_refresh_token). Do not give both. The module then does not read
        these from the environment.
      - A failure of one account does not affect another account. If an account fails, the task fails after the module has worked on
        all accounts.
      - If 16 accounts in a row cannot be reached, each after all its retries, and the platform has answered nothing in that time, the
        module does not attempt the rest.
      - If an account is given twice, once by its AppID and once by its access_token, the module finds this when it gets the token.
        The entry with the AppID then fails, and nothing more is sent for it.
      - If a name is given twice, or an account has no credentials, or credentials of two kinds, or a malformed value, the task fails
        before anything is sent. The message names all such accounts.
      - An empty list succeeds and changes nothing.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - The name of the account in the results. At most 255 printable characters.
          - If not given, O(accounts[].appid) is the name.
        type: str
      access_token:
        description:
          - The same as O(access_token).
          - Give either this, or O(accounts[].appid) and O(accounts[].secret), or O(accounts[].appid) and
            O(component_access_token).
        type: str
      appid:
        description:
          - The same as O(appid).
          - If O(accounts[].access_token) is given too, it is only a name.
        type: str
      secret:
        description:
          - The same as O(secret).
        type: str
      authorizer_refresh_token:
        description:
          - The same as O(authorizer_refresh_token).
          - If some are not given, the module looks them up in the third-party platform's list of authorised accounts. It reads the
            list once for the task, 500 accounts at a time.
        type: str
      draft_switch:
        description:
          - The same as O(draft_switch), for this account. It replaces O(draft_switch).
        type: str
      menu:
        description:
          - The same as O(menu), for this account. It replaces O(menu) whole.
        type: raw
      replace_console_menu:
        description:
          - The same as O(replace_console_menu), for this account.
        type: bool
      delete_conditional:
        description:
          - The same as O(delete_conditional), for this account.
        type: bool
      tags:
        description:
          - The same as O(tags), for this account. It replaces O(tags) whole.
        type: raw
      conditional_menus:
        description:
          - The same as O(conditional_menus), for this account. It replaces O(conditional_menus) whole.
        type: raw
seealso:
  - module: wxops.official_account.wechat_draft_switch
  - module: wxops.official_account.wechat_menu
  - module: wxops.official_account.wechat_tags
  - module: wxops.official_account.wechat_conditional_menus
"""

EXAMPLES = r"""
- name: Turn the draft box on, set the menu, and have two tags
  wxops.official_account.wechat_account:
    appid: wx0123456789abcdef
    secret: "{{ vault_wechat_secret }}"
    draft_switch: present
    menu:
      button:
        - type: view
          name: Shop
          url: https://shop.example/
    tags:
      - VIP
      - Press

- name: Many accounts, and each declares its own
  wxops.official_account.wechat_account:
    draft_switch: present
    accounts:
      - name: brand-a
        appid: wx0123456789abcdef
        secret: "{{ vault_wechat_secret }}"
        menu:
          button:
            - type: view
              name: Shop
              url: https://shop.example/brand-a
      - name: brand-b
        access_token: "{{ wechat_access_token }}"
        menu: absent
"""

RETURN = r"""
resources:
  description:
    - What became of each declared resource, by the name of its option. What is not declared is not there.
    - Each has the keys that its own module returns, without RV(accounts) and RV(summary).
    - Empty if nothing was read.
  returned: if accounts is not given
  type: dict
  sample:
    draft_switch:
      changed: false
      is_open: true
      was_open: true
      verified: true
      request_sent: false
      failure: null
      msg: The draft box is already on; nothing was changed.
  contains:
    draft_switch:
      description: The results of M(wxops.official_account.wechat_draft_switch).
      returned: if draft_switch is declared
      type: dict
    menu:
      description: The results of M(wxops.official_account.wechat_menu).
      returned: if menu is declared
      type: dict
      contains:
        before:
          description: The menu before the task. See RV(wxops.official_account.wechat_menu#module:before).
          returned: always
          type: dict
    tags:
      description: The results of M(wxops.official_account.wechat_tags).
      returned: if tags is declared
      type: dict
    conditional_menus:
      description: The results of M(wxops.official_account.wechat_conditional_menus).
      returned: if conditional_menus is declared
      type: dict
verified:
  description:
    - Whether a check has shown the state of every declared resource, after the last change of each.
    - This is not the platform's verification (认证).
  returned: if accounts is not given
  type: bool
  sample: true
request_sent:
  description:
    - Whether a change left this host. It does not matter whether the platform carried it out. V(null) if this is not known, for example
      when memory ran out.
  returned: if accounts is not given
  type: bool
  sample: true
failure:
  description:
    - Why the task failed. V(null) if it did not.
    - With O(accounts) it only says why the task failed before it began. The failure of an account is in RV(accounts).
  returned: always
  type: dict
  sample: null
  contains:
    reason:
      description:
        - That of the first resource that failed. Each resource has its own in RV(resources).
        - The values are those of RV(wxops.official_account.wechat_draft_switch#module:failure.reason), and V(refused), V(conflict) and
          V(not_effective) of RV(wxops.official_account.wechat_menu#module:failure.reason).
      returned: always
      type: str
      sample: operator
    errcode:
      description: The platform's error code, a number. V(null) if the platform gave none.
      returned: always
      type: int
      sample: 40164
    errmsg:
      description: The platform's error message. V(null) if the platform gave none.
      returned: always
      type: str
      sample: "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6743f1a2-0a1b2c3d-4e5f6071"
    rid:
      description: The platform's ID of the request, for its support. V(null) if the platform gave none.
      returned: always
      type: str
      sample: 6743f1a2-0a1b2c3d-4e5f6071
    http_status:
      description:
        - The HTTP status of the answer, a number. V(null) if there was no answer.
        - The platform sends its own errors with V(200).
      returned: always
      type: int
      sample: 200
    remedy:
      description: What to do next.
      returned: always
      type: str
      sample: >-
        Add 203.0.113.7 to the account's IP allow list, and run again after about 5 minutes; the list is on the WeChat developer platform
        (developers.weixin.qq.com/platform): My business - the account - Basic information - Developer secret (我的业务 - 公众号/服务号 -
        基础信息 - 开发密钥).
msg:
  description: What the module found and what it did, one sentence for each resource.
  returned: always
  type: str
  sample: The draft box is already on; nothing was changed. The menu has been set.
accounts:
  description:
    - The result of each of O(accounts), by name, in the order given.
    - Empty if the options cannot be used.
  returned: if accounts is given
  type: dict
  sample: {}
  contains:
    changed:
      description: Whether a resource of this account was changed, or would be in check mode.
      returned: always
      type: bool
      sample: true
    failed:
      description: Whether a resource of this account failed, or was not attempted.
      returned: always
      type: bool
      sample: false
    resources:
      description: The same as RV(resources), for this account.
      returned: always
      type: dict
    verified:
      description: The same as RV(verified), for this account.
      returned: always
      type: bool
    request_sent:
      description: The same as RV(request_sent), for this account.
      returned: always
      type: bool
    failure:
      description: The same as RV(failure), for this account.
      returned: always
      type: dict
    msg:
      description: The same as RV(msg), for this account.
      returned: always
      type: str
summary:
  description:
    - The number of O(accounts) with each result. Each account counts once, and also in C(total).
  returned: if accounts is given
  type: dict
  sample: {total: 1000, changed: 12, unchanged: 985, failed: 3, not_attempted: 0, retired: 0}
  contains:
    total:
      description: All accounts.
      returned: always
      type: int
      sample: 1000
    changed:
      description: Accounts of which a resource was changed, or would be in check mode.
      returned: always
      type: int
      sample: 12
    unchanged:
      description: Accounts that were as declared.
      returned: always
      type: int
      sample: 985
    failed:
      description: Accounts of which a resource failed.
      returned: always
      type: int
      sample: 3
    not_attempted:
      description: Accounts that were not attempted. See V(not_attempted) under RV(failure.reason).
      returned: always
      type: int
      sample: 0
    retired:
      description: Accounts without a change, of which a resource is no longer offered by the platform.
      returned: always
      type: int
      sample: 0
"""

from ansible_collections.wxops.official_account.plugins.module_utils._run.python import refuse_old_python

# Older Pythons cannot import the files below.
refuse_old_python({"resources": {}, "verified": False, "request_sent": False})

from ansible_collections.wxops.official_account.plugins.module_utils._resource.account import AccountRows
from ansible_collections.wxops.official_account.plugins.module_utils._run.module import Module
from ansible_collections.wxops.official_account.plugins.module_utils._run.work import ACCOUNT_SPEC


def main() -> None:
    Module(AccountRows, argument_spec=ACCOUNT_SPEC).converge_account()


if __name__ == "__main__":
    main()
