"""The door to stored documents: encrypted, bound to where they belong, and never garbage."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from onboarding import keyring
from onboarding.documents import vault
from onboarding.documents.vault_local import LocalFiles
from onboarding.domain.status import Slot
from onboarding.models.cases import Case
from onboarding.models.documents import Document, Scan
from onboarding.models.keys import DataKey
from onboarding.usecases import applicant
from tests import pictures
from tests.people import make_applicant

pytestmark = pytest.mark.database

PIXELS = b"\xff\xd8\xff pixels"


def make_document(case: Case, *pages: bytes, sealed: bool = True) -> Document:
    """A row and its files, as an upload leaves them; not `sealed` as the first release did."""
    document_id = uuid.uuid4()
    keep = LocalFiles(Path(django_settings.DOCUMENT_DIR)).keep
    names = [
        vault.store(data, case, document_id, number) if sealed else keep(data)
        for number, data in enumerate(pages, start=1)
    ]
    return Document.objects.create(
        id=document_id,
        case=case,
        slot=Slot.PASSPORT,
        upload_key=str(document_id),
        pages=[
            {"name": name, "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in zip(names, pages, strict=True)
        ],
        uploaded_at=case.born_at,
        sealed=sealed,
        scan=Scan.CLEAN,
        original="",
    )


def file_of(folder: Path, document: Document, page: int = 1) -> Path:
    return folder / document.pages[page - 1]["name"]


def test_each_page_is_read_back(case: Case) -> None:
    document = make_document(case, b"one", b"two")
    assert [vault.read(document, page) for page in (1, 2)] == [b"one", b"two"]


def test_nothing_on_the_disk_says_what_it_is(case: Case, folder: Path) -> None:
    """Mutant seen red: the local backend gets the bytes as they are."""
    picture = pictures.jpeg()
    (file,) = [file_of(folder, make_document(case, picture))]
    assert b"\xff\xd8\xff" not in file.read_bytes()
    assert picture[100:116] not in file.read_bytes()


@pytest.mark.parametrize("page", [-1, 0, 3, 10**30])
def test_a_page_that_does_not_exist_is_missing(case: Case, page: int) -> None:
    """Mutant seen red: `pages[page - 1]` without a look, and page 0 is the last one."""
    with pytest.raises(vault.DocumentMissing):
        vault.read(make_document(case, b"one", b"two"), page)


def test_two_pages_cannot_be_swapped(case: Case, folder: Path) -> None:
    """Nor two documents of a person, nor those of two people. Mutant seen red: no associated data."""
    document, another = make_document(case, b"one", b"two"), make_document(case, b"three")
    theirs = make_document(make_applicant(), b"four")
    mine = file_of(folder, document)
    for other in (file_of(folder, document, 2), file_of(folder, another), file_of(folder, theirs)):
        kept = mine.read_bytes()
        mine.write_bytes(other.read_bytes())
        with pytest.raises(vault.DocumentLocked, match=f"document {document.pk} cannot be opened"):
            vault.read(document, 1)
        mine.write_bytes(kept)
    assert vault.read(document, 1) == b"one"


def test_a_lost_master_key_is_one_clear_error(case: Case, settings: Settings) -> None:
    document = make_document(case, PIXELS)
    right = settings.DOCUMENT_KEYS
    settings.DOCUMENT_KEYS = keyring.parse(keyring.fresh("another"))
    with pytest.raises(vault.DocumentLocked, match="DOCUMENT_KEYS lacks the master key tests"):
        vault.read(document, 1)
    with pytest.raises(vault.DocumentLocked):
        vault.store(PIXELS, case, document.pk, 1)
    settings.DOCUMENT_KEYS = right
    assert vault.read(document, 1) == PIXELS


def test_without_its_key_a_person_is_erased_and_nobody_else(case: Case) -> None:
    """Mutant seen red: one data key for all people."""
    mine, theirs = make_document(case, b"mine"), make_document(make_applicant(), b"theirs")
    DataKey.objects.filter(person_id=case.applicant_id).delete()
    with pytest.raises(vault.DocumentLocked):
        vault.read(mine, 1)
    assert vault.read(theirs, 1) == b"theirs"


def test_a_sealed_document_never_opens_from_a_file_in_the_clear(case: Case, folder: Path) -> None:
    """Whoever can write to the disk can't slip in a picture. Mutant seen red: judge by its looks."""
    document = make_document(case, PIXELS)
    file_of(folder, document).write_bytes(PIXELS)
    with pytest.raises(vault.DocumentLocked):
        vault.read(document, 1)


def test_what_the_first_release_stored_in_the_clear_is_still_read(case: Case, folder: Path) -> None:
    """And only exactly that. Mutant seen red: the hash in the row isn't compared."""
    document = make_document(case, PIXELS, sealed=False)
    assert vault.read(document, 1) == PIXELS
    file_of(folder, document).write_bytes(b"\xff\xd8\xff another picture")
    with pytest.raises(vault.DocumentLocked):
        vault.read(document, 1)


def test_what_waits_for_the_scanner_is_shown_to_nobody(case: Case) -> None:
    """Mutant seen red: `read` doesn't look at `scan`."""
    document = make_document(case, PIXELS)
    document.scan = Scan.WAITING
    with pytest.raises(vault.DocumentHeld):
        vault.read(document, 1)


def test_a_deleted_file_is_missing(case: Case) -> None:
    document = make_document(case, PIXELS)
    for _ in range(2):
        vault.delete(document.pages[0]["name"])
    with pytest.raises(vault.DocumentMissing):
        vault.read(document, 1)


def test_an_upload_rests_encrypted_and_opens_again(case: Case, folder: Path) -> None:
    document = applicant.upload(case, Slot.PASSPORT, pictures.jpeg(), key="one")
    assert document.sealed
    assert vault.read(document, 1).startswith(b"\xff\xd8\xff")
    assert hashlib.sha256(vault.read(document, 1)).hexdigest() == document.pages[0]["sha256"]
    assert [path.read_bytes()[:5] for path in folder.rglob("*") if path.is_file()] == [b"ONBD\x01"]


def test_an_upload_that_is_turned_away_leaves_no_file(case: Case, folder: Path) -> None:
    applicant.upload(case, Slot.PASSPORT, pictures.jpeg(), key="one")
    applicant.submit(case, key="s")
    with pytest.raises(applicant.TurnedAway):
        applicant.upload(case, Slot.PASSPORT, pictures.jpeg(number=2), key="two")
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1
