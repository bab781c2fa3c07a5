#!/usr/bin/env bash
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The role's report in a real browser. This is not a part of make test, because that must not need a browser.

source "$(dirname "${BASH_SOURCE[0]}")/library.sh"

# The same names as in tests/browser/conftest.py.
browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

if ! browser > /dev/null; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
        echo "tests/browser needs Chromium: install it as chromium, chromium-browser or google-chrome, and run again." >&2
        exit 1
    fi
    say "Installing Chromium"
    export DEBIAN_FRONTEND=noninteractive
    if ! { apt-get update && apt-get install -y --no-install-recommends chromium; } > "$WORK/chromium.log" 2>&1; then
        cat "$WORK/chromium.log" >&2
        exit 1
    fi
fi

python=$(newest_python)
venv browser "$python" -r "$REQUIREMENTS/browser.txt"
cd "$ROOT" || exit

say "pytest, $("$(browser)" --version 2> /dev/null)"
PATH=$WORK/browser/bin:$PATH exec "$WORK/browser/bin/python" -m pytest tests/browser "$@"
