"""The other side: workflows with nothing in them, carried out without a sandbox.

`python -m tests.benchmarks.raw_worker ADDRESS NAMESPACE TASK_QUEUE`. `MinimalLife` is the theoretical minimum
of docs/benchmarks.md as a program: it shows that the counts derived there can be reached.
"""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.common import SearchAttributeUpdate
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from onboarding.domain.policy import Policy
from temporal_app.connection import EXIT_PAUSE_SECONDS
from temporal_app.contracts import NEXT_ACTION_AT, REVIEW_QUEUE, STATUS

NOW = timedelta(seconds=5)


@dataclass(frozen=True)
class Note:
    """The least that a message carries: which one it is, and when it was handed in."""

    message_id: str
    occurred_at: str
    subject: str = ""


@activity.defn(name="minimal_record")
async def record(_version: int) -> None:
    """Stands for the row projection: what counts here is what it leaves in the history."""


@activity.defn(name="minimal_check")
async def check(_submission: int) -> None:
    """Stands for the checks of pictures that were measured when they came in."""


@workflow.defn
class Trivial:
    """Ends at once."""

    @workflow.run
    async def run(self) -> None:
        return


@workflow.defn
class Answering:
    """Answers updates until it is told to end."""

    def __init__(self) -> None:
        self._over = False

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: self._over)

    @workflow.update
    def decide(self, note: Note) -> str:
        self._over = True
        return note.message_id

    @workflow.query
    def ready(self) -> bool:
        return not self._over


@workflow.defn
class MinimalLife:
    """One happy life: per message one workflow task, one projection, one upsert where the deadline moves.

    A timer that rings too early does no harm, so a later moment needs no timer of its own. Only before the
    last wait, of days, it pays to cancel what is left.
    """

    def __init__(self) -> None:
        self._version, self._recorded = 1, 1  # the sign-up wrote the first
        self._status = self._shown = "email_pending"
        self._wait_seconds = Policy().email_reminders_seconds[0]
        self._queue: str | None = None
        self._shown_queue: str | None = None
        self._alarms: dict[int, asyncio.Task[None]] = {}

    @workflow.run
    async def run(self, _note: Note) -> None:
        while self._status != "followed_up":
            await self._check()
            await self._project()
            self._set_alarm()
            self._show()
            await workflow.wait_condition(lambda: self._recorded < self._version)
        await self._project()

    async def _project(self) -> None:
        while self._recorded < self._version:
            version = self._version
            await workflow.execute_local_activity(record, version, start_to_close_timeout=NOW)
            self._recorded = version

    def _set_alarm(self) -> None:
        if self._status == "approved":
            for alarm in self._alarms.values():
                alarm.cancel()
            self._alarms.clear()
        if not self._alarms or self._wait_seconds < min(self._alarms):
            self._alarms[self._wait_seconds] = asyncio.create_task(self._alarm(self._wait_seconds))

    async def _alarm(self, seconds: int) -> None:
        await workflow.sleep(seconds)
        self._move("followed_up", 0)

    def _show(self) -> None:
        if self._version == 1:
            return  # the start carried them; from then on every message of a happy life moves the deadline
        changes: list[SearchAttributeUpdate[Any]] = []
        if self._status != self._shown:
            changes.append(STATUS.value_set(self._status))
        if self._queue != self._shown_queue:
            changes.append(REVIEW_QUEUE.value_set(self._queue) if self._queue else REVIEW_QUEUE.value_unset())
        changes.append(NEXT_ACTION_AT.value_set(workflow.now() + timedelta(seconds=self._wait_seconds)))
        self._shown, self._shown_queue = self._status, self._queue
        workflow.upsert_search_attributes(changes)

    async def _check(self) -> None:
        if self._status != "checking":
            return
        await workflow.execute_local_activity(check, 1, start_to_close_timeout=NOW)
        policy = Policy()
        self._queue = "unclaimed"
        self._move("in_review", policy.review_sla_seconds * policy.review_warning_percent // 100)

    def _move(self, status: str, wait_seconds: int) -> None:
        self._status, self._wait_seconds, self._version = status, wait_seconds, self._version + 1

    @workflow.signal
    def email_verified(self, _note: Note) -> None:
        self._move("collecting", Policy().collection_reminders_seconds[0])

    @workflow.signal
    def profile_completed(self, _note: Note) -> None:
        self._move("collecting", Policy().collection_reminders_seconds[0])

    @workflow.signal
    def id_uploaded(self, _note: Note) -> None:
        self._move("collecting", Policy().collection_reminders_seconds[0])

    @workflow.signal
    def submitted(self, _note: Note) -> None:
        self._move("checking", Policy().check_timeout_seconds)

    @workflow.update
    def claim(self, note: Note) -> str:
        self._queue = "claimed"
        self._move("in_review", Policy().lease_seconds)
        return note.message_id

    @workflow.update
    def decide(self, note: Note) -> str:
        self._queue = None
        self._move("approved", Policy().follow_up_seconds)
        return note.message_id


async def serve(address: str, namespace: str, task_queue: str) -> None:
    """Runs until the process is ended."""
    client = await Client.connect(address, namespace=namespace)
    worker = Worker(
        client,
        task_queue=task_queue,
        workflows=[Trivial, Answering, MinimalLife],
        activities=[record, check],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    await worker.run()


if __name__ == "__main__":
    try:
        asyncio.run(serve(*sys.argv[1:4]))
    finally:
        time.sleep(EXIT_PAUSE_SECONDS)
