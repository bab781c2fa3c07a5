# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trouble on the runner, before and after the module starts. The results say that nothing was sent only if that is certain, and why."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._run.operator import HELLO

from tests.integration.harness import ROOT, Ansible

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.simulator import Simulator

WHERE = {"ANSIBLE_CONNECTION_PLUGINS": str(ROOT / "tests/integration/connection")}
LOCAL = {"ansible_connection": "local"}
BECOME = {**LOCAL, "ansible_become": True}


class Trouble(t.NamedTuple):
    """``runner``: variables of the runner; {folder} is a folder of the test. ``script``: the content of the file ``script`` in it."""

    runner: dict[str, t.Any]
    reason: str
    says: str
    script: str = ""
    mode: int = 0o755


NEVER_BEGUN = {
    "no such Python": Trouble({**LOCAL, "ansible_python_interpreter": "/nowhere/python"}, "operator", "the runner has no such Python"),
    "a Python that may not be executed": Trouble(
        {**LOCAL, "ansible_python_interpreter": "{folder}/script"},
        "operator",
        "the runner's Python may not be executed by this user",
        "#!/bin/sh\n",
        0o644,
    ),
    "no Python at all": Trouble(
        {**LOCAL, "ansible_python_interpreter": "/bin/false"},
        "operator",
        "what is set as the runner's Python ended before the module began (exit code 1)",
    ),
    "no temporary folder": Trouble(
        {**LOCAL, "ansible_remote_tmp": "{folder}/script/tmp"},
        "operator",
        "no temporary folder for the module could be made (exit code 1)",
        "a file\n",
    ),
    "a full disk": Trouble({"ansible_connection": "full"}, "operator", "the module could not be copied there"),
    "an unprivileged become_user": Trouble(
        {**BECOME, "ansible_become_exe": "{folder}/script", "ansible_become_user": "no-such-user", "ansible_user": "someone"},
        "operator",
        "become_user cannot be given the right to read the module",
        '#!/bin/sh\nwhile [ "$1" != /bin/sh ]; do shift; done\nexec "$@"\n',
    ),
    "su without its password": Trouble(
        {
            **BECOME,
            "ansible_become_exe": "{folder}/script",
            "ansible_become_method": "su",
            "ansible_become_user": "nobody",
            "ansible_local_become_success_timeout": 2,
        },
        "operator",
        "the runner was reached, and no command can be run there as become_user",
        "#!/bin/sh\nprintf 'Password: ' >&2\nread -r password\nexit 1\n",
    ),
    "nobody there": Trouble({"ansible_connection": "unreachable"}, "transport", "the runner could not be reached"),
}
BEGUN = {
    "killed": ("kill -9 $$", "the module ended without a result (killed by signal 9)"),
    "ended": ("exit 3", "the module ended without a result (exit code 3)"),
}


def result_of(trouble: Trouble, simulator: Simulator, ansible: Ansible, folder: Path, *arguments: str) -> dict[str, t.Any]:
    """The row of an account that is off, if nothing was sent for it."""
    if trouble.script:
        (folder / "script").write_text(trouble.script)
        (folder / "script").chmod(trouble.mode)
    account = simulator.add()
    runner = {name: value.replace("{folder}", str(folder)) if isinstance(value, str) else value for name, value in trouble.runner.items()}
    hosts = {"acct": {"wechat_appid": account.appid, "wechat_secret": account.secret}, "there": runner}
    done = ansible.role(hosts, "--limit", "acct", *arguments, variables={"draft_switch_runner": "there"}, environment=WHERE)
    assert done.rc == 2, done.output
    assert account.calls == []
    return done.last()["acct"]


@pytest.mark.parametrize("name", NEVER_BEGUN)
def test_trouble_before_the_module_begins_has_sent_nothing(name: str, simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    trouble = NEVER_BEGUN[name]
    result = result_of(trouble, simulator, ansible, tmp_path)
    assert (result["failure"]["reason"], result["request_sent"], result["failed"]) == (trouble.reason, False, True)
    assert f"Failed to start: {trouble.says}" in result["msg"]
    assert "nothing was sent" in result["msg"]


@pytest.mark.parametrize("name", BEGUN)
def test_a_module_that_has_begun_and_tells_nothing_leaves_all_open(
    name: str, simulator: Simulator, ansible: Ansible, tmp_path: Path
) -> None:
    ends, says = BEGUN[name]
    python = {**LOCAL, "ansible_python_interpreter": "{folder}/script"}
    trouble = Trouble(python, "outcome_unknown", says, f"#!/bin/sh\necho '{HELLO}'\n{ends}\n")
    result = result_of(trouble, simulator, ansible, tmp_path)
    assert (result["failure"]["reason"], result["request_sent"], result["is_open"]) == ("outcome_unknown", None, None)
    assert says in result["msg"]
    assert "may have been sent and carried out; run again: it looks first" in result["msg"]
    # A look changes nothing, even if its result is lost.
    looked = result_of(trouble, simulator, ansible, tmp_path, "--check")
    assert (looked["failure"]["reason"], looked["request_sent"]) == ("protocol", False)
