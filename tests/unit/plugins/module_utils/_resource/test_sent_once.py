# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes that must not be repeated, whose answers are evidence, and looks that may be late or differ: every script of answers."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._account.session import Change, Look
from ansible_collections.wxops.official_account.plugins.module_utils._http.errcodes import ACCOUNT_CALL
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError, Failure, Reason, Step, TokenReplaced
from ansible_collections.wxops.official_account.plugins.module_utils._http.patience import Patience
from ansible_collections.wxops.official_account.plugins.module_utils._http.wire import Call
from ansible_collections.wxops.official_account.plugins.module_utils._resource import converge as real
from ansible_collections.wxops.official_account.plugins.module_utils._text import verbatim

from tests.unit.scripts import Script, runs

if t.TYPE_CHECKING:
    from ansible_collections.wxops.official_account.plugins.module_utils._resource.outcome import Outcome

State = frozenset[str]

DECLARED = "ab"
LOOK, ADD = Step(verbatim("look at the letters")), Step(verbatim("add a letter"))
TAKEN = 45157
NONE: State = frozenset()


def failure(step: Step = ADD, reason: Reason = "transport", errcode: int | None = None) -> Failure:
    return Failure(reason, step, verbatim("what"), verbatim("do something"), errcode=errcode)


def next_change(state: State) -> Change[State] | None:
    """Adds the first letter that is missing, once."""
    missing = next((letter for letter in DECLARED if letter not in state), None)
    if missing is None:
        return None
    return Change(
        Call(ADD, "add", ACCOUNT_CALL),
        state | {missing},
        body={"letter": missing},
        recall=lambda _answered, seen: seen | {missing},
        once=True,
        doubted=frozenset({TAKEN}),
    )


LETTERS: real.Resource[State] = real.Resource(Look(Call(LOOK, "look", ACCOUNT_CALL), lambda _answer: NONE), ADD)

# For each way in which a change can end: whether it is carried out, and the error. None: the answer says that the letter is there.
SENDS: dict[str, tuple[bool, ApiError | None]] = {
    "answered": (True, None),
    "lost": (False, ApiError(failure(), passing=True, unclear=True)),
    "lost-carried-out": (True, ApiError(failure(), passing=True, unclear=True)),
    "unusable-carried-out": (True, ApiError(failure(reason="protocol"), unclear=True)),
    "taken": (False, ApiError(failure(reason="operator", errcode=TAKEN))),
    "refused": (False, ApiError(failure(reason="account", errcode=48001))),
    "unsent": (False, ApiError(failure(), passing=True, sent=False)),
    "replaced": (False, TokenReplaced(failure(reason="credential"))),
}
LOOKS = ("truth", "late", "never-again", "another-helps", "fails")


class World:
    """One account's letters. ``events``: each call, what came of it, and the state that it showed (None if it showed none)."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.state = self._before = NONE
        self.events: list[tuple[str, str, State | None]] = []
        self._blind = self._replaced = False

    def read(self, look: Look[State]) -> State:
        assert look is LETTERS.look
        chosen = self._script.choose(list(LOOKS)) if self.events else "truth"
        # From now on, looks show nothing new.
        self._blind = self._blind or chosen == "never-again"
        if chosen == "another-helps" and (change := next_change(self.state)):
            self.state = change.makes
        shown = None if chosen == "fails" else self._before if chosen == "late" or self._blind else self.state
        self.events.append(("look", chosen, shown))
        if shown is None:
            raise ApiError(failure(LOOK, "operator"), unclear=True)
        return shown

    def change(self, change: Change[State]) -> State | None:
        letter = str(change.body["letter"])
        options = [name for name in SENDS if name != "replaced" or not self._replaced]
        chosen = self._script.choose(options)
        carried_out, error = SENDS[chosen]
        self._replaced = self._replaced or chosen == "replaced"
        if not self._blind:
            self._before = self.state
        if carried_out:
            self.state |= {letter}
        self.events.append((f"add {letter}", chosen, None))
        if error:
            raise error
        return change.makes


def judge(world: World, outcome: Outcome[State]) -> None:
    """Raises AssertionError for whatever the outcome has wrong."""
    sends = [(call, chosen) for call, chosen, _shown in world.events if call != "look"]
    looks = [shown for call, _chosen, shown in world.events if call == "look"]
    for position, (call, _chosen, _shown) in enumerate(world.events):
        if call != "look":
            assert world.events[position - 1][2] is not None, "no look before a change"
            # What was refused for its token, or was never sent, may be sent again. Nothing else.
            earlier = [chosen for same, chosen, _shown in world.events[:position] if same == call]
            assert {*earlier} <= {"unsent", "replaced"}, "sent again"
    answered = {call.removeprefix("add ") for call, chosen in sends if chosen == "answered"}
    seen = NONE.union(*(shown or () for shown in looks))
    if outcome.failure is None:
        assert {*DECLARED} <= answered | seen, "a letter that nobody has shown"
        assert outcome.verified is ({*DECLARED} <= (looks[-1] or NONE))
        assert outcome.now is not None
        assert {*DECLARED} <= outcome.now
        assert outcome.now <= answered | seen
    assert outcome.request_sent is any(chosen != "unsent" for _call, chosen in sends)
    may_be = {call.removeprefix("add ") for call, chosen in sends if SENDS[chosen][0] or chosen in ("lost", "answered")}
    assert {str(change.body["letter"]) for change in outcome.done} <= may_be
    if outcome.done:
        assert outcome.changed
    if outcome.failure is None and not may_be:
        assert not outcome.changed


@pytest.mark.parametrize(("retries", "depth"), [(0, 6), (2, 5)])
def test_every_script_of_changes_that_are_sent_once(retries: int, depth: int) -> None:
    patience = Patience(pauses=lambda: [0.0] * retries, sleep=lambda _seconds: None)
    endings = set()
    for world, outcome in runs(World, depth, lambda world: real.converge(world, LETTERS, next_change, patience)):  # type: ignore[arg-type]
        endings.add((outcome.failure.reason if outcome.failure else None, outcome.changed, outcome.verified))
        try:
            judge(world, outcome)
        except AssertionError as wrong:
            events = " ".join(f"{call}:{chosen}" for call, chosen, _shown in world.events)
            raise AssertionError(f"{events} -> {outcome}") from wrong
    assert endings >= {(None, True, True), (None, True, False), (None, False, True), ("operator", False, True), ("transport", False, True)}


def told(*choices: str) -> tuple[World, Outcome[State]]:
    """What becomes of the letters if looks tell the truth, and changes end like this."""

    class Told(World):
        def change(self, change: Change[State]) -> State | None:
            left = choices[len([call for call, _chosen, _shown in self.events if call != "look"]) :]
            self._script = Script((list(SENDS).index(left[0] if left else "answered"),))
            return super().change(change)

        def read(self, look: Look[State]) -> State:
            self._script = Script(())
            return super().read(look)

    world = Told(Script(()))
    return world, real.converge(world, LETTERS, next_change, Patience(pauses=lambda: [0.0] * 3, sleep=lambda _seconds: None))  # type: ignore[arg-type]


def test_an_answer_is_evidence_and_a_look_comes_after_it_nevertheless() -> None:
    world, outcome = told()
    assert [call for call, _chosen, _shown in world.events] == ["look", "add a", "look", "add b", "look"]
    assert (outcome.failure, outcome.verified, [change.body["letter"] for change in outcome.done]) == (None, True, ["a", "b"])


@pytest.mark.parametrize(("ending", "looks", "reason"), [("lost", 4, "transport"), ("taken", 4, "operator"), ("refused", 0, "account")])
def test_what_no_look_shows_is_not_sent_again(ending: str, looks: int, reason: str) -> None:
    world, outcome = told(ending)
    assert [call for call, _chosen, _shown in world.events] == ["look", "add a", *["look"] * looks]
    assert outcome.failure
    assert (outcome.failure.reason, outcome.changed) == (reason, False)


def test_another_state_than_any_that_was_expected_is_a_conflict() -> None:
    class Taken(World):
        def read(self, look: Look[State]) -> State:
            if self.events:
                self.state = frozenset("x")
            return super().read(look)

    def first_of_all(state: State) -> Change[State] | Look[State] | None:
        return LETTERS.look if "x" in state else next_change(state)

    world = Taken(Script(()))
    outcome = real.converge(world, LETTERS, first_of_all, Patience(pauses=list, sleep=lambda _seconds: None))  # type: ignore[arg-type]
    assert outcome.failure
    assert (outcome.failure.reason, outcome.changed) == ("conflict", True)
