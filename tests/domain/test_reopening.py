"""The ends of a case, and the ways back."""

from datetime import timedelta

import pytest

from onboarding.domain.deadlines import is_over, reopenable_until
from onboarding.domain.messages import Actor
from onboarding.domain.status import EDGES, CaseStatus, EventKind, Role, Slot
from onboarding.domain.timers import future, ring
from onboarding.domain.transition import hear

from .builders import (
    APPLICANT,
    DAY,
    HOUR,
    MICROSECOND,
    OPEN_PLACES,
    OPERATOR,
    PAUSED_PLACES,
    PLACES,
    REVIEWER,
    SENIOR,
    SUPPORT,
    T0,
    WAITING_PLACES,
    checked,
    code,
    heard,
    in_review_again,
    make_case,
    reopen,
    uploaded,
    walked,
    withdrawn,
)


@pytest.mark.parametrize("place", OPEN_PLACES + PAUSED_PLACES)
def test_an_applicant_withdraws_from_every_open_status_and_comes_back_to_it(place: str) -> None:
    """Mutants seen red: `ended.was` is always collecting; the case comes back paused."""
    before = make_case(place)
    case = heard(before, withdrawn(T0 + HOUR), T0 + HOUR)
    assert case.status is CaseStatus.WITHDRAWN
    assert case.history[-1].notices[0].kind == "withdrawn"
    case = heard(case, reopen(APPLICANT), T0 + 2 * DAY)
    assert (case.status, case.paused, case.ended) == (before.status, None, None)
    assert case.documents == before.documents


@pytest.mark.parametrize("place", ["email_pending", "new", "complete", "resubmission"])
def test_an_expired_case_comes_back_with_a_fresh_wait(place: str) -> None:
    """Mutant seen red: the old stage is kept, so the case expires at once."""
    before = make_case(place)
    expired = walked(before, lambda case: not case.is_open)
    at = expired.changed_at + 3 * DAY
    case = heard(expired, reopen(), at)
    assert case.status is before.status
    waits = [wakeup.at - at for wakeup in future(case)]
    assert waits == [wakeup.at - T0 for wakeup in future(before)]
    assert case.history[-1].kind is EventKind.REOPENED
    assert case.history[-1].reason == "asked by phone"


def test_a_case_that_comes_back_to_its_checks_is_checked_again() -> None:
    """The stage has a new number, by which whoever runs the checks starts them again."""
    before = make_case("checking")
    case = heard(heard(before, withdrawn(T0), T0), reopen(), T0 + DAY)
    assert case.stage.number > before.stage.number
    assert heard(case, checked(case, T0 + DAY), T0 + DAY).status is CaseStatus.IN_REVIEW


@pytest.mark.parametrize("place", ["expired", "withdrawn"])
def test_reopening_ends_with_its_window(place: str) -> None:
    """Mutant seen red: `reopenable_until` does not ask whether the case is over."""
    case = make_case(place)
    until = case.changed_at + 30 * DAY
    assert reopenable_until(case) == until
    assert heard(case, reopen(), until - MICROSECOND).is_open
    case = ring(case, until)
    assert case.history[-1].kind is EventKind.REOPENING_ENDED
    assert is_over(case)
    assert reopenable_until(case) is None
    for actor in (APPLICANT, SUPPORT, SENIOR):
        message = reopen(actor)
        assert code(hear(case, message, until), message) == "finished"


def test_what_was_handed_in_before_the_deadline_counts_even_after_the_window() -> None:
    """As long as somebody hears it: a case that is over is usually no more there to hear."""
    case = make_case("over")
    assert heard(case, uploaded(T0 + DAY), case.changed_at + DAY).status is CaseStatus.COLLECTING


@pytest.mark.parametrize("place", ["approved", "rejected"])
def test_a_decided_case_is_not_reopened(place: str) -> None:
    message = reopen()
    assert code(hear(make_case(place), message, T0 + DAY), message) == "finished"


@pytest.mark.parametrize(
    ("actor", "refused"),
    [
        (REVIEWER, "not_allowed"),
        (OPERATOR, "not_allowed"),
        (Actor(Role.APPLICANT, "8"), "not_allowed"),
        (Actor(Role.SUPPORT, APPLICANT.account), "own_case"),
    ],
)
def test_only_support_and_the_applicant_reopen(actor: Actor, refused: str) -> None:
    message = reopen(actor)
    assert code(hear(make_case("expired"), message, T0 + 15 * DAY), message) == refused


def test_a_withdrawal_by_staff_names_them() -> None:
    case = heard(make_case("in_review"), withdrawn(T0, by=OPERATOR), T0)
    assert case.history[-1].actor == OPERATOR


@pytest.mark.parametrize("by", [REVIEWER, SENIOR, SUPPORT, Actor(Role.SYSTEM), Actor(Role.TIMER)])
def test_a_withdrawal_by_those_who_may_not_is_refused(by: Actor) -> None:
    """Mutant seen red: `by` is believed."""
    message = withdrawn(T0, by=by)
    assert code(hear(make_case("in_review"), message, T0), message) == "not_allowed"


def test_each_way_back_is_an_event_of_its_own() -> None:
    case = make_case("collecting")
    for day in range(3):
        at = T0 + timedelta(days=day)
        case = heard(heard(case, withdrawn(at), at), reopen(), at + HOUR)
    assert [event.version for event in case.history] == list(range(1, case.version + 1))
    assert case.stage.number == 2 + 6


def test_every_edge_is_taken_and_no_other() -> None:
    """Invariant I5. Mutants seen red: an edge more, or an edge less, in `EDGES`."""
    withdrawals = [heard(make_case(place), withdrawn(T0), T0) for place in OPEN_PLACES]
    expiries = [walked(make_case(place), lambda case: not case.is_open) for place in WAITING_PLACES]
    checking = make_case("checking")
    lives = [
        *(make_case(place) for place in PLACES),
        *(heard(case, reopen(), case.changed_at) for case in withdrawals + expiries),
        heard(checking, checked(checking, T0, Slot.ID_FRONT), T0),
        in_review_again(make_case("resubmission"), T0),
    ]
    events = [event for case in lives for event in case.history]
    taken = {(event.came_from, event.status) for event in events if event.came_from or event.version == 1}
    assert taken == EDGES
