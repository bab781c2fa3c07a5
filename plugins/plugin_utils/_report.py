# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""The report of a run, as JSON and as one HTML page: it grows with each batch of the play."""

from __future__ import annotations

import collections
import datetime
import json
import os
import tempfile
import typing as t
from pathlib import Path

import jinja2
from ansible_collections.wxops.official_account.plugins.module_utils._arguments import OptionsError
from ansible_collections.wxops.official_account.plugins.module_utils._tally import Result, by_remedy, ending, summary

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible.playbook.play import Play

NAME = "draft-switch-report"
TEMPLATE = Path(__file__).parents[2] / "roles" / "draft_switch" / "templates" / f"{NAME}.html.j2"

# How an account is shown, in the order of the bar.
STATES = {
    "on": "on",
    "turned_on": "turned on",
    "would_turn_on": "would turn on",
    "failed": "failed",
    "not_attempted": "not attempted",
}
_STATE_OF = {"unchanged": "on", "retired": "on", "failed": "failed", "not_attempted": "not_attempted"}

# An account that no batch of the play has come to.
_REMEDY = "Put right what failed, and run again; the rollout has not come to this account, unless a condition left it out."
UNREACHED: Result = {
    "changed": False,
    "failed": True,
    "is_open": None,
    "was_open": None,
    "verified": False,
    "request_sent": False,
    "failure": {"reason": "not_attempted", "errcode": None, "errmsg": None, "rid": None, "http_status": None, "remedy": _REMEDY},
    "msg": "Not attempted: the rollout has not come to this account; nothing was sent.",
}


class Report:
    """The report in ``folder``, on the host that runs Ansible.

    What another play left there is replaced; what an earlier batch of the same play left is kept.
    Raises OptionsError if nothing can be written there.
    """

    def __init__(self, folder: str, play: Play) -> None:
        self._folder = Path(os.path.expandvars(folder)).expanduser().absolute()
        # Copies of a play, as for its batches, keep it; no other play, and no other run, has it.
        self._play = str(play._uuid)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, probe = tempfile.mkstemp(dir=self._folder)
            os.close(descriptor)
            os.unlink(probe)
        except OSError as error:
            raise OptionsError(
                f"draft_switch_report_dir cannot be written to ({type(error).__name__})",
                "give a folder on the host that runs Ansible; a relative one starts where Ansible was started",
            ) from None

    def write(
        self, accounts: Mapping[str, Result], everyone: Iterable[str], left_out: Iterable[str], check_mode: bool, refused: str
    ) -> dict[str, str]:
        """Add what became of ``accounts``. Returns the paths of what was written.

        ``everyone``: the accounts of the whole play. ``left_out``: those of this batch that take no part. ``refused``: why nothing
        was begun, or empty.
        """
        before = self._before()
        known = {name: row for name, row in before.get("accounts", {}).items() if row["msg"] != UNREACHED["msg"]}
        rows: dict[str, Result] = {**known, **{name: _row(result, check_mode) for name, result in accounts.items()}}
        all_left_out = sorted({*before.get("left_out", ()), *left_out}.difference(rows))
        for name in everyone:
            if name not in rows and name not in all_left_out:
                rows[name] = _row(UNREACHED, check_mode)
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        report = {
            "play": self._play,
            "check_mode": check_mode,
            "refused": refused or None,
            "started": before.get("started", now),
            "updated": now,
            "summary": summary(rows.values()),
            "remedies": [{"remedy": remedy, "accounts": names} for remedy, names in by_remedy(rows).items()],
            "left_out": all_left_out,
            "accounts": rows,
        }
        return {
            "json": self._replace(f"{NAME}.json", json.dumps(report, indent=1, ensure_ascii=False)),
            "html": self._replace(f"{NAME}.html", _page(report)),
        }

    def _before(self) -> dict[str, t.Any]:
        """What an earlier batch of this play has written."""
        try:
            before = json.loads((self._folder / f"{NAME}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return before if isinstance(before, dict) and before.get("play") == self._play else {}

    def _replace(self, name: str, text: str) -> str:
        """Whoever reads ``name`` meanwhile reads the old or the new one, whole."""
        path = self._folder / name
        # mkstemp lets nobody but the owner read it.
        descriptor, draft = tempfile.mkstemp(dir=self._folder, prefix=f".{name}.")
        try:
            with open(descriptor, "w", encoding="utf-8", errors="replace") as file:
                file.write(text)
            os.replace(draft, path)
        except BaseException:
            os.unlink(draft)
            raise
        return str(path)


def _row(result: Mapping[str, t.Any], check_mode: bool) -> Result:
    state = _STATE_OF.get(ending(result), "would_turn_on" if check_mode else "turned_on")
    return {"state": state, **result}


def _page(report: Mapping[str, t.Any]) -> str:
    counts = collections.Counter(row["state"] for row in report["accounts"].values())
    page = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return page.from_string(TEMPLATE.read_text(encoding="utf-8")).render(report=report, counts=counts, states=STATES)
