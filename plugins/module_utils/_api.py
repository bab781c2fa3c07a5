# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""Transport and wire: one request in, one answer or one ApiError out. The only file that knows ``requests``.

Sources: the platform's pages "Draft box switching settings" (draft/switch) and "Obtain stable Interface call
credentials" (stable_token); the oddities of the wire are users' reports.
"""

from __future__ import annotations

import http.client
import json
import logging
import ssl
import typing as t
from http.cookiejar import DefaultCookiePolicy

from ansible_collections.wxops.official_account.plugins.module_utils._errors import (
    DEAD_TOKEN_CODES,
    ENABLE_STEP,
    LOOK_STEP,
    RETIRED_CODES,
    TOKEN_STEP,
    ApiError,
    DeadToken,
    Failure,
    Retired,
    refusal,
)
from ansible_collections.wxops.official_account.plugins.module_utils._secrets import scrub

try:
    import requests
    import urllib3
    from requests.adapters import HTTPAdapter
except ImportError:
    HAS_REQUESTS = False
else:
    HAS_REQUESTS = True

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

VERSION = "0.1.0-dev"
DEFAULT_URL = "https://api.weixin.qq.com"

# Far above any real answer (a few hundred bytes), and small enough to be read without a thought.
MAX_BODY = 1024 * 1024

_SWITCH = "cgi-bin/draft/switch"
_STABLE_TOKEN = "cgi-bin/stable_token"


class Api:
    """The platform's calls that this collection uses, over one pool of connections. Safe to share between threads.

    ``url``: scheme, host and possibly a port and a path. ``timeout``: seconds to connect, and to wait for each read.
    ``verify``: whether to check certificates, or the path of the CA bundle to check them with.
    ``on_secret``: told each token the moment it is known.
    """

    def __init__(
        self,
        url: str,
        timeout: float,
        verify: bool | str,
        on_secret: Callable[[str], None],
    ) -> None:
        self._url = url.rstrip("/")
        self._timeout = timeout
        self._verify = verify
        self._on_secret = on_secret
        _keep_urls_out_of_logs()
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"wxops.official_account/{VERSION} {requests.utils.default_user_agent()}"
        self._session.headers["Accept-Encoding"] = "identity"
        # An auth of our own keeps requests from looking into .netrc, and the proxies of the environment stay in use.
        self._session.auth = lambda request: request
        # Even if redirects are not allowed, requests would read the body of one whole, and stumble over an odd Location.
        self._session.get_redirect_target = lambda resp: None  # type: ignore[method-assign]  # noqa: ARG005
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=0))

    def fetch_token(self, appid: str, secret: str) -> str:
        """The account's access_token. Does not disturb a token that is in use: never ``force_refresh``."""
        answer = self._post(
            TOKEN_STEP,
            _STABLE_TOKEN,
            query={},
            body={"grant_type": "client_credential", "appid": appid, "secret": secret, "force_refresh": False},
            secrets=(secret,),
            expects="access_token",
        )
        token = answer.get("access_token")
        if not isinstance(token, str) or not is_token(token):
            raise _senseless(TOKEN_STEP, "the answer holds no usable access_token")
        self._on_secret(token)
        return token

    def look(self, token: str) -> bool:
        """Whether the draft box is on. Documented as read-only."""
        answer = self._post(
            LOOK_STEP,
            _SWITCH,
            query={"access_token": token, "checkonly": "1"},
            body={},
            secrets=(token,),
            expects="is_open",
        )
        is_open = _is_open(answer)
        if is_open is None:
            raise _senseless(LOOK_STEP, "the answer does not say whether the draft box is on")
        return is_open

    def enable(self, token: str) -> bool:
        """Turn the draft box on, for good. Returns whether the reply itself says that it is on now.

        The platform's own example of a reply does not say it.
        """
        answer = self._post(
            ENABLE_STEP,
            _SWITCH,
            query={"access_token": token},
            body={},
            secrets=(token,),
            expects="is_open",
        )
        return _is_open(answer) is True

    def _post(
        self,
        step: str,
        path: str,
        query: Mapping[str, str],
        body: Mapping[str, object],
        secrets: Iterable[str],
        expects: str,
    ) -> dict[str, object]:
        """Send one request, once. ``expects``: the field that tells success where the platform leaves errcode out."""
        error: ApiError
        try:
            # The bundle is passed with the request because requests prefers REQUESTS_CA_BUNDLE to the session's.
            with self._session.post(
                f"{self._url}/{path}",
                params=query,
                data=json.dumps(body).encode(),
                headers={"Content-Type": "application/json"},
                timeout=self._timeout,
                verify=self._verify,
                allow_redirects=False,
                stream=True,
            ) as response:
                status = response.status_code
                content = _read(response)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as broken:
            # These exceptions carry the URL, and the URL the token: only their kind goes on.
            error = _unusable_connection(step, path, broken)
        else:
            return _understand(step, path, status, content, secrets, expects)
        raise error


def is_token(text: str) -> bool:
    """Whether ``text`` can be an access_token: printable, and not so short that masking it would shred all output."""
    return 8 <= len(text) <= 512 and text.isascii() and text.isprintable() and " " not in text


def _keep_urls_out_of_logs() -> None:
    # urllib3 logs URLs with their query, which holds the token.
    logging.getLogger("urllib3").propagate = False
    urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)


def _read(response: requests.Response) -> bytes | None:
    """The body, or None if it is too large to be an answer."""
    content = b""
    for chunk in response.iter_content(16 * 1024):
        content += chunk
        if len(content) > MAX_BODY:
            return None
    return content


def _understand(
    step: str,
    path: str,
    status: int,
    content: bytes | None,
    secrets: Iterable[str],
    expects: str,
) -> dict[str, object]:
    """The answer's fields, if it tells success; an ApiError otherwise.

    The content type is not looked at: the platform sends JSON as text/plain, and with wrong charsets.
    """
    if status == 429 or status >= 500:
        raise ApiError(
            Failure("transient", step, f"{path} answered HTTP {status}", "run again in a few minutes: it looks first", http_status=status),
            passing=True,
            unclear=True,
        )
    answer = None if content is None else _json_object(content)
    errcode = None if answer is None else _number(answer.get("errcode", 0 if expects in answer else None))
    if answer is None or errcode is None or (status != 200 and errcode == 0):
        if status != 200:
            raise _senseless(
                step, f"{path} answered HTTP {status}", status, "check api_url, and any proxy between this host and the platform"
            )
        if content is None:
            raise _senseless(step, f"the answer of {path} is larger than {MAX_BODY // 1024 // 1024} MiB", status)
        if answer is None:
            raise _senseless(step, f"the answer of {path} is not a JSON object", status, passing=True)
        raise _senseless(step, f"the answer of {path} has no readable errcode", status)
    if errcode == 0:
        return answer
    failure = refusal(step, errcode, scrub(str(answer.get("errmsg", "")), secrets), status)
    kind: type[ApiError] = ApiError
    if path == _SWITCH and errcode in DEAD_TOKEN_CODES:
        kind = DeadToken
    elif path == _SWITCH and errcode in RETIRED_CODES:
        kind = Retired
    busy = failure.reason == "transient"
    raise kind(failure, passing=busy, unclear=busy)


def _json_object(content: bytes) -> dict[str, object] | None:
    try:
        # WeChat answers in UTF-8 whatever it declares, and leaves control characters in texts.
        answer = json.loads(content.decode("utf-8-sig", errors="replace"), strict=False)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _number(value: object) -> int | None:
    """A whole number, also where an intermediary made it a string or a float; None if it is none."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63 else None


def _is_open(answer: Mapping[str, object]) -> bool | None:
    """What ``is_open`` says. None for anything but 0 and 1, because what is not understood is not off."""
    value = answer.get("is_open")
    number = int(value) if isinstance(value, bool) else _number(value)
    return bool(number) if number in (0, 1) else None


def _senseless(
    step: str,
    what: str,
    status: int | None = None,
    remedy: str = "check api_url and any proxy between; if both are right, report it as a bug of this collection",
    *,
    passing: bool = False,
) -> ApiError:
    return ApiError(Failure("protocol", step, what, remedy, http_status=status), passing=passing, unclear=True)


_NETWORK = "check this host's network, and api_url"
_SETTINGS = "check api_url, ca_path, and the proxies and REQUESTS_CA_BUNDLE in the environment"


def _unusable_connection(step: str, path: str, broken: Exception) -> ApiError:
    inner = broken.args[0] if broken.args else None
    cause = getattr(inner, "reason", inner)
    if isinstance(broken, requests.exceptions.ContentDecodingError) or _is_no_http(cause):
        return _senseless(step, f"the answer of {path} is not HTTP as it should be", passing=True)
    what, remedy, passing, sent = _diagnosis(broken, cause)
    return ApiError(Failure("transport", step, f"{path}: {what}", remedy), passing=passing, unclear=sent, sent=sent)


def _diagnosis(broken: Exception, cause: object) -> tuple[str, str, bool, bool]:
    """What happened, what to do, whether it may pass, and whether the request may have left: from types only.

    In doubt the request has left.
    """
    if isinstance(broken, requests.exceptions.ProxyError):
        # A proxy that loses an answer is called ProxyError too; a refused tunnel is a plain OSError.
        refused = getattr(cause, "original_error", None)
        unsent = type(refused).__name__ == "OSError" or isinstance(
            refused, (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)
        )
        return "the proxy could not be used", "check the proxy in the environment (HTTPS_PROXY, NO_PROXY)", True, not unsent
    if isinstance(broken, requests.exceptions.SSLError):
        inner = next(iter(getattr(cause, "args", ())), None)
        # urllib3 1.26 has a CertificateError of its own.
        if isinstance(inner, ssl.SSLCertVerificationError) or type(inner).__name__ == "CertificateError":
            remedy = "check api_url; if a CA of your own signs there, give it as ca_path or REQUESTS_CA_BUNDLE"
            return "the server's certificate is not trusted", remedy, False, False
        return "the TLS connection failed", f"{_SETTINGS}; is there an https server at all", True, True
    if isinstance(broken, requests.exceptions.ConnectTimeout):
        return "no connection could be made in time", _NETWORK, True, False
    if isinstance(cause, urllib3.exceptions.NewConnectionError):
        # urllib3 1.26 has no NameResolutionError.
        if type(cause).__name__ == "NameResolutionError":
            return "the host name in api_url cannot be resolved", _NETWORK, True, False
        return "no connection could be made (refused, or no way to the host)", _NETWORK, True, False
    if isinstance(broken, requests.Timeout) or isinstance(cause, urllib3.exceptions.ReadTimeoutError):
        return "no answer came in time", _NETWORK, True, True
    if _is_before_sending(broken):
        return "no request could be made", _SETTINGS, False, False
    if isinstance(broken, ValueError) and not isinstance(broken, requests.RequestException):
        return "the request could not be completed", _SETTINGS, True, True
    return "the connection broke before the answer was complete", _NETWORK, True, True


def _is_no_http(cause: object) -> bool:
    """Whether something answered that does not speak HTTP. A closed connection is a kind of bad status line as well."""
    answered = cause.args[1] if isinstance(cause, urllib3.exceptions.ProtocolError) and len(cause.args) > 1 else None
    return isinstance(answered, http.client.BadStatusLine) and not isinstance(answered, http.client.RemoteDisconnected)


def _is_before_sending(broken: Exception) -> bool:
    """Whether requests gave up before it sent anything: over a URL, or over a CA bundle that is not there (an OSError)."""
    of_url = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema)
    if isinstance(broken, (*of_url, urllib3.exceptions.LocationValueError)):
        return True
    return isinstance(broken, OSError) and not isinstance(broken, requests.RequestException)
