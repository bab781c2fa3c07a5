# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""The accounts that have authorised a third-party platform, as variables of hosts: never with a token in them."""

from __future__ import annotations

import collections
import dataclasses
import functools
import re
import threading
import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._account.authorizers import read_list
from ansible_collections.wxops.official_account.plugins.module_utils._account.component import LIST, LOOK_UP
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError, senseless
from ansible_collections.wxops.official_account.plugins.module_utils._http.patience import until_stopped
from ansible_collections.wxops.official_account.plugins.module_utils._http.wire import number
from ansible_collections.wxops.official_account.plugins.module_utils._run.limits import fitting
from ansible_collections.wxops.official_account.plugins.module_utils._run.workers import in_threads

try:
    from ansible.template import trust_as_template as _as_plain
except ImportError:  # ansible-core 2.18, where text is a template unless it is marked
    from ansible.utils.unsafe_proxy import wrap_var as _as_odd

    def _as_plain(v: t.Any) -> t.Any:  # type: ignore[misc]
        return v

else:
    # What is not trusted is never evaluated; ansible-inventory shows it wrapped, so plain text is trusted.
    def _as_odd(v: t.Any) -> t.Any:
        return v


if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ansible_collections.wxops.official_account.plugins.module_utils._account.component import Component

Variables = dict[str, t.Any]

GROUP = "wechat_accounts"

# How many accounts between two lines of progress.
_STRIDE = 500

_NOT_AUTHORISED = 61003

# To Ansible these are this very host, or groups.
_TAKEN = frozenset({"localhost", "all", "ungrouped", GROUP})
# The page of the call says of each of these fields that only accounts of its kind have it.
_TYPES = {
    "MiniProgramInfo": "mini_program",
    "channels_info": "channels",
    "store_info": "store",
    "talent_info": "talent",
    "supplier_info": "supplier",
}
_HALF = re.compile("[\ud800-\udfff]")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class Authorizers:
    """The accounts that have authorised the platform ``component``. For one run.

    ``pauses``: makes the seconds to wait before each further try. ``tell``: passes a line of progress to the user.
    """

    def __init__(self, component: Component, pauses: Callable[[], Iterable[float]], tell: Callable[[str], None]) -> None:
        self._component = component
        self._tell = tell
        self._stopped = threading.Event()
        self._patience = until_stopped(self._stopped, pauses)

    def listed(self) -> dict[str, Variables]:
        """The variables of each account, by its AppID. Raises ApiError unless all of them can be had."""
        listing = read_list(self._component, self._patience, tell=self._tell)
        if listing.gap:
            raise ApiError(listing.gap)
        if not all(map(_is_id, listing.authorizers)):
            raise senseless(LIST, "the answer holds an account whose AppID is none")
        return {one.appid: {"wechat_appid": one.appid, "wechat_auth_time": one.auth_time} for one in listing.authorizers.values()}

    def details(self, appids: Iterable[str], concurrency: int, warn: Callable[[str], object]) -> dict[str, Variables | None]:
        """What the platform says of each account, in this order; None of one that has taken its authorisation back.

        ``warn``: told if there are fewer threads than ``concurrency``. Raises the first error. No further account is asked for then.
        """
        found: dict[str, Variables | None] = dict.fromkeys(appids)
        done: list[str] = []
        errors: list[Exception] = []

        def ask(appid: str) -> None:
            try:
                found[appid] = self._details(appid)
            except Exception as error:
                errors.append(error)
                self._stopped.set()
                return
            done.append(appid)
            count = len(done)
            if count % _STRIDE == 0 or count == len(found):
                self._tell(f"details of {count:,} of {len(found):,} authorised accounts read")

        in_threads(fitting(min(concurrency, len(found)), warn), found, ask, self._stopped, warn)
        if errors:
            raise errors[0]
        return found

    def _details(self, appid: str) -> Variables | None:
        try:
            return _variables(self._patience.read(functools.partial(self._component.details, appid)))
        except ApiError as error:
            if error.failure.errcode == _NOT_AUTHORISED:
                return None
            if error.failure.shared:
                raise
            raise ApiError(dataclasses.replace(error.failure, what=f"{appid}: {error.failure.what}")) from None


def _variables(details: Mapping[str, t.Any]) -> Variables:
    info = details.get("authorizer_info")
    if not isinstance(info, dict):
        raise senseless(LOOK_UP, "the answer holds no details of the account")
    return {
        "wechat_account_type": _account_type(info),
        "wechat_nick_name": _text(info.get("nick_name")),
        "wechat_user_name": _text(info.get("user_name")),
        "wechat_principal_name": _text(info.get("principal_name")),
        "wechat_service_type": number(_within(info, "service_type_info", "id")),
        "wechat_verify_type": number(_within(info, "verify_type_info", "id")),
        "wechat_account_status": number(info.get("account_status")),
        "wechat_permission_sets": _permission_sets(_within(details, "authorization_info", "func_info")),
    }


def _account_type(info: Mapping[str, t.Any]) -> str:
    return next((kind for field, kind in _TYPES.items() if info.get(field)), "official_account")


def _permission_sets(granted: object) -> list[int] | None:
    """Their numbers, or None if it is not known which there are."""
    if not isinstance(granted, list):
        return None
    numbers = [number(_within(one, "funcscope_category", "id")) for one in granted]
    return None if None in numbers else [one for one in numbers if one is not None]


def _within(fields: object, *names: str) -> object:
    for name in names:
        fields = fields.get(name) if isinstance(fields, dict) else None
    return fields


def _text(value: object) -> str | None:
    """``value`` if it is a text, without the halves of characters that no file, and so no cache, can hold."""
    return _HALF.sub("\N{REPLACEMENT CHARACTER}", value) if isinstance(value, str) else None


def named(accounts: Mapping[str, Variables], field: str) -> dict[str, Variables]:
    """``accounts`` by the names of their hosts: what ``field`` holds, or the AppID where that is no name of one account alone."""
    wanted = {appid: variables.get(f"wechat_{field}") for appid, variables in accounts.items()}
    times = collections.Counter(wanted.values())
    names = {
        appid: name if name and times[name] == 1 and name not in accounts and _is_id(name) else appid for appid, name in wanted.items()
    }
    return {names[appid]: variables for appid, variables in accounts.items()}


def _is_id(text: str) -> bool:
    """Whether ``text`` can be a host's name: nothing that Ansible, a file system or a terminal would take for its own."""
    return bool(_ID.fullmatch(text)) and text.lower() not in _TAKEN


def _plain(text: str) -> bool:
    """Whether nothing in ``text`` can be part of a template, or of an expression that calls something."""
    return all(character.isalnum() or character in " _-." for character in text if character.isascii())


def as_text(value: t.Any) -> t.Any:
    """``value`` of a variable, such that Ansible never takes a text for a template, and shows plain ones as they are."""
    if not isinstance(value, str):
        return value
    return _as_plain(value) if _plain(value) else _as_odd(value)
