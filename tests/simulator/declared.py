# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Accounts from a YAML file, for rehearsals: ``make simulator ARGUMENTS="--accounts FILE"``. The guide has an example."""

from __future__ import annotations

import collections
import dataclasses
import difflib
import json
import re
import typing as t

import yaml  # type: ignore[import-untyped]

from . import diagnostics, groups, menu, tags
from .accounts import ENABLE, LOOK, TOKEN
from .calls import Call
from .component import AUTHORIZER_INFO, AUTHORIZER_TOKEN
from .faults import ANSWERS, MESSAGES, Fault, carried_out
from .groups import OF_CALL

if t.TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from .accounts import Account, Platform
    from .component import Component

CALLS = (TOKEN, LOOK, ENABLE, *OF_CALL, AUTHORIZER_INFO, AUTHORIZER_TOKEN)
CHANGES = (ENABLE, *groups.CHANGES)
CARRIED_OUT = "carried-out-"
# How the platform behaves about menus and tags. Each is False or True, and named as in Menus or Tags.
MANNERS = {
    field.name: place
    for place, kind in (("menus", menu.Menus), ("tags", tags.Tags))
    for field in dataclasses.fields(kind)
    if isinstance(field.default, bool) and field.name != "may"
}
FLAGS = ("draft_switch", "listed", "frozen_secret", "verified", *MANNERS)
AUTHORISED = ("permission_sets", "service_type", "verify_type", "account_status", "account_type", "nick_name")
KEYS = ("appid", "secret", "kind", *FLAGS, "menu", "conditional", "console_menu", "tags", "fails", "authorised")


class WrongError(Exception):
    """One sentence, with the path of what is wrong."""


class Always(collections.deque[Fault]):
    """The same fault for every request."""

    def popleft(self) -> Fault:
        return self[0]


def add(platform: Platform, path: Path) -> tuple[dict[str, Account], Component | None]:
    """Add the accounts of the file. Returns them by name, and the third-party platform, if there is one."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise WrongError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise WrongError(f"{path} is not UTF-8.") from None
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        raise WrongError(f"{path} is not YAML" + ("." if line is None else f": look at line {line + 1}.")) from None
    accounts: dict[str, Account] = {}
    component: Component | None = None
    for name, fields in _mapping(content, str(path)).items():
        fields = _mapping({} if fields is None else fields, str(name), KEYS)
        accounts[str(name)] = account = _account(platform, str(name), fields)
        if "authorised" in fields:
            component = component or platform.add_component()
            component.authorise(account, **_authorised(fields["authorised"], f"{name}.authorised"))
    return accounts, component


def _account(platform: Platform, name: str, fields: dict[str, t.Any]) -> Account:
    appid = _appid(platform, fields.get("appid", ""), f"{name}.appid")
    secret = _text(fields.get("secret", ""), f"{name}.secret")
    flags = {key: _flag(fields[key], f"{name}.{key}") for key in FLAGS if key in fields}
    account = platform.add(is_open=flags.get("draft_switch", False), listed=flags.get("listed", True), appid=appid, secret=secret)
    account.frozen_secret = flags.get("frozen_secret", False)
    menus = account.menus
    if fields.get("menu") is not None:
        _set_menu(account, fields["menu"], f"{name}.menu")
    if fields.get("console_menu") is not None:
        menus.console = _buttons(fields["console_menu"], f"{name}.console_menu")
        menus.console_open = menus.buttons is None
    conditional = _list(fields.get("conditional", []), f"{name}.conditional")
    if conditional and menus.buttons is None:
        raise WrongError(f"{name}.conditional needs {name}.menu: an account without a menu has no conditional menus.")
    for number, one in enumerate(conditional):
        path = f"{name}.conditional[{number}]"
        one = _mapping(one, path, ("button", "matchrule"))
        rule = _mapping(one.get("matchrule"), f"{path}.matchrule")
        buttons = _buttons({"button": one.get("button")}, path)
        menus.conditional.append({"button": buttons, "matchrule": rule, "menuid": 208_396_939 + number})
    for manner, place in MANNERS.items():
        if manner in flags:
            setattr(getattr(account, place), manner, flags[manner])
    if menus.console_open and menus.console is None:
        raise WrongError(f"{name}.console_open needs {name}.console_menu.")
    if menus.console_open and menus.buttons is not None:
        raise WrongError(f"{name}.console_open cannot be true beside {name}.menu: one menu is shown.")
    kind = fields.get("kind", "service" if flags.get("verified", True) else "personal")
    if kind not in diagnostics.STANDINGS:
        raise WrongError(f"{name}.kind is {kind!r}; it must be one of: {', '.join(diagnostics.STANDINGS)}.")
    diagnostics.become(account, kind)
    for number, one in enumerate(_list(fields.get("tags", []), f"{name}.tags")):
        _add_tag(account, one, f"{name}.tags[{number}]")
    for call, faults in _mapping(fields.get("fails", {}), f"{name}.fails", CALLS).items():
        path = f"{name}.fails.{call}"
        account.faults[call] = (
            collections.deque(_fault(one, call, f"{path}[{number}]") for number, one in enumerate(faults))
            if isinstance(faults, list)
            else Always([_fault(faults, call, path)])
        )
    return account


def _set_menu(account: Account, value: t.Any, path: str) -> None:
    """As the platform would take it from menu/create."""
    body = json.dumps(_json(_mapping(value, path, ("button",)), path), ensure_ascii=False).encode()
    refused = menu.answer(account, Call(menu.CREATE, body, {}))
    if isinstance(refused, int):
        raise WrongError(f"{path} is a menu that the platform refuses: errcode {refused}, {MESSAGES.get(refused, 'refused')}.")
    account.menus.left = menu.QUOTA.copy()


def _add_tag(account: Account, value: t.Any, path: str) -> None:
    """A name, or a mapping with how many users have the tag."""
    one = _mapping(value if isinstance(value, dict) else {"name": value}, path, ("name", "count"))
    count = one.get("count", 0)
    if isinstance(count, bool) or not isinstance(count, int):
        raise WrongError(f"{path}.count must be a number, and is {count!r}.")
    account.tags.add(_text(one.get("name"), f"{path}.name"), count=count)


def _buttons(value: t.Any, path: str) -> list[dict[str, t.Any]]:
    """The buttons of a menu that has types of the console too."""
    buttons = _list(_mapping(_json(value, path), path, ("button",)).get("button"), f"{path}.button")
    for number, button in enumerate(buttons):
        where = f"{path}.button[{number}]"
        for place, one in ((where, button), *((f"{where}.sub_button[{index}]", each) for index, each in enumerate(_below(button, where)))):
            if not isinstance(_mapping(one, place).get("name"), str):
                raise WrongError(f"{place}.name is missing or no text.")
    return buttons


def _below(button: t.Any, path: str) -> list[t.Any]:
    return _list(_mapping(button, path).get("sub_button", []), f"{path}.sub_button")


def _authorised(value: t.Any, path: str) -> dict[str, t.Any]:
    fields = {"permission_sets": [11, 15], **_mapping(value if isinstance(value, dict) else {}, path, AUTHORISED)}
    if not isinstance(value, dict) and value is not True:
        raise WrongError(f"{path} must be true or a mapping, and is {value!r}.")
    for key, one in fields.items():
        numbers = _list(one, f"{path}.{key}") if key == "permission_sets" else [] if key in ("nick_name", "account_type") else [one]
        if any(isinstance(number, bool) or not isinstance(number, int) for number in numbers):
            raise WrongError(f"{path}.{key} must hold numbers, and is {one!r}.")
        if key in ("nick_name", "account_type"):
            _text(one, f"{path}.{key}")
    return {**fields, "permission_sets": tuple(fields["permission_sets"])}


def _fault(value: t.Any, call: str, path: str) -> Fault:
    """An errcode, or one of the faults with a name. With "carried-out-", the change takes effect first."""
    name = str(value)
    done = name.startswith(CARRIED_OUT)
    name = name.removeprefix(CARRIED_OUT)
    if done and call not in CHANGES:
        raise WrongError(f"{path} is {value!r}, and {call} changes nothing that could be carried out.")
    if not isinstance(value, bool) and re.fullmatch(r"-?\d+", name):
        fault = Fault(errcode=int(name))
    elif name in ANSWERS:
        fault = ANSWERS[name]
    else:
        raise WrongError(f"{path} is {value!r}; it must be an errcode or one of: {', '.join(ANSWERS)}.")
    return carried_out(fault) if done else fault


def _appid(platform: Platform, value: t.Any, path: str) -> str:
    appid = _text(value, path)
    if appid and not re.fullmatch("wx[0-9a-f]{16}", appid):
        raise WrongError(f"{path} must be wx and 16 hexadecimal digits, and is {value!r}.")
    if appid in platform.accounts:
        raise WrongError(f"{path} is the AppID of another account too: {appid}.")
    return appid


def _mapping(value: t.Any, path: str, keys: Collection[str] = ()) -> dict[str, t.Any]:
    if not isinstance(value, dict):
        raise WrongError(f"{path} must be a mapping, and is {_kind(value)}.")
    for key in value:
        if keys and key not in keys:
            near = difflib.get_close_matches(str(key), keys, 1)
            raise WrongError(
                f"{path}.{key} is unknown" + (f"; the nearest name is {near[0]}." if near else f"; there are: {', '.join(keys)}.")
            )
    return value


def _list(value: t.Any, path: str) -> list[t.Any]:
    if not isinstance(value, list):
        raise WrongError(f"{path} must be a list, and is {_kind(value)}.")
    return value


def _flag(value: t.Any, path: str) -> bool:
    if not isinstance(value, bool):
        raise WrongError(f"{path} must be true or false, and is {value!r}.")
    return value


def _text(value: t.Any, path: str) -> str:
    if not isinstance(value, str):
        raise WrongError(f"{path} must be text in quotes, and is {_kind(value)}.")
    return value


def _json(value: t.Any, path: str) -> t.Any:
    """``value``, if JSON can hold it. YAML also has dates."""
    try:
        json.dumps(value)
    except TypeError:
        raise WrongError(f"{path} holds something that JSON does not have, such as a date; put it in quotes.") from None
    return value


def _kind(value: t.Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    return "empty" if value is None else "a list" if isinstance(value, list) else repr(value)
