# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of ansible-playbook that end in the middle, and what still happens after that."""

from __future__ import annotations

import abc
import contextlib
import dataclasses
import itertools
import json
import os
import signal
import subprocess
import sys
import time
import typing as t
from pathlib import Path

import ansible_runner
from ansible_collections.wxops.official_account.plugins.plugin_utils._record import Recorded, paths_in, read

from tests.integration.harness import BIN, ROOT, base_environment
from tests.simulator import Fault

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulator import Account, Simulator

# Seconds after which no change may arrive (it may be on its way), and after which no process may be left.
NO_REQUEST = 1.0
NO_PROCESS = 5.0

MARK = "WXOPS_TESTED_RUN"
LOOK_TAKES = 0.8
OLD = [{"type": "click", "name": "Help", "key": "help"}]
NEW = [{"type": "click", "name": "Orders", "key": "orders"}]
CONNECTIONS = {"ANSIBLE_CONNECTION_PLUGINS": str(ROOT / "tests/integration/connection")}
# A runner that Ansible does not take for this host.
ELSEWHERE = {"ansible_connection": "elsewhere", "ansible_python_interpreter": sys.executable}

_COLLECTION = "wxops.official_account"
_numbers = itertools.count()


class Kind(t.NamedTuple):
    """What a playbook does. ``name``: of the role or the module. ``look``, ``change``: its calls. ``options``: what is declared.

    ``many``: whether each account is a host with a task of its own; otherwise one task has a list of them.
    """

    name: str
    look: str
    change: str
    options: dict[str, t.Any]
    many: bool = False
    role: bool = False


ROLE = Kind("account", "menu_get", "menu_create", {}, many=True, role=True)
TASK = Kind("wechat_account", "menu_get", "menu_create", {"menu": {"button": NEW}}, many=True)
LIST = Kind("wechat_account", "menu_get", "menu_create", {"menu": {"button": NEW}})
SWITCH = Kind("wechat_draft_switch", "look", "enable", {})
MENU = Kind("wechat_menu", "menu_get", "menu_delete", {"state": "absent"})


class Marked:
    """The processes of one run. ``mark``: in the environment of each of them."""

    mark: str

    def processes(self) -> dict[int, str]:
        """The running processes of this run, with their command lines."""
        found = {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                with contextlib.suppress(OSError):
                    # With its end: the mark of another run may begin with this one.
                    if f"{MARK}={self.mark}\0".encode() in (folder / "environ").read_bytes():
                        found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()[:300]
        return found

    def end_all(self) -> None:
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def workers(self, main: int) -> list[int]:
        """The workers of ``main``."""
        return [pid for pid, command in self.processes().items() if parent_of(pid) == main and "ansible-playbook" in command]


class Started(Marked, abc.ABC):
    """ansible-playbook in a session of its own, and every process that it has started. A subclass says what runs.

    ``folder``: where it runs, and the file ``output`` of what it prints.
    """

    folder: Path

    @property
    @abc.abstractmethod
    def command(self) -> list[str]:
        """What to run, with its arguments."""

    @property
    @abc.abstractmethod
    def environment(self) -> dict[str, str]:
        """The environment of ``command``, with ``mark``."""

    @abc.abstractmethod
    def changes(self, after: float = 0.0) -> list[float]:
        """The times of its changes that arrived later than ``after``."""

    @property
    def output(self) -> str:
        return (self.folder / "output").read_text()

    @contextlib.contextmanager
    def running(self, *before: str, command: list[str] | None = None) -> t.Iterator[subprocess.Popen[bytes]]:
        """Run ansible-playbook, or another ``command``, in its own session. ``before``: a command that starts it, with arguments."""
        with (self.folder / "output").open("wb") as output:
            started = subprocess.Popen(
                [*before, *(command or self.command)],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            yield started
        finally:
            self.end_all()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGKILL)
            started.wait()


@dataclasses.dataclass
class Playbook(Started):
    """A playbook that works for some seconds, with some forks or 3 threads, on its own accounts. Each of them has a menu, which changes.

    ``count``: how many accounts. ``keywords``: keywords of the task, or of the role's tasks. ``runner``: variables of the host that the
    work is delegated to; None for localhost. ``rescue``: the tasks of a rescue. ``look_takes``: seconds of the first look at each account,
    but for the first ``quick``. ``enough``: this number of changes shows that the work has begun.
    ``over_ssh``: whether the runner is reached over ssh. Ssh does not pass this environment on, so the task sets ``MARK`` there.
    """

    simulator: Simulator
    folder: Path
    kind: Kind
    keywords: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    runner: dict[str, t.Any] | None = None
    rescue: list[dict[str, t.Any]] = dataclasses.field(default_factory=list)
    count: int = 30
    forks: int = 3
    look_takes: float = LOOK_TAKES
    quick: int = 0
    over_ssh: bool = False
    enough: int = 4

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.mark = f"run-{os.getpid()}-{next(_numbers)}"
        self.accounts: dict[str, Account] = {}
        for number in range(self.count):
            account = self.simulator.add()
            if self.look_takes and number >= self.quick:
                account.plan(self.kind.look, Fault(delay=self.look_takes))
            account.menus.buttons = OLD
            self.accounts[f"acct-{number:03}"] = account
        self._appids = {account.appid for account in self.accounts.values()}
        self._write()

    def _write(self) -> None:
        platform = {"api_url": self.simulator.url, "ca_path": str(self.simulator.ca_path), "timeout": 20, "retries": 1}
        listed = [{"name": name, "appid": account.appid, "secret": account.secret} for name, account in self.accounts.items()]
        runner = "there" if self.runner is not None else "localhost"
        variables: dict[str, t.Any] = {"options": {**platform, **self.kind.options, "concurrency": 3, "accounts": listed}}
        hosts: dict[str, dict[str, t.Any]] = {"one": {}}
        if self.kind.many:
            hosts = {str(one["name"]): {"wechat_appid": one["appid"], "wechat_secret": one["secret"]} for one in listed}
            variables = {"options": {**platform, **self.kind.options}, "wechat_menu": {"button": NEW}}
        if self.kind.role:
            variables |= {f"account_{name}": value for name, value in platform.items()}
            variables |= {"account_report_dir": str(self.folder / "reports"), "account_runner": runner}
            role = {"name": f"{_COLLECTION}.account", "apply": self.keywords}
            task: dict[str, t.Any] = {"ansible.builtin.include_role": role}
        else:
            arguments = {name: f"{{{{ options.{name} }}}}" for name in variables["options"]}
            if self.kind.many:
                arguments |= {"appid": "{{ wechat_appid }}", "secret": "{{ wechat_secret }}"}
            task = {f"{_COLLECTION}.{self.kind.name}": arguments, "delegate_to": runner, **self.keywords}
            if self.kind.name != "wechat_account":
                task["vars"] = {"ansible_python_interpreter": sys.executable}
        tasks = [{"block": [task], "rescue": self.rescue}] if self.rescue else [task]
        play: dict[str, t.Any] = {"hosts": "accounts", "gather_facts": False, "tasks": tasks}
        if self.over_ssh:
            play["environment"] = {MARK: self.mark}
        inventory = {"accounts": {"hosts": hosts, "vars": variables}, "all": {"hosts": {"there": self.runner or {}}}}
        (self.folder / "play.json").write_text(json.dumps([play]))
        (self.folder / "inventory.json").write_text(json.dumps(inventory))

    @property
    def command(self) -> list[str]:
        return [str(BIN / "ansible-playbook"), "-i", str(self.folder / "inventory.json"), str(self.folder / "play.json")]

    @property
    def environment(self) -> dict[str, str]:
        local = str(self.folder / "local")
        return {**base_environment(), **CONNECTIONS, MARK: self.mark, "ANSIBLE_LOCAL_TEMP": local, "ANSIBLE_FORKS": str(self.forks)}

    def roll_back(self) -> int:
        """Run the playbook that gives each account back what it had. Returns its exit code."""
        command = [str(BIN / "ansible-playbook"), "-i", str(self.folder / "inventory.json"), f"{_COLLECTION}.rollback"]
        with self.running(command=[*command, "-e", "rollback_hosts=accounts", "-e", "rollback_to=last"]) as main:
            return main.wait(timeout=120)

    def has_begun(self) -> bool:
        return len(self.changes()) >= self.enough

    def changes(self, after: float = 0.0) -> list[float]:
        """The times of the changes of these accounts that arrived later than ``after``."""
        return [
            seen.at for seen in self.simulator.log[:] if seen.call == self.kind.change and seen.appid in self._appids and seen.at > after
        ]

    def changed(self) -> set[str]:
        """The accounts for which a change has arrived."""
        return {name for name, account in self.accounts.items() if self.kind.change in account.calls}

    def recorded(self) -> Recorded:
        """What the only record says."""
        (path,) = paths_in(self.folder / "reports")
        return read(path)


@dataclasses.dataclass
class Aftermath:
    """``before``: the number of changes before the end. ``late``: for each one that is too late, the seconds after the end.

    ``after``: for each one after the end, the seconds. ``left``: the processes that still run.
    """

    playbook: Started
    before: int
    after: list[float]
    late: list[float]
    left: dict[int, str]
    output: str


def wait_until(condition: Callable[[], object], what: str, seconds: float = 90.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"{what} did not happen"
        time.sleep(0.02)


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def aftermath(playbook: Started, ended: float, no_request: float = NO_REQUEST) -> Aftermath:
    """What still happens after the playbook ended."""
    # Some processes may need this time to end. Any process that runs after it is left over.
    until = ended + max(NO_PROCESS, no_request)
    while time.monotonic() < until and playbook.processes():
        time.sleep(0.1)
    left = playbook.processes()
    if left:
        time.sleep(max(0.0, until - time.monotonic()))
    after = [at - ended for at in playbook.changes(ended)]
    late = [seconds for seconds in after if seconds > no_request]
    return Aftermath(playbook, len(playbook.changes()) - len(after), after, late, left, playbook.output)


def end_by_signal(playbook: Playbook, number: signal.Signals, whom: str, no_request: float = NO_REQUEST) -> Aftermath:
    """``whom``: send the signal only to the ``main`` process, to its ``group``, or to one ``worker``."""
    with playbook.running() as main:
        wait_until(playbook.has_begun, "the work")
        _send(playbook, main, number, whom)
        ended = time.monotonic()
        # It is a child of this process, and would stay as a zombie.
        while main.poll() is None:
            assert time.monotonic() < ended + 60, playbook.output
            with contextlib.suppress(subprocess.TimeoutExpired):
                main.wait(timeout=5)
            if number == signal.SIGINT and main.poll() is None:
                # CPython ignores a KeyboardInterrupt that it raises while it forks. A person presses Ctrl-C again.
                _send(playbook, main, number, whom)
        if whom != "worker" or playbook.kind.many:
            ended = time.monotonic()
        return aftermath(playbook, ended, no_request)


def _send(playbook: Playbook, main: subprocess.Popen[bytes], number: signal.Signals, whom: str) -> None:
    if whom == "group":
        os.killpg(main.pid, number)
    elif whom == "main":
        main.send_signal(number)
    else:
        # The last one is still at work: those for the first accounts may just be about to end.
        os.kill(max(playbook.workers(main.pid)), number)


def end_by_runner(playbook: Playbook) -> Aftermath:
    """End the playbook as AWX does when a user cancels a job."""
    data = playbook.folder / "runner"
    (data / "project").mkdir(parents=True)
    (data / "project" / "play.json").write_bytes((playbook.folder / "play.json").read_bytes())
    runner = ansible_runner.interface.init_runner(
        private_data_dir=str(data),
        playbook="play.json",
        inventory=str(playbook.folder / "inventory.json"),
        envvars=playbook.environment,
        cancel_callback=playbook.has_begun,
        quiet=True,
    )
    try:
        runner.run()
        ended = time.monotonic()
        playbook.folder.joinpath("output").write_text(runner.stdout.read())
        assert runner.status == "canceled", playbook.output
        return aftermath(playbook, ended)
    finally:
        playbook.end_all()


def end_by_time_out(playbook: Playbook, no_request: float = NO_REQUEST) -> Aftermath:
    """End the task by its time-out. Ansible then goes on with the play."""
    with playbook.running() as main:
        gone_on = None
        while main.poll() is None and not gone_on:
            if "TASK [Go on]" in playbook.output:
                gone_on = time.monotonic()
            time.sleep(0.02)
        ended = gone_on or time.monotonic()
        main.wait(timeout=60)
        return aftermath(playbook, ended, no_request)
