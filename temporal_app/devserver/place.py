"""The folder that one `make run` owns (`VAR_DIR`): who uses it, what lies where, when it may be emptied."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from temporal_app.devserver.speech import CannotStartError

PROJECT = Path(__file__).resolve().parents[2]
MARK = ".made-by-onboarding"
"""Only a folder with this file is ever emptied."""


@dataclass(frozen=True)
class Place:
    """Paths inside `VAR_DIR`."""

    root: Path

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Place:
        """`VAR_DIR`, by default the folder `var` of the project; relative to the current folder."""
        named = environ.get("VAR_DIR", "").strip()
        return cls(Path(named).expanduser().absolute() if named else PROJECT / "var")

    @property
    def run(self) -> Path:
        """Locks, ports and the supervisor's configuration."""
        return self.root / "run"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def temporal(self) -> Path:
        return self.root / "temporal"

    @property
    def ports(self) -> Path:
        return self.run / "ports.json"

    @property
    def database_ready(self) -> Path:
        """Appears when the database is migrated: web and worker may start."""
        return self.run / "database-ready"

    def make(self) -> None:
        """Makes the folders, private to this user.

        Raises:
            CannotStartError: They cannot be made or written.
        """
        try:
            fresh = not self.root.exists() or not any(self.root.iterdir())
            self.root.mkdir(parents=True, exist_ok=True)
            for folder in (self.run, self.log, self.temporal):
                folder.mkdir(mode=0o700, exist_ok=True)
            if fresh or self.root == PROJECT / "var":
                (self.root / MARK).touch()
            writable = os.access(self.root, os.W_OK | os.X_OK)
        except OSError as error:
            raise CannotStartError(
                f"VAR_DIR is {self.root}, which cannot be used: {error.strerror}."
            ) from None
        if not writable:
            raise CannotStartError(f"VAR_DIR is {self.root}, which cannot be written.")

    @contextlib.contextmanager
    def sole_use(self, site: str) -> Iterator[None]:
        """Keeps every other start away from this folder until the block ends or the process dies.

        Args:
            site: What the next one who comes is told about us.

        Raises:
            CannotStartError: Another start uses the folder.
        """
        with (self.run / "lock").open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise CannotStartError(
                    f"The service already runs on {self.root}{_at(lock.read())}. Stop that one first "
                    "(Ctrl-C), or set VAR_DIR and PORT to start a second one with data of its own."
                ) from None
            lock.truncate(0)
            lock.write(site)
            lock.flush()
            yield

    def empty(self) -> None:
        """Removes everything in the folder and leaves the folder.

        Raises:
            CannotStartError: The folder is not one that we made.
        """
        if not (self.root / MARK).exists():
            raise CannotStartError(
                f"{self.root} held other files before this service used it, so it is not emptied. "
                "Remove by hand what you no longer need."
            )
        for entry in self.root.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()


def _at(site: str) -> str:
    return f", at {site.strip()}" if site.strip() else ""
