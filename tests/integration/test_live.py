# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ``tests/live`` would ask of the real platform, asked of the simulated one: it reads unless it is told otherwise."""

from __future__ import annotations

import typing as t

import pytest

from tests.integration.harness import leaks, secrets_of
from tests.live.__main__ import PREFIX, main
from tests.simulator.groups import CHANGES

if t.TYPE_CHECKING:
    from tests.simulator import Account, Simulator


@pytest.fixture
def account(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Account:
    account = simulator.add()
    values = {
        "WECHAT_APPID": account.appid,
        "WECHAT_SECRET": account.secret,
        "WECHAT_API_URL": simulator.url,
        "REQUESTS_CA_BUNDLE": str(simulator.ca_path),
        "NO_PROXY": "localhost",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return account


def test_it_only_reads_and_shows_no_secret(account: Account, simulator: Simulator, capsys: pytest.CaptureFixture[str]) -> None:
    main([])
    written = capsys.readouterr().out
    assert not {*CHANGES, "enable", "callback"}.intersection(account.calls)
    assert leaks(written, secrets_of(simulator)) == []
    assert "a rid: how many seconds is its first group from now? -> " in written
    assert "rid/get: does request_url hold the access_token? -> true" in written


def test_told_to_it_changes_a_test_account_and_takes_everything_back(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    before = list(account.tags.tags)
    main(["--change-the-account", account.appid, "--callback"])
    written = capsys.readouterr().out
    assert {"tags_create", "tags_delete", "menu_create", "menu_delete", "callback"} <= {*account.calls}
    assert "enable" not in account.calls
    assert (account.menus.buttons, account.tags.tags) == (None, before)
    assert "tags that could not be removed again -> []" in written
    assert PREFIX not in written


def test_an_account_with_a_menu_and_another_account_are_refused(account: Account) -> None:
    account.menus.buttons = [{"type": "click", "name": "a", "key": "a"}]
    for name in (account.appid, "wx0000000000000000"):
        with pytest.raises(SystemExit):
            main(["--change-the-account", name])
    assert not {*CHANGES, "enable"}.intersection(account.calls)
