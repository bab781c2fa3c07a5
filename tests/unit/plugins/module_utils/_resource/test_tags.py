# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tags' answers mean, and which changes lead from what there is to what is declared."""

from __future__ import annotations

import itertools
import json
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._account.session import Change, Look
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError
from ansible_collections.wxops.official_account.plugins.module_utils._http.wire import Fields
from ansible_collections.wxops.official_account.plugins.module_utils._resource.outcome import Outcome
from ansible_collections.wxops.official_account.plugins.module_utils._resource.tags import (
    LOOK_AT_TAGS,
    TAGS_DECLARED,
    InfoRows,
    Tag,
    Tags,
    TagsRows,
    _used_in,
    next_change_to,
)
from ansible_collections.wxops.official_account.plugins.module_utils._resource.tags_input import Declared, check_all, check_options

if t.TYPE_CHECKING:
    from collections.abc import Iterator

STAR = Tag(2, "星标组")


def state(*names: str, again: bool = True, used: tuple[int, ...] | None = ()) -> Tags:
    return Tags((STAR, *(Tag(100 + number, name) for number, name in enumerate(names))), again, used)


def read(tags: object) -> Tags:
    return LOOK_AT_TAGS.read(Fields({"tags": tags}))


def test_tags_are_read_in_the_order_of_their_ids() -> None:
    found = read([{"id": 101, "name": "b", "count": 3}, {"id": "2", "name": "星标组", "count": "0"}, {"id": 100, "name": "b"}])
    assert [(tag.id, tag.name, tag.count) for tag in found.tags] == [(2, "星标组", 0), (100, "b", 0), (101, "b", 3)]
    assert (found.ids_of("b"), found.ids_of("星标组"), found.ids_of("x")) == ([100, 101], [2], [])


def test_the_number_of_users_makes_no_difference() -> None:
    assert Tags((Tag(100, "a", 1),), True, (1,)) == Tags((Tag(100, "a", 2),))
    assert Tags((Tag(100, "a"),)) != Tags((Tag(100, "b"),))


def test_half_a_character_becomes_its_escape() -> None:
    assert read([{"id": 100, "name": "\ud83d", "count": 0}]).tags[0].name == "\\ud83d"


GOOD = {"id": 100, "name": "a", "count": 0}


@pytest.mark.parametrize(
    "tags",
    [
        *(None, {}, "", 5, [None], [[]], ["a"], [{}], [GOOD, {**GOOD, "name": "b"}]),
        *([{**GOOD, "id": value}] for value in (None, True, 1.5, "1.5", "", -1, [], {})),
        *([{**GOOD, "name": value}] for value in (None, 5, True, [], {})),
        *([{**GOOD, "count": value}] for value in (None, True, 1.5, "many", -1, [])),
    ],
    ids=json.dumps,
)
def test_what_is_not_understood_is_no_list_of_tags(tags: object) -> None:
    with pytest.raises(ApiError) as error:
        read(tags)
    assert error.value.failure.reason == "protocol"


def steps(declared: Declared, start: Tags) -> list[object]:
    """The bodies of all changes from ``start``, each with the state before it taken as it should be."""
    next_change, found, now = next_change_to(declared), [], start
    while isinstance(change := next_change(now), Change):
        found.append((change.call.path.rpartition("/")[2], *t.cast("dict[str, t.Any]", change.body["tag"]).values()))
        now = change.makes
    assert change is None
    return found


@pytest.mark.parametrize(
    ("declared", "start", "expected"),
    [
        (Declared(), state("a"), []),
        (Declared(("a", "星标组")), state("a"), []),
        (Declared(("b", "a")), state(), [("create", "b"), ("create", "a")]),
        (Declared(rename={"a": "b"}), state("a"), [("update", 100, "b")]),
        (Declared(rename={"a": "b"}), state("b"), []),
        (Declared(absent=("x",)), state("a"), []),
        (Declared(absent=("a",), delete_members=True), state("a", "b"), [("delete", 100)]),
        (
            Declared(("n", "r"), ("d",), {"o": "r"}, delete_members=True),
            state("d", "o", "x"),
            [("update", 101, "r"), ("create", "n"), ("delete", 100)],
        ),
        (Declared(absent=("a",), delete_members=True, delete_in_use=True), state("a", used=None), [("delete", 100)]),
    ],
)
def test_what_leads_to_what_is_declared(declared: Declared, start: Tags, expected: list[object]) -> None:
    assert steps(declared, start) == expected


def test_a_thousand_names_are_no_work_of_minutes() -> None:
    names = tuple(f"n{number}" for number in range(1_000))
    assert steps(Declared(names), state()) == [("create", name) for name in names]


DELETES = Declared(absent=("a",), delete_members=True)


@pytest.mark.parametrize(
    ("declared", "start", "why"),
    [
        (Declared(("a",)), state("a", "a"), "several tags are named a (their ids: 100 and 101)"),
        (Declared(absent=("a",), delete_members=True), state("a", "a"), "several tags are named a"),
        (Declared(rename={"a": "b"}), state("a", "a"), "several tags are named a"),
        (Declared(rename={"a": "b"}), state("b", "b"), "several tags are named b"),
        (Declared(rename={"a": "b"}), state("a", "b"), "there is a tag a and a tag b"),
        (Declared(rename={"a": "b"}), state(), "there is neither a tag a nor a tag b"),
        (Declared(rename={"星标组": "b"}), state(), "belongs to the platform"),
        (Declared(absent=("星标组",), delete_members=True), state(), "belongs to the platform"),
        (Declared(absent=("a",)), state("a"), "takes it from all its users"),
        (DELETES, state("a", used=(100,)), "a conditional menu is for the tag a"),
        # Nothing is done before what is refused.
        (Declared(("n",), ("a",)), state("a"), "takes it from all its users"),
    ],
)
def test_what_is_refused_before_anything_is_sent(declared: Declared, start: Tags, why: str) -> None:
    with pytest.raises(ApiError) as error:
        next_change_to(declared)(start)
    assert why in error.value.failure.what
    assert (error.value.failure.reason, error.value.sent) == ("refused", False)


def test_what_is_missing_is_looked_for_twice_and_what_one_look_shows_is_there() -> None:
    next_change = next_change_to(Declared(("a", "b")))
    again = next_change(state("a", again=False))
    assert isinstance(again, Look)
    assert again.after > 0
    both = again.read(Fields({"tags": [{"id": 2, "name": "星标组"}, {"id": 105, "name": "b"}]}))
    assert [tag.name for tag in both.tags] == ["星标组", "a", "b"]
    assert next_change(both) is None
    # What has got another name in between has the later one.
    assert again.read(Fields({"tags": [{"id": 100, "name": "c"}]})).ids_of("a") == []


def test_what_uses_a_tag_is_asked_only_before_a_deletion() -> None:
    asked = next_change_to(DELETES)(state("a", used=None))
    assert isinstance(asked, Look)
    assert asked.call.path == "cgi-bin/menu/get"
    rules = [{"group_id": "100"}, {"tag_id": 7}, {"client_platform_type": "1", "tag_id": ""}]
    menu = {"menu": {"button": []}, "conditionalmenu": [{"button": [], "matchrule": rule} for rule in rules]}
    assert asked.read(Fields(menu)).used == (100, 7)
    assert asked.read(Fields({"errcode": 46003})).used == ()


@pytest.mark.parametrize(
    "conditional", [[5], [{}], [{"matchrule": []}], [{"matchrule": {"group_id": "x"}}], [{"matchrule": {"tag_id": [1]}}]]
)
def test_a_conditional_menu_that_is_not_understood_deletes_nothing(conditional: list[t.Any]) -> None:
    with pytest.raises(ApiError):
        _used_in(conditional)


def test_once_changes_begin_one_look_decides_nothing_new() -> None:
    next_change = next_change_to(Declared(("a", "b")))
    assert isinstance(next_change(state("a")), Change)
    # That a is missing now may be a look that is late, or somebody else.
    assert next_change(state("b")) is LOOK_AT_TAGS
    assert isinstance(next_change(state("a")), Change)
    assert next_change(state("a", "b")) is None


# --- What is declared.


def fault(tags: object) -> str:
    with pytest.raises(ApiError) as error:
        check_all({"": tags})
    assert error.value.failure.reason == "operator"
    assert "tags cannot be used: " in error.value.failure.what
    return str(error.value.failure.what).removeprefix("tags cannot be used: ")


@pytest.mark.parametrize(
    ("tags", "declared"),
    [
        ([], Declared()),
        ({}, Declared()),
        (["a", "b", "a"], Declared(("a", "b"))),
        ({"present": ["a"], "absent": ["b"], "rename": {"c": "a"}}, Declared(("a",), ("b",), {"c": "a"})),
        ({"present": None, "delete_members": True, "delete_in_use": "true"}, Declared(delete_members=True, delete_in_use=True)),
        ({"delete_members": "False"}, Declared()),
        # A tag that is there can be told from others by it.
        ({"absent": ["\ufeffa"], "rename": {"b\u200b": "b"}}, Declared(absent=("\ufeffa",), rename={"b\u200b": "b"})),
        (["九" * 30, "👩‍💻", "A B"], Declared(("九" * 30, "👩‍💻", "A B"))),
    ],
)
def test_what_can_be_declared(tags: object, declared: Declared) -> None:
    assert check_all({"": tags}) == ({"": declared}, [])


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (None, "tags[0] is empty"),
        ("", "tags[0] is empty"),
        (True, "tags[0] is true or false; give a text: quote it"),
        (1.0, "tags[0] is a number"),
        ({"name": "a"}, "tags[0] is a dict"),
        (" a", "tags[0] begins or ends with white space"),
        ("a\u3000", "tags[0] begins or ends with white space"),
        ("a\nb", "tags[0] has control characters"),
        ("a\x7fb", "tags[0] has control characters"),
        ("a\u2028b", "tags[0] has control characters"),
        ("a\ud83d", "tags[0] has control characters"),
        ("a\udcff", "tags[0] has bytes that are not UTF-8"),
        ("a\u202eb", "tags[0] has characters that change the direction of text"),
        ("a\\u0041", "tags[0] has \\u"),
        ("n" * 31, "tags[0] has 31 characters; 30 are allowed"),
        ("********", "tags[0] holds Ansible's mask for a secret"),
    ],
)
def test_what_is_wrong_with_a_name(name: object, why: str) -> None:
    assert fault([name]).startswith(why)
    assert fault({"absent": [name]}).startswith(why.replace("tags[0]", "tags.absent[0]"))
    assert fault({"rename": {"old": name}}).startswith(why.replace("tags[0]", "tags.rename[0]"))


@pytest.mark.parametrize("name", ["\ufeffVIP", "VIP\u200b", "V\u2060IP", "VIP\u200e"])
def test_no_tag_gets_a_name_with_what_nobody_sees(name: str) -> None:
    assert fault([name]).startswith(f"tags[0] has the invisible character U+{ord(max(name)):04X}; leave it out")
    assert fault({"rename": {"VIP": name}}).startswith("tags.rename[0] has the invisible character")


@pytest.mark.parametrize(
    ("tags", "why"),
    [
        ("VIP", "tags is a text; give a list of names, or a dict"),
        (5, "tags is a number"),
        (
            {"presnt": [], "x y": 1},
            "tags has presnt, which is unknown; it has present, absent, rename, delete_members, delete_in_use; tags has ?",
        ),
        ({"present": "VIP"}, "tags.present is a text; give a list of names"),
        ({"rename": ["a"]}, "tags.rename is a list; give a dict of old names and new names"),
        ({"rename": {5: "a"}}, "a key of tags.rename is a number"),
        ({"delete_members": 1}, "tags.delete_members is a number; give true or false"),
        ({"delete_members": "perhaps"}, "tags.delete_members is a text; give true or false"),
        ({"present": ["a"], "absent": ["a"]}, "a is to be there and not to be there"),
        ({"rename": {"a": "b"}, "absent": ["b"]}, "b is to be there and not to be there"),
        ({"rename": {"a": "b"}, "present": ["a"]}, "a is renamed, and declared under its old name"),
        ({"rename": {"a": "b", "b": "c"}}, "b is both an old and a new name in rename"),
        ({"rename": {"a": "a"}}, "a is both an old and a new name in rename"),
        ({"rename": {"a": "c", "b": "c"}}, "two tags are renamed to c"),
    ],
)
def test_what_is_wrong_with_what_is_declared(tags: object, why: str) -> None:
    assert fault(tags).startswith(why)


def test_faults_name_the_accounts_that_have_them() -> None:
    with pytest.raises(ApiError) as error:
        check_all({"one": [""], "two": ["a"], "three": ["", 5]})
    assert error.value.failure.what == (
        "tags cannot be used: tags[0] is empty; give a name (account one, three); tags[1] is a number; give a text: quote it, or use "
        "| string if a template makes it (account three)"
    )


def test_more_than_the_usual_number_is_a_warning() -> None:
    _declared, warnings = check_all({"": [f"tag {number}" for number in range(101)]})
    assert warnings == ["more than 100 tags are declared, and the platform usually allows no more"]


def test_the_options_of_the_module_say_the_same() -> None:
    given = {"state": "absent", "tags": ["a"], "rename": {"b": "c"}, "delete_members": True, "delete_in_use": False}
    assert check_options({"": given})[0] == {"": Declared((), ("a",), {"b": "c"}, delete_members=True)}
    with pytest.raises(ApiError, match="tags is missing"):
        check_options({"": {**given, "tags": None, "rename": None}})
    with pytest.raises(ApiError, match=r"tags\[0\] is empty; give a name; rename\[0\] is a list"):
        check_options({"": {**given, "tags": [""], "rename": {"b": []}}})


# --- The way back.


@pytest.mark.parametrize(
    ("kept", "options", "is_all"),
    [
        ({"created": ["a"], "renamed": {"b": "c"}, "deleted": {"d": 105}}, {"tags": {"rename": {"c": "b"}}}, False),
        ({"created": [], "renamed": {"b": "c"}, "deleted": {}}, {"tags": {"rename": {"c": "b"}}}, True),
        ({"created": ["a"], "renamed": {}, "deleted": {}}, None, False),
        ({"created": [], "renamed": {}, "deleted": {"d": 105}}, None, False),
    ],
)
def test_a_rollback_gives_old_names_back_and_says_what_is_left(kept: t.Any, options: object, is_all: bool) -> None:
    restored = TAGS_DECLARED.restored(kept)
    assert (None if isinstance(restored, str) else restored) == options
    assert (TAGS_DECLARED.left(kept) is None) is is_all
    if options:
        check_all({"": t.cast("t.Any", restored)["tags"]})


def test_no_row_is_without_its_keys() -> None:
    rows = TagsRows(False)
    row = rows.one(Outcome())
    assert (row["tags"], row["before"], row["duplicates"], row["system"]) == (None,) * 4
    assert rows.states(row) == ("tags: null\n", "tags: null\n")
    seen = rows.one(Outcome(now=Tags((STAR, Tag(100, "b"), Tag(101, "a\u202e"), Tag(102, "c"), Tag(103, "c"))), verified=True))
    assert rows.states(seen)[1] == 'tags:\n  - "a\\u202e"\n  - "b"\n'
    assert (seen["duplicates"], seen["system"]) == ({"c": [102, 103]}, [{"id": 2, "name": "星标组", "count": 0}])


@pytest.mark.parametrize(("names", "options"), [(["b", "a"], {"tags": ["b", "a"]}), (["a", " b", "c", "c"], {"tags": ["a"]}), ([], None)])
def test_tags_that_can_be_declared_are_exported_in_the_order_of_their_ids(names: list[str], options: object) -> None:
    row = InfoRows(False).one(Outcome(now=state(*names), verified=True))
    assert TAGS_DECLARED.exported(row, {}) == options
    assert "星标组" not in row["msg"]


def declarations(names: str) -> Iterator[Declared]:
    """What can be declared with these names without a contradiction."""
    for roles in itertools.product("-pa", repeat=len(names)):
        present = tuple(name for name, role in zip(names, roles, strict=True) if role == "p")
        yield Declared(present, tuple(name for name, role in zip(names, roles, strict=True) if role == "a"), delete_members=True)
        for old, new in itertools.permutations(names, 2):
            if roles[names.index(old)] == "-" and roles[names.index(new)] in "-p":
                yield Declared(present, (), {old: new}, delete_members=True)


def test_whatever_there_is_becomes_what_is_declared_and_then_nothing_is_to_do() -> None:
    done = 0
    for declared in declarations("abc"):
        for there in ([*some] for number in range(4) for some in itertools.combinations("abc", number)):
            next_change, now = next_change_to(declared), state(*there)
            try:
                change = next_change(now)
            except ApiError:
                continue
            # After that, nothing is refused.
            while isinstance(change, Change):
                now = change.makes
                change = next_change(now)
            done += 1
            names = {tag.name for tag in now.tags}
            assert {*declared.present, *declared.rename.values()} <= names
            assert not names & {*declared.absent, *declared.rename}
            assert names - {STAR.name} <= {*there, *declared.present, *declared.rename.values()}
            assert next_change_to(declared)(now) is None
    assert done > 150
