# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where an export writes, and where it never does."""

from __future__ import annotations

import os
import stat
import typing as t
from pathlib import Path

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import ApiError
from ansible_collections.wxops.official_account.plugins.plugin_utils._export import path_in, write

TEXT = "---\nwechat_draft_switch: present\n"


class OnePlay:
    """What the hosts of a play share."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def host_of(self, identity: str, host: str) -> str:
        return self._first.setdefault(identity, host)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / "inventory").mkdir()
    (tmp_path / "elsewhere").mkdir()
    return Path(os.path.realpath(tmp_path / "inventory"))


def export(
    base: Path, name: str = "a", text: str = TEXT, *, play: t.Any = None, replace: bool = False, check_mode: bool = False
) -> str | None:
    return write(play or OnePlay(), base, name, text, is_list=False, replace=replace, check_mode=check_mode)


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def refusal(base: Path, name: str = "a", **options: t.Any) -> str:
    before = everything(base.parent)
    with pytest.raises(ApiError) as refused:
        export(base, name, **options)
    assert everything(base.parent) == before
    return str(refused.value.failure.what)


def test_a_file_is_written_whole_and_others_may_read_it(base: Path) -> None:
    umask = os.umask(0o022)
    try:
        assert export(base) is None
    finally:
        os.umask(umask)
    path = base / "host_vars/a/wechat.yml"
    assert path.read_text() == TEXT
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert everything(base) == ["host_vars", "host_vars/a", "host_vars/a/wechat.yml"]
    assert export(base) == TEXT


@pytest.mark.parametrize("name", ["", ".", "..", "../b", "/etc", "a/b", "a\0", "a\nb", "a\u2028", "x/../../..", "a.yml", "a.json"])
def test_a_name_that_is_no_file_s_name_is_refused(base: Path, name: str) -> None:
    assert "cannot be the name of a file" in refusal(base, name)


@pytest.mark.parametrize("name", ["a b", "商店", "-rf", "a:b", "[1]", "a..b", "A", "{{ x }}", "~", "$HOME"])
def test_other_names_are_taken_as_they_are(base: Path, name: str) -> None:
    export(base, name)
    assert (base / "host_vars" / name / "wechat.yml").read_text() == TEXT


@pytest.mark.parametrize("link", ["host_vars", "host_vars/a"])
@pytest.mark.parametrize("target", ["elsewhere", "nowhere"])
def test_no_link_leads_out_of_the_inventory(base: Path, link: str, target: str) -> None:
    (base / link).parent.mkdir(exist_ok=True)
    (base / link).symlink_to(base.parent / target)
    assert "is a link to somewhere else" in refusal(base)


def test_links_in_a_circle_are_refused(base: Path) -> None:
    (base / "host_vars").symlink_to("host_vars")
    with pytest.raises(ApiError):
        export(base)


@pytest.mark.parametrize("replace", [False, True])
def test_a_file_that_is_a_link_or_no_file_is_not_touched(base: Path, replace: bool) -> None:
    folder = base / "host_vars/a"
    folder.mkdir(parents=True)
    (base.parent / "elsewhere/wechat.yml").write_text("mine")
    (folder / "wechat.yml").symlink_to(base.parent / "elsewhere/wechat.yml")
    assert "cannot be written (ELOOP)" in refusal(base, replace=replace)
    (folder / "wechat.yml").unlink()
    os.mkfifo(folder / "wechat.yml")
    assert "cannot be written" in refusal(base, replace=replace)
    (folder / "wechat.yml").unlink()
    (folder / "wechat.yml").mkdir()
    assert "cannot be written" in refusal(base, replace=replace)
    assert (base.parent / "elsewhere/wechat.yml").read_text() == "mine"


@pytest.mark.parametrize("there", ["a", "a.yml", "a.yaml", "a.json"])
def test_a_folder_must_not_hide_the_host_s_own_file_from_ansible(base: Path, there: str) -> None:
    (base / "host_vars").mkdir()
    (base / "host_vars" / there).write_text("wechat_secret: x\n")
    assert f"host_vars/{there} is there, and Ansible would not read it any more" in refusal(base)
    if there != "a":
        # If there is a folder already, it is hidden already.
        (base / "host_vars/a").mkdir()
        export(base)


@pytest.mark.parametrize(
    "line",
    [
        *("wechat_secret: x", "wechat_access_token : !vault |", ' "wechat_appid": x', "x: 1\nwechat_authorizer_refresh_token: x"),
        *('{"wechat_secret": "x"}', "---\n{x: 1, wechat_secret: x}", "? wechat_secret\n: x"),
    ],
)
def test_a_file_with_credentials_is_never_replaced(base: Path, line: str) -> None:
    export(base, text=f"{line}\n")
    assert "has credentials too" in refusal(base, replace=True)


@pytest.mark.parametrize("text", ["$ANSIBLE_VAULT;1.1;AES256\n30\n", "# x\n" * 2**18 + "wechat_secret: x\n"])
def test_a_file_that_cannot_be_read_whole_is_never_replaced(base: Path, text: str) -> None:
    export(base, text=text)
    assert "what would be lost is not known" in refusal(base, replace=True)


def test_a_file_that_differs_is_replaced_only_on_demand_and_keeps_its_mode(base: Path) -> None:
    export(base, text="mine\n")
    path = base / "host_vars/a/wechat.yml"
    path.chmod(0o600)
    assert "is there, and differs" in refusal(base)
    assert "is there, and differs" in refusal(base, check_mode=True)
    assert export(base, replace=True, check_mode=True) == "mine\n"
    assert path.read_text() == "mine\n"
    assert export(base, replace=True) == "mine\n"
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == (TEXT, 0o600)


def test_a_file_that_only_has_other_ends_of_lines_does_not_differ(base: Path) -> None:
    (base / "host_vars/a").mkdir(parents=True)
    (base / "host_vars/a/wechat.yml").write_bytes(TEXT.replace("\n", "\r\n").encode())
    assert export(base) == TEXT
    assert b"\r" in (base / "host_vars/a/wechat.yml").read_bytes()


def test_a_file_with_other_comments_does_not_differ_and_gets_the_new_ones_only_on_demand(base: Path) -> None:
    export(base, text="# an old comment\n---\n# another one\nwechat_draft_switch: present\n")
    path = base / "host_vars/a/wechat.yml"
    assert export(base) == TEXT
    assert "# another one" in path.read_text()
    export(base, replace=True)
    assert path.read_text() == TEXT


def test_in_check_mode_nothing_is_made(base: Path) -> None:
    assert export(base, check_mode=True) is None
    assert everything(base) == []


def test_two_hosts_with_one_folder_are_refused(base: Path) -> None:
    """As on a disk on which A and a are the same."""
    play = OnePlay()
    export(base, "a", play=play)
    (base / "host_vars/A").symlink_to(base / "host_vars/a")
    assert "host_vars/A is the folder of a as well" in refusal(base, "A", play=play, replace=True)


def test_a_folder_that_cannot_be_written_to_is_told(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> t.NoReturn:
        raise OSError(28, "no space, and a text with a secret")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(ApiError) as refused:
        export(base)
    assert "cannot be written (ENOSPC)" in refused.value.failure.what
    assert everything(base) == ["host_vars", "host_vars/a"]


def test_the_path_of_a_list_s_account_is_in_the_folder_itself(base: Path) -> None:
    assert path_in(base, "brand a", is_list=True) == base / "brand a.json"
