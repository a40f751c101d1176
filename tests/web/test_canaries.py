"""After uploads, nothing that was in them can be read in the database file or in the folder of documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection

from onboarding.documents import vault_keys
from onboarding.models.documents import Document, Scan
from tests import pictures
from tests.web.people import Applicant, make_applicant

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

JPEG = b"\xff\xd8\xff\xe0"
TRACES = (pictures.CANARY.encode(), JPEG, b"JFIF", b"Exif\0\0")


def on_disk() -> Iterator[tuple[str, bytes]]:
    """Every file that holds what people gave us, by its name."""
    folder = Path(django_settings.DOCUMENT_DIR)
    yield from ((path.name, path.read_bytes()) for path in folder.rglob("*") if path.is_file())
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        for path in database.parent.glob(f"{database.name}*"):
            yield path.name, path.read_bytes()


def traces(*more: bytes) -> list[tuple[str, bytes]]:
    found = dict(on_disk())
    assert len(found) >= 2
    return [(name, trace) for name, data in found.items() for trace in (*TRACES, *more) if trace in data]


@pytest.fixture
def ready(transactional_db: None) -> Applicant:
    applicant = make_applicant()
    applicant.give_details()
    return applicant


@pytest.mark.parametrize("picture_format", ["JPEG", "PDF"])
def test_nothing_of_an_upload_rests_in_the_clear(ready: Applicant, picture_format: str) -> None:
    """Nor the keys. Mutants seen red: the vault stores the page itself; the row holds the data key itself."""
    assert ready.upload(data=pictures.with_canaries(picture_format)).status_code == 302
    key = vault_keys.key_of(ready.user.pk)
    master = django_settings.DOCUMENT_KEYS.key("tests")
    assert traces(key, master) == []
    assert Document.objects.get().sealed


def test_nothing_of_an_upload_in_quarantine_rests_in_the_clear(ready: Applicant, settings: Any) -> None:
    """What waits for the scanner is the file as it was sent. Mutant seen red: it is kept as it is."""
    settings.CLAMD_ADDRESS = "/nowhere/clamd.ctl"
    assert ready.upload(data=pictures.with_canaries("JPEG")).status_code == 302
    document = Document.objects.get()
    assert (document.scan, bool(document.original)) == (Scan.WAITING, True)
    assert traces() == []


def test_the_traces_are_found_where_they_are(ready: Applicant) -> None:
    """The search itself can fail."""
    ready.upload()
    folder = Path(django_settings.DOCUMENT_DIR)
    (folder / "clear").write_bytes(pictures.with_canaries("JPEG"))
    assert {trace for name, trace in traces() if name == "clear"} >= {JPEG, pictures.CANARY.encode()}
    ready.give_details(given_name=pictures.CANARY)
    if connection.vendor == "sqlite":
        assert any(name.startswith("tests.sqlite3") for name, _ in traces())
