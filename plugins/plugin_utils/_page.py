# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""Pages of HTML, from the templates beside this file. Every value is escaped: what others have written is never a part of a page."""

from __future__ import annotations

import functools
import typing as t
from pathlib import Path

import jinja2

if t.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ansible_collections.wxops.official_account.plugins.module_utils._text import Language, Text

TEMPLATES = Path(__file__).parent


@functools.cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(template: str, words: Mapping[str, Text], language: Language, **fields: t.Any) -> Iterator[str]:
    """The page that ``template`` makes, in parts. It has ``words`` as ``say.name``, or as ``word("name", ...)`` if they have fields."""
    return _environment().get_template(template).generate(**_in(language, words), **fields)


def macros(template: str, words: Mapping[str, Text], language: Language) -> t.Any:
    """The macros of ``template``, as functions that return HTML."""
    return _environment().get_template(template).make_module(_in(language, words))


def _in(language: Language, words: Mapping[str, Text]) -> dict[str, t.Any]:
    return {
        "say": {name: text.said(language) for name, text in words.items() if "{" not in text},
        "word": lambda name, **fields: words[name].filled(**fields).said(language),
    }
