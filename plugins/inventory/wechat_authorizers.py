# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: wechat_authorizers
short_description: Hosts for the accounts that have authorised a third-party platform
version_added: 1.0.0
author:
  - wxops.official_account contributors (@wxops)
description:
  - Each WeChat account that has authorised a third-party platform (第三方平台) is a host in the group C(wechat_accounts). Mini programs,
    Channels accounts and others can also authorise a third-party platform. Only O(details) show which accounts are Official Accounts
    (公众号/服务号).
  - Takes files whose names end in C(.wechat_authorizers.yml) or C(.wechat_authorizers.yaml).
  - Changes nothing, and gets no token of an account. The platform's list contains refresh tokens. The plugin drops them at once. No
    secret is in the variables or in the cache.
  - Each host has the variables C(wechat_appid) and C(wechat_auth_time), the time of its authorisation in seconds since 1970.
  - With O(details) each host also has these variables. If the platform does not give a value, it is V(null).
  - C(wechat_account_type) is V(official_account), or one of V(mini_program), V(channels), V(store), V(talent) and V(supplier), which
    have no draft box.
  - C(wechat_user_name) is the account's original ID. C(wechat_nick_name) and C(wechat_principal_name) are also there.
  - C(wechat_service_type) is V(0) or V(1) for Official Accounts that are subscription accounts, and V(2) for service accounts.
  - C(wechat_verify_type) is V(-1) for unverified accounts. C(wechat_account_status) is V(1) for normal accounts.
  - C(wechat_permission_sets) has the numbers of the permission sets that the account has granted. The draft box switch needs V(11) or
    V(100). Menus need V(15).
  - If a call still fails after its retries, the inventory fails, and no account becomes a host. Ansible turns this into a warning and
    continues without these hosts, unless the environment variable E(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED) is V(true).
  - If the platform's list has odd entries or shows fewer accounts than it announces, O(incomplete_list) decides.
  - If an account has withdrawn its authorisation since it was listed, the plugin leaves it out when it reads the details, and warns.
notes:
  - The requests leave from the host that runs Ansible. Its address must be on the third-party platform's IP allow list (IP 白名单).
  - The modules and the role need the component_access_token too. They do not get it from this plugin.
  - The owners of the accounts choose the names. The plugin keeps names as text. They are never evaluated as templates.
  - Each entry of O(keyed_groups) needs a C(prefix), or a separator in front, and C(parent_group) must not begin with a template. Otherwise
    an owner could name any group, such as V(localhost). Give names that owners choose a prefix that no other group has.
  - A cache in files is used only if nobody but the user and root can write to its file, to its folder and to the folders above. Otherwise
    the plugin warns, and asks the platform. The same holds for a cache that has anything that this plugin does not write.
requirements:
  - requests >= 2.31.0 in the Python that runs Ansible
extends_documentation_fragment:
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
options:
  plugin:
    description:
      - Says that the file is for this plugin.
    type: str
    required: true
    choices:
      - wxops.official_account.wechat_authorizers
  component_appid:
    description:
      - The AppID of the third-party platform, V(wx) and 16 hexadecimal characters. Can be a template.
    type: str
    env:
      - name: WECHAT_COMPONENT_APPID
  component_access_token:
    description:
      - The current component_access_token, from the third-party platform's own service. Can be a template, such as a lookup.
      - Do not write the token itself into the file. If Ansible cannot parse a file, it shows lines of the file.
      - Never mint a token for this. A new token would invalidate the token that the third-party platform's service uses.
      - Not needed while the cache has the accounts.
    type: str
    env:
      - name: WECHAT_COMPONENT_ACCESS_TOKEN
  details:
    description:
      - Whether to read the details of each account. This takes one more call for each account.
    type: bool
    default: false
  incomplete_list:
    description:
      - What to do if the platform's list has an entry without a usable AppID, or announces more accounts than it shows (for example,
        because an account is in it twice). Before that, the plugin reads the list up to three times.
      - With V(warn) the accounts that were listed become hosts, and a warning names the odd entries. So one odd entry does not stop the
        work on all other accounts. The result is not written to the cache.
      - With V(fail) the inventory fails, and no account becomes a host. It also fails if no account at all was listed.
    type: str
    choices:
      - warn
      - fail
    default: warn
  concurrency:
    description:
      - For how many accounts the plugin reads the details at a time. From V(1) to V(256). The number is smaller, with a warning, if there
        are not enough files, threads or memory.
    type: int
    default: 32
  hostname:
    description:
      - The names of the hosts. V(user_name) is the account's original ID, such as V(gh_0123456789ab). It needs O(details).
      - If an account has no original ID, or shares it with another account, the host has the AppID as its name.
      - The nick name cannot be used. Its owner chooses and changes it, and it could be the name of a group or of another host.
    type: str
    choices:
      - appid
      - user_name
    default: appid
  api_url:
    description:
      - The platform's entry host, or your own proxy in front of it. The URL must not have user info, a query or a fragment.
    type: str
    default: https://api.weixin.qq.com
    env:
      - name: WECHAT_API_URL
  timeout:
    description:
      - Seconds for a whole request, from the connection to the last byte of the answer. More than 0, and at most V(3600).
    type: float
    default: 10
  retries:
    description:
      - How many times the plugin tries a call again after a transient failure. Exponential pauses between the tries take some seconds in
        all.
    type: int
    default: 3
  validate_certs:
    description:
      - Whether to check the server's certificate. Set it to V(false) only for tests.
    type: bool
    default: true
  ca_path:
    description:
      - The path of a PEM file with CA certificates. The plugin checks the server's certificate with them.
      - It takes priority over the environment variable E(REQUESTS_CA_BUNDLE).
    type: path
  language:
    description:
      - The language of errors and warnings, V(en) or V(zh), Simplified Chinese. Ansible's own messages are in English.
    type: str
    default: en
    env:
      - name: WECHAT_LANGUAGE
"""

EXAMPLES = r"""
# platform.wechat_authorizers.yml: all accounts; WECHAT_COMPONENT_APPID and WECHAT_COMPONENT_ACCESS_TOKEN are in the environment.
plugin: wxops.official_account.wechat_authorizers

---
# The token comes from the third-party platform's service. Your own command prints it.
plugin: wxops.official_account.wechat_authorizers
component_appid: wx0123456789abcdef
component_access_token: "{{ lookup('ansible.builtin.pipe', 'print-component-token') }}"

---
# With details, cached for an hour. The draft box switch needs permission set 11 or 100, and menus need 15. This pattern selects the
# service accounts whose draft boxes can be turned on: wechat_official_account:&wechat_service_type_2:&wechat_can_switch
plugin: wxops.official_account.wechat_authorizers
details: true
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: .cache
cache_timeout: 3600
keyed_groups:
  - prefix: wechat
    key: wechat_account_type
  - prefix: wechat_service_type
    key: wechat_service_type | string
groups:
  wechat_can_switch: wechat_permission_sets | default([], true) | intersect([11, 100]) | length > 0
  wechat_can_set_menu: 15 in wechat_permission_sets | default([], true)
  wechat_not_normal: wechat_account_status != 1
compose:
  owner: wechat_principal_name
"""

import dataclasses
import errno
import functools
import typing as t

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.plugins.cache import BaseFileCacheModule
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible_collections.wxops.official_account.plugins.module_utils._account.component import LIST
from ansible_collections.wxops.official_account.plugins.module_utils._http.errcodes import COMPONENT_CALL, SAYS
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError, Failure, unexpected_failure
from ansible_collections.wxops.official_account.plugins.module_utils._http.transport import DEFAULT_URL
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import failed, not_started
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import OptionsError, concurrency_of, language_of
from ansible_collections.wxops.official_account.plugins.module_utils._run.service import Service, secrets_masked_in
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text, enumerated
from ansible_collections.wxops.official_account.plugins.plugin_utils._authorizers import (
    GROUP,
    Authorizers,
    Variables,
    as_text,
    named,
    usable,
    writable_by_others,
)

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from ansible.inventory.data import InventoryData
    from ansible.parsing.dataloader import DataLoader

_OR_WARN = Text("{remedy}; to use the accounts that were listed, set incomplete_list to warn")
_OTHERS_CAN_WRITE = Text(
    "The inventory cache is not used, and the platform is asked: others than this user and root can write to {others}. "
    "Set cache_connection to a folder that only this user can write to."
)
_CONNECTION = ("timeout", "retries", "validate_certs", "ca_path")


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    NAME = "wxops.official_account.wechat_authorizers"
    _listed_all = True

    def verify_file(self, path: str) -> bool:
        return path.endswith((".wechat_authorizers.yml", ".wechat_authorizers.yaml")) and bool(super().verify_file(path))  # type: ignore[no-untyped-call]

    def parse(self, inventory: InventoryData, loader: DataLoader, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)  # type: ignore[no-untyped-call]
        try:
            self._refuse_language()
            self._refuse_bare_groups()
            accounts = self._accounts(path, cache)
        except OptionsError as error:
            raise AnsibleParserError(self._said(not_started(error.what, error.remedy))) from None
        except ApiError as error:
            raise AnsibleParserError(self._said(_sentence(error.failure))) from None
        except AnsibleError:
            raise
        except Exception as unexpected:  # its text could hold a secret
            raise AnsibleParserError(self._said(_sentence(unexpected_failure(LIST, unexpected)))) from None
        self._populate(inventory, named(accounts, self._option("hostname")))

    def _refuse_language(self) -> None:
        """Raises OptionsError if there is no such language. Ansible's own choices would refuse an empty variable."""
        if self._option("language") not in ("en", "zh", "", None):
            raise OptionsError(Text("language is neither en nor zh"), Text("give one of them, or leave it out"))

    def _refuse_bare_groups(self) -> None:
        """Raises OptionsError if the names of groups would be nothing but values. An account's owner chooses some of them."""
        leading = self._option("leading_separator") is not False
        for one in self._option("keyed_groups") or ():
            if not isinstance(one, dict):
                continue
            prefix, parent = one.get("prefix") or "", one.get("parent_group") or ""
            if not str(prefix).strip() and not (leading and str(one.get("separator", "_")).strip()):
                what = Text("an entry of keyed_groups has no prefix, so the owner of an account could name any group, such as localhost")
                raise OptionsError(what, Text("give each entry a prefix"))
            if str(parent).strip().startswith(("{{", "{%")):
                what = Text(
                    "parent_group in an entry of keyed_groups begins with a template, so the owner of an account could name any group"
                )
                raise OptionsError(what, Text("begin parent_group with words of your own"))

    def _accounts(self, path: str, may_be_cached: bool) -> dict[str, Variables]:
        """The variables of each account, by its AppID; from the cache if they are there."""
        component_appid, api_url = self._templated("component_appid"), self._option("api_url") or DEFAULT_URL
        if self._option("hostname") != "appid" and not self._option("details"):
            what = Text("hostname is {hostname} without details")
            remedy = Text("set details to true, or leave hostname out")
            raise OptionsError(what.filled(hostname=self._option("hostname")), remedy)
        if not self._option("cache"):
            return self._fetch(component_appid, api_url)
        # The key has all that the result depends on: another third-party platform, or details, must not come from the same entry.
        key = self.get_cache_key(f"{path} {api_url} {component_appid} {self._option('details')}")
        cached = self._cached(key) if may_be_cached else None
        if cached is not None:
            return cached
        accounts = self._fetch(component_appid, api_url)
        if self._listed_all:
            self._cache[key] = accounts
        return accounts

    def _cached(self, key: str) -> dict[str, Variables] | None:
        """What the cache has; None if there is no entry, an old one, or one that somebody else may have written."""
        cache = self._cache._plugin
        if isinstance(cache, BaseFileCacheModule):
            cache._load = functools.partial(self._load, cache._load)  # type: ignore[method-assign]
        try:
            cached = usable(self._cache[key], bool(self._option("details")))
        except KeyError:
            return None
        if cached is None:
            self._warn(Text("The inventory cache is not used, and the platform is asked: it holds what this plugin did not write."))
        return cached

    def _load(self, load: Callable[[str], object], path: str) -> object:
        """What the cache plugin's method ``load`` finds at ``path``. Raises FileNotFoundError if somebody else may have written it."""
        others = writable_by_others(path)
        if not others:
            return load(path)
        self._warn(_OTHERS_CAN_WRITE.filled(others=others))
        # Ansible's class of caches takes this as a cache without the entry.
        raise FileNotFoundError(errno.ENOENT, "not read")

    def _fetch(self, component_appid: str | None, api_url: str) -> dict[str, Variables]:
        token, concurrency = self._templated("component_access_token"), concurrency_of({"concurrency": self._option("concurrency")})
        options = {name: self._option(name) for name in _CONNECTION}
        options.update(component_appid=component_appid, component_access_token=token, api_url=api_url)
        service = Service(options, None, secrets_masked_in(None), self._warn, concurrency)
        if not service.component:
            remedy = Text(
                "give component_appid and component_access_token in the inventory file, or WECHAT_COMPONENT_APPID and "
                "WECHAT_COMPONENT_ACCESS_TOKEN in the environment"
            )
            raise OptionsError(Text("no third-party platform is given"), remedy)
        authorizers = Authorizers(service.component, service.pauses, self.display.v)
        accounts, gap = authorizers.listed()
        self._listed_all = gap is None
        if gap and (self._option("incomplete_list") == "fail" or not accounts):
            raise ApiError(dataclasses.replace(gap, remedy=_OR_WARN.filled(remedy=gap.remedy)) if accounts else gap)
        if gap:
            incomplete = Text("The list of authorised accounts is incomplete: {what}. The others are used; {remedy}.")
            self._warn(incomplete.filled(what=gap.what, remedy=gap.remedy))
        if self._option("details") and accounts:
            details = authorizers.details(accounts, concurrency, self._warn)
            gone = [appid for appid, found in details.items() if found is None]
            if gone:
                left_out = Text("Left out, because they withdrew their authorisation after they were listed: {appids}.")
                self._warn(left_out.filled(appids=enumerated(gone)))
            return {appid: {**accounts[appid], **found} for appid, found in details.items() if found is not None}
        return accounts

    def _templated(self, name: str) -> str | None:
        """The option ``name``, a credential that may be a template; None if it is not set or empty."""
        try:
            value = self.templar.template(self._option(name))
        except Exception as error:  # a lookup can raise anything, and the text may hold a secret
            kind = type(error).__name__
            what = Text("{name} cannot be worked out ({kind})").filled(name=name, kind=kind)
            remedy = Text("correct its template in the inventory file")
            raise OptionsError(what, remedy) from None
        return None if value is None or value == "" else str(value)

    def _warn(self, warning: Text) -> None:
        self.display.warning(self._said(warning))

    def _said(self, text: Text) -> str:
        return text.said(language_of({"language": self._option("language")}))

    def _option(self, name: str) -> t.Any:
        return self.get_option(name)  # type: ignore[no-untyped-call]

    def _populate(self, inventory: t.Any, hosts: dict[str, Variables]) -> None:
        """Add ``hosts`` to the inventory. With the option ``strict``, add none of them if a template for one of them fails."""
        constructed: t.Any = self
        strict = self._option("strict")
        before = {
            host.name: (dict(host.vars), {group for group in inventory.groups.values() if host in group.hosts})
            for host in map(inventory.get_host, hosts)
            if host
        }
        inventory.add_group(GROUP)
        try:
            for host, variables in hosts.items():
                inventory.add_host(host, group=GROUP)
                for name, value in variables.items():
                    inventory.set_variable(host, name, as_text(value))
                known = inventory.get_host(host).get_vars()
                constructed._set_composite_vars(self._option("compose"), known, host, strict=strict)
                constructed._add_host_to_composed_groups(self._option("groups"), known, host, strict=strict)
                constructed._add_host_to_keyed_groups(self._option("keyed_groups"), known, host, strict=strict)
        except Exception:
            for host in filter(None, map(inventory.get_host, hosts)):
                inventory.remove_host(host)
                if host.name in before:  # it comes from another inventory source
                    host.vars, groups = before[host.name]
                    inventory.hosts[host.name] = host
                    for group in groups:
                        group.add_host(host)
            raise


def _sentence(failure: Failure) -> Text:
    # The failure for an unknown code says it already.
    if not failure.errmsg or failure.errcode not in COMPONENT_CALL.meanings:
        return failed(failure)
    return failed(dataclasses.replace(failure, what=SAYS.filled(what=failure.what, errmsg=failure.errmsg)))
