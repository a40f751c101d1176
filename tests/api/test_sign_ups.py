"""Sign-ups by integrations: all of it or nothing, once for each key, and the same for known addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError
from django.test import Client

from onboarding.api import sign_ups, tokens
from onboarding.api.callers import Scope
from onboarding.mail import notices
from onboarding.models.api import ApiSignUp, IdempotencyKey
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.models.outbox import OutboxMessage
from onboarding.models.people import User
from tests.api.calls import Api, problem

pytestmark = pytest.mark.database

Make = Callable[..., Api]
ROWS = (EmailAddress, Case, AuditEvent, OutboxMessage, Email, ApiSignUp)


@pytest.fixture
def api(as_integration: Make) -> Api:
    return as_integration()


def counted() -> list[int]:
    return [model.objects.count() for model in ROWS]


def sign_up(api: Api, email: str = "ana@example.org", key: str = "one", **more: str) -> Any:
    return api.post("sign-ups", {"email": email, **more}, key=key)


def known(email: str) -> None:
    user = User.objects.create_user(email)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)


def test_sign_up_writes_account_case_audit_message_and_mail(api: Api) -> None:
    answer = sign_up(api, time_zone="Europe/Madrid")
    body = answer.json()
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/api/v1/sign-ups/{body['id']}"
    assert (body["status"], body["case"]) == ("pending", None)
    assert counted() == [1, 1, 1, 1, 1, 1]
    user = User.objects.get(email="ana@example.org")
    assert user.time_zone == "Europe/Madrid"
    assert not user.has_usable_password()


@pytest.mark.parametrize("broken", ["sign_up", "mail", "note"])
def test_sign_up_leaves_nothing_behind_when_a_part_fails(
    broken: str, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutant seen red: `_open` without `transaction.atomic`."""

    def fail(*_arguments: Any, **_named: Any) -> None:
        raise RuntimeError("broken")

    owner, name = {
        "sign_up": (sign_ups.applicant, "sign_up"),
        "mail": (Email.objects, "create"),
        "note": (ApiSignUp.objects, "create"),
    }[broken]
    monkeypatch.setattr(owner, name, fail)
    problem(sign_up(api), 500, "internal_error")
    assert counted() == [0] * len(ROWS)
    assert User.objects.filter(email="ana@example.org").count() == 0


def test_the_mail_asks_the_applicant_and_its_link_confirms(api: Api) -> None:
    sign_up(api)
    mail = notices.content(Email.objects.get())
    assert "Bank of Tests has begun an application for you" in mail.text
    link = re.search(r"http://testserver(/account/confirm/\S+)", mail.text)
    assert link
    assert Client().post(link[1]).status_code == 302
    assert EmailAddress.objects.get().verified
    assert Case.objects.get().outbox.filter(name="email_verified").exists()


def test_known_and_unknown_address_get_the_same_answers(api: Api) -> None:
    """Mutant seen red: `as_json` that tells the case before it is confirmed."""
    known("known@example.org")
    answers = [sign_up(api, email, email) for email in ("new@example.org", "known@example.org")]
    shapes = [
        {**answer.json(), "id": "", "asked_at": "", "expires_at": ""} | {"code": answer.status_code}
        for answer in answers
    ]
    assert shapes[0] == shapes[1]
    again = [api.get(f"sign-ups/{answer.json()['id']}").json() for answer in answers]
    assert [(each["status"], each["case"]) for each in again] == [("pending", None)] * 2
    assert api.get("cases").json()["items"] == []
    assert set(answers[0].headers) == set(answers[1].headers)


def test_a_known_address_takes_as_long_as_a_new_one(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutant seen red: `_as_if` without the pace."""
    known("known@example.org")
    kept: list[float] = []
    monkeypatch.setattr(sign_ups.PACE, "keep", kept.append)
    sign_up(api, "new@example.org", "one")
    assert kept == []
    sign_up(api, "known@example.org", "two")
    assert len(kept) == 1


def test_the_owner_of_a_known_address_is_told_once_an_hour(api: Api) -> None:
    """Mutant seen red: a mail for each request."""
    known("known@example.org")
    for key in ("one", "two", "three"):
        assert sign_up(api, "Known@Example.org", key).status_code == 202
    assert notices.content(Email.objects.get()).subject == "You have an account already"
    assert User.objects.filter(email__iexact="known@example.org").count() == 1
    assert Case.objects.count() == 0


def test_the_same_key_signs_up_once(api: Api) -> None:
    first, second = sign_up(api), sign_up(api)
    assert first.json() == second.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert counted() == [1, 1, 1, 1, 1, 1]


def test_a_crash_before_the_answer_was_kept_signs_up_once(api: Api) -> None:
    """The id of the sign-up comes from the key. Mutant seen red: a fresh id for each try."""
    first = sign_up(api)
    IdempotencyKey.objects.update(status=None, body=None, begun_at=None)
    second = sign_up(api)
    assert first.json() == second.json()
    assert "Idempotency-Replayed" not in second.headers
    assert counted() == [1, 1, 1, 1, 1, 1]


def test_somebody_else_takes_the_address_in_between(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutant seen red: `IntegrityError` goes through."""
    known("known@example.org")
    looks = iter([False, True])
    monkeypatch.setattr(sign_ups, "is_known", lambda _email: next(looks))
    assert sign_up(api, "known@example.org").status_code == 202
    assert Case.objects.count() == 0


def test_a_fault_of_the_database_is_not_taken_for_a_known_address(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(sign_ups, "_open", fail)
    problem(sign_up(api), 500, "internal_error")


def test_another_integration_does_not_see_it(api: Api, as_integration: Make) -> None:
    made = sign_up(api).json()
    stranger = as_integration(of=tokens.new_integration("Another bank"))
    problem(stranger.get(f"sign-ups/{made['id']}"), 404, "not_found")


def test_the_same_key_of_another_integration_is_another_sign_up(api: Api, as_integration: Make) -> None:
    """Mutant seen red: keys that are not bound to their caller."""
    stranger = as_integration(of=tokens.new_integration("Another bank"))
    ids = {sign_up(each, "ana@example.org", "one").json()["id"] for each in (api, stranger)}
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "email"),
        ({"email": "no address"}, "email"),
        ({"email": "x" * 250 + "@example.org"}, "email"),
        ({"email": "a\x00b@example.org"}, "email"),
        ({"email": None}, "email"),
        ({"email": ["ana@example.org"]}, "email"),
        ({"email": "ana@example.org", "time_zone": "Mars/Phobos"}, "time_zone"),
        ({"email": "ana@example.org", "time_zone": "../../etc/passwd"}, "time_zone"),
        ({"email": "ana@example.org", "is_staff": True}, "is_staff"),
        ({"email": "ana@example.org", "password": "hunter2hunter2"}, "password"),
    ],
)
def test_a_bad_body_is_refused_at_its_field_and_writes_nothing(body: Any, field: str, api: Api) -> None:
    errors = problem(api.post("sign-ups", body, key="one"), 422, "invalid")["errors"]
    assert {error["field"] for error in errors} == {field}
    assert counted() == [0] * len(ROWS)


def test_a_token_without_the_scope_signs_nobody_up(as_integration: Make) -> None:
    answer = sign_up(as_integration(Scope.READ, Scope.WRITE))
    assert problem(answer, 403, "scope_missing")["scope"] == "sign-ups:create"
    assert counted() == [0] * len(ROWS)
