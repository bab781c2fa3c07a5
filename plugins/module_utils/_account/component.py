# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls that a third-party platform makes for itself: the accounts that it serves, and tokens for them.

Sources: the platform's pages "getAuthorizerList", "getAuthorizerInfo" and "getAuthorizerAccessToken".
"""

from __future__ import annotations

import re
import threading
import typing as t

from .._http.errcodes import COMPONENT_CALL
from .._http.errors import ApiError, Step, unusable_answer
from .._http.wire import Call, number
from .._text import Text

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .._http.errcodes import Codes
    from .._http.errors import Failure
    from .._http.wire import Fields, Wire

# The largest number of accounts that the platform returns at a time. Source: the page "getAuthorizerList".
PAGE = 500

# A list that announces more accounts is not believed: reading it might never end.
MOST_ACCOUNTS = 1_000_000

APPID = re.compile(r"wx[0-9a-fA-F]{16}")

LIST = Step(Text("list the third-party platform's authorised accounts"))
LOOK_UP = Step(Text("look the account up among the third-party platform's authorised accounts"))
FETCH_TOKEN = Step(Text("get an authorizer_access_token"))

_LIST = "cgi-bin/component/api_get_authorizer_list"
_INFO = "cgi-bin/component/api_get_authorizer_info"
_TOKEN = "cgi-bin/component/api_authorizer_token"


class Authorizer(t.NamedTuple):
    """An account that has authorised the third-party platform.

    ``refresh_token``: empty if the platform returns none. ``auth_time``: when the account did so, in seconds since 1970; None if unknown.
    """

    appid: str
    refresh_token: str
    auth_time: int | None


class Page(t.NamedTuple):
    """``total``: the number of accounts on all pages. ``entries``: None stands for an entry without a usable AppID."""

    total: int
    entries: list[Authorizer | None]


class Component:
    """A third-party platform, with a component_access_token from its own service. This collection never creates such a token.

    ``codes``: what the errcodes of its calls mean. Safe to share between threads.
    """

    def __init__(self, wire: Wire, component_appid: str, component_access_token: str, codes: Codes = COMPONENT_CALL) -> None:
        self._wire = wire
        self.codes = codes
        self._component_appid = component_appid
        self._token = component_access_token
        self._first = threading.Lock()
        self._proven = False
        self._refused: Failure | None = None

    def page(self, offset: int) -> Page:
        """At most ``PAGE`` of the authorised accounts, starting at ``offset``. Raises ApiError."""
        answer = self._send(self._call(LIST, _LIST, "total_count"), {"offset": offset, "count": PAGE})
        total, listed = number(answer.get("total_count")), answer.get("list")
        if not isinstance(listed, list):
            raise unusable_answer(LIST, Text("the answer holds no list of accounts"))
        if total is None or not 0 <= total <= MOST_ACCOUNTS:
            raise unusable_answer(LIST, Text("the answer holds no usable total_count"))
        return Page(total, [self._authorizer(one) for one in listed])

    def details(self, appid: str) -> dict[str, t.Any]:
        """The platform's answer about one authorised account, with ``authorizer_info`` and ``authorization_info``. Raises ApiError.

        The refresh token in it is masked from now on.
        """
        answer = self._send(self._call(LOOK_UP, _INFO, "authorizer_info"), {"authorizer_appid": appid})
        self._refresh_token_in(_info_of(appid, answer))
        return answer

    def refresh_token(self, appid: str) -> str:
        """The account's authorizer_refresh_token; empty if the platform returns none. Raises ApiError."""
        answer = self._send(self._call(LOOK_UP, _INFO, "authorization_info"), {"authorizer_appid": appid})
        return self._refresh_token_in(_info_of(appid, answer))

    def fetch_token(self, appid: str, refresh_token: str) -> tuple[str, str]:
        """The account's authorizer_access_token, and the refresh token to use from now on. Raises ApiError."""
        body = {"authorizer_appid": appid, "authorizer_refresh_token": refresh_token}
        answer = self._send(self._call(FETCH_TOKEN, _TOKEN, "authorizer_access_token"), body)
        token = self._wire.token_in(answer, "authorizer_access_token", FETCH_TOKEN)
        return token, self._refresh_token_in(answer) or refresh_token

    def _authorizer(self, listed: object) -> Authorizer | None:
        appid = listed.get("authorizer_appid") if isinstance(listed, dict) else None
        if not isinstance(listed, dict) or not isinstance(appid, str) or not APPID.fullmatch(appid):
            return None
        return Authorizer(appid, self._wire.secret_in(listed, "refresh_token"), number(listed.get("auth_time")))

    def _refresh_token_in(self, answer: object) -> str:
        return self._wire.secret_in(answer, "authorizer_refresh_token") if isinstance(answer, dict) else ""

    def _call(self, step: Step, path: str, expects: str) -> Call:
        return Call(step, path, self.codes, expects)

    def _send(self, call: Call, body: Mapping[str, object]) -> Fields:
        # Until the platform has accepted the token once, there is only one request at a time, so that a dead token fails only once and
        # not in each thread.
        if not self._proven:
            with self._first:
                if not self._proven:
                    return self._ask(call, body)
        return self._ask(call, body)

    def _ask(self, call: Call, body: Mapping[str, object]) -> Fields:
        if self._refused:
            raise ApiError(self._refused)
        try:
            # The newest documentation of each call names this parameter access_token. Older pages name it component_access_token.
            answer = self._wire.send(call, {"access_token": self._token}, {"component_appid": self._component_appid, **body})
        except ApiError as error:
            if error.failure.shared:
                self._refused = error.failure
            # An answer that the platform is busy says nothing about the token. Other errors end the waiting in line: if no answer comes,
            # the threads would wait for ever, one after the other.
            elif error.failure.reason != "transient" or error.failure.errcode is None:
                self._proven = True
            raise
        self._proven = True
        return answer


def _info_of(appid: str, answer: Mapping[str, object]) -> object:
    """The authorization_info in ``answer``. Raises ApiError if it is another account's."""
    info = answer.get("authorization_info")
    named = info.get("authorizer_appid", appid) if isinstance(info, dict) else appid
    if not isinstance(named, str) or named.lower() != appid.lower():
        raise unusable_answer(LOOK_UP, Text("the answer is about another account"))
    return info


def permission_sets_in(details: object) -> list[int] | None:
    """The numbers of the permission sets that an account has granted; None if they are not known.

    ``details``: as ``Component.details`` returns them, but anything is taken.
    """
    granted = within(details, "authorization_info", "func_info")
    if not isinstance(granted, list):
        return None
    numbers = [number(within(one, "funcscope_category", "id")) for one in granted]
    return None if None in numbers else [one for one in numbers if one is not None]


def within(fields: object, *names: str) -> object:
    """What is in ``fields`` below these names; None if nothing is."""
    for name in names:
        fields = fields.get(name) if isinstance(fields, dict) else None
    return fields
