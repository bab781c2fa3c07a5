# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guides to fleets, failures and performance. Longer guides have a file of their own."""

from __future__ import annotations

import json
import typing as t

import pytest
import yaml

from tests.integration.pages import GUIDES, Walk, assert_targets, server_of
from tests.simulator.diagnostics import become

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible
    from tests.simulator import Simulator


def test_the_guide_to_performance_names_a_target_of_make(ansible: Ansible, tmp_path: Path) -> None:
    with Walk(GUIDES / "guide_performance.rst", ansible, tmp_path, {}) as walk:
        assert_targets(walk.block("console"))


@pytest.mark.parametrize("guide", [GUIDES / "guide_failures.rst", GUIDES / "guide_failures_zh.rst"], ids=lambda guide: guide.stem)
def test_the_guide_to_failures(guide: Path, simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = {name: become(simulator.add(), kind) for name, kind in (("brand-a", "service"), ("brand-b", "personal"))}
    hosts = {name: {"wechat_appid": one.appid, "wechat_secret": one.secret} for name, one in accounts.items()}
    (tmp_path / "fleet.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
    with Walk(guide, ansible, tmp_path, server_of(simulator)) as walk:
        fleet, one = walk.run()
        assert (fleet.rc, one.rc) == (0, 0)
        assert accounts["brand-b"].calls.count("menu_get") == 1


def test_the_guide_to_fleets(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    with Walk(GUIDES / "guide_fleets.rst", ansible, tmp_path, server_of(simulator)) as walk:
        hosts = yaml.safe_load(walk.write())["all"]["children"]["brands"]["hosts"]
        # Each account has in the simulator what the guide has in its vault, but for the token, which only the platform can issue.
        vault = yaml.safe_load(walk.write())
        one, last = (
            simulator.add(appid=hosts[name]["wechat_appid"], secret=vault["vault_wechat_secrets"][name]) for name in ("brand-a", "brand-c")
        )
        other = simulator.add()
        vault["vault_wechat_secrets"]["brand-b"] = simulator.issue(other)
        (tmp_path / "secrets.yml").write_text(yaml.safe_dump(vault))
        accounts = {"brand-a": one, "brand-b": other, "brand-c": last}
        old = [{"type": "view", "name": "Shop", "url": "https://old.example/"}]
        one.is_open, last.listed = True, False
        one.menus.buttons = old

        def urls() -> list[str | None]:
            return [account.menus.buttons and account.menus.buttons[0]["url"] for account in accounts.values()]

        new = [f"https://shop.example/?from={name}" for name in accounts]
        walk.write()
        (survey,) = walk.run()
        assert {name: (counts["changed"], counts["failed"]) for name, counts in survey.recap().items()} == {
            "brand-a": (1, 0),
            "brand-b": (1, 0),
            "brand-c": (0, 1),
        }

        # The rollout ends at the last account. What it has changed until then comes back.
        (rollout,) = walk.run()
        assert (rollout.rc, urls()) == (2, [*new[:2], None])
        last.listed = True
        repaired = ansible.run(["ansible-playbook", "wxops.official_account.provision", "-i", "fleet.yml"], tmp_path, walk.environment)
        assert (repaired.rc, urls()) == (0, new)
        runs = sorted((tmp_path / "reports/runs").iterdir())
        assert [record.stem.rsplit("-", 1)[1] for record in runs] == [f"{number:06}" for number in range(1, len(runs) + 1)]
        events = [json.loads(line)["event"] for record in runs for line in record.read_text().splitlines()]
        assert (events[0], set(events)) == ("begin", {"begin", "before", "after"})

        # Two runs have changed something: the last one only the last account.
        shown, back = walk.run()
        assert (shown.rc, back.rc, urls()) == (0, 0, [*new[:2], None])
        first = next(str(number) for number, record in enumerate(runs, 1) if '"before"' in record.read_text())
        again = ["ansible-playbook", "wxops.official_account.rollback", "-i", "fleet.yml", "-e", f"rollback_to={first}"]
        done = ansible.run(again, tmp_path, walk.environment)
        assert (done.rc, urls()) == (0, [old[0]["url"], None, None]), done.output
        assert "ot brought back: Draft box" in done.output

        (drift,) = walk.run()
        assert {name: counts["failed"] for name, counts in drift.recap().items()} == dict.fromkeys(accounts, 1)
        walk.write()
        (own_play,) = walk.run()
        assert {name: counts["changed"] for name, counts in own_play.recap().items()} == {"brand-a": 1, "brand-c": 0}
