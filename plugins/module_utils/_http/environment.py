# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The environment variables of the host that decide about connections, checked before the first request.

An unusable one would otherwise make each request fail, in words that do not name it. Messages never hold the value: it may be a password.
"""

from __future__ import annotations

import importlib.util
import os
import ssl
import typing as t

from .._text import Text, verbatim

try:
    import urllib3
except ImportError:
    urllib3 = None  # type: ignore[assignment]

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Bytes. A bundle of all public CAs has about 250,000.
MAX_CA_BUNDLE = 16 * 1024 * 1024

_IN_ENVIRONMENT = Text("{variable} in the environment {fault}")
_PROXY = Text("is not the URL of a proxy that can be used")
_PROXY_SUCH_AS = Text("correct it, such as http://proxy.example.com:3128, or unset it, on the host that the requests leave from")
_SOCKS = Text("names a SOCKS proxy, for which a library is missing")
_PYSOCKS = Text("install PySocks in the Python that sends the requests, or use an HTTP proxy")
_BUNDLE = Text("does not name a readable file of CA certificates in PEM format")
_BUNDLE_SUCH_AS = Text("correct or unset it on the host that the requests leave from, or give ca_path")
_KEY_LOG = Text("does not name a file that can be written")
_OPENSSL = Text("makes TLS unusable")
_UNSET = Text("correct or unset it on the host that the requests leave from")


class UnusableEnvironment(Exception):
    """An environment variable makes every request fail. ``what`` and ``remedy`` are clauses as in ``Failure``."""

    def __init__(self, variable: str, fault: Text, remedy: Text) -> None:
        self.what = _IN_ENVIRONMENT.filled(variable=verbatim(variable), fault=fault)
        self.remedy = remedy
        super().__init__(self.what)


def check_tls() -> None:
    """Raises UnusableEnvironment if no TLS connection can be made because of a variable.

    It needs no ``requests``: some versions of it cannot even be imported then.
    """
    if urllib3 is None:
        return
    try:
        urllib3.util.ssl_.create_urllib3_context()
    except ssl.SSLError:
        if "OPENSSL_CONF" in os.environ:
            raise UnusableEnvironment("OPENSSL_CONF", _OPENSSL, _UNSET) from None
    except (OSError, ValueError):
        if "SSLKEYLOGFILE" in os.environ:
            raise UnusableEnvironment("SSLKEYLOGFILE", _KEY_LOG, _UNSET) from None


def check_bundle(path: str) -> None:
    """Raises UnusableEnvironment unless ``path``, which is from the environment, can be used to check certificates."""
    if not os.path.isdir(path) and not is_ca_bundle(path):
        variable = "REQUESTS_CA_BUNDLE" if os.environ.get("REQUESTS_CA_BUNDLE") else "CURL_CA_BUNDLE"
        raise UnusableEnvironment(variable, _BUNDLE, _BUNDLE_SUCH_AS)


def check_proxy(proxy: str, proxies: Mapping[str, str], connect_through: Callable[[str], object]) -> None:
    """Raises UnusableEnvironment unless ``proxy``, which is the one to use of ``proxies``, can be a proxy.

    ``proxies``: from the environment, by scheme. ``connect_through``: prepares connections through a proxy; raises any error.
    """
    variable = next(_variable(f"{scheme}_proxy") for scheme, one in proxies.items() if one == proxy)
    try:
        parts = urllib3.util.parse_url(proxy if "://" in proxy else f"http://{proxy}")
        # The library does the same, but only when it connects.
        is_usable = bool(parts.host and parts.host.encode("idna")) and parts.port != 0 and proxy.isprintable() and " " not in proxy
        connect_through(proxy)
    except Exception:  # whatever it is, a request would fail with it
        is_usable = False
    if is_usable:
        return
    if proxy.lower().startswith("socks") and importlib.util.find_spec("socks") is None:
        raise UnusableEnvironment(variable, _SOCKS, _PYSOCKS)
    raise UnusableEnvironment(variable, _PROXY, _PROXY_SUCH_AS)


def _variable(name: str) -> str:
    """The environment variable ``name`` as it is spelled there. Lower case wins, as in Python's urllib."""
    return name if name in os.environ else next((one for one in os.environ if one.lower() == name), name.upper())


def is_ca_bundle(path: str) -> bool:
    """Whether ``path`` is a file of CA certificates in PEM format."""
    try:
        # Not create_default_context, which also opens the file that SSLKEYLOGFILE names.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    except ssl.SSLError:  # not because of the file; see check_tls
        return True
    try:
        # Reading a pipe or a device could take for ever. And each connection reads the file, so it must not be too large.
        if not os.path.isfile(path) or os.path.getsize(path) > MAX_CA_BUNDLE:
            return False
        context.load_verify_locations(cafile=path)
    except (OSError, ValueError):  # ValueError: for example a NUL character in the path
        return False
    return True
