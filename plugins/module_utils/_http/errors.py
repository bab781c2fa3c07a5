# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why something has failed: one Failure, and the exceptions that carry it.

Who raises them, and what becomes of them::

    Exception
      ApiError               has a Failure: a request has no usable answer, or must not be sent. It ends the work for one account.
        DeadToken            Wire: the platform refuses the access_token. A Reader asks again with another token; for a change, see below.
        TokenReplaced        Session.change: refused because of its token, and there is another one. ``converge`` looks, then sends again.
        Retired              Wire: the platform no longer offers the call. ``converge`` ends with ``Outcome.retired``, without a Failure.
      NotWanted              _http/connections: nobody waits for a change any more. Transport makes an ApiError of it.
      UnusableEnvironment    _http/environment: a variable makes every request fail. Service makes an OptionsError of it.
      OptionsError           _run: the options cannot be used; nothing is sent. Run makes a Failure of it.

A Failure has a ``step``, what was tried, and a ``reason``. Who decides on the reason, and when::

    before a request     operator, refused, irreversible        what is declared, or its resource, which looks at the state
                         not_attempted                          Workers and ``converge_account``, for what others have met; Transport
                         conflict                               OnlyKept: the state is no longer the one on record
    without an answer    transport                              Transport
    with an answer       credential, operator, account, quota,  the errcode, by the Codes of its Call; transient is also Wire's word for
                         transient, not_effective               HTTP 429 and 5xx
                         protocol                               Transport, Wire, and who reads the answer: it makes no sense
    after a change       not_effective, conflict                ``converge`` and the resource: what looks show
                         outcome_unknown                        ``converge``: looks fail, and the change may have been carried out
    at any time          protocol                               ``unexpected_failure``

The rows of the modules return the reason, and their documentation says what it means to users.
"""

from __future__ import annotations

import dataclasses
import errno
import typing as t

from .._text import Text

# All reasons. Their values are documented, and so they never change.
Reason = t.Literal[
    "irreversible",
    "credential",
    "operator",
    "account",
    "quota",
    "transient",
    "transport",
    "protocol",
    "not_effective",
    "conflict",
    "refused",
    "not_attempted",
    "outcome_unknown",
]


@dataclasses.dataclass(frozen=True)
class Step:
    """Something that is tried, such as a look at the menu.

    ``words``: completes "Failed to ...". ``sends``: whether a request may have been sent when this step fails; if not, the sentence says
    that nothing was sent.
    """

    words: Text
    sends: bool = True


START = Step(Text("start"), sends=False)
# The step of an account that the module never tried. Messages then say "Not attempted".
ATTEMPT = Step(Text("attempt"), sends=False)


@dataclasses.dataclass(frozen=True)
class Failure:
    """Why something failed, in words of this collection: never an exception's text, a URL or a body.

    ``what``: what happened. ``remedy``: what to do next. Both are clauses that start in lower case and have no full stop.
    ``errcode``, ``errmsg``, ``rid``, ``http_status``: from the platform's answer; None if there was no answer, or it does not have them.
    ``errmsg`` has no secrets and at most 300 characters.
    ``shared``: every other account will fail in the same way. ``again``: the remedy already says that it is safe to run again.
    """

    reason: Reason
    step: Step
    what: Text
    remedy: Text
    errcode: int | None = None
    errmsg: str | None = None
    rid: str | None = None
    http_status: int | None = None
    shared: bool = False
    again: bool = False


class ApiError(Exception):
    """A request has no usable answer, or must not be sent.

    ``passing``: the same request may succeed a moment later, so ``Patience`` sends a look again.
    ``unclear``: if the request was a change, the platform may have carried it out, so ``converge`` looks.
    ``sent``: the request may have left this host.
    """

    def __init__(self, failure: Failure, *, passing: bool = False, unclear: bool = False, sent: bool = True) -> None:
        super().__init__(failure.what)
        self.failure = failure
        self.passing = passing
        self.unclear = unclear
        self.sent = sent


class DeadToken(ApiError):
    """The platform refuses the access_token; another token may work."""


class TokenReplaced(ApiError):
    """A change was refused because of its token. There is a new token now. Nothing was changed."""


class Retired(ApiError):
    """The platform no longer offers the call."""


OUT_OF_MEMORY = Text("this host ran out of memory")
MORE_MEMORY = Text("raise the limit of memory (ulimit -v, or that of the container), or lower concurrency")
OUT_OF_FILES = Text("this process may not open more files")
MORE_FILES = Text("raise the limit of open files (ulimit -n), or lower concurrency")
REPORT_BUG = Text("report it as a bug of this collection, with the rid if there is one")
RUN_AGAIN = Text("run again: it checks first")
CHECK_CONNECTION = Text("check api_url and any proxy between; if both are right, report it as a bug of this collection")
_UNEXPECTED = Text("an unexpected {kind} in this collection")


def unexpected_failure(step: Step, unexpected: Exception) -> Failure:
    """The failure for an exception that nobody expects: reason protocol, or operator if memory or open files have run out.

    It names only the exception's type: the text could hold a URL, and the URL a token.
    """
    if isinstance(unexpected, MemoryError):
        return Failure("operator", step, OUT_OF_MEMORY, MORE_MEMORY)
    if isinstance(unexpected, OSError) and unexpected.errno in (errno.EMFILE, errno.ENFILE):
        return Failure("operator", step, OUT_OF_FILES, MORE_FILES)
    return Failure("protocol", step, _UNEXPECTED.filled(kind=type(unexpected).__name__), REPORT_BUG)


def unusable_answer(
    step: Step, what: Text, status: int | None = None, remedy: Text = CHECK_CONNECTION, *, passing: bool = False, sent: bool = True
) -> ApiError:
    """The error for an answer that makes no sense: reason protocol.

    ``what``, ``remedy``: clauses as in ``Failure``. ``status``: the HTTP status. ``passing``: see ``ApiError``.
    ``sent``: whether the request left this host; if it was a change, the platform may have carried it out.
    """
    return ApiError(Failure("protocol", step, what, remedy, http_status=status), passing=passing, unclear=sent, sent=sent)
