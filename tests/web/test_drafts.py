"""The details are kept as they are typed:

per field, for whoever comes back, and untold until they are whole.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from onboarding.models.cases import Profile
from onboarding.models.drafts import DetailsDraft
from onboarding.models.outbox import OutboxMessage
from tests.domain.test_mrz import TD3, changed
from tests.web.people import DETAILS, PASSWORD, Applicant, key, words

pytestmark = pytest.mark.database
PAST = date.today() - timedelta(days=40)  # noqa: DTZ011  the clock of the machine, as the page has it
ANNA = {
    "given_name": "Anna Maria",
    "family_name": "Eriksson",
    "birth_date": "1974-08-12",
    "country": "SE",
    "document_type": "passport",
}


def draft(ana: Applicant, **fields: str) -> Any:
    return ana.client.post("/case/details/draft/", fields)


def facts() -> int:
    return OutboxMessage.objects.filter(name="profile_completed").count()


def page_of(ana: Applicant) -> str:
    return str(ana.get("case_details").content.decode())


def test_what_was_typed_is_there_on_another_device(ana: Applicant) -> None:
    """Mutants: keep it in the session; tell the workflow."""
    answer = draft(ana, family_name="  Gar", birth_date_day="11", birth_date_month="", birth_date_year="19")
    assert answer.status_code == 200
    assert answer.json()["shown"] == {"family_name": "  Gar", "birth_date": "11//19"}
    phone = Client()
    phone.post("/account/sign-in/", {"login": ana.email, "password": PASSWORD})
    page = phone.get("/case/details/").content.decode()
    for value in ('value="  Gar"', 'value="11"', 'value="19"'):
        assert value in page
    assert (facts(), Profile.objects.count()) == (0, 0)


def test_each_change_replaces_only_its_field(ana: Applicant) -> None:
    """Mutants: one row for the whole form; a second row for the same field."""
    draft(ana, family_name="García", given_name="Ana")
    draft(ana, family_name="Pérez")
    assert dict(DetailsDraft.objects.values_list("field", "value")) == {
        "family_name": "Pérez",
        "given_name": "Ana",
    }


def test_complaints_are_about_what_was_sent_and_not_about_what_is_still_empty(ana: Applicant) -> None:
    """Mutant: every complaint of the form."""
    answer = draft(ana, birth_date_day="30", birth_date_month="2", birth_date_year="1990").json()
    assert answer["errors"] == {"birth_date": ["There is no such day. Check day and month."]}
    assert draft(ana, given_name="").json()["errors"] == {"given_name": []}


def test_saving_takes_the_drafts_along_and_forgets_them(ana: Applicant) -> None:
    """Mutant: keep them, and show old words over the saved ones for ever."""
    draft(ana, family_name="Garcia")
    ana.give_details(family_name="García")
    assert not DetailsDraft.objects.exists()
    assert 'value="García"' in page_of(ana)


def test_what_cannot_be_saved_yet_is_kept_without_javascript_too(ana: Applicant) -> None:
    """Mutant: keep nothing of a form with a mistake."""
    assert ana.give_details(family_name="García", country="").status_code == 422
    assert 'value="García"' in page_of(ana)
    assert facts() == 0


@pytest.mark.parametrize("value", ["x" * 301, "nul\0"])
def test_what_no_field_could_take_is_not_kept(ana: Applicant, value: str) -> None:
    """Postgres has no NUL, and nobody needs a book. Mutant: keep whatever comes."""
    answer = draft(ana, given_name=value, family_name="Ana")
    assert answer.status_code == 422
    assert (answer.json()["shown"], answer.json()["errors"]["given_name"] != []) == (
        {"family_name": "Ana"},
        True,
    )
    assert list(DetailsDraft.objects.values_list("field", flat=True)) == ["family_name"]


def test_unknown_fields_are_ignored(ana: Applicant) -> None:
    """Mutant: a row for every name in the request."""
    assert draft(ana, case="1", is_staff="on", status="approved").json()["shown"] == {}
    assert not DetailsDraft.objects.exists()


def test_drafts_of_others_stay_as_they_are(ana: Applicant, outsider: Applicant) -> None:
    """Mutant: drafts without their case."""
    draft(outsider, given_name="Otto")
    draft(ana, given_name="Ana", case=str(outsider.case.pk))
    assert 'value="Otto"' in page_of(outsider)
    assert "Otto" not in page_of(ana)


def test_drafts_end_when_everything_is_submitted(ana: Applicant) -> None:
    """Mutant: keep them anyway."""
    ana.hand_in()
    answer = draft(ana, given_name="Eve")
    assert answer.status_code == 409
    assert "not at this step any more" in answer.json()["problem"]
    assert not DetailsDraft.objects.exists()


def test_strangers_and_readers_get_nothing(ana: Applicant) -> None:
    """Mutants: no sign-in; GET as well."""
    assert Client().post("/case/details/draft/", {"given_name": "Eve"}).status_code == 302
    assert ana.client.get("/case/details/draft/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = ana.client.cookies
    assert strict.post("/case/details/draft/", {"given_name": "Eve"}).status_code == 403


def test_two_windows_keep_both_their_changes(ana: Applicant) -> None:
    """Mutant: the whole form of the last window wins."""
    shown = {f"shown_{name}": value for name, value in {**DETAILS, "birth_date": "11/2/1990"}.items()}
    ana.give_details()
    first = {**DETAILS, "birth_date": "11/2/1990", "given_name": "Anna"}
    second = {**DETAILS, "birth_date": "11/2/1990", "family_name": "Pérez"}
    for form in (first, second):
        ana.client.post("/case/details/", {"key": key(), **shown, **form})
    profile = Profile.objects.get()
    assert (profile.given_name, profile.family_name) == ("Anna", "Pérez")


def test_what_one_window_overrules_is_said_once_more(ana: Applicant) -> None:
    """Mutant: overrule silently."""
    draft(ana, given_name="Anna")
    answer = ana.client.post(
        "/case/details/", {"key": key(), **DETAILS, "given_name": "Anne", "shown_given_name": ""}, follow=True
    )
    assert Profile.objects.get().given_name == "Anne"
    assert "In another window you had written “Anna” for “Given names”" in words(answer)


# --- what is only told
# -----------------------------------------------------------------------------------------


def test_a_slip_in_the_lines_is_told_at_the_field_and_does_not_block(ana: Applicant) -> None:
    """Mutants: refuse it; say nothing; ask again for ever."""
    slip = changed(TD3, 2, 14, "O")
    page = ana.give_details(**ANNA, mrz=slip)
    assert page.status_code == 200
    text = words(page)
    assert "Line 2, place 14: “O” is a letter, and a digit belongs there. Type the digit 0" in text
    assert "Save and go on as it is" in text
    assert facts() == 0
    seen = page.context["advice_key"]
    assert "74" not in seen, "it names the place, not what was typed"
    assert ana.give_details(**ANNA, mrz=slip, advice_key=seen).status_code == 302
    assert Profile.objects.get().mrz == slip


def test_other_advice_than_was_shown_is_shown_first(ana: Applicant) -> None:
    """Mutant: any key will do."""
    seen = ana.give_details(**ANNA, mrz=changed(TD3, 2, 14, "O")).context["advice_key"]
    assert ana.give_details(**ANNA, mrz=changed(TD3, 2, 22, "O"), advice_key=seen).status_code == 200
    assert facts() == 0


def test_an_expired_document_is_told_in_a_plain_sentence(ana: Applicant) -> None:
    """Mutant: refuse it."""
    page = ana.give_details(expiry_date=PAST.isoformat())
    assert page.status_code == 200
    assert "This document expired on" in words(page)
    assert "please use another one." in words(page)
    answer = draft(ana, expiry_date=PAST.isoformat()).json()
    assert answer["advice"]["expiry_date"][0].startswith("This document expired on")
    key_shown = answer["advice_key"]
    assert ana.give_details(expiry_date=PAST.isoformat(), advice_key=key_shown).status_code == 302


def test_lines_are_kept_in_form_however_they_were_typed(ana: Applicant) -> None:
    """Mutant: keep them as typed."""
    future = TD3.replace("\n", "\r\n").lower().replace("<<<<<<<<<<<<<<<<<<<", "<")
    page = ana.give_details(**ANNA, mrz=future)
    ana.give_details(**ANNA, mrz=future, advice_key=page.context["advice_key"])
    assert Profile.objects.get().mrz == TD3


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("mrz", "<" * 201, "too long for the lines"),
        ("document_number", "x" * 31, "at most 30"),
        ("document_number", "AB<script>", "letters and digits only"),
        ("document_number", "---", "letters and digits only"),
        ("expiry_date", "1989-01-01", "before the date of birth"),
        ("expiry_date", "1066-10-14", "too long ago"),
        ("expiry_date", "31/2/2030", "no such day"),
    ],
)
def test_optional_fields_are_still_sensible(ana: Applicant, field: str, value: str, complaint: str) -> None:
    """Mutant for each: take it."""
    page = ana.give_details(**{field: value})
    assert page.status_code == 422
    assert complaint in words(page)
    assert not Profile.objects.exists()


def test_documents_that_will_be_owed_are_shown_before_anything_is_saved(ana: Applicant) -> None:
    """Mutant: show them after saving."""
    text = words(ana.get("case_details"))
    assert "With a passport we will ask you for: the photo page of your passport" in text
    assert "With an ID card we will ask you for: the front of your ID card the back of your ID card" in text


def test_nobody_is_asked_twice(ana: Applicant) -> None:
    """What is known is in the form, optional fields as well. Mutant: the required fields only."""
    ana.give_details(document_number="x 12-3", expiry_date="2099-03-01")
    page = page_of(ana)
    for value in ('value="X 12-3"', 'value="2099"', 'value="García"', 'value="passport"'):
        assert value in page
