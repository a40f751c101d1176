"""Links to pictures that are good for a minute, for one person and one purpose.

A ticket is a moment and a signature. What was signed stands beside it: the account in the session, document
and page in the address. So no address names a person, and whoever changes one of them holds a ticket for
something else.
"""

from __future__ import annotations

import uuid

from django.core import signing

from onboarding.models.people import User

SECONDS = 60
LOOKING = signing.TimestampSigner(salt="onboarding.web.tickets.looking")
"""The purpose is the salt: a signature made for anything else is none here."""


def ticket(viewer: User, document_id: uuid.UUID, page: int) -> str:
    """A fresh ticket, two words of letters, digits, `-` and `_` with a colon between."""
    subject = _subject(viewer, document_id, page)
    return LOOKING.sign(subject).removeprefix(f"{subject}:")


def is_good(given: str, viewer: User, document_id: uuid.UUID, page: int) -> bool:
    """Whether `given` was made for this viewer, document and page within the last minute."""
    try:
        LOOKING.unsign(f"{_subject(viewer, document_id, page)}:{given}", max_age=SECONDS)
    except signing.BadSignature:
        return False
    return True


def _subject(viewer: User, document_id: uuid.UUID, page: int) -> str:
    return f"{viewer.pk}/{document_id}/{page}"
