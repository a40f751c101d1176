"""Threads for requests: used again, one request at a time, and never waited behind."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any, ClassVar

import pytest
from asgiref.testing import ApplicationCommunicator
from django.core.signals import request_finished, request_started
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import path

from onboarding import lanes
from onboarding.lanes import Lanes, Outlasting

held = threading.Event()
entered = threading.Event()
go_on = threading.Event()
closed = threading.Event()


def which_thread(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(threading.get_ident()))


def hold(_request: HttpRequest) -> HttpResponse:
    entered.set()
    assert held.wait(10)
    return HttpResponse("let go")


def breaks(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken")


async def drips(_request: HttpRequest) -> HttpResponseBase:
    async def drops() -> AsyncIterator[bytes]:
        for drop in (b"a", b"b"):
            await asyncio.sleep(0)
            yield drop

    return StreamingHttpResponse(drops())


def steps(_request: HttpRequest) -> HttpResponseBase:
    """Each part says in which thread it was made."""
    return StreamingHttpResponse(f"{threading.get_ident()} " for _ in range(2))


def lasts(_request: HttpRequest) -> HttpResponseBase:
    async def parts() -> AsyncIterator[bytes]:
        try:
            await asyncio.to_thread(go_on.wait, 10)
            yield b"at last"
        finally:
            closed.set()

    return Outlasting(parts(), longest_seconds=60)


urlpatterns = [
    path("", which_thread),
    path("hold", hold),
    path("breaks", breaks),
    path("drips", drips),
    path("steps", steps),
    path("lasts", lasts),
]


class Remembers:
    """A middleware as ours are: for threads only."""

    threads: ClassVar[set[int]] = set()

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.threads.add(threading.get_ident())
        return self._get_response(request)


@pytest.fixture
def application(settings: Any) -> Lanes:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [f"{__name__}.Remembers", "django.middleware.common.CommonMiddleware"]
    settings.ALLOWED_HOSTS = ["*"]
    Remembers.threads.clear()
    for event in (held, entered, go_on, closed):
        event.clear()
    return Lanes()


def ask(application: Lanes, where: str = "/") -> ApplicationCommunicator:
    scope = {
        "type": "http",
        "method": "GET",
        "path": where,
        "headers": [(b"host", b"x")],
        "query_string": b"",
    }
    return ApplicationCommunicator(application, scope)


async def answer(asked: ApplicationCommunicator) -> tuple[int, bytes]:
    await asked.send_input({"type": "http.request"})
    start = await asked.receive_output(10)
    body, more = b"", True
    while more:
        part = await asked.receive_output(10)
        body, more = body + part.get("body", b""), part.get("more_body", False)
    await asked.wait(10)
    return start["status"], body


async def test_a_thread_serves_one_request_after_the_other(application: Lanes) -> None:
    """Mutant seen red: the lane is not taken back."""
    answers = {await answer(ask(application)) for _ in range(5)}
    assert len(answers) == 1


async def test_middleware_view_and_signals_of_a_request_share_its_thread(application: Lanes) -> None:
    """Or a database connection would be refreshed in one thread and used in another.

    Mutant seen red: the context without its executor, where each request has a thread of its own.
    """
    signalled: set[int] = set()

    def note(**_: Any) -> None:
        signalled.add(threading.get_ident())

    request_started.connect(note)
    request_finished.connect(note)
    try:
        answers = [await answer(ask(application)) for _ in range(2)]
    finally:
        request_started.disconnect(note)
        request_finished.disconnect(note)
    assert {int(body) for _, body in answers} == Remembers.threads == signalled
    assert len(signalled) == 1


async def test_nobody_waits_behind_a_request_whose_client_is_gone(application: Lanes) -> None:
    """Its view still runs in its thread. Mutant seen red: the lane is taken back before `handle` ends."""
    left = ask(application, "/hold")
    await left.send_input({"type": "http.request"})
    assert await asyncio.to_thread(entered.wait, 10)
    await left.send_input({"type": "http.disconnect"})
    others = {await asyncio.wait_for(answer(ask(application)), 5) for _ in range(3)}
    assert len(others) == 1
    held.set()
    await left.wait(10)
    assert len(application._idle) == 2


async def test_requests_at_the_same_time_have_threads_of_their_own(application: Lanes) -> None:
    waiting = [ask(application, "/hold") for _ in range(3)]
    tasks = [asyncio.create_task(answer(each)) for each in waiting]
    assert await asyncio.wait_for(answer(ask(application)), 5)
    held.set()
    assert [await task for task in tasks] == [(200, b"let go")] * 3
    assert len(Remembers.threads) == 4


async def test_of_a_crowd_only_so_many_threads_stay(
    application: Lanes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutant seen red: every lane is kept."""
    monkeypatch.setattr(lanes, "IDLE_LANES", 2)
    tasks = [asyncio.create_task(answer(ask(application, "/hold"))) for _ in range(5)]
    await asyncio.sleep(0)
    held.set()
    await asyncio.gather(*tasks)
    assert len(application._idle) == 2


async def test_a_view_that_breaks_is_an_error_page_and_costs_no_thread(application: Lanes) -> None:
    first = await answer(ask(application))
    assert (await answer(ask(application, "/breaks")))[0] == 500
    assert await answer(ask(application)) == first


async def test_a_stream_of_an_async_view_comes_whole(application: Lanes) -> None:
    assert await answer(ask(application, "/drips")) == (200, b"ab")


async def test_parts_are_made_one_by_one_in_the_thread_of_the_request(application: Lanes) -> None:
    """Mutants seen red: Django's own way, which collects them all first and warns; made on the event loop."""
    asked = ask(application, "/steps")
    await asked.send_input({"type": "http.request"})
    await asked.receive_output(10)
    made_in = [int((await asked.receive_output(10))["body"]) for _ in range(2)]
    await asked.wait(10)
    assert set(made_in) == Remembers.threads
    assert threading.get_ident() not in made_in


async def test_an_answer_that_outlasts_its_request_costs_no_lane(application: Lanes) -> None:
    """Its request ends first, with its signal and in its lane; only then its first byte leaves.

    Mutant seen red: sent by Django's own handler, inside the request.
    """
    finished: list[int] = []

    def note(**_: Any) -> None:
        finished.append(threading.get_ident())

    request_finished.connect(note)
    try:
        asked = ask(application, "/lasts")
        await asked.send_input({"type": "http.request"})
        assert (await asked.receive_output(10))["type"] == "http.response.start"
        assert len(finished) == 1
        assert await answer(ask(application)) == (200, str(finished[0]).encode())
        assert len(application._idle) == 1
        go_on.set()
        assert (await asked.receive_output(10))["body"] == b"at last"
        await asked.wait(10)
    finally:
        request_finished.disconnect(note)
    assert len(finished) == 2


async def test_an_answer_that_outlasts_its_request_ends_when_the_client_hangs_up(
    application: Lanes,
) -> None:
    """Mutant seen red: nobody listens for the client."""
    asked = ask(application, "/lasts")
    await asked.send_input({"type": "http.request"})
    await asked.receive_output(10)
    await asked.send_input({"type": "http.disconnect"})
    async with asyncio.timeout(5):
        await asyncio.shield(asked.future)
    assert closed.is_set()
    go_on.set()  # or the loop would wait ten seconds for the thread that waits for it, to end
