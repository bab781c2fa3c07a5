# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that the modules share, and the checks of them before anything is sent."""

from __future__ import annotations

import dataclasses
import ipaddress
import os
import typing as t
from urllib.parse import urlsplit

from ansible.module_utils.errors import AnsibleFallbackNotFound

from .._http.environment import is_ca_bundle
from .._http.transport import DEFAULT_URL
from .._text import Text

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .._text import Language


def _set_in_environment(name: str) -> str:
    """A fallback for an option: the environment variable ``name``. An empty variable counts as not set."""
    value = os.environ.get(name)
    if not value:
        raise AnsibleFallbackNotFound
    return value


_CREDENTIALS: dict[str, dict[str, t.Any]] = {
    "access_token": {"type": "str", "no_log": True},
    "appid": {"type": "str"},
    "secret": {"type": "str", "no_log": True},
    "authorizer_refresh_token": {"type": "str", "no_log": True},
}

ARGUMENT_SPEC: dict[str, dict[str, t.Any]] = {
    **_CREDENTIALS,
    "component_appid": {"type": "str", "fallback": (_set_in_environment, ["WECHAT_COMPONENT_APPID"])},
    "component_access_token": {"type": "str", "no_log": True, "fallback": (_set_in_environment, ["WECHAT_COMPONENT_ACCESS_TOKEN"])},
    "accounts": {"type": "list", "elements": "dict", "options": {"name": {"type": "str"}, **_CREDENTIALS}},
    "concurrency": {"type": "int", "default": 32},
    "api_url": {"type": "str", "default": DEFAULT_URL, "fallback": (_set_in_environment, ["WECHAT_API_URL"])},
    "timeout": {"type": "float", "default": 10},
    "retries": {"type": "int", "default": 3},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "language": {"type": "str", "choices": ["en", "zh"], "default": "en", "fallback": (_set_in_environment, ["WECHAT_LANGUAGE"])},
}

CORRECT_ACCOUNTS = Text("correct these accounts; their secrets and tokens are not shown here")
NO_URL = Text("api_url is not a URL")
SUCH_AS = Text("give one such as {default_url}").filled(default_url=DEFAULT_URL)

MAX_TIMEOUT = 3600
MAX_CONCURRENCY = 256


def language_of(params: Mapping[str, t.Any]) -> Language:
    """The language of the run. English if the option cannot be used."""
    return "zh" if params.get("language") == "zh" else "en"


def by_account(params: Mapping[str, t.Any], options: Iterable[str]) -> dict[str, dict[str, t.Any]]:
    """The values of ``options`` for each account, by its name. Its own value comes first, then that of the task.

    ``params``: the module's checked parameters. ``options``: names. The name is "" without the option ``accounts``.
    """
    accounts = params["accounts"]
    given = {"": params} if accounts is None else {str(one["name"] or one["appid"]): one for one in accounts}
    return {name: {key: params[key] if one[key] is None else one[key] for key in options} for name, one in given.items()}


class OptionsError(Exception):
    """The options cannot be used. ``what`` and ``remedy`` are clauses as in ``Failure``, and hold no value of an option."""

    def __init__(self, what: Text, remedy: Text) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def wrong_kind(option: str) -> OptionsError:
    """The error in place of Ansible's own message about a value of ``option``, which could show a secret."""
    what = Text("{option} cannot be used: a value is of the wrong kind")
    return OptionsError(what.filled(option=option), CORRECT_ACCOUNTS)


@dataclasses.dataclass(frozen=True)
class ConnectionOptions:
    """How to reach the platform.

    ``timeout``: in seconds. ``retries``: further tries of a request that reads. ``verify``: as in ``Transport``.
    ``plain_http``: whether requests go to another host without TLS.
    """

    url: str
    timeout: float
    retries: int
    verify: bool | str
    plain_http: bool


def connection(params: Mapping[str, t.Any]) -> ConnectionOptions:
    """The options of the connection. Raises OptionsError if they cannot be used."""
    url = params["api_url"]
    host = _host(url)
    if not 0 < params["timeout"] <= MAX_TIMEOUT:
        what = Text("timeout is not a number of seconds above 0 and up to {max_timeout}").filled(max_timeout=MAX_TIMEOUT)
        raise OptionsError(what, Text("give a timeout such as 10"))
    if params["retries"] < 0:
        raise OptionsError(Text("retries is below 0"), Text("give 0 or more retries"))
    verify: bool | str = params["validate_certs"]
    if verify and params["ca_path"]:
        verify = params["ca_path"]
        if not is_ca_bundle(params["ca_path"]):
            raise OptionsError(
                Text("ca_path is not a readable file of CA certificates in PEM format"),
                Text("give the path of one on the host that the calls leave from"),
            )
    return ConnectionOptions(
        url=url,
        timeout=params["timeout"],
        retries=params["retries"],
        verify=verify,
        plain_http=url.lower().startswith("http:") and not _is_loopback(host),
    )


def concurrency_of(params: Mapping[str, t.Any]) -> int:
    """The number of accounts to work on at a time. Raises OptionsError if it is out of range."""
    concurrency: int = params["concurrency"]
    if not 1 <= concurrency <= MAX_CONCURRENCY:
        raise OptionsError(
            Text("concurrency is not between 1 and {max_concurrency}").filled(max_concurrency=MAX_CONCURRENCY),
            Text("give a number such as 32"),
        )
    return concurrency


def _host(url: str) -> str:
    """The host in ``url``. Raises OptionsError without the URL in it, because the URL may hold a password."""
    host = None
    try:
        parts = urlsplit(url)
        host = parts.hostname if parts.port != 0 else None
    except ValueError:
        pass
    if not host or not url.isprintable() or " " in url:
        raise OptionsError(NO_URL, SUCH_AS)
    if parts.scheme not in ("http", "https"):
        raise OptionsError(Text("api_url is neither http nor https"), SUCH_AS)
    if "@" in parts.netloc or "?" in url or "#" in url:
        raise OptionsError(
            Text("api_url holds user info, a query or a fragment"),
            Text("leave them out, as in {default_url}").filled(default_url=DEFAULT_URL),
        )
    return host


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
