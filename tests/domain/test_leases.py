"""Claims are leases: they are renewed, end by themselves, and never outlast their limit."""

from dataclasses import replace

import pytest

from onboarding.domain.case import Case
from onboarding.domain.messages import Actor, Claim
from onboarding.domain.status import EventKind, Role
from onboarding.domain.timers import future, ring
from onboarding.domain.transition import hear

from .builders import (
    APPLICANT,
    COLLEAGUE,
    HOUR,
    MICROSECOND,
    MINUTE,
    REVIEWER,
    SENIOR,
    SUPPORT,
    T0,
    ask_again,
    claim,
    code,
    heard,
    make_case,
    release,
)


@pytest.fixture
def claimed() -> Case:
    return heard(make_case("in_review"), claim(), T0)


def test_a_claim_holds_the_case_for_a_quarter_of_an_hour(claimed: Case) -> None:
    assert claimed.lease is not None
    assert (claimed.lease.holder, claimed.lease.until) == (REVIEWER, T0 + 15 * MINUTE)
    message = claim(COLLEAGUE)
    note = hear(claimed, message, T0 + 15 * MINUTE - MICROSECOND).receipts[-1]
    assert (note.code, note.account, note.moment) == (
        "claimed_by_other",
        REVIEWER.account,
        T0 + 15 * MINUTE,
    )


def test_a_claim_that_ran_out_can_be_taken_before_its_timer_rang(claimed: Case) -> None:
    """Mutant seen red: the lease is not compared with now."""
    case = heard(claimed, claim(COLLEAGUE), T0 + 15 * MINUTE)
    assert case.lease is not None
    assert (case.lease.holder, case.lease.since) == (COLLEAGUE, T0 + 15 * MINUTE)
    assert case.history[-1].kind is EventKind.CLAIMED


def test_a_claim_gives_way_by_its_timer(claimed: Case) -> None:
    case = ring(claimed, T0 + 15 * MINUTE)
    assert case.lease is None
    assert (case.history[-1].kind, case.history[-1].actor) == (EventKind.LEASE_ENDED, REVIEWER)


def test_a_renewed_claim_counts_from_its_renewal_until_the_limit(claimed: Case) -> None:
    """60 minutes in all. Mutants seen red: `since` is renewed too; the limit is not asked."""
    case = claimed
    for minutes, until in ((10, 25), (24, 39), (38, 53), (50, 60)):
        case = heard(case, claim(), T0 + minutes * MINUTE)
        assert case.lease is not None
        assert case.lease.until == T0 + until * MINUTE
        assert case.history[-1].kind is EventKind.CLAIM_RENEWED
    message = claim()
    after = hear(case, message, T0 + 55 * MINUTE)
    assert code(after, message) == "lease_used_up"
    assert after.receipts[-1].moment == T0 + 60 * MINUTE
    assert future(after)[0].at == T0 + 60 * MINUTE
    assert heard(case, claim(), T0 + 60 * MINUTE).lease is not None, "a fresh claim, like anybody's"


def test_a_renewal_in_the_same_moment_is_harmless(claimed: Case) -> None:
    again = heard(claimed, claim(), T0)
    assert again.lease == claimed.lease


def test_the_holder_releases_and_so_does_a_senior(claimed: Case) -> None:
    """Mutant seen red: seniors are colleagues like any other."""
    for actor in (REVIEWER, SENIOR):
        case = heard(claimed, release(actor), T0 + MINUTE)
        assert case.lease is None
        assert (case.history[-1].kind, case.history[-1].actor) == (EventKind.RELEASED, actor)


def test_a_colleague_does_not_release(claimed: Case) -> None:
    message = release(COLLEAGUE)
    assert code(hear(claimed, message, T0 + MINUTE), message) == "claimed_by_other"


def test_a_senior_does_not_claim_over_a_claim(claimed: Case) -> None:
    message = claim(SENIOR)
    assert code(hear(claimed, message, T0 + MINUTE), message) == "claimed_by_other"


@pytest.mark.parametrize(
    ("actor", "refused"),
    [
        (SUPPORT, "not_allowed"),
        (APPLICANT, "not_allowed"),
        (Actor(Role.REVIEWER), "not_allowed"),
        (Actor(Role.REVIEWER, APPLICANT.account), "own_case"),
    ],
)
def test_only_named_reviewers_claim_and_never_their_own_case(actor: Actor, refused: str) -> None:
    message = claim(actor)
    assert code(hear(make_case("in_review"), message, T0), message) == refused


def test_a_decision_gives_the_claim_back(claimed: Case) -> None:
    case = heard(claimed, ask_again(claimed), T0 + HOUR)
    assert case.lease is None
    assert "lease_end" not in {wakeup.kind for wakeup in future(case)}


# --- assigned by a senior -------------------------------------------------------------------------


def _assign(to: Actor, by: Actor = SENIOR) -> Claim:
    return replace(claim(by), holder=to)


def test_a_senior_gives_a_case_to_a_reviewer_for_the_whole_time_of_a_claim() -> None:
    """They may not be looking yet. Mutant seen red: the quarter of an hour of one's own claim."""
    case = heard(make_case("in_review"), _assign(REVIEWER), T0)
    assert case.lease is not None
    assert (case.lease.holder, case.lease.until) == (REVIEWER, T0 + HOUR)
    event = case.history[-1]
    assert (event.kind, event.actor, event.subject) == (EventKind.ASSIGNED, SENIOR, REVIEWER.account)


def test_a_senior_assigns_over_a_colleagues_claim(claimed: Case) -> None:
    case = heard(claimed, _assign(COLLEAGUE), T0 + MINUTE)
    assert case.lease is not None
    assert case.lease.holder == COLLEAGUE


@pytest.mark.parametrize(
    ("by", "to", "refused"),
    [
        (REVIEWER, COLLEAGUE, "not_allowed"),
        (REVIEWER, REVIEWER, "not_allowed"),
        (SENIOR, SUPPORT, "not_allowed"),
        (SENIOR, Actor(Role.REVIEWER), "not_allowed"),
        (SENIOR, Actor(Role.REVIEWER, APPLICANT.account), "own_case"),
    ],
)
def test_only_seniors_assign_and_only_to_reviewers_of_other_cases(by: Actor, to: Actor, refused: str) -> None:
    """Mutants seen red: any reviewer assigns; anybody is assigned to; their own case too."""
    message = _assign(to, by)
    assert code(hear(make_case("in_review"), message, T0), message) == refused
