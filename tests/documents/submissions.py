"""People who have handed something in, for the tests of the checks."""

from __future__ import annotations

from datetime import date
from typing import Any

from onboarding.domain.status import DocumentType, Slot
from onboarding.models.cases import Case
from onboarding.models.documents import Document
from onboarding.usecases import applicant
from tests import people, pictures

CARD = pictures.id_card(number=1)
CARD_FILE = pictures.encoded(CARD)


def submitted(*files: bytes, kind: DocumentType = DocumentType.PASSPORT, **details: Any) -> Case:
    """Somebody who has handed in these files, in the order of the slots."""
    case = people.make_applicant()
    applicant.confirm_email(case.applicant)
    given = {
        "given_name": "Anna Maria",
        "family_name": "Eriksson",
        "birth_date": date(1974, 8, 12),
        "country": "SE",
    }
    applicant.complete_profile(case, **given | details, document_type=kind, key="details")  # type: ignore[arg-type]
    slots = [Slot.PASSPORT] if kind is DocumentType.PASSPORT else [Slot.ID_FRONT, Slot.ID_BACK]
    send(case, *zip(slots, files, strict=True))
    return case


def send(case: Case, *files: tuple[Slot, bytes]) -> None:
    """Uploads and submits; each call is another attempt."""
    attempt = Document.objects.filter(case=case).count()
    for slot, data in files:
        applicant.upload(case, slot, data, key=f"upload-{slot}-{attempt}")
    case.refresh_from_db()
    applicant.submit(case, key=f"submit-{attempt}")
