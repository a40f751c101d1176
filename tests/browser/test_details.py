"""The details as a person with a browser types them: kept by themselves, in two windows, on a phone."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_applicant import sign_up_and_confirm
from tests.browser.watching import Watched
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.temporal]

KEPT = "Kept. You can go on later."


def leave(page: Page, label: str, text: str) -> None:
    """Types into a field, goes to the next one, and waits until it is kept."""
    field = page.get_by_label(label)
    with page.expect_response("**/case/details/draft/"):
        field.fill(text)
        field.blur()
    expect(page.locator(".kept")).to_have_text(KEPT)


def test_details_are_kept_as_they_are_typed_in_two_windows(
    open_browser: Callable[..., Watched], live: Stack
) -> None:
    """Mutants: `shown_…` stays as it was; every field is sent each time."""
    window = open_browser()
    window.expected = ("422",)  # the page that comes back because something is missing
    first = window.page
    sign_up_and_confirm(first, live, f"two-{uuid.uuid4().hex[:8]}@example.org")
    first.goto("/case/details/")
    leave(first, "Given names", "Ana")
    second = first.context.new_page()
    second.goto("/case/details/")
    expect(second.get_by_label("Given names")).to_have_value("Ana")
    leave(second, "Given names", "Anna")
    leave(first, "Family name", "García")
    first.get_by_role("button", name="Save and go on").click()  # incomplete: both windows' words come back
    expect(first.get_by_label("Given names")).to_have_value("Anna")
    expect(first.get_by_label("Family name")).to_have_value("García")
    expect(first.get_by_role("alert")).to_contain_text("Date of birth: Give your date of birth.")
    expect(first.locator("#wrong")).to_be_focused()


def test_advice_appears_while_typing_and_does_not_stop_anybody(
    open_browser: Callable[..., Watched], live: Stack
) -> None:
    """Mutant: `advice_key` stays as it was, so that the same advice is shown once more."""
    page = open_browser(320, 640).page
    sign_up_and_confirm(page, live, f"mrz-{uuid.uuid4().hex[:8]}@example.org")
    page.goto("/case/details/")
    page.get_by_label("Family name").fill("Eriksson")
    born = page.get_by_role("group", name="Date of birth")
    for part, number in (("Day", "12"), ("Month", "Aug"), ("Year", "1974")):
        born.get_by_label(part).fill(number)
    page.get_by_label("ID card").check()
    expect(page.get_by_text("the back of your ID card")).to_be_visible()
    expect(page.get_by_text("With a passport we will ask you for:")).to_be_hidden()
    page.get_by_label("Country").select_option("SE")
    leave(page, "machine-readable lines", "P<UTOERIKSSON<<ANNA<\nL898902C36UTO74O8122F1204159ZE184226B<10")
    expect(page.locator("#id_mrz_advice")).to_contain_text("“O” is a letter, and a digit belongs there")
    date = page.locator(".date").first.bounding_box()
    assert date
    assert date["x"] + date["width"] <= 320
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your pictures")
