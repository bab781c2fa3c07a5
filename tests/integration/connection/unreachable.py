# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.connection import ConnectionBase

DOCUMENTATION = r"""
name: unreachable
short_description: Reach nobody
description:
  - For the tests of this collection.
options: {}
"""


class Connection(ConnectionBase):
    transport = "unreachable"

    def _connect(self) -> t.NoReturn:
        raise AnsibleConnectionFailure("nobody is there")

    def exec_command(self, cmd: str, in_data: bytes | None = None, sudoable: bool = True) -> t.NoReturn:  # noqa: ARG002
        self._connect()

    def put_file(self, in_path: str, out_path: str) -> t.NoReturn:  # noqa: ARG002
        self._connect()

    def fetch_file(self, in_path: str, out_path: str) -> t.NoReturn:  # noqa: ARG002
        self._connect()

    def close(self) -> None:
        self._connected = False
