"""`decide-active`: a decision until the row says "approved", among thousands of cases that wait."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial

from temporalio.client import Client

from onboarding.domain.status import CaseStatus, Outcome
from onboarding.models import User
from onboarding.models.cases import Case
from onboarding.usecases import staff
from temporal_app import gateway
from temporal_app.connection import connection
from tests.benchmarks import people
from tests.benchmarks.bed import RAW_QUEUE, Bed, until
from tests.benchmarks.machine import calibrate
from tests.benchmarks.options import Options
from tests.benchmarks.pairs import Sample, compare, percentile
from tests.benchmarks.raw_worker import Answering, Note
from tests.benchmarks.report import Result, tell_comparison

NAME = "decide-active"
PER_PAIR = 6
TRIES = 2
"""A decided case is used up, and each costs a picture."""
LIMIT = timedelta(seconds=60)
VISIBLE_SECONDS = 20.0
POLL_SECONDS = 0.001


def run(bed: Bed, options: Options) -> Result:
    """No gate yet: what it will be divided by, the same journey on DBOS, follows later."""
    result = Result(NAME)
    idle, per_pair = options.size(5000, 20), options.size(PER_PAIR, 2)
    reviewer = people.make_reviewer()
    # In review first: by the time they are decided the idle ones have pushed them out of the worker's cache.
    cases = iter(people.cases_in_review(per_pair * (TRIES * options.pairs + 1)))
    began = time.monotonic()
    people.idle_cases(idle)
    seconds = time.monotonic() - began
    result.say(f"  {idle} idle cases, born at {idle / seconds:.0f}/s by the use case; {per_pair} a pair")
    ours = partial(decide, bed, reviewer, cases, per_pair)
    theirs = partial(raw_updates, bed, per_pair)
    ours(), theirs()
    comparison = compare(
        ours, theirs, calibrate=calibrate, pairs=options.pairs, seconds=options.seconds_each, tries=TRIES
    )
    tell_comparison(
        result,
        comparison,
        ours="decision until `approved` stands in the row",
        theirs="raw update round trip of an empty workflow",
        unit="ms",
    )
    return result


def decide(bed: Bed, reviewer: User, cases: Iterator[Case], count: int) -> Sample:
    """Opens each case as the desk does, by a query, and decides it."""
    opened: list[float] = []
    answered: list[float] = []
    visible: list[float] = []
    chosen = [next(cases) for _ in range(count)]
    meter = bed.meter()
    for case in chosen:
        began = time.perf_counter()
        gateway.snapshot(str(case.id), LIMIT)
        opened.append(time.perf_counter() - began)
        order = staff.decision(reviewer, case, submission=1, outcome=Outcome.APPROVE, key=uuid.uuid4().hex)
        began = time.perf_counter()
        staff.decide(case, order)
        answered.append(time.perf_counter() - began)
        until(partial(_approved, case), VISIBLE_SECONDS, "a decision is not in the row", POLL_SECONDS)
        visible.append(time.perf_counter() - began)
    return _sample(
        visible,
        meter.per_operation(count),
        {"answered p50 ms": answered, "opening an evicted case p50 ms": opened},
    )


def _approved(case: Case) -> bool:
    return Case.objects.filter(pk=case.pk, status=CaseStatus.APPROVED).exists()


def raw_updates(bed: Bed, count: int) -> Sample:
    """The same engine, asked for the same promise, with nothing to do for it."""
    ids = [f"answering:{uuid.uuid4()}" for _ in range(count)]

    async def start(client: Client) -> None:
        for each in ids:
            handle = await client.start_workflow(Answering.run, id=each, task_queue=RAW_QUEUE)
            await handle.query(Answering.ready)

    async def update(client: Client) -> list[float]:
        seconds: list[float] = []
        for each in ids:
            began = time.perf_counter()
            await client.get_workflow_handle(each).execute_update(
                Answering.decide, Note(str(uuid.uuid4()), "")
            )
            seconds.append(time.perf_counter() - began)
        return seconds

    connection().call(start, LIMIT)
    meter = bed.meter()
    seconds = connection().call(update, LIMIT)
    return _sample(seconds, meter.per_operation(count), {})


def _sample(seconds: Sequence[float], cpu_ms: dict[str, float], also: dict[str, list[float]]) -> Sample:
    figures = {name: percentile(values, 0.5) * 1000 for name, values in also.items()}
    p50, p99 = (percentile(seconds, share) * 1000 for share in (0.5, 0.99))
    return Sample(p50, len(seconds), cpu_ms, {"p50 ms": p50, "p99 ms": p99, **figures})
