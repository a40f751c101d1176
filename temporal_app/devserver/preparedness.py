"""Whether database and static files are as this source tree wants them, told without importing Django.

A start on an unchanged tree need not wait for migrations: web and worker start at once. That holds for the
SQLite file in `VAR_DIR` only, which nobody else changes; any other database is looked at on every start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from temporal_app.devserver.place import PROJECT, Place

STAMP = "prepared"
DATABASE = "onboarding.sqlite3"


def is_prepared(place: Place, environ: Mapping[str, str]) -> bool:
    """Whether the last start on this folder prepared it for the same tree."""
    stamp = place.run / STAMP
    return (
        not environ.get("DATABASE_URL")
        and not environ.get("STATIC_ROOT")
        and (place.root / DATABASE).exists()
        and stamp.exists()
        and stamp.read_text(encoding="utf-8") == fingerprint(PROJECT)
    )


def mark_prepared(place: Place) -> None:
    """Remembers that everything fits this tree now."""
    (place.run / STAMP).write_text(fingerprint(PROJECT), encoding="utf-8")


def fingerprint(project: Path) -> str:
    """Changes with the locked libraries (they bring migrations and files), our migrations and our files."""
    digest = hashlib.sha256((project / "requirements.txt").read_bytes())
    files = [
        *(project / "onboarding" / "migrations").glob("*.py"),
        *(project / "onboarding" / "static").rglob("*"),
    ]
    for file in sorted(file for file in files if file.is_file()):
        digest.update(str(file.relative_to(project)).encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
