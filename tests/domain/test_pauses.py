"""Pause, resume and extend: every remaining time is kept to the microsecond."""

from datetime import datetime, timedelta

import pytest

from onboarding.domain.case import Case
from onboarding.domain.commands import LONGEST_EXTENSION_SECONDS
from onboarding.domain.deadlines import closes_at, review_due_at
from onboarding.domain.messages import Extend
from onboarding.domain.status import CaseStatus, EventKind, Slot
from onboarding.domain.timers import future, ring
from onboarding.domain.transition import hear

from .builders import (
    DAY,
    HOUR,
    MICROSECOND,
    MINUTE,
    OPEN_PLACES,
    SUPPORT,
    T0,
    WAITING_PLACES,
    at_the_deadline,
    checked,
    claim,
    code,
    complete,
    delivered,
    events,
    extend,
    heard,
    make_case,
    new_id,
    pause,
    resume,
    rung,
    submitted,
    uploaded,
    verified,
    withdrawn,
)

ODD = timedelta(days=2, hours=3, microseconds=7)


def remaining(case: Case, at: datetime) -> list[tuple[str, int, timedelta]]:
    return [(wakeup.kind, wakeup.number, wakeup.at - at) for wakeup in future(case)]


@pytest.mark.parametrize("place", OPEN_PLACES)
@pytest.mark.parametrize("after", [timedelta(0), 9 * MINUTE + MICROSECOND, 5 * DAY])
def test_a_pause_keeps_every_remaining_time(place: str, after: timedelta) -> None:
    """Mutants seen red: `resumed` does not shift; it shifts by whole seconds."""
    case = rung(make_case(place), T0 + after)
    before = [each for each in remaining(case, T0 + after) if each[0] != "lease_end"]
    case = heard(case, pause(), T0 + after)
    case = heard(case, resume(), T0 + after + ODD)
    assert remaining(case, T0 + after + ODD) == before


@pytest.mark.parametrize("place", OPEN_PLACES)
def test_a_pause_stops_every_other_timer(place: str) -> None:
    case = heard(make_case(place), pause(), T0 + MINUTE)
    assert future(case)[0].kind == "pause_end"
    assert future(case)[0].at == T0 + MINUTE + 30 * DAY
    assert closes_at(case) is None
    assert review_due_at(case) is None


def test_a_pause_that_outlives_a_sleeping_worker_still_takes_nothing() -> None:
    """The wakeup rang two days late. Mutant seen red: the shift is the limit, not the real length."""
    case = make_case("collecting, paused")
    at = T0 + 32 * DAY
    case = ring(case, at)
    assert closes_at(case) == at + 14 * DAY
    assert case.history[-1].number == 32 * 86400


def test_a_pause_after_a_reminder_was_sent_keeps_its_grace() -> None:
    """Mutant seen red: `shifted` leaves `reminded_at` behind."""
    at = T0 + 13 * DAY + 23 * HOUR
    case = ring(at_the_last_reminder(), at)
    assert closes_at(case) == at + 2 * DAY
    case = heard(heard(case, pause(), at), resume(), at + ODD)
    assert closes_at(case) == at + ODD + 2 * DAY


def at_the_last_reminder() -> Case:
    """Three of four reminders rang."""
    return rung(make_case("collecting"), T0 + 7 * DAY)


def test_a_reminder_that_arrives_during_a_pause_still_leaves_its_grace() -> None:
    """Sent at 12 d, paused at 13.9 d, delivered at 14.5 d, resumed at 14.6 d.

    Mutant seen red: deliveries are ignored while the case is paused, so it closed 7 hours after the mail.
    """
    case = ring(at_the_last_reminder(), T0 + 12 * DAY)
    case = heard(case, pause(), T0 + 13.9 * DAY)
    case = heard(case, delivered(case, T0 + 14.5 * DAY, rung=4), T0 + 14.5 * DAY)
    case = heard(case, resume(), T0 + 14.6 * DAY)
    assert closes_at(case) == T0 + 16.6 * DAY


def test_a_reminder_delivered_before_a_pause_and_reported_in_it_counts_from_its_delivery() -> None:
    case = ring(at_the_last_reminder(), T0 + 12 * DAY)
    case = heard(case, pause(), T0 + 13.5 * DAY)
    case = heard(case, delivered(case, T0 + 13 * DAY, rung=4), T0 + 20 * DAY)
    case = heard(case, resume(), T0 + 23.5 * DAY)
    assert closes_at(case) == T0 + 25 * DAY


def test_a_picture_handed_in_during_a_pause_is_progress_at_the_pause() -> None:
    """Mutant seen red: `_progress` counts from the wall, so the pause is added twice."""
    case = heard(make_case("collecting"), pause(), T0 + 5 * DAY)
    case = heard(case, uploaded(T0 + 7 * DAY), T0 + 7 * DAY)
    case = heard(case, resume(), T0 + 9 * DAY)
    assert [wakeup.at - T0 for wakeup in future(case)][:5] == [n * DAY for n in (10, 12, 16, 21, 23)]


def test_a_case_walks_on_to_the_reviewers_while_it_is_paused() -> None:
    """Every clock it starts begins when the pause ends. Mutant seen red: `clock` is the wall."""
    case = heard(make_case("complete"), pause(), T0 + DAY)
    case = heard(case, submitted(T0 + 2 * DAY), T0 + 2 * DAY)
    assert case.status is CaseStatus.CHECKING
    case = heard(case, checked(case, T0 + 2 * DAY), T0 + 2 * DAY)
    assert case.status is CaseStatus.IN_REVIEW
    assert case.paused is not None
    case = heard(case, resume(), T0 + 4 * DAY)
    assert review_due_at(case) == T0 + 5 * DAY


def test_a_pause_takes_the_claim_back() -> None:
    case = heard(make_case("claimed"), pause(), T0 + MINUTE)
    assert case.lease is None
    message = claim()
    after = hear(case, message, T0 + HOUR)
    assert code(after, message) == "case_paused"
    assert (after.receipts[-1].account, after.receipts[-1].moment) == (SUPPORT.account, T0 + MINUTE)


def test_a_withdrawal_ends_a_pause() -> None:
    case = heard(make_case("in_review, paused"), withdrawn(T0 + DAY), T0 + DAY)
    assert case.paused is None
    assert future(case)[0].at == T0 + 31 * DAY


# --- extensions -----------------------------------------------------------------------------------


@pytest.mark.parametrize("place", WAITING_PLACES)
@pytest.mark.parametrize("by", [MINUTE, 5 * DAY, 90 * DAY])
def test_an_extension_moves_deadline_and_last_reminder_by_just_that(place: str, by: timedelta) -> None:
    """Mutants seen red: only the deadline moves; every reminder moves."""
    case = make_case(place)
    before = [wakeup for wakeup in future(case) if wakeup.kind != "reopening_end"]
    case = heard(case, extend(by), T0 + HOUR)
    after = [wakeup.at for wakeup in future(case)[:-1]]
    moved = [
        wakeup.at + by if number >= len(before) - 2 else wakeup.at for number, wakeup in enumerate(before)
    ]
    assert after == moved


def test_a_last_reminder_that_rang_rings_again_before_an_extended_deadline() -> None:
    """Mutant seen red: `rungs_passed` stays."""
    case = heard(at_the_deadline("collecting"), extend(5 * DAY), T0 + 13 * DAY)
    assert [(wakeup.kind, wakeup.number, wakeup.at - T0) for wakeup in future(case)][:2] == [
        ("reminder", 4, 17 * DAY),
        ("expiry", 0, 19 * DAY),
    ]


def test_a_last_reminder_whose_new_moment_is_past_does_not_ring_again() -> None:
    """Mutant seen red: `again_at` is not compared with now."""
    case = heard(at_the_deadline("collecting"), extend(HOUR), T0 + 13 * DAY)
    assert [wakeup.kind for wakeup in future(case)] == ["expiry", "reopening_end"]


@pytest.mark.parametrize("by", [MINUTE, DAY, 5 * DAY])
def test_an_extension_counts_from_a_deadline_that_a_late_reminder_pushed(by: timedelta) -> None:
    """Mutant seen red: it counts from the base deadline, and is swallowed by the push."""
    at = T0 + 13 * DAY + 12 * HOUR + MICROSECOND
    case = ring(at_the_last_reminder(), at)
    assert closes_at(case) == at + 2 * DAY
    assert closes_at(heard(case, extend(by), at + MINUTE)) == at + 2 * DAY + by


def test_two_extensions_add_up() -> None:
    case = heard(make_case("resubmission"), extend(DAY), T0 + HOUR)
    case = heard(case, extend(2 * DAY), T0 + 2 * HOUR)
    assert closes_at(case) == T0 + 10 * DAY
    assert [event.number for event in events(case, EventKind.EXTENDED)] == [86400, 2 * 86400]
    assert case.history[-1].notices[0].kind == "extended"


def test_an_extension_ends_with_its_wait() -> None:
    case = heard(make_case("email_pending"), extend(30 * DAY), T0 + HOUR)
    case = heard(case, verified(T0 + 2 * HOUR), T0 + 2 * HOUR)
    assert closes_at(case) == T0 + 2 * HOUR + 14 * DAY


@pytest.mark.parametrize("seconds", [-86400, 0, 59, LONGEST_EXTENSION_SECONDS + 1])
def test_an_extension_of_a_nonsensical_length_is_refused(seconds: int) -> None:
    message = Extend(message_id=new_id(), actor=SUPPORT, seconds=seconds, reason="why not")
    after = hear(make_case("collecting"), message, T0)
    assert code(after, message) == "bad_duration"


def test_an_extension_after_the_deadline_but_before_it_rang_still_counts() -> None:
    """The worker slept; support was faster than the timer."""
    case = heard(at_the_deadline("complete"), extend(3 * DAY), T0 + 15 * DAY)
    assert closes_at(case) == T0 + 17 * DAY


def test_a_resubmission_pause_stops_the_applicant_s_clock_not_the_review_s() -> None:
    """The review clock stands still already; both go on from where they stood."""
    case = heard(make_case("resubmission"), pause(), T0 + DAY)
    case = heard(case, resume(), T0 + 4 * DAY)
    assert closes_at(case) == T0 + 10 * DAY
    at = T0 + 5 * DAY
    case = heard(complete(case, at), submitted(at), at)
    case = heard(case, checked(case, at), at)
    assert review_due_at(case) == at + 24 * HOUR
    assert case.documents[1].slot is Slot.ID_BACK


def test_what_was_overdue_when_a_pause_began_is_forecast_for_its_end() -> None:
    """Never before it. Mutant seen red: `future` keeps the planned moments."""
    case = heard(make_case("collecting"), pause(), T0 + 2 * DAY)
    first, second, third = future(case, T0 + 2 * DAY)[:3]
    assert (first.kind, first.at) == ("pause_end", T0 + 32 * DAY)
    assert (second.kind, second.number, second.at) == ("reminder", 1, T0 + 32 * DAY)
    assert (third.number, third.at) == (2, T0 + 33 * DAY)
