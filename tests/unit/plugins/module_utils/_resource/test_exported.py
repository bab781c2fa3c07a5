# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a look at an account becomes: options that declare it, or why there are none."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.errcodes import ACCOUNT_CALL
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._resource.account import (
    RESOURCES,
    FoundRows,
    exported,
    look_at_account,
)
from ansible_collections.wxops.official_account.plugins.module_utils._resource.draft_switch import DRAFT_SWITCH
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu import EVERYTHING, LOOK
from ansible_collections.wxops.official_account.plugins.module_utils._resource.tags import TAGS
from ansible_collections.wxops.official_account.plugins.module_utils._text import verbatim

SHOP: dict[str, t.Any] = {"button": [{"type": "view", "name": "Shop", "url": "https://shop.example/"}]}
NEWS = {"button": [{"type": "news", "name": "News", "value": "x"}]}
NO_MENU = {"errcode": 46003}
MAY_NOT = {"errcode": 48001}
NEVER = {"is_menu_open": 0}


def shown(menu: dict[str, t.Any], is_open: int = 1) -> dict[str, t.Any]:
    return {"is_menu_open": is_open, "selfmenu_info": menu}


class Answers:
    """A reader that gets the answers of an account. An error is raised instead."""

    def __init__(self, switch: t.Any, menu: t.Any, console: t.Any) -> None:
        self._answers = {DRAFT_SWITCH.look.call.path: switch, EVERYTHING.look.call.path: menu, TAGS.look.call.path: VIP}
        self._console = console
        self.paths: list[str] = []

    def read(self, look: t.Any) -> t.Any:
        self.paths.append(look.call.path)
        answer = self._answers.get(look.call.path, self._console)
        if isinstance(answer, Exception):
            raise answer
        found = look.read(answer)
        more = look.then(found)
        return self.read(more) if more else found


def refusal(reason: t.Any, errcode: int | None = None) -> ApiError:
    return ApiError(Failure(reason, LOOK, verbatim("the platform said no"), verbatim("do something"), errcode))


VIP = {"tags": [{"id": 2, "name": "星标组", "count": 0}, {"id": 100, "name": "VIP", "count": 3}]}
ON, OFF = {"is_open": 1}, {"is_open": 0}

CASES: dict[str, tuple[list[t.Any], dict[str, t.Any], dict[str, str]]] = {
    "on-and-a-menu": ([ON, {"menu": SHOP}, shown(SHOP)], {"draft_switch": "present", "menu": SHOP}, {}),
    "off-and-none": (
        [OFF, NO_MENU, NEVER],
        {},
        {"draft_switch": "The draft box is off.", "menu": "The account shows no menu."},
    ),
    "of-the-console": ([ON, NO_MENU, shown(NEWS)], {"draft_switch": "present"}, {"menu": "that was made in the console."}),
    "asleep": ([ON, NO_MENU, shown(NEWS, 0)], {"draft_switch": "present"}, {"menu": "and is not shown"}),
    "api-and-console": ([ON, {"menu": SHOP}, shown(NEWS)], {"draft_switch": "present"}, {"menu": "made in the console"}),
    "made-in-the-console-read-by-api": ([ON, {"menu": NEWS}, shown(NEWS)], {"draft_switch": "present"}, {"menu": "in the console"}),
    "unverified": ([ON, MAY_NOT, NEVER], {"draft_switch": "present"}, {"menu": "cannot be read (errcode 48001)"}),
    "no-draft-box": ([refusal("account"), {"menu": SHOP}, shown(SHOP)], {"menu": SHOP}, {"draft_switch": "the platform said no"}),
    "not-granted": (
        [ON, refusal("operator", 61007), NEVER],
        {"draft_switch": "present"},
        {"menu": "the platform said no", "conditional_menus": "the platform said no"},
    ),
    "not-declarable": (
        [ON, {"menu": {"button": [{"type": "view", "name": "x" * 99, "url": "https://x.example/"}]}}, NEVER],
        {"draft_switch": "present"},
        {"menu": "button[0].name"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_an_account_has_is_declared_and_what_cannot_be_declared_has_its_reason(case: str) -> None:
    answers, declared, says = CASES[case]
    says = {"conditional_menus": "", **says}
    outcome = look_at_account(t.cast("t.Any", Answers(*answers)))
    assert outcome.failure is None
    assert (outcome.changed, outcome.request_sent) == (False, False)
    options, left_out = exported(FoundRows(False).one(outcome)["resources"])
    assert options == {**declared, "tags": ["VIP"]}
    assert left_out.keys() == says.keys()
    assert [name for name, text in says.items() if text not in left_out[name]] == []


@pytest.mark.parametrize("reason", ["transport", "credential", "operator", "quota", "protocol"])
def test_after_another_failure_than_that_the_account_may_not_nothing_more_is_asked(reason: str) -> None:
    reader = Answers(refusal(reason), {"menu": SHOP}, shown(SHOP))
    outcome = look_at_account(t.cast("t.Any", reader))
    assert outcome.failure is not None
    assert outcome.failure.reason == reason
    assert reader.paths == [DRAFT_SWITCH.look.call.path]


def test_an_account_that_may_not_use_a_call_is_told_by_the_platform_s_own_code() -> None:
    assert {code for code, meaning in ACCOUNT_CALL.meanings.items() if meaning.reason == "account"} == {48001, 40200}


def test_every_resource_can_be_exported() -> None:
    assert [one.name for one in RESOURCES if not one.info] == []
