# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Custom menus of the simulated platform: what the API has, what the console has made, and the four calls.

As the facts about the platform say, reading is not what was sent: answers have another shape, and fields that do not belong to a type
are dropped in silence.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from .accounts import Account
    from .calls import Call, Request

CREATE, GET, DELETE, SHOWN = "menu_create", "menu_get", "menu_delete", "selfmenu"
PATHS = {
    "/cgi-bin/menu/create": CREATE,
    "/cgi-bin/menu/get": GET,
    "/cgi-bin/menu/delete": DELETE,
    "/cgi-bin/get_current_selfmenu_info": SHOWN,
}
CHANGES: tuple[str, ...] = (CREATE, DELETE)

# Any of these permission sets allows a call for an account that has authorised a third-party platform.
SETS = {CREATE: {15}, GET: {15}, DELETE: {15}, SHOWN: {1, 3, 15}}

_KEY = ("key",)
_FIELDS = {
    **dict.fromkeys(
        ("click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select"), _KEY
    ),
    "view": ("url",),
    "miniprogram": ("url", "appid", "pagepath"),
    **dict.fromkeys(("media_id", "view_limited"), ("media_id",)),
    **dict.fromkeys(("article_id", "article_view_limited"), ("article_id",)),
}
# What the platform may do to a text before it keeps it, by name. Each takes the text, and whether it is a url.
SPELLINGS: dict[str, Callable[[str, bool], str]] = {
    "trimmed": lambda text, _is_url: text.strip(),
    "html": lambda text, _is_url: text.replace("&", "&amp;"),
    "slash": lambda text, is_url: re.sub(r"^(https?://[^/?#]+)(?=[?#]|$)", r"\1/", text) if is_url else text,
    "selector": lambda text, _is_url: re.sub("[\ufe0e\ufe0f]", "", text),
}
_URL = re.compile(r"https?://[^\s/{}?#]+([/?#][^\s{}]*)?")
_LIMITS = {"key": (128, 40019, 40026), "url": (1024, 40020, 40027)}

Button = dict[str, t.Any]

# The calls of a day, for a new account.
QUOTA = {CREATE: 1_000, GET: 10_000, DELETE: 1_000, "conditional_add": 2_000, "conditional_delete": 2_000}


class State(t.NamedTuple):
    """What there is at one moment. For the fields see ``Menus``."""

    buttons: list[Button] | None
    conditional: list[dict[str, t.Any]]
    console_open: bool


@dataclasses.dataclass
class Menus:
    """The menus of one account.

    ``buttons``: the API's menu; None if there is none. ``conditional``: as they were made, the oldest first, and with their ids.
    ``console``: the buttons that the console has made; None if there are none. ``console_open``: whether they are shown.
    ``wakes_console``: whether they are shown again once the API's menu is deleted, which is not known of the platform. ``may``: whether
    the account may set a menu by API.
    ``left``: how many calls with each name it may still make today. ``linked``, ``media``, ``articles``: the mini programs, media_ids and
    article_ids that a menu may name; None for all. ``blocked``: the hosts that a url may not name. ``drops``: fields that the platform
    loses. ``shown``: what the account shows in place of the API's menu; None for that menu. ``checks_urls``: whether a url without http or
    https and a host, or with white space or braces, is refused. ``keeps``: in which other spelling texts are kept: names of ``SPELLINGS``.
    ``lag``: how many looks after the next change still show what was before it. ``shown_lag``: the same for what the account shows;
    None for as many. ``keeps_conditional``: whether menu/create keeps conditional menus. ``most_conditional``: how many there can be; None
    for any number. ``most_domains``: how many hosts their urls may have. ``conditional_off``: whether they are switched off.
    ``menuids_are_numbers``: whether the answer to a new one says its id as a number. ``without_menuids``: whether a look leaves them out.
    ``writers``: what other writers do, right after a call with this name.
    """

    buttons: list[Button] | None = None
    conditional: list[dict[str, t.Any]] = dataclasses.field(default_factory=list)
    console: list[Button] | None = None
    console_open: bool = False
    wakes_console: bool = False
    may: bool = True
    left: dict[str, int] = dataclasses.field(default_factory=QUOTA.copy)
    linked: set[str] | None = None
    media: set[str] | None = None
    articles: set[str] | None = None
    blocked: set[str] = dataclasses.field(default_factory=set)
    drops: tuple[str, ...] = ()
    shown: list[Button] | None = None
    checks_urls: bool = False
    keeps: tuple[str, ...] = ()
    lag: int = 0
    shown_lag: int | None = None
    keeps_conditional: bool = True
    most_conditional: int | None = None
    most_domains: int = 3
    conditional_off: bool = False
    menuids_are_numbers: bool = False
    without_menuids: bool = False
    writers: dict[str, list[Callable[[Menus], None]]] = dataclasses.field(default_factory=dict)
    _before: State | None = None
    _lagging: dict[str, int] = dataclasses.field(default_factory=dict)
    _menuid: int = 208_396_938
    _ids: t.Iterator[int] = dataclasses.field(default_factory=lambda: itertools.count(1))

    def set(self, buttons: list[Button] | None) -> None:
        """What menu/create and menu/delete do."""
        self.begin_change()
        if buttons is not None:
            self.console_open = False
        elif self.buttons is not None and self.console is not None and self.wakes_console:
            self.console_open = True
        if buttons is None or not self.keeps_conditional:
            self.conditional = []
        self.shown = None
        self.buttons = buttons

    def begin_change(self) -> None:
        """Remember what looks show while they are late."""
        self._before = self._now()
        self._lagging = {GET: self.lag, SHOWN: self.lag if self.shown_lag is None else self.shown_lag}
        self.lag, self.shown_lag = 0, None

    def new_menuid(self) -> int:
        self._menuid = max([self._menuid, *(int(one["menuid"]) for one in self.conditional)]) + 2
        return self._menuid

    def _now(self) -> State:
        return State(self.buttons, self.conditional, self.console_open)

    def seen_by(self, look: str) -> State:
        """What a look with this name finds."""
        if self._before and self._lagging.get(look):
            self._lagging[look] -= 1
            return self._before
        return self._now()

    def after(self, call: str, writer: Callable[[Menus], None]) -> None:
        """Let another writer act right after the next ``call``."""
        self.writers.setdefault(call, []).append(writer)

    def others_write(self, call: str) -> None:
        """One writer for each call."""
        if self.writers.get(call):
            self.writers[call].pop(0)(self)

    def temporary_id(self) -> str:
        return f"temporary-{next(self._ids)}"


def refuse(call: Call, request: Request) -> int:
    """The errcode of a refusal for the form of the request; 0 if it is allowed."""
    if call.name == CREATE:
        return 0 if request.method == "POST" else 43002
    return 0 if request.method == "GET" else 43001


def answer(account: Account, call: Call) -> dict[str, object] | int:
    """The answer, from an account that may be called with the token of this request."""
    menus = account.menus
    if not menus.may and call.name != SHOWN:
        return 48001
    if call.name in menus.left:
        if menus.left[call.name] < 1:
            return 45009
        menus.left[call.name] -= 1
    result: dict[str, object] | int
    if call.name == CREATE:
        result = _create(menus, call.body)
    elif call.name == DELETE:
        menus.set(None)
        result = {"errcode": 0, "errmsg": "ok"}
    else:
        result = _get(menus) if call.name == GET else _shown(menus)
    # A menu that was refused is nothing to come after; that there is none is an answer.
    if not (call.name == CREATE and isinstance(result, int)):
        menus.others_write(call.name)
    return result


# --- Reading.


def _get(menus: Menus) -> dict[str, object] | int:
    seen = menus.seen_by(GET)
    if seen.buttons is None:
        return 46003
    menu: dict[str, object] = {"button": [_as_read(button) for button in seen.buttons]}
    if not seen.conditional:
        return {"menu": menu}
    newest_first = sorted(seen.conditional, key=lambda one: -int(one["menuid"]))
    conditional = [_conditional_as_read(one) for one in newest_first]
    if menus.without_menuids:
        conditional = [{name: value for name, value in one.items() if name != "menuid"} for one in conditional]
    return {"menu": {**menu, "menuid": 208396938}, "conditionalmenu": conditional}


def _as_read(button: Button) -> Button:
    below = [_as_read(one) for one in button.get("sub_button", [])]
    # In another order than they were sent.
    return dict(reversed([*button.items()])) | {"sub_button": below}


def _conditional_as_read(menu: dict[str, t.Any]) -> dict[str, t.Any]:
    rule = {"group_id" if name == "tag_id" else name: value for name, value in menu["matchrule"].items()}
    return {**menu, "button": [_as_read(button) for button in menu["button"]], "matchrule": rule}


def _shown(menus: Menus) -> dict[str, object]:
    seen = menus.seen_by(SHOWN)
    if seen.buttons is not None:
        buttons = seen.buttons if menus.shown is None else menus.shown
        return {"is_menu_open": 1, "selfmenu_info": {"button": [_in_third_shape(button) for button in buttons]}}
    if menus.console is None:
        return {"is_menu_open": 0}
    buttons = [_in_third_shape(_with_new_id(menus, button)) for button in menus.console]
    return {"is_menu_open": int(seen.console_open), "selfmenu_info": {"button": buttons}}


def _in_third_shape(button: Button) -> Button:
    if button.get("sub_button"):
        return {**button, "sub_button": {"list": [_in_third_shape(one) for one in button["sub_button"]]}}
    return dict(button)


def _with_new_id(menus: Menus, button: Button) -> Button:
    if button.get("sub_button"):
        return {**button, "sub_button": [_with_new_id(menus, one) for one in button["sub_button"]]}
    return {**button, "value": menus.temporary_id()} if button.get("type") in ("img", "voice") else button


# --- Writing.


class RefusedError(Exception):
    """``errcode``: the answer."""

    def __init__(self, errcode: int) -> None:
        super().__init__(errcode)
        self.errcode = errcode


def fields_in(body: bytes) -> dict[str, t.Any] | int:
    """The fields of a menu that is sent, or the errcode of what is no menu."""
    if not body:
        return 44002
    if b"\\u" in body:
        return 40033
    try:
        fields = json.loads(body.decode())
    except ValueError:
        return 47001
    # A wrapped body has no button, as the platform sees it.
    if not isinstance(fields, dict) or not isinstance(fields.get("button"), list):
        return 40016
    return fields


def _create(menus: Menus, body: bytes) -> dict[str, object] | int:
    fields = fields_in(body)
    if isinstance(fields, int):
        return fields
    try:
        buttons = buttons_of(menus, fields["button"])
    except RefusedError as refused:
        return refused.errcode
    # A matchrule is swallowed: the menu of everybody is replaced.
    menus.set(buttons)
    return {"errcode": 0, "errmsg": "ok"}


def buttons_of(menus: Menus, buttons: list[t.Any], *, top: bool = True) -> list[Button]:
    """What is kept of the buttons of a menu. Raises RefusedError."""
    if not 1 <= len(buttons) <= (3 if top else 5):
        raise RefusedError(40016 if top else 40023)
    return [_button(menus, button, top=top) for button in buttons]


def _button(menus: Menus, button: t.Any, *, top: bool) -> Button:
    if not isinstance(button, dict):
        raise RefusedError(40015)
    name = button.get("name")
    if not isinstance(name, str) or not 1 <= len(name.encode()) <= (16 if top else 60):
        raise RefusedError(40018 if top else 40025)
    if button.get("sub_button"):
        if not top:
            raise RefusedError(40022)
        if not isinstance(button["sub_button"], list):
            raise RefusedError(40023)
        return {"name": _kept(menus, "name", name), "sub_button": buttons_of(menus, button["sub_button"], top=False)}
    kind = button.get("type")
    if not isinstance(kind, str) or kind not in _FIELDS:
        raise RefusedError(65318 if isinstance(kind, str) and kind.lower() in _FIELDS else (40017 if top else 40024))
    stored = {"type": kind, "name": name}
    for field in _FIELDS[kind]:
        value = button.get(field)
        most, at_top, below = _LIMITS.get(field, (1024, 40017, 40024))
        if field in ("media_id", "article_id") and not _exists(menus.media if field == "media_id" else menus.articles, value):
            raise RefusedError(40007 if field == "media_id" else 53600)
        if not isinstance(value, str) or not 1 <= len(value.encode()) <= most:
            raise RefusedError(at_top if top else below)
        stored[field] = value
        refused = menus.checks_urls and not _URL.fullmatch(value)
        if field == "url" and (refused or any(f"//{host}/" in f"{value}/" for host in menus.blocked)):
            raise RefusedError(40055 if top else 40054)
    # An AppID in upper case is that of no mini program.
    if kind == "miniprogram" and not (stored["appid"].islower() and _exists(menus.linked, stored["appid"])):
        raise RefusedError(45064)
    return {field: _kept(menus, field, value) for field, value in stored.items() if field not in menus.drops}


def _kept(menus: Menus, field: str, text: str) -> str:
    for spelling in menus.keeps:
        text = SPELLINGS[spelling](text, field == "url")
    return text


def _exists(known: set[str] | None, name: object) -> bool:
    return bool(name) and (known is None or name in known)
