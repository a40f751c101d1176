"""Links in our mails, opened by a scanner: it looks at every one, twice, and nothing changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.test import Client

from onboarding.domain.notices import NoticeKind
from onboarding.mail import notices
from onboarding.models.emails import Email
from onboarding.models.people import User
from tests.mail.test_notices import state_for
from tests.web.people import Applicant, newest_mail, sign_up

pytestmark = pytest.mark.database

PASSING = {"sessions.session", "usersessions.usersession"}
"""Who looks has a session; nothing else may be written."""


def everything() -> dict[str, list[Any]]:
    """All rows of all tables."""
    models = [each for each in apps.get_models() if each._meta.label_lower not in PASSING]
    return {each._meta.label: list(each._default_manager.order_by("pk").values_list()) for each in models}


def links(text: str) -> Iterator[str]:
    yield from (link for link in re.findall(r"http://testserver(/\S*)", text) if link != "/")


def look_at(client: Client, link: str) -> None:
    for look in (client.get, client.head, client.get):
        answer = look(link, follow=True)
        assert answer.status_code in {200, 404}, (link, answer.status_code)  # a link that is over says so


@pytest.fixture
def asked_for(ana: Applicant) -> Applicant:
    """Somebody who has asked for every mail that an account can be asked for."""
    Client().post("/account/password/", {"email": ana.email})
    sign_up(Client(), ana.email)  # known already
    sign_up(Client(), "new@example.org")
    ana.client.post("/account/address/", {"email": "another@example.org"})
    return ana


@pytest.mark.parametrize("signed_in", [True, False])
def test_no_link_about_an_account_does_anything_by_being_opened(
    signed_in: bool, asked_for: Applicant
) -> None:
    """Mutant seen red: the link that confirms does so by GET."""
    owed = Email.objects.exclude(template="").order_by("owed_at")
    found = {link for email in owed for link in links(notices.content(email).text)}
    assert {link.split("/")[2] for link in found} >= {"confirm", "password", "sign-in"}
    before = everything()
    for link in sorted(found):
        look_at(asked_for.client if signed_in else Client(), link)
    assert everything() == before


def test_the_link_of_a_fresh_sign_up_is_good_after_a_scanner_looked(browser: Client) -> None:
    sign_up(Client(), "new@example.org")
    (link,) = set(links(newest_mail("new@example.org").text))
    for _ in range(2):
        look_at(Client(), link)
    assert browser.get(link).status_code == 200
    browser.post(link)
    assert EmailAddress.objects.get(email="new@example.org").verified


@pytest.mark.parametrize("kind", NoticeKind)
def test_no_link_about_a_case_does_anything_by_being_opened(kind: NoticeKind, ana: Applicant) -> None:
    """Nor is HEAD refused. Mutants seen red: the page of a case writes when opened; it takes GET only."""
    email = Email(case=ana.case, kind=kind, recipient=ana.user)
    found = set(links(notices.preview(kind, email, state_for(kind)).text))
    assert found
    before = everything()
    for link in sorted(found):
        if not link.startswith("/admin/"):
            look_at(ana.client, link)
        look_at(Client(), link)
    assert everything() == before


def test_the_look_at_all_rows_can_fail(ana: Applicant) -> None:
    before = everything()
    User.objects.filter(pk=ana.user.pk).update(time_zone="Asia/Tokyo")
    assert everything() != before
    assert settings.SESSION_ENGINE == "onboarding.web.sessions"
