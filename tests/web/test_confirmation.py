"""Proving an address: by code or by link, here or on another device, also while Temporal is away."""

from __future__ import annotations

import time
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client

from onboarding.domain.status import CaseStatus
from onboarding.models.outbox import OutboxMessage
from onboarding.models.people import User
from onboarding.records import outbox, queries
from tests.web.people import (
    PASSWORD,
    Applicant,
    code_in,
    enter_code,
    link_in,
    newest_mail,
    sign_up,
    words,
)

pytestmark = pytest.mark.database

ANA = "ana@example.org"


@pytest.fixture
def signed_up(browser: Client) -> Client:
    """A browser in which somebody has just signed up."""
    sign_up(browser, ANA)
    return browser


def is_confirmed() -> bool:
    return EmailAddress.objects.get(email=ANA).verified


def test_code_confirms_and_tells_the_case(signed_up: Client) -> None:
    assert enter_code(signed_up, code_in(newest_mail(ANA))).headers["Location"] == "/case/"
    assert is_confirmed()
    state = queries.current_state(User.objects.get().case)
    assert state.status is CaseStatus.COLLECTING


def test_blanks_and_hyphens_in_the_code_do_not_matter(signed_up: Client) -> None:
    code = code_in(newest_mail(ANA))
    enter_code(signed_up, f" {code[:3]}-{code[3:]} ")
    assert is_confirmed()


@pytest.mark.parametrize(
    "code", ["", "12345", "abcdef", "\u0661\u0662\u0663\u0664\u0665\u0666", "9" * 5000, "\x00"]
)
def test_wrong_code_is_refused_at_its_field(signed_up: Client, code: str) -> None:
    answer = enter_code(signed_up, code)
    assert answer.status_code == 422
    assert 'id="id_code_error"' in answer.content.decode()
    assert not is_confirmed()


def test_third_wrong_code_ends_the_guessing(signed_up: Client) -> None:
    right = code_in(newest_mail(ANA))
    wrong = "000000" if right != "000000" else "111111"
    assert [enter_code(signed_up, wrong).status_code for _ in range(3)] == [422, 422, 302]
    assert enter_code(signed_up, right).headers["Location"] == "/account/sign-in/"
    assert not is_confirmed()
    assert "third wrong code" in words(signed_up.get("/account/sign-in/"))


def test_new_code_replaces_the_old_one(signed_up: Client) -> None:
    old = code_in(newest_mail(ANA))
    with time_machine.travel(time.time() + 31, tick=False):
        signed_up.post("/account/confirm/", {"action": "resend"})
    new = code_in(newest_mail(ANA))
    assert "A new code is on its way" in words(signed_up.get("/account/confirm/"))
    if old != new:
        assert enter_code(signed_up, old).status_code == 422
    assert enter_code(signed_up, new).status_code == 302


def test_codes_are_not_sent_without_end(signed_up: Client) -> None:
    for number in range(1, 6):
        with time_machine.travel(time.time() + 31 * number, tick=False):
            signed_up.post("/account/confirm/", {"action": "resend"})
    assert "several codes already" in words(signed_up.get("/account/confirm/"))


def test_looking_at_the_link_confirms_nothing(signed_up: Client) -> None:
    """Mail scanners look (mutant: confirming on GET)."""
    link = link_in(newest_mail(ANA))
    for look in (Client().get, Client().head):
        assert look(link).status_code == 200
    assert not is_confirmed()
    assert "Yes, confirm it" in words(Client().get(link))


def test_link_in_the_same_browser_confirms_and_signs_in(signed_up: Client) -> None:
    assert signed_up.post(link_in(newest_mail(ANA))).headers["Location"] == "/case/"
    assert is_confirmed()


def test_link_on_another_device_confirms_and_signs_nobody_in(signed_up: Client) -> None:
    phone = Client()
    answer = phone.post(link_in(newest_mail(ANA)))
    assert answer.headers["Location"] == "/account/sign-in/"
    assert is_confirmed()
    assert "Your address is confirmed" in words(phone.get("/account/sign-in/"))
    assert phone.get("/case/").status_code == 302


def test_page_with_the_code_goes_on_after_the_link_was_used_elsewhere(signed_up: Client) -> None:
    Client().post(link_in(newest_mail(ANA)))
    assert signed_up.get("/account/confirm/").headers["Location"] == "/case/"
    assert signed_up.get("/case/").status_code == 200


def test_used_and_forged_links_say_what_to_do(signed_up: Client) -> None:
    link = link_in(newest_mail(ANA))
    signed_up.post(link)
    for path in (link, link[:-3] + "xx/", "/account/confirm/MQ:nonsense/"):
        for answer in (Client().get(path), Client().post(path)):
            assert answer.status_code == 404
            assert "Sign in: if your address still has to be confirmed" in words(answer)


def test_link_for_a_corrected_address_is_worth_nothing(signed_up: Client) -> None:
    link = link_in(newest_mail(ANA))
    signed_up.post("/account/confirm/", {"action": "change", "email": "else@example.org"})
    assert Client().post(link).status_code == 404
    assert not EmailAddress.objects.filter(verified=True).exists()


@pytest.mark.parametrize("way", ["code", "link"])
def test_address_and_message_to_the_case_stand_or_fall_together(
    way: str, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutant: without the transaction in `confirm_email` a case waits for ever after the link."""
    browser.raise_request_exception = False
    sign_up(browser, ANA)
    mail = newest_mail(ANA)

    def fail(*_arguments: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(outbox, "append", fail)
    answer = enter_code(browser, code_in(mail)) if way == "code" else browser.post(link_in(mail))
    assert answer.status_code == 500
    assert not is_confirmed()
    assert not OutboxMessage.objects.filter(name="email_verified").exists()


def test_signing_in_with_an_unproven_address_leads_to_a_new_code(signed_up: Client) -> None:
    other = Client()
    answer = other.post("/account/sign-in/", {"login": ANA, "password": PASSWORD})
    assert answer.headers["Location"] == "/account/confirm/"
    assert enter_code(other, code_in(newest_mail(ANA))).headers["Location"] == "/case/"


def test_code_page_without_a_sign_up_leads_to_sign_in(browser: Client, ana: Applicant) -> None:
    assert browser.get("/account/confirm/").headers["Location"] == "/account/sign-in/"
    assert ana.client.get("/account/confirm/").headers["Location"] == "/case/"
