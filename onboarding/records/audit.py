"""The audit trail: one row per event, each hash covering the row and the hash before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC

from onboarding import clock
from onboarding.domain.case import Event
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.records import days

COVERED = (
    "version",
    "kind",
    "actor_role",
    "actor_account",
    "status",
    "came_from",
    "reason",
    "cause",
    "subject",
    "number",
)


def begin(case: Case, events: Iterable[Event]) -> int:
    """Writes the first event of a case that this very transaction creates; returns how many that were."""
    return _write(case, events, 0, "")


def append(case: Case, events: Iterable[Event]) -> int:
    """Writes the events that are not there yet, in order; returns how many. Call it with the case locked."""
    last = AuditEvent.objects.filter(case=case).order_by("-version").values_list("version", "hash").first()
    return _write(case, events, *(last or (0, "")))


def _write(case: Case, events: Iterable[Event], version: int, chain: str) -> int:
    new = [event for event in events if event.version > version]
    days.written((event.at for event in new), clock.now())
    rows: list[AuditEvent] = []
    for event in new:
        row = AuditEvent(
            case=case,
            version=event.version,
            at=event.at,
            kind=event.kind,
            actor_role=event.actor.role,
            actor_account=event.actor.account[:40],
            status=event.status,
            came_from=event.came_from or "",
            reason=event.reason[:500],
            cause=event.cause[:64],
            subject=event.subject[:200],
            number=event.number,
            handed_in_at=event.handed_in_at,
        )
        chain = row.hash = _hash(row, chain)
        rows.append(row)
    AuditEvent.objects.bulk_create(rows)
    return len(rows)


def verify(case: Case) -> list[str]:
    """What is wrong with the trail of this case, or nothing: a missing event, or one that was changed.

    The case row says how long the trail must be, so a cut end is found as well.
    """
    chain, expected = "", 1
    for row in AuditEvent.objects.filter(case=case).order_by("version"):
        if row.version != expected:
            return [f"event {expected} is missing"]
        chain = _hash(row, chain)
        if row.hash != chain:
            return [f"event {row.version} does not fit the events before it"]
        expected += 1
    return [f"event {expected} is missing"] if expected <= max(case.version, 1) else []


def _hash(row: AuditEvent, before: str) -> str:
    content = {name: getattr(row, name) for name in COVERED}
    # In UTC, as the database gives them back.
    content["at"] = row.at.astimezone(UTC).isoformat()
    content["handed_in_at"] = row.handed_in_at.astimezone(UTC).isoformat() if row.handed_in_at else ""
    content["case"] = str(row.case_id)
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()
