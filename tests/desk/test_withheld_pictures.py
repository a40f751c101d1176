"""What the virus scanner has not passed is withheld from reviewers, with a sentence."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from onboarding.models.cases import Case
from onboarding.models.documents import Document, Scan
from onboarding.models.people import User
from onboarding.records import queries
from onboarding.serial import to_json
from tests.desk.cases import address, make_row
from tests.desk.conftest import Desk

pytestmark = pytest.mark.database


def make_document(row: Case, scan: Scan) -> Document:
    """A picture, and the recorded case that names it."""
    state = queries.recorded_state(row)
    item = replace(state.documents[0], document_id=str(uuid.uuid4()))
    Case.objects.filter(pk=row.pk).update(state=to_json(replace(state, documents=(item,))))
    page = {"name": "none", "width": 900, "height": 700, "size_bytes": 2048}
    return Document.objects.create(
        id=item.document_id,
        case=row,
        slot=item.slot,
        upload_key="u",
        pages=[page],
        uploaded_at=row.born_at,
        sealed=True,
        scan=scan,
    )


@pytest.mark.parametrize(
    ("scan", "said"),
    [
        (Scan.WAITING, "waits for the virus scanner"),
        (Scan.INFECTED, "objected to this file, and it was deleted. Ask for it again."),
    ],
)
def test_a_reviewer_reads_why_a_picture_is_missing(rita: User, desk: Desk, scan: Scan, said: str) -> None:
    """Mutants seen red: the addresses are shown all the same; the sentence isn't."""
    row = make_row()
    document = make_document(row, scan)
    page = desk(rita).get(address(row)).content.decode()
    assert said in page
    assert str(document.pk) not in page


def test_a_clean_picture_is_shown_and_nothing_is_said(rita: User, desk: Desk) -> None:
    row = make_row()
    document = make_document(row, Scan.CLEAN)
    page = desk(rita).get(address(row)).content.decode()
    assert f"/case/documents/{document.pk}/1" in page
    assert "for the virus scanner" not in page


def test_the_desk_can_ask_again_for_an_infected_file(rita: User, desk: Desk) -> None:
    """The reason stands in the list of the decision."""
    row = make_row()
    page = desk(rita).get(address(row)).content.decode()
    assert 'value="infected@1"' in page
