"""Signals, whatever they carry and whenever they come: one is never lost, and never stops the case."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.common import RawValue

from onboarding.domain.refusals import RefusalCode
from onboarding.domain.status import CaseStatus, DocumentType, Outcome, Slot
from tests.domain.builders import approve, profiled, refuse_it, submitted, uploaded, verified, withdrawn
from tests.live import count, eventually, history
from tests.temporal.conftest import MakeLife
from tests.temporal.life import Life

pytestmark = pytest.mark.temporal


def raw(data: bytes, encoding: bytes = b"json/plain") -> RawValue:
    return RawValue(Payload(metadata={"encoding": encoding}, data=data))


def fact(**changes: Any) -> dict[str, Any]:
    return {"message_id": "m", "occurred_at": "2026-01-05T09:00:00+00:00"} | changes


def decision(**changes: Any) -> dict[str, Any]:
    actor = {"role": "reviewer", "account": "21"}
    return {"message_id": "d", "actor": actor, "submission": 1, "outcome": "approve"} | changes


MALFORMED: dict[str, tuple[str, list[Any]]] = {
    "no argument": ("email_verified", []),
    "two arguments": ("email_verified", [fact(), fact()]),
    "a number": ("email_verified", [7]),
    "a list": ("email_verified", [[fact()]]),
    "null": ("email_verified", [None]),
    "an empty object": ("email_verified", [{}]),
    "an empty id": ("email_verified", [fact(message_id="")]),
    "an id that is a number": ("email_verified", [fact(message_id=7)]),
    "an id of 10,000 characters": ("email_verified", [fact(message_id="m" * 10_000)]),
    "an id with a NUL": ("email_verified", [fact(message_id="m\0")]),
    "a naive moment": ("email_verified", [fact(occurred_at="2026-01-05T09:00:00")]),
    "a moment that is none": ("email_verified", [fact(occurred_at="tomorrow")]),
    "an unknown document type": ("profile_completed", [fact(document_type="library_card")]),
    "an unknown slot": ("id_uploaded", [fact(document_id="d", sha256="0" * 64, slot="selfie_with_cat")]),
    "a stage that is a text": ("reminder_delivered", [fact(stage="one", rung=1)]),
    "a moment that is null": ("email_verified", [fact(occurred_at=None)]),
    "an id that is null": ("email_verified", [fact(message_id=None)]),
    "a type that is null": ("profile_completed", [fact(document_type=None)]),
    "a document that is null": ("id_uploaded", [fact(document_id=None, sha256=None, slot="passport")]),
    "a rung that is null": ("reminder_delivered", [fact(stage=1, rung=None)]),
    "a rung that is true": ("reminder_delivered", [fact(stage=1, rung="true")]),
    "a reason that is a list": ("withdrawn", [fact(reason=["x"])]),
    "a helper without a role": ("withdrawn", [fact(by={"account": "21"})]),
    "not JSON": ("submitted", [raw(b"{not json")]),
    "bytes": ("submitted", [raw(b"\xff\xfe\x00", b"binary/plain")]),
    "an encoding that nobody knows": ("submitted", [raw(b"x", b"json/secret")]),
    "no encoding": ("submitted", [RawValue(Payload(data=b"x"))]),
    "a megabyte of nonsense": ("submitted", [raw(b"[" * 1_000_000)]),
    "a decision without an actor": ("review_decided", [{"message_id": "d", "submission": 1}]),
    "a decision for an unknown outcome": ("review_decided", [decision(outcome="maybe")]),
    "a decision by nobody": ("review_decided", [decision(actor=None)]),
    "a decision with null among its reasons": ("review_decided", [decision(reasons=[None])]),
    "a decision with items of nothing": ("review_decided", [decision(items=[None])]),
    "an actor that is a text": ("review_decided", [decision(actor="reviewer 21")]),
}


def failed_tasks(life: Life) -> int:
    events = history(life.id)
    return count(events, EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED) + count(
        events, EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT
    )


def test_a_malformed_signal_leaves_a_receipt_and_nothing_else(life: Life) -> None:
    """Mutants seen red: `fact` lets the decoder's exception out; typed signal handlers, from which the SDK
    drops what it cannot decode without a trace."""
    before = life.begin().case
    for name, arguments in MALFORMED.values():
        life.signal(name, *arguments)
    case = life.case
    assert len(case.receipts) == len(MALFORMED)
    assert case.version == before.version
    assert case.status is before.status
    told = dict(zip(MALFORMED, case.receipts, strict=True))
    assert {each: receipt.code for each, receipt in told.items()} == dict.fromkeys(
        MALFORMED, RefusalCode.MALFORMED
    )
    assert [receipt.name for receipt in case.receipts] == [name for name, _ in MALFORMED.values()]
    assert failed_tasks(life) == 0


UNSTORABLE: dict[str, dict[str, Any]] = {
    "a reason with a NUL": fact(message_id="1", reason="\0"),
    "a reason of half a character": fact(message_id="2", reason="\ud800"),
    "a reason of 100,000 characters": fact(message_id="3", reason="x" * 100_000),
    "a stage beyond all numbers": fact(message_id="4", stage=10**30, rung=1),
    "a rung beyond all numbers": fact(message_id="5", stage=1, rung=10**12),
}


@pytest.mark.parametrize("name", UNSTORABLE)
def test_what_no_row_can_take_is_refused_before_it_is_heard(name: str, life: Life) -> None:
    """Else the case could never be recorded again. Mutant seen red: `storable` answers True."""
    before = life.begin().case
    signal = "withdrawn" if "reason" in UNSTORABLE[name] else "reminder_delivered"
    life.signal(signal, raw(json.dumps(UNSTORABLE[name]).encode()))
    case = life.case
    assert (case.version, case.status) == (before.version, before.status)
    assert [receipt.code for receipt in case.receipts] == [RefusalCode.MALFORMED]


@pytest.mark.parametrize("name", ["anything", "snapshot", "decide", "__something", "x" * 900, "a\tb"])
def test_an_unknown_signal_is_recorded_as_one(name: str, life: Life) -> None:
    """Mutant seen red: unknown names are ignored."""
    life.begin().signal(name, {"some": "thing"})
    (receipt,) = life.case.receipts
    assert receipt.code == RefusalCode.UNKNOWN_MESSAGE
    assert receipt.name == ascii(name)[:100]
    assert failed_tasks(life) == 0


def test_a_message_repeated_ten_times_counts_once(life: Life) -> None:
    """Mutant seen red: `hear` does not look into `seen`."""
    now = life.begin().now
    first, second = verified(now), profiled(now, DocumentType.PASSPORT)
    picture = uploaded(now, Slot.PASSPORT)
    for each in (first, second, picture):
        life.tell(*[each] * 10)
    case = life.case
    assert case.version == 4
    assert len(case.receipts) == 3


def test_reordered_facts_are_answered_one_by_one(life: Life) -> None:
    """What comes out of turn is refused with a receipt, and the rest goes on."""
    now = life.begin().now
    early = [submitted(now), uploaded(now, Slot.PASSPORT), profiled(now, DocumentType.PASSPORT)]
    life.tell(*early, verified(now))
    case = life.case
    assert case.status is CaseStatus.COLLECTING
    assert [bool(receipt.code) for receipt in case.receipts] == [True, True, True, False]
    # The same facts in order, handed in anew.
    life.tell(profiled(now, DocumentType.PASSPORT))
    life.handed_in()
    life.until(CaseStatus.IN_REVIEW)


def test_a_fact_may_be_the_first_that_temporal_hears_of_a_case(life: Life) -> None:
    """Signal-with-start. Mutant seen red: `tell` signals without starting."""
    life.tell(verified(life.start.born_at))
    assert life.case.status is CaseStatus.COLLECTING


def test_a_moment_out_of_this_world_is_put_on_the_clock_of_the_case(life: Life) -> None:
    """Mutant seen red: `_on_the_clock` leaves the moment as it is (the audit row of year 1 is refused)."""
    life.begin()
    life.signal("email_verified", fact(message_id="a", occurred_at="0001-01-01T00:00:00+14:00"))
    life.signal(
        "profile_completed",
        fact(message_id="b", occurred_at="9999-12-31T23:59:59-12:00", document_type="passport"),
    )
    case = life.recorded()
    assert case.status is CaseStatus.COLLECTING
    first, second = case.history[1:]
    assert first.handed_in_at == life.start.born_at
    assert second.handed_in_at is None


def test_a_decision_by_signal_is_the_same_decision(life: Life) -> None:
    """`review_decided` and its receipts. Mutant seen red: the signal is not known."""
    order = approve(life.in_review().case)
    life.signal("review_decided", order)
    life.signal("review_decided", order)
    life.signal("review_decided", refuse_it(life.case))
    case = life.until(CaseStatus.APPROVED)
    assert [decision.outcome for decision in case.decisions] == [Outcome.APPROVE]
    assert [receipt.code for receipt in case.receipts][-2:] == ["", RefusalCode.ALREADY_DECIDED]


def test_a_fact_after_the_end_is_refused_and_the_answer_stays(life: Life) -> None:
    """Late messages to a case that is closed but still followed up."""
    life.in_review().order(approve(life.case))
    life.tell(withdrawn(life.now), submitted(life.now))
    case = life.case
    assert case.status is CaseStatus.APPROVED
    assert [receipt.code for receipt in case.receipts][-2:] == [RefusalCode.FINISHED] * 2


def test_a_clock_that_runs_ahead_at_an_edge_refuses_nobody(life: Life) -> None:
    life.tell(verified(datetime.fromisoformat("2199-01-01T00:00:00+00:00")))
    assert life.case.status is CaseStatus.COLLECTING


def test_a_flood_of_unknown_signals_is_carried_into_the_next_run(make_life: MakeLife) -> None:
    """Hundreds of refused messages change no version, and still the run continues as new, now and then.

    Mutant seen red: `_sleep` is disturbed by a change of version alone.
    """
    life = make_life(continue_after_events=60).begin()
    first = history(life.id)[0].workflow_execution_started_event_attributes.original_execution_run_id
    life.flood(150)

    def continued() -> bool:
        started = history(life.id)[0].workflow_execution_started_event_attributes
        return started.original_execution_run_id != first and bool(started.continued_execution_run_id)

    eventually(continued, of="a second run")
    assert len(life.case.receipts) == 60
    assert life.case.version == 1
    life.tell(verified(life.now))
    assert life.case.status is CaseStatus.COLLECTING
    events = len(history(life.id))
    life.forward(timedelta(hours=23))
    assert len(history(life.id)) <= events + 12, "a run that goes round and round"
