"""A real Chromium on the whole running service."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.watching import Watched, watched
from tests.stack import Stack

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of one file: playwright keeps an event loop running, under which no other test could run
    one of its own. Missing, it is skipped loudly, or failed where everything is required."""
    if not CHROMIUM.exists():
        reason = f"there is no Chromium at {CHROMIUM}"
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def live() -> Iterator[Stack]:
    """Temporal, worker and web, for all journeys."""
    with Stack() as stack:
        yield stack


@pytest.fixture
def open_browser(chromium: Browser, live: Stack) -> Iterator[Callable[..., Watched]]:
    """Opens windows of different people. At the end none may have complained about anything."""
    contexts: list[BrowserContext] = []
    windows: list[Watched] = []

    def open_window(width: int = 1280, height: int = 900, **options: object) -> Watched:
        context = chromium.new_context(
            base_url=live.base_url,
            viewport={"width": width, "height": height},
            timezone_id="Europe/Madrid",
            locale="en-GB",
            **options,  # type: ignore[arg-type]  # handed on as they are
        )
        contexts.append(context)
        windows.append(watched(context.new_page()))
        return windows[-1]

    yield open_window
    complaints = [each for window in windows for each in window.complaints]
    for context in contexts:
        context.close()
    assert complaints == []
