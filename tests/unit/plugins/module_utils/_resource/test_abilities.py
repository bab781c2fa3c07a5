# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is concluded from what was answered and what was refused."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.errcodes import ACCOUNT_CALL, refusal
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import Failure, Step
from ansible_collections.wxops.official_account.plugins.module_utils._resource.abilities import (
    ABILITIES,
    PERMISSION_SETS,
    Told,
    conclude,
    lapses_soon,
    status_of,
)
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text

STEP = Step(Text("read the menu"))
UNREACHED = Failure("transport", STEP, Text("the menu"), Text("the menu"))
OF = {"menu": "menu", "tags": "tags", "templates": "templates", "publish": "publish", "kf": "customer_service"}


def answers(text: str) -> dict[str, Failure | None]:
    """``menu:48001 tags``: the looks, and what each was refused with. ``?``: no answer."""
    found: dict[str, Failure | None] = {}
    for one in text.split():
        name, _colon, code = one.partition(":")
        refused = UNREACHED if code == "?" else refusal(STEP, ACCOUNT_CALL, int(code), "", 200) if code else None
        found[OF[name]] = refused
    return found


SUBSCRIPTION, SERVICE = Told(service_type=0, verify_type=0), Told(service_type=2, verify_type=-1)

# What was answered, and the kind and the verification that follow. A ! is what is certain.
KINDS: dict[str, tuple[str, str, str, Told | None]] = {
    "verified-service": ("menu tags templates publish kf", "service", "True", None),
    "without-the-plugin": ("menu tags templates:48001", "unknown", "True", None),
    "verified-subscription": ("menu tags templates:48001 publish", "unknown", "True", None),
    "unverified-service": ("menu tags:48001 templates:48001 publish:48001 kf:48001", "service", "False", None),
    "unverified-subscription": ("menu:48001 tags:48001 templates:48001 publish:48001 kf:48001", "subscription", "False", None),
    "personal-without-tags-asked": ("menu:48001", "subscription", "False", None),
    "only-templates": ("templates", "service", "True", None),
    "only-menu": ("menu", "unknown", "None", None),
    "nothing": ("", "unknown", "None", None),
    "restricted": ("menu:50002 tags:50002 templates:50002", "unknown", "None", None),
    "quota-used-up": ("menu:45009 tags:45009", "unknown", "None", None),
    "no-answer": ("menu:? tags:?", "unknown", "None", None),
    "wrong-kind": ("menu:40200 tags:48001", "unknown", "False", None),
    "set-not-granted": ("menu:61007 tags:61007", "unknown", "None", None),
    # What the platform says holds, whatever is refused.
    "told-subscription": ("menu tags templates", "subscription!", "True!", SUBSCRIPTION),
    "told-service": ("menu:48001 tags:48001", "service!", "False!", SERVICE),
    "told-upgraded": ("", "subscription!", "False!", Told(service_type=1, verify_type=-1)),
    "told-odd": ("menu:48001 tags", "subscription", "True", Told(service_type=9, verify_type=3)),
    "told-nothing": ("menu tags:48001", "service", "False", Told()),
}


@pytest.mark.parametrize("name", KINDS)
def test_the_kind_is_concluded_and_a_guess_is_marked(name: str) -> None:
    given, kind, verified, told = KINDS[name]
    found = conclude(answers(given), told)
    certain = {key: "" if found.because[key].guess else "!" for key in ("kind", "verified")}
    unknown = {"unknown": "unknown!", "None": "None!"}
    assert f"{found.kind}{certain['kind']}" == unknown.get(kind, kind)
    assert f"{found.verified}{certain['verified']}" == unknown.get(verified, verified)


# What was answered, and what it can: the code that says so, and ~ behind a guess.
CAN: dict[str, tuple[str, bool | None, int | None, bool]] = {
    "menu": ("menu", True, 0, True),
    "menu:48001": ("menu", False, 48001, False),
    "menu:61007": ("menu", False, 61007, False),
    "menu:50002": ("menu", False, 50002, False),
    "menu:99999": ("menu", False, 99999, False),
    "kf:65400": ("customer_service", False, 65400, False),
    "menu:45009": ("menu", None, 45009, False),
    "menu:45011": ("menu", None, 45011, False),
    "menu:48006": ("menu", None, 48006, False),
    "menu:-1": ("menu", None, -1, False),
    "menu:?": ("menu", None, None, False),
    "tags": ("menu", None, None, False),
}


@pytest.mark.parametrize("given", CAN)
def test_a_refusal_says_what_an_account_cannot_use_and_a_used_up_quota_does_not(given: str) -> None:
    name, can, code, guess = CAN[given]
    found = conclude(answers(given))
    assert (found.can[name], found.because[name].errcode, found.because[name].guess) == (can, code, guess)
    assert found.can.keys() == ABILITIES.keys()
    assert found.because.keys() == {"kind", "verified", *ABILITIES}


# The permission sets that were granted, what was refused, and whether the set is named as the cause.
SETS: dict[str, tuple[str, tuple[int, ...] | None, bool]] = {
    "not-granted": ("menu:48001", (1, 11), True),
    "granted": ("menu:48001", (1, 15), False),
    "not-known": ("menu:48001", None, False),
    "either-is-enough": ("tags:48001", (100,), False),
    "neither": ("tags:48001", (), True),
    "of-templates": ("templates:48001", (15,), True),
    "no-set-is-known-for-it": ("publish:48001", (15,), False),
    "another-code": ("menu:50002", (), False),
}


@pytest.mark.parametrize("name", SETS)
def test_a_permission_set_that_is_not_granted_is_named(name: str) -> None:
    given, sets, is_cause = SETS[name]
    found = conclude(answers(given), Told(permission_sets=sets)).because[OF[given.partition(":")[0]]]
    assert ("permission set" in str(found.remedy)) is is_cause
    assert found.guess is is_cause


@pytest.mark.parametrize(("status", "words"), [(1, None), (None, None), (99, None), (16, "banned"), (18, "warned"), (19, "frozen")])
def test_the_account_s_own_trouble_is_told(status: int | None, words: str | None) -> None:
    because = status_of(Told(account_status=status))
    assert (because is None) if words is None else (because and words in because.what)


@pytest.mark.parametrize(("until", "soon"), [(None, False), (1_000, True), (1_700_000_000, True), (1_709_000_000, False)])
def test_a_verification_that_lapses_soon_is_told(until: int | None, soon: bool) -> None:
    assert lapses_soon(Told(verified_until=until), 1_700_000_000) is soon


def test_permission_sets_have_names() -> None:
    names: list[t.Any] = [PERMISSION_SETS[number] for number in (1, 2, 7, 11, 15)]
    assert [name.zh for name in names] == ["消息管理", "用户管理", "群发与通知", "素材管理", "自定义菜单"]
