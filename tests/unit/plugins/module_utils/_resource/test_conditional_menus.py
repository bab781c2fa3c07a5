# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any conditional menus to any declared ones, through the engine and the simulated platform, whatever becomes of the answers."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._http.patience import Patience
from ansible_collections.wxops.official_account.plugins.module_utils._http.wire import Fields
from ansible_collections.wxops.official_account.plugins.module_utils._resource import converge as engine
from ansible_collections.wxops.official_account.plugins.module_utils._resource.conditional_input import check
from ansible_collections.wxops.official_account.plugins.module_utils._resource.conditional_menus import (
    ADD,
    CONDITIONAL_DECLARED,
    CONDITIONAL_MENUS,
    ConditionalRows,
    next_change_to,
)
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text, verbatim
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.simulator import Account
from tests.simulator.calls import Call
from tests.simulator.conditional_menus import sees
from tests.simulator.groups import NAMES, OF_CALL

if t.TYPE_CHECKING:
    from ansible_collections.wxops.official_account.plugins.module_utils._account.session import Change, Look
    from ansible_collections.wxops.official_account.plugins.module_utils._resource.conditional_menus import ConditionalState
    from ansible_collections.wxops.official_account.plugins.module_utils._resource.outcome import Outcome

STEADY = settings(derandomize=True, max_examples=80, deadline=None, database=None, suppress_health_check=list(HealthCheck))
PATIENCE = Patience(pauses=lambda: [0.0, 0.0], sleep=lambda _seconds: None)

BASE = [{"type": "click", "name": "All", "key": "all"}]
# By a letter: how a rule is declared, and how the platform keeps it.
RULES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "a": ({"tag": "VIP"}, {"tag_id": "100"}),
    "b": ({"tag_id": "101"}, {"tag_id": "101"}),
    "i": ({"platform": "ios"}, {"client_platform_type": "1"}),
    "x": ({"tag_id": "100", "platform": "ios"}, {"tag_id": "100", "client_platform_type": "1"}),
    "d": ({}, {"sex": "1"}),
}
USERS = [(tag, platform) for tag in ("100", "101", "102") for platform in ("1", "2")]


def buttons(text: str) -> list[dict[str, str]]:
    return [{"type": "view", "name": text, "url": f"https://x.example/{text}"}]


def account_with(names: list[str]) -> Account:
    account = Account("wx", "")
    account.menus.buttons = BASE
    account.tags.add("VIP")
    account.menus.conditional = [
        {"button": buttons(name[1:]), "matchrule": RULES[name[0]][1], "menuid": number} for number, name in enumerate(names, 10)
    ]
    return account


def declaration(names: list[str], *, exclusive: bool = True) -> t.Any:
    if not names:
        return "absent"
    return {"menus": [{"match": RULES[name[0]][0], "menu": {"button": buttons(name[1:])}} for name in names], "exclusive": exclusive}


def left(account: Account) -> list[str]:
    """The strongest first, as ``declaration`` takes them."""
    letters = {json.dumps(kept): letter for letter, (_declared, kept) in RULES.items()}
    return [letters[json.dumps(one["matchrule"])] + one["button"][0]["name"] for one in reversed(account.menus.conditional)]


def lost() -> ApiError:
    return ApiError(Failure("transport", ADD, verbatim("the answer was lost"), verbatim("run again")), passing=True, unclear=True)


class World:
    """A session with an account of the simulated platform. ``ends``: what becomes of each change in turn; then all is well.

    ``states``: what each user sees, before and after each change. ``added``: the bodies of new menus, as often as they were sent.
    """

    def __init__(self, account: Account, ends: list[str]) -> None:
        self.account = account
        self._ends = [*ends]
        self.states = [self._seen()]
        self.added: list[str] = []
        self.calls: list[str] = []

    def _seen(self) -> dict[tuple[str, str], t.Any]:
        return {user: sees(self.account.menus, *user) for user in USERS}

    def _answer(self, one: Look[t.Any] | Change[t.Any]) -> Fields:
        name = NAMES[f"/{one.call.path}"]
        self.calls.append(name)
        body = json.dumps(one.body, ensure_ascii=False).encode()
        answer = OF_CALL[name].answer(self.account, Call(name, body, {}))
        if isinstance(answer, int) and answer not in one.call.nothing:
            raise ApiError(Failure("operator", one.call.step, verbatim("refused"), verbatim("do something"), errcode=answer))
        # Through JSON, as it comes.
        return Fields(json.loads(json.dumps({"errcode": answer} if isinstance(answer, int) else answer)))

    def read(self, look: Look[t.Any]) -> t.Any:
        return look.read(self._answer(look))

    def change(self, change: Change[t.Any]) -> t.Any:
        end = self._ends.pop(0) if self._ends else ""
        if "matchrule" in change.body:
            self.added.append(json.dumps(change.body))
        if end.startswith("late"):
            self.account.menus.lag = int(end[4:])
        if end == "lost":
            raise lost()
        answer = self._answer(change)
        self.states.append(self._seen())
        if end == "lost+":
            raise lost()
        return change.read(answer)

    def run(self, declared: t.Any) -> Outcome[ConditionalState]:
        checked = check(declared).declared
        assert checked
        return engine.converge(self, CONDITIONAL_MENUS, next_change_to(checked), PATIENCE)  # type: ignore[arg-type]


NAMES_OF = st.tuples(st.sampled_from("abix"), st.sampled_from("12")).map("".join)
THERE = st.lists(st.tuples(st.sampled_from("abixd"), st.sampled_from("12")).map("".join), max_size=5)
# Each rule once.
DECLARED = st.lists(NAMES_OF, max_size=4).map(lambda names: [*{name[0]: name for name in names}.values()])
ENDS = st.lists(st.sampled_from(["", "lost", "lost+", "late1", "late2", "late9"]), max_size=6)


@STEADY
@given(THERE, DECLARED, ENDS)
def test_any_list_is_reached_whatever_becomes_of_the_answers(names: list[str], wanted: list[str], ends: list[str]) -> None:
    world = World(account_with(names), ends)
    outcome = world.run(declaration(wanted))
    assert outcome.failure is None or "lost" in ends or "late9" in ends, outcome.failure
    if outcome.failure is None:
        assert left(world.account) == wanted
    # Whatever became of its answer: a new menu is sent once.
    assert len(world.added) == len(set(world.added))
    # Of a look that is very late, a later run knows nothing.
    world.account.menus.begin_change()
    after = World(world.account, [])
    assert after.run(declaration(wanted)).failure is None
    assert left(after.account) == wanted
    for user in USERS:
        states = [state[user] for state in (*world.states, *after.states)]
        if BASE not in (states[0], states[-1]):
            assert BASE not in states
    again = World(after.account, [])
    assert (again.run(declaration(wanted)).changed, again.calls) == (
        False,
        ["menu_get", *["tags_get"] * any(name[0] == "a" for name in wanted)],
    )


@STEADY
@given(THERE, DECLARED)
def test_check_mode_foresees_what_is_done_and_what_was_can_be_brought_back(names: list[str], wanted: list[str]) -> None:
    account = account_with(names)
    declared = check(declaration(wanted)).declared
    assert declared
    world = World(account, [])
    foreseen = ConditionalRows(True).one(engine.foresee(world, CONDITIONAL_MENUS, next_change_to(declared)))  # type: ignore[arg-type]
    assert {"conditional_add", "conditional_delete"}.isdisjoint(world.calls)
    done = ConditionalRows(False).one(World(account, []).run(declaration(wanted)))
    assert foreseen["changed"] is done["changed"] is (names[::-1] != wanted)
    for key in ("match", "menu"):
        assert [one[key] for one in foreseen["conditional_menus"] or ()] == [one[key] for one in done["conditional_menus"] or ()]
    assert [*CONDITIONAL_DECLARED.differences(foreseen)] == [*CONDITIONAL_DECLARED.differences(done)]
    assert bool([*CONDITIONAL_DECLARED.differences(done)]) is (not done["duplicates"] and done["changed"] and _differ(done))
    kept = json.loads(json.dumps(CONDITIONAL_DECLARED.kept(done)))
    options = CONDITIONAL_DECLARED.restored(kept)
    assert not isinstance(options, Text)
    # Those that users could get, the newest of each rule.
    newest = {name[0]: number for number, name in enumerate(names)}
    assert World(account, []).run(options["conditional_menus"]).failure is None
    assert left(account) == [names[number] for letter, number in sorted(newest.items(), key=lambda item: -item[1]) if letter != "d"]
    assert (CONDITIONAL_DECLARED.left(kept) is not None) is any(name[0] == "d" for name in names)


def _differ(row: t.Any) -> bool:
    before, now = ([(one["match"], one["menu"]) for one in row[side]] for side in ("before", "conditional_menus"))
    return before != now


ODD_RECORDS: list[t.Any] = [None, {}, "x", [1], [{}], [{"button": [], "matchrule": None, "menuid": 1}], 7]


@pytest.mark.parametrize("kept", ODD_RECORDS)
def test_an_odd_record_brings_nothing_back(kept: t.Any) -> None:
    assert CONDITIONAL_DECLARED.restored(kept) == "the record does not say what conditional menus there were"
