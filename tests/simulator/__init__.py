# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A WeChat server for tests and the demo: real HTTP(S) on a loopback address, with faults on request."""

from __future__ import annotations

from .accounts import Account, Platform
from .component import Authorizer, Component
from .faults import Fault
from .server import Simulator

__all__ = ["Account", "Authorizer", "Component", "Fault", "Platform", "Simulator"]
