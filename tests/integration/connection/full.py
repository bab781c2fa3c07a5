# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleError
from ansible.plugins.connection.local import Connection as Local

DOCUMENTATION = r"""
name: full
short_description: Run on the controller, and have no space for a file
description:
  - For the tests of this collection.
extends_documentation_fragment:
  - connection_pipelining
options: {}
"""


class Connection(Local):
    transport = "full"

    def put_file(self, in_path: str, out_path: str) -> t.NoReturn:
        raise AnsibleError(f"Failed to transfer {in_path} to {out_path}: No space left on device")
