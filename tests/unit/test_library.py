# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shell library of make: which Python it takes, and what it says if none will do."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

LIBRARY = Path("tests/workshop/library.sh")
ROOT = Path(__file__).parents[2]
TOOLS = ("bash", "cat", "cp", "dirname", "getconf", "grep", "ln", "mkdir", "rm", "sed")
BY_NUMBER = "{:d}.{:d}".format(*sys.version_info)


class Machine(t.NamedTuple):
    """A machine that has only what is in ``bin``. ``root``: a checkout with the library."""

    bin: Path
    root: Path

    def has(self, name: str, *, lacks: str = "", version: str = "") -> Path:
        """A Python with this name, without the module ``lacks``, which says that its version is ``version``."""
        python = self.bin / name
        prelude = f"import sys; sys.modules[{lacks!r}] = None; " if lacks else "import sys; "
        if version:
            prelude += f"sys.version_info = tuple(map(int, {version!r}.split('.'))); "
        python.write_text(
            f"""#!/bin/sh
[ "$1" = -c ] || exec {sys.executable} "$@"
exec {sys.executable} -c "{prelude}$2"
"""
        )
        python.chmod(0o755)
        return python

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.bin / "bash", "-c", f"source {LIBRARY}; {script}"],
            cwd=self.root,
            env={"PATH": str(self.bin), "HOME": str(self.root), **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Its folders have a space in their names."""
    folder, root = tmp_path / "the tools", tmp_path / "my clone"
    workshop = root / LIBRARY.parent
    folder.mkdir()
    workshop.mkdir(parents=True)
    for name in ("library.sh", "get_pip.py"):
        (workshop / name).write_text((ROOT / LIBRARY.parent / name).read_text(encoding="utf-8"), encoding="utf-8")
    (workshop / "requirements").mkdir()
    (workshop / "requirements/run.txt").touch()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (folder / tool).symlink_to(found)
    return Machine(folder, root)


def test_a_python_that_is_only_called_python3_will_do(machine: Machine) -> None:
    python = machine.has("python3")
    found = machine.run(f"python_at 2.0 {BY_NUMBER}")
    assert (found.returncode, found.stdout) == (0, str(python)), found.stderr


def test_the_first_of_the_versions_is_taken(machine: Machine) -> None:
    machine.has("python3", version="3.12")
    python = machine.has("python3.13", version="3.13")
    found = machine.run("newest_python")
    assert (found.returncode, found.stdout) == (0, str(python)), found.stderr


def test_a_python_without_ensurepip_is_named_with_what_to_install(machine: Machine) -> None:
    """As on Debian and Ubuntu without python3-venv."""
    machine.has("python3.11", lacks="ensurepip", version="3.11")
    machine.has("python3", lacks="ensurepip", version="3.11")
    machine.has("python", version="3.9")
    refused = machine.run("newest_python")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.splitlines() == [
        "This needs Python 3.14 or 3.13 or 3.12 or 3.11, with its modules venv and ensurepip. Found:",
        f"  {machine.bin}/python3: Python 3.11 without ensurepip",
        f"  {machine.bin}/python: Python 3.9",
        f"  {machine.bin}/python3.11: Python 3.11 without ensurepip",
        "Install what is missing (Debian and Ubuntu: apt install python3.11-venv), and run again.",
    ]


def test_a_machine_whose_python_is_too_old(machine: Machine) -> None:
    machine.has("python3", version="3.10")
    refused = machine.run("newest_python")
    assert refused.returncode == 1
    assert f"{machine.bin}/python3: Python 3.10\nInstall one of these" in refused.stderr
    assert "python3.11-venv" in refused.stderr


def test_a_machine_without_python(machine: Machine) -> None:
    (machine.bin / "python3").write_text("#!/bin/false\n")
    (machine.bin / "python3").chmod(0o755)
    refused = machine.run("newest_python")
    assert refused.returncode == 1
    assert "no Python that runs is in PATH" in refused.stderr


def test_if_pip_fails_the_message_says_what_is_needed_from_outside(machine: Machine) -> None:
    python = machine.has("python3")
    nowhere = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": "/dev/null"}
    refused = machine.run(f"venv some '{python}' no-such-requirement-of-these-tests", **nowhere)
    assert refused.returncode == 1
    assert "pip could not install the packages for .work/some" in refused.stderr
    assert "package index" in refused.stderr
    # The next run does not take the half for the whole.
    assert not (machine.root / ".work/some/made-of").exists()


@pytest.mark.parametrize(
    ("command", "printed", "rc"),
    [
        ("sanity", 'Running sanity test "pep8"', 0),
        ("sanity", "WARNING: All targets skipped.", 1),
        ("sanity", 'Running sanity test "shellcheck"\nWARNING: Required program "shellcheck" not found.', 1),
        ("units", "=== 7 passed in 1.00s ===", 0),
        ("units", "=== 7 passed in 1.00s ===\n=== 6 passed, 1 skipped in 1.00s ===", 1),
        ("units", "=== no tests ran in 1.00s ===", 1),
        ("units", "WARNING: Skipping unit tests on Python 3.10 because it could not be found.\n=== 7 passed in 1.00s ===", 1),
        ("integration", "Running wechat_menu integration test role\nok=9 skipped=0", 0),
        ("integration", "", 1),
    ],
)
def test_what_ansible_test_leaves_out_is_a_failure(machine: Machine, command: str, printed: str, rc: int) -> None:
    """It exits with 0 in all of these cases."""
    folder = machine.root / ".work" / "some" / "bin"
    folder.mkdir(parents=True)
    for name in ("ansible", "ansible-test"):
        (folder / name).write_text(f"#!/bin/sh\necho '{printed}'\n")
        (folder / name).chmod(0o755)
    ended = machine.run(f"ansible_test_at . some {command}")
    assert ended.returncode == rc, ended.stdout + ended.stderr
    assert ("ansible-test" in ended.stderr) == bool(rc)


def test_no_script_goes_on_without_a_python() -> None:
    """In an argument, a command that fails ends nothing, whatever set -e says."""
    scripts = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / LIBRARY.parent).glob("*.sh")}
    assert [
        name for name, text in scripts.items() if re.search(r'^(?!\s*(local )?\w+=).*"\$\((newest_python|python_at)', text, re.MULTILINE)
    ] == []
