"""What is counted of each day: right whatever comes later, kept when over, anew where an event was late."""

from __future__ import annotations

import random
import threading
import uuid
from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from onboarding import clock
from onboarding.domain.case import Event
from onboarding.domain.messages import Actor
from onboarding.domain.status import DECISIONS, REASONED, CaseStatus, EventKind, Role
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.models.figures import CountedDay
from onboarding.records import audit, days
from onboarding.records.days import LATE, REASON
from tests.live import in_threads
from tests.people import make_applicant

pytestmark = [pytest.mark.database, pytest.mark.django_db]
NOW = datetime(2031, 5, 20, 10, 30, tzinfo=UTC)
TODAY, YESTERDAY = NOW.date(), NOW.date() - timedelta(days=1)
REPEATED = (EventKind.PROFILE_COMPLETED, EventKind.SUBMITTED)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MIDNIGHT = datetime(2031, 5, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_ten_thirty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture(autouse=True)
def _long_in_service(db: None) -> None:
    """Somebody signed up longer ago than anybody asks for."""
    event = AuditEvent.objects.filter(case=make_applicant())
    event.update(at=NOW - 200 * DAY)


def happen(case: Case, kind: EventKind, at: datetime, reason: str = "") -> None:
    """Written as the worker writes it."""
    before = AuditEvent.objects.filter(case=case)
    event = Event(
        version=before.count() + 1,
        at=at,
        kind=kind,
        actor=Actor(Role.SYSTEM),
        status=CaseStatus.COLLECTING,
        reason=reason,
        number=before.filter(kind=kind).count() + 1 if kind is EventKind.SUBMITTED else 0,
    )
    with transaction.atomic():
        audit.append(case, [event])


def kept() -> set[date]:
    return set(CountedDay.objects.exclude(counts=None).values_list("day", flat=True))


def rejected_yesterday() -> int:
    return days.counts(1, NOW)[YESTERDAY][EventKind.REJECTED]


def reckoned(day: date) -> Counter[str]:
    """The same without SQL: event by event, in the order of each case."""
    found: Counter[str] = Counter()
    seen: set[tuple[object, str]] = set()
    escalated = AuditEvent.objects.filter(kind=EventKind.ESCALATED).values_list("case_id", "at")
    for event in AuditEvent.objects.order_by("case_id", "version"):
        once = event.kind in REPEATED
        again = once and (event.case_id, event.kind) in seen
        seen.add((event.case_id, event.kind))
        if event.at > NOW or event.at.astimezone(UTC).date() != day or again:
            continue
        found[event.kind] += 1
        if event.kind in DECISIONS:
            found[LATE] += any(case == event.case_id and at <= event.at for case, at in escalated)
        if event.kind in REASONED:
            found.update(REASON + code for code in event.reason.split(", ") if code)
    shown = {*days.ONCE, *REPEATED, *DECISIONS, LATE}
    return +Counter({key: n for key, n in found.items() if key in shown or key.startswith(REASON)})


def lives(seed: int) -> None:
    """Cases whose events happen in a random order over a few days, often at a bound, also ahead of today."""
    chance = random.Random(seed)
    kinds = (*days.ONCE, *REPEATED, *REPEATED, *DECISIONS, EventKind.ESCALATED)
    moments = [MIDNIGHT + n * DAY + off for n in (-2, -1, 0) for off in (-datetime.resolution, DAY * 0, HOUR)]
    for _ in range(8):
        case = make_applicant()
        at = sorted(chance.choice([*moments, NOW, NOW + HOUR, NOW + DAY]) for _ in range(9))
        for moment in at:
            kind = chance.choice(kinds)
            reason = chance.choice(("blurred", "blurred, glare", "")) if kind in REASONED else ""
            happen(case, kind, moment, reason)


@pytest.mark.parametrize("seed", range(4))
def test_kept_counts_are_those_of_the_events(seed: int) -> None:
    """First counted, then read.

    Mutants seen red: `earliest__gte` left out; every submission counted; `escalated__lte` left out; the next
    midnight counted twice; what lies ahead of now counted; details counted twice that came twice in a day.
    """
    lives(seed)
    for _ in range(2):
        found = days.counts(5, NOW)
        assert list(found) == [TODAY - n * DAY for n in range(5, -1, -1)]
        assert {day: +counts for day, counts in found.items()} == {day: reckoned(day) for day in found}
    assert kept() == set(found) - {TODAY}


def test_a_day_that_is_over_is_counted_once() -> None:
    """Ninety days cost what seven cost. Mutant seen red: `_kept` doesn't save."""
    days.counts(90, NOW)
    cost = []
    for period in (90, 7):
        with CaptureQueriesContext(connection) as asked:
            days.counts(period, NOW)
        cost.append(len(asked))
    assert cost[0] == cost[1] < 20


def test_a_new_service_keeps_no_empty_months() -> None:
    """Mutants seen red: the page keeps all days of its period; the worker does."""
    AuditEvent.objects.update(at=NOW - 2 * DAY)
    assert sum(days.counts(90, NOW).values(), Counter()) == {EventKind.SIGNED_UP: 1}
    assert kept() == {YESTERDAY, YESTERDAY - DAY}
    assert days.keep(NOW, threading.Event()) == 0
    AuditEvent.objects.all().delete()
    assert days.keep(NOW, threading.Event()) == sum(days.counts(7, NOW)[TODAY].values()) == 0


def test_the_worker_counts_what_the_longest_period_lacks() -> None:
    """Mutants seen red: today kept; a day that came late left to the page; `stop` not looked at."""
    happen(make_applicant(), EventKind.REJECTED, NOW - 3 * DAY)
    stop = threading.Event()
    assert [days.keep(NOW, stop) for _ in range(2)] == [days.MOST, 0]
    assert kept() == {TODAY - n * DAY for n in range(1, days.MOST + 1)}
    happen(make_applicant(), EventKind.REJECTED, NOW - 3 * DAY)
    assert [days.keep(MIDNIGHT + DAY, stop), days.keep(MIDNIGHT + DAY + days.GRACE, stop)] == [1, 1]
    CountedDay.objects.all().delete()
    stop.set()
    assert (days.keep(NOW, stop), kept()) == (0, set())


def test_today_is_counted_at_once() -> None:
    """Mutant seen red: today is kept."""
    case = make_applicant()
    for n in range(1, 4):
        happen(case, EventKind.RESUBMISSION_REQUESTED, NOW)
        assert days.counts(7, NOW)[TODAY][EventKind.RESUBMISSION_REQUESTED] == n


def test_a_day_is_kept_only_when_everybody_agrees_that_it_is_over() -> None:
    """Mutants seen red: no grace; the grace counted from the beginning of the day."""
    for after, keeps in ((DAY * 0, False), (days.GRACE - datetime.resolution, False), (days.GRACE, True)):
        days.counts(1, MIDNIGHT + after)
        assert (YESTERDAY in kept()) is keeps, after


def test_an_event_that_comes_late_is_counted_on_its_day() -> None:
    """The worker may have been cut off from the database for days.

    Mutants seen red: `audit` doesn't say what it writes; `written` leaves the row as it is.
    """
    case = make_applicant()
    for n in range(1, 3):
        happen(case, EventKind.REJECTED, NOW - 3 * DAY, "blurred")
        found = days.counts(7, NOW)[TODAY - 3 * DAY]
        assert (found[EventKind.REJECTED], found[f"{REASON}blurred"]) == (n, n)
        assert TODAY - 3 * DAY in kept()


def test_only_what_is_late_costs_its_writer_a_statement() -> None:
    """Mutant seen red: `written` takes today for over."""
    case = make_applicant()
    for at, costs in ((NOW, 0), (NOW + DAY, 0), (MIDNIGHT, 0), (MIDNIGHT - datetime.resolution, 1)):
        with CaptureQueriesContext(connection) as asked:
            happen(case, EventKind.REMINDED, at)
        assert sum("countedday" in each["sql"] for each in asked) == costs, at


@pytest.mark.parametrize("known", [False, True], ids=["not counted before", "asked for again"])
def test_whoever_counts_waits_for_a_late_event_that_is_being_written(
    transactional_db: None, known: bool
) -> None:
    """Else the day would be kept without it for ever.

    Mutants seen red on Postgres: counted before the row is there; `written` only where a row is.
    """
    case = make_applicant()
    if known:
        CountedDay.objects.create(day=YESTERDAY)
    is_written, is_counted = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            happen(case, EventKind.REJECTED, NOW - DAY)
            is_written.set()
            assert not is_counted.wait(0.5)

    def count() -> int:
        assert is_written.wait(10)
        found = rejected_yesterday()
        is_counted.set()
        return found

    assert in_threads(write, count) == [None, 1]


@pytest.mark.parametrize("known", [False, True], ids=["not counted before", "asked for again"])
def test_whoever_writes_a_late_event_waits_for_those_who_count(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    """Else what they counted would hide that it came.

    Mutants seen red: no `select_for_update` (Postgres); no transaction around it (both).
    """
    case, counted = make_applicant(), days._counted
    if known:
        CountedDay.objects.create(day=YESTERDAY)
    is_counted, is_written = threading.Event(), threading.Event()

    def slowly(day: date, now: datetime | None = None) -> Counter[str]:
        found = counted(day, now)
        if day == YESTERDAY and not is_counted.is_set():
            is_counted.set()
            assert not is_written.wait(0.5)
        return found

    def write() -> None:
        assert is_counted.wait(10)
        happen(case, EventKind.REJECTED, NOW - DAY)
        is_written.set()

    monkeypatch.setattr(days, "_counted", slowly)
    assert in_threads(rejected_yesterday, write) == [0, None]
    assert rejected_yesterday() == 1


def test_of_two_who_count_a_day_at_once_both_are_right(transactional_db: None) -> None:
    happen(make_applicant(), EventKind.REJECTED, NOW - DAY)
    CountedDay.objects.all().delete()
    assert in_threads(rejected_yesterday, rejected_yesterday) == [1, 1]


@pytest.mark.parametrize("hours", [-11, 13])
def test_days_are_those_of_utc_in_every_time_zone(hours: int) -> None:
    """Mutant seen red: `day_of` without `astimezone`."""
    there = timezone(timedelta(hours=hours))
    happen(make_applicant(), EventKind.REJECTED, (NOW - DAY).astimezone(there))
    assert list(days.counts(1, NOW.astimezone(there))) == [YESTERDAY, TODAY]
    assert days.counts(1, NOW.astimezone(there))[YESTERDAY][EventKind.REJECTED] == 1


def test_the_trail_has_no_index_twice() -> None:
    """What the migration does by name, on both databases. Mutant seen red: without its `DROP INDEX`."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, AuditEvent._meta.db_table)
    indexes = {tuple(each["columns"]) for each in found.values() if each["index"] or each["unique"]}
    assert {columns for columns in indexes if columns[0] == "case_id"} == {
        ("case_id", "version"),
        ("case_id", "kind", "at"),
    }


def test_a_counted_day_is_nobodys(case: Case) -> None:
    """Nothing of it points to a person: an erasure has nothing to look for here."""
    happen(case, EventKind.REJECTED, NOW - DAY, "blurred")
    days.counts(1, NOW)
    row = CountedDay.objects.get(day=YESTERDAY)
    assert all(isinstance(n, int) for n in row.counts.values())
    assert uuid.UUID(str(case.pk)).hex not in str(row.counts).replace("-", "")
