"""The four errors of the gateway, each provoked for real, each within the limit of its call."""

from __future__ import annotations

import socket
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from onboarding.domain.status import CaseStatus
from temporal_app import connection, gateway
from temporal_app.devserver.embedded import EmbeddedServer
from tests.conftest import point_at, register
from tests.domain.builders import approve, claim, make_case, verified
from tests.live import RunningWorker, eventually
from tests.temporal.fake_activities import RecordingActivities
from tests.temporal.life import Life

pytestmark = [pytest.mark.temporal, pytest.mark.seconds]

LIMIT = timedelta(seconds=1)
GRACE_SECONDS = 0.5


@contextmanager
def within(limit: timedelta) -> Iterator[None]:
    """Fails when the block takes longer than a call may: its limit and half a second."""
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    assert took <= limit.total_seconds() + GRACE_SECONDS, f"took {took:.2f} s"


def every_call(case_id: str, life: Life) -> dict[str, Callable[[], object]]:
    return {
        "start_case": lambda: gateway.start_case(life.start, LIMIT),
        "tell": lambda: gateway.tell(life.start, "email_verified", verified(life.start.born_at), LIMIT),
        "command": lambda: gateway.command(case_id, claim(), LIMIT),
        "send_decision": lambda: gateway.send_decision(case_id, approve(make_case("in_review")), LIMIT),
        "snapshot": lambda: gateway.snapshot(case_id, LIMIT),
        "fast_forward": lambda: gateway.fast_forward(case_id, timedelta(days=1), LIMIT),
        "workers_polling": lambda: gateway.workers_polling(LIMIT),
    }


CALLS = tuple(every_call("", Life(RecordingActivities())))


@pytest.fixture
def silence() -> Iterator[str]:
    """An address that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def nobody() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("name", CALLS)
def test_nobody_there(name: str, nobody: str, settings: Any) -> None:
    """Mutant seen red: `RuntimeError` of the connection not translated."""
    point_at(settings, nobody)
    life = Life(RecordingActivities())
    with within(LIMIT), pytest.raises(gateway.Unavailable):
        every_call(life.id, life)[name]()
    with within(timedelta(0)), pytest.raises(gateway.Unavailable):  # the breather
        every_call(life.id, life)[name]()


@pytest.mark.parametrize("name", CALLS)
def test_an_address_that_stays_silent(name: str, silence: str, settings: Any) -> None:
    """Mutants seen red: no limit around the connecting (30 s); no breather after a silence."""
    point_at(settings, silence)
    life = Life(RecordingActivities())
    with within(LIMIT), pytest.raises(gateway.Unavailable):
        every_call(life.id, life)[name]()
    with within(timedelta(0)), pytest.raises(gateway.Unavailable):
        every_call(life.id, life)[name]()
    connection.forget()


def test_a_server_without_our_namespace_is_no_missing_case(temporal: EmbeddedServer, settings: Any) -> None:
    """Mutant seen red: every NOT_FOUND is `NotFound`."""
    settings.TEMPORAL_NAMESPACE = "somebody-elses"
    connection.forget()
    with within(LIMIT), pytest.raises(gateway.Unavailable):
        gateway.snapshot(str(uuid.uuid4()), LIMIT)


@pytest.mark.parametrize("name", ["command", "send_decision", "snapshot"])
def test_a_case_that_temporal_does_not_know(name: str, temporal: EmbeddedServer) -> None:
    """Mutant seen red: every NOT_FOUND is `Finished`."""
    life = Life(RecordingActivities())
    with within(LIMIT), pytest.raises(gateway.NotFound):
        every_call(life.id, life)[name]()


def test_a_worker_that_is_away(temporal: EmbeddedServer, make_worker: Callable[..., RunningWorker]) -> None:
    """Facts are accepted all the same; what needs an answer is `Unavailable`, and safe to repeat."""
    port = RecordingActivities()
    worker = make_worker(port)
    life = Life(port).collecting()
    life.handed_in().until(CaseStatus.IN_REVIEW)
    worker.stop()
    order = claim()
    with within(LIMIT), pytest.raises(gateway.Unavailable):
        gateway.snapshot(life.id, LIMIT)
    with within(LIMIT), pytest.raises(gateway.Unavailable):
        gateway.command(life.id, order, LIMIT)
    with within(LIMIT):
        gateway.tell(life.start, "email_verified", verified(life.start.born_at), LIMIT)
    make_worker(port)
    receipt = life.order(order)
    assert (receipt.message_id, receipt.code) == (order.message_id, "")
    assert len([event for event in life.events() if event.cause == order.message_id]) == 1


def test_a_worker_is_seen_polling(
    temporal: EmbeddedServer, make_worker: Callable[..., RunningWorker]
) -> None:
    assert gateway.workers_polling() == {}
    make_worker(RecordingActivities())
    (seen_at,) = eventually(gateway.workers_polling).values()
    assert abs(seen_at.timestamp() - time.time()) < 60


def test_a_server_that_is_killed_and_comes_back(settings: Any) -> None:
    """No call hangs, the same connection heals within a moment, and what was accepted is still there."""
    with EmbeddedServer() as server:
        register(server)
        point_at(settings, server.address)
        port = RecordingActivities()
        worker = RunningWorker(port)
        worker.start()
        life = Life(port).collecting()
        server.kill()
        for name, call in every_call(life.id, life).items():
            with within(LIMIT), pytest.raises(gateway.Unavailable):
                call()
            assert name
        server.start()
        began = time.monotonic()
        snapshot = eventually(lambda: _answer(life))
        assert time.monotonic() - began < 5
        assert snapshot.case.status is CaseStatus.COLLECTING
        worker.stop()
        connection.forget()


def _answer(life: Life) -> Any:
    try:
        return gateway.snapshot(life.id, timedelta(seconds=3))
    except gateway.Unavailable:
        return None
