"""Django's ASGI handler with threads that are used again, and no detour in the middle of a request.

Django starts a thread for every request, goes back to the event loop in the middle of the middleware, and
from there to the thread again: on a sign-up that was a third of the web's work. Here a request borrows a
*lane*, a thread that serves one request at a time and then the next. So whatever belongs to a thread, the
database connection above all, belongs to one request at a time and is still there for the next.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponseBase

from onboarding.bodycap import Receive, Scope, Send

IDLE_LANES = 32
"""So many wait for the next request; of a larger crowd the others end with their last one."""


class Lanes(ASGIHandler):
    """The handler. Views and middleware are written for threads and run there from beginning to end."""

    def __init__(self) -> None:
        BaseHandler.__init__(self)  # the one above loads the middleware for the event loop
        self.load_middleware(is_async=False)
        self._idle: list[ThreadPoolExecutor] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        lane = self._idle.pop() if self._idle else ThreadPoolExecutor(1, thread_name_prefix="lane")
        try:
            async with ThreadSensitiveContext(executor=lane):
                # Ends after the signal `request_finished`, which waits its turn in the lane: also behind a
                # view whose client has hung up.
                await self.handle(scope, receive, send)
        finally:
            if len(self._idle) < IDLE_LANES:
                self._idle.append(lane)
            else:
                lane.shutdown(wait=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response)(request)
