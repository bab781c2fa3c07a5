# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""make benchmark: compares the ways to work on many accounts, as Markdown tables of ratios.

A slow way is no failure. It fails only if the platform did not receive exactly the expected calls.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import importlib.metadata
import json
import os
import platform
import re
import shlex
import subprocess
import sys
import tempfile
import time
import typing as t
from pathlib import Path

from ..simulator import Simulator
from .ways import (
    ACCOUNTS,
    ALL_IN_ONE_TASK,
    BARE,
    FLOOR,
    HERE,
    HOSTS_WITH_BOTH,
    LOOP,
    PLATFORM_HOSTS,
    PLATFORM_LIST,
    PLATFORM_SLICES,
    RESOURCES,
    ROLE,
    ROLES,
    SEARCH,
    URI_5,
    URI_20,
    URI_LOOP,
    Way,
)

if t.TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = HERE.parents[1]

# Seconds that each answer of the platform takes.
LATENCY = 0.05
# How often the two ways that are compared most closely run, in turn. The median counts.
ROUNDS = 3
# The number of accounts for the comparison of processor time, without latency.
BARE_ACCOUNTS = 2_000
# The numbers of accounts for `accounts`, one run for each.
SIZES = (100, 1_000, 8_000, 10_000)
# The numbers of accounts of a third-party platform, as hosts and as a list.
PLATFORM_SIZES = (100, 1_000)
# What a job slice of AWX does, with its number of hosts. The last one shows how it grows.
SLICES = (*((way, way.accounts) for way in PLATFORM_SLICES), (PLATFORM_SLICES[0], 2_500))


@dataclasses.dataclass(frozen=True)
class Cost:
    """The cost of a way. ``largest``, ``module``: peak resident memory in bytes, of its largest process and of the module's process.

    ``processor``: seconds of processor time. ``together``: bytes that all processes have at a time, where what they share counts once; 0 if
    it was not measured.
    """

    accounts: int
    seconds: float
    largest: int
    module: int
    processor: float
    together: int = 0

    @property
    def each(self) -> float:
        return self.seconds / self.accounts


class Wrong(Exception):
    """A way did not do the work."""


def run(way: Way, accounts: int, latency: float = LATENCY) -> Cost:
    """Work on new accounts of a new platform with ``way``. Raises Wrong unless the platform received exactly the expected calls."""
    with tempfile.TemporaryDirectory() as name, Simulator(Path(name), latency=latency) as simulator:
        folder = Path(name)
        names = prepare(way, folder, simulator, accounts)
        together = 0
        with (
            open(folder / "output", "w") as output,
            subprocess.Popen(
                measured("way", way.command),
                cwd=folder,
                env={**environment(folder, simulator), **of_platform(simulator)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            ) as process,
        ):
            while way in PLATFORM_SLICES and process.poll() is None:
                together = max(together, memory_of(process.pid))
                time.sleep(1)
            code = process.wait()
        text = (folder / "output").read_text()
        missing = names - set(re.findall(r"^(\S+) +: ok=", text, re.MULTILINE)) if way.by_hosts else set()
        calls = [*way.work.calls]
        undone = sum(account.calls != calls or not way.work.is_done(account) for account in simulator.accounts.values())
        by_platform = [call for component in simulator.components.values() for call in component.calls]
        # The third-party platform's list is no account's call.
        expected = accounts * len(calls) + by_platform.count("authorizer_list")
        if code or missing or undone or len(simulator.log) != expected:
            raise Wrong(
                f"{text[-2000:]}\n{way.title}, {accounts:,} accounts: exit code {code}; {len(missing):,} are not in the PLAY RECAP; "
                f"{undone:,} do not have the wanted state after exactly {', '.join(calls)}; the platform saw {len(simulator.log):,} "
                f"requests: {collections.Counter(seen.call for seen in simulator.log)}."
            )
        seconds, largest, processor = noted(folder / "way")
        _seconds, module, _processor = noted(folder / "module")
    print(f"{seconds:7.1f} s  {accounts:6,} accounts  {way.title}", file=sys.stderr, flush=True)
    return Cost(accounts, seconds, int(largest), int(module), processor, together)


def memory_of(process: int) -> int:
    """The bytes of this process and all below it, where what they share counts once. 0 if the system does not say it; Linux does."""
    parents, found = {}, 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    for each in parents:
        above = each
        while above not in (process, 0):
            above = parents.get(above, 0)
        if above:
            # A process that has ended in the meantime has none.
            with contextlib.suppress(OSError):
                found += 1024 * int(re.findall(r"^Pss: +(\d+) kB", Path(f"/proc/{each}/smaps_rollup").read_text(), re.MULTILINE)[0])
    return found


def prepare(way: Way, folder: Path, simulator: Simulator, accounts: int) -> set[str]:
    """Add the accounts, and write all files that ``way`` reads. Returns the accounts' names."""
    fleet = {f"acct-{number:05}": simulator.add() for number in range(1, accounts + 1)}
    for account in fleet.values():
        way.work.begins(account)
    component = simulator.add_component() if way.given == "platform" else None
    given = {}
    for name, account in fleet.items():
        if component:
            component.authorise(account, permission_sets=(2, 3, 7, 11, 15))
        given[name] = {"access_token": simulator.token(account)} if way.given == "access_token" else {"appid": account.appid}
        if way.given == "secret":
            given[name]["secret"] = account.secret
    interpreter = sys.executable
    if way is ACCOUNTS:
        # A replacement for the module's Python, which measures it. Ways that run a module for each account would pay for it each time.
        interpreter = str(folder / "python")
        Path(interpreter).write_text(f'#!/bin/sh\nexec {shlex.join(measured("module", (sys.executable,), folder))} "$@"\n')
        Path(interpreter).chmod(0o700)
    shared = {"api_url": simulator.url, "ca_path": str(simulator.ca_path), "ansible_python_interpreter": interpreter}
    private = {
        "fleet.json": {**shared, "accounts": [{"name": name, **its} for name, its in given.items()]},
        "hosts.json": {
            "all": {
                "vars": {
                    **shared,
                    "ansible_connection": "local",
                    **way.declares,
                },
                "hosts": {name: {f"wechat_{key}": value for key, value in its.items()} for name, its in given.items()},
            }
        },
    }
    for file, content in private.items():
        (folder / file).touch(0o600)
        (folder / file).write_text(json.dumps(content))
    (folder / "play.yml").write_text(way.play)
    return set(given)


def measured(notes: str, command: Iterable[str], folder: Path = Path()) -> list[str]:
    # -I and -S leave out what a short script does not need.
    return [sys.executable, "-I", "-S", str(HERE / "cost.py"), str(folder / notes), *command]


def noted(notes: Path) -> tuple[float, float, float]:
    """Seconds, bytes and seconds of processor time in ``notes``; zeros if there is no measurement."""
    if not notes.exists():
        return 0, 0, 0
    seconds, peak, processor = map(float, notes.read_text().split())
    return seconds, peak, processor


def environment(folder: Path, simulator: Simulator) -> dict[str, str]:
    return {
        **os.environ,
        # A folder without the user's .ansible.cfg and .netrc.
        "HOME": str(ROOT / ".work" / "home"),
        "ANSIBLE_REMOTE_TEMP": str(folder / "remote"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_NOCOLOR": "true",
        # The user's proxy cannot reach the loopback address of this machine.
        "NO_PROXY": "localhost",
        "no_proxy": "localhost",
        "WECHAT_API_URL": simulator.url,
        "REQUESTS_CA_BUNDLE": str(simulator.ca_path),
    }


def of_platform(simulator: Simulator) -> dict[str, str]:
    return {
        name: value
        for component in simulator.components.values()
        for name, value in (("WECHAT_COMPONENT_APPID", component.appid), ("WECHAT_COMPONENT_ACCESS_TOKEN", component.token))
    }


def ratio(value: float) -> str:
    return f"{value:,.0f}x" if value >= 10 else f"{value:.1f}x"


def megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    rule = ("---", *("---:" for _column in head[1:]))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


def measure() -> tuple[dict[Way, Cost], dict[int, Cost]]:
    """The cost of each way, and of `accounts` by size."""
    for way in (FLOOR, ACCOUNTS):
        # A first run compiles the Python modules, so that no way has to pay for that.
        run(way, 2)
    rounds = [(run(FLOOR, FLOOR.accounts), run(ACCOUNTS, ACCOUNTS.accounts)) for _round in range(ROUNDS)]
    floor, accounts = (sorted(costs, key=lambda cost: cost.seconds)[ROUNDS // 2] for costs in zip(*rounds, strict=True))
    costs = {FLOOR: floor, ACCOUNTS: accounts, **{way: run(way, way.accounts) for way in (ROLE, ROLES, LOOP, URI_20, URI_5, URI_LOOP)}}
    return costs, {size: run(ACCOUNTS, size) for size in SIZES}


def compare_platform() -> dict[int, tuple[float, int]]:
    """For numbers of accounts of a third-party platform: its time as hosts relative to a list, and the memory as hosts, in bytes."""
    found = {}
    for size in PLATFORM_SIZES:
        hosts, in_list = run(PLATFORM_HOSTS, size), run(PLATFORM_LIST, size)
        found[size] = (hosts.seconds / in_list.seconds, hosts.largest)
    return found


def compare_bare() -> tuple[float, float]:
    """The processor time of the collection's own code, and its time, without latency, relative to plain requests at the same work."""
    rounds = [[run(way, BARE_ACCOUNTS, latency=0) for way in (FLOOR, BARE)] for _round in range(ROUNDS)]
    ratios = [(bare.processor / floor.processor, bare.seconds / floor.seconds) for floor, bare in rounds]
    processor, seconds = (sorted(column)[ROUNDS // 2] for column in zip(*ratios, strict=True))
    return processor, seconds


def compare(ways: tuple[Way, ...]) -> dict[Way, float]:
    """The time of each of ``ways``, relative to the first."""
    rounds = [[run(way, way.accounts).seconds for way in ways] for _round in range(ROUNDS)]
    medians = [sorted(column)[ROUNDS // 2] for column in zip(*rounds, strict=True)]
    return {way: seconds / medians[0] for way, seconds in zip(ways, medians, strict=True)}


def compare_search() -> float:
    """The time to search a menu for secrets, relative to the time to write it as JSON."""
    return float(subprocess.run(SEARCH, stdout=subprocess.PIPE, text=True, check=True).stdout)


def purposes(
    costs: dict[Way, Cost], growth: dict[int, Cost], bare: float, search: float, with_both: dict[Way, float], with_all: dict[Way, float]
) -> dict[str, bool]:
    """The project's targets, the measured values, and whether they are reached."""
    each = {way: cost.each for way, cost in costs.items()}
    floor, loop = each[ACCOUNTS] / each[FLOOR], each[URI_LOOP] / each[ACCOUNTS]
    uri = min(each[URI_20], each[URI_5])
    hosts, few = uri / each[ROLE], uri / each[ROLES]
    grown = growth[8_000].seconds / growth[1_000].seconds
    memory = growth[10_000].module
    _assert, unchanged, changed, *_at_5_forks = with_both.values()
    _one, every = with_all.values()
    return {
        f"a host with nothing to change takes {ratio(unchanged)} the time of one `assert` (wanted: at most 2.5x)": unchanged <= 2.5,
        f"four resources with nothing to change take {ratio(every)} the time of one (wanted: at most 1.5x)": every <= 1.5,
        f"a host that changes takes {ratio(changed)} the time of one `assert` (wanted: at most 3x)": changed <= 3,
        f"without latency, the collection's own code takes {bare:.2f}x the processor time of plain `requests` (wanted: at most 0.85x)": bare
        <= 0.85,
        f"to search a menu of its own for secrets takes {ratio(search)} the time of writing it as JSON (wanted: at most 20x)": search <= 20,
        f"`accounts` takes {ratio(floor)} the time of the floor (wanted: about 2x)": floor < 2.25,
        f"`accounts` is {ratio(loop)} as fast as `uri` in loops (wanted: over 100x)": loop > 100,
        f"accounts as hosts are {ratio(hosts)} as fast with the role as with `uri`, by its faster run (wanted: over 10x)": hosts > 10,
        f"{ROLES.accounts} of them under `roles:` are {ratio(few)} as fast (wanted: at least 12x)": few >= 12,
        f"8,000 accounts take {ratio(grown)} the time of 1,000 (wanted: at most 9x)": grown <= 9,
        f"10,000 accounts take {megabytes(memory)} in the module's process (wanted: at most 250 MB)": memory <= 250e6,
    }


def of_slices(slices: list[tuple[Way, Cost]]) -> str:
    head = ("work", "hosts", "calls per account", "processor time for 1,000 hosts", "memory of all processes")
    rows = [
        (
            way.title,
            f"{cost.accounts:,}",
            f"{len(way.work.calls)}",
            f"{cost.processor / cost.accounts * 1_000:.0f} s",
            megabytes(cost.together),
        )
        for way, cost in slices
    ]
    return f"A job slice of a third-party platform's accounts: two resources, 20 forks, a record and a report.\n\n{table(head, rows)}"


def main() -> int:
    try:
        costs, growth = measure()
        slices = [(way, run(way, size)) for way, size in SLICES]
        bare, bare_seconds = compare_bare()
        resources, with_both, with_all = compare(RESOURCES), compare(HOSTS_WITH_BOTH), compare(ALL_IN_ONE_TASK)
        platform_sizes = compare_platform()
    except Wrong as wrong:
        print(wrong, file=sys.stderr)
        return 1
    each, thousand = costs[ACCOUNTS].each, growth[1_000].seconds
    calls = ACCOUNTS.work.calls
    print(
        f"\nAll accounts are off, and take {len(calls)} calls each ({', '.join(calls)}) of {LATENCY * 1000:.0f} ms. Whole runs, with the "
        f"start of Ansible; ansible-core {importlib.metadata.version('ansible-core')}, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores that the simulated platform shares.\n"
    )
    rows = [(way.title, f"{cost.accounts:,}", ratio(cost.each / each)) for way, cost in costs.items()]
    print(table(("way", "accounts", "time per account, relative to `accounts`"), rows))
    print("\nHow `accounts` grows. Memory is the peak resident memory of one process: the module's, and the largest of the whole run.\n")
    sizes = [
        (f"{size:,}", ratio(cost.seconds / thousand), megabytes(cost.module), megabytes(cost.largest)) for size, cost in growth.items()
    ]
    print(table(("accounts", "time, relative to 1,000", "memory of the module", "memory of the largest process"), sizes))
    print("\n" + of_slices(slices))
    print("\nThe resources, in one task for all accounts. The menu is the largest one: three groups of five.\n")
    kinds = [(way.title, f"{way.accounts:,}", f"{len(way.work.calls)}", ratio(factor)) for way, factor in resources.items()]
    print(table(("work", "accounts", "calls per account", "time, relative to the first"), kinds))
    print("\nAccounts as hosts, a draft switch and the largest menu each, in one task a host.\n")
    both = [(way.title, f"{way.accounts:,}", f"{len(way.work.calls)}", ratio(factor)) for way, factor in with_both.items()]
    print(table(("work", "hosts", "calls per account", "time, relative to the first"), both))
    print("\nOne resource of an account or all of them, in one task a host, 20 forks. Nothing is to change.\n")
    every = [(way.title, f"{way.accounts:,}", f"{len(way.work.calls)}", ratio(factor)) for way, factor in with_all.items()]
    print(table(("work", "hosts", "calls per account", "time, relative to the first"), every))
    print("\nThe accounts of a third-party platform: the role with hosts, 20 forks, and one task with a list.\n")
    sides = [(f"{size:,}", ratio(factor), megabytes(memory)) for size, (factor, memory) in platform_sizes.items()]
    print(table(("accounts", "time as hosts, relative to a list", "memory of the largest process, as hosts"), sides))
    print(
        f"\nWithout latency, for {BARE_ACCOUNTS:,} accounts in as many threads, the collection's own code takes {bare:.2f}x the processor "
        f"time of plain `requests`, and {bare_seconds:.2f}x its time.\n"
    )
    for purpose, met in purposes(costs, growth, bare, compare_search(), with_both, with_all).items():
        print(f"{'met' if met else 'NOT MET'}: {purpose}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
