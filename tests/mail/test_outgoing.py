"""Owed mail reaches the mail server: at least once, always under the same id, or it says why not."""

from __future__ import annotations

import threading
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import F

from onboarding import clock
from onboarding.domain.notices import NoticeKind
from onboarding.mail import notices, outgoing
from onboarding.mail.rendering import Content
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.models.outbox import OutboxMessage
from onboarding.models.people import User
from onboarding.records import outbox
from onboarding.usecases import applicant
from tests.live import in_threads
from tests.mail.conftest import LOST, SLOW, TAKEN, MailServer

pytestmark = pytest.mark.database


def owe(case: Case | None, kind: str = NoticeKind.CONFIRM_REMINDER, **fields: Any) -> Email:
    """An e-mail that is due now; a reminder belongs to the first wait of the case."""
    now = clock.now()
    recipient = {"recipient": case.applicant} if case else {}
    fields = {"stage": 1, "rung": 1, "key": f"1-{kind}", **recipient, **fields}
    return Email.objects.create(case=case, kind=kind, owed_at=now, next_attempt_at=now, **fields)


def owe_account_mail(**fields: Any) -> Email:
    details = {"code": "123456", "link": "http://testserver/account/confirm/x/"}
    return owe(
        None,
        "account",
        **{
            "template": "account/email/confirm.txt",
            "details": details,
            "to_address": "ana@example.org",
            **fields,
        },
    )


def make_due() -> None:
    """The pause after a failed attempt is over."""
    Email.objects.update(next_attempt_at=F("owed_at"))


def test_mail_carries_both_parts_and_an_id_made_from_its_row(case: Case, mail_server: MailServer) -> None:
    email = owe(case)
    assert outgoing.send_due() == 1
    email.refresh_from_db()
    assert email.state == "sent"
    (message,) = mail_server.received
    assert message["Message-ID"] == f"<{email.pk}@testserver>"
    assert message["To"] == "ana@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_sent_mail_is_not_sent_again(case: Case, mail_server: MailServer) -> None:
    owe(case)
    outgoing.send_due()
    make_due()
    assert outgoing.send_due() == 0
    assert len(mail_server.received) == 1


@pytest.mark.parametrize("answer", ["451 try later", "550 no", "554 never", LOST, SLOW])
def test_mail_that_failed_is_sent_later_under_the_same_id(
    case: Case, mail_server: MailServer, answer: str
) -> None:
    """The receiving server can tell the repetition by its id (mutant: a fresh uuid in `compose`)."""
    email = owe(case)
    mail_server.answers = [answer]
    assert outgoing.send_due() == 0
    email.refresh_from_db()
    assert (email.state, email.attempts) == ("owed", 1)
    assert email.last_error
    assert email.next_attempt_at > clock.now()
    make_due()
    assert outgoing.send_due() == 1
    assert set(mail_server.message_ids) == {f"<{email.pk}@testserver>"}
    assert len(mail_server.received) == (2 if answer in {LOST, SLOW} else 1)


def test_mail_waits_for_a_server_that_is_not_there(
    case: Case, settings: Any, mail_server: MailServer
) -> None:
    email = owe(case)
    settings.EMAIL_PORT = 9
    assert outgoing.send_due() == 0
    email.refresh_from_db()
    assert (email.state, email.last_error) == ("owed", "ConnectionRefusedError")


def test_mail_is_parked_when_all_attempts_failed(case: Case, mail_server: MailServer) -> None:
    email = owe(case, attempts=outgoing.PARK_AFTER_ATTEMPTS - 1)
    mail_server.answers = ["550 no"]
    outgoing.send_due()
    email.refresh_from_db()
    assert email.state == "parked"
    make_due()
    assert outgoing.send_due() == 0
    outgoing.send_again(email)
    assert outgoing.send_due() == 1


def test_one_of_two_senders_takes_a_mail(case: Case) -> None:
    """Mutant seen red: `_take` does not move the moment of the next attempt, and both send."""
    email = owe(case)
    assert outgoing._take() == [email]
    assert outgoing._take() == []


@pytest.mark.django_db(transaction=True)
def test_senders_at_the_same_time_send_each_mail_once(mail_server: MailServer) -> None:
    """Mutants seen red: `_take` without its transaction; on Postgres without its locks."""
    for number in range(60):
        owe_account_mail(key=str(number))

    def send() -> int:
        return sum(outgoing.send_due() for _ in range(3))

    sent = in_threads(send, send, send)
    assert sum(map(int, sent)) == len(mail_server.message_ids) == len(set(mail_server.message_ids)) == 60


def test_a_round_uses_one_connection(mail_server: MailServer, db: None) -> None:
    """Mutant seen red: `_send` hangs up after each mail."""
    for number in range(3):
        owe_account_mail(key=str(number))
    assert outgoing.send_due() == 3
    assert len(mail_server.callers) == 1
    assert len(set(mail_server.message_ids)) == 3


@pytest.mark.parametrize("answer", ["451 try later", LOST, SLOW])
def test_a_failure_does_not_hold_up_the_rest_of_the_round(
    mail_server: MailServer, db: None, answer: str
) -> None:
    """Mutant seen red: no fresh connection for the rest, which a lost one then fails."""
    for number in range(3):
        owe_account_mail(key=str(number))
    mail_server.answers = [TAKEN, answer]
    assert outgoing.send_due() == 2
    assert Email.objects.filter(sent_at=None).count() == 1


def test_what_a_round_has_no_time_for_is_given_back(
    mail_server: MailServer, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was not tried, so nothing counts against it (mutant seen red: it is not, and waits a minute)."""
    for number in range(2):
        owe_account_mail(key=str(number))
    moments = iter([0.0, 1.0, outgoing.ROUND_SECONDS + 1])
    monkeypatch.setattr(outgoing, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    assert outgoing.send_due() == 1
    left = Email.objects.get(sent_at=None)
    assert left.attempts == 0
    assert left.next_attempt_at <= clock.now()


def test_a_sender_that_is_stopped_gives_its_round_back(mail_server: MailServer, db: None) -> None:
    """Else a deployment would hold up codes for a minute (mutant seen red: `stop` is not looked at)."""
    email = owe_account_mail()
    stop = threading.Event()
    stop.set()
    assert outgoing.send_due(stop) == 0
    email.refresh_from_db()
    assert (email.attempts, mail_server.received) == (0, [])
    assert outgoing.send_due() == 1


def test_what_another_sender_has_taken_meanwhile_is_not_given_back(db: None) -> None:
    """Else a third one would send it too (mutant seen red: `_give_back` asks only for the rows)."""
    owe_account_mail()
    mine = outgoing._take()
    make_due()
    (theirs,) = outgoing._take()
    outgoing._give_back(mine)
    theirs.refresh_from_db()
    assert theirs.attempts == 2
    assert theirs.next_attempt_at > clock.now()


def test_mail_that_cannot_be_rendered_does_not_hold_up_the_others(
    case: Case, mail_server: MailServer
) -> None:
    broken = owe(case, "no_such_kind")
    owe(case)
    assert outgoing.send_due() == 1
    broken.refresh_from_db()
    assert (broken.state, broken.last_error) == ("owed", "ValueError")


def test_reminder_is_dropped_when_its_wait_is_over(case: Case, mail_server: MailServer) -> None:
    """Nobody is reminded of what they have done (mutant: `is_over` always False)."""
    email = owe(case)
    applicant.confirm_email(case.applicant)
    assert outgoing.send_due() == 0
    email.refresh_from_db()
    assert email.state == "dropped"
    assert mail_server.received == []


def test_delivered_reminder_is_told_to_its_case(case: Case, mail_server: MailServer) -> None:
    email = owe(case)
    outgoing.send_due()
    message = OutboxMessage.objects.get(name="reminder_delivered")
    assert (message.payload["stage"], message.payload["rung"]) == (1, 1)
    assert message.case_id == email.case_id


def test_other_mail_tells_the_case_nothing(case: Case, mail_server: MailServer) -> None:
    owe(case, NoticeKind.WITHDRAWN)
    outgoing.send_due()
    assert list(OutboxMessage.objects.values_list("name", flat=True)) == [outbox.START]


def test_secrets_are_forgotten_once_they_are_sent(mail_server: MailServer, db: None) -> None:
    email = owe_account_mail()
    outgoing.send_due()
    email.refresh_from_db()
    assert email.details == {}
    (received,) = mail_server.received
    assert "\r\n123456\r\n" in received.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_code_stays_with_the_address_it_was_made_for(case: Case, mail_server: MailServer) -> None:
    """Else whoever corrects an address could read a code for the old one (mutant: recipient first)."""
    owe_account_mail(recipient=case.applicant)
    User.objects.filter(pk=case.applicant_id).update(email="else@example.org")
    outgoing.send_due()
    assert [message["To"] for message in mail_server.received] == ["ana@example.org"]


def test_mail_to_a_closed_account_is_dropped(case: Case, mail_server: MailServer) -> None:
    email = owe(case, NoticeKind.APPROVED)
    User.objects.update(is_active=False)
    assert outgoing.send_due() == 0
    email.refresh_from_db()
    assert email.state == "dropped"


def test_mail_of_a_deleted_account_goes_with_it(db: None, mail_server: MailServer) -> None:
    user = User.objects.create_user("gone@example.org", "x")
    owe_account_mail(recipient=user, to_address="gone@example.org")
    user.delete()
    assert outgoing.send_due() == 0
    assert mail_server.received == []


def test_line_breaks_in_a_subject_add_no_header(
    mail_server: MailServer, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a template lets in (mutant seen red: `compose` takes the subject as it is)."""
    words = Content("Hello\r\nBcc: victim@example.org", "text", "")
    monkeypatch.setattr(notices, "content", lambda _email: words)
    owe_account_mail()
    outgoing.send_due()
    (message,) = mail_server.received
    assert message["Bcc"] is None
    assert message["Subject"] == "Hello Bcc: victim@example.org"


def test_line_breaks_in_an_address_send_nothing(mail_server: MailServer, db: None) -> None:
    email = owe_account_mail(to_address="a@example.org\r\nBcc: b@example.org")
    assert outgoing.send_due() == 0
    email.refresh_from_db()
    assert email.state == "owed"
    assert mail_server.received == []


def test_pauses_between_attempts_grow_to_their_limit(case: Case) -> None:
    email = owe(case)
    waits = []
    for attempts in (1, 2, 5, 39):
        email.attempts = attempts
        outgoing._retry(email, "OSError")
        email.refresh_from_db()
        waits.append(email.next_attempt_at - clock.now())
    assert waits == sorted(waits)
    assert timedelta(seconds=4) < waits[0] < timedelta(seconds=6)
    assert waits[-1] <= outgoing.LONGEST_RETRY
