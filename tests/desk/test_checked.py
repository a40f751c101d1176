"""What machines found, beside what people declared: lights with their why, for who may see it."""

from __future__ import annotations

import pytest

from onboarding.domain.findings import Check, Finding, Light
from onboarding.domain.status import Slot
from onboarding.models.cases import Case, Profile
from onboarding.models.people import User
from onboarding.records import findings
from tests.desk.cases import address, make_row
from tests.desk.conftest import Desk

pytestmark = pytest.mark.database

LINES = "P<ESPGARCIA<<ANA<<<<<<<<<<<<<<<<<<<<<<<<<<<<\nXX12345672ESP9002109F3001010<<<<<<<<<<<<<<00"
"""Invented. The date of birth in it is one day off the declared one."""


@pytest.fixture
def row(db: None) -> Case:
    row = make_row()
    Profile.objects.filter(case=row).update(mrz=LINES)
    findings.save(
        row,
        1,
        [
            Finding(Check.SHARPNESS, Light.GOOD, Slot.PASSPORT),
            Finding(Check.GLARE, Light.WARN, Slot.PASSPORT, "glare"),
            Finding(Check.MRZ_NAME, Light.GOOD),
            Finding(Check.MRZ_BIRTH_DATE, Light.BAD, code="mrz_birth_date"),
        ],
        (),
    )
    return row


def test_lights_stand_with_their_why_and_what_wants_a_look_comes_first(
    rita: User, desk: Desk, row: Case
) -> None:
    """Mutants seen red: the order in which they were found; without the sentence."""
    page = desk(rita).get(address(row)).content.decode()
    whys = (
        "The date of birth in the lines is another one.",
        "light may hide a part of it",
        "as sharp as print",
    )
    places = [page.find(why) for why in whys]
    assert min(places) > 0
    assert places == sorted(places)


def test_declared_data_stand_beside_what_was_read(rita: User, desk: Desk, row: Case) -> None:
    """Mutant seen red: without the light of the check."""
    page = desk(rita).get(address(row)).content.decode()
    line = page.partition("Born")[2].partition("</tr>")[0]
    assert "1990-02-11" in line
    assert "900210" in line
    assert "not good" in line
    assert "GARCIA&lt;&lt;ANA" in page


def test_who_does_not_look_at_documents_reads_nothing_of_them(sue: User, desk: Desk, row: Case) -> None:
    """Mutant seen red: the lines shown to everybody."""
    page = desk(sue).get(address(row)).content.decode()
    assert "GARCIA" not in page
    assert "900210" not in page
    assert "García" not in page


def test_a_case_whose_checks_did_not_run_says_so(rita: User, desk: Desk, db: None) -> None:
    """Mutant seen red: a case without findings counts as fine."""
    state = make_row()
    Case.objects.filter(pk=state.pk).update(state={**state.state, "checked": False})
    page = desk(rita).get(address(state)).content.decode()
    assert "not run" in page


def test_the_ribbon_shows_past_and_future(rita: User, desk: Desk, row: Case) -> None:
    page = desk(rita).get(address(row)).content.decode()
    drawn = page.partition('<div class="ribbon">')[2].partition("</svg>")[0]
    assert 'class="past"' in drawn
    assert "Signed up" in drawn
    assert "overdue" in drawn
