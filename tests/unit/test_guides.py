# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the guides say of the code, the tests and the benchmark is so. tests/integration runs their commands."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import Reason

from tests.benchmark.__main__ import PLATFORM_SIZES, SLICES
from tests.benchmark.ways import (
    ACCOUNTS,
    ALL_IN_ONE_TASK,
    FLOOR,
    HOSTS_WITH_BOTH,
    LOOP,
    RESOURCES,
    URI_5,
    URI_20,
    URI_LOOP,
)
from tests.workshop import failures

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "docs" / "docsite" / "rst"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in GUIDES.glob("*.rst")}
CHINESE = sorted(name for name in TEXTS if name.endswith("_zh"))
ENGLISH = {name: text for name, text in TEXTS.items() if name not in CHINESE}
# A block of code of a guide, with its caption.
_CODE = re.compile(r"^\.\. code-block:: \w+\n(?:   :caption: .*\n)?\n(?:   .*\n|\n)+", re.MULTILINE)


def test_the_contents_have_every_guide() -> None:
    contents = yaml.safe_load((ROOT / "docs" / "docsite" / "extra-docs.yml").read_text(encoding="utf-8"))
    assert sorted(name for section in contents["sections"] for name in section["toctree"]) == sorted(TEXTS)


@pytest.mark.parametrize("name", [name for name, text in ENGLISH.items() if ".. code-block::" in text])
def test_a_guide_with_commands_or_files_has_a_test_that_goes_through_it(name: str) -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "integration").glob("test_*.py"))
    assert f'{name}.rst"' in tests


@pytest.mark.parametrize(("name", "language"), [("guide_failures", "en"), ("guide_failures_zh", "zh")])
def test_the_failures_are_those_of_the_code(name: str, language: str) -> None:
    """If it fails, see the first lines of tests/workshop/failures.py."""
    assert TEXTS[name] == "\n".join(failures.page(failures.LANGUAGES[language])) + "\n"
    assert set(failures.REASONS) == set(t.get_args(Reason))


# The tests of the English guides run their commands, so a Chinese guide must have the same.
@pytest.mark.parametrize("chinese", CHINESE)
def test_a_chinese_guide_shows_the_same_commands_and_files(chinese: str) -> None:
    english = chinese.removesuffix("_zh")
    assert _CODE.findall(TEXTS[chinese]) == _CODE.findall(TEXTS[english])


@pytest.mark.parametrize("chinese", CHINESE)
def test_a_guide_links_to_itself_in_the_other_language(chinese: str) -> None:
    english = chinese.removesuffix("_zh")
    titled = r"^\.\. _{0}{1}:\n\n.+\n=+\n\n{2}:ref:`{0}{3}`\n\n"
    label = "ansible_collections.wxops.official_account.docsite."
    assert re.search(titled.format(re.escape(label), chinese, "English: ", english), TEXTS[chinese], re.MULTILINE)
    assert re.search(titled.format(re.escape(label), english, "中文：", chinese), TEXTS[english], re.MULTILINE)


@pytest.mark.parametrize("chinese", CHINESE)
def test_a_chinese_guide_refers_to_chinese_guides(chinese: str) -> None:
    referred = re.findall(r":ref:`[^`]*docsite\.(\w+)>?`", TEXTS[chinese].split("===\n\nEnglish: ")[1].split("\n", 1)[1])
    assert [name for name in referred if f"{name}_zh" in TEXTS] == []


def test_both_readmes_show_the_same_commands_and_files_and_link_to_each_other() -> None:
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))
    blocks = [re.findall(r"^```\w.*?^```$", text, re.MULTILINE | re.DOTALL) for text in (english, chinese)]
    assert blocks[0] == blocks[1]
    assert blocks[0]
    repository = "https://github.com/wxops/wxops.official_account/blob/main"
    assert english.startswith(f"# wxops.official_account\n\nEnglish | [简体中文]({repository}/README.zh-CN.md)\n\n")
    assert chinese.startswith(f"# wxops.official_account\n\n[English]({repository}/README.md) | 简体中文\n\n")
    # The same headings, tables and lists, so that what is added to one is not forgotten in the other.
    parts = [
        re.findall(r"^(#+ |\| |- )", re.sub(r"^```\w.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
        for text in (english, chinese)
    ]
    assert parts[0] == parts[1]
    linked = re.findall(r"docsite/rst/(\w+)\.rst", chinese)
    assert [name for name in linked if f"{name}_zh" in TEXTS] == []
    # Galaxy and Automation Hub show them outside of the repository.
    assert re.findall(r"\]\((?!https://)[^)]*\)", english + chinese) == []


def test_the_evidence_for_the_requirements_is_there() -> None:
    text = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
    runner, makefile = ((ROOT / name).read_text(encoding="utf-8") for name in (".ci/run", "Makefile"))
    legs = {leg for named in re.findall(r"`\.ci/run ([a-z][^`]*)`", text) for leg in named.split()} | set(re.findall(r"leg `(\S+)`", text))
    assert legs - set(re.findall(r"[\w.-]+(?=[^()\n]*\) )", runner)) == set()
    assert [target for target in re.findall(r"`make (\S+)`", text) if f"\n{target}:\n" not in makefile] == []
    named = re.findall(r"`((?:\.github|changelogs|docs|meta|plugins|tests)/[^`*]+)`", text)
    assert [path for path in named if not (ROOT / path).exists()] == []
    assert not list(ROOT.glob("tests/sanity/ignore-*"))


PROMISES = re.findall(r"``(tests/[^`]*)``", TEXTS["guide_promises"])


def test_each_promise_has_tests() -> None:
    sections = re.split(r"\n-{5,}\n", TEXTS["guide_promises"])[1:]
    assert len(sections) == TEXTS["guide_promises_zh"].count("\n   * - ") == 17
    assert all("``tests/" in section for section in sections)


@pytest.mark.parametrize("named", PROMISES)
def test_a_test_that_a_promise_names_exists(named: str) -> None:
    path, _colons, test = named.partition("::")
    assert re.search(rf"^def {test}\(" if test else "^def test_", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("page", [*GUIDES.glob("*.rst"), *ROOT.glob("*.md"), *ROOT.glob("docs/*.md")], ids=lambda page: page.name)
def test_a_link_into_the_repository_leads_to_a_file(page: Path) -> None:
    linked = re.findall(r"https://github\.com/wxops/wxops\.official_account/blob/main/([^)>#\s]+)", page.read_text(encoding="utf-8"))
    assert [name for name in linked if not (ROOT / name).is_file()] == []


def test_the_tables_of_speeds_are_the_benchmark_s() -> None:
    rows = re.findall(r"^   ([^|]*?) \| ([\d,]{2,}) \| \S+x$", TEXTS["guide_performance"], re.MULTILINE)
    ways = (FLOOR, ACCOUNTS, LOOP, URI_20, URI_5, URI_LOOP)
    assert [(title.replace("``\\ ", "``").replace("``", "`"), number) for title, number in rows] == [
        (way.title.strip("*"), f"{way.accounts:,}") for way in ways
    ]
    calls = re.findall(r"^   ([^|]*?) \| (\d) \| \S+x$", TEXTS["guide_performance"], re.MULTILINE)
    measured = (HOSTS_WITH_BOTH, ALL_IN_ONE_TASK, RESOURCES)
    assert [(title.replace("``", "`"), number) for title, number in calls] == [
        (way.title, f"{len(way.work.calls)}") for ways in measured for way in ways
    ]
    # The sentence above each of these tables begins with the number of accounts.
    numbers = re.findall(r"^([\d,]+) (?:hosts|accounts), ", TEXTS["guide_performance"], re.MULTILINE)
    assert [{number} for number in numbers] == [{f"{way.accounts:,}" for way in ways} for ways in measured]
    sizes = re.findall(r"^   ([\d,]+) \| \S+x$", TEXTS["guide_performance"], re.MULTILINE)
    assert sizes == [f"{size:,}" for size in PLATFORM_SIZES]


def test_the_chinese_tables_of_speeds_have_the_same_figures() -> None:
    line = re.compile(r"^(?:   .+ \| |[\d,]+ ).+$", re.MULTILINE)
    english, chinese = (line.findall(TEXTS[name]) for name in ("guide_performance", "guide_performance_zh"))
    figures = re.compile(r"``\w+``|\d[\d,.]*(?:x| MB| s)?")
    assert [figures.findall(row) for row in chinese] == [figures.findall(row) for row in english]
    assert english


# Work, hosts, calls, seconds of the processor for 1,000 hosts, and MB.
_SLICE = re.compile(r"^   ([^|]*?) \| ([\d,]+) \| (\d+) \| (\d+) s \| (\d+) MB$", re.MULTILINE)


def test_the_table_of_a_job_slice_is_the_benchmark_s() -> None:
    rows = [(title.replace("``", "`"), hosts, calls) for title, hosts, calls, *_figures in _SLICE.findall(TEXTS["guide_performance"])]
    assert rows == [(way.title, f"{size:,}", f"{len(way.work.calls)}") for way, size in SLICES]


@pytest.mark.parametrize("name", ["guide_awx", "guide_awx_zh"])
def test_the_arithmetic_for_a_million_accounts_is_that_of_the_measured_figures(name: str) -> None:
    *works, largest = _SLICE.findall(TEXTS["guide_performance"])
    rows = re.findall(r"^   [^|]*? \| (\d+) \| (\d+) (?:s|秒) \| ([\d.]+) (?:h|小时) \| ([\d.]+) (?:h|小时)$", TEXTS[name], re.MULTILINE)
    # 1,000 times the seconds, by 20 jobs.
    assert rows == [
        (calls, seconds, f"{int(seconds) / 3.6:.1f}", f"{int(seconds) / 3.6 / 20:.1f}") for _title, _hosts, calls, seconds, _mb in works
    ]
    hosts, seconds, memory = largest[1].replace(",", ""), largest[3], largest[4]
    minutes = int(hosts) / 1000 * int(seconds) / 60
    assert re.findall(r"2\.5 . (\d+) (?:s|秒) = (\d+) ", TEXTS[name]) == [(seconds, f"{minutes:.0f}")]
    times = int(seconds) / int(works[0][3])
    assert re.findall(r"(\d+) (?:s|秒) / (\d+) (?:s|秒) = ([\d.]+) ", TEXTS[name]) == [(seconds, works[0][3], f"{times:.1f}")]
    assert re.findall(r"20 . (\d+) MB = ([\d.]+) GB", TEXTS[name]) == [(memory, f"{int(memory) * 20 / 1000:.1f}")]
    assert (hosts, len(re.findall(r"1,000,000 / 2,500 = 400 ", TEXTS[name]))) == ("2500", 1)
