"""What an applicant does by API, or an integration for them, with all refusals as codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from onboarding.documents import sandbox, vault
from onboarding.models.cases import Case, Profile
from onboarding.models.documents import Document
from onboarding.models.outbox import OutboxMessage
from onboarding.models.people import User
from onboarding.usecases import applicant
from tests import people, pictures
from tests.api.calls import DETAILS, Api, confirm, problem
from tests.desk.cases import make_row

pytestmark = pytest.mark.database

As = Callable[[User], Api]
PICTURE = pictures.jpeg()


@pytest.fixture
def api(case: Case, as_person: As) -> Api:
    confirm(case)
    return as_person(case.applicant)


def test_the_whole_way_to_the_review(api: Api, case: Case) -> None:
    assert api.put(f"cases/{case.pk}/details", DETAILS).json()["document_type"] == "passport"
    uploaded = api.upload(case, pictures.jpeg())
    assert uploaded.status_code == 201
    row = Document.objects.get()
    assert uploaded.json() == {
        "id": str(row.pk),
        "slot": "passport",
        "pages": 1,
        "sha256": row.sha256,
        "uploaded_at": uploaded.json()["uploaded_at"],
    }
    body = api.post(f"cases/{case.pk}/submit").json()
    assert (body["status"], body["submission"]) == ("checking", 1)
    assert body["sentence"] == "We are checking your pictures. You don't need to do anything."
    names = OutboxMessage.objects.order_by("sequence").values_list("name", flat=True)
    assert list(names) == ["start", "email_verified", "profile_completed", "id_uploaded", "submitted"]


def test_an_integration_goes_the_whole_way_for_the_applicant(as_integration: Callable[..., Api]) -> None:
    api = as_integration()
    api.post("sign-ups", {"email": "ana@example.org"}, key="one")
    case = Case.objects.get()
    confirm(case)
    assert api.put(f"cases/{case.pk}/details", DETAILS, key="two").status_code == 200
    assert api.get(f"cases/{case.pk}/details").json() == DETAILS
    assert api.upload(case, pictures.jpeg(), key="three").status_code == 201
    assert api.post(f"cases/{case.pk}/submit", key="four").json()["status"] == "checking"
    assert api.post(f"cases/{case.pk}/withdraw", key="five").json()["status"] == "withdrawn"


def test_details_are_read_back_by_who_acts_for_the_applicant_only(
    api: Api, case: Case, as_person: As, sue: User
) -> None:
    problem(api.get(f"cases/{case.pk}/details"), 404, "not_found")
    api.put(f"cases/{case.pk}/details", DETAILS)
    assert api.get(f"cases/{case.pk}/details").json() == DETAILS
    problem(as_person(sue).get(f"cases/{case.pk}/details"), 403, "not_allowed")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"given_name": "", "family_name": " "}, "family_name"),
        ({"given_name": "x" * 121}, "given_name"),
        ({"given_name": "a\u202eb"}, "given_name"),
        ({"given_name": "a\x07b"}, "given_name"),
        ({"given_name": "nul\x00"}, "given_name"),
        ({"given_name": "\ud800"}, "given_name"),
        ({"given_name": "12"}, "given_name"),
        ({"given_name": {"first": "Ana"}}, "given_name"),
        ({"birth_date": "11.02.1990"}, "birth_date"),
        ({"birth_date": "2990-02-11"}, "birth_date"),
        ({"birth_date": "1790-02-11"}, "birth_date"),
        ({"birth_date": None}, "birth_date"),
        ({"country": "XX"}, "country"),
        ({"country": "Spain"}, "country"),
        ({"document_type": "library_card"}, "document_type"),
        ({"status": "approved"}, "status"),
        ({"case_id": "1"}, "case_id"),
        ({"\ud800": 1}, "\ud800"),
    ],
)
def test_bad_details_are_refused_at_their_field(change: Any, field: str, api: Api, case: Case) -> None:
    """Mass assignment too. Mutant seen red: `Body` that lets unknown fields pass."""
    errors = problem(api.put(f"cases/{case.pk}/details", {**DETAILS, **change}), 422, "invalid")["errors"]
    assert {error["field"] for error in errors} == {field}
    assert not Profile.objects.exists()


@pytest.mark.parametrize(
    "names", [{"given_name": "مريم"}, {"family_name": "Nguyễn"}, {"given_name": "=cmd()"}]
)
def test_one_name_in_any_script_is_enough(names: dict[str, str], api: Api, case: Case) -> None:
    body = {name: value for name, value in DETAILS.items() if not name.endswith("_name")} | names
    assert api.put(f"cases/{case.pk}/details", body).status_code == 200
    assert {name: getattr(Profile.objects.get(), name) for name in names} == names


def ready_for_pictures(api: Api, case: Case) -> None:
    assert api.put(f"cases/{case.pk}/details", DETAILS).status_code == 200


@pytest.mark.parametrize(
    ("data", "name", "status", "code"),
    [
        (b"", "photo.jpg", 422, "empty"),
        (b"hello", "photo.jpg", 422, "misnamed"),
        (b"hello", "notes.txt", 422, "wrong_type"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            "a.svg",
            422,
            "wrong_type",
        ),
        (b"<!doctype html><script>alert(1)</script>", "a.html", 422, "wrong_type"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "a.heic", 422, "heic"),
        (b"PK\x03\x04" + b"\x00" * 60, "a.jpg", 422, "misnamed"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 60, "a.jpg", 422, "unreadable"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_code(
    data: bytes, name: str, status: int, code: str, api: Api, case: Case
) -> None:
    """Nothing is stored. Mutant seen red: every refusal called `invalid`."""
    ready_for_pictures(api, case)
    body = problem(api.upload(case, data, name=name), status, code)
    assert body["detail"].endswith(".")
    assert not Document.objects.exists()


def test_a_file_that_is_too_large_is_refused(api: Api, case: Case, settings: Any) -> None:
    ready_for_pictures(api, case)
    settings.UPLOAD_MAX_BYTES = 1024
    problem(api.upload(case, pictures.jpeg()), 413, "too_large")


@pytest.mark.parametrize(
    ("broken", "code"), [(sandbox.DecoderBusy(), "busy"), (vault.VaultUnavailable("away"), "unavailable")]
)
def test_a_service_that_is_away_says_when_to_try_again(
    broken: Exception, code: str, api: Api, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: Any, **_limits: Any) -> None:
        raise broken

    ready_for_pictures(api, case)
    monkeypatch.setattr(*((sandbox, "run") if code == "busy" else (vault, "store")), fail)
    answer = api.upload(case, PICTURE, key="one")
    problem(answer, 503, code)
    assert int(answer.headers["Retry-After"]) > 0
    monkeypatch.undo()
    assert api.upload(case, PICTURE, key="one").status_code == 201


@pytest.mark.parametrize("slot", ["library_card", "", "../passport", "passport\x00"])
def test_a_slot_that_does_not_exist_is_refused(slot: str, api: Api, case: Case) -> None:
    ready_for_pictures(api, case)
    errors = problem(api.upload(case, pictures.jpeg(), slot=slot), 422, "invalid")["errors"]
    assert {error["field"] for error in errors} == {"slot"}


def test_a_picture_that_is_not_asked_for_is_refused_by_the_rules(api: Api, case: Case) -> None:
    ready_for_pictures(api, case)
    problem(api.upload(case, pictures.jpeg(), slot="id_back"), 409, "slot_not_open")


def test_a_form_with_more_than_slot_and_file_is_refused(api: Api, case: Case) -> None:
    ready_for_pictures(api, case)
    answer = api.upload(case, pictures.jpeg(), uploaded_at="2020-01-01")
    assert problem(answer, 422, "invalid")["errors"][0]["field"] == "uploaded_at"
    assert not Document.objects.exists()


def test_a_form_without_a_file_is_refused(api: Api, case: Case) -> None:
    where = f"/api/v1/cases/{case.pk}/documents"
    answer = api.client.post(where, {"slot": "passport"}, headers=api._headers)
    assert problem(answer, 422, "invalid")["errors"][0]["field"] == "file"


def test_submitting_what_is_not_complete_is_refused(api: Api, case: Case) -> None:
    problem(api.post(f"cases/{case.pk}/submit"), 409, "out_of_turn")
    ready_for_pictures(api, case)
    problem(api.post(f"cases/{case.pk}/submit"), 409, "still_owed")


def test_submitting_twice_is_refused_without_a_key_and_answered_with_one(api: Api, case: Case) -> None:
    people.give_details(case)
    applicant.upload(case, people.Slot.PASSPORT, people.picture(), key="one")
    answers = [api.post(f"cases/{case.pk}/submit", key="once") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    problem(api.post(f"cases/{case.pk}/submit"), 409, "out_of_turn")


def test_withdrawing_needs_no_reason_of_the_applicant_and_takes_none(api: Api, case: Case) -> None:
    body = problem(api.post(f"cases/{case.pk}/withdraw", {"reason": "tired"}), 422, "invalid")
    assert body["errors"][0]["field"] == "reason"
    assert api.post(f"cases/{case.pk}/withdraw").json()["status"] == "withdrawn"
    problem(api.post(f"cases/{case.pk}/withdraw"), 409, "finished")


def test_an_operator_withdraws_with_a_reason(as_person: As, otto: User) -> None:
    row = make_row()
    api = as_person(otto)
    for reason in ({}, {"reason": "  "}):
        answer = api.post(f"cases/{row.pk}/withdraw", reason)
        assert problem(answer, 422, "invalid")["errors"][0]["field"] == "reason"
    assert api.post(f"cases/{row.pk}/withdraw", {"reason": "asked by telephone"}).status_code == 200
    payload = OutboxMessage.objects.get(name="withdrawn").payload
    assert (payload["reason"], payload["by"]["role"]) == ("asked by telephone", "operator")


def test_staff_hand_in_nothing_for_others(as_person: As, sam: User) -> None:
    """Mutant seen red: `own_case` that returns whatever may be looked at."""
    row = make_row(place="collecting")
    api = as_person(sam)
    problem(api.post(f"cases/{row.pk}/submit"), 403, "not_allowed")
    problem(api.put(f"cases/{row.pk}/details", DETAILS), 403, "not_allowed")
    problem(api.upload(row, pictures.jpeg()), 403, "not_allowed")
    assert not Document.objects.exists()


def test_reopening_needs_the_workflow_and_says_so(api: Api, case: Case) -> None:
    api.post(f"cases/{case.pk}/withdraw")
    answer = api.post(f"cases/{case.pk}/reopen", key="one")
    problem(answer, 503, "unavailable")
    assert answer.headers["Retry-After"] == "5"


def test_no_answer_to_a_change_holds_personal_data(api: Api, case: Case) -> None:
    """Answers are kept for repetitions. Mutant seen red: the details in the answer to `PUT`."""
    said = json.dumps(api.put(f"cases/{case.pk}/details", DETAILS).json(), ensure_ascii=False)
    assert [each for each in ("Ana", "García", "1990", case.applicant.email) if each in said] == []
