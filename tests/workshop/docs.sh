#!/usr/bin/env bash
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# make docs: the guides and the documentation of all plugins as web pages, in .work/docs. Every warning is an error. It asks nothing
# of the network.

source "$(dirname "${BASH_SOURCE[0]}")/library.sh"
python=$(newest_python)
venv sphinx "$python" -r "$REQUIREMENTS/docs.txt"
PATH=$WORK/sphinx/bin:$PATH
SITE=$WORK/docs

rm -rf "$SITE"
mkdir -p "$SITE"
# antsibull-docs refuses a folder that others may write to.
chmod 755 "$SITE"
cd "$SITE" || exit

say "antsibull-docs"
antsibull-docs sphinx-init --use-current --squash-hierarchy --fail-on-error --dest-dir . \
    --project wxops.official_account --copyright 'wxops.official_account contributors' --title wxops.official_account \
    wxops.official_account > init.log
python "$ROOT/tests/workshop/sphinx_settings.py" . >> conf.py

say "Sphinx"
if ! bash build.sh > build.log 2>&1; then
    grep -E 'WARNING|ERROR|rror:' build.log || cat build.log
    exit 1
fi >&2
echo "The pages are in $SITE/build/html: open index.html."
