# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the workers of a play share. Other processes are other objects here: nothing is kept in memory."""

from __future__ import annotations

import threading
import types
import typing as t

import pytest
from ansible import constants
from ansible.playbook.task_include import TaskInclude
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import START, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text
from ansible_collections.wxops.official_account.plugins.plugin_utils._play import Play

if t.TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FAULT = Failure("operator", START, Text("no such account"), Text("keep one of them in the inventory"))


class Include(TaskInclude):
    """A task that includes, at a path of the playbook."""

    def __init__(self, uuid: str, path: str = "", parent: t.Any = None, *, static: bool = False) -> None:
        super().__init__()
        self._uuid = uuid
        self._path = path
        self._parent = parent
        self.statically_loaded = static

    def get_path(self) -> str:
        return self._path


def task(play: str = "play-1", role: str = "account", parent: t.Any = None, *, check_mode: bool = False) -> t.Any:
    role_name = f"wxops.official_account.{role}"
    return types.SimpleNamespace(
        _role=types.SimpleNamespace(_role_name=role_name),
        _parent=parent,
        check_mode=check_mode,
        get_play=lambda: types.SimpleNamespace(_uuid=play),
    )


@pytest.fixture
def another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Play]:
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))

    def make(**its: t.Any) -> Play:
        play = Play(task(**its))
        with play.alone():
            pass
        return play

    return make


def test_the_workers_of_a_role_in_a_play_share_a_folder_and_no_others_do(another: Callable[..., Play]) -> None:
    places = [
        {},
        {"play": "play-2"},
        {"role": "draft_switch"},
        {"parent": Include("one", "site.json:1")},
        {"parent": Include("other", "site.json:1")},
        {"parent": Include("imported", "site.json:1", static=True)},
        {"parent": Include("1", "tasks.yml:3", Include("one"))},
        {"parent": Include("1", "tasks.yml:7", Include("one"))},
    ]
    assert len({another(**place).folder() for place in places}) == len(places)
    assert another().folder() == another().folder()
    # The next batch loads again what is within an include.
    first, second = (another(parent=Include(uuid, "tasks.yml:3", Include("one"))).folder() for uuid in ("1", "2"))
    assert first == second
    assert another().variable("report_dir") == "account_report_dir"
    assert another(role="draft_switch").variable("report_dir") == "draft_switch_report_dir"


def test_what_the_check_found_out_is_known_to_the_task_of_each_host(another: Callable[..., Play]) -> None:
    assert another().plan() is None
    another().note({"record": "x"}, {"guilty": FAULT}, {"back": {"menu": "absent"}, "guilty": {"menu": {}}}, "en")
    play = another()
    assert play.plan() == {"record": "x"}
    assert play.fault_of("guilty") == FAULT
    # The language of the run is that of what was noted.
    another(play="play-2").note({}, {"guilty": FAULT}, {}, "zh")
    assert another(play="play-2").fault_of("guilty").remedy == "主机清单中请只保留其中一个"  # type: ignore[union-attr]
    assert play.fault_of("back") is None
    assert play.restored("back") == {"menu": "absent"}
    assert play.restored("guilty") == {}


@pytest.mark.parametrize("name", ["../../escape", "a/b", "", "x" * 300, "half \ud83d", "nul\0", "plan", "report", "lock", "reached"])
def test_any_name_of_a_host_is_kept_apart(name: str, another: Callable[..., Play], tmp_path: Path) -> None:
    another().note({"record": "x"}, {name: FAULT}, {}, "en")
    another().note_report({"size": 1})
    assert another().fault_of(name) == FAULT
    assert another().plan() == {"record": "x"}
    assert another().last_report() == {"size": 1}
    assert [path.parent for path in tmp_path.rglob("*.json")] == [another().folder()] * 3


def test_after_16_accounts_out_of_reach_in_a_row_no_other_is_tried_until_one_answers(another: Callable[..., Play]) -> None:
    for _number in range(15):
        another().reached(False, "mend the proxy")
    assert another().out_of_reach() is None
    another().reached(True)
    for _number in range(15):
        another().reached(False, "mend the proxy")
        assert another().out_of_reach() is None
    another().reached(False, "mend the proxy")
    failure = another().out_of_reach()
    assert failure is not None
    assert (failure.reason, failure.what) == ("not_attempted", "16 accounts in a row could not be reached")
    assert failure.remedy == "correct what stopped the run, then run again (mend the proxy)"


def test_one_worker_at_a_time_is_alone(another: Callable[..., Play]) -> None:
    inside: list[str] = []
    begun = threading.Event()

    def work() -> None:
        begun.set()
        with another().alone():
            inside.append("second")

    with another().alone():
        thread = threading.Thread(target=work)
        thread.start()
        begun.wait()
        inside.append("first")
    thread.join()
    assert inside == ["first", "second"]
