# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
notes:
  - A look is documented as read-only, not proven to be. In 2021 two users reported that a look turned their switch on, and the
    platform's staff neither confirmed nor denied it. To keep a dry run off the network, give the task C(when) with
    C(not ansible_check_mode).
  - The account's IP allow list covers every call, and the third-party platform's the calls for its accounts. The calls leave from
    the host that runs the task.
  - Proxies are taken from the environment of that host. C(.netrc) is not read, and redirects are not followed.
requirements:
  - requests >= 2.31.0 on the host that runs the task
  - Python >= 3.10 there
options:
  access_token:
    description:
      - An access_token of the account, its own or an authorizer_access_token. 8 to 512 printable characters without a space.
      - Is not replaced when it turns out dead.
      - Give either this, or O(appid) and O(secret), or O(appid) and O(component_access_token), or O(accounts).
      - If none of O(access_token), O(appid), O(secret) and O(authorizer_refresh_token) is given, the environment variables
        E(WECHAT_ACCESS_TOKEN), E(WECHAT_APPID) and E(WECHAT_SECRET) of the host that runs the task are used instead. They never
        mix with given options.
      - Export them where Ansible is started, if the task runs there. They are not carried to a remote host, so give the options
        there. What the keyword C(environment) of a task holds, Ansible prints at C(-vvv).
    type: str
  appid:
    description:
      - The AppID of the account, V(wx) and 16 hexadecimal characters.
      - Needs O(secret), or O(component_appid) and O(component_access_token).
    type: str
  secret:
    description:
      - The AppSecret of the account, 32 hexadecimal characters.
      - The token is fetched with C(cgi-bin/stable_token), which disturbs no token that is in use.
      - Needs O(appid).
    type: str
  authorizer_refresh_token:
    description:
      - The account's authorizer_refresh_token, for an account that has authorised O(component_appid).
      - If not given, it is looked up, and kept nowhere.
    type: str
  component_appid:
    description:
      - The AppID of a third-party platform that the account has authorised. It takes the place of O(secret), with
        O(component_access_token), wherever an account is given by its appid alone.
      - If not given, the environment variable E(WECHAT_COMPONENT_APPID) of the host that runs the task is used.
    type: str
  component_access_token:
    description:
      - The third-party platform's component_access_token, as its service has it now. Take it from there. None is ever minted
        here, because that would invalidate the service's own.
      - With it an authorizer_access_token is fetched for each account, which may replace the one that the service caches. To
        leave that alone, take the account's token from the service, as O(access_token).
      - A token that is not accepted, or another trouble of the third-party platform's own, ends the run at once.
      - If not given, the environment variable E(WECHAT_COMPONENT_ACCESS_TOKEN) of the host that runs the task is used.
    type: str
  accounts:
    description:
      - Many accounts, worked on in one task, O(concurrency) at a time. Each has a result of its own, by its name.
      - Replaces O(access_token), O(appid), O(secret) and O(authorizer_refresh_token), and must not be given beside them. The
        environment is not asked for them then.
      - What fails for one account does not touch another. The task fails after all have been worked on, if one failed.
      - When 16 accounts in a row cannot be reached, each after all its retries, and nothing was answered meanwhile, the rest is not
        attempted.
      - An account that is given twice, once by its AppID and once by its access_token, is found when its token is fetched. The one
        given by its AppID then fails, and nothing is sent for it.
      - A name that is given twice, an account with no or two ways of credentials, or a malformed one fails the task before
        anything is sent. The message names all of them.
      - An empty list succeeds and changes nothing.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - What the account is called in the results. At most 255 printable characters.
          - If not given, O(accounts[].appid) is the name.
        type: str
      access_token:
        description:
          - As O(access_token).
          - Give either this, or O(accounts[].appid) and O(accounts[].secret), or O(accounts[].appid) and
            O(component_access_token).
        type: str
      appid:
        description:
          - As O(appid).
          - Beside O(accounts[].access_token) it is but a name.
        type: str
      secret:
        description:
          - As O(secret).
        type: str
      authorizer_refresh_token:
        description:
          - As O(authorizer_refresh_token).
          - Those that are not given are looked up in the third-party platform's list of authorised accounts, 500 at a time, once
            for the task.
        type: str
  concurrency:
    description:
      - How many of O(accounts) are worked on at a time, each over a connection of its own that is kept open. From V(1) to V(256).
      - Fewer are, with a warning that says why, if the module's process may not open so many files (two each, and some to spare),
        start so many threads, or use so much memory.
    type: int
    default: 32
  api_url:
    description:
      - The platform's entry host, or a proxy of your own before it. No user info, query or fragment.
      - The platform's other entry hosts are V(https://api2.weixin.qq.com) (disaster recovery), V(https://sh.api.weixin.qq.com),
        V(https://sz.api.weixin.qq.com) and V(https://hk.api.weixin.qq.com).
      - Plain http warns if the host is not a loopback address, because the token travels readable.
      - If not given, the environment variable E(WECHAT_API_URL) of the host that runs the task is used.
    type: str
    default: https://api.weixin.qq.com
  timeout:
    description:
      - Seconds for a whole request, from the connection to the last byte of the answer. Above 0, and at most V(3600).
      - Only the look-up of the host name in O(api_url) is not cut short, because the system's resolver has time-outs of its own.
    type: float
    default: 10
  retries:
    description:
      - How many times a look or a token call is tried again after a transient failure, with exponential pauses of some
        seconds in all.
      - An enabling request that got no clear answer is sent again at most as many times, each time only after a look has
        shown that the draft box is still off.
    type: int
    default: 3
  validate_certs:
    description:
      - Whether to check the server's certificate. Set it to V(false) only for tests.
    type: bool
    default: true
  ca_path:
    description:
      - The path of a PEM file with the CA certificates to check the server's certificate with.
      - Wins over the environment variable E(REQUESTS_CA_BUNDLE).
    type: path
"""
