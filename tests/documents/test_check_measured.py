"""Checks that open no picture: what was measured when it came in is judged, and nothing else is at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from onboarding.documents import intake, quality
from onboarding.documents.checks import check_measured, check_submission
from onboarding.models.checks import CheckReport, PagePrint
from onboarding.models.documents import Document, Scan
from onboarding.records.findings import findings_of
from tests.documents.submissions import CARD_FILE, submitted
from tests.domain.test_mrz import TD3

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _private_folder(settings: Any, tmp_path: Path) -> None:
    settings.DOCUMENT_DIR = tmp_path / "documents"


def test_measured_pictures_are_checked_without_opening_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the answer is the same. Mutants seen red: `check_measured` measures anew; it keeps nothing."""
    case = submitted(CARD_FILE, mrz=TD3, expiry_date=date(2012, 4, 15), document_number="L898902C3")
    with monkeypatch.context() as patch:
        patch.setattr(quality.sandbox, "run", nobody_opens)
        answer = check_measured(str(case.pk), 1)
    kept = findings_of(case.pk, 1)
    assert answer
    assert kept
    again = check_submission(str(case.pk), 1)
    assert replace(answer, occurred_at=again.occurred_at) == again
    assert findings_of(case.pk, 1) == kept


def nobody_opens(*_arguments: object, **_named: object) -> None:
    raise AssertionError("a picture was opened")


def test_what_takes_longer_is_not_checked_at_once() -> None:
    """A picture of the first release, one that waits for the scanner, one that the rows know nothing of.

    Mutant seen red: each condition left out.
    """
    case = submitted(CARD_FILE)
    assert check_measured(str(case.pk), 2) is None
    Document.objects.update(scan=Scan.WAITING)
    assert check_measured(str(case.pk), 1) is None
    page = Document.objects.get().pages[0]
    del page["measures"]
    Document.objects.update(scan=Scan.CLEAN, pages=[page])
    assert check_measured(str(case.pk), 1) is None
    assert not CheckReport.objects.exists()


COLUMNS = ("document_id", "page", "sha256", "phash", "dhash", "band_0", "band_1", "band_2", "band_3")


def test_what_is_handed_in_can_be_found_again_before_it_is_checked() -> None:
    """So of two cases that send the same picture at the same moment at least one is told.

    Mutant seen red: `submit` keeps nothing.
    """
    case = submitted(CARD_FILE)
    kept = PagePrint.objects.values(*COLUMNS).get()
    assert kept["phash"]
    PagePrint.objects.all().delete()
    check_submission(str(case.pk), 1)
    assert PagePrint.objects.values(*COLUMNS).get() == kept


def test_what_the_virus_scanner_has_not_seen_is_not_kept_when_it_is_handed_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Mutant seen red: `submit` asks for no scan."""
    monkeypatch.setattr(intake, "_scanned", lambda _data: False)
    submitted(CARD_FILE)
    assert Document.objects.get().scan == Scan.WAITING
    assert not PagePrint.objects.exists()
