"""Notes for colleagues: kept once, never changed, never shown to the applicant."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from onboarding.models.desk import DeskPreference, Note
from onboarding.models.people import User
from tests.desk.cases import address, make_row, queue
from tests.desk.conftest import Desk

pytestmark = pytest.mark.database


def note(text: str = "Looks like a copy of a copy") -> dict[str, str]:
    return {"key": str(uuid.uuid4()), "text": text}


def test_a_note_stands_on_the_page_with_author_and_moment(rita: User, sue: User, desk: Desk):
    """Also while the workflow is away. Mutant seen red: sending it twice makes two notes."""
    row, sent = make_row(), note("<b>Look</b> twice")
    for _ in range(2):
        assert desk(rita).post(address(row, "note"), sent).status_code == 302
    page = desk(sue).get(address(row)).content.decode()
    assert page.count("&lt;b&gt;Look&lt;/b&gt; twice") == 1
    assert "Rita Romero, <time" in page


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "a\0b"])
def test_a_note_that_cannot_be_kept_is_explained(text: str, rita: User, desk: Desk):
    answer = desk(rita).post(address(make_row(), "note"), note(text))
    assert answer.status_code == 400
    assert "The note was not kept." in answer.content.decode()
    assert not Note.objects.exists()


def test_nobody_reads_or_writes_notes_on_their_own_case(rita: User, ruben: User, desk: Desk):
    """Mutants seen red: written by its applicant; read in the list."""
    row = make_row(user=rita)
    desk(ruben).post(address(row, "note"), note())
    kept = Note.objects.get()
    assert desk(rita).post(address(row, "note"), note()).status_code == 403
    pages = [
        address(row),
        reverse("case"),
        f"/admin/onboarding/note/{kept.pk}/change/",
        "/admin/onboarding/note/",
    ]
    assert not any("copy of a copy" in desk(rita).get(page, follow=True).content.decode() for page in pages)


def test_notes_are_found_again_and_never_changed(rita: User, make_staff, desk: Desk):
    row = make_row()
    desk(rita).post(address(row, "note"), note())
    page = desk(rita).get("/admin/onboarding/note/", {"q": row.reference}).content.decode()
    assert "copy of a copy" in page
    boss = desk(make_staff("superuser", "Ada Alba"))
    kept = Note.objects.get()
    boss.post(f"/admin/onboarding/note/{kept.pk}/change/", {"text": "nothing"})
    boss.post(f"/admin/onboarding/note/{kept.pk}/delete/", {"post": "yes"})
    assert Note.objects.get().text == "Looks like a copy of a copy"


def test_shortcuts_are_switched_off_for_one_person(rita: User, ruben: User, desk: Desk):
    """Mutant seen red: the preference is read of anybody."""
    address_ = queue() + "shortcuts/"
    answer = desk(rita).post(address_, {"shortcuts": "off", "back": queue()})
    assert answer["Location"] == queue()
    assert 'data-shortcuts="off"' in desk(rita).get(queue()).content.decode()
    assert 'data-shortcuts="on"' in desk(ruben).get(queue()).content.decode()
    desk(rita).post(address_, {"shortcuts": "on"})
    assert DeskPreference.objects.get().shortcuts is True


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/", "javascript:alert(1)", ""])
def test_switching_leads_to_no_other_site(back: str, rita: User, desk: Desk):
    answer = desk(rita).post(queue() + "shortcuts/", {"shortcuts": "off", "back": back})
    assert answer["Location"] == queue() + "shortcuts/"
