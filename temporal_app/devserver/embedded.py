"""A Temporal server for tests: started in a moment, on free loopback ports, killable, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Self

from temporal_app.devserver import tether
from temporal_app.devserver.config import ServerPorts
from temporal_app.devserver.launch import Process, embedded_server
from temporal_app.devserver.ports import LOOPBACK, answers_ok, free_ports
from temporal_app.devserver.programs import ServerProgram, find_program
from temporal_app.devserver.speech import CannotStartError

START_SECONDS = 30.0
STOP_SECONDS = 10.0
HEALTH_PATH = "/api/v1/system-info"
"""A frontend listens before it serves; this is answered once it serves."""


class RunningProcess:
    """One server process that dies with us, and its log."""

    def __init__(self, process: Process, ports: ServerPorts) -> None:
        self.address = f"{LOOPBACK}:{ports.frontend}"
        self._health_port = ports.frontend_http
        self._process = process
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self._process.folder / f"{self._process.name}.log"

    @property
    def pid(self) -> int | None:
        return None if self._child is None else self._child.pid

    def start(self) -> None:
        """Starts the process and waits until it answers calls.

        Raises:
            CannotStartError: It ended, or did not answer within 30 s; with the last lines of its log.
        """
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                tether.tethered(self._process.argv),
                cwd=self._process.folder,
                env=self._process.environment | tether.to_this_process(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not answers_ok(self._health_port, HEALTH_PATH):
            if self._child.poll() is not None or time.monotonic() > deadline:
                self.kill()
                tail = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
                raise CannotStartError(
                    f"The Temporal server did not come up: {' / '.join(tail) or 'it said nothing'}"
                )
            time.sleep(0.02)

    def stop(self) -> None:
        """Ends the process in an orderly way, and kills it when that takes more than 10 s."""
        if self._child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(timeout=STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """Ends the process as `kill -9` does."""
        if self._child is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        self._child = None


class OwnServer(ABC):
    """A server that this process starts: a context manager that knows where it answers and how it ends."""

    _running: RunningProcess | None = None

    @abstractmethod
    def start(self) -> None:
        """Starts the server, the first time on free loopback ports, later on the same ones.

        Raises:
            CannotStartError: It does not come up.
        """

    @property
    def address(self) -> str:
        """`host:port` for clients; known once it was started."""
        return self._process.address

    @property
    def pid(self) -> int | None:
        return self._process.pid

    @property
    def log(self) -> Path:
        return self._process.log

    def stop(self) -> None:
        self._process.stop()

    def kill(self) -> None:
        self._process.kill()

    def __enter__(self) -> Self:
        self.start()
        return self

    @property
    def _process(self) -> RunningProcess:
        if self._running is None:
            raise RuntimeError("The server was not started.")
        return self._running


class EmbeddedServer(OwnServer):
    """A durable server on a SQLite file; a context manager.

    Args:
        folder: Holds its files and stays; a temporary one that goes away by default.
        program: What to start; found, downloaded or built by default.

    `start` after `stop` or `kill` brings the same server back on the same port and database. Start it from a
    thread that lives as long as the server is needed: the kernel ends it with the thread that started it.
    """

    def __init__(self, folder: Path | None = None, *, program: ServerProgram | None = None) -> None:
        self._own_folder = tempfile.TemporaryDirectory(prefix="temporal-") if folder is None else None
        self.folder = Path(self._own_folder.name) if self._own_folder else folder or Path()
        self._program = find_program() if program is None else program

    def start(self) -> None:
        if self._running is not None:
            self._running.start()
            return
        for attempts_left in (2, 1, 0):
            names = ServerPorts.names()
            ports = ServerPorts(**dict(zip(names, free_ports(len(names)), strict=True)))
            (process,) = embedded_server(self._program, self.folder, ports)
            running = RunningProcess(process, ports)
            try:
                running.start()
            except CannotStartError:
                # Somebody else may have taken one of the nine ports since we looked.
                if not attempts_left:
                    raise
            else:
                self._running = running
                return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Tests throw the database away: nothing is gained by an orderly end.
        if self._running is not None:
            self._running.kill()
        if self._own_folder is not None:
            self._own_folder.cleanup()
