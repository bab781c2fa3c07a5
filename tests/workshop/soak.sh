#!/usr/bin/env bash
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# make soak: random plays against the simulator for some minutes, and a judge. Options: make soak ARGUMENTS="--minutes 30 --seed 7".

source "$(dirname "${BASH_SOURCE[0]}")/library.sh"
venv_of_tests
cd "$ROOT" || exit
PYTHONPATH=.:$WORK/collections exec "$WORK/test/bin/python" -m tests.soak "$@"
