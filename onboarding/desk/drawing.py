"""Geometry of the dashboard's pictures: bars as numbers for a template. No colours, no words of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 640
LABELS = 200
"""Room for names, left of horizontal bars."""
NUMBERS = 70
"""Room for figures, right of them."""
ROW, BAR = 34, 22
HEIGHT, FOOT = 180, 24
"""Of a picture with upright bars, and of the dates below it."""


MOST_NAMES = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. `inner` is the part of its length that is filled with the second colour, in units too."""

    label: str
    text: str
    x: int
    y: int
    width: int
    height: int
    inner: int = 0
    text_x: int = 0
    text_y: int = 0
    named: bool = True
    """False where the names of all bars would run into each other."""

    @property
    def fill_y(self) -> int:
        """Where the filled part of an upright bar begins."""
        return self.y + self.height - self.inner


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    bars: tuple[Bar, ...]


def lying(rows: Sequence[tuple[str, float, str]]) -> Picture:
    """Horizontal bars, one below the other: name, value, and the value in words."""
    most = max((value for _, value, _ in rows), default=0) or 1
    room = WIDTH - LABELS - NUMBERS
    bars = tuple(
        Bar(
            label,
            text,
            x=LABELS,
            y=number * ROW + (ROW - BAR) // 2,
            width=_length(value, most, room),
            height=BAR,
            text_x=LABELS + _length(value, most, room) + 6,
            text_y=number * ROW + ROW // 2 + 5,
        )
        for number, (label, value, text) in enumerate(rows)
    )
    return Picture(WIDTH, max(len(rows), 1) * ROW, bars)


def standing(rows: Sequence[tuple[str, float, float]]) -> Picture:
    """Upright bars side by side: name, value, and the part of it that is filled."""
    most = max((value for _, value, _ in rows), default=0) or 1
    step = WIDTH / max(len(rows), 1)
    room, every = HEIGHT - FOOT, max(1, -(-len(rows) // MOST_NAMES))
    bars = tuple(
        Bar(
            label,
            "",
            x=round(number * step) + 1,
            y=room - _length(value, most, room),
            width=max(1, min(48, round(step) - 2)),
            height=_length(value, most, room),
            inner=_length(part, most, room),
            text_x=round(number * step) + 1,
            text_y=HEIGHT - 6,
            named=number % every == 0,
        )
        for number, (label, value, part) in enumerate(rows)
    )
    return Picture(WIDTH, HEIGHT, bars)


def _length(value: float, most: float, room: int) -> int:
    """Something that is there is at least two units long, or nobody would see it."""
    return max(2, round(value / most * room)) if value else 0
