# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Look, compare, change, look again: the only safe way to change anything. Knows no HTTP, no Ansible and no specific resource."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import typing as t

from .._account.session import Change, Look
from .._http.errors import RUN_AGAIN, ApiError, Failure, Retired, Step, TokenReplaced, unexpected_failure
from .._text import Text
from .outcome import Outcome

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .._account.session import Reader, Session
    from .._http.patience import Patience

T = t.TypeVar("T")

# Seconds to wait before each look after the last change. Users report that a change may take a moment to show.
SHOWS_AFTER = (0.0, 0.5, 1.0, 2.0)


@dataclasses.dataclass(frozen=True)
class Resource(t.Generic[T]):
    """Something declared on an account. ``T``: the type of its state, what a look shows of it on one account. A state is never None.

    ``look``: shows the state. ``step``: the step of a change. ``retired``: the state of every account once the platform no longer offers
    the call. ``retired_warning``: the warning for the user then.
    ``conflict``: says why a look after a change does not show what it makes; None if there is nothing to say. It gets the change, the state
    before it, and the state that the look shows. It is asked at once if that state is neither one from before nor the one that the change
    makes (None: perhaps it comes later, so look again), and after the last look.
    """

    look: Look[T]
    step: Step
    retired: T | None = None
    retired_warning: Text | None = None
    conflict: Callable[[Change[T], T | None, T], Failure | None] | None = None


# Returns the next change on the way from a state to the declared one; None if the state is as declared. Before the first change, it may
# return a look that shows more, and is asked again. After that, a look says that this state decides nothing, and perhaps comes late.
# May raise ApiError; nothing is sent then. For the same state it always returns the same change. For one account only: it may remember.
NextChange = t.Callable[[T], "Change[T] | Look[T] | None"]


def inspect(reader: Reader, resource: Resource[T]) -> Outcome[T]:
    """Look once, and change nothing. Raises nothing: the outcome has the failure."""
    outcome: Outcome[T] = Outcome()
    with _ends_in(outcome, resource):
        outcome.before = outcome.saw(reader.read(resource.look))
    return outcome


def foresee(reader: Reader, resource: Resource[T], next_change: NextChange[T]) -> Outcome[T]:
    """What ``converge`` would do: ``planned``, ``foreseen`` and ``changed`` of the outcome. Looks, and changes nothing. Raises nothing."""
    outcome: Outcome[T] = Outcome()
    with _ends_in(outcome, resource):
        change = _look_and_compare(reader, resource, next_change, outcome)
        if change is not None:
            outcome.planned = _plan(change, next_change)
            outcome.foreseen = outcome.planned[-1].makes
            outcome.changed = True
    return outcome


def converge(
    session: Session,
    resource: Resource[T],
    next_change: NextChange[T],
    patience: Patience,
    keep: Callable[[Outcome[T]], object] = lambda _outcome: None,
) -> Outcome[T]:
    """Bring the state to the declared one, with as many changes as it takes. Raises nothing: the outcome has the failure.

    ``patience``: how long to wait for the effect, and how often to send a change that had no clear answer. A look precedes each change.
    The next change is sent only when a look shows that the one before has had its effect.
    ``keep``: called before the first change, with the state that it replaces. May raise ApiError; nothing is sent then.
    """
    outcome: Outcome[T] = Outcome()
    with _ends_in(outcome, resource):
        change = _look_and_compare(session, resource, next_change, outcome)
        if change is not None:
            outcome.planned = _plan(change, next_change)
            keep(outcome)
            _Changing(session, resource, next_change, patience, outcome).run(change)
    return outcome


def _look_and_compare(reader: Reader, resource: Resource[T], next_change: NextChange[T], outcome: Outcome[T]) -> Change[T] | None:
    """The first look, and as many more as the decision takes. Returns the first change; None if the state is as declared."""
    look: Look[T] = resource.look
    while True:
        outcome.before = outcome.saw(reader.read(look))
        change_or_look = next_change(outcome.before)
        if not isinstance(change_or_look, Look):
            return change_or_look
        look = change_or_look


def outcome_unknown(step: Step, what: Text, remedy: Text) -> Outcome[t.Any]:
    """The outcome if it is not known whether a change was sent. ``what``, ``remedy``: clauses as in ``Failure``."""
    return Outcome(request_sent=None, failure=_unknown(Failure("outcome_unknown", step, what, remedy)))


@contextlib.contextmanager
def _ends_in(outcome: Outcome[T], resource: Resource[T]) -> Iterator[None]:
    """Record in ``outcome`` any error that ends the block."""
    try:
        yield
    except Retired:
        outcome.now, outcome.verified, outcome.retired = resource.retired, False, True
    except ApiError as error:
        outcome.failure = error.failure
    except Exception as unexpected:  # nothing may escape with a traceback: it could show a token
        outcome.now, outcome.verified = None, False
        outcome.failure = unexpected_failure(resource.step if outcome.request_sent else resource.look.call.step, unexpected)
        if outcome.request_sent:
            outcome.failure = _unknown(outcome.failure)


_SHOULD_THAT_FAIL = Text("{run_again}; should that fail too, {remedy}").filled(run_again=RUN_AGAIN)

_OTHERWISE = Text("what a check shows now is neither as it was nor as declared, so somebody else is changing it too")


def _looks_first(failure: Failure) -> Failure:
    """``failure`` with a remedy that says that it is safe to run again."""
    if failure.again:
        return failure
    return dataclasses.replace(failure, remedy=_SHOULD_THAT_FAIL.filled(remedy=failure.remedy), again=True)


def _unknown(failure: Failure) -> Failure:
    return dataclasses.replace(_looks_first(failure), reason="outcome_unknown")


def _plan(first: Change[T], next_change: NextChange[T]) -> list[Change[T]]:
    """``first`` and the changes that follow it, if each has its effect and nobody else changes anything. May raise ApiError."""
    plan = [first]
    while isinstance(change := next_change(plan[-1].makes), Change):
        if any(_is_same(change, earlier) for earlier in plan):
            raise ValueError("the changes of this resource go round in a circle")
        plan.append(change)
    return plan


def _is_same(one: Change[T], other: Change[T]) -> bool:
    return (one.call.path, one.query, one.body) == (other.call.path, other.query, other.body)


class _Changing(t.Generic[T]):
    """Changes a state that a look has just shown to be not as declared. There is a look before every change."""

    def __init__(
        self, session: Session, resource: Resource[T], next_change: NextChange[T], patience: Patience, outcome: Outcome[T]
    ) -> None:
        self._session = session
        self._resource = resource
        self._next_change = next_change
        self._patience = patience
        self._outcome = outcome
        # The states before each change of this task. A look that shows one of them may be late.
        self._earlier: list[T | None] = []
        # What answers have shown, and no look has shown yet. Each returns a state with it.
        self._recalled: list[Callable[[T], T]] = []
        self._answered: Callable[[T], T] | None = None
        self._may_be_carried_out = False
        self._effective = False

    def run(self, change: Change[T]) -> None:
        self._change: Change[T] | None = change
        # Another writer could otherwise keep this task busy for ever.
        for _planned in self._outcome.planned:
            if self._change is not None:
                self._make(self._change)
        if self._change is not None:
            raise ApiError(self._busy())

    def _make(self, change: Change[T]) -> None:
        """Send ``change`` until it has had its effect. Then ``_change`` is the next one, or None."""
        self._earlier.append(self._outcome.now)
        self._may_be_carried_out = self._effective = False
        self._answered = None
        self._asked: Change[T] | None = change
        unanswered: ApiError | None = None
        pauses = iter(self._patience.pauses())
        while True:
            # A late look may ask for a change that has had its effect already. Then only time helps.
            is_asked = self._asked is not None and _is_same(self._asked, change)
            if is_asked:
                unanswered = self._send(change)
            if is_asked and isinstance(unanswered, TokenReplaced):
                pause: float | None = 0.0
            else:
                may_repeat = unanswered and not (change.once and unanswered.unclear)
                pause = next(pauses, None) if may_repeat else None
            if self._effective or self._shows(change, SHOWS_AFTER if pause is None else (pause,)):
                break
            if pause is None:
                if self._believes(change):
                    break
                raise ApiError(self._unanswered(unanswered) if unanswered else self._in_vain(change))
        # If no change of this task can have been carried out, somebody else has changed the state.
        if self._may_be_carried_out:
            self._outcome.changed = True
            self._outcome.done.append(change)
        self._change = self._asked

    def _unanswered(self, error: ApiError) -> Failure:
        self._outcome.changed = self._outcome.changed or (self._may_be_carried_out and self._outcome.now != self._earlier[-1])
        return _looks_first(error.failure)

    def _in_vain(self, change: Change[T]) -> Failure:
        seen = self._outcome.now
        self._outcome.changed = self._outcome.changed or seen != self._earlier[-1]
        why = self._why(change, seen) if seen is not None else None
        if why:
            return why
        if seen not in self._earlier and not self._resource.conflict:
            return dataclasses.replace(self._busy(), what=_OTHERWISE)
        return Failure(
            "not_effective",
            self._resource.step,
            Text("the platform accepted the request, but it did not take effect"),
            Text("run again in a few minutes: it checks first; if that does not help, ask the platform's support"),
            again=True,
        )

    def _busy(self) -> Failure:
        return Failure(
            "conflict",
            self._resource.step,
            Text("every planned change was made, and more are needed now, so somebody else is changing it too"),
            Text("find out what else changes this account, then run again: it checks first"),
            again=True,
        )

    def _send(self, change: Change[T]) -> ApiError | None:
        """Send ``change`` once. Returns an error if there was no clear answer, None if there was one. Raises ApiError for a refusal."""
        sent_before, in_doubt = self._outcome.request_sent, self._may_be_carried_out
        # Set before the request is sent: if anything unexpected happens now, the request may have left.
        self._outcome.request_sent, self._outcome.verified = True, False
        seen: T | None = None
        try:
            seen = self._session.change(change)
        except TokenReplaced as replaced:
            return replaced
        except Retired:
            raise
        except ApiError as error:
            self._outcome.request_sent = sent_before or error.sent
            self._outcome.verified = not error.sent
            is_doubted = error.failure.errcode in change.doubted
            self._may_be_carried_out = in_doubt or (error.unclear and not is_doubted)
            if error.passing or error.unclear:
                return error
            # An earlier try may show its effect only now. The refusal says nothing about that one.
            if not ((in_doubt or is_doubted) and self._shows(change, SHOWS_AFTER)):
                raise
            self._may_be_carried_out = in_doubt
            return None
        self._may_be_carried_out = True
        if seen is not None and change.recall:
            self._answered = functools.partial(change.recall, seen)
        elif seen is not None:
            self._see(seen, change)
            if self._effective and self._asked is not None:
                # Before another change there is a look, whatever an answer shows.
                self._outcome.changed, self._effective = True, False
        return None

    def _why(self, change: Change[T], seen: T) -> Failure | None:
        """Why ``seen`` is not what ``change`` makes, as far as it can be told."""
        conflict = self._resource.conflict
        return conflict(change, self._earlier[-1], seen) if conflict else None

    def _see(self, state: T, change: Change[T]) -> None:
        """``change`` has had its effect when what is declared no longer asks for it. Raises ApiError if ``state`` must not be changed."""
        asked = self._next_change(self._outcome.saw(state))
        self._asked = change if isinstance(asked, Look) else asked
        self._effective = self._asked is None or (state not in self._earlier and not _is_same(self._asked, change))

    def _believes(self, change: Change[T]) -> bool:
        """Take the answer to ``change`` for its effect, which no look has shown. Returns whether it says so."""
        if self._answered is None or self._outcome.now is None:
            return False
        self._recalled.append(self._answered)
        self._see(self._answered(self._outcome.now), change)
        self._outcome.verified = False
        return self._effective

    def _shows(self, change: Change[T], waits: Iterable[float]) -> bool:
        """Wait and look, once for each of ``waits`` (seconds), until ``change`` has had its effect. Returns whether it has."""
        for wait in waits:
            self._patience.sleep(wait)
            try:
                read = seen = self._session.read(self._resource.look)
                for recall in self._recalled:
                    seen = recall(seen)
            except Retired:
                raise
            except ApiError as error:
                if not self._may_be_carried_out:
                    raise
                self._outcome.now, self._outcome.verified = None, False
                raise ApiError(_unknown(error.failure)) from None
            changed = self._outcome.changed or (self._may_be_carried_out and seen != self._earlier[-1])
            try:
                self._see(seen, change)
            except ApiError:
                # What is shown now must not be changed.
                self._outcome.changed = changed
                raise
            self._outcome.verified = seen == read
            if self._asked is not None and seen not in self._earlier and seen != change.makes:
                why = self._why(change, seen)
                if why:
                    self._outcome.changed = changed
                    raise ApiError(why)
            if self._effective:
                return True
        return False
