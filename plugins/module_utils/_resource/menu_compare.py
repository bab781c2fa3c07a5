# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a difference between two menus is evidence of: the console, or only the platform's way to keep and to show a text.

All menus are in the canonical form. Knows no HTTP, no Ansible and no account.
"""

from __future__ import annotations

import re
import typing as t
import unicodedata
from urllib.parse import quote, urlsplit

from .._text import AND, Text, joined
from .menu_form import FIELDS, KNOWN, Button, Menu, differing

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# What an account shows for these is another type with other fields, such as news with a value.
_SHOWN_AS_OTHERS = frozenset({"media_id", "view_limited", "article_id", "article_view_limited"})


def made_in_console(menu: Menu) -> list[str]:
    """The paths of the buttons that the API cannot make: their type is one of the console's, or unknown."""
    return [path for path, button in _leaves(menu["button"], "button") if _is_of_console(button)]


def _is_of_console(button: Button) -> bool:
    if "type" not in button:
        return not KNOWN.issuperset(button)
    return str(button["type"]) not in FIELDS


def has_media(menu: Menu) -> bool:
    """Whether the account shows some button of ``menu`` as one of another type."""
    return any(button.get("type") in _SHOWN_AS_OTHERS for _path, button in _leaves(menu["button"], "button"))


def hosts(menu: Menu) -> list[str]:
    """The hosts in the urls of ``menu``."""
    return sorted({_host_of(button.get("url")) for _path, button in _leaves(menu["button"], "button")} - {""})


def _host_of(url: object) -> str:
    """The host in ``url``, which may be anything that the platform returns; empty if there is none."""
    try:
        host = urlsplit(url).hostname if isinstance(url, str) else None
    except ValueError:
        return ""
    return host if host and host.isprintable() else ""


def _leaves(buttons: list[Button], path: str) -> Iterator[tuple[str, Button]]:
    for number, button in enumerate(buttons):
        at = f"{path}[{number}]"
        if button.get("sub_button"):
            yield from _leaves(button["sub_button"], f"{at}.sub_button")
        else:
            yield at, button


def is_displayed_as(menu: Menu, displayed: Menu) -> bool:
    """Whether an account whose API has ``menu`` can show it as ``displayed``.

    A field that only one of them has is no evidence against it, and neither is the spelling of a text. Other buttons, names, types or
    texts are.
    """
    return _same(menu["button"], displayed["button"])


def _same(buttons: list[Button], displayed: list[Button]) -> bool:
    return len(buttons) == len(displayed) and all(_same_button(*pair) for pair in zip(buttons, displayed, strict=True))


def _same_button(button: Button, displayed: Button) -> bool:
    if not _alike(button.get("name"), displayed.get("name")):
        return False
    below, displayed_below = button.get("sub_button", []), displayed.get("sub_button", [])
    if below or displayed_below:
        return _same(below, displayed_below)
    kind = button.get("type")
    if kind in _SHOWN_AS_OTHERS:
        return True
    fields = [name for name in FIELDS.get(str(kind), ()) if name in button and name in displayed]
    return kind == displayed.get("type") and all(_alike(button[name], displayed[name]) for name in fields)


def _alike(one: object, other: object) -> bool:
    return one == other or (isinstance(one, str) and isinstance(other, str) and _normal(one) == _normal(other))


_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "#34": '"', "#39": "'"}
_ENTITY = re.compile(f"&({'|'.join(_ENTITIES)});")
_SELECTORS = re.compile("[\ufe0e\ufe0f]")
_HOST = re.compile(r"https?://[^/?#\s]+", re.IGNORECASE)
_NO_PATH = re.compile(r"(https?://[^/?#\s]+)(?=[?#]|$)", re.IGNORECASE)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+|%[0-9a-fA-F]{2}")


def _encoded(url: str) -> str:
    """``url`` with its characters encoded. A text that is no url stays as it is."""
    if not _HOST.match(url):
        return url
    return _NOT_ASCII.sub(lambda found: found[0].upper() if found[0].startswith("%") else quote(found[0]), url)


# What platforms are known to do to a text. The same is done to both texts, so that it does not matter which of them has it.
_STEPS: tuple[tuple[Text, Callable[[str], str]], ...] = (
    (Text("HTML escapes such as &amp;"), lambda text: _ENTITY.sub(lambda found: _ENTITIES[found[1]], text)),
    (Text("white space at an end"), str.strip),
    (Text("variation selectors of emoji"), lambda text: _SELECTORS.sub("", text)),
    (Text("composed characters"), lambda text: unicodedata.normalize("NFC", text)),
    (Text("capitals in the host"), lambda text: _HOST.sub(lambda found: found[0].lower(), text, count=1)),
    (Text("a slash after the host"), lambda text: _NO_PATH.sub(r"\1/", text, count=1)),
    (Text("percent-encoding"), _encoded),
)
_SPELLING = Text("its spelling")


def _normal(text: str, without: object = None) -> str:
    for step in _STEPS:
        if step is not without:
            text = step[1](text)
    return text


def respelt(sent: Menu, kept: Menu) -> list[Text]:
    """The paths at which texts differ, and in what, if ``kept`` is ``sent`` with texts in another spelling. Empty otherwise.

    The texts themselves are not repeated: a url may hold a secret.
    """
    found: list[Text] = []
    differs = Text("{path} ({kinds})")
    for path, one, other in differing(sent, kept):
        if not (isinstance(one, str) and isinstance(other, str) and _normal(one) == _normal(other)):
            return []
        kinds = [step[0] for step in _STEPS if _normal(one, step) != _normal(other, step)]
        found.append(differs.filled(path=path, kinds=joined(AND, kinds or [_SPELLING])))
    return found
