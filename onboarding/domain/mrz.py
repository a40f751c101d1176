"""The machine-readable zone as people type it: ICAO Doc 9303 (8th edition), parts 3 to 6.

Passports carry two lines of 44 characters (TD3), ID cards three of 30 (TD1) or two of 36 (TD2). Typing is
forgiven where nothing else can be meant: blanks, lower case, other forms of the filler, too many or too few.
A letter in the place of a digit is told, never changed.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from onboarding.domain.mrz_layouts import LAYOUTS, Format, Layout, Span

FILLER = "<"
LONGEST_TYPED = 200
WEIGHTS = (7, 3, 1)
ALLOWED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<")
LOOKS_LIKE = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "G": "6", "B": "8"}
"""The digit that a letter is most often typed for."""
CENTURY = 2000
"""Documents are not valid for so long that two digits of their last year could mean another one."""


class Part(StrEnum):
    """What has a check digit of its own."""

    NUMBER = "number"
    BIRTH = "birth"
    EXPIRY = "expiry"
    OPTIONAL = "optional"
    WHOLE = "whole"


class ProblemKind(StrEnum):
    LINES = "lines"
    """`found` lines or characters, which no document has."""
    LENGTH = "length"
    """Line `line` has `found` characters and should have `expected`."""
    CHARACTER = "character"
    """`found` is in no zone."""
    LETTER = "letter"
    """`found` stands where a digit belongs; `expected` is the digit that looks like it, or empty."""
    DIGIT = "digit"
    """`found` stands in the name, where only letters belong."""
    CHECK = "check"
    """The check digit of `part` does not fit what it covers."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the lines as typed. `line` and `position` count from 1, 0 is none in particular."""

    kind: ProblemKind
    line: int = 0
    position: int = 0
    found: str = ""
    expected: str = ""
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Zone:
    """What the lines say. Dates are six characters (year, month, day), of which fillers are unknown."""

    format: Format
    lines: tuple[str, ...]
    issuer: str
    primary: str
    """Words separated by one filler, as is `secondary`, which is empty for a single name."""
    secondary: str
    truncated: bool
    """The name reaches the end of its field, so that something may be missing (Doc 9303-4, 4.2.3)."""
    number: str
    birth: str
    expiry: str

    @property
    def is_passport(self) -> bool:
        return self.lines[0].startswith("P")

    def expires_on(self) -> date | None:
        """The last day of the document, where the lines say one that exists."""
        if not self.expiry.isdecimal():
            return None
        try:
            return date(CENTURY + int(self.expiry[:2]), int(self.expiry[2:4]), int(self.expiry[4:]))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Reading:
    """What was typed: the lines, put in form as far as possible, the zone if that worked, and complaints."""

    lines: tuple[str, ...]
    zone: Zone | None
    problems: tuple[Problem, ...]


def check_digit(text: str) -> str:
    """The check digit of a field (Doc 9303-3, 4.9): weights 7, 3, 1; A is 10; a filler is 0."""
    total = sum(
        WEIGHTS[place % 3] * (0 if sign == FILLER else int(sign, 36)) for place, sign in enumerate(text)
    )
    return str(total % 10)


def read(typed: str) -> Reading:
    """Reads what somebody typed. Never raises, whatever it is."""
    lines = _lines(typed)
    strange = [
        Problem(ProblemKind.CHARACTER, number, place, sign)
        for number, line in enumerate(lines, start=1)
        for place, sign in enumerate(line, start=1)
        if sign not in ALLOWED
    ]
    if strange:
        return Reading(lines, None, (strange[0],))
    form = _format(lines)
    if form is None:
        return Reading(lines, None, (Problem(ProblemKind.LINES, found=str(len("".join(lines)))),))
    layout = LAYOUTS[form]
    if len(lines) != layout.lines:
        whole = "".join(lines)
        lines = tuple(whole[at : at + layout.width] for at in range(0, len(whole), layout.width))
    fitted = tuple(
        _fitted(line, layout.width, is_name=number == layout.names.line) for number, line in enumerate(lines)
    )
    for number, (before, line) in enumerate(zip(lines, fitted, strict=True), start=1):
        if len(line) != layout.width:
            found, expected = str(len(before)), str(layout.width)
            return Reading(
                lines, None, (Problem(ProblemKind.LENGTH, number, found=found, expected=expected),)
            )
    misplaced = _misplaced(fitted, layout)
    return Reading(fitted, _zone(form, fitted), misplaced or _wrong_digits(fitted, layout))


def _lines(typed: str) -> tuple[str, ...]:
    text = unicodedata.normalize("NFKC", typed[:LONGEST_TYPED]).upper()
    for other, filler in (("\u00ab", "<<"), ("\u2039", "<"), ("\u3008", "<"), ("&LT;", "<")):
        text = text.replace(other, filler)
    lines = ("".join(line.split()) for line in re.split(r"[\r\n]+", text))
    return tuple(line for line in lines if line)


def _format(lines: tuple[str, ...]) -> Format | None:
    """The format that was meant, by the number of lines, or of characters where that says nothing."""
    total = len("".join(lines))
    by_total = {layout.width * layout.lines: form for form, layout in LAYOUTS.items()}
    if len(lines) == 3 and all(len(line) > 15 for line in lines):
        return Format.TD1
    if len(lines) == 2 and all(len(line) > 15 for line in lines):
        return Format.TD3 if lines[0].startswith("P") or total > 80 else Format.TD2
    return by_total.get(total)


def _fitted(line: str, width: int, *, is_name: bool) -> str:
    """The line with as many fillers as it should have. Counting them is no work for people.

    A name is filled up at its end, other lines in their longest gap. Where there is nothing to stretch or
    shrink, the line stays as long as it is.
    """
    missing = width - len(line)
    if is_name:
        line = line[:width] if missing < 0 and not line[width:].strip(FILLER) else line
        return line.ljust(width, FILLER)
    gaps = [match.span() for match in re.finditer(f"{FILLER}+", line)]
    if not missing or not gaps:
        return line
    start, stop = max(gaps, key=lambda gap: (gap[1] - gap[0], gap[0]))
    left = stop - start + missing
    return line[:start] + FILLER * left + line[stop:] if left > 0 else line


def _misplaced(lines: tuple[str, ...], layout: Layout) -> tuple[Problem, ...]:
    """Letters where digits belong, and digits in the name."""
    digits = [layout.birth, layout.expiry, layout.whole]
    digits += [_behind(span) for span in (layout.number, layout.birth, layout.expiry)]
    wrong = [
        Problem(ProblemKind.LETTER, span.line + 1, place + 1, sign, LOOKS_LIKE.get(sign, ""))
        for span in digits
        for place, sign in enumerate(span.of(lines), start=span.start)
        if sign.isalpha()
    ]
    wrong += [
        Problem(ProblemKind.DIGIT, layout.names.line + 1, place + 1, sign)
        for place, sign in enumerate(layout.names.of(lines), start=layout.names.start)
        if sign.isdecimal()
    ]
    return tuple(sorted(wrong, key=lambda problem: (problem.line, problem.position)))


def _behind(span: Span) -> Span:
    return Span(span.line, span.stop, span.stop + 1)


def _wrong_digits(lines: tuple[str, ...], layout: Layout) -> tuple[Problem, ...]:
    checked = [(Part.NUMBER, *_number(lines, layout), layout.number)]
    for part, span in ((Part.BIRTH, layout.birth), (Part.EXPIRY, layout.expiry)):
        checked.append((part, span.of(lines), _behind(span).of(lines), span))
    if layout.optional_checked:
        optional, digit = layout.optional.of(lines), _behind(layout.optional).of(lines)
        # Where the field is empty, its digit may be a filler (Doc 9303-4, 4.2.2).
        empty = not optional.strip(FILLER) and digit == FILLER
        checked.append((Part.OPTIONAL, optional, "0" if empty else digit, layout.optional))
    whole = "".join(span.of(lines) for span in layout.composite)
    checked.append((Part.WHOLE, whole, layout.whole.of(lines), layout.whole))
    return tuple(
        Problem(ProblemKind.CHECK, span.line + 1, part=part)
        for part, text, digit, span in checked
        if check_digit(text) != digit
    )


def _number(lines: tuple[str, ...], layout: Layout) -> tuple[str, str]:
    """The document number and its digit. A long one goes on in the optional field (Doc 9303-5, 4.2.2)."""
    number, digit = layout.number.of(lines), _behind(layout.number).of(lines)
    if digit == FILLER and not layout.optional_checked:
        rest = layout.optional.of(lines).partition(FILLER)[0]
        if rest:
            return number + FILLER + rest[:-1], rest[-1]
    return number, digit


def _zone(form: Format, lines: tuple[str, ...]) -> Zone:
    layout = LAYOUTS[form]
    names = layout.names.of(lines)
    primary, _, secondary = names.strip(FILLER).partition(FILLER * 2)
    return Zone(
        format=form,
        lines=lines,
        issuer=lines[0][2:5].strip(FILLER),
        primary=primary,
        secondary=secondary.strip(FILLER),
        truncated=names[-1] != FILLER,
        number=_number(lines, layout)[0].replace(FILLER, ""),
        birth=layout.birth.of(lines),
        expiry=layout.expiry.of(lines),
    )
