"""Starts a program that cannot outlive its supervisor, optionally once a file has appeared.

Run by path with a bare interpreter (`python -I -S tether.py PARENT FILE PROGRAM ...`), because it stands in
front of every process of `make run`: it asks the kernel to kill the program when its parent dies (Linux;
elsewhere the program is started as it is), waits for the file that says "the database is migrated" (`-` waits
for nothing), and becomes the program, so that signals and exit codes are the program's own.
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
_SET_PARENT_DEATH_SIGNAL = 1


def tethered(argv: Sequence[str], *, parent: int, after: str = NOTHING) -> list[str]:
    """The command that runs `argv` tethered to the process `parent`, once the file `after` is there."""
    return [sys.executable, "-I", "-S", str(Path(__file__).resolve()), str(parent), after, *argv]


def main(arguments: Sequence[str]) -> None:
    parent, after, *argv = arguments
    if sys.platform == "linux":
        # SIGKILL: who kills the supervisor wants the ports and the database free for the next one at once.
        ctypes.CDLL(None, use_errno=True).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit(f"{argv[0]} is not started: its supervisor is gone.")
    while after != NOTHING and not Path(after).exists():
        time.sleep(0.05)
    os.execvp(argv[0], argv)


if __name__ == "__main__":
    main(sys.argv[1:])
