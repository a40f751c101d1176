"""One case at the real server, driven through the gateway as the service drives it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHandle

from onboarding import clock
from onboarding.domain.case import Case, Event, Receipt
from onboarding.domain.deadlines import Wakeup
from onboarding.domain.messages import Command, Fact
from onboarding.domain.policy import Policy
from onboarding.domain.snapshot import Snapshot
from onboarding.domain.status import CaseStatus, DocumentType, Slot
from onboarding.serial import FACT_NAMES
from temporal_app import gateway
from temporal_app.contracts import CaseStart
from tests.domain.builders import profiled, submitted, uploaded, verified
from tests.live import CALL_LIMIT, eventually, history, on_workflow
from tests.temporal.fake_activities import RecordingActivities

RESTING = {EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED, EventType.EVENT_TYPE_TIMER_STARTED}


class Life:
    """A case whose workflow uses the recorder `port`; nothing is started before the first message."""

    def __init__(
        self, port: RecordingActivities, policy: Policy | None = None, *, continue_after_events: int = 0
    ) -> None:
        self.port = port
        self.id = str(uuid.uuid4())
        self.start = CaseStart(
            case_id=self.id,
            applicant="7",
            policy=policy or Policy(),
            born_at=clock.now(),
            continue_after_events=continue_after_events,
        )

    def begin(self) -> Life:
        gateway.start_case(self.start, CALL_LIMIT)
        return self

    def tell(self, *facts: Fact) -> None:
        for fact in facts:
            gateway.tell(self.start, FACT_NAMES[type(fact)], fact, CALL_LIMIT)

    def order(self, command: Command) -> Receipt:
        return gateway.command(self.id, command, CALL_LIMIT)

    def signal(self, name: str, *arguments: Any) -> None:
        """A signal as anybody with access to Temporal may send it."""

        async def send(handle: WorkflowHandle[Any, Any]) -> None:
            await handle.signal(name, args=list(arguments))

        on_workflow(self.id, send)

    def flood(self, number: int) -> None:
        """So many signals that nobody knows, as fast as they go."""

        async def send(handle: WorkflowHandle[Any, Any]) -> None:
            await asyncio.gather(*(handle.signal(f"nonsense {each}", each) for each in range(number)))

        on_workflow(self.id, send)

    def ask(self) -> Snapshot:
        return gateway.snapshot(self.id, CALL_LIMIT)

    @property
    def case(self) -> Case:
        return self.ask().case

    @property
    def now(self) -> datetime:
        return self.ask().now

    def forward(self, by: timedelta) -> None:
        gateway.fast_forward(self.id, by)

    def at_rest(self) -> list[HistoryEvent]:
        """The history, once the workflow has done everything that it was told: no task waits or runs."""

        def rests() -> list[HistoryEvent] | None:
            events = history(self.id)
            return events if events[-1].event_type in RESTING else None

        return eventually(rests, of="rest") or []

    def rung(self) -> list[tuple[datetime, datetime]]:
        """For which moments the timers were set that have fired in the present run: not before, not after.

        The workflow set each while the task ran that started it; its clock stood somewhere between the task's
        beginning and the moment at which the server heard of the timer.
        """
        task_began, meant, rung = None, {}, []
        for event in history(self.id):
            at = event.event_time.ToDatetime(tzinfo=UTC)
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED:
                task_began = at
            elif event.event_type == EventType.EVENT_TYPE_TIMER_STARTED:
                assert task_began
                wait = event.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
                meant[event.event_id] = (task_began + wait, at + wait)
            elif event.event_type == EventType.EVENT_TYPE_TIMER_FIRED:
                rung.append(meant[event.timer_fired_event_attributes.started_event_id])
        return rung

    def until(self, status: CaseStatus) -> Case:
        return eventually(lambda: (case := self.case).status is status and case, of=status) or self.case

    def collecting(self) -> Life:
        now = self.begin().now
        self.tell(verified(now), profiled(now, DocumentType.PASSPORT))
        return self

    def handed_in(self) -> Life:
        now = self.now
        self.tell(uploaded(now, Slot.PASSPORT), submitted(now))
        return self

    def in_review(self) -> Life:
        self.collecting().handed_in().until(CaseStatus.IN_REVIEW)
        return self

    def recorded(self) -> Case:
        """The newest recorded state, once it is as new as the workflow's own."""
        version = self.case.version
        states = self.port.recorded[self.id]
        return eventually(lambda: states and states[-1].version >= version and states[-1], of="the record")

    def events(self, after_version: int = 0) -> list[Event]:
        """Everything that happened after a version, from the records alone."""
        self.recorded()
        seen: dict[int, Event] = {}
        for state in self.port.recorded[self.id]:
            seen |= {event.version: event for event in state.history}
        return [seen[version] for version in sorted(seen) if version > after_version]


PRECISION = timedelta(milliseconds=2)
"""Two roundings: of the server's clock and of the timer's wait."""
LATENESS = timedelta(seconds=20)
"""What a busy machine may take from a timer to its event; it is never early."""


def assert_kept(promised: Sequence[Wakeup], fired: Sequence[Event], life: Life) -> None:
    """Each promise was a timer set for that moment, and its event followed.

    A clock that begins with an event, such as that of the reopening, begins as late as the event came.
    """
    rung, late = life.rung(), timedelta(0)
    for promise, event in zip(promised, fired, strict=True):
        moment = promise.at
        kept = any(first - late - PRECISION <= moment <= last + PRECISION for first, last in rung)
        assert kept, f"{promise} is none of {rung}"
        assert -PRECISION <= event.at - moment <= LATENESS, f"{promise} fired at {event.at}"
        late = max(event.at - moment, timedelta(0))
