# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role's record: what it says after a crash, a loss or a full disk, and that it does not claim more. tests/unit has the file itself."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import textwrap
import time
import typing as t

import pytest

from tests.integration.fleets import JOURNAL, LOCAL, PLAYBOOK, hosts_of, listed, read, some, states, touched
from tests.integration.harness import BIN, Run, base_environment, leaks, secrets_of
from tests.simulator import Simulator

if t.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.harness import Ansible
    from tests.simulator import Account

# Seconds after which a process that should have ended counts as hanging. This is long, because it is not a measurement.
PATIENCE = 120


def events(folder: Path) -> list[dict[str, t.Any]]:
    return [json.loads(line) for line in (folder / JOURNAL).read_text().splitlines()]


def to_folder(folder: Path) -> dict[str, t.Any]:
    return {"draft_switch_report_dir": str(folder)}


def all_off(simulator: Simulator, number: int = 6) -> dict[str, Account]:
    return {f"acct-{position}": simulator.add() for position in range(number)}


def after_each_batch(command: str) -> dict[str, t.Any]:
    """A play in two stages, with ``command`` after each."""
    task = {"name": "Do harm", "ansible.builtin.raw": command, "run_once": True, "delegate_to": "localhost", "changed_when": False}
    return {"serial": [2, "100%"], "post_tasks": [task]}


# --- What is lost between two batches.


@pytest.mark.parametrize("harm", ["rm {0}", ": > {0}", "echo '{{}}' > {0}", "rm {0}; mkfifo {0}", "rm {0}; ln -s /dev/full {0}"])
def test_a_journal_that_is_gone_stops_the_run(harm: str, simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = all_off(simulator)
    done = ansible.role(hosts_of(accounts), variables=to_folder(tmp_path), play=after_each_batch(harm.format(tmp_path / JOURNAL)))
    assert done.rc == 2
    assert touched(accounts) == ["acct-0", "acct-1"]
    report = read(tmp_path)
    # Ansible's memory has these rows, so they are known.
    assert states(report)[:2] == ["turned_on"] * 2
    for name in ("acct-2", "acct-5"):
        assert "nothing was sent" in done.last()[name]["msg"]
        assert "nothing was sent" in report["accounts"][name]["msg"]


@pytest.mark.parametrize("harm", ["rm {0}.json {0}.html", "echo garbage > {0}.json", "echo '{{\"accounts\": {{}}}}' > {0}.json"])
def test_a_report_that_is_gone_is_made_again(harm: str, simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = all_off(simulator)
    play = after_each_batch(harm.format(tmp_path / "draft-switch-report"))
    play["post_tasks"][0]["when"] = "inventory_hostname == 'acct-0'"
    done = ansible.role(hosts_of(accounts), variables=to_folder(tmp_path), play=play)
    assert done.rc == 0, done.output
    report = read(tmp_path)
    assert states(report) == ["turned_on"] * 6
    assert report["started"] == events(tmp_path)[0]["begun"]


# --- More than one call for the same accounts.


@pytest.mark.parametrize("how", ["twice", "loop", "rescue"])
def test_what_was_turned_on_stays_so(how: str, simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = some(simulator, 3)
    include = {"ansible.builtin.include_role": {"name": PLAYBOOK}}
    plays: dict[str, dict[str, t.Any]] = {
        "twice": {"roles": [PLAYBOOK, {"role": PLAYBOOK, "vars": {"again": True}}]},
        "loop": {"roles": [], "tasks": [{**include, "loop": [1, 2]}]},
        "rescue": {"roles": [], "tasks": [{"block": [include, {"ansible.builtin.fail": None}], "rescue": [include]}]},
    }
    done = ansible.role(hosts_of(accounts), variables=to_folder(tmp_path), play=plays[how])
    assert done.rc == 0, done.output
    assert len([event for event in events(tmp_path) if event["event"] == "handed_over"]) == 2
    report = read(tmp_path)
    assert states(report) == ["turned_on", "on", "turned_on"]
    assert report["summary"]["changed"] == 2


def test_each_play_of_a_run_has_files_of_its_own(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = some(simulator, 2)
    folder, reports = tmp_path / "run", tmp_path / "reports"
    folder.mkdir()
    (folder / "hosts.json").write_text(
        json.dumps({"all": {"hosts": hosts_of(accounts), "vars": {**ansible.role_variables(), **to_folder(reports)}}})
    )
    play = {"hosts": "all", "gather_facts": False, "roles": [PLAYBOOK]}
    (folder / "plays.json").write_text(json.dumps([play, play]))
    command = ["ansible-playbook", "-i", str(folder / "hosts.json"), str(folder / "plays.json")]
    assert ansible.run(command).rc == 0
    assert states(read(reports)) == ["turned_on", "on"]
    second = json.loads((reports / "draft-switch-report-2.json").read_text())
    assert states(second) == ["on", "on"]
    assert [event["number"] for event in events(reports)] == [1, 1, 1, 2, 2, 2]
    # The next run has one play. The report of the earlier second play must not look like its own.
    (folder / "plays.json").write_text(json.dumps([play]))
    assert ansible.run(command).rc == 0
    assert sorted(path.name for path in reports.iterdir()) == [
        *(JOURNAL, "draft-switch-report-2-previous.json", "draft-switch-report-previous.json"),
        *(f"draft-switch-report.{kind}" for kind in ("csv", "html", "json")),
    ]
    assert states(read(reports)) == ["on", "on"]


def test_a_list_in_slices_has_an_entry_for_each_call(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = some(simulator, 5)
    variables = {**to_folder(tmp_path), "draft_switch_accounts": listed(accounts), "draft_switch_batch_size": 2}
    assert ansible.role(LOCAL, variables=variables).rc == 0
    assert [event["event"] for event in events(tmp_path)] == ["begin", *["handed_over", "answered"] * 3]
    assert [list(event["accounts"]) for event in events(tmp_path) if event["event"] == "handed_over"] == [
        ["acct-0", "acct-1"],
        ["acct-2", "acct-3"],
        ["acct-4"],
    ]
    assert leaks((tmp_path / JOURNAL).read_text(), secrets_of(simulator)) == []


# --- A full disk.

LIMIT = """
import os, resource
def parent(pid):
    return int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1])
pid, found = os.getpid(), 0
while pid > 1:
    if b"ansible-playbook" in open(f"/proc/{pid}/cmdline", "rb").read():
        found = pid
    pid = parent(pid)
_soft, hard = resource.prlimit(found, resource.RLIMIT_FSIZE)
resource.prlimit(found, resource.RLIMIT_FSIZE, (os.stat(JOURNAL).st_size + 10, hard))
"""


def test_a_full_disk_before_a_call_has_it_not_made(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = all_off(simulator)
    script = tmp_path / "limit.py"
    script.write_text(textwrap.dedent(LIMIT).replace("JOURNAL", repr(str(tmp_path / JOURNAL))))
    play = {**after_each_batch(f"{sys.executable} {script}"), "serial": 2}
    # Ansible itself must not write files that reach the limit.
    quiet = {"ANSIBLE_PIPELINING": "true", "ANSIBLE_LOG_PATH": "/dev/null", "RESULTS_FILE": "/dev/null"}
    done = ansible.role(hosts_of(accounts), variables=to_folder(tmp_path), play=play, environment=quiet)
    assert done.rc == 2, done.output
    assert touched(accounts) == ["acct-0", "acct-1"]
    assert {name: recap["failed"] for name, recap in done.recap().items()} == {"acct-0": 0, "acct-1": 0, "acct-2": 1, "acct-3": 1}
    assert "Not attempted: the journal of the run cannot be written; nothing was sent" in done.prose
    assert "OSError, EFBIG" in done.prose
    # The next run has enough space, and then nothing is left open.
    again = ansible.role(hosts_of(accounts), variables=to_folder(tmp_path))
    assert again.rc == 0
    assert "has no answer" not in again.output
    assert states(read(tmp_path)) == [*["on"] * 2, *["turned_on"] * 4]


# --- Crashes, and two runs at once.


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Simulator]:
    folder = tmp_path / "slow"
    folder.mkdir()
    with Simulator(folder, latency=1.0) as simulator:
        yield simulator


class Started(t.NamedTuple):
    process: subprocess.Popen[bytes]
    output: Path


def start(simulator: Simulator, accounts: dict[str, Account], folder: Path, reports: Path, **keywords: t.Any) -> Started:
    folder.mkdir()
    variables = {"draft_switch_api_url": simulator.url, "draft_switch_ca_path": str(simulator.ca_path), **to_folder(reports)}
    (folder / "hosts.json").write_text(json.dumps({"all": {"hosts": hosts_of(accounts), "vars": variables}}))
    (folder / "play.json").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "roles": [PLAYBOOK], **keywords}]))
    command = [str(BIN / "ansible-playbook"), "-i", str(folder / "hosts.json"), str(folder / "play.json")]
    with open(folder / "output", "wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=base_environment(), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    return Started(process, folder / "output")


def wait_until(true: t.Callable[[], bool], started: Started) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, started.output.read_text()
        time.sleep(0.05)


def family(pid: int) -> list[int]:
    """``pid`` and all its descendants."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    children: dict[int, list[int]] = {}
    for line in listed.splitlines():
        child, parent = map(int, line.split())
        children.setdefault(parent, []).append(child)
    found = [pid]
    for one in found:
        found.extend(children.get(one, []))
    return found


def kill(pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("who", ["all", "worker"])
def test_after_a_crash_the_next_run_says_what_the_last_one_left_open(who: str, slow: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = all_off(slow, 8)
    reports = tmp_path / "reports"
    ansible.simulators.append(slow)
    started = start(slow, accounts, tmp_path / "first", reports, serial=[2, 4, 2])
    wait_until(lambda: any(account.is_open for account in list(accounts.values())[2:]), started)
    everyone = family(started.process.pid)
    # The worker is the first child; the module is among its descendants.
    kill(everyone if who == "all" else everyone[1:])
    started.process.wait(PATIENCE)
    assert started.process.returncode != 0
    names = list(accounts)
    *_before, last = events(reports)
    assert (last["event"], list(last["accounts"])) == ("handed_over", names[2:6])
    assert leaks((reports / JOURNAL).read_text() + started.output.read_text(), secrets_of(slow)) == []
    assert not any(account.is_open for account in list(accounts.values())[6:])
    # The report from before the crash is still right, and claims nothing about the second batch.
    assert states(read(reports))[:2] == ["turned_on"] * 2

    slow.latency = 0
    options = ansible.options
    try:
        ansible.options = {**options, "api_url": slow.url, "ca_path": str(slow.ca_path)}
        done = ansible.role(hosts_of(accounts), "--check", variables=to_folder(reports))
        assert "has no answer for 4 accounts, which may have been turned on: acct-2, acct-3, acct-4 and 1 more." in done.prose
        assert done.output.count("has no answer for") == 1
        assert read(reports)["notes"] == [line for line in done.output.splitlines() if "has no answer for" in line]
        # That one looked.
        again = ansible.role(hosts_of(accounts), variables=to_folder(reports))
        assert again.rc == 0
        assert "has no answer" not in again.output
    finally:
        ansible.options = options
    assert all(account.is_open for account in accounts.values())


def test_a_disk_that_is_full_after_a_call_stops_the_run_and_what_came_of_it_is_told(
    slow: Simulator, ansible: Ansible, tmp_path: Path
) -> None:
    accounts = all_off(slow)
    reports = tmp_path / "reports"
    started = start(slow, accounts, tmp_path / "first", reports, serial=2)
    wait_until(lambda: bool(accounts["acct-0"].calls), started)
    worker = family(started.process.pid)[1]
    _soft, hard = resource.prlimit(worker, resource.RLIMIT_FSIZE)
    resource.prlimit(worker, resource.RLIMIT_FSIZE, ((reports / JOURNAL).stat().st_size, hard))
    assert started.process.wait(PATIENCE) == 2
    done = Run(2, {}, started.output.read_text(), "")
    assert touched(accounts) == ["acct-0", "acct-1"]
    assert {name: (recap["failed"], recap["changed"]) for name, recap in done.recap().items()} == {"acct-0": (1, 0), "acct-1": (1, 0)}
    assert "has been turned on, which cannot be undone. The record of this run could not be kept" in done.prose
    assert "OSError, EFBIG" in done.prose
    assert [event["event"] for event in events(reports)] == ["begin", "handed_over"]
    ansible.simulators.append(slow)
    options, slow.latency = ansible.options, 0
    try:
        ansible.options = {**options, "api_url": slow.url, "ca_path": str(slow.ca_path)}
        again = ansible.role(hosts_of(accounts), variables=to_folder(reports))
    finally:
        ansible.options = options
    assert "has no answer for 2 accounts, which may have been turned on: acct-0, acct-1." in again.prose
    assert states(read(reports)) == [*["on"] * 2, *["turned_on"] * 4]


def test_a_folder_in_which_another_run_is_at_work_is_refused(
    slow: Simulator, simulator: Simulator, ansible: Ansible, tmp_path: Path
) -> None:
    accounts, others = all_off(slow), some(simulator)
    reports = tmp_path / "reports"
    started = start(slow, accounts, tmp_path / "first", reports, serial=3)
    wait_until((reports / JOURNAL).exists, started)
    done = ansible.role(hosts_of(others), variables=to_folder(reports))
    assert started.process.poll() is None, started.output.read_text()
    assert done.rc == 2
    assert "nothing was sent" in done.last()["acct-3"]["msg"]
    assert "draft_switch_report_dir" in done.last()["acct-3"]["msg"]
    assert touched(others) == []
    assert started.process.wait(PATIENCE) == 0, started.output.read_text()
    assert states(read(reports)) == ["turned_on"] * 6
    assert ansible.role(hosts_of(others), variables=to_folder(reports)).rc == 0


# --- Other trouble that must make the run fail.


@pytest.mark.parametrize("where", ["~nosuchuser/reports", "nul\0"])
def test_a_folder_that_cannot_be_a_path_is_refused_in_one_sentence(where: str, simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator)
    done = ansible.role(hosts_of(accounts), "-e", json.dumps({"draft_switch_report_dir": where}))
    assert done.rc == 2
    assert touched(accounts) == []
    for result in done.last().values():
        assert "draft_switch_report_dir cannot be" in result["msg"]
        assert "nothing was sent" in result["msg"]


@pytest.mark.parametrize("by", ["hosts", "list"])
def test_who_says_no_to_the_last_task_is_not_told_that_all_is_well(by: str, simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    accounts = some(simulator, 3)
    accounts["acct-1"].listed = False
    variables = ansible.role_variables()
    if by == "list":
        variables["draft_switch_accounts"] = listed(accounts)
    (tmp_path / "hosts.json").write_text(json.dumps({"all": {"hosts": hosts_of(accounts) if by == "hosts" else LOCAL, "vars": variables}}))
    tasks = [{"ansible.builtin.import_role": {"name": PLAYBOOK, "rolespec_validate": False}}]
    (tmp_path / "play.json").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": tasks}]))
    done = subprocess.run(
        [str(BIN / "ansible-playbook"), "-i", "hosts.json", "play.json", "--step"],
        cwd=tmp_path,
        env=base_environment(),
        input="y\n" * 4 + "n\n" * 20,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert touched(accounts) == list(accounts)
    assert done.returncode == 2, done.stdout


@pytest.mark.parametrize("where", ["include_role", "apply", "block"])
def test_run_once_is_refused_wherever_it_stands(where: str, simulator: Simulator, ansible: Ansible) -> None:
    accounts = some(simulator, 3)
    role = {"name": PLAYBOOK}
    task: dict[str, t.Any] = {
        "include_role": {"ansible.builtin.include_role": role, "run_once": True},
        "apply": {"ansible.builtin.include_role": {**role, "apply": {"run_once": True}}},
        "block": {"block": [{"ansible.builtin.include_role": role}], "run_once": True},
    }[where]
    done = ansible.role(hosts_of(accounts), play={"roles": [], "tasks": [task]})
    assert done.rc == 2
    assert "run_once is set for the role" in done.prose
    assert touched(accounts) == []


@pytest.mark.parametrize("by", ["hosts", "list"])
def test_ansible_s_debug_mode_is_warned_of_before_secrets_are_handed_over(
    by: str, simulator: Simulator, ansible: Ansible, tmp_path: Path
) -> None:
    """Ansible itself prints the secrets here. The harness would fail for that, so this test does not use it."""
    accounts = some(simulator, 2)
    variables = ansible.role_variables()
    if by == "list":
        variables["draft_switch_accounts"] = listed(accounts)
    (tmp_path / "hosts.json").write_text(json.dumps({"all": {"hosts": hosts_of(accounts) if by == "hosts" else LOCAL, "vars": variables}}))
    (tmp_path / "play.json").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "roles": [PLAYBOOK]}]))
    for debug in ("false", "true"):
        done = subprocess.run(
            [str(BIN / "ansible-playbook"), "-i", "hosts.json", "play.json"],
            cwd=tmp_path,
            env={**base_environment(), "ANSIBLE_DEBUG": debug},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:]
        prose = " ".join(done.stdout.split())
        assert ("Ansible's debug mode is on" in prose) == (debug == "true")
