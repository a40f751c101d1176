"""What doesn't get on by itself: found in rows by partial indexes, so a healthy service answers at once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from django.db import transaction

from onboarding import clock
from onboarding.domain.snapshot import Snapshot
from onboarding.domain.status import OPEN
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.models.outbox import OutboxMessage
from onboarding.records import projections, queries
from onboarding.serial import to_json

SHOWN = 50
LATE_AFTER = timedelta(minutes=5)
"""So long after a promised moment nothing has happened: the workflow or the checks don't get on."""


def parked_messages(limit: int = SHOWN) -> Sequence[OutboxMessage]:
    rows = OutboxMessage.objects.filter(parked_at__isnull=False).select_related("case")
    return list(rows.order_by("parked_at")[:limit])


def parked_emails(limit: int = SHOWN) -> Sequence[Email]:
    rows = Email.objects.filter(parked_at__isnull=False).select_related("case", "recipient")
    return list(rows.order_by("parked_at")[:limit])


def late_cases(limit: int = SHOWN) -> Sequence[Case]:
    """Open cases whose next promised moment has passed without anything being recorded, the latest first.

    A workflow whose task fails looks like this, and one whose checks never end. A demo clock that is ahead
    hides a case for so long.
    """
    late = Case.objects.filter(next_action_at__lt=clock.now() - LATE_AFTER, status__in=OPEN)
    return list(late.defer("state", "policy").order_by("next_action_at")[:limit])


def sample(size: int) -> Sequence[Case]:
    """Some open cases: those that were recorded last have the best chance to disagree."""
    return list(Case.objects.filter(status__in=OPEN).order_by("-recorded_at")[:size])


def record_again(snapshot: Snapshot) -> bool:
    """Makes the rows follow what the workflow says of itself; False where they are as new already.

    A snapshot leaves the ids of heard messages behind. Those of the row and of the receipts stand for them:
    more than sixty messages since the row was written would be needed to lose one.
    """
    row = Case.objects.get(pk=snapshot.case.case_id)
    known = queries.recorded_state(row).seen
    heard = (each.message_id for each in snapshot.case.receipts if each.message_id)
    seen = tuple(dict.fromkeys([*known, *heard]))
    return projections.record(replace(snapshot.case, seen=seen))


def owe_again(case_id: uuid.UUID) -> int:
    """Owes the workflow everything that was ever handed in for this case; it hears each message once."""
    with transaction.atomic():
        rows = OutboxMessage.objects.filter(case_id=case_id)
        return rows.update(
            delivered_at=None, parked_at=None, attempts=0, outcome="", next_attempt_at=clock.now()
        )


def same(row: Case, snapshot: Snapshot) -> bool:
    """True where row and workflow tell the same case; the ids of messages are not compared."""
    recorded = replace(queries.recorded_state(row), seen=(), receipts=())
    return bool(to_json(recorded) == to_json(replace(snapshot.case, seen=(), receipts=())))
