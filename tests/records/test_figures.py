"""The numbers of the dashboard: right, bounded by the period, and counted along indexes."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onboarding import clock
from onboarding.domain.status import EventKind
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.models.figures import CountedDay
from onboarding.records import figures
from tests.people import make_applicant
from tests.records.test_search import scans

pytestmark = [pytest.mark.database, pytest.mark.django_db]
NOW = clock.now()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def happened(case: Case, *events: tuple[str, str, timedelta, str]) -> None:
    """Kind, status reached (or nothing), how long ago, reason."""
    last = AuditEvent.objects.filter(case=case).count()
    for number, (kind, status, ago, reason) in enumerate(events, last + 1):
        AuditEvent.objects.create(
            case=case,
            version=number,
            at=NOW - ago,
            kind=kind,
            actor_role="reviewer",
            status=status or "collecting",
            came_from="x" if status else "",
            reason=reason,
            number=AuditEvent.objects.filter(case=case, kind=kind).count() + 1 if kind == "submitted" else 0,
            hash=uuid.uuid4().hex,
        )


@pytest.fixture
def cases(db: None) -> list[Case]:
    made = [make_applicant() for _ in range(3)]
    AuditEvent.objects.filter(case__in=made).update(at=NOW - 10 * HOUR)
    for case in made[:2]:
        happened(
            case,
            ("email_confirmed", "collecting", 9 * HOUR, ""),
            ("profile_completed", "", 8 * HOUR, ""),
            ("profile_completed", "", 8 * HOUR, ""),
            ("submitted", "checking", 6 * HOUR, ""),
            ("checks_passed", "in_review", 5 * HOUR, ""),
        )
    happened(made[0], ("rejected", "rejected", HOUR, "blurred, glare"))
    happened(
        made[1],
        ("escalated", "", 2 * HOUR, ""),
        ("resubmission_requested", "resubmission_requested", HOUR, "blurred"),
    )
    return made


def test_the_funnel_counts_each_case_once_a_step(cases: list[Case]):
    """Mutant seen red: events counted instead of cases."""
    assert dict(figures.counted(7).funnel) == {
        "signed_up": 3,
        "email_confirmed": 2,
        "profile_completed": 2,
        "submitted": 2,
        "approved": 0,
    }


def test_what_happened_before_the_period_is_not_counted(cases: list[Case]):
    """Mutant seen red: no lower bound."""
    AuditEvent.objects.filter(kind=EventKind.SIGNED_UP).update(at=NOW - 8 * DAY)
    assert dict(figures.counted(7).funnel)["signed_up"] == 0
    assert dict(figures.counted(30).funnel)["signed_up"] == 3


def test_a_period_is_today_and_so_many_whole_days_before(cases: list[Case]):
    """Mutants seen red: today counted as one of them; the first day cut off at this time of day."""
    first = datetime.combine(clock.now().astimezone(UTC).date() - 7 * DAY, time.min, UTC)
    for at, found in ((first, 3), (first - datetime.resolution, 0)):
        AuditEvent.objects.filter(kind=EventKind.SIGNED_UP).update(at=at)
        CountedDay.objects.all().delete()
        assert dict(figures.counted(7).funnel)["signed_up"] == found


def test_a_step_counts_when_it_was_first_taken(cases: list[Case]):
    """Mutant seen red: a second submission counted where the first one was before the period."""
    AuditEvent.objects.filter(kind__in=["signed_up", "submitted"]).update(at=NOW - 20 * DAY)
    happened(cases[0], ("submitted", "checking", HOUR, ""))
    assert dict(figures.counted(7).funnel)["submitted"] == 0
    assert dict(figures.counted(30).funnel)["submitted"] == 2


def test_an_escalation_afterwards_makes_no_decision_late(cases: list[Case]):
    """That of the next round. Mutant seen red: escalations looked for without their moment."""
    happened(cases[0], ("escalated", "", timedelta(0), ""))
    assert sum(day.in_time for day in figures.counted(7).sla) == 1


def test_a_decision_of_an_escalated_case_was_late(cases: list[Case]):
    """Mutant seen red: every decision counted as in time."""
    days = figures.counted(7).sla
    assert (sum(day.decided for day in days), sum(day.in_time for day in days)) == (2, 1)


def test_time_per_step_runs_from_one_change_of_status_to_the_next(cases: list[Case]):
    """Mutant seen red: events that change no status taken for changes."""
    waits = {wait.status: wait for wait in figures.counted(7).waits}
    assert waits["collecting"].median == 3 * 3600
    assert waits["in_review"].median == 4 * 3600
    assert waits["email_pending"].count == 2
    assert "rejected" not in waits


def test_one_case_ends_where_the_next_begins():
    """Mutant seen red: `_spent` doesn't look at the version."""
    changes = [(1, NOW, "a"), (3, NOW + HOUR, "b"), (1, NOW - DAY, "a"), (2, NOW, "c")]
    assert figures._spent(changes) == {"a": [3600, 24 * 3600]}


def test_reasons_are_counted_one_by_one(cases: list[Case]):
    """Mutant seen red: a decision with two reasons counted under both together."""
    assert figures.counted(7).reasons == (("blurred", 2), ("glare", 1))


def test_the_age_of_the_queue_has_every_waiting_case_in_one_interval(cases: list[Case]):
    for case, ago in zip(cases, (HOUR, 13 * HOUR, 3 * DAY), strict=True):
        Case.objects.filter(pk=case.pk).update(status="in_review", in_review_since=NOW - ago)
    assert figures.counted(7).ages == (1, 0, 1, 0, 1)


def test_an_empty_service_has_figures():
    found = figures.counted(7)
    assert (found.sla, found.waits, found.reasons, sum(found.ages)) == ((), (), (), 0)


def test_no_figure_reads_a_whole_table(cases: list[Case]):
    """On both databases, by their own plans. Mutant: events found by `kind__contains`."""
    with CaptureQueriesContext(connection) as asked:
        figures.counted(30)
    assert len(asked) > 10
    assert scans([each["sql"] for each in asked]) == []
