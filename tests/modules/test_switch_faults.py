# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The draft box switch: every case of its table, alone and as accounts of one call. What runs in which way: see ``table``."""

from __future__ import annotations

import typing as t

import pytest

from tests.integration.shapes import assert_keys, assert_shape
from tests.modules.switch_cases import BEHAVIOUR, CASES, UNKNOWN
from tests.modules.table import DRAFT_SWITCH, Table

if t.TYPE_CHECKING:
    from tests.modules.runner import Modules, Result
    from tests.modules.table import Seen
    from tests.simulator import Simulator

TABLE = Table(DRAFT_SWITCH, CASES)

# What the message says about the enabling request, by the values of ``shown``.
SENT = {
    (False, None, False): "; no enabling request was sent; ",
    (True, None, False): "; an enabling request was sent and may have been carried out; ",
    (True, False, True): "; an enabling request was sent, and a later check still shows the draft box off; ",
    (True, False, False): "; the enabling request was refused, and the draft box is off as it was found; ",
}
GONE = "The platform no longer offers this call and says that every draft box is on"


def shown(row: Result) -> tuple[bool, bool | None, bool]:
    return row["request_sent"], row["is_open"], row["verified"]


@pytest.mark.parametrize("name", TABLE.alone)
def test_run(name: str, modules: Modules) -> None:
    case, _account, row, _written = TABLE.run(name, modules)
    assert_shape(row, *(["diff"] if "diff" in row else []))
    if case.reason:
        assert SENT[shown(case.row)] in row["msg"]
    if case.reason == "outcome_unknown":
        assert "may have been carried out" in row["msg"]
        assert "run again: it checks first" in row["msg"]
    if case.row == UNKNOWN:
        assert "no enabling request was sent" in row["msg"]
    if shown(case.row) == (True, False, True) and case.reason != "account":
        assert "it checks first" in row["failure"]["remedy"]
    if case.reason is None:
        warned = any("no longer offered" in str(warning) for warning in row.get("warnings", []))
        assert warned is (not case.row["verified"])
        assert ("diff" in row) is case.row["verified"]
        assert (
            case.row["verified"]
            or row["msg"] == f"{GONE}; {'an enabling request was sent' if row['request_sent'] else 'nothing was changed'}."
        )


@pytest.mark.parametrize("name", BEHAVIOUR)
def test_check_mode(name: str, modules: Modules) -> None:
    seen = TABLE.check(name, modules)
    compare_foreseen(seen)
    assert_shape(seen.row, *(["diff"] if "diff" in seen.row else []))
    if "enable" in seen.case.calls:
        assert seen.row["diff"] == {"before": {"is_open": False}, "after": {"is_open": True}}


def compare_foreseen(seen: Seen) -> None:
    TABLE.compare_foreseen(seen)
    case, account, row, _written = seen
    assert account.is_open is case.given.get("is_open", False)
    if "enable" in case.calls:
        assert row["msg"] == "The draft box is off; without check mode it would be turned on, which cannot be undone."


@pytest.mark.parametrize("name", BEHAVIOUR)
def test_info(name: str, modules: Modules) -> None:
    seen = TABLE.look(name, modules)
    compare_found(seen)
    assert_keys(seen.row, {"changed", "is_open", "verified", "failure", "msg"} | {"diff"} & seen.row.keys())


def compare_found(seen: Seen) -> None:
    TABLE.compare_found(seen, seen.case.looks({"enable"}), None if TABLE.would_change(seen.case) else seen.case.reason)
    if seen.case.row["is_open"] and not seen.case.row["verified"] and "enable" not in seen.case.calls:
        assert (seen.row["msg"], seen.row["verified"]) == (f"{GONE}.", False)


COMPARED = {"run": TABLE.compare, "check": compare_foreseen, "info": compare_found}


@pytest.mark.parametrize("how", COMPARED)
def test_all_as_accounts_of_one_call(how: str, modules: Modules) -> None:
    TABLE.compare_together(how, COMPARED[how], modules)


@pytest.mark.parametrize("call", ["look", "token"])
@pytest.mark.parametrize(("code", "address"), [(40164, "203.0.113.7"), (61004, "203.0.113.8")])
def test_an_allow_list_refusal_names_the_address_once(call: str, code: int, address: str, modules: Modules) -> None:
    failure = TABLE.run(f"{call}-errcode{code}", modules).row["failure"]
    assert failure["remedy"].startswith(f"Add {address} to ")
    assert (failure["errcode"], failure["http_status"]) == (code, 200)
    assert failure["rid"] in failure["errmsg"]


def test_an_unknown_code_is_passed_on(modules: Modules) -> None:
    failure = TABLE.run("look-errcode99999", modules).row["failure"]
    assert (failure["errcode"], failure["errmsg"]) == (99999, f"refused rid: {failure['rid']}")


def test_a_redirect_is_not_followed(modules: Modules, simulator: Simulator) -> None:
    assert TABLE.run("look-redirect", modules).row["failure"]["http_status"] == 302
    assert not [seen for seen in simulator.log if seen.path == "/elsewhere"]


def test_every_kind_of_failure_is_in_the_table() -> None:
    kinds = "credential operator account quota transient transport protocol not_effective outcome_unknown"
    assert {case.reason for case in CASES.values()} == {None, *kinds.split()}
