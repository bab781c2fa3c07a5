# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long Chromium takes for a report of 10,000 accounts. A timing is never a test: this prints a table, like ``make benchmark``.

``tests/workshop/browser.sh --opening`` sets everything up and runs it.
"""

from __future__ import annotations

import statistics
import tempfile
import typing as t
from pathlib import Path

from ansible_collections.wxops.official_account.plugins.module_utils._account.tokens import GET_TOKEN
from ansible_collections.wxops.official_account.plugins.module_utils._http.errcodes import TOKEN_CALL, refusal
from ansible_collections.wxops.official_account.plugins.module_utils._resource.draft_switch import SwitchRows
from ansible_collections.wxops.official_account.plugins.module_utils._resource.outcome import Outcome
from ansible_collections.wxops.official_account.plugins.plugin_utils import _report
from ansible_collections.wxops.official_account.plugins.plugin_utils._roles import ROLES
from ansible_collections.wxops.official_account.plugins.plugin_utils._rows import RecordRows
from playwright.sync_api import sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM

if t.TYPE_CHECKING:
    from ansible_collections.wxops.official_account.plugins.module_utils._text import Language
    from playwright.sync_api import Page

ACCOUNTS = 10_000
TIMES = 5
ROLE = ROLES["draft_switch"]

# How long it takes until the page shows what WORK does.
LASTING = """new Promise(done => {
  const begun = performance.now();
  WORK;
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
})"""
TYPE = "text.value = TEXT; text.dispatchEvent(new Event('input', { bubbles: true }))"
CLICK = "document.querySelector('th button').click()"


def outcomes() -> list[Outcome[bool]]:
    """One account in five has failed."""
    listed = "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6b030461-eb5bc43b-4a3f2b47"
    on: Outcome[bool] = Outcome(now=True, before=True, verified=True)
    turned_on: Outcome[bool] = Outcome(changed=True, now=True, before=False, verified=True, request_sent=True)
    return [Outcome(failure=refusal(GET_TOKEN, TOKEN_CALL, 40164, listed, 200)), turned_on, on, on, on]


def written(folder: Path, language: Language) -> Path:
    words, rows = SwitchRows(False, language), RecordRows(ROLE, language)
    kinds = [rows.row_of({**words.one(one), "failed": bool(one.failure)}, check_mode=False) for one in outcomes()]
    accounts = {
        f"brand-{number:05}": {**kinds[number % 5], "appid": f"wx{number:016x}", "nick_name": f"某某公司 {number}", "stage": 1 + number % 3}
        for number in range(ACCOUNTS)
    }
    stage = {"begun": "2026-11-27T10:54:18Z", "ended": "2026-11-27T10:54:19Z", "accounts": 1, "failed": 0, "first": "a", "last": "b"}
    report = {
        "play": "",
        "check_mode": False,
        "refused": None,
        "started": stage["begun"],
        "updated": stage["ended"],
        "user": "ops",
        "inventory": ["fleet.yml"],
        "versions": {},
        "stages": [stage] * 3,
        "notes": [],
        "left_out": [],
        "accounts": accounts,
    }
    return Path(_report.write(ROLE, folder, 1, report, language)["html"])


def milliseconds(page: Page, file: Path) -> list[float]:
    """Until the page was first painted, until it was complete, to find one account, and to sort all."""
    page.goto(file.as_uri())
    page.wait_for_timeout(500)
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    complete = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    found = page.evaluate(LASTING.replace("WORK", TYPE.replace("TEXT", "'brand-07777'")))
    page.evaluate(LASTING.replace("WORK", TYPE.replace("TEXT", "''")))
    ordered = page.evaluate(LASTING.replace("WORK", CLICK))
    return [painted, complete, found, ordered]


def main() -> None:
    print(f"A report of {ACCOUNTS:,} accounts in Chromium, in milliseconds (the median of {TIMES}):\n")
    print("| language | first seen | complete | one account found | all sorted |\n| --- | ---: | ---: | ---: | ---: |")
    languages: tuple[Language, ...] = ("en", "zh")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for language in languages:
            file = written(Path(folder), language)
            measured = [milliseconds(browser.new_context().new_page(), file) for _time in range(TIMES)]
            cells = [f"{statistics.median(column):,.0f}" for column in zip(*measured, strict=True)]
            print(f"| {language} | {' | '.join(cells)} |")
        browser.close()


if __name__ == "__main__":
    main()
