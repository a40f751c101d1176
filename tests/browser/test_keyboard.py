"""Whole journeys without a pointer: Tab, Shift+Tab, Enter, Space and typing. No shortcut is used."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

from tests import pictures
from tests.browser.people import sign_in
from tests.browser.test_accounts import STAFF_PASSWORD
from tests.browser.test_applicant import PASSWORD, code_for
from tests.browser.test_desk import PEOPLE, make_case
from tests.browser.watching import Watched
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.temporal]

Open = Callable[..., Watched]
MOST_STOPS = 120


class Keys:
    """A keyboard in front of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, goal: Locator) -> Keys:
        """Tabs on until the goal has the focus."""
        goal.wait_for(state="attached")
        for _ in range(MOST_STOPS):
            if goal.evaluate("each => each === document.activeElement"):
                return self
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{goal} is not reached by Tab")

    def press(self, key: str = "Enter") -> Keys:
        self.page.keyboard.press(key)
        return self

    def type(self, text: str) -> Keys:
        self.page.keyboard.type(text)
        return self

    def button(self, name: str) -> Keys:
        return self.to(self.page.get_by_role("button", name=name, exact=True).first).press()

    def field(self, label: str, text: str) -> Keys:
        return self.to(self.page.get_by_label(label, exact=True).first).type(text)

    def file(self, slot: str, path: Path) -> Keys:
        """Opens the chooser of the browser by key; what happens in it is the browser's."""
        for _ in range(4):  # a page that is still changing may take the focus along: then one presses again
            self.to(self.page.locator(f"#file-{slot}"))
            try:
                with self.page.expect_file_chooser(timeout=4_000) as chooser:
                    self.press("Space")
            except TimeoutError:
                continue
            chooser.value.set_files(path)
            return self
        raise AssertionError(f"no file can be chosen for {slot}")


def test_an_applicant_gets_from_the_start_page_to_submitted_by_keyboard(
    open_browser: Open, live: Stack, tmp_path: Path
) -> None:
    """Choosing a file included; the first stop is the link that skips the head."""
    page = open_browser().page
    keys, email = Keys(page), f"keys-{uuid.uuid4().hex[:8]}@example.org"
    front, back = tmp_path / "front.jpg", tmp_path / "back.jpg"
    front.write_bytes(pictures.jpeg(number=11))
    back.write_bytes(pictures.jpeg(number=12))
    page.goto("/")
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    keys.to(page.get_by_role("button", name="Sign up")).press()
    keys.field("E-mail address", email).field("Password", PASSWORD).press()
    keys.field("Six-digit code", code_for(live, email)).press()
    keys.to(page.get_by_role("button", name="Give your details")).press()
    keys.field("Given names", "Ana").field("Family name", "García")
    keys.field("Day", "11").field("Month", "2").field("Year", "1990")
    # A group of radio buttons is one stop; the arrows choose within.
    keys.to(page.get_by_role("radio").first).press("ArrowDown")
    expect(page.get_by_label("ID card")).to_be_checked()
    keys.to(page.get_by_label("Country")).type("Spain")
    expect(page.get_by_label("Country")).to_have_value("ES")
    keys.button("Save and go on")
    page.wait_for_url("**/case/documents/")
    for slot, file in (("id_front", front), ("id_back", back)):
        place = page.locator(f"article#{slot}")
        keys.file(slot, file)
        expect(place.get_by_role("img", name="Preview of what you chose")).to_be_visible()
        keys.to(place.get_by_role("button", name="Upload")).press()
        expect(place.get_by_text("uploaded, not submitted yet")).to_be_visible()
    keys.button("Submit for review")
    expect(page.get_by_role("heading", level=1)).to_contain_text("We are looking at it", timeout=20_000)


def test_a_reviewer_gets_from_signing_in_to_the_next_case_by_keyboard(
    open_browser: Open, live: Stack
) -> None:
    """Mutant seen red: the outcomes are not radio buttons but hidden."""
    live.python(PEOPLE)
    make_case(live)
    make_case(live)
    page = open_browser().page
    keys = Keys(page)
    page.goto("/admin/")
    keys.field("E-mail address", "ruben@demo.example").field("Password", STAFF_PASSWORD).press()
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    keys.field("Code of your app, or a recovery code", page.locator("p.demo code").inner_text()).press()
    page.wait_for_url("**/admin/")
    keys.to(page.get_by_role("link", name="Cases").first).press()
    keys.button("Take next")
    expect(page.locator("#claim")).to_contain_text("Claimed by you")
    first = page.url
    keys.to(page.locator("[name=outcome]").first).press("Space")
    expect(page.locator("[name=outcome]").first).to_be_checked()
    keys.to(page.locator(".for-ask input[type=checkbox]").first).press("Space")
    expect(page.locator("#letters")).to_contain_text("We could not accept this because", timeout=10_000)
    keys.to(page.locator("[data-decides]").first).press()
    expect(page.locator(".messagelist")).to_contain_text("The decision is recorded.", timeout=15_000)
    expect(page.locator("#claim")).to_contain_text("Claimed by you")
    assert page.url != first


def test_the_skip_link_leads_past_the_head(open_browser: Open) -> None:
    page = open_browser().page
    page.goto("/account/sign-in/")
    Keys(page).press("Tab").press("Enter").press("Tab")
    expect(page.get_by_label("E-mail address")).to_be_focused()


def test_a_picture_is_moved_without_dragging(open_browser: Open, live: Stack) -> None:
    """WCAG 2.5.7. Mutant seen red: only the first click counts."""
    live.python(PEOPLE)
    address = make_case(live)
    page = open_browser().page
    sign_in(page.context, live, "rita@demo.example")
    page.goto(address)
    sheet, picture = page.locator(".viewer .sheet").first, page.locator(".viewer img").first
    page.get_by_role("button", name="Zoom in").first.click()
    page.get_by_role("button", name="Zoom in").first.click()
    before = picture.bounding_box()
    sheet.click(position={"x": 20, "y": 20})
    after = picture.bounding_box()
    assert before
    assert after
    assert after["x"] > before["x"] + 50
    expect(page.locator(".tools output").first).to_have_text("196 %")
