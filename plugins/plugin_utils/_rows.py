# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""The rows of one account in the journal and the report. A row never says more than there is evidence for."""

from __future__ import annotations

import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import ending
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import Reason
    from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import Result
    from ansible_collections.wxops.official_account.plugins.module_utils._text import Language
    from ansible_collections.wxops.official_account.plugins.plugin_utils._roles import Kind, Role

_LOOKS_FIRST = Text("Run again: it looks first.")
_NOT_REACHED = Text("Correct what failed, and run again; the rollout did not reach this account, unless a condition left it out.")
_LATER = Text(" Later in this play: ")
_EARLIER = Text(" An earlier call of this play may have {did}.")


class RecordRows:
    """Makes and checks the rows of a role's journal and report: a module's row with the key ``state``, as in ``Role.states``."""

    def __init__(self, role: Role, language: Language = "en") -> None:
        self._role = role
        self._language = language

    def row_of(self, result: Mapping[str, t.Any], check_mode: bool) -> Result:
        """The row for the ``result`` of an account, from the module or the role."""
        ended = ending(result)
        kind: Kind = "unchanged"
        if ended == "changed":
            kind = "would_change" if check_mode else "changed"
        elif ended in ("failed", "not_attempted"):
            kind = "unknown" if result["failure"]["reason"] == "outcome_unknown" else t.cast("Kind", ended)
        return {"state": self._role.states[kind].key, **result}

    def unanswered(self, check_mode: bool) -> Result:
        """The row of an account that was handed over, and for which no answer came."""
        if check_mode:
            msg = Text("Handed over in check mode, and no answer came; no {change} was sent.")
            return self._row("failed", False, "protocol", _LOOKS_FIRST, msg.filled(change=self._role.words.change))
        msg = Text("Handed over, and no answer came: it may have been {done}. {remedy}")
        return self._row("unknown", None, "outcome_unknown", _LOOKS_FIRST, msg.filled(done=self._role.done, remedy=_LOOKS_FIRST))

    def never_reached(self) -> Result:
        """The row of an account that no batch of the play handed over, as the journal proves."""
        msg = Text("Not attempted: the rollout did not reach this account; nothing was sent.")
        return self._row("not_attempted", False, "not_attempted", _NOT_REACHED, msg)

    def record_lost(self) -> Result:
        """The row of an account about which the lost journal proves nothing."""
        msg = Text("Record lost: it is not known what became of this account in this run. {remedy}")
        return self._row("record_lost", None, "outcome_unknown", _LOOKS_FIRST, msg.filled(remedy=_LOOKS_FIRST))

    def outcome_of(self, row: Mapping[str, t.Any]) -> t.Literal["seen", "unknown", "neither"]:
        """``seen`` if a look showed the state; ``unknown`` if it is not known whether a change was carried out; otherwise ``neither``.

        Raises ValueError, TypeError, KeyError or AttributeError if ``row`` is not a valid row.
        """
        failure = row["failure"]
        good = any(row["state"] == state.key for state in self._role.states.values())
        good = good and all(row[name] in (True, False) for name in ("changed", "verified"))
        good = good and row["request_sent"] in (True, False, None) and isinstance(row["msg"], str)
        good = good and all(row[name] is None or isinstance(row[name], kinds) for name, kinds in self._role.state_keys.items())
        if failure is not None:
            good = good and all(isinstance(failure[name], str) for name in ("reason", "remedy"))
            good = good and all(isinstance(failure[name], (str, int, type(None))) for name in ("errcode", "errmsg", "rid", "http_status"))
        if not good:
            raise ValueError
        if failure is not None and failure["reason"] == "outcome_unknown":
            return "unknown"
        return "seen" if self._shows(row) else "neither"

    def merge(self, before: Mapping[str, t.Any] | None, now: Result) -> Result:
        """The row for what two calls of one play show together. An account that one call has changed stays ``changed``."""
        if before is None or self._is(now, "changed"):
            return now
        later = _also_says(before, _LATER.said(self._language), now)
        if self._is(before, "changed"):
            return later if now["failure"] else dict(before)
        if (self._is(before, "unknown") or self._is(before, "record_lost")) and not self._shows(now):
            # The second call could not find the state out either, so it stays unknown.
            return now if self._is(now, "unknown") else later
        sent = before["request_sent"] or now["request_sent"]
        if before["request_sent"] is False or now["failure"]:
            return {**now, "request_sent": sent}
        now = {**now, "request_sent": sent}
        return _also_says(now, _EARLIER.filled(did=self._role.did).said(self._language)) if self._is(now, "unchanged") else now

    def _shows(self, row: Mapping[str, t.Any]) -> bool:
        """Whether ``row`` shows the state. A state may be None, and is so then because a look has shown that there is nothing."""
        return row["verified"] or row[self._role.now] is not None

    def _is(self, row: Mapping[str, t.Any], kind: Kind) -> bool:
        return bool(row["state"] == self._role.states[kind].key)

    def _row(self, kind: Kind, request_sent: bool | None, reason: Reason, remedy: Text, msg: Text) -> Result:
        return {
            "state": self._role.states[kind].key,
            "changed": False,
            **dict.fromkeys(self._role.state_keys),
            "verified": False,
            "request_sent": request_sent,
            "failure": {
                "reason": reason,
                "errcode": None,
                "errmsg": None,
                "rid": None,
                "http_status": None,
                "remedy": remedy.said(self._language),
            },
            "msg": msg.said(self._language),
            "failed": True,
        }


def _also_says(row: Mapping[str, t.Any], words: str, other: Mapping[str, t.Any] | None = None) -> Result:
    """``row``, and after its message ``words`` and the message of the row ``other``. What was there before after these words is dropped."""
    return {**row, "msg": f"{row['msg'].split(words)[0]}{words}{other['msg'] if other else ''}"}
