# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A clear failure on a Python that is too old for the modules. Older Pythons must be able to run this file and ``quiet``."""

from __future__ import annotations

import sys
import typing as t

from .quiet import QuietModule

OLDEST = (3, 10)


def refuse_old_python(one: dict[str, t.Any]) -> None:
    """Fail like the module, and exit, if this Python is too old. Call it before any other import from the collection.

    ``one``: the keys that the module returns for one account, in addition to the keys of every failure.
    """
    if sys.version_info[:2] < OLDEST:
        _OldPython(one)


class _OldPython(QuietModule):
    """Fails, with any options."""

    def __init__(self, one: dict[str, t.Any]) -> None:
        self._one = one
        super().__init__(argument_spec={}, supports_check_mode=True)  # type: ignore[no-untyped-call]
        self.fail_json()

    def fail_json(self, *_args: t.Any, **_kwargs: t.Any) -> t.NoReturn:
        # Ansible's own message, and the arguments that it may show, can hold values of options.
        for_many = self.params.get("accounts") is not None
        self.params = dict.fromkeys(self.params, "NOT SHOWN")
        super().fail_json(**refusal(self._one, for_many, ".".join(map(str, sys.version_info[:3]))))
        raise SystemExit(1)


def refusal(one: dict[str, t.Any], for_many: bool, found: str) -> dict[str, t.Any]:
    """The result of the module on the Python version ``found``. A test makes sure that its keys are those of every other failure."""
    oldest = ".".join(map(str, OLDEST))
    remedy = f"set ansible_python_interpreter to Python {oldest} or newer with requests on the host that runs the module"
    counts = ("total", "changed", "unchanged", "failed", "not_attempted", "retired")
    return {
        "changed": False,
        **({"accounts": {}, "summary": dict.fromkeys(counts, 0)} if for_many else one),
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
