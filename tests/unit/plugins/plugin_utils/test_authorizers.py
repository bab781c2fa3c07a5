# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who can have written a file. tests/integration/test_inventory.py has the inventories."""

from __future__ import annotations

import os
import types
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.plugin_utils import _authorizers
from ansible_collections.wxops.official_account.plugins.plugin_utils._authorizers import writable_by_others

if t.TYPE_CHECKING:
    from pathlib import Path

ME, OTHER = 4711, 4712


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[int, int, int]]:
    """What a file system says of files: owner, group and mode. All others are root's."""
    files: dict[str, tuple[int, int, int]] = {}

    def stat_of(path: str) -> types.SimpleNamespace:
        if path == str(tmp_path / "gone"):
            raise FileNotFoundError
        owner, group, mode = files.get(path, (0, 0, 0o40755))
        return types.SimpleNamespace(st_uid=owner, st_gid=group, st_mode=mode)

    users = {ME: types.SimpleNamespace(pw_name="me")}
    groups = {
        ME: types.SimpleNamespace(gr_name="me", gr_mem=[]),
        OTHER: types.SimpleNamespace(gr_name="staff", gr_mem=["me"]),
        OTHER + 1: types.SimpleNamespace(gr_name="me", gr_mem=["me", "you"]),
    }
    replaced = types.SimpleNamespace(lstat=stat_of, geteuid=lambda: ME, path=os.path)
    monkeypatch.setattr(_authorizers, "os", replaced)
    monkeypatch.setattr(_authorizers, "pwd", types.SimpleNamespace(getpwuid=users.__getitem__))
    monkeypatch.setattr(_authorizers, "grp", types.SimpleNamespace(getgrgid=groups.__getitem__))
    return files


@pytest.mark.parametrize(
    ("owner", "group", "mode", "by_others"),
    [
        (ME, OTHER, 0o100644, False),
        (0, 0, 0o100644, False),
        (OTHER, OTHER, 0o100444, True),
        (ME, OTHER, 0o100646, True),
        (ME, OTHER, 0o100664, True),
        (ME, OTHER + 1, 0o100664, True),
        (ME, 99, 0o100664, True),
        # Each user has a group of that name, and new files are writable to it.
        (ME, ME, 0o100664, False),
        (ME, 0, 0o100664, False),
        # A sticky bit of a file means nothing.
        (ME, OTHER, 0o101666, True),
    ],
)
@pytest.mark.parametrize("where", ["file", "folder", "above"])
def test_who_may_write(
    owner: int, group: int, mode: int, by_others: bool, where: str, tmp_path: Path, seen: dict[str, tuple[int, int, int]]
) -> None:
    file = tmp_path / "cache" / "entry"
    path = str({"file": file, "folder": file.parent, "above": tmp_path}[where])
    seen[path] = (owner, group, mode if where == "file" else mode & 0o777 | 0o40000)
    assert writable_by_others(str(file)) == (path if by_others else "")


def test_nobody_replaces_the_files_of_others_in_a_folder_for_all(tmp_path: Path, seen: dict[str, tuple[int, int, int]]) -> None:
    seen[str(tmp_path)] = (0, 0, 0o41777)
    assert writable_by_others(str(tmp_path / "mine")) == ""
    seen[str(tmp_path / "theirs")] = (OTHER, OTHER, 0o100644)
    assert writable_by_others(str(tmp_path / "theirs")) == str(tmp_path / "theirs")


def test_a_link_of_somebody_else_s_may_lead_elsewhere_the_next_time(tmp_path: Path, seen: dict[str, tuple[int, int, int]]) -> None:
    (tmp_path / "cache").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "cache")
    seen[str(tmp_path)] = (0, 0, 0o41777)
    seen[str(link)] = (ME, OTHER, 0o120777)
    assert writable_by_others(str(link / "entry")) == ""
    seen[str(link)] = (OTHER, OTHER, 0o120777)
    assert writable_by_others(str(link / "entry")) == str(link)


def test_what_cannot_be_looked_at_is_not_trusted(tmp_path: Path, seen: dict[str, tuple[int, int, int]]) -> None:
    assert seen == {}
    assert writable_by_others(str(tmp_path / "gone")) == str(tmp_path / "gone")


def test_a_real_file_of_this_user_s_is_its_own(tmp_path: Path) -> None:
    (tmp_path / "file").touch(0o600)
    assert writable_by_others(str(tmp_path / "file")) == ""
    (tmp_path / "link").symlink_to(tmp_path / "file")
    assert writable_by_others(str(tmp_path / "link")) == ""
    (tmp_path / "file").chmod(0o602)
    assert writable_by_others(str(tmp_path / "link")) == str(tmp_path / "file")
