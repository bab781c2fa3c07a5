# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long Chromium takes for a report of 10,000 accounts. A timing is never a test: this prints a table, like ``make benchmark``.

``tests/workshop/browser.sh --opening`` sets everything up and runs it.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import typing as t
from pathlib import Path

from ansible_collections.wxops.official_account.plugins.plugin_utils import _report
from ansible_collections.wxops.official_account.plugins.plugin_utils._record import read
from playwright.sync_api import sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.unit.records import AS_DECLARED, ON, UNLISTED, WAITS, begun, changed, menu, recorded, row

if t.TYPE_CHECKING:
    from ansible_collections.wxops.official_account.plugins.module_utils._text import Language
    from playwright.sync_api import Page

ACCOUNTS = 10_000
TIMES = 5

# How long it takes until the page shows what WORK does.
LASTING = """new Promise(done => {
  const begun = performance.now();
  WORK;
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
})"""
TYPE = "text.value = TEXT; text.dispatchEvent(new Event('input', { bubbles: true }))"
CLICK = "document.querySelector('th button').click()"


def written(folder: Path, language: Language) -> Path:
    """Of five accounts, one has failed, two have been changed alike, and one has been changed as no other."""
    alike = row(False, language, draft_switch=ON, menu=changed(menu("https://a.example/"), menu("https://b.example/")))
    kinds = [
        row(False, language, draft_switch=UNLISTED, menu=WAITS),
        *(alike, alike),
        row(False, language, draft_switch=ON, menu=changed(menu("https://OF.example/"), menu("https://b.example/"))),
        row(False, language, draft_switch=ON, menu=AS_DECLARED),
    ]
    found = recorded(folder, {str(number): one for number, one in enumerate(kinds)})
    names = [f"brand-{number:05}" for number in range(ACCOUNTS)]
    accounts = {name: {"appid": f"wx{number:016x}", "nick_name": f"某某公司 {number}"} for number, name in enumerate(names)}
    path = begun(folder, names, accounts=accounts)
    with path.open("a", encoding="utf-8") as file:
        for number, name in enumerate(names):
            line = {**found.rows[str(number % 5)], "account": name, "batch": str(number * 3 // ACCOUNTS)}
            file.write(json.dumps(line).replace("OF.example", f"{name}.example") + "\n")
    return Path(_report.write(folder, "account-report", read(path), None, language)["html"])


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
