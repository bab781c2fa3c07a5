# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""Keeping secrets and tokens out of everything that is written: by masking, and by not passing them on."""

from __future__ import annotations

import typing as t
from urllib.parse import quote, quote_plus

try:
    # ansible-core 2.22 and later mask what is registered here, in the module's process and on display.
    from ansible.module_utils.secrets import register_secret  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    register_secret = None

if t.TYPE_CHECKING:
    from collections.abc import Iterable

MASK = "********"

# Masking a value this short would shred unrelated output, the play recap included.
SHORTEST_MASKED = 8


def spellings(secret: str) -> set[str]:
    """``secret`` in each form in which a URL, a log or an echo may carry it."""
    return {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)}


def scrub(text: str, secrets: Iterable[str]) -> str:
    """``text`` with each of ``secrets``, raw or URL-quoted, replaced."""
    for secret in secrets:
        for spelling in sorted(spellings(secret), key=len, reverse=True):
            text = text.replace(spelling, MASK)
    return text


def register(masked: set[str], secret: str) -> None:
    """Have ``secret`` masked in all output, on every supported ansible-core.

    ``masked``: the AnsibleModule's ``no_log_values``, which cores before 2.22 mask.
    """
    for spelling in spellings(secret):
        masked.add(spelling)
        if register_secret is not None:
            register_secret(spelling)
