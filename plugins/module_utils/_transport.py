# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""Transport: one request in, one answer's status and body or one ApiError out. The only file that knows ``requests``."""

from __future__ import annotations

import http.client
import json
import logging
import ssl
import typing as t
from http.cookiejar import DefaultCookiePolicy

from ansible_collections.wxops.official_account.plugins.module_utils._errors import ApiError, Failure, senseless

try:
    import requests
    import urllib3
    from requests.adapters import HTTPAdapter
except ImportError:
    HAS_REQUESTS = False
else:
    HAS_REQUESTS = True

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

VERSION = "0.1.0-dev"

# Far above any real answer (a few hundred bytes), and small enough to be read without a thought.
MAX_BODY = 1024 * 1024


class Answer(t.NamedTuple):
    """``status``: of HTTP. ``content``: the body, or None if it is too large to be an answer."""

    status: int
    content: bytes | None


class Transport:
    """Sends requests over one pool of connections. Safe to share between threads.

    ``url``: scheme, host and possibly a port and a path. ``timeout``: seconds to connect, and to wait for each read.
    ``verify``: whether to check certificates, or the path of the CA bundle to check them with.
    ``connections``: how many to keep open; as many as there are threads. ``answered``: called with every answer.
    """

    def __init__(
        self, url: str, timeout: float, verify: bool | str, connections: int = 1, answered: Callable[[], object] = lambda: None
    ) -> None:
        self._url = url.rstrip("/")
        self._timeout = timeout
        self._verify = verify
        self._answered = answered
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
            self._session.mount(scheme, HTTPAdapter(max_retries=0, pool_maxsize=connections))

    def post(self, step: str, path: str, query: Mapping[str, str], body: Mapping[str, object]) -> Answer:
        """Send one request, once. Raises ApiError, without the URL, if there is no whole answer."""
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
                self._answered()
                return Answer(response.status_code, _read(response))
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as broken:
            # These exceptions carry the URL, and the URL the token: only their kind goes on.
            error = _unusable_connection(step, path, broken)
        raise error


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


_NETWORK = "check this host's network, and api_url"
_SETTINGS = "check api_url, ca_path, and the proxies and REQUESTS_CA_BUNDLE in the environment"


def _unusable_connection(step: str, path: str, broken: Exception) -> ApiError:
    inner = broken.args[0] if broken.args else None
    cause = getattr(inner, "reason", inner)
    if isinstance(broken, requests.exceptions.ContentDecodingError) or _is_no_http(cause):
        return senseless(step, f"the answer of {path} is not HTTP as it should be", passing=True)
    what, remedy, passing, sent = _diagnosis(broken, cause)
    return ApiError(Failure("transport", step, f"{path}: {what}", remedy), passing=passing, unclear=sent, sent=sent)


def _diagnosis(broken: Exception, cause: object) -> tuple[str, str, bool, bool]:
    """What happened, what to do, whether it may pass, and whether the request may have left: from types only.

    In doubt the request has left.
    """
    if isinstance(broken, requests.exceptions.ProxyError):
        # A proxy that loses an answer is called ProxyError too; a refused tunnel is a plain OSError without a number.
        refused = getattr(cause, "original_error", None)
        no_tunnel = type(refused).__name__ == "OSError" and getattr(refused, "errno", None) is None
        unsent = no_tunnel or isinstance(refused, (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError))
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
