# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways of an answer that the tests of the roles use: see ``tests.modules.ways``."""

from __future__ import annotations

from tests.modules.ways import ANOTHER

__all__ = ["ANOTHER"]
