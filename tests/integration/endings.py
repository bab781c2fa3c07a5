# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of ansible-playbook that end in the middle, and what still happens after that."""

from __future__ import annotations

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

from tests.integration.harness import BIN, base_environment
from tests.simulator import Fault

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulator import Account, Simulator

# Seconds after which no change may come, and after which no process may be left.
NO_REQUEST = 1.0
NO_PROCESS = 5.0

MARK = "WXOPS_TESTED_RUN"
LOOK_TAKES = 0.8
SHAPES = ("one account", "accounts", "role by hosts", "role by list")

_numbers = itertools.count()


class Work(t.NamedTuple):
    """What a playbook does. ``look``, ``change``: its calls. ``options``: of the module and the role, besides the common ones."""

    role: str
    look: str
    change: str
    options: dict[str, t.Any]

    @property
    def module(self) -> str:
        return f"wxops.official_account.wechat_{self.role}"


_MENU = {"button": [{"type": "click", "name": "Help", "key": "help"}]}
TURNS_ON = Work("draft_switch", "look", "enable", {})
SETS_MENUS = Work("menu", "menu_get", "menu_create", {"menu": _MENU})
DELETES_MENUS = Work("menu", "menu_get", "menu_delete", {"state": "absent"})


@dataclasses.dataclass
class Playbook:
    """A playbook that works for some seconds, in one of ``SHAPES``, on its own accounts, none of which is as declared.

    ``enough``: this number of changes shows that the work has begun; 0 for one account, for which a look takes longer.
    ``keywords``: keywords of the task. ``runner``: variables of the host that the module runs on. ``rescue``: the tasks of a rescue.
    ``over_ssh``: whether that host is reached over ssh. Ssh does not pass this environment on, so the task sets ``MARK`` there.
    """

    simulator: Simulator
    folder: Path
    shape: str
    keywords: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    runner: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    rescue: list[dict[str, t.Any]] = dataclasses.field(default_factory=list)
    count: int = 36
    one_look_takes: float = 2.5
    over_ssh: bool = False
    work: Work = TURNS_ON

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.mark = f"run-{os.getpid()}-{next(_numbers)}"
        self.accounts: dict[str, Account] = {}
        single = self.shape == "one account"
        for number in range(1 if single else self.count):
            account = self.simulator.add().plan(self.work.look, Fault(delay=self.one_look_takes if single else LOOK_TAKES))
            self.accounts[f"acct-{number:03}"] = account
            if self.work is DELETES_MENUS:
                account.menus.buttons = _MENU["button"]
        self.enough = 0 if single else 4
        self._appids = {account.appid for account in self.accounts.values()}
        self._write()

    def _write(self) -> None:
        role = self.work.role
        platform = {"api_url": self.simulator.url, "ca_path": str(self.simulator.ca_path), "timeout": 20, "retries": 1}
        many = {**platform, "concurrency": 2, **self.work.options}
        listed = [{"name": name, "appid": account.appid, "secret": account.secret} for name, account in self.accounts.items()]
        runner = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, **self.runner}
        hosts: dict[str, dict[str, t.Any]] = {"there": {}}
        variables: dict[str, t.Any] = {f"{role}_{name}": value for name, value in many.items()} | {f"{role}_runner": "there"}
        if self.shape == "one account":
            credentials = {name: value for name, value in listed[0].items() if name != "name"}
            variables["options"] = {**platform, **self.work.options, **credentials}
            task: dict[str, t.Any] = {
                self.work.module: {name: f"{{{{ options.{name} }}}}" for name in variables["options"]},
                **self.keywords,
            }
        elif self.shape == "accounts":
            variables["options"] = {**many, "accounts": listed}
            task = {self.work.module: {name: f"{{{{ options.{name} }}}}" for name in variables["options"]}, **self.keywords}
        else:
            task = {"ansible.builtin.include_role": {"name": f"wxops.official_account.{role}", "apply": self.keywords}}
            if self.shape == "role by list":
                variables.update({f"{role}_accounts": listed, f"{role}_batch_size": 6})
            else:
                hosts = {name: {"wechat_appid": account.appid, "wechat_secret": account.secret} for name, account in self.accounts.items()}
        tasks = [{"block": [task], "rescue": self.rescue}] if self.rescue else [task]
        play: dict[str, t.Any] = {"hosts": "accounts", "gather_facts": False, "tasks": tasks}
        if self.over_ssh:
            play["environment"] = {MARK: self.mark}
        inventory = {
            "accounts": {"hosts": hosts, "vars": variables},
            "all": {"hosts": {"there": runner}},
        }
        (self.folder / "play.json").write_text(json.dumps([play]))
        (self.folder / "inventory.json").write_text(json.dumps(inventory))

    @property
    def command(self) -> list[str]:
        return [str(BIN / "ansible-playbook"), "-i", str(self.folder / "inventory.json"), str(self.folder / "play.json")]

    @property
    def environment(self) -> dict[str, str]:
        return {**base_environment(), MARK: self.mark, "ANSIBLE_LOCAL_TEMP": str(self.folder / "local")}

    @property
    def output(self) -> str:
        return (self.folder / "output").read_text()

    @contextlib.contextmanager
    def running(self, *before: str, environment: dict[str, str] | None = None) -> t.Iterator[subprocess.Popen[bytes]]:
        """Run ansible-playbook in its own session. ``before``: a command that starts it, with arguments."""
        with (self.folder / "output").open("wb") as output:
            started = subprocess.Popen(
                [*before, *self.command],
                cwd=self.folder,
                env={**self.environment, **(environment or {})},
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

    def has_begun(self) -> bool:
        """Whether a look has arrived, and enough changes too."""
        return self.work.look in next(iter(self.accounts.values())).calls and len(self.enabling()) >= self.enough

    def enabling(self, after: float = 0.0) -> list[float]:
        """The times of the changes of these accounts that arrived later than ``after``."""
        return [
            seen.at for seen in self.simulator.log[:] if seen.call == self.work.change and seen.appid in self._appids and seen.at > after
        ]

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


@dataclasses.dataclass
class Aftermath:
    """``before``: the number of changes before the end. ``late``: for each one that is too late, the seconds after the end.

    ``left``: the processes that still run.
    """

    before: int
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


def workers_of(main: int) -> list[int]:
    """The workers of ``main`` that have started processes."""
    parents = {int(folder.name): parent_of(int(folder.name)) for folder in Path("/proc").iterdir() if folder.name.isdigit()}
    return [pid for pid, parent in parents.items() if parent == main and pid in parents.values()]


def aftermath(playbook: Playbook, ended: float, no_request: float = NO_REQUEST, no_process: float = NO_PROCESS) -> Aftermath:
    """What still happens after the playbook ended."""
    # Some processes may need this time to end. Any process that runs after it is left over.
    while time.monotonic() < ended + no_process and playbook.processes():
        time.sleep(0.1)
    left = playbook.processes()
    if left:
        time.sleep(max(0.0, ended + no_process - time.monotonic()))
    late = [at - ended for at in playbook.enabling(ended + no_request)]
    return Aftermath(len(playbook.enabling()) - len(playbook.enabling(ended)), late, left, playbook.output)


def end_by_signal(playbook: Playbook, number: signal.Signals, whom: str, no_request: float = NO_REQUEST) -> Aftermath:
    """``whom``: send the signal only to the ``main`` process, to its ``group``, or to its ``worker``."""
    with playbook.running() as main:
        wait_until(playbook.has_begun, "the work")
        ended = time.monotonic()
        if whom == "group":
            os.killpg(main.pid, number)
        elif whom == "main":
            main.send_signal(number)
        else:
            for pid in workers_of(main.pid):
                os.kill(pid, number)
        # It is a child of this process, and would stay as a zombie.
        main.wait(timeout=30)
        return aftermath(playbook, ended, no_request)


def end_by_runner(playbook: Playbook) -> Aftermath:
    """End the playbook as AWX does when a user cancels a job."""
    asked: list[float] = []

    def cancel() -> bool:
        if not asked and playbook.has_begun():
            asked.append(time.monotonic())
        return bool(asked)

    data = playbook.folder / "runner"
    (data / "project").mkdir(parents=True)
    (data / "project" / "play.json").write_bytes((playbook.folder / "play.json").read_bytes())
    runner = ansible_runner.interface.init_runner(
        private_data_dir=str(data),
        playbook="play.json",
        inventory=str(playbook.folder / "inventory.json"),
        envvars=playbook.environment,
        cancel_callback=cancel,
        quiet=True,
    )
    runner.run()
    playbook.folder.joinpath("output").write_text(runner.stdout.read())
    assert runner.status == "canceled", playbook.output
    try:
        return aftermath(playbook, asked[0])
    finally:
        playbook.end_all()


def end_by_time_out(playbook: Playbook) -> Aftermath:
    """End the task by its time-out. Ansible then goes on with the play."""
    with playbook.running() as main:
        gone_on = None
        while main.poll() is None and not gone_on:
            if "TASK [Go on]" in playbook.output:
                gone_on = time.monotonic()
            time.sleep(0.02)
        ended = gone_on or time.monotonic()
        main.wait(timeout=30)
        return aftermath(playbook, ended)
