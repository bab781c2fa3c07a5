# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of each playbook: its commands, its exit codes, and what drift tells a team."""

from __future__ import annotations

import http.server
import json
import re
import subprocess
import threading
import typing as t

import pytest
import yaml

from tests.integration.harness import CORE, SECRET, base_environment, leaks, secrets_of
from tests.integration.pages import GUIDES, Walk, server_of

if t.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.harness import Ansible
    from tests.simulator import Account, Simulator

MENU = {"button": [{"type": "view", "name": "Shop", "url": "https://shop.example/"}]}
DECLARED = {"wechat_draft_switch": "present", "wechat_menu": MENU}


@pytest.fixture
def account(simulator: Simulator, tmp_path: Path) -> Account:
    """The account of brand-a, the host of fleet.yml."""
    simulator.accounts.pop("wx0123456789abcdef", None)
    added = simulator.add(appid="wx0123456789abcdef", secret=SECRET)
    host = {"wechat_appid": added.appid, "wechat_secret": added.secret, **DECLARED}
    (tmp_path / "fleet.yml").write_text(yaml.safe_dump({"all": {"hosts": {"brand-a": host}}}))
    return added


def codes(run: list[t.Any]) -> list[int]:
    return [one.rc for one in run]


def written(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


REPORT = {"runs", "account-report.html", "account-report.csv", "account-report.json"}


def test_provision_and_rollback(account: Account, simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    with Walk(GUIDES / "playbook_provision.rst", ansible, tmp_path, server_of(simulator)) as walk:
        assert codes(walk.run()) == [0, 0]
    assert (account.is_open, account.menus.buttons) == (True, MENU["button"])
    assert written(tmp_path / "reports") >= REPORT
    with Walk(GUIDES / "playbook_rollback.rst", ansible, tmp_path, server_of(simulator)) as walk:
        assert codes(walk.run()) == [0, 0]
    assert (account.is_open, account.menus.buttons) == (True, None)


def test_export_and_validate(account: Account, simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    account.is_open, account.menus.buttons = True, MENU["button"]
    with Walk(GUIDES / "playbook_export.rst", ansible, tmp_path, server_of(simulator)) as walk:
        assert codes(walk.run()) == [0, 0]
        assert yaml.safe_load((tmp_path / "host_vars/brand-a/wechat.yml").read_text()) == DECLARED
        walk.environment = {**walk.environment, "WECHAT_APPID": account.appid, "WECHAT_SECRET": account.secret}
        assert codes(walk.run()) == [0]
        assert (tmp_path / "host_vars/localhost/wechat.yml").exists()
    with Walk(GUIDES / "playbook_validate.rst", ansible, tmp_path, {}) as walk:
        assert codes(walk.run()) == [0]
        (tmp_path / "review/account-menus.html").unlink()
        job = yaml.safe_load(walk.block("yaml").text)["validate"]
        (tmp_path / "ansible.cfg").write_text("[defaults]\nvault_password_file = nowhere\n")
        (script,) = job["script"]
        assert "nowhere was not found" in ansible.run(script.split(), tmp_path).output
        assert ansible.run(script.split(), tmp_path, job["variables"]).rc == 0
    assert written(tmp_path / "review") == {"account-menus.html"}


def test_explain(account: Account, simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    with Walk(GUIDES / "playbook_explain.rst", ansible, tmp_path, server_of(simulator)) as walk:
        assert codes(walk.run("-e", "account_report_dir=reports")) == [0, 0]
        assert codes(walk.run(WECHAT_APPID=account.appid, WECHAT_SECRET=account.secret)) == [0]
    assert account.is_open is False
    assert written(tmp_path / "reports") == {"account-explain.html", "account-explain.csv", "account-explain.json"}


def test_draft_switch(account: Account, simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    with Walk(GUIDES / "playbook_draft_switch.rst", ansible, tmp_path, server_of(simulator)) as walk:
        assert codes(walk.run("-e", "draft_switch_report_dir=reports")) == [0, 0]
    assert (account.is_open, account.menus.buttons) == (True, None)
    assert written(tmp_path / "reports") >= {"runs", *(f"draft-switch-report.{kind}" for kind in ("html", "csv", "json"))}


def test_one_account(account: Account, simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    with Walk(GUIDES / "playbook_one_account.rst", ansible, tmp_path, server_of(simulator)) as walk:
        walk.shell(typed=f"{account.secret}\n")
        assert codes(walk.run()) == [0, 0]
        assert account.calls.count("enable") == 1
    refused = ["ansible-playbook", "wxops.official_account.one_account", "-e", "wechat_state=absent"]
    assert ansible.run(refused, tmp_path, walk.environment).rc == 2


class Robot(http.server.BaseHTTPRequestHandler):
    """A robot of a chat group. It answers HTTP 200 also if it refuses a message, as those of WeCom and DingTalk do."""

    told: t.ClassVar[list[dict[str, t.Any]]] = []
    errcode = 0

    def do_POST(self) -> None:
        self.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        answer = json.dumps({"errcode": self.errcode, "errmsg": "x"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def robot() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Robot) as server:
        Robot.told.clear()
        Robot.errcode = 0
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/send?key=of-the-robot"
        server.shutdown()


def test_drift(account: Account, simulator: Simulator, ansible: Ansible, tmp_path: Path, robot: str) -> None:
    def job(line: str) -> tuple[int, str]:
        """The exit code and the output of the line of a job."""
        done = subprocess.run(["sh", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False)
        assert leaks(done.stdout + done.stderr + json.dumps(Robot.told), secrets_of(simulator) | {"of-the-robot"}) == []
        return done.returncode, done.stdout + done.stderr

    with Walk(GUIDES / "playbook_drift.rst", ansible, tmp_path, server_of(simulator)) as walk:
        assert codes(walk.run()) == [2]
        assert written(tmp_path / "reports") >= REPORT
        walk.write()
        crontab = walk.block("text").text
        walk.write()
        (script,) = yaml.safe_load(walk.block("yaml").text)["drift"]["script"]
        at, command = re.search(r"^0 3 \* \* \* (.*); (sh .*)$", crontab, re.MULTILINE).groups()  # type: ignore[union-attr]

        environment = {**base_environment(), **walk.environment, "HOME": str(tmp_path)}
        (tmp_path / "wechat").symlink_to(tmp_path)
        (tmp_path / ".wechat-robot").write_text(f"export ROBOT_URL='{robot}'\n")
        code, output = job(f"{at}; {command}")
        assert code == 1
        assert "This account is not what it declares." in output
        assert Robot.told == [{"msgtype": "text", "text": {"content": "drift: 1 differ, 0 failed: brand-a"}}]

        # The robot refuses the message, and the job says that it could not tell anybody.
        Robot.errcode = 45009
        code, output = job(f"{at}; {command}")
        assert (code, output.count("failed=1")) == (1, 2)

        account.is_open, account.menus.buttons = True, MENU["button"]
        Robot.told.clear()
        assert job(script) == (0, "")
        assert Robot.told == []

        # What has not begun has no report.
        (tmp_path / "fleet.yml").write_text("all:\n")
        environment["ROBOT_URL"] = robot
        assert job(script)[0] == 1
        assert [one["text"]["content"] for one in Robot.told] == ["drift could not start: see drift.log"]
    nobody = ansible.run(["ansible-playbook", "wxops.official_account.drift", "-i", "fleet.yml"], tmp_path, server_of(simulator))
    assert nobody.rc == (4 if CORE > (2, 18) else 1)
