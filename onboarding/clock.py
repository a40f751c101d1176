"""The one place where the wall clock is read. Rules take `now` as an argument; edges ask here."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  the one place


class Clocked(Protocol):
    """Anything that knows how far its own clock is ahead of the wall: a case row."""

    @property
    def clock_offset(self) -> timedelta: ...


def case_now(case: Clocked) -> datetime:
    """Now on the clock of this case. Whatever stamps or renders a moment of a case asks here."""
    return now() + case.clock_offset
