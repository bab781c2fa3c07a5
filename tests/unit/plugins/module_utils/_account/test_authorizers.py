# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The list of authorised accounts, read page by page while it changes."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._account.authorizers import read_list
from ansible_collections.wxops.official_account.plugins.module_utils._account.component import MOST_ACCOUNTS, PAGE, Component
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError
from ansible_collections.wxops.official_account.plugins.module_utils._http.transport import Answer

from tests.unit.transports import ScriptedTransport, patience, wire_to

BUSY = Answer(503, b"")


def appid_of(name: str) -> str:
    return f"wx{name.encode().hex():0>16}"


def name_of(appid: str) -> str:
    return bytes.fromhex(appid[2:]).lstrip(b"\0").decode()


def page(total: int, *names: str) -> dict[str, t.Any]:
    """A page of the list. An entry whose name is empty has no AppID."""
    rows = [{"authorizer_appid": appid_of(name), "refresh_token": f"refresh-of-{name}"} if name else {} for name in names]
    return {"total_count": total, "list": rows}


def read(transport: ScriptedTransport, *wanted: str, retries: int = 0) -> tuple[list[str], str | None, list[int], list[str]]:
    """The AppIDs, why some may be missing, the offsets that were asked for, and what the user was told."""
    told: list[str] = []
    component = Component(wire_to(transport), "wxfedcba9876543210", "canary-component-token")
    listing = read_list(component, patience(retries), frozenset(map(appid_of, wanted)), told.append)
    offsets = [t.cast("int", request.body["offset"]) for request in transport.requests]
    assert transport.answers == []
    return list(map(name_of, listing.authorizers)), listing.gap.what if listing.gap else None, offsets, told


def test_no_account_is_a_whole_list() -> None:
    assert read(ScriptedTransport(page(0))) == ([], None, [0], ["0 of 0 authorised accounts listed"])


def test_pages_are_read_until_all_are_listed() -> None:
    transport = ScriptedTransport(page(5, "a", "b"), page(5, "c", "d"), page(5, "e"))
    told = [f"{count} of 5 authorised accounts listed" for count in (2, 4, 5)]
    assert read(transport) == (["a", "b", "c", "d", "e"], None, [0, 2, 4], told)
    assert {request.body["count"] for request in transport.requests} == {PAGE}


def test_one_full_page_needs_no_second() -> None:
    assert read(ScriptedTransport(page(2, "a", "b")))[::2] == (["a", "b"], [0])


def test_large_numbers_are_told_with_separators() -> None:
    names = [f"a{number}" for number in range(1000)]
    assert read(ScriptedTransport(page(1000, *names)))[3] == ["1,000 of 1,000 authorised accounts listed"]


def test_an_account_that_joins_meanwhile_is_listed_too_and_is_none_that_is_missing() -> None:
    assert read(ScriptedTransport(page(2, "a", "b", "new")))[:2] == (["a", "b", "new"], None)


def test_accounts_that_join_meanwhile_do_not_make_the_reading_longer_than_it_was_to_be() -> None:
    transport = ScriptedTransport(page(2, "a"), page(3, "b"))
    assert read(transport) == (["a", "b"], None, [0, 1], ["1 of 2 authorised accounts listed", "2 of 2 authorised accounts listed"])


def test_a_page_that_is_shifted_by_one_who_leaves_has_the_list_read_again() -> None:
    # "a" leaves after the first page, so that "c" moves onto it, unseen.
    transport = ScriptedTransport(page(4, "a", "b"), page(3, "d"), page(3, "b", "c"), page(3, "d"))
    assert read(transport)[:3] == (["b", "c", "d"], None, [0, 2, 0, 2])


def test_an_account_that_is_listed_twice_counts_once() -> None:
    transport = ScriptedTransport(page(3, "a", "b"), page(3, "b"), page(3, "a", "b", "c"))
    assert read(transport)[:3] == (["a", "b", "c"], None, [0, 2, 0])


def test_what_was_listed_once_and_is_gone_is_not_listed_where_all_are_wanted() -> None:
    assert read(ScriptedTransport(page(3, "a", "b"), page(3), page(2, "b", "c")))[0] == ["b", "c"]


def test_an_empty_page_ends_a_reading() -> None:
    transport = ScriptedTransport(page(3, "a"), page(3), page(3), page(3, "a", "b", "c"))
    assert read(transport)[:3] == (["a", "b", "c"], None, [0, 1, 0, 0])


def test_a_list_that_never_gets_whole_is_read_three_times_and_says_so() -> None:
    transport = ScriptedTransport(*[page(1500, "a"), page(1500)] * 3)
    assert read(transport)[:3] == (["a"], "only 1 of 1,500 accounts were listed, 3 times over", [0, 1] * 3)


# --- Lists that never end, and odd entries.


class Repeating(ScriptedTransport):
    """Answers every request with the same page."""

    def __init__(self, always: dict[str, t.Any]) -> None:
        super().__init__()
        self._always = always

    def send(self, *arguments: t.Any, **named: t.Any) -> Answer:
        self.answers = [self._always]
        return super().send(*arguments, **named)


@pytest.mark.parametrize("names", [("a",), ("a", "b"), ("",), ("", ""), ("a", "")])
@pytest.mark.parametrize("total", [50_000, MOST_ACCOUNTS])
def test_a_page_without_a_new_account_ends_a_reading(names: tuple[str, ...], total: int) -> None:
    transport = Repeating(page(total, *names))
    listed, gap, _offsets, _told = read(transport)
    named = sorted(set(filter(None, names)))
    assert listed == named
    assert gap is not None
    assert gap.startswith(f"only {len(named)} of {total:,} accounts were listed, 3 times over; entry ")
    # The first page of each of the three readings, and one more page if the first one brought an account.
    assert len(transport.requests) == 3 * (2 if named else 1)


class Growing(ScriptedTransport):
    """Each page has one entry, and each one is new: the longest way through a list."""

    def send(self, *arguments: t.Any, **named: t.Any) -> Answer:
        self.answers = [page(40, f"n{len(self.requests)}")]
        return super().send(*arguments, **named)


def test_there_are_never_more_requests_than_accounts() -> None:
    transport = Growing()
    assert len(read(transport)[0]) == len(transport.requests) == 40


@pytest.mark.parametrize("total", [10**18, MOST_ACCOUNTS + 1, -1, None, 1.5, [], "many"])
def test_a_number_of_accounts_that_cannot_be_is_no_list(total: object) -> None:
    transport = Repeating({**page(0, "a"), "total_count": total})
    with pytest.raises(ApiError) as caught:
        read(transport)
    assert caught.value.failure.reason == "protocol"
    assert len(transport.requests) == 1


def test_an_entry_without_an_appid_is_named_by_its_place_and_the_others_are_listed() -> None:
    transport = ScriptedTransport(page(4, "a", ""), page(4, "c", "d"))
    gap = "only 3 of 4 accounts were listed; entry 2 has no usable AppID"
    assert read(transport)[:3] == (["a", "c", "d"], gap, [0, 2])


def test_an_account_that_is_twice_in_the_list_is_named() -> None:
    transport = ScriptedTransport(*[page(3, "a", "b", "a")] * 3)
    gap = f"only 2 of 3 accounts were listed, 3 times over; entry 3 is {appid_of('a')} again"
    assert read(transport)[:3] == (["a", "b"], gap, [0, 0, 0])


def test_an_account_that_is_twice_in_a_list_that_has_all_is_no_gap() -> None:
    assert read(ScriptedTransport(page(2, "a", "b", "a")))[:2] == (["a", "b"], None)


def test_only_the_first_odd_entries_are_named() -> None:
    gap = read(ScriptedTransport(page(9, "a", *[""] * 8)))[1]
    entries = "; ".join(f"entry {number} has no usable AppID" for number in range(2, 7))
    assert gap == f"only 1 of 9 accounts were listed; {entries}; and 3 more odd entries"


@pytest.mark.parametrize("hostile", ["{{ 1 }}", "wx\x1b[31m", "wx0123456789ABCDEG", "localhost", "wx" + "0" * 17, 5, None, ["wx"], ""])
def test_an_appid_of_another_form_is_not_shown(hostile: object) -> None:
    odd = {"authorizer_appid": hostile, "refresh_token": "refresh"}
    answer = page(2, "a")
    answer["list"].append(odd)
    assert read(ScriptedTransport(answer))[:2] == (["a"], "only 1 of 2 accounts were listed; entry 2 has no usable AppID")


def test_an_entry_that_is_no_object_is_odd() -> None:
    answer = page(3, "a")
    answer["list"] += ["account", None]
    gap = read(ScriptedTransport(answer))[1]
    assert gap == "only 1 of 3 accounts were listed; entry 2 has no usable AppID; entry 3 has no usable AppID"


def test_wanted_accounts_are_read_past_an_odd_entry() -> None:
    assert read(ScriptedTransport(page(3, "a", "", "b")), "b")[:2] == (["a", "b"], None)


def test_a_gap_says_what_to_do() -> None:
    component = Component(wire_to(ScriptedTransport(*[page(2, "a"), page(2)] * 3)), "wxfedcba9876543210", "canary-component-token")
    gap = read_list(component, patience()).gap
    assert gap is not None
    assert (gap.reason, gap.step.words) == ("protocol", "list the third-party platform's authorised accounts")
    assert gap.remedy == (
        "run again in a few minutes, when no account joins or leaves the third-party platform; if the list stays like this, ask the "
        "platform's support"
    )


# --- Some accounts are wanted.


def test_no_more_pages_are_read_than_the_wanted_ones_take() -> None:
    assert read(ScriptedTransport(page(6, "a", "b"), page(6, "c", "d")), "a", "d")[:3] == (["a", "b", "c", "d"], None, [0, 2])


def test_one_who_is_wanted_and_not_there_has_the_list_read_to_its_end_once() -> None:
    assert read(ScriptedTransport(page(3, "a", "b"), page(3, "c")), "a", "x")[:3] == (["a", "b", "c"], None, [0, 2])


def test_who_is_wanted_and_was_listed_once_need_not_be_listed_again() -> None:
    # The first reading finds "a" and loses one; the second finds "d", and no "a" before it.
    transport = ScriptedTransport(page(4, "a", "b"), page(4, "b"), page(3, "b", "d"))
    assert read(transport, "a", "d")[:3] == (["a", "b", "d"], None, [0, 2, 0])


def test_who_is_wanted_may_be_listed_though_others_are_missing() -> None:
    transport = ScriptedTransport(page(9, "a"), page(9), page(9, "b"), page(9), page(9, "c"), page(9))
    assert read(transport, "a", "x")[:2] == (["a", "b", "c"], "only 1 of 9 accounts were listed, 3 times over")


# --- Pages that cannot be had.


def test_a_page_is_tried_again_while_its_failure_may_pass() -> None:
    assert read(ScriptedTransport(page(2, "a"), BUSY, page(2, "b")), retries=1)[:3] == (["a", "b"], None, [0, 1, 1])


@pytest.mark.parametrize("answers", [[BUSY], [page(2, "a"), BUSY]])
def test_a_page_that_cannot_be_had_is_the_end_of_it(answers: list[t.Any]) -> None:
    with pytest.raises(ApiError) as caught:
        read(ScriptedTransport(*answers))
    assert caught.value.failure.http_status == 503
