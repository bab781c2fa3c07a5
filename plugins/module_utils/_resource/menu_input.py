# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

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

from .._text import CLAUSES, Text, enumerated, joined, verbatim
from .menu_form import FIELDS, KNOWN, SHOWN_BELOW, SHOWN_ON_TOP, Menu, as_phones_show, buttons_in, canonical

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

# How many buttons there may be, and how many bytes of UTF-8 and wide characters their names may have: at the top, and in a group.
_TOP = (3, 16, SHOWN_ON_TOP)
_BELOW = (5, 60, SHOWN_BELOW)
_MAX_BYTES = {"key": 128, "url": 1024}
_MINI_PROGRAM = re.compile(r"wx[0-9a-f]{16}")

# Types that only the console makes. The API shows them, and does not take them.
_OF_CONSOLE = ("text", "img", "voice", "video", "news")
_NO_ARTICLES = ("media_id", "view_limited")


class Checked(t.NamedTuple):
    """``menu``: in the canonical form, None if there are ``faults``. ``warnings``: what is allowed, and may surprise."""

    menu: Menu | None
    faults: list[Text]
    warnings: list[Text]


class AllChecked(t.NamedTuple):
    """``menus``: by the accounts' names. ``faults``: a clause with the faults of all of them, empty if there are none."""

    menus: dict[str, Menu | None]
    faults: Text
    warnings: list[Text]


NOT_BOTH = Text("menu is given together with state: absent")
LEAVE_ONE_OUT = Text("leave one of the two out")
NO_BUTTONS = Text("button is empty; to have no menu, declare absent, not an empty menu")


class _HasFaults(t.Protocol):
    @property
    def faults(self) -> list[Text]:
        """Clauses."""

    @property
    def warnings(self) -> list[Text]:
        """What is allowed, and may surprise."""


C = t.TypeVar("C", bound=_HasFaults)


def gathered(given: Mapping[str, object], check: Callable[[object], C]) -> tuple[dict[str, C], Text, list[Text]]:
    """What ``check`` finds for each account, by its name; all faults as one clause, empty if there are none; and all warnings.

    "" is the name of the account that has none. Equal values are checked once.
    """
    found: dict[str, C] = {}
    faults: dict[Text, list[str]] = {}
    warnings: dict[Text, None] = {}
    known: dict[int, C] = {}
    for name, value in given.items():
        if id(value) not in known:
            known[id(value)] = check(value)
        found[name] = checked = known[id(value)]
        for fault in checked.faults:
            faults.setdefault(fault, []).append(name)
        warnings.update(dict.fromkeys(checked.warnings))
    return found, of_accounts(faults), list(warnings)


def check_all(declared: Mapping[str, object]) -> AllChecked:
    """Check the menu of each account."""
    missing = Checked(None, [Text("menu is missing; give one, or use state: absent")], [])
    found, faults, warnings = gathered(declared, lambda menu: missing if menu is None else check(menu))
    cannot = Text("menu cannot be used: {listed}").filled(listed=faults)
    return AllChecked({name: one.menu for name, one in found.items()}, cannot if faults else faults, warnings)


def of_accounts(faults: Mapping[Text, list[str]]) -> Text:
    """The clause for ``faults``, each with the names of the accounts that have it; "" is the name of an account that has none."""
    of = Text("{fault} (account {names})")
    return joined(CLAUSES, [fault if names == [""] else of.filled(fault=fault, names=enumerated(names)) for fault, names in faults.items()])


def check(declared: object) -> Checked:
    """What is right and wrong about ``declared``: the body of menu/create, what a look returns, or JSON text of these."""
    if isinstance(declared, str):
        read = _from_json(declared)
        if isinstance(read, Text):
            return Checked(None, [read], [])
        declared = read
    fault = _whole_answer(declared) or mask_in(declared)
    if fault:
        return Checked(None, [fault], [])
    faults = [*_matchrules(declared, "")]
    buttons: object = None
    if not isinstance(declared, dict):
        fault = Text("menu is {kind}; give a dict with button")
        faults.append(fault.filled(kind=kind_of(declared)))
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
            faults.append(NO_BUTTONS)
        faults.extend(_buttons(buttons, "button", _TOP))
    elif buttons is not None:
        faults.append(Text("button is {kind}; give a list").filled(kind=kind_of(buttons)))
    if faults:
        return Checked(None, list(dict.fromkeys(faults)), [])
    warnings = [*_warnings(buttons, "button", _TOP)] if isinstance(buttons, list) else []
    return Checked(canonical(_there(buttons)), [], warnings)


def _from_json(text: str) -> object:
    """What the JSON ``text`` holds; a Text with the fault if it is none."""
    if any("\udc80" <= character <= "\udcff" or character == "\ufffd" for character in text):
        return Text("menu is text with bytes that are not UTF-8; save the file as UTF-8, and read it again")
    stripped = text.strip().removeprefix("\ufeff").strip()
    try:
        return json.loads(stripped, object_pairs_hook=_each_key_once)
    except _KeyTwiceError:
        return Text("menu is JSON text in which a key stands twice; leave one out")
    except RecursionError:
        return Text("menu is JSON text that is nested too deeply")
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno}
    except ValueError:  # a number of thousands of digits
        where = {"line": 1, "column": 1}
    if "\n" not in stripped and re.search(r"^[/~.]|\.(json|ya?ml)$", stripped):
        return Text("menu is a path, not a menu; read the file: lookup('ansible.builtin.file', path)")
    if not stripped.startswith(("{", "[")) and re.search(r"^\s*-?\s*(menu|button)\s*:", stripped, re.MULTILINE):
        return Text("menu is YAML text; give a dict, or put | from_yaml behind it")
    if re.search(r"\bdatetime\.(date|datetime|time)\(", stripped):
        # Before ansible-core 2.19, a template makes such a text of a menu with a date.
        return Text("menu holds a date or a time; give a text: quote it")
    fault = Text("menu is text that is not JSON (line {line}, column {column}); give a dict, or JSON text")
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
        return Text("menu is the whole answer of get_current_selfmenu_info; give its selfmenu_info")
    if "conditionalmenu" in declared:
        return Text("the conditional menus in conditionalmenu are not set by this option; give the menu alone")
    return None


# What Ansible shows in place of a secret.
_MASKS = ("********", "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER")


def mask_in(value: object, path: str = "menu") -> Text | None:
    """The fault of a value that was masked when it was shown: the text itself is lost."""
    if isinstance(value, str) and any(mask in value for mask in _MASKS):
        return Text("{path} holds Ansible's mask for a secret, so its text is lost; give the text itself").filled(path=path)
    if isinstance(value, dict):
        parts = [
            (Text("a key of {path}").filled(path=path) if part is name else f"{path}.{name}", part)
            for name in value
            for part in (name, value[name])
        ]
    else:
        parts = [(f"{path}[{number}]", one) for number, one in enumerate(value)] if isinstance(value, list) else []
    return next((fault for at, part in parts if (fault := mask_in(part, at))), None)


def _no_button(inner: object) -> Text:
    near = next((name for name in inner if _is_near(name, "button")), None) if isinstance(inner, dict) else None
    if near is not None:
        return Text("menu has {near}; is button meant?").filled(near=near)
    return Text('menu has no button; give {"button": [...]}, as menu/create takes it')


def _is_near(name: object, right: str) -> bool:
    """Whether ``name`` is how an SDK spells ``right``, or a slip of it."""
    folded, meant = (re.sub("[_-]", "", str(one)).lower() for one in (name, right))
    return name != right and str(name).isidentifier() and difflib.SequenceMatcher(None, folded, meant).ratio() > 0.8


def is_gap(button: object) -> bool:
    """Whether a template has left nothing here, which is no fault."""
    # Before ansible-core 2.19, a template that gives null makes an empty text, and an omitted one leaves its placeholder in a list.
    return button is None or button == "" or (isinstance(button, str) and button.startswith("__omit_place_holder__"))


def _there(buttons: t.Any) -> t.Any:
    """``buttons`` without those that are null: one template serves accounts with a button and those without it."""
    if isinstance(buttons, dict):
        return {name: _there(its) if name in ("sub_button", "list") else its for name, its in buttons.items()}
    return [_there(button) for button in buttons if not is_gap(button)] if isinstance(buttons, list) else buttons


def _matchrules(value: object, path: str) -> Iterator[Text]:
    """Wherever a matchrule stands. The platform would say ok, and replace the menu of everybody."""
    if isinstance(value, dict):
        for name, its in value.items():
            at = f"{path}.{name}" if path else str(name)
            if name == "matchrule":
                yield Text(
                    "{at}: a rule is declared as match in conditional_menus; here the platform would replace the menu of everybody"
                ).filled(at=at)
            else:
                yield from _matchrules(its, at)
    elif isinstance(value, list):
        for number, its in enumerate(value):
            yield from _matchrules(its, f"{path}[{number}]")


def _strangers(fields: Mapping[str, t.Any], wanted: str) -> Iterator[Text]:
    for name in fields:
        if name not in (wanted, "menuid", "matchrule"):
            yield Text("{name} is unknown; a menu has button alone").filled(name=name)


def _buttons(buttons: list[t.Any], path: str, limits: tuple[int, int, int]) -> Iterator[Text]:
    most = limits[0]
    there = len(_there(buttons))
    if there > most:
        fault = Text("{path} has {number} buttons; {most} are allowed")
        yield fault.filled(path=path, number=there, most=most)
    for number, button in enumerate(buttons):
        at = f"{path}[{number}]"
        if is_gap(button):
            continue
        if not isinstance(button, dict):
            yield Text("{at} is {kind}; give a dict").filled(at=at, kind=kind_of(button))
            continue
        yield from _text(button, "name", at, limits[1])
        try:
            below = buttons_in(button.get("sub_button"))
        except ValueError:
            fault = Text("{at}.sub_button is {kind}; give a list of buttons")
            yield fault.filled(at=at, kind=kind_of(button["sub_button"]))
            continue
        if _there(below):
            yield from _group(button, below, at, limits)
        else:
            yield from _leaf(button, at)


def _group(button: Mapping[str, t.Any], below: list[t.Any], at: str, limits: tuple[int, int, int]) -> Iterator[Text]:
    if limits is _BELOW:
        yield Text("{at}.sub_button: a group within a group is not allowed").filled(at=at)
        return
    for name in button:
        if name not in (*KNOWN, "matchrule") and not _is_empty(button[name]):
            fault = Text("{at}.{name}: a group has name and sub_button alone; leave it out{nearest}")
            yield fault.filled(at=at, name=name, nearest=_nearest(name, ("name", "sub_button")))
    yield from _buttons(below, f"{at}.sub_button", _BELOW)


def _leaf(button: Mapping[str, t.Any], at: str) -> Iterator[Text]:
    kind = button.get("type")
    if _is_empty(kind):
        near = next((name for name in button if _is_near(name, "sub_button")), None)
        if near is not None:
            fault = Text("{at}.{near} is unknown; is sub_button meant?")
            yield fault.filled(at=at, near=near)
        elif button.get("sub_button") is not None:
            yield Text("{at}.sub_button is empty").filled(at=at)
        else:
            fault = Text("{at}.type is missing; a button has a type, or a sub_button")
            yield fault.filled(at=at)
        return
    if not isinstance(kind, str) or kind not in FIELDS:
        near = _near_type(kind)
        fault = Text("{at}.type is {kind}; is {near} meant?") if near else Text("{at}.type is {kind}; {why}")
        yield fault.filled(at=at, kind=_quotable(kind), **({"near": near} if near else {"why": _why_no_type(kind)}))
        return
    fields = FIELDS[kind]
    for name in fields:
        yield from _text(button, name, at, _MAX_BYTES.get(name))
    for name, value in button.items():
        if name not in (*KNOWN, "matchrule") and not _is_empty(value):
            fault = Text("{at}.{name}: a {kind} button has {fields} alone{nearest}")
            right = ("name", *fields)
            yield fault.filled(at=at, name=name, kind=kind, fields=enumerated(right), nearest=_nearest(name, right))
    if isinstance(button.get("url"), str) and "url" in fields and button["url"]:
        yield from _url(button["url"], at)
    if isinstance(button.get("appid"), str) and "appid" in fields and not _MINI_PROGRAM.fullmatch(button["appid"]):
        yield Text("{at}.appid is not the AppID of a mini program: wx and 16 characters 0-9 and a-f, in lower case").filled(at=at)


def _why_no_type(kind: object) -> Text:
    if not isinstance(kind, str):
        return Text("give a text; quote it")
    if kind in _OF_CONSOLE:
        return Text("only the console makes such buttons, and the API does not take them")
    return Text("the platform has {types}").filled(types=enumerated(FIELDS))


def _near_type(kind: object) -> str | None:
    if not isinstance(kind, str) or kind in _OF_CONSOLE:
        return None
    return next(iter(difflib.get_close_matches(kind.lower(), FIELDS, 1, 0.6)), None)


def _nearest(name: object, right: tuple[str, ...]) -> Text:
    near = difflib.get_close_matches(str(name).lower(), right, 1, 0.6)
    return Text(" (is {near} meant?)").filled(near=near[0]) if near else verbatim("")


def _text(button: Mapping[str, t.Any], name: str, at: str, most: int | None) -> Iterator[Text]:
    """What is wrong with a text that has to be there. ``most``: bytes of UTF-8."""
    value = button.get(name)
    if _is_empty(value) or (isinstance(value, str) and not value.strip()):
        yield Text("{at}.{name} is missing or empty").filled(at=at, name=name)
    elif not isinstance(value, str):
        fault = Text("{at}.{name} is {kind}; give a text: quote it, or use | string if a template makes it")
        yield fault.filled(at=at, name=name, kind=kind_of(value))
    elif any("\udc80" <= character <= "\udcff" or character == "\ufffd" for character in value):
        fault = Text("{at}.{name} has bytes that are not UTF-8; save the file as UTF-8, and read it again")
        yield fault.filled(at=at, name=name)
    elif any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        fault = Text("{at}.{name} has control characters or half characters")
        yield fault.filled(at=at, name=name)
    elif "\\u" in value:
        # In JSON it would look like an escape, and the platform takes none.
        fault = Text("{at}.{name} has \\u, which the platform refuses; write the character itself, or, in YAML, use double quotes")
        yield fault.filled(at=at, name=name)
    elif most is not None and len(value.encode()) > most:
        fault = Text("{at}.{name} has {size} bytes in UTF-8; {most} are allowed")
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
        fault = Text("{at}.url holds {mark}, a template that was not rendered; nothing renders it later")
        yield fault.filled(at=at, mark=template)
    elif odd is not None:
        fault = Text("{at}.url holds {what}; write it as {code}, or leave it out")
        yield fault.filled(at=at, what=_named(odd), code=quote(odd))
    elif not _is_web(url):
        fault = Text("{at}.url is not a URL with http or https and a host")
        yield fault.filled(at=at)


def _is_blank(character: str) -> bool:
    """White space, or what nobody sees: joiners, direction marks, the mark at the beginning of a file."""
    return character.isspace() or unicodedata.category(character) in ("Cf", "Zs", "Zl", "Zp")


def _named(character: str) -> Text:
    if character == " ":
        return Text("a space")
    if _is_blank(character):
        return Text("the invisible character U+{code:04X}").filled(code=ord(character))
    names = {'"': Text("a double quote"), "\\": Text("a backslash"), "`": Text("a backquote")}
    return names.get(character, verbatim(character))


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], {})


def kind_of(value: object) -> Text:
    """What ``value`` is. Comes behind its name, and "is" in English."""
    kinds: dict[type, Text] = {
        bool: Text("true or false"),
        int: Text("a number"),
        float: Text("a number"),
        list: Text("a list"),
        dict: Text("a dict"),
        str: Text("a text"),
        datetime.datetime: Text("a date"),
        datetime.date: Text("a date"),
    }
    of_another_kind = Text("of another kind")
    found = next((words for kind, words in kinds.items() if isinstance(value, kind)), of_another_kind)
    return Text("empty") if value is None else found


def _quotable(value: object) -> Text:
    """A wrong type of button, for a message. Anything that is no short word is not repeated."""
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z_]{1,32}", value):
        return verbatim(value)
    return Text("not one of the platform's")


def _warnings(buttons: list[t.Any], path: str, limits: tuple[int, int, int]) -> Iterator[Text]:
    """What may surprise, of ``buttons`` without faults."""
    for number, button in enumerate(buttons):
        if is_gap(button):
            continue
        at, below = f"{path}[{number}]", _there(buttons_in(button.get("sub_button")))
        name, kind = button["name"], button.get("type")
        if as_phones_show(name, limits[2]) != name:
            yield Text("{at}.name is longer than {limit} wide characters, and phones cut it").filled(at=at, limit=limits[2])
        if kind in _NO_ARTICLES and not below:
            yield Text("{at}.type is {kind}, which no longer shows articles").filled(at=at, kind=kind)
        own = ("name",) if below else ("name", "type", *FIELDS[kind])
        for field in (*own, *sorted(set(button) - {*own})):
            value = button.get(field)
            if field not in own and field != "sub_button" and not _is_empty(value):
                what = Text("a group") if below else Text("a {kind} button").filled(kind=kind)
                unsent = Text("{at}.{field} is not a field of {what}: the platform drops it, and so it is not sent")
                yield unsent.filled(at=at, field=field, what=what)
            elif field in own and isinstance(value, str):
                yield from _odd_text(value, f"{at}.{field}", is_url=field == "url")
        yield from _warnings(buttons_in(button.get("sub_button")), f"{at}.sub_button", _BELOW)


def _odd_text(value: str, at: str, *, is_url: bool) -> Iterator[Text]:
    if is_url and "&amp;" in value:
        yield Text("{at} has &amp;, which stands for & in HTML only; write & in a menu").filled(at=at)
    elif not is_url and any(mark in value for mark in _TEMPLATES):
        yield Text("{at} looks like a template that was not rendered; it is set as it is").filled(at=at)
    if value != value.strip():
        yield Text("{at} begins or ends with white space, which the platform may remove").filled(at=at)
