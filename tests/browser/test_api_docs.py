"""The page that describes the API: local assets only, and our content policy without exceptions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import sign_in
from tests.browser.watching import Watched
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.temporal]

OLGA = "olga.ortiz@staff.example"


def test_staff_read_the_description_without_a_word_from_the_browser(
    live: Stack, open_browser: Callable[..., Watched]
) -> None:
    """`open_browser` holds that the browser complained about nothing."""
    window = open_browser()
    live.python(f"from onboarding.models import User; User.objects.create_superuser({OLGA!r})")
    sign_in(window.page.context, live, OLGA)
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    window.page.goto("/api/v1/docs")
    window.page.get_by_text("Give the details").click()
    expect(window.page.get_by_text("correctable until everything is submitted")).to_be_visible()
    assert [url for url in asked if not url.startswith((live.base_url, "data:"))] == []
