# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The start of a module: the Python that runs it, and what that lacks. With real plays."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import typing as t
import venv

import pytest

from tests.integration.harness import APPID, INFO, ROOT, SECRET, SWITCH, WITH_ARGUMENTS, Ansible, leaks
from tests.integration.shapes import assert_shape

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.simulator import Simulator

# A version manager may have a program of that name that starts no Python.
PYTHONS = [
    path
    for path in map(shutil.which, ("python3.8", "python3.9"))
    if path and subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0
]


def test_without_requests(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", symlinks=True)
    python = tmp_path / "bare" / "bin" / "python"
    account = simulator.add()
    hosts = {"localhost": {**ansible.options, "appid": account.appid, "secret": account.secret}}
    result = ansible.play(hosts, "-e", f"ansible_python_interpreter={python}").one()
    assert "failed to import the required Python library (requests) on " in result["msg"]
    assert result["failure"]["reason"] == "operator"
    assert_shape(result)
    assert account.calls == []


OLD = """
import collections, sys

sys.version_info = collections.namedtuple("version_info", "major minor micro releaselevel serial")(3, 9, 99, "final", 0)
"""


@pytest.fixture
def old_pythons(tmp_path: Path) -> dict[str, str]:
    """By version: the old Pythons of this machine, and one that only pretends to be old."""
    (tmp_path / "sitecustomize.py").write_text(OLD)
    pretender = tmp_path / "python"
    pretender.write_text(f'#!/bin/sh\nexport PYTHONPATH={tmp_path}\nexec {sys.executable} "$@"\n')
    pretender.chmod(0o755)
    found = {"3.9.99": str(pretender)}
    for python in PYTHONS:
        found[f"{os.path.basename(python)[6:]}."] = python
    return found


def test_a_python_that_is_too_old(ansible: Ansible, old_pythons: dict[str, str]) -> None:
    account = {"appid": APPID, "secret": SECRET}
    # Not in the tasks, because Ansible prints the source of a failed task.
    options = {"appid": APPID, "secret": SECRET, "accounts": [account], "retries": -1}
    # Every other failure has the same keys.
    hosts = {"usual": {**options, "python": sys.executable}}
    for version, python in old_pythons.items():
        if version != "3.8." or not ansible_refuses_it():
            hosts[version] = {**options, "python": python}
    kinds = [(module, names) for module in (SWITCH, INFO) for names in (("appid", "secret"), ("accounts",))]
    tasks = [
        {
            "name": "Call the module",
            module: {name: f"{{{{ option_{name} }}}}" for name in (*names, "retries")},
            "vars": {"ansible_python_interpreter": "{{ option_python }}"},
            "ignore_errors": True,
        }
        for module, names in kinds
    ]
    done = ansible.play(hosts, "-vvvv", tasks=tasks, environment=WITH_ARGUMENTS)
    usual = done.results.pop("usual")
    assert set(done.results) == set(hosts) - {"usual"}, done.output
    for version, results in done.results.items():
        for result, other in zip(results, usual, strict=True):
            says = f"Failed to start: this module needs Python 3.10 or newer, and the Python that runs it is {version}"
            assert result["msg"].startswith(says), done.output
            assert "; nothing was sent; set ansible_python_interpreter to Python 3.10 or newer" in result["msg"]
            assert result["failure"]["reason"] == "operator"
            ansible_s_own = {"invocation", "_ansible_no_log", "exception"}
            assert result.keys() - ansible_s_own == other.keys() - ansible_s_own
    assert "Traceback" not in done.written
    assert leaks(done.written, {SECRET}) == []


# The others are only documentation, of actions.
MODULES = [path for path in sorted((ROOT / "plugins/modules").glob("wechat_*.py")) if "\ndef main" in path.read_text(encoding="utf-8")]


def ansible_refuses_it() -> bool:
    """Newer cores do not run any module on such a Python, and have their own message for that."""
    from ansible.module_utils import basic

    return getattr(basic, "_PY_MIN", (3, 9)) > (3, 8)


@pytest.mark.parametrize(
    "file",
    [
        *(f"modules/{path.stem}" for path in MODULES),
        "module_utils/_run/python",
        "module_utils/_run/quiet",
    ],
)
def test_an_older_python_can_read_what_it_runs(file: str) -> None:
    source = (ROOT / "plugins" / f"{file}.py").read_text()
    imported = [node.module for node in ast.walk(ast.parse(source, feature_version=(3, 8))) if isinstance(node, ast.ImportFrom)]
    assert imported[0] == "__future__"
    if file.startswith("modules/"):
        assert imported[1] == "ansible_collections.wxops.official_account.plugins.module_utils._run.python"
