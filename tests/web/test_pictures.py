"""Looking at pictures: who may, by a link for a minute, and never unseen."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.auth.models import Group
from django.core import signing
from django.test import Client

from onboarding import clock, keyring
from onboarding.documents import vault
from onboarding.models.documents import Document, DocumentView, Scan
from onboarding.models.people import User
from onboarding.web import tickets
from tests.web.people import Applicant, words
from tests.web.test_documents import stored_files

pytestmark = pytest.mark.database

JPEG = b"\xff\xd8\xff"


@pytest.fixture
def ready(ana: Applicant) -> Applicant:
    """Somebody who has handed a picture in."""
    ana.give_details()
    ana.upload()
    ana.get("case")  # reads what it was told meanwhile, so that pages can be compared
    return ana


def staff(role: str) -> Client:
    user = User.objects.create_user(f"{role}@example.org", "x", is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    client = Client()
    client.force_login(user)
    return client


def page_url(page: str = "1") -> str:
    """The address that pages show; it is good as long as the session."""
    return f"/case/documents/{Document.objects.get().pk}/{page}"


def link(client: Client) -> str:
    """The address of the bytes, as a browser is led to it."""
    answer = client.get(page_url())
    assert answer.status_code == 302
    assert answer.headers["Cache-Control"] == "no-store, private"
    return str(answer.headers["Location"])


def same_404(answer: Any, unknown: Any) -> None:
    """Nothing tells one from the other, but the address that was asked for."""
    own = r'value="[A-Za-z0-9]{64}"|name="next" value="[^"]*"'
    pages = [re.sub(own, "", each.content.decode()) for each in (answer, unknown)]
    assert answer.status_code == unknown.status_code == 404
    assert pages[0] == pages[1]


def unknown(client: Client) -> Any:
    return client.get(f"/case/documents/{uuid.uuid4()}/1/no-ticket")


def test_owner_sees_the_picture_with_headers_that_disarm_it(ready: Applicant) -> None:
    answer = ready.client.get(link(ready.client))
    assert answer.status_code == 200
    assert answer.content[:3] == JPEG
    assert {
        "Content-Type": "image/jpeg",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store, private",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    }.items() <= dict(answer.headers).items()


def test_a_page_that_stays_open_gets_a_fresh_link_with_each_load(ready: Applicant) -> None:
    """Mutant seen red: pages show the ticket itself."""
    shown = re.search(r'<img src="(/case/documents/[^"]+)"', ready.get("case_documents").content.decode())
    assert shown
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        answer = ready.client.get(shown[1], follow=True)
    assert answer.content[:3] == JPEG


def test_a_link_is_good_for_a_minute(ready: Applicant) -> None:
    """Mutants seen red: no `max_age`; an hour."""
    now = clock.now()
    with time_machine.travel(now, tick=False):
        address = link(ready.client)
    with time_machine.travel(now + timedelta(seconds=55), tick=False):
        assert ready.client.get(address).status_code == 200
    with time_machine.travel(now + timedelta(seconds=61), tick=False):
        same_404(ready.client.get(address), unknown(ready.client))
    assert DocumentView.objects.count() == 1


def test_a_link_of_somebody_else_is_no_link(ready: Applicant) -> None:
    """Not even for who may see the picture. Mutant seen red: the viewer isn't signed."""
    reviewer, colleague = staff("reviewer"), staff("senior")
    address = link(reviewer)
    assert reviewer.get(address).status_code == 200
    for other in (colleague, ready.client):
        same_404(other.get(address), unknown(other))


def test_a_link_ends_with_the_session(ready: Applicant) -> None:
    """Nobody in particular has no ticket, and may see nothing either."""
    address = link(ready.client)
    ready.client.logout()
    same_404(ready.client.get(address), unknown(ready.client))


def test_a_link_ends_with_the_role(ready: Applicant) -> None:
    """Mutant seen red: a good ticket is enough."""
    reviewer = staff("reviewer")
    address = link(reviewer)
    User.objects.get(email="reviewer@example.org").groups.clear()
    same_404(reviewer.get(address), unknown(reviewer))


def test_a_link_is_for_one_page_of_one_document(ready: Applicant, outsider: Applicant) -> None:
    """Mutants seen red: the document isn't signed; the page isn't."""
    reviewer = staff("reviewer")
    mine = link(reviewer)
    first = Document.objects.get()
    outsider.give_details()
    outsider.upload()
    other = Document.objects.exclude(pk=first.pk).get()
    Document.objects.update(pages=first.pages * 2)
    assert reviewer.get(mine).status_code == 200
    for moved in (mine.replace(str(first.pk), str(other.pk)), mine.replace("/1/", "/2/")):
        assert moved != mine
        same_404(reviewer.get(moved), unknown(reviewer))


def test_a_link_is_for_looking_only(ready: Applicant) -> None:
    """What was signed for anything else is no ticket. Mutant seen red: the default salt."""
    document = Document.objects.get()
    subject = f"{ready.user.pk}/{document.pk}/1"
    for signer in (signing.TimestampSigner(), signing.TimestampSigner(salt="another purpose")):
        address = f"{page_url()}/{signer.sign(subject).removeprefix(subject + ':')}"
        same_404(ready.client.get(address), unknown(ready.client))
    assert ready.client.get(f"{page_url()}/{tickets.ticket(ready.user, document.pk, 1)}").status_code == 200


SPOILED = [
    *("x", ":", "::", "%00", "%E2%80%AE", "٣:٣", "1xX9F5:" + "A" * 43, "A" * 5000, "-:-"),
    *("{ticket}x", "x{ticket}", "{ticket}:", "{ticket}%0A", "{ticket}:{ticket}"),
]


def test_a_spoiled_link_is_the_same_404_as_an_unknown_one(ready: Applicant) -> None:
    """Mutant seen red: any ticket that has a colon."""
    ticket = link(ready.client).rpartition("/")[2]
    for spoiled in SPOILED:
        answer = ready.client.get(f"{page_url()}/{spoiled.format(ticket=ticket)}")
        same_404(answer, unknown(ready.client))
    assert not DocumentView.objects.exists()


def test_no_address_names_a_person(ready: Applicant) -> None:
    """Addresses end up in logs. Mutant seen red: `signing.dumps` of the account."""
    ticket = link(ready.client).rpartition("/")[2]
    moment, _, signature = ticket.partition(":")
    assert signing.b62_decode(moment) <= clock.now().timestamp()
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", signature)


def test_every_look_is_written_down(ready: Applicant) -> None:
    """Being led to a link is no look. Mutant seen red: bytes without a row."""
    reviewer = staff("reviewer")
    for client in (ready.client, reviewer):
        address = link(client)
        assert client.get(address).status_code == 200
    views = DocumentView.objects.order_by("at").values_list("viewer__email", "page")
    assert list(views) == [("ana@example.org", 1), ("reviewer@example.org", 1)]


def test_no_bytes_leave_when_the_look_cannot_be_written_down(
    ready: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(DocumentView.objects, "create", fail)
    ready.client.raise_request_exception = False
    answer = ready.client.get(link(ready.client))
    assert answer.status_code == 500
    assert JPEG not in answer.content


def test_picture_of_somebody_else_answers_like_one_that_does_not_exist(
    ready: Applicant, outsider: Applicant
) -> None:
    """Mutant seen red: `_document` doesn't ask who looks."""
    outsider.get("case")  # reads what it was told at the sign-up
    theirs = outsider.client.get(page_url())
    same_404(theirs, outsider.get("document_page", uuid.uuid4(), 1))
    forged = tickets.ticket(outsider.user, Document.objects.get().pk, 1)
    same_404(outsider.client.get(f"{page_url()}/{forged}"), unknown(outsider.client))
    assert not DocumentView.objects.exists()


@pytest.mark.parametrize("role", ["support", "operator"])
def test_staff_who_work_with_facts_do_not_see_pictures(ready: Applicant, role: str) -> None:
    assert staff(role).get(page_url()).status_code == 404


@pytest.mark.parametrize("page", ["0", "2", "99999999999999999999", "-1", "x"])
def test_page_that_does_not_exist_is_not_found(ready: Applicant, page: str) -> None:
    assert ready.client.get(page_url(page)).status_code == 404


def test_picture_needs_a_sign_in(ready: Applicant, browser: Client) -> None:
    answer = browser.get(page_url())
    assert answer.headers["Location"].startswith("/account/sign-in/")


def test_picture_whose_file_is_gone_is_not_found(ready: Applicant) -> None:
    stored_files()[0].unlink()
    assert ready.client.get(link(ready.client)).status_code == 404


def test_picture_that_cannot_be_read_now_says_try_again(
    ready: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> bytes:
        raise vault.VaultUnavailable("away")

    monkeypatch.setattr(vault, "read", away)
    answer = ready.client.get(link(ready.client))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "try again in a minute" in words(answer)


def test_a_key_that_does_not_fit_is_a_clear_page_and_a_line_in_the_log(
    ready: Applicant, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Never garbage, never a 500. Mutants seen red: the error isn't caught; it isn't logged."""
    settings.DOCUMENT_KEYS = keyring.parse(keyring.fresh("another"))
    answer = ready.client.get(link(ready.client))
    assert answer.status_code == 503
    assert "its key does not fit" in words(answer)
    assert not DocumentView.objects.exists()
    (line,) = [each.getMessage() for each in caplog.records if "cannot be opened" in each.getMessage()]
    assert "DOCUMENT_KEYS lacks the master key tests" in line
    assert "ana" not in line


def test_an_upload_without_the_right_key_asks_for_another_try(
    ready: Applicant, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DOCUMENT_KEYS = keyring.parse(keyring.fresh("another"))
    answer = ready.upload()
    assert answer.status_code == 503
    assert "We could not store the file just now" in words(answer)
    assert "DOCUMENT_KEYS lacks the master key tests" in caplog.text
    assert len(stored_files()) == 1


def test_a_picture_that_waits_for_the_scanner_says_so(ready: Applicant) -> None:
    """To its owner as well. Mutant seen red: the page shows the picture whatever the scanner says."""
    Document.objects.update(scan=Scan.WAITING)
    for client in (ready.client, staff("reviewer")):
        answer = client.get(link(client))
        assert answer.status_code == 503
        assert "waits for our virus scanner" in words(answer)
    page = ready.get("case_documents")
    assert "waits for our virus scanner" in words(page)
    assert "/case/documents/" + str(Document.objects.get().pk) not in page.content.decode()
    assert not DocumentView.objects.exists()


def test_the_secret_that_signs_links_is_that_of_the_site() -> None:
    assert tickets.LOOKING.key == django_settings.SECRET_KEY
