# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The groups of an account's calls. Each is a file."""

from __future__ import annotations

import typing as t

from . import conditional_menus, diagnostics, menu, tags, templates

if t.TYPE_CHECKING:
    from .accounts import Account
    from .calls import Call, Request


class Group(t.Protocol):
    """``PATHS``: the names of the calls, by their paths. ``SETS``: by name, the permission sets of which any allows the call.

    ``CHANGES``: the names of those that change something.
    """

    PATHS: dict[str, str]
    SETS: dict[str, set[int]]
    CHANGES: tuple[str, ...]

    def refuse(self, call: Call, request: Request) -> int:
        """The errcode of a refusal for the form of the request; 0 if it is allowed."""

    def answer(self, account: Account, call: Call) -> dict[str, object] | int:
        """The answer, from an account that may be called with the token of this request."""


GROUPS: tuple[Group, ...] = (menu, conditional_menus, tags, templates, diagnostics)
NAMES = {path: name for group in GROUPS for path, name in group.PATHS.items()}
OF_CALL = {name: group for group in GROUPS for name in group.SETS}
CHANGES = tuple(name for group in GROUPS for name in group.CHANGES)
