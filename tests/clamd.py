"""A clamd on a real socket that speaks its protocol (INSTREAM of clamd(8)), and knows one virus: EICAR."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The file that every scanner must find and that harms nobody (eicar.org)."""


class FakeClamd:
    """`address` is what CLAMD_ADDRESS wants. The attributes may be changed while it runs."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.seen: list[bytes] = []
        """What it was asked about, whole."""
        self.answer = b""
        """Says this instead of what it finds."""
        self.silent = False
        """Takes everything and says nothing, as one that is overloaded."""
        self.mute = False
        """Takes everything and hangs up without a word."""
        self.deaf = False
        """Takes the connection and reads nothing."""
        self.max_bytes = 25 * 1024 * 1024
        """StreamMaxLength: beyond it says so and closes, without reading the rest."""
        self.over = threading.Event()

    def serve(self, connection: socket.socket) -> None:
        """One conversation."""
        if self.deaf:
            self.over.wait()
            return
        reader = connection.makefile("rb")
        assert reader.read(10) == b"zINSTREAM\0"
        received = bytearray()
        while size := struct.unpack(">I", reader.read(4))[0]:
            received += reader.read(size)
            if len(received) > self.max_bytes:
                connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.seen.append(bytes(received))
        if self.silent:
            self.over.wait()
        if self.silent or self.mute:
            return
        found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in received else b"stream: OK\0"
        connection.sendall(self.answer or found)


@contextlib.contextmanager
def clamd(path: Path | None = None, port: int = 0) -> Iterator[FakeClamd]:
    """Listens on a Unix socket at `path`, else on loopback."""

    class Conversation(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            # Whoever asks may lose its patience and hang up.
            with contextlib.suppress(ConnectionError, struct.error):
                fake.serve(self.request)

    class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
        allow_reuse_address = True
        daemon_threads = True
        if path is not None:
            address_family = socket.AF_UNIX

    target: str | tuple[str, int] = str(path) if path is not None else ("127.0.0.1", port)
    with Server(target, Conversation) as server:  # type: ignore[arg-type]  # a path, for Unix sockets
        at = str(path) if path is not None else f"127.0.0.1:{server.server_address[1]}"
        fake = FakeClamd(at)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield fake
        finally:
            fake.over.set()
            server.shutdown()
