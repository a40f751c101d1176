"""`Idempotency-Key`: done once, answered alike, bound to caller and request, and safe against a crash."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from onboarding import clock
from onboarding.api import tokens
from onboarding.documents import vault
from onboarding.models.api import ApiToken, IdempotencyKey
from onboarding.models.cases import Case
from onboarding.models.documents import Document
from onboarding.models.outbox import OutboxMessage
from onboarding.models.people import User
from onboarding.records import idempotency
from onboarding.usecases import applicant
from tests import people, pictures
from tests.api.calls import DETAILS, Api, confirm, problem

pytestmark = pytest.mark.database

As = Callable[[User], Api]
PICTURE = pictures.jpeg()


@pytest.fixture
def api(case: Case, as_person: As) -> Api:
    confirm(case)
    people.give_details(case)
    return as_person(case.applicant)


class Died(BaseException):
    """The process, in the middle of a request."""


def test_a_repeated_request_is_done_once_and_answered_alike(api: Api, case: Case) -> None:
    first, second = (api.upload(case, PICTURE, key="one") for _ in range(2))
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.headers["Content-Type"] == "application/json"
    assert Document.objects.count() == 1


def test_without_a_key_each_request_stands_for_itself(api: Api, case: Case) -> None:
    for _ in range(2):
        assert api.upload(case, PICTURE).status_code == 201
    assert Document.objects.count() == 2
    assert not IdempotencyKey.objects.exists()


def test_a_crash_between_work_and_answer_does_the_work_once(
    api: Api, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The repeated request finds the work done and is answered. Mutant seen red: a fresh key for the work."""

    def die(*_arguments: Any) -> None:
        raise Died

    with monkeypatch.context() as broken:
        broken.setattr(idempotency, "answered", die)
        with pytest.raises(Died):
            api.upload(case, PICTURE, key="one")
    stored = Document.objects.get()
    answer = api.upload(case, PICTURE, key="one")
    problem(answer, 409, "idempotency_in_flight")
    assert answer.headers["Retry-After"] == "1"
    IdempotencyKey.objects.update(begun_at=clock.now() - idempotency.ABANDONED)
    assert api.upload(case, PICTURE, key="one").json()["id"] == str(stored.pk)
    assert Document.objects.count() == 1
    assert OutboxMessage.objects.filter(name="id_uploaded").count() == 1


def test_of_two_that_take_over_one_works(api: Api, case: Case) -> None:
    """Mutant seen red: taking over without the condition."""
    row = idempotency.begin(case.applicant_id, "key", "request")
    IdempotencyKey.objects.update(begun_at=clock.now() - idempotency.ABANDONED)
    assert idempotency.begin(case.applicant_id, "key", "request").pk == row.pk
    with pytest.raises(idempotency.InFlight):
        idempotency.begin(case.applicant_id, "key", "request")


@pytest.mark.parametrize("changed", ["body", "address"])
def test_a_key_stands_for_one_request(changed: str, api: Api, case: Case) -> None:
    """Mutants seen red: a digest without the body; one without the address."""
    if changed == "body":
        where = f"cases/{case.pk}/details"
        assert api.put(where, DETAILS, key="one").status_code == 200
        answer = api.put(where, {**DETAILS, "given_name": "Eva"}, key="one")
    else:
        problem(api.post(f"cases/{case.pk}/submit", key="one"), 409, "still_owed")
        answer = api.post(f"cases/{case.pk}/withdraw", key="one")
    problem(answer, 422, "idempotency_key_reused")
    assert case.profile.given_name == "Ana"
    assert not OutboxMessage.objects.filter(name="withdrawn").exists()


def test_another_file_is_another_request_and_another_boundary_is_not(api: Api, case: Case) -> None:
    """Mutant seen red: the digest over the names of files alone."""
    api.upload(case, PICTURE, key="one")
    problem(api.upload(case, people.picture(), key="one"), 422, "idempotency_key_reused")
    assert api.upload(case, PICTURE, key="one").status_code == 201


def test_the_order_of_fields_does_not_make_another_request(api: Api, case: Case) -> None:
    where = f"cases/{case.pk}/details"
    api.put(where, DETAILS, key="one")
    again = api.put(where, dict(reversed(DETAILS.items())), key="one")
    assert again.headers["Idempotency-Replayed"] == "true"


def test_keys_of_different_callers_have_nothing_to_do_with_each_other(
    api: Api, case: Case, other_case: Case, as_person: As
) -> None:
    confirm(other_case)
    api.put(f"cases/{case.pk}/details", DETAILS, key="one")
    other = as_person(other_case.applicant)
    answer = other.put(f"cases/{other_case.pk}/details", {**DETAILS, "given_name": "Eva"}, key="one")
    assert answer.status_code == 200
    assert answer.json()["id"] == str(other_case.pk)


def test_a_new_token_of_the_same_caller_repeats_the_same_request(api: Api, case: Case) -> None:
    first = api.put(f"cases/{case.pk}/details", DETAILS, key="one")
    ApiToken.objects.all().delete()
    fresh = Api(tokens.for_person(case.applicant, "fresh", 1)[1])
    again = fresh.put(f"cases/{case.pk}/details", DETAILS, key="one")
    assert again.json() == first.json()


def test_a_refusal_of_the_rules_is_kept(api: Api, case: Case) -> None:
    """So a repetition can't be done after all, when nobody expects it any more."""
    first = api.post(f"cases/{case.pk}/submit", key="one")
    problem(first, 409, "still_owed")
    applicant.upload(case, people.Slot.PASSPORT, people.picture(), key="one")
    second = api.post(f"cases/{case.pk}/submit", key="one")
    problem_again = (second.status_code, second.headers["Content-Type"], second.json())
    assert problem_again == (409, "application/problem+json", first.json())
    assert second.headers["Idempotency-Replayed"] == "true"


def test_a_body_that_was_corrected_may_keep_its_key(api: Api, case: Case) -> None:
    """Bodies are checked before the key is taken."""
    where = f"cases/{case.pk}/details"
    problem(api.put(where, {**DETAILS, "country": "XX"}, key="one"), 422, "invalid")
    assert api.put(where, DETAILS, key="one").status_code == 200


def test_after_no_answer_the_same_request_may_try_again_and_another_may_not(
    api: Api, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it was done is unknown. Mutant seen red: giving the key up."""

    def away(*_arguments: Any) -> None:
        raise vault.VaultUnavailable("away")

    with monkeypatch.context() as broken:
        broken.setattr(vault, "store", away)
        problem(api.upload(case, PICTURE, key="one"), 503, "unavailable")
    problem(api.upload(case, people.picture(), key="one"), 422, "idempotency_key_reused")
    assert api.upload(case, PICTURE, key="one").status_code == 201


@pytest.mark.parametrize("bad", ["x" * 201, "with blank", "ñ", " "])
def test_an_unusable_key_is_refused(bad: str, api: Api, case: Case) -> None:
    code = "idempotency_key_invalid"
    problem(api.put(f"cases/{case.pk}/details", DETAILS, key=bad), 400, code)


def test_sign_ups_and_commands_of_staff_must_carry_a_key(
    as_integration: Callable[..., Api], as_person: As, rita: User, case: Case
) -> None:
    code = "idempotency_key_missing"
    problem(as_integration().post("sign-ups", {"email": "ana@example.org"}), 400, code)
    problem(as_person(rita).post(f"cases/{case.pk}/claim"), 400, code)


def test_neither_key_nor_body_is_kept_readably(api: Api, case: Case) -> None:
    """Mutant seen red: the key itself in the row."""
    api.put(f"cases/{case.pk}/details", DETAILS, key="ana@example.org")
    row = IdempotencyKey.objects.get()
    assert "ana" not in f"{row.key_digest}{row.request_digest}{row.body}"


def test_old_answers_and_tokens_are_swept(api: Api, case: Case) -> None:
    """Mutant seen red: sweeping what is to be kept."""
    api.put(f"cases/{case.pk}/details", DETAILS, key="one")
    assert idempotency.sweep() == 0
    IdempotencyKey.objects.update(kept_until=clock.now())
    ApiToken.objects.update(expiry=clock.now())
    assert idempotency.sweep() == 1
    assert not IdempotencyKey.objects.exists()
    assert not ApiToken.objects.exists()


def test_a_key_that_has_run_out_is_free_before_it_is_swept(api: Api, case: Case) -> None:
    where = f"cases/{case.pk}/details"
    api.put(where, DETAILS, key="one")
    IdempotencyKey.objects.update(kept_until=clock.now() - timedelta(seconds=1))
    answer = api.put(where, {**DETAILS, "given_name": "Eva"}, key="one")
    assert answer.status_code == 200
    assert "Idempotency-Replayed" not in answer.headers


def test_a_key_that_was_given_up_while_we_looked_is_in_flight(
    api: Api, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between our insert and our look the other request freed it: the caller asks again."""
    idempotency.begin(case.applicant_id, "key", "request")
    monkeypatch.setattr(IdempotencyKey.objects, "filter", lambda **_named: IdempotencyKey.objects.none())
    with pytest.raises(idempotency.InFlight):
        idempotency.begin(case.applicant_id, "key", "request")
