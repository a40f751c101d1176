"""Server-sent events: an open page hears that its case has changed, and asks for the change itself.

An event says only that something is new, never what: the page then asks with its own permissions. Its id is
the tag of the page, so a browser that comes back after a restart (`Last-Event-ID`) is told at once what it
missed, and nothing when it missed nothing. The format is that of the HTML standard, 9.2.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import threading
import uuid
from collections.abc import AsyncIterator, Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from onboarding.lanes import Outlasting
from onboarding.models.cases import Case
from onboarding.web.watch import Crowded, Page, Standing, Watcher, watcher

HEARTBEAT_SECONDS = 15.0
"""A comment this often keeps proxies from hanging up."""
LIFE_SECONDS = 300.0
"""Then the browser comes again, and is asked again who it is: a sign-out holds after that at the latest."""
MISSED_END_SECONDS = 30.0
"""A client that has stopped reading is cut off so much later."""
RETRY_SECONDS = (1.0, 3.0)
"""When a browser comes again: at random in between, so that after a restart they don't all come at once."""
CROWDED_RETRY_SECONDS = 60

Describe = Callable[[Standing], tuple[str, str]]
"""The id and the data of an event, from how the case stands; neither holds a line break."""


def tag(standing: Standing, reader: str) -> str:
    """Changes whenever the page would: with the row, with what was handed in, with the clock or the reader.

    Args:
        reader: time zone and language.
    """
    return f"{standing.version}.{standing.handed_in}.{standing.clock_offset_seconds}.{reader}"


def seen_by(request: HttpRequest) -> str:
    """What the reader has: the last event, or where there was none, the page itself (`?seen=`)."""
    return request.headers.get("Last-Event-ID") or request.GET.get("seen", "")


def changes(row: Case, *, account: int, seen: str, describe: Describe) -> HttpResponseBase:
    """The stream of a case, or 429 with `Retry-After` where this account has enough of them.

    It holds neither thread nor database connection, and ends by itself after some minutes or when the
    process ends.

    Args:
        row: the case, of which the caller has made sure that this account may watch it.
        account: the primary key of the reader's account.
        seen: the id of the newest event that the reader knows; anything else is answered at once.
        describe: makes the events. Runs on the event loop, so it must not ask the database.
    """
    if watcher.is_full(account):
        return HttpResponse(status=429, headers={"Retry-After": str(CROWDED_RETRY_SECONDS)})
    return Outlasting(
        _parts(watcher, row.pk, account, Standing.of(row), seen, describe),
        longest_seconds=LIFE_SECONDS * 1.2 + MISSED_END_SECONDS,
        content_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _parts(
    watcher: Watcher, case_id: uuid.UUID, account: int, standing: Standing, seen: str, describe: Describe
) -> AsyncIterator[bytes]:
    end_with_the_process(watcher)
    yield f"retry: {random.uniform(*RETRY_SECONDS) * 1000:.0f}\n\n".encode()  # noqa: S311  no secret
    if describe(standing)[0] != seen:
        yield _event(describe(standing))
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + LIFE_SECONDS * random.uniform(0.8, 1.2)  # noqa: S311
    try:
        with watcher.page(case_id, account, standing) as page:
            while not page.over and (left := ends_at - loop.time()) > 0:
                yield await _next(page, min(left, HEARTBEAT_SECONDS), describe)
    except Crowded:
        yield f"retry: {CROWDED_RETRY_SECONDS * 1000}\n\n".encode()


async def _next(page: Page, seconds: float, describe: Describe) -> bytes:
    """The next event, or a comment where nothing happened for so long."""
    before = page.known
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await page.news()
    return _event(describe(page.known)) if page.known != before else b": \n\n"


def _event(described: tuple[str, str]) -> bytes:
    number, data = described
    return f"id: {number}\nevent: change\ndata: {data}\n\n".encode()


def end_with_the_process(watcher: Watcher) -> None:
    """Lets the streams end at SIGTERM, on which the server waits for all answers to be complete.

    The server's own handler stays in charge. Without one, or in another thread, nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    theirs = signal.getsignal(signal.SIGTERM)
    if not callable(theirs) or getattr(theirs, "ends_streams", False):
        return
    loop = asyncio.get_running_loop()

    def ours(number: int, frame: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(watcher.end)
        theirs(number, frame)  # type: ignore[arg-type]  # typeshed wants a FrameType

    ours.ends_streams = True  # type: ignore[attr-defined]  # how we know our own again
    signal.signal(signal.SIGTERM, ours)
