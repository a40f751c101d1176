"""How long a sign-in lasts (OWASP ASVS 5.0, 7.2 to 7.4), and what ends it at once."""

from __future__ import annotations

import time
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from onboarding.models.people import User
from onboarding.web import sessions
from tests.people import make_staff
from tests.web.people import PASSWORD, Applicant, words

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def _short(settings: Any) -> None:
    settings.SESSION_SECONDS, settings.SESSION_IDLE_SECONDS = 10_000, 1_000
    settings.STAFF_SESSION_SECONDS, settings.STAFF_SESSION_IDLE_SECONDS = 2_000, 300


def later(seconds: float) -> Any:
    return time_machine.travel(time.time() + seconds, tick=False)


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_a_session_that_nobody_uses_ends(ana: Applicant) -> None:
    """Mutant seen red: `load` looks at no moment."""
    with later(990):
        assert is_in(ana.client)
    with later(990 + 990):  # it was used in between
        assert is_in(ana.client)
    with later(990 + 990 + 1010):
        assert not is_in(ana.client)
    assert not Session.objects.exists()


def test_a_session_ends_however_much_it_is_used(ana: Applicant) -> None:
    """Mutant seen red: only the idle time counts."""
    for seconds in range(900, 9_901, 900):
        with later(seconds):
            assert is_in(ana.client)
    with later(10_010):
        assert not is_in(ana.client)


def test_an_open_page_that_only_looks_for_news_is_no_use(ana: Applicant) -> None:
    """Mutant seen red: every request counts."""
    for seconds in (600, 900):
        with later(seconds):
            assert ana.get("case_live").status_code in {200, 204, 304}
    with later(1_100):
        assert not is_in(ana.client)


def test_sessions_of_staff_are_shorter(client: Client) -> None:
    client.force_login(make_staff("reviewer"))
    with later(290):
        assert is_in(client)
    with later(290 + 310):
        assert not is_in(client)


def test_a_use_is_not_written_down_with_every_request(ana: Applicant, django_assert_num_queries: Any) -> None:
    """Mutant seen red: each request writes the session."""
    ana.client.get("/account/again/")
    before = Session.objects.get().session_data
    ana.client.get("/account/again/")
    assert Session.objects.get().session_data == before


def test_signing_in_changes_the_key_of_the_session(ana: Applicant, browser: Client) -> None:
    """ASVS 7.2.4. What somebody planted before is worth nothing afterwards."""
    browser.get("/account/sign-in/")
    browser.post("/account/sign-in/", {"login": ana.email, "password": "wrong"})
    session = browser.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    browser.cookies["sessionid"] = planted
    browser.post("/account/sign-in/", {"login": ana.email, "password": PASSWORD})
    assert browser.session.session_key != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert not is_in(thief)


def test_a_closed_account_is_out_at_once_and_stays_out_when_it_is_opened_again(ana: Applicant) -> None:
    """ASVS 7.4.2. Mutant seen red: the sessions wait for the account to be opened again."""
    sessions.end_all(ana.user)
    User.objects.update(is_active=False)
    assert not is_in(ana.client)
    User.objects.update(is_active=True)
    assert not is_in(ana.client)
    assert not UserSession.objects.exists()


def test_signing_out_ends_the_session_on_the_server(ana: Applicant) -> None:
    stolen = Client()
    stolen.cookies["sessionid"] = ana.client.cookies["sessionid"].value
    assert is_in(stolen)
    ana.client.post("/account/sign-out/")
    assert not is_in(stolen)


def test_a_form_of_an_ended_session_leads_to_the_sign_in(ana: Applicant) -> None:
    with later(1_100):
        answer = ana.give_details()
        assert answer.headers["Location"] == "/account/sign-in/?next=/case/details/"
        assert "Sign in" in words(ana.client.get(answer.headers["Location"]))
