# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to the first account, from its first line to its last."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path
from shlex import quote

from tests.integration.harness import ROOT
from tests.integration.pages import GUIDES, Walk, server_of

if t.TYPE_CHECKING:
    from tests.integration.harness import Ansible
    from tests.simulator import Simulator

REQUIREMENTS = (ROOT / "tests/workshop/requirements/run.txt").read_text(encoding="utf-8")
PASSWORD = "not-a-real-password"


def test_the_guide(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    account = simulator.add(appid="wx0123456789abcdef", secret="0123456789abcdef0123456789abcdef", listed=False)
    environment = {**server_of(simulator), "HOME": str(tmp_path), "ANSIBLE_COLLECTIONS_PATH": str(tmp_path / "collections")}
    with Walk(GUIDES / "guide_first_account.rst", ansible, tmp_path, environment) as walk:
        packages = "pip install ansible-core requests"
        # The test's own environment has these packages; the collection comes from this checkout instead of the web.
        walk.shell(instead={packages: "pip --version", "https://github.com/wxops/wxops.official_account.git": quote(f"file://{ROOT}")})
        assert {"ansible-core", "requests"} <= set(re.findall("^[a-z-]+", REQUIREMENTS, re.MULTILINE))
        assert (tmp_path / "collections/ansible_collections/wxops/official_account/MANIFEST.json").exists()

        installed = dict(walk.environment)
        walk.shell(instead={"$PWD": quote(str(ROOT))})
        assert (Path(walk.environment["ANSIBLE_COLLECTIONS_PATH"]) / "ansible_collections/wxops/official_account").is_dir()
        assert walk.environment["PATH"].startswith(f"{ROOT}/.work/demo/bin:")
        walk.environment = installed

        walk.shell(typed=f"{account.secret}\n")
        walk.run()
        account.listed = True
        walk.run()
        assert set(account.calls) == {"token", "look"}
        (can,) = walk.run()
        assert can.rc == 0, can.output
        assert not account.is_open
        walk.run()
        assert account.is_open
        walk.run()

        walk.shell(typed=f"{PASSWORD}\n")
        assert (tmp_path / ".wechat-vault-password").stat().st_mode & 0o777 == 0o600
        create, plain = walk.block("console"), walk.block("yaml")
        (tmp_path / "plain.yml").write_text(plain.text)
        environment = {**walk.environment, "EDITOR": f"cp {tmp_path}/plain.yml"}
        # A reader has a terminal.
        ansible.run([*create.text.removeprefix("$ ").split(), "--skip-tty-check"], tmp_path, environment)
        assert (tmp_path / "secrets.yml").read_text().startswith("$ANSIBLE_VAULT;")
        walk.write()
        account.is_open = False
        foreseen, done = walk.run()
        assert [run.recap()["brand-a"]["changed"] for run in (foreseen, done)] == [1, 1]
        assert account.is_open

        walk.write()
        (looked,) = walk.run()
        assert (looked.rc, looked.recap()["brand-a"]["changed"]) == (0, 0)
