#!/usr/bin/env bash
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# make simulator: installs what the demo needs, then starts the simulated platform for a rehearsal. Options: make simulator
# ARGUMENTS="--help".

source "$(dirname "${BASH_SOURCE[0]}")/library.sh"
python=$(newest_python)
venv demo "$python" -r "$REQUIREMENTS/run.txt"
mkdir -p "$WORK/rehearsal"
cd "$ROOT" || exit
exec "$WORK/demo/bin/python" -m tests.simulator --folder "$WORK/rehearsal" --newcomers --authorised 40 "$@"
