# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples for AWX, execution environments and slices.

AWX itself does not run here. Modules of the same names stand in for those of awx.awx: they write down what they are given. This is then
held against what AWX accepts (its API's documentation and the modules of awx.awx 24.6.1), and run as AWX would run it. AWX's own code
renders the credential, and slices are run with ansible-runner, as on AWX's execution nodes.
"""

from __future__ import annotations

import collections
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import textwrap
import typing as t
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ansible_runner
import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.wxops.official_account.plugins.plugin_utils._record import Recorded, paths_in, read
from ansible_collections.wxops.official_account.plugins.plugin_utils._told import endings_of
from awx_plugins.interfaces._temporary_private_api import ManagedCredentialType
from awx_plugins.interfaces._temporary_private_credential_api import Credential
from awx_plugins.interfaces._temporary_private_inject_api import HIDDEN_PASSWORD, inject_credential
from dateutil.rrule import rrulestr

from tests.integration.endings import MARK, Marked, wait_until
from tests.integration.fleets import CHANGES, variables_of
from tests.integration.harness import BIN, ROOT, base_environment, leaks, secrets_of
from tests.simulator import Fault

if t.TYPE_CHECKING:
    from tests.integration.harness import Ansible, Run
    from tests.simulator import Account, Simulator

GUIDE = (ROOT / "docs/docsite/rst/guide_awx.rst").read_text(encoding="utf-8")
AWX, EE, SLICES = (ROOT / "examples" / name for name in ("awx", "ee", "slices"))
PINNED = {"name": "wxops.official_account", "version": "1.0.0"}
# The arguments of the modules that load.yml uses, without those that nothing here needs.
_ARGUMENTS = """
execution_environment: name image description organization credential pull
project: name description organization scm_type scm_url scm_branch scm_update_on_launch default_environment credential
credential_type: name description kind inputs injectors
credential: name description organization credential_type inputs
inventory: name description organization variables kind
inventory_source: name description inventory organization source source_project source_path credential execution_environment overwrite
 overwrite_vars update_on_launch update_cache_timeout
settings: name value settings
job_template: name description job_type organization inventory project playbook credentials diff_mode extra_vars job_slice_count forks limit
 survey_enabled survey_spec ask_limit_on_launch ask_job_type_on_launch execution_environment instance_groups timeout allow_simultaneous
schedule: name description unified_job_template organization rrule enabled extra_data
"""
ARGUMENTS = {name: set(arguments.split()) for name, arguments in yaml.safe_load(_ARGUMENTS).items()}
# What AWX takes for a playbook of a project.
PLAYBOOK_LINE = re.compile(r"^\s*?-?\s*?(hosts|(ansible\.builtin\.)?import_playbook):")

LOAD = ["load.yml", "-e", "project_url=https://git.example/wechat.git", "-e", "image=registry.example/wechat-ee:1.0.0"]
RECORDER = """
import json, os
from ansible.plugins.action import ActionBase

class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        with open(os.environ["LOADED"], "a") as file:
            file.write(json.dumps({"module": self._task.action.rsplit(".", 1)[1], "arguments": self._task.args}) + "\\n")
        return {"changed": True}
"""


class Loaded(t.NamedTuple):
    """What load.yml gave to each module, by the name of the object."""

    by_module: dict[str, dict[str, dict[str, t.Any]]]

    def __getitem__(self, module: str) -> dict[str, dict[str, t.Any]]:
        return self.by_module[module]

    def one(self, module: str) -> dict[str, t.Any]:
        (only,) = self.by_module[module].values()
        return only


@pytest.fixture(scope="module")
def loaded(ansible: Ansible, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("load")
    stand_in = folder / "collections/ansible_collections/awx/awx/plugins"
    for kind in ("action", "modules"):
        (stand_in / kind).mkdir(parents=True)
    for module in ARGUMENTS:
        (stand_in / "action" / f"{module}.py").write_text(RECORDER)
        (stand_in / "modules" / f"{module}.py").write_text("DOCUMENTATION = ''\n")
    log = folder / "loaded"
    for name in ("load.yml", "survey.yml"):
        shutil.copy(AWX / name, folder)
    environment = {"LOADED": str(log), "ANSIBLE_COLLECTIONS_PATH": str(folder / "collections")}
    run = ansible.run(["ansible-playbook", *LOAD], folder, environment)
    assert run.rc == 0, run.output
    found: dict[str, dict[str, dict[str, t.Any]]] = collections.defaultdict(dict)
    for call in map(json.loads, log.read_text().splitlines()):
        found[call["module"]][call["arguments"].get("name", "")] = call["arguments"]
    return Loaded(dict(found))


def snippets_of_guide(language: str) -> list[str]:
    found = re.findall(rf"\.\. code-block:: {language}\n\n((?:   .*\n|\n)+)", GUIDE)
    return [textwrap.dedent(snippet).strip() + "\n" for snippet in found]


# --- What AWX accepts.


def test_the_modules_have_these_arguments(loaded: Loaded) -> None:
    assert set(loaded.by_module) == set(ARGUMENTS)
    for module, objects in loaded.by_module.items():
        for arguments in objects.values():
            assert set(arguments) <= ARGUMENTS[module], module


def test_each_object_is_created_before_others_name_it(loaded: Loaded) -> None:
    for template in loaded["job_template"].values():
        assert template["project"] in loaded["project"]
        assert template["inventory"] in loaded["inventory"]
        assert set(template["credentials"]) <= set(loaded["credential"])
        assert template["job_type"] in ("run", "check")
    assert loaded.one("credential")["credential_type"] in loaded["credential_type"]
    assert loaded.one("schedule")["unified_job_template"] in loaded["job_template"]
    assert loaded.one("project")["default_environment"] in loaded["execution_environment"]
    assert list(loaded.by_module) == list(ARGUMENTS), "in this order, which is that of the table"


def test_the_templates_name_playbooks_of_the_project(loaded: Loaded) -> None:
    named = {template["playbook"] for template in loaded["job_template"].values()}
    assert named == {path.name for path in (AWX / "project").glob("*.yml")}
    for name in named:
        text = (AWX / "project" / name).read_text(encoding="utf-8")
        assert any(map(PLAYBOOK_LINE.match, text.splitlines())), name
        (imported,) = yaml.safe_load(text)
        playbook = imported["ansible.builtin.import_playbook"].removeprefix("wxops.official_account.")
        assert (ROOT / "playbooks" / f"{playbook}.yml").is_file()


def test_the_survey_is_one(loaded: Loaded) -> None:
    survey = loaded["job_template"]["WeChat accounts: rollout"]["survey_spec"]
    assert {key: type(value) for key, value in survey.items()} == {"name": str, "description": str, "spec": list}
    known = set(yaml.safe_load((ROOT / "roles/account/meta/argument_specs.yml").read_text())["argument_specs"]["main"]["options"])
    known |= {"provision_stages", "provision_max_fail_percentage"}
    assert len({question["variable"] for question in survey["spec"]}) == len(survey["spec"])
    for question in survey["spec"]:
        assert {"question_name", "question_description", "variable", "type", "required", "default"} <= set(question)
        assert question["variable"] in known
        assert isinstance(question["required"], bool)
        if question["type"] == "multiplechoice":
            assert all(isinstance(choice, str) for choice in question["choices"])
            assert question["default"] in question["choices"]
        else:
            assert question["type"] == "integer"
            assert question["min"] <= question["default"] <= question["max"]


def test_the_credential_type_is_one(loaded: Loaded) -> None:
    kind = loaded.one("credential_type")
    assert kind["kind"] == "cloud"
    assert set(kind["inputs"]) <= {"fields", "required"}
    fields = {field["id"]: field for field in kind["inputs"]["fields"]}
    for name, field in fields.items():
        assert set(field) <= {"id", "type", "label", "help_text", "secret", "format", "multiline", "choices", "default"}
        assert {"id", "label"} <= set(field)
        assert field["type"] == "string"
        assert field.get("secret", False) == (name in ("secret", "access_token", "component_access_token"))
    assert set(kind["injectors"]) == {"env"}
    # Each field reaches the variable of its name, which the collection reads. What AWX shows of the job hides the secrets.
    values = {name: f"value of {name}" for name in fields}
    of_job, shown = injected(kind, values)
    assert of_job == {f"WECHAT_{name.upper()}": value for name, value in values.items()}
    hidden = {name for name, value in shown.items() if value == HIDDEN_PASSWORD}
    assert hidden == {"WECHAT_SECRET", "WECHAT_ACCESS_TOKEN", "WECHAT_COMPONENT_ACCESS_TOKEN"}
    # A field without a value is an empty variable, which the collection takes for none.
    assert set(injected(kind, {"api_url": values["api_url"]})[0].values()) == {values["api_url"], ""}
    read = " ".join(path.read_text(encoding="utf-8") for path in (ROOT / "plugins").rglob("*.py"))
    assert all(f"{name}" in read for name in kind["injectors"]["env"])


def test_the_schedule_is_one(loaded: Loaded) -> None:
    rule = loaded.one("schedule")["rrule"]
    assert re.fullmatch(r"DTSTART;TZID=Asia/Shanghai:\d{8}T\d{6} RRULE:FREQ=DAILY;INTERVAL=\d+", rule)
    first, second = rrulestr(rule)[0], rrulestr(rule)[1]
    assert first.tzinfo is not None
    assert ((second - first).days, first.hour) == (1, 3)


def test_the_paths_for_jobs_are_mounts(loaded: Loaded) -> None:
    mounts = [path.split(":") for path in loaded.one("settings")["settings"]["AWX_ISOLATION_SHOW_PATHS"]]
    assert all(outside.startswith("/") and inside.startswith("/") and how in ("z", "O", "ro", "rw") for outside, inside, how in mounts)
    (reports,) = [inside for _outside, inside, how in mounts if how == "z"]
    for template in loaded["job_template"].values():
        # Jobs side by side have folders of their own.
        folder = "{{ awx_job_id }}" if "job_slice_count" in template else template["name"].removeprefix("WeChat ").partition(":")[0]
        assert template["extra_vars"]["account_report_dir"] == f"{reports}/{folder}"


def injected(kind: dict[str, t.Any], values: dict[str, str]) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
    """The environment of a job, as AWX makes it from a credential with these ``values``, and what AWX shows of it."""
    named = ManagedCredentialType("wechat", "WeChat", kind["kind"], kind["inputs"], kind["injectors"])
    of_job: dict[str, t.Any] = {}
    shown: dict[str, t.Any] = {}
    arguments: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        inject_credential(named, Credential({**values}), of_job, shown, arguments, folder)
        # Nothing is on the command line, or in a file.
        assert arguments == [*Path(folder).iterdir()] == []
    return of_job, shown


# --- What AWX would run.


class Controller:
    """Runs the loaded objects as AWX does.

    The project is the folder, the credential is the environment, the job's number is a variable, and the inventory is a program that prints
    what the inventory source has read.
    """

    def __init__(self, loaded: Loaded, simulator: Simulator, ansible: Ansible, folder: Path) -> None:
        self._loaded, self._ansible, self._folder = loaded, ansible, folder
        self._jobs = 0
        self.component = simulator.add_component()
        values = {"component_appid": self.component.appid, "component_access_token": self.component.token, "api_url": simulator.url}
        self._environment = {
            **injected(loaded.one("credential_type"), values)[0],
            "REQUESTS_CA_BUNDLE": str(simulator.ca_path),
            "ANSIBLE_INVENTORY_UNPARSED_FAILED": "true",
            "ANSIBLE_SHOW_CUSTOM_STATS": "true",
        }
        self.project = folder / "project"
        shutil.copytree(AWX / "project", self.project)

    def update_inventory(self, source_path: str) -> dict[str, t.Any]:
        """Read the inventory source. Returns what AWX imports."""
        command = ["ansible-inventory", "-i", source_path, "--list", "--export"]
        run = self._ansible.run(command, self.project, self._environment)
        assert run.rc == 0, run.output
        (self._folder / "imported").write_text(run.output)
        script = self._folder / "hosts"
        script.write_text(f"#!/bin/sh\ncat {shlex.quote(str(self._folder / 'imported'))}\n")
        script.chmod(0o700)
        imported: dict[str, t.Any] = json.loads(run.output)
        return imported

    def launch(self, name: str, *arguments: str, job_type: str = "") -> tuple[Run, Path]:
        """Launch a job template, with the default answers to its questions. Returns the run, and its folder for reports."""
        template = self._loaded["job_template"][name]
        self._jobs += 1
        answers = {question["variable"]: question["default"] for question in template.get("survey_spec", {"spec": []})["spec"]}
        given = self._variables(template, self._jobs)
        command = ["ansible-playbook", template["playbook"], "-i", str(self._folder / "hosts"), *arguments]
        command += ["-e", json.dumps({**given, **answers})]
        command += ["--check"] * ((job_type or template["job_type"]) == "check") + ["--diff"] * template.get("diff_mode", False)
        return self._ansible.run(command, self.project, self._environment), Path(given["account_report_dir"])

    def slices(self, name: str, count: int, image: Path, **more: t.Any) -> list[Slice]:
        """The jobs of a job template in ``count`` slices, which are not started yet. ``more``: further variables."""
        template = self._loaded["job_template"][name]
        imported = json.loads((self._folder / "imported").read_text())
        hosts = sorted(imported["wechat_accounts"]["hosts"])
        found = []
        for number in range(1, count + 1):
            self._jobs += 1
            one = Slice(self._folder / f"job-{self._jobs}", image, template, self._jobs, hosts[number - 1 :: count])
            inventory = {**imported, "wechat_accounts": {**imported["wechat_accounts"], "hosts": one.hosts}}
            one.prepare(self.project, inventory, self._environment, {**self._variables(template, self._jobs), **more})
            found.append(one)
        return found

    def _variables(self, template: dict[str, t.Any], job: int) -> dict[str, t.Any]:
        """The extra variables of a job. The mounted folder /reports is in another place here."""
        given = json.dumps({**template["extra_vars"], "awx_job_id": job}).replace("/reports/", f"{self._folder}/reports/")
        variables: dict[str, t.Any] = json.loads(given.replace("{{ awx_job_id }}", str(job)))
        return variables


class Slice(Marked):
    """A slice of a job, as receptor runs it: ``ansible-runner transmit``, ``worker`` and ``process``, with a stream from each to the next.

    AWX calls the first and the last one from Python. The worker is a program in the container. ``folder``: for AWX's files and the
    container's. ``image``: where the execution environment has its collections. ``hosts``: the accounts.
    """

    def __init__(self, folder: Path, image: Path, template: dict[str, t.Any], job: int, hosts: list[str]) -> None:
        self.folder, self.hosts = folder, hosts
        self.reports = folder.parent / "reports" / str(job)
        self.mark = f"job-{os.getpid()}-{job}"
        self._image, self._template, self._job = image, template, job

    def prepare(self, project: Path, inventory: dict[str, t.Any], environment: dict[str, str], variables: dict[str, t.Any]) -> None:
        """Write what AWX writes for a job."""
        shutil.copytree(project, self.folder / "private/project")
        files = {
            "env/envvars": json.dumps(environment),
            "env/extravars": json.dumps(variables),
            "env/cmdline": f"--forks {self._template['forks']}",
            "inventory/hosts": f"#!/usr/bin/env python3\nprint({json.dumps(inventory)!r})\n",
        }
        for name, content in files.items():
            path = self.folder / "private" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(content)
            path.chmod(0o700)

    def run(self) -> str:
        """Run the slice. Returns the status that AWX gives the job."""
        home = self.folder / "container"
        home.mkdir()
        # The collection is only where the image has it.
        environment = {"PATH": f"{BIN}:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(home), "ANSIBLE_COLLECTIONS_PATH": str(self._image)}
        command = [str(BIN / "ansible-runner"), "worker", "--private-data-dir", str(home / "runner"), "--delete"]
        given = {"private_data_dir": str(self.folder / "private"), "ident": self._job}
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=home, env={**environment, MARK: self.mark}, stdin=pipe, stdout=pipe) as worker:
            transmitted = {**given, "playbook": self._template["playbook"], "inventory": f"{given['private_data_dir']}/inventory/hosts"}
            ansible_runner.run(streamer="transmit", _output=worker.stdin, **transmitted)
            t.cast("t.IO[bytes]", worker.stdin).close()
            return str(ansible_runner.run(streamer="process", _input=worker.stdout, quiet=True, **given).status)

    @property
    def written(self) -> str:
        """What AWX keeps of the job, which are its output and the events, and the report."""
        kept = [*self.folder.glob("private/artifacts/*/stdout"), *self.folder.glob("private/artifacts/*/job_events/*")]
        return "".join(path.read_text() for path in [*kept, *self.reports.glob("**/*")] if path.is_file())


@pytest.fixture
def controller(loaded: Loaded, simulator: Simulator, ansible: Ansible, tmp_path: Path) -> Controller:
    return Controller(loaded, simulator, ansible, tmp_path)


def stats(run: Run) -> dict[str, t.Any]:
    found: dict[str, t.Any] = json.loads(run.output.split("RUN: ", 1)[1])
    return found


def test_survey_rollout_drift_and_rollback(controller: Controller, loaded: Loaded, simulator: Simulator) -> None:
    accounts = [simulator.add(is_open=number < 2) for number in range(4)]
    for account in accounts:
        controller.component.authorise(account, permission_sets=(11, 15))
    appids = [account.appid for account in accounts]
    assert set(controller.update_inventory(loaded.one("inventory_source")["source_path"])["wechat_accounts"]["hosts"]) == set(appids)

    run, folder = controller.launch("WeChat accounts: survey")
    assert run.rc == 0, run.output
    assert (stats(run)["account_changed"], sorted(stats(run)["account_would_change"])) == (4, appids)
    assert {"enable", "menu_create"}.isdisjoint(call for account in accounts for call in account.calls)

    run, folder = controller.launch("WeChat drift")
    assert run.rc != 0
    assert [host for host, counts in run.recap().items() if counts["failed"]] == appids
    assert sorted(stats(run)["account_would_change"]) == appids

    run, folder = controller.launch("WeChat accounts: rollout")
    assert run.rc == 0, run.output
    assert all(account.is_open for account in accounts)
    assert [account.menus.buttons[0]["url"] for account in accounts if account.menus.buttons] == [
        f"https://shop.example/?from={appid}" for appid in appids
    ]
    assert stats(run)["account_changed"] == 4
    # That of the survey, and that of the rollout.
    assert len(list((folder / "runs").iterdir())) == 2

    run, _folder = controller.launch("WeChat drift")
    assert (run.rc, stats(run)["account_would_change"]) == (0, [])

    run, _folder = controller.launch("WeChat accounts: rollback")
    assert (run.rc, sorted(stats(run)["account_would_change"])) == (0, appids)
    run, _folder = controller.launch("WeChat accounts: rollback", job_type="run")
    assert run.rc == 0, run.output
    assert [account.menus.buttons for account in accounts] == [None] * 4


def test_accounts_with_an_appsecret(controller: Controller, simulator: Simulator, tmp_path: Path) -> None:
    """AWX imports a single vaulted value as it is, without the password. The job has the password."""
    (shown,) = snippets_of_guide("text")
    appid = re.findall("wechat_appid: (.*)", shown)[0]
    simulator.accounts.pop(appid, None)
    account = simulator.add(appid=appid)
    (tmp_path / "password").write_text("password")
    vaulted = VaultLib([("default", VaultSecret(b"password"))]).encrypt(account.secret).decode()
    shown, count = re.subn(r"\n {8}\$ANSIBLE_VAULT.*", lambda _match: "\n" + textwrap.indent(vaulted, " " * 8), shown, flags=re.DOTALL)
    assert count == 1
    (controller.project / "inventory/fleet.yml").write_text(shown)
    controller.update_inventory("inventory/fleet.yml")
    run, _folder = controller.launch("WeChat accounts: survey", "--vault-password-file", str(tmp_path / "password"))
    assert run.rc == 0, run.output
    assert account.calls[:2] == ["token", "look"]


def test_the_slices_share_the_accounts(loaded: Loaded, simulator: Simulator, tmp_path: Path) -> None:
    accounts = {f"brand-{number}": simulator.add() for number in range(7)}
    template = loaded["job_template"]["WeChat accounts: rollout in slices"]
    assert template["job_slice_count"] > 1
    hosts = {name: {**variables_of(one), "wechat_draft_switch": "present"} for name, one in accounts.items()}
    (tmp_path / "fleet.json").write_text(json.dumps({"all": {"hosts": hosts}}))
    command = shown_in(SLICES / "slices.py")[1:]
    assert f"provision_stages={template['extra_vars']['provision_stages']}" in command
    for old, new in {"slices.py": str(SLICES / "slices.py"), "4": "3", "fleet.yml": "fleet.json"}.items():
        command[command.index(old)] = new
    done = subprocess.run(
        [sys.executable, *command],
        cwd=tmp_path,
        env={**base_environment(), "WECHAT_API_URL": simulator.url, "REQUESTS_CA_BUNDLE": str(simulator.ca_path), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    # Exactly once: one account in two slices would have two tokens and more looks.
    assert {tuple(account.calls) for account in accounts.values()} == {("token", "look", "enable", "look")}
    records = {path.parts[-3]: path.read_text().splitlines()[0] for path in tmp_path.glob("reports/*/runs/*.jsonl")}
    reports = {name: set(json.loads(line)["accounts"]) for name, line in records.items()}
    # AWX's slice n of m: every m-th host in the order of names, from the n-th.
    assert reports == {f"slice-{number}": set(sorted(accounts)[number - 1 :: 3]) for number in (1, 2, 3)}
    # Nothing of ansible-runner's folders is left, because they hold the environment.
    assert {path.name for path in tmp_path.iterdir()} == {"fleet.json", "reports"}
    written = done.stdout + done.stderr + "".join(path.read_text() for path in tmp_path.glob("reports/**/*") if path.is_file())
    assert leaks(written, secrets_of(simulator)) == []


@pytest.fixture(scope="module")
def image(ansible: Ansible, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of collections of an execution environment, in which the collection is installed from its package."""
    folder = tmp_path_factory.mktemp("image")
    collections_of_image = folder / "usr/share/ansible/collections"
    assert ansible.run(["ansible-galaxy", "collection", "build", "--output-path", str(folder), str(ROOT)]).rc == 0
    (package,) = folder.glob("*.tar.gz")
    environment = {"ANSIBLE_COLLECTIONS_PATH": str(collections_of_image)}
    command = ["ansible-galaxy", "collection", "install", "--offline", "-p", str(collections_of_image), str(package)]
    assert ansible.run(command, environment=environment).rc == 0
    return collections_of_image


def side_by_side(slices: list[Slice]) -> list[str]:
    with ThreadPoolExecutor(len(slices)) as pool:
        return list(pool.map(Slice.run, slices))


def test_slices_on_execution_nodes_and_one_that_is_killed(
    controller: Controller, loaded: Loaded, simulator: Simulator, image: Path
) -> None:
    accounts = {account.appid: account for account in (simulator.add() for _number in range(9))}
    for account in accounts.values():
        controller.component.authorise(account, permission_sets=(11, 15))
    controller.update_inventory(loaded.one("inventory_source")["source_path"])
    slices = controller.slices("WeChat accounts: rollout in slices", 3, image, account_timeout=120)
    assert sorted(host for one in slices for host in one.hosts) == sorted(accounts)
    killed = slices[1]
    hanging, *others = killed.hosts
    # The platform makes the change, and does not answer. Then the container is killed.
    accounts[hanging].plan("menu_create", Fault(delay=120.0, carried_out=True))

    def kill_in_the_middle() -> None:
        wait_until(lambda: "menu_create" in accounts[hanging].calls and len(recorded(killed).rows) == len(others), "the change")
        killed.end_all()

    with ThreadPoolExecutor(1) as pool:
        killing = pool.submit(kill_in_the_middle)
        assert side_by_side(slices) == ["successful", "error", "successful"]
        killing.result()
    assert killed.processes() == {}
    # Each account was worked on in one slice. What became of the one that hung is not known.
    changes = {"enable": 1, "menu_create": 1}
    assert {appid: changes_of(account) for appid, account in accounts.items()} == dict.fromkeys(accounts, changes)
    assert {one.reports.name: set(recorded(one).accounts) for one in slices} == {one.reports.name: set(one.hosts) for one in slices}
    endings = {appid: ended for appid, (ended, _label) in endings_of(recorded(killed)).items()}
    assert endings == {hanging: "not_known", **dict.fromkeys(others, "changed")}
    assert not (killed.reports / "account-report.json").exists()

    # The next run checks first, finds that the change was made, and says so.
    (again,) = controller.slices("WeChat accounts: rollout in slices", 1, image, account_report_dir=str(killed.reports))
    assert side_by_side([again]) == ["successful"]
    assert {appid: changes_of(account) for appid, account in accounts.items()} == dict.fromkeys(accounts, changes)
    report = json.loads((killed.reports / "account-report.json").read_text())
    assert report["summary"]["unchanged"] == len(accounts)
    assert report["since_last"]["changed_ending"] == [hanging]
    assert report["since_last"]["before"] == {hanging: "not_known"}
    assert leaks("".join(one.written for one in [*slices, again]), secrets_of(simulator)) == []


def recorded(one: Slice) -> Recorded:
    """What the last record of a slice says."""
    paths = paths_in(one.reports)
    return read(paths[-1]) if paths else Recorded("")


def changes_of(account: Account) -> dict[str, int]:
    return dict(collections.Counter(call for call in account.calls if call in CHANGES))


def shown_in(path: Path) -> list[str]:
    """The command that a script's first lines show."""
    (line,) = re.findall(rf"^    (python {path.name} .*)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return shlex.split(line)


# --- The execution environment.


def test_the_commands_of_the_guide_are_those_that_are_run_here() -> None:
    commands = "".join(snippets_of_guide("console")).replace("$ ", "").splitlines()
    needs_a_network = ["ansible-builder build -t registry.example/wechat-ee:1.0.0", "ansible-galaxy collection install -r requirements.yml"]
    assert commands == [
        "ansible-builder create",
        needs_a_network[0],
        "ansible-builder introspect ~/.ansible/collections",
        needs_a_network[1],
        f"ansible-playbook {shlex.join(LOAD)}",
        "ansible-playbook wxops.official_account.drift -i fleet.yml",
        shlex.join(shown_in(SLICES / "slices.py")),
    ]


def builder(*arguments: str) -> str:
    return subprocess.run(
        [str(BIN / "ansible-builder"), *arguments],
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


def test_the_execution_environment_can_be_created(tmp_path: Path) -> None:
    builder("create", "--file", str(EE / "execution-environment.yml"), "--context", str(tmp_path))
    # It is a Dockerfile where podman is not installed.
    (containerfile,) = tmp_path.glob("*file")
    assert re.search(r'ANSIBLE_INSTALL_REFS="ansible-core~=\S+ ansible-runner\S+"', containerfile.read_text())
    assert yaml.safe_load((tmp_path / "_build/requirements.yml").read_text()) == {"collections": [PINNED]}


def test_what_the_collection_needs_is_found_in_it() -> None:
    output = builder("introspect", str(ROOT / ".work/collections"))
    found = yaml.safe_load(output.split("---", 1)[-1])
    assert "requests>=2.31.0" in str(found["python"])
    assert not found.get("system")


def test_the_pins_are_those_of_a_release() -> None:
    files = [EE / "requirements.yml", AWX / "project/collections/requirements.yml"]
    assert [yaml.safe_load(path.read_text())["collections"] for path in files] == [[PINNED]] * 2
    version = yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"]
    assert version.endswith("-dev") or version == PINNED["version"]
