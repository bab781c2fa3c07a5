# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""The options that the modules share, and what must be right about them before anything is sent."""

from __future__ import annotations

import collections
import dataclasses
import ipaddress
import os
import re
import ssl
import typing as t
from urllib.parse import urlsplit

from ansible.module_utils.errors import AnsibleFallbackNotFound
from ansible_collections.wxops.official_account.plugins.module_utils._api import DEFAULT_URL, is_token

if t.TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping


def _set_in_environment(name: str) -> str:
    """A fallback that takes an empty variable for one that is not set."""
    value = os.environ.get(name)
    if not value:
        raise AnsibleFallbackNotFound
    return value


_CREDENTIALS: dict[str, dict[str, t.Any]] = {
    "access_token": {"type": "str", "no_log": True},
    "appid": {"type": "str"},
    "secret": {"type": "str", "no_log": True},
}

ARGUMENT_SPEC: dict[str, dict[str, t.Any]] = {
    **_CREDENTIALS,
    "accounts": {"type": "list", "elements": "dict", "options": {"name": {"type": "str"}, **_CREDENTIALS}},
    "concurrency": {"type": "int", "default": 32},
    "api_url": {"type": "str", "default": DEFAULT_URL, "fallback": (_set_in_environment, ["WECHAT_API_URL"])},
    "timeout": {"type": "float", "default": 10},
    "retries": {"type": "int", "default": 3},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
}

# Not as fallbacks in the argument spec: those would mix with the options that a task gives.
CREDENTIAL_VARIABLES = {"access_token": "WECHAT_ACCESS_TOKEN", "appid": "WECHAT_APPID", "secret": "WECHAT_SECRET"}

# What to say where Ansible's own words on an account could show one of its secrets.
ACCOUNTS_SHAPE = "give a list of dicts with the keys name, access_token, appid and secret, and no others; they are not shown here"

MAX_TIMEOUT = 3600

MAX_CONCURRENCY = 256
MAX_NAME = 255

_WAYS = ({"access_token"}, {"appid", "secret"})
# Beside an access_token, the appid of one of many accounts only names it.
_ACCOUNT_WAYS = (*_WAYS, {"access_token", "appid"})
_APPID = re.compile(r"wx[0-9a-fA-F]{16}")
_SECRET = re.compile(r"[0-9a-fA-F]{32}")


class OptionsError(Exception):
    """The options cannot be used. ``what`` and ``remedy`` are clauses that hold no value of an option."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


@dataclasses.dataclass(frozen=True)
class CredentialOptions:
    """One way of credentials: ``access_token``, or ``appid`` and ``secret``."""

    access_token: str = dataclasses.field(default="", repr=False)
    appid: str = ""
    secret: str = dataclasses.field(default="", repr=False)


@dataclasses.dataclass(frozen=True)
class ConnectionOptions:
    """How to reach the platform. ``timeout`` in seconds; ``verify`` as ``Api`` takes it; ``plain_http``: to a host that is not this one."""

    url: str
    timeout: float
    retries: int
    verify: bool | str
    plain_http: bool


def credentials(params: Mapping[str, t.Any], environ: Mapping[str, str]) -> CredentialOptions:
    """The one way of credentials that the options give or, if they give none at all, the environment.

    Raises OptionsError if there is not exactly one, or if it is malformed.
    """
    given = {option: params[option] for option in CREDENTIAL_VARIABLES if params[option] is not None}
    label: Mapping[str, str] = {option: option for option in CREDENTIAL_VARIABLES}
    if not given:
        given = {option: environ[name] for option, name in CREDENTIAL_VARIABLES.items() if environ.get(name)}
        label = CREDENTIAL_VARIABLES
    either = f"give either {label['access_token']}, or {label['appid']} and {label['secret']}"
    if not given:
        names = CREDENTIAL_VARIABLES
        raise OptionsError(
            "no credentials are given",
            f"{either}, in the task or as {names['access_token']}, or {names['appid']} and {names['secret']}, in the environment",
        )
    if set(given) not in _WAYS:
        raise OptionsError(_not_one_way(given, label), either)
    for option, value in given.items():
        what, remedy = _malformed(option, value)
        if what:
            raise OptionsError(f"{label[option]} {what}", remedy)
    return CredentialOptions(**given)


def fleet(params: Mapping[str, t.Any]) -> dict[str, CredentialOptions]:
    """The accounts of the option ``accounts`` by name, in their order. Raises one OptionsError that names every one that cannot be used."""
    beside = [option for option in CREDENTIAL_VARIABLES if params[option] is not None]
    if beside:
        raise OptionsError(f"accounts is given, and {', '.join(beside)} beside it", "give each account its credentials within accounts")
    if not 1 <= params["concurrency"] <= MAX_CONCURRENCY:
        raise OptionsError(f"concurrency is not between 1 and {MAX_CONCURRENCY}", "give a number such as 32")
    accounts = params["accounts"]
    names = [account["appid"] if account["name"] is None else account["name"] for account in accounts]
    repeated = _repeated(names)
    same = _repeated(identity for account in accounts for identity in _identities(account))
    problems: dict[str, list[str]] = {}
    for position, (name, account) in enumerate(zip(names, accounts, strict=True), 1):
        # An AppID that is none may be an AppSecret in the wrong place.
        shown = name is not None and (account["name"] is not None or _APPID.fullmatch(name))
        for problem in _problems(name, account, repeated, same):
            problems.setdefault(problem, []).append(f"{position} ({name})" if shown else f"{position}")
    if problems:
        listed = "; ".join(f"{problem}: account {', '.join(where)}" for problem, where in problems.items())
        raise OptionsError(f"accounts cannot be used: {listed}", "correct these accounts; their secrets and tokens are not shown here")
    return dict(zip(names, map(_credentials_of, accounts), strict=True))


def _identities(account: Mapping[str, t.Any]) -> list[str]:
    """By what two accounts are found to be one. One that is worked on twice at a time would be turned on twice without a look between."""
    return [account[option].lower() if option == "appid" else account[option] for option in ("appid", "access_token") if account[option]]


def _repeated(values: Iterable[str | None]) -> set[str]:
    return {value for value, count in collections.Counter(values).items() if value is not None and count > 1}


def _problems(name: str | None, account: Mapping[str, t.Any], repeated: Collection[str], same: Collection[str]) -> Iterator[str]:
    """What is wrong with one of ``accounts``."""
    given = {option: account[option] for option in CREDENTIAL_VARIABLES if account[option] is not None}
    if not name:
        yield "no name (it can only be left out where there is an appid)"
    elif not name.isprintable() or len(name) > MAX_NAME:
        yield f"the name holds control characters or is longer than {MAX_NAME}"
    elif name in repeated:
        yield "the same name more than once"
    if any(identity in same for identity in _identities(account)):
        yield "the same account more than once"
    if not given:
        yield "no credentials (give either access_token, or appid and secret)"
    elif set(given) not in _ACCOUNT_WAYS:
        yield _not_one_way(given, {option: option for option in CREDENTIAL_VARIABLES})
    for option, value in given.items():
        what, _remedy = _malformed(option, value)
        if what:
            yield f"{option} {what}"


def _credentials_of(account: Mapping[str, t.Any]) -> CredentialOptions:
    return CredentialOptions(**{option: account[option] or "" for option in CREDENTIAL_VARIABLES})


def _not_one_way(given: Iterable[str], label: Mapping[str, str]) -> str:
    return "not exactly one way of credentials is given, but " + ", ".join(label[option] for option in given)


def _malformed(option: str, value: str) -> tuple[str, str]:
    """What is wrong with a credential's form, and what to do; empty if nothing is."""
    if option == "access_token" and not is_token(value):
        problem = "is not a token: 8 to 512 printable characters without a space" if value else "is empty"
        return problem, "give the token itself; it is not shown here"
    if option == "appid" and not _APPID.fullmatch(value):
        return (
            "is not wx and 16 hexadecimal characters",
            "copy the AppID from the WeChat console, and take care not to swap it with the AppSecret",
        )
    if option == "secret" and not _SECRET.fullmatch(value):
        return "is not 32 hexadecimal characters", "copy the AppSecret whole; it is not shown here"
    return "", ""


def connection(params: Mapping[str, t.Any]) -> ConnectionOptions:
    """How to reach the platform, as the options say. Raises OptionsError if they cannot be used."""
    url = params["api_url"]
    host = _host(url)
    if not 0 < params["timeout"] <= MAX_TIMEOUT:
        raise OptionsError(f"timeout is not a number of seconds above 0 and up to {MAX_TIMEOUT}", "give a timeout such as 10")
    if params["retries"] < 0:
        raise OptionsError("retries is below 0", "give 0 or more retries")
    verify: bool | str = params["validate_certs"]
    if verify and params["ca_path"]:
        verify = params["ca_path"]
        try:
            ssl.create_default_context(cafile=params["ca_path"])
        except OSError:
            unusable = True
        else:
            unusable = False
        if unusable:
            raise OptionsError(
                "ca_path is not a readable file of CA certificates in PEM format", "give the path of one on the host that runs the task"
            )
    return ConnectionOptions(
        url=url,
        timeout=params["timeout"],
        retries=params["retries"],
        verify=verify,
        plain_http=url.lower().startswith("http:") and not _is_loopback(host),
    )


def _host(url: str) -> str:
    """The host in ``url``. What is wrong is told without the URL, which may hold a password."""
    host = None
    try:
        parts = urlsplit(url)
        host = parts.hostname if parts.port != 0 else None
    except ValueError:
        pass
    if not host or not url.isprintable() or " " in url:
        raise OptionsError("api_url is not a URL", f"give one such as {DEFAULT_URL}")
    if parts.scheme not in ("http", "https"):
        raise OptionsError("api_url is neither http nor https", f"give one such as {DEFAULT_URL}")
    if "@" in parts.netloc or "?" in url or "#" in url:
        raise OptionsError("api_url holds user info, a query or a fragment", f"leave them out, as in {DEFAULT_URL}")
    return host


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
