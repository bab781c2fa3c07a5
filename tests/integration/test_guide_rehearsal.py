# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to rehearsals: make simulator, what it prints, and a user's own inventory."""

from __future__ import annotations

import itertools
import json
import re
import shlex
import shutil
import signal
import subprocess
import typing as t

import pytest
import yaml

from tests.integration.harness import BIN, ROOT, Ansible, base_environment
from tests.integration.pages import GUIDES, Block, Walk, assert_shown, assert_targets, commands
from tests.simulator import Simulator
from tests.simulator.declared import add

if t.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


MENU = "wxops.official_account.wechat_menu"
PRESENT = {"wechat_draft_switch": "present"}


@pytest.fixture(scope="module")
def printed() -> Iterator[str]:
    """What make simulator prints. It runs until the tests are over, and then ends on Ctrl-C."""
    environment = {**base_environment(), "PATH": f"/usr/local/bin:/usr/bin:/bin:{base_environment()['PATH']}"}
    with subprocess.Popen(
        ["make", "simulator", "ARGUMENTS=--limit 300"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as program:
        assert program.stdout is not None
        try:
            yield "".join(itertools.takewhile(lambda line: not line.startswith("It ends"), program.stdout))
        finally:
            subprocess.run(["kill", "-INT", "--", f"-{program.pid}"], check=True)
            assert program.wait(timeout=20) in (0, 2, -signal.SIGINT)


def exported(printed: str) -> dict[str, str]:
    """The environment after all exports. Of several accounts the one that is off counts."""
    lines = [line for line in printed.splitlines() if line.startswith("  export ") and not re.search("# (on|not)", line)]
    assignments = [word for line in lines for word in shlex.split(line, comments=True)[1:]]
    return dict(word.split("=", 1) for word in assignments if not word.startswith(("PATH=", "ANSIBLE_")))


def test_what_it_prints_works(ansible: Ansible, printed: str, tmp_path: Path) -> None:
    one, fleet, authorised = (shlex.split(line) for line in re.findall(r"^  (ansible-playbook \S+ (?!-i YOUR).*)$", printed, re.MULTILINE))
    environment = exported(printed)
    assert "would be turned on" in ansible.run(one, tmp_path, environment).output
    recap = ansible.run(fleet, tmp_path, environment).recap()
    assert {host for host, counts in recap.items() if counts["changed"]} == {"account-02", "account-05"}
    assert {host for host, counts in recap.items() if counts["failed"]} == {"account-03", "account-06"}
    done = ansible.run(authorised, tmp_path, environment)
    assert (done.rc, len(done.recap())) == (0, 40), done.output
    (line,) = re.findall(r"^  (export ANSIBLE_COLLECTIONS_PATH=.*)$", printed, re.MULTILINE)
    path = shlex.split(line)[1].partition("=")[2]
    assert (ROOT / path / "ansible_collections/wxops/official_account/galaxy.yml").exists()

    # The same with options, and without the exports.
    options = dict(re.findall(r"^  (api_url|ca_path): (.*)$", printed, re.MULTILINE))
    account = {"appid": environment["WECHAT_APPID"], "secret": environment["WECHAT_SECRET"]}
    assert ansible.play({"localhost": {**options, **account}}, "--check").one()["changed"]
    (account_role, switch) = re.findall(r"^  (-e \w+_api_url=.*)$", printed, re.MULTILINE)
    assert ansible.run([*fleet, *shlex.split(switch)], tmp_path).recap()["account-02"]["changed"] == 1
    assert account_role == switch.replace("draft_switch", "account")


def test_the_guide(ansible: Ansible, printed: str, tmp_path: Path) -> None:
    appids = {"brand-a": "wx0123456789abcdef", "brand-b": "wxfedcba9876543210"}
    declared = {
        "wechat_secret": "{{ undefined_here }}",
        **PRESENT,
        "wechat_menu": {"button": [{"type": "click", "name": "New", "key": "new"}]},
    }
    hosts = {name: {"wechat_appid": appid, **declared} for name, appid in appids.items()}
    (tmp_path / "fleet.yml").write_text(json.dumps({"all": {"hosts": hosts}}))
    environment = {name: value for name, value in exported(printed).items() if name in ("WECHAT_API_URL", "REQUESTS_CA_BUNDLE")}
    with Walk(GUIDES / "guide_rehearsal.rst", ansible, tmp_path, environment) as walk:
        assert_targets(walk.block("console"))
        shown = walk.block("text").text
        # A path with a space is in quotes.
        assert_shown(shown.rsplit("\n", 2)[0], re.sub("'(/.*?)'", r"\1", printed))
        assert "after 28800 seconds" in shown
        installed(walk.block("console"), tmp_path)
        foreseen, done = walk.run()
        for run in (foreseen, done):
            assert [recap["changed"] for recap in run.recap().values()] == [1, 1], run.output
        assert (tmp_path / "rehearsal/runs").is_dir()
        assert json.loads(walk.shell())["menu"]["button"][0]["key"] == "new"
        command = walk.block("console")
        assert_targets(command)
        (options,) = re.findall('ARGUMENTS="(.*)"', command.text)
        program = [str(BIN / "python"), "-m", "tests.simulator", *shlex.split(options.replace("3600", "0"))]
        ended = subprocess.run(program, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=60, check=True)
        assert "The first of 40:" in ended.stdout
        assert "The 200 accounts" in ended.stdout
        example = walk.write()
        assert_targets(walk.block("console"))
        rehearse(ansible, example, tmp_path)


def installed(block: Block, folder: Path) -> None:
    """The simulator starts from the folder of an installed collection, which has no .work, and prints no path that does not exist."""
    (pip, *names), (_cd, path), (_python, *arguments) = (command for command, _output in commands(block.text))
    assert pip == "pip"
    needed = (ROOT / "tests/integration/requirements.txt").read_text(encoding="utf-8")
    assert set(names[1:]) | {"requests"} == set(re.findall(r"^(\w+)>=", needed, re.MULTILINE))
    home = folder / "home" / path.removeprefix("~/")
    shutil.copytree(ROOT / "tests/simulator", home / "tests/simulator")
    shutil.copytree(ROOT / "plugins", home / "plugins")
    program = [str(BIN / "python"), *arguments, "--limit", "0"]
    ended = subprocess.run(program, cwd=home, stdout=subprocess.PIPE, text=True, timeout=60, check=True)
    assert "Your own inventory" in ended.stdout
    assert "ANSIBLE_COLLECTIONS_PATH" not in ended.stdout


def rehearse(ansible: Ansible, example: str, folder: Path) -> None:
    """Each account of the guide's example is what its comment says."""
    command = [
        str(BIN / "python"),
        "-m",
        "tests.simulator",
        "--accounts",
        str(folder / "accounts.yml"),
        "--folder",
        str(folder / "made" / "by it"),
        "--limit",
        "0",
    ]
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=60, check=True)
    assert re.findall("  # (.*)", ended.stdout) == list(yaml.safe_load(example))
    assert "The account that has authorised" in ended.stdout
    (another := folder / "another").mkdir()
    with Simulator(another) as simulator:
        ansible.simulators.append(simulator)
        accounts, platform = add(simulator, folder / "accounts.yml")
        assert platform is not None

        def menu(name: str, **options: object) -> dict[str, t.Any]:
            account = accounts[name]
            given = {"appid": account.appid, "secret": account.secret, "menu": {"button": [{"type": "click", "name": "New", "key": "new"}]}}
            server = {"api_url": simulator.url, "ca_path": str(simulator.ca_path), "timeout": 3, "retries": 0}
            kept = {name: value for name, value in {**server, **given, **options}.items() if value is not None}
            return ansible.play({"localhost": kept}, module=MENU).one()

        gone = {"menu": None, "state": "absent"}
        assert menu("brand-a", **gone)["failure"]["reason"] == "refused"
        assert menu("brand-a", **gone, delete_conditional=True)["changed"]
        assert menu("brand-b")["failure"]["reason"] == "refused"
        assert menu("brand-b", replace_console_menu=True)["changed"]
        assert menu("brand-c")["changed"]
        assert "48001" in menu("brand-d")["msg"]
        assert "203.0.113.7" in menu("brand-e")["msg"]
        assert "45009" in menu("brand-f")["msg"]
        assert menu("brand-f")["changed"]
        token = {
            "appid": None,
            "secret": None,
            "access_token": simulator.components[platform.appid].issue(next(iter(platform.authorizers.values()))),
        }
        assert "61007" in menu("brand-h", **token)["msg"]
        assert platform.authorizers["wx0123456789abcdef"].service_type == 0
        for _turn in range(2):
            look = {"appid": accounts["brand-g"].appid, "secret": accounts["brand-g"].secret, "api_url": simulator.url}
            assert "48004" in ansible.play({"localhost": {**look, "ca_path": str(simulator.ca_path)}}).one()["msg"]
