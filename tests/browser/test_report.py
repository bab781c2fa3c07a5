# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of the role draft_switch, made by real runs, as a browser shows it. Every test also checks that the page
writes nothing to the console and loads nothing: see conftest.py."""

from __future__ import annotations

import collections
import datetime
import json
import re
import typing as t

import pytest

from tests.integration.harness import Ansible, Run, leaks, secrets_of
from tests.simulator import Fault, Simulator

if t.TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    Read = Callable[..., Page]

# How each host of the fleet ends. The rollout stops after the first eight.
ENDS = {
    **dict.fromkeys(("north-1", "north-2", "north-3"), "on"),
    **dict.fromkeys(("east-1", "east-2"), "turned on"),
    **dict.fromkeys(("south-1", "south-2", "west-1"), "failed"),
    **dict.fromkeys(("late-1", "late-2", "late-3"), "not attempted"),
}
UNLISTED, FROZEN = ("south-1", "south-2"), ("west-1",)
# What needs attention comes first.
SHOWN = sorted(ENDS, key=lambda name: ["failed", "not attempted", "turned on", "on"].index(ENDS[name]))
NICK_NAME = "<b>天河</b> & {{ x }}"

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
    """A run of the role, and its report."""

    run: Run
    html: Path
    json: str


def report(ansible: Ansible, folder: Path, hosts: dict[str, dict[str, t.Any]], *arguments: str, **keywords: t.Any) -> Report:
    """The report of one run. ``keywords``: keywords of the play."""
    variables = {f"draft_switch_{option}": value for option, value in ansible.options.items()}
    inventory = {"all": {"hosts": hosts, "vars": {**variables, "draft_switch_report_dir": str(folder / "report")}}}
    play = {"hosts": "all", "gather_facts": False, "roles": ["wxops.official_account.draft_switch"], **keywords}
    # A name that starts with a brace looks like a template, but must not be evaluated.
    text = json.dumps(inventory, ensure_ascii=False).replace('"{', '!unsafe "{')
    (folder / "inventory.yml").write_text(text, encoding="utf-8")
    (folder / "play.json").write_text(json.dumps([play]))
    run = ansible.run(["ansible-playbook", "-i", str(folder / "inventory.yml"), str(folder / "play.json"), *arguments])
    assert (folder / "report").exists(), run.output
    html, data = (folder / "report" / f"draft-switch-report.{kind}" for kind in ("html", "json"))
    return Report(run, html, data.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def reports(simulator: Simulator, ansible: Ansible, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    hosts, accounts = {}, {}
    for name, end in ENDS.items():
        account = simulator.add(is_open=end == "on", listed=name not in UNLISTED)
        account.frozen_secret = name in FROZEN
        hosts[name] = {"wechat_appid": account.appid, "wechat_secret": account.secret, "wechat_nick_name": NICK_NAME}
        accounts[name] = account
    named = {name: simulator.add(is_open=True) for name in (*HOSTILE, *PLAIN)}
    for name in HOSTILE:
        named[name].plan("look", Fault(errcode=99999, errmsg="<iframe srcdoc=x onload=alert(1)></iframe> {{ y }}"))
    ways = [{"name": name, "access_token": simulator.issue(account)} for name, account in named.items()]
    listed = {"draft_switch_accounts": ways}
    stages = {"serial": [1, 7, "100%"], "max_fail_percentage": 0}
    new_folder = tmp_path_factory.mktemp
    made = {
        "check": report(ansible, new_folder("check"), hosts, "--check", **stages),
        "real": report(ansible, new_folder("real"), hosts, **stages),
        "hostile": report(ansible, new_folder("hostile"), {"localhost": {"ansible_connection": "local", **listed}}),
    }
    # A second run, after one account was repaired, in Chinese.
    again = new_folder("chinese")
    (again / "report").mkdir()
    (again / "report" / "draft-switch-report.json").write_text(made["real"].json, encoding="utf-8")
    accounts["west-1"].frozen_secret = False
    hosts = {name: {**its, "draft_switch_report_language": "zh"} for name, its in hosts.items()}
    return {**made, "chinese": report(ansible, again, hosts, "--check", **stages)}


def rows(page: Page) -> list[list[str]]:
    """The name, the state, and what was found and done."""
    cells = "row => [row.cells[0].firstChild.data, row.cells[1].firstChild.data, row.lastElementChild.textContent]"
    return t.cast("list[list[str]]", page.eval_on_selector_all("tbody tr", f"rows => rows.map({cells})"))


def names_shown(page: Page) -> list[str]:
    visible = "rows => rows.filter(row => row.checkVisibility()).map(row => row.cells[0].firstChild.data)"
    return t.cast("list[str]", page.eval_on_selector_all("tbody tr", visible))


def groups(page: Page, which: str = "details[id]") -> list[list[str]]:
    """The remedies, and the accounts of each."""
    return [
        [group.locator("summary").text_content() or "", *(group.locator("pre").text_content() or "").splitlines()]
        for group in page.locator(which).all()
    ]


@pytest.mark.parametrize(("name", "done"), [("check", "would turn on"), ("real", "turned on")])
def test_the_counts_and_the_bar_are_those_of_the_run(reports: dict[str, Report], read: Read, name: str, done: str) -> None:
    page = read(reports[name].html)
    results = {host: results[-1] for host, results in reports[name].run.results.items()}
    ends = ["failed" if results[host]["failure"] else done if results[host]["changed"] else "on" for host in results]
    expected = {**collections.Counter(ends), "not attempted": len(ENDS) - len(results)}
    assert expected == {"on": 3, done: 2, "failed": 3, "not attempted": 3}
    shown = (item.inner_text().split("\n") for item in page.locator(".counts li").all())
    assert {label: int(count) for count, label in shown} == expected
    parts = page.eval_on_selector_all(".bar span", "parts => parts.map(part => [part.className, part.getBoundingClientRect().width])")
    whole = sum(width for _state, width in parts)
    assert {state.replace("_", " "): round(width / whole * len(ENDS)) for state, width in parts} == expected
    assert page.get_by_role("img").get_attribute("aria-label") == f"3 failed, 3 not attempted, 2 {done}, 3 on"
    assert page.get_by_text("Check mode: nothing was turned on.").count() == (name == "check")


def test_failures_are_grouped_by_what_to_do(reports: dict[str, Report], read: Read) -> None:
    page = read(reports["real"].html)
    remedies = {host: reports["real"].run.results[host][-1]["failure"]["remedy"] for host in (*UNLISTED, *FROZEN)}
    assert groups(page) == [
        [f"1. 2 accounts: {remedies['south-1']}", "south-1", "south-2"],
        [f"2. 1 account: {remedies['west-1']}", "west-1"],
        [
            "3. 3 accounts: Correct what failed, and run again; the rollout did not reach this account, unless a condition left it out.",
            *("late-1", "late-2", "late-3"),
        ],
    ]
    last = page.locator("details").last
    assert not last.locator("pre").is_visible()
    last.locator("summary").press("Enter")
    assert last.locator("pre").is_visible()


def test_an_account_leads_to_what_to_do_for_it_and_its_names_can_be_copied(reports: dict[str, Report], read: Read) -> None:
    page = read(reports["real"].html)
    group = page.locator("#todo-2")
    assert not group.locator("pre").is_visible()
    page.get_by_role("link", name="What to do: 2").click()
    assert group.locator("pre").is_visible()
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
        ("Draft box", None),
        ("Stage", None),
        ("What was found and done", None),
    ):
        page.get_by_role("button", name=heading).click()
        assert page.locator("th[aria-sort]").inner_text().startswith(heading)
        shown = names_shown(page)
        assert order is None or shown == order
        assert sorted(shown) == sorted(ENDS)
        assert heading != "Draft box" or [ENDS[name] for name in shown] == [ENDS[name] for name in SHOWN]
        # What was never reached has no stage.
        assert heading != "Stage" or (shown[0] == "north-1" and set(shown[-3:]) == {"late-1", "late-2", "late-3"})
    # The filter still holds.
    page.get_by_role("searchbox").fill("east")
    page.get_by_role("button", name="Account").click()
    assert names_shown(page) == ["east-1", "east-2"]


def test_who_ran_what_and_the_stages(reports: dict[str, Report], read: Read) -> None:
    page, data = read(reports["real"].html), json.loads(reports["real"].json)
    terms = dict(zip(page.locator("dt").all_inner_texts(), page.locator("dd").all_inner_texts(), strict=True))
    assert list(terms) == ["Begun", "Last written", "Duration", "Run by", "Inventory", "Versions"]
    assert terms["Inventory"].endswith("inventory.yml")
    assert terms["Versions"].startswith("wxops.official_account ")
    assert [[stage[key] for key in ("accounts", "failed", "first", "last")] for stage in data["stages"]] == [
        [1, 0, "north-1", "north-1"],
        [7, 3, "north-2", "west-1"],
    ]
    assert page.locator(".stages li").nth(1).inner_text().startswith("7 accounts, 3 failed\n")
    assert [data["accounts"][name]["stage"] for name in ("north-1", "west-1", "late-1")] == [1, 2, None]
    row = data["accounts"]["north-1"]
    assert row["nick_name"] == NICK_NAME
    shown = page.locator("tbody tr", has_text="north-1").locator("small").first.inner_text()
    assert shown == f"{NICK_NAME} · {row['appid']}"


def test_the_report_in_chinese_says_what_changed(reports: dict[str, Report], read: Read) -> None:
    page = read(reports["chinese"].html, viewport={"width": 390, "height": 844})
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.title() == "草稿箱开关: 11 个账号"
    assert groups(page, "details:not([id])") == [["1 个账号：已恢复", "west-1"]]
    (first, *_names), *_others = groups(page)
    assert first.startswith("1. 2 个账号：请将 203.0.113.7 加入该账号的 API IP白名单，约 5 分钟后重新运行；位置：微信开发者平台")
    assert [state for name, state, _msg in rows(page) if name == "west-1"] == ["将会开启"]
    assert page.locator("tbody tr", has_text="west-1").locator("small").last.inner_text() == "上次：失败"
    page.get_by_role("searchbox").fill("白名单")
    assert names_shown(page) == list(UNLISTED)
    assert page.get_by_role("status").inner_text() == "2 / 11"


@pytest.mark.parametrize(
    ("typed", "unticked", "left"),
    [
        ("", (), tuple(SHOWN)),
        ("NORTH-2", (), ("north-2",)),
        (" east- ", (), ("east-1", "east-2")),
        ("40164", (), UNLISTED),
        ("nowhere", (), ()),
        ("", ("on",), tuple(name for name in SHOWN if ENDS[name] != "on")),
        ("", ("failed", "not attempted"), tuple(name for name in SHOWN if ENDS[name] in ("on", "turned on"))),
        ("south", ("turned on",), UNLISTED),
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
    assert page.title() == "Draft box switch: 501 accounts"
    assert page.evaluate("window.pwned") is None
    assert [page.locator(tag).count() for tag in ("script", "style", "table", "img", "iframe")] == [1, 1, 1, 0, 0]
    for name in HOSTILE:
        page.get_by_role("searchbox").fill(name)
        assert page.locator("tbody tr:visible td:first-child").all_text_contents() == [name]
    page.get_by_role("searchbox").fill("plain-")
    assert page.get_by_role("status").inner_text() == f"{len(PLAIN)} of 501"
    # innerText leaves out parts without layout, which are those far from the screen.
    assert PLAIN[-1] not in page.locator("tbody").inner_text()
    page.mouse.wheel(0, 1_000_000)
    page.wait_for_function("name => document.querySelector('tbody').innerText.includes(name)", arg=PLAIN[-1])
    # No row covers the form, which stays in sight.
    page.get_by_role("searchbox").click()
    assert page.evaluate("scrollY") > 1000


@pytest.mark.parametrize("name", ["check", "real", "hostile"])
def test_the_page_says_what_the_json_says(reports: dict[str, Report], read: Read, simulator: Simulator, name: str) -> None:
    page, report = read(reports[name].html), json.loads(reports[name].json)
    # What to do is not there again in each row.
    numbers = {group["remedy"]: number for number, group in enumerate(report["remedies"], 1)}
    said = {}
    for account, row in report["accounts"].items():
        failure = row["failure"] or {"remedy": "", "errmsg": None}
        end = f"; {failure['remedy'][:1].lower()}{failure['remedy'][1:]}"
        msg = f"{row['msg'].removesuffix(end)}." if failure["remedy"] and row["msg"].endswith(end) else row["msg"]
        link = f" What to do: {numbers[failure['remedy']]}" if row["failure"] else ""
        said[account] = [row["state"].replace("_", " "), f"{msg}{failure['errmsg'] or ''}{link}"]
    assert {account: rest for account, *rest in rows(page)} == said
    assert [names for _what, *names in groups(page)] == [group["accounts"] for group in report["remedies"]]
    assert all(what.endswith(f": {group['remedy']}") for (what, *_names), group in zip(groups(page), report["remedies"], strict=True))
    assert report["check_mode"] == (name == "check")
    for time, shown in zip((report["started"], report["updated"]), page.locator("dl time").all(), strict=True):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", time)
        assert shown.get_attribute("datetime") == time
        local = datetime.datetime.fromisoformat(shown.inner_text().replace(" UTC", ""))
        assert local == datetime.datetime.fromisoformat(time.replace("Z", "+00:00"))
    assert leaks(reports[name].html.read_text(encoding="utf-8") + reports[name].json, secrets_of(simulator)) == []
