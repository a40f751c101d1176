"""Signing in and out, and a forgotten password."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from onboarding.models.people import User
from tests.people import code_of, give_app
from tests.web.people import PASSWORD, Applicant, newest_mail, sign_up, words

pytestmark = pytest.mark.database


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/account/sign-in/", {"login": email, "password": password, **more})


def test_signing_in_leads_to_the_case(ana: Applicant, browser: Client) -> None:
    assert sign_in(browser, "ANA@example.org").headers["Location"] == "/case/"
    assert browser.get("/case/").status_code == 200


def test_wrong_password_and_unknown_address_get_the_same_answer(ana: Applicant) -> None:
    answers = [sign_in(Client(), ana.email, "wrong"), sign_in(Client(), "nobody@example.org", "wrong")]
    texts = [words(answer).replace(ana.email, "") for answer in answers]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert texts[0] == texts[1].replace("nobody@example.org", "")


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "\\\\evil.example", "javascript:x"]
)
def test_foreign_targets_are_ignored(ana: Applicant, browser: Client, target: str) -> None:
    assert sign_in(browser, ana.email, next=target).headers["Location"] == "/case/"


@pytest.mark.parametrize(
    "target", ["//evil.example", "https:evil.example", "/\\\\evil.example", "http:///evil.example"]
)
def test_foreign_targets_are_ignored_at_every_form(ana: Applicant, target: str) -> None:
    """ASVS 3.7.2. Signing out, being asked again, the second step, and where nobody has to do anything."""
    ana.sign_in_again()
    answers = [
        ana.client.get("/account/sign-in/", {"next": target}),
        ana.client.get("/account/sign-up/", {"next": target}),
        ana.client.post("/account/again/", {"password": PASSWORD, "next": target}),
        Client().post("/account/sign-in/passkey/", {"credential": "{}", "next": target}),
    ]
    step = Client()
    give_app(ana.user)
    sign_in(step, ana.email, next=target)
    answers.append(step.post("/account/sign-in/code/", {"code": code_of(ana.user), "next": target}))
    answers.append(ana.client.post("/account/sign-out/", {"next": target}))
    assert [answer.status_code for answer in answers] == [302] * len(answers)
    assert [answer.headers["Location"] for answer in answers if "evil" in answer.headers["Location"]] == []


def test_a_mail_scanner_uses_no_link_up(ana: Applicant, browser: Client) -> None:
    """It looks at everything, and some look twice."""
    browser.post("/account/password/", {"email": ana.email})
    link = reset_link()
    for look in (Client().get, Client().head, Client().get):
        look(link, follow=True)
    form = browser.get(link).headers["Location"]
    assert browser.post(form, {"password1": "another good passphrase"}).status_code == 302
    assert browser.post(form, {"password1": "yet another passphrase"}).status_code == 200  # used, and says so
    assert sign_in(Client(), ana.email, "another good passphrase").status_code == 302


def test_own_targets_are_kept(ana: Applicant, browser: Client) -> None:
    wanted = browser.get("/case/documents/").headers["Location"]
    assert wanted == "/account/sign-in/?next=/case/documents/"
    assert sign_in(browser, ana.email, next="/case/documents/").headers["Location"] == "/case/documents/"


def test_closed_account_is_told_so_and_thrown_out(ana: Applicant, browser: Client) -> None:
    User.objects.update(is_active=False)
    assert ana.get("case").status_code == 302
    assert sign_in(browser, ana.email).status_code in {302, 422}
    assert browser.get("/case/").status_code == 302
    assert "This account is closed" in words(browser.get("/account/inactive/"))


def test_signing_out_needs_a_press(ana: Applicant) -> None:
    assert ana.client.get("/account/sign-out/").status_code == 200
    assert ana.get("case").status_code == 200
    ana.client.post("/account/sign-out/")
    assert ana.get("case").status_code == 302


def test_staff_are_led_to_their_desk(browser: Client) -> None:
    User.objects.create_user("rita@example.org", PASSWORD, is_staff=True).emailaddress_set.create(
        email="rita@example.org", verified=True, primary=True
    )
    assert sign_in(browser, "rita@example.org").headers["Location"] == "/admin/"
    browser.force_login(User.objects.get())
    page = browser.get("/case/")
    assert page.status_code == 404
    assert "Go to the desk" in words(page)


def reset_link() -> str:
    found = re.search(r"http://testserver(/account/password/\S+)", newest_mail("ana@example.org").text)
    assert found
    return found[1]


def test_forgotten_password_is_replaced_by_link_once(ana: Applicant, browser: Client) -> None:
    browser.post("/account/password/", {"email": ana.email})
    link = reset_link()
    form = browser.get(link).headers["Location"]
    assert browser.get(form).status_code == 200
    assert browser.post(form, {"password1": "short"}).status_code == 422
    assert browser.post(form, {"password1": "another good passphrase"}).status_code == 302
    assert sign_in(Client(), ana.email).status_code == 422
    assert sign_in(Client(), ana.email, "another good passphrase").status_code == 302
    assert "does not work any more" in words(Client().get(link))


def test_the_owner_hears_of_a_password_that_was_replaced(ana: Applicant, browser: Client) -> None:
    """And all devices are signed out. Mutant seen red: the mail is not owed."""
    browser.post("/account/password/", {"email": ana.email})
    browser.post(browser.get(reset_link()).headers["Location"], {"password1": "another good passphrase"})
    assert newest_mail(ana.email).subject == "You have a new password"
    assert ana.get("case").status_code == 302


def test_forgotten_password_of_an_unknown_address_gets_the_same_answer(ana: Applicant) -> None:
    answers = [
        Client().post("/account/password/", {"email": email}, follow=True)
        for email in (ana.email, "nobody@example.org")
    ]
    assert words(answers[0]) == words(answers[1])
    assert newest_mail("nobody@example.org").subject == "There is no account for this address"
    assert newest_mail(ana.email).subject == "Choose a new password"


def test_link_for_a_new_password_ignores_the_host_of_the_request(ana: Applicant, settings: Any) -> None:
    """A forged Host header must not send the secret elsewhere."""
    settings.ALLOWED_HOSTS = ["testserver", "evil.example"]
    Client(headers={"host": "evil.example"}).post("/account/password/", {"email": ana.email})
    assert "evil.example" not in newest_mail(ana.email).text
    assert reset_link()


@pytest.mark.parametrize(
    "path", ["email/", "password/change/", "password/set/", "reauthenticate/", "login/code/", "login/"]
)
def test_pages_that_we_do_not_offer_are_not_there(ana: Applicant, path: str) -> None:
    assert ana.client.get(f"/account/{path}").status_code == 404


def test_used_up_attempts_say_so(browser: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "1/m/key"}
    sign_up(Client())
    sign_in(browser, "ana@example.org", "wrong")
    answer = sign_in(browser, "ana@example.org", "wrong")
    assert answer.status_code == 429
    assert "Too many tries" in words(answer)
