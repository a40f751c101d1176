"""The workflow as Temporal sees it: what it writes, what it waits for, and what it survives."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from google.protobuf.json_format import MessageToJson
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowFailureError, WorkflowHandle

from onboarding.domain.deadlines import WakeupKind
from onboarding.domain.messages import ChecksFinished, Retake
from onboarding.domain.policy import Policy
from onboarding.domain.status import CaseStatus, EventKind, Slot
from temporal_app.contracts import CheckRequest
from tests.domain.builders import T0, approve, ask_again, claim, uploaded, verified, withdrawn
from tests.live import RunningWorker, count, eventually, history, on_workflow
from tests.temporal.conftest import MakeLife
from tests.temporal.fake_activities import RecordingActivities
from tests.temporal.life import Life, assert_kept

pytestmark = pytest.mark.temporal

UPSERT = EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES
PATCHES = "TemporalChangeVersion"
SHOWN = {"OnboardingStatus", "NextActionAt", "ReviewQueue", "Attempt", PATCHES}


def test_a_life_from_sign_up_to_the_follow_up(life: Life) -> None:
    """The happy walk, with one loop through resubmission."""
    life.in_review()
    life.order(claim())
    life.order(ask_again(life.case, "passport"))
    life.handed_in()
    case = life.until(CaseStatus.IN_REVIEW)
    assert (case.submission, case.resubmissions) == (2, 1)
    life.order(approve(case))
    life.forward(timedelta(days=8))
    assert life.ask().over
    case = life.recorded()
    assert [event.version for event in life.events()] == list(range(1, case.version + 1))
    assert [state.version for state in life.port.recorded[life.id]] == sorted(
        {state.version for state in life.port.recorded[life.id]}
    ), "a version was recorded twice or out of order"


def test_search_attributes_are_written_only_when_one_has_changed(life: Life) -> None:
    """Mutant seen red: `_show` compares nothing (an upsert for every recorded version)."""
    life.collecting()
    now = life.now
    life.tell(uploaded(now, Slot.PASSPORT))
    version = life.recorded().version
    before = count(life.at_rest(), UPSERT)
    for _ in range(3):
        life.tell(uploaded(now, Slot.PASSPORT))  # another picture: recorded, and shown nowhere
        life.tell(uploaded(now, Slot.SELFIE))  # refused: changes nothing but the receipts
    life.signal("nonsense")
    assert life.recorded().version == version + 3
    assert count(life.at_rest(), UPSERT) == before
    life.tell(withdrawn(now))
    life.recorded()
    eventually(lambda: count(history(life.id), UPSERT) == before + 1)


def test_ids_attributes_and_summaries_say_what_happens_and_about_whom_nothing(life: Life) -> None:
    """I11 at Temporal: what is never encrypted carries no account. Summaries stand on timers and activities.

    Mutants seen red: `timeout_summary` left out; the summary of `record` names the applicant.
    """
    life.start = type(life.start)(
        case_id=life.id, applicant="canary-7781", policy=life.start.policy, born_at=life.start.born_at
    )
    life.in_review().order(claim())
    life.recorded()
    events = history(life.id)
    summaries = [
        json.loads(event.user_metadata.summary.data)
        for event in events
        if event.user_metadata.summary.data
        or event.event_type
        in {EventType.EVENT_TYPE_TIMER_STARTED, EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED}
    ]
    assert {"reminder 1 of 2", "checks missed", "submission 1", "lease end"} <= set(summaries)
    names: set[str] = set()
    for event in events:
        if event.event_type == UPSERT:
            fields = event.upsert_workflow_search_attributes_event_attributes.search_attributes
            names |= set(fields.indexed_fields)
            assert "canary" not in MessageToJson(fields)
    assert {"OnboardingStatus", "NextActionAt", "ReviewQueue"} <= names <= SHOWN
    assert not any("canary" in summary for summary in summaries)
    assert not any(
        "canary" in event.workflow_execution_started_event_attributes.workflow_id for event in events
    )


def test_unusable_pictures_go_back_to_the_applicant(life: Life, port: RecordingActivities) -> None:
    """The one automatic outcome, and it costs no attempt."""

    def blurred(request: CheckRequest) -> ChecksFinished:
        return ChecksFinished(
            message_id="x",
            occurred_at=T0,
            submission=request.submission,
            retakes=(Retake(slot=Slot.PASSPORT, reason="blurred"),),
        )

    port.checks = blurred
    life.collecting().handed_in()
    case = life.until(CaseStatus.COLLECTING)
    eventually(lambda: life.case.submission == 1 and life.case.status is CaseStatus.COLLECTING)
    case = life.recorded()
    assert case.resubmissions == 0
    assert case.documents[0].reasons == ("blurred",)
    port.checks = type(port)().checks
    life.handed_in()
    assert life.until(CaseStatus.IN_REVIEW).submission == 2


def test_checks_that_fail_leave_the_case_to_people(make_life: MakeLife, port: RecordingActivities) -> None:
    """Four attempts, then T8: in review as "unchecked". Mutant seen red: no T8 among the wakeups."""

    def broken(request: CheckRequest) -> ChecksFinished:
        raise ValueError("the parser died")

    port.checks = broken
    life = make_life(Policy(check_timeout_seconds=2)).collecting().handed_in()
    case = life.until(CaseStatus.IN_REVIEW)
    assert not case.checked
    assert [event.kind for event in life.events()][-1] is EventKind.CHECKS_MISSED
    life.order(approve(case))


def test_messages_and_timers_go_on_while_checks_are_slow(
    make_life: MakeLife, port: RecordingActivities
) -> None:
    """Mutant seen red: the loop awaits the checks (the withdrawal is heard but never recorded)."""
    slow = threading.Event()

    def checks(request: CheckRequest) -> ChecksFinished:
        slow.wait(30)
        return ChecksFinished(message_id="x", occurred_at=T0, submission=request.submission)

    port.checks = checks
    life = make_life().collecting().handed_in()
    eventually(lambda: port.checked)
    life.tell(withdrawn(life.now))
    assert life.recorded().status is CaseStatus.WITHDRAWN
    slow.set()
    eventually(lambda: len(life.case.receipts) == 6, of="the answer of the checks")
    assert life.case.status is CaseStatus.WITHDRAWN


def test_the_case_is_recorded_when_the_database_is_back(life: Life, port: RecordingActivities) -> None:
    """Messages are heard meanwhile. Mutant seen red: `record` tried once."""
    port.there.clear()
    life.collecting()
    assert life.case.version == 3
    assert port.recorded[life.id] == []
    port.there.set()
    life.forward(timedelta(minutes=1))  # the pause between two attempts
    assert life.recorded().version == 3
    assert count(history(life.id), EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED) == 0


def test_a_case_without_a_row_fails_at_once(life: Life, port: RecordingActivities) -> None:
    """I2: no workflow without a case. Mutant seen red: NoSuchCase is tried again like any other."""
    port.without_row.add(life.id)
    life.begin()

    async def result(handle: WorkflowHandle[object, object]) -> object:
        return await handle.result()

    with pytest.raises(WorkflowFailureError):
        on_workflow(life.id, result)


def test_a_worker_that_dies_in_the_middle_is_replaced(
    make_worker: Callable[..., RunningWorker], port: RecordingActivities
) -> None:
    """The new one replays; nothing is recorded twice, and the promise is the same."""
    first = make_worker(port)
    life = Life(port).collecting()
    life.recorded()
    promised = life.ask().future
    first.stop()
    life.tell(uploaded(life.start.born_at, Slot.SELFIE))
    make_worker(port)
    assert life.ask().future == promised
    life.handed_in()
    case = life.until(CaseStatus.IN_REVIEW)
    life.recorded()
    versions = [state.version for state in port.recorded[life.id]]
    assert versions == sorted(set(versions))
    life.order(approve(case))


def test_an_unwatched_case_writes_nothing(life: Life) -> None:
    """Between its timers a case costs no event: a day of waiting is one timer."""
    life.collecting()
    life.recorded()
    eventually(lambda: history(life.id)[-1].event_type == EventType.EVENT_TYPE_TIMER_STARTED)
    before = len(history(life.id))
    life.forward(timedelta(hours=20))
    life.ask()
    skipped = {
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED,
    }
    assert {event.event_type for event in _after(life, before)} <= skipped


def _after(life: Life, number: int) -> list[HistoryEvent]:
    return history(life.id)[number:]


def test_what_is_promised_after_a_late_reminder_holds_too(life: Life) -> None:
    """A reminder that the mail server took late pushes the deadline; the new promise is kept like the old."""
    life.begin()
    life.forward(timedelta(days=3, hours=1))
    snapshot = life.ask()
    late = snapshot.now + timedelta(days=3)
    life.forward(timedelta(days=3))
    life.signal(
        "reminder_delivered",
        {"message_id": "r", "occurred_at": late.isoformat(), "stage": 1, "rung": 2},
    )
    after = life.ask()
    expiry = next(each for each in after.future if each.kind is WakeupKind.EXPIRY)
    assert expiry.at > next(each for each in snapshot.future if each.kind is WakeupKind.EXPIRY).at
    life.forward(expiry.at - after.now + timedelta(minutes=1))
    (expired,) = [event for event in life.events() if event.kind is EventKind.EXPIRED]
    assert_kept([expiry], [expired], life)


def test_a_cold_case_hears_a_first_fact(life: Life) -> None:
    life.begin()
    life.tell(verified(life.now))
    assert life.recorded().status is CaseStatus.COLLECTING


def test_a_birth_that_the_sign_up_has_recorded_is_not_recorded_again(life: Life) -> None:
    """Row and audit of a sign-up show the case already. Mutant seen red: `recorded` of the start is ignored.

    A start from before that (0, the default) still has its first record: the recorded histories begin so.
    """
    life.start = replace(life.start, recorded=1)
    life.begin()
    assert life.case.version == 1
    life.tell(verified(life.now))
    life.recorded()
    assert [state.version for state in life.port.recorded[life.id]] == [2]
