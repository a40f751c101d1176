"""A case whose applicant gets mail, and a mail server that can be told to misbehave."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import transaction

from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.usecases import applicant
from temporal_app.devserver.ports import LOOPBACK, free_ports

TIMEOUT_SECONDS = 0.5
TAKEN = "250 taken over"
LOST = "lost"
"""Takes the mail over, then hangs up before it can say so."""
SLOW = "slow"
"""Takes the mail over, but says so later than anybody waits."""


@dataclass
class MailServer:
    """Answers each mail with the next of `answers`; afterwards it takes everything over."""

    answers: list[str] = field(default_factory=list)
    received: list[EmailMessage] = field(default_factory=list)
    callers: set[object] = field(default_factory=set)
    """The far ends of the connections that brought mail."""

    @property
    def message_ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.received]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.callers.add(session.peer)
        answer = self.answers.pop(0) if self.answers else TAKEN
        if answer in {TAKEN, LOST, SLOW}:
            raw = envelope.original_content or b""
            self.received.append(message_from_bytes(raw, policy=policy.default))
        if answer == LOST:
            assert server.transport is not None
            server.transport.close()
        if answer == SLOW:
            await asyncio.sleep(TIMEOUT_SECONDS * 3)
        return answer if answer[:1].isdigit() else TAKEN


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    """Where our mail goes in this test, over a real connection."""
    server = MailServer()
    controller = Controller(server, hostname=LOOPBACK, port=free_ports(1)[0])
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = LOOPBACK, controller.port
    settings.EMAIL_TIMEOUT = TIMEOUT_SECONDS
    controller.start()
    yield server
    controller.stop()


@pytest.fixture
def case(db: None) -> Case:
    with transaction.atomic():
        user = User.objects.create_user("ana@example.org", "x", time_zone="Europe/Madrid")
        return applicant.sign_up(user)
