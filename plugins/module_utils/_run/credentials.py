# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials from the options: the valid combinations, and the checks before anything is sent."""

from __future__ import annotations

import collections
import dataclasses
import difflib
import re
import typing as t

from .._account.component import APPID
from .._http.errcodes import BASIC
from .._http.wire import is_token
from .._text import AND, CLAUSES, Text, enumerated, joined, verbatim
from .options import CORRECT_ACCOUNTS, OptionsError, concurrency_of

if t.TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

OPTIONS = ("access_token", "appid", "secret", "authorizer_refresh_token")

# These are not fallbacks in the argument spec, because Ansible would mix those with the options of a task.
VARIABLES = {"access_token": "WECHAT_ACCESS_TOKEN", "appid": "WECHAT_APPID", "secret": "WECHAT_SECRET"}

_COMPONENT = ("component_appid", "component_access_token")
# What the user calls each of these values, for messages.
Names = t.Mapping[str, str]
_AS_OPTIONS: Names = {option: option for option in (*OPTIONS, *_COMPONENT)}
_AS_VARIABLES: Names = {**VARIABLES, **{option: f"WECHAT_{option.upper()}" for option in _COMPONENT}}

MAX_NAME = 255

# The options of an account that has authorised a third-party platform. They need the third-party platform's credentials as well.
_AUTHORIZED_WAYS = ({"appid"}, {"appid", "authorizer_refresh_token"})
_WAYS = ({"access_token"}, {"appid", "secret"})
_WORD = re.compile(r"[A-Za-z][A-Za-z_ -]{0,30}")
_SECRET = re.compile(r"[0-9a-fA-F]{32}")


class Problem(t.NamedTuple):
    """What is wrong with credentials, and what to do. Both are clauses as in ``Failure``."""

    what: Text
    remedy: Text


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
        """Those of these values that nobody may see."""
        return list(filter(None, (self.access_token, self.secret, self.authorizer_refresh_token)))


@dataclasses.dataclass(frozen=True)
class ComponentCredentials:
    """The credentials of a third-party platform."""

    appid: str
    access_token: str = dataclasses.field(repr=False)


def credentials_of(params: Mapping[str, t.Any], environ: Mapping[str, str], *, remote: bool = False) -> Credentials:
    """The credentials in the options or, if the options have none at all, in the environment.

    ``remote``: whether ``environ`` is that of another host than the one that runs Ansible.
    Raises OptionsError if there are none, if they are not one valid combination, or if one is malformed.
    """
    given = _of(params)
    names = _AS_OPTIONS
    if not given:
        given = {option: environ[name] for option, name in VARIABLES.items() if environ.get(name)}
        names = _AS_VARIABLES
    if not given:
        if remote:
            raise OptionsError(
                Text("no credentials are given, and the environment of the host that runs Ansible does not travel to this host"),
                Text("give appid and secret, or only access_token, in the task"),
            )
        remedy = Text("export {appid} and {secret}, or only {access_token}; in a task, give appid and secret, or only access_token")
        raise OptionsError(Text("no credentials are given"), remedy.filled(**names))
    problem = next(_problems_of(given, names, has_component=_has_component(params)), None)
    if problem:
        raise OptionsError(*problem)
    return Credentials(**given)


def component_of(params: Mapping[str, t.Any], names: Names = _AS_OPTIONS) -> ComponentCredentials | None:
    """The third-party platform in the options, or None. Raises OptionsError if its credentials are incomplete or malformed."""
    appid, access_token = params["component_appid"], params["component_access_token"]
    if appid is None and access_token is None:
        return None
    if appid is None or access_token is None:
        given, missing = _COMPONENT if access_token is None else reversed(_COMPONENT)
        what = Text("{given} is given, and {missing} is missing")
        remedy = Text("give {missing} too, or {variable} in the environment")
        raise OptionsError(
            what.filled(given=names[given], missing=names[missing]),
            remedy.filled(missing=names[missing], variable=_AS_VARIABLES[missing]),
        )
    if not APPID.fullmatch(appid):
        raise OptionsError(
            Text("component_appid is not wx and 16 hexadecimal characters"),
            Text("copy the AppID of the third-party platform from open.weixin.qq.com"),
        )
    if not is_token(access_token):
        raise OptionsError(
            Text("component_access_token is not a token"),
            Text("take the current one from the third-party platform's service"),
        )
    return ComponentCredentials(appid, access_token)


def _has_component(params: Mapping[str, t.Any]) -> bool:
    return params["component_appid"] is not None or params["component_access_token"] is not None


def credentials_by_name(params: Mapping[str, t.Any]) -> dict[str, Credentials]:
    """The credentials in the option ``accounts``, by name and in that order.

    Raises OptionsError if they cannot be used. It names every account that has a problem.
    """
    others = list(_of(params))
    if others:
        raise OptionsError(
            Text("accounts is given together with {others}").filled(others=enumerated(others)),
            Text("give each account its credentials within accounts"),
        )
    concurrency_of(params)
    accounts = params["accounts"]
    problems: dict[Problem, list[str]] = {}
    for position, (account, its) in enumerate(zip(accounts, problems_of(params), strict=True), 1):
        for problem in its:
            problems.setdefault(problem, []).append(_numbered(position, account))
    if problems:
        raise _refusal(problems, "accounts")
    return {_name(account): Credentials(**_of(account)) for account in accounts}


def wrong_shape(accounts: object, keys: Collection[str], option: str = "accounts") -> OptionsError | None:
    """What is wrong with the form of ``accounts``, a value of ``option`` that Ansible has not checked; None if nothing is.

    ``keys``: those that an account may have.
    """
    names = enumerated(keys)
    shape = Text("give a list of dicts with the keys {names}").filled(names=names)
    meant = Text("is {near} meant? An account has the keys {names}")
    if not isinstance(accounts, list):
        return OptionsError(Text("{option} is not a list").filled(option=option), shape)
    problems: dict[Problem, list[str]] = {}
    for position, account in enumerate(accounts, 1):
        if not isinstance(account, dict):
            problems.setdefault(Problem(Text("not a dict"), shape), []).append(str(position))
            continue
        for key in map(str, account):
            if key not in keys:
                near = difflib.get_close_matches(key, keys, 1)
                # Anything but a plain word may be a secret in the wrong place.
                what = Text("an unknown key, which is not shown")
                if _WORD.fullmatch(key):
                    what = Text("the unknown key {key}").filled(key=key)
                problem = Problem(what, meant.filled(near=near[0], names=names) if near else shape)
                problems.setdefault(problem, []).append(_numbered(position, account))
    return _refusal(problems, option) if problems else None


def _refusal(problems: Mapping[Problem, list[str]], option: str) -> OptionsError:
    """``problems``: with the accounts that have each."""
    of = Text("{what}: account {where}")
    listed = joined(CLAUSES, (of.filled(what=problem.what, where=enumerated(where)) for problem, where in problems.items()))
    remedies = {problem.remedy for problem in problems}
    what = Text("{option} cannot be used: {listed}").filled(option=option, listed=listed)
    return OptionsError(what, remedies.pop() if len(remedies) == 1 else CORRECT_ACCOUNTS)


def _numbered(position: int, account: Mapping[str, t.Any]) -> str:
    """The ``account`` at ``position``, for messages."""
    name = account.get("name")
    if name is None and APPID.fullmatch(str(account.get("appid"))):
        # A malformed AppID is not shown: it may be an AppSecret in the wrong option.
        name = account["appid"]
    return f"{position} ({name})" if isinstance(name, str) and name.isprintable() else str(position)


def problems_of(params: Mapping[str, t.Any], names: Names = _AS_OPTIONS) -> list[list[Problem]]:
    """What is wrong with each of the option ``accounts``; an empty list if it can be used."""
    accounts = params["accounts"]
    repeated = _repeated(map(_name, accounts))
    same = _repeated(identity for account in accounts for identity in _identities(account))
    has_component = _has_component(params)
    return [[*_problems(account, repeated, same, names, has_component)] for account in accounts]


def _name(account: Mapping[str, t.Any]) -> t.Any:
    return account["appid"] if account["name"] is None else account["name"]


def _identities(account: Mapping[str, t.Any]) -> list[str]:
    """The values that identify an account.

    An account must not be there twice: two threads would then send a change at the same time, with no look in between.
    """
    return [account[option].lower() if option == "appid" else account[option] for option in ("appid", "access_token") if account[option]]


def _repeated(values: Iterable[str | None]) -> set[str]:
    return {value for value, count in collections.Counter(values).items() if value is not None and count > 1}


def _problems(
    account: Mapping[str, t.Any], repeated: Collection[str], same: Collection[str], names: Names, has_component: bool
) -> Iterator[Problem]:
    """What is wrong with one of ``accounts``."""
    name, given = _name(account), _of(account)
    if not name:
        yield Problem(
            Text("no name (it can only be left out where there is an appid)"),
            Text("give it a name"),
        )
    elif not name.isprintable() or len(name) > MAX_NAME:
        yield Problem(
            Text("the name holds control characters or is longer than {max_name}").filled(max_name=MAX_NAME),
            Text("give it a short and plain name"),
        )
    elif name in repeated:
        yield Problem(Text("the same name more than once"), Text("give each account its own name"))
    if any(identity in same for identity in _identities(account)):
        yield Problem(
            Text("the same account more than once"),
            Text("keep one of those that are the same account"),
        )
    if not given:
        yield Problem(
            Text("no credentials"),
            Text("give either access_token, or appid and secret, or appid and a third-party platform"),
        )
    # Here an appid next to an access_token is only the account's name.
    yield from _problems_of(given, names, has_component, (*_WAYS, {"access_token", "appid"}))


def _problems_of(given: Mapping[str, str], names: Names, has_component: bool, ways: Collection[set[str]] = _WAYS) -> Iterator[Problem]:
    """What is wrong with the credentials ``given``. ``ways``: the combinations that need no third-party platform."""
    options, component = set(given), joined(AND, [verbatim(names[option]) for option in _COMPONENT])
    is_missing = Text("{missing} is missing")
    next_to = Text("give {missing} next to {given}")
    if options == {"appid", "authorizer_refresh_token"} and not has_component:
        yield Problem(
            Text("{missing} are missing").filled(missing=component),
            next_to.filled(missing=component, given=names["authorizer_refresh_token"]),
        )
    elif options == {"appid"} and not has_component:
        remedy = Text("give {missing} next to {given}; for an account that has authorised a third-party platform, give {component} instead")
        missing = names["secret"]
        yield Problem(is_missing.filled(missing=missing), remedy.filled(missing=missing, given=names["appid"], component=component))
    elif options == {"secret"}:
        missing = names["appid"]
        yield Problem(is_missing.filled(missing=missing), next_to.filled(missing=missing, given=names["secret"]))
    elif given and options not in _AUTHORIZED_WAYS and options not in ways:
        what = Text("not exactly one way of credentials is given, but {given}")
        remedy = Text("give either {access_token}, or {appid} and {secret}")
        yield Problem(what.filled(given=enumerated(names[option] for option in given)), remedy.filled(**names))
    for option, value in given.items():
        problem = malformed(option, value)
        if problem:
            yield Problem(Text("{option} {what}").filled(option=names[option], what=problem.what), problem.remedy)


def _of(params: Mapping[str, t.Any]) -> dict[str, str]:
    """The credentials in ``params``."""
    return {option: params[option] for option in OPTIONS if params[option] is not None}


def is_appid(text: str) -> bool:
    """Whether ``text`` has the form of an AppID."""
    return bool(APPID.fullmatch(text))


def malformed(option: str, value: str) -> Problem | None:
    """What is wrong with a credential's form; None if it is right. ``what`` comes behind the name of the option."""
    if option == "access_token" and not is_token(value):
        what = Text("is not a token: 8 to 512 printable characters without a space")
        return Problem(
            what if value else Text("is empty"),
            Text("give the token itself; it is not shown here"),
        )
    if option == "authorizer_refresh_token" and not is_token(value):
        return Problem(
            Text("is not a token"),
            Text("give it as the third-party platform's list of authorised accounts has it, or leave it out; it is not shown here"),
        )
    if option == "appid" and not APPID.fullmatch(value):
        return Problem(
            Text("is not wx and 16 hexadecimal characters"),
            Text("copy the AppID, and take care not to swap it with the AppSecret; the AppID is {basic}").filled(basic=BASIC),
        )
    if option == "secret" and not _SECRET.fullmatch(value):
        return Problem(
            Text("is not 32 hexadecimal characters"),
            Text("copy the AppSecret whole; it is not shown here"),
        )
    return None
