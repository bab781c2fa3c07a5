# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conditional menus in one canonical form, and the way from those that there are to the declared ones.

A user gets the newest menu whose rule matches, or else the menu for everybody. There is no update, and a new menu is the newest. So a
list is built from its weakest menu on, and nothing that a user sees is deleted before what replaces it is there.

Knows no HTTP, no Ansible and no account. Sources: the platform's page "Personalized menu", and what users report about its answers.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._http.wire import number
from .menu_compare import hosts
from .menu_form import Menu, as_read, canonical

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# The fields of a rule as the platform returns them, but the tag's is always tag_id: it comes back under its old name, group_id.
Rule = dict[str, str]

TAG, PLATFORM = "tag_id", "client_platform_type"
_OLD_TAG = "group_id"
PLATFORMS = {"ios": "1", "android": "2", "other": "3"}
_PLATFORM_NAMES = {value: name for name, value in PLATFORMS.items()}
# The platform takes no new menu with one of these. Those that there are match nobody.
DEAD = ("sex", "country", "province", "city", "language")

# To so many domains all conditional menus together may link.
MOST_DOMAINS = 3


@dataclasses.dataclass(frozen=True)
class Conditional:
    """``menu``: in the canonical form. ``menuid``: None for one that there is not yet. Two are equal if their rules and menus are."""

    rule: Rule
    menu: Menu
    menuid: int | None = dataclasses.field(default=None, compare=False)

    @property
    def is_dead(self) -> bool:
        """Whether it matches nobody, for its rule has a field that the platform no longer knows."""
        return not self.rule.keys().isdisjoint(DEAD)

    def declared(self) -> dict[str, t.Any]:
        """As the option takes it, with the menuid. What the option does not take, such as a dead field, stays as it is."""
        match = {name: value for name, value in self.rule.items() if name != PLATFORM or value not in _PLATFORM_NAMES}
        if len(match) < len(self.rule):
            match["platform"] = _PLATFORM_NAMES[self.rule[PLATFORM]]
        return {"match": match, "menu": self.menu, "menuid": None if self.menuid is None else str(self.menuid)}

    def label(self) -> str:
        """Whom it is for."""
        return label_of(self.declared()["match"])


def label_of(match: Mapping[str, str]) -> str:
    """Whom a menu is for."""
    return ", ".join(f"{name} {value}" for name, value in match.items())


class Add(t.NamedTuple):
    """A step: make this menu. It becomes the strongest."""

    menu: Conditional


class Delete(t.NamedTuple):
    """A step: delete this menu, which has a menuid."""

    menu: Conditional


class TooManyDomains(Exception):
    """The platform would refuse the next menu, or may do so.

    ``domains``: those of what there is and of what would be added. ``fits``: whether the declared menus alone have few enough."""

    def __init__(self, domains: Sequence[str], *, fits: bool) -> None:
        super().__init__(domains)
        self.domains = domains
        self.fits = fits


def rule_of(matchrule: object) -> Rule:
    """The rule in the canonical form: texts by field, the tag first. Raises ValueError if ``matchrule`` cannot be understood.

    ``matchrule``: from an answer, or declared. Empty fields are left out.
    """
    if not isinstance(matchrule, dict):
        raise ValueError
    filled = {name: _text(value) for name, value in matchrule.items() if value not in (None, "")}
    old = filled.pop(_OLD_TAG, None)
    if old is not None and filled.setdefault(TAG, old) != old:
        raise ValueError
    return dict(sorted(filled.items(), key=lambda item: (item[0] != TAG, item[0])))


def _text(value: object) -> str:
    whole = number(value)
    if whole is None and not isinstance(value, str):
        raise ValueError
    return str(value) if whole is None else str(whole)


def read(listed: object) -> tuple[Conditional, ...]:
    """The conditional menus in an answer, the strongest first. Raises ValueError if they cannot be understood.

    A menu without a menuid cannot be told from another one, and not be deleted. The newest one is the strongest, wherever it stands.
    """
    if not isinstance(listed, (list, tuple)):
        raise ValueError
    found = [_one(as_read(one)) for one in listed]
    if len({one.menuid for one in found}) != len(found):
        raise ValueError
    return strongest_first(found)


def _one(raw: object) -> Conditional:
    menuid = number(raw.get("menuid")) if isinstance(raw, dict) else None
    if not isinstance(raw, dict) or menuid is None:
        raise ValueError
    return Conditional(rule_of(raw.get("matchrule")), canonical(raw.get("button")), menuid)


def strongest_first(menus: Iterable[Conditional]) -> tuple[Conditional, ...]:
    """In the order in which the platform tries them: the newest first."""
    return tuple(sorted(menus, key=lambda one: -_age(one)))


def _age(menu: Conditional) -> int:
    return menu.menuid or 0


def after(there: Sequence[Conditional], step: Add | Delete) -> tuple[Conditional, ...]:
    """What there is after ``step``. A new menu gets a menuid that says no more than that it is the newest."""
    if isinstance(step, Delete):
        return tuple(one for one in there if one.menuid != step.menu.menuid)
    newest = max(map(_age, there), default=0)
    return (dataclasses.replace(step.menu, menuid=newest + 1), *there)


def next_step(
    there: Sequence[Conditional], declared: Sequence[Conditional], *, exclusive: bool, replace_in_place: bool = False
) -> Add | Delete | None:
    """The next step on the way from ``there`` to ``declared``, both with the strongest first; None if nothing is left to do.

    ``declared``: each rule once. ``exclusive``: whether menus with other rules are deleted. ``replace_in_place``: whether a menu that
    users see may be deleted before another one is added, if there would be too many domains otherwise. Raises TooManyDomains.
    """
    kept = _kept(there, declared)
    ids = {one.menuid for one in kept}
    rules = [one.rule for one in declared]
    # From the oldest one on: so nobody gets back what a newer one has replaced.
    left = [one for one in reversed(there) if one.menuid not in ids and (exclusive or one.rule in rules)]
    unseen = {one.menuid for one in duplicates_in(there)}
    for one in left:
        if one.menuid in unseen:
            return Delete(one)
    if len(kept) == len(declared):
        return Delete(left[0]) if left else None
    new = declared[len(declared) - len(kept) - 1]
    domains = _domains([new, *there])
    # If there are more already, the platform counts otherwise, and what adds none changes nothing about that.
    if MOST_DOMAINS < len(domains) > len(_domains(there)):
        fits = len(_domains([*declared, *(one for one in there if one not in left)])) <= MOST_DOMAINS
        if not replace_in_place:
            raise TooManyDomains(domains, fits=fits)
        # If it does not help, nothing is lost for it. The platform may count otherwise.
        if left and fits:
            return Delete(left[0])
    return Add(new)


def _kept(there: Sequence[Conditional], declared: Sequence[Conditional]) -> list[Conditional]:
    """The menus that can stay: the longest run of the weakest declared ones that is there in this order. Of doubles, the newest."""
    run = 0
    for one in reversed(there):
        if run < len(declared) and one == declared[-1 - run]:
            run += 1
    kept: list[Conditional] = []
    wanted = [*declared[len(declared) - run :]]
    for one in there:
        if wanted and one == wanted[0]:
            kept.append(one)
            wanted.pop(0)
    return kept


def _domains(menus: Iterable[Conditional]) -> list[str]:
    return sorted({host for one in menus for host in hosts(one.menu)})


def duplicates_in(there: Sequence[Conditional]) -> list[Conditional]:
    """Those that nobody gets, because a newer one has the same rule. ``there``: the strongest first."""
    rules: set[tuple[tuple[str, str], ...]] = set()
    found = []
    for one in there:
        rule = tuple(sorted(one.rule.items()))
        if rule in rules:
            found.append(one)
        rules.add(rule)
    return found


def kept_of(listed: Iterable[Mapping[str, t.Any]]) -> list[dict[str, t.Any]]:
    """What a record keeps of conditional menus as they were read: in the platform's words, as they are sent. Raises ValueError."""
    return [{**one.menu, "matchrule": one.rule, "menuid": one.menuid} for one in read([*listed])]


def kept_of_declared(listed: Iterable[Mapping[str, t.Any]]) -> list[dict[str, t.Any]]:
    """The same of conditional menus as ``Conditional.declared`` returns them."""
    return kept_of({**one["menu"], "matchrule": _undeclared(one["match"]), "menuid": one["menuid"]} for one in listed)


def _undeclared(match: Mapping[str, str]) -> Rule:
    return {
        PLATFORM if name == "platform" else name: PLATFORMS.get(value, value) if name == "platform" else value
        for name, value in match.items()
    }
