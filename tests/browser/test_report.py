# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of a play, made from a record, as a browser shows it. Every test also checks that the page writes nothing to the console
and loads nothing: see conftest.py. tests/unit has the records, and tests/integration real runs."""

from __future__ import annotations

import datetime
import json
import re
import typing as t
from pathlib import Path

import pytest
from ansible_collections.wxops.official_account.plugins.plugin_utils import _report
from ansible_collections.wxops.official_account.plugins.plugin_utils._told import previous_of

from tests.unit.records import AS_DECLARED, FROZEN, ON, REFUSED, TURNED_ON, UNLISTED, WAITS, changed, menu, recorded, row

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from ansible_collections.wxops.official_account.plugins.module_utils._text import Language
    from playwright.sync_api import Page

    Read = Callable[..., Page]

# How each account of the fleet ends. The rollout stops after the first eight.
ENDS = {
    **dict.fromkeys(("north-1", "north-2", "north-3"), "as declared"),
    **dict.fromkeys(("east-1", "east-2", "east-3"), "changed"),
    **dict.fromkeys(("south-1", "south-2", "west-1"), "failed"),
    **dict.fromkeys(("late-1", "late-2", "late-3"), "not known"),
}
UNLISTED_ONES, FROZEN_ONES = ("south-1", "south-2"), ("west-1",)
# What needs attention comes first.
SHOWN = sorted(ENDS, key=lambda name: ["failed", "not known", "changed", "as declared"].index(ENDS[name]))
NICK_NAME = "<b>天河</b> & {{ x }}"
OLD = "https://old.example/a"
NEW = "https://new.example/a"

HOSTILE = (
    "<script>window.pwned = 1</script>",
    "</td></table></script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</title></style><!--",
    "{{ x }}",
    "{% raw %}",
    "{# gone #}",
    "say \"hi\" & 'bye' &lt;b&gt;",
    "two  spaces",
    "广州市天河区某某科技有限公司官方公众号",
    "W" * 255,
    "__proto__",
)
# From 501 accounts on, rows off the screen are not laid out.
PLAIN = tuple(f"plain-{number}" for number in range(501 - len(HOSTILE)))


class Report(t.NamedTuple):
    """A report, and what its JSON file says."""

    html: Path
    data: dict[str, t.Any]


def fleet(language: str = "en", check_mode: bool = False, repaired: tuple[str, ...] = ()) -> dict[str, dict[str, t.Any] | None]:
    """The rows of the fleet. ``repaired``: what failed before, and is as declared now."""

    def made(name: str) -> dict[str, t.Any] | None:
        if name.startswith("late"):
            return None
        if name in repaired or name.startswith("north"):
            return row(check_mode, language, draft_switch=ON, menu=AS_DECLARED)
        if ENDS[name] == "failed":
            failed = FROZEN if name in FROZEN_ONES else UNLISTED
            return row(check_mode, language, draft_switch=failed, menu=failed if check_mode else WAITS)
        # Two of them differ alike.
        old = (
            menu(OLD, "https://b.example/") if name != "east-3" else menu("https://c.example/", "https://d.example/", "https://e.example/")
        )
        new = menu(NEW, "https://b.example/")
        return row(
            check_mode, language, draft_switch=ON if check_mode or name != "east-3" else TURNED_ON, menu=changed(old, new, check_mode)
        )

    return {name: made(name) for name in ENDS}


def report(folder: Path, rows: dict[str, dict[str, t.Any] | None], language: Language = "en", **more: t.Any) -> Report:
    batches = {name: "north-1" if name == "north-1" else "north-2" for name in rows}
    named = {name: {"appid": f"wx{number:016x}", "nick_name": NICK_NAME} for number, name in enumerate(rows)}
    found = recorded(folder, rows, batches if "north-1" in rows else None, **{"accounts": named, **more})
    paths = _report.write(folder, "account-report", found, previous_of(folder, found), language)
    with open(paths["json"], encoding="utf-8") as file:
        return Report(Path(paths["html"]), json.load(file))


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    new_folder = tmp_path_factory.mktemp
    plain = row(draft_switch=ON)
    hostile = row(draft_switch=REFUSED, menu=changed(menu(HOSTILE[0]), menu(HOSTILE[1])))
    hostile["failure"]["errmsg"] = hostile["resources"]["draft_switch"]["failure"]["errmsg"] = (
        "<iframe srcdoc=x onload=alert(1)></iframe> {{ y }}"
    )
    named = {name: {"appid": None, "nick_name": name} for name in (*HOSTILE, *PLAIN)}
    again = new_folder("chinese")
    report(again, fleet("zh"), "zh")
    return {
        "check": report(new_folder("check"), fleet(check_mode=True), check_mode=True),
        "real": report(new_folder("real"), fleet()),
        "hostile": report(
            new_folder("hostile"),
            {**dict.fromkeys(HOSTILE, hostile), **dict.fromkeys(PLAIN, plain)},
            accounts=named,
            inventory=list(HOSTILE),
            api_url=HOSTILE[0],
        ),
        # A second run, after one account was repaired, in Chinese.
        "chinese": report(again, fleet("zh", repaired=FROZEN_ONES), "zh", rollback_to=None, left_out=2),
    }


def rows(page: Page) -> list[list[str]]:
    """The name, the ending, and what is said of each resource."""
    cells = "row => [row.cells[0].firstChild.data, ...[...row.cells].slice(1).map(cell => cell.innerText)]"
    return t.cast("list[list[str]]", page.eval_on_selector_all("tbody tr", f"rows => rows.map({cells})"))


def names_shown(page: Page) -> list[str]:
    visible = "rows => rows.filter(row => row.checkVisibility()).map(row => row.cells[0].firstChild.data)"
    return t.cast("list[str]", page.eval_on_selector_all("tbody tr", visible))


def groups(page: Page, which: str = "details[id^=todo]") -> list[list[str]]:
    """What a group is about, and its accounts."""
    return [
        [group.locator("summary").text_content() or "", *(group.locator("pre").first.text_content() or "").splitlines()]
        for group in page.locator(which).all()
    ]


@pytest.mark.parametrize(("name", "done"), [("check", "would change"), ("real", "changed")])
def test_the_counts_and_the_bar_are_those_of_the_play(reports: dict[str, Report], read: Read, name: str, done: str) -> None:
    page = read(reports[name].html)
    expected = {"failed": 3, "not known": 3, done: 3, "as declared": 3}
    shown = (item.inner_text().split("\n") for item in page.locator(".counts li").all())
    assert {label: int(count) for count, label in shown} == expected
    parts = page.eval_on_selector_all(".bar span", "parts => parts.map(part => part.getBoundingClientRect().width)")
    assert [round(width / sum(parts) * len(ENDS)) for width in parts] == [3, 3, 3, 3]
    assert page.get_by_role("img").get_attribute("aria-label") == f"3 failed, 3 not known, 3 {done}, 3 as declared"
    assert page.get_by_text("Check mode: nothing was changed.").count() == (name == "check")
    of_each = page.locator(".each li").all_inner_texts()
    assert of_each[1].split() == (["Menu:", "3", "failed"] if name == "check" else ["Menu:", "3", "not", "attempted"]) + [
        *("3", *done.split(), "3", "as", "declared"),
    ]


def test_failures_are_grouped_by_what_to_do(reports: dict[str, Report], read: Read) -> None:
    page, data = read(reports["real"].html), reports["real"].data
    remedies = [group["remedy"] for group in data["remedies"]]
    assert groups(page) == [
        [f"1. 2 accounts: {remedies[0]}", *UNLISTED_ONES],
        [f"2. 1 account: {remedies[1]}", *FROZEN_ONES],
        [f"3. 3 accounts: {remedies[2]}", "late-1", "late-2", "late-3"],
    ]
    assert page.locator("#todo-1 p.soft").inner_text() == data["remedies"][0]["causes"][0]["cause"]
    last = page.locator("#todo-3")
    assert not last.locator("pre").is_visible()
    last.locator("summary").press("Enter")
    assert last.locator("pre").is_visible()


def test_what_was_changed_is_there_once_with_its_accounts(reports: dict[str, Report], read: Read) -> None:
    page = read(reports["real"].html)
    assert groups(page, "details[id^=difference]") == [
        ["1. 2 accounts (east-1, east-2): Menu · differences: 1", "east-1", "east-2"],
        ["2. 1 account (east-3): Draft box · differences: 1", "east-3"],
        ["3. 1 account (east-3): Menu · differences: 3", "east-3"],
    ]
    assert page.locator("#difference-1 .diff li").all_inner_texts() == [f"button[0].url {OLD} → {NEW}"]
    # Those that nobody else has are in the row.
    assert page.locator("tbody tr", has_text="east-3").locator("li").count() == 4
    assert page.locator("tbody tr", has_text="east-1").locator("li").count() == 0
    page.locator("#difference-1 summary").click()
    assert not page.locator("#difference-1 pre").is_visible()
    page.locator("tbody tr", has_text="east-2").get_by_role("link", name="differences: 1").click()
    page.locator("#difference-1 pre").wait_for()


def test_an_account_leads_to_what_to_do_for_it_and_its_names_can_be_copied(reports: dict[str, Report], read: Read) -> None:
    page = read(reports["real"].html)
    group = page.locator("#todo-2")
    assert not group.locator("pre").is_visible()
    page.get_by_role("link", name="What to do: 2").click()
    group.locator("pre").wait_for()
    page.locator("#todo-1 button").click()
    assert page.locator("#todo-1 button").inner_text() == "Copied"
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Control+v")
    # A field of one line puts spaces, or nothing, in place of the ends of the lines.
    assert page.get_by_role("searchbox").input_value().replace(" ", "") == "south-1south-2"


def test_a_click_on_a_heading_sorts(reports: dict[str, Report], read: Read) -> None:
    page = read(reports["real"].html)
    assert names_shown(page) == SHOWN
    for heading, order in (
        ("Account", sorted(ENDS)),
        ("Account", sorted(ENDS, reverse=True)),
        ("Result", None),
        ("Stage", None),
        ("Draft box", None),
        ("Menu", None),
    ):
        page.get_by_role("button", name=re.compile(f"^{heading}")).click()
        assert page.locator("th[aria-sort]").inner_text().startswith(heading)
        shown = names_shown(page)
        assert order is None or shown == order
        assert sorted(shown) == sorted(ENDS)
        assert heading != "Result" or [ENDS[name] for name in shown] == [ENDS[name] for name in SHOWN]
        # What was never reached has no stage.
        assert heading != "Stage" or (shown[0] == "north-1" and set(shown[-3:]) == {"late-1", "late-2", "late-3"})
        assert heading != "Menu" or shown[:3] == ["late-3", "late-2", "late-1"]
    # The filter still holds.
    page.get_by_role("searchbox").fill("east")
    page.get_by_role("button", name=re.compile("^Account")).click()
    assert names_shown(page) == ["east-1", "east-2", "east-3"]


def test_who_ran_what_and_the_stages(reports: dict[str, Report], read: Read) -> None:
    page, data = read(reports["real"].html), reports["real"].data
    terms = dict(zip(page.locator("dt").all_inner_texts(), page.locator("dd").all_inner_texts(), strict=True))
    assert list(terms) == ["Run", "Begun", "Last entry", "Duration", "Run by", "Inventory", "Versions"]
    assert (terms["Run"], terms["Inventory"], terms["Versions"]) == (data["run"], "/srv/fleet.yml", "ansible-core 2.21.5")
    assert page.locator(".stages li").nth(1).inner_text().startswith("accounts: 8, failed: 3\n")
    shown = page.locator("tbody tr", has_text="north-1").locator("small").first.inner_text()
    assert shown == f"{NICK_NAME} · {data['accounts']['north-1']['appid']}"
    for time, element in zip((data["started"], data["updated"]), page.locator("dl time").all(), strict=True):
        assert element.get_attribute("datetime") == time
        local = datetime.datetime.fromisoformat(element.inner_text().replace(" UTC", ""))
        assert local == datetime.datetime.fromisoformat(time).replace(microsecond=0)


def test_the_report_in_chinese_says_what_changed(reports: dict[str, Report], read: Read) -> None:
    page = read(reports["chinese"].html, viewport={"width": 390, "height": 844})
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.title() == "微信账号：12 个账号"
    assert groups(page, "details:not([id])") == [["1 个账号：已恢复", "west-1"]]
    (first, *_names), *_others = groups(page)
    assert first.startswith("1. 2 个账号：请在该账号的 API IP 白名单中添加：203.0.113.7，约 5 分钟后重新运行；位置：微信开发者平台")
    assert page.locator("tbody tr", has_text="west-1").locator("td").nth(1).inner_text() == "与声明一致\n上次：失败"
    page.get_by_role("searchbox").fill("白名单")
    assert names_shown(page) == list(UNLISTED_ONES)
    assert page.get_by_role("status").inner_text() == "2 / 12"


@pytest.mark.parametrize(
    ("typed", "unticked", "left"),
    [
        ("", (), tuple(SHOWN)),
        ("NORTH-2", (), ("north-2",)),
        (" east- ", (), ("east-1", "east-2", "east-3")),
        ("40164", (), UNLISTED_ONES),
        # What a row leads to is a part of it, but not the other names there.
        ("developers.weixin", (), (*UNLISTED_ONES, *FROZEN_ONES)),
        ("OLD.example", (), ("east-1", "east-2")),
        ("nowhere", (), ()),
        ("", ("as declared",), tuple(name for name in SHOWN if ENDS[name] != "as declared")),
        ("", ("failed", "not known"), tuple(name for name in SHOWN if ENDS[name] in ("as declared", "changed"))),
        ("south", ("changed",), UNLISTED_ONES),
        ("south", ("failed",), ()),
    ],
)
def test_the_filter(reports: dict[str, Report], read: Read, typed: str, unticked: tuple[str, ...], left: tuple[str, ...]) -> None:
    page = read(reports["real"].html)
    page.get_by_role("searchbox").press_sequentially(typed)
    page.get_by_role("searchbox").press("Enter")
    for state in unticked:
        page.get_by_label(state, exact=True).press("Space")
    assert names_shown(page) == list(left)
    assert page.get_by_role("status").inner_text() == f"{len(left)} of {len(ENDS)}"
    page.get_by_role("searchbox").fill("")
    for state in unticked:
        page.get_by_label(state, exact=True).check()
    assert names_shown(page) == SHOWN


def test_without_javascript_everything_is_shown(reports: dict[str, Report], read: Read) -> None:
    page = read(reports["real"].html, java_script_enabled=False)
    assert names_shown(page) == SHOWN
    assert not page.get_by_role("searchbox").is_visible()
    assert page.get_by_role("button").count() == 0


def test_dark_and_light(reports: dict[str, Report], read: Read) -> None:
    light, dark = (
        read(reports["real"].html, color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    )
    assert (light, dark) == ("rgb(255, 255, 255)", "rgb(20, 24, 28)")


@pytest.mark.parametrize("width", [390, 1100])
@pytest.mark.parametrize("name", ["real", "hostile", "chinese"])
def test_nothing_is_wider_than_the_screen(reports: dict[str, Report], read: Read, name: str, width: int) -> None:
    page = read(reports[name].html, viewport={"width": width, "height": 844})
    page.eval_on_selector_all("details", "groups => groups.forEach(group => group.open = true)")
    right = "cells => Math.max(...cells.map(cell => Math.max(cell.getBoundingClientRect().right, cell.scrollWidth)))"
    assert page.eval_on_selector_all("*", right) <= width


def test_hostile_names_are_text(reports: dict[str, Report], read: Read) -> None:
    page = read(reports["hostile"].html)
    assert [row[0] for row in rows(page)] == [*HOSTILE, *PLAIN]
    assert [names for _what, *names in groups(page)] == [list(HOSTILE)]
    assert page.title() == "WeChat accounts: 501 accounts"
    assert page.evaluate("window.pwned") is None
    assert [page.locator(tag).count() for tag in ("script", "style", "table", "img", "iframe")] == [1, 1, 1, 0, 0]
    assert page.locator("#difference-1 .diff li").inner_text() == f"button[0].url {HOSTILE[0]} → {HOSTILE[1]}"
    for name in HOSTILE:
        page.get_by_role("searchbox").fill(name)
        assert name in page.locator("tbody tr:visible td:first-child").evaluate_all("cells => cells.map(cell => cell.firstChild.data)")
    page.get_by_role("searchbox").fill("plain-")
    assert page.get_by_role("status").inner_text() == f"{len(PLAIN)} of 501"
    # innerText leaves out parts without layout, which are those far from the screen.
    assert PLAIN[-1] not in page.locator("tbody").inner_text()
    page.mouse.wheel(0, 1_000_000)
    page.wait_for_function("name => document.querySelector('tbody').innerText.includes(name)", arg=PLAIN[-1])
    # No row covers the form, which stays in sight.
    page.get_by_role("searchbox").click()
    assert page.evaluate("scrollY") > 1000


@pytest.mark.parametrize("name", ["check", "real"])
def test_the_page_says_what_the_json_says(reports: dict[str, Report], read: Read, name: str) -> None:
    page, data = read(reports[name].html), reports[name].data
    shown = {account: (ending, cells) for account, ending, _stage, *cells in rows(page)}
    assert list(shown) != list(data["accounts"])
    for account, its in data["accounts"].items():
        ending, cells = shown[account]
        labels = {"changed": "would change" if name == "check" else "changed", "unchanged": "as declared"}
        assert ending.startswith(labels.get(its["ending"], its["ending"].replace("_", " ")))
        for resource, cell in zip(("draft_switch", "menu"), cells, strict=True):
            one = its["resources"].get(resource)
            label, msg, *_more = cell.splitlines() if one else ("", "")
            assert label == (labels.get(one["ending"], one["ending"].replace("_", " ")) if one else "")
            # What to do is not there again in each row.
            assert one is None or one["msg"].startswith(msg.split(" What to do: ")[0].removesuffix("."))
    assert data["check_mode"] == (name == "check")
