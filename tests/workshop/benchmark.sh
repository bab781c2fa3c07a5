#!/usr/bin/env bash
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# make benchmark: installs the same packages as for the demo, then runs the benchmark.

source "$(dirname "${BASH_SOURCE[0]}")/library.sh"
python=$(newest_python)
venv demo "$python" -r "$REQUIREMENTS/run.txt"
cd "$ROOT" || exit
PATH=$WORK/demo/bin:$PATH exec "$WORK/demo/bin/python" -m tests.benchmark
