# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages of HTML, from the templates beside this file. Every value is escaped: what others have written is never a part of a page.

A template has its words in English, as ``say("...")``, and their Chinese stands in the catalogue like that of every Text.
"""

from __future__ import annotations

import functools
import typing as t
from pathlib import Path

import jinja2
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ansible_collections.wxops.official_account.plugins.module_utils._text import Language

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


def page(template: str, language: Language, **fields: t.Any) -> Iterator[str]:
    """The page that ``template`` makes of ``fields``, in parts."""
    return _environment().get_template(template).generate(say=_saying(language), **fields)


def macros(template: str, language: Language) -> t.Any:
    """The macros of ``template``, as functions that return HTML."""
    return _environment().get_template(template).make_module({"say": _saying(language)})


def _saying(language: Language) -> Callable[..., str]:
    def say(english: str, **fields: object) -> str:
        text = english if isinstance(english, Text) else Text(english)
        return (text.filled(**fields) if fields else text).said(language)

    return say
