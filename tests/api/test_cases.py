"""Reading cases: whose they are, what each reader sees of them, pages and search."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.usecases import applicant
from tests import people
from tests.api.calls import Api, confirm, problem
from tests.desk.cases import claimed, make_row, paused, returned

pytestmark = pytest.mark.database

As = Callable[[User], Api]


def test_an_applicant_reads_their_own_case(case: Case, as_person: As) -> None:
    confirm(case)
    answer = as_person(case.applicant).get(f"cases/{case.pk}")
    body = answer.json()
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert (body["id"], body["reference"], body["status"]) == (str(case.pk), case.reference, "collecting")
    assert body["sentence"].startswith("It's your turn: tell us your details by ")
    assert body["allowed_actions"] == ["complete_profile", "withdraw"]
    assert [(each["kind"], each["owed"]) for each in body["requirements"]] == [
        ("email", False),
        ("details", True),
    ]
    assert [event["kind"] for event in body["history"]] == ["signed_up", "email_confirmed"]
    assert [each["at"] for each in body["next"] if each["kind"] == "expiry"] == [body["closes_at"]]


def test_requirements_follow_from_the_details_and_from_what_is_there(case: Case, as_person: As) -> None:
    """Mutant seen red: `owed` from what is open instead of what is missing."""
    confirm(case)
    people.give_details(case)
    read = lambda: as_person(case.applicant).get(f"cases/{case.pk}").json()  # noqa: E731
    picture = read()["requirements"][-1]
    assert (picture["slot"], picture["owed"], picture["open"]) == ("passport", True, True)
    applicant.upload(case, people.Slot.PASSPORT, people.picture(), key="one")
    body = read()
    picture = body["requirements"][-1]
    assert (picture["state"], picture["owed"], picture["open"]) == ("uploaded", False, True)
    assert "submit" in body["allowed_actions"]


def test_a_returned_picture_says_why(as_person: As, rita: User, sue: User) -> None:
    row = make_row()
    returned(row, rita)
    body = as_person(sue).get(f"cases/{row.pk}").json()
    assert body["submission"] == 2
    assert body["requirements"][-1]["reasons"] == []
    assert "resubmission_requested" in [event["kind"] for event in body["history"]]


def test_another_persons_case_is_the_same_404_as_a_missing_one(
    case: Case, other_case: Case, as_person: As
) -> None:
    """Mutant seen red: `Caller.cases` that gives an applicant all rows."""
    api = as_person(case.applicant)
    others, missing = (api.get(f"cases/{pk}") for pk in (other_case.pk, uuid.uuid4()))
    assert problem(others, 404, "not_found") == problem(missing, 404, "not_found")


def test_applicants_and_integrations_read_rows_while_temporal_is_away(case: Case, as_person: As) -> None:
    confirm(case)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        body = as_person(case.applicant).get(f"cases/{case.pk}").json()
    assert body["live"] is False
    assert len(queries) < 20


def test_staff_see_masked_data_and_the_whole_history(as_person: As, sue: User, rita: User) -> None:
    """Mutants seen red: the real name; the applicant's history for staff."""
    row = claimed(make_row("Ana García"), rita)
    body = as_person(sue).get(f"cases/{row.pk}").json()
    assert body["applicant"]["name"] == "A··· G···"
    assert body["applicant"]["email"].startswith("a···@")
    assert "García" not in json.dumps(body, ensure_ascii=False)
    assert body["history"][0]["by"] == "applicant"
    assert "claimed" in [event["kind"] for event in body["history"]]
    assert set(body["allowed_actions"]) == {"pause", "resend_notice"}


def test_applicants_hear_nothing_of_what_staff_do_among_themselves(as_person: As, sue: User) -> None:
    """Mutant seen red: `reason` shown to everybody."""
    row = make_row()
    paused(row, sue)
    confirm(row)
    body = as_person(row.applicant).get(f"cases/{row.pk}").json()
    assert body["paused"] is True
    assert body["applicant"] is None
    assert {event["reason"] for event in body["history"]} == {None}
    assert {event["by"] for event in body["history"]} == {None}
    assert "on holiday" not in json.dumps(body)


def test_staff_with_an_application_act_on_it_as_its_applicant_only(as_person: As, rita: User) -> None:
    """Mutant seen red: the actions of the role offered for one's own case."""
    row = make_row(user=rita)
    body = as_person(rita).get(f"cases/{row.pk}").json()
    assert body["applicant"] is None
    assert body["allowed_actions"] == ["withdraw"]


def test_an_applicant_lists_one_case_and_staff_all(as_person: As, sue: User) -> None:
    rows = [make_row() for _ in range(3)]
    mine = as_person(rows[0].applicant).get("cases").json()
    assert [each["id"] for each in mine["items"]] == [str(rows[0].pk)]
    assert mine["items"][0]["applicant"] is None
    assert mine["items"][0]["claimed"] is None
    all_of_them = as_person(sue).get("cases").json()
    assert {each["id"] for each in all_of_them["items"]} == {str(row.pk) for row in rows}
    assert all_of_them["items"][0]["applicant"]["name"] == "A··· G···"


def test_pages_by_key_show_each_case_once_although_new_ones_come(as_person: As, sue: User) -> None:
    """Mutants seen red: `>=` instead of `>` in the key; the key without the id."""
    moment = make_row().born_at
    for _ in range(4):
        make_row()
    Case.objects.update(born_at=moment)  # so that the id decides
    api, seen, after = as_person(sue), [], ""
    while True:
        page = api.get(f"cases?limit=2{after}").json()
        seen += [each["id"] for each in page["items"]]
        make_row()
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert len(seen) == len(set(seen)) == 5


def test_a_list_can_be_cut_to_one_status(as_person: As, sue: User) -> None:
    make_row()
    waiting = make_row(place="collecting")
    items = as_person(sue).get("cases?status=collecting").json()["items"]
    assert [each["id"] for each in items] == [str(waiting.pk)]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=many", "limit"),
        ("status=lost", "status"),
        ("after=nonsense", "after"),
        ("after=%00", "after"),
        ("after=MTIzNA", "after"),
        ("after=OTk5OTktMDEtMDEgYQ", "after"),
        ("offset=5", "offset"),
    ],
)
def test_a_bad_query_is_refused_at_its_field(query: str, field: str, as_person: As, sue: User) -> None:
    body = problem(as_person(sue).get(f"cases?{query}"), 422, "invalid")
    assert [error["field"] for error in body["errors"]] == [field]


@pytest.mark.parametrize(
    "term",
    [
        "{reference}",
        "{bare}",
        "ana",
        "GARC ana",
        "Garc",
        "{email}",
        "{EMAIL}",
        "{half}",
        "ana garc",
        "garcia people",
        "garcia",
    ],
)
def test_search_finds_by_reference_name_and_address(term: str, as_person: As, sue: User) -> None:
    """Mutants seen red: rows instead of hits, in `page_found`; a search that takes one word only."""
    row = make_row("Ana García")
    make_row("Anabel Ruiz")
    email = row.applicant.email
    written = term.format(
        reference=row.reference,
        bare=row.reference.replace("-", "").lower(),
        email=email,
        EMAIL=email.upper(),
        half=row.reference[:6],
    )
    items = as_person(sue).post("cases/search", {"term": written}).json()["items"]
    assert str(row.pk) in [each["id"] for each in items]
    if term != "ana":
        assert len(items) == 1


@pytest.mark.parametrize("term", ["%%", "__", "no such", "''; --"])
def test_search_takes_every_sign_for_itself(term: str, as_person: As, sue: User) -> None:
    make_row()
    assert as_person(sue).post("cases/search", {"term": term}).json() == {
        "items": [],
        "next": None,
        "unfinished": False,
    }


@pytest.mark.parametrize("term", ["", "a", " " * 9, "x" * 201, "nul\x00nul"])
def test_a_term_that_cannot_be_searched_for_is_refused(term: str, as_person: As, sue: User) -> None:
    body = problem(as_person(sue).post("cases/search", {"term": term}), 422, "invalid")
    assert [error["field"] for error in body["errors"]] == ["term"]


def test_pages_of_a_search_show_each_case_once(as_person: As, sue: User) -> None:
    """Mutant seen red: `after` that is not handed on."""
    rows = [make_row("Quim Querol") for _ in range(5)]
    api, seen, wanted = as_person(sue), [], {"term": "quim", "limit": 2}
    for _ in range(3):
        page = api.post("cases/search", wanted).json()
        seen += [each["id"] for each in page["items"]]
        wanted["after"] = page["next"]
    assert page["next"] is None
    assert sorted(seen) == sorted(str(row.pk) for row in rows)


@pytest.mark.parametrize(
    "after", ["nonsense", "", "\0", "MTIzNA", "LTE", "w6k", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA", "2LM"]
)
def test_a_search_goes_on_only_where_a_page_of_it_ended(after: str, as_person: As, sue: User) -> None:
    """Mutant seen red: a place that is gone begins anew, and shows cases twice."""
    make_row()
    body = problem(as_person(sue).post("cases/search", {"term": "ana", "after": after}), 422, "invalid")
    assert [error["field"] for error in body["errors"]] == ["after"]


def test_what_is_searched_for_stands_in_no_address(as_person: As, sue: User) -> None:
    problem(as_person(sue).get("cases/search?term=ana"), 405, "method_not_allowed")


def test_an_integration_sees_the_case_once_the_applicant_has_confirmed(
    as_integration: Callable[..., Api], case: Case
) -> None:
    api = as_integration()
    made = api.post("sign-ups", {"email": "new@example.org"}, key="one").json()
    row = Case.objects.get(applicant__email="new@example.org")
    problem(api.get(f"cases/{row.pk}"), 404, "not_found")
    EmailAddress.objects.update(verified=True)
    assert api.get(f"sign-ups/{made['id']}").json()["case"] == str(row.pk)
    assert api.get(f"cases/{row.pk}").json()["reference"] == row.reference
    assert [each["id"] for each in api.get("cases").json()["items"]] == [str(row.pk)]
    problem(api.get(f"cases/{case.pk}"), 404, "not_found")
