# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as files, from rows. tests/integration/test_report.py has real runs, and tests/browser has the page in a browser."""

from __future__ import annotations

import csv
import json
import re
import stat
import typing as t
import unicodedata

import pytest
from ansible_collections.wxops.official_account.plugins.action.wechat_role_call import NO_RECORD
from ansible_collections.wxops.official_account.plugins.module_utils._account.tokens import GET_TOKEN
from ansible_collections.wxops.official_account.plugins.module_utils._http.errcodes import TOKEN_CALL, refusal
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import Reason
from ansible_collections.wxops.official_account.plugins.module_utils._resource.draft_switch import SwitchRows
from ansible_collections.wxops.official_account.plugins.module_utils._resource.outcome import Outcome
from ansible_collections.wxops.official_account.plugins.module_utils._text import plain
from ansible_collections.wxops.official_account.plugins.plugin_utils import _report
from ansible_collections.wxops.official_account.plugins.plugin_utils._roles import ROLES
from ansible_collections.wxops.official_account.plugins.plugin_utils._rows import RecordRows

if t.TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.wxops.official_account.plugins.module_utils._text import Language

ROLE = ROLES["draft_switch"]
ROWS = RecordRows(ROLE)


def row(outcome: Outcome[bool], language: Language = "en") -> dict[str, t.Any]:
    made = {**SwitchRows(False, language).one(outcome), "failed": outcome.failure is not None}
    return ROWS.row_of(made, check_mode=False)


ON = row(Outcome(now=True, before=True, verified=True))
TURNED_ON = row(Outcome(changed=True, now=True, before=False, verified=True, request_sent=True))
NOT_LISTED: Outcome[bool] = Outcome(failure=refusal(GET_TOKEN, TOKEN_CALL, 40164, "invalid ip 203.0.113.7, not in whitelist", 200))
UNLISTED = row(NOT_LISTED)
FROZEN = row(Outcome(failure=refusal(GET_TOKEN, TOKEN_CALL, 40243, "frozen", 200)))
NOT_REACHED = ROWS.never_reached()
IN_DOUBT = ROWS.unanswered(check_mode=False)


def written(
    folder: Path, rows: dict[str, dict[str, t.Any]], language: Language = "en", number: int = 1, **more: t.Any
) -> tuple[dict[str, t.Any], str, list[list[str]]]:
    """The report as JSON, HTML and CSV."""
    report = {
        "play": "this",
        "check_mode": False,
        "refused": None,
        "started": "2026-11-27T10:54:17Z",
        "updated": "2026-11-27T10:55:29Z",
        "user": "ops",
        "inventory": ["/srv/fleet.yml"],
        "versions": {"ansible-core": "2.21.5"},
        "stages": [],
        "notes": [],
        "left_out": [],
        "accounts": rows,
        **more,
    }
    paths = _report.write(ROLE, folder, number, report, language)
    with open(paths["csv"], encoding="utf-8-sig", newline="") as file:
        cells = list(csv.reader(file))
    with open(paths["json"], encoding="utf-8") as data, open(paths["html"], encoding="utf-8") as page:
        return json.load(data), page.read(), cells


def test_what_needs_attention_comes_first_and_what_waits_is_the_last_to_do(tmp_path: Path) -> None:
    rows = {"on": ON, "late-1": NOT_REACHED, "late-2": NOT_REACHED, "doubt": IN_DOUBT, "new": TURNED_ON, "bad": UNLISTED}
    report, page, cells = written(tmp_path, rows)
    order = ["bad", "doubt", "late-1", "late-2", "new", "on"]
    assert re.findall(r"<tr data-state.*?<td>([^<]+)", page) == order
    assert [line[0] for line in cells[1:]] == order
    # Programs get the order of the inventory.
    assert list(report["accounts"]) == list(rows)
    assert [group["accounts"] for group in report["remedies"]] == [["doubt"], ["bad"], ["late-1", "late-2"]]
    assert report["duration"] == 72
    assert "1 min 12 s" in page


def test_what_to_do_is_there_once(tmp_path: Path) -> None:
    rows = {f"a{number}": UNLISTED for number in range(3)}
    in_chinese = dict.fromkeys(rows, row(NOT_LISTED, "zh"))
    for page in (written(tmp_path, rows)[1], written(tmp_path, in_chinese, "zh")[1]):
        assert page.count("developers.weixin.qq.com/platform") == 1
        assert page.count("203.0.113.7") == 1 + 3  # and the platform's own message


def test_every_reason_has_its_words() -> None:
    assert set(_report.REASONS) == set(t.get_args(Reason))
    assert all(text == reason and text.zh != reason for reason, text in _report.REASONS.items())


def test_the_report_in_chinese(tmp_path: Path) -> None:
    rows = {
        "a": row(NOT_LISTED, "zh"),
        "b": row(Outcome(now=True, before=True, verified=True), "zh"),
        "c": RecordRows(ROLE, "zh").never_reached(),
    }
    _data, page, cells = written(tmp_path, rows, "zh", notes=[NO_RECORD])
    assert '<html lang="zh-CN">' in page
    assert "<title>草稿箱开关: 3 个账号</title>" in page
    assert NO_RECORD.zh in page
    assert "未能获取 access_token：本机的调用 IP 地址不在该账号的 API IP白名单中（错误码 40164）；没有发出开启请求。" in page
    assert "请将 203.0.113.7 加入该账号的 API IP白名单，约 5 分钟后重新运行；位置：微信开发者平台" in page
    assert "草稿箱本来就已开启，未做更改。" in page
    assert cells[0][:4] == ["账号", "AppID", "昵称", "状态"]
    assert [line[3] for line in cells[1:]] == ["失败", "未执行", "已开启"]
    assert [line[6] for line in cells[1:]] == ["配置有误", "未执行", ""]
    # What is in English is for programs, or the platform's own.
    words = re.sub(r"<style>.*</style>|<script>.*</script>|<[^>]*>", " ", page, flags=re.DOTALL)
    assert set(re.findall(r"[A-Za-z_.]{4,}", words)) <= {
        *("access_token", "AppID", "developers.weixin.qq.com", "platform", "invalid", "whitelist", "ansible", "core", "fleet.yml"),
    }


FORMULAS = ("=1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\xa0=1", "\u200b=1", "\ufeff=1", "\u202e=1", "=cmd|' /C calc'!A0")
LIKE_SIGNS = "\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212\u207a\u207b\u207c\u208a\u208b\u208c"


@pytest.mark.parametrize("text", [*FORMULAS, *(f"{sign}1" for sign in LIKE_SIGNS)], ids=ascii)
def test_no_cell_is_a_formula(tmp_path: Path, text: str) -> None:
    failure = {**UNLISTED["failure"], "errmsg": text, "rid": text, "errcode": -1, "remedy": text}
    hostile = {**UNLISTED, "failure": failure, "msg": text, "appid": text, "nick_name": text}
    _data, _page, cells = written(tmp_path, {text: hostile})
    ours = [cell for cell in cells[1] if cell not in ("failed", "operator", "", "-1")]
    assert ours == ["'" + "".join(character if character.isprintable() else " " for character in text)] * 7
    assert len(cells) == 2


def test_no_part_of_a_cell_is_a_formula_where_semicolons_separate(tmp_path: Path) -> None:
    text = "a;=cmd|' /C calc'!A0;\uff1d1;b; -vvv shows more"
    _data, _page, cells = written(tmp_path, {"a": {**ON, "nick_name": text}})
    assert "a;'=cmd|' /C calc'!A0;'\uff1d1;b; -vvv shows more" in cells[1]


def test_every_sign_that_is_another_form_of_a_formula_s_is_known(tmp_path: Path) -> None:
    alike = [character for character in map(chr, range(0x10000)) if unicodedata.normalize("NFKC", character) in ("=", "+", "-", "@")]
    for sign in alike:
        _data, _page, cells = written(tmp_path, {"a": {**ON, "nick_name": sign}})
        assert f"'{sign}" in cells[1], ascii(sign)


def test_the_direction_of_a_nickname_ends_with_it(tmp_path: Path) -> None:
    _data, page, _cells = written(tmp_path, {"a": {**ON, "appid": "wx0123456789abcdef", "nick_name": "\u202e<x>\u05d0"}})
    assert "<small><bdi>\u202e&lt;x&gt;\u05d0</bdi> \N{MIDDLE DOT} wx0123456789abcdef</small>" in page


def test_what_changed_since_the_last_run(tmp_path: Path) -> None:
    assert written(tmp_path, {"a": ON})[0]["since_last"] is None
    _report.set_aside(ROLE, tmp_path, "this")
    # This run's own report is not the last one.
    assert written(tmp_path, {"a": ON})[0]["since_last"] is None
    last = {"failed": FROZEN, "waits": NOT_REACHED, "on": ON, "set": TURNED_ON, "goes": ON, "still": FROZEN, "late": ON, "same": ON}
    written(tmp_path, last, play="last")
    _report.set_aside(ROLE, tmp_path, "this")
    now = {"failed": ON, "waits": TURNED_ON, "on": UNLISTED, "set": ON, "comes": ON, "still": IN_DOUBT, "late": NOT_REACHED, "same": ON}
    for _batch in range(2):
        report, page, cells = written(tmp_path, now)
        assert report["since_last"] == {
            "started": "2026-11-27T10:54:17Z",
            "newly_failed": ["on"],
            "recovered": ["failed"],
            "changed_state": ["waits", "still", "late"],
            "new": ["comes"],
            "gone": ["goes"],
            "states_before": {"on": "on", "failed": "failed", "waits": "not_attempted", "still": "failed", "late": "on"},
        }
    assert "<b>1 account</b>: recovered" in page
    assert "was: failed" in page
    assert {line[0]: line[5] for line in cells[1:]}["waits"] == "not attempted"
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_a_run_that_could_not_start_is_not_compared_with(tmp_path: Path) -> None:
    for play, rows in (("last", {"a": FROZEN}), ("refused", {})):
        written(tmp_path, rows, play=play)
        _report.set_aside(ROLE, tmp_path, "this")
    assert written(tmp_path, {"a": ON})[0]["since_last"]["recovered"] == ["a"]


def test_reports_of_later_plays_are_set_aside_and_compared_with_those_of_the_same_number(tmp_path: Path) -> None:
    written(tmp_path, {"a": ON}, play="last")
    written(tmp_path, {"b": FROZEN}, number=2, play="last-2")
    _report.set_aside(ROLE, tmp_path, "this")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "draft-switch-report-2-previous.json",
        "draft-switch-report-previous.json",
        *(f"draft-switch-report.{kind}" for kind in ("csv", "html", "json")),
    ]
    assert written(tmp_path, {"b": ON}, number=2)[0]["since_last"]["recovered"] == ["b"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"accounts": 1}',
        '{"accounts": {"a": {}}, "started": "soon"}',
        "[" * 100_000,
        '{"accounts": {"a": 1}, "started": null}',
    ],
)
def test_what_is_no_report_is_not_compared_with(tmp_path: Path, text: str) -> None:
    (tmp_path / "draft-switch-report.json").write_text(text)
    _report.set_aside(ROLE, tmp_path, "this")
    assert written(tmp_path, {"a": ON})[0]["since_last"] is None


def test_a_link_in_place_of_the_last_report_is_not_followed(tmp_path: Path) -> None:
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "reports"
    elsewhere.mkdir()
    folder.mkdir()
    written(elsewhere, {"a": FROZEN}, play="last")
    (folder / "draft-switch-report.json").symlink_to(elsewhere / "draft-switch-report.json")
    _report.set_aside(ROLE, folder, "this")
    assert written(folder, {"a": ON})[0]["since_last"] is None


def test_stages_are_shown_with_their_borders(tmp_path: Path) -> None:
    stage = {"begun": "2026-11-27T10:54:18Z", "ended": "2026-11-27T10:54:19Z", "failed": 0}
    stages = [
        {**stage, "accounts": 1, "first": "a", "last": "a"},
        {**stage, "accounts": 1200, "failed": 7, "first": "b", "last": "z"},
    ]
    rows = {"a": {**ON, "stage": 1}, "z": {**ON, "stage": 2}}
    _data, page, cells = written(tmp_path, rows, stages=stages)
    assert "<li>1 account<br>" in page
    assert "<li>1,200 accounts, 7 failed<br>" in page
    assert "b to z</small>" in page
    assert [line[4] for line in cells[1:]] == ["1", "2"]
    # A list, or a play without stages, has one.
    assert 'class="stages"' not in written(tmp_path, rows, stages=stages[:1])[1]


def test_what_two_calls_show_together_is_said_in_chinese() -> None:
    rows = RecordRows(ROLE, "zh")
    later = rows.merge(TURNED_ON, FROZEN)
    assert later["msg"] == f"{TURNED_ON['msg']}本 play 稍后：{FROZEN['msg']}"
    # A third call replaces what the second one said.
    assert rows.merge(later, UNLISTED)["msg"] == f"{TURNED_ON['msg']}本 play 稍后：{UNLISTED['msg']}"
    assert rows.merge(IN_DOUBT, ON)["msg"] == f"{ON['msg']}本 play 中较早的一次调用可能已将其开启。"


def test_the_page_has_all_its_words() -> None:
    template = _report.TEMPLATE.read_text(encoding="utf-8")
    assert set(re.findall(r"say\.(\w+)", template)) <= set(_report.WORDS)
    assert plain("x").zh == "x"
