# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""Keeping secrets and tokens out of everything that is written: by masking, and by not passing them on."""

from __future__ import annotations

from urllib.parse import quote, quote_plus

try:
    # ansible-core 2.22 and later mask what is registered here, in the module's process and on display.
    from ansible.module_utils.secrets import register_secret  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    register_secret = None

MASK = "********"

# Masking a value this short would shred unrelated output, the play recap included.
SHORTEST_MASKED = 8


class Secrets:
    """The secrets and tokens of one run. Safe to share between threads.

    ``masked``: the AnsibleModule's ``no_log_values``, which cores before 2.22 mask in all that the module returns.
    """

    def __init__(self, masked: set[str]) -> None:
        self._masked = masked
        # By their first characters, so that scrubbing does not grow with the number of secrets.
        self._by_start: dict[str, list[str]] = {}

    def add(self, secret: str) -> None:
        """Have ``secret`` masked and scrubbed from now on, however it is spelt. It has at least ``SHORTEST_MASKED`` characters."""
        for spelling in spellings(secret):
            self._masked.add(spelling)
            self._by_start.setdefault(spelling[:SHORTEST_MASKED], []).append(spelling)
            if register_secret is not None:
                register_secret(spelling)

    def scrub(self, text: str) -> str:
        """``text`` with each secret in it replaced."""
        clean = []
        position = 0
        while position < len(text):
            starting = self._by_start.get(text[position : position + SHORTEST_MASKED], ())
            here = [spelling for spelling in starting if text.startswith(spelling, position)]
            clean.append(MASK if here else text[position])
            position += max(map(len, here), default=1)
        return "".join(clean)


def spellings(secret: str) -> set[str]:
    """``secret`` in each form in which a URL, a log or an echo may carry it."""
    return {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)}
