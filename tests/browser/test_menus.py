# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Menus as a phone shows them, in the report and on a page of their own, as a browser shows them. Each text is something that wants out of
its box. Every test also checks that the page writes nothing to the console and loads nothing: see conftest.py."""

from __future__ import annotations

import itertools
import typing as t
from pathlib import Path

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu import MenuState
from ansible_collections.wxops.official_account.plugins.plugin_utils import _report
from ansible_collections.wxops.official_account.plugins.plugin_utils._phone import page_of

from tests.unit.records import ON, changed, recorded, row

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    Read = Callable[..., Page]

HOSTILE = (
    "<script>window.pwned = 1</script>",
    "</bdi></li></ul></div></details><img src=x onerror=alert(1)>",
    "</style><style>body { display: none }</style>",
    "W" * 1024,
    "a\n\n\n\n\nb",
    "\u202e\u2067 backwards \u05d0",
    "z" + "".join(map(chr, range(0x300, 0x36F))) * 9,
    "\ufdfd" * 60,
    "\U0001242b" * 60,
    "👨‍👩‍👧‍👦" * 15,
    "\u3164\u200b\xad",
    "{{ 7 * 7 }}",
    "position: fixed; inset: 0",
)


def leaf(name: str, target: str, kind: str = "view") -> dict[str, t.Any]:
    return {"name": name, "type": kind, "url" if kind == "view" else "key": target}


PLAIN = {
    "button": [
        leaf("官网首页", "https://example.com/"),
        {
            "name": "产品中心",
            "sub_button": [leaf("新品上市与限时优惠活动", "https://shop.example/"), leaf("扫一扫", "SCAN", "scancode_push")],
        },
        {"name": "联系我们", "sub_button": [leaf("在线客服", "SERVICE", "click")]},
    ]
}
OTHER = {"button": [PLAIN["button"][0], {"name": "产品中心", "sub_button": [leaf("会员中心", "https://vip.example/")]}]}


def hostile() -> dict[str, t.Any]:
    texts = itertools.cycle(HOSTILE)
    groups = [
        {"name": next(texts), "sub_button": [leaf(next(texts), next(texts), next(texts)) for _leaf in range(5)]} for _group in range(2)
    ]
    return {"button": [*groups, leaf(next(texts), next(texts))]}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("menus")
    bad = hostile()
    made = {
        "east": row(menu=changed(MenuState(PLAIN), MenuState(OTHER))),
        "west": row(menu=changed(MenuState(PLAIN), MenuState(OTHER))),
        "first": row(draft_switch=ON, menu=changed(MenuState(None), MenuState(PLAIN))),
        "bad": row(menu=changed(MenuState(bad), MenuState(PLAIN))),
    }
    report = _report.write(folder, "report", recorded(folder, made), None, "zh")
    conditional = [{"match": {"tag": text, "platform": text}, "menu": bad} for text in HOSTILE]
    declared: list[tuple[str, t.Any]] = [
        *((name, [{"menu": PLAIN}, {"match": {"tag": "会员", "platform": "ios"}, "menu": OTHER}]) for name in ("a", "b", "c", "d")),
        ("none", [{"menu": None}]),
        *((text, [{"menu": bad}, *conditional]) for text in HOSTILE),
    ]
    menus = folder / "menus.html"
    menus.write_text("".join(page_of(declared, "en")), encoding="utf-8", errors="replace")
    return {"report": Path(report["html"]), "menus": menus}


def opened(page: Page) -> Page:
    page.locator("details").evaluate_all("groups => groups.forEach(group => group.open = true)")
    return page


# How far to the right the parts of a page can be seen. A box clips what is in it.
SEEN = """cells => Math.max(...cells.map(cell => {
  let right = cell.getBoundingClientRect().right;
  for (let box = cell.parentElement; box; box = box.parentElement)
    if (getComputedStyle(box).overflowX === "clip") right = Math.min(right, box.getBoundingClientRect().right);
  return right;
}))"""


@pytest.mark.parametrize("media", ["screen", "print"])
@pytest.mark.parametrize("width", [320, 360, 1100])
@pytest.mark.parametrize("name", ["report", "menus"])
def test_nothing_is_wider_than_the_screen(
    pages: dict[str, Path], read: Read, name: str, width: int, media: t.Literal["screen", "print"]
) -> None:
    page = opened(read(pages[name], viewport={"width": width, "height": 800}))
    page.emulate_media(media=media)
    assert page.locator("body *").evaluate_all(SEEN) <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 1100])
@pytest.mark.parametrize("name", ["report", "menus"])
def test_no_name_makes_its_button_large(pages: dict[str, Path], read: Read, name: str, width: int) -> None:
    page = opened(read(pages[name], viewport={"width": width, "height": 800}))
    heights = page.locator(".key, .opened li").evaluate_all("boxes => boxes.map(box => box.getBoundingClientRect().height)")
    assert len(heights) > 30
    assert max(heights) < 130


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_hostile_texts_are_text(pages: dict[str, Path], read: Read, java_script_enabled: bool) -> None:
    page = read(pages["menus"], java_script_enabled=java_script_enabled)
    assert [page.locator(tag).count() for tag in ("script", "style", "img", "iframe", "form")] == [0, 1, 0, 0, 0]
    names = page.locator("summary").all_text_contents()
    assert names[:2] == [
        f"{len(HOSTILE)} accounts: {HOSTILE[0]}, {HOSTILE[1]}, {HOSTILE[2]} and {len(HOSTILE) - 3} more",
        "4 accounts: a, b, c and 1 more",
    ]
    listed = page.locator("details").first.locator(".leads .name").all_text_contents()
    assert listed[0] == HOSTILE[0]
    assert page.locator("details").first.locator(".whom bdi").all_text_contents()[1:3] == [f"tag {HOSTILE[0]}", HOSTILE[0]]
    page = read(pages["report"])
    assert page.evaluate("window.pwned") is None
    assert [page.locator(tag).count() for tag in ("script", "style", "img")] == [1, 1, 0]


def boxes(page: Page, what: str) -> list[dict[str, float]]:
    made = "all => all.map(one => { const {left, right, top, bottom} = one.getBoundingClientRect(); return {left, right, top, bottom}; })"
    return t.cast("list[dict[str, float]]", page.locator(what).evaluate_all(made))


def test_a_group_is_opened_above_its_button(pages: dict[str, Path], read: Read) -> None:
    page = read(pages["menus"])
    phone = "details:nth-of-type(2) .phone >> nth=0"
    assert page.locator(f"{phone} >> .key").all_inner_texts() == ["官网首页\nweb page", "产品中心", "联系我们"]
    assert page.locator(f"{phone} >> .opened li").all_inner_texts() == ["新品上市与限时优…\nweb page", "扫一扫\nscan", "在线客服\nevent"]
    keys, items = boxes(page, f"{phone} >> .key"), boxes(page, f"{phone} >> .opened li")
    for item, key in zip(items, (keys[1], keys[1], keys[2]), strict=True):
        assert item["bottom"] <= key["top"]
        assert abs(item["left"] + item["right"] - key["left"] - key["right"]) < 4
    assert items[0]["bottom"] <= items[1]["top"]
    # The last ones of all groups are in one line above the buttons.
    assert items[1]["bottom"] == items[2]["bottom"]
    assert [len({key[side] for key in keys}) for side in ("top", "bottom")] == [1, 1]


def test_below_the_phone_is_where_each_button_leads_and_whom_the_menu_is_for(pages: dict[str, Path], read: Read) -> None:
    group = read(pages["menus"]).locator("details").nth(1)
    assert group.locator(".whom").all_inner_texts() == ["everybody else", "tag 会员 iOS"]
    assert group.locator(".leads").first.inner_text().split("\n")[:5] == [
        *("官网首页", "type view", "url https://example.com/"),
        *("产品中心", "新品上市与限时优惠活动"),
    ]
    assert group.locator("pre").inner_text().split() == ["a", "b", "c", "d"]


@pytest.mark.parametrize("width", [360, 1100])
def test_before_and_after_are_beside_each_other_if_there_is_room(pages: dict[str, Path], read: Read, width: int) -> None:
    page = opened(read(pages["report"], viewport={"width": width, "height": 800}))
    before, after = boxes(page, "#difference-1 .side")
    assert (before["right"] < after["left"] and before["top"] == after["top"]) == (width == 1100)
    assert (before["bottom"] < after["top"] and before["left"] == after["left"]) == (width == 360)
    # The accounts with the same change have one drawing.
    assert page.locator("#difference-1 pre").inner_text().split() == ["east", "west"]


def test_what_differs_is_marked_and_nothing_else_is_told(pages: dict[str, Path], read: Read) -> None:
    page = opened(read(pages["report"]))
    sides = page.locator("#difference-1 .side")
    assert [side.locator("figcaption").inner_text() for side in sides.all()] == ["修改前", "修改后"]
    marked = [side.locator(".phone [data-mark]:not([data-mark=''])").all_inner_texts() for side in sides.all()]
    assert marked == [["新品上市与限时优…\n网页", "扫一扫\n扫码推事件", "在线客服\n点击推事件", "联系我们"], ["会员中心\n网页"]]
    names = [side.locator(".leads .name").all_inner_texts() for side in sides.all()]
    assert names[1] == ["产品中心", "会员中心 新增"]
    assert "官网首页" not in names[0]
    first = page.locator("details", has_text="first").locator(".phone").all_inner_texts()
    assert first[0] == "无菜单"


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_marks_can_be_read_in_light_and_dark_and_on_paper(pages: dict[str, Path], read: Read, scheme: str, dark: bool) -> None:
    page = opened(read(pages["report"], color_scheme=scheme))

    def brightness(what: str, which: str) -> list[float]:
        colours = page.locator(what).evaluate_all(f"all => all.map(one => getComputedStyle(one).{which}.match(/[0-9.]+/g).map(Number))")
        return [sum(weight * part for weight, part in zip((0.3, 0.6, 0.1), colour, strict=False)) for colour in colours]

    for mark in ("new", "gone", "changed"):
        what = f".phone [data-mark={mark}]"
        for text, paper in zip(brightness(f"{what} bdi >> nth=0", "color"), brightness(what, "backgroundColor"), strict=False):
            assert (text > paper + 100) if dark else (text < paper - 100)
    page.emulate_media(media="print")
    assert page.locator(".phone").first.evaluate("one => getComputedStyle(one).printColorAdjust") == "exact"
    assert page.pdf()[:4] == b"%PDF"
