"""`life-history`: what a happy life leaves in the history, divided by the least any design must."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import TimeSkipper

from onboarding.domain.policy import Policy
from onboarding.domain.status import Outcome
from onboarding.models.cases import Case
from onboarding.usecases import staff
from temporal_app.connection import connection
from temporal_app.contracts import case_workflow_id
from tests.benchmarks import people
from tests.benchmarks.bed import RAW_QUEUE, Bed, BedBroken, until
from tests.benchmarks.options import Options
from tests.benchmarks.raw_worker import MinimalLife, Note
from tests.benchmarks.report import Result

NAME = "life-history"
GATE, GOAL = 1.5, 1.1
LIMIT = timedelta(seconds=30)
PAST_FOLLOW_UP = timedelta(seconds=Policy().follow_up_seconds + 60)
TOOLS = frozenset({"WORKFLOW_EXECUTION_OPTIONS_UPDATED", "WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED"})
"""Left by the skipping of seven days: the measuring, not the measured."""

SIGNALS = (
    (2, "email_verified", ""),
    (3, "profile_completed", ""),
    (4, "id_uploaded", "0" * 64),
    (6, "submitted", ""),
)
"""The version that each message leads to; `submitted` is followed by the checks, a step too."""
UPDATES = ((7, "claim"), (8, "decide"))
MINIMUM = {
    "WORKFLOW_EXECUTION_STARTED": 1,
    "WORKFLOW_EXECUTION_SIGNALED": 4,
    "WORKFLOW_EXECUTION_UPDATE_ACCEPTED": 2,
    "WORKFLOW_EXECUTION_UPDATE_COMPLETED": 2,
    "WORKFLOW_TASK_SCHEDULED": 8,
    "WORKFLOW_TASK_STARTED": 8,
    "WORKFLOW_TASK_COMPLETED": 8,
    "MARKER_RECORDED": 8,
    "TIMER_STARTED": 4,
    "TIMER_CANCELED": 3,
    "TIMER_FIRED": 1,
    "UPSERT_WORKFLOW_SEARCH_ATTRIBUTES": 6,
    "WORKFLOW_EXECUTION_COMPLETED": 1,
}
"""Derived in docs/benchmarks.md; `MinimalLife` shows that it can be reached."""


def run(bed: Bed, options: Options) -> Result:
    """Counts; nothing here depends on how fast the machine is."""
    result = Result(NAME)
    ours, theirs = _real_life(), _minimal_life()
    counted = _kinds(theirs)
    if counted != Counter(MINIMUM):
        raise BedBroken(f"the minimal life differs from the derivation: {_difference(counted)}")
    result.say(f"  {'event':<40} {'ours':>5} {'minimum':>8}")
    kinds = _kinds(ours)
    for kind in sorted(set(kinds) | set(MINIMUM)):
        mark = "" if kinds[kind] == MINIMUM.get(kind, 0) else "   <- costs"
        result.say(f"  {kind:<40} {kinds[kind]:>5} {MINIMUM.get(kind, 0):>8}{mark}")
    tasks = "WORKFLOW_TASK_COMPLETED"
    for what, mine, least in (
        ("events", sum(kinds.values()), sum(MINIMUM.values())),
        ("workflow tasks", kinds[tasks], MINIMUM[tasks]),
        ("bytes", _bytes(ours), _bytes(theirs)),
    ):
        result.hold(f"  {what} {mine} / {least}", mine / least, gate=GATE, goal=GOAL)
    result.say(f"  fattest events: {_fattest(ours)}")
    return result


def _real_life() -> list[HistoryEvent]:
    """Every message alone: the next is sent when the one before is recorded and nothing is under way."""
    reviewer, picture = people.make_reviewer(), people.passport()
    case = people.sign_up()
    steps: list[Callable[[], object]] = [
        lambda: people.confirm(case),
        lambda: people.complete_profile(case),
        lambda: people.upload(case, picture),
        lambda: people.submit(case),
        lambda: staff.claim(reviewer, case, key="1"),
        lambda: staff.decide(
            case, staff.decision(reviewer, case, submission=1, outcome=Outcome.APPROVE, key="1")
        ),
    ]
    handle = case_workflow_id(str(case.id))
    versions = iter((1, 2, 3, 4, 6, 7, 8))
    _rest(case, handle, next(versions))
    for step in steps:
        step()
        _rest(case, handle, next(versions))
    return _finished(handle)


def _rest(case: Case, workflow_id: str, version: int) -> None:
    """Until the row has this version, and the workflow has nothing to do but wait."""
    until(
        lambda: Case.objects.filter(pk=case.pk, version=version).exists() and _at_rest(workflow_id),
        people.STEP_SECONDS,
        f"the case does not come to rest at version {version}",
    )


def _at_rest(workflow_id: str) -> bool:
    async def work(client: Client) -> bool:
        described = (await client.get_workflow_handle(workflow_id).describe()).raw_description
        return not described.HasField("pending_workflow_task") and not described.pending_activities

    return connection().call(work, LIMIT)


def _minimal_life() -> list[HistoryEvent]:
    workflow_id = f"minimal:{uuid4()}"

    def with_handle(work: Callable[[WorkflowHandle[Any, Any]], Awaitable[object]]) -> object:
        async def call(client: Client) -> object:
            return await work(client.get_workflow_handle(workflow_id))

        return connection().call(call, LIMIT)

    def note(subject: str = "") -> Note:
        return Note(str(uuid4()), datetime.now(UTC).isoformat(), subject)  # noqa: TID251  nobody's edge

    async def start(client: Client) -> object:
        return await client.start_workflow(MinimalLife.run, note("1"), id=workflow_id, task_queue=RAW_QUEUE)

    async def recorded(handle: WorkflowHandle[Any, Any]) -> int:
        # Not by a query: one that meets a running local activity costs a workflow task of its own.
        return _kinds([event async for event in handle.fetch_history_events()])["MARKER_RECORDED"]

    def rest(version: int) -> None:
        until(
            # The sign-up has recorded the first one.
            lambda: with_handle(recorded) == version - 1 and _at_rest(workflow_id),
            people.STEP_SECONDS,
            f"the minimal life does not come to version {version}",
        )

    connection().call(start, LIMIT)
    rest(1)
    for version, signal, subject in SIGNALS:
        with_handle(partial(_signal, signal, note(subject)))
        rest(version)
    for version, update in UPDATES:
        with_handle(partial(_update, update, note("1")))
        rest(version)
    return _finished(workflow_id)


async def _signal(name: str, note: Note, handle: WorkflowHandle[Any, Any]) -> None:
    await handle.signal(name, note)


async def _update(name: str, note: Note, handle: WorkflowHandle[Any, Any]) -> None:
    await handle.execute_update(name, note)


def _finished(workflow_id: str) -> list[HistoryEvent]:
    """Skips the days until the follow-up, and returns what the whole life has left."""

    async def skip(client: Client) -> list[HistoryEvent]:
        handle = client.get_workflow_handle(workflow_id)
        await TimeSkipper(client).fast_forward(handle, PAST_FOLLOW_UP)
        await handle.result()
        return [event async for event in handle.fetch_history_events()]

    events = connection().call(skip, LIMIT)
    return [event for event in events if _kind(event) not in TOOLS]


def _kind(event: HistoryEvent) -> str:
    return EventType.Name(event.event_type).removeprefix("EVENT_TYPE_")


def _kinds(events: Sequence[HistoryEvent]) -> Counter[str]:
    return Counter(_kind(event) for event in events)


def _bytes(events: Sequence[HistoryEvent]) -> int:
    return sum(event.ByteSize() for event in events)


def _difference(counted: Counter[str]) -> str:
    return ", ".join(
        f"{kind} {counted[kind]} instead of {MINIMUM.get(kind, 0)}"
        for kind in sorted(set(counted) | set(MINIMUM))
        if counted[kind] != MINIMUM.get(kind, 0)
    )


def _fattest(events: Sequence[HistoryEvent], count: int = 6) -> str:
    sizes: Counter[str] = Counter()
    for event in events:
        sizes[_kind(event)] += event.ByteSize()
    return ", ".join(f"{kind} {size} bytes" for kind, size in sizes.most_common(count))
