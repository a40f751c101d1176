"""The status page: what it says, what it offers, how it changes, and what it refuses."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from onboarding.domain.status import CaseStatus
from onboarding.models.outbox import OutboxMessage
from onboarding.models.people import User
from onboarding.records import projections, queries
from tests.domain.builders import approve, ask_again, checked, heard, refuse_it, walked
from tests.web.people import Applicant, key, words

pytestmark = pytest.mark.database

MUTATIONS = ["case_submit", "case_withdraw", "case_reopen", "case_confirm_again", "case_details"]


def buttons(page: Any) -> list[str]:
    """The words of everything that looks like the one button."""
    found = re.findall(r'class="primary"[^>]*>([^<]+)<', page.content.decode())
    return [text.strip() for text in found]


def bring_to(ana: Applicant, *messages: Any) -> None:
    """The workflow has recorded what these messages made of the case."""
    state = queries.current_state(ana.case)
    for message in messages:
        order = message(state) if callable(message) else message
        state = heard(state, order, state.changed_at)
    projections.record(state)


def in_review(ana: Applicant) -> None:
    ana.hand_in()
    bring_to(ana, lambda state: checked(state, state.changed_at))


def test_page_names_turn_deadline_zone_and_reference(ana: Applicant) -> None:
    ana.client.cookies["time_zone"] = "Europe/Madrid"
    page = words(ana.get("case"))
    assert re.search(r"It's your turn: tell us your details by \w{3} .* \(CES?T\), in 14 days\.", page)
    assert "All times are shown for Europe/Madrid" in page
    assert ana.case.reference in page


def test_page_offers_one_thing_at_a_time(ana: Applicant) -> None:
    assert buttons(ana.get("case")) == ["Give your details"]
    ana.give_details()
    assert buttons(ana.get("case")) == ["Add the photo page of your passport"]
    ana.upload()
    assert buttons(ana.get("case")) == ["Submit for review"]
    ana.post("case_submit")
    assert buttons(ana.get("case")) == []


def test_page_predicts_what_happens_next(ana: Applicant) -> None:
    """Mutant: leaving the future out of `status_of`."""
    page = words(ana.get("case"))
    for line in ("We remind you by e-mail (1 of 4).", "Your application closes.", "can be reopened"):
        assert line in page


def test_review_is_told_with_its_promise(ana: Applicant) -> None:
    in_review(ana)
    page = words(ana.get("case"))
    assert "We are looking at it. You don't need to do anything." in page
    assert "promised by" in page


def test_approval_is_told(ana: Applicant) -> None:
    in_review(ana)
    bring_to(ana, approve)
    page = ana.get("case")
    assert "You are approved." in words(page)
    assert buttons(page) == []
    assert "Withdraw" not in words(page)


def test_refusal_gives_its_reasons(ana: Applicant) -> None:
    in_review(ana)
    bring_to(ana, refuse_it)
    assert "the details do not match the document" in words(ana.get("case"))


def test_request_to_send_again_names_item_and_attempts(ana: Applicant) -> None:
    in_review(ana)
    bring_to(ana, lambda state: ask_again(state, "passport"))
    page = ana.get("case")
    assert "send the photo page of your passport again" in words(page)
    assert "We can ask again 2 more times." in words(page)
    assert buttons(page) == ["Send the photo page of your passport again"]


def test_names_of_staff_stay_inside(ana: Applicant) -> None:
    User.objects.create_user("rita@example.org", "x", pk=21, is_staff=True)
    in_review(ana)
    bring_to(ana, approve)
    assert "rita" not in ana.get("case").content.decode()


def test_withdrawal_asks_first(ana: Applicant) -> None:
    assert "Yes, withdraw it" in words(ana.get("case_withdraw"))
    assert queries.current_state(ana.case).status is CaseStatus.COLLECTING
    ana.post("case_withdraw")
    assert "The application was withdrawn." in words(ana.get("case"))
    assert buttons(ana.get("case")) == ["Reopen my application"]


def test_form_sent_twice_is_one_message(ana: Applicant) -> None:
    """Mutant: a fresh key in the view instead of the form's."""
    data = {"key": key()}
    for _ in range(2):
        answer = ana.client.post("/case/withdraw/", data)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/case/")
    assert OutboxMessage.objects.filter(name="withdrawn").count() == 1


@pytest.mark.parametrize("name", ["case_submit", "case_withdraw", "case_reopen"])
@pytest.mark.parametrize("data", [{}, {"key": "nonsense"}, {"key": "x" * 10_000}, {"key": "\x00"}])
def test_form_without_its_key_is_refused(ana: Applicant, name: str, data: dict[str, str]) -> None:
    answer = ana.client.post(reverse(name), data)
    assert answer.status_code == 400
    assert "Reload the page and send it again" in words(answer)


def test_submitting_out_of_turn_is_refused_with_the_page(ana: Applicant) -> None:
    answer = ana.post("case_submit")
    assert answer.status_code == 409
    assert "not at this step any more" in words(answer)
    ana.give_details()
    answer = ana.post("case_submit")
    assert answer.status_code == 409
    assert "Some pictures are still missing" in words(answer)
    assert not OutboxMessage.objects.filter(name="submitted").exists()


def test_withdrawing_twice_is_refused_with_the_page(ana: Applicant) -> None:
    ana.post("case_withdraw")
    answer = ana.post("case_withdraw")
    assert answer.status_code == 409
    assert "The case is closed" in words(answer)
    assert ana.get("case_withdraw").headers["Location"] == "/case/"


def test_reopening_says_so_when_temporal_is_away(ana: Applicant) -> None:
    """The button keeps its key, so that trying again is safe (mutant: a fresh key on the page)."""
    ana.post("case_withdraw")
    form_key = key()
    answer = ana.post("case_reopen", key=form_key)
    assert answer.status_code == 503
    assert "please try again in a minute" in words(answer)
    assert f'name="key" value="{form_key}"' in answer.content.decode()


def test_address_proven_while_the_case_was_closed_counts_after_it_was_reopened(ana: Applicant) -> None:
    """Else a case reopened in its first step would wait for ever for an address that is proven."""
    row = ana.case
    OutboxMessage.objects.filter(name="email_verified").delete()
    assert queries.current_state(row).status is CaseStatus.EMAIL_PENDING
    assert buttons(ana.get("case")) == ["Go on with your confirmed address"]
    ana.post("case_confirm_again")
    assert queries.current_state(row).status is CaseStatus.COLLECTING


def test_expired_case_says_until_when_it_can_be_reopened(ana: Applicant) -> None:
    state = walked(queries.current_state(ana.case), lambda case: not case.is_open)
    projections.record(state)
    page = words(ana.get("case"))
    assert "closed because the deadline passed. It can be reopened until" in page


def test_open_page_hears_of_changes_and_costs_nothing_otherwise(ana: Applicant) -> None:
    """Mutant: a constant tag, or one without the outbox."""
    tag = re.search(r'data-tag="([^"]+)"', ana.get("case").content.decode())
    assert tag
    assert ana.client.get(f"/case/live/?seen={tag[1]}").status_code == 204
    ana.give_details()
    answer = ana.client.get(f"/case/live/?seen={tag[1]}")
    assert answer.status_code == 200
    assert "Add the photo page of your passport" in words(answer)
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize("seen", ["", "x" * 5000, "\x00"])
def test_nonsense_version_gets_the_whole_part(ana: Applicant, seen: str) -> None:
    assert ana.client.get("/case/live/", {"seen": seen}).status_code == 200


def test_open_page_leads_to_sign_in_when_the_session_ended(browser: Client) -> None:
    """The script of the page loads it anew then, and that leads to the sign-in."""
    for name in ("case_live", "case_events"):
        assert browser.get(reverse(name)).status_code == 401


@pytest.mark.parametrize("name", ["case", "case_details", "case_documents", *MUTATIONS])
def test_pages_of_a_case_need_a_sign_in(browser: Client, name: str) -> None:
    for ask in (browser.get, browser.post):
        answer = ask(reverse(name))
        assert answer.status_code in {302, 405}
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith("/account/sign-in/")


def test_everybody_sees_and_changes_only_their_own_case(ana: Applicant, outsider: Applicant) -> None:
    """No address carries the id of a case; whatever a form says about others is ignored."""
    ana.post("case_withdraw", case=str(outsider.case.pk), applicant=str(outsider.user.pk))
    assert queries.current_state(ana.case).status is CaseStatus.WITHDRAWN
    assert queries.current_state(outsider.case).status is CaseStatus.COLLECTING
    assert outsider.case.reference not in words(ana.get("case"))


@pytest.mark.parametrize("name", ["case_submit", "case_reopen", "case_confirm_again"])
def test_looking_changes_nothing(ana: Applicant, name: str) -> None:
    assert ana.get(name).status_code == 405


def test_pages_of_a_case_are_never_kept_by_caches(ana: Applicant) -> None:
    for name in ("case", "case_details", "case_withdraw", "case_live"):
        assert "no-store" in ana.get(name).headers["Cache-Control"]


def test_case_of_a_fact_out_of_reach_is_still_shown(ana: Applicant) -> None:
    """A row that cannot be read any more must not take the page with it: it is parked."""
    OutboxMessage.objects.filter(name="email_verified").update(parked_at="2026-01-01T00:00Z")
    assert ana.get("case").status_code == 200


def test_landing_promises_what_the_policy_says(browser: Client, settings: Any) -> None:
    page = words(browser.get("/"))
    assert "the photo page of your passport" in page
    assert "within 24 hours" in page
    settings.POLICY = {"review_sla_seconds": 7200, "selfie_required": True}
    page = words(browser.get("/"))
    assert "within 2 hours" in page
    assert "a picture of yourself" in page


def test_rows_only(ana: Applicant, django_assert_max_num_queries: Any) -> None:
    """The page asks the database a handful of times, and nobody else."""
    with django_assert_max_num_queries(8):
        ana.get("case")
