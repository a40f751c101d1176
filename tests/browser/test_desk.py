"""Two reviewers at their desks, as browsers see them: racing, by keyboard, with claims that run out."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import sign_in
from tests.browser.watching import Watched
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.temporal]

PEOPLE = """
from onboarding.demo import people
people.make_colleagues()
"""
CASE = """
import json
from datetime import date
from django.conf import settings
from onboarding.demo import people
from onboarding.demo.walk import Somebody, Walk
settings.POLICY = json.loads({policy!r})
walk = Walk(Somebody({name!r}, "Ana", "García", date(1990, 2, 11)), people.make_colleagues(), "!")
walk.hand_in()
{more}
print(f"/admin/onboarding/case/{{walk.case.pk}}/change/")
"""
APPROVED_BY_RUBEN = """
from onboarding.domain.status import Outcome
from onboarding.models import User
from onboarding.models.cases import Case
from onboarding.usecases import staff
case = Case.objects.get(pk={pk!r})
ruben = User.objects.get(email="ruben@demo.example")
staff.decide(case, staff.decision(ruben, case, submission=1, outcome=Outcome.APPROVE, key="race"))
"""


@pytest.fixture(scope="module")
def colleagues(live: Stack) -> None:
    live.python(PEOPLE)


def make_case(live: Stack, more: str = "", policy: str = "{}") -> str:
    """The address of a fresh case in review."""
    code = CASE.format(name=f"desk-{uuid.uuid4().hex[:8]}", more=more, policy=policy)
    return live.python(code).strip().splitlines()[-1]


@pytest.fixture
def signed_in(
    open_browser: Callable[..., Watched], live: Stack, colleagues: None
) -> Callable[[str], Watched]:
    def signed_in(who: str) -> Watched:
        window = open_browser()
        sign_in(window.page.context, live, f"{who}@demo.example")
        return window

    return signed_in


def tick(page: Page, reason: str) -> None:
    page.locator("label.outcome-ask_again").click()
    page.get_by_label(reason).first.check()


def test_whoever_was_slower_is_told_at_once_and_keeps_what_they_typed(
    signed_in: Callable[[str], Watched], live: Stack
) -> None:
    """Mutants: the page asks for no news; a refused form is shown empty."""
    window = signed_in("rita")
    page, address = window.page, make_case(live)
    page.goto(address)
    tick(page, "the picture is blurred")
    page.get_by_label("Note to colleagues").fill("Seen twice this week")
    live.python(APPROVED_BY_RUBEN.format(pk=address.split("/")[4]))
    news = page.locator("#news")
    expect(news).to_contain_text("Approved submission 1: Ruben Ruiz", timeout=15_000)
    expect(page.get_by_role("button", name="Record the decision", exact=True)).to_be_disabled()

    window.expected = ("409",)
    news.get_by_role("button").click()
    told = page.locator("p.told").first
    expect(told).to_contain_text("This submission was already approved by Ruben Ruiz")
    expect(page.get_by_label("Note to colleagues")).to_have_value("Seen twice this week")
    expect(page.get_by_label("the picture is blurred").first).to_be_checked()


def test_two_who_press_at_the_same_moment_make_one_decision(
    signed_in: Callable[[str], Watched], live: Stack
) -> None:
    address = make_case(live)
    windows = [signed_in(who) for who in ("rita", "ruben")]
    for window in windows:
        window.expected = ("409",)
        window.page.goto(address)
        tick(window.page, "an edge is cut off")
        window.page.get_by_label("Note to colleagues").fill("Mine")
    for window in windows:  # neither waits for its answer
        window.page.evaluate("document.querySelectorAll('[data-decides]')[1].click()")
    said = []
    for window in windows:
        told = window.page.locator(".messagelist, p.told").first
        expect(told).to_be_visible(timeout=15_000)
        said.append(told.inner_text())
    done, refused = sorted(said, key=lambda text: "already" in text)
    assert "The decision is recorded." in done
    assert "This submission was already sent back by" in refused
    loser = windows[said.index(refused)].page
    expect(loser.get_by_label("Note to colleagues")).to_have_value("Mine")


def test_a_case_is_decided_by_keyboard_alone(signed_in: Callable[[str], Watched], live: Stack) -> None:
    """No mouse, from the queue to the next case. Mutant: keys act inside fields."""
    make_case(live)
    page = signed_in("rita").page
    page.goto("/admin/onboarding/case/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    expect(page.locator("#claim")).to_contain_text("Claimed by you")
    page.wait_for_load_state()  # keys are heard once the script is there
    taken = page.url
    page.keyboard.press("n")
    expect(page.locator("#note_text")).to_be_focused()
    page.keyboard.type("1 t c look twice")
    expect(page.locator("#note_text")).to_have_value("1 t c look twice")
    expect(page.locator("[name=outcome]:checked")).to_have_count(0)
    assert page.url == taken
    page.locator("#note_text").evaluate("each => each.blur()")
    page.keyboard.press("1")
    expect(page.locator("[name=outcome]:checked")).to_have_value("ask_again")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "checkbox":
            break
    page.keyboard.press("Space")
    expect(page.locator("#letters")).to_contain_text("We could not accept this because", timeout=10_000)
    page.keyboard.press("s")
    expect(page.locator("[data-decides]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("The decision is recorded.", timeout=15_000)


def test_a_claim_is_renewed_while_the_page_is_used_and_its_end_is_told(
    signed_in: Callable[[str], Watched], live: Stack
) -> None:
    """A claim of six seconds, twelve at most. Mutant: nothing renews it."""
    policy = '{"lease_seconds": 6, "lease_limit_seconds": 12}'
    page, address = signed_in("rita").page, make_case(live, policy=policy)
    page.goto(address)
    page.get_by_role("button", name="Claim").click()
    expect(page.locator("#claim")).to_contain_text("Claimed by you")
    expect(page.locator("#news")).to_contain_text("Your claim ran out", timeout=40_000)
    page.reload()
    history = page.locator("table.wide").first
    expect(history).to_contain_text("Renewed the claim")
    expect(history).to_contain_text("The claim ran out")


def test_pictures_are_turned_and_enlarged(signed_in: Callable[[str], Watched], live: Stack) -> None:
    """Mutant: the tools do nothing."""
    page = signed_in("rita").page
    page.goto(make_case(live))
    picture = page.locator(".viewer img").last
    page.keyboard.press("]")
    page.keyboard.press("+")
    assert "rotate(90deg)" in (picture.get_attribute("style") or "")
    expect(page.locator(".tools output").last).to_have_text("140 %")
    page.get_by_role("button", name="Fit").last.click()
    expect(page.locator(".tools output").last).to_have_text("100 %")


def test_the_desk_fits_a_tablet(signed_in: Callable[[str], Watched], live: Stack) -> None:
    page = signed_in("sam").page
    page.set_viewport_size({"width": 768, "height": 1024})
    for address in ("/admin/onboarding/case/", "/admin/onboarding/case/?tab=all", make_case(live)):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 768
