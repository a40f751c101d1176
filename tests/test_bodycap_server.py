"""The cap on request bodies through a real server, with Django's own handler behind it."""

from __future__ import annotations

import runpy
import select
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from pytest_django import Settings

from onboarding.bodycap import BodyCap

MEGABYTE = 1024 * 1024
CAP = 10 * MEGABYTE
CHUNK = b"x" * (64 * 1024)

Address = tuple[str, int]


def length_of_body(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.body)))


urlpatterns = [path("", length_of_body)]


@pytest.fixture(params=["h11", "httptools"])
def address(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Address]:
    """Where a real server with a cap of 10 MB listens, once per parser of HTTP that it has."""
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    settings.ALLOWED_HOSTS = ["*"]
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None
    application = BodyCap(get_asgi_application(), max_bytes=CAP)
    config = uvicorn.Config(application, http=request.param, lifespan="on", log_config=None)
    server = uvicorn.Server(config)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)  # or the kernel swallows megabytes
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()
    assert not thread.is_alive()


def test_the_deployed_application_stands_behind_the_cap(settings: Settings) -> None:
    """Mutant: serve Django's own handler."""
    settings.MIDDLEWARE = []
    application = runpy.run_module("onboarding.asgi")["application"]
    assert isinstance(application, BodyCap)
    assert application.max_bytes == settings.REQUEST_MAX_BYTES
    assert settings.REQUEST_MAX_BYTES > settings.UPLOAD_MAX_BYTES


def sent_chunked(address: Address, megabytes: int, *, listens: bool) -> tuple[int, bytes]:
    """Sends a chunked body of so many megabytes; returns how many bytes left, and the answer.

    A browser `listens`: it looks for an answer while it sends. A naive client sends everything first.
    """
    sent_bytes = 0
    piece = b"%x\r\n%s\r\n" % (len(CHUNK), CHUNK)
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n")
        connection.sendall(b"Connection: close\r\n\r\n")
        for _ in range(megabytes * MEGABYTE // len(CHUNK)):
            if listens and select.select([connection], [], [], 0)[0]:
                break
            connection.sendall(piece)
            sent_bytes += len(CHUNK)
        else:
            connection.sendall(b"0\r\n\r\n")
        return sent_bytes, everything_from(connection)


def everything_from(connection: socket.socket) -> bytes:
    """What comes until the answer's own length is reached or the server closes."""
    answer = b""
    while chunk := connection.recv(65536):
        answer += chunk
        head, _, body = answer.partition(b"\r\n\r\n")
        lines = [line.lower() for line in head.split(b"\r\n")]
        lengths = [int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")]
        if lengths and len(body) >= lengths[0]:
            break
    return answer


def test_a_chunked_body_of_100_megabytes_is_answered_without_reading_it_all(address: Address) -> None:
    """Mutants: no cap; wait for the end of the body."""
    started = time.perf_counter()
    sent_bytes, answer = sent_chunked(address, 100, listens=True)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"larger than 10 MB" in answer
    assert CAP < sent_bytes < 40 * MEGABYTE
    assert time.perf_counter() - started < 5


def test_a_naive_client_that_is_a_little_over_gets_its_answer_too(address: Address) -> None:
    """It would see a reset instead. Mutant: hang up without draining."""
    sent_bytes, answer = sent_chunked(address, 19, listens=False)
    assert sent_bytes == 19 * MEGABYTE
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_an_announced_body_of_100_megabytes_is_answered_before_it_is_sent(address: Address) -> None:
    """Mutant: wait for the first chunk."""
    with socket.create_connection(address, timeout=4) as connection:
        head = f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {100 * MEGABYTE}\r\n"
        connection.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
        answer = everything_from(connection)
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_body_under_the_cap_reaches_django(address: Address) -> None:
    """Mutant: count the bytes of all requests together."""
    for _ in range(2):
        _, answer = sent_chunked(address, 9, listens=False)
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert str(9 * MEGABYTE).encode() in answer


@pytest.mark.parametrize("length", ["-1", "abc", "1e3", "5, 6"])
def test_a_malformed_length_on_the_wire_is_a_bad_request(address: Address, length: str) -> None:
    with socket.create_connection(address, timeout=4) as connection:
        connection.sendall(f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n".encode())
        answer = everything_from(connection)
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_a_web_socket_is_declined_without_an_error(address: Address) -> None:
    """Django raises on this scope, which is a 500. Mutant: pass it on."""
    with socket.create_connection(address, timeout=4) as connection:
        connection.sendall(
            b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        answer = everything_from(connection)
    assert answer.startswith(b"HTTP/1.1 403 ")
