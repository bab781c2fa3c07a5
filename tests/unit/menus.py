# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Menus for hypothesis: valid ones, those that differ in one place, and what people may write instead."""

from __future__ import annotations

import copy
import typing as t
from urllib.parse import quote

from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_form import FIELDS, KNOWN
from hypothesis import strategies as st

Json = t.Any

# What a careless comparison takes for the same, or for nothing: two spellings of one letter, invisible characters, spaces, and texts
# that mean something in JSON, YAML or a template.
TRAPS = (
    "é",
    "e\u0301",
    "👩‍👩‍👧",
    "👍🏽",
    "👍",
    "\u200b",
    "\u202e",
    " ",
    " a",
    "a ",
    "\uff21",
    "0",
    "null",
    "[]",
    "{}",
    "{{ x }}",
    '"',
    "\\",
    "#",
    "&",
    "\u2028",
)
# Without what is refused: control and half characters, and escapes.
_CHARACTERS = st.characters(exclude_categories=["Cc", "Cs"])


def text(most: int) -> st.SearchStrategy[str]:
    """Texts of 1 to ``most`` bytes of UTF-8, the longest ones among them."""

    def cut(parts: list[str]) -> str:
        return "".join(parts).encode()[:most].decode(errors="ignore")

    parts = st.lists(st.sampled_from(TRAPS) | st.text(_CHARACTERS, min_size=1, max_size=5), min_size=1, max_size=4)
    longest = st.sampled_from(("n", "汉", "🎁")).map(lambda character: character * most)
    return (
        st.one_of(parts.map("".join), longest.map(lambda long: cut([long])))
        .map(lambda made: cut([made]))
        .filter(lambda made: bool(made.strip()) and "\\u" not in made)
    )


_VALUES = {
    "url": text(80).map(lambda path: f"https://shop.example/?x={quote(path)}"),
    "appid": st.text("0123456789abcdef", min_size=16, max_size=16).map(lambda digits: f"wx{digits}"),
    "key": text(128),
}


def leaf(most: int) -> st.SearchStrategy[dict[str, Json]]:
    """A button with an action. ``most``: bytes of its name."""
    return st.sampled_from(sorted(FIELDS)).flatmap(
        lambda kind: st.fixed_dictionaries(
            {"type": st.just(kind), "name": text(most), **{name: _VALUES.get(name, text(20)) for name in FIELDS[kind]}}
        )
    )


def group() -> st.SearchStrategy[dict[str, Json]]:
    return st.fixed_dictionaries({"name": text(16), "sub_button": st.lists(leaf(60), min_size=1, max_size=5)})


# The fields that belong to some types only.
FOREIGN = sorted(KNOWN - {"type", "name", "sub_button"})

VALID = st.fixed_dictionaries({"button": st.lists(leaf(16) | group(), min_size=1, max_size=3)})


def places(value: Json) -> list[tuple[Json, Json]]:
    """Every place in ``value``: what holds it, and its name or number there."""
    inner = list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    return [place for name, its in inner for place in ((value, name), *places(its))]


@st.composite
def neighbours(draw: st.DrawFn) -> tuple[dict[str, Json], dict[str, Json]]:
    """Two valid menus that differ in one place: a text, a button more or less, or the order of two buttons."""
    one = draw(VALID)
    other = copy.deepcopy(one)
    holder, name = draw(st.sampled_from(places(other)))
    if isinstance(name, int):
        if len(holder) > 1:
            holder.append(holder.pop(name)) if draw(st.booleans()) else holder.pop(name)
        else:
            holder.append(draw(leaf(16)))
    elif name == "type":
        holder.update({**dict.fromkeys(holder), **draw(leaf(16))})
        for gone in [field for field, its in holder.items() if its is None]:
            del holder[gone]
    elif isinstance(holder[name], str):
        holder[name] = draw(_VALUES.get(name, text(16)))
    return one, other


_JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from((*TRAPS, *FIELDS, "VIEW", "news", "", "x" * 1100, "\\u0026", "a\tb", "\ud83d")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from((*FOREIGN, "type", "name", "sub_button", "list", "x")), inner, max_size=4)
    ),
    max_leaves=6,
)


def _button(below: st.SearchStrategy[Json]) -> st.SearchStrategy[dict[str, Json]]:
    values: dict[str, st.SearchStrategy[Json]] = {
        **dict.fromkeys((*FOREIGN, "name", "value", "news_info"), _JUNK),
        "type": st.sampled_from((*FIELDS, "news", "VIEW", "", None)) | _JUNK,
        "sub_button": below,
    }
    return st.fixed_dictionaries({}, optional=values)


_NO_BUTTONS = st.sampled_from((None, "", [], {}, {"list": []}, {"list": None}))
# Whatever a look may show as a button, also what no platform is known to show.
BUTTON = _button(_NO_BUTTONS | st.lists(_button(_NO_BUTTONS), max_size=3).flatmap(lambda found: st.sampled_from((found, {"list": found}))))


@st.composite
def written(draw: st.DrawFn) -> Json:
    """What may be written as a menu: a valid one with up to three accidents, or no menu at all."""
    menu = draw(VALID)
    for _accident in range(draw(st.integers(0, 3))):
        holder, name = draw(st.sampled_from(places(menu) or [([menu], 0)]))
        what = draw(st.sampled_from(("replace", "delete", "double", "add")))
        if what == "delete":
            del holder[name]
        elif what == "double" and isinstance(holder, list):
            holder.extend(copy.deepcopy(holder))
        elif what == "add" and isinstance(holder, dict):
            holder[draw(st.sampled_from((*_VALUES, "sub_button", "matchrule", "menuid", "x")))] = draw(_JUNK)
        else:
            holder[name] = draw(_JUNK)
    return draw(st.sampled_from((menu, {"menu": menu}))) if draw(st.integers(0, 19)) else draw(_JUNK)
