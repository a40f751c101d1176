"""The cap on request bodies, driven message by message."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterable

import pytest

from onboarding import bodycap
from onboarding.bodycap import Application, BodyCap, Message, Receive, Scope, Send

CAP = 1000
MEGABYTE = 1024 * 1024
BIG_CAP = 10 * MEGABYTE


class Eater:
    """An application that reads its whole body first, like Django, and remembers how much that was."""

    def __init__(self) -> None:
        self.body: bytes | None = None
        self.eaten_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            self.eaten_bytes = len(body)
            if not message.get("more_body", False):
                break
        self.body = body
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"eaten"})


class Client:
    """One request: offers chunks, counts how many were taken, keeps the answer."""

    def __init__(self, chunks: Iterable[bytes], *, hangs_up: bool = False) -> None:
        self._chunks = iter(chunks)
        self._next: bytes | None = next(self._chunks, b"")
        self._hangs_up = hangs_up
        self.taken_bytes = 0
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        if self._next is None:
            return {"type": "http.disconnect"}
        body, self._next = self._next, next(self._chunks, None)
        self.taken_bytes += len(body)
        more = self._next is not None or self._hangs_up
        return {"type": "http.request", "body": body, "more_body": more}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent[1:])


def scope(*lengths: bytes, path: str = "/case/documents/", accept: bytes = b"text/html") -> Scope:
    headers = [(b"accept", accept), *((b"content-length", length) for length in lengths)]
    return {"type": "http", "method": "POST", "path": path, "headers": headers}


async def ask(client: Client, request: Scope, application: Application | None = None) -> None:
    await BodyCap(application or Eater(), max_bytes=CAP)(request, client.receive, client.send)


async def test_a_body_of_exactly_the_cap_passes_untouched() -> None:
    """Mutant: compare with `>=`."""
    eater, client = Eater(), Client([b"a" * 400, b"b" * 600])
    await ask(client, scope(b"1000"), eater)
    assert eater.body == b"a" * 400 + b"b" * 600
    assert (client.status, client.body) == (200, b"eaten")


async def test_a_request_without_a_body_passes() -> None:
    client = Client([])
    await ask(client, scope())
    assert client.status == 200


async def test_an_announced_large_body_never_reaches_the_application() -> None:
    """Mutant: count only, so that Django spools ten megabytes of every doomed upload."""
    eater, client = Eater(), Client([b"x" * 100] * 1000)
    await ask(client, scope(b"1001"), eater)
    assert client.status == 413
    assert eater.eaten_bytes == 0


@pytest.mark.parametrize("lengths", [(), (b"10",), (b"1000",)], ids=["chunked", "a lie", "a near lie"])
async def test_what_really_arrives_is_counted(lengths: tuple[bytes, ...]) -> None:
    """Mutant: believe the announced length."""
    eater, client = Eater(), Client([b"x" * 100] * 1000)
    await ask(client, scope(*lengths), eater)
    assert client.status == 413
    assert eater.body is None
    assert eater.eaten_bytes <= CAP
    assert len([message for message in client.sent if message["type"] == "http.response.start"]) == 1


@pytest.mark.parametrize("lengths", [(), (b"100000",)], ids=["chunked", "announced"])
async def test_the_rest_is_thrown_away_but_not_without_end(lengths: tuple[bytes, ...]) -> None:
    """Mutants: hang up at once, and browsers show "connection reset"; read on for ever."""
    client = Client([b"x" * 100] * 1000)
    await ask(client, scope(*lengths))
    assert CAP < client.taken_bytes <= 2 * CAP + 300


async def test_the_answer_is_complete_before_the_rest_is_read() -> None:
    """Mutant: read on first and answer then."""
    answered_at: list[int] = []

    class Watching(Client):
        async def send(self, message: Message) -> None:
            answered_at.append(self.taken_bytes)
            await super().send(message)

    client = Watching([b"x" * 100] * 9)
    await ask(client, scope(b"1500"))
    assert answered_at == [0, 0, 900]
    assert client.sent[1]["body"]
    assert len(client.body) == int(client.headers[b"content-length"])


async def test_a_client_that_stops_sending_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutant: no limit of time on the drain."""
    monkeypatch.setattr(bodycap, "DRAIN_SECONDS", 0.01)
    silent = threading.Event()

    class Silent(Client):
        async def receive(self) -> Message:
            silent.set()
            await asyncio.Event().wait()
            raise AssertionError

    client = Silent([b"x"])
    async with asyncio.timeout(2):
        await ask(client, scope(b"5000"))
    assert silent.is_set()
    assert client.status == 413
    assert client.sent[-1]["more_body"] is False


async def test_a_finished_body_is_not_waited_for() -> None:
    """Mutant: drain although the last chunk was the last, and every such answer takes five seconds."""

    class Finished(Client):
        async def receive(self) -> Message:
            assert self.taken_bytes == 0, "asked again after the last chunk"
            return await super().receive()

    client = Finished([b"x" * 2000])
    await ask(client, scope())
    assert client.status == 413


async def test_a_client_that_goes_away_leaves_no_answer_and_no_error() -> None:
    """Mutant: answer 413 to a body that never became too large."""
    eater, client = Eater(), Client([b"x" * 100], hangs_up=True)
    await ask(client, scope(), eater)
    assert client.sent == []


async def test_an_application_that_answers_early_keeps_its_answer() -> None:
    """Mutant: send a second response into the first."""

    async def hasty(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 404, "headers": []})
        while (await receive())["type"] != "http.disconnect":
            pass
        await send({"type": "http.response.body", "body": b"no such page"})

    client = Client([b"x" * 100] * 50)
    await ask(client, scope(), hasty)
    assert (client.status, client.body) == (404, b"no such page")


async def test_an_application_that_answers_a_cut_body_is_not_heard() -> None:
    """Mutant: let the application's 400 about a vanished client through instead of the 413."""

    async def talkative(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        await send({"type": "http.response.start", "status": 400, "headers": []})
        await send({"type": "http.response.body", "body": b"?"})

    client = Client([b"x" * 100] * 50)
    await ask(client, scope(), talkative)
    assert client.status == 413


@pytest.mark.parametrize(
    "length", [b"", b"-1", b"+5", b"1_0", b"1e3", b"0x10", b"5, 5", b"5 5", "٣".encode(), b"9" * 40]
)
async def test_a_malformed_length_is_a_bad_request(length: bytes) -> None:
    """Mutant: `int()`, which takes signs, underscores and the digits of other scripts."""
    eater, client = Eater(), Client([b"x"])
    await ask(client, scope(length), eater)
    assert client.status == 400
    assert eater.body is None


async def test_two_lengths_that_differ_are_a_bad_request() -> None:
    """Mutant: take the first."""
    eater, client = Eater(), Client([b"x"])
    await ask(client, scope(b"5", b"6"), eater)
    assert client.status == 400
    assert eater.body is None


async def test_people_get_a_page_and_programs_get_problem_json() -> None:
    """Mutants: HTML for the API; a sentence without the limit."""
    page, api, fetched = Client([b""]), Client([b""]), Client([b""])
    large = str(12 * MEGABYTE).encode()
    cap = BodyCap(Eater(), max_bytes=BIG_CAP + 64 * 1024)
    await cap(scope(large), page.receive, page.send)
    await cap(scope(large, path="/api/v1/documents"), api.receive, api.send)
    await cap(scope(large, accept=b"application/json"), fetched.receive, fetched.send)
    assert page.headers[b"content-type"] == b"text/html; charset=utf-8"
    assert b"larger than 10 MB" in page.body
    for client in (api, fetched):
        assert client.headers[b"content-type"] == b"application/problem+json"
        problem = json.loads(client.body)
        assert (problem["status"], problem["code"]) == (413, "too_large")
        assert "10 MB" in problem["detail"]


async def test_the_answer_is_as_guarded_as_any_other() -> None:
    """It bypasses Django's middleware. Mutant: drop a header."""
    client = Client([b""])
    await ask(client, scope(b"5000"))
    assert client.headers[b"connection"] == b"close"
    assert client.headers[b"cache-control"] == b"no-store"
    assert client.headers[b"x-content-type-options"] == b"nosniff"
    assert b"default-src 'none'" in client.headers[b"content-security-policy"]


async def test_start_and_stop_of_the_server_are_acknowledged() -> None:
    """Django raises on this scope. Mutant: pass it on."""
    events = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    sent: list[Message] = []

    async def receive() -> Message:
        return next(events)

    async def send(message: Message) -> None:
        sent.append(message)

    await BodyCap(Eater(), max_bytes=CAP)({"type": "lifespan"}, receive, send)
    assert [message["type"] for message in sent] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]


@pytest.mark.parametrize(
    "headers",
    [[(b"accept-language", b"es-MX,es;q=0.9")], [(b"accept-language", b"en"), (b"cookie", b"language=es")]],
    ids=["browser", "switch"],
)
async def test_the_refusal_is_in_the_reader_s_language(headers: list[tuple[bytes, bytes]]) -> None:
    """Django's middleware never sees this request. Mutants seen red: no header is read; the cookie isn't."""
    for path, accept in (("/case/documents/", b"text/html"), ("/api/v1/cases", b"application/json")):
        client, request = Client([b"x" * 100] * 20), scope(b"1001", path=path, accept=accept)
        request["headers"] += headers
        await ask(client, request)
        assert "Este archivo es demasiado grande" in client.body.decode(
            "unicode_escape" if b"json" in accept else "utf-8"
        )
