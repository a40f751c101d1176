"""Handing in pictures, and looking at them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile

from onboarding.documents import sandbox, vault
from onboarding.models.documents import Document
from onboarding.models.outbox import OutboxMessage
from tests import pictures
from tests.domain.builders import ask_again, checked
from tests.web.people import Applicant, key, words
from tests.web.test_case_page import bring_to

pytestmark = pytest.mark.database


@pytest.fixture
def ready(ana: Applicant) -> Applicant:
    """Somebody whose passport is asked for."""
    ana.give_details()
    return ana


def stored_files() -> list[Path]:
    return [path for path in Path(django_settings.DOCUMENT_DIR).rglob("*") if path.is_file()]


def nothing_was_kept() -> bool:
    return not (
        Document.objects.exists()
        or OutboxMessage.objects.filter(name="id_uploaded").exists()
        or stored_files()
    )


def problem(page: Any, slot: str = "passport") -> str:
    """What is said at the field."""
    found = re.search(rf'id="problem-{slot}"[^>]*>([^<]*)<', page.content.decode())
    return found[1] if found else ""


def test_picture_is_taken_and_shown(ready: Applicant) -> None:
    answer = ready.upload()
    assert (answer.status_code, answer.headers["Location"]) == (302, "/case/documents/")
    page = ready.get("case_documents")
    assert "uploaded, not submitted yet" in words(page)
    document = Document.objects.get()
    assert f"/case/documents/{document.pk}/1" in page.content.decode()
    assert len(stored_files()) == 1


def test_picture_can_be_replaced_until_it_is_submitted(ready: Applicant) -> None:
    ready.upload(data=pictures.jpeg(number=1))
    ready.upload(data=pictures.jpeg(number=2))
    assert Document.objects.filter(superseded_at=None).count() == 1
    ready.post("case_submit")
    answer = ready.upload(data=pictures.jpeg(number=3))
    assert answer.status_code == 409
    assert Document.objects.count() == 2


def test_a_file_is_hashed_once_as_it_came(ready: Applicant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutants seen red: make the key of the form from `repr` of the bytes; hash in the intake too."""
    data = pictures.jpeg()
    hashed: list[int] = []
    real = hashlib.sha256

    def counting(content: bytes = b"", **named: Any) -> Any:
        hashed.append(len(content))
        return real(content, **named)

    monkeypatch.setattr(hashlib, "sha256", counting)
    ready.upload(data=data)
    monkeypatch.undo()
    document = Document.objects.get()
    assert document.original_sha256 == hashlib.sha256(data).hexdigest()
    stored = sum(page["size_bytes"] for page in document.pages)
    assert sum(hashed) < len(data) + stored + 10_000


def test_script_is_answered_in_json(ready: Applicant) -> None:
    """Mutant seen red: a page where JSON was asked for."""
    wants = {"headers": {"accept": "application/json"}}
    url, data = "/case/documents/passport/", pictures.jpeg()

    def sent(content: bytes) -> Any:
        file = SimpleUploadedFile("a.jpg", content, "image/jpeg")
        return ready.client.post(url, {"file": file, "key": key()}, **wants)

    assert (sent(data).status_code, Document.objects.count()) == (201, 1)
    refused = sent(b"hello")
    assert refused.status_code == 422
    assert "something else is inside" in refused.json()["problem"]
    ready.client.logout()
    assert sent(data).status_code == 401
    assert Document.objects.count() == 1


def test_form_sent_after_the_session_ended_leads_back_to_its_page(ready: Applicant) -> None:
    """Mutant seen red: back to the address of the form, which nobody can open."""
    ready.client.logout()
    for name, arguments, page in (
        ("case_upload", ("passport",), "/case/documents/"),
        ("case_submit", (), "/case/"),
        ("case_withdraw", (), "/case/withdraw/"),
    ):
        answer = ready.post(name, *arguments)
        assert answer.headers["Location"] == f"/account/sign-in/?next={page}"


def test_upload_sent_twice_is_one_picture(ready: Applicant) -> None:
    data, form_key = pictures.jpeg(), key()
    for _ in range(2):
        file = SimpleUploadedFile("a.jpg", data, "image/jpeg")
        answer = ready.client.post("/case/documents/passport/", {"file": file, "key": form_key})
        assert answer.status_code == 302
    assert Document.objects.count() == 1
    assert OutboxMessage.objects.filter(name="id_uploaded").count() == 1


@pytest.mark.parametrize(
    ("data", "name", "status", "said"),
    [
        (b"", "a.jpg", 422, "This file is empty"),
        (b"hello", "a.jpg", 422, "something else is inside"),
        (b"hello", "a.txt", 422, "We can only open JPEG, PNG, WebP and PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", 422, "We can only open"),
        (b"<!doctype html><script>alert(1)</script>", "a.jpg", 422, "something else is inside"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "IMG_1.HEIC", 422, "HEIC"),
        (pictures.archive(), "a.jpg", 422, "something else is inside"),
        (b"\xff\xd8\xff" + b"\x00" * 100, "a.jpg", 422, "could not open this file"),
        (b"%PDF-1.7\n", "a.pdf", 422, "could not open this file"),
        (b"hello", "a" * 300 + ".jpg", 422, "something else is inside"),
    ],
)
def test_bad_files_are_explained_at_their_field(
    ready: Applicant, data: bytes, name: str, status: int, said: str
) -> None:
    page = ready.upload(data=data, file_name=name)
    assert page.status_code == status
    assert said in problem(page), problem(page)
    assert nothing_was_kept()


def test_no_file_at_all_is_explained(ready: Applicant) -> None:
    page = ready.post("case_upload", "passport")
    assert page.status_code == 422
    assert "Choose a file first" in problem(page)


def test_text_instead_of_a_file_is_explained(ready: Applicant) -> None:
    assert ready.post("case_upload", "passport", file="hello").status_code == 422


def test_file_that_is_too_large_is_explained(ready: Applicant, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 2000
    page = ready.upload(data=pictures.jpeg())
    assert page.status_code == 413
    assert "larger than 2.0\xa0KB" in problem(page)
    assert nothing_was_kept()


def test_busy_decoder_asks_for_another_try(ready: Applicant, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: Any, **__: Any) -> None:
        raise sandbox.DecoderBusy

    monkeypatch.setattr(sandbox, "run", busy)
    page = ready.upload()
    assert page.status_code == 503
    assert "send the file again in a minute" in problem(page)
    assert nothing_was_kept()


def test_full_disk_asks_for_another_try(ready: Applicant, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> str:
        raise vault.VaultUnavailable("full")

    monkeypatch.setattr(vault, "store", full)
    page = ready.upload()
    assert page.status_code == 503
    assert "We could not store the file just now" in problem(page)
    assert nothing_was_kept()


@pytest.mark.parametrize("slot", ["id_front", "selfie"])
def test_picture_that_is_not_asked_for_is_refused(ready: Applicant, slot: str) -> None:
    page = ready.upload(slot)
    assert page.status_code == 409
    assert "This picture is not asked for" in words(page)
    assert nothing_was_kept()


def test_picture_before_the_details_is_refused(ana: Applicant) -> None:
    page = ana.upload()
    assert page.status_code == 409
    assert "not at this step" in words(page)
    assert nothing_was_kept()


def test_place_that_does_not_exist_is_not_found(ready: Applicant) -> None:
    assert ready.post("case_upload", "birth_certificate").status_code == 404


def test_upload_without_its_key_is_refused(ready: Applicant) -> None:
    file = SimpleUploadedFile("a.jpg", pictures.jpeg(), "image/jpeg")
    page = ready.client.post("/case/documents/passport/", {"file": file})
    assert page.status_code == 422
    assert "Reload the page" in problem(page)
    assert nothing_was_kept()


def test_only_what_was_refused_is_open_again(ana: Applicant) -> None:
    ana.give_details(document_type="id_card")
    for number, slot in enumerate(("id_front", "id_back")):
        ana.upload(slot, pictures.jpeg(number=number))
    ana.post("case_submit")
    bring_to(ana, lambda case: checked(case, case.changed_at), lambda case: ask_again(case, "id_back"))
    page = ana.get("case_documents")
    assert "light hides part of the text" in words(page)
    assert 'id="file-id_back"' in page.content.decode()
    assert 'id="file-id_front"' not in page.content.decode()
    assert "We can ask again 2 more times." in words(page)
    assert re.search(r"send the back of your ID card again by .*, in 7 days", words(page))
    html = page.content.decode()
    front, back = (html.split(f'id="{slot}"')[1].split("</article>")[0] for slot in ("id_front", "id_back"))
    assert "handed in, nothing to do" in front
    assert "What you sent" in back
    assert "good-card" in back
    assert ana.upload("id_front").status_code == 409
    assert ana.upload("id_back", pictures.jpeg(number=7)).status_code == 302


def test_pictures_before_the_details_lead_to_the_details(ana: Applicant) -> None:
    assert ana.get("case_documents").headers["Location"] == "/case/details/"
