"""Pages while Temporal is away: people go on, and the case follows when it is back."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_applicant import give_details, sign_up_and_confirm
from tests.browser.watching import Watched
from tests.faults.processes import until
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.temporal, pytest.mark.seconds]


def test_sign_up_while_temporal_is_away_becomes_a_case_when_it_is_back(
    open_browser: Callable[..., Watched], live: Stack
) -> None:
    """Every page answers within five seconds, and nothing that was handed in is lost."""
    page = open_browser().page
    email = f"away-{uuid.uuid4().hex[:8]}@example.org"
    live.temporal.kill()
    try:
        begun = time.monotonic()
        sign_up_and_confirm(page, live, email)
        give_details(page)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Your pictures")
        assert time.monotonic() - begun < 30
        begun = time.monotonic()
        page.goto("/case/")
        assert time.monotonic() - begun < 5
    finally:
        live.temporal.start()
    ask = "from onboarding.models.cases import Case; "
    ask += f"print(Case.objects.get(applicant__email={email!r}).status)"
    until(lambda: live.python(ask).strip() == "collecting", 60, "the case to follow", pause_seconds=0.5)


def test_every_button_answers_within_five_seconds_while_the_worker_is_away(
    open_browser: Callable[..., Watched], live: Stack
) -> None:
    """Mutant: a demo clock that asks nobody first waits a minute."""
    window = open_browser()
    window.expected = ("503",)
    page = window.page
    sign_up_and_confirm(page, live, f"idle-{uuid.uuid4().hex[:8]}@example.org")
    live.worker.kill()
    try:
        begun = time.monotonic()
        page.get_by_role("button", name="+1 day").click()
        expect(page.get_by_text("please try again in a minute")).to_be_visible()
        assert time.monotonic() - begun < 5
        page.get_by_role("link", name="Withdraw my application").click()
        page.get_by_role("button", name="Yes, withdraw it").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("The application was withdrawn.")
        begun = time.monotonic()
        page.get_by_role("button", name="Reopen my application").click()
        expect(page.get_by_text("please try again in a minute")).to_be_visible()
        assert time.monotonic() - begun < 5
    finally:
        live.worker.start()
    until(lambda: live.status_of("/readyz") == 200, 30, "the worker to come back")
    until(lambda: reopened(page), 30, "the reopening", pause_seconds=0.5)


def reopened(page: Page) -> bool:
    """Presses the button again, as the page said, unless it is done already."""
    if "tell us your details" in page.get_by_role("heading", level=1).inner_text():
        return True
    page.get_by_role("button", name="Reopen my application").click()
    return False
