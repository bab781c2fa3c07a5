# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory plugin, through the real ansible-inventory and ansible-playbook."""

from __future__ import annotations

import collections
import json
import os
import re
import time
import typing as t

import pytest
import yaml
from ansible_collections.wxops.official_account.plugins.inventory import wechat_authorizers

from tests.integration.harness import BIN, leaks, secrets_of
from tests.simulator import Fault, Simulator

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible, Run
    from tests.simulator import Authorizer, Component

PLUGIN = "wxops.official_account.wechat_authorizers"
PLAYBOOK = "wxops.official_account.draft_switch"
LIST, INFO, TOKEN = "authorizer_list", "authorizer_info", "authorizer_token"
# Without this, Ansible only warns, and goes on without the hosts.
STRICT = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"}


@pytest.fixture
def component(simulator: Simulator) -> Component:
    return simulator.add_component()


def authorise(simulator: Simulator, component: Component, number: int, **fields: t.Any) -> list[Authorizer]:
    return [component.authorise(simulator.add(), **fields) for _number in range(number)]


class Inventory:
    """An inventory file for ``component``. ``options``: further options, in addition to those for the simulator."""

    def __init__(self, ansible: Ansible, folder: Path, component: Component | None, **options: t.Any) -> None:
        self.ansible = ansible
        self.folder = folder
        self.path = folder / "my.wechat_authorizers.yml"
        self.environment: dict[str, str] = {}
        if component:
            self.environment = {"WECHAT_COMPONENT_APPID": component.appid, "WECHAT_COMPONENT_ACCESS_TOKEN": component.token}
        given = {"plugin": PLUGIN, **ansible.options, **options}
        # JSON is YAML too.
        self.path.write_text("---\n" + json.dumps({name: value for name, value in given.items() if value is not None}))

    def list(self, *arguments: str, **environment: str) -> tuple[Run, dict[str, dict[str, t.Any]], dict[str, set[str]]]:
        """The output of ansible-inventory: the hosts with their variables, and the groups with their hosts."""
        output = self.folder / "listed.json"
        command = ["ansible-inventory", "-i", str(self.path), "--list", "--output", str(output), *arguments]
        run = self.ansible.run(command, environment={**self.environment, **environment})
        text = output.read_text() if output.exists() else "{}"
        output.unlink(missing_ok=True)
        assert leaks(text, set().union(*map(secrets_of, self.ansible.simulators))) == []
        listed = json.loads(text)
        hosts = listed.pop("_meta", {}).get("hostvars", {})
        return run, hosts, {name: set(group.get("hosts", ())) for name, group in listed.items()}

    def hosts(self, *arguments: str, **environment: str) -> dict[str, dict[str, t.Any]]:
        run, hosts, _groups = self.list(*arguments, **{**STRICT, **environment})
        assert run.rc == 0, run.output
        return hosts

    def sentence(self, *arguments: str, **environment: str) -> str:
        """The sentence of its failure. There is no other output."""
        run, hosts, _groups = self.list(*arguments, **environment)
        assert hosts == {}
        return sentence_in(run)


def sentence_in(run: Run) -> str:
    """The sentence of the plugin's failure. Older cores break it into lines, newer ones print it twice."""
    sentences = set(re.findall(r"Failed to (?!parse ).*?\.(?= Failed to parse | Origin: | \[WARNING\]| File )", run.prose))
    assert len(sentences) == 1, run.output
    return sentences.pop()


def plain(value: t.Any) -> t.Any:
    """``value`` as ansible-inventory shows a text that must never be evaluated as a template."""
    return value["__ansible_unsafe"] if isinstance(value, dict) else value


# --- Accounts as hosts.


def test_1203_accounts_are_three_pages(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    authorizers = authorise(simulator, component, 1203)
    run, hosts, groups = Inventory(ansible, tmp_path, component).list("-v")
    assert component.calls == [LIST] * 3
    bodies = [json.loads(seen.body) for seen in simulator.log[-3:]]
    assert bodies == [{"component_appid": component.appid, "offset": offset, "count": 500} for offset in (0, 500, 1000)]
    assert hosts == {one.account.appid: {"wechat_appid": one.account.appid, "wechat_auth_time": one.auth_time} for one in authorizers}
    assert groups["wechat_accounts"] == set(hosts)
    assert set(groups) == {"all", "wechat_accounts"}
    assert "1,203 of 1,203 authorised accounts listed" in run.output


def test_a_platform_without_accounts_has_no_hosts(ansible: Ansible, component: Component, tmp_path: Path) -> None:
    assert Inventory(ansible, tmp_path, component, details=True).hosts() == {}
    assert component.calls == [LIST]


def test_details(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    first, *rest = authorise(simulator, component, 42)
    for one in (first, *rest):
        one.account.plan(INFO, Fault(delay=0.05))
    first.permission_sets, first.service_type, first.verify_type, first.account_status = (1, 11, 100), 0, -1, 18
    inventory = Inventory(ansible, tmp_path, component, details=True, concurrency=4)
    before = simulator.connections
    run, hosts, _groups = inventory.list("-v")
    assert collections.Counter(component.calls) == {LIST: 1, INFO: 42}
    assert {tuple(one.account.calls) for one in (first, *rest)} == {(INFO,)}
    # At the same time, but not more than this number.
    assert simulator.connections - before == 4
    assert hosts[first.account.appid] == {
        "wechat_appid": first.account.appid,
        "wechat_auth_time": first.auth_time,
        "wechat_account_type": "official_account",
        "wechat_nick_name": first.nick_name,
        "wechat_user_name": first.user_name,
        "wechat_principal_name": "\u793a\u4f8b\u6709\u9650\u516c\u53f8",
        "wechat_service_type": 0,
        "wechat_verify_type": -1,
        "wechat_account_status": 18,
        "wechat_permission_sets": [1, 11, 100],
    }
    assert {variables["wechat_service_type"] for variables in hosts.values()} == {0, 2}
    assert "details of 42 of 42 authorised accounts read" in run.output


def test_accounts_without_a_draft_box(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    kinds = ("official_account", "mini_program", "channels", "store", "talent", "supplier")
    authorizers = {kind: component.authorise(simulator.add(), account_type=kind) for kind in kinds}
    grouped = {"keyed_groups": [{"prefix": "wechat", "key": "wechat_account_type"}]}
    _run, hosts, groups = Inventory(ansible, tmp_path, component, details=True, **grouped).list()
    for kind, one in authorizers.items():
        assert hosts[one.account.appid]["wechat_account_type"] == kind
        assert groups[f"wechat_{kind}"] == {one.account.appid}


def test_numbers_as_text_and_what_is_left_out(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    (one,) = authorise(simulator, component, 1)
    info = {"service_type_info": {"id": "2"}, "verify_type_info": None, "account_status": 1.0}
    body = {"authorizer_info": info, "authorization_info": {"func_info": [{"funcscope_category": {"id": "11"}}]}}
    component.plan(INFO, Fault(body=json.dumps(body).encode()), Fault(body=b'{"authorizer_info": {}}'))
    inventory = Inventory(ansible, tmp_path, component, details=True)
    variables = inventory.hosts()[one.account.appid]
    assert (variables["wechat_service_type"], variables["wechat_account_status"], variables["wechat_permission_sets"]) == (2, 1, [11])
    assert (variables["wechat_verify_type"], variables["wechat_nick_name"]) == (None, None)
    assert inventory.hosts()[one.account.appid]["wechat_permission_sets"] is None


def test_other_file_names_are_not_taken(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    authorise(simulator, component, 1)
    inventory = Inventory(ansible, tmp_path, component)
    for name, taken in {"my.yml": False, "wechat_authorizers.yml": False, "a.wechat_authorizers.yaml": True}.items():
        inventory.path = inventory.path.rename(tmp_path / name)
        _run, hosts, _groups = inventory.list()
        assert len(hosts) == taken, name
    assert component.calls == [LIST]


# --- What ansible.builtin.constructed adds.

CONSTRUCTED = {
    "compose": {"label": "wechat_nick_name ~ ' (' ~ wechat_user_name ~ ')'"},
    "groups": {
        "able": "wechat_service_type == 2 and wechat_permission_sets | default([], true) | intersect([11, 100]) | length > 0",
    },
    "keyed_groups": [
        {"prefix": "wechat_service_type", "key": "wechat_service_type | string"},
        {"prefix": "wechat_permission_set", "key": "wechat_permission_sets"},
    ],
}


def test_service_accounts_with_permission_set_11_or_100(
    simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path
) -> None:
    able = [*authorise(simulator, component, 2, permission_sets=(1, 11)), *authorise(simulator, component, 2, permission_sets=(1, 100))]
    authorise(simulator, component, 2, permission_sets=(1,))
    authorise(simulator, component, 2, permission_sets=(11,), service_type=0)
    inventory = Inventory(ansible, tmp_path, component, details=True, strict=True, **CONSTRUCTED)
    _run, hosts, groups = inventory.list()
    expected = {one.account.appid for one in able}
    assert groups["able"] == expected
    assert groups["wechat_service_type_2"] & (groups["wechat_permission_set_11"] | groups["wechat_permission_set_100"]) == expected
    assert len(groups["wechat_permission_set_1"]) == 6
    assert plain(hosts[able[0].account.appid]["label"]) == f"{able[0].nick_name} ({able[0].user_name})"
    pattern = "wechat_service_type_2:&able"
    run = ansible.run(
        ["ansible", "-i", str(inventory.path), pattern, "--list-hosts"],
        environment=inventory.environment,
    )
    assert set(run.output.split()[2:]) == expected


def test_strict_leaves_no_part_of_it(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    authorise(simulator, component, 3)
    odd = authorise(simulator, component, 1, service_type=0)
    compose = {"half": "undefined_thing if wechat_service_type == 0 else 1"}
    hosts = Inventory(ansible, tmp_path, component, details=True, strict=False, compose=compose).hosts()
    assert len(hosts) == 4
    assert "half" not in hosts[odd[0].account.appid]
    run, hosts, groups = Inventory(ansible, tmp_path, component, details=True, strict=True, compose=compose).list()
    assert hosts == {}
    assert groups == {"all": set()}
    assert f"Could not set half for host {odd[0].account.appid}" in run.prose


def test_strict_leaves_other_sources_hosts_as_they_were(
    simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path
) -> None:
    known, *_others = authorise(simulator, component, 3)
    odd = authorise(simulator, component, 1, service_type=0)
    static = tmp_path / "a_static.yml"
    static.write_text(json.dumps({"own": {"hosts": {one.account.appid: {"mine": 1} for one in (known, *odd)}}}))
    compose = {"half": "undefined_thing if wechat_service_type == 0 else 1"}
    inventory = Inventory(ansible, tmp_path, component, details=True, strict=True, compose=compose)
    run = ansible.run(
        ["ansible-inventory", "-i", str(static), "-i", str(inventory.path), "--list", "--output", str(tmp_path / "all.json")],
        environment=inventory.environment,
    )
    assert "Could not set half" in run.prose
    listed = json.loads((tmp_path / "all.json").read_text())
    assert listed.pop("_meta")["hostvars"] == {one.account.appid: {"mine": 1} for one in (known, *odd)}
    assert {name: set(group.get("hosts", ())) for name, group in listed.items() if name != "all"} == {
        "own": {known.account.appid, odd[0].account.appid}
    }


def test_original_ids_as_host_names(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    other = simulator.add()
    good = ["gh_0123456789ab", "Own-Id_1"]
    bad = [
        "twice",
        "twice",
        "",
        "localhost",
        "All",
        "wechat_accounts",
        other.appid,
        "a:b",
        "{{ 7 * 7 }}",
        " x",
        "new\nline",
        "y" * 65,
        ".",
        "..",
        "-a",
    ]
    authorizers = [component.authorise(simulator.add(), user_name=name) for name in (*good, *bad)]
    authorizers.append(component.authorise(other, user_name="gh_other"))
    hosts = Inventory(ansible, tmp_path, component, details=True, hostname="user_name").hosts()
    assert {name: variables["wechat_appid"] for name, variables in hosts.items()} == {
        one.user_name if one.user_name in (*good, "gh_other") else one.account.appid: one.account.appid for one in authorizers
    }


def test_a_nick_name_names_no_host(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    authorise(simulator, component, 1)
    run, hosts, _groups = Inventory(ansible, tmp_path, component, details=True, hostname="nick_name").list(**STRICT)
    assert run.rc != 0
    assert hosts == {}


def test_names_of_accounts_are_text(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    nasty = ["{{ 7 * 7 }}", "{% raw %}", "<script>alert(1)</script>", "lookup('env', 'HOME')", "{# no #}", "{", "plain"]
    for name in nasty:
        component.authorise(simulator.add(), nick_name=name, principal_name="{ 6 * 7 }}")
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    # Ansible must not evaluate two texts either that are a template only together.
    compose = {"copied": "wechat_nick_name", "joined": "wechat_nick_name ~ wechat_principal_name"}
    inventory = Inventory(ansible, tmp_path, component, details=True, compose=compose, **cache)
    play = tmp_path / "play.json"
    message = [f"{{{{ {name} }}}}" for name in ("wechat_nick_name", "copied", "joined")]
    play.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": [{"ansible.builtin.debug": {"msg": message}}]}]))
    for _fresh_and_cached in range(2):
        hosts = inventory.hosts()
        shown = sorted((plain(one["wechat_nick_name"]), plain(one["copied"]), plain(one["joined"])) for one in hosts.values())
        assert shown == sorted((name, name, name + "{ 6 * 7 }}") for name in nasty)
        run = ansible.run(["ansible-playbook", "-i", str(inventory.path), str(play)], environment=inventory.environment)
        assert run.rc == 0, run.output
        assert sorted(tuple(result["msg"]) for result in run.last().values()) == shown
    assert component.calls.count(LIST) == 1


@pytest.mark.parametrize(
    ("entry", "more", "fault"),
    [
        ({"prefix": "", "separator": ""}, {}, "no prefix"),
        ({"separator": ""}, {}, "no prefix"),
        ({"prefix": " ", "separator": " "}, {}, "no prefix"),
        ({}, {"leading_separator": False}, "no prefix"),
        ({"prefix": "owner", "parent_group": "{{ wechat_nick_name }}"}, {}, "parent_group in an entry of keyed_groups begins with a "),
        ({"prefix": "owner"}, {}, None),
        ({"prefix": "owner", "parent_group": "owners_{{ wechat_service_type }}"}, {}, None),
        ({}, {}, None),
    ],
)
def test_no_owner_names_any_group(
    entry: dict[str, str],
    more: dict[str, t.Any],
    fault: str | None,
    simulator: Simulator,
    ansible: Ansible,
    component: Component,
    tmp_path: Path,
) -> None:
    for name in ("localhost", "prod", "all", "ungrouped", "wechat_accounts"):
        component.authorise(simulator.add(), nick_name=name)
    inventory = Inventory(ansible, tmp_path, component, details=True, keyed_groups=[{"key": "wechat_nick_name", **entry}], **more)
    if fault:
        assert fault in inventory.sentence()
        assert component.calls == []
        return
    _run, hosts, groups = inventory.list()
    assert len(hosts) == 5
    assert all(name.startswith(("_", "owner", "all", "wechat_accounts")) for name in groups), groups
    assert groups["wechat_accounts"] == set(hosts)


# --- Options.


def test_the_environment_is_a_fallback(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    authorise(simulator, component, 1)
    inventory = Inventory(ansible, tmp_path, component, api_url=None)
    assert len(inventory.hosts(WECHAT_API_URL=simulator.url)) == 1
    # The options in the file have priority.
    given = Inventory(ansible, tmp_path, None, component_appid=component.appid, component_access_token="{{ lookup('env', 'OWN') }}")
    others = {
        "WECHAT_COMPONENT_APPID": "wxffffffffffffffff",
        "WECHAT_COMPONENT_ACCESS_TOKEN": "another-token",
        "WECHAT_API_URL": "http://x",
    }
    assert len(given.hosts(**others, OWN=component.token)) == 1
    assert component.calls == [LIST] * 2


def test_errors_and_warnings_are_in_chinese(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    no_platform = "未能启动：没有提供第三方平台；没有发出任何请求；请在清单文件中提供"
    run, _hosts, _groups = Inventory(ansible, tmp_path, None, language="zh").list()
    assert no_platform in "".join(run.output.split())
    run, _hosts, _groups = Inventory(ansible, tmp_path, None).list(WECHAT_LANGUAGE="zh")
    assert no_platform in "".join(run.output.split())
    authorise(simulator, component, 1)
    component.plan("authorizer_info", Fault(errcode=61003))
    run, hosts, _groups = Inventory(ansible, tmp_path, component, details=True, language="zh").list()
    assert "以下账号在列出之后取消了授权，已将其排除：" in "".join(run.output.split())
    assert hosts == {}


@pytest.mark.parametrize(("variable", "found"), [("", 1), ("cn", 0)])
def test_an_empty_language_is_english_and_a_misspelt_one_is_refused(
    variable: str, found: int, simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path
) -> None:
    authorise(simulator, component, 1)
    run, hosts, _groups = Inventory(ansible, tmp_path, component).list(WECHAT_LANGUAGE=variable)
    assert len(hosts) == found
    assert ("language is neither en nor zh" in run.prose) is (not found)


def test_how_the_platform_is_reached(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    authorise(simulator, component, 1)
    unknown = Inventory(ansible, tmp_path, component, ca_path=None, retries=0)
    assert "the server's certificate is not trusted; check api_url" in unknown.sentence()
    assert component.calls == []
    assert len(Inventory(ansible, tmp_path, component, ca_path=None, validate_certs=False).hosts()) == 1
    component.plan(LIST, Fault(delay=2))
    assert "no answer came in time" in Inventory(ansible, tmp_path, component, timeout=0.2, retries=0).sentence()


def test_credentials_are_templated(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    authorise(simulator, component, 1)
    token = tmp_path / "token"
    token.write_text(f"{component.token}\n")
    templates = {"component_appid": f"{{{{ '{component.appid}' }}}}", "component_access_token": f"{{{{ lookup('file', '{token}') }}}}"}
    assert len(Inventory(ansible, tmp_path, None, **templates).hosts("-vvvv")) == 1


@pytest.mark.parametrize(
    ("options", "environment", "sentence"),
    [
        ({}, {}, "no third-party platform is given; nothing was sent; give component_appid and component_access_token in"),
        ({}, {"WECHAT_COMPONENT_APPID": "", "WECHAT_COMPONENT_ACCESS_TOKEN": ""}, "no third-party platform is given; "),
        ({}, {"WECHAT_COMPONENT_APPID": "wx0123456789abcdef"}, "component_appid is given, and component_access_token is missing; "),
        ({"component_appid": "wrong"}, {"WECHAT_COMPONENT_ACCESS_TOKEN": "canary-token"}, "component_appid is not wx and 16 "),
        ({"component_appid": "wx0123456789abcdef", "component_access_token": "short"}, {}, "component_access_token is not a token; "),
        (
            {"component_access_token": "{{ nowhere }}", "component_appid": "wx0123456789abcdef"},
            {},
            "component_access_token cannot be worked ",
        ),
        (
            {"component_access_token": "{{ lookup('file', '/canary') }}", "component_appid": "wx0123456789abcdef"},
            {},
            "component_access_token ",
        ),
        ({"hostname": "user_name"}, {}, "hostname is user_name without details; nothing was sent; set details to true"),
        ({"concurrency": 0}, {}, "concurrency is not between 1 and 256; "),
        ({"timeout": 0}, {}, "timeout is not a number of seconds above 0 and up to 3600; "),
        ({"retries": -1}, {}, "retries is below 0; "),
        ({"language": "cn"}, {}, "language is neither en nor zh; "),
        ({"api_url": "ftp://canary"}, {}, "api_url is neither http nor https; "),
        ({"ca_path": "/canary"}, {}, "ca_path is not a readable file of CA certificates in PEM format; "),
    ],
)
def test_options_that_cannot_be_used(
    options: dict[str, t.Any], environment: dict[str, str], sentence: str, simulator: Simulator, ansible: Ansible, tmp_path: Path
) -> None:
    before = len(simulator.log)
    inventory = Inventory(ansible, tmp_path, None, **options)
    message = inventory.sentence(**environment)
    assert message.startswith(f"Failed to start: {sentence}")
    assert "canary" not in message
    assert len(simulator.log) == before


def examples() -> list[dict[str, t.Any]]:
    return list(yaml.safe_load_all(wechat_authorizers.EXAMPLES))


@pytest.mark.parametrize("number", range(len(examples())))
def test_the_examples(number: int, ansible: Ansible, tmp_path: Path) -> None:
    with Simulator(tmp_path) as alone:
        ansible.simulators.append(alone)
        component = alone.add_component(appid="wx0123456789abcdef")
        authorise(alone, component, 2, account_status=14)
        inventory = Inventory(ansible, tmp_path, None)
        inventory.path.write_text(wechat_authorizers.EXAMPLES.split("\n---\n")[number])
        environment = {"WECHAT_API_URL": alone.url, "REQUESTS_CA_BUNDLE": str(alone.ca_path)}
        if "component_appid" in examples()[number]:
            command = tmp_path / "print-component-token"
            command.write_text(f"#!/bin/sh\ncat {tmp_path}/token")
            command.chmod(0o700)
            (tmp_path / "token").write_text(component.token)
            environment["PATH"] = f"{tmp_path}{os.pathsep}{BIN}{os.pathsep}{os.environ['PATH']}"
        else:
            environment.update(WECHAT_COMPONENT_APPID=component.appid, WECHAT_COMPONENT_ACCESS_TOKEN=component.token)
        run, hosts, groups = inventory.list(**environment)
        assert len(hosts) == 2, run.output
        if "details" in examples()[number]:
            names = {"wechat_not_normal", "wechat_service_type_2", "wechat_can_switch"}
            assert all(groups[name] == set(hosts) for name in names)
            assert all(variables["owner"] == variables["wechat_principal_name"] for variables in hosts.values())


# --- The cache.


def flush(inventory: Inventory) -> Run:
    # ansible-inventory of 2.18 has no --flush-cache.
    play = inventory.folder / "play.json"
    play.write_text(json.dumps([{"hosts": "all", "gather_facts": False}]))
    command = ["ansible-playbook", "-i", str(inventory.path), str(play), "--list-hosts", "--flush-cache"]
    return inventory.ansible.run(command, environment=inventory.environment)


def test_the_cache(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    authorise(simulator, component, 5)
    folder = tmp_path / "cache"
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(folder)}
    inventory = Inventory(ansible, tmp_path, component, details=True, keyed_groups=CONSTRUCTED["keyed_groups"], **cache)
    _run, *fresh = inventory.list()
    once = [LIST, *[INFO] * 5]
    assert component.calls == once
    (file,) = folder.iterdir()
    assert leaks(file.read_text(), secrets_of(simulator)) == []
    assert component.appid not in file.read_text()
    content = json.loads(file.read_text())
    # Newer cores store it as a text inside.
    assert (json.loads(content["__payload__"]) if "__payload__" in content else content) == fresh[0]
    # Not even a token is needed now.
    simulator.components[component.appid].listed = False
    _run, *cached = inventory.list(WECHAT_COMPONENT_ACCESS_TOKEN="")
    assert cached == fresh
    assert component.calls == once
    # The accounts of another third-party platform, or accounts without details, are not taken from this cache.
    other = simulator.add_component()
    authorise(simulator, other, 1)
    assert len(inventory.hosts(WECHAT_COMPONENT_APPID=other.appid, WECHAT_COMPONENT_ACCESS_TOKEN=other.token)) == 1
    # A failure leaves the cache as it was.
    assert "is not on the third-party platform's IP allow list" in sentence_in(flush(inventory))
    _run, *cached = inventory.list()
    assert cached == fresh
    component.listed = True
    authorise(simulator, component, 1)
    component.calls.clear()
    flush(inventory)
    assert len(inventory.hosts()) == 6
    assert component.calls == [*once, INFO]
    off = Inventory(ansible, tmp_path, component, **{**cache, "cache": False})
    assert len(off.hosts()) == len(off.hosts()) == 6
    assert component.calls[7:] == [LIST] * 2


def test_half_a_character_in_a_name_does_not_empty_the_cache(
    simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path
) -> None:
    half, _whole = authorise(simulator, component, 2)
    half.nick_name, half.principal_name = "half \ud83d", "\udfff"
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    inventory = Inventory(ansible, tmp_path, component, details=True, **cache)
    fresh = inventory.hosts()
    assert len(fresh) == 2
    assert [plain(fresh[half.account.appid][f"wechat_{name}"]) for name in ("nick_name", "principal_name")] == ["half \ufffd", "\ufffd"]
    assert inventory.hosts(WECHAT_COMPONENT_ACCESS_TOKEN="") == fresh


def test_a_cache_that_is_too_old(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    authorise(simulator, component, 1)
    folder = tmp_path / "cache"
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(folder), "cache_timeout": 3600}
    inventory = Inventory(ansible, tmp_path, component, **cache)
    assert len(inventory.hosts()) == len(inventory.hosts()) == 1
    assert component.calls == [LIST]
    (file,) = folder.iterdir()
    os.utime(file, (time.time() - 3700,) * 2)
    assert len(inventory.hosts()) == 1
    assert component.calls == [LIST] * 2


def altered(file: Path, change: t.Callable[[dict[str, t.Any]], object]) -> None:
    """Change what the cache has."""
    content = json.loads(file.read_text())
    accounts = json.loads(content["__payload__"]) if "__payload__" in content else content
    change(accounts)
    file.write_text(json.dumps({**content, "__payload__": json.dumps(accounts)} if "__payload__" in content else accounts))


def first(accounts: dict[str, t.Any]) -> dict[str, t.Any]:
    variables: dict[str, t.Any] = next(iter(accounts.values()))
    return variables


ALTERATIONS: dict[str, t.Callable[[dict[str, t.Any], str], object]] = {
    "nested list": lambda accounts, evil: first(accounts).update(wechat_permission_sets=[evil]),
    "nested dict": lambda accounts, evil: first(accounts).update(wechat_service_type={"a": [evil]}),
    "unsafe": lambda accounts, evil: first(accounts).update(wechat_account_status={"__ansible_unsafe": evil}),
    "another variable": lambda accounts, _evil: first(accounts).update(ansible_connection="local"),
    "another AppID": lambda accounts, evil: first(accounts).update(wechat_appid=evil),
    "type": lambda accounts, evil: first(accounts).update(wechat_account_type=evil),
    "host": lambda accounts, _evil: accounts.update({"localhost": {**first(accounts), "wechat_appid": "localhost"}}),
    "a host that is a template": lambda accounts, evil: accounts.update({evil: {**first(accounts), "wechat_appid": evil}}),
    "a variable is missing": lambda accounts, _evil: first(accounts).pop("wechat_nick_name"),
}


@pytest.mark.parametrize("alteration", ALTERATIONS)
def test_what_the_plugin_did_not_write_is_not_taken_from_the_cache(
    alteration: str, simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path
) -> None:
    authorise(simulator, component, 2)
    folder, canary = tmp_path / "cache", tmp_path / "canary"
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(folder)}
    inventory = Inventory(ansible, tmp_path, component, details=True, **cache)
    fresh = inventory.hosts()
    (file,) = folder.iterdir()
    evil = f"{{{{ lookup('ansible.builtin.pipe', 'touch {canary}') }}}}"
    altered(file, lambda accounts: ALTERATIONS[alteration](accounts, evil))
    component.calls.clear()
    play = tmp_path / "play.json"
    tasks = [{"ansible.builtin.debug": {"msg": "{{ hostvars }}"}}]
    play.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": tasks}]))
    run = ansible.run(["ansible-playbook", "-i", str(inventory.path), str(play)], environment=inventory.environment)
    assert not canary.exists()
    assert "The inventory cache is not used, and the platform is asked: it holds what this plugin did not write." in run.prose
    assert component.calls.count(LIST) == 1
    # It has been written anew.
    assert inventory.hosts(WECHAT_COMPONENT_ACCESS_TOKEN="") == fresh


def test_a_text_in_the_cache_is_never_evaluated(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    authorise(simulator, component, 1)
    folder, canary = tmp_path / "cache", tmp_path / "canary"
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(folder)}
    inventory = Inventory(ansible, tmp_path, component, details=True, **cache)
    inventory.hosts()
    (file,) = folder.iterdir()
    evil = f"{{{{ lookup('ansible.builtin.pipe', 'touch {canary}') }}}}"
    names = ("wechat_nick_name", "wechat_user_name", "wechat_principal_name")
    altered(file, lambda accounts: first(accounts).update(dict.fromkeys(names, evil)))
    play = tmp_path / "play.json"
    tasks = [{"ansible.builtin.debug": {"msg": f"{{{{ {name} }}}}"}} for name in names]
    play.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": tasks}]))
    run = ansible.run(["ansible-playbook", "-i", str(inventory.path), str(play)], environment=inventory.environment)
    assert run.rc == 0, run.output
    assert [result["msg"] for result in run.last().values()] == [evil]
    assert not canary.exists()
    assert component.calls.count(LIST) == 1


@pytest.mark.parametrize("which", ["file", "folder", "above"])
def test_a_cache_that_others_may_write_is_not_read(
    which: str, simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path
) -> None:
    authorise(simulator, component, 1)
    folder = tmp_path / "above" / "cache"
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(folder)}
    inventory = Inventory(ansible, tmp_path, component, **cache)
    fresh = inventory.hosts()
    (file,) = folder.iterdir()
    assert inventory.hosts() == fresh
    assert component.calls == [LIST]
    guilty = {"file": file, "folder": folder, "above": folder.parent}[which]
    guilty.chmod(guilty.stat().st_mode | 0o002)
    run, hosts, _groups = inventory.list()
    assert hosts == fresh
    assert component.calls == [LIST] * 2
    # Older cores break long paths into lines.
    assert f"others than this user and root can write to {guilty}. Set cache".replace(" ", "") in run.prose.replace(" ", "")


# --- Failures.


@pytest.mark.parametrize("details", [False, True])
@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault(errcode=40001), "the component_access_token is not accepted (errcode 40001)"),
        (Fault(errcode=42001), "the component_access_token is not accepted (errcode 42001)"),
        (Fault(errcode=61004), "add 203.0.113.8 to the third-party platform's IP allow list, and run again after"),
        (Fault(errcode=61014), "take the current component_access_token from the third-party platform's service"),
        (Fault(errcode=61011), "the component_appid is not a third-party platform's (errcode 61011)"),
        (Fault(errcode=99999, echo=True), "(the platform says: bad request: ******** "),
        (Fault(body=b'{"total_count": 3, "list": 5}'), "the answer holds no list of accounts; check api_url"),
        (
            Fault(body=b'{"total_count": 1, "list": [{"authorizer_appid": "a{b"}]}'),
            "accounts were listed; entry 1 has no usable AppID; run",
        ),
        (Fault(body=b'{"total_count": 1000000000000000000, "list": []}'), "the answer holds no usable total_count; check api_url"),
    ],
)
def test_what_no_retry_can_help(
    fault: Fault, sentence: str, details: bool, simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path
) -> None:
    authorise(simulator, component, 40)
    component.plan(LIST, fault)
    inventory = Inventory(ansible, tmp_path, component, details=details, retries=3)
    assert sentence in inventory.sentence("-vvvv")
    assert component.calls == [LIST]


def test_a_foreign_token_is_one_call(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    stranger = simulator.add_component()
    inventory = Inventory(ansible, tmp_path, component, component_access_token=stranger.token, component_appid=component.appid)
    before = len(simulator.log)
    assert "the platform does not know one of the AppIDs (errcode 40013)" in inventory.sentence()
    assert len(simulator.log) == before + 1


def test_a_failure_ends_a_run_that_is_to_be_strict(ansible: Ansible, component: Component, tmp_path: Path) -> None:
    component.plan(LIST, Fault(errcode=42001))
    run, hosts, _groups = Inventory(ansible, tmp_path, component).list(**STRICT)
    assert run.rc != 0
    assert hosts == {}


def test_what_passes_is_tried_again(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    authorizers = authorise(simulator, component, 3)
    component.plan(LIST, Fault(lost=True))
    authorizers[1].account.plan(INFO, Fault(status=502, body=b"<html>"))
    assert len(Inventory(ansible, tmp_path, component, details=True).hosts()) == 3
    assert collections.Counter(component.calls) == {LIST: 2, INFO: 4}


@pytest.mark.parametrize("fault", [Fault(lost=True), Fault(errcode=-1), Fault(status=500, body=b"")])
def test_a_page_that_cannot_be_had(fault: Fault, simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    authorise(simulator, component, 501)
    component.plan(LIST, Fault(delay=0.01), fault, fault)
    message = Inventory(ansible, tmp_path, component).sentence()
    assert message.startswith("Failed to list the third-party platform's authorised accounts: ")
    # An inventory changes nothing.
    assert "looks first" not in message
    assert component.calls == [LIST] * 3


@pytest.mark.parametrize("code", [-1, 40013, 61007, 42001])
def test_details_that_cannot_be_had(code: int, simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    authorizers = authorise(simulator, component, 60)
    bad = authorizers[7].account.plan(INFO, *[Fault(errcode=code)] * 2)
    message = Inventory(ansible, tmp_path, component, details=True, concurrency=1).sentence()
    assert f"(errcode {code})" in message
    # A dead token concerns all accounts.
    assert (bad.appid in message) == (code != 42001)
    assert component.calls.count(INFO) == (9 if code == -1 else 8)


def test_a_failure_stops_the_other_threads(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    authorizers = authorise(simulator, component, 200)
    authorizers[0].account.plan(INFO, Fault(errcode=40013))
    for one in authorizers[1:8]:
        one.account.plan(INFO, Fault(delay=2))
    assert authorizers[0].account.appid in Inventory(ansible, tmp_path, component, details=True, concurrency=8).sentence()
    # This includes the requests in progress.
    assert component.calls.count(INFO) <= 8


def test_an_account_that_vanishes_before_its_details_are_read(
    simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path
) -> None:
    authorizers = authorise(simulator, component, 4)
    gone = authorizers[2].account.plan(INFO, Fault(errcode=61003))
    run, hosts, groups = Inventory(ansible, tmp_path, component, details=True).list()
    assert set(hosts) == groups["wechat_accounts"] == {one.account.appid for one in authorizers} - {gone.appid}
    assert f"Left out, because they withdrew their authorisation after they were listed: {gone.appid}." in run.prose
    assert collections.Counter(component.calls) == {LIST: 1, INFO: 4}


# --- A list that changes while it is read, or that announces more accounts than it has.


def listing(total: int, *authorizers: Authorizer) -> Fault:
    """A page of the list as it was earlier or later."""
    rows = [{"authorizer_appid": one.account.appid, "refresh_token": one.refresh_token, "auth_time": 1} for one in authorizers]
    return Fault(body=json.dumps({"total_count": total, "list": rows}).encode())


def test_accounts_that_are_never_listed(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    few = authorise(simulator, component, 3)
    component.plan(LIST, *[listing(1203, *few), listing(1203)] * 3)
    message = Inventory(ansible, tmp_path, component, incomplete_list="fail").sentence()
    assert "only 3 of 1,203 accounts were listed, 3 times over; run again in a few minutes" in message
    assert "to use the accounts that were listed, set incomplete_list to warn" in message
    assert component.calls == [LIST] * 6


def test_the_same_page_over_and_over(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    few = authorise(simulator, component, 3)
    component.plan(LIST, *[listing(50_000, *few)] * 200)
    assert "only 3 of 50,000 accounts were listed" in Inventory(ansible, tmp_path, component, incomplete_list="fail").sentence()
    assert component.calls == [LIST] * 6


def test_one_odd_entry_does_not_stop_the_others(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    one, two, _three = authorise(simulator, component, 3)
    page = json.loads(listing(3, one, two).body or b"")
    page["list"].insert(1, {"authorizer_appid": "{{ 1 }}\x1b[31m", "refresh_token": "odd"})
    odd = Fault(body=json.dumps(page).encode())
    component.plan(LIST, odd, odd, odd)
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    inventory = Inventory(ansible, tmp_path, component, **cache)
    # What is not complete is not cached: the next run must warn too.
    for calls in (1, 2):
        run, hosts, _groups = inventory.list(**STRICT)
        assert set(hosts) == {one.account.appid, two.account.appid}
        assert "is incomplete: only 2 of 3 accounts were listed; entry 2 has no usable AppID. The others are used; run again" in run.prose
        assert component.calls == [LIST] * calls
    message = Inventory(ansible, tmp_path, component, incomplete_list="fail").sentence()
    assert "only 2 of 3 accounts were listed; entry 2 has no usable AppID; run again in a few minutes" in message


def test_a_list_that_shows_no_account_at_all_fails(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    authorise(simulator, component, 3)
    component.plan(LIST, *[listing(3)] * 3)
    assert "only 0 of 3 accounts were listed, 3 times over" in Inventory(ansible, tmp_path, component).sentence()


def test_an_account_leaves_meanwhile(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    a, b, c, d = authorise(simulator, component, 4)
    component.revoke(a.account.appid)
    # The first account leaves after the first page was read. The third one moves onto that page.
    component.plan(LIST, listing(4, a, b), listing(3, d))
    assert set(Inventory(ansible, tmp_path, component).hosts()) == {one.account.appid for one in (b, c, d)}
    assert component.calls == [LIST] * 3


@pytest.mark.parametrize("where", ["front", "end"])
def test_an_account_joins_meanwhile(where: str, simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    a, b, c, new = authorise(simulator, component, 4)
    component.plan(LIST, listing(3, a, b), listing(4, b, c) if where == "front" else listing(4, c, new))
    hosts = Inventory(ansible, tmp_path, component).hosts()
    assert set(hosts) == {one.account.appid for one in (a, b, c, *([new] if where == "end" else []))}
    assert component.calls == [LIST] * 2


# --- With the playbook.


def test_the_playbook_turns_on_all_that_authorised(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    authorizers = authorise(simulator, component, 30)
    inventory = Inventory(ansible, tmp_path, component)
    extra = json.dumps(ansible.role_variables())
    run = ansible.run(["ansible-playbook", PLAYBOOK, "-i", str(inventory.path), "-e", extra, "-vvvv"], environment=inventory.environment)
    assert run.rc == 0, run.output
    assert all(one.account.is_open for one in authorizers)
    # The list is read for the inventory. Then each account is looked up by itself.
    assert {tuple(one.account.calls) for one in authorizers} == {(INFO, TOKEN, "look", "enable", "look")}
    assert collections.Counter(component.calls) == {LIST: 1, INFO: 30, TOKEN: 30}
    assert sum(counts["changed"] for counts in run.recap().values()) == 30


def test_an_account_that_vanishes_before_the_run_fails_alone(
    simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path
) -> None:
    authorizers = authorise(simulator, component, 6)
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    inventory = Inventory(ansible, tmp_path, component, **cache)
    assert len(inventory.hosts()) == 6
    gone = authorizers[3].account
    component.revoke(gone.appid)
    component.calls.clear()
    extra = json.dumps({**ansible.role_variables(), "draft_switch_stages": "100%", "draft_switch_max_fail_percentage": 100})
    run = ansible.run(["ansible-playbook", PLAYBOOK, "-i", str(inventory.path), "-e", extra], environment=inventory.environment)
    assert {host for host, counts in run.recap().items() if counts["failed"]} == {gone.appid}
    assert gone.calls == [INFO]
    message = next(result["msg"] for result in run.results[gone.appid] if "resources" in result)
    assert message.startswith("Failed to look the account up among the third-party platform's authorised accounts")
    assert "with permission set 11 or 100" in message
    assert [one.account.is_open for one in authorizers] == [True, True, True, False, True, True]
    assert collections.Counter(component.calls) == {INFO: 6, TOKEN: 5}
