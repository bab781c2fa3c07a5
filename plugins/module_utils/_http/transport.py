# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sends one request. Returns the status and body of its one answer, or raises one ApiError.

Only this file and ``connections`` know the library requests.
"""

from __future__ import annotations

import dataclasses
import errno
import http.client
import json
import logging
import socket
import ssl
import time
import typing as t
from urllib.parse import urlencode

from .._text import Text, verbatim
from .connections import (
    CURRENT,
    Adapter,
    Exchange,
    NotUnderstood,
    NotWanted,
    is_ready,
)
from .environment import check_bundle, check_proxy, check_tls
from .errors import MORE_FILES, OUT_OF_FILES, RUN_AGAIN, ApiError, Failure, unusable_answer

try:
    import requests
    import urllib3
    from requests.structures import CaseInsensitiveDict
except (ImportError, OSError):  # OSError: requests 2.32 makes a TLS context while it is imported; see check_tls
    HAS_REQUESTS = False
else:
    HAS_REQUESTS = True

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .errors import Step

VERSION = "1.0.0"

DEFAULT_URL = "https://api.weixin.qq.com"

Verb = t.Literal["GET", "POST"]

# Bytes. A real answer has a few hundred; this is still little enough to keep in memory.
MAX_BODY = 1024 * 1024


class Answer(t.NamedTuple):
    """``status``: the HTTP status. ``content``: the body, or None if it cannot be read; ``unreadable`` then says why."""

    status: int
    content: bytes | None
    unreadable: Text = verbatim("")


class Transport:
    """Sends requests over one pool of connections. Safe to share between threads.

    ``url``: scheme and host, and optionally a port and a path. ``timeout``: seconds for a whole request, from the connection to the
    last byte of the answer; only the look-up of the host name may take longer.
    ``verify``: whether to check certificates, or the path of the CA bundle to check them with.
    ``connections``: how many connections to keep open, one for each thread. ``answered``: called after each answer, without arguments.
    ``still_wanted``: called right before a change is sent; if it returns False, the change is not sent.
    ``until``: when every request must have ended, as ``time.monotonic``; None for no limit besides ``timeout``.
    Raises ValueError if ``url`` is not a URL, and UnusableEnvironment if an environment variable makes every request fail.
    """

    def __init__(
        self,
        url: str,
        timeout: float,
        verify: bool | str,
        connections: int = 1,
        answered: Callable[[], object] = lambda: None,
        still_wanted: Callable[[], bool] = lambda: True,
        until: float | None = None,
    ) -> None:
        self._timeout = timeout
        self._until = until
        self._answered = answered
        self._still_wanted = still_wanted
        _keep_urls_out_of_logs()
        self._headers = {
            "User-Agent": f"wxops.official_account/{VERSION} {requests.utils.default_user_agent()}",
            "Accept-Encoding": "identity",
        }
        # Done once, because this takes longer than the rest of building a request.
        base = requests.PreparedRequest()
        base.prepare_url(url.rstrip("/") + "/", None)
        self._url = str(base.url)
        # The requests are not sent by a session of requests: that would read .netrc, keep cookies, follow redirects, and read the
        # environment for each request.
        with requests.Session() as session:
            self._environment: Mapping[str, t.Any] = session.merge_environment_settings(self._url, {}, True, verify, None)
        # The size holds for each pool. There is one pool for the platform's host, and one for the proxy if there is one.
        self._adapter = Adapter(max_retries=0, pool_maxsize=connections)
        self._check_environment(url_is_tls=self._url.startswith("https:"), from_environment=verify is True)

    def _check_environment(self, *, url_is_tls: bool, from_environment: bool) -> None:
        """Raises UnusableEnvironment."""
        if url_is_tls:
            check_tls()
        bundle, proxies = self._environment["verify"], self._environment["proxies"]
        if url_is_tls and from_environment and isinstance(bundle, str) and not is_ready(bundle):
            check_bundle(bundle)
        proxy = requests.utils.select_proxy(self._url, proxies)
        if proxy:
            check_proxy(proxy, proxies, self._connect_through)

    def _connect_through(self, proxy: str) -> object:
        url = requests.utils.prepend_scheme_if_needed(proxy, "http")  # type: ignore[no-untyped-call]
        return self._adapter.proxy_manager_for(url)

    def send(
        self, step: Step, verb: Verb, path: str, query: Mapping[str, str], body: Mapping[str, object], *, change: bool = False
    ) -> Answer:
        """Send one request, once. ``body``: for a POST only. ``change``: whether the request changes something.

        Raises ApiError, which does not hold the URL, if there is no complete answer.
        """
        seconds = self._timeout if self._until is None else min(self._timeout, max(self._until - time.monotonic(), 0.0))
        exchange = Exchange(seconds, self._still_wanted if change else None)
        before = CURRENT.set(exchange)
        error: ApiError
        try:
            raw = self._sent(self._prepared(verb, path, query, body), exchange)
            self._answered()
            answer = _read(raw)
            if exchange.overfull and answer.content is not None:
                raise NotUnderstood
            return answer
        except NotWanted:
            error = _unwanted(step)
        except (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError) as broken:
            # These exceptions hold the URL, and the URL holds the token. Only the exception's type goes into the error.
            error = _unusable_connection(step, path, broken, exchange)
            if self._url.startswith("http:") and exchange.begun and not _is_late(broken):
                # A server that expects TLS answers plain HTTP like this.
                error.failure = dataclasses.replace(error.failure, remedy=_TRY_HTTPS.filled(remedy=error.failure.remedy))
        finally:
            CURRENT.reset(before)
        raise error

    def _sent(self, request: requests.PreparedRequest, exchange: Exchange) -> t.Any:
        """The answer to ``request``, before its body is read."""
        while True:
            try:
                return self._adapter.send(request, timeout=self._timeout, **self._environment)
            except requests.RequestException:
                # A server may close a connection that is kept open at any time. Nothing was sent over it, and it is not used again.
                if not exchange.stale:
                    raise
                exchange.stale = False

    def _prepared(self, verb: Verb, path: str, query: Mapping[str, str], body: Mapping[str, object]) -> requests.PreparedRequest:
        request = requests.PreparedRequest()
        request.method = verb
        request.url = f"{self._url}{path}{'?' if query else ''}{urlencode(query)}"
        request.headers = CaseInsensitiveDict(self._headers)
        if verb == "POST":
            # The platform stores JSON's \u escapes as plain text, so characters of every script are sent as they are.
            content = json.dumps(body, ensure_ascii=False).encode()
            request.headers.update({"Content-Type": "application/json", "Content-Length": str(len(content))})
            request.body = content
        return request


def _keep_urls_out_of_logs() -> None:
    # urllib3 logs URLs with their query, which holds the token.
    logging.getLogger("urllib3").propagate = False
    urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)


def _read(raw: t.Any) -> Answer:
    """The answer with its body. Nothing is decompressed: the request did not ask for a Content-Encoding."""
    if raw.headers.get("Content-Encoding", "identity").lower() != "identity":
        raw.close()
        return Answer(raw.status, None, _ENCODED)
    content = b""
    while len(content) <= MAX_BODY and (more := raw.read(MAX_BODY + 1 - len(content), decode_content=False)):
        content += more
    if len(content) > MAX_BODY:
        raw.close()
        return Answer(raw.status, None, _TOO_LARGE)
    length = raw.headers.get("Content-Length")
    # urllib3 1.26 does not check that the whole body has arrived. Answers with 204 and 304 have no body, even if they announce one.
    if length is not None and int(length) != len(content) and raw.status not in (204, 304):
        raise http.client.IncompleteRead(b"")
    return Answer(raw.status, content)


_ENCODED = Text("the answer of {path} comes with a Content-Encoding that was not asked for")
_TOO_LARGE = Text("the answer of {path} is larger than {max_body} MiB").filled(max_body=MAX_BODY // 1024 // 1024)
_NO_HTTP = Text("the answer of {path} is not HTTP as it should be")
_NO_HTTP_OR_EARLY = Text("the answer of {path} is not HTTP as it should be, or came before the request")
_AT = Text("{path}: {what}")
_UNWANTED = Text("the playbook that started this task has ended, or no longer waits for it")
_NETWORK = Text("check this host's network, and api_url")
_SETTINGS = Text("check api_url, ca_path, and the proxies and REQUESTS_CA_BUNDLE in the environment")


def _unwanted(step: Step) -> ApiError:
    return ApiError(Failure("not_attempted", step, _UNWANTED, RUN_AGAIN, again=True), sent=False)


def _unusable_connection(step: Step, path: str, broken: Exception, exchange: Exchange) -> ApiError:
    inner = broken.args[0] if broken.args else None
    cause = getattr(inner, "reason", inner)
    if _is_unusable(broken, cause):
        what = _NO_HTTP if exchange.begun else _NO_HTTP_OR_EARLY
        return unusable_answer(step, what.filled(path=path), passing=True, sent=exchange.begun)
    what, remedy, passing = _diagnosis(broken, cause, exchange.begun)
    failure = Failure("transport", step, _AT.filled(path=path, what=what), remedy)
    return ApiError(failure, passing=passing, unclear=exchange.begun, sent=exchange.begun)


_TRY_HTTPS = Text("{remedy}; if the server expects TLS, write https in api_url")


def _diagnosis(broken: Exception, cause: object, begun: bool) -> tuple[Text, Text, bool]:
    """What happened, what to do, and whether the error may pass; from exception types only. ``begun``: whether the request had left."""
    if any(isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE) for error in _chain(broken)):
        return OUT_OF_FILES, MORE_FILES, True
    if isinstance(broken, requests.exceptions.ProxyError):
        remedy = Text("check the proxy in the environment (HTTPS_PROXY, NO_PROXY)")
        return Text("the proxy could not be used"), remedy, True
    if isinstance(broken, requests.exceptions.SSLError):
        inner = next(iter(getattr(cause, "args", ())), None)
        # urllib3 1.26 has its own class CertificateError.
        if isinstance(inner, ssl.SSLCertVerificationError) or type(inner).__name__ == "CertificateError":
            remedy = Text("check api_url; if a CA of your own signs there, give it as ca_path or REQUESTS_CA_BUNDLE")
            return Text("the server's certificate is not trusted"), remedy, False
        remedy = Text("{settings}; is there an https server at all").filled(settings=_SETTINGS)
        return Text("the TLS connection failed"), remedy, True
    if any(isinstance(error, socket.gaierror) for error in _chain(broken)):
        return Text("the host name in api_url cannot be resolved"), _NETWORK, True
    # urllib3 1.26 derives this class from its time-out class.
    if isinstance(cause, urllib3.exceptions.NewConnectionError):
        what = Text("no connection could be made (refused, or no way to the host)")
        return what, _NETWORK, True
    if _is_late(broken):
        late = Text("no answer came in time") if begun else Text("no connection could be made in time")
        return late, _NETWORK, True
    if not begun and _is_before_sending(broken):
        return Text("no request could be made"), _SETTINGS, False
    if isinstance(broken, ValueError) and not isinstance(broken, requests.RequestException):
        return Text("the request could not be completed"), _SETTINGS, True
    return Text("the connection broke before the answer was complete"), _NETWORK, True


def _is_late(broken: Exception) -> bool:
    return any(isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)) for error in _chain(broken))


def _chain(broken: BaseException) -> Iterator[BaseException]:
    """``broken``, and all the exceptions inside it."""
    known: list[BaseException] = [broken]
    for error in known:
        yield error
        parts = (*error.args, error.__cause__, error.__context__, getattr(error, "reason", None))
        known.extend(part for part in parts if isinstance(part, BaseException) and not any(part is one for one in known))


def _is_unusable(broken: Exception, cause: object) -> bool:
    """Whether bytes arrived that are not one HTTP answer.

    A connection that was closed too early does not count, although http.client reports it with similar exceptions.
    """
    answered = cause.args[1] if isinstance(cause, urllib3.exceptions.ProtocolError) and len(cause.args) > 1 else broken
    broken_off = (http.client.RemoteDisconnected, http.client.IncompleteRead, http.client.ImproperConnectionState)
    return isinstance(answered, http.client.HTTPException) and not isinstance(answered, broken_off)


def _is_before_sending(broken: Exception) -> bool:
    """Whether requests failed before it sent anything: because of a URL, or because a CA bundle is missing (an OSError)."""
    of_url = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema)
    if isinstance(broken, (*of_url, urllib3.exceptions.LocationValueError)):
        return True
    return isinstance(broken, OSError) and not isinstance(broken, requests.RequestException)
