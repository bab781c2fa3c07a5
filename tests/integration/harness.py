# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the real ansible-playbook and ansible against the simulator, and reads their results and output."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import typing as t
from pathlib import Path
from urllib.parse import quote

from ansible.release import __version__ as ansible_version

if t.TYPE_CHECKING:
    from tests.simulator import Account, Simulator

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
# The Python that runs the modules of tasks, if it is to be another than the one that runs Ansible.
TARGET = os.environ.get("TARGET_PYTHON") or sys.executable
CORE = tuple(int(part) for part in ansible_version.split(".")[:2])

# With this, newer cores put the arguments into the result, as older ones always do. From 2.22 on Ansible puts them there unmasked, and
# masks only what it displays. No module can change that.
WITH_ARGUMENTS = {"ANSIBLE_INJECT_INVOCATION": "true"} if CORE < (2, 22) else {}

SWITCH = "wxops.official_account.wechat_draft_switch"
INFO = f"{SWITCH}_info"

# Well-formed, and nobody's.
APPID, SECRET, TOKEN = "wx00000000deadbeef", "0123456789abcdef0123456789abcdef", "canary-token-0123456789"


def pass_no_ignored_signals_on() -> None:
    """Give all programs that are started from here the default signals.

    nohup and background jobs of a shell ignore some, and a program inherits that. What a handler does with a signal is not inherited. This
    process itself ignores them as before.
    """
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


pass_no_ignored_signals_on()

STEERING = ("ANSIBLE_", "WECHAT_", "REQUESTS_", "CURL_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@dataclasses.dataclass
class Run:
    """``results``: the results of each host, in order. ``written``: everything that Ansible wrote, including the log."""

    rc: int
    results: dict[str, list[dict[str, t.Any]]]
    output: str
    written: str

    @property
    def prose(self) -> str:
        """The output in one line. This undoes the line breaks of older cores, which also break at hyphens."""
        return re.sub(r"(?<=\w)- (?=\w)", "-", " ".join(self.output.split()))

    def last(self) -> dict[str, dict[str, t.Any]]:
        """The last result of each host."""
        return {host: results[-1] for host, results in self.results.items()}

    def recap(self) -> dict[str, dict[str, int]]:
        """The PLAY RECAP."""
        lines = self.output.split("PLAY RECAP", 1)[1].splitlines()
        rows = [line.split(":", 1) for line in lines if " ok=" in line]
        return {host.strip(): {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", counts)} for host, counts in rows}

    def one(self, host: str = "localhost") -> dict[str, t.Any]:
        """The only result of ``host``."""
        assert len(self.results.get(host, [])) == 1, self.output
        return self.results[host][0]


class Ansible:
    """``options``: the modules' options in each play by default. With them, the modules reach the simulator.

    ``simulators``: the simulators whose secrets must not be in any output.
    """

    def __init__(self, simulator: Simulator, folder: Path) -> None:
        self.simulators = [simulator]
        self._folder = folder
        self._numbers = itertools.count()
        self.options: dict[str, t.Any] = {"api_url": simulator.url, "ca_path": str(simulator.ca_path), "timeout": 3, "retries": 1}

    def play(
        self,
        hosts: dict[str, dict[str, t.Any]],
        *arguments: str,
        module: str = SWITCH,
        environment: dict[str, str] | None = None,
        tasks: list[dict[str, t.Any]] | None = None,
    ) -> Run:
        """Run one task for each host, with the options in ``hosts``. The key ``env`` holds the environment of that task."""
        # The options are in the inventory, as secrets usually are, because Ansible prints the source of a failed task.
        names = sorted({option for options in hosts.values() for option in options} - {"env"})
        task: dict[str, t.Any] = {
            "name": "Call the module",
            module: {name: f"{{{{ option_{name} | default(omit) }}}}" for name in names},
            "environment": "{{ env | default({}) }}",
        }
        play = {"hosts": "all", "gather_facts": False, "tasks": tasks or [task]}
        inventory = {
            "all": {
                "vars": {"ansible_connection": "local", "ansible_python_interpreter": TARGET},
                "hosts": {
                    host: {name if name == "env" else f"option_{name}": value for name, value in options.items()}
                    for host, options in hosts.items()
                },
            }
        }
        folder = self._new_folder()
        (folder / "play.json").write_text(json.dumps([play]))
        (folder / "inventory.json").write_text(json.dumps(inventory))
        command = ["ansible-playbook", "-i", str(folder / "inventory.json"), str(folder / "play.json"), "-f", "16", *arguments]
        return self.run(command, folder, environment)

    def role_variables(self) -> dict[str, t.Any]:
        """The role's variables with which it reaches the simulator."""
        return {f"draft_switch_{name}": value for name, value in self.options.items()}

    def account(self, account: Account, *arguments: str, module: str = SWITCH, **options: t.Any) -> Run:
        """Run one task for ``account``, with its AppID and AppSecret unless ``options`` have a token."""
        way = {} if "access_token" in options else {"appid": account.appid, "secret": account.secret}
        merged = {**self.options, **way, **options}
        given = {name: value for name, value in merged.items() if value is not None}
        return self.play({"localhost": given}, *arguments, module=module)

    def run(self, command: list[str], folder: Path | None = None, environment: dict[str, str] | None = None) -> Run:
        """Run one of Ansible's commands. Fails if its output or its log holds a secret or a token."""
        folder = folder or self._new_folder()
        results, log = folder / "results.jsonl", folder / "ansible.log"
        for left in (results, log):
            left.unlink(missing_ok=True)
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            cwd=folder,
            env={
                **base_environment(),
                "ANSIBLE_CALLBACKS_ENABLED": "results",
                "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "tests/integration/callback"),
                "ANSIBLE_LOG_PATH": str(log),
                "RESULTS_FILE": str(results),
                **(environment or {}),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=300,
            check=False,
        )
        by_host: dict[str, list[dict[str, t.Any]]] = {}
        raw = results.read_text() if results.exists() else ""
        for line in map(json.loads, raw.splitlines()):
            by_host.setdefault(line["host"], []).append({**line["result"], "failed": line["failed"]})
        written = done.stdout + raw + (log.read_text() if log.exists() else "")
        assert leaks(written, set().union(*map(secrets_of, self.simulators))) == []
        return Run(done.returncode, by_host, done.stdout, written)

    def _new_folder(self) -> Path:
        folder = self._folder / f"run{next(self._numbers)}"
        folder.mkdir()
        return folder


def base_environment() -> dict[str, str]:
    """The user's environment without variables that change what Ansible or the modules do."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(STEERING)}
    home = ROOT / ".work" / "home"
    return {
        **kept,
        "HOME": str(home),
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".work" / "collections"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_NOCOLOR": "true",
        "NO_PROXY": "localhost,127.0.0.1",
        "no_proxy": "localhost,127.0.0.1",
        "ANSIBLE_REMOTE_TEMP": str(home / ".ansible" / "tmp"),
    }


def secrets_of(simulator: Simulator) -> set[str]:
    """Every secret and every token of the simulator."""
    return {account.secret for account in simulator.accounts.values()} | simulator.issued()


def leaks(text: str, secrets: set[str]) -> list[str]:
    """The secrets that occur in ``text``, raw or URL-quoted."""
    return [form for secret in secrets for form in _spellings(secret) if form in text]


@functools.cache
def _spellings(secret: str) -> set[str]:
    return {secret, quote(secret), quote(secret, safe="")}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
