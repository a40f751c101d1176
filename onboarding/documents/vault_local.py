"""Files in a private folder, under names made here, durable and never half there."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from onboarding.documents.vault_errors import DocumentMissing, VaultUnavailable
from onboarding.documents.vault_names import NAME, new_name

HALF = ".half"
"""Ends the name of a file that isn't complete yet."""


class LocalFiles:
    """The folder, which need not exist yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, data: bytes) -> str:
        """Keeps `data` and returns its new name: when this returns, a power cut doesn't lose it.

        Raises:
            VaultUnavailable: nothing was kept.
        """
        name = new_name()
        path = self._path(name)
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

    def fetch(self, name: str) -> bytes:
        """The bytes that were kept under `name`.

        Raises:
            DocumentMissing: never kept, forgotten, or no name of ours.
            VaultUnavailable: it may be there, but can't be read now.
        """
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError as error:
            raise DocumentMissing(f"there is no document {name}") from error
        except OSError as error:
            raise VaultUnavailable(f"document {name} could not be read: {error.strerror}") from error

    def forget(self, name: str) -> None:
        """Deletes a file; doing it twice is harmless.

        Raises:
            DocumentMissing: `name` is no name of ours.
            VaultUnavailable: it may still be there.
        """
        path = self._path(name)
        try:
            path.unlink(missing_ok=True)
            if path.parent.exists():
                _sync(path.parent)
        except OSError as error:
            raise VaultUnavailable(f"document {name} could not be deleted: {error.strerror}") from error

    def older_than(self, moment: datetime) -> Iterator[str]:
        """Names of the files that were kept before `moment`."""
        for path in self._paths_older_than(moment):
            name = f"{path.parent.name}/{path.name}"
            if NAME.fullmatch(name):
                yield name

    def clear_unfinished(self, moment: datetime) -> None:
        """Deletes what killed processes had begun to write before `moment`."""
        for path in self._paths_older_than(moment):
            if path.name.endswith(HALF):
                with contextlib.suppress(FileNotFoundError):
                    path.unlink()

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise DocumentMissing("this is no name of a document")
        return self._folder / name

    def _paths_older_than(self, moment: datetime) -> Iterator[Path]:
        for path in self._folder.glob("*/*"):
            with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
                if datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment:
                    yield path


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
