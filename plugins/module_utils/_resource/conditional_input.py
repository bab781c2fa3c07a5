# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checks of declared conditional menus. All faults at once, each with its path, before anything is sent.

They are declared as a list, the strongest first: ``[{"match": {"tag": ..., "tag_id": ..., "platform": ...}, "menu": {"button": [...]}}]``;
or as ``{"menus": [...], "exclusive": true, "replace_in_place": true}``; or as ``absent``.
"""

from __future__ import annotations

import difflib
import typing as t

from .._text import Text, enumerated, verbatim
from .conditional_plan import DEAD, PLATFORM, PLATFORMS, TAG, Rule
from .menu_input import NO_BUTTONS, gathered, is_gap, kind_of, mask_in
from .menu_input import check as check_menu
from .tags_input import fault_of, quotable

if t.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .menu_form import Menu

NAME = "conditional_menus"
_KEYS = ("menus", "exclusive", "replace_in_place")


class Target(t.NamedTuple):
    """A declared conditional menu. ``at``: its path. ``tag``: the name of its tag, whose id is still to be found; None without a name.

    ``rule``: without that id.
    """

    at: str
    tag: str | None
    rule: Rule
    menu: Menu


class Declared(t.NamedTuple):
    """What an account declares. ``menus``: the strongest first. ``exclusive``: there are no others.

    ``replace_in_place``: see ``next_step``.
    """

    menus: tuple[Target, ...] = ()
    exclusive: bool = True
    replace_in_place: bool = False

    @property
    def names(self) -> set[str]:
        """The tags that are declared by their names."""
        return {one.tag for one in self.menus if one.tag is not None}


# No conditional menus.
NONE = Declared()


class Checked(t.NamedTuple):
    """``declared``: None if there are ``faults``, clauses. ``warnings``: what is allowed, and may surprise."""

    declared: Declared | None
    faults: list[Text]
    warnings: list[Text]


class AllChecked(t.NamedTuple):
    """``declared``: by the accounts' names. ``faults``: a clause with the faults of all of them, empty if there are none."""

    declared: dict[str, Declared]
    faults: Text
    warnings: list[Text]


def check_all(given: Mapping[str, object], **flags: bool) -> AllChecked:
    """Check what each account declares, by its name. ``flags``: ``exclusive`` and ``replace_in_place`` of a list, which has none itself."""
    found, faults, warnings = gathered(given, lambda value: check(value, **flags))
    cannot = Text("conditional_menus cannot be used: {listed}").filled(listed=faults)
    return AllChecked({name: one.declared for name, one in found.items() if one.declared}, cannot if faults else faults, warnings)


def check(given: object, **flags: bool) -> Checked:
    """What is right and wrong about ``given``: a list, a dict with ``menus``, or absent. ``flags``: what holds for a list."""
    if given == "absent":
        return Checked(NONE, [], [])
    whole = given if isinstance(given, dict) else {"menus": given, **flags}
    menus, faults, warnings = whole.get("menus"), [*_of_whole(whole)], []
    if isinstance(given, dict) and "menus" not in given:
        # A name that is unknown may be meant for it.
        faults = faults or [Text("conditional_menus has no menus; give a list, the strongest first")]
    elif not isinstance(menus, list):
        faults.append(Text("conditional_menus is {kind}; give a list, the strongest first, or absent").filled(kind=kind_of(menus)))
    elif not [one for one in menus if not is_gap(one)]:
        faults.append(Text("conditional_menus is empty; to remove all conditional menus, declare absent"))
    targets: list[Target] = []
    for number, one in enumerate(menus if isinstance(menus, list) else ()):
        if not is_gap(one):
            target, its_faults, its_warnings = _target(one, f"{NAME}[{number}]", targets)
            faults.extend(its_faults)
            warnings.extend(its_warnings)
            targets.extend([target] if target else [])
    mask = mask_in(given, NAME)
    if mask:
        faults = [mask]
    if faults:
        return Checked(None, list(dict.fromkeys(faults)), [])
    return Checked(Declared(tuple(targets), *(bool(whole.get(name)) for name in _KEYS[1:])), [], warnings)


def _of_whole(whole: Mapping[str, t.Any]) -> Iterator[Text]:
    for name in whole:
        if name not in _KEYS:
            yield Text("{at}.{name} is unknown{nearest}").filled(at=NAME, name=quotable(name), nearest=_nearest(name, _KEYS))
    for name in _KEYS[1:]:
        if not isinstance(whole.get(name), (bool, type(None))):
            yield Text("{at}.{name} is {kind}; give true or false").filled(at=NAME, name=name, kind=kind_of(whole[name]))


def _target(one: object, at: str, stronger: list[Target]) -> tuple[Target | None, list[Text], list[Text]]:
    if not isinstance(one, dict):
        return None, [Text("{at} is {kind}; give a dict with match and menu").filled(at=at, kind=kind_of(one))], []
    faults = []
    for name in one:
        # What the info module returns can be declared.
        if name not in ("match", "menu", "menuid"):
            faults.append(Text("{at}.{name} is unknown; give match and menu").filled(at=at, name=quotable(name)))
    match = one.get("match")
    if isinstance(match, dict):
        faults.extend(_of_match(match, f"{at}.match"))
    else:
        faults.append(Text("{at}.match is {kind}; give a dict with tag, tag_id or platform").filled(at=at, kind=kind_of(match)))
    checked = check_menu(one.get("menu"))
    of_menu, empty = Text("{at}: {fault}"), Text("button is empty; leave a conditional menu out that is not needed")
    faults.extend(of_menu.filled(at=at, fault=empty if fault == NO_BUTTONS else fault) for fault in checked.faults)
    if faults or not isinstance(match, dict) or checked.menu is None:
        return None, faults, []
    rule = {TAG: str(match["tag_id"])} if _is_given(match, "tag_id") else {}
    if _is_given(match, "platform"):
        rule[PLATFORM] = PLATFORMS[match["platform"]]
    target = Target(at, match["tag"] if _is_given(match, "tag") else None, rule, checked.menu)
    same = next((other.at for other in stronger if (other.tag, other.rule) == (target.tag, rule)), None)
    if same:
        return None, [same_rule(at, same)], []
    return target, [], [of_menu.filled(at=at, fault=warning) for warning in checked.warnings]


def same_rule(at: str, stronger: str) -> Text:
    """The fault of a menu at the path ``at`` that has the rule of a stronger one, at ``stronger``."""
    return Text("{at} has the same match as {stronger}, so nobody would get it; leave one out").filled(at=at, stronger=stronger)


def _is_given(match: Mapping[t.Any, t.Any], name: str) -> bool:
    # A template that gives null makes an empty text before ansible-core 2.19.
    return match.get(name) not in (None, "")


def _of_match(match: Mapping[t.Any, t.Any], at: str) -> Iterator[Text]:
    names = ("tag", "tag_id", "platform")
    for name in match:
        if name in DEAD:
            dead = Text("{at}.{name}: the platform takes no rule with {fields} any more; use a tag")
            yield dead.filled(at=at, name=name, fields=enumerated(DEAD))
        elif name == "group_id":
            yield Text("{at}.group_id: give tag_id; the platform takes a group_id, and shows the menu to nobody").filled(at=at)
        elif name not in names:
            yield Text("{at}.{name} is unknown{nearest}").filled(at=at, name=quotable(name), nearest=_nearest(name, names))
    tag, tag_id, platform = (match.get(name) for name in names)
    fault = fault_of(tag, f"{at}.tag") if _is_given(match, "tag") else None
    if fault:
        yield fault.filled(path=f"{at}.tag")
    is_id = (isinstance(tag_id, int) and not isinstance(tag_id, bool) and tag_id >= 0) or (
        isinstance(tag_id, str) and tag_id.isascii() and tag_id.isdecimal() and str(int(tag_id[:20])) == tag_id
    )
    if _is_given(match, "tag_id") and not is_id:
        yield Text('{at}.tag_id is not the id of a tag, such as "104"').filled(at=at)
    if _is_given(match, "tag") and _is_given(match, "tag_id"):
        yield Text("{at} has tag and tag_id; leave one of the two out").filled(at=at)
    if _is_given(match, "platform") and (not isinstance(platform, str) or platform not in PLATFORMS):
        yield Text("{at}.platform is not one of {platforms}").filled(at=at, platforms=enumerated(PLATFORMS))
    if _is_given(match, "platform") and not (_is_given(match, "tag") or _is_given(match, "tag_id")):
        # One tag's menu must not become that of all users with such a phone.
        wider = Text("{at}.{name} is empty, and more users would get the menu without it; give a value, or leave it out")
        yield from (wider.filled(at=at, name=name) for name in ("tag", "tag_id") if name in match)
    if not any(_is_given(match, name) for name in match):
        yield Text("{at} has no rule; give tag, tag_id or platform").filled(at=at)


def _nearest(name: object, right: tuple[str, ...]) -> Text:
    near = difflib.get_close_matches(str(name).lower(), right, 1, 0.6)
    return Text(" (is {near} meant?)").filled(near=near[0]) if near else verbatim("")
