"""A fork server whose children do what a test says: what a parser that was taken over could do."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import indent

import pytest

from onboarding.documents import decoders

Impostor = Callable[[str], Path]

PROGRAM = """\
#!{python}
import sys
sys.path.insert(0, {project!r})
import os, pathlib, signal, socket, time
{at_start}
from onboarding.documents import decode, forkserver

seen = pathlib.Path({seen!r})

def work(task):
{body}
    sys.stdout.flush()

decode.work = work
decode.limit_self = lambda bounds: None
forkserver.serve(socket.socket(fileno=int(sys.argv[-1])))
"""


@contextmanager
def installed(monkeypatch: pytest.MonkeyPatch, folder: Path, body: str, at_start: str = "") -> Iterator[Path]:
    """Takes the place of the fork server while it lasts; gives the file that `body` calls `seen`."""
    program, seen = folder / "impostor", folder / "seen"
    project = str(decoders.PROJECT_DIR)
    program.write_text(
        PROGRAM.format(
            python=sys.executable,
            project=project,
            at_start=at_start,
            seen=str(seen),
            body=indent(body, "    "),
        ),
        encoding="utf-8",
    )
    program.chmod(0o700)
    decoders.retire()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "executable", str(program))
        yield seen
    decoders.retire()


def fork_server() -> int:
    """The number of the fork server of this process."""
    assert decoders._server is not None
    return decoders._server.pid


def ends(pid: int) -> bool:
    """Whether a process that isn't our child ends within five seconds."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], 5)[0])
    finally:
        os.close(descriptor)


def children_of(pid: int) -> list[int]:
    return [
        int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    ]
