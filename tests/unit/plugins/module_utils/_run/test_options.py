# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options on the connection: which are taken, and what is said of the others."""

from __future__ import annotations

import os
import typing as t

import pytest
import trustme
from ansible.module_utils.errors import AnsibleFallbackNotFound
from ansible_collections.wxops.official_account.plugins.module_utils._http import environment
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import (
    ARGUMENT_SPEC,
    ConnectionOptions,
    OptionsError,
    concurrency_of,
    connection,
)

from tests.unit.options import options

if t.TYPE_CHECKING:
    from pathlib import Path

SUCH_AS = "https://api.weixin.qq.com"


def refusal_of(**given: t.Any) -> tuple[str, str]:
    with pytest.raises(OptionsError) as caught:
        connection(options(**given))
    return caught.value.what, caught.value.remedy


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("ca") / "ca.pem"
    trustme.CA().cert_pem.write_to_path(path)
    return path


def test_without_any_option_the_platform_is_reached_with_checked_certificates() -> None:
    assert connection(options()) == ConnectionOptions(SUCH_AS, 10, 3, True, False)


@pytest.mark.parametrize(
    ("url", "plain_http"),
    [
        ("https://gateway.example:8443/wechat/", False),
        ("HTTPS://gateway.example", False),
        ("http://gateway.example", True),
        ("HTTP://gateway.example", True),
        ("http://203.0.113.7", True),
        ("http://localhost:8080", False),
        ("http://127.0.0.2", False),
        ("http://[::1]:8080", False),
        ("https://[2001:db8::7]", False),
    ],
)
def test_plain_http_is_noticed_unless_it_stays_on_this_host(url: str, plain_http: bool) -> None:
    reach = connection(options(api_url=url))
    assert (reach.url, reach.plain_http) == (url, plain_http)


NO_URL = "api_url is not a URL"
NO_HTTP = "api_url is neither http nor https"
MORE = "api_url holds user info, a query or a fragment"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", NO_URL),
        ("canary", NO_URL),
        ("https://", NO_URL),
        ("https://canary:0", NO_URL),
        ("https://canary:99999", NO_URL),
        ("https://canary:port", NO_URL),
        ("https://[canary", NO_URL),
        ("https://can ary", NO_URL),
        ("https://canary/\n", NO_URL),
        ("ftp://canary", NO_HTTP),
        ("file://canary/etc", NO_HTTP),
        ("https://user:canary@gateway.example", MORE),
        ("https://gateway.example/?token=canary", MORE),
        ("https://gateway.example/?", MORE),
        ("https://gateway.example/#canary", MORE),
        ("https://gateway.example/#", MORE),
    ],
)
def test_what_is_wrong_with_a_url_is_told_without_the_url(url: str, says: str) -> None:
    what, remedy = refusal_of(api_url=url)
    assert what == says
    assert remedy == (f"leave them out, as in {SUCH_AS}" if says is MORE else f"give one such as {SUCH_AS}")


@pytest.mark.parametrize("timeout", [0.001, 10, 3600])
def test_a_timeout_is_seconds_up_to_an_hour(timeout: float) -> None:
    assert connection(options(timeout=timeout)).timeout == timeout


@pytest.mark.parametrize("timeout", [0, -1, 3600.1, float("inf"), float("nan")])
def test_any_other_timeout_is_refused(timeout: float) -> None:
    assert refusal_of(timeout=timeout) == ("timeout is not a number of seconds above 0 and up to 3600", "give a timeout such as 10")


def test_retries_may_be_none_and_not_fewer() -> None:
    assert connection(options(retries=0)).retries == 0
    assert refusal_of(retries=-1) == ("retries is below 0", "give 0 or more retries")


def test_certificates_are_checked_with_the_bundle_that_is_given(bundle: Path) -> None:
    assert connection(options(ca_path=str(bundle))).verify == str(bundle)


def test_no_certificate_is_checked_where_none_is_to_be_and_no_bundle_is_read() -> None:
    assert connection(options(validate_certs=False, ca_path="/no/such/file")).verify is False


def test_an_empty_ca_path_is_none() -> None:
    assert connection(options(ca_path="")).verify is True


def test_what_is_no_bundle_is_refused(tmp_path: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text, pipe = tmp_path / "text", tmp_path / "pipe"
    text.write_text("no certificate")
    os.mkfifo(pipe)
    for path in (tmp_path / "missing", tmp_path, text, pipe, "null\0byte"):
        what, remedy = refusal_of(ca_path=str(path))
        assert what == "ca_path is not a readable file of CA certificates in PEM format"
        assert remedy == "give the path of one on the host that the calls leave from"
    monkeypatch.setattr(environment, "MAX_CA_BUNDLE", bundle.stat().st_size - 1)
    assert refusal_of(ca_path=str(bundle))[0].startswith("ca_path is not")


@pytest.mark.parametrize("concurrency", [1, 32, 256])
def test_a_concurrency_is_taken(concurrency: int) -> None:
    assert concurrency_of(options(concurrency=concurrency)) == concurrency


@pytest.mark.parametrize("concurrency", [-1, 0, 257])
def test_any_other_concurrency_is_refused(concurrency: int) -> None:
    with pytest.raises(OptionsError) as caught:
        concurrency_of(options(concurrency=concurrency))
    assert (caught.value.what, caught.value.remedy) == ("concurrency is not between 1 and 256", "give a number such as 32")


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    fallback, (name,) = ARGUMENT_SPEC["api_url"]["fallback"]
    monkeypatch.setenv(name, "https://gateway.example")
    assert fallback(name) == "https://gateway.example"
    monkeypatch.setenv(name, "")
    with pytest.raises(AnsibleFallbackNotFound):
        fallback(name)
    monkeypatch.delenv(name)
    with pytest.raises(AnsibleFallbackNotFound):
        fallback(name)
