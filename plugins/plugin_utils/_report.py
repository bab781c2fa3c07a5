# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""The report of a play, as JSON and as one HTML page, made from the journal. Each batch of the play writes it again, with more rows."""

from __future__ import annotations

import collections
import contextlib
import json
import os
import re
import tempfile
import typing as t
from pathlib import Path

import jinja2
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import by_remedy, summary

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.wxops.official_account.plugins.plugin_utils._roles import Role

TEMPLATE = Path(__file__).with_name("_report.html.j2")


def write(role: Role, folder: Path, number: int, report: Mapping[str, t.Any]) -> dict[str, str]:
    """Write ``report`` to ``folder``. ``number``: the number of the play in its run. Returns the paths. Raises OSError and others."""
    name = role.file("report") if number == 1 else f"{role.file('report')}-{number}"
    accounts = report["accounts"]
    report = {
        **{key: value for key, value in report.items() if key != "accounts"},
        "summary": summary(accounts.values()),
        "remedies": [{"remedy": remedy, "accounts": names} for remedy, names in by_remedy(accounts).items()],
        "accounts": accounts,
    }
    return {
        "json": _replace(folder / f"{name}.json", json.dumps(report, indent=1, ensure_ascii=False)),
        "html": _replace(folder / f"{name}.html", _page(role, report)),
    }


def remove_those_of_later_plays(role: Role, folder: Path) -> None:
    """Remove the reports of an earlier run's second play and later ones. They would look like reports of this run."""
    of_later_plays = re.compile(rf"{role.file('report')}-\d+\.(json|html)")
    for path in folder.iterdir():
        if of_later_plays.fullmatch(path.name):
            with contextlib.suppress(OSError):
                path.unlink()


def _replace(path: Path, text: str) -> str:
    """Write ``text`` to ``path``. Readers see the complete old file or the complete new one."""
    # Only the owner can read a file of mkstemp.
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(descriptor, "w", encoding="utf-8", errors="replace") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(text)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
    return str(path)


def _page(role: Role, report: Mapping[str, t.Any]) -> str:
    counts = collections.Counter(row["state"] for row in report["accounts"].values())
    page = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return page.from_string(TEMPLATE.read_text(encoding="utf-8")).render(role=role, report=report, counts=counts)
