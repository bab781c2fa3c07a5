# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Accounts as hosts and as a list, for the role, and what it left of them."""

from __future__ import annotations

import json
import typing as t

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.simulator import Account, Simulator

JOURNAL = "draft-switch-journal.jsonl"
PLAYBOOK = "wxops.official_account.draft_switch"
# As a user would write it into an inventory.
LOCAL = {"localhost": {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}}


def variables_of(account: Account) -> dict[str, str]:
    return {"wechat_appid": account.appid, "wechat_secret": account.secret}


def hosts_of(accounts: dict[str, Account]) -> dict[str, dict[str, t.Any]]:
    return {name: variables_of(account) for name, account in accounts.items()}


def listed(accounts: dict[str, Account]) -> list[dict[str, str]]:
    return [{"name": name, "appid": account.appid, "secret": account.secret} for name, account in accounts.items()]


def some(simulator: Simulator, number: int = 6) -> dict[str, Account]:
    """Off and on in turn."""
    return {f"acct-{position}": simulator.add(is_open=bool(position % 2)) for position in range(number)}


def touched(accounts: dict[str, Account]) -> list[str]:
    return [name for name, account in accounts.items() if account.calls]


def read(folder: Path) -> dict[str, t.Any]:
    report: dict[str, t.Any] = json.loads((folder / "draft-switch-report.json").read_text(encoding="utf-8"))
    return report


def states(report: dict[str, t.Any]) -> list[str]:
    return [row["state"] for row in report["accounts"].values()]
