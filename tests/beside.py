"""Code beside a running service, without starting a Python and a Django for each piece of it."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from typing import IO

from temporal_app.devserver import tether
from tests.faults.processes import PROJECT

MOST_SECONDS = 120


class Beside:
    """A process that has Django set up, waits, and forks for each piece of code that it is given.

    A fork finds everything as after `django.setup()`: no connection is open, and nothing that an earlier
    piece of code has left behind. Start it from a thread that lives as long as it is needed.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._one_at_a_time = threading.Lock()
        self._process = subprocess.Popen(
            tether.tethered([sys.executable, "-m", __name__]),
            cwd=PROJECT,
            env=dict(environment) | tether.to_this_process(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, code: str) -> str:
        """Returns what the code has printed.

        Raises:
            RuntimeError: it failed, or took longer than two minutes; with its last words.
        """
        assert self._process.stdin
        assert self._process.stdout
        with self._one_at_a_time:
            self._process.stdin.write(json.dumps(code) + "\n")
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline() or '[-1, "", "nobody is there to run it"]')
        status, printed, complaints = answer
        if status != 0:
            raise RuntimeError(
                f"code beside the service ended with {status}: {(printed + complaints)[-2000:]}"
            )
        return str(printed)

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


def serve() -> None:
    """Reads code, a line of JSON each, and answers with status, output and errors; a fork returns early."""
    import django

    django.setup()
    from django.db import connections

    import tests.browser.making  # noqa: F401  brings most of what the pieces of code import

    connections.close_all()
    gc.freeze()  # or each fork would look through everything that is loaded, and copy its pages, to end
    for line in sys.stdin:
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
            child = os.fork()
            if child == 0:
                _become(json.loads(line), out, errors)
                return
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            answer = json.dumps([status, *(_all_of(each) for each in (out, errors))])
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


def _become(code: str, out: IO[str], errors: IO[str]) -> None:
    """Runs the code as a program of its own, which ends as programs do: after its threads."""
    signal.alarm(MOST_SECONDS)
    os.dup2(out.fileno(), 1)
    os.dup2(errors.fileno(), 2)
    exec(code, {"__name__": "__main__"})  # noqa: S102  that is what it is for


def _all_of(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


if __name__ == "__main__":
    serve()
