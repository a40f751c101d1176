"""A folder of its own for each test, and somebody whose passport is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from onboarding.models.cases import Case
from onboarding.usecases import applicant
from tests.people import give_details, make_applicant


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Where the documents of this test lie. It doesn't exist yet."""
    settings.DOCUMENT_DIR = tmp_path / "deep" / "documents"
    return tmp_path / "deep" / "documents"


@pytest.fixture
def case(db: None) -> Case:
    """Confirmed, with details, and a passport owed."""
    case = make_applicant()
    applicant.confirm_email(case.applicant)
    give_details(case)
    return case
