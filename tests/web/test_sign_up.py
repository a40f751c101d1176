"""Signing up: all of it or nothing, and the same answer for everybody."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import hashers
from django.test import Client

from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.models.outbox import OutboxMessage
from onboarding.models.people import User
from onboarding.usecases import applicant
from onboarding.web import account_forms
from tests.web.people import PASSWORD, Applicant, code_in, enter_code, newest_mail, sign_up, words

pytestmark = pytest.mark.database

ROWS = (User, EmailAddress, Case, AuditEvent, OutboxMessage, Email)


def counted() -> list[int]:
    return [model.objects.count() for model in ROWS]


def without_secrets(page: Any) -> str:
    """A page without what differs from visit to visit."""
    visits = r'name="csrfmiddlewaretoken" value="[^"]+"|[a-z]+@example\.org|<time.*?</time>|data-wait="\d+"'
    return re.sub(visits, "", page.content.decode())


def test_sign_up_writes_account_case_audit_message_and_mail(browser: Client) -> None:
    sign_up(browser)
    assert counted() == [1, 1, 1, 1, 1, 1]
    assert OutboxMessage.objects.get().name == "start"
    mail = newest_mail("ana@example.org")
    assert re.search(r"^\d{6}$", mail.text, re.MULTILINE)
    assert "http://testserver/account/confirm/" in mail.html


@pytest.mark.parametrize("broken", ["sign_up", "mail"])
def test_sign_up_leaves_nothing_behind_when_a_part_fails(
    broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One transaction (mutant: without `transaction.atomic` in the view the account stays)."""

    def fail(*_arguments: Any, **_named: Any) -> None:
        raise RuntimeError("broken")

    owner, name = (applicant, "sign_up") if broken == "sign_up" else (Email.objects, "create")
    monkeypatch.setattr(owner, name, fail)
    assert sign_up(Client(raise_request_exception=False)).status_code == 500
    assert counted() == [0, 0, 0, 0, 0, 0]


def test_known_and_unknown_address_get_the_same_answer(ana: Applicant) -> None:
    new, known = Client(), Client()
    first, second = sign_up(new, "new@example.org"), sign_up(known, ana.email)
    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    pages = [visitor.get("/account/confirm/") for visitor in (new, known)]
    assert without_secrets(pages[0]) == without_secrets(pages[1])
    assert pages[0].status_code == pages[1].status_code == 200
    wrong = [enter_code(visitor, "000000") for visitor in (new, known)]
    assert without_secrets(wrong[0]) == without_secrets(wrong[1])


def test_owner_of_a_known_address_is_told(ana: Applicant) -> None:
    sign_up(Client(), "Ana@Example.org")
    assert User.objects.count() == 1
    assert newest_mail("ana@example.org").subject == "You have an account already"


def test_password_is_hashed_once_whether_the_address_is_known_or_not(
    ana: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So both take the same time (mutant: hashing only in `save_user`)."""
    calls: list[str] = []

    def counting(password: str) -> str:
        calls.append(password)
        return hashers.make_password(password)

    monkeypatch.setattr(account_forms, "make_password", counting)
    sign_up(Client(), "new@example.org")
    sign_up(Client(), ana.email)
    assert calls == [PASSWORD, PASSWORD]


def test_two_at_the_same_time_with_one_address_get_the_same_answer(
    ana: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second found the address free, and the row of the first when it wrote."""
    monkeypatch.setattr(account_forms.SignupForm, "validate_unique_email", lambda _form, email: email)
    answer = sign_up(Client(), ana.email)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/confirm/")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("short", "too short"),
        ("password1", "too common"),
        ("ana@example.org", "too similar"),
        ("", "This field is required."),
        ("x" * 1001, "at most 1000"),
        ("nul\x00nul-nul-nul", "Null characters"),
    ],
)
def test_unfit_password_is_refused_at_its_field(browser: Client, password: str, complaint: str) -> None:
    answer = browser.post("/account/sign-up/", {"email": "ana@example.org", "password1": password})
    assert answer.status_code == 422
    (errors,) = re.findall(r'id="id_password1_error"[^>]*>(.*?)</ul>', answer.content.decode(), re.DOTALL)
    assert complaint in errors
    assert User.objects.count() == 0


@pytest.mark.parametrize("password", ["p" * 64 + "é😀 and more", "åäö ünïcödé wörds", "x" * 999 + "y"])
def test_long_and_unicode_passwords_are_taken_as_they_are(browser: Client, password: str) -> None:
    browser.post("/account/sign-up/", {"email": "ana@example.org", "password1": password})
    assert User.objects.get().check_password(password)


@pytest.mark.parametrize(
    "email",
    [
        "",
        "x",
        "a b@example.org",
        "a" * 300 + "@example.org",
        "a@b",
        "a\x00@example.org",
        "a\n@example.org",
        '"a\x07"@example.org',
        "a@exa\u200bmple.org",
        "a@x\u202e.org",
    ],
)
def test_unfit_address_is_refused_at_its_field(browser: Client, email: str) -> None:
    """Mutant seen red: without `seen_address`."""
    answer = sign_up(browser, email)
    assert answer.status_code == 422
    assert 'id="id_email_error"' in answer.content.decode()
    assert User.objects.count() == 0


def test_extra_fields_make_nobody_staff(browser: Client) -> None:
    sign_up(browser, is_staff="1", is_superuser="1", status="approved")
    user = User.objects.get()
    assert not user.is_staff
    assert not user.is_superuser


def test_robot_that_fills_the_hidden_field_gets_no_account(browser: Client) -> None:
    assert sign_up(browser, phone_number="123").status_code == 302
    assert User.objects.count() == 0


def test_too_many_sign_ups_are_slowed_down_and_leave_nothing(browser: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    sign_up(browser, "one@example.org")
    answer = sign_up(Client(), "two@example.org")
    assert answer.status_code == 429
    assert "You can try again at" in words(answer)
    assert User.objects.count() == 1


def test_zone_of_the_browser_is_kept_for_the_mails(browser: Client) -> None:
    browser.cookies["time_zone"] = "Europe/Madrid"
    sign_up(browser)
    assert User.objects.get().time_zone == "Europe/Madrid"


def test_address_is_corrected_before_it_is_confirmed(browser: Client) -> None:
    sign_up(browser, "wrong@example.org")
    old = code_in(newest_mail("wrong@example.org"))
    browser.post("/account/confirm/", {"action": "change", "email": "right@example.org"})
    assert User.objects.get().email == "right@example.org"
    assert enter_code(browser, old).status_code == 422
    assert enter_code(browser, code_in(newest_mail("right@example.org"))).headers["Location"] == "/case/"


def test_correcting_to_a_known_address_tells_nothing(ana: Applicant, browser: Client) -> None:
    sign_up(browser, "wrong@example.org")
    answer = browser.post("/account/confirm/", {"action": "change", "email": ana.email})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/confirm/")
    assert newest_mail(ana.email).subject == "You have an account already"
    assert User.objects.filter(email="wrong@example.org").exists()


def test_correcting_a_known_address_signs_up_after_all(ana: Applicant, browser: Client) -> None:
    """Else a missing way on would tell that the first address is known."""
    sign_up(browser, ana.email)
    browser.post("/account/confirm/", {"action": "change", "email": "mine@example.org"})
    assert enter_code(browser, code_in(newest_mail("mine@example.org"))).headers["Location"] == "/case/"
    assert User.objects.get(email="mine@example.org").check_password(PASSWORD)
    assert Case.objects.filter(applicant__email="mine@example.org").count() == 1


def test_starting_over_leads_to_an_empty_sign_up(browser: Client) -> None:
    sign_up(browser)
    answer = browser.post("/account/confirm/", {"action": "start_over"})
    assert answer.headers["Location"] == "/account/sign-up/"
    assert browser.get("/account/sign-up/").status_code == 200
