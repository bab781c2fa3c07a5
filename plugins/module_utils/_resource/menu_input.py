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

from .._http.errors import CLAUSES, Text, joined, plain
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
    faults: list[Text]
    warnings: list[str]


class AllChecked(t.NamedTuple):
    """``menus``: by the accounts' names. ``faults``: a clause with the faults of all of them, empty if there are none."""

    menus: dict[str, Menu | None]
    faults: Text
    warnings: list[str]


def check_all(declared: Mapping[str, object]) -> AllChecked:
    """Check the menu of each account, by its name; "" is the name of the account that has none. Equal menus are checked once."""
    menus: dict[str, Menu | None] = {}
    faults: dict[Text, list[str]] = {}
    warnings: dict[str, None] = {}
    known: dict[int, Checked] = {}
    for name, menu in declared.items():
        if menu is None:
            fault = Text("menu is missing; give one, or use state: absent", "缺少 menu；请提供菜单，或使用 state: absent")
            faults.setdefault(fault, []).append(name)
            continue
        if id(menu) not in known:
            known[id(menu)] = check(menu)
        checked = known[id(menu)]
        menus[name] = checked.menu
        for fault in checked.faults:
            faults.setdefault(fault, []).append(name)
        warnings.update(dict.fromkeys(checked.warnings))
    of = Text("{fault} (account {names})", "{fault}（账号 {names}）")
    listed = joined(
        CLAUSES, [fault if names == [""] else of.filled(fault=fault, names=", ".join(names)) for fault, names in faults.items()]
    )
    cannot = Text("menu cannot be used: {listed}", "menu 无法使用：{listed}").filled(listed=listed)
    return AllChecked(menus, cannot if listed else listed, list(warnings))


def check(declared: object) -> Checked:
    """What is right and wrong about ``declared``: the body of menu/create, or what menu/get or the info module returns."""
    faults = [*_matchrules(declared, "")]
    buttons: object = None
    if not isinstance(declared, dict):
        fault = Text("menu is {kind}; give a dict with button", "menu {kind}；请提供含有 button 的字典")
        faults.append(fault.filled(kind=_kind(declared)))
    else:
        inner = declared.get("menu", declared)
        if not isinstance(inner, dict) or "button" not in inner:
            faults.append(
                Text(
                    'menu has no button; give {"button": [...]}, as menu/create takes it',
                    'menu 中没有 button；请提供 {"button": [...]}，与 menu/create 的格式相同',
                )
            )
        else:
            # In YAML, "button:" with nothing behind it is null.
            buttons = [] if inner["button"] is None else inner["button"]
            faults.extend(_strangers(declared, "menu" if inner is not declared else "button"))
            if inner is not declared:
                faults.extend(_strangers(inner, "button"))
    if buttons == []:
        faults.append(Text("button is empty; to have no menu, use state: absent", "button 为空；如不需要菜单，请使用 state: absent"))
    elif isinstance(buttons, list):
        faults.extend(fault for fault in _buttons(buttons, "button", _TOP))
    elif buttons is not None:
        faults.append(Text("button is {kind}; give a list", "button {kind}；请提供列表").filled(kind=_kind(buttons)))
    if faults:
        return Checked(None, list(dict.fromkeys(faults)), [])
    menu = canonical(buttons)
    return Checked(menu, [], [*_warnings(menu)])


def _matchrules(value: object, path: str) -> Iterator[Text]:
    """Wherever a matchrule stands. The platform would say ok, and replace the menu of everybody."""
    if isinstance(value, dict):
        for name, its in value.items():
            at = f"{path}.{name}" if path else str(name)
            if name == "matchrule":
                yield Text(
                    "{at}: conditional menus are not managed, and the platform would replace the menu of everybody; leave it out",
                    "{at}：不管理个性化菜单，且微信会替换所有人的菜单；请去掉",
                ).filled(at=at)
            else:
                yield from _matchrules(its, at)
    elif isinstance(value, list):
        for number, its in enumerate(value):
            yield from _matchrules(its, f"{path}[{number}]")


def _strangers(fields: Mapping[str, t.Any], wanted: str) -> Iterator[Text]:
    for name in fields:
        if name == "conditionalmenu":
            yield Text("conditionalmenu: conditional menus are not managed; leave it out", "conditionalmenu：不管理个性化菜单；请去掉")
        elif name not in (wanted, "menuid", "matchrule"):
            yield Text("{name} is unknown; a menu has button alone", "{name} 未知；菜单只有 button").filled(name=name)


def _buttons(buttons: list[t.Any], path: str, limits: tuple[int, int, int]) -> Iterator[Text]:
    most = limits[0]
    if len(buttons) > most:
        fault = Text("{path} has {number} buttons; {most} are allowed", "{path} 有 {number} 个按钮；最多允许 {most} 个")
        yield fault.filled(path=path, number=len(buttons), most=most)
    for number, button in enumerate(buttons):
        at = f"{path}[{number}]"
        if not isinstance(button, dict):
            yield Text("{at} is {kind}; give a dict", "{at} {kind}；请提供字典").filled(at=at, kind=_kind(button))
            continue
        yield from _text(button, "name", at, limits[1])
        try:
            below = buttons_in(button.get("sub_button"))
        except ValueError:
            fault = Text("{at}.sub_button is {kind}; give a list of buttons", "{at}.sub_button {kind}；请提供按钮的列表")
            yield fault.filled(at=at, kind=_kind(button["sub_button"]))
            continue
        if below:
            yield from _group(button, below, at, limits)
        else:
            yield from _leaf(button, at)


def _group(button: Mapping[str, t.Any], below: list[t.Any], at: str, limits: tuple[int, int, int]) -> Iterator[Text]:
    if limits is _BELOW:
        yield Text("{at}.sub_button: a group within a group is not allowed", "{at}.sub_button：不允许菜单组中再有菜单组").filled(at=at)
        return
    for name in button:
        if name not in ("name", "sub_button") and not _is_empty(button[name]):
            fault = Text(
                "{at}.{name}: a group has name and sub_button alone; leave it out{nearest}",
                "{at}.{name}：菜单组只有 name 和 sub_button；请去掉{nearest}",
            )
            yield fault.filled(at=at, name=name, nearest=_nearest(name, ("name", "sub_button")))
    yield from _buttons(below, f"{at}.sub_button", _BELOW)


def _leaf(button: Mapping[str, t.Any], at: str) -> Iterator[Text]:
    kind = button.get("type")
    if _is_empty(kind):
        yield Text("{at}.type is missing; a button has a type, or a sub_button", "缺少 {at}.type；按钮应有 type 或 sub_button").filled(
            at=at
        )
        return
    if not isinstance(kind, str) or kind not in FIELDS:
        yield Text("{at}.type is {kind}; {why}", "{at}.type 是 {kind}；{why}").filled(at=at, kind=_shown(kind), why=_why_no_type(kind))
        return
    fields = FIELDS[kind]
    for name in fields:
        yield from _text(button, name, at, _MAX_BYTES.get(name))
    for name, value in button.items():
        if name not in ("type", "name", "sub_button", "matchrule", *fields) and not _is_empty(value):
            fault = Text("{at}.{name}: a {kind} button has {fields} alone{nearest}", "{at}.{name}：{kind} 按钮只有 {fields}{nearest}")
            right = ("name", *fields)
            yield fault.filled(at=at, name=name, kind=kind, fields=", ".join(right), nearest=_nearest(name, right))
    if isinstance(button.get("url"), str) and "url" in fields and not _is_web(button["url"]):
        fault = Text("{at}.url is not a URL with http or https and a host", "{at}.url 不是带有 http 或 https 和主机名的 URL")
        yield fault.filled(at=at)
    if isinstance(button.get("appid"), str) and "appid" in fields and not _MINI_PROGRAM.fullmatch(button["appid"]):
        yield Text(
            "{at}.appid is not the AppID of a mini program: wx and 16 characters 0-9 and a-f, in lower case",
            "{at}.appid 不是小程序的 AppID：应为 wx 加 16 个字符 0-9 和 a-f，小写",
        ).filled(at=at)


def _why_no_type(kind: object) -> Text:
    if not isinstance(kind, str):
        return Text("give a text; quote it", "请提供文本，并加引号")
    if kind in _OF_CONSOLE:
        return Text("only the console makes such buttons, and the API does not take them", "这种按钮只能在公众平台手工设置，接口不接受")
    near = difflib.get_close_matches(kind.lower(), FIELDS, 1, 0.6)
    return Text("the platform has {types}", "微信支持的有 {types}").filled(types=near[0] if near else ", ".join(FIELDS))


def _nearest(name: object, right: tuple[str, ...]) -> Text:
    near = difflib.get_close_matches(str(name).lower(), right, 1, 0.6)
    return Text(" (is {near} meant?)", "（是否应为 {near}？）").filled(near=near[0]) if near else plain("")


def _text(button: Mapping[str, t.Any], name: str, at: str, most: int | None) -> Iterator[Text]:
    """What is wrong with a text that has to be there. ``most``: bytes of UTF-8."""
    value = button.get(name)
    if _is_empty(value):
        yield Text("{at}.{name} is missing or empty", "{at}.{name} 缺失或为空").filled(at=at, name=name)
    elif not isinstance(value, str):
        fault = Text("{at}.{name} is {kind}; give a text: quote it", "{at}.{name} {kind}；请提供文本：加引号")
        yield fault.filled(at=at, name=name, kind=_kind(value))
    elif any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        fault = Text("{at}.{name} has control characters or half characters", "{at}.{name} 含有控制字符或不完整的字符")
        yield fault.filled(at=at, name=name)
    elif "\\u" in value:
        # In JSON it would look like an escape, and the platform takes none.
        fault = Text(
            "{at}.{name} has \\u, which the platform refuses; write the character itself, or, in YAML, use double quotes",
            "{at}.{name} 含有 \\u，微信会拒绝；请直接写该字符，或在 YAML 中使用双引号",
        )
        yield fault.filled(at=at, name=name)
    elif most is not None and len(value.encode()) > most:
        fault = Text(
            "{at}.{name} has {size} bytes in UTF-8; {most} are allowed", "{at}.{name} 有 {size} 字节（UTF-8）；最多允许 {most} 字节"
        )
        yield fault.filled(at=at, name=name, size=len(value.encode()), most=most)


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], {})


def _kind(value: object) -> Text:
    """What ``value`` is. Comes behind its name, and "is" in English."""
    kinds: dict[type, Text] = {
        bool: Text("true or false", "是 true 或 false"),
        int: Text("a number", "是数字"),
        float: Text("a number", "是数字"),
        list: Text("a list", "是列表"),
        dict: Text("a dict", "是字典"),
        str: Text("a text", "是文本"),
    }
    return Text("empty", "为空") if value is None else kinds.get(type(value), Text("of another kind", "是其他类型"))


def _shown(value: object) -> Text:
    """A wrong type of button, for a message. Anything that is no short word is not repeated."""
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z_]{1,32}", value):
        return plain(value)
    return Text("not one of the platform's", "微信没有的类型")


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
