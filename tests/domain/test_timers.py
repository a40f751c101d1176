"""Every timer at its exact moment: nothing a microsecond before, the same thing at it and after it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from onboarding.domain.case import Case, Event
from onboarding.domain.deadlines import WakeupKind, closes_at, is_over, next_wakeup
from onboarding.domain.policy import Policy
from onboarding.domain.status import CaseStatus, EventKind
from onboarding.domain.timers import future, ring

from .builders import DAY, HOUR, MICROSECOND, MINUTE, PLACES, SUPPORT, T0, make_case, walked

Row = tuple[str, timedelta, str, str]
"""Timer of the product's table, offset from the start of the wait, event, e-mails owed."""

TIMERS: dict[str, tuple[Row, ...]] = {
    "email_pending": (
        ("T1", 24 * HOUR, "reminded", "confirm_reminder"),
        ("T1", 72 * HOUR, "reminded", "confirm_reminder"),
        ("T1", 7 * DAY, "expired", "expired"),
        ("-", 37 * DAY, "reopening_ended", ""),
    ),
    "collecting": (
        ("T2", 1 * DAY, "reminded", "collection_reminder"),
        ("T2", 3 * DAY, "reminded", "collection_reminder"),
        ("T2", 7 * DAY, "reminded", "collection_reminder"),
        ("T2", 12 * DAY, "reminded", "collection_reminder"),
        ("T3", 14 * DAY, "expired", "expired"),
        ("-", 44 * DAY, "reopening_ended", ""),
    ),
    "resubmission": (
        ("T7", 2 * DAY, "reminded", "resubmission_reminder"),
        ("T7", 5 * DAY, "reminded", "resubmission_reminder"),
        ("T7", 7 * DAY, "expired", "expired"),
        ("-", 37 * DAY, "reopening_ended", ""),
    ),
    "checking": (
        ("T8", 10 * MINUTE, "checks_missed", ""),
        ("T4", 10 * MINUTE + 18 * HOUR, "review_due_soon", ""),
        ("T5", 10 * MINUTE + 24 * HOUR, "escalated", "review_late escalation"),
        ("T5", 10 * MINUTE + 48 * HOUR, "escalated", "escalation"),
    ),
    "claimed": (
        ("T6", 15 * MINUTE, "lease_ended", ""),
        ("T4", 18 * HOUR, "review_due_soon", ""),
        ("T5", 24 * HOUR, "escalated", "review_late escalation"),
        ("T5", 48 * HOUR, "escalated", "escalation"),
    ),
    "approved": (("T14", 7 * DAY, "followed_up", "follow_up"),),
    "rejected": (),
    "withdrawn": (("-", 30 * DAY, "reopening_ended", ""),),
    "checking, paused": (
        ("T13", 30 * DAY, "pause_ended", "pause_ended"),
        ("T8", 30 * DAY + 10 * MINUTE, "checks_missed", ""),
        ("T4", 30 * DAY + 10 * MINUTE + 18 * HOUR, "review_due_soon", ""),
        ("T5", 30 * DAY + 10 * MINUTE + 24 * HOUR, "escalated", "review_late escalation"),
        ("T5", 30 * DAY + 10 * MINUTE + 48 * HOUR, "escalated", "escalation"),
    ),
}


def _new_event(before: Case, after: Case) -> Event:
    (event,) = (event for event in after.history if event.version > before.version)
    return event


def test_every_timer_of_this_release_and_every_kind_of_wakeup_is_in_the_table() -> None:
    timers = {row[0] for rows in TIMERS.values() for row in rows}
    assert timers == {"T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T13", "T14", "-"}
    kinds = {wakeup.kind for place in TIMERS for wakeup in future(make_case(place))}
    assert kinds == set(WakeupKind)


@pytest.mark.parametrize("place", TIMERS)
def test_the_future_is_exactly_the_moments_of_the_table(place: str) -> None:
    """Mutants seen red: T3 of 15 days; no follow-up."""
    assert [wakeup.at for wakeup in future(make_case(place))] == [T0 + row[1] for row in TIMERS[place]]


@pytest.mark.parametrize("place", TIMERS)
def test_a_timer_rings_at_its_moment_and_not_a_microsecond_before(place: str) -> None:
    """Mutants seen red: `ring` compares with `>=`; it rings a microsecond early."""
    case = make_case(place)
    for _, offset, kind, notices in TIMERS[place]:
        moment = T0 + offset
        assert ring(case, moment - MICROSECOND) is case
        for at in (moment + MICROSECOND, moment):
            after = ring(case, at)
            event = _new_event(case, after)
            assert (event.kind, event.at) == (kind, at)
            assert [notice.kind for notice in event.notices] == notices.split()
        case = after
    assert is_over(case) is (not case.is_open)
    assert next_wakeup(case) is None


@pytest.mark.parametrize("place", PLACES)
def test_a_promised_moment_is_the_moment_it_fires(place: str) -> None:
    """Invariant I13. Mutant seen red: `future` adds the reminder's delivery time to what it forecasts."""
    case = make_case(place)
    for wakeup in future(case):
        assert future(case)[0] == wakeup
        assert ring(case, wakeup.at - MICROSECOND) is case
        case = ring(case, wakeup.at)
        assert case.history[-1].at == wakeup.at
    assert future(case) == ()


@pytest.mark.parametrize("place", PLACES)
def test_a_case_left_alone_ends_closed_or_with_people(place: str) -> None:
    """Our lateness never refuses: nobody acting on a submitted case leaves it in review."""
    case = walked(make_case(place), lambda case: not future(case))
    assert case.status in {
        CaseStatus.EXPIRED,
        CaseStatus.WITHDRAWN,
        CaseStatus.APPROVED,
        CaseStatus.REJECTED,
        CaseStatus.IN_REVIEW,
    }
    asked_of_people = make_case(place).status in {CaseStatus.CHECKING, CaseStatus.IN_REVIEW}
    assert (case.status is CaseStatus.IN_REVIEW) is asked_of_people


def test_a_stuck_check_goes_to_people_as_unchecked() -> None:
    """T8. Mutant seen red: `checked` stays True."""
    case = make_case("checking")
    case = ring(case, T0 + 10 * MINUTE)
    assert case.status is CaseStatus.IN_REVIEW
    assert not case.checked
    assert {document.state for document in case.documents} == {"ready"}


def test_the_end_of_a_pause_tells_the_one_who_paused() -> None:
    """T13."""
    case = ring(make_case("collecting, paused"), T0 + 30 * DAY)
    (notice,) = case.history[-1].notices
    assert (notice.kind, notice.account) == ("pause_ended", SUPPORT.account)
    assert case.paused is None


def test_the_end_of_a_pause_by_nobody_known_tells_nobody() -> None:
    """An empty account would be the applicant. Mutant seen red: the notice is always owed."""
    case = make_case("collecting, paused")
    assert case.paused is not None
    case = replace(case, paused=replace(case.paused, by=replace(SUPPORT, account="")))
    assert ring(case, T0 + 30 * DAY).history[-1].notices == ()


def test_every_duration_is_the_policy_of_the_case() -> None:
    """Mutant seen red: any constant in place of a policy field."""
    quick = Policy(
        email_reminders_seconds=(10,),
        email_deadline_seconds=100,
        collection_reminders_seconds=(20, 30),
        collection_deadline_seconds=200,
        resubmission_reminders_seconds=(),
        resubmission_deadline_seconds=300,
        reminder_grace_seconds=10,
        reminder_quiet_seconds=5,
        reminder_delivery_seconds=1,
        check_timeout_seconds=7,
        review_sla_seconds=1000,
        review_warning_percent=50,
        review_escalation_seconds=70,
        lease_seconds=11,
        lease_limit_seconds=12,
        pause_limit_seconds=400,
        reopen_window_seconds=500,
        follow_up_seconds=600,
    )
    expected = {
        "email_pending": (10, 100, 600),
        "collecting": (20, 30, 200, 700),
        "resubmission": (300, 800),
        "checking": (7, 507, 1007, 1077),
        "claimed": (11, 500, 1000, 1070),
        "approved": (600,),
        "withdrawn": (500,),
        "complete, paused": (400, 420, 430, 600, 1100),
    }
    for place, offsets in expected.items():
        moments = [wakeup.at - T0 for wakeup in future(make_case(place, quick))]
        assert moments == [timedelta(seconds=offset) for offset in offsets], place


def test_a_wakeup_says_what_it_is_without_personal_data() -> None:
    summaries = [wakeup.summary for wakeup in future(make_case("collecting"))]
    assert summaries[:2] == ["reminder 1 of 4", "reminder 2 of 4"]
    assert summaries[-2:] == ["expiry", "reopening end"]


def test_the_longest_ladder_fits_the_forecast() -> None:
    """Mutant seen red: `LONGEST_LADDER` above `FORECAST_LIMIT`."""
    days = tuple(range(86400, 13 * 86400, 86400))
    policy = Policy(collection_reminders_seconds=days, collection_deadline_seconds=15 * 86400)
    assert future(make_case("collecting, paused", policy))[-1].kind is WakeupKind.REOPENING_END


def test_only_a_wait_for_the_applicant_closes() -> None:
    closing = {place for place in PLACES if closes_at(make_case(place))}
    assert closing == {
        "email_pending",
        "new",
        "collecting",
        "complete",
        "resubmission",
        "resubmission_complete",
    }


def test_an_escalation_that_was_slept_through_is_told_to_the_applicant() -> None:
    """One mail about it, at the level reached. Mutant seen red: REVIEW_LATE only for level 1."""
    case = ring(make_case("in_review"), T0 + 60 * HOUR)
    assert case.escalation_level == 2
    assert [notice.kind for notice in case.history[-1].notices] == ["review_late", "escalation"]
    assert next_wakeup(case) is None
    assert [event.kind for event in case.history].count(EventKind.ESCALATED) == 1


def test_what_is_overdue_is_forecast_for_now_as_it_will_ring() -> None:
    """Mutants seen red: `future` keeps planned moments; it names the first of the overdue rungs."""
    at = T0 + 20 * DAY
    coming = future(make_case("collecting"), at)
    assert [(wakeup.kind, wakeup.number, wakeup.at - at) for wakeup in coming] == [
        ("reminder", 4, timedelta(0)),
        ("expiry", 0, 2 * DAY),
        ("reopening_end", 0, 32 * DAY),
    ]
    (overdue,) = future(make_case("in_review"), at)
    assert (overdue.kind, overdue.number, overdue.at) == ("escalation", 2, at)
