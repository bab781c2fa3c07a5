# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random plays: what accounts declare, how it is played, what goes wrong meanwhile, and the run itself."""

from __future__ import annotations

import collections
import contextlib
import itertools
import json
import os
import signal
import subprocess
import time
import typing as t

from tests.integration.endings import CONNECTIONS, ELSEWHERE, MARK, NO_REQUEST, Started, aftermath
from tests.integration.fleets import listed, variables_of
from tests.integration.harness import BIN, ROOT, TARGET, base_environment
from tests.simulator import Fault
from tests.simulator.faults import ANSWERS, carried_out
from tests.soak.judge import Play, lines_in
from tests.soak.witness import LOOKS, RESOURCE, State, Witness, state_of

if t.TYPE_CHECKING:
    import random
    from pathlib import Path

    from tests.simulator import Account
    from tests.soak.witness import Buttons

COLLECTION = "wxops.official_account"
TAGS = ("VIP", "Press", "会员", "老客户", "Wholesale", "活动")
CALLS = (*LOOKS, *RESOURCE)
# Answers that do not say whether a change was carried out.
_UNCLEAR = ("lost", "http-502", "empty", "html", "truncated", "cut")
_CODES = (-1, 40001, 42001, 40164, 45009, 45011, 48001, 99999)
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGKILL, signal.SIGHUP)
WAYS = [*["provision"] * 6, *["list", "tasks", "check", "rollback"] * 2, "drift", "export"]
# Seconds for a request.
TIMEOUT = 2
# Seconds until somebody ends a play that goes on after a signal, and until any play has gone on too long.
PATIENCE, LONGEST = 15.0, 240.0


class Run(Started):
    """One run of ansible-playbook, in a folder of its own. ``more``: of the environment."""

    def __init__(self, folder: Path, command: list[str], witness: Witness, more: dict[str, str]) -> None:
        self.folder, self._command, self._witness, self._more = folder, command, witness, more
        self.mark = f"soak-{os.getpid()}-{folder.name}"
        for name in ("local", "remote", "tmp"):
            (self.folder / name).mkdir()

    @property
    def command(self) -> list[str]:
        return self._command

    @property
    def environment(self) -> dict[str, str]:
        return {
            **base_environment(),
            **CONNECTIONS,
            MARK: self.mark,
            "ANSIBLE_LOCAL_TEMP": str(self.folder / "local"),
            "ANSIBLE_REMOTE_TEMP": str(self.folder / "remote"),
            "TMPDIR": str(self.folder / "tmp"),
            "ANSIBLE_CALLBACKS_ENABLED": "results",
            "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "tests/integration/callback"),
            "ANSIBLE_LOG_PATH": str(self.folder / "log"),
            "RESULTS_FILE": str(self.folder / "results"),
            **self._more,
        }

    def changes(self, after: float = 0.0) -> list[float]:
        return [event.at for event in self._witness.events[:] if event.kind == "change" and event.at > after]


class Soak:
    """``folder``: of all plays. ``dice``: every choice comes from it. ``counts``: for the summary."""

    def __init__(self, witness: Witness, folder: Path, dice: random.Random) -> None:
        self.witness = witness
        self.folder = folder
        self.dice = dice
        self.counts = dict.fromkeys(("plays", "hosts", "rows", "changes", "kills", "lost answers", "faults", "second writer"), 0)
        self._numbers = itertools.count(1)
        self._known: set[Path] = set()
        # The menus before the last run that can be gone back before.
        self._back: dict[str, Buttons | None] = {}
        self.accounts: dict[str, Account] = {}
        self.component = witness.add_component()
        for number in range(12):
            account = witness.add(is_open=dice.random() < 0.3)
            name = f"brand-{number:02}"
            self.accounts[name] = account
            witness.names[account.appid] = name
            account.menus.menuids_are_numbers = dice.random() < 0.5
            if dice.random() < 0.7:
                account.menus.buttons = self._menu("old")["button"]
            elif dice.random() < 0.5:
                account.menus.console, account.menus.console_open = [{"type": "text", "name": "Hours", "value": "9-17"}], True
            account.menus.wakes_console = dice.random() < 0.5
            account.tags.add(*dice.sample(TAGS, dice.randrange(3)))
            # Tags too, which are in set 100 as drafts are.
            self.component.authorise(account, permission_sets=(15, 100))
        self.had: dict[str, list[State]] = {name: [state_of(account)] for name, account in self.accounts.items()}

    # --- What is declared.

    def _menu(self, whose: str) -> dict[str, t.Any]:
        """A menu that nobody else has. ``whose``: the domain; conditional menus may have three."""
        number = next(self._numbers)
        leaf = {"type": "view", "name": "商店", "url": f"https://{whose}.example/{number}"}
        more = [{"type": "click", "name": "Help 🎁", "key": f"help {number}"}, {"name": "More", "sub_button": [leaf]}]
        return {"button": [leaf, *self.dice.sample(more, self.dice.randrange(3))]}

    def _declared(self, name: str) -> dict[str, t.Any]:
        dice, state = self.dice, state_of(self.accounts[name])
        declared: dict[str, t.Any] = {}
        if dice.random() < 0.3:
            declared["draft_switch"] = "present"
        if dice.random() < 0.6:
            now = {"button": state.menu} if state.menu else "absent"
            declared["menu"] = dice.choice([self._menu("shop"), self._menu("shop"), now, "absent"])
        there = [*state.tags.values()]
        if dice.random() < 0.5:
            names = dice.sample(TAGS, 4)
            rename = {old: f"{old[:8]}{next(self._numbers)}" for old in dice.sample(there, min(len(there), dice.randrange(2)))}
            names = [one for one in names if one not in rename]
            may: dict[str, t.Any] = {"delete_members": dice.random() < 0.7, "delete_in_use": dice.random() < 0.5}
            declared["tags"] = dice.choice([names[:2], {"present": names[:2], "absent": names[2:], "rename": rename, **may}])
            there = [one for one in there if one not in names[2:] and one not in rename] + names[:2]
        if dice.random() < 0.4 and declared.get("menu") != "absent":
            matches: list[dict[str, str]] = [{"platform": "ios"}, {"platform": "android"}]
            matches += [{"tag": one, **more} for one in dict.fromkeys(there) for more in ({}, {"platform": "ios"})]
            menus = [{"match": match, "menu": self._menu("club")} for match in dice.sample(matches, dice.randrange(1, 3))]
            how: dict[str, t.Any] = {"menus": menus, "exclusive": dice.random() < 0.5, "replace_in_place": dice.random() < 0.5}
            declared["conditional_menus"] = dice.choice([menus, how, "absent"])
        return declared

    # --- What goes wrong.

    def _spoil(self, names: list[str], play: Play) -> None:
        """Plan faults, late looks and a second writer for the next calls."""
        dice = self.dice
        for name in names:
            account = self.accounts[name]
            declared = play.declared.get(name) or {*RESOURCE.values()}
            calls = [call for call in CALLS if {RESOURCE.get(call), *LOOKS.get(call, ())} & {*declared}] or ["token"]
            if dice.random() < 0.5:
                call = dice.choice(["token", *calls])
                fault = dice.choice(
                    [
                        ANSWERS[dice.choice([one for one in ANSWERS if one != "late"])],
                        Fault(errcode=dice.choice(_CODES)),
                        Fault(new_token=True),
                        Fault(delay=dice.choice([0.3, 0.3, 0.3, 6.0])),
                        carried_out(ANSWERS[dice.choice(_UNCLEAR)]) if call in RESOURCE else ANSWERS["lost"],
                        Fault(lag=dice.randrange(1, 4)),
                    ]
                )
                if fault.lag:
                    play.lagging.add(name)
                account.plan(call, *[fault] * dice.choice([1, 1, 2]))
            if dice.random() < 0.2:
                self.witness.writers[name, dice.choice(calls)].append(self._other_writer())

    def _other_writer(self) -> t.Callable[[Account], object]:
        menu, number = self._menu("other"), next(self._numbers)

        def remove(account: Account) -> None:
            account.menus.conditional = account.menus.conditional[1:]

        def add(account: Account) -> None:
            if account.menus.buttons is not None:
                one = {**menu, "matchrule": {"client_platform_type": "3"}, "menuid": account.menus.new_menuid()}
                account.menus.conditional = [*account.menus.conditional, one]

        return self.dice.choice(
            [
                lambda account: account.menus.set(menu["button"]),
                lambda account: account.menus.set(None),
                add,
                remove,
                lambda account: account.tags.add(f"other {number}"),
                lambda account: account.tags.remove(*account.tags.names[:1]),
                lambda account: account.tags.rename([*account.tags.names, ""][0], f"renamed {number}"),
            ]
        )

    def _planned(self) -> collections.Counter[Fault]:
        return collections.Counter(fault for account in self.accounts.values() for its in account.faults.values() for fault in its)

    def _calm(self) -> None:
        """No fault, late look or writer is left for the next play. Some draft boxes are off again, which only a simulator can do."""
        self.witness.writers.clear()
        for account in self.accounts.values():
            account.is_open = account.is_open and self.dice.random() < 0.8
            account.faults.clear()
            account.lag = account.menus.lag = account.tags.lag = 0
            for _late in range(5):
                account.menus.seen_by("menu_get")
                account.menus.seen_by("selfmenu")
                account.tags.seen()

    # --- One play.

    def play(self) -> tuple[Play, Path]:
        dice, number = self.dice, self.counts["plays"] + 1
        folder = self.folder / f"{number:04}"
        folder.mkdir()
        names = dice.sample(sorted(self.accounts), dice.randrange(6, 13))
        way = dice.choice(WAYS)
        looks = way in ("check", "drift", "export")
        declared = {} if way in ("export", "rollback") else {name: self._declared(name) for name in names}
        play = Play(f"play {number}, {way}", declared, check_mode=looks, rollback=way == "rollback")
        play.recorded = way in ("provision", "list", "rollback")
        command, environment = self._written(folder, way, names, declared)
        self._spoil(names, play)
        planned, had = self._planned(), {name: state_of(account).menu for name, account in self.accounts.items()}
        begun = time.time() - 1
        run = Run(folder, command, self.witness, environment)
        self._run(run, play)
        met = planned - self._planned()
        self._tell(run, play, begun)
        kept = {line["account"] for line in lines_in(play.records) if line["event"] == "before" and line["resource"] == "menu"}
        if play.rollback:
            play.back = self._back
        elif any(line["event"] == "before" for line in lines_in(play.records)):
            unsure = {event.name for event in play.of("other")} | play.lagging
            self._back = {name: had[name] for name in kept - unsure}
        self._calm()
        self.counts["plays"] = number
        self.counts["hosts"] += len(names)
        self.counts["rows"] += len(play.rows)
        self.counts["changes"] += len(play.of("change"))
        self.counts["faults"] += met.total()
        self.counts["lost answers"] += sum(number for fault, number in met.items() if fault.lost or fault.cut or fault.delay > TIMEOUT)
        self.counts["second writer"] += len(play.of("other"))
        return play, folder

    def _written(self, folder: Path, way: str, names: list[str], declared: dict[str, t.Any]) -> tuple[list[str], dict[str, str]]:
        """Write the inventory and the play. Returns the command, and more of its environment."""
        dice, witness = self.dice, self.witness
        accounts = {name: self.accounts[name] for name in names}
        platform = {"api_url": witness.url, "ca_path": str(witness.ca_path), "timeout": TIMEOUT, "retries": 1}
        may: dict[str, t.Any] = {
            "delete_conditional": dice.random() < 0.7,
            "replace_console_menu": dice.random() < 0.5,
            "language": dice.choice(["en", "en", "zh"]),
        }
        variables: dict[str, t.Any] = {f"account_{key}": value for key, value in {**platform, **may}.items()}
        variables["account_report_dir"] = str(witness.reports)
        hosts: dict[str, dict[str, t.Any]] = {
            name: {**variables_of(account), **{f"wechat_{key}": value for key, value in declared.get(name, {}).items()}}
            for name, account in accounts.items()
        }
        if dice.random() < 0.2 and way not in ("list", "tasks"):
            variables |= {"account_component_appid": self.component.appid, "account_component_access_token": self.component.token}
            for its in hosts.values():
                del its["wechat_secret"]
        there = {**ELSEWHERE, "ansible_pipelining": True} if dice.random() < 0.2 else None
        if there and way != "list":
            variables["account_runner"] = "there"
        command = [str(BIN / "ansible-playbook"), "-i", str(folder / "fleet.json")]
        arguments = dice.choice([[], [], ["--diff"], ["-vvv"]])
        inventory: dict[str, t.Any] = {"brands": {"hosts": hosts, "vars": variables}, "all": {"hosts": {"there": there or {}}}}
        if way in ("provision", "check", "drift", "rollback", "export"):
            kind = "provision" if way == "check" else way
            command += [f"{COLLECTION}.{kind}", "-e", f"{kind}_hosts=brands", *arguments, *(["--check"] if way == "check" else [])]
            if way == "provision":
                stages, most = dice.choice(["1,50%,100%", "100%"]), dice.choice([0, 100, 100])
                command += ["-e", f"provision_stages={stages}", "-e", f"provision_max_fail_percentage={most}"]
            command += ["-e", "rollback_to=last"] if way == "rollback" else []
            command += ["-e", f"export_dir={folder / 'exported'}"] if way == "export" else []
        else:
            rows = [{**one, **declared[one["name"]]} for one in listed(accounts)]
            tasks: list[dict[str, t.Any]] = [{"ansible.builtin.include_role": {"name": f"{COLLECTION}.account"}}]
            play: dict[str, t.Any] = {"hosts": "localhost", "gather_facts": False, "tasks": tasks}
            if way == "list":
                inventory["all"]["hosts"]["localhost"] = {**variables, "account_accounts": rows, "ansible_python_interpreter": TARGET}
                del inventory["brands"]
            else:
                options = ("draft_switch", "menu", "tags", "conditional_menus")
                task = {**platform, **may, "appid": "{{ wechat_appid }}", "secret": "{{ wechat_secret }}"}
                task |= {key: f"{{{{ wechat_{key} | default(omit) }}}}" for key in options}
                play |= {"hosts": "brands", "strategy": dice.choice(["linear", "free"])}
                keywords = {"delegate_to": "there" if there else "localhost", "timeout": dice.choice([0, 0, 3])}
                play["tasks"] = [{f"{COLLECTION}.wechat_account": task, **keywords}]
            (folder / "play.json").write_text(json.dumps([play], indent=1))
            command += [str(folder / "play.json"), *arguments]
        (folder / "fleet.json").write_text(json.dumps(inventory, indent=1))
        return command, {"ANSIBLE_FORKS": str(dice.choice([1, 3, 3, 6]))}

    def _run(self, run: Run, play: Play) -> None:
        """Run it, and perhaps kill it in the middle."""
        dice, log = self.dice, self.witness.log
        begun, first = len(log), len(self.witness.events)
        kill = dice.random() < 0.3
        after, number, whom = dice.randrange(1, 40), dice.choice(SIGNALS), dice.choice(["main", "main", "group", "worker"])
        until = time.monotonic() + LONGEST
        ended, patient = 0.0, 0.0
        with run.running() as main:
            while main.poll() is None and time.monotonic() < until:
                if kill and len(log) - begun >= after and not ended and self._send(run, main, number, whom):
                    play.killed = f"{number.name} to {whom}"
                    self.counts["kills"] += 1
                    ended, patient = time.monotonic(), time.monotonic() + PATIENCE
                with contextlib.suppress(subprocess.TimeoutExpired):
                    main.wait(timeout=0.02)
                if patient and main.poll() is None and time.monotonic() > patient:
                    # CPython may lose an interrupt that arrives while it forks, and Ansible may wait for ever for a worker that was killed
                    # (with more hosts than forks). A person then ends it.
                    self._send(run, main, signal.SIGTERM, "main")
                    patient += PATIENCE
            if main.poll() is None:
                play.written["the time"] = f"Traceback (most recent call last): it has not ended after {LONGEST:.0f} s"
            if not ended or whom == "worker" or number == signal.SIGINT:
                ended = time.monotonic()
            after_end = aftermath(run, ended, 2 * NO_REQUEST)
            play.late, play.left = after_end.late, after_end.left
        play.events = self.witness.events[first:]

    def _send(self, run: Run, main: subprocess.Popen[bytes], number: signal.Signals, whom: str) -> bool:
        """Returns whether there was somebody to send the signal to."""
        with contextlib.suppress(ProcessLookupError):
            if whom == "group":
                os.killpg(main.pid, number)
                return True
            for pid in [main.pid] if whom == "main" else sorted(run.workers(main.pid))[:1]:
                os.kill(pid, number)
                return True
        return False

    def _tell(self, run: Run, play: Play, begun: float) -> None:
        """Read all that the run has left. ``begun``: when, in seconds of the epoch."""
        play.ends = {name: state_of(account) for name, account in self.accounts.items()}
        for name, state in play.ends.items():
            seen = [one for event in play.events if event.name == name for one in (event.before, event.after)]
            self.had[name] += [*seen, state]
        play.had = self.had
        records = sorted((self.witness.reports / "runs").glob("*.jsonl"))
        if play.recorded:
            play.records = {path: path.read_bytes() for path in records if path not in self._known}
        self._known = {*records}
        results = run.folder / "results"
        for line in results.read_text().splitlines() if results.exists() else ():
            with contextlib.suppress(ValueError):
                found = json.loads(line)
                play.rows.update(rows_in(found["host"], found["result"]))
        for path in [*run.folder.rglob("*"), *self.witness.reports.rglob("*")]:
            # The inventory has the secrets.
            if path.is_file() and path.name not in ("fleet.json", "play.json") and path.stat().st_mtime >= begun:
                play.written[str(path.relative_to(self.folder))] = path.read_text(errors="replace")


def rows_in(host: str, result: t.Any) -> dict[tuple[str, str], dict[str, t.Any]]:
    """The rows of resources in a result, by account and resource."""
    if not isinstance(result, dict):
        return {}
    accounts = result["accounts"] if isinstance(result.get("accounts"), dict) else {host: result}
    return {
        (name, resource): row
        for name, its in accounts.items()
        for resource, row in its.get("resources", {}).items()
        if isinstance(row, dict) and "request_sent" in row
    }
