# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prints the time to search a menu of the largest size for the secrets and tokens of all accounts, relative to writing it as JSON.

Each menu is another one, because the search of equal menus is done once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time

from ansible_collections.wxops.official_account.plugins.module_utils._http.secrets import Secrets
from ansible_collections.wxops.official_account.plugins.module_utils._run.work import scrub
from ansible_collections.wxops.official_account.tests.benchmark.ways import MENU

ACCOUNTS = 400
ROUNDS = 5


def main() -> None:
    secrets = Secrets()
    for number in range(ACCOUNTS):
        digest = hashlib.sha512(str(number).encode()).digest()
        secrets.add(digest[:16].hex())
        secrets.add(base64.urlsafe_b64encode(digest * 2).decode().rstrip("="))
    text = json.dumps({"button": MENU})
    rows = {str(number): {"menu": json.loads(text.replace("shop", f"shop-{number}"))} for number in range(ACCOUNTS)}
    ratios = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        for row in rows.values():
            json.dumps(row)
        written = time.perf_counter()
        scrub({"accounts": rows}, secrets)
        ratios.append((time.perf_counter() - written) / (written - begun))
    print(sorted(ratios)[ROUNDS // 2])


if __name__ == "__main__":
    main()
