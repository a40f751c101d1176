"""The worker process: `python -m temporal_app.worker`.

Carries out workflows and activities, and beside them the relay and the sending of e-mails. The first
SIGTERM or SIGINT drains it: no new work, what is running may finish, then it leaves.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import django
from django.core.exceptions import ImproperlyConfigured

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onboarding.settings")
    try:
        django.setup()
    except ImproperlyConfigured as refusal:
        sys.exit(str(refusal))

from django.conf import settings
from django.db import close_old_connections
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
    UnsandboxedWorkflowRunner,
    Worker,
    WorkflowRunner,
)

from onboarding.documents import housekeeping
from onboarding.mail import outgoing
from onboarding.records import days, heartbeats, idempotency
from temporal_app import contracts, relay
from temporal_app.activities import DjangoActivities
from temporal_app.connection import EXIT_PAUSE_SECONDS, connect
from temporal_app.workflow import OnboardingCase

logger = logging.getLogger("temporal_app.worker")

PATIENCE_SECONDS = 60.0
"""How long a missing server, namespace or search attribute is waited for before giving up."""


class CannotStart(Exception):
    """What is missing, in a sentence for whoever runs the worker."""


class FreshConnections(Interceptor):
    """Drops stale database connections around every activity, inside the thread that runs it.

    Nothing fires Django's request signals in a worker, and refreshing from the event loop's thread would
    touch other connections than those the activity uses.
    """

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        return _FreshConnections(next)


class _FreshConnections(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        return await self.next.execute_activity(replace(input, fn=_refreshing(input.fn)))


def _refreshing(run: Callable[..., Any]) -> Callable[..., Any]:
    def refreshed(*arguments: Any) -> Any:
        close_old_connections()
        try:
            return run(*arguments)
        finally:
            close_old_connections()

    return refreshed


def build(
    client: Client,
    executor: ThreadPoolExecutor,
    identity: str | None = None,
    port: contracts.OnboardingActivities | None = None,
    runner: WorkflowRunner | None = None,
) -> Worker:
    """The worker as configured.

    Args:
        executor: runs the activities.
        port: activities instead of the real ones.
        runner: how workflows are run. Tests take the SDK's sandbox; what has passed them runs without it
            (decision 0008).
    """
    port = port or DjangoActivities()
    return Worker(
        client,
        task_queue=settings.TEMPORAL_TASK_QUEUE,
        workflows=[OnboardingCase],
        activities=[port.record, port.handed_in, port.check_at_once, port.check_documents],
        activity_executor=executor,
        interceptors=[FreshConnections()],
        workflow_runner=runner or UnsandboxedWorkflowRunner(),
        identity=identity,
        max_cached_workflows=settings.WORKER_CACHED_WORKFLOWS,
        max_concurrent_workflow_tasks=settings.WORKER_WORKFLOW_SLOTS,
        max_concurrent_activities=settings.WORKER_ACTIVITY_THREADS,
        max_concurrent_local_activities=settings.WORKER_ACTIVITY_THREADS,
        graceful_shutdown_timeout=timedelta(seconds=settings.WORKER_DRAIN_SECONDS),
    )


async def connected(patience_seconds: float = PATIENCE_SECONDS) -> Client:
    """A client whose namespace and search attributes are really there.

    Raises:
        CannotStart: something was still missing when the patience ran out.
    """
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            async with asyncio.timeout(10):
                client = await connect()
                missing = await _missing(client)
        except (RPCError, RuntimeError, TimeoutError) as error:
            missing = f"Temporal does not answer at {settings.TEMPORAL_ADDRESS} ({_first_line(error)})"
        else:
            if not missing:
                return client
        if time.monotonic() > deadline:
            raise CannotStart(
                f"The worker cannot start: {missing}. Start the server, or run "
                "`python -m temporal_app.registration`, and start the worker again."
            )
        await asyncio.sleep(0.5)


async def _missing(client: Client) -> str:
    """What the server lacks, or an empty text."""
    try:
        answer = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=client.namespace)
        )
    except RPCError as error:
        return f"the namespace {client.namespace} is not usable ({_first_line(error)})"
    absent = [key.name for key in contracts.SEARCH_ATTRIBUTES if key.name not in answer.custom_attributes]
    return f"the search attributes {', '.join(absent)} are not registered" if absent else ""


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:160]


@contextlib.contextmanager
def beside() -> Iterator[None]:
    """Relay, e-mails and housekeeping, in threads of their own, as long as the block runs."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=relay.run, args=(stop,), name="relay"),
        threading.Thread(target=outgoing.run, args=(stop,), name="mail"),
        threading.Thread(target=housekeeping.run, args=(stop,), name="housekeeping"),
        threading.Thread(target=idempotency.run, args=(stop,), name="kept answers"),
        threading.Thread(target=days.run, args=(stop,), name="counted days"),
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


async def serve(identity: str) -> None:
    """Runs the worker until a signal asks it to stop."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    connecting = asyncio.create_task(connected())
    await asyncio.wait(
        {connecting, asyncio.create_task(stopping.wait())}, return_when=asyncio.FIRST_COMPLETED
    )
    if stopping.is_set():
        connecting.cancel()
        return
    client = await connecting
    with ThreadPoolExecutor(settings.WORKER_ACTIVITY_THREADS, thread_name_prefix="activity") as executor:
        async with build(client, executor, identity):
            logger.info("worker %s carries out cases from %s", identity, settings.TEMPORAL_TASK_QUEUE)
            beating = asyncio.create_task(_beat(identity))
            await stopping.wait()
            logger.info("worker %s drains", identity)
            beating.cancel()
        await asyncio.to_thread(heartbeats.stopped, identity)


async def _beat(identity: str) -> None:
    while True:
        try:
            await asyncio.to_thread(_beat_once, identity)
        except Exception:
            logger.exception("the heartbeat could not be written")
        await asyncio.sleep(heartbeats.BEAT_SECONDS)


def _beat_once(identity: str) -> None:
    close_old_connections()
    try:
        heartbeats.beat(identity)
    finally:
        close_old_connections()


def main() -> int:
    identity = f"{os.getpid()}@{socket.gethostname()}"
    try:
        with beside():
            asyncio.run(serve(identity))
    except CannotStart as error:
        logger.error("%s", error)
        return 1
    finally:
        time.sleep(EXIT_PAUSE_SECONDS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
