# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""What is right and wrong about a menu that a user declares. All faults at once, each with its path, before anything is sent.

The platform's own messages never say which button is at fault. Source: the platform's page "Custom menu creation".
"""

from __future__ import annotations

import difflib
import re
import typing as t
import unicodedata
from urllib.parse import urlsplit

from .menu_form import FIELDS, Menu, buttons_in, canonical

if t.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# How many buttons there may be, and how many bytes of UTF-8 and wide characters their names may have: at the top, and in a group.
_TOP = (3, 16, 4)
_BELOW = (5, 60, 8)
_MAX_BYTES = {"key": 128, "url": 1024}
_MINI_PROGRAM = re.compile(r"wx[0-9a-f]{16}")

# Types that only the console makes. The API shows them, and does not take them.
_OF_CONSOLE = ("text", "img", "voice", "video", "news")
_NO_ARTICLES = ("media_id", "view_limited")


class Checked(t.NamedTuple):
    """``menu``: in the canonical form, None if there are ``faults``. ``warnings``: what is allowed, and may surprise."""

    menu: Menu | None
    faults: list[str]
    warnings: list[str]


class AllChecked(t.NamedTuple):
    """``menus``: by the accounts' names. ``faults``: a clause with the faults of all of them, empty if there are none."""

    menus: dict[str, Menu | None]
    faults: str
    warnings: list[str]


def check_all(declared: Mapping[str, object]) -> AllChecked:
    """Check the menu of each account, by its name; "" is the name of the account that has none. Equal menus are checked once."""
    menus: dict[str, Menu | None] = {}
    faults: dict[str, list[str]] = {}
    warnings: dict[str, None] = {}
    known: dict[int, Checked] = {}
    for name, menu in declared.items():
        if menu is None:
            faults.setdefault("menu is missing; give one, or use state: absent", []).append(name)
            continue
        if id(menu) not in known:
            known[id(menu)] = check(menu)
        checked = known[id(menu)]
        menus[name] = checked.menu
        for fault in checked.faults:
            faults.setdefault(fault, []).append(name)
        warnings.update(dict.fromkeys(checked.warnings))
    listed = "; ".join(fault + (f" (account {', '.join(names)})" if names != [""] else "") for fault, names in faults.items())
    return AllChecked(menus, f"menu cannot be used: {listed}" if listed else "", list(warnings))


def check(declared: object) -> Checked:
    """What is right and wrong about ``declared``: the body of menu/create, or what menu/get or the info module returns."""
    faults = [*_matchrules(declared, "")]
    buttons: object = None
    if not isinstance(declared, dict):
        faults.append(f"menu is {_kind(declared)}; give a dict with button")
    else:
        inner = declared.get("menu", declared)
        if not isinstance(inner, dict) or "button" not in inner:
            faults.append('menu has no button; give {"button": [...]}, as menu/create takes it')
        else:
            # In YAML, "button:" with nothing behind it is null.
            buttons = [] if inner["button"] is None else inner["button"]
            faults.extend(_strangers(declared, "menu" if inner is not declared else "button"))
            if inner is not declared:
                faults.extend(_strangers(inner, "button"))
    if buttons == []:
        faults.append("button is empty; to have no menu, use state: absent")
    elif isinstance(buttons, list):
        faults.extend(fault for fault in _buttons(buttons, "button", _TOP))
    elif buttons is not None:
        faults.append(f"button is {_kind(buttons)}; give a list")
    if faults:
        return Checked(None, list(dict.fromkeys(faults)), [])
    menu = canonical(buttons)
    return Checked(menu, [], [*_warnings(menu)])


def _matchrules(value: object, path: str) -> Iterator[str]:
    """Wherever a matchrule stands. The platform would say ok, and replace the menu of everybody."""
    if isinstance(value, dict):
        for name, its in value.items():
            at = f"{path}.{name}" if path else str(name)
            if name == "matchrule":
                yield f"{at}: conditional menus are not managed, and the platform would replace the menu of everybody; leave it out"
            else:
                yield from _matchrules(its, at)
    elif isinstance(value, list):
        for number, its in enumerate(value):
            yield from _matchrules(its, f"{path}[{number}]")


def _strangers(fields: Mapping[str, t.Any], wanted: str) -> Iterator[str]:
    for name in fields:
        if name == "conditionalmenu":
            yield "conditionalmenu: conditional menus are not managed; leave it out"
        elif name not in (wanted, "menuid", "matchrule"):
            yield f"{name} is unknown; a menu has button alone"


def _buttons(buttons: list[t.Any], path: str, limits: tuple[int, int, int]) -> Iterator[str]:
    most = limits[0]
    if len(buttons) > most:
        yield f"{path} has {len(buttons)} buttons; {most} are allowed"
    for number, button in enumerate(buttons):
        at = f"{path}[{number}]"
        if not isinstance(button, dict):
            yield f"{at} is {_kind(button)}; give a dict"
            continue
        yield from _text(button, "name", at, limits[1])
        try:
            below = buttons_in(button.get("sub_button"))
        except ValueError:
            yield f"{at}.sub_button is {_kind(button['sub_button'])}; give a list of buttons"
            continue
        if below:
            yield from _group(button, below, at, limits)
        else:
            yield from _leaf(button, at)


def _group(button: Mapping[str, t.Any], below: list[t.Any], at: str, limits: tuple[int, int, int]) -> Iterator[str]:
    if limits is _BELOW:
        yield f"{at}.sub_button: a group within a group is not allowed"
        return
    for name in button:
        if name not in ("name", "sub_button") and not _is_empty(button[name]):
            yield f"{at}.{name}: a group has name and sub_button alone; leave it out" + _nearest(name, ("name", "sub_button"))
    yield from _buttons(below, f"{at}.sub_button", _BELOW)


def _leaf(button: Mapping[str, t.Any], at: str) -> Iterator[str]:
    kind = button.get("type")
    if _is_empty(kind):
        yield f"{at}.type is missing; a button has a type, or a sub_button"
        return
    if not isinstance(kind, str) or kind not in FIELDS:
        yield f"{at}.type is {_shown(kind)}; {_why_no_type(kind)}"
        return
    fields = FIELDS[kind]
    for name in fields:
        yield from _text(button, name, at, _MAX_BYTES.get(name))
    for name, value in button.items():
        if name not in ("type", "name", "sub_button", "matchrule", *fields) and not _is_empty(value):
            yield f"{at}.{name}: a {kind} button has {', '.join(('name', *fields))} alone" + _nearest(name, ("name", *fields))
    if isinstance(button.get("url"), str) and "url" in fields and not _is_web(button["url"]):
        yield f"{at}.url is not a URL with http or https and a host"
    if isinstance(button.get("appid"), str) and "appid" in fields and not _MINI_PROGRAM.fullmatch(button["appid"]):
        yield f"{at}.appid is not the AppID of a mini program: wx and 16 characters 0-9 and a-f, in lower case"


def _why_no_type(kind: object) -> str:
    if not isinstance(kind, str):
        return "give a text; quote it"
    if kind in _OF_CONSOLE:
        return "only the console makes such buttons, and the API does not take them"
    near = difflib.get_close_matches(kind.lower(), FIELDS, 1, 0.6)
    return f"the platform has {near[0]}" if near else f"the platform has {', '.join(FIELDS)}"


def _nearest(name: object, right: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(str(name).lower(), right, 1, 0.6)
    return f" (is {near[0]} meant?)" if near else ""


def _text(button: Mapping[str, t.Any], name: str, at: str, most: int | None) -> Iterator[str]:
    """What is wrong with a text that has to be there. ``most``: bytes of UTF-8."""
    value = button.get(name)
    if _is_empty(value):
        yield f"{at}.{name} is missing or empty"
    elif not isinstance(value, str):
        yield f"{at}.{name} is {_kind(value)}; give a text: quote it"
    elif any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        yield f"{at}.{name} has control characters or half characters"
    elif "\\u" in value:
        # In JSON it would look like an escape, and the platform takes none.
        yield f"{at}.{name} has \\u, which the platform refuses; write the character itself, or, in YAML, use double quotes"
    elif most is not None and len(value.encode()) > most:
        yield f"{at}.{name} has {len(value.encode())} bytes in UTF-8; {most} are allowed"


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], {})


def _kind(value: object) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a dict", str: "a text"}
    return "empty" if value is None else kinds.get(type(value), "of another kind")


def _shown(value: object) -> str:
    """A wrong type of button, for a message. Anything that is no short word is not repeated."""
    return value if isinstance(value, str) and re.fullmatch(r"[A-Za-z_]{1,32}", value) else "not one of the platform's"


def _warnings(menu: Menu) -> Iterator[str]:
    for path, button, limits in _walk(menu):
        wide = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in button["name"])
        if wide > 2 * limits[2]:
            yield f"{path}.name is longer than {limits[2]} wide characters, and phones cut it"
        if button.get("type") in _NO_ARTICLES:
            yield f"{path}.type is {button['type']}, which no longer shows articles"


def _walk(menu: Menu) -> Iterator[tuple[str, dict[str, t.Any], tuple[int, int, int]]]:
    for number, button in enumerate(menu["button"]):
        yield f"button[{number}]", button, _TOP
        for position, below in enumerate(button.get("sub_button", ())):
            yield f"button[{number}].sub_button[{position}]", below, _BELOW
