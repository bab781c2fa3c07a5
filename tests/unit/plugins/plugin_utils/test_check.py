# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the check of all hosts works out without a host. tests/integration/test_check.py has the check itself."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.plugin_utils._check import _batches, _elsewhere, _misspelt
from ansible_collections.wxops.official_account.plugins.plugin_utils._record import Recorded
from ansible_collections.wxops.official_account.plugins.plugin_utils._rollback import restorable


@pytest.mark.parametrize(
    ("serial", "sizes"),
    [
        ([], [7]),
        ([0], [7]),
        ([3], [3, 3, 1]),
        (["1"], [1] * 7),
        (["1", "10%", "100%"], [1, 1, 5]),
        (["50%"], [3, 3, 1]),
        ([2, "100%"], [2, 5]),
        ([9], [7]),
    ],
)
def test_batches_are_those_that_ansible_makes(serial: list[t.Any], sizes: list[int]) -> None:
    hosts = [f"h{number}" for number in range(7)]
    batches = _batches(serial, hosts)
    assert [len(batch) for batch in batches] == sizes
    assert set().union(*batches) == set(hosts)


@pytest.mark.parametrize(
    ("urls", "said"),
    [
        ([None], None),
        (["https://api.weixin.qq.com", "https://API.weixin.qq.com/"], None),
        (["https://proxy.example/wechat"], "proxy.example"),
        (["https://proxy.example:8443", None, "https://proxy.example:8443"], "proxy.example:8443"),
        (["https://a.example", "https://b.example"], "a.example, b.example"),
        (["https://user:hunt3r2@a.example/?token=hunt3r2"], "a.example"),
        (["https://[broken", "https://a.example:port"], None),
        (["https://\u202e.example"], None),
    ],
)
def test_where_requests_go_is_said_by_the_name_of_the_host_alone(urls: list[str | None], said: str | None) -> None:
    assert _elsewhere(urls) == said


@pytest.mark.parametrize(
    ("variables", "near"),
    [
        ({"wechat_sekret": "x"}, "wechat_secret"),
        ({"wechat_app_id": "x"}, "wechat_appid"),
        ({"wechat_menus": {}}, "wechat_menu"),
        ({"wechat_menus": {}, "wechat_menu": {}}, None),
        ({"wechat_menus": {}, "wechat_menu": None}, None),
        ({"wechat_nick_name": "x", "wechat_team": "x", "wechat_": "x", "secrets": "x"}, None),
    ],
)
def test_an_unknown_variable_is_a_mistake_if_it_resembles_one_that_is_missing(variables: dict[str, t.Any], near: str | None) -> None:
    given = {name.removeprefix("wechat_"): value for name, value in variables.items() if value is not None}
    problems, _unused = _misspelt("account", variables, given)
    assert [remedy for _what, remedy in problems] == ([f"rename it to {near}, or give it another name"] if near else [])


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("wechat_mneu", "wechat_menu"),
        ("wechat_tag", "wechat_tags"),
        ("account_reprot_dir", "account_report_dir"),
        ("account_result", None),
        ("wechat_shop", None),
        ("other_report_dir", None),
    ],
)
def test_an_unknown_variable_that_resembles_one_beside_it_is_noted(name: str, near: str | None) -> None:
    own = {"appid": "x", "secret": "x", "access_token": "x", "authorizer_refresh_token": "x"}
    given = {**own, "menu": {}, "tags": [], "draft_switch": "present", "conditional_menus": []}
    variables = {**{f"wechat_{known}": value for known, value in given.items()}, name: "x"}
    assert _misspelt("account", variables, given) == ([], [(name, near)] if near else [])


@pytest.mark.parametrize("kept", [None, 5, [], "x", {}, {"menu": 5}, {"menu": {"button": 5}}, {"menu": {"button": [{}]}}])
def test_what_no_menu_can_be_made_of_is_not_brought_back(kept: object) -> None:
    assert restorable([Recorded("run", kept={"a": {"menu": kept, "nonsense": 1}})]) == set()


def test_what_can_be_brought_back_is_known() -> None:
    menu = {"button": [{"type": "click", "name": "Help", "key": "help"}]}
    kept = {
        "menu": {"menu": {"menu": menu, "console_menu": None}},
        "none": {"menu": {"menu": None, "console_menu": None}},
        "console": {"menu": {"menu": None, "console_menu": menu}},
        "switch": {"draft_switch": False},
        "both": {"draft_switch": False, "menu": {"menu": None}},
    }
    assert restorable([Recorded("run", kept=kept)]) == {"menu", "none", "both"}
