# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The error taxonomy: every code has a reason and a remedy, and allow-list refusals name their addresses."""

from __future__ import annotations

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._account.tokens import GET_TOKEN
from ansible_collections.wxops.official_account.plugins.module_utils._http.errcodes import (
    ACCOUNT_CALL,
    COMPONENT_CALL,
    MEANINGS,
    TOKEN_CALL,
    Codes,
    refusal,
)
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import START
from ansible_collections.wxops.official_account.plugins.module_utils._resource.draft_switch import DRAFT_SWITCH, LOOK

from tests.simulator.faults import ERRCODES

REASONS = {"credential", "operator", "account", "quota", "transient", "protocol"}


# Of the codes that the simulator answers with, those that no meaning is to be found for: of the call itself, or of nobody.
OTHERS = DRAFT_SWITCH.look.call.codes.retired | {99999}


@pytest.mark.parametrize("code", sorted(MEANINGS))
def test_every_meaning_is_two_clauses(code: int) -> None:
    meaning = MEANINGS[code]
    assert meaning.reason in REASONS
    for clause in (meaning.what, meaning.remedy):
        assert clause
        assert not clause.endswith(".")
        assert ". " not in clause
    assert meaning.remedy[0].islower()


def test_the_codes_with_a_meaning_are_those_that_the_tests_ask_for() -> None:
    assert set(MEANINGS) == set(ERRCODES) - OTHERS


@pytest.mark.parametrize(
    ("errmsg", "addresses"),
    [
        ("invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist rid: 6743f1a2-0a1b2c3d-4e5f6071", "1.2.3.4"),
        ("invalid ip 1.2.3.4, not in whitelist hint: [ab12]", "1.2.3.4"),
        ("invalid ip 1.2.3.4 ipv6 2001:db8::7, not in whitelist", "1.2.3.4 and 2001:db8::7"),
        ("invalid ip 2001:db8::7, not in whitelist", "2001:db8::7"),
        ("access clientip is not registered requestIP: 5.6.7.8 rid: 6743f1a2-0a1b2c3d-4e5f6071", "5.6.7.8"),
        ("not in whitelist", "this host's public address"),
        ("", "this host's public address"),
    ],
)
def test_the_remedy_names_the_addresses(errmsg: str, addresses: str) -> None:
    assert refusal(LOOK, ACCOUNT_CALL, 40164, errmsg, 200).remedy.startswith(f"add {addresses} to ")


def test_the_rid_is_told_by_itself() -> None:
    assert refusal(LOOK, ACCOUNT_CALL, 48001, "api unauthorized rid: 6743f1a2-0a1b2c3d-4e5f6071", 200).rid == "6743f1a2-0a1b2c3d-4e5f6071"
    assert refusal(LOOK, ACCOUNT_CALL, 48001, "api unauthorized hint: [x]", 200).rid is None


def test_a_long_or_odd_errmsg_is_made_harmless() -> None:
    failure = refusal(LOOK, ACCOUNT_CALL, 48001, "a\x1b[31m\n" + "b" * 1000, 200)
    assert failure.errmsg == "a [31m " + "b" * 293


def test_40001_means_the_secret_on_a_token_call_only() -> None:
    assert refusal(GET_TOKEN, TOKEN_CALL, 40001, "", 200).reason == "operator"
    assert refusal(LOOK, ACCOUNT_CALL, 40001, "", 200).reason == "credential"


@pytest.mark.parametrize("codes", [ACCOUNT_CALL, TOKEN_CALL, COMPONENT_CALL, DRAFT_SWITCH.look.call.codes])
def test_an_unknown_code_is_told_in_the_platform_s_own_words(codes: Codes) -> None:
    said = "no\x1b[31m such \u202ething {0} {{ x }} rid: 6743f1a2-0a1b2c3d-4e5f6071"
    what = refusal(START, codes, 99999, said, 200).what
    end = "(the platform says: no [31m such thing {0} {{ x }} rid: 6743f1a2-0a1b2c3d-4e5f6071)"
    assert what.endswith(f"does not know (errcode 99999) {end}")
    assert what.zh.endswith("，微信返回「no [31m such thing {0} {{ x }} rid: 6743f1a2-0a1b2c3d-4e5f6071」")
    assert refusal(START, codes, 99999, "x" * 500, 200).what.endswith(f"(the platform says: {'x' * 100})")
    for empty in ("", " \n"):
        assert refusal(START, codes, 99999, empty, 200).what.endswith("(errcode 99999)")
    assert "says" not in refusal(START, codes, 40164, said, 200).what
