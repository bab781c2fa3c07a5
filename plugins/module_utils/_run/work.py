# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The work of one task: checked options in, a result out. A module does it in its own process, and an action in Ansible's worker."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import json
import os
import typing as t

from .._http.errcodes import ACCOUNT_CALL
from .._http.errors import MORE_MEMORY, OUT_OF_MEMORY, RUN_AGAIN, START, ApiError, Failure, unexpected_failure
from .._http.patience import Patience
from .._resource.account import (
    BY_NAME,
    CHANGE,
    LOOK,
    RETIRED_WARNING,
    converge_account,
    declared_by,
    foresee_account,
    look_at_account,
    permission_of,
)
from .._resource.account import OPTIONS as DECLARATIONS
from .._resource.converge import converge, foresee, inspect, outcome_unknown
from .._resource.menu_form import differing
from .._resource.outcome import Outcome
from .._resource.parts import Asked, look_at
from .._resource.results import difference, difference_of_many, result_of_many, result_of_none, result_of_one, some
from .._text import Text
from .credentials import credentials_by_name, credentials_of
from .limits import threads_allowed
from .options import ARGUMENT_SPEC, OptionsError, by_account, language_of
from .service import Service, Sessions, secrets_masked_in
from .wishes import wishes_of
from .workers import Workers

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .._http.errors import Step
    from .._http.secrets import Secrets
    from .._resource.account import AccountOutcome, Declared
    from .._resource.converge import NextChange, Resource
    from .._resource.parts import Info
    from .._resource.results import Result, Row, Rows
    from .._text import Language
    from .credentials import Credentials


T = t.TypeVar("T")

_MASKED = Text(
    "A secret or token of this run stands in what the account shows to everybody ({paths}). It is masked here. "
    "Take it out there, and reset it: others may have read it."
)

_ACCOUNTS = ARGUMENT_SPEC["accounts"]
# The argument spec of ``wechat_account``.
ACCOUNT_SPEC: dict[str, dict[str, t.Any]] = {
    **ARGUMENT_SPEC,
    **DECLARATIONS,
    "accounts": {**_ACCOUNTS, "options": {**_ACCOUNTS["options"], **DECLARATIONS}},
}

# The work for one account. Called with the sessions, the account's credentials and its name, in any thread. Raises nothing but MemoryError.
Work = t.Callable[["Sessions", "Credentials", str], Outcome[T]]


class Waiting(t.Protocol):
    """Who waits for the result. ``remote``: whether that is on another host. ``until``: when it must be there, as ``time.monotonic``."""

    remote: bool
    until: float | None

    def still_wanted(self) -> bool:
        """Whether somebody still waits. Called right before each change."""


class Record(t.Protocol):
    """Where a fleet's task notes what it does with each account. Called in any thread."""

    def begins(self, account: str) -> Failure | None:
        """Called before anything is sent for the account. Returns why nothing must be sent, if so."""

    def keeps(self, account: str, resource: str, replaced: t.Any) -> None:
        """Called before the first change of a resource, with what the change replaces, as ``Declarable.kept``.

        May raise ApiError; nothing is sent then.
        """

    def answered(self) -> None:
        """Called after each answer of the platform."""

    def ends(self, account: str, row: Row) -> None:
        """Called with what became of the account."""


class NoRecord:
    """For a task that is on no record."""

    def begins(self, _account: str) -> Failure | None:
        return None

    def keeps(self, _account: str, _resource: str, _replaced: t.Any) -> None:
        pass

    def answered(self) -> None:
        pass

    def ends(self, _account: str, _row: Row) -> None:
        pass


class OnlyKept(NoRecord):
    """For a module whose caller has put on disk what its changes replace. ``kept``: by account and resource, as ``digest_of`` says it."""

    def __init__(self, kept: Mapping[str, Mapping[str, str]]) -> None:
        self._kept = kept

    def keeps(self, account: str, resource: str, replaced: t.Any) -> None:
        if self._kept.get(account, {}).get(resource) != digest_of(replaced):
            what = Text("somebody else has changed it since this run checked, and what is there now is not on record")
            raise ApiError(Failure("conflict", BY_NAME[resource].resource.step, what, RUN_AGAIN, again=True), sent=False)


def digest_of(replaced: t.Any) -> str:
    """16 hexadecimal digits that tell a module what is on record of a resource: the same for the same JSON."""
    return hashlib.sha256(json.dumps(replaced, sort_keys=True).encode()).hexdigest()[:16]


class About(t.NamedTuple):
    """What a run must say about its resources. ``permission``: what an account must grant a third-party platform for them.

    ``retired_warning``: the warning if the platform no longer offers a call; None if that does not happen.
    """

    permission: Text
    retired_warning: Text | None


@dataclasses.dataclass
class Run:
    """One run, for the account or the accounts in ``params``, the checked options of a module.

    ``make_rows``: makes the rows of the results. Its arguments are whether the run is in check mode, and the language of the run.
    ``masked``: the values that Ansible masks in the result for one account. ``warn``: shows a warning to the user.
    ``record``: notes what is done. ``name``: the account's name in the record, if there is one account.
    ``secrets``: those of this run, once they are known. ``was_refused``: whether the options could not be used.
    Each method returns the result, as the module returns it; its key ``failed`` says whether an account failed. None raises an exception,
    because a traceback could show a token.
    """

    make_rows: Callable[[bool, Language], Rows[t.Any, t.Any]]
    params: Mapping[str, t.Any]
    check_mode: bool
    diff: bool
    waiting: Waiting
    masked: set[str]
    warn: Callable[[Text], None]
    record: Record = dataclasses.field(default_factory=NoRecord)
    name: str = ""
    secrets: Secrets | None = None
    was_refused: bool = False

    def look(self, resource: Resource[T]) -> Result:
        """Look at each account."""

        def work(sessions: Sessions, credentials: Credentials, _name: str) -> Outcome[T]:
            return inspect(sessions.reader(credentials), resource)

        return self._run(_about(resource), work, _no_memory_to_look(resource.look.call.step))

    def look_at_parts(self) -> Result:
        """Look at the parts of each account that the options name."""
        try:
            wishes = wishes_of(self.params)
        except OptionsError as error:
            return self.refused(Failure("operator", START, error.what, error.remedy))

        def work(sessions: Sessions, credentials: Credentials, name: str) -> Outcome[Info]:
            return look_at(Asked(sessions.reader(credentials), wishes[name], sessions.details(credentials)))

        return self._run(About(ACCOUNT_CALL.permission, None), work, _no_memory_to_look(LOOK))

    def converge(self, resource: Resource[T], next_change_of: Callable[[str], NextChange[T]]) -> Result:
        """Change each account to the declared state. In check mode only look.

        ``next_change_of``: returns the NextChange of the account with this name; the name is "" if the task is for one account.
        """

        def only_look(sessions: Sessions, credentials: Credentials, name: str) -> Outcome[T]:
            return foresee(sessions.reader(credentials), resource, next_change_of(name))

        def change(sessions: Sessions, credentials: Credentials, name: str) -> Outcome[T]:
            return converge(sessions.session(credentials), resource, next_change_of(name), sessions.patience)

        if self.check_mode:
            return self._run(_about(resource), only_look, _no_memory_to_look(resource.look.call.step))
        return self._run(_about(resource), change, outcome_unknown(resource.step, OUT_OF_MEMORY, MORE_MEMORY))

    def converge_account(self) -> Result:
        """Bring each account to what it declares, all its resources in one session. In check mode only look."""
        try:
            declared, warnings = declared_by(by_account(self.params, DECLARATIONS))
        except Exception as unexpected:
            return self.refused(getattr(unexpected, "failure", None) or unexpected_failure(START, unexpected))
        for warning in warnings:
            self.warn(warning)
        about = About(permission_of(name for one in declared.values() for name in one), RETIRED_WARNING)
        if self.check_mode:
            return self._run(about, functools.partial(_only_look, declared), _no_memory_to_look(LOOK))
        return self._run(about, functools.partial(self._change, declared), outcome_unknown(CHANGE, OUT_OF_MEMORY, MORE_MEMORY))

    def look_at_account(self) -> Result:
        """Look at every resource of each account."""

        def work(sessions: Sessions, credentials: Credentials, _name: str) -> AccountOutcome:
            return look_at_account(sessions.reader(credentials))

        return self._run(About(permission_of(BY_NAME), None), work, _no_memory_to_look(LOOK))

    def _change(self, declared: Mapping[str, Declared], sessions: Sessions, credentials: Credentials, name: str) -> AccountOutcome:
        keep = functools.partial(self._keep, name or self.name)
        return converge_account(sessions.session(credentials), declared[name], sessions.patience, keep)

    def _keep(self, account: str, resource: str, replaced: t.Any) -> None:
        kept = {resource: replaced}
        if self.secrets:
            # A record holds no secret, even if the account shows it to everybody.
            scrub(kept, self.secrets)
        self.record.keeps(account, resource, kept[resource])

    def refused(self, failure: Failure) -> Result:
        """The result if nothing was sent because of ``failure``."""
        self.was_refused = True
        if self.params.get("accounts") is not None:
            return {**result_of_none(failure, language_of(self.params)), "failed": True}
        return {**result_of_one(self._rows, Outcome(failure=failure)), "failed": True}

    def _run(self, about: About, work: Work[T], without_memory: Outcome[t.Any]) -> Result:
        """``without_memory``: the outcome of an account if there was not enough memory for its own."""
        for_many = self.params["accounts"] is not None
        try:
            on_all = self._work_on_many if for_many else self._work_on_one
            outcomes = on_all(work, without_memory, about.permission)
        except OptionsError as error:
            return self.refused(Failure("operator", START, error.what, error.remedy))
        except Exception as unexpected:
            return self.refused(unexpected_failure(START, unexpected))
        if about.retired_warning and any(outcome.retired for outcome in outcomes.values()):
            self.warn(about.retired_warning)
        result = result_of_many(self._rows, outcomes) if for_many else result_of_one(self._rows, outcomes[""])
        if self.secrets:
            masked = scrub(result, self.secrets)
            if masked:
                self.warn(_MASKED.filled(paths=some(masked)))
        diff = difference_of_many(self._rows, result["accounts"]) if for_many else difference(self._rows, t.cast("Row", result))
        if self.diff and diff is not None:
            result["diff"] = diff
        result["failed"] = any(outcome.failure for outcome in outcomes.values())
        return result

    @property
    def _rows(self) -> Rows[t.Any, t.Any]:
        return self.make_rows(self.check_mode, language_of(self.params))

    def _noted(self, work: Work[T], sessions: Sessions, credentials: Credentials, name: str) -> Outcome[T]:
        """The outcome of ``work``, which the record has before and after."""
        failure = self.record.begins(name or self.name)
        outcome = Outcome(failure=failure) if failure else work(sessions, credentials, name)
        with contextlib.suppress(Exception):  # what became of the account is known; who keeps the record finds that this is missing
            self._note(name, outcome)
        return outcome

    def _note(self, name: str, outcome: Outcome[t.Any]) -> None:
        row = self._rows.one(outcome)
        if self.secrets:
            scrub(t.cast("Result", row), self.secrets)
        self.record.ends(name or self.name, row)

    def _work_on_one(self, work: Work[T], without_memory: Outcome[T], permission: Text) -> dict[str, Outcome[T]]:
        credentials = credentials_of(self.params, os.environ, remote=self.waiting.remote)
        self.secrets = secrets_masked_in(self.masked)
        service = Service(
            self.params,
            [credentials],
            self.secrets,
            self.warn,
            answered=self.record.answered,
            still_wanted=self.waiting.still_wanted,
            permission=permission,
            until=self.waiting.until,
        )
        sessions = Sessions(service, {"": credentials}, Patience(pauses=service.pauses, sleep=service.sleep))
        try:
            return {"": self._noted(work, sessions, credentials, "")}
        except MemoryError:  # it may have come after a request was sent
            return {"": without_memory}

    def _work_on_many(self, work: Work[T], without_memory: Outcome[T], permission: Text) -> dict[str, Outcome[T]]:
        credentials = credentials_by_name(self.params)
        # Ansible before 2.22 does not mask these: see scrub.
        self.secrets = secrets_masked_in(None)
        concurrency = threads_allowed(min(self.params["concurrency"], len(credentials)), self.warn)
        workers = Workers(concurrency, without_memory, self.warn)
        service = Service(
            self.params,
            credentials.values(),
            self.secrets,
            self.warn,
            max(concurrency, 1),
            workers.answered,
            self.waiting.still_wanted,
            permission,
            self.waiting.until,
        )
        sessions = Sessions(service, credentials, workers.patience(service.pauses))
        # A thread makes an account's session only when it starts on it, so that not all of them are in memory at once.
        done = workers.run({name: functools.partial(self._noted, work, sessions, one, name) for name, one in credentials.items()})
        for name in workers.left:
            self._note(name, done[name])
        return done


def _only_look(declared: Mapping[str, Declared], sessions: Sessions, credentials: Credentials, name: str) -> AccountOutcome:
    return foresee_account(sessions.reader(credentials), declared[name])


def scrub(result: Result, secrets: Secrets) -> list[str]:
    """Mask secrets in ``result``: in what somebody has put on the platform, and in messages, which may name a part of that.

    The names of the accounts stay: they are the playbook's. Returns the paths of the masked parts of what is on the platform.
    """
    paths: list[str] = []
    # Many accounts have the same texts.
    found_in = functools.lru_cache(maxsize=1_000)(secrets.found_in)
    clean = functools.lru_cache(maxsize=10_000)(secrets.scrub)

    def scrubbed(value: t.Any) -> t.Any:
        if isinstance(value, str):
            return clean(value)
        if isinstance(value, dict):
            return {clean(name): scrubbed(its) for name, its in value.items()}
        return [scrubbed(its) for its in value] if isinstance(value, list) else value

    for at, row in (("", result), *((f"{name}: ", row) for name, row in result.get("accounts", {}).items())):
        for name, value in row.items():
            # No secret has a line break, so one search finds the secrets of all texts.
            if name != "accounts" and found_in("\n".join(_texts_in(value))):
                row[name] = scrubbed(value)
                if isinstance(value, dict) and name != "failure":
                    # A key that is masked has another path now.
                    paths.extend(f"{at}{name}.{path}" for path, _old, new in differing(value, row[name]) if new is not None)
    return paths


def _texts_in(value: t.Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, its in value.items():
            yield name
            yield from _texts_in(its)
    elif isinstance(value, list):
        for its in value:
            yield from _texts_in(its)


def _about(resource: Resource[t.Any]) -> About:
    return About(resource.look.call.codes.permission, resource.retired_warning)


def _no_memory_to_look(step: Step) -> Outcome[t.Any]:
    return Outcome(failure=Failure("operator", step, OUT_OF_MEMORY, MORE_MEMORY))
