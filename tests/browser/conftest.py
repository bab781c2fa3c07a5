# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import shutil
import typing as t

import pytest
from playwright.sync_api import sync_playwright

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Dialog, Page

# The same names as in tests/workshop/browser.sh. Playwright's own browsers would have to be downloaded.
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

# Chromium has no sandbox for root, a CI machine has no graphics, and a closed network does not answer the requests of Chromium's start.
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def read(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a file. Until the test ends, it must not write to the console, load anything else, or open a dialog."""
    complaints: list[str] = []

    def refuse(dialog: Dialog) -> None:
        complaints.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def open_page(file: Path, **settings: t.Any) -> Page:
        page = browser.new_context(**settings).new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: complaints.append(f"console {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error {error}"))
        page.on("request", lambda request: complaints.append(f"request {request.url}"))
        page.on("dialog", refuse)
        page.goto(file.as_uri())
        complaints.remove(f"request {file.as_uri()}")
        return page

    yield open_page
    for context in browser.contexts:
        context.close()
    assert complaints == []
