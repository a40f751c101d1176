"""`status-read`: what the applicant's page asks of the rows, divided by asking the workflow itself."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from allauth.account.models import EmailAddress
from django.urls import reverse
from temporalio.client import Client

from onboarding.domain.snapshot import Snapshot
from onboarding.domain.status import CaseStatus
from onboarding.models.cases import Case
from onboarding.records import queries
from temporal_app.connection import connection
from temporal_app.contracts import SNAPSHOT_QUERY, case_workflow_id
from tests.benchmarks import people
from tests.benchmarks.bed import Bed, BedBroken
from tests.benchmarks.browser import Answer, Browser, Connection
from tests.benchmarks.machine import calibrate
from tests.benchmarks.options import Options
from tests.benchmarks.pairs import Sample, compare, median_of, percentile
from tests.benchmarks.report import Result, tell_comparison
from tests.sessions import open_session

NAME = "status-read"
GATE, GOAL = 0.30, 0.10
LIMIT = timedelta(seconds=120)


def run(bed: Bed, options: Options) -> Result:
    """The same cases, one question at a time, all of them in the worker's cache: the query at its best."""
    result = Result(NAME)
    cases = [people.sign_up() for _ in range(options.size(50, 4))]
    for case in cases:
        people.confirm(case)
    for case in cases:
        people.wait_for(case, CaseStatus.COLLECTING)
    rounds = options.size(4, 1)
    ours = partial(read_rows, bed, cases, rounds)
    theirs = partial(ask_workflows, bed, cases, rounds)
    ours(), theirs()
    comparison = compare(ours, theirs, calibrate=calibrate, pairs=options.pairs, seconds=options.seconds_each)
    result.say(f"  {len(cases)} cases, asked one after the other, {rounds} times; medians in milliseconds")
    tell_comparison(
        result,
        comparison,
        ours="read: case_of + current_snapshot from rows",
        theirs="raw query of the same case, decoded",
        unit="ms",
    )
    result.hold("  read from rows / query", comparison.ratio, gate=GATE, goal=GOAL)
    query = median_of(comparison.samples("theirs"), "p50 ms")
    _tell_pages(result, bed, cases, rounds, query)
    return result


def read_rows(bed: Bed, cases: Sequence[Case], rounds: int) -> Sample:
    """The rows' answer, as the status page takes it."""

    def read(case: Case) -> Snapshot:
        row = queries.case_of(case.applicant_id)
        if row is None:
            raise BedBroken("a case is gone")
        return queries.current_snapshot(row)

    meter = bed.meter()
    seconds = [_timed(read, case) for _ in range(rounds) for case in cases]
    return _sample(seconds, meter.per_operation(len(seconds)))


def ask_workflows(bed: Bed, cases: Sequence[Case], rounds: int) -> Sample:
    """The workflows' answer, by the bare client: without our gateway's thread and time limit."""

    async def work(client: Client) -> list[float]:
        handles = [client.get_workflow_handle(case_workflow_id(str(case.id))) for case in cases]
        seconds: list[float] = []
        for handle in itertools.chain.from_iterable(itertools.repeat(handles, rounds)):
            asked = time.perf_counter()
            await handle.query(SNAPSHOT_QUERY, result_type=Snapshot)
            seconds.append(time.perf_counter() - asked)
        return seconds

    meter = bed.meter()
    seconds = connection().call(work, LIMIT)
    return _sample(seconds, meter.per_operation(len(seconds)))


def _timed(work: Callable[[Case], object], case: Case) -> float:
    began = time.perf_counter()
    work(case)
    return time.perf_counter() - began


def _sample(seconds: Sequence[float], cpu_ms: dict[str, float]) -> Sample:
    p50, p99 = (percentile(seconds, share) * 1000 for share in (0.5, 0.99))
    return Sample(p50, len(seconds), cpu_ms, {"p50 ms": p50, "p99 ms": p99})


def _tell_pages(result: Result, bed: Bed, cases: Sequence[Case], rounds: int, query_ms: float) -> None:
    """The whole page over HTTP beside it: sessions, account, template and all. Held against no gate."""
    path = reverse("case")
    meter = bed.meter()
    pages = asyncio.run(_load_pages(bed.port, path, [signed_in(case) for case in cases], rounds))
    answer = pages[0][1]
    whole = _sample([seconds for seconds, _ in pages], meter.per_operation(len(pages)))
    cpu = ", ".join(f"{name} {each:.2f}" for name, each in whole.cpu_ms.items() if each >= 0.005)
    result.say(
        f"  the whole page over HTTP ({path}, {len(answer.body)} characters): p50 {whole.value:.2f} ms, "
        f"p99 {whole.also['p99 ms']:.2f} ms, {whole.value / query_ms:.2f} of the bare query; CPU ms: {cpu}"
    )


def signed_in(case: Case) -> Browser:
    """A browser of somebody who has logged in and confirmed their address."""
    user = case.applicant
    EmailAddress.objects.get_or_create(user=user, email=user.email, verified=True, primary=True)
    return Browser({"sessionid": open_session(user)})


async def _load_pages(
    port: int, path: str, browsers: Sequence[Browser], rounds: int
) -> list[tuple[float, Answer]]:
    connection = Connection(port)
    pages: list[tuple[float, Answer]] = []
    for browser in itertools.chain.from_iterable(itertools.repeat(browsers, rounds)):
        asked = time.perf_counter()
        answer = await browser.get(connection, path)
        pages.append((time.perf_counter() - asked, answer))
        if answer.status != 200:
            raise BedBroken(f"the status page answered {answer.status} {answer.headers.get('location', '')}")
    connection.close()
    return pages
