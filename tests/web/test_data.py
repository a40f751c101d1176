"""The applicant's own data: complete, theirs alone, and made a piece at a time."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

import onboarding
from onboarding.documents import vault
from onboarding.models.documents import Document, DocumentView
from onboarding.models.people import User
from onboarding.web import data_views
from tests import pictures
from tests.domain.builders import ask_again
from tests.web.people import Applicant, words
from tests.web.test_case_page import bring_to, in_review

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def _nobody_has_downloaded(_private_folders: None) -> None:
    cache.clear()


def pieces_of(answer: Any) -> list[bytes]:
    """What is sent, in the pieces in which it is sent."""
    return list(answer.streaming_content)


def archive_of(answer: Any) -> zipfile.ZipFile:
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces_of(answer))))


def data_in(archive: zipfile.ZipFile) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(archive.read("data.json"))
    return data


@pytest.fixture
def handed_in(ana: Applicant) -> Applicant:
    User.objects.create_user("rita@example.org", "x", pk=21, is_staff=True)
    in_review(ana)
    return ana


def test_archive_holds_account_case_details_history_and_pictures(handed_in: Applicant) -> None:
    """Mutant seen red: an archive that is not closed."""
    answer = handed_in.post("case_data")
    assert answer.headers["Content-Type"] == "application/zip"
    assert handed_in.case.reference in answer.headers["Content-Disposition"]
    archive = archive_of(answer)
    assert archive.testzip() is None
    data = data_in(archive)
    assert data["account"]["email"] == "ana@example.org"
    assert data["account"]["language"] == "en"
    assert data["case"]["reference"] == handed_in.case.reference
    assert data["details"]["family_name"] == "García"
    assert [event["what"] for event in data["history"]][:2] == ["signed_up", "email_confirmed"]
    (name,) = data["documents"][0]["files"]
    document = Document.objects.get()
    assert archive.read(name) == vault.read(document, 1)
    assert data["looks_at_documents"][-1]["by"] == "you"


@pytest.mark.parametrize("name", ['=HYPERLINK("http://evil.example")', "+cmd|calc", "@SUM(A1)", "-Ana"])
def test_a_name_that_a_spreadsheet_would_compute_is_text_everywhere(ana: Applicant, name: str) -> None:
    """The one export is JSON, which nothing computes, and its files have names of ours: no table to escape.

    Mutant seen red: files named after the person.
    """
    ana.give_details(given_name=name)
    ana.upload()
    answer = ana.post("case_data")
    archive = archive_of(answer)
    assert data_in(archive)["details"]["given_name"] == name
    allowed = re.compile(r"data\.json|[\w-]+\.txt|documents/[\w-]+\.jpg")
    assert [each for each in archive.namelist() if not allowed.fullmatch(each)] == []
    assert "=" not in answer.headers["Content-Disposition"].replace("filename=", "")


def test_no_other_page_hands_out_a_table() -> None:
    """Who adds a table for spreadsheets has cells to escape. Mutant seen red: an answer of text/csv."""
    code = [path.read_text(encoding="utf-8") for path in Path(onboarding.__path__[0]).rglob("*.py")]
    assert len(code) > 200
    assert not [each for each in code if re.search(r"import csv|text/csv|spreadsheetml|\.xlsx", each)]


def test_replaced_pictures_are_in_it_too(ana: Applicant) -> None:
    """They are kept, so they are theirs to have. Mutant seen red: only the newest of each."""
    ana.give_details()
    for number in (1, 2):
        ana.upload(data=pictures.jpeg(number=number))
    archive = archive_of(ana.post("case_data"))
    assert len([name for name in archive.namelist() if name.endswith(".jpg")]) == 2


def test_names_of_staff_stay_inside(handed_in: Applicant) -> None:
    """Mutant seen red: the account of the actor beside the role."""
    bring_to(handed_in, lambda state: ask_again(state, "passport"))
    data = data_in(archive_of(handed_in.post("case_data")))
    assert data["decisions"][0]["reasons"] == ["glare"]
    assert "rita" not in json.dumps(data)
    assert {event["by"] for event in data["history"]} == {"applicant", "system", "reviewer"}
    assert '"21"' not in json.dumps(data)


def test_every_picture_that_leaves_is_written_down_first(handed_in: Applicant) -> None:
    """Mutant seen red: without the rows."""
    answer = handed_in.post("case_data")
    assert DocumentView.objects.filter(viewer=handed_in.user).count() == 1
    pieces_of(answer)


def test_pictures_are_read_one_after_the_other(ana: Applicant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutant seen red: everything is collected before the first piece."""
    ana.give_details(document_type="id_card")
    for number, slot in enumerate(("id_front", "id_back")):
        ana.upload(slot, pictures.jpeg(number=number))
    read: list[int] = []
    real = vault.read
    monkeypatch.setattr(vault, "read", lambda *page: read.append(1) or real(*page))
    answer = ana.post("case_data")

    assert [len(read) for _ in answer.streaming_content] == [0, 1, 2, 2]


@pytest.mark.parametrize("failure", [vault.DocumentMissing, vault.VaultUnavailable])
def test_picture_that_cannot_be_read_does_not_take_the_rest_with_it(
    handed_in: Applicant, monkeypatch: pytest.MonkeyPatch, failure: type[Exception]
) -> None:
    """Mutant seen red: without the `except`."""

    def away(*_page: object) -> bytes:
        raise failure("away")

    monkeypatch.setattr(vault, "read", away)
    archive = archive_of(handed_in.post("case_data"))
    (note,) = (name for name in archive.namelist() if name != "data.json")
    assert note.endswith(".jpg.txt")
    assert b"could not be read" in archive.read(note)


def test_second_download_within_a_minute_is_refused_with_the_page(ana: Applicant) -> None:
    """Mutant seen red: without the pause."""
    assert ana.post("case_data").status_code == 200
    answer = ana.post("case_data")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == str(data_views.PAUSE_SECONDS)
    assert "Wait a minute" in words(answer)
    cache.clear()
    assert ana.post("case_data").status_code == 200


def test_somebody_without_details_and_pictures_gets_what_there_is(ana: Applicant) -> None:
    archive = archive_of(ana.post("case_data"))
    assert archive.namelist() == ["data.json"]
    assert data_in(archive)["details"] is None


def test_data_of_others_is_out_of_reach(ana: Applicant, outsider: Applicant, client: Client) -> None:
    """No address carries an id; a link alone downloads nothing."""
    data = data_in(archive_of(ana.post("case_data", case=str(outsider.case.pk))))
    assert outsider.case.reference not in json.dumps(data)
    assert ana.get("case_data").status_code == 405
    assert client.post("/case/data/").headers["Location"] == "/account/sign-in/?next=/case/"
