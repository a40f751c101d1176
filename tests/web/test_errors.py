"""What people see when something is wrong: a sentence and a way on, never a trace."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from onboarding.records import queries
from tests.web.people import Applicant, words

pytestmark = pytest.mark.database

PAGES = ["/", "/account/sign-up/", "/account/sign-in/", "/account/password/", "/nothing", "/case/"]


@pytest.mark.parametrize(
    "path", ["/nothing", "/case/nothing/", "/account/nothing", "/%00", "/case/documents/x/1"]
)
def test_wrong_address_says_so_and_leads_on(browser: Client, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in words(answer)
    assert 'href="/"' in answer.content.decode()


def test_our_own_fault_shows_no_trace(ana: Applicant, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_row: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(queries, "current_snapshot", fail)
    ana.client.raise_request_exception = False
    answer = ana.get("case")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in words(answer)
    assert "secret detail" not in answer.content.decode()


def test_form_from_elsewhere_is_refused_with_a_way_on(ana: Applicant) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = ana.client.cookies
    for path in ("/case/withdraw/", "/case/submit/", "/account/sign-in/", "/account/sign-up/"):
        answer = strict.post(path, {})
        assert answer.status_code == 403
        assert "Go back, reload the page and send it again" in words(answer)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_strict_policy(browser: Client, path: str) -> None:
    headers = browser.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/case/"])
def test_pages_need_no_inline_script_or_style(browser: Client, path: str) -> None:
    page = browser.get(path).content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert "<script>" not in page
    assert " onclick" not in page


def test_language_that_is_not_complete_is_not_offered(browser: Client) -> None:
    """Half a page in another language is worse than none: libraries speak French, we don't."""
    page = browser.get("/account/sign-in/", headers={"accept-language": "fr-FR,fr;q=0.9"})
    assert '<html lang="en">' in page.content.decode()
    page = browser.post("/account/sign-in/", {}, headers={"accept-language": "fr"})
    assert "This field is required." in words(page)


def test_too_many_fields_are_refused_without_a_fault(ana: Applicant) -> None:
    answer = ana.client.post("/case/details/", {f"f{number}": "x" for number in range(300)})
    assert answer.status_code == 400
    assert "We could not understand this" in words(answer)


def test_huge_form_is_refused_without_a_fault(ana: Applicant) -> None:
    body = "given_name=" + "x" * 400_000
    answer = ana.client.post("/case/details/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400


@pytest.mark.parametrize("body", [b"", b"--x\r\nbroken", b"\xff\xfe\x00"])
def test_broken_multipart_is_refused_without_a_fault(ana: Applicant, body: bytes) -> None:
    for kind in ("multipart/form-data; boundary=x", "multipart/form-data", "text/nonsense"):
        answer = ana.client.post("/case/documents/passport/", body, content_type=kind)
        assert answer.status_code in {400, 409, 422}
