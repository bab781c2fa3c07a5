# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible.plugins.connection.local import Connection as Local

DOCUMENTATION = r"""
name: elsewhere
short_description: Run on the controller, and be called something else
description:
  - For the tests of this collection.
extends_documentation_fragment:
  - connection_pipelining
options: {}
"""


class Connection(Local):
    transport = "elsewhere"
