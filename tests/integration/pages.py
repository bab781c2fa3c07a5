# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Does what a guide or the README says, block by block: writes its files, runs its commands, and compares the output that it shows."""

from __future__ import annotations

import dataclasses
import re
import shlex
import subprocess
import textwrap
import typing as t

import yaml

from tests.integration.harness import ROOT, base_environment, leaks, secrets_of

if t.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.harness import Ansible, Run
    from tests.simulator import Account, Simulator

GUIDES = ROOT / "docs/docsite/rst"
_RST = re.compile(r"^\.\. code-block:: (\w+)\n(?:   :caption: (.*)\n)?\n((?:   .*\n|\n)+)", re.MULTILINE)
_MARKDOWN = re.compile(r"^```(\w+)()\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Block:
    """``file``: the name of the file that the block shows, the caption of a guide's block; empty if it is no file."""

    language: str
    file: str
    text: str


def blocks(page: Path) -> list[Block]:
    """All blocks of code of a page, in order."""
    pattern = _RST if page.suffix == ".rst" else _MARKDOWN
    found = pattern.findall(page.read_text(encoding="utf-8"))
    return [Block(language, file, f"{textwrap.dedent(text).strip()}\n") for language, file, text in found]


def commands(text: str) -> list[tuple[list[str], str]]:
    """The commands of a console block, each with the output below it."""
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    return [(shlex.split(line), output.strip()) for line, _break, output in (part.partition("\n") for part in parts)]


def assert_shown(shown: str, real: str) -> None:
    """``shown`` is a part of ``real``. Its ``...`` stands for anything."""
    rid = re.compile(r"[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}")
    pattern = re.escape(rid.sub("RID", shown)).replace(re.escape("..."), ".*?")
    assert re.search(pattern, rid.sub("RID", real), re.DOTALL), f"not shown:\n{shown}\nbut:\n{real}"


def assert_targets(block: Block) -> None:
    """The block's way to the repository is right, and its commands of make exist. Legs of .ci/run, or tests, run those themselves."""
    galaxy, makefile = ((ROOT / name).read_text(encoding="utf-8") for name in ("galaxy.yml", "Makefile"))
    for command, _output in commands(block.text):
        if command[0] == "make":
            assert re.search(rf"^{command[1]}:$", makefile, re.MULTILINE)
        elif command[:2] == ["git", "clone"]:
            assert f"repository: {command[2].removesuffix('.git')}\n" in galaxy
        else:
            assert command == ["cd", "wxops.official_account"]


class Walk:
    """Goes through a page, one block at a time. It fails at the end if the page has a block that nobody asked for.

    ``environment``: what the page's reader has exported so far. ``folder``: where the reader works.
    """

    def __init__(self, page: Path, ansible: Ansible, folder: Path, environment: dict[str, str]) -> None:
        self._left = blocks(page)
        self._ansible = ansible
        self.folder = folder
        self.environment = environment

    def __enter__(self) -> Walk:
        return self

    def __exit__(self, kind: object, *_exception: object) -> None:
        assert kind or not self._left, f"the page goes on with:\n{self._left[0].text}"

    def again(self) -> Walk:
        """Another walk that goes on from here. This one then does the same once more."""
        other = Walk.__new__(Walk)
        other.__dict__ = {**self.__dict__, "_left": list(self._left)}
        return other

    def block(self, language: str) -> Block:
        """The next block, for a test that does not need more, or that does something of its own with it."""
        block = self._left.pop(0)
        assert block.language == language, block.text
        return block

    def write(self, name: str = "") -> str:
        """Write the next block into the file that its caption names, or into ``name``. Returns the text."""
        block = self._left.pop(0)
        path = self.folder / (block.file or name)
        assert path != self.folder, block.text
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
        return block.text

    def run(self, *arguments: str, **environment: str) -> list[Run]:
        """Run the commands of the next block in turn, with further ``arguments``."""
        return list(self.each(*arguments, **environment))

    def each(self, *arguments: str, **environment: str) -> Iterator[Run]:
        """The same, one after the other, for a test that does something in between."""
        for command, shown in commands(self.block("console").text):
            run = self._ansible.run([*command, *arguments], self.folder, {**self.environment, **environment})
            assert_shown(shown, run.output)
            yield run

    def shell(self, typed: str = "", instead: dict[str, str] | None = None) -> str:
        """Run the lines of the next block in one shell, and keep what it exports. Returns the output.

        ``typed``: what the reader types. ``instead``: what stands in for parts of the lines.
        """
        script = self.block("bash").text
        for part, other in (instead or {}).items():
            assert part in script
            script = script.replace(part, other)
        exported = self.folder / "exported"
        done = subprocess.run(
            ["bash", "-euc", f"{script}\nenv --null > {shlex.quote(str(exported))}"],
            cwd=self.folder,
            env={**base_environment(), **self.environment},
            input=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        assert leaks(done.stdout, set().union(*map(secrets_of, self._ansible.simulators))) == []
        after = dict(line.split("=", 1) for line in exported.read_text().split("\0") if line)
        changed = {name: value for name, value in after.items() if base_environment().get(name) != value}
        self.environment.update({name: value for name, value in changed.items() if name not in ("_", "PWD", "OLDPWD", "SHLVL")})
        exported.unlink()
        return done.stdout


def brands(simulator: Simulator, folder: Path) -> dict[str, Account]:
    """Two accounts by name, and the inventory ``fleet.yml`` in which they are the hosts of the group brands."""
    accounts = {name: simulator.add() for name in ("brand-a", "brand-b")}
    hosts = {name: {"wechat_appid": account.appid, "wechat_secret": account.secret} for name, account in accounts.items()}
    (folder / "fleet.yml").write_text(yaml.safe_dump({"all": {"children": {"brands": {"hosts": hosts}}}}))
    return accounts


def server_of(simulator: Simulator) -> dict[str, str]:
    """The environment in which the simulator stands in for the platform."""
    return {"WECHAT_API_URL": simulator.url, "REQUESTS_CA_BUNDLE": str(simulator.ca_path)}
