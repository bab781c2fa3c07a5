# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workflow on GitHub runs every leg of .ci/run, each by itself."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


def legs() -> list[str]:
    found = re.search(r"^LEGS=\((.*)\)$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    return found[1].split()


def test_the_matrix_has_every_leg() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    assert workflow["jobs"]["leg"]["strategy"]["matrix"]["leg"] == legs()


def test_an_unknown_leg_is_refused() -> None:
    refused = subprocess.run(["bash", ROOT / ".ci" / "run", "no-such-leg"], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "no-such-leg" in refused.stderr
    assert all(leg in refused.stderr for leg in legs())
