# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
notes:
  - The platform is WeChat's servers. A third-party platform (第三方平台) serves accounts that have authorised it.
  - To keep check mode off the network, give the task C(when) with C(not ansible_check_mode).
  - The requests leave from the host that runs the task. The account's IP allow list (IP 白名单) applies to every request. For the
    accounts of a third-party platform, the IP allow list of the third-party platform applies.
  - The module takes proxies from the environment of that host. It does not read C(.netrc), and does not follow redirects.
requirements:
  - requests >= 2.31.0 on the host that runs the task
  - Python >= 3.10 on the host that runs the task
options:
  access_token:
    description:
      - An access_token of the account. It can be the account's own token or an authorizer_access_token. It has 8 to 512 printable
        characters without a space.
      - If the token is dead, the module does not get a new one.
      - Give either this, or O(appid) and O(secret), or O(appid) and O(component_access_token), or O(accounts).
      - If you give no O(access_token), O(appid), O(secret) or O(authorizer_refresh_token), the module uses the environment variables
        E(WECHAT_ACCESS_TOKEN), E(WECHAT_APPID) and E(WECHAT_SECRET) of the host that runs the task. It never mixes them with given
        options.
      - If the task runs where Ansible is started, export the variables there. Ansible does not send them to a remote host, so give
        the options for a remote host. Do not use the keyword C(environment) of a task, because Ansible prints it at C(-vvv).
    type: str
  appid:
    description:
      - The AppID of the account, V(wx) and 16 hexadecimal characters.
      - Needs O(secret), or O(component_appid) and O(component_access_token).
    type: str
  secret:
    description:
      - The AppSecret of the account, 32 hexadecimal characters.
      - The module gets the token with C(cgi-bin/stable_token), which does not affect a token that is in use.
      - Needs O(appid).
    type: str
  authorizer_refresh_token:
    description:
      - The account's authorizer_refresh_token, for an account that has authorised O(component_appid).
      - If not given, the module looks it up, and does not store it.
    type: str
  component_appid:
    description:
      - The AppID of a third-party platform that the account has authorised. If an account is given by its appid alone, this option
        and O(component_access_token) take the place of O(secret).
      - If not given, the module uses the environment variable E(WECHAT_COMPONENT_APPID) of the host that runs the task.
    type: str
  component_access_token:
    description:
      - The current component_access_token of the third-party platform. Take it from the third-party platform's service. The module
        never mints one, because that would invalidate the token of the service.
      - The module uses it to get an authorizer_access_token for each account. This may replace the authorizer_access_token that the
        service caches. To avoid this, take the account's token from the service, and give it as O(access_token).
      - If the platform does not accept this token, or the third-party platform itself has another problem, the run ends at once.
      - If not given, the module uses the environment variable E(WECHAT_COMPONENT_ACCESS_TOKEN) of the host that runs the task.
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
  concurrency:
    description:
      - How many of O(accounts) the module works on at a time. From V(1) to V(256). Each uses its own connection, which stays open.
      - The module works on fewer accounts if its process may not open enough files (two for each account, and some to spare), start
        enough threads, or use enough memory. A warning says why.
    type: int
    default: 32
  api_url:
    description:
      - The platform's entry host, or your own proxy in front of it. The URL must not have user info, a query or a fragment.
      - The platform's other entry hosts are V(https://api2.weixin.qq.com) (disaster recovery), V(https://sh.api.weixin.qq.com),
        V(https://sz.api.weixin.qq.com) and V(https://hk.api.weixin.qq.com).
      - With plain http the module warns, unless the host is a loopback address, because others on the network can read the token.
      - If not given, the module uses the environment variable E(WECHAT_API_URL) of the host that runs the task.
    type: str
    default: https://api.weixin.qq.com
  timeout:
    description:
      - Seconds for a whole request, from the connection to the last byte of the answer. More than 0, and at most V(3600).
      - The time does not limit the lookup of the host name in O(api_url), because the system's resolver has its own time-outs.
    type: float
    default: 10
  retries:
    description:
      - How many times the module reads again, or asks for a token again, after a transient failure. Exponential pauses between the tries
        take some seconds in all.
      - If a change gets no clear answer, the module sends it again at most this many times. Each time, a check must first show that
        the change is still needed.
    type: int
    default: 3
  validate_certs:
    description:
      - Whether to check the server's certificate. Set it to V(false) only for tests.
    type: bool
    default: true
  ca_path:
    description:
      - The path of a PEM file with CA certificates. The module checks the server's certificate with them.
      - It takes priority over the environment variable E(REQUESTS_CA_BUNDLE).
    type: path
  language:
    description:
      - The language of C(msg), of C(failure.remedy) and of the warnings. V(zh) is Simplified Chinese. All keys, and all other values, are
        the same in both languages. Ansible's own messages are in English, such as the one about a misspelt option.
      - If not given, the module uses the environment variable E(WECHAT_LANGUAGE) of the host that runs the task.
    type: str
    choices:
      - en
      - zh
    default: en
"""
