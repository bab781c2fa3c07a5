# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls to the simulator without the collection: by requests, and by an independent client."""

from __future__ import annotations

import contextlib
import json
import typing as t
import warnings

import requests

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.simulator import Account, Simulator


class Calls:
    """The calls of one account. The simulator must speak plain http. ``token``: the account's own; a test may set another one."""

    def __init__(self, simulator: Simulator, account: Account) -> None:
        self._url = simulator.url
        self.token = simulator.token(account)

    def __call__(self, path: str, body: object = None, method: str = "POST") -> dict[str, t.Any]:
        """The answer. ``path``: without the /cgi-bin/ of most calls, or from the root. ``body``: bytes, or what JSON can hold."""
        data = body if isinstance(body, bytes | None) else json.dumps(body, ensure_ascii=False).encode()
        url = f"{self._url}{path}" if path.startswith("/") else f"{self._url}/cgi-bin/{path}"
        answer = requests.request(method, url, params={"access_token": self.token}, data=data, timeout=5)
        return t.cast("dict[str, t.Any]", json.loads(answer.content))


@contextlib.contextmanager
def independent_client(simulator: Simulator, account: Account) -> Iterator[t.Any]:
    """wechatpy's client of ``account``. It knows no CA of its own, so the simulator must speak plain http."""
    with warnings.catch_warnings():
        # It is older than the Python that it runs on.
        warnings.simplefilter("ignore")
        from wechatpy import WeChatClient

        client = WeChatClient(account.appid, account.secret, access_token=simulator.token(account))
        client.API_BASE_URL = f"{simulator.url}/cgi-bin/"
        yield client
