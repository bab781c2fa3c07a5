# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conditional menus of the simulated platform: the two calls that change them. They are a part of an account's ``Menus``.

As the facts about the platform say, the same body twice makes two menus, a later one comes before an earlier one, and there is no update.
"""

from __future__ import annotations

import json
import typing as t
from urllib.parse import urlsplit

from .menu import RefusedError, buttons_of, fields_in

if t.TYPE_CHECKING:
    from .accounts import Account
    from .calls import Call, Request
    from .menu import Button, Menus

ADD, DELETE = "conditional_add", "conditional_delete"
PATHS = {
    "/cgi-bin/menu/addconditional": ADD,
    "/cgi-bin/menu/delconditional": DELETE,
}
CHANGES: tuple[str, ...] = (ADD, DELETE)

# The permission set that allows a call for an account that has authorised a third-party platform.
SETS = {name: {15} for name in PATHS.values()}

# No menu with one of these can be made any more. Old ones are still listed, and never shown.
PRIVATE = ("sex", "country", "province", "city", "language")
# Sent in place of tag_id, group_id is taken, and matches nobody.
TAKEN = ("tag_id", "client_platform_type", "group_id")


def refuse(call: Call, request: Request) -> int:
    """The errcode of a refusal for the form of the request; 0 if it is allowed."""
    return 43002 if call.name in SETS and request.method != "POST" else 0


def answer(account: Account, call: Call) -> dict[str, object] | int:
    """The answer, from an account that may be called with the token of this request."""
    menus = account.menus
    if not menus.may:
        return 48001
    if menus.left[call.name] < 1:
        return 45009
    menus.left[call.name] -= 1
    result = _add(menus, call.body) if call.name == ADD else _delete(menus, call.body)
    if not isinstance(result, int):
        menus.others_write(call.name)
    return result


def domains(conditional: t.Iterable[dict[str, t.Any]]) -> set[str]:
    """The hosts in the urls of conditional menus."""
    return {urlsplit(url).hostname or "" for menu in conditional for url in _urls(menu["button"])}


def _urls(buttons: list[Button]) -> t.Iterator[str]:
    for button in buttons:
        if "url" in button:
            yield button["url"]
        yield from _urls(button.get("sub_button", []))


def sees(menus: Menus, tag: str, platform: str) -> list[Button] | None:
    """The menu of a user who has this tag, and a phone of this platform: the newest one that matches, or else that for everybody."""
    user = {"tag_id": tag, "client_platform_type": platform}
    for one in sorted(menus.conditional, key=lambda one: -int(one["menuid"])):
        rule = one["matchrule"]
        if rule and all(user.get(name) == str(value) for name, value in rule.items()):
            return t.cast("list[Button]", one["button"])
    return menus.buttons


def _add(menus: Menus, body: bytes) -> dict[str, object] | int:
    fields = fields_in(body)
    if isinstance(fields, int):
        return fields
    if menus.buttons is None:
        return 65303
    if menus.conditional_off:
        return 65309
    rule = fields.get("matchrule")
    given = {name: value for name, value in rule.items() if value not in (None, "")} if isinstance(rule, dict) else {}
    if given.keys() & {*PRIVATE}:
        return 65320
    kept = {name: str(given[name]) for name in TAKEN if name in given}
    if not kept:
        return 65304
    try:
        buttons = buttons_of(menus, fields["button"])
    except RefusedError as refused:
        return refused.errcode
    made = {"button": buttons, "matchrule": kept, "menuid": menus.new_menuid()}
    if menus.most_conditional is not None and len(menus.conditional) >= menus.most_conditional:
        return 65305
    if len(domains([*menus.conditional, made])) > menus.most_domains:
        return 65316
    menus.begin_change()
    menus.conditional = [*menus.conditional, made]
    return {"menuid": made["menuid"] if menus.menuids_are_numbers else str(made["menuid"])}


def _delete(menus: Menus, body: bytes) -> dict[str, object] | int:
    try:
        # A form is read as an id that there is not.
        fields = json.loads(body.decode())
    except ValueError:
        fields = None
    menuid = fields.get("menuid") if isinstance(fields, dict) else None
    if str(menuid) not in [str(one["menuid"]) for one in menus.conditional]:
        return 65301
    menus.begin_change()
    menus.conditional = [one for one in menus.conditional if str(one["menuid"]) != str(menuid)]
    return {"errcode": 0, "errmsg": "ok"}
