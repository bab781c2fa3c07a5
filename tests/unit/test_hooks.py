# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hooks of pre-commit are checks that a change must pass anyway: the same commands, with the same packages."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
HOOKS = [hook for repo in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"] for hook in repo["hooks"]]


def lines_of(*paths: str) -> list[str]:
    return [line.strip() for path in paths for line in (ROOT / path).read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_what_the_tests_run(hook: dict[str, t.Any]) -> None:
    commands = [line.removeprefix("quietly ") for line in lines_of("tests/workshop/test.sh", "tests/workshop/release.sh")]
    if hook.get("pass_filenames", True):
        # The names of the changed files follow.
        assert any(command.startswith(f"{hook['entry']} ") for command in commands)
    else:
        assert hook["entry"] in commands


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_installs_what_the_tests_install(hook: dict[str, t.Any]) -> None:
    assert set(hook["additional_dependencies"]) <= set(lines_of("tests/workshop/requirements/test.txt"))
