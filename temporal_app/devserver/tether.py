"""Starts a program that cannot outlive its supervisor, optionally once a file has appeared.

Run by path with a bare interpreter (`python -I -S tether.py FILE PROGRAM ...`), because it stands in front of
every process of `make run`: it asks the kernel to kill the program when its parent dies (Linux; elsewhere the
program is started as it is), waits for the file that says "the database is migrated" (`-` waits for nothing),
and becomes the program, so that process id, signals and exit codes are the program's own.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

NOTHING = "-"
PARENT = "TETHERED_TO"
"""Names the process that the program must not outlive; handed on from generation to generation."""
_SET_PARENT_DEATH_SIGNAL = 1


def tethered(argv: Sequence[str], *, after: str = NOTHING) -> list[str]:
    """The command that runs `argv` tethered to its parent, once the file `after` is there."""
    return [sys.executable, "-I", "-S", str(Path(__file__).resolve()), after, *argv]


def to_this_process() -> dict[str, str]:
    """What must be added to the environment of a tethered command that this process starts."""
    return {PARENT: str(os.getpid())}


def main(arguments: Sequence[str]) -> None:
    after, *argv = arguments
    if sys.platform == "linux":
        # SIGKILL: who kills the supervisor wants the ports and the database free for the next one at once.
        ctypes.CDLL(None, use_errno=True).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if str(os.getppid()) != os.environ.get(PARENT):
        sys.exit(f"{argv[0]} is not started: its supervisor is gone.")
    while after != NOTHING and not Path(after).exists():
        time.sleep(0.05)
    os.environ[PARENT] = str(os.getpid())  # becoming the program keeps the process id
    os.execvp(argv[0], argv)


if __name__ == "__main__":
    main(sys.argv[1:])
