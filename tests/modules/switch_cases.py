# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The draft box switch: every case of its behaviour and of its faults. The form of a case: see ``Case``."""

from __future__ import annotations

import typing as t

from tests.modules.case import CHANGED, DECLARED, NOT_CHANGED, RETIRED, UNSEEN, Case, Flow, answers, errcodes
from tests.simulator import Fault
from tests.simulator.faults import ERRCODES, UNUSABLE_LOOKS

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.modules.case import Hit

ON = {"changed": False, "is_open": True, "was_open": True, "verified": True, "request_sent": False}
TURNED_ON = {"changed": True, "is_open": True, "was_open": False, "verified": True, "request_sent": True}
REFUSED = {"changed": False, "is_open": False, "was_open": False, "verified": False, "request_sent": True}
STILL_OFF = {**REFUSED, "verified": True}
UNKNOWN = {"changed": False, "is_open": None, "was_open": None, "verified": False, "request_sent": False}
IN_DOUBT = {**UNKNOWN, "was_open": False, "request_sent": True}
RETIRED_FOUND = {**UNKNOWN, "is_open": True}

OPEN = {"is_open": True}
LATER = {"lag": 1}
ONCE = {"retries": 0}
BLIND = "outcome_unknown"


def odd(body: bytes, content_type: str = "text/plain") -> dict[str, Fault]:
    return {"odd": Fault(body=body, content_type=content_type)}


# One line each: what the platform sees, what is returned, and why it failed.
BEHAVIOUR: dict[str, Case] = {
    # 1. Look, decide, enable, verify.
    "on": Case("look", ON, given=OPEN),
    "on-with-secret": Case("token look", ON, given=OPEN),
    "off": Case("look enable look", TURNED_ON),
    "off-with-secret": Case("token look enable look", TURNED_ON),
    "reply-says-on": Case("look enable:says-on", TURNED_ON),
    "shows-after-1": Case("look enable look look", TURNED_ON, given=LATER),
    "shows-after-3": Case("look enable look look look look", TURNED_ON, given={"lag": 3}),
    "never-shows": Case("look enable look look look look", STILL_OFF, "not_effective", {"lag": 99}),
    # 2. Which requests are tried again, and how often.
    "no-retries": Case("look:busy", UNKNOWN, "transient", options=ONCE),
    "three-retries": Case("look:busy look:lost look:busy look", ON, given=OPEN, options={"retries": 3}),
    "token-call-busy": Case("token:busy token look", ON, given=OPEN),
    # 3. No clear answer to an enabling request.
    "two-lost-replies": Case("look enable:lost look enable:lost+ look", TURNED_ON),
    "lost-and-late-to-show": Case("look enable:lost+ look enable look", TURNED_ON, given=LATER),
    "lost-without-retries": Case("look enable:lost look look look look", STILL_OFF, "transport", options=ONCE),
    "lost-each-time": Case("look enable:lost look enable:lost look look look look", STILL_OFF, "transport"),
    "busy-each-time": Case("look enable:busy look enable:busy look look look look", STILL_OFF, "transient"),
    "lost-and-shows-at-last": Case("look enable:lost+ look look look", TURNED_ON, given={"lag": 2}, options=ONCE),
    "lost-and-blind": Case("look enable:lost+ look:lost look:lost", IN_DOUBT, BLIND),
    "lost-and-refused": Case("look enable:lost look:40164", IN_DOUBT, BLIND),
    "accepted-and-blind": Case("look enable look:lost look:lost", IN_DOUBT, BLIND),
    "blind-at-second-verification": Case("look enable look look:lost look:lost", IN_DOUBT, BLIND, LATER),
    "lost-then-refused": Case("look enable:lost look enable:48001 look look look look", STILL_OFF, "account"),
    "lost-late-to-show-then-refused": Case("look enable:lost+ look enable:45009 look look", TURNED_ON, given={"lag": 2}),
    "lost-then-refused-and-blind": Case("look enable:lost+ look enable:48001 look:lost look:lost", IN_DOUBT, BLIND, LATER),
    # 4. Dead tokens.
    "dead-at-look": Case("token look:dead token look", ON, given=OPEN),
    "same-token-back": Case("token look:40001 token", UNKNOWN, "credential"),
    "two-deaths": Case("token look:dead token look:dead", UNKNOWN, "credential"),
    "dead-at-enable": Case("token look enable:dead token look enable look", TURNED_ON),
    "dead-at-enable-without-retries": Case("token look enable:dead token look enable look", TURNED_ON, options=ONCE),
    "dead-twice-at-enable": Case("token look enable:dead token look enable:dead", REFUSED, "credential"),
    "dead-at-look-and-enable": Case("token look:dead token look enable:dead", REFUSED, "credential"),
    "dead-at-verification": Case("token look enable look:dead token look", TURNED_ON),
    "dead-while-in-doubt": Case("token look enable:lost look:40001 token", IN_DOUBT, BLIND),
    "dead-and-no-new-one": Case("token look:dead token:40125", UNKNOWN, "operator"),
    "dead-at-enable-and-token-call-busy": Case("token look enable:dead token:busy token:busy", REFUSED, "transient"),
    "dead-at-enable-and-token-call-lost": Case("token look enable:dead token:lost token:lost", REFUSED, "transport"),
    "dead-at-enable-and-token-call-refused": Case("token look enable:dead token:40164", REFUSED, "operator"),
    **{
        f"dead-with-{code}": Case("token look:gone token look", ON, given=OPEN, faults={"gone": Fault(errcode=code, new_token=True)})
        for code in (40001, 40014, 42001, 48012)
    },
    "given-token-dead": Case("look:40001", UNKNOWN, "credential"),
    # 5. Answers that look wrong but are read correctly.
    "numbers-as-strings": Case("look:odd", ON, faults=odd(b'{"errcode":"0","errmsg":"ok","is_open":"1"}')),
    "numbers-as-floats": Case("look:odd", ON, faults=odd(b'{"errcode":0.0,"errmsg":"ok","is_open":1.0}')),
    "is-open-boolean": Case("look:odd", ON, faults=odd(b'{"errcode":0,"is_open":true}')),
    "is-open-without-errcode": Case("look:odd", UNKNOWN, "protocol", faults=odd(b'{"is_open":1}')),
    "control-characters": Case("look:odd", ON, faults=odd(b'{"errcode":0,"errmsg":"o\x01\nk","is_open":1}')),
    "wrong-charset": Case("look:odd", ON, faults=odd('{"errcode":0,"errmsg":"好","is_open":1}'.encode(), "text/html; charset=gbk")),
    "odd-content-type": Case("look:odd", ON, faults=odd(b'\xef\xbb\xbf{"errcode":0,"is_open":1}', "application/json; encoding=utf-8")),
    "off-as-string": Case("look:odd enable look", TURNED_ON, faults=odd(b'{"errcode":"0","is_open":"0"}')),
    "off-as-boolean": Case("look:odd enable look", TURNED_ON, faults=odd(b'{"errcode":0,"is_open":false}')),
    "errcode-as-string": Case("look:odd", UNKNOWN, "account", faults=odd(b'{"errcode":"48001","errmsg":"api unauthorized"}')),
    "errcode-as-float": Case("look:odd", RETIRED_FOUND, faults=odd(b'{"errcode":45103.0,"errmsg":"gone"}')),
    "not-utf-8": Case("look:odd", UNKNOWN, "account", faults=odd(b'{"errcode":48001,"errmsg":"\xb2\xbb"}')),
    "odd-enabling-reply": Case("look enable:odd+ look", TURNED_ON, faults=odd(b'{"errcode":0,"is_open":7}')),
    "enabling-reply-says-off": Case("look enable:odd+ look", TURNED_ON, faults=odd(b'{"errcode":0,"errmsg":"ok","is_open":0}')),
    # 6. The platform no longer offers a call.
    **{f"look-errcode{code}": Case(f"look:{code}", RETIRED_FOUND) for code in RETIRED},
    **{f"enable-errcode{code}": Case(f"look enable:{code}", {**IN_DOUBT, "is_open": True}) for code in RETIRED},
    "retired-at-verification": Case("look enable look:48009", {**IN_DOUBT, "is_open": True}),
}

FLOW = Flow("look", "enable", "look")
_ROWS = {DECLARED: ON, CHANGED: TURNED_ON, NOT_CHANGED: REFUSED, UNSEEN: UNKNOWN}


def _of(hits: Mapping[str, Hit]) -> dict[str, Case]:
    return {
        name: Case(hit.calls, _ROWS[hit.ending], hit.reason, OPEN if hit.ending == DECLARED else {}, hit.options)
        for name, hit in hits.items()
        if name not in BEHAVIOUR
    }


def _unusable() -> dict[str, Case]:
    cases = {}
    for name, fault in UNUSABLE_LOOKS.items():
        cases[f"look-{name}"] = Case("look:odd", UNKNOWN, "protocol", faults={"odd": fault})
        cases[f"verification-{name}"] = Case("look enable look:odd", IN_DOUBT, BLIND, faults={"odd": fault})
    return cases


CASES: dict[str, Case] = {
    **BEHAVIOUR,
    **_of(errcodes(FLOW, ("look", "enable", "token"), ERRCODES)),
    **_of(answers(FLOW, ("look", "enable", "token"))),
    **_unusable(),
}
