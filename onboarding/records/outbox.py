"""The outbox: facts on their way to the workflow, in order for each case."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Q, Subquery

from onboarding import clock
from onboarding.domain.messages import Fact
from onboarding.models.cases import Case
from onboarding.models.outbox import OutboxMessage
from onboarding.serial import FACT_NAMES, fact_from_json, to_json

logger = logging.getLogger(__name__)

START = "start"
FIRST = 1
"""The place of the start in the order of its case."""
DELIVERED = "delivered"
PARK_AFTER_ATTEMPTS = 12
"""Only poison counts here: a service that is away is waited for."""
FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(minutes=5)
NEWEST = 50
"""So many facts of one case may be under way inside Temporal at a time."""


def append_start(case: Case) -> OutboxMessage:
    """Owes the workflow of a case that this very transaction creates, with `FIRST` as its sequence."""
    return _append(case, START, str(case.id), {}, case.born_at)


def append(case: Case, fact: Fact) -> OutboxMessage:
    """Owes this fact to the workflow; inside the transaction that commits what it is about."""
    # The update locks the row of the case: one writer a case at a time, on both databases.
    Case.objects.filter(pk=case.pk).update(outbox_sequence=F("outbox_sequence") + 1)
    case.refresh_from_db(fields=["outbox_sequence"])
    return _append(case, FACT_NAMES[type(fact)], fact.message_id, to_json(fact), fact.occurred_at)


def _append(case: Case, name: str, message_id: str, payload: object, occurred_at: datetime) -> OutboxMessage:
    moment = clock.now()
    return OutboxMessage.objects.create(
        case=case,
        sequence=case.outbox_sequence,
        message_id=uuid.UUID(message_id),
        name=name,
        payload=payload,
        occurred_at=occurred_at,
        created_at=moment,
        next_attempt_at=moment,
    )


def waiting(case_id: uuid.UUID) -> list[OutboxMessage]:
    """What is owed to one case, in order. Parked rows are left out: they need a person."""
    rows = OutboxMessage.objects.filter(case_id=case_id, delivered_at=None, parked_at=None)
    return list(rows.select_related("case").defer("case__state").order_by("sequence"))


def start_is_owed(case_id: uuid.UUID) -> bool:
    """True as long as nobody has written down that the workflow of this case was started."""
    return OutboxMessage.objects.filter(case_id=case_id, sequence=FIRST, delivered_at=None).exists()


def cases_waiting(older_than: timedelta, limit: int) -> Sequence[uuid.UUID]:
    """Cases whose first owed row is due and older than what the request itself delivers."""
    moment = clock.now()
    first = (
        OutboxMessage.objects.filter(case=OuterRef("case"), delivered_at=None, parked_at=None)
        .order_by("sequence")
        .values("id")[:1]
    )
    due = OutboxMessage.objects.filter(
        delivered_at=None, parked_at=None, next_attempt_at__lte=moment, created_at__lte=moment - older_than
    )
    return list(
        due.filter(id=Subquery(first)).order_by("created_at").values_list("case_id", flat=True)[:limit]
    )


def acknowledged(rows: Sequence[OutboxMessage], outcome: str) -> None:
    """The workflow has them, or will never want them: `outcome` says which."""
    OutboxMessage.objects.filter(pk__in=[row.pk for row in rows], delivered_at=None).update(
        delivered_at=clock.now(), outcome=outcome[:40], attempts=F("attempts") + 1, last_error=""
    )


def service_away(row: OutboxMessage, error: str) -> None:
    """Nobody's fault: try again soon, for ever, without counting against the row."""
    _wait(row, FIRST_RETRY, error)


def failed(row: OutboxMessage, error: str) -> None:
    """The row itself is refused: try again a few times, then park it for a person."""
    if row.attempts + 1 >= PARK_AFTER_ATTEMPTS:
        OutboxMessage.objects.filter(pk=row.pk).update(
            parked_at=clock.now(), last_error=error[:300], attempts=F("attempts") + 1
        )
    else:
        pause = min(FIRST_RETRY * 2 ** min(row.attempts, 10), LONGEST_RETRY)
        _wait(row, pause, error, attempts=F("attempts") + 1)


def _wait(row: OutboxMessage, pause: timedelta, error: str, **columns: object) -> None:
    OutboxMessage.objects.filter(pk=row.pk, delivered_at=None).update(
        next_attempt_at=clock.now() + pause, last_error=error[:300], **columns
    )


def unpark(row: OutboxMessage) -> None:
    """Gives a parked row another round of attempts."""
    OutboxMessage.objects.filter(pk=row.pk).update(
        parked_at=None, attempts=0, next_attempt_at=clock.now(), last_error=""
    )


def facts_not_in(case: Case, seen: Collection[str]) -> list[Fact]:
    """Facts of this case that the workflow may not have heard yet, in the order they were handed in.

    All that are not delivered, and the newest that are: a delivered one may still be on its way inside
    Temporal. One that cannot be read is left out; the relay parks it for a person.

    Args:
        seen: ids of messages that the given state has heard; these facts are left out.
    """
    known = set(seen)
    rows = OutboxMessage.objects.filter(case_id=case.pk, parked_at=None, sequence__gt=FIRST)
    if case.outbox_sequence > NEWEST:
        rows = rows.filter(Q(delivered_at=None) | Q(sequence__gt=case.outbox_sequence - NEWEST))
    facts: list[Fact] = []
    for message_id, name, payload in rows.order_by("sequence").values_list("message_id", "name", "payload"):
        if str(message_id) in known:
            continue
        try:
            facts.append(fact_from_json(name, payload))
        except Exception:
            logger.exception("a fact %s of case %s cannot be read", name, case.pk)
    return facts
