"""The details: names as they are in the world, plausible dates, and plain words for everything else."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from onboarding.models.cases import Profile
from onboarding.models.outbox import OutboxMessage
from tests.web.people import DETAILS, Applicant, key, words

pytestmark = pytest.mark.database


def complaints(page: Any, name: str) -> str:
    found = re.search(rf'id="id_{name}_error"[^>]*>(.*?)</ul>', page.content.decode(), re.DOTALL)
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Ana María", "García-López"),
        ("", "Suharto"),
        ("Björk", ""),
        ("Владимир", "Иванов"),
        ("明", "王"),
        ("محمد", "عبد الله"),
        ("नी\u200dता", "शर्मा"),
        ("Seán", "O'Brien"),
        ("Nguyễn Thị", "x" * 120),
        ("Elon", "X Æ A-12"),
    ],
)
def test_names_of_the_world_are_taken(ana: Applicant, given: str, family: str) -> None:
    assert ana.give_details(given_name=given, family_name=family).status_code == 302
    profile = Profile.objects.get()
    assert (profile.given_name, profile.family_name) == (given, family)


def test_doubled_blanks_and_two_spellings_of_a_letter_become_one(ana: Applicant) -> None:
    ana.give_details(given_name="  Jose\u0301   Luis ", family_name="Pérez")
    assert Profile.objects.get().given_name == "José Luis"


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("given_name", "123", "at least one letter"),
        ("given_name", "!!!", "at least one letter"),
        ("given_name", "a\x07b", "part of a name"),
        ("given_name", "a\x00b", "Null characters"),
        ("family_name", "evil\u202ename", "part of a name"),
        ("family_name", "x" * 121, "at most 120"),
        ("family_name", "x" * 100_000, "at most 120"),
        ("birth_date", "", "Give your date of birth"),
        ("birth_date", "11/2/90", "four digits"),
        ("birth_date", "11//1990", "day, month and year"),
        ("birth_date", "yesterday", "day, month and year"),
        ("birth_date", "1/x/1990", "in numbers"),
        ("birth_date", "1990-02-30", "no such day"),
        ("birth_date", "30/2/1990", "no such day"),
        ("birth_date", "99999-01-01", "day, month and year"),
        ("birth_date", "0001-01-01", "too long ago"),
        ("birth_date", "1850-01-01", "too long ago"),
        ("birth_date", (date.today() + timedelta(days=3)).isoformat(), "in the future"),  # noqa: DTZ011
        ("country", "", "Choose the country"),
        ("country", "XX", "from the list"),
        ("country", "<script>", "from the list"),
        ("document_type", "", "Choose the document"),
        ("document_type", "library_card", "from the list"),
    ],
)
def test_unfit_values_are_refused_at_their_field(
    ana: Applicant, field: str, value: str, complaint: str
) -> None:
    page = ana.give_details(**{field: value})
    assert page.status_code == 422
    assert complaint in complaints(page, field)
    assert not Profile.objects.exists()
    assert not OutboxMessage.objects.filter(name="profile_completed").exists()


def test_one_name_is_needed(ana: Applicant) -> None:
    page = ana.give_details(given_name=" ", family_name="")
    assert "at least one name" in complaints(page, "family_name")


def test_what_was_typed_is_kept_and_harmless_when_something_is_wrong(ana: Applicant) -> None:
    page = ana.give_details(family_name='"><script>alert(1)</script>', country="XX").content.decode()
    assert "<script>alert" not in page
    assert "&quot;&gt;&lt;script&gt;" in page


def test_form_sent_twice_is_one_message(ana: Applicant) -> None:
    data = {**DETAILS, "key": key()}
    for _ in range(2):
        assert ana.client.post("/case/details/", data).status_code == 302
    assert OutboxMessage.objects.filter(name="profile_completed").count() == 1


def test_form_corrected_after_going_back_counts(ana: Applicant) -> None:
    """Mutant: `message_key` that ignores the content drops the correction silently."""
    data = {**DETAILS, "key": key()}
    ana.client.post("/case/details/", data)
    ana.client.post("/case/details/", {**data, "document_type": "id_card", "given_name": "Anna"})
    assert Profile.objects.get().given_name == "Anna"
    assert "the front of your ID card" in words(ana.get("case"))


def test_details_are_filled_in_when_they_are_corrected(ana: Applicant) -> None:
    ana.give_details()
    page = ana.get("case_details").content.decode()
    for value in ('value="Ana"', 'value="1990"', 'value="ES" selected'):
        assert value in page


def test_details_are_locked_once_everything_is_submitted(ana: Applicant) -> None:
    ana.hand_in()
    assert ana.get("case_details").headers["Location"] == "/case/"
    page = ana.give_details(given_name="Eve")
    assert page.status_code == 409
    assert "not at this step any more" in words(page)
    assert Profile.objects.get().given_name == "Ana"


def test_details_of_others_stay_as_they_are(ana: Applicant, outsider: Applicant) -> None:
    outsider.give_details(given_name="Otto")
    ana.give_details(case=str(outsider.case.pk), pk=str(outsider.case.pk))
    assert Profile.objects.get(case=outsider.case).given_name == "Otto"


def test_form_without_its_key_is_refused(ana: Applicant) -> None:
    page = ana.client.post("/case/details/", DETAILS)
    assert page.status_code == 422
    assert "Reload the page and send it again" in words(page)
