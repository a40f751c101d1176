"""Too many tries: 429, when to come back, and nobody locked out by somebody else."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from onboarding import settings as real
from onboarding.models.emails import Email
from tests.web.people import PASSWORD, Applicant, code_in, enter_code, newest_mail, sign_up, words

pytestmark = pytest.mark.database

HERE, ELSEWHERE = "198.51.100.1", "203.0.113.9"


@pytest.fixture(autouse=True)
def _limited(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = real.OUR_RATE_LIMITS


def at(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


def sign_in(client: Client, email: str, password: str = "wrong") -> Any:  # noqa: S107  it is none
    return client.post("/account/sign-in/", {"login": email, "password": password})


def test_the_sixth_wrong_password_is_told_when_to_come_back(ana: Applicant) -> None:
    """Mutants seen red: 422 as before; no `Retry-After`."""
    answers = [sign_in(at(HERE), ana.email) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert 290 < int(answers[-1]["Retry-After"]) <= 300
    assert "You can try again at" in words(answers[-1])
    assert ana.email in answers[-1].content.decode()  # what was typed is still there
    with time_machine.travel(time.time() + int(answers[-1]["Retry-After"]), tick=False):
        assert sign_in(at(HERE), ana.email, PASSWORD).status_code == 302


def test_nobody_is_locked_out_by_somebody_else(ana: Applicant) -> None:
    """ASVS 6.1.1. Mutant seen red: allauth's own key, which counts for the address alone."""
    for _ in range(8):
        sign_in(at(HERE), ana.email)
    assert sign_in(at(HERE), ana.email, PASSWORD).status_code == 429
    assert sign_in(at(ELSEWHERE), ana.email, PASSWORD).status_code == 302


def test_a_forged_forwarding_header_changes_nothing(ana: Applicant) -> None:
    """Mutant seen red: `ALLAUTH_TRUSTED_PROXY_COUNT = 1` without a proxy."""

    def forged(number: int) -> Any:
        header = {"x-forwarded-for": f"192.0.2.{number}", "x-real-ip": f"192.0.2.{number}"}
        typed = {"login": ana.email, "password": "wrong"}
        return at(HERE).post("/account/sign-in/", typed, headers=header)

    assert [forged(number).status_code for number in range(6)] == [422] * 5 + [429]


def test_known_and_unknown_addresses_run_into_the_same_limit(ana: Applicant) -> None:
    first = [sign_in(at(HERE), ana.email).status_code for _ in range(6)]
    second = [sign_in(at(ELSEWHERE), "nobody@example.org").status_code for _ in range(6)]
    assert first == second == [422] * 5 + [429]


@pytest.mark.parametrize(
    ("path", "most", "typed"),
    [
        ("/account/sign-up/", 20, {"email": "n{}@example.org", "password1": PASSWORD}),
        ("/account/password/", 20, {"email": "n{}@example.org"}),
        ("/account/password/", 5, {"email": "ana@example.org"}),
    ],
)
def test_one_more_than_the_limit_is_refused_with_its_moment(
    path: str, most: int, typed: dict[str, str]
) -> None:
    """Mutant seen red: a fixed minute instead of the rest of it."""
    now = time.time()

    def send(number: int) -> Any:
        return at(HERE).post(path, {name: value.format(number) for name, value in typed.items()})

    with time_machine.travel(now, tick=False):
        assert {send(number).status_code for number in range(most)} == {302}
    with time_machine.travel(now + 20, tick=False):
        owed = Email.objects.count()
        refused = send(most)
        assert refused.status_code == 429
        assert refused["Retry-After"] == "40"
        assert "(in 40 seconds)" in words(refused)
        assert Email.objects.count() == owed
    with time_machine.travel(now + 61, tick=False):
        assert send(most).status_code == 302


def test_a_new_code_can_be_asked_for_after_half_a_minute_and_the_page_says_when() -> None:
    """Without JavaScript, too. Mutants seen red: no look at the clock; a code of the first moment on."""
    browser, now = at(HERE), time.time()
    with time_machine.travel(now, tick=False):
        sign_up(browser)
        page = browser.get("/account/confirm/")
        assert "You can ask for a new code at" in words(page)
        assert 'data-wait="30"' in page.content.decode()
    with time_machine.travel(now + 12, tick=False):
        early = browser.post("/account/confirm/", {"action": "resend"})
        assert (early.status_code, early["Retry-After"]) == (429, "18")
        assert "That was a little early." in words(early)
        assert Email.objects.count() == 1
    with time_machine.travel(now + 30, tick=False):
        assert browser.post("/account/confirm/", {"action": "resend"}).status_code == 302
        assert Email.objects.count() == 2


def test_a_resent_code_is_good_as_long_as_its_mail_says(browser: Client) -> None:
    """Mutant seen red: allauth counts from the first code."""
    now = time.time()
    with time_machine.travel(now, tick=False):
        sign_up(browser)
    with time_machine.travel(now + 800, tick=False):
        browser.post("/account/confirm/", {"action": "resend"})
    code = code_in(newest_mail("ana@example.org"))
    with time_machine.travel(now + 1600, tick=False):
        assert enter_code(browser, code).headers["Location"] == "/case/"


def test_nobody_gets_codes_without_end_to_guess_them_or_to_fill_a_mail_box() -> None:
    """Thirty guesses an hour of a million. Mutant seen red: allauth's own limit, one code in ten seconds."""
    now = time.time()
    got = []
    for number in range(12):
        with time_machine.travel(now + 11 * number, tick=False):
            got.append(sign_up(at(f"198.51.100.{number}")).status_code)
    assert got == [302] * 10 + [429] * 2
    assert Email.objects.count() == 10
    with time_machine.travel(now + 3_601, tick=False):
        assert sign_up(at(HERE)).status_code == 302


def test_an_expired_code_leads_to_a_new_one(browser: Client) -> None:
    sign_up(browser)
    code = code_in(newest_mail("ana@example.org"))
    with time_machine.travel(time.time() + 901, tick=False):
        assert enter_code(browser, code).headers["Location"] == "/account/sign-in/"
        assert "we send you a new code" in words(browser.get("/account/sign-in/"))


def test_made_up_addresses_do_not_drive_the_counts_out() -> None:
    """Mutant seen red: Django's own 300 entries."""
    assert real.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 10_000


def test_no_way_of_starting_the_web_believes_a_forwarding_header_by_itself() -> None:
    """uvicorn would, from whatever runs on the same machine. Mutant seen red: the flag missing in one."""
    ways = [Path("Procfile"), Path("Dockerfile"), Path("temporal_app/devserver/supervision.py")]
    assert [way for way in ways if "--no-proxy-headers" not in (real.BASE_DIR / way).read_text()] == []
