"""Numbers for the dashboard: sums over days (`records.days`), and kept for some minutes with their age.

A period is counted by when things happened: "submitted" is how many submitted in it, whenever they signed up.
A period of so many days is today so far and that many whole days before it, in UTC.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.core.cache import cache
from django.db.models import Count, Q

from onboarding import clock
from onboarding.domain.status import DECISIONS, CaseStatus, EventKind
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.records import days as each_day

KEPT_SECONDS = 300
PERIODS = (7, 30, each_day.MOST)
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
    name = f"figures-2-{days}"  # another number where their shape or meaning changes
    known: Figures | None = cache.get(name)
    if known is None:
        known = counted(days)
        cache.set(name, known, KEPT_SECONDS)
    return known


def counted(days: int) -> Figures:
    """The numbers as they are now."""
    now = clock.now()
    by_day = each_day.counts(days, now)
    total = sum(by_day.values(), Counter[str]())
    waits, sampled = _waits(each_day.start_of(min(by_day)), now)
    return Figures(
        at=now,
        days=days,
        funnel=tuple((kind.value, total[kind]) for kind in STEPS),
        ages=_ages(now),
        sla=tuple(_sla(by_day)),
        waits=waits,
        sampled=sampled,
        decisions=tuple((kind.value, total[kind]) for kind in DECISIONS),
        reasons=_reasons(total),
    )


def _ages(now: datetime) -> tuple[int, ...]:
    """One query over what is in review now, answered by the index `case_in_review` alone."""
    bounds = [None, *(now - age for age in AGES), None]
    wanted: dict[str, Count] = {}
    for number, (newest, oldest) in enumerate(pairwise(bounds)):
        within = Q()
        if newest:
            within &= Q(in_review_since__lte=newest)
        if oldest:
            within &= Q(in_review_since__gt=oldest)
        wanted[f"n{number}"] = Count("in_review_since", filter=within)
    found: Mapping[str, int] = Case.objects.filter(in_review_since__isnull=False).aggregate(**wanted)
    return tuple(found[name] for name in wanted)


def _sla(by_day: Mapping[date, each_day.Counts]) -> Iterator[Day]:
    """A decision was late when its case had been escalated: that is what the promised time is for."""
    for day, found in by_day.items():
        if decided := sum(found[kind] for kind in DECISIONS):
            yield Day(day, decided, decided - found[each_day.LATE])


def _waits(since: datetime, now: datetime) -> tuple[tuple[Wait, ...], int]:
    """From the changes of status of the cases that were decided last: a bounded number of them."""
    ids: set[object] = set()
    for kind in DECISIONS:
        decided = AuditEvent.objects.filter(kind=kind, at__gte=since, at__lte=now)
        ids.update(decided.order_by("-at").values_list("case_id", flat=True)[: SAMPLED // len(DECISIONS)])
    changes = AuditEvent.objects.filter(case_id__in=ids).exclude(came_from="", version__gt=1)
    spent = _spent(changes.order_by("case_id", "version").values_list("version", "at", "status"))
    return (
        tuple(
            Wait(status, len(spent[status]), statistics.median(spent[status]), _ninetieth(spent[status]))
            for status in WAITS
            if spent.get(status)
        ),
        len(ids),
    )


def _spent(rows: Iterable[tuple[int, datetime, str]]) -> dict[str, list[float]]:
    """Seconds in each status: from changes, case by case. Each case begins with its version 1."""
    spent: dict[str, list[float]] = defaultdict(list)
    before: tuple[datetime, str] | None = None
    for version, at, status in rows:
        if before and version > 1:
            spent[before[1]].append((at - before[0]).total_seconds())
        before = (at, status)
    return spent


def _ninetieth(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.9)] if len(values) > 1 else values[0]


def _reasons(total: each_day.Counts) -> tuple[tuple[str, int], ...]:
    named = each_day.REASON
    return tuple((key.removeprefix(named), n) for key, n in total.most_common() if key.startswith(named))
