"""`open-pages`: what an open status page costs the web process, beside a stream on bare asyncio.

Each side begins in a fresh process each time: memory that was given back would be used again, and the second
round would cost nothing.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.db import connection
from django.urls import reverse

from temporal_app.devserver import supervision
from temporal_app.devserver.place import Place
from temporal_app.devserver.ports import LOOPBACK, answers_ok, free_ports
from tests.benchmarks import people
from tests.benchmarks.bed import START_SECONDS, Bed, BedBroken, child, until
from tests.benchmarks.browser import Browser, Connection
from tests.benchmarks.machine import PROC, calibrate
from tests.benchmarks.options import Options
from tests.benchmarks.pairs import Sample, compare, percentile
from tests.benchmarks.report import Result, tell_comparison
from tests.benchmarks.status_read import signed_in

NAME = "open-pages"
PAGES_EACH = 5
"""Of one account; it may have six."""
GATE_KIB = 50.0
GATE_SHARE = 0.01
"""Threads and connections of a page: the one watcher and its connection, divided by all pages, stay below."""
GATE_OTHERS = 3.0
WARM_UP, ASKED = 50, 200
OPENING_SECONDS = 120.0


@dataclass(frozen=True)
class Cost:
    """What a process holds at a moment."""

    kib: float
    threads: int
    connections: int


def run(bed: Bed, options: Options) -> Result:
    """Opens the pages, holds what they cost against the gates, and what others feel of it."""
    result = Result(NAME)
    pages = options.size(500, 10)
    browsers = [signed_in(people.sign_up()) for _ in range(pages // PAGES_EACH)]
    ours = partial(open_ours, bed, browsers, options)
    theirs = partial(open_theirs, bed, pages)
    comparison = compare(ours, theirs, calibrate=calibrate, pairs=options.pairs, seconds=options.seconds_each)
    result.say(f"  {pages} open pages of {len(browsers)} accounts, each process begun anew for each figure")
    tell_comparison(
        result,
        comparison,
        ours="memory of an open status page",
        theirs="memory of an open stream on bare asyncio",
        unit="KiB",
    )
    samples = comparison.samples("ours")

    def worst(name: str) -> float:
        return max(sample.also[name] for sample in samples)

    kib = sorted(sample.value for sample in samples)[len(samples) // 2]
    result.hold("  KiB each", kib, gate=GATE_KIB, goal=GATE_KIB)
    result.hold("  threads each", worst("threads each"), gate=GATE_SHARE, goal=GATE_SHARE)
    result.hold("  connections each", worst("connections each"), gate=GATE_SHARE, goal=GATE_SHARE)
    others = sorted(sample.also["others' p99 ratio"] for sample in samples)[len(samples) // 2]
    result.hold("  others' p99, pages open / none open", others, gate=GATE_OTHERS, goal=1.0)
    return result


def open_ours(bed: Bed, browsers: Sequence[Browser], options: Options) -> Sample:
    """Status pages on a web process of their own, with the flags of `make run`."""
    (port,) = free_ports(1)
    argv = supervision.web_process(Place(bed.folder), port).argv
    with (bed.folder / "open-pages.log").open("ab") as log, child(argv, log.fileno()) as web:
        until(lambda: answers_ok(port, "/livez"), START_SECONDS, "the web does not answer")
        return asyncio.run(_ours(port, web.pid, browsers, options))


async def _ours(port: int, pid: int, browsers: Sequence[Browser], options: Options) -> Sample:
    asked = options.size(ASKED, 20)
    await _ask(port, browsers, options.size(WARM_UP, 10))
    idle = await _ask(port, browsers, asked)
    before = _cost(pid)
    path = f"{reverse('case_events')}?seen="
    cookies = [browser.cookies for browser in browsers for _ in range(PAGES_EACH)]
    async with asyncio.timeout(OPENING_SECONDS):
        streams = [await _opened(port, path, each) for each in cookies]
    after = _cost(pid)
    busy = await _ask(port, browsers, asked)
    for stream in streams:
        stream.close()
    count = len(streams)
    return Sample(
        (after.kib - before.kib) / count,
        count,
        also={
            "threads each": (after.threads - before.threads) / count,
            "connections each": (after.connections - before.connections) / count,
            "others' p99 ms": busy * 1000,
            "others' p99 ratio": busy / idle,
        },
    )


def open_theirs(bed: Bed, pages: int) -> Sample:
    """As many streams on a server that does nothing else."""
    (port,) = free_ports(1)
    argv = [sys.executable, "-m", "tests.benchmarks.bare_stream", str(port)]
    with (bed.folder / "bare-stream.log").open("ab") as log, child(argv, log.fileno()) as server:
        return asyncio.run(_theirs(port, server.pid, pages))


async def _theirs(port: int, pid: int, pages: int) -> Sample:
    async with asyncio.timeout(START_SECONDS):
        first = await _patiently_opened(port)
    before = _cost(pid)
    async with asyncio.timeout(OPENING_SECONDS):
        streams = [await _opened(port, "/", {}) for _ in range(pages)]
    after = _cost(pid)
    for stream in [first, *streams]:
        stream.close()
    return Sample(
        (after.kib - before.kib) / pages,
        pages,
        also=dict.fromkeys(("threads each", "connections each", "others' p99 ms", "others' p99 ratio"), 0.0),
    )


async def _patiently_opened(port: int) -> asyncio.StreamWriter:
    while True:
        try:
            return await _opened(port, "/", {})
        except OSError:
            await asyncio.sleep(0.05)


async def _opened(port: int, path: str, cookies: dict[str, str]) -> asyncio.StreamWriter:
    """An open stream whose first line has come.

    Raises:
        BedBroken: it was refused.
    """
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\nCookie: {cookie}\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n")
    if b" 200 " not in head:
        raise BedBroken(f"a stream was refused: {head.decode().strip()}")
    await reader.readuntil(b"retry: ")
    return writer


async def _ask(port: int, browsers: Sequence[Browser], times: int) -> float:
    """The p99 of the status page in seconds, one request after the other."""
    kept = Connection(port)
    seconds: list[float] = []
    for number in range(times):
        began = time.perf_counter()
        answer = await browsers[number % len(browsers)].get(kept, reverse("case"))
        seconds.append(time.perf_counter() - began)
        if answer.status != 200:
            raise BedBroken(f"the status page answered {answer.status}")
    kept.close()
    return percentile(seconds, 0.99)


def _cost(pid: int) -> Cost:
    """Of one process, now. Connections are counted where the database says so, or in its open files."""
    status = dict(
        line.split(":", 1) for line in (PROC / str(pid) / "status").read_text(encoding="utf-8").splitlines()
    )
    return Cost(
        kib=float(status["VmRSS"].split()[0]),
        threads=int(status["Threads"]),
        connections=_connections(pid),
    )


def _connections(pid: int) -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            return int(cursor.fetchone()[0])
    name = Path(str(connection.settings_dict["NAME"])).name
    return sum(_leads_to(file, name) for file in (PROC / str(pid) / "fd").iterdir())


def _leads_to(file: Path, name: str) -> bool:
    try:
        return file.readlink().name == name
    except OSError:
        return False  # closed while we looked
