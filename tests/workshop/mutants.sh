#!/usr/bin/env bash
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# make mutants: breaks the code in every small way, one at a time, and has the unit tests find it. Lists what they do not find.
# It works on a copy, because it changes the files.

source "$(dirname "${BASH_SOURCE[0]}")/library.sh"
python=$(newest_python)
venv mutants "$python" -r "$REQUIREMENTS/mutants.txt"
cd "$(tree mutants)" || exit
mkdir -p .work/collections/ansible_collections/wxops
ln -sfn "$PWD" .work/collections/ansible_collections/wxops/official_account
# Two mutants of the same second and size would be taken for one.
export PYTHONDONTWRITEBYTECODE=1 PATH=$WORK/mutants/bin:$PATH
RESULTS=$WORK/mutants-found
mkdir -p "$RESULTS"

# mutants MODULE TEST...: the mutants of one file of plugins/module_utils that these unit tests do not find.
mutants() {
    local module=$1 name=${1//\//-} session tests
    shift
    session=$RESULTS/$name.sqlite
    tests=$(printf ' tests/unit/plugins/module_utils/%s' "$@")
    # "X | None" stands in annotations only, which nobody evaluates.
    cat > "$RESULTS/$name.toml" << CONFIG
[cosmic-ray]
module-path = "plugins/module_utils/$module"
timeout = 60.0
excluded-modules = []
test-command = "python -m pytest -q -x -n 0 -p no:cacheprovider$tests"

[cosmic-ray.distributor]
name = "local"

[cosmic-ray.filters.operators-filter]
exclude-operators = ["core/ReplaceBinaryOperator_BitOr_.*"]
CONFIG
    say "$module"
    rm -f "$session"
    cosmic-ray init "$RESULTS/$name.toml" "$session" > "$RESULTS/$name.log"
    cr-filter-operators "$session" "$RESULTS/$name.toml" >> "$RESULTS/$name.log" 2>&1
    # The tests have to pass as long as nothing is broken.
    cosmic-ray baseline "$RESULTS/$name.toml"
    cosmic-ray exec "$RESULTS/$name.toml" "$session"
    cr-report --surviving-only --show-diff "$session"
}

mutants _resource/converge.py _resource/test_converge.py _resource/test_draft_switch.py _resource/test_every_script.py _resource/test_menu.py
mutants _resource/draft_switch.py _resource/test_draft_switch.py _resource/test_converge.py
mutants _resource/menu.py _resource/test_menu.py
mutants _resource/menu_form.py _resource/test_menu_form.py _resource/test_menu.py
mutants _resource/menu_input.py _resource/test_menu_input.py _resource/test_menu_form.py
mutants _resource/results.py _resource/test_results.py _resource/test_draft_switch.py
mutants _resource/outcome.py _resource/test_results.py _resource/test_draft_switch.py
mutants _account/tokens.py _account/test_tokens.py _run/test_service.py
