"""Reading cases: the present state of one, as far as anybody handed something in."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from onboarding import clock
from onboarding.domain.case import Case as CaseState
from onboarding.domain.case import birth
from onboarding.domain.policy import Policy
from onboarding.domain.snapshot import Snapshot, snapshot
from onboarding.domain.transition import hear
from onboarding.models.cases import REVIEWABLE, URGENCY, Case
from onboarding.records import outbox
from onboarding.serial import from_json

PART = 20


def recorded_state(row: Case) -> CaseState:
    """The case as the workflow last recorded it; a newborn one where it has not yet."""
    if row.state is not None:
        return from_json(row.state, CaseState)
    return birth(str(row.id), str(row.applicant_id), from_json(row.policy, Policy), row.born_at)


def current_state(row: Case) -> CaseState:
    """The recorded state after everything that was handed in since.

    The workflow hears the same facts with the same function, so this is what it will say: a page shows it
    at once, also while Temporal is away.
    """
    state = recorded_state(row)
    now = clock.case_now(row)
    for fact in outbox.facts_not_in(row, state.seen):
        state = hear(state, fact, now)
    return state


def current_snapshot(row: Case) -> Snapshot:
    """What the applicant's page shows: from rows only, two queries."""
    return snapshot(current_state(row), clock.case_now(row))


def waiting_for(reviewer_id: int) -> Iterator[Case]:
    """The cases that this reviewer may take next, best first: the next part is asked for when it is needed.

    What came back after a request of theirs; then what is overdue, or nobody has looked at yet; last what
    came back to colleagues, who get it first. Never their own.
    """
    free = Case.objects.filter(REVIEWABLE, claimed_by=None)
    free = free.exclude(applicant_id=reviewer_id).order_by(*URGENCY).defer("state")
    came_back = Q(last_reviewer_id=reviewer_id)
    pressing = Q(escalation_level__gt=0) | Q(last_reviewer_id=None)
    others = free.exclude(came_back)
    for part in (free.filter(came_back), others.filter(pressing), others.exclude(pressing)):
        yield from part[:PART]


def case_of(applicant_id: int) -> Case | None:
    """The case of an account, or None."""
    try:
        return Case.objects.get(applicant_id=applicant_id)
    except Case.DoesNotExist:
        return None
