# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workflow on GitHub runs every leg of .ci/run, each by itself, and ansible-test has a target for everything that users call."""

from __future__ import annotations

import re
import subprocess
import typing as t
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


def legs() -> list[str]:
    found = re.search(r"^LEGS=\((.*)\)$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    return found[1].split()


def workflow() -> dict[t.Any, t.Any]:
    return yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))


def test_the_matrix_has_every_leg_and_the_one_that_needs_github() -> None:
    assert workflow()["jobs"]["leg"]["strategy"]["matrix"]["leg"] == [*legs(), "nox", "core-devel"]


def test_it_runs_every_week() -> None:
    # YAML takes "on" for true.
    (schedule,) = workflow()[True]["schedule"]
    assert re.fullmatch(r"\d+ \d+ \* \* 1", schedule["cron"])


def test_every_module_role_and_plugin_has_a_target_of_ansible_test() -> None:
    targets = ROOT / "tests" / "integration" / "targets"
    names = {path.name for path in targets.iterdir()}
    names |= {line for path in targets.glob("*/aliases") for line in path.read_text(encoding="utf-8").splitlines()}
    public = {path.name for path in (ROOT / "roles").iterdir()}
    public |= {path.stem for kind in ("modules", "inventory", "filter") for path in (ROOT / "plugins" / kind).glob("*.py")}
    assert public - names == set()


def test_an_unknown_leg_is_refused() -> None:
    refused = subprocess.run(["bash", ROOT / ".ci" / "run", "no-such-leg"], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "no-such-leg" in refused.stderr
    assert all(leg in refused.stderr for leg in legs())
