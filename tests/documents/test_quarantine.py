"""What the scanner couldn't look at: shown to nobody, scanned later, then released or asked for again."""

from __future__ import annotations

import io
import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from onboarding import clock
from onboarding.documents import checks, housekeeping, intake, quarantine, scanner, vault
from onboarding.documents.refusals import Refusal
from onboarding.domain.reasons import ITEM_CODES
from onboarding.domain.status import Slot
from onboarding.models.cases import Case
from onboarding.models.documents import Document, Scan
from onboarding.usecases import applicant
from tests import pictures
from tests.clamd import EICAR, FakeClamd, clamd
from tests.people import give_details, make_applicant

pytestmark = pytest.mark.database

STOP = threading.Event()


@pytest.fixture
def away(settings: Settings, tmp_path: Path) -> Path:
    """A scanner is configured, and nobody listens."""
    settings.CLAMD_ADDRESS = str(tmp_path / "clamd.ctl")
    return tmp_path / "clamd.ctl"


@pytest.fixture
def scanning(settings: Settings) -> Iterator[FakeClamd]:
    with clamd() as fake:
        settings.CLAMD_ADDRESS = fake.address
        yield fake


def infected() -> bytes:
    """A good JPEG with EICAR behind its end, where no decoder looks."""
    return pictures.jpeg() + EICAR


def upload(case: Case, data: bytes | None = None) -> Document:
    return applicant.upload(case, Slot.PASSPORT, data or pictures.jpeg(), key=uuid.uuid4().hex)


def files_in(folder: Path) -> int:
    return len([path for path in folder.rglob("*") if path.is_file()])


def test_a_virus_is_refused_at_once_with_its_code_and_a_sentence(
    case: Case, scanning: FakeClamd, folder: Path
) -> None:
    """Mutant seen red: the re-encoded pages are scanned instead of what was sent."""
    for data in (infected(), EICAR):
        with pytest.raises(intake.Refused) as refused:
            upload(case, data)
        assert refused.value.code is Refusal.INFECTED
        assert "take a new picture" in refused.value.message
    assert not Document.objects.exists()
    assert files_in(folder) == 0


def test_a_clean_upload_is_shown_at_once_and_its_original_is_not_kept(
    case: Case, scanning: FakeClamd, folder: Path
) -> None:
    """Mutant seen red: the original is always stored."""
    document = upload(case)
    assert (document.scan, document.original, files_in(folder)) == (Scan.CLEAN, "", 1)
    assert len(scanning.seen) == 1


@pytest.mark.parametrize("trouble", ["away", "silent", "cut", "nonsense"])
def test_what_the_scanner_cannot_judge_goes_into_quarantine(
    case: Case, scanning: FakeClamd, settings: Settings, trouble: str
) -> None:
    """Mutants seen red: an upload that wasn't scanned is shown; it is refused."""
    settings.CLAMD_TIMEOUT_SECONDS = 0.5
    if trouble == "away":
        settings.CLAMD_ADDRESS = "/nowhere/clamd.ctl"
    scanning.silent = trouble == "silent"
    scanning.max_bytes = 100 if trouble == "cut" else scanning.max_bytes
    scanning.answer = b"?" if trouble == "nonsense" else b""
    document = upload(case)
    assert document.scan == Scan.WAITING
    with pytest.raises(vault.DocumentHeld):
        vault.read(document, 1)


def test_a_file_that_is_bad_anyway_is_refused_while_the_scanner_is_away(case: Case, away: Path) -> None:
    with pytest.raises(intake.Refused) as refused:
        upload(case, EICAR)
    assert refused.value.code is Refusal.WRONG_TYPE
    assert not Document.objects.exists()


def test_the_original_waits_encrypted_and_goes_with_the_verdict(case: Case, away: Path, folder: Path) -> None:
    """Mutants seen red: the pages are scanned later instead; the original stays."""
    data = pictures.with_canaries("JPEG")
    document = upload(case, data)
    assert vault.read_original(document) == data
    assert pictures.CANARY.encode() not in (folder / document.original).read_bytes()
    with clamd(away) as fake:
        assert quarantine.work_off(STOP) == 1
    assert fake.seen == [data]
    document.refresh_from_db()
    assert (document.scan, document.original, files_in(folder)) == (Scan.CLEAN, "", 1)
    assert vault.read(document, 1).startswith(b"\xff\xd8\xff")


def test_a_virus_that_is_found_later_leaves_nothing_to_look_at(case: Case, away: Path, folder: Path) -> None:
    """Mutant seen red: only the original is deleted."""
    document = upload(case, infected())
    with clamd(away):
        assert quarantine.work_off(STOP) == 1
    document.refresh_from_db()
    assert (document.scan, document.original, files_in(folder)) == (Scan.INFECTED, "", 0)
    with pytest.raises(vault.DocumentMissing):
        vault.read(document, 1)


def test_documents_wait_as_long_as_the_scanner_is_away(case: Case, away: Path) -> None:
    """Mutant seen red: an error ends the wait."""
    document = upload(case)
    for _ in range(3):
        assert quarantine.work_off(STOP) == 0
    document.refresh_from_db()
    assert document.scan == Scan.WAITING


def test_one_that_is_never_judged_does_not_hold_up_the_others(
    case: Case, away: Path, settings: Settings, folder: Path
) -> None:
    """Too large for the scanner, or its file is lost. Mutant seen red: the round ends at a failure."""
    noisy = io.BytesIO()
    pictures.Image.effect_noise((1500, 1500), 60).save(noisy, "JPEG")
    lost, large, small = (upload(make_ready(), data) for data in (None, noisy.getvalue(), None))
    (folder / lost.original).unlink()
    with clamd(away) as fake:
        fake.max_bytes = len(noisy.getvalue()) - 1
        assert quarantine.work_off(STOP) == 1
    verdicts = dict(Document.objects.values_list("pk", "scan"))
    assert verdicts == {lost.pk: Scan.WAITING, large.pk: Scan.WAITING, small.pk: Scan.CLEAN}


def make_ready() -> Case:
    case = make_applicant()
    applicant.confirm_email(case.applicant)
    give_details(case)
    return case


def test_the_first_verdict_counts(case: Case, away: Path) -> None:
    """Two workers have read the same row. Mutant seen red: an unconditional update."""
    document = upload(case, infected())
    Document.objects.update(scan=Scan.INFECTED)  # by somebody who was faster
    with clamd(away) as fake:
        fake.answer = b"stream: OK\0"
        assert quarantine.settle(document) == Scan.INFECTED
    assert Document.objects.get().scan == Scan.INFECTED


def test_who_comes_second_does_not_call_the_document_lost(case: Case, away: Path) -> None:
    """The original went with the first verdict. Mutant seen red: the error of the vault gets out."""
    document = upload(case)
    late = Document.objects.get(pk=document.pk)
    with clamd(away):
        assert quarantine.settle(document) == Scan.CLEAN
        assert quarantine.settle(late) == Scan.CLEAN
    assert late.original == ""


def test_checks_wait_for_the_scanner(case: Case, away: Path) -> None:
    """So the case goes to review "unchecked" when T8 rings. Mutant seen red: they skip what waits."""
    upload(case)
    applicant.submit(case, key="s")
    with pytest.raises(scanner.NotScanned):
        checks.check_submission(str(case.pk), 1)
    with clamd(away):
        found = checks.check_submission(str(case.pk), 1)
    assert (found.retakes, found.flags) == ((), ())
    assert Document.objects.get().scan == Scan.CLEAN


def test_checks_ask_again_for_what_is_infected(case: Case, away: Path) -> None:
    """It costs no attempt. Mutant seen red: infected documents are passed over."""
    upload(case, infected())
    applicant.submit(case, key="s")
    with clamd(away):
        found = checks.check_submission(str(case.pk), 1)
    assert [(each.slot, each.reason) for each in found.retakes] == [(Slot.PASSPORT, "infected")]
    assert "infected" in ITEM_CODES


def test_a_scanner_that_was_switched_off_holds_nothing(case: Case, away: Path, settings: Settings) -> None:
    document = upload(case)
    settings.CLAMD_ADDRESS = ""
    assert quarantine.work_off(STOP) == 1
    document.refresh_from_db()
    assert document.scan == Scan.CLEAN


def test_the_sweep_knows_what_waits_and_takes_what_is_infected(
    case: Case, away: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutants seen red: originals are unknown to the sweep; pages of infected documents are known to it."""
    document = upload(case)
    later = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert housekeeping.sweep() == 0
    assert files_in(folder) == 2
    Document.objects.filter(pk=document.pk).update(scan=Scan.INFECTED, original="")
    assert housekeeping.sweep() == 2
    assert files_in(folder) == 0


def test_a_worker_that_ends_leaves_the_rest_for_the_next(case: Case, away: Path) -> None:
    upload(case)
    stop = threading.Event()
    stop.set()
    with clamd(away) as fake:
        assert quarantine.work_off(stop) == 0
    assert fake.seen == []
