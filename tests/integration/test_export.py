# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook export: what accounts have becomes files of variables, after which nothing differs, and nothing is evaluated."""

from __future__ import annotations

import csv
import json
import stat
import tempfile
import typing as t
from pathlib import Path

import pytest
import yaml

from tests.integration.endings import CONNECTIONS, ELSEWHERE
from tests.integration.fleets import Fleet, listed, menu
from tests.integration.pages import server_of
from tests.simulator.tags import Tag

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.harness import Ansible
    from tests.simulator import Simulator


@pytest.fixture
def fleet(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> Fleet:
    return Fleet(simulator, ansible, tmp_path)


class Tagged(yaml.SafeLoader):
    """Reads a text with !unsafe as the text."""


Tagged.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


def files(fleet: Fleet) -> dict[str, str]:
    """The files of variables, by host."""
    return {path.parent.name: path.read_text("utf-8") for path in sorted((fleet.folder / "host_vars").glob("*/wechat.yml"))}


def of_console(fleet: Fleet, name: str, *, is_open: bool) -> None:
    menus = fleet.accounts[name].menus
    menus.console, menus.console_open = [{"type": "news", "name": "News", "value": "x"}], is_open


def odd_menu(canary: Path) -> dict[str, t.Any]:
    """A menu that API and check take, with texts that YAML or Ansible could take for something else."""
    leaves = [
        {"type": "click", "name": name, "key": key}
        for name, key in (
            ("{{ nowhere }}", f"{{{{ lookup('pipe', 'touch {canary}') }}}}"),
            ("on", "#jinja2: variable_start_string: '[['"),
            ("1.0", "null"),
            ("{# gone #}", "{% raw %}"),
            ("\u202e旧 🎁", "\\ \u2028\ufeff"),
        )
    ]
    shop = {"type": "view", "name": "商店: #1", "url": f"https://shop.example/{'x' * 200}?a=1&b=%7B#c"}
    return {"button": [{"name": "!vault x", "sub_button": leaves}, shop]}


# The same for names of tags.
ODD_TAGS = ["{{ nowhere }}", "on", "1.0", "null", "{# gone #}", "=1+1", "旧 🎁", "!vault x", "- a: &b *c", "2026-01-01", "'\""]


@pytest.fixture
def canary() -> Iterator[Path]:
    """What a hostile text would create. The path is short, because a button's key is."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "c"


@pytest.mark.every_core
def test_after_an_export_nothing_differs_and_no_text_was_evaluated(fleet: Fleet, canary: Path) -> None:
    fleet.add("odd", "plain", is_open=True).add("off")
    fleet.accounts["odd"].menus.buttons = odd_menu(canary)["button"]
    # The last ones cannot be declared.
    fleet.accounts["odd"].tags.add(*ODD_TAGS, " x", "twice", "twice")
    fleet.accounts["plain"].menus.buttons = menu("plain")["button"]
    done = fleet.run("export", "--diff")
    assert done.rc == 0, done.output
    assert fleet.changed() == []
    assert files(fleet).keys() == {"odd", "plain"}
    assert "Menu:" not in files(fleet)["odd"]
    assert [line for line in files(fleet)["plain"].splitlines() if not line.startswith("#")] == [
        "---",
        "wechat_draft_switch: present",
        "wechat_menu:",
        "  button:",
        "    - type: view",
        "      name: Shop",
        '      url: "https://shop.example/plain"',
    ]
    assert "plain: host_vars/plain/wechat.yml has been written. The draft box is on. The menu was made by API." in done.output
    assert "off: There is nothing to declare, so no file is written. The draft box is off. The account shows no menu." in done.output
    assert "3 accounts: 2 written; 1 nothing to declare." in done.output
    assert "+wechat_draft_switch: present" in done.output
    drift = fleet.run("drift")
    assert drift.rc == 0, drift.output
    assert {name: row.get("changed") for name, row in drift.last().items()} == dict.fromkeys(("odd", "plain", "off"), False)
    again = fleet.run("export")
    assert [again.recap()[name]["changed"] for name in fleet.hosts] == [0, 0, 0]
    assert "2 up to date" in again.output
    # What is declared is what is there, to the last character.
    fleet.forget()
    fleet.accounts["odd"].menus.buttons = None
    fleet.accounts["odd"].tags.remove(*ODD_TAGS)
    assert fleet.run("provision").rc == 0
    assert fleet.accounts["odd"].menus.buttons == odd_menu(canary)["button"]
    assert fleet.accounts["odd"].tags.names == [" x", "twice", "twice", *ODD_TAGS]
    assert not canary.exists()


def test_each_account_is_told_with_where_its_menu_comes_from_and_why_it_is_not_in_the_file(fleet: Fleet) -> None:
    fleet.add("api", "console", "asleep", "unverified", "none", "refused", is_open=True)
    fleet.accounts["api"].menus.buttons = menu()["button"]
    of_console(fleet, "console", is_open=True)
    of_console(fleet, "asleep", is_open=False)
    fleet.accounts["unverified"].menus.may = False
    fleet.accounts["refused"].listed = False
    fleet.hosts["no-secret"] = {"wechat_appid": "wx0123456789abcdef", "wechat_secret": "{{ nowhere }}"}
    done = fleet.run("export")
    assert done.rc == 2
    for name, says in {
        "api": "host_vars/api/wechat.yml has been written. The draft box is on. The menu was made by API.",
        "console": "The account shows a menu that was made in the console.",
        "asleep": "The account shows no menu. One that was made in the console is there, and is not shown",
        "unverified": "The account shows no menu. The menu of the API cannot be read (errcode 48001): only service accounts",
        "none": "The account shows no menu.",
        "refused": "Failed to",
        "no-secret": "wechat_secret cannot be evaluated, because nowhere is undefined; nothing was sent; define nowhere",
    }.items():
        (line,) = {line for line in done.output.splitlines() if line.startswith(f"{name}: ") and says in line}
        assert line
    assert files(fleet).keys() == set(fleet.hosts) - {"refused", "no-secret"}
    assert "# The account shows a menu that was made in the console." in files(fleet)["console"]
    with open(fleet.reports / "account-export.csv", encoding="utf-8-sig", newline="") as file:
        rows = {row["Account"]: row for row in csv.DictReader(file)}
    assert rows["asleep"]["Result"] == "written"
    assert "is not shown" in rows["asleep"]["Menu"]
    assert (rows["refused"]["Result"], rows["refused"]["File"]) == ("failed", "")
    # Told once, although the last step runs after the rescue too.
    assert done.output.count("7 accounts: ") == 1


@pytest.mark.every_core
def test_a_file_that_differs_is_replaced_only_if_that_is_asked_and_its_difference_is_shown(fleet: Fleet) -> None:
    fleet.add("a", "mine", "secret", is_open=True)
    secret = fleet.hosts["secret"].pop("wechat_secret")
    for name, text in {"mine": "wechat_team: x\n", "secret": f'wechat_secret: "{secret}"\n'}.items():
        (fleet.folder / f"host_vars/{name}").mkdir(parents=True)
        (fleet.folder / f"host_vars/{name}/wechat.yml").write_text(text)
    before = files(fleet)
    survey = fleet.run("export", "--check", "--diff", export_replace=True)
    assert survey.rc == 2, survey.output
    assert "mine: host_vars/mine/wechat.yml would be written." in survey.output
    assert "+# What the account has" in survey.output
    assert files(fleet) == before
    refused = fleet.run("export", "--diff")
    assert refused.rc == 2
    assert "host_vars/mine/wechat.yml is there, and differs; see it with --check --diff" in refused.prose
    assert "+# What the account has" in refused.output
    assert files(fleet)["mine"] == before["mine"]
    assert files(fleet)["a"]
    (fleet.folder / "host_vars/mine/wechat.yml").chmod(0o640)
    done = fleet.run("export", export_replace=True)
    assert done.rc == 2, done.output
    assert "wechat_draft_switch: present" in files(fleet)["mine"]
    assert files(fleet)["secret"] == before["secret"]
    assert "host_vars/secret/wechat.yml has credentials too, which would be lost; move them to another file" in done.prose
    assert stat.S_IMODE((fleet.folder / "host_vars/mine/wechat.yml").stat().st_mode) == 0o640


def test_a_list_becomes_a_file_of_options_for_each_account(fleet: Fleet) -> None:
    fleet.add("brand-a", "brand-b", is_open=True)
    hostile = {"button": [{"type": "click", "name": "{{ x }}", "key": "{% raw %}\u202e"}]}
    fleet.accounts["brand-a"].menus.buttons = hostile["button"]
    accounts = listed(fleet.accounts)
    third = fleet.simulator.add(is_open=True)
    fleet.hosts = {
        "localhost": {"account_accounts": [*accounts, {**accounts[1], "name": "../x", "appid": third.appid, "secret": third.secret}]}
    }
    done = fleet.run("export", export_dir=str(fleet.folder / "exported"))
    assert done.rc == 2
    found = {path.name: json.loads(path.read_text("utf-8")) for path in sorted((fleet.folder / "exported").iterdir())}
    assert found == {"brand-a.json": {"draft_switch": "present", "menu": hostile}, "brand-b.json": {"draft_switch": "present"}}
    assert "brand-a: brand-a.json has been written." in done.output
    # What a lookup returns is no template.
    paths = f"accounts | map(attribute='name') | map('regex_replace', '^(.*)$', '{fleet.folder}/exported/\\1.json')"
    declared = f"accounts | zip(query('ansible.builtin.file', *({paths})) | map('from_json')) | map('combine')"
    fleet.hosts = {"localhost": {"accounts": accounts, "account_accounts": f"{{{{ {declared} }}}}"}}
    drift = fleet.run("drift")
    assert drift.rc == 0, drift.output
    assert "2 accounts: 2 as declared." in drift.output


@pytest.mark.every_core
def test_a_runner_elsewhere_only_looks_and_the_files_are_written_here(fleet: Fleet) -> None:
    fleet.add("a", "b", group="brands", is_open=True).add("unverified", "gone", group="brands")
    fleet.hosts["there"] = ELSEWHERE
    fleet.variables["account_runner"] = "there"
    fleet.accounts["a"].menus.buttons = odd_menu(fleet.folder / "c")["button"]
    fleet.accounts["unverified"].menus.may = False
    fleet.accounts["gone"].listed = False
    found = {}
    for runner in ("there", "localhost"):
        fleet.forget()
        done = fleet.run("export", export_hosts="brands", account_runner=runner, environment=CONNECTIONS)
        assert done.rc == 2
        assert fleet.changed() == []
        lines = [line for line in done.output.splitlines() if line.startswith(("a: ", "b: ", "unverified: "))]
        found[runner] = (files(fleet), sorted(lines), {name: account.calls[:] for name, account in fleet.accounts.items()})
        for name in ("a", "b"):
            (fleet.folder / f"host_vars/{name}/wechat.yml").unlink()
    assert found["there"] == found["localhost"]
    assert found["there"][0].keys() == {"a", "b"}
    assert found["there"][2]["a"][:4] == ["token", "look", "menu_get", "selfmenu"]


def test_the_files_are_beside_the_inventory_whatever_its_folder_is_called(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    (tmp_path / "a ").mkdir()
    fleet = Fleet(simulator, ansible, tmp_path / "a ").add("a", is_open=True)
    assert fleet.run("export").rc == 0
    assert files(fleet).keys() == {"a"}


def test_one_account_of_the_environment_needs_no_inventory(fleet: Fleet) -> None:
    account = fleet.simulator.add(is_open=True)
    # Everybody can see its menu, and it is a secret of this run.
    account.menus.buttons = [{"type": "click", "name": "x", "key": account.secret}]
    command = ["ansible-playbook", "wxops.official_account.export", "-i", "localhost,"]
    environment = {**server_of(fleet.simulator), "WECHAT_APPID": account.appid, "WECHAT_SECRET": account.secret, "WECHAT_LANGUAGE": "zh"}
    refused = fleet.ansible.run(command, fleet.folder, environment)
    assert refused.rc == 2
    assert "没有可供写入的主机清单目录" in refused.prose
    assert account.calls == []
    done = fleet.ansible.run([*command, "-e", "export_dir=files"], fleet.folder, environment)
    assert done.rc == 0, done.output
    text = (fleet.folder / "files/host_vars/localhost/wechat.yml").read_text("utf-8")
    assert text.splitlines()[-1] == "wechat_draft_switch: present"
    assert "# 菜单：" in text
    assert account.secret not in text
    assert "localhost：已写入 host_vars/localhost/wechat.yml。" in done.output


def test_tags_and_conditional_menus_are_exported_with_the_names_of_the_tags(fleet: Fleet) -> None:
    fleet.add("rich", "no-tags", "plain", is_open=True)
    for name in ("rich", "no-tags"):
        account = fleet.accounts[name]
        account.menus.buttons = menu("all")["button"]
        account.tags.tags.extend([Tag(101, "{{ VIP }}"), Tag(100, "on")])
        # Ids differ from one account to the next, so names are declared. The newest is the strongest.
        account.menus.conditional = [
            {**menu("ios"), "matchrule": {"client_platform_type": "1"}, "menuid": 1},
            {**menu("vip"), "matchrule": {"tag_id": "101"}, "menuid": 2},
        ]
    fleet.accounts["no-tags"].tags.may = False
    done = fleet.run("export", "--diff")
    assert done.rc == 0, done.output
    rich = yaml.load(files(fleet)["rich"], Tagged)
    assert rich["wechat_tags"] == ["on", "{{ VIP }}"]
    assert rich["wechat_conditional_menus"] == {
        "exclusive": True,
        "menus": [{"match": {"tag": "{{ VIP }}"}, "menu": menu("vip")}, {"match": {"platform": "ios"}, "menu": menu("ios")}],
    }
    # Without tags, their ids are all that is known.
    other = yaml.load(files(fleet)["no-tags"], Tagged)
    assert "wechat_tags" not in other
    assert other["wechat_conditional_menus"]["menus"][0]["match"] == {"tag_id": "101"}
    assert "# Failed to read the tags: this account may not use tags" in files(fleet)["no-tags"]
    # A refusal has another rid, and another time, each time.
    assert "3 accounts: 3 up to date." in fleet.run("export").output
    drift = fleet.run("drift")
    assert drift.rc == 0, drift.output
    valid = fleet.run("validate")
    assert valid.rc == 0, valid.output
    page = (fleet.reports / "account-menus.html").read_text("utf-8")
    assert "{{ VIP }}" in page
    assert fleet.changed() == []
