"""What is measured: a durable Temporal server, our worker and web as they run for real, and the raw worker.

All of it on loopback, in a temporary folder, as children of this process that die with it.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from temporal_app.devserver import supervision, tether
from temporal_app.devserver.cluster import ClusterServer, Postgres
from temporal_app.devserver.embedded import EmbeddedServer
from temporal_app.devserver.place import PROJECT, Place
from temporal_app.devserver.ports import LOOPBACK, answers_ok, free_ports
from tests.benchmarks import machine
from tests.postgres import postgres

RAW_QUEUE = "raw"
NAMESPACE = "benchmarks"
START_SECONDS = 60.0
STOP_SECONDS = 15.0


class BedBroken(Exception):
    """Something that is measured did not start, or did something else than it should. Says what."""


@dataclass(frozen=True)
class Bed:
    """The running parts."""

    folder: Path
    port: int
    processes: Mapping[str, int]
    """Name → process id, of everything that takes part, this process included."""

    def meter(self) -> machine.Meter:
        return machine.Meter(self.processes)


@contextlib.contextmanager
def running_bed(engine: str = "sqlite", *, web: bool = True) -> Iterator[Bed]:
    """Starts everything, sets Django up in this process (so only once), and ends everything.

    Args:
        engine: where Temporal and our rows live: `sqlite` (a file each, one shard) or `postgres` (one server,
            four shards).
        web: False saves the web where nothing is asked of it.

    Raises:
        BedBroken: a part did not start in time.
    """
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmarks-")))
        processes = {"harness": os.getpid()}
        server: EmbeddedServer | ClusterServer
        if engine == "postgres":
            database_url = stack.enter_context(postgres())
            data = Path(urlsplit(database_url).path.rpartition("/")[0].removeprefix("/"))
            processes["postgres"] = int((data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
            at = Postgres(user=urlsplit(database_url).username or "", socket_folder=data)
            server = stack.enter_context(ClusterServer(at, folder / "temporal"))
        else:
            database_url = f"sqlite:///{folder / 'var' / 'onboarding.sqlite3'}"
            server = stack.enter_context(EmbeddedServer(folder / "temporal"))
        processes["temporal"] = server.pid or 0
        (port,) = free_ports(1)
        os.environ.update(_environment(folder, database_url, server.address, port))
        # With it every new workflow compiles its module again: 1.7 ms that no installation should pay.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        _release()
        log = stack.enter_context((folder / "processes.log").open("wb"))
        raw = [sys.executable, "-m", "tests.benchmarks.raw_worker", server.address, NAMESPACE, RAW_QUEUE]
        commands = {"worker": [sys.executable, "-m", "temporal_app.worker"], "raw worker": raw}
        if web:
            commands["web"] = list(supervision.web_process(Place(folder), port).argv)
        for name, argv in commands.items():
            processes[name] = stack.enter_context(child(argv, log.fileno())).pid
        _wait_for_workers()
        if web:
            until(lambda: answers_ok(port, "/livez"), START_SECONDS, "the web does not answer")
        yield Bed(folder, port, processes)


def _environment(folder: Path, database_url: str, address: str, port: int) -> dict[str, str]:
    var = folder / "var"
    var.mkdir()
    return {
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        "DEMO": "1",
        "VAR_DIR": str(var),
        "DATABASE_URL": database_url,
        "SECRET_KEY": secrets.token_urlsafe(64),
        "SITE_URL": f"http://{LOOPBACK}:{port}",
        "TEMPORAL_ADDRESS": address,
        "TEMPORAL_NAMESPACE": NAMESPACE,
        "ACCOUNT_RATE_LIMITS": "off",
        "LOG_LEVEL": "ERROR",
    }


def _release() -> None:
    """What a deployment does once: tables, namespace, search attributes."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    subprocess.run(
        [sys.executable, "-m", "temporal_app.registration"],
        check=True,
        cwd=PROJECT,
        timeout=90,
        stdout=subprocess.DEVNULL,
    )


@contextlib.contextmanager
def child(argv: Sequence[str], log: int, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that writes to the file descriptor `log` and ends with the block, or with us."""
    child = subprocess.Popen(
        tether.tethered(argv),
        cwd=PROJECT,
        env={**os.environ, **environment, **tether.to_this_process()},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )
    try:
        yield child
    finally:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(STOP_SECONDS)
        child.kill()
        child.wait()


def _wait_for_workers() -> None:
    from temporal_app import gateway

    until(gateway.workers_polling, START_SECONDS, "no worker polls")


def until(probe: Callable[[], object], seconds: float, failure: str, pause: float = 0.01) -> None:
    """Waits until `probe` answers something true.

    Raises:
        BedBroken: it has not within `seconds`.
    """
    deadline = time.monotonic() + seconds
    while not probe():
        if time.monotonic() > deadline:
            raise BedBroken(f"{failure} (waited {seconds:g} s)")
        time.sleep(pause)


def versions() -> str:
    """What was measured, in one line."""
    from temporal_app.devserver import build

    names = ("temporalio", "django", "django-allauth", "uvicorn")
    libraries = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    return f"Python {sys.version.split()[0]}, {libraries}, Temporal server {build.versions().server}"
