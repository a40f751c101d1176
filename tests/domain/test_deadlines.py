"""Reminders and deadlines: what counts from when, and what a late reminder changes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from onboarding.domain.case import Case
from onboarding.domain.deadlines import closes_at
from onboarding.domain.policy import Policy
from onboarding.domain.status import CaseStatus, DocumentType, EventKind, Slot
from onboarding.domain.timers import future, ring
from onboarding.domain.transition import hear

from .builders import (
    DAY,
    HOUR,
    MICROSECOND,
    MINUTE,
    OPERATOR,
    T0,
    WAITING_PLACES,
    apply_policy,
    at_the_deadline,
    code,
    delivered,
    events,
    heard,
    make_case,
    pause,
    profiled,
    resume,
    rung,
    uploaded,
    walked,
)

DEADLINE = T0 + 14 * DAY
LAST_REMINDER = T0 + 12 * DAY
IN_TIME = timedelta(seconds=Policy().reminder_delivery_seconds)


def reminded(offset: timedelta) -> Case:
    """A collecting case on whose ladder everything up to `offset` rang on time."""
    return walked(make_case("collecting"), lambda case: future(case)[0].at > T0 + offset)


# --- reminders ------------------------------------------------------------------------------------


@pytest.mark.parametrize("late", [timedelta(0), MICROSECOND, IN_TIME])
def test_a_reminder_on_time_leaves_the_promised_deadline_alone(late: timedelta) -> None:
    """Mutant seen red: `reminded_at` is always the moment of ringing."""
    case = reminded(11 * DAY)
    assert closes_at(ring(case, LAST_REMINDER + late)) == DEADLINE


@pytest.mark.parametrize("late", [IN_TIME + MICROSECOND, 1 * DAY, 10 * DAY])
def test_a_late_reminder_pushes_the_deadline_by_the_grace(late: timedelta) -> None:
    """Mutant seen red: `closes_at` is the base deadline."""
    case = ring(reminded(11 * DAY), LAST_REMINDER + late)
    assert closes_at(case) == LAST_REMINDER + late + 2 * DAY
    assert case.is_open


def test_overdue_reminders_ring_once_as_the_last_of_them() -> None:
    """Nobody wants four reminders at a time. Mutant seen red: `_last_due` takes the first."""
    case = ring(make_case("collecting"), T0 + 8 * DAY)
    (event,) = events(case, EventKind.REMINDED)
    assert event.number == 3
    assert future(case)[0].at == LAST_REMINDER


def test_a_reminder_names_what_is_missing() -> None:
    case = ring(heard(make_case("collecting"), uploaded(T0), T0), T0 + DAY)
    (notice,) = case.history[-1].notices
    assert case.history[-1].subject == Slot.ID_BACK
    assert (notice.rung, notice.stage) == (1, case.stage.number)


def test_a_reminder_that_never_rang_holds_the_deadline_open() -> None:
    """The worker slept for a month: one reminder, then the grace, then the end."""
    at = T0 + 30 * DAY
    case = make_case("collecting")
    assert code(hear(case, message := uploaded(at), at), message) == ""
    case = ring(case, at)
    assert case.status is CaseStatus.COLLECTING
    assert closes_at(case) == at + 2 * DAY
    assert ring(case, at + 2 * DAY - MICROSECOND) is case
    assert ring(case, at + 2 * DAY).status is CaseStatus.EXPIRED


def test_a_delivery_on_time_changes_no_deadline() -> None:
    case = ring(reminded(11 * DAY), LAST_REMINDER)
    case = heard(case, delivered(case, LAST_REMINDER + IN_TIME, rung=4), LAST_REMINDER + IN_TIME)
    assert closes_at(case) == DEADLINE
    assert case.history[-1].kind is EventKind.REMINDER_DELIVERED


def test_a_late_delivery_pushes_the_deadline_from_when_it_was_really_delivered() -> None:
    """It was delivered at 13 d and reported at 13.5 d. Mutant seen red: counts from the report."""
    case = ring(reminded(11 * DAY), LAST_REMINDER)
    case = heard(case, delivered(case, T0 + 13 * DAY, rung=4), T0 + 13 * DAY + 12 * HOUR)
    assert closes_at(case) == T0 + 15 * DAY


def test_a_delivery_that_is_overtaken_by_a_later_one_pulls_nothing_back() -> None:
    """Mutant seen red: `reminded_at` is whatever was reported last."""
    case = ring(reminded(11 * DAY), LAST_REMINDER)
    case = heard(case, delivered(case, T0 + 13 * DAY, rung=4), T0 + 13 * DAY)
    case = heard(case, delivered(case, T0 + 7 * DAY, rung=3), T0 + 13 * DAY)
    assert closes_at(case) == T0 + 15 * DAY


def test_a_reminder_that_rings_after_one_was_resent_pulls_nothing_back() -> None:
    """Mutant seen red: `_remind` forgets a later `reminded_at`."""
    case = reminded(11 * DAY)
    resent = LAST_REMINDER + 10 * MINUTE
    case = heard(case, delivered(case, resent, rung=0), resent)
    promised = closes_at(case)
    case = ring(case, resent + MINUTE)
    assert events(case, EventKind.REMINDED)[-1].number == 4
    assert closes_at(case) == promised == resent + 2 * DAY


def test_a_delivery_in_another_wait_or_where_nobody_is_reminded_is_refused() -> None:
    """Mutants seen red: the stage is not compared; a reminder counts while people review."""
    case = make_case("resubmission")
    stale = replace(delivered(case, T0), stage=case.stage.number - 1)
    assert code(hear(case, stale, T0), stale) == "stage_over"
    reviewed = make_case("in_review")
    forged = delivered(reviewed, T0)
    assert code(hear(reviewed, forged, T0), forged) == "stage_over"


@pytest.mark.parametrize("place", WAITING_PLACES)
def test_planned_reminders_keep_clear_of_beginning_and_end(place: str) -> None:
    """None in the first or last 24 h, and none nearer to the end than the grace."""
    case = make_case(place)
    end = closes_at(case)
    moments = [wakeup.at for wakeup in future(case) if wakeup.kind == "reminder"]
    assert moments
    assert end is not None
    assert all(T0 + DAY <= at <= end - 2 * DAY for at in moments)


# --- progress -------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["new", "collecting"])
def test_progress_while_collecting_starts_ladder_and_deadline_again(place: str) -> None:
    """Mutant seen red: `_progress` changes nothing."""
    case = ring(make_case(place), T0 + DAY)
    at = T0 + 2 * DAY
    case = heard(case, profiled(at) if place == "new" else uploaded(at), at)
    assert [wakeup.at - at for wakeup in future(case)][:5] == [n * DAY for n in (1, 3, 7, 12, 14)]


def test_replacing_a_picture_that_nobody_waits_for_is_no_progress() -> None:
    """Else a deadline could be put off for ever. Mutant seen red: every upload is progress."""
    case = make_case("complete")
    at = T0 + 13 * DAY
    again = heard(heard(case, uploaded(at), at), profiled(at), at)
    assert closes_at(again) == DEADLINE


def test_changing_the_document_and_back_puts_no_deadline_off_for_ever() -> None:
    """Mutant: asking only whether the slot was owed; each round trip then restarts the deadline."""
    case = heard(make_case("collecting"), uploaded(T0 + DAY), T0 + DAY)
    for day in range(2, 12, 3):
        at = T0 + day * DAY
        case = heard(case, profiled(at, DocumentType.PASSPORT), at)
        case = heard(case, uploaded(at + DAY, Slot.PASSPORT), at + DAY)
        case = heard(case, profiled(at + 2 * DAY, DocumentType.ID_CARD), at + 2 * DAY)
        case = heard(case, uploaded(at + 2 * DAY), at + 2 * DAY)
    assert closes_at(case) == T0 + 3 * DAY + 14 * DAY


def test_progress_in_a_resubmission_moves_nothing() -> None:
    case = make_case("resubmission")
    case = heard(case, uploaded(T0 + 3 * DAY, Slot.ID_BACK), T0 + 3 * DAY)
    assert closes_at(case) == T0 + 7 * DAY


# --- another policy for a running case ------------------------------------------------------------


def test_an_applied_policy_moves_the_deadline_of_the_running_wait() -> None:
    longer = replace(Policy(), collection_deadline_seconds=20 * 86400)
    case = heard(make_case("collecting"), apply_policy(longer), T0 + HOUR)
    assert closes_at(case) == T0 + 20 * DAY
    assert case.history[-1].actor == OPERATOR


@pytest.mark.parametrize("paused", [False, True])
def test_an_applied_policy_never_closes_a_wait_within_the_grace(paused: bool) -> None:
    """Mutant seen red: `_apply_policy` leaves `reminded_at` alone."""
    at = T0 + 6 * DAY
    case = rung(make_case("collecting"), at)
    if paused:
        case = heard(case, pause(), at)
    short = replace(Policy(), collection_reminders_seconds=(86400,), collection_deadline_seconds=3 * 86400)
    case = heard(case, apply_policy(short), at)
    if paused:
        case = heard(case, resume(), at)
    assert closes_at(case) == at + 2 * DAY


def test_an_applied_policy_that_leaves_the_promise_alone_pushes_nothing() -> None:
    case = at_the_deadline("complete")
    slower = replace(Policy(), review_sla_seconds=7200)
    assert closes_at(heard(case, apply_policy(slower), DEADLINE - HOUR)) == DEADLINE
