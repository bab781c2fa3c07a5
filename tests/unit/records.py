# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records of plays that nobody has run, for the tests of records and reports."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._account.tokens import GET_TOKEN
from ansible_collections.wxops.official_account.plugins.module_utils._http.errcodes import TOKEN_CALL, refusal
from ansible_collections.wxops.official_account.plugins.module_utils._resource import account
from ansible_collections.wxops.official_account.plugins.module_utils._resource.draft_switch import DRAFT_SWITCH
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu import MenuState
from ansible_collections.wxops.official_account.plugins.module_utils._resource.outcome import Outcome
from ansible_collections.wxops.official_account.plugins.plugin_utils._record import Record, Recorded, begin, read

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import Failure

Row = dict[str, t.Any]


def row(check_mode: bool = False, language: str = "en", **outcomes: Outcome[t.Any]) -> Row:
    """What ``wechat_account`` returns. ``outcomes``: by the name of the resource; without any, the one of the account as ``own``."""
    rows = account.AccountRows(check_mode)
    outcome = outcomes.pop("own", None) or account._of(outcomes.items())
    made = t.cast("Row", rows.one(outcome))
    if language == "zh":
        _translate(made, rows.sentence(outcome), outcome.failure)
        for name, its in outcomes.items():
            _translate(made["resources"][name], rows._rows[name].sentence(its), its.failure)
    return made


def _translate(made: Row, sentence: t.Any, failure: Failure | None) -> None:
    made["msg"] = sentence.zh
    if failure:
        made["failure"]["remedy"] = f"{failure.remedy.zh}。"


def menu(*urls: str) -> MenuState:
    return MenuState({"button": [{"name": f"B{number}", "type": "view", "url": url} for number, url in enumerate(urls)]})


ON = Outcome(now=True, before=True, verified=True)
TURNED_ON = Outcome(changed=True, now=True, before=False, verified=True, request_sent=True)
RETIRED = Outcome(now=True, retired=True)
UNLISTED = Outcome[t.Any](failure=refusal(GET_TOKEN, TOKEN_CALL, 40164, "invalid ip 203.0.113.7, not in whitelist", 200))
FROZEN = Outcome[t.Any](failure=refusal(GET_TOKEN, TOKEN_CALL, 40243, "frozen", 200))
REFUSED = Outcome[t.Any](failure=refusal(DRAFT_SWITCH.look.call.step, DRAFT_SWITCH.look.call.codes, 99999, "<iframe> {{ y }}", 200))
WAITS = account._not_attempted("draft_switch")
AS_DECLARED = Outcome(now=menu("https://a.example/"), before=menu("https://a.example/"), verified=True)


def changed(old: MenuState, new: MenuState, check_mode: bool = False) -> Outcome[MenuState]:
    if check_mode:
        return Outcome(changed=True, now=old, before=old, foreseen=new, verified=True)
    return Outcome(changed=True, now=new, before=old, verified=True, request_sent=True)


def begun(folder: Path, names: Iterable[str], **more: t.Any) -> Path:
    """A record whose play has begun."""
    first = {
        "role": "account",
        "resources": ["draft_switch", "menu"],
        "check_mode": False,
        "user": "ops",
        "inventory": ["/srv/fleet.yml"],
        "versions": {"ansible-core": "2.21.5"},
        "api_url": None,
        "rollback_to": None,
        "left_out": 0,
        "accounts": {name: {"appid": f"wx{number:016x}", "nick_name": None} for number, name in enumerate(names)},
    }
    return begin(folder, {**first, **more})


def recorded(folder: Path, rows: Mapping[str, Row | None], batches: Mapping[str, str] | None = None, **more: t.Any) -> Recorded:
    """What a record says. ``rows``: by account; None for one without a line. ``batches``: the batch of each account."""
    path = begun(folder, rows, **more)
    for name, its in rows.items():
        if its:
            record = Record(path, check_mode=more.get("check_mode", False), batch=(batches or {}).get(name, "first"))
            for resource, one in its["resources"].items():
                if one["request_sent"]:
                    record.keep(name, resource, None)
            record.end(name, its)
            record.close()
    return read(path)


def torn(found: Recorded) -> Recorded:
    return dataclasses.replace(found, whole=False)
