# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A resource that takes three changes, one after the other: every script of answers, held against a model of the world."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._account.session import Change, Look
from ansible_collections.wxops.official_account.plugins.module_utils._http.errcodes import ACCOUNT_CALL
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError, Failure, Reason, Step, TokenReplaced
from ansible_collections.wxops.official_account.plugins.module_utils._http.patience import Patience
from ansible_collections.wxops.official_account.plugins.module_utils._http.wire import Call
from ansible_collections.wxops.official_account.plugins.module_utils._resource import converge as real
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import Words, sent
from ansible_collections.wxops.official_account.plugins.module_utils._text import verbatim

from tests.unit.scripts import Script, runs

if t.TYPE_CHECKING:
    from ansible_collections.wxops.official_account.plugins.module_utils._resource.outcome import Outcome

State = frozenset[str]

DECLARED = "abc"
LOOK, ADD = Step(verbatim("look at the letters")), Step(verbatim("add a letter"))
WORDS = Words(verbatim("change"), "a", verbatim("a later check still shows the letters as they were"), verbatim("the change was refused"))


def failure(step: Step = ADD, reason: Reason = "transport") -> Failure:
    return Failure(reason, step, verbatim("what"), verbatim("do something"))


def next_change(state: State) -> Change[State] | None:
    """Adds the first letter that is missing. Letters that are not declared stay."""
    missing = next((letter for letter in DECLARED if letter not in state), None)
    return Change(Call(ADD, "add", ACCOUNT_CALL), state | {missing}, body={"letter": missing}) if missing else None


LETTERS = real.Resource(
    Look(Call(LOOK, "look", ACCOUNT_CALL), lambda _answer: frozenset()),
    ADD,
    conflict=lambda _change, before, shown: None if shown == before else failure(reason="conflict"),
)

# For each way in which a change can end: whether it is carried out, and the error. None: no error.
SENDS: dict[str, tuple[bool, ApiError | None]] = {
    "accepted": (True, None),
    # The answer itself shows the state.
    "shown": (True, None),
    "in-vain": (False, None),
    "lost": (False, ApiError(failure(), passing=True, unclear=True)),
    "lost-carried-out": (True, ApiError(failure(), passing=True, unclear=True)),
    "refused": (False, ApiError(failure(reason="account"))),
    "unsent": (False, ApiError(failure(), passing=True, sent=False)),
    "replaced": (False, TokenReplaced(failure(reason="credential"))),
}
LOOKS = ("truth", "late", "late-twice", "another-adds", "another-helps", "another-takes", "fails")


class World:
    """One account's letters. ``events``: each call, what came of it, and the state that it showed (None if it showed none)."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.history: list[State] = [frozenset()]
        self.events: list[tuple[str, str, State | None]] = []
        self.added: list[str] = []
        self._replaced = False

    def read(self, look: Look[State]) -> State:
        assert look is LETTERS.look
        if not self.events:
            chosen = "truth"
        else:
            options = [name for name in LOOKS if len(self.history) > {"late": 1, "late-twice": 2, "another-takes": 1}.get(name, 0)]
            chosen = self._script.choose(options)
        if chosen == "another-adds":
            self.history.append(self.history[-1] | {"x"})
        if chosen == "another-helps" and (change := next_change(self.history[-1])):
            self.history.append(change.makes)
        if chosen == "another-takes":
            self.history.append(self.history[-1] - {min(self.history[-1], default="")})
        shown = None if chosen == "fails" else self.history[-1 - {"late": 1, "late-twice": 2}.get(chosen, 0)]
        self.events.append(("look", chosen, shown))
        if shown is None:
            raise ApiError(failure(LOOK, "operator"), unclear=True)
        return shown

    def change(self, change: Change[State]) -> State | None:
        chosen = self._script.choose([name for name in SENDS if name != "replaced" or not self._replaced])
        carried_out, error = SENDS[chosen]
        letter = str(change.body["letter"])
        self._replaced = self._replaced or chosen == "replaced"
        if carried_out and letter not in self.history[-1]:
            self.history.append(self.history[-1] | {letter})
            self.added.append(letter)
        shown = self.history[-1] if chosen == "shown" else None
        self.events.append((f"add {letter}", chosen, shown))
        if error:
            raise error
        return shown


def judge(world: World, outcome: Outcome[State]) -> None:
    """Raises AssertionError for whatever the outcome has wrong."""
    sends = [event for event in world.events if event[0] != "look"]
    may_be = {name for name, (carried_out, error) in SENDS.items() if carried_out or error is None or error.unclear}
    for position, (call, _chosen, _shown) in enumerate(world.events):
        before = world.events[position - 1] if position else None
        if call != "look":
            assert before is not None
            assert before[0] == "look", "no look before a change"
            assert before[2] is not None, "a change after a look that failed"
            assert call == f"add {next_change(before[2]).body['letter']}", "not what the look asked for"  # type: ignore[union-attr]
            shown_before = frozenset().union(*(shown or () for _call, _chosen, shown in world.events[:position]))
            assert call.removeprefix("add ") not in shown_before, "made again, although a look had shown it"
    assert outcome.before == frozenset()
    assert outcome.request_sent is any(chosen != "unsent" for _call, chosen, _shown in sends)
    if outcome.failure is None:
        assert outcome.now is not None
        assert next_change(outcome.now) is None
        assert outcome.verified
        assert outcome.now == world.events[-1][2]
    # A letter of this task that a look has shown is a change.
    seen = frozenset().union(*(shown or () for _call, _chosen, shown in world.events))
    if set(world.added) & seen:
        assert outcome.changed
    if outcome.changed:
        assert any(chosen in may_be for _call, chosen, _shown in sends)
    if outcome.now is None:
        assert outcome.failure
        assert outcome.failure.reason == "outcome_unknown"
    if outcome.failure:
        # Never that all is as it was, if some of the changes were carried out.
        clause = sent(outcome, outcome.failure, WORDS)
        if set(world.added) & seen and outcome.now is not None:
            assert clause == "the changes before this one were carried out"


@pytest.mark.parametrize(("retries", "depth"), [(0, 6), (1, 5), (2, 5)])
def test_every_script_of_three_changes(retries: int, depth: int) -> None:
    patience = Patience(pauses=lambda: [0.0] * retries, sleep=lambda _seconds: None)
    reasons, done = set(), 0
    for world, outcome in runs(World, depth, lambda world: real.converge(world, LETTERS, next_change, patience)):  # type: ignore[arg-type]
        reasons.add(outcome.failure.reason if outcome.failure else None)
        done += outcome.failure is None
        try:
            judge(world, outcome)
        except AssertionError as wrong:
            events = " ".join(f"{call}:{chosen}" for call, chosen, _shown in world.events)
            raise AssertionError(f"{events} -> {outcome}") from wrong
    assert done > 100
    assert reasons >= {None, "transport", "account", "conflict", "not_effective", "outcome_unknown", "operator"}


class Ordered(World):
    """Without another writer, and with looks that tell the truth. ``endings``: how each change ends, in order."""

    def __init__(self, endings: list[str]) -> None:
        super().__init__(Script(()))
        self._endings = endings

    def read(self, look: Look[State]) -> State:
        assert look is LETTERS.look
        self.events.append(("look", "truth", self.history[-1]))
        return self.history[-1]

    def change(self, change: Change[State]) -> State | None:
        self._script = Script((list(SENDS).index(self._endings.pop(0) if self._endings else "accepted"),))
        return super().change(change)


@pytest.mark.parametrize("position", range(3))
@pytest.mark.parametrize(("ending", "again"), [("lost-carried-out", False), ("lost", True), ("unsent", True), ("replaced", True)])
def test_each_change_in_turn_loses_its_answer(position: int, ending: str, again: bool) -> None:
    world = Ordered(["accepted"] * position + [ending])
    outcome = real.converge(world, LETTERS, next_change, Patience(pauses=lambda: [0.0], sleep=lambda _seconds: None))  # type: ignore[arg-type]
    assert (outcome.failure, outcome.changed, outcome.now, outcome.verified) == (None, True, frozenset(DECLARED), True)
    letters = list(DECLARED)
    letters[position : position + 1] = letters[position] * (2 if again else 1)
    assert [call for call, _chosen, _shown in world.events] == ["look", *(part for one in letters for part in (f"add {one}", "look"))]


@pytest.mark.parametrize(("position", "changed"), [(0, False), (1, True), (2, True)])
def test_a_refusal_leaves_what_was_carried_out_before_it(position: int, changed: bool) -> None:
    world = Ordered(["accepted"] * position + ["refused"])
    outcome = real.converge(world, LETTERS, next_change, Patience(pauses=list, sleep=lambda _seconds: None))  # type: ignore[arg-type]
    assert outcome.failure
    assert (outcome.failure.reason, outcome.changed, outcome.now) == ("account", changed, frozenset(DECLARED[:position]))


def test_check_mode_foresees_what_all_changes_make() -> None:
    world = World(Script(()))
    outcome = real.foresee(world, LETTERS, next_change)  # type: ignore[arg-type]
    assert (outcome.changed, outcome.now, outcome.foreseen) == (True, frozenset(), frozenset(DECLARED))
    assert [call for call, _chosen, _shown in world.events] == ["look"]


def test_another_writer_does_not_keep_a_task_busy() -> None:
    world = Ordered([])

    def greedy(state: State) -> Change[State] | None:
        """Asks for three changes while the plan is made, and for one more whenever a look comes after that."""
        letter = str(len(state))
        is_done = len(world.events) == 1 and len(state) == 3
        return None if is_done else Change(Call(ADD, "add", ACCOUNT_CALL), state | {letter}, body={"letter": letter})

    outcome = real.converge(world, LETTERS, greedy, Patience(pauses=list, sleep=lambda _seconds: None))  # type: ignore[arg-type]
    assert outcome.failure
    assert (outcome.failure.reason, outcome.changed) == ("conflict", True)
    assert sum(call != "look" for call, _chosen, _shown in world.events) == 3


def test_changes_that_go_round_in_a_circle_are_a_bug_and_send_nothing() -> None:
    def circle(state: State) -> Change[State] | None:
        return Change(Call(ADD, "add", ACCOUNT_CALL), state, body={"letter": "a"})

    world = World(Script(()))
    outcome = real.converge(world, LETTERS, circle, Patience(pauses=list, sleep=lambda _seconds: None))  # type: ignore[arg-type]
    assert outcome.failure
    assert (outcome.failure.reason, outcome.request_sent) == ("protocol", False)
    assert [call for call, _chosen, _shown in world.events] == ["look"]
