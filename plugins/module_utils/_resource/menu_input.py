# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""What is right and wrong about a menu that a user declares. All faults at once, each with its path, before anything is sent.

The platform's own messages never say which button is at fault. Source: the platform's page "Custom menu creation".
"""

from __future__ import annotations

import datetime
import difflib
import json
import re
import typing as t
import unicodedata
from urllib.parse import quote, urlsplit

from .._http.errors import CLAUSES, Text, joined, plain
from .menu_form import FIELDS, KNOWN, Menu, buttons_in, canonical

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


NOT_BOTH = Text("menu is given together with state: absent", "menu 与 state: absent 同时提供")
LEAVE_ONE_OUT = Text("leave one of the two out", "请去掉其中一个")


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
    """What is right and wrong about ``declared``: the body of menu/create, what a look returns, or JSON text of these."""
    if isinstance(declared, str):
        read = _from_json(declared)
        if isinstance(read, Text):
            return Checked(None, [read], [])
        declared = read
    fault = _whole_answer(declared) or _mask(declared)
    if fault:
        return Checked(None, [fault], [])
    faults = [*_matchrules(declared, "")]
    buttons: object = None
    if not isinstance(declared, dict):
        fault = Text("menu is {kind}; give a dict with button", "menu {kind}；请提供含有 button 的字典")
        faults.append(fault.filled(kind=_kind(declared)))
    else:
        inner = declared.get("menu", declared)
        if not isinstance(inner, dict) or "button" not in inner:
            faults.append(_no_button(inner))
        else:
            # In YAML, "button:" with nothing behind it is null.
            buttons = [] if inner["button"] is None else inner["button"]
            faults.extend(_strangers(declared, "menu" if inner is not declared else "button"))
            if inner is not declared:
                faults.extend(_strangers(inner, "button"))
    if isinstance(buttons, list):
        if not _there(buttons):
            faults.append(Text("button is empty; to have no menu, use state: absent", "button 为空；如不需要菜单，请使用 state: absent"))
        faults.extend(_buttons(buttons, "button", _TOP))
    elif buttons is not None:
        faults.append(Text("button is {kind}; give a list", "button {kind}；请提供列表").filled(kind=_kind(buttons)))
    if faults:
        return Checked(None, list(dict.fromkeys(faults)), [])
    warnings = [*_warnings(buttons, "button", _TOP)] if isinstance(buttons, list) else []
    return Checked(canonical(_there(buttons)), [], warnings)


def _from_json(text: str) -> object:
    """What the JSON ``text`` holds; a Text with the fault if it is none."""
    if any("\udc80" <= character <= "\udcff" or character == "\ufffd" for character in text):
        return Text(
            "menu is text with bytes that are not UTF-8; save the file as UTF-8, and read it again",
            "menu 文本中含有非 UTF-8 的字节；请将文件保存为 UTF-8 后重新读取",
        )
    stripped = text.strip().removeprefix("\ufeff").strip()
    try:
        return json.loads(stripped, object_pairs_hook=_each_key_once)
    except _KeyTwiceError:
        return Text("menu is JSON text in which a key stands twice; leave one out", "menu 的 JSON 文本中有重复的键；请去掉一个")
    except RecursionError:
        return Text("menu is JSON text that is nested too deeply", "menu 的 JSON 文本嵌套过深")
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno}
    except ValueError:  # a number of thousands of digits
        where = {"line": 1, "column": 1}
    if "\n" not in stripped and re.search(r"^[/~.]|\.(json|ya?ml)$", stripped):
        return Text(
            "menu is a path, not a menu; read the file: lookup('ansible.builtin.file', path)",
            "menu 是路径，不是菜单；请读取文件：lookup('ansible.builtin.file', path)",
        )
    if not stripped.startswith(("{", "[")) and re.search(r"^\s*-?\s*(menu|button)\s*:", stripped, re.MULTILINE):
        return Text(
            "menu is YAML text; give a dict, or put | from_yaml behind it", "menu 是 YAML 文本；请提供字典，或在其后使用 | from_yaml"
        )
    if re.search(r"\bdatetime\.(date|datetime|time)\(", stripped):
        # Before ansible-core 2.19, a template makes such a text of a menu with a date.
        return Text("menu holds a date or a time; give a text: quote it", "menu 中有日期或时间；请提供文本：加引号")
    fault = Text(
        "menu is text that is not JSON (line {line}, column {column}); give a dict, or JSON text",
        "menu 是文本，但不是 JSON（第 {line} 行第 {column} 列）；请提供字典或 JSON 文本",
    )
    return fault.filled(**where)


class _KeyTwiceError(Exception):
    pass


def _each_key_once(pairs: list[tuple[str, t.Any]]) -> dict[str, t.Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise _KeyTwiceError
    return read


def _whole_answer(declared: object) -> Text | None:
    """The fault of an answer of the platform that holds more than one menu, or not only a menu."""
    if not isinstance(declared, dict):
        return None
    if "selfmenu_info" in declared or "is_menu_open" in declared:
        return Text(
            "menu is the whole answer of get_current_selfmenu_info; give its selfmenu_info",
            "menu 是 get_current_selfmenu_info 的完整响应；请提供其中的 selfmenu_info",
        )
    if "conditionalmenu" in declared:
        return Text(
            "the conditional menus in conditionalmenu are not set by this option; give the menu alone",
            "conditionalmenu 中的个性化菜单不由此选项设置；请只提供 menu",
        )
    return None


# What Ansible shows in place of a secret.
_MASKS = ("********", "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER")


def _mask(value: object, path: str = "menu") -> Text | None:
    """The fault of a value that was masked when it was shown: the text itself is lost."""
    if isinstance(value, str) and any(mask in value for mask in _MASKS):
        return Text(
            "{path} holds Ansible's mask for a secret, so its text is lost; give the text itself",
            "{path} 中是 Ansible 用来遮盖秘密的符号，原文已丢失；请提供原文",
        ).filled(path=path)
    if isinstance(value, dict):
        parts = [(f"a key of {path}" if part is name else f"{path}.{name}", part) for name in value for part in (name, value[name])]
    else:
        parts = [(f"{path}[{number}]", one) for number, one in enumerate(value)] if isinstance(value, list) else []
    return next((fault for at, part in parts if (fault := _mask(part, at))), None)


def _no_button(inner: object) -> Text:
    near = next((name for name in inner if _is_near(name, "button")), None) if isinstance(inner, dict) else None
    if near is not None:
        return Text("menu has {near}; is button meant?", "menu 中有 {near}；是否应为 button？").filled(near=near)
    return Text(
        'menu has no button; give {"button": [...]}, as menu/create takes it',
        'menu 中没有 button；请提供 {"button": [...]}，与 menu/create 的格式相同',
    )


def _is_near(name: object, right: str) -> bool:
    """Whether ``name`` is how an SDK spells ``right``, or a slip of it."""
    folded, meant = (re.sub("[_-]", "", str(one)).lower() for one in (name, right))
    return name != right and str(name).isidentifier() and difflib.SequenceMatcher(None, folded, meant).ratio() > 0.8


def _is_gap(button: object) -> bool:
    # Before ansible-core 2.19, a template that gives null makes an empty text, and an omitted one leaves its placeholder in a list.
    return button is None or button == "" or (isinstance(button, str) and button.startswith("__omit_place_holder__"))


def _there(buttons: t.Any) -> t.Any:
    """``buttons`` without those that are null: one template serves accounts with a button and those without it."""
    if isinstance(buttons, dict):
        return {name: _there(its) if name in ("sub_button", "list") else its for name, its in buttons.items()}
    return [_there(button) for button in buttons if not _is_gap(button)] if isinstance(buttons, list) else buttons


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
        if name not in (wanted, "menuid", "matchrule"):
            yield Text("{name} is unknown; a menu has button alone", "{name} 未知；菜单只有 button").filled(name=name)


def _buttons(buttons: list[t.Any], path: str, limits: tuple[int, int, int]) -> Iterator[Text]:
    most = limits[0]
    there = len(_there(buttons))
    if there > most:
        fault = Text("{path} has {number} buttons; {most} are allowed", "{path} 有 {number} 个按钮；最多允许 {most} 个")
        yield fault.filled(path=path, number=there, most=most)
    for number, button in enumerate(buttons):
        at = f"{path}[{number}]"
        if _is_gap(button):
            continue
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
        if _there(below):
            yield from _group(button, below, at, limits)
        else:
            yield from _leaf(button, at)


def _group(button: Mapping[str, t.Any], below: list[t.Any], at: str, limits: tuple[int, int, int]) -> Iterator[Text]:
    if limits is _BELOW:
        yield Text("{at}.sub_button: a group within a group is not allowed", "{at}.sub_button：不允许菜单组中再有菜单组").filled(at=at)
        return
    for name in button:
        if name not in (*KNOWN, "matchrule") and not _is_empty(button[name]):
            fault = Text(
                "{at}.{name}: a group has name and sub_button alone; leave it out{nearest}",
                "{at}.{name}：菜单组只有 name 和 sub_button；请去掉{nearest}",
            )
            yield fault.filled(at=at, name=name, nearest=_nearest(name, ("name", "sub_button")))
    yield from _buttons(below, f"{at}.sub_button", _BELOW)


def _leaf(button: Mapping[str, t.Any], at: str) -> Iterator[Text]:
    kind = button.get("type")
    if _is_empty(kind):
        near = next((name for name in button if _is_near(name, "sub_button")), None)
        if near is not None:
            fault = Text("{at}.{near} is unknown; is sub_button meant?", "{at}.{near} 未知；是否应为 sub_button？")
            yield fault.filled(at=at, near=near)
        elif button.get("sub_button") is not None:
            yield Text("{at}.sub_button is empty", "{at}.sub_button 为空").filled(at=at)
        else:
            fault = Text("{at}.type is missing; a button has a type, or a sub_button", "缺少 {at}.type；按钮应有 type 或 sub_button")
            yield fault.filled(at=at)
        return
    if not isinstance(kind, str) or kind not in FIELDS:
        yield Text("{at}.type is {kind}; {why}", "{at}.type 是 {kind}；{why}").filled(at=at, kind=_shown(kind), why=_why_no_type(kind))
        return
    fields = FIELDS[kind]
    for name in fields:
        yield from _text(button, name, at, _MAX_BYTES.get(name))
    for name, value in button.items():
        if name not in (*KNOWN, "matchrule") and not _is_empty(value):
            fault = Text("{at}.{name}: a {kind} button has {fields} alone{nearest}", "{at}.{name}：{kind} 按钮只有 {fields}{nearest}")
            right = ("name", *fields)
            yield fault.filled(at=at, name=name, kind=kind, fields=", ".join(right), nearest=_nearest(name, right))
    if isinstance(button.get("url"), str) and "url" in fields and button["url"]:
        yield from _url(button["url"], at)
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
    if _is_empty(value) or (isinstance(value, str) and not value.strip()):
        yield Text("{at}.{name} is missing or empty", "{at}.{name} 缺失或为空").filled(at=at, name=name)
    elif not isinstance(value, str):
        fault = Text(
            "{at}.{name} is {kind}; give a text: quote it, or use | string if a template makes it",
            "{at}.{name} {kind}；请提供文本：加引号；如果由模板产生，请使用 | string",
        )
        yield fault.filled(at=at, name=name, kind=_kind(value))
    elif any("\udc80" <= character <= "\udcff" or character == "\ufffd" for character in value):
        fault = Text(
            "{at}.{name} has bytes that are not UTF-8; save the file as UTF-8, and read it again",
            "{at}.{name} 含有非 UTF-8 的字节；请将文件保存为 UTF-8 后重新读取",
        )
        yield fault.filled(at=at, name=name)
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


# What is never part of a URL.
_NOT_IN_URLS = '{}<>"\\`'
# How templates begin: Jinja's, Ruby's, and those of ERB, JSP and the like.
_TEMPLATES = ("{{", "{%", "#{", "${", "<%")


def _url(url: str, at: str) -> Iterator[Text]:
    template = next((mark for mark in _TEMPLATES if mark in url), None)
    # A backslash with u has a fault of its own.
    odd = next((character for character in url.replace("\\u", "") if character in _NOT_IN_URLS or _is_blank(character)), None)
    if template:
        fault = Text(
            "{at}.url holds {mark}, a template that was not rendered; nothing renders it later",
            "{at}.url 中有未渲染的模板 {mark}；之后不会再渲染",
        )
        yield fault.filled(at=at, mark=template)
    elif odd is not None:
        fault = Text("{at}.url holds {what}; write it as {code}, or leave it out", "{at}.url 含有 {what}；请写作 {code}，或去掉")
        yield fault.filled(at=at, what=_named(odd), code=quote(odd))
    elif not _is_web(url):
        fault = Text("{at}.url is not a URL with http or https and a host", "{at}.url 不是带有 http 或 https 和主机名的 URL")
        yield fault.filled(at=at)


def _is_blank(character: str) -> bool:
    """White space, or what nobody sees: joiners, direction marks, the mark at the beginning of a file."""
    return character.isspace() or unicodedata.category(character) in ("Cf", "Zs", "Zl", "Zp")


def _named(character: str) -> Text:
    if character == " ":
        return Text("a space", "空格")
    if _is_blank(character):
        return Text("the invisible character U+{code:04X}", "不可见字符 U+{code:04X}").filled(code=ord(character))
    names = {'"': Text("a double quote", "双引号"), "\\": Text("a backslash", "反斜杠"), "`": Text("a backquote", "反引号")}
    return names.get(character, plain(character))


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
        datetime.datetime: Text("a date", "是日期"),
        datetime.date: Text("a date", "是日期"),
    }
    of_another_kind = Text("of another kind", "是其他类型")
    found = next((words for kind, words in kinds.items() if isinstance(value, kind)), of_another_kind)
    return Text("empty", "为空") if value is None else found


def _shown(value: object) -> Text:
    """A wrong type of button, for a message. Anything that is no short word is not repeated."""
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z_]{1,32}", value):
        return plain(value)
    return Text("not one of the platform's", "微信没有的类型")


def _warnings(buttons: list[t.Any], path: str, limits: tuple[int, int, int]) -> Iterator[str]:
    """What may surprise, of ``buttons`` without faults."""
    for number, button in enumerate(buttons):
        if _is_gap(button):
            continue
        at, below = f"{path}[{number}]", _there(buttons_in(button.get("sub_button")))
        name, kind = button["name"], button.get("type")
        wide = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in name)
        if wide > 2 * limits[2]:
            yield f"{at}.name is longer than {limits[2]} wide characters, and phones cut it"
        if kind in _NO_ARTICLES and not below:
            yield f"{at}.type is {kind}, which no longer shows articles"
        own = ("name",) if below else ("name", "type", *FIELDS[kind])
        for field in (*own, *sorted(set(button) - {*own})):
            value = button.get(field)
            if field not in own and field != "sub_button" and not _is_empty(value):
                what = "a group" if below else f"a {kind} button"
                yield f"{at}.{field} is not a field of {what}: the platform drops it, and so it is not sent"
            elif field in own and isinstance(value, str):
                yield from _odd_text(value, f"{at}.{field}", is_url=field == "url")
        yield from _warnings(buttons_in(button.get("sub_button")), f"{at}.sub_button", _BELOW)


def _odd_text(value: str, at: str, *, is_url: bool) -> Iterator[str]:
    if is_url and "&amp;" in value:
        yield f"{at} has &amp;, which stands for & in HTML only; write & in a menu"
    elif not is_url and any(mark in value for mark in _TEMPLATES):
        yield f"{at} looks like a template that was not rendered; it is set as it is"
    if value != value.strip():
        yield f"{at} begins or ends with white space, which the platform may remove"
