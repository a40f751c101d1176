"""The least that taking in a picture costs: the whole body into memory, one decode, an empty answer.

`python -m uvicorn tests.benchmarks.bare_sink:application`: ASGI and Pillow, nothing else.
"""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from PIL import Image

Message = MutableMapping[str, Any]
decoders = ThreadPoolExecutor(os.cpu_count())


async def application(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    if scope["type"] != "http":
        return
    body = bytearray()
    while True:
        part = await receive()
        body += part.get("body", b"")
        if not part.get("more_body"):
            break
    if body:
        await asyncio.get_running_loop().run_in_executor(decoders, _decode, bytes(body))
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body"})


def _decode(data: bytes) -> None:
    Image.open(io.BytesIO(data)).load()
