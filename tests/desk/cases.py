"""Cases as rows, without a workflow: told what happened by the rules, recorded by the projection."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.urls import reverse

from onboarding import clock
from onboarding.domain import timers
from onboarding.domain.case import Case as CaseState
from onboarding.domain.messages import Actor, Claim, Decide, ItemReasons, Pause
from onboarding.domain.status import DocumentType, Outcome, Role, Slot
from onboarding.models.cases import Case, Profile
from onboarding.models.people import User
from onboarding.records import projections, queries
from onboarding.usecases import applicant
from tests.domain.builders import checked, heard, profiled, submitted, uploaded, verified


def make_row(
    name: str = "Ana García",
    *,
    place: str = "in_review",
    age: timedelta = timedelta(hours=1),
    user: User | None = None,
) -> Case:
    """A recorded case: "new", "collecting" or "in_review", which it reached `age` ago."""
    given, family = name.split()
    user = user or User.objects.create_user(f"{given}.{uuid.uuid4().hex[:6]}@people.example".lower())
    row = applicant.sign_up(user)
    began = row.born_at - age
    Case.objects.filter(pk=row.pk).update(born_at=began)
    row.refresh_from_db()
    state = queries.recorded_state(row)
    if place != "new":
        state = heard(state, verified(began), began)
        state = heard(state, profiled(began, DocumentType.PASSPORT), began)
        Profile.objects.create(
            case=row,
            given_name=given,
            family_name=family,
            birth_date=date(1990, 2, 11),
            country="ES",
            changed_at=began,
        )
    if place == "in_review":
        state = handed_in(state, began)
    return recorded(row, state, began + age)


def handed_in(state: CaseState, at: datetime) -> CaseState:
    state = heard(state, uploaded(at, Slot.PASSPORT), at)
    state = heard(state, submitted(at), at)
    return heard(state, checked(state, at), at)


def recorded(row: Case, state: CaseState, now: datetime | None = None) -> Case:
    """The row after this state; with `now`, after everything that was due by then."""
    while now and (after := timers.ring(state, now)) is not state:
        state = after
    projections.record(state)
    row.refresh_from_db()
    return row


def actor(user: User, role: Role = Role.REVIEWER) -> Actor:
    return Actor(role, str(user.pk))


def claimed(row: Case, by: User) -> Case:
    state = queries.recorded_state(row)
    order = Claim(message_id=str(uuid.uuid4()), actor=actor(by))
    return recorded(row, heard(state, order, clock.now()))


def paused(row: Case, by: User) -> Case:
    state = queries.recorded_state(row)
    order = Pause(message_id=str(uuid.uuid4()), actor=actor(by, Role.SUPPORT), reason="on holiday")
    return recorded(row, heard(state, order, state.changed_at))


def returned(row: Case, to: User) -> Case:
    """Asked for again, and handed in again."""
    state = queries.recorded_state(row)
    order = Decide(
        message_id=str(uuid.uuid4()),
        actor=actor(to),
        submission=state.submission,
        outcome=Outcome.ASK_AGAIN,
        items=(ItemReasons(slot=Slot.PASSPORT, reasons=("blurred",)),),
    )
    state = heard(state, order, state.changed_at)
    return recorded(row, handed_in(state, state.changed_at))


def address(row: Case, name: str = "change") -> str:
    return reverse(f"admin:onboarding_case_{name}", args=[row.pk])


def queue(tab: str = "") -> str:
    return reverse("admin:onboarding_case_changelist") + (f"?tab={tab}" if tab else "")


def decision(outcome: str, *, submission: int = 1, key: str = "", **more: object) -> dict[str, object]:
    """What the decision form sends."""
    return {"key": key or str(uuid.uuid4()), "submission": submission, "outcome": outcome, **more}
