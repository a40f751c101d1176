"""Where the fields of a machine-readable zone stand: ICAO Doc 9303 (8th edition), parts 4 to 6."""

from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    TD1 = "TD1"
    TD2 = "TD2"
    TD3 = "TD3"


@dataclass(frozen=True, slots=True)
class Span:
    """A field: line and half-open range of columns, from 0."""

    line: int
    start: int
    stop: int

    def of(self, lines: tuple[str, ...]) -> str:
        return lines[self.line][self.start : self.stop]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the fields of one format stand; a check digit is the character behind its field."""

    width: int
    lines: int
    names: Span
    number: Span
    birth: Span
    expiry: Span
    optional: Span
    optional_checked: bool
    composite: tuple[Span, ...]
    whole: Span


LAYOUTS = {
    Format.TD3: Layout(  # Doc 9303-4, 4.2.2
        44,
        2,
        Span(0, 5, 44),
        Span(1, 0, 9),
        Span(1, 13, 19),
        Span(1, 21, 27),
        Span(1, 28, 42),
        True,
        (Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, 43)),
        Span(1, 43, 44),
    ),
    Format.TD1: Layout(  # Doc 9303-5, 4.2.2
        30,
        3,
        Span(2, 0, 30),
        Span(0, 5, 14),
        Span(1, 0, 6),
        Span(1, 8, 14),
        Span(0, 15, 30),
        False,
        (Span(0, 5, 30), Span(1, 0, 7), Span(1, 8, 15), Span(1, 18, 29)),
        Span(1, 29, 30),
    ),
    Format.TD2: Layout(  # Doc 9303-6, 4.2.2
        36,
        2,
        Span(0, 5, 36),
        Span(1, 0, 9),
        Span(1, 13, 19),
        Span(1, 21, 27),
        Span(1, 28, 35),
        False,
        (Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, 35)),
        Span(1, 35, 36),
    ),
}
