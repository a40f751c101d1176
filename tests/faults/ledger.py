"""The ledger of a fault run: one line per operation, on disk before the next operation begins.

What stands there was really answered, whatever was killed meanwhile; the verdict is measured against it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path


class Outcome(StrEnum):
    OK = "ok"
    """Acknowledged: it must never be lost."""
    FAIL = "fail"
    """Refused, or certainly not done."""
    UNKNOWN = "unknown"
    """Nobody answered: it may have been done or not."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation.

    Attributes:
        operation: such as `sign_up` or `decide`.
        subject: the applicant's e-mail address.
        seconds: how long it took to be answered, or to be given up.
        target: which process was asked.
        detail: what it said, where that matters.
    """

    operation: str
    subject: str
    outcome: Outcome
    seconds: float
    target: str = ""
    detail: str = ""


class Ledger:
    """Appends lines; several processes and threads may write to the same file."""

    def __init__(self, file: Path) -> None:
        self._descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def write(self, entry: Entry) -> None:
        os.write(self._descriptor, (json.dumps(asdict(entry)) + "\n").encode())
        os.fsync(self._descriptor)


def read(file: Path) -> Iterator[Entry]:
    """The lines so far; a last one that is not complete yet is left out."""
    if not file.exists():
        return
    for line in file.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            values = json.loads(line)
            yield Entry(**values | {"outcome": Outcome(values["outcome"])})
