# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Menus in one canonical form, whatever shape they were written or read in. Knows no HTTP, no Ansible and no account.

A menu is ``{"button": [button, ...]}``. A group is ``{"name": ..., "sub_button": [button, ...]}``. A leaf is ``{"type": ..., "name": ...}``
with the fields of its type. The order of buttons counts, and the order of keys does not.

Source: the platform's pages "Custom menu creation", "Custom menu query" and "Get custom menu configuration". What reading changes is
known from users' reports.
"""

from __future__ import annotations

import json
import math
import re
import typing as t
import unicodedata

if t.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Button = dict[str, t.Any]
Menu = dict[str, list[Button]]

_WITH_KEY = ("click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select")

# The fields of each type of button, besides ``type`` and ``name``. All of them are needed.
FIELDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_WITH_KEY, ("key",)),
    "view": ("url",),
    "miniprogram": ("url", "appid", "pagepath"),
    "media_id": ("media_id",),
    "view_limited": ("media_id",),
    "article_id": ("article_id",),
    "article_view_limited": ("article_id",),
}

# Every field that some button can have. On a button that it does not belong to, the platform drops it.
KNOWN = frozenset({"type", "name", "sub_button", *(field for fields in FIELDS.values() for field in fields)})

# Control and half characters, ends of lines, what is no character, and what changes the direction of text or is not seen. A joiner is
# part of many emoji.
_NOT_FOR_PEOPLE = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\ufffe\uffff]"
)
# How many wide characters of a name phones show: at the top, and in a group.
SHOWN_ON_TOP, SHOWN_BELOW = 4, 8

# A text that YAML takes as it is, and for what it is.
PLAIN_WORD = re.compile(r"(?!(?i:null|true|false|yes|no|on|off|y|n)$)[A-Za-z_]\w*", re.ASCII)


# How deep an answer of the platform may be nested. A menu has 5 levels. Ansible cannot return what is nested hundreds of times.
_DEEPEST = 32


def as_read(value: t.Any, deepest: int = _DEEPEST) -> t.Any:
    """``value``, from an answer of the platform, as something that Ansible can return. Raises ValueError if it is nested too deeply.

    Half of a character (a lone surrogate) cannot be encoded. It becomes its escape, which no declared menu may have.
    """
    if isinstance(value, str):
        return value if value.isascii() else value.encode(errors="backslashreplace").decode()
    # JSON has no infinity.
    if isinstance(value, float) and math.isinf(value):
        return str(value)
    if not isinstance(value, (dict, list)):
        return value
    if not deepest:
        raise ValueError
    if isinstance(value, dict):
        return {as_read(name): as_read(its, deepest - 1) for name, its in value.items()}
    return [as_read(its, deepest - 1) for its in value]


def buttons_in(sub_button: object) -> list[t.Any]:
    """The buttons of a group. ``sub_button``: a list, a dict with ``list``, or nothing. Raises ValueError for anything else."""
    if isinstance(sub_button, dict) and set(sub_button) <= {"list"}:
        sub_button = sub_button.get("list")
    if sub_button is None or sub_button == "":
        return []
    if not isinstance(sub_button, list):
        raise ValueError
    return sub_button


def canonical(buttons: object) -> Menu:
    """The menu with ``buttons``. Raises ValueError if they are not buttons at all.

    Wrappers, empty fields and fields that do not belong to a button's type are left out. What is unknown and not empty stays, so that
    it makes a difference.
    """
    if not isinstance(buttons, list):
        raise ValueError
    return {"button": [_canonical_button(button) for button in buttons]}


def as_phones_show(name: str, wide: int) -> str:
    """``name`` as phones show it: cut after so many ``wide`` characters. Two narrow ones are as wide as one."""
    width = 0
    for number, character in enumerate(name):
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width > 2 * wide:
            return f"{name[:number]}…"
    return name


def mini_programs(menu: Menu) -> list[str]:
    """The AppIDs of the mini programs that ``menu``, in the canonical form, opens."""
    leaves = (leaf for button in menu["button"] for leaf in button.get("sub_button", [button]))
    return sorted({leaf["appid"] for leaf in leaves if leaf.get("type") == "miniprogram"})


def _canonical_button(button: object) -> Button:
    if not isinstance(button, dict):
        raise ValueError
    below = buttons_in(button.get("sub_button"))
    filled = {name: value for name, value in button.items() if value not in (None, "", [], {}) and name != "sub_button"}
    unknown = {name: filled[name] for name in sorted(set(filled) - KNOWN)}
    if below:
        return {**_some(filled, "name"), **unknown, "sub_button": [_canonical_button(one) for one in below]}
    fields = FIELDS.get(str(filled.get("type")))
    if fields is None:
        # The platform has made it, or the console has. Nothing about it is known.
        return {**_some(filled, "type", "name"), **{name: filled[name] for name in sorted(set(filled) - {"type", "name"})}}
    return {**_some(filled, "type", "name", *fields), **unknown}


def _some(button: Mapping[str, t.Any], *names: str) -> Button:
    return {name: button[name] for name in names if name in button}


def differences(one: Menu | None, other: Menu | None) -> list[str]:
    """The paths at which two menus differ, such as ``button[1].sub_button[0].url``. Empty if they are equal."""
    if one is None or other is None:
        return [] if one is other else ["menu"]
    return [path for path, _one, _other in differing(one, other)]


def differing(one: t.Any, other: t.Any, path: str = "") -> Iterator[tuple[str, t.Any, t.Any]]:
    """The paths at which two values differ, and what the one and the other have there; None if there is nothing.

    ``one``, ``other``: what JSON can hold. ``path``: that of the two values, in front of each path.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        for name in dict.fromkeys((*one, *other)):
            step = f".{name}" if PLAIN_WORD.fullmatch(name) else f"[{as_json(name)}]"
            yield from differing(one.get(name), other.get(name), f"{path}{step}" if path else step.removeprefix("."))
    elif isinstance(one, list) and isinstance(other, list):
        for number in range(max(len(one), len(other))):
            first, second = (side[number] if number < len(side) else None for side in (one, other))
            yield from differing(first, second, f"{path}[{number}]")
    elif one != other or type(one) is not type(other):
        yield path, one, other


def only_lacks(seen: t.Any, wanted: t.Any) -> bool:
    """Whether ``seen`` is ``wanted`` without some of its parts, and with nothing else."""
    if isinstance(seen, dict) and isinstance(wanted, dict):
        return all(name in wanted and only_lacks(value, wanted[name]) for name, value in seen.items())
    if isinstance(seen, list) and isinstance(wanted, list):
        return len(seen) == len(wanted) and all(only_lacks(*pair) for pair in zip(seen, wanted, strict=True))
    return bool(seen == wanted)


def as_yaml(menu: Menu | None) -> str:
    """``menu`` as YAML, for people: the keys in the canonical order, one line for each value. What would end a line or be a command to a
    terminal is escaped.
    """
    if menu is None:
        return "menu: null\n"
    return lines_of({"menu": menu})


def lines_of(value: Mapping[str, t.Any]) -> str:
    """``value``, what JSON can hold, as such YAML."""
    return "".join(f"{line}\n" for line in _lines(value, ""))


def _lines(value: Mapping[str, t.Any], indent: str) -> Iterator[str]:
    for key, its in value.items():
        name = key if PLAIN_WORD.fullmatch(key) else as_json(key)
        if isinstance(its, list) and its and all(isinstance(one, dict) for one in its):
            yield f"{indent}{name}:"
            for one in its:
                first, *rest = [*_lines(one, f"{indent}    ")] or ["{}"]
                yield f"{indent}  - {first.lstrip()}"
                yield from rest
        elif isinstance(its, dict) and its:
            yield f"{indent}{name}:"
            yield from _lines(its, f"{indent}  ")
        else:
            yield f"{indent}{name}: {as_json(its)}"


def as_json(value: t.Any, indent: int | None = None) -> str:
    """``value`` as JSON, which is YAML as well; in one line without ``indent``."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _NOT_FOR_PEOPLE.sub(lambda found: json.dumps(found[0])[1:-1], text)
