# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Menus as a phone shows them, one of them or two to compare, for the templates ``_phone.html.j2`` and ``_menus.html.j2``.

A picture is ``[{"match": ..., "menu": ...}, ...]``: for whom a menu is, and the menu in the canonical form, None for none. The menu of
everybody has no ``match``. What a picture holds may come from others, and may be of another type.
"""

from __future__ import annotations

import contextlib
import difflib
import itertools
import json
import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_form import (
    SHOWN_BELOW,
    SHOWN_ON_TOP,
    as_phones_show,
    as_read,
    canonical,
)
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import how_many, some
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text, verbatim
from ansible_collections.wxops.official_account.plugins.plugin_utils._page import macros, page

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ansible_collections.wxops.official_account.plugins.module_utils._resource.declared import Picture
    from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_form import Button
    from ansible_collections.wxops.official_account.plugins.module_utils._text import Language

_Button = dict[str, t.Any]
T = t.TypeVar("T")

# A page shows this many buttons beside each other, and this many menus of a picture. The platform never has more of them.
_MOST_BUTTONS, _MOST_MENUS = 10, 50
# So many characters of a text are shown. No url that the platform takes has more.
_LONGEST = 1_024
# A page draws pictures until they have this many characters of HTML. Browsers can show that, and mail can carry it.
ROOM = 4_000_000

# What a button does, in a word or two.
KINDS: Mapping[str, Text] = {
    "view": Text("web page"),
    "miniprogram": Text("mini program"),
    "click": Text("event"),
    "scancode_push": Text("scan"),
    "scancode_waitmsg": Text("scan and reply"),
    "pic_sysphoto": Text("camera"),
    "pic_photo_or_album": Text("camera or album"),
    "pic_weixin": Text("album"),
    "location_select": Text("location"),
    "media_id": Text("media"),
    "view_limited": Text("article"),
    "article_id": Text("article"),
    "article_view_limited": Text("article"),
}
_PLATFORMS: Mapping[str, Text] = {"ios": verbatim("iOS"), "android": verbatim("Android"), "other": Text("other phones")}


def compared(old: Picture, new: Picture) -> list[dict[str, t.Any]]:
    """What to draw of two pictures, menu by menu: ``whom``, ``mark``, and the buttons ``before`` and ``after``.

    ``mark``: ``new``, ``gone`` or ``changed``; empty if the menus are the same. Raises ValueError for what no phone can show.
    """
    pairs = _paired(_menus_in(old), _menus_in(new), lambda one: _text(one["match"]), lambda one, other: one["match"] == other["match"])
    return [_of_pair(*pair) for pair in pairs]


def _menus_in(picture: object) -> Picture:
    if not isinstance(picture, list) or len(picture) > _MOST_MENUS or not all(isinstance(one, dict) for one in picture):
        raise ValueError
    return [_menu_in(one.get("match"), one.get("menu")) for one in picture]


def _menu_in(match: object, menu: object) -> dict[str, t.Any]:
    if not isinstance(match, (dict, type(None))) or not isinstance(menu, (dict, type(None))):
        raise ValueError
    buttons = canonical(as_read((menu or {}).get("button", [])))["button"]
    groups = [button["sub_button"] for button in buttons if "sub_button" in button]
    if any(len(its) > _MOST_BUTTONS for its in (buttons, *groups)) or any("sub_button" in one for its in groups for one in its):
        raise ValueError
    return {"match": as_read(match or {}), "buttons": buttons}


def _of_pair(old: dict[str, t.Any] | None, new: dict[str, t.Any] | None) -> dict[str, t.Any]:
    one = new or old or {}
    before, after = _sides((old or one)["buttons"], (new or one)["buttons"], SHOWN_ON_TOP)
    mark = _mark(old and old["buttons"], new and new["buttons"])
    return {"whom": _whom(one["match"]), "mark": mark, "before": before if old else None, "after": after if new else None}


def _whom(match: Mapping[str, t.Any]) -> list[Text]:
    """For whom a menu is. Empty for everybody."""
    in_order = {**dict.fromkeys(("tag", "tag_id", "platform")), **match}
    return [_condition(name, _text(value)) for name, value in in_order.items() if value is not None]


def _condition(name: str, value: str) -> Text:
    if name == "platform":
        return _PLATFORMS.get(value, verbatim(value))
    words = {"tag": Text("tag {value}"), "tag_id": Text("tag with the id {value}")}
    return words[name].filled(value=value) if name in words else verbatim(f"{name}: {value}")


def _paired(
    old: Sequence[T], new: Sequence[T], key: t.Callable[[T], str], may_be: t.Callable[[T, T], bool]
) -> Iterator[tuple[T | None, T | None]]:
    """What stands for what. With the same key, it is the same one. Of others, it may be the one between the same neighbours."""
    match = difflib.SequenceMatcher(None, [key(one) for one in old], [key(one) for one in new], autojunk=False)
    for kind, first, last, new_first, new_last in match.get_opcodes():
        for one, other in itertools.zip_longest(old[first:last], new[new_first:new_last]):
            if kind == "equal" or one is None or other is None or may_be(one, other):
                yield one, other
            else:
                yield one, None
                yield None, other


def _mark(old: object, new: object) -> str:
    # As texts, because 1 == True in Python.
    return "new" if old is None else "gone" if new is None else "changed" if _text(old) != _text(new) else ""


def _sides(old: list[Button], new: list[Button], wide: int) -> tuple[list[_Button], list[_Button]]:
    """The buttons beside each other on the two sides. ``wide``: so many characters of a name can be seen."""
    before, after = [], []
    for one, other in _paired(old, new, lambda button: _text(button.get("name", "")), _may_be):
        groups = _sides((one or {}).get("sub_button", []), (other or {}).get("sub_button", []), SHOWN_BELOW)
        mark = _mark(one and _without_those_below(one), other and _without_those_below(other))
        if one is not None:
            before.append(_button(one, other or one, mark, groups[0], wide))
        if other is not None:
            after.append(_button(other, one or other, mark, groups[1], wide))
    return before, after


def _may_be(one: Button, other: Button) -> bool:
    """Whether two buttons have more in common than their type."""
    return not {*_told_of(one)}.isdisjoint(_told_of(other))


def _told_of(button: Button) -> list[str]:
    own = [_text([field, its]) for field, its in button.items() if field not in ("type", "sub_button")]
    return [*own, *(part for one in button.get("sub_button", []) for part in _told_of(one))]


def _without_those_below(button: Button) -> Button:
    return {**button, "sub_button": "sub_button" in button}


def _button(button: Button, other: Button, mark: str, below: list[_Button], wide: int) -> _Button:
    """``fields``: each name, its value, and whether ``other`` has another one there."""
    kind, name = _text(button.get("type", "")), _text(button.get("name", ""))
    fields = {field: _text(its) for field, its in button.items() if field not in ("name", "sub_button")}
    return {
        "name": name[:_LONGEST],
        "shown": as_phones_show(name, wide),
        "renamed": name != _text(other.get("name", "")),
        "mark": mark,
        "differs": bool(mark) or any(one["mark"] for one in below),
        "kind": KINDS.get(kind, verbatim(as_phones_show(kind, SHOWN_BELOW))),
        "fields": [(field, its[:_LONGEST], field not in other or its != _text(other[field])) for field, its in fields.items()],
        "below": below,
    }


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


class Drawings:
    """Draws pictures for one page as long as there is room for them. ``left_out``: how many were not drawn."""

    def __init__(self, language: Language) -> None:
        self._draw = macros("_phone.html.j2", language).drawing
        self._room = ROOM
        self.left_out = 0

    def of(self, pictures: object) -> str:
        """HTML of two pictures beside each other, or of one; empty if there is no room, or if no phone can show them."""
        drawing = ""
        with contextlib.suppress(ValueError):
            if self._room > 0 and isinstance(pictures, list) and len(pictures) in (1, 2):
                drawing = self._draw(compared(pictures[0], pictures[-1]))
        self._room -= len(drawing)
        self.left_out += not drawing
        return drawing


def page_of(declared: Iterable[tuple[str, Picture]], language: Language) -> Iterator[str]:
    """A page of menus, in parts: those that are the same once, with the names of their accounts.

    ``declared``: the name of each account, and the picture of its menus; empty if it declares none.
    """
    names: dict[str, list[str]] = {}
    for name, picture in declared:
        if picture:
            names.setdefault(_text(picture), []).append(name)
    drawings = Drawings(language)
    alike = sorted(names.items(), key=lambda one: -len(one[1]))
    return page(
        "_menus.html.j2",
        language,
        menus=((its, drawings.of([json.loads(picture)])) for picture, its in alike),
        drawings=drawings,
        accounts=lambda its: how_many(len(its)),
        some=some,
        names=list(itertools.chain.from_iterable(names.values())),
        different=len(names),
    )
