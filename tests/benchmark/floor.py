# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lower limit: the same work in a short script with requests and without any output. ``python floor.py FLEET``."""

from __future__ import annotations

import concurrent.futures
import json
import sys
import typing as t
from pathlib import Path

import requests

THREADS = 32


class Script:
    def __init__(self, url: str) -> None:
        self._url = f"{url}/cgi-bin/draft/switch"
        self._session = requests.Session()
        self._session.mount("https://", requests.adapters.HTTPAdapter(pool_maxsize=THREADS))

    def look(self, token: str) -> bool:
        return bool(self._post(f"{self._url}?checkonly=1", token)["is_open"])

    def enable(self, token: str) -> None:
        self._post(self._url, token)

    def turn_on(self, account: dict[str, str]) -> bool:
        token = account["access_token"]
        if not self.look(token):
            self.enable(token)
            return self.look(token)
        return True

    def _post(self, url: str, token: str) -> dict[str, t.Any]:
        answer: dict[str, t.Any] = self._session.post(url, params={"access_token": token}, json={}, timeout=10).json()
        if answer["errcode"] != 0:
            raise ValueError(answer["errcode"])
        return answer


def main() -> int:
    fleet = json.loads(Path(sys.argv[1]).read_text())
    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        return 0 if all(pool.map(Script(fleet["api_url"]).turn_on, fleet["accounts"])) else 1


if __name__ == "__main__":
    sys.exit(main())
