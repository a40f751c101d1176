"""An applicant's journey from sign-up to approval, as a person with a browser lives it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import pictures
from tests.browser.watching import Watched
from tests.faults.processes import until
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.temporal]

PASSWORD = "correct horse battery staple"
REVIEW = """
import time, uuid
from django.contrib.auth.models import Group
from onboarding.domain.messages import ItemReasons
from onboarding.domain.status import Outcome, Slot
from onboarding.models import User
from onboarding.models.cases import Case
from onboarding.usecases import staff
case = Case.objects.get(applicant__email={email!r})
name = f"reviewer-{{uuid.uuid4()}}@example.org"
reviewer = User.objects.create_user(name, "x", is_staff=True)
reviewer.groups.add(Group.objects.get_or_create(name="reviewer")[0])
order = staff.decision(reviewer, case, submission={submission}, key="journey", {what})
staff.decide(case, order)
"""
APPROVE = "outcome=Outcome.APPROVE"
ASK_AGAIN = "outcome=Outcome.ASK_AGAIN, items=(ItemReasons(slot=Slot.ID_BACK, reasons=('blurred',)),)"


def code_for(live: Stack, email: str) -> str:
    """Reads the six digits where the person would: in the mail."""
    found: list[str] = []

    def arrived() -> bool:
        for path in sorted(live.mail_folder.glob("*.log"), reverse=True):
            text = path.read_text(encoding="utf-8")
            if f"To: {email}" in text:
                found.extend(re.findall(r"^(\d{6})$", text, re.MULTILINE))
        return bool(found)

    until(arrived, 20, f"the code for {email}")
    return found[0]


def sign_up_and_confirm(page: Page, live: Stack, email: str) -> None:
    page.goto("/")
    page.get_by_role("button", name="Sign up").click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    page.get_by_label("Six-digit code").fill(code_for(live, email))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("tell us your details")


def give_details(page: Page) -> None:
    page.get_by_role("button", name="Give your details").click()
    page.get_by_label("Given names").fill("Ana")
    page.get_by_label("Family name").fill("García")
    born = page.get_by_role("group", name="Date of birth")
    for part, number in (("Day", "11"), ("Month", "2"), ("Year", "1990")):
        born.get_by_label(part).fill(number)
    page.get_by_label("ID card").check()
    page.get_by_label("Country").select_option("ES")
    page.get_by_role("button", name="Save and go on").click()


def upload(page: Page, slot: str, file: Path) -> None:
    place = page.locator(f"article#{slot}")
    place.locator(f"#file-{slot}").set_input_files(file)
    expect(place.get_by_role("img", name="Preview of what you chose")).to_be_visible()
    place.get_by_role("button", name="Upload").click()
    expect(place.get_by_text("uploaded, not submitted yet")).to_be_visible()


def review(live: Stack, email: str, what: str, submission: int = 1) -> None:
    live.python(REVIEW.format(email=email, what=what, submission=submission))


def test_page_changes_by_itself_from_sign_up_to_approval(
    open_browser: Callable[..., Watched], live: Stack, tmp_path: Path
) -> None:
    page = open_browser().page
    email = f"ana-{uuid.uuid4().hex[:8]}@example.org"
    front, back = tmp_path / "front.jpg", tmp_path / "back.jpg"
    front.write_bytes(pictures.jpeg(number=1))
    back.write_bytes(pictures.jpeg(number=2))

    sign_up_and_confirm(page, live, email)
    give_details(page)
    upload(page, "id_front", front)
    upload(page, "id_back", back)
    page.get_by_role("button", name="Submit for review").click()

    headline = page.get_by_role("heading", level=1)
    expect(headline).to_contain_text("We are looking at it", timeout=20_000)
    review(live, email, ASK_AGAIN)
    expect(headline).to_contain_text("send the back of your ID card again", timeout=20_000)
    expect(page.locator("#news")).to_contain_text("Your case has changed.")

    page.get_by_role("button", name="Send the back of your ID card again").click()
    expect(page.get_by_text("We could not accept this because the picture is blurred.")).to_be_visible()
    expect(page.locator("#file-id_front")).to_have_count(0)
    back.write_bytes(pictures.jpeg(number=3))
    upload(page, "id_back", back)
    page.get_by_role("button", name="Submit for review").click()
    expect(headline).to_contain_text("We are looking at it", timeout=20_000)
    review(live, email, APPROVE, submission=2)
    expect(headline).to_contain_text("You are approved", timeout=20_000)
    expect(page.locator("#case")).to_contain_text("Europe/Madrid")
