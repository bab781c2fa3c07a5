# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An sshd on a loopback port, with temporary keys. Only the user who runs the tests can log in."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
import typing as t
from pathlib import Path

import pytest

from tests.simulator import Simulator

# The tests also call the simulator directly. The user's proxy cannot reach it.
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "localhost,127.0.0.1"

if t.TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with Simulator(tmp_path_factory.mktemp("simulator")) as running:
        yield running


@pytest.fixture(scope="session")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, t.Any]]:
    """The variables of a host that is reached over ssh."""
    folder = tmp_path_factory.mktemp("sshd")
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    (folder / "authorized_keys").write_bytes((folder / "user.pub").read_bytes())
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {
        "Port": port,
        "ListenAddress": "127.0.0.1",
        "HostKey": folder / "host",
        "AuthorizedKeysFile": folder / "authorized_keys",
        "AuthenticationMethods": "publickey",
        "PermitRootLogin": "prohibit-password",
        "AllowUsers": getpass.getuser(),
        "StrictModes": "no",
        "UsePAM": "no",
        "PidFile": "none",
        "MaxStartups": 100,
        "MaxSessions": 100,
        "Subsystem": "sftp internal-sftp",
    }
    (folder / "sshd_config").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    if os.getuid() == 0:
        # sshd needs this folder for its chroot. The package's service would create it.
        Path("/run/sshd").mkdir(exist_ok=True)
    server = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    assert server, "no sshd: .ci/run ssh installs one"
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen([server, "-D", "-e", "-f", str(folder / "sshd_config")], stderr=log)
    try:
        until = time.monotonic() + 20
        while socket.socket().connect_ex(("127.0.0.1", port)):
            assert time.monotonic() < until, (folder / "log").read_text()
            assert running.poll() is None, (folder / "log").read_text()
            time.sleep(0.1)
        yield {
            "ansible_connection": "ssh",
            "ansible_host": "127.0.0.1",
            "ansible_port": port,
            "ansible_user": getpass.getuser(),
            "ansible_ssh_private_key_file": str(folder / "user"),
            "ansible_ssh_common_args": "-F none -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null",
            "ansible_python_interpreter": sys.executable,
            "ansible_remote_tmp": str(folder / "tmp"),
        }
    finally:
        running.terminate()
        running.wait()
