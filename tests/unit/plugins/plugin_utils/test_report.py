# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as files and as lines, from records. tests/browser has the page in a browser."""

from __future__ import annotations

import csv
import dataclasses
import json
import re
import stat
import typing as t
import unicodedata

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import Reason
from ansible_collections.wxops.official_account.plugins.module_utils._resource.conditional_menus import ConditionalState
from ansible_collections.wxops.official_account.plugins.module_utils._resource.conditional_plan import Conditional
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu import Displayed, MenuState
from ansible_collections.wxops.official_account.plugins.module_utils._resource.outcome import Outcome
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import ENDINGS
from ansible_collections.wxops.official_account.plugins.module_utils._resource.tags import Tag, Tags
from ansible_collections.wxops.official_account.plugins.module_utils._text import Language, Text, verbatim
from ansible_collections.wxops.official_account.plugins.plugin_utils import _phone, _report
from ansible_collections.wxops.official_account.plugins.plugin_utils._record import Record, Recorded, read
from ansible_collections.wxops.official_account.plugins.plugin_utils._report import sentence_of, summary_of
from ansible_collections.wxops.official_account.plugins.plugin_utils._told import previous_of

from tests.unit.records import AS_DECLARED, FROZEN, ON, RETIRED, TURNED_ON, UNLISTED, WAITS, begun, changed, menu, recorded, row, torn

if t.TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = menu("https://a.example/old", "https://b.example/"), menu("https://a.example/new", "https://b.example/")
ROWS = {
    "on": row(draft_switch=ON, menu=AS_DECLARED),
    "lost": None,
    "late": row(draft_switch=WAITS),
    "new-1": row(draft_switch=TURNED_ON, menu=changed(OLD, NEW)),
    "new-2": row(draft_switch=ON, menu=changed(OLD, NEW)),
    "bad": row(draft_switch=UNLISTED, menu=WAITS),
    "gone": row(draft_switch=RETIRED),
}


def written(
    folder: Path, found: Recorded, language: Language = "en", previous: Recorded | None = None, notes: t.Sequence[Text] = ()
) -> tuple[dict[str, t.Any], str, list[dict[str, str]]]:
    """The report as JSON, HTML and CSV."""
    paths = _report.write(folder, "account-report", found, previous, language, notes)
    with open(paths["csv"], encoding="utf-8-sig", newline="") as file:
        head, *cells = csv.reader(file)
    with open(paths["json"], encoding="utf-8") as data, open(paths["html"], encoding="utf-8") as page:
        return json.load(data), page.read(), [dict(zip(head, line, strict=True)) for line in cells]


def order_of(page: str) -> list[str]:
    return re.findall(r"<tr data-kind[^>]*><td>([^<]+)", page)


def text_of(page: str) -> str:
    body = re.sub(r"<style>.*</style>|<script>.*</script>|\shidden>.*?</p>", " ", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


# --- One vocabulary, and nothing that there is no evidence for.


def test_each_account_has_one_ending_and_what_needs_attention_comes_first(tmp_path: Path) -> None:
    found = recorded(tmp_path, ROWS)
    report, page, cells = written(tmp_path, found)
    assert summary_of(found) == report["summary"]
    assert report["summary"] == {"total": 7, "changed": 2, "unchanged": 1, "failed": 1, "not_attempted": 1, "retired": 1, "not_known": 1}
    assert list(report["summary"]) == ["total", *ENDINGS, "not_known"]
    order = ["bad", "lost", "late", "new-1", "new-2", "gone", "on"]
    assert order_of(page) == order
    assert [line["Account"] for line in cells] == order
    assert [line["Result"] for line in cells][:3] == ["failed", "not known", "not attempted"]
    # Programs get the order of the inventory.
    assert list(report["accounts"]) == list(ROWS)
    assert report["accounts"]["bad"]["resources"]["menu"]["ending"] == "not_attempted"
    assert (cells[0]["Draft box"], cells[0]["Menu"], cells[2]["Menu"]) == ("failed", "not attempted", "")
    menus = {"total": 4, "changed": 2, "unchanged": 1, "failed": 0, "not_attempted": 1, "retired": 0, "not_known": 0}
    assert report["resources"]["menu"] == menus


def test_in_check_mode_nothing_is_called_changed(tmp_path: Path) -> None:
    would = row(check_mode=True, menu=changed(OLD, NEW, check_mode=True))
    found = recorded(tmp_path, {"a": would}, check_mode=True)
    report, page, cells = written(tmp_path, found)
    assert (report["summary"]["changed"], report["check_mode"], cells[0]["Result"], cells[0]["Menu"]) == (1, True, *["would change"] * 2)
    assert "Check mode: nothing was changed." in page
    assert "What would change" in page
    assert sentence_of(found).startswith("1 account: 1 would change.\nChanges that would be made: Menu 1.")
    # A task of its own may be in check mode.
    path = begun(tmp_path, ["a"])
    Record(path, check_mode=True, batch="").end("a", would)
    assert written(tmp_path, read(path))[2][0]["Result"] == "would change"
    assert sentence_of(read(path)) == "1 account: 1 would change.\nChanges that would be made: Menu 1."


@pytest.mark.parametrize("how", ["nothing", "before", "after and before", "torn"])
def test_of_an_account_that_is_not_on_record_only_what_is_known_is_said(tmp_path: Path, how: str) -> None:
    path = begun(tmp_path, ["a"])
    record = Record(path, check_mode=False, batch="first")
    if how == "after and before":
        record.end("a", row(draft_switch=ON))
    if how.endswith("before"):
        record.keep("a", "menu", {"menu": None})
    found = torn(read(path)) if how == "torn" else read(path)
    report, page, _cells = written(tmp_path, found)
    its = report["accounts"]["a"]
    assert (its["ending"], its["failure"]["reason"], summary_of(found)["not_known"]) == ("not_known", "outcome_unknown", 1)
    assert its["request_sent"] is (False if how == "nothing" else None)
    assert ("may have been carried out" in page) == how.endswith("before")
    assert ("No change of this account was begun." in page) == (how == "nothing")
    assert "nothing was sent" not in text_of(page)
    assert {name: one["ending"] for name, one in its["resources"].items()} == {
        **({"draft_switch": "unchanged"} if how == "after and before" else {}),
        **({"menu": "not_known"} if how.endswith("before") else {}),
    }
    # The rollout may come to an account of which nothing is on record.
    assert ("run again: it checks first" in sentence_of(found).lower()) == (how != "nothing")
    assert ("Some lines of the record cannot be read." in sentence_of(found)) == (how == "torn")


# --- What differed, and why something failed.


def test_what_differed_is_there_once_with_its_accounts(tmp_path: Path) -> None:
    other = row(menu=changed(menu("https://a.example/"), menu()))
    report, page, cells = written(tmp_path, recorded(tmp_path, {**ROWS, "other": other}))
    assert [(its["resource"], its["accounts"]) for its in report["differences"]] == [
        ("menu", ["new-1", "new-2"]),
        ("draft_switch", ["new-1"]),
        ("menu", ["other"]),
    ]
    assert report["differences"][0]["differences"] == [["button[0].url", "https://a.example/old", "https://a.example/new"]]
    line = "<code>button[0].url</code> <del>https://a.example/old</del> → <ins>https://a.example/new</ins>"
    assert page.count(line) == 1
    assert page.count('href="#difference-1"') == 2
    # What no other account has is in its line as well.
    assert page.count("<code>is_open</code> <del>false</del> → <ins>true</ins>") == 2
    assert "→ <i>nothing</i>" in page
    by_name = {line["Account"]: line for line in cells}
    assert by_name["new-2"]["Menu: what differed"] == "button[0].url: https://a.example/old → https://a.example/new"
    assert report["accounts"]["new-2"]["resources"]["menu"]["differences"] == report["differences"][0]["differences"]


def test_differences_that_are_not_on_record_are_counted(tmp_path: Path) -> None:
    many = changed(menu(*map(str, range(50))), menu(*(f"{number}x" for number in range(50))))
    report, page, cells = written(tmp_path, recorded(tmp_path, {"a": row(menu=many)}))
    assert report["differences"][0]["more"] == 10
    assert "and 10 more that are not on record" in page
    assert cells[0]["Menu: what differed"].endswith("39x; and 10 more that are not on record")
    assert "differences: 50</a>" in page


def test_what_to_do_is_there_once_with_the_causes(tmp_path: Path) -> None:
    rows = {f"a{number}": row(draft_switch=UNLISTED, menu=WAITS) for number in range(3)} | {"b": row(menu=FROZEN), "c": None}
    found = recorded(tmp_path, rows)
    report, page, cells = written(tmp_path, found)
    assert page.count("Add 203.0.113.7 to") == 1
    groups = [(group["accounts"], [cause["accounts"] for cause in group["causes"]]) for group in report["remedies"]]
    # What only waits comes last.
    assert groups == [(["a0", "a1", "a2"], [["a0", "a1", "a2"]]), (["b"], [["b"]]), (["c"], [["c"]])]
    cause = report["remedies"][0]["causes"][0]["cause"]
    assert cause.startswith("Failed to get an access_token: ")
    assert cause.endswith("(errcode 40164); no enabling request was sent.")
    assert "Add 203.0.113.7" not in cause
    assert cells[0]["What was found and done"] == cause
    assert cells[0]["What to do"] == report["remedies"][0]["remedy"]
    first, second, *_others = sentence_of(found).splitlines()
    assert first == "5 accounts: 4 failed; 1 not known."
    assert second == f"3 accounts (a0, a1, a2): {cause} {report['remedies'][0]['remedy']}"
    # An account that waits only for its own other resource is in no other group.
    assert text_of(page).count("What to do: 1") == 3


def test_what_fails_twice_on_an_account_for_the_same_reason_is_told_once(tmp_path: Path) -> None:
    found = recorded(tmp_path, {"a": row(check_mode=True, draft_switch=UNLISTED, menu=UNLISTED)}, check_mode=True)
    report, page, _cells = written(tmp_path, found)
    assert [[cause["accounts"] for cause in group["causes"]] for group in report["remedies"]] == [[["a"]]]
    assert text_of(page).count("What to do: 1") == 2
    both = recorded(tmp_path, {"a": row(check_mode=True, draft_switch=UNLISTED, menu=FROZEN)}, check_mode=True)
    assert [group["accounts"] for group in written(tmp_path, both)[0]["remedies"]] == [["a"], ["a"]]


def test_causes_with_one_remedy_are_told_apart(tmp_path: Path) -> None:
    one, other = row(menu=FROZEN), row(menu=FROZEN)
    other["resources"]["menu"]["msg"] = other["msg"] = "Another cause" + one["msg"][one["msg"].index("; ") :]
    found = recorded(tmp_path, {"a": one, "b": other, "c": one})
    report, page, _cells = written(tmp_path, found)
    assert [cause["accounts"] for cause in report["remedies"][0]["causes"]] == [["a", "c"], ["b"]]
    assert "2 accounts: Failed to" in text_of(page)
    assert "3 accounts (a, c, b): Failed to" in sentence_of(found)
    assert " Other causes: 1, as the report shows. " in sentence_of(found)


def test_a_failure_that_is_of_no_resource_is_told_by_the_account(tmp_path: Path) -> None:
    its = row(own=UNLISTED)
    assert its["resources"] == {}
    report, page, _cells = written(tmp_path, recorded(tmp_path, {"a": its}))
    assert report["remedies"][0]["accounts"] == ["a"]
    assert 'href="#todo-1"' in page
    assert "invalid ip 203.0.113.7, not in whitelist" in page


def test_every_reason_has_its_words() -> None:
    assert set(_report.REASONS) == set(t.get_args(Reason))
    assert all(text == reason and text.zh != reason for reason, text in _report.REASONS.items())


# --- How the menus look.


def drawn_in(page: str) -> list[int]:
    """How many phones there are in each group of accounts with the same differences."""
    return [group.count('class="phone"') for group in page.split('<details id="difference-')[1:]]


def of_brand(url: str, brand: str, home: str = "https://home.example/") -> MenuState:
    """A menu whose second button is the brand's own."""
    return MenuState({"button": [{"name": "Shop", "type": "view", "url": url}, {"name": brand, "type": "view", "url": home}]})


def test_accounts_with_the_same_change_have_one_drawing_of_it(tmp_path: Path) -> None:
    rows = {f"a{number}": row(menu=changed(OLD, NEW)) for number in range(3)}
    first = row(draft_switch=TURNED_ON, menu=changed(MenuState(None), NEW))
    report, page, _cells = written(tmp_path, recorded(tmp_path, {**rows, "first": first}))
    assert drawn_in(page) == [2, 0, 2]
    # Programs have the differences.
    assert "menus" not in str(report)


def test_conditional_menus_are_drawn_with_whom_they_are_for(tmp_path: Path) -> None:
    def state(*menus: tuple[str, MenuState]) -> ConditionalState:
        conditional = (Conditional({"tag_id": tag}, one.menu, number) for number, (tag, one) in enumerate(menus, 1))
        return ConditionalState(tuple(conditional), tags=Tags((Tag(104, "<b>VIP", 3),)))

    its = Outcome(
        changed=True, before=state(("104", OLD), ("7", OLD)), now=state(("104", NEW), ("7", OLD)), verified=True, request_sent=True
    )
    page = written(tmp_path, recorded(tmp_path, {"a": row(conditional_menus=its)}))[1]
    # What has not changed is there once.
    assert drawn_in(page) == [3]
    assert "tag &lt;b&gt;VIP differs" in text_of(page)
    assert "tag with the id 7 B0" in text_of(page)


def test_a_deletion_shows_the_conditional_menus_that_it_takes_along(tmp_path: Path) -> None:
    button = [{"name": "Club", "type": "view", "url": "https://a.example/"}]
    conditional = ({"button": button, "matchrule": {"group_id": 104, "client_platform_type": 1}, "menuid": 7},)
    before = dataclasses.replace(OLD, conditional=conditional)
    page = written(tmp_path, recorded(tmp_path, {"a": row(menu=changed(before, MenuState(None)))}))[1]
    assert drawn_in(page) == [3]
    assert "tag with the id 104 iOS deleted" in text_of(page)
    # What cannot be read is not drawn.
    before = dataclasses.replace(OLD, conditional=({"button": 1},))
    assert drawn_in(written(tmp_path, recorded(tmp_path, {"a": row(menu=changed(before, MenuState(None)))}))[1]) == [2]


def test_of_a_menu_of_the_console_it_is_not_said_that_there_was_none(tmp_path: Path) -> None:
    displayed = Displayed(True, {"button": [{"name": "Ours", "type": "text", "value": "x"}]})
    its = changed(MenuState(None, displayed=displayed), NEW)
    page = written(tmp_path, recorded(tmp_path, {"a": row(menu=its)}))[1]
    assert drawn_in(page) == [1]
    assert "no menu" not in text_of(page)


def test_menus_with_the_same_change_have_a_drawing_each_if_they_look_different(tmp_path: Path) -> None:
    brands = [*(f"B{number}" for number in range(12)), "B11"]
    rows = {f"a{number}": row(menu=changed(of_brand("old", brand), of_brand("new", brand))) for number, brand in enumerate(brands)}
    report, page, _cells = written(tmp_path, recorded(tmp_path, rows))
    assert [its["accounts"] for its in report["differences"]] == [list(rows)]
    # Those of most accounts first, and no more than ten.
    assert drawn_in(page) == [20]
    assert ">a11\na12\n<" in page
    assert "Not drawn: 2 more menus with these differences." in page


def test_menus_that_look_the_same_have_one_drawing(tmp_path: Path) -> None:
    homes = ["https://a.example/", "https://b.example/"]
    rows = {home: row(menu=changed(of_brand("old", "B", home), of_brand("new", "B", home))) for home in homes}
    # Where a button leads is told only if it has changed.
    assert drawn_in(written(tmp_path, recorded(tmp_path, rows))[1]) == [2]


def test_a_page_draws_menus_as_long_as_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_phone, "ROOM", 10_000)
    rows = {f"a{number}": row(menu=changed(OLD, of_brand(f"new-{number}", "B"))) for number in range(100)}
    page = written(tmp_path, recorded(tmp_path, rows))[1]
    drawn = sum(map(bool, drawn_in(page)))
    assert 1 < drawn < 20
    assert f"no phone can show them: {100 - drawn}." in page
    assert page.count("are not drawn") == 1


NO_MENUS: tuple[t.Any, ...] = (None, 1, "x", [], [1], [None, None], [[], [], []], [[{"menu": {"button": 1}}], []], [[{"match": 1}], []])


@pytest.mark.parametrize("wrong", NO_MENUS, ids=str)
def test_menus_of_another_type_are_not_drawn(tmp_path: Path, wrong: t.Any) -> None:
    its = row(menu=changed(OLD, NEW))
    path = begun(tmp_path, ["a"])
    Record(path, check_mode=False, batch="").end("a", its)
    first, line = path.read_text().splitlines()
    after = json.loads(line)
    after["resources"]["menu"]["menus"] = wrong
    path.write_text(f"{first}\n{json.dumps(after)}\n")
    page = written(tmp_path, read(path))[1]
    assert drawn_in(page) == [0]
    assert "no phone can show them: 1." in page


# --- Where, when, what for.


def test_where_requests_go_and_what_a_rollback_goes_back_to_are_said(tmp_path: Path) -> None:
    found = recorded(tmp_path, {"a": row(menu=AS_DECLARED)}, api_url="proxy.example:8443", rollback_to="20261128T100000-000004", left_out=3)
    report, page, _cells = written(tmp_path, found, notes=[verbatim("Another note.")])
    for said in (text_of(page), sentence_of(found)):
        assert "Requests go to proxy.example:8443, not to api.weixin.qq.com." in said
        assert "A rollback to what there was before the run 20261128T100000-000004." in said
    assert "Another note." in report["notes"]
    assert "took no part: 3" in page
    assert (report["run"], report["role"], report["user"], report["inventory"]) == (found.name, "account", "ops", ["/srv/fleet.yml"])


@pytest.mark.parametrize(
    ("last", "seconds", "said"),
    [
        ("2026-11-29T10:00:59.900+00:00", 59.9, "59 s"),
        ("2026-11-29T11:01:12+01:00", 72, "1 min 12 s"),
        ("2026-11-29T12:30:00+00:00", 9000, "2 h 30 min"),
        # The clock was set back, or another program has written it.
        ("2026-11-29T09:00:00+00:00", None, ""),
        ("2026-11-29T10:00:01", None, ""),
        ("soon", None, ""),
        ("0001-01-01T00:00:00+14:00", None, ""),
    ],
)
def test_the_duration_is_from_the_first_line_to_the_last(tmp_path: Path, last: str, seconds: float | None, said: str) -> None:
    found = recorded(tmp_path, {"a": row(draft_switch=ON)}, at="2026-11-29T10:00:00+00:00")
    found.times["a"] = (last, last)
    report, page, _cells = written(tmp_path, found)
    assert report["duration"] == seconds
    assert ("Duration" in page) == bool(said)
    assert f"<dd>{said}</dd>" in page or not said
    assert f'<time datetime="{last}">' in page


def test_a_play_of_one_resource_does_not_say_everything_twice(tmp_path: Path) -> None:
    found = recorded(tmp_path, {"a": row(draft_switch=TURNED_ON)}, role="draft_switch", resources=["draft_switch"])
    page = written(tmp_path, found)[1]
    assert "<title>Draft box switch: 1 account</title>" in page
    assert 'class="each"' not in page
    assert sentence_of(found) == "1 account: 1 changed."


def test_stages_are_shown_with_their_borders(tmp_path: Path) -> None:
    names = ["b", *(f"c{number}" for number in range(11)), "a"]
    rows: dict[str, t.Any] = dict.fromkeys(names, row(draft_switch=ON))
    rows["b"] = row(draft_switch=UNLISTED)
    found = recorded(tmp_path, {**rows, "never": None}, batches={"a": "none of them"})
    found.times["a"] = ("2026-11-27T10:00:00.000+00:00", "2026-11-27T10:00:05.000+00:00")
    report, page, cells = written(tmp_path, found)
    # In the order in which they began.
    assert [[stage[key] for key in ("accounts", "failed", "first", "last")] for stage in report["stages"]] == [
        [1, 0, "a", "a"],
        [12, 1, "b", "c10"],
    ]
    assert "<li>accounts: 1<br>" in page
    assert "<li>accounts: 12, failed: 1<br>" in page
    assert "b to c10</small>" in page
    assert {line["Account"]: line["Stage"] for line in cells if line["Account"] in ("a", "b", "never")} == {"a": "1", "b": "2", "never": ""}
    # A play without stages has one.
    assert 'class="stages"' not in written(tmp_path, recorded(tmp_path, rows))[1]


# --- Since the last report.


def test_what_changed_since_the_last_report(tmp_path: Path) -> None:
    on, failed, new, waits = row(draft_switch=ON), row(draft_switch=FROZEN), row(draft_switch=TURNED_ON), row(draft_switch=WAITS)
    last = {"failed": failed, "waits": waits, "on": on, "set": new, "goes": on, "still": failed, "late": on, "same": on, "lost": None}
    now = {"failed": on, "waits": new, "on": failed, "set": on, "comes": on, "still": None, "late": waits, "same": on, "lost": failed}
    before = recorded(tmp_path, last)
    found = recorded(tmp_path, now)
    previous = previous_of(tmp_path, found)
    assert previous is not None
    report, page, cells = written(tmp_path, found, previous=previous)
    assert report["since_last"] == {
        "run": before.name,
        "started": before.begin["at"],
        "newly_failed": ["on", "lost"],
        "recovered": ["failed"],
        "changed_ending": ["waits", "still", "late"],
        "new": ["comes"],
        "gone": ["goes"],
        "before": {
            "on": "unchanged",
            "lost": "not_known",
            "failed": "failed",
            "waits": "not_attempted",
            "still": "failed",
            "late": "unchanged",
        },
    }
    assert "<b>1 account</b>: recovered" in page
    assert "was: failed" in page
    assert {line["Account"]: line["Last report"] for line in cells}["waits"] == "not attempted"
    assert written(tmp_path, found)[0]["since_last"] is None
    assert "No account has changed." in written(tmp_path, found, previous=found)[1]


def test_drift_that_is_new_is_told(tmp_path: Path) -> None:
    as_declared, differs = row(check_mode=True, menu=AS_DECLARED), row(check_mode=True, menu=changed(OLD, NEW, check_mode=True))
    recorded(tmp_path, {"a": as_declared, "b": differs}, check_mode=True)
    found = recorded(tmp_path, {"a": differs, "b": differs}, check_mode=True)
    assert written(tmp_path, found, previous=previous_of(tmp_path, found))[0]["since_last"]["changed_ending"] == ["a"]


def test_like_is_compared_with_like(tmp_path: Path) -> None:
    its = {"a": row(draft_switch=ON)}
    alike = recorded(tmp_path, its)
    unlike: list[dict[str, t.Any]] = [
        {"check_mode": True},
        {"role": "draft_switch"},
        {"api_url": "127.0.0.1:8443"},
        {"rollback_to": "20261128T100000-000004"},
    ]
    for more in unlike:
        recorded(tmp_path, its, **more)
    # A run that could not start, one of other accounts, and what is no record.
    recorded(tmp_path, {"a": None})
    recorded(tmp_path, {"z": row(draft_switch=ON)})
    (tmp_path / "runs" / "20261128T100000-000090.jsonl").write_text("[]\n")
    (tmp_path / "runs" / "20261128T100000-000091.jsonl").mkdir()
    found = recorded(tmp_path, its)
    recorded(tmp_path, its)
    previous = previous_of(tmp_path, found)
    assert previous is not None
    assert previous.name == alike.name
    assert previous_of(tmp_path, alike) is None
    assert previous_of(tmp_path / "nowhere", found) is None


# --- What others have written.


def test_the_report_in_chinese(tmp_path: Path) -> None:
    rows = {
        "a": row(language="zh", draft_switch=UNLISTED),
        "b": row(language="zh", draft_switch=ON, menu=changed(OLD, NEW)),
        "c": None,
    }
    found = recorded(tmp_path, rows)
    report, page, cells = written(tmp_path, found, "zh", previous=found, notes=[verbatim("另一条说明。")])
    assert '<html lang="zh-CN">' in page
    assert "<title>微信账号：3 个账号</title>" in page
    assert "另一条说明。" in page
    assert "未能获取 access_token：本机的出口 IP 不在该账号的 API IP 白名单中（错误码 40164）；没有发出开启请求。" in page
    assert "请在该账号的 API IP 白名单中添加：203.0.113.7，约 5 分钟后重新运行；位置：微信开发者平台" in page
    assert list(cells[0])[:4] == ["账号", "AppID", "昵称", "结果"]
    assert [line["结果"] for line in cells] == ["失败", "结果未知", "本次已修改"]
    assert [line["原因类别"] for line in cells] == ["配置有误", "结果不明", ""]
    printed = sentence_of(found).zh.splitlines()
    assert printed[0] == "3 个账号：1 个本次已修改；1 个失败；1 个结果未知。"
    assert printed[1] == "修改：菜单 1 个。"
    assert printed[2].startswith("1 个账号（a）：未能获取 access_token：")
    # What is in English is for programs, or the platform's own.
    assert set(re.findall(r"[A-Za-z_.]{4,}", text_of(page))) <= {
        *("access_token", "AppID", "developers.weixin.qq.com", "platform", "invalid", "whitelist", "ansible", "core", "fleet.yml"),
        *("button", ".url", "https", "a.example", "b.example", "type", "view"),
    }
    # The keys of the JSON file do not depend on the language.
    english = written(tmp_path, found, previous=found)[0]
    assert report.keys() == english.keys()
    assert report["accounts"]["c"].keys() == english["accounts"]["c"].keys()
    assert report["summary"] == english["summary"]
    assert report["accounts"]["c"]["msg"] != english["accounts"]["c"]["msg"]


FORMULAS = ("=1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\xa0=1", "\u200b=1", "\ufeff=1", "\u202e=1", "=cmd|' /C calc'!A0")
LIKE_SIGNS = "\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212\u207a\u207b\u207c\u208a\u208b\u208c"


def hostile(text: str) -> dict[str, t.Any]:
    """A row, each text of which is ``text``."""
    its = row(menu=UNLISTED)
    for one in (its, its["resources"]["menu"]):
        one["msg"] = text
        one["failure"] = {**one["failure"], "errmsg": text, "rid": text, "errcode": -1, "remedy": text, "reason": text}
    return its


@pytest.mark.parametrize("text", [*FORMULAS, *(f"{sign}1" for sign in LIKE_SIGNS)], ids=ascii)
def test_no_cell_is_a_formula(tmp_path: Path, text: str) -> None:
    found = recorded(tmp_path, {text: hostile(text)}, accounts={text: {"appid": text, "nick_name": text}})
    _data, _page, cells = written(tmp_path, found)
    ours = [cell for cell in cells[0].values() if cell not in ("failed", "", "-1")]
    assert ours == ["'" + "".join(character if character.isprintable() else " " for character in text)] * 8
    assert len(cells) == 1
    assert all(line.isprintable() for line in sentence_of(found).split("\n"))


def test_no_part_of_a_cell_is_a_formula_where_semicolons_separate(tmp_path: Path) -> None:
    text = "a;=cmd|' /C calc'!A0;\uff1d1;b; -vvv shows more"
    found = recorded(tmp_path, {"a": row(menu=changed(menu("=1"), menu(";=1")))}, accounts={"a": {"nick_name": text}})
    _data, _page, cells = written(tmp_path, found)
    assert cells[0]["Nickname"] == "a;'=cmd|' /C calc'!A0;'\uff1d1;b; -vvv shows more"
    assert cells[0]["Menu: what differed"] == "button[0].url: =1 → ;'=1"


def test_a_cell_is_not_longer_than_a_spreadsheet_takes(tmp_path: Path) -> None:
    cells = written(tmp_path, recorded(tmp_path, {}, accounts={"a": {"nick_name": ";=" * 20_000}}))[2]
    assert 32_000 <= len(cells[0]["Nickname"]) <= 32_767


def test_every_sign_that_is_another_form_of_a_formula_s_is_known(tmp_path: Path) -> None:
    alike = [character for character in map(chr, range(0x10000)) if unicodedata.normalize("NFKC", character) in ("=", "+", "-", "@")]
    accounts = {f"a{number}": {"nick_name": sign} for number, sign in enumerate(alike)}
    cells = written(tmp_path, recorded(tmp_path, {}, accounts=accounts))[2]
    assert [line["Nickname"] for line in cells] == [f"'{sign}" for sign in alike]


def test_the_direction_of_a_text_ends_with_it(tmp_path: Path) -> None:
    nick_name = "\u202e<x>\u05d0"
    found = recorded(tmp_path, {"a": row(draft_switch=ON)}, accounts={"a": {"appid": "wx0123456789abcdef", "nick_name": nick_name}})
    page = written(tmp_path, found)[1]
    assert "<small><bdi>\u202e&lt;x&gt;\u05d0</bdi> \N{MIDDLE DOT} wx0123456789abcdef</small>" in page
    assert "code, del, ins, i { unicode-bidi: isolate; }" in page


HOSTILE = (
    "<script>alert(1)</script>",
    "</td></table></script><img src=x onerror=alert(1)>",
    '" onclick="alert(1)',
    "{{ 7 * 7 }}{% raw %}",
    "\x1b]0;x\x07\x1b[2J",
    "\x00\udcff\ud800",
    "{label}{0}{number:,}",
)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_nothing_that_others_have_written_is_evaluated(tmp_path: Path, text: str) -> None:
    more = dict.fromkeys(("user", "api_url", "rollback_to"), text) | {"inventory": [text], "versions": {text: text}, "resources": [text]}
    found = recorded(tmp_path, {text: hostile(text)}, **more)
    found.rows[text]["resources"][text] = {**found.rows[text]["resources"]["menu"], "differences": [[text, text, text]]}
    report, page, cells = written(tmp_path, found, previous=found)
    names = [text, text.encode(errors="replace").decode()]
    assert next(iter(report["accounts"])) in names
    assert [page.count(tag) for tag in ("<script", "<img", ' onclick="', "{{ 7", "49{")] == [
        1,
        0,
        0,
        text.count("{{ 7") and page.count("{{ 7"),
        0,
    ]
    assert "\x1b" not in str(cells)
    assert all(line.isprintable() for said in (sentence_of(found), sentence_of(found).zh) for line in said.split("\n"))


WRONG: tuple[t.Any, ...] = (None, 1, -1.5, True, "text", [], [1, None, ["x"]], {}, {"a": {"b": []}}, "9" * 5000, float("nan"))


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: str(wrong)[:20])
def test_a_first_line_of_another_type_does_not_stop_a_report(tmp_path: Path, wrong: t.Any) -> None:
    names = ("at", "role", "resources", "check_mode", "user", "inventory", "versions", "api_url", "rollback_to", "left_out", "accounts")
    for name in names:
        found = recorded(tmp_path, {"a": row(draft_switch=ON)}, **{name: wrong})
        report, _page, _cells = written(tmp_path, found, previous=found)
        assert report["accounts"]["a"]["ending"] == "unchanged"
        previous_of(tmp_path, found)
        assert sentence_of(found)
        assert "NaN" not in (tmp_path / "account-report.json").read_text()
    found = recorded(tmp_path, {"a": row(draft_switch=ON)}, **dict.fromkeys(names, wrong))
    assert written(tmp_path, found, "zh", previous=found)[0]["summary"]["unchanged"] == 1


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: str(wrong)[:20])
def test_a_row_of_another_type_does_not_stop_a_report(tmp_path: Path, wrong: t.Any) -> None:
    path = begun(tmp_path, ["a"])
    its = hostile("x")
    del its["resources"]["menu"]["before"]
    for one in (its, its["resources"]["menu"]):
        one["failure"] |= dict.fromkeys(("errcode", "errmsg", "rid", "http_status", "more"), wrong)
    its["resources"]["menu"].update(more=wrong, differences=[wrong, [wrong, wrong, wrong], ["path", wrong, None], ["path", "old", "new"]])
    line = {"event": "after", "account": "a", "at": "soon", "batch": wrong, "check_mode": wrong, **its}
    with path.open("a") as file:
        file.write(f"{json.dumps(line)}\n")
    found = read(path)
    report, _page, _cells = written(tmp_path, found, previous=found)
    assert ["path", "old", "new"] in report["accounts"]["a"]["resources"]["menu"]["differences"]
    assert "NaN" not in (tmp_path / "account-report.json").read_text()
    assert sentence_of(found)


def test_a_report_of_nothing(tmp_path: Path) -> None:
    for found in (recorded(tmp_path, {}), read(tmp_path / "runs" / "20261128T100000-000001.jsonl"), Recorded("x")):
        report, page, cells = written(tmp_path, found)
        assert (report["summary"]["total"], cells, report["accounts"]) == (0, [], {})
        assert "0 accounts" in page
        assert sentence_of(found).startswith("0 accounts: nothing is declared.")


def test_only_the_owner_can_read_a_report_and_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("mine")
    folder = tmp_path / "reports"
    found = recorded(folder, ROWS)
    for kind in ("json", "csv", "html"):
        (folder / f"account-report.{kind}").symlink_to(outside)
    for _time in range(2):
        written(folder, found)
    reports = [path for path in folder.iterdir() if path.name != "runs"]
    assert sorted(path.name for path in reports) == [f"account-report.{kind}" for kind in ("csv", "html", "json")]
    assert {stat.S_IMODE(path.lstat().st_mode) for path in reports} == {0o600}
    assert (outside.read_text(), outside.is_symlink()) == ("mine", False)


def test_a_folder_in_place_of_a_report_is_an_error_and_nothing_is_left_behind(tmp_path: Path) -> None:
    found = recorded(tmp_path, ROWS)
    (tmp_path / "account-report.csv").mkdir()
    with pytest.raises(IsADirectoryError):
        written(tmp_path, found)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["account-report.csv", "account-report.json", "runs"]
