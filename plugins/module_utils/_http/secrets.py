# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps secrets and tokens out of all output: Ansible masks them, and texts of the platform are scrubbed before they go on."""

from __future__ import annotations

import html
import json
import re
import threading
import typing as t
from urllib.parse import quote, quote_plus, unquote

if t.TYPE_CHECKING:
    from collections.abc import Callable

MASK = "********"

# Ansible masks a value wherever it occurs. A shorter value would damage unrelated output, even the play recap.
SHORTEST_MASKED = 8


class Secrets:
    """The secrets and tokens of one run. Safe to share between threads.

    ``mask``: called with each spelling of each secret and token; None if nobody has to know them.
    """

    def __init__(self, mask: Callable[[str], object] | None = None) -> None:
        self._mask = mask
        # The key is a spelling's first characters, so that the time to scrub does not grow with the number of secrets.
        self._by_start: dict[str, list[str]] = {}
        # Finds what is long enough for such a key, and has only characters of such keys.
        self._run = _NOTHING
        self._characters: set[str] = set()
        self._growing = threading.Lock()

    def add(self, secret: str) -> None:
        """Mask and scrub ``secret`` from now on, in every spelling. It must have at least ``SHORTEST_MASKED`` characters."""
        known_as = spellings(secret)
        if self._mask:
            for spelling in known_as:
                self._mask(spelling)
        for spelling in {*map(_lower, known_as), _unescaped(secret)}:
            if len(spelling) < SHORTEST_MASKED:  # a secret that looks like escapes, without them
                continue
            # A list, because another thread may be reading it.
            known = self._by_start.setdefault(spelling[:SHORTEST_MASKED], [])
            if spelling not in known:
                known.append(spelling)
            with self._growing:
                if not self._characters.issuperset(spelling[:SHORTEST_MASKED]):
                    self._characters.update(spelling[:SHORTEST_MASKED])
                    characters = "".join(map(re.escape, sorted(self._characters)))
                    self._run = re.compile(f"[{characters}]{{{SHORTEST_MASKED},}}")

    def found_in(self, text: str) -> bool:
        """Whether ``scrub`` would change ``text``, or any of several texts with a line for each. Takes far less time than ``scrub``."""
        lower = _lower(text)
        unescaped = _unescaped(lower)
        return self._starts_in(lower) or (unescaped != lower and self._starts_in(unescaped))

    def _starts_in(self, text: str) -> bool:
        by_start = self._by_start
        for run in self._run.finditer(text):
            for position in range(run.start(), run.end() - SHORTEST_MASKED + 1):
                if text[position : position + SHORTEST_MASKED] in by_start and self._length_at(text, position):
                    return True
        return False

    def scrub(self, text: str) -> str:
        """``text`` with a mask in place of each secret.

        If a secret is escaped in such a way that its end is not clear, the mask replaces all of ``text``.
        """
        if not self.found_in(text):
            return text
        clean, lower = [], _lower(text)
        position = 0
        while position < len(text):
            length = self._length_at(lower, position)
            clean.append(MASK if length else text[position])
            position += length or 1
        scrubbed = "".join(clean)
        return MASK if self._starts_in(_unescaped(scrubbed)) else scrubbed

    def _length_at(self, text: str, position: int) -> int:
        """The length of the longest secret that starts at ``position`` in ``text``; 0 if no secret starts there."""
        starting = self._by_start.get(text[position : position + SHORTEST_MASKED], ())
        return max((len(spelling) for spelling in starting if text.startswith(spelling, position)), default=0)


def spellings(secret: str) -> set[str]:
    """``secret`` as a URL, a log or the platform's errmsg is likely to spell it."""
    if _UNCHANGED.fullmatch(secret):
        return {secret}
    quoted = {quote(secret), quote(secret, safe=""), quote_plus(secret)}
    lower = {_ESCAPE.sub(lambda escape: escape.group().lower(), one) for one in quoted}
    return {secret, *quoted, *lower, *map(quote, quoted), html.escape(secret), json.dumps(secret)[1:-1]}


# What URLs, HTML and JSON spell as it is.
_UNCHANGED = re.compile(r"[A-Za-z0-9_.~-]+")
_ESCAPE = re.compile(r"%[0-9A-F]{2}")
_ESCAPES = re.compile(r"[%&\\]")
_CODE = re.compile(r"\\u00([0-9a-f]{2})")
_NOTHING = re.compile(r"(?!)")

# How many layers of escapes within escapes are removed.
_LAYERS = 3


def _lower(text: str) -> str:
    """``text`` with its ASCII letters in lower case. Each character keeps its position."""
    # The method of bytes leaves all other characters as they are.
    return text.encode(errors="surrogatepass").lower().decode(errors="surrogatepass")


def _unescaped(text: str) -> str:
    """``text`` without the escapes of URLs, HTML and JSON, and in lower case."""
    if not _ESCAPES.search(text):
        return _lower(text)
    for _layer in range(_LAYERS):
        before, text = text, html.unescape(unquote(_CODE.sub(lambda code: chr(int(code.group(1), 16)), _lower(text))))
        if text == before:
            break
    return _lower(text.replace("\\", ""))
