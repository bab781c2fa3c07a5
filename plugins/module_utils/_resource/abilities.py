# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What kind of account it is, and what it can do: concluded from what looks have answered. Knows no HTTP, no Ansible and no look.

No call says the kind of an account that serves itself, so most of this is a guess: the platform's pages say for which accounts each call
is. For an account that has authorised a third-party platform, the platform says more.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._http.errcodes import ACCOUNT_CALL, NOTICES
from .._text import Text

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .._http.errors import Failure

Kind = t.Literal["service", "subscription", "unknown"]

# What an account can do, and the part that shows it.
ABILITIES: Mapping[str, Text] = {
    "menu": Text("menus"),
    "tags": Text("tags"),
    "templates": Text("message templates"),
    "publish": Text("publishing"),
    "customer_service": Text("customer service"),
}

_UNAUTHORIZED = 48001
# A used up quota says that the account may call.
_QUOTA = (45009, 45011, 48006)


class Because(t.NamedTuple):
    """Why something is concluded. ``guess``: the platform's documentation does not promise it. ``remedy``: what would change it."""

    what: Text
    errcode: int | None = None
    guess: bool = False
    remedy: Text | None = None


@dataclasses.dataclass(frozen=True)
class Told:
    """What the platform says of an account that has authorised a third-party platform; None for what is not known.

    ``permission_sets``: the numbers of those that the account has granted. ``verified_until``: in seconds since 1970.
    """

    service_type: int | None = None
    verify_type: int | None = None
    account_status: int | None = None
    permission_sets: tuple[int, ...] | None = None
    verified_until: int | None = None


@dataclasses.dataclass(frozen=True)
class Abilities:
    """What is concluded about an account. ``can``: by the name of an ability. None, there and for ``verified``: it is not known.

    ``because``: by the name of an ability, and for ``kind`` and ``verified``.
    """

    kind: Kind
    verified: bool | None
    can: Mapping[str, bool | None]
    because: Mapping[str, Because]


def conclude(answers: Mapping[str, Failure | None], told: Told | None = None) -> Abilities:
    """What the platform's answers say about an account.

    ``answers``: by the name of an ability, why its look was refused; None if it was answered. What was not asked is not there.
    """
    kind, kind_because = _kind(answers, told)
    verified, verified_because = _verified(answers, told)
    can, because = {}, {"kind": kind_because, "verified": verified_because}
    for name in ABILITIES:
        can[name], because[name] = _can(answers, name, told)
    return Abilities(kind, verified, can, because)


_NOT_TOLD = Because(Text("the answers do not tell"))
_PLATFORM_SAYS = Because(Text("the platform says so"))
# By the id of service_type_info.
_KINDS: Mapping[int | None, Kind] = {0: "subscription", 1: "subscription", 2: "service"}
# By the id of verify_type_info. The others are on their way.
_VERIFIED = {-1: False, 0: True}


def _code(answers: Mapping[str, Failure | None], name: str) -> int | None:
    """The errcode of a look, 0 if it was answered; None if it is not known."""
    if name not in answers:
        return None
    failure = answers[name]
    return failure.errcode if failure else 0


def _kind(answers: Mapping[str, Failure | None], told: Told | None) -> tuple[Kind, Because]:
    if told and told.service_type in _KINDS:
        return _KINDS[told.service_type], _PLATFORM_SAYS
    menu, tags, templates = (_code(answers, name) for name in ("menu", "tags", "templates"))
    if templates == 0:
        return "service", Because(Text("it has template messages, as only service accounts and test accounts do"), guess=True)
    if menu == 0 and tags == _UNAUTHORIZED:
        return "service", Because(Text("it has menus and is not verified, as only service accounts are"), tags, guess=True)
    if menu == _UNAUTHORIZED:
        return "subscription", Because(Text("every service account has menus"), menu, guess=True)
    return "unknown", _NOT_TOLD


def _verified(answers: Mapping[str, Failure | None], told: Told | None) -> tuple[bool | None, Because]:
    if told and told.verify_type in _VERIFIED:
        return _VERIFIED[told.verify_type], _PLATFORM_SAYS
    menu, tags, templates = (_code(answers, name) for name in ("menu", "tags", "templates"))
    if tags == 0:
        return True, Because(Text("it has tags, as only verified accounts and test accounts do"), guess=True)
    if templates == 0:
        return True, Because(Text("it has template messages, as only service accounts and test accounts do"), guess=True)
    for code in (tags, menu):
        if code == _UNAUTHORIZED:
            return False, Because(Text("every verified account has menus and tags"), code, guess=True)
    return None, _NOT_TOLD


def _can(answers: Mapping[str, Failure | None], name: str, told: Told | None) -> tuple[bool | None, Because]:
    if name not in answers:
        return None, Because(Text("it was not asked"))
    failure = answers[name]
    if failure is None:
        return True, Because(Text("the request was answered; whether a change is allowed is a guess"), 0, guess=True)
    if failure.errcode is None or failure.errcode in _QUOTA or failure.reason == "transient":
        return None, Because(failure.what, failure.errcode, remedy=failure.remedy)
    granted = told.permission_sets if told else None
    if failure.errcode == _UNAUTHORIZED and granted is not None and name in _NEEDED:
        sets, permission = _NEEDED[name]
        if not sets.intersection(granted):
            # The platform's staff has said that 48001 also means this.
            not_granted = ACCOUNT_CALL.meanings[61007]
            return False, Because(not_granted.what, failure.errcode, guess=True, remedy=not_granted.remedy.filled(permission=permission))
    return False, Because(failure.what, failure.errcode, remedy=failure.remedy)


# Any of these permission sets is enough.
_NEEDED: Mapping[str, tuple[frozenset[int], Text]] = {
    "menu": (frozenset({15}), Text("permission set 15 (custom menu)")),
    "tags": (frozenset({2, 100}), Text("permission set 2 (users) or 100")),
    "templates": (frozenset({7, 100, 101}), Text("permission set 7 (broadcasts and notices), 100 or 101")),
}


# --- What the platform says of an account of a third-party platform.

# The names of the permission sets. Source: the platform's page about them, and its SDKs.
PERMISSION_SETS: Mapping[int, Text] = {
    1: Text("messages"),
    2: Text("users"),
    3: Text("account service"),
    4: Text("web pages"),
    5: Text("WeChat store"),
    6: Text("customer service of several agents"),
    7: Text("broadcasts and notices"),
    8: Text("cards"),
    9: Text("scanning"),
    10: Text("Wi-Fi"),
    11: Text("materials"),
    12: Text("shake nearby"),
    13: Text("shops"),
    15: Text("custom menu"),
    22: Text("city services"),
    24: Text("Open Platform accounts"),
    26: Text("electronic invoices"),
}
_SOON = 90 * 24 * 3600
_STATUS = {
    14: Text("the account has been cancelled"),
    16: Text("the account is banned"),
    18: Text("the account has been warned"),
    19: Text("the account is frozen"),
}


def status_of(told: Told) -> Because | None:
    """What is wrong with the account itself."""
    what = _STATUS.get(told.account_status or 0)
    return Because(what, remedy=Text("read the account's notices {notices}").filled(notices=NOTICES)) if what else None


def lapses_soon(told: Told, now: float) -> bool:
    """Whether the verification lapses within 90 days, or has lapsed."""
    return told.verified_until is not None and told.verified_until - now < _SOON
