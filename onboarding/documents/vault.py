"""Where documents rest: private files under server-made names. Encryption at rest has its place here."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{62}")
"""What `store` makes; nothing else ever becomes a path."""
HALF = ".half"
"""Ends the name of a file that isn't complete yet."""


class VaultError(Exception):
    """A document can't be had or kept.

    VaultError
    ├── DocumentMissing    there is no such document
    └── VaultUnavailable   the disk is full, broken or forbidden; trying again may help
    """


class DocumentMissing(VaultError):
    """There is no such document."""


class VaultUnavailable(VaultError):
    """The disk is full, broken or forbidden; nothing half-written stays."""


def store(data: bytes) -> str:
    """Keeps `data` durably and returns its new name: when this returns, a power cut doesn't lose it.

    Raises:
        VaultUnavailable: nothing was kept.
    """
    digits = secrets.token_hex(32)
    name = f"{digits[:2]}/{digits[2:]}"
    path = _path(name)
    half = path.with_name(path.name + HALF)
    try:
        _make_private(path.parent)
        with open(half, "xb", opener=_private) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.rename(path)
        _sync(path.parent)
    except OSError as error:
        for leftover in (half, path):
            with contextlib.suppress(OSError):
                leftover.unlink()
        raise VaultUnavailable(f"a document could not be stored: {error.strerror}") from error
    return name


def read(name: str) -> bytes:
    """The bytes that were stored under `name`.

    Raises:
        DocumentMissing: never stored, deleted, or no name of ours.
        VaultUnavailable: it may be there, but can't be read now.
    """
    try:
        return _path(name).read_bytes()
    except FileNotFoundError as error:
        raise DocumentMissing(f"there is no document {name}") from error
    except OSError as error:
        raise VaultUnavailable(f"document {name} could not be read: {error.strerror}") from error


def delete(name: str) -> None:
    """Forgets a document; deleting it twice is harmless.

    Raises:
        DocumentMissing: `name` is no name of ours.
        VaultUnavailable: it may still be there.
    """
    path = _path(name)
    try:
        path.unlink(missing_ok=True)
        if path.parent.exists():
            _sync(path.parent)
    except OSError as error:
        raise VaultUnavailable(f"document {name} could not be deleted: {error.strerror}") from error


def orphans(known: Collection[str], *, now: datetime, grace: timedelta) -> Iterator[str]:
    """Names on disk that no row knows and that were stored longer than `grace` before `now`.

    A document is stored before the row that names it is committed: `grace` must be much longer than a request
    takes, and `known` (a set: it is asked once per file) must have been read less than `grace` ago.
    """
    for path in _older_than(now - grace):
        name = f"{path.parent.name}/{path.name}"
        if NAME.fullmatch(name) and name not in known:
            yield name


def sweep(known: Collection[str], *, now: datetime, grace: timedelta) -> tuple[str, ...]:
    """Deletes the `orphans`, and the unfinished files of killed processes; returns the names of the former.

    Raises:
        VaultUnavailable: some may be left for the next sweep.
    """
    for path in _older_than(now - grace):
        if path.name.endswith(HALF):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
    swept = tuple(orphans(known, now=now, grace=grace))
    for name in swept:
        delete(name)
    return swept


def _path(name: str) -> Path:
    if not NAME.fullmatch(name):
        raise DocumentMissing("this is no name of a document")
    return Path(settings.DOCUMENT_DIR) / name


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _make_private(folder: Path) -> None:
    """Makes `folder` and the vault around it, durably, for our eyes only."""
    if folder.is_dir():
        return
    folder.parent.parent.mkdir(parents=True, exist_ok=True)
    for made in (folder.parent, folder):
        made.mkdir(mode=0o700, exist_ok=True)
        _sync(made.parent)


def _sync(folder: Path) -> None:
    """Makes the names in `folder` as durable as the bytes."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _older_than(moment: datetime) -> Iterator[Path]:
    for path in Path(settings.DOCUMENT_DIR).glob("*/*"):
        with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment:
                yield path
