#!/usr/bin/python
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wechat_menu
short_description: Set the custom menu of a WeChat Official Account
version_added: 1.0.0
author:
  - wxops.official_account contributors (@wxops)
description:
  - Reads the custom menu (自定义菜单) of a WeChat Official Account (公众号/服务号), compares it with the declared one, and sets it
    only if they differ.
  - The menu of the API is replaced whole, with one request. The module never deletes a menu to create it again.
  - If an answer is lost, the module never sends a second change without a check in between.
  - Before the first change, the module also asks what the account shows, so that it does not replace what was made in the console.
  - The API has no compare-and-set. The module notices what others have changed before its check, and after its change. It cannot notice
    what somebody else changes between its check and its change. Its change replaces that.
  - Phones show a changed menu when the account is opened again, up to 5 minutes later.
  - Before anything is sent, the module checks the whole menu, and names every fault with its path, in check mode too.
  - Conditional menus (个性化菜单) are declared with M(wxops.official_account.wechat_conditional_menus). To delete the menu deletes all of
    them. This module never does that unless O(delete_conditional) says so, and says how many it takes along, in check mode too.
  - Only service accounts and verified subscription accounts may set their menu by API. An account that has authorised a third-party
    platform must have granted permission set 15.
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
  diff_mode:
    support: full
    details:
      - Shows both menus as YAML, for each account that changes.
  idempotent:
    support: full
  reversible:
    support: partial
    details:
      - RV(before) is the menu before the task. Give it as O(menu) to go back.
      - A menu that was made in the console cannot be brought back by API. See O(replace_console_menu).
      - M(wxops.official_account.wechat_conditional_menus) can bring conditional menus back, after the menu. RV(conditional) has them.
options:
  state:
    description:
      - V(present) makes O(menu) the menu of the API.
      - V(absent) deletes the menu of the API, if there is one.
    type: str
    choices:
      - present
      - absent
    default: present
  menu:
    description:
      - The menu, exactly as the body of the platform's call C(menu/create), with C(button).
      - The module also takes what C(menu/get) and RV(wxops.official_account.wechat_menu_info#module:menu) return.
      - Needed for O(state=present), here or as O(accounts[].menu). Not allowed with O(state=absent).
      - C(button) has 1 to 3 buttons, and a C(sub_button) 1 to 5. In UTF-8, a C(name) has at most 16 bytes (5 Chinese characters) at the
        top and 60 bytes in a C(sub_button), a C(key) 128 bytes, and a C(url) 1024 bytes.
      - The types are V(click), V(scancode_push), V(scancode_waitmsg), V(pic_sysphoto), V(pic_photo_or_album), V(pic_weixin) and
        V(location_select) with C(key); V(view) with C(url); V(miniprogram) with C(url), C(appid) and C(pagepath); V(media_id) and
        V(view_limited) with C(media_id); V(article_id) and V(article_view_limited) with C(article_id).
      - A dict, or JSON text, such as what the lookup C(ansible.builtin.file) reads from a JSON file.
      - All values are texts. Quote those that YAML would read as something else, and use C(| string) behind a template that makes a number.
      - V(null) among the buttons means that there is no button. So one template serves accounts with a button and accounts without it.
      - Fields that the platform drops from a button of that type are not sent. A warning names them.
    type: raw
  replace_console_menu:
    description:
      - Whether the module may replace or delete what was made in the console. The API cannot bring it back.
      - Without it, the module refuses a change if the API has no menu and the account shows one, if the menu of the API has buttons that
        only the console makes, or if the account shows another menu than that of the API. RV(console_menu) has what was seen.
      - A menu of the console that the account does not show does not prevent a change. RV(console_menu) has it.
    type: bool
    default: false
  delete_conditional:
    description:
      - What to do with O(state=absent) if the account has conditional menus.
      - The platform deletes them together with the menu. So the module refuses unless this is V(true). RV(conditional_deleted) says how
        many that are.
    type: bool
    default: false
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
      menu:
        description:
          - The menu of this account. It replaces O(menu) whole.
        type: raw
seealso:
  - module: wxops.official_account.wechat_menu_info
  - module: wxops.official_account.wechat_conditional_menus
  - name: Custom menu creation
    description: The platform's documentation of the call.
    link: https://developers.weixin.qq.com/doc/subscription/en/guide/product/menu/Custom_Menus.html
"""

EXAMPLES = r"""
- name: Set the menu
  wxops.official_account.wechat_menu:
    appid: wx0123456789abcdef
    secret: "{{ vault_wechat_secret }}"
    menu:
      button:
        - type: view
          name: Shop
          url: https://shop.example/
        - name: Help
          sub_button:
            - type: click
              name: Contact
              key: contact
            - type: view
              name: Questions
              url: https://shop.example/questions
  register: menu

- name: Only show what would change
  wxops.official_account.wechat_menu:
    appid: wx0123456789abcdef
    secret: "{{ vault_wechat_secret }}"
    menu:
      button:
        - type: view
          name: Shop
          url: https://shop.example/new
  check_mode: true
  diff: true

- name: One menu for many accounts, and another one for one of them
  wxops.official_account.wechat_menu:
    menu:
      button:
        - type: view
          name: Shop
          url: https://shop.example/
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

- name: Have no menu from the API
  wxops.official_account.wechat_menu:
    appid: wx0123456789abcdef
    secret: "{{ vault_wechat_secret }}"
    state: absent
"""

RETURN = r"""
menu:
  description:
    - The menu of the API now, in a form that O(menu) takes. In check mode, the menu that there would be. V(null) if there is none, or if
      it is not known.
  returned: if accounts is not given
  type: dict
  sample: {button: [{type: view, name: Shop, url: "https://shop.example/"}]}
before:
  description:
    - The menu of the API when the module first read it. V(null) if there was none, or if it is not known.
  returned: if accounts is not given
  type: dict
  sample: null
is_menu_open:
  description:
    - Whether the account shows a menu. V(null) if the module has not asked. It asks only if the API has no menu, and before a change.
      After a change that the last check has shown, it is V(null) unless the API has no menu.
  returned: if accounts is not given
  type: bool
  sample: null
console_menu:
  description:
    - The menu that was found before the change and is not the menu of the API, as the platform returns it. It was most likely made in the
      console. The account may have shown it or not.
    - V(null) if there was none, or if the module has not asked. See RV(is_menu_open).
  returned: if accounts is not given
  type: dict
  sample: null
conditional_count:
  description:
    - The number of conditional menus. V(null) if it is not known.
  returned: if accounts is not given
  type: int
  sample: 0
conditional:
  description:
    - The conditional menus (个性化菜单) that the account had before the task, as they were read. V(null) if they are not known.
    - If the menu is deleted, they are gone with it.
  returned: if accounts is not given
  type: list
  elements: dict
  sample: []
conditional_deleted:
  description:
    - How many conditional menus the change of the menu has deleted, or would delete in check mode. V(null) if it is not known.
  returned: if accounts is not given
  type: int
  sample: 0
verified:
  description:
    - Whether a check has shown RV(menu). If a change was sent, this must be after the last one.
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
        - V(refused) - the change would destroy what the API cannot bring back. See O(replace_console_menu) and O(delete_conditional).
        - V(conflict) - after the change, the menu is neither the one before nor the declared one. Somebody else has changed it.
          If somebody else sets the menu from before at once, this looks like V(not_effective).
        - V(not_effective) - the platform accepted the change, and still shows the old menu, or shows the new one without a part, or keeps
          texts of it in another spelling, for example without white space at the end or with C(&amp;) for C(&). RV(msg) names the paths,
          and RV(menu) has what the platform keeps. Declare that. Until then, each run sends the menu again, and fails.
        - The others are those of RV(wxops.official_account.wechat_draft_switch#module:failure.reason).
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
  description: What the module found and what it did, in one sentence.
  returned: always
  type: str
  sample: The menu has been changed (button[0].url). Phones show this when the account is opened again, up to 5 minutes later.
accounts:
  description:
    - The result of each of O(accounts), by name, in the order given.
    - Empty if the options cannot be used.
  returned: if accounts is given
  type: dict
  sample: {}
  contains:
    changed:
      description: Whether the menu of this account was changed, or would be in check mode.
      returned: always
      type: bool
      sample: true
    failed:
      description: Whether this account failed, or was not attempted.
      returned: always
      type: bool
      sample: false
    menu:
      description: The same as RV(menu), for this account.
      returned: always
      type: dict
    before:
      description: The same as RV(before), for this account.
      returned: always
      type: dict
    is_menu_open:
      description: The same as RV(is_menu_open), for this account.
      returned: always
      type: bool
    console_menu:
      description: The same as RV(console_menu), for this account.
      returned: always
      type: dict
    conditional_count:
      description: The same as RV(conditional_count), for this account.
      returned: always
      type: int
    conditional:
      description: The same as RV(conditional), for this account.
      returned: always
      type: list
      elements: dict
    conditional_deleted:
      description: The same as RV(conditional_deleted), for this account.
      returned: always
      type: int
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
      description: Accounts whose menu was changed, or would be in check mode.
      returned: always
      type: int
      sample: 12
    unchanged:
      description: Those whose menu was as declared.
      returned: always
      type: int
      sample: 985
    failed:
      description: Accounts that failed.
      returned: always
      type: int
      sample: 3
    not_attempted:
      description: Accounts that were not attempted. See V(not_attempted) under RV(failure.reason).
      returned: always
      type: int
      sample: 0
    retired:
      description: V(0). The platform still offers the calls for menus.
      returned: always
      type: int
      sample: 0
"""

from ansible_collections.wxops.official_account.plugins.module_utils._run.python import refuse_old_python

# Older Pythons cannot import the files below.
refuse_old_python(
    {
        "menu": None,
        "before": None,
        "is_menu_open": None,
        "console_menu": None,
        "conditional_count": None,
        "conditional": None,
        "conditional_deleted": None,
        "verified": False,
        "request_sent": False,
    }
)

import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import START, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu import (
    ACCOUNT_OPTIONS,
    MENU,
    OPTIONS,
    MenuRows,
    next_change_to,
)
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_form import Menu
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_input import LEAVE_ONE_OUT, NOT_BOTH, check_all
from ansible_collections.wxops.official_account.plugins.module_utils._run.module import Module
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import ARGUMENT_SPEC
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text

ACCOUNTS = ARGUMENT_SPEC["accounts"]
SPEC: dict[str, dict[str, t.Any]] = {
    **ARGUMENT_SPEC,
    **OPTIONS,
    "accounts": {**ACCOUNTS, "options": {**ACCOUNTS["options"], **ACCOUNT_OPTIONS}},
}


def menus(module: Module) -> dict[str, Menu | None]:
    """The declared menu of each account, by its name; None for no menu. Ends the module if one cannot be used."""
    params = module.params
    given = {"": params} if params["accounts"] is None else {str(one["name"] or one["appid"]): one for one in params["accounts"]}
    if params["state"] == "absent" and any(one["menu"] is not None for one in (params, *given.values())):
        module.refuse(Failure("operator", START, NOT_BOTH, LEAVE_ONE_OUT))
    if params["state"] == "absent":
        return dict.fromkeys(given)
    checked = check_all({name: params["menu"] if one["menu"] is None else one["menu"] for name, one in given.items()})
    if checked.faults:
        module.refuse(Failure("operator", START, checked.faults, Text("correct menu")))
    for warning in checked.warnings:
        module.warn(warning)
    return checked.menus


def main() -> None:
    module = Module(MenuRows, argument_spec=SPEC)
    declared = menus(module)
    replace, delete = module.params["replace_console_menu"], module.params["delete_conditional"]
    module.converge(MENU, lambda name: next_change_to(declared[name], replace_console_menu=replace, delete_conditional=delete))


if __name__ == "__main__":
    main()
