# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules that are run within the tests' own process."""

from __future__ import annotations

import json
import os
import tempfile
import typing as t

from ansible.module_utils import basic

if t.TYPE_CHECKING:
    import pytest


class Waiting:
    """Somebody waits, and is not told anything on stdout."""

    remote = False
    until: float | None = None

    def begin(self) -> None:
        pass

    def still_wanted(self) -> bool:
        return True


def arguments(options: dict[str, t.Any], *, check_mode: bool = False, diff: bool = False) -> dict[str, t.Any]:
    """What Ansible hands over to a module with these options."""
    return {"_ansible_check_mode": check_mode, "_ansible_diff": diff, "_ansible_remote_tmp": tempfile.gettempdir(), **options}


def give(
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, t.Any],
    *,
    check_mode: bool = False,
    diff: bool = False,
    environ: dict[str, str] | None = None,
) -> None:
    """Have the next module find these options, as Ansible would hand them over. ``environ``: the variables for WeChat; no others are."""
    for name in list(os.environ):
        if name.startswith("WECHAT_"):
            monkeypatch.delenv(name)
    for name, value in (environ or {}).items():
        monkeypatch.setenv(name, value)
    given = {"ANSIBLE_MODULE_ARGS": arguments(options, check_mode=check_mode, diff=diff)}
    monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps(given).encode())
    if hasattr(basic, "_ANSIBLE_PROFILE"):  # since ansible-core 2.19
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy")
