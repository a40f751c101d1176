"""Days pass in a second: the clock of one case, and the mail that follows."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.test_applicant import sign_up_and_confirm
from tests.browser.watching import Watched
from tests.faults.processes import until
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.temporal]


def moment_of(line: Locator) -> datetime:
    """The instant that a line of the page names, for machines."""
    return datetime.fromisoformat(line.locator("time").get_attribute("datetime") or "")


def test_reminder_comes_at_the_promised_moment_and_its_link_leads_back(
    open_browser: Callable[..., Watched], live: Stack
) -> None:
    page = open_browser().page
    email = f"clock-{uuid.uuid4().hex[:8]}@example.org"
    sign_up_and_confirm(page, live, email)
    reminder = page.locator(".moments li", has_text="We remind you by e-mail (1 of 4).")
    promised = moment_of(reminder)
    page.get_by_role("button", name="to the next event").click()
    happened = page.locator(".moments li", has_text="We reminded you by e-mail.")
    expect(happened).to_be_visible(timeout=20_000)
    assert abs(moment_of(happened) - promised) < timedelta(seconds=2)

    letter = page.locator(".letters a", has_text="Something is still missing").filter(has_text=email)

    def arrived() -> bool:
        page.goto("/mailbox/")
        return letter.count() == 1

    until(arrived, 20, "the reminder")
    letter.click()
    frame = page.frame_locator("iframe.letter")
    expect(frame.get_by_text("Your application is waiting for your details.")).to_be_visible()
    frame.get_by_role("link", name="Go on with my application").click()
    expect(page).to_have_url(f"{live.base_url}/case/")
