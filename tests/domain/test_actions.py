"""Who may do what, when: every role at every place, and the documents that are owed."""

from dataclasses import replace

import pytest

from onboarding.domain.actions import BY_ROLE, allowed_actions, attempts_left, open_slots
from onboarding.domain.documents import for_type, required
from onboarding.domain.policy import Policy
from onboarding.domain.snapshot import snapshot
from onboarding.domain.status import Action, CaseStatus, DocumentType, Role, Slot

from .builders import (
    PLACES,
    T0,
    apply_policy,
    checked,
    complete,
    heard,
    make_case,
    profiled,
    submitted,
)

# Each place once; a role that stands in no column may do nothing.
TABLE = """
email_pending          applicant: confirm_email withdraw
                       support: extend pause resend_notice
                       operator: withdraw extend pause apply_policy
new                    applicant: complete_profile withdraw
                       support: extend pause resend_notice
                       operator: withdraw extend pause apply_policy
collecting             applicant: complete_profile upload withdraw
                       support: extend pause resend_notice
                       operator: withdraw extend pause apply_policy
complete               applicant: complete_profile upload submit withdraw
                       support: extend pause resend_notice
                       operator: withdraw extend pause apply_policy
checking               applicant: withdraw
                       support: pause resend_notice
                       operator: withdraw pause apply_policy
in_review              applicant: withdraw
                       reviewer: claim decide
                       support: pause resend_notice
                       operator: withdraw pause apply_policy
claimed                applicant: withdraw
                       reviewer: claim release decide
                       support: pause resend_notice
                       operator: withdraw pause apply_policy
resubmission           applicant: upload withdraw
                       support: extend pause resend_notice
                       operator: withdraw extend pause apply_policy
resubmission_complete  applicant: upload submit withdraw
                       support: extend pause resend_notice
                       operator: withdraw extend pause apply_policy
approved
rejected
expired                applicant: reopen
                       support: reopen
over
withdrawn              applicant: reopen
                       support: reopen
"""


def _rows() -> dict[str, dict[Role, set[Action]]]:
    rows: dict[str, dict[Role, set[Action]]] = {}
    place = ""
    for line in TABLE.strip("\n").splitlines():
        if not line.startswith(" "):
            place, _, line = line.partition(" ")
            rows[place] = {}
        role, _, actions = line.strip().partition(":")
        if role:
            rows[place][Role(role)] = {Action(action) for action in actions.split()}
    return rows


ROWS = _rows()


def test_the_table_names_every_place() -> None:
    assert set(ROWS) == {place for place in PLACES if "paused" not in place}


@pytest.mark.parametrize("place", ROWS)
@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_the_table_says(place: str, role: Role) -> None:
    """Mutant seen red: support may decide."""
    expected = ROWS[place].get(role, set())
    if role is Role.SENIOR:
        expected = ROWS[place].get(Role.REVIEWER, set()) | ROWS[place].get(Role.SUPPORT, set())
    assert set(allowed_actions(make_case(place), role)) == expected


@pytest.mark.parametrize("place", [place for place in PLACES if "paused" in place])
@pytest.mark.parametrize("role", Role)
def test_a_pause_takes_review_and_extension_away_and_nothing_else(place: str, role: Role) -> None:
    running = set(allowed_actions(make_case(place.removesuffix(", paused")), role))
    expected = running - {Action.PAUSE, Action.EXTEND, Action.CLAIM, Action.RELEASE, Action.DECIDE}
    if Action.PAUSE in running:
        expected.add(Action.RESUME)
    assert set(allowed_actions(make_case(place), role)) == expected


def test_every_action_belongs_to_somebody_and_happens_somewhere() -> None:
    assert set().union(*BY_ROLE.values()) == set(Action)
    assert set(BY_ROLE) == set(Role)
    seen = {action for place in PLACES for role in Role for action in allowed_actions(make_case(place), role)}
    assert seen == set(Action)


def test_a_snapshot_answers_for_every_role_and_leaves_old_ids_behind() -> None:
    case = make_case("in_review")
    answer = snapshot(case, T0)
    assert answer.may(Role.REVIEWER, Action.DECIDE)
    assert not answer.may(Role.SUPPORT, Action.DECIDE)
    assert set(answer.actions) == set(Role)
    assert case.seen
    assert answer.case == replace(case, seen=())


# --- documents ------------------------------------------------------------------------------------

EXTRAS = (
    ({}, ()),
    ({"selfie_required": True}, (Slot.SELFIE,)),
    ({"proof_of_address_required": True}, (Slot.PROOF_OF_ADDRESS,)),
    (
        {"selfie_required": True, "proof_of_address_required": True},
        (Slot.SELFIE, Slot.PROOF_OF_ADDRESS),
    ),
)
PAGES = {DocumentType.PASSPORT: (Slot.PASSPORT,), DocumentType.ID_CARD: (Slot.ID_FRONT, Slot.ID_BACK)}


@pytest.mark.parametrize("kind", DocumentType)
@pytest.mark.parametrize(("change", "more"), EXTRAS)
def test_what_is_required_follows_document_and_policy(
    kind: DocumentType, change: dict[str, bool], more: tuple[Slot, ...]
) -> None:
    policy = replace(Policy(), **change)
    assert required(kind, policy) == PAGES[kind] + more
    case = heard(make_case("new", policy), profiled(T0, kind), T0)
    assert open_slots(case) == PAGES[kind] + more


def test_another_document_keeps_what_both_ask_for() -> None:
    policy = replace(Policy(), selfie_required=True)
    case = complete(make_case("collecting", policy), T0)
    case = heard(case, profiled(T0, DocumentType.PASSPORT), T0)
    assert [(each.slot, each.state) for each in case.documents] == [
        (Slot.PASSPORT, "awaited"),
        (Slot.SELFIE, "uploaded"),
    ]
    assert for_type(DocumentType.PASSPORT, policy, case.documents) == case.documents


def test_only_the_named_item_is_open_in_a_resubmission() -> None:
    """Accepted items are locked. Mutant seen red: accepted items are replaceable."""
    assert open_slots(make_case("resubmission")) == (Slot.ID_BACK,)
    assert open_slots(make_case("resubmission_complete")) == (Slot.ID_BACK,)


def test_a_case_that_owes_nothing_can_always_be_submitted() -> None:
    """The unusable selfie is not asked for any more. Mutant seen red: SUBMIT needs an open slot."""
    policy = replace(Policy(), selfie_required=True)
    case = make_case("checking", policy)
    case = heard(case, checked(case, T0, Slot.SELFIE), T0)
    case = heard(heard(case, apply_policy(Policy()), T0), profiled(T0), T0)
    assert open_slots(case) == ()
    case = heard(case, submitted(T0), T0)
    assert heard(case, checked(case, T0), T0).status is CaseStatus.IN_REVIEW


def test_attempts_left_never_count_below_none() -> None:
    assert attempts_left(make_case("new")) == 3
    assert attempts_left(replace(make_case("new"), resubmissions=5)) == 0
