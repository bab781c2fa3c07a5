# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is right and wrong about the tags that a user declares. All faults at once, each with its path, before anything is sent."""

from __future__ import annotations

import collections
import dataclasses
import typing as t
import unicodedata

from .._http.errors import START, ApiError, Failure
from .._text import Text, enumerated
from .menu_input import kind_of, mask_in, of_accounts

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# The platform's pages differ on whether the limit of a name is in characters or in bytes of UTF-8. This one holds in any case.
_LONGEST = 30
# So many tags an account has, unless the platform has raised its limit.
_USUAL = 100

_LISTS = ("present", "absent")
_FLAGS = ("delete_members", "delete_in_use")
_TRUE, _FALSE = (True, "true", "True"), (False, "false", "False", None)


@dataclasses.dataclass(frozen=True)
class Declared:
    """``present``, ``absent``: names, in the order given, each once. ``rename``: old names and new names.

    ``delete_members``: whether a tag may be deleted although users may have it. ``delete_in_use``: whether one may be deleted although a
    conditional menu may be for it.
    """

    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    rename: Mapping[str, str] = dataclasses.field(default_factory=dict)
    delete_members: bool = False
    delete_in_use: bool = False

    @property
    def away(self) -> set[str]:
        """The names that no tag has then."""
        return {*self.absent, *self.rename}


def check_all(given: Mapping[str, object]) -> tuple[dict[str, Declared], list[Text]]:
    """What each account declares, by its name, and warnings. ``given``: what ``tags`` of ``wechat_account`` holds. Raises ApiError."""
    return _all({name: _parts_of(tags) for name, tags in given.items()})


def check_options(given: Mapping[str, Mapping[str, t.Any]]) -> tuple[dict[str, Declared], list[Text]]:
    """The same. ``given``: the options of ``wechat_tags``, of each account."""
    return _all({name: _parts_in(options) for name, options in given.items()})


# The parts of what is declared, by their names: the path, for messages, and the value; and the faults that are known already.
_Parts = tuple[dict[str, tuple[str, t.Any]], list[Text]]


def _parts_in(options: Mapping[str, t.Any]) -> _Parts:
    names = str(options["state"])
    if options["tags"] is None and options["rename"] is None:
        return {}, [Text("tags is missing; give a list of names, or rename")]
    return {names: ("tags", options["tags"]), **{name: (name, options[name]) for name in ("rename", *_FLAGS)}}, []


def _parts_of(tags: object) -> _Parts:
    if isinstance(tags, list):
        return {"present": ("tags", tags)}, []
    if not isinstance(tags, dict):
        return {}, [Text("tags is {kind}; give a list of names, or a dict").filled(kind=kind_of(tags))]
    known = (*_LISTS, "rename", *_FLAGS)
    strange = [
        Text("tags has {name}, which is unknown; it has {known}").filled(name=quotable(name), known=enumerated(known))
        for name in tags
        if name not in known
    ]
    return {name: (f"tags.{name}", tags[name]) for name in known if name in tags}, strange


def _all(parts: Mapping[str, _Parts]) -> tuple[dict[str, Declared], list[Text]]:
    declared: dict[str, Declared] = {}
    faults: dict[Text, list[str]] = {}
    for name, (its, known) in parts.items():
        for fault in dict.fromkeys([*known, *_faults(its)]):
            faults.setdefault(fault, []).append(name)
        if not faults:
            declared[name] = _declared({part: value for part, (_path, value) in its.items()})
    if faults:
        cannot = Text("tags cannot be used: {listed}").filled(listed=of_accounts(faults))
        raise ApiError(Failure("operator", START, cannot, Text("correct tags")), sent=False)
    many = Text("more than {usual} tags are declared, and the platform usually allows no more").filled(usual=_USUAL)
    return declared, [many] if any(len(one.present) > _USUAL for one in declared.values()) else []


def _declared(values: Mapping[str, t.Any]) -> Declared:
    present, absent = (tuple(dict.fromkeys(values.get(name) or ())) for name in _LISTS)
    return Declared(present, absent, dict(values.get("rename") or {}), **{word: values.get(word) in _TRUE for word in _FLAGS})


def _faults(parts: Mapping[str, tuple[str, t.Any]]) -> Iterator[Text]:
    found = [*_faults_of_parts(parts)]
    yield from found
    if not found:
        yield from _contradictions(_declared({name: value for name, (_path, value) in parts.items()}))


def _faults_of_parts(parts: Mapping[str, tuple[str, t.Any]]) -> Iterator[Text]:
    for part, (path, value) in parts.items():
        if value is None:
            continue
        if part in _FLAGS:
            if not any(value is one or (isinstance(value, str) and value == one) for one in (*_TRUE, *_FALSE)):
                yield Text("{path} is {kind}; give true or false").filled(path=path, kind=kind_of(value))
        elif part in _LISTS:
            if isinstance(value, list):
                yield from _faults_of_names(((f"{path}[{number}]", name) for number, name in enumerate(value)), new=part == "present")
            else:
                yield Text("{path} is {kind}; give a list of names").filled(path=path, kind=kind_of(value))
        elif not isinstance(value, dict):
            yield Text("{path} is {kind}; give a dict of old names and new names").filled(path=path, kind=kind_of(value))
        else:
            yield from _faults_of_names((Text("a key of {path}").filled(path=path), name) for name in value)
            yield from _faults_of_names(((f"{path}[{number}]", name) for number, name in enumerate(value.values())), new=True)


def _faults_of_names(names: Iterable[tuple[Text | str, object]], *, new: bool = False) -> Iterator[Text]:
    for path, name in names:
        fault = fault_of(name, path, new=new)
        if fault:
            yield fault.filled(path=path)


def fault_of(name: object, path: Text | str, *, new: bool = False) -> Text | None:
    """Why ``name`` cannot be declared, with the field ``path``; None if it can. ``new``: whether a tag gets this name."""
    if name is None or name == "":
        return Text("{path} is empty; give a name")
    if not isinstance(name, str):
        return Text("{path} is {kind}; give a text: quote it, or use | string if a template makes it").filled(kind=kind_of(name))
    if name != name.strip():
        return Text("{path} begins or ends with white space; leave it out")
    if any("\udc80" <= character <= "\udcff" or character == "\ufffd" for character in name):
        return Text("{path} has bytes that are not UTF-8; save the file as UTF-8, and read it again")
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in name):
        return Text("{path} has control characters or half characters; leave them out")
    if any(unicodedata.bidirectional(character) in _DIRECTIONS for character in name):
        return Text("{path} has characters that change the direction of text; leave them out")
    unseen = next((character for character in name if character in _UNSEEN), None) if new else None
    if unseen:
        # The mark at the beginning of a file is in the first cell of many a table. Nobody could tell the tag from another one.
        character = Text("the invisible character U+{code:04X}").filled(code=ord(unseen))
        return Text("{path} has {character}; leave it out").filled(character=character)
    if "\\u" in name:
        # In JSON it would look like an escape, which the platform keeps as a text.
        return Text("{path} has \\u; write the character itself, or, in YAML, use double quotes")
    if len(name) > _LONGEST:
        return Text("{path} has {size} characters; {most} are allowed").filled(size=len(name), most=_LONGEST)
    return mask_in(name, path)


# A joiner is part of many emoji.
_UNSEEN = frozenset("\xad\u061c\u180e\u200b\u200e\u200f\u2060\ufeff")
_DIRECTIONS = frozenset({"LRE", "LRO", "RLE", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def _contradictions(declared: Declared) -> Iterator[Text]:
    """What cannot be true together. The order of changes must not matter."""
    old, new = [*declared.rename], [*declared.rename.values()]
    for name in declared.absent:
        if name in declared.present or name in new:
            yield Text("{name} is to be there and not to be there").filled(name=name)
    for name in old:
        if name in declared.present or name in declared.absent:
            yield Text("{name} is renamed, and declared under its old name").filled(name=name)
        if name in new:
            yield Text("{name} is both an old and a new name in rename").filled(name=name)
    for name, count in collections.Counter(new).items():
        if count > 1:
            yield Text("two tags are renamed to {name}, and tags cannot be merged").filled(name=name)


def quotable(name: object) -> str:
    """An unknown key, for a message. Anything that is no short word is not repeated."""
    return name if isinstance(name, str) and name.isidentifier() and len(name) <= 32 else "?"
