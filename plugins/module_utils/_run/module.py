# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""One run of a module, from its options to its result."""

from __future__ import annotations

import contextlib
import functools
import io
import os
import re
import time
import typing as t

from .._http.errors import MORE_MEMORY, OUT_OF_MEMORY, START, Failure, surprise
from .._http.patience import Patience
from .._http.secrets import SHORTEST_MASKED
from .._resource.account import CHANGE, LOOK, RETIRED_WARNING, converge_all, foresee_all, permission_of
from .._resource.converge import converge, foresee, inspect, lost
from .._resource.menu_form import differing
from .._resource.outcome import Outcome
from .._resource.results import difference, difference_of_many, not_started, result_of_many, result_of_none, result_of_one, some
from .._text import Text, plain
from .credentials import OPTIONS, credentials_by_name, credentials_of, misshapen
from .limits import NO_THREADS, Reserve, allow_threads, fitting, load_codecs
from .operator import Operator
from .options import OptionsError, language_of, wrong_kind
from .quiet import QuietModule
from .service import Service, Sessions, secrets_masked_in
from .workers import Workers

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from .._http.errors import Step
    from .._http.secrets import Secrets
    from .._resource.account import AccountOutcome, Declared
    from .._resource.converge import Needs, Resource
    from .._resource.results import Result, Row, Rows
    from .._text import Language
    from .credentials import Credentials


T = t.TypeVar("T")

_MASKED = Text(
    "A secret or token of this run stands in what the account shows to everybody ({paths}). It is masked here. "
    "Take it out there, and reset it: others may have read it."
)

# The work for one account. Called with the sessions, the account's credentials and its name.
Work = t.Callable[["Sessions", "Credentials", str], Outcome[T]]


class About(t.NamedTuple):
    """What a run must say about its resources. ``permission``: what an account must grant a third-party platform for them.

    ``retired_warning``: the warning if the platform no longer offers a call; None if that does not happen.
    """

    permission: Text
    retired_warning: Text | None


class Module(QuietModule):
    """An AnsibleModule whose failures always have all documented keys, even if Ansible itself refuses the options.

    ``make_rows``: makes the rows of the results. Its arguments are whether the run is in check mode, and the language of the run.
    """

    def __init__(self, make_rows: Callable[[bool, Language], Rows[t.Any, t.Any]], argument_spec: dict[str, dict[str, t.Any]]) -> None:
        self._make_rows = make_rows
        self._warnings: list[str] = []
        self._secrets: Secrets | None = None
        allow_threads()
        self._operator = Operator()
        super().__init__(argument_spec=argument_spec, supports_check_mode=True)  # type: ignore[no-untyped-call]
        try:
            self._operator.begin()
        except (RuntimeError, MemoryError):
            self._watched = False
        else:
            self._watched = True

    def _load_params(self) -> None:
        super()._load_params()  # type: ignore[no-untyped-call]
        # Ansible takes away what it refuses.
        self._given = dict(self.params)

    def warn(self, warning: str, **_more: t.Any) -> None:
        """Show ``warning`` with the results. It may name a part of a menu. The secrets are not known before the end."""
        self._warnings.append(warning)

    def fail_json(self, msg: str, **result: t.Any) -> t.NoReturn:
        if "failure" not in result:
            remedy = Text("correct the option that the message names")
            failure = Failure("operator", START, plain(msg), remedy)
            if self._given.get("accounts") is not None:
                error = misshapen(self._given["accounts"], self.argument_spec["accounts"]["options"])
                if not error and re.search(r"accounts\.|'accounts'", msg):
                    # Ansible's message about an unexpected value holds the value, which may be a secret.
                    error = wrong_kind("accounts")
                if error:
                    failure = Failure("operator", START, error.what, error.remedy)
                    msg = not_started(error.what, error.remedy).said(self._language)
            result = {**self._refused(failure), **result}
            result.pop("msg")
        self._leave()
        super().fail_json(msg=msg, **result)
        raise SystemExit(1)

    def exit_json(self, **result: t.Any) -> t.NoReturn:
        self._leave()
        super().exit_json(**result)
        raise SystemExit(0)

    def _leave(self) -> None:
        for warning in self._warnings:
            said = plain(warning).said(self._language)
            super().warn(self._secrets.scrub(said) if self._secrets else said)
        self._operator.rest()

    def look(self, resource: Resource[T]) -> t.NoReturn:
        """Look at the account or the accounts in the options, return the results, and exit."""

        def work(sessions: Sessions, credentials: Credentials, _name: str) -> Outcome[T]:
            return inspect(sessions.reader(credentials), resource)

        self._run(_about(resource), work, _no_memory_to_look(resource.look.call.step))

    def converge(self, resource: Resource[T], needs_of: Callable[[str], Needs[T]]) -> t.NoReturn:
        """Change the account or the accounts in the options to the declared state, return the results, and exit.

        In check mode it only looks. ``needs_of``: returns what the account with this name needs; the name is "" if the task is for one
        account.
        """

        def only_look(sessions: Sessions, credentials: Credentials, name: str) -> Outcome[T]:
            return foresee(sessions.reader(credentials), resource, needs_of(name))

        def change(sessions: Sessions, credentials: Credentials, name: str) -> Outcome[T]:
            return converge(sessions.session(credentials), resource, needs_of(name), sessions.patience)

        if self.check_mode:
            self._run(_about(resource), only_look, _no_memory_to_look(resource.look.call.step))
        self._run(_about(resource), change, lost(resource.step, OUT_OF_MEMORY, MORE_MEMORY))

    def by_account(self, options: Iterable[str]) -> dict[str, dict[str, t.Any]]:
        """The values of ``options`` for each account, by its name. Its own value comes first, then that of the task."""
        accounts = self.params["accounts"]
        given = {"": self.params} if accounts is None else {str(one["name"] or one["appid"]): one for one in accounts}
        return {name: {key: self.params[key] if one[key] is None else one[key] for key in options} for name, one in given.items()}

    def converge_all(self, declared: Mapping[str, Declared]) -> t.NoReturn:
        """Bring the account or the accounts in the options to what they declare, return the results, and exit. In check mode only look.

        ``declared``: what each account declares, by its name; the name is "" if the task is for one account.
        """

        def only_look(sessions: Sessions, credentials: Credentials, name: str) -> AccountOutcome:
            return foresee_all(sessions.reader(credentials), declared[name])

        def change(sessions: Sessions, credentials: Credentials, name: str) -> AccountOutcome:
            return converge_all(sessions.session(credentials), declared[name], sessions.patience)

        about = About(permission_of(name for one in declared.values() for name in one), RETIRED_WARNING)
        if self.check_mode:
            self._run(about, only_look, _no_memory_to_look(LOOK))
        self._run(about, change, lost(CHANGE, OUT_OF_MEMORY, MORE_MEMORY))

    def refuse(self, failure: Failure) -> t.NoReturn:
        """Fail before anything was sent."""
        self.fail_json(**self._refused(failure))

    def _run(self, about: About, work: Work[T], without_memory: Outcome[t.Any]) -> t.NoReturn:
        """Do ``work``, return the results, and exit. No exception leaves this method, because a traceback could show a token.

        ``without_memory``: the outcome of an account if there was not enough memory for its own.
        """
        for_many = self.params["accounts"] is not None
        if not self._watched:  # without the monitor, the module could go on after its playbook has ended
            self.refuse(NO_THREADS)
        try:
            self._rehearse()
            reserve = Reserve(len(self.params["accounts"]) if for_many else 1)
            on_all = self._work_on_many if for_many else self._work_on_one
            outcomes = on_all(work, without_memory, about.permission)
        except OptionsError as error:
            self.refuse(Failure("operator", START, error.what, error.remedy))
        except Exception as unexpected:
            self.refuse(surprise(START, unexpected))
        reserve.give_back()
        if about.retired_warning and any(outcome.retired for outcome in outcomes.values()):
            self.warn(about.retired_warning)
        if for_many:
            self._forget_accounts()
            result = result_of_many(self._rows, outcomes)
        else:
            result = result_of_one(self._rows, outcomes[""])
        if self._secrets:
            masked = scrub(result, self._secrets)
            if masked:
                self.warn(_MASKED.filled(paths=some(masked)))
        diff = difference_of_many(self._rows, result["accounts"]) if for_many else difference(self._rows, t.cast("Row", result))
        if self._diff and diff is not None:
            result["diff"] = diff
        if any(outcome.failure for outcome in outcomes.values()):
            self.fail_json(**result)
        self.exit_json(**result)

    @property
    def _rows(self) -> Rows[t.Any, t.Any]:
        return self._make_rows(self.check_mode, self._language)

    @property
    def _language(self) -> Language:
        return language_of(self.params)

    def _refused(self, failure: Failure) -> Result:
        self._hide_unchecked_options()
        if self.params.get("accounts") is not None:
            return result_of_none(failure, self._language)
        return result_of_one(self._rows, Outcome(failure=failure))

    def _rehearse(self) -> None:
        """Return a result once, to nowhere. This loads what the real results need, while the process can still open files."""
        load_codecs()
        for leave in (super().exit_json, functools.partial(super().fail_json, "")):
            with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
                leave(invocation={})

    def _work_on_one(self, work: Work[T], without_memory: Outcome[T], permission: Text) -> dict[str, Outcome[T]]:
        credentials = credentials_of(self.params, os.environ, remote=self._operator.remote)
        self._secrets = secrets_masked_in(self.no_log_values)
        service = Service(
            self.params,
            [credentials],
            self._secrets,
            self.warn,
            still_wanted=self._operator.still_wanted,
            permission=permission,
        )
        sessions = Sessions(service, {"": credentials}, Patience(pauses=service.pauses, sleep=time.sleep))
        try:
            return {"": work(sessions, credentials, "")}
        except MemoryError:  # it may have come after a request was sent
            return {"": without_memory}

    def _work_on_many(self, work: Work[T], without_memory: Outcome[T], permission: Text) -> dict[str, Outcome[T]]:
        credentials = credentials_by_name(self.params)
        # Ansible does not mask these: see _forget_accounts.
        self._secrets = secrets_masked_in(set())
        concurrency = fitting(min(self.params["concurrency"], len(credentials)), self.warn)
        workers = Workers(concurrency, without_memory, self.warn)
        service = Service(
            self.params,
            credentials.values(),
            self._secrets,
            self.warn,
            max(concurrency, 1),
            workers.answered,
            self._operator.still_wanted,
            permission,
        )
        sessions = Sessions(service, credentials, workers.patience(service.pauses))
        # A thread makes an account's session only when it starts on it, so that not all of them are in memory at once.
        return workers.run({name: functools.partial(work, sessions, one, name) for name, one in credentials.items()})

    def _hide_unchecked_options(self) -> None:
        # With -vvv Ansible shows the arguments. A secret may be in the wrong option. It may also be a typo of a few characters, and masking
        # that would damage all output. And text that cannot be encoded would make the whole result fail.
        misspelt = set(self.params).difference(self.argument_spec)
        for option in (*OPTIONS, "component_appid", "component_access_token", "accounts", "api_url", "ca_path", *misspelt):
            if self.params.get(option) is not None:
                self.params[option] = "NOT SHOWN"
        self.no_log_values = {value for value in self.no_log_values if len(value) >= SHORTEST_MASKED}

    def _forget_accounts(self) -> None:
        # Ansible searches each string of the result for each secret, which takes minutes for 10,000 accounts. The result has no secrets:
        # Secrets.scrub has removed them: see scrub.
        for option in ("accounts", "component_access_token"):
            if self.params[option] is not None:
                self.params[option] = "NOT SHOWN"
        self.no_log_values = set()


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
