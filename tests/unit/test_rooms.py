# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rooms of plugins/: who may import whom. docs/rooms.md shows the same picture."""

from __future__ import annotations

import ast
import graphlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGINS = ROOT / "plugins"
PREFIX = "ansible_collections.wxops.official_account.plugins."

# Each room may import from itself and from those below it.
ROOMS = ("modules, action, filter, inventory", "plugin_utils", "_run", "_resource", "_account", "_http", "_text, _text_zh")
# Packages that are not Python's own, and where they may be imported.
FOREIGN = {
    "ansible": ("_run/", "plugin_utils/", "action/", "filter/", "inventory/"),
    "jinja2": ("plugin_utils/_page",),
    "requests": ("_http/transport", "_http/connections"),
    "urllib3": ("_http/transport", "_http/connections", "_http/environment"),
}


def file_of(path: Path) -> str:
    """``_http/wire`` and the like."""
    return str(path.relative_to(PLUGINS).with_suffix("")).removeprefix("module_utils/")


FILES = {file_of(path): ast.parse(path.read_text()) for path in sorted(PLUGINS.rglob("*.py")) if path.name != "__init__.py"}


def imports_of(file: str) -> set[str]:
    """What ``file`` imports: files of this collection as ``file_of`` names them, others by their first package."""
    found = set()
    for node in ast.walk(FILES[file]):
        if isinstance(node, ast.ImportFrom):
            if node.level:
                base = file.split("/")[: -node.level]
                found.add("/".join([*base, *(node.module or "").split(".")]))
                continue
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            own = name.removeprefix(PREFIX).removeprefix("module_utils.").replace(".", "/")
            found.add(next((one for one in (own, own.rpartition("/")[0]) if one in FILES), name.split(".")[0]))
    return found


def room_of(file: str) -> int:
    return next(number for number, room in enumerate(ROOMS) if file.split("/")[0] in [*room.split(", "), "doc_fragments"])


@pytest.mark.parametrize("file", FILES)
def test_no_arrow_points_up_and_foreign_packages_stay_in_their_rooms(file: str) -> None:
    imported = imports_of(file)
    assert [one for one in imported if one in FILES and room_of(one) < room_of(file)] == []
    assert [one for one in imported if one in FOREIGN and not file.startswith(FOREIGN[one])] == []


def test_there_is_no_circle() -> None:
    tuple(graphlib.TopologicalSorter({file: imports_of(file) & FILES.keys() for file in FILES}).static_order())


def test_the_reader_of_imports_sees_them() -> None:
    assert {"_http/wire", "_http/errcodes", "_account/session", "_resource/converge"} <= imports_of("_resource/draft_switch")
    assert {"ansible", "_run/service", "plugin_utils/_authorizers"} <= imports_of("inventory/wechat_authorizers")
    assert {"_http/errors", "_text", "requests", "urllib3"} <= imports_of("_http/transport")


def test_the_page_shows_the_rooms_and_each_of_their_files_once() -> None:
    text = (ROOT / "docs/rooms.md").read_text()
    shown = re.findall(r"^(\w+/\w+|_text\w*)  +\S", text, re.MULTILINE)
    assert " -> ".join([*ROOMS[2:-1], "_text"]) in text
    assert sorted(shown) == sorted(file for file in FILES if file.split("/")[0] in ", ".join(ROOMS[1:]).split(", "))
