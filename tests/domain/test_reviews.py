"""Reviews: one decision per submission, reasons from the catalogue, attempts, and the review clock."""

from dataclasses import replace

import pytest

from onboarding.domain.actions import attempts_left
from onboarding.domain.case import Case
from onboarding.domain.deadlines import review_due_at
from onboarding.domain.messages import Actor, Decide, ItemReasons
from onboarding.domain.policy import Policy
from onboarding.domain.reasons import ITEM_CODES, REFUSE_CODES
from onboarding.domain.status import CaseStatus, DocumentState, Outcome, Role, Slot
from onboarding.domain.timers import future, ring
from onboarding.domain.transition import hear

from .builders import (
    APPLICANT,
    COLLEAGUE,
    DAY,
    HOUR,
    MINUTE,
    OPERATOR,
    REVIEWER,
    SENIOR,
    SUPPORT,
    T0,
    approve,
    ask_again,
    checked,
    code,
    complete,
    heard,
    in_review_again,
    make_case,
    refuse_it,
    reopen,
    submitted,
    withdrawn,
)


@pytest.fixture
def in_review() -> Case:
    return make_case("in_review")


def _refused(case: Case, decide: Decide) -> str:
    after = hear(case, decide, T0 + HOUR)
    assert replace(after, receipts=case.receipts, seen=case.seen) == case
    return code(after, decide)


@pytest.mark.parametrize(
    ("outcome", "status", "state"),
    [
        (Outcome.APPROVE, CaseStatus.APPROVED, DocumentState.ACCEPTED),
        (Outcome.REFUSE, CaseStatus.REJECTED, DocumentState.REJECTED),
    ],
)
def test_a_final_decision_settles_every_document(
    in_review: Case, outcome: Outcome, status: CaseStatus, state: DocumentState
) -> None:
    decide = approve(in_review) if outcome is Outcome.APPROVE else refuse_it(in_review)
    case = heard(in_review, decide, T0 + HOUR)
    assert case.status is status
    assert {document.state for document in case.documents} == {state}
    assert [(each.submission, each.by, each.at) for each in case.decisions] == [(1, REVIEWER, T0 + HOUR)]


def test_asking_again_opens_only_the_named_item(in_review: Case) -> None:
    """Mutant seen red: every document is owed again."""
    case = heard(in_review, ask_again(in_review, Slot.ID_BACK, reason="glare"), T0 + HOUR)
    front, back = case.documents
    assert (front.state, front.reasons) == (DocumentState.ACCEPTED, ())
    assert (back.state, back.reasons) == (DocumentState.RESUBMISSION_REQUESTED, ("glare",))
    assert case.history[-1].subject == Slot.ID_BACK
    assert case.history[-1].reason == "glare"


@pytest.mark.parametrize("place", ["approved", "rejected", "resubmission", "resubmission_complete"])
def test_a_second_decision_is_refused_and_says_who_was_faster_and_when(place: str) -> None:
    """Invariant I3. Mutant seen red: `stale` does not look at the decisions."""
    case = make_case(place)
    decide = approve(case, COLLEAGUE)
    after = hear(case, decide, T0 + HOUR)
    note = after.receipts[-1]
    assert (note.code, note.account, note.moment) == ("already_decided", REVIEWER.account, T0)
    assert after.decisions == case.decisions


def test_a_decision_on_an_older_submission_is_refused_with_who_decided_that_one() -> None:
    case = make_case("resubmission")
    old = approve(case)
    case = in_review_again(case, T0 + DAY)
    assert _refused(case, old) == "already_decided"


@pytest.mark.parametrize("submission", [-1, 0, 2, 99])
def test_a_decision_on_a_submission_that_is_not_the_present_one_is_refused(
    in_review: Case, submission: int
) -> None:
    """A picture was replaced while the reviewer looked. Mutant seen red: no comparison of numbers."""
    assert _refused(in_review, replace(approve(in_review), submission=submission)) == "other_submission"


@pytest.mark.parametrize("actor", [SUPPORT, OPERATOR, APPLICANT, Actor(Role.SYSTEM), Actor(Role.TIMER)])
def test_a_decision_by_a_role_that_may_not_decide_is_refused(in_review: Case, actor: Actor) -> None:
    """Invariant I10. Mutant seen red: support may decide."""
    assert _refused(in_review, approve(in_review, actor)) == "not_allowed"


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.SENIOR])
def test_nobody_decides_their_own_case(in_review: Case, role: Role) -> None:
    """Four eyes. Mutant seen red: the applicant's account is not compared."""
    assert _refused(in_review, approve(in_review, Actor(role, APPLICANT.account))) == "own_case"


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.SENIOR])
def test_a_decision_has_a_name(in_review: Case, role: Role) -> None:
    """Else four eyes could be dodged. Mutant seen red: an empty account decides."""
    assert _refused(in_review, approve(in_review, Actor(role))) == "not_allowed"


def test_a_case_that_a_colleague_holds_is_not_decided_by_others() -> None:
    case = make_case("claimed")
    decide = approve(case)
    note = hear(case, decide, T0 + MINUTE).receipts[-1]
    assert (note.code, note.account, note.moment) == (
        "claimed_by_other",
        COLLEAGUE.account,
        T0 + 15 * MINUTE,
    )
    assert heard(case, approve(case, COLLEAGUE), T0 + MINUTE).status is CaseStatus.APPROVED
    assert heard(case, approve(case), T0 + 15 * MINUTE).status is CaseStatus.APPROVED, "the claim is over"


# --- reasons --------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", sorted(REFUSE_CODES))
def test_every_reason_of_the_catalogue_refuses(in_review: Case, reason: str) -> None:
    case = heard(in_review, refuse_it(in_review, reason), T0 + HOUR)
    assert case.decisions[-1].reasons == (reason,)


@pytest.mark.parametrize("reason", sorted(ITEM_CODES))
def test_every_reason_of_the_catalogue_asks_again(in_review: Case, reason: str) -> None:
    case = heard(in_review, ask_again(in_review, reason=reason), T0 + HOUR)
    assert case.decisions[-1].reasons == (reason,)


def _asks(case: Case, *items: ItemReasons) -> Decide:
    return replace(ask_again(case), items=items)


def test_reasons_outside_the_catalogue_are_refused(in_review: Case) -> None:
    """Mutants seen red: either catalogue is not asked."""
    assert _refused(in_review, refuse_it(in_review, "because", "data_mismatch")) == "reason_unknown"
    assert _refused(in_review, refuse_it(in_review, "blurred")) == "reason_unknown"
    assert _refused(in_review, ask_again(in_review, reason="because")) == "reason_unknown"
    assert _refused(in_review, ask_again(in_review, reason="data_mismatch")) == "reason_unknown"


def test_missing_reasons_are_refused(in_review: Case) -> None:
    assert _refused(in_review, replace(refuse_it(in_review), reasons=())) == "reason_missing"
    assert _refused(in_review, _asks(in_review)) == "reason_missing"
    without = ItemReasons(slot=Slot.ID_BACK, reasons=())
    assert _refused(in_review, _asks(in_review, without)) == "reason_missing"


def test_items_that_the_case_does_not_have_or_has_twice_are_refused(in_review: Case) -> None:
    assert _refused(in_review, ask_again(in_review, Slot.SELFIE)) == "slot_not_open"
    assert _refused(in_review, ask_again(in_review, Slot.ID_BACK, Slot.ID_BACK)) == "slot_not_open"


@pytest.mark.parametrize("outcome", [Outcome.APPROVE, Outcome.REFUSE])
def test_ticked_items_mean_nothing_to_a_final_decision(in_review: Case, outcome: Outcome) -> None:
    """Mutant seen red: an approved case owes a picture again."""
    decide = replace(ask_again(in_review, reason="free text"), outcome=outcome, reasons=("data_mismatch",))
    case = heard(in_review, decide, T0 + HOUR)
    assert not [each for each in case.documents if each.reasons or each.state == "resubmission_requested"]
    assert case.decisions[-1].reasons == (() if outcome is Outcome.APPROVE else ("data_mismatch",))


# --- attempts -------------------------------------------------------------------------------------


def test_after_three_resubmissions_only_an_extra_attempt_asks_again(in_review: Case) -> None:
    """Mutants seen red: the limit is not asked; the extra attempt is not asked."""
    case = in_review
    for attempt in range(1, 4):
        case = heard(case, ask_again(case), T0 + attempt * HOUR)
        assert attempts_left(case) == 3 - attempt
        case = in_review_again(case, T0 + attempt * HOUR)
    at = T0 + 5 * HOUR
    message = ask_again(case)
    assert code(hear(case, message, at), message) == "attempts_used_up"
    case = heard(case, ask_again(case, extra=True), at)
    assert (case.resubmissions, attempts_left(case)) == (4, 0)
    case = in_review_again(case, at)
    assert heard(case, approve(case), at).status is CaseStatus.APPROVED


def test_a_retake_costs_no_attempt() -> None:
    case = make_case("checking")
    case = heard(case, checked(case, T0, Slot.ID_FRONT), T0)
    assert (case.status, case.resubmissions) == (CaseStatus.COLLECTING, 0)
    assert [each.state for each in case.documents] == [DocumentState.RETAKE_NEEDED, DocumentState.READY]
    case = heard(complete(case, T0), submitted(T0), T0)
    assert [each.state for each in case.documents] == [DocumentState.CHECKING, DocumentState.READY]
    assert case.submission == 2


def test_checks_of_pictures_that_are_not_checked_are_refused() -> None:
    case = make_case("checking")
    for forged in (
        checked(case, T0, Slot.SELFIE),
        checked(case, T0, Slot.ID_FRONT, reason="because"),
    ):
        assert code(hear(case, forged, T0), forged) == "malformed"
    stale = replace(checked(case, T0), submission=0)
    assert code(hear(case, stale, T0), stale) == "stage_over"


def test_a_policy_without_resubmissions_leaves_only_the_extra_attempt() -> None:
    case = make_case("in_review", Policy(resubmission_limit=0))
    assert _refused(case, ask_again(case)) == "attempts_used_up"


# --- the review clock -----------------------------------------------------------------------------


def test_the_review_clock_stops_while_the_applicant_owes() -> None:
    """10 of 24 hours were used up. Mutants seen red: it starts afresh; it runs on."""
    case = make_case("in_review")
    case = heard(case, ask_again(case), T0 + 10 * HOUR)
    assert review_due_at(case) is None
    back = T0 + 4 * DAY
    case = in_review_again(case, back)
    assert review_due_at(case) == back + 14 * HOUR
    assert [wakeup.at - back for wakeup in future(case)] == [8 * HOUR, 14 * HOUR, 38 * HOUR]


def test_the_review_clock_stops_while_a_case_is_withdrawn() -> None:
    case = heard(make_case("in_review"), withdrawn(T0 + 23 * HOUR), T0 + 23 * HOUR)
    case = heard(case, reopen(SENIOR), T0 + 5 * DAY)
    assert review_due_at(case) == T0 + 5 * DAY + HOUR


def test_a_level_that_was_reached_is_kept_for_the_next_review() -> None:
    case = ring(ring(make_case("in_review"), T0 + 18 * HOUR), T0 + 24 * HOUR)
    case = heard(case, ask_again(case), T0 + 30 * HOUR)
    case = in_review_again(case, T0 + 5 * DAY)
    assert case.escalation_level == 1
    assert [(wakeup.number, wakeup.at) for wakeup in future(case)] == [(2, T0 + 5 * DAY + 18 * HOUR)]


def test_an_escalation_never_refuses() -> None:
    """Mutant seen red: level 2 rejects."""
    case = make_case("claimed")
    for wakeup in future(case):
        case = ring(case, wakeup.at)
        assert case.status is CaseStatus.IN_REVIEW
    assert case.escalation_level == 2
    assert heard(case, approve(case), T0 + 400 * DAY).status is CaseStatus.APPROVED
