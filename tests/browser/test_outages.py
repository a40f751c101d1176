"""Pages while Temporal is away: people go on, and the case follows when it is back."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.test_applicant import give_details, sign_up_and_confirm
from tests.browser.watching import Watched
from tests.faults.processes import until
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.temporal]


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
