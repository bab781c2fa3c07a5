# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import shlex
import tempfile

from ansible import constants
from ansible.plugins.connection.local import Connection as Local

DOCUMENTATION = r"""
name: hidden
short_description: Run on the controller, where a command goes on, and its output is read, after its client has ended
description:
  - For the tests of this collection. C(docker exec) is like that.
extends_documentation_fragment:
  - connection_pipelining
options: {}
"""


class Connection(Local):
    transport = "hidden"
    has_pipelining = False

    def exec_command(self, cmd: str, in_data: bytes | None = None, sudoable: bool = True) -> tuple[int, bytes, bytes]:  # noqa: ARG002
        out = f"{tempfile.mkdtemp(dir=constants.DEFAULT_LOCAL_TMP)}/out"
        command = shlex.quote(f"{cmd}; echo $? > {out}.rc")
        detached = f"(setsid sh -c {command} > {out} 2> {out}.err < /dev/null &)"
        wait = f"while [ ! -s {out}.rc ]; do sleep 0.1; done"
        rc, stdout, stderr = super().exec_command(f"{detached}; {wait}; cat {out}; cat {out}.err >&2; exit $(cat {out}.rc)", sudoable=False)
        return rc, stdout, stderr
