# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The accounts that have authorised a third-party platform, as variables of hosts. The variables never hold a token."""

from __future__ import annotations

import collections
import dataclasses
import functools
import grp
import os
import pwd
import re
import stat
import threading
import typing as t
from pathlib import Path

from ansible_collections.wxops.official_account.plugins.module_utils._account.authorizers import read_list
from ansible_collections.wxops.official_account.plugins.module_utils._account.component import LOOK_UP, permission_sets_in, within
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError, unusable_answer
from ansible_collections.wxops.official_account.plugins.module_utils._http.patience import until_stopped
from ansible_collections.wxops.official_account.plugins.module_utils._http.wire import number
from ansible_collections.wxops.official_account.plugins.module_utils._run.limits import threads_allowed
from ansible_collections.wxops.official_account.plugins.module_utils._run.workers import in_threads
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text

try:
    from ansible.template import trust_as_template as _as_trusted
except ImportError:  # ansible-core 2.18: a text is a template unless it is marked
    from ansible.utils.unsafe_proxy import wrap_var as _as_odd

    def _as_trusted(v: t.Any) -> t.Any:  # type: ignore[misc]
        return v

else:
    # Ansible never evaluates untrusted text as a template. But ansible-inventory shows it wrapped, so plain text is marked as trusted.
    def _as_odd(v: t.Any) -> t.Any:
        return v


if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ansible_collections.wxops.official_account.plugins.module_utils._account.component import Component
    from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import Failure

Variables = dict[str, t.Any]

GROUP = "wechat_accounts"

# The number of accounts between two lines of progress.
_STRIDE = 500

_NOT_AUTHORISED = 61003
_AT = Text("{appid}: {what}")

# Ansible takes these names for the local host or for groups.
_TAKEN = frozenset({"localhost", "all", "ungrouped", GROUP})
# Only accounts of one type have each of these fields. Source: the platform's page "getAuthorizerInfo".
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
    """The accounts that have authorised the third-party platform ``component``. For one run.

    ``pauses``: returns the seconds to wait before each further try. ``progress``: shows a line of progress to the user.
    """

    def __init__(self, component: Component, pauses: Callable[[], Iterable[float]], progress: Callable[[str], None]) -> None:
        self._component = component
        self._progress = progress
        self._stopped = threading.Event()
        self._patience = until_stopped(self._stopped, pauses)

    def listed(self) -> tuple[dict[str, Variables], Failure | None]:
        """The variables of each account, by its AppID; and why accounts may be missing, if so. Raises ApiError if a page cannot be read."""
        listing = read_list(self._component, self._patience, progress=self._progress)
        return {
            one.appid: {"wechat_appid": one.appid, "wechat_auth_time": one.auth_time} for one in listing.authorizers.values()
        }, listing.gap

    def details(self, appids: Iterable[str], concurrency: int, warn: Callable[[Text], object]) -> dict[str, Variables | None]:
        """The variables with the platform's details of each account, in the order of ``appids``.

        The value is None if the account has withdrawn its authorisation. ``warn``: called with a warning if there are fewer threads than
        ``concurrency``. Raises the first error (ApiError or another one); no request for a further account is sent then.
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
                self._progress(f"details of {count:,} of {len(found):,} authorised accounts read")

        in_threads(threads_allowed(min(concurrency, len(found)), warn), found, ask, self._stopped, warn)
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
            raise ApiError(dataclasses.replace(error.failure, what=_AT.filled(appid=appid, what=error.failure.what))) from None


def _variables(details: Mapping[str, t.Any]) -> Variables:
    info = details.get("authorizer_info")
    if not isinstance(info, dict):
        raise unusable_answer(LOOK_UP, Text("the answer holds no details of the account"))
    return {
        "wechat_account_type": _account_type(info),
        "wechat_nick_name": _text(info.get("nick_name")),
        "wechat_user_name": _text(info.get("user_name")),
        "wechat_principal_name": _text(info.get("principal_name")),
        "wechat_service_type": number(within(info, "service_type_info", "id")),
        "wechat_verify_type": number(within(info, "verify_type_info", "id")),
        "wechat_account_status": number(info.get("account_status")),
        "wechat_permission_sets": permission_sets_in(details),
    }


def _account_type(info: Mapping[str, t.Any]) -> str:
    return next((kind for field, kind in _TYPES.items() if info.get(field)), "official_account")


def _text(value: object) -> str | None:
    """``value`` if it is a text. Surrogates are replaced, because no file can hold them, and so no cache."""
    return _HALF.sub("\N{REPLACEMENT CHARACTER}", value) if isinstance(value, str) else None


def named(accounts: Mapping[str, Variables], field: str) -> dict[str, Variables]:
    """``accounts`` by the names of their hosts: the value of ``field``, or the AppID if that value is not a valid and unique name."""
    wanted = {appid: variables.get(f"wechat_{field}") for appid, variables in accounts.items()}
    times = collections.Counter(wanted.values())
    names = {
        appid: name if name and times[name] == 1 and name not in accounts and _is_id(name) else appid for appid, name in wanted.items()
    }
    return {names[appid]: variables for appid, variables in accounts.items()}


def _is_id(text: str) -> bool:
    """Whether ``text`` can be a host's name: it has no special meaning to Ansible, a file system or a terminal."""
    return bool(_ID.fullmatch(text)) and text.lower() not in _TAKEN


def _is_no_template(text: str) -> bool:
    """Whether no character in ``text`` can be part of a template, or of an expression that calls something."""
    return all(character.isalnum() or character in " _-." for character in text if character.isascii())


def as_text(value: t.Any) -> t.Any:
    """``value``, marked so that Ansible never evaluates a text in it as a template, and shows plain text as it is."""
    if isinstance(value, dict):
        return {as_text(name): as_text(its) for name, its in value.items()}
    if isinstance(value, list):
        return [as_text(its) for its in value]
    if not isinstance(value, str):
        return value
    return _as_trusted(value) if _is_no_template(value) else _as_odd(value)


_TEXTS = ("wechat_nick_name", "wechat_user_name", "wechat_principal_name")
_NUMBERS = ("wechat_service_type", "wechat_verify_type", "wechat_account_status")


def usable(cached: object, details: bool) -> dict[str, Variables] | None:
    """What a cache has, if it is what this plugin puts there, made of plain values; otherwise None. A cache may hold anything."""
    if not isinstance(cached, dict):
        return None
    good = {str(appid): _usable(str(appid), its, details) for appid, its in cached.items()}
    return None if None in good.values() else t.cast("dict[str, Variables]", good)


def _usable(appid: str, its: object, details: bool) -> Variables | None:
    if not isinstance(its, dict) or not _is_id(appid) or its.get("wechat_appid") != appid:
        return None
    names: tuple[str, ...] = ("wechat_appid", "wechat_auth_time")
    if details:
        names = (*names, "wechat_account_type", *_TEXTS, *_NUMBERS, "wechat_permission_sets")
    sets = its.get("wechat_permission_sets")
    good = set(its) == set(names)
    good = good and all(_is_number(its[name]) for name in ("wechat_auth_time", *_NUMBERS) if name in names)
    good = good and all(its[name] is None or isinstance(its[name], str) for name in _TEXTS if name in names)
    good = good and its.get("wechat_account_type", "official_account") in ("official_account", *_TYPES.values())
    good = good and (sets is None or (isinstance(sets, list) and all(map(_is_number, sets)) and None not in sets))
    if not good:
        return None
    return {name: [*sets] if sets and name == "wechat_permission_sets" else _bare(its[name]) for name in names}


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool))


def _bare(value: t.Any) -> t.Any:
    """``value`` without what Ansible attaches to a text."""
    return str(value) if isinstance(value, str) else value


def writable_by_others(path: str) -> str:
    """The file or folder because of which somebody else could have written what is at ``path``; empty if nobody else could.

    Others than root and this user, and than their own groups. Nobody else can replace a file in a folder such as /tmp.
    """
    ways = map(Path, (os.path.abspath(path), os.path.realpath(path)))
    for part in dict.fromkeys(str(one) for way in ways for one in (way, *way.parents)):
        try:
            status = os.lstat(part)
        except OSError:
            return part
        if status.st_uid not in (0, os.geteuid()):
            return part
        sticky = stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX
        if sticky or stat.S_ISLNK(status.st_mode):
            continue
        if status.st_mode & stat.S_IWOTH or (status.st_mode & stat.S_IWGRP and not _is_own_group(status.st_gid)):
            return part
    return ""


def _is_own_group(number: int) -> bool:
    """Whether a group is root's, or has nobody but this user, as on systems where each user has a group of that name."""
    if number == 0:
        return True
    try:
        user, group = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(number)
    except KeyError:
        return False
    return group.gr_name == user and set(group.gr_mem) <= {user}
