"""`status-under-signup`: what others feel of the status page while people sign up, with the real hash.

Both sides ask the same web process for the same pages; on one of them nobody else is there.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from collections.abc import Iterator, Sequence
from functools import partial

from django.urls import reverse

from temporal_app.devserver import supervision
from temporal_app.devserver.place import Place
from temporal_app.devserver.ports import answers_ok, free_ports
from tests.benchmarks import people
from tests.benchmarks.bed import START_SECONDS, Bed, BedBroken, child, until
from tests.benchmarks.browser import Browser, Connection, hidden_fields
from tests.benchmarks.machine import calibrate
from tests.benchmarks.options import Options
from tests.benchmarks.pairs import Sample, compare, percentile
from tests.benchmarks.report import Result, tell_comparison
from tests.benchmarks.signup_ceiling import PASSWORD
from tests.benchmarks.status_read import signed_in

NAME = "status-under-signup"
GATE, GOAL = 30.0, 3.0
NEWCOMERS = 8


def run(bed: Bed, options: Options) -> Result:
    """p99 of the page with eight people who sign up one account after the other, and without them."""
    result = Result(NAME)
    browsers = [signed_in(people.sign_up()) for _ in range(options.size(10, 2))]
    asked = options.size(300, 20)
    with _web_with_real_hasher(bed) as port:
        idle = partial(_measured, port, browsers, asked, newcomers=0)
        busy = partial(_measured, port, browsers, asked, newcomers=NEWCOMERS)
        idle(), busy()
        comparison = compare(
            busy, idle, calibrate=calibrate, pairs=options.pairs, seconds=options.seconds_each
        )
    result.say(f"  {asked} pages one after the other, p99; Argon2 at the strength of production")
    tell_comparison(
        result,
        comparison,
        ours=f"while {NEWCOMERS} people sign up",
        theirs="with nobody else there",
        unit="ms",
    )
    result.hold("  status p99, signing up / idle", comparison.ratio, gate=GATE, goal=GOAL)
    return result


@contextlib.contextmanager
def _web_with_real_hasher(bed: Bed) -> Iterator[int]:
    (port,) = free_ports(1)
    argv = supervision.web_process(Place(bed.folder), port).argv
    with (
        (bed.folder / "real-hasher.log").open("ab") as log,
        child(argv, log.fileno(), REAL_HASHER="1"),
    ):
        until(lambda: answers_ok(port, "/livez"), START_SECONDS, "the web does not answer")
        yield port


def _measured(port: int, browsers: Sequence[Browser], asked: int, newcomers: int) -> Sample:
    return asyncio.run(_pages(port, browsers, asked, newcomers))


async def _pages(port: int, browsers: Sequence[Browser], asked: int, newcomers: int) -> Sample:
    """Asks for the pages while the newcomers keep signing up."""
    signed_up: list[float] = []
    crowd = [asyncio.create_task(_sign_up_again_and_again(port, signed_up)) for _ in range(newcomers)]
    kept, seconds = Connection(port), []
    while newcomers and len(signed_up) < newcomers:
        await asyncio.sleep(0.01)  # until everybody is at it
        _raise_failures(crowd)
    began = time.perf_counter()
    for number in range(asked):
        sent = time.perf_counter()
        answer = await browsers[number % len(browsers)].get(kept, reverse("case"))
        seconds.append(time.perf_counter() - sent)
        if answer.status != 200:
            raise BedBroken(f"the status page answered {answer.status}")
        _raise_failures(crowd)
    whole = time.perf_counter() - began
    for each in crowd:
        each.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)
    kept.close()
    p50, p99 = (percentile(seconds, share) * 1000 for share in (0.5, 0.99))
    rate = max(0, len(signed_up) - newcomers) / whole
    return Sample(p99, asked, {}, {"p50 ms": p50, "p99 ms": p99, "sign-ups a second": rate})


def _raise_failures(crowd: Sequence[asyncio.Task[None]]) -> None:
    for each in crowd:
        if each.done():
            each.result()


async def _sign_up_again_and_again(port: int, signed_up: list[float]) -> None:
    """One account after the other, each by a new browser: the form, then the POST."""
    path, kept = reverse("account_signup"), Connection(port)
    try:
        while True:
            browser = Browser()
            form = hidden_fields((await browser.get(kept, path)).body)
            form |= {"email": f"person-{uuid.uuid4().hex}@example.org", "password1": PASSWORD}
            answer = await browser.post(kept, path, form)
            if answer.status != 302:
                raise BedBroken(f"a sign-up was not accepted: {answer.status}")
            signed_up.append(time.perf_counter())
    finally:
        kept.close()
