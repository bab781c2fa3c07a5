# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide from a list of accounts to files, and the example that makes an inventory of a list."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import typing as t

import pytest
import yaml

from tests.integration.harness import BIN, ROOT, base_environment
from tests.integration.pages import GUIDES, Walk, server_of

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible
    from tests.simulator import Simulator

_ROLE: dict[str, t.Any] = {"name": "wxops.official_account.account"}
DRIFT_PLAY: dict[str, t.Any] = {"hosts": "localhost", "gather_facts": False, "tasks": [{"ansible.builtin.import_role": _ROLE}]}
LIST_PLAY = {**DRIFT_PLAY, "tasks": [{"ansible.builtin.import_role": {**_ROLE, "tasks_from": "export"}}]}
EXAMPLE = ROOT / "examples/accounts"
LIST = (EXAMPLE / "accounts.csv").read_text("utf-8")


def test_from_a_list_to_files_and_one_template(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    with Walk(GUIDES / "guide_files.rst", ansible, tmp_path, {**server_of(simulator), "HOME": str(tmp_path)}) as walk:
        assert walk.write() == LIST
        rows = list(csv.DictReader(io.StringIO(LIST)))
        accounts = {row["host"]: simulator.add(appid=row["AppID"], secret=row["AppSecret"]) for row in rows}
        (tmp_path / "accounts.py").write_text((EXAMPLE / "accounts.py").read_text("utf-8"))
        (tmp_path / ".wechat-vault-password").write_text("not-a-real-password\n")
        walk.shell()
        (made,) = walk.run()
        assert made.rc == 0
        assert (tmp_path / "secrets.yml").read_text().startswith("$ANSIBLE_VAULT;")
        hosts = yaml.safe_load((tmp_path / "fleet.yml").read_text("utf-8"))["all"]["children"]["brands"]["hosts"]
        assert yaml.safe_load(walk.block("yaml").text)["brand-a"] == hosts["brand-a"]

        old = {name: [{"type": "view", "name": "旧商店 🎁", "url": f"https://old.example/{name[-1]}"}] for name in accounts}
        old["brand-a"].append({"type": "click", "name": "{{ x }}", "key": "hello"})
        for name in ("brand-a", "brand-b", "brand-c"):
            accounts[name].is_open, accounts[name].menus.buttons = True, old[name]
        shown, written = walk.run()
        assert (shown.rc, written.rc) == (0, 0), shown.output + written.output
        (_comments, _rest) = (tmp_path / "host_vars/brand-a/wechat.yml").read_text("utf-8").split("wechat_draft_switch", 1)
        assert walk.block("text").text == f"wechat_draft_switch{_rest}"
        (drift,) = walk.run()
        assert drift.rc == 0, drift.output

        listed = yaml.safe_load(walk.block("yaml").text)
        accounts_of_list = [{"name": name, "appid": account.appid, "secret": account.secret} for name, account in accounts.items()]
        with_all = {"accounts": accounts_of_list[:3], **listed, "account_runner": "localhost"}
        (tmp_path / "list.json").write_text(json.dumps([{**LIST_PLAY, "vars": {**with_all, "account_accounts": accounts_of_list[:3]}}]))
        done = ansible.run(["ansible-playbook", "list.json", "-e", "account_export_dir=saved"], tmp_path, walk.environment)
        assert done.rc == 0, done.output
        (tmp_path / "drift.json").write_text(json.dumps([{**DRIFT_PLAY, "vars": {**with_all, "account_fail_if_changed": True}}]))
        assert "3 accounts: 3 as declared." in ansible.run(["ansible-playbook", "drift.json", "--check"], tmp_path, walk.environment).output

        walk.write()
        walk.write()
        walk.shell()
        before = len(simulator.log)
        password = walk.environment.pop("ANSIBLE_VAULT_PASSWORD_FILE")
        nowhere = {"HTTPS_PROXY": "http://127.0.0.1:1"}
        (valid,) = walk.run(**nowhere)
        assert valid.rc == 0
        page = (tmp_path / "review/account-menus.html").read_text("utf-8")
        assert page.count("https://shop.example/a/club") == 1
        assert "https://shop.example/b/club" not in page
        own = tmp_path / "host_vars/brand-c/wechat.yml"
        text = own.read_text("utf-8")
        own.unlink()
        command = ["ansible-playbook", "wxops.official_account.validate", "-i", "fleet.yml"]
        fault = ansible.run(command, tmp_path, {**walk.environment, **nowhere})
        assert fault.rc == 2
        assert walk.block("text").text.strip() in fault.output.splitlines()
        own.write_text(text, "utf-8")
        assert len(simulator.log) == before

        (done,) = walk.run(ANSIBLE_VAULT_PASSWORD_FILE=password)
        assert done.rc == 0, done.output
        urls = {name: [button.get("url") for button in account.menus.buttons or ()] for name, account in accounts.items()}
        assert urls == {
            "brand-a": ["https://shop.example/a", "https://shop.example/a/club"],
            "brand-b": ["https://shop.example/b"],
            "brand-c": ["https://old.example/c"],
            "brand-d": [],
        }


UNUSED = "not used: 备注 (a variable's name is lower case, without spaces)\n"


class Made(t.NamedTuple):
    rc: int
    said: str
    hosts: dict[str, t.Any]


def make(folder: Path, content: bytes) -> Made:
    """Run the example on a list with this ``content``."""
    (folder / "list.csv").write_bytes(content)
    (folder / "password").write_text("not-a-real-password\n")
    command = [sys.executable, str(EXAMPLE / "accounts.py"), "list.csv", "--vault-password-file", "password"]
    environment = {**base_environment(), "PATH": f"{BIN}:{base_environment()['PATH']}"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    made = folder / "fleet.yml"
    hosts = yaml.load(made.read_text("utf-8"), _Loader)["all"]["children"]["brands"]["hosts"] if made.exists() else {}
    return Made(done.returncode, done.stdout + done.stderr, hosts)


class _Loader(yaml.SafeLoader):
    pass


_Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


@pytest.mark.parametrize(
    "content",
    [
        LIST.encode(),
        LIST.encode("utf-8-sig"),
        LIST.replace("\n", "\r\n").encode("gbk"),
        LIST.replace(",", "\t").replace("\n", "\r\n").encode("utf-16"),
        f"sep=;\n{LIST.replace(',', ';')}".encode("utf-8-sig"),
        LIST.replace("公众号名称,AppID,AppSecret", "nick_name,开发者ID（AppID）,开发者密码(AppSecret)").encode(),
        LIST.replace(",", " ,\xa0").encode() + b"\n,,,,,,\n",
    ],
    ids=["utf-8", "with-a-mark", "gbk", "utf-16-and-tabs", "semicolons", "other-headings", "blanks-around"],
)
def test_the_list_is_read_however_a_spreadsheet_has_saved_it(content: bytes, tmp_path: Path) -> None:
    made = make(tmp_path, content)
    assert (made.rc, made.said) == (0, f"{UNUSED}4 accounts: fleet.yml, secrets.yml\n")
    assert list(made.hosts) == ["brand-a", "brand-b", "brand-c", "brand-d"]
    assert {name: its for name, its in made.hosts["brand-a"].items() if name != "wechat_secret"} == {
        "wechat_appid": "wx0123456789abcdef",
        "wechat_nick_name": "甲品牌",
        "shop_url": "https://shop.example/a",
        "has_club": "yes",
    }
    assert make(tmp_path, content).rc == 0


ROW = "brand-a,wx0123456789abcdef,0123456789abcdef0123456789abcdef"
HEAD = "host,AppID,AppSecret,name"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "there is no column host; found: nothing"),
        ("host,AppSecret\n", "there is no column appid; found: host, AppSecret"),
        (HEAD, "there are no accounts"),
        (f"{HEAD},AppID\n{ROW}", "there are two columns appid"),
        (f"{HEAD}\n{ROW}\nBrand-A,wx0123456789abcde0,", "row 3: host is that of row 2 too"),
        (f"{HEAD}\n{ROW}\nbrand-b,wx0123456789abcdef,", "row 3: AppID is that of row 2 too"),
        (f"{HEAD}\n{ROW.replace('wx', 'WX')}", "row 2: AppID is not wx and 16"),
        (f"{HEAD}\nbrand-a,wx0123456789abcdef,1.23457E+31", "row 2: AppSecret is not 32 hexadecimal characters; format the column as text"),
        (f"{HEAD}\n../x,wx0123456789abcdef,", "row 2: host is missing, or is not"),
        (f"{HEAD}\na[1:9],wx0123456789abcdef,", "row 2: host is missing, or is not"),
        (f"{HEAD}\n{ROW},x,y", "row 2: has more cells than there are columns"),
        (f'{HEAD}\n{ROW},"a\nb"', "row 2: has a line break or a control character"),
        (f'{HEAD}\n{ROW},"a', "cannot be read as CSV"),
    ],
)
def test_a_list_with_a_fault_is_told_by_its_row_and_nothing_is_written(text: str, says: str, tmp_path: Path) -> None:
    made = make(tmp_path, text.encode())
    assert made.rc == 1
    assert says in made.said
    assert "0123456789abcdef0123456789abcdef" not in made.said
    assert "1.23457E+31" not in made.said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["list.csv", "password"]


def test_columns_that_cannot_be_variables_are_named(tmp_path: Path) -> None:
    made = make(tmp_path, f"{HEAD},Shop URL,wechat_menu,shop_url,\n{ROW},A,x,x,y".encode())
    assert (made.rc, made.said.splitlines()[0]) == (0, "not used: Shop URL, wechat_menu (a variable's name is lower case, without spaces)")
    assert made.said.splitlines()[1] == "1 account: fleet.yml, secrets.yml"
    assert made.hosts["brand-a"]["shop_url"] == "y"


def test_names_in_a_list_are_data_and_a_file_of_somebody_else_stays(tmp_path: Path) -> None:
    made = make(tmp_path, f"{HEAD},x\n{ROW},{{{{ lookup('pipe'; 'x') }}}},on\nno,wx0123456789abcde0,,,".encode())
    assert made.rc == 0, made.said
    assert made.hosts["brand-a"]["wechat_nick_name"] == "{{ lookup('pipe'; 'x') }}"
    assert 'wechat_nick_name: !unsafe "{{' in (tmp_path / "fleet.yml").read_text("utf-8")
    assert made.hosts["brand-a"]["x"] == "on"
    assert made.hosts["no"] == {"wechat_appid": "wx0123456789abcde0"}
    (tmp_path / "fleet.yml").write_text("all: {children: {brands: {hosts: {mine: {}}}}}\n")
    assert "accounts.py has not written it; nothing was written" in make(tmp_path, f"{HEAD}\n{ROW}".encode()).said
    assert "mine" in (tmp_path / "fleet.yml").read_text("utf-8")
