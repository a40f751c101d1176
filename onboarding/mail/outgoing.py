"""Sending owed e-mails: at least once, always with the same Message-ID.

A sender takes a round of rows, so that no other one sends them, and marks each as soon as it is sent. Who
dies in between leaves the rest to a later round, and the receiving server can tell a repetition by its id.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import close_old_connections, transaction
from django.db.models import F, QuerySet

from onboarding import clock
from onboarding.domain.messages import ReminderDelivered
from onboarding.domain.notices import REMINDERS
from onboarding.mail import notices
from onboarding.models.emails import Email
from onboarding.records import outbox

logger = logging.getLogger(__name__)

ROUND = 50
ROUND_SECONDS = 20.0
"""What is left of a round then is given back, long before others may take it."""
TAKEN_FOR = timedelta(seconds=60)
LONGEST_RETRY = timedelta(minutes=15)
PARK_AFTER_ATTEMPTS = 40
"""About eight hours of a mail server that says no."""


def send_due(stop: threading.Event | None = None) -> int:
    """Sends a round of what is owed and due; returns how many e-mails were taken over by the mail server.

    What it has no time for, or comes after `stop`, is given back for the next round or another sender.
    """
    if not _due().exists():
        return 0
    server = get_connection()  # one for all: greeting a mail server can take longer than the mail
    taken = _take()
    end = time.monotonic() + ROUND_SECONDS
    sent = 0
    try:
        for number, email in enumerate(taken):
            if time.monotonic() > end or (stop and stop.is_set()):
                _give_back(taken[number:])
                break
            sent += _send(email, server)
    finally:
        _hang_up(server)
    return sent


def _take() -> Sequence[Email]:
    """A round that is this sender's alone, for a while; empty where another one was faster."""
    with transaction.atomic():
        # SQLite knows no row locks and needs none: a transaction of ours is its only writer from the start.
        due = _due().select_related("case", "recipient").order_by("next_attempt_at")
        taken = list(due.select_for_update(of=("self",), skip_locked=True)[:ROUND])
        until = clock.now() + TAKEN_FOR
        _rows(taken).update(next_attempt_at=until, attempts=F("attempts") + 1)
    for email in taken:
        email.attempts, email.next_attempt_at = email.attempts + 1, until
    return taken


def _give_back(untouched: Sequence[Email]) -> None:
    """Those that nobody has taken meanwhile: one mail can take longer than the rest was ours."""
    still_ours = _rows(untouched).filter(next_attempt_at=untouched[0].next_attempt_at)
    still_ours.update(next_attempt_at=clock.now(), attempts=F("attempts") - 1)


def _due() -> QuerySet[Email]:
    return Email.objects.filter(
        sent_at=None, dropped_at=None, parked_at=None, next_attempt_at__lte=clock.now()
    )


def _rows(emails: Iterable[Email]) -> QuerySet[Email]:
    return Email.objects.filter(pk__in=[email.pk for email in emails])


def _send(email: Email, server: Any) -> bool:
    if email.case is not None and email.kind in REMINDERS and notices.is_over(email):
        return _drop(email)
    if not address_of(email):
        return _drop(email)
    try:
        message = compose(email)
        server.open()
        server.send_messages([message])
    except (OSError, SMTPException) as error:
        logger.warning("e-mail %s waits: %s", email.pk, type(error).__name__)
        _retry(email, type(error).__name__)
        _hang_up(server)  # whatever state it is in, the next mail has a fresh one
        return False
    except Exception as error:
        logger.exception("e-mail %s cannot be rendered", email.pk)
        _retry(email, type(error).__name__)
        return False
    _delivered(email, clock.now())
    return True


def _hang_up(server: Any) -> None:
    with contextlib.suppress(OSError, SMTPException):
        server.close()


def _drop(email: Email) -> bool:
    """Nobody wants it any more: what it says is over, or who should read it is gone."""
    Email.objects.filter(pk=email.pk).update(dropped_at=clock.now(), details={})
    return False


def compose(email: Email) -> EmailMultiAlternatives:
    """The message as it goes out: plain text, HTML, and an id made from the row."""
    content = notices.content(email)
    message = EmailMultiAlternatives(
        subject=" ".join(content.subject.split()),
        body=content.text,
        to=[address_of(email)],
        headers={
            "Message-ID": f"<{email.pk}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    if content.html:
        message.attach_alternative(content.html, "text/html")
    return message


def address_of(email: Email) -> str:
    """Where it goes; empty when nobody is there any more.

    Account mail keeps the address it was owed to: a code must not follow its account to another mail box.
    """
    if email.to_address:
        return email.to_address
    return email.recipient.email if email.recipient and email.recipient.is_active else ""


def _delivered(email: Email, at: datetime) -> None:
    """Marks it, forgets secrets, and tells the case about a reminder that reached the mail server."""
    row = Email.objects.filter(pk=email.pk)
    if email.case is None or email.kind not in REMINDERS:
        row.update(sent_at=at, last_error="", details={})
        return
    fact = ReminderDelivered(
        message_id=str(uuid.uuid5(email.pk, "delivered")),
        occurred_at=clock.case_now(email.case),
        stage=email.stage,
        rung=email.rung,
    )
    with transaction.atomic():
        row.update(sent_at=at, last_error="", details={})
        outbox.append(email.case, fact)


def _retry(email: Email, error: str) -> None:
    waits = min(timedelta(seconds=5) * 2 ** min(email.attempts - 1, 10), LONGEST_RETRY)
    parked = clock.now() if email.attempts >= PARK_AFTER_ATTEMPTS else None
    Email.objects.filter(pk=email.pk).update(
        next_attempt_at=clock.now() + waits, last_error=error[:300], parked_at=parked
    )


def send_again(email: Email) -> None:
    """Gives a parked e-mail another round of attempts."""
    Email.objects.filter(pk=email.pk).update(parked_at=None, attempts=0, next_attempt_at=clock.now())


def run(stop: threading.Event, pause_seconds: float = 1.0) -> None:
    """Sends until told to stop; a fault is logged and the next round tries again."""
    while not stop.is_set():
        try:
            close_old_connections()
            send_due(stop)
        except Exception:
            logger.exception("owed e-mails could not be sent")
        finally:
            close_old_connections()
        stop.wait(pause_seconds)
