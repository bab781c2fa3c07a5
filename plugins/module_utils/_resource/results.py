# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules return: rows, counts, differences and sentences, the same for every resource."""

from __future__ import annotations

import collections
import typing as t

from .._http.errors import ATTEMPT, START, Failure
from .._http.rids import beijing, seconds_of
from .._text import CLAUSES, Text, enumerated, joined, verbatim

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .._http.errors import Reason
    from .._text import Language
    from .outcome import Outcome

T = t.TypeVar("T")

# What a module returns.
Result = dict[str, t.Any]


class FailureRow(t.TypedDict):
    """A ``Failure`` as the modules return it."""

    reason: Reason
    errcode: int | None
    errmsg: str | None
    rid: str | None
    http_status: int | None
    remedy: str


class Row(t.TypedDict, total=False):
    """What became of one account, as the documentation of the modules says. A resource adds the keys of its state.

    ``changed``, ``verified``, ``request_sent``: as in ``Outcome``. ``failed``: only in the results of the option ``accounts``.
    """

    changed: bool
    failed: bool
    verified: bool
    request_sent: bool | None
    failure: FailureRow | None
    msg: str


R = t.TypeVar("R", bound=Row)


class Rows(t.Protocol[T, R]):
    """Makes rows and sentences of a resource's outcomes. ``T``: the type of its state. ``R``: the type of its rows."""

    def one(self, outcome: Outcome[T]) -> R:
        """The row for one account. Its ``msg`` is the ``sentence``."""

    def sentence(self, outcome: Outcome[T]) -> Text:
        """What became of one account."""

    def summed_up(self, rows: Mapping[str, R]) -> str:
        """What became of many accounts, in a few lines. ``rows``: by the accounts' names."""

    def states(self, row: R) -> tuple[Result, Result] | tuple[str, str]:
        """The state before and after, for Ansible's diff: dicts, or texts of several lines."""


ENDINGS = ("changed", "unchanged", "failed", "not_attempted", "retired")

# The clauses of ``sum_up`` for those of ENDINGS that are the same for every resource.
NOT_DONE = {
    "failed": Text("{count:,} failed"),
    "not_attempted": Text("{count:,} not attempted"),
}

# A sentence shows this many names of a group. The results hold all of them.
_NAMES_SHOWN = 3


def ending(row: Mapping[str, t.Any]) -> str:
    """Which of ``ENDINGS`` holds for the account of ``row``."""
    if row["failure"]:
        return "not_attempted" if row["failure"]["reason"] == "not_attempted" else "failed"
    if row["changed"]:
        return "changed"
    return "unchanged" if row["verified"] else "retired"


def summary(rows: Iterable[Mapping[str, t.Any]]) -> dict[str, int]:
    """The number of accounts for each of ``ENDINGS``, and their ``total``. Each account has exactly one ending."""
    counts = collections.Counter(map(ending, rows))
    return {"total": sum(counts.values()), **{name: counts[name] for name in ENDINGS}}


def by_remedy(rows: Mapping[str, Mapping[str, t.Any]]) -> dict[str, list[str]]:
    """The names of the accounts that failed, by their remedy, a sentence. The remedy for most accounts comes first."""
    groups: dict[str, list[str]] = {}
    for name, row in rows.items():
        if row["failure"]:
            groups.setdefault(row["failure"]["remedy"], []).append(name)
    return dict(sorted(groups.items(), key=lambda group: -len(group[1])))


_COUNTED = Text("{accounts}: {clauses}.")
_ADVISED = Text("{accounts}: {remedy}: {names}")


def sum_up(rows: Mapping[str, Mapping[str, t.Any]], clauses: Mapping[str, Text], language: Language) -> str:
    """A line with the counts, and a line for each remedy.

    ``clauses``: the words for each of ``ENDINGS``, with the field ``count``, in the order of the line. ``language``: also that of ``rows``.
    """
    counts = summary(rows.values())
    counted = joined(CLAUSES, [clause.filled(count=counts[name]) for name, clause in clauses.items() if counts[name]])
    line = _COUNTED.filled(accounts=how_many(len(rows)), clauses=counted or Text("nothing to do")).said(language)
    return "\n".join([line, *advice(by_remedy(rows), language)])


def advice(groups: Mapping[str, Sequence[str]], language: Language) -> Iterator[str]:
    """A line for each remedy. ``groups``: the names of the accounts that it would help, by the remedy as a sentence."""
    for remedy, names in groups.items():
        clause = f"{remedy[:1].lower()}{remedy[1:]}" if language == "en" else remedy
        yield _ADVISED.filled(accounts=how_many(len(names)), remedy=clause.rstrip(".。"), names=some(names)).said(language)


def some(names: Sequence[str]) -> Text:
    """The first few of ``names``, and the number of the others."""
    shown, more = enumerated(names[:_NAMES_SHOWN]), len(names) - _NAMES_SHOWN
    return Text("{shown} and {more:,} more").filled(shown=shown, more=more, total=len(names)) if more > 0 else shown


def how_many(accounts: int) -> Text:
    """The number of accounts, in words."""
    return (Text("1 account") if accounts == 1 else Text("{number:,} accounts")).filled(number=accounts)


def result_of_one(rows: Rows[t.Any, t.Any], outcome: Outcome[t.Any]) -> Result:
    """The result for one account."""
    return t.cast("Result", rows.one(outcome))


def result_of_many(rows: Rows[t.Any, t.Any], outcomes: Mapping[str, Outcome[t.Any]]) -> Result:
    """The result for many accounts: the rows by name, the number of accounts for each ending, and the remedies for those that failed."""
    accounts: dict[str, Row] = {}
    for name, outcome in outcomes.items():
        accounts[name] = row = rows.one(outcome)
        row["failed"] = outcome.failure is not None
    return {
        "changed": any(outcome.changed for outcome in outcomes.values()),
        "accounts": accounts,
        "summary": summary(accounts.values()),
        "failure": None,
        "msg": rows.summed_up(accounts),
    }


def result_of_none(failure: Failure, language: Language) -> Result:
    """The result for many accounts if the work could not begin."""
    return {
        "changed": False,
        "accounts": {},
        "summary": summary(()),
        "failure": failure_row(failure, language),
        "msg": failed(failure, NOTHING_SENT).said(language),
    }


def is_known(row: Mapping[str, t.Any]) -> bool:
    """Whether the platform has shown the state of ``row``."""
    return not row["failure"] and bool(row["verified"])


def difference(rows: Rows[t.Any, t.Any], row: Row) -> Result | None:
    """Ansible's diff for one account; None if its state is not known."""
    if not is_known(row) and not row.get("resources"):
        return None
    before, after = rows.states(row)
    return {"before": before, "after": after}


def difference_of_many(rows: Rows[t.Any, t.Any], accounts: Mapping[str, Row]) -> Result | list[Result]:
    """Ansible's diff for the accounts that were changed, by name. A list, with a text for each account, if the states are texts."""
    changed = {name: rows.states(row) for name, row in accounts.items() if row["changed"]}
    if any(isinstance(states[0], str) for states in changed.values()):
        return [{"before_header": name, "after_header": name, "before": states[0], "after": states[1]} for name, states in changed.items()]
    return {"before": {name: states[0] for name, states in changed.items()}, "after": {name: states[1] for name, states in changed.items()}}


def failure_row(failure: Failure | None, language: Language) -> FailureRow | None:
    """``failure`` as the modules return it; None if there is none."""
    if failure is None:
        return None
    return {
        "reason": failure.reason,
        "errcode": failure.errcode,
        "errmsg": failure.errmsg,
        "rid": failure.rid,
        "http_status": failure.http_status,
        "remedy": as_sentence(failure.remedy, language),
    }


def as_sentence(clause: Text, language: Language) -> str:
    """``clause`` with a capital and a full stop, as far as ``language`` has them."""
    return f"{clause.zh}。" if language == "zh" else f"{clause[:1].upper()}{clause[1:]}."


NOTHING_SENT = Text("nothing was sent")


class Words(t.NamedTuple):
    """The words for a resource's changes. ``change``: the noun for a change. ``article``: its indefinite article in English.

    ``not_shown``: a clause on what a look shows if a change has not taken effect. ``refused``: a clause on what a refusal means.
    ``failures_tell``: whether failures with the reasons conflict and not_effective say themselves what the looks after a change have shown.
    """

    change: Text
    article: str
    not_shown: Text
    refused: Text
    failures_tell: bool = False


_FAILED = Text("Failed to {step}: {clauses}.")
_NOT_ATTEMPTED = Text("Not attempted: {clauses}.")
_REFUSED_AT = Text(" The platform refused this at {time} Beijing time.")


def failed(failure: Failure, sent: Text | None = None) -> Text:
    """The sentence about a failure: what happened, what was sent (the clause ``sent``), what to do."""
    sentence = _NOT_ATTEMPTED if failure.step == ATTEMPT else _FAILED
    clauses = joined(CLAUSES, filter(None, (failure.what, sent, failure.remedy)))
    return joined(verbatim(""), (sentence.filled(step=failure.step.words, clauses=clauses), _refused_at(failure.rid)))


def refused_at(rid: str | None) -> str | None:
    """When the platform refused the request with this ``rid``, in Beijing time; None if it does not tell."""
    seconds = seconds_of(rid)
    return None if seconds is None else beijing(seconds)


def _refused_at(rid: str | None) -> Text:
    time = refused_at(rid)
    return _REFUSED_AT.filled(time=time) if time else verbatim("")


def untimed(msg: str, rid: str | None) -> str:
    """``msg`` about a failure with this ``rid``, without the time, which is another one for each account."""
    at = _refused_at(rid)
    for said in filter(None, (at.said("en"), at.said("zh"))):
        msg = msg.removesuffix(said)
    return msg


def failed_before(name: str, title: Text) -> Failure:
    """Why a resource is not attempted: the one with this name failed before it. Chinese readers get its ``title``."""
    return Failure(
        "not_attempted",
        ATTEMPT,
        Text("{resource} of this account failed").filled(resource=name, title=title),
        Text("correct that first, then run again: it checks first"),
        again=True,
    )


def not_started(what: Text, remedy: Text) -> Text:
    """The sentence about a run that could not start."""
    return failed(Failure("operator", START, what, remedy), NOTHING_SENT)


_MAY_HAVE_BEEN_SENT = Text("{article} {change} may have been sent and carried out")
_NONE_SENT = Text("no {change} was sent")
_SENT = Text("a change was sent")
_MAY_BE_CARRIED_OUT = Text("{article} {change} was sent and may have been carried out")
_SOME_DONE = Text("the changes before this one were carried out")
_NOT_SHOWN = Text("{article} {change} was sent, and {not_shown}")


def sent(outcome: Outcome[t.Any], failure: Failure, words: Words) -> Text:
    """The clause about what was sent, for a failed outcome. ``failure``: that of ``outcome``."""
    if not failure.step.sends:
        return NOTHING_SENT
    if words.failures_tell and outcome.request_sent and failure.reason in ("conflict", "not_effective"):
        return _SENT
    if outcome.request_sent is None:
        clause = _MAY_HAVE_BEEN_SENT
    elif not outcome.request_sent:
        clause = _NONE_SENT
    elif outcome.now is None:
        clause = _MAY_BE_CARRIED_OUT
    elif outcome.changed:
        return _SOME_DONE
    elif outcome.verified:
        clause = _NOT_SHOWN
    else:
        return words.refused
    return clause.filled(**words._asdict())


class ChangeRows:
    """What the rows of all resources have in common that are changed in more than one way.

    ``check_mode``: whether the changes are only foreseen. ``language``: that of the run.
    """

    def __init__(self, check_mode: bool, language: Language = "en") -> None:
        self._check_mode = check_mode
        self._language = language

    def summed_up(self, rows: Mapping[str, Row]) -> str:
        done = Text("{count:,} would be changed") if self._check_mode else Text("{count:,} changed")
        return sum_up(rows, {"changed": done, "unchanged": Text("{count:,} as declared already"), **NOT_DONE}, self._language)
