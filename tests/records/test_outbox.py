"""The outbox: in order for each case, patient with a service that is away, strict with a broken row."""

from __future__ import annotations

import uuid
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import transaction

from onboarding import clock
from onboarding.domain.messages import EmailVerified
from onboarding.models.cases import Case
from onboarding.models.outbox import OutboxMessage
from onboarding.records import outbox, queries
from tests.live import in_threads
from tests.people import make_applicant

pytestmark = pytest.mark.database

AT_ONCE = timedelta(0)


def owe(case: Case) -> OutboxMessage:
    fact = EmailVerified(message_id=str(uuid.uuid4()), occurred_at=case.born_at)
    with transaction.atomic():
        return outbox.append(Case.objects.get(pk=case.pk), fact)


def test_a_sign_up_owes_the_start_of_its_workflow(case: Case) -> None:
    (row,) = outbox.waiting(case.pk)
    assert (row.name, row.sequence, row.message_id) == (outbox.START, 1, case.pk)


def test_facts_are_numbered_without_gaps_however_many_come_at_once(committed_case: Case) -> None:
    """Mutant seen red, on Postgres: the number is read, then written."""
    answers = in_threads(*[partial(owe, committed_case)] * 8)
    assert not [each for each in answers if isinstance(each, BaseException)], answers
    assert [row.sequence for row in outbox.waiting(committed_case.pk)] == list(range(1, 10))


def test_the_first_owed_row_speaks_for_its_case(case: Case) -> None:
    """Who waits behind a row that waits, waits. Mutant seen red: any due row makes its case due."""
    owe(case)
    first, second = outbox.waiting(case.pk)
    assert list(outbox.cases_waiting(AT_ONCE, 10)) == [case.pk]
    outbox.service_away(first, "away")
    assert list(outbox.cases_waiting(AT_ONCE, 10)) == []
    outbox.acknowledged([first], "delivered")
    assert list(outbox.cases_waiting(AT_ONCE, 10)) == [case.pk]
    assert outbox.waiting(case.pk) == [second]


def test_a_service_that_is_away_is_waited_for_without_end(case: Case) -> None:
    """Neither parked nor put off for long. Mutant seen red: being away counts like being broken."""
    (row,) = outbox.waiting(case.pk)
    for _ in range(100):
        outbox.service_away(row, "away")
        row.refresh_from_db()
    assert (row.attempts, row.parked_at) == (0, None)
    assert row.next_attempt_at - clock.now() <= timedelta(seconds=2)


def test_a_broken_row_is_parked_and_can_be_taken_up_again(case: Case) -> None:
    """Mutant seen red: it is tried for ever."""
    owe(case)
    broken, sound = outbox.waiting(case.pk)
    pauses = []
    for _ in range(outbox.PARK_AFTER_ATTEMPTS):
        outbox.failed(broken, "KeyError")
        broken.refresh_from_db()
        pauses.append(broken.next_attempt_at)
    assert pauses == sorted(pauses)
    assert broken.parked_at is not None
    assert broken.last_error == "KeyError"
    assert outbox.waiting(case.pk) == [sound]
    outbox.unpark(broken)
    assert outbox.waiting(case.pk) == [broken, sound]


def test_an_acknowledged_row_stays_and_keeps_its_first_answer(case: Case) -> None:
    (row,) = outbox.waiting(case.pk)
    outbox.acknowledged([row], "delivered")
    outbox.acknowledged([row], "finished")
    outbox.service_away(row, "away")
    row.refresh_from_db()
    assert (row.outcome, row.last_error) == ("delivered", "")
    assert outbox.waiting(case.pk) == []


@pytest.mark.parametrize("payload", [7, {}, {"message_id": 7}, {"occurred_at": "never"}, ["x"], "text"])
def test_a_row_that_cannot_be_read_hides_no_other_and_breaks_no_page(case: Case, payload: Any) -> None:
    """Mutant seen red: `facts_not_in` lets the converter's exception out."""
    broken, sound = owe(case), owe(case)
    OutboxMessage.objects.filter(pk=broken.pk).update(payload=payload)
    assert [fact.message_id for fact in outbox.facts_not_in(case, ())] == [str(sound.message_id)]
    assert queries.current_snapshot(case).case.version == 2


def test_undelivered_facts_are_all_asked_for_and_delivered_ones_when_they_are_new(case: Case) -> None:
    """Mutant seen red: only the newest fifty, delivered or not."""
    rows = [owe(case) for _ in range(outbox.NEWEST + 10)]
    for row in rows[3:]:
        outbox.acknowledged([row], "delivered")
    case.refresh_from_db()
    asked = [fact.message_id for fact in outbox.facts_not_in(case, ())]
    assert asked[:3] == [str(row.message_id) for row in rows[:3]]
    assert asked[3:] == [str(row.message_id) for row in rows[10:]]


def test_what_a_request_will_deliver_itself_is_left_to_it(case: Case) -> None:
    """Mutant seen red: the sweep takes rows of any age."""
    budget = timedelta(seconds=2)
    assert list(outbox.cases_waiting(budget, 10)) == []
    with time_machine.travel(clock.now() + budget + timedelta(seconds=1), tick=False):
        assert list(outbox.cases_waiting(budget, 10)) == [case.pk]


def test_the_longest_waiting_come_first_and_not_all_at_once(db: None) -> None:
    cases = [make_applicant() for _ in range(4)]
    assert list(outbox.cases_waiting(AT_ONCE, 3)) == [case.pk for case in cases[:3]]
