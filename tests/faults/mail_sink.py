"""A mail server that takes everything over and notes down what: one line per transmission."""

from __future__ import annotations

import email
import json
import os
from collections.abc import Iterator
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from temporal_app.devserver.ports import LOOPBACK, free_ports


class MailSink:
    """A context manager that listens on `port`."""

    def __init__(self, file: Path) -> None:
        self._descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self.port = free_ports(1)[0]
        self._controller = Controller(self, hostname=LOOPBACK, port=self.port)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        transmission = {
            "id": str(email.message_from_bytes(content)["Message-ID"]),
            "to": list(envelope.rcpt_tos),
        }
        os.write(self._descriptor, (json.dumps(transmission) + "\n").encode())
        return "250 taken over"

    def __enter__(self) -> MailSink:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()
        os.close(self._descriptor)


def transmissions(file: Path) -> Iterator[str]:
    """The Message-ID of every transmission, in order."""
    for line in file.read_text(encoding="utf-8").splitlines():
        yield str(json.loads(line)["id"])
