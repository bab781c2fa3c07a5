# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator as a program, for rehearsals: ``make simulator``, or ``python -m tests.simulator`` from the root of the collection."""

from __future__ import annotations

import argparse
import json
import shlex
import signal
import sys
import tempfile
import typing as t
from pathlib import Path

from .declared import WrongError, add
from .server import Simulator

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from .accounts import Account
    from .component import Component

PLAYBOOK = "ansible-playbook wxops.official_account"
INFO = "wxops.official_account.wechat_menu_info"
BIN = Path(sys.executable).parent
COLLECTIONS = Path(__file__).resolve().parents[2] / ".work" / "collections"
# So many accounts are printed. The inventory has them all.
SHOWN = 6
STOPS = (signal.SIGINT, signal.SIGTERM)


def main() -> int:
    parser = argparse.ArgumentParser(
        description="A simulated WeChat platform on a loopback address. It prints how to reach it. It ends on Ctrl-C, or after --limit."
    )
    parser.add_argument(
        "--accounts",
        default="6",
        metavar="NUMBER|FILE",
        help="how many accounts; on, off and not on the allow list in turn (default: 6). Or a YAML file with the accounts",
    )
    parser.add_argument("--authorised", type=int, default=0, help="how many accounts have authorised a third-party platform (default: 0)")
    parser.add_argument("--newcomers", action="store_true", help="an AppID that it does not know becomes an account that is off")
    parser.add_argument("--limit", type=int, default=8 * 3600, help="the seconds after which it ends by itself (default: 8 hours)")
    parser.add_argument("--port", type=int, default=0, help="the port to listen on (default: a free one)")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds that every answer takes (default: 0)")
    parser.add_argument("--http", action="store_true", help="plain http instead of https with a throw-away CA")
    parser.add_argument("--folder", type=Path, help="where to write its CA and its inventories (default: a temporary folder)")
    options = parser.parse_args()
    for stop in STOPS:
        # A shell starts its background jobs with Ctrl-C ignored.
        signal.signal(stop, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as temporary,
        Simulator(options.folder or Path(temporary), tls=not options.http, latency=options.latency, port=options.port) as simulator,
    ):
        simulator.newcomers = options.newcomers
        folder = simulator.ca_path.parent.resolve()
        try:
            print("\n".join(lines(simulator, folder, options.accounts, options.authorised)))
        except WrongError as error:
            sys.exit(str(error))
        print(f"\nIt ends on Ctrl-C, or after {options.limit} seconds.", flush=True)
        if not signal.sigtimedwait(STOPS, options.limit):
            print(f"It has ended, after {options.limit} seconds.")
    return 0


def lines(simulator: Simulator, folder: Path, accounts: str, authorised: int) -> Iterator[str]:
    """What to export, and which options to give. Adds the accounts, and writes their inventories into ``folder``."""
    declared, platform = ({}, None) if accounts.isdecimal() else add(simulator, Path(accounts))
    certificate = simulator.ca_path.resolve() if simulator.url.startswith("https:") else None
    yield "A simulated WeChat platform runs on this machine's loopback address.\n"
    yield "In another terminal, so that all modules, roles and inventories of the collection use it:\n"
    yield f"  export WECHAT_API_URL={simulator.url}"
    if certificate:
        yield f"  export REQUESTS_CA_BUNDLE={shlex.quote(str(certificate))}"
    # A package has no such folder: there the collection is installed.
    if COLLECTIONS.exists():
        yield "\nIf Ansible and the collection are not installed there:\n"
        yield f"  export ANSIBLE_COLLECTIONS_PATH={shlex.quote(str(COLLECTIONS))} PATH={shlex.quote(str(BIN))}:$PATH"
    yield "\nInstead of the first export and the second one, as options of a task:\n"
    yield f"  api_url: {simulator.url}"
    if certificate:
        yield f"  ca_path: {certificate}"
    yield "\nor as variables of a role:\n"
    for role in ("account", "draft_switch"):
        yield f"  -e {role}_api_url={simulator.url}" + (f" -e {_variable(f'{role}_ca_path', str(certificate))}" if certificate else "")
    fleet = folder / "fleet.yml"
    if declared:
        yield from _declared(fleet, declared)
    elif accounts != "0":
        yield from _fleet(simulator, fleet, int(accounts))
    if authorised or platform:
        yield from _third_party_platform(simulator, folder / "rehearsal.wechat_authorizers.yml", authorised, platform)
    if simulator.newcomers:
        yield "\nYour own inventory, with a secret that is none:\n"
        yield f"  {PLAYBOOK}.draft_switch -i YOUR-INVENTORY -e wechat_secret={'0' * 32} --check"


def _fleet(simulator: Simulator, inventory: Path, number: int) -> Iterator[str]:
    states = ("on", "off", "not on the allow list")
    hosts = {}
    yield f"\nOne account. The first of {number}:\n"
    for count in range(number):
        account = simulator.add(is_open=count % 3 == 0, listed=count % 3 != 2)
        hosts[f"account-{count + 1:02}"] = {"wechat_appid": account.appid, "wechat_secret": account.secret}
        if count < SHOWN:
            yield f"  export WECHAT_APPID={account.appid} WECHAT_SECRET={account.secret}  # {states[count % 3]}"
    yield f"\n  {PLAYBOOK}.one_account --check --diff"
    # JSON is YAML too.
    _write(inventory, json.dumps({"all": {"hosts": hosts}}, indent=2))
    yield "\nAll of them as a fleet:\n"
    yield f"  {PLAYBOOK}.draft_switch -i {shlex.quote(str(inventory))} --check"


def _declared(inventory: Path, accounts: dict[str, Account]) -> Iterator[str]:
    """The accounts of a file. An account that has authorised the third-party platform can be reached in both ways."""
    hosts = {name: {"wechat_appid": account.appid, "wechat_secret": account.secret} for name, account in accounts.items()}
    _write(inventory, json.dumps({"all": {"hosts": hosts}}, indent=2))
    yield "\nThe accounts of the file:\n"
    for name, account in accounts.items():
        yield f"  export WECHAT_APPID={account.appid} WECHAT_SECRET={shlex.quote(account.secret)}  # {name}"
    yield f"\n  ansible localhost -m {INFO}"
    yield "\nAll of them as a fleet:\n"
    yield f"  {PLAYBOOK}.draft_switch -i {shlex.quote(str(inventory))} --check"


def _third_party_platform(simulator: Simulator, inventory: Path, number: int, platform: Component | None) -> Iterator[str]:
    platform = platform or simulator.add_component()
    for count in range(number):
        platform.authorise(simulator.add(is_open=count % 2 == 0), permission_sets=(11, 15))
    _write(inventory, "plugin: wxops.official_account.wechat_authorizers")
    count = len(platform.authorizers)
    who = f"The {count} accounts that have" if count > 1 else "The account that has"
    yield f"\n{who} authorised a third-party platform:\n"
    yield f"  export WECHAT_COMPONENT_APPID={platform.appid} WECHAT_COMPONENT_ACCESS_TOKEN={platform.token}"
    yield f"  {PLAYBOOK}.draft_switch -i {shlex.quote(str(inventory))} --check"


def _variable(name: str, value: str) -> str:
    """For -e. The shell takes one pair of quotes away, and Ansible, which splits at spaces too, another one."""
    return shlex.quote(name + "=" + shlex.quote(value).replace("'", '"'))


def _write(path: Path, text: str) -> None:
    path.touch(0o600)
    path.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
