"""Tokens: digests only, shown once, bound to what made them, and gone when they should be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.test import Client

from onboarding import clock
from onboarding.api import tokens
from onboarding.api.callers import Scope
from onboarding.models.api import ApiToken, Integration
from onboarding.models.cases import Case
from onboarding.models.people import User
from tests.api.calls import Api, problem
from tests.desk.conftest import desk

pytestmark = pytest.mark.database

__all__ = ["desk"]
LIST = "/admin/onboarding/apitoken/"
TYPED = {"label": "nightly", "new_name": "Bank", "scopes": ["cases:read"], "days": 30}


def text_in(page: Any) -> str:
    """The token that the page shows."""
    found: str = page.context["token"].text
    assert f'value="{found}"' in page.content.decode()
    return found


def signed_in(user: User) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client


def test_a_person_makes_a_token_of_their_own_and_uses_it(case: Case) -> None:
    client = Client()
    client.force_login(case.applicant)
    answer = Api(client=client).post("tokens", {"label": "my phone", "days": 3})
    assert answer.status_code == 201
    body = answer.json()
    row = ApiToken.objects.get()
    assert (row.label, row.scopes, row.user, row.made_by) == ("my phone", [], case.applicant, case.applicant)
    assert body["token"] not in f"{row.digest}{row.token_key}"
    assert row.expiry - clock.now() > timedelta(days=2, hours=23)
    assert Api(body["token"]).get(f"cases/{case.pk}").status_code == 200


def test_a_token_makes_no_tokens(case: Case, as_person: Callable[[User], Api]) -> None:
    """Or a stolen one would live for ever. Mutant seen red: without `session_only`."""
    problem(as_person(case.applicant).post("tokens", {"label": "more"}), 403, "not_allowed")


def test_an_integration_makes_no_tokens(as_integration: Callable[..., Api]) -> None:
    problem(as_integration().post("tokens", {"label": "more"}), 403, "not_allowed")


def test_a_token_ends_when_its_bearer_says_so(case: Case, as_person: Callable[[User], Api]) -> None:
    api = as_person(case.applicant)
    assert api.delete("tokens/in-use").status_code == 204
    problem(api.get("cases"), 401, "bad_token")


def test_a_persons_token_ends_with_their_password(case: Case, as_person: Callable[[User], Api]) -> None:
    """Mutant seen red: the stamp isn't compared."""
    api = as_person(case.applicant)
    assert api.get("cases").status_code == 200
    case.applicant.set_password("another long password")
    case.applicant.save()
    problem(api.get("cases"), 401, "bad_token")


@pytest.mark.parametrize("way", ["expired", "revoked", "stopped"])
def test_a_token_that_is_over_is_refused(way: str, case: Case, as_person: Callable[[User], Api]) -> None:
    api = as_person(case.applicant)
    if way == "expired":
        ApiToken.objects.update(expiry=clock.now() - timedelta(seconds=1))
    elif way == "revoked":
        ApiToken.objects.all().delete()
    else:
        User.objects.update(is_active=False)
    answer = api.get("cases")
    problem(answer, 401, "bad_token")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer a b",
        "Bearer nonsense",
        "Bearer \xff\xfe",
        "Bearer " + "x" * 400,
        "Bearer \x00",
    ],
)
def test_a_header_that_is_no_token_is_refused(header: str, db: None) -> None:
    """Mutant seen red: bytes that are no UTF-8 reach knox."""
    answer = Client().get("/api/v1/cases", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_nobody_is_told_how_to_come_in(db: None) -> None:
    answer = Api().get("cases")
    problem(answer, 401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    problem(
        Api().client.get("/api/v1/cases", headers={"Authorization": "Basic YTpi"}), 401, "not_authenticated"
    )


def test_the_beginning_of_a_token_is_not_the_token(case: Case) -> None:
    """Tokens are looked up by it."""
    _, text = tokens.for_person(case.applicant, "mine", 1)
    problem(Api(text[:-1] + ("0" if text[-1] != "0" else "1")).get("cases"), 401, "bad_token")


def test_a_session_needs_the_csrf_token_and_a_bearer_does_not(case: Case) -> None:
    """Mutant seen red: sessions that are not checked."""
    client = signed_in(case.applicant)
    answer = Api(client=client).post(f"cases/{case.pk}/withdraw")
    problem(answer, 403, "csrf_failed")
    assert Api(client=client).get("cases").status_code == 200
    _, text = tokens.for_person(case.applicant, "mine", 1)
    bare = Client(enforce_csrf_checks=True)
    assert Api(text, client=bare).post(f"cases/{case.pk}/withdraw").status_code == 200


def test_a_session_with_the_csrf_token_may_change_things(case: Case) -> None:
    client = signed_in(case.applicant)
    token = str(client.get("/case/").context["csrf_token"])
    answer = Api(client=client).post(f"cases/{case.pk}/withdraw", **{"X-CSRFToken": token})
    assert answer.json()["status"] == "withdrawn"


# --- the admin ---------------------------------------------------------------------------------------


def test_an_operator_makes_a_token_for_a_new_integration(otto: User, desk: Callable[[User], Client]) -> None:
    page = desk(otto).post(f"{LIST}add/", TYPED)
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    row = ApiToken.objects.get()
    assert (row.user.integration.name, row.scopes, row.made_by) == ("Bank", ["cases:read"], otto)
    api = Api(text_in(page))
    assert api.get("cases").json()["items"] == []
    answer = api.post("sign-ups", {"email": "ana@example.org"}, key="one")
    problem(answer, 403, "scope_missing")


def test_the_text_of_a_token_is_kept_nowhere(otto: User, desk: Callable[[User], Client]) -> None:
    """Mutant seen red: the text in the log of the admin."""
    client = desk(otto)
    text = text_in(client.post(f"{LIST}add/", TYPED))
    row = ApiToken.objects.get()
    for page in (LIST, f"{LIST}{row.pk}/change/"):
        assert text not in client.get(page).content.decode()
    kept = [*LogEntry.objects.values_list("change_message", "object_repr", "object_id")]
    kept += [session.get_decoded() for session in Session.objects.all()]
    kept += [*ApiToken.objects.values()]
    assert text not in repr(kept)


def test_an_operator_revokes_a_token(otto: User, desk: Callable[[User], Client]) -> None:
    client = desk(otto)
    api = Api(text_in(client.post(f"{LIST}add/", TYPED)))
    row = ApiToken.objects.get()
    assert client.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 302
    problem(api.get("cases"), 401, "bad_token")
    assert Integration.objects.get().name == "Bank"


@pytest.mark.parametrize(
    "change",
    [
        {"new_name": ""},
        {"new_name": "Old bank"},
        {"new_name": "old  BANK"},
        {"integration": "999"},
        {"label": ""},
        {"days": 0},
        {"days": 367},
        {"scopes": ["everything"]},
        {"scopes": []},
    ],
)
def test_a_form_that_makes_no_sense_makes_no_token(
    change: Any, otto: User, desk: Callable[[User], Client]
) -> None:
    tokens.new_integration("Old bank")
    page = desk(otto).post(f"{LIST}add/", {**TYPED, **change})
    assert page.status_code == 200
    assert page.context["errors"]
    assert not ApiToken.objects.exists()


def test_a_known_integration_gets_another_token(otto: User, desk: Callable[[User], Client]) -> None:
    bank = tokens.new_integration("Old bank")
    desk(otto).post(f"{LIST}add/", {**TYPED, "new_name": "", "integration": bank.pk})
    assert ApiToken.objects.get().user == bank.user


def test_nobody_signs_in_as_an_integration(integration: Integration) -> None:
    """No password, no address that could get a mail, and nothing to see in the admin."""
    assert not integration.user.has_usable_password()
    assert integration.user.email.endswith(".invalid")
    assert not integration.user.is_staff


def test_scopes_are_those_of_the_token_and_not_of_the_integration(
    as_integration: Callable[..., Api], case: Case
) -> None:
    problem(as_integration(Scope.WRITE).get("cases"), 403, "scope_missing")
    assert as_integration(Scope.READ).get("cases").status_code == 200
    problem(as_integration(Scope.READ).post(f"cases/{case.pk}/submit"), 403, "scope_missing")
