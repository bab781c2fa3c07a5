#!/usr/bin/env bash
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Runs that end in the middle, over a real sshd. This is not a part of make test, because that must not need an sshd.
# ssh.sh VENV PYTEST-ARGUMENT...: uses the ansible-core in .work/VENV.

source "$(dirname "${BASH_SOURCE[0]}")/library.sh"

if ! { PATH=$PATH:/usr/sbin:/sbin command -v sshd && command -v ssh; } > /dev/null; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
        echo "tests/ssh needs OpenSSH's server and client: install them, and run again." >&2
        exit 1
    fi
    say "Installing OpenSSH"
    export DEBIAN_FRONTEND=noninteractive
    if ! { apt-get update && apt-get install -y --no-install-recommends openssh-server openssh-client; } > "$WORK/ssh.log" 2>&1; then
        cat "$WORK/ssh.log" >&2
        exit 1
    fi
fi

name=$1
shift
cd "$ROOT" || exit

say "pytest, over ssh, $("$WORK/$name/bin/ansible" --version | sed -n 1p)"
PATH=$WORK/$name/bin:$PATH exec "$WORK/$name/bin/python" -m pytest tests/ssh "$@"
