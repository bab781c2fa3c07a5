#!/usr/bin/env bash
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# make test: installs what the checks need, then runs every check that takes only minutes. The last line is pytest's summary.

source "$(dirname "${BASH_SOURCE[0]}")/library.sh"
venv_of_tests
export PATH=$WORK/test/bin:$PATH
cd "$(tree test)" || exit

say "ruff, yamllint, reuse, shellcheck"
ruff check .
ruff format --check .
yamllint --strict .
(
    # Git tracks nothing in the copy. Without that, reuse does not see that tests/output is ignored.
    cd "$ROOT" || exit
    reuse lint --lines
)
shellcheck --external-sources --source-path=SCRIPTDIR tests/workshop/*.sh .ci/run

# These take a minute each, on one core.
beside() {
    say "mypy"
    (cd ../../.. && mypy --config-file ansible_collections/wxops/official_account/pyproject.toml \
        ansible_collections/wxops/official_account/{plugins,tests/benchmark,tests/demo,tests/simulator})
    ansible_test test sanity --python "$(version_of test)"
}

# So they run beside tests that Ansible has no part in. Their process group ends with this script, however that ends.
set -m
beside > "$WORK/beside.log" 2>&1 < /dev/null &
beside=$!
set +m
trap 'kill -- -$beside 2> /dev/null' EXIT

say "pytest, the unit tests, and how much of plugins/module_utils they run (at least 90 %)"
cd "$ROOT" || exit
python -m pytest tests/unit --cov

say "pytest, the modules against the simulator"
# In a process of its own: what is Ansible's loads Ansible's controller, and modules behave differently there.
python -m pytest --durations=10 tests/modules

passed=0
wait "$beside" || passed=$?
trap - EXIT
cat "$WORK/beside.log"
if [ "$passed" != 0 ]; then
    echo "mypy or ansible-test sanity failed, see above." >&2
    exit 1
fi

say "pytest, what is Ansible's; guides, AWX and the ways in which a playbook ends are legs of .ci/run"
exec python -m pytest --durations=10 tests/integration \
    --ignore-glob='*/test_guide*' --ignore tests/integration/test_readme.py --ignore tests/integration/test_awx.py --ignore tests/integration/test_waiting.py
