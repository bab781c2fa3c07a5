#!/usr/bin/env bash
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The role's report in a real browser. This is not a part of make test, because that must not need a browser.
# With --opening: no tests, but how long a report of 10,000 accounts takes.

source "$(dirname "${BASH_SOURCE[0]}")/library.sh"

# The same names as in tests/browser/conftest.py.
browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

system_packages browser chromium

python=$(newest_python)
venv browser "$python" -r "$REQUIREMENTS/browser.txt"
cd "$ROOT" || exit

if [ "${1:-}" = --opening ]; then
    link_collection
    PYTHONPATH=$WORK/collections exec "$WORK/browser/bin/python" -m tests.browser.opening
fi

say "pytest, $("$(browser)" --version 2> /dev/null)"
PATH=$WORK/browser/bin:$PATH exec "$WORK/browser/bin/python" -m pytest tests/browser "$@"
