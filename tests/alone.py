"""Tests marked `seconds` hold us to seconds: where processes share the tests, each of them runs alone."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent


@contextlib.contextmanager
def room(*, alone: bool, place: Path = HERE) -> Iterator[None]:
    """Waits until a test may begin, and keeps others from beginning beside it where it wants to be alone.

    Args:
        alone: True waits until no other test is under way. Those that come later wait behind it, or
            they could keep it waiting for ever.
        place: A folder. All who name the same one, in whatever process, share the room.
    """
    with _opened(place.parent) as door, _opened(place) as inside:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(inside, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        yield


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """A folder to lock. Closing it gives the lock back, and so does the death of the process."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
