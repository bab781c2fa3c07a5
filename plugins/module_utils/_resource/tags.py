# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The user tags of an account: their look, their changes, and how they are put into words.

Source: the platform's pages "Create tag", "Get tags", "Edit tag" and "Delete tag". The platform's looks may be late, and differ.
"""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from .._account.session import Change, Look
from .._http.errcodes import ACCOUNT_CALL, NOTICES, Meaning
from .._http.errors import ApiError, Failure, Step, unusable_answer
from .._http.wire import Call, number
from .._text import AND, CLAUSES, Text, joined, verbatim
from .converge import Resource
from .declared import Declarable
from .menu import MENU, MenuState
from .menu_form import as_json
from .results import NOT_DONE, ChangeRows, Row, Words, failed, failure_row, sent, some, sum_up
from .tags_input import Declared, check_all, fault_of

if t.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .._http.errcodes import Codes
    from .._http.wire import Fields
    from .._text import Language
    from .converge import NextChange
    from .declared import Accounts, Difference
    from .outcome import Outcome

# The module's options, besides those that all modules of the collection have: for the task, and for each account.
OPTIONS: dict[str, dict[str, t.Any]] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "tags": {"type": "raw"},
    "rename": {"type": "raw"},
    "delete_members": {"type": "bool", "default": False},
    "delete_in_use": {"type": "bool", "default": False},
}
ACCOUNT_OPTIONS: dict[str, dict[str, t.Any]] = {"tags": {"type": "raw"}, "rename": {"type": "raw"}}

LOOK = Step(Text("read the tags"))
CHANGE = Step(Text("change the tags"))
CREATE = Step(Text("create a tag"))
RENAME = Step(Text("rename a tag"))
DELETE = Step(Text("delete a tag"))

PERMISSION = Text("permission set 2 (users) or 100")

_TAKEN, _NOT_THERE = 45157, 45159
_LEAVE_OUT = Text("correct the name, or leave it out")

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


def _codes(name: str) -> Codes:
    """What the codes mean for a change of the tag ``name``."""
    meanings = {
        _TAKEN: Meaning(
            "operator",
            Text("the platform does not take the name {name}: a tag has it that checks do not show, or the platform keeps it for itself"),
            Text("run again in a few minutes: it checks first; if that does not help, give the tag another name"),
            again=True,
        ),
        45158: Meaning("operator", Text("the platform finds the name {name} too long"), Text("shorten it: 10 Chinese characters are safe")),
        45056: Meaning(
            "operator", Text("the account has as many tags as it may have"), Text("delete one that nobody needs, then run again")
        ),
        45057: Meaning(
            "operator",
            Text("more than 100,000 users have the tag {name}, and the platform deletes no such tag"),
            Text("take the tag from its users first, then run again"),
        ),
        45058: Meaning("operator", Text("the tag {name} belongs to the platform"), _LEAVE_OUT),
        # Users report that some of the platform's servers do not know a tag for a while. A look has just shown it.
        _NOT_THERE: Meaning(
            "transient",
            Text("the platform does not know the tag {name}, which a check has shown"),
            Text("run again in a few minutes: it checks first"),
            again=True,
        ),
    }
    named = {code: meaning._replace(what=meaning.what.filled(name=name)) for code, meaning in meanings.items()}
    return dataclasses.replace(_CODES, meanings={**_CODES.meanings, **named})


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
        """Whether it is one of those that every account has, and that nobody can rename or delete."""
        return self.id is not None and self.id < _FIRST_OWN


@dataclasses.dataclass(frozen=True)
class Tags:
    """The tags of one account, in the order of their ids. Two names may be equal. Two states are equal if their ids and names are.

    ``again``: whether two looks have been taken for what is missing. ``used``: the ids of the tags that conditional menus are for; None if
    that was not asked.
    """

    tags: tuple[Tag, ...] = ()
    again: bool = dataclasses.field(default=False, compare=False)
    used: tuple[int, ...] | None = dataclasses.field(default=None, compare=False)

    def named(self, name: str) -> list[Tag]:
        """The tags with this name: none, one, or several."""
        return self._by_name.get(name, [])

    def ids_of(self, name: str) -> list[int | None]:
        """The ids of the tags with this name: none, one, or several."""
        return [tag.id for tag in self.named(name)]

    @functools.cached_property
    def _by_name(self) -> dict[str, list[Tag]]:
        found: dict[str, list[Tag]] = {}
        for tag in self.tags:
            found.setdefault(tag.name, []).append(tag)
        return found


def _tags_in(answer: Fields) -> Tags:
    found = answer.get("tags")
    if not isinstance(found, list):
        raise unusable_answer(LOOK, Text("the answer holds no list of tags"))
    tags = sorted(map(_tag_in, found), key=_by_id)
    if len({tag.id for tag in tags}) != len(tags):
        raise unusable_answer(LOOK, Text("the answer has two tags with one id"))
    return Tags(tuple(tags))


def _tag_in(found: object) -> Tag:
    given = found if isinstance(found, dict) else {}
    tag_id, name, count = number(given.get("id")), given.get("name"), number(given.get("count", 0))
    if tag_id is None or tag_id < 0 or not isinstance(name, str) or count is None or count < 0:
        raise unusable_answer(LOOK, Text("the answer holds a tag that cannot be understood"))
    # Half of a character cannot be encoded. It becomes its escape, which no declared name may have.
    return Tag(tag_id, name.encode(errors="backslashreplace").decode(), count)


LOOK_AT_TAGS = Look(Call(LOOK, "cgi-bin/tags/get", _CODES, expects="tags", verb="GET"), _tags_in)
TAGS = Resource(LOOK_AT_TAGS, CHANGE)

# Seconds until a missing tag is looked for a second time. Users report that two looks in a row may differ.
_LOOKED_FOR_AGAIN = 1.0


def _again(state: Tags) -> Look[Tags]:
    """A second look. What one of the two has shown is there."""

    def read(answer: Fields) -> Tags:
        now = _tags_in(answer)
        known = {tag.id: tag for tag in (*state.tags, *now.tags)}
        return dataclasses.replace(now, tags=tuple(sorted(known.values(), key=_by_id)), again=True)

    return dataclasses.replace(LOOK_AT_TAGS, read=read, after=_LOOKED_FOR_AGAIN)


def _and_what_uses_them(state: Tags) -> Look[Tags]:
    """A look at the conditional menus, and which tags they are for."""
    return Look(MENU.look.call, lambda answer: dataclasses.replace(state, used=_used_in(MENU.look.read(answer).conditional)))


def _used_in(conditional: Sequence[t.Any]) -> tuple[int, ...]:
    used: list[int] = []
    for menu in conditional:
        rule = menu.get("matchrule") if isinstance(menu, dict) else None
        # What is read has the old name of tag_id.
        tags = [rule.get(key) for key in ("group_id", "tag_id") if rule.get(key) not in (None, "")] if isinstance(rule, dict) else [None]
        numbers = [found for found in map(number, tags) if found is not None]
        if len(numbers) < len(tags):
            raise unusable_answer(MENU.look.call.step, Text("the answer holds a conditional menu that cannot be understood"))
        used.extend(numbers)
    return tuple(used)


# --- Changes.


def _create(state: Tags, name: str) -> Change[Tags]:
    def read(answer: Fields) -> Tags:
        given = answer.get("tag")
        tag = given if isinstance(given, dict) else {}
        tag_id, made = number(tag.get("id")), tag.get("name")
        if tag_id is None or tag_id < _FIRST_OWN or not isinstance(made, str):
            raise unusable_answer(CREATE, Text("the answer does not say which tag was created"))
        if made != name:
            raise ApiError(_otherwise(name, tag_id), unclear=True)
        return _with(state, Tag(tag_id, name))

    return Change(
        Call(CREATE, "cgi-bin/tags/create", _codes(name), expects="tag"),
        _with(state, Tag(None, name)),
        read,
        body={"tag": {"name": name}},
        recall=lambda answered, seen: _and_made(seen, answered.named(name)[0]),
        once=True,
        doubted=frozenset({_TAKEN}),
    )


def _and_made(seen: Tags, made: Tag) -> Tags:
    """What a look has shown, and the tag that an answer says is there, unless the look shows something else of its name or id."""
    return seen if any(made.name == tag.name or made.id == tag.id for tag in seen.tags) else _with(seen, made)


def _rename(state: Tags, tag: Tag, name: str) -> Change[Tags]:
    renamed = tuple(dataclasses.replace(one, name=name) if one.id == tag.id else one for one in state.tags)
    call = Call(RENAME, "cgi-bin/tags/update", _codes(name))
    makes = dataclasses.replace(state, tags=renamed)
    return Change(call, makes, body={"tag": {"id": tag.id, "name": name}}, doubted=frozenset({_TAKEN, _NOT_THERE}))


def _delete(state: Tags, tag: Tag) -> Change[Tags]:
    makes = dataclasses.replace(state, tags=tuple(one for one in state.tags if one.id != tag.id))
    call = Call(DELETE, "cgi-bin/tags/delete", _codes(tag.name))
    return Change(call, makes, body={"tag": {"id": tag.id}}, doubted=frozenset({_NOT_THERE}))


def _with(state: Tags, *tags: Tag) -> Tags:
    return dataclasses.replace(state, tags=tuple(sorted((*state.tags, *tags), key=_by_id)))


def _by_id(tag: Tag) -> tuple[bool, int]:
    """The order of tags. One that is yet to be made comes last."""
    return tag.id is None, tag.id or 0


def _otherwise(name: str, tag_id: int) -> Failure:
    return Failure(
        "not_effective",
        CREATE,
        Text("the platform created the tag {tag_id}, and gave it another name than {name}").filled(tag_id=tag_id, name=name),
        Text("find that tag {notices}, rename or delete it there, then run again").filled(notices=NOTICES),
        again=True,
    )


# --- What is declared.


def next_change_to(declared: Declared) -> NextChange[Tags]:
    """What makes the tags as ``declared``. For one account, because it remembers what its first looks have asked for."""
    planned: list[tuple[str, t.Any]] = []

    def next_change(state: Tags) -> Change[Tags] | Look[Tags] | None:
        if planned:
            # What was not missing at first, or was not there, is not decided on by one look.
            step = next(_steps(declared, state), None)
            return step if step is None or (isinstance(step, Change) and _key(step) in planned) else LOOK_AT_TAGS
        steps = [*_steps(declared, state)]
        if not steps:
            return None
        what = [step.call.step if isinstance(step, Change) else step.step for step in steps]
        if not state.again and {*what} != {DELETE}:
            return _again(state)
        refused = next((step for step in steps if isinstance(step, Failure)), None)
        if refused:
            raise ApiError(refused, sent=False)
        if DELETE in what and not declared.delete_in_use and state.used is None:
            return _and_what_uses_them(state)
        changes = [step for step in steps if isinstance(step, Change)]
        planned.extend(map(_key, changes))
        return changes[0]

    return next_change


def _key(change: Change[Tags]) -> tuple[str, t.Any]:
    return change.call.path, change.body


def _steps(declared: Declared, state: Tags) -> Iterator[Change[Tags] | Failure]:
    """The changes from ``state`` to what is declared, each as if it were the first, and why some of them are refused.

    What loses least comes first. New tags are made in the order given, so that their ids come out alike on different accounts.
    """
    for old, new in declared.rename.items():
        yield from _to_rename(state, old, new)
    for name in declared.present:
        if len(state.named(name)) > 1:
            yield _double(CHANGE, name, state)
        elif not state.named(name) and name not in declared.rename.values():
            yield _create(state, name)
    for name in declared.absent:
        yield from _to_delete(declared, state, name)


def _to_rename(state: Tags, old: str, new: str) -> Iterator[Change[Tags] | Failure]:
    olds, news = state.named(old), state.named(new)
    if len(olds) > 1 or len(news) > 1:
        yield _double(RENAME, old if len(olds) > 1 else new, state)
    elif olds and news:
        what = Text("there is a tag {old} and a tag {new}, and their users cannot be merged").filled(old=old, new=new)
        yield Failure("refused", RENAME, what, Text("move the users to one of the two, delete the other, then run again"))
    elif olds and olds[0].of_platform:
        yield _of_platform(RENAME, old)
    elif olds:
        yield _rename(state, olds[0], new)
    elif not news:
        what = Text("there is neither a tag {old} nor a tag {new}").filled(old=old, new=new)
        yield Failure("refused", RENAME, what, Text("correct rename; or leave it out, and declare {new} as present").filled(new=new))


def _to_delete(declared: Declared, state: Tags, name: str) -> Iterator[Change[Tags] | Failure]:
    tags = state.named(name)
    if len(tags) > 1:
        yield _double(DELETE, name, state)
    elif tags and tags[0].of_platform:
        yield _of_platform(DELETE, name)
    elif tags and not declared.delete_members:
        what = Text("to delete the tag {name} takes it from all its users ({count:,}, as the platform says, which may be hours late)")
        remedy = Text("set delete_members to true if that is meant; the API cannot bring it back")
        yield Failure("refused", DELETE, what.filled(name=name, count=tags[0].count), remedy)
    elif tags and not declared.delete_in_use and tags[0].id in (state.used or ()):
        what = Text("a conditional menu is for the tag {name}, and would be for nobody").filled(name=name)
        yield Failure("refused", DELETE, what, Text("change that menu first, or set delete_in_use to true"))
    elif tags:
        yield _delete(state, tags[0])


def _double(step: Step, name: str, state: Tags) -> Failure:
    ids = joined(AND, [verbatim(str(tag_id)) for tag_id in state.ids_of(name)])
    what = Text("several tags are named {name} (their ids: {ids}), and it is not clear which one is meant").filled(name=name, ids=ids)
    return Failure("refused", step, what, Text("rename or delete all but one {notices}").filled(notices=NOTICES))


def _of_platform(step: Step, name: str) -> Failure:
    what = Text("the tag {name} belongs to the platform, and can be neither renamed nor deleted").filled(name=name)
    return Failure("refused", step, what, Text("leave it out"))


# --- Words and rows.

WORDS = Words(
    change=Text("change"),
    article="a",
    not_shown=Text("a later check still shows the tags as they were"),
    refused=Text("the change was refused, and the tags are as they were found"),
    failures_tell=True,
)


class Changes(t.TypedDict):
    """``created``: names. ``renamed``: new names by old ones. ``deleted``: ids by names."""

    created: list[str]
    renamed: dict[str, str]
    deleted: dict[str, int]


class TagsRow(Row, total=False):
    """``changes``: what this task has changed; before anything was sent, what it would change."""

    tags: dict[str, t.Any] | None
    before: dict[str, t.Any] | None
    duplicates: dict[str, list[int]] | None
    system: list[dict[str, t.Any]] | None
    changes: Changes


def _row_of(state: Tags | None) -> dict[str, t.Any]:
    """The keys of a row for a state: its tags by name, and those that have no name of their own."""
    if state is None:
        return {"tags": None, "duplicates": None, "system": None}
    own = [tag for tag in state.tags if not tag.of_platform]
    named: dict[str, list[Tag]] = {}
    for tag in own:
        named.setdefault(tag.name, []).append(tag)
    return {
        "tags": {name: {"id": tags[0].id, "count": tags[0].count} for name, tags in named.items() if len(tags) == 1},
        "duplicates": {name: [tag.id for tag in tags] for name, tags in named.items() if len(tags) > 1},
        "system": [{"id": tag.id, "name": tag.name, "count": tag.count} for tag in state.tags if tag.of_platform],
    }


def _changes_of(outcome: Outcome[Tags]) -> Changes:
    found: Changes = {"created": [], "renamed": {}, "deleted": {}}
    names = {tag.id: tag.name for tag in outcome.before.tags} if outcome.before else {}
    for change in outcome.done if outcome.request_sent or outcome.failure else outcome.planned:
        tag = t.cast("dict[str, t.Any]", change.body["tag"])
        if change.call.step == CREATE:
            found["created"].append(tag["name"])
        elif change.call.step == RENAME:
            found["renamed"][names[tag["id"]]] = tag["name"]
        else:
            found["deleted"][names[tag["id"]]] = tag["id"]
    return found


class TagsRows(ChangeRows):
    """What ``wechat_tags`` returns for an account."""

    def one(self, outcome: Outcome[Tags]) -> TagsRow:
        return t.cast(
            "TagsRow",
            {
                "changed": outcome.changed,
                **_row_of(outcome.foreseen or outcome.now),
                "before": _row_of(outcome.before)["tags"],
                "changes": _changes_of(outcome),
                "verified": outcome.verified,
                "request_sent": outcome.request_sent,
                "failure": failure_row(outcome.failure, self._language),
                "msg": self.sentence(outcome).said(self._language),
            },
        )

    def states(self, row: TagsRow) -> tuple[str, str]:
        return _listed(row["before"]), _listed(row["tags"])

    def sentence(self, outcome: Outcome[Tags]) -> Text:
        if outcome.failure:
            return failed(outcome.failure, sent(outcome, outcome.failure, WORDS))
        if not outcome.changed and outcome.before != outcome.now:
            return Text("The tags were not as declared and are now, but not by this task.")
        if not outcome.changed:
            return Text("The tags are as declared; nothing was changed.")
        done = _done(_changes_of(outcome), self._check_mode)
        return done if outcome.verified else Text("{done} No check shows all of this yet; the platform's answers do.").filled(done=done)


def _done(changes: Changes, check_mode: bool) -> Text:
    arrow = Text("{old} to {new}")
    renamed = [arrow.filled(old=old, new=new) for old, new in changes["renamed"].items()]
    clauses = [
        words.filled(names=some(names))
        for words, names in (
            (Text("renamed: {names}"), renamed),
            (Text("created: {names}"), changes["created"]),
            (Text("deleted: {names}"), [*changes["deleted"]]),
        )
        if names
    ]
    done = Text("Tags that would be changed without check mode: {clauses}.") if check_mode else Text("Tags have been changed: {clauses}.")
    return done.filled(clauses=joined(CLAUSES, clauses))


def _listed(tags: Mapping[str, t.Any] | None) -> str:
    """The names, for Ansible's diff."""
    if tags is None:
        return "tags: null\n"
    return "".join(f"{line}\n" for line in ("tags:" if tags else "tags: []", *(f"  - {as_json(name)}" for name in sorted(tags))))


class InfoRows:
    """What ``wechat_tags_info`` returns for an account."""

    def __init__(self, _check_mode: bool, language: Language = "en") -> None:
        self._language = language

    def one(self, outcome: Outcome[Tags]) -> TagsRow:
        return t.cast(
            "TagsRow",
            {
                "changed": False,
                **_row_of(outcome.now),
                "verified": outcome.verified,
                "failure": failure_row(outcome.failure, self._language),
                "msg": self.sentence(outcome).said(self._language),
            },
        )

    def sentence(self, outcome: Outcome[Tags]) -> Text:
        if outcome.failure:
            return failed(outcome.failure)
        shown = _row_of(outcome.now)
        found = Text("Tags of the account: {count:,}.").filled(count=len(outcome.now.tags) - len(shown["system"]) if outcome.now else 0)
        if shown["duplicates"]:
            names = some([as_json(name) for name in shown["duplicates"]])
            found = Text("{found} Several have the same name: {names}.").filled(found=found, names=names)
        odd = [as_json(name) for name in shown["tags"] or () if fault_of(name, "", new=True)]
        return Text("{found} These names cannot be declared: {names}.").filled(found=found, names=some(odd)) if odd else found

    def summed_up(self, rows: Mapping[str, TagsRow]) -> str:
        count = sum(len(row["tags"] or ()) for row in rows.values())
        return sum_up(rows, {"unchanged": Text("{count:,} checked ({tags:,} tags)").filled(tags=count), **NOT_DONE}, self._language)

    def states(self, row: TagsRow) -> tuple[str, str]:
        return _listed(row["tags"]), _listed(row["tags"])


def _declare(accounts: Accounts) -> tuple[dict[str, NextChange[Tags]], list[Text]]:
    declared, warnings = check_all({name: options["tags"] for name, options in accounts.items()})
    return {name: next_change_to(one) for name, one in declared.items()}, warnings


def _given(next_change: NextChange[Tags], before: Mapping[str, Outcome[t.Any]]) -> NextChange[Tags]:
    """``next_change``, which knows in check mode that no conditional menu is left without the menu."""
    menu = before["menu"].foreseen if "menu" in before else None
    if not isinstance(menu, MenuState) or menu.menu is not None:
        return next_change
    return lambda state: next_change(dataclasses.replace(state, used=()))


def _restored(kept: t.Any) -> dict[str, t.Any] | Text:
    """The options that bring back the names that a record has kept."""
    renamed = kept["renamed"]
    return {"tags": {"rename": {new: old for old, new in renamed.items()}}} if renamed else _NOT_BACK


def _together(kept: t.Any, later: t.Any) -> t.Any:
    """What two runs have kept, as if they were one: a tag that was renamed twice gets its first name back."""
    renamed = dict(kept["renamed"])
    first = {new: old for old, new in renamed.items()}
    renamed.update((first.get(old, old), new) for old, new in later["renamed"].items())
    gone = {**kept["deleted"], **later["deleted"]}
    return {
        "created": [*kept["created"], *later["created"]],
        "renamed": {old: new for old, new in renamed.items() if old != new and new not in gone},
        "deleted": gone,
    }


_NOT_BACK = Text("tags that were created stay, and the API cannot bring back a deleted tag with its users")


def _differences(row: TagsRow) -> Iterator[Difference]:
    changes = row["changes"]
    if row["changed"]:
        yield from (("tags", old, new) for old, new in changes["renamed"].items())
        yield from (("tags", None, name) for name in changes["created"])
        yield from (("tags", name, None) for name in changes["deleted"])


TAGS_DECLARED = Declarable(
    "tags",
    TAGS,
    {"tags": {"type": "raw"}},
    _declare,
    TagsRows,
    title=Text("Tags"),
    kept=lambda row: row["changes"],
    restored=_restored,
    together=_together,
    differences=_differences,
    info=InfoRows,
    exported=lambda row, _rows: {"tags": names} if (names := [name for name in row["tags"] if not fault_of(name, "", new=True)]) else None,
    given=_given,
    left=lambda kept: _NOT_BACK if kept.get("created") or kept.get("deleted") else None,
)
