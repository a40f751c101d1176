"""Asks clamd whether a file holds a virus, by its command INSTREAM (clamd(8)). Off without CLAMD_ADDRESS."""

from __future__ import annotations

import logging
import socket
import struct
import time

from django.conf import settings

logger = logging.getLogger(__name__)

CHUNK_BYTES = 64 * 1024
MAX_ANSWER_BYTES = 4096
END_OF_STREAM = struct.pack(">I", 0)


class ScannerError(Exception):
    """The file is not known to be clean.

    ScannerError
    ├── Infected         it holds a virus
    └── NotScanned       nothing was found out: too slow, cut off, or an answer that makes no sense
        └── ScannerAway  nobody answers at the address
    """


class Infected(ScannerError):
    """It holds a virus."""


class NotScanned(ScannerError):
    """Nothing was found out; trying again may help."""


class ScannerAway(NotScanned):
    """Nobody answers at the address."""


def scan(data: bytes, *, seconds: float) -> None:
    """Returns when `data` is clean, or when no scanner is configured.

    Args:
        seconds: for everything together.

    Raises:
        Infected, NotScanned, ScannerAway.
    """
    if not settings.CLAMD_ADDRESS:
        return
    deadline = time.monotonic() + seconds
    try:
        connection = _connected(settings.CLAMD_ADDRESS, seconds)
    except OSError as error:
        raise ScannerAway(f"no virus scanner at CLAMD_ADDRESS: {error}") from error
    with connection:
        try:
            answer = _answer(connection, data, deadline)
        except TimeoutError as error:
            raise NotScanned("the virus scanner was too slow") from error
        except OSError as error:
            raise NotScanned(f"the virus scanner cut the connection: {error}") from error
    _judge(answer)


def _judge(answer: bytes) -> None:
    """`stream: OK`, `stream: NAME FOUND`, or a complaint that ends in `ERROR`."""
    text = answer.split(b"\0", 1)[0].decode(errors="replace").strip()
    if text == "stream: OK":
        return
    if text.startswith("stream: ") and text.endswith(" FOUND"):
        raise Infected(text.removeprefix("stream: ").removesuffix(" FOUND"))
    raise NotScanned(f"the virus scanner answers {text[:100]!r}")


def _connected(address: str, seconds: float) -> socket.socket:
    if not address.startswith("/"):
        host, _, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(seconds)
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def _answer(connection: socket.socket, data: bytes, deadline: float) -> bytes:
    """What clamd says to `data`; empty when it says nothing.

    Raises:
        TimeoutError: at the deadline, a moment of `time.monotonic`.
        OSError: it went away.
    """
    try:
        _send(connection, b"zINSTREAM\0", deadline)
        for start in range(0, len(data), CHUNK_BYTES):
            chunk = data[start : start + CHUNK_BYTES]
            _send(connection, struct.pack(">I", len(chunk)) + chunk, deadline)
        _send(connection, END_OF_STREAM, deadline)
    except (BrokenPipeError, ConnectionResetError):
        # What is larger than its StreamMaxLength it doesn't read to the end. It may have said so.
        logger.info("the virus scanner closed the connection before it had everything")
    received = bytearray()
    while b"\0" not in received and len(received) <= MAX_ANSWER_BYTES:
        connection.settimeout(_left(deadline))
        chunk = connection.recv(MAX_ANSWER_BYTES)
        if not chunk:
            break
        received += chunk
    return bytes(received)


def _send(connection: socket.socket, data: bytes, deadline: float) -> None:
    connection.settimeout(_left(deadline))
    connection.sendall(data)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
