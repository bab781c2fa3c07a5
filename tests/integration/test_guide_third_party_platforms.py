# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every snippet of the guide to third-party platforms, run."""

from __future__ import annotations

import http.server
import json
import re
import subprocess
import threading
import typing as t
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from ansible_collections.wxops.official_account.plugins.inventory import wechat_authorizers

from tests.demo.__main__ import EVERYONE as DEMO
from tests.integration.pages import GUIDES, blocks, commands, server_of

if t.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.harness import Ansible, Run
    from tests.simulator import Component, Simulator

APPID = "wx0123456789abcdef"
FILE = "my.wechat_authorizers.yml"
GUIDE = GUIDES / "guide_third_party_platforms.rst"
PAGE = blocks(GUIDE)
# The files and the commands of the guide. A further one fails here.
PLAIN, EVERYONE, MENUS, GROUP_VARS, FROM_SERVICE = (block.text for block in PAGE if block.language == "yaml")
FIRST, ALL_AT_ONCE, ALL_MENUS, LIMITED = (block.text.splitlines() for block in PAGE if block.language == "console")
(SHELL,) = (block.text for block in PAGE if block.language == "bash")


@pytest.fixture
def platform(simulator: Simulator) -> Component:
    simulator.components.pop(APPID, None)
    platform = simulator.add_component(appid=APPID)
    for number, sets in enumerate(((11,), (11,), (1, 100), (11, 100), (1, 2), (1, 2))):
        platform.authorise(simulator.add(), service_type=2 if number % 2 else 0, permission_sets=sets)
    return platform


def of(platform: Component) -> dict[str, str]:
    """The environment after the guide's lines for a shell."""
    exported = dict(re.findall(r"^export (\w+)=(\S+)$", SHELL, re.MULTILINE))
    return {**exported, "WECHAT_COMPONENT_ACCESS_TOKEN": platform.token}


def run(ansible: Ansible, line: str, folder: Path, environment: dict[str, str]) -> Run:
    ((command, _output),) = commands(line)
    return ansible.run(command, folder, environment)


def test_the_inventory_and_the_playbook(simulator: Simulator, ansible: Ansible, platform: Component, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(PLAIN)
    for one in platform.authorizers.values():
        one.permission_sets = (11,)
    environment = {**server_of(simulator), **of(platform)}
    graph, foreseen, done = (run(ansible, line, tmp_path, environment) for line in FIRST)
    assert all(appid in graph.output for appid in platform.authorizers)
    assert [recap["changed"] for recap in foreseen.recap().values()] == [1] * 6
    assert [recap["changed"] for recap in done.recap().values()] == [1] * 6
    assert all(one.account.is_open for one in platform.authorizers.values())


def test_the_lines_for_a_shell(platform: Component) -> None:
    script = f"{SHELL}\nenv"
    done = subprocess.run(["bash", "-euc", script], input=f"{platform.token}\n", capture_output=True, text=True, check=True)
    assert {f"{name}={value}" for name, value in of(platform).items()} <= set(done.stdout.splitlines())


def test_a_dead_token_ends_each_run_at_once(simulator: Simulator, ansible: Ansible, platform: Component, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(PLAIN)
    (tmp_path / "everyone.yml").write_text(EVERYONE)
    environment = {**server_of(simulator), **of(platform)}
    platform.new_token()
    for line in (*FIRST, *ALL_AT_ONCE):
        platform.calls.clear()
        done = run(ansible, line, tmp_path, environment)
        assert done.rc != 0
        assert "take the current component_access_token from the third-party platform's service" in done.prose
        assert platform.calls == ["authorizer_list"]


def test_a_rollout_that_goes_on_with_some_failed(simulator: Simulator, ansible: Ansible, platform: Component, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(PLAIN)
    for _number in range(34):
        platform.authorise(simulator.add())
    for one in list(platform.authorizers.values())[:6]:
        one.permission_sets = (11,)
    *_others, bad = platform.authorizers.values()
    bad.permission_sets = (1, 2)
    (option,) = re.findall(r"``(-e \w+_max_fail_percentage=\d+)``", GUIDE.read_text(encoding="utf-8"))
    done = run(ansible, f"{FIRST[2]} {option}", tmp_path, {**server_of(simulator), **of(platform)})
    assert {host for host, recap in done.recap().items() if recap["failed"]} == {bad.account.appid}
    assert [one.account.is_open for one in platform.authorizers.values()] == [True] * 39 + [False]


def test_many_thousands_at_once(simulator: Simulator, ansible: Ansible, platform: Component, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(PLAIN)
    (tmp_path / "everyone.yml").write_text(EVERYONE)
    for one in platform.authorizers.values():
        one.permission_sets = (11,)
    foreseen, done = (run(ansible, line, tmp_path, {**server_of(simulator), **of(platform)}) for line in ALL_AT_ONCE)
    assert [run.recap()["localhost"]["changed"] for run in (foreseen, done)] == [1, 1]
    assert all(one.account.is_open for one in platform.authorizers.values())
    # For each run: one call of the inventory, and one of the module.
    assert platform.calls.count("authorizer_list") == 4
    assert DEMO == EVERYONE


def test_a_list_of_menus_and_back(simulator: Simulator, ansible: Ansible, platform: Component, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(PLAIN)
    (tmp_path / "menus.yml").write_text(MENUS)
    for one in platform.authorizers.values():
        one.permission_sets = (15,)
        one.account.menus.buttons = [{"type": "view", "name": "Old", "url": f"https://{one.account.appid}.example/"}]
    before = {appid: one.account.menus.buttons for appid, one in platform.authorizers.items()}
    menu = yaml.safe_load(MENUS)[0]["tasks"][0]["vars"]["our_menu"]["button"]
    seen = []
    for line in ALL_MENUS:
        done = run(ansible, line, tmp_path, {**server_of(simulator), **of(platform)})
        assert done.rc == 0, done.output
        seen.append({appid: one.account.menus.buttons for appid, one in platform.authorizers.items()})
    assert seen == [before, dict.fromkeys(before, menu), before]


def test_only_some_accounts(simulator: Simulator, ansible: Ansible, platform: Component, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(wechat_authorizers.EXAMPLES.rsplit("\n---\n", maxsplit=1)[-1])
    no_draft_box = platform.authorise(simulator.add(), account_type="mini_program", service_type=0, permission_sets=(17, 18))
    official, granted = LIMITED
    wanted = [appid for appid, one in platform.authorizers.items() if one.service_type == 2 and {11, 100} & set(one.permission_sets)]
    done = run(ansible, granted, tmp_path, {**server_of(simulator), **of(platform)})
    assert done.rc == 0, done.output
    assert list(done.recap()) == wanted
    assert [one.account.is_open for one in platform.authorizers.values()] == [appid in wanted for appid in platform.authorizers]
    for one in platform.authorizers.values():
        one.permission_sets = (11,)
    done = run(ansible, official, tmp_path, {**server_of(simulator), **of(platform)})
    assert done.rc == 0, done.output
    assert {appid for appid, one in platform.authorizers.items() if not one.account.is_open} == {no_draft_box.account.appid}


@pytest.fixture
def token_service(platform: Component) -> Iterator[str]:
    """Answers as wxcloudrun-wxcomponent does."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            appid = parse_qs(parts.query).get("appid", [""])[0]
            token = platform.token if parts.path.endswith("/component-access-token") else platform.issue(platform.authorizers[appid])
            body = json.dumps({"code": 0, "errorMsg": "success", "data": {"token": token}}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as service:
        thread = threading.Thread(target=service.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{service.server_port}"
        service.shutdown()
        thread.join()


def test_tokens_from_the_platform_s_own_service(
    simulator: Simulator, ansible: Ansible, platform: Component, token_service: str, tmp_path: Path
) -> None:
    port = token_service.rsplit(":", 1)[1]
    (tmp_path / FILE).write_text(FROM_SERVICE.replace("8081", port))
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "group_vars/wechat_accounts.yml").write_text(GROUP_VARS.replace("8081", port))
    for appid in list(platform.authorizers)[4:]:
        platform.revoke(appid)
    done = run(ansible, FIRST[2], tmp_path, server_of(simulator))
    assert done.rc == 0, done.output
    assert platform.calls == ["authorizer_list"]
    assert all(one.account.calls == ["look", "enable", "look"] for one in platform.authorizers.values())


def test_what_is_shown_is_yaml() -> None:
    assert all(isinstance(yaml.safe_load(block.text), (dict, list)) for block in PAGE if block.language == "yaml")
    assert {block.language for block in PAGE} == {"bash", "console", "yaml"}
