# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""Look, compare, change, look again: the only safe way to change anything. Knows no HTTP, no Ansible and no specific resource."""

from __future__ import annotations

import contextlib
import dataclasses
import typing as t

from .._account.session import Look
from .._http.errors import RUN_AGAIN, ApiError, Failure, Retired, Step, Text, TokenReplaced, surprise
from .outcome import Outcome

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .._account.session import Change, Reader, Session
    from .._http.patience import Patience

T = t.TypeVar("T")

# Seconds to wait before each look after the last change. Users report that a change may take a moment to show.
SHOWS_AFTER = (0.0, 0.5, 1.0, 2.0)


@dataclasses.dataclass(frozen=True)
class Resource(t.Generic[T]):
    """Something declared on an account. ``T``: the type of its state. A state is never None.

    ``look``: shows the state. ``step``: the step of a change. ``retired``: the state of every account once the platform no longer offers
    the call. ``retired_warning``: the warning for the user then. ``conflict``: says why a look after a change does not show the declared
    state; None if there is nothing to say. It gets the change, the state before it, and the state that is shown. It is asked at once if
    the shown state is not the one before (None: perhaps it comes later, so look again), and after the last look.
    """

    look: Look[T]
    step: Step
    retired: T | None = None
    retired_warning: str = ""
    conflict: Callable[[Change[T], T | None, T], Failure | None] | None = None


# Returns the change that turns a state into the declared one; None if the state is as declared. Before the first change, it may return a
# look that shows more, and is asked again. May raise ApiError; nothing is sent then.
Needs = t.Callable[[T], "Change[T] | Look[T] | None"]


def inspect(reader: Reader, resource: Resource[T]) -> Outcome[T]:
    """Look once, and change nothing. Errors end up in the outcome."""
    outcome: Outcome[T] = Outcome()
    with _ends_in(outcome, resource):
        outcome.before = outcome.saw(reader.read(resource.look))
    return outcome


def foresee(reader: Reader, resource: Resource[T], needs: Needs[T]) -> Outcome[T]:
    """What ``converge`` would do. Looks, and changes nothing. Errors end up in the outcome."""
    outcome: Outcome[T] = Outcome()
    with _ends_in(outcome, resource):
        change = _look_and_compare(reader, resource, needs, outcome)
        if change is not None:
            outcome.changed, outcome.foreseen = True, change.makes
    return outcome


def converge(session: Session, resource: Resource[T], needs: Needs[T], patience: Patience) -> Outcome[T]:
    """Change the state to the declared one, unless it is as declared. Errors end up in the outcome.

    ``patience``: how long to wait for the effect, and how often to send a change that had no clear answer. A look precedes each change.
    """
    outcome: Outcome[T] = Outcome()
    with _ends_in(outcome, resource):
        change = _look_and_compare(session, resource, needs, outcome)
        if change is not None:
            _Changing(session, resource, needs, patience, outcome).run(change)
    return outcome


def _look_and_compare(reader: Reader, resource: Resource[T], needs: Needs[T], outcome: Outcome[T]) -> Change[T] | None:
    """The first look, as many more as the decision takes, and the change that is needed."""
    look: Look[T] = resource.look
    while True:
        outcome.before = outcome.saw(reader.read(look))
        needed = needs(outcome.before)
        if not isinstance(needed, Look):
            return needed
        look = needed


def lost(resource: Resource[T], what: Text, remedy: Text) -> Outcome[T]:
    """The outcome if it is not known whether a change was sent."""
    return Outcome(request_sent=None, failure=_unknown(Failure("outcome_unknown", resource.step, what, remedy)))


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
        outcome.failure = surprise(resource.step if outcome.request_sent else resource.look.call.step, unexpected)
        if outcome.request_sent:
            outcome.failure = _unknown(outcome.failure)


_SHOULD_THAT_FAIL = Text(f"{RUN_AGAIN}; should that fail too, {{remedy}}", f"{RUN_AGAIN.zh}；如果仍然失败，{{remedy}}")


def _looks_first(failure: Failure) -> Failure:
    """``failure`` with a remedy that says that it is safe to run again."""
    if failure.again:
        return failure
    return dataclasses.replace(failure, remedy=_SHOULD_THAT_FAIL.filled(remedy=failure.remedy), again=True)


def _unknown(failure: Failure) -> Failure:
    return dataclasses.replace(_looks_first(failure), reason="outcome_unknown")


class _Changing(t.Generic[T]):
    """Changes a state that a look has just shown to be not as declared. There is a look before every change."""

    def __init__(self, session: Session, resource: Resource[T], needs: Needs[T], patience: Patience, outcome: Outcome[T]) -> None:
        self._session = session
        self._resource = resource
        self._needs = needs
        self._patience = patience
        self._outcome = outcome
        self._may_be_carried_out = False
        self._next: Change[T] | None = None
        self._last: Change[T] | None = None

    def run(self, change: Change[T]) -> None:
        self._next = change
        pauses = iter(self._patience.pauses())
        while self._next is not None:
            unanswered = self._send(self._next)
            if isinstance(unanswered, TokenReplaced):
                pause: float | None = 0.0
            else:
                pause = next(pauses, None) if unanswered else None
            if self._next is None or self._shows(SHOWS_AFTER if pause is None else (pause,)):
                break
            if pause is None:
                raise ApiError(_looks_first(unanswered.failure) if unanswered else self._in_vain())
        # If no change of this task can have been carried out, somebody else has changed the state.
        self._outcome.changed = self._may_be_carried_out

    def _in_vain(self) -> Failure:
        shown = self._outcome.now
        self._outcome.changed = shown != self._outcome.before
        return (self._why(shown) if shown is not None else None) or Failure(
            "not_effective",
            self._resource.step,
            Text("the platform accepted the request, but it did not take effect", "微信接受了请求，但没有生效"),
            Text(
                "run again in a few minutes: it looks first; if that does not help, ask the platform's support",
                "请几分钟后重新运行：运行时会先查询；如果仍未生效，请咨询微信官方",
            ),
            again=True,
        )

    def _send(self, change: Change[T]) -> ApiError | None:
        """Send one change. Returns an error if there was no clear answer, None if there was one. Raises ApiError for a refusal."""
        self._last = change
        sent_before, in_doubt = self._outcome.request_sent, self._may_be_carried_out
        # Set before the request is sent: if anything unexpected happens now, the request may have left.
        self._outcome.request_sent, self._outcome.verified = True, False
        try:
            shown = self._session.change(change)
            if shown is not None:
                self._see(shown)
        except TokenReplaced as replaced:
            return replaced
        except Retired:
            raise
        except ApiError as error:
            self._outcome.request_sent = sent_before or error.sent
            self._outcome.verified = not error.sent
            self._may_be_carried_out = self._may_be_carried_out or error.unclear
            if error.passing or error.unclear:
                return error
            # An earlier change may show its effect only now. The refusal says nothing about that one.
            if not (in_doubt and self._shows(SHOWS_AFTER)):
                raise
        self._may_be_carried_out = True
        return None

    def _why(self, shown: T) -> Failure | None:
        """Why ``shown`` is not the declared state, as far as it can be told."""
        conflict, last = self._resource.conflict, self._last
        return conflict(last, self._outcome.before, shown) if conflict and last else None

    def _see(self, state: T) -> None:
        needed = self._needs(self._outcome.saw(state))
        self._next = None if isinstance(needed, Look) else needed

    def _shows(self, waits: Iterable[float]) -> bool:
        """Wait and look, once for each of ``waits`` (seconds), until the state is as declared. Returns whether it is."""
        for wait in waits:
            self._patience.sleep(wait)
            try:
                shown = self._session.read(self._resource.look)
            except Retired:
                raise
            except ApiError as error:
                if not self._may_be_carried_out:
                    raise
                self._outcome.now, self._outcome.verified = None, False
                raise ApiError(_unknown(error.failure)) from None
            changed = self._may_be_carried_out and shown != self._outcome.before
            try:
                self._see(shown)
            except ApiError:
                # What is shown now must not be changed.
                self._outcome.changed = changed
                raise
            if self._next is None:
                return True
            why = self._why(shown) if shown != self._outcome.before else None
            if why:
                self._outcome.changed = changed
                raise ApiError(why)
        return False
