# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that are whole whenever somebody reads them."""

from __future__ import annotations

import os
import tempfile
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def put(path: Path, texts: Iterable[str]) -> str:
    """Write ``texts`` to ``path``. Readers see the complete old file or the complete new one, and nobody follows a link."""
    # Only the owner can read a file of mkstemp.
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(descriptor, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.writelines(texts)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
    return str(path)
