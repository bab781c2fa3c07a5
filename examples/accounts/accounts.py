#!/usr/bin/env python3
# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes an inventory and an encrypted file of secrets from a list of accounts that a spreadsheet has saved as CSV.

    python accounts.py accounts.csv

writes fleet.yml and, with ansible-vault, secrets.yml: it never writes the secrets as plain text. ANSIBLE_VAULT_PASSWORD_FILE names the file
with the password of the vault. Further arguments go to ansible-vault, such as --vault-password-file FILE.

The first row has the names of the columns: host, AppID, AppSecret and nick_name, in any order, in English or Chinese. Every other column
whose name can be the name of a variable is a variable of the host; the rest is named, and not used. Excel's encodings (UTF-8 with its
mark, GBK, UTF-16) and separators (comma, semicolon, tab) are understood.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

COLUMNS = {
    "host": ("host", "主机", "主机名"),
    "wechat_appid": ("appid", "开发者id", "开发者id(appid)"),
    "secret": ("appsecret", "secret", "开发者密码", "开发者密码(appsecret)"),
    "wechat_nick_name": ("nick_name", "name", "公众号名称", "账号名称", "名称"),
}
HOST = re.compile(r"\w[\w.-]*")
APPID = re.compile(r"wx[0-9a-f]{16}")
SECRET = re.compile(r"[0-9a-f]{32}")
# What YAML takes for a text, and for no other text than this one.
PLAIN = re.compile(r"(?!(?:no|off|on|yes|null|true|false|[yn])$)[a-z][a-z0-9-]*")
VARIABLE = re.compile(r"[a-z_][a-z0-9_]*")
LOOKUP = "(lookup('ansible.builtin.unvault', inventory_dir ~ '/secrets.yml') | from_yaml).vault_wechat_secrets"
MARK = "# Written by accounts.py. Change the list instead.\n"


def text_of(content: bytes) -> str:
    """The text of a file that a spreadsheet has written. Raises ValueError."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel calls CSV is GBK in China.
        return content.decode("gb18030")


def rows_of(text: str) -> list[list[str]]:
    lines = text.removeprefix("sep=;\n").removeprefix("sep=;\r\n").splitlines(keepends=True)
    separator = max(",;\t", key=(lines or [""])[0].count)
    # A cell may have blanks of all kinds around it.
    return [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=separator, strict=True)]


def column_of(name: str) -> str | None:
    """What a column is: one of COLUMNS, or a variable of the host; None if it is only for people."""
    plain = name.lower().replace("（", "(").replace("）", ")").replace(" ", "")
    known = next((column for column, names in COLUMNS.items() if plain in names), None)
    return known or (name if VARIABLE.fullmatch(name) and not name.startswith(("ansible_", "wechat_", "vault_")) else None)


def accounts_in(text: str) -> tuple[list[dict[str, str]], list[str], list[str]]:
    """The accounts, the columns that are not used, and what is wrong with the list: a line for each fault. No line shows a secret."""
    head, *rows = rows_of(text) or [[]]
    columns = [column_of(name) for name in head]
    unused = [name for name, column in zip(head, columns, strict=True) if name and not column]
    found = f"; found: {', '.join(filter(None, head)) or 'nothing'}"
    faults = [f"there is no column {COLUMNS[name][0]}{found}" for name in ("host", "wechat_appid") if name not in columns]
    faults += [
        f"there are two columns {COLUMNS.get(name, [name])[0]}" for name in dict.fromkeys(columns) if name and columns.count(name) > 1
    ]
    if faults:
        return [], unused, faults
    accounts = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, 2):
        if not any(row):
            continue
        account = {name: cell for name, cell in zip(columns, row, strict=False) if name and cell}
        accounts.append(account)
        host, appid, secret = (account.get(name, "") for name in ("host", "wechat_appid", "secret"))
        wrong = [
            ("has more cells than there are columns", len(row) > len(columns)),
            ("host is missing, or is not letters, digits, - and .", not HOST.fullmatch(host)),
            ("AppID is not wx and 16 hexadecimal characters", not APPID.fullmatch(appid)),
            ("AppSecret is not 32 hexadecimal characters; format the column as text", secret and not SECRET.fullmatch(secret)),
            ("has a line break or a control character in a cell", not "".join(account.values()).replace("\xa0", " ").isprintable()),
        ]
        faults += [f"row {number}: {what}" for what, is_wrong in wrong if is_wrong]
        for what, value in (("host", host.lower()), ("AppID", appid)):
            first = seen.setdefault(f"{what} {value}", number)
            if value and first != number:
                faults.append(f"row {number}: {what} is that of row {first} too")
    return accounts, unused, faults or ([] if accounts else ["there are no accounts"])


def scalar(text: str) -> str:
    # Ansible would take such a text for a template.
    tag = "!unsafe " if "{" in text or text.startswith("#") else ""
    return tag + json.dumps(text, ensure_ascii=False)


def inventory_of(accounts: list[dict[str, str]]) -> str:
    vault = ["  vars:", f'    vault_wechat_secrets: "{{{{ {LOOKUP} }}}}"'] if any("secret" in account for account in accounts) else []
    lines = ["---", MARK.rstrip(), "all:", *vault, "  children:", "    brands:", "      hosts:"]
    for account in accounts:
        host = account["host"]
        lines.append(f"        {host if PLAIN.fullmatch(host) else scalar(host)}:")
        lines += [f"          {name}: {scalar(its)}" for name, its in account.items() if name not in ("host", "secret")]
        if "secret" in account:
            lines.append('          wechat_secret: "{{ vault_wechat_secrets[inventory_hostname] }}"')
    return "\n".join([*lines, ""])


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(__doc__)
        return 2
    try:
        accounts, unused, faults = accounts_in(text_of(Path(sys.argv[1]).read_bytes()))
    except (OSError, ValueError, csv.Error) as error:
        faults = [f"{sys.argv[1]} cannot be read as CSV ({type(error).__name__})"]
    fleet = Path("fleet.yml")
    if not faults and fleet.exists() and MARK not in fleet.read_text("utf-8", errors="replace"):
        faults = ["fleet.yml is there, and accounts.py has not written it; nothing was written"]
    if faults:
        print("\n".join(faults), file=sys.stderr)
        return 1
    secrets = {account["host"]: account["secret"] for account in accounts if "secret" in account}
    if secrets:
        vault = ["ansible-vault", "encrypt", *sys.argv[2:], "--output", "secrets.yml", "-"]
        encrypted = subprocess.run(vault, input=f"---\n{json.dumps({'vault_wechat_secrets': secrets})}\n", text=True, check=False)
        if encrypted.returncode:
            return encrypted.returncode
    fleet.write_text(inventory_of(accounts), "utf-8")
    if unused:
        print(f"not used: {', '.join(unused)} (a variable's name is lower case, without spaces)")
    print(f"{len(accounts)} account{'s' if len(accounts) > 1 else ''}: fleet.yml{', secrets.yml' if secrets else ''}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
