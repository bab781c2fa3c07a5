# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml
from ansible import context
from ansible.errors import AnsibleFilterError
from ansible_collections.wxops.official_account.plugins.filter.wechat_stages import wechat_stages
from ansible_collections.wxops.official_account.plugins.plugin_utils import _record

PLAYBOOKS = Path(__file__).parents[4] / "playbooks"


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


FLEET: dict[str, dict[str, t.Any]] = {
    "a": {},
    "b": {"wechat_menu": None},
    "c": {"wechat_menu": "absent"},
    "d": {},
    "e": {"wechat_menu": "x"},
}


@pytest.mark.parametrize(("first", "becomes"), [("1", "3"), ("2", "5"), ("3", "3"), ("20%", "3"), ("40%", "5"), ("100%", "100%")])
def test_the_first_stage_has_as_many_hosts_that_declare_something_as_it_says(first: str, becomes: str) -> None:
    assert wechat_stages(f"{first},100%", "stages", hostvars=FLEET, role="account") == [becomes, "100%"]
    assert wechat_stages(f"{first},100%", "stages", hostvars=FLEET) == [first, "100%"]
    assert wechat_stages(f"{first},100%", "stages", survey=True, hostvars=FLEET, role="account") == ["100%"]


def test_no_host_is_evaluated_after_there_are_enough() -> None:
    class Hosts(dict[str, t.Any]):
        def __getitem__(self, name: str) -> t.Any:
            assert name in "abc"
            return super().__getitem__(name)

    assert wechat_stages("1", "stages", hostvars=Hosts(FLEET), role="account") == ["3"]


@pytest.mark.parametrize("folder", [None, "", "/nowhere", "~nosuchuser/x", "nul\0", 5])
def test_the_first_stage_of_a_rollback_is_left_as_it_is_if_no_record_can_be_read(folder: object) -> None:
    assert wechat_stages("1", "stages", hostvars={"a": {"account_report_dir": folder}, "b": {}}, rollback_to="last") == ["1"]


def test_the_first_stage_of_a_rollback_has_hosts_that_get_something_back(tmp_path: Path) -> None:
    fleet = {name: {"account_report_dir": str(tmp_path)} for name in "abc"}
    path = _record.begin(tmp_path, {"accounts": {}})
    record = _record.Record(path, check_mode=False, batch="")
    # That a draft box was off cannot be brought back.
    record.keep("a", "draft_switch", False)
    record.keep("b", "menu", {"menu": None, "console_menu": None})
    record.close()
    assert wechat_stages("1", "stages", hostvars=fleet, rollback_to="last") == ["2"]
    assert wechat_stages("1", "stages", hostvars=fleet, rollback_to="no-such-run") == ["1"]


def test_a_play_without_hosts_is_refused_in_one_sentence() -> None:
    with pytest.raises(AnsibleFilterError, match=r"^Failed to start: the pattern brands matches no host; nothing was sent; check the inv"):
        wechat_stages("1", "stages", hosts="brands", hostvars={})


@pytest.mark.parametrize("path", sorted(PLAYBOOKS.glob("*.yml")), ids=lambda path: path.stem)
def test_a_playbook_gets_its_stages_from_its_own_hosts(path: Path) -> None:
    plays = yaml.safe_load(path.read_text(encoding="utf-8"))
    if path.stem == "one_account":
        assert [play["hosts"] for play in plays] == ["localhost"]
        return
    hosts = f"{path.stem}_hosts | default('all')"
    find, work = plays
    assert (find["hosts"], find["tasks"], work["hosts"]) == (f"{{{{ {hosts} }}}}", [], f"{{{{ {hosts} }}}}")
    stages = work["serial"].replace("\n", " ")
    assert "| wxops.official_account.wechat_stages(" in stages
    assert f"hosts={hosts}" in stages
    assert "hostvars=hostvars | default({})" in stages


@pytest.mark.parametrize("option", ["listhosts", "listtasks", "listtags", "syntax"])
def test_a_play_that_is_only_shown_needs_no_hosts(monkeypatch: pytest.MonkeyPatch, option: str) -> None:
    monkeypatch.setattr(context, "CLIARGS", {option: True})
    assert wechat_stages("1,100%", "stages", hosts="brands", hostvars={}) == ["1", "100%"]
