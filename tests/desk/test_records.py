"""Parked messages and e-mails: shown with their reason, and tried again by those who may."""

from __future__ import annotations

import pytest
from django.apps import apps

from onboarding import clock
from onboarding.models.emails import Email
from onboarding.models.outbox import OutboxMessage
from onboarding.models.people import User
from tests.desk.cases import make_row
from tests.desk.conftest import Desk

pytestmark = pytest.mark.database

MESSAGES, EMAILS = "/admin/onboarding/outboxmessage/", "/admin/onboarding/email/"


@pytest.fixture
def parked_message(db: None) -> OutboxMessage:
    message = OutboxMessage.objects.get(case=make_row(place="new"))
    message.parked_at, message.attempts, message.last_error = clock.now(), 12, "KeyError: it cannot be read"
    message.save()
    return message


@pytest.fixture
def parked_email(db: None) -> Email:
    row = make_row()
    return Email.objects.create(
        case=row,
        key="1",
        kind="approved",
        recipient=row.applicant,
        owed_at=clock.now(),
        next_attempt_at=clock.now(),
        parked_at=clock.now(),
        attempts=40,
        last_error="SMTPException",
        details={"code": "the secret code 123456"},
    )


def test_a_parked_message_is_shown_with_its_reason(parked_message: OutboxMessage, otto: User, desk: Desk):
    page = desk(otto).get(f"{MESSAGES}?state=parked").content.decode()
    assert "parked: needs a person" in page
    assert "KeyError: it cannot be read" in page
    assert desk(otto).get(f"{MESSAGES}?state=done").context["cl"].result_count == 0


def test_a_parked_message_is_tried_again(parked_message: OutboxMessage, otto: User, desk: Desk):
    """Mutant: the action does nothing."""
    order = {"action": "try_again", "_selected_action": [parked_message.pk]}
    answer = desk(otto).post(MESSAGES, order, follow=True)
    assert "1 messages are tried again." in answer.content.decode()
    parked_message.refresh_from_db()
    assert (parked_message.parked_at, parked_message.attempts) == (None, 0)


def test_a_delivered_message_is_not_sent_twice(parked_message: OutboxMessage, otto: User, desk: Desk):
    OutboxMessage.objects.update(parked_at=None, delivered_at=clock.now())
    desk(otto).post(MESSAGES, {"action": "try_again", "_selected_action": [parked_message.pk]})
    parked_message.refresh_from_db()
    assert parked_message.attempts == 12


def test_a_parked_e_mail_is_sent_again(parked_email: Email, sue: User, desk: Desk):
    desk(sue).post(EMAILS, {"action": "send_again", "_selected_action": [str(parked_email.pk)]})
    parked_email.refresh_from_db()
    assert parked_email.state == "owed"


def test_reviewers_are_not_offered_to_send_again(parked_email: Email, rita: User, desk: Desk):
    """Mutant: the action without `permissions`."""
    desk(rita).post(EMAILS, {"action": "send_again", "_selected_action": [str(parked_email.pk)]})
    parked_email.refresh_from_db()
    assert parked_email.state == "parked"


def test_words_and_address_of_an_e_mail_are_not_shown(parked_email: Email, otto: User, desk: Desk):
    """Account mail carries codes. Mutant: `exclude` without the text."""
    client = desk(otto)
    for address in (EMAILS, f"{EMAILS}{parked_email.pk}/change/"):
        page = client.get(address).content.decode()
        assert "123456" not in page
        assert parked_email.recipient.email not in page
        assert "···@people.example" in page


@pytest.mark.parametrize("what", ["case", "auditevent", "email", "outboxmessage"])
def test_nothing_recorded_can_be_edited(what: str, make_staff, parked_email: Email, desk: Desk):
    """Not even by superusers. Mutant: a plain ModelAdmin."""
    client = desk(make_staff("superuser", "Ada Alba"))
    kind = apps.get_model("onboarding", what)
    newest = kind.objects.first()
    before = kind.objects.filter(pk=newest.pk).values().get()
    page = f"/admin/onboarding/{what}/{newest.pk}/change/"
    assert client.post(page, {"status": "approved", "reason": "x"}).status_code in {200, 403}
    assert kind.objects.filter(pk=newest.pk).values().get() == before
    assert client.post(f"/admin/onboarding/{what}/add/", {}).status_code == 403
    assert client.post(f"/admin/onboarding/{what}/{newest.pk}/delete/", {"post": "yes"}).status_code == 403
