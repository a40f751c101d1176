"""A page that is open: it reads its stream until it hangs up."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

from asgiref.testing import ApplicationCommunicator
from django.db import connections
from django.test import Client

from onboarding.lanes import Lanes
from onboarding.web.stream import tag
from onboarding.web.watch import Standing
from tests.web.people import Applicant

PATIENCE_SECONDS = 10


class Reader:
    """A browser with an open stream."""

    def __init__(self, application: Lanes, client: Client, seen: str, last_event: str = "") -> None:
        cookies = "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())
        headers = [(b"host", b"x"), (b"cookie", cookies.encode())]
        if last_event:
            headers.append((b"last-event-id", last_event.encode()))
        self._wire = ApplicationCommunicator(
            application,
            {
                "type": "http",
                "method": "GET",
                "path": "/case/events/",
                "headers": headers,
                "query_string": f"seen={seen}".encode(),
            },
        )

    async def opened(self) -> int:
        """Asks; returns the status."""
        await self._wire.send_input({"type": "http.request"})
        start = await self._wire.receive_output(PATIENCE_SECONDS)
        self.headers = {name.decode().lower(): value.decode() for name, value in start["headers"]}
        return int(start["status"])

    async def line(self) -> str:
        """The next part of the stream, or an empty text at its end."""
        part = await self._wire.receive_output(PATIENCE_SECONDS)
        return str(part.get("body", b"").decode())

    async def hears_nothing(self) -> bool:
        return bool(await self._wire.receive_nothing(0.3))

    async def hang_up(self) -> None:
        await self._wire.send_input({"type": "http.disconnect"})
        await self._wire.wait(PATIENCE_SECONDS)


@contextlib.asynccontextmanager
async def reading(application: Lanes, ana: Applicant, seen: str, **more: str) -> AsyncIterator[Reader]:
    """An open stream whose first line, the pause before coming again, was read."""
    reader = Reader(application, ana.client, seen, **more)
    assert await reader.opened() == 200
    assert (await reader.line()).startswith("retry: ")
    try:
        yield reader
    finally:
        await reader.hang_up()


def page_tag(ana: Applicant) -> str:
    return tag(Standing.of(ana.case), f"{ana.user.time_zone}.{ana.user.language}")


async def in_thread(work: Callable[[], Any]) -> Any:
    def run() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    return await asyncio.to_thread(run)
