# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible import context
from ansible.errors import AnsibleFilterError
from ansible_collections.wxops.official_account.plugins.filter.wechat_stages import wechat_stages


@pytest.mark.parametrize(
    "typed",
    [
        "1,10%,100%",
        "1, 10%, 100%,",
        "1\n10%\n100%\n",
        '[1,"10%","100%"]',
        "['1', '10%', '100%']",
        "1\N{FULLWIDTH COMMA}10%\N{FULLWIDTH COMMA}100%",
        [1, "10%", "100%"],
        ("1", "10%", "100%"),
    ],
)
def test_stages_as_people_type_them(typed: object) -> None:
    assert wechat_stages(typed, "stages") == ["1", "10%", "100%"]
    assert wechat_stages(typed, "stages", survey=True) == ["100%"]


def test_one_stage() -> None:
    assert wechat_stages(5, "stages") == wechat_stages("5", "stages") == ["5"]
    assert wechat_stages("100%", "stages") == ["100%"]


@pytest.mark.parametrize("typed", ["", [], "all", "0", "0%", "101%", "-1", "1.5", True, None, {"a": 1}, "1;rm", [[1], 2]])
@pytest.mark.parametrize("survey", [False, True])
def test_what_is_no_stage_is_refused_in_one_sentence(typed: object, survey: bool) -> None:
    with pytest.raises(AnsibleFilterError, match=r"^Failed to start: draft_switch_stages is not a list of stages; nothing was sent; give "):
        wechat_stages(typed, "draft_switch_stages", survey)


def test_a_play_without_hosts_is_refused() -> None:
    with pytest.raises(AnsibleFilterError, match=r"^Failed to start: the pattern brands matches no host; nothing was sent; check the "):
        wechat_stages("1,100%", "stages", hosts="brands", hostvars={})


@pytest.mark.parametrize("option", ["listhosts", "listtasks", "listtags", "syntax"])
def test_a_play_that_is_only_shown_needs_no_hosts(monkeypatch: pytest.MonkeyPatch, option: str) -> None:
    monkeypatch.setattr(context, "CLIARGS", {option: True})
    assert wechat_stages("1,100%", "stages", hosts="brands", hostvars={}) == ["1", "100%"]
