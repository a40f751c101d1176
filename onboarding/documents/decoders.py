"""Begins decoders: starts the fork server of this process on first use, and anew when it is gone."""

from __future__ import annotations

import atexit
import fcntl
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from onboarding.documents import frames
from onboarding.documents.limits import ProcessLimits

logger = logging.getLogger(__name__)

PROJECT_DIR = Path(__file__).resolve().parents[2]
PROGRAM = "onboarding.documents.forkserver"
ENVIRONMENT = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
"""Nothing of ours. Large pages halve the system's part of decoding; other C libraries ignore it."""
PIPE_BYTES = 1024 * 1024
"""What Linux lets anybody have; with its usual 64 KB both sides would wait 150 times for a photo."""
ANSWER_SECONDS = 2.0
"""A fork takes milliseconds and a start a tenth of a second. Who says nothing for so long hangs."""
REAP_SECONDS = 1.0
WORD_BYTES = 16
NO_CRASH = frozenset({signal.SIGKILL, signal.SIGXCPU})
"""By which we, or its limit of processor time, have ended a decoder."""


class NoDecoder(Exception):
    """None could be begun, not even by a new fork server."""


class _Gone(Exception):
    """The fork server has ended, or hangs."""


@dataclass(frozen=True, slots=True)
class Decoder:
    """One limited process. It is reaped when it is ended here and not before, so its number stays its own.

    Attributes:
        stdin: for the file, up to its end.
        stdout: gives one frame.
    """

    pid: int
    stdin: IO[bytes]
    stdout: IO[bytes]
    lifeline: socket.socket

    def end(self) -> int | None:
        """Kills it and whatever it has started. Its exit code, if the fork server still lives to know it."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        code = None
        with closing(self.stdin), closing(self.stdout), self.lifeline, suppress(OSError):
            self.lifeline.shutdown(socket.SHUT_WR)
            self.lifeline.settimeout(REAP_SECONDS)
            if word := self.lifeline.recv(WORD_BYTES):
                code = int(word)
        if code is not None and code < 0 and -code not in NO_CRASH:
            retire()
        return code


class _ForkServer:
    def __init__(self) -> None:
        self._control, theirs = socket.socketpair()
        # -E and -s: nothing of our environment leads the imports; -B: it must not write, not even bytecode.
        command = [sys.executable, "-E", "-s", "-B", "-X", "utf8", "-m", PROGRAM, str(theirs.fileno())]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, no word of the applicant's in it
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=PROJECT_DIR,
                env=ENVIRONMENT,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        except OSError:
            self._control.close()
            raise
        finally:
            theirs.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    def fork(self, request: bytes, deadline: float) -> Decoder:
        """One child.

        Raises:
            _Gone: there will be no answer.
            TimeoutError: none until the deadline, a moment of `time.monotonic`.
            OSError: too many files are open.
        """
        patience = min(ANSWER_SECONDS, deadline - time.monotonic())
        if patience <= 0:
            raise TimeoutError
        with ExitStack() as ours:
            with ExitStack() as theirs:
                source, stdin = _pipe(theirs, ours)
                stdout, sink = _pipe(ours, theirs)
                lifeline, other_end = socket.socketpair()
                ours.enter_context(lifeline)
                theirs.enter_context(other_end)
                descriptors = [source.fileno(), sink.fileno(), other_end.fileno()]
                try:
                    self._control.settimeout(patience)
                    socket.send_fds(self._control, [request], descriptors)
                except OSError as error:
                    raise _Gone from error
            try:
                lifeline.settimeout(patience)
                pid = int(lifeline.recv(WORD_BYTES))
            except (OSError, ValueError) as error:
                if isinstance(error, TimeoutError) and patience < ANSWER_SECONDS:
                    raise
                raise _Gone from error
            ours.pop_all()
            return Decoder(pid, stdin, stdout, lifeline)

    def close(self) -> int:
        """Ends it; what it has forked goes on. Its exit code, which is 1 where the program is broken."""
        self._process.kill()  # before its socket ends, at which it would end its children
        code = self._process.wait()
        self._control.close()
        return code

    def leave(self) -> None:
        """Lets go of a fork server that belongs to the process this one was forked from."""
        self._control.close()
        self._process.returncode = 0  # not ours to wait for


_lock = threading.Lock()
_server: _ForkServer | None = None
"""One for each process."""


def begin(task: str, bounds: ProcessLimits, deadline: float) -> Decoder:
    """A process that has limited itself and waits for a file. Whoever begins it must end it.

    Raises:
        TimeoutError: not before the deadline, a moment of `time.monotonic`.
        OSError, NoDecoder: this machine can't.
    """
    if not _lock.acquire(timeout=max(0.0, deadline - time.monotonic())):
        raise TimeoutError
    try:
        return _begin(frames.request(task, bounds), deadline)
    finally:
        _lock.release()


def _begin(request: bytes, deadline: float) -> Decoder:
    global _server
    for _ in range(2):
        _server = _server or _ForkServer()
        try:
            return _server.fork(request, deadline)
        except _Gone:
            code = _stop()
            if code == 1:
                logger.error("the decoder is broken: try %s -m %s", sys.executable, PROGRAM)
                break
            logger.warning("the fork server of the decoders was gone, exit %s", code)
    raise NoDecoder


def _pipe(readers: ExitStack, writers: ExitStack) -> tuple[IO[bytes], IO[bytes]]:
    """The end to read from and the end to write to, each closed with its side."""
    reader, writer = os.pipe()
    if hasattr(fcntl, "F_SETPIPE_SZ"):  # Linux only
        with suppress(OSError):  # there is a limit for all pipes of a user
            fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return (
        readers.enter_context(os.fdopen(reader, "rb", buffering=0)),
        writers.enter_context(os.fdopen(writer, "wb", buffering=0)),
    )


def retire() -> None:
    """Ends the fork server, so that the next file gets a new one; decoders at work are not disturbed.

    All children of one lie at the same addresses; what a crash may have told of them is then worth nothing.
    """
    with _lock:
        _stop()


def _stop() -> int | None:
    global _server
    stopped, _server = _server, None
    return stopped.close() if stopped else None


def _leave() -> None:
    global _lock, _server
    if _server:
        _server.leave()
    _lock, _server = threading.Lock(), None


os.register_at_fork(after_in_child=_leave)
atexit.register(_stop)
