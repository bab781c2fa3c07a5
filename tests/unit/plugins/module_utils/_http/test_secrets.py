# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets in all their spellings."""

from __future__ import annotations

import html
import json
from urllib.parse import quote

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.secrets import MASK, Secrets


@pytest.mark.parametrize("spelling", ["a+b/c d=", "a%2Bb%2Fc%20d%3D", "a%2Bb/c%20d%3D", "a%2Bb%2Fc+d%3D"])
def test_a_secret_is_scrubbed_in_every_spelling(spelling: str) -> None:
    secrets = Secrets(lambda _spelling: None)
    secrets.add("a+b/c d=")
    assert secrets.scrub(f"<{spelling}>") == f"<{MASK}>"


SECRET = "a+b/C<d>'e\"=%2"


@pytest.mark.parametrize(
    "spelling",
    {
        "lower-case escapes": "a%2bb%2fC%3cd%3e%27e%22%3d%252",
        "quoted twice": quote(quote(SECRET, safe=""), safe=""),
        "quoted twice, lower-case": quote(quote(SECRET, safe=""), safe="").lower(),
        "lower case": SECRET.lower(),
        "upper case": SECRET.upper(),
        "html": html.escape(SECRET),
        "html by number": "".join(f"&#{ord(character)};" for character in SECRET),
        "html by hexadecimal number": "".join(f"&#x{ord(character):X};" for character in SECRET),
        "json": json.dumps(SECRET)[1:-1],
        "json with slashes": json.dumps(SECRET)[1:-1].replace("/", "\\/"),
        "json by code": "".join(f"\\u{ord(character):04X}" for character in SECRET),
        "html in a URL": quote(html.escape(SECRET), safe=""),
        "every character escaped": "".join(f"%{ord(character):02x}" for character in SECRET),
    }.items(),
    ids=lambda spelling: spelling[0],
)
def test_an_echo_is_scrubbed_however_it_is_spelt(spelling: tuple[str, str]) -> None:
    secrets = Secrets(lambda _spelling: None)
    secrets.add(SECRET)
    scrubbed = secrets.scrub(f"<{spelling[1]}>")
    assert scrubbed in (f"<{MASK}>", MASK)


def test_of_secrets_that_begin_alike_the_longest_is_scrubbed() -> None:
    secrets = Secrets(lambda _spelling: None)
    for secret in ("canary-token", "canary-token-and-more", "canary-t"):
        secrets.add(secret)
    assert secrets.scrub("canary-token-and-morecanary-tokecanary") == f"{MASK}{MASK}okecanary"


def test_a_text_without_secrets_stays() -> None:
    assert Secrets(lambda _spelling: None).scrub("nothing to hide, not even here") == "nothing to hide, not even here"
