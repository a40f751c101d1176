"""What is handed in around a deadline: the moment it was handed in decides, not the moment it arrives."""

from datetime import UTC, datetime, timedelta

import pytest

from onboarding.domain.deadlines import closes_at
from onboarding.domain.status import CaseStatus, EventKind
from onboarding.domain.timers import ring
from onboarding.domain.transition import hear

from .builders import (
    DAY,
    HOUR,
    MICROSECOND,
    SECOND,
    T0,
    at_the_deadline,
    code,
    events,
    heard,
    make_case,
    submitted,
    uploaded,
    verified,
    walked,
    withdrawn,
)

DEADLINE = T0 + 14 * DAY

HAND_IN = {
    "email_pending": (verified, 7 * DAY, CaseStatus.COLLECTING),
    "collecting": (uploaded, 14 * DAY, CaseStatus.COLLECTING),
    "complete": (submitted, 14 * DAY, CaseStatus.CHECKING),
    "resubmission_complete": (submitted, 7 * DAY, CaseStatus.CHECKING),
}


@pytest.mark.parametrize("place", HAND_IN)
@pytest.mark.parametrize("arrives_after", [timedelta(0), SECOND, 20 * DAY])
def test_what_was_handed_in_at_the_deadline_counts_however_late_it_arrives(
    place: str, arrives_after: timedelta
) -> None:
    """Before the timer rang. Mutant seen red: `deadline_passed` compares with `>=`."""
    make, wait, status = HAND_IN[place]
    case = at_the_deadline(place)
    message = make(T0 + wait)
    assert heard(case, message, T0 + wait + arrives_after).status is status


@pytest.mark.parametrize("place", HAND_IN)
@pytest.mark.parametrize("arrives_after", [SECOND, 20 * DAY])
def test_what_beat_the_deadline_reopens_an_expired_case(place: str, arrives_after: timedelta) -> None:
    """Nobody is refused for our lateness. Mutant seen red: no `beat_the_deadline`."""
    make, wait, status = HAND_IN[place]
    expired = walked(make_case(place), lambda case: case.status is CaseStatus.EXPIRED)
    at = T0 + wait + arrives_after
    case = heard(expired, make(T0 + wait), at)
    assert case.status is status
    reopened = events(case, EventKind.REOPENED)[-1]
    assert (reopened.at, reopened.handed_in_at) == (at, T0 + wait)
    assert reopened.notices[0].kind == "reopened"
    assert case.version == expired.version + 2


@pytest.mark.parametrize("place", HAND_IN)
def test_what_was_handed_in_after_the_deadline_is_refused_even_before_the_timer_rings(place: str) -> None:
    """Mutant seen red: `deadline_passed` always None."""
    make, wait, _ = HAND_IN[place]
    case = at_the_deadline(place)
    message = make(T0 + wait + MICROSECOND)
    after = hear(case, message, T0 + wait + HOUR)
    assert code(after, message) == "deadline_passed"
    assert after.receipts[-1].moment == T0 + wait


@pytest.mark.parametrize("place", HAND_IN)
def test_what_was_handed_in_after_the_deadline_does_not_reopen(place: str) -> None:
    """Mutant seen red: `beat_the_deadline` compares with the moment of ringing."""
    make, wait, _ = HAND_IN[place]
    case = at_the_deadline(place)
    expired = ring(case, T0 + wait + DAY)
    message = make(T0 + wait + HOUR)
    after = hear(expired, message, T0 + wait + 2 * DAY)
    assert (after.status, code(after, message)) == (CaseStatus.EXPIRED, "finished")


def test_a_late_fact_that_the_case_could_not_use_leaves_it_expired() -> None:
    """Mutant seen red: `_reopened_by` keeps the reopened case."""
    expired = make_case("expired")
    message = submitted(T0)
    after = hear(expired, message, T0 + 15 * DAY)
    assert code(after, message) == "still_owed"
    assert (after.status, after.history) == (expired.status, expired.history)


def test_a_late_withdrawal_does_not_reopen() -> None:
    message = withdrawn(T0)
    assert code(hear(make_case("expired"), message, T0 + 15 * DAY), message) == "finished"


def test_a_clock_that_runs_ahead_at_an_edge_refuses_nobody() -> None:
    """Stamped after the deadline, arrived before it. Mutant seen red: `_on_the_clock` changes nothing."""
    case = at_the_deadline("complete")
    case = heard(case, submitted(DEADLINE + HOUR), DEADLINE - SECOND)
    assert case.status is CaseStatus.CHECKING
    assert case.history[-1].handed_in_at is None


def test_a_picture_keeps_the_moment_it_was_handed_in() -> None:
    case = heard(make_case("collecting"), uploaded(T0 + HOUR), T0 + 2 * DAY)
    assert case.documents[0].uploaded_at == T0 + HOUR
    assert case.history[-1].handed_in_at == T0 + HOUR
    assert closes_at(case) == T0 + 16 * DAY, "our lateness takes no time from the applicant"


def test_a_clock_that_stands_in_the_past_counts_from_the_sign_up() -> None:
    """A moment in the year 1 could not even be written down."""
    case = heard(make_case("collecting"), uploaded(datetime(1, 1, 1, tzinfo=UTC)), T0 + HOUR)
    assert case.documents[0].uploaded_at == T0
