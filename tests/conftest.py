# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds for all tests. Hypothesis tries the same examples in every run, and takes its time: the machine may be busy."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import pytest

# Assertions in such files say what differed, as those of tests do.
pytest.register_assert_rewrite("tests.modules.table", "tests.integration.harness", "tests.integration.fleets", "tests.integration.endings")

# pyproject.toml says the same. ansible-test does not read it.
sys.path.insert(0, str(Path(__file__).parents[1]))

# The environment of the tests in a browser does not have it.
with contextlib.suppress(ImportError):
    from hypothesis import HealthCheck, settings

    settings.register_profile("steady", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("steady")
