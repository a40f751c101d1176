"""Runs the decoder: one limited process per file, bytes in and out through pipes, nothing left behind."""

from __future__ import annotations

import contextlib
import logging
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any, cast

from onboarding.documents import limits
from onboarding.documents.frames import BrokenFrame, unpack
from onboarding.documents.limits import ProcessLimits

logger = logging.getLogger(__name__)

PROJECT_DIR = Path(__file__).resolve().parents[2]
CHUNK_BYTES = 64 * 1024

_places = threading.BoundedSemaphore(limits.MAX_DECODERS)


class DecoderError(Exception):
    """The decoder gave no answer.

    DecoderError
    ├── DecoderDied   the file is at fault
    └── DecoderBusy   this machine is at fault, trying again is sensible
    """


class DecoderDied(DecoderError):
    """It crashed, used up its memory or processor time, or wrote nonsense."""


class DecoderBusy(DecoderError):
    """No place became free, the program could not be started, or it got too little processor time."""


def run(
    task: str, data: bytes, *, process_limits: ProcessLimits = limits.DECODER_LIMITS
) -> tuple[dict[str, Any], list[bytes]]:
    """The decoder's answer to `data`: header and blobs, still to be distrusted.

    Takes at most `process_limits.wall_seconds`, waiting for a free place included.

    Args:
        task: a media type to take in, or `measure`.

    Raises:
        DecoderDied, DecoderBusy.
    """
    deadline = time.monotonic() + process_limits.wall_seconds
    if not _places.acquire(timeout=min(limits.MAX_WAIT_SECONDS, process_limits.wall_seconds)):
        raise DecoderBusy
    try:
        return _run(task, data, process_limits, deadline)
    finally:
        _places.release()


def _run(
    task: str, data: bytes, bounds: ProcessLimits, deadline: float
) -> tuple[dict[str, Any], list[bytes]]:
    # -E and -s: nothing of our environment leads the imports; -B: it must not write, not even bytecode.
    command = [sys.executable, "-E", "-s", "-B", "-X", "utf8", "-m", "onboarding.documents.decode", task]
    bounds_arguments = [str(n) for n in (bounds.memory_bytes, bounds.cpu_seconds, bounds.open_files)]
    try:
        child = subprocess.Popen(  # noqa: S603 - our own program, no word of the applicant's in it
            [*command, *bounds_arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=PROJECT_DIR,
            env={},
            start_new_session=True,
        )
    except OSError as error:
        logger.warning("no decoder could be started: %s", error.strerror)
        raise DecoderBusy from error
    try:
        answer = _exchange(child, data, deadline)
    except TimeoutError as error:
        logger.warning("a decoder was given too little time: the machine is overloaded")
        raise DecoderBusy from error
    finally:
        # Not reaped yet, so the number is still its own. Whatever it may have started goes with it.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    if child.returncode == 1 and not answer:
        logger.error("the decoder is broken: try %s -m onboarding.documents.decode", sys.executable)
        raise DecoderBusy
    try:
        return unpack(answer)
    except BrokenFrame as error:
        logger.info("decoder of %s gave no answer: %s, exit %s", task, error, child.returncode)
        raise DecoderDied from error


def _exchange(child: subprocess.Popen[bytes], data: bytes, deadline: float) -> bytes:
    """All that the child wrote until it closed its end or said more than is allowed.

    Raises:
        TimeoutError: at the deadline, a moment of `time.monotonic`.
    """
    received = bytearray()
    unsent = memoryview(data)
    stdin, stdout = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
    with stdin, stdout, selectors.DefaultSelector() as selector:
        for pipe in (stdin, stdout):
            os.set_blocking(pipe.fileno(), False)
        selector.register(stdin, selectors.EVENT_WRITE)
        selector.register(stdout, selectors.EVENT_READ)
        while (remaining := deadline - time.monotonic()) > 0:
            for key, _ in selector.select(remaining):
                if key.fileobj is stdin:
                    try:
                        unsent = unsent[os.write(key.fd, unsent[:CHUNK_BYTES]) :]
                    except BrokenPipeError:
                        unsent = unsent[:0]
                    if not unsent:
                        selector.unregister(stdin)
                        stdin.close()
                else:
                    chunk = os.read(key.fd, CHUNK_BYTES)
                    received += chunk
                    if not chunk or len(received) > limits.MAX_ANSWER_BYTES:
                        return bytes(received)
    raise TimeoutError
