# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every script of looks and requests up to some length, over the behaviour, held against a model of the world."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import (
    ApiError,
    Failure,
    Reason,
    Retired,
    Step,
    TokenReplaced,
)
from ansible_collections.wxops.official_account.plugins.module_utils._http.patience import Patience
from ansible_collections.wxops.official_account.plugins.module_utils._resource.draft_switch import LOOK, TURN_ON
from ansible_collections.wxops.official_account.plugins.module_utils._text import verbatim

from tests.unit.scripts import Script, runs
from tests.unit.sessions import converge, foresee

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from ansible_collections.wxops.official_account.plugins.module_utils._resource.outcome import Outcome

# How many of the answers in a row are tried in every way; later ones are as they are in peace.
DEPTH = 9


@dataclasses.dataclass
class Send:
    """A way in which an enabling request can end.

    ``carried_out``: it took effect. ``sent``: it left this host. ``may_be``: whoever sent it has to reckon with its having taken effect.
    """

    carried_out: bool
    error: Callable[[], ApiError] | None = None
    says_on: bool = False
    sent: bool = True
    may_be: bool = True


def failure(step: Step, reason: Reason = "transport") -> Failure:
    return Failure(reason, step, verbatim("what"), verbatim("do something"))


def lost() -> ApiError:
    return ApiError(failure(TURN_ON), passing=True, unclear=True)


SENDS = {
    "accepted": Send(True),
    "accepted-in-vain": Send(False),
    "says-on": Send(True, says_on=True),
    "lost": Send(False, lost),
    "lost-carried-out": Send(True, lost),
    # As an unusable answer is: no use in asking the same again, but nobody knows.
    "unusable-carried-out": Send(True, lambda: ApiError(failure(TURN_ON, "protocol"), unclear=True)),
    "refused": Send(False, lambda: ApiError(failure(TURN_ON, "account")), may_be=False),
    "unsent": Send(False, lambda: ApiError(failure(TURN_ON), passing=True, sent=False), sent=False, may_be=False),
    "unwanted": Send(False, lambda: ApiError(failure(TURN_ON, "not_attempted"), sent=False), sent=False, may_be=False),
    "replaced": Send(False, lambda: TokenReplaced(failure(TURN_ON, "credential")), may_be=False),
    "retired": Send(False, lambda: Retired(failure(TURN_ON, "account")), may_be=False),
}
LOOKS = ("truth", "off", "turned-on-by-another", "passing", "final", "retired")


class World:
    """One account's draft box. ``events``: what happened, in order: each call with what came of it."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.is_open = False
        self.ours = False
        self.events: list[tuple[str, str, bool | None]] = []

    def look(self) -> bool:
        # The effect may take a while to show: only then can a look show off what is on.
        late = self.ours and self.is_open
        options = [name for name in LOOKS if (late or name != "off") and (not self.is_open or name != "turned-on-by-another")]
        chosen = self._script.choose(options)
        shown = None
        if chosen == "turned-on-by-another":
            self.is_open = True
        if chosen in ("truth", "off", "turned-on-by-another"):
            shown = self.is_open and chosen != "off"
        self.events.append(("look", chosen, shown))
        if chosen == "retired":
            raise Retired(failure(LOOK, "account"))
        if shown is None:
            passing = chosen == "passing"
            raise ApiError(failure(LOOK, "transport" if passing else "operator"), passing=passing, unclear=True)
        return shown

    def enable(self) -> bool:
        chosen = self._script.choose(list(SENDS))
        send = SENDS[chosen]
        if send.carried_out and not self.is_open:
            self.is_open = self.ours = True
        self.events.append(("enable", chosen, True if send.says_on else None))
        if send.error:
            raise send.error()
        return send.says_on


def judge(world: World, outcome: Outcome[bool]) -> None:
    """Raises AssertionError for whatever the outcome has wrong."""
    sends = [position for position, (call, chosen, _shown) in enumerate(world.events) if call == "enable" and SENDS[chosen].sent]
    telling = [position for position, event in enumerate(world.events) if event[2] is not None]
    shown = world.events[telling[-1]][2] if telling else None
    looks = [event for event in world.events if event[0] == "look"]
    retired = world.events[-1][1] == "retired"
    # What may have taken effect may show late, so that one look that shows off does not settle it: the last one has to.
    possible = [position for position in sends if SENDS[world.events[position][1]].may_be]
    in_doubt = bool(possible) and world.events[-1][2] is None

    for before, (call, _chosen, _shown) in zip([None, *world.events], world.events, strict=False):
        if call == "enable":
            assert before is not None, "no look at all"
            assert before[0] == "look", "two requests in a row"
            assert before[2] is False, "the look did not show off"

    assert outcome.request_sent is bool(sends)
    assert outcome.before is looks[0][2]
    assert outcome.retired is retired
    if retired:
        assert (outcome.now, outcome.verified, outcome.changed, outcome.failure) == (True, False, False, None)
        return
    assert outcome.now is (None if in_doubt else shown)
    assert outcome.verified is (not in_doubt and shown is not None and not (sends and sends[-1] > telling[-1]))
    assert outcome.changed is bool(outcome.before is False and outcome.now and possible)
    assert (outcome.failure is None) is (outcome.now is True)
    assert ((outcome.failure.reason if outcome.failure else None) == "outcome_unknown") is in_doubt
    # The world itself, as far as anybody can know it.
    if outcome.now:
        assert world.is_open
    if outcome.now is False and world.is_open:
        assert world.events[telling[-1]][1] == "off", "it is on, and no look showed otherwise"
    if world.ours and outcome.now:
        assert outcome.changed


@pytest.mark.parametrize("retries", [0, 1, 2])
def test_every_script_over_converge(retries: int) -> None:
    patience = Patience(pauses=lambda: [0.0] * retries, sleep=lambda _seconds: None)
    count, reasons = 0, set()
    for world, outcome in runs(World, DEPTH, lambda world: converge(world, patience)):
        count += 1
        reasons.add(outcome.failure.reason if outcome.failure else None)
        try:
            judge(world, outcome)
        except AssertionError as wrong:
            events = " ".join(f"{call}:{chosen}" for call, chosen, _shown in world.events)
            raise AssertionError(f"{events} -> {outcome}") from wrong
    assert count > (200, 1_000, 5_000)[retries]
    assert reasons >= {None, "transport", "operator", "account", "not_effective", "outcome_unknown", "not_attempted"}


def test_every_script_over_check_mode() -> None:
    # Every way in which a look can end, as long as nothing was changed.
    worlds = list(runs(World, 2, foresee))
    assert len(worlds) == len(LOOKS) - 1
    for world, outcome in worlds:
        assert [call for call, _chosen, _shown in world.events] == ["look"]
        assert outcome.changed is (outcome.now is False)
        assert outcome.request_sent is False
