"""`upload-rate`: eight pictures of 10 MB at once through the page, divided by a bare sink that decodes once.

Ours proves, re-encodes, measures, encrypts, stores and records what the sink forgets.
"""

from __future__ import annotations

import asyncio
import io
import sys
import time
import uuid
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.urls import reverse
from PIL import Image

from onboarding.domain.status import Slot
from onboarding.models.documents import Document
from temporal_app.devserver.ports import LOOPBACK, free_ports
from tests.benchmarks import machine, people
from tests.benchmarks.bed import START_SECONDS, Bed, BedBroken, child
from tests.benchmarks.browser import Connection, hidden_fields
from tests.benchmarks.options import Options
from tests.benchmarks.pairs import Sample, compare
from tests.benchmarks.report import Result, tell_comparison
from tests.benchmarks.status_read import signed_in

NAME = "upload-rate"
GATE, GOAL = 0.7, 0.9
TOGETHER = 8
SIDES = (4000, 3000)
BOUNDARY = "benchmark-of-uploads"


@dataclass(frozen=True)
class Letter:
    """A request that is ready to be sent: head and body."""

    port: int
    data: bytes
    expected: int


def run(bed: Bed, options: Options) -> Result:
    """Pictures a second, each of another person, and what the web's memory does meanwhile."""
    result = Result(NAME)
    picture = picture_of(*((600_000, (1000, 750)) if options.quick else (settings.UPLOAD_MAX_BYTES, SIDES)))
    (port,) = free_ports(1)
    argv = [sys.executable, "-m", "uvicorn", "tests.benchmarks.bare_sink:application", "--host", LOOPBACK]
    argv += ["--port", str(port), "--no-access-log", "--lifespan", "off", "--log-level", "warning"]
    with (bed.folder / "bare-sink.log").open("ab") as log, child(argv, log.fileno()):
        asyncio.run(_reachable(port))
        ours = partial(uploads, bed, picture)
        theirs = partial(sunk, port, picture)
        ours(), theirs()
        first = machine.memory_mib(bed.processes["web"])
        comparison = compare(
            ours, theirs, calibrate=machine.calibrate, pairs=options.pairs, seconds=options.seconds_each
        )
    result.say(
        f"  {TOGETHER} JPEGs of {len(picture) / 1e6:.1f} MB and {SIDES[0]} x {SIDES[1]} pixels at once"
    )
    tell_comparison(result, comparison, ours="uploads", theirs="bare sink, one decode", unit="per second")
    last, most = (machine.memory_mib(bed.processes["web"], field) for field in ("VmRSS", "VmHWM"))
    result.say(
        f"  the web's memory: {first:.0f} MiB after the first round, "
        f"{last:.0f} after the last, at most {most:.0f}"
    )
    result.hold("  uploads / bare sink", comparison.ratio, gate=GATE, goal=GOAL)
    return result


def picture_of(most_bytes: int, sides: tuple[int, int]) -> bytes:
    """As good as a JPEG of these sides may be without being larger than that."""
    canvas = Image.effect_noise(sides, 60).convert("RGB")
    for quality in range(98, 0, -3):
        out = io.BytesIO()
        canvas.save(out, "JPEG", quality=quality)
        if out.tell() <= most_bytes:
            return out.getvalue()
    raise BedBroken(f"no picture of {sides} fits into {most_bytes} bytes")


def uploads(bed: Bed, picture: bytes) -> Sample:
    """Eight people whose passport is asked for send it at the same moment."""
    cases = [people.sign_up() for _ in range(TOGETHER)]
    for case in cases:
        people.confirm(case)
        people.complete_profile(case)
    before = Document.objects.count()
    browsers = [signed_in(case) for case in cases]

    async def letters() -> list[Letter]:
        kept = Connection(bed.port)
        found = []
        for browser in browsers:
            hidden = hidden_fields((await browser.get(kept, reverse("case_documents"))).body)
            found.append(_letter(bed.port, hidden, browser.cookies, picture))
        kept.close()
        return found

    ready = asyncio.run(letters())
    sample = _sent(bed, ready)
    if Document.objects.count() != before + TOGETHER:
        raise BedBroken("an upload was answered and is not there")
    return sample


def sunk(port: int, picture: bytes) -> Sample:
    return _sent(None, [_letter(port, {}, {}, picture, raw=True) for _ in range(TOGETHER)])


def _letter(
    port: int, hidden: dict[str, str], cookies: dict[str, str], picture: bytes, *, raw: bool = False
) -> Letter:
    path = reverse("case_upload", args=[Slot.PASSPORT])
    body, kind = picture, "image/jpeg"
    if not raw:
        fields = hidden | {"key": uuid.uuid4().hex}
        parts = "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        file = 'Content-Disposition: form-data; name="file"; filename="passport.jpg"'
        parts += f"--{BOUNDARY}\r\n{file}\r\nContent-Type: image/jpeg\r\n\r\n"
        body = parts.encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()
        kind = f"multipart/form-data; boundary={BOUNDARY}"
    head = [
        f"POST {path} HTTP/1.1",
        f"Host: {LOOPBACK}:{port}",
        f"Origin: http://{LOOPBACK}:{port}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "Connection: close",
    ]
    return Letter(port, "\r\n".join(head).encode() + b"\r\n\r\n" + body, 200 if raw else 302)


def _sent(bed: Bed | None, letters: list[Letter]) -> Sample:
    meter = bed.meter() if bed else None
    began = time.perf_counter()
    asyncio.run(_all(letters))
    seconds = time.perf_counter() - began
    cpu = meter.per_operation(len(letters)) if meter else {}
    return Sample(len(letters) / seconds, len(letters), cpu, {"seconds": seconds})


async def _all(letters: list[Letter]) -> None:
    async with asyncio.TaskGroup() as group:
        for letter in letters:
            group.create_task(_one(letter))


async def _one(letter: Letter) -> None:
    reader, writer = await asyncio.open_connection(LOOPBACK, letter.port)
    writer.write(letter.data)
    await writer.drain()
    answer = (await reader.readline()).decode()
    writer.close()
    if f" {letter.expected} " not in answer:
        raise BedBroken(f"an upload was answered {answer.strip()}")


async def _reachable(port: int) -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            try:
                _reader, writer = await asyncio.open_connection(LOOPBACK, port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
