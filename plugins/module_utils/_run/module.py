# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An AnsibleModule around the work of one task."""

from __future__ import annotations

import re
import typing as t

from .._http.errors import START, Failure
from .._http.secrets import SHORTEST_MASKED
from .._resource.account import FoundRows
from .._resource.results import not_started
from .._text import Text, verbatim
from .credentials import OPTIONS, wrong_shape
from .limits import NO_THREADS, allow_threads
from .options import language_of, wrong_kind
from .quiet import QuietModule
from .waiting import WaitingPlaybook
from .work import NoRecord, OnlyKept, Run

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from .._resource.converge import NextChange, Resource
    from .._resource.results import Result, Rows
    from .._text import Language

T = t.TypeVar("T")

# The names of what a role's action tells the module besides its options. The first: see ``OnlyKept``. With the second one, the module only
# looks, at every resource.
KEPT = "_kept"
LOOK_AT_ACCOUNT = "_look_at_all"
_OF_ANSIBLE = re.compile("^_(?=_ansible_)")


class Module(QuietModule):
    """An AnsibleModule whose failures always have all documented keys, even if Ansible itself refuses the options.

    ``make_rows``: makes the rows of the results. Its arguments are whether the run is in check mode, and the language of the run.
    """

    def __init__(self, make_rows: Callable[[bool, Language], Rows[t.Any, t.Any]], argument_spec: dict[str, dict[str, t.Any]]) -> None:
        self._make_rows = make_rows
        self._warnings: list[str] = []
        self._run: Run | None = None
        allow_threads()
        self._playbook = WaitingPlaybook()
        super().__init__(argument_spec=argument_spec, supports_check_mode=True)  # type: ignore[no-untyped-call]
        # The checked options are a copy. For 100,000 accounts, nobody needs both.
        self._given = self.params
        try:
            self._playbook.begin()
        except (RuntimeError, MemoryError):  # without the monitor, the module could go on after its playbook has ended
            self.refuse(NO_THREADS)

    def _load_params(self) -> None:
        super()._load_params()  # type: ignore[no-untyped-call]
        # From the action of a role, and no option.
        self._kept = self.params.pop(KEPT, None)
        self._looks_at_account = self.params.pop(LOOK_AT_ACCOUNT, None)
        # Ansible takes away what it refuses.
        self._given = dict(self.params)

    def warn(self, warning: str, **_more: t.Any) -> None:
        """Show ``warning`` with the results. It may name a part of a menu. The secrets are not known before the end."""
        self._warnings.append(warning)

    def fail_json(self, msg: str, **result: t.Any) -> t.NoReturn:
        if "failure" not in result:
            failure, msg = refused_options(msg, self._given, self.argument_spec, language_of(self.params))
            result = {**self._hiding(self._task().refused(failure)), **result}
            for name in ("msg", "failed"):
                result.pop(name, None)
        self._leave()
        super().fail_json(msg=msg, **result)
        raise SystemExit(1)

    def exit_json(self, **result: t.Any) -> t.NoReturn:
        self._leave()
        super().exit_json(**result)
        raise SystemExit(0)

    def _leave(self) -> None:
        secrets = self._run.secrets if self._run else None
        for warning in self._warnings:
            said = verbatim(warning).said(language_of(self.params))
            super().warn(secrets.scrub(said) if secrets else said)

    def look(self, resource: Resource[T]) -> t.NoReturn:
        """Look at the account or the accounts in the options, return the results, and exit."""
        self._end(self._task().look(resource))

    def look_at_parts(self) -> t.NoReturn:
        """Look at the parts of the account or the accounts that the options name, return the results, and exit."""
        self._end(self._task().look_at_parts())

    def converge(self, resource: Resource[T], next_change_of: Callable[[str], NextChange[T]]) -> t.NoReturn:
        """Change the account or the accounts in the options to the declared state, return the results, and exit.

        ``next_change_of``: as in ``Run.converge``.
        """
        self._end(self._task().converge(resource, next_change_of))

    def converge_account(self) -> t.NoReturn:
        """Bring the account or the accounts in the options to what they declare, return the results, and exit."""
        if self._looks_at_account:
            self._make_rows = FoundRows
        task = self._task()
        self._end(task.look_at_account() if self._looks_at_account else task.converge_account())

    def refuse(self, failure: Failure) -> t.NoReturn:
        """Fail before anything was sent."""
        self._end(self._task().refused(failure))

    def _task(self) -> Run:
        record = NoRecord() if self._kept is None else OnlyKept(self._kept)
        self._run = Run(self._make_rows, self.params, self.check_mode, self._diff, self._playbook, self.no_log_values, self.warn, record)
        return self._run

    def _hiding(self, result: Result) -> Result:
        """``result``, after the options are hidden that Ansible would show or search."""
        if self._run and self._run.was_refused:
            self._hide_unchecked_options()
        elif self.params["accounts"] is not None:
            self._forget_accounts()
        return result

    def _end(self, result: Result) -> t.NoReturn:
        result = _sendable(self._hiding(result))
        if result.pop("failed"):
            self.fail_json(**result)
        self.exit_json(**result)

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
        # see scrub.
        for option in ("accounts", "component_access_token"):
            if self.params[option] is not None:
                self.params[option] = "NOT SHOWN"
        self.no_log_values = set()


def _sendable(value: t.Any) -> t.Any:
    """``value`` without keys that Ansible takes for its own on their way from a module. The name of a tag can be such a key.

    Their escape is a name that cannot be declared.
    """
    if isinstance(value, dict):
        return {_OF_ANSIBLE.sub(r"\\u005f", str(name)): _sendable(its) for name, its in value.items()}
    return [*map(_sendable, value)] if isinstance(value, (list, tuple)) else value


def refused_options(msg: str, given: t.Mapping[str, t.Any], spec: t.Mapping[str, t.Any], language: Language) -> tuple[Failure, str]:
    """Why Ansible has refused the options ``given``, and the message about that. ``msg``: its own message."""
    if given.get("accounts") is not None:
        error = wrong_shape(given["accounts"], spec["accounts"]["options"])
        if not error and re.search(r"accounts\.|'accounts'", msg):
            # Ansible's message about an unexpected value holds the value, which may be a secret.
            error = wrong_kind("accounts")
        if error:
            return Failure("operator", START, error.what, error.remedy), not_started(error.what, error.remedy).said(language)
    return Failure("operator", START, verbatim(msg), Text("correct the option that the message names")), msg
