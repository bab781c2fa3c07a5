# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What users read: English in the code, and its Chinese in one catalogue, ``_text_zh``. A run speaks one of the two."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Language = t.Literal["en", "zh"]


class Text(str):
    """A text in English that knows its Chinese, ``zh``.

    ``Text("...")`` is a template, and its Chinese stands in the catalogue. What is made of a Text by a method of ``str``, or by an
    f-string, has lost its Chinese, and the type checker finds it. So a text with fields has ``{field}`` in it, and they are ``filled``.
    """

    __slots__ = ()

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """Another process gets the English alone, as a plain text."""
        return str, (str(self),)

    @property
    def zh(self) -> str:
        """The Chinese of the template; the English if the catalogue does not have it."""
        # A run in English does not need the catalogue.
        from ._text_zh import CHINESE

        return CHINESE.get(self, str(self))

    def said(self, language: Language) -> str:
        """The text in one language, as a plain text."""
        return self.zh if language == "zh" else str(self)

    def filled(self, **fields: object) -> Text:
        """The text with these fields filled in. Others stay fields. A field that is a Text itself is there in both languages."""
        return _Filled(self, fields)


class _Filled(Text):
    __slots__ = ("_fields", "_template")
    _template: Text
    _fields: Mapping[str, object]

    def __new__(cls, template: Text, fields: Mapping[str, object]) -> _Filled:
        text = super().__new__(cls, _format(template, fields))
        text._template, text._fields = template, fields
        return text

    @property
    def zh(self) -> str:
        return _format(self._template.zh, {name: its.zh if isinstance(its, Text) else its for name, its in self._fields.items()})

    def filled(self, **fields: object) -> Text:
        # What has been filled in already is no template: somebody else may have written it.
        return _Filled(self._template, {**self._fields, **fields})


class _Open(dict[str, object]):
    """Fields to fill in. Those that are missing stay fields."""

    def __missing__(self, name: str) -> object:
        return _Field(name)


class _Field:
    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __format__(self, spec: str) -> str:
        return f"{{{self._name}:{spec}}}" if spec else f"{{{self._name}}}"


def _format(template: str, fields: Mapping[str, object]) -> str:
    return template.format_map(_Open(fields))


class _Verbatim(Text):
    __slots__ = ()

    @property
    def zh(self) -> str:
        return str(self)


def verbatim(text: str) -> Text:
    """``text`` as it is in both languages: names, numbers, addresses, and what others have written. A Text stays what it is."""
    return text if isinstance(text, Text) else _Verbatim(text)


class _Joined(Text):
    __slots__ = ("_between", "_texts")
    _between: Text
    _texts: tuple[Text, ...]

    def __new__(cls, between: Text, texts: tuple[Text, ...]) -> _Joined:
        text = super().__new__(cls, between.join(texts))
        text._between, text._texts = between, texts
        return text

    @property
    def zh(self) -> str:
        return self._between.zh.join(text.zh for text in self._texts)


def joined(between: Text, texts: Iterable[Text]) -> Text:
    """``texts`` with ``between`` in between, in both languages."""
    return _Joined(between, tuple(texts))


AND = Text(" and ")
CLAUSES = Text("; ")
_LIST = Text(", ")


def enumerated(names: Iterable[str]) -> Text:
    """``names``, one after the other."""
    return joined(_LIST, map(verbatim, names))
