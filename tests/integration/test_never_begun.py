# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trouble on the runner, before and after the module starts. The results say that nothing was sent only if that is certain."""

from __future__ import annotations

import json
import sys
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._run.waiting import HELLO
from ansible_collections.wxops.official_account.plugins.plugin_utils._record import paths_in, read

from tests.integration.endings import CONNECTIONS

if t.TYPE_CHECKING:
    from tests.integration.harness import Ansible
    from tests.simulator import Simulator

pytestmark = pytest.mark.every_core

LOCAL = {"ansible_connection": "elsewhere"}
BECOME = {"ansible_connection": "local", "ansible_become": True}
NOT_BEGUN = "the runner could not be reached, or the module could not be started there"
MENU = {"button": [{"type": "click", "name": "Help", "key": "help"}]}


class Trouble(t.NamedTuple):
    """``runner``: variables of the runner; {folder} is a folder of its own. ``script``: the content of the file ``script`` in it."""

    runner: dict[str, t.Any]
    script: str = ""
    mode: int = 0o755


_SCRIPT = {**LOCAL, "ansible_python_interpreter": "{folder}/script"}
# The first call is in check mode.
_SECOND_CALL = f"""#!/bin/sh
if [ -e {{folder}}/called ]; then {{ends}}; fi
touch {{folder}}/called
exec {sys.executable} "$@"
"""
NEVER_BEGUN = {
    "no such Python": Trouble({**LOCAL, "ansible_python_interpreter": "/nowhere/python"}),
    "a Python that may not be executed": Trouble(_SCRIPT, script="#!/bin/sh\n", mode=0o644),
    "no Python at all": Trouble({**LOCAL, "ansible_python_interpreter": "/bin/false"}),
    "no temporary folder": Trouble({**LOCAL, "ansible_remote_tmp": "{folder}/script/tmp"}, script="a file\n"),
    "a full disk": Trouble({"ansible_connection": "full"}),
    "su without its password": Trouble(
        {
            **BECOME,
            "ansible_become_exe": "{folder}/script",
            "ansible_become_method": "su",
            "ansible_become_user": "nobody",
            "ansible_local_become_success_timeout": 2,
        },
        script="#!/bin/sh\nprintf 'Password: ' >&2\nread -r password\nexit 1\n",
    ),
    "nobody there": Trouble({"ansible_connection": "unreachable"}),
    "ends at the second call": Trouble(_SCRIPT, script=_SECOND_CALL.replace("{ends}", "exit 3")),
}
NO_RESULT = "the module on the runner ended without a result"
# In the first call nothing is changed, even if its result is lost.
LOOK_LOST = {"ends in the first call": Trouble(_SCRIPT, f"#!/bin/sh\necho '{HELLO}'\nkill -9 $$\n")}
CHANGE_LOST = {
    "killed in the second call": Trouble(_SCRIPT, _SECOND_CALL.replace("{ends}", f"echo '{HELLO}'; kill -9 $$")),
    "ends in the second call": Trouble(_SCRIPT, _SECOND_CALL.replace("{ends}", f"echo '{HELLO}'; exit 3")),
}
TROUBLES = {**NEVER_BEGUN, **LOOK_LOST, **CHANGE_LOST}


class Row(t.NamedTuple):
    """``result``: of the task. ``recorded``: what the record says of the account; ``kept``: what it had before."""

    result: dict[str, t.Any]
    recorded: dict[str, t.Any]
    kept: dict[str, t.Any]
    calls: list[str]


@pytest.fixture(scope="module")
def rows(simulator: Simulator, ansible: Ansible, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    """One play, in which each trouble is that of the runner of one account."""
    folder = tmp_path_factory.mktemp("troubles")
    accounts = {name: simulator.add() for name in TROUBLES}
    hosts: dict[str, dict[str, t.Any]] = {}
    runners: dict[str, dict[str, t.Any]] = {}
    for number, (name, trouble) in enumerate(TROUBLES.items()):
        own = folder / str(number)
        own.mkdir()
        if trouble.script:
            (own / "script").write_text(trouble.script.replace("{folder}", str(own)))
            (own / "script").chmod(trouble.mode)
        runner = {"ansible_python_interpreter": sys.executable, **trouble.runner}
        runners[f"runner-{number}"] = json.loads(json.dumps(runner).replace("{folder}", str(own)))
        given = {"wechat_appid": accounts[name].appid, "wechat_secret": accounts[name].secret, "wechat_menu": MENU}
        hosts[name] = {**given, "account_runner": f"runner-{number}"}
    variables = {f"account_{name}": value for name, value in ansible.options.items()} | {"account_report_dir": str(folder / "reports")}
    inventory = {"accounts": {"hosts": hosts, "vars": variables}, "runners": {"hosts": runners}}
    (folder / "inventory.json").write_text(json.dumps(inventory))
    play = {"hosts": "accounts", "gather_facts": False, "roles": ["wxops.official_account.account"]}
    (folder / "play.json").write_text(json.dumps([play]))
    done = ansible.run(["ansible-playbook", "-i", "inventory.json", "play.json", "-f", "6", "-vvv"], folder, CONNECTIONS)
    assert done.rc == 2, done.output
    # An unreachable runner fails like any other, so that the rescue writes the report.
    recap = done.recap()
    assert {(counts["unreachable"], counts["failed"], counts["rescued"]) for counts in recap.values()} == {(0, 1, 1)}, done.output
    # With -vvv, Ansible's own reason is shown.
    assert "The module on the runner: nobody is there" in done.prose
    assert "/nowhere/python" in done.output.split("The module on the runner:", 1)[1]
    (path,) = paths_in(folder / "reports")
    recorded = read(path)
    results = {name: next(result for result in done.results[name] if "resources" in result) for name in hosts}
    return {
        name: Row(results[name], recorded.rows[name], recorded.kept.get(name, {}), list(account.calls))
        for name, account in accounts.items()
    }


@pytest.mark.parametrize("name", NEVER_BEGUN)
def test_trouble_before_the_module_begins_has_sent_nothing(name: str, rows: dict[str, Row]) -> None:
    row = rows[name]
    assert (row.result["failure"]["reason"], row.result["request_sent"], row.result["failed"]) == ("operator", False, True)
    says = f"Failed to start: {NOT_BEGUN}; nothing was sent; run again: it checks first; -vvv shows why."
    assert row.result["msg"] == row.recorded["msg"] == says
    assert "menu_create" not in row.calls


@pytest.mark.parametrize("name", LOOK_LOST)
def test_a_module_that_only_looked_and_tells_nothing_has_changed_nothing(name: str, rows: dict[str, Row]) -> None:
    row = rows[name]
    assert (row.result["failure"]["reason"], row.result["request_sent"]) == ("protocol", False)
    assert NO_RESULT in row.result["msg"]
    assert (row.calls, row.kept) == ([], {})


@pytest.mark.parametrize("name", CHANGE_LOST)
def test_a_module_that_has_begun_and_tells_nothing_leaves_all_open(name: str, rows: dict[str, Row]) -> None:
    row = rows[name]
    assert (row.result["failure"]["reason"], row.result["request_sent"]) == ("outcome_unknown", None)
    assert (row.recorded["failure"]["reason"], row.recorded["request_sent"]) == ("outcome_unknown", None)
    assert f"{NO_RESULT}; a change may have been sent and carried out; run again: it checks first" in row.result["msg"]
    assert list(row.kept) == ["menu"]
