"""The switch: a form without a script, for this browser and for the account."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from onboarding.models.people import User
from tests.web.people import PASSWORD, Applicant, make_applicant, newest_mail, sign_up, words

pytestmark = pytest.mark.database

SIGN_IN = "/account/sign-in/"


def language(page: Any) -> str:
    found = re.search(r'<html lang="([^"]*)"', page.content.decode())
    assert found
    return found[1]


def switch(client: Client, to: str = "es", next: str = SIGN_IN, **more: Any) -> Any:
    return client.post(reverse("language"), {"language": to, "next": next}, **more)


def test_the_switch_stands_on_every_page_and_says_which_language_it_is(browser: Client) -> None:
    """Mutants seen red: no form in the footer; the present language is not marked."""
    page = browser.get("/account/sign-up/?next=/case/").content.decode()
    (form,) = re.findall(
        r'<form class="languages" method="post" action="/language/".*?</form>', page, re.DOTALL
    )
    assert 'name="next" value="/account/sign-up/?next=/case/"' in form
    buttons = re.findall(r'<button [^>]*value="(\w+)" lang="(\w+)"( aria-current="true")?>([^<]+)<', form)
    assert buttons == [("en", "en", ' aria-current="true"', "English"), ("es", "es", "", "Español")]


def test_the_switch_works_without_an_account_and_keeps_the_page(browser: Client) -> None:
    """Mutant seen red: the cookie is not set."""
    answer = switch(browser)
    assert (answer.status_code, answer.headers["Location"]) == (302, SIGN_IN)
    assert language(browser.get(SIGN_IN)) == "es"
    assert language(browser.get(SIGN_IN, headers={"accept-language": "en"})) == "es"
    switch(browser, "en")
    assert language(browser.get(SIGN_IN, headers={"accept-language": "es"})) == "en"


def test_the_cookie_is_for_us_alone(browser: Client) -> None:
    cookie = switch(browser).cookies["language"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 365 * 24 * 3600)


def test_the_switch_is_kept_on_the_account(ana: Applicant) -> None:
    """Also for another browser, which asks for English. Mutant seen red: the row is not written."""
    assert ana.user.language == "en"
    switch(ana.client, next="/case/")
    assert ana.user.language == "es"
    other = Client(headers={"accept-language": "en"})
    other.force_login(ana.user)
    assert language(other.get("/case/")) == "es"
    assert "Te toca a ti" in words(other.get("/case/"))


@pytest.mark.parametrize("unknown", ["", "tlh", "es-MX", "../es", "fr", "es\0", "x" * 500])
def test_a_language_that_we_do_not_speak_is_refused(unknown: str, ana: Applicant) -> None:
    """Mutant seen red: libraries speak French, so Django would take it."""
    answer = switch(ana.client, unknown)
    assert answer.status_code == 400
    assert "language" not in ana.client.cookies
    assert ana.user.language == "en"


@pytest.mark.parametrize(
    "foreign",
    ["https://evil.example/", "//evil.example/case/", "javascript:alert(1)", "\\\\evil.example", ""],
)
def test_the_switch_leads_to_no_other_site(foreign: str, browser: Client) -> None:
    answer = switch(browser, next=foreign)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_the_switch_is_a_form_of_ours(browser: Client) -> None:
    """Neither a link nor somebody else's form changes anything. Mutant seen red: a GET is taken, too."""
    assert browser.get("/language/?language=es").status_code == 405
    assert switch(Client(enforce_csrf_checks=True)).status_code == 403


def test_a_page_that_answers_a_form_leads_back_to_one_that_can_be_read(ana: Applicant) -> None:
    """Mutant: `next` is the address that only takes the upload."""
    ana.give_details()
    page = ana.upload(data=b"no picture").content.decode()
    assert 'name="next" value="/case/documents/"' in page
    page = ana.post("case_submit").content.decode()
    assert 'name="next" value="/case/"' in page


def test_the_account_takes_the_language_of_the_sign_up() -> None:
    """Mutant seen red: `save_user` leaves it out."""
    sign_up(Client(headers={"accept-language": "es-AR,es;q=0.8"}), "carmen@example.org")
    assert User.objects.get().language == "es"
    assert newest_mail("carmen@example.org").subject == "Confirma tu correo electrónico"


def test_who_has_none_takes_that_of_the_browser_when_signing_in(ana: Applicant) -> None:
    """Accounts of before, and of colleagues. A choice in this browser wins, a header does not.

    Mutant seen red: the cookie is not looked at.
    """
    User.objects.update(language="")
    english, spanish = (Client(headers={"accept-language": each}) for each in ("en", "es"))
    taken = []
    for browser in (spanish, english):
        browser.post(SIGN_IN, {"login": ana.email, "password": PASSWORD})
        taken.append(ana.user.language)
    chosen = Client()
    switch(chosen, "en")
    chosen.post(SIGN_IN, {"login": ana.email, "password": PASSWORD})
    assert [*taken, ana.user.language] == ["es", "es", "en"]


def test_an_account_whose_language_is_not_offered_any_more_is_served(ana: Applicant) -> None:
    """Mutant: whatever the row holds is activated."""
    User.objects.update(language="tlh")
    assert language(ana.get("case")) == "en"
    assert ana.user.reads == "en"


def test_two_people_in_one_process_do_not_share_a_language(ana: Applicant) -> None:
    carmen = make_applicant("carmen@example.org", Client(headers={"accept-language": "es"}))
    assert [language(each.get("case")) for each in (carmen, ana, carmen)] == ["es", "en", "es"]


def test_an_open_page_hears_of_another_language(ana: Applicant) -> None:
    """Switched in another tab. Mutant: the tag of the page doesn't know the language."""
    page = ana.get("case").content.decode()
    seen = re.search(r'data-tag="([^"]*)"', page) or re.search(r'data-seen="([^"]*)"', page)
    assert seen
    assert ana.client.get("/case/live/", {"seen": seen[1]}).status_code == 204
    switch(ana.client)
    assert "Te toca a ti" in words(ana.client.get("/case/live/", {"seen": seen[1]}))


def test_programs_read_the_language_they_ask_for(ana: Applicant) -> None:
    """Codes stay. Mutant: the account's language instead of the header."""
    asked = ana.client.get(f"/api/v1/cases/{ana.case.pk}", headers={"accept-language": "es"})
    assert asked.status_code == 200
    body = asked.json()
    assert body["status"] == "collecting"
    assert body["sentence"].startswith("Te toca a ti")
    missing = ana.client.get(f"/api/v1/cases/{uuid.uuid4()}", headers={"accept-language": "es"}).json()
    assert (missing["code"], missing["detail"]) == (
        "not_found",
        "En esta dirección no hay nada o no es tuyo.",
    )
