# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that a module gets when a task gives none, for tests to change."""

from __future__ import annotations

import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._run.options import ARGUMENT_SPEC

APPID = "wx0123456789abcdef"
SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "canary-token-0123456789"
COMPONENT = {"component_appid": "wxfedcba9876543210", "component_access_token": "canary-component-token"}


def options(**given: t.Any) -> dict[str, t.Any]:
    """All options of a task that gives these."""
    return {**{name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}, **given}


def account(**given: str) -> dict[str, str | None]:
    """One of the option ``accounts``."""
    return {**dict.fromkeys(ARGUMENT_SPEC["accounts"]["options"]), **given}
