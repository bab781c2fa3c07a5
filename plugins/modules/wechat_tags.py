#!/usr/bin/python
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wechat_tags
short_description: Create, rename and delete the user tags of a WeChat Official Account
version_added: 1.0.0
author:
  - wxops.official_account contributors (@wxops)
description:
  - Reads the user tags (用户标签) of a WeChat Official Account (公众号/服务号), and creates, renames or deletes those that are not as
    declared. All other tags stay as they are. No option deletes what is not named.
  - Tags are declared by name, because the same tag has another id on each account. RV(tags) has the ids.
  - The platform may show an old list of tags, and two lists in a row may differ. Before the module creates or renames a tag, it reads the
    list a second time, 1 second later. What one of the two lists has is there.
  - A request that creates a tag is never sent again after an answer that is lost or not clear. The list decides whether the tag is there.
  - New tags are created one after the other, in the order given.
  - Renames come first, then new tags, then deletions. A failure ends the work on the account.
  - The platform allows several tags with one name. The module never chooses one of them, and never merges tags. It refuses to
    work on such a name, and says the ids.
  - Does not give tags to users, or take them from users.
  - Only accounts that are verified may use tags. An account that has authorised a third-party platform must have granted permission set
    2 or 100.
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
      - Shows the names of the tags, sorted, for each account that changes.
  idempotent:
    support: full
  reversible:
    support: partial
    details:
      - A rename can be undone with another rename. A tag that was created can be deleted.
      - The API cannot bring back a deleted tag with its id and its users.
options:
  state:
    description:
      - V(present) creates those of O(tags) that are missing.
      - V(absent) deletes those of O(tags) that are there.
    type: str
    choices:
      - present
      - absent
    default: present
  tags:
    description:
      - The names, a list of texts. Quote those that YAML would read as something else, such as V("1.0") or V("on").
      - A name has at most 30 characters. The platform's pages differ on whether 30 bytes are the limit. 10 Chinese characters are safe.
      - Needed unless O(rename) is given, here or as O(accounts[].tags).
    type: raw
  rename:
    description:
      - Tags that get another name, as a dict of old names and new names. A tag keeps its id and its users.
      - If there is no tag with the old name, and one with the new name, nothing is done.
      - Refused if there are both, because the users of two tags cannot be merged, and if there is neither.
    type: raw
  delete_members:
    description:
      - Whether tags may be deleted that users may have. All of these users lose the tag, and the API cannot bring it back.
      - Without it, no tag is deleted. The platform's number of users may be hours late, so that V(0) does not say that there are none.
    type: bool
    default: false
  delete_in_use:
    description:
      - Whether tags may be deleted that a conditional menu (个性化菜单) is for. Nobody sees that menu then.
      - Without it, the module reads the conditional menus before it deletes a tag, and refuses if one is for that tag.
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
      tags:
        description:
          - The same as O(tags), for this account. It replaces O(tags).
        type: raw
      rename:
        description:
          - The same as O(rename), for this account. It replaces O(rename).
        type: raw
seealso:
  - module: wxops.official_account.wechat_tags_info
  - name: Create tag
    description: The platform's documentation of the call.
    link: https://developers.weixin.qq.com/doc/subscription/api/usermanage/tag/api_createtag.html
"""

EXAMPLES = r"""
- name: Have these tags
  wxops.official_account.wechat_tags:
    appid: wx0123456789abcdef
    secret: "{{ vault_wechat_secret }}"
    tags:
      - VIP
      - 广东
  register: tags

- name: Show the id of one of them
  ansible.builtin.debug:
    msg: "{{ tags.tags['VIP'].id }}"

- name: Give a tag another name
  wxops.official_account.wechat_tags:
    appid: wx0123456789abcdef
    secret: "{{ vault_wechat_secret }}"
    rename:
      VIP: Gold

- name: Delete a tag, and take it from all its users
  wxops.official_account.wechat_tags:
    appid: wx0123456789abcdef
    secret: "{{ vault_wechat_secret }}"
    state: absent
    tags:
      - Summer 2025
    delete_members: true

- name: The same tags for many accounts, and others for one of them
  wxops.official_account.wechat_tags:
    tags:
      - VIP
    accounts:
      - name: brand-a
        appid: wx0123456789abcdef
        secret: "{{ vault_wechat_secret }}"
        tags:
          - VIP
          - Press
      - name: brand-b
        access_token: "{{ wechat_access_token }}"
"""

RETURN = r"""
tags:
  description:
    - The tags of the account now, by name. Each has its C(id), and C(count), the number of its users, which the platform counts only from
      time to time.
      In check mode, the tags that there would be. A new one has the C(id) V(null) then.
    - Without the tags of the platform, which are in RV(system), and those of which several have the same name, which are in
      RV(duplicates). V(null) if they are not known.
  returned: if accounts is not given
  type: dict
  sample: {VIP: {id: 134, count: 12}, Friends: {id: 135, count: 0}}
before:
  description:
    - The same as RV(tags), before the task.
  returned: if accounts is not given
  type: dict
  sample: {VIP: {id: 134, count: 12}}
changes:
  description:
    - What this task has changed. In check mode, what it would change.
  returned: if accounts is not given
  type: dict
  sample: {created: [Friends], renamed: {}, deleted: {}}
  contains:
    created:
      description: The names of the new tags.
      returned: always
      type: list
      elements: str
      sample: [Friends]
    renamed:
      description: The new names, by the old ones.
      returned: always
      type: dict
      sample: {}
    deleted:
      description: The ids of the deleted tags, by their names.
      returned: always
      type: dict
      sample: {}
duplicates:
  description:
    - The names that several tags have, and the ids of these tags. V(null) if they are not known.
  returned: if accounts is not given
  type: dict
  sample: {}
system:
  description:
    - The tags that the platform has made for the account. V(null) if they are not known.
  returned: if accounts is not given
  type: list
  elements: dict
  sample: [{id: 2, name: 星标组, count: 0}]
verified:
  description:
    - Whether a check has shown all of RV(tags). If a change was sent, this must be after the last one.
    - V(false) without a failure if the platform has answered a request with the id of a new tag, and no list shows that tag yet.
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
        - V(refused) - a name belongs to several tags or to the platform, or users may lose a tag. See O(rename), O(delete_members) and
          O(delete_in_use).
        - V(conflict) - after a change, the tags are neither as they were nor as declared. Somebody else has changed them.
        - V(not_effective) - the platform accepted the change, and still shows the tags as they were, or gave a new tag another name.
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
  sample: "Tags have been changed: created: Friends."
accounts:
  description:
    - The result of each of O(accounts), by name, in the order given.
    - Empty if the options cannot be used.
  returned: if accounts is given
  type: dict
  sample: {}
  contains:
    changed:
      description: Whether tags of this account were changed, or would be in check mode.
      returned: always
      type: bool
      sample: true
    failed:
      description: Whether this account failed, or was not attempted.
      returned: always
      type: bool
      sample: false
    tags:
      description: The same as RV(tags), for this account.
      returned: always
      type: dict
    before:
      description: The same as RV(before), for this account.
      returned: always
      type: dict
    changes:
      description: The same as RV(changes), for this account.
      returned: always
      type: dict
    duplicates:
      description: The same as RV(duplicates), for this account.
      returned: always
      type: dict
    system:
      description: The same as RV(system), for this account.
      returned: always
      type: list
      elements: dict
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
      description: Accounts whose tags were changed, or would be in check mode.
      returned: always
      type: int
      sample: 12
    unchanged:
      description: Those whose tags were as declared.
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
      description: V(0). The platform still offers the calls for tags.
      returned: always
      type: int
      sample: 0
"""

from ansible_collections.wxops.official_account.plugins.module_utils._run.python import refuse_old_python

# Older Pythons cannot import the files below.
refuse_old_python(
    {
        "tags": None,
        "before": None,
        "changes": None,
        "duplicates": None,
        "system": None,
        "verified": False,
        "request_sent": False,
    }
)

import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError
from ansible_collections.wxops.official_account.plugins.module_utils._resource.tags import (
    ACCOUNT_OPTIONS,
    OPTIONS,
    TAGS,
    TagsRows,
    next_change_to,
)
from ansible_collections.wxops.official_account.plugins.module_utils._resource.tags_input import check_options
from ansible_collections.wxops.official_account.plugins.module_utils._run.module import Module
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import ARGUMENT_SPEC

ACCOUNTS = ARGUMENT_SPEC["accounts"]
SPEC: dict[str, dict[str, t.Any]] = {
    **ARGUMENT_SPEC,
    **OPTIONS,
    "accounts": {**ACCOUNTS, "options": {**ACCOUNTS["options"], **ACCOUNT_OPTIONS}},
}


def main() -> None:
    module = Module(TagsRows, argument_spec=SPEC)
    params = module.params
    given = {"": params} if params["accounts"] is None else {str(one["name"] or one["appid"]): one for one in params["accounts"]}
    own = {name: {key: params[key] if one[key] is None else one[key] for key in ACCOUNT_OPTIONS} for name, one in given.items()}
    try:
        declared, warnings = check_options({name: {**params, **its} for name, its in own.items()})
    except ApiError as error:
        module.refuse(error.failure)
    for warning in warnings:
        module.warn(warning)
    module.converge(TAGS, lambda name: next_change_to(declared[name]))


if __name__ == "__main__":
    main()
