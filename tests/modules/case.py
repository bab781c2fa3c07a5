# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one form of a case, for all resources: an account, the calls of a run with what goes wrong with them, and the result."""

from __future__ import annotations

import copy
import dataclasses
import itertools
import typing as t

from tests.simulator import Fault
from tests.simulator.faults import ANSWERS
from tests.simulator.raw import RawServer, Script

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tests.simulator import Account, Simulator

    AnyPlatform = Simulator | RawServer
    AnyFault = Fault | Script

Row = dict[str, t.Any]

# Faults by name. A number is the fault with this errcode.
FAULTS: dict[str, Fault] = {**ANSWERS, "dead": Fault(errcode=40001, new_token=True), "says-on": Fault(says_on=True)}


@dataclasses.dataclass(frozen=True)
class Case:
    """An account, one run, and its result.

    ``calls``: all calls that the platform must receive, in order. Behind a colon stands what goes wrong with a call: a name in ``FAULTS``
    or ``faults``, or an errcode; a + behind that means that the call is carried out nevertheless. Other orders that are allowed follow
    behind " | ". With a call for a token in them, the user gives AppID and AppSecret, otherwise a token.
    ``row``: values of the result. ``reason``: the reason of the failure. ``options``: those of the task.
    ``given``: what the account has, and ``ends``: what it has in the end, by the names of ``Account``: is_open, menus.buttons, tags.names.
    ``writer``: a call, and what somebody else does right after it: the buttons that are set, or what is done with ``Menus`` or ``Tags``.
    """

    calls: str
    row: Row
    reason: str | None = None
    given: Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    options: Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    faults: Mapping[str, AnyFault] = dataclasses.field(default_factory=dict)
    ends: Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    writer: tuple[str, t.Any] | None = None

    @property
    def allowed(self) -> list[str]:
        """The orders of calls, without the faults."""
        return [" ".join(call for call, _fault in steps_of(order)) for order in self.calls.split(" | ")]

    @property
    def with_secret(self) -> bool:
        return "token" in self.allowed[0].split()

    def looks(self, changes: Iterable[str]) -> list[str]:
        """The orders of calls before the first of ``changes``."""
        return [" ".join(itertools.takewhile(lambda call: call not in changes, order.split())) for order in self.allowed]

    def prepared(self, platform: AnyPlatform) -> Account:
        """An account as the case has it."""
        account = platform.add()
        for name, value in self.given.items():
            # The simulator changes it, and other tests use the case as well.
            setattr(*_place(account, name), copy.deepcopy(value))
        if self.writer:
            call, does = self.writer
            place: t.Any = account.tags if call.startswith("tags_") else account.menus
            place.after(call, does if callable(does) else lambda menus: menus.set(copy.deepcopy(does)))
        for call, faults in self.plan().items():
            for fault in faults:
                if isinstance(platform, RawServer):
                    assert fault is None or isinstance(fault, Script)
                    platform.script(account, call, fault or Script())
                else:
                    assert fault is None or isinstance(fault, Fault)
                    account.plan(call, fault or Fault())
        return account

    def plan(self) -> dict[str, list[AnyFault | None]]:
        """What goes wrong with the first, second ... of each call, up to the last one with which something does."""
        names: dict[str, list[str]] = {}
        for call, fault in steps_of(self.calls.split(" | ")[0]):
            names.setdefault(call, []).append(fault)
        for faults in names.values():
            while faults and not faults[-1]:
                faults.pop()
        return {call: [self._fault(name) for name in faults] for call, faults in names.items()}

    def _fault(self, name: str) -> AnyFault | None:
        bare = name.removesuffix("+")
        fault = self.faults.get(bare) or FAULTS.get(bare) or (Fault(errcode=int(bare)) if bare else None)
        return dataclasses.replace(fault, carried_out=bare != name) if fault else None

    def credentials(self, platform: AnyPlatform, account: Account) -> dict[str, str]:
        if self.with_secret:
            return {"appid": account.appid, "secret": account.secret}
        return {"access_token": platform.issue(account)}

    def has_ended_well(self, account: Account) -> bool:
        return {name: getattr(*_place(account, name)) for name in self.ends} == self.ends


def _place(account: Account, name: str) -> tuple[t.Any, str]:
    place, _dot, field = name.rpartition(".")
    return (getattr(account, place), field) if place else (account, name)


def steps_of(order: str) -> Iterator[tuple[str, str]]:
    """Each call, and what goes wrong with it."""
    for step in order.split():
        call, _colon, fault = step.partition(":")
        yield call, fault


# What each errcode means, from the platform's documentation. It is not taken from the plugins, so that the tests can find mistakes there.
REASONS = {
    "transient": {-1, 268487001, 268487002},
    "credential": {40001, 40014, 42001, 48012, 42006},
    "account": {48001, 40200},
    "quota": {45009, 45011, 48006},
    "protocol": {40002, 41001, 43002, 44002, 47001, 40170},
}
RETIRED = {45103, 48009}

# Faults of an answer that may pass, by the reason of the failure if they do not.
PASSING = {
    "transient": {"busy", "http-500", "http-502", "http-429"},
    "transport": {"lost", "late", "cut"},
    "protocol": {"empty", "html", "not-an-object", "null", "truncated", "too-deep", "binary", "too-large"},
}

# How the work on an account ends.
DECLARED, CHANGED, NOT_CHANGED, UNSEEN, DOUBT = "as declared", "changed", "not changed", "never seen", "in doubt"
# No look shows the change, and it is not sent again.
NOT_SHOWN = "not shown"


def reason_of(code: int) -> str:
    return next((reason for reason, codes in REASONS.items() if code in codes), "operator")


@dataclasses.dataclass(frozen=True)
class Flow:
    """The calls of a task that changes an account. ``looks``: before the change. ``after``: looks that find the change done.

    ``again``: the looks before the change is sent again; those of ``looks`` if empty. ``once``: it is never sent again; looks decide.
    """

    looks: str
    change: str
    after: str
    again: str = ""
    once: bool = False


class Hit(t.NamedTuple):
    """What a fault of one call leads to. ``options``: those that the case needs."""

    calls: str
    ending: str
    reason: str | None
    options: dict[str, t.Any]


def errcodes(flow: Flow, calls: Iterable[str], codes: Iterable[int], means: Callable[[int], str] = reason_of) -> dict[str, Hit]:
    """Each of ``codes``, on each of ``calls``. The flow's calls may be hit, and the call for a token that comes before them.

    ``means``: returns the reason of the failure for a code.
    """
    hits = {}
    for call, code in itertools.product(calls, codes):
        # For a call for a token, 40001 is about the AppSecret.
        reason = "operator" if (call, code) == ("token", 40001) else means(code)
        hits.update(_hits(flow, call, f"errcode{code}", str(code), reason, passes=reason == "transient", refuses=True))
    return hits


def answers(flow: Flow, calls: Iterable[str]) -> dict[str, Hit]:
    """Each way in which an answer can be missing or make no sense, on each of ``calls``: see ``errcodes``."""
    hits = {}
    for call, name in itertools.product(calls, ANSWERS):
        passing = next((reason for reason, names in PASSING.items() if name in names), None)
        refuses = name == "echo"
        reason = passing or ("operator" if refuses else "protocol")
        hits.update(_hits(flow, call, name, name, reason, passes=bool(passing), refuses=refuses))
    return hits


def _hits(flow: Flow, call: str, name: str, fault: str, reason: str, *, passes: bool, refuses: bool) -> dict[str, Hit]:
    options = {"timeout": 2} if fault == "late" else {}
    bad, name = f"{call}:{fault}", f"{call}-{name}"
    if call == flow.change:
        if refuses and not passes:
            return {name: Hit(f"{flow.looks} {bad}", NOT_CHANGED, reason, options)}
        hits = {name: Hit(f"{flow.looks} {bad} {flow.again or flow.looks} {call} {flow.after}", CHANGED, None, options)}
        if flow.once:
            hits = {name: Hit(f"{flow.looks} {bad} {' '.join([flow.again] * 4)}", NOT_SHOWN, reason, options)}
        if not refuses:
            hits[f"{name}-carried-out"] = Hit(f"{flow.looks} {bad}+ {flow.after}", CHANGED, None, options)
        return hits
    looks = flow.looks.split()
    before = [] if call == "token" else looks[: looks.index(call)]
    hits = {name: Hit(" ".join([*before, bad, *([bad] if passes else [])]), UNSEEN, reason, options)}
    if passes and call != "token" and not refuses:
        hits[f"{name}-once"] = Hit(" ".join([*before, bad, call]), DECLARED, None, options)
    return hits
