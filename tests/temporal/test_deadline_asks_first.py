"""A deadline asks first: what was handed in before it counts, however late it is delivered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from onboarding.domain.deadlines import WakeupKind
from onboarding.domain.status import CaseStatus, DocumentType, EventKind, Slot
from temporal_app.contracts import HandedIn
from tests.domain.builders import delivered, profiled, submitted, uploaded, verified, withdrawn
from tests.live import eventually
from tests.temporal.fake_activities import RecordingActivities
from tests.temporal.life import Life

pytestmark = pytest.mark.temporal

PAST_T1 = timedelta(days=7, hours=12)
"""Before the first reminder of whoever is let in at the last moment."""


def test_a_fact_in_the_outbox_keeps_the_case_open(life: Life, port: RecordingActivities) -> None:
    """Mutant seen red: `_ring` does not ask before an expiry."""
    fact = verified(life.begin().now)
    port.on_their_way[life.id] = HandedIn(email_verified=(fact,))
    life.forward(PAST_T1)
    case = life.recorded()
    assert port.asked == [life.id]
    assert case.status is CaseStatus.COLLECTING
    assert EventKind.EXPIRED not in {event.kind for event in life.events()}
    life.tell(fact)  # it is delivered at last, and has been heard before
    assert life.case.version == case.version


def test_facts_in_the_outbox_are_heard_in_the_order_they_were_handed_in(
    life: Life, port: RecordingActivities
) -> None:
    """Mutant seen red: `HandedIn.facts` sorts by name."""
    born = life.start.born_at
    life.begin()
    port.on_their_way[life.id] = HandedIn(
        email_verified=(verified(born + timedelta(seconds=1)),),
        profile_completed=(profiled(born + timedelta(seconds=2), DocumentType.PASSPORT),),
        id_uploaded=(uploaded(born + timedelta(seconds=3), Slot.PASSPORT),),
        submitted=(submitted(born + timedelta(seconds=4)),),
    )
    life.forward(PAST_T1)
    assert life.until(CaseStatus.IN_REVIEW).submission == 1


def test_a_withdrawal_in_the_outbox_is_no_expiry(life: Life, port: RecordingActivities) -> None:
    life.begin()
    port.on_their_way[life.id] = HandedIn(withdrawn=(withdrawn(life.start.born_at),))
    life.forward(PAST_T1)
    assert life.recorded().status is CaseStatus.WITHDRAWN


def test_a_late_reminder_in_the_outbox_moves_the_deadline(life: Life, port: RecordingActivities) -> None:
    """The deadline is never within the grace after the last reminder that was really delivered."""
    case = life.begin().case
    arrived = life.start.born_at + timedelta(days=6)
    port.on_their_way[life.id] = HandedIn(reminder_delivered=(delivered(case, arrived, 2),))
    life.forward(timedelta(days=7, hours=1))
    snapshot = life.ask()
    assert snapshot.case.status is CaseStatus.EMAIL_PENDING
    assert snapshot.closes_at == arrived + timedelta(days=2)
    life.forward(timedelta(days=1))
    assert life.recorded().status is CaseStatus.EXPIRED


def test_a_fact_handed_in_before_and_delivered_after_the_expiry_reopens_the_case(life: Life) -> None:
    """Both moments are recorded, and the applicant is told. Mutant seen red: `beat_the_deadline` is False."""
    handed_in = life.begin().now
    life.forward(PAST_T1)
    assert life.recorded().status is CaseStatus.EXPIRED
    life.tell(verified(handed_in))
    case = life.recorded()
    assert case.status is CaseStatus.COLLECTING
    reopened, confirmed = case.history[-2:]
    assert (reopened.kind, confirmed.kind) == (EventKind.REOPENED, EventKind.EMAIL_CONFIRMED)
    assert reopened.handed_in_at == confirmed.handed_in_at == handed_in
    assert reopened.at - handed_in > timedelta(days=7)
    assert [notice.kind for notice in reopened.notices] == ["reopened"]


def test_a_fact_handed_in_after_the_deadline_is_too_late(life: Life) -> None:
    life.begin()
    life.forward(PAST_T1)
    life.recorded()
    life.tell(verified(life.now))
    assert life.case.status is CaseStatus.EXPIRED
    assert life.case.receipts[-1].code == "finished"


def test_the_deadline_waits_for_a_database_that_is_away(life: Life, port: RecordingActivities) -> None:
    """Nobody is refused because we could not ask. Mutant seen red: a failed question counts as "nothing"."""
    fact = verified(life.begin().now)
    life.recorded()
    expiry = next(each for each in life.ask().future if each.kind is WakeupKind.EXPIRY)
    life.forward(expiry.at - life.now - timedelta(minutes=1))
    life.recorded()
    port.there.clear()
    port.on_their_way[life.id] = HandedIn(email_verified=(fact,))
    life.forward(timedelta(minutes=2))
    assert life.case.status is CaseStatus.EMAIL_PENDING
    port.there.set()
    life.forward(timedelta(minutes=1))  # the pause between two attempts
    eventually(lambda: life.case.status is CaseStatus.COLLECTING)
