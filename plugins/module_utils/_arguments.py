# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""The options that the modules share, and what must be right about them before anything is sent."""

from __future__ import annotations

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
    from collections.abc import Mapping


def _set_in_environment(name: str) -> str:
    """A fallback that takes an empty variable for one that is not set."""
    value = os.environ.get(name)
    if not value:
        raise AnsibleFallbackNotFound
    return value


ARGUMENT_SPEC: dict[str, dict[str, t.Any]] = {
    "access_token": {"type": "str", "no_log": True},
    "appid": {"type": "str"},
    "secret": {"type": "str", "no_log": True},
    "api_url": {"type": "str", "default": DEFAULT_URL, "fallback": (_set_in_environment, ["WECHAT_API_URL"])},
    "timeout": {"type": "float", "default": 10},
    "retries": {"type": "int", "default": 3},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
}

# Not as fallbacks in the argument spec: those would mix with the options that a task gives.
CREDENTIAL_VARIABLES = {"access_token": "WECHAT_ACCESS_TOKEN", "appid": "WECHAT_APPID", "secret": "WECHAT_SECRET"}

MAX_TIMEOUT = 3600

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
    label: dict[str, str] = {option: option for option in CREDENTIAL_VARIABLES}
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
    if set(given) not in ({"access_token"}, {"appid", "secret"}):
        raise OptionsError("not exactly one way of credentials is given, but " + ", ".join(label[option] for option in given), either)
    if "access_token" in given and not is_token(given["access_token"]):
        problem = "is empty" if not given["access_token"] else "is not a token: 8 to 512 printable characters without a space"
        raise OptionsError(f"{label['access_token']} {problem}", "give the token itself; it is not shown here")
    if "appid" in given and not _APPID.fullmatch(given["appid"]):
        raise OptionsError(
            f"{label['appid']} is not wx and 16 hexadecimal characters",
            "copy the AppID from the WeChat console, and take care not to swap it with the AppSecret",
        )
    if "secret" in given and not _SECRET.fullmatch(given["secret"]):
        raise OptionsError(f"{label['secret']} is not 32 hexadecimal characters", "copy the AppSecret whole; it is not shown here")
    return CredentialOptions(**given)


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
