"""What the worker does for the vault beside its work."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from onboarding import clock
from onboarding.documents import housekeeping, vault
from onboarding.models.cases import Case
from onboarding.models.documents import Document, Scan
from tests.documents.test_vault import PIXELS, file_of, make_document
from tests.live import eventually

pytestmark = pytest.mark.database


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_rests_in_the_clear_is_encrypted_once(case: Case, folder: Path) -> None:
    """Mutants seen red: the old files stay; the row keeps the old names."""
    old, new = make_document(case, PIXELS, b"two", sealed=False), make_document(case, b"three")
    assert housekeeping.seal_clear(threading.Event()) == 1
    assert housekeeping.seal_clear(threading.Event()) == 0
    old.refresh_from_db()
    assert old.sealed
    assert [vault.read(old, page) for page in (1, 2)] == [PIXELS, b"two"]
    assert vault.read(new, 1) == b"three"
    assert [file.read_bytes()[:4] for file in files_in(folder)] == [b"ONBD"] * 3


def test_what_an_older_web_process_still_inserts_counts_as_in_the_clear(case: Case) -> None:
    """While two releases run side by side. Mutant seen red: the default stands in the model only."""
    document = make_document(case, PIXELS, sealed=False)
    unknown = {"sealed", "scan", "original"}
    columns = ", ".join(each.column for each in Document._meta.concrete_fields if each.name not in unknown)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO onboarding_document ({columns}) SELECT "  # noqa: S608  our own column names
            + columns.replace("id,", "%s,", 1).replace("upload_key", "'old'")
            + " FROM onboarding_document",
            [str(uuid.uuid4()) if connection.vendor == "postgresql" else uuid.uuid4().hex],
        )
    older = Document.objects.get(upload_key="old")
    assert (older.sealed, older.scan, older.original) == (False, Scan.CLEAN, "")
    assert vault.read(older, 1) == vault.read(document, 1) == PIXELS


def test_what_cannot_be_encrypted_stays_as_it_is_and_the_rest_goes_on(case: Case, folder: Path) -> None:
    """Mutant seen red: the first error ends the round."""
    spoiled, lost, good = (make_document(case, PIXELS, sealed=False) for _ in range(3))
    file_of(folder, spoiled).write_bytes(b"something else")
    file_of(folder, lost).unlink()
    assert housekeeping.seal_clear(threading.Event()) == 1
    assert dict(Document.objects.values_list("pk", "sealed")) == {
        spoiled.pk: False,
        lost.pk: False,
        good.pk: True,
    }
    assert file_of(folder, spoiled).read_bytes() == b"something else"


def test_two_workers_encrypt_a_document_once(case: Case, folder: Path) -> None:
    """Whoever comes second takes its own files away. Mutant seen red: an unconditional update."""
    document = make_document(case, PIXELS, sealed=False)
    stale = Document.objects.get(pk=document.pk)
    kept = file_of(folder, stale).read_bytes()
    assert housekeeping._seal(document)
    file_of(folder, stale).write_bytes(kept)  # the other one has read it before it went
    assert not housekeeping._seal(stale)
    document.refresh_from_db()
    assert vault.read(document, 1) == PIXELS


def test_the_sweep_takes_what_no_row_names(case: Case, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutant seen red: only the first page of a document is known."""
    document = make_document(case, b"one", b"two")
    vault.store(b"orphan", case, document.pk, 1)
    later = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert housekeeping.sweep() == 1
    assert [vault.read(document, page) for page in (1, 2)] == [b"one", b"two"]


@pytest.mark.django_db(transaction=True)
def test_the_loop_survives_a_fault_and_ends_when_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Mutant seen red: the fault gets out of the thread."""
    rounds: list[str] = []

    def broken(*_: object) -> int:
        rounds.append("broken")
        raise RuntimeError("broken")

    monkeypatch.setattr(housekeeping.quarantine, "work_off", broken)
    monkeypatch.setattr(housekeeping, "PAUSE_SECONDS", 0.01)
    stop = threading.Event()
    thread = threading.Thread(target=housekeeping.run, args=(stop,))
    thread.start()
    eventually(lambda: len(rounds) > 2)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert "could not be looked after" in caplog.text
