"""A Spanish visitor's whole walk: every page in Spanish, and nothing forgotten."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from onboarding.models.cases import Case
from tests.languages.pseudo import forgotten
from tests.web.people import (
    Applicant,
    code_in,
    enter_code,
    make_applicant,
    newest_mail,
    sign_up,
    words,
)

pytestmark = pytest.mark.database

KNOWN = frozenset({"Ana", "García", "JPEG", "PNG", "WebP", "PDF"})


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "es-MX,es;q=0.9,en;q=0.5"})


@pytest.fixture
def carmen(visitor: Client) -> Applicant:
    return make_applicant("carmen@example.org", visitor)


def spanish(answer: object, status: int = 200) -> None:
    """The page says that it is in Spanish, and every word of it is."""
    assert answer.status_code == status, answer.content
    page = answer.content.decode()
    reference = Case.objects.values_list("reference", flat=True).first()
    assert '<html lang="es"' in page
    assert answer.headers["Content-Language"] == "es"
    assert forgotten(page.replace(reference or "\0", ""), KNOWN) == []


PUBLIC = [
    "landing",
    "account_signup",
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_inactive",
]


@pytest.mark.usefixtures("marked_spanish")
@pytest.mark.parametrize("name", PUBLIC)
def test_every_page_before_signing_in_is_spanish(name: str, visitor: Client) -> None:
    """Mutant: a sentence of a template without its tag."""
    spanish(visitor.get(reverse(name)))


@pytest.mark.usefixtures("marked_spanish")
def test_what_is_wrong_is_said_in_spanish(visitor: Client) -> None:
    spanish(visitor.get("/nowhere/"), 404)
    spanish(visitor.post(reverse("language"), {"language": "tlh"}), 400)
    spanish(
        Client(enforce_csrf_checks=True, headers={"accept-language": "es"}).post("/account/sign-in/"), 403
    )
    spanish(sign_up(visitor, "nobody", password1="short"), 422)
    spanish(visitor.post(reverse("account_login"), {"login": "a@b.example", "password": "wrong"}), 422)
    spanish(visitor.get(reverse("confirm_link", args=["nonsense"])), 404)


@pytest.mark.usefixtures("marked_spanish")
def test_the_walk_from_sign_up_to_submission_is_spanish(visitor: Client) -> None:
    assert sign_up(visitor, "carmen@example.org").status_code == 302
    spanish(visitor.get(reverse("account_email_verification_sent")))
    spanish(enter_code(visitor, "000000"), 422)
    assert enter_code(visitor, code_in(newest_mail("carmen@example.org"))).status_code == 302
    carmen = Applicant(visitor, "carmen@example.org")
    spanish(carmen.get("case"))
    spanish(carmen.get("case_details"))
    spanish(carmen.give_details(birth_date="31/2/1990", country="", given_name="\u0007"), 422)
    assert carmen.give_details(document_type="id_card").status_code == 302
    spanish(carmen.get("case_documents"))
    spanish(carmen.upload("id_front", b"no picture"), 422)
    assert carmen.upload("id_front").status_code == 302
    spanish(carmen.post("case_submit"), 409)
    assert carmen.give_details(document_type="passport").status_code == 302
    assert carmen.upload("passport").status_code == 302
    spanish(carmen.get("case_documents"))
    assert carmen.post("case_submit").status_code == 302
    spanish(carmen.get("case"))
    spanish(carmen.get("case_withdraw"))
    assert carmen.post("case_withdraw").status_code == 302
    spanish(carmen.get("case"))


ACCOUNT = [
    "account_home",
    "account_change_password",
    "account_email",
    "usersessions_list",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_logout",
]


@pytest.mark.usefixtures("marked_spanish")
@pytest.mark.parametrize("name", ACCOUNT)
def test_every_page_of_the_account_is_spanish(name: str, carmen: Applicant) -> None:
    """Also in a browser that asks for English: the account speaks Spanish."""
    page = carmen.sign_in_again().get(name)
    page.content = re.sub(
        r"\b(?:[A-Z2-7]{4} ){2,}[A-Z2-7]{1,4}\b", "", page.content.decode()
    )  # the app's key
    spanish(page)


def test_the_words_are_those_that_were_translated(visitor: Client, carmen: Applicant) -> None:
    """In plain words: what fills the gap of a sentence has no brackets of its own."""
    page = words(carmen.get("case"))
    assert "Te toca a ti: indícanos tus datos antes del" in page
    assert re.search(r"antes del (lun|mar|mié|jue|vie|sáb|dom) \d+ [a-z]{3},? .*dentro de 14 días", page)
    carmen.give_details()
    assert "Te toca a ti: añade la página con foto de tu pasaporte antes del" in words(carmen.get("case"))


def test_nobody_is_said_usted(visitor: Client) -> None:
    """What applicants read of libraries is ours. Mutant seen red: one is missing in the catalogue."""
    polite = {"Su", "su", "Introduzca", "Asegúrese", "usted", "escriba", "indicado"}
    wrong = [
        sign_up(visitor, "nobody"),
        sign_up(visitor, "a@example.org" + "x" * 300),
        visitor.post(reverse("account_login"), {"login": "a@example.org", "password": "wrong"}),
        visitor.post(reverse("account_login"), {"login": "no address", "password": ""}),
    ]
    for answer in wrong:
        page = words(answer)
        assert not polite & set(page.split()), page


def test_english_stays_for_whoever_asks_for_it(browser: Client) -> None:
    page = browser.get("/", headers={"accept-language": "fr"})
    assert page.headers["Content-Language"] == "en"
    assert "Accept-Language" in page.headers["Vary"]
    assert "What you need" in words(page)


def test_countries_stand_in_the_order_of_their_names(carmen: Applicant) -> None:
    """Mutant: the order is that of the English names."""
    page = carmen.get("case_details").content.decode()
    assert (
        page.index(">Afganistán<")
        < page.index(">Albania<")
        < page.index(">Alemania<")
        < page.index(">España<")
    )
