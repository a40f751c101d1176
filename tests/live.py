"""Running things for tests: a worker in a thread of its own, and waiting for what must come true."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeVar

from django.db import connections
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHandle
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from temporal_app import worker as worker_process
from temporal_app.connection import connect, connection
from temporal_app.contracts import OnboardingActivities, case_workflow_id

T = TypeVar("T")

PATIENCE_SECONDS = 20.0
CALL_LIMIT = timedelta(seconds=20)


class RunningWorker:
    """The worker as its process builds it, but sandboxed, in a thread. `port` None is the real one."""

    def __init__(self, port: OnboardingActivities | None = None) -> None:
        self._port = port
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="worker under test", daemon=True)

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(PATIENCE_SECONDS), "the worker did not start"
        if self._failure:
            raise self._failure

    def stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(PATIENCE_SECONDS)
            assert not self._thread.is_alive(), "the worker does not stop"

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as failure:  # noqa: BLE001  shown to the test that started it
            self._failure = failure
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        client = await connect()
        with ThreadPoolExecutor(8) as executor:
            runner = SandboxedWorkflowRunner()
            async with worker_process.build(client, executor, port=self._port, runner=runner):
                self._ready.set()
                await self._stopping.wait()


def eventually(probe: Callable[[], T], seconds: float = PATIENCE_SECONDS, *, of: str = "") -> T:
    """The first true answer of `probe`; fails when none has come in time."""
    deadline = time.monotonic() + seconds
    while True:
        answer = probe()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"{of or 'it'} has not come true within {seconds:g} s: {answer!r}"
        time.sleep(0.02)


def at_server(work: Callable[[Client], Awaitable[T]], limit: timedelta = CALL_LIMIT) -> T:
    """Runs raw client code, for what the gateway does not offer on purpose."""
    return connection().call(work, limit)


def on_workflow(case_id: str, work: Callable[[WorkflowHandle[Any, Any]], Awaitable[T]]) -> T:
    """Runs raw client code with the handle of a case."""

    async def with_handle(client: Client) -> T:
        return await work(client.get_workflow_handle(case_workflow_id(case_id)))

    return at_server(with_handle)


def history(case_id: str) -> list[HistoryEvent]:
    """The events of the present run of a case."""

    async def fetch(handle: WorkflowHandle[Any, Any]) -> list[HistoryEvent]:
        return [event async for event in handle.fetch_history_events()]

    return on_workflow(case_id, fetch)


def count(events: list[HistoryEvent], kind: EventType.ValueType) -> int:
    return sum(event.event_type == kind for event in events)


def in_threads(*calls: Callable[[], T]) -> list[T | BaseException]:
    """Runs all calls at the same moment, each in its thread; answers and exceptions in the same order."""
    barrier = threading.Barrier(len(calls))
    answers: list[T | BaseException] = [AssertionError("never ran")] * len(calls)

    def run(number: int, call: Callable[[], T]) -> None:
        barrier.wait()
        try:
            answers[number] = call()
        except BaseException as error:  # noqa: BLE001  handed to the test
            answers[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
