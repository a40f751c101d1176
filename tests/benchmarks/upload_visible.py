"""`upload-visible`: a picture is handed in until its row says "in review", divided by a raw signal and row.

Ours commits before it signals and has its pictures checked in between, which the other side does not.
"""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import connection as database
from temporalio.client import Client

from onboarding.domain.status import CaseStatus
from onboarding.models.cases import Case
from temporal_app.connection import connection
from tests.benchmarks import people
from tests.benchmarks.bed import Bed, child, until
from tests.benchmarks.machine import calibrate
from tests.benchmarks.options import Options
from tests.benchmarks.pairs import Sample, compare, percentile
from tests.benchmarks.raw_projector import QUEUE, Projecting, is_there, make_table
from tests.benchmarks.report import Result, tell_comparison

NAME = "upload-visible"
GATE, GOAL = 2.0, 1.2
PER_PAIR = 10
LIMIT = timedelta(seconds=60)
VISIBLE_SECONDS = 30.0
POLL_SECONDS = 0.001
IN_REVIEW = CaseStatus.IN_REVIEW.value


def run(bed: Bed, options: Options) -> Result:
    """One case after the other: what a single person waits."""
    result = Result(NAME)
    count = options.size(PER_PAIR, 2)
    make_table()
    argv = [sys.executable, "-m", "tests.benchmarks.raw_projector"]
    argv += [settings.TEMPORAL_ADDRESS, settings.TEMPORAL_NAMESPACE]
    with (bed.folder / "raw-projector.log").open("ab") as log, child(argv, log.fileno()) as projector:
        more = {**bed.processes, "raw projector": projector.pid}
        bed = Bed(bed.folder, bed.port, more)
        ours = partial(hand_in, bed, count)
        theirs = partial(raw_signals, bed, count)
        ours(), theirs()
        comparison = compare(
            ours, theirs, calibrate=calibrate, pairs=options.pairs, seconds=options.seconds_each
        )
    result.say(f"  {count} a side and pair, one after the other; a passport with one picture")
    tell_comparison(
        result,
        comparison,
        ours="handed in until `in_review` stands in the row",
        theirs="raw signal until its row is there",
        unit="ms",
    )
    result.hold("  in review / raw row", comparison.ratio, gate=GATE, goal=GOAL)
    return result


def hand_in(bed: Bed, count: int) -> Sample:
    """Each picture differs from all others, or the checks would find it again."""
    cases = [_ready() for _ in range(count)]
    meter = bed.meter()
    seconds = []
    for case in cases:
        began = time.perf_counter()
        people.submit(case)
        until(partial(_in_review, case), VISIBLE_SECONDS, "a case does not come to review", POLL_SECONDS)
        seconds.append(time.perf_counter() - began)
    return _sample(seconds, meter.per_operation(count))


def _ready() -> Case:
    case = people.sign_up()
    people.confirm(case)
    people.complete_profile(case)
    people.upload(case, people.passport())
    until(partial(_heard_everything, case), VISIBLE_SECONDS, "a case is not collecting")
    return case


def _heard_everything(case: Case) -> bool:
    state = Case.objects.get(pk=case.pk).state
    return any(document["document_id"] for document in state["documents"])


def _in_review(case: Case) -> bool:
    """As `is_there` looks for the other side's row: by the ORM the reader would take a whole processor."""
    with database.cursor() as cursor:
        cursor.execute("SELECT 1 FROM onboarding_case WHERE id = %s AND status = %s", [_key(case), IN_REVIEW])
        return cursor.fetchone() is not None


def _key(case: Case) -> object:
    return Case._meta.pk.get_db_prep_value(case.pk, database)


def raw_signals(bed: Bed, count: int) -> Sample:
    """The same engine and database, with one workflow task and one row between signal and reader."""
    names = [f"projecting-{uuid.uuid4()}" for _ in range(count)]

    async def start(client: Client) -> None:
        for name in names:
            handle = await client.start_workflow(Projecting.run, id=name, task_queue=QUEUE)
            await handle.query(Projecting.ready)

    def tell(name: str) -> None:
        async def work(client: Client) -> None:
            await client.get_workflow_handle(name).signal(Projecting.submitted, name)

        connection().call(work, LIMIT)

    connection().call(start, LIMIT)
    meter = bed.meter()
    seconds = []
    for name in names:
        began = time.perf_counter()
        tell(name)
        until(partial(is_there, name), VISIBLE_SECONDS, "a raw row does not come", POLL_SECONDS)
        seconds.append(time.perf_counter() - began)
    return _sample(seconds, meter.per_operation(count))


def _sample(seconds: Sequence[float], cpu_ms: dict[str, float]) -> Sample:
    p50, p99 = (percentile(seconds, share) * 1000 for share in (0.5, 0.99))
    return Sample(p50, len(seconds), cpu_ms, {"p50 ms": p50, "p99 ms": p99})
