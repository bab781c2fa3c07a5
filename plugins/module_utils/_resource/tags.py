# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""The user tags of an account: their look, their changes, and how they are put into words.

Source: the platform's pages "Create tag", "Get tags", "Edit tag" and "Delete tag". The platform's looks may be late, and differ.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._account.session import Look
from .._http.errcodes import ACCOUNT_CALL, NOTICES, Meaning
from .._http.errors import Step, senseless
from .._http.wire import Call, number
from .._text import Text

if t.TYPE_CHECKING:
    from .._http.wire import Fields

LOOK = Step(Text("look at the tags"))

PERMISSION = Text("permission set 2 or 100")

_CODES = dataclasses.replace(
    ACCOUNT_CALL,
    meanings={
        **ACCOUNT_CALL.meanings,
        48001: Meaning(
            "account",
            Text("this account may not use tags"),
            Text("have the account verified {notices}: only verified accounts may; or leave the account out").filled(notices=NOTICES),
        ),
    },
    permission=PERMISSION,
)

# Tags with these ids belong to the platform. Its own are said to be 0, 1 and 2, and those of accounts begin at 100.
_FIRST_OWN = 100


@dataclasses.dataclass(frozen=True)
class Tag:
    """``id``: None for a tag that is yet to be made. ``count``: how many users have it, as the platform says, which may be hours late."""

    id: int | None
    name: str
    count: int = dataclasses.field(default=0, compare=False)

    @property
    def of_platform(self) -> bool:
        return self.id is not None and self.id < _FIRST_OWN


@dataclasses.dataclass(frozen=True)
class Tags:
    """The tags of one account, in the order of their ids. Two names may be equal. Two states are equal if their ids and names are."""

    tags: tuple[Tag, ...] = ()

    def ids_of(self, name: str) -> list[int | None]:
        """The ids of the tags with this name: none, one, or several."""
        return [tag.id for tag in self.tags if tag.name == name]


def _tags_in(answer: Fields) -> Tags:
    found = answer.get("tags")
    if not isinstance(found, list):
        raise senseless(LOOK, Text("the answer holds no list of tags"))
    tags = sorted(map(_tag_in, found), key=lambda tag: tag.id or 0)
    if len({tag.id for tag in tags}) != len(tags):
        raise senseless(LOOK, Text("the answer has two tags with one id"))
    return Tags(tuple(tags))


def _tag_in(found: object) -> Tag:
    given = found if isinstance(found, dict) else {}
    tag_id, name, count = number(given.get("id")), given.get("name"), number(given.get("count", 0))
    if tag_id is None or tag_id < 0 or not isinstance(name, str) or count is None or count < 0:
        raise senseless(LOOK, Text("the answer holds a tag that cannot be understood"))
    # Half of a character cannot be encoded. It becomes its escape, which no declared name may have.
    return Tag(tag_id, name.encode(errors="backslashreplace").decode(), count)


LOOK_AT_TAGS = Look(Call(LOOK, "cgi-bin/tags/get", _CODES, expects="tags", verb="GET"), _tags_in)
