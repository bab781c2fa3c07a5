# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a rollback brings back: what the records say that the accounts had before a run."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import START, ApiError, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._resource.account import OPTIONS as DECLARATIONS
from ansible_collections.wxops.official_account.plugins.module_utils._resource.account import RESOURCES, declared_by
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import some
from ansible_collections.wxops.official_account.plugins.module_utils._text import CLAUSES, Text, joined
from ansible_collections.wxops.official_account.plugins.plugin_utils import _record

if t.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ansible_collections.wxops.official_account.plugins.module_utils._resource.declared import Declarable
    from ansible_collections.wxops.official_account.plugins.plugin_utils._arguments import Given

_RUN = Text("the name of a file in the folder runs of {variable}, or last")


@dataclasses.dataclass
class Rollback:
    """``run``: the name of the run to go back before. ``restored``: by account, the options that bring back what it had.

    ``left``: by the reason, the accounts that do not get everything back. ``torn``: the records that could not be read to their ends.
    ``before``: the run before it, if that ended early and has changed other accounts too.
    """

    run: str
    restored: dict[str, Given]
    left: dict[Text, dict[str, None]]
    torn: list[str]
    before: _record.Recorded | None = None

    @property
    def notes(self) -> list[Text]:
        """What the user must know."""
        not_back = Text("not brought back: {why} ({names})")
        notes = [not_back.filled(why=why, names=some([*map(_printable, of)])) for why, of in self.left.items()]
        if self.torn:
            unread = Text("parts of these records cannot be read: {names}")
            notes.append(unread.filled(names=some(self.torn)))
        if self.before:
            early = Text("the run before it, {run}, ended early; its changes stay, and rollback_to={run} takes back both runs")
            notes.append(early.filled(run=self.before.name))
        return notes

    def nothing(self) -> Failure:
        """The failure if no account of the play gets anything back."""
        what = Text("no account of this play has anything that can be brought back to the state before run {run}").filled(run=self.run)
        remedy = Text("check the pattern of the hosts, and the name of the run")
        return Failure("operator", START, joined(CLAUSES, [what, *self.notes]), remedy)


def rollback(folder: Path | None, run: str, now: Mapping[str, str | None], there: str | None, variable: str) -> Rollback:
    """What brings the accounts of this play back to the state before ``run``. Raises ApiError if that cannot be known.

    ``folder``: that of the records, from the role's ``variable``. ``now``: the AppID of each account, as far as it is known.
    ``there``: where requests go, if that is not the platform's usual host.
    """
    records = _records(folder, run, variable)
    restored: dict[str, Given] = {}
    left: dict[Text, dict[str, None]] = {}
    kept: list[_record.Recorded] = []
    for record in records:
        its = {}
        if record.begin.get("api_url", there) != there:
            left.setdefault(Text("it was changed at another api_url"), {}).update(dict.fromkeys(record.kept))
            continue
        for account, resources in record.kept.items():
            appid = (record.accounts.get(account) or {}).get("appid")
            if account not in now:
                left.setdefault(Text("it is not in this play"), {})[account] = None
            elif appid and now[account] and appid.lower() != str(now[account]).lower():
                left.setdefault(Text("it had another AppID then"), {})[account] = None
            else:
                its[account] = resources
        kept.append(dataclasses.replace(record, kept=its))
    for account, resources in _record.oldest_kept(kept).items():
        for resource in RESOURCES:
            if resource.name in resources:
                declared = _restored(resource, resources[resource.name])
                missing = declared if isinstance(declared, Text) else resource.left(resources[resource.name])
                if missing:
                    why = Text("{title}: {why}").filled(title=resource.title, why=missing)
                    left.setdefault(why, {})[account] = None
                if not isinstance(declared, Text):
                    restored.setdefault(account, {}).update(declared)
    before = _record.run_before(folder, records[0].name) if folder else None
    if before and not (before.ended_early() and before.may_have_changed() & now.keys() - restored.keys()):
        before = None
    return Rollback(records[0].name, restored, left, [record.name for record in records if not record.whole], before)


def _records(folder: Path | None, run: str, variable: str) -> list[_record.Recorded]:
    """The records from ``run`` on. Raises ApiError."""
    name = _RUN.filled(variable=variable)
    if folder is None:
        what = Text("a rollback needs the records of the runs")
        raise _refused(what, Text("give {variable}, the folder of the runs").filled(variable=variable))
    if not run.strip():
        raise _refused(Text("it is not said which run to go back before"), Text("give rollback_to: {run}").filled(run=name))
    records = _record.since(folder, run)
    if records is None or (records[0].begin.get("check_mode") and not records[0].kept):
        what = Text("there is no run {run} that has changed anything").filled(run=_printable(run))
        raise _refused(what, Text("give {run}").filled(run=name))
    working = [record.name for record in records if _record.is_worked_on(folder, record.name)]
    if working:
        what = Text("these runs are still at work: {names}").filled(names=some(working))
        raise _refused(what, Text("wait until they have ended, or end them, then run again"))
    return records


def _refused(what: Text, remedy: Text) -> ApiError:
    return ApiError(Failure("operator", START, what, remedy), sent=False)


def restorable(records: Sequence[_record.Recorded]) -> set[str]:
    """The accounts that get something back."""
    return {
        account
        for account, resources in _record.oldest_kept(records).items()
        if any(one.name in resources and not isinstance(_restored(one, resources[one.name]), Text) for one in RESOURCES)
    }


def _restored(resource: Declarable[t.Any], kept: t.Any) -> Given | Text:
    """The options that bring back what a record has ``kept``, or why that is not possible."""
    try:
        options = resource.restored(kept)
        if not isinstance(options, Text):
            declared_by({"": {**dict.fromkeys(DECLARATIONS), **options}})
    except ApiError as error:
        return error.failure.what
    except Exception:  # a file can hold anything
        return Text("the record does not say what there was")
    return options if isinstance(options, Text) else dict(options)


def _printable(text: str) -> str:
    """``text`` for a screen: a record may hold anything."""
    return "".join(character if character.isprintable() else "?" for character in text)
