# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""Credentials from the options: the valid combinations, and the checks before anything is sent."""

from __future__ import annotations

import collections
import dataclasses
import re
import typing as t

from .._http.wire import is_token
from .._resource.results import some
from .options import OptionsError, concurrency_of

if t.TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

OPTIONS = ("access_token", "appid", "secret", "authorizer_refresh_token")

# These are not fallbacks in the argument spec, because Ansible would mix those with the options of a task.
VARIABLES = {"access_token": "WECHAT_ACCESS_TOKEN", "appid": "WECHAT_APPID", "secret": "WECHAT_SECRET"}

MAX_NAME = 255

# The options of an account that has authorised a third-party platform. They need the third-party platform's credentials as well.
_AUTHORIZED_WAYS = ({"appid"}, {"appid", "authorizer_refresh_token"})
_WAYS = ({"access_token"}, {"appid", "secret"})
# In the option accounts, an appid next to an access_token is only the account's name.
_ACCOUNT_WAYS = (*_WAYS, {"access_token", "appid"})
_APPID_ALONE = "no secret or access_token, and no third-party platform is given"
_GIVE_COMPONENT = (
    "give them a secret or an access_token or, if they have authorised a third-party platform, give component_appid and "
    "component_access_token (WECHAT_COMPONENT_APPID and WECHAT_COMPONENT_ACCESS_TOKEN in the environment)"
)
_APPID = re.compile(r"wx[0-9a-fA-F]{16}")
_SECRET = re.compile(r"[0-9a-fA-F]{32}")


@dataclasses.dataclass(frozen=True)
class Credentials:
    """The credentials of one account: ``access_token``, or ``appid`` and ``secret``, or only ``appid`` if a third-party platform serves it.

    ``authorizer_refresh_token``: optional next to that single ``appid``. A value that is not given is empty.
    """

    access_token: str = dataclasses.field(default="", repr=False)
    appid: str = ""
    secret: str = dataclasses.field(default="", repr=False)
    authorizer_refresh_token: str = dataclasses.field(default="", repr=False)

    @property
    def authorized(self) -> bool:
        """Whether the account's token comes through a third-party platform."""
        return not self.access_token and not self.secret

    def secrets(self) -> list[str]:
        return list(filter(None, (self.access_token, self.secret, self.authorizer_refresh_token)))


@dataclasses.dataclass(frozen=True)
class ComponentCredentials:
    """The credentials of a third-party platform."""

    appid: str
    access_token: str = dataclasses.field(repr=False)


def credentials_of(params: Mapping[str, t.Any], environ: Mapping[str, str]) -> Credentials:
    """The credentials in the options or, if the options have none at all, in the environment.

    Raises OptionsError if there are none, if they are not one valid combination, or if one is malformed.
    """
    given = _of(params)
    label: Mapping[str, str] = {option: option for option in OPTIONS}
    if not given:
        given = {option: environ[name] for option, name in VARIABLES.items() if environ.get(name)}
        label = VARIABLES
    either = f"give either {label['access_token']}, or {label['appid']} and {label['secret']}"
    if not given:
        names = VARIABLES
        raise OptionsError(
            "no credentials are given",
            f"{either}, in the task or as {names['access_token']}, or {names['appid']} and {names['secret']}, in the environment",
        )
    if set(given) in _AUTHORIZED_WAYS:
        if not _has_component(params):
            remedy = f"{either}; for an account that has authorised a third-party platform, component_appid and component_access_token"
            raise OptionsError(_not_one_way(given, label), remedy)
    elif set(given) not in _WAYS:
        raise OptionsError(_not_one_way(given, label), either)
    for option, value in given.items():
        what, remedy = _malformed(option, value)
        if what:
            raise OptionsError(f"{label[option]} {what}", remedy)
    return Credentials(**given)


def component_of(params: Mapping[str, t.Any]) -> ComponentCredentials | None:
    """The third-party platform in the options, or None. Raises OptionsError if its credentials are incomplete or malformed."""
    appid, access_token = params["component_appid"], params["component_access_token"]
    if appid is None and access_token is None:
        return None
    if appid is None or access_token is None:
        raise OptionsError(
            f"component_{'access_token' if appid is None else 'appid'} is given alone",
            "give both component_appid and component_access_token",
        )
    if not _APPID.fullmatch(appid):
        raise OptionsError(
            "component_appid is not wx and 16 hexadecimal characters", "copy the AppID of the third-party platform from open.weixin.qq.com"
        )
    if not is_token(access_token):
        raise OptionsError("component_access_token is not a token", "take the current one from the third-party platform's service")
    return ComponentCredentials(appid, access_token)


def _has_component(params: Mapping[str, t.Any]) -> bool:
    return params["component_appid"] is not None or params["component_access_token"] is not None


def credentials_by_name(params: Mapping[str, t.Any]) -> dict[str, Credentials]:
    """The credentials in the option ``accounts``, by name and in that order.

    Raises OptionsError if they cannot be used. It names every account that has a problem.
    """
    others = list(_of(params))
    if others:
        raise OptionsError(f"accounts is given together with {', '.join(others)}", "give each account its credentials within accounts")
    concurrency_of(params)
    accounts = params["accounts"]
    names = [account["appid"] if account["name"] is None else account["name"] for account in accounts]
    repeated = _repeated(names)
    same = _repeated(identity for account in accounts for identity in _identities(account))
    ways = (*_ACCOUNT_WAYS, *(_AUTHORIZED_WAYS if _has_component(params) else ()))
    problems: dict[str, list[str]] = {}
    for position, (name, account) in enumerate(zip(names, accounts, strict=True), 1):
        # A malformed AppID is not shown: it may be an AppSecret in the wrong option.
        shown = name is not None and name.isprintable() and (account["name"] is not None or _APPID.fullmatch(name))
        for problem in _problems(name, account, repeated, same, ways):
            problems.setdefault(problem, []).append(f"{position} ({name})" if shown else f"{position}")
    if problems:
        listed, brief = (
            "accounts cannot be used: " + "; ".join(f"{problem}: account {name(where)}" for problem, where in problems.items())
            for name in (", ".join, some)
        )
        remedy = (
            _GIVE_COMPONENT if set(problems) == {_APPID_ALONE} else "correct these accounts; their secrets and tokens are not shown here"
        )
        raise OptionsError(listed, remedy, brief)
    return {name: Credentials(**_of(account)) for name, account in zip(names, accounts, strict=True)}


def _identities(account: Mapping[str, t.Any]) -> list[str]:
    """The values that identify an account.

    An account must not be there twice: two threads would then send a change at the same time, with no look in between.
    """
    return [account[option].lower() if option == "appid" else account[option] for option in ("appid", "access_token") if account[option]]


def _repeated(values: Iterable[str | None]) -> set[str]:
    return {value for value, count in collections.Counter(values).items() if value is not None and count > 1}


def _problems(
    name: str | None, account: Mapping[str, t.Any], repeated: Collection[str], same: Collection[str], ways: Collection[set[str]]
) -> Iterator[str]:
    """What is wrong with one of ``accounts``."""
    given = _of(account)
    if not name:
        yield "no name (it can only be left out where there is an appid)"
    elif not name.isprintable() or len(name) > MAX_NAME:
        yield f"the name holds control characters or is longer than {MAX_NAME}"
    elif name in repeated:
        yield "the same name more than once"
    if any(identity in same for identity in _identities(account)):
        yield "the same account more than once"
    if not given:
        yield "no credentials (give either access_token, or appid and secret, or appid and a third-party platform)"
    elif set(given) in _AUTHORIZED_WAYS and set(given) not in ways:
        yield _APPID_ALONE
    elif set(given) not in ways:
        yield _not_one_way(given, {option: option for option in OPTIONS})
    for option, value in given.items():
        what, _remedy = _malformed(option, value)
        if what:
            yield f"{option} {what}"


def _of(params: Mapping[str, t.Any]) -> dict[str, str]:
    """The credentials in ``params``."""
    return {option: params[option] for option in OPTIONS if params[option] is not None}


def _not_one_way(given: Iterable[str], label: Mapping[str, str]) -> str:
    return "not exactly one way of credentials is given, but " + ", ".join(label[option] for option in given)


def is_appid(text: str) -> bool:
    return bool(_APPID.fullmatch(text))


def _malformed(option: str, value: str) -> tuple[str, str]:
    """What is wrong with a credential's form, and what to do; both are empty if the form is right."""
    if option == "access_token" and not is_token(value):
        problem = "is not a token: 8 to 512 printable characters without a space" if value else "is empty"
        return problem, "give the token itself; it is not shown here"
    if option == "authorizer_refresh_token" and not is_token(value):
        return (
            "is not a token",
            "give it as the third-party platform's list of authorised accounts has it, or leave it out; it is not shown here",
        )
    if option == "appid" and not _APPID.fullmatch(value):
        return (
            "is not wx and 16 hexadecimal characters",
            "copy the AppID from the WeChat developer platform, and take care not to swap it with the AppSecret",
        )
    if option == "secret" and not _SECRET.fullmatch(value):
        return "is not 32 hexadecimal characters", "copy the AppSecret whole; it is not shown here"
    return "", ""
