#!/usr/bin/env bash
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# make test: installs what the checks need, then runs every check that takes only minutes. The last line is pytest's summary.

source "$(dirname "${BASH_SOURCE[0]}")/library.sh"
venv test "$(newest_python)" -r "$REQUIREMENTS/test.txt"
export PATH=$WORK/test/bin:$PATH
cd "$(tree test)" || exit

say "ruff, yamllint, shellcheck"
ruff check .
ruff format --check .
yamllint --strict .
shellcheck --source-path=SCRIPTDIR tests/workshop/*.sh .ci/run

say "mypy"
(cd ../../.. && mypy --config-file ansible_collections/wxops/official_account/pyproject.toml \
    ansible_collections/wxops/official_account/{plugins,tests/benchmark,tests/demo,tests/simulator})

sanity test --venv --python "$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')"

say "pytest"
cd "$ROOT" || exit
exec python -m pytest tests/unit tests/integration
