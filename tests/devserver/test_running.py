"""`make run` itself: the real processes, killed and started again, on a folder of their own."""

from __future__ import annotations

import http.client
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from temporal_app.devserver.place import PROJECT
from temporal_app.devserver.ports import answers_ok, free_ports
from tests.live import eventually

pytestmark = [pytest.mark.faults, pytest.mark.temporal]

UP_SECONDS = 90.0
END_SECONDS = 10.0


class Service:
    """One `make run` and what it left in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (self.port,) = free_ports(1)
        self.output = folder.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None

    def environment(self, **changes: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "XDG_CACHE_HOME") if name in os.environ}
        return kept | {"VAR_DIR": str(self.folder), "PORT": str(self.port)} | changes

    def command(self, **changes: str) -> subprocess.Popen[bytes]:
        with self.output.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "temporal_app.devserver", "run"],
                cwd=PROJECT,
                env=self.environment(**changes),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def start(self) -> None:
        self.process = self.command()
        eventually(lambda: answers_ok(self.port, "/readyz"), UP_SECONDS, of="/readyz")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=END_SECONDS + 5)

    def supervisor(self) -> int:
        return int((self.folder / "run" / "supervisor.pid").read_text())

    def process_ids(self) -> list[int]:
        """Every process that has our folder in its environment."""
        mark = f"VAR_DIR={self.folder}".encode()
        return [pid for pid in all_process_ids() if mark in environment_of(pid).split(b"\0")]

    def temporal(self) -> list[int]:
        """The server has no environment of ours; it runs in our folder."""
        return [pid for pid in all_process_ids() if working_folder(pid) == self.folder / "temporal"]

    def cases(self) -> int:
        with sqlite3.connect(self.folder / "onboarding.sqlite3") as database:
            (count,) = database.execute("SELECT count(*) FROM onboarding_case").fetchone()
        database.close()
        return int(count)


def all_process_ids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def environment_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


def working_folder(pid: int) -> Path | None:
    try:
        return Path(f"/proc/{pid}/cwd").readlink()
    except OSError:
        return None


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path / "var")
    yield service
    service.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_service_survives_the_death_of_each_of_its_processes_and_of_all(service: Service) -> None:
    """Mutant: no tether; then what the killed supervisor leaves behind never ends."""
    service.start()
    eventually(lambda: service.cases() > 0, UP_SECONDS, of="the first case")

    (temporal, *_) = service.temporal()
    for pid in service.temporal():
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: [pid for pid in service.temporal() if pid != temporal], of="a new Temporal server")
    eventually(lambda: answers_ok(service.port, "/readyz"), UP_SECONDS, of="/readyz after the kill")

    os.kill(service.supervisor(), signal.SIGKILL)
    assert service.process is not None
    assert service.process.wait(timeout=END_SECONDS) == 1
    eventually(lambda: not service.process_ids() and not service.temporal(), of="an end of everything")
    cases = service.cases()

    service.start()
    assert service.cases() >= cases

    second = service.command()
    assert second.wait(timeout=30) == 1
    said = service.output.read_text()
    assert "already runs" in said
    assert "Traceback" not in said.rpartition("already runs")[2]

    service.process.terminate()
    assert service.process.wait(timeout=END_SECONDS) == 0
    assert not service.process_ids()
    assert not service.temporal()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"PORT": "nonsense"}, "PORT is 'nonsense'"),
        ({"SITE_URL": "nonsense"}, "SITE_URL"),
        ({"TEMPORAL_ADDRESS": "nonsense"}, "TEMPORAL_ADDRESS"),
        ({"VAR_DIR": "/proc/nowhere"}, "VAR_DIR"),
    ],
)
def test_nonsense_is_refused_before_anything_starts(
    service: Service, changes: dict[str, str], sentence: str
) -> None:
    refused = service.command(**changes)
    assert refused.wait(timeout=30) == 1
    said = service.output.read_text()
    assert sentence in said
    assert "Traceback" not in said


def test_a_busy_port_is_refused_before_anything_starts(service: Service) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "http.server", str(service.port), "--bind", "127.0.0.1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as other:
        eventually(lambda: _listens(service.port), of="the other program")
        refused = service.command()
        assert refused.wait(timeout=30) == 1
        other.terminate()
    assert f"Port {service.port} is busy" in service.output.read_text()
    assert not (service.folder / "run" / "supervisor.conf").exists()


def _listens(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.connect()
    except OSError:
        return False
    finally:
        connection.close()
    return True
