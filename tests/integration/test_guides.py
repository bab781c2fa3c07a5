# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guides to fleets, performance and promises. Longer guides have a file of their own."""

from __future__ import annotations

import json
import typing as t

import pytest
import yaml

from tests.integration.pages import GUIDES, Walk, assert_shown, assert_targets, server_of

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible
    from tests.simulator import Simulator


@pytest.mark.parametrize("guide", [GUIDES / "guide_performance.rst", GUIDES / "guide_promises.rst"], ids=lambda guide: guide.stem)
def test_it_names_targets_of_make(guide: Path, ansible: Ansible, tmp_path: Path) -> None:
    with Walk(guide, ansible, tmp_path, {}) as walk:
        assert_targets(walk.block("console"))


def test_the_guide_to_fleets(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    with Walk(GUIDES / "guide_fleets.rst", ansible, tmp_path, server_of(simulator)) as walk:
        hosts = yaml.safe_load(walk.write())["all"]["hosts"]
        # Each account has in the simulator what the guide has in its vault, but for the token, which only the platform can issue.
        vault = yaml.safe_load(walk.write())
        accounts = {
            name: simulator.add(appid=host["wechat_appid"], secret=vault["vault_wechat_secrets"][name])
            for name, host in hosts.items()
            if "wechat_appid" in host
        }
        accounts["brand-b"] = simulator.add()
        vault["vault_wechat_tokens"]["brand-b"] = simulator.issue(accounts["brand-b"])
        (tmp_path / "group_vars/all/vault.yml").write_text(yaml.safe_dump(vault))
        one, other, last = (accounts[name] for name in sorted(accounts))
        one.is_open, last.listed = True, False

        (survey,) = walk.run()
        assert {name: (counts["changed"], counts["failed"]) for name, counts in survey.recap().items()} == {
            "brand-a": (0, 0),
            "brand-b": (1, 0),
            "brand-c": (0, 1),
        }
        report = tmp_path / "reports/draft-switch-report"
        assert report.with_suffix(".html").exists()
        assert set(json.loads(report.with_suffix(".json").read_text())["accounts"]) == set(accounts)

        message = walk.block("text").text
        last.listed = True
        (rollout,) = walk.run()
        assert [counts["changed"] for _name, counts in sorted(rollout.recap().items())] == [0, 1, 1]
        assert [account.is_open for account in (one, other, last)] == [True] * 3
        for account in accounts.values():
            account.is_open = False
        in_stages, with_some_failed = walk.run()
        assert [counts["changed"] for counts in in_stages.recap().values()] == [1, 1, 1]
        assert with_some_failed.rc == 0

        one.is_open = last.is_open = other.is_open = False
        walk.write()
        (own_play,) = walk.run()
        assert {name: counts["changed"] for name, counts in own_play.recap().items()} == {"brand-a": 1, "brand-c": 1}
        walk.write()
        walk.write()
        (as_list,) = walk.run()
        assert "2 accounts: 2 would be turned on" in as_list.prose
        walk.write()
        (task,) = walk.run()
        assert task.results["localhost"][-1]["msg"] == ["brand-a", "brand-b"]

        walk.write()
        foreseen, provided = walk.run()
        assert [run.rc for run in (foreseen, provided)] == [0, 0], provided.output
        assert all(account.is_open for account in accounts.values())
        assert {name: account.menus.buttons[0]["url"] for name, account in accounts.items() if account.menus.buttons} == {
            name: f"https://shop.example/?from={name}" for name in accounts
        }

    fleet = {f"brand-{number:02}": simulator.add(is_open=number % 2 == 0, listed=number < 8) for number in range(12)}
    fleet |= {"frozen": simulator.add(), "on": simulator.add(is_open=True)}
    fleet["frozen"].frozen_secret = True
    given = [{"name": name, "appid": account.appid, "secret": account.secret} for name, account in fleet.items()]
    assert_shown(message.strip(), ansible.play({"localhost": {**ansible.options, "accounts": given}}).one()["msg"])
