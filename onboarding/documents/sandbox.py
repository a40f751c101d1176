"""Runs the decoder: one limited process per file, bytes in and out through pipes, nothing left behind."""

from __future__ import annotations

import logging
import os
import selectors
import threading
import time
from typing import IO, Any

from onboarding.documents import decoders, limits
from onboarding.documents.frames import BrokenFrame, unpack
from onboarding.documents.limits import ProcessLimits

logger = logging.getLogger(__name__)

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
    try:
        decoder = decoders.begin(task, bounds, deadline)
        try:
            answer = _exchange(decoder.stdin, decoder.stdout, data, deadline)
        finally:
            code = decoder.end()
    except TimeoutError as error:
        logger.warning("a decoder was given too little time: the machine is overloaded")
        raise DecoderBusy from error
    except (OSError, decoders.NoDecoder) as error:
        logger.warning("no decoder could be started: %r", error)
        raise DecoderBusy from error
    if code == 1 and not answer:
        logger.error("the decoder ends by itself, before it answers")
        raise DecoderBusy
    try:
        return unpack(answer)
    except BrokenFrame as error:
        logger.info("decoder of %s gave no answer: %s, exit %s", task, error, code)
        raise DecoderDied from error


def _exchange(stdin: IO[bytes], stdout: IO[bytes], data: bytes, deadline: float) -> bytes:
    """All that a decoder wrote until it closed its end or said more than is allowed.

    Raises:
        TimeoutError: at the deadline, a moment of `time.monotonic`.
    """
    received = bytearray()
    unsent = memoryview(data)
    with selectors.DefaultSelector() as selector:
        for pipe in (stdin, stdout):
            os.set_blocking(pipe.fileno(), False)
        selector.register(stdin, selectors.EVENT_WRITE)
        selector.register(stdout, selectors.EVENT_READ)
        while (remaining := deadline - time.monotonic()) > 0:
            for key, _ in selector.select(remaining):
                if key.fileobj is stdin:
                    try:
                        unsent = unsent[os.write(key.fd, unsent[: decoders.PIPE_BYTES]) :]
                    except BrokenPipeError:
                        unsent = unsent[:0]
                    if not unsent:
                        selector.unregister(stdin)
                        stdin.close()
                else:
                    chunk = os.read(key.fd, decoders.PIPE_BYTES)
                    received += chunk
                    if not chunk or len(received) > limits.MAX_ANSWER_BYTES:
                        return bytes(received)
    raise TimeoutError
