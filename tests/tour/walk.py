"""The walk of the tour: an applicant, a reviewer, support and an operator, each in a browser of their own."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from onboarding.demo import pictures
from tests.faults.processes import until
from tests.tour.camera import DESK, PHONE, Camera

EMAIL = "elisa.vega@tour.example"
PASSWORD = "a long walk along the sea"
DOMAIN = "demo.example"
CARD = {
    "id_front": ("IDENTITY CARD", ("VEGA MORENO", "ELISA", "11 02 1990", "XX1234567")),
    "id_back": ("IDENTITY CARD, BACK", ("CALLE DEL MAR 7", "VALENCIA", "IDXXX<<VEGA<<ELISA")),
}
PATIENCE = 30_000
"""Milliseconds until something that happens by itself has happened."""


def walk(browser: Browser, base_url: str, passwords: Mapping[str, str], camera: Camera) -> None:
    """Lives one application from both sides, and looks around among the cases of the demo.

    Args:
        passwords: of the people of the demo, by their addresses.
    """

    def come_in(page: Page, name: str, to: str = "/admin/") -> None:
        email = f"{name}@{DOMAIN}"
        sign_in(page, email, passwords[email], to=to)

    with window(browser, base_url, PHONE) as phone, window(browser, base_url, DESK) as desk:
        sign_up(phone, camera)
        details(phone, camera)
        hand_in(phone, camera)
        come_in(desk, "rita")
        reviewer(desk, phone, camera)
    with window(browser, base_url, PHONE) as phone:
        come_in(phone, "mateo", to="/case/")
        phone.goto("/case/documents/")
        camera.take(phone, "again", at="article#id_back")
    with window(browser, base_url, DESK) as desk:
        come_in(desk, "sue")
        support(desk, camera)
    with window(browser, base_url, DESK) as desk:
        come_in(desk, "otto")
        operator(desk, camera)


@contextmanager
def window(browser: Browser, base_url: str, size: tuple[int, int]) -> Iterator[Page]:
    context = browser.new_context(
        base_url=base_url,
        viewport={"width": size[0], "height": size[1]},
        timezone_id="Europe/Madrid",
        locale="en-GB",
        color_scheme="light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def sign_in(page: Page, email: str, password: str, *, to: str) -> None:
    """By the pages; the demo shows the code of the second factor of its staff."""
    page.goto(f"/account/sign-in/?next={to}")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    if to.startswith("/admin/"):
        page.get_by_label("Code of your app").fill(page.locator(".demo code").inner_text())
        page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**{to}")


# --- the applicant -------------------------------------------------------------------------------


def sign_up(page: Page, camera: Camera) -> None:
    page.goto("/account/sign-up/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    camera.take(page, "sign-up")
    page.get_by_role("button", name="Sign up").click()
    code = code_in_the_mail(page, camera)
    page.get_by_label("Six-digit code").fill(code)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("tell us your details")


def code_in_the_mail(page: Page, camera: Camera) -> str:
    """Reads the mail in another tab, as people do."""
    mailbox = page.context.new_page()
    letter = mailbox.locator(".letters a", has_text=EMAIL).first

    def arrived() -> bool:
        mailbox.goto("/mailbox/")
        return letter.count() == 1

    until(arrived, PATIENCE / 1000, "the mail with the code")
    letter.click()
    shown = mailbox.frame_locator("iframe.letter").locator("body")
    found = re.search(r"\b\d{6}\b", shown.inner_text())
    assert found, shown.inner_text()
    camera.take(mailbox, "letter")
    mailbox.close()
    return found.group()


def details(page: Page, camera: Camera) -> None:
    page.get_by_role("button", name="Give your details").click()
    page.get_by_label("Given names").fill("Elisa")
    page.get_by_label("Family name").fill("Vega Moreno")
    born = page.get_by_role("group", name="Date of birth")
    for part, number in (("Day", "11"), ("Month", "2"), ("Year", "1990")):
        born.get_by_label(part).fill(number)
    page.get_by_label("ID card").check()
    page.get_by_label("Country").select_option("ES")
    page.get_by_label("Country").blur()
    expect(page.locator(".kept")).to_contain_text("Kept.")
    camera.take(page, "details", whole=True)
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your pictures")


def hand_in(page: Page, camera: Camera) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for slot, (title, lines) in CARD.items():
            file = Path(folder) / f"{slot}.jpg"
            file.write_bytes(pictures.document(title, lines, portrait=slot == "id_front"))
            place = page.locator(f"article#{slot}")
            place.locator(f"#file-{slot}").set_input_files(file)
            expect(place.get_by_role("img", name="Preview of what you chose")).to_be_visible()
            if slot == "id_back":
                camera.take(page, "upload", at="article#id_back")
            place.get_by_role("button", name="Upload", exact=True).click()
            expect(place.get_by_text("uploaded, not submitted yet")).to_be_visible()
    page.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("We are looking at it", timeout=PATIENCE)
    camera.take(page, "status", whole=True)


# --- staff ---------------------------------------------------------------------------------------


def reviewer(desk: Page, phone: Page, camera: Camera) -> None:
    """Approves the application of before; the page in the applicant's hand changes by itself."""
    desk.goto("/admin/onboarding/case/")
    camera.take(desk, "queue")
    find(desk, EMAIL)
    desk.wait_for_url("**/change/")
    camera.take(desk, "case")
    desk.locator("label.outcome-ask_again").click()
    desk.get_by_label("the picture is blurred").first.check()
    expect(desk.locator("#letters")).to_contain_text("blurred")
    camera.take(desk, "decision", at="#decision")
    desk.locator("label.outcome-approve").click()
    desk.get_by_role("button", name="Record the decision", exact=True).click()
    expect(desk.locator(".messagelist")).to_contain_text("recorded")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("You are approved", timeout=PATIENCE)
    camera.take(phone, "approved")


def find(page: Page, text: str) -> None:
    """With the box at the top of every page of the desk."""
    page.locator("#find-case-q").fill(text)
    page.locator("#find-case button").click()


def support(page: Page, camera: Camera) -> None:
    find(page, f"@{DOMAIN}")
    page.wait_for_url("**/find/*/")
    camera.take(page, "found")
    find(page, f"milo@{DOMAIN}")
    page.wait_for_url("**/change/")
    page.get_by_role("link", name="The support page of this case").click()
    camera.take(page, "support", whole=True)


def operator(page: Page, camera: Camera) -> None:
    page.locator("#desk-links").get_by_role("link", name="Dashboard").click()
    camera.take(page, "dashboard", whole=True)
    page.locator("#desk-links").get_by_role("link", name="Policy").click()
    camera.take(page, "policy")
