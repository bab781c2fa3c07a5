# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages on decisions speak of files that exist, in one form, and the index has them all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "decisions"
PAGES = sorted(FOLDER.glob("[0-9]*.md"))
HEADINGS = ["Context", "Decision", "What it costs", "What was tried or considered", "Evidence"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_the_headings_and_names_files_that_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.match(r"# (\d+)\. ", text)[1] == page.name[:4].lstrip("0")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == HEADINGS
    named = re.findall(r"`((?:plugins|roles|tests)/[^`]*)`", text)
    linked = [f"docs/decisions/{name}" for name in re.findall(r"\]\(([^):]*)\)", text)]
    assert [name for name in named + linked if not (ROOT / name).exists()] == []


def test_the_index_has_every_page_in_order() -> None:
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \d+ \| \[.*\]\((.*)\)", index, re.MULTILINE) == [page.name for page in PAGES]
