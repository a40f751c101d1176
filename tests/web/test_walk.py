"""The whole walk of an applicant, by plain forms, while Temporal is away."""

from __future__ import annotations

from django.test import Client

from onboarding.domain.status import CaseStatus
from onboarding.models.outbox import OutboxMessage
from onboarding.records import queries
from tests.web.people import code_in, enter_code, make_applicant, newest_mail, sign_up, words


def test_sign_up_to_submission_works_while_temporal_is_away(browser: Client) -> None:
    ana = make_applicant(client=browser)
    ana.hand_in()
    assert queries.current_state(ana.case).status is CaseStatus.CHECKING
    assert "We are checking your pictures" in words(ana.get("case"))
    names = list(OutboxMessage.objects.order_by("sequence").values_list("name", "delivered_at"))
    assert names == [
        (name, None) for name in ("start", "email_verified", "profile_completed", "id_uploaded", "submitted")
    ]


def test_sign_up_leads_to_the_code_and_the_code_to_the_case(browser: Client) -> None:
    answer = sign_up(browser)
    assert answer.headers["Location"] == "/account/confirm/"
    page = browser.get("/account/confirm/")
    assert "ana@example.org" in words(page)
    answer = enter_code(browser, code_in(newest_mail("ana@example.org")))
    assert answer.headers["Location"] == "/case/"
    assert "tell us your details" in words(browser.get("/case/"))
