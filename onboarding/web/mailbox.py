"""The demo's mail box: what the file backend wrote, read back."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email import policy as parsing
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

SEPARATOR = re.compile(rb"\n-{79}\n")
"""What Django's file backend writes after every message."""
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
FILE_BACKEND = "django.core.mail.backends.filebased.EmailBackend"


@dataclass(frozen=True)
class Letter:
    """One sent e-mail. `name` is the local part of its Message-ID."""

    name: str
    to: str
    subject: str
    at: datetime | None
    text: str
    html: str

    @property
    def framed(self) -> str:
        return framed(self.html)

    @property
    def policy(self) -> str:
        return policy_of(self.html)


def framed(html: str) -> str:
    """The HTML of a letter for a frame of a page of ours: its links open outside of the frame."""
    return html.replace("<head>", '<head><base target="_top">', 1)


def policy_of(html: str) -> str:
    """A content policy that allows the style sheets of this very letter and nothing else."""
    hashes = [
        "'sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() + "'"
        for style in STYLE.findall(html)
    ]
    styles = " ".join(hashes) or "'none'"
    return (
        f"default-src 'none'; style-src {styles}; frame-ancestors 'self'; "
        "sandbox allow-top-navigation-by-user-activation"
    )


def is_there() -> bool:
    """Only a demo that writes its mail to files has a mail box."""
    return bool(settings.DEMO and settings.EMAIL_BACKEND == FILE_BACKEND)


def letters(limit: int = 200) -> list[Letter]:
    """The newest letters first."""
    found: list[Letter] = []
    for path in _files():
        found += reversed(list(_letters(path)))
        if len(found) >= limit:
            break
    return found[:limit]


def letter(name: str) -> Letter | None:
    """The newest letter of this name: the same mail may have been sent twice."""
    return next((each for path in _files() for each in _letters(path) if each.name == name), None)


def _files() -> list[Path]:
    folder = Path(getattr(settings, "EMAIL_FILE_PATH", ""))
    if not folder.is_dir():
        return []
    return sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns, reverse=True)


def _letters(path: Path) -> Iterator[Letter]:
    for raw in SEPARATOR.split(path.read_bytes()):
        if raw.strip():
            yield _read(message_from_bytes(raw, policy=parsing.default))


def _read(message: EmailMessage) -> Letter:
    return Letter(
        name=str(message["Message-ID"] or "").strip("<>").partition("@")[0],
        to=str(message["To"]),
        subject=str(message["Subject"]),
        at=_sent_at(message),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _sent_at(message: EmailMessage) -> datetime | None:
    if not message["Date"]:
        return None
    at = parsedate_to_datetime(str(message["Date"]))
    return at if at.tzinfo else at.replace(tzinfo=UTC)  # "-0000" says UTC, and reads as naive


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""
