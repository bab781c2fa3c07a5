# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cases of the tables: an account, the faults of its calls, and the expected result."""

from __future__ import annotations

import dataclasses
import itertools
import typing as t

from tests.simulator import Fault
from tests.simulator.faults import ANSWERS, ERRCODES, SENSELESS_LOOKS, carried_out

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# What each errcode means, from the platform's documentation. It is not taken from the plugins, so that the tests can find mistakes there.
REASONS = {
    "transient": {-1, 268487001, 268487002},
    "credential": {40001, 40014, 42001, 48012, 42006},
    "account": {48001, 40200},
    "quota": {45009, 45011, 48006},
    "protocol": {40002, 41001, 43002, 44002, 47001, 40170},
}
RETIRED = {45103, 48009}
BUSY = Fault(errcode=-1)
LOST = Fault(lost=True)

# Faults of an answer that may pass, by the reason of the failure if they do not.
PASSING = {
    "transient": {"busy", "http-500", "http-502", "http-429"},
    "transport": {"lost", "late", "cut"},
    "protocol": {
        "empty",
        "html",
        "not-an-object",
        "null",
        "truncated",
        "too-deep",
        "binary",
        "too-large",
    },
}

ON = {"changed": False, "is_open": True, "was_open": True, "verified": True, "request_sent": False}
TURNED_ON = {"changed": True, "is_open": True, "was_open": False, "verified": True, "request_sent": True}
REFUSED = {"changed": False, "is_open": False, "was_open": False, "verified": False, "request_sent": True}
STILL_OFF = {**REFUSED, "verified": True}
UNKNOWN = {"changed": False, "is_open": None, "was_open": None, "verified": False, "request_sent": False}
IN_DOUBT = {**UNKNOWN, "was_open": False, "request_sent": True}
RETIRED_FOUND = {**UNKNOWN, "is_open": True}


@dataclasses.dataclass(frozen=True)
class Case:
    """``reason``: the reason of the failure, or None. ``calls``: all calls that the platform must receive, in order.

    ``token``: the user gives a token, instead of appid and secret.
    """

    expected: dict[str, t.Any]
    calls: str
    reason: str | None = None
    is_open: bool = False
    token: bool = True
    lag: int = 0
    options: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    look: tuple[Fault, ...] = ()
    enable: tuple[Fault, ...] = ()
    token_call: tuple[Fault, ...] = ()


def reason_of(code: int) -> str:
    return next((reason for reason, codes in REASONS.items() if code in codes), "operator")


def passes(name: str) -> bool:
    return any(name in names for names in PASSING.values())


def lasting_reason(name: str) -> str:
    if name == "echo":
        return "operator"
    return next((reason for reason, names in PASSING.items() if name in names), "protocol")


def behaviour() -> dict[str, Case]:
    """The module's behaviour, one rule after the other."""
    dead, same = Fault(errcode=40001, new_token=True), Fault(errcode=40001)
    return {
        # 1. Look, decide, enable, verify.
        "on": Case(ON, "look", is_open=True),
        "on-with-secret": Case(ON, "token look", is_open=True, token=False),
        "off": Case(TURNED_ON, "look enable look"),
        "off-with-secret": Case(TURNED_ON, "token look enable look", token=False),
        "reply-says-on": Case(TURNED_ON, "look enable", enable=(Fault(says_on=True),)),
        "shows-after-1": Case(TURNED_ON, "look enable look look", lag=1),
        "shows-after-3": Case(TURNED_ON, "look enable look look look look", lag=3),
        "never-shows": Case(STILL_OFF, "look enable look look look look", "not_effective", lag=99),
        # 2. Which requests are tried again, and how often.
        "no-retries": Case(UNKNOWN, "look", "transient", look=(BUSY,), options={"retries": 0}),
        "three-retries": Case(ON, "look look look look", is_open=True, look=(BUSY, LOST, BUSY), options={"retries": 3}),
        "token-call-busy": Case(ON, "token token look", is_open=True, token=False, token_call=(BUSY,)),
        # 3. No clear answer to an enabling request.
        "two-lost-replies": Case(TURNED_ON, "look enable look enable look", enable=(LOST, carried_out(LOST))),
        "lost-and-late-to-show": Case(TURNED_ON, "look enable look enable look", lag=1, enable=(carried_out(LOST),)),
        "lost-without-retries": Case(STILL_OFF, "look enable look look look look", "transport", enable=(LOST,), options={"retries": 0}),
        "lost-each-time": Case(STILL_OFF, "look enable look enable look look look look", "transport", enable=(LOST, LOST)),
        "busy-each-time": Case(STILL_OFF, "look enable look enable look look look look", "transient", enable=(BUSY, BUSY)),
        "lost-and-shows-at-last": Case(TURNED_ON, "look enable look look look", lag=2, enable=(carried_out(LOST),), options={"retries": 0}),
        "lost-and-blind": Case(
            IN_DOUBT, "look enable look look", "outcome_unknown", enable=(carried_out(LOST),), look=(Fault(), LOST, LOST)
        ),
        "lost-and-refused": Case(IN_DOUBT, "look enable look", "outcome_unknown", enable=(LOST,), look=(Fault(), Fault(errcode=40164))),
        "accepted-and-blind": Case(IN_DOUBT, "look enable look look", "outcome_unknown", look=(Fault(), LOST, LOST)),
        "blind-at-second-verification": Case(
            IN_DOUBT, "look enable look look look", "outcome_unknown", lag=1, look=(Fault(), Fault(), LOST, LOST)
        ),
        "lost-then-refused": Case(STILL_OFF, "look enable look enable look look look look", "account", enable=(LOST, Fault(errcode=48001))),
        "lost-late-to-show-then-refused": Case(
            TURNED_ON, "look enable look enable look look", lag=2, enable=(carried_out(LOST), Fault(errcode=45009))
        ),
        "lost-then-refused-and-blind": Case(
            IN_DOUBT,
            "look enable look enable look look",
            "outcome_unknown",
            enable=(carried_out(LOST), Fault(errcode=48001)),
            look=(Fault(), Fault(), LOST, LOST),
            lag=1,
        ),
        # 4. Dead tokens.
        "dead-at-look": Case(ON, "token look token look", is_open=True, token=False, look=(dead,)),
        "same-token-back": Case(UNKNOWN, "token look token", "credential", token=False, look=(same,)),
        "two-deaths": Case(UNKNOWN, "token look token look", "credential", token=False, look=(dead, dead)),
        "dead-at-enable": Case(TURNED_ON, "token look enable token look enable look", token=False, enable=(dead,)),
        "dead-at-enable-without-retries": Case(
            TURNED_ON, "token look enable token look enable look", token=False, enable=(dead,), options={"retries": 0}
        ),
        "dead-twice-at-enable": Case(REFUSED, "token look enable token look enable", "credential", token=False, enable=(dead, dead)),
        "dead-at-look-and-enable": Case(REFUSED, "token look token look enable", "credential", token=False, look=(dead,), enable=(dead,)),
        "dead-at-verification": Case(TURNED_ON, "token look enable look token look", token=False, look=(Fault(), dead)),
        "dead-while-in-doubt": Case(
            IN_DOUBT, "token look enable look token", "outcome_unknown", token=False, enable=(LOST,), look=(Fault(), same)
        ),
        "dead-and-no-new-one": Case(
            UNKNOWN, "token look token", "operator", token=False, look=(dead,), token_call=(Fault(), Fault(errcode=40125))
        ),
        "dead-at-enable-and-token-call-busy": Case(
            REFUSED,
            "token look enable token token",
            "transient",
            token=False,
            enable=(dead,),
            token_call=(Fault(), BUSY, BUSY),
        ),
        "dead-at-enable-and-token-call-lost": Case(
            REFUSED,
            "token look enable token token",
            "transport",
            token=False,
            enable=(dead,),
            token_call=(Fault(), LOST, LOST),
        ),
        "dead-at-enable-and-token-call-refused": Case(
            REFUSED,
            "token look enable token",
            "operator",
            token=False,
            enable=(dead,),
            token_call=(Fault(), Fault(errcode=40164)),
        ),
        **{
            f"dead-with-{code}": Case(ON, "token look token look", is_open=True, token=False, look=(Fault(errcode=code, new_token=True),))
            for code in (40001, 40014, 42001, 48012)
        },
        "given-token-dead": Case(UNKNOWN, "look", "credential", look=(same,)),
        # 5. Answers that look wrong but are read correctly.
        "numbers-as-strings": Case(ON, "look", look=(Fault(body=b'{"errcode":"0","errmsg":"ok","is_open":"1"}'),)),
        "numbers-as-floats": Case(ON, "look", look=(Fault(body=b'{"errcode":0.0,"errmsg":"ok","is_open":1.0}'),)),
        "is-open-boolean": Case(ON, "look", look=(Fault(body=b'{"errcode":0,"is_open":true}'),)),
        "is-open-without-errcode": Case(UNKNOWN, "look", "protocol", look=(Fault(body=b'{"is_open":1}'),)),
        "control-characters": Case(ON, "look", look=(Fault(body=b'{"errcode":0,"errmsg":"o\x01\nk","is_open":1}'),)),
        "wrong-charset": Case(
            ON, "look", look=(Fault(body='{"errcode":0,"errmsg":"好","is_open":1}'.encode(), content_type="text/html; charset=gbk"),)
        ),
        "odd-content-type": Case(
            ON, "look", look=(Fault(body=b'\xef\xbb\xbf{"errcode":0,"is_open":1}', content_type="application/json; encoding=utf-8"),)
        ),
        "off-as-string": Case(TURNED_ON, "look enable look", look=(Fault(body=b'{"errcode":"0","is_open":"0"}'),)),
        "off-as-boolean": Case(TURNED_ON, "look enable look", look=(Fault(body=b'{"errcode":0,"is_open":false}'),)),
        "errcode-as-string": Case(UNKNOWN, "look", "account", look=(Fault(body=b'{"errcode":"48001","errmsg":"api unauthorized"}'),)),
        "errcode-as-float": Case(RETIRED_FOUND, "look", look=(Fault(body=b'{"errcode":45103.0,"errmsg":"gone"}'),)),
        "not-utf-8": Case(UNKNOWN, "look", "account", look=(Fault(body=b'{"errcode":48001,"errmsg":"\xb2\xbb"}'),)),
        "odd-enabling-reply": Case(TURNED_ON, "look enable look", enable=(carried_out(Fault(body=b'{"errcode":0,"is_open":7}')),)),
        "enabling-reply-says-off": Case(
            TURNED_ON, "look enable look", enable=(carried_out(Fault(body=b'{"errcode":0,"errmsg":"ok","is_open":0}')),)
        ),
        # 6. Retired. (The two codes, on each call, are in the table of errcodes.)
        "retired-at-verification": Case({**IN_DOUBT, "is_open": True}, "look enable look", look=(Fault(), Fault(errcode=48009))),
    }


# How the work on an account ends, as far as the tables of faults know.
DECLARED, CHANGED, NOT_CHANGED, UNSEEN, DOUBT = "as declared", "changed", "not changed", "never seen", "in doubt"


@dataclasses.dataclass(frozen=True)
class Flow:
    """The calls of a task that changes an account. ``looks``: before the change. ``after``: a look that finds the change done.

    ``again``: the looks before the change is sent again; those of ``looks`` if empty.
    """

    looks: tuple[str, ...]
    change: str
    after: tuple[str, ...]
    again: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Hit:
    """``faults`` of one of a flow's calls, all calls that the platform must receive then, and how the work ends."""

    call: str
    faults: tuple[Fault, ...]
    calls: tuple[str, ...]
    ending: str
    reason: str | None = None


SWITCH = Flow(("look",), "enable", ("look",))


def errcodes(flow: Flow, calls: Iterable[str], codes: Iterable[int], means: Callable[[int], str] = reason_of) -> dict[str, Hit]:
    """Each of ``codes``, on each of ``calls``. The flow's calls may be hit, and the call for a token that comes before them.

    ``means``: returns the reason of the failure for a code.
    """
    hits = {}
    for call, code in itertools.product(calls, codes):
        # For a call for a token, 40001 is about the AppSecret.
        reason = "operator" if (call, code) == ("token", 40001) else means(code)
        hits.update(_hits(flow, call, f"errcode{code}", Fault(errcode=code), reason, passes=reason == "transient", refuses=True))
    return hits


def answers(flow: Flow, calls: Iterable[str], faults: Mapping[str, Fault] = ANSWERS) -> dict[str, Hit]:
    """Each way in which an answer can be missing or make no sense, on each of ``calls``: see ``errcodes``."""
    hits = {}
    for call, (name, fault) in itertools.product(calls, faults.items()):
        hits.update(_hits(flow, call, name, fault, lasting_reason(name), passes=passes(name), refuses=name == "echo"))
    return hits


def _hits(flow: Flow, call: str, name: str, fault: Fault, reason: str, *, passes: bool, refuses: bool) -> dict[str, Hit]:
    if call == flow.change:
        if refuses and not passes:
            return {f"{call}-{name}": Hit(call, (fault,), (*flow.looks, call), NOT_CHANGED, reason)}
        hits = {f"{call}-{name}": Hit(call, (fault,), (*flow.looks, call, *(flow.again or flow.looks), call, *flow.after), CHANGED)}
        if not refuses:
            hits[f"{call}-{name}-carried-out"] = Hit(call, (carried_out(fault),), (*flow.looks, call, *flow.after), CHANGED)
        return hits
    before = () if call == "token" else flow.looks[: flow.looks.index(call)]
    tries = (call, call) if passes else (call,)
    hits = {f"{call}-{name}": Hit(call, (fault, fault), (*before, *tries), UNSEEN, reason)}
    if passes and call != "token" and not refuses:
        hits[f"{call}-{name}-once"] = Hit(call, (fault,), (*before, *tries), DECLARED)
    return hits


_EXPECTED = {DECLARED: ON, CHANGED: TURNED_ON, NOT_CHANGED: REFUSED, UNSEEN: UNKNOWN}


def _of_switch(hits: Mapping[str, Hit]) -> dict[str, Case]:
    cases = {}
    for name, hit in hits.items():
        plan = {"token_call" if hit.call == "token" else hit.call: hit.faults}
        on, token = hit.ending == DECLARED, hit.call != "token"
        cases[name] = Case(_EXPECTED[hit.ending], " ".join(hit.calls), hit.reason, is_open=on, token=token, **plan)  # type: ignore[arg-type]
    return cases


def retired() -> dict[str, Case]:
    faults = {f"errcode{code}": Fault(errcode=code) for code in RETIRED}
    return {f"look-{name}": Case(RETIRED_FOUND, "look", look=(fault,)) for name, fault in faults.items()} | {
        f"enable-{name}": Case({**IN_DOUBT, "is_open": True}, "look enable", enable=(fault,)) for name, fault in faults.items()
    }


def senseless_looks() -> dict[str, Case]:
    cases = {}
    for name, fault in SENSELESS_LOOKS.items():
        cases[f"look-{name}"] = Case(UNKNOWN, "look", "protocol", look=(fault,))
        cases[f"verification-{name}"] = Case(IN_DOUBT, "look enable look", "outcome_unknown", look=(Fault(), fault))
    return cases


CASES: dict[str, Case] = {
    **behaviour(),
    **_of_switch(errcodes(SWITCH, ("look", "enable", "token"), ERRCODES)),
    **_of_switch(answers(SWITCH, ("look", "enable", "token"))),
    **retired(),
    **senseless_looks(),
}
