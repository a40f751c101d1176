"""Stands in front of Django and refuses requests that are too large, before Django spools them to disk.

Django's ASGI handler reads the whole body before any view or middleware runs, so a limit inside Django comes
too late. Here the announced length is checked first, and what really arrives is counted. The rest of a
refused body is read for a moment and thrown away: a browser still sending when the connection is cut shows
"connection reset" instead of our answer.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, parse_cookie
from django.utils import translation
from django.utils.translation import gettext

from onboarding.domain.texts import gettext_noop  # Django's asks the settings, which are not there yet

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

MEGABYTE = 1024 * 1024
DRAIN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer of our own. `code` is stable, `sentence` names cause and cure, with a gap for `megabytes`."""

    status: int
    code: str
    title: str
    sentence: str
    megabytes: str = ""


BAD_LENGTH = Refusal(
    400,
    "bad_length",
    gettext_noop("This request makes no sense"),
    gettext_noop(
        "The announced length of what you sent is no number: go back, load the page anew and try again."
    ),
)


class BodyCap:
    """ASGI middleware. Also answers what Django's handler refuses with an error: lifespan and WebSockets."""

    def __init__(self, application: Application, *, max_bytes: int) -> None:
        """Lets bodies of up to `max_bytes` through; of longer ones it throws at most as much again away."""
        self._application = application
        self.max_bytes = max_bytes
        self._too_large = Refusal(
            413,
            "too_large",
            gettext_noop("This file is too large"),
            gettext_noop(
                "What you sent is larger than {megabytes} MB: take the picture with a lower resolution or "
                "save it smaller, go back and send it again."
            ),
            f"{max_bytes / MEGABYTE:.0f}",
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000})
        else:
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        lengths = {value for name, value in scope["headers"] if name.lower() == b"content-length"}
        if len(lengths) > 1 or not all(re.fullmatch(rb"[0-9]{1,18}", length) for length in lengths):
            await self._refuse(scope, receive, send, BAD_LENGTH)
        elif any(int(length) > self.max_bytes for length in lengths):
            await self._refuse(scope, receive, send, self._too_large)
        else:
            await self._counted(scope, receive, send)

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the application; where the body becomes too large, the client seems to hang up."""
        received_bytes = 0
        more_to_come = True
        answered = False

        async def counting_receive() -> Message:
            nonlocal received_bytes, more_to_come
            if received_bytes > self.max_bytes:
                return {"type": "http.disconnect"}
            message = await receive()
            received_bytes += len(message.get("body", b""))
            more_to_come = message.get("more_body", False)
            return {"type": "http.disconnect"} if received_bytes > self.max_bytes else message

        async def watching_send(message: Message) -> None:
            nonlocal answered
            if received_bytes <= self.max_bytes or answered:
                answered = True
                await send(message)

        await self._application(scope, counting_receive, watching_send)
        if received_bytes > self.max_bytes and not answered:
            await self._refuse(scope, receive, send, self._too_large, drain=more_to_come)

    async def _refuse(
        self, scope: Scope, receive: Receive, send: Send, refusal: Refusal, *, drain: bool = True
    ) -> None:
        content_type, body = _rendered(scope, refusal)
        headers = {
            "content-type": content_type,
            "content-length": str(len(body)),
            "connection": "close",
            "cache-control": "no-store",
            "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
            "referrer-policy": "same-origin",
            "x-content-type-options": "nosniff",
        }
        raw_headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": refusal.status, "headers": raw_headers})
        # The whole answer is out, but not declared finished: the server would hang up at once.
        await send({"type": "http.response.body", "body": body, "more_body": True})
        if drain:
            await self._drain(receive)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _drain(self, receive: Receive) -> None:
        """Throws the rest of the body away: all of it, or `max_bytes`, or what comes in five seconds."""
        drained_bytes = 0
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                while drained_bytes <= self.max_bytes:
                    message = await receive()
                    drained_bytes += len(message.get("body", b""))
                    if message["type"] == "http.disconnect" or not message.get("more_body", False):
                        return
        except TimeoutError:
            return


def _rendered(scope: Scope, refusal: Refusal) -> tuple[str, bytes]:
    """Content type and body, in the reader's language: problem+json (RFC 9457) or a small page."""
    language = _language(scope)
    with translation.override(language):
        title = gettext(refusal.title)
        sentence = gettext(refusal.sentence).format(megabytes=refusal.megabytes)
    accept = b",".join(value for name, value in scope["headers"] if name.lower() == b"accept")
    if scope["path"].startswith("/api/") or (b"json" in accept and b"text/html" not in accept):
        problem = {
            "type": f"urn:onboarding:problem:{refusal.code}",
            "title": title,
            "status": refusal.status,
            "detail": sentence,
            "code": refusal.code,
            "errors": [],
        }
        return "application/problem+json", json.dumps(problem).encode()
    page = (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title></head>"
        f"<body><main><h1>{title}</h1><p>{sentence}</p></main></body></html>\n"
    )
    return "text/html; charset=utf-8", page.encode()


def _language(scope: Scope) -> str:
    """As Django's middleware, which never sees this request, would read it: the cookie, else the browser."""
    request = HttpRequest()
    for name, value in scope["headers"]:
        if name.lower() == b"accept-language":
            request.META["HTTP_ACCEPT_LANGUAGE"] = value.decode("latin-1")
        elif name.lower() == b"cookie":
            request.COOKIES = parse_cookie(value.decode("latin-1"))
    return translation.get_language_from_request(request)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
