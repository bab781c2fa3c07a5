#!/usr/bin/python
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wechat_account_info
short_description: Read a WeChat Official Account, and find out why its calls are refused
version_added: 1.0.0
author:
  - wxops.official_account contributors (@wxops)
description:
  - Reads the parts of a WeChat Official Account (公众号/服务号), and says what the account can use, what it cannot use, why, and what to
    do about it. Never changes anything.
  - A refusal is an answer. Each part says whether it was answered, and if not, the errcode, what that means, and what to do. The task fails
    only if there is no access_token that can be used, or if nothing is answered at all.
  - No call says of which kind an account is that serves itself. The module concludes it from what is answered and what is refused. What is
    a guess is marked as one.
  - Of an account that has authorised a third-party platform, given by O(component_access_token), the platform itself says the kind, the
    verification and the permission sets.
notes:
  - The platform's documentation says that the check of the draft box's switch is read-only. This is not proven. In 2021 two users reported
    that a check turned their switch on. The platform's staff neither confirmed nor denied it.
extends_documentation_fragment:
  - wxops.official_account.attributes
  - wxops.official_account.attributes.info_module
  - wxops.official_account.wechat
options:
  gather:
    description:
      - The parts to read.
      - V(token) - that the access_token is accepted from this host.
      - V(kind) - of which kind the account is, and what it can use. This also reads V(menu), V(tags), V(templates), V(publish) and
        V(customer_service). Each part is read once.
      - V(draft_switch), V(menu), V(tags), V(conditional_menus), V(templates), V(autoreply) - what there is.
      - V(publish), V(customer_service) - whether the account may publish by API, and whether it has customer service (客服功能).
      - V(quota) - how many calls of O(quota_paths) are left today. One request for each path.
      - V(callback) - whether the platform reaches the server of the account. The platform then calls that server, which takes seconds.
        Not by default.
      - V(ips) - the platform's addresses, for firewalls. The platform advises to ask once a day. Not by default.
    type: list
    elements: str
    choices:
      - token
      - kind
      - draft_switch
      - menu
      - tags
      - conditional_menus
      - templates
      - autoreply
      - publish
      - customer_service
      - quota
      - callback
      - ips
    default:
      - token
      - kind
      - draft_switch
      - menu
      - tags
      - conditional_menus
      - templates
      - autoreply
      - publish
      - customer_service
  quota_paths:
    description:
      - The paths of the calls whose quota to read, if O(gather) has V(quota). Without a host and without a query.
      - A quota is never reset.
    type: list
    elements: str
    default:
      - /cgi-bin/draft/switch
      - /cgi-bin/menu/create
      - /cgi-bin/menu/get
      - /cgi-bin/menu/delete
      - /cgi-bin/menu/addconditional
      - /cgi-bin/menu/delconditional
      - /cgi-bin/tags/create
      - /cgi-bin/tags/get
      - /cgi-bin/tags/update
      - /cgi-bin/tags/delete
  rid:
    description:
      - The rid of a failed call of this account, as C(errmsg) has it. The module says when the call came, which takes no request, and what
        the platform still knows about it.
      - The platform keeps failed calls for 7 days. An older one is not asked about.
      - The platform's answer holds the access_token of that call, and its whole bodies. The module takes the path, the names of the fields,
        errcode and errmsg out of it, and drops the rest at once.
    type: str
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
      rid:
        description:
          - The same as O(rid), for this account. It replaces O(rid).
        type: str
seealso:
  - module: wxops.official_account.wechat_draft_switch_info
  - module: wxops.official_account.wechat_menu_info
"""

EXAMPLES = r"""
- name: Find out what the account can use
  wxops.official_account.wechat_account_info:
    appid: wx0123456789abcdef
    secret: "{{ vault_wechat_secret }}"
  register: account

- name: Show what to do
  ansible.builtin.debug:
    msg: "{{ account.to_do }}"

- name: Find out why a call failed
  wxops.official_account.wechat_account_info:
    appid: wx0123456789abcdef
    secret: "{{ vault_wechat_secret }}"
    gather:
      - token
      - quota
    rid: 61725984-6126f6f9-040f19c4
  register: failed_call

- name: Show what the platform knows about it
  ansible.builtin.debug:
    msg: "{{ failed_call.rid }}"

- name: Read the IDs of all templates
  wxops.official_account.wechat_account_info:
    gather:
      - templates
    accounts:
      - name: brand-a
        appid: wx0123456789abcdef
        secret: "{{ vault_wechat_secret }}"
      - name: brand-b
        access_token: "{{ wechat_access_token }}"
  register: accounts

- name: Show the IDs of one title, by account
  ansible.builtin.debug:
    msg: "{{ item.value.parts.templates.templates['Delivery'] | default([]) | map(attribute='template_id') }}"
  loop: "{{ accounts.accounts | dict2items }}"
  loop_control:
    label: "{{ item.key }}"
"""

RETURN = r"""
kind:
  description:
    - V(service) (服务号), V(subscription) (公众号, once 订阅号), or V(unknown). V(null) if O(gather) has no V(kind).
    - RV(because) says whether this is a guess.
  returned: if accounts is not given
  type: str
  sample: service
is_verified:
  description:
    - Whether the account is verified (已认证). V(null) if it is not known.
  returned: if accounts is not given
  type: bool
  sample: true
can:
  description:
    - What the account can use - C(menu), C(tags), C(templates) (template messages), C(publish), C(customer_service). V(null) if it is not
      known. V(null) for all of it if O(gather) has no V(kind).
    - V(true) means that a request was answered.
  returned: if accounts is not given
  type: dict
  sample: {menu: true, tags: true, templates: true, publish: true, customer_service: false}
because:
  description:
    - Why, for RV(kind), for RV(is_verified) as C(verified), and for each key of RV(can).
  returned: if accounts is not given
  type: dict
  sample:
    kind: {what: "It has template messages, as only service accounts and test accounts do.", errcode: null, guess: true}
    customer_service: {what: The account has not turned customer service on (errcode 65400)., errcode: 65400, guess: false}
third_party:
  description:
    - What the platform says of an account that has authorised O(component_appid). V(null) for any other account.
  returned: if accounts is not given
  type: dict
  sample: null
  contains:
    service_type:
      description: V(0) and V(1) are subscription accounts, V(2) is a service account.
      returned: always
      type: int
      sample: 2
    verify_type:
      description: V(-1) is not verified, V(0) is verified. Others are on their way.
      returned: always
      type: int
      sample: 0
    account_status:
      description: V(1) is normal, V(14) cancelled, V(16) banned, V(18) warned, V(19) frozen.
      returned: always
      type: int
      sample: 1
    permission_sets:
      description:
        - The permission sets (权限集) that the account has granted, each with its C(id), and its C(name) if it is known. V(null) if they
          are not known.
      returned: always
      type: list
      elements: dict
      sample: [{id: 11, name: materials}, {id: 15, name: custom menu}]
    verified_until:
      description: The day on which the verification lapses. V(null) if the account has not granted permission set 3, or if it is not known.
      returned: always
      type: str
      sample: "2027-01-15"
parts:
  description:
    - The parts in O(gather), by name.
  returned: if accounts is not given
  type: dict
  sample:
    draft_switch: {ok: true, errcode: null, meaning: null, remedy: null, refused_at: null, is_open: true}
    publish:
      ok: false
      errcode: 48001
      meaning: This account may not publish by API (errcode 48001).
      refused_at: "2026-11-29 20:30:06"
      remedy: "Have the account verified ..."
  contains:
    ok:
      description: Of each part. Whether it was answered.
      returned: always
      type: bool
    errcode:
      description: Of each part. The platform's error code. V(null) if there is none.
      returned: always
      type: int
    meaning:
      description: Of each part. Why it was not answered. V(null) if it was.
      returned: always
      type: str
    remedy:
      description: Of each part. What to do. V(null) if it was answered.
      returned: always
      type: str
    refused_at:
      description: Of each part. When the platform refused it, in Beijing time. V(null) if it was answered, or if the answer has no rid.
      returned: always
      type: str
    nick_name:
      description:
        - Of C(kind). With C(principal_name), C(user_name) and C(alias) what the platform says of an account of a third-party platform.
          V(null) for any other account.
      returned: if the part was answered
      type: str
    is_open:
      description: Of C(draft_switch). Whether the draft box is on.
      returned: if the part was answered
      type: bool
    menu:
      description:
        - Of C(menu), with C(is_menu_open), C(console_menu) and C(made_by). See M(wxops.official_account.wechat_menu_info).
        - If the account may not use the API's menus, the part is not C(ok), and C(is_menu_open) and C(console_menu) are there nevertheless.
        - If what is shown cannot be read, the part is not C(ok), and C(menu) is there nevertheless.
      returned: if the part was answered
      type: dict
    tags:
      description: Of C(tags). The tags, each with its C(id), C(name) and C(count).
      returned: if the part was answered
      type: list
      elements: dict
    menus:
      description: Of C(conditional_menus). As the platform returns them.
      returned: if the part was answered
      type: list
      elements: dict
    templates:
      description:
        - Of C(templates). By title, a list, because titles are not unique. Each has its C(template_id), its C(keywords) (a label and a name
          each), and its C(kind) - V(template) for template messages, V(notice) for subscription notices.
        - If only one of the two can be read, and that is not for a missing right, the part is not C(ok), and what can be read is here.
      returned: if the part was answered
      type: dict
    is_autoreply_open:
      description:
        - Of C(autoreply), with C(is_add_friend_reply_open), C(add_friend_autoreply_info), C(message_default_autoreply_info) and
          C(keyword_autoreply_info). These are the rules of the console. They sleep while a server answers.
      returned: if the part was answered
      type: bool
    articles:
      description: Of C(publish). The number of published articles.
      returned: if the part was answered
      type: int
    agents:
      description: Of C(customer_service). The number of agents.
      returned: if the part was answered
      type: int
    paths:
      description:
        - Of C(quota). Each of O(quota_paths), with C(ok), C(errcode), C(meaning), C(remedy) and C(refused_at) of its own.
        - Also its C(limit), C(used) and C(left) of today, C(back_at) (Beijing time), and C(rate_limit) and C(component_rate_limit), each
          with C(calls) and C(seconds), or V(null) if the platform does not say.
      returned: if the part was answered
      type: dict
    ping:
      description:
        - Of C(callback), with C(dns). Each ping has its C(ip), C(operator), C(loss) and C(time). It is one ping. A server that drops pings
          has a loss of 100%, and can be well.
      returned: if the part was answered
      type: list
      elements: dict
    api:
      description: Of C(ips), with C(callback). Addresses of the platform that hosts call, and those that call the account's server.
      returned: if the part was answered
      type: list
      elements: str
rid:
  description:
    - What is known about the failed call of O(rid). V(null) if O(rid) is not given.
    - It has C(ok), C(errcode), C(meaning), C(remedy) and C(refused_at) like a part of RV(parts). These are about the question itself.
  returned: if accounts is not given
  type: dict
  sample: null
  contains:
    rid:
      description: The same as O(rid).
      returned: always
      type: str
    at:
      description: When the call came, in Beijing time. It is read from the rid. V(null) if the rid does not tell.
      returned: always
      type: str
      sample: "2021-10-22 14:26:12"
    path:
      description: The path of the call. V(null) if the platform does not say. Its query is dropped.
      returned: always
      type: str
    invoked_at:
      description: When the call came, as the platform says, in Beijing time.
      returned: always
      type: str
    cost_in_ms:
      description: How long it took, in milliseconds.
      returned: always
      type: int
    client_ip:
      description: The address that the call came from.
      returned: always
      type: str
    request_fields:
      description: The names of the fields in the call's body. Never their values.
      returned: always
      type: list
      elements: str
    response_fields:
      description: The names of the fields in the answer's body. Never their values, except of the two that follow.
      returned: always
      type: list
      elements: str
    response_errcode:
      description: The errcode of the answer.
      returned: always
      type: int
    response_errmsg:
      description: The errmsg of the answer, without its long words.
      returned: always
      type: str
    response_meaning:
      description: What the errcode of the answer means. V(null) if the answer has none.
      returned: always
      type: str
    response_remedy:
      description: What to do about it. V(null) if the answer has no errcode.
      returned: always
      type: str
to_do:
  description:
    - What somebody has to do so that the account can use more, once each.
  returned: if accounts is not given
  type: list
  elements: str
  sample: []
verified:
  description:
    - Whether the platform has answered.
    - This is not the platform's verification (认证), which is RV(is_verified).
  returned: if accounts is not given
  type: bool
  sample: true
failure:
  description:
    - Why the task failed - no access_token could be had, none that may be used from here, or nothing was answered at all. V(null) if it
      did not fail. That a part is refused is no failure.
    - With O(accounts) it only says why the task failed before it began. The failure of an account is in RV(accounts).
  returned: always
  type: dict
  sample: null
  contains:
    reason:
      description:
        - One of V(credential), V(operator), V(account), V(quota), V(transient), V(transport), V(protocol) and V(not_attempted). For
          their meaning see RV(wxops.official_account.wechat_draft_switch#module:failure.reason).
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
  description:
    - What the module found, in one sentence.
    - With O(accounts), one line with the counts, and one line for each thing to do, with the accounts that it would help.
  returned: always
  type: str
  sample: The draft box is on.
accounts:
  description:
    - The result of each of O(accounts), by name, in the order given.
    - Empty if the options cannot be used.
  returned: if accounts is given
  type: dict
  sample: {}
  contains:
    changed:
      description: V(false). This module changes nothing.
      returned: always
      type: bool
      sample: false
    failed:
      description: Whether this account failed, or was not attempted.
      returned: always
      type: bool
      sample: false
    kind:
      description: The same as RV(kind), for this account.
      returned: always
      type: str
    is_verified:
      description: The same as RV(is_verified), for this account.
      returned: always
      type: bool
    can:
      description: The same as RV(can), for this account.
      returned: always
      type: dict
    because:
      description: The same as RV(because), for this account.
      returned: always
      type: dict
    third_party:
      description: The same as RV(third_party), for this account.
      returned: always
      type: dict
    parts:
      description: The same as RV(parts), for this account.
      returned: always
      type: dict
    rid:
      description: The same as RV(rid), for this account.
      returned: always
      type: dict
    to_do:
      description: The same as RV(to_do), for this account.
      returned: always
      type: list
      elements: str
    verified:
      description: The same as RV(verified), for this account.
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
  sample: {total: 1000, changed: 0, unchanged: 997, failed: 3, not_attempted: 0, retired: 0}
  contains:
    total:
      description: All accounts.
      returned: always
      type: int
      sample: 1000
    changed:
      description: V(0). This module changes nothing.
      returned: always
      type: int
      sample: 0
    unchanged:
      description: Accounts that the module read, whatever was refused.
      returned: always
      type: int
      sample: 997
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
      description: V(0). The platform still offers the calls.
      returned: always
      type: int
      sample: 0
"""

from ansible_collections.wxops.official_account.plugins.module_utils._run.python import refuse_old_python

# Older Pythons cannot import the files below.
refuse_old_python(
    {
        **dict.fromkeys(("kind", "is_verified", "can", "because", "third_party", "parts", "rid", "to_do")),
        "verified": False,
    }
)

from ansible_collections.wxops.official_account.plugins.module_utils._resource.parts import AccountInfoRows
from ansible_collections.wxops.official_account.plugins.module_utils._run.module import Module
from ansible_collections.wxops.official_account.plugins.module_utils._run.wishes import INFO_SPEC


def main() -> None:
    Module(AccountInfoRows, argument_spec=INFO_SPEC).look_at_parts()


if __name__ == "__main__":
    main()
