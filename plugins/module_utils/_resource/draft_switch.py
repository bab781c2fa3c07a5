# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""The behaviour for one account: look, decide, enable, verify. Knows no HTTP and no Ansible."""

from __future__ import annotations

import contextlib
import dataclasses
import typing as t

from .._http.errors import (
    ENABLE_STEP,
    LOOK_STEP,
    ApiError,
    Failure,
    Retired,
    TokenReplaced,
    surprise,
)

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .._http.patience import Patience

# Users report that the effect may take a moment to show: seconds to wait before each look after the last request.
SHOWS_AFTER = (0.0, 0.5, 1.0, 2.0)


class Reader(t.Protocol):
    """What can be looked at."""

    def look(self) -> bool:
        """Whether the draft box is on. Raises ApiError when that cannot be found out."""


class Switch(Reader, t.Protocol):
    """What can be looked at and turned on."""

    def enable(self) -> bool:
        """Turn the draft box on, with one request. Returns whether the reply says so; raises ApiError without a clear one."""


@dataclasses.dataclass
class Outcome:
    """What is known of one account's draft box, and what was done; None where it is not known.

    ``changed``: it was off, is on, and a request of this task may have done it; or it would be turned on.
    ``is_open``, ``was_open``: as it is, and as it was found. ``verified``: ``is_open`` was seen after the last request.
    ``request_sent``: an enabling request left this host; None if nobody can say. ``retired``: the platform no longer offers the call.
    """

    changed: bool = False
    is_open: bool | None = None
    was_open: bool | None = None
    verified: bool = False
    request_sent: bool | None = False
    retired: bool = False
    failure: Failure | None = None

    def saw(self, is_open: bool) -> bool:
        self.is_open = is_open
        self.verified = True
        return is_open


def inspect(reader: Reader) -> Outcome:
    """Look only."""
    outcome = Outcome()
    with _told_in(outcome):
        outcome.was_open = outcome.saw(reader.look())
    return outcome


def foresee(reader: Reader) -> Outcome:
    """What ``converge`` would do: looks only."""
    outcome = inspect(reader)
    outcome.changed = outcome.is_open is False
    return outcome


def converge(switch: Switch, patience: Patience) -> Outcome:
    """Turn the draft box on if it is off."""
    outcome = Outcome()
    with _told_in(outcome):
        outcome.was_open = outcome.saw(switch.look())
        if not outcome.was_open:
            _Enabling(switch, patience, outcome).run()
    return outcome


@contextlib.contextmanager
def _told_in(outcome: Outcome) -> Iterator[None]:
    """Whatever ends the work within is told in ``outcome``."""
    try:
        yield
    except Retired:
        outcome.is_open, outcome.verified, outcome.retired = True, False, True
    except ApiError as error:
        outcome.failure = error.failure
    except Exception as unexpected:  # nothing may escape with a traceback: it could show a token
        outcome.is_open, outcome.verified = None, False
        outcome.failure = surprise(ENABLE_STEP if outcome.request_sent else LOOK_STEP, unexpected)
        if outcome.request_sent:
            outcome.failure = dataclasses.replace(_looks_first(outcome.failure), reason="outcome_unknown")


def _looks_first(failure: Failure) -> Failure:
    """``failure`` with a remedy that says how it is safe to go on."""
    if "it looks first" in failure.remedy:
        return failure
    return dataclasses.replace(failure, remedy=f"run again: it looks first; should that fail too, {failure.remedy}")


class _Enabling:
    """Turns on what a look has just found off. A look stands before every enabling request."""

    def __init__(self, switch: Switch, patience: Patience, outcome: Outcome) -> None:
        self._switch = switch
        self._patience = patience
        self._outcome = outcome
        self._may_be_carried_out = False

    def run(self) -> None:
        pauses = iter(self._patience.pauses())
        while True:
            unanswered = self._send()
            if isinstance(unanswered, TokenReplaced):
                pause: float | None = 0.0
            else:
                pause = next(pauses, None) if unanswered else None
            if self._outcome.is_open or self._shows_on(SHOWS_AFTER if pause is None else (pause,)):
                # If no request of this task can have done it, somebody else has.
                self._outcome.changed = self._may_be_carried_out
                return
            if pause is None:
                if unanswered:
                    raise ApiError(_looks_first(unanswered.failure))
                raise ApiError(
                    Failure(
                        "not_effective",
                        ENABLE_STEP,
                        "the platform accepted the request, which did not take effect",
                        "run again in a few minutes: it looks first; if it stays off, ask the platform's support",
                    )
                )

    def _send(self) -> ApiError | None:
        """Send one enabling request. Returns why there was no clear answer, if there was none; raises a refusal."""
        sent_before, in_doubt = self._outcome.request_sent, self._may_be_carried_out
        # Said before it is so: should anything unexpected happen, the request may have left.
        self._outcome.request_sent, self._outcome.verified = True, False
        try:
            if self._switch.enable():
                self._outcome.saw(True)
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
            # What was sent before may show only now: a refusal is no word on that.
            if not (in_doubt and self._shows_on(SHOWS_AFTER)):
                raise
        self._may_be_carried_out = True
        return None

    def _shows_on(self, waits: Iterable[float]) -> bool:
        """Look after each of ``waits`` seconds until the draft box shows as on."""
        for wait in waits:
            self._patience.sleep(wait)
            try:
                if self._outcome.saw(self._switch.look()):
                    return True
            except Retired:
                raise
            except ApiError as error:
                if not self._may_be_carried_out:
                    raise
                self._outcome.is_open, self._outcome.verified = None, False
                raise ApiError(dataclasses.replace(_looks_first(error.failure), reason="outcome_unknown")) from None
        return False
