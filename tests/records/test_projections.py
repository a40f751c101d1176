"""Rows follow the case: never backwards, never twice, and whatever anybody has sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest
from django.db import connection

from onboarding.domain.case import Case as CaseState
from onboarding.domain.messages import Actor, Message, Withdrawn
from onboarding.domain.status import CaseStatus, DocumentType, Role, Slot
from onboarding.domain.timers import ring
from onboarding.domain.transition import hear
from onboarding.models.audit import AuditEvent
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.records import audit, projections, queries
from tests.domain.builders import (
    PLACES,
    ask_again,
    checked,
    claim,
    make_case,
    pause,
    profiled,
    submitted,
    uploaded,
    verified,
)
from tests.live import in_threads
from tests.people import make_staff

pytestmark = pytest.mark.database


STRANGER = Actor(Role.REVIEWER, "987654")


def life_of(row: Case, reviewer: Actor = STRANGER) -> list[CaseState]:
    """Every state of a case from its birth through a review to the resubmission window."""
    state, at = queries.recorded_state(row), row.born_at
    states = [state]

    def then(message: Message) -> None:
        nonlocal state, at
        at += timedelta(minutes=1)
        state = hear(state, message, at)
        states.append(state)

    then(verified(at))
    then(profiled(at, DocumentType.PASSPORT))
    then(uploaded(at, Slot.PASSPORT))
    then(submitted(at))
    then(checked(state, at))
    then(claim(reviewer))
    then(ask_again(state, Slot.PASSPORT, actor=reviewer))
    at += timedelta(days=3)
    states.append(ring(state, at))
    assert [b.version - a.version for a, b in pairwise(states)] == [1] * (len(states) - 1)
    return states


def rows(case: Case) -> tuple[object, ...]:
    """Everything that was written for a case."""
    return (
        Case.objects.filter(pk=case.pk).values().get(),
        list(AuditEvent.objects.filter(case=case).values()),
        list(Email.objects.filter(case=case).order_by("key").values()),
    )


def test_a_state_that_is_not_newer_changes_nothing(case: Case) -> None:
    """Mutant seen red: no guard by version in `record`."""
    states = life_of(case)
    assert projections.record(states[4])
    before = rows(case)
    for state in states[:5]:
        assert not projections.record(state)
        assert rows(case) == before
    assert projections.record(states[5])


def test_states_that_were_skipped_are_in_the_audit_all_the_same(case: Case) -> None:
    """A recorded case carries its history. Mutant seen red: only the newest event is written."""
    states = life_of(case)
    projections.record(states[-1])
    written = list(AuditEvent.objects.filter(case=case).values_list("version", flat=True))
    assert written == list(range(1, states[-1].version + 1))
    case.refresh_from_db()
    assert audit.verify(case) == []
    kinds = set(Email.objects.filter(case=case).values_list("kind", flat=True))
    assert kinds == {"submitted", "resubmission_requested", "resubmission_reminder"}


def test_records_of_one_case_at_the_same_time_write_each_event_once(committed_case: Case) -> None:
    """Several workers at once. Mutant seen red, on Postgres: the row isn't locked."""
    case = committed_case
    states = life_of(case)
    answers = in_threads(*[partial(projections.record, state) for state in states[1:]])
    assert not [answer for answer in answers if isinstance(answer, BaseException)], answers
    case.refresh_from_db()
    assert case.version == states[-1].version
    assert case.status == CaseStatus.RESUBMISSION_REQUESTED
    assert audit.verify(case) == []
    keys = list(Email.objects.filter(case=case).values_list("key", flat=True))
    assert len(keys) == len(set(keys)) == 3


def test_an_owed_email_is_owed_once(case: Case) -> None:
    """I4: one key, one row, one Message-ID. Mutant seen red: `ignore_conflicts` without the unique key."""
    state = life_of(case)[4]
    projections.record(state)
    (email,) = Email.objects.filter(case=case)
    Case.objects.filter(pk=case.pk).update(version=1)  # a restored row, older than its e-mails
    projections.record(state)
    (again,) = Email.objects.filter(case=case)
    assert again.pk == email.pk


@pytest.mark.parametrize("account", ["987654", "nobody", "9" * 30, "\u0663", "-1"])
def test_accounts_that_do_not_exist_are_left_out_of_the_rows(case: Case, account: str) -> None:
    """Sent straight to the workflow, a claim may name anybody. Mutants seen red: the holder, the reviewer or
    the recipient goes into its row as it came, and the foreign key refuses it for ever."""
    states = life_of(case, Actor(Role.REVIEWER, account))
    for state in (states[6], states[7]):
        assert projections.record(state)
        connection.check_constraints()
        case.refresh_from_db()
        assert (case.claimed_by, case.last_reviewer) == (None, None)


@pytest.mark.parametrize("account", ["987654", "nobody"])
def test_a_notice_to_nobody_is_owed_to_nobody(case: Case, account: str) -> None:
    state = hear(queries.recorded_state(case), pause(Actor(Role.SUPPORT, account)), case.born_at)
    ended = ring(state, case.born_at + timedelta(days=31))
    assert [notice.account for event in ended.history for notice in event.notices] == [account]
    assert projections.record(ended)
    connection.check_constraints()
    assert not Email.objects.filter(case=case).exists()


def test_a_reviewer_who_exists_stands_in_the_row(case: Case) -> None:
    reviewer = make_staff("reviewer")
    states = life_of(case, Actor(Role.REVIEWER, str(reviewer.pk)))
    projections.record(states[6])
    case.refresh_from_db()
    assert case.claimed_by == reviewer
    projections.record(states[7])
    case.refresh_from_db()
    assert (case.claimed_by, case.last_reviewer) == (None, reviewer)


def test_the_longest_texts_a_case_hears_fit_into_its_rows(case: Case) -> None:
    """Both databases, also the one that counts. Mutant seen red on Postgres: `cause` is not cut."""
    at = case.born_at
    state = queries.recorded_state(case)
    withdrawal = Withdrawn(
        message_id="é" * 100,
        occurred_at=at,
        by=Actor(Role.OPERATOR, "1" * 400),
        reason="€" * 2000,
    )
    state = hear(state, withdrawal, at)
    assert state.status is CaseStatus.WITHDRAWN
    assert projections.record(state)
    case.refresh_from_db()
    assert audit.verify(case) == []


def test_a_case_that_was_never_committed_cannot_be_recorded(db: None) -> None:
    """I2. The workflow fails then."""
    stranger = replace(make_case("collecting"), case_id="00000000-0000-4000-8000-000000000000")
    with pytest.raises(Case.DoesNotExist):
        projections.record(stranger)


@pytest.mark.parametrize("place", sorted(PLACES))
def test_a_row_is_due_exactly_while_somebody_must_act(place: str, db: None) -> None:
    """The queue asks for these moments instead of the status. Mutant: a paused review stays due."""
    state = make_case(place)
    row = projections.columns(state)
    assert (row["review_due_at"] is not None) is (state.status is CaseStatus.IN_REVIEW and not state.paused)
    assert (row["closes_at"] is not None) is (state.applicant_owes and not state.paused)
