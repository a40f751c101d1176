"""Open pages hear of changes: at once, after a restart too, and at hardly any cost."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from onboarding.lanes import Lanes
from onboarding.web import stream, watch
from onboarding.web.watch import Standing, Watcher
from tests.live import eventually
from tests.web.people import Applicant
from tests.web.streams import PATIENCE_SECONDS, Reader, in_thread, page_tag, reading
from tests.web.test_pictures import staff

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def _committed(transactional_db: None) -> None:
    """The watcher has a connection of its own and sees only what is committed."""


@pytest.fixture
def watcher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watcher]:
    """A fresh one that looks often, and has stopped when the test ends."""
    fresh = Watcher(pace_seconds=0.02)
    monkeypatch.setattr(stream, "watcher", fresh)
    yield fresh
    eventually(lambda: not fresh.is_looking, of="the end of the watcher")


@pytest.fixture
def application(settings: Any) -> Lanes:
    settings.ALLOWED_HOSTS = ["*"]
    return Lanes()


async def test_open_page_hears_of_a_change_and_can_say_what_it_has(
    ana: Applicant, application: Lanes, watcher: Watcher
) -> None:
    """Mutant seen red: the watcher that compares nothing but the version."""
    old = await in_thread(lambda: page_tag(ana))
    async with reading(application, ana, old) as reader:
        assert await reader.hears_nothing()
        await in_thread(ana.give_details)
        new = await in_thread(lambda: page_tag(ana))
        assert new != old
        assert await reader.line() == f"id: {new}\nevent: change\ndata: {new}\n\n"
        assert await reader.hears_nothing()


async def test_page_that_missed_a_change_gets_it_at_once_and_one_that_missed_none_gets_nothing(
    ana: Applicant, application: Lanes, watcher: Watcher
) -> None:
    """So it is after a restart: the browser says with `Last-Event-ID` what it has, which outdoes `seen`.

    Mutant seen red: without the look at `Last-Event-ID`.
    """
    old = await in_thread(lambda: page_tag(ana))
    await in_thread(ana.give_details)
    new = await in_thread(lambda: page_tag(ana))
    async with reading(application, ana, old) as reader:
        assert (await reader.line()).startswith(f"id: {new}\n")
    async with reading(application, ana, old, last_event=new) as reader:
        assert await reader.hears_nothing()


@pytest.mark.parametrize("seen", ["", "nonsense", "x" * 5000, "%00", "%0A%0Adata:%20forged"])
async def test_page_that_knows_something_else_is_told(
    ana: Applicant, application: Lanes, watcher: Watcher, seen: str
) -> None:
    new = await in_thread(lambda: page_tag(ana))
    async with reading(application, ana, seen) as reader:
        assert await reader.line() == f"id: {new}\nevent: change\ndata: {new}\n\n"


async def test_many_open_pages_cost_one_thread_and_no_lane(
    ana: Applicant, application: Lanes, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutant seen red: an answer that goes on in its lane."""
    monkeypatch.setattr(watch, "PAGES_OF_AN_ACCOUNT", 30)
    seen = await in_thread(lambda: page_tag(ana))
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(reading(application, ana, seen))
        before = _ours()
        readers = [await stack.enter_async_context(reading(application, ana, seen)) for _ in range(20)]
        assert _ours() <= before
        assert len(application._idle) == 1
        await in_thread(ana.give_details)
        for reader in readers:
            assert (await reader.line()).startswith("id: ")


def _ours() -> int:
    """Threads that we have started; the rest are the test's own."""
    return sum(each.name.startswith(("lane", "watcher")) for each in threading.enumerate())


async def test_nobody_looks_when_nobody_waits(ana: Applicant, application: Lanes, watcher: Watcher) -> None:
    """Mutant seen red: a page that stays in the list when its client hangs up."""
    assert not watcher.is_looking
    async with reading(application, ana, "") as reader:
        await reader.line()
        assert watcher.is_looking
    await asyncio.to_thread(eventually, lambda: not watcher.is_looking)


async def test_stream_beats_and_ends_by_itself(
    ana: Applicant, application: Lanes, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The browser comes again, and is asked again who it is.

    Mutant seen red: a life that begins anew with every beat.
    """
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(stream, "LIFE_SECONDS", 0.5)
    reader = Reader(application, ana.client, await in_thread(lambda: page_tag(ana)))
    assert await reader.opened() == 200
    heard = [line async for line in _lines(reader)]
    assert heard[0].startswith("retry: ")
    assert heard[1:]
    assert set(heard[1:]) == {": \n\n"}


async def _lines(reader: Reader) -> AsyncIterator[str]:
    while line := await reader.line():
        yield line


async def test_client_that_stops_reading_is_cut_off(
    ana: Applicant, application: Lanes, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutant seen red: without `longest_seconds` it would hold its place for ever."""
    monkeypatch.setattr(stream, "MISSED_END_SECONDS", 0.1)
    monkeypatch.setattr(stream, "LIFE_SECONDS", 0.1)
    monkeypatch.setattr(stream, "_parts", _stuck)
    reader = Reader(application, ana.client, "")
    assert await reader.opened() == 200
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.shield(reader._wire.future)


async def _stuck(*_: Any) -> AsyncIterator[bytes]:
    await asyncio.Event().wait()
    yield b""


async def test_streams_end_with_the_process(ana: Applicant, application: Lanes, watcher: Watcher) -> None:
    """And the server's own handler hears the signal as well.

    Mutant seen red: without the handler the server would wait for its grace period.
    """
    asked: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: asked.append(number))
    try:
        reader = Reader(application, ana.client, await in_thread(lambda: page_tag(ana)))
        assert await reader.opened() == 200
        assert (await reader.line()).startswith("retry: ")
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert [line async for line in _lines(reader)] == [": \n\n"]
        late = Reader(application, ana.client, await in_thread(lambda: page_tag(ana)))
        assert await late.opened() == 200
        assert (await late.line()).startswith("retry: ")
        assert await late.line() == ""
    finally:
        signal.signal(signal.SIGTERM, before)
    assert asked == [signal.SIGTERM]


async def test_account_has_so_many_streams_and_no_more(
    ana: Applicant,
    outsider: Applicant,
    application: Lanes,
    watcher: Watcher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Mutants seen red: without the look in `changes`; without the one in `Watcher.page`."""
    monkeypatch.setattr(watch, "PAGES_OF_AN_ACCOUNT", 1)
    seen, account = await in_thread(lambda: (page_tag(ana), ana.user.pk))
    async with reading(application, ana, seen):
        await asyncio.to_thread(eventually, lambda: watcher.is_full(account))
        refused = Reader(application, ana.client, seen)
        assert await refused.opened() == 429
        assert refused.headers["retry-after"] == "60"
        async with reading(application, outsider, await in_thread(lambda: page_tag(outsider))) as other:
            assert await other.hears_nothing()
        monkeypatch.setattr(watcher, "is_full", _only_the_second_time(watcher.is_full))
        together = Reader(application, ana.client, seen)
        assert await together.opened() == 200
        assert [line async for line in _lines(together)][1:] == ["retry: 60000\n\n"]
    async with reading(application, ana, seen) as reader:
        assert await reader.hears_nothing()


def _only_the_second_time(is_full: Callable[[int], bool]) -> Callable[[int], bool]:
    """As two requests at the same moment see it: there was still room when both asked first."""
    asked: list[int] = []

    def answer(account: int) -> bool:
        asked.append(account)
        return len(asked) > 1 and is_full(account)

    return answer


async def test_database_that_is_away_for_a_moment_ends_nothing(
    ana: Applicant, application: Lanes, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutant seen red: without the `except`, after which nobody would look any more."""
    monkeypatch.setattr(watch, "AFTER_FAILURE_SECONDS", 0.02)
    real, calls = watch.look, []

    def flaky(cases: Any) -> Any:
        calls.append(cases)
        if len(calls) == 1:
            raise OperationalError("away")
        return real(cases)

    monkeypatch.setattr(watch, "look", flaky)
    async with reading(application, ana, await in_thread(lambda: page_tag(ana))) as reader:
        await in_thread(ana.give_details)
        assert (await reader.line()).startswith("id: ")


def test_hundreds_of_cases_are_one_query(ana: Applicant, django_assert_num_queries: Any) -> None:
    """Mutant seen red: a query for each."""
    case = ana.case
    with django_assert_num_queries(1):
        assert watch.look([case.pk, *[uuid.uuid4() for _ in range(500)]]) == {case.pk: Standing.of(case)}


def test_stream_needs_a_sign_in_and_a_case(client: Client) -> None:
    assert client.get("/case/events/").status_code == 401
    assert staff("reviewer").get("/case/events/").status_code == 404
    assert client.post("/case/events/").status_code == 405


def test_stream_is_never_kept(ana: Applicant) -> None:
    answer = ana.get("case_events")
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Content-Security-Policy" in answer.headers
