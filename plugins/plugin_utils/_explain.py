# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks at accounts in Ansible's worker, and tells what all of a play can use, cannot use, and what to do. It changes nothing."""

from __future__ import annotations

import json
import typing as t
import unicodedata

from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import START, Failure, unexpected_failure
from ansible_collections.wxops.official_account.plugins.module_utils._resource.abilities import ABILITIES
from ansible_collections.wxops.official_account.plugins.module_utils._resource.account import LOOK
from ansible_collections.wxops.official_account.plugins.module_utils._resource.outcome import Outcome
from ansible_collections.wxops.official_account.plugins.module_utils._resource.parts import KINDS, VERIFIED, AccountInfoRows
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import advice, how_many, result_of_one
from ansible_collections.wxops.official_account.plugins.module_utils._run.credentials import OPTIONS as CREDENTIALS
from ansible_collections.wxops.official_account.plugins.module_utils._run.wishes import INFO_SPEC
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text
from ansible_collections.wxops.official_account.plugins.plugin_utils._accounts import AccountAction, Looks, is_of_role, only_looking, taken
from ansible_collections.wxops.official_account.plugins.plugin_utils._arguments import Arguments, language_in
from ansible_collections.wxops.official_account.plugins.plugin_utils._check import NO_CREDENTIALS
from ansible_collections.wxops.official_account.plugins.plugin_utils._files import put
from ansible_collections.wxops.official_account.plugins.plugin_utils._page import page
from ansible_collections.wxops.official_account.plugins.plugin_utils._play import Play
from ansible_collections.wxops.official_account.plugins.plugin_utils._sheet import clean, sheet

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import Result
    from ansible_collections.wxops.official_account.plugins.module_utils._run.work import Run
    from ansible_collections.wxops.official_account.plugins.module_utils._text import Language

# What is noted of a row, for the table.
_NAMES = ("nick_name", "principal_name")
_NOTED = ("kind", "is_verified", "can", "because", "third_party", "rid", "to_do", "failure", "msg")

_GUESS = Text("guess")
_CAN = {True: Text("yes"), False: Text("no"), None: Text("unknown")}
_WITH_CODE = Text("{text} ({code})")
_KIND = Text("{kind}, {verified}")
_FAILED = Text("failed")


class ExplainAction(AccountAction):
    """The action of ``wechat_account_info``."""

    _make_rows = AccountInfoRows
    _spec = INFO_SPEC
    # The host's wechat_appid. With an access_token it is no option of the module, only a name for the table.
    _appid: t.Any = None

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> Result:
        variables = task_vars or {}
        self._language = language_in(self._task.args)
        if not is_of_role(self._task):
            return self._here(variables) if self._is_local() else self._elsewhere(tmp, variables)
        play, host = Play(self._task), str(variables["inventory_hostname"])
        try:
            found = self._explained(tmp, variables, play, host)
        except Exception as unexpected:
            found = self._unexpected(unexpected)
        rows, appids = {host: found}, {host: self._appid}
        if isinstance(found.get("accounts"), dict):
            rows = found["accounts"]
            listed = [one for one in self._task.args["accounts"] if isinstance(one, dict)]
            appids = {str(one.get("name") or one.get("appid")): one.get("appid") for one in listed}
        for name, row in rows.items():
            of_kind = (row.get("parts") or {}).get("kind") or {}
            noted = {"appid": appids.get(name), **{key: of_kind.get(key) for key in _NAMES}, **{key: row.get(key) for key in _NOTED}}
            play.note_told(name, self._without_secrets(noted))
        return found

    def _explained(self, tmp: str | None, variables: dict[str, t.Any], play: Play, host: str) -> Result:
        args, problems = Arguments(self._templar, variables.get("omit")).of(play.role, INFO_SPEC, variables)
        args = {**{name: its for name, its in self._task.args.items() if name in INFO_SPEC}, **args}
        self._language = language_in(args)
        self._appid = args.get("appid")
        self._task.args = args = only_looking(args)
        if args.get("accounts") is None and not any(args.get(name) for name in CREDENTIALS):
            problems.append(NO_CREDENTIALS)
        fault = Failure("operator", START, *problems[0]) if problems else taken(play, args, host)
        if fault:
            return self._refused(fault)
        looks = Looks(play)
        found = self._look_only(tmp, variables, looks, host)
        looks.note_reach(found["accounts"] if isinstance(found.get("accounts"), dict) else {host: found})
        return found

    def _work(self, run: Run) -> Result:
        return run.look_at_parts()

    def _unexpected(self, unexpected: Exception) -> Result:
        return {
            **result_of_one(AccountInfoRows(False, self._language), Outcome(failure=unexpected_failure(LOOK, unexpected))),
            "failed": True,
        }


def tell(play: Play, folder: Path | None, language: Language) -> list[str]:
    """What was found out about the accounts of ``play``: a table, and what to do. Also as files in ``folder``.

    Empty if that was told already. Raises OSError.
    """
    with play.alone():
        found = sorted(play.told(), key=lambda one: str(one["account"]))
        if not found or play.last_report() == {"explained": len(found)}:
            return []
        play.note_report({"explained": len(found)})
    told = _Told(found, language)
    if folder:
        told.write(folder)
    return [*told.grid(), *told.sentences(), *advice(told.to_do, language)]


class _Told:
    """``found``: what is noted of each account. ``to_do``: the accounts, by what there is to do."""

    def __init__(self, found: Sequence[Mapping[str, t.Any]], language: Language) -> None:
        self._found = found
        self._language = language
        to_do: dict[str, list[str]] = {}
        for one in found:
            for remedy in _to_do(one):
                to_do.setdefault(remedy, []).append(clean(one["account"]))
        self.to_do = dict(sorted(to_do.items(), key=lambda group: -len(group[1])))

    def _say(self, text: Text) -> str:
        return text.said(self._language)

    def _kind(self, one: Mapping[str, t.Any]) -> str:
        if one["failure"]:
            code = one["failure"]["errcode"]
            return self._say(_WITH_CODE.filled(text=_FAILED, code=code) if code else _FAILED)
        if one["kind"] is None:
            return ""
        kind = _KIND.filled(kind=KINDS[one["kind"]], verified=VERIFIED[one["is_verified"]])
        is_guessed = one["because"]["kind"]["guess"] or one["because"]["verified"]["guess"]
        return self._say(_WITH_CODE.filled(text=kind, code=_GUESS) if is_guessed else kind)

    def _cells(self, one: Mapping[str, t.Any]) -> Iterator[str]:
        """Whether the account can use each of ``ABILITIES``."""
        for name in ABILITIES:
            can, because = (one["can"] or {}).get(name), (one["because"] or {}).get(name) or {}
            text = _CAN[can]
            yield self._say(_WITH_CODE.filled(text=text, code=because["errcode"]) if can is False and because.get("errcode") else text)

    def grid(self) -> Iterator[str]:
        """A table for a terminal; nothing if it was not asked what the accounts can use."""
        if not any(one["can"] or one["failure"] for one in self._found):
            return
        head = [self._say(one) for one in (Text("Account"), Text("Kind"), *ABILITIES.values())]
        lines = [head, *([clean(one["account"]), self._kind(one), *self._cells(one)] for one in self._found)]
        widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
        for line in lines:
            yield "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()

    def sentences(self) -> Iterator[str]:
        """What the table does not say: of a failed call, and of what else was looked at."""
        for one in self._found:
            if one["rid"] or not (one["can"] or one["failure"]):
                yield clean(self._say(Text("{hosts}: {what}").filled(hosts=one["account"], what=one["msg"])))

    def write(self, folder: Path) -> None:
        words = (Text("Account"), Text("AppID"), Text("Nickname"), Text("Principal"), Text("Kind"))
        head = [*words, *ABILITIES.values(), Text("Verified until"), Text("What was found"), Text("What to do")]
        put(folder / "account-explain.csv", [sheet([map(self._say, head), *map(self._line, self._found)])])
        accounts = {one["account"]: {name: its for name, its in one.items() if name != "account"} for one in self._found}
        put(folder / "account-explain.json", [json.dumps({"accounts": accounts}, ensure_ascii=False, indent=1) + "\n"])
        put(folder / "account-explain.html", self._page())
        customers = [one for one in self._found if one["third_party"] and _to_do(one)]
        if any(one["third_party"] for one in self._found):
            put(folder / "account-customers.csv", [sheet(self._customers(customers))])

    def _line(self, one: Mapping[str, t.Any]) -> list[object]:
        names = [one["account"], one["appid"], one["nick_name"], one["principal_name"], self._kind(one)]
        until = (one["third_party"] or {}).get("verified_until")
        return [*names, *self._cells(one), until, one["msg"], " ".join(_to_do(one))]

    def _customers(self, found: Iterable[Mapping[str, t.Any]]) -> Iterator[Iterable[object]]:
        """What each customer of a third-party platform must do."""
        yield map(self._say, (Text("Principal"), Text("Nickname"), Text("AppID"), Text("What to do")))
        for one in sorted(found, key=lambda one: (str(one["principal_name"]), str(one["nick_name"]))):
            yield [one["principal_name"], one["nick_name"], one["appid"], " ".join(_to_do(one))]

    def _page(self) -> Iterator[str]:
        return page(
            "_explain.html.j2",
            self._language,
            accounts=how_many,
            abilities=ABILITIES.values(),
            number=len(self._found),
            to_do=self.to_do,
            rows=((one, self._kind(one), list(zip(ABILITIES, self._cells(one), strict=True))) for one in self._found),
        )


def _to_do(one: Mapping[str, t.Any]) -> list[str]:
    return [one["failure"]["remedy"]] if one["failure"] else one["to_do"] or []


def _width(text: str) -> int:
    """The columns of a terminal that ``text`` takes."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
