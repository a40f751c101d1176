"""Processes that can be killed and started again, and that never outlive the run."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from temporal_app.devserver import tether

PROJECT = Path(__file__).resolve().parents[2]


class Component:
    """One process of the service under test, in a session of its own, with its log.

    Start it from a thread that lives as long as the run: the kernel ends it together with that thread.
    """

    def __init__(self, name: str, argv: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self.kills = 0
        self._argv, self._environment = list(argv), dict(environment)
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                tether.tethered(self._argv),
                cwd=PROJECT,
                env=self._environment | tether.to_this_process(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def runs(self) -> bool:
        return self._child is not None and self._child.poll() is None

    @property
    def exit_code(self) -> int | None:
        return None if self._child is None else self._child.poll()

    def kill(self) -> None:
        """The blow of a fault run; it is counted."""
        self.kills += self.runs
        self.end()

    def stop(self, seconds: float = 15.0) -> None:
        """SIGTERM, and SIGKILL for what does not leave in time."""
        if self._child is not None:
            with contextlib.suppress(ProcessLookupError):
                self._child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(seconds)
        self.end()

    def end(self) -> None:
        """SIGKILL to the process and to all it has started."""
        if self._child is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        self._child = None


def run_once(argv: Sequence[str], environment: Mapping[str, str], seconds: float = 120) -> str:
    """Runs a command to its end and returns what it printed.

    Raises:
        RuntimeError: it failed; with its last words.
    """
    done = subprocess.run(
        list(argv),
        cwd=PROJECT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(argv[1:4])} failed: {(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


def until(probe: Callable[[], bool], seconds: float, what: str, pause_seconds: float = 0.1) -> None:
    """Waits until it has come true.

    Raises:
        TimeoutError: it did not in time.
    """
    deadline = time.monotonic() + seconds
    while not probe():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} took longer than {seconds:g} s")
        time.sleep(pause_seconds)
