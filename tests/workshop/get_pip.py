# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stands in for get-pip where it cannot be downloaded: runs the pip that Python brings with it."""

from __future__ import annotations

import ensurepip
import runpy
import sys
from pathlib import Path

wheel = next((Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"))
sys.path.insert(0, str(wheel))
wanted = [argument for argument in sys.argv[1:] if argument not in ("--no-setuptools", "--no-wheel")]
sys.argv = ["pip", "install", "--upgrade", *wanted]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
