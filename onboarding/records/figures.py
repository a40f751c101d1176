"""Numbers for the dashboard, counted from rows along indexes, and kept for some minutes with their age.

A period is counted by when things happened: "submitted" is how many submitted in it, whenever they signed up.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from onboarding import clock
from onboarding.domain.status import DECISIONS, REASONED, CaseStatus, EventKind
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case

KEPT_SECONDS = 300
PERIODS = (7, 30, 90)
"""Days."""
STEPS = (
    EventKind.SIGNED_UP,
    EventKind.EMAIL_CONFIRMED,
    EventKind.PROFILE_COMPLETED,
    EventKind.SUBMITTED,
    EventKind.APPROVED,
)
AGES = (timedelta(hours=4), timedelta(hours=12), timedelta(hours=24), timedelta(hours=48))
"""Bounds between the bars of the queue's age."""
LATENESS_REACHES_BACK = timedelta(days=90)
SAMPLED = 1000
"""Time per step is measured on so many cases, those decided last."""
WAITS = (
    CaseStatus.EMAIL_PENDING,
    CaseStatus.COLLECTING,
    CaseStatus.CHECKING,
    CaseStatus.IN_REVIEW,
    CaseStatus.RESUBMISSION_REQUESTED,
)


@dataclass(frozen=True, slots=True)
class Day:
    """Decisions of one day, and how many of them came within the promised time."""

    day: date
    decided: int
    in_time: int


@dataclass(frozen=True, slots=True)
class Wait:
    """How long cases stayed in one status: the median and the longest tenth's beginning, in seconds."""

    status: str
    count: int
    median: float
    ninetieth: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that the dashboard draws. `at` is when it was counted."""

    at: datetime
    days: int
    funnel: tuple[tuple[str, int], ...]
    ages: tuple[int, ...]
    """In review now, one number for each interval between `AGES`; the last is older than all."""
    sla: tuple[Day, ...]
    waits: tuple[Wait, ...]
    sampled: int
    decisions: tuple[tuple[str, int], ...]
    reasons: tuple[tuple[str, int], ...]
    """Codes of reasons, most frequent first. One decision may have several."""


def figures(days: int) -> Figures:
    """The numbers of a period, at most `KEPT_SECONDS` old."""
    name = f"figures-1-{days}"  # another number where their shape changes
    known: Figures | None = cache.get(name)
    if known is None:
        known = counted(days)
        cache.set(name, known, KEPT_SECONDS)
    return known


def counted(days: int) -> Figures:
    """The numbers as they are now."""
    now = clock.now()
    since = now - timedelta(days=days)
    waits, sampled = _waits(since, now)
    return Figures(
        at=now,
        days=days,
        funnel=tuple((kind.value, _cases(kind, since, now)) for kind in STEPS),
        ages=_ages(now),
        sla=_sla(since, now),
        waits=waits,
        sampled=sampled,
        decisions=tuple((kind.value, _happened(kind, since, now).count()) for kind in DECISIONS),
        reasons=_reasons(since, now),
    )


def _happened(kind: EventKind, since: datetime, now: datetime) -> QuerySet[AuditEvent]:
    """One range of the index `event_by_kind`."""
    return AuditEvent.objects.filter(kind=kind, at__gte=since, at__lte=now).order_by()


def _cases(kind: EventKind, since: datetime, now: datetime) -> int:
    """How many cases, each once, however often it happened to them."""
    once = kind in (EventKind.SIGNED_UP, EventKind.EMAIL_CONFIRMED, EventKind.APPROVED)
    events = _happened(kind, since, now)
    if once:
        return events.count()
    return int(events.aggregate(n=Count("case_id", distinct=True))["n"])


def _ages(now: datetime) -> tuple[int, ...]:
    """One query over what is in review now."""
    bounds = [None, *(now - age for age in AGES), None]
    wanted: dict[str, Count] = {}
    for number, (newest, oldest) in enumerate(pairwise(bounds)):
        within = Q()
        if newest:
            within &= Q(in_review_since__lte=newest)
        if oldest:
            within &= Q(in_review_since__gt=oldest)
        wanted[f"n{number}"] = Count("pk", filter=within)
    found: Mapping[str, int] = Case.objects.filter(status=CaseStatus.IN_REVIEW).aggregate(**wanted)
    return tuple(found[name] for name in wanted)


def _sla(since: datetime, now: datetime) -> tuple[Day, ...]:
    """A decision was late when its case had been escalated: that is what the promised time is for."""
    late = _happened(EventKind.ESCALATED, since - LATENESS_REACHES_BACK, now).values("case_id")
    decided: Counter[date] = Counter()
    missed: Counter[date] = Counter()
    for kind in DECISIONS:
        for only, into in ((Q(), decided), (Q(case_id__in=late), missed)):
            days = _happened(kind, since, now).filter(only).annotate(day=TruncDate("at"))
            for day, count in days.values_list("day").annotate(n=Count("pk")):
                into[day] += count
    return tuple(Day(day, decided[day], decided[day] - missed[day]) for day in sorted(decided))


def _waits(since: datetime, now: datetime) -> tuple[tuple[Wait, ...], int]:
    """From the changes of status of the cases that were decided last: a bounded number of them."""
    ids: set[object] = set()
    for kind in DECISIONS:
        newest = _happened(kind, since, now).order_by("-at").values_list("case_id", flat=True)
        ids.update(newest[: SAMPLED // len(DECISIONS)])
    changes = AuditEvent.objects.filter(case_id__in=ids).exclude(came_from="", version__gt=1)
    rows = changes.order_by("case_id", "version").values_list("case_id", "at", "status")
    spent = _spent(rows)
    return (
        tuple(
            Wait(status, len(spent[status]), statistics.median(spent[status]), _ninetieth(spent[status]))
            for status in WAITS
            if spent.get(status)
        ),
        len(ids),
    )


def _spent(rows: Iterable[tuple[object, datetime, str]]) -> dict[str, list[float]]:
    """Seconds in each status, from changes in the order of their cases."""
    spent: dict[str, list[float]] = defaultdict(list)
    before: tuple[object, datetime, str] | None = None
    for row in rows:
        if before and before[0] == row[0]:
            spent[before[2]].append((row[1] - before[1]).total_seconds())
        before = row
    return spent


def _ninetieth(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.9)] if len(values) > 1 else values[0]


def _reasons(since: datetime, now: datetime) -> tuple[tuple[str, int], ...]:
    counts: Counter[str] = Counter()
    for kind in REASONED:
        grouped = _happened(kind, since, now).values_list("reason").annotate(n=Count("pk"))
        for codes, count in grouped:
            for code in filter(None, codes.split(", ")):
                counts[code] += count
    return tuple(counts.most_common())
