# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of an account that can be looked at. A refusal is an answer: each part says what it shows, or why it shows nothing.

A part is a line in ``PARTS``. All of them only look: they get a ``Reader``.
"""

from __future__ import annotations

import dataclasses
import time
import typing as t

from .._account.component import LOOK_UP, permission_sets_in, within
from .._http.errcodes import ACCOUNT_CALL, NOTICES, refusal
from .._http.errors import ApiError, Failure, Step, unexpected_failure
from .._http.rids import beijing, seconds_of
from .._http.wire import number
from .._text import CLAUSES, Text, enumerated, joined, verbatim
from . import diagnostics
from .abilities import ABILITIES, PERMISSION_SETS, Because, Told, conclude, lapses_soon, status_of
from .account import LOOK
from .diagnostics import quota_of
from .draft_switch import DRAFT_SWITCH
from .menu import EVERYTHING, MAY_NOT, MENU, MenuInfoRows, MenuState
from .menu_form import as_read
from .outcome import Outcome
from .results import NOT_DONE, Row, advice, as_sentence, failed, failure_row, refused_at, sum_up
from .tags import LOOK_AT_TAGS
from .templates import MESSAGES, NOTIFICATIONS, by_title

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .._account.session import Look, Reader
    from .._text import Language
    from .abilities import Abilities
    from .results import Result
    from .templates import Template

T = t.TypeVar("T")

# What a part shows, by the names that the result has for it: what JSON can hold, texts for users, and further answers.
Facts = t.Mapping[str, t.Any]

# Refusals of every call of an account. With one of them there is no token that can be used.
_OF_ALL_CALLS = frozenset({*ACCOUNT_CALL.dead, 40164, 41001, 42007, 61003, 61004, 61014, 61015, 61024, *range(89501, 89508)})


class Refused(Exception):
    """A part has no answer but this. ``facts``: what it shows nevertheless."""

    def __init__(self, failure: Failure, facts: Facts | None = None) -> None:
        super().__init__(failure.what)
        self.failure = failure
        self.facts = facts or {}


@dataclasses.dataclass(frozen=True)
class Wish:
    """What is asked about an account. ``gather``: names of ``PARTS``. ``rid``: that of a failed call, or empty."""

    gather: frozenset[str]
    quota_paths: tuple[str, ...] = ()
    rid: str = ""


class Asked:
    """One account that is asked. Each look is sent once, whatever parts need it.

    ``details``: the platform's answer about an account that has authorised a third-party platform; None for any other account. May raise
    ApiError.
    """

    def __init__(self, reader: Reader, wish: Wish, details: Callable[[], Mapping[str, t.Any]] | None) -> None:
        self.wish = wish
        self.reader = reader
        self._details = details
        self._found: dict[int, tuple[object, t.Any]] = {}
        self._answered = False
        self._unreachable: Failure | None = None

    def read(self, look: Look[T]) -> T:
        """Raises Refused if this look shows nothing, and ApiError if no look can show anything."""
        return self._once(look, look.call.step, lambda: self.reader.read(look))

    def details(self) -> Mapping[str, t.Any] | None:
        """Raises as ``read``."""
        return self._once(self._details, LOOK_UP, self._details) if self._details else None

    def _once(self, key: object, step: Step, ask: Callable[[], T]) -> T:
        # The look is kept, so that no other one can have its id.
        if id(key) not in self._found:
            self._found[id(key)] = (key, self._asked(step, ask))
        found = self._found[id(key)][1]
        if isinstance(found, Failure):
            raise Refused(found)
        return t.cast("T", found)

    def _asked(self, step: Step, ask: Callable[[], T]) -> T | Failure:
        if self._unreachable:
            return self._unreachable
        try:
            found = ask()
        except ApiError as error:
            failure = error.failure
            # Of another step is what has kept the token from being had.
            if failure.step != step or failure.shared or failure.errcode in _OF_ALL_CALLS or not (failure.errcode or self._answered):
                raise
            self._answered = self._answered or failure.errcode is not None
            if failure.reason == "transport":
                # The next look would wait as long.
                self._unreachable = failure
            return failure
        self._answered = True
        return found


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a part shows, and why it shows no more. A value of ``facts`` may be a dict of further answers."""

    facts: Facts
    failure: Failure | None = None


@dataclasses.dataclass(frozen=True)
class Part:
    """A part of an account. ``name``: as in the option ``gather``.

    ``read``: returns what the part shows. Raises Refused if it shows nothing, and ApiError if no part can show anything.
    ``by_default``: whether it is asked if the task does not say.
    """

    name: str
    read: Callable[[Asked], Facts]
    by_default: bool = True


# --- The parts.


def _token(asked: Asked) -> Facts:
    asked.read(diagnostics.PROOF)
    return {}


def _draft_switch(asked: Asked) -> Facts:
    try:
        return {"is_open": asked.read(DRAFT_SWITCH.look)}
    except Refused as refused:
        if refused.failure.errcode not in DRAFT_SWITCH.look.call.codes.retired:
            raise
        return {"is_open": DRAFT_SWITCH.retired}


# With a refusal, if the account may not use the API's menus. What is shown is a look of its own, which may be refused on its own.
_MENU = dataclasses.replace(EVERYTHING.look, call=MENU.look.call, then=lambda _state: None)


def _menu(asked: Asked) -> Facts:
    refusals: list[Refused] = []
    state = MenuState(None, readable=False)
    try:
        state = asked.read(_MENU)
    except Refused as refused:
        if refused.failure.errcode != MAY_NOT:
            raise
        refusals.append(refused)
    facts: Facts = {"menu": state.menu, **dict.fromkeys(("is_menu_open", "console_menu", "made_by"))}
    more = EVERYTHING.look.then(state)
    try:
        row = MenuInfoRows(False).one(Outcome(now=asked.read(more) if more else state))
        facts = {name: row.get(name) for name in facts}
    except Refused as refused:
        refusals.append(refused)
    if refusals:
        raise Refused(refusals[0].failure, facts)
    return facts


def _conditional_menus(asked: Asked) -> Facts:
    return {"menus": list(asked.read(_MENU).conditional)}


def _tags(asked: Asked) -> Facts:
    tags = asked.read(LOOK_AT_TAGS).tags
    return {"tags": [{"id": tag.id, "name": tag.name, "count": tag.count} for tag in tags]}


def _templates(asked: Asked) -> Facts:
    """Template messages and subscription notices, each with its own right. Only of a right may one be missing without a word."""
    found: list[Template] = []
    refusals: list[Refused] = []
    for look in (MESSAGES, NOTIFICATIONS):
        try:
            some = asked.read(look)
            found.extend(some)
        except Refused as refused:
            refusals.append(refused)
    if len(refusals) == 2:
        raise refusals[0]
    for one in refusals:
        if one.failure.errcode != _UNAUTHORIZED:
            raise Refused(one.failure, {"templates": by_title(found)})
    return {"templates": by_title(found)}


def _autoreply(asked: Asked) -> Facts:
    return asked.read(diagnostics.REPLIES)


def _publish(asked: Asked) -> Facts:
    return {"articles": asked.read(diagnostics.ARTICLES)}


def _customer_service(asked: Asked) -> Facts:
    return {"agents": asked.read(diagnostics.AGENTS)}


def _answer_to(asked: Asked, look: Look[Facts]) -> Answer:
    return answer_of(asked, lambda asked: asked.read(look))


def _quota(asked: Asked) -> Facts:
    return {"paths": {path: _answer_to(asked, quota_of(path)) for path in asked.wish.quota_paths}}


def _callback(asked: Asked) -> Facts:
    return asked.read(diagnostics.CHECK_CALLBACK)


def _ips(asked: Asked) -> Facts:
    return {"api": asked.read(diagnostics.IPS_OF_API), "callback": asked.read(diagnostics.IPS_OF_CALLBACK)}


def answer_of(asked: Asked, read: Callable[[Asked], Facts]) -> Answer:
    """What ``read`` returns, or why it was refused. Raises ApiError if no part can show anything."""
    try:
        return Answer(read(asked))
    except Refused as refused:
        return Answer(refused.facts, refused.failure)


# --- The kind of the account.

# The looks that show what an account can do.
_OF_ABILITY: Mapping[str, Look[t.Any]] = {
    "menu": _MENU,
    "tags": LOOK_AT_TAGS,
    "templates": MESSAGES,
    "publish": diagnostics.ARTICLES,
    "customer_service": diagnostics.AGENTS,
}


def _answers(asked: Asked) -> dict[str, Failure | None]:
    return {name: _answer_to(asked, look).failure for name, look in _OF_ABILITY.items()}


def _kind(asked: Asked) -> Facts:
    """What the platform says of an account that has authorised a third-party platform. Of any other account, nothing."""
    details = asked.details()
    return {name: _text(within(details, "authorizer_info", name)) for name in _NAMES}


_NAMES = ("nick_name", "principal_name", "user_name", "alias")


def _text(value: object) -> str | None:
    return as_read(value) if isinstance(value, str) else None


def _told(asked: Asked) -> Told | None:
    details = answer_of(asked, lambda asked: asked.details() or {}).facts
    if not details:
        return None
    info, granted = details.get("authorizer_info"), permission_sets_in(details)
    lapse = _answer_to(asked, diagnostics.LAPSE)
    if lapse.failure and lapse.failure.errcode == diagnostics.REQUIRES_GET:
        lapse = _answer_to(asked, diagnostics.LAPSE_BY_GET)
    return Told(
        service_type=number(within(info, "service_type_info", "id")),
        verify_type=number(within(info, "verify_type_info", "id")),
        account_status=number(within(info, "account_status")),
        permission_sets=None if granted is None else tuple(granted),
        verified_until=lapse.facts.get("verified_until"),
    )


# The registry: every part of an account, in the order in which they are asked.
PARTS = (
    Part("token", _token),
    Part("kind", _kind),
    Part("draft_switch", _draft_switch),
    Part("menu", _menu),
    Part("tags", _tags),
    Part("conditional_menus", _conditional_menus),
    Part("templates", _templates),
    Part("autoreply", _autoreply),
    Part("publish", _publish),
    Part("customer_service", _customer_service),
    Part("quota", _quota, by_default=False),
    Part("callback", _callback, by_default=False),
    Part("ips", _ips, by_default=False),
)


@dataclasses.dataclass(frozen=True)
class Info:
    """What is known about one account. ``parts``: by name. ``rid``: the failed call that was asked about."""

    parts: Mapping[str, Answer]
    abilities: Abilities | None = None
    told: Told | None = None
    rid: Answer | None = None


def look_at(asked: Asked) -> Outcome[Info]:
    """What ``Wish`` asks about one account. Raises nothing: a refusal is an answer.

    The outcome has a failure if there is no token that can be used, or no answer at all.
    """
    outcome: Outcome[Info] = Outcome()
    try:
        # Without it, no other part has an answer.
        proven = answer_of(asked, _token)
        parts = {
            part.name: proven if part.read is _token else answer_of(asked, part.read) for part in PARTS if part.name in asked.wish.gather
        }
        told = _told(asked) if "kind" in asked.wish.gather else None
        abilities = conclude(_answers(asked), told) if "kind" in asked.wish.gather else None
        outcome.saw(Info(parts, abilities, told, answer_of(asked, _failed_call) if asked.wish.rid else None))
    except ApiError as error:
        outcome.failure = error.failure
    except Exception as unexpected:  # nothing may escape with a traceback: it could show a token
        outcome.failure = unexpected_failure(LOOK, unexpected)
    return outcome


def _failed_call(asked: Asked) -> Facts:
    rid = asked.wish.rid
    seconds = seconds_of(rid)
    facts: dict[str, t.Any] = {"rid": rid, "at": None if seconds is None else beijing(seconds), **dict.fromkeys(diagnostics.CALL_FIELDS)}
    if not diagnostics.is_kept(rid):
        raise Refused(diagnostics.TOO_OLD, facts)
    try:
        found = asked.read(diagnostics.failed_call(rid))
    except Refused as refused:
        raise Refused(refused.failure, facts) from None
    facts.update(found)
    if facts["response_errcode"]:
        means = refusal(diagnostics.FAILED_CALL, ACCOUNT_CALL, facts["response_errcode"], facts["response_errmsg"] or "", 200)
        facts.update(response_meaning=means.what, response_remedy=means.remedy)
    return facts


# --- Rows.


class InfoRow(Row, total=False):
    """As the documentation of ``wechat_account_info`` says."""

    kind: str | None
    is_verified: bool | None
    can: dict[str, bool | None] | None
    because: dict[str, t.Any] | None
    third_party: dict[str, t.Any] | None
    parts: dict[str, t.Any] | None
    rid: dict[str, t.Any] | None
    to_do: list[str] | None


KINDS = {
    "service": Text("Service account"),
    "subscription": Text("Subscription account"),
    "unknown": Text("Account of unknown kind"),
}
VERIFIED = {True: Text("verified"), False: Text("not verified"), None: Text("verified or not is not known")}
_IS = Text("{kind}, {verified}.")
_IS_GUESSED = Text("{kind}, {verified} (a guess).")
_WITH_CODE = Text("{name} ({code})")
_CAN = {
    True: Text("It can use these: {names}."),
    False: Text("It cannot use these: {names}."),
    None: Text("It is not known whether it can use these: {names}."),
}
_REFUSED = Text("Refused: {names}.")
_LOOKED_AT = Text("Checked: {names}.")
_USED = Text("{path}: {used:,} of {limit:,} calls of today used.")
_CALL = Text("The failed call came at {time} Beijing time: {clauses}.")
_SOME_CALL = Text("The failed call: {clauses}.")
_CALLED_AT = Text("The failed call came at {time} Beijing time.")
_SPACE = Text(" ")


class AccountInfoRows:
    """What ``wechat_account_info`` returns for an account."""

    def __init__(self, _check_mode: bool, language: Language = "en") -> None:
        self._language = language

    def one(self, outcome: Outcome[Info]) -> InfoRow:
        info = outcome.now
        abilities = info.abilities if info else None
        return {
            "changed": False,
            "kind": abilities.kind if abilities else None,
            "is_verified": abilities.verified if abilities else None,
            "can": dict(abilities.can) if abilities else None,
            "because": {name: self._because(its) for name, its in abilities.because.items()} if abilities else None,
            "third_party": self._third_party(info) if info and info.told else None,
            "parts": {name: self._part(its) for name, its in info.parts.items()} if info else None,
            "rid": self._part(info.rid) if info and info.rid else None,
            "to_do": [as_sentence(one, self._language) for one in _to_do(info)] if info else None,
            "verified": outcome.verified,
            "failure": failure_row(outcome.failure, self._language),
            "msg": self.sentence(outcome).said(self._language),
        }

    def _because(self, because: Because) -> dict[str, t.Any]:
        return {"what": as_sentence(because.what, self._language), "errcode": because.errcode, "guess": because.guess}

    def _part(self, answer: Answer) -> dict[str, t.Any]:
        failure = answer.failure
        return {
            "ok": failure is None,
            "errcode": failure.errcode if failure else None,
            "meaning": as_sentence(failure.what, self._language) if failure else None,
            "remedy": as_sentence(failure.remedy, self._language) if failure else None,
            "refused_at": refused_at(failure.rid) if failure else None,
            **{name: self._worded(its) for name, its in answer.facts.items()},
        }

    def _worded(self, value: t.Any) -> t.Any:
        if isinstance(value, Answer):
            return self._part(value)
        if isinstance(value, Text):
            return as_sentence(value, self._language)
        return {name: self._worded(its) for name, its in value.items()} if isinstance(value, dict) else value

    def _third_party(self, info: Info) -> dict[str, t.Any]:
        told = info.told or Told()
        sets, until = told.permission_sets, told.verified_until
        names = {number: PERMISSION_SETS[number].said(self._language) for number in sets or () if number in PERMISSION_SETS}
        return {
            "service_type": told.service_type,
            "verify_type": told.verify_type,
            "account_status": told.account_status,
            "permission_sets": None if sets is None else [{"id": number, "name": names.get(number)} for number in sets],
            "verified_until": None if until is None else beijing(until)[:10],
        }

    def sentence(self, outcome: Outcome[Info]) -> Text:
        if outcome.failure:
            return failed(outcome.failure)
        info = outcome.now
        return joined(_SPACE, self._sentences(info)) if info else LOOK.words

    def _sentences(self, info: Info) -> Iterator[Text]:
        abilities = info.abilities
        if abilities:
            guess = abilities.because["kind"].guess or abilities.because["verified"].guess
            yield (_IS_GUESSED if guess else _IS).filled(kind=KINDS[abilities.kind], verified=VERIFIED[abilities.verified])
            for can, text in _CAN.items():
                names = [_with_code(ABILITIES[name], abilities.because[name].errcode) for name, its in abilities.can.items() if its is can]
                if names:
                    yield text.filled(names=enumerated(names))
        else:
            # Whatever else is asked, the token is used.
            yield _LOOKED_AT.filled(names=enumerated(info.parts or ("token",)))
        refused = [_with_code(verbatim(name), its.failure.errcode) for name, its in info.parts.items() if its.failure]
        if refused and not abilities:
            yield _REFUSED.filled(names=enumerated(refused))
        quota = info.parts.get("quota")
        for path, its in quota.facts["paths"].items() if quota else ():
            if not its.failure and its.facts["used"] is not None:
                yield _USED.filled(path=path, used=its.facts["used"], limit=its.facts["limit"])
        call = info.rid.facts if info.rid else {}
        if call.get("response_meaning"):
            clauses = joined(CLAUSES, (call["response_meaning"], call["response_remedy"]))
            at = call["at"] or call["invoked_at"]
            yield _CALL.filled(time=at, clauses=clauses) if at else _SOME_CALL.filled(clauses=clauses)
        elif call.get("at"):
            yield _CALLED_AT.filled(time=call["at"])
        if info.rid and info.rid.failure:
            yield failed(info.rid.failure)

    def summed_up(self, rows: Mapping[str, InfoRow]) -> str:
        summary = sum_up(rows, {"unchanged": Text("{count:,} checked"), **NOT_DONE}, self._language)
        groups: dict[str, list[str]] = {}
        for name, row in rows.items():
            for remedy in row["to_do"] or ():
                groups.setdefault(remedy, []).append(name)
        return "\n".join([summary, *advice(dict(sorted(groups.items(), key=lambda group: -len(group[1]))), self._language)])

    def states(self, _row: InfoRow) -> tuple[Result, Result]:
        return {}, {}


def _with_code(name: Text, code: int | None) -> Text:
    return _WITH_CODE.filled(name=name, code=code) if code else name


def _to_do(info: Info) -> list[Text]:
    """What somebody has to do, once each: what concerns the whole account comes first."""
    found: list[Text | None] = []
    if info.told:
        status = status_of(info.told)
        found.append(status.remedy if status else None)
        if lapses_soon(info.told, time.time()):
            found.append(_RENEW.filled(day=beijing(info.told.verified_until or 0)[:10], notices=NOTICES))
    abilities = info.abilities
    # What a verification would change is told once.
    lacks = [name for name, its in abilities.because.items() if its.errcode == _UNAUTHORIZED and not its.guess] if abilities else []
    once = abilities is not None and abilities.verified is False and bool(lacks)
    if once:
        found.append(_VERIFY.filled(notices=NOTICES, names=enumerated(ABILITIES[name] for name in lacks if name in ABILITIES)))
    found.extend(its.failure.remedy for its in info.parts.values() if its.failure and not (once and its.failure.errcode == _UNAUTHORIZED))
    if abilities:
        found.extend(its.remedy for name, its in abilities.because.items() if not (once and name in lacks))
    return [*dict.fromkeys(filter(None, found))]


_UNAUTHORIZED = 48001
_VERIFY = Text(
    "have the account verified {notices}, which only companies and organisations can; an account that is not verified cannot use these: "
    "{names}"
)
_RENEW = Text("renew the account's verification, which lapses on {day}, {notices}")
