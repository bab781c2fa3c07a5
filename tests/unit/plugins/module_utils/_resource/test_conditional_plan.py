# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way from any conditional menus to any declared ones, held against a small model of who sees what."""

from __future__ import annotations

import itertools
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._resource.conditional_plan import (
    MOST_DOMAINS,
    Add,
    Conditional,
    Delete,
    TooManyDomains,
    after,
    duplicates_in,
    kept_of,
    kept_of_declared,
    next_step,
    read,
    rule_of,
)
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_compare import hosts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if t.TYPE_CHECKING:
    from collections.abc import Sequence

STEADY = settings(derandomize=True, max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))

# By a letter: whom a menu is for. Two for a tag, one for a platform, one for both, and one for nobody.
RULES = {
    "a": {"tag_id": "100"},
    "b": {"tag_id": "101"},
    "i": {"client_platform_type": "1"},
    "x": {"tag_id": "100", "client_platform_type": "1"},
    "d": {"sex": "1", "tag_id": "100"},
}
USERS = [*itertools.product(("100", "101", "102"), ("1", "2"))]


def menu(text: str, host: str = "x.example") -> dict[str, list[dict[str, t.Any]]]:
    return {"button": [{"type": "view", "name": text, "url": f"https://{host}/"}]}


def made(names: str, *, there: bool = True) -> tuple[Conditional, ...]:
    """ "a1 b2": the strongest first; a letter of ``RULES``, and what the menu says. Those that are there have menuids."""
    words = names.split()
    ids = [10 * (len(words) - position) if there else None for position in range(len(words))]
    return tuple(Conditional(RULES[word[0]], menu(word[1:]), number) for word, number in zip(words, ids, strict=True))


def told(menus: Sequence[Conditional]) -> str:
    letters = {tuple(rule.items()): letter for letter, rule in RULES.items()}
    return " ".join(f"{letters[tuple(one.rule.items())]}{one.menu['button'][0]['name']}" for one in menus)


def steps_of(there: Sequence[Conditional], declared: Sequence[Conditional], **options: bool) -> list[tuple[str, tuple[Conditional, ...]]]:
    """Each step, and what is there after it."""
    found = []
    for _step in range(30):
        step = next_step(there, declared, **{"exclusive": True, **options})
        if step is None:
            return found
        there = after(there, step)
        sign, number = ("+", "") if isinstance(step, Add) else ("-", f"@{step.menu.menuid}")
        found.append((f"{sign}{told([step.menu])}{number}", there))
    raise AssertionError("it never ends")


def sees(menus: Sequence[Conditional], user: tuple[str, str]) -> Conditional | None:
    """The menu of a user with this tag and platform; None for that of everybody."""
    has = dict(zip(("tag_id", "client_platform_type"), user, strict=True))
    for one in menus:
        if one.rule.items() <= has.items():
            return one
    return None


# What is there, what is declared, and the steps; the strongest first.
PLANS = {
    "nothing": ("", "", ""),
    "equal": ("a1 b1", "a1 b1", ""),
    "first": ("", "a1", "+a1"),
    "weakest-first": ("", "a1 b1 i1", "+i1 +b1 +a1"),
    "another-text": ("a1", "a2", "+a2 -a1@10"),
    "each-goes-when-its-new-one-is-there": ("a1 b1", "a2 b2", "+b2 -b1@10 +a2 -a1@20"),
    "the-weakest-stay": ("a1 b1", "i1 a1 b1", "+i1"),
    "a-weaker-one-in-between": ("a1 b1", "a1 i1 b1", "+i1 +a1 -a1@20"),
    "a-new-weakest": ("a1", "a1 b1", "+b1 +a1 -a1@10"),
    "swapped": ("a1 b1", "b1 a1", "+b1 -b1@10"),
    "one-less": ("a1 i1 b1", "a1 b1", "-i1@20"),
    "double-keeps-the-newest": ("a1 a1", "a1", "-a1@10"),
    "double-of-three": ("b1 a1 a1 a1", "b1 a1", "-a1@10 -a1@20"),
    "same-rule-and-the-right-one-is-old": ("a2 a1", "a1", "-a2@20"),
    "all-gone": ("b1 a1", "", "-a1@10 -b1@20"),
    "dead-rule": ("d1 a1", "a1", "-d1@20"),
}


@pytest.mark.parametrize("name", PLANS)
def test_the_steps(name: str) -> None:
    there, declared, steps = PLANS[name]
    found = steps_of(made(there), made(declared, there=False))
    assert " ".join(step for step, _there in found) == steps


OPEN = {
    "others-stay": ("i1 b1", "a1", "+a1", "a1 i1 b1"),
    "own-rule-is-replaced": ("i1 a1", "a2", "+a2 -a1@10", "a2 i1"),
    "doubles-of-others-stay": ("b1 b1 a1", "a1", "", "b1 b1 a1"),
    "doubles-of-its-own-go": ("a1 b1 a1", "a1", "-a1@10", "a1 b1"),
    "the-order-of-its-own": ("a1 i1 b1", "b1 a1", "+b1 -b1@10", "b1 a1 i1"),
}


@pytest.mark.parametrize("name", OPEN)
def test_without_exclusive_menus_with_other_rules_stay(name: str) -> None:
    there, declared, steps, left = OPEN[name]
    found = steps_of(made(there), made(declared, there=False), exclusive=False)
    assert (" ".join(step for step, _there in found), told(found[-1][1] if found else made(there))) == (steps, left)


def lists(letters: str) -> st.SearchStrategy[str]:
    return st.lists(st.tuples(st.sampled_from(letters), st.sampled_from("12")), max_size=6).map(
        lambda pairs: " ".join(f"{letter}{text}" for letter, text in pairs)
    )


# Each rule once, and none that is dead.
DECLARED = lists("abix").map(lambda names: " ".join({name[0]: name for name in names.split()}.values()))


@STEADY
@given(lists("abixd"), DECLARED, st.booleans())
def test_any_list_is_reached_and_no_prefix_of_the_steps_takes_a_menu_away(names: str, declared: str, exclusive: bool) -> None:
    there, wanted = made(names), made(declared, there=False)
    found = steps_of(there, wanted, exclusive=exclusive)
    states = [there, *(state for _step, state in found)]
    end = states[-1]
    if exclusive:
        assert end == wanted
    else:
        rules = [one.rule for one in wanted]
        assert tuple(one for one in end if one.rule in rules) == wanted
        assert [one for one in end if one.rule not in rules] == [one for one in there if one.rule not in rules]
    assert not [one for one in duplicates_in(end) if exclusive or one.rule in [each.rule for each in wanted]]
    # Nothing is done twice, and no state comes back.
    assert len({step for step, _state in found}) == len(found)
    assert all(one != other for one, other in itertools.combinations(states, 2))
    for user in USERS:
        if sees(there, user) and sees(end, user):
            assert all(sees(state, user) for state in states)


@STEADY
@given(lists("abixd"), DECLARED, lists("abix"))
def test_after_a_kill_and_another_writer_a_new_run_ends_as_declared(names: str, declared: str, others: str) -> None:
    wanted = made(declared, there=False)
    for _step, there in steps_of(made(names), wanted):
        for one in made(others, there=False):
            there = after(there, Add(one))
        states = steps_of(there, wanted)
        assert (states[-1][1] if states else there) == wanted


def on(hosts_of: str, letters: str = "abix", *, there: bool = True) -> tuple[Conditional, ...]:
    menus = [Conditional(RULES[letter], menu("1", f"{host}.example")) for letter, host in zip(letters, hosts_of, strict=False)]
    return tuple(Conditional(one.rule, one.menu, 10 * (len(menus) - number) if there else None) for number, one in enumerate(menus))


@pytest.mark.parametrize(
    ("there", "declared", "ends"),
    [
        ("pq", "pqr", "fits"),
        ("pq", "rs", "fits"),
        ("pqr", "st", "too many"),
        ("pqr", "pqs", "too many"),
        ("pqrs", "pqrs", "fits"),
        ("pqrs", "sqrp", "never fits"),
        ("", "pqrs", "never fits"),
    ],
)
def test_no_more_domains_than_allowed_are_there_together(there: str, declared: str, ends: str) -> None:
    wanted = on(declared, there=False)
    if ends == "fits":
        found = steps_of(on(there), wanted)
        assert all(len({host for one in state for host in hosts(one.menu)}) <= max(MOST_DOMAINS, len(there)) for _step, state in found)
        return
    with pytest.raises(TooManyDomains) as raised:
        steps_of(on(there), wanted)
    assert raised.value.fits is (ends == "too many")
    found = steps_of(on(there), wanted, replace_in_place=True)
    assert found[-1][1] == wanted
    most = max(len({host for one in state for host in hosts(one.menu)}) for _step, state in found)
    # What does not help is not done: no menu is deleted before another one is there.
    assert most == (MOST_DOMAINS if ends == "too many" else 4)
    assert (found[0][0][0] == "-") is (ends == "too many")


RAW = {"button": [{"type": "click", "name": "x", "key": "k", "sub_button": []}], "matchrule": {"group_id": "104"}, "menuid": 422685155}


@pytest.mark.parametrize(
    ("matchrule", "rule"),
    [
        ({"group_id": "104"}, {"tag_id": "104"}),
        ({"group_id": 104, "client_platform_type": 2}, {"tag_id": "104", "client_platform_type": "2"}),
        ({"client_platform_type": "2", "tag_id": "104"}, {"tag_id": "104", "client_platform_type": "2"}),
        ({"group_id": 104.0, "sex": "", "country": None}, None),
        ({"group_id": "", "sex": "1", "country": "中国"}, {"country": "中国", "sex": "1"}),
        ({"tag_id": "1", "group_id": "1"}, {"tag_id": "1"}),
        ({"tag_id": "1", "group_id": "2"}, None),
        ({"tag_id": ["1"]}, None),
        ({"tag_id": True}, None),
        ({}, {}),
        (None, None),
        ([], None),
        ("", None),
    ],
)
def test_rules_are_compared_in_one_form(matchrule: object, rule: dict[str, str] | None) -> None:
    if rule is None:
        with pytest.raises(ValueError, match=r"^$"):
            rule_of(matchrule)
    else:
        assert rule_of(matchrule) == rule


@pytest.mark.parametrize(
    "listed",
    [
        None,
        {},
        [1],
        [{}],
        [{**RAW, "menuid": None}],
        [{name: value for name, value in RAW.items() if name != "menuid"}],
        [{**RAW, "menuid": "x"}],
        [{**RAW, "menuid": 1.5}],
        [{**RAW, "matchrule": None}],
        [{**RAW, "button": None}],
        [{**RAW, "button": [1]}],
        [RAW, RAW],
        [RAW, {**RAW, "menuid": "422685155"}],
    ],
)
def test_what_is_not_understood_is_never_read(listed: object) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        read(listed)


def test_the_newest_one_is_the_strongest_wherever_it_stands() -> None:
    menus = read([{**RAW, "menuid": "9"}, {**RAW, "menuid": 11}, {**RAW, "menuid": 10}])
    assert [one.menuid for one in menus] == [11, 10, 9]
    assert [one.menuid for one in duplicates_in(menus)] == [10, 9]
    assert menus[0] == menus[1]


def test_what_is_returned_can_be_declared_and_kept() -> None:
    rule = {"group_id": 104, "client_platform_type": "1", "sex": "1", "odd": "x"}
    (one,) = read([{**RAW, "matchrule": rule}])
    assert one.declared() == {
        "match": {"tag_id": "104", "odd": "x", "sex": "1", "platform": "ios"},
        "menu": {"button": [{"type": "click", "name": "x", "key": "k"}]},
        "menuid": "422685155",
    }
    assert one.is_dead
    kept = kept_of([{**RAW, "matchrule": rule}])
    assert kept_of_declared([one.declared()]) == kept_of(kept) == kept
    assert read(kept) == (one,)
    # A platform that nobody knows stays what it is.
    (odd,) = read([{**RAW, "matchrule": {"client_platform_type": "9"}}])
    assert odd.declared()["match"] == {"client_platform_type": "9"}
    assert kept_of_declared([odd.declared()])[0]["matchrule"] == {"client_platform_type": "9"}


def test_a_step_says_what_it_is() -> None:
    assert isinstance(next_step((), made("a1", there=False), exclusive=True), Add)
    assert isinstance(next_step(made("a1"), (), exclusive=True), Delete)
