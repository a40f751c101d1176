"""Django's ASGI handler with threads that are used again, and no detour in the middle of a request.

Django starts a thread for every request, goes back to the event loop in the middle of the middleware, and
from there to the thread again: on a sign-up that was a third of the web's work. Here a request borrows a
*lane*, a thread that serves one request at a time and then the next. So whatever belongs to a thread, the
database connection above all, belongs to one request at a time and is still there for the next.

An answer that goes on for minutes (`Outlasting`) gives its lane back before its first byte.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from onboarding.bodycap import Message, Receive, Scope, Send

IDLE_LANES = 32
"""So many wait for the next request; of a larger crowd the others end with their last one."""


class Outlasting(StreamingHttpResponse):
    """An answer that outlasts its request.

    The request ends as every other does, with its signals and in its lane, and only then this answer begins:
    it costs neither thread nor database connection while it lasts. So its parts must be made on the event
    loop, without a look at the database.

    Args:
        parts: what is sent; closed when the client hangs up.
        longest_seconds: when it is cut off, also where a client has stopped reading.
    """

    def __init__(self, parts: AsyncIterator[bytes], *, longest_seconds: float, **named: Any) -> None:
        super().__init__(parts, **named)
        self.longest_seconds = longest_seconds


class _Sender:
    """The server's `send`, with a place for the answer that is to outlast the request."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.kept: Outlasting | None = None

    async def __call__(self, message: Message) -> None:
        await self._send(message)


class Lanes(ASGIHandler):
    """The handler. Views and middleware are written for threads and run there from beginning to end."""

    def __init__(self) -> None:
        BaseHandler.__init__(self)  # the one above loads the middleware for the event loop
        self.load_middleware(is_async=False)
        self._idle: list[ThreadPoolExecutor] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sender = _Sender(send)
        lane = self._idle.pop() if self._idle else ThreadPoolExecutor(1, thread_name_prefix="lane")
        try:
            async with ThreadSensitiveContext(executor=lane):
                # Ends after the signal `request_finished`, which waits its turn in the lane: also behind a
                # view whose client has hung up.
                await self.handle(scope, receive, sender)
        finally:
            if len(self._idle) < IDLE_LANES:
                self._idle.append(lane)
            else:
                lane.shutdown(wait=False)
        if sender.kept:
            await self._outlast(sender.kept, receive, send)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response)(request)

    async def send_response(self, response: HttpResponseBase, send: Send) -> None:
        if isinstance(response, Outlasting) and isinstance(send, _Sender):
            send.kept = response
            return
        if isinstance(response, StreamingHttpResponse):
            parts = response.streaming_content
            if isinstance(parts, Iterator):  # made for threads
                response.streaming_content = _in_lane(parts)
        await super().send_response(response, send)

    async def _outlast(self, response: Outlasting, receive: Receive, send: Send) -> None:
        """Sends it until it ends, the client hangs up, or its time is over."""
        sending = asyncio.create_task(super().send_response(response, send))
        leaving = asyncio.ensure_future(receive())
        try:
            both = (sending, leaving)
            await asyncio.wait(both, timeout=response.longest_seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (leaving, sending):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task


async def _in_lane(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Makes each part in the request's thread when it is sent; Django would collect them all first."""
    following = sync_to_async(lambda: next(parts, None))
    while (part := await following()) is not None:
        yield part
