# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""A Python that is too old for the modules is told so. This file, and _quiet, an older Python must be able to run."""

from __future__ import annotations

import sys
import typing as t

from .quiet import QuietModule

OLDEST = (3, 10)


def refuse_old_python(one: dict[str, t.Any]) -> None:
    """Fail as the module fails, and exit, if this Python is too old. ``one``: what it returns for one account besides what all do.

    To be called before anything else of the collection is imported.
    """
    if sys.version_info[:2] < OLDEST:
        _OldPython(one)


class _OldPython(QuietModule):
    """Fails whatever the options are."""

    def __init__(self, one: dict[str, t.Any]) -> None:
        self._one = one
        super().__init__(argument_spec={}, supports_check_mode=True)  # type: ignore[no-untyped-call]
        self.fail_json()

    def fail_json(self, *_args: t.Any, **_kwargs: t.Any) -> t.NoReturn:
        # Ansible's own words may hold values of options, which it would show besides.
        many = self.params.get("accounts") is not None
        self.params = dict.fromkeys(self.params, "NOT SHOWN")
        super().fail_json(**refusal(self._one, many, ".".join(map(str, sys.version_info[:3]))))
        raise SystemExit(1)


def refusal(one: dict[str, t.Any], many: bool, found: str) -> dict[str, t.Any]:
    """What the module returns on the Python version ``found``. A test compares the keys with those of every other failure."""
    oldest = ".".join(map(str, OLDEST))
    remedy = f"set ansible_python_interpreter to Python {oldest} or newer with requests on the host that runs the module"
    counts = ("total", "changed", "unchanged", "failed", "not_attempted", "retired")
    return {
        "changed": False,
        **({"accounts": {}, "summary": dict.fromkeys(counts, 0)} if many else one),
        "failure": {
            "reason": "operator",
            "errcode": None,
            "errmsg": None,
            "rid": None,
            "http_status": None,
            "remedy": f"{remedy[:1].upper()}{remedy[1:]}.",
        },
        "msg": f"Failed to start: this module needs Python {oldest} or newer, and the Python that runs it is {found}; "
        f"nothing was sent; {remedy}.",
    }
