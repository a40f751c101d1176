"""What happened on each day in UTC, counted once for a day that is over and kept in rows.

Every number tells of its day alone, whatever happens later, so that those of a period are sums. An event that
is written after its day was over has that day counted again.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from django.db import close_old_connections, transaction
from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from onboarding import clock
from onboarding.domain.status import DECISIONS, REASONED, EventKind
from onboarding.models.audit import AuditEvent
from onboarding.models.figures import CountedDay

logger = logging.getLogger(__name__)

MOST = 90
"""Days before today that anybody asks for."""
EVERY_SECONDS = 900.0
GRACE = timedelta(hours=1)
"""A day is kept when it has been over for so long: no transaction lasts and no clock of ours errs as much."""
ONCE = (EventKind.SIGNED_UP, EventKind.EMAIL_CONFIRMED)
"""Steps that no case takes twice."""
LATE = "late"
"""Decisions of cases that had been escalated before."""
REASON = "reason "
"""In front of a reason's code."""

Counts = Counter[str]
"""A kind of event, `LATE`, or `REASON` and a code → how many."""


def counts(days: int, now: datetime) -> dict[date, Counts]:
    """The counts of today until now, and of so many days before it, oldest first."""
    wanted = [day_of(now) - timedelta(days=ago) for ago in range(days, -1, -1)]
    rows = CountedDay.objects.filter(day__in=wanted).exclude(counts=None)
    kept: dict[date, Counts] = {row.day: Counter(row.counts) for row in rows}
    begun = _first_day(now)
    for day in wanted:
        if day not in kept:
            kept[day] = Counter() if day < begun else _kept(day) if _is_over(day, now) else _counted(day, now)
    return {day: kept[day] for day in wanted}


def keep(now: datetime, stop: threading.Event) -> int:
    """Counts what days lack, the newest first and each in its own transaction; returns how many that were."""
    begun = _first_day(now)
    wanted = [day_of(now) - timedelta(days=ago) for ago in range(1, MOST + 1)]
    kept = set(CountedDay.objects.filter(day__in=wanted).exclude(counts=None).values_list("day", flat=True))
    missing = [day for day in wanted if day >= begun and day not in kept and _is_over(day, now)]
    for number, day in enumerate(missing):
        if stop.is_set():
            return number
        _kept(day)
    return len(missing)


def run(stop: threading.Event) -> None:
    """Spares the dashboard the counting of whole days, until told to stop; a fault is logged."""
    while not stop.is_set():
        try:
            close_old_connections()
            keep(clock.now(), stop)
        except Exception:
            logger.exception("days could not be counted")
        finally:
            close_old_connections()
        stop.wait(EVERY_SECONDS)


def day_of(moment: datetime) -> date:
    """The day in UTC."""
    return moment.astimezone(UTC).date()


def start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def written(moments: Iterable[datetime], now: datetime) -> None:
    """Events of these moments are being written: has days that are over counted again.

    Call it in the transaction that writes the events. It holds the rows of the days until the commit, and
    `_kept` counts under the same lock: either it sees the events, or it is told that they came.
    """
    over = sorted({day for moment in moments if (day := day_of(moment)) < day_of(now)})
    if over:
        CountedDay.objects.bulk_create(
            [CountedDay(day=day) for day in over],
            update_conflicts=True,
            unique_fields=["day"],
            update_fields=["counts"],
        )


def _first_day(now: datetime) -> date:
    """That of the first sign-up: a new service need not keep months in which nothing happened."""
    sign_ups = AuditEvent.objects.filter(kind=EventKind.SIGNED_UP).order_by("at")
    return day_of(sign_ups.values_list("at", flat=True).first() or now)


def _is_over(day: date, now: datetime) -> bool:
    return start_of(day) + timedelta(days=1) + GRACE <= now


@transaction.atomic
def _kept(day: date) -> Counts:
    """Counts a day that is over, or waits for whoever is counting it."""
    CountedDay.objects.bulk_create([CountedDay(day=day)], ignore_conflicts=True)
    row = CountedDay.objects.select_for_update().get(day=day)
    if row.counts is None:
        row.counts = _counted(day)
        row.save(update_fields=["counts"])
    return Counter(row.counts)


def _counted(day: date, now: datetime | None = None) -> Counts:
    """From the events of one day, or of its part until now."""
    first = start_of(day)
    last = first + timedelta(days=1) - datetime.resolution
    if now:
        last = min(last, now)  # events of a demo's clock may lie ahead

    def happened(kind: EventKind) -> QuerySet[AuditEvent]:
        return AuditEvent.objects.filter(kind=kind, at__gte=first, at__lte=last).order_by()

    found: Counts = Counter()
    for kind in ONCE:
        found[kind] = happened(kind).count()
    found[EventKind.SUBMITTED] = happened(EventKind.SUBMITTED).filter(number=1).count()
    kind = EventKind.PROFILE_COMPLETED  # as often as somebody corrects them; the first time counts
    new = happened(kind).alias(earliest=_earliest(kind)).filter(earliest__gte=first)
    found[kind] = new.aggregate(n=Count("case_id", distinct=True))["n"]
    for kind in DECISIONS:
        found[kind] = happened(kind).count()
        late = happened(kind).alias(escalated=_earliest(EventKind.ESCALATED)).filter(escalated__lte=F("at"))
        found[LATE] += late.count()
    for kind in REASONED:
        for codes, n in happened(kind).values_list("reason").annotate(n=Count("pk")):
            for code in filter(None, codes.split(", ")):
                found[REASON + code] += n
    return found


def _earliest(kind: EventKind) -> Subquery:
    """When this first happened to the case of an event: one look into `event_of_case`.

    A look for each event, where `EXISTS` would let Postgres read all that ever happened to join the two.
    """
    same_case = AuditEvent.objects.filter(case=OuterRef("case"), kind=kind)
    return Subquery(same_case.order_by("at").values("at")[:1])
