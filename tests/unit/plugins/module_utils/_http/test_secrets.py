# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets in all their spellings."""

from __future__ import annotations

import html
import json
import re
import threading
from urllib.parse import quote, unquote

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.secrets import MASK, SHORTEST_MASKED, Secrets, spellings
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize("spelling", ["a+b/c d=", "a%2Bb%2Fc%20d%3D", "a%2Bb/c%20d%3D", "a%2Bb%2Fc+d%3D"])
def test_a_secret_is_scrubbed_in_every_spelling(spelling: str) -> None:
    secrets = Secrets()
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
    secrets = Secrets()
    secrets.add(SECRET)
    scrubbed = secrets.scrub(f"<{spelling[1]}>")
    assert scrubbed in (f"<{MASK}>", MASK)


def test_of_secrets_that_begin_alike_the_longest_is_scrubbed() -> None:
    secrets = Secrets()
    for secret in ("canary-token", "canary-token-and-more", "canary-t"):
        secrets.add(secret)
    assert secrets.scrub("canary-token-and-morecanary-tokecanary") == f"{MASK}{MASK}okecanary"


def test_a_text_without_secrets_stays() -> None:
    assert Secrets().scrub("nothing to hide, not even here") == "nothing to hide, not even here"


# --- The search that saves the work on texts without secrets must not miss one.

TOKEN, HEX = "68_Kx-9fTq4vZbLm0WnRcY7sJd", "0123456789abcdef0123456789abcdef"
SECRETS = (SECRET, TOKEN, HEX, "a+b/c d=", "%41%42%43%44", "\\\\u0041u00")


def by_the_letter(secrets: tuple[str, ...], text: str) -> str:
    """What ``scrub`` promises, in as few words as possible: each position is compared with each spelling."""

    def lower(of: str) -> str:
        return re.sub("[A-Z]", lambda letter: letter[0].lower(), of)

    def plain(of: str) -> str:
        for _layer in range(3):
            of = re.sub(r"\\u00([0-9a-f]{2})", lambda code: chr(int(code[1], 16)), lower(of))
            of = html.unescape(unquote(of))
        return lower(of.replace("\\", ""))

    known = {spelling for secret in secrets for spelling in (*map(lower, spellings(secret)), plain(secret))}
    known = {spelling for spelling in known if len(spelling) >= SHORTEST_MASKED}

    def length_at(of: str, position: int) -> int:
        return max((len(one) for one in known if of.startswith(one, position)), default=0)

    clean, position = "", 0
    while position < len(text):
        length = length_at(lower(text), position)
        clean += MASK if length else text[position]
        position += length or 1
    return MASK if any(length_at(plain(clean), position) for position in range(len(plain(clean)))) else clean


ESCAPES = (
    str,
    str.upper,
    str.lower,
    quote,
    lambda text: quote(text, safe=""),
    html.escape,
    lambda text: json.dumps(text)[1:-1],
    lambda text: "".join(f"%{ord(character):02x}" for character in text),
    lambda text: "".join(f"\\u{ord(character):04X}" for character in text),
    lambda text: "".join(f"&#{ord(character)};" for character in text),
    lambda text: text[:-1],
    lambda text: text[1:],
    lambda text: text[: len(text) // 2] + "\\" + text[len(text) // 2 :],
    lambda text: f"{text}{text[:4]}",
)


@st.composite
def texts_with_secrets(draw: st.DrawFn) -> str:
    def part() -> str:
        if draw(st.booleans()):
            return draw(st.text(alphabet=st.sampled_from('aZ09_-/%&#;\\"u4\u4f60\ud83d \u0130'), max_size=6))
        text = draw(st.sampled_from(SECRETS))
        for escape in draw(st.lists(st.sampled_from(ESCAPES), max_size=3)):
            text = escape(text)
        return text

    return "".join(part() for _number in range(draw(st.integers(0, 4))))


@settings(max_examples=400)
@given(st.lists(texts_with_secrets(), min_size=1, max_size=4))
def test_the_search_and_the_scrubbing_are_those_by_the_letter(texts: list[str]) -> None:
    secrets = Secrets()
    for secret in SECRETS:
        secrets.add(secret)
    wanted = [by_the_letter(SECRETS, text) for text in texts]
    assert [secrets.scrub(text) for text in texts] == wanted
    assert [secrets.found_in(text) for text in texts] == [clean != text for clean, text in zip(wanted, texts, strict=True)]
    # One search does for all of them.
    assert secrets.found_in("\n".join(texts)) == (wanted != texts)


def test_secrets_that_threads_add_at_the_same_time_are_all_found() -> None:
    for _round in range(20):
        secrets = Secrets()
        added = [character * SHORTEST_MASKED for character in "abcdefghijklmnop"]
        threads = [threading.Thread(target=secrets.add, args=(secret,)) for secret in added]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [secrets.scrub(secret) for secret in added] == [MASK] * len(added)
