"""What several folders of tests share: a real Temporal server, and workers on queues of their own."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.test import Client, override_settings
from django.utils import translation

from onboarding.records import policies
from temporal_app import connection, registration
from temporal_app.contracts import OnboardingActivities
from temporal_app.devserver.embedded import EmbeddedServer
from tests.alone import room
from tests.languages import pseudo
from tests.live import RunningWorker
from tests.sessions import with_every_factor

NAMESPACE = "tests"


MOST_PROCESSES = 8


def pytest_xdist_auto_num_workers() -> int:
    """As many as there are processors: each has servers of its own beside it."""
    return min(os.cpu_count() or 1, MOST_PROCESSES)


LONGEST = (
    "tests/test_both_databases.py",
    "tests/api/test_schemathesis.py",
    "tests/faults/test_cluster.py",
    "tests/faults/test_kills.py",
    "tests/histories/test_replay.py",
    "tests/domain/test_lives.py",
    "tests/commands/test_demo.py",
)
"""Files of half a minute and more begin first, or at the end all other processes would wait for them."""
BROWSER = "tests/browser/"
LONGEST_IN_BROWSER = "tests/browser/test_accessibility.py"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not hasattr(config, "workerinput"):
        return
    strict = {item.path for item in items if _holds_us_to_seconds(item)}

    def turn(item: pytest.Item) -> tuple[int, bool]:
        """Files with a browser in one go, and late: the service that they share costs time while it waits."""
        file = item.nodeid.partition("::")[0]
        late = 3 if item.path in strict else 2 if file.startswith(BROWSER) else 0 if file in LONGEST else 1
        first = file == LONGEST_IN_BROWSER or (late == 3 and file.startswith(BROWSER))
        return late, not first

    items.sort(key=turn)  # stable: the rest stays as it was


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it again and again took a tenth of all time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """With several processes, a test that holds us to seconds has the processors for itself."""
    if not hasattr(item.config, "workerinput"):
        return (yield)
    with room(alone=_holds_us_to_seconds(item)):
        return (yield)


def _holds_us_to_seconds(item: pytest.Item) -> bool:
    return item.get_closest_marker("seconds") is not None


def pytest_unconfigure() -> None:
    shutil.rmtree(django_settings.VAR_DIR, ignore_errors=True)


@pytest.fixture(scope="session")
def temporal_server() -> Iterator[EmbeddedServer]:
    """The official server on a temporary file, with our namespace and search attributes."""
    with EmbeddedServer() as server:
        register(server)
        yield server


def register(server: EmbeddedServer) -> None:
    """Makes a server of the tests usable for the service."""
    with override_settings(TEMPORAL_ADDRESS=server.address, TEMPORAL_NAMESPACE=NAMESPACE):
        asyncio.run(registration.register_configured(30))


@pytest.fixture(autouse=True)
def _forced_sign_in_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """`force_login` counts as with the second factor. Tests of the factor itself sign in by the pages."""
    forced = Client.force_login

    def force_login(client: Client, user: Any, backend: str | None = None) -> None:
        forced(client, user, backend)
        session = client.session
        session.update(with_every_factor(user))
        session.save()

    monkeypatch.setattr(Client, "force_login", force_login)


@pytest.fixture(autouse=True)
def _policies_are_looked_up_anew() -> None:
    """The one before may have been rolled back within this second."""
    policies.forget()


@pytest.fixture(autouse=True)
def _language_ends_with_the_test() -> Iterator[None]:
    """A request leaves its language to the thread, and the tests have one for all."""
    yield
    translation.deactivate()


@pytest.fixture
def marked_spanish(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spanish with brackets around whatever comes from a catalogue."""
    pseudo.mark(monkeypatch)


@pytest.fixture
def temporal(temporal_server: EmbeddedServer, settings: Any) -> Iterator[EmbeddedServer]:
    """The settings point at the real server, with a task queue that nobody else uses. No worker yet."""
    point_at(settings, temporal_server.address)
    yield temporal_server
    connection.forget()


def point_at(settings: Any, address: str) -> None:
    """Makes the process talk to another address, on a fresh connection."""
    settings.TEMPORAL_ADDRESS = address
    settings.TEMPORAL_NAMESPACE = NAMESPACE
    settings.TEMPORAL_TASK_QUEUE = f"tests-{uuid.uuid4().hex[:12]}"
    connection.forget()


@pytest.fixture
def make_worker(temporal: EmbeddedServer) -> Iterator[Callable[..., RunningWorker]]:
    """Starts workers on the task queue of this test; all are stopped at its end."""
    workers: list[RunningWorker] = []

    def make(port: OnboardingActivities | None = None) -> RunningWorker:
        worker = RunningWorker(port)
        workers.append(worker)
        worker.start()
        return worker

    yield make
    for worker in workers:
        worker.stop()


@pytest.fixture
def worker(make_worker: Callable[..., RunningWorker], transactional_db: None) -> Iterator[RunningWorker]:
    """The real worker: its activities write to the database of the tests."""
    yield make_worker()
    connections.close_all()
