# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the cases of a table: for real, in check mode and with the info module, each alone or all as the accounts of one call.

Each case runs with all others as accounts in all three ways, and alone for real. Of errcodes that lead to the same, only one runs alone:
the same table is asked for all of them. The cases that somebody wrote run alone in all three ways. Those that a table of faults makes do
not: alone, they would only take the same look once more.
"""

from __future__ import annotations

import collections
import dataclasses
import itertools
import json
import re
import typing as t

from tests.modules.runner import CONDITIONAL, CONDITIONAL_INFO, MENU, MENU_INFO, SWITCH, SWITCH_INFO, TAGS, TAGS_INFO

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tests.modules.case import Case
    from tests.modules.runner import Main, Modules, Result
    from tests.simulator import Account
    from tests.simulator.tags import Tag


@dataclasses.dataclass(frozen=True)
class Resource:
    """``main``, ``info``: its modules. ``changes``: the calls that change it. ``own``: the options that an account has for itself.

    ``foreseen``: what check mode returns of a case that would change it. ``found``: what the info module returns of one that is read.
    """

    main: Main
    info: Main
    changes: frozenset[str]
    own: tuple[str, ...]
    foreseen: Callable[[Case], Result]
    found: Callable[[Case], Result]


DRAFT_SWITCH = Resource(
    SWITCH,
    SWITCH_INFO,
    frozenset({"enable"}),
    (),
    lambda _case: {"changed": True, "is_open": False, "was_open": False, "verified": True, "request_sent": False},
    lambda case: {"is_open": False if "enable" in case.calls else case.row["is_open"]},
)


def _given_menu(case: Case) -> t.Any:
    buttons = case.given.get("menus.buttons")
    return {"button": buttons} if buttons else None


CUSTOM_MENU = Resource(
    MENU,
    MENU_INFO,
    frozenset({"menu_create", "menu_delete"}),
    ("menu",),
    lambda case: {
        "changed": True,
        "menu": case.options.get("menu"),
        "before": _given_menu(case),
        "verified": True,
        "request_sent": False,
    },
    lambda case: {"menu": _given_menu(case)},
)


def tags_of(found: Sequence[Tag]) -> Result:
    """The tags as a result has them, without those of the platform and those of which several have one name."""
    names = collections.Counter(tag.name for tag in found)
    return {tag.name: {"id": tag.id, "count": tag.count} for tag in found if tag.id >= 100 and names[tag.name] == 1}


def _first_tags(case: Case) -> Result:
    """What the first look shows."""
    given = case.given.get("tags.tags", [])
    views = case.given.get("tags.views", [])
    return tags_of(views[0] if views and views[0] is not None else given)


USER_TAGS = Resource(
    TAGS,
    TAGS_INFO,
    frozenset({"tags_create", "tags_update", "tags_delete"}),
    ("tags", "rename"),
    lambda case: {"changed": True, "verified": True, "request_sent": False, "before": case.row["before"]},
    lambda case: {"tags": _first_tags(case)},
)


CONDITIONAL_MENUS = Resource(
    CONDITIONAL,
    CONDITIONAL_INFO,
    frozenset({"conditional_add", "conditional_delete"}),
    ("conditional_menus",),
    lambda case: {"changed": True, "before": case.row["before"], "verified": True, "request_sent": False},
    lambda case: {"conditional_menus": case.row["before"]},
)


class Seen(t.NamedTuple):
    case: Case
    account: Account
    row: Result
    written: str = ""


@dataclasses.dataclass(frozen=True)
class Table:
    resource: Resource
    cases: Mapping[str, Case]

    def run(self, name: str, modules: Modules) -> Seen:
        """The case as a single task, and what every run must keep."""
        seen = self._alone(name, modules, self.resource.main)
        self.compare(seen)
        return seen

    def compare(self, seen: Seen) -> None:
        case, account, row = seen.case, seen.account, seen.row
        assert " ".join(account.calls) in case.allowed, row["msg"]
        assert (reason_of(row), row["failed"]) == (case.reason, case.reason is not None), row["msg"]
        assert {key: row[key] for key in case.row} == case.row, row["msg"]
        assert case.has_ended_well(account), row["msg"]
        # No change without a look before it, and none that is not told.
        for before, call in itertools.pairwise(["", *(call for call in account.calls if call != "token")]):
            assert call not in self.resource.changes or (before and before not in self.resource.changes)
        assert row["request_sent"] is bool(self.resource.changes & {*account.calls})

    def check(self, name: str, modules: Modules) -> Seen:
        """The case in check mode: the same looks, nothing is changed, and the change is foreseen."""
        seen = self._alone(name, modules, self.resource.main, check=True)
        self.compare_foreseen(seen)
        return seen

    def compare_foreseen(self, seen: Seen) -> None:
        case, account, row = seen.case, seen.account, seen.row
        assert " ".join(account.calls) in case.looks(self.resource.changes), row["msg"]
        would_change = self.would_change(case)
        expected, reason = (self.resource.foreseen(case), None) if would_change else (case.row, case.reason)
        assert {key: row[key] for key in expected} == expected, row["msg"]
        assert reason_of(row) == reason, row["msg"]
        assert not would_change or "without check mode" in row["msg"]

    def look(self, name: str, modules: Modules) -> Seen:
        """The case with the info module."""
        return self._alone(name, modules, self.resource.info)

    def compare_found(self, seen: Seen, calls: list[str], reason: str | None) -> None:
        """Nothing is changed. ``calls``: the allowed orders of calls. ``reason``: that of the failure."""
        assert not self.resource.changes & {*seen.account.calls}
        assert seen.row["changed"] is False
        row, expected = seen.row, {} if reason else self.resource.found(seen.case)
        assert " ".join(seen.account.calls) in calls, row["msg"]
        assert reason_of(row) == reason, row["msg"]
        assert {key: row[key] for key in expected} == expected, row["msg"]

    def would_change(self, case: Case) -> bool:
        return bool(self.resource.changes & {*case.allowed[0].split()})

    @property
    def alone(self) -> list[str]:
        """The cases that run as tasks of their own: all, but of the errcodes that lead to the same with a call only the first."""
        kinds: dict[str, str] = {}
        for name, case in self.cases.items():
            kinds.setdefault(repr(dataclasses.replace(case, calls=re.sub(r":-?\d+", ":errcode", case.calls))), name)
        return list(kinds.values())

    def only(self, names: Iterable[str]) -> Table:
        """A table of some of its cases."""
        return Table(self.resource, {name: self.cases[name] for name in names})

    def together(self, modules: Modules, *, check: bool = False, info: bool = False) -> dict[str, Seen]:
        """All cases as the accounts of one call, or of one for each set of options that they have. ``info``: with the info module."""
        main = self.resource.info if info else self.resource.main
        accounts: dict[str, Account] = {}
        calls: dict[str, dict[str, t.Any]] = {}
        for name, case in self.cases.items():
            account = accounts[name] = case.prepared(modules.platforms[0])
            options = self._options(case, main)
            shared = {option: value for option, value in options.items() if option not in self.resource.own}
            own = {option: value for option, value in options.items() if option in self.resource.own}
            call = calls.setdefault(json.dumps(shared), {**shared, "accounts": []})
            call["accounts"].append({"name": name, **case.credentials(modules.platforms[0], account), **own})
        seen = {}
        for call in calls.values():
            ran = modules.run(main, check=check, concurrency=32, **call)
            rows = ran.result["accounts"]
            assert list(rows) == [account["name"] for account in call["accounts"]]
            seen.update({name: Seen(self.cases[name], accounts[name], row, ran.written) for name, row in rows.items()})
        return seen

    def compare_together(self, how: str, compare: Callable[[Seen], None], modules: Modules) -> None:
        """Run all cases as accounts of one call, and compare each. ``how``: run, check or info."""
        platform = modules.platforms[0]

        def changes() -> int:
            return sum(map(platform.count, self.resource.changes))

        before = changes()
        seen = self.together(modules, check=how == "check", info=how == "info")
        wrong = misfits(compare, seen)
        assert not wrong, wrong
        # Not by account, so that a request that names no account counts as well.
        assert changes() - before == sum(call in self.resource.changes for one in seen.values() for call in one.account.calls)
        assert how == "run" or changes() == before

    def _alone(self, name: str, modules: Modules, main: Main, *, check: bool = False) -> Seen:
        case = self.cases[name]
        platform = modules.platforms[0]
        account = case.prepared(platform)
        ran = modules.run(main, check=check, **case.credentials(platform, account), **self._options(case, main))
        return Seen(case, account, ran.result, ran.written)

    def _options(self, case: Case, main: Main) -> dict[str, t.Any]:
        """Those that ``main`` has."""
        has_all = main is not self.resource.info
        return {option: value for option, value in case.options.items() if has_all or option in ("timeout", "retries")}


def reason_of(row: Result) -> str | None:
    reason: str | None = (row["failure"] or {}).get("reason")
    return reason


def misfits(compare: Callable[[Seen], None], seen: Mapping[str, Seen]) -> dict[str, str]:
    """The cases that differ from their table, all at once."""
    wrong = {}
    for name, one in seen.items():
        try:
            compare(one)
        except AssertionError as error:
            wrong[name] = str(error)
    return wrong
