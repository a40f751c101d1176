"""The same journey for a browser without JavaScript: everything is a form, and a link refreshes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import pictures
from tests.browser.test_applicant import APPROVE, PASSWORD, code_for, review
from tests.browser.watching import Watched
from tests.faults.processes import until
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.temporal]


def refreshed_until(page: Page, words: str) -> None:
    """Presses the link until the page says it."""

    def says() -> bool:
        page.get_by_role("link", name="Refresh").click()
        return words in page.get_by_role("heading", level=1).inner_text()

    until(says, 20, words)


def test_whole_walk_works_without_javascript_on_a_phone(
    open_browser: Callable[..., Watched], live: Stack, tmp_path: Path
) -> None:
    page = open_browser(360, 740, java_script_enabled=False).page
    email = f"nojs-{uuid.uuid4().hex[:8]}@example.org"
    picture = tmp_path / "passport.jpg"
    picture.write_bytes(pictures.jpeg(number=5))

    page.goto("/account/sign-up/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    page.get_by_label("Six-digit code").fill(code_for(live, email))
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Give your details").click()
    page.get_by_label("Family name").fill("Suharto")
    born = page.get_by_role("group", name="Date of birth")
    for part, number in (("Day", "8"), ("Month", "6"), ("Year", "1961")):
        born.get_by_label(part).fill(number)
    page.get_by_label("Passport").check()
    page.get_by_label("Country").select_option("ID")
    page.get_by_role("button", name="Save and go on").click()
    page.locator("#file-passport").set_input_files(picture)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("uploaded, not submitted yet")).to_be_visible()
    page.get_by_role("button", name="Submit for review").click()
    refreshed_until(page, "We are looking at it")
    review(live, email, APPROVE)
    refreshed_until(page, "You are approved")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
