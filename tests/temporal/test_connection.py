"""One client per process: for threads, loops and forks, and without harm at the end of the process."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings as django_settings

from onboarding.domain.snapshot import Snapshot
from temporal_app import connection, gateway
from temporal_app.devserver.embedded import EmbeddedServer
from tests.live import CALL_LIMIT, in_threads
from tests.temporal.life import Life

pytestmark = pytest.mark.temporal

SCRIPT = """
import os, sys
import django
django.setup()
from datetime import timedelta
from temporal_app import gateway

def ask():
    try:
        gateway.snapshot("00000000-0000-0000-0000-000000000000", timedelta(seconds=4))
    except gateway.NotFound:
        return
    raise SystemExit(3)
"""
FORKS = """
for number in range(3):
    child = os.fork()
    if child == 0:
        ask()
        sys.exit(0)
    assert os.waitpid(child, 0)[1] == 0, "the child failed"
ask()
"""


def run(script: str, server: EmbeddedServer, folder: Path) -> subprocess.CompletedProcess[str]:
    """A process of its own, with the settings of a demo, that talks to the server."""
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "onboarding.settings",
        "DEMO": "1",
        "VAR_DIR": str(folder),
        "TEMPORAL_ADDRESS": server.address,
        "TEMPORAL_NAMESPACE": django_settings.TEMPORAL_NAMESPACE,
    }
    return subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_many_threads_share_one_connection(life: Life) -> None:
    """Mutant seen red: no lock around the first connection."""
    life.begin()
    connection.forget()
    answers = in_threads(*[lambda: gateway.snapshot(life.id, CALL_LIMIT)] * 24)
    assert all(isinstance(answer, Snapshot) for answer in answers), answers
    clients = [each for each in threading.enumerate() if each.name == "temporal-client"]
    assert len(clients) == 1


def test_many_event_loops_share_one_connection(life: Life) -> None:
    """As async views of several servers in one process would. Mutant seen red: the client is made lazily in
    the loop of the first caller."""
    life.begin()
    connection.forget()
    ask = sync_to_async(gateway.snapshot, thread_sensitive=False)

    async def several() -> list[Any]:
        return await asyncio.gather(*(ask(life.id, CALL_LIMIT) for _ in range(4)))

    answers = in_threads(*[lambda: asyncio.run(several())] * 6)
    assert all(isinstance(answer, list) and len(answer) == 4 for answer in answers), answers


@pytest.mark.parametrize(
    "script",
    [SCRIPT + "ask()", SCRIPT + FORKS, SCRIPT + "ask()" + FORKS],
    ids=["one call", "forks before the first call", "forks after a call"],
)
def test_a_process_that_used_the_client_exits_clean(
    script: str, temporal: EmbeddedServer, tmp_path: Path
) -> None:
    """Not 134, not 139, no hang. Mutants seen red: without `_start_over_in_child` the forked children
    wait for a thread that is not there; with the runtime of the parent they cannot connect."""
    finished = run(script, temporal, tmp_path)
    assert finished.returncode == 0, finished.stderr


def test_a_loop_that_is_gone_answers_in_time(life: Life) -> None:
    """A call under way when the connection is dropped is answered, not left hanging."""
    life.begin()
    closing = threading.Timer(0.2, connection.connection().close)
    closing.start()

    async def forever(_client: Any) -> None:
        await asyncio.sleep(60)

    with pytest.raises(connection.ConnectionLost):
        connection.connection().call(forever, CALL_LIMIT)
    closing.join()
