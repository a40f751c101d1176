"""`signup-ceiling`: sign-ups a second through the page, divided by the raw engine's starts a second."""

from __future__ import annotations

import asyncio
import itertools
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial

from django.db.models import QuerySet
from django.urls import reverse
from temporalio.client import Client

from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.models.outbox import OutboxMessage
from temporal_app.connection import connection
from tests.benchmarks.bed import RAW_QUEUE, Bed, BedBroken, until
from tests.benchmarks.browser import Browser, Connection, hidden_fields
from tests.benchmarks.machine import calibrate
from tests.benchmarks.options import Options
from tests.benchmarks.pairs import Sample, compare, percentile
from tests.benchmarks.raw_worker import Trivial
from tests.benchmarks.report import Result, tell_comparison

NAME = "signup-ceiling"
GATE, GOAL = 0.50, 0.80
SETTLE_SECONDS = 120.0
RUNNING = 'WorkflowType = "Trivial" AND ExecutionStatus = "Running"'
OURS = 'WorkflowType = "OnboardingCase"'
SETTLED = "until all work is done"
PASSWORD = "correct horse battery staple 42"


def run(bed: Bed, options: Options) -> Result:
    """Both sides with the same number in flight, on the same server; the other side's worker is idle."""
    result = Result(NAME)
    path = reverse("account_signup")
    count = options.size(300, 16)
    ours = partial(sign_ups, bed, path, count, options.in_flight)
    theirs = partial(raw_starts, bed, count, options.in_flight)
    ours(), theirs()  # what is done only once: caches, connections, prepared statements
    comparison = compare(ours, theirs, calibrate=calibrate, pairs=options.pairs, seconds=options.seconds_each)
    result.say(f"  {count} each, {options.in_flight} in flight; ours is a POST to {path}")
    tell_comparison(
        result, comparison, ours="sign-ups", theirs="raw start_workflow, trivial worker", unit="per second"
    )
    result.say(f"  the same ratio {SETTLED}, which no gate holds: {comparison.ratio_of(SETTLED):.3f}")
    result.hold("  sign-ups / raw starts", comparison.ratio, gate=GATE, goal=GOAL)
    return result


def sign_ups(bed: Bed, path: str, count: int, in_flight: int) -> Sample:
    """People who have the form open already send it. Ends when every start is durable at the server.

    Raises:
        BedBroken: a sign-up failed, or somebody has no case afterwards.
    """
    before = Case.objects.count()
    people = asyncio.run(_open_forms(bed.port, path, count, in_flight))
    meter = bed.meter()
    seconds, latencies, began = asyncio.run(_send_forms(bed.port, path, people, in_flight))
    late = _late().count()
    if late:  # answered within the budget of a request, but not started yet: it counts when it is
        until(_all_delivered, SETTLE_SECONDS, "starts are not delivered")
        seconds = time.perf_counter() - began
    if Case.objects.count() - before != count:
        raise BedBroken(f"{count} people signed up and {Case.objects.count() - before} cases are there")
    until(partial(_at_rest, Case.objects.count()), SETTLE_SECONDS, "cases are not carried out", pause=0.05)
    settled = time.perf_counter() - began
    return Sample(
        count / seconds,
        count,
        meter.per_operation(count),
        {
            "p50 ms": percentile(latencies, 0.5) * 1000,
            "p99 ms": percentile(latencies, 0.99) * 1000,
            SETTLED: count / settled,
            "delivered late": late,
        },
    )


def _at_rest(cases: int) -> bool:
    """All mail is out, all starts are acknowledged, and the server has been heard of every case."""
    owed = (Email.objects.filter(sent_at=None), OutboxMessage.objects.filter(delivered_at=None))
    return not any(rows.exists() for rows in owed) and _count(OURS) == cases


def _late() -> QuerySet[OutboxMessage]:
    """Starts that the request could not deliver: it has written down why."""
    return OutboxMessage.objects.filter(delivered_at=None).exclude(last_error="")


def _all_delivered() -> bool:
    return not _late().exists()


async def _open_forms(
    port: int, path: str, count: int, in_flight: int
) -> list[tuple[Browser, dict[str, str]]]:
    people: list[tuple[Browser, dict[str, str]]] = []

    async def open_form(connection: Connection, _number: int) -> None:
        browser = Browser()
        answer = await browser.get(connection, path)
        hidden = hidden_fields(answer.body)
        if answer.status != 200 or "csrfmiddlewaretoken" not in hidden:
            raise BedBroken(f"the sign-up form is not there: {answer.status} {answer.body[:200]}")
        email = f"person-{uuid.uuid4().hex}@example.org"
        people.append((browser, {**hidden, "email": email, "password1": PASSWORD}))

    await _through(port, open_form, range(count), in_flight)
    return people


async def _send_forms(
    port: int, path: str, people: Sequence[tuple[Browser, dict[str, str]]], in_flight: int
) -> tuple[float, list[float], float]:
    latencies: list[float] = []

    async def send(connection: Connection, number: int) -> None:
        browser, form = people[number]
        sent = time.perf_counter()
        answer = await browser.post(connection, path, form)
        latencies.append(time.perf_counter() - sent)
        if answer.status != 302:
            raise BedBroken(f"a sign-up was not accepted: {answer.status} {answer.body[:300]}")

    began = time.perf_counter()
    await _through(port, send, range(len(people)), in_flight)
    return time.perf_counter() - began, latencies, began


async def _through(
    port: int, work: Callable[[Connection, int], Awaitable[None]], numbers: range, in_flight: int
) -> None:
    """Does the work for every number, over as many connections as may be in flight."""
    todo = iter(numbers)

    async def one_connection() -> None:
        connection = Connection(port)
        try:
            for number in todo:
                await work(connection, number)
        finally:
            connection.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(in_flight):
            group.create_task(one_connection())


def raw_starts(bed: Bed, count: int, in_flight: int) -> Sample:
    """Starts trivial workflows as fast as the engine takes them."""
    run_id = uuid.uuid4().hex
    meter = bed.meter()
    latencies: list[float] = []

    async def work(client: Client) -> tuple[float, float]:
        todo = itertools.count()

        async def one_caller() -> None:
            while (number := next(todo)) < count:
                sent = time.perf_counter()
                await client.start_workflow(Trivial.run, id=f"raw:{run_id}:{number}", task_queue=RAW_QUEUE)
                latencies.append(time.perf_counter() - sent)

        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(in_flight):
                group.create_task(one_caller())
        return time.perf_counter() - began, began

    seconds, began = connection().call(work, timedelta(seconds=SETTLE_SECONDS))
    until(_no_raw_one_runs, SETTLE_SECONDS, "raw workflows do not end", pause=0.05)
    settled = time.perf_counter() - began
    return Sample(
        count / seconds,
        count,
        meter.per_operation(count),
        {
            "p50 ms": percentile(latencies, 0.5) * 1000,
            "p99 ms": percentile(latencies, 0.99) * 1000,
            SETTLED: count / settled,
        },
    )


def _no_raw_one_runs() -> bool:
    return _count(RUNNING) == 0


def _count(query: str) -> int:
    async def work(client: Client) -> int:
        return (await client.count_workflows(query)).count

    return connection().call(work, timedelta(seconds=10))
