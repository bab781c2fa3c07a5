# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The check of what all hosts of a play declare, once for all batches, before the first change. Sends nothing.

For each host it evaluates the arguments of the role's own task, as Ansible does when it runs that task. One guilty host fails alone.
"""

from __future__ import annotations

import difflib
import os
import pwd
import typing as t
from pathlib import Path
from urllib.parse import urlsplit

import ansible.release
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.utils.helpers import pct_to_int
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import START, ApiError, Failure
from ansible_collections.wxops.official_account.plugins.module_utils._http.transport import DEFAULT_URL, VERSION
from ansible_collections.wxops.official_account.plugins.module_utils._resource.account import BY_NAME, RESOURCES, declared_by
from ansible_collections.wxops.official_account.plugins.module_utils._resource.account import OPTIONS as DECLARATIONS
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import as_sentence, how_many, some
from ansible_collections.wxops.official_account.plugins.module_utils._run.credentials import OPTIONS as CREDENTIALS
from ansible_collections.wxops.official_account.plugins.module_utils._run.credentials import is_appid, malformed, problems_of
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import OptionsError
from ansible_collections.wxops.official_account.plugins.module_utils._text import CLAUSES, Text, enumerated, joined
from ansible_collections.wxops.official_account.plugins.plugin_utils import _record
from ansible_collections.wxops.official_account.plugins.plugin_utils._arguments import (
    OF_ROLE,
    declares,
    language_in,
    nothing_declared,
    options_of,
    variable_of,
)
from ansible_collections.wxops.official_account.plugins.plugin_utils._rollback import rollback
from ansible_collections.wxops.official_account.plugins.plugin_utils._values import no_date

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ansible.playbook.task import Task
    from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import Reason
    from ansible_collections.wxops.official_account.plugins.plugin_utils._arguments import Arguments, Given, Problem
    from ansible_collections.wxops.official_account.plugins.plugin_utils._play import Plan, Play
    from ansible_collections.wxops.official_account.plugins.plugin_utils._rollback import Rollback

_ACCOUNT = "wxops.official_account.wechat_account"
_GROUP = "group/wxops.official_account.wechat"

# How much, from 0 to 1, an unknown variable must resemble a known one to be taken for a mistake: one that is missing, or any other.
_RESEMBLANCE, _MISSPELT = 0.7, 0.9

_COMPONENT = ("component_appid", "component_access_token")
_OF_PLAY = ("hostvars", "ansible_play_hosts", "ansible_play_hosts_all", "ansible_play_batch")


class Check:
    """The check for the ``task`` of one host, with the ``variables`` of that host."""

    def __init__(self, play: Play, task: Task, variables: Mapping[str, t.Any], arguments: Arguments) -> None:
        self._play = play
        self._task = task
        self._variables = variables
        self._arguments = arguments
        self._options, self._problems = arguments.of(play.role, OF_ROLE, variables)
        self.language = language_in(self._options)
        # By the variable that is not used, and the one that may be meant: the hosts that have it.
        self._unused: dict[tuple[str, str], list[str]] = {}

    def plan(self) -> Plan:
        """What the check has found out. It is made by the first worker that asks, which gets ``is_new``. Raises ApiError."""
        plan = self._play.plan()
        if plan is None:
            with self._play.alone():
                plan = self._play.plan()
                if plan is None:
                    return {**self._made(), "is_new": True}
        refused = self._play.refused(plan)
        if refused:
            raise _refused(refused)
        return {**plan, "is_new": False}

    def _made(self) -> Plan:
        try:
            plan, faults, restored = self._checked()
        except ApiError as refused:
            self._play.refuse(refused.failure, self.language)
            raise
        self._play.note(plan, faults, restored, self.language)
        return plan

    def _checked(self) -> tuple[Plan, dict[str, Failure], dict[str, Given]]:
        role = self._play.role
        options = self._options
        if self._problems:
            raise _refused(_fault(*self._problems))
        folder = made_folder(options.get("report_dir"), self._play.variable("report_dir"))
        rollback_to = options.get("rollback_to")
        given, faults, later = self._given(is_rollback=rollback_to is not None)
        restored: dict[str, Given] = {}
        back: Rollback | None = None
        if rollback_to is not None:
            now = {name: its["appid"] for name, its in _names_in(given).items()} or {name: its.get("appid") for name, its in given.items()}
            there = _elsewhere(its.get("api_url") for its in given.values())
            back = rollback(folder, str(rollback_to), now, there, self._play.variable("report_dir"))
            restored = back.restored
            given = {host: {**its, **nothing_declared(), **restored.get(host, {})} for host, its in given.items()}
        is_list = any(its.get("accounts") is not None for its in given.values())
        if is_list and len(given) > 1:
            raise _refused(_list_for_many(self._play.variable("accounts"), len(given)))
        declaring = {host: its for host, its in given.items() if host not in faults and declares(role, its)}
        if not is_list:
            faults.update(_faults_of(self._play, declaring, self._takes_part))
        faults = {host: fault for host, fault in faults.items() if self._takes_part(host)}
        if not is_list and not declaring and not faults:
            raise _refused(back.nothing() if back else _nobody())
        self._refuse_if_the_rollout_would_end(faults, given)
        plan: Plan = {
            "record": "",
            "fail_if_changed": boolean(options.get("fail_if_changed", False), strict=False),
            "report": str(folder or ""),
            "notes": [as_sentence(note, self.language) for note in (*(back.notes if back else ()), *self._notes(folder))],
            "rollback_to": back.run if back else None,
        }
        everyone = {host: its for host, its in given.items() if host in declaring or host in faults}
        line = {
            "role": self._play.role,
            "resources": [one.name for one in RESOURCES if any(its.get(one.name) is not None for its in given.values())],
            "check_mode": bool(self._task.check_mode),
            "api_url": _elsewhere(given[host].get("api_url") for host in everyone or given),
            "rollback_to": plan["rollback_to"],
            "left_out": len(given) - len(everyone),
            "accounts": {host: self._names_of(host, its) for host, its in everyone.items()} if not is_list else _names_in(given),
            **_origin(self._variables),
        }
        try:
            path = _record.begin(folder or self._play.folder(), line)
        except (OSError, ValueError) as error:
            raise _refused(_not_begun(error, self._play.variable("report_dir"))) from None
        plan["record"] = str(path)
        plan["msg"] = self._said(line, faults, only_compares=plan["fail_if_changed"]).said(self.language)
        return plan, {host: fault for host, fault in faults.items() if host not in later}, restored

    def option(self, name: str) -> t.Any:
        """The value of an option of the role itself."""
        return self._options.get(name)

    def offline(self) -> tuple[dict[str, Given], dict[str, Failure]]:
        """What each host declares, and what is wrong with the guilty ones. No secret is evaluated, and no record is begun.

        The accounts of a list are told like hosts. Raises ApiError.
        """
        if self._problems:
            raise _refused(_fault(*self._problems))
        given, faults, _later = self._given(is_rollback=False, offline=True)
        lists = {host: its["accounts"] for host, its in given.items() if its.get("accounts") is not None}
        if lists and len(given) > 1:
            raise _refused(_list_for_many(self._play.variable("accounts"), len(given)))
        for host, accounts in lists.items():
            given = _of_list(given[host], accounts)
        declaring = {name: its for name, its in given.items() if name not in faults and declares(self._play.role, its)}
        faults.update(_faults_of(self._play, declaring, lambda host: bool(lists) or self._takes_part(host), offline=True))
        faults = {name: fault for name, fault in faults.items() if lists or self._takes_part(name)}
        if not declaring and not faults:
            raise _refused(_nobody())
        return declaring, faults

    # --- What each host declares.

    def _given(self, *, is_rollback: bool, offline: bool = False) -> tuple[dict[str, Given], dict[str, Failure], set[str]]:
        """The options of each host, what is wrong with those that cannot be used, and the guilty hosts of which the task itself decides.

        These are in a later batch, whose tasks may define what is not defined yet.
        """
        role = self._play.role
        wanted = [*CREDENTIALS, *_COMPONENT, *(name for name in options_of(role) if name in DECLARATIONS), "accounts", "api_url"]
        if is_rollback:
            # What an account declares now does not matter, and may be what is wrong.
            wanted = [name for name in wanted if name not in BY_NAME]
        if offline:
            wanted = [name for name in wanted if name in (*DECLARATIONS, "accounts")]
        defaults: dict[str, t.Any] = {}
        for one in self._task.module_defaults or []:
            defaults.update(one.get(_GROUP) or {})
            defaults.update(one.get(_ACCOUNT) or {})
        given: dict[str, Given] = {}
        faults: dict[str, Failure] = {}
        later: set[str] = set()
        batch = set(self._variables["ansible_play_batch"])
        for host in self._variables["ansible_play_hosts_all"]:
            variables = self._variables_of(host)
            if offline:
                variables = _without_secrets(variables, variable_of(role, "accounts"))
            its, problems = self._arguments.of(role, wanted, variables, defaults)
            if offline:
                its.update(self._arguments.of(role, ["appid"], variables, defaults)[0])
            environment = {**os.environ, **self._arguments.environment(self._task.environment or (), variables)}
            for name in (*_COMPONENT, "api_url"):
                its.setdefault(name, environment.get(f"WECHAT_{name.upper()}") or None)
            given[host] = its
            misspelt, unused = ([], []) if is_rollback else _misspelt(role, variables, its)
            for one in unused:
                self._unused.setdefault(one, []).append(host)
            if problems and not misspelt and host not in batch:
                later.add(host)
            if problems or misspelt:
                faults[host] = _fault(*problems, *misspelt)
        return given, faults, later

    def _variables_of(self, host: str) -> Mapping[str, t.Any]:
        """The variables that this task would see if it ran for ``host``."""
        if host == self._variables["inventory_hostname"]:
            return self._variables
        manager = self._task.get_variable_manager()
        found: dict[str, t.Any] = manager.get_vars(
            play=self._task.get_play(),
            host=manager._inventory.get_host(host),
            task=self._task,
            include_hostvars=False,
            _hosts=[host],
            _hosts_all=[host],
        )
        # These are the same for every host, and take long to make.
        found.update({name: self._variables[name] for name in _OF_PLAY if name in self._variables})
        return found

    def _takes_part(self, host: str) -> bool:
        """Whether ``when`` lets the task run for ``host``."""
        return not self._task.when or self._arguments.run(self._task, self._variables_of(host))

    # --- What follows for all of them.

    def _refuse_if_the_rollout_would_end(self, faults: Mapping[str, Failure], given: Mapping[str, Given]) -> None:
        """In a play with several batches, a guilty host of a later batch would end the rollout there. So nothing is sent at all."""
        play = self._task.get_play()
        borne = 0 if play.any_errors_fatal else play.max_fail_percentage
        several = len(self._variables["ansible_play_batch"]) < len(given)
        batches = _batches(play.serial, [*given])
        if self._task.check_mode or not several or borne is None:
            return
        if not any(100 * len(faults.keys() & batch) > float(borne) * len(batch) for batch in batches):
            return
        grouped: dict[tuple[Text, Text], list[str]] = {}
        for host, fault in faults.items():
            grouped.setdefault((fault.what, fault.remedy), []).append(host)
        of = Text("{hosts}: {what}")
        what = Text("the rollout would end at hosts whose variables cannot be used: {listed}")
        listed = joined(CLAUSES, [of.filled(hosts=some(hosts), what=said) for (said, _remedy), hosts in grouped.items()])
        remedies = dict.fromkeys(remedy for _what, remedy in grouped)
        raise _refused(Failure("operator", START, what.filled(listed=listed), joined(CLAUSES, remedies)))

    def _names_of(self, host: str, its: Given) -> dict[str, str | None]:
        # Only the inventory's own variables: those of a task would take far longer, and could be templates.
        found = self._task.get_variable_manager()._inventory.get_host(host)
        nick_name = found.vars.get("wechat_nick_name") if found else None
        appid = its.get("appid")
        return {
            "appid": appid if isinstance(appid, str) and is_appid(appid) else None,
            "nick_name": str(nick_name) if isinstance(nick_name, str) else None,
        }

    def unused(self) -> Iterator[Text]:
        """After the check: the variables that look like mistakes, although the host also has those that they resemble."""
        for (name, near), hosts in self._unused.items():
            unused = Text("the variable {name} is not used; is {near} meant? ({hosts})")
            yield unused.filled(name=name, near=near, hosts=some(hosts))

    def _notes(self, folder: Path | None) -> Iterator[Text]:
        """What the user must know before the work."""
        yield from self.unused()
        if not folder and not self._task.check_mode and self._play.role == "account":
            unset = Text("{variable} is not set: no record stays, so what this run changes cannot be taken back")
            yield unset.filled(variable=self._play.variable("report_dir"))

    def _said(self, line: Mapping[str, t.Any], faults: Mapping[str, Failure], *, only_compares: bool) -> Text:
        to_do = Text("{accounts} to bring to what they declare")
        none = Text("hosts that declare nothing: {number:,}")
        if line["rollback_to"]:
            to_do = Text("{accounts} to give back what they had")
            none = Text("hosts that get nothing back: {number:,}")
        elif only_compares:
            to_do = Text("{accounts} to compare with what they declare")
        clauses = [to_do.filled(accounts=how_many(len(line["accounts"])))]
        if line["left_out"]:
            clauses.append(none.filled(number=line["left_out"]))
        if faults:
            clauses.append(Text("hosts that cannot be used: {hosts}").filled(hosts=some([*faults])))
        if line["api_url"]:
            clauses.append(Text("requests go to {host}").filled(host=line["api_url"]))
        if line["rollback_to"]:
            clauses.append(Text("back to the state before run {run}").filled(run=line["rollback_to"]))
        return Text("{clauses}.").filled(clauses=joined(CLAUSES, clauses))


def _nobody() -> Failure:
    names = enumerated(f"wechat_{one.name}" for one in RESOURCES)
    return Failure(
        "operator",
        START,
        Text("no host of this play declares anything"),
        Text("give the hosts one of these variables: {names}").filled(names=names),
    )


def _batches(serial: Sequence[int | str], hosts: Sequence[str]) -> list[set[str]]:
    """The batches of a play, as Ansible makes them."""
    sizes = [pct_to_int(size, len(hosts)) for size in serial] or [len(hosts)]
    found: list[set[str]] = []
    begin = 0
    while begin < len(hosts):
        end = begin + (sizes[min(len(found), len(sizes) - 1)] or len(hosts))
        found.append(set(hosts[begin:end]))
        begin = end
    return found


def _names_in(given: Mapping[str, Given]) -> dict[str, dict[str, str | None]]:
    """The accounts of a list."""
    found: dict[str, dict[str, str | None]] = {}
    for its in given.values():
        accounts = its.get("accounts")
        for one in accounts if isinstance(accounts, list) else ():
            if isinstance(one, dict):
                appid = one.get("appid")
                # An AppID that is none may be a secret in the wrong place.
                name = str(one.get("name") or (appid if is_appid(str(appid)) else f"#{len(found) + 1}"))
                found[name] = {"appid": appid if isinstance(appid, str) and is_appid(appid) else None, "nick_name": None}
    return found


def _without_secrets(variables: Mapping[str, t.Any], accounts: str) -> Mapping[str, t.Any]:
    """``variables``, and in the list of ``accounts`` no secret. The list may also be a template."""
    listed = variables.get(accounts)
    if not isinstance(listed, list):
        return variables
    secret = [name for name in CREDENTIALS if name != "appid"]
    kept = [{name: its for name, its in one.items() if name not in secret} if isinstance(one, dict) else one for one in listed]
    return {**variables, accounts: kept}


def _of_list(of_task: Given, accounts: t.Any) -> dict[str, Given]:
    """What each account of a list declares, by its name."""
    given: dict[str, Given] = {}
    for number, one in enumerate(accounts if isinstance(accounts, list) else [accounts], 1):
        its = {name: value for name, value in one.items() if value is not None} if isinstance(one, dict) else {}
        name = str(its.get("name") or its.get("appid") or f"#{number}")
        # A name that is there twice is a fault of its own.
        given[name if name not in given else f"{name} #{number}"] = {**of_task, "accounts": None, "appid": None, **its}
    return given


def _faults_of(play: Play, given: Mapping[str, Given], takes_part: Callable[[str], bool], *, offline: bool = False) -> dict[str, Failure]:
    """What is wrong with each host of ``given``. All of these declare something.

    ``takes_part``: whether the task runs for a host. ``offline``: whether the secrets are not known.
    """
    faults = {}
    same: dict[tuple[str, str], list[str]] = {}
    for host, its in given.items():
        for name in ("appid", "access_token"):
            if its.get(name):
                same.setdefault((name, str(its[name]).lower() if name == "appid" else str(its[name])), []).append(host)
    doubles = {identity: list(filter(takes_part, hosts)) for identity, hosts in same.items() if len(hosts) > 1}
    for host, its in given.items():
        problems: list[Problem] = []
        others = dict.fromkeys(other for hosts in doubles.values() if host in hosts for other in hosts if other != host)
        if others:
            what = Text("this host and {others} are the same account").filled(others=some([*others]))
            problems.append((what, Text("keep one of them in the inventory")))
        problems.extend(_faults_of_appid(its) if offline else _faults_of_credentials(play, host, its))
        reason: Reason = "operator"
        declared = _why_not(its, DECLARATIONS)
        # Each resource by itself, so that one fault does not hide another.
        each = [found for one in RESOURCES if (found := _why_not(its, one.options))] if declared else []
        for found in each or filter(None, [declared]):
            reason = found.reason
            problems.append((found.what, found.remedy))
        if problems:
            faults[host] = _fault(*problems, reason=reason)
    return faults


def _why_not(its: Given, options: Iterable[str]) -> Failure | None:
    """Why what ``its`` says of these ``options`` cannot be declared; None if it can."""
    declared = {name: its.get(name) if name in options else None for name in DECLARATIONS}
    try:
        no_date(declared)
        declared_by({"": declared})
    except ApiError as error:
        return error.failure
    except OptionsError as error:
        return Failure("operator", START, error.what, error.remedy)
    except Exception:  # a variable can hold anything
        what = Text("what this host declares cannot be used")
        return Failure("operator", START, what, Text("correct it, as the documentation of wechat_account says"))
    return None


def _faults_of_appid(its: Given) -> list[Problem]:
    problem = malformed("appid", str(its["appid"])) if its.get("appid") is not None else None
    of = Text("{option} {what}")
    return [(of.filled(option="wechat_appid", what=problem.what), problem.remedy)] if problem else []


# Those in the environment would be of another account.
NO_CREDENTIALS: Problem = (
    Text("this host has no credentials"),
    Text("give the host wechat_appid and wechat_secret, or only wechat_access_token"),
)


def _faults_of_credentials(play: Play, host: str, its: Given) -> list[Problem]:
    account = {name: None if its.get(name) is None else str(its[name]) for name in CREDENTIALS}
    if all(value is None for value in account.values()):
        return [NO_CREDENTIALS]
    names = {name: f"wechat_{name}" for name in CREDENTIALS}
    names.update({name: play.variable(name) for name in _COMPONENT})
    component = {name: its.get(name) or None for name in _COMPONENT}
    return [(one.what, one.remedy) for one in problems_of({**component, "accounts": [{"name": host, **account}]}, names)[0]]


def _refused(failure: Failure) -> ApiError:
    """Nothing is sent for any host."""
    return ApiError(failure, sent=False)


def _list_for_many(variable: str, number: int) -> Failure:
    what = Text("{variable} is given in a play of {number:,} hosts")
    remedy = Text("use a play with one host, such as localhost; or remove {variable}, and give each host its own variables")
    return Failure("operator", START, what.filled(variable=variable, number=number), remedy.filled(variable=variable))


def _fault(*problems: Problem, reason: Reason = "operator") -> Failure:
    remedies = dict.fromkeys(remedy for _what, remedy in problems)
    return Failure(reason, START, joined(CLAUSES, [what for what, _remedy in problems]), joined(CLAUSES, remedies))


def _misspelt(role: str, variables: Mapping[str, t.Any], its: Given) -> tuple[list[Problem], list[tuple[str, str]]]:
    """What is wrong with unknown variables that resemble one which the host lacks; and those that resemble another, with that one."""
    known = {variable_of(role, name): name for name in (*CREDENTIALS, *OF_ROLE, *options_of(role))}
    missing = [option for name, option in known.items() if name.startswith("wechat_") and its.get(option) is None and name not in variables]
    problems, unused = [], []
    for name in variables:
        if not name.startswith(("wechat_", f"{role}_")) or name in known:
            continue
        near = difflib.get_close_matches(name.removeprefix("wechat_"), missing, 1, _RESEMBLANCE)
        if near and name.startswith("wechat_"):
            what = Text("the host has the variable {name}, which is not used")
            remedy = Text("rename it to wechat_{near}, or give it another name")
            problems.append((what.filled(name=name), remedy.filled(near=near[0])))
        elif meant := difflib.get_close_matches(name, known, 1, _MISSPELT):
            unused.append((name, meant[0]))
    return problems, unused


def _elsewhere(urls: Iterable[t.Any]) -> str | None:
    """The hosts that requests go to, except the platform's usual one; None if there are none."""
    found = list(filter(None, dict.fromkeys(map(_host_of, dict.fromkeys(str(url or DEFAULT_URL) for url in urls)))))
    return str(some(found)) if found else None


def _host_of(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if url.rstrip("/").lower() == DEFAULT_URL or not host.isprintable():
        return None
    return f"{host}:{port}" if port else host


def folder_at(path: str) -> Path:
    """The folder of the records. Raises ValueError or RuntimeError."""
    return Path(os.path.expandvars(path.strip())).expanduser().absolute()


def made_folder(path: t.Any, variable: str) -> Path | None:
    """The folder at ``path``; None if there is none. Raises ApiError."""
    if path is None:
        return None
    give = Text("give a folder on the host that runs Ansible; a relative one starts where Ansible was started")
    text = str(path)
    if not text.strip():
        raise _refused(Failure("operator", START, Text("{variable} is empty").filled(variable=variable), give))
    try:
        folder = folder_at(text)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, ValueError, RuntimeError) as error:  # a NUL, a surrogate, a user that does not exist
        what = Text("{variable} cannot be written to ({kind})")
        raise _refused(Failure("operator", START, what.filled(variable=variable, kind=type(error).__name__), give)) from None
    return folder


def _not_begun(error: Exception, variable: str) -> Failure:
    what = Text("the record of this run cannot be written in {variable} ({kind})")
    remedy = Text("make room there, or give another folder")
    return Failure("operator", START, what.filled(variable=variable, kind=type(error).__name__), remedy)


def _origin(variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Who runs this, from which inventory, with which versions. Not the command line: it may hold secrets."""
    try:
        user = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a container may run as a user without a name
        user = str(os.geteuid())
    for name in ("awx_user_name", "tower_user_name"):
        if isinstance(variables.get(name), str):
            user = f"{variables[name]} (AWX)"
    sources = [str(source) for source in variables.get("ansible_inventory_sources") or []]
    return {
        "user": user,
        # A list of hosts on the command line has commas.
        "inventory": [source if "," not in source else "-i " + ",".join(source.split(",")[:3]) + ",..." for source in sources],
        "versions": {"wxops.official_account": VERSION, "ansible-core": ansible.release.__version__},
    }
