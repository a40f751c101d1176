"""As much of a browser as signing up and looking takes: kept connections, cookies, form tokens.

Written on asyncio streams because the client shares the machine with what it measures.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

from temporal_app.devserver.ports import LOOPBACK

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
ANSWER_SECONDS = 30.0


class UnexpectedAnswer(Exception):
    """The web answered something else than the benchmark needs."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str


@dataclass
class Browser:
    """One person's browser: its cookies. It talks over whatever connection it is given."""

    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, connection: Connection, path: str) -> Answer:
        return await self._ask(connection, "GET", path, "")

    async def post(self, connection: Connection, path: str, form: dict[str, str]) -> Answer:
        return await self._ask(connection, "POST", path, urlencode(form))

    async def _ask(self, connection: Connection, method: str, path: str, body: str) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [f"{method} {path} HTTP/1.1", f"Host: {connection.host}", "Accept: text/html"]
        lines += [f"Cookie: {cookies}"] if cookies else []
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
            lines += [f"Origin: http://{connection.host}", f"Referer: http://{connection.host}{path}"]
        answer, set_cookies = await connection.ask("\r\n".join(lines) + "\r\n\r\n" + body)
        for cookie in set_cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer


class Connection:
    """One kept-alive connection; one request at a time."""

    def __init__(self, port: int) -> None:
        self.host = f"{LOOPBACK}:{port}"
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: str) -> tuple[Answer, list[str]]:
        """The answer and the cookies it sets.

        Raises:
            UnexpectedAnswer: the connection was closed, or nothing came in time.
        """
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                if self._streams is None:
                    self._streams = await asyncio.open_connection(LOOPBACK, self._port)
                reader, writer = self._streams
                writer.write(request.encode())
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                fields = [(name.lower(), value.strip()) for name, _, value in _split(head[1:])]
                headers = dict(fields)
                body = await reader.readexactly(int(headers.get("content-length", "0")))
        except (TimeoutError, OSError, asyncio.IncompleteReadError) as error:
            raise UnexpectedAnswer(f"no answer: {type(error).__name__}") from error
        if headers.get("connection", "") == "close":
            self.close()
        cookies = [value for name, value in fields if name == "set-cookie"]
        return Answer(int(head[0].split()[1]), headers, body.decode()), cookies

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


def _split(lines: list[str]) -> list[tuple[str, str, str]]:
    return [line.partition(":") for line in lines if line]


def hidden_fields(page: str) -> dict[str, str]:
    """What a form sends along by itself, the token against forgery above all."""
    return dict(HIDDEN.findall(page))
