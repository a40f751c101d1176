"""The real worker on a case whose picture the virus scanner could not look at."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from onboarding import keyring
from onboarding.documents import quarantine
from onboarding.domain.status import CaseStatus
from onboarding.models.cases import Case
from onboarding.models.documents import Document, Scan
from onboarding.records import queries
from onboarding.usecases import applicant
from temporal_app.activities import DjangoActivities
from temporal_app.contracts import CheckRequest
from tests import pictures
from tests.clamd import EICAR, clamd
from tests.live import RunningWorker, eventually
from tests.people import Slot, give_details, hand_in, make_applicant

pytestmark = [pytest.mark.temporal, pytest.mark.database]


@pytest.fixture
def away(settings: Any, tmp_path: Path) -> Path:
    """A scanner is configured, and nobody listens."""
    settings.DOCUMENT_DIR = tmp_path / "documents"
    settings.CLAMD_ADDRESS = str(tmp_path / "clamd.ctl")
    return tmp_path / "clamd.ctl"


def test_while_the_scanner_is_away_the_case_goes_to_review_unchecked(
    worker: RunningWorker, settings: Any, away: Path
) -> None:
    """T8 moves it, nobody is refused, and the picture appears when the scanner is back.

    Mutant seen red: the checks pass over what waits, and the case looks checked.
    """
    settings.POLICY = {"check_timeout_seconds": 2}
    case = make_applicant()
    hand_in(case)
    eventually(lambda: Case.objects.get(pk=case.pk).status == CaseStatus.IN_REVIEW)
    assert Case.objects.get(pk=case.pk).unchecked
    assert Document.objects.get().scan == Scan.WAITING
    with clamd(away):
        assert quarantine.work_off(threading.Event()) == 1
    assert Document.objects.get().scan == Scan.CLEAN


def test_a_virus_that_the_checks_find_is_asked_for_again(worker: RunningWorker, away: Path) -> None:
    """It costs no attempt."""
    case = make_applicant()
    applicant.confirm_email(case.applicant)
    give_details(case)
    applicant.upload(case, Slot.PASSPORT, pictures.jpeg() + EICAR, key="u")
    with clamd(away):
        applicant.submit(case, key="s")
        eventually(lambda: queries.current_state(Case.objects.get(pk=case.pk)).documents[0].reasons)
    state = queries.current_state(Case.objects.get(pk=case.pk))
    assert state.documents[0].reasons == ("infected",)
    assert (state.status, state.resubmissions) == (CaseStatus.COLLECTING, 0)


@pytest.mark.parametrize(("trouble", "again"), [("NotScanned", True), ("DocumentLocked", False)])
def test_checks_say_whether_trying_again_may_help(
    transactional_db: None, settings: Any, away: Path, trouble: str, again: bool
) -> None:
    """In one line, not a traceback for each try. Mutant seen red: the vault's error goes on as it is."""
    case = make_applicant()
    hand_in(case)
    Document.objects.update(scan=Scan.WAITING if again else Scan.CLEAN)
    if not again:
        settings.DOCUMENT_KEYS = keyring.parse(keyring.fresh("another"))
    with pytest.raises(ApplicationError) as failed:
        ActivityEnvironment().run(
            DjangoActivities().check_documents, CheckRequest(case_id=str(case.pk), submission=1)
        )
    assert failed.value.type in {trouble, "ScannerAway"}
    assert failed.value.non_retryable is not again
